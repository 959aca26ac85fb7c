"""Dates as files write them: ISO, serials, words, and day/month order decided by evidence, never guessed."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from udfs.serial_days import days_of, since_1970
from xlwings_addin.ledger import cells as raw
from xlwings_addin.ledger.arrow import Cells, pa
from xlwings_addin.ledger.errors import agreed
from xlwings_addin.ledger.values import NO_DATE, Days
from xlwings_addin.ledger.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

DateOrder = Literal["dmy", "mdy"]
DateAnswer = Literal["dmy", "mdy", "swapped", "as-is"]
"""What a user may say of dates: their order, that real ones have day and month exchanged, or that they are right."""
IN_WORDS: dict[DateOrder, str] = {"dmy": "day first", "mdy": "month first"}
ORDERS: tuple[DateOrder, DateOrder] = ("dmy", "mdy")

BAD_DATE = np.int32(NO_DATE - 1)
"""A cell that holds something, but no date."""

USUAL_TERMS = (0, 7, 10, 14, 15, 30, 45, 60, 90)
_ZONE = r"(?:\s*(?:Z|GMT|UTC)|\s?[+-]\d{2}:?\d{2})?"
_TIME = rf"(?:(?:[T ]+|, *)\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\s*[AP]\.?\s?M\.?)?{_ZONE})?"
_ISO = re.compile(
    rf"(\d{{4}})(?:[-/.] ?(\d{{1,2}})[-/.] ?(\d{{1,2}})\.?|[年년] ?(\d{{1,2}})[月월] ?(\d{{1,2}})[日일]){_TIME}",
    re.IGNORECASE,
)
_NUMERIC = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE)
_WEEKDAY = r"(?:[^\W\d]+\.?,? +)?"
_DAY_WORD = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:[-/. ]|de |d')*([^\W\d]+)\.?"
    rf"(?:[-/., ]|de |del )*(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_WORD_DAY = re.compile(
    rf"{_WEEKDAY}([^\W\d]+)\.?[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(\d{{4}}){_TIME}", re.IGNORECASE
)
_NUMBER = re.compile(r"(\d{1,10})(?:\.\d{0,9})?")
_MOMENT = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
"""Milliseconds since 1970, as services of .NET write days in JSON."""
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\dT(\d\d):(?:00|30):00(?:\.0+)?(?:Z|\+00:?00)")
"""An instant at the full or half hour in Greenwich: it may be midnight where it was written."""
_ZERO = re.compile(
    r"[0\-/. :]+|0?0[-/.](?:0?1|jan)[-/.](?:19)?00|0?1[-/.]0?0[-/.](?:19)?00|1900-0?1-0?0", re.IGNORECASE
)
"""Blank dates, and the day 0 of a spreadsheet."""
_MONTH_ONLY = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/](\d{4})|([^\W\d]+)\.?[-/ ]*(\d{4})")
_YEAR_OF = re.compile(r"(\d{4})[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}\D*|\d{1,2}[-/.]\d{1,2}[-/.](\d{4})")
_FIRST, _LAST, _YEAR_9999 = (since_1970(date(*day)) for day in ((1900, 1, 2), (2199, 12, 31), (9999, 1, 1)))
"""Days between which a date is one; an empty cell of a spreadsheet, shown as a date, is the day before the first."""
CALENDARS = {"Jalali": range(1375, 1425), "Hijri": range(1425, 1475), "Buddhist": range(2520, 2620)}
"""Calendars by the years they now write."""


@cache
def months() -> dict[str, int]:
    """Names and short names of months, folded, in all languages that give them the same meaning."""
    with Path(__file__).with_name("months.csv").open(encoding="utf-8", newline="") as file:
        return {name: int(line["month"]) for line in csv.DictReader(file) for name in line["names"].split("|")}


@dataclass(frozen=True, eq=False)
class DateColumn:
    """A column in both readings: int32 days, `NO_DATE` blank, `BAD_DATE` unreadable. Equal where only one fits."""

    dmy: Days
    mdy: Days
    real: NDArray[np.bool_]
    """Dates that a program wrote, not a person: typed cells, ISO texts, serial numbers."""
    bare: NDArray[np.bool_]
    """Bare numbers: they are dates only where the column's heading or another date column says so."""

    @property
    def filled(self) -> int:
        """Cells that hold something."""
        return int((self.dmy != NO_DATE).sum())

    def read(self, order: DateOrder) -> Days:
        """The column in one order."""
        return self.dmy if order == "dmy" else self.mdy

    @property
    def open_question(self) -> bool:
        """Some date reads differently in the two orders."""
        return bool((self.dmy != self.mdy).any())


