"""Named cells as a saved workbook stores them: those of the workbook, and those that a copied sheet has for itself."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from xlsxwriter.utility import xl_cell_to_rowcol

if TYPE_CHECKING:
    from pathlib import Path

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"='?(?P<sheet>.+?)'?!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d{1,7})")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: its sheet, its row and column from 0."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells, its last row and column included; all from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Declared:
    """A table: the sheet it is on, where it lies without its row of totals, and its headings."""

    sheet: str
    area: Area
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of one cell."""

    name: str
    place: Place
    of_sheet: bool
    """Known on one sheet only, as the names of a copied sheet are."""


def of_file(path: Path) -> list[Name]:
    """Return the names of single cells in a workbook."""
    with zipfile.ZipFile(path) as package:
        book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - expat refuses entities that multiply
    return [
        Name(str(one.get("name")), place, one.get("localSheetId") is not None)
        for one in book.iter(f"{_MAIN}definedName")
        if (place := place_of(f"={(one.text or '').lstrip('=')}"))
    ]


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each worksheet by its name."""
    book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - expat refuses entities that multiply
    relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
    targets = {one.get("Id"): str(one.get("Target")) for one in relations}
    return {
        str(sheet.get("name")): posixpath.normpath(posixpath.join("/xl", targets[sheet.get(_ID)])).lstrip("/")
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def tables(path: Path) -> dict[str, Declared]:
    """Return the tables of a workbook by their names."""
    found = {}
    with zipfile.ZipFile(path) as package:
        parts = set(package.namelist())
        for sheet, part in sheet_parts(package).items():
            folder, name = posixpath.split(part)
            relations = f"{folder}/_rels/{name}.rels"
            for one in ET.fromstring(package.read(relations)) if relations in parts else ():  # noqa: S314 - as above
                if str(one.get("Type")).endswith("/table"):
                    target = posixpath.normpath(posixpath.join("/", folder, str(one.get("Target")))).lstrip("/")
                    table = ET.fromstring(package.read(target))  # noqa: S314 - as above
                    (top, left), (bottom, right) = map(xl_cell_to_rowcol, str(table.get("ref")).split(":"))
                    bottom -= int(table.get("totalsRowCount", "0"))
                    columns = [str(column.get("name")) for column in table.iter(f"{_MAIN}tableColumn")]
                    found[str(table.get("displayName"))] = Declared(sheet, Area(top, left, bottom, right), columns)
    return found


def place_of(formula: str) -> Place | None:
    """Return the cell that a name leads to; None where it leads to no single cell of the workbook."""
    cell = _CELL.fullmatch(formula)
    if cell is None:
        return None
    row, column = xl_cell_to_rowcol(f"{cell['column']}{cell['row']}")
    return Place(cell["sheet"].replace("''", "'"), row, column)
