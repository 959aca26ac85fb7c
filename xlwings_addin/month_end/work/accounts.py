"""The accounts behind the worklist: how they stand, what counts for them, in which order they come and why."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.wording import amount, count
from xlwings_addin.month_end.work import contacts, dunning, scoring
from xlwings_addin.month_end.work.answers import Answers
from xlwings_addin.month_end.work.dunning import NOT_YET, Minimums, Standing
from xlwings_addin.month_end.work.item_rows import item_keys
from xlwings_addin.month_end.work.owed import Item
from xlwings_addin.month_end.work.promises import FAILED
from xlwings_addin.sheets.collections import PARTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.typed import Customer
    from xlwings_addin.month_end.work.contacts import FirstContact
    from xlwings_addin.month_end.work.promises import Promise
    from xlwings_addin.settings import Settings

FIRST: Final = 30
"""Accounts that one person gets through: how well the order does is measured on them."""
_BECAUSE: Final = {
    "age": "what it owes is older",
    "behaviour": "it pays later",
    "promises": "it broke promises",
    "contact": "a contact is missing",
    "importance": "it matters more",
}


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """What the worklist knows of a customer; money in the base currency."""

    customer: Customer
    standing: Standing
    gross: float | None
    """Overdue as on the sheet Aging; None where a rate is missing."""
    stake: float
    """What is at stake as far as the order goes: 0 where nothing is due, NaN where it is not known."""
    parts: Mapping[str, float]
    score: float
    delay: float
    """Days late on average, NaN without a history."""
    failed: int
    """Promises not kept in the last year."""
    daily: bool
    first: FirstContact | None
    """None where it is not overdue."""

    @property
    def untouched(self) -> bool:
        """Overdue, and nobody has made contact since."""
        return self.first is not None and self.first.after is None

    @property
    def overdue(self) -> float | None:
        """Net overdue; None where a rate is missing."""
        return self.standing.net_overdue if math.isfinite(self.standing.net_overdue) else None

    @property
    def oldest(self) -> int:
        """Days past due of at least the minimum of a reminder, 0 where less is overdue."""
        return max(self.standing.late, 0)

    @property
    def tier(self) -> str:
        """Whether enough is over 90 days past due, or nothing is due at all."""
        return "yes" if self.standing.over_90 else "no" if self.standing.listed else NOTHING_DUE

    @property
    def place(self) -> tuple[Any, ...]:
        """What the accounts are sorted by: no part of it falls when something owed grows older or larger."""
        # What cannot be converted may be large: it is infinite.
        return (-self.score, -self.standing.net_overdue, -self.oldest, self.customer.id)


NOTHING_DUE: Final = "nothing due"


def standings(closing: Closing) -> tuple[Mapping[str, Standing], Minimums]:
    """Return how every customer with open debit items stands as of the day, and the minimums that counts by."""
    least = dunning.minimums(closing.settings, receivables(closing))
    answers = Answers(closing.activities, closing.worked, closing.settings, closing.day)
    return dunning.standings(_items(closing), answers, closing.settings, least), least


def receivables(closing: Closing) -> float:
    """What is open in the base currency, what has no rate left out."""
    return float(np.nansum(closing.in_base(closing.open.amount)))


def _items(closing: Closing) -> Iterable[Item]:
    """Return the open debit items of the day."""
    opened, arrays, items = closing.open, closing.ledger.arrays, closing.ledger.items
    debit = np.flatnonzero(opened.amount > 0)
    rows = opened.rows[debit]
    names = ("customer_name", "currency", "disputed", "dispute_code")
    said = [items[name].take(rows).tolist() for name in names]
    dates = [arrays.document_date[rows], arrays.due_date[rows], items["promise_date"].to_numpy(np.int32)[rows]]
    amounts = [opened.amount[debit], closing.to_pay.left[debit], closing.to_pay.proposed[debit]]
    columns = [debit, *dates, *amounts, np.log10(closing.scale[rows]).round(), closing.item_rate[rows]]
    for key, name, currency, disputed, code, place, dated, due, promised, owed, net, proposed, digits, rate in zip(
        item_keys(closing.ledger, rows), *said, *(column.tolist() for column in columns), strict=True
    ):
        yield Item(
            place=place,
            key=key,
            customer_name=name,
            document_date=_date(dated),
            due=_date(due),
            currency=currency,
            amount=owed,
            days=None if due == NO_DATE else closing.day - due,
            covered=owed - net,
            proposed=proposed,
            worth=dunning.worth(net, int(digits), None if math.isnan(rate) else rate),
            disputed=disputed == "yes",
            dispute_code=code,
            promise_date=_date(promised),
        )


def _date(day: int) -> int | None:
    return None if day == NO_DATE else day


# ---------------------------------------------------------------- what counts


def accounts(
    closing: Closing,
    standing: Mapping[str, Standing],
    judged: Iterable[Promise],
    first: Mapping[str, FirstContact],
    listed: Collection[str],
) -> dict[str, Account]:
    """Return the accounts that have an item on the list or are among the largest, by number."""
    names = closing.ledger.arrays.segment("customer_id").keys
    people = [closing.customers[name] for name in names]
    stands = [standing.get(name, _NOTHING) for name in names]
    net = np.array([one.net_overdue if one.is_overdue else 0.0 for one in stands], np.float64)
    since = closing.day - scoring.LOOK_BACK
    failed = Counter(one.customer for one in judged if one.state in FAILED and one.for_date > since)
    delays = scoring.delays(closing.ledger, closing.day)
    stake = np.array([one.at_stake if one.listed else 0.0 for one in stands], np.float64)
    stake[np.isinf(stake)] = np.nan
    points = _points(closing, people, stands, stake, [failed[name] for name in names], delays)
    score = scoring.score(closing.settings, points)
    owing = np.flatnonzero(net > 0)
    # What cannot be converted is not among the largest: nobody knows how large it is.
    owing = owing[np.isfinite(net[owing])]
    largest = set(owing[np.argsort(-net[owing], kind="stable")][: closing.settings.daily_touch].tolist())
    gross = _gross(closing)
    return {
        one.id: Account(
            customer=one,
            standing=stands[i],
            gross=gross.get(one.id, 0.0),
            stake=float(stake[i]),
            parts={part: float(values[i]) for part, values in points.items()},
            score=float(score[i]),
            delay=float(delays[i]),
            failed=failed[one.id],
            daily=i in largest,
            first=first.get(one.id),
        )
        for i, one in enumerate(people)
        if i in largest or one.id in listed
    }


_NOTHING: Final = Standing(0.0, 0.0, NOT_YET, NOT_YET, NOT_YET, NOT_YET, None, letter=False, outcomes={})


def _gross(closing: Closing) -> dict[str, float | None]:
    """What each customer owes past due, as the sheet Aging has it: each currency's buckets at its rate."""
    aging = closing.aging
    scale = np.array([10.0**digits for digits in aging.digits])
    rates = np.array([np.nan if rate is None else rate for rate in aging.rates])
    late = aging.amounts[:, :, aging.overdue_columns].sum(axis=2)
    base = np.where(late == 0, 0.0, late / scale[:, None] * rates[:, None]).sum(axis=0)
    return {key: closing.known(float(value)) for key, value in zip(aging.keys, base.tolist(), strict=True)}


