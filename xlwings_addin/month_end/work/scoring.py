"""The score behind the worklist: what is at stake, raised by parts of 0 to 100 points times the weights of Settings.

Raising the age or the amount of something owed lowers no part, so that nothing owed longer or higher stands lower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.sheets.collections import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.typed import Customer
    from xlwings_addin.settings import Settings

Floats = NDArray[np.float64]

FULL_AGE: Final = 180
"""Days past due that count 100 points."""
FULL_DELAY: Final = 60
"""Average days of delay that count 100 points."""
A_BROKEN_PROMISE: Final = 34
LOOK_BACK: Final = 365
"""Days over which payment behaviour and promises are looked at."""
NO_PHONE, NO_EMAIL, UNCONFIRMED = 50, 20, 30

_WORDS: Final = {
    "strategic": 100, "key": 100, "critical": 100, "vip": 100, "very high": 100, "high": 75, "important": 75,
    "medium": 50, "normal": 50, "standard": 50, "average": 50, "low": 25, "minor": 0, "very low": 0, "none": 0,
}  # fmt: skip
_TIERS: Final = {
    "a": 100, "b": 67, "c": 33, "d": 0, "1": 100, "2": 67, "3": 33, "4": 0,
    "platinum": 100, "gold": 75, "silver": 50, "bronze": 25,
}  # fmt: skip


def exposure(at_stake: Floats, full: float | None) -> Floats:
    """Points of amounts: 100 at the full exposure, the largest of them where none is named; NaN stays NaN."""
    known = at_stake[~np.isnan(at_stake)]
    whole = full or known.max(initial=0.0)
    return np.clip(at_stake / whole * 100, 0, 100) if whole else np.where(np.isnan(at_stake), np.nan, 0.0)


def age(oldest: Floats) -> Floats:
    """Points of days past due."""
    return np.clip(oldest / FULL_AGE * 100, 0, 100)


def behaviour(delay: Floats) -> Floats:
    """Points of average days of delay; NaN, no history, stays NaN."""
    return np.clip(delay / FULL_DELAY * 100, 0, 100)


def broken(count: Floats) -> Floats:
    """Points of promises that were not kept."""
    return np.minimum(count * A_BROKEN_PROMISE, 100)


def contact(customer: Customer, *, unconfirmed: bool) -> float:
    """Points of a contact that is missing or doubtful."""
    return (
        (0 if customer.contact_phone else NO_PHONE)
        + (0 if customer.contact_email else NO_EMAIL)
        + (UNCONFIRMED if unconfirmed else 0)
    )


def importance(customer: Customer) -> float:
    """Points of how much a customer matters: 1 to 5, a word, else the tier; NaN where nobody said."""
    said = customer.importance.strip().lower()
    try:
        return min(max((float(said) - 1) * 25, 0.0), 100.0)
    except ValueError:
        pass
    tier = customer.tier.strip().lower().removeprefix("tier ")
    return float(_WORDS.get(said, _TIERS.get(said, _TIERS.get(tier, np.nan))))


def filled(points: Floats, decimals: int = 0) -> Floats:
    """Points as they are shown; what is not known counts as the average of what is, 0 where nothing is."""
    known = ~np.isnan(points)
    rounded = _rounded(points, decimals)
    # The average of what is shown: of finer figures it might rise while the account that raised it stays.
    average = _rounded(rounded[known].mean(keepdims=True), decimals)[0] if known.any() else 0.0
    return np.where(known, rounded, average)


def _rounded(points: Floats, decimals: int) -> Floats:
    shown: Floats = np.floor(points * 10**decimals + 0.5) / 10**decimals
    return shown


def score(settings: Settings, parts: Mapping[str, Floats]) -> Floats:
    """The exposure points, raised by the others times their weights, in the order of the sheet's formula."""
    others = 100 * settings.weight_exposure * np.ones(parts["exposure"].size)
    for part in PARTS:
        if part != "exposure":
            others = others + getattr(settings, f"weight_{part}") * parts[part]
    found: Floats = parts["exposure"] / 100 * others
    return found


def delays(ledger: Ledger, day: int) -> Floats:
    """Average days from due date to payment, by customer (in the order of `Arrays.segment`); NaN without any.

    Of the debit items settled in the last year, to the last cash that came of each; what was credited or written off
    tells nothing of when a customer pays. Early is negative.
    """
    customers = ledger.arrays.segment("customer_id")
    size = len(customers.keys)
    if not ledger.has_history:
        return np.full(size, np.nan)
    arrays, paid = ledger.arrays, ledger.arrays.paid_on(day)
    counted = (paid != NO_DATE) & (paid > day - LOOK_BACK) & (arrays.due_date != NO_DATE)
    who = customers.codes[counted]
    late = paid[counted].astype(np.float64) - arrays.due_date[counted]
    number = np.bincount(who, minlength=size)
    with np.errstate(invalid="ignore"):
        return np.where(number > 0, np.bincount(who, late, size) / np.maximum(number, 1), np.nan)
