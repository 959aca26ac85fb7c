"""What the ledger knows of its files reaches the clerk: the sheet Import, and questions in Excel's own dialogs."""

import ast
import csv
import json
import re
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import xlsxwriter
from desk import BLANK, content, one_sentence
from excel_host import differences
from pandas.testing import assert_frame_equal

from xlwings_addin import cli, ribbon
from xlwings_addin.buttons import asking, sources
from xlwings_addin.buttons.questions import (
    AS_READ,
    CHOOSE,
    COMPANIES,
    DAYS,
    NAME,
    NO_COLUMN,
    ONE_CUSTOMER,
    SAVE,
    SIGNS,
    WAYS,
)
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError
from xlwings_addin.ledger.mapping import load, said_by
from xlwings_addin.ledger.position import ask
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.report import check_json
from xlwings_addin.month_end import blank_month, close_month
from xlwings_addin.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

EXPORTS = Path(__file__).parent / "erp_exports"
CODE = Path(ribbon.__file__).parent
OPTION = re.compile(r"(^|[\s(])--[a-z]")
DAY = "2026-12-31"

HEADER = ["Customer ID", "Document", "Document date", "Due date", "Amount", "Open amount"]
ROWS = [["C", "1", "2024-05-02", "2024-06-01", "10", "10"], ["D", "2", "2024-05-13", "2024-06-12", "20", "20"]]
BOTH_WAYS = [HEADER, ["C", "1", "01/02/2024", "", "10", "10"], ["D", "2", "03/04/2024", "", "20", "20"]]
STRANGE = [["Wer", "Ref", "Geschrieben", "Bis", "Wieviel"]]
STRANGE += [
    [name, f"N-{n}", f"{n + 12}.05.2024", f"{n + 11}.06.2024", amount]
    for n, (name, amount) in enumerate(
        [("Ada", "10,50"), ("Bob", "7,25"), ("Ada", "3,10"), ("Cy", "99,99"), ("Bob", "1,05")]
    )
]
NAMED = (NAME, "Wer", "2", "3", "4", "Wieviel", NO_COLUMN)
"""What a clerk answers who names its columns one by one."""


def write(path, rows, delimiter=","):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return str(path)


def closed(read, day=DAY):
    return close_month(read, Settings(), day, refreshed="2024-07-01 08:00", version="0", force=True)


def rows_of(table):
    keys = list(table.columns)
    return [dict(zip(keys, row, strict=True)) for row in zip(*table.columns.values(), strict=True)]


# ---------------------------------------------------------------- the sheet


EVERY = sorted(path for path in EXPORTS.glob("*/*") if path.suffix in (".csv", ".xlsx"))


def opened(path):
    try:
        read = read_ledger(path)
        ask(read)
        return read
    except LedgerError as refusal:
        return refusal


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_sheet_is_the_check_of_every_export_and_names_no_option(path):
    read = opened(path)
    if isinstance(read, LedgerError):
        assert not OPTION.search(str(read))
        return
    month = closed(read, read.as_of or "2026-06-30")
    found = check_json(read)
    made = rows_of(month.tables["tblImportFiles"])
    for source, told in zip(read.sources, found.get("files", [found]), strict=True):
        lines = [line for line in made if line["file"] == source.file]
        first = lines[0]
        assert (first["format"], first["role"], first["why"]) == (told["format"], told["role"], told["why"])
        assert first["rows"] == sum(told["rows"].values())
        assert first["items"] == told["rows"].get("item", 0)
        others = dict(part.split(" ", 1)[::-1] for part in first["others"].split(", ") if part)
        counts = {name: int(count.replace(",", "")) for name, count in others.items()}
        assert counts == {name: count for name, count in told["rows"].items() if name != "item"}
        for line in lines:
            if source.role != "items" or not told["file_totals"]:
                continue
            total = told["file_totals"][line["currency"]]
            assert line["read_total"] == total["ledger"]
            if line["result"] == "OK":
                assert (line["stated_total"], line["difference"]) == (total["ledger"], 0)
    columns = rows_of(month.tables["tblImportColumns"])
    assert [(one["header"], one["evidence"]) for one in columns] == [
        (one["header"], one["evidence"]) for told in found.get("files", [found]) for one in told["columns"]
    ]
    assert not any(OPTION.search(message) for message in month.tables["tblFindings"].column("message"))


