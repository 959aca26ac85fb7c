"""The sums that hold between columns: each proves the roles that it ties, or contradicts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.dates import BAD_DATE
from xlwings_addin.ledger.evidence.columns import DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Values = Mapping[str, NDArray[np.int64]]
    """The values of the columns that stand for each role, a figure a row."""

USUAL = (0, 3, 5, 7, 8, 10, 14, 15, 20, 21, 28, 30, 31, 35, 40, 42, 45, 50, 56, 60, 70, 75, 90, 100, 120, 150, 180)
"""Days of terms that companies agree on."""
HOLDS = 0.99
"""Share of the rows on which an identity must hold."""
LEAST = 3
"""Rows that must tell, where another reading would give another result."""
CENT = 10 ** (DIGITS - 2)


@dataclass(frozen=True)
class Identity:
    """One sum: `told` in words, the roles it ties, by how much it fails in each row, and where it says something."""

    told: str
    roles: tuple[str, ...]
    gap: Callable[[Values], NDArray[np.int64]]
    telling: Callable[[Values], NDArray[np.bool_]]
    unless: str = ""
    """A role that, where it is there too, belongs into the sum: another identity has it."""
    proves: bool = True
    """False where it can only contradict."""
    contradicts: bool = True
    """False where it can only prove."""

    def applies(self, values: Values) -> bool:
        """Whether all its columns are there."""
        return all(role in values for role in self.roles) and self.unless not in values

    def verdict(self, values: Values) -> Verdict:
        """Hold it against the columns."""
        telling = self.telling(values)
        holds = np.abs(self.gap(values)) <= CENT
        count, of = int((holds & telling).sum()), int(telling.sum())
        if not of:
            return Verdict(self, 0, 0, "open")
        if count < HOLDS * of:
            return Verdict(self, count, of, "contradicted" if self.contradicts else "open")
        if not self.proves or (not self.contradicts and count < of):
            return Verdict(self, count, of, "open")
        return Verdict(self, count, of, "proven" if of >= LEAST else "possible")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an identity says of a reading."""

    identity: Identity
    count: int
    of: int
    says: str
    """proven, contradicted, possible where it holds on too few rows to prove it, or open: none tells."""

    @property
    def ties(self) -> bool:
        """Whether it holds wherever it tells, on however few rows."""
        return self.says in ("proven", "possible")

    def __str__(self) -> str:
        return f"{self.identity.told} on {self.count:,} of {self.of:,} rows"


def _less(values: Values, whole: str, *parts: str) -> NDArray[np.int64]:
    """What is left of a whole beside its parts, whichever way the parts of a credit are signed."""
    plain = values[whole] - sum(values[part] for part in parts)
    unsigned = np.abs(values[whole]) - sum(np.abs(values[part]) for part in parts)
    return np.asarray(np.where(np.abs(plain) <= np.abs(unsigned), plain, unsigned), np.int64)


def _beyond(values: Values) -> NDArray[np.int64]:
    """By how much an open amount is more than its document's."""
    return np.asarray(np.maximum(np.abs(values["open_amount"]) - np.abs(values["amount"]), 0), np.int64)


