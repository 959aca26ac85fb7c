"""The worklist: its order explained by what it shows, promises by cash, steps by what was logged."""

from collections import defaultdict
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_ledgers import Item, Receipt, make
from worklist_items import DAY, closing, item, key, paid

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE, RECEIPT_KINDS
from xlwings_addin.month_end import close_month, closed, ledger_sheets
from xlwings_addin.month_end.typed import Customer
from xlwings_addin.month_end.work import promises, reminders, scoring, stages, worklist
from xlwings_addin.month_end.work.accounts import standings
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Formula
from xlwings_addin.sheets.collections import ENTRIES, ORDER, PARTS


def line(kind="promise", document="0", on="2024-05-01", customer="A", **more):
    made = {"date": day_number(on), "customer_id": customer, "document_no": document, "kind": kind}
    return made | {name: day_number(v) if name == "for_date" else v for name, v in more.items()}


def as_read(cell):
    """What a workbook gives back of a cell."""
    return None if isinstance(cell, float) and np.isnan(cell) else cell.item() if isinstance(cell, np.generic) else cell


def worked(found):
    return worklist.work(found, *standings(found))


def rows(found):
    """The worklist's rows, by what the sheet shows of them."""
    shown = worklist.tables(found, worked(found))[0]["tblWorklist"]
    return [{name: values[i] for name, values in shown.columns.items()} for i in range(shown.rows)]


def only(found):
    (row,) = rows(found)
    return row


# ---------------------------------------------------------------- stages


def test_the_ladder_of_the_guide():
    ladder = stages.ladder((-1, 0, 3, 7, 14), (14, 30))
    said = {
        day: (found.word, found.step) if (found := stages.stage_of(day, ladder)) else None
        for day in (-2, -1, 0, 2, 3, 6, 7, 13, 14, 29, 30, 400)
    }
    assert said == {
        -2: None, -1: ("due-1", 0), 0: ("due", 0), 2: ("due", 0), 3: ("+3", 0), 6: ("+3", 0), 7: ("+7", 0),
        13: ("+7", 0), 14: ("+14 firm", 1), 29: ("+14 firm", 1), 30: ("+30 firm", 2), 400: ("+30 firm", 2),
    }  # fmt: skip
    assert stages.stage_of(None, ladder) is None


@given(
    st.lists(st.integers(-40, 400), max_size=20),
    st.sets(st.integers(-5, 40), min_size=1),
    st.sets(st.integers(1, 60), min_size=1),
)
def test_the_stage_is_the_latest_day_reached_and_its_step_those_of_escalation(late, reminders, escalations):
    ladder = stages.ladder(tuple(sorted(reminders)), tuple(sorted(escalations)))
    for days in late:
        one = stages.stage_of(days, ladder)
        reached = [day for day in (*reminders, *escalations) if day <= days]
        assert (one.day if one else None) == max(reached, default=None)
        assert (one.step if one else 0) == sum(day <= days for day in escalations)
        assert not one or one.firm == (one.day >= min(escalations))


# ---------------------------------------------------------------- parts of the score


def test_the_scales_are_those_the_sheet_states():
    amounts = np.array([0.0, 50.0, 200.0, np.nan])
    assert scoring.exposure(amounts, None).tolist()[:3] == [0, 25, 100]
    assert scoring.exposure(amounts, 100.0).tolist()[:3] == [0, 50, 100]
    assert scoring.exposure(np.zeros(2), None).tolist() == [0, 0]
    assert scoring.age(np.array([-5.0, 0.0, 90.0, 180.0, 900.0])).tolist() == [0, 0, 50, 100, 100]
    assert scoring.behaviour(np.array([-3.0, 30.0, 60.0, 99.0])).tolist() == [0, 50, 100, 100]
    assert scoring.broken(np.array([0.0, 1.0, 2.0, 3.0, 9.0])).tolist() == [0, 34, 68, 100, 100]
    nobody, somebody = Customer("1", ""), Customer("1", "", contact_phone="1", contact_email="a@b.example")
    assert [scoring.contact(nobody, unconfirmed=True), scoring.contact(somebody, unconfirmed=False)] == [100, 0]
    said = ("1", "5", "3", "high", "A", "", "whoever")
    assert [scoring.importance(Customer("1", "", importance=word)) for word in said[:5]] == [0, 100, 50, 75, 100]
    assert scoring.importance(Customer("1", "", tier="B")) == 67
    assert all(np.isnan(scoring.importance(Customer("1", "", importance=word))) for word in said[5:])


def test_what_is_not_known_counts_as_the_average():
    assert scoring.filled(np.array([10.0, np.nan, 51.0])).tolist() == [10, 31, 51]
    assert scoring.filled(np.array([np.nan, np.nan])).tolist() == [0, 0]


