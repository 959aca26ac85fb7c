"""Tables and arrays that cannot be changed behind the back of what was calculated from them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_Array = TypeVar("_Array", bound=NDArray[Any])


def fixed(array: _Array) -> _Array:
    """Return the array itself, which from now on refuses to be written to."""
    array.flags.writeable = False
    return array


class Fixed:
    """What holds arrays that nobody may write to once it is made: a dataclass that derives from this."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Fix every array it holds."""
        for one in fields(cast("Any", self)):
            value = getattr(self, one.name)
            for array in value.values() if isinstance(value, dict) else (value,):
                if isinstance(array, np.ndarray):
                    fixed(array)


class Table:
    """A field of a dataclass that holds a table: reading it gives a table of one's own that shares its values.

    What is done to that table is not done to the field's: pandas copies values before it writes to shared ones,
    and the ways around pandas (`column.array[0] = ...`) meet arrays that refuse.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, holder: object | None, owner: type) -> pd.DataFrame:
        if holder is None:
            raise AttributeError(self._name)  # so that the field has no default
        table, _ = holder.__dict__[self._name]
        own: pd.DataFrame = table.copy(deep=False)
        return own

    def __set__(self, holder: object, table: pd.DataFrame) -> None:
        # As long as this is held, pandas knows that the values are shared with the table that was handed in.
        shared = table.copy(deep=False)
        columns = {name: _fixed_values(column) for name, column in shared.items()}
        holder.__dict__[self._name] = pd.DataFrame(columns, index=shared.index, copy=False), shared


def _fixed_values(column: pd.Series[Any]) -> Any:
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy()  # pandas gives it out read-only
    if isinstance(column.dtype, pd.Int64Dtype):
        blank = column.isna().to_numpy()
        return pd.arrays.IntegerArray(fixed(column.to_numpy(np.int64, na_value=0)), fixed(blank))
    return column.array  # of Arrow's, whose values do not change
