"""A table as a file has it, and what every kind of file makes of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.arrow import Cells, pa
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.heading import HEAD_ROWS, find_heading

if TYPE_CHECKING:
    from numpy.typing import NDArray

Score = Callable[[Sequence[str]], int]
"""How much a row of texts looks like a header."""

MAX_ROWS = 5_000_000
MAX_COLUMNS = 2_000
# A spreadsheet's days have no zone.
EPOCH, _MARCH_1900, _OLDEST = (dt.datetime(*day) for day in ((1899, 12, 30), (1900, 3, 1), (1910, 1, 1)))  # noqa: DTZ001
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table as the file has it: header texts, cells (text or typed by the file), and file row numbers."""

    file: str
    sheet: str
    """Sheet name, or what else tells several tables of a file apart; "" where there is only one."""
    headers: tuple[str, ...]
    columns: tuple[Cells, ...]
    rows: NDArray[np.int64]
    """Row number of each row in the file, as a spreadsheet shows it."""
    broken: tuple[tuple[int, str], ...] = ()
    """Rows whose number of fields does not fit the header: row number and text."""
    preamble: tuple[str, ...] = ()
    """The lines above the header, the texts of their cells joined by blanks."""
    headless: bool = False
    """No row is a header: columns are called "Column A", "Column B" and so on."""
    furniture: tuple[int, ...] = ()
    """Rows below the header that a printer repeats on each page: page heads and rules, no data."""
    encoding: str = "utf-8"
    encoding_why: str = ""
    """What speaks for the encoding; "" where nothing else is possible."""
    notes: tuple[str, ...] = ()
    """What a clerk should know of the way the file was read."""

    @property
    def header_row(self) -> int:
        """Row number of the header, of its first line where it has two; 0 where there is none."""
        return 0 if self.headless else len(self.preamble) + 1

    @property
    def place(self) -> str:
        """File and sheet, for messages."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    def with_column(self, heading: str, texts: Sequence[str | None]) -> RawTable:
        """The table with one more column, its last."""
        column = pa.chunked_array([pa.array(texts, pa.string())])
        return replace(self, headers=(*self.headers, heading), columns=(*self.columns, column))


@dataclass(frozen=True, eq=False)
class SourceFile:
    """A file that was opened: its digest and its tables."""

    name: str
    sha256: str
    tables: tuple[RawTable, ...]


def preamble_of(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The lines above a header, each as one text."""
    return tuple(" ".join(cell.strip() for cell in line if cell.strip()) for line in lines)


def table_of(
    file: str,
    sheet: str,
    lines: Sequence[Sequence[Any]],
    score: Score,
    *,
    numbers: Sequence[int] | None = None,
    **more: Any,
) -> RawTable | None:
    """The table that rows of cells hold; None where no cell is filled. `numbers` are their rows in the file."""
    if not any(shown(cell).strip() for line in lines for cell in line):
        return None
    refuse_size(file, sheet, len(lines), max(map(len, lines)))
    head = [[shown(cell) for cell in line] for line in lines[:HEAD_ROWS]]
    heading = find_heading(head, score)
    body, preamble = lines[heading.end :], head[: heading.first]
    rows = np.arange(1, len(lines) + 1) if numbers is None else np.array(numbers)
    columns = columns_of(body, max([len(heading.texts), *map(len, body)]))
    return RawTable(
        file,
        sheet,
        heading.padded(len(columns)),
        columns,
        rows[heading.end :].astype(np.int64),
        preamble=preamble_of(preamble),
        headless=heading.headless,
        **more,
    )


def refuse_size(file: str, sheet: str, rows: int, columns: int) -> None:
    """Refuse what is more than anyone's ledger."""
    where = f"Sheet '{sheet}' of {file}" if sheet else file
    if rows > MAX_ROWS:
        raise LedgerError(f"{where} has more than {MAX_ROWS:,} rows: split it.")
    if columns > MAX_COLUMNS:
        raise LedgerError(f"{where} has {columns} columns: at most {MAX_COLUMNS} are read.")


def columns_of(lines: Sequence[Sequence[Any]], width: int) -> tuple[Cells, ...]:
    """Rows of cells as columns: of numbers or of days where every cell is one, else of texts."""
    return tuple(_column([line[at] if at < len(line) else None for line in lines]) for at in range(width))


def _column(cells: list[Any]) -> Cells:
    plain = [None if cell == "" else _serial(cell) for cell in cells]
    if any(isinstance(cell, int | float) for cell in plain):
        # Numbers that somebody formatted as days: nobody's list is as old as that.
        plain = [_number(cell) if isinstance(cell, dt.datetime) and cell < _OLDEST else cell for cell in plain]
    kinds = {type(cell) for cell in plain if cell is not None}
    kind = pa.string()
    if kinds == {dt.datetime}:
        kind = pa.timestamp("ms")
    elif kinds and kinds <= {int, float} and max(abs(cell) for cell in plain if cell is not None) < 2**53:
        kind = pa.int64() if kinds == {int} else pa.float64()
    else:
        plain = [None if cell is None else shown(cell) for cell in plain]
    return pa.chunked_array([pa.array(plain, kind)])


def _serial(cell: Any) -> Any:
    """A length of time as the number a spreadsheet has for it, a day as its midnight; other cells as they are."""
    if isinstance(cell, dt.timedelta):
        return cell / _DAY
    if isinstance(cell, dt.time):
        return (dt.datetime.combine(EPOCH, cell) - EPOCH) / _DAY
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime.combine(cell, dt.time())
    return cell


def _number(day: dt.datetime) -> float:
    """What a spreadsheet holds for a day; it takes 1900 for a leap year."""
    return (day - EPOCH) / _DAY - (1 if day < _MARCH_1900 else 0)


def shown(cell: Any) -> str:
    """A cell as text: whole numbers without decimals, days with their time."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**63 else repr(cell)
    return str(_serial(cell))
