"""Scorecards: what each owner's accounts did this month, and what was done about them."""

from dataclasses import replace

from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.ratios import CEI, DDSO, EXCHANGE, SALES, WINDOW_SALES


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Scorecards",
        "By owner of the account; the last row is the team's: the figures of the month (Monthly), not an average of the rows above.",
        (
            Table(
                "tblScorecards",
                (
                    Column("owner", "Owner", width=24),
                    Column("accounts", "Accounts", "count", note="With something open."),
                    Column("receivables", "Receivables", "money"),
                    Column("current", "Current", "money"),
                    Column("overdue", "Overdue", "money"),
                    Column("opening", "Opening", "money"),
                    replace(EXCHANGE, style="money"),
                    SALES,
                    WINDOW_SALES,
                    Column("write_offs", "Write-offs", "money"),
                    CEI,
                    DDSO,
                    Column("promises", "Promises due", "count", note="Over this month: their day and its grace had passed. Blank where the ledger has no receipts to judge them by."),
                    Column("kept", "Promises kept", "count"),
                    Column("kept_share", "Kept", "percent", formula='=IF(N([@[Promises due]])=0,"",[@[Promises kept]]/[@[Promises due]])'),
                    Column("worked", "Items worked", "count", note="Items and accounts with a line in Activity this month."),
                    Column("first_contact", "Days to first contact", "days", note="From the due date of what is overdue longest to the first contact, on average over the overdue accounts; one still waiting counts with its days so far."),
                    Column("overdue_accounts", "Overdue accounts", "count", note="Whose net overdue reaches the minimum for a reminder (Collections)."),
                    Column("untouched", "Without any contact", "count", note="Overdue accounts with no contact logged in Activity since."),
                ),
                intro="Amounts in the base currency, flows of the as-of month.",
            ),
            Table(
                "tblPromises",
                (
                    Column("seen", "First seen", "date", note="The promise counts from this day on: only cash after it keeps it."),
                    Column("customer_id", "Customer ID"),
                    Column("document_no", "Document"),
                    Column("for_date", "Promised for", "date"),
                    Column("state", "State", "word", note="One that was first seen after its day is not counted above."),
                    *(Column(key, heading) for key, heading in (("entity", "Entity"), ("kind", "Kind"), ("fiscal_year", "Fiscal year"), ("instalment", "Instalment"))),
                ),
                title="Promises read from the files",
                intro="Kept for a year after the day promised, so that they count when the item is paid and the files tell them no more.",
                stored=True,
            ),
        ),
    )  # fmt: skip
