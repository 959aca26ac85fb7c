"""Collections: which items are worked, in which order and why, what is due on each, and what changed."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.exchange import rate_at
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.typed import CONTACTS, Customer, Worked
from xlwings_addin.month_end.work import agenda, contacts, scoring, stages
from xlwings_addin.month_end.work.contacts import TALKS, Contacts
from xlwings_addin.month_end.work.item_rows import item_keys, rows_by_key
from xlwings_addin.month_end.work.promises import BROKEN, FAILED, OPEN, PARTLY, Promise, promises
from xlwings_addin.month_end.work.scoring import OVER_90
from xlwings_addin.sheets.collections import PARTS
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.entries import Key
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.typed import Activity
    from xlwings_addin.settings import Settings

Row = dict[str, Any]

SOON = 7
"""Days ahead: what falls due in the coming week is on the list."""
NOT_YET = -(10**6)
"""Days past due of an item without a due date."""


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """What the worklist knows of a customer; money in the base currency."""

    customer: Customer
    overdue: float | None
    """None where a rate is missing."""
    oldest: int
    """Days past due of the oldest debit item, 0 where nothing is overdue."""
    parts: Mapping[str, int]
    score: float
    daily: bool
    untouched: bool
    """Overdue, and nobody has spoken or written to the customer."""

    @property
    def over_90(self) -> bool:
        """Whether something is more than 90 days past due."""
        return self.oldest > OVER_90

    @property
    def place(self) -> tuple[Any, ...]:
        """What the accounts are sorted by: no part of it falls when something owed grows older or larger."""
        # What cannot be converted may be large.
        overdue = math.inf if self.overdue is None else self.overdue
        return (not self.over_90, -self.score, -overdue, -self.oldest, self.customer.id)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """The week's work: rows of the worklist in order, accounts by number, promises judged."""

    rows: list[Row]
    accounts: dict[str, Account]
    promises: tuple[Promise, ...]
    contacts: Contacts
    compared: int | None
    """Date of the refresh that changes are told against; None for the first."""


# ---------------------------------------------------------------- the work


def work(closing: Closing) -> Work:
    """Return what there is to collect as of the day."""
    judged = promises(closing)
    lines = Contacts(closing.activities)
    listing = _Listing(closing, judged)
    accounts = _accounts(closing, judged, lines, set(listing.customers))
    making = _Rows(closing, listing, accounts, judged, lines)
    rows = [making.row(i) for i in range(listing.rows.size)]
    rows.sort(key=lambda row: (*accounts[row["customer_id"]].place, *_within(row)))
    compared = _compared(closing)
    _compare(closing, rows, compared)
    return Work(rows, accounts, judged, lines, compared)


def _within(row: Row) -> tuple[Any, ...]:
    """Order within an account: oldest first, then largest."""
    late, amount = row["days_past_due"], row["open_base"]
    return (
        -(NOT_YET if late is None else late),
        math.inf if amount is None else -amount,
        *(row[name] for name in ITEM_KEY),
    )


class _Listing:
    """Which items are on the list, as arrays of one length."""

    def __init__(self, closing: Closing, judged: Iterable[Promise]) -> None:
        items, opened = closing.ledger.items, closing.open
        due = closing.ledger.arrays.due_date[opened.rows].astype(np.int64)
        late = np.where(due == NO_DATE, NOT_YET, closing.day - due)
        typed = rows_by_key(closing.ledger, closing.worked)
        self.typed: dict[int, Worked] = {rows[0]: closing.worked[key] for key, rows in typed.items() if len(rows) == 1}
        noted = np.zeros(len(items), bool)
        noted[list(self.typed)] = True
        spoken = np.zeros(len(items), bool)
        spoken[[row for promise in judged if promise.document for row in promise.rows]] = True
        said = (items["disputed"] == "yes") | (items["dispute_code"] != "")
        disputed = said.to_numpy(bool)[opened.rows]
        debit = opened.amount > 0
        listed = (debit & ((late >= -SOON) | disputed | spoken[opened.rows])) | noted[opened.rows]
        self.rows: NDArray[np.intp] = opened.rows[listed]
        self.amount = opened.amount[listed] / closing.scale[self.rows]
        self.base = self.amount * closing.item_rate[self.rows]
        self.late = late[listed]
        self.due = due[listed]
        self.keys: list[Key] = item_keys(closing.ledger, self.rows)
        customer = ITEM_KEY.index("customer_id")
        self.customers = [key[customer] for key in self.keys]


