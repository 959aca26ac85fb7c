"""The day on which documents were paid: whether a column has it, or is when they are to be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import words
from xlwings_addin.ledger.evidence.asking import total_of
from xlwings_addin.ledger.evidence.draft import AFTER, HALF, Choice
from xlwings_addin.ledger.mapping import NONE, unique

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.draft import Draft

_OF_PAYMENTS = ("amount", "open_amount", "paid_amount")


def settled(found: Draft) -> None:
    """Keep the day on which documents were paid where the rows that have one are paid; ask where nothing says so.

    A day on documents of which nothing is paid is none of payment. One that all documents have, or the last one, may
    be when they are to be paid, or were in part.
    """
    place = found.places.get("settled_date")
    if place is None or "settled_date" in found.pinned:
        return
    column = found.columns[place]
    dated = column.filled & column.readable_days
    paid, unpaid = _paid_or_not(found)
    if not dated.any() or (paid & dated).sum() > HALF * dated.sum():
        return
    against = (unpaid & dated).sum() > (1 - AFTER) * dated.sum()
    said = column.words.concepts
    if not against and column.understood and ("clearing" in said or not (dated.all() or "last" in said)):
        return
    del found.places["settled_date"]
    heading, figure = unique(place, found.headings), _figure(found)
    due = [] if "due_date" in found.places else [Choice("due_date", heading, total_of(figure))]
    settled = [] if against else [Choice("settled_date", heading, total_of(figure[~dated]))]
    if due or settled:
        nothing = Choice((due if against else settled)[0].key, NONE, total_of(figure))
        found.open_points.append((*settled, *due, nothing))


def _figure(found: Draft) -> NDArray[np.int64]:
    """What each row amounts to."""
    keys = [key for key in ("open_amount", "amount", "debit") if key in found.places]
    return found.columns[found.places[keys[0]]].amount if keys else np.zeros_like(found.columns[0].amount)


def _paid_or_not(found: Draft) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows of which something is paid, and of which nothing is, by what is open of them or by their status."""
    given = {key: found.columns[place].amount for key, place in found.places.items() if key in _OF_PAYMENTS}
    nothing = np.zeros_like(_figure(found), bool)
    if {"amount", "open_amount"} <= given.keys():
        left = given["open_amount"] != 0
        return given["open_amount"] != given["amount"], left & (given["open_amount"] == given["amount"])
    if "open_amount" in given:
        return given["open_amount"] == 0, given["open_amount"] != 0
    if "paid_amount" in given:
        return given["paid_amount"] != 0, given["paid_amount"] == 0
    if "status" not in found.places:
        return nothing, nothing
    said = found.columns[found.places["status"]].text.fill_null("").to_pylist()
    means = {text: words.status_of(text) for text in set(said)}
    told = [
        np.array([means[text] in some for text in said], bool)
        for some in (("paid", "partly paid"), ("open", "overdue"))
    ]
    return told[0], told[1]
