"""A workbook cut down to its first rows: read alone, they are what the whole sheet begins with."""

import io
import zipfile

import fastexcel
import numpy as np
import openpyxl
import pytest
import xlsxwriter

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files import book
from xlwings_addin.ledger.files.first_rows import first_rows

HEADINGS = ("Customer ID", "Document", "Document date", "Amount")
ROWS = 2_000


def lines(preamble=0, rows=ROWS):
    above = [("Open items & more", None, None, None)] * preamble
    return above + [HEADINGS] + [(f"C{n % 7:03}", f"INV-{n}", 45_000 + n, n * 1.5) for n in range(rows)]


def by_openpyxl(table, sheet="Items", left=1, top=1):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active["A1"] = "Nothing here"
    page = book.create_sheet(sheet)
    for row, cells in enumerate(table, start=top):
        for column, cell in enumerate(cells, start=left):
            page.cell(row, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(table, **options):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    page = book.add_worksheet("Items")
    for row, cells in enumerate(table):
        page.write_row(row, 0, cells)
    book.close()
    return out.getvalue()


def edited(data, part, change):
    """The workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == part else content)
        assert change(old.read(part)) != old.read(part)
    return out.getvalue()


def sheet_part(data):
    """The part of the sheet with the items: the longest."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [one for one in package.infolist() if one.filename.startswith("xl/worksheets/sheet")]
    return max(sheets, key=lambda one: one.file_size).filename


def below_empty_rows():
    data = by_openpyxl(lines(), top=5_000)
    rows = b"".join(b'<row r="%d"></row>' % row for row in range(1, 5_000))
    return edited(data, sheet_part(data), lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + rows))


def far_cell(row, column):
    table = by_openpyxl(lines(), left=3)
    book = openpyxl.load_workbook(io.BytesIO(table))
    book["Items"].cell(row, column, "far")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WORKBOOKS = {
    "shared texts": by_xlsxwriter(lines(preamble=3)),
    "texts in their cells": by_openpyxl(lines()),
    "texts in their cells of XlsxWriter": by_xlsxwriter(lines(), constant_memory=True),
    "above the header": by_openpyxl(lines(preamble=9)),
    "an odd name": by_openpyxl(lines(), sheet="Größe & <Co>"),
    "not in the first column": by_openpyxl(lines(), left=4),
    "not in the first row": by_openpyxl(lines(), top=150),
    "below all that is cut out": by_openpyxl(lines(), top=700),
    "a cell far down to the left": far_cell(5_000, 1),
    "a cell far down to the right": far_cell(5_000, 20),
    "below rows without cells": below_empty_rows(),
    "few rows": by_openpyxl(lines(rows=20)),
    "a header alone": by_openpyxl(lines(rows=0)),
    "no cell": by_openpyxl([]),
}


def score(line):
    return len(set(HEADINGS) & set(line))


def tables(data):
    return [
        (one.sheet, one.headers, one.preamble, one.rows.tolist(), [column.to_pylist() for column in one.columns])
        for one in book.read_workbook("book.xlsx", data, score, "xlsx")
    ]


def tables_or_refusal(data):
    try:
        return tables(data)
    except LedgerError as error:
        return str(error)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_header_is_found_as_in_the_whole_sheet(name, monkeypatch):
    found = tables(WORKBOOKS[name])
    monkeypatch.setattr(book, "first_rows", lambda *_: None)
    assert found == tables(WORKBOOKS[name])


@pytest.mark.parametrize("name", ["shared texts", "texts in their cells", "an odd name", "not in the first row"])
def test_the_sheet_itself_is_parsed_once(name, monkeypatch):
    data = WORKBOOKS[name]
    reader = fastexcel.read_excel(data)
    loaded = []
    for way in ("_head", "_body"):
        real = getattr(book, way)

        def noted(*given, way=way, real=real):
            loaded.append((way, reader in given))
            return real(*given)

        monkeypatch.setattr(book, way, noted)
    book._sheet("book.xlsx", data, reader, reader.sheet_names[-1], score)
    # The head of the rows cut out, and the body of the whole.
    assert loaded == [("_head", False), ("_body", True)]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (None, lambda xml: xml.replace(b' t="s"><v>', b" t='s' >\n<v>")),
        (None, lambda xml: xml.replace(b' t="s"><v>', b' t="s"><v xml:space="preserve">')),
        (None, lambda xml: xml.replace(b"<row", b"<x:row").replace(b"</row", b"</x:row")),
        ("xl/sharedStrings.xml", lambda xml: xml.replace(b"<si><t>INV-3</t></si>", b"<si/>")),
        ("xl/sharedStrings.xml", lambda xml: xml.replace(b"<si><t>", b"<si >\n<t>")),
    ],
)
def test_xml_written_in_other_ways_is_read_alike(part, change, monkeypatch):
    data = WORKBOOKS["shared texts"]
    data = edited(data, part or sheet_part(data), change)
    found = tables_or_refusal(data)
    monkeypatch.setattr(book, "first_rows", lambda *_: None)
    assert found == tables_or_refusal(data)


def test_what_is_cut_out_does_not_grow_with_the_sheet():
    short, long = (len(first_rows(by_xlsxwriter(lines(rows=rows)), "Items", 240)) for rows in (1000, 20_000))
    assert long < 2 * short


def test_a_workbook_that_is_none_is_left_to_its_reader():
    assert first_rows(b"PK no archive", "Items", 240) is None
    with zipfile.ZipFile(out := io.BytesIO(), "w") as package:
        package.writestr("xl/workbook.xml", "<workbook")
    assert first_rows(out.getvalue(), "Items", 240) is None
    assert first_rows(WORKBOOKS["shared texts"], "No such sheet", 240) is None


def test_entities_that_multiply_are_not_expanded():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE workbook [<!ENTITY e0 "lol">{entities}]><workbook>&e11;</workbook>'
    data = edited(WORKBOOKS["shared texts"], "xl/workbook.xml", lambda _: bomb.encode())
    assert first_rows(data, "Items", 240) is None


def test_rows_are_numbered_as_the_file_has_them():
    (table,) = book.read_workbook("b", by_xlsxwriter(lines(preamble=3)), score, "xlsx")
    assert table.header_row == 4
    assert np.array_equal(table.rows, np.arange(5, 5 + ROWS))
