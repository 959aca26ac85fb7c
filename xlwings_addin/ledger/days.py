"""Days as whole numbers since 1970-01-01, and the period ends between two of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from udfs.serial_days import date_of, since_1970
from xlwings_addin.ledger.errors import LedgerError

if TYPE_CHECKING:
    from xlwings_addin.ledger.values import Days

AsOf = date | str | int
"""A day as callers have it: a date, ISO text, or the day number itself."""


def day_number(day: AsOf) -> int:
    """Days since 1970-01-01 of a date, of ISO text, or of a day number already.

    >>> day_number("2012-06-30")
    15521
    """
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day.strip())
        except ValueError:
            raise LedgerError(f"'{day}' is not a date: write it as year-month-day, for example 2024-06-30.") from None
    if isinstance(day, datetime):
        day = day.date()
    if isinstance(day, date):
        return since_1970(day)
    return int(day)


def iso(day: int) -> str:
    """The day as ISO text.

    >>> iso(15521)
    '2012-06-30'
    """
    return date_of(int(day)).isoformat()


def first_of_month(day: int) -> int:
    """First day of the calendar month of a day."""
    return int(np.datetime64(int(day), "D").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))


def month_end(day: int) -> int:
    """Last day of the calendar month of a day."""
    month = np.datetime64(int(day), "D").astype("datetime64[M]") + 1
    return int(month.astype("datetime64[D]").astype(np.int64)) - 1


def month_ends(first: int, last: int) -> Days:
    """Every calendar month end from the month of `first` to the month of `last`, as days."""
    start = np.datetime64(int(first), "D").astype("datetime64[M]")
    stop = np.datetime64(int(last), "D").astype("datetime64[M]") + 1
    months = np.arange(start, stop) + 1
    return (months.astype("datetime64[D]").astype(np.int64) - 1).astype(np.int32)
