"""Columns of money whose headings say nothing, and the roles they may have by their sums."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.evidence import identities
from xlwings_addin.ledger.evidence.draft import RIVALS
from xlwings_addin.ledger.evidence.roles import MONEY, UNAPPLIED
from xlwings_addin.ledger.evidence.search import UNSAID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft, Options

_LEFT, _TAKEN = (
    frozenset({"open", "balance", "due", "overdue"}),
    frozenset({"paid", "credited", "writeoff", "discount"}),
)
_SPEAKS_FOR = {"open_amount": _TAKEN, "paid_amount": _LEFT, "credited_amount": _LEFT}
"""Concepts of a heading by which a part of an amount is another part than this."""


def add_unsaid(found: Draft, options: Options) -> None:
    """Columns of money whose headings say nothing may be what is open or paid, where nothing else is."""
    free = [one for one in found.free() if one.numeric and not _is_told(one) and not one.otherwise(MONEY)]
    free = [one for one in free if one.rank(UNAPPLIED) is None]
    ties = _ties(found.numbers()) if free else []
    unsaid = _unsaid(free, {one.place for tie in ties for one in tie}, options)
    wholes = [whole for whole, *_ in ties]
    if "amount" not in found.pinned and not options["debit"]:
        _add(options, "amount", _amounts(options, unsaid, wholes))
    for key, other in (("net_amount", "tax_amount"), ("tax_amount", "net_amount")):
        if any(column.understood for column, _ in options[other]):
            # What adds up to the amount beside one that is named is the other, whatever it is called.
            _add(options, key, [one for one in unsaid if not one.speaks_of(_LEFT | _TAKEN)])
    if not options["open_amount"]:
        _add_parts(found, options, unsaid, wholes)


def _unsaid(free: list[Column], tied: set[int], options: Options) -> list[Column]:
    """Numbers that may be money: with cents, in a sum with others, or beside money without cents or without a name."""
    unsaid = [one for one in free if one.with_decimals or one.place in tied]
    named = [one for one, rank in options["amount"] if rank < UNSAID]
    if (unsaid or named) and not any(one.with_decimals for one in named):
        unsaid += [one for one in free if one not in unsaid and not one.understood and not one.counter]
    return unsaid


def _add(options: Options, key: str, columns: Sequence[Column]) -> None:
    options[key] = [*options[key], *((one, UNSAID) for one in columns)][: 2 * RIVALS]


def _is_told(column: Column) -> bool:
    return column.understood and column.of_money


def _amounts(options: Options, unsaid: list[Column], wholes: list[Column]) -> list[Column]:
    """Columns that may be the amount: where none is named, or one is that others exceed, it may be any.

    They are rivals, or what a balance runs by.
    """
    named = [one for one, _ in options["amount"]]
    places = {whole.place for whole in wholes}
    may_be = [one for one in unsaid if one.place in places] if len(places) == 1 and not named else unsaid
    return [one for one in may_be if not any(one.within(whole) for whole in named)]


def _ties(columns: Sequence[Column]) -> list[tuple[Column, Column, Column]]:
    """Columns of which one is in each row what two others add up to: amounts, though they have no decimals.

    A part that is always the same share of the other may be a tax.
    """
    filled = [one for one in columns if one.amount.any()][: 3 * RIVALS]
    by_values = {one.amount.tobytes(): one for one in filled}
    found = []
    for one, other in combinations(filled, 2):
        whole = by_values.get((one.amount + other.amount).tobytes())
        both = (one.amount != 0) & (other.amount != 0)
        shares = np.unique(np.round(one.amount[both] / other.amount[both], 3))
        if whole is not None and both.size >= identities.LEAST and both.any() and (shares.size > 1 or not both.all()):
            found.append((whole, one, other))
    return found


def _add_parts(found: Draft, options: Options, unsaid: list[Column], wholes: list[Column]) -> None:
    """What is within an amount that is named, or of which others are parts, may be open, paid or credited of it."""
    wholes = [*(whole for whole, rank in options["amount"] if rank < UNSAID), *wholes]
    parts = [(one, UNSAID) for one in unsaid if any(one.within(whole) for whole in wholes)]
    for key, others in _SPEAKS_FOR.items():
        if key not in found.pinned and not options[key]:
            options[key] = [one for one in parts if not one[0].speaks_of(others)][:RIVALS]
