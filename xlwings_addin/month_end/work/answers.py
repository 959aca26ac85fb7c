"""What was said and agreed about open items before: disputes, payment plans, promises, reminders.

Worklist and reminders ask the same: an item that the customer has given an answer to is not written about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.money import in_currency
from xlwings_addin.month_end import typed
from xlwings_addin.sheets.collections import DISPUTE_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.month_end.typed import Activity, Worked
    from xlwings_addin.month_end.work.owed import Item
    from xlwings_addin.month_end.work.stages import Stage
    from xlwings_addin.settings import Settings

REMINDER: Final = "reminder"
_STAGE = re.compile(r"\bstage\s+(?:due(?P<before>-\d+)?|\+(?P<after>\d+))", re.IGNORECASE)
_ENDED = re.compile(r"\s*(settled|resolved|closed|withdrawn|ended|broken|cancelled)\b", re.IGNORECASE)
"""How a line of Activity starts that ends a dispute or a payment plan: lines are added, never changed."""


class Answers:
    """The lines of Activity and what was typed beside items, found again for an item on a day."""

    def __init__(
        self,
        activities: Iterable[Activity],
        worked: Mapping[tuple[str, ...], Worked],
        settings: Settings,
        day: int,
    ) -> None:
        self.settings, self.day, self.worked = settings, day, worked
        self._lines: dict[tuple[str, str], list[Activity]] = defaultdict(list)
        self._reminders: dict[str, int] = {}
        for line in sorted(activities, key=lambda one: (one.date or 0, one.row)):
            self._lines[line.customer, line.document].append(line)
            if line.kind == REMINDER and line.date is not None and line.date <= day:
                self._reminders[line.customer] = line.date

    def about(self, item: Item) -> list[Activity]:
        """Return the lines about an item or its whole account, oldest first.

        Document numbers come back in another year: what was said before the document was, was of another.
        """
        own, account = self._lines.get((item.customer, item.document), []), self._lines.get((item.customer, ""), [])
        if not own and not account:
            return []
        return [
            line
            for line in (*own, *account)
            if line.date is None or item.document_date is None or line.date >= item.document_date
        ]

    def given(self, item: Item) -> str:
        """Return the answer that the customer has given about an item, in words; "" where there is none."""
        about = self.about(item)
        worked = self.worked.get(item.key, typed.Worked())
        return self._disputed(item, worked, about) or self._on_plan(about) or self._promised(item, worked, about)

    def reminded(self, item: Item, stage: Stage) -> str:
        """Whether a stage was reached by an earlier reminder: the one it names, else the one of its day."""
        first = min(self.settings.reminder_days)
        for line in (line for line in reversed(self.about(item)) if line.kind == REMINDER):
            named = _STAGE.search(line.outcome) if line.document else None
            if line.date is None and not named:
                continue
            age = None if line.date is None or item.due is None else line.date - item.due
            if age is not None and age < first:
                continue  # of an instalment before this one
            at = int(named["before"] or named["after"] or 0) if named else age
            if at is not None and at >= stage.day:
                return f"reminded at stage {stage.word}" + (f" on {shown(line.date)}" if line.date else "")
        return ""

    def quiet_until(self, customer: str) -> int | None:
        """Return the day from which an account may be written to again; None where that has come."""
        last = self._reminders.get(customer)
        again = None if last is None else last + self.settings.letter_gap
        return again if again is not None and again > self.day else None

    def has(self, item: Item, *kinds: str) -> bool:
        """Whether one of these kinds of lines was written since an item fell due."""
        return any(
            line.kind in kinds and line.date is not None and item.due is not None and line.date >= item.due
            for line in self.about(item)
        )

    def _disputed(self, item: Item, worked: Worked, about: Sequence[Activity]) -> str:
        code = worked.dispute_code or item.dispute_code
        again = worked.dispute_revisit
        if not code and not item.disputed:
            line = _latest(about, "dispute")
            # A line that gives nothing but the code was copied from the worklist, which no longer says so.
            if line is None or (line.outcome in DISPUTE_CODES if line.for_date is None else line.for_date < self.day):
                return ""
            code, again = line.outcome, line.for_date
        return "disputed" + (f": {code}" if code else "") + (f", look again on {shown(again)}" if again else "")

    def _on_plan(self, about: Sequence[Activity]) -> str:
        line = _latest(about, "payment plan")
        if line is None or (line.for_date is not None and not self._ahead(line.for_date)):
            return ""
        return "on a payment plan" + (f" until {shown(line.for_date)}" if line.for_date else "")

    def _promised(self, item: Item, worked: Worked, about: Sequence[Activity]) -> str:
        promises = [(worked.promise_date, worked.promise_amount), (item.promise_date, None)]
        promises += [(line.for_date, line.amount) for line in about if line.kind == "promise"]
        ahead = [(day, amount) for day, amount in promises if day is not None and self._ahead(day)]
        if not ahead:
            return ""
        day, amount = max(ahead, key=lambda promise: promise[0])
        return f"promised for {shown(day)}" + (f": {in_currency(amount, item.currency)}" if amount else "")

    def _ahead(self, day: int) -> bool:
        return day + self.settings.promise_grace >= self.day


def _latest(about: Sequence[Activity], kind: str) -> Activity | None:
    """Return the last line of a kind, unless it says that the matter has ended."""
    lines = [line for line in about if line.kind == kind]
    last = max(lines, key=lambda line: (line.date or 0, line.row), default=None)
    return None if last is None or _ENDED.match(last.outcome) else last


def shown(day: int | None) -> str:
    """Return a day as letters and reasons have it; "" for none.

    >>> shown(20543)
    '31 Mar 2026'
    """
    return "" if day is None else f"{date.fromisoformat(iso(day)):%d %b %Y}"
