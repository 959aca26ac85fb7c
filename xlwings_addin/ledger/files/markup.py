"""Tables of web pages and of Excel's old XML, which call themselves .xls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.heading import is_name
from xlwings_addin.ledger.files.table import RawTable, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlwings_addin.ledger.files.table import Score

_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_PAGE = re.compile(rb"<(?:!doctype html|(?:\w+:)?(?:html|table|body|head|div|meta)\b)", re.IGNORECASE)
_NO_TEXT, _OPENED, _CLOSED = (
    re.compile(one, re.IGNORECASE)
    for one in (rb"(?s)<!--.*?-->|<(script|style)\b.*?</\1\s*>", rb"<table\b", rb"</table\s*>")
)
_WIDEST = 2_000
"""Rows or columns that one cell may span."""


def read_markup(name: str, text: bytes, score: Score) -> tuple[RawTable, ...]:
    """The tables of a page, or the sheets of a workbook in XML, of a text that is UTF-8 whatever it says itself."""
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text[:4000] and b"<Workbook" in text[:4000]:
        what, found = "a workbook in Excel's XML of 2003", list(_sheets(name, text))
    elif _PAGE.search(text):
        what, found = "a web page", list(_tables(name, text, score))
    else:
        raise LedgerError(f"{name} is XML of its own kind, no list that can be read: export it as CSV or XLSX.")
    notes = (f"it is {what}, read as the table it holds",)
    tables = [table_of(name, sheet, lines, score, notes=notes) for sheet, lines in found]
    read = tuple(table for table in tables if table is not None)
    if not read:
        raise LedgerError(f"{name} is {what} without a table in it: export the list again.")
    return read


def _sheets(name: str, text: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        what = f"a workbook in Excel's XML of 2003 that breaks off or is damaged in line {error.lineno or 1}"
        raise LedgerError(f"{name} is {what}: export it again.") from None
    for sheet in root.iter(f"{_SHEET}Worksheet"):
        rows = sheet.iterfind(f"{_SHEET}Table/{_SHEET}Row")
        grid = _Grid()
        for row in rows:
            grid.row(_number(row.get(f"{_SHEET}Index")))
            for cell in row.iterfind(f"{_SHEET}Cell"):
                across, down = (_number(cell.get(f"{_SHEET}{which}")) for which in ("MergeAcross", "MergeDown"))
                grid.put(_cell(cell), down + 1, across + 1, _number(cell.get(f"{_SHEET}Index")))
        yield sheet.get(f"{_SHEET}Name") or "", grid.lines


def _cell(cell: Any) -> Any:
    data = cell.find(f"{_SHEET}Data")
    if data is None:
        return ""
    text = "".join(data.itertext())
    if data.get(f"{_SHEET}Type") == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text.removesuffix("T00:00:00.000") if data.get(f"{_SHEET}Type") == "DateTime" else text


def _tables(name: str, text: bytes, score: Score) -> Iterator[tuple[str, list[list[Any]]]]:
    plain = _NO_TEXT.sub(b"", text)
    if len(_OPENED.findall(plain)) > len(_CLOSED.findall(plain)):
        raise LedgerError(f"{name} is a web page that breaks off: a table in it has no end: export the list again.")
    try:
        root = html.document_fromstring(text, html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        raise LedgerError(f"{name} is a web page that cannot be read: export the list again.") from None
    # A table that holds others only lays them out.
    tables = [table for table in root.iter("table") if table.find(".//table") is None]
    found: list[list[list[Any]]] = []
    for table in tables:
        grid = _Grid()
        for row in table.iter("tr"):
            grid.row(0)
            for cell in row.iterchildren("td", "th"):
                spans = (_number(cell.get("rowspan")) or 1, _number(cell.get("colspan")) or 1)
                grid.put(_words(cell), *spans, 0)
        lines = grid.lines
        width = max(map(len, lines), default=0)
        same_width = bool(found) and width > 1 and width == max(map(len, found[-1]))
        if same_width and (lines[0] in found[-1] or not any(map(score, lines))):
            # The next page of the same list, or a heading in a table of its own before it.
            found[-1] += lines
        elif lines:
            found.append(lines)
    for at, lines in enumerate(found, start=1):
        yield f"table {at}" if len(found) > 1 else "", lines


def _words(cell: Any) -> str:
    """What a cell shows: its words, a blank for each gap."""
    for gap in cell.iter("br", "p", "div", "li"):
        gap.tail = f" {gap.tail or ''}"
    return " ".join("".join(part for part in cell.itertext() if isinstance(part, str)).split())


def _number(text: str | None) -> int:
    return min(int(text), 10**7) if text and text.strip().isdigit() else 0


class _Grid:
    """Rows of cells, some of which span several: a name is in each row it covers, and in its first column only."""

    def __init__(self) -> None:
        self.lines: list[list[Any]] = []
        self.below: dict[int, tuple[int, Any]] = {}
        """By column: rows that a cell above still covers, and its text."""

    def row(self, number: int) -> None:
        """Begin the next row, or the one of that number."""
        while len(self.lines) + 1 < number <= 5_000_000:
            self.lines.append([])
        self.lines.append([])
        self._cover()

    def put(self, cell: Any, down: int, across: int, number: int) -> None:
        """Add a cell to the row, at the next free place or the one of that number."""
        line = self.lines[-1]
        line += [""] * (min(number, _WIDEST) - 1 - len(line))
        for place in range(min(across, _WIDEST)):
            own = cell if place == 0 else ""
            if 1 < down <= _WIDEST:
                self.below[len(line)] = (down - 1, own if is_name(own) else "")
            line.append(own)
        self._cover()

    def _cover(self) -> None:
        line = self.lines[-1]
        while (place := len(line)) in self.below and self.below[place][0] > 0:
            left, cell = self.below[place]
            self.below[place] = (left - 1, cell)
            line.append(cell)
