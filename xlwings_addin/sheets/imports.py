"""Import: what each file was recognised as, how its columns were read, and whether its totals agree."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Import",
        "How each file was read, and why. What is odd in the data is on Checks.",
        (
            Table(
                "tblImportFiles",
                (
                    Column("file", "File", width=30),
                    Column("format", "Recognised as", "wrap", width=24),
                    Column("role", "Holds", width=18),
                    Column("why", "Known by", "wrap", width=44),
                    Column("rows", "Rows", "count"),
                    Column("items", "Read", "count", note="Rows that are items, receipts, customers or months of sales."),
                    Column("others", "Other rows", "wrap", width=26),
                    Column("currency", "Currency", width=10),
                    Column("read_total", "Total read", "money", note="Open amounts of items; amounts of receipts and sales."),
                    Column("stated_total", "Total in the file", "money", note="The grand total the file itself states."),
                    Column("difference", "Difference", "money", rule="nonzero"),
                    Column("result", "Result", "word", rule="word"),
                ),
                title="Files",
                intro="A line for each currency of a file. Not stated: the file holds no total to compare with.",
            ),
            Table(
                "tblImportColumns",
                (
                    Column("file", "File", width=30),
                    Column("header", "Heading in the file", width=24),
                    Column("read_as", "Read as", width=18),
                    Column("evidence", "Evidence", "wrap", width=44),
                ),
                title="Columns",
                intro="If a column is not what it is read as, rename it in the export, or name it in a mapping file.",
            ),
        ),
        tab="data",
    )  # fmt: skip
