"""Which column of a list of receipts is what: by the words of its headings, and by the items it reduces."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import words
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.evidence.columns import DIGITS, columns
from xlwings_addin.ledger.evidence.roles import CODE, DATE, MONEY, TEXT, WORD, Role
from xlwings_addin.ledger.formats import canonical
from xlwings_addin.ledger.formats.declaration import Match
from xlwings_addin.ledger.mapping import NONE, unique
from xlwings_addin.ledger.money import in_any_currency, minor_digits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.formats.declaration import Format

NEEDED = (
    Role(
        "document_no",
        CODE,
        ("document number", "applied number", "document reference", "document", "applied", "reference", "number"),
        beside="document number reference sales customer applied",
    ),
    Role(
        "date",
        DATE,
        ("date paid", "date clearing", "date posting", "paid", "clearing", "date", "posting"),
        beside="document bank actual baseline entered",
    ),
    Role(
        "amount",
        MONEY,
        ("amount paid", "amount applied", "paid", "applied", "amount", "total", "amount clearing", "bank amount"),
        beside="amount total currency foreign document paid customer",
    ),
)
BESIDE = (
    Role("customer_id", CODE, ("customer number", "customer account", "account number", "customer", "account")),
    Role("entity", TEXT, ("entity", "entity number", "company", "company number")),
    Role("instalment", CODE, ("instalment number", "instalment"), beside="document"),
    Role("fiscal_year", CODE, ("year",), beside="document posting"),
    Role("kind", WORD, ("paid kind", "kind", "document kind", "posting kind", "method"), beside="paid document"),
)
REDUCTIONS = (
    Role("discount", MONEY, ("discount",), beside="amount applied paid total"),
    Role("tax_withheld", MONEY, ("tax withheld", "withheld"), beside="amount tax total"),
    Role("bank_charges", MONEY, ("bank charge", "charge"), beside="amount bank paid total"),
    Role("write_off", MONEY, ("writeoff",), beside="amount total"),
    Role("credited", MONEY, ("credited",), beside="amount applied total"),
)
"""What else a row may say that reduces its document."""


class Items:
    """The items that receipts reduce, looked at where headings alone do not say enough."""

    def __init__(self, tables: Sequence[pd.DataFrame], base_currency: str) -> None:
        self._tables, self._base_currency = tables, base_currency
        self._values: dict[str, set[str]] = {}

    def holds(self, key: str, column: Column) -> int:
        """How many different values of a column are values of the items, leading zeros apart."""
        if key not in self._values:
            of = {"document_no": ("document_no", "document_id"), "date": (), "amount": ()}.get(key, (key,))
            texts = (text for rows in self._tables for one in of if one in rows for text in rows[one].unique().tolist())
            self._values[key] = {text.lstrip("0") for text in texts if text}
        return len({text.lstrip("0") for text in column.different_words} & self._values[key])

    @cached_property
    def faces(self) -> Mapping[str, int]:
        """What documents amount to, in the unit in which amounts are compared."""
        faces: dict[str, int] = {}
        for rows in self._tables:
            unit = rows["currency"].map(lambda name: 10 ** (DIGITS - minor_digits(name or self._base_currency)))
            for number, amount in zip(rows["document_no"], (rows["amount"] * unit).tolist(), strict=True):
                faces[number.lstrip("0")] = faces.get(number.lstrip("0"), 0) + int(amount)
        return faces


def read(table: RawTable, layout: Format, pinned: Mapping[str, int | None], items: Items) -> Match:
    """The columns of a list of receipts. `pinned` are those that were answered, None where none has the role.

    Raises QuestionError where as much speaks for several, or where nothing says whether a further amount of a row
    reduces its document as well.
    """
    found = {key: place for key, place in pinned.items() if place is not None}
    every = columns(table)
    exact = {} if pinned else canonical.RECEIPTS.match(table.headers).places
    for role in (*NEEDED, *BESIDE):
        if role.key in pinned:
            continue
        own = exact.get(role.key)
        able = _able(role, [one for one in every if one.place not in found.values()], own)
        if len(able) > 1 or (role in BESIDE and own is None):
            able = _by_items(table, role, able, items)
        if able:
            found[role.key] = able[0][1].place
    missing = tuple(role.key for role in NEEDED if role.key not in found)
    if not missing:
        _take_reductions(table, every, pinned, found, items)
    extras = tuple(
        header for place, header in enumerate(table.headers) if place not in found.values() and header.strip()
    )
    whole = canonical.RECEIPTS.match(table.headers).complete and not pinned
    return Match(layout if whole else replace(layout, guessed=True), found, missing, extras, (), len(found))


def _able(role: Role, free: list[Column], own: int | None) -> list[tuple[int, Column]]:
    """The columns whose headings name a role, with how plainly; `own` is the one under our own heading."""
    ranked = [(0, one) if one.place == own else (one.rank(role), one) for one in free]
    return [(rank + (one.place != own), one) for rank, one in ranked if rank is not None]


def _by_items(table: RawTable, role: Role, able: list[tuple[int, Column]], items: Items) -> list[tuple[int, Column]]:
    """The columns that may have a role, first the one that holds most of what the items do."""
    counted = [(-items.holds(role.key, one), rank, one) for rank, one in able]
    counted.sort(key=lambda one: one[:2])
    best = [(rank, one) for count, rank, one in counted if (count, rank) == counted[0][:2]]
    if role in NEEDED:
        if len(best) > 1:
            raise _which(table, role.key, [one for _, one in best])
        return best
    if role.key == "kind":
        return [one for one in best if "kind" in one[1].words.concepts or one[1].says(words.receipt_of)]
    # What tells documents apart must be known of the items, too.
    return best if counted and counted[0][0] else []


def _which(table: RawTable, key: str, rivals: list[Column]) -> QuestionError:
    named = [unique(one.place, table.headers) for one in rivals]
    return QuestionError(
        f"{table.place}: {' or '.join(map(repr, named))} may be the {key.removesuffix('_no')} of the receipts, and"
        " nothing says which.",
        Answer(
            "column",
            choices=tuple(f"receipts.{key}={name}" for name in named),
            gives=tuple(f"receipts of {in_any_currency(one.amount.sum(), DIGITS)}" for one in rivals)
            if key == "amount"
            else (),
            files=(table.file,),
        ),
    )


def _take_reductions(
    table: RawTable, every: tuple[Column, ...], pinned: Mapping[str, int | None], found: dict[str, int], items: Items
) -> None:
    """Read what reduces a document beside the amount that was received, where documents come out even only so."""
    documents = every[found["document_no"]].text.to_pylist()
    received = every[found["amount"]].amount
    for role in REDUCTIONS:
        if role.key in found:
            received = received + _like(every[found[role.key]].amount, received)
    able = _further(every, {*pinned}, {*found.values()})
    if not able:
        return
    concerned = np.logical_or.reduce([column.amount != 0 for column in able.values()])
    totals = {
        some: received + sum((_like(able[key].amount, received) for key in some), np.zeros_like(received))
        for size in range(len(able) + 1)
        for some in combinations(able, size)
    }
    settled = {some: _settled(documents, amounts, concerned, items) for some, amounts in totals.items()}
    best = [some for some, count in settled.items() if count and count == max(settled.values())]
    if len(best) == 1:
        found.update({key: able[key].place for key in best[0]})
        return
    key, column = next(iter(able.items()))
    name = unique(column.place, table.headers)
    raise QuestionError(
        f"{table.place}: nothing says whether '{name}' reduces the documents beside"
        f" '{table.headers[found['amount']].strip()}', or is within it.",
        Answer(
            "column",
            choices=(f"receipts.{key}={name}", f"receipts.{key}={NONE}"),
            gives=tuple(f"receipts of {in_any_currency(totals[some].sum(), DIGITS)}" for some in ((key,), ())),
            files=(table.file,),
        ),
    )


def _further(every: tuple[Column, ...], pinned: set[str], taken: set[int]) -> dict[str, Column]:
    """Columns that may reduce a document beside what was received, by the role of each."""
    able: dict[str, Column] = {}
    for role in REDUCTIONS:
        named = [one for one in every if one.place not in taken and one.rank(role) is not None and one.amount.any()]
        if named and role.key not in pinned:
            able[role.key] = named[0]
            taken = {*taken, named[0].place}
    return able


def _like(amounts: NDArray[np.int64], received: NDArray[np.int64]) -> NDArray[np.int64]:
    """Amounts with the sign of what was received beside them."""
    return np.abs(amounts) * np.where(received < 0, -1, 1)


def _settled(
    documents: list[str | None], amounts: NDArray[np.int64], concerned: NDArray[np.bool_], items: Items
) -> int:
    """How many of the documents that are concerned some amounts settle to the cent."""
    paid: dict[str, int] = {}
    for text, own in zip(documents, amounts.tolist(), strict=True):
        paid[text or ""] = paid.get(text or "", 0) + own
    said = {text for text, own in zip(documents, concerned.tolist(), strict=True) if own and text}
    return sum(items.faces.get(text.lstrip("0")) == paid[text] for text in said)
