"""Month ends from dated events: what every period opened with, sold, collected and closed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from xlwings_addin.ledger import prepared
from xlwings_addin.ledger.aging import age
from xlwings_addin.ledger.days import AsOf, day_number, month_ends
from xlwings_addin.ledger.model import ITEM_KINDS, NO_DATE, RECEIPT_KINDS, Days, Finding, Ledger, Minor
from xlwings_addin.ledger.money import minor_digits, sum_by
from xlwings_addin.ledger.position import check_as_of
from xlwings_addin.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

Measure = Literal[
    "opening",
    "credit_sales",
    "credit_notes",
    "discounts",
    "credits",
    "cash",
    "write_offs",
    "receivables",
    "current",
    "overdue",
]
FLOWS: tuple[Measure, ...] = ("credit_sales", "credit_notes", "discounts", "credits", "cash", "write_offs")
BALANCES: tuple[Measure, ...] = ("opening", "receivables", "current", "overdue")


@dataclass(frozen=True, eq=False)
class History:
    """Figures per currency, segment and period, oldest period first.

    Each measure is int64 minor units [currency, segment, period]; `known[measure]` is bool[period]:
    where it is False the figure cannot be derived and must be shown as not available, never as zero.
    Where everything is known, opening + credit_sales - cash - credits - write_offs = receivables.
    """

    ends: Days
    """Last day of each period, as days; the last is the as-of date."""
    days: NDArray[np.int64]
    """Calendar days of each period; days elapsed in one that is not over."""
    to_date: bool
    """The last period is not over on the as-of date."""
    by: str | None
    segments: tuple[str, ...]
    """Values of the `by` column; one blank one without it."""
    currencies: tuple[str, ...]
    digits: tuple[int, ...]
    measures: dict[Measure, Minor]
    known: dict[Measure, NDArray[np.bool_]]
    typed: dict[Measure, NDArray[np.bool_]]
    """Where the figure was typed (a sales file) and not derived."""
    findings: tuple[Finding, ...]

    def __getitem__(self, measure: Measure) -> Minor:
        """A measure, int64 [currency, segment, period]."""
        return self.measures[measure]

    def total(self, measure: Measure) -> Minor:
        """A measure over all segments, int64 [currency, period]."""
        return self.measures[measure].sum(axis=1)


def period_ends(first_day: int, as_of: int, settings: Settings) -> tuple[Days, bool]:
    """Ends of the periods from the one of `first_day` up to `as_of`, and whether the last is cut short there.

    Calendar months, or the period ends of the settings where they reach.
    """
    ends = month_ends(first_day, as_of)
    if settings.periods:
        stated = np.array(sorted({day_number(end) for end in settings.periods}), np.int32)
        # Before and after the table of periods, calendar months go on.
        ends = np.union1d(ends[(ends < stated[0]) | (ends > stated[-1])], stated)
        ends = ends[ends >= first_day]
    whole = ends[ends <= as_of]
    to_date = not whole.size or int(whole[-1]) < as_of
    return (np.append(whole, np.int32(as_of)) if to_date else whole).astype(np.int32), to_date


def history(
    ledger: Ledger,
    as_of: AsOf,
    *,
    by: str | None = None,
    months: int | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen, holds defaults only
) -> History:
    """Every period end from the first item to `as_of` (the last `months` of them), by a segment if asked.

    From dated events: an item enters with its document date, turns overdue the day after it is due, and
    a receipt reduces it on its date, never before its document. Receipts after `as_of` do not count.
    Overdue is the sum of the past-due columns of the aging; current is the rest, credits included.

    A ledger without history (a list of open items) has one known balance, at `as_of`, and only typed
    flows. Raises LedgerError as `open_at` does.
    """
    day = day_number(as_of)
    findings = check_as_of(ledger, day)
    by = "customer_id" if by == "customer" else by
    first = prepared.items(ledger).first_day
    if not ledger.has_history and len(ledger.sales):
        first = min(first, int(ledger.sales["month"].min()))
    ends, to_date = period_ends(first, day, settings)
    opens = int(month_ends(first, first)[0])
    opens -= int(np.datetime64(opens, "D").astype(object).day)
    if months is not None and months < ends.size:
        opens, ends = int(ends[-months - 1]), ends[-months:]
    days = np.diff(ends, prepend=np.int32(opens)).astype(np.int64)
    currencies = prepared.segment(ledger, "currency")
    segments = prepared.segment(ledger, by) if by else prepared.Segment(np.zeros(0, np.intp), ("",))
    if ledger.has_history:
        measures = _from_events(ledger, ends, by, settings)
        known = dict.fromkeys(measures, np.ones(ends.size, bool))
    else:
        measures, known = _balance_only(ledger, day, ends, by, settings)
    typed: dict[Measure, NDArray[np.bool_]] = {measure: np.zeros(ends.size, bool) for measure in measures}
    if by is None and len(ledger.sales):
        _type_in(ledger, ends, currencies.keys, measures, known, typed)
    return History(
        ends=ends,
        days=days,
        to_date=to_date,
        by=by,
        segments=segments.keys,
        currencies=currencies.keys,
        digits=tuple(ledger.minor_digits.get(name, minor_digits(name)) for name in currencies.keys),
        measures=measures,
        known=known,
        typed=typed,
        findings=findings,
    )


class _Calendar:
    """Looks up the period of many days: 0 for everything up to the first end, the count for what comes after."""

    def __init__(self, ends: Days, lowest: int) -> None:
        self.low = min(lowest, int(ends[0]))
        self.high = int(ends[-1]) + 1
        # A table beats a binary search per day many times; dates thousands of years apart get no table.
        self.ends = ends
        span = self.high - self.low + 1
        self.table = None
        if span <= 200_000:
            self.table = np.searchsorted(ends, np.arange(self.low, self.high + 1), side="left").astype(np.int16)

    def period(self, day: Days) -> NDArray[np.int16] | NDArray[np.intp]:
        if self.table is None:
            return np.searchsorted(self.ends, day, side="left")
        # Clip first: the marker of a missing date would overflow the subtraction.
        inside = np.clip(day, self.low, self.high)
        inside -= np.int32(self.low)
        return self.table[inside]


def _from_events(ledger: Ledger, ends: Days, by: str | None, settings: Settings) -> dict[Measure, Minor]:
    arrays = prepared.items(ledger)
    currencies = prepared.segment(ledger, "currency")
    count = arrays.face.size
    segments = prepared.segment(ledger, by) if by else prepared.Segment(np.zeros(count, np.intp), ("",))
    cells = len(currencies.keys) * len(segments.keys)
    width = ends.size + 1  # the last column takes what happens after as_of
    row = segments.codes if len(currencies.keys) == 1 else currencies.codes * len(segments.keys) + segments.codes
    row = row * width
    calendar = _Calendar(ends, arrays.first_day)
    shape = (len(currencies.keys), len(segments.keys), width)

    entered = calendar.period(arrays.document_date)
    item = arrays.receipt_item
    reduced = np.maximum(calendar.period(arrays.receipt_date), entered[item])
    receipt_row = row[item]
    flow = cells * width
    documents = sum_by(
        prepared.item_kinds(ledger) * flow + row + entered, arrays.face, len(ITEM_KINDS) * flow, arrays.bound
    ).reshape(len(ITEM_KINDS), *shape)
    receipts = sum_by(
        prepared.receipt_kinds(ledger) * flow + receipt_row + reduced,
        arrays.receipt_amount,
        len(RECEIPT_KINDS) * flow,
        arrays.bound,
    ).reshape(len(RECEIPT_KINDS), *shape)
    invoices, credit_items, debit_notes, payments = documents
    cash, credit_receipts, discounts, write_offs = receipts
    flows: dict[Measure, Minor] = {
        "credit_sales": invoices + debit_notes,
        "credit_notes": credit_receipts - credit_items,
        "discounts": discounts,
        "cash": cash - payments,
        "write_offs": write_offs,
    }
    closing = (documents.sum(axis=0) - receipts.sum(axis=0)).cumsum(axis=2)
    opening = np.concatenate((np.zeros((*shape[:2], 1), np.int64), closing[:, :, :-1]), axis=2)
    if by is not None and settings.credits == "against oldest":
        pass
    overdue = _overdue(ledger, calendar, entered, reduced, row, flow, settings).reshape(shape).cumsum(axis=2)
    flows["credits"] = flows["credit_notes"] + flows["discounts"]
    measures: dict[Measure, Minor] = {
        "opening": opening,
        **flows,
        "receivables": closing,
        "overdue": overdue,
        "current": closing - overdue,
    }
    return {name: np.ascontiguousarray(values[:, :, :-1]) for name, values in measures.items()}
