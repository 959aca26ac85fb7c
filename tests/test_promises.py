"""Promises that files tell: made when first seen, kept by cash after that, remembered when the item is paid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_ledgers import Item, Receipt, make

from xlwings_addin.entries import Entries, Stored
from xlwings_addin.ledger.days import day_number
from xlwings_addin.month_end import closed, monthly
from xlwings_addin.month_end.work import scorecards, worklist
from xlwings_addin.month_end.work.accounts import standings
from xlwings_addin.month_end.work.promises import promises
from xlwings_addin.settings import Settings

START = day_number("2024-04-01")


def ledger_of(items, receipts, promised):
    """Items with the day for which each is promised, None without one."""
    made = make(items, receipts)
    days = made.items["promise_date"].to_numpy().copy()
    for row, day in promised.items():
        days[row] = day
    return replace(made, items=made.items.assign(promise_date=days.astype(np.int32)))


def item(day=START, amount=100_00, customer="A"):
    return Item(customer, "N", "EUR", "invoice", day, day + 30, amount)


def refreshed(ledgers):
    """Refresh on each day with the ledger of the day, entries carried; the last closing."""
    entries = closing = None
    for day, ledger in ledgers:
        closing = closed(ledger, Settings(promise_grace=2), day, entries)
        entries = closing.entries
    return closing


def states(closing):
    return [one.state for one in promises(closing)]


def counted(closing):
    found, _ = scorecards.tables(closing, worklist.work(closing, *standings(closing)), monthly.months(closing).now)
    table = found["tblScorecards"]
    team = table.column("owner").index("Team")
    return table.column("promises")[team], table.column("kept")[team]


def test_cash_before_a_promise_was_seen_does_not_keep_it():
    early = [Receipt(0, START + 10, 60_00, "cash")]
    ledger = ledger_of([item()], early, {0: START + 65})
    at = [(START + 60, ledger), (START + 70, ledger)]
    assert states(refreshed(at[:1])) == ["open"]
    assert states(refreshed(at)) == ["broken"]
    paid = ledger_of([item()], [*early, Receipt(0, START + 64, 40_00, "cash")], {0: START + 65})
    assert states(refreshed([at[0], (START + 70, paid)])) == ["kept"]


def test_a_promise_is_remembered_when_the_item_is_paid_and_the_file_tells_it_no_more():
    items = [item(), item(customer="B"), item(customer="C")]
    before = ledger_of(items, [], dict.fromkeys(range(3), START + 65))
    paid = [Receipt(0, START + 64, 100_00, "cash"), Receipt(1, START + 66, 100_00, "cash")]
    after = ledger_of(items, paid, {2: START + 65})
    closing = refreshed([(START + 60, before), (START + 85, after)])
    assert states(closing) == ["kept", "kept", "broken"]
    assert counted(closing) == (3, 2)


def test_what_was_seen_only_after_its_day_judges_nobody():
    items = [item(), item(customer="B")]
    ledger = ledger_of(items, [Receipt(0, START + 40, 100_00, "cash")], {0: START + 65, 1: START + 65})
    closing = refreshed([(START + 75, ledger)])
    # A paid item has nothing left to promise; that of an open one is broken, and nobody saw it made.
    assert states(closing) == ["broken"]
    assert counted(closing) == (0, 0)
    assert worklist.work(closing, *standings(closing)).rows[0]["promise"] == "broken"


def test_a_promise_is_noted_once_a_day_that_moves_again():
    ledger = ledger_of([item()], [], {0: START + 65})
    moved = ledger_of([item()], [], {0: START + 80})
    closing = refreshed([(START + 60, ledger), (START + 61, ledger), (START + 62, moved)])
    rows = closing.entries.rows("tblPromises")
    assert [(row["seen"], row["for_date"]) for row in rows] == [(START + 60, START + 65), (START + 62, START + 80)]
    later = refreshed([(START + 60, ledger), (START + 500, ledger_of([item()], [], {}))])
    assert later.entries.rows("tblPromises") == ()


@pytest.mark.parametrize("day", range(24, 36))
def test_a_promise_counts_in_one_month_whichever_day_its_grace_ends(day):
    ledger = ledger_of([item()], [], {0: START + day})
    ends = (START + 20, day_number("2024-04-30"), day_number("2024-05-31"))
    found = [counted(refreshed([(end, ledger) for end in ends[: last + 1]])) for last in (1, 2)]
    assert sorted(found) == [(0, 0), (1, 0)]


def test_a_promise_that_is_open_counts_before_one_that_was_broken():
    """As it does for the reminders: an item that waits for a promised day is not shown as broken."""
    ledger = ledger_of([item(day=START - 60)], [], {0: START + 60})
    said = {"date": START + 1, "customer_id": "A", "document_no": "0", "kind": "promise", "for_date": START + 5}
    entries = replace(Entries(), stored={"tblActivity": Stored((said,))})
    closing = closed(ledger, Settings(), START + 20, entries)
    (row,) = worklist.work(closing, *standings(closing)).rows
    assert (row["promise"], row["promised_for"], row["account_stake"]) == ("open", START + 60, 0)
    assert row["step"] == "promised for 2024-05-31"


@given(st.integers(0, 60), st.lists(st.tuples(st.integers(1, 120), st.integers(1, 120)), max_size=4))
def test_only_cash_between_sight_and_day_decides(seen, payments):
    amount = 100_00
    receipts = [Receipt(0, START + on, min(part, 100) * 25, "cash") for on, part in payments]
    ledger = ledger_of([item(amount=amount)], receipts, {0: START + 70})
    owed = amount - sum(one.amount for one in receipts if one.day <= START + seen)
    in_time = sum(one.amount for one in receipts if START + seen < one.day <= START + 72)
    closing = refreshed([(START + seen, ledger), (START + 121, ledger)])
    expected = "kept" if in_time >= owed else "partly" if in_time else "broken"
    assert states(closing) == ([expected] if owed > 0 else [])


@pytest.mark.parametrize("word", ["seen", "for_date", "state"])
def test_the_sheet_lists_them(word):
    ledger = ledger_of([item()], [], {0: START + 65})
    closing = refreshed([(START + 60, ledger)])
    found, _ = scorecards.tables(closing, worklist.work(closing, *standings(closing)), monthly.months(closing).now)
    assert found["tblPromises"].column(word) == [{"seen": START + 60, "for_date": START + 65, "state": "open"}[word]]
