"""What Activity tells of an item: its own lines and those about the whole account, in order of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger.days import iso

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from xlwings_addin.month_end.typed import Activity, Customer
    from xlwings_addin.settings import Settings

TALKS = frozenset(("call", "meeting"))
"""Kinds in which somebody was spoken to."""


class Contacts:
    """The dated lines of Activity, found by customer and document."""

    def __init__(self, activities: Iterable[Activity]) -> None:
        self._by: dict[tuple[str, str], list[Activity]] = {}
        self.customers: set[str] = set()
        """Customers with a contact, about whatever it was."""
        for line in sorted(activities, key=lambda line: (line.date or 0, line.row)):
            if line.date is not None:
                self._by.setdefault((line.customer, line.document), []).append(line)
                if line.is_contact:
                    self.customers.add(line.customer)

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


def first(lines: Iterable[Activity], day: int) -> int | None:
    """Return the date of the first contact from a day on."""
    return next((line.date for line in lines if line.is_contact and line.date is not None and line.date >= day), None)


def since(lines: Iterable[Activity], day: int, kinds: Collection[str]) -> bool:
    """Whether there is a line of one of the kinds from a day on."""
    return any(line.kind in kinds and line.date is not None and line.date >= day for line in lines)


def first_contact(settings: Settings, lines: Sequence[Activity], due: int, day: int) -> tuple[int | None, str]:
    """Return days from the due date to the first contact, and "none" or "late" where it should have been earlier.

    Contacts count from the first reminder day on; one before the due date is made after 0 days.
    """
    made = first(lines, due + min(0, *settings.reminder_days))
    if made is None:
        return None, "none" if day - due > settings.signal_first_contact_days else ""
    days = max(made - due, 0)
    return days, "late" if days > settings.signal_first_contact_days else ""


def address(customer: Customer) -> str:
    """Return whom to call and where, the telephone first."""
    who = customer.contact_name or (f"{customer.ap_contact} (accounts payable)" if customer.ap_contact else "")
    return " · ".join(part for part in (customer.contact_phone, who, customer.contact_email) if part)


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
