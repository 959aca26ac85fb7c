"""Aging: open items by group and days past due, every item in exactly one column, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.buckets import CREDITS, bucket_codes, bucket_labels
from udfs.buckets import NO_DATE as NO_DATE_COLUMN
from xlwings_addin.ledger.days import AsOf, day_number, iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.exchange import base_currency, rate_at
from xlwings_addin.ledger.findings import MISSING_RATE, NO_BASE_CURRENCY, NO_DUE_DATE, Finding, each_once
from xlwings_addin.ledger.fixed import Fixed
from xlwings_addin.ledger.money import blocks, minor_digits, to_major
from xlwings_addin.ledger.netting import accounts, net_of_credits
from xlwings_addin.ledger.plausibility import undated
from xlwings_addin.ledger.position import by_due_date, check_as_of
from xlwings_addin.ledger.report import in_order, said_json, set_aside_line
from xlwings_addin.ledger.values import NO_DATE, Minor
from xlwings_addin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Ledger

CREDITS_PLACE, CURRENT_PLACE = 0, 1


@dataclass(frozen=True, eq=False)
class Aging(Fixed):
    """Open amounts by currency, group and column.

    `amounts` is int64 minor units [currency, group, column], columns as `labels`; the row total is the
    sum over columns, the grand total the sum over groups, both equal to the sum of the open items.
    Currencies are never added; `converted` gives the one column at dated rates.
    """

    as_of: int
    by: str
    labels: tuple[str, ...]
    """Credits, Current, 1-30, 31-60, ..., No date."""
    currencies: tuple[str, ...]
    keys: tuple[str, ...]
    """Groups, sorted; those with no open item in any currency are left out."""
    amounts: Minor
    digits: tuple[int, ...]
    """Decimals of each currency."""
    base_currency: str
    rates: tuple[float | None, ...]
    """Each currency's rate into the base currency on `as_of`; None when the table has none."""
    findings: tuple[Finding, ...]
    columns: NDArray[np.int8]
    """Each item's place among `labels`, in ledger order; of no meaning for an item that is not open."""
    left: Minor
    """Each item's open amount after the treatment of credits, in ledger order: the part of it in its column."""
    _places: NDArray[np.intp]
    ledger: Ledger
    """What was aged."""
    _open: Minor

    @property
    def totals(self) -> Minor:
        """Row totals, int64 [currency, group]."""
        totals: Minor = self.amounts.sum(axis=2)
        return totals

    @property
    def overdue_columns(self) -> slice:
        """The past-due columns among `labels`."""
        return slice(CURRENT_PLACE + 1, len(self.labels) - 1)

    @cached_property
    def overdue(self) -> Minor:
        """What of each item is overdue, in ledger order: adds up to the past-due columns.

        Negative where a credit is aged by its own date; an item that credits cover is not overdue.
        """
        past = self.overdue_columns
        overdue: Minor = np.where((self.columns >= past.start) & (self.columns < past.stop), self.left, 0)
        return overdue

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of these figures must know."""
        aside = set_aside_line(self.ledger)
        said = (finding.message for finding in in_order(self.said) if finding.severity != "note")
        return (*([f"{aside}."] if aside else []), *said)

    @cached_property
    def said(self) -> tuple[Finding, ...]:
        """What was found in the ledger, then what is to be said of the day."""
        if not self.ledger.arrays.undated:
            return each_once(self.ledger.findings, self.findings)
        # The ledger says what is without a due date by all that was read; on the day it is what the column holds.
        others = (one for one in self.ledger.findings if one.kind is not NO_DUE_DATE)
        return each_once(others, undated(self.ledger, self.left, self.columns == len(self.labels) - 1), self.findings)

    @cached_property
    def converted(self) -> NDArray[np.float64] | None:
        """Base-currency amounts in major units [group, column], unrounded; None when a rate is missing.

        Each cell is a sum first; round for display only, so that no cents are left over.
        """
        minor = self.converted_minor
        return None if minor is None else minor / 10 ** minor_digits(self.base_currency)

    @cached_property
    def converted_minor(self) -> NDArray[np.float64] | None:
        """`converted` in minor units of the base currency, unrounded."""
        scale = 10 ** minor_digits(self.base_currency)
        total = np.zeros(self.amounts.shape[1:])
        for amounts, rate, digits in zip(self.amounts, self.rates, self.digits, strict=True):
            if rate is None:
                return None
            total += amounts * (rate * scale / 10**digits)
        return total

    @cached_property
    def total(self) -> float | None:
        """What is open in the base currency, in major units, rounded once; None when a rate is missing."""
        minor = self.converted_minor
        return None if minor is None else to_major(round(minor.sum().item()), minor_digits(self.base_currency))

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of open items, int64 [currency, group]."""
        _, where = self._open_rows
        return np.bincount(where, minlength=self.totals.size).reshape(self.totals.shape)

    @cached_property
    def oldest(self) -> NDArray[np.int64]:
        """Row number of the item due first of which each group owes something, -1 without; [currency, group]."""
        rows, where = self._open_rows
        debit = self.left[rows] > 0
        rows, where = rows[debit], where[debit]
        due = self.ledger.arrays.due_date[rows]
        order = np.lexsort((rows, due, where))
        first = np.flatnonzero(np.diff(where[order], prepend=-1))
        oldest = np.full(self.totals.size, -1, np.int64)
        oldest[where[order[first]]] = rows[order[first]]
        return oldest.reshape(self.totals.shape)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What to call each group: a customer by the name most of its items carry, others by their key."""
        if self.by != "customer_id":
            return self.keys
        names = self.ledger.arrays.customer_names
        return tuple(names.get(key, "") for key in self.keys)

    @cached_property
    def _open_rows(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        rows = np.flatnonzero(self._open)
        place = self._places[self.ledger.arrays.segment(self.by).codes[rows]]
        return rows, self.ledger.arrays.segment("currency").codes[rows] * len(self.keys) + place


def of_ledger(ledger: Ledger, settings: Settings) -> Settings:
    """The settings under which a ledger can be aged: balances have the ages of their file and no others.

    The file's own edges stand in for those of the settings that nobody chose, and its credits stay where it has
    them. Raises LedgerError where it cannot answer for edges that were chosen.
    """
    if ledger.balances is None:
        return settings
    own, wanted = ledger.balances.edges, settings.bucket_edges
    if set(wanted) <= set(own) or not own:
        own = wanted
    elif wanted != Settings().bucket_edges:
        asked, there = (", ".join(map(str, edges)) for edges in (wanted, own))
        raise LedgerError(
            f"Balances that the file ages at {there} days cannot be aged at {asked} days: choose among the file's"
            " edges, or read a list of documents."
        )
    return replace(settings, bucket_edges=own, credits="own column")


def column_labels(edges: tuple[int, ...]) -> tuple[str, ...]:
    """The columns of an aging, without its total.

    >>> column_labels((30,))
    ('Credits', 'Current', '1-30', '30+', 'No date')
    """
    return (CREDITS, *bucket_labels(edges), NO_DATE_COLUMN)


def age(
    ledger: Ledger,
    as_of: AsOf,
    settings: Settings = Settings(),  # noqa: B008 - frozen, holds defaults only
    by: str = "customer_id",
    *,
    force: bool = False,
) -> Aging:
    """Age the ledger as of a day by any text column of its items (customer_id, region, tier, owner, entity, ...).

    Raises LedgerError as `open_at` does, and for a column the items do not have.
    """
    by = "customer_id" if by == "customer" else by
    day, settings = day_number(as_of), of_ledger(ledger, settings)
    findings = check_as_of(ledger, day, force=force)
    groups, currencies = ledger.arrays.segment(by), ledger.arrays.segment("currency")
    balance = ledger.arrays.balances(day)
    labels = column_labels(settings.bucket_edges)
    width = len(labels)
    shape = (len(currencies.keys), len(groups.keys), width)
    aged = _net_credits(ledger, balance, settings) if settings.credits == "against oldest" else balance
    column = np.empty(balance.size, np.int8)
    columns_of = _column_finder(ledger, balance, day, settings)
    cells = np.zeros(shape, np.int64).reshape(-1)
    # In blocks whose intermediate figures stay in the processor's cache.
    for rows in blocks(balance.size):
        column[rows] = columns_of(rows)
        group = groups.codes[rows]
        if len(currencies.keys) > 1:
            group = currencies.codes[rows] * len(groups.keys) + group
        cell = group * width
        cell += column[rows]
        np.add.at(cells, cell, aged[rows])
    amounts: Minor = cells.reshape(shape)
    used = np.asarray(amounts.any(axis=(0, 2)))
    if not used.all():
        # A group whose items cancel out has zeros everywhere and items none the less.
        used |= np.bincount(groups.codes[balance != 0], minlength=shape[1]) > 0
    base = base_currency(ledger, settings)
    if not base and len(currencies.keys) == 1:
        base = currencies.keys[0]
    open_currency = np.asarray(amounts.any(axis=(1, 2)))
    rates = tuple(
        rate_at(settings, name, base, day) if is_open else 1.0
        for name, is_open in zip(currencies.keys, open_currency.tolist(), strict=True)
    )
    findings += _unrated(currencies.keys, rates, base, day)
    return Aging(
        as_of=day,
        by=by,
        labels=labels,
        currencies=currencies.keys,
        keys=groups.keys if used.all() else tuple(np.array(groups.keys, object)[used].tolist()),
        amounts=amounts if used.all() else amounts[:, used],
        digits=tuple(ledger.minor_digits.get(name, minor_digits(name)) for name in currencies.keys),
        base_currency=base,
        rates=rates,
        findings=findings,
        columns=column,
        left=aged,
        _places=np.cumsum(used) - 1,
        ledger=ledger,
        _open=balance,
    )


def _unrated(currencies: tuple[str, ...], rates: tuple[float | None, ...], base: str, day: int) -> tuple[Finding, ...]:
    """Say which currencies have no rate into the base currency, or that there is none."""
    missing = [name or "(unnamed)" for name, rate in zip(currencies, rates, strict=True) if rate is None]
    if not missing:
        return ()
    named = ", ".join(missing)
    if not base:
        return (NO_BASE_CURRENCY.found(len(missing), currencies=named),)
    return (MISSING_RATE.found(len(missing), base=base, day=iso(day), currencies=named),)


def _column_finder(ledger: Ledger, balance: Minor, day: int, settings: Settings) -> Callable[[slice], NDArray[np.int8]]:
    """Return what finds the columns, among `column_labels`, of a slice of the items."""
    arrays = ledger.arrays
    by_due = by_due_date(ledger, settings.aging_basis)
    date = arrays.due_date if by_due else arrays.document_date
    own_date = settings.credits == "by own date"
    if own_date and by_due and arrays.undated and arrays.negative:
        # A credit has no due date to be late on: it ages by the date it was given.
        date = np.where((arrays.face < 0) & (date == NO_DATE), arrays.document_date, date)
    undated = arrays.undated and by_due
    apart = not own_date and (arrays.negative or balance is not arrays.face)

    def columns(rows: slice) -> NDArray[np.int8]:
        due = date[rows]
        # Dates before 1970 would overflow against the marker of a missing one.
        late = np.int32(day) - due if day >= 0 else day - due.astype(np.int64)
        found = bucket_codes(late, settings.bucket_edges)
        found += CURRENT_PLACE
        if undated:
            found[due == NO_DATE] = len(settings.bucket_edges) + 3
        if apart:
            # A balance that is less than nothing stays in the column in which the file has it.
            negative = balance[rows] < 0
            found[negative if ledger.balances is None else negative & (due == NO_DATE)] = CREDITS_PLACE
        return found

    return columns


def _net_credits(ledger: Ledger, balance: Minor, settings: Settings) -> Minor:
    """Balances after each customer's credits are set against its oldest items, within entity and currency."""
    arrays = ledger.arrays
    date = arrays.due_date if settings.aging_basis == "due date" else arrays.document_date
    return net_of_credits(accounts(ledger), date, balance)


