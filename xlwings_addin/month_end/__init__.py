"""Ledger, settings and last month's entries to every table of every sheet. No file is read, no clock asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from xlwings_addin.entries import Entries
from xlwings_addin.ledger.age_analysis import of_ledger
from xlwings_addin.ledger.days import AsOf, day_number, iso
from xlwings_addin.month_end import needs_documents
from xlwings_addin.month_end.assembling import checked, joined
from xlwings_addin.month_end.closing import Closing
from xlwings_addin.month_end.month import MonthEnd, TableData
from xlwings_addin.month_end.pages import PAGES, Making, workbook
from xlwings_addin.month_end.settled import settle
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.ledger import ROWS_PER_SHEET

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger

__all__ = ["MonthEnd", "TableData", "blank_month", "close_month", "closed", "workbook"]


def closed(
    ledger: Ledger,
    settings: Settings,
    as_of: AsOf,
    entries: Entries | None = None,
    *,
    force: bool = False,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> Closing:
    """Settle last month's entries, then close the ledger: what every sheet is made from. Raises as `close_month`."""
    day = day_number(as_of)
    # Whatever else it was asked for: balances have the ages of their file.
    settings = replace(settings, bucket_edges=of_ledger(ledger, settings).bucket_edges)
    settled = settle(ledger, day, workbook(settings), entries or Entries())
    return Closing.of(ledger, settings, day, settled, force=force, rows_per_sheet=rows_per_sheet)


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
    closing = closed(ledger, settings, as_of, entries, force=force, rows_per_sheet=rows_per_sheet)
    making = Making(closing, set_baseline=set_baseline, refreshed=refreshed, version=version)
    sheets, (tables, fields) = making.sheets, making.finished
    if ledger.balances is not None and closing.aging.converted is not None:
        sheets, (tables, fields) = needs_documents.said(sheets, (tables, fields))
    return MonthEnd(
        as_of=date.fromisoformat(iso(closing.day)),
        settings=closing.settings,
        currency=closing.currency,
        sheets=sheets,
        tables=tables,
        fields=fields,
        findings=(*closing.findings, *making.months.findings),
        refreshed=making.refreshed,
        version=version,
        whole=making.whole if making.is_partial else {},
        own_formulas=closing.entries.formulas,
    )


def blank_month(*, version: str) -> MonthEnd:
    """Return the month end of no ledger at all: the template, its formulas showing what they show without data."""
    settings = Settings()
    sheets = workbook(settings)
    pages = zip(PAGES, sheets, strict=True)
    tables, cells = joined(checked(sheet, page.blank(settings), template=True) for page, sheet in pages)
    fields = {
        field.name: field.empty if field.formula else getattr(settings, field.name, None)
        for sheet in sheets
        for field in sheet.fields()
    } | dict(cells)
    return MonthEnd(None, settings, "", sheets, tables, fields, (), "", version)
