"""Credits: credit notes and payments that no invoice has been settled with, and what they fit."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Credits",
        "Credits that no invoice has been settled with, largest first, and what to apply them to in your ledger system.",
        (credits_to_apply(),),
        freeze=1,
    )


def credits_to_apply() -> Table:
    """Declare the table of credits to apply."""
    return Table(
        "tblCredits",
        (
            Column("customer_name", "Customer", width=30),
            Column("credit", "Credit document", width=26),
            Column("amount", "Amount", "money", note="What of the credit nobody has applied yet."),
            Column("currency", "Currency", width=9),
            Column("age", "Age (days)", "day count", note="Days since the credit's document date."),
            Column("match", "Match", "word", note="exact: an open item of the same amount. adds up: two or three open items that come to it. oldest: what the account has owed longest; of the last item perhaps a part. nothing open: the account owes nothing that it could pay."),
            Column("apply_to", "Apply to", "wrap", width=34),
            Column("base", "In base", "money in base"),
            Column("logged", "Logged", "date", note="When this proposal was logged in Activity: select rows and press Log credits."),
            Column("owner", "Owner", width=18),
            Column("customer_id", "Customer ID"),
            Column("entity", "Entity"),
        ),
        title="Credits to apply",
        intro="Credit notes and payments that no invoice has been settled with, largest first, and the open items of the same account they fit. Nothing is applied here: apply them in your ledger system.",
    )  # fmt: skip
