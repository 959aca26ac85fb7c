"""What marks credits beside amounts of which none is negative: a side or a kind by its words, else asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger import words
from xlwings_addin.ledger.evidence.asking import total_of
from xlwings_addin.ledger.evidence.columns import FEW
from xlwings_addin.ledger.evidence.draft import Choice
from xlwings_addin.ledger.mapping import NONE, unique
from xlwings_addin.ledger.values import CREDIT_NOTE, PAYMENT

if TYPE_CHECKING:
    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft

_TOLD = frozenset({"kind", "sign", "debit", "credit", "running_balance"})
"""Roles of columns that say which amounts are credits."""
_OF_ANYTHING = frozenset({"flag", "number", "kind", "document", "posting"})
"""Concepts of headings that say of a mark only that it is one."""
_LONGEST = 3


def credits_by_mark(found: Draft) -> None:
    """Take the column that marks credits, whatever stands above it, where no amount is negative; ask where it may be.

    Its cells say kinds, or sides; two codes that say nothing are asked about under a heading that says no more.
    """
    figures = [found.columns[found.places[key]].amount for key in ("amount", "open_amount") if key in found.places]
    if not figures or any((one < 0).any() for one in figures) or _TOLD & {*found.places, *found.pinned}:
        return
    marks = [one for one in found.free() if _may_mark(one)]
    for column in marks:
        different = column.different_words
        if {*map(words.kind_of, different)} & {CREDIT_NOTE, PAYMENT} and all(map(words.kind_of, different)):
            found.places["kind"] = column.place
            return
        if {*words.sides_of(different).values()} == {"debit", "credit"}:
            found.places["sign"] = column.place
            return
    codes = [one for one in marks if one.different == 2 and all(len(text) <= _LONGEST for text in one.different_words)]
    if codes and not found.open_points:
        total = total_of(figures[-1])
        choices = [Choice("kind", unique(one.place, found.headings), total) for one in codes]
        found.open_points.append((*choices, Choice("kind", NONE, total)))


def _may_mark(column: Column) -> bool:
    """Whether each row has one of a few words, other than yes or no, under a heading that says no more than a mark."""
    different = column.different_words
    if (
        column.count < column.filled.size
        or not 1 < len(different) <= min(FEW, column.count - 1)
        or all(map(words.flag_of, different))
    ):
        return False
    generic = bool(column.meanings) and not column.words.unknown and {*column.words.concepts} <= _OF_ANYTHING
    # "B/A" above B and A.
    return generic or {part.strip() for part in column.heading.split("/")} == {*different}
