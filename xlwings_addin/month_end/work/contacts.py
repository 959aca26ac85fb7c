"""What Activity says about an item: its own lines and those about the whole account, in order of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlwings_addin.ledger.days import iso

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.typed import Activity, Customer
    from xlwings_addin.month_end.work.dunning import Standing
    from xlwings_addin.settings import Settings

TALKS = frozenset(("call", "meeting"))
"""Kinds in which somebody was spoken to."""


class Contacts:
    """The dated lines of Activity, found by customer and document."""

    def __init__(self, activities: Iterable[Activity]) -> None:
        self._by: dict[tuple[str, str], list[Activity]] = {}
        for line in sorted(activities, key=lambda line: (line.date or 0, line.row)):
            if line.date is not None:
                self._by.setdefault((line.customer, line.document), []).append(line)

    def lines(self, customer: str, document: str) -> Sequence[Activity]:
        """Return the lines about an item or its whole account, oldest first."""
        own, account = self._by.get((customer, document), []), self._by.get((customer, ""), [])
        if not own or not account:
            return own or account
        return sorted((*own, *account), key=lambda line: (line.date or 0, line.row))


def last(lines: Iterable[Activity]) -> Activity | None:
    """Return the latest contact."""
    found = None
    for line in lines:
        if line.is_contact:
            found = line
    return found


def since(lines: Iterable[Activity], day: int, kinds: Collection[str]) -> bool:
    """Whether there is a line of one of the kinds from a day on."""
    return any(line.kind in kinds and line.date is not None and line.date >= day for line in lines)


class FirstContact(NamedTuple):
    """How long an overdue account waited, from the due date of what is overdue longest on."""

    after: int | None
    """Days to the first contact, 0 for one ahead of the due date; None where nobody has made contact."""
    waited: int
    """The same, or the days so far."""

    def word(self, settings: Settings) -> str:
        """Return "none" or "late" where the contact should have been earlier; "" where it is in time."""
        if self.waited <= settings.signal_first_contact_days:
            return ""
        return "none" if self.after is None else "late"


def first_contacts(closing: Closing, standing: Mapping[str, Standing]) -> dict[str, FirstContact]:
    """Return the first contact of every overdue account by number: what worklist, scorecards and signals count by.

    Contacts count from the first reminder day on, about whichever of its documents.
    """
    lead = min(0, *closing.settings.reminder_days)
    made: dict[str, list[int]] = {}
    for line in closing.activities:
        if line.is_contact and line.date is not None and line.date <= closing.day:
            made.setdefault(line.customer, []).append(line.date)
    found = {}
    for name, account in standing.items():
        if account.is_overdue:
            due = closing.day - account.late
            days = [day - due for day in made.get(name, ()) if day >= due + lead]
            after = max(min(days), 0) if days else None
            found[name] = FirstContact(after, account.late if after is None else after)
    return found


def address(customer: Customer) -> str:
    """Return whom to call and where, the telephone first, the e-mail on a line of its own."""
    who = customer.contact_name or (f"{customer.ap_contact} (accounts payable)" if customer.ap_contact else "")
    called = " · ".join(part for part in (customer.contact_phone, who) if part)
    return "\n".join(part for part in (called, customer.contact_email) if part)


def unconfirmed(settings: Settings, customer: Customer, day: int) -> bool:
    """Whether the contact was not confirmed for as long as Settings allow, or never."""
    confirmed = customer.contact_confirmed
    return confirmed is None or day - confirmed > settings.signal_contact_days


def doubts(settings: Settings, customer: Customer, day: int, *, confirmations: bool) -> str:
    """Return what is wrong with a customer's contact in a few words; "" where nothing is.

    `confirmations`: whether anybody notes at all when contacts were confirmed.
    """
    if not customer.contact_phone and not customer.contact_email:
        return "missing"
    said = [] if customer.contact_phone else ["no phone"]
    if not customer.contact_email:
        said.append("no e-mail")
    if confirmations and unconfirmed(settings, customer, day):
        confirmed = customer.contact_confirmed
        said.append("never confirmed" if confirmed is None else f"not confirmed since {iso(confirmed)[:7]}")
    return ", ".join(said)
