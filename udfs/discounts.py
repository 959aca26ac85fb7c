"""What a discount for early payment costs, and the largest one worth offering."""

from udfs.arguments import AnnualRate, Compound, Discount, DiscountDays, ExpectedPayDays, NetDays, Year
from udfs.errors import Amount
from udfs.rules import nothing_to_divide_by, out_of_domain, positive
from udfs.spec import worksheet_function

CATEGORY = "Early-payment discounts"


@worksheet_function(
    "AR_DISCOUNT_COST",
    category=CATEGORY,
    formula="discount / (1 - discount) x year / (net_days - discount_days)",
    unit="fraction",
    rules=(
        out_of_domain(lambda discount: discount >= 1, "discount is {discount}: it must be less than 1, 2 % is 0.02"),
        out_of_domain(
            lambda net_days, discount_days: net_days <= discount_days,
            "net_days is {net_days}, which is not after the discount_days of {discount_days}",
        ),
        positive("year"),
    ),
    variants={
        ("compound", True): "(1 + discount / (1 - discount)) ^ (year / (net_days - discount_days)) - 1",
    },
)
def discount_cost(
    discount: Discount,
    discount_days: DiscountDays,
    net_days: NetDays,
    year: Year = 365.0,
    compound: Compound = False,
) -> Amount:
    """Yearly cost of an early-payment discount to the seller. Offering it pays only below its cost of capital.

    Equation: d / (1 - d) x year / (N - D); compound: (1 + d / (1 - d)) ^ (year / (N - D)) - 1. A fraction: format
    it as %.

    A discount of 100 % or more, net days not after the discount days, or a year not above 0: #NUM!.

    Source: https://calculatorhub.com/tools/early-payment-discount-calculator/

    Examples:
    >>> from udfs import discount_cost
    >>> round(discount_cost(0.02, 10, 30), 4), round(discount_cost(0.02, 10, 30, 360), 4)
    (0.3724, 0.3673)
    """
    gained, periods = discount / (1 - discount), year / (net_days - discount_days)
    cost: Amount = (1 + gained) ** periods - 1 if compound else gained * periods
    return cost


@worksheet_function(
    "AR_BREAKEVEN_DISCOUNT",
    category=CATEGORY,
    formula="1 - (1 + annual_rate x discount_days / year) / (1 + annual_rate x expected_pay_days / year)",
    unit="fraction",
    rules=(
        nothing_to_divide_by(
            lambda annual_rate, expected_pay_days, year: 1 + annual_rate * expected_pay_days / year == 0,
            "1 + annual_rate {annual_rate} x expected_pay_days {expected_pay_days} / year {year} is 0",
        ),
        positive("year"),
    ),
)
def breakeven_discount(
    annual_rate: AnnualRate, discount_days: DiscountDays, expected_pay_days: ExpectedPayDays, year: Year = 365.0
) -> Amount:
    """Largest discount worth offering for early payment: above it, waiting for the money is cheaper.

    Equation: 1 - (1 + k D / year) / (1 + k N / year), with N the day the customer really pays, not the terms.

    A year not above 0: #NUM!. A customer who pays before the discount day gives a value below 0: offer nothing.

    Source: present values at simple interest, as in any textbook on trade credit

    Examples:
    >>> from udfs import breakeven_discount
    >>> round(breakeven_discount(0.10, 10, 30), 4)
    0.0054
    """
    return 1 - (1 + annual_rate * discount_days / year) / (1 + annual_rate * expected_pay_days / year)
