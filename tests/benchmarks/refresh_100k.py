"""`receivables refresh` on 100,000 items against XlsxWriter alone writing the very same cells (goal 7).

Both are processes of their own, in turn; peak memory is the kernel's figure for the finished process.
XlsxWriter alone gets the cells of the finished workbook as one pickled block a sheet, so that it pays
for nothing but writing them.
"""

import json
import multiprocessing
import os
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RUNS = 5

ALONE = """
import pickle, sys, xlsxwriter
with open(sys.argv[1], "rb") as file:
    sheets = pickle.load(file)
book = xlsxwriter.Workbook(sys.argv[2], {"strings_to_formulas": False, "strings_to_urls": False})
for name, cells in sheets.items():
    sheet = book.add_worksheet(name)
    for row, column, value in cells:
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        else:
            sheet.write_number(row, column, value)
book.close()
"""


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a command."""
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def make_ledger(folder: Path) -> None:
    from xlwings_addin import sample

    sample.generate(invoices=94_300, customers=2_000).write(folder)


def take_cells(workbook: Path, block: Path) -> None:
    """Pickle every cell of a workbook, sheet by sheet."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(workbook)
    cells = {
        sheet: [
            (r, c, value if isinstance(value, (str, int, float)) else str(value))
            for r, row in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
            for c, value in enumerate(row)
            if value != ""
        ]
        for sheet in book.sheet_names
    }
    print(f"{sum(map(len, cells.values())):,} cells, median of {RUNS}")
    block.write_bytes(pickle.dumps(cells))


def apart(work: Callable[..., None], *arguments: Path) -> None:
    """Do work in a process of its own: a child's peak memory counts what its parent held when it started."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} failed")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out, block, bare = folder / "month.xlsx", folder / "cells.pickle", folder / "alone.xlsx"
        apart(make_ledger, folder)
        ours = [sys.executable, "-m", "xlwings_addin", "refresh", str(folder / "ledger.csv")]
        ours += ["--receipts", str(folder / "receipts.csv"), "--customers", str(folder / "customers.csv")]
        ours += ["--as-of", "2026-10-31", "--out", str(out), "-q"]
        timed(ours)
        apart(take_cells, out, block)
        alone = [sys.executable, "-c", ALONE, str(block), str(bare)]
        runs: dict[str, list[tuple[float, float]]] = {"receivables refresh": [], "XlsxWriter alone": []}
        for _ in range(RUNS):
            out.unlink()
            for who, command in zip(runs, (ours, alone), strict=True):
                runs[who].append(timed(command))
        seconds = {who: statistics.median(t for t, _ in measured) for who, measured in runs.items()}
        memory = {who: max(m for _, m in measured) for who, measured in runs.items()}
        for who in runs:
            print(f"{who:20} {seconds[who]:6.1f} s  {memory[who]:6.0f} MB")
        ours_s, alone_s = seconds.values()
        print(f"{'ratio':20} {ours_s / alone_s:6.2f}    (goal: at most 1.5)")
        print(json.dumps({"name": "refresh_100k", "seconds": seconds, "peak_mb": memory}))
