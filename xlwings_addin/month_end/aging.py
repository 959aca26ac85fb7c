"""Aging: a row per customer and currency, the totals per currency, and the tie-out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.errors import NA
from xlwings_addin.ledger.money import difference, minor_digits
from xlwings_addin.month_end import ledger_sheets
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.aging import sheet as sheet

if TYPE_CHECKING:
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.settings import Settings


def blank(_: Settings) -> Filled:
    """Return what the sheet shows without a ledger."""
    return {}, {"aging_decimals": minor_digits("")}


def tables(closing: Closing) -> Filled:
    """Return tblAging, tblAgingTotals and the tie-out's named cells."""
    aging = closing.aging
    late = np.zeros(len(closing.ledger.items), np.int64)
    late[closing.open.rows] = np.nan_to_num(closing.days_past_due)
    rows: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for place, currency in enumerate(aging.currencies):
        scale, rate = 10 ** aging.digits[place], aging.rates[place]

        def amounts(cells: Any, scale: int = scale, rate: float | None = rate) -> dict[str, Any]:
            total = int(cells.sum()) / scale
            shown = {label: int(cell) / scale for label, cell in zip(aging.labels, cells, strict=True)}
            return shown | {"total": total, "base": None if rate is None else total * rate}

        for group in np.flatnonzero(aging.counts[place]).tolist():
            cells, oldest = aging.amounts[place][group], int(aging.oldest[place][group])
            customer = closing.customers[aging.keys[group]]
            overdue = int(cells[aging.overdue_columns].sum()) / scale
            rows.append(
                {"customer_id": aging.keys[group], "customer_name": aging.names[group], "currency": currency}
                | amounts(cells)
                | {
                    "overdue": None if rate is None else overdue * rate,
                    "oldest": int(late[oldest]) if oldest >= 0 else None,
                    "items": int(aging.counts[place][group]),
                    "owner": customer.owner,
                    "contact": customer.contact_name,
                    "phone": customer.contact_phone,
                }
            )
        if aging.counts[place].any():
            totals.append({"currency": currency} | amounts(aging.amounts[place].sum(axis=0)))
    rows.sort(
        key=lambda row: (-(row["total"] if row["base"] is None else row["base"]), row["customer_id"], row["currency"])
    )
    # A sum that leaves a currency out would pass for the answer: without its rate there is none.
    converted = all(row["base"] is not None for row in rows)
    total = math.fsum(row["base"] for row in rows) if converted else NA
    for row in rows:
        row["share"] = row["base"] / total if converted and total else None
    gl = closing.settings.gl_control_total
    fields = {
        "aging_total": total,
        "aging_ledger": total,
        "aging_unlisted": ledger_sheets.unlisted(closing) if converted else 0.0,
        "aging_difference": 0.0 if converted else NA,
        "aging_gl": gl,
        "aging_gl_difference": None if gl is None else NA if not converted else difference(total, gl, closing.digits),
        "aging_decimals": closing.digits,
    }
    return {"tblAging": TableData.of(rows), "tblAgingTotals": TableData.of(totals)}, fields
