"""What the signals and the rollout tracker look at: counts and shares of the ledger, or the column that would tell.

Every measure is a property, worked out once on whole arrays, and answers with `Needs` where nothing in the
ledger or in what was typed says it: a blank is never read as no, nor as zero.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from xlwings_addin.ledger.age_analysis import CURRENT_PLACE, age
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, ITEM_COLUMNS
from xlwings_addin.ledger.position import known_from
from xlwings_addin.ledger.values import DEBIT_NOTE, INVOICE, ITEM_KINDS, NO_DATE
from xlwings_addin.month_end.monthly import trusted
from xlwings_addin.month_end.program.behind import NOTHING, Behind
from xlwings_addin.month_end.wording import amount
from xlwings_addin.month_end.work.contacts import first_contacts
from xlwings_addin.month_end.work.credits import unapplied
from xlwings_addin.sheets.activity import CREDIT
from xlwings_addin.sheets.collections import BILLING_CODES
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.sheets.monthly import YEAR_MONTHS
from xlwings_addin.sheets.rollout import ROLLING_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.month_end.closing import Amount, Closing
    from xlwings_addin.month_end.monthly import Months, Row
    from xlwings_addin.month_end.typed import Activity, Customer, Worked
    from xlwings_addin.month_end.work.credits import Credit
    from xlwings_addin.month_end.work.dunning import Standing

    Bools = NDArray[np.bool_]
    Rows = NDArray[np.intp]
    Floats = NDArray[np.float64]

MONTH_DAYS = 30
QUARTER_MONTHS = 3
OLD_DAYS = 60
STILL_THERE = "still there"
"""Where what is in the last bucket can roll to."""
NO_CODE = "(no code)"
DISPUTED = "Disputed items open"
"""What the count of open disputes is called in the baseline; those by reason add the reason."""
_EXACT = 1e-9
"""A balance at its limit is not beyond it, whatever the binary fractions say."""
_NEVER = np.iinfo(np.int64).max
_NET = re.compile(r"(?:(?:net|n|netto)\s*/?\s*)?([1-9]\d{0,2}|0)(?:\s*(?:days?|d|tage|net|netto))*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Needs:
    """What is missing: a column of a file, or cells to type in, named so that one finds them."""

    what: str


@dataclass(frozen=True, slots=True)
class Part:
    """`part` of `whole`; `unknown` more could not be classified."""

    part: float
    whole: float
    unknown: int = 0
    behind: Behind = field(default=NOTHING, compare=False, repr=False)
    """Those that somebody has to look at, the part or the rest of it."""

    @property
    def share(self) -> float | None:
        """The part as a fraction; None of nothing."""
        return self.part / self.whole if self.whole else None


class Disputes(NamedTuple):
    """Open items in dispute, by reason."""

    items: Counter[str]
    amount: Mapping[str, float]
    """In the base currency; NaN where a rate is missing."""
    behind: Behind = NOTHING


class Roll(NamedTuple):
    """What stood in a bucket a month ago and what of it has moved on by now, in the base currency."""

    bucket: str
    to: str
    before: Amount
    rolled: Amount
    behind: Behind = NOTHING
    """The documents that moved on, with what is still owed of each."""


class OnYear(NamedTuple):
    """The DSO to trust against that of a year ago, and how sales moved."""

    method: str
    dso: float
    before: float
    sales: float
    """Change as a fraction."""
    span: str
    """Which sales were compared."""
    month_end: int
    """Last day of the month that was compared: one that is over."""


class OnQuarter(NamedTuple):
    """Delinquent DSO and DSO against those of three months ago."""

    ddso: float
    ddso_before: float
    dso: float
    dso_before: float
    month_end: int
    """Last day of the month that was compared: one that is over."""


class OverLimit(NamedTuple):
    """A customer and its balance against its limit, in the base currency."""

    customer: Customer
    balance: float
    limit: float
    place: int = 0

    @property
    def beyond(self) -> float:
        """What the customer owes beyond the limit."""
        return self.balance - self.limit


def needs(file: Literal["items", "customers"], *keys: str) -> Needs:
    """Name columns of a file as their headings have them.

    >>> needs("items", "po_number").what
    'PO number (items file)'
    """
    columns = {column.key: column.heading for column in (ITEM_COLUMNS if file == "items" else CUSTOMER_COLUMNS)}
    return Needs(f"{' or '.join(columns[key] for key in keys)} ({file} file)")


def heading(key: str) -> str:
    """Return what a column of the items is called."""
    return next(column.heading for column in ITEM_COLUMNS if column.key == key)


ACTIVITY = Needs("lines on Activity (Date, Customer ID, Kind)")
SALES = Needs("the month's sales: a file of monthly sales, or Typed sales (Monthly)")
COMPLETE_MONTH = Needs("a month that is over (Monthly)")
HISTORY = Needs("all invoices, paid ones too, with receipts or settled dates")


def net_days(terms: str) -> int | None:
    """Return the days of plain net terms; None for any other, end of month or a system's code for example.

    >>> net_days("Net 30"), net_days("45 days"), net_days("n/60"), net_days("30 EOM"), net_days("0001")
    (30, 45, 60, None, None)
    """
    found = _NET.fullmatch(terms.strip())
    return int(found[1]) if found else None


class Measures:
    """The measures of one closing and its months."""

    def __init__(
        self,
        closing: Closing,
        months: Months,
        baseline: Sequence[Mapping[str, Any]],
        standing: Mapping[str, Standing],
    ) -> None:
        self.standing = standing
        self.closing, self.months, self.settings, self.day = closing, months, closing.settings, closing.day
        self.ledger, self.items = closing.ledger, closing.ledger.items
        self.arrays = closing.ledger.arrays
        self.rows: Rows = closing.open.rows
        self.base: Floats = closing.in_base(closing.open.amount)
        """Open amounts in the base currency; NaN where a rate is missing."""
        self.left: Floats = closing.in_base(closing.left)
        """The same after the treatment of credits (Settings)."""
        self.late: Bools = closing.overdue > 0
        codes = closing.ledger.arrays.segment("customer_id")
        self.account, self.ids = codes.codes, codes.keys
        self.baseline_rows = baseline
        self.baseline: dict[str, float] = {
            row["measure"]: float(row["value"])
            for row in baseline
            if row["measure"] and isinstance(row["value"], int | float)
        }
        """What the program started from, by the name of the measure; empty until it is set."""
        self.first_day = self.day - int(closing.history.days[-1]) + 1
        """First day of the as-of date's period."""

    # ---- which items, which customers

    @cached_property
    def invoice(self) -> Bools:
        """Which items are invoices: what has terms, a purchase order and a delivery."""
        invoices: Bools = (self.arrays.item_kinds == ITEM_KINDS.index(INVOICE)) & (self.arrays.face > 0)
        return invoices

    @cached_property
    def debit(self) -> Bools:
        """Which items are invoices or debit notes: what was sold, and what is reminded of."""
        noted: Bools = (self.arrays.item_kinds == ITEM_KINDS.index(DEBIT_NOTE)) & (self.arrays.face > 0)
        return self.invoice | noted

    @cached_property
    def open_invoices(self) -> Rows:
        """Rows of the invoices on which something is owed."""
        return self.rows[self.invoice[self.rows] & (self.closing.open.amount > 0)]

    @cached_property
    def billed(self) -> Rows:
        """Rows of the invoices dated in the as-of date's period."""
        dated = self.arrays.document_date
        return np.flatnonzero(self.invoice & (dated >= self.first_day) & (dated <= self.day))

    @cached_property
    def people(self) -> Sequence[Customer]:
        """What is known of each customer, in the order of `ids`."""
        return [self.closing.customers[key] for key in self.ids]

    @cached_property
    def balance(self) -> Floats:
        """What each customer owes in the base currency, credits taken off; NaN where a rate is missing."""
        owed: Floats = np.bincount(self.account[self.rows], self.base, len(self.ids)).astype(np.float64)
        return owed

    @cached_property
    def owing(self) -> list[int]:
        """Places of the customers who owe more than their credits come to, or nobody knows what, or are overdue."""
        return sorted({*np.flatnonzero(~(self.balance <= 0)).tolist(), *self.overdue})

    @cached_property
    def overdue(self) -> list[int]:
        """Places of the overdue accounts: their net overdue reaches the minimum of a reminder."""
        return [
            place for place, name in enumerate(self.ids) if name in self.standing and self.standing[name].is_overdue
        ]

    @cached_property
    def oldest_due(self) -> NDArray[np.int64]:
        """Each overdue account's date since which it is; past all dates where it is not."""
        oldest = np.full(len(self.ids), _NEVER)
        for place in self.overdue:
            oldest[place] = self.day - self.standing[self.ids[place]].late
        return oldest

    # ---- what stands behind a count

    @cached_property
    def overdue_of(self) -> Floats:
        """What of each customer's debts is overdue in the base currency; NaN where a rate is missing."""
        late = np.where(self.late, self.left, 0.0)
        owed: Floats = np.bincount(self.account[self.rows], late, len(self.ids)).astype(np.float64)
        return owed

    @property
    def overdue_in_all(self) -> float:
        """What is overdue of all debts in the base currency; NaN where a rate is missing."""
        return float(self.overdue_of.sum())

    def cash_of(self, span: float) -> float | None:
        """What these days of DSO tie up at the sales of the DSO window; None where they are not known."""
        sold, over = self.months.now["window_sales"], self.months.now["window_days"]
        return None if sold is None or not over else span * sold / over

    @cached_property
    def receivables(self) -> float:
        """All that is owed, credits taken off, in the base currency; NaN where a rate is missing."""
        return float(self.left.sum())

    @cached_property
    def left_of(self) -> Floats:
        """What of each item of the ledger is owed after credits in the base currency; NaN where a rate is missing."""
        left: Floats = self.closing.aging.left / self.closing.scale * self.closing.item_rate
        return left

    @cached_property
    def face_of(self) -> Floats:
        """What each item of the ledger was made out for in the base currency; NaN where a rate is missing."""
        face: Floats = self.arrays.face / self.closing.scale * self.closing.item_rate
        return face

    def days_late(self, place: int) -> int | None:
        """Days past due of a customer's oldest overdue item."""
        oldest = int(self.oldest_due[place])
        return None if oldest == _NEVER else self.day - oldest

    def accounts_behind(self, places: Sequence[int], why: Sequence[str] | str = "") -> Behind:
        """Return these customers, each with what it owes overdue or, where nothing is, with its balance."""
        at = np.array(places, np.intp)
        late = self.overdue_of[at]
        return Behind(at, np.where(late == 0, self.balance[at], late), why=why)

    def documents_behind(self, rows: Rows, chosen: Bools, why: Sequence[str] | str = "") -> Behind:
        """Return the chosen ones of these documents, each with what is owed of it; of the billed, with what it was."""
        amounts, those = self.face_of if rows is self.billed else self.left_of, rows[chosen]
        return Behind(self.account[those], amounts[those], those, why)

    def has(self, key: str) -> bool:
        """Whether any item says anything in this column."""
        return bool((self.items[key] != "").any())

    def filled(self, key: str, rows: Rows) -> Part | Needs:
        """How many of these items have something in a column of text."""
        if not self.has(key):
            return needs("items", key)
        filled = (self.items[key].take(rows) != "").to_numpy(bool)
        return Part(int(filled.sum()), rows.size, behind=self.documents_behind(rows, ~filled, f"{heading(key)}: blank"))

    def flagged(self, key: str, rows: Rows) -> Part | Needs:
        """How many of these items say yes in a column of yes and no."""
        if not self.has(key):
            return needs("items", key)
        said = self.items[key].take(rows).to_numpy(object)
        yes, no = int((said == "yes").sum()), int((said == "no").sum())
        return Part(
            yes, yes + no, rows.size - yes - no, self.documents_behind(rows, said == "no", f"{heading(key)}: no")
        )

    @cached_property
    def credits(self) -> tuple[Credit, ...]:
        """The open credits, each with the items it should pay, most money first."""
        return unapplied(self.closing)

    @property
    def unapplied(self) -> Behind | Needs:
        """The open credits, with what each should pay."""
        if self.ledger.balances is not None:
            return Needs("documents (items file)")
        rows = np.array([one.row for one in self.credits], np.intp)
        amount = np.array([one.base for one in self.credits], np.float64)
        why = [f"to {one.apply_to} ({one.match})" if one.apply_to else one.match for one in self.credits]
        return Behind(self.account[rows], amount, rows, why)

    # ---- terms

    @cached_property
    def _terms(self) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Each item's days of credit, by its terms or else by its dates (-1 for neither), and its terms as text."""
        segment = self.ledger.arrays.segment("terms")
        texts = np.array([key.strip().lower() for key in segment.keys], object)
        days = np.array([-1 if (d := net_days(key)) is None else d for key in segment.keys], np.int64)
        due, dated = self.arrays.due_date.astype(np.int64), self.arrays.document_date
        by_date = np.where(due == NO_DATE, -1, np.maximum(due - dated, -1))
        stated = days[segment.codes]
        return np.where(stated >= 0, stated, by_date), texts[segment.codes]

    def _match(self, rows: Rows, wanted: str) -> tuple[Bools, Bools]:
        """Whether items have the wanted terms, and whether that is known."""
        days, texts = self._terms
        asked = net_days(wanted)
        if asked is None:
            return texts[rows] == wanted.strip().lower(), texts[rows] != ""
        return days[rows] == asked, days[rows] >= 0

    @cached_property
    def _on_standard(self) -> tuple[Bools, Bools]:
        return self._match(self.open_invoices, self.settings.standard_terms)

    @cached_property
    def standard_terms(self) -> Part | Needs:
        """Open invoices on the standard terms."""
        same, told = self._on_standard
        if not told.any() and told.size:
            return needs("items", "terms", "due_date")
        return self._same(self.open_invoices, same, told)

    def _same(self, rows: Rows, same: Bools, told: Bools) -> Part:
        """How many of these items have the terms they should, and the others with the terms they have."""
        off = told & ~same
        stated, days = self.items["terms"].take(rows[off]).tolist(), self._terms[0][rows[off]].tolist()
        said = zip(stated, days, strict=True)
        why = [f"terms {text}" if text else f"{span} days by its dates" for text, span in said]
        behind = self.documents_behind(rows, off, why)
        return Part(int((same & told).sum()), int(told.sum()), int((~told).sum()), behind)

    @cached_property
    def off_terms_unapproved(self) -> Part | Needs:
        """Open invoices off the standard terms, of customers for whom nobody approved other terms."""
        if isinstance(self.standard_terms, Needs):
            return self.standard_terms
        approved = np.array([bool(person.terms_approved_by) for person in self.people], bool)
        if not approved.any():
            return needs("customers", "terms_approved_by")
        same, told = self._on_standard
        off, bare = told & ~same, ~approved[self.account[self.open_invoices]]
        behind = self.documents_behind(self.open_invoices, off & bare, "nobody approved its terms")
        return Part(len(behind), int(off.sum()), behind=behind)

    def agreed_terms(self, rows: Rows) -> Part | Needs:
        """How many of these items have the terms agreed with their customer."""
        agreed = np.array([person.agreed_terms.strip() for person in self.people], object)
        if not (agreed != "").any():
            return needs("customers", "agreed_terms")
        mine = agreed[self.account[rows]]
        same, told = np.zeros(rows.size, bool), np.zeros(rows.size, bool)
        for wanted in sorted(set(mine.tolist()) - {""}):
            of = mine == wanted
            same[of], told[of] = self._match(rows[of], wanted)
        if not told.any() and (mine != "").any():
            return needs("items", "terms", "due_date")
        return self._same(rows, same, told)

    # ---- what was typed beside items

    @cached_property
    def worked(self) -> dict[int, Worked]:
        """What was typed on the worklist, by place among the open items; a key that is not unique is left out."""
        if not self.closing.worked:
            return {}
        documents = {key[ITEM_KEY.index("document_no")] for key in self.closing.worked}
        opened = self.items["document_no"].take(self.rows)
        near = np.flatnonzero(opened.isin(documents).to_numpy())
        columns = [self.items[name].take(self.rows[near]).tolist() for name in ITEM_KEY]
        keys = list(zip(*columns, strict=True))
        times = Counter(keys)
        return {
            place: self.closing.worked[key]
            for place, key in zip(near.tolist(), keys, strict=True)
            if times[key] == 1 and key in self.closing.worked
        }

    @cached_property
    def worked_overdue(self) -> dict[int, Worked]:
        """The same for the overdue items alone."""
        return {place: worked for place, worked in self.worked.items() if self.late[place]}

    @cached_property
    def owned_with_action(self) -> Part | Needs:
        """Overdue items that have an owner and a next action."""
        if not any(worked.next_action for worked in self.worked.values()):
            return Needs("Next action (Collections)")
        return self._worked(
            lambda place, worked: bool(worked.next_action and self.people[self.account[self.rows[place]]].owner),
            "no owner, or no next action",
        )

    def _worked(self, done: Callable[[int, Worked], bool], why: str) -> Part:
        """How many of the overdue items are done, and the others."""
        left = self.late.copy()
        left[[place for place, worked in self.worked_overdue.items() if done(place, worked)]] = False
        late = int(self.late.sum())
        return Part(late - int(left.sum()), late, behind=self.documents_behind(self.rows, left, why))

    @cached_property
    def actions_this_week(self) -> Part | Needs:
        """Overdue items whose next action is dated in the as-of date's week, Monday to Sunday."""
        if not any(worked.next_action_on is not None for worked in self.worked.values()):
            return Needs("Action on (Collections)")
        monday = week_start(self.day)

        def done(_: int, worked: Worked) -> bool:
            return worked.next_action_on is not None and monday <= worked.next_action_on < monday + 7

        return self._worked(done, "no action dated this week")

    @cached_property
    def service_continues(self) -> Part | Needs:
        """Of the overdue items of which it was noted, those whose customer is still served."""
        noted = [worked.service for worked in self.worked_overdue.values() if worked.service is not None]
        if not noted and not any(worked.service is not None for worked in self.worked.values()):
            return Needs("Service continues (Collections)")
        served = np.zeros(self.rows.size, bool)
        served[[place for place, worked in self.worked_overdue.items() if worked.service]] = True
        behind = self.documents_behind(self.rows, served, "still served, as noted on Collections")
        return Part(sum(noted), len(noted), int(self.late.sum()) - len(noted), behind)

    # ---- disputes

    def _codes(self, rows: Rows, typed: Mapping[int, str]) -> dict[int, str]:
        """The reason of each disputed one of these items, by place; what was typed wins."""
        disputed, code = self.items["disputed"].take(rows), self.items["dispute_code"].take(rows)
        said = np.flatnonzero(((disputed == "yes") | (code != "")).to_numpy())
        reasons = code.iloc[said].tolist()
        return {place: reason or NO_CODE for place, reason in zip(said.tolist(), reasons, strict=True)} | dict(typed)

    @cached_property
    def disputes(self) -> Disputes | Needs:
        """Open items in dispute."""
        typed = {place: worked.dispute_code for place, worked in self.worked.items() if worked.dispute_code}
        if not (typed or self.has("disputed") or self.has("dispute_code")):
            return needs("items", "disputed", "dispute_code")
        amount: dict[str, float] = {}
        count: Counter[str] = Counter()
        codes = self._codes(self.rows, typed)
        for place, code in codes.items():
            count[code] += 1
            amount[code] = amount.get(code, 0.0) + float(self.base[place])
        chosen = np.zeros(self.rows.size, bool)
        chosen[list(codes)] = True
        return Disputes(count, amount, self.documents_behind(self.rows, chosen, [codes[at] for at in sorted(codes)]))

    @cached_property
    def billing_disputes(self) -> Part | Needs:
        """Invoices of the period disputed for a reason that billing could have prevented."""
        if not self.has("dispute_code"):
            return needs("items", "dispute_code")
        codes = {at: code for at, code in self._codes(self.billed, {}).items() if code in BILLING_CODES}
        chosen = np.zeros(self.billed.size, bool)
        chosen[list(codes)] = True
        behind = self.documents_behind(self.billed, chosen, [codes[at] for at in sorted(codes)])
        return Part(len(codes), self.billed.size, behind=behind)

    # ---- contacts and reminders

    @cached_property
    def _by_customer(self) -> dict[str, list[Activity]]:
        """What was logged up to the day about customers, by customer: of credits nobody spoke to them."""
        found: dict[str, list[Activity]] = {}
        for activity in self.closing.activities:
            if activity.date is not None and activity.date <= self.day and activity.kind != CREDIT:
                found.setdefault(activity.customer, []).append(activity)
        return found

    @cached_property
    def first_contact(self) -> dict[int, int | None] | Needs:
        """Days from the due date to the first contact of each overdue account, by place; None where there is none."""
        if not self._by_customer:
            return ACTIVITY
        found = first_contacts(self.closing, self.standing)
        return {place: found[self.ids[place]].after for place in self.overdue}

    @cached_property
    def reminders(self) -> tuple[Part, int] | Needs:
        """Customers to whom a reminder fell due in the period and was logged, and how many reminders fell due."""
        if not self._by_customer:
            return ACTIVITY
        due, dated = self.arrays.due_date.astype(np.int64), self.arrays.document_date
        asked = np.zeros(len(self.ids), bool)
        count = 0
        for stage in self.settings.reminder_days:
            on = due + stage
            falls = self.debit & (on >= np.maximum(dated, self.first_day)) & (on <= self.day) & (on < self._settled)
            asked[self.account[falls]] = True
            count += int(falls.sum())
        sent = {
            customer
            for customer, logged in self._by_customer.items()
            if any(a.kind == "reminder" and a.date is not None and a.date >= self.first_day for a in logged)
        }
        wanted: list[int] = np.flatnonzero(asked).tolist()
        silent = [place for place in wanted if self.ids[place] not in sent]
        behind = self.accounts_behind(silent, "a reminder fell due in the period, none is logged")
        return Part(len(wanted) - len(silent), len(wanted), behind=behind), count

    @cached_property
    def _settled(self) -> NDArray[np.int64]:
        """The day each item was settled; past all dates for one still open, before them for one not yet there."""
        settled = np.full(len(self.items), -_NEVER)
        past = self.arrays.receipt_date <= self.day
        np.maximum.at(settled, self.arrays.receipt_item[past], self.arrays.receipt_date[past].astype(np.int64))
        settled[self.rows] = _NEVER
        return settled

    @cached_property
    def escalations(self) -> Part | Needs:
        """Escalation steps due where enough is at stake, and those taken: a contact or hold from that day on."""
        if not self._by_customer:
            return ACTIVITY
        due, taken, missed = 0, 0, dict[tuple[int, int], str]()
        for place in self.overdue:
            since = self.day - self.standing[self.ids[place]].to_escalate
            logged = [
                a.date
                for a in self._by_customer.get(self.ids[place], ())
                if a.date is not None and (a.is_contact or a.kind == "hold")
            ]
            for step in self.settings.escalation_days:
                if self.day - since >= step:
                    due += 1
                    done = any(on >= since + step for on in logged)
                    taken += done
                    if not done:
                        missed[place, step] = f"+{step} days: due and not taken"
        # An account counts once for each step.
        behind = self.accounts_behind([place for place, _ in missed], [*missed.values()])
        return Part(taken, due, behind=behind)

    @cached_property
    def reviews(self) -> int | Needs:
        """Portfolio reviews logged in the period."""
        if not self.closing.activities:
            return Needs("a line of kind review on Activity")
        return sum(
            a.kind == "review" and a.date is not None and self.first_day <= a.date <= self.day
            for a in self.closing.activities
        )

    @cached_property
    def no_contact_known(self) -> tuple[list[int], list[int]] | Needs:
        """Places of the customers without any billing contact: of those overdue, of those owing."""
        known = [bool(p.contact_name or p.contact_email or p.contact_phone) for p in self.people]
        if not any(known):
            return needs("items", "contact_name", "contact_email", "contact_phone")
        return [p for p in self.overdue if not known[p]], [p for p in self.owing if not known[p]]

    @cached_property
    def contact_ages(self) -> tuple[dict[int, int | None], dict[int, int | None]] | Needs:
        """Days since the contacts of overdue and of owing customers were confirmed, by place; None for never."""
        dates = [person.contact_confirmed for person in self.people]
        if all(confirmed is None for confirmed in dates):
            return needs("customers", "contact_confirmed")
        ages = [None if confirmed is None else self.day - confirmed for confirmed in dates]
        return {p: ages[p] for p in self.overdue}, {p: ages[p] for p in self.owing}

    # ---- customers

    @cached_property
    def top(self) -> tuple[list[int], list[int], int] | Needs:
        """The largest customers by what they owe; those of them that are new, and of how many that is unknown."""
        if np.isnan(self.balance).any():
            return self.missing_rate
        positive = np.flatnonzero(self.balance > 0)
        order = np.lexsort((positive, -self.balance[positive]))
        largest: list[int] = positive[order][: self.settings.top_customers].tolist()
        first = np.full(len(self.ids), _NEVER)
        np.minimum.at(first, self.account, self.arrays.document_date.astype(np.int64))
        since = self.day - self.settings.signal_new_days
        # Only a ledger that reaches further back than that can tell a new customer from an old one.
        reaches = self.ledger.has_history and known_from(self.ledger) <= since
        new, unknown = list[int](), 0
        for place in largest:
            stated = self.people[place].customer_since
            if stated is None and not reaches:
                unknown += int(first[place]) > since
            elif min(int(first[place]), _NEVER if stated is None else stated) > since:
                new.append(place)
        return largest, new, unknown

    @property
    def missing_rate(self) -> Needs:
        """What a converted figure lacks."""
        rated = zip(self.closing.aging.currencies, self.closing.aging.rates, strict=True)
        names = [name or "(unnamed)" for name, rate in rated if rate is None]
        return Needs(f"an exchange rate for {', '.join(names)} (Settings)")

    @cached_property
    def limits(self) -> tuple[Part, list[OverLimit]] | Needs:
        """Owing customers who have a limit, and how each of those stands against it."""
        if all(person.credit_limit is None for person in self.people):
            return needs("customers", "credit_limit")
        if np.isnan(self.balance).any():
            return self.missing_rate
        held = [
            OverLimit(self.people[p], float(self.balance[p]), limit, p)
            for p in self.owing
            if (limit := self.people[p].credit_limit) is not None
        ]
        bare = [p for p in self.owing if self.people[p].credit_limit is None]
        return Part(len(held), len(self.owing), behind=self.accounts_behind(bare, "no credit limit")), held

    @cached_property
    def owners_elsewhere(self) -> tuple[list[int], list[int], int] | Needs:
        """Customers whose owner is not in Finance: of those overdue, of those owing; and owing ones without a word."""
        finance = {name.strip().lower() for name in re.split("[,;]", self.settings.finance_departments)}
        departments = [person.owner_department.strip().lower() for person in self.people]
        if not any(departments):
            return needs("customers", "owner_department")

        def outside(places: Iterable[int]) -> list[int]:
            return [p for p in places if departments[p] and departments[p] not in finance]

        return outside(self.overdue), outside(self.owing), sum(not departments[p] for p in self.owing)

    @cached_property
    def own_formats(self) -> tuple[list[int], Part, Part] | Needs:
        """Owing customers with a billing format of their own; the overdue part of what they and the others owe."""
        own = np.array([bool(person.billing_format) for person in self.people], bool)
        if not own.any():
            return needs("customers", "billing_format")
        if np.isnan(self.balance).any():
            return self.missing_rate
        mine, debit = own[self.account[self.rows]], self.left > 0

        def of(which: Bools) -> Part:
            return Part(float(self.left[which & self.late].sum()), float(self.left[which & debit].sum()))

        return [p for p in self.owing if own[p]], of(mine), of(~mine)

    # ---- the months

    @cached_property
    def trusted(self) -> tuple[str, float] | Needs:
        """The DSO to trust this month, by name, and its days."""
        method, dso = trusted(self.months.now)
        found = figure(dso)
        return SALES if found is None else (method.lower(), found)

    def _ago(self, months: int) -> tuple[Row, Row] | Needs:
        """The last complete month and the one that many months before it."""
        now = self.months.complete
        then = self.months.before(months, now) if now else None
        if now is None or then is None:
            return Needs(f"a row of {months} months ago (Monthly)") if now else COMPLETE_MONTH
        return now, then

    @cached_property
    def on_year(self) -> OnYear | Needs:
        """The DSO to trust against the same a year ago; sales of a year against the year before, or of the month."""
        rows = self._ago(YEAR_MONTHS)
        if isinstance(rows, Needs):
            return rows
        now, then = rows
        method, dso = trusted(now)
        # The same method as now: Trust may have named the other one then.
        found, before = figure(dso), figure(trusted(then, method)[1])
        earlier = self.months.before(YEAR_MONTHS, then)
        years = [self.months.following(then, now), self.months.following(earlier, then)]
        span = "of 12 months"
        if any(year is None or any(row["net_sales"] is None for row in year) for year in years):
            years, span = [[now], [then]], "of the month"
        sold, sold_before = (sum(row["net_sales"] or 0.0 for row in year or ()) for year in years)
        if found is None or before is None or before <= 0 or sold_before <= 0:
            return SALES
        return OnYear(method.lower(), found, before, sold / sold_before - 1, span, now["month_end"])

    @cached_property
    def on_quarter(self) -> OnQuarter | Needs:
        """Delinquent DSO and simple DSO, which share their sales, against three months ago."""
        rows = self._ago(QUARTER_MONTHS)
        if isinstance(rows, Needs):
            return rows
        found = [figure(row[key]) for key in ("ddso", "dso") for row in rows]
        if any(value is None for value in found) or not found[3]:
            return SALES
        ddso, ddso_before, dso, dso_before = (value or 0.0 for value in found)
        return OnQuarter(ddso, ddso_before, dso, dso_before, rows[0]["month_end"])

    @cached_property
    def cei_run(self) -> list[float] | Needs:
        """CEI of the last complete months, oldest first: as many as the signal looks at."""
        wanted, last = self.settings.signal_cei_months, self.months.complete
        rows = [self.months.before(back, last) if back else last for back in reversed(range(wanted))] if last else []
        known = [row for row in rows if row is not None]
        found = [value for row in known if (value := figure(row["cei"])) is not None]
        if not known or len(known) < wanted:
            return Needs(f"{wanted} months (Monthly)")
        return found if len(found) == wanted else SALES

    @cached_property
    def rolling(self) -> Mapping[str, float | None]:
        """DSO, DDSO and CEI of the last `ROLLING_DAYS` days, which no day of the month sways; None where not known.

        Without dated receipts they are the month's, once it is over.
        """
        names = ("dso", "ddso", "cei")
        if not self.ledger.has_history:
            over = self.months.complete is self.months.now
            return {name: figure(self.months.now[name]) if over else None for name in names}
        found = history(self.ledger, self.day, last_days=ROLLING_DAYS, settings=self.settings, force=self.closing.force)
        (row,) = metrics(found)
        return {name: row[name] for name in names}

    # ---- flows and movements

    @cached_property
    def over_60(self) -> Part | Needs:
        """Receivables more than 60 days past due of all receivables, by the rules of the aging."""
        if self.ledger.balances is not None and OLD_DAYS not in self.ledger.balances.edges:
            return Needs("documents (items file)")
        chosen = replace(self.settings, bucket_edges=(OLD_DAYS,))
        aged = age(self.ledger, self.day, chosen, by="currency", force=self.closing.force)
        if aged.converted is None:
            return self.missing_rate
        old = aged.labels.index(f"{OLD_DAYS}+")
        columns = aged.converted.sum(axis=0)
        every = np.arange(len(self.items))
        behind = self.documents_behind(every, (aged.columns == old) & (aged.left != 0))
        return Part(float(columns[old]), float(columns.sum()), behind=behind)

    @cached_property
    def month_end_billing(self) -> tuple[Part, int] | Needs:
        """What was billed on the last two days of the last whole period, of all it billed; and its last day."""
        if not self.ledger.has_history:
            return HISTORY
        ends, days = self.closing.history.ends, self.closing.history.days
        at = -2 if self.closing.history.to_date else -1
        if ends.size < -at:
            return Needs("a whole month (items file)")
        last = int(ends[at])
        dated = self.arrays.document_date
        inside = np.flatnonzero(self.debit & (dated > last - int(days[at])) & (dated <= last))
        amount = self.arrays.face[inside] / self.closing.scale[inside] * self.closing.item_rate[inside]
        if np.isnan(amount).any():
            return self.missing_rate
        late = dated[inside] >= last - 1
        behind = Behind(self.account[inside[late]], amount[late], inside[late], "billed in the last two days")
        return Part(float(amount[late].sum()), float(amount.sum()), behind=behind), last

    @cached_property
    def month_before(self) -> int:
        """The day a month earlier: the end of the period before, or 30 days back from a day within a period."""
        history = self.closing.history
        return self.day - MONTH_DAYS if history.to_date else self.first_day - 1

    @cached_property
    def rolls(self) -> list[Roll] | Needs:
        """Bucket by bucket, what was owed a month ago and how much of it is still owed a bucket on.

        The last bucket has none behind it: there, what is still owed counts.
        """
        if not self.ledger.has_history or self.month_before < known_from(self.ledger):
            return HISTORY
        then = age(self.ledger, self.month_before, self.settings, by="currency")
        before, now = then.left, self.closing.aging.left
        rate = self.closing.item_rate / self.closing.scale
        column = self.closing.aging.columns
        labels = then.labels
        found = []
        for place in range(CURRENT_PLACE, len(labels) - 1):
            last = place == len(labels) - 2
            there = np.flatnonzero((then.columns == place) & (before > 0))
            on = (column[there] > place) | last
            left = np.clip(np.minimum(now[there], before[there]), 0, None) * on * rate[there]
            amounts = [self.closing.known(float(sums)) for sums in ((before[there] * rate[there]).sum(), left.sum())]
            to, moved = STILL_THERE if last else labels[place + 1], there[left != 0]
            behind = Behind(self.account[moved], left[left != 0], moved, f"{labels[place]} a month before")
            found.append(Roll(labels[place], to, amounts[0], amounts[1], behind))
        return found


def beyond_limits(held: Iterable[OverLimit]) -> Behind:
    """Return the customers over their limits, each with what is beyond."""
    over = sorted((one for one in held if one.beyond > _EXACT), key=lambda one: (-one.beyond, one.customer.id))
    why = [f"owes {amount(one.balance)} against a limit of {amount(one.limit)}" for one in over]
    return Behind(
        np.array([one.place for one in over], np.intp), np.array([one.beyond for one in over], float), why=why
    )


def figure(value: Any) -> float | None:
    """Return a figure of Monthly; None for a blank and for an error."""
    return None if value is None or not math.isfinite(value) else float(value)


def week_start(day: int) -> int:
    """Return the Monday of a day's week; day 0 was a Thursday.

    >>> week_start(0), week_start(4), week_start(10)
    (-3, 4, 4)
    """
    return day - (day + 3) % 7


def week_name(day: int) -> str:
    """Return a day's ISO week.

    >>> week_name(20757)
    '2026-W44'
    """
    date: Any = np.datetime64(day, "D").item()
    return f"{date:%G-W%V}"
