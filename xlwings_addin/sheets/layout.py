"""Where the blocks of the sheets stand: the only place that turns declarations into rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from xlwings_addin.sheets.blocks import Beside, Block, Cards, Charts, Fields, Lines, Links, Sheet, Spill, Table
from xlwings_addin.sheets.style import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST_COLUMN = 1
"""Column A is a margin."""
FIRST_ROW = 4
"""Rows above hold the sheet's title, what it is of, and its purpose or verdict."""
VERDICT_ROW = 2
CHART_ROWS = 18
ROW_PIXELS = 20
CARD_WIDTHS = (23.0, 14.0)
"""A card takes two columns: one for its labels, one for its figures."""
HALF_WIDTHS = ((33.0, 14.0, 14.0), (27.0, 13.0, 13.0, 13.0, 13.0))
"""Columns of the left half of a page and of the right one."""
GUTTER = 3.0
"""Width of the column between the halves."""
RIGHT_COLUMN = FIRST_COLUMN + len(HALF_WIDTHS[0]) + 1


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table or a spill stands: its heading row, its first column, how many rows of data it has room for."""

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


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where it starts, its own title included."""

    block: Block
    top: int
    column: int = FIRST_COLUMN
    widths: tuple[float, ...] = ()
    """Columns of the half of a page it is in; none where it has the whole."""


@dataclass(slots=True)
class Layout:
    """Places of everything that has a name, and of every block."""

    tables: dict[str, TablePlace] = field(default_factory=dict)
    fields: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    blocks: dict[str, list[Placed]] = field(default_factory=dict)


def layout(sheets: Sequence[Sheet], rows: Mapping[str, int]) -> Layout:
    """Place every block beneath the one before; `rows` are the data rows of each table."""
    places = Layout()
    for sheet in sheets:
        placing = _Placing(places, sheet.name, rows, len(sheets))
        top = FIRST_ROW
        if sheet.verdict:
            places.fields[sheet.verdict.name] = (sheet.name, VERDICT_ROW, FIRST_COLUMN)
        for block in sheet.blocks:
            if isinstance(block, Beside):
                top = max(
                    placing.beneath_each_other(block.left, top, FIRST_COLUMN, HALF_WIDTHS[0]),
                    placing.beneath_each_other(block.right, top, RIGHT_COLUMN, HALF_WIDTHS[1]),
                )
            else:
                top = placing.beneath_each_other((block,), top)
    return places


@dataclass(frozen=True, slots=True)
class _Placing:
    """The blocks of one sheet on their way to their places."""

    places: Layout
    sheet: str
    rows: Mapping[str, int]
    sheets: int

    def beneath_each_other(
        self, blocks: Sequence[Block], top: int, column: int = FIRST_COLUMN, half: tuple[float, ...] = ()
    ) -> int:
        """Place `blocks` from `top` on and return the row where the next one starts."""
        for block in blocks:
            self.places.blocks.setdefault(self.sheet, []).append(Placed(block, top, column, half))
            top = self._place(block, top + block.rows_above, column, half) + 1
        return top

    def _place(self, block: Block, row: int, column: int, half: tuple[float, ...]) -> int:
        """Record where what `block` names stands from `row` on and return the row beneath it."""
        match block:
            case Table():
                # Excel keeps no table without a row: an empty one shows a blank row to type in.
                shown = max(self.rows.get(block.name, 0) + block.spare_rows, 1)
                self.places.tables[block.name] = TablePlace(self.sheet, row, column, shown)
                return row + 1 + shown + block.totals
            case Spill():
                self.places.tables[block.name] = TablePlace(self.sheet, row, column, block.rows)
                self.places.fields[block.name] = (self.sheet, row, column)
                return row + 1 + block.rows
            case Fields():
                for i, item in enumerate(block.fields):
                    self.places.fields[item.name] = (self.sheet, row + i, column + bool(item.label))
                    if item.beside:
                        self.places.fields[item.beside.name] = (self.sheet, row + i, column + 2)
                return row + len(block.fields)
            case Cards():
                height = card_rows(block)
                for i, card in enumerate(block.cards):
                    top, left = row + i // block.per_row * height, column + i % block.per_row * 2
                    self.places.fields[card.value.name] = (self.sheet, top + 1, left)
                    for j, line in enumerate(card.lines):
                        self.places.fields[line.name] = (self.sheet, top + 2 + j, left + 1)
                return row + -(-len(block.cards) // block.per_row) * height - 1
            case Charts():
                return row + -(-len(block.charts) // charts_per_row(half)) * (CHART_ROWS + 1) - 1
            case Lines():
                return row + len(block.lines)
            case Links():
                return row + self.sheets
            case _:
                assert_never(block)


def charts_per_row(half: tuple[float, ...]) -> int:
    """Return how many charts stand side by side."""
    return 1 if half else 2


def card_rows(block: Cards) -> int:
    """Rows that one row of cards takes, the gap beneath included."""
    return 2 + max(len(card.lines) for card in block.cards) + 1


def widths(sheet: Sheet) -> dict[int, float]:
    """Return the width of every column: the widest that a block of the sheet asks for."""
    asked: dict[int, float] = {0: 2.0}

    def ask(first: int, *widths: float) -> None:
        for column, width in enumerate(widths, start=first):
            asked[column] = max(asked.get(column, 0.0), width)

    for block in sheet.blocks:
        if isinstance(block, Beside):
            ask(FIRST_COLUMN, *HALF_WIDTHS[0], GUTTER, *HALF_WIDTHS[1])
            for right in block.right:
                if isinstance(right, Table):
                    ask(RIGHT_COLUMN, *_asked(right))
        else:
            ask(FIRST_COLUMN, *_asked(block))
    return asked


def behind(sheet: Sheet) -> set[int]:
    """Return the columns that are in a collapsed outline group."""
    first = next(sheet.tables(), None)
    return {at for at, column in enumerate(first.columns if first else (), FIRST_COLUMN) if column.behind}


def _asked(block: Block) -> Sequence[float]:
    """Return the widths of the columns that a block asks for."""
    match block:
        case Table():
            return [column.width or WIDTHS[column.style] for column in block.columns]
        case Fields():
            return block.label_width, block.value_width
        case Cards():
            return CARD_WIDTHS * block.per_row
        case Spill() | Charts() | Lines() | Links():
            return ()
        case _:
            assert_never(block)
