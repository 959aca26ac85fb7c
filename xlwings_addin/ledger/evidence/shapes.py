"""What columns might be by their values where no heading says it: a guess to be corrected, never taken unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.ledger.evidence.columns import Column

_FIGURES = ("amount", "open_amount", "debit", "net_amount", "quantity")
_CUSTOMERS = ("customer_id", "customer_name")


def guessed(free: Sequence[Column], places: Mapping[str, int]) -> dict[str, int]:
    """The columns that might have the roles an item lacks, of those that are left."""
    rest = [column for column in free if column.count]
    found = {} if "document_date" in places else _days(rest, due="due_date" not in places)
    of_documents = bool({**found, **places}.keys() & {"document_date", "due_date", "days_overdue", "age_days"})
    rest = [column for column in rest if not column.dated]
    if places.keys().isdisjoint(_FIGURES):
        found |= _figure(rest, of_documents=of_documents)
    rest = [column for column in rest if not column.with_decimals and column.place not in found.values()]
    if "document_no" not in places and of_documents:
        found |= _numbers(rest)
    if places.keys().isdisjoint(_CUSTOMERS):
        found |= _names([one for one in rest if one.place not in found.values()])
    return found


def _figure(rest: Sequence[Column], *, of_documents: bool) -> dict[str, int]:
    """The first column of money of documents; of others the total of their ages, or the last."""
    figures = [one for one in rest if one.with_decimals] or [one for one in rest if one.numeric]
    return _first("amount", figures) if of_documents else _first("open_amount", _totals(rest) or figures[-1:])


def _numbers(rest: Sequence[Column]) -> dict[str, int]:
    """The column of codes that differs most."""
    codes = [one for one in rest if one.code_like]
    return _first("document_no", sorted(codes, key=lambda one: -one.different))


def _names(rest: Sequence[Column]) -> dict[str, int]:
    """The column that differs most and holds the fewest codes."""
    names = [one for one in rest if not one.numeric and one.different > 1]
    return _first("customer_name", sorted(names, key=lambda one: (one.code_like, one.with_digits, -one.different)))


def _totals(columns: Sequence[Column]) -> list[Column]:
    """The last column, if it is the sum of those of numbers that stand next to it on its left: ages of a balance."""
    figures = [one for one in columns if one.numeric]
    for total in reversed(figures):
        beside = [one for one in figures if one.place < total.place]
        for first in range(len(beside) - 1):
            if (total.amount == sum(one.amount for one in beside[first:])).all() and (total.amount != 0).any():
                return [total]
    return []


def _days(columns: Sequence[Column], *, due: bool) -> dict[str, int]:
    """Of two columns of days the earlier is the document's."""
    dated = [column for column in columns if column.dated]
    if len(dated) < 2 or not due:
        return _first("document_date", dated)
    earlier, later = sorted(dated[:2], key=lambda one: float(np.median(one.days.dmy)))
    return {"document_date": earlier.place, "due_date": later.place}


def _first(key: str, columns: Sequence[Column]) -> dict[str, int]:
    return {key: columns[0].place} if columns else {}
