"""What a column of clearing dates makes of a table: the history of its documents, or a list of open ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.reading import SETTLED
from xlwings_addin.ledger.sums import in_words
from xlwings_addin.ledger.values import CASH, NO_DATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.values import Days


def is_history(items: pd.DataFrame) -> bool:
    """Whether settled documents are in the table in the numbers that its open ones imply.

    The settled ones tell how many days a document usually takes (their median). Of the documents that are at
    least that old on the newest day of the table, a history has settled at least half; a list of open items
    has what is open, however old, and of what is settled only the few rows cleared while it was made.
    """
    document, settled = _dates(items)
    done = settled != NO_DATE
    if not done.any():
        return False
    known = document != NO_DATE
    taken = (settled.astype(np.int64) - document)[done & known]
    usual = int(np.median(taken)) if taken.size else 0
    old = known & (document <= _newest(items) - usual)
    return bool(2 * int((old & done).sum()) >= int(old.sum()))


def is_list(items: pd.DataFrame) -> bool:
    """Whether a table says of each document what is open of it, and holds none of which nothing is."""
    return bool(len(items)) and bool((items["has_open"] & items["open_amount"].ne(0)).all())


def after_the_list(
    items: pd.DataFrame, receipts: pd.DataFrame, days: Sequence[int | None], files: Sequence[str]
) -> NDArray[np.bool_]:
    """Which receipts of a list of open items are not yet in what it says is open: those after its day.

    `days` are those the tables show, and `files` theirs, by their number. Where none is known, a receipt is in it if
    what is open leaves room for all that was received of its document, and is not if it does not. Raises QuestionError
    where some documents say the one and some the other.
    """
    item = receipts["item"].to_numpy(np.int64)
    source = items["source"].to_numpy(np.int64)[item].tolist()
    if all(days[one] is not None for one in set(source)):
        shown = np.array([days[one] for one in source], np.int64)
        return np.asarray(receipts["date"].to_numpy(np.int64) > shown, bool)
    received = np.bincount(item, receipts["amount"].to_numpy(np.float64), len(items)).astype(np.int64)
    left = np.abs(items["amount"].to_numpy(np.int64) - items["open_amount"].to_numpy(np.int64))
    fits = np.asarray((np.abs(received) <= left)[item], bool)
    if fits.any() and not fits.all():
        raise QuestionError(
            "A list of what is open does not say on which day: some of the receipts are in it, and others are not.",
            Answer("snapshot", files=tuple(dict.fromkeys(files[one] for one in source))),
        )
    return ~fits


def own_receipts(
    items: pd.DataFrame, digits: Mapping[str, int], *, history: bool, others: bool
) -> tuple[pd.DataFrame, list[Finding]]:
    """The receipts that a table of items holds itself, and what there is to say about them.

    A clearing date is a receipt of what is no longer open. In a history without `others`, receipts of their
    own, what is paid without a date is a receipt of the newest day.
    """
    _, settled = _dates(items)
    amount, stated = items["amount"].to_numpy(np.int64), items["has_open"].to_numpy(bool)
    paid = amount - np.where(stated, items["open_amount"].to_numpy(np.int64), 0)
    done = settled != NO_DATE
    findings = []
    if not history:
        if done.any() and not others:
            findings.append(may.FEW_CLEARING_DATES.found(rows=np.flatnonzero(done)))
        # What a list says is open is open on its own day.
        done &= ~stated
    elif not others:
        partly = stated & ~done & (paid * np.sign(amount) > 0) & (paid * np.sign(amount) <= np.abs(amount))
        if partly.any():
            day = _newest(items)
            rows = np.flatnonzero(partly)
            total = in_words(np.asarray(items["currency"], object)[rows], paid[rows], digits)
            findings.append(may.UNDATED_PAYMENTS.found(rows=rows, amount=total, day=iso(day)))
            settled = np.where(partly, day, settled).astype(np.int32)
            done |= partly
    rows = np.flatnonzero(done)
    cash = pd.Series(pd.array(np.full(rows.size, CASH, object), dtype="str"))
    return receipt_rows(rows, settled[rows], paid[rows], cash), findings


def receipt_rows(item: ArrayLike, date: ArrayLike, amount: ArrayLike, kind: pd.Series[str]) -> pd.DataFrame:
    """A table of receipts as the ledger has it."""
    return pd.DataFrame(
        {
            "item": np.asarray(item, np.int64),
            "date": np.asarray(date, np.int32),
            "amount": np.asarray(amount, np.int64),
            "kind": kind,
        }
    )


def _dates(items: pd.DataFrame) -> tuple[Days, Days]:
    settled: NDArray[Any] = np.full(len(items), NO_DATE, np.int32)
    if SETTLED in items:
        settled = items[SETTLED].to_numpy(np.int32)
    return items["document_date"].to_numpy(np.int32), settled


def _newest(items: pd.DataFrame) -> int:
    """The newest day of a table: of a document, or on which one was settled."""
    both = np.concatenate(_dates(items))
    return int(both[both != NO_DATE].max())