def _day(year: int, month: int, day: int) -> int:
    if year == 9999 or (month == day == 1 and year in (1, 1900)):
        # What programs write where they have no date.
        return int(NO_DATE)
    if not 1900 <= year <= 2199:
        return int(BAD_DATE)
    try:
        return since_1970(date(year, month, day))
    except ValueError:
        return int(BAD_DATE)


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _dated(year: str, month: int, day: int) -> int:
    """The day of a year in two or four digits; 1 January 00 is that of 1900, which is none."""
    return _day(1900 if (year, month, day) == ("00", 1, 1) else _year(year), month, day)


@lru_cache(maxsize=1 << 16)
def readings(text: str | None) -> tuple[int, int]:
    """The day a text stands for, read day first and month first.

    >>> readings("2020-04-10") == readings("10-Apr-2020") == readings("20200410.0") == readings("43931")
    True
    >>> [str(np.datetime64(day, "D")) for day in readings("03/04/2020")]
    ['2020-04-03', '2020-03-04']
    """
    if text is None or _ZERO.fullmatch(text):
        return int(NO_DATE), int(NO_DATE)
    if match := _NUMERIC.fullmatch(text):
        first, mark, second, year = int(match[1]), match[2], int(match[3]), match[4]
        dmy = _dated(year, second, first)
        return (dmy, dmy) if mark == "." else (dmy, _dated(year, first, second))
    day = _unambiguous(text)
    return day, day


def _unambiguous(text: str) -> int:
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
    if match := _NUMBER.fullmatch(text):
        number = match[1]
        if len(number) == 8:
            return _day(int(number[:4]), int(number[4:6]), int(number[6:]))
        if len(number) == 10:
            # Seconds since 1970, as web services write moments.
            return int(number) // 86_400 if int(number) < 4_102_444_800 else int(BAD_DATE)
        return days_of(int(number)) if 10_000 <= int(number) < 100_000 else int(BAD_DATE)
    if match := _MOMENT.fullmatch(text):
        ahead = int(match[2] or 0)
        return (
            int(match[1]) // 1000 + (abs(ahead) // 100 * 60 + abs(ahead) % 100) * (60 if ahead > 0 else -60)
        ) // 86_400
    if (match := _DAY_WORD.fullmatch(text)) and (month := months().get(fold(match[2]))):
        return _dated(match[3], month, int(match[1]))
    if (match := _WORD_DAY.fullmatch(text)) and (month := months().get(fold(match[1]))):
        return _day(int(match[3]), month, int(match[2]))
    return int(BAD_DATE)


def other_calendar(texts: Iterable[str | None]) -> str:
    """The calendar whose years most of these dates have: Jalali, Hijri or Buddhist; "" where it is the usual one.

    >>> other_calendar(["1404/05/01", "1404/06/31"]), other_calendar(["15/01/2568"]), other_calendar(["2025-01-15"])
    ('Jalali', 'Buddhist', '')
    """
    years = [int(match[1] or match[2]) for text in texts if text and (match := _YEAR_OF.match(text))]
    counts = {name: sum(year in span for year in years) for name, span in CALENDARS.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] > 0.5 * len(years) else ""


