"""Risk in the receivables: expected losses, concentration and roll rates."""

import numpy as np

from udfs.arguments import Amounts, BucketAmounts, BucketBefore, BucketNext, Customers, LossRates, Top
from udfs.compute import aligned, problems_of, require, total
from udfs.errors import DIV0, NUM, VALUE, Amount, Failure, is_blank
from udfs.rules import not_zero
from udfs.spec import range_function, worksheet_function
from udfs.wording import quantity

CATEGORY = "Risk"
MOST_TERMS = 6
"""A sum of more terms than this is not written out."""


def _provision_written_out(bucket_amounts: Amount, loss_rates: Amount) -> str:
    amounts, rates = (pair.tolist() for pair in aligned(bucket_amounts, loss_rates))
    terms = [f"{quantity(amount)} x {quantity(rate)}" for amount, rate in zip(amounts, rates, strict=True)]
    left_out = len(terms) - MOST_TERMS
    return " + ".join(terms[:MOST_TERMS]) + (f" + {left_out} more" if left_out > 0 else "")


@range_function(
    "AR_PROVISION",
    category=CATEGORY,
    formula="sum of bucket_amounts x loss_rates",
    unit="money",
    working=_provision_written_out,
)
def provision(bucket_amounts: BucketAmounts, loss_rates: LossRates) -> float:
    """Provision for expected losses by a matrix: each bucket's receivables times its expected loss rate, added up.

    Equation: sum of amount x rate. The ranges may be rows or columns.

    A blank anywhere: #N/A. Ranges of different length: #VALUE!.

    Source: IFRS 9 Illustrative Example 12

    Examples:
    >>> from udfs import provision
    >>> provision([15e6, 7.5e6, 4e6, 2.5e6, 1e6], [0.003, 0.016, 0.036, 0.066, 0.106])
    580000.0
    """
    amounts, rates = aligned(bucket_amounts, loss_rates)
    require({"bucket_amounts": amounts, "loss_rates": rates})
    return total(amounts * rates)


@range_function(
    "AR_CONCENTRATION",
    category=CATEGORY,
    formula="balances of the top largest customers / sum of positive balances",
    unit="fraction",
)
def concentration(customers: Customers, amounts: Amounts, top: Top = 20.0) -> float:
    """Concentration: the share of the largest customers in everything that customers owe.

    Equation: the largest balances / the sum of positive balances, by customer number. Customers whose credits
    exceed their invoices owe nothing and count on neither side. Wholly blank rows are skipped.

    Nobody owes anything: #DIV/0!. A customer or amount missing: #N/A. Fewer than one customer: #NUM!.

    Source: credit management practice; the guide's "Top-20" signal

    Examples:
    >>> from udfs import concentration
    >>> concentration(["A", "B", "A", "C"], [50, 30, 10, 10], 1)
    0.6
    """
    ids, money = customers, np.ravel(amounts)
    if ids.size != money.size:
        raise Failure(VALUE, "customers and amounts are not equally long.")
    problems = problems_of(ids)
    unused = is_blank(problems) & is_blank(money)
    require({"customers": problems, "amounts": money, "top": top}, blanks_in=None if unused.all() else unused)
    if top < 1:
        raise Failure(NUM, f"top is {quantity(top)}: it must be 1 or more.")
    items: dict[str, list[float]] = {}
    for customer, amount in zip(ids[~unused].tolist(), money[~unused].tolist(), strict=True):
        items.setdefault(customer, []).append(amount)
    balances = sorted((balance for balance in map(total, items.values()) if balance > 0), reverse=True)
    if not balances:
        raise Failure(DIV0, "No customer owes anything: there is nothing to divide by.")
    return total(balances[: int(top)]) / total(balances)


@worksheet_function(
    "AR_ROLL_RATE",
    category=CATEGORY,
    formula="bucket_next / bucket_before",
    unit="fraction",
    rules=(not_zero("bucket_before"),),
)
def roll_rate(bucket_next: BucketNext, bucket_before: BucketBefore) -> Amount:
    """Roll rate: the share of a bucket's receivables that was still unpaid and rolled into the next one.

    Equation: amount in the next bucket now / amount in the bucket a month ago. A fraction: format it as %.

    An empty bucket before: #DIV/0!.

    Source: https://costcalculator.calculator.city/how-to-calculate-roll-rates

    Examples:
    >>> from udfs import roll_rate
    >>> roll_rate(200_000, 1_000_000)
    0.2
    """
    return bucket_next / bucket_before
