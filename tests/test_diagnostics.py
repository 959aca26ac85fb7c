"""Signals: each rule at its threshold and in every verdict; figures held against the files read independently."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from plain_ledgers import Item, make
from small_program import BARE, ITEMS, activity, ledger_of, measures_of

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import blank_month, close_month, workbook
from xlwings_addin.month_end.program.behind import Behind
from xlwings_addin.month_end.program.measures import (
    DISPUTED,
    Disputes,
    Needs,
    OnQuarter,
    OnYear,
    OverLimit,
    Part,
    Roll,
    net_days,
)
from xlwings_addin.month_end.program.signals import RULES, rule_text
from xlwings_addin.month_end.typed import Customer
from xlwings_addin.month_end.wording import day_text
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.sheets.diagnostics import SIGNALS

SETTINGS = Settings(benchmark_dso=40.0)
MISSING = Needs("a column (a file)")
DAY = 20_757


def behind(places, why=""):
    """Some accounts, each with 100 at stake."""
    return Behind(np.array(places, np.intp), np.full(len(places), 100.0), why=why)


STUB = {
    "day": DAY, "month_before": DAY - 31, "baseline": {}, "accounts_behind": behind, "cash_of": lambda days: days,
    "overdue_of": np.full(8, 100.0), "overdue_in_all": 800.0, "receivables": 100.0,
    "people": [Customer(name, name) for name in "abcdefgh"],
}  # fmt: skip
"""What rules ask for beside their own measure: eight customers who owe 100 overdue each."""


def judge(key, settings=SETTINGS, **measures):
    return RULES[key](SimpleNamespace(**STUB | measures), settings)


def verdict(key, settings=SETTINGS, **measures):
    return judge(key, settings, **measures).verdict


def people(*names):
    return [Customer(name, name) for name in names]


def accounts(overdue, owing):
    """This many customers, of whom some are overdue."""
    return {"people": people(*"abcdefgh"), "balance": np.arange(8.0), "overdue": overdue, "owing": owing}


# ---------------------------------------------------------------- declarations


def test_every_signal_has_a_rule_and_every_rule_a_signal():
    assert [signal.key for signal in SIGNALS] == list(RULES)
    assert len({signal.name for signal in SIGNALS}) == len(SIGNALS)


def test_the_sheet_to_look_at_is_one_of_the_workbook():
    names = {sheet.name for sheet in workbook(Settings())}
    assert {signal.where for signal in SIGNALS} <= names


def test_rules_say_the_thresholds_of_the_settings():
    chosen = Settings(signal_over_60=0.07, signal_cei_months=4, standard_terms="Net 21", benchmark_dso=51.5)
    texts = {signal.key: rule_text(signal, chosen) for signal in SIGNALS}
    assert "7 %" in texts["over_60"]
    assert "4 months" in texts["cei_low"]
    assert "Net 21" in texts["off_standard"]
    assert "51.5 days" in texts["above_benchmark"]
    assert not any("{" in text for text in texts.values())
    assert "(none typed)" in rule_text(next(s for s in SIGNALS if s.key == "above_benchmark"), Settings())


# ---------------------------------------------------------------- at the thresholds


def test_what_is_late_is_not_nothing_where_credits_outweigh_it():
    found = judge("over_60", over_60=Part(100.0, -20.0))
    assert (found.verdict, "credits outweigh" in found.figures) == ("Act", True)
    assert verdict("over_60", over_60=Part(0.0, -20.0)) == "OK"


def test_all_customers_together_are_no_concentration():
    assert verdict("concentration", top=(list(range(1, 8)), [], 0), balance=np.arange(8.0)) == "OK"


def test_what_is_billed_at_the_end_of_a_month_has_to_be_material():
    found = {name: verdict("month_end_billing", month_end_billing=(Part(name, name), DAY)) for name in (0.004, 50.0)}
    assert found == {0.004: "Look", 50.0: "Act"}


@pytest.mark.parametrize(
    ("now", "sales", "expected"),
    [
        (109.9, 0.0, "OK"),
        (110.0, 0.0, "OK"),
        (110.1, 0.0, "Act"),
        (110.1, 0.049, "Act"),
        (110.1, 0.05, "Act"),
        (110.1, 0.051, "Look"),
        (110.1, -0.05, "Act"),
        (110.1, -0.051, "Look"),
    ],
)
def test_dso_on_the_year(now, sales, expected):
    assert verdict("dso_up", on_year=OnYear("simple", now, 100.0, sales, "of 12 months", DAY)) == expected


def test_dso_on_the_year_in_words():
    words = judge("dso_up", on_year=OnYear("simple", 52.1, 45.0, 0.012, "of 12 months", DAY)).figures
    assert words == "DSO (simple) 52.1 against 45.0 a year ago (+15.8 %), sales of 12 months +1.2 %."
    before = judge("dso_up", on_year=OnYear("simple", 52.1, 45.0, 0.012, "of the month", DAY - 12)).figures
    assert before == (
        "DSO (simple) 52.1 against 45.0 a year ago (+15.8 %), sales of the month +1.2 %, in the month to"
        f" {day_text(DAY - 12)}."
    )


@pytest.mark.parametrize(
    ("ddso", "before", "dso", "expected"),
    [
        (10.9, 10.0, 100.0, "OK"),
        (11.0, 10.0, 100.0, "OK"),
        (11.1, 10.0, 100.0, "Act"),
        (11.1, 10.0, 103.0, "Act"),
        (11.1, 10.0, 103.1, "Look"),
        (11.1, 10.0, 96.9, "Look"),
        (0.0, 0.0, 100.0, "OK"),
        (0.1, 0.0, 100.0, "Act"),
    ],
)
def test_ddso_on_the_quarter(ddso, before, dso, expected):
    assert verdict("ddso_up", on_quarter=OnQuarter(ddso, before, dso, 100.0, DAY)) == expected


@pytest.mark.parametrize(
    ("dso", "expected"), [(39.9, "OK"), (40.0, "OK"), (40.1, "Look"), (44.0, "Look"), (44.1, "Act")]
)
def test_dso_against_peers(dso, expected):
    assert verdict("above_benchmark", trusted=("countback", dso)) == expected
    assert verdict("above_benchmark", replace(SETTINGS, benchmark_dso=None), trusted=("countback", dso)) == "Not known"


@pytest.mark.parametrize(
    ("cei", "expected"),
    [
        ([0.84, 0.84, 0.84], "Act"),
        ([0.85, 0.84, 0.84], "Look"),
        ([0.84, 0.84, 0.85], "OK"),
        ([0.84, 0.84, 0.8499], "Act"),
        ([0.9, 0.9, 0.9], "OK"),
    ],
)
def test_cei_for_months(cei, expected):
    assert verdict("cei_low", cei_run=cei) == expected


SHARES = {
    "over_60": ("over_60", 0.15, lambda part: {"over_60": part}),
    "month_end_billing": ("month_end_billing", 0.25, lambda part: {"month_end_billing": (part, DAY)}),
    "concentration": (
        "concentration",
        0.50,
        lambda part: {"top": ([0], [], 0), "balance": np.array([part.part, part.whole - part.part])},
    ),
    "roll_rates": (
        "roll_rates",
        0.50,
        lambda part: {
            "rolls": [Roll("Current", "1-30", 1, 1), Roll("1-30", "30+", part.whole, part.part), Roll("30+", "", 1, 1)]
        },
    ),
    "without_po": ("without_po", 0.05, lambda part: {"filled": lambda *_: _others(part), "open_invoices": None}),
    "without_delivery": (
        "without_delivery",
        0.05,
        lambda part: {"flagged": lambda *_: _others(part), "open_invoices": None},
    ),
    "off_standard": (
        "off_standard",
        0.10,
        lambda part: {"standard_terms": _others(part), "off_terms_unapproved": MISSING},
    ),
    "off_agreed": ("off_agreed", 0.10, lambda part: {"agreed_terms": lambda *_: _others(part), "open_invoices": None}),
}  # fmt: skip


def _others(part):
    """The part that is as it should be, where the signal looks at the rest."""
    return Part(part.whole - part.part, part.whole, behind=behind([0]))


@pytest.mark.parametrize("name", SHARES)
def test_shares_at_their_threshold_and_near_it(name):
    key, threshold, measures = SHARES[name]
    found = [
        verdict(key, **measures(Part(part, 1000.0)))
        for part in (
            threshold * 800 - 1,
            threshold * 800,
            threshold * 1000 - 1,
            threshold * 1000,
            threshold * 1000 + 1,
        )
    ]
    assert found == ["OK", "Look", "Look", "Look", "Act"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [((5, 0), "Act"), ((4, 0), "Look"), ((0, 0), "OK"), ((4, 1), "Not known"), ((5, 9), "Act")],
)
def test_new_customers_among_the_largest(found, expected):
    new, unknown = found
    here = {"top": ([0] * 20, [*range(new)], unknown), "balance": np.full(8, 100.0)}
    assert verdict("new_customers", **here, receivables=4999.0) == expected
    assert verdict("new_customers", **here, receivables=5000.0) == ("Look" if expected == "Act" else expected)


@pytest.mark.parametrize(
    ("balance", "expected"),
    [(79.99, "OK"), (80.0, "Look"), (100.0, "Look"), (100.01, "Act")],
)
def test_exposure_over_limit(balance, expected):
    assert (
        verdict("over_limit", limits=(Part(1, 2), [OverLimit(Customer("1", "Elm"), balance, 100.0)]), receivables=0.05)
        == expected
    )


@pytest.mark.parametrize(("receivables", "expected"), [(99.0, "Act"), (100.0, "Look")])
def test_exposure_over_limit_in_proportion(receivables, expected):
    held = [OverLimit(Customer("1", "Elm"), 110.0, 100.0)]
    assert verdict("over_limit", limits=(Part(1, 2), held), receivables=receivables) == expected


@pytest.mark.parametrize(("overdue", "owing", "expected"), [([1], [1, 2], "Act"), ([], [2], "Look"), ([], [], "OK")])
def test_accounts_act_when_overdue_look_when_owing(overdue, owing, expected):
    here = accounts([1, 3], [1, 2, 3])
    assert verdict("contacts_missing", no_contact_known=(overdue, owing), **here) == expected
    assert verdict("owners_outside", owners_elsewhere=(overdue, owing, 0), **here) == expected


@pytest.mark.parametrize(("overdue", "expected"), [(999.0, "Act"), (1000.0, "Look"), (np.nan, "Act")])
def test_accounts_act_in_proportion_to_what_is_overdue(overdue, expected):
    here = accounts([1, 2], [1, 2]) | {"overdue_in_all": overdue}
    assert verdict("contacts_missing", no_contact_known=([1], [1]), **here) == expected
    assert verdict("owners_outside", owners_elsewhere=([1], [1], 0), **here) == expected
    assert verdict("contacts_old", contact_ages=({1: 400}, {1: 400}), **here) == expected
    assert verdict("no_contact", first_contact={1: None}, oldest_due=np.full(8, DAY - 9), **here) == expected
    assert verdict("late_contact", first_contact={1: 9}, oldest_due=np.full(8, DAY - 9), **here) == expected
    part = Part(1, 3, 2, behind([1]))
    assert verdict("service_continued", service_continues=part, **here) == expected


@pytest.mark.parametrize(("receivables", "expected"), [(999.0, "Act"), (1000.0, "Look")])
def test_documents_act_in_proportion_to_receivables(receivables, expected):
    part = Part(1, 2, behind=behind([0]))
    here = {"open_invoices": None, "receivables": receivables}
    assert verdict("without_po", filled=lambda *_: part, **here) == expected
    assert verdict("without_delivery", flagged=lambda *_: part, **here) == expected
    assert verdict("off_agreed", agreed_terms=lambda *_: part, **here) == expected
    assert verdict("off_standard", standard_terms=part, off_terms_unapproved=MISSING, **here) == expected
    found = Disputes(Counter({"Price mismatch": 1}), {}, behind([0]))
    assert verdict("disputes", disputes=found, baseline={DISPUTED: 0}, receivables=receivables) == expected


@pytest.mark.parametrize(("receivables", "expected"), [(999.0, "Act"), (1000.0, "Look"), (np.nan, "Act")])
def test_credits_act_in_proportion_to_receivables(receivables, expected):
    equal, other = SimpleNamespace(match="exact", age=30), SimpleNamespace(match="oldest", age=None)
    found = judge("unapplied_credits", unapplied=behind([0]), credits=[equal, other], receivables=receivables)
    assert (found.verdict, found.money) == (expected, 100.0)
    assert verdict("unapplied_credits", unapplied=behind([])) == "OK"


@pytest.mark.parametrize(("age", "expected"), [(364, "OK"), (365, "OK"), (366, "Act"), (None, "Act")])
def test_contacts_not_confirmed_for_a_year(age, expected):
    here = accounts([1], [1])
    assert verdict("contacts_old", contact_ages=({1: age}, {1: age}), **here) == expected


def test_contacts_of_an_account_that_only_owes_are_worth_a_look():
    assert verdict("contacts_old", contact_ages=({}, {2: 400}), **accounts([], [2])) == "Look"


@pytest.mark.parametrize(("late", "expected"), [(6, "Look"), (7, "Look"), (8, "Act")])
def test_overdue_without_contact(late, expected):
    here = accounts([1], [1]) | {"oldest_due": np.array([0, DAY - late])}
    assert verdict("no_contact", first_contact={1: None}, **here) == expected
    assert verdict("no_contact", first_contact={1: 3}, **here) == "OK"


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ({1: 6}, "OK"),
        ({1: 7}, "OK"),
        ({1: 8}, "Act"),
        ({1: 2, 2: 12}, "Look"),
        ({1: 2, 2: 13}, "Act"),
        ({}, "OK"),
        ({3: None}, "OK"),  # nobody has contacted it: a signal of its own
    ],
)
def test_late_first_contact(first, expected):
    assert verdict("late_contact", first_contact=first, oldest_due=np.array([0, 0, 0, DAY - 8])) == expected


@pytest.mark.parametrize(("part", "expected"), [(Part(1, 3, 2, behind([1])), "Act"), (Part(0, 3, 2), "OK")])
def test_service_continued_while_overdue(part, expected):
    assert verdict("service_continued", service_continues=part) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (([1, 2], Part(201, 1000), Part(10, 100)), "Act"),
        (([1, 2], Part(200, 1000), Part(10, 100)), "Look"),
        (([1, 2], Part(79, 100), Part(10, 100)), "Look"),
        (([], Part(0, 0), Part(1, 9)), "OK"),
    ],
)
def test_custom_billing_formats(found, expected):
    assert verdict("own_formats", own_formats=found) == expected


@pytest.mark.parametrize(
    ("items", "before", "expected"), [(3, 2, "Act"), (3, 3, "Look"), (3, None, "Look"), (0, None, "OK"), (0, 3, "OK")]
)
def test_disputes_against_the_baseline(items, before, expected):
    found = Disputes(Counter({"Price mismatch": items}), {}, behind([1] * items))
    assert verdict("disputes", disputes=found, baseline={} if before is None else {DISPUTED: before}) == expected


LACKING = {
    "dso_up": "on_year", "ddso_up": "on_quarter", "above_benchmark": "trusted", "cei_low": "cei_run",
    "over_60": "over_60", "roll_rates": "rolls", "concentration": "top", "new_customers": "top",
    "contacts_missing": "no_contact_known", "contacts_old": "contact_ages", "no_contact": "first_contact",
    "late_contact": "first_contact", "owners_outside": "owners_elsewhere", "service_continued": "service_continues",
    "off_standard": "standard_terms", "off_agreed": "agreed_terms", "own_formats": "own_formats",
    "month_end_billing": "month_end_billing", "without_po": "filled", "without_delivery": "flagged",
    "disputes": "disputes", "over_limit": "limits", "unapplied_credits": "unapplied",
}  # fmt: skip


@pytest.mark.parametrize("key", [signal.key for signal in SIGNALS])
def test_a_signal_without_its_column_says_so_and_names_it(key):
    name = LACKING[key]
    missing = (lambda *_: MISSING) if name in ("agreed_terms", "filled", "flagged") else MISSING
    found = judge(key, **{name: missing, "open_invoices": None, "off_terms_unapproved": MISSING})
    assert (found.verdict, found.figures, len(found.behind)) == ("Not known", "Needs a column (a file).", 0)


# ---------------------------------------------------------------- measures on a ledger one can check by hand


@pytest.fixture
def ledger(tmp_path):
    return ledger_of(tmp_path)


def test_measures_of_a_ledger_by_hand(ledger):
    m = measures_of(ledger)
    # Open: A1 600 (56 days late), A2 500, A3 300 (11 late), A4 -50, A5 200.
    assert m.over_60 == Part(0.0, 1550.0)
    # A3 says nothing of its terms: its dates say 10 days.
    assert m.standard_terms == Part(2, 4, 0)
    assert m.off_terms_unapproved == Part(1, 2)
    assert m.agreed_terms(m.open_invoices) == Part(2, 3, 1)
    assert m.filled("po_number", m.open_invoices) == Part(3, 4)
    assert m.flagged("proof_of_delivery", m.open_invoices) == Part(2, 3, 1)
    assert m.flagged("e_invoice", m.billed) == Part(1, 2, 1)
    assert (m.disputes.items, m.disputes.amount) == (
        {"Price mismatch": 1, "(no code)": 1},
        {"Price mismatch": 500.0, "(no code)": 300.0},
    )
    assert m.billing_disputes == Part(1, 3)
    assert m.month_end_billing == (Part(700.0, 1000.0), day_number("2024-03-31"))
    assert m.owners_elsewhere == ([1], [1], 1)
    part, held = m.limits
    assert part == Part(2, 3)
    assert [(h.customer.id, h.balance, h.limit) for h in held] == [("1", 1100.0, 1200.0), ("3", 200.0, 500.0)]
    assert m.own_formats == ([1], Part(300.0, 300.0), Part(600.0, 1300.0))
    assert m.no_contact_known == ([1], [1, 2])
    assert m.contact_ages == ({0: 90, 1: None}, {0: 90, 1: None, 2: None})
    # Oak Trading's since is 59 days ago; Ash Supply has none and the ledger reaches back 86 days only.
    assert m.top == ([0, 1, 2], [1], 1)


def test_roll_rates_follow_the_items(ledger):
    m = measures_of(ledger)
    # At 29 February only A1 was there, 25 days late with 1000; 600 of it are left, 56 days late.
    by = {roll.bucket: (roll.before, roll.rolled) for roll in m.rolls}
    assert by == {"Current": (0, 0), "1-30": (1000.0, 600.0), "31-60": (0, 0), "61-90": (0, 0), "90+": (0, 0)}


def test_first_contact_reminders_and_escalations(ledger):
    stored = {
        "tblActivity": Stored(
            (
                activity("2024-01-20", "1"),  # before the first reminder: about something else
                activity("2024-02-14", "1", "mail"),
                activity("2024-03-19", "2", "reminder"),
                activity("2024-03-31", "9"),
                activity("2024-04-02", "2"),  # after the as-of date
                activity("2024-03-05", "1", "hold"),
            )
        )
    }
    m = measures_of(ledger, entries=Entries(stored=stored))
    assert m.first_contact == {0: 10, 1: 0}
    # +14 and +30 are due on account 1 (56 days late), none on account 2 (11 days); the hold of 5 March is day +30.
    assert m.escalations == Part(2, 2)
    # In March: A3 at -1, 0, +3, +7 days from 20 March; account 1's A1 has none of its days in March.
    assert m.reminders == (Part(1, 1), 4)
    assert measures_of(ledger, entries=Entries(stored={"tblActivity": Stored()})).first_contact == Needs(
        "lines on Activity (Date, Customer ID, Kind)"
    )


def test_a_step_of_escalation_is_due_where_enough_is_at_stake():
    day = day_number("2024-03-31")
    owed = {"A": 10_000, "B": 500, "C": 10_000}
    items = [Item(who, "", "EUR", "invoice", day - 70, day - 40, amount) for who, amount in owed.items()]
    lines = (activity("2024-03-01", "A", "dispute"), activity("2024-03-22", "C"))
    made = measures_of(make(items, []), entries=Entries(stored={"tblActivity": Stored(lines)}))
    # A disputes it, B owes less than the minimum: +14 and +30 are due on C, and the call of 22 March took both.
    assert made.escalations == Part(2, 2)


def test_a_customer_in_credit_owes_nothing_unless_something_is_overdue():
    day = day_number("2024-03-31")
    rows = [("A", "EUR", 10_000, 5), ("B", "EUR", 10_000, 5), ("B", "EUR", -15_000, 0), ("C", "EUR", 10_000, -40)]
    rows += [("C", "USD", -90_000, 0)]
    items = [
        Item(who, "", currency, "invoice" if amount > 0 else "payment", day - 70, day + due, amount)
        for who, currency, amount, due in rows
    ]
    chosen = Settings(base_currency="EUR", rates=(Rate("USD", "1970-01-01", 1),))
    made = measures_of(make(items, []), settings=chosen)
    assert [made.ids[place] for place in made.owing] == ["A", "C"]


def test_what_was_typed_beside_items(ledger):
    def key(customer, document):
        return ("", customer, "invoice", document, "", "")

    rows = {
        key("1", "A1"): {"Next action": "call", "Action on": day_number("2024-03-27"), "Service continues": "yes"},
        key("2", "A3"): {"Dispute code": "Invoice error", "Service continues": "no"},
        key("2", "gone"): {"Next action": "call"},
    }
    m = measures_of(ledger, entries=Entries(tables={"tblWorklist": TableEntries(rows)}))
    assert m.owned_with_action == Part(1, 2)
    assert m.actions_this_week == Part(1, 2)  # 31 March 2024 is a Sunday, its week began on the 25th
    assert m.service_continues == Part(1, 2, 0)
    assert m.disputes.items == {"Price mismatch": 1, "Invoice error": 1}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(("Net 30", 30), ("net30", 30), ("30 days net", 30), ("N/45", 45), ("60", 60), ("14 Tage", 14), ("0", 0)),
        *(("EOM", None), ("30 EOM", None), ("2/10 net 30", None), ("0030", None), ("", None)),
    ],
)
def test_plain_net_terms(text, days):
    assert net_days(text) == days


# ---------------------------------------------------------------- ledgers that lack something


def signals_of(ledger, as_of, settings=Settings(), entries=None):  # noqa: B008
    month = close_month(ledger, settings, as_of, entries=entries, refreshed="2024-04-02 08:00:00", version="test")
    table = month.tables["tblSignals"]
    by_name = {signal.name: signal.key for signal in SIGNALS}
    found = zip(table.column("signal"), table.column("verdict"), table.column("figures"), strict=True)
    return {by_name[name]: (verdict, figures) for name, verdict, figures in found}, month


def test_a_bare_list_of_open_items_names_what_it_lacks(tmp_path):
    found, month = signals_of(ledger_of(tmp_path, BARE, "", ""), "2024-03-31")
    assert {key for key, (verdict, _) in found.items() if verdict != "Not known"} == {
        "over_60", "concentration", "off_standard", "unapplied_credits"
    }  # fmt: skip
    wanted = {
        "without_po": "PO number (items file)",
        "without_delivery": "Proof of delivery (items file)",
        "disputes": "Disputed or Dispute code (items file)",
        "off_agreed": "Agreed terms (customers file)",
        "own_formats": "Billing format (customers file)",
        "over_limit": "Credit limit (customers file)",
        "owners_outside": "Owner's department (customers file)",
        "contacts_missing": "Contact or Contact e-mail or Contact phone (items file)",
        "contacts_old": "Contact confirmed (customers file)",
        "service_continued": "Service continues (Collections)",
        "dso_up": "12 months ago (Monthly)",
        "roll_rates": "receipts or settled dates",
        "month_end_billing": "receipts or settled dates",
        "above_benchmark": "Peer benchmark DSO (Settings)",
    }
    for key, column in wanted.items():
        assert column in found[key][1], key
    assert month.fields["trusted_dso"] == "n/a"
    assert month.fields["diagnostics_unknown"] == len(SIGNALS) - 4


def test_the_empty_template_holds_every_rule():
    month = blank_month(version="test")
    table = month.tables["tblSignals"]
    assert table.column("signal") == [signal.name for signal in SIGNALS]
    assert set(table.column("verdict")) == {"Not known"}
    assert all(table.column("fixes"))
    assert month.fields["diagnostics_unknown"] == len(SIGNALS)


def test_without_a_rate_converted_figures_are_not_known(tmp_path):
    items = ITEMS.replace("A5,invoice,2024-03-31,2024-04-30,Net 30,EUR", "A5,invoice,2024-03-31,2024-04-30,Net 30,USD")
    book = ledger_of(tmp_path, items, base_currency="EUR")
    found, month = signals_of(book, "2024-03-31", Settings(base_currency="EUR"))
    for key in ("over_60", "concentration", "over_limit", "month_end_billing", "own_formats"):
        assert found[key] == ("Not known", "Needs an exchange rate for USD (Settings)."), key
    assert month.fields["top_share"] == "n/a"
    rated = Settings(base_currency="EUR", rates=(Rate("USD", "2024-01-01", 0.5),))
    found, month = signals_of(book, "2024-03-31", rated)
    assert "0 of 1,450" in found["over_60"][1]
    assert month.fields["top_share"] == pytest.approx(1.0)


# ---------------------------------------------------------------- held against the files themselves


@pytest.fixture(scope="module")
def sample(sample_company, sample_files):
    """The sample company's month, and its files by pandas alone."""
    book = read_ledger([sample_files.ledger], receipts=sample_files.receipts, customers=sample_files.customers)
    found, month = signals_of(book, sample_company.as_of, Settings(benchmark_dso=48.0))
    text = {"Customer ID": str, "Document": str}
    items = pd.read_csv(sample_files.ledger, dtype=text, parse_dates=["Document date", "Due date"])
    receipts = pd.read_csv(sample_files.receipts, dtype=text, parse_dates=["Date"])
    customers = pd.read_csv(sample_files.customers, dtype=text).set_index("Customer ID")
    paid = receipts.groupby("Document")["Amount"].sum()
    items["open"] = (items["Amount"] - items["Document"].map(paid).fillna(0)).round(2)
    items["late"] = (pd.Timestamp(sample_company.as_of) - items["Due date"]).dt.days
    return SimpleNamespace(found=found, month=month, items=items, receipts=receipts, customers=customers)


