"""`receivables refresh` on 100,000 items against XlsxWriter alone writing the very same cells (goal 7).

Both are processes of their own, in turn; peak memory is the kernel's figure for the finished process.
XlsxWriter alone gets the cells of the finished workbook as one pickled block a sheet, so that it pays
for nothing but writing them.
"""

from __future__ import annotations

import pickle
import pstats
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

from tests.benchmarks._harness import Report, measure_commands, run

ROUNDS = 5
OURS, THEIRS = "receivables refresh", "XlsxWriter alone, the same cells"
PARTS = {
    "reading files and checking the ledger": ("ledger/", "fastexcel", "pyarrow", "csv.py"),
    "writing cells": ("writing/", "xlsxwriter", "zipfile", "zlib", "tempfile"),
    "what the sheets say": ("month_end/", "sheets/", "udfs/"),
    "loading modules": ("importlib",),
}
PROFILED = """
import cProfile, sys
profile = cProfile.Profile()
profile.enable()
from xlwings_addin.cli import cli
cli.main(sys.argv[2:], standalone_mode=False)
profile.dump_stats(sys.argv[1])
"""

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
    block.write_bytes(pickle.dumps(cells))


def parts(profile: Path) -> list[tuple[str, float]]:
    """Shares of a profiled run by part: what a function of Python or a library takes counts for who called it."""
    stats = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
    of: dict[tuple[str, int, str], str] = {}

    def part(function: tuple[str, int, str], seen: frozenset[tuple[str, int, str]] = frozenset()) -> str:
        if function not in of:
            file = function[0] + function[2]
            named = next((name for name, marks in PARTS.items() if any(mark in file for mark in marks)), "")
            callers = stats[function][4]
            above = max((c for c in callers if c not in seen), key=lambda c: callers[c][3], default=None)
            of[function] = named or ("the rest" if above is None else part(above, seen | {function}))
        return of[function]

    total: Counter[str] = Counter()
    for function, (_, _, own, _, _) in stats.items():
        total[part(function)] += own
    return [(name, own / total.total()) for name, own in total.most_common()]


def main() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out, block, bare = folder / "month.xlsx", folder / "cells.pickle", folder / "alone.xlsx"
        make_ledger(folder)
        arguments = ["refresh", str(folder / "ledger.csv"), "--receipts", str(folder / "receipts.csv")]
        arguments += ["--customers", str(folder / "customers.csv"), "--as-of", "2026-10-31", "--out", str(out), "-q"]
        ours = [sys.executable, "-m", "xlwings_addin", *arguments]
        run(ours)
        take_cells(out, block)
        alone = [sys.executable, "-c", ALONE, str(block), str(bare)]
        clear = partial(out.unlink, missing_ok=True)
        measured = measure_commands({OURS: ours, THEIRS: alone}, rounds=ROUNDS, before=clear)
        clear()
        profile = folder / "profile"
        run([sys.executable, "-c", PROFILED, str(profile), *arguments])
        shares = ", ".join(f"{part} {share:.0%}" for part, share in parts(profile))
    report = Report("refresh_100k", "`receivables refresh` on 100,000 items, whole processes", 7)
    report.add("", measured, ours=(OURS,))
    report.goal("receivables refresh / XlsxWriter alone", measured.ratio(OURS, THEIRS), most=1.5)
    report.notes.append(f"Where a profiled run spends its time: {shares}.")
    return report.tell()
