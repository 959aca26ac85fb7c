"""Files as tables of raw cells: encodings, delimiters, sheets and rows, nothing interpreted yet."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastexcel
import numpy as np

from xlwings_addin.ledger.arrow import Cells, pa, pa_csv, pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.first_rows import first_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

# fastexcel warns of every column without values; a column that nobody filled is no news to a clerk.
logging.getLogger("fastexcel").setLevel(logging.ERROR)

MAX_ROWS = 5_000_000
MAX_COLUMNS = 2_000
MAX_UNPACKED = 4 * 2**30
MAX_RATIO = 400
SMALL = 2 * 2**20
LONGEST_CELL = 131_072
"""Characters; a spreadsheet's cell holds a quarter of it."""
OURS = ("tblItems", "tblReceipts", "tblCustomers")
"""Tables of a month-end workbook that hold its ledger; what stands on its other sheets is made of them."""
HEAD_ROWS = 60
CUT_ROWS = 4 * HEAD_ROWS
"""Rows of a sheet's beginning, in which the first 60 that hold a cell are."""
DELIMITERS = ",;\t|"

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table as the file has it: header texts, cells (text or typed by the file), and file row numbers."""

    file: str
    sheet: str
    """Sheet name; "" for a CSV."""
    headers: tuple[str, ...]
    columns: tuple[Cells, ...]
    rows: NDArray[np.int64]
    """Row number of each row in the file, as a spreadsheet shows it."""
    broken: tuple[tuple[int, str], ...] = ()
    """Rows whose number of fields does not fit the header: row number and text."""
    preamble: tuple[str, ...] = ()
    """The lines above the header, the texts of their cells joined by blanks."""

    @property
    def header_row(self) -> int:
        """Row number of the header."""
        return len(self.preamble) + 1

    @property
    def place(self) -> str:
        """File and sheet, for messages."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True, eq=False)
class SourceFile:
    """A file that was opened: its digest and its tables."""

    name: str
    sha256: str
    tables: tuple[RawTable, ...]


def open_source(path: str | Path, header_score: Callable[[Sequence[str]], int]) -> SourceFile:
    """Read a CSV or XLSX file into raw tables, one per sheet that has rows.

    `header_score` says how much a row of texts looks like a header; the best of the first 60 rows is
    taken for it, which skips preambles, and for a CSV also settles the delimiter.
    Raises LedgerError for anything that is no readable CSV or XLSX.
    """
    path = Path(path)
    name = path.name
    if path.is_dir():
        raise LedgerError(f"{path} is a folder: name the CSV or XLSX file in it.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise LedgerError(f"There is no file {path}: check its name and folder.") from None
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be read ({error.strerror}): close it elsewhere or check its rights."
        ) from None
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise LedgerError(f"{name} is empty: export it again.")
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_OLE):
        raise LedgerError(
            f"{name} is an encrypted workbook or an old .xls: open it in Excel and save it as .xlsx without a password."
        )
    if data.startswith(_ZIP) or path.suffix.lower() in {".xlsx", ".xlsm"}:
        tables = _workbook(name, data, header_score)
    else:
        tables = (_csv(name, data, header_score),)
    return SourceFile(name, digest, tables)


def _workbook(name: str, data: bytes, header_score: Callable[[Sequence[str]], int]) -> tuple[RawTable, ...]:
    _check_zip(name, data)
    try:
        reader = fastexcel.read_excel(data)
        sheets = list(reader.sheet_names)
        if OURS[0] in reader.table_names():
            sheets = [sheet for sheet in sheets if not set(OURS).isdisjoint(reader.table_names(sheet))]
    except Exception as error:  # noqa: BLE001 - the parser's own exceptions differ by version; all mean unreadable
        raise LedgerError(f"{name} is not a readable workbook ({_first_line(error)}): save it as .xlsx.") from None
    tables = []
    for sheet in sheets:
        try:
            table = _sheet(name, data, reader, sheet, header_score)
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            raise LedgerError(f"Sheet '{sheet}' of {name} cannot be read ({_first_line(error)}).") from None
        if table is not None:
            tables.append(table)
    if not tables:
        raise LedgerError(f"{name} is empty: none of its sheets ({', '.join(sheets)}) holds a row.")
    return tuple(tables)


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0].rstrip(".") if text else type(error).__name__


