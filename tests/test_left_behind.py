"""What was typed anywhere on our sheets is carried, or named as what was left behind, or refused by its cell."""

import datetime as dt

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from typed_workbooks import Typed, refresh, shown

from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.style import DATE_STYLES, TEXT_STYLES
from xlwings_addin.writing import WorkbookError
from xlwings_addin.writing.carry_over import read_back
from xlwings_addin.writing.free_cells import _within
from xlwings_addin.writing.names import Area
from xlwings_addin.writing.saved import Saved

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SHEETS = workbook(Settings())
TABLES = [(sheet, table) for sheet in SHEETS for table in sheet.tables()]
LINES = [t for _, t in TABLES if not t.key and all(c.entry for c in t.columns if not c.formula)]
KEYED = [t for _, t in TABLES if t.key and not t.totals and any(c.entry for c in t.columns)]
BESIDE = [t for _, t in TABLES if t.key or t.stored]
ENTRIES = [(table, column) for _, table in TABLES for column in table.columns if column.entry]
DATED = [(table, column) for table, column in ENTRIES if column.style in DATE_STYLES]
MONEY = [(table, column) for table, column in ENTRIES if column.style.startswith("money")]
INPUTS = [field for sheet in SHEETS for field in sheet.fields() if field.entry]


@pytest.fixture
def typed(january, tmp_path):
    """January's workbook under a clerk's hands."""
    book = Typed(january)
    book.path = tmp_path / "typed.xlsx"
    return book


def test_tables_are_read_as_another_reader_does(january):
    with january.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file, load_tables=True)
        saved = Saved(january, book)
        assert saved.tables
        for name, table in saved.tables.items():
            other = book.get_table_by_name(name)
            assert (table.columns, table.to_python()) == (other.columns, other.to_python()), name


@pytest.mark.parametrize(
    ("area", "rows"),
    [
        (Area(0, 0, 2, 2), [["", 1, 2], ["", 3, 4]]),
        (Area(0, 1, 1, 1), [[1]]),
        (Area(1, 2, 3, 3), [[4, ""], ["", ""]]),
        (Area(0, 0, 1, 0), [[""]]),
        (Area(0, 4, 1, 5), [["", ""]]),
    ],
)
def test_a_table_may_reach_beyond_what_is_filled(area, rows):
    assert _within([[1, 2], [3, 4]], (1, 1), area) == rows


def test_a_workbook_as_it_was_written_leaves_nothing_behind(january):
    assert read_back(january)[1].not_carried == ()


def value(column):
    if column.style in DATE_STYLES:
        return dt.datetime(2024, 2, 29)
    return column.choices[0] if column.choices else "typed" if column.style in TEXT_STYLES else 12.5


def test_lines_beneath_every_table_that_takes_lines_are_its_lines(two_items, typed, tmp_path):
    for table in LINES:
        sheet, _, (left, _, _, bottom) = typed.table(table.name)
        for at, column in enumerate(table.columns):
            if not column.formula:
                sheet.cell(bottom + 1, left + at).value = value(column)
    entries = read_back(typed.save())[1]
    assert entries.not_carried == ()
    refresh(two_items, "2024-02-29", tmp_path / "february.xlsx", previous=typed.path)
    for table in LINES:
        line = {column.heading: value(column) for column in table.columns if not column.formula}
        assert any(line.items() <= row.items() for row in shown(tmp_path / "february.xlsx", table.name)), table.name


def test_entries_on_lines_beneath_tables_with_keys_are_placed_by_them(two_items, typed, tmp_path):
    """One that has no row waits among the notes; what of the line is no entry is named."""
    wanted = []
    for table in KEYED:
        sheet, _, (left, top, right, bottom) = typed.table(table.name)
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
        for column in table.columns:
            if column.key in table.key:
                new = dt.datetime(2019, 1, 31) if column.style in DATE_STYLES else "X9"
                sheet.cell(bottom + 1, left + headings.index(column.heading)).value = new
            elif column.entry:
                sheet.cell(bottom + 1, left + headings.index(column.heading)).value = value(column)
                wanted.append((table.name, column.heading))
    sheet, _, (left, _, _, bottom) = typed.table("tblAging")
    sheet.cell(bottom + 2, left + 1).value = "checked by Jo"
    assert wanted
    assert (
        f"the cell of your own on Aging ({sheet.cell(bottom + 2, left + 1).coordinate})"
        in read_back(typed.save())[1].not_carried
    )
    refresh(two_items, "2024-02-29", tmp_path / "february.xlsx", previous=typed.path)
    notes = {(note["Table"], note["Column"]) for note in shown(tmp_path / "february.xlsx", "tblNotPlaced")}
    # An item of the worklist that is no longer listed is on Paid items.
    (paid,) = [row for row in shown(tmp_path / "february.xlsx", "tblPaid") if row["Document"] == "X9"]
    assert [
        one for one in wanted if one not in notes and not (one[0] in ("tblWorklist", "tblPaid") and paid[one[1]])
    ] == []


def test_a_key_alone_beneath_a_table_places_nothing_and_is_named(typed):
    sheet, _, (left, _, _, bottom) = typed.table("tblDisputeCodes")
    sheet.cell(bottom + 1, left).value = "Ours"
    place = sheet.cell(bottom + 1, left).coordinate
    assert read_back(typed.save())[1].not_carried == (f"the cell of your own on Policies ({place})",)


