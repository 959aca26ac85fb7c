"""A saved month-end workbook, read once: its tables with what touches them, and what cannot be carried from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.writing import names
from xlwings_addin.writing.free_cells import FreeCells, shown
from xlwings_addin.writing.own_formulas import formula_cells
from xlwings_addin.writing.parts import released

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineWorkbook


@dataclass(frozen=True, slots=True)
class _Table:
    columns: list[str]
    found: list[list[Any]]
    beside: list[list[Any]]
    lines: list[list[Any]]

    def to_python(self) -> list[list[Any]]:
        rows = [list(row) for row in self.found]
        if self.beside:
            rows = [[*row, *more] for row, *more in zip(rows, *self.beside, strict=True)]
        return rows + self.lines


class Saved:
    """The tables of a saved workbook, each read once and with what touches it."""

    def __init__(self, path: Path, book: CalamineWorkbook) -> None:
        self.path, self.table_names = path, book.table_names
        self.names = names.of_file(path)
        sheets = workbook(Settings())
        # Cells that an earlier version had are ours, too.
        ours = {field.name for sheet in sheets for field in sheet.fields()}.union(
            *(v["cells"] for v in released().values())
        )
        self.inputs = {field.name for sheet in sheets for field in sheet.fields() if field.entry}
        self.places = {n.name: n.place for n in self.names if n.name in ours and not n.of_sheet}
        self.free = FreeCells(book, sheets, self.places, names.tables(path))
        self.beneath: dict[str, list[list[Any]]] = {}
        self.tables: dict[str, _Table] = {}
        for name, found in self.free.rows.items():
            grown = self.free.grown(name)
            columns = [*self.free.found[name].columns, *grown.headings]
            lines = [[line.get(at, "") for at in range(len(columns))] for line in grown.lines]
            if self.free.tables[name].key:
                self.beneath[name] = lines
                lines = []
            self.tables[name] = _Table(columns, found, grown.beside, lines)

    def get_table_by_name(self, name: str, /) -> _Table:
        """Return a table with the columns beside it; lines beneath it are its rows unless rows have a key."""
        return self.tables[name]

    def not_carried(self) -> Iterator[str]:
        """Yield, in words, the cells outside our tables, and the formulas in cells for typing."""
        yield from self.free.left()
        for title, cells in formula_cells(self.path, self._typed()).items():
            for shows, told in ((True, "what they showed was carried"), (False, "they showed nothing")):
                if places := sorted(place for place, has in cells.items() if has is shows):
                    yield f"the formulas in {shown(places)} on {title} ({told})"

    def _typed(self) -> dict[str, set[tuple[int, int]]]:
        """The cells for typing, and those that tables have grown by."""
        found = {title: set(places) for title, places in self.free.taken.items()}
        for name in self.inputs & self.places.keys():
            at = self.places[name]
            found.setdefault(at.sheet, set()).add((at.row, at.column))
        for name, table in self.free.found.items():
            area = table.area
            for heading in (column.heading for column in self.free.tables[name].columns if column.entry):
                if heading in table.columns:
                    at_column = area.left + table.columns.index(heading)
                    rows = range(area.top + 1, area.bottom + 1)
                    found.setdefault(table.sheet, set()).update((row, at_column) for row in rows)
        return found
