"""The collection effectiveness index: how much of what could be collected was collected."""

from udfs.arguments import Beginning, CeiMethod, CreditSales, EndingCurrent, EndingTotal, Months, WriteOffs
from udfs.errors import Amount
from udfs.rules import Condition, not_negative, nothing_to_divide_by, out_of_domain, positive
from udfs.spec import worksheet_function

ROUNDING = 1e-12
"""Differences this small, relative to the amounts without their signs, are the rounding of a spreadsheet's sums."""


def _sales(credit_sales: Amount, method: str, months: Amount) -> Amount:
    return credit_sales / months if method == "monthly_average" else credit_sales


def _size(amount: Amount) -> Amount:
    size: Amount = amount.__abs__()  # abs() loses the type
    return size


def _collectible(
    beginning: Amount, credit_sales: Amount, ending_current: Amount, write_offs: Amount, method: str, months: Amount
) -> Amount:
    # A net recovery, write-offs below 0, could be collected too.
    kinds: dict[str, Amount] = {"both": write_offs, "ignore": 0.0}
    written_off = kinds.get(method, (write_offs - _size(write_offs)) / 2)
    return beginning + _sales(credit_sales, method, months) - written_off - ending_current


def _rounding(*amounts: Amount) -> Amount:
    """What the rounding of a spreadsheet's sums may come to among amounts of any sign."""
    rounding: Amount = 0.0
    for amount in amounts:
        rounding = rounding + ROUNDING * _size(amount)
    return rounding


def _nothing_collectible(
    beginning: Amount, credit_sales: Amount, ending_current: Amount, write_offs: Amount, method: str, months: Amount
) -> Condition:
    collectible = _collectible(beginning, credit_sales, ending_current, write_offs, method, months)
    rounding = _rounding(beginning, credit_sales, ending_current, write_offs)
    return (-rounding <= collectible) & (collectible <= rounding)


def _more_current_than_total(ending_current: Amount, ending_total: Amount) -> Condition:
    return ending_current > ending_total + _rounding(ending_current, ending_total)


def _less_than_nothing(
    beginning: Amount, credit_sales: Amount, ending_current: Amount, write_offs: Amount, method: str, months: Amount
) -> Condition:
    return _collectible(beginning, credit_sales, ending_current, write_offs, method, months) < 0


@worksheet_function(
    "AR_CEI",
    category="Collection effectiveness",
    formula="(beginning + credit_sales - write_offs - ending_total) / (beginning + credit_sales - ending_current)",
    unit="fraction",
    rules=(
        nothing_to_divide_by(
            _nothing_collectible,
            "beginning {beginning} + credit_sales {credit_sales} - ending_current {ending_current} leaves 0",
        ),
        not_negative("credit_sales"),
        positive("months"),
        out_of_domain(
            _more_current_than_total,
            "ending_current is {ending_current}, more than the ending_total of {ending_total}",
        ),
        out_of_domain(
            _less_than_nothing,
            "beginning {beginning} + credit_sales {credit_sales} is less than ending_current {ending_current}",
        ),
    ),
    variants={
        ("method", "ignore"): "(beginning + credit_sales - ending_total) / (beginning + credit_sales - ending_current)",
        ("method", "both"): "(beginning + credit_sales - write_offs - ending_total) / "
        "(beginning + credit_sales - write_offs - ending_current)",
        ("method", "monthly_average"): "(beginning + credit_sales / months - write_offs - ending_total) / "
        "(beginning + credit_sales / months - ending_current)",
    },
)
def cei(
    beginning: Beginning,
    credit_sales: CreditSales,
    ending_total: EndingTotal,
    ending_current: EndingCurrent,
    write_offs: WriteOffs = 0.0,
    method: CeiMethod = "standard",
    months: Months = 1.0,
) -> Amount:
    """Collection effectiveness index: the share of what could be collected in the period that was. 85 to 95 % is good.

    Equation: (beginning + credit sales - write-offs - ending) / (beginning + credit sales - ending current), a
    fraction: format it as %. Write-offs are in the numerator only: the one form that a write-off does not improve.
    It is 1 when nothing is left overdue and nothing was written off, and never more. Write-offs below 0 are a net
    recovery and add to what could be collected. Opening balances in other currencies stand at the period's closing
    rates: exchange differences are no collections.

    Nothing collectible: #DIV/0!. Sales below 0, months not above 0, more current than total, or less than nothing
    collectible: #NUM!. The method "ignore" leaves write-offs out, "both" deducts them on both sides,
    "monthly_average" divides sales by months; each is what some systems print, none is comparable with the standard.

    Source: https://gaviti.com/glossary/collection-effectiveness-index-cei/

    Examples:
    >>> from udfs import cei
    >>> round(cei(960_000, 10_185_000, 940_000, 700_000, 85_000), 4)
    0.9689
    >>> round(cei(6_200, 10_890, 6_340, 3_590), 4)
    0.7963
    """
    sales = _sales(credit_sales, method, months)
    collectible = _collectible(beginning, credit_sales, ending_current, write_offs, method, months)
    written_off = 0.0 if method == "ignore" else write_offs
    return (beginning + sales - written_off - ending_total) / collectible
