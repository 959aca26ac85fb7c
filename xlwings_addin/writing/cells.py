"""What a cell is to Excel: its serial days, its blanks, its errors, how many there are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from udfs.errors import IS_BLANK, rank

EXCEL_EPOCH = 25569
"""Excel's serial of 1970-01-01."""
MARCH_1900 = 61 - EXCEL_EPOCH
"""1 March 1900, in days since 1970."""
ROW_LIMIT = 1_048_576
ERROR_FORMULAS = {"#DIV/0!": "=1/0", "#N/A": "=NA()", "#NUM!": "=10^400", "#VALUE!": '=VALUE("")'}


def day_serial(day: Any) -> Any:
    """Excel's serial of a day since 1970, or of an array of days: its calendar has a 29 February 1900."""
    return day + EXCEL_EPOCH - (day < MARCH_1900)


def serial(value: date) -> float:
    """Excel's serial of a date, or of a date and time."""
    days = day_serial(value.toordinal() - date(1970, 1, 1).toordinal())
    return (
        days + (value - value.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 86_400
        if isinstance(value, datetime)
        else float(days)
    )


def is_blank(value: Any) -> bool:
    """Whether a cell of this value stays empty."""
    return value is None or value == "" or (isinstance(value, float) and rank(value) == IS_BLANK)
