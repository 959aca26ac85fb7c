"""Ledger, settings and last month's entries to every table of every sheet. No file is read, no clock asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xlwings_addin.entries import Entries
from xlwings_addin.ledger.days import AsOf, day_number, iso
from xlwings_addin.month_end import (
    aging,
    calculators,
    checks,
    customers,
    dashboard,
    forecast,
    glossary,
    imports,
    ledger_sheets,
    monthly,
    policies,
    provision,
    segments,
    start,
)
from xlwings_addin.month_end.closing import Closing
from xlwings_addin.month_end.month import MonthEnd, TableData
from xlwings_addin.month_end.placing import place_entries, typed_cells
from xlwings_addin.month_end.program import diagnostics, rollout
from xlwings_addin.month_end.program.measures import Measures
from xlwings_addin.month_end.work import activity, paid_items, scorecards, worklist
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import workbook
from xlwings_addin.sheets.ledger import ROWS_PER_SHEET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.ledger.model import Ledger

__all__ = ["MonthEnd", "TableData", "blank_month", "close_month"]


def close_month(
    ledger: Ledger,
    settings: Settings,
    as_of: AsOf,
    *,
    entries: Entries | None = None,
    refreshed: str,
    version: str,
    force: bool = False,
    rows_per_sheet: int = ROWS_PER_SHEET,
    set_baseline: bool = False,
) -> MonthEnd:
    """Build the month end of `as_of` (a date, ISO text, or days since 1970).

    `entries` are last month's. `refreshed` is the time now, UTC in ISO text; a second run on the same
    inputs keeps the time of the first. `force` answers for a date that a list of open items cannot
    really answer for, under a warning. Of a ledger with more rows than `rows_per_sheet` the sheets list
    the overdue, the open and the latest; every figure is of all, and `whole` holds them. `set_baseline`
    makes this month what the rollout program started from, where no baseline stands.

    Raises `LedgerError` where the ledger cannot answer.
    """
    closing = Closing(
        ledger, settings, day_number(as_of), entries or Entries(), force=force, rows_per_sheet=rows_per_sheet
    )
    tables: dict[str, TableData] = {}
    fields: dict[str, Any] = {}

    def add(part: tuple[Mapping[str, TableData], Mapping[str, Any]]) -> None:
        tables.update(part[0])
        fields.update(part[1])

    # What was typed beside an item is logged, then goes with the item wherever that went; all else comes after.
    closing.entries = activity.logged(closing)
    closing.entries = paid_items.moved(closing)
    months = monthly.months(closing)
    add(start.settings(closing))
    whole = ledger_sheets.whole(closing)
    add(ledger_sheets.tables(closing, whole))
    add(customers.tables(closing))
    add(imports.tables(closing))
    add(activity.tables(closing))
    add(aging.tables(closing))
    add(monthly.tables(months))
    add(segments.tables(closing, months.now))
    add(dashboard.tables(closing, months, tables["tblAging"]))
    add(forecast.tables(closing, fields["aging_total"]))
    add(provision.tables(closing, fields["aging_total"]))
    add(calculators.tables(closing, months, fields, tables["tblMix"]))
    work = worklist.work(closing)
    add(worklist.tables(closing, work))
    add(scorecards.tables(closing, work, months.now))
    add(paid_items.tables(closing))
    measures = Measures(closing, months)
    add(rollout.tables(measures, set_baseline=set_baseline))
    add(diagnostics.tables(measures, tables["tblAging"]))
    add(policies.tables(closing.settings))
    add(glossary.tables())
    partly = ledger_sheets.purposes(closing)
    sheets = tuple(
        replace(sheet, purpose=partly.get(sheet.name, sheet.purpose)) for sheet in workbook(closing.settings)
    )
    placed, not_placed = place_entries(sheets, tables, closing.entries)
    tables.update(placed)
    not_placed += calculators.dropped(closing.settings, closing.entries)
    typed = typed_cells(sheets, tables, fields, not_placed)
    log, refreshed = checks.log(closing, months.now, typed, refreshed, version)
    add(checks.tables(closing, months, tables, fields, not_placed=not_placed, log=log))
    add(start.tables(closing, months.now, tables, refreshed))
    return MonthEnd(
        as_of=date.fromisoformat(iso(closing.day)),
        settings=closing.settings,
        currency=closing.currency,
        sheets=sheets,
        tables=tables,
        fields=fields,
        findings=closing.findings,
        refreshed=refreshed,
        version=version,
        whole=whole if partly else {},
        own_formulas=closing.entries.formulas,
    )


def blank_month(*, version: str) -> MonthEnd:
    """Return the month end of no ledger at all: the template, its formulas showing what they show without data."""
    settings = Settings()
    sheets = workbook(settings)
    tables = {table.name: TableData({}) for sheet in sheets for table in sheet.tables()}
    tables.update(policies.tables(settings)[0])
    tables.update(glossary.tables()[0])
    tables["tblCash"] = dashboard.cash_table(None)
    fields = {
        field.name: field.empty if field.formula else getattr(settings, field.name, None)
        for sheet in sheets
        for field in sheet.fields()
    }
    fields |= start.days_texts(settings)
    for made, cells in (rollout.blank(settings), diagnostics.blank(settings), calculators.blank(settings, Entries())):
        tables |= made
        fields |= cells
    return MonthEnd(None, settings, "", sheets, tables, fields, (), "", version)
