"""Segments: the as-of month cut by overdue status and by every dimension the ledger has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.history import Measure, history
from xlwings_addin.month_end import calls
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.ratios import OPENED, opened
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
    rows = closing.open.rows
    amount = closing.open.amount / closing.scale[rows] * closing.item_rate[rows]
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
    by = history(closing.ledger, closing.day, by=dimension, months=1, settings=closing.settings, force=closing.force)
    items = closing.ledger.items
    segment = items[dimension].take(closing.open.rows)
    count = segment.value_counts()
    people = items["customer_id"].take(closing.open.rows).groupby(segment.to_numpy()).nunique()
    table, rows = declared(dimension), []
    for name in by.segments:

        def amount(measure: Measure, name: str = name) -> Amount:
            return closing.part(float(by.base(measure, name)[-1]))

        sales, notes = amount("credit_sales"), amount("credit_notes")
        row: dict[str, Any] = {
            "segment": name or f"(no {DIMENSIONS[dimension][1].lower()})",
            "items": int(count.get(name, 0)),
            "customers": int(people.get(name, 0)),
            "opening": amount("opening"),
            "exchange": closing.part(float(by.exchange_difference(name)[-1])),
            "net_sales": None if sales is None or notes is None else closing.part(sales - notes),
        }
        row |= {measure: amount(measure) for measure in ("receivables", "current", "overdue", "write_offs")}
        if row["items"] or row["receivables"] or row["net_sales"] or row["opening"]:
            row["share"] = over(row["receivables"], now["receivables"])
            row["overdue_share"] = over(row["overdue"], row["receivables"])
            given = {"kpi_days": now["days"], OPENED: opened(row["opening"], row["exchange"])}
            rows.append(row | calls.row_of(table, row, given))
    rows.sort(key=lambda row: (-(row["receivables"] or 0.0), row["segment"]))
    return TableData.of(rows)
