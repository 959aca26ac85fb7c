"""Countback DSO: walk back through monthly sales until they cover the receivables."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from udfs.arguments import (
    EndingReceivables,
    IfExhausted,
    MonthDays,
    MonthlySales,
    NewestFirst,
    ReceivablesByMonth,
    SalesByMonth,
)
from udfs.compute import EMPTY, TOO_LARGE, require
from udfs.errors import NA, NUM, VALUE, Amount, Failure, excel_text, first_problem
from udfs.spec import range_function
from udfs.wording import outcome, quantity

CATEGORY = "Collection speed"
REMAINDER = 1e-9
"""A balance left of at most this part of the opening one is rounding, and nothing is left."""
ERROR, CAP, EXTRAPOLATE = "error", "cap", "extrapolate"
STEP_COLUMNS = ("Period", "Sales", "Covered", "Days", "Balance left")
EXTRAPOLATED = "Extrapolated"

Array = NDArray[np.float64]
Table = list[list[str | float]]


class _History(NamedTuple):
    """Months newest first, down the rows; a column for each history, one or many.

    `problem` is 0 where a month can be used, else the error that a walk meets there.
    """

    sales: Array
    days: Array
    problem: Array | None


class Step(NamedTuple):
    """One month of a walk."""

    period: float | str
    sales: float | str
    covered: float
    days: float
    left: float


def _history(monthly_sales: Amount, days: Amount, newest_first: bool) -> _History:
    given = np.atleast_2d(np.asarray(monthly_sales, dtype=np.float64))
    sales = given if given.shape[1] == 1 else given.T
    months = sales.shape[0]
    lengths = np.asarray(days, dtype=np.float64)
    if not sales.size:
        raise Failure(VALUE, EMPTY)
    if lengths.size == 1:
        require({"days": lengths})
        if lengths.item() <= 0:
            raise Failure(NUM, f"days is {quantity(lengths.item())}: it must be more than 0.")
    elif max(lengths.shape) != lengths.size or lengths.size != months:
        raise Failure(VALUE, f"days has {lengths.size} cells; the history has {months} months.")
    lengths = np.broadcast_to(lengths.ravel(), (months,))
    if not newest_first:
        sales, lengths = sales[::-1], lengths[::-1]
    problem = first_problem([sales, lengths[:, None]], sales.shape)
    if (lengths <= 0).any():
        problem = np.zeros(sales.shape) if problem is None else problem
        problem[(lengths <= 0)[:, None] & (problem == 0)] = NUM
    if problem is not None:
        sales, lengths = np.where(problem == 0, sales, 0.0), np.where(np.isfinite(lengths), lengths, 0.0)
    return _History(sales, lengths, problem)


def _count_back(balances: Array, history: _History, if_exhausted: str) -> Array:
    """Return the days of each balance, on the one history or on the history in its place.

    A month of no or negative sales covers nothing, so what the months cover only ever grows: a walk ends in the
    first month that brings the cover up to the balance.
    """
    sales, days, problem = history
    months, histories = sales.shape
    own = np.arange(histories) if histories > 1 else np.zeros(1, dtype=np.intp)
    positive = balances > 0
    enough = np.where(positive, balances * (1 - REMAINDER), -np.inf)
    # Month by month, with nothing kept but running sums: several times faster than cumulative sums of the whole block.
    covered = np.zeros(histories)
    before, walked = np.zeros(balances.shape), np.zeros(balances.shape, dtype=np.intp)
    for month in sales:
        covered = covered + np.maximum(month, 0.0)
        short = covered < enough
        if not short.any():
            break
        np.copyto(before, covered, where=short)
        walked += short
    ends = np.minimum(walked, months - 1)
    elapsed = np.concatenate(([0.0], np.cumsum(days)))
    part = np.minimum((balances - before) / sales[ends, own], 1.0)
    result: Array = np.where(positive, elapsed[ends] + days[ends] * part, 0.0)

    exhausted = walked == months
    if exhausted.any():
        beyond = np.full(balances.shape, NA if if_exhausted == ERROR else elapsed[-1])
        if if_exhausted == EXTRAPOLATE:
            pace = sales.sum(axis=0) / elapsed[-1]
            beyond = np.where(pace > 0, beyond + (balances - covered) / pace, NA)
        result[exhausted] = beyond[exhausted]
    result[np.isinf(result)] = NUM
    if problem is not None:
        unusable = np.vstack((problem != 0, np.ones((1, histories), dtype=np.bool_)))
        first = unusable.argmax(axis=0)
        spoilt = positive & (walked >= first) & (first < months)
        errors = np.broadcast_to(problem[np.minimum(first, months - 1), own], balances.shape)
        result[spoilt] = errors[spoilt]
    return result


def _walk(balance: float, history: _History, if_exhausted: str) -> list[Step]:
    """Return the walk of one balance, month by month."""
    steps: list[Step] = []
    left = max(balance, 0.0)
    nothing_left = left * REMAINDER
    sales, days = history.sales[:, 0].tolist(), history.days.tolist()
    for month, (sold, length) in enumerate(zip(sales, days, strict=True)):
        if left <= nothing_left:
            return steps
        if history.problem is not None and history.problem[month, 0] != 0:
            error = float(history.problem[month, 0])
            place = f"The walk reaches month {month + 1} of the history"
            raise Failure(error, f"{place}, which is blank, no number or an error ({excel_text(error)}).")
        covered = min(max(sold, 0.0), left)
        counted = length if left >= sold else left / sold * length
        left -= covered
        if left <= nothing_left:
            left = 0.0
        steps.append(Step(float(month + 1), sold, covered, counted, left))
    if left > nothing_left and if_exhausted != CAP:
        pace = sum(sales) / sum(days)
        if if_exhausted == ERROR:
            raise Failure(
                NA, f"The sales history, {len(sales)} long, does not reach back far enough: {quantity(left)} is left."
            )
        if pace <= 0:
            raise Failure(NA, "The average daily sales of the history are not above 0: there is no pace to go on at.")
        steps.append(Step(EXTRAPOLATED, "", left, left / pace, 0.0))
    return steps


def _written_out(
    ending_receivables: Amount, monthly_sales: Amount, days: Amount, newest_first: bool, if_exhausted: str
) -> str:
    steps = _walk(float(np.ravel(ending_receivables)[0]), _history(monthly_sales, days, newest_first), if_exhausted)
    parts = [
        f"{outcome(step.days, '')} ({quantity(step.covered)} of {quantity(step.sales)})"
        if isinstance(step.sales, float)
        else f"{outcome(step.days, '')} ({quantity(step.covered)} at the average daily sales)"
        for step in steps
    ]
    return " + ".join(parts) or "nothing to cover"


@range_function(
    "AR_DSO_COUNTBACK",
    category=CATEGORY,
    formula="days of the months whose sales cover ending_receivables, newest first",
    unit="days",
    working=_written_out,
)
def countback(
    ending_receivables: EndingReceivables,
    monthly_sales: MonthlySales,
    days: MonthDays = 30.0,
    newest_first: NewestFirst = True,
    if_exhausted: IfExhausted = ERROR,
) -> Amount:
    """Countback DSO: the days one walks back through monthly sales until they cover receivables. For uneven sales.

    Equation: while the balance lasts, a month whose sales it covers counts all its days; the month that ends it
    counts balance / sales of them. A month of no sales counts its days; so does one of net credits, which covers
    nothing. A balance of 0 or less gives 0. A remainder of 1e-9 of the balance is rounding.

    One history (a row, a column) serves every balance; a history of n rows and several columns goes row by row
    with n balances. Balances of any shape in, days of that shape out.

    History too short: #N/A, unless if_exhausted says "cap" or "extrapolate". A blank or an error in a month spoils
    the walks that reach it, no others. Days not above 0: #NUM!.

    Source: Customer Receivables (DSO) Guide, 300k against 280k, 240k, ... is 32.5 days

    Examples:
    >>> from udfs import countback
    >>> countback(300_000, [280_000, 240_000, 210_000, 190_000, 170_000, 160_000])
    32.5
    >>> countback(2_471, [1_003, 1_228, 1_203], days=[31, 29, 31]) > 66
    True
    """
    history = _history(monthly_sales, days, newest_first)
    balances = np.asarray(ending_receivables, dtype=np.float64)
    rows = history.sales.shape[1]
    if rows > 1 and balances.size not in (1, rows):
        raise Failure(VALUE, f"{balances.size} balances do not go with {rows} rows of sales.")
    flat = balances.ravel()
    problem = first_problem([flat], flat.shape)
    usable = flat if problem is None else np.where(problem == 0, flat, 0.0)
    if rows > 1:
        usable = np.broadcast_to(usable, (rows,))
    result = _count_back(usable, history, if_exhausted)
    if problem is not None:
        np.copyto(result, problem, where=problem != 0)
    if result.size == 1 and not balances.ndim:
        return float(result[0])
    return result.reshape(balances.shape if balances.size == result.size else (rows, 1))


@range_function(
    "AR_COUNTBACK_STEPS",
    category=CATEGORY,
    formula="days of the months whose sales cover ending_receivables, newest first",
    unit="table",
    working=_written_out,
)
def countback_steps(
    ending_receivables: EndingReceivables,
    monthly_sales: MonthlySales,
    days: MonthDays = 30.0,
    newest_first: NewestFirst = True,
    if_exhausted: IfExhausted = ERROR,
) -> Table:
    """The walk behind the countback DSO, month by month, to show to an auditor. Its days add up to the countback.

    Columns: Period (1 is the newest month), Sales, Covered, Days, Balance left. One balance and one history.

    Errors as in AR_DSO_COUNTBACK; several balances or histories: #VALUE!.

    Source: Customer Receivables (DSO) Guide

    Examples:
    >>> from udfs import countback_steps
    >>> for row in countback_steps(300_000, [280_000, 240_000, 210_000]):
    ...     print(*row, sep=" | ")
    Period | Sales | Covered | Days | Balance left
    1.0 | 280000.0 | 280000.0 | 30.0 | 20000.0
    2.0 | 240000.0 | 20000.0 | 2.5 | 0.0
    """
    history = _history(monthly_sales, days, newest_first)
    balances = np.ravel(ending_receivables)
    if balances.size != 1 or history.sales.shape[1] > 1:
        raise Failure(VALUE, "The steps are those of one balance on one history.")
    require({"ending_receivables": balances})
    steps = _walk(float(balances[0]), history, if_exhausted)
    if not np.isfinite([step.days for step in steps]).all():
        raise Failure(NUM, TOO_LARGE)
    return [list(STEP_COLUMNS), *(list(step) for step in steps)]


def _first_written_out(receivables_by_month: Amount, sales_by_month: Amount, days: Amount, newest_first: bool) -> str:
    balances, sales = np.atleast_2d(receivables_by_month), np.atleast_2d(sales_by_month)
    series = sales[:, 0] if sales.shape[1] == 1 else sales[0]
    require({"receivables_by_month": balances[0, 0]})
    # The first result is that of the newest month with all the months before it, or that of the oldest, with none.
    months = slice(None) if newest_first else slice(1)
    return _written_out(balances[0, 0], series[months], np.atleast_1d(days)[months], True, ERROR)


@range_function(
    "AR_DSO_TREND",
    category=CATEGORY,
    formula="countback at each month on the sales up to it",
    unit="days",
    working=_first_written_out,
)
def dso_trend(
    receivables_by_month: ReceivablesByMonth,
    sales_by_month: SalesByMonth,
    days: MonthDays = 30.0,
    newest_first: NewestFirst = True,
) -> Amount:
    """Countback DSO at every month of a series, in one spill.

    Each month counts back on its own sales and those of the months before it. The earliest months are #N/A as long
    as their sales do not reach back far enough. Series of equal length in, one value per month out, in the same
    order; a row per customer works too.

    Errors as in AR_DSO_COUNTBACK; series of different length: #VALUE!.

    Source: as AR_DSO_COUNTBACK

    Examples:
    >>> from udfs import dso_trend
    >>> dso_trend([120, 90, 50], [100, 80, 100]).tolist()
    [37.5, 33.0, 15.0]
    """
    given = np.asarray(receivables_by_month, dtype=np.float64)
    by_row = np.atleast_2d(given)
    balances = by_row if by_row.shape[1] == 1 else by_row.T
    sales, lengths, problem = _history(sales_by_month, days, newest_first)
    if balances.shape != sales.shape:
        raise Failure(VALUE, "receivables_by_month and sales_by_month are not equally long.")
    if not newest_first:
        balances = balances[::-1]
    wrong = first_problem([balances], balances.shape)
    usable = balances if wrong is None else np.where(wrong == 0, balances, 0.0)
    result = np.empty(balances.shape)
    for month in range(balances.shape[0]):
        past = _History(sales[month:], lengths[month:], None if problem is None else problem[month:])
        result[month] = _count_back(usable[month], past, ERROR)
    if wrong is not None:
        np.copyto(result, wrong, where=wrong != 0)
    if not newest_first:
        result = result[::-1]
    return (result if by_row.shape[1] == 1 else result.T).reshape(given.shape) if given.ndim else float(result[0, 0])
