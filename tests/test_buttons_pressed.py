"""Every button pressed, twice, on the workbooks that come with the product; and pressed wrongly."""

import copy
from pathlib import Path

import excel_host
import openpyxl
import pytest
from desk import BLANK, EITHER, SAMPLE, TEMPLATES, content, one_sentence
from excel_host import differences

from xlwings_addin import ribbon, version
from xlwings_addin.buttons import safety, sources
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import workbook
from xlwings_addin.month_end.aging_by import aging_by
from xlwings_addin.ribbon import ButtonError
from xlwings_addin.settings import Settings
from xlwings_addin.writing import live

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

WRITING = ("refresh_month", "import_ledger", "roll_to_next_month", "build_aging", "build_aging-region")
PRESSED_ANYWHERE = ("insert_function", "functions", "about", "explain_cell")


@pytest.fixture(scope="module")
def ledger(desk_files):
    return read_ledger([desk_files.ledger], receipts=desk_files.receipts, customers=desk_files.customers)


def without_sources(lines):
    return [line for line in lines if not line.startswith("import_")]


# ---------------------------------------------------------------- month


@EITHER
def test_import_and_refresh_show_what_the_file_writer_writes(desk, name):
    book = desk.imported(name, fresh=True)
    twin = desk.calculate(book)
    assert without_sources(differences(book.impl.state, twin)) == []
    before = content(book)
    for control, answers in (("refresh_month", ()), ("import_ledger", desk.chosen()), ("build_aging", ())):
        line, failure = desk.press(book, control, *answers)
        assert (failure, "nothing has changed since" in line) == ("", True)
        assert differences(book.impl.state, before) == []
        desk.calculate(book)


@pytest.mark.slow
def test_at_most_two_range_operations_a_table(desk):
    book = desk.imported(SAMPLE)
    desk.host.forget_counts()
    assert not desk.press(book, "refresh_month")[1]
    tables = {table.name for sheet in book.impl.state.sheets for table in sheet.tables.values()}
    counted = {name: desk.host.reads[name] + desk.host.writes[name] for name in tables}
    assert max(counted.values()) == 2
    assert min(counted.values()) > 0


@pytest.mark.slow
@EITHER
def test_typed_notes_own_columns_and_own_sheets_survive_a_refresh(desk, name):
    book = desk.imported(name)
    aging = book.sheets["Aging"].tables["tblAging"]
    headings = list(aging.range[0, :].value)
    key = aging.range[1, 0].value
    aging.range[1, headings.index("Note")].value = "calls back on Monday"
    state, sheet = desk.host.table(book, "tblAging")
    state.columns += 1
    sheet.at(state.row, state.column + state.columns - 1).value = "Mine"
    sheet.at(state.row + 1, state.column + state.columns - 1).value = "own"
    own = book.sheets.add("Own")
    own.range("A1").value = [[1, "x"], ["=1+1", None]]
    kept = copy.deepcopy(own.impl.state)
    for _ in range(2):
        assert not desk.press(book, "refresh_month")[1]
        desk.calculate(book)
    assert sheet.at(state.row + 1, state.column).value == key
    assert sheet.at(state.row + 1, state.column + headings.index("Note")).value == "calls back on Monday"
    assert sheet.at(state.row + 1, state.column + state.columns - 1).value == "own"
    assert own.impl.state == kept
    assert not any(desk.host.alerts)


@pytest.mark.slow
def test_next_month_is_a_workbook_of_its_own(desk):
    book = desk.imported(BLANK)
    aging = book.sheets["Aging"].tables["tblAging"]
    aging.range[1, list(aging.range[0, :].value).index("Note")].value = "kept"
    before = content(book)
    line, failure = desk.press(book, "roll_to_next_month", *desk.chosen())
    assert not failure, failure
    assert "receivables-2026-11.xlsx" in line
    following = desk.host.app.books.active
    assert following.name == "receivables-2026-11.xlsx"
    assert differences(book.impl.state, before) == []
    shown = [cell.value for sheet in following.state.sheets for cell in sheet.cells.values()]
    assert "kept" in shown
    monthly = next(s.tables["tblMonthly"] for s in following.state.sheets if "tblMonthly" in s.tables)
    assert monthly.rows == desk.host.table(book, "tblMonthly")[0].rows + 1
    assert openpyxl.load_workbook(desk.folder / following.name)["Aging"].tables
    _, failure = desk.press(book, "roll_to_next_month", *desk.chosen())
    assert "is there already" in failure
    assert differences(book.impl.state, before) == []


