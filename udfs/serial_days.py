"""Days as Excel counts them and as days since 1970, which the ledger counts in: the only place that knows both."""

import datetime as dt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", int, float, NDArray[np.int32], NDArray[np.float64])

_ZERO = dt.date(1899, 12, 30).toordinal()
_1970 = dt.date(1970, 1, 1).toordinal()
MARCH_1900 = 61
"""The serial day of 1 March 1900, the first after the 29 February that Excel invented."""
LAST_DAY = dt.date.max.toordinal() - _ZERO
"""The serial day of 9999-12-31, the last that Excel knows."""
SHIFT_1904 = dt.date(1904, 1, 1).toordinal() - _ZERO
"""So much smaller are serial days in a workbook that counts from 1904."""


def since_1970(day: dt.date) -> int:
    """Return the days from 1970-01-01 to a date.

    >>> import datetime as dt
    >>> from udfs.serial_days import since_1970
    >>> since_1970(dt.date(2024, 6, 30))
    19904
    """
    return day.toordinal() - _1970


def date_of(days: int) -> dt.date:
    """Return the date that many days after 1970-01-01.

    >>> from udfs.serial_days import date_of
    >>> date_of(19904)
    datetime.date(2024, 6, 30)
    """
    return dt.date.fromordinal(days + _1970)


def serial(days: Number) -> Number:
    """Return the serial day of a day since 1970, or those of an array.

    >>> import numpy as np
    >>> from udfs.serial_days import serial
    >>> serial(19904), serial(np.array([0, -25509]))
    (45473, array([25569,    59]))
    """
    return days + (_1970 - _ZERO) - (days < MARCH_1900 + _ZERO - _1970)


def days_of(serial: int) -> int:
    """Return the days since 1970 of a serial day.

    >>> from udfs.serial_days import days_of
    >>> days_of(45473), days_of(59), days_of(61)
    (19904, -25509, -25508)
    """
    return serial - (_1970 - _ZERO) + (serial < MARCH_1900)


def serial_of(day: dt.date) -> float:
    """Return the serial day of a date; a time is the part of its day that is over.

    >>> import datetime as dt
    >>> from udfs.serial_days import serial_of
    >>> serial_of(dt.date(1900, 2, 28)), serial_of(dt.date(1900, 3, 1)), serial_of(dt.datetime(2024, 6, 30, 18))
    (59.0, 61.0, 45473.75)
    """
    number = float(serial(since_1970(day)))
    if isinstance(day, dt.datetime):
        seconds = day.hour * 3600 + day.minute * 60 + day.second
        number += (seconds * 1_000_000 + day.microsecond) / 1_000_000 / 86_400
    return number