def _accounts(closing: Closing, judged: Sequence[Promise], lines: Contacts, wanted: set[str]) -> dict[str, Account]:
    settings, aging = closing.settings, closing.aging
    place = {key: i for i, key in enumerate(aging.keys)}
    # As the sheet Aging has it: each currency's past-due buckets at its rate.
    scale = np.array([10.0**digits for digits in aging.digits])
    rates = np.array([np.nan if rate is None else rate for rate in aging.rates])
    late = aging.amounts[:, :, aging.overdue_columns].sum(axis=2)
    converted = np.where(late == 0, 0.0, late / scale[:, None] * rates[:, None])
    every = closing.ledger.arrays.segment("customer_id")
    opened = closing.open
    due = closing.ledger.arrays.due_date[opened.rows].astype(np.int64)
    oldest = np.zeros(len(every.keys), np.int64)
    debit = (opened.amount > 0) & (due != NO_DATE)
    np.maximum.at(oldest, every.codes[opened.rows][debit], closing.day - due[debit])
    delay = scoring.delays(closing.ledger, closing.day)
    code = {key: i for i, key in enumerate(every.keys)}
    names = list(every.keys)
    people = [closing.customers[name] for name in names]
    confirmations = any(one.contact_confirmed is not None for one in people)
    failed: dict[str, int] = defaultdict(int)
    for promise in judged:
        if promise.state in FAILED and promise.for_date > closing.day - scoring.LOOK_BACK:
            failed[promise.customer] += 1
    at = np.array([place.get(name, -1) for name in names], np.intp)
    overdue, converted_only = (
        np.append(amounts, 0.0)[at] for amounts in (converted.sum(axis=0), np.nansum(converted, axis=0))
    )
    parts = {
        "exposure": scoring.exposure(overdue, settings.exposure_full),
        "age": scoring.age(oldest.astype(np.float64)),
        "behaviour": scoring.behaviour(delay),
        "promises": scoring.broken(np.array([failed[name] for name in names], np.float64)),
        "contact": np.array(
            [
                scoring.contact(one, unconfirmed=confirmations and contacts.unconfirmed(settings, one, closing.day))
                for one in people
            ],
            np.float64,
        ),
        "importance": np.array([scoring.importance(one) for one in people], np.float64),
    }
    if not closing.ledger.has_history:
        parts["promises"] = np.full(len(names), np.nan)
    points = {part: scoring.whole(values) for part, values in parts.items()}
    points["exposure"] = scoring.whole(parts["exposure"], scoring.exposure(converted_only, settings.exposure_full))
    score = scoring.score(settings, points)
    largest = sorted((-value, name) for value, name in zip(overdue.tolist(), names, strict=True) if value > 0)
    daily = {name for _, name in largest[: settings.daily_touch]}
    found = {}
    for name in sorted((wanted | daily) & code.keys()):
        i = code[name]
        found[name] = Account(
            customer=people[i],
            overdue=closing.known(float(overdue[i])),
            oldest=int(oldest[i]),
            parts={part: int(values[i]) for part, values in points.items()},
            score=float(score[i]),
            daily=name in daily,
            untouched=bool(oldest[i] > 0) and name not in lines.customers,
        )
    return found


# ---------------------------------------------------------------- a row


