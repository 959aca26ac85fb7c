"""Excel's error values as floats: every error is a NaN whose payload names it.

So a result stays a float or a float64 array, `isnan` finds what failed, and one bad row never spoils
a column. A plain NaN (payload 0, what numpy and pandas make) means a blank cell. Which error wins where
several meet is decided by `rank`, never by what a processor does with payloads in arithmetic.
"""

import math
import struct

import numpy as np
from numpy.typing import NDArray

Amount = float | NDArray[np.float64]
"""A number or an array of them."""

CODES = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
"""Each error as cells show it, with its number in VBA (`CVErr`)."""

_QUIET_NAN = 0x7FF8_0000_0000_0000
_PAYLOAD = 0x0007_FFFF_FFFF_FFFF
_COM_BASE = -2146826288 - 2000  # an error met through COM is this plus its VBA number (SCODE 0x800A0000 + n)
_NOT_A_NUMBER = 1 << 32  # marks an argument, not a result: text or TRUE where a number belongs
_IMPOSSIBLE = 1 << 33  # marks an argument, not a result: a number no cell or calendar can hold
_TEXTS = {code: text for text, code in CODES.items()}


def _boxed(payload: int) -> float:
    value: float = struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | payload))[0]
    return value


ERRORS = {text: _boxed(code) for text, code in CODES.items()}
NULL, DIV0, VALUE, REF = ERRORS["#NULL!"], ERRORS["#DIV/0!"], ERRORS["#VALUE!"], ERRORS["#REF!"]
NAME, NUM, NA = ERRORS["#NAME?"], ERRORS["#NUM!"], ERRORS["#N/A"]

BLANK = math.nan
NOT_A_NUMBER = _boxed(_NOT_A_NUMBER | CODES["#VALUE!"])
IMPOSSIBLE = _boxed(_IMPOSSIBLE | CODES["#NUM!"])

ERROR_INTS = {_COM_BASE + code: ERRORS[text] for text, code in CODES.items()}
"""How xlwings hands over errors it does not know, #SPILL! for one: as ints that would be summed."""

FINE, IS_ERROR, IS_BLANK, IS_TEXT, IS_IMPOSSIBLE = range(5)
"""What an argument can be; the lowest above `FINE` wins: the order of the rows of the failure table."""


class Failure(Exception):  # noqa: N818 - it becomes an Excel error, it is none
    """No result: the error the cell shall show and the plain-English reason. Never leaves the package."""

    def __init__(self, error: float, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


def payload(value: float) -> int:
    """Return what a NaN carries: 0 for a plain one."""
    bits: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return bits & _PAYLOAD


def excel_text(value: float) -> str:
    """Return the error text a cell shows for a value that is no finite number.

    >>> import math
    >>> from udfs.errors import DIV0, excel_text
    >>> excel_text(DIV0), excel_text(math.nan), excel_text(math.inf)
    ('#DIV/0!', '#N/A', '#NUM!')
    """
    if math.isinf(value):
        return "#NUM!"
    return _TEXTS.get(payload(value) & 0xFFFF, "#N/A")


def from_text(text: str) -> float | None:
    """Return the error that a text shows, None for any other text.

    >>> from udfs.errors import excel_text, from_text
    >>> excel_text(from_text("#SPILL!"))
    '#SPILL!'
    """
    return ERRORS.get(text.strip().upper())


def rank(value: float) -> int:
    """Return what one argument is: `FINE`, `IS_ERROR`, `IS_BLANK`, `IS_TEXT` or `IS_IMPOSSIBLE`."""
    if math.isfinite(value):
        return FINE
    if math.isinf(value):
        return IS_IMPOSSIBLE
    carried = payload(value)
    if carried & _NOT_A_NUMBER:
        return IS_TEXT
    if carried & _IMPOSSIBLE:
        return IS_IMPOSSIBLE
    return IS_ERROR if carried in _TEXTS else IS_BLANK


def shown(value: float) -> float:
    """Return the error that a result shows for an argument that is not fine.

    >>> from udfs.errors import BLANK, NOT_A_NUMBER, REF, excel_text, shown
    >>> excel_text(shown(BLANK)), excel_text(shown(NOT_A_NUMBER)), excel_text(shown(REF))
    ('#N/A', '#VALUE!', '#REF!')
    """
    return ERRORS[excel_text(value)]


def is_blank(values: Amount) -> NDArray[np.bool_]:
    """Tell where values are blank."""
    array = np.asarray(values, dtype=np.float64)
    blank = np.asarray(np.isnan(array))
    if blank.any():
        blank[blank] = [rank(value) == IS_BLANK for value in array[blank].tolist()]
    return blank


def first_problem(arguments: list[Amount], shape: tuple[int, ...]) -> NDArray[np.float64] | None:
    """Return, element by element, the error that the arguments cause, 0 where they are fine; None if all are.

    The lowest rank wins; among equals the argument that comes first.
    """
    broken = [values for values in arguments if not np.isfinite(values).all()]
    if not broken:
        return None
    worst = np.full(shape, IS_IMPOSSIBLE + 1)
    result = np.zeros(shape)
    for values in broken:
        array = np.asarray(values, dtype=np.float64)
        bad = ~np.isfinite(array)
        ranks, errors = np.full(array.shape, IS_IMPOSSIBLE + 1), np.zeros(array.shape)
        ranks[bad] = [rank(value) for value in array[bad].tolist()]
        errors[bad] = [shown(value) for value in array[bad].tolist()]
        wins = ranks < worst
        np.copyto(worst, ranks, where=wins)
        np.copyto(result, errors, where=wins)
    return result