def test_a_total_that_differs_is_looked_at(tmp_path):
    rows = [[*HEADER[:3], "Amount"], ["C", "1", "2024-05-02", "10"], ["D", "2", "2024-05-13", "20"]]
    for total, result in (("30", "OK"), ("35", "Look")):
        path = write(tmp_path / f"{total}.csv", [*rows, ["Total", "", "", total]])
        (line,) = rows_of(closed(read_ledger(path, base_currency="EUR")).tables["tblImportFiles"])
        assert (line["read_total"], line["stated_total"], line["result"]) == (30.0, float(total), result)
        assert line["difference"] == 30.0 - float(total)
    (line,) = rows_of(closed(read_ledger(write(tmp_path / "n.csv", rows))).tables["tblImportFiles"])
    assert (line.get("stated_total"), line["result"]) == (None, "Not stated")


def test_each_currency_of_a_file_has_a_line_and_its_own_decimals(tmp_path):
    rows = [[*HEADER[:3], "Currency", "Amount"], ["C", "1", "2024-05-02", "JPY", "1000"]]
    path = write(tmp_path / "t.csv", [*rows, ["D", "2", "2024-05-13", "EUR", "20.50"]])
    lines = rows_of(closed(read_ledger(path, base_currency="EUR")).tables["tblImportFiles"])
    assert [(one["currency"], one["read_total"], one["rows"]) for one in lines] == [
        ("EUR", 20.5, 3),
        ("JPY", 1000.0, None),
    ]
    paid = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-05-20", "400"]])
    month = closed(read_ledger(write(tmp_path / "j.csv", rows), receipts=paid, base_currency="JPY"))
    assert [one["read_total"] for one in rows_of(month.tables["tblImportFiles"])] == [1000.0, 400.0]
    assert month.tables["tblLoaded"].column("total") == ["1,000 JPY", "400"]


def test_sources_that_say_little_are_shown_all_the_same(tmp_path):
    read = read_ledger(write(tmp_path / "t.csv", [HEADER, *ROWS]))
    bare = [replace(one, classes={}, stated={}, open_totals={}, why="", columns=(), totals={}) for one in read.sources]
    month = closed(replace(read, sources=tuple(bare)))
    (line,) = rows_of(month.tables["tblImportFiles"])
    assert (line["rows"], line["items"], line["others"]) == (2, 2, "")
    assert month.tables["tblImportColumns"].rows == 0
    assert blank_month(version="0").tables["tblImportFiles"].rows == 0


def test_no_text_of_the_layers_beneath_the_command_names_an_option():
    for part in ("ledger", "month_end", "buttons"):
        for path in (CODE / part).rglob("*.py"):
            if path == CODE / "ledger" / "errors.py":
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not OPTION.search(node.value), f"{path}:{node.lineno}"


# ---------------------------------------------------------------- questions in Excel


class Clerk:
    """A new workbook, into which files are imported."""

    def __init__(self, desk):
        self.desk, self.book = desk, desk.open(BLANK)

    def imports(self, paths, *answers, receipts=False, customers=False, day=DAY):
        """Press Import ledger; a workbook without a date asks for it."""
        paths = (paths,) if isinstance(paths, str) else tuple(paths)
        dated = () if self.dated else (day,)
        line, failure = self.desk.press(self.book, "import_ledger", paths, receipts, customers, *dated, *answers)
        assert failure or not self.desk.host.answers, "a question fewer than expected"
        if not failure:
            self.calculate()
        return line, failure

    @property
    def dated(self):
        return self.book.names["as_of"].refers_to_range.value is not None

    def refreshes(self):
        """Press Refresh month, which must not ask."""
        line, failure = self.desk.press(self.book, "refresh_month")
        assert not failure, failure
        self.calculate()
        return line

    def calculate(self):
        for sheet in self.book.impl.state.sheets:
            for cell in sheet.cells.values():
                if cell.kind == "f" and cell.calculated is None:
                    cell.calculated = ""

    @property
    def items(self):
        block = self.book.sheets["Ledger"].tables["tblItems"].range.value
        return [dict(zip(block[0], row, strict=True)) for row in block[1:]]

    @property
    def asked(self):
        """Everything that was shown, in order of its kind."""
        boxes = [one.get("Prompt") or one.get("Title") for one in self.desk.host.dialogs if isinstance(one, dict)]
        assert all(len(text) <= asking.LONGEST_PROMPT for text in boxes)
        assert not any(OPTION.search(text) for text in [*boxes, *self.desk.host.alerts])
        return [*boxes, *self.desk.host.alerts]


@pytest.fixture
def clerk(desk):
    return Clerk(desk)


NO_SALES = False
"""What the clerk answers where a file of sales is asked for and there is none."""


