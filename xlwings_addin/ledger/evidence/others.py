"""Everything but days and money: what headings, or the words in the cells, say a column is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger import words
from xlwings_addin.ledger.derive import terms_days
from xlwings_addin.ledger.evidence.roles import OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft
    from xlwings_addin.ledger.evidence.roles import Role

VALUES: Mapping[str, Callable[[str], object]] = {
    "status": words.status_of,
    "kind": words.kind_of,
    # A letter alone is a mark of something else, unless a heading says so.
    "currency": lambda text: (
        (len(text) > 1 or not text.isascii() or text == "$")
        and words.is_written_as_currency(text)
        and words.currency_of(text)
    ),
    "terms": lambda text: terms_days(text) is not None,
    "sign": lambda text: bool(words.sides_of([text])) if len(text) > 1 else text.upper() in "SHDC+-",
}
"""Roles that words in cells give, whatever stands above them."""
AGAIN = {"status": ("status_2", "status_3")}
"""Roles that several columns may have."""


def others(found: Draft) -> None:
    """Everything but dates and money: words and shape say which column it is, or the words in its cells."""
    named = any("name" in meaning for column in found.free() for meaning in column.meanings)
    for role in OTHERS:
        keys = [key for key in (role.key, *AGAIN.get(role.key, ())) if key not in {*found.places, *found.pinned}]
        if not keys or found.pinned.get(role.key, 0) is None:
            continue
        ranked = [column for column, _ in _by_words(role, found, named)] or _by_cells(role, found)
        for key, column in zip(keys, ranked, strict=False):
            found.places[key] = column.place


_UNLESS: Mapping[str, Callable[[Column], bool]] = {
    # Paid and open may be amounts, or words of other things; numbers are codes of a status only where it says so.
    "status": lambda one: (
        ("status" in one.words.concepts or one.says(words.status_of)) and (one.whole or not one.numeric)
    ),
    "document_no": lambda one: not one.counter or "document" in one.words.concepts,
    # Yes and no under Cleared are a status.
    "matching": lambda one: not all(map(words.flag_of, one.different_words)),
}
"""Roles that a heading gives unless cells deny it: what they must be."""


def _by_words(role: Role, found: Draft, named: bool) -> list[tuple[Column, int]]:
    """The columns whose headings say a role, and whose cells do not deny it."""
    ranked = [(column, rank) for column, rank in found.named(role) if column.count]
    if role.key != "contact_email":
        ranked = [one for one in ranked if not one[0].of_emails]
    if role.key == "customer_id":
        # A heading that only says customer is that of a name, unless its cells are codes.
        ranked = [one for one in ranked if one[0].code_like or named or "number" in one[0].words.concepts]
    if role.key in ("customer_id", "customer_name"):
        ranked = _of_customers_first(ranked, found)
    if role.key == "document_no":
        # What few rows have, the number of a receipt for one, is not the number of each.
        ranked = [one for one in ranked if 2 * one[0].count > max(other.count for other, _ in ranked)]
    allowed = _UNLESS.get(role.key)
    return ranked if allowed is None else [one for one in ranked if allowed(one[0])]


def _by_cells(role: Role, found: Draft) -> list[Column]:
    """The columns whose cells alone say a role."""
    if role.key in VALUES:
        # What an amount is called may stand above its currency: "Val." is value and valuta.
        unclear = [one for one in found.free() if not one.understood or (role.key == "currency" and one.of_money)]
        if role.key == "terms":
            # Days may stand under a heading that speaks of when something is due.
            unclear += [one for one in found.free() if one not in unclear and one.words.concepts == ("due",)]
        return [one for one in unclear if one.says(VALUES[role.key])]
    if role.key == "contact_email":
        return [one for one in found.free() if one.of_emails]
    if role.key == "ledger":
        return [
            one
            for one in found.free()
            if one.says(words.books_of) and "payable" in map(words.books_of, one.different_words)
        ]
    return []


def _of_customers_first(ranked: list[tuple[Column, int]], found: Draft) -> list[tuple[Column, int]]:
    """Without columns of accounts where others speak of customers, or where there is but one account.

    An account of its own for each name of a customer is that customer's.
    """
    customers = [one for one in found.columns if any("customer" in meaning for meaning in one.meanings)]
    accounts = [one for one in ranked if not any("customer" in meaning for meaning in one[0].meanings)]
    names = [] if any(one.code_like for one in customers) else customers
    idle = [
        one
        for one in accounts
        if not any(one[0].pairs_with(name) for name in names)
        and (customers or (one[0].different < 2 and one[0].count > 2))
    ]
    return [one for one in ranked if one not in idle]
