"""Cells in: what a spreadsheet, a bridge or a Python caller hands over, as floats, arrays and words.

Nothing here raises for what a cell holds: a cell that cannot be used becomes a NaN that says why
(`errors.py`). Only a range that is not a rectangle is refused as a whole, and an argument that is neither
a cell nor a range, a dict for one, is a `NotACellError`.
"""

import datetime as dt
import enum
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from udfs.errors import BLANK, ERROR_INTS, IMPOSSIBLE, NOT_A_NUMBER, VALUE, Amount, Failure, from_text, is_blank
from udfs.serial_days import LAST_DAY, date_of, days_of, serial_of

_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")


class NotACellError(TypeError):
    """What is neither a cell nor a range. No sheet hands it over; a Python caller may."""


class Missing(enum.Enum):
    """The type of `MISSING`."""

    MISSING = "omitted"


MISSING = Missing.MISSING
"""An argument that the formula leaves out: `=AR_CEI(A1,B1,C1,D1,,"ignore")` omits the fifth."""

_GIVEN = (str, int, float, list, tuple, np.ndarray, np.generic, Decimal, dt.date, type(None), Missing)
"""Cells and ranges as they are."""


def serial(day: dt.date) -> float:
    """Return Excel's serial number of a day, a failure before the first.

    >>> import datetime as dt
    >>> from udfs.intake import serial
    >>> serial(dt.date(2024, 6, 30)), serial(dt.date(1899, 12, 31))
    (45473.0, nan)
    """
    number = serial_of(day)
    return number if number >= 1 else IMPOSSIBLE


def day(number: float) -> str:
    """Return a serial number as an ISO date, for reading.

    >>> from udfs.intake import day
    >>> day(45473.0), day(60.0)
    ('2024-06-30', '1900-02-29')
    """
    if number == 60:
        return "1900-02-29"
    return date_of(days_of(int(number))).isoformat()


def number(cell: object) -> float:
    """Read a cell where a number belongs; a date counts as its serial number, as it does in Excel."""
    if type(cell) is float:
        return cell
    if cell is None or cell is MISSING:
        return BLANK
    if isinstance(cell, str):
        return _no_number(cell)
    if type(cell) is int and cell in ERROR_INTS:
        return ERROR_INTS[cell]
    if isinstance(cell, (bool, np.bool_)):
        return NOT_A_NUMBER
    if isinstance(cell, (int, float, Decimal, np.integer, np.floating)):
        try:
            return float(cell)
        except OverflowError:
            return IMPOSSIBLE
        except ValueError:  # a signalling NaN of Decimal
            return NOT_A_NUMBER
    if isinstance(cell, np.datetime64):
        return number(cell.astype("datetime64[s]").item())
    if isinstance(cell, dt.date):
        return serial(cell) if cell == cell else BLANK  # "not a time" differs from itself
    # pandas' own blank, met without pandas.
    return BLANK if type(cell).__name__ == "NAType" else NOT_A_NUMBER


def _no_number(text: str) -> float:
    if not text or text.isspace():
        return BLANK
    error = from_text(text)
    return NOT_A_NUMBER if error is None else error


def date(cell: object) -> float:
    """Read a cell where a date belongs: a date, a serial number or ISO text. The time of day is dropped."""
    if isinstance(cell, str) and (iso := _ISO_DATE.fullmatch(cell.strip())):
        try:
            cell = dt.date.fromisoformat(iso[1])
        except ValueError:
            return NOT_A_NUMBER
    value = number(cell)
    if math.isnan(value):
        return value
    return float(math.floor(value)) if 1 <= value < LAST_DAY + 1 else IMPOSSIBLE


def text(cell: object) -> str | float:
    """Read a cell where text belongs, an identifier above all: 2960623488.0 is "2960623488"."""
    if isinstance(cell, str):
        problem = _no_number(cell)
        return cell.strip() if problem is NOT_A_NUMBER else problem
    if isinstance(cell, (bool, np.bool_)):
        return str(cell).upper()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    value = number(cell)
    if not math.isfinite(value):
        return value
    return str(int(value)) if value.is_integer() else repr(value)


def numbers(value: object) -> Amount:
    """Read a cell or a range of numbers."""
    value = _given(value)
    if type(value) is np.ndarray and value.dtype == np.float64 and value.ndim:
        return _at_most_two_dimensional(value)
    return _cells(value, number)


def dates(value: object) -> Amount:
    """Read a cell or a range of dates."""
    value = _given(value)
    if type(value) is np.ndarray and value.dtype == np.float64 and value.ndim:
        return _as_days(_at_most_two_dimensional(value))
    return _cells(value, date)


def texts(value: object) -> NDArray[np.object_]:
    """Read a cell or a range of texts, row by row: a flat array of str, and of NaN where there is none."""
    cells = _as_list(_given(value))
    rows = cells if isinstance(cells, (list, tuple)) else [cells]
    flat, _ = _flattened(rows)
    result = np.empty(len(flat), dtype=object)
    result[:] = [text(cell) for cell in flat]
    return result