def test_payment_behaviour_is_the_delay_of_what_was_settled_within_a_year():
    items = [
        item("2024-05-01"),
        item("2024-05-01"),
        item("2022-05-01", issued="2022-04-01"),
        item("2024-05-01"),
        item("2024-06-01", customer="B"),
    ]
    receipts = [
        paid("2024-05-11", 10_000),
        paid("2024-05-31", 4_000, 1),
        paid("2024-06-10", 6_000, 1),
        paid("2023-01-01", 10_000, 2),
    ]
    ledger = make(items, receipts)
    assert scoring.delays(ledger, DAY)[0] == pytest.approx((10 + 40) / 2)
    assert np.isnan(scoring.delays(ledger, DAY)[1])
    assert ledger.arrays.settled_on(DAY).tolist()[2:] == [day_number("2023-01-01"), NO_DATE, NO_DATE]


@pytest.mark.parametrize("kind", sorted(set(RECEIPT_KINDS) - {"cash"}))
@given(st.lists(st.integers(-60, 300), min_size=1, max_size=5), st.lists(st.integers(0, 300), max_size=5))
@settings(max_examples=20)
def test_only_cash_tells_how_late_a_customer_pays(kind, cash, other):
    """What was settled without cash, or after the cash, moves no figure."""
    due = day_number("2024-05-01") - 300
    items = [item(iso(due), issued=iso(due - 90)) for _ in (*cash, *other)]
    receipts = [paid(iso(due + late), 6_000, row) for row, late in enumerate(cash)]
    receipts += [Receipt(row, due + 301, 4_000, kind) for row in range(len(cash))]
    receipts += [Receipt(len(cash) + row, due + late, 10_000, kind) for row, late in enumerate(other)]
    receipts += [paid(iso(due - 50), 5_000, len(cash) + row) for row in range(len(other))]
    receipts += [paid(iso(due - 40), -5_000, len(cash) + row) for row in range(len(other))]
    assert scoring.delays(make(items, receipts), due + 302)[0] == pytest.approx(np.mean(cash))


# ---------------------------------------------------------------- the order


