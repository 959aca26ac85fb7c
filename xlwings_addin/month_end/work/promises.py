"""Promises to pay, judged by the cash that came: kept, partly, broken, open, or not known without receipts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.entries import Stored
from xlwings_addin.ledger.values import CASH, ITEM_KINDS, NO_DATE, PAYMENT, RECEIPT_KINDS, WRITE_OFF
from xlwings_addin.month_end.work.item_rows import item_keys, rows_by_key
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from xlwings_addin.entries import Entries
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.closing import Closing

KEPT, PARTLY, BROKEN, OPEN, NOT_KNOWN = "kept", "partly", "broken", "open", "not known"
FAILED = (PARTLY, BROKEN)
REMEMBERED = 365
"""Days for which a promise read from the files is kept after its day."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: who made it when, for which day and amount; `rows` are the items it is about."""

    customer: str
    document: str
    """Blank: about the whole account."""
    made: int
    for_date: int
    amount: float | None
    """In the item's currency, of an account in the base currency; None: all that was open."""
    rows: tuple[int, ...] = ()
    state: str = NOT_KNOWN
    of_files: bool = False
    """Read from a column of the files, and made when it was first seen there."""

    @property
    def is_judged(self) -> bool:
        """Whether it was made before its day was over, and is kept, kept in part or broken by now."""
        return self.made <= self.for_date and self.state in (KEPT, *FAILED)


def promises(closing: Closing) -> tuple[Promise, ...]:
    """Return every promise of Activity, then those only the files tell, each judged as of the day.

    Kept: cash that came after the promise and up to its day and the grace of Settings reaches its amount, or
    nothing was left to pay by then. A payment that bounced since is none. A promise of the files has no day on which
    it was made: it counts from the day on which a refresh first saw it, and is remembered when its item is paid.
    """
    return _judged(closing, [*_of_activity(closing), *_of_files(closing)])


def seen(ledger: Ledger, day: int, entries: Entries) -> Entries:
    """Return the entries with a row in tblPromises for each promise that the files state for an open item, once.

    Rows stay for a year after their day, so that a promise is known when its item is paid and the files tell it no
    more.
    """
    kept = entries.kept("tblPromises")
    # What somebody wrote where no promise stands is theirs, and stays.
    rows = [row for row in kept.rows if not _is_promise(row) or row["for_date"] > day - REMEMBERED]
    promised = ledger.items["promise_date"].to_numpy(np.int32)
    told = np.flatnonzero(promised != NO_DATE)
    told = told[(ledger.arrays.balances(day)[told] > 0) & (ledger.arrays.face[told] > 0)]
    known = {(*_key(row), row["for_date"]) for row in rows}
    for key, for_date in zip(item_keys(ledger, told), promised[told].tolist(), strict=True):
        if (*key, for_date) not in known:
            known.add((*key, for_date))
            rows.append(dict(zip(ITEM_KEY, key, strict=True)) | {"seen": day, "for_date": for_date, "state": ""})
    return entries.having(kept={"tblPromises": Stored(tuple(rows), kept.extra)})


def of_files(closing: Closing, judged: Iterable[Promise]) -> list[Mapping[str, Any]]:
    """Return the rows of tblPromises with how each stands."""
    states = {(one.customer, one.document, one.for_date): one.state for one in judged}
    return [
        {**row, "state": states.get((row["customer_id"], row["document_no"], row["for_date"]), "")}
        for row in closing.entries.rows("tblPromises")
    ]


def _is_promise(row: Mapping[str, Any]) -> bool:
    return isinstance(row["seen"], int) and isinstance(row["for_date"], int)


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in ITEM_KEY)


def _of_activity(closing: Closing) -> list[Promise]:
    lines = [
        line
        for line in closing.activities
        if line.kind == "promise" and line.for_date is not None and (line.customer or line.document)
    ]
    by_document = _rows_of_documents(closing.ledger, {line.document for line in lines if line.document})
    by_customer = _rows_of_customers(closing.ledger, {line.customer for line in lines if not line.document})
    found = []
    for line in sorted(lines, key=lambda line: (line.date is not None, line.date or 0, line.row)):
        made = closing.day if line.date is None else line.date
        customer = line.customer
        if line.document:
            owners = by_document.get(line.document, {})
            if not customer and len(owners) == 1:
                customer = next(iter(owners))
            rows = owners.get(customer, ())
        else:
            rows = by_customer.get(customer, ())
        assert line.for_date is not None
        found.append(Promise(customer, line.document, made, line.for_date, line.amount, tuple(rows)))
    return found


def _rows_of_documents(ledger: Ledger, documents: set[str]) -> dict[str, dict[str, list[int]]]:
    """Rows of the items with these numbers, by number and customer."""
    found: dict[str, dict[str, list[int]]] = {}
    if not documents:
        return found
    rows = np.flatnonzero(ledger.items["document_no"].isin(documents).to_numpy(bool))
    named = zip(
        rows.tolist(),
        ledger.items["document_no"].take(rows).tolist(),
        ledger.items["customer_id"].take(rows).tolist(),
        strict=True,
    )
    for row, document, customer in named:
        found.setdefault(document, {}).setdefault(customer, []).append(row)
    return found


