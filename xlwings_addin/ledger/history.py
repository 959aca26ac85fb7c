"""Month ends from dated events: what every period opened with, sold, collected and closed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.codes import Segment
from xlwings_addin.ledger.days import AsOf, day_number, month_end
from xlwings_addin.ledger.exchange import base_currency, rate_at
from xlwings_addin.ledger.fixed import Fixed
from xlwings_addin.ledger.money import blocks, minor_digits, whole_numbers
from xlwings_addin.ledger.periods import period_ends
from xlwings_addin.ledger.position import check_as_of, first_day, known_from
from xlwings_addin.ledger.values import ITEM_KINDS, NO_DATE, RECEIPT_KINDS, Days, Minor
from xlwings_addin.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.arrays import Arrays
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.model import Ledger

    _Places = NDArray[np.signedinteger[Any]]

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
_KINDS = len(ITEM_KINDS) + len(RECEIPT_KINDS) + 1
"""Items', receipts', and what is overdue."""
_MOST_SUMS = 2**21
"""Sums by day kept with a ledger at most: 16 MB."""

FLOWS: tuple[Measure, ...] = ("credit_sales", "credit_notes", "discounts", "credits", "cash", "write_offs")
BALANCES: tuple[Measure, ...] = ("opening", "receivables", "current", "overdue")


@dataclass(frozen=True, eq=False)
class History(Fixed):
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
    base_currency: str
    rates: NDArray[np.float64]
    """Each currency's rate into the base currency at the opening of the first period, then at each end;
    float64 [currency, period + 1], NaN where the table has none."""
    findings: tuple[Finding, ...]

    def __getitem__(self, measure: Measure) -> Minor:
        """A measure, int64 [currency, segment, period]."""
        return self.measures[measure]

    def total(self, measure: Measure) -> Minor:
        """A measure over all segments, int64 [currency, period]."""
        total: Minor = self.measures[measure].sum(axis=1)
        return total

    def base(self, measure: Measure, segment: str | None = None) -> NDArray[np.float64]:
        """A measure in major units of the base currency, float64 [period], unrounded.

        Balances at the rate of their day, flows at the rate of their period's end; NaN where the figure
        is not known or a rate it needs is missing. All segments together unless one is named.
        """
        minor = self.total(measure) if segment is None else self[measure][:, self.segments.index(segment)]
        rates = self.rates[:, :-1] if measure == "opening" else self.rates[:, 1:]
        converted: NDArray[np.float64] = self._converted(measure, minor[:, None], rates)[0]
        return converted

    def bases(self, measure: Measure) -> NDArray[np.float64]:
        """`base` of every segment, float64 [segment, period]."""
        rates = self.rates[:, :-1] if measure == "opening" else self.rates[:, 1:]
        return self._converted(measure, self[measure], rates)

    def _converted(self, measure: Measure, minor: Minor, rates: NDArray[np.float64]) -> NDArray[np.float64]:
        scale = 10.0 ** np.array(self.digits)[:, None, None]
        # A rate that is missing spoils only the periods in which its currency occurs.
        major = np.where(minor == 0, 0.0, minor / scale * rates[:, None]).sum(axis=0)
        shown: NDArray[np.float64] = np.where(self.known[measure], major, np.nan)
        return shown

    def exchange_difference(self, segment: str | None = None) -> NDArray[np.float64]:
        """What the opening balance gained by the period's rates, in major units of the base currency.

        Calculated from the rates alone, so that opening + difference + sales - cash - credits - write-offs
        = closing stays a check; 0 where there is one currency.
        """
        opening = self.total("opening") if segment is None else self["opening"][:, self.segments.index(segment)]
        gained: NDArray[np.float64] = self._converted(
            "opening", opening[:, None], self.rates[:, 1:] - self.rates[:, :-1]
        )[0]
        return gained

    def exchange_differences(self) -> NDArray[np.float64]:
        """`exchange_difference` of every segment, float64 [segment, period]."""
        return self._converted("opening", self["opening"], self.rates[:, 1:] - self.rates[:, :-1])


def history(
    ledger: Ledger,
    as_of: AsOf,
    *,
    by: str | None = None,
    months: int | None = None,
    last_days: int | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen, holds defaults only
    force: bool = False,
) -> History:
    """Every period end from the first item to `as_of` (the last `months` of them), by a segment if asked.

    With `last_days`, one period of that many days up to `as_of`, whatever the calendar; of its flows nothing is known
    where the ledger does not reach back that far.

    From dated events: an item enters with its document date, turns overdue the day after it is due, and
    a receipt reduces it on its date, never before its document. Receipts after `as_of` do not count.
    Overdue is the sum of the past-due columns of the aging; current is the rest, credits included.

    A ledger without history (a list of open items) has one known balance, at `as_of`, and only typed
    flows. Raises LedgerError as `open_at` does; `force` as there.
    """
    day = day_number(as_of)
    findings = check_as_of(ledger, day, force=force)
    by = "customer_id" if by == "customer" else by
    first = first_day(ledger)
    opens, ends, to_date = period_ends(first, day, settings)
    begins = opens
    if months is not None and months < ends.size:
        opens, ends = int(ends[-months - 1]), ends[-months:]
    if last_days is not None:
        opens, ends, to_date = day - last_days, ends[-1:], False
    days = np.diff(ends, prepend=np.int32(opens)).astype(np.int64)
    currencies = ledger.arrays.segment("currency")
    segments = ledger.arrays.segment(by) if by else Segment(np.zeros(0, np.intp), ("",))
    if ledger.has_history:
        measures = _from_events(ledger, ends, opens, by, settings)
        known = _known(ledger, ends, opens)
        if opens < begins:
            known |= {measure: np.zeros(ends.size, bool) for measure in (*FLOWS, "opening")}
    else:
        measures, known = _balance_only(ledger, day, ends, by, settings)
    typed = {measure: np.zeros(ends.size, bool) for measure in measures}
    if by is None and len(ledger.sales):
        _type_in(ledger, ends, currencies.keys, measures, known, typed)
    base = base_currency(ledger, settings) or (currencies.keys[0] if len(currencies.keys) == 1 else "")
    rates = np.array(
        [
            [
                rate if (rate := rate_at(settings, name, base, end)) is not None else np.nan
                for end in (opens, *ends.tolist())
            ]
            for name in currencies.keys
        ]
    )
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
        base_currency=base,
        rates=rates,
        findings=findings,
    )


def _known(ledger: Ledger, ends: Days, opens: int) -> dict[Measure, NDArray[np.bool_]]:
    """Which figures of each period dated events tell."""
    # A list of open items knows its day's balances; what flowed before the first of them, none knows.
    starts, since = np.append(np.int32(opens), ends[:-1]), ledger.known_from
    known = {
        measure: np.ones(ends.size, bool) if since is None else (ends if measure in BALANCES[1:] else starts) >= since
        for measure in (*FLOWS, *BALANCES)
    }
    if ledger.arrays.undocumented:
        # Sold on a day that nobody knows.
        known |= {measure: np.zeros(ends.size, bool) for measure in ("credit_sales", "credit_notes", "credits")}
    return known


class _Calendar:
    """Looks up the period of many days: 0 up to the day before the first period, then 1, 2, ... in order."""

    def __init__(self, ends: Days, opens: int, lowest: int) -> None:
        self.width = ends.size + 2
        self.bounds = np.concatenate(([np.int32(opens)], ends)).astype(np.int32)
        self.low, self.high = min(lowest, opens), int(ends[-1]) + 1
        self.table: NDArray[np.int16] | None = None
        # A table beats a binary search per day many times; a stray date centuries away is not worth one.
        if self.high - self.low < 200_000:
            self.table = self._searched(np.arange(self.low, self.high + 1))

    def place(self, day: Days) -> _Places:
        if self.table is None:
            return self._searched(day)
        # Clip first: the marker of a missing date would overflow the subtraction.
        inside = np.clip(day, self.low, self.high)
        inside -= np.int32(self.low)
        return self.table.take(inside)

    def _searched(self, day: NDArray[np.integer]) -> NDArray[np.int16]:
        return np.searchsorted(self.bounds, day, side="left").astype(np.int16)


class _EveryDay:
    """Each day a place of its own, from the first document to the last event; missing dates come after it."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.beyond = np.int32(first), np.int32(last + 1)
        self.width = max(last - first, 0) + 2

    def place(self, day: Days) -> _Places:
        place: Days = np.minimum(day, self.beyond)
        place -= self.first
        return place


