"""Decimals of the amounts on the sheets: those of the currency they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger.money import minor_digits

if TYPE_CHECKING:
    from xlwings_addin.month_end import MonthEnd


def of_base(month: MonthEnd) -> int:
    """Return those of the base currency; where there is none, the most that a currency of the ledger has."""
    # An aging of its own is one table.
    totals = month.tables.get("tblAgingTotals") or next(iter(month.tables.values()))
    named = (month.currency,) if month.currency else totals.columns.get("currency", ())
    return max(map(minor_digits, named), default=minor_digits(""))


def in_base_only(month: MonthEnd, table: str) -> bool:
    """Whether every row of a table is in the base currency, so that none need say so."""
    return set(month.tables[table].columns.get("currency", ())) <= {month.currency}


def of_table(month: MonthEnd, table: str) -> tuple[int, ...] | int:
    """Return those of a table's amounts: row by row where its rows name currencies that differ in them."""
    named = month.tables[table].columns.get("currency", ())
    known = {name: minor_digits(name) for name in set(named)}
    if len(set(known.values())) > 1:
        return tuple(known[name] for name in named)
    return next(iter(known.values()), of_base(month))
