"""A workbook engine for xlwings: what `xlwings._xlwindows` is to Excel, this is to workbooks held in memory.

It stands in for Excel, not for xlwings: the code under test and xlwings' own conversions run unmodified. Where Excel
is lenient in a way that loses data (text that turns into a formula or a date, a table header renamed behind your
back, a read of something not calculated) it does as Excel does or refuses; it is never more forgiving.
What is not modelled raises: `NotImplementedError` from xlwings' base classes, `AttributeError` from native objects.
"""

from __future__ import annotations

import copy
import datetime as dt
import decimal
import functools
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl
import xlwings
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, to_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table as FileTable
from xlwings import base_classes as base

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
ERRORS = {
    "#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#NULL!": -2146826288,
    "#NUM!": -2146826252, "#REF!": -2146826265, "#VALUE!": -2146826273, "#SPILL!": -2146826243,
}  # fmt: skip
_CURRENCY = re.compile(r'"?[$€£¥]|\[\$')
_DATE_FORMAT = re.compile(r"[dy]|mmm", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)(e[+-]?\d+)?%?", re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|\d{1,2}[- ]?[a-z]{3}([- ]?\d{2,4})?|\d{1,2}:\d{2}", re.IGNORECASE
)
_CELL_LIKE = re.compile(r"[a-z]{1,3}\d+|r\d*c\d*|r|c", re.IGNORECASE)
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?", re.IGNORECASE)
_STRUCTURED = re.compile(r"(\w+)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")


class ExcelRefusal(Exception):  # noqa: N818 - what COM would raise
    """Excel said no, as a COM error would."""

    hresult = -2146827284


class NotCalculated(ExcelRefusal):
    """A formula's value was asked for that nobody has calculated."""


@dataclass(slots=True)
class Cell:
    """One cell: a number, text, bool or error, or a formula with the value last calculated, if any."""

    value: object = None
    kind: str = ""  # "" number, text, bool; "f" formula; "e" error
    number_format: str = "General"
    calculated: object = None


@dataclass
class TableState:
    """One ListObject."""

    name: str
    row: int
    column: int
    rows: int
    columns: int
    totals: bool = False
    filtered: bool = False

    def covers(self, row, column):
        return self.row <= row < self.row + self.rows and self.column <= column < self.column + self.columns

    def overlaps(self, row, column, rows, columns):
        return not (
            row + rows <= self.row
            or self.row + self.rows <= row
            or column + columns <= self.column
            or self.column + self.columns <= column
        )


@dataclass
class SheetState:
    title: str
    cells: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)
    arrays: dict = field(default_factory=dict)  # areas entered with Ctrl+Shift+Enter
    protected: bool = False
    visible: bool = True
    drawn: dict = field(default_factory=dict)  # what was said of rows, columns and the outline

    def __deepcopy__(self, memo):
        """As `copy` does it, without asking each of a hundred thousand cells what it is: tests copy a lot."""
        cells = {place: Cell(c.value, c.kind, c.number_format, c.calculated) for place, c in self.cells.items()}
        tables = {name: replace(table) for name, table in self.tables.items()}
        return replace(
            self, cells=cells, tables=tables, arrays=copy.deepcopy(self.arrays, memo), drawn=dict(self.drawn)
        )

    def at(self, row, column):
        return self.cells.setdefault((row, column), Cell())

    def headings(self, table):
        return [self.at(table.row, table.column + i).value for i in range(table.columns)]


@dataclass
class BookState:
    """All that a saved file would hold."""

    sheets: list
    names: dict = field(default_factory=dict)
    date1904: bool = False
    active: int = 0

    @property
    def epoch(self):
        return CALENDAR_MAC_1904 if self.date1904 else CALENDAR_WINDOWS_1900


def load(path):
    """Read a file as Excel would open it: constants, formulas with cached values, tables, names."""
    return copy.deepcopy(_loaded(Path(path).read_bytes()))


