"""Odoo: Aged Receivable, unfolded: a line per partner, indented below it his documents."""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

AGED_RECEIVABLE = Format(
    name="Odoo Aged Receivable",
    role="items",
    titles={
        "document_date": ("Invoice Date",),
        "due_date": ("Due Date", "Due"),
        "open_amount": ("Total",),
    },
    needs=("document_no", "document_date", "open_amount"),
    marks=("At Date", "Older"),
    # The currency belongs to the amount in currency; the columns that add up are in the company's own.
    unused=(
        *("Amount Currency", "Currency", "Account", "Journal", "Expected Date", "At Date"),
        *("1-30", "31-60", "61-90", "91-120", "Older"),
    ),
    unnamed="document_no",
    report=True,
    group="customer",
)
