"""IBM late-payment set: closed invoices, so history comes from the date each was settled.

Source: IBM's sample data of accounts receivable, in public repositories.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

IBM = Format(
    name="IBM late-payment set",
    role="items",
    titles={
        "region": ("countryCode",),
        "customer_id": ("customerID",),
        "document_no": ("invoiceNumber",),
        "document_date": ("InvoiceDate",),
        "due_date": ("DueDate",),
        "amount": ("InvoiceAmount",),
        "disputed": ("Disputed",),
        "settled_date": ("SettledDate",),
        "e_invoice": ("PaperlessBill",),
    },
    needs=("region", "customer_id", "document_no", "document_date", "due_date", "amount", "settled_date", "e_invoice"),
    unused=("PaperlessDate", "DaysToSettle", "DaysLate"),
    values={"e_invoice": {"electronic": "yes", "paper": "no"}},
    dates="mdy",
)
