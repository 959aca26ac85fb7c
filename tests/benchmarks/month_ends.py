"""Goal 2: 36 month ends by 5 regions, receivable and overdue, from 1,000,000 invoices and 1,100,000 receipts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from tests.benchmarks._data import AS_OF, REGIONS, Made, with_history
from tests.benchmarks._harness import Report, measure
from xlwings_addin.ledger.days import month_ends
from xlwings_addin.ledger.history import history

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlwings_addin.ledger.model import Ledger

MONTHS = 36
OURS, TWELVE = "ours, 36 months of a ledger as it is read", "ours, 12 months"
AGAIN, BARE = "ours, 36 months of a ledger that was asked before", "ours, 36 months of bare tables"
FILTERS, DUCK, LOADED = "pandas, filters per month", "DuckDB range join", "DuckDB, its tables loaded as well"
ROUNDS = 5


def ways(made: Made) -> tuple[dict[str, Callable[[], Any]], np.ndarray]:
    ends = month_ends(AS_OF - MONTHS * 31, AS_OF)[-MONTHS:]
    items = made.items[["region", "document_date", "due_date", "amount"]]
    receipts = made.receipts[["item", "date", "amount"]].rename(columns={"amount": "paid"})
    joined = receipts.join(items[["region", "document_date", "due_date"]], on="item")
    duck = duckdb.connect()
    for name, table in (("ends", pd.DataFrame({"end_day": ends})), ("all_items", items), ("all_receipts", joined)):
        duck.register(name, table)

    def load() -> None:
        duck.execute("create or replace table items as from all_items")
        duck.execute("create or replace table receipts as from all_receipts")

    load()

    def filters() -> np.ndarray:
        found = []
        for end in ends.tolist():
            open_, paid = items[items["document_date"] <= end], joined[joined["date"] <= end]
            late, late_paid = open_[open_["due_date"] < end], paid[paid["due_date"] < end]
            found.append(
                [
                    one.groupby("region")["amount"].sum().reindex(REGIONS, fill_value=0)
                    - other.groupby("region")["paid"].sum().reindex(REGIONS, fill_value=0)
                    for one, other in ((open_, paid), (late, late_paid))
                ]
            )
        return np.array(found)

    def duck_db() -> np.ndarray:
        late = "sum({}) filter (where due_date < end_day)"
        query = """
            with billed as (select end_day, region, sum(amount) total, {} late from ends join items
                            on document_date <= end_day group by all),
                 paid as (select end_day, region, sum(paid) total, {} late from ends join receipts
                          on date <= end_day group by all)
            select b.total - coalesce(p.total, 0), coalesce(b.late, 0) - coalesce(p.late, 0)
            from billed b left join paid p using (end_day, region) order by end_day, region"""
        rows = duck.execute(query.format(late.format("amount"), late.format("paid"))).fetchall()
        return np.array(rows).astype(np.int64).reshape(MONTHS, len(REGIONS), 2).transpose(0, 2, 1)

    def duck_db_loads() -> np.ndarray:
        load()
        return duck_db()

    tables = pl.from_pandas(items).lazy(), pl.from_pandas(joined).lazy()

    def polars() -> np.ndarray:
        days = pl.LazyFrame({"end_day": ends})
        sums = []
        for table, day, cents in zip(tables, ("document_date", "date"), ("amount", "paid"), strict=True):
            both = (
                pl.col(cents).sum().alias("total"),
                pl.col(cents).filter(pl.col("due_date") < pl.col("end_day")).sum(),
            )
            sums.append(
                days.join_where(table, pl.col(day) <= pl.col("end_day"))
                .group_by("end_day", "region")
                .agg(both[0], both[1].alias("late"))
            )
        found = (
            sums[0]
            .join(sums[1], on=["end_day", "region"], how="left", suffix="_paid")
            .sort("end_day", "region")
            .select(
                pl.col("total") - pl.col("total_paid").fill_null(0), pl.col("late") - pl.col("late_paid").fill_null(0)
            )
            .collect()
        )
        return found.to_numpy().reshape(MONTHS, len(REGIONS), 2).transpose(0, 2, 1)

    read = made.reader_hands_over()

    def ours(months: int, ledger: Callable[[], Ledger] = read) -> Callable[[], Any]:
        return lambda: history(ledger(), AS_OF, by="region", months=months)

    kept = made.ledger()
    history(kept, AS_OF - 100, by="region")
    again = partial(history, kept, AS_OF, by="region", months=MONTHS)
    every = {
        OURS: ours(MONTHS),
        TWELVE: ours(12),
        AGAIN: again,
        BARE: ours(MONTHS, made.ledger),
        FILTERS: filters,
        DUCK: duck_db,
        LOADED: duck_db_loads,
        "polars range join": polars,
    }
    return every, ends


def main() -> str:
    every, ends = ways(with_history(1_000_000, 40))
    measured = measure(every, rounds=ROUNDS)
    ours = measured.results[OURS]
    assert np.array_equal(ours.ends, ends)
    assert ours.segments == REGIONS
    expected = np.stack((ours["receivables"][0].T, ours["overdue"][0].T), axis=1)
    for name in measured.results.keys() - {OURS, TWELVE, AGAIN, BARE}:
        assert np.array_equal(measured.results[name], expected), name
    assert np.array_equal(measured.results[TWELVE]["overdue"], ours["overdue"][:, :, -12:])
    for name in (AGAIN, BARE):
        assert np.array_equal(measured.results[name]["overdue"], ours["overdue"])
    report = Report("month_ends", "36 month ends by 5 regions from 1,000,000 invoices and 1,100,000 receipts", 2)
    report.add("", measured, ours=(OURS, TWELVE, AGAIN, BARE))
    report.goal("filters per month / ours", measured.ratio(FILTERS, OURS), least=60)
    report.goal("DuckDB range join / ours", measured.ratio(DUCK, OURS), least=25)
    report.goal("filters per month / ours, asked before", measured.ratio(FILTERS, AGAIN), least=60)
    report.goal("DuckDB range join / ours, asked before", measured.ratio(DUCK, AGAIN), least=25)
    report.goal("ours, 36 months / 12 months", measured.ratio(OURS, TWELVE), most=1.3)
    report.goal("megabytes ours takes beyond the data", measured.peak_mb[OURS], most=100)
    report.notes.append(
        "The peers get the receipts joined to their invoices beforehand; ours does that itself, and also derives credit"
        " sales, cash, credits, discounts and write-offs of every month. A ledger as it is read knows its currencies"
        " and which items were overpaid, for `read_ledger` checks that; bare tables do not."
    )
    return report.tell()
