"""Workbooks as the command writes them month by month, as a clerk types into them, and as a viewer shows them."""

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn, TableFormula

from xlwings_addin.month_end import close_month
from xlwings_addin.settings import Settings
from xlwings_addin.writing import file
from xlwings_addin.writing.carry_over import read_back
from xlwings_addin.writing.outputs import Outputs

NOW = "2026-11-02 08:00:00"
TWO_ITEMS = """Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Region
0001,Elm Works,A1,2024-01-05,2024-02-04,EUR,1000.00,North
0002,Oak Trading,A2,2024-01-25,2024-02-24,EUR,500.00,South
"""
"""A ledger small enough for a workbook of it to be made in a moment."""


def refresh(ledger, as_of, out, previous=None, now=NOW, **chosen):
    """What the command does, without its options."""
    settings, entries = read_back(previous) if previous else (Settings(company="Example Ltd"), None)
    settings = settings.__class__(**{**{f: getattr(settings, f) for f in settings.__slots__}, **chosen})
    month = close_month(ledger, settings, as_of, entries=entries, refreshed=now, version="test")
    with Outputs(now=now) as files:
        file.write(out, month, files=files)
    return month


class Typed:
    """A workbook under a clerk's hands."""

    def __init__(self, path):
        self.path, self.book = path, openpyxl.load_workbook(path)

    def table(self, name):
        sheet = next(sheet for sheet in self.book if name in sheet.tables)
        return sheet, sheet.tables[name], range_boundaries(sheet.tables[name].ref)

    def type(self, table, key, heading, value):
        """Type a value on the row whose first cells are `key`."""
        sheet, _, (left, top, right, bottom) = self.table(table)
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
        for row in range(top + 1, bottom + 1):
            if all(sheet.cell(row, left + headings.index(h)).value == v for h, v in key.items()):
                sheet.cell(row, left + headings.index(heading)).value = value
                return
        raise AssertionError(f"no row {key} in {table}")

    def add_column(self, table, heading, formula=""):
        """Add a column to the right of a table, as typing beside it does in Excel; a formula fills it."""
        sheet, declared, (left, top, right, bottom) = self.table(table)
        sheet.cell(top, right + 1).value = heading
        declared.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + 1)}{bottom}"
        if declared.autoFilter:
            declared.autoFilter.ref = declared.ref
        of_all = TableFormula(attr_text=formula) if formula else None
        declared.tableColumns.append(
            TableColumn(id=len(declared.tableColumns) + 1, name=heading, calculatedColumnFormula=of_all)
        )
        for line in range(top + 1, bottom + 1 if formula else 0):
            sheet.cell(line, right + 1).value = f"={formula}"

    def set(self, name, value):
        sheet, cell = self.book.defined_names[name].attr_text.split("!")
        self.book[sheet.strip("'")][cell.replace("$", "")].value = value

    def save(self):
        self.book.save(self.path)
        self.book.close()
        return self.path


def shown(path, table):
    """A table's rows by heading, as a viewer shows them."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = next(sheet for sheet in book if table in sheet.tables)
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables[table].ref]]
    book.close()
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def row(path, table, **key):
    return next(r for r in shown(path, table) if all(r[h.replace("_", " ")] == v for h, v in key.items()))
