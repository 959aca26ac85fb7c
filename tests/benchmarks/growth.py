"""Goal 9: the same work at 10,000, 100,000 and 1,000,000 rows, and the slope of the line through the logarithms."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks._data import AS_OF, open_list, with_history
from tests.benchmarks._harness import Report, measure
from tests.benchmarks.xlsx_import import write_csv
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 1_000_000)


def works(rows: int, folder: Path) -> dict[str, Callable[[], Any]]:
    opened, past = open_list(rows, 20_000), with_history(rows, 40)
    kept = opened.ledger()
    age(kept, AS_OF)
    path = write_csv(opened, folder / f"{rows}.csv")
    return {
        "aging from strings": lambda: age(opened.ledger(), AS_OF),
        "aging, another as-of date": lambda: age(kept, AS_OF),
        "36 month ends by region": lambda: history(past.ledger(), AS_OF, by="region", months=36),
        "a ledger read from CSV": lambda: read_ledger(path),
    }


def main() -> str:
    report = Report("growth", "cost from 10,000 to 1,000,000 rows", 9)
    with tempfile.TemporaryDirectory() as name:
        found = {}
        for rows in SIZES:
            made = works(rows, Path(name))
            found[rows] = measure(made, rounds=5)
            report.add(f"{rows:,} rows", found[rows], ours=tuple(made))
    for work in found[SIZES[0]].seconds:
        # The fastest runs: what noise adds is not of the work.
        seconds = [min(found[rows].seconds[work]) for rows in SIZES]
        slope = np.polyfit(np.log(SIZES), np.log(seconds), 1)[0]
        report.goal(f"slope of {work}", float(slope), most=1.1)
    return report.tell()
