"""The reading of some columns that most speaks for: each way to give them roles, held against the identities.

A reading that an identity contradicts is no reading. Of the others the one with most proof is best, then the one
that leaves fewest words of the headings unused. Readings that come to the same figures are no rivals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.evidence.columns import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.identities import Identity, Values, Verdict

Options = Mapping[str, Sequence[tuple[Column, int]]]
"""The columns that may have each role, and how plainly the heading says so (0 the plainest)."""
MOST = 20_000
"""Readings that are looked at."""
UNSAID = 1_000
"""Rank of a column whose heading says nothing of its role."""
NEEDS_PROOF = ("net_amount", "tax_amount")
"""Roles that no heading can give: only an identity does."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to read the columns: which has which role, and what the identities say of it."""

    roles: Mapping[str, Column]
    verdicts: tuple[Verdict, ...]
    said: int
    """How many roles the headings give, less how unclearly."""
    outcome: NDArray[np.int64] | None
    """What it comes to, row by row."""
    unclear: bool = False
    """Some column has a role that its heading does not give, or has words that nothing explains."""
    unsaid: frozenset[str] = frozenset()
    """Roles that no heading gives."""

    @property
    def proofs(self) -> tuple[Verdict, ...]:
        """What proves it."""
        return tuple(verdict for verdict in self.verdicts if verdict.says == "proven")

    @property
    def tied(self) -> frozenset[str]:
        """The roles in sums that hold, on however few rows."""
        return frozenset(role for verdict in self.verdicts if verdict.ties for role in verdict.identity.roles)

    @property
    def contradicted(self) -> Verdict | None:
        """What contradicts it, if anything does."""
        return next((verdict for verdict in self.verdicts if verdict.says == "contradicted"), None)


def search(
    options: Options,
    identities: Sequence[Identity],
    valued: Callable[[Mapping[str, Column]], Values],
    outcome: Callable[[Values], NDArray[np.int64] | None],
    answered: Collection[str] = (),
) -> tuple[Reading, ...]:
    """The best reading, and after it the rivals: those that as much speaks for and that come to something else.

    `valued` gives the values of the roles, `outcome` what a reading comes to; what is `answered` is in each. Empty
    where nothing can be read.
    """
    readings = []
    each = ([*columns, *([] if columns and role in answered else [None])] for role, columns in options.items())
    for chosen in islice(product(*each), MOST):
        given = {role: one for role, one in zip(options, chosen, strict=True) if one is not None}
        places = [column.place for column, _ in given.values()]
        if len(set(places)) < len(places):
            continue
        values = valued({role: column for role, (column, _) in given.items()})
        verdicts = tuple(one.verdict(values) for one in identities if one.applies(values))
        reading = _reading(given, verdicts, outcome(values))
        if reading.outcome is not None and reading.contradicted is None and _proven_where_needed(reading):
            readings.append(reading)
    return _with_rivals(readings, frozenset(answered)) if readings else ()


def _reading(
    given: Mapping[str, tuple[Column, int]], verdicts: tuple[Verdict, ...], outcome: NDArray[np.int64] | None
) -> Reading:
    return Reading(
        {role: column for role, (column, _) in given.items()},
        verdicts,
        sum(100 - rank for role, (_, rank) in given.items() if rank < UNSAID and role not in NEEDS_PROOF),
        outcome,
        any(rank >= UNSAID or not column.understood for column, rank in given.values()),
        frozenset(role for role, (_, rank) in given.items() if rank >= UNSAID),
    )


def _with_rivals(readings: list[Reading], answered: frozenset[str]) -> tuple[Reading, ...]:
    # What was answered settles the other columns of a sum.
    readings.sort(key=lambda one: (len(one.proofs), len(one.tied & answered), one.said), reverse=True)
    settled = len(readings[0].tied & answered)
    # What is open is something of most documents, what is paid of some.
    same = [one for one in readings if one is readings[0] or _exchanged(one, readings[0])]
    best = max(
        same, key=lambda one: int((one.roles["open_amount"].amount != 0).sum()) if "open_amount" in one.roles else 0
    )
    found = [best]
    for rival in readings:
        if len(rival.tied & answered) < settled:
            continue
        if rival is not best and _as_good(rival, readings[0]) and not any(_same(rival, one) for one in found):
            found.append(rival)
    return tuple(found)


def _same(one: Reading, other: Reading) -> bool:
    return one.outcome is not None and other.outcome is not None and np.array_equal(one.outcome, other.outcome)


def _proven_where_needed(reading: Reading) -> bool:
    return all(role in reading.tied for role in NEEDS_PROOF if role in reading.roles)


def _as_good(rival: Reading, best: Reading) -> bool:
    """Whether as much speaks for a rival: as many proofs, and no word of a heading less, or a column not understood."""
    if _exchanged(rival, best):
        return True
    if len(rival.proofs) < len(best.proofs):
        return False
    if len(rival.roles) >= len(best.roles) and any(verdict.says == "possible" for verdict in rival.verdicts):
        return True
    return rival.said >= best.said or (rival.unclear and set(best.roles) <= set(rival.roles))


def _exchanged(rival: Reading, best: Reading) -> bool:
    """Whether a rival only has roles exchanged that no heading gives: the sum that proves one of them proves both."""
    changed = {role for role in best.roles if best.roles[role] is not rival.roles.get(role)}
    same = {one.place for one in rival.roles.values()} == {one.place for one in best.roles.values()}
    return same and bool(changed) and changed <= rival.unsaid & best.unsaid & rival.tied
