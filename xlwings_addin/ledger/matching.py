"""Receipts to the items they reduce: by number where it is unique, first due first among instalments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger.values import CASH, CREDIT_NOTE, PAYMENT, RECOVERY, WRITE_OFF

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEY = ("entity", "customer_id", "document_no", "instalment", "fiscal_year")
ACCOUNT = ("entity", "customer_id")


@dataclass(frozen=True, eq=False)
class Matched:
    """Matched receipts (a receipt over several instalments is several rows) and those left without an item."""

    item: NDArray[np.int64]
    date: NDArray[np.int32]
    amount: NDArray[np.int64]
    kind: pd.Series[str]
    unmatched: NDArray[np.int64]
    """Receipt rows no item fits."""
    ambiguous: NDArray[np.int64]
    """Receipt rows that fit documents of several customers or entities."""
    unsure: NDArray[np.int64]
    """Receipt rows that fit several open documents of one customer: given to the one due first."""


def match_receipts(items: pd.DataFrame, receipts: pd.DataFrame) -> Matched:
    """Give each receipt its item. Both tables are canonical; amounts are int64 minor units.

    Compared are entity, customer, document, instalment and fiscal year, as far as both tables have them.
    Among several items of one document a receipt takes the invoices, the earliest due first; what is left over stays
    on the last. A negative receipt takes back what was paid last; it takes a credit that shares the number only where
    it applies it: a credit note where it is of that kind, a payment otherwise. What names no instalment and went to
    one that a later receipt names moves on to the next on the day of that receipt: each day knows its own receipts.
    """
    keys = [key for key in KEY if key == "document_no" or (_stated(items[key]) and _stated(receipts[key]))]
    item_key, receipt_key = _shared_codes(items, receipts, keys)
    if "instalment" in keys and not receipts["instalment"].ne("").all():
        # Receipts that name no instalment look among all parts of their document.
        whole = [key for key in keys if key != "instalment"]
        named = receipts["instalment"].ne("").to_numpy(bool)
        whole_item, whole_receipt = _shared_codes(items, receipts, whole)
        both = np.isin(whole_receipt, whole_receipt[named]) & np.isin(whole_receipt, whole_receipt[~named])
        parts = [
            (np.flatnonzero(named & ~both), item_key, receipt_key),
            (np.flatnonzero(~named & ~both), whole_item, whole_receipt),
        ]
    else:
        both = np.zeros(len(receipts), bool)
        parts = [(np.arange(len(receipts)), item_key, receipt_key)]
    allocation = _Allocation(items, receipts)
    for rows, own, theirs in parts:
        allocation.add(rows, own, theirs[rows])
    if both.any():
        allocation.add_in_turn(np.flatnonzero(both), named, (item_key, receipt_key), (whole_item, whole_receipt))
    return allocation.result(receipts["kind"])


def align_numbers(wanted: pd.Series[str], known: pd.Series[str]) -> tuple[pd.Series[str], NDArray[np.bool_]]:
    """Numbers that lost their leading zeros, as the other table writes them; and which were changed.

    A number of digits alone that `known` does not hold as it stands is the one number there that differs
    from it in leading zeros only. Where two numbers of either table would fit, none is changed.
    """
    strange = ~wanted.isin(known).to_numpy(bool)
    if not strange.any():
        return wanted, strange
    spelled = pd.Series(wanted[strange].unique(), dtype="str")
    there = pd.Series(known.unique(), dtype="str")
    spelled = spelled[spelled.str.fullmatch(r"\d+")]
    there = there[there.str.fullmatch(r"\d+")]
    bare, bare_there = spelled.str.lstrip("0"), there.str.lstrip("0")
    single = ~bare.duplicated(keep=False) & bare.ne("")
    single_there = ~bare_there.duplicated(keep=False)
    theirs = dict(zip(bare_there[single_there], there[single_there], strict=True))
    same = {one: theirs[key] for one, key in zip(spelled[single], bare[single], strict=True) if key in theirs}
    if not same:
        return wanted, np.zeros(len(wanted), bool)
    changed = strange & wanted.isin(list(same)).to_numpy(bool)
    return wanted.where(~changed, wanted.map(same).fillna("").astype("str")), changed


def by_number(receipts: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Receipts that name a document by the id of its system, by its number."""
    if "document_id" not in items:
        return receipts
    numbered = items[items["document_id"].ne("") & items["document_no"].ne("")]
    numbers = numbered.drop_duplicates("document_id").set_index("document_id")["document_no"]
    theirs = receipts["document_no"].map(numbers).fillna("").astype("str")
    strange = ~receipts["document_no"].isin(items["document_no"]) & theirs.ne("")
    return receipts.assign(document_no=receipts["document_no"].mask(strange, theirs))


