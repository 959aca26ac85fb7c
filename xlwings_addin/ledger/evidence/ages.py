"""When documents are due by the ages that their list gives them, where nothing else says it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import bucket_headings
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.evidence.columns import columns, columns_with_rows, with_values
from xlwings_addin.ledger.evidence.due_days import values_of_days

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.bucket_headings import Bucket, BucketColumn
    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.files import RawTable

_SAID = frozenset({"due_date", "days_overdue", "terms"})
"""Columns that say when a document is due."""
_LONGEST = 100 * 365
_EVEN = 5
"""Days that the edges of ages are multiples of."""


def with_due_dates(
    table: RawTable, places: Mapping[str, int], aged: Sequence[BucketColumn], shown: int | None
) -> RawTable | None:
    """The table with one more column, of the last day on which each document is due by its age; None without ages.

    Ages are columns of a list, or words in one ("31-60 days"). Those that may count from the dates of documents say
    nothing of when they are due. `shown` is the day that the list shows. Raises QuestionError where nothing says it.
    """
    if _SAID & places.keys() or not (aged or _in_words(columns(table), places.values())):
        return None
    read, at = columns_with_rows(table, len(table.rows))
    documents = _documents(read, places)
    found = _by_columns(read, places, aged, documents) if aged else _by_words(read, places.values(), documents)
    if found is None or not documents.any():
        return None
    heading, ages = found
    if shown is None:
        raise QuestionError(
            f"{table.place} says of its documents only how old they are (column '{heading}'), and not on which day.",
            Answer("as_of", files=(table.file,)),
        )
    if "document_date" in places and not _are_days_overdue(read[places["document_date"]], ages, shown):
        return None
    late = [None if age is None else max(age.first or 0, age.first is not None) for age in ages]
    due = [iso(shown - days) if one and days is not None else None for one, days in zip(documents, late, strict=True)]
    return with_values(table, f"{heading}: due", at, due)


_Ages = tuple[str, list["Bucket | None"]]
"""What the ages are called, and that of each row."""


def _documents(read: Sequence[Column], places: Mapping[str, int]) -> NDArray[np.bool_]:
    """Rows that are documents: those with a date, or with a number or a customer where none is dated."""
    key = next((key for key in ("document_date", "document_no", "customer_id", "customer_name") if key in places), None)
    if key is None:
        return np.zeros(0, bool)
    column = read[places[key]]
    return column.filled & column.readable_days if key == "document_date" else column.filled


def _by_columns(
    read: Sequence[Column], places: Mapping[str, int], aged: Sequence[BucketColumn], documents: NDArray[np.bool_]
) -> _Ages | None:
    """The age of documents each of which is in one column of an aging."""
    whole = next((read[places[key]].amount for key in ("open_amount", "amount") if key in places), None)
    amounts = np.array([read[one.place].amount for one in aged])
    once = (amounts != 0).sum(axis=0) == 1
    if whole is None or not (once & (amounts.sum(axis=0) == whole) | (whole == 0))[documents].all():
        return None
    at = (amounts != 0).argmax(axis=0).tolist()
    return read[aged[-1].place].heading.strip(), [
        aged[place].bucket if one else None for place, one in zip(at, once, strict=True)
    ]


def _by_words(read: Sequence[Column], used: Collection[int], documents: NDArray[np.bool_]) -> _Ages | None:
    """The age of documents by a column that has it in words."""
    found = []
    for column in _in_words(read, used):
        if not column.filled[documents].all():
            continue
        meant = {text: bucket_headings.bucket(text) for text in column.different_words}
        told = {age for age in meant.values() if age is not None and (age.first is None or age.first != age.last)}
        if len(told) > 1 and len(told) == len({*meant.values()}):
            edges = _beginning_together(told)
            of_text = {text: edges[age] for text, age in meant.items() if age is not None}
            found.append((column.heading.strip(), [of_text.get(text) for text in column.text.to_pylist()]))
    return found[0] if len(found) == 1 else None


def _in_words(read: Sequence[Column], used: Collection[int]) -> list[Column]:
    return [one for one in read if one.place not in used and one.says(bucket_headings.bucket)]


def _are_days_overdue(documents: Column, ages: Sequence[Bucket | None], shown: int) -> bool:
    """Whether ages cannot count from the dates of the documents, and no document is overdue longer than it exists."""
    dated = values_of_days({"document_date": documents})["document_date"]
    old = [shown - date for date in dated.tolist()]
    told = [(days, age) for days, age in zip(old, ages, strict=True) if age is not None and abs(days) <= _LONGEST]
    # Where no column is younger, what is current may be as old as the next begins. Some count the first day.
    young = min((age.first - 1 for _, age in told if age.first), default=0)
    ends = [young if age.first is None else _LONGEST if age.last is None else age.last for _, age in told]
    begins = [age.first or 0 for _, age in told]
    since = all(begin - 1 <= days <= end + 1 for (days, _), begin, end in zip(told, begins, ends, strict=True))
    return not since and all(begin <= days + 1 for (days, _), begin in zip(told, begins, strict=True))


def _beginning_together(ages: set[Bucket]) -> dict[Bucket, Bucket]:
    """Ages with the first day of the oldest where the others begin: "90+" beside "31-60" is more than 90."""
    begin = {age.first % _EVEN for age in ages if age.first and age.last}
    late = {age for age in ages if age.first and not age.last and {(age.first + 1) % _EVEN} == begin}
    return {age: replace(age, first=(age.first or 0) + 1) if age in late else age for age in ages}