def _from_events(ledger: Ledger, ends: Days, opens: int, by: str | None, settings: Settings) -> dict[Measure, Minor]:
    shape = (
        len(ledger.arrays.segment("currency").keys),
        len(ledger.arrays.segment(by).keys) if by else 1,
        ends.size + 2,
    )
    # Period 0 holds what happened before the first one shown, the last what comes after as_of.
    sums = _sums_by_period(ledger, ends, opens, by, settings).reshape(_KINDS, *shape)
    documents, receipts, overdue = np.split(sums, (len(ITEM_KINDS), len(ITEM_KINDS) + len(RECEIPT_KINDS)))
    cash, credit_receipts, discounts, write_offs, *like_credits = receipts
    credit_receipts = credit_receipts + sum(like_credits)
    invoices, credit_items, debit_notes, payments, _ = documents
    closing = np.cumsum(documents.sum(axis=0) - receipts.sum(axis=0), axis=2)
    if _late(ledger, settings):
        overdue_at = np.cumsum(overdue[0], axis=2)
    else:
        overdue_at = _overdue_by_aging(ledger, ends, by, settings, shape)
    credit_notes = credit_receipts - credit_items
    measures: dict[Measure, Minor] = {
        "opening": np.roll(closing, 1, axis=2),
        "credit_sales": invoices + debit_notes,
        "credit_notes": credit_notes,
        "discounts": discounts,
        "credits": credit_notes + discounts,
        "cash": cash - payments,
        "write_offs": write_offs,
        "receivables": closing,
        "current": closing - overdue_at,
        "overdue": overdue_at,
    }
    return {name: np.ascontiguousarray(values[:, :, 1:-1]) for name, values in measures.items()}


