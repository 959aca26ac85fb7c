"""Which stage of reminding, and with it which step of escalation, days past due have reached: a rule of these alone.

Always the latest stage: whoever was forgotten at +3 and +7 gets one letter at +7, not two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def stage_of(days_past_due: int | None, stages: Sequence[Stage]) -> Stage | None:
    """Return the latest of the stages that these days have reached; None before the first, or without a due date."""
    if days_past_due is None:
        return None
    return next((stage for stage in reversed(stages) if stage.day <= days_past_due), None)
