"""Cells that a clerk filled outside our tables and named cells: what touches a table grows it, the rest is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlwings_addin.sheets.layout import FIRST_COLUMN
from xlwings_addin.writing.names import Area, Declared
from xlwings_addin.writing.own_formulas import added_headings
from xlwings_addin.writing.parts import is_read
from xlwings_addin.writing.texts import known, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from python_calamine import CalamineWorkbook

    from xlwings_addin.sheets.blocks import Sheet, Table
    from xlwings_addin.writing.names import Place

CAPTION = 1, FIRST_COLUMN
"""Where every sheet says of which company and day it is."""
SHOWN = 5
"""Cells that a sentence names."""
Cells = dict[tuple[int, int], Any]


@dataclass(slots=True)
class Grown:
    """What touches a table: lines beneath it, by column of the table, and columns to its right."""

    lines: list[dict[int, Any]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    beside: list[list[Any]] = field(default_factory=list)
    """The cells of each added heading, a row of the table each."""


class FreeCells:
    """The cells of a saved workbook that are in none of our tables and are no named cell."""

    def __init__(
        self,
        book: CalamineWorkbook,
        sheets: Sequence[Sheet],
        places: Mapping[str, Place],
        tables: Mapping[str, Declared],
    ) -> None:
        self.tables = {table.name: table for sheet in sheets for table in sheet.tables()}
        self.found = {name: tables[name] for name in self.tables if name in tables}
        areas: dict[str, list[Area]] = defaultdict(list)
        for name, table in self.found.items():
            areas[table.sheet].append(replace(table.area, bottom=table.area.bottom + self.tables[name].totals))
        spills = {spill.name: spill for sheet in sheets for spill in sheet.spills()}
        for name, at in places.items():
            spill = spills.get(name)
            down, across = (spill.rows, len(spill.columns) - 1) if spill else (0, 0)
            areas[at.sheet].append(Area(at.row, at.column, at.row + down, at.column + across))
        self.taken: dict[str, set[tuple[int, int]]] = defaultdict(set)
        """What a table has grown by."""
        self.cells: dict[str, Cells] = {}
        self.rows: dict[str, list[list[Any]]] = {}
        """The rows of each table that is read back, headings and totals left out."""
        for title in (title for title in book.sheet_names if title in areas):
            sheet = book.get_sheet_by_name(title)
            grid, start = sheet.to_python(skip_empty_area=True), sheet.start or (0, 0)
            for name, table in self.found.items():
                if table.sheet == title and is_read(self.tables[name]):
                    self.rows[name] = _within(grid, start, table.area)
            self.cells[title] = _outside(grid, start, areas[title])
        self._drop_caption()

    def _drop_caption(self) -> None:
        """What most sheets say above their blocks is ours; on one that says something else, it was typed."""
        ours = Counter(cells[CAPTION] for cells in self.cells.values() if CAPTION in cells).most_common(1)
        for cells in self.cells.values():
            if ours and cells.get(CAPTION) == ours[0][0]:
                del cells[CAPTION]

    def grown(self, name: str) -> Grown:
        """Return what touches a table, and take it out of the free cells."""
        table, declared, made = self.found[name], self.tables[name], Grown()
        cells, area = self.cells[table.sheet], table.area
        if declared.key or declared.stored:
            self._beside(cells, area, table, made)
        entries = [column.entry for column in declared.columns if not column.formula]
        # Rows that are kept whole are lines of the clerk only where every cell of theirs is for typing.
        if not declared.totals and (any(entries) if declared.key else all(entries)):
            self._beneath(cells, area, table, declared, made)
        return made

    def _beside(self, cells: Cells, area: Area, table: Declared, made: Grown) -> None:
        right = area.right + 1
        while at := [(row, right) for row in range(area.top, area.bottom + 1) if (row, right) in cells]:
            heading = str(cells.get((area.top, right), f"Column{right - area.left + 1}"))
            if heading in (*table.columns, *made.headings):
                return
            made.headings.append(heading)
            made.beside.append([cells.get((row, right)) for row in range(area.top + 1, area.bottom + 1)])
            for place in at:
                self._take(table.sheet, place)
            right += 1

    def _beneath(self, cells: Cells, area: Area, table: Declared, declared: Table, made: Grown) -> None:
        """Take the lines; of one that a key places, what is no entry stays a free cell, and a key alone with it."""
        keys = {column.heading for column in declared.columns if column.key in declared.key}
        entries = {column.heading for column in declared.columns if column.entry}
        entries.update(added_headings(declared.columns, table.columns), made.headings)
        headings, row = [*table.columns, *made.headings], area.bottom + 1
        while line := {at: cells[row, area.left + at] for at in range(len(headings)) if (row, area.left + at) in cells}:
            made.lines.append(line)
            told = {headings[at] for at in line} & entries
            for at in line:
                if not declared.key or headings[at] in told or (told and headings[at] in keys):
                    self._take(table.sheet, (row, area.left + at))
            row += 1

    def _take(self, title: str, place: tuple[int, int]) -> None:
        del self.cells[title][place]
        self.taken[title].add(place)

    def left(self) -> Iterator[str]:
        """Yield what stays behind, in words: the cells of each sheet."""
        for title, cells in self.cells.items():
            if cells:
                yield f"{'cells' if len(cells) > 1 else 'the cell'} of your own on {title} ({shown(sorted(cells))})"


def shown(places: Sequence[tuple[int, int]]) -> str:
    """Return some cells by their addresses."""
    named = ", ".join(xl_rowcol_to_cell(*place) for place in places[:SHOWN])
    return f"{named} and {len(places) - SHOWN} more" if len(places) > SHOWN else named


def _within(grid: Sequence[Sequence[Any]], start: tuple[int, int], area: Area) -> list[list[Any]]:
    """Return what is beneath the headings of an area, from a sheet whose first filled cell is at `start`."""
    top, left = area.top + 1 - start[0], area.left - start[1]
    width, before = area.right - area.left + 1, [""] * -min(left, 0)
    rows = []
    for row in range(top, area.bottom + 1 - start[0]):
        cells = grid[row] if 0 <= row < len(grid) else ()
        inside = [*before, *cells[max(left, 0) : max(left + width, 0)]]
        rows.append(inside[:width] + [""] * (width - len(inside)))
    return rows


def _outside(grid: Iterable[Sequence[Any]], start: tuple[int, int], areas: Iterable[Area]) -> Cells:
    """Return what is filled in outside some areas and is none of our texts."""
    found: Cells = {}
    top, left = start
    ours = known()
    areas = list(areas)
    for row, line in enumerate(grid, start=top):
        cells = list(line)
        for area in areas:
            if area.top <= row <= area.bottom and area.right >= left:
                first, last = max(area.left - left, 0), min(area.right - left + 1, len(cells))
                if last - first == len(cells):
                    cells = []
                    break
                cells[first:last] = [""] * (last - first)
        for column, value in enumerate(cells, start=left):
            if value == "":
                continue
            if isinstance(value, str) and (not value.strip() or plain(value) in ours):
                continue
            found[row, column] = value
    return found
