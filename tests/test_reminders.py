"""Reminders: who gets one and who does not, with the reason; amounts that tie; files that open anywhere."""

import csv
import email
import email.policy
import io
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from xlwings_addin.cli import cli
from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import close_month, pages
from xlwings_addin.month_end.settled import complete
from xlwings_addin.month_end.work.dunning import minimums
from xlwings_addin.month_end.work.reminders import READ, due, money
from xlwings_addin.month_end.work.stages import ladder, stage_of
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.writing import WorkbookError, drafts, file
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

DAY = day_number("2026-03-31")
NOW = "2026-04-01 07:30:00"
SETTINGS = Settings(company="Elm Works", base_currency="EUR", head_of_finance="Ann Weber")
LADDER = ladder(SETTINGS.reminder_days, SETTINGS.escalation_days)


def item(document="A1", days=5, amount=100.0, customer="0001", **more):
    """A row of tblItems, `days` past due."""
    row = dict.fromkeys(READ, "") | {
        "customer_id": customer,
        "customer_name": f"Customer {customer}",
        "document_no": document,
        "kind": "invoice" if amount > 0 else "credit note",
        "document_date": DAY - (days or 0) - 30,
        "due_date": None if days is None else DAY - days,
        "currency": "EUR",
        "open_at": amount,
        "promise_date": None,
    }
    return row | more


def line(kind, document="A1", outcome="", date=DAY - 1, customer="0001", for_date=None, amount=None):
    """A line of tblActivity."""
    return {
        "date": date, "who": "Jo", "customer_id": customer, "document_no": document, "kind": kind,
        "channel": "e-mail", "outcome": outcome, "for_date": for_date, "amount": amount,
    }  # fmt: skip


TRIED = (line("reminder", date=DAY - 10, outcome="stage +14 firm"), line("call", date=DAY - 5))


def known(customer="0001", **facts):
    return {"customer_id": customer, "customer_name": f"Customer {customer}", "contact_email": "ap@example.com"} | facts


def entries(*lines, customers=(), worklist=None, emails=None, as_of=DAY):
    stored = {
        "tblLog": Stored(({"as_of": as_of},)),
        "tblActivity": Stored(lines),
        "tblCustomers": Stored(tuple(customers)),
    }
    tables = {}
    if worklist:
        key = {name: text for name, text in item().items() if name in ITEM_KEY}
        tables["tblWorklist"] = TableEntries({tuple(key[name] for name in ITEM_KEY): worklist})
    if emails:
        tables["tblEmails"] = TableEntries({(title,): {"Your wording": text} for title, text in emails.items()})
    return complete(pages.workbook(Settings()), Entries(tables=tables, stored=stored))


def why(row, *lines, **more):
    """The reason the one item is left out; "" where it is drafted."""
    found = due([row], SETTINGS, entries(*lines, **more), DAY)
    assert found.reached == 1
    return found.skipped[0][1] if found.skipped else ""


def one(rows, *lines, settings=SETTINGS, day=DAY, sender="", **more):
    (draft,) = due(rows, settings, entries(*lines, **more), day, sender).drafts
    return draft


# ---------------------------------------------------------------- who gets one


def test_an_item_not_yet_reached_is_not_spoken_of():
    found = due([item(days=-2), item("A2", days=-40)], SETTINGS, entries(), DAY)
    assert (found.drafts, found.skipped, found.reached) == ((), (), 0)


@pytest.mark.parametrize(
    ("days", "title", "stage"),
    [
        (-1, "Before the due date", "due-1"),
        (0, "On the due date", "due"),
        (2, "On the due date", "due"),
        (3, "First reminder", "+3"),
        (7, "Second reminder", "+7"),
        (13, "Second reminder", "+7"),
        (14, "Firm reminder", "+14 firm"),
        (29, "Firm reminder", "+14 firm"),
        (30, "Escalation letter", "+30 firm"),
        (400, "Escalation letter", "+30 firm"),
    ],
)
def test_the_text_is_that_of_the_latest_stage(days, title, stage):
    told = TRIED if title == "Escalation letter" else ()
    draft = one([item(days=days)], *told, customers=[known(executive="Kim Brandt <kim@example.com>")])
    assert (draft.email, draft.stage.word) == (title, stage)