def _rows_of_customers(ledger: Ledger, customers: set[str]) -> dict[str, list[int]]:
    if not customers:
        return {}
    segment = ledger.arrays.segment("customer_id")
    codes = {code: key for code, key in enumerate(segment.keys) if key in customers}
    found: dict[str, list[int]] = {key: [] for key in codes.values()}
    rows = np.flatnonzero(np.isin(segment.codes, list(codes)))
    for row, code in zip(rows.tolist(), segment.codes[rows].tolist(), strict=True):
        found[codes[code]].append(row)
    return found


def _of_files(closing: Closing) -> list[Promise]:
    told = {(line.customer, line.document, line.for_date) for line in closing.activities if line.kind == "promise"}
    rows = [row for row in closing.entries.rows("tblPromises") if _is_promise(row) and row["seen"] <= closing.day]
    found = rows_by_key(closing.ledger, map(_key, rows))
    return [
        Promise(
            row["customer_id"],
            row["document_no"],
            row["seen"],
            row["for_date"],
            None,
            tuple(found[_key(row)]),
            of_files=True,
        )
        for row in rows
        if (row["customer_id"], row["document_no"], row["for_date"]) not in told
    ]


def _judged(closing: Closing, made: Sequence[Promise]) -> tuple[Promise, ...]:
    grace, day = closing.settings.promise_grace, closing.day
    if not made:
        return ()
    if not closing.ledger.has_history:
        states: Iterable[str] = [OPEN if day <= one.for_date + grace else NOT_KNOWN for one in made]
    else:
        cash, target, left = _received(closing, made)
        states = [
            NOT_KNOWN
            if not one.rows or np.isnan(paid) or np.isnan(wanted)
            else KEPT
            if paid >= wanted or over <= 0
            else OPEN
            if day <= one.for_date + grace
            else PARTLY
            if paid > 0
            else BROKEN
            for one, paid, wanted, over in zip(made, cash, target, left, strict=True)
        ]
    return tuple(replace(one, state=state) for one, state in zip(made, states, strict=True))


def _received(
    closing: Closing, made: Sequence[Promise]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Cash received towards each promise, the amount promised, and what its items still owed at its end.

    In the promise's own currency; NaN where a rate is missing.
    """
    ledger, grace = closing.ledger, closing.settings.promise_grace
    arrays = ledger.arrays
    count = len(made)
    each = pd.DataFrame(
        {
            "promise": np.repeat(np.arange(count), [len(one.rows) for one in made]),
            "item": np.array([row for one in made for row in one.rows], np.int64),
        }
    )
    promise, item = each["promise"].to_numpy(), each["item"].to_numpy()
    start = np.array([one.made for one in made], np.int64)
    end = np.minimum(np.array([one.for_date + grace for one in made], np.int64), closing.day)
    of_account = np.array([not one.document for one in made], bool)
    unit = np.where(of_account[promise], closing.item_rate[item], 1.0) / closing.scale[item]

    def summed(at: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(at, values, count).astype(np.float64)

    issued = arrays.document_date[item]
    face = arrays.face[item] * unit
    unapplied = arrays.item_kinds[item] == ITEM_KINDS.index(PAYMENT)
    in_time = (issued > start[promise]) & (issued <= end[promise])
    cash = summed(promise, np.where(unapplied & in_time, -face, 0.0))
    owed = summed(promise, np.where(issued <= start[promise], face, 0.0))
    left = summed(promise, np.where(issued <= end[promise], face, 0.0))

    wanted = np.zeros(len(ledger.items), bool)
    wanted[item] = True
    taken = np.flatnonzero(wanted[arrays.receipt_item] & (arrays.receipt_date <= closing.day))
    receipts = pd.DataFrame(
        {
            "item": arrays.receipt_item[taken],
            "date": arrays.receipt_date[taken].astype(np.int64),
            "amount": arrays.receipt_amount[taken],
            "kind": arrays.receipt_kinds[taken],
        }
    )
    joined = each.assign(unit=unit, unapplied=unapplied).merge(receipts, on="item")
    at, date = joined["promise"].to_numpy(), joined["date"].to_numpy()
    amount = joined["amount"].to_numpy(np.float64) * joined["unit"].to_numpy()
    is_cash = joined["kind"].to_numpy() == RECEIPT_KINDS.index(CASH)
    written_off = joined["kind"].to_numpy() == RECEIPT_KINDS.index(WRITE_OFF)
    before, within = date <= start[at], (date > start[at]) & (date <= end[at])
    bounced = (amount < 0) & (date > end[at]) & ~joined["unapplied"].to_numpy(bool)
    cash += summed(at, np.where(is_cash & (within | bounced), amount, 0.0))
    owed -= summed(at, np.where(before | (within & ~is_cash & ~written_off), amount, 0.0))
    left -= summed(at, np.where((before | within | bounced) & ~written_off, amount, 0.0))
    stated = np.array([np.nan if one.amount is None else one.amount for one in made])
    target = np.where(np.isnan(stated), owed, stated)
    # Sums of cents in floating point: what is equal to the cent is equal.
    return cash.round(6), target.round(6), left.round(6)
