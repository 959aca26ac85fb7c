"""Days past due, aging buckets and the aging table."""

import numpy as np
from numpy.typing import NDArray

from udfs.arguments import Amounts, AsOf, AsOfDay, Customers, DueDate, DueDates, Edges
from udfs.compute import common_shape, problems_of, require
from udfs.errors import NUM, VALUE, Amount, Failure, first_problem, is_blank
from udfs.intake import day
from udfs.spec import range_function, worksheet_function
from udfs.wording import outcome

CATEGORY = "Aging"
STANDARD_EDGES = (30, 60, 90)
CURRENT, NO_DATE, CREDITS, TOTAL = "Current", "No date", "Credits", "Total"

Table = list[list[str | float]]

_DECIMALS = (2, 3, 4, 6)
"""Minor units to add in: cents, or as fine as the amounts are; some currencies have three decimals."""
_LARGEST = 2.0**62


def bucket_labels(edges: tuple[int, ...] = STANDARD_EDGES) -> tuple[str, ...]:
    """Return the names of the buckets that some edges make, youngest first.

    >>> from udfs.buckets import bucket_labels
    >>> bucket_labels()
    ('Current', '1-30', '31-60', '61-90', '90+')
    """
    first_days = (1, *(edge + 1 for edge in edges))
    between = (f"{a}-{b}" if a < b else f"{a}" for a, b in zip(first_days, edges, strict=False))
    return (CURRENT, *between, f"{edges[-1]}+")


def bucket_codes(days_past_due: NDArray[np.number], edges: tuple[int, ...] = STANDARD_EDGES) -> NDArray[np.int8]:
    """Return each item's place in `bucket_labels`: 0 for what is not past due, then one bucket per edge.

    >>> import numpy as np
    >>> from udfs.buckets import bucket_codes
    >>> bucket_codes(np.array([-5, 0, 1, 30, 31, 90, 91])).tolist()
    [0, 0, 1, 1, 2, 3, 4]
    """
    # A comparison per edge runs several times faster than a search and keeps to one byte an item.
    codes = (days_past_due > 0).astype(np.int8)
    for edge in edges:
        codes += days_past_due > edge
    return codes


@worksheet_function("AR_DAYS_PAST_DUE", category=CATEGORY, formula="as_of - due_date", unit="days")
def days_past_due(due_date: DueDate, as_of: AsOf) -> Amount:
    """Days an item is past due on a day. Due today is 0 and still current; negative is not yet due.

    Equation: as-of date - due date, in calendar days; times of day do not count. Dates, serial numbers or ISO text.

    No due date: #N/A.

    Source: https://softledger.com/support/en/articles/10247002-ar-aging

    Examples:
    >>> from udfs import days_past_due
    >>> days_past_due("2020-05-15", "2020-06-20")
    36.0
    """
    return as_of - due_date


def _bucket_written_out(due_date: Amount, as_of: Amount, edges: tuple[int, ...]) -> str:
    due, today = float(np.ravel(due_date)[0]), float(np.ravel(as_of)[0])
    if bool(is_blank(due)):
        return "due_date is blank"
    return f"{day(today)} - {day(due)} = {outcome(today - due, 'days')} past due; {' | '.join(bucket_labels(edges))}"


@range_function(
    "AR_BUCKET",
    category=CATEGORY,
    formula="bucket of as_of - due_date",
    unit="",
    working=_bucket_written_out,
)
def bucket(due_date: DueDate, as_of: AsOf, edges: Edges = STANDARD_EDGES) -> str | float | NDArray[np.object_]:
    """Aging bucket of an item on a day: Current, 1-30, 31-60, 61-90, 90+, or No date if it has no due date.

    An edge is the last day of its bucket: 30 days past due is 1-30. One item gives a text, a range of them an
    array of texts.

    No as-of date: #N/A. Edges that are not whole, rising and above 0: #NUM!.

    Source: https://softledger.com/support/en/articles/10247002-ar-aging

    Examples:
    >>> from udfs import bucket
    >>> bucket("2020-05-15", "2020-06-20")
    '31-60'
    """
    shape = common_shape((due_date, as_of))
    due, today = np.broadcast_to(due_date, shape), np.broadcast_to(as_of, shape)
    undated = is_blank(due)
    labels = np.array([*bucket_labels(edges), NO_DATE], dtype=object)
    codes = bucket_codes(today - due, edges)
    result: NDArray[np.object_] = np.array(labels[np.where(undated, len(labels) - 1, codes)], dtype=object)
    problem = first_problem([np.where(undated, 0.0, due), today], due.shape)
    if problem is not None:
        result[problem != 0] = problem[problem != 0]
    if due.ndim:
        return result
    single: str | float = result.item()
    return single