FIRST_OF_ALL = "before a letter to the executive: {}, logged in Activity"
RUNGS = [
    ("Kim <kim@example.com>", 0, TRIED, "Escalation letter", ""),
    ("Kim <kim@example.com>", 0, TRIED[:1], "Firm reminder", FIRST_OF_ALL.format("call")),
    ("Kim <kim@example.com>", 0, TRIED[1:], "Firm reminder", FIRST_OF_ALL.format("reminder")),
    ("Kim <kim@example.com>", 0, (), "Firm reminder", FIRST_OF_ALL.format("reminder and call")),
    ("Kim <kim@example.com>", 101, TRIED, "Firm reminder", "not enough for a letter to an executive"),
    ("Kim", 0, TRIED, "Firm reminder", "no e-mail address beside the executive"),
    ("", 0, TRIED, "Firm reminder", "no executive to write to"),
]  # fmt: skip


@pytest.mark.parametrize(("executive", "minimum", "lines", "title", "note"), RUNGS)
def test_an_executive_is_written_to_last_and_only_of_enough(executive, minimum, lines, title, note):
    chosen = replace(SETTINGS, minimum_letter=float(minimum))
    draft = one([item(days=40)], *lines, customers=[known(executive=executive)], settings=chosen)
    assert (draft.email, draft.note) == (title, note)
    assert draft.to == (("kim@example.com",) if title == "Escalation letter" else ("ap@example.com",))


@pytest.mark.parametrize(
    ("rows", "stage"),
    [
        ([item("A1", 40, 1.0), item("A2", 8, 500.0)], "+7"),  # not by the oldest cent
        ([item("A1", 40, 15.0), item("A2", 8, 500.0)], "+7"),  # enough for a reminder, not for a step of escalation
        ([item("A1", 40, 60.0), item("A2", 8, 500.0)], "+30 firm"),
        ([item("A1", 40, 60.0), item("A2", 8, 500.0), item("C1", 1, -30.0)], "+7"),
        ([item("A1", 40, 4.0), item("A2", 20, 7.0), item("A3", 4, 50.0)], "+7"),
        ([item("A1", 40, 60.0, disputed="yes"), item("A2", 8, 500.0)], "+7"),
    ],
)
def test_the_stage_goes_by_the_amount_that_is_so_late(rows, stage):
    chosen = replace(SETTINGS, minimum_reminder=10.0, minimum_escalation=50.0)
    draft = one(rows, settings=chosen)
    assert draft.stage.word == stage


def test_less_than_the_minimum_is_left_out_and_says_so():
    found = due([item("A1", 9, 4.0), item("A2", 5, 5.0), item("B1", 5, 10.0, "0002")], SETTINGS, entries(), DAY)
    assert [draft.customer.id for draft in found.drafts] == ["0002"]
    assert [(one.document, reason) for one, reason in found.skipped] == [
        ("A1", "less than the minimum for a reminder (10)"),
        ("A2", "less than the minimum for a reminder (10)"),
    ]


@pytest.mark.parametrize(
    ("receivables", "shown"),
    [
        (0.0, (10, 10, 10)),
        (2_073_851.0, (100, 410, 2100)),
        (9e9, (450_000, 1_800_000, 9_000_000)),
        (-5.0, (10, 10, 10)),
    ],
)
def test_minimums_are_in_proportion_in_two_figures_and_typed_ones_win(receivables, shown):
    assert minimums(SETTINGS, receivables) == shown
    assert minimums(replace(SETTINGS, minimum_reminder=75.0), 0.0) == (
        75,
        75,
        75,
    )  # no rung is worth less than the one before


def test_a_letter_without_an_executive_is_a_firm_reminder():
    draft = one([item(days=40)], *TRIED, customers=[known()])
    assert (draft.email, draft.to, draft.note) == ("Firm reminder", ("ap@example.com",), "no executive to write to")


def test_one_draft_a_customer_at_the_latest_stage_lists_everything_due():
    rows = [item("A1", 20), item("A2", 4), item("A3", 0), item("B1", 4, customer="0002")]
    found = due(rows, SETTINGS, entries(), DAY)
    assert [draft.customer.id for draft in found.drafts] == ["0001", "0002"]
    first = found.drafts[0]
    assert first.email == "Firm reminder"
    assert first.subject == "Overdue account: 2 invoices, 200.00 EUR - your answer is needed"
    late, coming = first.body.split("Past due:")[1].split("Falling due:")
    assert [re.findall(r"Invoice (\w+)", part) for part in (late, coming)] == [["A1", "A2"], ["A3"]]
    assert "up to 20 days past due" in first.body
    logged = {row["document_no"]: row["outcome"] for row in found.activity()}
    assert logged == {"A1": "stage +14 firm", "A2": "stage +3", "A3": "stage due", "B1": "stage +3"}


