"""The ratios of every period: DSO, countback, best possible, delinquent DSO and CEI, in the base currency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.days import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.history import History

_COUNTBACK_TOLERANCE = 1e-9


def metrics(history: History, *, segment: str | None = None, window: int = 1) -> list[dict[str, Any]]:
    """One dict per period, oldest first, amounts in major units of the base currency, None where not defined.

    Keys: month_end, receivables, current, overdue, credit_sales, cash, credits, write_offs, dso,
    dso_countback, best_possible_dso, ddso, cei. Ratios take ending receivables, the sales of the last
    `window` periods less credit notes, and calendar days; countback walks back through all periods.
    """
    shown = ("receivables", "current", "overdue", "credit_sales", "cash", "credits", "write_offs")
    figures = {name: history.base(name, segment) for name in shown}
    gross, notes = figures["credit_sales"], history.base("credit_notes", segment)
    # Typed sales of an open list come without credit notes: then they are taken as they stand.
    net = np.where(np.isnan(notes), gross, gross - notes)
    opening = history.base("opening", segment)
    days = history.days.astype(np.float64)
    rows: list[dict[str, Any]] = []
    for place, end in enumerate(history.ends.tolist()):
        since = max(place + 1 - window, 0)
        sales, span = float(net[since : place + 1].sum()), float(days[since : place + 1].sum())
        row: dict[str, Any] = {name: float(values[place]) for name, values in figures.items()}
        row["dso"] = dso(row["receivables"], sales, span)
        row["dso_countback"] = countback(row["receivables"], net[place::-1].tolist(), days[place::-1].tolist())
        row["best_possible_dso"] = dso(row["current"], sales, span)
        row["ddso"] = dso(row["overdue"], sales, span)
        row["cei"] = cei(
            float(opening[place]), float(net[place]), row["receivables"], row["current"], row["write_offs"]
        )
        rows.append({"month_end": iso(end), **{name: _defined(value) for name, value in row.items()}})
    return rows


def _defined(value: float) -> float | None:
    return value if math.isfinite(value) else None


def dso(balance: float, sales: float, days: float) -> float:
    """balance / sales x days; NaN where sales are not positive."""
    return balance / sales * days if sales > 0 else math.nan


def countback(balance: float, sales: Sequence[float], days: Sequence[float]) -> float:
    """Days of sales, newest first, that make up the balance; NaN when the sales do not reach that far."""
    if math.isnan(balance) or balance <= 0:
        return math.nan if math.isnan(balance) else 0.0
    left, counted = balance, 0.0
    for sold, length in zip(sales, days, strict=True):
        if math.isnan(sold):
            return math.nan
        if left < sold:
            return counted + left / sold * length
        counted += length
        left -= max(sold, 0.0)
        if left <= _COUNTBACK_TOLERANCE * balance:
            return counted
    return math.nan


def cei(opening: float, sales: float, closing: float, current: float, write_offs: float) -> float:
    """(B + S - W - E) / (B + S - C), write-offs in the numerator only; NaN out of its domain."""
    collectable = opening + sales - current
    if not (collectable > 0 and sales >= 0 and current <= closing and write_offs >= 0):
        return math.nan
    return (opening + sales - write_offs - closing) / collectable
