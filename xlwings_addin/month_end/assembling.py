"""The seam where a month is put together: nothing gets by that no sheet declares, and nothing declared stays blank
because nobody filled it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.month_end.month import TableData, own

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.sheets.blocks import Sheet, Table


def joined(parts: Iterable[Filled]) -> Filled:
    """Put parts together. Raises `LookupError` where two of them fill one table or one named cell."""
    tables: dict[str, TableData] = {}
    fields: dict[str, Any] = {}
    for made, cells in parts:
        for name in (tables.keys() & made.keys()) | (fields.keys() & cells.keys()):
            raise LookupError(f"{name} is filled twice.")
        tables |= made
        fields |= cells
    return tables, fields


def checked(sheet: Sheet, filled: Filled, *, template: bool = False) -> Filled:
    """Return what fills a sheet, held against what it declares; columns that clerks type in are blank so far.

    Raises `LookupError`, with sheet, table and column, for a name that is not declared, and for a declared one that
    is neither filled nor typed by clerks. Without a ledger, in the `template`, whatever is not filled is blank.
    """
    tables, fields = filled
    declared = {table.name: table for table in sheet.tables()}
    cells = {field.name: field for field in sheet.fields()}
    for name in (tables.keys() - declared.keys()) | (fields.keys() - cells.keys()):
        raise LookupError(f"{sheet.name} declares no {name}.")
    if not template:
        for name in declared.keys() - tables.keys():
            raise LookupError(f"{sheet.name}: nothing fills the table {name}.")
        for name in (name for name, cell in cells.items() if name not in fields and not cell.entry):
            raise LookupError(f"{sheet.name}: nothing fills the cell {name}.")
    made = {
        name: _checked(f"{sheet.name}, {name}", table, tables.get(name, TableData({})), template=template)
        for name, table in declared.items()
    }
    return made, fields


def _checked(where: str, table: Table, data: TableData, *, template: bool) -> TableData:
    keys = {column.key for column in table.columns} | set(map(own, data.extra))
    for key in data.columns.keys() - keys:
        raise LookupError(f"{where}: no column is declared for {key!r}.")
    if not data.rows:
        return data
    lengths = {len(values) for values in data.columns.values()}
    if len(lengths) > 1:
        raise LookupError(f"{where}: there are columns of {' and '.join(map(str, sorted(lengths)))} rows.")
    blank: dict[str, Any] = {}
    for column in table.columns:
        if column.key not in data.columns:
            if not (column.entry or template):
                raise LookupError(f"{where}: nothing fills the column {column.key!r}.")
            blank[column.key] = [None] * data.rows
    return TableData({**data.columns, **blank}, data.extra)