def test_a_subject_is_about_what_falls_due_and_not_about_a_cent_that_is_late():
    rows = [item("A1", 20, amount=1.0), item("A2", 0, amount=1_222.45)]
    (draft,) = due(rows, SETTINGS, entries(), DAY).drafts
    assert (draft.stage.word, draft.subject) == ("due", "Now due: 2 invoices, 1,223.45 EUR")


# ---------------------------------------------------------------- who does not


TOLD = [
    (item(days=None), [], "no due date"),
    (item(disputed="yes"), [], "disputed"),
    (item(dispute_code="Price mismatch"), [], "disputed: Price mismatch"),
    (item(), [line("dispute", outcome="two pallets missing")], "disputed: two pallets missing"),
    (item(), [line("dispute", "", outcome="whole delivery")], "disputed: whole delivery"),
    (item(), [line("dispute", outcome="x", for_date=DAY + 4)], "disputed: x, look again on 04 Apr 2026"),
    (item(), [line("dispute", outcome="x", for_date=DAY - 1)], ""),
    (item(), [line("dispute", outcome="x"), line("dispute", outcome="Settled by credit", date=DAY)], ""),
    (item(), [line("dispute", outcome="Price mismatch")], ""),  # the worklist's copy; the worklist says it no more
    (item(), [line("dispute", "B7", outcome="another invoice")], ""),
    (item(), [line("dispute", outcome="another customer's", customer="0002")], ""),
    (item(), [line("promise", for_date=DAY + 9)], "promised for 09 Apr 2026"),
    (item(), [line("promise", for_date=DAY + 9, amount=40.0)], "promised for 09 Apr 2026: 40.00 EUR"),
    (item(currency="BHD"), [line("promise", for_date=DAY + 9, amount=4.5)], "promised for 09 Apr 2026: 4.500 BHD"),
    (item(currency="JPY"), [line("promise", for_date=DAY + 9, amount=4000.0)], "promised for 09 Apr 2026: 4,000 JPY"),
    (item(), [line("promise", "", for_date=DAY - 2)], "promised for 29 Mar 2026"),  # within its grace
    (item(), [line("promise", for_date=DAY - 3)], ""),
    (item(), [line("promise", for_date=DAY - 9), line("promise", for_date=DAY + 1)], "promised for 01 Apr 2026"),
    (item(promise_date=DAY + 1), [], "promised for 01 Apr 2026"),
    (item(), [line("payment plan")], "on a payment plan"),
    (item(), [line("payment plan", "", for_date=DAY + 90)], "on a payment plan until 29 Jun 2026"),
    (item(), [line("payment plan", for_date=DAY - 30)], ""),
    (item(), [line("payment plan"), line("payment plan", outcome="broken: no debit", date=DAY)], ""),
    (item(), [line("call"), line("mail")], ""),
]


@pytest.mark.parametrize(("row", "lines", "reason"), TOLD)
def test_why_an_item_is_left_out(row, lines, reason):
    assert why(row, *lines) == reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"Dispute code": "Other", "Look again on": DAY + 2}, "disputed: Other, look again on 02 Apr 2026"),
        ({"Promised for": DAY + 2, "Promised amount": 7.5}, "promised for 02 Apr 2026: 7.50 EUR"),
        ({"Promised for": DAY - 8, "Note": "promised"}, ""),
    ],
)
def test_what_is_typed_on_the_worklist_counts(typed, reason):
    assert why(item(), worklist=typed) == reason


