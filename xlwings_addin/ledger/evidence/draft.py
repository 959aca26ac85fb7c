"""What is found of a table step by step, and the proposal that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.evidence.roles import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.bucket_headings import BucketColumn
    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.roles import Role
    from xlwings_addin.ledger.evidence.search import Reading

    Options = dict[str, list[tuple[Column, int]]]
    """The columns that may have each role, and how plainly the heading says so (0 the plainest)."""

RIVALS = 4
"""Columns looked at for one role."""
HALF = 0.5
AFTER = 0.9
"""Share of rows in which a due date is not before its document's."""


@dataclass(frozen=True)
class Choice:
    """One answer to an open point: the column it gives a role, and what comes of it."""

    key: str
    heading: str
    total: float


@dataclass(frozen=True)
class Proposal:
    """The best reading of a table."""

    places: Mapping[str, int]
    proof: Mapping[str, str]
    """What proves the role of a column, by key."""
    buckets: tuple[BucketColumn, ...] = ()
    """The columns of an aging by customer."""
    as_of: int | None = None
    """The day that due dates and days overdue prove."""
    open_points: tuple[tuple[Choice, ...], ...] = ()
    """Readings for which as much speaks, each an answer."""
    balances: bool = False
    """The rows are balances of customers, no documents."""
    guessed: frozenset[str] = frozenset()
    """Roles that columns have by their values alone, for someone to say so."""
    spent: frozenset[int] = frozenset()
    """Columns that another was made of."""
    undated: tuple[int, ...] = ()
    """Columns that add up to a balance, of whose days nothing is said."""
    parts: tuple[int, ...] = ()
    """Columns that add up to what is open of each document."""


@dataclass
class Draft:
    """What has been found so far."""

    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: NDArray[np.int64]
    """The rows of the table that the columns hold."""
    pinned: Mapping[str, int | None]
    """Roles whose column was answered; None where none has it."""
    ages: frozenset[int]
    """The columns of an aging, which are no other's."""
    spent: frozenset[int] = frozenset()
    """Columns that another was made of."""
    places: dict[str, int] = field(default_factory=dict)
    proof: dict[str, str] = field(default_factory=dict)
    open_points: list[tuple[Choice, ...]] = field(default_factory=list)
    unsaid: frozenset[str] = frozenset()
    """Roles of columns of money that neither a heading gives nor a sum proves."""

    def free(self) -> list[Column]:
        """The columns that have no role, and none is kept for."""
        used = {
            *self.ages,
            *self.spent,
            *self.places.values(),
            *(place for place in self.pinned.values() if place is not None),
        }
        return [column for column in self.columns if column.place not in used]

    def numbers(self) -> list[Column]:
        """The columns of numbers that have no role, or have one among the figures that was answered."""
        figures = {place for role in FIGURES if (place := self.pinned.get(role.key)) is not None}
        return [one for one in (*self.free(), *(self.columns[place] for place in figures)) if one.numeric]

    def options(self, roles: Iterable[Role]) -> Options:
        """The columns that may have each role: the one that was answered, else those whose heading says so."""
        found: Options = {}
        for role in roles:
            if role.key in self.pinned:
                place = self.pinned[role.key]
                found[role.key] = [] if place is None else [(self.columns[place], 0)]
                continue
            found[role.key] = self.named(role)[:RIVALS]
        return found

    def named(self, role: Role) -> list[tuple[Column, int]]:
        """The columns left whose heading names a role, the plainest first."""
        ranked = [(column, rank) for column in self.free() if (rank := column.rank(role)) is not None]
        return sorted(ranked, key=lambda one: one[1])

    def narrow(self) -> None:
        """Look at the rows that have a date alone, where there are any: others are names and totals of groups."""
        dated = [self.columns[self.places[key]] for key in ("document_date", "due_date") if key in self.places]
        rows = np.logical_or.reduce([one.filled & one.readable_days for one in dated] or [np.zeros(0, bool)])
        if rows.any():
            self.columns = tuple(column.of(rows) for column in self.columns)
            self.rows = self.rows[rows]

    def take(self, reading: Reading, keep: Iterable[str]) -> None:
        """Accept a reading's roles, with what proves each."""
        for key in keep:
            if key in reading.roles:
                self.places[key] = reading.roles[key].place
        for verdict in reading.proofs:
            for key in verdict.identity.roles:
                if key in self.places:
                    self.proof.setdefault(key, str(verdict))
