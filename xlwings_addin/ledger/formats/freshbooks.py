"""FreshBooks: invoice details, a row per line; older files know no due date.

Source: header lines of invoice detail exports in public repositories, with and without Date Due.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICES = Format(
    name="FreshBooks invoices",
    role="items",
    titles={
        "customer_name": ("Client Name",),
        "document_no": ("Invoice #",),
        "document_date": ("Date Issued",),
        "due_date": ("Date Due",),
        "status": ("Invoice Status",),
        "settled_date": ("Date Paid",),
        "amount": ("Line Total",),
        "currency": ("Currency",),
    },
    needs=("customer_name", "document_no", "document_date", "status", "amount"),
    unused=(
        *("Item Name", "Item Description", "Rate", "Quantity", "Discount Percentage", "Line Subtotal"),
        *("Tax 1 Type", "Tax 1 Amount", "Tax 2 Type", "Tax 2 Amount"),
    ),
    values={"status": {"draft": "draft", "void": "void", "paid": "paid", "partial": "partly paid"}},
    lines="sum",
)
