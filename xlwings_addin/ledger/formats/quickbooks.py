"""QuickBooks: Online's A/R Aging Detail and Open Invoices, Desktop's A/R Aging Detail.

Source: readers of the A/R Aging Detail in public repositories (sections oldest first, Total for ..., TOTAL, a dated
footer); Desktop as users name its columns.
"""

from __future__ import annotations

from dataclasses import replace

from xlwings_addin.ledger.formats.declaration import Format

KINDS = {
    "invoice": "invoice",
    "credit memo": "credit note",
    "payment": "payment",
    "deposit": "payment",
    "statement charge": "debit note",
    # Journal entries and the like are what their sign says.
    "*": "",
}
AGING_DETAIL = Format(
    name="QuickBooks Online A/R Aging Detail",
    role="items",
    titles={
        "document_date": ("Date",),
        "kind": ("Transaction type",),
        "document_no": ("Num", "No."),
        "customer_name": (
            "Customer full name",
            "Customer",
            "Customer display name",
            "Client",
            "Client full name",
            "Name",
        ),
        "due_date": ("Due date",),
        "amount": ("Amount",),
        "open_amount": ("Open balance",),
        "terms": ("Terms",),
        "region": ("Location", "Department"),
    },
    needs=("document_date", "kind", "customer_name", "due_date", "open_amount"),
    unused=("Past due",),
    values={"kind": KINDS},
    report=True,
    group="section",
    signs="as-is",
)
OPEN_INVOICES = replace(
    AGING_DETAIL,
    name="QuickBooks Online Open Invoices",
    titles={key: titles for key, titles in AGING_DETAIL.titles.items() if key != "customer_name"},
    needs=("document_date", "kind", "due_date", "open_amount"),
    group="customer",
)
AGING_SUMMARY = Format(
    name="QuickBooks Online A/R Aging Summary",
    role="items",
    titles={"customer_name": (), "open_amount": ("Total",)},
    needs=("customer_name", "open_amount", "buckets"),
    marks=("Current", "91 and over"),
    report=True,
    unnamed="customer_name",
    balances=True,
)
DESKTOP = Format(
    name="QuickBooks Desktop A/R Aging Detail",
    role="items",
    titles={
        "kind": ("Type",),
        "document_date": ("Date",),
        "document_no": ("Num",),
        "po_number": ("P. O. #",),
        "customer_name": ("Name",),
        "terms": ("Terms",),
        "due_date": ("Due Date",),
        "sales_person": ("Rep",),
        "open_amount": ("Open Balance",),
    },
    needs=("kind", "document_date", "document_no", "customer_name", "due_date", "open_amount"),
    marks=("Aging",),
    values={"kind": KINDS},
    unused=("Aging", "Class"),
    report=True,
    group="section",
    signs="as-is",
)
