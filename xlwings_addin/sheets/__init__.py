"""What the month-end workbook is: one module a sheet, each a declaration and no drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.sheets import (
    activity,
    aging,
    calculators,
    checks,
    collections,
    customers,
    dashboard,
    diagnostics,
    forecast,
    glossary,
    imports,
    ledger,
    monthly,
    paid_items,
    policies,
    receipts,
    rollout,
    scorecards,
    segments,
    start,
)
from xlwings_addin.sheets import settings as settings_sheet

if TYPE_CHECKING:
    from xlwings_addin.settings import Settings
    from xlwings_addin.sheets.blocks import Sheet


def workbook(settings: Settings) -> tuple[Sheet, ...]:
    """Return every sheet in the order of the tabs."""
    return (
        start.sheet(),
        dashboard.sheet(settings),
        collections.sheet(settings),
        monthly.sheet(),
        aging.sheet(settings),
        segments.sheet(settings),
        scorecards.sheet(),
        diagnostics.sheet(),
        forecast.sheet(),
        rollout.sheet(),
        calculators.sheet(settings),
        checks.sheet(),
        imports.sheet(),
        paid_items.sheet(),
        activity.sheet(),
        ledger.sheet(),
        receipts.sheet(),
        customers.sheet(),
        settings_sheet.sheet(),
        policies.sheet(),
        glossary.sheet(),
    )
