"""Collections: which items are worked, in which order and why, and what is due on each."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.days import iso
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.typed import CONTACTS, Customer, Worked
from xlwings_addin.month_end.work import accounts as of_accounts
from xlwings_addin.month_end.work import agenda, changes, contacts, summary
from xlwings_addin.month_end.work.addresses import sendable
from xlwings_addin.month_end.work.contacts import TALKS, Contacts, FirstContact
from xlwings_addin.month_end.work.dunning import NOT_YET, OVER_90, Outcome
from xlwings_addin.month_end.work.item_rows import DOCUMENT, item_keys, rows_by_key
from xlwings_addin.month_end.work.promises import BROKEN, FAILED, OPEN, PARTLY, Promise, promises
from xlwings_addin.sheets.collections import PARTS
from xlwings_addin.sheets.collections import sheet as sheet
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.entries import Key
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.typed import Activity
    from xlwings_addin.month_end.work.accounts import Account
    from xlwings_addin.month_end.work.dunning import Minimums, Standing
    from xlwings_addin.settings import Settings

Row = dict[str, Any]

SOON = 7
"""Days ahead: what falls due in the coming week is on the list."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """The week's work: rows of the worklist in order, accounts by number, promises judged."""

    rows: list[Row]
    ranked: Sequence[Account]
    """Those with a row, in their order."""
    accounts: dict[str, Account]
    least: Minimums
    promises: tuple[Promise, ...]
    first: Mapping[str, FirstContact]
    compared: int | None
    """Date of the refresh that changes are shown against; None for the first."""
    changes: Sequence[Row]
    """A row for each kind of change since then."""


# ---------------------------------------------------------------- the work


def work(closing: Closing, standing: Mapping[str, Standing], least: Minimums) -> Work:
    """Return what there is to collect as of the day."""
    judged = promises(closing)
    lines = Contacts(closing.activities)
    listing = _Listing(closing, judged, standing)
    first = contacts.first_contacts(closing, standing)
    accounts = of_accounts.accounts(closing, standing, judged, first, set(listing.customers))
    ranked = sorted((accounts[name] for name in set(listing.customers)), key=lambda one: one.place)
    making = _Rows(closing, listing, _account_cells(closing, ranked), judged, lines, standing)
    rows = [making.row(i) for i in range(listing.rows.size)]
    rows.sort(key=lambda row: (*accounts[row["customer_id"]].place, *_within(row)))
    compared = changes.compared_with(closing)
    changes.mark(closing, rows, compared)
    since = changes.table(closing, rows, compared)
    return Work(rows, ranked, accounts, least, judged, first, compared, since)


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

    def __init__(self, closing: Closing, judged: Iterable[Promise], standing: Mapping[str, Standing]) -> None:
        items, opened = closing.ledger.items, closing.open
        late = np.where(np.isnan(closing.days_past_due), NOT_YET, closing.days_past_due).astype(np.int64)
        typed = rows_by_key(closing.ledger, closing.worked)
        self.typed: dict[int, Worked] = {rows[0]: closing.worked[key] for key, rows in typed.items() if len(rows) == 1}
        noted = np.zeros(len(items), bool)
        noted[list(self.typed)] = True
        spoken = np.zeros(len(items), bool)
        spoken[[row for promise in judged if promise.document for row in promise.rows]] = True
        said = (items["disputed"] == "yes") | (items["dispute_code"] != "")
        disputed = said.to_numpy(bool)[opened.rows]
        wanted = (opened.amount > 0) & ((late >= -SOON) | disputed | spoken[opened.rows])
        customers = closing.ledger.arrays.segment("customer_id")
        worked = np.array([name in standing and standing[name].listed for name in customers.keys], bool)
        listed = wanted & worked[customers.codes[opened.rows]]
        if closing.ledger.balances is not None:
            listed = self._of_debtors(closing)
        self.places: NDArray[np.intp] = np.flatnonzero(listed | noted[opened.rows])
        self.rows: NDArray[np.intp] = opened.rows[self.places]
        scale = closing.scale[self.rows]
        self.amount = opened.amount[self.places] / scale
        self.net = closing.to_pay.left[self.places] / scale
        self.base = self.amount * closing.item_rate[self.rows]
        self.late = late[self.places]
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


# ---------------------------------------------------------------- a row


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """An item of the list with what was typed beside it, logged about it and promised."""

    key: Key
    due: int
    """Far ahead without a due date: `late` is `NOT_YET`."""
    late: int
    """Days past due."""
    outcome: Outcome
    """What its account gives it."""
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
        """Whether the next step waits: the customer has given an answer, or there is nothing to ask for."""
        return self.outcome.state in ("answered", "covered", "small")

    @property
    def step(self) -> int:
        """Steps of escalation reached; 0 is none."""
        return self.outcome.stage.step if self.outcome.stage and not self.settled else 0


