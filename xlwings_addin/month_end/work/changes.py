"""What changed on the worklist since the refresh before, of another date."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.exchange import rate_at
from xlwings_addin.month_end.work.dunning import OVER_90
from xlwings_addin.month_end.work.promises import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.month_end.closing import Closing

Row = dict[str, Any]


def compared_with(closing: Closing) -> int | None:
    """Date of the latest refresh of another date; balances of two dates do not say what became of which debt."""
    if closing.ledger.balances is not None:
        return None
    days = [line["as_of"] for line in closing.entries.rows("tblLog")]
    return next((day for day in reversed(days) if day != closing.day), None)


NEW, PAID, PART, FAILED_PROMISE, OVER, DISPUTED = (
    "New on the list",
    "Paid or no longer listed",
    "Paid in part",
    "Promise broken",
    "Over 90 days now",
    "Newly disputed",
)
_SHORT = {
    NEW: "new",
    PART: "paid in part",
    FAILED_PROMISE: "promise broken",
    OVER: "over 90 days",
    DISPUTED: "disputed",
}


def mark(closing: Closing, rows: Iterable[Row], compared: int | None) -> None:
    """Mark each row with what is new about it."""
    for row in rows:
        row["changes"] = [] if compared is None else _changes(row, closing.day)
        row["changed"] = ", ".join(_SHORT[change] for change in row["changes"])


def _changes(row: Row, day: int) -> list[str]:
    if row["listed_since"] == day:
        return [NEW]
    before, late = row["late_before"], row["days_past_due"]
    found = []
    if row["open_before"] is not None and row["open"] < row["open_before"]:
        found.append(PART)
    if row["promise"] in FAILED and row["promise_before"] not in FAILED:
        found.append(FAILED_PROMISE)
    if late is not None and late > OVER_90 and (before is None or before <= OVER_90):
        found.append(OVER)
    if row["in_dispute"] and not row["dispute_before"]:
        found.append(DISPUTED)
    return found


def table(closing: Closing, worklist: Sequence[Row], compared: int | None) -> list[Row]:
    """Return a row for each kind of change: how many, how much, the largest by name."""
    if compared is None:
        return []
    by_kind: dict[str, list[tuple[float, Mapping[str, Any], int | None]]] = {
        kind: [] for kind in (NEW, PAID, PART, FAILED_PROMISE, OVER, DISPUTED)
    }
    for row in worklist:
        for kind in row["changes"]:
            amount = math.nan if row["open_base"] is None else row["open_base"]
            if kind == PART:
                amount *= (row["open_before"] - row["open"]) / row["open"] if row["open"] else 0.0
            by_kind[kind].append((amount, row, row["promised_for"] if kind == FAILED_PROMISE else row["due_date"]))
    rates: dict[str, float] = {}
    for gone in closing.entries.rows("tblPaid"):
        if gone["found_on"] == closing.day:
            currency = gone["currency"] or ""
            if currency not in rates:
                rate = rate_at(closing.settings, currency, closing.currency, closing.day)
                rates[currency] = math.nan if rate is None else rate
            by_kind[PAID].append(((gone["amount"] or 0.0) * rates[currency], gone, gone["settled_on"]))
    shown = []
    for kind, found in by_kind.items():
        largest = max(
            found, key=lambda one: (one[0] if one[0] == one[0] else -math.inf, one[1]["document_no"]), default=None
        )
        shown.append(
            {
                "change": kind,
                "largest": largest[1]["customer_name"] if largest else "",
                "document_no": largest[1]["document_no"] if largest else "",
                "on": largest[2] if largest else None,
                "items": len(found),
                "amount": closing.known(math.fsum(amount for amount, *_ in found)),
            }
        )
    return shown