@pytest.mark.slow
def test_the_samples_figures_are_those_of_its_files(sample):
    items, customers = sample.items, sample.customers
    open_invoices = items[(items["open"] > 0) & (items["Kind"] == "invoice")]
    late = items[(items["open"] > 0) & (items["late"] > 0)]
    balance = items.groupby("Customer ID")["open"].sum()
    expected = {
        "over_60": (late.loc[late["late"] > 60, "open"].sum(), items["open"].sum()),
        "without_po": (open_invoices["PO number"].isna().sum(), len(open_invoices)),
        "without_delivery": (
            (open_invoices["Proof of delivery"] == "no").sum(),
            open_invoices["Proof of delivery"].notna().sum(),
        ),
        "off_standard": ((open_invoices["Terms"] != "Net 30").sum(), len(open_invoices)),
        "off_agreed": (
            (open_invoices["Terms"] != open_invoices["Customer ID"].map(customers["Agreed terms"])).sum(),
            len(open_invoices),
        ),
    }
    month = items[items["Kind"].isin(["invoice", "debit note"]) & (items["Document date"] >= "2026-10-01")]
    expected["month_end_billing"] = (
        month.loc[month["Document date"] >= "2026-10-30", "Amount"].sum(),
        month["Amount"].sum(),
    )
    for key, (part, whole) in expected.items():
        assert sample.found[key][1].startswith(f"{part:,.0f} of {whole:,.0f} "), key
    # Who has more credits than invoices owes nothing.
    owing = set(balance.index[balance.round(2) > 0])
    # Credits pay the oldest first; an account is overdue from 0.005 % of receivables on, in two figures.
    credit = -items.loc[items["open"] < 0].groupby("Customer ID")["open"].sum()
    net = late.groupby("Customer ID")["open"].sum().sub(credit, fill_value=0)
    overdue = set(net.index[net.round(2) >= float(f"{items['open'].sum() * 0.00005:.1e}")])
    limit = customers["Credit limit"]
    over = [c for c in owing if limit[c] == limit[c] and balance[c] > limit[c] + 1e-9]
    assert sample.found["over_limit"][1].startswith(
        f"{len(over)} of {limit[list(owing)].notna().sum()} owing customers with a limit are over it"
        f" by {sum(balance[c] - limit[c] for c in over):,.0f},"
    )
    outside = customers.index[customers["Owner's department"] == "Sales"]
    assert sample.found["owners_outside"][1].startswith(
        f"{len(overdue & set(outside))} of {len(overdue)} overdue and {len(owing & set(outside))} of {len(owing)} owing"
    )
    confirmed = pd.to_datetime(customers["Contact confirmed"])
    old = customers.index[~((pd.Timestamp("2026-10-31") - confirmed).dt.days <= 365)]
    assert sample.found["contacts_old"][1].startswith(f"{len(overdue & set(old))} of {len(overdue)} overdue")
    top = balance[balance > 0].nlargest(20)
    share = top.sum() / balance[balance > 0].sum()
    assert sample.month.fields["top_share"] == pytest.approx(share)
    first = items.groupby("Customer ID")["Document date"].min()
    since = pd.to_datetime(customers["Customer since"])
    start = np.minimum(first[top.index], since[top.index])
    new = ((pd.Timestamp("2026-10-31") - start).dt.days < 180).sum()
    assert sample.found["new_customers"][1].startswith(f"{new} of the top 20 are new and owe ")


