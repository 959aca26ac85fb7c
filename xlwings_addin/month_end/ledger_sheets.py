"""Ledger and Receipts: the items as read with what is open of them, and what reduced them."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlwings_addin.ledger.model import ITEM_COLUMNS, MONEY
from xlwings_addin.ledger.position import UNDATED
from xlwings_addin.month_end.closing import Closing
from xlwings_addin.month_end.model import TableData, Values


def tables(closing: Closing) -> tuple[dict[str, TableData], dict[str, Any]]:
    """Return tblItems and tblReceipts."""
    return {"tblItems": _items(closing), "tblReceipts": _receipts(closing)}, {}


def _items(closing: Closing) -> TableData:
    items, opened = closing.ledger.items, closing.open
    columns: dict[str, Values] = {}
    for column in ITEM_COLUMNS:
        if column.type != MONEY:
            columns[column.key] = items[column.key].tolist()
            continue
        money = items[column.key].to_numpy(np.float64) / closing.scale
        if column.key == "open_amount":
            money[~items["has_open"].to_numpy(bool)] = np.nan
        columns[column.key] = money.tolist()

    def of_open(values: Any, blank: Any, dtype: type) -> Any:
        """Spread values of the open items over all; the others stay blank."""
        spread = np.full(len(items), blank, dtype)
        spread[opened.rows] = values
        return spread

    amount = of_open(opened.amount / closing.scale[opened.rows], np.nan, float)
    late = np.where(opened.days_past_due == UNDATED, np.nan, opened.days_past_due)
    labels = np.array(closing.aging.labels, object)
    columns["open_at"] = amount.tolist()
    columns["open_base"] = (amount * closing.item_rate).tolist()
    columns["days_past_due"] = of_open(late, np.nan, float).tolist()
    columns["bucket"] = of_open(labels[closing.columns[opened.rows]], "", object).tolist()
    return TableData(columns)


def _receipts(closing: Closing) -> TableData:
    items, receipts = closing.ledger.items, closing.ledger.receipts
    at = receipts["item"].to_numpy(np.intp)
    columns: dict[str, Values] = {
        key: items[key].take(at).tolist() for key in ("entity", "customer_id", "document_no", "instalment", "fiscal_year")
    }
    columns["date"] = receipts["date"].tolist()
    columns["amount"] = (receipts["amount"].to_numpy(np.float64) / closing.scale[at]).tolist()
    columns["kind"] = receipts["kind"].tolist()
    return TableData(columns)
