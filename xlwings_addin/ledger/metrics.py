"""The ratios of every period: DSO, countback, best possible, delinquent DSO and CEI, in the base currency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.counting_back import countback
from udfs.days_outstanding import best_possible_dso, ddso, dso
from udfs.effectiveness import cei
from xlwings_addin.ledger.days import iso

if TYPE_CHECKING:
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
    amounts: dict[str, NDArray[np.float64]] = {name: history.base(name, segment) for name in AMOUNTS}
    sales = net_sales(history, segment)
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
                history.base("opening", segment) + history.exchange_difference(segment),
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


def net_sales(history: History, segment: str | None = None) -> NDArray[np.float64]:
    """Credit sales less credit notes of each period, in major units of the base currency.

    Typed sales stand as they are where no credit notes are known.
    """
    return net(history.base("credit_sales", segment), history.base("credit_notes", segment))


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
