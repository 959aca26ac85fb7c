"""Workbooks, one table a sheet: .xlsx and .xlsm at the speed of their parser, .xlsb, .xls and .ods alike."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import fastexcel
import numpy as np

from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.first_rows import first_rows, has_merged_cells
from xlwings_addin.ledger.files.heading import HEAD_ROWS, find_heading, is_name
from xlwings_addin.ledger.files.table import RawTable, preamble_of, refuse_size, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet

    from xlwings_addin.ledger.files.heading import Heading
    from xlwings_addin.ledger.files.table import Score

# fastexcel warns of every column without values; a column that nobody filled is no news to a clerk.
logging.getLogger("fastexcel").setLevel(logging.ERROR)

OURS = ("tblItems", "tblReceipts", "tblCustomers")
"""Tables of a month-end workbook that hold its ledger; what is on its other sheets is made of them."""
CUT_ROWS = 4 * HEAD_ROWS
"""Rows of a sheet's beginning, in which the first 60 that hold a cell are."""
_ERROR = re.compile(r"Error\((\w+)\)")
_NEW_ERROR = re.compile(r"Unsupported cell error value '([^']+)'")
"""How the parser names errors that Excel has had for a few years only, #SPILL! for one."""
_ERRORS = {
    "NA": "#N/A",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "GettingData": "#GETTING_DATA",
}


def read_workbook(name: str, data: bytes, score: Score, kind: str) -> tuple[RawTable, ...]:
    """The sheets of a workbook that hold rows."""
    with _parsing(f"{name} is a damaged workbook", kind):
        reader = fastexcel.read_excel(data)
        sheets = list(reader.sheet_names)
        if kind == "xlsx" and OURS[0] in reader.table_names():
            sheets = [sheet for sheet in sheets if not set(OURS).isdisjoint(reader.table_names(sheet))]
    tables = []
    for sheet in sheets:
        with _parsing(f"Sheet '{sheet}' of {name} is damaged", kind):
            table = _sheet(name, data, reader, sheet, score)
        if table is not None:
            tables.append(table)
    if not tables:
        raise LedgerError(f"{name} is empty: none of its sheets ({', '.join(sheets)}) holds a row.")
    return tuple(tables)


