"""Lists: the accounts and documents behind every count of the signals and the rollout."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table

_ROW = "MATCH({0},tblSignalLists[List],0)"
_COUNT = "COUNTIF(tblSignalLists[List],{0})"


def link(name: str) -> Column:
    """Declare the column that leads to a row's list; `name` is the cell that says which list that is."""
    first = f"ROW(tblSignalLists[[#Headers],[List]])+{_ROW.format(name)}"
    counted = _COUNT.format(name)
    return Column(
        "listed",
        "List",
        "link",
        width=13,
        formula=f'=IF({counted}=0,"",HYPERLINK("#Lists!B"&({first}),FIXED({counted},0)&" in Lists"))',
        note="Click to see all of them, the most money first.",
    )


def linked(count: int) -> str:
    """Return what the link reads for a list of that many."""
    return f"{count:,} in Lists" if count else ""


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Lists",
        "What stands behind each count on Diagnostics and Rollout, the most money first: all of it, up to 10,000 rows a list. Filter by the first column.",
        (
            Table(
                "tblSignalLists",
                (
                    Column("list", "List", width=34),
                    Column("customer_id", "Customer ID"),
                    Column("customer_name", "Customer", width=32),
                    Column("document_no", "Document", note="Blank where accounts are counted."),
                    Column("why", "Why it is here", width=44),
                    Column("amount", "Amount in base", "money", note="What is owed of a document, or what an account owes overdue (its balance where nothing is); what was billed, or is beyond a limit, where that is counted."),
                    Column("days_past_due", "Days past due", "day count", note="Of an account: its oldest overdue item. Negative: not yet due."),
                ),
                big=True,
            ),
        ),
        freeze=1,
    )  # fmt: skip
