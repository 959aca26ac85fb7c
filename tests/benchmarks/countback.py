"""Goal 3: countback DSO of 20,000 customers on 24 months of sales, and its trend over those months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tests.benchmarks._harness import Measured, Report, measure
from udfs.counting_back import countback, dso_trend

if TYPE_CHECKING:
    from collections.abc import Callable

CUSTOMERS, MONTHS = 20_000, 24
OURS, LOOP = "ours", "loop over lists"


def data(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Balances and sales by month, newest first, and the days of each month."""
    random = np.random.default_rng(seed)
    sales = random.integers(0, 200_000, (CUSTOMERS, MONTHS)).astype(float)
    balances = np.round(sales.sum(axis=1, keepdims=True) * random.uniform(0.0, 0.25, (CUSTOMERS, MONTHS)))
    return balances, sales, random.choice([28.0, 30.0, 31.0], MONTHS)


def walk(balance: float, sales: list[float], days: list[float]) -> float:
    """The definition, month by month; not a number where the history is too short."""
    left, counted = balance, 0.0
    for sold, length in zip(sales, days, strict=True):
        if left <= 0:
            return counted
        if left <= sold:
            return counted + left / sold * length
        left -= sold
        counted += length
    return counted if left <= 0 else np.nan


def one_day(balances: np.ndarray, sales: np.ndarray, days: np.ndarray) -> Measured:
    newest, lengths = balances[:, 0], days.tolist()
    lists = sales.tolist()
    frame = pd.DataFrame(sales)

    def apply() -> np.ndarray:
        return frame.apply(lambda row: walk(newest[row.name], row.to_numpy(), lengths), axis=1).to_numpy()

    def cumulated() -> np.ndarray:
        cover = np.cumsum(sales, axis=1)
        month = np.minimum((cover < newest[:, None]).sum(axis=1), MONTHS - 1)
        rows, before = np.arange(CUSTOMERS), np.concatenate(([0.0], np.cumsum(days)))
        left = newest - (cover[rows, month] - sales[rows, month])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(newest > 0, before[month] + left / sales[rows, month] * days[month], 0.0)

    ways: dict[str, Callable[[], Any]] = {
        OURS: lambda: countback(newest[:, None], sales, days),
        LOOP: lambda: np.array(
            [walk(balance, row, lengths) for balance, row in zip(newest.tolist(), lists, strict=True)]
        ),
        "pandas apply": apply,
        "numpy cumulative sums, nothing checked": cumulated,
    }
    measured = measure(ways)
    for name, found in measured.results.items():
        assert np.allclose(found.ravel(), measured.results[LOOP], rtol=1e-12), name
    return measured


def trend(balances: np.ndarray, sales: np.ndarray, days: np.ndarray) -> Measured:
    lists, lengths, by_month = sales.tolist(), days.tolist(), balances.tolist()

    def loop() -> np.ndarray:
        return np.array(
            [
                [walk(owed[month], sold[month:], lengths[month:]) for month in range(MONTHS)]
                for owed, sold in zip(by_month, lists, strict=True)
            ]
        )

    measured = measure({OURS: lambda: dso_trend(balances, sales, days), LOOP: loop}, rounds=5)
    ours, expected = measured.results[OURS], measured.results[LOOP]
    assert np.allclose(ours, expected, rtol=1e-12, equal_nan=True)
    return measured


def main() -> str:
    report = Report("countback", "countback DSO of 20,000 customers on 24 months, and its trend", 3)
    given = data()
    for part, measured in (("at the newest month", one_day(*given)), ("at each of 24 months", trend(*given))):
        report.add(part, measured, ours=(OURS,))
        report.goal(f"{LOOP} / ours, {part}", measured.ratio(LOOP, OURS), least=7)
    return report.tell()
