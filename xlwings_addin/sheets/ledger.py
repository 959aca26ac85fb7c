"""Ledger: every item read, with what is open at the as-of date."""

from xlwings_addin.ledger.model import DATE, ITEM_COLUMNS, MONEY, LedgerColumn
from xlwings_addin.sheets.blocks import Column, Sheet, Table

ROWS_PER_SHEET = 1_048_000
"""Rows of data that a sheet is given: Excel ends at 1,048,576."""
ITEM_KEY = ("entity", "customer_id", "kind", "document_no", "fiscal_year", "instalment")


def style_of(column: LedgerColumn) -> str:
    """Return the style in which a ledger column is shown."""
    return {MONEY: "money", DATE: "date"}.get(column.type, "text")


def table() -> Table:
    """Declare tblItems."""
    read = tuple(
        Column(
            c.key, c.heading, style_of(c), note=c.help, width=26 if c.key in {"customer_name", "contact_email"} else 0
        )
        for c in ITEM_COLUMNS
    )
    found = (
        Column("open_at", "Open at as-of", "money", note="Open at the as-of date: later receipts are rolled back."),
        Column(
            "open_base",
            "Open in base currency",
            "money in base",
            note="Converted at the rate in force; blank where a rate is missing.",
        ),
        Column(
            "days_past_due",
            "Days past due",
            "day count",
            note="Negative: not yet due. Blank: no due date, or nothing open.",
        ),
        Column("bucket", "Bucket"),
    )
    return Table("tblItems", _with_found(read, found), key=ITEM_KEY, big=True)


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Ledger",
        "Every document read from the export, and what is open of it at the as-of date.",
        (table(),),
        tab="data",
        freeze=1,
    )


def _with_found(read: tuple[Column, ...], found: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns as read, with those we found beside the amounts."""
    after = next(i for i, column in enumerate(read) if column.key == "open_amount") + 1
    return read[:after] + found + read[after:]
