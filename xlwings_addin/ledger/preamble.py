"""What stands above a header: the day a report shows, and the currency of its amounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlwings_addin.ledger import dates, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.dates import DateOrder

LONGEST = 300
"""Characters of a line that are looked at; a title has no more."""
_AS_OF = re.compile(
    r"(?i)\b(?:(?:as of|as at|as on|aged as of|date at|at date|position at|stichtag|stand|peildatum|arrêté au"
    r"|situation au|à la date du|date au|a (?:la )?fecha(?: de)?|fecha al?|alla data(?: del)?|aggiornato al|data al"
    r"|na data de|posição em|data em|datum op|per den|na dzień|stan na|według stanu na|ke dni|k datu|stav k"
    r"|на дату|по состоянию на|дата на|基準日|截至日期|截止日期|截至|截止|기준일|حتى تاريخ|في تاريخ|كما في|التاريخ عند)"
    r"[\s:：]*(?P<day>.+)|(?:per|pr\.?|zum|au|al|em|op|na|k|на|بتاريخ)[\s:]*(?P<near>\d.+))"
    r"|(?P<before>\d.{5,20}?)\s*(?:現在|時点|기준|tarihi itibar[iı]yla|itibar[iı]yle)"
)
"""A day, and the words that say that a list shows it."""
_DATED = re.compile(
    r"(?i)\s*(?:date|report date|datum|fecha|data|dato|tarih|дата|التاريخ|日付|日期|날짜)\s*[:：]"
    r"\s*(?P<day>\S.{5,20}?)\s*"
)
"""A line that is nothing but a day, called so: that of the list, where no other is named."""
_CURRENCY = re.compile(
    r"(?i:\b(?:currency|währung|devise|monnaie|valuta|moneda|divisa|amounts in|beträge in|montants en|bedragen in"
    r"|importes en)\b)[\s:]*\(?(?P<code>[A-Z]{3})\b"
)
_DAY = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}(?:st|nd|rd|th|\.)?[ -][^\W\d]+\.?,?[ -]\d{4}"
    r"|[^\W\d]+ \d{1,2},? \d{4}|\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]|\d{8}|^\d{5}$"
)


def stated_day(lines: Sequence[str], order: DateOrder | None) -> int | None:
    """The day a preamble says the report shows; None where it says none, or one that reads two ways.

    >>> stated_day(["Craig's Landscaping", "As of June 30, 2024"], None) == stated_day(["Stichtag: 30.06.2024"], None)
    True
    >>> stated_day(["As at 03/04/2024"], None) is None
    True
    >>> stated_day(["Fecha: 31/10/2026"], None) == stated_day(["Date: 1.1.2026", "Stand: 31.10.2026"], None)
    True
    """
    named = [
        match["day"] or match["near"] or match["before"] for line in lines if (match := _AS_OF.search(line[:LONGEST]))
    ]
    plain = [match["day"] for line in lines if (match := _DATED.fullmatch(line[:LONGEST]))]
    return next((found for text in (*named, *plain) if (found := first_day(text, order)) is not None), None)


def first_day(text: str, order: DateOrder | None) -> int | None:
    """The first date in a text; None where there is none or it reads two ways and `order` does not say which."""
    for written in _DAY.findall(text):
        one, other = dates.readings(written)
        if max(one, other) >= dates.BAD_DATE and min(one, other) >= dates.BAD_DATE:
            continue
        if one >= dates.BAD_DATE or other >= dates.BAD_DATE:
            return min(one, other)
        if one == other:
            return one
        return None if order is None else (one if order == "dmy" else other)
    return None


def stated_currency(lines: Sequence[str]) -> str:
    """The currency a preamble names; "" where it names none.

    >>> [stated_currency([line]) for line in ("Währung: EUR", "Currency: all", "Amounts in LCY")]
    ['EUR', '', '']
    """
    named = (match["code"] for line in lines if (match := _CURRENCY.search(line[:LONGEST])))
    return next((code for code in named if code in words.CODES), "")
