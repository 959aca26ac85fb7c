"""What is due on an account, in proportion: one rule for the worklist, its calls and the reminders.

Credits not yet applied pay what they equal, then the oldest items; what the customer has answered is left alone; and
an account is as late as at least a minimum of what it owes is, not as late as its oldest cent.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from xlwings_addin.month_end.work.answers import shown
from xlwings_addin.month_end.work.stages import Stage, ladder, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.month_end.work.answers import Answers
    from xlwings_addin.month_end.work.owed import Item
    from xlwings_addin.settings import Settings

NOT_YET: Final = -(10**6)
"""Days past due of what has no due date, and of an account that owes less than a minimum."""
OVER_90: Final = 90
SHARES: Final = {"reminder": 0.00005, "escalation": 0.0002, "letter": 0.001}
"""The part of receivables that each minimum is, where Settings name none."""
LEAST: Final = 10
"""What no minimum is less than, in units of the base currency."""
State = Literal["due", "sent", "wait", "answered", "covered", "small", "undated", ""]
"""What becomes of an item: a reminder is due, was sent, has to wait for a later day; why none is; or not yet."""


class Minimums(NamedTuple):
    """Amounts in the base currency that are worth a reminder, a step of escalation, a letter to an executive."""

    reminder: float
    escalation: float
    letter: float


def minimums(settings: Settings, receivables: float) -> Minimums:
    """Return what Settings say, else a part of the receivables in two figures, 10 at least.

    >>> from xlwings_addin.settings import Settings
    >>> minimums(Settings(minimum_letter=500.0), 2_073_851.0)
    Minimums(reminder=100.0, escalation=410.0, letter=500.0)
    """
    found: list[float] = []
    for name, share in SHARES.items():
        said = getattr(settings, f"minimum_{name}")
        worth = max(receivables * share, LEAST) if math.isfinite(receivables) else LEAST
        figures = 10.0 ** (math.floor(math.log10(worth)) - 1)
        # A higher rung is worth no less than the one before it.
        found.append(max([round(worth / figures) * figures if said is None else float(said), *found[-1:]]))
    return Minimums(*found)


class Outcome(NamedTuple):
    """What is due on an item: the stage that its account gives it, what became of that, and why in words."""

    stage: Stage | None
    state: State
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """An account on a day, less its credits; money in the base currency, infinite where a rate is missing."""

    net_overdue: float
    at_stake: float
    """Of that, what is neither disputed nor promised nor on a plan."""
    late: int
    """Days past due of at least the minimum of a reminder; `NOT_YET` where it owes less."""
    asked: int
    """The same of what is at stake."""
    to_escalate: int
    """The same of the minimum of an escalation."""
    very_late: int
    """The same of the minimum of an escalation."""
    stage: Stage | None
    """The latest stage that enough of what nobody answered has reached."""
    letter: bool
    """Whether what has reached that stage is worth a letter to an executive."""
    outcomes: Mapping[int, Outcome]
    """By the places of its items."""

    @property
    def over_90(self) -> bool:
        """Whether enough of it is more than 90 days past due."""
        return self.very_late > OVER_90

    @property
    def is_overdue(self) -> bool:
        """Whether what is overdue, less credits, reaches the minimum of a reminder."""
        return self.late > 0

    @property
    def listed(self) -> bool:
        """Whether there is anything to do: it is overdue, or a reminder ahead of the due date is due."""
        return self.is_overdue or self.stage is not None


def worth(left: int, digits: int, rate: float | None) -> float:
    """Return minor units of a currency in the base currency; infinite where there is something and no rate."""
    return math.inf if rate is None and left else left / 10**digits * (rate or 0.0)


def standings(items: Iterable[Item], answers: Answers, settings: Settings, least: Minimums) -> dict[str, Standing]:
    """Return how each customer with open debit items stands, by number."""
    by_account: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_account[item.customer].append(item)
    stages = ladder(settings.reminder_days, settings.escalation_days)
    return {name: _standing(own, answers, least, stages) for name, own in by_account.items()}


def _standing(items: Sequence[Item], answers: Answers, least: Minimums, stages: Sequence[Stage]) -> Standing:
    answered = {item.place: said for item in items if (said := answers.given(item))}
    dated = sorted((item for item in items if item.days is not None), key=lambda one: -(one.days or 0))
    asked = [item for item in dated if item.place not in answered and not item.proposed]
    reminder, escalation, letter = (_late_by(asked, minimum) for minimum in least)
    stage = next((one for one in reversed(stages) if one.day <= (escalation if one.firm else reminder)), None)
    outcomes = {
        item.place: Outcome(None, "answered", answered[item.place])
        if item.place in answered
        else _outcome(item, stage, answers, stages, least.reminder)
        for item in items
    }
    _wait(items, outcomes, answers, least.reminder)
    return Standing(
        net_overdue=_overdue(items),
        at_stake=_overdue(asked),
        late=_late_by(dated, least.reminder),
        asked=reminder,
        to_escalate=escalation,
        very_late=_late_by(dated, least.escalation),
        stage=stage,
        letter=stage is not None and letter >= stage.day,
        outcomes=outcomes,
    )


def _overdue(items: Iterable[Item]) -> float:
    return sum(item.worth for item in items if (item.days or 0) > 0)


def _late_by(latest_first: Iterable[Item], minimum: float) -> int:
    """How late at least so much is: the most days past due at which what is that late or later reaches it."""
    owed = 0.0
    for item in latest_first:
        owed += item.worth
        if owed > 0 and owed >= minimum - 1e-9:
            return item.days or 0
    return NOT_YET


def _outcome(item: Item, stage: Stage | None, answers: Answers, stages: Sequence[Stage], minimum: float) -> Outcome:
    own = stage_of(item.days, stages)
    if item.due is not None and own is None:
        return Outcome(None, "", "")
    if item.proposed or not item.left:
        return Outcome(None, "covered", "covered by credits not yet applied")
    if own is None:
        return Outcome(None, "undated", "no due date")
    if stage is None:
        return Outcome(None, "small", _too_small(minimum))
    given = min(own, stage, key=lambda one: one.day)
    sent = answers.reminded(item, given)
    return Outcome(given, "sent" if sent else "due", sent)


def _too_small(minimum: float) -> str:
    return f"less than the minimum for a reminder ({minimum:,.0f})"


def _wait(items: Sequence[Item], outcomes: dict[int, Outcome], answers: Answers, minimum: float) -> None:
    """Put off what is due where the account was written to a moment ago, or where what is left to ask is too small."""
    due = [item for item in items if outcomes[item.place].state == "due"]
    again = answers.quiet_until(items[0].customer)
    small = sum(item.worth for item in due) < minimum - 1e-9
    for place in (item.place for item in due):
        if again is not None:
            outcomes[place] = outcomes[place]._replace(
                state="wait", reason=f"written to already: again from {shown(again)}"
            )
        elif small:
            outcomes[place] = outcomes[place]._replace(state="small", reason=_too_small(minimum))
