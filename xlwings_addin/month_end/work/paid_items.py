"""Paid items: entries go with an item that is settled, and come back with one that opens again."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.values import CASH, DISCOUNT, NO_DATE, RECEIPT_KINDS, WRITE_OFF
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.work.item_rows import rows_by_key
from xlwings_addin.sheets.collections import ENTRIES
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.sheets.paid_items import OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.entries import Cell, Key
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.closing import Closing

NO_LONGER_LISTED = "no longer listed"
_HEADINGS = frozenset(column.heading for column in ENTRIES)
_DATED = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


def tables(closing: Closing) -> tuple[dict[str, TableData], dict[str, Any]]:
    """Return tblPaid: the rows that `moved` made; entries are put on them like on any table."""
    return {"tblPaid": TableData.of(closing.entries.rows("tblPaid"))}, {}


def moved(closing: Closing) -> Entries:
    """Return the entries with those of settled items on Paid items, and those of items open again on the worklist.

    What a list of open items no longer holds is taken for settled, for want of anything that says when. An item
    that a ledger with history does not know, or knows twice, stays where it was: its notes are not placed.
    """
    entries, ledger = closing.entries, closing.ledger
    listed = {_key(row): row for row in entries.rows("tblWorklist")}
    paid = {_key(row): dict(row) for row in entries.rows("tblPaid")}
    worklist, notes = _of(entries, "tblWorklist"), _of(entries, "tblPaid")
    typed, kept = dict(worklist.rows), dict(notes.rows)
    astray = list(worklist.doubled)
    found = rows_by_key(ledger, {*listed, *paid, *typed, *kept})
    if not found:
        return entries
    settlement = _Settlement(ledger, closing.day)
    settled, balance = settlement.on, np.zeros(len(ledger.items), np.int64)
    balance[closing.open.rows] = closing.open.amount
    issued = ledger.arrays.document_date

    for key in sorted(paid.keys() | kept.keys()):
        rows = found[key]
        if len(rows) == 1 and balance[rows[0]]:
            paid.pop(key, None)
            back = _unpack(kept.pop(key, {}))
            here = typed.get(key, {})
            astray += [(key, h, v) for h, v in back.items() if h in here and here[h] != v]
            lost = {h for h in back if h not in _HEADINGS and h not in worklist.extra}
            astray += [(key, h, back[h]) for h in sorted(lost - here.keys())]
            typed[key] = {**{h: v for h, v in back.items() if h not in lost}, **here}
            if not typed[key]:
                del typed[key]
        elif len(rows) == 1 and key in paid and settled[rows[0]] != NO_DATE:
            paid[key] |= settlement.of(rows[0])

    for key in sorted(listed.keys() | typed.keys()):
        rows = found[key]
        if len(rows) > 1:
            astray += [(key, h, v) for h, v in typed.pop(key, {}).items()]
            continue
        gone = not rows and not ledger.has_history
        if not gone and not (rows and not balance[rows[0]] and issued[rows[0]] <= closing.day):
            continue
        facts = dict(zip(ITEM_KEY, key, strict=True)) | {"found_on": closing.day}
        facts |= _as_listed(listed[key]) if key in listed else _of_item(ledger, rows[0]) if rows else {}
        if rows and settled[rows[0]] != NO_DATE:
            facts |= settlement.of(rows[0])
        else:
            facts["how"] = NO_LONGER_LISTED if gone else "settled"
        # An item that was paid before, came back and is paid again keeps what was typed either time.
        paid[key] = facts
        if key in typed:
            kept[key] = _merged(kept.get(key, {}), _pack(typed.pop(key)), key, astray)

    newest = sorted(paid.items(), key=lambda row: (-(row[1]["found_on"] or 0), row[0]))
    own = entries.stored.get("tblPaid", Stored())
    return replace(
        entries,
        tables={
            **entries.tables,
            "tblWorklist": TableEntries(typed, worklist.extra, tuple(astray)),
            "tblPaid": TableEntries(kept, notes.extra, notes.doubled),
        },
        stored={**entries.stored, "tblPaid": Stored(tuple(row for _, row in newest), own.extra)},
    )


def _of(entries: Entries, table: str) -> TableEntries:
    return entries.tables.get(table, TableEntries())


def _key(row: Mapping[str, Any]) -> Key:
    return tuple(str(row[name] or "") for name in ITEM_KEY)


def _as_listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the worklist said of an item that may be gone by now."""
    said = {key: row.get(key) for key in ("customer_name", "due_date", "currency")} | {"amount": row.get("open")}
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
    """When and how each item was settled."""

    def __init__(self, ledger: Ledger, day: int) -> None:
        arrays = ledger.arrays
        self.on, self.due = arrays.settled_on(day), arrays.due_date
        past = arrays.receipt_date <= day
        size = arrays.face.size
        cell = arrays.receipt_kinds[past].astype(np.int64) * size + arrays.receipt_item[past]
        by_kind = np.bincount(cell, arrays.receipt_amount[past], len(RECEIPT_KINDS) * size)
        self.kind = by_kind.reshape(len(RECEIPT_KINDS), size).argmax(axis=0)

    def of(self, row: int) -> dict[str, Any]:
        on, due, kind = int(self.on[row]), int(self.due[row]), RECEIPT_KINDS[int(self.kind[row])]
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
    except json.JSONDecodeError:  # a clerk wrote there: it is his text then
        return unpacked | {OTHER: text}
    return unpacked | {heading: _dated(value) for heading, value in own.items()}


def _dated(value: Any) -> Any:
    if not isinstance(value, str) or not _DATED.fullmatch(value):
        return value
    try:
        return (dt.datetime if " " in value else dt.date).fromisoformat(value)
    except ValueError:
        return value


def _merged(
    old: Mapping[str, Cell], new: Mapping[str, Cell], key: Key, astray: list[tuple[Key, str, Cell]]
) -> dict[str, Cell]:
    astray += [(key, heading, value) for heading, value in old.items() if heading in new and new[heading] != value]
    return {**old, **new}
