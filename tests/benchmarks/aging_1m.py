"""Goal 1: age 1,000,000 open invoices of 20,000 customers into six buckets; the same at 100,000 and 10,000."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from tests.benchmarks._data import AS_OF, EDGES, Made, open_list
from tests.benchmarks._harness import Measured, Report, measure
from udfs.buckets import bucket_labels
from xlwings_addin.ledger.age_analysis import age

if TYPE_CHECKING:
    from collections.abc import Callable

OURS, AGAIN = "ours, from strings", "ours, another as-of date"
PIVOT, DUCK, FLOOR = "pandas cut + pivot_table", "DuckDB", "read the three columns once"
LABELS = bucket_labels(EDGES)


def ways(made: Made) -> dict[str, Callable[[], Any]]:
    frame = pd.DataFrame(
        {"customer": made.items["customer_id"], "due": made.items["due_date"], "cents": made.items["amount"]}
    )
    edges = [-np.inf, 0, *EDGES, np.inf]
    kept = made.ledger()
    age(kept, AS_OF + 1)
    codes = kept.arrays.segment("customer_id").codes
    due, cents = frame["due"].to_numpy(), frame["cents"].to_numpy()
    lazy = pl.from_pandas(frame).lazy()
    duck = duckdb.connect()
    duck.execute("create table items as select * from frame")

    def pivot() -> pd.DataFrame:
        buckets = pd.cut(AS_OF - frame["due"], edges, labels=LABELS)
        return frame.assign(bucket=buckets).pivot_table(
            index="customer", columns="bucket", values="cents", aggfunc="sum", fill_value=0, observed=False
        )

    def group_by() -> pd.DataFrame:
        bucket = np.searchsorted(np.array(edges[1:-1]), AS_OF - due, side="left")
        return frame["cents"].groupby([frame["customer"], bucket]).sum().unstack(fill_value=0)

    def factorised() -> pd.DataFrame:
        numbers, customers = pd.factorize(frame["customer"])
        late = AS_OF - due
        bucket = (late > 0).astype(np.int64)
        for edge in EDGES:
            bucket += late > edge
        sums = np.bincount(numbers * len(LABELS) + bucket, cents, len(customers) * len(LABELS))
        return pd.DataFrame(sums.reshape(-1, len(LABELS)), customers).sort_index()

    def masks() -> pd.DataFrame:
        customers, numbers = np.unique(frame["customer"].to_numpy(object), return_inverse=True)
        late = AS_OF - due
        columns = [
            np.bincount(numbers[inside], cents[inside], customers.size)
            for inside in ((late > low) & (late <= high) for low, high in itertools.pairwise(edges))
        ]
        return pd.DataFrame(np.column_stack(columns), customers)

    def polars() -> pl.DataFrame:
        late = pl.lit(AS_OF) - pl.col("due")
        inside = [(late > low) & (late <= high) for low, high in itertools.pairwise(edges)]
        sums = [pl.col("cents").filter(each).sum().alias(name) for each, name in zip(inside, LABELS, strict=True)]
        return lazy.group_by("customer").agg(sums).sort("customer").collect()

    def duck_db() -> pd.DataFrame:
        late = f"({AS_OF} - due)"
        sums = [
            f"coalesce(sum(cents) filter (where {late} > {low} and {late} <= {high}), 0)"
            for low, high in zip((-99_999, 0, *EDGES), (0, *EDGES, 99_999), strict=True)
        ]
        return duck.execute(f"select customer, {', '.join(sums)} from items group by customer order by customer").df()

    return {
        OURS: lambda: age(made.ledger(), AS_OF),
        AGAIN: lambda: age(kept, AS_OF),
        PIVOT: pivot,
        "pandas groupby + unstack": group_by,
        "pandas factorize + bincount": factorised,
        "numpy unique + masks": masks,
        "polars": polars,
        DUCK: duck_db,
        FLOOR: lambda: (codes.sum(), due.sum(), cents.sum()),
    }


def check(measured: Measured) -> None:
    """Every way has the same customers and the same cents."""
    ours = measured.results[OURS]
    for name, result in measured.results.items():
        if name == FLOOR:
            continue
        if name in (OURS, AGAIN):
            keys, cents = list(result.keys), result.amounts[0, :, 1:-1]
        elif isinstance(result, pl.DataFrame) or name == DUCK:
            table = result.to_pandas() if isinstance(result, pl.DataFrame) else result
            keys, cents = table.iloc[:, 0].tolist(), table.iloc[:, 1:].to_numpy()
        else:
            keys, cents = result.index.tolist(), result.to_numpy()
        assert keys == list(ours.keys), name
        assert np.array_equal(cents.astype(np.int64), ours.amounts[0, :, 1:-1]), name


def main() -> str:
    report = Report("aging_1m", "aging of 1,000,000 open invoices, 20,000 customers, from customer numbers as text", 1)
    for rows, customers in ((1_000_000, 20_000), (100_000, 20_000), (10_000, 2_000)):
        measured = measure(ways(open_list(rows, customers)))
        check(measured)
        report.add(f"{rows:,} invoices", measured, ours=(OURS, AGAIN))
        if rows == 1_000_000:
            report.goal("pivot_table / ours, from strings", measured.ratio(PIVOT, OURS), least=4)
            report.goal("pivot_table / ours, another as-of date", measured.ratio(PIVOT, AGAIN), least=20)
            report.goal("ours, another as-of date / reading the columns", measured.ratio(AGAIN, FLOOR), most=6)
        else:
            report.goal(f"ours / DuckDB, {rows:,} from strings", measured.ratio(OURS, DUCK), most=1)
    return report.tell()
