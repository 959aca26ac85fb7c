"""The weekly collections hour: when, with whom, and as an entry for any calendar (RFC 5545)."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.days import AsOf, day_number, iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.month_end import needs_documents
from xlwings_addin.settings import CELLS
from xlwings_addin.sheets.hour import AGENDA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.settings import Settings

FOR_SUCCESS = frozenset(("Delivery not confirmed", "Returns pending", "Quantity or quality"))
"""Disputes that Customer Success settles; the others are for Sales, who agreed the price and the order."""
MOST_NAMES = 3
LONGEST_LINE = 75
"""Octets of a line of a calendar file."""
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?")


def fields(closing: Closing, rows: Sequence[Mapping[str, Any]], compared: int | None) -> dict[str, Any]:
    """Return the named cells of the hour."""
    settings = closing.settings
    try:
        at = f"{_next(settings, closing.day):%A, %d %b %Y, %H:%M}"
    except LedgerError as error:
        at = str(error)
    return {
        "hour_next": at,
        "hour_attending": settings.hour_attendees,
        "hour_needed": needed(closing, rows),
        "hour_caller": settings.head_of_finance or "not named: see Settings",
        "hour_compared": _since(closing, compared),
    }


def _since(closing: Closing, compared: int | None) -> str:
    if closing.ledger.balances is not None:
        return needs_documents.TEXT
    return "first refresh: nothing to compare with" if compared is None else _day(compared)


def _day(day: int) -> str:
    return f"{date.fromisoformat(iso(day)):%d %b %Y}"


def needed(closing: Closing, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return who of Sales and Customer Success is needed for what is on the list, and what for."""
    disputes: dict[bool, set[tuple[Any, ...]]] = {True: set(), False: set()}
    holds, served = set(), set()
    for row in rows:
        document = (row["customer_id"], row["document_no"])
        if row["in_dispute"]:
            disputes[row["in_dispute"] in FOR_SUCCESS].add(document)
        if row["hold"] == "align first":
            holds.add(row["customer_id"])
        if row["served"]:
            served.add(row["customer_id"])
    sellers = _sellers(closing, disputes[False])
    parts = {
        f"Sales{sellers}": (
            _count(len(disputes[False]), "dispute"),
            _count(len(holds), "account", " to align on a hold"),
        ),
        "Customer Success": (
            _count(len(disputes[True]), "dispute", " on delivery"),
            _count(len(served), "account", " served while overdue"),
        ),
    }
    said = [f"{who}: {', '.join(filter(None, what))}" for who, what in parts.items() if any(what)]
    return "; ".join(said) or "nobody else"


def _count(number: int, what: str, more: str = "") -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}{more}" if number else ""


def _sellers(closing: Closing, documents: set[tuple[Any, ...]]) -> str:
    """Name those who sold what is disputed, most often named first."""
    items = closing.ledger.items
    if not documents:
        return ""
    found = items.loc[items["document_no"].isin({document for _, document in documents}).to_numpy(bool)]
    counts: dict[str, int] = {}
    columns = (found[name].tolist() for name in ("customer_id", "document_no", "sales_person"))
    for customer, document, who in zip(*columns, strict=True):
        if who and (customer, document) in documents:
            counts[who] = counts.get(who, 0) + 1
    names = sorted(counts, key=lambda name: (-counts[name], name))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f" ({', '.join(names[:MOST_NAMES])}{more})" if names else ""


# ---------------------------------------------------------------- the calendar


def weekly_block(settings: Settings, as_of: AsOf) -> str:
    """Return the collections hour as a calendar with one weekly event, from the first one after `as_of` on.

    RFC 5545, local time, lines folded at 75 octets and ended by CRLF. The same settings give the same event, so that
    a calendar replaces it. Raises LedgerError where Settings hold no time of day.
    """
    day = day_number(as_of)
    start = _next(settings, day)
    weekday = settings.hour_weekday[:2].upper()
    named = f"{settings.company}|{settings.hour_weekday}|{settings.hour_time}"
    described = [f"Attendees: {settings.hour_attendees}", *AGENDA]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Receivables//Collections hour//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:collections-hour-{hashlib.sha256(named.encode()).hexdigest()[:24]}@receivables.invalid",
        f"DTSTAMP:{iso(day).replace('-', '')}T000000Z",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        "DURATION:PT1H",
        f"RRULE:FREQ=WEEKLY;BYDAY={weekday}",
        f"SUMMARY:{_escaped(f'Collections hour {settings.company}'.strip())}",
        f"DESCRIPTION:{_escaped(chr(10).join(described))}",
        "CATEGORIES:Receivables",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _next(settings: Settings, day: int) -> datetime:
    """Return the first hour after a day."""
    found = _TIME.fullmatch(settings.hour_time.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise LedgerError(
            f"Settings, {CELLS['hour_time'].label}: {settings.hour_time!r} is no time of day; write it as 10:00."
        )
    after = date.fromisoformat(iso(day)) + timedelta(days=1)
    wait = (CELLS["hour_weekday"].choices.index(settings.hour_weekday) - after.weekday()) % 7
    return datetime.combine(after + timedelta(days=wait), time(hour, minute))


def _escaped(text: str) -> str:
    plain = "".join(letter for letter in text if letter == "\n" or (letter >= " " and letter != "\x7f"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never within a character."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = "", 1  # the blank that continues a line counts
        piece += letter
        size += octets
    return "\r\n ".join((*pieces, piece))