def test_the_samples_disputes_are_those_of_its_file(sample):
    items = sample.items
    disputed = items[(items["open"] != 0) & ((items["Disputed"] == "yes") | items["Dispute code"].notna())]
    by_code = disputed.groupby(disputed["Dispute code"].fillna("(no code)"))["open"].agg(["size", "sum"])
    table = sample.month.tables["tblDisputes"]
    assert dict(zip(table.column("code"), table.column("items"), strict=True)) == by_code["size"].to_dict()
    assert table.column("amount") == pytest.approx([by_code["sum"][code] for code in table.column("code")])
    assert table.column("amount") == sorted(table.column("amount"), reverse=True)
    assert sum(table.column("share")) == pytest.approx(1.0)


def test_the_samples_roll_rates_are_those_of_its_files(sample):
    items = sample.items
    before = sample.receipts[sample.receipts["Date"] <= "2026-09-30"].groupby("Document")["Amount"].sum()
    then = items["Amount"] - items["Document"].map(before).fillna(0)
    then = then.where(items["Document date"] <= "2026-09-30", 0).round(2)
    edges = [-10_000, 0, 30, 60, 90, 10_000]

    def bucket(late):
        return pd.cut(late, edges, labels=False)

    was, now = bucket(items["late"] - 31), bucket(items["late"])
    table = sample.month.tables["tblRolls"]
    for place in range(5):
        there = (was == place) & (then > 0)
        on = there & ((now > place) | (place == 4)) & (items["open"] > 0)
        assert table.column("before")[place] == pytest.approx(then[there].sum())
        assert table.column("rolled")[place] == pytest.approx(np.minimum(items["open"], then)[on].sum())


