"""Promises to pay, judged by the cash that came: kept, partly, broken, open, or not known without receipts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger.values import CASH, ITEM_KINDS, NO_DATE, PAYMENT, RECEIPT_KINDS, WRITE_OFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.closing import Closing

KEPT, PARTLY, BROKEN, OPEN, NOT_KNOWN = "kept", "partly", "broken", "open", "not known"
FAILED = (PARTLY, BROKEN)


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


def promises(closing: Closing) -> tuple[Promise, ...]:
    """Return every promise of Activity, then those only the ledger knows, each judged as of the day.

    Kept: cash that came after the promise and up to its day and the grace of Settings reaches its amount, or
    nothing was left to pay by then. A payment that bounced since is none. A promise of the ledger has no day
    on which it was made: that of its document stands in.
    """
    return _judged(closing, [*_of_activity(closing), *_of_ledger(closing)])


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


def _of_ledger(closing: Closing) -> list[Promise]:
    items, arrays = closing.ledger.items, closing.ledger.arrays
    promised = items["promise_date"].to_numpy(np.int32)
    rows = np.flatnonzero((promised != NO_DATE) & (arrays.document_date <= closing.day) & (arrays.face > 0))
    told = {(line.customer, line.document, line.for_date) for line in closing.activities if line.kind == "promise"}
    columns = (
        rows.tolist(),
        items["customer_id"].take(rows).tolist(),
        items["document_no"].take(rows).tolist(),
        arrays.document_date[rows].tolist(),
        promised[rows].tolist(),
    )
    return [
        Promise(customer, document, made, for_date, None, (row,))
        for row, customer, document, made, for_date in zip(*columns, strict=True)
        if (customer, document, for_date) not in told
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
    return tuple(
        Promise(one.customer, one.document, one.made, one.for_date, one.amount, one.rows, state)
        for one, state in zip(made, states, strict=True)
    )


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
