"""Days sales outstanding: how long a credit sale stays unpaid, how short that could be, and its overdue part."""

from udfs.arguments import (
    BestPossibleDso,
    CreditSales,
    CurrentReceivables,
    Days,
    Dso,
    OverdueReceivables,
    Receivables,
)
from udfs.errors import Amount
from udfs.rules import not_negative, not_zero, positive
from udfs.spec import worksheet_function

CATEGORY = "Collection speed"
OF_SALES = (not_zero("credit_sales"), not_negative("credit_sales"), positive("days"))
"""The rules of every figure that divides a balance by credit sales."""


@worksheet_function(
    "AR_DSO", category=CATEGORY, formula="receivables / credit_sales x days", unit="days", rules=OF_SALES
)
def dso(receivables: Receivables, credit_sales: CreditSales, days: Days) -> Amount:
    """Days sales outstanding: how many days, on average, a credit sale takes to become cash.

    Equation: receivables / credit sales x days, on average or ending receivables as you choose.

    A period without credit sales has no DSO (#DIV/0!). Negative sales or days not above 0 are #NUM!.
    Negative receivables (net credits) give a negative DSO.

    Source: Customer Receivables (DSO) Guide, 250,000 / 1,500,000 x 365 = 60.8 days;
    https://wiki.treasurers.org/wiki/Days_sales_outstanding

    Examples:
    >>> from udfs import dso
    >>> round(dso(850_000, 3_200_000, 365), 2)
    96.95
    """
    return receivables / credit_sales * days


@worksheet_function(
    "AR_BEST_POSSIBLE_DSO",
    category=CATEGORY,
    formula="current_receivables / credit_sales x days",
    unit="days",
    rules=OF_SALES,
)
def best_possible_dso(current_receivables: CurrentReceivables, credit_sales: CreditSales, days: Days) -> Amount:
    """Best possible DSO: the days sales outstanding would be if every customer paid on the due date.

    Equation: receivables not yet due / credit sales x days. With delinquent DSO it adds up to DSO on ending
    receivables.

    No credit sales: #DIV/0!. Negative sales or days not above 0: #NUM!.

    Source: https://www.growfin.ai/glossary/best-possible-dso-definition

    Examples:
    >>> from udfs import best_possible_dso
    >>> round(best_possible_dso(8_000, 30_000, 28), 2)
    7.47
    """
    return current_receivables / credit_sales * days


@worksheet_function("AR_DAYS_DELINQUENT", category=CATEGORY, formula="dso - best_possible_dso", unit="days")
def days_delinquent(dso: Dso, best_possible_dso: BestPossibleDso) -> Amount:
    """Average days delinquent: the part of days sales outstanding that comes from late payment.

    Equation: DSO - best possible DSO, both of the same period.

    Source: https://www.calculatoratoz.com/en/average-days-delinquent-calculator/Calc-44486

    Examples:
    >>> from udfs import days_delinquent
    >>> days_delinquent(15, 5)
    10.0
    """
    return dso - best_possible_dso


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

    No credit sales: #DIV/0!. Negative sales or days not above 0: #NUM!.

    Source: https://www.growfin.ai/glossary/best-possible-dso-definition

    Examples:
    >>> from udfs import ddso
    >>> round(ddso(2_000, 30_000, 28), 2)
    1.87
    """
    return overdue_receivables / (credit_sales / days)