def _aging_written_out(
    customers: Customers, due_dates: DueDates, amounts: Amounts, as_of: float, edges: tuple[int, ...]
) -> str:
    table = aging(customers, due_dates, amounts, as_of, edges)
    header, totals = table[0], table[-1]
    parts = [
        f"{name} {outcome(float(value), 'money')}"
        for name, value in zip(header[1:-1], totals[1:-1], strict=True)
        if value
    ]
    total = outcome(float(totals[-1]), "money")
    return f"{len(table) - 2} customers as of {day(as_of)}: {' + '.join(parts) or '0'} = {total}"


@range_function(
    "AR_AGING",
    category=CATEGORY,
    formula="amounts by customer and bucket of as_of - due_dates",
    unit="table",
    working=_aging_written_out,
)
def aging(
    customers: Customers, due_dates: DueDates, amounts: Amounts, as_of: AsOfDay, edges: Edges = STANDARD_EDGES
) -> Table:
    """Aging table: what each customer owes by days past due, largest first, with a row of totals.

    Columns: Customer, Credits (all negative amounts), Current, the buckets, No date, Total. Each item is in
    exactly one column; rows and columns add up to the cent. Ties go by customer number; wholly blank rows are
    skipped.

    A customer or amount missing: #N/A. Ranges of different length: #VALUE!. Edges that are not whole, rising and
    above 0, or amounts too large to count in cents: #NUM!.

    Source: https://github.com/odoo/odoo/pull/16235

    Examples:
    >>> from udfs import aging
    >>> for row in aging(["A", "B", "A"], ["2024-05-01", "2024-06-30", None], [100, 250.5, -20], "2024-06-30"):
    ...     print(*row, sep=" | ")
    Customer | Credits | Current | 1-30 | 31-60 | 61-90 | 90+ | No date | Total
    B | 0.0 | 250.5 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 250.5
    A | -20.0 | 0.0 | 0.0 | 100.0 | 0.0 | 0.0 | 0.0 | 80.0
    Total | -20.0 | 250.5 | 0.0 | 100.0 | 0.0 | 0.0 | 0.0 | 330.5
    """
    due, money = np.ravel(due_dates), np.ravel(amounts)
    if not customers.size == due.size == money.size:
        raise Failure(VALUE, "customers, due_dates and amounts are not equally long.")
    missing, undated = problems_of(customers), is_blank(due)
    unused = is_blank(missing) & undated & is_blank(money)
    require(
        {"customers": missing, "due_dates": np.where(undated, 0.0, due), "amounts": money, "as_of": as_of},
        blanks_in=None if unused.all() else unused,
    )
    used = ~unused
    ids, owners = np.unique(customers[used].astype(str), return_inverse=True)
    minor, unit = _in_minor_units(money[used])
    headings = (CREDITS, *bucket_labels(edges), NO_DATE)
    columns = np.where(undated[used], len(headings) - 1, 1 + bucket_codes(as_of - due[used], edges))
    columns[minor < 0] = 0
    cells = np.zeros((ids.size, len(headings)), dtype=np.int64)
    np.add.at(cells, (owners, columns), minor)
    totals = cells.sum(axis=1)
    order = np.lexsort((ids, -totals))
    body = np.column_stack((cells, totals))
    body = np.vstack((body[order], body.sum(axis=0)))
    names = [*ids[order].tolist(), TOTAL]
    rows: Table = [[name, *row] for name, row in zip(names, (body / unit).tolist(), strict=True)]
    return [["Customer", *headings, TOTAL], *rows]


def _in_minor_units(amounts: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """Return amounts as whole minor units, in which sums are exact, and how many make one."""
    for decimals in _DECIMALS:
        unit = 10**decimals
        scaled = amounts * unit
        if np.abs(scaled).sum() >= _LARGEST:
            raise Failure(NUM, "The amounts are too large to be added to the cent.")
        whole = np.rint(scaled)
        if (np.abs(whole / unit - amounts) <= 1e-15 * np.abs(amounts)).all():
            break
    return whole.astype(np.int64), unit
