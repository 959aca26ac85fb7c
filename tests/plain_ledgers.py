"""Ledgers made of plain items and receipts, without a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlwings_addin.ledger.model import ITEM_COLUMNS, Ledger
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.values import NO_DATE


@dataclass(frozen=True)
class Item:
    customer: str
    region: str
    currency: str
    kind: str
    day: int
    due: int | None
    amount: int


@dataclass(frozen=True)
class Receipt:
    item: int
    day: int
    amount: int
    kind: str


def make(items: list[Item], receipts: list[Receipt]) -> Ledger:
    count = len(items)

    def text(values: list[str]) -> pd.Series:
        return pd.Series(values, dtype="str")

    columns: dict[str, object] = {}
    for column in ITEM_COLUMNS:
        if column.type in ("text", "flag"):
            columns[column.key] = text([""] * count)
        elif column.type == "date":
            columns[column.key] = np.full(count, NO_DATE, np.int32)
        else:
            columns[column.key] = np.zeros(count, np.int64)
    columns["customer_id"] = text([item.customer for item in items])
    columns["document_no"] = text([str(place) for place in range(count)])
    columns["region"] = text([item.region for item in items])
    columns["currency"] = text([item.currency for item in items])
    columns["kind"] = text([item.kind for item in items])
    columns["document_date"] = np.array([item.day for item in items], np.int32)
    columns["due_date"] = np.array([NO_DATE if item.due is None else item.due for item in items], np.int32)
    columns["amount"] = np.array([item.amount for item in items], np.int64)
    columns["has_open"] = np.zeros(count, bool)
    return Ledger(
        items=pd.DataFrame(columns),
        receipts=pd.DataFrame(
            {
                "item": np.array([receipt.item for receipt in receipts], np.int64),
                "date": np.array([receipt.day for receipt in receipts], np.int32),
                "amount": np.array([receipt.amount for receipt in receipts], np.int64),
                "kind": text([receipt.kind for receipt in receipts]),
            }
        ),
        customers=pd.DataFrame({"customer_id": text([]), "customer_name": text([])}),
        sales=pd.DataFrame({"month": np.zeros(0, np.int32)}),
        exceptions=pd.DataFrame(columns=["file", "row", "amount", "currency", "value", "reason"]),
        base_currency="",
        minor_digits={item.currency: minor_digits(item.currency) for item in items},
        sources=(),
        findings=(),
        has_history=True,
    )
