"""Aging by something else than the customer, or on another day than the month's: one table on a sheet of its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.days import AsOf, day_number, iso
from xlwings_addin.month_end.month import MonthEnd, TableData
from xlwings_addin.sheets import aging_by as declaration

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.settings import Settings


def aging_by(ledger: Ledger, settings: Settings, as_of: AsOf, by: str, *, version: str) -> MonthEnd:
    """Age the ledger `by` region, tier or owner, or by customer on any "date"; currencies are never added."""
    sheet = declaration.sheet(settings, by)
    aging = age(ledger, as_of, settings, by="customer" if by == "date" else by)
    names = aging.names
    rows: list[dict[str, Any]] = []
    for place, currency in enumerate(aging.currencies):
        scale, rate = 10 ** aging.digits[place], aging.rates[place]
        for group in np.flatnonzero(aging.counts[place]).tolist():
            cells = aging.amounts[place][group]
            total = int(cells.sum()) / scale
            rows.append(
                {
                    "segment": aging.keys[group] or "(blank)",
                    "name": names[group],
                    "currency": currency,
                    "total": total,
                    "base": None if rate is None else total * rate,
                    "items": int(aging.counts[place][group]),
                }
                | {label: int(cell) / scale for label, cell in zip(aging.labels, cells, strict=True)}
            )
    rows.sort(
        key=lambda row: (-(row["total"] if row["base"] is None else row["base"]), row["segment"], row["currency"])
    )
    table = next(sheet.tables())
    return MonthEnd(
        as_of=date.fromisoformat(iso(day_number(as_of))),
        settings=settings,
        currency=aging.base_currency,
        sheets=(sheet,),
        tables={table.name: TableData.of(rows)},
        fields={},
        findings=aging.said,
        refreshed="",
        version=version,
    )
