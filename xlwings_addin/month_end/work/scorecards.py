"""Scorecards: what each owner's accounts did this month, and what was done about them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xlwings_addin.month_end import calls
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.parts import given, parts
from xlwings_addin.month_end.work.promises import KEPT, of_files
from xlwings_addin.sheets import scorecards as declared
from xlwings_addin.sheets.scorecards import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlwings_addin.month_end.closing import Amount, Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.work.contacts import FirstContact
    from xlwings_addin.month_end.work.worklist import Work

T = TypeVar("T")

TEAM, NOBODY = "Team", "(no owner)"
FIGURES = (
    "receivables", "current", "overdue", "opening", "exchange", "net_sales", "window_sales", "write_offs",
)  # fmt: skip
NONE: Mapping[str, Amount] = dict.fromkeys(FIGURES)


def tables(closing: Closing, done: Work, now: Mapping[str, Any]) -> Filled:
    """Return tblScorecards, a row an owner, then the team's: Monthly's as-of month, `now`; and tblPromises."""
    owners = {name: customer.owner or NOBODY for name, customer in closing.customers.items()}
    money = _money(closing, owners)
    month = {name: now[name] for name in FIGURES}
    typed = now["typed_write_offs"]
    month["write_offs"] = now["write_offs"] if typed is None else typed
    said = _said(closing, done, owners, closing.day - int(now["days"]) + 1)
    open_accounts: dict[str, int] = defaultdict(int)
    for name in closing.aging.keys:
        open_accounts[owners[name]] += 1
    open_accounts[TEAM] = len(closing.aging.keys)
    table = next(declared.sheet().tables())
    rows = []
    for name in [*sorted(set(owners.values()) - {NOBODY}), NOBODY, TEAM]:
        amounts = month if name == TEAM else money.get(name, NONE)
        row = {"owner": name, "accounts": open_accounts[name]} | said[name]
        if name == TEAM or row["accounts"] or row["worked"] or row["promises"] or any(amounts.values()):
            row |= amounts
            rows.append(row | calls.row_of(table, row, given(row, now)))
    remembered = closing.entries.kept("tblPromises").extra
    return {
        "tblScorecards": TableData.of(rows),
        "tblPromises": TableData.of(of_files(closing, done.promises), remembered),
    }, {}


def _money(closing: Closing, owners: Mapping[str, str]) -> dict[str, dict[str, Amount]]:
    """Sum each figure of the month over an owner's accounts, in the base currency."""
    accounts, amounts = parts(closing, "customer_id")
    names = sorted({owners[name] for name in accounts})
    place = np.array([names.index(owners[name]) for name in accounts], np.intp)
    sums = {key: np.bincount(place, values, len(names)).tolist() for key, values in amounts.items()}
    return {name: {key: closing.part(of[at]) for key, of in sums.items()} for at, name in enumerate(names)}


def _said(closing: Closing, done: Work, owners: Mapping[str, str], since: int) -> dict[str, dict[str, Any]]:
    """What was promised and done about each owner's accounts from the first day of the month, and in sum."""
    grace = closing.settings.promise_grace
    due: dict[str, list[bool]] = defaultdict(list)
    for promise in done.promises:
        # Over is a promise on the day after its grace: one that ends with the month is the next month's, not nobody's.
        if promise.is_judged and since <= promise.for_date + grace + 1 <= closing.day:
            due[owners.get(promise.customer, NOBODY)].append(promise.state == KEPT)
    worked: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in closing.activities:
        if line.date is not None and since <= line.date <= closing.day and (line.customer or line.document):
            worked[owners.get(line.customer, NOBODY)].add((line.customer, line.document))
    overdue: dict[str, list[FirstContact]] = defaultdict(list)
    for name, first in done.first.items():
        overdue[owners[name]].append(first)
    judged = closing.ledger.has_history
    found = {}
    for name in {*owners.values(), NOBODY, TEAM}:
        promised, lines = _own(due, name), _own(worked, name)
        accounts = _own(overdue, name)
        found[name] = {
            "promises": len(promised) if judged else None,
            "kept": sum(promised) if judged else None,
            "kept_share": sum(promised) / len(promised) if promised else None,
            "worked": len(lines),
            "first_contact": sum(one.waited for one in accounts) / len(accounts) if accounts else None,
            "overdue_accounts": len(accounts),
            "untouched": sum(one.after is None for one in accounts),
        }
    return found


def _own(by_owner: Mapping[str, Iterable[T]], name: str) -> list[T]:
    """What belongs to an owner; all of it to the team."""
    return [one for each in by_owner.values() for one in each] if name == TEAM else list(by_owner.get(name, ()))
