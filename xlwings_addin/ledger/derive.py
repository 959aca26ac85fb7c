"""Columns that follow from others: amounts from debit and credit or from what is paid, dates from days and terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, words
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.days import month_end
from xlwings_addin.ledger.errors import Answer, QuestionError
from xlwings_addin.ledger.money_columns import row_digits
from xlwings_addin.ledger.reading import NET_AND_TAX, REDUCTIONS, STATUS_COLUMNS, TERM_DAYS, UNAPPLIED
from xlwings_addin.ledger.values import CREDIT_NOTE, NO_DATE, PAYMENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading
    from xlwings_addin.ledger.values import Days, Minor

LONGEST_TERMS = 9999
TO_END_OF_MONTH = -1
"""Terms that end with the month of the document."""
_FINE = 6
"""Decimals of a quantity and of a price."""


def add_amount(reading: Reading) -> None:
    """The amount of each row, where the file has it in two columns."""
    if reading.has("amount"):
        return
    if reading.has("debit") or reading.has("credit"):
        debit, credit = reading.money("debit"), reading.money("credit")
        blank = reading.is_blank("debit") & reading.is_blank("credit")
        # Credits may be written with the sign they have in the sum.
        credit = -credit if _opposed(credit[reading.items]) else credit
        reading.columns["amount"], reading.empty["amount"] = debit - credit, blank
    elif all(map(reading.has, NET_AND_TAX)):
        net, tax = map(reading.money, NET_AND_TAX)
        blank = reading.is_blank("net_amount") & reading.is_blank("tax_amount")
        reading.columns["amount"], reading.empty["amount"] = net + tax, blank
    elif reading.has("quantity") and reading.has("unit_price"):
        _multiply(reading)


def _opposed(amounts: Minor) -> bool:
    """Amounts that are all written against the sign their column stands for."""
    return bool((amounts < 0).any() and not (amounts > 0).any())


def _multiply(reading: Reading) -> None:
    """Amount is quantity times price, rounded once to the cents of its currency."""
    quantity, no_quantity, bad = reading.numbers("quantity", _FINE)
    price, no_price, bad_price = reading.numbers("unit_price", _FINE)
    reading.refuse(bad & reading.items, f"no number in column '{reading.title('quantity')}'", "quantity")
    reading.refuse(bad_price & reading.items, f"no number in column '{reading.title('unit_price')}'", "unit_price")
    digits = np.broadcast_to(np.asarray(row_digits(reading)), reading.count).tolist()
    amount = [
        _half_away(one * other, 10 ** (2 * _FINE - places))
        for one, other, places in zip(quantity.tolist(), price.tolist(), digits, strict=True)
    ]
    reading.columns["amount"] = np.array(amount, np.int64)
    reading.empty["amount"] = no_quantity | no_price


def _half_away(number: int, by: int) -> int:
    half = (2 * abs(number) + by) // (2 * by)
    return half if number >= 0 else -half


def add_open(reading: Reading) -> None:
    """What is open: amount less what is paid and credited; any two of the three give the third, row by row."""
    items = reading.items
    # A column that is blank throughout says of nothing that it is not paid.
    given = [key for key in REDUCTIONS if reading.has(key) and not reading.is_blank(key)[items].all()]
    if not given:
        return
    reduced = np.zeros(reading.count, np.int64)
    stated = np.zeros(reading.count, bool)
    for key in given:
        minor = reading.money(key)
        against = minor * np.sign(reading.money("amount"))
        reduced += -minor if _opposed(against[items]) else minor
        stated |= ~reading.is_blank(key)
    no_amount, no_open = reading.is_blank("amount"), reading.is_blank("open_amount")
    # A blank among payments is no payment, but it says nothing of a blank beside it.
    partly = np.logical_or.reduce([reading.text(key).eq("partly paid") for key in STATUS_COLUMNS])
    unsaid = np.asarray(partly if not reading.has("open_amount") else True, bool)
    open_too = np.asarray(no_open & ~no_amount & (stated | ~unsaid), bool)
    amount_too = no_amount & ~no_open
    reading.columns["open_amount"] = np.where(open_too, reading.money("amount") - reduced, reading.money("open_amount"))
    reading.columns["amount"] = np.where(amount_too, reading.money("open_amount") + reduced, reading.money("amount"))
    reading.empty["open_amount"], reading.empty["amount"] = no_open & ~open_too, no_amount & ~amount_too


def lower_by_unapplied(reading: Reading) -> None:
    """What is open less what is paid and applied to no document, beside which it stands."""
    if not reading.has(UNAPPLIED) or reading.format.balances:
        return
    taken = unapplied(reading)
    lowered = np.asarray(taken != 0, bool)
    whole = np.where(reading.is_blank("open_amount"), reading.money("amount"), reading.money("open_amount"))
    reading.columns["open_amount"] = np.where(lowered, whole - taken, reading.money("open_amount"))
    reading.empty["open_amount"] = reading.is_blank("open_amount") & ~lowered


def unapplied(reading: Reading) -> Minor:
    """What is unapplied in each row; all negative is written as it counts."""
    taken = reading.money(UNAPPLIED)
    return -taken if _opposed(taken[reading.items]) else taken


def add_dates(reading: Reading) -> None:
    """Document date and due date, where the file has days or terms in their place."""
    if reading.has("age_days") and not reading.has("document_date"):
        days, blank = _whole_days(reading, "age_days")
        reading.columns["document_date"] = np.where(blank, NO_DATE, _day(reading) - days).astype(np.int32)
    if reading.has("days_overdue") and not reading.has("due_date"):
        days, blank = _whole_days(reading, "days_overdue")
        today = np.asarray(reading.items & (days == 0), bool)
        if today.any():
            reading.find(may.DUE_BY_NOT_OVERDUE, today, title=reading.title("days_overdue"))
        reading.columns["due_date"] = (_day(reading) - np.where(blank, 0, days)).astype(np.int32)
    elif any(key in reading.columns for key in TERM_DAYS):
        _add_terms(reading, _terms_in_days(reading))
    elif "terms" in reading.columns and (not reading.has("due_date") or not reading.format.due_is_due):
        _by_terms(reading)


def _day(reading: Reading) -> int:
    """The day the list shows."""
    if reading.day is None:
        key = "days_overdue" if reading.has("days_overdue") else "age_days"
        raise QuestionError(
            f"{reading.table.place} says of its documents only how many days old or overdue they are (column"
            f" '{reading.title(key)}'), and not on which day.",
            Answer("as_of"),
        )
    return reading.day


def _whole_days(reading: Reading, key: str) -> tuple[Minor, NDArray[np.bool_]]:
    days, blank, bad = reading.numbers(key)
    bad |= abs(days) > LONGEST_TERMS * 10
    reading.refuse(bad & reading.items, f"no days in column '{reading.title(key)}'", key)
    return np.where(bad | blank, 0, days), blank


def _terms_in_days(reading: Reading) -> Minor:
    """The longest terms of each row that are given in days."""
    terms = np.zeros(reading.count, np.int64)
    for key in TERM_DAYS:
        if key in reading.columns:
            days, _, bad = reading.numbers(key)
            bad |= abs(days) > LONGEST_TERMS
            reading.refuse(bad, f"no days in column '{reading.title(key)}'", key)
            terms = np.where((terms == 0) & ~bad, days, terms)
    return terms


def _add_terms(reading: Reading, terms: Minor) -> None:
    """Due is the baseline date, or the document's, and the days of the terms; a credit of no invoice is due at once."""
    base = reading.days("due_date") if reading.has("due_date") else reading.days("document_date")
    credit = reading.text("sign").eq("credit") | reading.text("kind").isin([CREDIT_NOTE, PAYMENT])
    at_once = credit.to_numpy(bool) & reading.text("invoice_reference").eq("").to_numpy(bool)
    due = np.where(base == NO_DATE, NO_DATE, base + np.where(at_once, 0, terms))
    reading.columns["due_date"] = due.astype(np.int32)


