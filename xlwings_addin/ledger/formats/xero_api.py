"""Xero API: invoices as the interface gives them, to customers and of suppliers.

Source: the Invoice of public clients of Xero's API (Type, Status; AmountDue is what is open of Total).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats import xero
from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="Xero API invoices",
    role="items",
    titles={
        "customer_id": ("Contact.ContactNumber", "Contact.ContactID", "ContactID"),
        "customer_name": ("Contact.Name", "Name"),
        "document_no": ("InvoiceNumber",),
        "po_number": ("Reference",),
        "document_date": ("DateString", "Date"),
        "due_date": ("DueDateString", "DueDate"),
        "currency": ("CurrencyCode",),
        "amount": ("Total",),
        "open_amount": ("AmountDue",),
        "paid_amount": ("AmountPaid",),
        "credited_amount": ("AmountCredited",),
        "kind": ("Type",),
        "status": ("Status",),
    },
    needs=("customer_name", "document_no", "document_date", "amount", "open_amount", "kind", "status"),
    marks=("AmountPaid",),
    unused=(
        "InvoiceID",
        "Date",
        "DueDate",
        "SubTotal",
        "TotalTax",
        "UpdatedDateUTC",
        "CurrencyRate",
        "LineAmountTypes",
    ),
    values={
        "kind": {"accrec": "invoice", "accreccredit": "credit note", "*": ""},
        "status": {**xero.SALES_INVOICES.values["status"], "authorised": ""},
    },
    # One interface gives invoices to customers and bills of suppliers.
    leave_out={"kind": ("ACCPAY", "ACCPAYCREDIT", "APOVERPAYMENT", "APPREPAYMENT")},
)