def read_column(cells: Cells) -> DateColumn:
    """A date column in both readings; each different text is parsed once."""
    kind = cells.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        days = cells.cast(pa.timestamp("s")).cast(pa.date32()).cast(pa.int32()).fill_null(int(NO_DATE))
        found = days.to_numpy().astype(np.int32)
        if found.size and (found.min() < _FIRST or found[found < NO_DATE].max(initial=_FIRST) > _LAST):
            none = (found < _FIRST) | ((found >= _YEAR_9999) & (found < NO_DATE))
            found = np.where(none, NO_DATE, np.where((found > _LAST) & (found < NO_DATE), BAD_DATE, found))
            found = found.astype(np.int32)
        return DateColumn(found, found, found != NO_DATE, np.zeros(found.size, bool))
    codes, texts = raw.coded(raw.text(cells))
    both = np.array([readings(text) for text in texts], np.int32).reshape(-1, 2)
    if _local_midnights(texts):
        both += np.array([[bool(text and _MIDNIGHT.fullmatch(text))] for text in texts])
    bare = np.array([bool(text and _NUMBER.fullmatch(text)) for text in texts], bool)
    real = np.array([bool(text and (_ISO.fullmatch(text) or _NUMBER.fullmatch(text))) for text in texts], bool)
    dmy = both[:, 0][codes]
    mdy = dmy if (both[:, 0] == both[:, 1]).all() else both[:, 1][codes]
    return DateColumn(dmy, mdy, real[codes] & (dmy < BAD_DATE), bare[codes])


def _local_midnights(texts: Sequence[str | None]) -> bool:
    """Instants that are all midnight somewhere east of Greenwich, in summer or in winter: the day there is the next.

    22:00 and 23:00 in Greenwich are midnight in Berlin. Noon is how programs write a day that no clock shall change.
    """
    instants = [text for text in texts if text and "T" in text]
    found = [_MIDNIGHT.fullmatch(text) for text in instants]
    hours = {int(match[1]) for match in found if match}
    return bool(hours) and all(found) and min(hours) >= 13 and max(hours) - min(hours) <= 1


def month_of(text: str | None) -> int:
    """A day of the month a text like 2024-06, 06/2024 or Jun 2024 names; `BAD_DATE` when it names none."""
    match = _MONTH_ONLY.fullmatch(text or "")
    if not match:
        return int(BAD_DATE)
    if match[5]:
        return _day(int(match[6]), months().get(fold(match[5]), 0), 1)
    return _day(int(match[1] or match[4]), int(match[2] or match[3]), 1)


def parts_evidence(column: DateColumn) -> dict[DateOrder, int]:
    """How many dates fit only one order, because a part is over 12."""
    return {
        "dmy": int(((column.mdy == BAD_DATE) & (column.dmy != BAD_DATE)).sum()),
        "mdy": int(((column.dmy == BAD_DATE) & (column.mdy != BAD_DATE)).sum()),
    }


def usual_terms(document: Days, due: Days) -> int:
    """Rows whose due date lies a usual number of days after the document date."""
    both = (document < BAD_DATE) & (due < BAD_DATE)
    return int(np.isin(due[both].astype(np.int64) - document[both], USUAL_TERMS).sum())


@dataclass(frozen=True, slots=True)
class Decision:
    """The order a column is read in, None where both fit, and what speaks for it."""

    order: DateOrder | None
    why: str


def decide_order(columns: Mapping[str, DateColumn], titles: Mapping[str, str] | None = None) -> dict[str, Decision]:
    """The order of each column by evidence, None where both readings fit; `titles` name the columns in words.

    First a part over 12 in the column itself, then usual payment terms between document and due date,
    then the order of the other date columns of the same table.
    """
    order: dict[str, DateOrder | None] = {}
    why: dict[str, str] = {}
    for name, column in columns.items():
        found = parts_evidence(column)
        if not column.open_question:
            order[name], why[name] = "dmy", _plain(column)
        elif found["dmy"] != found["mdy"]:
            winner: DateOrder = "dmy" if found["dmy"] > found["mdy"] else "mdy"
            order[name] = winner
            why[name] = f"{IN_WORDS[winner]}: {found[winner]:,} of {column.filled:,} dates fit no other way"
        else:
            order[name] = None
    if "document_date" in columns and "due_date" in columns:
        _by_terms(columns, order, why)
    settled = {found: name for name, found in order.items() if found and columns[name].open_question}
    if len(settled) == 1:
        ((sibling, model),) = settled.items()
        for name in [name for name, found in order.items() if found is None]:
            order[name] = sibling
            why[name] = f"{IN_WORDS[sibling]}, as column '{(titles or {}).get(model, model)}'"
    return {name: Decision(found, why.get(name, "")) for name, found in order.items()}


