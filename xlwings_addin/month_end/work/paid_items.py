"""Paid items: entries go with an item that is settled, and come back with one that opens again."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.entries import Stored, TableEntries
from xlwings_addin.ledger.values import CASH, DISCOUNT, NO_DATE, RECEIPT_KINDS, WRITE_OFF
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.work.item_rows import rows_by_key
from xlwings_addin.sheets.collections import ENTRIES
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.sheets.paid_items import OTHER
from xlwings_addin.sheets.paid_items import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.entries import Cell, Entries, Key
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

NO_LONGER_LISTED = "no longer listed"
_HEADINGS = frozenset(column.heading for column in ENTRIES)
_DATED = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


def tables(closing: Closing) -> Filled:
    """Return tblPaid: the rows that `moved` made; entries are put on them like on any table."""
    return {"tblPaid": TableData.of(closing.entries.rows("tblPaid"))}, {}


def moved(ledger: Ledger, day: int, entries: Entries) -> Entries:
    """Return the entries with those of settled items on Paid items, and those of items open again on the worklist.

    What a list of open items no longer holds counts as settled, as nothing says when. An item
    that a ledger with history does not know, or knows twice, stays where it was: its notes are not placed.
    """
    listed = {_key(row): row for row in entries.rows("tblWorklist")}
    sheets = _Sheets.of(entries)
    found = rows_by_key(ledger, {*listed, *sheets.paid, *sheets.typed, *sheets.notes})
    if not found:
        return entries
    settlement = _Settlement(ledger, day)
    for key in sorted(sheets.paid.keys() | sheets.notes.keys()):
        if settlement.is_open(found[key]):
            sheets.take_back(key)
        elif key in sheets.paid:
            sheets.paid[key] |= settlement.facts(found[key])
    for key in sorted(listed.keys() | sheets.typed.keys()):
        rows = found[key]
        if len(rows) > 1:
            sheets.lose(key)
        elif settlement.is_over(rows):
            said = _as_listed(listed[key]) if key in listed else _of_item(ledger, rows[0]) if rows else {}
            how = {"how": "settled" if rows else NO_LONGER_LISTED} | settlement.facts(rows)
            sheets.put_away(key, dict(zip(ITEM_KEY, key, strict=True)) | {"found_on": day} | said | how)
    return sheets.entries(entries)


@dataclass(slots=True)
class _Sheets:
    """The worklist and Paid items while entries go from one to the other."""

    typed: dict[Key, Mapping[str, Cell]]
    """What is typed beside the items of the worklist."""
    worklist: TableEntries
    paid: dict[Key, dict[str, Any]]
    """The rows of Paid items."""
    notes: dict[Key, Mapping[str, Cell]]
    """What is typed beside them."""
    astray: list[tuple[Key, str, Cell]]
    """What finds no place on either."""

    @classmethod
    def of(cls, entries: Entries) -> _Sheets:
        worklist = entries.typed("tblWorklist")
        return cls(
            typed=dict(worklist.rows),
            worklist=worklist,
            paid={_key(row): dict(row) for row in entries.rows("tblPaid")},
            notes=dict(entries.typed("tblPaid").rows),
            astray=list(worklist.doubled),
        )

    def take_back(self, key: Key) -> None:
        """Put an item's entries back on the worklist: it is open again. What was typed there since stays."""
        self.paid.pop(key, None)
        back, here = _unpack(self.notes.pop(key, {})), self.typed.get(key, {})
        self.astray += [(key, h, v) for h, v in back.items() if h in here and here[h] != v]
        lost = {h for h in back if h not in _HEADINGS and h not in self.worklist.extra}
        self.astray += [(key, h, back[h]) for h in sorted(lost - here.keys())]
        cells = {**{h: v for h, v in back.items() if h not in lost}, **here}
        if cells:
            self.typed[key] = cells

    def put_away(self, key: Key, facts: dict[str, Any]) -> None:
        """Put an item on Paid items with its entries: one that was paid before keeps what was typed either time."""
        self.paid[key] = facts
        if key in self.typed:
            old, new = self.notes.get(key, {}), _pack(self.typed.pop(key))
            self.astray += [(key, h, v) for h, v in old.items() if h in new and new[h] != v]
            self.notes[key] = {**old, **new}

    def lose(self, key: Key) -> None:
        """Take the entries of an item that the ledger knows twice off the worklist."""
        self.astray += [(key, heading, value) for heading, value in self.typed.pop(key, {}).items()]

    def entries(self, before: Entries) -> Entries:
        """Return the entries as they stand now."""
        newest = sorted(self.paid.items(), key=lambda row: (-(row[1]["found_on"] or 0), row[0]))
        typed = TableEntries(self.typed, self.worklist.extra, tuple(self.astray))
        notes = replace(before.typed("tblPaid"), rows=self.notes)
        rows = Stored(tuple(row for _, row in newest), before.kept("tblPaid").extra)
        return before.having(typed={"tblWorklist": typed, "tblPaid": notes}, kept={"tblPaid": rows})