@pytest.mark.parametrize(
    ("days", "lines", "reason"),
    [
        (5, [line("reminder", outcome="stage +3", date=DAY)], "reminded at stage +3 on 31 Mar 2026"),
        (5, [line("reminder", outcome="Stage +7 by telephone", date=DAY)], "reminded at stage +3 on 31 Mar 2026"),
        (8, [line("reminder", outcome="stage +3", date=DAY - 4)], ""),
        (8, [line("reminder", outcome="stage +3", date=DAY - 3)], ""),  # sent late, but not this stage's
        (8, [line("reminder", "B9", date=DAY)], "written to already: again from 03 Apr 2026"),
        (8, [line("reminder", "B9", date=DAY, customer="0002")], ""),
        (8, [line("reminder", outcome="stage due-1", date=DAY - 9)], ""),
        (-1, [line("reminder", outcome="stage due-1", date=DAY)], "reminded at stage due-1 on 31 Mar 2026"),
        (1, [line("reminder", outcome="stage due", date=DAY)], "reminded at stage due on 31 Mar 2026"),
        (5, [line("reminder", outcome="sent", date=DAY - 1)], "reminded at stage +3 on 30 Mar 2026"),
        (5, [line("reminder", outcome="sent", date=DAY - 3)], ""),  # at two days past due
        (5, [line("reminder", "", outcome="stage +30", date=DAY - 1)], "reminded at stage +3 on 30 Mar 2026"),
        (5, [line("reminder", "", outcome="stage +30", date=DAY - 3)], ""),  # of the account: what the day says
        (5, [line("reminder", outcome="stage +7", date=DAY - 36)], ""),  # of another year's invoice
        (5, [line("reminder", outcome="stage +7", date=DAY - 20)], ""),  # of the instalment before
        (40, [line("reminder", outcome="stage +30 firm", date=DAY)], "reminded at stage +30 firm on 31 Mar 2026"),
        (5, [line("reminder", outcome="", date=None)], ""),
    ],
)
def test_nobody_is_reminded_of_the_same_stage_twice(days, lines, reason):
    assert why(item(days=days), *lines) == reason


def test_credits_cover_the_oldest_first_and_are_taken_off_what_is_asked_for():
    rows = [item("A1", 40, 60.0), item("A2", 20, 50.0), item("A3", 5, 30.0), item("C1", 9, -75.0)]
    found = due(rows, SETTINGS, entries(), DAY)
    assert [(skipped.document, reason) for skipped, reason in found.skipped] == [
        ("A1", "covered by credits not yet applied")
    ]
    (draft,) = found.drafts
    assert draft.total == "65.00 EUR"
    for said in ("Total open: 80.00 EUR", "not yet applied: 15.00 EUR", "To be paid: 65.00 EUR", "pay 65.00 EUR"):
        assert said in draft.body


@pytest.mark.parametrize("credit", [-30.0, -50.0, -80.0])
def test_what_a_credit_equals_is_not_asked_for_though_something_else_is_older(credit):
    rows = [item("A1", 40, 60.0, disputed="yes"), item("A2", 20, 50.0), item("A3", 5, 30.0), item("C1", 9, credit)]
    found = due(rows, SETTINGS, entries(), DAY)
    asked = {one.document for draft in found.drafts for one in draft.items}
    assert asked == {-30.0: {"A2"}, -50.0: {"A3"}, -80.0: set()}[credit]


@pytest.mark.parametrize("other", [{"currency": "USD"}, {"customer": "0002"}, {"entity": "2"}])
def test_credits_of_another_currency_customer_or_company_cover_nothing(other):
    assert one([item(), item("C1", 9, -100.0, **other)]).total == "100.00 EUR"


def test_currencies_are_never_added():
    rows = [item("A1", 5, 100.0), item("A2", 5, 20.5, currency="USD"), item("A3", 5, 3000.0, currency="JPY")]
    draft = one(rows)
    assert draft.subject.endswith("3 invoices past due, 100.00 EUR and 20.50 USD and 3,000 JPY")
    assert [text for text in draft.body.split("\n") if text.startswith("Total")] == [
        "Total: 100.00 EUR", "Total: 20.50 USD", "Total: 3,000 JPY",
    ]  # fmt: skip


@pytest.mark.parametrize(("minor", "currency", "shown"), [
    (-5, "EUR", "-0.05 EUR"), (123456789, "EUR", "1,234,567.89 EUR"), (1, "KWD", "0.001 KWD"), (7, "", "0.07"),
])  # fmt: skip
def test_amounts_read_as_in_a_letter(minor, currency, shown):
    assert money(minor, currency) == shown


amounts = st.integers(-30_000, 60_000).filter(bool)


@st.composite
def ledgers(draw):
    rows = []
    for number in range(draw(st.integers(1, 14))):
        amount = draw(amounts) / 100
        late = draw(st.one_of(st.none(), st.integers(-5, 60)))
        more = {"currency": draw(st.sampled_from(["EUR", "USD"])), "disputed": draw(st.sampled_from(["", "", "yes"]))}
        customer = draw(st.sampled_from(["1", "2"]))
        rows.append(item(f"D{number % 9}", late, amount, customer, **more))
    return rows


