"""What clerks typed, as the rules take it: a date, an amount, a word; what it is not counts as not typed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.dates import BAD_DATE, readings
from xlwings_addin.ledger.days import day_number
from xlwings_addin.sheets.activity import KINDS
from xlwings_addin.sheets.collections import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONTACTS = frozenset(("call", "mail", "meeting", "reminder", "promise", "dispute", "payment plan"))
"""Kinds of activity in which somebody spoke or wrote to the customer."""
YES = frozenset(("yes", "y", "true", "x", "1", "ja", "oui", "si", "sí"))
NO = frozenset(("no", "n", "false", "0", "nein", "non"))


def day(value: Any) -> int | None:
    """Return a typed date in days since 1970; None where it is blank or no date."""
    if value is None or isinstance(value, bool) or value == "":
        return None
    if isinstance(value, datetime | date):
        return day_number(value)
    if isinstance(value, int | float):
        return int(value)
    try:
        return day_number(str(value).strip())
    except ValueError:
        return None


def amount(value: Any) -> float | None:
    """Return a typed amount; None where it is blank or no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(value: Any) -> str:
    """Return typed text without the blanks around it; "" where it is blank."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def yes(value: Any) -> bool | None:
    """Return a typed yes or no; a date says yes; None where it is neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return True
    word = text(value).lower()
    if word in YES:
        return True
    # A number is no date here: 0 says no, and 5 nothing.
    dated = isinstance(value, str) and not word.isdecimal() and bool(min(readings(word)) < BAD_DATE)
    return False if word in NO else dated or None


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of tblActivity. `row` counts from 0; a line without a readable date has none."""

    row: int
    date: int | None
    who: str
    customer: str
    document: str
    """Blank: about the whole account."""
    kind: str
    """One of KINDS, or what was typed."""
    channel: str
    outcome: str
    for_date: int | None
    """The day it is about: promised for, revisit on, held until."""
    amount: float | None

    @property
    def is_contact(self) -> bool:
        """Whether the customer was spoken or written to."""
        return self.kind in CONTACTS

    @classmethod
    def of(cls, row: int, cells: Mapping[str, Any]) -> Activity:
        """Take a stored row of tblActivity."""
        kind = text(cells["kind"])
        return cls(
            row,
            day(cells["date"]),
            text(cells["who"]),
            text(cells["customer_id"]),
            text(cells["document_no"]),
            next((known for known in KINDS if known == kind.lower()), kind),
            text(cells["channel"]),
            text(cells["outcome"]),
            day(cells["for_date"]),
            amount(cells["amount"]),
        )


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a customer: the customers' file, and what was typed on the Customers sheet, which wins."""

    id: str
    name: str
    group: str = ""
    region: str = ""
    tier: str = ""
    importance: str = ""
    owner: str = ""
    owner_department: str = ""
    agreed_terms: str = ""
    terms_approved_by: str = ""
    credit_limit: float | None = None
    billing_format: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    ap_contact: str = ""
    executive: str = ""
    contact_confirmed: int | None = None
    customer_since: int | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What a clerk typed beside one item of the worklist; amounts in the item's currency."""

    next_action: str = ""
    next_action_on: int | None = None
    ap_confirmed: bool | None = None
    promise_date: int | None = None
    promise_amount: float | None = None
    dispute_code: str = ""
    dispute_revisit: int | None = None
    hold_by: str = ""
    hold_on: int | None = None
    service: bool | None = None
    note: str = ""

    @classmethod
    def of(cls, cells: Mapping[str, Any]) -> Worked:
        """Take the typed cells of a row of tblWorklist, by heading."""
        typed = {column.key: cells.get(column.heading) for column in ENTRIES}
        return cls(**{name: read(typed[name]) for name, read in _READ.items()})


_BY_TYPE: Mapping[Any, Callable[[Any], Any]] = {
    "str": text, "int | None": day, "float | None": amount, "bool | None": yes,
}  # fmt: skip
_READ = {field.name: _BY_TYPE[field.type] for field in fields(Worked)}
