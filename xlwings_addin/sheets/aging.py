"""Aging: who owes what, how old it is, and that it ties."""

import re

from udfs.buckets import bucket_labels
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Column, Field, Fields, Sheet, Table
from xlwings_addin.sheets.ratios import difference

BUCKET_HEADING = re.compile(r"\d+-\d+|\d+\+")
"""What the heading of a past-due bucket looks like, whatever its edges were when it was written."""


def bucket_columns(settings: Settings) -> tuple[Column, ...]:
    """Return Credits, Current, the past-due buckets and No date, keyed by their labels."""
    labels = ("Credits", *bucket_labels(settings.bucket_edges), "No date")
    return tuple(Column(label, label, "money", total="sum") for label in labels)


def sheet(settings: Settings) -> Sheet:
    """Declare the sheet."""
    edges = ", ".join(str(edge) for edge in settings.bucket_edges)
    return Sheet(
        "Aging",
        f"Open items by customer, aged by {settings.aging_basis}; bucket edges {edges} days, each upper edge inclusive; due today is Current.",
        (
            Fields(
                (
                    Field("aging_total", "Aging total", "money", formula="=IF(COUNT(tblAging[Total in base])<COUNT(tblAging[Items]),NA(),SUM(tblAging[Total in base]))", empty=0.0),
                    Field("aging_ledger", "Open in the ledger", "money", formula="=IF(COUNT(tblItems[Open in base currency])<COUNT(tblItems[Open at as-of]),NA(),SUM(tblItems[Open in base currency])+aging_unlisted)", empty=0.0),
                    Field("aging_unlisted", "of which not listed", "money", note="Open items beyond the rows that the Ledger sheet holds.", empty=0.0),
                    Field("aging_difference", "Difference", "money", formula=f"={difference('aging_total', 'aging_ledger')}", rule="nonzero", note="Red when it is not zero.", empty=0.0),
                    Field("aging_gl", "General-ledger control total", "money", formula='=IF(gl_control_total="","",gl_control_total)', note="Typed in Settings."),
                    Field("aging_gl_difference", "Difference to the general ledger", "money", formula='=IF(aging_gl="","",'+difference('aging_total', 'aging_gl')+')', rule="nonzero"),
                    Field("aging_decimals", "Decimals of the base currency", "day count", note="Less than the last of them is rounding and no difference."),
                ),
                title="Tie-out",
            ),
            Table(
                "tblAgingTotals",
                (
                    Column("currency", "Currency"),
                    *(Column(c.key, c.heading, c.style) for c in bucket_columns(settings)),
                    Column("total", "Total", "money"),
                    Column("base", "Total in base", "money in base", note="Converted at the rate in force at the as-of date."),
                ),
                title="By currency",
                intro="Amounts of different currencies are never added; the last column converts them.",
            ),
            Table(
                "tblAging",
                (
                    Column("customer_id", "Customer ID", total="label"),
                    Column("customer_name", "Customer", width=30),
                    Column("currency", "Currency", width=10),
                    *(Column(c.key, c.heading, c.style) for c in bucket_columns(settings)),
                    Column("total", "Total", "money"),
                    Column("base", "Total in base", "money in base", total="sum", rule="bar"),
                    Column("share", "Share", "percent", formula='=IF([@[Total in base]]="","",IFERROR([@[Total in base]]/aging_total,""))'),
                    Column("overdue", "Overdue in base", "money in base", total="sum", note="Sum of the past-due buckets, in the base currency."),
                    Column("oldest", "Oldest (days)", "day count", note="Days past due of the oldest open debit item."),
                    Column("items", "Items", "count", total="sum"),
                    Column("owner", "Owner"),
                    Column("contact", "Contact", width=24),
                    Column("phone", "Phone", width=18),
                    Column("note", "Note", width=36, entry=True, note="Yours: carried over by every refresh."),
                ),
                title="By customer",
                intro="Grouped by customer number, largest first.",
                key=("customer_id", "currency"),
            ),
        ),
    )  # fmt: skip
