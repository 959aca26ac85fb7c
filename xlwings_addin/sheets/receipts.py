"""Receipts: every dated reduction of an item."""

from xlwings_addin.ledger.model import RECEIPT_COLUMNS
from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.ledger import style_of


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Receipts",
        "Cash, credit notes, discounts and write-offs, each with the item it reduced.",
        (
            Table(
                "tblReceipts",
                tuple(Column(c.key, c.heading, style_of(c), note=c.help) for c in RECEIPT_COLUMNS),
                big=True,
            ),
        ),
        tab="data",
        freeze=1,
    )
