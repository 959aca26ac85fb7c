"""Monthly: the ledger's months beside those stored earlier, and the metrics of each."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.findings import CALENDAR_CHANGED
from xlwings_addin.ledger.metrics import in_window, once_rounded
from xlwings_addin.ledger.money import difference
from xlwings_addin.ledger.periods import months_before, period_end
from xlwings_addin.month_end import calls
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets import monthly as declared
from xlwings_addin.sheets.monthly import CLOSED, SHORT_HISTORY, SLACK_DAYS, TYPED, YEAR_MONTHS
from xlwings_addin.sheets.monthly import sheet as sheet
from xlwings_addin.sheets.ratios import OPENED, ROLLED, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.entries import TableEntries
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.history import Measure
    from xlwings_addin.month_end.closing import Amount, Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.settings import Settings

BLANK = float("nan")
"""What a metric takes for a figure that is not known, and answers with #N/A."""

FLOWS: tuple[Measure, ...] = ("credit_sales", "credit_notes", "discounts", "cash", "write_offs")
REPORTED: tuple[Measure, ...] = (*FLOWS, "receivables", "current", "overdue")
"""Figures that a back-dated posting would change in a month already reported."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Months:
    """Monthly's rows by month, which of them is the as-of month's, and what stored months would be now.

    Rows are found by their dates, never by their places: a month that is not there has no row.
    """

    rows: list[Row]
    at: int
    restated: list[Row]
    findings: tuple[Finding, ...] = ()

    @property
    def now(self) -> Row:
        """The as-of month."""
        return self.rows[self.at]

    @property
    def complete(self) -> Row | None:
        """The last month that was over on the as-of date, if it has a row."""
        return self.now if self.now["status"] == CLOSED else self.before(1)

    def before(self, months: int, row: Row | None = None) -> Row | None:
        """The month this many months before the as-of month's, or before another's `row`, by their dates."""
        row = row or self.now
        wanted = months_before(_starts(row) - 1, months - 1)
        earlier = (one for one in reversed(self.rows) if one["month_end"] < row["month_end"])
        near = (one for one in earlier if abs(one["month_end"] - wanted) <= SLACK_DAYS)
        return next((one for one in near if one["status"] == CLOSED), None)

    def in_a_row(self, back: int) -> Row | None:
        """The row this many above the as-of month's, if there is no gap between them: what a countback walks."""
        return self.rows[self.at - back] if back < self.now["run"] else None

    def following(self, first: Row | None, last: Row) -> list[Row] | None:
        """The months after `first` up to `last`; None where one of them has no row."""
        if first is None:
            return None
        rows = [row for row in self.rows if first["month_end"] < row["month_end"] <= last["month_end"]]
        return rows if sum(row["days"] for row in rows) == last["month_end"] - first["month_end"] else None


def trusted(row: Row | Mapping[str, Any], method: str = "") -> tuple[str, Amount]:
    """Return the DSO that a month's Trust names, or that of the method given, by that name, and its days."""
    method = method or row["trust"]
    return method, row["dso_countback" if method == "Countback" else "dso"]


def number(amount: Amount) -> float:
    """Return the amount as a metric takes it."""
    return BLANK if amount is None else amount


def months(closing: Closing) -> Months:
    """Return the months: this one from the ledger, closed ones as they were stored, others from the ledger.

    Closed months that overlap this one's calendar give way to it. Raises `LedgerError` where the ledger cannot say
    what they would be by it.
    """
    computed = {row["month_end"]: row for row in _from_ledger(closing)}
    stored = {row["month_end"]: dict(row) for row in closing.entries.rows("tblMonthly")}
    kept = {end: row for end, row in stored.items() if end not in _superseded(stored, computed, closing)}
    gone = _of_another_calendar(kept, computed, closing.settings)
    found = _changed_calendar(gone, computed)
    kept = {end: row for end, row in kept.items() if end not in gone}
    rows = [row for _, row in sorted((computed | kept).items())]
    _type_in(rows, closing.entries.typed("tblMonthly"))
    _open_with_last(rows)
    _reckon(rows, closing.settings, closing.digits)
    at = next(i for i, row in enumerate(rows) if row["month_end"] == closing.day)
    return Months(rows, at, _restated(kept, gone, computed, closing.digits), found)


