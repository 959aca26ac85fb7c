"""What is left for someone to say: readings for which as much speaks, and what may reduce or be what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.evidence.columns import DIGITS
from xlwings_addin.ledger.evidence.draft import HALF, Choice
from xlwings_addin.ledger.evidence.roles import FIGURES, MONEY, REDUCED, UNAPPLIED
from xlwings_addin.ledger.mapping import NONE, unique

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft
    from xlwings_addin.ledger.evidence.running import Run
    from xlwings_addin.ledger.evidence.search import Reading


def ask(found: Draft, readings: tuple[Reading, ...], keys: tuple[str, ...]) -> None:
    """Leave a point open: the first role in which the readings differ, or what a column is instead."""
    if any("debit" in reading.roles for reading in readings):
        keys = tuple(key for key in keys if key != "amount")
    key = next((key for key in keys if len({place_of(reading, key) for reading in readings}) > 1), None)
    if key is None:
        return
    least = min(readings, key=lambda reading: len(reading.roles))
    choices: dict[tuple[str, int | None], Choice] = {}
    for reading in readings:
        # Where no column has the role, one may have another: it is paid, not open.
        own = next((one for one in keys if place_of(reading, one) not in (None, place_of(least, one))), key)
        place = place_of(reading, own)
        heading = NONE if place is None else unique(place, found.headings)
        choices.setdefault((own, place), Choice(own, heading, total_of(reading.outcome)))
    found.open_points.append(tuple(choices.values()))


def ask_if_it_runs(found: Draft, run: Run, best: Reading) -> None:
    """Ask whether a balance runs that does on all rows that tell, where these are too few to prove it."""
    balance = run.roles["running_balance"]
    is_open = balance.place == place_of(best, "open_amount")
    if not is_open or (best.outcome is not None and np.array_equal(best.outcome, run.movement)):
        return
    name = unique(balance.place, found.headings)
    each = {"running_balance": run.movement, "open_amount": best.outcome}
    found.open_points.append(tuple(Choice(key, name, total_of(outcome)) for key, outcome in each.items()))


def leave_open(found: Draft, best: Reading, rivals: list[Reading]) -> None:
    """What is not proven is asked: a rival reading, what may reduce the amounts, what may be to be paid."""
    if rivals:
        ask(found, (best, *rivals), ("open_amount", "amount", "paid_amount", "credited_amount", "debit", "credit"))
    elif "amount" in best.roles and not {"open_amount", "running_balance"} & set(best.roles):
        _ask_for_open(found, best)
        if "paid_amount" in best.roles and not best.proofs:
            _ask_if_paid(found, best)


def _ask_if_paid(found: Draft, best: Reading) -> None:
    """Ask whether a column is what was paid where most documents would be paid whole: it may be what is to be paid."""
    amount, paid = best.roles["amount"].amount, best.roles["paid_amount"].amount
    if "paid_amount" in found.pinned or not (amount != 0).any() or (amount == paid)[amount != 0].mean() <= HALF:
        return
    name = unique(best.roles["paid_amount"].place, found.headings)
    found.open_points.append(
        (
            Choice("open_amount", name, total_of(paid)),
            Choice("paid_amount", name, total_of(amount - paid)),
        )
    )


def _ask_for_open(found: Draft, best: Reading) -> None:
    """Leave open what reduces the amounts where the file has a word for it, over a column that is not read.

    A second amount, nowhere more than the first, may be what is left of it.
    """
    amount, reduced = best.roles["amount"], "paid_amount" in best.roles
    may_be = ("credited_amount",) if reduced else ("open_amount", "paid_amount")
    keys = tuple(key for key in may_be if key not in found.pinned)
    column = next(
        (one for one in found.free() if one.rank(UNAPPLIED) is None and _may_reduce(found, one, best, reduced=reduced)),
        None,
    )
    if column is None or not keys:
        return
    name, total, own = unique(column.place, found.headings), total_of(best.outcome), total_of(abs(column.amount))
    gives = {"open_amount": total_of(column.amount)}
    read = [Choice(key, name, gives.get(key, total - own)) for key in keys if key == keys[0] or column.within(amount)]
    found.open_points.append((*read, Choice(keys[0], NONE, total)))


def _may_reduce(found: Draft, column: Column, best: Reading, *, reduced: bool) -> bool:
    """Whether a heading speaks of what is open or paid, or is that of a second amount, and cells show some of it."""
    said = REDUCED - {"open", "balance"} if reduced else REDUCED
    spoken = any(said & meaning and not {"days", "date", "terms"} & meaning for meaning in column.meanings)
    # Whole numbers under a word for a discount may be its days, or its percent.
    money = column.with_decimals or any({"paid", "applied", "credited"} & meaning for meaning in column.meanings)
    shown = money and (column.amount != 0).any() if column.numeric else column.shares
    # Shares that are paid are read, see `lists.with_paid_share`.
    if column.paid_share is not None:
        return False
    if column.numeric and (_refers(found, column) or not column.fits(MONEY)):
        return False
    amount = column.rank(FIGURES[0]) is not None and not column.otherwise(MONEY)
    # The same amount again says nothing more.
    again = np.array_equal(column.amount, best.roles["amount"].amount)
    second = amount and not reduced and not again and column not in best.roles.values()
    within = column.within(best.roles["amount"])
    return bool(shown and (spoken or (second and within)) and (within or not reduced))


def _refers(found: Draft, column: Column) -> bool:
    """Whether a column names documents of the list: what a payment was applied to."""
    place = found.places.get("document_no")
    return place is not None and {*column.different_words} <= {*found.columns[place].different_words}


def total_of(outcome: NDArray[np.int64] | None) -> float:
    """What rows come to together, 0 where nothing is known."""
    return 0.0 if outcome is None else float(outcome.sum()) / 10**DIGITS


def place_of(reading: Reading, key: str) -> int | None:
    """The column that has a role in a reading."""
    return reading.roles[key].place if key in reading.roles else None