def _check_zip(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise LedgerError(f"{name} is not an XLSX workbook, or a damaged one: save it again as .xlsx.") from None
    if any(member.flag_bits & 1 for member in members):
        raise LedgerError(f"{name} is encrypted: save it without a password.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > 2**28 and unpacked > MAX_RATIO * len(data)):
        raise LedgerError(
            f"{name} would unpack to {unpacked / 2**30:.1f} GB: this is no ordinary workbook, not opened."
        )
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise LedgerError(f"{name} is a zip archive, but not an XLSX workbook: unpack it and name the file in it.")


def _sheet(
    name: str, data: bytes, reader: Any, sheet: str, header_score: Callable[[Sequence[str]], int]
) -> RawTable | None:
    # fastexcel parses a whole sheet even for its first rows: these are cut out, and the sheet is parsed once.
    cut = _head_cut_out(name, data, sheet)
    lines = _head(name, reader, sheet) if cut is None else cut
    if not lines:
        return None
    place = _best_header(lines, header_score)
    body = _body(reader, sheet, place)
    if cut is not None and len(lines[0]) != body.num_columns:
        # Cells further down stand to the left or right of all above.
        lines = _head(name, reader, sheet)
        place = _best_header(lines, header_score)
        body = _body(reader, sheet, place)
    if body.num_rows > MAX_ROWS:
        raise LedgerError(f"Sheet '{sheet}' of {name} has more than {MAX_ROWS:,} rows: split it.")
    headers = lines[place]
    columns = [pa.chunked_array([column]) for column in body.columns]
    columns += [pa.chunked_array([pa.nulls(body.num_rows)])] * (len(headers) - len(columns))
    rows = np.arange(place + 2, place + 2 + body.num_rows, dtype=np.int64)
    return RawTable(
        name, sheet, tuple(headers), tuple(columns[: len(headers)]), rows, preamble=_preamble(lines[:place])
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
    if head.num_columns > MAX_COLUMNS:
        raise LedgerError(f"Sheet '{sheet}' of {name} has {head.num_columns} columns: at most {MAX_COLUMNS} are read.")
    return [["" if cell is None else str(cell) for cell in line.values()] for line in head.to_pylist()]


def _body(reader: Any, sheet: str, place: int) -> Any:
    return reader.load_sheet(sheet, header_row=None, skip_rows=place + 1, schema_sample_rows=None).to_arrow()


def _preamble(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(" ".join(cell.strip() for cell in line if cell.strip()) for line in lines)


def _best_header(lines: Sequence[Sequence[str]], header_score: Callable[[Sequence[str]], int]) -> int:
    scores = [header_score(line) for line in lines]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    # Nothing recognised: the fullest row is shown as the header there is.
    widths = [sum(1 for cell in line if cell.strip()) for line in lines]
    return widths.index(max(widths)) if widths else 0


def decode(name: str, data: bytes) -> bytes:
    """The text as UTF-8 bytes: UTF-8 with or without BOM, UTF-16, else cp1252. LedgerError for binary data."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _transcode(name, data, "utf-16")
    elif data[:2000].count(0) > len(data[:2000]) // 4:
        # UTF-16 without a BOM: in Western text every other byte is zero.
        return _transcode(name, data, "utf-16-le" if data[1:2000:2].count(0) > data[:2000:2].count(0) else "utf-16-be")
    if 0 in data:
        raise LedgerError(f"{name} is neither a CSV nor an XLSX file (byte 0 at position {data.index(0)}).")
    control = sum(data[:4000].count(code) for code in range(32) if code not in (9, 10, 12, 13))
    if control > len(data[:4000]) // 50:
        raise LedgerError(f"{name} is neither a CSV nor an XLSX file: it holds binary data.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").encode()
    return data


def _transcode(name: str, data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LedgerError(f"{name} looks like UTF-16 but breaks off at byte {error.start}: export it again.") from None
    if "\x00" in text:
        raise LedgerError(f"{name} is neither a CSV nor an XLSX file: it holds binary data.")
    return text.encode()


def _csv(name: str, data: bytes, header_score: Callable[[Sequence[str]], int]) -> RawTable:
    data = decode(name, data)
    head_bytes = data[: 2**18]
    cut = len(head_bytes) < len(data)
    text = head_bytes.decode("utf-8", errors="ignore")
    if cut:
        text = text[: text.rfind("\n") + 1] or text
    best: tuple[int, int, int, str, list[list[str]], int] | None = None
    for preference, delimiter in enumerate(DELIMITERS):
        lines, ends = _head_lines(text, delimiter)
        place = _best_header(lines, header_score)
        line = lines[place] if lines else []
        candidate = (header_score(line), len(line), -preference, delimiter, lines, place)
        if best is None or candidate[:3] > best[:3]:
            best, skip = candidate, ends[place] if ends else 0
    assert best is not None
    _, width, _, delimiter, lines, place = best
    if not lines:
        raise LedgerError(
            f"{name}: a cell in its first row has more than {LONGEST_CELL:,} characters: a quotation mark is not"
            " closed."
        )
    if width > MAX_COLUMNS:
        raise LedgerError(f"{name} has {width} columns: at most {MAX_COLUMNS} are read.")
    headers = lines[place]
    names = [f"{i}" for i in range(width)]
    # A process that ends while Arrow's reader threads do may abort (apache/arrow #34314), and Arrow starts one
    # for reading ahead even where it is told to use none: small files are read without it.
    if len(data) <= SMALL:
        table, broken = _parse_small(name, data.decode("utf-8"), delimiter, place + 1, names)
    else:
        table, broken = _parse_csv(name, data, delimiter, skip, names)
        _refuse_swallowed_rows(name, table, broken, delimiter, place + 2)
    count = table.num_rows
    if count + len(broken) > MAX_ROWS:
        raise LedgerError(f"{name} has more than {MAX_ROWS:,} rows: split it.")
    numbers = np.arange(place + 2, place + 2 + count + len(broken), dtype=np.int64)
    if broken:
        numbers = np.delete(numbers, [at for at, _ in broken])
        table, numbers, broken = _padded(table, numbers, broken, delimiter, place + 2)
    shown = tuple((place + 2 + at, text) for at, text in broken)
    return RawTable(name, "", tuple(headers), tuple(table.columns), numbers, shown, _preamble(lines[:place]))


def _padded(
    table: Any, numbers: NDArray[np.int64], broken: list[tuple[int, str]], delimiter: str, first: int
) -> tuple[Any, NDArray[np.int64], list[tuple[int, str]]]:
    """Rows that hold one text and too few delimiters, a group's name or a footer, brought to full width."""
    names, rest = table.column_names, []
    whole: list[tuple[int, list[str]]] = []
    for at, text in broken:
        try:
            fields = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:
            fields = []
        if 0 < len(fields) < len(names) and sum(1 for field in fields if field.strip()) == 1:
            whole.append((first + at, fields + [""] * (len(names) - len(fields))))
        else:
            rest.append((at, text))
    if not whole:
        return table, numbers, broken
    more = pa.table({name: pa.array([fields[i] for _, fields in whole]) for i, name in enumerate(names)})
    numbers = np.concatenate([numbers, np.array([number for number, _ in whole], np.int64)])
    order = np.argsort(numbers, kind="stable")
    return pa.concat_tables([table, more]).take(pa.array(order)), numbers[order], rest


def _head_lines(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records, and how many physical lines of the file lie up to the end of each."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines, ends = [], []
    try:
        for line in reader:
            lines.append(line)
            ends.append(reader.line_num)
            if len(lines) == HEAD_ROWS:
                break
    except csv.Error:
        pass
    return lines, ends


def _parse_small(
    name: str, text: str, delimiter: str, skip: int, names: list[str]
) -> tuple[Any, list[tuple[int, str]]]:
    """As `_parse_csv`, without any thread."""
    rows: list[list[str]] = []
    broken: list[tuple[int, str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    width, start, at = len(names), 0, -skip
    blank = [""] * width
    try:
        for at, row in enumerate(reader, start=-skip):
            if reader.line_num - start > 1 and at >= 0:
                _refuse_swallowed(name, row, delimiter, width, at + skip + 1)
            start = reader.line_num
            if at < 0:
                continue
            if len(row) == width:
                rows.append(row)
            elif not row or row == [""]:
                rows.append(blank)
            else:
                broken.append((at, _line(row, delimiter)))
    except csv.Error:
        raise LedgerError(
            f"{name}: a cell after row {max(at, -1) + skip + 1} has more than {LONGEST_CELL:,} characters:"
            " a quotation mark is not closed."
        ) from None
    columns = zip(*rows, strict=True) if rows else [()] * width
    return pa.table({key: pa.array(cells, pa.string()) for key, cells in zip(names, columns, strict=True)}), broken


def _line(row: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(row)
    return out.getvalue()


def _refuse_swallowed(name: str, cells: Sequence[str], delimiter: str, width: int, row: int) -> None:
    """Refuse a file in which a quotation mark nobody closed takes rows into its cell, and their amounts with them.

    Such a cell has a whole row between two line breaks, or as many delimiters as the rows it spans: closed in
    the column it was opened in, it leaves a row of the right width. An address of several lines has fewer.
    """
    for cell in cells:
        lines = cell.splitlines()
        if len(lines) < 2 or width < 3:
            continue
        whole = next((line for line in lines[1:-1] if line.count(delimiter) >= width - 1), None)
        if whole is not None or cell.count(delimiter) == (len(lines) - 1) * (width - 1):
            raise LedgerError(
                f"{name}: a cell in row {row} holds parts of other rows ('{(whole or lines[1])[:60]}'):"
                " a quotation mark is not closed."
            )


def _refuse_swallowed_rows(name: str, table: Any, broken: list[tuple[int, str]], delimiter: str, first: int) -> None:
    """As `_refuse_swallowed`, of a whole table whose rows that do not fit stand in `broken`."""
    numbers = np.arange(table.num_rows + len(broken), dtype=np.int64)
    numbers = np.delete(numbers, [at for at, _ in broken])
    for column in table.columns:
        breaks = pc.count_substring(column, "\n")
        # Cheap first: hardly any column has a line break in it, and hardly any cell that has one so many delimiters.
        if not pc.any(pc.greater(breaks, 0)).as_py():
            continue
        many = pc.greater_equal(pc.count_substring(column, delimiter), table.num_columns - 1)
        for row in np.flatnonzero(pc.and_(pc.greater(breaks, 0), many).to_numpy()).tolist():
            _refuse_swallowed(name, [column[row].as_py()], delimiter, table.num_columns, first + int(numbers[row]))
    for at, text in broken:
        _refuse_swallowed(name, [text], delimiter, table.num_columns, first + at)


def _parse_csv(
    name: str, data: bytes, delimiter: str, skip: int, names: list[str]
) -> tuple[Any, list[tuple[int, str]]]:
    """The cells as text; rows that do not fit the header apart, by place after the header."""
    broken: list[tuple[int, str]] = []

    def misfit(row: Any) -> str:
        # Numbered from the first line of the file; blank lines come as rows of blanks.
        broken.append((int(row.number) - 1 - skip, row.text))
        return "skip"

    def read(careful: bool) -> Any:
        return pa_csv.read_csv(
            pa.BufferReader(data),
            read_options=pa_csv.ReadOptions(
                column_names=names, skip_rows=skip, use_threads=not careful, block_size=2**24
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=misfit if careful else None,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )

    try:
        return read(careful=False), broken
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({name: pa.array([], pa.string()) for name in names}), broken
    try:
        return read(careful=True), broken
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({name: pa.array([], pa.string()) for name in names}), broken
        raise LedgerError(f"{name} is not a readable CSV file ({_first_line(error)}).") from None
