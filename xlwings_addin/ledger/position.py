"""What was open on a day: later documents and later receipts rolled back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from xlwings_addin.ledger.days import AsOf, day_number, iso
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.findings import AS_OF_BEFORE_EXPORT, AS_OF_BEFORE_THE_LISTS, AS_OF_LONG_AFTER, Finding
from xlwings_addin.ledger.fixed import Fixed
from xlwings_addin.ledger.values import NO_DATE, Days, Minor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Ledger

Basis = Literal["due date", "document date"]

DAYS_IN_MONTH = 30
A_YEAR = 365
BUSY_DAYS = 10
"""Days with documents in its last year from which a ledger is busy, so that a year of silence after it is odd."""
MOST_MONTHS = 600
"""Fifty years: a ledger that spans more holds a date that was mistyped."""
UNDATED = np.int32(np.iinfo(np.int32).min)
"""Days past due of an item without a date: before everything, so never overdue."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenItems(Fixed):
    """The items open on `as_of` (a day number), in ledger order; the arrays share one length."""

    as_of: int
    rows: NDArray[np.intp]
    """Row numbers in `ledger.items`."""
    amount: Minor
    """Open amount in minor units of the item's currency, never 0."""
    days_past_due: Days
    """Positive is overdue, 0 due today, `UNDATED` without a date."""
    findings: tuple[Finding, ...]


def open_at(ledger: Ledger, as_of: AsOf, *, basis: Basis = "due date", force: bool = False) -> OpenItems:
    """Items with a document date up to `as_of`, less receipts up to `as_of`; what comes out at zero is left out.

    Raises LedgerError when no item is that old, and, for a list of open items without receipts,
    when `as_of` lies before its latest document: what was paid since is not in such a list.
    `force=True` answers the latter anyway, with a warning finding.
    """
    day = day_number(as_of)
    findings = check_as_of(ledger, day, force=force)
    balance = ledger.arrays.balances(day)
    rows = np.flatnonzero(balance)
    arrays = ledger.arrays
    date = (arrays.due_date if by_due_date(ledger, basis) else arrays.document_date)[rows]
    late = np.where(date == NO_DATE, UNDATED, np.int32(day) - np.where(date == NO_DATE, 0, date)).astype(np.int32)
    return OpenItems(day, rows, balance[rows], late, findings)


def by_due_date(ledger: Ledger, basis: Basis) -> bool:
    """Whether items age by their due dates; what a list of balances says of their age is all there is."""
    return basis == "due date" or ledger.balances is not None


def known_from(ledger: Ledger) -> int:
    """First day whose balances the ledger knows: its first document's, or that of the first list it is made of."""
    first = ledger.arrays.first_day
    return first if ledger.known_from is None else max(first, ledger.known_from)


def ask(ledger: Ledger) -> None:
    """Raise QuestionError for what was found in a ledger that must be answered before there are figures."""
    for finding in ledger.findings:
        if finding.asks:
            raise QuestionError(finding.message, *finding.answers)


def doubt(ledger: Ledger, day: int) -> str:
    """Say why a day is hardly meant: a year or more after all that happened in a busy ledger; "" where it may be.

    A ledger with documents on few days of its last year is quiet, and may be aged on any later day.
    """
    arrays = ledger.arrays
    dated = arrays.document_date[arrays.document_date <= day]
    if not dated.size or ledger.balances is not None:
        return ""
    paid = arrays.receipt_date[arrays.receipt_date <= day]
    last = int(max(dated.max(), paid.max(initial=dated.min())))
    busy = np.unique(dated[dated > dated.max() - A_YEAR]).size
    if day - last < A_YEAR or busy < BUSY_DAYS:
        return ""
    years = (day - last) // A_YEAR
    return (
        f"The as-of date {iso(day)} lies {years:,} {'years' if years > 1 else 'year'} after the newest document or"
        f" receipt, of {iso(last)}, and the year before that has documents on {busy:,} days: please check its year"
    )


def sure(ledger: Ledger, day: int, remedy: str, *, force: bool = False) -> None:
    """Raise LedgerError, with the remedy, for a day that is hardly meant, unless it is confirmed."""
    if not force and (found := doubt(ledger, day)):
        raise LedgerError(f"{found}; {remedy}.")


def first_day(ledger: Ledger) -> int:
    """First day of which the ledger knows anything, sales that were typed included."""
    first = ledger.arrays.first_day
    typed = not ledger.has_history and len(ledger.sales)
    return min(first, int(ledger.sales["month"].min())) if typed else first


def check_as_of(ledger: Ledger, day: int, *, force: bool = False) -> tuple[Finding, ...]:
    """Refuse a day this ledger cannot answer for (LedgerError), any while it asks something (QuestionError).

    A forced answer carries a warning.
    """
    ask(ledger)
    arrays = ledger.arrays
    if arrays.document_date.size == 0:
        raise LedgerError("The ledger holds no items: there is nothing to age.")
    if ledger.balances is not None and day != ledger.balances.day:
        shown = iso(ledger.balances.day)
        raise LedgerError(
            f"The balances are those of {shown} and do not age: choose {shown}, or read a list of documents or the"
            f" balances of {iso(day)}."
        )
    if day < arrays.first_day:
        raise LedgerError(
            f"The as-of date {iso(day)} lies before all items: the first document is dated {iso(arrays.first_day)};"
            " choose a later date."
        )
    since = first_day(ledger)
    span = (day - since) // DAYS_IN_MONTH
    if span > MOST_MONTHS:
        raise LedgerError(
            f"The ledger would span {span:,} months, from {iso(since)} to {iso(day)}: one of the two is no real date;"
            " correct the first document's date, or choose another as-of date."
        )
    first = known_from(ledger)
    if day < first:
        reason = f"the first list of open items is of {iso(first)}, and what was settled before is in none of them"
        if not force:
            raise LedgerError(f"Cannot go back to {iso(day)}: {reason}; choose a date from {iso(first)} on.")
        return (AS_OF_BEFORE_THE_LISTS.found(day=iso(day), reason=reason),)
    if not ledger.has_history and day < arrays.last_day:
        reason = (
            f"the file lists only what is open today, its latest document is dated {iso(arrays.last_day)},"
            f" and what was paid after {iso(day)} is not in it"
        )
        if not force:
            raise LedgerError(
                f"Cannot go back to {iso(day)}: {reason}; add the receipts, or choose a date from"
                f" {iso(arrays.last_day)} on."
            )
        return (AS_OF_BEFORE_EXPORT.found(day=iso(day), reason=reason),)
    dated = int(ledger.items["document_date"].min()) < NO_DATE
    if dated and day - arrays.last_day >= A_YEAR:
        return (AS_OF_LONG_AFTER.found(day=iso(day), last=iso(arrays.last_day)),)
    return ()
