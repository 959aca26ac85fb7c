"""Segments: the same receivables cut by region, tier, owner, entity, currency and overdue status."""

from dataclasses import replace

from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.ratios import CEI, DDSO, DSO, EXCHANGE, SALES, WINDOW_SALES

DIMENSIONS = {
    "region": ("tblByRegion", "Region"),
    "tier": ("tblByTier", "Tier"),
    "owner": ("tblByOwner", "Owner"),
    "entity": ("tblByEntity", "Entity"),
    "currency": ("tblByCurrency", "Currency"),
}
"""Ledger column -> the table it is shown in and its heading."""


def by(dimension: str) -> Table:
    """Declare the table of a dimension."""
    name, heading = DIMENSIONS[dimension]
    return Table(
        name,
        (
            Column("segment", heading, width=22, total="label"),
            Column("items", "Items", "count", total="sum"),
            Column("customers", "Customers", "count"),
            Column("receivables", "Receivables", "money", total="sum"),
            Column("share", "Share", "percent", formula='=IFERROR([@Receivables]/kpi_receivables,"")', rule="bar"),
            Column("current", "Current", "money", total="sum"),
            Column("overdue", "Overdue", "money", total="sum"),
            Column("overdue_share", "Overdue %", "percent", formula='=IF(OR([@Receivables]=0,[@Overdue]=""),"",[@Overdue]/[@Receivables])'),
            Column("opening", "Opening", "money", total="sum"),
            replace(EXCHANGE, style="money", total="sum"),
            replace(SALES, total="sum"),
            replace(WINDOW_SALES, total="sum"),
            Column("write_offs", "Write-offs", "money", total="sum"),
            DSO,
            DDSO,
            CEI,
        ),
        title=f"By {heading.lower()}",
    )  # fmt: skip


def sheet(settings: Settings) -> Sheet:
    """Declare the sheet."""
    status = Table(
        "tblByStatus",
        (
            Column("segment", "Overdue status", width=22, total="label"),
            Column("items", "Items", "count", total="sum", note="With an amount in the bucket. Credits set against the oldest items (Settings) leave nothing of what they cover."),
            Column("customers", "Customers", "count"),
            Column("receivables", "Receivables", "money", total="sum"),
            Column(
                "share",
                "Share",
                "percent",
                formula='=IFERROR([@Receivables]/kpi_receivables,"")',
                rule="bar",
            ),
        ),
        title="By overdue status",
        intro=f"Aged by {settings.aging_basis}.",
    )  # fmt: skip
    return Sheet(
        "Segments",
        "Where the money and the delay sit; amounts in the base currency, flows of the as-of month.",
        (status, *(by(dimension) for dimension in DIMENSIONS)),
    )
