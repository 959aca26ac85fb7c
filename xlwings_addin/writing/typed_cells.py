"""What clerks type into cells for dates and amounts: read as what it is, or refused with the cell it is in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from udfs.serial_days import LAST_DAY, MARCH_1900, days_of
from xlwings_addin.ledger.dates import BAD_DATE, readings
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.month_end.typed import yes
from xlwings_addin.settings import LIMITS, is_usual
from xlwings_addin.sheets.style import DATE_STYLES
from xlwings_addin.writing import WorkbookError

LONGEST = 40
"""Characters of a cell that a sentence shows."""
YES_OR_NO = ("yes", "no")


def typed(value: Any, style: str, where: str, choices: tuple[str, ...] = ()) -> Any:
    """Return what was typed into a cell of a style: dates as days since 1970, anything else as it is.

    Raises `WorkbookError` where a date may be either of two, and for what is not a date, not a number, beyond any
    figure, or neither yes nor no, where one of these belongs.
    """
    if value is None:
        return None
    if style in DATE_STYLES:
        return _day(value, where)
    if choices == YES_OR_NO and yes(value) is None:
        raise WorkbookError(
            f"{where}: {brief(value)} is neither yes nor no; choose one or clear the cell, and refresh again."
        )
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if style in LIMITS and not number:
        what = "an amount" if style.startswith("money") else "a number"
        raise WorkbookError(
            f"{where}: {brief(value)} is not {what}; type a number or clear the cell, and refresh again."
        )
    if number and not is_usual(value, style):
        raise WorkbookError(
            f"{where}: {brief(value)} is beyond any figure; type another or clear the cell, and refresh again."
        )
    return value


def brief(value: Any) -> str:
    """Return what was typed as a sentence names it."""
    shown = repr(value)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}... ({len(shown)} characters)"


def _day(value: Any, where: str) -> int:
    if isinstance(value, dt.date):
        return day_number(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and MARCH_1900 <= value <= LAST_DAY:
        # A cell whose format was taken off shows the number of the day.
        return days_of(int(value))
    found = sorted({day for day in readings(value.strip()) if day < BAD_DATE}) if isinstance(value, str) else []
    if len(found) == 1:
        return int(found[0])
    doubt = f"may be {' or '.join(map(iso, found))}" if found else "is not a date"
    raise WorkbookError(
        f"{where}: {brief(value)} {doubt}; type it as year-month-day, 2026-01-31 for example, or clear the cell, and"
        " refresh again."
    )
