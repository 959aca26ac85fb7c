"""Settle, then close: what was typed takes its place once, before anything is read of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.month_end.work.activity import logged
from xlwings_addin.month_end.work.paid_items import moved
from xlwings_addin.month_end.work.promises import seen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.sheets.blocks import Sheet, Table


def settle(ledger: Ledger, day: int, sheets: Sequence[Sheet], entries: Entries) -> Entries:
    """Return the entries as this month has them: `sheets` say which tables and columns there are.

    What was typed beside an item is logged, then goes with the item wherever that went. What the files promise is noted
    when it is first seen.
    """
    # Rows that are made on the way need not say everything.
    return complete(sheets, seen(ledger, day, moved(ledger, day, logged(ledger, day, complete(sheets, entries)))))


def complete(sheets: Sequence[Sheet], entries: Entries) -> Entries:
    """Return the entries with every table and column of the sheets, blank where the workbook before had none.

    A name that is asked for afterwards and is not there is misspelt: it raises, and never reads as a blank.
    Raises `LookupError` for entries of a table or cell that no sheet declares: they would be lost.
    """
    tables = [table for sheet in sheets for table in sheet.tables()]
    cells = dict.fromkeys(field.name for sheet in sheets for field in sheet.fields() if field.entry)
    unknown = {*entries.tables, *entries.stored} - {table.name for table in tables}
    unknown |= entries.fields.keys() - cells.keys()
    if unknown:
        raise LookupError(f"No sheet declares {', '.join(sorted(unknown))}, of which there are entries.")
    return replace(
        entries,
        tables={**{table.name: TableEntries() for table in tables if table.key}, **entries.tables},
        fields={**cells, **entries.fields},
        stored={**entries.stored, **{table.name: _stored(table, entries) for table in tables if table.stored}},
    )


def _stored(table: Table, entries: Entries) -> Stored:
    kept = entries.stored.get(table.name, Stored())
    blank: Mapping[str, Any] = dict.fromkeys(column.key for column in table.columns)
    return Stored(tuple({**blank, **row} for row in kept.rows), kept.extra)