def _points(
    closing: Closing,
    people: Sequence[Customer],
    stands: Sequence[Standing],
    stake: NDArray[np.float64],
    failed: Sequence[int],
    delays: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """Return the points that each customer has in each part of the score."""
    confirmations = any(one.contact_confirmed is not None for one in people)
    contact = [
        scoring.contact(one, unconfirmed=confirmations and contacts.unconfirmed(closing.settings, one, closing.day))
        for one in people
    ]
    found = {
        "age": scoring.age(np.array([max(one.asked, 0) for one in stands], np.float64)),
        "behaviour": scoring.behaviour(delays),
        "promises": scoring.broken(np.array(failed, np.float64)),
        "contact": np.array(contact, np.float64),
        "importance": np.array([scoring.importance(one) for one in people], np.float64),
    }
    return {
        "exposure": scoring.filled(scoring.exposure(stake, closing.settings.exposure_full), 2),
        **{part: scoring.filled(values) for part, values in found.items()},
    }


# ---------------------------------------------------------------- why


def explained(ranked: Sequence[Account], settings: Settings) -> dict[str, str]:
    """Return why each account stands where it does, in a sentence, by number; `ranked` is their order.

    Where an account stands before one that has more at stake, it says for which of its parts.
    """
    by_stake = sorted(ranked, key=lambda one: (-one.standing.at_stake, one.customer.id))
    rank = {one.customer.id: i + 1 for i, one in enumerate(by_stake)}
    said: dict[str, str] = {}
    larger: Account | None = None
    for one in reversed(ranked):
        said[one.customer.id] = _facts(one, rank[one.customer.id], len(ranked)) + _before(one, larger, settings)
        if larger is None or one.standing.at_stake > larger.standing.at_stake:
            larger = one
    return said


def _facts(one: Account, rank: int, of: int) -> str:
    stake = one.standing.at_stake
    if one.tier == NOTHING_DUE:
        return "Nothing is due: listed for what was typed beside it."
    if not stake:
        owed = one.standing.net_overdue
        return (
            f"{_known(owed)} overdue, all of it disputed, promised or on a payment plan."
            if one.standing.is_overdue
            else "Nothing past due yet: falling due now."
        )
    parts = [
        f"{_known(stake)} at stake",
        f"{count(rank)} of {count(of)} by amount",
        f"{_days(one.standing.asked)} late" if one.standing.asked > 0 else "",
        f"pays {_days(round(one.delay))} late as a rule" if one.delay >= 1 else "",
        f"{count(one.failed)} {'promise' if one.failed == 1 else 'promises'} not kept" if one.failed else "",
    ]
    return ", ".join(filter(None, parts)) + "."


def _known(money: float) -> str:
    return "An unknown amount" if math.isinf(money) else amount(money)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{count(number)} days"


def _before(one: Account, larger: Account | None, settings: Settings) -> str:
    """Say why an account comes before the one with most at stake of those that come after it, if that has more."""
    if larger is None or larger.standing.at_stake <= one.standing.at_stake:
        return ""
    ahead = {part: getattr(settings, f"weight_{part}") * (one.parts[part] - larger.parts[part]) for part in PARTS}
    because = [
        _BECAUSE[part]
        for part in sorted(_BECAUSE, key=lambda part: -ahead[part])
        if ahead[part] > 0 and ahead[part] >= max(ahead.values()) / 2
    ]
    if not because:
        return ""
    return f" Before {larger.customer.name}, which has more at stake: {' and '.join(because)}."


def held_by_first(ranked: Sequence[Account]) -> tuple[float, float]:
    """Return what the first accounts hold at stake, and the most that as many accounts could hold."""
    stakes = [one.standing.at_stake for one in ranked if math.isfinite(one.standing.at_stake)]
    return sum(stakes[:FIRST]), sum(sorted(stakes, reverse=True)[:FIRST])
