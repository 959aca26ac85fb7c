"""Stripe: invoices, from the dashboard (decimals) or with the field names of its interface (cents).

Source: Stripe's published list of the fields of an invoice; the dashboard's export is described in words only.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="Stripe invoices",
    role="items",
    titles={
        "document_no": ("number",),
        "customer_id": ("customer", "customer_id"),
        "customer_name": ("customer_name",),
        "contact_email": ("customer_email",),
        "status": ("status",),
        "currency": ("currency",),
        "amount": ("amount_due",),
        "open_amount": ("amount_remaining",),
        "document_date": ("created", "Created (UTC)", "Date (UTC)"),
        "due_date": ("due_date", "Due Date (UTC)"),
    },
    needs=("document_no", ("customer_name", "customer_id"), "status", "amount", "open_amount", "document_date"),
    marks=("amount_paid",),
    unused=("id", "amount_paid"),
    values={"status": {"draft": "draft", "void": "void", "uncollectible": "uncollectible", "paid": "paid"}},
    minor_units=True,
)
