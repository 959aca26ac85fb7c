"""The kinds of file a layout is written as."""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import xlsxwriter

from tests.layouts.forms import Layout, Money
from tests.layouts.styles import write_date
from tests.layouts.truth import major

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from tests.layouts.forms import Cell, Sheet

ENCODINGS = {
    "pl": ("cp1250",), "cs": ("cp1250",), "ru": ("cp1251",), "tr": ("cp1254",), "ja": ("cp932",), "zh": ("gb18030",),
    "ko": ("euc-kr",), "ar": ("cp1256",),
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A file as it was written."""

    path: Path
    kind: str
    encoding: str = ""
    delimiter: str = ""
    native: bool = False
    """Amounts and dates are numbers and dates, not text."""


def text(layout: Layout, cell: Cell) -> str:
    """A cell as text, in the file's own style."""
    if isinstance(cell, Money):
        return layout.numbers.write(cell.minor, cell.currency)
    if isinstance(cell, date):
        return write_date(cell, layout.dates, layout.language)
    return "" if cell is None else str(cell)


def write(rng: Random, layout: Layout, folder: Path, name: str) -> Written:
    """Write a layout as a file of a kind that can hold it."""
    # Workbooks have sheets; a page of text has one table.
    able: list[str] = ["xlsx", "ods"]
    if len(layout.sheets) == 1:
        able = ["csv"] * 10 + ["xlsx"] * 6 + ["ods", "html", "html", "xml", "spool", "pipes"]
        if layout.tabular:
            able.append("json")
    kind = rng.choice(able)
    return WRITERS[kind](rng, layout, folder / name)


def _encoded(rng: Random, layout: Layout, content: str, path: Path, kind: str, delimiter: str = "") -> Written:
    chosen = rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", *ENCODINGS.get(layout.language, ("cp1252",)) * 2))
    try:
        data = content.encode(chosen)
    except UnicodeEncodeError:
        chosen, data = "utf-8", content.encode()
    path.write_bytes(data)
    return Written(path, kind, chosen, delimiter)


def _csv(rng: Random, layout: Layout, stem: Path) -> Written:
    delimiter = rng.choice((",", ";", ";", "\t", "|")) if layout.numbers.point == "," else rng.choice(",,;\t|")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(("\n", "\r\n")))
    for row in layout.sheets[0].rows:
        writer.writerow([text(layout, cell) for cell in row])
    suffix = rng.choice((".csv", ".csv", ".txt"))
    return _encoded(rng, layout, out.getvalue(), stem.with_suffix(suffix), "csv", delimiter)


def _native(layout: Layout, rng: Random) -> bool:
    # A style that is more than digits is text in a workbook, too.
    return layout.numbers.positive == "{}" and layout.numbers.frame == "{}" and rng.random() < 0.8


def _xlsx(rng: Random, layout: Layout, stem: Path) -> Written:
    path, native = stem.with_suffix(".xlsx"), _native(layout, rng)
    if native:
        _proven_dates(layout)
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        dated = book.add_format({"num_format": rng.choice(("yyyy-mm-dd", "dd.mm.yyyy", "d-mmm-yy", "mm/dd/yyyy"))})
        for sheet in layout.sheets:
            page = book.add_worksheet(sheet.name)
            for at, row in enumerate(sheet.rows):
                for place, cell in enumerate(row):
                    if native and isinstance(cell, date):
                        page.write_datetime(at, place, datetime(cell.year, cell.month, cell.day), dated)
                    elif native and isinstance(cell, Money):
                        page.write_number(at, place, major(cell.minor, cell.currency))
                    elif isinstance(cell, int | float):
                        page.write_number(at, place, cell)
                    elif cell is not None:
                        page.write_string(at, place, text(layout, cell))
    return Written(path, "xlsx", native=native)


def _proven_dates(layout: Layout) -> None:
    """Real dates and numbers leave nothing to exchange."""
    if layout.why_not == "day and month may be exchanged":
        layout.provable, layout.why_not = True, ""


MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry '
    'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _ods(rng: Random, layout: Layout, stem: Path) -> Written:
    path, native = stem.with_suffix(".ods"), _native(layout, rng)
    if native:
        _proven_dates(layout)

    def cell_xml(cell: Cell) -> str:
        if native and isinstance(cell, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
        if native and isinstance(cell, Money):
            cell = major(cell.minor, cell.currency)
        if isinstance(cell, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        if cell is None:
            return "<table:table-cell/>"
        said = escape(text(layout, cell))
        return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'

    def sheet_xml(sheet: Sheet) -> str:
        rows = "".join(f"<table:table-row>{''.join(map(cell_xml, row))}</table:table-row>" for row in sheet.rows)
        return f'<table:table table:name="{escape(sheet.name)}">{rows}</table:table>'

    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        + "".join(map(sheet_xml, layout.sheets))
        + "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", MANIFEST)
        file.writestr("content.xml", content)
    return Written(path, "ods", native=native)


def _html(rng: Random, layout: Layout, stem: Path) -> Written:
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text(layout, cell))}</td>" for cell in row) + "</tr>\n"
        for row in layout.sheets[0].rows
    )
    content = f'<html><head><meta charset="utf-8"></head><body><table border="1">\n{rows}</table></body></html>'
    path = stem.with_suffix(rng.choice((".xls", ".html")))
    path.write_text(content, encoding="utf-8")
    return Written(path, "html", "utf-8")


def _xml(rng: Random, layout: Layout, stem: Path) -> Written:
    native = _native(layout, rng)
    if native:
        _proven_dates(layout)

    def cell_xml(cell: Cell) -> str:
        if native and isinstance(cell, date):
            return f'<Cell><Data ss:Type="DateTime">{cell.isoformat()}T00:00:00.000</Data></Cell>'
        if native and isinstance(cell, Money):
            return f'<Cell><Data ss:Type="Number">{major(cell.minor, cell.currency)}</Data></Cell>'
        return f'<Cell><Data ss:Type="String">{escape(text(layout, cell))}</Data></Cell>'

    rows = "\n".join(f"<Row>{''.join(map(cell_xml, row))}</Row>" for row in layout.sheets[0].rows)
    path = stem.with_suffix(rng.choice((".xls", ".xml")))
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Sheet1"><Table>\n{rows}\n</Table></Worksheet></Workbook>\n',
        encoding="utf-8",
    )
    return Written(path, "xml", "utf-8", native=native)


def _json(rng: Random, layout: Layout, stem: Path) -> Written:
    heading, *rows = layout.sheets[0].rows
    style = rng.choice(("iso", "ms", "instant"))
    layout.dates = style
    _proven_dates(layout)

    def value(cell: Cell) -> str | float | None:
        if isinstance(cell, Money):
            return major(cell.minor, cell.currency)
        return cell if isinstance(cell, int | float) or cell is None else text(layout, cell)

    records = [{str(key).strip(): value(cell) for key, cell in zip(heading, row, strict=True)} for row in rows]
    whole = rng.choice((lambda found: found, lambda found: {"Invoices": found}, lambda found: {"data": found}))
    path = stem.with_suffix(".json")
    path.write_text(json.dumps(whole(records), ensure_ascii=False, indent=1), encoding="utf-8")
    return Written(path, "json", "utf-8", native=True)


def _grid(layout: Layout) -> tuple[list[list[str]], list[int]]:
    rows = [[text(layout, cell).strip() for cell in row] for row in layout.sheets[0].rows]
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    return rows, [max(len(row[place]) for row in rows) for place in range(width)]


def _spool(rng: Random, layout: Layout, stem: Path) -> Written:
    rows, widths = _grid(layout)
    numeric = {place for row in layout.sheets[0].rows for place, cell in enumerate(row) if isinstance(cell, Money)}
    lines = [
        "  ".join(
            cell.rjust(size) if place in numeric else cell.ljust(size)
            for place, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return _encoded(rng, layout, "\n".join(lines) + "\n", stem.with_suffix(".txt"), "spool")


def _pipes(rng: Random, layout: Layout, stem: Path) -> Written:
    rows, widths = _grid(layout)
    lines = [
        "|" + "|".join(f" {cell.ljust(size)} " for cell, size in zip(row, widths, strict=True)) + "|" for row in rows
    ]
    rule = "-" * len(lines[0])
    header = layout.sheets[0].header
    lines = [rule, *lines[: header + 1], rule, *lines[header + 1 :], rule]
    return _encoded(rng, layout, "\n".join(lines) + "\n", stem.with_suffix(".txt"), "pipes", "|")


WRITERS: dict[str, Callable[[Random, Layout, Path], Written]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "ods": _ods,
    "html": _html,
    "xml": _xml,
    "json": _json,
    "spool": _spool,
    "pipes": _pipes,
}
KINDS_OF_FILE = tuple(WRITERS)
