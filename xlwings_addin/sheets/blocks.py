"""What a sheet is made of: tables, named cells, charts and text, declared and not yet drawn.

A declaration names things; `writing` decides where they stand and draws them. Nothing here
knows Excel, a file or a figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator

Rule = Literal["", "bar", "word", "nonzero", "negative is better", "positive is better", "broken", "of account"]
ChartKind = Literal["line", "column", "stacked", "bar", "pareto"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `key` finds its values; `formula` is typed in every row, its values cached."""

    key: str
    heading: str
    style: str = "text"
    formula: str = ""
    total: Literal["", "sum", "label"] = ""
    note: str = ""
    width: float = 0
    entry: bool = False
    """A cell the clerk types in: shown as such, carried over by every refresh."""
    choices: tuple[str, ...] = ()
    rule: Rule = ""
    of_currencies: bool = False
    """Hidden while all rows are in the base currency: it tells currencies apart, or converts them."""
    behind: bool = False
    """In a collapsed outline group with its like beside it; the button is above the column to the left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """What may stand above a block, a row each."""

    title: str = ""
    intro: str = ""
    headings: tuple[str, ...] = ()
    """What stands above the labels, the cells and the cells beside them, where it is a form."""

    @property
    def rows_above(self) -> int:
        """Rows that it takes."""
        return bool(self.title) + bool(self.intro) + bool(self.headings)


@dataclass(frozen=True, slots=True)
class Table(Titled):
    """An Excel table. `key` columns tell its rows apart where clerks' entries are carried over."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    stored: bool = False
    """Its rows are read back whole and kept: a log, a month that was closed, lines the clerk adds beneath."""
    big: bool = False
    """Thousands of rows: no rules between them, blanks left unwritten."""
    printed: int = 0
    """Columns that go on paper, where the rest are for the screen; 0 for all."""
    spare_rows: int = 0
    """Empty rows offered for typing."""
    row_pixels: int = 0
    """Height of every row; 0 for what its texts need."""

    @property
    def totals(self) -> bool:
        """Whether the table ends in a row of totals."""
        return any(column.total for column in self.columns)

    def column(self, key: str) -> Column:
        """Return the column called `key`."""
        return next(column for column in self.columns if column.key == key)

    def formula(self, column: Column) -> str:
        """Return the column's formula with ``[@Heading]`` written in full, as files must store it."""
        return re.sub(
            r"\[@(\[[^\]]+\]|[^\]\[]+)\]", lambda m: f"{self.name}[[#This Row],[{m[1].strip('[]')}]]", column.formula
        )

    def total_formula(self, column: Column) -> str:
        """Return the formula of a total: where a figure is missing, the sum of the others must not pass for it.

        Excel's own total leaves the table's name out, which only Excel understands.
        """
        whole, rows = f"{self.name}[{column.heading}]", f"{self.name}[{self.columns[0].heading}]"
        return f"=IF(COUNT({whole})<COUNTA({rows}),NA(),SUBTOTAL(109,{whole}))"


@dataclass(frozen=True, slots=True)
class Field:
    """One named cell with its label: an input, a figure or a formula."""

    name: str
    label: str
    style: str = "text"
    formula: str = ""
    note: str = ""
    entry: bool = False
    choices: tuple[str, ...] = ()
    rule: Rule = ""
    empty: str | float | None = None
    """What the formula shows in a workbook without data."""
    beside: Field | None = None
    """Another cell on the same line, to compare with; it stands where the note would."""


@dataclass(frozen=True, slots=True)
class Fields(Titled):
    """Labels with their cells beneath each other. A field without a label is a sentence across the line."""

    fields: tuple[Field, ...]
    label_width: float = 32.0
    value_width: float = 22.0


@dataclass(frozen=True, slots=True)
class Spill(Titled):
    """One formula that fills an area of its own, headings first, as long as its result is.

    Files and Excel before 2021 hold it as an array over the whole area, so that no longer result is ever cut off.
    """

    name: str
    """The cell that holds the formula; the area lies to its right and beneath."""
    formula: str
    columns: tuple[Column, ...]
    """How its columns read; the headings are the formula's own."""
    rows: int
    """Rows of its longest result, beneath the headings."""

    @property
    def anchor(self) -> Field:
        """The cell that holds the formula."""
        return Field(self.name, self.title, "text", self.formula)


@dataclass(frozen=True, slots=True)
class Card:
    """A headline figure: its value and what it is compared with, all named cells."""

    label: str
    value: Field
    lines: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Cards(Titled):
    """Headline figures side by side."""

    cards: tuple[Card, ...]
    per_row: int = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One line, column or bar of a chart: a column of a table or a spill, or named cells beneath each other."""

    column: str
    name: str
    colour: str = "accent"
    dashed: bool = False
    second_axis: bool = False
    cells: tuple[str, str] | None = None
    """The first and the last of the named cells, where it is no column."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of the columns of a table or a spill; `alt` is read out to who cannot see it."""

    kind: ChartKind
    title: str
    table: str
    categories: str
    """The column that labels the axis; without one it counts from 1."""
    series: tuple[Series, ...]
    alt: str
    number_format: str = "#,##0"
    least: float | None = None
    """Where the value axis starts, if not at zero."""
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Charts(Titled):
    """Charts in a grid, two in a row; in half a page beneath each other."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Lines(Titled):
    """Plain text, a paragraph a row."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Links(Titled):
    """A list of the workbook's sheets, each a link, with what it is for."""

    title: str = "Sheets"


Block = Table | Fields | Spill | Cards | Charts | Lines | Links


@dataclass(frozen=True, slots=True)
class Beside:
    """Two halves of a page. A table goes to the right half, where columns that clerks add to it have room."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, what it is for in one sentence, and its blocks from top to bottom."""

    name: str
    purpose: str
    blocks: tuple[Block | Beside, ...]
    landscape: bool = True
    break_after_charts: bool = False
    """Print what follows the charts on pages of its own."""
    tab: Literal["work", "data", "help"] = "work"
    freeze: int = 0
    """Keep the first table's headings in sight, and that many of its columns."""
    verdict: Field | None = None
    """What matters now, in one sentence: a named cell in the place of the purpose."""

    def single_blocks(self) -> Iterator[Block]:
        """Yield the blocks, those of either half included."""
        for block in self.blocks:
            if isinstance(block, Beside):
                yield from (*block.left, *block.right)
            else:
                yield block

    def tables(self) -> Iterator[Table]:
        """Yield the sheet's tables."""
        return (block for block in self.single_blocks() if isinstance(block, Table))

    def spills(self) -> Iterator[Spill]:
        """Yield the formulas that fill an area."""
        return (block for block in self.single_blocks() if isinstance(block, Spill))

    def fields(self) -> Iterator[Field]:
        """Yield the sheet's named cells."""
        return (field for form in self.forms() for field in form)

    def forms(self) -> Iterator[tuple[Field, ...]]:
        """Yield the named cells of each block that has any: they stand together, and no table among them."""
        if self.verdict:
            yield (self.verdict,)
        for block in self.single_blocks():
            match block:
                case Fields():
                    yield tuple(one for field in block.fields for one in (field, field.beside) if one)
                case Spill():
                    yield (block.anchor,)
                case Cards():
                    yield tuple(one for card in block.cards for one in (card.value, *card.lines))
                case Table() | Charts() | Lines() | Links():
                    pass
                case _:
                    assert_never(block)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that is in one cell only, with the value it has now."""

    text: str
    value: object