def flag(value: object) -> bool | float:
    """Read one TRUE or FALSE; 1 and 0 serve too, since some spreadsheets hand over nothing else."""
    cell = _single(value)
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    found = number(cell)
    return bool(found) if found in (0.0, 1.0) else _word_problem(found)


def option(words: tuple[str, ...]) -> Callable[[object], str | float]:
    """Return a reader of one word out of a few, in any case."""

    def read(value: object) -> str | float:
        cell = _single(value)
        if isinstance(cell, str) and cell.strip().lower() in words:
            return cell.strip().lower()
        return _word_problem(number(cell))

    return read


def edges(value: object) -> tuple[int, ...] | float:
    """Read the upper edges of aging buckets: whole, rising, above 0. Blank cells among them are skipped."""
    read = np.ravel(numbers(value))
    given = read[~is_blank(read)]
    if not given.size:
        return BLANK
    for found in given.tolist():
        if not math.isfinite(found):
            return float(found)
    whole = bool((given == np.floor(given)).all() and given[0] > 0 and given[-1] <= LAST_DAY)
    return tuple(int(edge) for edge in given) if whole and bool((np.diff(given) > 0).all()) else IMPOSSIBLE


def single(value: object) -> float:
    """Read one number; a range of several has no place here."""
    return number(_single(value))


def single_date(value: object) -> float:
    """Read one date; a range of several has no place here."""
    return date(_single(value))


def single_text(value: object) -> str | float:
    """Read one text."""
    return text(_single(value))


def whatever(value: object) -> object:
    """Leave an argument as it is, for whoever reads it later."""
    return value


def _word_problem(found: float) -> float:
    return NOT_A_NUMBER if math.isfinite(found) else found


def is_column(value: object) -> bool:
    """Whether a value is a column of another library, a pandas Series for one: known by offering itself as an array."""
    kind = type(value)
    return hasattr(kind, "__array__") and not hasattr(kind, "columns") and not isinstance(value, _GIVEN)


def _given(value: object) -> object:
    """Return a cell or a range as it is and a column as an array; refuse anything else."""
    if isinstance(value, _GIVEN):
        return value
    if is_column(value):
        return np.asarray(value)
    kind = type(value)
    if kind.__name__ == "NAType":
        return None
    if hasattr(kind, "columns"):
        raise NotACellError(f"cannot use a whole {kind.__name__}; give one of its columns, or its values as an array")
    raise NotACellError(
        f"cannot use a value of type {kind.__name__}; give a number, text, a date, a list, an array or a Series"
    )


def _as_list(value: object) -> object:
    """Return an array as lists of cells, everything else as it is."""
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind in "mV":
        raise NotACellError(
            f"cannot use an array of {value.dtype}; give numbers, texts or dates, and durations as days"
        )
    # datetime64 in nanoseconds would come out of tolist() as bare ints
    return (value.astype("datetime64[s]") if value.dtype.kind == "M" else value).tolist()


def _single(value: object) -> object:
    if isinstance(value, (str, int, float)):
        return value
    value = _as_list(_given(value))
    if isinstance(value, (list, tuple)):
        flat, _ = _flattened(value)
        return flat[0] if len(flat) == 1 else NOT_A_NUMBER
    return value


def _cells(value: object, read: Callable[[object], float]) -> Amount:
    value = _as_list(value)
    if not isinstance(value, (list, tuple)):
        return read(value)
    flat, shape = _flattened(value)
    kinds = set(map(type, flat))
    if kinds == {float} or ((kinds == {float, int} or kinds == {int}) and ERROR_INTS.keys().isdisjoint(flat)):
        try:
            array = np.array(flat, dtype=np.float64).reshape(shape)
        except OverflowError:  # an int beyond any float
            pass
        else:
            return array if read is number else _as_days(array)
    return np.array([read(cell) for cell in flat], dtype=np.float64).reshape(shape)


def _flattened(rows: Sequence[object]) -> tuple[list[object], tuple[int, ...]]:
    if not any(isinstance(row, (list, tuple, np.ndarray)) for row in rows):
        return list(rows), (len(rows),)
    nested = [list(row) for row in rows if isinstance(row, (list, tuple, np.ndarray))]
    if len(nested) < len(rows) or len(set(map(len, nested))) > 1:
        raise Failure(VALUE, "The rows of a range are not equally long.")
    flat = list(chain.from_iterable(nested))
    return flat, (len(rows), len(flat) // len(rows))


def _at_most_two_dimensional(array: NDArray[np.float64]) -> NDArray[np.float64]:
    if array.ndim > 2:
        raise Failure(VALUE, "A range has rows and columns, no more.")
    return array


def _as_days(array: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.floor(array)
    possible = np.isnan(array) | (whole >= 1) & (whole <= LAST_DAY)
    return whole if possible.all() else np.where(possible, whole, IMPOSSIBLE)