@given(ledgers(), st.lists(st.sampled_from(["promise", "payment plan", "reminder", "dispute"]), max_size=4))
def test_every_item_in_reach_is_drafted_or_left_out_and_the_amounts_tie(rows, kinds):
    lines = [line(kind, f"D{i}", for_date=DAY + 1, customer="1") for i, kind in enumerate(kinds)]
    found = due(rows, SETTINGS, entries(*lines), DAY)
    told = [one for draft in found.drafts for one in draft.items] + [one for one, _ in found.skipped]
    debits = [r for r in rows if r["open_at"] > 0]
    reach = [r for r in debits if r["due_date"] is None or stage_of(DAY - r["due_date"], LADDER)]
    names = ("customer_id", "document_no", "currency", "due_date")
    wanted = [(*(str(r[name]) for name in names), round(r["open_at"] * 100)) for r in reach]
    assert sorted((o.customer, o.document, o.currency, str(o.due), o.amount) for o in told) == sorted(wanted)
    credit, used, room, late = (defaultdict(int) for _ in range(4))
    for r in rows:
        credit[r["customer_id"], r["currency"]] += max(-round(r["open_at"] * 100), 0)
    for o in told:
        assert 0 <= o.covered <= o.amount
        used[o.customer, o.currency] += o.covered
        if (o.days or 0) > 0:
            late[o.customer, o.currency] += o.covered
            room[o.customer, o.currency] += o.amount
    for pool in used:
        assert late[pool] == min(credit[pool], room[pool])
        assert used[pool] <= credit[pool]
    for draft in found.drafts:
        assert all(o.covered < o.amount for o in draft.items)
        assert draft.stage.day == max(o.stage.day for o in draft.items)
        assert "[" not in draft.body
    again = due(rows, SETTINGS, entries(*lines, *found.activity()), DAY)
    assert again.drafts == ()  # once they are logged nobody is reminded again on that day


# ---------------------------------------------------------------- texts


def test_the_clerks_wording_wins_and_a_blank_one_is_ours():
    typed = {"First reminder": "subject:  [Customer number], please\r\n\r\nHello [ CONTACT ]\r\n[invoices]\r\n"}
    draft = one([item()], emails=typed, customers=[known(contact_name="Jo Doe")])
    assert draft.subject == "0001, please"
    assert draft.body.startswith("Hello Jo Doe\n- Invoice A1 of 24 Feb 2026, due 26 Mar 2026, 5 days past due: 100.00")
    ours = one([item()], emails={"First reminder": "  "}, sender="Jo Smith")
    assert ours.subject == "Friendly reminder: 1 invoice past due, 100.00 EUR"
    assert ours.body.endswith("Kind regards\nJo Smith\nAccounts receivable\nElm Works\n")
    assert "Dear accounts payable team," in ours.body


@pytest.mark.parametrize(
    ("text", "says"),
    [("Dear [custmer] [invoices]", "your wording holds [custmer], which stands for nothing"), ("Pay!", "[invoices]")],
)
def test_a_wording_that_cannot_be_filled_in_is_refused(text, says):
    with pytest.raises(LedgerError, match=re.escape(says)):
        one([item(days=40)], emails={"First reminder": text})


def test_without_a_company_nothing_is_signed():
    with pytest.raises(LedgerError, match="Settings names no company"):
        one([item()], settings=Settings())
    assert one([item()], settings=Settings(), emails={"First reminder": "[invoices]"}).body.startswith("- Invoice A1")


def test_the_letter_goes_to_the_executive_alone():
    customers = [known(executive="Kim Brandt <kim@example.com>", contact_name="Jo Doe")]
    letter = one([item(days=31)], *TRIED, customers=customers)
    assert letter.to == ("kim@example.com",)
    assert letter.body.startswith("Dear Kim Brandt,")
    assert letter.body.endswith("Yours sincerely\nAnn Weber\nHead of finance\nElm Works\n")


@pytest.mark.parametrize(
    ("cell", "to", "note"),
    [
        ("", (), "no e-mail address"),
        ("ask Jo", (), "no e-mail address"),
        ("a@example.com; B <b@example.com>, a@example.com", ("a@example.com", "b@example.com"), ""),
        ("ap@bücher.example", ("ap@xn--bcher-kva.example",), ""),
        ("jürgen@example.com", (), "the e-mail address cannot be used: jürgen@example.com"),
        ("a@localhost", (), "the e-mail address cannot be used: a@localhost"),
        ("a@example.com\r\nBcc: all@example.com", ("a@example.com", "all@example.com"), ""),
    ],
)
def test_addresses_as_people_type_them(cell, to, note):
    draft = one([item()], customers=[known(contact_email=cell)])
    assert (draft.to, draft.note) == (to, note)
    assert b"\r\nBcc:" not in drafts.message(draft, drafts.Sender(), NOW)