def _by_terms(reading: Reading) -> None:
    """Due dates from a column of terms: keys whose days are known, or words that say them."""
    known = {key.casefold(): days for key, days in reading.format.terms.items()}
    codes, texts = cells.coded(cells.text(reading.cells("terms"), number_like=True))
    # "Credit days" are terms, and days as well.
    in_days = any("days" in words.read(word).concepts for word in reading.title("terms").split())
    found = [0 if text is None else known.get(text.casefold(), _days_of(text, in_days=in_days)) for text in texts]
    item = reading.items
    unknown = sorted(str(texts[place]) for place in np.unique(codes[item]).tolist() if found[place] is None)
    if unknown:
        raise QuestionError(
            f"{reading.table.place}: column '{reading.title('terms')}' has terms without days"
            f" ({', '.join(repr(text) for text in unknown[:5])}{', ...' if unknown[5:] else ''}), and no column says"
            " when a document is due.",
            Answer("terms", choices=tuple(f"{text}={_proposed(text)}" for text in unknown)),
        )
    days = np.array([days or 0 for days in found], np.int64)[codes]
    _add_terms(reading, np.where(days == TO_END_OF_MONTH, _to_month_end(reading.days("document_date")), days))
    blank = np.array([text is None for text in texts], bool)[codes] & item
    if blank.any():
        # Nothing agreed is nothing known, not due at once.
        reading.columns["due_date"] = np.where(blank, NO_DATE, reading.days("due_date")).astype(np.int32)


