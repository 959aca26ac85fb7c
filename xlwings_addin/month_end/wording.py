"""Figures in sentences: one way to write amounts, shares, days and dates."""

from __future__ import annotations

from datetime import date

from xlwings_addin.ledger.days import iso


def amount(value: float) -> str:
    """Return an amount without its cents.

    >>> amount(1234567.8), amount(-0.2)
    ('1,234,568', '0')
    """
    return f"{round(value) + 0:,}"


def count(value: float) -> str:
    """Return a number of things.

    >>> count(1234)
    '1,234'
    """
    return f"{value:,.0f}"


def percent(share: float) -> str:
    """Return a share as a percentage; whole ones without a decimal.

    >>> percent(0.85), percent(0.1234), percent(0.9999)
    ('85 %', '12.3 %', '100.0 %')
    """
    hundredths = share * 100
    whole = round(hundredths)
    return f"{whole} %" if abs(hundredths - whole) < 1e-9 else f"{hundredths:.1f} %"


def change(ratio: float) -> str:
    """Return a change as a signed percentage.

    >>> change(0.158), change(-0.02)
    ('+15.8 %', '-2.0 %')
    """
    return f"{ratio:+.1%}".replace("%", " %")


def days(value: float) -> str:
    """Return days with one decimal.

    >>> days(45.0)
    '45.0'
    """
    return f"{value:,.1f}"


def day_text(day: int) -> str:
    """Return a day as readers of any country understand it.

    >>> day_text(20757)
    '31 Oct 2026'
    """
    return f"{date.fromisoformat(iso(day)):%d %b %Y}"


def in_month(month_end: int, day: int) -> str:
    """Name the month that a figure is of where it is not that of the as-of date.

    >>> in_month(20757, 20757), in_month(20757, 20769)
    ('', ', in the month to 31 Oct 2026')
    """
    return "" if month_end == day else f", in the month to {day_text(month_end)}"
