"""What each answer to a question would give: the files are read with it, and what is open is summed."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.buckets import CREDITS, CURRENT, NO_DATE
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.mapping import merged, said_by
from xlwings_addin.ledger.position import ask
from xlwings_addin.ledger.sums import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlwings_addin.ledger.errors import Answer
    from xlwings_addin.ledger.model import Ledger

_ASKED = ("column", "kind", "signs", "currency_word", "status", "sheet")
"""Answers whose choices change the figures."""
FURTHER = "asks more"
"""What an answer gives after which something else is undecided."""


def with_outcomes(answer: Answer, day: int | None, read: Callable[[Mapping[str, Any]], Ledger]) -> Answer:
    """An answer with the total and the overdue that each of its choices gives on a day; as it is where none is known.

    Where several words wait for an answer none alone gives a figure.
    """
    if answer.to == "mapping" and answer.choices:
        # The columns of a best guess count together.
        guess: Mapping[str, Any] = reduce(merged, (said_by("column", one) for one in answer.choices), {})
        told = _outcome(guess, day, read, "")
        return replace(answer, gives=(told,) if told else ())
    if answer.to not in _ASKED or not answer.choices or len(answer.by_word()) > 1:
        return answer
    known = answer.gives or ("",) * len(answer.choices)
    gives = [
        _outcome(said_by(answer.to, one), day, read, before) for one, before in zip(answer.choices, known, strict=True)
    ]
    return replace(answer, gives=tuple(gives) if any(gives) else ())


def _outcome(said: Mapping[str, Any], day: int | None, read: Callable[[Mapping[str, Any]], Ledger], known: str) -> str:
    """The figures that an aging would show, in words; that more is asked; or what is `known` where there are none."""
    try:
        ledger = read(said)
        ask(ledger)
        shown = ledger.as_of if day is None else day
        if shown is None and known and not known.startswith("total"):
            return known
        # Without a day nothing is overdue, and everything in the file is open.
        aging = age(ledger, ledger.arrays.last_day if shown is None else shown)
    except QuestionError:
        return FURTHER
    except LedgerError:
        return known
    late = [place for place, label in enumerate(aging.labels) if label not in (CREDITS, CURRENT, NO_DATE)]
    names = np.asarray(aging.currencies, object)
    total, overdue = (
        in_words(names[amounts != 0], amounts[amounts != 0], dict(zip(aging.currencies, aging.digits, strict=True)))
        for amounts in (aging.amounts.sum(axis=(1, 2)), aging.amounts[:, :, late].sum(axis=(1, 2)))
    )
    return f"total {total}" if shown is None else f"total {total}, overdue {overdue}"