@pytest.mark.slow
def test_next_month_is_there_whole_or_not_at_all(desk, monkeypatch):
    book = desk.imported(BLANK)
    monkeypatch.setattr(sources, "remember", lambda *_: (_ for _ in ()).throw(ButtonError("No room.")))
    _, failure = desk.press(book, "roll_to_next_month", *desk.chosen())
    assert "No room." in failure
    assert [one.name for one in desk.host.app.books] == [book.name]
    assert [path.name for path in desk.folder.iterdir() if "2026-11" in path.name or path.suffix == ".tmp"] == []


@pytest.mark.slow
def test_a_date_years_after_everything_is_asked_about(desk):
    book = desk.open(BLANK)
    before = content(book)
    files = desk.chosen()
    for no in ("no", "1", False):
        _, failure = desk.press(book, "import_ledger", *files, "2062-10-31", no)
        assert "nothing was changed" in failure
        assert differences(book.impl.state, before) == []
    line, failure = desk.press(book, "import_ledger", *files, "2028-10-31", "yes")
    assert not failure, failure
    assert "as of 31 Oct 2028" in line


def test_files_are_remembered_however_long_their_names(desk):
    book = desk.host.new()
    chosen = sources.Sources((Path("/a" * 200), Path('/with "quotes".csv')), None, Path("/c.csv"))
    sources.remember(book, chosen)
    assert sources.recall(book) == chosen
    sources.forget(book)
    assert len(book.names) == 0


# ---------------------------------------------------------------- aging


@pytest.mark.slow
@pytest.mark.parametrize("by", ["region", "tier", "owner", "date"])
def test_an_aging_by_anything_is_a_sheet_that_equals_the_file(desk, ledger, by):
    book = desk.imported(BLANK)
    day = "2026-09-30"
    before = None
    for _ in range(2):
        _line, failure = desk.press(book, f"build_aging-{by}", *([day] if by == "date" else []))
        assert not failure, failure
        assert before is None or differences(book.impl.state, before) == []
        before = content(book)
        settings, _ = live.read_back_live(book)
        month = aging_by(ledger, settings, day if by == "date" else desk.company.as_of, by, version=version())
        twin = desk.written(month)
        mine = [sheet for sheet in book.impl.state.sheets if sheet.title == twin.sheets[0].title]
        alone = excel_host.engine.BookState(mine)
        assert differences(alone, excel_host.engine.BookState(twin.sheets)) == []
        desk.host.calculate_as(book, twin)
        assert book.sheets.active.name == twin.sheets[0].title
    total = sum(cents for cents in month.tables[next(iter(month.tables))].column("base"))
    assert total == pytest.approx(desk_total(desk, book, day if by == "date" else None, ledger, settings))


def desk_total(desk, book, day, ledger, settings):
    from xlwings_addin.ledger.age_analysis import age

    aging = age(ledger, day or desk.company.as_of, settings)
    return sum(
        int(aging.amounts[place].sum()) / 10 ** aging.digits[place] * (rate or 1)
        for place, rate in enumerate(aging.rates)
    )


# ---------------------------------------------------------------- insight


def test_a_cell_explained(desk):
    book = desk.imported(BLANK)
    table = book.sheets["Monthly"].tables["tblMonthly"]
    at = list(table.range[0, :].value).index("DSO")
    before = content(book)
    for cell, named in (
        (table.range[-1, at], "AR_DSO"),
        (book.names["kpi_cash_per_day"].refers_to_range, "AR_CASH_IMPACT"),
    ):
        desk.host.app.selection = cell.impl
        desk.host.alerts.clear()
        for _ in range(2):
            line, failure = desk.press(book, "explain_cell")
            assert not failure, failure
        assert "nothing was changed" in line
        assert len(desk.host.alerts) == 2
        shown = str(int(cell.value))
        assert named in desk.host.alerts[0]
        assert shown in desk.host.alerts[0].replace(",", "")
    assert differences(book.impl.state, before) == []


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("=1+1", "Select a cell that holds one AR_ function"),
        ("=AR_NOTHING(1)", "Select a cell that holds one AR_ function"),
        ("=AR_DSO(1,2,3)+1", "Select a cell that holds one AR_ function"),
        ("=AR_DSO(SUM(A1:A3),2,3)", "contains a calculation"),
    ],
)
def test_a_cell_that_cannot_be_explained(desk, formula, says):
    book = desk.host.new()
    book.sheets[0].range("A1").formula = formula
    desk.host.app.selection = book.sheets[0].range("A1").impl
    assert says in desk.press(book, "explain_cell")[1]