def aging_json(aging: Aging) -> dict[str, Any]:
    """The aging as plain data: amounts in major units that print right, null where a rate is missing.

    Keys: as_of, currency, total, items, buckets {label: amount}, groups [{key, name, total, buckets}],
    by_currency [the same per currency], warnings, findings and set_aside as in the check. The top level is in
    the base currency, summed before it is rounded.
    """
    counts = aging.counts
    own = [
        _json_table(aging, name, aging.amounts[place], counts[place], aging.digits[place])
        for place, name in enumerate(aging.currencies)
    ]
    base = aging.base_currency
    top = _json_table(aging, base, aging.converted_minor, counts.sum(axis=0), minor_digits(base))
    said = said_json(aging.ledger, aging.said)
    return {"as_of": iso(aging.as_of), **top, "by_currency": own, "warnings": list(aging.warnings), **said}


def _json_table(
    aging: Aging, currency: str, cells: NDArray[Any] | None, counts: NDArray[np.int64], digits: int
) -> dict[str, Any]:
    def figures(row: NDArray[Any] | None) -> dict[str, Any]:
        if row is None:
            return {"total": None, "buckets": dict.fromkeys(aging.labels)}
        amounts = [to_major(round(value), digits) for value in row.tolist()]
        total = to_major(round(row.sum().item()), digits)
        return {"total": total, "buckets": dict(zip(aging.labels, amounts, strict=True))}

    groups = [
        {"key": aging.keys[place], **figures(None if cells is None else cells[place])}
        for place in np.flatnonzero(counts).tolist()
    ]
    overall = figures(None if cells is None else cells.sum(axis=0))
    return {"currency": currency, "total": overall["total"], "items": int(counts.sum()), **overall, "groups": groups}
