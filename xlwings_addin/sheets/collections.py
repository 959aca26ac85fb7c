"""Collections: what clerks type beside each item of the worklist."""

from xlwings_addin.sheets.model import Column

DISPUTE_CODES = (
    "PO missing or invalid",
    "Price mismatch",
    "Quantity or quality",
    "Delivery not confirmed",
    "Returns pending",
    "Wrong billing entity",
    "Invoice error",
    "Other",
)
"""Reasons of a dispute; those of billing are what a better invoice would have prevented."""

BILLING_CODES = ("PO missing or invalid", "Price mismatch", "Wrong billing entity", "Invoice error")

ENTRIES = (
    Column("next_action", "Next action", width=24, entry=True),
    Column("next_action_on", "Action on", "date", entry=True),
    Column("ap_confirmed", "AP confirmed", entry=True, width=13, note="yes, no, or the date on which accounts payable confirmed that the payment will be released."),
    Column("promise_date", "Promised for", "date", entry=True),
    Column("promise_amount", "Promised amount", "money", entry=True, note="In the item's currency; blank means all that is open."),
    Column("dispute_code", "Dispute code", entry=True, width=22, choices=DISPUTE_CODES),
    Column("dispute_revisit", "Look again on", "date", entry=True, note="When the dispute is to be looked at again."),
    Column("hold_by", "Hold aligned by", entry=True, note="Who in sales and the executive team agreed to a service hold or credit pause. No name, no hold."),
    Column("hold_on", "Hold aligned on", "date", entry=True),
    Column("service", "Service continues", "word", entry=True, choices=("yes", "no"), note="Whether the customer is still served while overdue."),
    Column("note", "Note", width=36, entry=True, note="Yours: carried over by every refresh."),
)  # fmt: skip
"""Typed beside an item; every refresh carries them, and takes them to Paid items once the item is settled."""
