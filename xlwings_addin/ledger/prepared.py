"""What every calculation needs of a ledger, turned into plain arrays once and kept with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from xlwings_addin.ledger.arrow import pa, pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.model import ITEM_KINDS, NO_DATE, RECEIPT_KINDS, Days, Ledger, Minor
from xlwings_addin.ledger.money import EXACT_FLOAT, sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray


_LONG = 200_000
"""Rows from which a second thread pays."""


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Items and receipts as arrays; row numbers are those of `ledger.items`."""

    document_date: Days
    due_date: Days
    face: Minor
    """What the item starts with: its amount, or in an open list what the source says is open."""
    first_day: int
    last_day: int
    """First and last document date."""
    undated: bool
    """Some item has no due date."""
    negative: bool
    """Some face is negative."""
    receipt_item: NDArray[np.intp]
    receipt_date: Days
    receipt_amount: Minor
    bound: int
    """Sum of all absolute amounts: no partial sum can exceed it."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A text column as codes: `keys[codes[row]]` is the value; keys are sorted."""

    codes: NDArray[np.intp]
    keys: tuple[str, ...]


def items(ledger: Ledger) -> Items:
    """The ledger's items and receipts as arrays, made at the first call."""
    if "items" not in ledger.cache:
        ledger.cache["items"] = _items(ledger)
    return cast("Items", ledger.cache["items"])


def _items(ledger: Ledger) -> Items:
    table, receipts = ledger.items, ledger.receipts
    face = table["amount"].to_numpy(np.int64)
    if not ledger.has_history:
        face = np.where(table["has_open"].to_numpy(bool), table["open_amount"].to_numpy(np.int64), face)
    document_date = table["document_date"].to_numpy(np.int32)
    due_date = table["due_date"].to_numpy(np.int32)
    receipt_amount = receipts["amount"].to_numpy(np.int64)
    return Items(
        document_date=document_date,
        due_date=due_date,
        face=face,
        first_day=int(document_date.min()) if document_date.size else int(NO_DATE),
        last_day=int(document_date.max()) if document_date.size else -int(NO_DATE),
        undated=bool((due_date == NO_DATE).any()),
        negative=bool((face < 0).any()),
        receipt_item=receipts["item"].to_numpy(np.intp),
        receipt_date=receipts["date"].to_numpy(np.int32),
        receipt_amount=receipt_amount,
        bound=_bound(face) + _bound(receipt_amount),
    )


def _bound(amounts: Minor) -> int:
    """Something the sum of the absolute amounts does not exceed; cheap where that is far from mattering."""
    if not amounts.size:
        return 0
    largest = max(int(amounts.max()), -int(amounts.min()))
    if largest * amounts.size < EXACT_FLOAT // 2:
        return largest * amounts.size
    return int(np.abs(amounts.astype(np.float64)).sum() * (1 + 1e-9)) + 1


def segment(ledger: Ledger, by: str) -> Segment:
    """The codes of a text column of the items, made at the first call.

    Raises LedgerError for a column the items do not have.
    """
    key = f"segment {by}"
    if key not in ledger.cache:
        if by not in ledger.items or not isinstance(ledger.items[by].dtype, pd.StringDtype):
            texts: list[str] = ledger.items.select_dtypes("str").columns.tolist()
            raise LedgerError(f"Items cannot be grouped by '{by}': choose one of {', '.join(texts)}.")
        ledger.cache[key] = encode(ledger.items[by])
    return cast("Segment", ledger.cache[key])


def encode(column: pd.Series[str]) -> Segment:
    """Text as codes of its different values, sorted."""
    values = pa.chunked_array([pa.array(column)]).combine_chunks()
    count = len(values)
    if not count:
        return Segment(np.zeros(0, np.intp), ())
    first = values[0]
    if pc.all(pc.equal(values.slice(0, 1000), first)).as_py() and pc.all(pc.equal(values, first)).as_py():
        return Segment(np.zeros(count, np.intp), (first.as_py(),))
    codes, found = _dictionary(values)
    order = pc.sort_indices(found).to_numpy()
    rank = np.empty(order.size, np.intp)
    rank[order] = np.arange(order.size)
    return Segment(rank[codes], tuple(found.take(order).to_pylist()))


def _dictionary(values: Any) -> tuple[NDArray[np.int32], Any]:
    """Codes and different values in order of appearance; a long column in two halves at once."""
    count = len(values)
    if count < _LONG:
        encoded = values.dictionary_encode()
        return encoded.indices.to_numpy(), encoded.dictionary
    halves = (values.slice(0, count // 2), values.slice(count // 2))
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda half: half.dictionary_encode(), halves))
    one, two = pa.chunked_array(parts).unify_dictionaries().chunks
    return np.concatenate((one.indices.to_numpy(), two.indices.to_numpy())), one.dictionary


def item_kinds(ledger: Ledger) -> NDArray[np.intp]:
    """Each item's place in `ITEM_KINDS`."""
    return _kinds(ledger, "item kinds", ledger.items["kind"], ITEM_KINDS)


def receipt_kinds(ledger: Ledger) -> NDArray[np.intp]:
    """Each receipt's place in `RECEIPT_KINDS`."""
    return _kinds(ledger, "receipt kinds", ledger.receipts["kind"], RECEIPT_KINDS)


def _kinds(ledger: Ledger, key: str, column: pd.Series[str], kinds: tuple[str, ...]) -> NDArray[np.intp]:
    if key not in ledger.cache:
        coded = encode(column)
        place = np.array([kinds.index(kind) for kind in coded.keys], np.intp)
        ledger.cache[key] = place[coded.codes]
    return cast("NDArray[np.intp]", ledger.cache[key])


def crossing(ledger: Ledger) -> NDArray[np.bool_]:
    """Items whose balance may change sign: overpaid invoices, credits applied beyond their amount."""
    if "crossing" not in ledger.cache:
        arrays = items(ledger)
        paid, face = arrays.receipt_amount, arrays.face
        up = sum_by(arrays.receipt_item, np.maximum(paid, 0), face.size, arrays.bound)
        mark = (face >= 0) & (up > face)
        if paid.size and int(paid.min()) < 0:
            down = sum_by(arrays.receipt_item, np.minimum(paid, 0), face.size, arrays.bound)
            mark |= (face <= 0) & (down < face)
        ledger.cache["crossing"] = mark
    return cast("NDArray[np.bool_]", ledger.cache["crossing"])