class _Rows:
    """Makes the rows of the worklist."""

    def __init__(
        self,
        closing: Closing,
        listing: _Listing,
        accounts: Mapping[str, Account],
        judged: Iterable[Promise],
        lines: Contacts,
    ) -> None:
        self.closing, self.listing, self.accounts, self.lines = closing, listing, accounts, lines
        self.settings: Settings = closing.settings
        self.day = closing.day
        self.stages = stages.ladder(self.settings.reminder_days, self.settings.escalation_days)
        self.stage = stages.places(listing.late, self.stages).tolist()
        self.step = stages.escalation_steps(listing.late, self.settings.escalation_days).tolist()
        items = closing.ledger.items
        self.columns = {
            name: items[name].take(listing.rows).tolist() for name in ("currency", "disputed", "dispute_code")
        }
        self.labels = closing.aging.labels
        self.of_item: dict[int, Promise] = {}
        self.of_account: dict[str, Promise] = {}
        # What the ledger promised stands behind what was said since.
        for promise in sorted(judged, key=lambda one: one.made):
            if promise.document:
                self.of_item.update(dict.fromkeys(promise.rows, promise))
            else:
                self.of_account[promise.customer] = promise
        self.departments = _words(self.settings.finance_departments)
        self.confirmations = any(one.contact_confirmed is not None for one in closing.customers.values())
        self.doubts: dict[str, str] = {}
        self.stored = {
            tuple(str(row[name] or "") for name in ITEM_KEY): row for row in closing.entries.rows("tblWorklist")
        }
        self.again = closing.entries.as_of == closing.day

    def row(self, i: int) -> Row:
        listing, account = self.listing, self.accounts[self.listing.customers[i]]
        late, key = int(listing.late[i]), listing.keys[i]
        dated, overdue = late != NOT_YET, late > 0
        row: Row = dict(zip(ITEM_KEY, key, strict=True))
        lines = self.lines.lines(row["customer_id"], row["document_no"])
        worked = listing.typed.get(int(listing.rows[i]), Worked())
        promise = self._promise(i, row["customer_id"])
        disputed = worked.dispute_code or self.columns["dispute_code"][i]
        if not disputed and self.columns["disputed"][i] == "yes":
            disputed = "yes"
        revisit = (
            bool(worked.dispute_code) and worked.dispute_revisit is not None and worked.dispute_revisit <= self.day
        )
        latest = contacts.last(lines)
        days, first = contacts.first_contact(self.settings, lines, self.day - late, self.day) if overdue else (None, "")
        row |= {
            "customer_name": account.customer.name,
            "contact": contacts.address(account.customer),
            "contact_check": self._doubts(account.customer),
            "due_date": int(listing.due[i]) if dated else None,
            "days_past_due": late if dated else None,
            "open": float(listing.amount[i]),
            "open_base": self.closing.known(float(listing.base[i])),
            "currency": self.columns["currency"][i],
            "last_contact": latest.date if latest else None,
            "channel": (latest.channel or latest.kind) if latest else "",
            "promise": promise.state if promise else "",
            "promised_for": promise.for_date if promise else None,
            "in_dispute": disputed,
            "revisit": "due" if revisit else "",
            "owner": account.customer.owner,
            "owner_check": self._owner(account.customer),
            "first_contact": first,
            "days_to_contact": days,
            "reminder": self._reminder(i, lines, late),
            "escalation": f"+{self.settings.escalation_days[self.step[i] - 1]}" if self.step[i] else "",
            "daily": "daily" if account.daily else "",
            "served": "served overdue" if overdue and worked.service else "",
            "account_over_90": "yes" if account.over_90 else "no",
            "account_overdue": account.overdue,
            "account_oldest": account.oldest,
            "score": account.score,
        }
        row |= {PARTS[part][0]: points for part, points in account.parts.items()}
        settled = bool(disputed) or (promise is not None and promise.state == OPEN)
        row["hold"] = self._hold(i, worked, settled=settled)
        row["legal"] = "" if settled or late <= OVER_90 else self._legal(lines, worked, self.day - late)
        row["step"] = self._due(i, row, worked, lines, promise)
        return row | self._before(key)

    def _promise(self, i: int, customer: str) -> Promise | None:
        own, account = self.of_item.get(int(self.listing.rows[i])), self.of_account.get(customer)
        if own is None or (account is not None and account.made > own.made):
            return account
        return own

    def _doubts(self, customer: Customer) -> str:
        if customer.id not in self.doubts:
            self.doubts[customer.id] = contacts.doubts(
                self.settings, customer, self.day, confirmations=self.confirmations
            )
        return self.doubts[customer.id]

    def _owner(self, customer: Customer) -> str:
        if not customer.owner:
            return "no owner"
        department = customer.owner_department.strip().lower()
        return "outside Finance" if department and department not in self.departments else ""

    def _reminder(self, i: int, lines: Iterable[Activity], late: int) -> str:
        if self.stage[i] < 0:
            return ""
        stage = self.stages[self.stage[i]]
        sent = contacts.since(lines, self.day - late + stage.day, ("reminder",))
        return f"{stage.word}, sent" if sent else stage.word

    def _hold(self, i: int, worked: Worked, *, settled: bool) -> str:
        if worked.hold_by and worked.hold_on is not None:
            return "aligned"
        last = self.step[i] > 0 and self.step[i] == len(self.settings.escalation_days)
        return "align first" if worked.hold_by or worked.hold_on is not None or (last and not settled) else ""

    def _legal(self, lines: Sequence[Activity], worked: Worked, due: int) -> str:
        """Legal action is for what outreach has not settled: name the steps that nobody has logged yet."""
        held = worked.hold_by and worked.hold_on is not None
        taken = {
            "reminder": contacts.since(lines, due, ("reminder", "mail")),
            "call": contacts.since(lines, due, TALKS),
            **{f"+{day}": contacts.since(lines, due + day, CONTACTS) for day in self.settings.escalation_days},
            "aligned hold": bool(held) or contacts.since(lines, due, ("hold",)),
        }
        missing = [step for step, done in taken.items() if not done]
        return f"first: {', '.join(missing)}" if missing else "may be reviewed"

    def _due(self, i: int, row: Row, worked: Worked, lines: Sequence[Activity], promise: Promise | None) -> str:
        """Return the two most pressing things to do, in words."""
        state, steps = row["promise"], []
        overdue = int(self.listing.late[i]) > 0
        if state == BROKEN:
            steps.append("promise broken: call")
        elif state == PARTLY:
            steps.append("promise kept in part: call")
        if row["revisit"]:
            steps.append("look at dispute again")
        elif row["in_dispute"] and worked.dispute_revisit is None:
            steps.append("dispute: set a day to look again")
        if worked.next_action_on is not None and worked.next_action_on <= self.day:
            steps.append("your next action is due")
        if state == OPEN and promise is not None:
            steps.append(f"promised for {iso(promise.for_date)}")
        elif not row["in_dispute"]:
            stage = self.stages[self.stage[i]] if self.stage[i] >= 0 else None
            if overdue and worked.ap_confirmed is False:
                steps.append("AP has not confirmed: escalate")
            if stage is not None and stage.firm:
                day = self.settings.escalation_days[self.step[i] - 1]
                if not contacts.since(lines, self.day - int(self.listing.late[i]) + day, CONTACTS):
                    steps.append(f"escalate {row['escalation']}")
            elif stage is not None and not row["reminder"].endswith("sent"):
                steps.append(f"reminder {stage.word}")
            if row["first_contact"] == "none":
                steps.append("no contact yet: call")
            if row["contact_check"].startswith(("missing", "no phone")):
                steps.append("find the right contact")
            if row["hold"] == "align first":
                steps.append("align on a hold")
        return "; ".join(steps[:2])

    def _before(self, key: Key) -> Row:
        """What the refresh before had: of another date, so that a second run on the same day compares alike."""
        stored = self.stored.get(key)
        if stored is None:
            return {"listed_since": self.day}
        if self.again:
            names = ("listed_since", "late_before", "open_before", "promise_before", "dispute_before")
            return {name: stored[name] for name in names}
        return {
            "listed_since": stored["listed_since"],
            "late_before": stored["days_past_due"],
            "open_before": stored["open"],
            "promise_before": stored["promise"],
            "dispute_before": stored["in_dispute"],
        }


