"""The calendar of Settings: when its periods end, and which day lies some months before another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.days import day_number, first_of_month, month_end, month_ends

if TYPE_CHECKING:
    from xlwings_addin.ledger.values import Days
    from xlwings_addin.settings import Settings


def period_ends(first_day: int, as_of: int, settings: Settings) -> tuple[int, Days, bool]:
    """Return the day before the first period, the ends of the periods up to `as_of`, and whether the last is cut short.

    The first period is that of `first_day` and begins the day after the period end before it; the last ends on
    `as_of`. Periods are calendar months, or what the table of Settings says where it reaches.
    """
    ends = _ends(first_day, as_of, settings)
    opens = int(ends[ends < first_day][-1])
    whole = ends[(ends >= first_day) & (ends <= as_of)]
    to_date = not whole.size or int(whole[-1]) < as_of
    return opens, (np.append(whole, np.int32(as_of)) if to_date else whole).astype(np.int32), to_date


def period_end(day: int, settings: Settings) -> int:
    """Return the last day of the period of a day."""
    ends = _ends(day, day, settings)
    return int(ends[ends >= day][0])


def _ends(first: int, last: int, settings: Settings) -> Days:
    """Period ends, from one before the day `first` to one on the day `last` or after it."""
    ends = month_ends(first_of_month(first) - 1, last)
    if settings.periods:
        stated = np.array(sorted({day_number(end) for end in settings.periods}), np.int32)
        # Before and after the table of periods, calendar months go on.
        ends = np.union1d(ends[(ends < stated[0]) | (ends > stated[-1])], stated)
    return ends


def months_before(day: int, months: int) -> int:
    """Return the same day of the month `months` earlier, or that month's last, as EDATE does.

    >>> from xlwings_addin.ledger.days import day_number, iso
    >>> iso(months_before(day_number("2024-03-31"), 1)), iso(months_before(day_number("2024-02-29"), 12))
    ('2024-02-29', '2023-02-28')
    """
    first = (np.datetime64(first_of_month(day), "D").astype("datetime64[M]") - months).astype("datetime64[D]")
    earlier = int(first.astype(np.int64))
    return min(earlier + day - first_of_month(day), month_end(earlier))
