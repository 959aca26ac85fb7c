"""Fiscal calendars: periods tile the days, months are found by their dates, a change of calendar is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_ledgers import Item, Receipt, make
from small_program import ledger_of

from xlwings_addin.entries import Entries, Stored
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.findings import CALENDAR_CHANGED
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.periods import period_end, period_ends
from xlwings_addin.month_end import close_month, closed, monthly
from xlwings_addin.settings import Settings

WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4), "thirteen": (4,)}


def calendar(pattern, end="2025-12-28", years=3):
    """Ends of the periods of weeks, backwards from a year's end."""
    lengths = [7 * weeks for weeks in WEEKS[pattern]] * (52 * years // sum(WEEKS[pattern]))
    ends, day = [], date.fromisoformat(end)
    for length in reversed(lengths):
        ends.append(day.isoformat())
        day -= timedelta(days=length)
    return tuple(sorted(ends))


def sold(first, last, every=7):
    """An invoice of 100 each this many days, paid after 40."""
    days = range(day_number(first), day_number(last) + 1, every)
    items = [Item("A", "N", "EUR", "invoice", day, day + 30, 10_000) for day in days]
    return make(items, [Receipt(row, item.day + 40, 10_000, "cash") for row, item in enumerate(items)])


def months(ledger, settings, as_of, rows=()):
    return monthly.months(closed(ledger, settings, as_of, Entries(stored={"tblMonthly": Stored(tuple(rows))})))


def day_of(row):
    return None if row is None else iso(row["month_end"])


# ---------------------------------------------------------------- periods


@given(
    st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=30, unique=True),
    st.dates(date(2023, 6, 1), date(2027, 6, 1)),
    st.integers(0, 900),
)
def test_periods_tile_the_days_whatever_the_table_says(stated, first, span):
    settings = Settings(periods=tuple(map(date.isoformat, stated)))
    first_day, as_of = day_number(first), day_number(first) + span
    opens, ends, to_date = period_ends(first_day, as_of, settings)
    assert opens < first_day <= ends[0]
    assert ends[-1] == as_of
    assert (np.diff(ends, prepend=opens) > 0).all()
    assert opens in {day_number(one) for one in stated} or period_end(opens, Settings()) == opens
    whole = ends[:-1] if to_date else ends
    assert all(period_end(int(end), settings) == end for end in whole)
    assert (period_end(as_of, settings) == as_of) is not to_date


def test_the_period_after_a_day():
    def after(day, *periods):
        return iso(period_end(day_number(day) + 1, Settings(periods=periods)))

    assert after("2026-01-31") == "2026-02-28"
    assert after("2026-01-12") == "2026-01-31"
    assert after("2026-01-24", "2026-02-28", "2026-01-24", "2026-03-28") == "2026-02-28"
    assert after("2025-10-31", "2026-01-24") == "2025-11-30"


# ---------------------------------------------------------------- months by their dates


def test_a_short_period_is_not_the_one_before_itself():
    ends = ("2025-01-26", "2025-02-23")
    found = months(sold("2024-10-02", "2025-02-28"), Settings(periods=ends), "2025-02-28")
    assert (found.now["days"], day_of(found.before(1))) == (5, "2025-02-23")


@pytest.mark.parametrize("pattern", WEEKS)
def test_last_month_and_last_year_of_a_fiscal_calendar(pattern):
    ends = calendar(pattern)
    found = months(sold("2023-01-02", "2025-12-28"), Settings(periods=ends), "2025-12-28")
    year = 13 if pattern == "thirteen" else 12
    assert [day_of(row) for row in (found.now, found.before(1))] == list(ends[:-3:-1])
    assert day_of(found.before(12)) == ends[-1 - year]
    at_quarter = months(sold("2023-01-02", "2025-12-28"), Settings(periods=ends), ends[-6])
    assert day_of(at_quarter.before(1)) == ends[-7]
    assert day_of(at_quarter.before(12)) == ends[-6 - year]


@given(st.dates(date(2022, 3, 1), date(2025, 12, 31)), st.integers(1, 24))
def test_a_month_ago_of_the_calendar_is_the_month_before(as_of, back):
    found = months(sold("2022-01-05", "2025-12-31", every=60), Settings(), as_of)
    year, month = divmod(as_of.year * 12 + as_of.month - back, 12)
    wanted = (date(year, month, 1) + timedelta(days=32) if month else date(year, 1, 1)).replace(day=1)
    ends = wanted - timedelta(days=1) if month else date(year - 1, 12, 31)
    row = found.before(back)
    assert day_of(row) == (ends.isoformat() if ends >= date(2022, 1, 31) else None)


def test_a_month_that_is_missing_is_not_the_row_above():
    ledger = make([Item("A", "N", "EUR", "invoice", day_number("2025-05-10"), day_number("2025-06-09"), 500_00)], [])
    before = months(sold("2024-01-05", "2025-03-31"), Settings(), "2025-03-31").rows
    found = months(ledger, Settings(), "2025-05-31", before)
    assert day_of(found.before(1)) is None
    assert day_of(found.before(2)) == "2025-03-31"
    assert found.following(found.before(2), found.now) is None
    assert (found.now["run"], found.now["window_sales"]) == (1, 500.0)
    three = months(ledger, Settings(dso_window=3), "2025-05-31", before)
    assert three.now["window_sales"] is None
    assert np.isnan(three.now["dso"])


