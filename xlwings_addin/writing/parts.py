"""What a workbook of ours must hold to be read back: what is not found is missing, and no default."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings_addin.sheets.aging import BUCKET_HEADING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from xlwings_addin.sheets.blocks import Sheet, Table

RELEASED = Path(__file__).with_name("released.json")
"""Tables with their headings and named cells of every version that was released; a release adds its own."""


@functools.cache
def released() -> Mapping[str, Mapping[str, Any]]:
    """Return what each released version had, the oldest first."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return found


def version_of(sheets: Sequence[Sheet], tables: Collection[str], cells: Collection[str]) -> str:
    """Return the released version that a workbook was made by, as what it holds shows; "" for this one.

    The number it was saved under does not say: this version had it, too, before it was released.
    """
    ours = {table.name for sheet in sheets for table in sheet.tables()} & set(tables)
    named = {field.name for sheet in sheets for field in sheet.fields()} & set(cells)
    for version, had in released().items():
        if ours <= had["tables"].keys() and named <= set(had["cells"]):
            return version
    return ""


def is_read(table: Table) -> bool:
    """Whether a refresh reads the table back."""
    return bool(table.key) or table.stored or any(column.entry for column in table.columns)


def missing(
    sheets: Sequence[Sheet], headings: Mapping[str, Sequence[str]], cells: Collection[str], version: str
) -> list[str]:
    """Return, in words, what is read back and is not there: sheets, tables, columns, named cells.

    `headings` are those of the tables that were found, `cells` the named cells. What `version` had not is not missing.
    """
    had = released().get(version)
    found: list[str] = []
    for sheet in sheets:
        of_sheet = [
            *_cells_gone(sheet, cells, had),
            *(gone for table in sheet.tables() if is_read(table) for gone in _table_gone(sheet, table, headings, had)),
        ]
        whole = sum(is_read(table) for table in sheet.tables()) + sum(field.entry for field in sheet.fields())
        nothing_left = len(of_sheet) >= whole and not any(t.name in headings for t in sheet.tables())
        found += [f"the sheet {sheet.name}"] if whole > 1 and nothing_left else of_sheet
    return found


def _cells_gone(sheet: Sheet, cells: Collection[str], had: Mapping[str, Any] | None) -> Iterator[str]:
    for field in sheet.fields():
        if field.entry and field.name not in cells and (had is None or field.name in had["cells"]):
            yield f"the cell {field.name} ({field.label}, sheet {sheet.name})"


def _table_gone(
    sheet: Sheet, table: Table, headings: Mapping[str, Sequence[str]], had: Mapping[str, Any] | None
) -> Iterator[str]:
    if had is not None and table.name not in had["tables"]:
        return
    if table.name not in headings:
        yield f"the table {table.name} (sheet {sheet.name})"
        return
    of_version = None if had is None else had["tables"][table.name]
    for column in table.columns:
        read = column.entry or column.key in table.key or (table.stored and not column.formula)
        known = of_version is None or column.heading in of_version
        there = column.heading in headings[table.name] or BUCKET_HEADING.fullmatch(column.heading)
        if read and known and not there:
            yield f"the column {column.heading!r} of {table.name} (sheet {sheet.name})"
