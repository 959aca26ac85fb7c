"""Sheets of a workbook that are named by days or months: lists of what was open then, of which one counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, dates
from xlwings_addin.ledger.arrow import pa
from xlwings_addin.ledger.days import month_end
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.preamble import first_day
from xlwings_addin.ledger.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.formats.declaration import Match

_NAMED = re.compile(r"([^\W\d_]{3,})\.?[\s'_-]*((?:20)?\d\d)(?!\d)")
_NUMBERED = re.compile(
    r"(?<![A-Za-z\d])(?:(?P<year>20\d\d)[-_. /]?(?P<month>0?[1-9]|1[0-2])"
    r"|(?P<first>0?[1-9]|1[0-2])[-_. /](?P<then>20\d\d))(?!\d)"
)
HALF = 0.5


def of_day(name: str, found: Sequence[tuple[RawTable, Match]], day: int | None) -> list[tuple[RawTable, Match]]:
    """Of lists that sheets hold by day or by month, the one of a day; all of them where they are no such lists.

    Sheets named by months may as well hold the documents of each: lists of open items repeat some, or most are older.
    Raises QuestionError where no sheet is that of the day.
    """
    shown = {table.sheet: sheet_day(table.sheet) for table, _ in found}
    known = [one for one in shown.values() if one is not None]
    if len(found) < 2 or len(set(known)) < len(found) or len({table.headers for table, _ in found}) > 1:
        return list(found)
    of_days = all(first_day(table.sheet.replace("_", "-"), None) is not None for table, _ in found)
    if not (of_days or _repeat(found) or _share_of_older(found) >= HALF):
        return list(found)
    own = [one for one in found if shown[one[0].sheet] == day]
    if not own:
        names = tuple(shown)
        raise QuestionError(
            f"{name}: {', '.join(map(repr, names))} are lists of different days, and nothing says which sheet counts.",
            Answer("sheet", names, files=(name,)),
        )
    return own


def sheet_day(sheet: str) -> int | None:
    """The day that the name of a sheet says, or the last of its month; None where it says neither.

    >>> from xlwings_addin.ledger.days import iso
    >>> [iso(sheet_day(one)) for one in ("AR 31.12.2025", "Jan 2026", "Dez. 25", "2025-11", "10_2025")]
    ['2025-12-31', '2026-01-31', '2025-12-31', '2025-11-30', '2025-10-31']
    >>> sheet_day("North"), sheet_day("2025"), sheet_day("Q4 2025")
    (None, None, None)
    """
    if (day := first_day(sheet.replace("_", "-"), None)) is not None:
        return day
    for word, year in _NAMED.findall(sheet):
        if month := dates.months().get(fold(word)):
            return _last(int(year) % 100 + 2000, month)
    match = _NUMBERED.search(sheet)
    return _last(int(match["year"] or match["then"]), int(match["month"] or match["first"])) if match else None


def _last(year: int, month: int) -> int:
    return month_end(int(np.datetime64(f"{year}-{month:02}", "D").astype(np.int64)))


def _repeat(found: Sequence[tuple[RawTable, Match]]) -> bool:
    """Whether some document is on several of the sheets."""
    seen = set[tuple[str | None, ...]]()
    for table, match in found:
        keys = [key for key in ("customer_id", "customer_name", "document_no") if key in match.places]
        texts = [cells.text(table.columns[match.places[key]]).cast(pa.string()).to_pylist() for key in keys]
        own = {row for row in zip(*texts, strict=True) if all(row)} if "document_no" in keys else set()
        if seen & own:
            return True
        seen |= own
    return False


def _share_of_older(found: Sequence[tuple[RawTable, Match]]) -> float:
    """Which share of the documents is of an earlier month than the sheet they are on."""
    older = of = 0
    for table, match in found:
        end, place = sheet_day(table.sheet), match.places.get("document_date")
        if end is None or place is None:
            continue
        read = dates.read_column(table.columns[place])
        later = np.maximum(read.dmy, read.mdy)
        first = int(np.datetime64(end, "D").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))
        older += int((later[later < dates.BAD_DATE] < first).sum())
        of += int((later < dates.BAD_DATE).sum())
    return older / of if of else 0.0