def test_arguments_of_every_kind(desk):
    book = desk.host.new()
    sheet = book.sheets[0]
    sheet.range("A1").value = [[250000, 1500000], [300000, 1], ["=AR_DSO($A$1,Sheet1!B1,365)", None]]
    desk.host.app.selection = sheet.range("A3").impl
    assert not desk.press(book, "explain_cell")[1]
    assert "60.8" in desk.host.alerts[-1]


def test_insert_function_opens_excels_own_dialog(desk):
    book = desk.host.new()
    for _ in range(2):
        assert not desk.press(book, "insert_function")[1]
    assert desk.host.dialogs == [450, 450]


# ---------------------------------------------------------------- share and help


@EITHER
def test_a_pdf_holds_the_months_sheets_and_leaves_the_workbook_as_it_was(desk, name):
    book = desk.imported(name)
    before = content(book)
    for _ in range(2):
        line, failure = desk.press(book, "pdf")
        assert not failure, failure
        assert differences(book.impl.state, before) == []
        assert all(sheet.visible for sheet in book.impl.state.sheets)
    path = desk.folder / f"{Path(name).stem}.pdf"
    assert str(path) in line
    assert path.read_text().split("\n")[1:] == [sheet.name for sheet in workbook(Settings()) if sheet.tab == "work"]
    book.impl.structure_protected = True
    assert "structure is protected" in desk.press(book, "pdf")[1]


@pytest.mark.slow
@EITHER
def test_a_frozen_copy_shows_the_same_without_a_formula(desk, name):
    book = desk.imported(name)
    before = content(book)
    for _ in range(2):
        line, failure = desk.press(book, "freeze_a_copy")
        assert not failure, failure
        assert differences(book.impl.state, before) == []
        assert desk.host.app.books.active is book.impl
        assert len(desk.host.app.books) == 1
    path = desk.folder / f"{Path(name).stem} values.xlsx"
    assert str(path) in line
    frozen = desk.host.disk[path]
    assert not [c for sheet in frozen.sheets for c in sheet.cells.values() if c.kind == "f"]
    assert not [name for name in frozen.names if name.startswith("import_")]
    for mine, theirs in zip(before.sheets, frozen.sheets, strict=True):
        for place, cell in mine.cells.items():
            shown = cell.calculated if cell.kind == "f" else cell.value
            assert theirs.cells[place].value == shown
    saved = openpyxl.load_workbook(path)
    assert not [c for sheet in saved for row in sheet.iter_rows() for c in row if c.data_type == "f"]


@EITHER
def test_help_buttons_change_nothing(desk, name):
    book = desk.imported(name)
    before = content(book)
    said = desk.press(book, "check_workbook")[0]
    assert "tables are sound" in said
    assert (" 0 entries would be carried over" in said) == (name == BLANK)
    for control, sheet in (("settings", "Settings"), ("functions", "Glossary")):
        for _ in range(2):
            assert not desk.press(book, control)[1]
            assert book.sheets.active.name == sheet
    assert not desk.press(book, "about")[1]
    assert version() in desk.host.alerts[-1]
    assert differences(book.impl.state, before) == []


# ---------------------------------------------------------------- backups


@pytest.mark.slow
def test_what_breaks_half_way_names_the_copy_of_what_was(desk, monkeypatch):
    book = desk.imported(BLANK, fresh=True)
    monkeypatch.setattr(live, "fill", lambda *_, **__: 1 / 0)
    desk.clock()
    _line, failure = ribbon.run("refresh_month", version(), book)
    copy = max(desk.folder.glob("*backup*"))
    assert "unexpected error" in failure
    assert failure.endswith(f"; the workbook as it was: {copy}.")


