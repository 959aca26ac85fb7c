"""The collections hour and Log promise, pressed on the workbooks that come with the product; and pressed wrongly."""

import datetime as dt

import pytest
from calendars import parsed
from desk import BLANK, SAMPLE, content
from excel_host import differences

from xlwings_addin.buttons import asking
from xlwings_addin.buttons.collections import CALENDAR
from xlwings_addin.ribbon import ButtonError
from xlwings_addin.writing import live

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def rows(book, table):
    """A table's rows by heading, formulas as they stand."""
    found = next(t for sheet in book.sheets for t in sheet.tables if t.name == table)
    block = found.range.options("raw").formula
    return [dict(zip(block[0], row, strict=True)) for row in block[1:]]


def select(desk, book, table, at):
    found = next(t for sheet in book.sheets for t in sheet.tables if t.name == table)
    desk.host.app.selection = found.range[at + 1, 2].impl
    return rows(book, table)[at]


def written(book):
    return [row for row in rows(book, "tblActivity") if row["Kind"]]


def serial(text):
    return float((dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days)


@pytest.mark.slow
def test_the_collections_hour_shows_the_month_and_writes_the_calendar(desk):
    book = desk.imported(BLANK)
    before = content(book)
    for _ in range(2):
        line, failure = desk.press(book, "collections_hour")
        assert not failure, failure
        assert book.sheets.active.name == "Collections"
        assert differences(book.impl.state, before) == []
        desk.calculate(book)
    calendar = desk.folder / CALENDAR
    assert str(calendar) in line
    _, event = parsed(calendar.read_bytes().decode())
    assert event["RRULE"] == "FREQ=WEEKLY;BYDAY=TU"


def test_a_promise_is_logged_and_stands_beside_its_item(desk):
    book = desk.imported(BLANK)
    row = select(desk, book, "tblWorklist", 0)
    line, failure = desk.press(book, "log_promise-promise", "2026-11-20", "1'250.50")
    assert not failure, failure
    assert "promise of" in line
    (logged,) = written(book)
    assert (logged["Customer ID"], logged["Document"], logged["Who"]) == (
        row["Customer ID"],
        row["Document"],
        row["Owner"],
    )
    assert (logged["Kind"], float(logged["For the day"]), float(logged["Amount"])) == (
        "promise",
        serial("2026-11-20"),
        1250.5,
    )
    now = rows(book, "tblWorklist")[0]
    assert (float(now["Promised for"]), float(now["Promised amount"])) == (serial("2026-11-20"), 1250.5)
    _, entries = live.read_back_live(book)
    assert len(entries.rows("tblActivity")) == 1
    # The refresh finds the line that is there, and adds none.
    assert not desk.press(book, "refresh_month")[1]
    assert len(written(book)) == 1
    document = next(r for r in rows(book, "tblWorklist") if r["Document"] == row["Document"])
    assert document["Promise"] == "open"


@pytest.mark.slow
def test_a_dispute_is_asked_for_by_number_and_beneath_the_last_line(desk):
    book = desk.imported(BLANK)
    select(desk, book, "tblWorklist", 1)
    for _ in range(12):  # more than the rows that are offered
        _line, failure = desk.press(book, "log_promise", "dispute", "2", "2026-12-01")
        assert not failure, failure
    logged = written(book)
    assert len(logged) == 12
    assert {(r["Kind"], r["Outcome"], float(r["For the day"])) for r in logged} == {
        ("dispute", "Price mismatch", serial("2026-12-01"))
    }
    assert rows(book, "tblWorklist")[1]["Dispute code"] == "Price mismatch"
    # What was typed over is in a copy.
    assert list(desk.folder.glob("*backup*"))


@pytest.mark.parametrize(("table", "document"), [("tblAging", False), ("tblItems", True), ("tblCallList", False)])
def test_rows_of_other_sheets_are_logged_without_a_cell_beside_them(desk, table, document):
    book = desk.imported(BLANK)
    row = select(desk, book, table, 0)
    worklist = rows(book, "tblWorklist")
    assert not desk.press(book, "log_promise-promise", "2026-11-20", "")[1]
    (logged,) = written(book)
    assert logged["Customer ID"] == row["Customer ID"]
    assert logged["Document"] == (row["Document"] if document else "")
    assert logged["Amount"] == ""
    assert rows(book, "tblWorklist") == worklist


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((False,), "No date was given"),
        (("soon",), "is not a date"),
        (("2026-11-20", False), "No amount was given"),
        (("2026-11-20", "much"), "is not an amount"),
        (("2026-11-20", "1.234"), "may be two"),
    ],
)
def test_what_is_answered_wrongly_changes_nothing(desk, answers, says):
    book = desk.imported(BLANK)
    select(desk, book, "tblWorklist", 0)
    before = content(book)
    assert says in desk.press(book, "log_promise-promise", *answers)[1]
    assert differences(book.impl.state, before) == []


