"""How AR_EXPLAIN writes numbers, dates, units and ranges."""

import math

import numpy as np

from udfs import intake
from udfs.errors import excel_text

FIRST_CELLS = 3
"""A longer range is written as its first cells and its length."""


def quantity(value: float, unit: str = "") -> str:
    """Write an input as it is, in parentheses where its sign would run into an operator.

    >>> from udfs.wording import quantity
    >>> quantity(3_200_000), quantity(-5.0), quantity(45473, "date")
    ('3,200,000', '(-5)', '2024-06-30')
    """
    if not math.isfinite(value):
        return excel_text(value)
    if unit == "date":
        return intake.day(value)
    written = f"{value:,.15g}"
    return f"({written})" if value < 0 else written


def outcome(value: float, unit: str) -> str:
    """Write a result with its unit, rounded for reading.

    >>> from udfs.wording import outcome
    >>> outcome(96.953125, "days"), outcome(0.372449, "fraction"), outcome(5479452.054, "money")
    ('96.95 days', '37.24 %', '5,479,452.05')
    """
    if unit == "fraction":
        return f"{_rounded(value * 100)} %"
    return _rounded(value) if unit == "money" else f"{_rounded(value)} {unit}".rstrip()


def _rounded(value: float) -> str:
    places = 2 if value == 0 or abs(value) >= 0.01 else 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, places) + 0.0:,.15g}"


def written(value: object, unit: str) -> str:
    """Write any argument: a number, a date, a word, a switch or a range of them."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return quantity(value, unit)
    if isinstance(value, np.ndarray):
        flat = value.ravel().tolist()
        if len(flat) == 1:
            return written(flat[0], unit)
        more = f"; ... {len(flat)} values" if len(flat) > FIRST_CELLS else ""
        return "{" + "; ".join(written(cell, unit) for cell in flat[:FIRST_CELLS]) + more + "}"
    return str(value)