def test_days_before_the_workbooks_own_are_refused():
    with pytest.raises(LedgerError, match="it cannot say what was due on 2026-03-30"):
        due([item()], SETTINGS, entries(), DAY - 1)
    with pytest.raises(LedgerError, match="holds no month yet"):
        due([item()], SETTINGS, Entries(), DAY)


# ---------------------------------------------------------------- files


def parsed(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def test_a_draft_opens_as_unsent_mail():
    draft = one([item()], customers=[known(contact_name="Zoë Müller")], sender="Jo")
    mail = parsed(drafts.message(draft, drafts.Sender.of("Jöran Smith <jo@example.com>"), NOW))
    assert mail["X-Unsent"] == "1"
    assert mail["Date"].datetime.isoformat() == "2026-04-01T07:30:00+00:00"
    assert (mail["From"], mail["To"]) == ("Jöran Smith <jo@example.com>", "ap@example.com")
    assert mail["Subject"] == draft.subject
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail.get_content().replace("\r\n", "\n") == draft.body


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_puts_anything_into_the_head(name, document):
    row = item(document, 31, customer_name=f"{name}\r\nBcc: x@example.com", customer="9")
    draft = one([row], customers=[known("9", customer_name=row["customer_name"], executive=f"Kim {name}")])
    for sender in (drafts.Sender(), drafts.Sender("Jo", "jo@example.com")):
        mail = parsed(drafts.message(draft, sender, NOW))
        allowed = {"x-unsent", "date", "from", "to", "subject", "content-type", "content-transfer-encoding"}
        assert {key.lower() for key in mail} <= allowed | {"mime-version"}
        head = drafts.plain(draft, sender).decode("utf-8-sig").split("\r\n\r\n")[0]
        assert len(head.split("\r\n")) == 2 + bool(sender.address)


NO_SENDERS = ["jo@", "@example.com", "jo@example", "Jo <jo@exa mple.com", "jö@example.com", "a@b@c.de", "a@b.de c@d.de"]


@pytest.mark.parametrize("text", NO_SENDERS)
def test_a_sender_that_is_none_is_refused(text):
    with pytest.raises(WorkbookError, match="is no sender"):
        drafts.Sender.of(text)


PORTS = {f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"}
RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *PORTS}
AWKWARD = ["nul", "COM1.x", "a", "A", "ä", "a\u0308", " . ", "x" * 99 + "ä"]


@given(st.lists(st.one_of(st.text(max_size=200), st.sampled_from(AWKWARD)), max_size=8))
def test_names_of_files_hold_on_every_system(names):
    found = drafts.file_names(names, "eml")
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        assert name.encode()
        assert len(name.encode()) <= 120
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert name.split(".")[0].strip().upper() not in RESERVED
        assert name == name.strip()
        assert not name[: -len(".eml")].endswith((".", " "))


def test_umlauts_stay_readable():
    assert drafts.file_names(["0001 Mu\u0308ller & Söhne: Köln/Bonn"], "txt") == ["0001 Müller & Söhne_ Köln_Bonn.txt"]


def test_lists_keep_text_from_being_reckoned(tmp_path):
    rows = [item("=1+1", 5, customer="+49"), item("-7", 5, customer="@x", disputed="yes")]
    folder = drafts.write(tmp_path / "out", due(rows, SETTINGS, entries(), DAY), now=NOW)
    told = list(csv.reader(io.StringIO((folder / "list.csv").read_text("utf-8-sig"))))
    for row in told[1:]:
        assert not [cell for cell in row if cell.startswith(("=", "+", "@"))]
    assert [row[5] for row in told[1:]] == ["'=1+1", "'-7"]


def test_drafts_of_an_earlier_run_stay_as_they_are(tmp_path):
    found = due([item()], SETTINGS, entries(), DAY)
    first = drafts.write(tmp_path, found, now=NOW)
    kept = {path.name: path.read_bytes() for path in first.iterdir()}
    second = drafts.write(tmp_path, found, kind="txt", now=NOW)
    assert (first.name, second.name) == ("reminders 2026-03-31", "reminders 2026-03-31 (2)")
    assert {path.name: path.read_bytes() for path in first.iterdir()} == kept
    assert sorted(path.suffix for path in second.iterdir()) == [".csv", ".txt", ".txt"]


def test_nothing_is_left_of_a_run_that_breaks(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drafts, "listing", full)
    with pytest.raises(WorkbookError, match="No space left"):
        drafts.write(tmp_path / "out", due([item()], SETTINGS, entries(), DAY), now=NOW)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def workbook(small_company, small_files, tmp_path_factory):
    """The month of a sample company, as the command writes it."""
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    path = tmp_path_factory.mktemp("month") / "month.xlsx"
    month = close_month(
        ledger, Settings(company="Elm Works"), small_company.as_of, refreshed="2026-11-02 08:00:00", version="test"
    )
    file.write(path, month)
    return path


def run(*arguments, status=0):
    found = CliRunner().invoke(cli, ["reminders", *map(str, arguments)], standalone_mode=False)
    if status:
        assert found.exception is not None
        return found.exception.format_message()
    assert found.exception is None, found.exception
    return found.output


def listed(folder):
    return list(csv.DictReader(io.StringIO((folder / "list.csv").read_text("utf-8-sig"))))


def open_debits(path, day):
    """What is open and due by a day or undated, by currency: read off the sheet cell by cell."""
    book = openpyxl.load_workbook(path, read_only=False)
    sheet = book["Ledger"]
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables["tblItems"].ref]]
    book.close()
    at = {heading: place for place, heading in enumerate(rows[0])}
    found = defaultdict(Decimal)
    for row in rows[1:]:
        amount, falls = row[at["Open at as-of"]], row[at["Due date"]]
        if isinstance(amount, int | float) and amount > 0 and (falls is None or (day - falls.date()).days >= -1):
            found[row[at["Currency"]]] += round(Decimal(amount), 2)
    return dict(found)


