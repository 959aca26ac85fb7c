"""Segments: the as-of month cut by overdue status and by every dimension the ledger has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.month_end import calls
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.parts import given, parts
from xlwings_addin.sheets.segments import DIMENSIONS
from xlwings_addin.sheets.segments import by as declared
from xlwings_addin.sheets.segments import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.month_end.closing import Amount, Closing
    from xlwings_addin.month_end.month import Filled


def tables(closing: Closing, now: Mapping[str, Any]) -> Filled:
    """Return one table per dimension, and the one by overdue status."""
    made = {"tblByStatus": _by_status(closing, now["receivables"])}
    made |= {table: _by(closing, dimension, now) for dimension, (table, _) in DIMENSIONS.items()}
    return made, {}


def over(part: Amount, whole: Amount) -> Amount:
    """Return the share, blank where there is no whole."""
    return None if part is None or not whole else part / whole


def _by_status(closing: Closing, total: Amount) -> TableData:
    # What credits cover is owed in no column (Settings): an item that is gone counts in none.
    owed = np.flatnonzero(closing.left)
    rows, amount = closing.open.rows[owed], closing.in_base(closing.left)[owed]
    column = closing.aging.columns[rows]
    customers = closing.ledger.items["customer_id"].take(rows)
    made = []
    for place, label in enumerate(closing.aging.labels):
        inside = column == place
        known = closing.part(float(amount[inside].sum()))
        made.append(
            {
                "segment": label,
                "items": int(inside.sum()),
                "customers": int(customers[inside].nunique()),
                "receivables": known,
                "share": over(known, total),
            }
        )
    return TableData.of(made)


def _by(closing: Closing, dimension: str, now: Mapping[str, Any]) -> TableData:
    names, amounts = parts(closing, dimension)
    items = closing.ledger.items
    segment = items[dimension].take(closing.open.rows)
    count = segment.value_counts()
    people = items["customer_id"].take(closing.open.rows).groupby(segment.to_numpy()).nunique()
    table, rows = declared(dimension), []
    for place, name in enumerate(names):
        row: dict[str, Any] = {
            "segment": name or f"(no {DIMENSIONS[dimension][1].lower()})",
            "items": int(count.get(name, 0)),
            "customers": int(people.get(name, 0)),
        }
        row |= {key: closing.part(float(values[place])) for key, values in amounts.items()}
        if row["items"] or row["receivables"] or row["net_sales"] or row["window_sales"] or row["opening"]:
            row["share"] = over(row["receivables"], now["receivables"])
            row["overdue_share"] = over(row["overdue"], row["receivables"])
            rows.append(row | calls.row_of(table, row, given(row, now)))
    rows.sort(key=lambda row: (-(row["receivables"] or 0.0), row["segment"]))
    return TableData.of(rows)
