"""Goal 5: a block of 100,000 x 8 cells out of Excel and into it, beside xlwings' DataFrame converter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks._harness import Report, measure
from tests.rungs.com import Time, error, xlwings_on_windows
from xlwings_addin.ledger.days import day_number
from xlwings_addin.sheets.blocks import Column
from xlwings_addin.writing import live_cells

ROWS = 100_000
HEADINGS = ("Customer", "Document", "Date", "Due date", "Amount", "Open", "Region", "Note")
STYLES = ("text", "text", "date", "date", "money", "money", "text", "general")
OURS_IN, THEIRS_IN = "ours, out of Excel", "DataFrame converter, out of Excel"
OURS_OUT, THEIRS_OUT = "ours, into Excel", "DataFrame converter, into Excel"


def cells(seed: int = 1) -> tuple[tuple[Any, ...], ...]:
    """Rows as pywin32 hands them over: blank cells, error cells and dates among them."""
    random = np.random.default_rng(seed)
    days = random.integers(0, 1_000, ROWS)
    known = [Time.of(*(dt.date(2023, 1, 1) + dt.timedelta(n)).timetuple()[:3]) for n in range(1_100)]
    amount = random.integers(100, 2_000_000, ROWS) / 100
    kind = random.random(ROWS)
    opened = [None if k < 0.1 else error(2042) if k < 0.11 else a for k, a in zip(kind, amount.tolist(), strict=True)]
    columns = (
        [f"C{n:06}" for n in random.integers(0, 20_000, ROWS)],
        [f"INV-{n}" for n in range(ROWS)],
        [known[n] for n in days],
        [known[n + 30] for n in days],
        amount.tolist(),
        opened,
        ["North" if n % 2 else "South" for n in range(ROWS)],
        ["paid in part" if n % 20 == 0 else None for n in range(ROWS)],
    )
    return tuple(zip(*columns, strict=True))


def main() -> str:
    with xlwings_on_windows() as windows:
        convert = windows.udfs.conversion
        raw = cells()
        block = (HEADINGS, *raw)
        frame = convert.read(None, block, {"convert": pd.DataFrame, "index": False})
        columns = [Column(heading, heading, style) for heading, style in zip(HEADINGS, STYLES, strict=True)]
        days = [np.array([day_number(cell.date()) for cell in frame[name]]) for name in ("Date", "Due date")]
        values = [frame["Customer"].tolist(), frame["Document"].tolist(), *days]
        values += [frame["Amount"].to_numpy(float), frame["Open"].fillna(np.nan).to_numpy(float)]
        values += [frame["Region"].tolist(), frame["Note"].tolist()]
        # A blank is None, as it comes; in the sheets' data it is a nan that says so.
        values[5] = np.array([None if np.isnan(cell) else cell for cell in values[5].tolist()], object)

        def into() -> list[list[Any]]:
            listed = [live_cells.column(column, data) for column, data in zip(columns, values, strict=True)]
            return [list(row) for row in zip(*listed, strict=True)]

        measured = measure(
            {
                OURS_IN: lambda: live_cells.read_rows(raw),
                THEIRS_IN: lambda: convert.read(None, block, {"convert": pd.DataFrame, "index": False}),
                OURS_OUT: into,
                THEIRS_OUT: lambda: convert.write(frame, None, {"convert": pd.DataFrame, "index": False}),
            }
        )
    ours = pd.DataFrame(measured.results[OURS_IN], columns=HEADINGS)
    assert (ours["Open"] == "#N/A").sum() == sum(type(row[5]) is int for row in raw) > 0
    for name in HEADINGS:
        expected = frame[name]
        found = ours[name].where(ours[name] != "#N/A", None)
        if name in ("Date", "Due date"):
            expected = expected.dt.date
        blank = expected.isna()
        assert (found.isna() == blank).all(), name
        assert (found[~blank] == expected[~blank]).all(), name
    back = measured.results[OURS_OUT]
    assert [row[4] for row in back] == frame["Amount"].tolist()
    assert [row[2] for row in back] == [(cell - dt.datetime(1899, 12, 30)).days for cell in frame["Date"]]
    assert sum(row[5] == "" for row in back) == int(frame["Open"].isna().sum())
    report = Report("blocks", f"a block of {ROWS:,} x {len(HEADINGS)} cells in a macro, without COM itself", 5)
    report.add("", measured, ours=(OURS_IN, OURS_OUT))
    report.goal("DataFrame converter / ours, out of Excel", measured.ratio(THEIRS_IN, OURS_IN), least=5)
    report.goal("DataFrame converter / ours, into Excel", measured.ratio(THEIRS_OUT, OURS_OUT), least=5)
    report.notes.append("Ours keeps error cells as the errors they are; the converter makes them blanks.")
    return report.tell()
