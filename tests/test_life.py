"""A year in the life of a workbook: rolled, refreshed, typed into everywhere; nothing typed or reported is lost."""

import datetime as dt
import random
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields

import excel_host
import openpyxl
import pytest
from excel_host import differences
from openpyxl.utils import range_boundaries

from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import close_month, workbook
from xlwings_addin.sample import generate
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.monthly import TYPED as FLOWS
from xlwings_addin.sheets.style import DATE_STYLES, TEXT_STYLES
from xlwings_addin.writing import file, live
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SETTINGS = {declared.name for declared in dataclass_fields(Settings)}
SHEETS = workbook(Settings())
TABLES = {table.name: table for sheet in SHEETS for table in sheet.tables()}
KEYED = [table for table in TABLES.values() if table.key and any(c.entry for c in table.columns)]
LINES = [t for t in TABLES.values() if t.stored and not t.key and all(c.entry for c in t.columns if not c.formula)]
INPUTS = [f for sheet in SHEETS for f in sheet.fields() if f.entry and f.name not in SETTINGS]
FIRST = dt.date(1970, 1, 1)
MOVES = {"tblPaid": "tblWorklist", "tblWorklist": "tblPaid"}


class Book:
    """A workbook read once by another program than ours."""

    def __init__(self, path, *, values):
        self.path, self.book = path, openpyxl.load_workbook(path, data_only=values)
        self.areas = {
            name: (sheet, range_boundaries(sheet.tables[name].ref)) for sheet in self.book for name in sheet.tables
        }

    def headings(self, table):
        sheet, (left, top, right, _) = self.areas[table]
        return [sheet.cell(top, column).value for column in range(left, right + 1)]

    def rows(self, table):
        """Cells of each row by heading, blank rows and the total left out."""
        sheet, (left, top, right, bottom) = self.areas[table]
        headings = self.headings(table)
        last = bottom - bool(sheet.tables[table].totalsRowCount)
        for row in sheet.iter_rows(top + 1, last, left, right):
            yield dict(zip(headings, row, strict=True))

    def cell(self, name):
        sheet, place = self.book.defined_names[name].attr_text.split("!")
        return self.book[sheet.strip("'")][place.replace("$", "")]

    def keyed(self, table):
        """Rows by key, those whose key is not unique left out."""
        names = [table.column(key).heading for key in table.key]
        found = {}
        for row in self.rows(table.name):
            key = tuple(str(row[name].value if row[name].value is not None else "") for name in names)
            found[key] = None if key in found else row
        return {key: row for key, row in found.items() if row is not None and any(key)}


@dataclass
class Clerk:
    """Types into everything that can be typed into, and remembers what."""

    seed: int
    cells: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    inputs: dict = field(default_factory=dict)
    count: int = 0

    def __post_init__(self):
        self.random = random.Random(self.seed)

    def value(self, column, day):
        self.count += 1
        if column.choices:
            return self.random.choice(column.choices)
        if column.style in DATE_STYLES:
            return dt.datetime.combine(day + dt.timedelta(self.random.randint(-20, 20)), dt.time())
        if column.style in TEXT_STYLES or column.style == "general":
            return f"typed {self.count}"
        return self.count + 0.25 if column.style in {"money", "percent", "ratio"} else self.count

    def work(self, path, day):
        """An hour at the workbook."""
        book = Book(path, values=False)
        for table in KEYED:
            rows = book.keyed(table)
            for key in self.random.sample(sorted(rows), min(3, len(rows))):
                for column in table.columns:
                    # A typed flow is another figure, which the roll-forward rightly turns red on.
                    if column.entry and column.key not in FLOWS and self.random.random() < 0.5:
                        typed = self.value(column, day)
                        rows[key][column.heading].value = typed
                        # Beside a paid item a clerk types over what had come with it from the worklist.
                        self.cells.pop((MOVES.get(table.name), key, column.heading), None)
                        self.cells[table.name, key, column.heading] = typed
        for table in LINES:
            empty = next((r for r in book.rows(table.name) if all(c.value is None for c in r.values())), None)
            if empty:
                line = {c.heading: self.value(c, day) for c in table.columns if not c.formula}
                for heading, typed in line.items():
                    empty[heading].value = typed
                self.lines.append((table.name, line))
        for declared in INPUTS:
            if self.random.random() < 0.2:
                typed = self.value(declared, day)
                book.cell(declared.name).value = typed
                self.inputs[declared.name] = typed
        book.book.save(path)

    def lost(self, path):
        """What of all that was typed is neither where it was typed, nor moved with its item, nor told as not placed."""
        book = Book(path, values=True)
        rows = {table.name: book.keyed(table) for table in KEYED}
        told = {tuple(str(c.value) for c in row.values()) for row in book.rows("tblNotPlaced")}
        notes = {(table, heading, value) for table, _, heading, value in told}
        kept = [{str(c.value) for c in row.values()} for row in book.rows("tblPaid")] if "tblPaid" in TABLES else []
        missing = []
        for (table, key, heading), typed in self.cells.items():
            row = rows[table].get(key)
            if row is not None and row[heading].value == typed:
                continue
            moved = any({part for part in key if part} <= cells and str(typed) in cells for cells in kept)
            written = str((typed.date() - FIRST).days) if isinstance(typed, dt.datetime) else str(typed)
            if row is None and (moved or {(table, heading, str(typed)), (table, heading, written)} & notes):
                continue
            missing.append((table, key, heading, typed, None if row is None else row[heading].value))
        for table, line in self.lines:
            if not any(all(row[h].value == v for h, v in line.items()) for row in book.rows(table)):
                missing.append((table, line))
        for name, typed in self.inputs.items():
            if book.cell(name).value != typed:
                missing.append((name, typed, book.cell(name).value))
        return missing


