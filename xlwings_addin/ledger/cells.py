"""Raw cells as trimmed text, with the many spellings of 'nothing' made blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.money import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BLANK, _DELETE = 0x20, 0x7F
"""Codes between which the visible characters of ASCII lie."""
BLANKS = ("", "null", "NULL", "Null", "none", "None", "nan", "NaN", "NAN", "n/a", "N/A", "#N/A")


def text(cells: Cells, *, number_like: bool = False) -> Cells:
    """Trimmed text, null where blank. Whole numbers lose the ".0" a spreadsheet gave them.

    `number_like` takes the ".0" off cells that are text already, too: for ids, where
    "2960623488.0" and "2960623488" are one customer.
    """
    kind = cells.type
    if pa.types.is_floating(kind):
        values = cells.to_numpy()
        whole = np.isfinite(values) & (values == np.rint(values)) & (np.abs(values) < 2**63)
        out = np.array([repr(value) for value in values.tolist()], object) if not whole.all() else values.astype(object)
        out[whole] = values[whole].astype(np.int64).astype(str)
        return pa.chunked_array([pa.array(out, pa.string(), mask=np.isnan(values))])
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return cells.cast(pa.timestamp("s")).cast(pa.date32()).cast(pa.string())
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return cells.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(cells) if _may_be_padded(cells) else cells
    if number_like and pc.any(pc.ends_with(trimmed, ".0")).as_py():
        trimmed = pc.replace_substring_regex(trimmed, r"^(\d+)\.0$", r"\1")
    nothing = pc.is_in(trimmed, pa.array(BLANKS))
    return pc.if_else(nothing, pa.scalar(None, trimmed.type), trimmed) if pc.any(nothing).as_py() else trimmed


def _may_be_padded(cells: Cells) -> bool:
    """Whether some text begins or ends with anything but a letter, digit or sign of ASCII: it may be a blank.

    Hardly any column has such a cell, and looking costs a fraction of trimming every cell into a new one.
    """
    for chunk in cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]:
        _, offsets, letters = chunk.buffers()
        if letters is None:
            continue
        number = np.dtype(np.int32 if pa.types.is_string(chunk.type) else np.int64)
        ends: NDArray[np.signedinteger[Any]] = np.frombuffer(offsets, number)
        ends, text = ends[chunk.offset : chunk.offset + len(chunk) + 1], np.frombuffer(letters, np.uint8)
        for rows in blocks(len(chunk)):
            first, beyond = ends[:-1][rows], ends[1:][rows]
            filled = beyond > first
            for edge in (text[first[filled]], text[beyond[filled] - 1]):
                if ((edge <= _BLANK) | (edge >= _DELETE)).any():
                    return True
    return False


def as_series(cells: Cells) -> pd.Series[str]:
    """Text cells as pandas text, "" where blank."""
    filled = pc.fill_null(cells, "").cast(pa.large_string())
    return pd.Series(pd.array(filled, dtype=pd.StringDtype("pyarrow", na_value=np.nan)))


def says(words: pd.Series[str], pattern: str) -> NDArray[np.bool_]:
    """Which texts match a regular expression of Arrow: pandas would first parse it, each time, to see if it can."""
    return np.asarray(pc.match_substring_regex(pa.array(words, pa.large_string()), pattern).to_numpy(False), bool)


def blanks(count: int) -> pd.Series[str]:
    """That many blanks as pandas text."""
    return as_series(pa.repeat("", count))


def spelled(codes: NDArray[np.integer], texts: Sequence[str]) -> pd.Series[str]:
    """Codes as pandas text: of each row the text its code stands for."""
    return as_series(pa.array(texts, pa.string()).take(pa.array(codes)))


def coded(cells: Cells) -> tuple[NDArray[np.int64], list[str | None]]:
    """Codes and the different texts they stand for; blanks have a code of their own (None)."""
    encoded = cells.combine_chunks().dictionary_encode(null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()
