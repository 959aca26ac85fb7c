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
