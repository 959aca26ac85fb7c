"""Read back what clerks typed into a workbook, so that the next one carries it. The file is never changed."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook

from udfs.serial_days import LAST_DAY, MARCH_1900, days_of
from xlwings_addin.entries import Entries, Key, Stored, TableEntries
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.exchange import currency_code
from xlwings_addin.ledger.files.kinds import workbook_kind
from xlwings_addin.month_end import workbook
from xlwings_addin.month_end.month import own
from xlwings_addin.month_end.settled import complete
from xlwings_addin.settings import CELLS, Cell, Rate, Settings, is_usual
from xlwings_addin.sheets.blocks import Chart, Charts, Column, Field, Sheet, Table
from xlwings_addin.sheets.style import DATE_STYLES, TEXT_STYLES
from xlwings_addin.writing import MissingPartsError, WorkbookError, names
from xlwings_addin.writing.own_formulas import OwnColumn, added_headings, own_columns
from xlwings_addin.writing.parts import is_read, missing, version_of
from xlwings_addin.writing.saved import Saved
from xlwings_addin.writing.typed_cells import brief, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Row = dict[str, Any]
_UNREADABLE = (CalamineError, zipfile.BadZipFile, ET.ParseError, KeyError, OSError, ValueError)


class Tables(Protocol):
    """The tables of a workbook, in a file or open: headings, and rows without headings and totals."""

    @property
    def table_names(self) -> list[str] | None:
        """Their names."""

    def get_table_by_name(self, name: str, /) -> Any:
        """Return one, with `columns` and `to_python()`."""


def read_back(path: Path, *, force: bool = False) -> tuple[Settings, Entries]:
    """Return the settings and the entries of a month-end workbook.

    Raises `WorkbookError` where the file is no such workbook, cannot be read, or holds a setting that
    cannot be used; `MissingPartsError` where something that would be read is not there, unless `force` takes
    the defaults for it.
    """
    if not path.is_file():
        there = f"{path} is no file" if path.exists() else f"There is no workbook {path}"
        raise WorkbookError(f"{there}: check its name and folder.")
    try:
        with _opened(path) as book:
            saved = Saved(path, book)
            return collect(
                path,
                saved,
                lambda: _named_cells(path, book, saved.names),
                lambda tables: own_columns(path, tables),
                lambda sheets, added: (*_not_carried(path, book, sheets, added), *saved.not_carried()),
                beneath=saved.beneath,
                force=force,
            )
    except WorkbookError:
        raise
    except _UNREADABLE as error:
        raise WorkbookError(
            f"{path} cannot be read as a workbook ({error}); nothing was written:"
            " open it in Excel and save it again, or restore its backup."
        ) from error


def _opened(path: Path) -> CalamineWorkbook:
    # By its bytes: its name may be no UTF-8, which the reader takes no other name to be.
    data = path.read_bytes()
    try:
        workbook_kind(str(path), data)
    except LedgerError as error:
        raise WorkbookError(f"{str(error)[:-1]}; nothing was written.") from error
    return CalamineWorkbook.from_filelike(io.BytesIO(data), load_tables=True)


def read_table(path: Path, table: Table, keys: Sequence[str], chosen: Callable[[Row], bool]) -> list[Row]:
    """Return the chosen rows of a table as `table_rows` yields them; `read_back` has proven that it is our workbook."""
    try:
        with _opened(path) as book:
            return [row for row in table_rows(path, book, table, keys) if chosen(row)]
    except _UNREADABLE as error:
        raise WorkbookError(f"{path} cannot be read as a workbook ({error}); nothing was written.") from error


def table_rows(where: Path | str, book: Tables, table: Table, keys: Sequence[str]) -> Iterator[Row]:
    """Yield a table's rows with the columns `keys`: text, numbers, dates as days since 1970, None where blank."""
    if table.name not in (book.table_names or ()):
        raise WorkbookError(f"{where} has no table {table.name}; refresh the workbook to recreate it.")
    columns = [table.column(key) for key in keys]
    headings = book.get_table_by_name(table.name).columns
    gone = [column.heading for column in columns if column.heading not in headings]
    if gone:
        raise WorkbookError(
            f"{where}, table {table.name}: the column {gone[0]!r} is gone or was renamed; give it its heading back."
        )
    for row in _raw_rows(book, table.name):
        yield {column.key: _value(row[column.heading], column) for column in columns}


