"""Paid items: what has left the worklist, with everything clerks typed beside it."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.collections import ENTRIES
from xlwings_addin.sheets.ledger import ITEM_KEY

OTHER = "Other entries"
"""Heading of the cell that keeps what stood in a clerk's own columns of the worklist."""


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Paid items",
        "Items that left the worklist, newest first; one that opens again goes back there with all its notes.",
        (
            Table(
                "tblPaid",
                (
                    Column("customer_name", "Customer", width=30),
                    Column("document_no", "Document"),
                    Column("due_date", "Due date", "date"),
                    Column("settled_on", "Settled on", "date", note="Day of the last receipt. Blank: the list of open items does not tell."),
                    Column("days_late", "Days late", "day count", note="Settled after the due date; negative is early."),
                    Column("amount", "Amount", "money", note="Of the document; what was open last where only that is known."),
                    Column("currency", "Currency", width=9),
                    Column("how", "How", width=16, note="paid, credited or written off, by the larger part of what reduced it; no longer listed where a list of open items lacks it."),
                    *(Column(c.key, c.heading, c.style, width=c.width, entry=True, choices=c.choices) for c in ENTRIES),
                    Column("other", OTHER, width=36, entry=True),
                    Column("found_on", "Found as of", "date", note="As-of date of the refresh that found it settled."),
                    Column("customer_id", "Customer ID"),
                    Column("entity", "Entity"),
                    Column("kind", "Kind", width=11),
                    Column("fiscal_year", "Fiscal year", width=10),
                    Column("instalment", "Instalment", width=10),
                ),
                key=ITEM_KEY,
                stored=True,
                printed=8,
            ),
        ),
        tab="data",
        freeze=1,
    )  # fmt: skip
