"""The currency that the heading of an amount names, or the cells beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger import cells, words
from xlwings_addin.ledger.arrow import Cells, pa, pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.ledger.files import RawTable

HEADING = "currency of the amount"
FIGURES = ("open_amount", "amount", "debit", "credit")
_NO_WORDS = r"(?i)[\d\s.,'’()+\-−–]|\b[cd]r\b\.?$"


def named(table: RawTable, places: Mapping[str, int]) -> str:
    """The word or sign by which the heading of the amounts names their currency; "" where it names none."""
    for key in FIGURES:
        if key in places and words.read(table.headers[places[key]]).currency:
            return table.headers[places[key]].strip()
    return ""


def of_cells(table: RawTable, places: Mapping[str, int]) -> list[str | None] | None:
    """What stands beside the number in each amount, as it is written; None where nothing does."""
    for key in FIGURES:
        if key in places:
            found = _beside(table.columns[places[key]])
            if found is not None:
                return found
    return None


def _beside(column: Cells) -> list[str | None] | None:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return None
    rest = pc.replace_substring_regex(cells.text(column), _NO_WORDS, "")
    different = [one for one in pc.unique(rest).to_pylist() if one]
    known = {one for one in different if words.currency_of(one)}
    if not known:
        return None
    return [one if one in known else None for one in rest.to_pylist()]
