"""Lines written beneath those of Activity, which stay as they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlwings_addin import version
from xlwings_addin.buttons import safety
from xlwings_addin.ledger.days import iso
from xlwings_addin.month_end import MonthEnd, TableData
from xlwings_addin.sheets import activity
from xlwings_addin.writing import live

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.entries import Entries
    from xlwings_addin.settings import Settings


def log(opened: live.Opened, settings: Settings, entries: Entries, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines, by the keys of tblActivity's columns, after a copy of the workbook is kept."""
    kept = entries.kept("tblActivity")
    month = MonthEnd(
        as_of=date.fromisoformat(iso(entries.as_of or 0)),
        settings=settings,
        currency=settings.base_currency,
        sheets=(activity.sheet(),),
        tables={"tblActivity": TableData.of([*kept.rows, *lines], kept.extra)},
        fields={},
        findings=(),
        refreshed="",
        version=version(),
    )
    opened.check(month.sheets)
    with safety.having(safety.keep_copy(opened.book)):
        live.fill(opened.book, month, opened=opened)
