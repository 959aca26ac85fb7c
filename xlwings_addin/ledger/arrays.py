"""What every calculation needs of a ledger, turned into plain arrays once and kept with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

import numpy as np
import pandas as pd

from xlwings_addin.ledger.codes import Segment, encode
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.fixed import fixed
from xlwings_addin.ledger.money import sum_by
from xlwings_addin.ledger.values import CASH, ITEM_KINDS, NO_DATE, RECEIPT_KINDS, Days, Minor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

GROUP = "group"
"""The column of the customers by which their items can be put together."""
_LONGEST_TERMS = np.int32(366)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, eq=False)
class Arrays:
    """A ledger's tables as arrays, each made at the first call: a second as-of date costs only arithmetic.

    Row numbers are those of the tables. None of the arrays can be written to.
    """

    _items: pd.DataFrame
    _receipts: pd.DataFrame
    _customers: pd.DataFrame
    _has_history: bool
    _day: int | None = None
    """The day that balances, which have no dates, are of."""
    _made: dict[Any, dict[Any, Any]] = field(default_factory=dict, init=False)

    @cached_property
    def document_date(self) -> Days:
        """Each item's document date; a document without one is there from the first day on."""
        days = self._items["document_date"].to_numpy(np.int32)
        if self.undocumented:
            known = days[days != NO_DATE]
            # Where only due dates are known, no terms are thought to be longer than a year.
            first = known.min() if known.size else self.due_date.min() - _LONGEST_TERMS
            days = np.where(days == NO_DATE, first, days).astype(np.int32)
        return fixed(days)

    @cached_property
    def undocumented(self) -> bool:
        """Some item has no document date, so that nobody knows when it was sold."""
        return int(self._items["document_date"].max() if len(self._items) else 0) == NO_DATE

    @cached_property
    def due_date(self) -> Days:
        """Each item's due date."""
        return fixed(self._items["due_date"].to_numpy(np.int32))

    @cached_property
    def face(self) -> Minor:
        """What the item starts with: its amount, or in an open list what the source says is open."""
        face = self._items["amount"].to_numpy(np.int64)
        if not self._has_history:
            stated, left = self._items["has_open"].to_numpy(bool), self._items["open_amount"].to_numpy(np.int64)
            face = left if stated.all() else np.where(stated, left, face)
        return fixed(face)

    @cached_property
    def first_day(self) -> int:
        """First document date."""
        return int(self.document_date.min(initial=NO_DATE)) if self._day is None else self._day

    @cached_property
    def last_day(self) -> int:
        """Last document date."""
        return int(self.document_date.max(initial=-NO_DATE)) if self._day is None else self._day

    @cached_property
    def undated(self) -> bool:
        """Some item has no due date."""
        return int(self.due_date.max(initial=-NO_DATE)) == NO_DATE

    @cached_property
    def negative(self) -> bool:
        """Some face is negative."""
        return int(self.face.min(initial=0)) < 0

    @cached_property
    def item_kinds(self) -> NDArray[np.int8]:
        """Each item's place in `ITEM_KINDS`."""
        return _kinds(self._items["kind"], ITEM_KINDS)

    @cached_property
    def receipt_item(self) -> NDArray[np.intp]:
        """The item that each receipt reduces."""
        return fixed(self._receipts["item"].to_numpy(np.intp))

    @cached_property
    def receipt_date(self) -> Days:
        """Each receipt's date."""
        return fixed(self._receipts["date"].to_numpy(np.int32))

    @cached_property
    def receipt_amount(self) -> Minor:
        """By how much each receipt reduces its item."""
        return fixed(self._receipts["amount"].to_numpy(np.int64))

    @cached_property
    def receipt_kinds(self) -> NDArray[np.int8]:
        """Each receipt's place in `RECEIPT_KINDS`."""
        return _kinds(self._receipts["kind"], RECEIPT_KINDS)

    @cached_property
    def crossing(self) -> NDArray[np.bool_]:
        """Items whose balance may change sign: overpaid invoices, credits applied beyond their amount."""
        paid, face = self.receipt_amount, self.face
        both = bool(paid.size) and int(paid.min()) < 0
        up = sum_by(self.receipt_item, np.maximum(paid, 0) if both else paid, face.size)
        mark = (face >= 0) & (up > face)
        if both:
            down = sum_by(self.receipt_item, np.minimum(paid, 0), face.size)
            mark |= (face <= 0) & (down < face)
        return fixed(mark)

    @cached_property
    def customer_names(self) -> Mapping[str, str]:
        """Each customer number's name: the customer table's, else the one most items carry (of equals, the last)."""
        customers, names = self.segment("customer_id"), self.segment("customer_name")
        width = len(names.keys)
        pair, first, count = np.unique(
            (customers.codes * width + names.codes)[::-1], return_index=True, return_counts=True
        )
        count = np.where(np.array(names.keys, object)[pair % width] == "", 0, count) if width else count
        order = np.lexsort((-first, count, pair // max(width, 1)))
        found = {customers.keys[pair[i] // width]: names.keys[pair[i] % width] for i in order}
        if len(self._customers):
            stated = zip(self._customers["customer_id"], self._customers["customer_name"], strict=True)
            found.update({key: name for key, name in stated if name})
        return MappingProxyType(found)

    def segment(self, by: str) -> Segment:
        """Return the codes of a text column of the items, or of their customers' "group".

        Raises LedgerError for a column they do not have.
        """
        return self.once(Arrays._coded, by)

    def _coded(self, by: str) -> Segment:
        if by == GROUP:
            return self._grouped()
        if by not in self._items or not isinstance(self._items[by].dtype, pd.StringDtype):
            texts: list[str] = self._items.select_dtypes("str").columns.tolist()
            raise LedgerError(f"Items cannot be grouped by '{by}': choose one of {', '.join([*texts, GROUP])}.")
        found = encode(self._items[by])
        fixed(found.codes)
        return found

    def _grouped(self) -> Segment:
        groups = self._customers.get(GROUP, pd.Series(dtype="str"))
        if not (groups != "").any():
            raise LedgerError("No customer has a group: name them in a column Group of a file of customers.")
        of_customer = dict(zip(self._customers["customer_id"], groups, strict=True))
        customers = self.segment("customer_id")
        names = np.array([of_customer.get(key, "") for key in customers.keys], object)
        keys, codes = np.unique(names, return_inverse=True)
        return Segment(fixed(codes.astype(np.intp)[customers.codes]), tuple(keys.tolist()))

    def balances(self, day: int) -> Minor:
        """Return the open minor units of every item on a day; 0 for those not yet there."""
        return self.once(_balances, day, last=True)

    def settled_on(self, day: int) -> Days:
        """Return the day of the last receipt of every debit item that is settled by `day`; NO_DATE for the others."""
        return self.once(_settled_on, day, last=True)

    def paid_on(self, day: int) -> Days:
        """Return the day of the last cash on every debit item that is settled by `day`; NO_DATE for the others.

        An item of which no cash came, or only cash that was taken back, was not paid: it was credited or written off.
        """
        return self.once(_paid_on, day, last=True)

    def once(self, make: Callable[[Arrays, *Ts], T], *of: *Ts, last: bool = False) -> T:
        """Return what a function makes of these arrays, and make it only once for the same arguments.

        `last` keeps only the last one: everything on a sheet is as of one day.
        """
        made = self._made.setdefault(make, {})
        if of not in made:
            if last:
                made.clear()
            made[of] = make(self, *of)
        found: T = made[of]
        return found


def _kinds(column: pd.Series[str], kinds: tuple[str, ...]) -> NDArray[np.int8]:
    coded = encode(column)
    place = np.array([kinds.index(kind) for kind in coded.keys], np.int8)
    return fixed(place[coded.codes] if place.size != 1 else np.full(len(column), place[0]))


def _balances(arrays: Arrays, day: int) -> Minor:
    balance = arrays.face
    if arrays.receipt_item.size:
        past = arrays.receipt_date <= day
        if past.all():
            paid = sum_by(arrays.receipt_item, arrays.receipt_amount, balance.size)
        else:
            paid = sum_by(arrays.receipt_item[past], arrays.receipt_amount[past], balance.size)
        balance = balance - paid
    if day < arrays.last_day:
        balance = np.where(arrays.document_date <= day, balance, 0)
    return fixed(balance)


def _settled_on(arrays: Arrays, day: int) -> Days:
    return _last_of(arrays, arrays.receipt_date <= day, day)


def _paid_on(arrays: Arrays, day: int) -> Days:
    cash = (arrays.receipt_date <= day) & (arrays.receipt_kinds == RECEIPT_KINDS.index(CASH))
    paid = sum_by(arrays.receipt_item[cash], arrays.receipt_amount[cash], arrays.face.size)
    last = _last_of(arrays, cash & (arrays.receipt_amount > 0), day)
    return fixed(np.where(paid > 0, last, NO_DATE))


def _last_of(arrays: Arrays, counted: NDArray[np.bool_], day: int) -> Days:
    """Return the day of the last of some receipts of every debit item that is settled by `day`."""
    latest = np.full(arrays.face.size, -NO_DATE, np.int32)
    np.maximum.at(latest, arrays.receipt_item[counted], arrays.receipt_date[counted])
    settled = (arrays.balances(day) == 0) & (arrays.face > 0) & (latest > -NO_DATE)
    return fixed(np.where(settled, latest, NO_DATE))
