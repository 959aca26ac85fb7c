"""Checks: what ties and what does not, what is odd in the data, and what was not placed."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.ratios import difference


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Checks",
        "OK ties. Look: read it. Act: a figure does not tie, settle it before you quote one.",
        (
            Table(
                "tblChecks",
                (
                    Column("check", "Check", width=40),
                    Column("figure", "Figure", "money"),
                    Column("against", "Should equal", "money"),
                    Column("difference", "Difference", "money", formula=f'=IF(COUNT([@Figure],[@[Should equal]])<2,"",{difference("[@Figure]", "[@[Should equal]]")})', rule="nonzero"),
                    Column("result", "Result", "word", formula='=IF([@Difference]="","Not checked",IF([@Difference]=0,"OK","Act"))', rule="word"),
                    Column("meaning", "What it says", width=60),
                ),
                title="Tie-outs",
            ),
            Table(
                "tblFindings",
                (
                    Column("finding", "Finding", width=40),
                    Column("severity", "Severity", "word", rule="word"),
                    Column("count", "Count", "count"),
                    Column("message", "What was found and what to do", width=1),
                ),
                title="Findings in the data",
            ),
            Table(
                "tblExceptions",
                (
                    Column("file", "File", width=40),
                    Column("row", "Row", "day count"),
                    Column("amount", "Amount", "money"),
                    Column("currency", "Currency"),
                    Column("value", "Value", width=1),
                    Column("reason", "Why it was left out", width=1),
                ),
                title="Exceptions",
                intro="Rows that are in no figure: nothing is dropped in silence.",
            ),
            Table(
                "tblRestated",
                (
                    Column("month_end", "Month end", "date"),
                    Column("figure", "Figure"),
                    Column("stored", "Stored", "money"),
                    Column("now", "By the ledger now", "money"),
                    Column("by", "Restated by", "money"),
                ),
                title="Restated months",
                intro="Closed months stay as they were reported; this is what a back-dated posting would change.",
            ),
            Table(
                "tblNotPlaced",
                (
                    Column("table", "Table", width=40),
                    Column("row", "Row", width=20),
                    Column("heading", "Column"),
                    Column("value", "Entry", width=1),
                ),
                title="Notes not placed",
                stored=True,
                intro="Entries of last time whose row is gone or is no longer unique; they are kept here, never guessed onto another row.",
            ),
            Table(
                "tblLog",
                (
                    Column("when", "When (UTC)", "stamp"),
                    Column("as_of", "As of", "date"),
                    Column("rows", "Rows", "count"),
                    Column("receivables", "Receivables", "money"),
                    Column("fingerprint", "Fingerprint", width=18, note="Of the files, settings and entries together."),
                    Column("version", "Version", width=10),
                    Column("files", "Files", width=40),
                ),
                title="Refresh log",
                stored=True,
            ),
        ),
    )  # fmt: skip
