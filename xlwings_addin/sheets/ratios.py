"""The ratios of a month for a part of the ledger, alike on every sheet that cuts it."""

from xlwings_addin.sheets.blocks import Column

DSO = Column("dso", "DSO", "days", formula="=AR_DSO([@Receivables],[@[Net credit sales]],kpi_days)")
DDSO = Column("ddso", "DDSO", "days", formula="=AR_DDSO([@Overdue],[@[Net credit sales]],kpi_days)")
CEI = Column(
    "cei",
    "CEI",
    "percent",
    formula="=AR_CEI([@Opening],[@[Net credit sales]],[@Receivables],[@Current],[@[Write-offs]])",
)
