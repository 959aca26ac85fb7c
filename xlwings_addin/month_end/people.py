"""The people a ledger deals with: what the files say of each customer, the clerk's own entries laid over it."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, DATE, MONEY
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import typed
from xlwings_addin.sheets.customers import TYPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlwings_addin.entries import Entries
    from xlwings_addin.ledger.model import Ledger

FROM_ITEMS = ("region", "tier", "owner", "contact_name", "contact_email", "contact_phone")
"""What the latest item says about its customer, where the customers' file does not."""


def loaded(ledger: Ledger, entries: Entries) -> dict[str, dict[str, Any]]:
    """Return each customer's row by number: those of the files, and those a clerk has written about before."""
    names = ledger.arrays.customer_names
    rows: dict[str, dict[str, Any]] = {key: {"customer_id": key, "customer_name": name} for key, name in names.items()}
    for column in FROM_ITEMS:
        said = ledger.items.loc[ledger.items[column] != "", ["customer_id", column]]
        for key, value in zip(said["customer_id"].tolist(), said[column].tolist(), strict=True):
            rows[key][column] = value
    table = ledger.customers
    if len(table):
        # A limit is in the base currency, as its column says.
        scale = 10 ** minor_digits(ledger.base_currency)
        columns = {
            column.key: _plain(table[column.key], column.type, scale)
            for column in CUSTOMER_COLUMNS
            if column.key in table
        }
        for values in zip(*columns.values(), strict=True):
            row = {key: value for key, value in zip(columns, values, strict=True) if value not in ("", None)}
            rows[row["customer_id"]] = rows.get(row["customer_id"], {}) | row
    # Customers that a list of open items no longer names have paid; what was written about them is kept.
    written = {key[0] for key in entries.typed("tblCustomers").rows}
    for before in entries.rows("tblCustomers"):
        key = before["customer_id"]
        if key in written and key not in rows:
            rows[key] = {column.key: before[column.key] for column in CUSTOMER_COLUMNS}
    blank = dict.fromkeys(column.key for column in CUSTOMER_COLUMNS)
    return {key: blank | row for key, row in rows.items()}


def _plain(column: pd.Series[Any], kind: str, scale: int) -> list[Any]:
    """Return a column's values, None for a blank date or amount."""
    if kind == DATE:
        return [None if value == NO_DATE else value for value in column.tolist()]
    if kind == MONEY:
        amounts = column.to_numpy(np.float64, na_value=np.nan) / scale
        return [None if math.isnan(value) else value for value in amounts.tolist()]
    return column.tolist()


def known(rows: Mapping[str, Mapping[str, Any]], entries: Entries) -> dict[str, typed.Customer]:
    """Return the customers by number, the clerk's entries winning over what was loaded."""
    written = entries.typed("tblCustomers").rows
    names = {field.name for field in fields(typed.Customer)} - {"id", "name"}
    found = {}
    for key, row in rows.items():
        facts = {name: row[name] for name in names if row[name] not in (None, "")}
        cells = written.get((key,), {})
        for replaced, heading, style in TYPED.values():
            value = typed.day(cells.get(heading)) if style == "date" else typed.text(cells.get(heading))
            if value not in (None, ""):
                facts[replaced] = value
        found[key] = typed.Customer(key, row["customer_name"] or key, **facts)
    return found
