"""What a list of balances cannot say, where the sheets say it of documents: a text in place of each figure."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.blocks import Beside, Cards, Charts, Fields, Lines, Links, Spill, Table

if TYPE_CHECKING:
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.sheets.blocks import Block, Card, Field, Sheet

TEXT = "Needs documents"
_FORMULA = f'="{TEXT}"'
"""Where any other month has a formula, there is one here."""
FIGURES = ("Dashboard", "Monthly", "Segments", "Scorecards")
"""Sheets whose figures are worked out of sales and payments as well as of balances."""
REPEATED = ("Start", "Diagnostics", "Calculators")
"""Sheets that show those figures again."""
WHOLE = ("Diagnostics", "Forecast", "Rollout", "Paid items", "Activity", "Receipts")
"""Sheets about documents alone, or about what became of them."""

PURPOSES = {
    "Aging": "Balances by customer, in the buckets of the file they were read from.",
    "Ledger": "Every part of a balance that was read, in its bucket: no documents were in the file.",
}
"""What sheets are for that show balances themselves."""


def said(sheets: tuple[Sheet, ...], filled: Filled) -> tuple[tuple[Sheet, ...], Filled]:
    """Return the sheets of a list of balances: a text for what it has no figure of."""
    tables, cells = dict(filled[0]), dict(filled[1])
    made = {sheet.name: replace(sheet, purpose=_purpose(sheet)) for sheet in sheets}
    for name in FIGURES:
        made[name] = _sheet(made[name], tables, cells, set())
    gone = {name for name, value in cells.items() if value == TEXT} | {"tblMonthly["}
    for name in REPEATED:
        made[name] = _sheet(made[name], tables, cells, gone)
    return tuple(made.values()), (tables, cells)


def _purpose(sheet: Sheet) -> str:
    if sheet.name in WHOLE:
        return f"{TEXT}: balances by customer do not tell. {sheet.purpose}"
    return PURPOSES.get(sheet.name, sheet.purpose)


def _sheet(sheet: Sheet, tables: dict[str, TableData], cells: dict[str, Any], gone: set[str]) -> Sheet:
    """The sheet with the text for each figure that it lacks, and for those `gone` that it shows again."""
    return replace(sheet, blocks=tuple(_block(block, tables, cells, gone) for block in sheet.blocks))


def _block(block: Block | Beside, tables: dict[str, TableData], cells: dict[str, Any], gone: set[str]) -> Any:
    if isinstance(block, Beside):
        left, right = ([_block(one, tables, cells, gone) for one in half] for half in (block.left, block.right))
        return replace(block, left=tuple(left), right=tuple(right))
    match block:
        case Table():
            return _table(block, tables)
        case Fields():
            return replace(block, fields=tuple(_field(field, cells, gone) for field in block.fields))
        case Cards():
            return replace(block, cards=tuple(_card(card, cells, gone) for card in block.cards))
        case Spill() | Charts() | Lines() | Links():
            return block
        case _:
            assert_never(block)


def _table(table: Table, tables: dict[str, TableData]) -> Table:
    """The table with the text in columns in which no row has a figure."""
    data = tables[table.name]
    unknown = {
        column.key
        for column in table.columns
        if column.formula and data.rows and all(_is_error(value) for value in data.column(column.key))
    }
    texts = {key: [TEXT] * data.rows for key in unknown}
    tables[table.name] = TableData({**data.columns, **texts}, data.extra)
    columns = (
        replace(column, formula=_FORMULA, total="", rule="") if column.key in unknown else column
        for column in table.columns
    )
    return replace(table, columns=tuple(columns))


def _card(card: Card, cells: dict[str, Any], gone: set[str]) -> Card:
    lines = tuple(_field(line, cells, gone) for line in card.lines)
    return replace(card, value=_field(card.value, cells, gone), lines=lines)


def _field(field: Field, cells: dict[str, Any], gone: set[str]) -> Field:
    if field.beside:
        field = replace(field, beside=_field(field.beside, cells, gone))
    value = cells.get(field.name)
    # Where other sheets show these figures, words stand for the error.
    again = value == "n/a" and any(name in field.formula for name in gone)
    if not field.formula or not (_is_error(value) or again):
        return field
    cells[field.name] = TEXT
    return replace(field, formula=_FORMULA, rule="")


def _is_error(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
