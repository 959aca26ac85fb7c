"""What a formula shows that calls a function of ours: the call in its text, made on the cells that it names.

The text in `sheets/` is the only place that says what a ratio is calculated from.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import udfs
from udfs import boundary
from udfs.errors import from_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.sheets.blocks import Table

_CALL = re.compile(r"=?(AR_[A-Z_]+)\((.*)\)")
_OF_ROW = re.compile(r"\[@\[?([^\[\]]+)\]?\]")
_TRUTH = {"TRUE": True, "FALSE": False}


def is_call(formula: str) -> bool:
    """Whether a formula is one call of ours, and nothing around it."""
    return _parts(formula) is not None


def shown(formula: str, cells: Mapping[str, Any]) -> Any:
    """Return what a call shows: a figure, a text, the rows it fills; an error as the NaN that stands for it.

    `cells` hold what an argument is, by its text; by its heading where it is a cell of the same row.

    >>> shown("=AR_DSO([@[Ending balance]],sales,30)", {"Ending balance": 100.0, "sales": 300.0})
    10.0
    """
    parts = _parts(formula)
    if parts is None:
        raise ValueError(f"{formula} is no call of a function of ours.")
    name, arguments = parts
    return error_or(boundary.call(name, *(_argument(text, cells) for text in arguments)))


def row_of(table: Table, row: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the calls in the columns of a table show on one row, by key; `given` is what is no cell of it."""
    cells = {column.heading: row.get(column.key) for column in table.columns} | dict(given)
    found = {}
    for column in table.columns:
        if is_call(column.formula):
            found[column.key] = cells[column.heading] = shown(column.formula, cells)
    return found


def error_or(cell: Any) -> Any:
    """Return what a cell holds, an error as the NaN that stands for it."""
    error = from_text(cell) if isinstance(cell, str) else None
    return cell if error is None else error


@cache
def _parts(formula: str) -> tuple[str, tuple[str, ...]] | None:
    """The function and its arguments as they are written; None where the formula is more than one call."""
    found = _CALL.fullmatch(formula)
    if found is None:
        return None
    udfs.load()
    arguments, depth, quoted = [""], 0, False
    for sign in found[2]:
        quoted ^= sign == '"'
        if not quoted:
            depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return None
        if sign == "," and not depth and not quoted:
            arguments.append("")
        else:
            arguments[-1] += sign
    return found[1], tuple(arguments)


def _argument(text: str, cells: Mapping[str, Any]) -> Any:
    of_row = _OF_ROW.fullmatch(text)
    if (name := of_row[1] if of_row else text) in cells:
        return cells[name]
    return _TRUTH[text] if text in _TRUTH else float(text)
