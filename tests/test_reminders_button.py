"""The button "Reminders due": drafts beside the workbook, and Activity only once the clerk has said yes."""

import csv
import io

import pytest
from desk import BLANK, content, one_sentence
from excel_host import differences

from xlwings_addin.writing import live

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

BUTTON = "reminders_due"


def rows_of(book):
    """The lines of Activity, blank ones left out, and where the table stands."""
    sheet = book.sheets["Activity"]
    block = sheet.tables["tblActivity"].range.value
    return [row for row in block[1:] if any(cell is not None for cell in row)]


def ready(desk):
    book = desk.imported(BLANK)
    book.sheets["Settings"].range("company").value = "Elm Works"
    return book, desk.company.as_of.isoformat(), content(book)


def folder_of(desk, day, number=1):
    return desk.folder / (f"reminders {day}" if number == 1 else f"reminders {day} ({number})")


def listed(folder):
    return list(csv.DictReader(io.StringIO((folder / "list.csv").read_text("utf-8-sig"))))


@pytest.mark.slow
def test_without_a_yes_the_drafts_lie_there_and_the_workbook_is_untouched(desk):
    book, day, before = ready(desk)
    copies = sorted(desk.folder.glob("*backup*"))
    desk.host.forget_counts()
    line, failure = desk.press(book, BUTTON, day)
    assert not failure, failure
    assert book.impl.state == before
    assert not desk.host.writes
    assert sorted(desk.folder.glob("*backup*")) == copies
    folder = folder_of(desk, day)
    drafted = list(folder.glob("*.eml"))
    assert f"{len(drafted)} reminder" in line
    assert str(folder) in line
    assert "Activity stays as it was" in line
    assert "None was sent" in desk.host.alerts[-1]
    assert one_sentence(f"{line}")


def test_after_a_yes_activity_says_so_and_nobody_is_reminded_again(desk):
    book, day, before = ready(desk)
    aging = book.sheets["Activity"].tables["tblActivity"]
    headings = list(aging.range[0, :].value)
    typed = {"Who": "Jo", "Customer ID": "0001", "Kind": "call", "Outcome": "pays on Friday"}
    for heading, value in typed.items():
        aging.range[1, headings.index(heading)].value = value
    before = content(book)
    desk.host.choice = "yes"
    line, failure = desk.press(book, BUTTON, day)
    assert not failure, failure
    assert one_sentence(line)
    drafted = [row for row in listed(folder_of(desk, day)) if row["Result"] == "drafted"]
    lines = rows_of(book)
    assert [lines[0][headings.index(heading)] for heading in typed] == list(typed.values())
    at = [headings.index(name) for name in ("Customer ID", "Document", "Kind", "Channel", "Outcome")]
    assert {tuple(row[place] for place in at) for row in lines[1:]} == {
        (row["Customer ID"], row["Document"], "reminder", "e-mail", row["Stage"]) for row in drafted
    }
    assert {row[headings.index("Date")].date().isoformat() for row in lines[1:]} == {day}
    assert f"{len(lines) - 1:,} lines added to Activity" in line
    # Nothing else of the workbook has changed, and a copy of what was is kept.
    changed = [text for text in differences(book.impl.state, before) if "Activity" not in text]
    assert changed == []
    assert len(list(desk.folder.glob("*backup*"))) >= 1
    logged = content(book)
    line, failure = desk.press(book, BUTTON, day)
    assert not failure, failure
    assert "no reminder is due" in line
    assert book.impl.state == logged
    assert not folder_of(desk, day, 2).exists()
    # A refresh keeps the lines.
    line, failure = desk.press(book, "refresh_month")
    assert not failure, failure
    assert rows_of(book) == lines


def test_another_press_makes_another_folder(desk):
    book, day, _before = ready(desk)
    assert not desk.press(book, BUTTON, day)[1]
    kept = {path.name: path.read_bytes() for path in folder_of(desk, day).iterdir()}
    assert not desk.press(book, BUTTON, day)[1]
    assert {path.name: path.read_bytes() for path in folder_of(desk, day).iterdir()} == kept
    assert listed(folder_of(desk, day, 2)) == listed(folder_of(desk, day))


