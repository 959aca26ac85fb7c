"""Sage Accounting: the detailed aging report, by invoice date; it knows no due date.

Source: ca-kb.sage.com, Accounts Receivable Aging (columns); the order of the detailed export is not published.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

AGING_DETAIL = Format(
    name="Sage Accounting aging detail",
    role="items",
    titles={
        "customer_name": ("Customer",),
        "document_date": ("Date",),
        "document_no": ("Reference",),
        "open_amount": ("Total",),
    },
    needs=("customer_name", "document_date", "document_no", "open_amount"),
    marks=("< 30 days", "Older"),
    unused=("< 30 days", "< 60 days", "< 90 days", "< 120 days", "Older"),
    report=True,
    group="customer",
)
