"""The few things xlwings has no name for: asked of Excel's own objects, here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlwings import App, Book, Range, Sheet  # noqa: TID251 - part of the live writer


def full_name(book: Book) -> str:
    """Return where the workbook lies as Excel says it: a path, a URL, or its bare name before it is saved."""
    return str(book.api.FullName)


def is_1904(book: Book) -> bool:
    """Whether the workbook counts its days from 1904."""
    return bool(book.api.Date1904)


def is_read_only(book: Book) -> bool:
    """Whether the workbook was opened for reading only."""
    return bool(book.api.ReadOnly)


def structure_is_protected(book: Book) -> bool:
    """Whether no sheet may be added."""
    return bool(book.api.ProtectStructure)


def is_protected(sheet: Sheet) -> bool:
    """Whether the sheet's cells are locked."""
    return bool(sheet.api.ProtectContents)


def has_formulas(cells: Range) -> bool:
    """Whether any of the cells holds a formula: one question, however many there are."""
    return cells.api.HasFormula is not False  # None where some do


def new_from(app: App, template: str) -> None:
    """Begin a workbook without a name from a template."""
    app.api.Workbooks.Add(template)


def save_copy(book: Book, path: str) -> None:
    """Save the workbook as it stands to another file; it keeps its own name."""
    book.api.SaveCopyAs(path)


def hide_column(cell: Range, *, hidden: bool) -> None:
    """Hide a cell's column, or show it."""
    cell.api.EntireColumn.Hidden = hidden


def set_height(rows: Range, points: float) -> None:
    """Give rows a height."""
    rows.api.RowHeight = points


def set_width(cell: Range, characters: float, *, behind: bool) -> None:
    """Give a cell's column a width; one that is `behind` goes into a collapsed group, its button to the left."""
    cell.column_width = characters
    if behind:
        cell.sheet.api.Outline.SummaryColumn = -4131  # xlSummaryOnLeft
        cell.api.EntireColumn.OutlineLevel = 2
        cell.api.EntireColumn.Hidden = True


def fill_area(area: Range, formula: str) -> None:
    """Write a formula whose result spills; an Excel that knows no spilling gets an array over the whole area."""
    first = area[0, 0]
    if hasattr(first.api, "Formula2"):
        first.formula2 = formula
    else:
        area.formula_array = formula
