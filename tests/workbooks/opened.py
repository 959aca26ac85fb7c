"""A month-end workbook as openpyxl reads it, by what is written in the file: nothing of ours is asked."""

import datetime as dt

import openpyxl
from openpyxl.utils import range_boundaries


class Opened:
    """A workbook, its tables by name and its named cells."""

    def __init__(self, path, *, values=True):
        self.book = openpyxl.load_workbook(path, data_only=values)
        self.tables = {name: (sheet, sheet.tables[name]) for sheet in self.book for name in sheet.tables}

    def headings(self, table):
        sheet, declared = self.tables[table]
        return [cell.value for cell in sheet[declared.ref][0]]

    def rows(self, table):
        """Cells by heading of each row that is not blank, the row of totals left out."""
        sheet, declared = self.tables[table]
        left, top, right, bottom = range_boundaries(declared.ref)
        headings = self.headings(table)
        for row in sheet.iter_rows(top + 1, bottom - (declared.totalsRowCount or 0), left, right):
            if any(cell.value is not None for cell in row):
                yield dict(zip(headings, row, strict=True))

    def formulas(self, table):
        """The formula of each column that has one, without "=": what Excel fills new rows with."""
        declared = self.tables[table][1].tableColumns
        return {
            column.name: column.calculatedColumnFormula.attr_text.removeprefix("=")
            for column in declared
            if column.calculatedColumnFormula is not None
        }

    def cell(self, name):
        """A named cell, None where there is none."""
        if name not in self.book.defined_names:
            return None
        sheet, place = self.book.defined_names[name].attr_text.rsplit("!", 1)
        return self.book[sheet.strip("'").replace("''", "'")][place.replace("$", "")]


def plain(value):
    """What a cell holds as JSON has it; a date is not the text that reads like it."""
    return {"date": value.isoformat(" ")} if isinstance(value, dt.date) else value
