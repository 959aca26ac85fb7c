"""What matters on Collections, in words: the sentence at its top, what changed and what is to be settled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xlwings_addin.month_end.work.changes import FAILED_PROMISE, NEW, OVER, PAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.month_end.work.accounts import Account

FIRST = 20
"""Accounts at the top of the list whose share is named."""

_SAID = (
    (FAILED_PROMISE, "promises broken"),
    (OVER, "items now over 90 days"),
    (NEW, "new on the list"),
    (PAID, "paid or gone"),
)


def verdict(ranked: Sequence[Account]) -> str:
    """Return how much how many accounts owe, and how much of it the first ones hold."""
    if any(account.overdue is None for account in ranked):
        on_list = _count(len(ranked), "account", " on the list")
        return f"{on_list}; give the missing exchange rates in Settings to see what they owe."
    owed = [account.overdue for account in ranked if account.overdue]
    total = math.fsum(owed)
    if not owed or not total > 0:
        return "No account owes anything overdue, net of credits."
    said = f"{_count(len(owed), 'account')} {'owes' if len(owed) == 1 else 'owe'} {total:,.0f} overdue, net of credits"
    if len(owed) <= FIRST:
        return f"{said}: call down the list."
    share = math.fsum(account.overdue or 0.0 for account in ranked[:FIRST]) / total
    return f"{said}; the first {FIRST} hold {share * 100:.1f} %: call down the list."


def changed(rows: Iterable[Mapping[str, Any]], since: str) -> str:
    """Return what changed since the refresh before, in one line."""
    by_kind = {row["change"]: row for row in rows}
    said = [f"{by_kind[kind]['items']:,} {text}{_amount(by_kind[kind])}" for kind, text in _SAID if kind in by_kind]
    return f"Since {since}: {'; '.join(said)}." if said else f"{since[:1].upper()}{since[1:]}."


def _amount(row: Mapping[str, Any]) -> str:
    return f" ({row['amount']:,.0f})" if row["items"] and row["amount"] is not None else ""


def to_settle(counts: Mapping[str, Any]) -> str:
    """Return what waits for somebody, in one line."""
    said = (
        _count(counts["worklist_no_contact"], "account", " nobody has contacted"),
        _count(counts["worklist_over_90"], "item", " over 90 days"),
        _count(counts["worklist_contact_old"], "account", " with contacts to confirm"),
        _count(counts["worklist_contact_missing"], "account", " without phone and e-mail"),
        _count(counts["worklist_holds"], "account", " where a hold needs alignment"),
    )
    return "; ".join(filter(None, said)) or "Nothing."


def next_hour(at: str) -> str:
    """Return what the link to the sheet Hour reads."""
    return f"{at}: agenda, calls and changes are on Hour" if at else "Hour"


def _count(number: int, what: str, more: str = "") -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}{more}" if number else ""
