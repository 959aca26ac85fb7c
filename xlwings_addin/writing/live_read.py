"""The workbook that is open in Excel, read once: where its tables and named cells stand and what is in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from udfs.serial_days import SHIFT_1904
from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.aging import BUCKET_HEADING
from xlwings_addin.writing import (
    NotOurWorkbookError,
    OlderWorkbookError,
    WorkbookError,
    live_cells,
    live_native,
    names,
)
from xlwings_addin.writing.carry_over import collect, typed_fields
from xlwings_addin.writing.own_formulas import added_headings
from xlwings_addin.writing.parts import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings import Book, Range, Sheet  # noqa: TID251 - part of the live writer
    from xlwings.main import Table as ExcelTable  # noqa: TID251 - part of the live writer

    from xlwings_addin.entries import Entries
    from xlwings_addin.sheets.blocks import Column, Table
    from xlwings_addin.sheets.blocks import Sheet as SheetDeclaration

Place = tuple[str, int, int]
"""Sheet, row, column; rows and columns from 1."""


@dataclass(slots=True)
class LiveTable:
    """A table as it was found: headings, cells beneath them, totals apart."""

    sheet: Sheet
    table: ExcelTable
    columns: list[str]
    rows: list[tuple[Any, ...]]
    totals: tuple[Any, ...] | None
    formulas: dict[str, list[str]] = field(default_factory=dict)
    """Formulas in columns of the clerk's own, the totals row included; "" where there is none."""

    def to_python(self) -> list[list[Any]]:
        """Return the rows' values; those of a clerk's own formulas are no entries."""
        rows = live_cells.read_rows(self.rows)
        for name, formulas in self.formulas.items():
            at = self.columns.index(name)
            for row, formula in zip(rows, formulas, strict=False):
                if formula:
                    row[at] = None
        return rows


