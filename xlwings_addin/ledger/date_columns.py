"""Date columns of one table: their order by evidence, and exchanged days and months noticed and asked about."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, dates
from xlwings_addin.ledger.arrow import pa
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError
from xlwings_addin.ledger.findings import DATES_EXCHANGED, INVALID_DATES
from xlwings_addin.ledger.model import DATE
from xlwings_addin.ledger.rows import ITEM
from xlwings_addin.ledger.values import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading
    from xlwings_addin.ledger.values import Days

_NOT_NEEDED = ("due_date", "promise_date", "contact_confirmed", "customer_since")
"""Dates without which a row is still what it is."""
IMPLAUSIBLE = 0.1
"""Share of rows due before their document from which the dates are asked about rather than believed."""
EXCHANGE = Answer("dates", ("swapped", "as-is"))


def read_days(reading: Reading) -> dict[str, Days]:
    """Every date column of the table, as days.

    Raises QuestionError where both orders fit, or where the dates contradict each other as exchanged ones do.
    """
    keys = [key for key in reading.match.places if reading.types[key] == DATE]
    read = {key: dates.read_column(reading.cells(key)) for key in keys}
    if reading.format.role == "sales" and "month" in read:
        read["month"] = _months(reading)
    for key in keys:
        _refuse_other_calendar(reading, key, read[key])
    orders = _orders(reading, read)
    found: dict[str, Days] = {}
    bad: dict[str, NDArray[np.bool_]] = {}
    for key, column in read.items():
        days = column.read(orders[key])
        bad[key] = days == dates.BAD_DATE
        reading.refuse_column(key, bad[key], days != NO_DATE, "no date")
        found[key] = np.where(bad[key], NO_DATE, days).astype(np.int32) if bad[key].any() else days
    for key in found:
        _without_date(reading, key, bad[key], found)
    if reading.answer == "swapped":
        return _exchanged(reading, read, found)
    if reading.answer != "as-is" and reading.format.role in ("items", "receipts"):
        _ask_if_exchanged(reading, read, found)
    return found


def _refuse_other_calendar(reading: Reading, key: str, column: dates.DateColumn) -> None:
    """Years like 1404 or 2568 are no slips of the pen: they count from another day."""
    if not (column.dmy == dates.BAD_DATE).any():
        return
    calendar = dates.other_calendar(cells.text(reading.cells(key)).to_pylist())
    if calendar:
        at = int(np.flatnonzero(column.dmy == dates.BAD_DATE)[0])
        raise LedgerError(
            f"{reading.table.place}: column '{reading.title(key)}' has dates of the {calendar} calendar (row"
            f" {reading.table.rows[at]}: '{reading.shown(key, at)}'): export them in the Gregorian calendar."
        )


def _without_date(reading: Reading, key: str, bad: NDArray[np.bool_], found: dict[str, Days]) -> None:
    """Name cells that hold no valid date; a row is set aside only where the date is the one it needs."""
    item = reading.kind == ITEM
    if key == "document_date" and "due_date" in found:
        needed = found["due_date"] == NO_DATE
    else:
        needed = np.full(reading.count, key not in _NOT_NEEDED)
    reading.refuse(bad & needed, f"no date in column '{reading.title(key)}'", key)
    if key not in ("document_date", *_NOT_NEEDED):
        return
    none = (found[key] == NO_DATE) & item & ~(bad & needed)
    if none.any():
        texts = cells.as_series(cells.text(reading.cells(key)).cast(pa.string())).to_numpy(object)
        none &= np.array([any(letter.isalnum() for letter in text) for text in texts], bool)
    if none.any():
        shown = ", ".join(f"'{text[:30]}'" for text in sorted(set(texts[none].tolist()))[:5])
        reading.find(INVALID_DATES, none, title=reading.title(key), shown=shown)


def _orders(reading: Reading, read: dict[str, dates.DateColumn]) -> dict[str, dates.DateOrder]:
    decided = dates.decide_order(read, {key: reading.title(key) for key in read})
    orders: dict[str, dates.DateOrder] = {}
    for key, column in read.items():
        order, why = decided[key].order, decided[key].why
        if column.open_question and reading.answer in ("dmy", "mdy"):
            order, why = reading.answer, f"{dates.IN_WORDS[reading.answer]}, as answered"
        elif column.open_question and reading.format.dates:
            order, why = reading.format.dates, f"{dates.IN_WORDS[reading.format.dates]}, as this system always writes"
        if order is None:
            at = int(np.flatnonzero(column.dmy != column.mdy)[0])
            raise QuestionError(
                f"{reading.table.place}: column '{reading.title(key)}' can be read day first or month first"
                f" (row {reading.table.rows[at]}: '{reading.shown(key, at)}'), and nothing in it says which.",
                Answer("dates", ("dmy", "mdy")),
            )
        orders[key], reading.evidence[key] = order, why
    return orders


def _months(reading: Reading) -> dates.DateColumn:
    column = dates.read_column(reading.cells("month"))
    texts = cells.text(reading.cells("month")).to_pylist()
    month = np.array([dates.month_of(text) for text in texts], np.int32)
    named = month != dates.BAD_DATE
    dmy, mdy = (np.where(named, month, days) for days in (column.dmy, column.mdy))
    return dates.DateColumn(dmy, mdy, column.real | named, column.bare)


def _ask_if_exchanged(reading: Reading, read: dict[str, dates.DateColumn], found: dict[str, Days]) -> None:
    """Ask where the dates look as if day and month had been exchanged."""
    place = reading.table.place
    for key, column in read.items():
        if dates.mixed_by_spreadsheet(column, np.where(reading.kind == ITEM, found[key], NO_DATE)):
            real = int((column.real & (reading.kind == ITEM)).sum())
            text = int(((found[key] < dates.BAD_DATE) & ~column.real & (reading.kind == ITEM)).sum())
            raise QuestionError(
                f"{place}: column '{reading.title(key)}' holds {text:,} texts with a day over 12 and {real:,} real"
                f" dates with a day up to 12, as when a spreadsheet took days for months.",
                EXCHANGE,
            )
    item = reading.kind == ITEM
    if "document_date" not in found:
        return
    document = np.where(item, found["document_date"], NO_DATE)
    if "due_date" in found and reading.format.due_is_due:
        due = found["due_date"]
        early = (document < dates.BAD_DATE) & (due < document)
        both = int(((document < dates.BAD_DATE) & (due < dates.BAD_DATE)).sum())
        count = int(early.sum())
        if count >= 3 and count > IMPLAUSIBLE * both:
            raise _implausible(reading, read, found, count, both, int(np.flatnonzero(early)[0]))
    column = read["document_date"]
    known = int((document < dates.BAD_DATE).sum())
    stands = dates.out_of_order(document)
    if known >= 20 and stands > 0.15 * known and column.real.sum() == column.filled:
        swapped = dates.out_of_order(dates.swap(document))
        if swapped <= 0.05 * known:
            raise QuestionError(
                f"{place}: the documents run in order of date only when day and month of column"
                f" '{reading.title('document_date')}' are exchanged ({stands:,} steps backwards, else {swapped:,}).",
                EXCHANGE,
            )


def _implausible(
    reading: Reading, read: dict[str, dates.DateColumn], found: dict[str, Days], count: int, both: int, at: int
) -> QuestionError:
    message = (
        f"{reading.table.place}: {count:,} of {both:,} items are due before their document date (first in row"
        f" {reading.table.rows[at]}: '{reading.shown('document_date', at)}',"
        f" due '{reading.shown('due_date', at)}')"
    )
    pair = ("document_date", "due_date")
    for order in dates.ORDERS:
        other = [read[key].read(order) for key in pair]
        if any(read[key].open_question for key in pair) and dates.before(*other) * 4 <= count:
            return QuestionError(
                f"{message}; {dates.IN_WORDS[order]} hardly any is.", Answer("dates", (order, "as-is"))
            )
    best = _best_exchange(read, found)
    if best and dates.before(*(dates.swap(found[key]) if key in best else found[key] for key in pair)) * 4 <= count:
        titles = " and ".join(f"'{reading.title(key)}'" for key in best)
        return QuestionError(f"{message}; with day and month of {titles} exchanged hardly any is.", EXCHANGE)
    return QuestionError(f"{message}: correct the export if they are wrong.", Answer("dates", ("as-is",)))


def _best_exchange(read: dict[str, dates.DateColumn], found: dict[str, Days]) -> tuple[str, ...]:
    """Which of document and due date, exchanged, make the terms most usual; none where neither is a real date."""
    pair = [key for key in ("document_date", "due_date") if key in found]
    able = [key for key in pair if (read[key].real & (dates.swap(found[key]) != found[key])).any()]
    choices: Iterable[tuple[str, ...]] = [some for size in (1, 2) for some in combinations(able, size)]
    if len(pair) < 2:
        return next(iter(choices), ())

    def fit(chosen: tuple[str, ...]) -> int:
        document, due = (dates.swap(found[key]) if key in chosen else found[key] for key in pair)
        return dates.usual_terms(document, due) - dates.before(document, due)

    return max(choices, key=fit, default=())


def _exchanged(reading: Reading, read: dict[str, dates.DateColumn], found: dict[str, Days]) -> dict[str, Days]:
    """Exchange back what a spreadsheet exchanged: only real dates, and the columns that then make sense."""
    chosen = set(_best_exchange(read, found)) | {
        key for key, column in read.items() if dates.mixed_by_spreadsheet(column, found[key])
    }
    for key in set(found) - {"document_date", "due_date"} if "document_date" in chosen else ():
        document = dates.swap(found["document_date"])
        if dates.before(document, dates.swap(found[key])) < dates.before(document, found[key]):
            chosen.add(key)
    for key in sorted(chosen):
        real = read[key].real
        found[key] = np.where(real, dates.swap(found[key]), found[key]).astype(np.int32)
        reading.evidence[key] += ", day and month of real dates exchanged as answered"
        reading.find(DATES_EXCHANGED, real, title=reading.title(key))
    return found
