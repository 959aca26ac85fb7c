"""Rows of a printed report told apart: items, group headers, totals, footers, repeated headers, blanks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, dates
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.words import grand_total_pattern, total_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.formats.declaration import Match

ITEM, BLANK, GROUP, SUBTOTAL, GRAND_TOTAL, UNLABELLED, HEADER, FOOTER, STRANGE, EXCLUDED, REPEATED, NOTHING = range(12)
CLASSES = {
    ITEM: "item",
    BLANK: "blank",
    GROUP: "group header",
    SUBTOTAL: "subtotal",
    GRAND_TOTAL: "grand total",
    HEADER: "header",
    FOOTER: "footer",
    EXCLUDED: "excluded",
    REPEATED: "repeated line",
    NOTHING: "nothing owed",
}
"""Classes a row may end in; an unlabelled total is proven to be one or, like a strange row, an exception."""

TOTAL_LABEL = total_pattern()
GRAND_LABEL = grand_total_pattern()
BUCKET = "bucket "
"""How the keys of bucket columns begin."""
_MONEY_KEYS = {"amount", "open_amount", "debit", "credit", "paid_amount", "credited_amount"}


@dataclass(frozen=True, eq=False)
class SortedRows:
    """A report with its classes; cells that say who and when are blank in rows that are no items."""

    table: RawTable
    match: Match
    kind: NDArray[np.int8]


def sort_rows(table: RawTable, match: Match) -> SortedRows:
    """Tell the rows of a report apart by the declared traits of its format.

    An item has a date, or a document number, beside its amount. A row of words alone is a group header
    where the format has them, below the last item a footer. An amount without date and document is a
    total: labelled, or to be proven by the rows around it.
    """
    layout, count = match.format, len(table.rows)
    texts = [cells.text(column).combine_chunks() for column in table.columns]
    filled = sum((_flags(text.is_valid()) for text in texts), np.zeros(count, np.int16))
    of_money = {place for key, place in match.places.items() if _is_money(key)}
    # Dr, Cr and currencies beside amounts are no words that name anything.
    said = labels([text for place, text in enumerate(texts) if place not in of_money], count)
    money = _any_of([texts[place] for place in of_money], count)
    total = _flags(pc.match_substring_regex(said, TOTAL_LABEL))
    repeated = _repeated(table, texts, {*of_money, *_places(match, "document_date")})
    item = _items(table, match, texts, money, total) & ~repeated
    kind = np.full(count, STRANGE, np.int8)
    kind[filled == 0] = BLANK
    kind[item] = ITEM
    kind[(filled > 0) & repeated] = HEADER
    other = (filled > 0) & ~item & ~repeated
    kind[other & money] = UNLABELLED
    kind[other & money & total] = SUBTOTAL
    kind[other & money & _flags(pc.match_substring_regex(said, GRAND_LABEL))] = GRAND_TOTAL
    labelled = _flags(said.is_valid())
    last = int(np.flatnonzero(item)[-1]) if item.any() else -1
    below = np.arange(count) > last
    kind[other & ~money & below] = FOOTER
    if layout.group:
        named = labelled if layout.group == "customer" else np.ones(count, bool)
        kind[other & ~money & ~below & named & (filled <= 2)] = GROUP
    if layout.group == "customer":
        kind[other & money & ~total & labelled] = GROUP
        table, match = _with_customers(table, match, kind, said)
    return SortedRows(_only_items(table, match, kind), match, kind)


def _items(
    table: RawTable, match: Match, texts: list[Cells], money: NDArray[np.bool_], total: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows of documents, in a list of balances of customers. `money`: rows with an amount, `total`: those named so."""
    if match.format.balances:
        return money & _of_customers(texts, match.places, total)
    days = _places(match, "document_date", "due_date")
    if not days:
        named = _places(match, "customer_id", "customer_name", "document_no")
        return money & ~total & _any_of([texts[place] for place in named], len(table.rows))
    for place in days:
        # Where no document has a date of its own, its due date tells that it is one.
        dated, date_like = _dated(table, place, texts[place])
        if dated.any():
            break
    numbered = np.zeros(len(table.rows), bool)
    for place in () if match.format.unnamed == "document_no" else _places(match, "document_no"):
        numbered = _flags(texts[place].is_valid()) & ~_flags(pc.match_substring_regex(texts[place], TOTAL_LABEL))
    return dated | (~total & money & date_like) | (numbered & (money | date_like))


