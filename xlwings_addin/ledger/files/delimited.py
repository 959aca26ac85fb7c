"""Delimited text as a table: which sign parts the cells, and rows that have too many or too few of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.arrow import pa, pa_csv, pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.heading import HEAD_ROWS, Heading, find_heading
from xlwings_addin.ledger.files.table import RawTable, preamble_of, refuse_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.files.table import Score

SMALL = 2 * 2**20
LONGEST_CELL = 131_072
"""Characters; a spreadsheet's cell holds a quarter of it."""
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Layout:
    """How a text is delimited, what its heading is, and how well it fits."""

    delimiter: str
    heading: Heading
    width: int
    skip: int
    """Physical lines up to the end of the heading."""
    score: int
    lines: list[list[str]]
    """The first records."""


def layout_of(text: str, score: Score) -> Layout:
    """The layout of a text by its beginning: the sign that gives the best heading, else as many cells in each line.

    Else that which gives the most columns: a comma may be that of decimals.
    """
    found = [_layout(text, delimiter, score) for delimiter in DELIMITERS]
    return max(found, key=lambda one: (one.score, _is_even(one), one.width, -DELIMITERS.index(one.delimiter)))


def _is_even(layout: Layout) -> bool:
    """Whether all lines that hold something have as many cells, several."""
    widths = {len(line) for line in layout.lines if any(line)}
    return len(widths) == 1 and widths != {1}


def _layout(text: str, delimiter: str, score: Score) -> Layout:
    lines, ends = _head_lines(text, delimiter)
    heading = find_heading(lines, score)
    if heading.headless and lines:
        # No heading says how many columns there are: most rows do.
        widths = [len(line) for line in lines]
        return Layout(delimiter, heading, max(widths, key=widths.count), 0, 0, lines)
    skip = ends[heading.end - 1] if lines else 0
    return Layout(delimiter, heading, len(heading.texts), skip, score(heading.texts), lines)


def read_delimited(name: str, data: bytes, layout: Layout) -> RawTable:
    """A UTF-8 text as a table."""
    heading, width, delimiter = layout.heading, layout.width, layout.delimiter
    if not layout.lines:
        raise LedgerError(
            f"{name}: a cell in its first row has more than {LONGEST_CELL:,} characters: a quotation mark is not"
            " closed."
        )
    refuse_size(name, "", 0, width)
    first = heading.end + 1
    names = [f"{i}" for i in range(width)]
    # A process that ends while Arrow's reader threads do may abort (apache/arrow #34314), and Arrow starts one
    # for reading ahead even where it is asked to use none: small files are read without it.
    if len(data) <= SMALL:
        table, broken = _parse_small(name, data.decode("utf-8"), delimiter, heading.end, names)
    else:
        table, broken = _parse_csv(name, data, delimiter, layout.skip, names)
        _refuse_swallowed_rows(name, table, broken, delimiter, first)
    count = table.num_rows + len(broken)
    refuse_size(name, "", count, width)
    numbers = np.arange(first, first + count, dtype=np.int64)
    if broken:
        numbers = np.delete(numbers, [at for at, _ in broken])
        table, numbers, broken = _padded(table, numbers, broken, delimiter, first)
    return RawTable(
        name,
        "",
        heading.padded(width),
        tuple(table.columns),
        numbers,
        tuple((first + at, text) for at, text in broken),
        preamble_of(layout.lines[: heading.first]),
        headless=heading.headless,
    )


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
    """As `_refuse_swallowed`, of a whole table whose rows that do not fit are in `broken`."""
    numbers = np.arange(table.num_rows + len(broken), dtype=np.int64)
    numbers = np.delete(numbers, [at for at, _ in broken])
    for column in table.columns:
        breaks = pc.count_substring(column, "\n")
        # Cheap first: hardly any column has a line break in it, and hardly any cell that has one as many delimiters.
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
        why = str(error).partition("\n")[0].rstrip(".")
        raise LedgerError(f"{name} is not a readable CSV file ({why}).") from None