@functools.lru_cache(maxsize=4)  # the workbooks that come with the product are opened by nearly every test
def _loaded(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
    state = BookState([], date1904=book.epoch == CALENDAR_MAC_1904)
    for ws in book.worksheets:
        sheet, areas = SheetState(ws.title, protected=ws.protection.sheet), []
        calculated = {
            (cell.row, cell.column): cell.value
            for row in shown[ws.title].iter_rows()
            for cell in row
            if cell.value is not None
        }
        for place, found in ws._cells.items():
            kind, value = {"f": "f", "e": "e"}.get(found.data_type, ""), found.value
            if isinstance(value, ArrayFormula):
                areas.append((place, value.ref))
                value = value.text
            cached = calculated.get(place) if kind == "f" else None
            sheet.cells[place] = Cell(
                _serial(value, state.epoch), kind, found.number_format, _serial(cached, state.epoch)
            )
        for anchor, area in areas:
            # What a formula spills is in no cell but its own.
            left, top, right, bottom = range_boundaries(area)
            spilled = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)} - {anchor}
            for place in spilled & sheet.cells.keys():
                sheet.cells[place].value, sheet.cells[place].kind = None, ""
        for table in ws.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            sheet.tables[table.name] = TableState(
                table.name, top, left, bottom - top + 1, right - left + 1, totals=bool(table.totalsRowCount)
            )
        state.sheets.append(sheet)
    formulas = [cell for sheet in state.sheets for cell in sheet.cells.values() if cell.kind == "f"]
    if any(cell.calculated is not None for cell in formulas):
        # openpyxl tells empty text from no value at all only for the file as a whole.
        for cell in formulas:
            cell.calculated = "" if cell.calculated is None else cell.calculated
    state.names = {name: f"={found.attr_text.lstrip('=')}" for name, found in book.defined_names.items()}
    return state


