"""Text as codes: much faster to group and to compare than the text itself."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.arrow import pa, pc
from xlwings_addin.ledger.money import blocks, whole_numbers

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


_LONG = 200_000
"""Rows from which a second thread pays."""
_MOST_NUMBERS = 2**62
_SPARSE = 64
"""Possible numbers for each that there is, up to which a table of them all pays."""
_WIDEST = 32
"""Bytes of the longest text worth taking for a number."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A text column as codes: `keys[codes[row]]` is the value; keys are sorted."""

    codes: NDArray[np.intp]
    keys: tuple[str, ...]


def encode(column: pd.Series[str]) -> Segment:
    """Text as codes of its different values, sorted."""
    values = _in_one(column)
    count = len(values)
    if not count:
        return Segment(np.zeros(0, np.intp), ())
    # A table of all numbers that are possible must cost less than hashing.
    numbered = _as_numbers(values, count)
    if numbered is not None:
        numbers, possible = numbered
        if possible == 1:
            return Segment(numbers, (values[0].as_py(),))
        row = np.full(possible, -1, np.int32)
        row[numbers] = np.arange(count, dtype=np.int32)
        occurring = np.flatnonzero(row >= 0)
        rank = np.empty(possible, np.intp)
        rank[occurring] = np.arange(occurring.size)
        codes = rank.take(numbers, out=numbers, mode="clip")  # None is out of bounds; "raise" would copy
        return Segment(codes, tuple(values.take(row[occurring]).to_pylist()))
    parts, found = _dictionary(values)
    order = pc.sort_indices(found).to_numpy()
    rank = np.empty(order.size, np.intp)
    rank[order] = np.arange(order.size)
    codes, start = np.empty(count, np.intp), 0
    for places in parts:
        start, own = start + places.size, slice(start, start + places.size)
        rank.take(places, out=codes[own], mode="clip")
    return Segment(codes, tuple(found.take(order).to_pylist()))


def all_different(column: pd.Series[str]) -> bool:
    """Whether no text occurs twice."""
    values = _in_one(column)
    # Numbers are ticked off, or sorted, several times faster than texts are hashed.
    numbered = _as_numbers(values, _MOST_NUMBERS) if len(values) else None
    if numbered is None:
        return bool(pc.count_distinct(values, mode="all").as_py() == len(values))
    numbers, possible = numbered
    if possible <= _SPARSE * len(values):
        seen = np.zeros(possible, bool)
        seen[numbers] = True
        return int(np.count_nonzero(seen)) == len(values)
    ordered = np.sort(numbers)
    return not (ordered[1:] == ordered[:-1]).any()


def _in_one(column: pd.Series[str]) -> Any:
    values = pa.array(column)
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _as_numbers(values: Any, most: int) -> tuple[NDArray[np.intp], int] | None:
    """Texts of one length as numbers that sort as the texts do, and how many there can be; None beyond `most`.

    Each byte is a digit in a radix of its own: customer numbers differ in a few digits, a currency in none, so
    that few numbers are possible.
    """
    count = len(values)
    _, offsets, data = values.buffers()
    ends = np.frombuffer(offsets, np.int64 if values.type == pa.large_string() else np.int32)
    ends = ends[values.offset : values.offset + count + 1]
    width = int(ends[1] - ends[0])
    if values.null_count or width > _WIDEST or int(ends[-1] - ends[0]) != count * width:
        return None
    if not width:
        return np.zeros(count, np.intp), 1
    if any((np.diff(ends[rows.start : rows.stop + 1]) != width).any() for rows in blocks(count)):
        return None
    text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    if all(np.array_equal(text[width:][part], text[:-width][part]) for part in blocks(text.size - width)):
        return np.zeros(count, np.intp), 1
    digits = np.ascontiguousarray(text.reshape(count, width).T)
    lowest, highest = digits.min(axis=1), digits.max(axis=1)
    radix = (highest - lowest).astype(np.int32) + 1
    possible = math.prod(radix.tolist())
    if possible > most:
        return None
    numbers = np.empty(count, np.intp)
    for rows in blocks(count):
        number = np.zeros(numbers[rows].size, whole_numbers(possible))
        for place in np.flatnonzero(radix > 1):
            number *= radix[place]
            number += digits[place, rows] - lowest[place]
        numbers[rows] = number
    return numbers, possible


def _dictionary(values: Any) -> tuple[list[NDArray[np.int32]], Any]:
    """Codes, in parts, and different values in order of appearance; a long column in two halves at once."""
    count = len(values)
    if count < _LONG:
        encoded = values.dictionary_encode()
        return [encoded.indices.to_numpy()], encoded.dictionary
    halves = (values.slice(0, count // 2), values.slice(count // 2))
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda half: half.dictionary_encode(), halves))
    chunks = pa.chunked_array(parts).unify_dictionaries().chunks
    return [chunk.indices.to_numpy() for chunk in chunks], chunks[0].dictionary
