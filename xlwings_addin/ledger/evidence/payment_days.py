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
    if place is None:
        return
    column = found.columns[place]
    dated = column.filled & column.readable_days
    if "settled_date" in found.pinned:
        _count_in_full(found, dated)
        return
    if _is_said_to_be_open(found, dated) and not dated.all() and "last" not in column.words.concepts:
        _settled_or_open(found, place, dated)
        return
    paid, unpaid = _paid_or_not(found)
    if not dated.any() or (paid & dated).sum() > HALF * dated.sum():
        return
    against = (unpaid & dated).sum() > (1 - AFTER) * dated.sum()
    said = column.words.concepts
    if "last" in said and found.ages and {"document_date", "document_no"}.isdisjoint(found.places):
        # The customer's last payment settles no balance.
        del found.places["settled_date"]
        return
    if not against and column.understood and ("clearing" in said or not (dated.all() or "last" in said)):
        return
    _ask_which_day(found, place, dated, against=against)


def _ask_which_day(found: Draft, place: int, dated: NDArray[np.bool_], *, against: bool) -> None:
    """Whether a day is that of payment, unless amounts speak `against` it, or the one to pay by."""
    del found.places["settled_date"]
    heading, figure = unique(place, found.headings), _figure(found)
    may_be_due = "due_date" not in found.places and dated.mean() >= AFTER
    due = [Choice("due_date", heading, total_of(figure))] if may_be_due else []
    settled = [] if against else [Choice("settled_date", heading, total_of(figure[~dated]))]
    if due or settled:
        nothing = Choice((due if against else settled)[0].key, NONE, total_of(figure))
        found.open_points.append((*settled, *due, nothing))


def _is_said_to_be_open(found: Draft, dated: NDArray[np.bool_]) -> bool:
    """Whether most documents that have the day have an amount that is called open, and no other is there."""
    given = {key for key in (*_OF_PAYMENTS, "credited_amount", "debit") if key in found.places}
    if given != {"open_amount"} or "open_amount" in found.pinned or not dated.any():
        return False
    return bool((_figure(found)[dated] != 0).mean() > HALF)


def _settled_or_open(found: Draft, place: int, dated: NDArray[np.bool_]) -> None:
    """Whether the day or the word for what is open is right goes by a mark of each document, or is asked."""
    closed = _closed(found)
    if closed is not None and (closed[dated]).mean() >= AFTER:
        _count_in_full(found, dated)
        return
    del found.places["settled_date"]
    if closed is None:
        heading, figure = unique(place, found.headings), _figure(found)
        settled = Choice("settled_date", heading, total_of(figure[~dated]))
        found.open_points.append((settled, Choice("settled_date", NONE, total_of(figure))))


def _count_in_full(found: Draft, dated: NDArray[np.bool_]) -> None:
    """What is called open of documents that are settled is their amount."""
    if _is_said_to_be_open(found, dated):
        found.places["amount"] = found.places.pop("open_amount")


def _closed(found: Draft) -> NDArray[np.bool_] | None:
    """The documents that a status, or a mark under Open or Paid, says are settled; None where nothing says it."""
    status = [found.columns[place] for key, place in found.places.items() if key.startswith("status")]
    for column in (*status, *found.free()):
        said = column.text.fill_null("").to_pylist()
        yes, no = ({text for text in {*said} if words.flag_of(text) == flag} for flag in ("yes", "no"))
        closed = {text for text in {*said} if words.status_of(text) == "paid"}
        if column not in status:
            means = words.status_of(column.heading) if yes | no == {*filter(None, said)} else ""
            closed = {"open": no, "paid": yes}.get(means, set())
        if closed:
            return np.array([text in closed for text in said], bool)
    return None


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