def _serial(value, epoch):
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    if isinstance(value, dt.date):
        return float(to_excel(value, epoch))
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def save(state, path):
    """Write a file that other programs can look into; styles but number formats are left out."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.epoch = state.epoch
    for sheet in state.sheets:
        ws = book.create_sheet(sheet.title)
        for place, cell in sheet.cells.items():
            if cell.value is None:
                continue
            out = ws.cell(*place)
            out.value = cell.value
            out.data_type = {"f": "f", "e": "e"}.get(cell.kind) or (
                "s" if isinstance(cell.value, str) else out.data_type
            )
            out.number_format = cell.number_format
        for table in sheet.tables.values():
            made = FileTable(
                displayName=table.name, name=table.name, ref=_reference(table), totalsRowCount=int(table.totals)
            )
            made._initialise_columns()
            for column, heading in zip(made.tableColumns, sheet.headings(table), strict=True):
                column.name = heading
            ws.add_table(made)
    for name, refers_to in state.names.items():
        book.defined_names[name] = DefinedName(name, attr_text=refers_to.lstrip("="))
    book.save(path)


def _quoted(title):
    return "'" + title.replace("'", "''") + "'"


def _unquoted(title):
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def _reference(table):
    return (
        f"{get_column_letter(table.column)}{table.row}:"
        f"{get_column_letter(table.column + table.columns - 1)}{table.row + table.rows - 1}"
    )


# ---------------------------------------------------------------- the host


class Disk:
    """What the files hold that Excel saved, formulas with what they gave; whatever they are called by now."""

    def __init__(self):
        self.states = {}

    @staticmethod
    def _file(path):
        found = Path(path).stat()
        return found.st_ino, found.st_mtime_ns

    def __setitem__(self, path, state):
        self.states[self._file(path)] = copy.deepcopy(state)

    def __getitem__(self, path):
        return self.states[self._file(path)]

    def __contains__(self, path):
        return self._file(path) in self.states


class Host:
    """One running Excel: what happened in it, and what its user answers."""

    def __init__(self):
        self.reads, self.writes = Counter(), Counter()
        self.bars, self.alerts, self.macros, self.dialogs = [], [], [], []
        self.choice = "no"  # what the clerk answers to Yes or No
        self.answers = []
        self.disk = Disk()
        self.spills = True
        self.app = App(self)

    def open(self, path):
        return xlwings.Book(impl=self.app.books.open(str(path)))

    def new(self):
        return xlwings.Book(impl=self.app.books.add())

    def state(self, book):
        return book.impl.state

    def table(self, book, name):
        """The state of a table and of the sheet it is on."""
        return next((t, s) for s in book.impl.state.sheets for t in s.tables.values() if t.name == name)

    def forget_counts(self):
        self.reads.clear()
        self.writes.clear()

    def calculate_as(self, book, twin):
        """Give every formula the value that the same formula in the same cell has in another state, if it has one."""
        others = {sheet.title: sheet for sheet in twin.sheets}
        for sheet in book.impl.state.sheets:
            for place, cell in sheet.cells.items():
                other = others[sheet.title].cells.get(place) if sheet.title in others else None
                if cell.kind == "f" and other and other.kind == "f" and other.value == cell.value:
                    cell.calculated = other.calculated


def start():
    """Register the engine with xlwings, start one Excel and make it the active one."""
    host = Host()
    engine.apps.running = [host.app]
    if "openpyxl" not in [known.name for known in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=engine))
    xlwings.engines.active = xlwings.engines["openpyxl"]
    return host


class Engine:
    name, type = "openpyxl", "desktop"

    def __init__(self):
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(x, options):
        import numpy as np
        import pandas as pd

        if isinstance(x, dt.date):
            return x
        if x is None or (not isinstance(x, list | tuple) and pd.isna(x)):
            return ""
        return float(x) if isinstance(x, np.number) else x

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        codes = {code: text for text, code in ERRORS.items() if text != "#SPILL!"}  # the seven that xlwings knows

        def clean(value):
            if value in ("", None):
                return empty_as
            if isinstance(value, dt.datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
            if number_builder is not None and isinstance(value, float):
                return number_builder(value)
            if type(value) is int and value in codes:
                return codes[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Native:
    """A COM object of which only what the product uses is known."""

    def __init__(self, **known):
        self.__dict__.update(known)

    def __setattr__(self, name, value):
        raise AttributeError(name)


class Apps(base.Apps):
    def __init__(self):
        self.running = []

    def keys(self):
        return [app.pid for app in self.running]

    def __iter__(self):
        return iter(self.running)

    def __len__(self):
        return len(self.running)

    def __getitem__(self, pid):
        return next(app for app in self.running if app.pid == pid)


class App(base.App):
    pid = hwnd = 1
    visible = screen_updating = display_alerts = enable_events = interactive = True
    calculation = "automatic"
    version = "16.0"
    api = books = selection = None

    def __init__(self, host):
        self.host, self._bar, self.selection = host, False, None
        self.books = Books(self)
        self.api = Native(
            GetOpenFilename=self._answer,
            InputBox=self._answer,
            Workbooks=Native(Add=lambda path: self.books._register(load(Path(path)), f"{Path(path).stem}1")),
            Dialogs=lambda number: Native(Show=lambda: host.dialogs.append(number)),
        )

    def _answer(self, *arguments, **named):
        self.host.dialogs.append(named or arguments)
        return self.host.answers.pop(0)

    @property
    def engine(self):
        return engine

    @property
    def status_bar(self):
        return self._bar

    @status_bar.setter
    def status_bar(self, text):
        self._bar = text
        self.host.bars.append(text)

    def calculate(self):
        pass

    def activate(self, steal_focus=False):
        pass

    def run(self, macro, arguments):
        self.host.macros.append((macro, arguments))
        return 0.0

    def alert(self, prompt, title, buttons, mode, callback):
        self.host.alerts.append(f"{title}\n{prompt}")
        return self.host.choice if buttons == "yes_no" else "ok"


class Books(base.Books):
    api = active = None

    def __init__(self, app):
        self.app, self.books = app, []

    def __len__(self):
        return len(self.books)

    def __iter__(self):
        return iter(self.books)

    def __call__(self, key):
        if isinstance(key, int):
            return self.books[key - 1]
        for book in self.books:
            if key.lower() in (book.name.lower(), book.path.lower()):
                return book
        raise KeyError(key)

    def add(self):
        return self._register(BookState([SheetState("Sheet1")]), f"Book{len(self.books) + 1}")

    def open(self, fullname, *more):
        path = Path(fullname).resolve()
        if any(book.name.lower() == path.name.lower() for book in self.books):
            raise ExcelRefusal("Excel opens no two workbooks of one name")
        state = copy.deepcopy(self.app.host.disk[path]) if path in self.app.host.disk else load(path)
        return self._register(state, str(path))

    def _register(self, state, path):
        book = Book(self, state, path)
        self.books.append(book)
        self.active = book
        return book


class Book(base.Book):
    def __init__(self, books, state, path):
        self.books, self.state, self.path, self.url = books, state, path, ""
        self.read_only = self.structure_protected = False

    @property
    def api(self):
        return Native(
            FullName=self.url or self.path, ReadOnly=self.read_only, Date1904=self.state.date1904,
            ProtectStructure=self.structure_protected, SaveCopyAs=self._store,
        )  # fmt: skip

    @property
    def name(self):
        return re.split(r"[\\/]", self.path)[-1]

    @property
    def fullname(self):
        if self.url:
            raise xlwings.XlwingsError("Couldn't find the local OneDrive folder.")
        return self.path

    @property
    def app(self):
        return self.books.app

    @property
    def sheets(self):
        return Sheets(self)

    @property
    def names(self):
        return Names(self)

    def _store(self, path):
        if Path(path).suffix.lower() not in (".xlsx", ".xlsm"):
            raise ExcelRefusal(path)
        save(self.state, path)
        self.app.host.disk[path] = self.state

    def to_pdf(self, path, quality):
        shown = [sheet.title for sheet in self.state.sheets if sheet.visible]
        Path(path).write_text("\n".join(["%PDF", *shown]))

    def save(self, path=None, password=None):
        if path is None and self.read_only:
            raise ExcelRefusal("the workbook is read-only")
        self.path = str(Path(path or self.path).resolve())
        self._store(self.path)

    def close(self):
        self.books.books.remove(self)
        if self.books.active is self:
            self.books.active = self.books.books[-1] if self.books.books else None

    def activate(self):
        self.books.active = self


class Sheets(base.Sheets):
    api = active = None

    def __init__(self, book):
        self.book = book
        self.active = Sheet(book, book.state.sheets[book.state.active])

    def __len__(self):
        return len(self.book.state.sheets)

    def __iter__(self):
        return (Sheet(self.book, state) for state in self.book.state.sheets)

    def __call__(self, key):
        if isinstance(key, int):
            return Sheet(self.book, self.book.state.sheets[key - 1])
        for state in self.book.state.sheets:
            if state.title.lower() == key.lower():
                return Sheet(self.book, state)
        raise xlwings.NoSuchObjectError(key)

    def add(self, before=None, after=None, name=None):
        states = self.book.state.sheets
        if self.book.structure_protected:
            raise ExcelRefusal("the structure of the workbook is protected")
        if before:
            place = states.index(before.state)
        else:
            place = states.index(after.state) + 1 if after else self.book.state.active
        made = Sheet(self.book, SheetState(f"Sheet{len(states) + 1}"))
        states.insert(place, made.state)
        if name:
            made.name = name
        self.book.state.active = place
        return made


class Sheet(base.Sheet):
    def __init__(self, book, state):
        self.book, self.state = book, state

    book = None

    def __eq__(self, other):
        return isinstance(other, Sheet) and other.state is self.state

    def __hash__(self):
        return id(self.state)

    @property
    def api(self):
        outline = Drawn(self.state, ("outline",), ("SummaryColumn",))
        return Native(ProtectContents=self.state.protected, Outline=outline)

    @property
    def name(self):
        return self.state.title

    @name.setter
    def name(self, text):
        if not 0 < len(text) <= 31 or re.search(r"[:\\/?*\[\]]|^'|'$", text) or text.lower() == "history":
            raise ExcelRefusal(f"no sheet can be called {text!r}")
        if any(s.title.lower() == text.lower() for s in self.book.state.sheets if s is not self.state):
            raise ExcelRefusal(f"there is a sheet {text!r} already")
        before, after = (f"={_quoted(title)}!" for title in (self.state.title, text))
        for called, refers_to in self.book.state.names.items():
            self.book.state.names[called] = refers_to.replace(before, after)
        self.state.title = text

    @property
    def names(self):
        return Names(self.book)

    @property
    def index(self):
        return self.book.state.sheets.index(self.state) + 1

    def range(self, first, last=None):
        return Range.of(self, first, last)

    @property
    def cells(self):
        return Range(self, 1, 1, MAX_ROWS, MAX_COLUMNS)

    @property
    def used_range(self):
        used = [place for place, cell in self.state.cells.items() if cell.value is not None] or [(1, 1)]
        rows, columns = [row for row, _ in used], [column for _, column in used]
        return Range(self, min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)

    def activate(self):
        self.book.state.active = self.index - 1
        self.book.books.active = self.book

    select = activate

    def delete(self):
        self.book.state.sheets.remove(self.state)

    @property
    def tables(self):
        return Tables(self)

    @property
    def visible(self):
        return self.state.visible

    @visible.setter
    def visible(self, shown):
        if self.book.structure_protected:
            raise ExcelRefusal("the structure of the workbook is protected")
        if not shown and sum(sheet.visible for sheet in self.book.state.sheets) == 1:
            raise ExcelRefusal("a workbook must show one sheet at least")
        self.state.visible = bool(shown)


class Range(base.Range):
    max_cells_per_read = max_cells_per_write = None
    row = column = shape = sheet = None

    def __init__(self, sheet, row, column, rows, columns):
        if row < 1 or column < 1 or row + rows - 1 > MAX_ROWS or column + columns - 1 > MAX_COLUMNS:
            raise ExcelRefusal("outside the sheet")
        self.sheet, self.row, self.column, self.shape = sheet, row, column, (rows, columns)

    @classmethod
    def of(cls, sheet, first, last=None):
        def box(place):
            if isinstance(place, Range):
                return place.row, place.column, place.row + place.shape[0] - 1, place.column + place.shape[1] - 1
            if isinstance(place, tuple) and len(place) == 4:
                return place[0], place[1], place[0] + place[2] - 1, place[1] + place[3] - 1
            if isinstance(place, tuple):
                return (*place, *place)
            if found := re.fullmatch(r"\$?(\d+):\$?(\d+)", place):
                return int(found[1]), 1, int(found[2]), MAX_COLUMNS
            if _ADDRESS.fullmatch(place):
                left, top, right, bottom = range_boundaries(place.replace("$", "").upper())
                return top, left, bottom, right
            if place in Names(sheet.book):
                return box(Names(sheet.book)(place).refers_to_range)
            raise xlwings.NoSuchObjectError(place)

        top, left, bottom, right = box(first)
        if last is not None:
            other = box(last)
            top, left, bottom, right = (
                min(top, other[0]),
                min(left, other[1]),
                max(bottom, other[2]),
                max(right, other[3]),
            )
        return cls(sheet, top, left, bottom - top + 1, right - left + 1)

    @property
    def api(self):
        return self

    @property
    def state(self):
        return self.sheet.state

    @property
    def coords(self):
        return (self.sheet, self.row, self.column, *self.shape)

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, first, second=None):
        if second is None:
            first, second = (first - 1) // self.shape[1] + 1, (first - 1) % self.shape[1] + 1
        return Range(self.sheet, self.row + first - 1, self.column + second - 1, 1, 1)

    def get_address(self, row_absolute, column_absolute, external):
        def at(row, column):
            return f"{'$' * column_absolute}{get_column_letter(column)}{'$' * row_absolute}{row}"

        text = at(self.row, self.column)
        if self.shape != (1, 1):
            text += ":" + at(self.row + self.shape[0] - 1, self.column + self.shape[1] - 1)
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{text}" if external else text

    @property
    def address(self):
        return self.get_address(True, True, False)

    def _count(self, counter):
        touched = [
            table.name for table in self.state.tables.values() if table.overlaps(self.row, self.column, *self.shape)
        ]
        counter.update(touched or [self.sheet.name])

    @property
    def HasFormula(self):  # noqa: N802 - Excel's own name
        kinds = {
            self.state.cells[place].kind == "f" if place in self.state.cells else False for place in self._places()
        }
        return kinds.pop() if len(kinds) == 1 else None

    @property
    def EntireColumn(self):  # noqa: N802 - Excel's own name
        columns = range(self.column, self.column + self.shape[1])
        return Drawn(self.state, columns, ("Hidden", "OutlineLevel"))

    @property
    def RowHeight(self):  # noqa: N802 - Excel's own name
        return self.state.drawn.get(("RowHeight", self.row))

    @RowHeight.setter
    def RowHeight(self, points):  # noqa: N802 - Excel's own name
        if self.state.protected:
            raise ExcelRefusal(f"{self.state.title} is protected")
        self.state.drawn |= {("RowHeight", row): points for row in range(self.row, self.row + self.shape[0])}

    def _places(self):
        for row in range(self.row, self.row + self.shape[0]):
            for column in range(self.column, self.column + self.shape[1]):
                yield row, column

    def _block(self, one):
        rows, columns = self.shape
        block = tuple(tuple(one(self.row + i, self.column + j) for j in range(columns)) for i in range(rows))
        return block[0][0] if self.shape == (1, 1) else block

    # ---- values

    @property
    def raw_value(self):
        self._count(self.sheet.book.app.host.reads)
        return self._block(self._read)

    def _read(self, row, column):
        cell = self.state.cells.get((row, column))
        if cell is None or cell.value is None:
            return None
        value, kind = cell.value, cell.kind
        if kind == "f":
            value = cell.calculated
            if value is None:
                raise NotCalculated(f"{self.sheet.name}!{get_column_letter(column)}{row}: {cell.value}")
        if isinstance(value, str):
            return ERRORS[value] if value in ERRORS and kind else value
        if isinstance(value, bool):
            return value
        if _CURRENCY.search(cell.number_format):
            return decimal.Decimal(repr(round(value, 4)))
        if _DATE_FORMAT.search(re.sub(r'"[^"]*"|\[[^\]]*\]|General', "", cell.number_format)):
            return from_excel(value, self.sheet.book.state.epoch).replace(tzinfo=dt.UTC)
        return float(value)

    @raw_value.setter
    def raw_value(self, data):
        self._write(data)

    @property
    def formula(self):
        self._count(self.sheet.book.app.host.reads)

        def text(row, column):
            value = self.state.at(row, column).value
            if isinstance(value, bool):
                return str(value).upper()
            return "" if value is None else f"{value:.15g}" if isinstance(value, float) else value

        return self._block(text)

    @formula.setter
    def formula(self, data):
        self._write(data)

    formula2 = formula

    @property
    def Formula2(self):  # noqa: N802 - Excel's own name
        if not self.sheet.book.app.host.spills:
            raise AttributeError("Formula2")  # before 2021
        return self.formula

    @property
    def formula_array(self):
        return self.formula

    @formula_array.setter
    def formula_array(self, text):
        self._count(self.sheet.book.app.host.writes)
        self._changeable()
        self._put(self.row, self.column, text)
        self.sheet.state.arrays[self.row, self.column] = self.shape

    def _write(self, data):
        self._count(self.sheet.book.app.host.writes)
        self._changeable()
        rows, columns = self.shape
        if not isinstance(data, list | tuple):
            data = [[data] * columns] * rows
        elif not isinstance(data[0], list | tuple):
            data = [data]
        if len(data) != rows or any(len(row) != columns for row in data):
            raise ExcelRefusal(
                f"{len(data)} x {len(data[0])} values for {rows} x {columns} cells: the rest would be #N/A"
            )
        for i, row in enumerate(data):
            for j, value in enumerate(row):
                self._put(self.row + i, self.column + j, value)
        for table in self.state.tables.values():
            if table.overlaps(self.row, self.column, rows, columns):
                headings = self.state.headings(table)
                if any(not isinstance(h, str) for h in headings) or len({h.lower() for h in headings}) < len(headings):
                    raise ExcelRefusal(f"Excel would rename the headings of {table.name}: {headings}")

    def _changeable(self):
        if self.state.protected:
            raise ExcelRefusal(f"{self.sheet.name} is protected")
        for table in self.state.tables.values():
            if table.filtered and table.overlaps(self.row, self.column, *self.shape):
                raise ExcelRefusal(f"{table.name} is filtered: Excel would write past the hidden rows")

    def _put(self, row, column, value):
        cell = self.state.at(row, column)
        cell.kind, cell.calculated = "", None
        if value is None or value == "":
            cell.value = None
        elif isinstance(value, bool):
            cell.value = value
        elif isinstance(value, str):
            self._put_text(cell, value)
        elif isinstance(value, dt.date):
            cell.value = _serial(value, self.sheet.book.state.epoch)
            if cell.number_format == "General":
                cell.number_format = "m/d/yyyy"
        elif isinstance(value, decimal.Decimal):
            cell.value = float(value)
            if cell.number_format == "General":
                cell.number_format = '"$"#,##0.00'
        elif type(value) in (int, float) and value == value and abs(value) != float("inf"):
            cell.value = float(value)
            if cell.number_format == "@":
                cell.value = f"{value:.15g}"
        else:
            raise ExcelRefusal(f"no cell can hold {value!r} ({type(value).__name__})")

    def _put_text(self, cell, text):
        if len(text) > 32_767:
            raise ExcelRefusal("a cell holds 32,767 characters")
        if cell.number_format == "@":
            cell.value = text  # formulas too: in a cell of text format they are text
        elif text.startswith("'"):
            cell.value = text[1:]
        elif text[0] in "=+-@" and len(text) > 1 and not _NUMBER.fullmatch(text):
            self._check_formula(text)
            cell.value, cell.kind = text if text[0] == "=" else f"={text}", "f"
        elif text in ERRORS:
            cell.value, cell.kind = text, "e"
        elif text.upper() in ("TRUE", "FALSE"):
            cell.value = text.upper() == "TRUE"
        elif _NUMBER.fullmatch(text.strip()):
            cell.value = float(text.strip().rstrip("%").replace(",", ""))
        elif _DATE.fullmatch(text.strip()):
            cell.value = 12345.0  # some date: what was meant is lost
        else:
            cell.value = text

    def _check_formula(self, text):
        bare = re.sub(r'"(?:[^"]|"")*"', '""', text)
        if len(text) > 8_192 or bare.count("(") != bare.count(")") or ";" in bare or not text.startswith("="):
            raise ExcelRefusal(f"not a formula: {text}")
        known = {t.name.lower(): (t, s) for s in self.sheet.book.state.sheets for t in s.tables.values()}
        for name, inside in _STRUCTURED.findall(bare):
            if name.lower() not in known:
                raise ExcelRefusal(f"there is no table {name}: {text}")
            table, on = known[name.lower()]
            asked = re.findall(r"\[([^\[\]]+)\]", inside) or [inside.lstrip("@")]
            headings = {str(heading).lower() for heading in on.headings(table)}
            if unknown := [column for column in asked if column[0] != "#" and column.lower() not in headings]:
                raise ExcelRefusal(f"{name} has no column {unknown[0]}: {text}")

    def clear_contents(self):
        self._changeable()
        for place in self._places():
            if place in self.state.cells:
                cell = self.state.cells[place]
                cell.value, cell.kind, cell.calculated = None, "", None

    def clear(self):
        self.clear_contents()
        for place in self._places():
            self.state.cells.pop(place, None)

    def copy_from(self, source, copy_type, skip_blanks, transpose):
        if copy_type != "values" or source.impl.coords != self.coords:
            raise NotImplementedError
        self._changeable()
        for place in self._places():
            cell = self.state.cells.get(place)
            if cell and cell.kind == "f":
                value = self.raw_of(cell, place)
                cell.value, cell.kind = value, "e" if isinstance(value, str) and value in ERRORS else ""

    def raw_of(self, cell, place):
        if cell.calculated is None:
            raise NotCalculated(f"{self.sheet.name}!{place}: {cell.value}")
        return cell.calculated

    # ---- rows

    def insert(self, shift=None, copy_origin=None):
        self._shift_rows(self.shape[0])

    def delete(self, shift=None):
        self._shift_rows(-self.shape[0])

    def _shift_rows(self, by):
        if self.shape[1] != MAX_COLUMNS:
            raise NotImplementedError("whole rows only")
        state, first, gone = self.state, self.row, max(-by, 0)
        if state.protected or any(table.filtered for table in state.tables.values()):
            raise ExcelRefusal("rows of a protected or filtered sheet")
        for table in state.tables.values():
            last = table.row + table.rows - 1
            if by > 0:
                if first <= table.row:
                    table.row += by
                elif first <= last:
                    table.rows += by
            elif first + gone <= table.row:
                table.row += by
            elif first <= last:
                if first <= table.row or first + gone > last + 1 - table.totals:
                    raise ExcelRefusal(f"{table.name} would lose its headings or totals")
                table.rows += by
                if table.rows < 2 + table.totals:
                    raise ExcelRefusal(f"{table.name} would lose its last row")
        moved = {}
        for (row, column), cell in state.cells.items():
            if row < first:
                moved[row, column] = cell
            elif row >= first + gone:
                moved[row + by, column] = cell
        if by > 0:  # formats from above
            for (row, column), cell in list(state.cells.items()):
                if row == first - 1:
                    for new in range(first, first + by):
                        moved[new, column] = Cell(number_format=cell.number_format)
        state.cells = moved
        for name, refers_to in self.sheet.book.state.names.items():
            on, _, address = refers_to.lstrip("=").rpartition("!")
            if _unquoted(on) == state.title and (found := re.fullmatch(r"\$([A-Z]+)\$(\d+)", address)):
                row = int(found[2])
                if first <= row < first + gone:
                    self.sheet.book.state.names[name] = f"={on}!#REF!"
                elif row >= first:
                    self.sheet.book.state.names[name] = f"={on}!${found[1]}${row + by}"

    # ---- formats

    @property
    def number_format(self):
        found = {self.state.at(*place).number_format for place in self._places()}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, text):
        if self.state.protected:
            raise ExcelRefusal(f"{self.sheet.name} is protected")
        for place in self._places():
            self.state.at(*place).number_format = text

    @property
    def font(self):
        return Font()

    column_width = property(lambda self: 8.43, lambda self, width: None)

    @property
    def table(self):
        for table in self.state.tables.values():
            if table.covers(self.row, self.column):
                return Table(self.sheet, table)
        return None


class Drawn:
    """Whole rows or columns of a sheet, or its outline: how they are to look is noted in the sheet's `drawn`."""

    def __init__(self, state, what, known):
        self.__dict__.update(state=state, what=what, known=known)

    def __setattr__(self, name, value):
        if name not in self.known:
            raise AttributeError(name)
        if self.state.protected:
            raise ExcelRefusal(f"{self.state.title} is protected")
        self.state.drawn |= {(name, at): value for at in self.what}


