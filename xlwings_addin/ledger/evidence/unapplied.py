"""What was paid and is applied to no document: whether it lowers what is open, by its sums, or for someone to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import words
from xlwings_addin.ledger.evidence import identities
from xlwings_addin.ledger.evidence.asking import total_of
from xlwings_addin.ledger.evidence.draft import Choice
from xlwings_addin.ledger.evidence.roles import FIGURES, UNAPPLIED
from xlwings_addin.ledger.mapping import NONE, unique
from xlwings_addin.ledger.values import CREDIT_NOTE, PAYMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft

_AMOUNT, _OPEN, *_REDUCING = FIGURES[:4]


def take_net(found: Draft) -> None:
    """Accept what is left of a figure beside what is unapplied as what is open.

    Where it is left of the ages of a balance, what is unapplied has no age of its own.
    """
    column = _unapplied(found)
    if column is None or {UNAPPLIED.key, _OPEN.key} & found.pinned.keys():
        return
    taken, tells = _taken(column), column.amount != 0
    for told, whole, parts in _wholes(found):
        for left in found.free():
            if left in (column, *parts) or not left.numeric or not np.array_equal(left.amount, whole - taken):
                continue
            if not _enough(left, parts, tells):
                continue
            proof = f"Open = {told} - Unapplied on {tells.sum():,} of {tells.sum():,} rows"
            given = {_OPEN.key: left.place, **({} if parts else {UNAPPLIED.key: column.place})}
            found.places |= given
            found.proof |= dict.fromkeys(given, proof)
            found.pinned = {**found.pinned, UNAPPLIED.key: None, **given}
            found.spent |= {column.place, *(one.place for one in parts if one.rank(_AMOUNT) is None)}
            return


def ask_if_it_lowers(found: Draft, outcome: NDArray[np.int64] | None) -> None:
    """Leave open whether what is unapplied lowers what is open, unless it is what is left of the credits themselves."""
    column = _unapplied(found)
    if column is None or outcome is None or UNAPPLIED.key in found.pinned or _is_of_credits(found, column, outcome):
        return
    name, total = unique(column.place, found.headings), total_of(outcome)
    lower = total - total_of(_taken(column))
    found.open_points.append((Choice(UNAPPLIED.key, name, lower), Choice(UNAPPLIED.key, NONE, total)))


def _taken(column: Column) -> NDArray[np.int64]:
    """What is unapplied; all negative is written as it counts."""
    return -column.amount if (column.amount <= 0).all() else column.amount


def _unapplied(found: Draft) -> Column | None:
    """The column of what is unapplied, if it holds any."""
    named = [one for one, _ in found.named(UNAPPLIED) if one.amount.any()]
    return named[0] if named else None


def _wholes(found: Draft) -> Iterator[tuple[str, NDArray[np.int64], tuple[Column, ...]]]:
    """What may be lowered, in words, and its columns: the sum of ages, a column, or an amount less what is paid."""
    if found.ages:
        yield "Ages", np.sum([found.columns[place].amount for place in found.ages], axis=0), ()
    numbers = found.numbers()
    reduced = [one for one in numbers if any(one.rank(role) is not None for role in _REDUCING)]
    for one in numbers:
        yield one.heading.strip(), one.amount, (one,)
    for one in numbers:
        for paid in reduced if one.rank(_AMOUNT) is not None else ():
            yield f"{one.heading.strip()} - {paid.heading.strip()}", one.amount - np.abs(paid.amount), (one, paid)


def _enough(left: Column, parts: tuple[Column, ...], tells: NDArray[np.bool_]) -> bool:
    """Whether the rows that tell are enough: one, where headings say what is left of what."""
    said = all(any(one.rank(role) is not None for role in (_AMOUNT, _OPEN)) for one in (left, *parts[:1]))
    return bool(tells.sum() >= (1 if said else identities.LEAST))


def _is_of_credits(found: Draft, column: Column, outcome: NDArray[np.int64]) -> bool:
    """Whether what is unapplied stands beside credits alone, each of which it repeats."""
    credit = outcome < 0
    if "kind" in found.places:
        said = found.columns[found.places["kind"]].text.fill_null("").to_pylist()
        means = {text: words.kind_of(text) in (CREDIT_NOTE, PAYMENT) for text in {*said}}
        credit = credit | np.array([means[text] for text in said], bool)
    own = column.amount != 0
    return bool(credit[own].all() and (np.abs(column.amount) == np.abs(outcome))[own].all())
