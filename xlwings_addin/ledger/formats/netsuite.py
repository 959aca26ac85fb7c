"""NetSuite: A/R Aging Detail, a header and a total row per customer.

Source: columns as users name them; no export is published.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

AGING_DETAIL = Format(
    name="NetSuite A/R Aging Detail",
    role="items",
    titles={
        "customer_name": ("Customer",),
        "kind": ("Transaction Type",),
        "document_date": ("Date",),
        "document_no": ("Document Number",),
        "po_number": ("P.O. No.",),
        "due_date": ("Due Date",),
        "open_amount": ("Open Balance",),
    },
    needs=("customer_name", "kind", "document_date", "document_no", "due_date", "open_amount"),
    marks=("Age",),
    unused=("Age",),
    values={"kind": {"invoice": "invoice", "credit memo": "credit note", "payment": "payment", "*": ""}},
    report=True,
    group="customer",
    signs="as-is",
)
