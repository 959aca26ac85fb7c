"""What faster collection is worth: cash released once, and the interest it saves every year."""

from udfs.arguments import AnnualRate, CashReleased, CreditSales, CurrentDso, TargetDso, YearDays
from udfs.errors import Amount
from udfs.rules import not_negative, positive
from udfs.spec import worksheet_function

CATEGORY = "Cash"


@worksheet_function(
    "AR_CASH_IMPACT",
    category=CATEGORY,
    formula="(current_dso - target_dso) x credit_sales / days",
    unit="money",
    rules=(not_negative("credit_sales"), positive("days")),
)
def cash_impact(
    current_dso: CurrentDso, target_dso: TargetDso, credit_sales: CreditSales, days: YearDays = 365.0
) -> Amount:
    """Cash released, once, by bringing days sales outstanding from today's value to a target.

    Equation: (current DSO - target DSO) x credit sales / days. Negative when the target is worse than today.

    Negative sales or days not above 0: #NUM!.

    Source: https://www.maxcredible.com/nl/financial-impact-of-reducing-payment-collection-times

    Examples:
    >>> from udfs import cash_impact
    >>> round(cash_impact(40, 20, 100_000_000))
    5479452
    """
    return (current_dso - target_dso) * credit_sales / days


@worksheet_function("AR_INTEREST_SAVED", category=CATEGORY, formula="cash_released x annual_rate", unit="money")
def interest_saved(cash_released: CashReleased, annual_rate: AnnualRate) -> Amount:
    """Interest saved per year on cash released. It recurs every year, unlike the release, which happens once.

    Equation: cash released x annual rate.

    Source: https://www.maxcredible.com/nl/financial-impact-of-reducing-payment-collection-times

    Examples:
    >>> from udfs import interest_saved
    >>> round(interest_saved(5_479_452, 0.04), 2)
    219178.08
    """
    return cash_released * annual_rate
