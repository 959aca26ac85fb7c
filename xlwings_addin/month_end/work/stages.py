"""Which stage of reminding, and which step of escalation, an item has reached: a rule of its days past due alone.

Always the latest stage: whoever was forgotten at +3 and +7 gets one letter at +7, not two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Stage:
    """One rung of the ladder: reached `day` days after the due date, before it where negative."""

    day: int
    step: int
    """Steps of escalation reached by then; 0 while a friendly reminder will do."""

    @property
    def firm(self) -> bool:
        """Whether the firm text replaces the reminder: from the first step of escalation on."""
        return self.step > 0

    @property
    def word(self) -> str:
        """Its name: `due-1`, `due`, `+3`, and `+14 firm` where the firm text is due."""
        name = f"due{self.day}" if self.day < 0 else f"+{self.day}" if self.day else "due"
        return f"{name} firm" if self.firm else name


def ladder(reminder_days: Sequence[int], escalation_days: Sequence[int]) -> tuple[Stage, ...]:
    """Return the stages from first to last: every day of a reminder and every day of an escalation, once."""
    days = sorted({*reminder_days, *escalation_days})
    return tuple(Stage(day, sum(step <= day for step in escalation_days)) for day in days)


def places(days_past_due: ArrayLike, stages: Sequence[Stage]) -> NDArray[np.intp]:
    """Return the place of the latest stage reached, item by item; -1 before the first, or without a due date."""
    late = np.asarray(days_past_due, np.int64)
    return np.searchsorted(np.array([stage.day for stage in stages], np.int64), late, side="right") - 1


def stage_due(days_past_due: int | None, reminder_days: Sequence[int], escalation_days: Sequence[int]) -> Stage | None:
    """Return the latest stage that an item has reached; None before the first, or without a due date."""
    if days_past_due is None:
        return None
    stages = ladder(reminder_days, escalation_days)
    place = int(places(days_past_due, stages))
    return stages[place] if place >= 0 else None


def escalation_steps(days_past_due: ArrayLike, escalation_days: Sequence[int]) -> NDArray[np.intp]:
    """Return how many steps of escalation each item has reached: 0 is none."""
    late = np.asarray(days_past_due, np.int64)
    return np.searchsorted(np.array(sorted(set(escalation_days)), np.int64), late, side="right")
