"""Worksheets that cost less: formulas prepared once, and a big table turned into rows only while the file is saved.

XlsxWriter keeps an object for every cell, about 280 bytes; a ledger of 100,000 items has three million
cells and took 1.3 GB and 29 seconds. Its own mode of constant memory knows no tables. Here the columns
stay the arrays they are, strings stay in XlsxWriter's table of shared strings, and only `<row>` and `<c>`
elements are written by us.
"""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np
from pandas.api.extensions import ExtensionArray
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence

CHUNK = 2_000
"""Rows turned into text at a time."""
NO_STRING = -1
CELL_LIMIT = 32_767
# XlsxWriter takes care of control characters; these no XML file may hold in any way.
_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return the text as a cell can hold it: at most 32,767 characters, and none that XML forbids."""
    if len(text) > CELL_LIMIT:
        text = text[: CELL_LIMIT - 1] + "…"
    return _FORBIDDEN.sub("\ufffd", text) if _FORBIDDEN.search(text) else text


@dataclass(frozen=True, slots=True)
class _StreamedColumn:
    letter: str
    look: Any
    cells: array[int] | list[float | None] | list[str | None]
    """Numbers of shared strings, or numbers, or what is in the element; `NO_STRING`, None and NaN are blank."""


class OurWorksheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter's worksheet, which looks for names of functions in the formula of a column once, not in each row."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return _prepared(formula, expand_future_functions)


_PLAIN: Any = Worksheet()


@lru_cache(maxsize=8192)
def _prepared(formula: str, expand_future_functions: bool) -> str:
    return str(_PLAIN._prepare_formula(formula, expand_future_functions))  # noqa: SLF001 - ours does nothing else


class StreamedWorksheet(OurWorksheet):
    """XlsxWriter's worksheet with one big table beneath everything else on it."""

    dim_rowmax: int

    def __init__(self) -> None:
        super().__init__()
        self.streamed: list[_StreamedColumn] = []
        self.first = self.rows = 0

    def add_streamed_table(
        self, header: int, column: int, rows: int, last_column: int, options: dict[str, Any]
    ) -> None:
        """Add a table of that many rows beneath the row `header`; its columns are then streamed."""
        # add_table notes every cell, to refuse tables that overlap: 400 MB for a big one. So a table
        # of one row is added and stretched; nothing stands beneath a streamed table to overlap with.
        self.add_table(header, column, header + 1, last_column, options)
        table = self.tables[-1]
        area = xl_range(header, column, header + rows, last_column)
        table["range"] = table["a_range"] = area
        if table.get("autofilter"):
            table["autofilter"] = area
        self.first, self.rows = header + 1, rows
        self._check_dimensions(header + rows, last_column)

    def stream_text(self, column: int, texts: Sequence[str], look: Any) -> None:
        """Add a column of text; empty text is a blank cell."""
        number = self.str_table._get_shared_string_index  # noqa: SLF001 - the one way to share strings
        # Going through an array of pandas' is slow: a list is gone through ten times faster.
        listed = texts.tolist() if isinstance(texts, ExtensionArray) else list(texts)
        if any(writable(text) is not text for text in set(listed)):
            listed = [writable(text) for text in listed]
        cells = array("q", (number(text) if text else NO_STRING for text in listed))
        self.streamed.append(_StreamedColumn(xl_col_to_name(column), look, cells))

    def stream_numbers(self, column: int, numbers: Sequence[float | None] | np.ndarray[Any, Any], look: Any) -> None:
        """Add a column of numbers; None and what is not finite are blank cells."""
        cells = numbers.tolist() if isinstance(numbers, np.ndarray) else list(numbers)
        if math.inf in cells or -math.inf in cells:
            cells = [None if cell in (math.inf, -math.inf) else cell for cell in cells]
        self.streamed.append(_StreamedColumn(xl_col_to_name(column), look, cells))

    def stream_formula(self, column: int, formula: str, rows: Sequence[bool], look: Any) -> None:
        """Add a formula without a result in the rows that are True."""
        markup = f"<f>{escape(formula.removeprefix('='))}</f><v></v>"
        self.streamed.append(_StreamedColumn(xl_col_to_name(column), look, [markup if here else None for here in rows]))

    def _write_rows(self) -> None:
        if not self.streamed:
            super()._write_rows()
            return
        last = self.dim_rowmax
        self.dim_rowmax = self.first - 1
        super()._write_rows()
        self.dim_rowmax = last
        for start in range(0, self.rows, CHUNK):
            numbers = range(self.first + start + 1, self.first + min(start + CHUNK, self.rows) + 1)
            columns = [_cells(column, numbers, start) for column in self.streamed]
            rows = zip(*columns, strict=True)
            self.fh.write(
                "".join(f'<row r="{n}">{"".join(cells)}</row>' for n, cells in zip(numbers, rows, strict=True))
            )


def _cells(column: _StreamedColumn, numbers: range, start: int) -> list[str]:
    """Return one column's `<c>` elements of a chunk of rows; a blank cell is no element."""
    head = f'<c r="{column.letter}'
    look = f'" s="{column.look._get_xf_index()}"'  # noqa: SLF001 - known only once the file is being saved
    cells = column.cells[start : start + len(numbers)]
    if isinstance(cells, array):
        return [
            f'{head}{n}{look} t="s"><v>{v}</v></c>' if v != NO_STRING else ""
            for n, v in zip(numbers, cells, strict=True)
        ]
    # NaN is not equal to itself.
    return [
        ("" if v is None or v != v else f"{head}{n}{look}>{v if isinstance(v, str) else f'<v>{v!r}</v>'}</c>")
        for n, v in zip(numbers, cells, strict=True)
    ]
