"""The open workbook filled: what the file writer writes, cell by cell, and what the clerk typed, kept."""

import copy
import datetime as dt
from dataclasses import replace
from pathlib import Path

import excel_host
import pytest
from excel_host import ExcelRefusal, NotCalculated, differences

from xlwings_addin.entries import TableEntries
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import blank_month, close_month
from xlwings_addin.sample import generate
from xlwings_addin.settings import Settings
from xlwings_addin.writing import WorkbookError, file, live
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

TEMPLATES = Path(__file__).parents[1] / "workbook_templates"
TEMPLATE, SAMPLE = TEMPLATES / "Receivables template.xlsx", TEMPLATES / "Receivables sample month.xlsx"
NOW = "2026-11-02 08:00:00"


@pytest.fixture(scope="module")
def company():
    return generate(months=18, customers=40, invoices=300)


@pytest.fixture(scope="module")
def ledger(company, tmp_path_factory):
    files = company.write(tmp_path_factory.mktemp("company"))
    return read_ledger([files.ledger], receipts=files.receipts, customers=files.customers)


@pytest.fixture
def host():
    return excel_host.start()


def close(ledger, as_of, settings=Settings(), entries=None, **more):  # noqa: B008
    return close_month(ledger, settings, as_of, entries=entries, refreshed=NOW, version="test", **more)


def refresh(host, book, ledger, as_of, folder, *, force=False, **changes):
    """Refresh the open workbook and let the same month's file say what its formulas give."""
    opened = live.Opened(book)
    settings, entries = opened.read_back(force=force)
    month = close(ledger, as_of, replace(settings, **changes), entries)
    live.fill(book, month, opened=opened)
    path = folder / "twin.xlsx"
    path.unlink(missing_ok=True)
    file.write(path, month)
    twin = excel_host.load(path)
    host.calculate_as(book, twin)
    return month, twin


def put(book, table, heading, row, value):
    """Type into a table: `row` 0 is the first of the data."""
    found = next(t for s in book.sheets for t in s.tables if t.name == table)
    at = list(found.range[0, :].value).index(heading)
    found.range[row + 1, at].value = value


def cell(book, table, heading, key):
    """The value in the column `heading` of the row whose first cell is `key`."""
    found = next(t for s in book.sheets for t in s.tables if t.name == table)
    state, sheet = found.impl.state, found.impl.parent.state
    headings = sheet.headings(state)
    for row in range(state.row + 1, state.row + state.rows):
        if sheet.at(row, state.column).value == key:
            return sheet.at(row, state.column + headings.index(heading)).value
    raise KeyError(key)


def add_column(book, table, heading, values):
    """What a clerk does: type beside a table, which then takes the column in."""
    found = next(t for s in book.sheets for t in s.tables if t.name == table)
    state, sheet = found.impl.state, found.impl.parent.state
    state.columns += 1
    at = state.column + state.columns - 1
    sheet.at(state.row, at).value = heading
    for row, value in enumerate(values, start=state.row + 1):
        found.impl.parent.range((row, at)).raw_value = value
    return found


def calculate(book, formula, value):
    """The host calculates no formulas of the clerk's."""
    for sheet in book.impl.state.sheets:
        for found in sheet.cells.values():
            if found.value == formula:
                found.calculated = value


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [pytest.param(TEMPLATE, id="template"), pytest.param(SAMPLE, id="sample", marks=pytest.mark.slow)]
)
def test_the_open_workbook_shows_what_the_file_would_cell_by_cell(host, ledger, company, tmp_path, source):
    book = host.open(source)
    for as_of in (company.as_of, company.as_of, company.as_of.replace(day=12)):
        _, twin = refresh(host, book, ledger, as_of, tmp_path, company="Example Ltd")
        assert differences(host.state(book), twin) == []


@pytest.mark.slow
@pytest.mark.parametrize("currencies", [("KWD",), ("KWD", "JPY", "EUR")])
def test_decimals_follow_the_currency_in_the_open_workbook_as_in_the_file(host, tmp_path, currencies):
    lines = ["Customer ID,Document,Document date,Due date,Currency,Amount"]
    lines += [f"K{row},A{row},2025-01-10,2025-02-09,{name},{1000 + row}" for row, name in enumerate(currencies * 2)]
    (tmp_path / "items.csv").write_text("\n".join(lines))
    book, mixed = host.open(TEMPLATE), read_ledger(tmp_path / "items.csv")
    for _ in range(2):
        _, twin = refresh(host, book, mixed, "2025-03-31", tmp_path)
        assert differences(host.state(book), twin) == []


