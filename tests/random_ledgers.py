"""Small random ledgers of several currencies, with dated rates: as many as a test wants, the same each time."""

from __future__ import annotations

import random

from plain_ledgers import Item, Receipt, make

from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.settings import Rate, Settings

FIRST, LAST = day_number("2026-01-05"), day_number("2026-04-30")
CURRENCIES = ("EUR", "USD", "JPY", "KWD")


def several(seed, **chosen):
    """A ledger of a few customers, regions and currencies, and settings that convert it."""
    pick = random.Random(seed)
    base, *others = pick.sample(CURRENCIES, pick.randint(2, 4))
    items, receipts = [], []
    for place in range(pick.randint(2, 14)):
        day = pick.randint(FIRST, LAST)
        kind, sign = pick.choices([("invoice", 1), ("debit note", 1), ("credit note", -1)], [6, 1, 2])[0]
        amount = sign * pick.choice((1, 5, 50, 196_892, 98_446, pick.randint(1, 900_000)))
        due = None if pick.random() < 0.1 else day + pick.choice((0, 14, 30))
        items.append(Item(pick.choice("ABC"), pick.choice("NS"), pick.choice((base, *others)), kind, day, due, amount))
        for _ in range(pick.choice((0, 0, 1, 2))):
            paid = pick.choice((amount, amount // 2, sign * pick.randint(1, 900_000)))
            what = pick.choice(("cash", "credit note", "discount", "write-off"))
            receipts.append(Receipt(place, pick.randint(day, LAST), paid, what))
    rates = [
        Rate(name, iso(day), pick.choice((0.5, 0.125, 1.25, pick.uniform(0.01, 3.0))))
        for name in others
        for day in (FIRST - 400, *pick.sample(range(FIRST, LAST), pick.randint(0, 3)))
    ]
    return make(items, receipts), Settings(base_currency=base, rates=tuple(rates), **chosen)
