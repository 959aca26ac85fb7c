"""A clerk at an Excel that is open: presses the ribbon's buttons on the workbooks that come with the product."""

import copy
import shutil
from pathlib import Path

import excel_host
import pytest

from xlwings_addin import now, ribbon, version
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.log import log_file
from xlwings_addin.month_end import close_month
from xlwings_addin.writing import file, live

TEMPLATES = Path(__file__).parents[1] / "workbook_templates"

BLANK, SAMPLE = "Receivables template.xlsx", "Receivables sample month.xlsx"
EITHER = pytest.mark.parametrize("name", [BLANK, pytest.param(SAMPLE, marks=pytest.mark.slow)])

IMPORTED = {}
"""Workbooks after their import: it takes a second, and most tests begin with it."""


class Desk:
    """A clerk at an Excel: the workbook open, the ledger's files at hand."""

    def __init__(self, clock, files, company, folder):
        self.host, self.clock, self.files, self.company, self.folder = excel_host.start(), clock, files, company, folder

    def open(self, name):
        path = self.folder / name
        shutil.copy(TEMPLATES / name, path)
        return self.host.open(path)

    def press(self, book, control, *answers):
        self.clock()
        self.host.answers[:] = answers
        line, failure = ribbon.run(control, "", book)
        assert bool(line) != bool(failure)
        assert "unexpected error" not in failure, log_file().read_text()
        return line, failure

    def chosen(self, *, dated=False):
        """What the clerk answers to Import ledger."""
        day = (self.company.as_of.isoformat(),) if dated else ()
        return ((str(self.files.ledger),), str(self.files.receipts), str(self.files.customers), *day)

    def imported(self, name, *, fresh=False):
        """A workbook into which the ledger was imported, and its formulas calculated."""
        book = self.open(name)
        if name in IMPORTED and not fresh:
            book.impl.state = copy.deepcopy(IMPORTED[name])
            return book
        dated = name == BLANK
        _line, failure = self.press(book, "import_ledger", *self.chosen(dated=dated))
        assert not failure, failure
        self.calculate(book)
        IMPORTED[name] = content(book)
        return book

    def month(self, book):
        """The month as the file writer's side sees it: from the files, the settings and the entries."""
        settings, entries = live.read_back_live(book)
        ledger = read_ledger([self.files.ledger], receipts=self.files.receipts, customers=self.files.customers)
        day = live.Opened(book).as_of
        return close_month(ledger, settings, day, entries=entries, refreshed=now(), version=version())

    def calculate(self, book):
        """Let every formula give what the file of the same month says it gives.

        The workbook cannot be read before, as in Excel it would be calculated by then: so what the formulas give
        is taken from a month made of the same files for the same day.
        """
        state = copy.deepcopy(book.impl.state)
        for sheet in book.impl.state.sheets:
            for cell in sheet.cells.values():
                if cell.kind == "f" and cell.calculated is None:
                    cell.calculated = ""
        month = self.month(book)
        twin = self.written(month)
        for sheet, kept in zip(book.impl.state.sheets, state.sheets, strict=True):
            sheet.cells = kept.cells
        self.host.calculate_as(book, twin)
        return twin

    def written(self, month):
        path = self.folder / "twin.xlsx"
        path.unlink(missing_ok=True)
        file.write(path, month)
        return excel_host.load(path)


def content(book):
    return copy.deepcopy(book.impl.state)


def one_sentence(text):
    return "\n" not in text and text.endswith(".") and "Traceback" not in text and len(text) < 300