def _days_of(text: str, *, in_days: bool) -> int | None:
    """The days that terms say; a number alone says them under a heading that does."""
    number = re.fullmatch(r"(\d{1,4})(?:\.0*)?", text) if in_days else None
    return int(number[1]) if number else terms_days(text)


_AT_ONCE = r"(due )?(up)?on receipt|immediate(ly)?|due now|cash on delivery|cod|sofort|sofort (rein )?netto|prompt"
_DAYS = r"days?|d|tagen?|tg|t|jours?|j|dagen|dgn|dagar|dager|dage|d[ií]as?|dias|giorni|gg|dni|dn[ií]|g[uü]n|дней|дня"
_NET = r"net|netto|n|nett|within|innerhalb( von)?|zahlbar( in| innerhalb( von)?)?|à|a|en|in|sous"


_OF_TERMS = {"days", "net", "terms", "due", "document", "date"}


def terms_days(text: str) -> int | None:
    """The days that words of terms say; None where they are a key, or say something else.

    >>> [terms_days(text) for text in ("Net 30", "30 days", "30 Tage netto", "2/10 net 30", "2% 10, Net 30", "EOM")]
    [30, 30, 30, 30, 30, -1]
    >>> [terms_days(text) for text in ("Due on receipt", "N030", "NAA8", "30 EOM", "30")]
    [0, None, None, None, None]
    """
    plain = " ".join(text.casefold().replace(".", " ").split())
    if re.fullmatch(r"eom|end of( the)? month|monatsende|fin de mois|fin de mes|ultimo", plain):
        return TO_END_OF_MONTH
    if re.fullmatch(_AT_ONCE, plain):
        return 0
    plain = re.sub(r"^\d+([.,]\d+)? ?%? ?[/ ] ?\d+,? (?=n)", "", plain)
    # What is granted before, "14 Tage 2 %, 30 Tage netto", is a discount.
    plain = re.sub(r"^\d+ \D*\d+([.,]\d+)? ?%[ ,;]+(?=\d)", "", plain)
    match = re.fullmatch(rf"(?:net ?|(?:{_NET}) )(\d{{1,3}})(?: (?:{_DAYS}))?(?: net(?:to)?)?", plain) or re.fullmatch(
        rf"(\d{{1,3}}) ?(?:{_DAYS})(?: net(?:to)?)?|n/(\d{{1,3}})", plain
    )
    if match is not None:
        return int(next(group for group in match.groups() if group))
    number = re.fullmatch(r"\D*(\d{1,3})\D*", plain)
    said = words.read(re.sub(r"\d+", " ", plain))
    return (
        int(number[1])
        if number and not said.unknown and {"days", "date"} & {*said.concepts} and {*said.concepts} <= _OF_TERMS
        else None
    )


def _proposed(text: str) -> int | str:
    """The days that the digits of a key suggest."""
    digits = re.findall(r"\d+", text)
    return int(digits[-1]) if digits else "DAYS"


def _to_month_end(days: Days) -> Minor:
    known = days < NO_DATE
    different = {day: month_end(day) - day for day in np.unique(days[known]).tolist()}
    return np.array([different.get(day, 0) for day in days.tolist()], np.int64)
