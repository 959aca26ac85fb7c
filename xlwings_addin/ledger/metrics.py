"""The ratios of every period: DSO, countback, best possible, delinquent DSO and CEI, in the base currency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.counting_back import countback
from udfs.days_outstanding import best_possible_dso, ddso, dso
from udfs.effectiveness import cei
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.money import minor_digits, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.history import History, Measure

AMOUNTS: tuple[Measure, ...] = (
    "receivables",
    "current",
    "overdue",
    "credit_sales",
    "cash",
    "credits",
    "write_offs",
)


def metrics(history: History, *, segment: str | None = None, window: int = 1) -> list[dict[str, Any]]:
    """One dict per period, oldest first, amounts in major units of the base currency, None where not defined.

    Keys: month_end, receivables, current, overdue, credit_sales, cash, credits, write_offs, dso,
    dso_countback, best_possible_dso, ddso, cei. Ratios take ending receivables, sales less credit notes,
    and calendar days: DSO, best possible and delinquent DSO of the last `window` periods (None until there
    are as many), CEI of the period alone, and the countback walks back through all periods there are.
    """
    figures = _figures(history, segment)
    amounts: dict[str, NDArray[np.float64]] = {name: figures[name] for name in AMOUNTS}
    sales = net(figures["credit_sales"], figures["credit_notes"])
    receivables, days = amounts["receivables"], history.days.astype(np.float64)
    span, sold = in_window(days, window), in_window(sales, window)
    columns: dict[str, NDArray[np.float64]] = {
        **amounts,
        "dso": np.asarray(dso(receivables, sold, span)),
        "dso_countback": np.array(
            [
                countback(float(receivables[place]), sales[place::-1], days[place::-1])
                for place in range(receivables.size)
            ],
            np.float64,
        ),
        "best_possible_dso": np.asarray(best_possible_dso(amounts["current"], sold, span)),
        "ddso": np.asarray(ddso(amounts["overdue"], sold, span)),
        # Exchange differences are no collections: the opening stands at the period's closing rates.
        "cei": np.asarray(
            cei(
                figures["opening"] + figures["exchange"],
                sales,
                receivables,
                amounts["current"],
                amounts["write_offs"],
            )
        ),
    }
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [
        {"month_end": iso(end), **{name: _defined(value) for name, value in zip(columns, row, strict=True)}}
        for end, row in zip(history.ends.tolist(), rows, strict=True)
    ]


def _figures(history: History, segment: str | None) -> dict[str, NDArray[np.float64]]:
    """What moved the balance of each period and what it came to, rounded once."""
    names = (*AMOUNTS, *(name for name in _INTO if name not in AMOUNTS))
    exact = {name: history.base(name, segment) for name in names} | {"exchange": history.exchange_difference(segment)}
    digits = minor_digits(history.base_currency)
    periods = (
        dict(zip(exact, period, strict=True)) for period in zip(*(v.tolist() for v in exact.values()), strict=True)
    )
    rows = [once_rounded(period, digits) for period in periods]
    return {name: np.array([math.nan if (v := row[name]) is None else v for row in rows], np.float64) for name in exact}


_INTO: dict[Measure, int] = {
    "opening": 1, "credit_sales": 1, "credit_notes": -1, "discounts": -1, "cash": -1, "write_offs": -1,
}  # fmt: skip
"""What a period opens with and what moves it, with its sign: closing receivables but for exchange differences."""


def once_rounded(exact: Mapping[str, float], digits: int) -> dict[str, float | None]:
    """Round each figure of a period once, so that they still add up; None for one that is not known (NaN).

    Current is what overdue leaves of receivables. What rounding the others moves, the exchange difference takes up:
    as much as that and no more, so that a figure that is wrong still shows as a difference.
    """
    row = {name: None if math.isnan(amount) else rounded(amount, digits) for name, amount in exact.items()}
    receivables, overdue = row["receivables"], row["overdue"]
    if receivables is not None and overdue is not None:
        row["current"] = rounded(receivables - overdue, digits)
    if receivables is not None and row["exchange"] is not None:
        moved = {name: 0.0 if (at := row[name]) is None else at - exact[name] for name in _INTO}
        left = receivables - exact["receivables"] - sum(sign * moved[name] for name, sign in _INTO.items())
        row["exchange"] = rounded(exact["exchange"] + left, digits)
    return row


def net(sales: NDArray[np.float64], notes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sales less credit notes; as they are where no credit notes are known."""
    return np.where(np.isnan(notes), sales, sales - notes)


def in_window(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Sums of the last `window` periods at each period (the last axis), NaN until there are as many.

    What a day count divides by: the sales of the DSO window, and its days.

    >>> in_window(np.array([1.0, 2.0, 4.0]), 2)
    array([nan,  3.,  6.])
    """
    if window == 1:
        return values
    sums = np.full(values.shape, np.nan)
    if values.shape[-1] >= window:
        sums[..., window - 1 :] = np.lib.stride_tricks.sliding_window_view(values, window, axis=-1).sum(axis=-1)
    return sums


def _defined(value: float) -> float | None:
    return value if math.isfinite(value) else None
