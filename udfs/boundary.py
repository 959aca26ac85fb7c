"""The one boundary between cells and functions: whatever a spreadsheet hands over in, what it shows out."""

import math
from typing import Any

import numpy as np

from udfs.errors import VALUE, excel_text
from udfs.explanation import find
from udfs.intake import MISSING, NotACellError
from udfs.spec import FunctionSpec
from udfs.unexpected import report

__all__ = ["MISSING", "Cells", "call"]

Cells = float | str | list[list[float | str]]


def call(function: FunctionSpec | str, *cells: object) -> Cells:
    """Compute a worksheet function on cells, errors and all, and return cells: numbers, texts, "#DIV/0!".

    A cell is a number, text, a date, a Decimal, a truth value, None or "" (blank), an error as text or as the int
    that COM makes of it, or `MISSING`. A range is a list of rows, or a list of cells for a column. Bad cells never
    raise; only an unknown function does (`LookupError`). What no function foresaw is reported and shows #VALUE!.

    >>> from udfs.boundary import call
    >>> call("AR_DSO", 850_000, 0, 365)
    '#DIV/0!'
    >>> call("AR_DSO", [[100.0], [None]], 300.0, 30.0)
    [[10.0], ['#N/A']]
    """
    spec = function if isinstance(function, FunctionSpec) else find(function)
    try:
        return _out(spec.python(*map(_in, cells)))
    except NotACellError:
        return excel_text(VALUE)
    except Exception as unexpected:  # noqa: BLE001 - a cell must show something, and a traceback is no answer
        if spec.takes(len(cells)):
            report(spec.name, unexpected)
        return excel_text(VALUE)


def _in(cells: object) -> object:
    """Stand a flat list up as a column, which is what a list of cells means in a sheet."""
    if isinstance(cells, np.ndarray):
        return cells[:, None] if cells.ndim == 1 else cells
    if isinstance(cells, (list, tuple)) and not any(isinstance(row, (list, tuple, np.ndarray)) for row in cells):
        return [[cell] for cell in cells]
    return cells


def _out(result: Any) -> Cells:
    if isinstance(result, (float, str)):
        return _cell(result)
    if isinstance(result, list):
        return [[_cell(cell) for cell in row] for row in result]
    if not result.size:
        return excel_text(VALUE)
    if result.size == 1:
        return _cell(result.item())
    rows: list[list[float | str]] = np.atleast_2d(result).tolist()
    if result.dtype == object:
        return [[_cell(cell) for cell in row] for row in rows]
    for row, column in np.argwhere(~np.isfinite(np.atleast_2d(result))).tolist():
        rows[row][column] = _cell(rows[row][column])
    return rows


def _cell(value: float | str) -> float | str:
    return value if isinstance(value, str) or math.isfinite(value) else excel_text(value)
