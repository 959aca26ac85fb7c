"""A saved workbook as its parts: read and typed into without any code of the product."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
Place = tuple[int, int]
"""Row and column, from 1."""
Value = str | float | bool


@dataclass(frozen=True)
class Shape:
    """A table: its sheet, where it is with headings and totals, its headings, whether it has a row of totals."""

    part: str
    sheet: str
    left: int
    top: int
    right: int
    bottom: int
    headings: tuple[str, ...]
    totals: bool


@dataclass(frozen=True)
class Formula:
    """What is typed as a formula; `shows` is what the program that saved it calculated, None where it did not."""

    text: str
    shows: Value | None = None


class Book:
    """The parts of a workbook, what its cells hold, and a clerk's hands on them."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        book = ET.fromstring(self.parts["xl/workbook.xml"])
        targets = self._targets("xl/workbook.xml")
        self.sheets = {str(one.get("name")): targets[str(one.get(ID))] for one in book.iter(f"{MAIN}sheet")}
        strings = self.parts.get("xl/sharedStrings.xml", b"<sst/>")
        self.strings = [_text(one) for one in ET.fromstring(strings)]
        self.arrays: dict[str, list[tuple[int, int, int, int]]] = {title: [] for title in self.sheets}
        """The areas that one formula fills, as `range_boundaries` has them."""
        self.cells = {title: self._cells(title, part) for title, part in self.sheets.items()}
        self.names = dict(self._names(book))
        self.tables = dict(self._tables())

    def _targets(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        relations = self.parts.get(f"{folder}/_rels/{name}.rels", b"<none/>")
        return {
            str(one.get("Id")): posixpath.normpath(posixpath.join("/", folder, str(one.get("Target")))).lstrip("/")
            for one in ET.fromstring(relations)
        }

    def _names(self, book: ET.Element) -> Iterator[tuple[str, tuple[str, Place]]]:
        for one in book.iter(f"{MAIN}definedName"):
            title, _, place = (one.text or "").rpartition("!")
            if one.get("localSheetId") is None and re.fullmatch(r"\$[A-Z]+\$\d+", place):
                title = title.strip("'").replace("''", "'")
                yield str(one.get("name")), (title, coordinate_to_tuple(place.replace("$", "")))

    def _tables(self) -> Iterator[tuple[str, Shape]]:
        for title, part in self.sheets.items():
            for target in self._targets(part).values():
                if target.startswith("xl/tables/"):
                    root = ET.fromstring(self.parts[target])
                    headings = tuple(
                        ESCAPED.sub(lambda code: chr(int(code[1], 16)), str(one.get("name")))
                        for one in root.iter(f"{MAIN}tableColumn")
                    )
                    area = range_boundaries(str(root.get("ref")))
                    totals = bool(int(root.get("totalsRowCount", "0")))
                    yield str(root.get("displayName")), Shape(target, title, *area, headings, totals)

    def _cells(self, title: str, part: str) -> dict[Place, Value | Formula]:
        found: dict[Place, Value | Formula] = {}
        for cell in ET.fromstring(self.parts[part]).iter(f"{MAIN}c"):
            value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
            kind, text = cell.get("t", "n"), "" if value is None else value.text or ""
            held: Value | None = None
            if kind == "s":
                held = self.strings[int(text)]
            elif kind == "inlineStr":
                held = _text(cell)
            elif kind in ("str", "e"):
                held = text
            elif text:
                held = text == "1" if kind == "b" else float(text)
            place = coordinate_to_tuple(str(cell.get("r")))
            if formula is not None:
                if formula.get("t") == "array":
                    self.arrays[title].append(range_boundaries(str(formula.get("ref"))))
                found[place] = Formula(formula.text or "", held)
            elif held not in (None, ""):
                found[place] = held
        return found

    def columns(self, table: str) -> dict[str, int]:
        """Return the column of each heading of a table."""
        shape = self.tables[table]
        return {heading: shape.left + at for at, heading in enumerate(shape.headings)}

    # ---- what a clerk does

    def type(self, title: str, place: Place, value: Value | Formula | None) -> None:
        """Type into a cell, which keeps its looks; None clears it."""
        part, (row, column) = self.sheets[title], place
        name, text = f"{get_column_letter(column)}{row}", self.parts[part].decode()
        if "<sheetData/>" in text:
            text = text.replace("<sheetData/>", "<sheetData></sheetData>")
        line = re.search(rf'<row\b[^>]*?\br="{row}"[^>]*?(?:/>|>(.*?)</row>)', text, re.DOTALL)
        if line is None:
            at = next((m.start() for m in re.finditer(r'<row\b[^>]*?\br="(\d+)"', text) if int(m[1]) > row), -1)
            at = text.index("</sheetData>") if at < 0 else at
            text = f'{text[:at]}<row r="{row}">{_cell(name, "", value)}</row>{text[at:]}'
        else:
            cells = list(re.finditer(r'<c\b[^>]*?\br="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</c>)', line[1] or "", re.DOTALL))
            old = next((one for one in cells if one[0].find(f'"{name}"') > 0), None)
            style = re.search(r'\bs="\d+"', old[0].partition(">")[0]) if old else None
            new = _cell(name, style[0] if style else "", value)
            inside, length = line[1] or "", len(name)
            if old:
                inside = inside[: old.start()] + new + inside[old.end() :]
            else:
                letters = name[: length - len(str(row))]
                later = (one.start() for one in cells if (len(one[1]), one[1]) > (len(letters), letters))
                at = next(later, len(inside))
                inside = inside[:at] + new + inside[at:]
            head = line[0][: line[0].index(">") + 1].replace("/>", ">")
            text = f"{text[: line.start()]}{re.sub(' spans=.*?(?=[ >])', '', head)}{inside}</row>{text[line.end() :]}"
        self.parts[part] = text.encode()
        if value is None:
            self.cells[title].pop(place, None)
        else:
            self.cells[title][place] = value

    def edit(self, part: str, pattern: str, new: str) -> None:
        """Change the XML of a part."""
        changed, times = re.subn(pattern, lambda _: new, self.parts[part].decode())
        assert times, (part, pattern)
        self.parts[part] = changed.encode()

    def rename(self, title: str, new: str) -> None:
        """Rename a sheet, and what refers to it by names."""
        self.edit("xl/workbook.xml", f"<sheet name={re.escape(quoteattr(title))}", f"<sheet name={quoteattr(new)}")
        book, quoted = self.parts["xl/workbook.xml"].decode(), new.replace("'", "''")
        for old in (f"'{title}'!", f">{title}!"):
            book = book.replace(old, f"{'>' if old[0] == '>' else ''}'{escape(quoted)}'!")
        self.parts["xl/workbook.xml"] = book.encode()

    def drop_name(self, name: str) -> None:
        """Delete a name of the workbook."""
        self.edit("xl/workbook.xml", rf'<definedName [^>]*?\bname="{name}"[^>]*>[^<]*</definedName>', "")

    def to_range(self, table: str) -> None:
        """Convert a table to a range: its cells stay."""
        shape = self.tables[table]
        sheet = self.sheets[shape.sheet]
        name = next(key for key, target in self._targets(sheet).items() if target == shape.part)
        text = re.sub(rf'<tablePart [^>]*"{name}"[^>]*/>', "", self.parts[sheet].decode())
        text = re.sub(
            r'<tableParts count="(\d+)"',
            lambda m: f'<tableParts count="{int(m[1]) - 1}"',
            text,
        )
        self.parts[sheet] = re.sub(r'<tableParts count="0"(/>|>\s*</tableParts>)', "", text).encode()
        relations = posixpath.join(posixpath.dirname(sheet), "_rels", f"{posixpath.basename(sheet)}.rels")
        self.edit(relations, rf'<Relationship [^>]*"{name}"[^>]*/>', "")
        self.edit("[Content_Types].xml", rf'<Override [^>]*"/{re.escape(shape.part)}"[^>]*/>', "")
        del self.parts[shape.part]

    def save(self, path: Path) -> None:
        """Save it, as a program does: whole, beside, then in place."""
        beside = path.with_name(f"{path.name}.saving")
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        beside.replace(path)


def _text(element: ET.Element) -> str:
    """What a string shows: its runs, without what is said about how it sounds."""
    return "".join(ESCAPED.sub(lambda code: chr(int(code[1], 16)), one.text or "") for one in element.iter(f"{MAIN}t"))


def _cell(name: str, style: str, value: Value | Formula | None) -> str:
    head = f'<c r="{name}" {style}'
    if value is None:
        return f"{head}/>"
    if isinstance(value, Formula):
        shown = value.shows
        kind = ' t="str"' if isinstance(shown, str) else ""
        return f"{head}{kind}><f>{escape(value.text)}</f>{'' if shown is None else f'<v>{escape(str(shown))}</v>'}</c>"
    if isinstance(value, bool):
        return f'{head} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        kept = ESCAPED.sub(lambda code: f"_x005F{code[0]}", value)
        return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(kept)}</t></is></c>'
    return f"{head}><v>{value!r}</v></c>"
