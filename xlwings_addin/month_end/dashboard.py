"""Dashboard: headline figures, how they moved, and the figures behind the charts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.errors import NA
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.position import known_from
from xlwings_addin.ledger.report import set_aside_line
from xlwings_addin.month_end import calls, monthly
from xlwings_addin.month_end.month import TableData, own
from xlwings_addin.sheets import dashboard as declared
from xlwings_addin.sheets.dashboard import HEADLINES, WINDOW
from xlwings_addin.sheets.dashboard import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.monthly import Months
    from xlwings_addin.settings import Settings

CASH_STEPS = (1, 2, 3, 5, 10, 15, 20)
"""Days of DSO whose cash the chart shows."""


def tables(closing: Closing, months: Months, aging: TableData) -> Filled:
    """Return the headline cells and tblCash, tblTop and tblMix."""
    aside = set_aside_line(closing.ledger)
    fields = _headlines(closing, months) | {"dashboard_set_aside": f"{aside}: see Checks." if aside else ""}
    made = {
        "tblCash": cash_table(fields),
        "tblTop": _top(closing, aging),
        "tblMix": _mix(closing, months),
    }
    return made, fields


def blank(_: Settings) -> Filled:
    """Return what the sheet shows without a ledger."""
    return {"tblCash": cash_table(None)}, {}


def cash_table(headlines: Mapping[str, Any] | None) -> TableData:
    """Return the cash released by that many days of DSO less; no month, no figure."""
    month = {name: headlines[name] if headlines else NA for name in ("kpi_dso", "kpi_window_sales", "kpi_window_days")}
    return TableData.of(
        {"days": step} | calls.row_of(declared.CASH, {}, month | {declared.SHORTER: month["kpi_dso"] - step})
        for step in CASH_STEPS
    )


def _headlines(closing: Closing, months: Months) -> dict[str, Any]:
    now, settings = months.now, closing.settings
    fields: dict[str, Any] = {}
    for headline in HEADLINES:
        name, value = f"kpi_{headline.name}", now[headline.column]
        fields[name] = NA if value is None else value
        for suffix, back in (("month", 1), ("year", 12)):
            before = months.before(back)
            fields[f"{name}_{suffix}"] = _change(value, before[headline.column] if before else None)
        if headline.target:
            fields[f"{name}_target"] = _change(value, getattr(settings, headline.target))
    fields["kpi_benchmark"] = _change(monthly.trusted(now)[1], settings.benchmark_dso)
    for name, *_ in WINDOW:
        fields[f"kpi_{name}"] = NA if now[name] is None else now[name]
    chosen = {name: getattr(settings, name) for name in ("target_dso", "cost_of_capital")}
    for field in declared.sheet(settings).fields():
        if calls.is_call(field.formula):
            fields[field.name] = calls.shown(field.formula, chosen | fields)
    return fields


def _change(value: float | None, other: float | None) -> float | str:
    """Return the difference, or the words the formula shows where either is missing or an error."""
    if value is None or other is None or math.isnan(value) or math.isnan(other):
        return "n/a"
    return value - other


def _top(closing: Closing, aging: TableData) -> TableData:
    """The largest customers and their share in the sum of positive balances, currencies converted."""
    balance: dict[str, float] = {}
    overdue: dict[str, float] = {}
    names: dict[str, str] = {}
    columns = (aging.column(key) for key in ("customer_id", "customer_name", "base", "overdue"))
    for customer, name, amount, late in zip(*columns, strict=True):
        balance[customer] = balance.get(customer, 0.0) + (amount or 0.0)
        overdue[customer] = overdue.get(customer, 0.0) + (late or 0.0)
        names[customer] = name or customer
    positive = math.fsum(amount for amount in balance.values() if amount > 0)
    top = sorted((c for c in balance if balance[c] > 0), key=lambda c: (-balance[c], c))[
        : closing.settings.top_customers
    ]
    running = np.cumsum([balance[customer] for customer in top]).tolist()
    return TableData(
        {
            "customer": [names[c] for c in top],
            "receivables": [balance[c] for c in top],
            "share": [balance[c] / positive for c in top],
            "cumulative": [total / positive for total in running],
            "overdue": [overdue[c] for c in top],
        }
    )


def _mix(closing: Closing, months: Months) -> TableData:
    """Open receivables by bucket at every month end; months stored earlier stay as they were."""
    # A month stored under other bucket edges has blanks here and is aged again where the ledger can.
    stored = [r for r in closing.entries.rows("tblMix") if all(r[label] is not None for label in closing.aging.labels)]
    rows: dict[int, Mapping[str, Any]] = {row["month_end"]: row for row in stored}
    for row in months.rows:
        end = row["month_end"]
        known = end == closing.day or (closing.ledger.has_history and known_from(closing.ledger) <= end < closing.day)
        if not known or (end in rows and end != closing.day):
            continue
        aging = closing.aging if end == closing.day else age(closing.ledger, end, closing.settings, by="currency")
        if aging.converted is not None:
            amounts = map(closing.part, aging.converted.sum(axis=0).tolist())
            rows[end] = {"month_end": end} | dict(zip(aging.labels, amounts, strict=True))
    beside = {own(heading): heading for heading in closing.entries.kept("tblMix").extra}
    typed = {row["month_end"]: {key: row.get(key) for key in beside} for row in closing.entries.rows("tblMix")}
    ends = [row["month_end"] for row in months.rows if row["month_end"] in rows]
    return TableData.of(({**rows[end], **typed.get(end, {})} for end in ends), tuple(beside.values()))
