"""How customers pay: amount-weighted days to pay and days late."""

import numpy as np
from numpy.typing import NDArray

from udfs.arguments import Amounts, DueDates, EarlyCounts, InvoiceDates, PaidDates
from udfs.compute import aligned, require, total
from udfs.errors import DIV0, Amount, Failure, is_blank
from udfs.spec import range_function

CATEGORY = "Payment behaviour"


def _paid_items(start: str, amounts: Amount, starts: Amount, paid_dates: Amount) -> list[NDArray[np.float64]]:
    """Return amounts, start dates and payment dates of the items that were paid."""
    money, since, paid = aligned(amounts, starts, paid_dates)
    unpaid = is_blank(paid)
    require({"amounts": money, start: since, "paid_dates": paid}, blanks_in=unpaid)
    return [column[~unpaid] for column in (money, since, paid)]


def _weighted(amounts: NDArray[np.float64], days: NDArray[np.float64]) -> float:
    weight = total(amounts)
    if weight == 0:
        raise Failure(DIV0, "The amounts paid add up to 0: there is nothing to divide by.")
    return total([total(amounts * days) / weight])


@range_function(
    "AR_DAYS_TO_PAY",
    category=CATEGORY,
    formula="sum of amounts x (paid_dates - invoice_dates) / sum of amounts",
    unit="days",
)
def days_to_pay(amounts: Amounts, invoice_dates: InvoiceDates, paid_dates: PaidDates) -> float:
    """Average days from invoice to payment, each invoice weighted by its amount. Unpaid ones are left out.

    Equation: sum of amount x (paid - invoiced) / sum of amounts.

    Nothing paid, or amounts that add up to 0: #DIV/0!. A paid row without amount or date: #N/A.

    Source: https://scshubfrpdev.powerappsportals.com/ideas/idea/?ideaid=4191bf6f-f5ab-ea11-8b71-0003ff68c1c4

    Examples:
    >>> from udfs import days_to_pay
    >>> round(days_to_pay([10, 100], ["2024-01-01", "2024-01-01"], ["2024-01-06", "2024-01-11"]), 2)
    9.55
    """
    money, invoiced, paid = _paid_items("invoice_dates", amounts, invoice_dates, paid_dates)
    return _weighted(money, paid - invoiced)


@range_function(
    "AR_DAYS_LATE",
    category=CATEGORY,
    formula="sum of amounts x days late / sum of amounts; paid early is 0 days late",
    unit="days",
    variants={("early_counts", True): "sum of amounts x (paid_dates - due_dates) / sum of amounts"},
)
def days_late(amounts: Amounts, due_dates: DueDates, paid_dates: PaidDates, early_counts: EarlyCounts = False) -> float:
    """Average days paid after the due date, each item weighted by its amount. Unpaid ones are left out.

    Equation: sum of amount x max(paid - due, 0) / sum of amounts. With early_counts TRUE early payment counts as
    negative days instead of 0: a different figure, not comparable with the first.

    Nothing paid, or amounts that add up to 0: #DIV/0!. A paid row without amount or date: #N/A.

    Source: NACM, average days beyond terms

    Examples:
    >>> from udfs import days_late
    >>> days_late([100, 100], ["2024-01-31", "2024-01-31"], ["2024-01-21", "2024-02-10"])
    5.0
    >>> days_late([100, 100], ["2024-01-31", "2024-01-31"], ["2024-01-21", "2024-02-10"], early_counts=True)
    0.0
    """
    money, due, paid = _paid_items("due_dates", amounts, due_dates, paid_dates)
    late = paid - due
    return _weighted(money, late if early_counts else np.maximum(late, 0.0))
