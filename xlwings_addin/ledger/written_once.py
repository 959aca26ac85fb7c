"""Customers written once and left blank in the rows below: each row's own, where a total proves it or it is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import amounts, cells, dates
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.errors import Answer, QuestionError, agreed
from xlwings_addin.ledger.mapping import AS_ABOVE, LEFT_BLANK, unique
from xlwings_addin.ledger.rows import ITEM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.formats.declaration import Format, Match

_WHO = ("customer_id", "customer_name")
_TOGETHER = (*_WHO, "entity", "currency", "region", "tier", "owner")
"""Columns that are left blank together with the customer."""
_DIGITS = 4
_LONGEST_BLANK = max(map(len, cells.BLANKS))
_FIGURES = (("open_amount", 1), ("amount", 1), ("debit", 1), ("credit", -1), ("net_amount", 1), ("tax_amount", 1))
"""Columns that rows and totals are added up by: the first there is, debit less credit, or net and tax."""


def filled_down(
    table: RawTable, match: Match, kind: NDArray[np.int8] | None
) -> tuple[RawTable, NDArray[np.bool_] | None]:
    """The table with the customer above in each item that names none, and these rows; None where there are none.

    Proven where no customer follows itself and a total counts these rows. Raises QuestionError where nothing says it.
    """
    key = next((key for key in _WHO if key in match.places), None)
    if key is None or not _may_be_written_once(match.format) or not _may_be_blank(table.columns[match.places[key]]):
        return table, None
    value, valued = _figure(table, match)
    item = (_dated(table, match) if kind is None else kind == ITEM) & valued
    missing = item & ~_names_one(table, match)
    if not missing.any() or missing[item.argmax()]:
        return table, None
    named = item & ~missing
    counted = _counted(value, item, missing, value[~item & valued & (value != 0)])
    once = not _follows_itself(table.columns[match.places[key]], named)
    if match.format.blanks != AS_ABOVE and not (counted and once):
        # One row that names nobody is set aside, like any that cannot be read.
        if counted or (once and int(missing.sum()) > 1):
            _ask(table, match, key, missing)
        return table, None
    return _with_the_above(table, match, named, missing), missing


def _with_the_above(table: RawTable, match: Match, named: NDArray[np.bool_], missing: NDArray[np.bool_]) -> RawTable:
    """The table with what is left blank together with the customer as in the item above."""
    columns = list(table.columns)
    for place in (match.places[one] for one in _TOGETHER if one in match.places):
        filled = _filled(table, place)
        if filled[named].all() and not filled[missing].any():
            columns[place] = _from_above(columns[place], named, missing)
    return replace(table, columns=tuple(columns))


def _may_be_written_once(layout: Format) -> bool:
    """Whether rows are items of customers whom no header of a group names, and nobody said that blanks are blank."""
    of_items = layout.role == "items" and not layout.balances and layout.group != "customer"
    return of_items and layout.blanks != LEFT_BLANK


def _names_one(table: RawTable, match: Match) -> NDArray[np.bool_]:
    """Rows that name a customer."""
    named = [_filled(table, match.places[key]) for key in _WHO if key in match.places]
    return np.asarray(np.logical_or.reduce(named), bool)


def _ask(table: RawTable, match: Match, key: str, missing: NDArray[np.bool_]) -> None:
    count, heading = int(missing.sum()), unique(match.places[key], table.headers)
    raise QuestionError(
        agreed(
            f"{table.place}: {count:,} [row names|rows name] nobody in column '{heading}' (first in row"
            f" {table.rows[missing.argmax()]}), and nothing says whether [it belongs|they belong] to the customer"
            " above.",
            count,
        ),
        Answer(
            "column",
            choices=tuple(f"{key}={heading}, {one}" for one in (AS_ABOVE, LEFT_BLANK)),
            files=(table.file,),
        ),
    )


def _may_be_blank(column: Cells) -> bool:
    """Whether some cell may be blank, looked at without reading any."""
    if column.null_count or not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return bool(column.null_count)
    return bool(pc.any(pc.less_equal(pc.binary_length(column), _LONGEST_BLANK)).as_py())


def _filled(table: RawTable, place: int) -> NDArray[np.bool_]:
    return np.asarray(cells.text(table.columns[place]).is_valid().to_numpy(), bool)


def _dated(table: RawTable, match: Match) -> NDArray[np.bool_]:
    """Rows with a day: what has none may be a total."""
    found = np.zeros(len(table.rows), bool)
    for place in (match.places[key] for key in ("document_date", "due_date") if key in match.places):
        read = dates.read_column(table.columns[place])
        found |= (read.dmy < dates.BAD_DATE) | (read.mdy < dates.BAD_DATE)
    return found


def _figure(table: RawTable, match: Match) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """What each row amounts to, and the rows that hold an amount."""
    value, valued = np.zeros(len(table.rows), np.int64), np.zeros(len(table.rows), bool)
    for key, sign in _FIGURES:
        if key not in match.places or (valued.any() and key in ("amount", "debit")):
            continue
        plain = amounts.plain(table.columns[match.places[key]])
        read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", _DIGITS)
        value, valued = value + sign * read.minor, valued | ~(read.blank | read.bad)
    return value, valued


def _counted(
    value: NDArray[np.int64], item: NDArray[np.bool_], missing: NDArray[np.bool_], totals: NDArray[np.int64]
) -> bool:
    """Whether a total counts the rows that name nobody: the list's, or each one's of the customer above and these."""
    if value[item].sum() in totals and value[missing].sum() != 0:
        return True
    group = np.cumsum(item & ~missing)
    own = np.bincount(group[item], value[item].astype(np.float64)).astype(np.int64)
    return bool(totals.size) and bool(np.isin(own[np.unique(group[missing])], totals).all())


def _follows_itself(column: Cells, named: NDArray[np.bool_]) -> bool:
    """Whether a customer is written again right below: what is left blank is none of the same then."""
    text = cells.text(column).filter(pa.array(named)).to_pylist()
    return any(one == other for one, other in pairwise(text))


def _from_above(column: Cells, named: NDArray[np.bool_], missing: NDArray[np.bool_]) -> Cells:
    """A column with the value of the item above in rows that have none."""
    column = column.combine_chunks()
    above = pc.fill_null_forward(pc.if_else(pa.array(named), column, pa.scalar(None, column.type)))
    return pa.chunked_array([pc.if_else(pa.array(missing), above, column)])
