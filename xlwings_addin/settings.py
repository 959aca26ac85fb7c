"""What a finance team decides once: company, buckets, targets, thresholds. Everything about a setting stands here."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

LIMITS = {
    "money": 1e15, "money in base": 1e15, "money0": 1e15, "count": 1e9, "days": 1e5, "day count": 1e5,
    "percent": 1e3, "fine percent": 1e3, "ratio": 1e6, "rate": 1e9,
}  # fmt: skip
"""What a typed number of a style is never above, nor its negative below: beyond it sums lose their cents."""
LEAST = 1e-9
"""What a typed number that is not 0 is never nearer to it: beyond it a division has no result."""


def is_usual(value: float, style: str) -> bool:
    """Whether a typed number can be calculated with; none that is infinite can, whatever its style."""
    return abs(value) <= LIMITS.get(style, sys.float_info.max) and (value == 0 or abs(value) >= LEAST)


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `currency` is worth in units of the base currency from `date` (ISO text) on.

    Errors: none here; an invalid date raises ValueError where the rate is first needed.
    """

    currency: str
    date: str
    rate: float


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell of a setting on the Settings sheet: what it is called, how it reads, what it means."""

    label: str
    style: str = "text"
    note: str = ""
    least: float | None = None
    """What a number must not be below."""
    choices: tuple[str, ...] = ()
    """What may be chosen, where its type says so."""
    after: str = ""
    """The setting it stands beneath, where that is not the one declared before it."""


def setting(
    default: T, label: str, style: str = "text", note: str = "", *, least: float | None = None, after: str = ""
) -> T:
    """Declare a setting that has a cell."""
    return field(default=default, metadata={"cell": Cell(label, style, note, least, after=after)})


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices behind every figure; the Settings sheet shows and stores them.

    Amounts are in whole units of the base currency, shares and rates are fractions (8 % is 0.08), terms and limits of
    time are in calendar days. `dataclasses.replace` changes some of them.

    Errors: TypeError for a choice that does not exist. Values are not checked here: give those the sheet would take.

    Their order goes into the fingerprint of a refresh, by which the log knows one that changes nothing.
    """

    company: str = setting("", "Company")
    base_currency: str = setting(
        "", "Base currency", note="ISO code, such as EUR. Other currencies are converted at the rates below."
    )
    rates: tuple[Rate, ...] = ()
    bucket_edges: tuple[int, ...] = setting(
        (30, 60, 90),
        "Aging buckets (days)",
        note="Upper edges, each inclusive: 30, 60, 90 gives 1-30, 31-60, 61-90, 90+.",
        least=1,
    )
    aging_basis: Literal["due date", "document date"] = setting("due date", "Age from")
    credits: Literal["own column", "by own date", "against oldest"] = setting(
        "own column",
        "Credits and unapplied cash",
        note="Shown in a column of their own, aged by their own date, or set against the oldest items.",
    )
    dso_window: Literal[1, 3, 12] = setting(
        1, "DSO window (months)", "day count", "Sales of how many months DSO divides by."
    )
    seasonality_threshold: float = setting(
        0.2,
        "Seasonal sales from",
        "percent",
        "Spread of the last 12 months' sales above which countback DSO is the one to trust.",
    )
    target_dso: float = setting(45.0, "Target DSO (days)", "days")
    target_cei: float = setting(0.85, "Target CEI, lower", "percent", "85-95 % is the usual band.")
    stretch_cei: float = setting(0.95, "Target CEI, upper", "percent")
    target_ddso: float = setting(10.0, "Target DDSO (days)", "days")
    benchmark_dso: float | None = setting(
        None, "Peer benchmark DSO (days)", "days", "From your industry's survey; blank where you have none."
    )
    cost_of_capital: float = setting(0.08, "Cost of capital, a year", "percent")
    standard_terms: str = setting("Net 30", "Standard terms", after="base_currency")
    gl_control_total: float | None = setting(
        None,
        "General-ledger control total",
        "money",
        "Receivables in the general ledger at the as-of date; Checks compares it with the aging.",
        after="standard_terms",
    )
    top_customers: int = setting(20, "Top customers shown", "day count")
    reminder_days: tuple[int, ...] = setting(
        (-1, 0, 3, 7, 14),
        "Reminders (days from due)",
        note="-1 is the day before the due date; a reminder falls due on each of these days.",
    )
    escalation_days: tuple[int, ...] = setting(
        (14, 30),
        "Escalation (days past due)",
        note="From the first of these on the firm letter replaces the reminder.",
        least=1,
    )
    minimum_reminder: float | None = setting(
        None,
        "Minimum for a reminder",
        "money0",
        "In the base currency: an account is reminded of no less. Blank: 0.005 % of receivables, 10 at least.",
        least=0,
    )
    minimum_escalation: float | None = setting(
        None,
        "Minimum for an escalation",
        "money0",
        "What is so late must reach it, or the step and the 90+ tier wait. Blank: 0.02 % of receivables, 10 at least.",
        least=0,
    )
    minimum_letter: float | None = setting(
        None, "Minimum for a letter to an executive", "money0", "Blank: 0.1 % of receivables, 10 at least.", least=0
    )
    letter_gap: int = setting(
        3, "Days between two reminders", "day count", "An account is not written to again before.", least=0
    )
    promise_grace: int = setting(
        2,
        "Grace for promises (days)",
        "day count",
        "Days after the promised date before a promise counts as broken.",
    )
    daily_touch: int = setting(10, "Accounts touched daily", "day count", "This many of the largest overdue accounts.")
    finance_departments: str = setting(
        "Finance, Accounting, Accounts receivable",
        "Departments of Finance",
        note="Owners of accounts should belong to one of these.",
    )
    head_of_finance: str = setting("", "Head of finance", note="Who calls the top accounts.")
    hour_weekday: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] = setting(
        "Tuesday", "Collections hour, day"
    )
    hour_time: str = setting("10:00", "Collections hour, time", note="Hours and minutes, 10:00 for example.")
    hour_attendees: str = setting("Finance, Accounting, Sales, Customer success", "Collections hour, attendees")
    exposure_full: float | None = setting(
        None,
        "Full exposure",
        "money0",
        "At stake in an account that counts 100 points. Blank: as much as the largest account has.",
        least=0,
        after="weight_importance",
    )
    weight_exposure: float = setting(
        10.0, "Exposure", "ratio", "The more, the closer the order is to that of the amounts at stake.", least=0
    )
    weight_age: float = setting(3.0, "Age", "ratio", "How long the item is past due.", least=0)
    weight_behaviour: float = setting(
        2.0, "Payment behaviour", "ratio", "How late the customer pays as a rule.", least=0
    )
    weight_promises: float = setting(2.0, "Broken promises", "ratio", least=0)
    weight_contact: float = setting(1.0, "Missing contact", "ratio", least=0)
    weight_importance: float = setting(1.0, "Importance", "ratio", "How much the customer matters.", least=0)
    signal_dso_rise: float = setting(0.10, "DSO up on the year by", "percent")
    signal_sales_flat: float = setting(0.05, "while sales move by at most", "percent")
    signal_ddso_rise: float = setting(0.10, "DDSO up over three months by", "percent")
    signal_dso_steady: float = setting(0.03, "while DSO moves by at most", "percent")
    signal_cei: float = setting(0.85, "CEI under", "percent")
    signal_cei_months: int = setting(3, "for this many months", "day count")
    signal_over_60: float = setting(0.15, "Share over 60 days past due", "percent")
    signal_new_customers: int = setting(5, "New among the top customers", "day count")
    signal_new_days: int = setting(180, "New: first invoice within (days)", "day count")
    signal_contact_days: int = setting(365, "Contact not confirmed for (days)", "day count")
    signal_first_contact_days: int = setting(
        7, "First contact later than (days)", "day count", "Days past due at which somebody should have called."
    )
    signal_off_terms: float = setting(0.10, "Items off standard terms", "percent")
    signal_month_end_share: float = setting(0.25, "Billed in the last two days", "percent", "Share of a month's sales.")
    signal_without_papers: float = setting(0.05, "Invoices without PO or delivery", "percent")
    signal_concentration: float = setting(0.50, "Share of the top customers", "percent")
    signal_roll_rate: float = setting(0.50, "Share that rolls to the next bucket", "percent")
    periods: tuple[str, ...] = ()
    """Period ends (ISO) when they are not calendar month ends: 4-4-5 or fiscal calendars."""
    signal_material: float = setting(
        0.10,
        "Money that is worth acting on",
        "percent",
        "Part of receivables, or of what is overdue: a signal that counts accounts or documents says Act from here on.",
        after="signal_roll_rate",
    )


