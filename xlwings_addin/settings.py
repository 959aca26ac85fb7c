"""What a finance team decides once: company, buckets, targets, thresholds. Every default lives here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `currency` is worth in units of the base currency from `date` (ISO text) on.

    Errors: none here; an invalid date raises ValueError where the rate is first needed.
    """

    currency: str
    date: str
    rate: float


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices behind every figure; the Settings sheet shows and stores them.

    Amounts are in whole units of the base currency, shares and rates are fractions (8 % is 0.08), terms and limits of
    time are in calendar days. `dataclasses.replace` changes some of them.

    Errors: TypeError for a choice that does not exist. Values are not checked here: give those the sheet would take.
    """

    company: str = ""
    base_currency: str = ""
    rates: tuple[Rate, ...] = ()
    bucket_edges: tuple[int, ...] = (30, 60, 90)
    aging_basis: Literal["due date", "document date"] = "due date"
    credits: Literal["own column", "by own date", "against oldest"] = "own column"
    dso_window: Literal[1, 3, 12] = 1
    seasonality_threshold: float = 0.2
    """Spread (standard deviation / mean) of a year's monthly sales above which countback DSO is to be trusted."""
    target_dso: float = 45.0
    target_cei: float = 0.85
    """Lower end of the usual target band of 85-95 %."""
    stretch_cei: float = 0.95
    target_ddso: float = 10.0
    benchmark_dso: float | None = None
    cost_of_capital: float = 0.08
    standard_terms: str = "Net 30"
    gl_control_total: float | None = None
    top_customers: int = 20
    reminder_days: tuple[int, ...] = (-1, 0, 3, 7, 14)
    """Days from the due date on which a reminder falls due; from the first escalation on the firm text is sent."""
    escalation_days: tuple[int, ...] = (14, 30)
    """Days past due from which an item is escalated, step by step."""
    promise_grace: int = 2
    """Days after the promised date before a promise counts as broken: money takes its time."""
    daily_touch: int = 10
    """So many of the largest overdue accounts are touched every day."""
    finance_departments: str = "Finance, Accounting, Accounts receivable"
    head_of_finance: str = ""
    hour_weekday: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] = "Tuesday"
    hour_time: str = "10:00"
    hour_attendees: str = "Finance, Accounting, Sales, Customer success"
    exposure_full: float = 1_000_000.0
    """Overdue balance of an account, in the base currency, that counts 100 points of exposure."""
    weight_exposure: float = 3.0
    weight_age: float = 3.0
    weight_behaviour: float = 2.0
    weight_promises: float = 2.0
    weight_contact: float = 1.0
    weight_importance: float = 1.0
    signal_dso_rise: float = 0.10
    signal_sales_flat: float = 0.05
    signal_ddso_rise: float = 0.10
    signal_dso_steady: float = 0.03
    signal_cei: float = 0.85
    signal_cei_months: int = 3
    signal_over_60: float = 0.15
    signal_new_customers: int = 5
    signal_new_days: int = 180
    signal_contact_days: int = 365
    signal_first_contact_days: int = 7
    signal_off_terms: float = 0.10
    signal_month_end_share: float = 0.25
    signal_without_papers: float = 0.05
    signal_concentration: float = 0.50
    signal_roll_rate: float = 0.50
    periods: tuple[str, ...] = field(default=())
    """Period ends (ISO) when they are not calendar month ends: 4-4-5 or fiscal calendars."""


def chosen(settings: Settings, base_currency: str, rates: Sequence[Rate]) -> Settings:
    """Return settings in which a base currency and rates, where given, win over those there are."""
    named = {rate.currency for rate in rates}
    kept = (rate for rate in settings.rates if rate.currency not in named)
    return replace(settings, base_currency=base_currency or settings.base_currency, rates=(*kept, *rates))