def _words(text: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in text.replace(";", ",").split(",") if part.strip())


# ---------------------------------------------------------------- what changed


def _compared(closing: Closing) -> int | None:
    """Date of the latest refresh of another date."""
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


def _compare(closing: Closing, rows: Iterable[Row], compared: int | None) -> None:
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


def _changed(closing: Closing, done: Work) -> list[Row]:
    """Return a row for each kind of change: how many, how much, the largest by name."""
    if done.compared is None:
        return []
    by_kind: dict[str, list[tuple[float, Mapping[str, Any], int | None]]] = {
        kind: [] for kind in (NEW, PAID, PART, FAILED_PROMISE, OVER, DISPUTED)
    }
    for row in done.rows:
        for kind in row["changes"]:
            amount = math.nan if row["open_base"] is None else row["open_base"]
            if kind == PART:
                amount *= (row["open_before"] - row["open"]) / row["open"] if row["open"] else 0.0
            by_kind[kind].append((amount, row, row["promised_for"] if kind == FAILED_PROMISE else row["due_date"]))
    rates: dict[str, float] = {}
    for gone in closing.entries.rows("tblPaid"):
        if gone["found_on"] == closing.day:
            currency = gone.get("currency") or ""
            if currency not in rates:
                rate = rate_at(closing.settings, currency, closing.currency, closing.day)
                rates[currency] = math.nan if rate is None else rate
            by_kind[PAID].append(((gone.get("amount") or 0.0) * rates[currency], gone, gone.get("settled_on")))
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


