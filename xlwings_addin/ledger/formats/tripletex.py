"""Tripletex: the file of an opening balance, a line an invoice.

Source: tripletex.no, Fakturaimport åpningsbalanse, beskrivelse av filformat (headings, YYYY-MM-DD).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

OPENING_BALANCE = Format(
    name="Tripletex opening balance",
    role="items",
    titles={
        "document_no": ("INVOICE NO",),
        "document_date": ("INVOICE DATE",),
        "due_date": ("DUE DATE",),
        "customer_id": ("CUSTOMER NO",),
        "customer_name": ("CUSTOMER NAME",),
        "contact_email": ("CUSTOMER EMAIL",),
        "currency": ("CURRENCY",),
        "unit_price": ("ORDER LINE - UNIT PRICE",),
        "quantity": ("ORDER LINE - COUNT",),
    },
    needs=("document_no", "document_date", "due_date", "customer_id", "unit_price", "quantity"),
    unused=(
        "KID",
        "ORDER NO",
        "ORGANIZATION NO",
        "REFERENCE NO",
        "COMMENTS",
        "ORDER LINE - DESCRIPTION",
        "ORDER LINE - VAT CODE",
    ),
    lines="sum",
    signs="as-is",
)
