"""Limits before work: a workbook made to take more memory than any list does is refused in one sentence."""

import csv
import io
import os
import re
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from commands import receivables
from typed_workbooks import TWO_ITEMS

SHEET, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
OF_JANUARY = ("--as-of", "2024-01-31")
HOSTILE = {
    "far cell": (SHEET, rb"</sheetData>", rb'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "far column": (SHEET, rb"</sheetData>", rb'<row r="900000"><c r="AMJ900000"><v>1</v></c></row></sheetData>'),
    "cell of another row": (SHEET, rb"</sheetData>", rb'<row r="90"><c r="Z1000000"><v>1</v></c></row></sheetData>'),
    "huge row": (SHEET, rb"</sheetData>", rb'<row r="4000000000"><c r="A4000000000"><v>1</v></c></row></sheetData>'),
    "counted texts": (TEXTS, rb'uniqueCount="\d+"', rb'uniqueCount="4000000000"'),
    "padded texts": (TEXTS, rb"</sst>", b"<si><t>" + b" " * (200 * 2**20) + b"</t></si></sst>"),
    "many texts": (TEXTS, rb"</sst>", b"<si><t>x</t></si>" * 5_000_000 + b"</sst>"),
    "padded sheet": (SHEET, rb"</sheetData>", b" " * (200 * 2**20) + b"</sheetData>"),
    "padded names": (BOOK, rb"</workbook>", b" " * (65 * 2**20) + b"</workbook>"),
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A ledger and a month-end workbook of it, part by part."""
    folder = tmp_path_factory.mktemp("books")
    (folder / "items.csv").write_text(TWO_ITEMS)
    with xlsxwriter.Workbook(folder / "ledger.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(TWO_ITEMS))):
            sheet.write_row(number, 0, row)
    assert receivables("refresh", folder / "items.csv", *OF_JANUARY, "--out", folder / "previous.xlsx").returncode == 0
    found = {}
    for name in ("ledger", "previous"):
        with zipfile.ZipFile(folder / f"{name}.xlsx") as package:
            found[name] = {part: package.read(part) for part in package.namelist()}
    return found


def written(parts, path, part, pattern, new):
    assert part in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            if name == part:
                content, times = re.subn(pattern, lambda _: new, content, count=1)
                assert times
            package.writestr(name, content)
    return path


def refused(done, *said):
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"receivables: [^\n]{1,300}\.\n", done.stderr)
    assert any(one in done.stderr for one in said)


SAID = ("far away from all others", "counts more texts", "no ordinary workbook")


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("role", ["ledger", "previous"])
def test_a_workbook_of_unusual_bulk_is_refused(packages, tmp_path, role, kind):
    path = written(packages[role], tmp_path / "book.xlsx", *HOSTILE[kind])
    (tmp_path / "items.csv").write_text(TWO_ITEMS)
    files = (path,) if role == "ledger" else (tmp_path / "items.csv", "--previous", path)
    refused(receivables("refresh", *files, *OF_JANUARY, "--out", tmp_path / "out.xlsx"), *SAID)
    assert not (tmp_path / "out.xlsx").exists()


def test_a_table_as_large_as_a_sheet_is_refused(packages, tmp_path):
    part = next(n for n, xml in packages["previous"].items() if n.startswith("xl/tables/") and b'"tblAging"' in xml)
    change = (part, rb' ref="[^"]*"', b' ref="A1:XFD1048576"')
    path = written(packages["previous"], tmp_path / "book.xlsx", *change)
    (tmp_path / "items.csv").write_text(TWO_ITEMS)
    files = (tmp_path / "items.csv", "--previous", path)
    refused(receivables("refresh", *files, *OF_JANUARY, "--out", tmp_path / "out.xlsx"), "a table as large as a sheet")


@pytest.mark.parametrize("change", [(SHEET, rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"')])
@pytest.mark.parametrize("role", ["ledger", "previous"])
def test_what_only_says_that_it_is_large_is_read(packages, tmp_path, role, change):
    path = written(packages[role], tmp_path / "book.xlsx", *change)
    (tmp_path / "items.csv").write_text(TWO_ITEMS)
    files = (path,) if role == "ledger" else (tmp_path / "items.csv", "--previous", path)
    done = receivables("refresh", *files, *OF_JANUARY, "--currency", "EUR", "--out", tmp_path / "out.xlsx")
    assert done.returncode == 0, done.stderr


def test_a_note_at_the_end_of_a_column_is_a_note(packages, tmp_path):
    note = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    path = written(packages["previous"], tmp_path / "book.xlsx", "xl/worksheets/sheet20.xml", rb"</sheetData>", note)
    (tmp_path / "items.csv").write_text(TWO_ITEMS)
    files = (tmp_path / "items.csv", "--previous", path)
    done = receivables("refresh", *files, *OF_JANUARY, "--out", tmp_path / "out.xlsx")
    assert done.returncode == 0, done.stderr
    assert "(A1048576)" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes of a Unix")
@pytest.mark.parametrize(
    "arguments", [("PIPE",), ("items.csv", "--receipts", "PIPE"), ("items.csv", "--mapping", "PIPE"), ("/dev/zero",)]
)
def test_pipes_and_devices_are_refused_and_nobody_waits(tmp_path, arguments):
    os.mkfifo(tmp_path / "PIPE")
    (tmp_path / "items.csv").write_text(TWO_ITEMS)
    done = subprocess.run(
        [sys.executable, "-m", "xlwings_addin", "check", *arguments, *OF_JANUARY],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    refused(done, "a pipe or a device", "is no file")
