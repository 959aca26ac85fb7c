"""A plain way back: a written file read by means of its own kind, and summed up row by row.

It knows the layout, which the reader does not, and shares no code with what wrote the file but the table of words.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl

from tests.layouts.styles import MONTHS, SHORT
from tests.layouts.words import HEADINGS

if TYPE_CHECKING:
    from tests.layouts.files import Written
    from tests.layouts.forms import Layout

Rows = list[list[Any]]


# ---------------------------------------------------------------- files


def rows_of(written: Written) -> list[Rows]:
    """The rows of every sheet, as values or as text."""
    match written.kind:
        case "xlsx":
            book = openpyxl.load_workbook(written.path)
            return [[list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets]
        case "ods":
            with zipfile.ZipFile(written.path) as file:
                return [_ods_rows(table) for table in _named(ET.fromstring(file.read("content.xml")), "table")]
        case "xml":
            root = ET.fromstring(written.path.read_bytes())
            return [[["".join(cell.itertext()) for cell in _named(row, "Cell")] for row in _named(root, "Row")]]
    content = written.path.read_bytes().decode(written.encoding)
    match written.kind:
        case "csv":
            return [list(csv.reader(io.StringIO(content, newline=""), delimiter=written.delimiter))]
        case "html":
            page = _Page()
            page.feed(content)
            return [page.rows]
        case "json":
            found = json.loads(content)
            records = found if isinstance(found, list) else next(iter(found.values()))
            return [[list(record.values()) for record in records]]
        case "pipes":
            return [[[cell.strip() for cell in line[1:-1].split("|")] for line in content.split("\n") if "|" in line]]
        case "spool":
            return [_spool_rows([line for line in content.split("\n") if line])]
    raise LookupError(written.kind)


def _named(root: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in root.iter() if one.tag.endswith(f"}}{name}")]


def _ods_rows(table: ET.Element) -> Rows:
    def value(cell: ET.Element) -> Any:
        held = {key.rsplit("}", 1)[-1]: text for key, text in cell.attrib.items()}
        return held.get("date-value") or held.get("value") or "".join(cell.itertext())

    return [[value(cell) for cell in _named(row, "table-cell")] for row in _named(table, "table-row")]


def _spool_rows(lines: list[str]) -> Rows:
    """Cut where every line is blank in two columns side by side."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    blank = [all(line[at] == " " for line in padded) for at in range(width)]
    cuts = [at for at in range(1, width) if blank[at] and blank[at - 1]]
    starts = [0, *(at + 1 for at in cuts if at + 1 < width and not blank[at + 1])]
    return [
        [line[start:end].strip() for start, end in zip(starts, [*starts[1:], width], strict=True)] for line in padded
    ]


class _Page(HTMLParser):
    """Collects the cells of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Rows = []
        self.inside = False

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.inside = tag == "td"
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


# ---------------------------------------------------------------- values


def amount(value: Any, point: str) -> float:
    """An amount; text in a style whose decimal mark is known."""
    if value in (None, ""):
        return 0.0
    if isinstance(value, int | float):
        return float(value)
    kept = re.sub(r"[^\d" + re.escape(point) + "]", "", re.sub(r"R\$|\.$", "", value))
    negative = re.search(r"\(.*\)|-|\N{MINUS SIGN}|Cr$", value)
    return float(kept.replace(point, ".")) * (-1 if negative else 1)


def day(value: Any, style: str, language: str) -> date:
    """A date; text in a style that is known."""
    if isinstance(value, datetime):
        return value.date()
    if re.match(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value[:10])
    numbers = [int(one) for one in re.findall(r"\d+", value)]
    match style:
        case "serial":
            return date(1899, 12, 30) + timedelta(days=numbers[0])
        case "ms":
            return date(1970, 1, 1) + timedelta(milliseconds=numbers[0])
        case "compact":
            return datetime.strptime(value, "%Y%m%d").date()
        case "short" | "long":
            names = (SHORT if style == "short" else MONTHS)[language].split()
            return date(numbers[1], next(at for at, name in enumerate(names, 1) if name in value), numbers[0])
        case "han":
            return date(*numbers)
    held = dict(zip(style, numbers, strict=False))
    return date(held["y"], held["m"], held["d"])


# ---------------------------------------------------------------- figures


def summed(layout: Layout, written: Written) -> tuple[float, dict[str, float], int]:
    """The total, the ages and the number of open documents as the file itself holds them."""
    point = "." if written.native or written.kind == "json" else layout.numbers.point
    pages = rows_of(written)
    if layout.kind == "balances by customer":
        known = {one.customer.id for one in layout.truth.documents}
        rows = [row for page in pages for row in page if row and str(row[0]) in known]
        return sum(amount(row[layout.places["balance"]], point) for row in rows), {}, len(rows)
    known = {one.number for one in layout.truth.documents}
    at = layout.places
    rows = [
        row for page in pages for row in page if len(row) > at["document_no"] and str(row[at["document_no"]]) in known
    ]
    total, ages, count = 0.0, dict[str, float](), 0
    for row in rows:
        owed = round(_open(layout, row, point), 2)
        if owed:
            total, count = total + owed, count + 1
            label = "Credits" if owed < 0 else _age(_late(layout, row))
            ages[label] = ages.get(label, 0.0) + owed
    return total, ages, count


def _is(layout: Layout, word: Any, *roles: str) -> bool:
    return any(word in HEADINGS.get((role, layout.language), ()) for role in roles)


def _open(layout: Layout, row: list[Any], point: str) -> float:
    def money(key: str) -> float:
        return amount(row[layout.places[key]], point) if key in layout.places else 0.0

    if "status" in layout.places and _is(layout, row[layout.places["status"]], "w_paid", "w_void", "w_draft"):
        return 0.0
    sign = 1
    if layout.kind == "credits positive" and _is(layout, row[layout.places["kind"]], "w_credit_note", "w_payment"):
        sign = -1
    if "open_amount" in layout.places:
        return sign * money("open_amount")
    return sign * (money("amount") - money("paid_amount") - money("credited_amount") + money("debit") - money("credit"))


def _late(layout: Layout, row: list[Any]) -> int:
    def read(key: str) -> date:
        return day(row[layout.places[key]], layout.dates, layout.language)

    if "days_overdue" in layout.places:
        return int(row[layout.places["days_overdue"]] or 0)
    if "due_date" in layout.places:
        due = read("due_date")
    else:
        due = read("document_date") + timedelta(days=int(re.sub(r"\D", "", row[layout.places["terms"]])))
    return (layout.truth.as_of - due).days


def _age(late: int) -> str:
    for last, label in ((0, "Current"), (30, "1-30"), (60, "31-60"), (90, "61-90")):
        if late <= last:
            return label
    return "90+"