@pytest.mark.slow
@pytest.mark.parametrize("later", [0, 6])
def test_drafts_and_skipped_add_up_to_what_the_workbook_shows(workbook, small_company, tmp_path, later):
    before = workbook.read_bytes()
    day = date.fromordinal(small_company.as_of.toordinal() + later)
    output = run(workbook, "--out", tmp_path, "--as-of", day, "--from", "Jo Smith <jo@example.com>")
    assert workbook.read_bytes() == before
    folder = tmp_path / f"reminders {day}"
    rows = listed(folder)
    sums = defaultdict(Decimal)
    for row in rows:
        sums[row["Currency"]] += Decimal(row["Open amount"])
    assert dict(sums) == open_debits(workbook, day)
    assert {row["Result"] for row in rows} == {"drafted", "skipped"}
    assert all(row["Reason"] for row in rows if row["Result"] == "skipped")
    # Every draft says by itself what the list says of it.
    mails = {path.name: parsed(path.read_bytes()) for path in folder.glob("*.eml")}
    drafted = [row for row in rows if row["Result"] == "drafted"]
    assert {row["File"] for row in drafted} == set(mails)
    assert len({row["Customer ID"] for row in drafted}) == len(mails)
    for name, mail in mails.items():
        mine = [row for row in drafted if row["File"] == name]
        body = mail.get_content().replace("\r\n", "\n")
        lines = re.findall(r"^- (?:Invoice|Debit note) (\S+?)(?:,| of) .*: ([\d,.]+) (\w+)$", body, re.MULTILINE)
        assert sorted((document, amount.replace(",", ""), code) for document, amount, code in lines) == sorted(
            (row["Document"], row["Open amount"], row["Currency"]) for row in mine
        )
        totals = re.findall(r"^(?:Total|To be paid): ([\d,.]+) EUR$", body, re.MULTILINE)
        asked = sum(Decimal(total.replace(",", "")) for total in totals)
        assert asked == sum(Decimal(row["Open amount"]) - Decimal(row["Covered by credits"]) for row in mine)
        assert (mail["To"] or "") == mine[0]["To"]
        assert mail["From"] == "Jo Smith <jo@example.com>"
    logged = [text.split("\t") for text in (folder / "activity.txt").read_text("utf-8-sig").splitlines()]
    assert {(cells[2], cells[3]) for cells in logged} == {(row["Customer ID"], row["Document"]) for row in drafted}
    assert {(cells[0], cells[1], cells[4], cells[5]) for cells in logged} == {
        (day.isoformat(), "Jo Smith", "reminder", "e-mail")
    }
    assert "Left out" in output
    assert str(folder) in output
    if any(row["Reason"] == "no e-mail address" for row in drafted):
        assert "No address" in output


