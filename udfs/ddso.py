"""Delinquent days sales outstanding: the overdue part of DSO."""

from udfs.arguments import CreditSales, Days, OverdueReceivables
from udfs.dso import CATEGORY, OF_SALES
from udfs.errors import Amount
from udfs.spec import worksheet_function


@worksheet_function(
    "AR_DDSO",
    category=CATEGORY,
    formula="overdue_receivables / (credit_sales / days)",
    unit="days",
    rules=OF_SALES,
)
def ddso(overdue_receivables: OverdueReceivables, credit_sales: CreditSales, days: Days) -> Amount:
    """Delinquent DSO: how many days of credit sales are overdue. Lower is better.

    Equation: overdue receivables / (credit sales / days). With ending receivables, DSO = best possible DSO +
    delinquent DSO.

    No credit sales: #DIV/0!. Negative sales or days not above 0: #NUM!. Numbers or arrays in, days out.

    Source: https://www.growfin.ai/glossary/best-possible-dso-definition

    Examples:
    >>> round(ddso(2_000, 30_000, 28), 2)
    1.87
    """
    return overdue_receivables / (credit_sales / days)
