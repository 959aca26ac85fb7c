"""Provision: what of each bucket was lost before, what the clerk expects, and the provision that makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.buckets import CREDITS, NO_DATE
from udfs.errors import NA
from udfs.risk import provision
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.days import month_ends
from xlwings_addin.ledger.position import known_from
from xlwings_addin.ledger.values import RECEIPT_KINDS
from xlwings_addin.month_end.forecast import spoken, worth_of_items
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.typed import amount
from xlwings_addin.sheets.forecast import ALL_BUCKETS, BY_RULE, LEARNED, NOT_KNOWN, TYPED_RATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.values import Days, Minor
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

    Floats = NDArray[np.float64]

CLOSED_AFTER = 365
"""Days after which what stood in a bucket counts as having met its fate."""
MOST_COHORTS = 24
"""Month ends looked at: two years of them, the latest that are closed."""
LEAST_ITEMS = 30
"""Fewer items than this in a bucket say nothing about it."""
LEAST_WITHOUT_LOSS = 300
"""This many items without a loss before none counts as a rate: then it lies under 1 %, 19 times in 20."""


def tables(closing: Closing, receivables: float) -> Filled:
    """Return tblProvision and the named cells of the provision. `receivables` is the aging's total."""
    rows, ends = _learned(closing)
    typed = closing.entries.typed("tblProvision").rows
    converted = closing.aging.converted
    for place, row in enumerate(rows):
        row["open"] = NA if converted is None else closing.part(float(converted[:, place].sum()))
        row["typed"] = typed.get((row["bucket"],), {}).get(TYPED_RATE)
        _provide(row)
    parts = [row["provision"] for row in rows]
    known = not any(part is None or np.isnan(part) for part in parts)
    total = sum(parts) if known else NA
    return {"tblProvision": TableData.of(rows)}, {
        "provision_total": total,
        "provision_share": NA if not known or np.isnan(receivables) else total / receivables if receivables else None,
        "provision_basis": _basis(closing, ends, rows),
    }


def _provide(row: dict[str, Any]) -> None:
    """Fill in what the formulas of the row show."""
    typed = amount(row["typed"])
    row["used"] = row["learned"] if typed is None else typed
    if np.isnan(row["open"]):
        row["provision"] = NA
    elif row["open"] == 0:
        row["provision"] = 0.0
    else:
        row["provision"] = None if row["used"] is None else provision(row["open"], row["used"])


def _learned(closing: Closing) -> tuple[list[dict[str, Any]], Sequence[int]]:
    """What stood in each bucket at closed month ends, what became of it, and the month ends."""
    labels = closing.aging.labels
    ends = _cohorts(closing)
    items, settled, lost = (np.zeros(len(labels)) for _ in range(3))
    worth = worth_of_items(closing)
    now = closing.ledger.arrays.balances(closing.day)
    item, written_on, written = _write_offs(closing)
    for end in ends:
        stood = closing.ledger.arrays.balances(end)
        rows = np.flatnonzero((stood > 0) & ~np.isnan(worth))
        bucket = age(closing.ledger, end, closing.settings, by="currency").columns[rows]
        # An item that is still open has not met its fate: it says nothing yet, neither way.
        done = (stood[rows] - np.clip(now[rows], 0, stood[rows])) * worth[rows]
        after = written_on > end
        written_off = np.bincount(item[after], written[after], stood.size)[rows]
        gone = np.minimum(written_off, stood[rows]) * worth[rows]
        items += np.bincount(bucket, minlength=len(labels))
        settled += np.bincount(bucket, done, len(labels))
        lost += np.bincount(bucket, gone, len(labels))
    table: list[dict[str, Any]] = []
    for place, label in enumerate(labels):
        row: dict[str, Any] = dict.fromkeys(("items", "settled", "lost", "learned"))
        row |= {"bucket": label, "basis": NOT_KNOWN}
        if label == CREDITS:
            row |= {"learned": 0.0, "basis": BY_RULE}
        elif ends:
            row |= {
                "items": int(items[place]),
                "settled": round(float(settled[place]), closing.digits),
                "lost": round(float(lost[place]), closing.digits) + 0.0,
            }
            enough = items[place] >= (LEAST_ITEMS if lost[place] else LEAST_WITHOUT_LOSS)
            if lost.any() and enough and settled[place] > 0:
                row |= {"learned": min(float(lost[place] / settled[place]), 1.0), "basis": LEARNED}
            elif lost.any() and label == NO_DATE and items.sum() >= LEAST_ITEMS:
                # How late an undated item is, is unknown: it counts as an average one.
                row |= {"learned": min(float(lost.sum() / settled.sum()), 1.0), "basis": ALL_BUCKETS}
        table.append(row)
    return table, ends


def _cohorts(closing: Closing) -> list[int]:
    """Month ends of the ledger that lie a year and more before the as-of day, the latest of them."""
    if not closing.ledger.has_history:
        return []
    first = known_from(closing.ledger)
    latest = closing.day - CLOSED_AFTER
    return [int(end) for end in month_ends(first, closing.day) if end <= latest][-MOST_COHORTS:]


def _write_offs(closing: Closing) -> tuple[NDArray[np.intp], Days, Minor]:
    """The write-offs known on the as-of day: their items, dates and amounts in minor units."""
    arrays = closing.ledger.arrays
    counted = arrays.receipt_kinds == RECEIPT_KINDS.index("write-off")
    counted &= arrays.receipt_date <= closing.day
    return arrays.receipt_item[counted], arrays.receipt_date[counted], arrays.receipt_amount[counted]


def _basis(closing: Closing, ends: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> str:
    if not closing.ledger.has_history:
        return f"{NOT_KNOWN}: a list of open items shows no write-offs. Type your rates."
    if not ends:
        return f"{NOT_KNOWN}: no month end of the ledger lies a year before {spoken(closing.day)}. Type your rates."
    if not any(row["lost"] for row in rows):
        return f"{NOT_KNOWN}: no receipt of the ledger is a write-off. Type your rates, or load write-offs."
    return f"{len(ends)} month ends, {spoken(ends[0])} to {spoken(ends[-1])}"
