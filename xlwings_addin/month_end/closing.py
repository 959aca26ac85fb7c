"""What every sheet of a month end is made from: the ledger as of the day, and one way to convert money."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.age_analysis import Aging, age
from xlwings_addin.ledger.findings import each_once
from xlwings_addin.ledger.history import History, history
from xlwings_addin.ledger.money import minor_digits, rounded
from xlwings_addin.ledger.netting import Proposal, ToPay, accounts, proposals, to_pay
from xlwings_addin.ledger.position import OpenItems, open_at
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import people
from xlwings_addin.month_end.typed import Activity, Customer, Worked
from xlwings_addin.sheets.ledger import ROWS_PER_SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xlwings_addin.entries import Entries, Key
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.ledger.values import Minor
    from xlwings_addin.settings import Settings

Amount = float | None
"""Money in major units; None where it is not known, which a cell shows as a blank, never as zero."""

BEYOND_CENTS = 6
"""Decimals after the minor unit's that a part of a sum keeps."""


@dataclass(frozen=True, eq=False)
class Closing:
    """A ledger on its as-of day, under its settings, with entries that are settled (`month_end.settled`).

    Nothing of it changes: whatever is asked of it first, the answers are the same.
    """

    ledger: Ledger
    settings: Settings
    """Those given, with the currency the ledger turned out to be in."""
    day: int
    entries: Entries
    open: OpenItems
    aging: Aging
    history: History
    force: bool
    rows_per_sheet: int

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        settings: Settings,
        day: int,
        entries: Entries,
        *,
        force: bool = False,
        rows_per_sheet: int = ROWS_PER_SHEET,
    ) -> Closing:
        """Close a ledger. Raises `LedgerError` where it cannot answer for the day."""
        opened = open_at(ledger, day, basis=settings.aging_basis, force=force)
        aging = age(ledger, day, settings, force=force)
        return cls(
            ledger=ledger,
            settings=replace(settings, base_currency=aging.base_currency),
            day=day,
            entries=entries,
            open=opened,
            aging=aging,
            history=history(ledger, day, settings=settings, force=force),
            force=force,
            rows_per_sheet=rows_per_sheet,
        )

    @property
    def currency(self) -> str:
        """The base currency."""
        return self.aging.base_currency

    @property
    def digits(self) -> int:
        """Decimals of the base currency."""
        return minor_digits(self.currency)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the reader, the aging and the history have to say, each thing once."""
        return each_once(self.aging.said, self.open.findings, self.history.findings)

    @cached_property
    def left(self) -> Minor:
        """What of each open item is owed after the treatment of credits (Settings), in minor units; 0 if covered."""
        left: Minor = self.aging.left[self.open.rows]
        return left

    @cached_property
    def overdue(self) -> Minor:
        """What of each open item is overdue after the treatment of credits, in minor units of its currency.

        The one answer to what is overdue: together it is the month's overdue. Negative where a credit ages by its
        own date.
        """
        overdue: Minor = self.aging.overdue[self.open.rows]
        return overdue

    @cached_property
    def proposals(self) -> Sequence[Proposal]:
        """What each open credit should pay, by places among the open items; none in balances without documents."""
        rows = self.open.rows
        due = self.ledger.arrays.due_date[rows]
        return [] if self.ledger.balances else proposals(accounts(self.ledger)[rows], due, self.open.amount)

    @cached_property
    def to_pay(self) -> ToPay:
        """What credits leave of each open debit item, in minor units, 0 of credits: what is asked for."""
        rows = self.open.rows
        due = self.ledger.arrays.due_date[rows]
        return to_pay(self.proposals, accounts(self.ledger)[rows], due, self.open.amount, self.days_past_due > 0)

    def in_base(self, minor: Minor) -> NDArray[np.float64]:
        """Convert amounts of the open items into the base currency, in major units; NaN without a rate."""
        rows = self.open.rows
        converted: NDArray[np.float64] = minor / self.scale[rows] * self.item_rate[rows]
        return converted

    @cached_property
    def listed(self) -> NDArray[np.intp] | None:
        """Rows of the items that the Ledger sheet shows where it cannot show all: overdue, open, then the latest."""
        items = len(self.ledger.items)
        if items <= self.rows_per_sheet:
            return None
        rank = np.full(items, 2, np.int8)
        rank[self.open.rows] = np.where(self.open.days_past_due > 0, 0, 1)
        order = np.lexsort((-self.ledger.items["document_date"].to_numpy(np.int64), rank))
        return np.sort(order[: self.rows_per_sheet])

    @cached_property
    def customers_loaded(self) -> dict[str, dict[str, Any]]:
        """What the files say of each customer, by number."""
        return people.loaded(self.ledger, self.entries)

    @cached_property
    def customers(self) -> dict[str, Customer]:
        """What is known of each customer, by number: the clerk's entries win."""
        return people.known(self.customers_loaded, self.entries)

    @cached_property
    def activities(self) -> tuple[Activity, ...]:
        """The lines of Activity, as they stand."""
        return tuple(Activity.of(i, row) for i, row in enumerate(self.entries.rows("tblActivity")))

    @cached_property
    def worked(self) -> dict[Key, Worked]:
        """What was typed beside the items of the worklist, by their keys (`sheets.ledger.ITEM_KEY`)."""
        return {key: Worked.of(cells) for key, cells in self.entries.typed("tblWorklist").rows.items()}

    def known(self, amount: float) -> Amount:
        """Round a converted sum once, to the base currency's minor unit; what is not known stays blank."""
        return None if math.isnan(amount) else rounded(amount, self.digits)

    def part(self, amount: float) -> Amount:
        """Give a part of a sum as it is, so that the parts add up to what is rounded once: the sum."""
        return None if math.isnan(amount) else round(amount, self.digits + BEYOND_CENTS) + 0.0

    @cached_property
    def days_past_due(self) -> NDArray[np.float64]:
        """Days from the due date of each open item, whatever it is aged from: negative before it, NaN without one."""
        due = self.ledger.arrays.due_date[self.open.rows].astype(np.float64)
        return np.where(due == NO_DATE, np.nan, self.day - due)

    @cached_property
    def scale(self) -> NDArray[np.float64]:
        """Minor units in a major one, item by item."""
        return self._by_currency([10.0**digits for digits in self.aging.digits])

    @cached_property
    def item_rate(self) -> NDArray[np.float64]:
        """Rate into the base currency, item by item; NaN without one."""
        return self._by_currency([np.nan if rate is None else rate for rate in self.aging.rates])

    def _by_currency(self, values: Sequence[float]) -> NDArray[np.float64]:
        known: dict[Any, float] = dict(zip(self.aging.currencies, values, strict=True))
        return self.ledger.items["currency"].map(known).to_numpy(np.float64)
