"""What credits cover is overdue on no sheet: every sheet asks one place, whatever the setting."""

import math

import numpy as np
import pytest
from plain_ledgers import Item, Receipt, make
from random_ledgers import LAST, several

from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.days import day_number
from xlwings_addin.month_end import closed, segments
from xlwings_addin.month_end.pages import Making
from xlwings_addin.month_end.program.measures import Needs
from xlwings_addin.settings import Settings

TREATMENTS = ("own column", "by own date", "against oldest")
DAY = day_number("2026-10-31")


def making(ledger, settings, day):
    return Making(closed(ledger, settings, day), set_baseline=False, refreshed="2026-11-02 08:00:00", version="1")


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_parts_by_status_are_the_columns_of_the_aging(treatment):
    for seed in range(40):
        month = making(*several(seed, credits=treatment), LAST)
        aging, status = month.closing.aging, segments.tables(month.closing, month.now)[0]["tblByStatus"]
        columns = aging.converted.sum(axis=0)
        assert status.column("segment") == list(aging.labels)
        assert np.allclose(status.column("receivables"), columns, atol=1e-4), seed
        past = aging.overdue_columns
        overdue = float(np.nansum(month.closing.in_base(month.closing.overdue)))
        assert overdue == pytest.approx(columns[past].sum(), abs=1e-6)
        assert month.now["overdue"] == pytest.approx(overdue, abs=0.51 / 10**month.closing.digits)


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_credits_take_nothing_from_what_is_owed_in_all(treatment):
    for seed in range(40):
        ledger, settings = several(seed, credits=treatment)
        aged = age(ledger, LAST, settings)
        assert aged.left.sum() == ledger.arrays.balances(LAST).sum()
        if treatment == "against oldest":
            accounts = {}
            for row in np.flatnonzero(aged.left).tolist():
                item = ledger.items.iloc[row]
                accounts.setdefault((item["customer_id"], item["entity"], item["currency"]), set()).add(
                    int(np.sign(aged.left[row]))
                )
            assert all(len(signs) == 1 for signs in accounts.values()), "a debt beside a credit that could cover it"


def covered(treatment):
    """A customer whose credit covers an old invoice, and one who owes as much and has none."""
    items = [
        Item("A", "N", "EUR", "invoice", DAY - 200, DAY - 170, 100_000),
        Item("A", "N", "EUR", "credit note", DAY - 20, None, -100_000),
        Item("A", "N", "EUR", "invoice", DAY - 10, DAY + 20, 50_000),
        Item("B", "S", "EUR", "invoice", DAY - 60, DAY - 30, 70_000),
        *(Item("B", "S", "EUR", "invoice", DAY - 400 + 10 * i, DAY - 370 + 10 * i, 10_000) for i in range(30)),
    ]
    paid = [Receipt(4 + i, DAY - 360 + 10 * i, 10_000, "cash") for i in range(30)]
    return making(make(items, paid), Settings(credits=treatment, base_currency="EUR"), DAY)


def test_an_invoice_that_a_credit_covers_is_overdue_nowhere():
    apart, against = covered("own column"), covered("against oldest")
    assert (apart.now["overdue"], against.now["overdue"]) == (1700.0, 700.0)
    rows = dict(
        zip(*(against.figures[0]["tblByStatus"].column(key) for key in ("segment", "receivables")), strict=True)
    )
    assert rows == {"Credits": 0, "Current": 500, "1-30": 700, "31-60": 0, "61-90": 0, "90+": 0, "No date": 0}
    assert [against.measures.ids[place] for place in against.measures.overdue] == ["B"]
    assert against.measures.over_60.part == 0
    aging = against.figures[0]["tblAging"]
    assert dict(zip(aging.column("customer_id"), aging.column("oldest"), strict=True)) == {"A": -20, "B": 30}
    assert not isinstance(against.measures.rolls, Needs)
    # A month before, the credit was not there: 1,700 were open, and of them B's 700 are still owed.
    assert [math.fsum(getattr(roll, key) for roll in against.measures.rolls) for key in ("before", "rolled")] == [
        1700,
        700,
    ]
    forecast = against.figures[1]
    assert forecast["forecast_credits"] == 0
    assert forecast["forecast_total"] == pytest.approx(1200)
    assert apart.figures[1]["forecast_credits"] == -1000