def test_the_samples_story_shows_in_the_signals(sample):
    """Sales barely grow and customers pay later and later: what the guide calls an execution issue."""
    verdicts = {key: verdict for key, (verdict, _) in sample.found.items()}
    assert (verdicts["dso_up"], verdicts["cei_low"], verdicts["off_standard"]) == ("Act", "Act", "Act")


def test_the_ibm_sets_figures(ibm_folder):
    path = ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"
    data = pd.read_csv(path, parse_dates=["InvoiceDate", "DueDate", "SettledDate"])
    day = pd.Timestamp("2012-06-30")
    found, month = signals_of(read_ledger([path]), "2012-06-30")
    opened = data[(data["InvoiceDate"] <= day) & (data["SettledDate"] > day)]
    late = opened[opened["DueDate"] < day]
    assert found["disputes"][1].startswith(f"{(opened['Disputed'] == 'Yes').sum()} items in dispute")
    assert found["off_standard"] == ("OK", "0 of 98 open invoices (0 %).")
    june = data[(data["InvoiceDate"] >= "2012-06-01") & (data["InvoiceDate"] <= day)]
    last = june.loc[june["InvoiceDate"] >= "2012-06-29", "InvoiceAmount"].sum()
    assert found["month_end_billing"][1].startswith(f"{last:,.0f} of {june['InvoiceAmount'].sum():,.0f} ")
    balance = opened.groupby("customerID")["InvoiceAmount"].sum()
    assert month.fields["top_share"] == pytest.approx(balance.nlargest(20).sum() / balance.sum())
    over_60 = late.loc[(day - late["DueDate"]).dt.days > 60, "InvoiceAmount"].sum()
    assert found["over_60"][1].startswith(f"{over_60:,.0f} of 5,504 ")
    assert month.fields["trusted_dso"] == pytest.approx(29.617, abs=5e-4)
    for key, column in (("without_po", "PO number"), ("over_limit", "Credit limit"), ("off_agreed", "Agreed terms")):
        assert found[key][0] == "Not known"
        assert column in found[key][1]
