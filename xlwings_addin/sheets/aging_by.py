"""Aging by region, tier or owner, or by customer on a date of choice: a sheet of its own, made on request."""

from xlwings_addin.settings import Settings
from xlwings_addin.sheets.aging import bucket_columns
from xlwings_addin.sheets.blocks import Column, Sheet, Table

TITLES = {"region": "Region", "tier": "Tier", "owner": "Owner", "date": "Customer ID"}
"""What one may age by -> the heading of its first column."""


def sheet(settings: Settings, by: str) -> Sheet:
    """Declare the sheet."""
    dated = by == "date"
    return Sheet(
        "Aging on a date" if dated else f"Aging by {by}",
        f"Open items aged by {settings.aging_basis}; made on request, not part of the month's refresh.",
        (
            Table(
                "tblAgingOnDate" if dated else f"tblAgingBy{by.capitalize()}",
                (
                    Column("segment", TITLES[by], width=22, total="label"),
                    *((Column("name", "Customer", width=30),) if dated else ()),
                    Column("currency", "Currency", width=10),
                    *(Column(c.key, c.heading, c.style) for c in bucket_columns(settings)),
                    Column("total", "Total", "money"),
                    Column("base", "Total in base", "money", total="sum"),
                    Column("items", "Items", "count", total="sum"),
                ),
                title="By customer" if dated else f"By {by}",
            ),
        ),
    )
