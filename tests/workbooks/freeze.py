"""Freeze the workbooks of the present version: `python tests/workbooks/freeze.py`, once, when it is released.

Writes a folder named after the version, and refuses one that is there. What stands in the workbooks is listed by
openpyxl out of the files; only which headings and names are typed into comes from the declarations.
"""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

from click.testing import CliRunner
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn, TableFormula

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from workbooks.opened import Opened, plain  # noqa: E402 - run as a program, it has to be found first

from workbook_templates import SAMPLE_MONTH, TEMPLATE  # noqa: E402
from xlwings_addin import version  # noqa: E402
from xlwings_addin.build.workbooks import CUSTOMERS, INVOICES  # noqa: E402
from xlwings_addin.cli import cli  # noqa: E402
from xlwings_addin.month_end import workbook  # noqa: E402
from xlwings_addin.sample import generate  # noqa: E402
from xlwings_addin.settings import Settings  # noqa: E402
from xlwings_addin.sheets.aging import BUCKET_HEADING  # noqa: E402
from xlwings_addin.sheets.style import DATE_STYLES, TEXT_STYLES  # noqa: E402
from xlwings_addin.writing import parts  # noqa: E402
from xlwings_addin.writing.texts import plain as plain_text  # noqa: E402

OWN, OWN_FORMULA = "Our mark", "Our sum"
FORMULAS = {
    "tblAging": "tblAging[[#This Row],[Total]]/10",
    "tblItems": "SUM(tblItems[[#This Row],[Amount]],-1)*AR_DSO(1,2,30)",
    "tblActivity": 'IF(tblActivity[[#This Row],[Customer ID]]="","",LEN(tblActivity[[#This Row],[Outcome]]))',
}
SETTINGS = {
    "company": "Größe & Söhne <Ltd>",
    "base_currency": "EUR",
    "standard_terms": "Net 45",
    "bucket_edges": "15, 45, 75",
    "reminder_days": "-2, 0, 5, 10, 20",
    "escalation_days": "21, 42",
    "finance_departments": "Finance, Ledger",
    "hour_time": "09:30",
}
"""Settings that take no text at will."""
PERIODS = [dt.datetime(2026, month + 1, 1) - dt.timedelta(1) for month in range(6, 12)]
LINES = {
    "tblRates": [("USD", dt.datetime(2026, 1, 1), 0.91), ("USD", dt.datetime(2026, 9, 1), 0.875)],
    "tblPeriods": [(day,) for day in PERIODS],
}
FACTS = ("tblMonthly", "tblPaid")
"""Tables with a key whose rows are kept as well: closed months as they were reported, items that were paid."""