class _Rows:
    """Makes the rows of the worklist."""

    def __init__(
        self,
        closing: Closing,
        listing: _Listing,
        accounts: Mapping[str, Row],
        judged: Iterable[Promise],
        lines: Contacts,
        standing: Mapping[str, Standing],
    ) -> None:
        self.closing, self.listing, self.lines = closing, listing, lines
        self.accounts, self.standing = accounts, standing
        self.settings: Settings = closing.settings
        self.day = closing.day
        self.dated = closing.ledger.balances is None
        items = closing.ledger.items
        self.columns = {
            name: items[name].take(listing.rows).tolist() for name in ("currency", "disputed", "dispute_code")
        }
        self.of_item: dict[int, Promise] = {}
        self.of_account: dict[str, Promise] = {}
        # One that is open counts, as it does for the reminders; what the files promise stands behind what was said.
        for promise in sorted(judged, key=lambda one: (one.state == OPEN, not one.of_files, one.made)):
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
            "net": float(listing.net[i]),
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
            outcome=self._outcome(i),
            worked=worked,
            lines=self.lines.lines(listing.customers[i], listing.keys[i][DOCUMENT]),
            promise=self._promise(i),
            dispute=worked.dispute_code or self.columns["dispute_code"][i] or disputed,
        )

    def _outcome(self, i: int) -> Outcome:
        account = self.standing.get(self.listing.customers[i])
        found = account.outcomes.get(int(self.listing.places[i])) if account and self.dated else None
        return found or Outcome(None, "", "")

    def _promise(self, i: int) -> Promise | None:
        own = self.of_item.get(int(self.listing.rows[i]))
        account = self.of_account.get(self.listing.customers[i])
        made = (one for one in (own, account) if one is not None)
        return max(made, key=lambda one: (one.state == OPEN, one.made), default=None)

    def _said(self, item: _Item) -> Row:
        """What was said to the customer, and the answer: contacts, promise, dispute."""
        latest, promise, worked = contacts.last(item.lines), item.promise, item.worked
        return {
            "last_contact": latest.date if latest else None,
            "channel": (latest.channel or latest.kind) if latest else "",
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
            "legal": self._legal(item) if self._may_be_legal(item) else "",
        }

    def _reminder(self, item: _Item) -> str:
        stage, state, _ = item.outcome
        if stage is None or state not in ("due", "sent", "wait"):
            return ""
        return stage.word if state == "due" else f"{stage.word}, {'sent' if state == 'sent' else 'not yet'}"

    def _hold(self, item: _Item) -> str:
        if item.held:
            return "aligned"
        begun = item.worked.hold_by or item.worked.hold_on is not None
        last = item.step > 0 and item.step == len(self.settings.escalation_days)
        return "align first" if begun or (last and not item.settled) else ""

    def _may_be_legal(self, item: _Item) -> bool:
        account = self.standing.get(item.key[ITEM_KEY.index("customer_id")])
        return self.dated and not item.settled and item.late > OVER_90 and account is not None and account.over_90

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
        steps = {
            "promise broken: call": row["promise"] == BROKEN and not item.settled,
            "promise kept in part: call": row["promise"] == PARTLY and not item.settled,
            "look at dispute again": row["revisit"],
            "dispute: set a day to look again": item.dispute and item.worked.dispute_revisit is None,
            "apply the credits that cover it": item.outcome.state == "covered",
            "your next action is due": self._has_come(item.worked.next_action_on),
        }
        found = [step for step, due in steps.items() if due]
        return "; ".join([*found, *self._outreach(item, row)][:2])

    def _outreach(self, item: _Item, row: Row) -> list[str]:
        """Return what to do about an item that the customer has given no answer to, and what it said where it has."""
        if item.settled or row["account_over_90"] == of_accounts.NOTHING_DUE:
            waits = item.promise is not None and row["promise"] == OPEN
            return [f"promised for {iso(item.promise.for_date)}"] if waits and item.promise else []
        steps = {
            "AP has not confirmed: escalate": item.late > 0 and item.worked.ap_confirmed is False,
            f"escalate {row['escalation']}": item.step and not self._escalated(item),
            f"reminder {row['reminder']}": item.outcome.state == "due" and not item.step,
            "no contact yet: call": row["first_contact"] == "none",
            "find the right contact": not self._reachable(item),
            "align on a hold": row["hold"] == "align first",
        }
        return [step for step, due in steps.items() if due]

    def _reachable(self, item: _Item) -> bool:
        """Whether there is a contact for what is due: an address where a reminder is, else a telephone."""
        customer = self.closing.customers[item.key[ITEM_KEY.index("customer_id")]]
        return bool(sendable(customer.contact_email) if item.outcome.state == "due" else customer.contact_phone)

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


