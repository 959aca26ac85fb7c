"""When documents are due by what cells say of it ("Due in 4 days"), or by whole numbers of days beside their dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.evidence.columns import HALF, columns, columns_with_rows, with_values
from xlwings_addin.ledger.evidence.due_days import values_of_days
from xlwings_addin.ledger.evidence.identities import USUAL
from xlwings_addin.ledger.reading import STATUS_COLUMNS
from xlwings_addin.ledger.words import status_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.files import RawTable

_LATE = re.compile(
    r"(?i)(\d+) days? (?:overdue|past due|late|ago)|(?:overdue|past due|late)(?: by)? (\d+) days?"
    r"|(\d+) tagen? überfällig"
)
_LEFT = re.compile(r"(?i)(?:due )?in (\d+) days?|(\d+) days? (?:left|to go|remaining)|fällig in (\d+) tag(?:en)?")
_ON = re.compile(r"(?i)(?:(?:over|past )?due|fällig)(?: (?:on|since|by|seit|am))?:? (\d\S*\d|\d{1,2} \w+ \d{4})")
_TODAY = re.compile(r"(?i)due today|today|heute fällig")
_LEAST = 2
_IN_DAYS = frozenset({"days"})


def with_told_due_dates(table: RawTable, places: Mapping[str, int], shown: int | None) -> RawTable | None:
    """The table with one more column, of the days on which documents are due as another column tells; None without.

    `shown` is the day that the list shows. Raises QuestionError where days count from one that nothing says.
    """
    given = places.get("due_date")
    if {"days_overdue", "terms"} & places.keys() or not _may_tell(columns(table), places, given):
        return None
    read, at = columns_with_rows(table, len(table.rows))
    if given is not None and read[given].readable_days.any():
        return None
    found = _by_phrases(table, read, places, shown) or (None if given is not None else _by_numbers(read, places, shown))
    if found is None:
        return None
    heading, due = found
    return with_values(table, f"{heading}: due", at, due)


def _may_tell(first: Sequence[Column], places: Mapping[str, int], given: int | None) -> bool:
    """Whether a column may tell it by the first rows: to read all of a long list costs more than all else."""
    if given is not None and first[given].readable_days.any():
        return False
    taken = {place for key, place in places.items() if key not in ("due_date", "age_days", *STATUS_COLUMNS)}
    free = [one for one in first if one.place not in taken and one.count]
    return any(
        one.speaks_of(_IN_DAYS) if one.numeric else any(_told(text) is not None for text in one.different_words)
        for one in free
    )


_Due = tuple[str, list[str | None]]
"""The heading that tells it, and the day of each row as it is written."""


def _by_phrases(table: RawTable, read: Sequence[Column], places: Mapping[str, int], shown: int | None) -> _Due | None:
    """Days by words in the cells of one column, where the rest of them is blank or settled."""
    taken = {place for key, place in places.items() if key not in ("due_date", *STATUS_COLUMNS)}
    for column in read:
        if column.place in taken or column.numeric:
            continue
        meant = _meant(column)
        if meant is None:
            continue
        if shown is None and any(isinstance(one, int) for one in meant.values()):
            raise QuestionError(
                f"{table.place} says of its documents only in how many days they are due (column"
                f" '{column.heading.strip()}'), and not on which day.",
                Answer("as_of", files=(table.file,)),
            )
        days = {text: iso((shown or 0) + one) if isinstance(one, int) else one for text, one in meant.items()}
        return column.heading.strip(), [days.get(text) for text in column.text.to_pylist()]
    return None


def _meant(column: Column) -> dict[str, int | str | None] | None:
    """What each text of a column tells; None where too few tell it, or one neither tells it nor is settled."""
    meant = {text: _told(text) for text in column.text.to_pylist() if text}
    rest = [text for text, one in meant.items() if one is None and status_of(text) in ("", "open", "overdue")]
    told = sum(one is not None for one in meant.values())
    return meant if told >= _LEAST and not rest else None


def _told(text: str) -> int | str | None:
    """The days from the one shown until something is due, or the day itself as it is written; None of other texts.

    >>> [_told(text) for text in ("119 days overdue", "Due in 4 days", "Overdue on 07/04/2026", "Due today", "Paid")]
    [-119, 4, '07/04/2026', 0, None]
    """
    for pattern, sign in ((_LATE, -1), (_LEFT, 1)):
        if match := pattern.fullmatch(text.strip()):
            return sign * int(next(one for one in match.groups() if one))
    if match := _ON.fullmatch(text.strip()):
        return match[1]
    return 0 if _TODAY.fullmatch(text.strip()) else None


def _by_numbers(read: Sequence[Column], places: Mapping[str, int], shown: int | None) -> _Due | None:
    """Days by whole numbers that make usual terms with the dates of documents in one way only, and are no ages."""
    if "document_date" not in places:
        return None
    dates = values_of_days({"document_date": read[places["document_date"]]})["document_date"]
    dated = read[places["document_date"]].readable_days
    taken = {place for key, place in places.items() if key != "age_days"}
    for column in read:
        whole = column.numeric and column.whole and column.speaks_of(_IN_DAYS)
        if (
            column.place in taken
            or not whole
            or not column.filled[dated].all()
            or len({*dates[dated].tolist()}) < _LEAST
        ):
            continue
        days = column.amount // 10**4
        terms = {"terms": days}
        if shown is not None:
            old = shown - dates
            if (abs(old - days)[dated] <= 1).all():
                continue
            terms |= {"overdue": old - days, "left": old + days}
        fitting = [one for one in terms.values() if _are_usual(one[dated])]
        if len(fitting) == 1:
            due = dates + fitting[0]
            return column.heading.strip(), [
                iso(int(one)) if known else None for one, known in zip(due, dated, strict=True)
            ]
    return None


def _are_usual(terms: NDArray[np.int64]) -> bool:
    """Whether all are terms that companies agree on, and most are more than none."""
    return bool(np.isin(terms, USUAL).all() and (terms > 0).mean() > HALF)
