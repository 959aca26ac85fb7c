"""The ratios of a month for a part of the ledger, alike on every sheet that cuts it."""

from xlwings_addin.sheets.blocks import Column

ROLLED = 8
"""Figures of a roll-forward, each rounded once."""


def difference(figure: str, against: str, *, figures: int = 1) -> str:
    """Formula text of `ledger.money.difference`: what rounding the figures can make of it is no difference."""
    apart = f"{figure}-{against}"
    return f"IF(ABS({apart})<{figures / 2 + 0.499:g}/10^aging_decimals,0,ROUND({apart},aging_decimals))"


DSO = Column("dso", "DSO", "days", formula="=AR_DSO([@Receivables],[@[Sales in window]],kpi_window_days)")
DDSO = Column("ddso", "DDSO", "days", formula="=AR_DDSO([@Overdue],[@[Sales in window]],kpi_window_days)")
SALES = Column(
    "net_sales",
    "Net credit sales",
    "money",
    note="Of the month: invoices and debit notes less credit notes.",
)
WINDOW_SALES = Column(
    "window_sales",
    "Sales in window",
    "money",
    note="Net credit sales of as many months as DSO divides by (Settings).",
)
OPENED = "IF(COUNT([@Opening])=0,[@Opening],[@Opening]+N([@[Exchange differences]]))"
"""What a month opened with at its closing rates: exchange differences are no collections."""
EXCHANGE = Column(
    "exchange",
    "Exchange differences",
    "money0",
    note="What the opening balance gained or lost by the month's rates.",
)
CEI = Column(
    "cei",
    "CEI",
    "percent",
    formula=f"=AR_CEI({OPENED},[@[Net credit sales]],[@Receivables],[@Current],[@[Write-offs]])",
    note="On the opening balance at the month's closing rates.",
)


def opened(opening: float | None, exchange: float | None) -> float | None:
    """What OPENED shows: the opening balance with its exchange difference, None where it is not known."""
    return None if opening is None else opening + (exchange or 0.0)
