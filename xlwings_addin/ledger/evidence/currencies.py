"""The currency that the heading of an amount names, or the cells beneath it: a column where the file has none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlwings_addin.ledger import amounts, cells, words
from xlwings_addin.ledger.arrow import pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.ledger.files import RawTable

HEADING = "currency of the amount"
FIGURES = ("open_amount", "amount", "debit", "credit")


def with_currency(table: RawTable, places: Mapping[str, int]) -> RawTable | None:
    """The table with one more column, of the signs beside its amounts or in their heading; None where none is."""
    for key in FIGURES:
        if key not in places or places[key] >= len(table.headers):
            continue
        said = _beside(table, places[key]) or _above(table, places[key])
        if said is not None:
            column = pa.chunked_array([pa.array(said, pa.string())])
            return replace(table, headers=(*table.headers, HEADING), columns=(*table.columns, column))
    return None


def _beside(table: RawTable, place: int) -> list[str | None] | None:
    column = table.columns[place]
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return None
    marks = amounts.marks(column).to_pylist()
    known = {one for one in set(marks) if one and words.currency_of(one)}
    return [one if one in known else None for one in marks] if known else None


def _above(table: RawTable, place: int) -> list[str | None] | None:
    heading = table.headers[place]
    named = words.read(heading).currency
    if not named:
        return None
    sign = named[0] if len(named) == 1 else next(one for one in heading if words.currency_of(one))
    filled = cells.text(table.columns[place]).is_valid().to_pylist()
    return [sign if own else None for own in filled]