def _places(match: Match, *keys: str) -> list[int]:
    return [match.places[key] for key in keys if key in match.places]


def _repeated(table: RawTable, texts: list[Cells], places: Iterable[int]) -> NDArray[np.bool_]:
    """Rows that repeat the heading of a column."""
    found = np.zeros(len(table.rows), bool)
    for place in places:
        found |= _flags(pc.equal(texts[place], table.headers[place].strip()))
    return found


def _of_customers(texts: list[Cells], places: Mapping[str, int], total: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows of a list of balances that name a customer: a total may stand in his column, but not under his number."""
    named = [_flags(texts[places[key]].is_valid()) for key in ("customer_id", "customer_name") if key in places]
    return np.asarray(named[0] | named[-1]) & (~total | (len(named) == 2 and named[0] & named[-1]))


def _is_money(key: str) -> bool:
    return key in _MONEY_KEYS or key.startswith(BUCKET)


def _flags(found: Cells) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False), bool)


def _any_of(texts: Iterable[Cells], count: int) -> NDArray[np.bool_]:
    """Rows that have one of some columns filled."""
    found = np.zeros(count, bool)
    for text in texts:
        found |= _flags(text.is_valid())
    return found


def labels(texts: list[Cells], count: int) -> Cells:
    """The first words of each row, in whatever column."""
    words = [
        pc.if_else(pc.match_substring_regex(text, r"\p{L}|\*"), text, pa.scalar(None, text.type)) for text in texts
    ]
    return pc.coalesce(*(word.cast(pa.string()) for word in words)) if words else pa.nulls(count, pa.string())


def _dated(table: RawTable, place: int, text: Cells) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows with a date, and rows with something like one."""
    column = dates.read_column(table.columns[place])
    return (column.dmy < dates.BAD_DATE) | (column.mdy < dates.BAD_DATE), _flags(pc.match_substring_regex(text, r"\d"))


def _with_customers(table: RawTable, match: Match, kind: NDArray[np.int8], labels: Cells) -> tuple[RawTable, Match]:
    """Give each item without a customer the one its group header names."""
    customer = pc.fill_null_forward(pc.if_else(pa.array(kind == GROUP), labels, pa.scalar(None, labels.type)))
    place = match.places.get("customer_name")
    if place is not None:
        own = cells.text(table.columns[place]).combine_chunks().cast(pa.string())
        columns = list(table.columns)
        columns[place] = pa.chunked_array([pc.coalesce(own, customer)])
        return replace(table, columns=tuple(columns)), match
    places = {**match.places, "customer_name": len(table.columns)}
    headers = (*table.headers, "group header")
    return (
        replace(table, headers=headers, columns=(*table.columns, pa.chunked_array([customer]))),
        replace(match, places=places),
    )


def _only_items(table: RawTable, match: Match, kind: NDArray[np.int8]) -> RawTable:
    item, header = pa.array(kind == ITEM), pa.array(kind == HEADER)
    columns = list(table.columns)
    for key, place in match.places.items():
        column = columns[place].combine_chunks()
        nothing = pa.scalar(None, column.type)
        # Totals keep their currency: a file may have one total for each.
        keep = pc.invert(header) if _is_money(key) or key == "currency" else item
        columns[place] = pa.chunked_array([pc.if_else(keep, column, nothing)])
    return replace(table, columns=tuple(columns))
