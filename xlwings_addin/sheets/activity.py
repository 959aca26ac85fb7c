"""Activity: what was said and done, line by line, never rewritten."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table

CREDIT = "credit"
"""The kind of a proposal to apply a credit: nobody spoke or wrote to the customer."""
KINDS = ("call", "mail", "meeting", "reminder", "promise", "dispute", "hold", "payment plan", "review", CREDIT)
CHANNELS = ("phone", "e-mail", "letter", "meeting", "portal")


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Activity",
        "One line for each call, mail, promise or dispute; add lines beneath, change none: every refresh keeps them all.",
        (
            Table(
                "tblActivity",
                (
                    Column("date", "Date", "date", entry=True),
                    Column("who", "Who", entry=True),
                    Column("customer_id", "Customer ID", entry=True),
                    Column("document_no", "Document", entry=True, note="Blank where it is about the whole account."),
                    Column("kind", "Kind", entry=True, choices=KINDS),
                    Column("channel", "Channel", entry=True, choices=CHANNELS),
                    Column("outcome", "Outcome", "wrap", entry=True, width=60),
                    Column("for_date", "For the day", "date", entry=True, note="A promise: the day promised. A dispute: when to look again. A hold: until when."),
                    Column("amount", "Amount", "money", entry=True, note="A promise: the amount promised; blank means all that is open. A credit: what of it is to be applied."),
                ),
                stored=True,
                spare_rows=10,
            ),
        ),
        tab="data",
        freeze=1,
    )  # fmt: skip