@pytest.mark.parametrize(("answer", "first"), [("1", "2024-02-01"), ("month first", "2024-01-02")])
def test_the_order_of_dates_is_asked_once(clerk, tmp_path, answer, first):
    path = write(tmp_path / "t.csv", BOTH_WAYS)
    _line, failure = clerk.imports(path, answer, NO_SALES)
    assert not failure, failure
    assert str(clerk.items[0]["Document date"])[:10] == first
    assert any("day first or month first" in text and "1  day first\n2  month first" in text for text in clerk.asked)
    assert "nothing has changed" in clerk.refreshes()
    assert sources.recall(clerk.book).answers.dates == ("dmy" if answer == "1" else "mdy")


def test_exchanged_dates_are_asked_about(clerk, tmp_path):
    path = write(
        tmp_path / "s.csv",
        [HEADER[:5], *(["C", str(n), f"2024-0{n}-15", f"2024-01-{n:02d}", "10"] for n in range(2, 9))],
    )
    _line, failure = clerk.imports(path, "they are right as they stand", NO_SALES, day="2024-08-31")
    assert not failure, failure
    assert "nothing has changed" in clerk.refreshes()
    assert sources.recall(clerk.book).answers.dates == "as-is"


def test_the_day_of_each_list_is_asked(clerk, tmp_path):
    later = [["D", "2", "2024-05-13", "2024-06-12", "20", "5"]]
    paths = [write(tmp_path / "a.csv", [HEADER, *ROWS]), write(tmp_path / "b.csv", [HEADER, *later])]
    _line, failure = clerk.imports(paths, DAYS, "2024-05-31", "2024-06-30")
    assert not failure, failure
    assert [item["Open amount"] for item in clerk.items] == [0.0, 5.0]
    assert {"which day does a.csv show?", "which day does b.csv show?"} <= {
        text.splitlines()[-1].partition(" (year")[0].lower() for text in clerk.asked if text
    }
    assert "nothing has changed" in clerk.refreshes()


def test_the_company_of_each_file_is_asked(clerk, tmp_path):
    other = [*ROWS[1][:4], "25", "25"]
    paths = [write(tmp_path / "a.csv", [HEADER, *ROWS]), write(tmp_path / "b.csv", [HEADER, other])]
    _line, failure = clerk.imports(paths, COMPANIES, "North = N|1", "South", NO_SALES)
    assert not failure, failure
    assert [item["Entity"] for item in clerk.items] == ["North = N|1", "North = N|1", "South"]
    assert "nothing has changed" in clerk.refreshes()


def test_columns_that_nothing_tells_are_named_one_by_one(clerk, tmp_path):
    path = write(tmp_path / "f.csv", STRANGE, ";")
    _line, failure = clerk.imports(path, *NAMED, AS_READ, NO_SALES)
    assert not failure, failure
    assert [item["Amount"] for item in clerk.items] == [10.5, 7.25, 3.1, 99.99, 1.05]
    assert [str(item["Document date"])[:10] for item in clerk.items][::4] == ["2024-05-12", "2024-05-16"]
    boxes = [one for one in clerk.desk.host.dialogs if "which column is" in one.get("Prompt", "")]
    # What was guessed is proposed; that there is no open amount, too.
    assert [box["Default"] for box in boxes] == ["1", "2", "3", "4", "5", "6"]
    assert "nothing has changed" in clerk.refreshes()
    assert [one.name for one in tmp_path.glob("*.toml")] == []


def test_guessed_columns_are_shown_with_what_proves_them_and_what_comes_of_them(clerk, tmp_path):
    rows = [
        ["Kunde", "Rechnung", "Rechnungsdatum", "Fälligkeit", "Total", "Bezahlt", "Offen", "Bemerkung"],
        *(
            [f"K{n}", f"R{n}", f"{n:02d}.05.2024", f"{n + 13}.06.2024", f"{n * 10},00", f"{n},00", f"{n * 9},00", "x"]
            for n in range(1, 9)
        ),
    ]
    path = write(tmp_path / "f.csv", rows, ";")
    _line, failure = clerk.imports(path, AS_READ, NO_SALES, day="2024-06-18")
    assert not failure, failure
    (shown,) = [text for text in clerk.asked if "no known system" in text]
    read = read_ledger(path)
    assert all(one.evidence for one in read.sources[0].columns if one.read_as)
    for one in read.sources[0].columns:
        assert (f"{one.read_as} = '{one.header}' ({one.evidence})" if one.read_as else f"'{one.header}'") in shown
    assert "This gives 8 items, dated 2024-05-01 to 2024-05-08." in shown
    assert "Open on 2024-06-18: 324.00 (Current 234.00, 1-30 90.00)." in shown
    assert [item["Open amount"] for item in clerk.items] == [9.0 * n for n in range(1, 9)]


