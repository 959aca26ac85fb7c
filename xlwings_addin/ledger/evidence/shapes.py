"""What columns might be by their values where no heading says it: a guess to be corrected, never taken unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlwings_addin.ledger.evidence.columns import Column

_ROLES: tuple[tuple[str, tuple[str, ...], Callable[[Column], int]], ...] = (
    ("amount", ("amount", "open_amount", "debit", "quantity"), lambda one: 2 * one.with_decimals or one.numeric),
    ("document_no", ("document_no",), lambda one: one.different * (one.code_like and not one.with_decimals)),
    ("customer_name", ("customer_id", "customer_name"), lambda one: (2 - one.code_like) * (not one.numeric)),
)
"""A role, those that stand for it as well, and how well the values of a column fit it; 0 where they do not."""


def guessed(free: Sequence[Column], places: Mapping[str, int]) -> dict[str, int]:
    """The columns that might have the roles an item lacks, of those that are left."""
    rest = [column for column in free if column.count]
    found = {} if "document_date" in places else _days(rest, due="due_date" not in places)
    for key, instead, fits in _ROLES:
        left = [one for one in rest if one.place not in found.values() and not one.dated]
        if places.keys().isdisjoint(instead):
            # The best of them; of equals the first.
            best = sorted((one for one in left if fits(one) > 0), key=fits, reverse=True)
            found |= _first(key, best)
    return found


def _days(columns: Sequence[Column], *, due: bool) -> dict[str, int]:
    """Of two columns of days the earlier is the document's."""
    dated = [column for column in columns if column.dated]
    if len(dated) < 2 or not due:
        return _first("document_date", dated)
    earlier, later = sorted(dated[:2], key=lambda one: float(np.median(one.days.dmy)))
    return {"document_date": earlier.place, "due_date": later.place}


def _first(key: str, columns: Sequence[Column]) -> dict[str, int]:
    return {key: columns[0].place} if columns else {}
