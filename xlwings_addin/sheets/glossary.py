"""Glossary: every worksheet function, out of its own declaration."""

from xlwings_addin.sheets.model import Column, Sheet, Table


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Glossary",
        "Every AR_ function: what it means, how it is typed, how it is reckoned. Where your Excel separates arguments by ; type ; for the commas.",
        (
            Table(
                "tblGlossary",
                (
                    Column("name", "Function", width=24),
                    Column("category", "Category", width=20),
                    Column("summary", "Meaning", "wrap", width=62),
                    Column("syntax", "Syntax", "wrap", width=52),
                    Column("formula", "Formula", "wrap", width=44),
                    Column("example", "Example", "wrap", width=52),
                    Column("source", "Source", "wrap", width=44),
                ),
            ),
        ),
        tab="help",
        freeze=True,
    )