@st.composite
def companies(draw):
    """Ledgers with overdue items, credits, currencies without a rate, part payments, and what clerks noted."""
    items = [
        Item(
            customer=draw(st.sampled_from("ABCD")),
            region="",
            currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "JPY"])),
            kind=kind,
            day=DAY - draw(st.integers(0, 300)),
            due=draw(st.one_of(st.none(), st.integers(DAY - 250, DAY + 40))),
            amount=draw(st.integers(1, 10 ** draw(st.integers(1, 9)))) * (-1 if kind != "invoice" else 1),
        )
        for kind in draw(
            st.lists(st.sampled_from(["invoice", "invoice", "invoice", "invoice", "payment"]), min_size=2, max_size=14)
        )
    ]
    receipts = [
        Receipt(place, min(items[place].day + draw(st.integers(0, 200)), DAY), int(items[place].amount * share), kind)
        for place in draw(st.lists(st.integers(0, len(items) - 1), max_size=8))
        for share in [draw(st.sampled_from([0.25, 0.5, 1.0]))]
        for kind in [draw(st.sampled_from(["cash", "cash", "credit note", "write-off"]))]
    ]
    noted = [
        line(
            draw(st.sampled_from(["promise", "call", "dispute", "reminder", "payment plan"])),
            document=draw(st.sampled_from(["", "0", "1", "2"])),
            customer=draw(st.sampled_from("ABCD")),
            on=iso(DAY - draw(st.integers(0, 100))),
            for_date=iso(DAY - draw(st.integers(-20, 90))),
            amount=draw(st.one_of(st.none(), st.integers(1, 1000).map(float))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    weights = {f"weight_{part}": draw(st.sampled_from([0.0, 0.3, 1.0, 2.5])) for part in PARTS}
    chosen = Settings(
        base_currency="EUR",
        credits=draw(st.sampled_from(["own column", "by own date", "against oldest"])),
        exposure_full=draw(st.sampled_from([None, 1e4, 1e6])),
        minimum_reminder=draw(st.sampled_from([0.0, 25.0])),
        minimum_escalation=draw(st.sampled_from([0.0, 400.0])),
        **weights,
    )
    return items, receipts, noted, chosen


def places(items, receipts, noted, chosen):
    return [row["document_no"] for row in rows(closing(make(items, receipts), lines=noted, chosen=chosen))]


def owed(company):
    """What credits leave of each open debit item and how late that is, by customer: calculated item by item."""
    items, receipts, _, _ = company
    ledger = make(items, receipts)
    credit, found = defaultdict(int), defaultdict(list)
    balances = dict(enumerate(ledger.arrays.balances(DAY).tolist()))
    for place, balance in balances.items():
        if balance < 0:
            credit[items[place].customer, items[place].currency] -= balance
    dated = sorted((p for p in balances if balances[p] > 0 and items[p].due is not None), key=lambda p: items[p].due)
    for place in dated:
        one = items[place]
        paid = min(credit[one.customer, one.currency], balances[place])
        credit[one.customer, one.currency] -= paid
        left = (balances[place] - paid) / 100
        found[one.customer].append((DAY - one.due, left if one.currency == "EUR" else left and float("inf")))
    return found


def late(found, customer, minimum, days):
    """Whether at least a minimum of what an account owes is that many days late."""
    sum_late = sum(left for late, left in found[customer] if late > days)
    return sum_late > 0 and sum_late >= minimum


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(companies(), st.data())
def test_what_grows_older_or_larger_never_moves_down(company, data):
    items, receipts, noted, chosen = company
    before = rows(closing(make(items, receipts), lines=noted, chosen=chosen))
    owed = [row["document_no"] for row in before if row["open"] > 0 and row["due_date"] is not None]
    if not owed:
        return
    document = data.draw(st.sampled_from(owed))
    place = int(document)
    older, more = data.draw(st.sampled_from([(1, 0), (30, 0), (200, 0), (0, 1), (0, 10_000), (0, 10**8)]))
    changed = list(items)
    changed[place] = replace(items[place], due=items[place].due - older, amount=items[place].amount + more)
    after = places(changed, receipts, noted, chosen)
    assert after.index(document) <= [row["document_no"] for row in before].index(document)
    assert sorted(after) == sorted(row["document_no"] for row in before)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(companies())
def test_the_columns_that_are_shown_say_why_one_row_is_above_another(company):
    items, receipts, noted, chosen = company
    shown = rows(closing(make(items, receipts), lines=noted, chosen=chosen))

    def why(row):
        score, overdue, oldest, customer, late, amount = (row[name] for name in ORDER)
        lowest = float("inf")
        return (
            -score, -lowest if overdue is None else -overdue, -oldest, customer,
            lowest if late is None else -late, lowest if amount is None else -amount,
        )  # fmt: skip

    found = owed(company)
    assert [why(row) for row in shown] == sorted(why(row) for row in shown)
    for row in shown:
        weights = {part: getattr(chosen, f"weight_{part}") for part in PARTS}
        others = sum(weights[part] * row[column] for part, (column, *_) in PARTS.items() if part != "exposure")
        exposed = row["exposure_points"] / 100
        assert row["score"] == pytest.approx(exposed * (100 * weights["exposure"] + others), abs=1e-9)
        assert all(0 <= row[column] <= 100 for column, *_ in PARTS.values())
        assert (row["account_over_90"] == "yes") == late(
            found, row["customer_id"], max(chosen.minimum_reminder, chosen.minimum_escalation), 90
        )
    together = [row["customer_id"] for row in shown]
    assert len([c for i, c in enumerate(together) if i == 0 or together[i - 1] != c]) == len(set(together))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(companies())
def test_the_list_holds_what_accounts_owe_of_which_enough_is_overdue_once_credits_are_taken_off(company):
    items, receipts, noted, chosen = company
    told = {(n["customer_id"], n["document_no"]) for n in noted if n["kind"] == "promise"}
    found, balances = owed(company), make(items, receipts).arrays.balances(DAY)
    shown = defaultdict(set)
    for row in rows(closing(make(items, receipts), lines=noted, chosen=chosen)):
        shown[row["customer_id"]].add(row["document_no"])
    for customer in {one.customer for one in items}:
        wanted = {
            str(place)
            for place, one in enumerate(items)
            if one.customer == customer
            and balances[place] > 0
            # A promise without a customer's number belongs to the document's customer; here every line names one.
            and ((one.due is not None and one.due <= DAY + 7) or (customer, str(place)) in told)
        }
        if late(found, customer, chosen.minimum_reminder, 0):
            assert shown[customer] == wanted
        elif shown[customer]:  # a reminder of what falls due now
            assert shown[customer] == wanted
            assert late(found, customer, chosen.minimum_reminder, min(chosen.reminder_days) - 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(companies(), st.data())
def test_the_worklist_and_the_reminders_name_the_same_accounts_and_stages(company, data):
    items, receipts, noted, chosen = company
    typed = {
        key(str(place), items[place].customer, items[place].kind): data.draw(
            st.sampled_from([{"dispute_code": "Other"}, {"promise_date": DAY + 5}, {"promise_date": DAY - 30}])
        )
        for place in data.draw(st.sets(st.integers(0, len(items) - 1), max_size=2))
    }
    chosen = replace(chosen, company="Elm Works")
    made = closing(make(items, receipts), lines=noted, typed=typed, chosen=chosen, as_of=DAY)
    listed = defaultdict(set)
    for row in rows(made):
        if row["reminder"] and "," not in row["reminder"]:
            listed[row["customer_id"]].add(row["reminder"])
    sheet = ledger_sheets.whole(made)["tblItems"]
    columns = {name: np.asarray(sheet.column(name), object).tolist() for name in reminders.READ}
    cells = [dict(zip(columns, map(as_read, row), strict=True)) for row in zip(*columns.values(), strict=True)]
    found = reminders.due((row for row in cells if reminders.is_open(row)), made.settings, made.entries, DAY)
    drafted = {draft.customer.id: {item.stage.word for item in draft.items} for draft in found.drafts}
    assert dict(listed) == drafted
    net = owed(company)
    assert all(late(net, customer, chosen.minimum_reminder, min(chosen.reminder_days) - 1) for customer in drafted)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(companies())
def test_nothing_is_asked_of_an_account_whose_credits_pay_what_is_overdue(company):
    items, receipts, noted, chosen = company
    net = owed(company)
    made = closing(make(items, receipts), lines=noted, chosen=chosen)
    done = worked(made)
    shown = worklist.hour_tables(made, done)[0]
    reached = min(chosen.reminder_days) - 1
    asked = {row["customer_id"] for row in rows(made)} | set(shown["tblCallList"].columns.get("customer_id", ()))
    assert all(late(net, customer, chosen.minimum_reminder, reached) for customer in asked)
    calls = shown["tblCallList"].columns.get("customer_id", ())
    assert all(late(net, customer, chosen.minimum_reminder, 0) for customer in calls)


def test_a_currency_without_a_rate_leaves_the_account_blank_and_not_at_the_top():
    ledger = make([item(currency="JPY", amount=10**9, customer="B"), item("2024-05-20")], [])
    first, second = rows(closing(ledger, chosen=Settings(base_currency="EUR")))
    assert (first["customer_id"], second["customer_id"]) == ("B", "A")  # older, and exposure as the average
    assert first["account_overdue"] is None
    assert first["open_base"] is None
    assert (first["account_stake"], second["account_stake"]) == (None, 100.0)
    assert first["exposure_points"] == second["exposure_points"]


def holds_nearly_all_that_so_many_could_and_says_why(ledger, day):
    """The first accounts of a worklist: however many of them, they hold nearly the most that as many could."""
    made = closed(ledger, Settings(), day)
    fields, shown = worklist.hour_tables(made, worked(made))[1], rows(made)
    assert fields["worklist_at_stake"] >= 0.9 * fields["worklist_best"] > 0
    ranked = list(dict.fromkeys((row["customer_id"], row["account_stake"], row["why"]) for row in shown))
    stakes = [stake for _, stake, _ in ranked]
    for first in (3, 10, 30):
        assert sum(stakes[:first]) >= 0.9 * sum(sorted(stakes)[-first:])
    for place, (_, stake, why) in enumerate(ranked[:30]):
        larger = [other for other in stakes[place + 1 :] if other > stake]
        assert why.startswith(f"{stake:,.0f} at stake, ") or not stake
        assert ("which has more at stake: " in why) >= bool(larger)
    return len(ranked)


def test_the_first_accounts_of_the_sample_are_those_to_call(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    assert holds_nearly_all_that_so_many_could_and_says_why(ledger, small_company.as_of) > 10


def test_so_are_those_of_the_demo(sample_files, sample_company):
    ledger = read_ledger([sample_files.ledger], receipts=sample_files.receipts, customers=sample_files.customers)
    assert holds_nearly_all_that_so_many_could_and_says_why(ledger, sample_company.as_of) > 100


@pytest.mark.parametrize("day", ["2012-06-30", "2012-09-30", "2012-12-31", "2013-03-31", "2013-06-30"])
def test_so_are_those_of_the_ibm_set(ibm_folder, day):
    ledger = read_ledger([ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"])
    assert holds_nearly_all_that_so_many_could_and_says_why(ledger, day) > 5


# ---------------------------------------------------------------- promises


@pytest.mark.parametrize(
    ("receipts", "promised", "state"),
    [
        ([], {"for_date": "2024-07-10"}, "open"),
        ([], {"for_date": "2024-06-28"}, "open"),  # within the grace of two days
        ([], {"for_date": "2024-06-27"}, "broken"),
        ([paid("2024-05-20", 10_000)], {"for_date": "2024-05-20"}, "kept"),
        ([paid("2024-05-22", 10_000)], {"for_date": "2024-05-20"}, "kept"),
        ([paid("2024-05-23", 10_000)], {"for_date": "2024-05-20"}, "broken"),
        ([paid("2024-05-10", 4_000)], {"for_date": "2024-05-20"}, "partly"),
        ([paid("2024-05-10", 4_000)], {"for_date": "2024-05-20", "amount": 40.0}, "kept"),
        ([paid("2024-05-10", 3_999)], {"for_date": "2024-05-20", "amount": 40.0}, "partly"),
        ([paid("2024-04-20", 4_000)], {"for_date": "2024-05-20"}, "broken"),  # came before it was promised
        ([paid("2024-04-20", 4_000), paid("2024-05-10", 6_000)], {"for_date": "2024-05-20"}, "kept"),
        ([paid("2024-05-10", 9_000), paid("2024-05-10", 1_000, kind="discount")], {"for_date": "2024-05-20"}, "kept"),
        ([paid("2024-05-10", 10_000, kind="write-off")], {"for_date": "2024-05-20"}, "broken"),
        ([paid("2024-05-10", 10_000), paid("2024-06-10", -10_000)], {"for_date": "2024-05-20"}, "broken"),  # bounced
        ([paid("2024-05-10", 10_000), paid("2024-07-10", -10_000)], {"for_date": "2024-05-20"}, "kept"),  # not yet
    ],
)
def test_a_promise_is_judged_by_the_cash_that_came(receipts, promised, state):
    found = promises.promises(closing(make([item()], receipts), lines=[line(**promised)]))
    assert [one.state for one in found] == [state]


@pytest.mark.parametrize(
    ("receipts", "amount", "state"),
    [
        ([paid("2024-05-10", 10_000)], 100.0, "kept"),
        ([paid("2024-05-10", 5_000), paid("2024-05-12", 5_000, 1)], 100.0, "kept"),
        ([paid("2024-05-10", 5_000)], 100.0, "partly"),
        ([paid("2024-05-10", 10_000)], None, "partly"),
        ([paid("2024-05-10", 10_000), paid("2024-05-12", 20_000, 1)], None, "kept"),
    ],
)
def test_a_promise_about_an_account_is_judged_by_all_its_items(receipts, amount, state):
    ledger = make([item(), item(amount=20_000), item(customer="B")], receipts)
    found = promises.promises(closing(ledger, lines=[line(document="", for_date="2024-05-20", amount=amount)]))
    assert [one.state for one in found] == [state]


def test_an_unapplied_payment_keeps_a_promise_about_the_account():
    unapplied = item(None, -10_000, issued="2024-05-10", kind="payment")
    found = promises.promises(closing(make([item(), unapplied], []), lines=[line(document="", for_date="2024-05-20")]))
    assert [one.state for one in found] == ["kept"]


def test_without_receipts_a_promise_is_open_and_then_not_known():
    ledger = replace_history(make([item()], []))
    lines = [line(for_date="2024-07-20"), line(for_date="2024-05-20")]
    found = promises.promises(closing(ledger, lines=lines))
    assert [one.state for one in found] == ["open", "not known"]
    assert only(closing(ledger, lines=lines[1:]))["promise"] == "not known"
    assert only(closing(ledger, lines=lines[1:]))["promise_points"] == 0


def replace_history(ledger):
    """The same items as a list of what is open today."""
    from dataclasses import replace as changed

    return changed(ledger, has_history=False)


def test_a_promise_about_nothing_that_is_known_is_not_judged():
    lines = [line(document="99", for_date="2024-05-20"), line(document="0", customer="B", for_date="2024-05-20")]
    assert [one.state for one in promises.promises(closing(make([item()], []), lines=lines))] == ["not known"] * 2
    (one,) = promises.promises(closing(make([item()], []), lines=[line(customer="", for_date="2024-05-20")]))
    assert (one.customer, one.state) == ("A", "broken")


def test_broken_promises_count_into_the_score():
    ledger = make([item(), item(customer="B")], [])
    lines = [line(for_date="2024-05-10"), line(for_date="2024-05-20"), line(for_date="2023-01-20", on="2023-01-01")]
    first, second = rows(closing(ledger, lines=lines))
    assert (first["customer_id"], first["promise_points"], second["promise_points"]) == ("A", 68, 0)
    assert first["step"].startswith("promise broken: call")


# ---------------------------------------------------------------- what is typed is logged, once


def test_promises_and_disputes_typed_beside_an_item_are_logged_once():
    ledger = make([item()], [])
    typed = {
        key("0"): {
            "promise_date": DAY + 3,
            "promise_amount": 50.0,
            "dispute_code": "Price mismatch",
            "dispute_revisit": DAY + 9,
        }
    }
    first = closing(ledger, typed=typed, as_of=DAY - 7)
    logged = first.entries.rows("tblActivity")
    assert [(row["date"], row["kind"], row["document_no"], row["for_date"], row["amount"]) for row in logged] == [
        (DAY - 7, "promise", "0", DAY + 3, 50.0),
        (DAY - 7, "dispute", "0", DAY + 9, None),
    ]
    assert closing(ledger, typed=typed, lines=logged, as_of=DAY).entries.rows("tblActivity") == logged
    typed[key("0")] |= {"promise_date": DAY + 5}
    again = closing(ledger, typed=typed, lines=logged, as_of=DAY).entries.rows("tblActivity")
    assert again[:2] == logged
    assert [(row["kind"], row["for_date"]) for row in again[2:]] == [("promise", DAY + 5)]


def test_cash_between_the_last_refresh_and_this_one_keeps_a_promise_typed_in_between():
    ledger = make([item(), item("2024-06-01")], [paid("2024-06-20", 10_000)])
    typed = {key("0"): {"promise_date": day_number("2024-06-20")}}
    found = worked(closing(ledger, typed=typed, as_of=day_number("2024-06-15")))
    assert [one.state for one in found.promises] == ["kept"]


# ---------------------------------------------------------------- steps, holds, legal review


def test_a_dispute_to_look_at_again_is_due_on_its_day():
    ledger = make([item()], [])
    for revisit, said in ((DAY, "due"), (DAY + 1, ""), (None, "")):
        row = only(closing(ledger, typed={key("0"): {"dispute_code": "Other", "dispute_revisit": revisit}}))
        assert (row["revisit"], row["in_dispute"]) == (said, "Other")


def test_nothing_is_held_before_it_is_noted_who_agreed_and_when():
    ledger = make([item("2024-05-20")], [])
    for typed, said in (
        ({}, "align first"),
        ({"hold_by": "Kim"}, "align first"),
        ({"hold_by": "Kim", "hold_on": DAY}, "aligned"),
        ({"promise_date": DAY + 5}, ""),
        ({"dispute_code": "Other"}, ""),
    ):
        assert only(closing(ledger, typed={key("0"): typed | {"note": "x"}}))["hold"] == said
    assert only(closing(make([item("2024-06-10")], [])))["hold"] == ""


def test_legal_review_comes_after_every_step_before_it():
    ledger = make([item("2024-02-01", issued="2024-01-01")], [])
    steps = [
        (line("reminder", on="2024-02-08"), "first: call, +14, +30, aligned hold"),
        (line("call", on="2024-02-10"), "first: +14, +30, aligned hold"),
        (line("mail", on="2024-02-16"), "first: +30, aligned hold"),
        (line("call", document="", on="2024-03-05"), "first: aligned hold"),
        (line("hold", on="2024-03-10"), "may be reviewed"),
    ]
    assert only(closing(ledger))["legal"] == "first: reminder, call, +14, +30, aligned hold"
    lines = []
    for step, said in steps:
        lines.append(step)
        assert only(closing(ledger, lines=lines))["legal"] == said
    assert (
        only(closing(ledger, lines=[*lines[:4]], typed={key("0"): {"hold_by": "Kim", "hold_on": DAY}}))["legal"]
        == "may be reviewed"
    )
    assert only(closing(ledger, lines=lines, typed={key("0"): {"promise_date": DAY + 1}}))["legal"] == ""
    assert only(closing(make([item("2024-04-15")], []), lines=lines))["legal"] == ""


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({}, True),
        ({"Your e-mail": "jo@elm.example"}, False),
        ({"Your e-mail": "jo@elm"}, True),
        ({"Your phone": "+44 1632 960001"}, True),
    ],
)
def test_the_right_contact_is_looked_for_where_what_is_due_has_none(known, wanted):
    typed = TableEntries({("A",): known})
    entries = Entries(tables={"tblCustomers": typed}, stored={"tblActivity": Stored((line("call", on="2024-06-24"),))})
    (row,) = rows(closed(make([item("2024-06-22")], []), Settings(), DAY, entries))
    assert row["step"] == "reminder +7" + ("; find the right contact" if wanted else "")


def test_over_90_counts_what_credits_leave_of():
    old, equal = item("2024-01-10", 7_000), item(None, -7_000, kind="credit note")
    made = closing(make([old, item("2024-01-20", 5_000), equal], []))
    assert worklist.hour_tables(made, worked(made))[1]["worklist_over_90"] == 1


def test_reminders_and_escalations_are_due_until_they_are_logged():
    ledger = make([item("2024-06-22")], [])
    assert (only(closing(ledger))["reminder"], only(closing(ledger))["escalation"]) == ("+7", "")
    early = [line("reminder", on="2024-06-26")]
    assert only(closing(ledger, lines=early))["reminder"] == "+7"
    sent = only(closing(ledger, lines=[line("reminder", on="2024-06-29")]))
    assert sent["reminder"] == "+7, sent"
    assert "reminder" not in sent["step"]
    late = only(closing(make([item("2024-06-10")], [])))
    assert (late["reminder"], late["escalation"]) == ("+14 firm", "+14")
    assert "escalate +14" in late["step"]
    done = only(closing(make([item("2024-06-10")], []), lines=[line("call", on="2024-06-25")]))
    assert "escalate" not in done["step"]


def test_first_and_last_contact_are_those_of_the_item_or_its_account():
    ledger = make([item("2024-06-01"), item("2024-06-01"), item("2024-06-28")], [])
    lines = [
        line("call", document="0", on="2024-06-03", channel="phone"),
        line("mail", document="1", on="2024-06-20", channel="e-mail"),
        line("review", document="", on="2024-06-29"),
    ]
    found = {row["document_no"]: row for row in rows(closing(ledger, lines=lines))}
    assert [(iso(found[n]["last_contact"]), found[n]["channel"], found[n]["first_contact"]) for n in "01"] == [
        ("2024-06-03", "phone", ""),
        ("2024-06-20", "e-mail", ""),  # somebody spoke to the account in time
    ]
    late = rows(closing(ledger, lines=lines[1:]))
    assert {row["first_contact"] for row in late} == {"late"}
    assert found["2"]["last_contact"] is None
    assert worked(closing(ledger, lines=lines)).accounts["A"].untouched is False
    assert only(closing(make([item("2024-06-01")], [])))["first_contact"] == "none"


CUSTOMERS = """Customer ID,Customer,Owner,Owner's department,Billing contact,Billing e-mail,Billing phone,\
Contact confirmed,Executive counterpart,Importance
A,Elm Works,Kim,Sales,Jo,jo@elm.example,+44 1632 960001,2024-03-01,Max Elm,5
B,Oak Trading,Lee,Finance,,,,,,
C,Ash Supply,,,Al,al@ash.example,,2022-03-01,Pat Ash,
"""
ITEMS = """Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Sales person,Disputed,Dispute code
A,Elm Works,A1,2024-03-01,2024-04-01,EUR,1000.00,Sam,yes,Price mismatch
B,Oak Trading,B1,2024-04-01,2024-05-01,EUR,5000.00,Sam,,
C,Ash Supply,C1,2024-05-01,2024-06-20,EUR,300.00,Ann,,
C,Ash Supply,C2,2024-05-01,2024-07-05,EUR,70.00,Ann,,
C,Ash Supply,C3,2024-05-01,2024-09-05,EUR,70.00,Ann,,
"""
RECEIPTS = "Document,Date,Amount,Kind\nA1,2024-06-01,1.00,cash\n"


@pytest.fixture
def company(tmp_path):
    for name, text in (("items", ITEMS), ("receipts", RECEIPTS), ("customers", CUSTOMERS)):
        (tmp_path / f"{name}.csv").write_text(text)
    return read_ledger(
        [tmp_path / "items.csv"], receipts=tmp_path / "receipts.csv", customers=tmp_path / "customers.csv"
    )


def test_contacts_owners_and_the_calls_of_the_head_of_finance(company):
    month = close_month(
        company,
        Settings(daily_touch=2, head_of_finance="Ro"),
        "2024-06-30",
        refreshed="2024-07-01 08:00:00",
        version="t",
    )
    shown = month.tables["tblWorklist"]
    found = {
        document: {name: values[i] for name, values in shown.columns.items()}
        for i, document in enumerate(shown.column("document_no"))
    }
    assert set(found) == {"A1", "B1", "C1", "C2"}
    assert found["A1"]["contact"] == "+44 1632 960001 · Jo\njo@elm.example"
    assert [found[n]["contact_check"] for n in ("A1", "B1", "C1")] == [
        "",
        "missing",
        "no phone, not confirmed since 2022-03",
    ]
    assert [found[n]["owner_check"] for n in ("A1", "B1", "C1")] == ["outside Finance", "", "no owner"]
    assert [found[n]["daily"] for n in ("A1", "B1", "C1")] == ["daily", "daily", ""]
    calls = month.tables["tblCallList"]
    assert calls.column("customer_id") == ["B", "A"]
    assert calls.column("executive") == ["not named: see Customers", "Max Elm"]
    assert calls.column("overdue") == [5000.0, 999.0]
    assert month.fields["hour_caller"] == "Ro"
    assert month.fields["hour_next"] == "Tuesday, 02 Jul 2024, 10:00"
    assert month.fields["hour_needed"].startswith("Sales (Sam): 1 dispute, ")
    counts = {
        name: month.fields[f"worklist_{name}"]
        for name in ("items", "accounts", "over_90", "no_contact", "contact_missing", "contact_old")
    }
    assert counts == {"items": 4, "accounts": 3, "over_90": 0, "no_contact": 3, "contact_missing": 1, "contact_old": 1}


def test_the_calls_go_to_the_accounts_with_most_net_overdue_and_show_the_agings_beside(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    month = close_month(ledger, Settings(), small_company.as_of, refreshed="2026-11-01 08:00:00", version="t")
    aging, calls = month.tables["tblAging"], month.tables["tblCallList"]
    gross, against = defaultdict(float), defaultdict(float)
    for customer, overdue, credit in zip(
        *(aging.column(n) for n in ("customer_id", "overdue", "Credits")), strict=True
    ):
        gross[customer] += overdue
        against[customer] -= credit
    # Credits pay the oldest first, and what is overdue is older than what is not.
    net = {customer: max(overdue - against[customer], 0) for customer, overdue in gross.items()}
    largest = sorted(net, key=lambda customer: -net[customer])[:10]
    assert calls.column("customer_id") == largest
    assert calls.column("overdue") == pytest.approx([net[customer] for customer in largest])
    assert calls.column("gross") == pytest.approx([gross[customer] for customer in largest])
    assert any(net[customer] < gross[customer] for customer in net)


def test_the_sheet_shows_every_column_that_is_made(company):
    from xlwings_addin.sheets.collections import sheet

    made = close_month(company, Settings(), DAY, refreshed="2024-07-01 08:00:00", version="t").tables
    for table in sheet(Settings()).tables():
        assert set(made[table.name].columns) <= {column.key for column in table.columns}
    declared = {column.key for column in next(t for t in sheet(Settings()).tables() if t.name == "tblWorklist").columns}
    assert declared == set(made["tblWorklist"].columns) | {c.key for c in ENTRIES} | {
        "late_before", "open_before", "promise_before", "dispute_before",
    }  # fmt: skip


# ---------------------------------------------------------------- scorecards


def test_the_teams_row_is_reckoned_from_totals_and_equals_the_month(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    month = close_month(ledger, Settings(), small_company.as_of, refreshed="2026-11-01 08:00:00", version="t")
    cards, segments, monthly = (month.tables[name] for name in ("tblScorecards", "tblByOwner", "tblMonthly"))
    team = cards.rows - 1
    assert cards.column("owner")[team] == "Team"
    at = monthly.column("month_end").index(day_number(small_company.as_of))
    for name in ("cei", "ddso", "receivables", "overdue"):
        assert cards.column(name)[team] == pytest.approx(monthly.column(name)[at])
    owners = {name: i for i, name in enumerate(segments.column("segment"))}
    same = [i for i in range(team) if cards.column("owner")[i] in owners]
    assert same
    for i in same:
        for name in ("receivables", "cei", "ddso"):
            assert cards.column(name)[i] == pytest.approx(segments.column(name)[owners[cards.column("owner")[i]]])
    assert sum(cards.column("overdue_accounts")[:team]) == cards.column("overdue_accounts")[team]
    kept, due = cards.column("kept")[team], cards.column("promises")[team]
    assert cards.column("kept_share")[team] == (kept / due if due else None)


def test_what_was_done_is_counted_for_the_owner_of_the_account(company):
    customers = [
        {"customer_id": "A", "document_no": "A1"},
        {"customer_id": "A", "document_no": "A1"},
        {"customer_id": "B", "document_no": ""},
    ]
    lines = [
        {"date": day_number(on), "kind": kind, **who}
        for on, kind, who in zip(
            ("2024-06-05", "2024-06-20", "2024-06-10"), ("call", "promise", "mail"), customers, strict=True
        )
    ]
    lines[1] |= {"for_date": day_number("2024-06-25"), "amount": None}
    lines.append({"date": day_number("2024-05-05"), "kind": "call", "customer_id": "C", "document_no": "C1"})
    entries = Entries(stored={"tblActivity": Stored(tuple(lines))})
    month = close_month(
        company, Settings(), "2024-06-30", entries=entries, refreshed="2024-07-01 08:00:00", version="t"
    )
    cards = month.tables["tblScorecards"]
    by_owner = {owner: {k: v[i] for k, v in cards.columns.items()} for i, owner in enumerate(cards.column("owner"))}
    names = ("promises", "kept", "kept_share", "worked", "first_contact", "overdue_accounts", "untouched")
    assert [by_owner["Kim"][n] for n in names] == [1, 0, 0.0, 1, 65.0, 1, 0]
    assert [by_owner["Lee"][n] for n in names] == [0, 0, None, 1, 40.0, 1, 0]
    assert [by_owner["(no owner)"][n] for n in names] == [0, 0, None, 0, 10.0, 1, 1]
    assert [by_owner["Team"][n] for n in names] == [1, 0, 0.0, 2, pytest.approx(115 / 3), 3, 1]


# ---------------------------------------------------------------- sizes and settings


def test_weights_are_settings_that_the_score_goes_by():
    assert {f"weight_{part}" for part in PARTS} == {f.name for f in fields(Settings) if f.name.startswith("weight_")}
    ledger = make(
        [
            item("2024-01-10", 10**7, issued="2024-01-01"),
            item("2024-03-28", 10**7 + 1, customer="B", issued="2024-03-01"),
        ],
        [],
    )
    by_age = rows(closing(ledger, chosen=Settings(weight_age=3.0)))
    by_amount = rows(closing(ledger, chosen=Settings(weight_age=0.0)))
    assert [[row["customer_id"] for row in found] for found in (by_age, by_amount)] == [["A", "B"], ["B", "A"]]
    assert isinstance(date.fromisoformat(iso(DAY)), date)
    assert not isinstance(by_age[0]["score"], Formula)
