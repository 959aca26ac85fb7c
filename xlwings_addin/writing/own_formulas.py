"""Formulas in columns that clerks add to our tables, as a saved workbook has them: which can go into the next one."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from udfs import REGISTRY, load
from xlwings_addin.sheets.aging import BUCKET_HEADING
from xlwings_addin.writing.names import sheet_parts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

    from xlwings_addin.sheets.blocks import Column, Table

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN = f"{_MAIN}tableColumn"
_FORMULA = re.compile(
    rb"""<c\b[^>]*\br="([A-Z]{1,3}\d{1,7})"[^>]*(?<!/)>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(<v>[^<]+</v>)?"""
)
_OF_ADDIN = re.compile(r"\[\d+\]!(AR_[A-Z_]+\()")
"""How Excel stores a function of an add-in."""
_TOKEN = re.compile(
    r"""  "(?:[^"@]|"")*"
        | (?P<table>[A-Za-z_]\w*)\[(?:\[\#This\ Row\],\[(?P<cell>[^][#'@]+)\]|(?P<column>[^][#'@]+))\]
        | (?P<function>[A-Z][A-Z0-9_.]*)\(
        | TRUE | FALSE
        | \d+(?:\.\d*)?(?:E[+-]?\d+)?
        | [-+*/^&=<>(),%\s]
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column that a clerk added, and the formulas in it."""

    table: str
    heading: str
    formula: str
    """The column's own, as a file stores it, with "="; "" where there is none that can be carried."""
    rows: frozenset[int]
    """Rows of the table, from 0, whose cell holds a formula."""


def own_columns(path: Path, tables: Sequence[Table]) -> tuple[OwnColumn, ...]:
    """Return the columns that were added to our tables in a workbook.

    A formula can be carried that is made of functions, constants and columns of our own tables: what it refers
    to is there in the next workbook, too. One that refers to cells, to other sheets or to names is not: a
    workbook that refers to what it lacks is one that Excel offers to repair.
    """
    by_name = {table.name: table for table in tables}
    found = []
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.startswith("xl/tables/")}
        described = {name: ET.fromstring(part) for name, part in parts.items()}  # noqa: S314 - expat refuses bombs
        ours = {part: root for part, root in described.items() if root.get("displayName") in by_name}
        headings = {part: [str(one.get("name")) for one in root.iter(_COLUMN)] for part, root in ours.items()}
        added = {
            part: added_headings(by_name[str(root.get("displayName"))].columns, headings[part])
            for part, root in ours.items()
        }
        if not any(added.values()):
            return ()
        load()
        # Beside a table without a key an own column may be dropped: only its own rows may refer to it.
        known = {table.name: {column.heading for column in table.columns} for table in tables}
        for part, root in ours.items():
            if by_name[str(root.get("displayName"))].key:
                known[str(root.get("displayName"))].update(added[part])
        for part, root in ours.items():
            if not added[part]:
                continue
            name = str(root.get("displayName"))
            sheet = _sheet_of(package, part)
            (top, left), (bottom, _) = map(xl_cell_to_rowcol, str(root.get("ref")).split(":"))
            columns = list(root.iter(_COLUMN))
            for heading in added[part]:
                place = headings[part].index(heading)
                cells = _formula_cells(sheet, left + place, top, bottom)
                of_all = columns[place].find(f"{_MAIN}calculatedColumnFormula")
                # One that works on arrays would be another formula without saying so.
                plain = of_all is not None and not of_all.get("array") and b't="array"' not in b"".join(cells.values())
                seen = {**known, name: {*known[name], *added[part]}}
                formula = _carried(str(of_all.text), seen) if of_all is not None and plain and cells else ""
                found.append(OwnColumn(name, heading, formula, frozenset(cells)))
    return tuple(found)


def formula_cells(
    path: Path, wanted: Mapping[str, Container[tuple[int, int]]]
) -> dict[str, dict[tuple[int, int], bool]]:
    """Return, by sheet, which of the wanted cells hold a formula, and whether it shows anything."""
    found: dict[str, dict[tuple[int, int], bool]] = {}
    with zipfile.ZipFile(path) as package:
        for title, part in sheet_parts(package).items():
            if title in wanted:
                cells = (
                    (xl_cell_to_rowcol(cell[1].decode()), bool(cell[2]))
                    for cell in _FORMULA.finditer(package.read(part))
                )
                found[title] = {place: shows for place, shows in cells if place in wanted[title]}
    return found


def added_headings(columns: Iterable[Column], headings: Iterable[str]) -> tuple[str, ...]:
    """Return the headings that a clerk added to our columns; a bucket is ours, whichever days it is of."""
    declared = {column.heading for column in columns}
    return tuple(h for h in headings if h not in declared and not BUCKET_HEADING.fullmatch(h))


def _sheet_of(package: zipfile.ZipFile, table: str) -> bytes:
    """Return the worksheet that holds a table."""
    target = f'/{posixpath.basename(table)}"'.encode()
    for name in package.namelist():
        if name.startswith("xl/worksheets/_rels/") and target in package.read(name):
            return package.read(f"xl/worksheets/{posixpath.basename(name).removesuffix('.rels')}")
    return b""


def _formula_cells(sheet: bytes, column: int, header: int, bottom: int) -> dict[int, bytes]:
    """Return the tags that begin a formula, by row of the table."""
    cells = re.finditer(rb'<c r="' + xl_col_to_name(column).encode() + rb'(\d+)"[^>]*(?<!/)>\s*(<f[^>]*>)', sheet)
    # A file counts rows from 1, and the row beneath the header is the table's row 0.
    return {int(cell[1]) - header - 2: cell[2] for cell in cells if header + 1 < int(cell[1]) <= bottom + 1}


def _carried(formula: str, known: Mapping[str, set[str]]) -> str:
    """Return the formula as the next workbook can hold it; "" where it cannot."""
    formula = _OF_ADDIN.sub(r"\1", formula.strip().lstrip("="))
    at = 0
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if token is None:
            return ""
        function, column = token["function"], token["cell"] or token["column"]
        if function and "_" in function and function not in REGISTRY:
            return ""
        if column and column not in known.get(token["table"], ()):
            return ""
        at = token.end()
    return f"={formula}" if formula else ""