def _run(values: Values, account: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """By how much a balance fails to move by the amount of its row, whichever row is first; rows that follow one."""
    order, balance = np.argsort(account, kind="stable"), values["running_balance"]
    found = []
    for rows in (order, order[::-1]):
        gap, follows = np.zeros(rows.size, np.int64), np.zeros(rows.size, bool)
        before = rows[:-1]
        follows[rows[1:]] = account[rows[1:]] == account[before]
        gap[rows[1:]] = (balance - values["movement"])[rows[1:]] - balance[before]
        found.append((np.where(follows, gap, 0), follows))
    return min(found, key=lambda one: int((one[0] != 0).sum()))


def _steps(values: Values, account: NDArray[np.int64]) -> NDArray[np.int64]:
    return _run(values, account)[0]


def _moving(values: Values, account: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows after another of their account whose balance is not their own amount, or should not be."""
    gap, follows = _run(values, account)
    return np.asarray(follows & ((values["running_balance"] != values["movement"]) | (gap != 0)), bool)


def _running(told: str, account: str) -> Identity:
    """A balance that moves by the amount of its row, within rows that have the same `account`."""
    return Identity(
        told,
        ("movement", "running_balance", account),
        lambda v: _steps(v, v[account]),
        lambda v: _moving(v, v[account]),
        contradicts=False,
    )


BY_CUSTOMER = "Balance = balance before + Amount, by customer"
BY_GROUP = "Balance = balance before + Amount, by group"
RUNNING = (
    _running(BY_CUSTOMER, "account"),
    _running("Balance = balance before + Amount", "whole"),
    _running(BY_GROUP, "section"),
)
"""A balance may run over the rows of a customer, over all, or over those between two labels."""

MONEY = (
    Identity(
        "Open = Amount - Paid",
        ("amount", "paid_amount", "open_amount"),
        lambda v: _less(v, "amount", "paid_amount", "open_amount"),
        lambda v: v["paid_amount"] != 0,
        unless="credited_amount",
    ),
    Identity(
        "Open = Amount - Paid - Credited",
        ("amount", "paid_amount", "credited_amount", "open_amount"),
        lambda v: _less(v, "amount", "paid_amount", "credited_amount", "open_amount"),
        lambda v: (v["paid_amount"] != 0) | (v["credited_amount"] != 0),
    ),
    Identity(
        "Open = Amount - Credited",
        ("amount", "credited_amount", "open_amount"),
        lambda v: _less(v, "amount", "credited_amount", "open_amount"),
        lambda v: v["credited_amount"] != 0,
        unless="paid_amount",
    ),
    Identity(
        "Amount = Net + Tax",
        ("net_amount", "tax_amount", "movement"),
        lambda v: _less(v, "movement", "net_amount", "tax_amount"),
        lambda v: v["tax_amount"] != 0,
    ),
    Identity(
        "Amount = Debit - Credit",
        ("debit", "credit", "amount"),
        lambda v: v["debit"] - v["credit"] - v["amount"],
        lambda v: (v["debit"] != 0) | (v["credit"] != 0),
    ),
    Identity(
        "Open = Debit - Credit",
        ("debit", "credit", "open_amount"),
        lambda v: v["debit"] - v["credit"] - v["open_amount"],
        lambda v: (v["debit"] != 0) | (v["credit"] != 0),
    ),
    Identity(
        "Balance = sum of its ages",
        ("open_amount", "ages"),
        lambda v: v["open_amount"] - v["ages"],
        lambda v: v["open_amount"] != 0,
    ),
    Identity(
        "Amount - Paid = sum of its ages",
        ("amount", "paid_amount", "ages"),
        lambda v: _less(v, "amount", "paid_amount", "ages"),
        lambda v: v["paid_amount"] != 0,
        unless="open_amount",
    ),
    Identity(
        "Credited is no more than Amount",
        ("amount", "credited_amount"),
        lambda v: np.maximum(np.abs(v["credited_amount"]) - np.abs(v["amount"]), 0),
        lambda v: v["credited_amount"] != 0,
        proves=False,
    ),
    Identity(
        "Paid is no more than Amount",
        ("amount", "paid_amount"),
        lambda v: np.maximum(np.abs(v["paid_amount"]) - np.abs(v["amount"]), 0),
        lambda v: v["paid_amount"] != 0,
        proves=False,
    ),
    Identity(
        "Open is no more than Amount",
        ("amount", "open_amount"),
        _beyond,
        lambda v: v["amount"] != 0,
        proves=False,
    ),
)


def _same_day(values: Values) -> NDArray[np.int64]:
    """By how far due date plus days overdue misses the day that most rows give; others are due from it on."""
    due, late = values["due_date"], values["days_overdue"]
    day = as_of(values)
    missed = np.where(late != 0, due + late - day, np.minimum(due - day, 0))
    return np.asarray(missed * (CENT + 1), np.int64)


def _dated(values: Values) -> NDArray[np.bool_]:
    return np.asarray((values["document_date"] < int(BAD_DATE)) & (values["due_date"] < int(BAD_DATE)), bool)


def as_of(values: Values) -> int:
    """The day that due date plus days overdue gives in most rows."""
    late = values["days_overdue"] != 0
    found, times = np.unique((values["due_date"] + values["days_overdue"])[late], return_counts=True)
    return int(found[times.argmax()]) if found.size else 0


DAYS = (
    Identity(
        "Due date + Days overdue = one same day",
        ("due_date", "days_overdue"),
        _same_day,
        lambda v: v["days_overdue"] != 0,
    ),
    Identity(
        "Due date = document date + usual terms",
        ("document_date", "due_date"),
        lambda v: np.where(np.isin(v["due_date"] - v["document_date"], USUAL), 0, CENT + 1),
        lambda v: _dated(v) & (v["due_date"] != v["document_date"]),
        contradicts=False,
    ),
)
