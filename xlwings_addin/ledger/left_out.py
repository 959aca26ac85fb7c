"""Rows that are no receivables: by their status, noted items, accounts of suppliers, and what a mapping leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger import cells, rows
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.reading import SETTLED, STATUS_COLUMNS
from xlwings_addin.ledger.sums import sum_of
from xlwings_addin.ledger.values import NO_DATE, NO_RECEIVABLE, PAYABLE
from xlwings_addin.ledger.words import STATUSES, flag_of, status_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from xlwings_addin.ledger.findings import Kind
    from xlwings_addin.ledger.reading import Reading

SUPPLIERS = "supplier accounts"
"""Said in place of a customer number to leave out: DATEV's numbers of suppliers, which begin with 7 to 9."""


def leave_out(reading: Reading) -> None:
    """Take what is no receivable out of the items: each kind counted and summed."""
    noted = reading.text("special_gl").str.upper().eq("F") | reading.text("posting_status").str.upper().eq("S")
    _take(reading, noted.to_numpy(bool), may.NOTED_ITEMS)
    other_side = reading.text("kind").eq(PAYABLE) | reading.text("ledger").eq(PAYABLE)
    _take(reading, other_side.to_numpy(bool), may.PAYABLES)
    before = reading.text("kind").eq(NO_RECEIVABLE).to_numpy(bool) & reading.items
    if before.any():
        shown = sorted(cells.as_series(cells.text(reading.cells("kind")))[before].unique())
        _take(reading, before, may.NO_RECEIVABLES, shown=", ".join(f"'{word[:30]}'" for word in shown[:8]))
    for key, words in reading.format.leave_out.items():
        if reading.has(key):
            _take(reading, _named(reading, key, words), may.LEFT_OUT, title=reading.title(key), what=_called(words))
    if any(key in reading.columns for key in STATUS_COLUMNS):
        _by_status(reading)
    if "matching" in reading.columns and not {"open_amount", "paid_amount", SETTLED} & set(reading.columns):
        _take(reading, _matched(reading), may.MATCHED, title=reading.title("matching"))


def _take(reading: Reading, which: NDArray[np.bool_], kind: Kind, **named: Any) -> None:
    which = which & reading.items
    if which.any():
        reading.kind[which] = rows.EXCLUDED
        reading.find(kind, which, amount=sum_of(reading, which), **named)


def _matched(reading: Reading) -> NDArray[np.bool_]:
    """Rows of a customer that share a mark and come to nothing together: documents with what paid them.

    Where they come to something, as those that are matched in part, they stay open.
    """
    mark, found = reading.text("matching"), np.zeros(reading.count, bool)
    told = {word for word in mark.unique() if word and not (flag_of(word) or status_of(word))}
    rows_of = np.flatnonzero(reading.items & mark.isin(told).to_numpy(bool))
    if rows_of.size:
        who = reading.text("customer_id") + "\n" + reading.text("customer_name") + "\n" + mark
        codes = np.unique(who.iloc[rows_of].to_numpy(object), return_inverse=True)[1]
        left = np.zeros(int(codes.max()) + 1, np.int64)
        np.add.at(left, codes, reading.money("amount")[rows_of])
        found[rows_of] = (left == 0)[codes]
    return found


def _called(words: object) -> str:
    """What is left out, in words."""
    told = [words] if isinstance(words, str) else list(words)  # type: ignore[call-overload]
    return ", ".join(word if word == SUPPLIERS else f"'{word}'" for word in told)


def _named(reading: Reading, key: str, words: object) -> NDArray[np.bool_]:
    """Rows whose cell in a column is one of some words."""
    text = cells.as_series(cells.text(reading.cells(key), number_like=True))
    wanted = {str(word).casefold() for word in ([words] if isinstance(words, str) else words)}  # type: ignore[attr-defined]
    found = text.str.casefold().isin(wanted)
    if SUPPLIERS in wanted:
        item = reading.items
        longest = int(text[item].str.len().max()) if item.any() else 0
        found |= text.str.fullmatch(r"[7-9]\d+") & text.str.len().eq(longest)
    return found.to_numpy(bool)


def _by_status(reading: Reading) -> None:
    """Leave out what a status says is paid, void or not issued; ask what is open of what is partly paid."""
    status, words = _strongest(reading)
    unpaid = reading.days(SETTLED) == NO_DATE
    for why, kind in may.EXCLUDED.items():
        # Paid at a date that is known is history, not a document to leave out.
        which = np.asarray((status == why) & (unpaid if why == "paid" else True), bool)
        for word in sorted(words[which].unique()):
            own = f" ('{word[:30]}')" if word.casefold() != why else ""
            _take(reading, which & words.eq(word).to_numpy(bool), kind, word=own)
    partly = np.asarray((status == "partly paid") & reading.is_blank("open_amount") & reading.items, bool)
    if partly.any() and not reading.receipts_given:
        _ask_for_rest(reading, partly, words)


def _strongest(reading: Reading) -> tuple[NDArray[np.object_], pd.Series[str]]:
    """What the status columns of each row say together, and in which word; words that are not known are named."""
    rank = np.full(reading.count, len(STATUSES), np.int64)
    words = cells.blanks(reading.count)
    for key in STATUS_COLUMNS:
        if key not in reading.columns:
            continue
        said = reading.text(key)
        text = cells.as_series(cells.text(reading.cells(key)))
        own = said.map({word: place for place, word in enumerate(STATUSES)}).to_numpy(np.int64)
        words = words.mask(own < rank, text)
        rank = np.minimum(rank, own)
        strange = (said.eq("") & text.ne("")).to_numpy(bool) & reading.items
        if strange.any():
            shown = ", ".join(f"'{word[:30]}'" for word in sorted(text[strange].unique())[:8])
            reading.find(may.UNKNOWN_STATUS, strange, title=reading.title(key), shown=shown)
            _ask_for_meaning(reading, key, sorted(text[strange].unique())[:8])
    return np.array([*STATUSES, ""], object)[rank], words


def _ask_for_meaning(reading: Reading, key: str, words: list[str]) -> None:
    """Ask what words of a status mean where no other column says what is open."""
    if {"open_amount", "paid_amount"} & set(reading.columns) or not reading.format.guessed:
        return
    raise QuestionError(
        f"{reading.table.place}: nothing says what {', '.join(map(repr, words))} in column '{reading.title(key)}'"
        f" mean{'' if words[1:] else 's'}.",
        Answer("status", choices=tuple(f"{word}={meant}" for word in words for meant in ("open", "paid", "void"))),
    )


def _ask_for_rest(reading: Reading, partly: NDArray[np.bool_], words: pd.Series[str]) -> None:
    at = int(np.flatnonzero(partly)[0])
    different = sorted(words[partly].unique())
    raise QuestionError(
        f"{reading.table.place}: documents partly paid: {int(partly.sum()):,} ({sum_of(reading, partly)}; first in row"
        f" {reading.table.rows[at]}), and nothing says what is still open.",
        Answer("receipts"),
        Answer("column", files=(reading.table.file,)),
        Answer(
            "status", choices=tuple(f"{word}=open" for word in different), gives=("counted in full",) * len(different)
        ),
    )
