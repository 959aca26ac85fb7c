"""What a finance team decides once: company, buckets, targets, thresholds. Every default lives here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` in the base currency from `date` (ISO text) on."""

    currency: str
    date: str
    rate: float


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices behind every figure; the Settings sheet shows and stores them."""

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
    periods: tuple[str, ...] = field(default=())
    """Period ends (ISO) when they are not calendar month ends: 4-4-5 or fiscal calendars."""
