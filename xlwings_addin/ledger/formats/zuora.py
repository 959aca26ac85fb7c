"""Zuora: the invoice data source, whose headings name their object: "Invoice: Balance".

Source: docs.zuora.com, Invoice data source (fields of Invoice and Account); the headings of an export, after its
field descriptions of CSV files ("Account: ID").
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="Zuora invoices",
    role="items",
    titles={
        "customer_id": ("Account: Account Number",),
        "customer_name": ("Account: Name",),
        "document_no": ("Invoice: Invoice Number",),
        "document_date": ("Invoice: Invoice Date",),
        "due_date": ("Invoice: Due Date",),
        "currency": ("Account: Currency", "Invoice: Currency"),
        "amount": ("Invoice: Amount",),
        "open_amount": ("Invoice: Balance",),
        "status": ("Invoice: Status",),
        "sales_person": ("Account: Sales Rep",),
        "po_number": ("Account: PO Number",),
    },
    needs=(("customer_id", "customer_name"), "document_no", "document_date", "due_date", "open_amount"),
    unused=("Invoice: Amount Without Tax", "Invoice: Tax Amount", "Invoice: Credit Memo Amount", "Invoice: ID"),
    values={
        "status": {
            "posted": "",
            **dict.fromkeys(("draft", "generating", "error", "pending"), "draft"),
            **dict.fromkeys(("canceled", "reversed"), "void"),
        }
    },
)