def tables(months: Months) -> Filled:
    """Return tblMonthly and the headline figures of the as-of month."""
    return {"tblMonthly": TableData.of(months.rows)}, {}


def _from_ledger(closing: Closing) -> list[Row]:
    history = closing.history
    shown: tuple[Measure, ...] = ("opening", *REPORTED)
    measures: dict[str, NDArray[np.float64]] = {measure: history.base(measure) for measure in shown}
    measures["exchange"] = history.exchange_difference()
    typed = np.any(list(history.typed.values()), axis=0)
    rows = []
    for period, end in enumerate(history.ends.tolist()):
        row: Row = {
            "month_end": end,
            "status": "to date" if history.to_date and period == history.ends.size - 1 else CLOSED,
            "source": "sales file" if typed[period] else "ledger",
            "days": int(history.days[period]),
        }
        row |= once_rounded({name: float(values[period]) for name, values in measures.items()}, closing.digits)
        # A list of open items knows one balance; its other months say nothing unless their flows were given.
        if end == closing.day or any(row[m] is not None for m in REPORTED):
            rows.append(row)
    return rows


def _superseded(stored: Mapping[int, Row], computed: Mapping[int, Row], closing: Closing) -> set[int]:
    """Stored rows that this refresh replaces: its own month's, and running months that the ledger has since closed."""
    day, starts = closing.day, _starts(computed[closing.day])
    ends = period_end(day, closing.settings)
    return {
        end
        for end, row in stored.items()
        if end == day
        or (starts <= end <= ends and row["status"] != CLOSED)
        or (row["status"] != CLOSED and any(_starts(other) <= end <= other["month_end"] for other in computed.values()))
    }


def _starts(row: Row) -> int:
    """The first day of a month."""
    return int(row["month_end"]) - int(row["days"] or 1) + 1


def _of_another_calendar(kept: Mapping[int, Row], computed: Mapping[int, Row], settings: Settings) -> dict[int, Row]:
    """Stored months that hold days of the ledger's months and end where the calendar of Settings has no end."""
    return {
        end: row
        for end, row in kept.items()
        if end not in computed
        and any(_starts(row) <= other["month_end"] and _starts(other) <= end for other in computed.values())
        and period_end(end, settings) != end
    }


def _changed_calendar(gone: Mapping[int, Row], computed: Mapping[int, Row]) -> tuple[Finding, ...]:
    """Say that months were restated by another calendar; refuse it where the ledger does not reach that far."""
    if not gone:
        return ()
    named = [iso(end) for end in sorted(gone)]
    reaches = min(map(_starts, computed.values()))
    # A month that opened with nothing holds nothing from before the ledger's first document.
    if any(row["opening"] != 0 and _starts(row) < reaches for row in gone.values()):
        raise LedgerError(
            f"Monthly holds months that the periods in Settings cut in two ({', '.join(named)}), and the ledger does"
            f" not reach back far enough to restate them: let the table of periods begin with {named[-1]}, so that the"
            " next period starts the day after it, or give a ledger with receipts that begins before these months."
        )
    return (CALENDAR_CHANGED.found(count=len(named), months=", ".join(named)),)


def _type_in(rows: Sequence[Row], entries: TableEntries) -> None:
    for row in rows:
        typed = entries.rows.get((iso(row["month_end"]),), {})
        row |= {key: typed.get(heading) for key, heading in TYPED.items()}
        if any(isinstance(row[key], int | float) for key in TYPED):
            row["source"] = "typed"


def _open_with_last(rows: Sequence[Row]) -> None:
    """A month that does not know what it opened with opened with what the month before closed with."""
    for last, row in itertools.pairwise(rows):
        if row["opening"] is None and _starts(row) == last["month_end"] + 1:
            row["opening"] = last["receivables"]


