"""Balances that run: which columns move a balance from row to row, whatever any of them is called."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import words
from xlwings_addin.ledger.evidence.identities import LEAST, RUNNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.identities import Verdict

FIRST = 40
"""Rows on which a reading must hold before it is held against all."""
COLUMNS = 12
"""Columns of money that are looked at."""
MOVING = ("amount", "debit", "credit", "sign")
"""Roles of the columns that may move a balance."""

MOVED = 0.5
"""The part of the rows that must move a balance for it to be one that runs."""


@dataclass(frozen=True)
class Run:
    """A balance and what moves it."""

    roles: Mapping[str, Column]
    movement: NDArray[np.int64]
    verdict: Verdict
    """What says so: proven, or possible where too few rows tell."""
    beside: Column | None = None
    """The column of what is owed to customers, where a balance has two."""


def find(columns: Sequence[Column], accounts: Mapping[str, NDArray[np.int64]], pinned: Mapping[str, int]) -> Run | None:
    """The balance that runs by other columns on all rows that tell; None where none does.

    `accounts` are the numbers of the rows' customers and groups, `pinned` the places of roles that were answered.
    """
    money = _of_money(columns)
    marks = [one for one in columns if is_mark(one)]
    sides = [(one, other) for one, other in permutations(money, 2) if _is_apart(one, other)]
    found: Run | None = None
    for moved, movement in _movements(money, marks, pinned):
        taken = {one.place for one in moved.values()}
        answered = pinned.get("running_balance")
        may_be = [one for one in money if one.place not in taken and answered in (None, one.place)]
        signs = [one for one in marks if one.place not in taken]
        apart = [(one, other) for one, other in sides if one in may_be and other.place not in taken]
        for balance, shown, beside in _balances(may_be, signs, apart):
            verdict = _verdict(movement, shown, accounts)
            if verdict is None:
                continue
            run = Run({**moved, "running_balance": balance}, movement, verdict, beside)
            if verdict.says == "proven":
                return run
            found = found or run
    return found


def _balances(
    may_be: Sequence[Column], marks: Sequence[Column], apart: Sequence[tuple[Column, Column]]
) -> Iterator[tuple[Column, NDArray[np.int64], Column | None]]:
    """What may run: a balance as it is, with the sign of a mark, and less what is owed in a column beside it."""
    for balance in may_be:
        yield balance, balance.amount, None
        for mark in marks:
            yield balance, signed(balance, mark), None
        for one, other in apart:
            if one is balance:
                yield balance, balance.amount - other.amount, other


def _is_apart(one: Column, other: Column) -> bool:
    """Whether of two columns each has something in some rows, and none of them has both."""
    return not ((one.amount != 0) & (other.amount != 0)).any()


def _of_money(columns: Sequence[Column]) -> list[Column]:
    return [one for one in columns if one.count and one.numeric and one.amount.any()][:COLUMNS]


def rolled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """A balance before, what was added, what was taken, and the balance after, of each row; () where there are none.

    Both are called balances. What is called paid was taken; else the balance after stands behind.
    """
    money = _of_money(columns)
    balances = [one for one in money if any("balance" in meaning for meaning in one.meanings)]
    moved = [one for one in money if one not in balances]
    for before, after in permutations(balances, 2):
        for added, taken in permutations(moved, 2):
            tells = (added.amount != 0) | (taken.amount != 0)
            holds = before.amount + added.amount - abs(taken.amount) == after.amount
            known = [_is_taken(one) for one in (added, taken)]
            right = known == [False, True] or (known[0] == known[1] and before.place < after.place)
            if holds.all() and tells.sum() >= LEAST and right:
                return before, added, taken, after
    return ()


def _is_taken(column: Column) -> bool:
    return any({"paid", "credited", "credit"} & meaning for meaning in column.meanings)


def is_mark(column: Column) -> bool:
    """Whether the cells say debit or credit: S and H, Dr and Cr, plus and minus."""
    told = column.different_words if column.different <= 2 else []
    return bool(told) and bool(words.sides_of(told) or {*told} <= {"+", "-"} or {*map(str.upper, told)} <= {*"SH"})


def signed(column: Column, mark: Column) -> NDArray[np.int64]:
    """Amounts with the sign of the mark beside them."""
    told = mark.different_words
    sides = words.sides_of(told) or {one: "credit" if one in "-Hh" else "debit" for one in told}
    credit = np.array([sides.get(one or "") == "credit" for one in mark.text.to_pylist()], bool)
    return np.where(credit, -abs(column.amount), column.amount)


def _movements(
    money: Sequence[Column], marks: Sequence[Column], pinned: Mapping[str, int]
) -> Iterator[tuple[dict[str, Column], NDArray[np.int64]]]:
    """What may move a balance: an amount, one with a mark, debit and credit; the plainest first."""
    for one in money:
        if not pinned.keys() & {"debit", "credit", "sign"}:
            yield from _fitting({"amount": one}, one.amount, pinned)
    for one in money:
        for mark in sorted(marks, key=lambda other: abs(other.place - one.place - 0.5)):
            if not pinned.keys() & {"debit", "credit"}:
                yield from _fitting({"amount": one, "sign": mark}, signed(one, mark), pinned)
    for debit, credit in permutations(money, 2):
        if "amount" not in pinned and "sign" not in pinned:
            for against in (credit.amount, -credit.amount):
                yield from _fitting({"debit": debit, "credit": credit}, debit.amount - against, pinned)


def _fitting(
    roles: dict[str, Column], movement: NDArray[np.int64], pinned: Mapping[str, int]
) -> Iterator[tuple[dict[str, Column], NDArray[np.int64]]]:
    given = {key: one.place for key, one in roles.items()}
    elsewhere = {place for key, place in pinned.items() if key not in given}
    if all(pinned.get(key, place) == place for key, place in given.items()) and not elsewhere & {*given.values()}:
        yield roles, movement


def _verdict(
    movement: NDArray[np.int64], balance: NDArray[np.int64], accounts: Mapping[str, NDArray[np.int64]]
) -> Verdict | None:
    """What says that a balance runs by a movement: proven, or possible; None where rows deny it."""
    # What stays as it is where nothing moves it proves nothing: a column of one number is no balance.
    if (movement != 0).mean() < MOVED:
        return None
    possible = None
    for identity in RUNNING:
        values = {"movement": movement, "running_balance": balance, **accounts}
        for rows in (FIRST, None) if movement.size > FIRST else (None,):
            verdict = identity.verdict({key: one[:rows] for key, one in values.items()})
            if verdict.count < verdict.of:
                break
        if verdict.says == "proven":
            return verdict
        if verdict.says == "possible":
            possible = possible or verdict
    return possible
