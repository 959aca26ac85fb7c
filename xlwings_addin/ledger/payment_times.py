"""When open items will be paid, from how long their customers took before: hazards of payment by days from due.

Every debit item is at risk of being paid on each day from its document date on. For a day so and so long after
(or before) the due date, the hazard is the money paid on that day over the money still open at its start: the
Kaplan-Meier estimate, weighted by amount. An item that is still open counts for as long as it has stood open, so
overdue items that nobody pays make late payment look as slow as it is, and partial payments need no rule of
their own. What is open today is carried forward from its own age: paid earlier is no longer possible.

Each customer's hazards are drawn to the portfolio's as if it had bought a few average invoices more and paid them
as the portfolio does: a new customer counts as an average one, a well-known one as itself. Disputed items
go at their own pace: a factor on their customer's hazards, what went off over what was expected to.

Of two further designs, neither earned its keep. Days late moved by each customer's own average, then one
distribution for all, was no better from week to week and worse customer by customer; one distribution for the whole
portfolio without customers was as good in total, and 10 % worse customer by customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.periods import period_ends
from xlwings_addin.ledger.position import known_from
from xlwings_addin.ledger.values import NO_DATE, RECEIPT_KINDS
from xlwings_addin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Ledger

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = NDArray[np.intp]

WEEKS = 8
WEEK = 7
HORIZON = WEEKS * WEEK
LEARNED_DAYS = 365
"""Payments of the last year are learned from: habits change, and a year has every season once."""
PRIOR_ITEMS = 5.0
"""How many average invoices the portfolio's behaviour counts for beside a customer's own."""
WIDEST = 30
"""In a class of more days than this the portfolio counts for no more than in one of that many."""
LEAST_PAYMENTS = 30
"""Fewer payments than this say nothing that deserves to be called behaviour."""
BAND = (0.1, 0.9)
"""Low and high hold eight weeks in ten."""

EDGES = np.array([-400, *range(-60, 31), *range(33, 61, 3), *range(74, 131, 14), *range(160, 371, 30), 1100])
"""Days from due at which a class of the hazard begins: single days around the due date, wider ones far from it."""

_LENGTH = np.diff(EDGES)
_CLASS = np.repeat(np.arange(_LENGTH.size), _LENGTH)
"""The class of each day from `EDGES[0]` on."""
_CASH = RECEIPT_KINDS.index("cash")


@dataclass(frozen=True, slots=True, eq=False)
class Debts:
    """Debit items as they were known on `day`; the arrays share one length, money is in the base currency."""

    day: int
    rows: Rows
    """Row numbers in `ledger.items`."""
    customer: Rows
    """Codes of `ledger.arrays.segment("customer_id")`."""
    document: Ints
    due: Ints
    """Due date; for an item without one, its document date and the terms its customer mostly has."""
    face: Floats
    balance: Floats
    """Open on `day`; 0 for what is paid."""

    @property
    def open(self) -> Rows:
        """Places of the items that are open."""
        return np.flatnonzero(self.balance > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """Hazards by group and class of days from due."""

    groups: Rows
    """Codes of the customers who owe something, sorted; a group each."""
    hazard: Floats
    """Share of the open money that goes off on a day [group, class]; below all groups the same for disputed items."""
    cash: Floats
    """How much of what goes off is cash, not credit notes, discounts or write-offs [class]."""
    eventual: Floats
    """How much of what is open when a class begins comes as cash sooner or later, as `hazard`."""
    payments: int
    """How many payments were learned from."""
    pace: tuple[float, float]
    """How fast undisputed and disputed items go off beside their customer's average."""

    @property
    def known(self) -> bool:
        """Whether there is enough to go by."""
        return self.payments >= LEAST_PAYMENTS


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What becomes of each open item, in the order of `Debts.open`; the three add up to its balance."""

    weeks: Floats
    """Cash by week [week, item]."""
    later: Floats
    lost: Floats
    """Not paid in cash: credit notes, discounts, write-offs."""


def debts(ledger: Ledger, day: int, worth: Floats) -> Debts:
    """Return the debit items documented by `day`, with what of each was open on it.

    `worth` is one minor unit of each item of the ledger in the base currency; items without a rate (NaN) and
    overpaid ones are left out.
    """
    arrays = ledger.arrays
    balance = arrays.balances(day)
    rows = np.flatnonzero((arrays.document_date <= day) & (arrays.face > 0) & (balance >= 0) & ~np.isnan(worth))
    document = arrays.document_date[rows].astype(np.int64)
    customer = arrays.segment("customer_id").codes[rows]
    due = arrays.due_date[rows].astype(np.int64)
    if arrays.undated:
        due = _usual(customer, document, due)
    each = worth[rows]
    return Debts(day, rows, customer, document, due, arrays.face[rows] * each, balance[rows] * each)


def _usual(customer: Rows, document: Ints, due: Ints) -> Ints:
    """Due dates, the missing ones by the customer's median terms, else the median of all."""
    missing = due == NO_DATE
    terms = due - document
    usual = np.full(int(customer.max(initial=0)) + 1, int(np.median(terms[~missing])) if not missing.all() else 0)
    asked = np.zeros(usual.size, bool)
    asked[customer[missing]] = True
    dated = np.flatnonzero(asked[customer] & ~missing)
    order = dated[np.lexsort((terms[dated], customer[dated]))]
    people, first, count = np.unique(customer[order], return_index=True, return_counts=True)
    usual[people] = terms[order][first + count // 2]
    return np.where(missing, document + usual[customer], due)


def learn(ledger: Ledger, known: Debts, worth: Floats, disputed: NDArray[np.bool_]) -> Behaviour:
    """Return how the customers who owe something paid in the year up to `known.day`.

    `disputed` says of each item of the ledger whether it is, or was, disputed. Nothing dated later is read.
    """
    steps = _steps(ledger, known, worth)
    groups = np.unique(known.customer[known.open])
    # Customers who owe nothing now share a row that only the portfolio needs.
    rest = groups.size
    row = np.full(int(known.customer.max()) + 1 if known.customer.size else 0, rest)
    row[groups] = np.arange(rest)
    odd = disputed[known.rows]
    risk, gone = steps.sums(row[known.customer] + odd * (rest + 1), 2 * (rest + 1))
    whole_risk, whole_gone = risk.sum(axis=0), gone.sum(axis=0)

    average = steps.at_entry.sum() / max(np.count_nonzero(steps.at_entry), 1)
    prior = PRIOR_ITEMS * average
    days = prior * np.minimum(_LENGTH, WIDEST)
    split = (2, rest + 1, _LENGTH.size)
    risk, gone = risk.reshape(split), gone.reshape(split)
    hazard = _share(gone.sum(axis=0) + days * _share(whole_gone, whole_risk), risk.sum(axis=0) + days)
    # Observed over expected, each drawn to 1 by the same few average invoices.
    pace = (gone.sum(axis=(1, 2)) + prior) / ((risk * hazard).sum(axis=(1, 2)) + prior)
    if not odd.any():
        pace[:] = 1.0
    hazard = (hazard[:rest] * pace[:, None, None]).reshape(-1, _LENGTH.size).clip(0.0, 1.0)

    cash_gone = _sum(steps.gone_class[steps.in_cash], steps.gone[steps.in_cash], _LENGTH.size)
    cash = np.where(whole_gone > 0, _share(cash_gone, whole_gone), 1.0)
    payments = int(np.count_nonzero(steps.in_cash))
    return Behaviour(groups, hazard, cash, _eventually(hazard, cash), payments, (float(pace[0]), float(pace[1])))


def _steps(ledger: Ledger, known: Debts, worth: Floats) -> _Steps:
    """Return what went on at the debts in the year up to `known.day`."""
    arrays = ledger.arrays
    start = known.day - LEARNED_DAYS
    old = known.document <= start
    before = arrays.balances(start)[known.rows] * worth[known.rows]
    place = np.full(arrays.face.size, -1)
    place[known.rows] = np.arange(known.rows.size)
    item = place[arrays.receipt_item]
    gone_on = np.maximum(arrays.receipt_date, arrays.document_date[arrays.receipt_item]).astype(np.int64)
    # Its own date says whether a receipt is known; it counts from its document on.
    counted = (item >= 0) & (gone_on > start) & (arrays.receipt_date <= known.day)
    return _Steps(
        known=known,
        entered=np.where(old, start + 1, known.document),
        at_entry=np.where(old, before, known.face),
        item=item[counted],
        gone_on=gone_on[counted],
        gone=arrays.receipt_amount[counted] * worth[arrays.receipt_item[counted]],
        in_cash=arrays.receipt_kinds[counted] == _CASH,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """How the open money of each item rose and fell in the year that is learned from."""

    known: Debts
    entered: Ints
    at_entry: Floats
    item: Rows
    """Place among the debts of what went off."""
    gone_on: Ints
    gone: Floats
    in_cash: NDArray[np.bool_]

    @property
    def gone_class(self) -> Rows:
        """Class of days from due at which it went off."""
        return _class_of(self.gone_on - self.known.due[self.item])

    def sums(self, group: Rows, groups: int) -> tuple[Floats, Floats]:
        """Money open at the start of each day, and money that went off, summed [group, class]."""
        due = self.known.due
        # Up when the item enters, down the day after something goes off, and down when we look.
        days = np.concatenate((self.entered - due, self.gone_on - due[self.item] + 1, self.known.day + 1 - due))
        days = days.clip(EDGES[0], EDGES[-1] - 1)
        change = np.concatenate((self.at_entry, -self.gone, -self.known.balance))
        column = _class_of(days)
        cell = np.concatenate((group, group[self.item], group)) * _LENGTH.size + column
        size, shape = groups * _LENGTH.size, (groups, _LENGTH.size)
        inside = _sum(cell, change * (EDGES[column + 1] - days), size).reshape(shape)
        steps = _sum(cell, change, size).reshape(shape)
        risk = inside + (np.cumsum(steps, axis=1) - steps) * _LENGTH
        gone = _sum(group[self.item] * _LENGTH.size + self.gone_class, self.gone, size)
        return risk.clip(0.0), gone.reshape(shape)


def _sum(cell: Rows, amounts: Floats, size: int) -> Floats:
    return np.bincount(cell, amounts, size).astype(np.float64, copy=False)


def _class_of(days: Ints) -> Rows:
    place: Rows = np.take(_CLASS, days - EDGES[0], mode="clip")
    return place


def _share(part: Floats, whole: Floats) -> Floats:
    """Part of the whole between 0 and 1; 0 where there is no whole but the dust of rounding."""
    dust = 1e-9 * max(float(whole.max(initial=0.0)), 1e-9)
    there = whole > dust
    share: Floats = np.where(there, part / np.where(there, whole, 1.0), 0.0).clip(0.0, 1.0)
    return share


def _eventually(hazard: Floats, cash: Floats) -> Floats:
    """The cash that comes sooner or later of one unit open at the start of each class."""
    stays = (1.0 - hazard.T) ** _LENGTH[:, None]
    come = np.empty_like(stays)
    # In the last class everything goes the way that what went in it went; none went: we do not know of any loss.
    come[-1] = cash[-1]
    for column in range(_LENGTH.size - 2, -1, -1):
        come[column] = cash[column] + stays[column] * (come[column + 1] - cash[column])
    return come.T


def expect(known: Debts, behaviour: Behaviour, disputed: NDArray[np.bool_]) -> Expected:
    """Carry every open item forward, day by day, from the age it has; `disputed` as in `learn`."""
    rows = known.open
    group = np.searchsorted(behaviour.groups, known.customer[rows])
    group += behaviour.groups.size * disputed[known.rows[rows]]
    age = known.day - known.due[rows]
    base, hazard = group * _LENGTH.size, behaviour.hazard.ravel()
    left = known.balance[rows].copy()
    weeks, lost = np.zeros((WEEKS, rows.size)), np.zeros(rows.size)
    for ahead in range(1, HORIZON + 1):
        column = _class_of(age + ahead)
        gone = left * hazard[base + column]
        cash = gone * behaviour.cash[column]
        weeks[(ahead - 1) // WEEK] += cash
        lost += gone - cash
        left -= gone
    # From where it is in its class then: what is left of that class, and the classes after it.
    column = _class_of(age + HORIZON + 1)
    remaining = (EDGES[column + 1] - (age + HORIZON + 1)).clip(0, _LENGTH[column])
    after = behaviour.eventual.ravel()[base + np.minimum(column + 1, _LENGTH.size - 1)]
    stays = (1.0 - hazard[base + column]) ** remaining
    come = np.where(
        column == _LENGTH.size - 1, behaviour.cash[-1], (1.0 - stays) * behaviour.cash[column] + stays * after
    )
    return Expected(weeks, left * come, lost + left * (1.0 - come))


def with_promises(known: Debts, expected: Expected, promised_for: Ints, promised: Floats) -> tuple[Expected, Floats]:
    """Move what is promised to the week it is promised for, and return it by week and item too.

    `promised_for` is NO_DATE without a promise, `promised` the amount, both in the order of `Debts.open`; a
    promised day that has just passed counts for tomorrow. More than is open cannot be promised.
    """
    balance = known.balance[known.open]
    amount = np.where(promised_for == NO_DATE, 0.0, np.minimum(promised, balance))
    rest = 1.0 - amount / balance
    weeks, later = by_day(known, promised_for, amount)
    moved = Expected(expected.weeks * rest + weeks, expected.later * rest + later, expected.lost * rest)
    return moved, weeks


def by_day(known: Debts, pays: Ints, amount: Floats) -> tuple[Floats, Floats]:
    """Put whole amounts into the weeks of given days [week, item], and what falls after them beside it."""
    week = (np.maximum(pays, known.day + 1) - known.day - 1) // WEEK
    weeks = np.where(week == np.arange(WEEKS)[:, None], amount, 0.0)
    return weeks, np.where(week >= WEEKS, amount, 0.0)


def _across(weeks: Floats) -> Floats:
    """Sum over the items."""
    total: Floats = weeks.sum(axis=1)
    return total


def on_due_dates(known: Debts) -> Floats:
    """Cash by week if everybody paid on the due date, and what is overdue at once: the naive forecast."""
    weeks, _ = by_day(known, known.due[known.open], known.balance[known.open])
    return _across(weeks)


def average_delay(ledger: Ledger, known: Debts, worth: Floats) -> float:
    """Average days from due to payment, weighted by amount, of all cash up to the day; early counts as negative."""
    arrays = ledger.arrays
    due = np.full(arrays.face.size, int(NO_DATE), np.int64)
    due[known.rows] = known.due
    due = due[arrays.receipt_item]
    cash = (due != NO_DATE) & (arrays.receipt_date <= known.day) & (arrays.receipt_kinds == _CASH)
    money = arrays.receipt_amount[cash] * worth[arrays.receipt_item[cash]]
    return float((money * (arrays.receipt_date[cash] - due[cash])).sum() / money.sum()) if money.sum() > 0 else 0.0


def at_average_delay(ledger: Ledger, known: Debts, worth: Floats) -> Floats:
    """Cash by week if everybody paid with the average delay, and what is later than that at once: naive too."""
    delay = round(average_delay(ledger, known, worth))
    weeks, _ = by_day(known, known.due[known.open] + delay, known.balance[known.open])
    return _across(weeks)


def came(ledger: Ledger, known: Debts, worth: Floats) -> Floats:
    """Cash by week that was received, in the eight weeks after, on the items then open."""
    arrays = ledger.arrays
    was_open = np.zeros(arrays.face.size, bool)
    was_open[known.rows[known.open]] = True
    ahead = arrays.receipt_date.astype(np.int64) - known.day
    counted = was_open[arrays.receipt_item] & (ahead > 0) & (ahead <= HORIZON)
    counted &= arrays.receipt_kinds == _CASH
    money = arrays.receipt_amount[counted] * worth[arrays.receipt_item[counted]]
    return _sum((ahead[counted] - 1) // WEEK, money, WEEKS)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A forecast made as of a past month end with what was known then, beside what came; all by week."""

    day: int
    payments: int
    """How many payments it learned from."""
    received: Floats
    forecast: Floats
    on_due_dates: Floats
    at_average_delay: Floats


def back_test(
    ledger: Ledger,
    day: int,
    worth: Floats,
    disputed: Callable[[int], NDArray[np.bool_]],
    *,
    settings: Settings = Settings(),  # noqa: B008 - frozen, holds defaults only
    trials: int = 3,
) -> tuple[Trial, ...]:
    """Return the trials of the last month ends whose eight weeks are over on `day`, the oldest first.

    `disputed` says what was known of disputes on a day. Month ends at which too few payments were known to
    forecast anything, or something was open that cannot be converted, are left out.
    """
    _, ends, _ = period_ends(known_from(ledger), day, settings)
    made = []
    for end in ends[ends + HORIZON <= day][-trials:].tolist():
        known, odd = debts(ledger, end, worth), disputed(end)
        behaviour = learn(ledger, known, worth, odd)
        if not behaviour.known or np.isnan(worth[ledger.arrays.balances(end) != 0]).any():
            continue
        made.append(
            Trial(
                day=end,
                payments=behaviour.payments,
                received=came(ledger, known, worth),
                forecast=_across(expect(known, behaviour, odd).weeks),
                on_due_dates=on_due_dates(known),
                at_average_delay=at_average_delay(ledger, known, worth),
            )
        )
    return tuple(made)


def error(trials: Sequence[Trial], forecasts: Sequence[Floats]) -> float:
    """Return the sum of the absolute errors of the weeks over the sum of what came; NaN where nothing came."""
    received = np.array([trial.received for trial in trials])
    whole = float(received.sum())
    return float(np.abs(np.array(forecasts) - received).sum()) / whole if whole > 0 else float("nan")


def band(trials: Sequence[Trial], expected: Floats) -> tuple[Floats, Floats] | None:
    """Return the low and high of expected amounts, between which eight weeks in ten of the trials lay.

    None without trials. Payments come one by one, so the error of a week grows as the root of what is expected
    of it: so it is measured, and so it is applied. Nothing is lower than zero.
    """
    pairs = [(trial.received, trial.forecast) for trial in trials]
    errors = [(cash - said) / said**0.5 for pair in pairs for cash, said in zip(*pair, strict=True) if said > 0]
    if not errors:
        return None
    low, high = np.quantile(errors, BAND, method="weibull")
    root = np.sqrt(expected)
    return np.maximum(expected + min(float(low), 0.0) * root, 0.0), expected + max(float(high), 0.0) * root
