"""Rows of a printed report told apart: items, group headers, totals, footers, repeated headers, blanks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, dates
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.words import grand_total_pattern, opening_pattern, read, total_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
OPENING_LABEL = opening_pattern()
GRAND_LABEL = grand_total_pattern()
BUCKET = "bucket "
"""How the keys of bucket columns begin."""
_MONEY_KEYS = {
    "amount",
    "open_amount",
    "debit",
    "credit",
    "net_amount",
    "tax_amount",
    "paid_amount",
    "credited_amount",
    "unapplied_amount",
}


@dataclass(frozen=True, eq=False)
class SortedRows:
    """A report with its classes; cells that say who and when are blank in rows that are no items."""

    table: RawTable
    match: Match
    kind: NDArray[np.int8]


def _any_heading(table: RawTable, texts: Sequence[pa.Array], places: Iterable[int]) -> NDArray[np.bool_]:
    """Rows that repeat the heading of one of some columns."""
    repeated = np.zeros(len(table.rows), bool)
    for place in places:
        repeated |= _flags(pc.equal(texts[place], table.headers[place].strip()))
    return repeated


def sort_rows(table: RawTable, match: Match) -> SortedRows:
    """Tell the rows of a report apart by the declared traits of its format.

    An item has a date, or a document number, beside its amount. A row of words alone is a group header
    where the format has them, below the last item a footer. An amount without date and document is a
    total: labelled, or to be proven by the rows around it.
    """
    layout, places = match.format, match.places
    texts = [cells.text(column).combine_chunks() for column in table.columns]
    filled = sum((_flags(text.is_valid()) for text in texts), np.zeros(len(table.rows), np.int16))
    of_money = {place for key, place in places.items() if _is_money(key)}
    # Dr, Cr and currencies beside amounts are no words that name anything.
    said = labels([text for place, text in enumerate(texts) if place not in of_money], len(table.rows))
    money = np.zeros(len(table.rows), bool)
    for place in of_money:
        money |= _flags(texts[place].is_valid())
    dated, date_like = _with_days(table, places, texts)
    run_over = _without_amounts([texts[place] for place in of_money], said, money & ~dated)
    total = _flags(pc.match_substring_regex(said, TOTAL_LABEL))
    run_over |= _of_shares(said, total & money & ~dated)
    money &= ~run_over
    numbered = _numbered(table, match, texts)
    item = (
        (dated & ~_of_a_total(texts, places, said, numbered))
        | (~total & money & date_like)
        | (numbered & (money | date_like))
    )
    if not {"document_date", "due_date"} & set(places):
        item = money & ~total & _any_of(texts, places, ("customer_id", "customer_name", "document_no"))
    if layout.balances:
        item = money & _of_customers(texts, places, total)
    headed = of_money | {places[key] for key in ("document_date",) if key in places}
    repeated = _any_heading(table, texts, headed)
    item &= ~repeated
    kind = np.full(len(table.rows), STRANGE, np.int8)
    kind[filled == 0] = BLANK
    kind[item] = ITEM
    other = (filled > 0) & ~item
    kind[other & repeated] = HEADER
    other &= ~repeated
    kind[other & money] = UNLABELLED
    # One that would be an item otherwise has to be proven.
    kind[other & money & total & ~dated] = SUBTOTAL
    kind[other & money & _flags(pc.match_substring_regex(said, GRAND_LABEL))] = GRAND_TOTAL
    # A balance brought forward that is nobody's is no total, whatever it comes to.
    kind[other & money & _flags(pc.match_substring_regex(said, OPENING_LABEL))] = STRANGE
    labelled = _flags(said.is_valid())
    last = int(np.flatnonzero(item)[-1]) if item.any() else -1
    below = np.arange(len(table.rows)) > last
    kind[other & ~money & below] = FOOTER
    if layout.group:
        named = labelled if layout.group == "customer" else np.ones(len(table.rows), bool)
        called = _flags(pc.match_substring_regex(said, ":$"))
        kind[other & ~money & ~below & named & ((filled <= 2) | called)] = GROUP
    if layout.group == "customer":
        kind[other & money & ~total & labelled] = GROUP
        table, match = _with_customers(table, match, kind, said)
    return SortedRows(_only_items(table, match, kind, (kind == HEADER) | run_over), match, kind)


def _with_days(
    table: RawTable, places: Mapping[str, int], texts: list[Cells]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows with a day, and with what looks like one."""
    dated = date_like = np.zeros(len(table.rows), bool)
    for key in ("document_date", "due_date"):
        # Where a document has no date of its own, its due date tells that it is one.
        if key in places and not dated.any():
            dated, date_like = _dated(table, places[key], texts[places[key]])
    return dated, date_like