class Clerk(Opened):
    """Types into everything that can be typed into."""

    def __init__(self, path, day):
        super().__init__(path, values=False)
        self.path, self.day, self.count = path, day, 0
        self.sheets = workbook(Settings())

    def value(self, declared):
        """Something fit for a cell, and different in each."""
        self.count += 1
        if declared.choices:
            return declared.choices[self.count % len(declared.choices)]
        if declared.style in DATE_STYLES:
            return dt.datetime.combine(self.day, dt.time()) + dt.timedelta(self.count % 40 - 20)
        if declared.style in TEXT_STYLES or declared.style == "general":
            return f'Typed № {self.count}: "über" <5 & more'
        if "percent" in declared.style:
            return self.count / 10_000
        return self.count + 0.25 if declared.style.startswith(("money", "ratio")) else self.count

    def everywhere(self, *, settings):
        for declared in (field for sheet in self.sheets for field in sheet.fields() if field.entry):
            if settings or declared.name not in Settings.__slots__:
                typed = self.value(declared)
                if declared.name == "dso_window":
                    typed = 3
                self.cell(declared.name).value = SETTINGS.get(declared.name, typed)
        for table in (table for sheet in self.sheets for table in sheet.tables()):
            if settings or table.name not in LINES:
                self.table(table)
        self.book.save(self.path)

    def table(self, table):
        if table.key or table.stored:
            self.own_columns(table.name)
        entries = [column for column in table.columns if column.entry]
        rows = list(self.rows(table.name))
        if table.name in LINES or (not table.key and all(c.entry for c in table.columns if not c.formula)):
            self.lines(table)
            rows = []
        # Of a long table the first and the last ones: the latest and the oldest.
        for row in rows if len(rows) < 20 else [*rows[:3], *rows[-3:]]:
            for column in entries:
                row[column.heading].value = self.value(column)
            if OWN in row:
                self.count += 1
                row[OWN].value = f"mark {self.count}"

    def lines(self, table):
        """New lines beneath those there are; the table grows with them as it does in Excel."""
        sheet, declared = self.tables[table.name]
        left, top, right, bottom = range_boundaries(declared.ref)
        columns = [column for column in table.columns if not column.formula]
        lines = LINES.get(table.name) or [tuple(map(self.value, columns)) for _ in range(3)]
        kept = [row for row in self.rows(table.name) if any(row[c.heading].value is not None for c in columns)]
        first = top + 1 + len(kept)
        last = max(bottom, first + len(lines) - 1)
        below = [cell.value for row in sheet.iter_rows(bottom + 1, last + 1, left, right) for cell in row]
        if last > bottom and any(value is not None for value in below):
            last, lines = bottom, lines[: bottom - first + 1]
        assert lines, f"no room in {table.name}"
        self.resize(declared, (left, top, right, last))
        headings = self.headings(table.name)
        for place, line in enumerate(lines):
            for column, value in zip(columns, line, strict=True):
                sheet.cell(first + place, left + headings.index(column.heading)).value = value
            if OWN in headings:
                self.count += 1
                sheet.cell(first + place, left + headings.index(OWN)).value = f"mark {self.count}"

    def own_columns(self, table):
        sheet, declared = self.tables[table]
        for heading, formula in ((OWN, ""), (OWN_FORMULA, FORMULAS.get(table, ""))):
            left, top, right, bottom = range_boundaries(declared.ref)
            beside = [row[0].value for row in sheet.iter_rows(top, bottom, right + 1, right + 1)]
            if heading in self.headings(table) or any(beside) or (heading == OWN_FORMULA and not formula):
                continue
            sheet.cell(top, right + 1).value = heading
            of_all = TableFormula(attr_text=formula) if formula else None
            number = len(declared.tableColumns) + 1
            declared.tableColumns.append(TableColumn(id=number, name=heading, calculatedColumnFormula=of_all))
            self.resize(declared, (left, top, right + 1, bottom))
            for line in range(top + 1, bottom + 1 if formula else 0):
                sheet.cell(line, right + 1).value = f"={formula}"

    @staticmethod
    def resize(declared, area):
        left, top, right, bottom = area
        declared.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        if declared.autoFilter:
            declared.autoFilter.ref = declared.ref


def listed(path):
    """What a workbook holds of its clerks and of the months before, by named cell, row and line."""
    opened, sheets = Opened(path), workbook(Settings())
    names = [field.name for sheet in sheets for field in sheet.fields() if field.entry]
    found = {"cells": {}, "headings": {}, "entries": [], "lines": [], "formulas": []}
    found["cells"] = {name: plain(value) for name in names if (value := opened.cell(name).value) is not None}
    for table in (table for sheet in sheets for table in sheet.tables()):
        ours = {column.heading for column in table.columns}
        own = [h for h in opened.headings(table.name) if h not in ours and not BUCKET_HEADING.fullmatch(h)]
        filled = opened.formulas(table.name)
        found["formulas"] += [[table.name, heading, filled[heading]] for heading in own if heading in filled]
        typed = [c.heading for c in table.columns if c.entry] + [h for h in own if h not in filled]
        keys = [table.column(key).heading for key in table.key]
        made = {column.heading for column in table.columns if column.formula} | filled.keys()
        kept = [heading for heading in opened.headings(table.name) if heading not in made]
        if keys or table.stored or typed:
            read = [*keys, *(c.heading for c in table.columns if c.entry or (table.stored and not c.formula))]
            found["headings"][table.name] = [h for h in dict.fromkeys(read) if not BUCKET_HEADING.fullmatch(h)]
        rows = [{h: plain(cell.value) for h, cell in row.items()} for row in opened.rows(table.name)]
        for row in rows:
            if keys:
                key = {heading: row[heading] for heading in keys}
                found["entries"] += [[table.name, key, h, row[h]] for h in typed if row[h] is not None]
            if table.name in FACTS or (not keys and (table.stored or typed)):
                line = {h: row[h] for h in kept if row[h] is not None}
                if line and row.get("Status") != "to date":
                    found["lines"].append([table.name, line])
    return found


def parts_of(opened):
    """Tables with their headings and named cells of a template: what a workbook of this version cannot lack."""
    headings = {name: [h for h in opened.headings(name) if not BUCKET_HEADING.fullmatch(h)] for name in opened.tables}
    return {"tables": dict(sorted(headings.items())), "cells": sorted(opened.book.defined_names)}