def _reckon(rows: Sequence[Row], settings: Settings, digits: int) -> None:
    """Fill in what the sheet's formulas show; each line is the formula of the column it is named after."""
    (table,) = declared.sheet().tables()
    run = 0
    for i, row in enumerate(rows):
        run = run + 1 if i and _starts(row) == rows[i - 1]["month_end"] + 1 else 1
        row["run"] = run
        row["difference"] = _roll_forward(row, digits)
        row["net_sales"] = _net_sales(row)
        history = rows[i + 1 - run : i + 1]
        row |= _window(history, settings.dso_window)
        sold, opening, receivables = row["window_sales"], row["window_opening"], row["receivables"]
        row |= calls.row_of(
            table,
            row,
            {
                declared.SALES_SO_FAR: [r["net_sales"] for r in history],
                declared.DAYS_SO_FAR: [r["days"] for r in history],
                OPENED: opened(row["opening"], row["exchange"]),
                declared.WRITE_OFFS: _wins(row, "typed_write_offs", row["write_offs"]),
                declared.YEARLY_SALES: None if sold is None else sold * 365 / row["window_days"],
                # A blank cell in a sum is zero to a spreadsheet: the formula asks first, and so do we.
                declared.MEAN: None if None in (opening, receivables) else (opening + receivables) / 2,
            },
        )
        row["trust"] = _trust(history[-YEAR_MONTHS:], settings)
        row["target_dso"], row["target_cei"] = settings.target_dso, settings.target_cei


def _roll_forward(row: Row, digits: int) -> Amount:
    sales, cash = _wins(row, "typed_sales", row["credit_sales"]), _wins(row, "typed_cash", row["cash"])
    if None in (row["opening"], sales, cash, row["receivables"]):
        return None
    credited = _wins(row, "typed_credits", (row["credit_notes"] or 0.0) + (row["discounts"] or 0.0))
    out = credited + cash + (_wins(row, "typed_write_offs", row["write_offs"]) or 0.0)
    into: float = row["opening"] + sales + (row["exchange"] or 0.0) - out
    return difference(into, row["receivables"], digits, figures=ROLLED)


def _wins(row: Row, typed: str, loaded: Amount) -> Any:
    return loaded if row[typed] is None else row[typed]


def _net_sales(row: Row) -> Amount:
    sales = _wins(row, "typed_sales", row["credit_sales"])
    return None if sales is None else sales - (_wins(row, "typed_credits", row["credit_notes"]) or 0.0)


def _window(rows: Sequence[Row], months: int) -> Row:
    """What the last row's day counts divide by, and what the first of these months opened with."""

    def at_last(key: str) -> Amount:
        total = float(in_window(np.array([number(row[key]) for row in rows[-months:]]), months)[-1])
        return None if math.isnan(total) else total

    opened_with = rows[-months]["opening"] if len(rows) >= months else None
    return {"window_sales": at_last("net_sales"), "window_days": at_last("days"), "window_opening": opened_with}


def _trust(year: Sequence[Row], settings: Settings) -> str:
    """Which DSO to trust: countback where a year's sales are seasonal."""
    sales = [row["net_sales"] for row in year if row["net_sales"] is not None]
    if len(sales) < SHORT_HISTORY:
        return "Simple"
    mean = statistics.fmean(sales)
    return "Countback" if mean <= 0 or statistics.pstdev(sales) / mean > settings.seasonality_threshold else "Simple"


def _restated(kept: dict[int, Row], gone: dict[int, Row], computed: Mapping[int, Row], digits: int) -> list[Row]:
    """Both figures wherever the ledger no longer says what a stored month reported; those of a month that is gone."""
    rows = []
    for end, stored in sorted((kept | gone).items()):
        for key in REPORTED:
            was, now = stored[key], computed[end][key] if end in computed else None
            # Current is what overdue leaves of receivables: of two figures, rounded once each.
            figures = 1 + (key == "current")
            by = None if was is None or now is None else difference(now, was, digits, figures=figures)
            if by or (end in gone and was is not None):
                rows.append({"month_end": end, "figure": key.replace("_", " "), "stored": was, "now": now, "by": by})
    return rows