def _sums_by_period(ledger: Ledger, ends: Days, opens: int, by: str | None, settings: Settings) -> Minor:
    """Sums of events by kind (items', receipts', then overdue), by currency and segment, and by period."""
    arrays = ledger.arrays
    late = _late(ledger, settings)
    every_day = arrays.once(_every_day, late)
    if _KINDS * _groups(arrays, by) * every_day.width > _MOST_SUMS:
        return _sums(arrays, by, late, _Calendar(ends, opens, arrays.first_day))
    # Running totals by day answer for every period there is: a look-up and a difference.
    totals = arrays.once(_running, by, late, every_day)
    # Up to each bound; what lacks a date comes after the last.
    bounds = np.minimum(np.append(np.int32(opens), ends), every_day.beyond - 1)
    before = bounds < every_day.first
    at = totals.take(np.append(np.where(before, 0, every_day.place(bounds)), every_day.width - 1), axis=2)
    at[:, :, :-1][:, :, before] = 0
    return np.diff(at, axis=2, prepend=0)


def _running(arrays: Arrays, by: str | None, late: _Late | None, every_day: _EveryDay) -> Minor:
    running = _sums(arrays, by, late, every_day)
    return np.cumsum(running, axis=2, out=running)


def _groups(arrays: Arrays, by: str | None) -> int:
    return len(arrays.segment("currency").keys) * (len(arrays.segment(by).keys) if by else 1)