def _numbered(table: RawTable, match: Match, texts: list[Cells]) -> NDArray[np.bool_]:
    """Rows with the number of a document, which is no label of a total."""
    if "document_no" not in match.places or match.format.unnamed == "document_no":
        return np.zeros(len(table.rows), bool)
    number = texts[match.places["document_no"]]
    return _flags(number.is_valid()) & ~_flags(pc.match_substring_regex(number, TOTAL_LABEL))


def _of_a_total(
    texts: list[Cells], places: Mapping[str, int], said: Cells, numbered: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows called a total that may bear the day of the last document, but neither the number nor the kind of one."""
    label = TOTAL_LABEL if numbered.any() else GRAND_LABEL
    named = _flags(pc.match_substring_regex(said, label))
    if "document_no" in places:
        named |= _flags(pc.match_substring_regex(texts[places["document_no"]], GRAND_LABEL))
    return named & ~numbered & ~_any_of(texts, places, ("kind",))


def _of_customers(texts: list[Cells], places: Mapping[str, int], total: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows of a list of balances that name a customer: a total may be in its column, but not under its number."""
    named = [_flags(texts[places[key]].is_valid()) for key in ("customer_id", "customer_name") if key in places]
    return np.asarray(named[0] | named[-1]) & (~total | (len(named) == 2 and named[0] & named[-1]))


def _without_amounts(texts: list[Cells], said: Cells, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of some rows those whose columns of amounts hold shares in percent, or words after a label with a colon."""
    found, at = rows.copy(), pa.array(np.flatnonzero(rows))
    if not rows.any():
        return found
    called = _flags(pc.match_substring_regex(said.take(at), ":$"))
    for text in (one.take(at) for one in texts):
        found[rows] &= ~_flags(pc.match_substring_regex(text, r"\d[^%]*$|^#"))
        found[rows] &= called | ~_flags(text.is_valid()) | _flags(pc.match_substring_regex(text, "%$"))
    return found


def _of_shares(said: Cells, total: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of totals those that a word calls shares: "Percentage of total"."""
    found, at = total.copy(), np.flatnonzero(total)
    found[at] = ["percent" in read(label).concepts for label in said.take(pa.array(at)).to_pylist()]
    return found


def _is_money(key: str) -> bool:
    return key in _MONEY_KEYS or key.startswith(BUCKET)


def _flags(found: Cells) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False), bool)


def _any_of(texts: list[Cells], places: Mapping[str, int], keys: Sequence[str]) -> NDArray[np.bool_]:
    """Rows that have one of some columns filled."""
    found = np.zeros(len(texts[0]) if texts else 0, bool)
    for key in keys:
        if key in places:
            found |= _flags(texts[places[key]].is_valid())
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


def _only_items(table: RawTable, match: Match, kind: NDArray[np.int8], of_words: NDArray[np.bool_]) -> RawTable:
    """The table with blanks in rows that are no items, but for the amounts of those that may be totals."""
    item, may_total = pa.array(kind == ITEM), pa.array(~of_words)
    columns = list(table.columns)
    for key, place in match.places.items():
        column = columns[place].combine_chunks()
        nothing = pa.scalar(None, column.type)
        # Totals keep their currency: a file may have one total for each.
        keep = may_total if _is_money(key) or key == "currency" else item
        columns[place] = pa.chunked_array([pc.if_else(keep, column, nothing)])
    return replace(table, columns=tuple(columns))
