"""The functions of `udfs` for people with pandas: a Series in, a Series with the same index out."""

from __future__ import annotations

import functools
import inspect
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import udfs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from udfs.spec import FunctionSpec

ITEM_BY_ITEM, WHOLE = frozenset({"number", "date"}), frozenset({"numbers", "dates", "texts"})
"""Kinds of arguments that go cell against cell, and of those that are taken as ranges that belong together."""
OF_SERIES = """ A Series in gives a Series
with the same index out; Series whose indexes differ raise ValueError."""
OF_UDFS = "so do Series of different lengths."
OF_LISTS = """so does a Series with a range
of another length. Lists and arrays that do not fit one another raise ValueError."""


def _on_series(spec: FunctionSpec) -> Callable[..., Any]:
    """Return a function that also takes pandas Series, and returns one with their index."""
    function, kinds = spec.python, {p.name: p.kind for p in spec.parameters}
    # Without a single balance or date that it follows, a result has a figure for each of the range.
    followed = ITEM_BY_ITEM if ITEM_BY_ITEM & set(kinds.values()) else WHOLE

    one_figure = spec.body.__annotations__.get("return") is float

    @functools.wraps(function)
    def on_series(*args: Any, **kwargs: Any) -> Any:
        # Without pandas there is no Series; a function alone does not load it.
        pandas: Any = sys.modules.get("pandas")
        given = (*zip(kinds, args, strict=False), *kwargs.items())
        columns = {n: value for n, value in given if n in kinds and pandas and isinstance(value, pandas.Series)}
        for together in (ITEM_BY_ITEM, WHOLE):
            _require_one_index({name: column for name, column in columns.items() if kinds[name] in together})
        result = function(*args, **kwargs)
        index = next((column.index for name, column in columns.items() if kinds[name] in followed), None)
        if not isinstance(result, np.ndarray):
            ranges = any(np.ndim(value) for value in (*args, *kwargs.values()))
            if ranges and not one_figure and isinstance(result, float) and math.isnan(result):
                raise ValueError(udfs.explain(spec.name, *inspect.signature(function).bind(*args, **kwargs).args))
            return result
        if index is None:
            return result
        if result.shape != index.shape:
            raise ValueError(f"A Series of {index.size} goes with numbers, and with lists and arrays of its length.")
        return pandas.Series(result, index=index, name=function.__name__)

    on_series.__module__ = "xlwings_addin.api"  # where it is found by its name, when it is unpickled for one
    meaning, errors, rest = (function.__doc__ or "").partition("\n\nErrors: ")
    examples = rest.replace("from udfs import", "from receivables import").replace(OF_UDFS, OF_LISTS)
    on_series.__doc__ = f"{meaning}{OF_SERIES}{errors}{examples}"
    return on_series


def _require_one_index(columns: dict[str, Any]) -> None:
    names = list(columns)
    for name in names[1:]:
        if not columns[name].index.equals(columns[names[0]].index):
            raise ValueError(f"{names[0]} and {name} have different indexes: align them first, or give arrays.")


def _functions() -> Iterable[tuple[str, Callable[..., Any]]]:
    udfs.load()
    for spec in udfs.REGISTRY.values():
        yield spec.python.__name__, _on_series(spec)


FUNCTIONS = dict(_functions())
"""Each function by its name in Python."""