def texts_of(opened):
    """Texts around tables and cells: what no clerk has typed."""
    found = set()
    named = {(cell.parent.title, cell.coordinate) for cell in map(opened.cell, opened.book.defined_names) if cell}
    for sheet in opened.book:
        areas = [range_boundaries(table.ref) for table in sheet.tables.values()]
        for cell in (cell for row in sheet.iter_rows(4) for cell in row if isinstance(cell.value, str)):
            place = cell.column, cell.row
            within = any(left <= place[0] <= right and top <= place[1] <= last for left, top, right, last in areas)
            if not within and (sheet.title, cell.coordinate) not in named:
                found.add(plain_text(cell.value))
    return found


def note_parts(number, *workbooks):
    """Add the parts of the version to those of the versions before; the first workbook is the template."""
    read = [Opened(path) for path in workbooks]
    had = {**parts.released(), number: {**parts_of(read[0]), "texts": sorted(set().union(*map(texts_of, read)))}}
    text = json.dumps(had, ensure_ascii=False)
    parts.RELEASED.write_text(re.sub(r'(?<=[\]}]), (?="tbl|"cells|"texts)', ",\n", text) + "\n", encoding="utf-8")


def check_all_is_there(found):
    """Every column and cell that can be typed into must hold something, and every table that is kept a row."""
    sheets = workbook(Settings())
    cells = {field.name for sheet in sheets for field in sheet.fields() if field.entry}
    assert found["cells"].keys() == cells, cells - found["cells"].keys()
    there = {(table, heading) for table, _, heading, _ in found["entries"]}
    there |= {(table, heading) for table, line in found["lines"] for heading in line}
    tables = [table for sheet in sheets for table in sheet.tables()]
    missing = {(t.name, c.heading) for t in tables for c in t.columns if c.entry} - there
    missing |= {(t.name, "") for t in tables if t.stored and t.name not in {table for table, _ in there}}
    assert not missing, missing
    assert {table for table, _, _ in found["formulas"]} == set(FORMULAS)


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def freeze(folder):
    os.environ["SOURCE_DATE_EPOCH"] = "1793491200"  # 2026-11-01
    template, sample, full = (folder / f"{name}.xlsx" for name in ("template", "sample month", "full"))
    shutil.copyfile(TEMPLATE, template)
    shutil.copyfile(SAMPLE_MONTH, sample)
    companies = {
        "sample": generate(customers=CUSTOMERS, invoices=INVOICES),
        "full": generate(3, months=14, customers=12, invoices=200, currencies=("EUR", "USD")),
    }
    for name, company in companies.items():
        (folder / name).mkdir()
        company.write(folder / name)
    ledger = ledger_of(folder / "full")
    day = companies["full"].as_of.replace(day=1) - dt.timedelta(1)
    before = day.replace(day=1) - dt.timedelta(1)
    august = folder / "before.xlsx"
    run(
        "refresh",
        *ledger,
        "--as-of",
        before,
        "--currency",
        "EUR",
        "--rate",
        "USD=0.91",
        "--set-baseline",
        "--out",
        august,
    )
    Clerk(august, before).everywhere(settings=True)
    run("refresh", *ledger, "--as-of", day, "--previous", august, "--out", full)
    Clerk(full, day).everywhere(settings=False)
    run("refresh", *ledger, "--as-of", day, "--out", full)
    august.unlink()
    for backup in folder.glob("* backup *"):
        backup.unlink()
    months = {
        "template": ("sample", "2026-10-31"),
        "sample month": ("sample", "2026-11-30"),
        "full": ("full", "2026-10-31"),
    }
    for name, (data, next_month) in months.items():
        found = {"ledger": data, "next month": next_month, **listed(folder / f"{name}.xlsx")}
        if name == "full":
            check_all_is_there(found)
        text = json.dumps(found, ensure_ascii=False, indent=None)
        (folder / f"{name}.json").write_text(
            re.sub(r'(?<=[\]}]), (?=\["tbl|"\w+": )', ",\n", text) + "\n", encoding="utf-8"
        )
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def ledger_of(folder):
    """The arguments of a refresh that name a ledger's files."""
    return folder / "ledger.csv", "--receipts", folder / "receipts.csv", "--customers", folder / "customers.csv"


if __name__ == "__main__":
    place = HERE / ".".join(version().split(".")[:2])
    place.mkdir()
    freeze(place)
    note_parts(place.name, place / "template.xlsx", place / "sample month.xlsx", place / "full.xlsx")
    print(hashlib.sha256((place / "SHA256SUMS").read_bytes()).hexdigest())