def test_columns_that_are_not_right_are_named_anew(clerk, tmp_path):
    rows = [[*HEADER[:4], "Betrag", "Rest"], ["C", "1", "2024-05-02", "2024-06-01", "10", "4"]]
    path = write(tmp_path / "f.csv", [["Kunde", "Beleg", "Belegdatum", "Fällig", *rows[0][4:]], rows[1]])
    before = content(clerk.book)
    _line, failure = clerk.imports(path, NAME, "1", "2", "3", "4", "5", False)
    assert "nothing was changed" in failure
    assert clerk.book.impl.state == before
    _line, failure = clerk.imports(path, NAME, "1", "2", "3", "4", "5", NO_COLUMN, AS_READ, NO_SALES)
    assert not failure, failure
    assert [(item["Amount"], item["Open amount"]) for item in clerk.items] == [(10.0, None)]
    assert sources.recall(clerk.book).answers.said["columns"]["open_amount"] == "none"


@pytest.mark.slow
def test_a_guess_is_saved_corrected_and_chosen(clerk, tmp_path):
    path, mapping = write(tmp_path / "f.csv", STRANGE, ";"), tmp_path / "f mapping.toml"
    before = content(clerk.book)
    _line, failure = clerk.imports(path, SAVE)
    assert f"{mapping} holds the guess" in failure
    assert clerk.book.impl.state == before
    assert load(mapping).columns == {"document_no": "Ref", "document_date": "Geschrieben", "due_date": "Bis"}
    mapping.write_text(mapping.read_text().replace("[columns]", '[columns]\ncustomer_id = "Wer"'))
    # What is a guess counts without the mark before it.
    mapping.write_text(re.sub("(?m)^# (?=amount)", "", mapping.read_text()))
    _line, failure = clerk.imports(path, "use f mapping.toml", NO_SALES)
    assert not failure, failure
    assert [item["Customer ID"] for item in clerk.items] == ["Ada", "Bob", "Ada", "Cy", "Bob"]
    assert "nothing has changed" in clerk.refreshes()
    # Next month's file lies elsewhere: last month's mapping is offered.
    (tmp_path / "july").mkdir()
    path = write(tmp_path / "july" / "g.csv", STRANGE, ";")
    assert not clerk.imports(path, "use f mapping.toml", NO_SALES)[1]
    _line, failure = clerk.imports(path, CHOOSE, str(mapping), NO_SALES)
    assert not failure, failure
    mapping.unlink()
    _line, failure = clerk.desk.press(clerk.book, "refresh_month")
    assert "f mapping.toml is gone" in failure


def test_a_guess_that_was_agreed_on_is_not_shown_again(clerk, tmp_path):
    headings = ["Kunden-Nr.", "Belegnr.", "Belegdatum", "Fälligkeit", "Betrag"]
    path = write(tmp_path / "g.csv", [headings, ["1", "A", "13.05.2024", "13.06.2024", "5,10"]], ";")
    _line, failure = clerk.imports(path, AS_READ, NO_SALES)
    assert not failure, failure
    assert any("Amount = 'Betrag'" in text for text in clerk.asked)
    assert "nothing has changed" in clerk.refreshes()
    later = write(tmp_path / "h.csv", [headings, ["1", "B", "14.05.2024", "14.06.2024", "7,10"]], ";")
    _line, failure = clerk.imports(later, NO_SALES)
    assert not failure, failure
    # Another column among them is another reading, and one more that has no role is none.
    rows = [[*headings, "Offen"], ["1", "B", "14.05.2024", "14.06.2024", "7,10", "2,10"]]
    write(tmp_path / "h.csv", rows, ";")
    _line, failure = clerk.desk.press(clerk.book, "refresh_month", AS_READ)
    assert not failure, failure
    assert any("Open amount = 'Offen'" in text for text in clerk.asked)


def test_sales_are_asked_for_where_a_list_of_open_items_lacks_them(clerk, tmp_path):
    path = write(tmp_path / "t.csv", [HEADER, *ROWS])
    sales = write(tmp_path / "s.csv", [["Month", "Credit sales"], ["2024-05", "500"], ["2024-06", "700"]])
    _line, failure = clerk.imports(path, sales)
    assert not failure, failure
    assert any("credit sales by month" in text for text in clerk.asked)
    assert "nothing has changed" in clerk.refreshes()
    assert sources.recall(clerk.book).sales == Path(sales)
    clerk.desk.host.dialogs.clear()
    paid = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-06-20", "4"]])
    path = write(tmp_path / "h.csv", [HEADER, *ROWS, ["D", "3", "2024-05-13", "2024-06-12", "4", "0"]])
    _line, failure = clerk.imports(path, receipts=paid)
    assert not failure, failure
    assert not any("sales" in text for text in clerk.asked)
    assert sources.recall(clerk.book).sales is None


