"""Ledger and Receipts: the items as read with what is open of them, and what reduced them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.model import ITEM_COLUMNS, MONEY
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.month import TableData, Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled


def items(closing: Closing, whole: Mapping[str, TableData]) -> Filled:
    """Return tblItems, as many of its rows as a sheet holds."""
    made = whole["tblItems"]
    return {"tblItems": made if closing.listed is None else _rows(made, closing.listed)}, {}


def receipts(closing: Closing, whole: Mapping[str, TableData]) -> Filled:
    """Return tblReceipts, as many of its rows as a sheet holds: the latest."""
    made = whole["tblReceipts"]
    if len(closing.ledger.receipts) > closing.rows_per_sheet:
        latest = np.argsort(-closing.ledger.receipts["date"].to_numpy(np.int64), kind="stable")
        made = _rows(made, np.sort(latest[: closing.rows_per_sheet]))
    return {"tblReceipts": made}, {}


def whole(closing: Closing) -> dict[str, TableData]:
    """Return tblItems and tblReceipts with all their rows."""
    return {"tblItems": _items(closing), "tblReceipts": _receipts(closing)}


def unlisted(closing: Closing) -> float:
    """Return what is open, in the base currency, of the items that the sheet does not show."""
    if closing.listed is None:
        return 0.0
    shown = np.isin(closing.open.rows, closing.listed)
    rows = closing.open.rows[~shown]
    return float((closing.open.amount[~shown] / closing.scale[rows] * closing.item_rate[rows]).sum())


def purposes(closing: Closing) -> dict[str, str]:
    """Return what the two sheets say of themselves where they do not show every row."""
    said = {}
    items, receipts, most = len(closing.ledger.items), len(closing.ledger.receipts), closing.rows_per_sheet
    if closing.listed is not None:
        said["Ledger"] = (
            f"{most:,} of {items:,} documents: overdue ones first, then open ones, then the latest. All figures are of"
            " all documents, which are in a CSV file next to this workbook."
        )
    if receipts > most:
        said["Receipts"] = f"The latest {most:,} of {receipts:,} receipts. All are in a CSV file next to this workbook."
    return said


def _rows(data: TableData, rows: NDArray[np.intp]) -> TableData:
    return TableData({key: values[rows] for key, values in data.columns.items()}, data.extra)


def _items(closing: Closing) -> TableData:
    items, opened = closing.ledger.items, closing.open
    if closing.ledger.balances is not None:
        # They fall into the buckets of their file: that is all it says of their age.
        items = items.assign(due_date=np.full(len(items), NO_DATE, np.int32))
    columns: dict[str, Values] = {}
    for column in ITEM_COLUMNS:
        if column.type != MONEY:
            columns[column.key] = _array(items[column.key])
            continue
        money = items[column.key].to_numpy(np.float64) / closing.scale
        if column.key == "open_amount":
            money[~items["has_open"].to_numpy(bool)] = np.nan
        columns[column.key] = money

    def of_open(values: Any, blank: Any, dtype: type) -> Any:
        """Spread values of the open items over all; the others stay blank."""
        spread: NDArray[Any] = np.full(len(items), blank, dtype)
        spread[opened.rows] = values
        return spread

    amount = of_open(opened.amount / closing.scale[opened.rows], np.nan, float)
    labels = np.array(closing.aging.labels, object)
    columns["open_at"] = amount
    columns["open_base"] = amount * closing.item_rate
    columns["days_past_due"] = of_open(closing.days_past_due, np.nan, float)
    columns["bucket"] = of_open(labels[closing.aging.columns[opened.rows]], "", object)
    return TableData(columns)


def _receipts(closing: Closing) -> TableData:
    items, receipts = closing.ledger.items, closing.ledger.receipts
    at = receipts["item"].to_numpy(np.intp)
    columns: dict[str, Values] = {
        key: _array(items[key].take(at))
        for key in ("entity", "customer_id", "document_no", "instalment", "fiscal_year")
    }
    columns["date"] = _array(receipts["date"])
    columns["amount"] = receipts["amount"].to_numpy(np.float64) / closing.scale[at]
    columns["kind"] = _array(receipts["kind"])
    return TableData(columns)


def _array(column: pd.Series[Any]) -> Values:
    """A column as it is kept, text in its compact form: three million Python objects would be half a gigabyte."""
    return column.array