def test_diagnostics_look_at_complete_months():
    ledger = sold("2024-01-05", "2025-12-31")
    found = months(ledger, Settings(), "2025-12-10")
    assert found.now["status"] == "to date"
    assert day_of(found.complete) == "2025-11-30"
    assert day_of(found.before(3, found.complete)) == "2025-08-31"


# ---------------------------------------------------------------- a change of calendar


def test_periods_typed_after_the_first_refresh_restate_the_months_and_say_so():
    ledger, ends = sold("2024-12-30", "2025-06-30"), calendar("4-4-5", "2025-06-29", 1)
    before = months(ledger, Settings(), "2025-05-31").rows
    found = months(ledger, Settings(periods=ends), "2025-06-29", before)
    assert [day_of(row) for row in found.rows] == [end for end in ends if end > "2024-12-30"]
    tiled = np.cumsum([row["days"] for row in found.rows]) + day_number("2024-12-29")
    assert tiled.tolist() == [row["month_end"] for row in found.rows]
    fresh = months(ledger, Settings(periods=ends), "2025-06-29").rows
    assert [row["net_sales"] for row in found.rows] == [row["net_sales"] for row in fresh]
    (said,) = found.findings
    assert said.kind is CALENDAR_CHANGED
    assert "2025-01-31" in said.message
    receivables = {iso(r["month_end"]): (r["stored"], r["now"]) for r in found.restated if r["figure"] == "receivables"}
    assert receivables == {
        iso(r["month_end"]): (r["receivables"], None) for r in before if iso(r["month_end"]) not in ends
    }


def test_a_calendar_that_begins_after_the_months_there_are_leaves_them():
    ledger = sold("2024-06-03", "2025-03-31")
    before = months(ledger, Settings(), "2024-12-31").rows
    found = months(
        ledger, Settings(periods=("2024-12-31", "2025-01-26", "2025-02-23", "2025-03-30")), "2025-03-30", before
    )
    assert not found.findings
    assert [row["run"] for row in found.rows] == list(range(1, len(found.rows) + 1))


def test_what_a_list_of_open_items_cannot_restate_is_refused_in_words():
    before = months(sold("2024-01-05", "2025-02-28"), Settings(), "2025-02-28").rows
    items = [Item("A", "N", "EUR", "invoice", day_number("2025-03-10"), day_number("2025-04-09"), 500_00)]
    ledger = replace(make(items, []), has_history=False)
    chosen = Settings(periods=("2025-01-26", "2025-02-23", "2025-03-30"))
    with pytest.raises(LedgerError, match=r"cut in two .2025-02-28.*let the table of periods begin with 2025-02-28"):
        months(ledger, chosen, "2025-03-30", before)
    as_told = Settings(periods=("2025-02-28", "2025-03-30"))
    found = months(ledger, as_told, "2025-03-30", before)
    assert (found.now["days"], day_of(found.before(1))) == (30, "2025-02-28")


def test_a_refresh_says_that_the_calendar_changed(tmp_path):
    ledger, ends = ledger_of(tmp_path), calendar("4-4-5", "2024-03-31", 1)
    rows = Entries(stored={"tblMonthly": Stored(tuple(months(ledger, Settings(), "2024-02-29").rows))})
    month = close_month(
        ledger, Settings(periods=ends), "2024-03-31", entries=rows, refreshed="2024-04-01 08:00:00", version="test"
    )
    assert CALENDAR_CHANGED in {one.kind for one in month.findings}
    assert "calendar changed" in month.tables["tblFindings"].column("finding")
    stored = {iso(one) for one in month.tables["tblRestated"].column("month_end")}
    assert stored == {"2024-01-31", "2024-02-29"}


def test_the_first_fiscal_period_begins_after_the_period_end_before_it():
    periods = ("2024-12-29", "2025-01-26", "2025-02-23", "2025-03-30")
    days = ("2024-12-30", "2025-01-26", "2025-01-27", "2025-02-23", "2025-03-30")
    amounts = (1000, 2000, 300, 40, 5)
    items = [
        Item("K1", "", "EUR", "invoice", day_number(day), day_number(day) + 30, amount * 100)
        for day, amount in zip(days, amounts, strict=True)
    ]
    paid = [Receipt(0, day_number("2025-01-26"), 100_000, "cash"), Receipt(1, day_number("2025-01-27"), 50_000, "cash")]
    settings = Settings(periods=periods)
    found = history(make(items, paid), periods[-1], settings=settings)
    assert found.days.tolist() == [28, 28, 35]
    rows = metrics(found)
    assert [row["dso"] for row in rows] == pytest.approx([2000 / 3000 * 28, 1840 / 340 * 28, 1845 / 5 * 35])
    assert [row["dso_countback"] for row in rows] == pytest.approx([2000 / 3000 * 28, 42, 77])
