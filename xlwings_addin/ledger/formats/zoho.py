"""Zoho Books: Invoice.csv, a row per line item.

Source: header lines and rows of Invoice.csv in public repositories.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="Zoho Books invoices",
    role="items",
    titles={
        "document_date": ("Invoice Date",),
        "document_id": ("Invoice ID",),
        "document_no": ("Invoice Number",),
        "status": ("Invoice Status",),
        "customer_id": ("Customer ID",),
        "customer_name": ("Customer Name",),
        "due_date": ("Due Date",),
        "po_number": ("PurchaseOrder",),
        "terms": ("Payment Terms Label",),
        "sales_person": ("Sales person",),
        "currency": ("Currency Code",),
        "amount": ("Total",),
        "open_amount": ("Balance",),
    },
    needs=("document_date", "document_id", "document_no", "status", "customer_name", "amount", "open_amount"),
    unused=(
        *("Item Name", "Item Desc", "Quantity", "Item Price", "Item Total", "SubTotal", "Exchange Rate"),
        *("Payment Terms", "Expected Payment Date", "Account", "Usage unit"),
    ),
    values={"status": {"draft": "draft", "void": "void", "closed": "paid", "paid": "paid"}},
    lines="repeat",
)