@contextmanager
def _parsing(what: str, kind: str) -> Iterator[None]:
    """Turn what the parsers refuse into a sentence; everything else is ours and no fault of the file."""
    try:
        with _hushed() if kind in ("xls", "xlsb") else nullcontext():
            yield
    except fastexcel.FastExcelError as error:
        if shown := _NEW_ERROR.search(str(error)):
            raise LedgerError(
                f"{what.removesuffix(' is damaged')} shows {shown[1]} in a cell, the error of a formula: correct the"
                " cell, or paste the values alone, and save it again."
            ) from None
        raise LedgerError(f"{what}: open it in Excel and save it again.") from None
    except BaseException as error:
        # How a parser written in Rust stops; the class has no module to import it from.
        if type(error).__name__ not in ("PanicException", "CalamineError", "PasswordError", "XmlError", "ZipError"):
            raise
        raise LedgerError(f"{what}: open it in Excel and save it again.") from None


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep from the terminal what the parser itself writes to it about a damaged workbook, a page of addresses."""
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:
        # A program without a terminal has nowhere to write to.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _sheet(name: str, data: bytes, reader: Any, sheet: str, score: Score) -> RawTable | None:
    try:
        return _fast(name, data, reader, sheet, score)
    except fastexcel.UnsupportedColumnTypeCombinationError:
        # A cell formatted as a length of time among days or amounts.
        return table_of(name, sheet, _slowly(data, sheet), score)


def _fast(name: str, data: bytes, reader: Any, sheet: str, score: Score) -> RawTable | None:
    # fastexcel parses a whole sheet even for its first rows: these are cut out, and the sheet is parsed once.
    cut = _head_cut_out(name, data, sheet)
    lines = _head(name, reader, sheet) if cut is None else cut
    if not lines:
        return None
    heading = find_heading(lines, score)
    columns = _body(reader, sheet, heading.end)
    if cut is not None and len(lines[0]) != len(columns):
        # Cells further down stand to the left or right of all above.
        lines = _head(name, reader, sheet)
        heading = find_heading(lines, score)
        columns = _body(reader, sheet, heading.end)
    count = len(columns[0]) if columns else 0
    refuse_size(name, sheet, count, len(columns))
    width = max(len(heading.texts), len(columns)) if heading.headless else len(heading.texts)
    columns += [pa.chunked_array([pa.nulls(count)])] * (width - len(columns))
    columns, notes = _unmerged(data, sheet, columns[:width], heading)
    return RawTable(
        name,
        sheet,
        heading.padded(width),
        tuple(columns),
        np.arange(heading.end + 1, heading.end + 1 + count, dtype=np.int64),
        preamble=preamble_of(lines[: heading.first]),
        headless=heading.headless,
        notes=notes,
    )


def _head_cut_out(name: str, data: bytes, sheet: str) -> list[list[str]] | None:
    """As `_head`, without parsing the rest of the sheet; None where the first rows are not to be had alone."""
    cut = first_rows(data, sheet, CUT_ROWS)
    if cut is None:
        return None
    try:
        lines = _head(name, fastexcel.read_excel(cut), sheet)
    except fastexcel.FastExcelError:
        return None
    return lines if len(lines) == HEAD_ROWS else None


def _head(name: str, reader: Any, sheet: str) -> list[list[str]]:
    """The texts of the first rows; none of a sheet without cells."""
    head = reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=HEAD_ROWS, dtypes="string").to_arrow()
    refuse_size(name, sheet, 0, head.num_columns)
    return [["" if cell is None else str(cell) for cell in line.values()] for line in head.to_pylist()]


def _body(reader: Any, sheet: str, skip: int) -> list[Cells]:
    """The columns below the heading; a cell that shows an error has its text, so that its row can be named."""
    try:
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=skip, schema_sample_rows=None)
    except fastexcel.CalamineCellError:
        # Of a column with #NAME? it does not say what it holds.
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=skip, dtypes="string")
    batch, errors = loaded.to_arrow_with_errors()
    columns = [pa.chunked_array([_days(column)]) for column in batch.columns]
    shown: dict[int, dict[int, str]] = {}
    for one in errors.errors if errors else ():
        row, place = one.offset_position
        if found := _ERROR.search(one.detail):
            shown.setdefault(place, {})[row] = _ERRORS.get(found[1], "#ERROR!")
    for place, texts in shown.items():
        cells = columns[place].cast(pa.string()).to_pylist()
        for row, text in texts.items():
            cells[row] = text
        columns[place] = pa.chunked_array([pa.array(cells, pa.string())])
    return columns


def _days(column: Any) -> Any:
    """Lengths of time as the numbers a spreadsheet has for them."""
    if not pa.types.is_duration(column.type):
        return column
    return pc.divide(column.cast(pa.duration("ms")).cast(pa.int64()).cast(pa.float64()), 86_400_000.0)


def _slowly(data: bytes, sheet: str) -> list[list[Any]]:
    """Every cell of a sheet by itself."""
    with _one_sheet(data, sheet) as opened:
        return opened.to_python(skip_empty_area=False)


@contextmanager
def _one_sheet(data: bytes, sheet: str) -> Iterator[CalamineSheet]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        yield book.get_sheet_by_name(sheet)


def _unmerged(data: bytes, sheet: str, columns: list[Cells], heading: Heading) -> tuple[list[Cells], tuple[str, ...]]:
    """Texts of cells that are merged over several rows, in each of them: who and which, not how much."""
    gaps = [column for column in columns if pa.types.is_string(column.type) and 0 < column.null_count < len(column)]
    if not gaps or not has_merged_cells(data, sheet):
        return columns, ()
    with _one_sheet(data, sheet) as opened:
        merged = opened.merged_cell_ranges or []
    count = 0
    filled: dict[int, list[Any]] = {}
    for (top, place), (bottom, _) in merged:
        first, last = max(top - heading.end, -1), bottom - heading.end
        if first < 0 or last <= first or place >= len(columns) or not pa.types.is_string(columns[place].type):
            continue
        cells = filled.setdefault(place, columns[place].to_pylist())
        if is_name(cells[first]):
            cells[first : last + 1] = [cells[first]] * len(cells[first : last + 1])
            count += 1
    for place, cells in filled.items():
        columns[place] = pa.chunked_array([pa.array(cells, pa.string())])
    return columns, (f"{count} merged cells are read into each row that they cover",) if count else ()
