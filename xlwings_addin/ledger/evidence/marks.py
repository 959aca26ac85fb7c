"""What marks documents as paid under a heading that does not say so: asked, as without it they all count as open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlwings_addin.ledger import words
from xlwings_addin.ledger.evidence.asking import total_of
from xlwings_addin.ledger.evidence.draft import Choice
from xlwings_addin.ledger.mapping import NONE, unique

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft

_TOLD = frozenset(
    {"open_amount", "paid_amount", "credited_amount", "running_balance", "debit", "settled_date", "status", "matching"}
)
"""Roles of columns that say what is open, or paid."""
_OF_PAYMENT = frozenset({"paid", "method", "bank", "clearing"})
_OF_ACCOUNTS = re.compile(r"(?i)\b(iban|bic|swift|details|account)\b|konto|compte|cuenta|conta\b|conto\b")
"""Headings of the customer's bank, which says nothing of a document."""
_BEGINNING = 6
"""Words of a text that are more than any phrase for a status has."""
_RECEIPT = re.compile(r"(?i)\breceipt\b")


def ask_for_marks(found: Draft) -> None:
    """Leave open whether marks, or what only some rows have of a payment, say that a document is paid.

    Only in a list of documents in which no other column says what is open or paid, and of columns whose heading says
    nothing or speaks of payments. Rows that are owed must have one: payments themselves may have a method.
    """
    free = [one for one in found.free() if one.count]
    if not _counts_in_full(found) or any(_is_told(one) for one in free):
        return
    amount = found.columns[found.places["amount"]].amount
    owed = [one for one in free if (amount[one.filled] > 0).any()]
    days = [one for one in owed if one.dated and _of_some(one)]
    marks = [one for one in owed if not one.dated and (_marks(one) or _of_some(one) or _says_paid(one))]
    if days and "settled_date" not in found.pinned:
        _ask(found, "settled_date", days)
    elif marks:
        _ask(found, "status", sorted(marks, key=lambda one: not _marks(one)))


def _counts_in_full(found: Draft) -> bool:
    """Whether nothing says what is open, nobody was asked, and nothing else is."""
    told = bool(_TOLD & found.places.keys()) or "status" in found.pinned
    return "amount" in found.places and not told and not found.open_points


def _ask(found: Draft, key: str, columns: Iterable[Column]) -> None:
    amount = found.columns[found.places["amount"]].amount
    choices = [Choice(key, unique(one.place, found.headings), total_of(amount[~one.filled])) for one in columns]
    found.open_points.append((*choices, Choice(key, NONE, total_of(amount))))


def _is_told(column: Column) -> bool:
    """Whether a heading says what its marks, shares or amounts mean: paid or open."""
    if column.paid_share is not None:
        return True
    status = words.status_of(column.heading)
    return (status == "paid" and not column.dated) or (status == "open" and "open" in column.words.concepts)


def _of_payment(column: Column) -> bool:
    return (column.speaks_of(_OF_PAYMENT) and not _OF_ACCOUNTS.search(column.heading)) or bool(
        _RECEIPT.search(column.heading)
    )


def _marks(column: Column) -> bool:
    """Whether a column holds yes or no, or signs, and not the same in all rows, under a heading that says nothing."""
    if column.meanings or words.status_of(column.heading) or words.kind_of(column.heading):
        return False
    different = column.different_words
    several = len(different) + (column.count < column.filled.size) == 2
    return several and all(words.flag_of(one) or not re.search(r"\w", one) for one in different)


def _of_some(column: Column) -> bool:
    """Whether only some rows have what a payment has: a method, a reference, the number of a cheque or receipt."""
    return column.count < column.filled.size and _of_payment(column)


def _says_paid(column: Column) -> bool:
    """Whether some cells of a text, and not all, begin with a word for paid."""
    if column.numeric:
        return False
    # Many texts differ in their numbers alone, or further on.
    beginnings = {
        " ".join(re.sub(r"\d+", "0", one).split(maxsplit=_BEGINNING)[:_BEGINNING]) for one in column.different_words
    }
    said = list(map(words.begins_paid, beginnings))
    return any(said) and (not all(said) or column.count < column.filled.size)
