"""Where the blocks of the sheets stand: the only place that turns declarations into rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlwings_addin.sheets.model import Block, Cards, Charts, Fields, Lines, Links, Sheet, Table
from xlwings_addin.sheets.style import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST_COLUMN = 1
"""Column A is a margin."""
FIRST_ROW = 4
"""Rows above hold the sheet's title, what it is of, and its purpose."""
CHART_ROWS = 18
ROW_PIXELS = 20
CARD_WIDTHS = (23.0, 14.0)
"""A card takes two columns: one for its labels, one for its figures."""
FIELD_WIDTHS = (32.0, 22.0)


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table stands: its heading row, its first column, how many rows of data it shows."""

    sheet: str
    header: int
    column: int
    rows: int

    @property
    def first(self) -> int:
        """Row of the first data."""
        return self.header + 1

    @property
    def last(self) -> int:
        """Row of the last data."""
        return self.header + self.rows


@dataclass(slots=True)
class Layout:
    """Places of everything that has a name, and the top row of every block."""

    tables: dict[str, TablePlace] = field(default_factory=dict)
    fields: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    tops: dict[str, list[int]] = field(default_factory=dict)


def layout(sheets: Sequence[Sheet], rows: Mapping[str, int]) -> Layout:
    """Place every block beneath the one before; `rows` are the data rows of each table."""
    places = Layout()
    for sheet in sheets:
        row, tops = FIRST_ROW, []
        for block in sheet.blocks:
            tops.append(row)
            row = _place(places, sheet.name, block, row + heading_rows(block), rows, len(sheets)) + 1
        places.tops[sheet.name] = tops
    return places


def heading_rows(block: Block) -> int:
    """Rows that a block's own title and introduction take."""
    if isinstance(block, Table | Fields):
        return bool(block.title) + bool(block.intro)
    return bool(getattr(block, "title", ""))


def _place(places: Layout, sheet: str, block: Block, row: int, rows: Mapping[str, int], sheets: int) -> int:
    """Record where `block` stands from `row` on and return the row beneath it."""
    match block:
        case Table():
            # Excel keeps no table without a row: an empty one shows a blank row to type in.
            shown = max(rows.get(block.name, 0) + block.spare_rows, 1)
            places.tables[block.name] = TablePlace(sheet, row, FIRST_COLUMN, shown)
            return row + 1 + shown + block.totals
        case Fields():
            for i, item in enumerate(block.fields):
                places.fields[item.name] = (sheet, row + i, FIRST_COLUMN + 1)
            return row + len(block.fields)
        case Cards():
            height = card_rows(block)
            for i, card in enumerate(block.cards):
                top, column = row + i // block.per_row * height, FIRST_COLUMN + i % block.per_row * 2
                places.fields[card.value.name] = (sheet, top + 1, column)
                for j, line in enumerate(card.lines):
                    places.fields[line.name] = (sheet, top + 2 + j, column + 1)
            return row + -(-len(block.cards) // block.per_row) * height - 1
        case Charts():
            return row + -(-len(block.charts) // 2) * (CHART_ROWS + 1) - 1
        case Lines():
            return row + len(block.lines)
        case Links():
            return row + sheets
    raise TypeError(block)


def card_rows(block: Cards) -> int:
    """Rows that one row of cards takes, the gap beneath included."""
    return 2 + max(len(card.lines) for card in block.cards) + 1


def widths(sheet: Sheet) -> dict[int, float]:
    """Return the width of every column: the widest that a block of the sheet asks for."""
    asked: dict[int, float] = {0: 2.0}

    def ask(column: int, width: float) -> None:
        asked[column] = max(asked.get(column, 0.0), width)

    for block in sheet.blocks:
        match block:
            case Table():
                for i, column in enumerate(block.columns):
                    ask(FIRST_COLUMN + i, column.width or WIDTHS[column.style])
            case Fields():
                for i, width in enumerate(FIELD_WIDTHS):
                    ask(FIRST_COLUMN + i, width)
            case Cards():
                for i in range(block.per_row * 2):
                    ask(FIRST_COLUMN + i, CARD_WIDTHS[i % 2])
            case _:
                pass
    return asked