def _sums(arrays: Arrays, by: str | None, late: _Late | None, calendar: _Calendar | _EveryDay) -> Minor:
    """Sums of events, int64 [kind, currency and segment, place in the calendar]."""
    groups = _groups(arrays, by)
    currencies = arrays.segment("currency")
    segments = arrays.segment(by) if by else None
    size = groups * calendar.width
    sums = np.zeros(_KINDS * size, np.int64)
    overdue = sums[-size:]
    # What a receipt must know of its item is in one number, a short one if it can: one look into memory, not three.
    bits = calendar.width.bit_length()
    number = whole_numbers(groups << 2 * bits)
    known = np.empty(arrays.face.size, number)
    turned: _Places | int = 0
    # In blocks whose intermediate figures stay in the processor's cache.
    kinds_of = arrays.item_kinds
    for own in blocks(known.size):
        group = np.zeros(known[own].size, number)
        if segments:
            group += segments.codes[own]
        if len(currencies.keys) > 1:
            group += currencies.codes[own] * (groups // len(currencies.keys))
        first = group * calendar.width
        entered = calendar.place(arrays.document_date[own])
        np.add.at(sums, _of_kind(first + entered, kinds_of[own], size), arrays.face[own])
        if late:
            turned = calendar.place(late.turned[own])
            np.add.at(overdue, (first + turned).astype(np.intp), late.face[own])
        known[own] = (((group << bits) | entered) << bits) | turned
    kinds_of = arrays.receipt_kinds
    received = sums[len(ITEM_KINDS) * size :]
    within = (1 << bits) - 1
    for own in blocks(arrays.receipt_item.size):
        of_item = known.take(arrays.receipt_item[own])
        first = (of_item >> 2 * bits) * calendar.width
        # A receipt dated before its document counts when the document does.
        place = np.maximum(calendar.place(arrays.receipt_date[own]), (of_item >> bits) & within)
        np.add.at(received, _of_kind(first + place, kinds_of[own], size), arrays.receipt_amount[own])
        if late:
            np.maximum(place, of_item & within, out=place)
            np.subtract.at(overdue, (first + place).astype(np.intp), late.paid[own])
    if late and late.odd:
        odd = late.odd
        first = (known[odd.item] >> 2 * bits) * calendar.width
        np.add.at(overdue, (first + calendar.place(odd.day)).astype(np.intp), odd.change)
    return sums.reshape(_KINDS, groups, calendar.width)


def _of_kind(place: _Places, kinds: NDArray[np.int8], size: int) -> NDArray[np.intp]:
    """Places within the sums of each row's kind."""
    placed = place.astype(np.intp)
    # Mostly all are of the first kind: invoices, and cash.
    if kinds.any():
        placed += np.multiply(kinds, size, dtype=np.intp)
    return placed


@dataclass(frozen=True, slots=True, eq=False)
class _Late:
    """Changes of the overdue balance: an item's own on the day it turns overdue, its receipts' not before that."""

    turned: Days
    face: Minor
    paid: Minor
    odd: _ChangingSign | None


def _late(ledger: Ledger, settings: Settings) -> _Late | None:
    """What makes items overdue; None where credits are set against the oldest: then overdue is no sum of events."""
    if settings.credits == "against oldest":
        return None
    return ledger.arrays.once(_turning_overdue, settings.aging_basis, settings.credits)


def _turning_overdue(arrays: Arrays, basis: str, treatment: str) -> _Late:
    due = arrays.due_date if basis == "due date" else arrays.document_date
    own_date = treatment == "by own date"
    if own_date and arrays.negative:
        due = np.where((arrays.face < 0) & (due == NO_DATE), arrays.document_date, due)
    turned = np.where(due == NO_DATE, due, due + 1) if arrays.undated else due + 1
    np.maximum(turned, arrays.document_date, out=turned)
    odd = None if own_date else _find_changing_sign(arrays, due)
    face, paid = (arrays.face, arrays.receipt_amount) if odd is None else (odd.face, odd.paid)
    return _Late(turned, face, paid, odd)


def _every_day(arrays: Arrays, late: _Late | None) -> _EveryDay:
    """Up to the last day on which anything happens."""
    days = (arrays.document_date, arrays.receipt_date, *([late.turned] if late else []))
    return _EveryDay(arrays.first_day, max(map(_latest, days)))


def _latest(days: Days) -> int:
    """The last of some days, missing ones apart; a day before all others where there is none."""
    last = int(days.max(initial=-NO_DATE))
    return last if last < NO_DATE else int(days[days < NO_DATE].max(initial=-NO_DATE))


@dataclass(frozen=True, slots=True, eq=False)
class _ChangingSign:
    """What is left of amounts that only ever are debts, and the overdue events of the others.

    A credit is never overdue (it has a column of its own); of an item whose balance changes sign, overpaid
    or over-applied, only the positive part is. That part is no sum of events, so it is worked out per item.
    """

    face: Minor
    paid: Minor
    item: NDArray[np.intp]
    day: Days
    change: Minor


def _find_changing_sign(arrays: Arrays, due: Days) -> _ChangingSign | None:
    crossing = arrays.crossing
    if not arrays.negative and not crossing.any():
        return None
    linear = (arrays.face > 0) & ~crossing
    rows = np.flatnonzero(crossing & (due != NO_DATE))
    marked = np.zeros(crossing.size, bool)
    marked[rows] = True
    events = np.flatnonzero(marked[arrays.receipt_item])
    receivers = arrays.receipt_item[events]
    turns = np.maximum(due + np.where(due == NO_DATE, 0, 1).astype(np.int32), arrays.document_date)
    items = np.concatenate((rows, receivers))
    day = np.concatenate((turns[rows], np.maximum(arrays.receipt_date[events], turns[receivers])))
    change = np.concatenate((arrays.face[rows], -arrays.receipt_amount[events]))
    order = np.lexsort((day, items))
    items, day, change = items[order], day[order], change[order]
    running = np.cumsum(change)
    starts = np.diff(items, prepend=-1) != 0
    # The sum ran over all items: take off what the ones before had come to.
    running -= np.repeat((running - change)[starts], np.diff(np.append(np.flatnonzero(starts), items.size)))
    last = np.append((np.diff(items) != 0) | (np.diff(day) != 0), True)[: items.size]
    items, day, positive = items[last], day[last], np.maximum(running[last], 0)
    before = np.where(np.diff(items, prepend=-1) != 0, 0, np.roll(positive, 1))
    paid = arrays.receipt_amount * linear[arrays.receipt_item]
    return _ChangingSign(arrays.face * linear, paid, items, day, positive - before)


def _overdue_by_aging(
    ledger: Ledger, ends: Days, by: str | None, settings: Settings, shape: tuple[int, int, int]
) -> Minor:
    """Overdue at every period end from the aging itself: netting against the oldest items is no sum of events."""
    overdue = np.zeros(shape, np.int64)
    column = by or "currency"
    places = {key: place for place, key in enumerate(ledger.arrays.segment(column).keys)}
    first = known_from(ledger)
    for period, end in enumerate(ends.tolist(), start=1):
        if end < first:
            continue
        aged = age(ledger, end, settings, column)
        late = aged.amounts[:, :, aged.overdue_columns].sum(axis=2)
        groups = [places[key] if by else 0 for key in aged.keys]
        for place, own in enumerate(groups):
            overdue[:, own, period] += late[:, place]
    return overdue


def _balance_only(
    ledger: Ledger, day: int, ends: Days, by: str | None, settings: Settings
) -> tuple[dict[Measure, Minor], dict[Measure, NDArray[np.bool_]]]:
    """A list of open items knows its balances on one day and no flow at all."""
    column = by or "currency"
    segment = ledger.arrays.segment(column)
    groups = len(segment.keys) if by else 1
    shape = (len(ledger.arrays.segment("currency").keys), groups, ends.size)
    measures: dict[Measure, Minor] = {name: np.zeros(shape, np.int64) for name in (*BALANCES, *FLOWS)}
    known = {name: np.zeros(ends.size, bool) for name in measures}
    aged = age(ledger, day, settings, column)
    places = [segment.keys.index(key) if by else 0 for key in aged.keys]
    late = aged.amounts[:, :, aged.overdue_columns].sum(axis=2)
    balances: dict[Measure, Minor] = {"receivables": aged.totals, "overdue": late, "current": aged.totals - late}
    if ledger.balances is not None and not ledger.balances.edges:
        del balances["overdue"], balances["current"]
    for name, amounts in balances.items():
        for place, own in enumerate(places):
            measures[name][:, own, -1] += amounts[:, place]
        known[name][-1] = True
    return measures, known


def _type_in(
    ledger: Ledger,
    ends: Days,
    currencies: tuple[str, ...],
    measures: dict[Measure, Minor],
    known: dict[Measure, NDArray[np.bool_]],
    typed: dict[Measure, NDArray[np.bool_]],
) -> None:
    """Put the typed flows of the sales file in place: typed figures win, and are marked."""
    place = {end: period for period, end in enumerate(ends.tolist())}
    # The typed flows of a month that is not over belong to the row marked to date.
    place.setdefault(month_end(int(ends[-1])), ends.size - 1)
    names: tuple[Measure, ...] = ("credit_sales", "cash", "credits", "write_offs")
    for name in names:
        column = ledger.sales[name]
        for month, currency, amount in zip(ledger.sales["month"], ledger.sales["currency"], column, strict=True):
            period = place.get(int(month))
            if period is None or currency not in currencies or amount is pd.NA:
                continue
            if not typed[name][period]:
                measures[name][:, :, period] = 0
            measures[name][currencies.index(currency), 0, period] += int(amount)
            known[name][period] = typed[name][period] = True