def test_a_row_must_be_selected(desk):
    book = desk.imported(BLANK)
    for sheet, cell in (("Collections", "A1"), ("Monthly", "B6")):
        desk.host.app.selection = book.sheets[sheet].range(cell).impl
        assert "Select a row" in desk.press(book, "log_promise")[1]
    aging = book.sheets["Aging"].tables["tblAging"]
    for row in (0, aging.range.shape[0] - 1):
        desk.host.app.selection = aging.range[row, 0].impl
        assert "Select a row" in desk.press(book, "log_promise-promise")[1]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("", None), ("12", 12.0), ("1234.56", 1234.56), ("1234,56", 1234.56), ("1,234.56", 1234.56), ("1.234,5", 1234.5),
     ("1'234", 1234.0), ("1 234 567", 1234567.0), ("1,234,567", 1234567.0), ("1234.567", 1234.567)],
)  # fmt: skip
def test_amounts_are_read_as_they_are_written_in_any_country(typed, amount):
    assert asking.amount(_answering(typed), "?") == amount


@pytest.mark.parametrize("typed", ["1.234", "1,234", "x", "-5", "1,23,4", "0"])
def test_amounts_that_may_be_two_are_refused(typed):
    if typed == "0":
        assert asking.amount(_answering(typed), "?") == 0.0
        return
    with pytest.raises(ButtonError):
        asking.amount(_answering(typed), "?")


def test_a_choice_is_made_by_number_or_word():
    choices = ("promise", "dispute")
    assert [asking.one_of(_answering(t), "?", choices) for t in ("1", "2", " Dispute ")] == [
        "promise",
        "dispute",
        "dispute",
    ]
    for typed in ("3", "0", "", "prom", False):
        with pytest.raises(ButtonError):
            asking.one_of(_answering(typed), "?", choices)


class _answering:  # noqa: N801 - stands for Excel
    """An Excel whose clerk answers the same to every question."""

    def __init__(self, answer):
        self.api, self.answer = self, answer

    def InputBox(self, **_):  # noqa: N802 - Excel's own name
        return self.answer


# ---------------------------------------------------------------- credits

LOG = "log_credits"


def with_credits(desk, name=BLANK):
    """A workbook with a credit to log."""
    book = desk.imported(name)
    state, sheet = desk.host.table(book, "tblCredits")
    assert state.rows == 2, "the company at the desk has one credit"
    return book, state, sheet


def test_a_selected_credit_is_logged_once_and_shows_the_day(desk):
    book = with_credits(desk)[0]
    row = select(desk, book, "tblCredits", 0)
    worklist = rows(book, "tblWorklist")
    line, failure = desk.press(book, LOG)
    assert not failure, failure
    assert "1 line added to Activity" in line
    (logged,) = written(book)
    assert (logged["Customer ID"], logged["Document"], logged["Kind"], float(logged["Amount"])) == (
        row["Customer ID"],
        row["Credit document"],
        "credit",
        float(row["Amount"]),
    )
    assert logged["Outcome"] == f"apply {row['Credit document']} to {row['Apply to']} (exact)"
    assert (logged["For the day"], logged["Channel"]) == ("", "")
    shown = rows(book, "tblCredits")
    assert shown[0]["Logged"] == logged["Date"]
    before = content(book)
    line, failure = desk.press(book, LOG)
    assert not failure, failure
    assert "logged already" in line
    assert differences(book.impl.state, before) == []
    # The refresh finds the line, shows its day and counts no contact.
    assert not desk.press(book, "refresh_month")[1]
    assert len(written(book)) == 1
    assert rows(book, "tblCredits") == shown
    assert [r["Last contact"] for r in rows(book, "tblWorklist")] == [r["Last contact"] for r in worklist]


def test_without_a_selected_credit_all_are_logged_after_a_yes(desk):
    book = with_credits(desk)[0]
    select(desk, book, "tblWorklist", 0)
    before = content(book)
    line, failure = desk.press(book, LOG)
    assert not failure, failure
    assert "nothing was changed" in line
    assert "Log all 1 proposals?" in desk.host.alerts[-1]
    assert differences(book.impl.state, before) == []
    desk.host.choice = "yes"
    line, failure = desk.press(book, LOG)
    assert not failure, failure
    assert len(written(book)) == 1
    assert "logged already" in desk.press(book, LOG)[0]


def test_a_credit_with_nothing_to_pay_is_not_logged(desk):
    book, state, sheet = with_credits(desk)
    headings = list(rows(book, "tblCredits")[0])
    sheet.at(state.row + 1, state.column + headings.index("Apply to")).value = ""
    before = content(book)
    select(desk, book, "tblCredits", 0)
    assert "nothing was changed" in desk.press(book, LOG)[0]
    assert differences(book.impl.state, before) == []


@pytest.mark.slow
def test_of_several_selected_credits_those_not_logged_yet_are(desk):
    book = desk.open(SAMPLE)
    table = book.sheets["Credits"].tables["tblCredits"]
    shown, before = rows(book, "tblCredits"), len(written(book))
    assert [bool(row["Apply to"]) for row in shown] == [True, True]
    select(desk, book, "tblCredits", 1)
    assert "1 line added" in desk.press(book, LOG)[0]
    assert [bool(row["Logged"]) for row in rows(book, "tblCredits")] == [False, True]
    desk.host.app.selection = table.range[0:3, 1:3].impl  # the headings as well
    assert "1 line added" in desk.press(book, LOG)[0]
    assert [row["Document"] for row in written(book)[before:]] == [row["Credit document"] for row in shown[::-1]]
    assert "logged already" in desk.press(book, LOG)[0]
    assert len(written(book)) == before + 2
