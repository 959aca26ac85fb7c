"""Scorecards: what each owner's accounts did this month, and what was done about them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xlwings_addin.ledger.history import Measure, history
from xlwings_addin.month_end import calls
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.work.promises import KEPT, of_files
from xlwings_addin.sheets import scorecards as declared
from xlwings_addin.sheets.ratios import OPENED, opened
from xlwings_addin.sheets.scorecards import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.work.worklist import Work

T = TypeVar("T")

TEAM, NOBODY = "Team", "(no owner)"
MEASURES: tuple[Measure, ...] = (
    "opening", "credit_sales", "credit_notes", "write_offs", "receivables", "current", "overdue",
)  # fmt: skip


NONE: Mapping[str, float | None] = dict.fromkeys((*MEASURES, "exchange"))


def tables(closing: Closing, done: Work, now: Mapping[str, Any]) -> Filled:
    """Return tblScorecards, a row an owner and then the team's, and tblPromises; `now` is Monthly's as-of month."""
    owners = {name: customer.owner or NOBODY for name, customer in closing.customers.items()}
    money = _money(closing, owners)
    said = _said(closing, done, owners, closing.day - int(now["days"]) + 1)
    open_accounts: dict[str, int] = defaultdict(int)
    for name in closing.aging.keys:
        open_accounts[owners[name]] += 1
    open_accounts[TEAM] = len(closing.aging.keys)
    rows = []
    for name in [*sorted(set(owners.values()) - {NOBODY}), NOBODY, TEAM]:
        amounts = {measure: closing.known(value) for measure, value in money[name].items()} if name in money else NONE
        row = {"owner": name, "accounts": open_accounts[name]} | said[name]
        if name == TEAM or row["accounts"] or row["worked"] or row["promises"] or any(amounts.values()):
            rows.append(row | _ratios(closing, amounts, float(now["days"])))
    remembered = closing.entries.kept("tblPromises").extra
    return {
        "tblScorecards": TableData.of(rows),
        "tblPromises": TableData.of(of_files(closing, done.promises), remembered),
    }, {}


def _money(closing: Closing, owners: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Sum each figure of the month over an owner's accounts, in the base currency; NaN where not known."""
    by = history(
        closing.ledger, closing.day, by="customer_id", months=1, settings=closing.settings, force=closing.force
    )
    scale = np.array([10.0**digits for digits in by.digits])[:, None]
    names = sorted({owners[name] for name in by.segments})
    place = np.array([names.index(owners[name]) for name in by.segments], np.intp)
    found: dict[str, dict[str, float]] = {name: {} for name in (*names, TEAM)}
    at_opening, at_end = by.rates[:, :1], by.rates[:, 1:]
    shown: list[tuple[str, Measure, NDArray[np.float64]]] = [
        (measure, measure, at_opening if measure == "opening" else at_end) for measure in MEASURES
    ]
    for name, of, rate in (*shown, ("exchange", "opening", at_end - at_opening)):
        minor: NDArray[np.int64] = by[of][:, :, -1]
        known = bool(by.known[of][-1])
        base = np.where(minor == 0, 0.0, minor / scale * rate).sum(axis=0)
        sums = np.bincount(place, base, len(names))
        for owner, value in zip((*names, TEAM), (*sums.tolist(), float(base.sum())), strict=True):
            found[owner][name] = value if known else np.nan
    return found


def _ratios(closing: Closing, amounts: Mapping[str, float | None], days: float) -> dict[str, Any]:
    sales, notes = amounts["credit_sales"], amounts["credit_notes"]
    net = None if sales is None or notes is None else round(sales - notes, closing.digits)
    row: dict[str, Any] = {
        name: amounts[name] for name in ("receivables", "current", "overdue", "opening", "exchange", "write_offs")
    }
    row["net_sales"] = net
    table = next(declared.sheet().tables())
    given = {"kpi_days": days, OPENED: opened(row["opening"], row["exchange"])}
    return row | calls.row_of(table, row, given)


def _said(closing: Closing, done: Work, owners: Mapping[str, str], since: int) -> dict[str, dict[str, Any]]:
    """What was promised and done about each owner's accounts from the first day of the month, and in sum."""
    grace = closing.settings.promise_grace
    due: dict[str, list[bool]] = defaultdict(list)
    for promise in done.promises:
        if promise.is_judged and since <= promise.for_date + grace <= closing.day:
            due[owners.get(promise.customer, NOBODY)].append(promise.state == KEPT)
    worked: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in closing.activities:
        if line.date is not None and since <= line.date <= closing.day and (line.customer or line.document):
            worked[owners.get(line.customer, NOBODY)].add((line.customer, line.document))
    first: dict[str, list[int]] = defaultdict(list)
    for row in done.rows:
        if row["days_to_contact"] is not None:
            first[owners[row["customer_id"]]].append(row["days_to_contact"])
    overdue: dict[str, list[bool]] = defaultdict(list)
    for name, account in done.accounts.items():
        if account.oldest > 0:
            overdue[owners[name]].append(account.untouched)
    judged = closing.ledger.has_history
    found = {}
    for name in {*owners.values(), NOBODY, TEAM}:
        promised, lines = _own(due, name), _own(worked, name)
        days, accounts = _own(first, name), _own(overdue, name)
        found[name] = {
            "promises": len(promised) if judged else None,
            "kept": sum(promised) if judged else None,
            "kept_share": sum(promised) / len(promised) if promised else None,
            "worked": len(lines),
            "first_contact": sum(days) / len(days) if days else None,
            "overdue_accounts": len(accounts),
            "untouched": sum(accounts),
        }
    return found


def _own(by_owner: Mapping[str, Iterable[T]], name: str) -> list[T]:
    """What belongs to an owner; all of it to the team."""
    return [one for each in by_owner.values() for one in each] if name == TEAM else list(by_owner.get(name, ()))
