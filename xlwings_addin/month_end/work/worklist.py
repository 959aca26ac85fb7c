"""Collections: which items are worked, in which order and why, what is due on each, and what changed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
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
from xlwings_addin.month_end.work.item_rows import DOCUMENT, item_keys, rows_by_key
from xlwings_addin.month_end.work.promises import BROKEN, FAILED, OPEN, PARTLY, Promise, promises
from xlwings_addin.month_end.work.scoring import OVER_90
from xlwings_addin.sheets.collections import PARTS
from xlwings_addin.sheets.collections import sheet as sheet
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.entries import Key
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.typed import Activity
    from xlwings_addin.month_end.work.scoring import Floats
    from xlwings_addin.month_end.work.stages import Stage
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
        late = _late(closing)
        typed = rows_by_key(closing.ledger, closing.worked)
        self.typed: dict[int, Worked] = {rows[0]: closing.worked[key] for key, rows in typed.items() if len(rows) == 1}
        noted = np.zeros(len(items), bool)
        noted[list(self.typed)] = True
        spoken = np.zeros(len(items), bool)
        spoken[[row for promise in judged if promise.document for row in promise.rows]] = True
        said = (items["disputed"] == "yes") | (items["dispute_code"] != "")
        disputed = said.to_numpy(bool)[opened.rows]
        debit = opened.amount > 0
        due = debit & ((late >= -SOON) | disputed | spoken[opened.rows])
        listed = (due if closing.ledger.balances is None else self._of_debtors(closing)) | noted[opened.rows]
        self.rows: NDArray[np.intp] = opened.rows[listed]
        self.amount = opened.amount[listed] / closing.scale[self.rows]
        self.base = self.amount * closing.item_rate[self.rows]
        self.late = late[listed]
        self.keys: list[Key] = item_keys(closing.ledger, self.rows)
        customer = ITEM_KEY.index("customer_id")
        self.customers = [key[customer] for key in self.keys]

    @staticmethod
    def _of_debtors(closing: Closing) -> NDArray[np.bool_]:
        """Every part of the balance of a customer who owes: credits stand among them."""
        customers = closing.ledger.arrays.segment(closing.aging.by).codes[closing.open.rows]
        owed = np.zeros(int(customers.max(initial=0)) + 1)
        rows = closing.open.rows
        np.add.at(owed, customers, closing.open.amount / closing.scale[rows] * closing.item_rate[rows])
        return np.asarray(owed[customers] > 0, bool)


@dataclass(frozen=True, slots=True, eq=False)
class _Overdue:
    """What every customer of the ledger owes past due, as arrays in the order of `Arrays.segment`."""

    amount: Floats
    """In the base currency; NaN where a rate is missing."""
    converted: Floats
    """The same without the currencies that have no rate."""
    oldest: NDArray[np.int64]
    """Days past due of the oldest debit item, 0 where none is."""

    @classmethod
    def of(cls, closing: Closing) -> _Overdue:
        aging, customers = closing.aging, closing.ledger.arrays.segment("customer_id")
        # As the sheet Aging has it: each currency's past-due buckets at its rate.
        scale = np.array([10.0**digits for digits in aging.digits])
        rates = np.array([np.nan if rate is None else rate for rate in aging.rates])
        late = aging.amounts[:, :, aging.overdue_columns].sum(axis=2)
        base = np.where(late == 0, 0.0, late / scale[:, None] * rates[:, None])
        place = {key: i for i, key in enumerate(aging.keys)}
        at = np.array([place.get(name, -1) for name in customers.keys], np.intp)
        oldest = np.zeros(at.size, np.int64)
        debit = closing.open.amount > 0
        np.maximum.at(oldest, customers.codes[closing.open.rows][debit], _late(closing)[debit])
        return cls(np.append(base.sum(axis=0), 0.0)[at], np.append(np.nansum(base, axis=0), 0.0)[at], oldest)


def _late(closing: Closing) -> NDArray[np.int64]:
    """Return the days past due of the open items, whatever they are aged by; `NOT_YET` without a due date."""
    due = closing.ledger.arrays.due_date[closing.open.rows].astype(np.int64)
    return np.where(due == NO_DATE, NOT_YET, closing.day - due)


def _points(
    closing: Closing, people: Sequence[Customer], overdue: _Overdue, judged: Iterable[Promise]
) -> dict[str, NDArray[np.int64]]:
    """Return the points that each customer has in each part of the score."""
    settings, day, full = closing.settings, closing.day, closing.settings.exposure_full
    since = day - scoring.LOOK_BACK
    failed = Counter(one.customer for one in judged if one.state in FAILED and one.for_date > since)
    confirmations = any(one.contact_confirmed is not None for one in people)
    contact = [
        scoring.contact(one, unconfirmed=confirmations and contacts.unconfirmed(settings, one, day)) for one in people
    ]
    return {
        "exposure": scoring.whole(scoring.exposure(overdue.amount, full), scoring.exposure(overdue.converted, full)),
        "age": scoring.whole(scoring.age(overdue.oldest.astype(np.float64))),
        "behaviour": scoring.whole(scoring.behaviour(scoring.delays(closing.ledger, day))),
        "promises": scoring.whole(scoring.broken(np.array([failed[one.id] for one in people], np.float64))),
        "contact": scoring.whole(np.array(contact, np.float64)),
        "importance": scoring.whole(np.array([scoring.importance(one) for one in people], np.float64)),
    }


def _accounts(
    closing: Closing, judged: Iterable[Promise], lines: Contacts, listed: Collection[str]
) -> dict[str, Account]:
    """Return the accounts that have an item on the list or are among the largest, by number."""
    overdue = _Overdue.of(closing)
    people = [closing.customers[name] for name in closing.ledger.arrays.segment("customer_id").keys]
    points = _points(closing, people, overdue, judged)
    score = scoring.score(closing.settings, points)
    owing = np.flatnonzero(overdue.amount > 0)
    by_size = owing[np.argsort(-overdue.amount[owing], kind="stable")]
    largest = set(by_size[: closing.settings.daily_touch].tolist())
    return {
        one.id: Account(
            customer=one,
            overdue=closing.known(float(overdue.amount[i])),
            oldest=int(overdue.oldest[i]),
            parts={part: int(values[i]) for part, values in points.items()},
            score=float(score[i]),
            daily=i in largest,
            untouched=bool(overdue.oldest[i] > 0) and one.id not in lines.customers,
        )
        for i, one in enumerate(people)
        if i in largest or one.id in listed
    }


# ---------------------------------------------------------------- a row


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """An item of the list with what was typed beside it, logged about it and promised."""

    key: Key
    due: int
    """Far ahead without a due date: `late` is `NOT_YET`."""
    late: int
    """Days past due."""
    stage: Stage | None
    step: int
    """Steps of escalation reached; 0 is none."""
    worked: Worked
    lines: Sequence[Activity]
    promise: Promise | None
    dispute: str
    """The code; "yes" where there is none, "" where nothing is disputed."""

    @property
    def held(self) -> bool:
        """Whether a hold is aligned: somebody agreed, on a day."""
        return bool(self.worked.hold_by) and self.worked.hold_on is not None

    @property
    def settled(self) -> bool:
        """Whether the customer has given an answer that the next step waits for: a dispute or a promise."""
        return bool(self.dispute) or (self.promise is not None and self.promise.state == OPEN)


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
        self.closing, self.listing, self.lines = closing, listing, lines
        self.accounts = _account_cells(closing, accounts)
        self.settings: Settings = closing.settings
        self.day = closing.day
        self.dated = closing.ledger.balances is None
        self.stages = stages.ladder(self.settings.reminder_days, self.settings.escalation_days)
        self.stage = stages.places(listing.late, self.stages).tolist()
        self.step = stages.escalation_steps(listing.late, self.settings.escalation_days).tolist()
        items = closing.ledger.items
        self.columns = {
            name: items[name].take(listing.rows).tolist() for name in ("currency", "disputed", "dispute_code")
        }
        self.of_item: dict[int, Promise] = {}
        self.of_account: dict[str, Promise] = {}
        # What the files promise stands behind what was said.
        for promise in sorted(judged, key=lambda one: (not one.of_files, one.made)):
            if promise.document:
                self.of_item.update(dict.fromkeys(promise.rows, promise))
            else:
                self.of_account[promise.customer] = promise
        self.stored = {
            tuple(str(row[name] or "") for name in ITEM_KEY): row for row in closing.entries.rows("tblWorklist")
        }
        self.again = closing.entries.as_of == closing.day

    def row(self, i: int) -> Row:
        """Return the cells of an item, but for those typed."""
        item, listing = self._item(i), self.listing
        dated = item.late != NOT_YET
        row: Row = {
            **dict(zip(ITEM_KEY, item.key, strict=True)),
            **self.accounts[listing.customers[i]],
            "due_date": item.due if dated and self.dated else None,
            "days_past_due": item.late if dated else None,
            "open": float(listing.amount[i]),
            "open_base": self.closing.known(float(listing.base[i])),
            "currency": self.columns["currency"][i],
            **self._said(item),
            **self._reached(item),
            **self._before(item.key),
        }
        return row | {"step": self._due(item, row)}

    def _item(self, i: int) -> _Item:
        listing, late = self.listing, int(self.listing.late[i])
        worked = listing.typed.get(int(listing.rows[i]), Worked())
        disputed = "yes" if self.columns["disputed"][i] == "yes" else ""
        return _Item(
            key=listing.keys[i],
            due=self.day - late,
            late=late,
            stage=self.stages[self.stage[i]] if self.stage[i] >= 0 and self.dated else None,
            step=self.step[i] if self.dated else 0,
            worked=worked,
            lines=self.lines.lines(listing.customers[i], listing.keys[i][DOCUMENT]),
            promise=self._promise(i),
            dispute=worked.dispute_code or self.columns["dispute_code"][i] or disputed,
        )

    def _promise(self, i: int) -> Promise | None:
        own = self.of_item.get(int(self.listing.rows[i]))
        account = self.of_account.get(self.listing.customers[i])
        if own is None or (account is not None and account.made > own.made):
            return account
        return own

    def _said(self, item: _Item) -> Row:
        """What the customer was told and answered: contacts, promise, dispute."""
        latest, promise, worked = contacts.last(item.lines), item.promise, item.worked
        days, first = (
            contacts.first_contact(self.settings, item.lines, item.due, self.day) if item.late > 0 else (None, "")
        )
        return {
            "last_contact": latest.date if latest else None,
            "channel": (latest.channel or latest.kind) if latest else "",
            "first_contact": first,
            "days_to_contact": days if self.dated else None,
            "promise": promise.state if promise else "",
            "promised_for": promise.for_date if promise else None,
            "in_dispute": item.dispute,
            "revisit": "due" if worked.dispute_code and self._has_come(worked.dispute_revisit) else "",
        }

    def _has_come(self, day: int | None) -> bool:
        return day is not None and day <= self.day

    def _reached(self, item: _Item) -> Row:
        """How far reminding, escalation and what may follow them have come."""
        return {
            "reminder": self._reminder(item),
            "escalation": f"+{self.settings.escalation_days[item.step - 1]}" if item.step else "",
            "served": "served overdue" if item.late > 0 and item.worked.service else "",
            "hold": self._hold(item),
            "legal": "" if item.settled or item.late <= OVER_90 or not self.dated else self._legal(item),
        }

    def _reminder(self, item: _Item) -> str:
        if item.stage is None:
            return ""
        sent = contacts.since(item.lines, item.due + item.stage.day, ("reminder",))
        return f"{item.stage.word}, sent" if sent else item.stage.word

    def _hold(self, item: _Item) -> str:
        if item.held:
            return "aligned"
        begun = item.worked.hold_by or item.worked.hold_on is not None
        last = item.step > 0 and item.step == len(self.settings.escalation_days)
        return "align first" if begun or (last and not item.settled) else ""

    def _legal(self, item: _Item) -> str:
        """Legal action is for what outreach has not settled: name the steps that nobody has logged yet."""
        lines, due = item.lines, item.due
        taken = {
            "reminder": contacts.since(lines, due, ("reminder", "mail")),
            "call": contacts.since(lines, due, TALKS),
            **{f"+{day}": contacts.since(lines, due + day, CONTACTS) for day in self.settings.escalation_days},
            "aligned hold": item.held or contacts.since(lines, due, ("hold",)),
        }
        missing = [step for step, done in taken.items() if not done]
        return f"first: {', '.join(missing)}" if missing else "may be reviewed"

    def _due(self, item: _Item, row: Row) -> str:
        """Return the two most pressing things to do, in words."""
        promised = [f"promised for {iso(item.promise.for_date)}"] if item.promise and row["promise"] == OPEN else []
        steps = {
            "promise broken: call": row["promise"] == BROKEN,
            "promise kept in part: call": row["promise"] == PARTLY,
            "look at dispute again": row["revisit"],
            "dispute: set a day to look again": item.dispute and item.worked.dispute_revisit is None,
            "your next action is due": self._has_come(item.worked.next_action_on),
        }
        found = [step for step, due in steps.items() if due]
        return "; ".join([*found, *(promised if item.settled else self._outreach(item, row))][:2])

    def _outreach(self, item: _Item, row: Row) -> list[str]:
        """Return what to do about an item that the customer has given no answer to."""
        steps = {
            "AP has not confirmed: escalate": item.late > 0 and item.worked.ap_confirmed is False,
            f"escalate {row['escalation']}": item.step and not self._escalated(item),
            f"reminder {row['reminder']}": row["reminder"] and not item.step and not row["reminder"].endswith("sent"),
            "no contact yet: call": row["first_contact"] == "none",
            "find the right contact": row["contact_check"].startswith(("missing", "no phone")),
            "align on a hold": row["hold"] == "align first",
        }
        return [step for step, due in steps.items() if due]

    def _escalated(self, item: _Item) -> bool:
        """Whether anybody got in touch since the latest step was reached."""
        return contacts.since(item.lines, item.due + self.settings.escalation_days[item.step - 1], CONTACTS)

    def _before(self, key: Key) -> Row:
        """What the refresh before had: of another date, so that a second run on the same day compares alike."""
        stored = self.stored.get(key)
        if self.again and stored is not None:
            names = ("listed_since", "late_before", "open_before", "promise_before", "dispute_before")
            return {name: stored[name] for name in names}
        return {
            "listed_since": stored["listed_since"] if stored else self.day,
            "late_before": stored["days_past_due"] if stored else None,
            "open_before": stored["open"] if stored else None,
            "promise_before": stored["promise"] if stored else None,
            "dispute_before": stored["in_dispute"] if stored else None,
        }


def _account_cells(closing: Closing, accounts: Mapping[str, Account]) -> dict[str, Row]:
    """Return what all rows of an account show alike, by its number."""
    settings = closing.settings
    departments = _words(settings.finance_departments)
    confirmations = any(one.contact_confirmed is not None for one in closing.customers.values())
    return {
        name: {
            "customer_name": account.customer.name,
            "contact": contacts.address(account.customer),
            "contact_check": contacts.doubts(settings, account.customer, closing.day, confirmations=confirmations),
            "owner": account.customer.owner,
            "owner_check": _owner_check(account.customer, departments),
            "daily": "daily" if account.daily else "",
            "account_over_90": "yes" if account.over_90 else "no",
            "account_overdue": account.overdue,
            "account_oldest": account.oldest,
            "score": account.score,
            **{PARTS[part][0]: points for part, points in account.parts.items()},
        }
        for name, account in accounts.items()
    }


def _owner_check(customer: Customer, departments: Container[str]) -> str:
    if not customer.owner:
        return "no owner"
    department = customer.owner_department.strip().lower()
    return "outside Finance" if department and department not in departments else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in text.replace(";", ",").split(",") if part.strip())


# ---------------------------------------------------------------- what changed


def _compared(closing: Closing) -> int | None:
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


# ---------------------------------------------------------------- tables


def tables(closing: Closing, done: Work) -> Filled:
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
