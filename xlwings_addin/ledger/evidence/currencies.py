"""The currency that the heading of an amount names, or the cells beneath it: a column where the file has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger import amounts, cells, rows, words
from xlwings_addin.ledger.arrow import Cells, pa, pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.ledger.files import RawTable

HEADING = "currency of the amount"
_MARKED = r"[^\d\s.,()+-]"
FIGURES = ("open_amount", "amount", "debit", "credit")


def with_currency(table: RawTable, places: Mapping[str, int]) -> RawTable | None:
    """The table with one more column, of the signs beside its amounts or in their heading; None where none is.

    A column of currencies says more than a sign, which is used only where that is blank.
    """
    named = places.get("currency")
    if named is not None and not _has_blanks(table.columns[named]):
        return None
    figures = [place for key, place in places.items() if _is_figure(key) and place < len(table.headers)]
    beside = [said for place in figures if (said := _beside(table, place))]
    if named is not None:
        if not beside:
            return None
        beside = [cells.text(table.columns[named]).to_pylist(), *beside]
    above = [sign for place in figures if (sign := _above(table.headers[place]))]
    if not beside and not above:
        return None
    told = [next(filter(None, row), None) for row in zip(*beside, strict=True)] or above[:1] * len(table.rows)
    return table.with_column(HEADING, told)


def _has_blanks(column: Cells) -> bool:
    if column.null_count or not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return True
    return bool(pc.any(pc.equal(column, "")).as_py())


def _is_figure(key: str) -> bool:
    return key in FIGURES or key.startswith(rows.BUCKET)


def _beside(table: RawTable, place: int) -> list[str | None] | None:
    column = table.columns[place]
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return None
    if not pc.any(pc.match_substring_regex(column, _MARKED)).as_py():
        return None
    marks = amounts.marks(column).to_pylist()
    known = {one for one in set(marks) if one and words.currency_of(one)}
    return [one if one in known else None for one in marks] if known else None


def _above(heading: str) -> str:
    """The sign or code of the currency in a heading; "" where it names none."""
    named = words.read(heading).currency
    if len(named) < 2:
        return named[0] if named else ""
    return next(one for one in heading if words.currency_of(one))