class Opened:
    """An open month-end workbook. One read a table; what is written later goes by what was found here."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.shift = SHIFT_1904 if live_native.is_1904(book) else 0
        self.sheets: dict[str, Sheet] = {sheet.name: sheet for sheet in book.sheets}
        self._found: dict[str, tuple[Sheet, ExcelTable]] = {
            table.name: (sheet, table) for sheet in self.sheets.values() for table in sheet.tables
        }
        self._read: dict[str, LiveTable] = {}
        # A name that leads out of the workbook leads to no cell of ours.
        self.places = {name: place for name, place in places_of(book).items() if place[0] in self.sheets}
        self._cells: dict[str, Any] | None = None

    # ---- what the entries are collected from

    @property
    def table_names(self) -> list[str]:
        """Names of all tables, the clerk's own included."""
        return list(self._found)

    def get_table_by_name(self, name: str, /) -> LiveTable:
        """Return a table's cells, read once."""
        if name not in self._read:
            self._read[name] = self._table(name)
        return self._read[name]

    def _table(self, name: str) -> LiveTable:
        sheet, table = self._found[name]
        area = table.range
        block = area.options("raw").value
        headings, body = [str(heading) for heading in block[0]], list(block[1:])
        totals = body.pop() if table.show_totals else None
        found = LiveTable(sheet, table, headings, body, totals)
        declared = _declared(name)
        for heading in added_headings(declared, headings) if declared else ():
            own = area[1:, headings.index(heading)]
            if live_native.has_formulas(own):
                texts = [str(row[0]) for row in rows_of(own.formula)]
                found.formulas[heading] = [text if text.startswith("=") else "" for text in texts]
        return found

    def read_back(self, *, force: bool = False) -> tuple[Settings, Entries]:
        """Return the settings and the entries, as `carry_over.read_back` does of a file."""
        self.check()
        return collect(self.book.name, self, self._typed_cells, force=force)

    def _typed_cells(self) -> dict[str, Any]:
        if self._cells is None:
            self._cells = self._read_cells()
        return self._cells

    def _read_cells(self) -> dict[str, Any]:
        declared = {"as_of", *(item.name for item in typed_fields())} & self.places.keys()
        found: dict[str, Any] = {}
        for sheet in workbook(Settings()):
            for form in sheet.forms():
                for on, cells_of in by_sheet(self.places, [one.name for one in form if one.name in declared]).items():
                    top, left, cells = box(self.sheets[on], [self.places[name] for name in cells_of])
                    block = rows_of(cells.options("raw").value)
                    found |= {name: block[self.places[name][1] - top][self.places[name][2] - left] for name in cells_of}
        return {
            name: None if isinstance(value, str) and not value.strip() else live_cells.read(value)
            for name, value in found.items()
        }

    @property
    def as_of(self) -> date | None:
        """The date the workbook's figures are of; None before the first refresh."""
        found = self._typed_cells().get("as_of")
        return found if isinstance(found, date) else None

    def sheet_of(self, declared: SheetDeclaration) -> Sheet | None:
        """Return the sheet, by its name or, where the clerk renamed it, by what is on it."""
        if declared.name in self.sheets:
            return self.sheets[declared.name]
        for table in declared.tables():
            if table.name in self._found:
                return self._found[table.name][0]
        for named in declared.fields():
            if named.name in self.places:
                return self.sheets[self.places[named.name][0]]
        return None

    # ---- what must hold before anything is written

    def check_ours(self) -> None:
        """Raise one sentence where this is no month-end workbook."""
        if not any(table.name in self._found for sheet in workbook(Settings()) for table in sheet.tables()):
            raise NotOurWorkbookError(
                f"{self.book.name} holds none of the Receivables tables:"
                " go to the month-end workbook, or start one from the Receivables template, and press the button there."
            )

    def check(self, sheets: Sequence[SheetDeclaration] | None = None) -> None:
        """Raise one sentence where a fill would lose something or fail halfway."""
        sheets = sheets or workbook(Settings())
        self.check_ours()
        if version := version_of(workbook(Settings()), self._found, self.places):
            raise OlderWorkbookError(
                f"{self.book.name} is of version {version} and lacks what this version shows; a new workbook beside it"
                " can take over everything that was typed, while this one stays as it is."
            )
        if live_native.is_read_only(self.book):
            raise WorkbookError(
                f"{self.book.name} is open for reading only; save it under another name and press again."
            )
        missing = [sheet for sheet in sheets if self.sheet_of(sheet) is None]
        if missing and live_native.structure_is_protected(self.book):
            raise WorkbookError(
                f"The sheet {missing[0].name} is missing and the workbook's structure is protected;"
                " unprotect it (Review, Protect Workbook) and press again."
            )
        for sheet in sheets:
            on = self.sheet_of(sheet)
            if on is not None:
                self._check_sheet(sheet, on.name)

    def _check_sheet(self, sheet: SheetDeclaration, called: str) -> None:
        for table in sheet.tables():
            if table.name not in self._found:
                raise WorkbookError(
                    f"The table {table.name} is gone from the sheet {sheet.name}: undo what replaced it,"
                    " or delete the whole sheet to recreate it, and press again."
                )
            self._check_table(table)
        for named in sheet.fields():
            if named.name not in self.places:
                raise WorkbookError(
                    f"The cell {named.name} ({named.label}) is gone from the sheet {sheet.name}: undo that,"
                    " or delete the whole sheet to recreate it, and press again."
                )
        at = {self.places[named.name][0] for named in sheet.fields()} | {called}
        at |= {self._found[table.name][0].name for table in sheet.tables()}
        for name in at:
            if live_native.is_protected(self.sheets[name]):
                raise WorkbookError(
                    f"The sheet {name} is protected; unprotect it (Review, Unprotect Sheet) and press again."
                )

    def _check_table(self, table: Table) -> None:
        sheet, live = self._found[table.name]
        if live.show_autofilter and any(one.type != "none" for one in live.autofilter.criteria):
            raise WorkbookError(
                f"The table {table.name} on the sheet {sheet.name} is filtered;"
                " clear the filter (Data, Clear) and press again."
            )
        self.headings(table)

    def headings(self, table: Table) -> list[str]:
        """Return the headings the table shall have: those it has, unless the aging buckets were changed.

        Raises one sentence where a column of ours is gone.
        """
        found = self.get_table_by_name(table.name)
        declared = [column.heading for column in table.columns]
        gone = [heading for heading in declared if heading not in found.columns]
        renamed = [heading for heading in gone if not BUCKET_HEADING.fullmatch(heading)]
        if renamed:
            raise WorkbookError(
                f"The column {renamed[0]!r} of {table.name} on the sheet {found.sheet.name} is gone or was renamed;"
                " give it its heading back and press again."
            )
        stale = [h for h in found.columns if h not in declared and BUCKET_HEADING.fullmatch(h)]
        if not gone and not stale:
            return found.columns
        return declared + [h for h in found.columns if h not in declared and h not in stale]


def _declared(name: str) -> Sequence[Column]:
    for sheet in workbook(Settings()):
        for table in sheet.tables():
            if table.name == name:
                return table.columns
    return ()


def places_of(book: Book) -> dict[str, Place]:
    """Return where the named cells of a workbook stand."""
    places: dict[str, Place] = {}
    for name in book.names:
        found = names.place_of(name.refers_to or "")
        # Excel writes the sheet before a name that is known on it only.
        if found and "!" not in name.name:
            places[name.name] = (found.sheet, found.row + 1, found.column + 1)
    return places


def by_sheet(places: Mapping[str, Place], names: Iterable[str]) -> dict[str, list[str]]:
    """Return names by the sheet they are on, which a clerk may have moved them to."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(places[name][0], []).append(name)
    return found


def box(sheet: Sheet, places: Sequence[Place]) -> tuple[int, int, Range]:
    """Return the smallest block that holds some cells of a sheet, and where it starts."""
    rows, columns = [row for _, row, _ in places], [column for _, _, column in places]
    corner = (min(rows), min(columns))
    return *corner, sheet.range(corner, (max(rows), max(columns)))


def rows_of(block: Any) -> Sequence[Sequence[Any]]:
    """Return a block of cells as rows: one cell alone comes as a scalar."""
    return block if isinstance(block, tuple) else ((block,),)