def with_recoveries(receipts: pd.DataFrame) -> pd.DataFrame:
    """A recovery as what it is: cash, and as much of the write-off taken back."""
    recovered = receipts["kind"].eq(RECOVERY)
    if not recovered.any():
        return receipts
    back = receipts[recovered].assign(amount=-receipts["amount"], kind=WRITE_OFF)
    cash = receipts.assign(kind=receipts["kind"].mask(recovered, CASH))
    return pd.concat([cash, back], ignore_index=True)


def _stated(column: pd.Series[str]) -> bool:
    return bool(column.ne("").any())


def _shared_codes(
    items: pd.DataFrame, receipts: pd.DataFrame, keys: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One code per different key, common to both tables."""
    code = np.zeros(len(items) + len(receipts), np.int64)
    for key in keys:
        both = pd.concat([items[key], receipts[key]], ignore_index=True)
        codes, uniques = pd.factorize(both)
        # Codes of codes: a product of several counts could overflow.
        code = pd.factorize(code * (len(uniques) + 1) + codes)[0].astype(np.int64) if code.any() else codes
    return code[: len(items)], code[len(items) :]


def _places(key: NDArray[np.int64], due: NDArray[np.int32]) -> dict[int, list[int]]:
    """The items of each key, the earliest due first."""
    found: dict[int, list[int]] = {}
    for item in np.lexsort((np.arange(key.size), due)).tolist():
        found.setdefault(int(key[item]), []).append(item)
    return found


class _Allocation:
    def __init__(self, items: pd.DataFrame, receipts: pd.DataFrame) -> None:
        self.amount = items["amount"].to_numpy(np.int64)
        self.due = items["due_date"].to_numpy(np.int32)
        account = np.zeros(len(items), np.int64)
        for key in ACCOUNT:
            codes, uniques = pd.factorize(items[key])
            account = account * max(len(uniques), 1) + codes
        self.account = account
        self.date = receipts["date"].to_numpy(np.int32)
        self.paid = receipts["amount"].to_numpy(np.int64)
        self.applies_credit_note = receipts["kind"].eq(CREDIT_NOTE).to_numpy(bool)
        self.is_payment = items["kind"].eq(PAYMENT).to_numpy(bool)
        self.parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
        """Receipts, their items and amounts, and the receipts on whose day each counts."""
        self.unmatched: list[NDArray[np.int64]] = []
        self.ambiguous: list[NDArray[np.int64]] = []
        self.unsure: list[int] = []
        self.left: dict[int, int] = {}
        self.day = items["document_date"].to_numpy(np.int32)
        self.document = pd.factorize(items["fiscal_year"])[0], pd.factorize(items["instalment"])[0]

    def add(self, rows: NDArray[np.int64], item_key: NDArray[np.int64], receipt_key: NDArray[np.int64]) -> None:
        size = int(max(item_key.max(initial=-1), receipt_key.max(initial=-1))) + 1
        count = np.bincount(item_key, minlength=size)
        only = np.full(size, -1, np.int64)
        only[item_key] = np.arange(item_key.size)
        fits = count[receipt_key]
        self.unmatched.append(rows[fits == 0])
        one = fits == 1
        self.parts.append((rows[one], only[receipt_key[one]], self.paid[rows[one]], rows[one]))
        several = np.flatnonzero(fits > 1)
        if several.size:
            self._spread(rows[several], receipt_key[several], item_key, count)

    def _spread(
        self,
        rows: NDArray[np.int64],
        wanted: NDArray[np.int64],
        item_key: NDArray[np.int64],
        count: NDArray[np.intp],
    ) -> None:
        shared = np.flatnonzero(count[item_key] > 1)
        shared = shared[np.lexsort((shared, self.due[shared], item_key[shared]))]
        starts = np.searchsorted(item_key[shared], wanted, side="left").tolist()
        ends = np.searchsorted(item_key[shared], wanted, side="right").tolist()
        order = np.lexsort((rows, self.date[rows]))
        out: list[tuple[int, int, int, int]] = []
        unclear: list[int] = []
        for place in order.tolist():
            row = int(rows[place])
            fitting = shared[starts[place] : ends[place]].tolist()
            if len({int(self.account[item]) for item in fitting}) > 1:
                unclear.append(row)
                continue
            if self._is_unsure(fitting, int(self.date[row]), int(self.paid[row])):
                self.unsure.append(row)
            out += [(row, item, part, row) for item, part in self._fifo(fitting, int(self.paid[row]), row)]
        self.ambiguous.append(np.array(unclear, np.int64))
        self._keep(out)

    def _keep(self, out: list[tuple[int, int, int, int]]) -> None:
        row, item, part, when = np.array(out, np.int64).reshape(-1, 4).T
        self.parts.append((row, item, part, when))

    def add_in_turn(
        self,
        rows: NDArray[np.int64],
        named: NDArray[np.bool_],
        part_keys: tuple[NDArray[np.int64], NDArray[np.int64]],
        whole_keys: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> None:
        """Give documents their receipts day by day, where some receipts name an instalment and some do not."""
        by_part, by_document = _places(part_keys[0], self.due), _places(whole_keys[0], self.due)
        unmatched, unclear = [], []
        out: list[tuple[int, int, int, int]] = []
        for row in rows[np.lexsort((rows, self.date[rows]))].tolist():
            document = by_document.get(int(whole_keys[1][row]), [])
            fitting = by_part.get(int(part_keys[1][row]), []) if named[row] else document
            if not fitting:
                unmatched.append(row)
            elif len({int(self.account[item]) for item in fitting}) > 1:
                unclear.append(row)
            else:
                out += [(row, item, part, row) for item, part in self._fifo(fitting, int(self.paid[row]), row)]
                if named[row]:
                    out += self._moved_on(out, fitting[-1], document, named, row)
        self.unmatched.append(np.array(unmatched, np.int64))
        self.ambiguous.append(np.array(unclear, np.int64))
        self._keep(out)

    def _moved_on(
        self,
        out: list[tuple[int, int, int, int]],
        item: int,
        document: list[int],
        named: NDArray[np.bool_],
        row: int,
    ) -> list[tuple[int, int, int, int]]:
        """What receipts that name no instalment had paid of one, moved to the others as far as it is paid twice."""
        moved: list[tuple[int, int, int, int]] = []
        others = [other for other in document if other != item and self.amount[other] >= 0]
        for earlier, paid_item, part, _ in reversed(out):
            twice = -self.left.get(item, 0)
            if twice <= 0 or not others:
                break
            if paid_item == item and part > 0 and not named[earlier]:
                back = min(part, twice)
                self.left[item] += back
                moved.append((earlier, item, -back, row))
                moved += [(earlier, other, new, row) for other, new in self._fifo(others, back, earlier)]
        return moved

    def _is_unsure(self, fitting: list[int], day: int, paid: int) -> bool:
        """Whether several documents, and not only parts of one, were open to a receipt on its day."""
        open_then = [
            item
            for item in fitting
            if self.day[item] <= day
            and (self.amount[item] < 0) == (paid < 0)
            and self.left.get(item, abs(int(self.amount[item]))) > 0
        ]
        years, parts = ([int(codes[item]) for item in open_then] for codes in self.document)
        return len(set(years)) > 1 or len(set(parts)) < len(parts)

    def _fifo(self, fitting: list[int], amount: int, row: int) -> list[tuple[int, int]]:
        debits = [item for item in fitting if self.amount[item] >= 0]
        credit = [item for item in fitting if self.amount[item] < 0]
        sign = 1
        if debits and amount < 0:
            credit = [item for item in credit if self.is_payment[item] != self.applies_credit_note[row]]
        if credit and (amount < 0 or not debits):
            fitting, sign = credit, -1
        else:
            fitting = debits
        amount *= sign
        parts: dict[int, int] = {}
        taking_back = amount < 0
        for item in reversed(fitting) if taking_back else fitting:
            full = abs(int(self.amount[item]))
            left = self.left.get(item, full)
            part = -min(-amount, full - left) if taking_back else min(amount, max(left, 0))
            if part:
                parts[item] = part
                self.left[item] = left - part
                amount -= part
            if not amount:
                break
        if amount or not parts:
            last = fitting[0] if taking_back else fitting[-1]
            parts[last] = parts.get(last, 0) + amount
            self.left[last] = self.left.get(last, abs(int(self.amount[last]))) - amount
        return [(item, sign * part) for item, part in parts.items()]

    def result(self, kinds: pd.Series[str]) -> Matched:
        rows, item, amount, when = (np.concatenate(parts).astype(np.int64) for parts in zip(*self.parts, strict=True))
        order = np.argsort(rows, kind="stable")
        rows, item, amount, when = rows[order], item[order], amount[order], when[order]
        empty = np.zeros(0, np.int64)
        return Matched(
            item=item,
            date=self.date[when],
            amount=amount,
            kind=kinds.iloc[rows].reset_index(drop=True),
            unmatched=np.concatenate([empty, *self.unmatched]),
            ambiguous=np.concatenate([empty, *self.ambiguous]),
            unsure=np.array(self.unsure, np.int64),
        )
