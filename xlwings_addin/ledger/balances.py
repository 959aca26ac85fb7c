"""Balances by customer: each part of a balance that has an age is one row, and no document is invented."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger import rows
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.derive import unapplied
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError
from xlwings_addin.ledger.money import minor_digits, written
from xlwings_addin.ledger.values import BALANCE, NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from xlwings_addin.ledger.bucket_headings import Bucket
    from xlwings_addin.ledger.formats.declaration import Match
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.ledger.reading import Reading
    from xlwings_addin.ledger.values import Days, Minor

TOTAL = "open_amount"


def with_places(match: Match) -> Match:
    """The match with a key for each bucket, so that it is read as money is; without a total the first is used."""
    buckets = {rows.BUCKET + str(column.bucket): column.place for column in match.buckets}
    stand_in = {} if TOTAL in match.places or not buckets else {TOTAL: match.buckets[0].place}
    return replace(match, places={**stand_in, **match.places, **buckets})


def dated(reading: Reading, days: dict[str, Days]) -> tuple[dict[str, Days], int | None]:
    """The dates of a table and, of balances, which have none of their own, the day they are of.

    That is the file's own day, else the one answered.
    """
    if not reading.format.balances:
        return days, None
    told = days.get("document_date", np.full(reading.count, NO_DATE, np.int32))[reading.kind == rows.ITEM]
    found = np.unique(told[told != NO_DATE]).tolist()
    if len(found) > 1:
        raise LedgerError(
            f"{reading.table.place} holds balances of {len(found)} days, from {iso(found[0])} to {iso(found[-1])}:"
            " keep those of one."
        )
    day = found[0] if found else reading.day
    if day is None:
        raise QuestionError(
            f"{reading.table.place} holds balances, and nothing says of which day.",
            Answer("as_of", files=(reading.table.file,)),
        )
    return {}, int(day)


def add_up(reading: Reading) -> None:
    """Make the total of each row that states none, and name the rows whose buckets come to something else.

    Raises LedgerError where that is most of them: then the column is no total.
    """
    keys = _keys(reading)
    _take_apart(reading)
    if not keys:
        return
    _check_periods(reading)
    money, empty = reading.columns, reading.empty
    added: Minor = np.sum([reading.money(key) for key in keys], axis=0)
    added = added - _unapplied(reading, added)
    stand_in = reading.match.places[TOTAL] == reading.match.places[keys[0]]
    unstated = np.ones(reading.count, bool) if stand_in else empty[TOTAL]
    stated: Minor = np.where(unstated, added, reading.money(TOTAL))
    money[TOTAL] = stated
    empty[TOTAL] = unstated & np.logical_and.reduce([empty[key] for key in keys])
    read = _read(reading)
    differs = read & (stated != added)
    if not differs.any():
        return
    first = int(np.flatnonzero(differs)[0])
    if differs.sum() > 0.5 * read.sum():
        raise LedgerError(
            f"{reading.table.place}: {', '.join(reading.title(key).strip() for key in keys)} do not add up to"
            f" '{reading.title(TOTAL).strip()}' in {int(differs.sum()):,} rows (first in row"
            f" {reading.table.rows[first]}): correct the file, or say in a mapping file which columns are meant."
        )
    gap = _amount(reading, int((stated - added)[first]))
    reading.find(may.AGES_DIFFER, differs, row=reading.table.rows[first], difference=gap)


def _unapplied(reading: Reading, aged: Minor) -> Minor:
    """What is unapplied, which has no age; a total that is that of the ages is lowered by it."""
    taken = unapplied(reading)
    some = _read(reading) & (taken != 0)
    if some.any() and (reading.money(TOTAL) == aged)[some].all():
        reading.columns[TOTAL] = reading.money(TOTAL) - taken
    return taken


def _take_apart(reading: Reading) -> None:
    """Count customers who owe nothing apart: no row of theirs comes of it."""
    if not reading.format.balances:
        return
    keys = [*reading.empty]
    zero = np.logical_and.reduce([reading.money(key) == 0 for key in keys])
    zero &= ~np.logical_and.reduce([reading.empty[key] for key in keys])
    reading.kind[zero & _read(reading)] = rows.NOTHING


def _keys(reading: Reading) -> list[str]:
    return [key for key in reading.columns if key.startswith(rows.BUCKET)]


def _read(reading: Reading) -> NDArray[np.bool_]:
    return np.asarray((reading.kind == rows.ITEM) & (reading.reason == ""), bool)


def _check_periods(reading: Reading) -> None:
    """Refuse ages of other periods than the format's buckets are of."""
    length = np.asarray(reading.columns.get("period_length", np.zeros(0, object)))
    other = np.flatnonzero((length == "") & (reading.kind[: length.size] == rows.ITEM))
    if other.size:
        raise LedgerError(
            f"{reading.table.place} ages its balances by periods of '{reading.shown('period_length', int(other[0]))}':"
            " export it by periods of a month."
        )


