"""Each function's worked example as one types it into a cell, out of the doctest of its docstring."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from udfs.boundary import Cells, call

if TYPE_CHECKING:
    from udfs.spec import FunctionSpec

DECIMALS = {"days": 2, "money": 2}
"""How closely a result is shown, by its unit; ratios to four."""


@cache
def as_typed(spec: FunctionSpec) -> str:
    """Return the first example of a function as a formula, and what its cell shows.

    >>> from udfs import REGISTRY
    >>> from udfs.example import as_typed
    >>> as_typed(REGISTRY["AR_DSO"])
    '=AR_DSO(850000,3200000,365)  shows 96.95'
    """
    given = [_value(argument) for argument in _call(spec).args]
    formula = f"={spec.name}({','.join(_literal(value) for value in given)})"
    return f"{formula}  shows {_shown(call(spec, *given), DECIMALS.get(spec.unit, 4))}"


def _call(spec: FunctionSpec) -> ast.Call:
    """Find the call in the example, whatever prints or rounds it there."""
    name = spec.python.__name__.lstrip("_")
    first = spec.example.split("\n")[0]
    tree = ast.parse(first + "\n    pass" if first.endswith(":") else first)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == name)
    return min(calls, key=lambda node: node.col_offset)


def _value(argument: ast.expr) -> object:
    if isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Div):
        top, bottom = ast.literal_eval(argument.left), ast.literal_eval(argument.right)
        return float(top / bottom)
    return ast.literal_eval(argument)


def _literal(value: object) -> str:
    """Write a value as Excel takes it in a formula: a list is a column of an array constant."""
    if isinstance(value, list | tuple):
        return "{" + ";".join(_literal(cell) for cell in value) + "}"
    if value is None:
        return '""'
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return f"{value:.15g}"


def _shown(result: Cells, decimals: int) -> str:
    if isinstance(result, list):
        if len(result[0]) == 1:
            return "a column: " + ", ".join(_shown(row[0], decimals) for row in result)
        return f"a table of {len(result)} rows: {', '.join(str(cell) for cell in result[0])}, ..."
    return result if isinstance(result, str) else f"{round(result, decimals):,.12g}"