def _account_cells(closing: Closing, ranked: Sequence[Account]) -> dict[str, Row]:
    """Return what all rows of an account show alike, by its number."""
    settings = closing.settings
    departments = _words(settings.finance_departments)
    confirmations = any(one.contact_confirmed is not None for one in closing.customers.values())
    why = of_accounts.explained(ranked, settings)
    return {
        account.customer.id: {
            "customer_name": account.customer.name,
            "contact": contacts.address(account.customer),
            "contact_check": contacts.doubts(settings, account.customer, closing.day, confirmations=confirmations),
            "owner": account.customer.owner,
            "owner_check": _owner_check(account.customer, departments),
            "daily": "daily" if account.daily else "",
            "account_over_90": account.tier,
            "account_overdue": None if account.overdue is None else closing.known(account.overdue),
            "account_gross": account.gross,
            "account_oldest": account.oldest,
            "account_stake": closing.known(account.stake),
            "score": account.score,
            "why": why[account.customer.id],
            "first_contact": account.first.word(settings) if account.first else "",
            **{PARTS[part][0]: points for part, points in account.parts.items()},
        }
        for account in ranked
    }


def _owner_check(customer: Customer, departments: Container[str]) -> str:
    if not customer.owner:
        return "no owner"
    department = customer.owner_department.strip().lower()
    return "outside Finance" if department and department not in departments else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in text.replace(";", ",").split(",") if part.strip())


# ---------------------------------------------------------------- tables


def tables(closing: Closing, done: Work) -> Filled:
    """Return the worklist and what stands above it."""
    worklist = [{key: value for key, value in row.items() if key != "changes"} for row in done.rows]
    hour, counts = agenda.fields(closing, done.rows, done.compared), _counts(closing, done)
    said = {
        "collections_verdict": summary.verdict(done.ranked),
        "collections_changes": summary.changed(done.changes, hour["hour_compared"]),
        "collections_to_settle": summary.to_settle(counts),
        "collections_hour": summary.next_hour(hour["hour_next"]),
    }
    return {"tblWorklist": TableData.of(worklist)}, said


def hour_tables(closing: Closing, done: Work) -> Filled:
    """Return the call list, the changes, and the named cells of the hour."""
    made = {"tblCallList": TableData.of(_calls(closing, done)), "tblChanges": TableData.of(done.changes)}
    return made, agenda.fields(closing, done.rows, done.compared) | _counts(closing, done)


def _calls(closing: Closing, done: Work) -> list[Row]:
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
                "overdue": closing.known(account.overdue),
                "gross": account.gross,
                "oldest": account.oldest,
                "items": len(late),
                "last_contact": max(said, default=None),
                "why": _why(account, late),
            }
        )
    return sorted(calls, key=lambda call: (-call["overdue"], call["customer_id"]))


def _why(account: Account, late: Sequence[Row]) -> str:
    over = sum(map(_over_90, late))
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


def _over_90(row: Row) -> bool:
    """Whether an item is over 90 days past due and credits leave something of it."""
    return row["net"] > 0 and (row["days_past_due"] or 0) > OVER_90


def _counts(closing: Closing, done: Work) -> dict[str, Any]:
    rows = done.rows
    first, best = of_accounts.held_by_first(done.ranked)

    def accounts(name: str, *values: str) -> int:
        return len({row["customer_id"] for row in rows if row[name] in values})

    return {
        "minimum_for_reminder": done.least.reminder,
        "minimum_for_escalation": done.least.escalation,
        "minimum_for_letter": done.least.letter,
        "worklist_at_stake": closing.known(first),
        "worklist_best": closing.known(best),
        "worklist_items": len(rows),
        "worklist_accounts": len({row["customer_id"] for row in rows}),
        "worklist_over_90": sum(map(_over_90, rows)),
        "worklist_no_contact": sum(one.after is None for one in done.first.values()),
        "worklist_late_contact": sum(one.word(closing.settings) == "late" for one in done.first.values()),
        "worklist_contact_missing": accounts("contact_check", "missing"),
        "worklist_contact_old": len({row["customer_id"] for row in rows if "confirmed" in row["contact_check"]}),
        "worklist_holds": accounts("hold", "align first"),
    }
