"""Made-up ledgers of any size, the same for the same seed."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import plausibility
from xlwings_addin.ledger.cells import blanks
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.model import FLAG, ITEM_COLUMNS, TEXT, Ledger
from xlwings_addin.ledger.tables import exceptions_table

if TYPE_CHECKING:
    from collections.abc import Callable

EDGES = (30, 60, 90)
REGIONS = ("Central", "East", "North", "South", "West")
AS_OF = day_number("2026-06-30")


def texts(values: list[str], codes: np.ndarray) -> pd.Series:
    """A text column as a ledger holds it."""
    return pd.Series(pd.array(values, dtype="str").take(codes))


@dataclass(frozen=True, eq=False)
class Made:
    """Tables as every way of computing gets them; money in whole cents, dates in days."""

    items: pd.DataFrame
    receipts: pd.DataFrame
    has_history: bool

    def ledger(self) -> Ledger:
        """The tables as a ledger that has derived nothing yet."""
        none = pd.DataFrame()
        aside = exceptions_table("", [], [], [])
        return Ledger(
            *(self.items, self.receipts, none, none, aside),
            base_currency="EUR",
            minor_digits={"EUR": 2},
            sources=(),
            findings=(),
            has_history=self.has_history,
        )

    def reader_hands_over(self) -> Callable[[], Ledger]:
        """Makes ledgers as `read_ledger` hands them over, which keep what its checks had to derive."""
        lacking = [one.key for one in ITEM_COLUMNS if one.key not in self.items and one.type in (TEXT, FLAG)]
        items = self.items.assign(**{key: blanks(len(self.items)) for key in lacking})
        checked = replace(self, items=items).ledger()
        plausibility.findings(checked)

        def ledger() -> Ledger:
            one, arrays = copy(checked), copy(checked.arrays)
            vars(arrays)["_made"] = {make: dict(made) for make, made in arrays._made.items()}
            vars(one)["arrays"] = arrays
            return one

        return ledger


def open_list(rows: int, customers: int, seed: int = 1) -> Made:
    """Open invoices of customers with numbers such as C001234, up to 200 days late or 30 early."""
    random = np.random.default_rng(seed)
    due = (AS_OF - random.integers(-30, 200, rows)).astype(np.int32)
    amount = random.integers(100, 2_000_000, rows)
    items = pd.DataFrame(
        {
            "customer_id": texts([f"C{n:06}" for n in range(customers)], random.integers(0, customers, rows)),
            "currency": texts(["EUR"], np.zeros(rows, np.intp)),
            "document_date": np.minimum(due - 30, AS_OF).astype(np.int32),
            "due_date": due,
            "amount": amount,
            "open_amount": amount,
            "has_open": np.ones(rows, bool),
        }
    )
    return Made(items, receipts_of([], [], []), has_history=False)


def receipts_of(item: object, date: object, amount: object) -> pd.DataFrame:
    item = np.asarray(item, np.int64)
    return pd.DataFrame(
        {
            "item": item,
            "date": np.asarray(date, np.int32),
            "amount": np.asarray(amount, np.int64),
            "kind": texts(["cash"], np.zeros(item.size, np.intp)),
        }
    )


def with_history(rows: int, months: int, seed: int = 1) -> Made:
    """Invoices spread over that many months, and for each 1.1 receipts: most paid once, some in two parts, some not."""
    random = np.random.default_rng(seed)
    date = (AS_OF - random.integers(0, months * 30, rows)).astype(np.int32)
    amount = random.integers(100, 2_000_000, rows)
    items = pd.DataFrame(
        {
            "region": texts(list(REGIONS), random.integers(0, len(REGIONS), rows)),
            "customer_id": texts([f"C{n:06}" for n in range(20_000)], random.integers(0, 20_000, rows)),
            "currency": texts(["EUR"], np.zeros(rows, np.intp)),
            "kind": texts(["invoice"], np.zeros(rows, np.intp)),
            "document_no": texts([f"INV-{n:07}" for n in range(rows)], np.arange(rows)),
            "document_date": date,
            "due_date": date + np.int32(30),
            "amount": amount,
            "open_amount": np.zeros(rows, np.int64),
            "has_open": np.zeros(rows, bool),
        }
    )
    once, twice = random.random(rows) < 0.62, random.random(rows) < 0.35
    whole, parts = np.flatnonzero(once & ~twice), np.flatnonzero(twice)
    first = amount[parts] // 3
    item = np.concatenate((whole, parts, parts))
    paid = np.concatenate((amount[whole], first, amount[parts] - first))
    # Receipts come in by day, as they are booked.
    when = date[item] + random.integers(5, 90, item.size).astype(np.int32)
    order = np.argsort(when, kind="stable")
    return Made(items, receipts_of(item[order], when[order], paid[order]), has_history=True)