def reported(month):
    """What closed months say, column by column."""
    data = month.tables["tblMonthly"]
    names = [c.key for c in TABLES["tblMonthly"].columns if not c.formula and not c.entry]
    return {
        end: {name: data.column(name)[i] for name in names}
        for i, end in enumerate(data.column("month_end"))
        if data.column("status")[i] == "closed"
    }


def refresh(ledger, day, out, source=None):
    settings, entries = read_back(source) if source else (Settings(company="Example Ltd"), None)
    month = close_month(ledger, settings, day, entries=entries, refreshed=f"{day} 08:00:00", version="test")
    file.write(out, month)
    return month


def open_and_refresh(path, ledger, day, folder):
    """The same by the ribbon: differences between the open workbook and what the file writer makes of it."""
    host = excel_host.start()
    book = host.open(path)
    opened = live.Opened(book)
    settings, entries = opened.read_back()
    month = close_month(ledger, settings, day, entries=entries, refreshed=f"{day} 08:00:00", version="test")
    live.fill(book, month, opened=opened)
    file.write(folder / "twin.xlsx", month)
    twin = excel_host.load(folder / "twin.xlsx")
    host.calculate_as(book, twin)
    return differences(host.state(book), twin)


@pytest.mark.slow
def test_twelve_months_lose_nothing_that_was_typed_and_change_nothing_that_was_reported(tmp_path):
    company = generate(months=16, customers=10, invoices=160, seed=1)
    files = company.write(tmp_path)
    ledger = read_ledger([files.ledger], receipts=files.receipts, customers=files.customers)
    clerk, history, last = Clerk(1), {}, None
    end = company.as_of.replace(day=1)
    ends = [(end - dt.timedelta(days=28 * back)).replace(day=1) - dt.timedelta(1) for back in range(11, 0, -1)]
    for day in [*sorted(set(ends)), company.as_of]:
        out = tmp_path / f"{day:%Y-%m}.xlsx"
        if last and last.name == "week.xlsx":
            assert open_and_refresh(last, ledger, day, tmp_path) == [], day
        month = refresh(ledger, day, out, last)
        assert clerk.lost(out) == [], day
        closed = reported(month)
        assert {end: closed.get(end) for end in history} == history, day
        history = closed
        assert set(month.tables["tblChecks"].column("result")) <= {"OK", "Not checked"}, day
        clerk.work(out, day)
        # The same day again, and a week into the next month, as the collections hour does.
        again = refresh(ledger, day, out, out)
        assert clerk.lost(out) == [], day
        assert reported(again) == history
        bytes_now = out.read_bytes()
        refresh(ledger, day, out, out)
        assert out.read_bytes() == bytes_now, day
        last = out
        if day.month % 3 == 0:
            last = tmp_path / "week.xlsx"
            refresh(ledger, min(day + dt.timedelta(days=7), company.as_of), last, out)
            assert clerk.lost(last) == [], day
    assert len(history) >= 12
    assert len(clerk.cells) > 100


ODD = (
    "next week", "#N/A", "=1/0", True, -5, 1e300, "0", "=SUM(1,2)", "\n\n", "31.02.2026", dt.datetime(1900, 1, 1),
    dt.datetime(9999, 12, 31), dt.time(10, 30), "x" * 40_000, 0, 2.5, "yes", "@cmd", float(2**60), 46_000,
)  # fmt: skip


@pytest.mark.slow
def test_whatever_is_typed_a_refresh_takes_it_and_a_second_one_changes_nothing(tmp_path):
    company = generate(months=14, customers=10, invoices=120, seed=3)
    files = company.write(tmp_path)
    ledger = read_ledger([files.ledger], receipts=files.receipts, customers=files.customers)
    before, typed, out = (tmp_path / f"{name}.xlsx" for name in ("before", "typed", "out"))
    refresh(ledger, company.as_of.replace(day=1) - dt.timedelta(1), before)
    chance = random.Random(5)
    for _ in range(4):
        book = Book(before, values=False)
        for table in KEYED + LINES:
            rows = list(book.rows(table.name))
            for row in chance.sample(rows, min(4, len(rows))):
                for column in table.columns:
                    # Invalid amounts, dates and yes or no are refused in a sentence; that has its own test.
                    free = column.style in {*TEXT_STYLES, "general"} and column.choices != ("yes", "no")
                    if column.entry and free and chance.random() < 0.3:
                        row[column.heading].value = chance.choice(ODD)
        for declared in INPUTS:
            if declared.style in {*TEXT_STYLES, "general"} and chance.random() < 0.3:
                book.cell(declared.name).value = chance.choice(ODD)
        book.book.save(typed)
        refresh(ledger, company.as_of, out, typed)
        first = out.read_bytes()
        refresh(ledger, company.as_of, out, out)
        assert out.read_bytes() == first