class Font(base.Font):
    api = None
    bold = size = italic = None


class Tables(base.Tables):
    api = parent = None

    def __init__(self, sheet):
        self.sheet = sheet

    def __len__(self):
        return len(self.sheet.state.tables)

    def __iter__(self):
        return (Table(self.sheet, table) for table in list(self.sheet.state.tables.values()))

    def __contains__(self, name):
        return name in self.sheet.state.tables

    def __call__(self, key):
        tables = list(self)
        if isinstance(key, int):
            return tables[key - 1]
        return next(table for table in tables if table.name.lower() == key.lower())

    def add(self, source_type=None, source=None, link_source=None, has_headers=None, destination=None,
            table_style_name=None, name=None):  # fmt: skip
        place, state = source.impl, self.sheet.state
        if state.protected:
            raise ExcelRefusal(f"{self.sheet.name} is protected")
        for other in state.tables.values():
            if other.overlaps(place.row, place.column, *place.shape):
                raise ExcelRefusal(f"a table cannot overlap {other.name}")
        every = [t.name.lower() for s in self.sheet.book.state.sheets for t in s.tables.values()]
        if (
            not name
            or not re.fullmatch(r"[A-Za-z_\\][\w.]*", name)
            or _CELL_LIKE.fullmatch(name)
            or name.lower() in every
        ):
            raise ExcelRefusal(f"no table can be called {name!r}")
        if place.shape[0] < 2:
            raise ExcelRefusal("a table has a row beneath its headings")
        made = TableState(name, place.row, place.column, *place.shape)
        headings = state.headings(made)
        if any(not isinstance(h, str) for h in headings) or len({h.lower() for h in headings}) < len(headings):
            raise ExcelRefusal(f"Excel would rename the headings of {name}: {headings}")
        state.tables[name] = made
        return Table(self.sheet, made)