def collect(
    where: Path | str,
    book: Tables,
    named_cells: Callable[[], Mapping[str, Any]],
    own_ones: Callable[[Sequence[Table]], Sequence[OwnColumn]] = lambda _: (),
    not_carried: Callable[[Sequence[Sheet], Sequence[OwnColumn]], Iterable[str]] = lambda *_: (),
    *,
    beneath: Mapping[str, Sequence[Sequence[Any]]] = MappingProxyType({}),
    force: bool = False,
) -> tuple[Settings, Entries]:
    """Return the settings and entries of a workbook called `where`, by whatever way it is read.

    `beneath` are lines beneath tables whose rows have a key, by which they are placed. Raises as `read_back` does.
    """
    headings = _headings(where, book)
    cells = named_cells()
    gone = missing(workbook(Settings()), headings, cells, version_of(workbook(Settings()), headings, cells))
    if gone and not force:
        raise MissingPartsError(where, gone)
    settings = _settings(where, book, cells)
    sheets = workbook(settings)
    # Without its key, a table's entries cannot be matched to their rows.
    tables = [
        table
        for sheet in sheets
        for table in sheet.tables()
        if table.name in headings and all(table.column(key).heading in headings[table.name] for key in table.key)
    ]
    added = own_ones([table for sheet in sheets for table in sheet.tables()])
    book = _WithoutResults(book, added)
    formulas: dict[str, dict[str, str]] = {}
    for column in added:
        if column.formula:
            formulas.setdefault(column.table, {})[column.heading] = column.formula
    entries = Entries(
        tables=_table_entries(where, book, [table for table in tables if table.key], beneath),
        defaulted=tuple(gone),
        fields=_typed_cells(where, sheets, cells),
        stored={table.name: _stored(where, book, table) for table in tables if table.stored},
        formulas=formulas,
        not_carried=tuple(not_carried(sheets, added)),
    )
    return settings, complete(sheets, entries)


def _headings(where: Path | str, book: Tables) -> dict[str, list[str]]:
    """Return the headings of our tables that are read back; refuse what has none of our tables."""
    ours = {table.name: table for sheet in workbook(Settings()) for table in sheet.tables()}
    found = ours.keys() & set(book.table_names or ())
    if not found:
        raise WorkbookError(
            f"{where} is not a Receivables workbook: it has none of its tables;"
            " give the workbook that the last refresh wrote."
        )
    return {name: book.get_table_by_name(name).columns if is_read(ours[name]) else [] for name in sorted(found)}


def typed_fields() -> list[Field]:
    """Return every named cell that clerks type into, on any sheet."""
    return [field for sheet in workbook(Settings()) for field in sheet.fields() if field.entry]


# ---- settings


def _settings(path: Path | str, book: Tables, cells: Mapping[str, Any]) -> Settings:
    blank = Settings()
    chosen = {
        name: _setting(path, cell, cells[name], getattr(blank, name)) for name, cell in CELLS.items() if name in cells
    }
    tables = set(book.table_names or ())
    if "tblRates" in tables:
        rows = list(_raw_rows(book, "tblRates"))
        chosen["rates"] = tuple(
            Rate(
                str(row["Currency"]),
                _day(row["From date"], f"{path}, Settings, Exchange rates"),
                float(row["Rate to base"]),
            )
            for row in rows
            if _complete(path, row)
        )
    if "tblPeriods" in tables:
        ends = (row["Period ends on"] for row in _raw_rows(book, "tblPeriods"))
        chosen["periods"] = tuple(_day(end, f"{path}, Settings, Periods") for end in ends if end is not None)
    try:
        currency_code(chosen.get("base_currency", ""))
    except LedgerError as error:
        raise WorkbookError(f"{path}, Settings, {CELLS['base_currency'].label}: {error}") from error
    return replace(blank, **chosen)


def _complete(path: Path | str, row: Row) -> bool:
    asked = [row["Currency"], row["From date"], rate := row["Rate to base"]]
    given = [value for value in asked if value is not None]
    if not given:
        return False
    usual = isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0 and is_usual(rate, "rate")
    if len(given) < len(asked) or not usual:
        raise WorkbookError(
            f"{path}, Settings, Exchange rates: a row needs a currency, a date and a rate above 0;"
            f" it holds {', '.join(map(brief, given))}."
        )
    return True


def _day(value: Any, where: str) -> str:
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    try:
        return iso(day_number(str(value)))
    except ValueError as error:
        raise WorkbookError(f"{where}: {error}") from error


def _setting(path: Path | str, cell: Cell, value: Any, default: Any) -> Any:
    """Turn a typed setting into what `Settings` holds; a blank one is the default."""
    if value is None:
        return "" if isinstance(default, str) and not cell.choices else default
    try:
        if isinstance(default, tuple):
            days = tuple(
                _number(part, "day count", whole=True) for part in re.split(r"[,;/ ]+", str(value).strip()) if part
            )
            if not days or list(days) != sorted(set(days)) or (cell.least is not None and days[0] < cell.least):
                raise ValueError
            return days
        if isinstance(default, str):
            text = _plain(value)
            if cell.choices and text not in cell.choices:
                raise ValueError
            return text
        number = _number(value, cell.style, whole=isinstance(default, int))
        below = cell.least is not None and number < cell.least
        if below or (cell.choices and str(number) not in cell.choices):
            raise ValueError
        return number
    except (ValueError, TypeError):
        allowed = f" (one of {', '.join(cell.choices)})" if cell.choices else ""
        shown = brief(value)
        raise WorkbookError(
            f"{path}, Settings, {cell.label}: {shown} cannot be used{allowed}; correct the cell and refresh again."
        ) from None