@pytest.mark.parametrize("heading", ["Ours", None])
def test_a_column_beside_every_table_is_carried_like_one_that_was_added(two_items, typed, tmp_path, heading):
    for table in BESIDE:
        sheet, _, (_, top, right, _) = typed.table(table.name)
        sheet.cell(top, right + 1).value = heading
        sheet.cell(top + 1, right + 1).value = f"beside {table.name}"
    assert read_back(typed.save())[1].not_carried == ()
    refresh(two_items, "2024-01-31", tmp_path / "again.xlsx", previous=typed.path)
    after = openpyxl.load_workbook(tmp_path / "again.xlsx")
    found = " ".join(str(cell.value) for page in after for row in page.iter_rows() for cell in row if cell.value)
    assert [table.name for table in BESIDE if f"beside {table.name}" not in found] == []


def test_a_column_beside_the_notes_that_says_nothing_yet_does_not_stop_the_first_note(two_items, typed, tmp_path):
    sheet, _, (_, top, right, _) = typed.table("tblNotPlaced")
    sheet.cell(top, right + 1).value = "Ours"
    codes, _, (left, _, right, bottom) = typed.table("tblDisputeCodes")
    codes.cell(bottom + 1, left).value = "Ours"
    codes.cell(bottom + 1, right).value = "a note"
    refresh(two_items, "2024-02-29", tmp_path / "february.xlsx", previous=typed.save())
    (note,) = shown(tmp_path / "february.xlsx", "tblNotPlaced")
    assert (note["Row"], note["Ours"]) == ("Ours", None)


def test_free_cells_of_every_sheet_are_named(typed):
    for number, sheet in enumerate(SHEETS):
        page = typed.book[sheet.name]
        page.cell(page.max_row + 3, page.max_column + 2).value = (
            f"mine {number}",
            number,
            dt.datetime(2024, 2, 1),
            True,
        )[number % 4]
    told = " ".join(read_back(typed.save())[1].not_carried)
    for sheet in SHEETS:
        page = typed.book[sheet.name]
        assert f"the cell of your own on {sheet.name} ({page.cell(page.max_row, page.max_column).coordinate})" in told


def test_a_label_typed_over_and_a_remark_beside_a_setting_are_named(typed):
    page = typed.book["Settings"]
    label = next(cell for row in page.iter_rows() for cell in row if cell.value == "Target DSO (days)")
    label.value = "Our target"
    page.cell(label.row, label.column + 2).value = "agreed with the board"
    told = read_back(typed.save())[1].not_carried
    assert told == (
        f"cells of your own on Settings ({label.coordinate}, {page.cell(label.row, label.column + 2).coordinate})",
    )


@pytest.mark.parametrize("text", ["title", "caption", "purpose", "purpose on Start"])
def test_what_is_typed_over_what_a_sheet_says_of_itself_is_named(typed, text):
    page = typed.book["Aging"]
    cell = {"title": page["B1"], "caption": page["B2"], "purpose": page["B3"]}.get(text)
    if cell is None:
        cell = next(one for row in typed.book["Start"].iter_rows() for one in row if one.value == page["B3"].value)
    cell.value = "for the board"
    title = cell.parent.title
    assert read_back(typed.save())[1].not_carried == (f"the cell of your own on {title} ({cell.coordinate})",)


def test_formulas_in_cells_for_typing_are_named(typed):
    for table in (table for _, table in TABLES if any(c.entry for c in table.columns)):
        sheet, _, (left, top, right, _) = typed.table(table.name)
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
        for column in (column for column in table.columns if column.entry):
            sheet.cell(top + 1, left + headings.index(column.heading)).value = "=1+1"
    for field in INPUTS:
        typed.set(field.name, "=2+2")
    told = read_back(typed.save(), force=True)[1].not_carried
    entries = {sheet.name for sheet, table in TABLES if any(c.entry for c in table.columns)}
    for sheet in entries | {sheet.name for sheet in SHEETS if any(field.entry for field in sheet.fields())}:
        assert any(one.startswith("the formulas in") and f" on {sheet} (they showed nothing)" in one for one in told), (
            sheet
        )


def one_cell(typed, table, column, new):
    sheet, _, (left, top, right, _) = typed.table(table.name)
    headings = [sheet.cell(top, at).value for at in range(left, right + 1)]
    sheet.cell(top + 1, left + headings.index(column.heading)).value = new
    return typed.save()


@pytest.mark.parametrize(
    ("text", "day"), [("31.12.2026", "2026-12-31"), ("12/31/2026", "2026-12-31"), ("5 Nov 2026", "2026-11-05")]
)
def test_a_date_that_is_text_is_read_where_it_reads_one_way_only(typed, text, day):
    table, column = next((t, c) for t, c in DATED if t.name == "tblActivity")
    (row,) = read_back(one_cell(typed, table, column, text))[1].rows("tblActivity")
    assert dt.date(1970, 1, 1) + dt.timedelta(row[column.key]) == dt.date.fromisoformat(day)


@pytest.mark.parametrize("wrong", ["03/04/2026", "soon", -5, True, dt.time(10, 30)])
@pytest.mark.parametrize(("table", "column"), DATED, ids=lambda one: getattr(one, "name", getattr(one, "key", "")))
def test_a_date_that_is_none_is_refused_by_its_cell(typed, table, column, wrong):
    with pytest.raises(WorkbookError, match=r"is not a date|may be|a date and a rate") as refused:
        read_back(one_cell(typed, table, column, wrong))
    assert (
        column.heading in str(refused.value)
        or "Exchange rates" in str(refused.value)
        or "Periods" in str(refused.value)
    )


@pytest.mark.parametrize("wrong", ["1.000,00", True])
@pytest.mark.parametrize(("table", "column"), MONEY, ids=lambda one: getattr(one, "name", getattr(one, "key", "")))
def test_an_amount_that_is_none_is_refused_by_its_cell(typed, table, column, wrong):
    with pytest.raises(WorkbookError, match="not an amount") as refused:
        read_back(one_cell(typed, table, column, wrong))
    assert column.heading in str(refused.value)
