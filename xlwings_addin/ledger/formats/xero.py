"""Xero: Aged Receivables Detail and Summary, and the sales invoices export with a row per line.

Source: readers of the Aged Receivables Detail in public repositories; the header line of Xero's own export.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

AGED_RECEIVABLES = Format(
    name="Xero Aged Receivables Detail",
    role="items",
    titles={
        "document_date": ("Invoice Date",),
        "due_date": ("Due Date",),
        "promise_date": ("Expected Date",),
        "document_no": ("Invoice Number",),
        "po_number": ("Invoice Reference",),
        "open_amount": ("Total",),
    },
    needs=("document_date", "due_date", "document_no", "open_amount"),
    marks=("Older",),
    unused=("Current", "< 1 Month", "1 Month", "2 Months", "3 Months", "Older"),
    report=True,
    group="customer",
)
SALES_INVOICES = Format(
    name="Xero sales invoices",
    role="items",
    titles={
        "customer_name": ("ContactName",),
        "contact_email": ("EmailAddress",),
        "document_no": ("InvoiceNumber",),
        "po_number": ("Reference",),
        "document_date": ("InvoiceDate",),
        "due_date": ("DueDate",),
        "amount": ("Total",),
        "open_amount": ("InvoiceAmountDue",),
        "currency": ("Currency",),
        "kind": ("Type",),
        "status": ("Status",),
    },
    needs=("customer_name", "document_no", "document_date", "due_date", "amount"),
    marks=("UnitAmount",),
    unused=(
        *("InvoiceAmountPaid", "TaxTotal", "Description", "Quantity", "UnitAmount", "LineAmount", "AccountCode"),
        *("TaxType", "TaxAmount", "InventoryItemCode", "Discount", "Sent"),
    ),
    values={
        "kind": {"sales invoice": "invoice", "sales credit note": "credit note", "*": ""},
        "status": {"draft": "draft", "submitted": "draft", "voided": "void", "deleted": "void", "paid": "paid"},
    },
    lines="repeat",
)
AGED_SUMMARY = Format(
    name="Xero Aged Receivables Summary",
    role="items",
    titles={"customer_name": ("Contact",), "open_amount": ("Total",)},
    needs=("customer_name", "open_amount", "buckets"),
    marks=("Current", "Older"),
    unused=("Percentage of total",),
    report=True,
    balances=True,
)
