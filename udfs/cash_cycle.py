"""The cash conversion cycle and the turnover of receivables."""

from udfs.arguments import CostOfSales, CreditSales, Days, Dio, Dpo, Dso, Inventory, Payables, Receivables, Turnover
from udfs.errors import Amount
from udfs.rules import not_negative, not_zero, positive
from udfs.spec import worksheet_function

CATEGORY = "Cash cycle"
_OF_COST = (not_zero("cost_of_sales"), not_negative("cost_of_sales"), positive("days"))


@worksheet_function(
    "AR_DIO", category=CATEGORY, formula="inventory / cost_of_sales x days", unit="days", rules=_OF_COST
)
def dio(inventory: Inventory, cost_of_sales: CostOfSales, days: Days) -> Amount:
    """Days inventory outstanding: how many days goods are in stock before they are sold.

    Equation: inventory / cost of sales x days.

    No cost of sales: #DIV/0!. Negative cost or days not above 0: #NUM!.

    Source: https://financial-dictionary.thefreedictionary.com/Days%27+sales+outstanding

    Examples:
    >>> from udfs import dio
    >>> round(dio(2_050, 4_000, 365), 2)
    187.06
    """
    return inventory / cost_of_sales * days


@worksheet_function("AR_DPO", category=CATEGORY, formula="payables / cost_of_sales x days", unit="days", rules=_OF_COST)
def dpo(payables: Payables, cost_of_sales: CostOfSales, days: Days) -> Amount:
    """Days payables outstanding: how many days the company takes to pay its suppliers.

    Equation: payables / cost of sales x days.

    No cost of sales: #DIV/0!. Negative cost or days not above 0: #NUM!.

    Source: https://financial-dictionary.thefreedictionary.com/Days%27+sales+outstanding

    Examples:
    >>> from udfs import dpo
    >>> dpo(1_200, 4_000, 365)
    109.5
    """
    return payables / cost_of_sales * days


@worksheet_function("AR_CCC", category=CATEGORY, formula="dio + dso - dpo", unit="days")
def ccc(dio: Dio, dso: Dso, dpo: Dpo) -> Amount:
    """Cash conversion cycle: days from paying suppliers to being paid by customers. Negative is possible, and good.

    Equation: DIO + DSO - DPO.

    Source: https://financial-dictionary.thefreedictionary.com/Days%27+sales+outstanding

    Examples:
    >>> from udfs import ccc
    >>> round(ccc(187.1, 20.1, 109.5), 1)
    97.7
    """
    return dio + dso - dpo


@worksheet_function(
    "AR_TURNOVER",
    category=CATEGORY,
    formula="credit_sales / receivables",
    unit="times",
    rules=(not_zero("receivables"), not_negative("credit_sales")),
)
def turnover(credit_sales: CreditSales, receivables: Receivables) -> Amount:
    """Receivables turnover: how many times in the period receivables were collected and built up again.

    Equation: credit sales / receivables.

    No receivables: #DIV/0!. Negative sales: #NUM!.

    Source: https://www.gaodun.com/q/f06hbb

    Examples:
    >>> from udfs import turnover
    >>> turnover(4_192_200, 328_800)
    12.75
    """
    return credit_sales / receivables


@worksheet_function(
    "AR_COLLECTION_PERIOD",
    category=CATEGORY,
    formula="days / turnover",
    unit="days",
    rules=(not_zero("turnover"), positive("days")),
)
def collection_period(turnover: Turnover, days: Days) -> Amount:
    """Average collection period: days in the period divided by the turnover of receivables.

    Equation: days / turnover.

    No turnover: #DIV/0!. Days not above 0: #NUM!.

    Source: https://www.gaodun.com/q/f06hbb

    Examples:
    >>> from udfs import collection_period
    >>> round(collection_period(6_205_000 / 335_000, 365), 2)
    19.71
    """
    return days / turnover