QUESTIONS = {
    "dates": (BOTH_WAYS, ",", ()),
    "mapping": (STRANGE, ";", ()),
    "mapping file": (STRANGE, ";", (CHOOSE,)),
}


@pytest.mark.parametrize("about", QUESTIONS)
def test_cancel_changes_nothing_and_says_so(clerk, tmp_path, about):
    rows, delimiter, answers = QUESTIONS[about]
    path = write(tmp_path / "t.csv", rows, delimiter)
    before = content(clerk.book)
    _line, failure = clerk.imports(path, *answers, False)
    assert "nothing was changed" in failure
    assert one_sentence(failure)
    assert clerk.book.impl.state == before
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix in (".csv", ".toml")) == ["t.csv"]


@pytest.mark.parametrize(
    "answers", [(DAYS, False), (DAYS, "2024-05-31", False), (COMPANIES, False), (COMPANIES, "N", "")]
)
def test_cancel_half_way_changes_nothing(clerk, tmp_path, answers):
    other = [*ROWS[1][:4], "25", "25"]
    paths = [write(tmp_path / "a.csv", [HEADER, *ROWS]), write(tmp_path / "b.csv", [HEADER, other])]
    before = content(clerk.book)
    _line, failure = clerk.imports(paths, *answers)
    assert "nothing was changed" in failure
    assert one_sentence(failure)
    assert clerk.book.impl.state == before


@pytest.mark.parametrize(
    "control", ["refresh_month", "build_aging-customer", "collections_hour", "fill_tracker", "diagnose"]
)
def test_a_file_that_has_changed_is_asked_about_by_every_button(clerk, tmp_path, control):
    path = write(tmp_path / "t.csv", [HEADER, *ROWS])
    assert not clerk.imports(path, NO_SALES)[1]
    write(tmp_path / "t.csv", BOTH_WAYS)
    before = content(clerk.book)
    _line, failure = clerk.desk.press(clerk.book, control, False)
    assert "nothing was changed" in failure
    assert differences(clerk.book.impl.state, before) == []
    _line, failure = clerk.desk.press(clerk.book, control, "day first")
    assert not failure, failure
    clerk.calculate()
    assert "nothing has changed" in clerk.refreshes()


def test_an_aging_of_its_own_remembers_the_answer(clerk, tmp_path):
    path = write(tmp_path / "t.csv", [HEADER, *ROWS])
    assert not clerk.imports(path, NO_SALES)[1]
    write(tmp_path / "t.csv", BOTH_WAYS)
    _line, failure = clerk.desk.press(clerk.book, "build_aging-owner", "day first")
    assert not failure, failure
    assert sources.recall(clerk.book).answers.dates == "dmy"


def test_answers_are_remembered_whole_and_a_broken_name_is_asked_anew(desk):
    book = desk.host.new()
    said = sources.Answers(
        "dmy",
        'C:\\m|"x".toml',
        {"columns": {"amount": 'Betrag "netto" | €'}, "terms": {"N030": 30}, "words": {"kind": {"A=B": "invoice"}}},
        ("0123456789abcdef",),
        {"/a" * 300: DAY},
        {"/b": "N = 1"},
    )
    chosen = sources.Sources((Path("/a.csv"),), None, None, Path("/s.csv"), said)
    sources.remember(book, chosen)
    assert sources.recall(book) == chosen
    for broken in ("{oops", "[1]", '{""said"": {""colour"": ""red""}}', '{""said"": [1]}', '{""shape"": 1}'):
        book.names.add(sources.ANSWERS, f'="{broken}"')
        assert sources.recall(book).answers == sources.Answers(), broken
    sources.forget(book)
    assert len(book.names) == 0


def test_the_columns_that_version_0_1_remembered_are_understood(clerk, tmp_path):
    path = write(tmp_path / "f.csv", STRANGE, ";")
    columns = {"customer_name": "Wer", "document_date": "Geschrieben", "due_date": "Bis", "amount": "Wieviel"}
    assert not clerk.imports(path, *NAMED, AS_READ, NO_SALES)[1]
    kept = json.dumps({"columns": columns}).replace('"', '""')
    clerk.book.names.add(sources.ANSWERS, f'="{kept[:200]}"&"{kept[200:]}"')
    assert sources.recall(clerk.book).answers.said == {"columns": columns}
    _line, failure = clerk.desk.press(clerk.book, "refresh_month", AS_READ)
    assert not failure, failure
    clerk.calculate()
    assert [item["Amount"] for item in clerk.items] == [10.5, 7.25, 3.1, 99.99, 1.05]


# ---------------------------------------------------------------- every question of the command