def _plain(column: DateColumn) -> str:
    real = int(column.real.sum())
    kind = agreed("real or ISO [date|dates]", real) if real == column.filled else "dates that read one way only"
    return f"{column.filled:,} {kind}" if column.filled else "blank"


def _by_terms(columns: Mapping[str, DateColumn], order: dict[str, DateOrder | None], why: dict[str, str]) -> None:
    document, due = columns["document_date"], columns["due_date"]
    if order["document_date"] and order["due_date"]:
        return
    choices = [
        (one, two)
        for one, two in product(ORDERS, ORDERS)
        if order["document_date"] in (None, one)
        and order["due_date"] in (None, two)
        # Two open columns of one export are written alike.
        and (one == two or order["document_date"] or order["due_date"])
    ]
    telling = (document.dmy != document.mdy) | (due.dmy != due.mdy)
    count = int(telling.sum())
    fits = {pair: usual_terms(document.read(pair[0])[telling], due.read(pair[1])[telling]) for pair in choices}
    best = max(fits, key=lambda pair: fits[pair])
    others = max((fit for pair, fit in fits.items() if pair != best), default=0)
    if count >= 3 and fits[best] >= 0.6 * count and others <= 0.4 * fits[best]:
        for name, found in zip(("document_date", "due_date"), best, strict=True):
            if order[name] is None:
                order[name] = found
                why[name] = f"{IN_WORDS[found]}: {fits[best]:,} of {count:,} payment terms are usual ones only so"


def swap(days: Days) -> Days:
    """Day and month exchanged where both can be; other days, `NO_DATE` and `BAD_DATE` as they are.

    >>> [str(np.datetime64(int(day), "D")) for day in swap(np.array([19787, 19799], np.int32))]
    ['2024-05-03', '2024-03-17']
    """
    known = days < BAD_DATE
    if not known.any():
        return days.copy()
    low, high = int(days[known].min()), int(days[known].max())
    if high - low < days.size:
        # Fewer days than rows: each is worked out once.
        table = _swapped(np.arange(low, high + 1, dtype=np.int32))
        return np.where(known, table.take(np.where(known, days, low) - low), days)
    out = days.copy()
    out[known] = _swapped(days[known])
    return out


def _swapped(days: Days) -> Days:
    out = days.copy()
    date64 = days.astype("datetime64[D]")
    month = date64.astype("datetime64[M]")
    day_of_month = (date64 - month).astype(np.int64) + 1
    year = month.astype("datetime64[Y]")
    month_of_year = (month - year).astype(np.int64) + 1
    fits = day_of_month <= 12
    swapped = (year.astype("datetime64[M]") + (day_of_month - 1)).astype("datetime64[D]") + (month_of_year - 1)
    out[fits] = swapped[fits].astype(np.int64).astype(np.int32)
    return out


def before(document: Days, due: Days) -> int:
    """Rows due before their document date."""
    return int(((document < BAD_DATE) & (due < document)).sum())


def mixed_by_spreadsheet(column: DateColumn, days: Days) -> bool:
    """Texts that only one order fits beside real dates whose day and month could all be exchanged.

    A spreadsheet that reads days as months turns every date it can into a real one and leaves the others
    as text. Of honest dates four in ten have a day up to 12: less than once in a thousand all of the one
    and none of the other do.
    """
    real = column.real & (days < BAD_DATE)
    text = ~column.real & (days < BAD_DATE)
    if not (real.any() and text.any()):
        return False
    if (column.dmy[text] < BAD_DATE).any() and (column.mdy[text] < BAD_DATE).any():
        return False
    day_of_month = (
        days[real].astype("datetime64[D]") - days[real].astype("datetime64[D]").astype("datetime64[M]")
    ).astype(np.int64) + 1
    return bool((day_of_month <= 12).all()) and 0.4 ** int(real.sum()) * 0.6 ** int(text.sum()) < 1e-3


def out_of_order(days: Days) -> int:
    """Steps backwards in the running order of documents, or forwards where the newest stand first."""
    known = days[days < BAD_DATE]
    steps = np.diff(known.astype(np.int64))
    return int(min((steps < 0).sum(), (steps > 0).sum()))