def _amount(reading: Reading, minor: int) -> str:
    return written(minor, minor_digits(reading.base_currency))


def parts(reading: Reading, frame: pd.DataFrame, day: int | None) -> pd.DataFrame:
    """Of balances the rows, one for each bucket that holds something; other tables stay as they are.

    They have no document and no date of one. Due is the last day on which a part falls into its bucket; what no
    bucket holds has no due date.
    """
    if day is None:
        return frame
    _tell(reading, day)
    buckets = {rows.BUCKET + str(column.bucket): column.bucket for column in reading.match.buckets}
    rest = frame[TOTAL].to_numpy(np.int64)
    shared = frame.drop(columns=[name for key in buckets for name in (key, f"{key} blank")])
    found = []
    for key, bucket in buckets.items():
        amount = frame[key].to_numpy(np.int64)
        rest = rest - amount
        found.append(_part(shared, amount, str(bucket), day - max(bucket.first or 0, bucket.first is not None)))
    found.append(_part(shared, rest, "", int(NO_DATE)))
    together: pd.DataFrame = pd.concat(found)
    return together.sort_index(kind="stable").reset_index(drop=True)


def _part(shared: pd.DataFrame, amount: Minor, bucket: str, due: int) -> pd.DataFrame:
    some = amount != 0
    part: pd.DataFrame = shared[some].copy()
    part[TOTAL], part[f"{TOTAL} blank"] = amount[some], False
    # What tells the parts of a balance apart, this month and next.
    part["instalment"] = pd.array([bucket] * len(part), dtype="str")
    part["kind"] = pd.array([BALANCE] * len(part), dtype="str")
    part["due_date"] = np.full(len(part), due, np.int32)
    return part


def _tell(reading: Reading, day: int) -> None:
    """Say that these are balances, and what the file's own ages come to."""
    item = _read(reading)
    ages = ", ".join(
        f"{reading.title(key).strip()} {_amount(reading, int(reading.money(key)[item].sum()))}"
        for key in _keys(reading)
    )
    if ages:
        reading.find(may.BALANCES_ONLY, item, day=iso(day), ages=ages)
    else:
        reading.find(may.BALANCES_WITHOUT_AGE, item, day=iso(day))


def edges_of(buckets: Iterable[Bucket]) -> tuple[int, ...]:
    """Last days overdue of the columns of a list, the first ages first.

    >>> from xlwings_addin.ledger.bucket_headings import Bucket
    >>> edges_of([Bucket(None, 0), Bucket(1, 30), Bucket(31, 60), Bucket(61, None)])
    (30, 60)
    """
    return tuple(sorted({bucket.last for bucket in buckets if bucket.last}))


def rows_read(ledger: Ledger) -> int:
    """Rows of the files that became items: a balance is one row there, and an item for each of its ages here."""
    if ledger.balances is None:
        return len(ledger.items)
    owners = ledger.items[["entity", "customer_id", "currency"]].assign(row=ledger.file_rows)
    return len(owners.drop_duplicates())
