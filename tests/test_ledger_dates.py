"""Dates that a spreadsheet has exchanged, or a clerk: noticed, asked about, put right when told."""

from __future__ import annotations

import csv
import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.errors import QuestionError
from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["Customer ID", "Document", "Document date", "Due date", "Amount"]


def documents(count: int = 120, terms: int = 30) -> list[tuple[dt.date, dt.date]]:
    """Invoices in the order of their numbers, a few a week."""
    first = dt.date(2023, 1, 3)
    return [(first + dt.timedelta(3 * n), first + dt.timedelta(3 * n + terms)) for n in range(count)]


def as_spreadsheet(day: dt.date) -> dt.date | str:
    """What a month-first spreadsheet makes of 13/05/2024 (text) and of 05/03/2024 (3 May)."""
    if day.day > 12:
        return day.strftime("%d/%m/%Y")
    return dt.date(day.year, day.day, day.month)


def exchanged(day: dt.date) -> dt.date:
    return dt.date(day.year, day.day, day.month) if day.day <= 12 else day


def workbook(path: Path, pairs: list[tuple[dt.date | str, dt.date | str]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADER)
    for row, pair in enumerate(pairs, start=1):
        sheet.write_row(row, 0, ["C", f"INV-{row:05d}"])
        for column, day in enumerate(pair, start=2):
            if isinstance(day, str):
                sheet.write_string(row, column, day)
            else:
                sheet.write_datetime(row, column, day, style)
        sheet.write_number(row, 4, 100)
    book.close()
    return path


def text(path: Path, pairs: list[tuple[dt.date, dt.date]], style: str) -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for row, (document, due) in enumerate(pairs, start=1):
            out.writerow(["C", f"INV-{row:05d}", document.strftime(style), due.strftime(style), "100"])
    return path


def days(path: Path, **how) -> list[tuple[str, str]]:
    items = read_ledger(path, **how).items
    return [(iso(one), iso(two)) for one, two in items[["document_date", "due_date"]].to_numpy().tolist()]


RIGHT = [(one.isoformat(), two.isoformat()) for one, two in documents()]


def test_a_spreadsheet_that_took_days_for_months_is_noticed_and_undone(tmp_path):
    path = workbook(tmp_path / "m.xlsx", [(as_spreadsheet(one), as_spreadsheet(two)) for one, two in documents()])
    with pytest.raises(
        QuestionError, match=r"texts with a day over 12 and \d+ real dates with a day up to 12"
    ) as asked:
        read_ledger(path)
    assert asked.value.option == "--dates swapped|as-is"
    assert days(path, dates="swapped") == RIGHT


def test_exchanged_due_dates_are_known_by_their_terms(tmp_path):
    """As in a real file, where 3,157 of 9,681 due dates were exchanged: 9.25 million of debt that was none."""
    path = workbook(tmp_path / "d.xlsx", [(one, exchanged(two)) for one, two in documents()])
    with pytest.raises(
        QuestionError, match=r"of 120 items are due before .* 'Due date' exchanged hardly any is"
    ) as asked:
        read_ledger(path)
    assert asked.value.option == "--dates swapped|as-is"
    assert days(path, dates="swapped") == RIGHT
    told = {one.code: one for one in read_ledger(path, dates="as-is").findings}
    assert told["due before document"].severity == "error"


def test_exchanged_document_dates_are_known_by_the_running_order(tmp_path):
    path = workbook(tmp_path / "o.xlsx", [(exchanged(one), "") for one, _ in documents()])
    with pytest.raises(QuestionError, match="run in order of date only when day and month"):
        read_ledger(path)
    assert [one for one, _ in RIGHT] == [
        iso(day) for day in read_ledger(path, dates="swapped").items["document_date"].tolist()
    ]


def test_honest_files_are_not_asked_about(tmp_path):
    right = documents()
    assert days(workbook(tmp_path / "h.xlsx", right)) == RIGHT
    shuffled = random.Random(1).sample(right, len(right))
    assert days(workbook(tmp_path / "s.xlsx", shuffled)) == [(a.isoformat(), b.isoformat()) for a, b in shuffled]
    assert days(text(tmp_path / "h.csv", right, "%d/%m/%Y")) == RIGHT
    assert days(text(tmp_path / "m.csv", right, "%m/%d/%Y")) == RIGHT
    assert days(text(tmp_path / "two.csv", right[::9], "%d/%m/%y")) == RIGHT[::9]


def test_the_wrong_answer_is_seen_by_its_terms(tmp_path):
    # Due on the eleventh of the same month: month first, most are due before they were written.
    pairs = [(dt.date(2024, month, day), dt.date(2024, month, 11)) for month in range(1, 13) for day in (2, 5, 9)]
    path = text(tmp_path / "w.csv", pairs, "%d/%m/%Y")
    assert days(path, dates="dmy") == [(one.isoformat(), two.isoformat()) for one, two in pairs]
    pairs = [(dt.date(2024, month, 9), dt.date(2024, month + 1, 2)) for month in range(1, 12)]
    path = text(tmp_path / "x.csv", pairs, "%m/%d/%Y")
    assert days(path, dates="mdy") == [(one.isoformat(), two.isoformat()) for one, two in pairs]
    with pytest.raises(QuestionError, match=r"month first hardly any is\.$") as asked:
        read_ledger(path, dates="dmy")
    assert asked.value.option == "--dates mdy|as-is"


def test_months_are_exchanged_only_where_they_can_be():
    import numpy as np

    from xlwings_addin.ledger.dates import BAD_DATE, swap
    from xlwings_addin.ledger.values import NO_DATE

    every = np.arange(day_number("1999-12-25"), day_number("2004-03-05"), dtype=np.int32)
    twice = swap(swap(every))
    assert (twice == every).all()
    for day in every.tolist():
        date = dt.date.fromisoformat(iso(day))
        assert iso(int(swap(np.array([day], np.int32))[0])) == exchanged(date).isoformat()
    odd = np.array([NO_DATE, BAD_DATE], np.int32)
    assert (swap(odd) == odd).all()
    # All at once or far apart, among missing dates or not: each day as if it were alone.
    for some in (every, every[::-1], every[[0, -1]], np.append(every, odd), np.append(odd, every[[7, 1000]])):
        assert swap(some).tolist() == [int(swap(some[[place]])[0]) for place in range(some.size)]