def _key(row: Mapping[str, Any]) -> Key:
    return tuple(str(row[name] or "") for name in ITEM_KEY)


def _as_listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the worklist said of an item that may be gone by now."""
    said = {key: row[key] for key in ("customer_name", "due_date", "currency")} | {"amount": row["open"]}
    return {key: value for key, value in said.items() if value not in (None, "")}


def _of_item(ledger: Ledger, row: int) -> dict[str, Any]:
    item = ledger.items.iloc[row]
    digits = ledger.minor_digits.get(item["currency"], 2)
    return {
        "customer_name": item["customer_name"] or item["customer_id"],
        "due_date": None if item["due_date"] == NO_DATE else int(item["due_date"]),
        "currency": item["currency"],
        "amount": int(item["amount"]) / 10**digits,
    }


class _Settlement:
    """Which items are open on a day, and when and how each of the others was settled."""

    def __init__(self, ledger: Ledger, day: int) -> None:
        arrays = ledger.arrays
        self.day, self.has_history = day, ledger.has_history
        self.balance, self.issued, self.due = arrays.balances(day), arrays.document_date, arrays.due_date
        self.on = arrays.settled_on(day)
        past = arrays.receipt_date <= day
        size = arrays.face.size
        cell = arrays.receipt_kinds[past].astype(np.int64) * size + arrays.receipt_item[past]
        by_kind = np.bincount(cell, arrays.receipt_amount[past], len(RECEIPT_KINDS) * size)
        self.kind = by_kind.reshape(len(RECEIPT_KINDS), size).argmax(axis=0)

    def is_open(self, rows: Sequence[int]) -> bool:
        """Whether something is open of the one item that is meant."""
        return len(rows) == 1 and bool(self.balance[rows[0]])

    def is_over(self, rows: Sequence[int]) -> bool:
        """Whether nothing is open any more: settled, or gone from a list that holds only what is open."""
        if not rows:
            return not self.has_history
        return not self.balance[rows[0]] and bool(self.issued[rows[0]] <= self.day)

    def facts(self, rows: Sequence[int]) -> dict[str, Any]:
        """Return when and how the one item that is meant was settled; nothing where receipts do not tell."""
        if len(rows) != 1 or self.on[rows[0]] == NO_DATE:
            return {}
        on, due, kind = int(self.on[rows[0]]), int(self.due[rows[0]]), RECEIPT_KINDS[int(self.kind[rows[0]])]
        how = "paid" if kind in (CASH, DISCOUNT) else "written off" if kind == WRITE_OFF else "credited"
        return {"settled_on": on, "days_late": None if due == NO_DATE else on - due, "how": how}


def _pack(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the cells as Paid items has them: a clerk's own columns go into one cell that can be read back."""
    own = {heading: value for heading, value in cells.items() if heading not in _HEADINGS}
    packed = {heading: value for heading, value in cells.items() if heading in _HEADINGS}
    if own:
        packed[OTHER] = json.dumps(own, ensure_ascii=False, default=str)[1:-1]
    return packed


def _unpack(cells: Mapping[str, Cell]) -> dict[str, Any]:
    unpacked: dict[str, Any] = dict(cells)
    text = unpacked.pop(OTHER, None)
    if text is None:
        return unpacked
    try:
        own = json.loads(f"{{{text}}}")
    except json.JSONDecodeError:  # a clerk wrote there: it is their text then
        return unpacked | {OTHER: text}
    return unpacked | {heading: _dated(value) for heading, value in own.items()}


def _dated(value: Any) -> Any:
    if not isinstance(value, str) or not _DATED.fullmatch(value):
        return value
    try:
        return (dt.datetime if " " in value else dt.date).fromisoformat(value)
    except ValueError:
        return value