class Table(base.Table):
    api = parent = None

    def __init__(self, sheet, state):
        self.parent, self.state = sheet, state

    @property
    def name(self):
        return self.state.name

    @property
    def range(self):
        return Range(self.parent, self.state.row, self.state.column, self.state.rows, self.state.columns)

    @property
    def show_totals(self):
        return self.state.totals

    @show_totals.setter
    def show_totals(self, shown):
        if self.parent.state.protected:
            raise ExcelRefusal(f"{self.parent.name} is protected")
        if shown == self.state.totals:
            return
        last = Range(
            self.parent, self.state.row + self.state.rows - (not shown), self.state.column, 1, self.state.columns
        )
        if shown:
            if any(self.parent.state.at(*place).value is not None for place in last._places()):
                raise NotImplementedError("Excel would move what stands beneath")
            self.state.rows += 1
        else:
            last.clear()
            self.state.rows -= 1
        self.state.totals = shown

    @property
    def show_autofilter(self):
        return True

    @property
    def autofilter(self):
        return AutoFilter(self.state)

    def resize(self, wanted):
        place, sheet = wanted.impl, self.parent.state
        if sheet.protected or self.state.filtered or self.state.totals:
            raise ExcelRefusal(f"{self.name} cannot be resized: protected, filtered or with totals")
        if (place.row, place.column) != (self.state.row, self.state.column) or place.shape[0] < 2:
            raise ExcelRefusal(f"{self.name} must keep its headings where they are")
        for other in sheet.tables.values():
            if other is not self.state and other.overlaps(place.row, place.column, *place.shape):
                raise ExcelRefusal(f"a table cannot overlap {other.name}")
        self.state.rows, self.state.columns = place.shape
        taken = set()
        for i in range(self.state.columns):
            cell = sheet.at(self.state.row, self.state.column + i)
            if not isinstance(cell.value, str) or cell.value.lower() in taken:
                cell.value = f"Column{i + 1}"
            taken.add(cell.value.lower())