GENERAL = ["Customer", "Invoice No", "Invoice date", "Due date", "Amount"]
DATED = [["Ada", "1", "2024-05-02", "2024-06-02", "10"], ["Bob", "2", "2024-05-13", "2024-06-12", "20"]]
LATER = [[HEADER, *ROWS], [HEADER, ["D", "2", "2024-05-13", "2024-06-12", "20", "5"]]]
PARTLY = [[*GENERAL, "Status", "Notes"], [*DATED[0], "Partially paid", "4"], [*DATED[1], "open", "20"]]
TERMS = [[*GENERAL[:3], "Payment terms", "Amount"], [*DATED[0][:3], "N030", "10"], [*DATED[1][:3], "X", "20"]]
TYPES = [[*GENERAL, "Type"], *([*row, kind] for row, kind in zip(DATED, ("RX", "RV"), strict=True)), [*DATED[1], "RV"]]
RIVALS = [[*GENERAL[:4], "Total", "Balance", "Remaining balance"]]
RIVALS += [["Ada", str(n), "2024-05-02", "2024-06-02", "20", str(n), str(n + 2)] for n in range(1, 5)]
DOLLARS = [[*GENERAL, "Currency"], *([*row, "$"] for row in DATED)]
CREDITS = [[*HEADER, "Kind"], [*ROWS[0], "invoice"], [*ROWS[1], "credit note"]]

ASKED = {
    "dates": ([BOTH_WAYS], ["day first"], ["--dates", "dmy"], "1  day first"),
    "mapping": (
        [STRANGE],
        [*NAMED, AS_READ],
        [
            *("--column", "customer_name=Wer", "--column", "document_no=Ref", "--column", "document_date=Geschrieben"),
            *("--column", "due_date=Bis", "--column", "amount=Wieviel", "--column", "open_amount=none"),
        ],
        "which column is the customer?",
    ),
    "snapshot": (
        LATER,
        [DAYS, "2024-05-31", DAY],
        ["--snapshot", "0.csv=2024-05-31", "--snapshot", f"1.csv={DAY}"],
        "Which day does 0.csv show?",
    ),
    "entity": (
        LATER,
        [COMPANIES, "North", "South"],
        ["--entity", "0.csv=North", "--entity", "1.csv=South"],
        "Which company's items does 0.csv hold?",
    ),
    "receipts": (
        [PARTLY],
        [WAYS["receipts"], "receipts.csv", AS_READ],
        ["--receipts", "receipts.csv"],
        f"1  {WAYS['receipts']}",
    ),
    "column": (
        [RIVALS],
        ["2", AS_READ],
        ["--column", "open_amount=Balance"],
        "1  'Remaining balance': total 18.00, overdue 18.00\n2  'Balance': total 10.00, overdue 10.00",
    ),
    "status": ([PARTLY], [WAYS["status"], AS_READ], ["--status", "Partially paid=open"], f"3  {WAYS['status']}"),
    "terms": (
        [TERMS],
        ["30", "14", AS_READ],
        ["--terms", "N030=30", "--terms", "X=14"],
        "Payment terms N030: payable within how many days?",
    ),
    "kind": (
        [TYPES],
        ["1", "2", AS_READ],
        ["--kind", "RV=invoice", "--kind", "RX=credit note"],
        "What is 'RV'?\n1  invoice: total 50.00",
    ),
    "sheet": ([None], ["May"], ["--sheet", "May"], "Which sheet is right?\n1  June\n2  May"),
    "encoding": (["Şahin"], ["1", AS_READ], ["--encoding", "cp1254"], "1  cp1254: 'Şahin'"),
    "as_of": (
        [[[*GENERAL[:3], "Days overdue", "Amount"], [*DATED[0][:3], "5", "10"], [*DATED[1][:3], "0", "20"]]],
        [AS_READ],
        [],
        "As of which date?",
    ),
    # These two are asked about files that say everything themselves: see `raised`.
    "signs": ([CREDITS], ["2"], ["--signs", "as-is"], f"2  {SIGNS['as-is']}"),
    "currency_word": ([DOLLARS], ["USD", AS_READ], ["--currency-word", "$=USD"], "Which currency is '$'?"),
}
"""Of each way to answer: what the files hold, what the clerk answers, the options that say so, and what is shown."""
RAISED = {
    "signs": Answer("signs", ("by-kind", "as-is")),
    "currency_word": Answer("currency_word", ("$=CAD", "$=USD")),
}


def raised(monkeypatch, answer):
    """Ask about files that say everything themselves, until it is answered."""
    read, table = sources.Sources.read, "words" if answer.to == "currency_word" else answer.to

    def asking_first(chosen, *arguments):
        if table not in chosen.answers.said:
            raise QuestionError("This is not told by the file.", answer)
        return read(chosen, *arguments)

    monkeypatch.setattr(sources.Sources, "read", asking_first)


