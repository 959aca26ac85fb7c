"""Fortnox: customer invoices, as its interface lists them.

Source: the invoice list of Fortnox's API in public clients (Balance, Booked, Cancelled, DocumentNumber, FinalPayDate).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="Fortnox invoices",
    role="items",
    titles={
        "document_no": ("DocumentNumber",),
        "customer_id": ("CustomerNumber",),
        "customer_name": ("CustomerName",),
        "document_date": ("InvoiceDate",),
        "due_date": ("DueDate",),
        "terms": ("TermsOfPayment",),
        "currency": ("Currency",),
        "amount": ("Total",),
        "open_amount": ("Balance",),
        "status": ("Cancelled",),
        "status_2": ("Booked",),
        "settled_date": ("FinalPayDate",),
    },
    needs=("document_no", "customer_id", "customer_name", "document_date", "due_date", "amount", "open_amount"),
    marks=("Booked", "Cancelled"),
    unused=("@url", "CostCenter", "CurrencyRate", "CurrencyUnit", "OCR", "Sent", "InvoiceType", "WayOfDelivery"),
    values={
        "status": {"true": "void", "false": ""},
        "status_2": {"true": "", "false": "draft"},
    },
)