@pytest.mark.slow
def test_lines_pasted_into_activity_are_not_reminded_of_again(workbook, small_company, small_files, tmp_path):
    run(workbook, "--out", tmp_path, "-q")
    folder = tmp_path / f"reminders {small_company.as_of}"
    lines = [text.split("\t") for text in (folder / "activity.txt").read_text("utf-8-sig").splitlines()]
    book = openpyxl.load_workbook(workbook)
    sheet = book["Activity"]
    table = sheet.tables["tblActivity"]
    first = sheet[table.ref][1][0]
    for down, cells in enumerate(lines):
        for right, cell in enumerate(cells):
            value = date.fromisoformat(cell) if right == 0 else cell or None
            sheet.cell(first.row + down, first.column + right, value)
    table.ref = f"B{first.row - 1}:J{first.row + len(lines)}"
    table.autoFilter = None
    pasted = tmp_path / "pasted.xlsx"
    book.save(pasted)
    book.close()
    output = run(pasted, "--out", tmp_path / "again")
    assert "Reminders due" not in output
    rows = listed(tmp_path / "again" / folder.name)
    assert {row["Result"] for row in rows} == {"skipped"}
    assert sum(row["Reason"].startswith("reminded at stage") for row in rows) == len(lines)


@pytest.mark.slow
def test_a_typed_wording_survives_the_refresh_and_is_used(workbook, small_company, small_files, tmp_path):
    book = openpyxl.load_workbook(workbook)
    sheet = book["Policies"]
    rows = {row[0].value: row for row in sheet[sheet.tables["tblEmails"].ref]}
    heading = [cell.value for cell in rows["Reminder"]].index("Your wording")
    text = "Subject: From us\n\nPlease look:\n[invoices]\n\n[company]"
    for title in ("Firm reminder", "First reminder"):
        rows[title][heading].value = text
    typed = tmp_path / "typed.xlsx"
    book.save(typed)
    book.close()
    settings, kept = read_back(typed)
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    months = []
    for _ in range(2):
        month = close_month(
            ledger, settings, small_company.as_of, entries=kept, refreshed="2026-11-03 08:00:00", version="test"
        )
        months.append(month)
        again = tmp_path / f"again {len(months)}.xlsx"
        file.write(again, month)
        settings, kept = read_back(again)
    assert months[0].tables["tblEmails"].columns == months[1].tables["tblEmails"].columns
    yours = dict(zip(*(months[1].tables["tblEmails"].column(key) for key in ("title", "yours")), strict=True))
    assert (yours["Firm reminder"], yours["Second reminder"]) == (text, None)
    run(again, "--out", tmp_path, "--format", "txt")
    texts = [path.read_text("utf-8-sig") for path in tmp_path.glob("reminders */*.txt") if path.name != "activity.txt"]
    assert sum("Subject: From us" in one and "Please look:" in one for one in texts) > 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--as-of", "2020-01-01"), "it cannot say what was due on 2020-01-01"),
        (("--as-of", "31.10.2026"), "'31.10.2026' is not a date"),
        (("--from", "jo@"), "is no sender"),
        (("--format", "pdf"), "'pdf' is not one of"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(workbook, tmp_path, arguments, says):
    told = run(workbook, "--out", tmp_path / "out", *arguments, status=2)
    assert says in told
    assert "\n" not in told
    assert not (tmp_path / "out").exists()


def test_another_workbook_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "budget.xlsx")
    book.close()
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (tmp_path / "file").write_text("")
    assert "is not a Receivables workbook" in run(tmp_path / "budget.xlsx", "--out", tmp_path / "out", status=2)
    assert "cannot be read as a workbook" in run(tmp_path / "broken.xlsx", "--out", tmp_path / "out", status=2)
    assert "There is no workbook" in run(tmp_path / "none.xlsx", "--out", tmp_path / "out", status=2)


def test_a_folder_that_cannot_be_made_is_told(workbook, tmp_path):
    (tmp_path / "file").write_text("")
    assert "file" in run(workbook, "--out", tmp_path / "file" / "out", status=2)


def test_the_template_has_nothing_to_remind_of(tmp_path):
    CliRunner().invoke(cli, ["template", "--out", str(tmp_path / "t.xlsx")], standalone_mode=False)
    assert "holds no month yet" in run(tmp_path / "t.xlsx", "--out", tmp_path / "out", status=2)