@pytest.mark.slow
def test_a_dated_copy_of_what_was_is_kept_ten_times(desk):
    book = desk.imported(BLANK, fresh=True)
    first = next(desk.folder.glob("Receivables template backup *.xlsx"))
    assert desk.host.disk[first].sheets[0].title == "Start"
    assert differences(desk.host.disk[first], excel_host.load(TEMPLATES / BLANK)) == []
    for _ in range(11):
        desk.clock()
        safety.keep_copy(book)
    copies = sorted(desk.folder.glob("Receivables template backup *.xlsx"))
    assert len(copies) == 10
    assert first not in copies


def test_copies_of_a_workbook_in_the_cloud_stay_on_this_computer(desk):
    book = desk.imported(BLANK)
    book.impl.url = "https://example.sharepoint.com/sites/ar/Receivables template.xlsx"
    _line, failure = desk.press(book, "refresh_month")
    assert not failure, failure
    kept = list((desk.folder / "state" / "Receivables" / "backups").glob("*.xlsx"))
    assert [path.name.startswith("Receivables template backup ") for path in kept] == [True]


def test_without_a_backup_nothing_is_written(desk, monkeypatch):
    book = desk.imported(BLANK)
    before = content(book)

    def full(self, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(excel_host.engine.Book, "_store", full)
    book.sheets["Settings"].range("target_dso").value = 40
    changed = content(book)
    _line, failure = desk.press(book, "refresh_month")
    assert "No space left on device" in failure
    assert differences(book.impl.state, changed) == []
    assert differences(book.impl.state, before) != []


# ---------------------------------------------------------------- pressed wrongly


def protected(desk, book):
    next(sheet for sheet in book.impl.state.sheets if sheet.title == "Aging").protected = True


def renamed_column(desk, book):
    state, sheet = desk.host.table(book, "tblAging")
    sheet.at(state.row, state.column).value = "Customer no."


def filtered(desk, book):
    desk.host.table(book, "tblAging")[0].filtered = True


def pasted_over(desk, book):
    state, sheet = desk.host.table(book, "tblAging")
    del sheet.tables["tblAging"]
    for i in range(4):
        sheet.at(state.row, state.column + i).value = "pasted"


def named_cell_gone(desk, book):
    book.impl.state.names["target_dso"] = "=#REF!"


def read_only(desk, book):
    book.impl.read_only = True


def structure_protected(desk, book):
    book.impl.state.sheets.pop(4)
    book.impl.structure_protected = True


def unusable_setting(desk, book):
    book.sheets["Settings"].range("target_dso").value = "soon"


WRONGLY = {
    protected: "The sheet Aging is protected",
    renamed_column: "The column 'Customer ID' of tblAging on the sheet Aging is gone or was renamed",
    filtered: "The table tblAging on the sheet Aging is filtered",
    pasted_over: "The table tblAging is gone from the sheet Aging",
    named_cell_gone: "The cell target_dso (Target DSO (days)) is gone",
    read_only: "is open for reading only",
    structure_protected: "the workbook's structure is protected",
    unusable_setting: "Target DSO (days): 'soon' cannot be used",
}


@pytest.mark.parametrize("wrong", WRONGLY, ids=lambda wrong: wrong.__name__)
def test_pressed_wrongly_a_button_says_one_sentence_and_writes_nothing(desk, wrong):
    book = desk.imported(BLANK)
    wrong(desk, book)
    before, copies = content(book), sorted(desk.folder.iterdir())
    for control in WRITING:
        desk.host.forget_counts()
        _line, failure = desk.press(book, control, *desk.chosen())
        assert WRONGLY[wrong] in failure
        assert one_sentence(failure)
        assert book.impl.state == before
        assert not desk.host.writes
        assert sorted(desk.folder.iterdir()) == copies


@pytest.mark.parametrize("control", [*WRITING, "freeze_a_copy", "pdf", "check_workbook", "settings"])
def test_in_a_workbook_without_our_sheets_a_button_says_where_to_go(desk, control):
    ours = desk.imported(BLANK)
    kept = content(ours)
    other = desk.host.new()
    other.sheets[0].range("A1").value = "budget"
    other.activate()
    before, copies = content(other), sorted(desk.folder.iterdir())
    line, _failure = desk.press(other, control, *desk.chosen())
    assert line == "Receivables: nothing was changed."
    asked = desk.host.alerts[-1]
    assert "holds none of the Receivables tables" in asked
    assert asked.endswith("press the button there. Start one from the template now?")
    assert other.impl.state == before
    assert ours.impl.state == kept
    assert sorted(desk.folder.iterdir()) == copies


def test_the_template_is_offered_where_our_sheets_are_not(desk):
    other = desk.host.new()
    before = content(other)
    desk.host.choice = "yes"
    line, failure = desk.press(other, "import_ledger")
    assert not failure
    assert "a new workbook from the template" in line
    assert other.impl.state == before
    begun = desk.host.app.books.active
    assert begun is not other.impl
    assert differences(begun.state, desk.open(BLANK).impl.state) == []


def test_the_workbook_of_the_click_is_written_though_another_one_is_active(desk):
    book = desk.imported(BLANK)
    other = desk.host.new()
    before = content(other)
    other.activate()
    assert not desk.press(book, "refresh_month")[1]
    assert other.impl.state == before


@pytest.mark.parametrize(
    ("control", "answers", "says"),
    [
        ("import_ledger", (False,), "No file was chosen"),
        ("import_ledger", (("/nowhere.csv",), False, False, "2026-10-31"), "is gone"),
        ("import_ledger", (("ledger",), False, False, False), "No date was given"),
        ("import_ledger", (("ledger",), False, False, "31.10.2026"), "is not a date"),
        ("refresh_month", (), "No ledger has been imported"),
        ("build_aging-owner", (), "No ledger has been imported"),
    ],
)
def test_an_answer_that_cannot_be_used(desk, control, answers, says):
    book = desk.open(BLANK)
    before = content(book)
    answers = tuple((str(desk.files.ledger),) if answer == ("ledger",) else answer for answer in answers)
    _line, failure = desk.press(book, control, *answers)
    assert says in failure
    assert one_sentence(failure)
    assert book.impl.state == before


def buttons():
    ribbon.load()
    return sorted(n for n, one in ribbon.BUTTONS.items() if one.run.__module__.startswith("xlwings_addin.buttons."))


def test_every_button_of_the_ribbon_is_pressed_in_some_test():
    ours = set(buttons())
    told = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*button*.py"))
    assert [name for name in sorted(ours) if f'"{name}"' not in told] == []


@pytest.mark.parametrize("control", PRESSED_ANYWHERE[:3])
def test_help_is_there_in_any_workbook(desk, control):
    book = desk.host.new()
    _line, failure = desk.press(book, control)
    assert not failure
    assert book.impl.state == excel_host.engine.BookState([excel_host.engine.SheetState("Sheet1")])


def test_the_status_bar_tells_how_far_it_is(desk):
    desk.imported(BLANK, fresh=True)
    told = [text for text in desk.host.bars if text]
    assert any("reading the files" in text for text in told)
    assert any("backup copy" in text for text in told)
    assert any("writing Aging" in text for text in told)


@pytest.mark.slow
@pytest.mark.parametrize("control", buttons())
def test_every_button_pressed_twice_says_what_it_did_or_why_not(desk, control):
    """Whatever it asks is cancelled."""
    book = desk.imported(BLANK)
    for _ in range(2):
        line, failure = desk.press(book, control, *[False] * 9)
        assert line or one_sentence(failure)
        desk.calculate(book)


def test_what_a_deleted_sheet_held_is_no_default_unasked(desk):
    book = desk.imported(BLANK)
    book.sheets["Settings"].range("target_dso").value = 33
    book.sheets["Settings"].delete()
    before = content(book)
    _line, failure = desk.press(book, "refresh_month")
    assert "the sheet Settings is gone or was renamed" in failure
    assert desk.host.alerts[-1].endswith("Go on with defaults in place of what is gone?")
    assert content(book) == before
    desk.host.choice = "yes"
    _line, failure = desk.press(book, "refresh_month", desk.company.as_of.isoformat())
    assert not failure
    assert book.sheets["Settings"].range("target_dso").value == 45
