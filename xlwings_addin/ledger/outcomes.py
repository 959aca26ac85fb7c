"""What each answer to a question would give: the files are read with it, and what is open is summed."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.mapping import merged, said_by
from xlwings_addin.ledger.position import open_at
from xlwings_addin.ledger.sums import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlwings_addin.ledger.errors import Answer
    from xlwings_addin.ledger.model import Ledger

_ASKED = ("column", "kind", "signs", "currency_word", "status", "sheet")
"""Answers whose choices change the figures."""


def with_outcomes(answer: Answer, day: int | None, read: Callable[[Mapping[str, Any]], Ledger]) -> Answer:
    """An answer with the total and the overdue that each of its choices gives on a day; as it is where none is known.

    Where several words wait for an answer none alone gives a figure.
    """
    if answer.to == "mapping" and answer.choices:
        # The columns of a best guess count together.
        guess: Mapping[str, Any] = reduce(merged, (said_by("column", one) for one in answer.choices), {})
        told = _outcome(guess, day, read)
        return replace(answer, gives=(told,) if told else ())
    if answer.to not in _ASKED or not answer.choices or len(answer.by_word()) > 1:
        return answer
    known = answer.gives or ("",) * len(answer.choices)
    gives = [
        _outcome(said_by(answer.to, one), day, read) or before
        for one, before in zip(answer.choices, known, strict=True)
    ]
    return replace(answer, gives=tuple(gives) if any(gives) else ())


def _outcome(said: Mapping[str, Any], day: int | None, read: Callable[[Mapping[str, Any]], Ledger]) -> str:
    """The figures, in words; "" where there are none yet."""
    try:
        ledger = read(said)
        shown = ledger.as_of if day is None else day
        if shown is None:
            return ""
        items = open_at(ledger, shown)
    except LedgerError:
        return ""
    names = np.asarray(ledger.items["currency"], object)[items.rows]
    late = items.days_past_due > 0
    total, overdue = (in_words(names[which], items.amount[which], ledger.minor_digits) for which in (late | True, late))
    return f"total {total}, overdue {overdue}"
