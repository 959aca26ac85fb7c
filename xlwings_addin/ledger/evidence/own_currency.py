"""The currency of the figure: of several columns the one that is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.evidence.asking import total_of
from xlwings_addin.ledger.evidence.draft import Choice
from xlwings_addin.ledger.evidence.others import VALUES
from xlwings_addin.ledger.evidence.roles import FIGURES, OTHERS
from xlwings_addin.ledger.mapping import unique

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft

CURRENCY = next(role for role in OTHERS if role.key == "currency")


def currency_of_the_figure(found: Draft) -> None:
    """Of several currencies the one beside the figure; of a local amount only that of the company."""
    key = next((key for key in ("open_amount", "amount", "debit") if key in found.places), None)
    if key is None or "currency" not in found.places or "currency" in found.pinned:
        return
    place = found.places.pop("currency")
    figure = found.columns[found.places[key]]
    named = _currencies(found, place)
    of = _amounts_of(found, figure, named) if len(named) > 1 and key == "open_amount" else []
    if of:
        _take(found, figure, of)
        return
    same = [one for one in named if one.local == figure.local]
    if same:
        best = [one for one in same if one.rank(CURRENCY) == same[0].rank(CURRENCY)]
        found.places["currency"] = _beside(found, figure, best).place
    elif not figure.local:
        found.places["currency"] = place


def _currencies(found: Draft, place: int) -> list[Column]:
    """The columns of currencies: those called so, else the one at a place, and those whose cells alone say it."""
    named = [one for one, _ in found.named(CURRENCY) if one.count] or [found.columns[place]]
    unsaid = [one for one in found.free() if not one.understood and one.says(VALUES["currency"])]
    return [*named, *(one for one in unsaid if one not in named)]


def _take(found: Draft, figure: Column, of: list[tuple[Column, Column]]) -> None:
    """Accept the currency of the amount that the figure is what is left of; ask where it may be that of several."""
    found.places["currency"] = of[0][1].place
    if len(of) > 1:
        total = total_of(figure.amount)
        choices = tuple(Choice("currency", unique(one.place, found.headings), total) for _, one in of)
        found.open_points.append(choices)
    elif "amount" in found.places and "amount" not in found.pinned:
        found.places["amount"] = of[0][0].place


def _beside(found: Draft, figure: Column, best: list[Column]) -> Column:
    """The currency of a figure: of as many as there are such amounts each is that of one, else the nearest is its."""
    best = sorted(best, key=lambda one: one.place)
    twins = sorted(one.place for one in found.columns if one.heading == figure.heading)
    if len(best) == len(twins):
        return best[twins.index(figure.place)]
    return min(best, key=lambda one: abs(one.place - figure.place))


def _amounts_of(found: Draft, figure: Column, named: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Of as many amounts as there are currencies, each with its own, that which a figure is what is left of.

    It equals that amount where nothing is paid. Several where no row tells nor any heading; none where it is not so.
    """
    others = [
        one
        for one in found.columns
        if one.place != figure.place and one.numeric and any(one.rank(role) is not None for role in FIGURES[:2])
    ]
    if len(others) != len(named):
        return []
    pairs = [*zip(others, sorted(named, key=lambda one: one.place), strict=True)]
    fits = [pair for pair in pairs if figure.within(pair[0])]
    differ = np.logical_or.reduce([one.amount != others[0].amount for one in others])
    same = [pair for pair in fits if ((figure.amount == pair[0].amount) & differ).any()]
    if len(same) == 1:
        return same
    alike = len({one.local for one in (figure, *others)}) == 1
    return fits if alike and differ.any() else []