class AutoFilter(base.AutoFilter):
    def __init__(self, table):
        self.table = table

    @property
    def criteria(self):
        return [
            base.empty_autofilter_criteria(i + 1, "values" if self.table.filtered and i == 0 else "none")
            for i in range(self.table.columns)
        ]


class Names(base.Names):
    api = None

    def __init__(self, book):
        self.book = book

    def __len__(self):
        return len(self.book.state.names)

    def contains(self, name):
        return name.lower() in (known.lower() for known in self.book.state.names)

    __contains__ = contains

    def __call__(self, key):
        names = list(self.book.state.names)
        if isinstance(key, int):
            return Name(self.book, names[key - 1])
        return Name(self.book, next(name for name in names if name.lower() == key.lower()))

    def snapshot(self):
        return [(name, Name(self.book, name)) for name in self.book.state.names]

    def add(self, name, refers_to):
        if not re.fullmatch(r"[A-Za-z_\\][\w.]*", name) or _CELL_LIKE.fullmatch(name) or len(name) > 255:
            raise ExcelRefusal(f"no name can be {name!r}")
        if any(len(text) > 255 for text in re.findall(r'"((?:[^"]|"")*)"', refers_to)):
            raise ExcelRefusal("text in a formula has at most 255 characters")
        self.book.state.names[name] = refers_to
        return Name(self.book, name)


class Name(base.Name):
    api = None

    def __init__(self, book, name):
        self.book, self._name = book, name

    @property
    def name(self):
        return self._name

    @property
    def refers_to(self):
        return self.book.state.names[self._name]

    @refers_to.setter
    def refers_to(self, text):
        Names(self.book).add(self._name, text)

    @property
    def refers_to_range(self):
        on, _, address = self.refers_to.lstrip("=").rpartition("!")
        if not _ADDRESS.fullmatch(address):
            raise ExcelRefusal(f"{self._name} refers to no cells: {self.refers_to}")
        return Sheets(self.book)(_unquoted(on)).range(address)

    def delete(self):
        del self.book.state.names[self._name]


engine = Engine()
