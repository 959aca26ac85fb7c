"""Values as an open Excel gives them, and as it must be given them so that it changes none."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from udfs.errors import excel_text
from udfs.serial_days import serial, serial_of
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.sheets import style
from xlwings_addin.sheets.blocks import Formula
from xlwings_addin.writing.cells import ERROR_FORMULAS, is_blank
from xlwings_addin.writing.streamed import CELL_LIMIT, writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.sheets.blocks import Column

Written = str | float | bool
"""What is handed to Excel; "" clears a cell."""

TEXT_FORMAT: Final = style.NUMBER_FORMATS["text"]

ERROR_CODES: Final = {
    -2146826281: "#DIV/0!", -2146826246: "#N/A", -2146826259: "#NAME?", -2146826288: "#NULL!",
    -2146826252: "#NUM!", -2146826265: "#REF!", -2146826273: "#VALUE!",
}  # fmt: skip


_AS_THEY_ARE: Final = frozenset({float, str, bool, type(None)})


def read(value: Any) -> Any:
    """Return a cell's value as the file reader would have it: float, text, bool, date, None."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        if not (value.hour or value.minute or value.second):
            return value.date()
        day = value.year, value.month, value.day
        return datetime(*day, value.hour, value.minute, value.second)  # noqa: DTZ001 - a cell's date has no zone
    if isinstance(value, Decimal):
        return float(value)  # a cell formatted as currency
    if isinstance(value, int):
        return ERROR_CODES.get(value, "#VALUE!") if value < 0 else float(value)
    return value


def read_rows(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return a block's values as `read` would, cell by cell; columns of nothing but text and numbers as they are."""
    columns = [
        values if _AS_THEY_ARE.issuperset(map(type, values)) else map(read, values)
        for values in zip(*rows, strict=True)
    ]
    return list(map(list, zip(*columns, strict=True)))


def text(value: str, number_format: str) -> str:
    """Return text as it must be written to stay text: in a cell of text format as it is, elsewhere marked."""
    fitting = writable(value)
    return fitting if number_format == TEXT_FORMAT or not fitting else f"'{fitting[:32_766]}"


def written(value: Any, kind: str, number_format: str, *, shift: int = 0) -> Written:
    """Return one value of style `kind` as it is written; `shift` is not 0 in a workbook that counts from 1904."""
    if isinstance(value, Formula):
        return value.text
    if is_blank(value):
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return serial_of(value) - shift
    if isinstance(value, str):
        return text(value, number_format)
    number = float(value)
    if not math.isfinite(number):
        return ERROR_FORMULAS[excel_text(number)]
    if kind in style.DATE_STYLES:
        return "" if value == NO_DATE else serial(number) - shift
    return number


def column(declared: Column, values: Sequence[Any], *, shift: int = 0) -> list[Written]:
    """Return a column's cells as they are written; `values` may be an array."""
    number_format = style.number_format(declared.style)
    numbers = values if isinstance(values, np.ndarray) and values.dtype.kind in "fiu" else None
    if numbers is not None and np.isfinite(numbers).all() and not (numbers == NO_DATE).any():
        shown = numbers.astype(np.float64)
        cells: list[Written] = (serial(shown) - shift if declared.style in style.DATE_STYLES else shown).tolist()
        return cells
    listed: list[Any] = values.tolist() if hasattr(values, "tolist") else list(values)
    if declared.style in style.TEXT_STYLES and {str}.issuperset(map(type, listed)):
        plain = "".join(listed).isascii() and max(map(len, listed), default=0) <= CELL_LIMIT
        return listed if plain else [writable(value) for value in listed]
    return [written(value, declared.style, number_format, shift=shift) for value in listed]


def same(shown: str, wanted: Written) -> bool:
    """Whether a cell whose formula text is `shown` holds already what would be written."""
    if isinstance(wanted, str):
        return shown == wanted.removeprefix("'")
    try:
        return math.isclose(float(shown), wanted, rel_tol=1e-14)
    except ValueError:
        return False
