"""Dated exchange rates: one unit of a currency in the base currency, from its date on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.words import currency_of

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.settings import Settings


def base_currency(ledger: Ledger, settings: Settings) -> str:
    """The currency of converted totals: the setting, else the ledger's own; "" when it is not known."""
    return currency_code(settings.base_currency) or ledger.base_currency


def currency_code(text: str) -> str:
    """The ISO code of a currency that somebody names; "" for blank text.

    >>> currency_code(" eur "), currency_code("Euro"), currency_code("")
    ('EUR', 'EUR', '')

    Raises LedgerError where it is the name of no currency, or of several.
    """
    named = currency_of(text) if text.strip() else ("",)
    if len(named) != 1:
        which = f"may be {' or '.join(named)}" if named else "is not a currency"
        raise LedgerError(f"'{text.strip()}' {which}: write its three-letter code, EUR for example.")
    return named[0]


def rate_at(settings: Settings, currency: str, base: str, day: int) -> float | None:
    """The rate in force on a day: 1 for the base currency, which is meant where none is named; None without one."""
    if currency in ("", base):
        return 1.0
    known = [
        (day_number(rate.date), rate.rate)
        for rate in settings.rates
        if rate.currency == currency and day_number(rate.date) <= day
    ]
    return max(known)[1] if known else None
