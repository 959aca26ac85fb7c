"""QuickBooks Online API: invoices as the interface gives them.

Source: the Invoice of QuickBooks Online's API, as public clients and their test data show it.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="QuickBooks Online API invoices",
    role="items",
    titles={
        "customer_id": ("CustomerRef.value",),
        "customer_name": ("CustomerRef.name",),
        "document_no": ("DocNumber",),
        "document_date": ("TxnDate",),
        "due_date": ("DueDate",),
        "currency": ("CurrencyRef.value",),
        "amount": ("TotalAmt",),
        "open_amount": ("Balance",),
        "contact_email": ("BillEmail.Address",),
    },
    needs=(("customer_id", "customer_name"), "document_no", "document_date", "due_date", "amount", "open_amount"),
    unused=("Id", "SyncToken", "domain", "sparse", "Deposit", "PrintStatus", "EmailStatus", "CurrencyRef.name"),
)
