"""The texts of the Policies sheet with the choices of Settings in them, and which text is for which reminder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.work.stages import Stage, ladder
from xlwings_addin.sheets.collections import DISPUTE_CODES
from xlwings_addin.sheets.policies import (
    BEFORE,
    DISPUTES,
    EMAILS,
    FIRM,
    FIRST,
    LETTER,
    ON_DUE_DATE,
    PLACEHOLDERS,
    POLICIES,
    SECOND,
    Email,
)
from xlwings_addin.sheets.policies import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.settings import Settings

_BRACKETS = re.compile(r"\[([^\[\]\n]+)\]")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a reminder's text with its brackets filled in; what a value holds is not looked into again."""
    return _BRACKETS.sub(lambda found: values[_name(found[1])], text)


def placeholders(text: str) -> list[str]:
    """Return the names in a text's square brackets, in their order."""
    return [_name(found) for found in _BRACKETS.findall(text)]


def _name(written: str) -> str:
    return " ".join(written.lower().split())


def email_of(stage: Stage, stages: Sequence[Stage]) -> Email:
    """Return the text for a stage of the ladder: by the day, and firm from the first step of escalation on."""
    if stage.firm:
        return FIRM if stage.step == 1 else LETTER
    if stage.day <= 0:
        return BEFORE if stage.day < 0 else ON_DUE_DATE
    return FIRST if stage == next(one for one in stages if one.day > 0) else SECOND


def _use(email: Email, stages: Sequence[Stage]) -> str:
    """Return when a reminder is used, by the days in Settings."""
    days = [stage.day for stage in stages if email_of(stage, stages) is email]
    if not days:
        return f"Would be used {email.when}; Settings names no such day."
    when = _cadence(days)
    return f"{when[0].upper()}{when[1:]}.{_BESIDE.get(email.title, '')}"


_BESIDE: Final = {
    FIRM.title: " It replaces the friendly reminder; call accounts payable as well.",
    LETTER.title: (
        " To the executive counterpart, signed by the head of finance, once a reminder and a call are in Activity,"
        " enough is owed for one, and Customers has an e-mail address for them. Until then the firm reminder goes."
    ),
}


def _cadence(days: Sequence[int]) -> str:
    """Return days from the due date as a sentence has them: before it, on it, after it."""
    before, after = [day for day in days if day < 0], [day for day in days if day > 0]
    parts = [f"{_listed([str(-day) for day in before])} {_unit(before)} before the due date"] if before else []
    parts += ["on the due date"] if 0 in days else []
    parts += (
        [f"{_listed([str(day) for day in after])} {_unit(after)} after {'it' if parts else 'the due date'}"]
        if after
        else []
    )
    return ", ".join(parts[:-1]) + (", and " if len(parts) > 1 else "") + parts[-1]


def _unit(days: Sequence[int]) -> str:
    return "day" if len(days) == 1 and abs(days[0]) == 1 else "days"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


SETTINGS_SHOWN: Final[Mapping[str, Callable[[Settings], str]]] = {
    "company": lambda s: s.company or "[company]",
    "standard_terms": lambda s: s.standard_terms or "[standard terms]",
    "head_of_finance": lambda s: (
        f"{s.head_of_finance} (head of finance)" if s.head_of_finance else "the head of finance"
    ),
    "cost_of_capital": lambda s: f"{s.cost_of_capital:.1%}",
    "reminder_days": lambda s: _cadence(s.reminder_days),
    "promise_grace": lambda s: _days(s.promise_grace),
}  # fmt: skip
"""The choices of Settings that texts may name in braces -> how they read in a sentence."""

DERIVED: Final[Mapping[str, Callable[[Settings], str]]] = {
    "signed": lambda s: s.head_of_finance or "[head of finance]",
    "first_step": lambda s: f"+{s.escalation_days[0]}",
    "last_step": lambda s: f"+{s.escalation_days[-1]}",
    "month_of_credit": lambda s: f"{s.cost_of_capital * 30 / 365:.2%}",
}
"""What texts may name besides, made of those choices."""


def tables(settings: Settings) -> Filled:
    """Return the tables of the sheet Policies."""
    stages = ladder(settings.reminder_days, settings.escalation_days)
    emails = ({"title": email.title, "use": _use(email, stages), "text": email.text} for email in EMAILS)
    policies = (
        {"title": policy.title, "use": shown(policy.use, settings), "text": shown(policy.text, settings)}
        for policy in POLICIES
    )
    legend = (
        {"placeholder": f"[{name}]", "example": example, "meaning": meaning}
        for name, (example, meaning) in PLACEHOLDERS.items()
    )
    disputes = (
        {"code": code, "owner": f"{owner}, within {days} working days", "evidence": evidence}
        for code, (owner, evidence, days) in ((code, DISPUTES[code]) for code in DISPUTE_CODES)
    )
    return {
        "tblEmails": TableData.of(emails),
        "tblPlaceholders": TableData.of(legend),
        "tblPolicies": TableData.of(policies),
        "tblDisputeCodes": TableData.of(disputes),
    }, {}


def shown(text: str, settings: Settings) -> str:
    """Return a text with the choices of Settings filled in."""
    filled = {name: show(settings) for name, show in {**SETTINGS_SHOWN, **DERIVED}.items()}
    return text.format_map(filled)
