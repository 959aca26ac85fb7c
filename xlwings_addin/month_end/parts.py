"""What each part of the ledger opened with, sold and closed with: the figures of Segments and Scorecards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.history import History, Measure, history
from xlwings_addin.ledger.metrics import in_window, net
from xlwings_addin.sheets.ratios import OPENED, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from xlwings_addin.month_end.closing import Closing

_OF_MONTH: tuple[Measure, ...] = ("opening", "receivables", "overdue", "write_offs")


def parts(closing: Closing, dimension: str) -> tuple[tuple[str, ...], Mapping[str, NDArray[np.float64]]]:
    """Return the values of a column of the items, and the figures of each in the base currency, NaN if not known.

    Keys: opening, receivables, overdue, current, write_offs, exchange and net_sales of the as-of month, and
    window_sales of as many months as DSO divides by. Nothing is rounded.
    """
    window = closing.settings.dso_window
    by: History = history(
        closing.ledger,
        closing.day,
        by=dimension,
        months=window,
        settings=closing.settings,
        force=closing.force,
    )
    found: dict[str, NDArray[np.float64]] = {measure: by.bases(measure)[:, -1] for measure in _OF_MONTH}
    found["current"] = found["receivables"] - found["overdue"]
    found["exchange"] = by.exchange_differences()[:, -1]
    sales = net(by.bases("credit_sales"), by.bases("credit_notes"))
    return by.segments, found | {"net_sales": sales[:, -1], "window_sales": in_window(sales, window)[:, -1]}


def given(row: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the ratios of a part of the ledger take that is no cell of its row; `now` is Monthly's."""
    return {"kpi_window_days": now["window_days"], OPENED: opened(row["opening"], row["exchange"])}
