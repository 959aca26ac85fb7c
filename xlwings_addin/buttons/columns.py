"""How the columns of a file of an unknown system were read, what proves it, and what comes of it: in words."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.money import minor_digits, written
from xlwings_addin.ledger.recognition import BALANCES, BEST_GUESS
from xlwings_addin.ledger.values import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from xlwings_addin.ledger.model import Ledger, Source
    from xlwings_addin.settings import Settings

UNREAD_NAMED = 12
"""Columns without a role that are named."""


def guessed(ledger: Ledger) -> list[Source]:
    """The files whose columns were read by evidence."""
    return [source for source in ledger.sources if source.format in (BEST_GUESS, BALANCES)]


def digest(source: Source) -> str:
    """What identifies the headings of a file and how they were read: the same for next month's file."""
    read = sorted((one.header, one.read_as) for one in source.columns if one.read_as)
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()[:16]


def in_words(ledger: Ledger, source: Source, settings: Settings, day: date) -> str:
    """What a clerk needs to say whether the columns of a file are right."""
    read = [
        f"{one.read_as} = '{one.header}'{f' ({one.evidence})' if one.evidence else ''}"
        for one in source.columns
        if one.read_as
    ]
    unread = [f"'{one.header}'" for one in source.columns if not one.read_as]
    more = f" and {len(unread) - UNREAD_NAMED} more" if unread[UNREAD_NAMED:] else ""
    return "\n".join(
        [
            f"{source.file} is of no known system; this is how its columns are read, and why:",
            *read,
            *([f"Not read: {', '.join(unread[:UNREAD_NAMED])}{more}."] if unread else []),
            "",
            *_outcome(ledger, settings, day),
        ]
    )


def _outcome(ledger: Ledger, settings: Settings, day: date) -> Iterator[str]:
    """Items, first and last date, total and age split, as they would be shown."""
    dates = ledger.items["document_date"].to_numpy()
    known = dates[dates != NO_DATE]
    between = f", dated {iso(int(known.min()))} to {iso(int(known.max()))}" if known.size else ""
    yield f"This gives {len(ledger.items):,} items{between}."
    try:
        aged = age(ledger, day, settings)
    except LedgerError as refusal:
        yield str(refusal)
        return
    for currency, amounts in zip(aged.currencies, aged.amounts.sum(axis=1).tolist(), strict=True):
        shown = {
            label: written(amount, minor_digits(currency))
            for label, amount in (("total", sum(amounts)), *zip(aged.labels, amounts, strict=True))
            if amount or label == "total"
        }
        split = ", ".join(f"{label} {amount}" for label, amount in shown.items() if label != "total")
        total = f"{shown['total']} {currency}".rstrip()
        yield f"Open on {day.isoformat()}: {total}{f' ({split})' if split else ''}."