def _cells() -> dict[str, Cell]:
    types, cells, order = get_type_hints(Settings), {}, list[str]()
    for one in fields(Settings):
        if "cell" in one.metadata:
            cell: Cell = one.metadata["cell"]
            chosen = get_args(types[one.name]) if get_origin(types[one.name]) is Literal else ()
            cells[one.name] = replace(cell, choices=tuple(map(str, chosen)))
            order.append(one.name)
    for name, cell in cells.items():
        if cell.after:
            order.remove(name)
            order.insert(order.index(cell.after) + 1, name)
    return {name: cells[name] for name in order}


CELLS = _cells()
"""The cells in the order of the sheet, by the name of the setting and of the cell."""


EVER = "1970-01-01"
"""From when on a rate stands that is the only one known of its currency."""


def chosen(settings: Settings, base_currency: str, rates: Sequence[Rate]) -> Settings:
    """Return settings in which a base currency and the rates of a closing, where given, win over those there are.

    A rate counts from its date on, that of the closing; earlier and later ones stay, so that closed months keep theirs.
    The first of a currency stands for the days before, too; given again for the same closing, it does so again.
    """
    known = list(settings.rates)
    for rate in rates:
        own = [one for one in known if one.currency == rate.currency]
        before = [one for one in own if one.date < rate.date]
        again = [replace(one, date=EVER) for one in own if one.date == rate.date]
        if not before or before == again:
            before = [replace(rate, date=EVER)]
        later = [one for one in own if one.date > rate.date]
        known = [*(one for one in known if one.currency != rate.currency), *before, rate, *later]
    return replace(settings, base_currency=base_currency or settings.base_currency, rates=tuple(known))