def laid_out(folder, files):
    """Write the files of a question, which are known by what they hold."""
    write(folder / "receipts.csv", [["Document", "Date", "Amount"], ["1", "2024-06-03", "6"]])
    for place, rows in enumerate(files):
        if rows is None:
            with xlsxwriter.Workbook(folder / f"{place}.xlsx") as book:
                for name, some in (("June", ROWS), ("May", ROWS[:1])):
                    sheet = book.add_worksheet(name)
                    for at, row in enumerate([HEADER, *some]):
                        sheet.write_row(at, 0, row)
        elif isinstance(rows, str):
            text = f"{','.join(GENERAL)}\n{rows},{','.join(DATED[0][1:])}\n"
            (folder / f"{place}.csv").write_text(text, encoding="cp1254")
        else:
            write(folder / f"{place}.csv", rows)
    return sorted(str(path) for path in folder.glob("[0-9].*"))


def test_documents_of_one_customer_whom_no_column_names_need_one_answer(clerk, tmp_path):
    path = write(tmp_path / "Alpha.csv", [row[1:] for row in [GENERAL, *DATED]])
    _line, failure = clerk.imports(path, ONE_CUSTOMER, AS_READ, NO_SALES)
    assert not failure, failure
    assert {item["Customer"] for item in clerk.items} == {"Alpha"}


def test_what_is_open_of_documents_partly_paid_may_be_a_column(clerk, tmp_path):
    path = write(tmp_path / "t.csv", PARTLY)
    _line, failure = clerk.imports(path, WAYS["column"], "Notes", AS_READ, NO_SALES)
    assert not failure, failure
    assert any("which column is the amount still open?" in text for text in clerk.asked)
    assert [item["Open amount"] for item in clerk.items] == [4.0, 20.0]
    assert "nothing has changed" in clerk.refreshes()


def test_every_way_to_answer_is_looked_at():
    assert set(ASKED) == set(get_args(get_type_hints(Answer)["to"]))


def test_the_documents_have_an_answer_to_every_question():
    text = (Path(__file__).parents[1] / "docs/reading.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| .* \| (`--.*`) \|$", text, re.MULTILINE)
    answers = [shlex.split(answer) for row in rows for answer in re.findall(r"`([^`]*)`", row)]
    names = {option: param.name for param in cli.check.params for option in param.opts}
    of_files = {"snapshots": "snapshot", "entities": "entity", "sheets": "sheet"}
    told = [of_files.get(names[option], names[option]) for option, _ in answers]
    assert sorted(set(told)) == sorted(ASKED)
    for name, (_, example) in zip(told, answers, strict=True):
        assert name not in ("column", "terms", "kind", "status", "currency_word", "sheet") or said_by(name, example)


@pytest.mark.parametrize("to", ASKED)
def test_every_question_of_the_command_is_asked_in_excel_and_gives_the_same(clerk, tmp_path, monkeypatch, to):
    files, answers, options, shown = ASKED[to]
    monkeypatch.chdir(tmp_path)
    paths = laid_out(tmp_path, files)
    if to in RAISED:
        raised(monkeypatch, RAISED[to])
    history = to in ("snapshot", "receipts")
    _line, failure = clerk.imports(paths, *answers, *(() if history else (NO_SALES,)))
    assert not failure, failure
    assert any(shown in text for text in clerk.asked), clerk.asked
    context = cli.check.make_context("check", [*paths, "--as-of", DAY, *options])
    by_command = cli._read(context.params.pop("ledger"), context.params)
    by_clerk = sources.recall(clerk.book).read("", date.fromisoformat(DAY))
    assert_frame_equal(by_clerk.items, by_command.items)
    assert_frame_equal(by_clerk.receipts, by_command.receipts)
    assert [item["Document"] for item in clerk.items] == by_command.items["document_no"].tolist()
    assert "nothing has changed" in clerk.refreshes()


@pytest.mark.parametrize("to", sorted(ASKED.keys() - {"as_of"}))
def test_every_question_can_be_cancelled(clerk, tmp_path, monkeypatch, to):
    files, answers, _options, _shown = ASKED[to]
    monkeypatch.chdir(tmp_path)
    paths = laid_out(tmp_path, files)
    if to in RAISED:
        raised(monkeypatch, RAISED[to])
    before = content(clerk.book)
    for said in range(len(answers)):
        _line, failure = clerk.imports(paths, *answers[:said], False)
        assert "nothing was changed" in failure
        assert one_sentence(failure)
        assert clerk.book.impl.state == before


