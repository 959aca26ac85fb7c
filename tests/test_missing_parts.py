"""What a workbook lacks is no default: a refresh stops and names it, or takes a default where that was asked for."""

import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from commands import receivables
from typed_workbooks import Typed
from workbooks.freeze import parts_of
from workbooks.opened import Opened

from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.aging import BUCKET_HEADING
from xlwings_addin.writing import MissingPartsError, WorkbookError, parts
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SHEETS = workbook(Settings())
INPUTS = [field.name for sheet in SHEETS for field in sheet.fields() if field.entry]
READ = [table for sheet in SHEETS for table in sheet.tables() if parts.is_read(table)]
COLUMNS = [
    (table.name, column.heading)
    for table in READ
    for column in table.columns
    if (column.entry or column.key in table.key or (table.stored and not column.formula))
    and not BUCKET_HEADING.fullmatch(column.heading)
]


@pytest.fixture(scope="module")
def package(january):
    with zipfile.ZipFile(january) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def changed(package, path, part, pattern, new):
    """A copy of the workbook in which the pattern, which is there, reads otherwise."""
    found = [name for name in package if name.startswith(part) and re.search(pattern, package[name])]
    assert found, pattern
    with zipfile.ZipFile(path, "w") as out:
        for name, content in package.items():
            out.writestr(name, re.sub(pattern, new, content) if name in found else content)
    return path


def refused(path, *named):
    with pytest.raises(MissingPartsError) as said:
        read_back(path)
    assert str(said.value).startswith(f"{path}: ")
    assert all(one in str(said.value) for one in (*named, "gone or was renamed"))
    assert "\n" not in str(said.value)
    assert read_back(path, force=True)[1].defaulted == said.value.parts


@pytest.mark.parametrize("name", INPUTS)
def test_a_named_cell_that_is_gone_stops_the_refresh(package, tmp_path, name):
    whole = rf'<definedName name="{name}"[^>]*>[^<]*</definedName>'.encode()
    refused(changed(package, tmp_path / "book.xlsx", "xl/workbook.xml", whole, b""), f"the cell {name} (")
    broken = rf'(<definedName name="{name}"[^>]*>)[^<]*'.encode()
    refused(changed(package, tmp_path / "ref.xlsx", "xl/workbook.xml", broken, rb"\1#REF!"), f"the cell {name} (")


@pytest.mark.parametrize("name", [table.name for table in READ])
def test_a_table_that_is_gone_or_has_another_name_stops_the_refresh(package, tmp_path, name):
    other = rf'(isplayName|name)="{name}"'.encode()
    path = changed(package, tmp_path / "book.xlsx", "xl/tables/", other, rb'\1="Table1"')
    refused(path, name, "or no longer a table")


@pytest.mark.parametrize(("table", "heading"), COLUMNS)
def test_a_column_that_is_gone_stops_the_refresh(package, tmp_path, table, heading):
    part = next(name for name in package if name.startswith("xl/tables/") and f'"{table}"'.encode() in package[name])
    name = re.escape(f' name="{heading}"').encode()
    refused(changed(package, tmp_path / "book.xlsx", part, name, b' name="Else"'), repr(heading), table)


def settings_renamed(book):
    book["Settings"].title = "Our settings"


def settings_deleted(book):
    del book["Settings"]


def a_range(book):
    del book["Aging"].tables["tblAging"]


@pytest.mark.parametrize(
    ("change", "named"),
    [(settings_renamed, "the cell company"), (settings_deleted, "the sheet Settings"), (a_range, "the table tblAging")],
)
def test_the_command_asks_and_takes_defaults_only_when_told_to(january, tmp_path, change, named):
    path, out = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    book = openpyxl.load_workbook(january)
    change(book)
    book.save(path)
    command = ("refresh", january.with_name("items.csv"), "--previous", path, "--as-of", "2024-02-29", "--out", out)
    done = receivables(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"receivables: .*--force.*\.\n", done.stderr)
    assert named in done.stderr
    assert not out.exists()
    done = receivables(*command, "--force", "--json")
    assert done.returncode == 0
    assert named in done.stderr
    assert any(named in one for one in json.loads(done.stdout)["defaulted"])


def test_a_name_of_the_workbook_wins_over_that_of_a_copied_sheet(january, tmp_path):
    path = tmp_path / "book.xlsx"
    book = openpyxl.load_workbook(january)
    copy = book.copy_worksheet(book["Settings"])
    sheet, cell = book.defined_names["target_dso"].attr_text.split("!")
    copy.defined_names["target_dso"] = openpyxl.workbook.defined_name.DefinedName(
        "target_dso", attr_text=f"'{copy.title}'!{cell}"
    )
    book[sheet.strip("'")][cell.replace("$", "")].value = 33
    copy[cell.replace("$", "")].value = 33
    book.save(path)
    assert read_back(path)[0].target_dso == 33
    copy[cell.replace("$", "")].value = 44
    book.save(path)
    with pytest.raises(WorkbookError, match=r"Target DSO \(days\) is 33.0, and 44.0 on the copy of its sheet"):
        read_back(path)


def test_names_on_a_sheet_whose_name_has_an_apostrophe_are_found(january, tmp_path):
    path = tmp_path / "book.xlsx"
    typed = Typed(january)
    place = typed.book.defined_names["target_dso"]
    typed.book.create_sheet("Bob's").cell(3, 2).value = 21
    place.attr_text = "'Bob''s'!$B$3"
    typed.book.save(path)
    assert read_back(path)[0].target_dso == 21


@pytest.mark.parametrize("version", parts.released())
def test_what_a_released_version_had_is_what_its_template_has(version):
    frozen = Opened(Path(__file__).with_name("workbooks") / version / "template.xlsx")
    assert parts.released()[version].items() >= parts_of(frozen).items()
    cells = [*frozen.book.defined_names]
    assert parts.version_of(SHEETS, frozen.tables, cells) == version
    headings = {name: frozen.headings(name) for name in frozen.tables}
    assert parts.missing(SHEETS, headings, cells, version) == []
    assert parts.missing(SHEETS, headings, cells, "") != []