def _number(value: Any, style: str, *, whole: bool) -> Any:
    """Return a typed number; raise ValueError where it is none that can be calculated with."""
    number = float(value)
    if isinstance(value, bool) or not is_usual(number, style) or (whole and not number.is_integer()):
        raise ValueError
    return int(number) if whole else number


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()  # as a cell shows it
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _typed_cells(where: Path | str, sheets: Sequence[Sheet], cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into named cells that are no settings."""
    inputs = [(sheet, one) for sheet in sheets for one in sheet.fields() if one.entry and one.name not in CELLS]
    return {
        one.name: typed(cells[one.name], one.style, f"{where}, {sheet.name}, {one.label}")
        for sheet, one in inputs
        if cells.get(one.name) is not None
    }


def _typed(value: Any, *, dated: bool) -> Any:
    """Return a typed cell: a date as days since 1970 where one was asked for, whatever else it is as it stands."""
    if not dated:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        # A cell whose format was taken off shows the number of the day.
        return days_of(int(value)) if MARCH_1900 <= value <= LAST_DAY else str(value)
    try:
        return day_number(value if isinstance(value, dt.date) else str(value))
    except ValueError:
        return value


def _named_cells(path: Path, book: CalamineWorkbook, defined: Sequence[names.Name]) -> dict[str, Any]:
    """Return the named cells that clerks type into; a name of the workbook wins over one of a sheet."""
    labels = {field.name: field.label for field in typed_fields()}
    grids: dict[str, list[list[Any]]] = {}

    def at(place: names.Place) -> Any:
        if place.sheet not in grids:
            grids[place.sheet] = book.get_sheet_by_name(place.sheet).to_python(skip_empty_area=False)
        grid = grids[place.sheet]
        there = place.row < len(grid) and place.column < len(grid[place.row])
        return _cell(grid[place.row][place.column]) if there else None

    found = [name for name in defined if name.name in labels and name.place.sheet in book.sheet_names]
    cells = {name.name: at(name.place) for name in found if not name.of_sheet}
    for copy in (name for name in found if name.of_sheet and name.name in cells):
        if (typed := at(copy.place)) != cells[copy.name]:
            raise WorkbookError(
                f"{path}: {labels[copy.name]} is {cells[copy.name]!r}, and {typed!r} on the copy of its sheet,"
                f" {copy.place.sheet!r}; delete the copy or make them the same, and refresh again."
            )
    return cells


# ---- tables


def _cell(value: Any) -> Any:
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)  # a time of day has no day: it is kept as it reads
    return None if value == "" or (isinstance(value, str) and not value.strip()) else value


def _raw_rows(book: Tables, name: str) -> Iterator[Row]:
    """Yield a table's rows by heading, blank rows left out."""
    table = book.get_table_by_name(name)
    for cells in table.to_python():
        row = _row(table.columns, cells)
        if any(value is not None for value in row.values()):
            yield row


def _row(columns: Sequence[str], cells: Sequence[Any]) -> Row:
    return {heading: _cell(value) for heading, value in zip(columns, cells, strict=False)}


def _stored(where: Path | str, book: Tables, table: Table) -> Stored:
    """Return a table's stored values by column key; what a formula shows is left to be calculated again."""
    extra = () if table.key else _added(book, table)
    columns = [column for column in table.columns if not column.formula]

    def value(number: int, cell: Any, column: Column) -> Any:
        # Where rows have a key, it names the row of what was typed beside it.
        entry = column.entry and not table.key and cell is not None
        checked = _entry(cell, column, f"{where}, {table.name}, row {number}, {column.heading}") if entry else cell
        return checked if entry and column.style in DATE_STYLES else _value(checked, column)

    rows = (
        {column.key: value(number, row.get(column.heading), column) for column in columns}
        | {own(heading): row[heading] for heading in extra}
        for number, row in enumerate(_raw_rows(book, table.name), start=1)
    )
    return Stored(tuple(rows), extra)


def _added(book: Tables, table: Table) -> tuple[str, ...]:
    """Headings of columns that the clerk added."""
    return added_headings(table.columns, book.get_table_by_name(table.name).columns)


def _value(value: Any, column: Column) -> Any:
    if value is None:
        return "" if column.style in TEXT_STYLES else None
    if column.style in TEXT_STYLES:
        return _plain(value)
    return _typed(value, dated=column.style in DATE_STYLES)


def _table_entries(
    path: Path | str, book: Tables, tables: Sequence[Table], beneath: Mapping[str, Sequence[Sequence[Any]]]
) -> dict[str, TableEntries]:
    found = {}
    for table in tables:
        extra = _added(book, table)
        headings = [column.heading for column in table.columns if column.entry] + list(extra)
        if not headings:
            continue
        columns = book.get_table_by_name(table.name).columns
        rows = [*_raw_rows(book, table.name), *(_row(columns, line) for line in beneath.get(table.name, ()))]
        found[table.name] = _entries_of(path, table, rows, headings, extra)
    return found


def _entries_of(
    path: Path | str, table: Table, rows: Sequence[Row], headings: Sequence[str], extra: tuple[str, ...]
) -> TableEntries:
    keys = [_key(table, row) for row in rows]
    times = Counter(keys)
    declared = {column.heading: column for column in table.columns}
    of_clerk = Column("", "", "general")
    kept: dict[Key, Mapping[str, Any]] = {}
    doubled: list[tuple[Key, str, Any]] = []
    for key, row in zip(keys, rows, strict=True):
        where = f"{path}, {table.name}, {' / '.join(filter(None, key)) or 'a row without its key'}"
        cells = {
            heading: _entry(row[heading], declared.get(heading, of_clerk), f"{where}, {heading}")
            for heading in headings
            if row.get(heading) is not None
        }
        if not cells:
            continue
        if times[key] == 1:
            kept[key] = cells
        else:
            doubled += [(key, heading, value) for heading, value in cells.items()]
    return TableEntries(kept, extra, tuple(doubled))


def _entry(value: Any, column: Column, where: str) -> Any:
    return typed(value, column.style, where, column.choices)


def _key(table: Table, row: Row) -> Key:
    parts = []
    for name in table.key:
        column = table.column(name)
        value = row.get(column.heading)
        dated = column.style in DATE_STYLES and value is not None
        parts.append(
            _day(value, f"{table.name}, {column.heading}") if dated else "" if value is None else _plain(value)
        )
    return tuple(parts)


class _WithoutResults:
    """The tables of a workbook; what a clerk's formula shows is no entry where the formula is carried."""

    def __init__(self, book: Tables, added: Iterable[OwnColumn]) -> None:
        self.book = book
        self.table_names = book.table_names
        self.formulas = [column for column in added if column.rows]

    def get_table_by_name(self, name: str, /) -> Any:
        found = self.book.get_table_by_name(name)
        formulas = [column for column in self.formulas if column.table == name and column.heading in found.columns]
        return _TableWithoutResults(found.columns, found.to_python(), formulas) if formulas else found


class _TableWithoutResults:
    def __init__(self, columns: list[str], rows: list[list[Any]], formulas: Sequence[OwnColumn]) -> None:
        self.columns, self.rows = columns, rows
        calculated = {(row, columns.index(column.heading)) for column in formulas for row in column.rows}
        carried = {columns.index(column.heading) for column in formulas if column.formula}
        # On a row that is offered for typing, a formula shows something where nothing was typed.
        blank = {
            row
            for row in {row for row, _ in calculated if row < len(rows)}
            if all(_cell(value) is None or (row, at) in calculated for at, value in enumerate(rows[row]))
        }
        for row, at in calculated:
            if row < len(rows) and (at in carried or row in blank):
                rows[row][at] = ""

    def to_python(self) -> list[list[Any]]:
        return self.rows


# ---- what stays behind


def _not_carried(
    path: Path, book: CalamineWorkbook, sheets: Sequence[Sheet], added: Iterable[OwnColumn]
) -> Iterator[str]:
    ours = {sheet.name for sheet in sheets}
    yield from (f"the sheet {name!r}" for name in book.sheet_names if name not in ours)
    tables = {table.name: (sheet, table) for sheet in sheets for table in sheet.tables()}
    for column in added:
        sheet, table = tables[column.table]
        if not table.key and not table.stored:
            yield f"your column {column.heading!r} on {sheet.name}"
        elif column.rows and not column.formula:
            yield f"the formulas of your column {column.heading!r} on {sheet.name} (what they showed was)"
    charts: list[Chart] = [
        chart
        for sheet in sheets
        for block in sheet.single_blocks()
        if isinstance(block, Charts)
        for chart in block.charts
    ]
    with zipfile.ZipFile(path) as package:
        drawn = sum(bool(re.fullmatch(r"xl/charts/chart\d+\.xml", name)) for name in package.namelist())
    if drawn > len(charts):
        yield f"{drawn - len(charts)} chart(s) of your own"