# ---------------------------------------------------------------- what was answered, next month


def test_what_was_answered_holds_for_the_next_file_with_these_headings(clerk, tmp_path):
    _line, failure = clerk.imports(write(tmp_path / "may.csv", TERMS), "30", "14", AS_READ, NO_SALES)
    assert not failure, failure
    later = [TERMS[0], ["Cy", "7", "2024-06-03", "X", "70"]]
    _line, failure = clerk.imports(write(tmp_path / "june.csv", later), NO_SALES)
    assert not failure, failure
    assert [str(item["Due date"])[:10] for item in clerk.items] == ["2024-06-17"]
    # A key that is new is asked about alone.
    later += [["Cy", "8", "2024-06-03", "N090", "80"]]
    _line, failure = clerk.imports(write(tmp_path / "july.csv", later), "90", NO_SALES)
    assert not failure, failure
    assert sources.recall(clerk.book).answers.said == {"terms": {"N030": 30, "X": 14, "N090": 90}}


@pytest.mark.parametrize("press", ["import", "refresh"])
def test_an_answer_about_headings_that_are_gone_is_dropped_with_a_word(clerk, tmp_path, press):
    path = write(tmp_path / "may.csv", RIVALS)
    _line, failure = clerk.imports(path, "'Balance': total 10.00, overdue 10.00", AS_READ, NO_SALES)
    assert not failure, failure
    other = [[*HEADER[:5], "Outstanding amount"], ["C", "1", "2024-05-02", "2024-06-01", "10", "4"]]
    if press == "import":
        _line, failure = clerk.imports(write(tmp_path / "june.csv", other), NO_SALES)
    else:
        write(tmp_path / "may.csv", other)
        _line, failure = clerk.desk.press(clerk.book, "refresh_month")
    assert not failure, failure
    assert any("does not fit these and is not used" in text and "'Balance'" in text for text in clerk.asked)
    assert [item["Open amount"] for item in clerk.items] == [4.0]
    assert sources.recall(clerk.book).answers == sources.Answers()


def test_what_was_said_of_signs_is_not_said_of_a_file_with_other_headings(clerk, tmp_path, monkeypatch):
    path = write(tmp_path / "may.csv", CREDITS)
    with monkeypatch.context() as patch:
        raised(patch, RAISED["signs"])
        assert not clerk.imports(path, SIGNS["as-is"], NO_SALES)[1]
    assert [item["Amount"] for item in clerk.items] == [10.0, 20.0]
    other = [["Customer number", *CREDITS[0][1:]], *CREDITS[1:]]
    _line, failure = clerk.imports(write(tmp_path / "june.csv", other), NO_SALES)
    assert not failure, failure
    assert any("does not fit these and is not used" in text for text in clerk.asked)
    assert [item["Amount"] for item in clerk.items] == [10.0, -20.0]


def test_that_dates_were_exchanged_is_said_of_one_file_alone(clerk, tmp_path):
    rows = [HEADER[:5], *(["C", str(n), f"2024-0{n}-15", f"2024-01-{n:02d}", "10"] for n in range(2, 9))]
    path = write(tmp_path / "s.csv", rows)
    assert not clerk.imports(path, "they are right as they stand", NO_SALES, day="2024-08-31")[1]
    right = [HEADER[:5], *(["C", str(n), f"2024-0{n}-01", f"2024-0{n}-15", "10"] for n in range(2, 9))]
    assert not clerk.imports(write(tmp_path / "t.csv", right), NO_SALES)[1]
    assert sources.recall(clerk.book).answers.dates is None


def test_a_question_too_long_for_its_boxes_is_shown_whole(desk):
    """In message boxes of a length that shows, one after the other, and none of its choices is lost."""
    app, lines = desk.open(BLANK).app, [f"Column {n} is {'x' * n}" for n in range(1, 80)]
    choices = [f"Choice {n} of many" for n in range(60)]
    desk.host.answers[:] = ["57"]
    assert asking.one_of(app, "\n".join([*lines, "Which?"]), choices) == "Choice 56 of many"
    assert all(len(alert) <= asking.LONGEST_MESSAGE + len(f"{asking.TAB}\n") for alert in desk.host.alerts)
    shown = "\n".join(desk.host.alerts)
    assert all(line in shown for line in [*lines, *choices])
    assert desk.host.dialogs[-1]["Prompt"] == "Which?"


@pytest.mark.parametrize("typed", ["-1", "30 days", "1000", ""])
def test_days_are_a_number(desk, typed):
    desk.host.answers[:] = [typed]
    with pytest.raises(ribbon.ButtonError, match="is not a number of days"):
        asking.days(desk.open(BLANK).app, "How many?", "30")