# ---------------------------------------------------------------- tables


def tables(closing: Closing, done: Work) -> tuple[dict[str, TableData], dict[str, Any]]:
    """Return the worklist, the call list, the changes, and the named cells of the hour."""
    internal = ("days_to_contact", "changes")
    worklist = [{key: value for key, value in row.items() if key not in internal} for row in done.rows]
    made = {
        "tblWorklist": TableData.of(worklist),
        "tblCallList": TableData.of(_calls(done)),
        "tblChanges": TableData.of(_changed(closing, done)),
    }
    return made, agenda.fields(closing, done.rows, done.compared) | _counts(done)


def _calls(done: Work) -> list[Row]:
    """The largest overdue accounts, with whom the head of finance should speak and about what."""
    by_account: dict[str, list[Row]] = defaultdict(list)
    for row in done.rows:
        by_account[row["customer_id"]].append(row)
    calls = []
    for name, account in done.accounts.items():
        if not account.daily or account.overdue is None:
            continue
        late = [row for row in by_account[name] if (row["days_past_due"] or 0) > 0]
        said = [row["last_contact"] for row in by_account[name] if row["last_contact"] is not None]
        calls.append(
            {
                "customer_id": name,
                "customer_name": account.customer.name,
                "executive": account.customer.executive or "not named: see Customers",
                "overdue": account.overdue,
                "oldest": account.oldest,
                "items": len(late),
                "last_contact": max(said, default=None),
                "why": _why(account, late),
            }
        )
    return sorted(calls, key=lambda call: (-call["overdue"], call["customer_id"]))


def _why(account: Account, late: Sequence[Row]) -> str:
    over = sum(row["days_past_due"] > OVER_90 for row in late)
    failed = sum(row["promise"] in FAILED for row in late)
    disputed = sum(bool(row["in_dispute"]) for row in late)
    said = [
        f"{over} over 90 days" if over else "",
        f"{failed} with a broken promise" if failed else "",
        f"{disputed} disputed" if disputed else "",
        "no contact logged" if account.untouched else "",
        "no executive named" if not account.customer.executive else "",
    ]
    return ", ".join(part for part in said if part) or "large balance"


def _counts(done: Work) -> dict[str, Any]:
    rows = done.rows

    def accounts(name: str, *values: str) -> int:
        return len({row["customer_id"] for row in rows if row[name] in values})

    return {
        "worklist_items": len(rows),
        "worklist_accounts": len({row["customer_id"] for row in rows}),
        "worklist_over_90": sum((row["days_past_due"] or 0) > OVER_90 for row in rows),
        "worklist_no_contact": sum(account.untouched for account in done.accounts.values()),
        "worklist_late_contact": accounts("first_contact", "late"),
        "worklist_contact_missing": accounts("contact_check", "missing"),
        "worklist_contact_old": len({row["customer_id"] for row in rows if "confirmed" in row["contact_check"]}),
        "worklist_holds": accounts("hold", "align first"),
    }