def test_it_drafts_what_the_command_would_draft(desk, tmp_path):
    from xlwings_addin.ledger.days import day_number
    from xlwings_addin.month_end.work.reminders import READ, due, is_open
    from xlwings_addin.sheets import ledger as ledger_sheet
    from xlwings_addin.writing import file
    from xlwings_addin.writing.carry_over import read_back, read_table

    book, day, _before = ready(desk)
    assert not desk.press(book, BUTTON, day)[1]
    path = tmp_path / "month.xlsx"
    file.write(path, desk.month(book))
    settings, entries = read_back(path)
    assert settings == live.read_back_live(book)[0]
    found = due(read_table(path, ledger_sheet.table(), READ, is_open), settings, entries, day_number(day))
    names = ("Customer ID", "Document", "Result", "Open amount")
    mine = sorted(tuple(row[name] for name in names) for row in listed(folder_of(desk, day)))
    drafted = [one for draft in found.drafts for one in draft.items]
    theirs = [(one.customer, one.document, "drafted", f"{one.amount / 100:.2f}") for one in drafted]
    theirs += [(one.customer, one.document, "skipped", f"{one.amount / 100:.2f}") for one, _ in found.skipped]
    assert mine == sorted(theirs)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (False, "No date was given"),
        ("31.10.2026", "is not a date"),
        ("2020-01-01", "it cannot say what was due on 2020-01-01"),
    ],
)
def test_an_answer_that_cannot_be_used_writes_nothing(desk, answer, says):
    book, _day, before = ready(desk)
    names = sorted(desk.folder.iterdir())
    _line, failure = desk.press(book, BUTTON, answer)
    assert says in failure
    assert one_sentence(failure)
    assert book.impl.state == before
    assert sorted(desk.folder.iterdir()) == names


def protected(desk, book):
    book.impl.state.sheets[[s.title for s in book.impl.state.sheets].index("Activity")].protected = True


def filtered(desk, book):
    desk.host.table(book, "tblActivity")[0].filtered = True


def read_only(desk, book):
    book.impl.read_only = True


def no_company(desk, book):
    book.sheets["Settings"].range("company").value = None


def unknown_bracket(desk, book):
    table = book.sheets["Policies"].tables["tblEmails"]
    table.range[1, list(table.range[0, :].value).index("Your wording")].value = "Dear [nobody], [invoices]"


WRONGLY = {
    protected: "The sheet Activity is protected",
    filtered: "The table tblActivity on the sheet Activity is filtered",
    read_only: "is open for reading only",
    no_company: "Settings names no company",
    unknown_bracket: "your wording holds [nobody]",
}


@pytest.mark.parametrize("wrong", WRONGLY, ids=lambda wrong: wrong.__name__)
def test_pressed_wrongly_it_says_one_sentence_and_leaves_nothing(desk, wrong):
    book, day, _before = ready(desk)
    wrong(desk, book)
    before, names = content(book), sorted(desk.folder.iterdir())
    desk.host.choice = "yes"
    _line, failure = desk.press(book, BUTTON, day)
    assert WRONGLY[wrong] in failure
    assert "\n" not in failure
    assert book.impl.state == before
    assert sorted(desk.folder.iterdir()) == names


def test_before_a_ledger_is_loaded_it_says_what_to_press(desk):
    book = desk.open(BLANK)
    _line, failure = desk.press(book, BUTTON)
    assert failure == "The workbook holds no month yet; press Import ledger first."


def test_in_a_workbook_without_our_sheets_the_template_is_offered(desk):
    book = desk.host.new()
    line, _failure = desk.press(book, BUTTON)
    assert line == "Receivables: nothing was changed."
    assert "holds none of the Receivables tables" in desk.host.alerts[-1]


def test_drafts_of_a_workbook_in_the_cloud_stay_on_this_computer(desk):
    book, day, _before = ready(desk)
    book.impl.url = "https://example.sharepoint.com/sites/ar/Receivables template.xlsx"
    line, failure = desk.press(book, BUTTON, day)
    assert not failure, failure
    kept = desk.folder / "state" / "Receivables" / "backups" / f"reminders {day}"
    assert list(kept.glob("*.eml"))
    assert str(kept) in line