def test_an_empty_month_on_the_template_changes_nothing(host):
    book = host.open(TEMPLATE)
    before = copy.deepcopy(host.state(book))
    live.fill(book, blank_month(version="test"))
    assert differences(host.state(book), before) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [pytest.param(TEMPLATE, id="template"), pytest.param(SAMPLE, id="sample", marks=pytest.mark.slow)]
)
def test_one_read_and_one_write_a_table(host, ledger, company, tmp_path, source):
    book = host.open(source)
    add_column(book, "tblAging", "Mine", ["x"])
    for _ in range(2):
        host.forget_counts()
        month, _ = refresh(host, book, ledger, company.as_of, tmp_path)
        tables = {table.name for sheet in month.sheets for table in sheet.tables()}
        assert tables <= host.reads.keys() & host.writes.keys()
        assert {name: host.reads[name] for name in tables if host.reads[name] > 1} == {}
        assert {name: host.writes[name] for name in tables if host.writes[name] > 1} == {}


@pytest.mark.slow
def test_what_clerks_typed_stays_on_its_rows(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    month, _ = refresh(host, book, ledger, company.as_of.replace(day=12), tmp_path)
    customers = month.tables["tblAging"].column("customer_id")
    put(book, "tblAging", "Note", 0, "called; pays on Friday")
    put(book, "tblMonthly", "Typed sales", 0, 1234.5)
    day = dt.datetime(2026, 12, 24)
    add_column(book, "tblAging", "Visit", [day, None, "'0012", 7.0])
    add_column(book, "tblReceipts", "Mine", ["first", None, "third"])
    state, sheet = host.table(book, "tblAging")
    add_column(book, "tblAging", "Twice", ["=2*[@Items]"] * (state.rows - 2))
    calculate(book, "=2*[@Items]", 2.0)
    own = book.sheets.add("My sheet")
    own.range("B2").value = [["mine", 1.5], ["=A1", None]]
    live_before = copy.deepcopy(own.impl.state)
    for as_of in (company.as_of, company.as_of):
        month, _ = refresh(host, book, ledger, as_of, tmp_path, dso_window=3)
        assert cell(book, "tblAging", "Note", customers[0]) == "called; pays on Friday"
        assert cell(book, "tblAging", "Visit", customers[0]) == 46380.0
        assert cell(book, "tblAging", "Visit", customers[2]) == "0012"
        assert cell(book, "tblAging", "Visit", customers[3]) == 7.0
        formulas = {cell(book, "tblAging", "Twice", key) for key in month.tables["tblAging"].column("customer_id")}
        assert formulas == {"=2*[@Items]"}
        state, sheet = host.table(book, "tblReceipts")
        at = state.column + state.columns - 1
        assert [sheet.at(state.row + i, at).value for i in range(4)] == ["Mine", "first", None, "third"]
        state, sheet = host.table(book, "tblMonthly")
        typed = state.column + sheet.headings(state).index("Typed sales")
        assert sheet.at(state.row + 1, typed).value == 1234.5
        assert own.impl.state == live_before
        calculate(book, "=2*[@Items]", 2.0)


@pytest.mark.slow
def test_an_own_date_is_shown_as_one_on_whatever_row_it_lands(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    month, _ = refresh(host, book, ledger, company.as_of.replace(day=12), tmp_path)
    customers = month.tables["tblAging"].column("customer_id")
    add_column(book, "tblAging", "Visit", [None, None, None, dt.datetime(2026, 12, 24)])
    refresh(host, book, ledger, company.as_of, tmp_path)
    state, sheet = host.table(book, "tblAging")
    row = next(r for r in range(state.row, state.row + state.rows) if sheet.at(r, state.column).value == customers[3])
    assert sheet.at(row, state.column + state.columns - 1).number_format == "dd mmm yyyy"


def test_notes_survive_though_the_month_was_made_without_them(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    month, _ = refresh(host, book, ledger, company.as_of, tmp_path)
    put(book, "tblAging", "Note", 1, "mine")
    live.fill(book, close(ledger, company.as_of))
    assert cell(book, "tblAging", "Note", month.tables["tblAging"].column("customer_id")[1]) == "mine"


@pytest.mark.slow
def test_a_note_whose_row_is_gone_is_kept(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    refresh(host, book, ledger, company.as_of, tmp_path)
    state, _ = host.table(book, "tblAging")
    put(book, "tblAging", "Note", state.rows - 3, "gone with its row")
    put(book, "tblAging", "Customer ID", state.rows - 3, "nobody")
    for _ in range(2):
        month, twin = refresh(host, book, ledger, company.as_of, tmp_path)
        assert month.tables["tblNotPlaced"].column("value") == ["gone with its row"]
        assert differences(host.state(book), twin) == []


def test_entries_read_back_from_the_open_workbook_are_those_of_its_file(host, ledger, company, tmp_path):
    entries = close(ledger, company.as_of)
    first, last = (entries.tables["tblAging"].column(key)[0] for key in ("customer_id", "currency"))
    typed = TableEntries({(first, last): {"Note": "=not a formula", "Day": dt.date(2026, 5, 4)}}, ("Day",))
    month = close(ledger, company.as_of, Settings(company="=1+1", bucket_edges=(15, 45)), replace_entries(typed))
    path = tmp_path / "month.xlsx"
    file.write(path, month)
    assert live.read_back_live(host.open(path)) == read_back(path)


def replace_entries(aging):
    from xlwings_addin.entries import Entries

    return Entries(tables={"tblAging": aging})


def test_text_stays_text(host, ledger, company, tmp_path):
    wicked = ["=1+1", "+A1", "-2", "@x", "1-30", "00123", "TRUE", "#N/A", "12/31", "x" * 40_000]
    items = ledger.items.head(len(wicked)).copy()
    for column in ("customer_name", "document_no", "region"):
        items[column] = wicked
    tame = replace(ledger, items=items, receipts=ledger.receipts.head(0))
    book = host.open(TEMPLATE)
    add_column(book, "tblAging", "Own", [])
    refresh(host, book, tame, company.as_of, tmp_path, company="=HYPERLINK(1)")
    add = host.table(book, "tblAging")[0]
    for i in range(add.rows - 2):
        put(book, "tblAging", "Own", i, f"'{wicked[i % 9]}")
    month, twin = refresh(host, book, tame, company.as_of, tmp_path)
    assert differences(host.state(book), twin) == []
    assert sorted(month.tables["tblAging"].columns["own:Own"]) == sorted(wicked[i % 9] for i in range(add.rows - 2))


@pytest.mark.slow
def test_a_workbook_that_counts_from_1904_gets_the_same_days(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    host.state(book).date1904 = True
    _, twin = refresh(host, book, ledger, company.as_of, tmp_path)
    different = differences(host.state(book), twin)
    assert different
    assert all("yyyy" in line for line in different)
    assert book.sheets["Settings"].range("as_of").value == dt.datetime.combine(company.as_of, dt.time())
    _, entries = live.read_back_live(book)
    assert entries.rows("tblMonthly")[-1]["month_end"] == (company.as_of - dt.date(1970, 1, 1)).days


def test_tables_are_found_where_the_clerk_moved_them(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    book.sheets["Aging"].range("1:3").insert("down")
    book.sheets["Monthly"].name = "By month"
    _, twin = refresh(host, book, ledger, company.as_of, tmp_path)
    moved = copy.deepcopy(host.state(book))
    next(sheet for sheet in moved.sheets if sheet.title == "By month").title = "Monthly"
    for name, refers_to in moved.names.items():
        moved.names[name] = refers_to.replace("'By month'", "'Monthly'")
    aging = next(sheet for sheet in moved.sheets if sheet.title == "Aging")
    aging.cells = {(row - 3, column): found for (row, column), found in aging.cells.items() if row > 3}
    for table in aging.tables.values():
        table.row -= 3
    found = [line for line in differences(moved, twin) if not line.startswith("aging_")]
    # The texts above it are left alone once the sheet no longer starts with its title.
    assert [line for line in found if not line.startswith("Aging (2, 2)")] == []


def test_named_cells_are_found_on_a_sheet_the_clerk_renamed(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    book.sheets["Settings"].name = "Bob's choices"
    book.sheets["Bob's choices"].range("target_dso").value = 33
    month, twin = refresh(host, book, ledger, company.as_of, tmp_path)
    assert month.settings.target_dso == 33.0
    book.sheets["Bob's choices"].name = "Settings"
    assert differences(host.state(book), twin) == []


def test_a_name_that_leads_out_of_the_workbook_is_no_cell_of_ours(host):
    book = host.open(TEMPLATE)
    host.state(book).names["target_dso"] = "='[Other.xlsx]Settings'!$C$8"
    with pytest.raises(WorkbookError, match=r"The cell target_dso .* is gone"):
        live.read_back_live(book)


def test_missing_sheets_are_added_from_their_declarations(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    for name in ("Segments", "Receipts", "Checks", "Glossary"):
        book.sheets[name].delete()
    _, twin = refresh(host, book, ledger, company.as_of, tmp_path, force=True)
    state = host.state(book)
    assert [sheet.title for sheet in state.sheets] == [sheet.title for sheet in twin.sheets]
    assert differences(state, twin) == []


@pytest.mark.slow
@pytest.mark.parametrize("edges", [(15, 45), (10, 20, 30, 60, 90)])
def test_other_aging_buckets_take_the_place_of_the_old_ones(host, ledger, company, tmp_path, edges):
    book = host.open(SAMPLE)
    refresh(host, book, ledger, company.as_of, tmp_path)
    put(book, "tblAging", "Note", 0, "kept")
    month, twin = refresh(host, book, ledger, company.as_of, tmp_path, bucket_edges=edges)
    for name in ("tblAging", "tblAgingTotals", "tblMix"):
        (mine, on), other = host.table(book, name), next(s.tables[name] for s in twin.sheets if name in s.tables)
        assert mine == other
        assert on.headings(mine) == next(s.headings(other) for s in twin.sheets if name in s.tables)
    assert "kept" in month.tables["tblAging"].column("note")
    assert differences(host.state(book), twin) == []


@pytest.mark.slow
def test_something_beside_a_table_that_shrinks_is_not_taken_along(host, ledger, company, tmp_path):
    book = host.open(TEMPLATE)
    refresh(host, book, ledger, company.as_of, tmp_path)
    state, _ = host.table(book, "tblAging")
    book.sheets["Aging"].range((state.row + state.rows - 3, 60)).value = "beside"
    few = replace(ledger, items=ledger.items.head(5), receipts=ledger.receipts.head(0))
    before = copy.deepcopy(host.table(book, "tblAging")[1])
    with pytest.raises(WorkbookError, match="something of yours is next to"):
        refresh(host, book, few, company.as_of, tmp_path)
    assert host.table(book, "tblAging")[1].cells[state.row + state.rows - 3, 60].value == "beside"
    assert before.tables["tblAging"].rows == host.table(book, "tblAging")[0].rows


# ---------------------------------------------------------------- the host is strict


def test_the_host_refuses_what_excel_would(host):
    book = host.new()
    sheet = book.sheets[0]
    sheet.range("A1").value = [["a", "b"], [1, 2]]
    sheet.tables.add(sheet.range("A1:B2"), name="tblOne")
    for wrong in (
        lambda: sheet.tables.add(sheet.range("B2:C3"), name="tblTwo"),
        lambda: sheet.tables.add(sheet.range("D1:E2"), name="DSO30"),
        lambda: book.names.add("R1C1", "=1"),
        lambda: setattr(sheet, "name", "History"),
        lambda: setattr(sheet.range("A1"), "value", "B"),
        lambda: setattr(sheet.range("D1"), "value", "x" * 32_768),
        lambda: setattr(sheet.range("D1"), "formula", "=SUM(1;2)"),
        lambda: setattr(sheet.range("D1"), "formula", "=SUM(tblGone[a])"),
        lambda: setattr(sheet.range("D1"), "formula", "=SUM(tblOne[c])"),
        lambda: sheet.tables[0].resize(sheet.range("A2:B3")),
        lambda: sheet.range("1:1").delete(),
    ):
        with pytest.raises(ExcelRefusal):
            wrong()
        sheet.range("A1").value = "a"
    sheet.range("D1").formula = "=SUM(tblOne[a])"
    with pytest.raises(NotCalculated):
        sheet.range("D1").value  # noqa: B018


def test_the_host_gives_what_excel_gives(host):
    sheet = host.new().sheets[0]
    sheet.range("A1").value = [["00123", "1-30", "=1+1", "TRUE", 5]]
    assert sheet.range("A1").value == 123.0
    assert sheet.range("B1").value == 12345.0
    assert sheet.range("C1").formula == "=1+1"
    assert sheet.range("D1").value is True
    assert type(sheet.range("E1").value) is float
    sheet.range("E1").number_format = '"$"#,##0.00'
    assert type(sheet.range("E1").value).__name__ == "Decimal"
    sheet.range("F1").number_format = "@"
    sheet.range("F1").formula = "=1+1"
    assert sheet.range("F1").value == "=1+1"
    sheet.range("A1").impl.state.protected = True
    with pytest.raises(ExcelRefusal, match="protected"):
        sheet.range("A1").value = 1
