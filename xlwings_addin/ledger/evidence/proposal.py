"""The reading of a table that no format knows: which column has which role, what proves it, and what is left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import bucket_headings
from xlwings_addin.ledger.evidence.balances import ages_without_days, ask_of_months, balances
from xlwings_addin.ledger.evidence.columns import columns_with_rows
from xlwings_addin.ledger.evidence.credit_marks import credits_by_mark
from xlwings_addin.ledger.evidence.draft import Draft, Proposal
from xlwings_addin.ledger.evidence.due_days import days
from xlwings_addin.ledger.evidence.figures import figures
from xlwings_addin.ledger.evidence.marks import ask_for_marks
from xlwings_addin.ledger.evidence.others import others
from xlwings_addin.ledger.evidence.own_currency import currency_of_the_figure
from xlwings_addin.ledger.evidence.payment_days import settled
from xlwings_addin.ledger.evidence.shapes import guessed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.ledger.bucket_headings import BucketColumn
    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.files import RawTable


def propose(
    table: RawTable,
    pinned: Mapping[str, int | None] | None = None,
    *,
    ages: tuple[BucketColumn, ...] = (),
    spent: frozenset[int] = frozenset(),
    by_months: bool = False,
    by_shape: bool = False,
    receipts_given: bool = False,
) -> Proposal:
    """Read a table. `pinned` are roles whose column was answered, None where no column has it; `ages` are buckets,
    `spent` columns that have no role of their own; `by_months`: they are months. With `receipts_given` these say what
    is paid.

    `by_shape`: roles that no heading gives go to columns whose values could have them: a guess to be corrected.
    """
    found, aged = _begun(table, pinned or {}, ages, spent)
    as_of = days(found)
    found.narrow()
    found.spent |= frozenset() if aged else _unclear_ages(found.columns)
    others(found)
    figures(found)
    currency_of_the_figure(found)
    credits_by_mark(found)
    settled(found)
    if by_months:
        ask_of_months(found)
    if by_shape:
        found.places = {key: place for key, place in found.places.items() if key not in found.unsaid}
    owed, parts = balances(found, aged, table)
    if not owed and not parts and not receipts_given:
        ask_for_marks(found)
    more = guessed(found.free(), found.places) if by_shape and not owed else {}
    return Proposal(
        owed or {**found.places, **more},
        found.proof,
        aged if owed else (),
        as_of,
        tuple(found.open_points),
        balances=bool(owed),
        guessed=frozenset(more),
        spent=found.spent | {*parts},
        undated=ages_without_days(found, owed) if owed and not aged else (),
        parts=parts,
    )


def _begun(
    table: RawTable, pinned: Mapping[str, int | None], ages: tuple[BucketColumn, ...], spent: frozenset[int]
) -> tuple[Draft, tuple[BucketColumn, ...]]:
    """What is known before anything is looked for: what was answered, and the columns of ages."""
    read, rows = columns_with_rows(table)
    aged = ages or bucket_headings.buckets(table.headers) or ()
    aged = aged if ages or all(read[one.place].mostly_numbers for one in aged) else ()
    spent |= _overdue_in_all(read, aged)
    found = Draft(table.headers, read, rows, pinned, frozenset(one.place for one in aged), spent)
    found.places.update({key: place for key, place in pinned.items() if place is not None})
    return found, tuple(aged)


def _overdue_in_all(read: tuple[Column, ...], aged: Sequence[BucketColumn]) -> frozenset[int]:
    """Columns of what is overdue in all, beside the ages that it is the sum of."""
    late = [read[one.place].amount for one in aged if one.bucket.first is not None]
    if not late:
        return frozenset()
    added = np.sum(late, axis=0)
    rest = [one for one in read if one.place not in {own.place for own in aged} and one.speaks_of(_LATE)]
    return frozenset(one.place for one in rest if one.numeric and added.any() and (one.amount == added).all())


def _unclear_ages(read: tuple[Column, ...]) -> frozenset[int]:
    """Columns of ages whose edges nothing says, beside the one that they add up to."""
    said = [one for one in read if bucket_headings.bucket(one.heading) is not None and one.mostly_numbers]
    added = sum((one.amount for one in said), np.zeros_like(read[0].amount) if read else 0)
    rest = [one for one in read if one not in said and one.numeric and (one.amount == added).all()]
    return frozenset(one.place for one in said) if len(said) > 2 and rest else frozenset()


_LATE = frozenset({"overdue"})
