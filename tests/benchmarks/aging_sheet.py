"""Goal 7: the aging of 2,000 customers from a workbook of 100,000 items, beside the SUMIFS sheet in LibreOffice.

Both are whole processes, file in, sheet out. What each needs to start and to work on a sheet of one item is taken off
its time, which leaves loading the items and one calculation.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import xlsxwriter

from tests.benchmarks._data import AS_OF, EDGES, open_list
from tests.benchmarks._harness import Measured, Report, run
from tests.benchmarks.xlsx_import import write_xlsx

sys.path.insert(0, str(Path(__file__).parents[1]))  # the rungs are found as the tests find them
import itertools

from rungs.libreoffice import recalculate_with_libreoffice

ITEMS, CUSTOMERS, ROUNDS = 100_000, 2_000, 3
OURS, SUMIFS = "ours, file in to sheet out", "LibreOffice, SUMIFS sheet recalculated"
OURS_ONE, EMPTY = "ours, one item", "LibreOffice, one item"
PROGRAM = """
import sys, xlsxwriter
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.reader import read_ledger
aging = age(read_ledger(sys.argv[1]), int(sys.argv[2]))
book = xlsxwriter.Workbook(sys.argv[3])
sheet = book.add_worksheet("Aging")
sheet.write_row(0, 0, ["Customer", *aging.labels])
for row, (key, cents) in enumerate(zip(aging.keys, aging.amounts[0].tolist(), strict=True), start=1):
    sheet.write_string(row, 0, key)
    for place, cell in enumerate(cents, start=1):
        sheet.write_number(row, place, cell / 100)
book.close()
"""


def write_sumifs(items: Path, path: Path, customers: int) -> None:
    """The items and, beside them, what a clerk would have: one SUMIFS a customer and bucket."""
    made = open_list(ITEMS, CUSTOMERS)
    book = xlsxwriter.Workbook(path)
    sheet, aging = book.add_worksheet("Items"), book.add_worksheet("Aging")
    last = ITEMS if customers else 1
    sheet.write_column(0, 0, made.items["customer_id"].tolist()[:last])
    sheet.write_column(0, 1, (AS_OF - made.items["due_date"].to_numpy()).tolist()[:last])
    sheet.write_column(0, 2, (made.items["amount"].to_numpy() / 100).tolist()[:last])
    bounds = [-99_999, 0, *EDGES, 99_999]
    for row, customer in enumerate(sorted(set(made.items["customer_id"]))[:customers]):
        aging.write_string(row, 0, customer)
        for place, (low, high) in enumerate(itertools.pairwise(bounds), start=1):
            aging.write_formula(
                row,
                place,
                f"=SUMIFS(Items!$C$1:$C${last},Items!$A$1:$A${last},$A{row + 1},"
                f'Items!$B$1:$B${last},">{low}",Items!$B$1:$B${last},"<={high}")',
            )
    book.close()


def main() -> str:
    import python_calamine

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        items, single, sheet, formulas, empty = (
            folder / f"{one}.xlsx" for one in ("items", "single", "sheet", "sumifs", "empty")
        )
        write_xlsx(open_list(ITEMS, CUSTOMERS), items)
        write_xlsx(open_list(1, 1), single)
        write_sumifs(items, formulas, CUSTOMERS)
        write_sumifs(items, empty, 0)
        command = [sys.executable, "-c", PROGRAM, str(items), str(AS_OF), str(sheet)]
        one_item = [sys.executable, "-c", PROGRAM, str(single), str(AS_OF), str(folder / "one.xlsx")]
        seconds: dict[str, list[float]] = {OURS: [], SUMIFS: [], OURS_ONE: [], EMPTY: []}
        found = {}
        _, peak = run(command)
        for _ in range(ROUNDS):
            seconds[OURS_ONE].append(run(one_item)[0])
            seconds[OURS].append(run(command)[0])
            for which, path in ((SUMIFS, formulas), (EMPTY, empty)):
                started = time.perf_counter()
                cells = recalculate_with_libreoffice(path, functions={}, timeout=900)
                seconds[which].append(time.perf_counter() - started)
                found[which] = cells.get("Aging", {})
        rows = python_calamine.CalamineWorkbook.from_path(sheet).get_sheet_by_name("Aging").to_python()[1:]
    theirs = np.array([[found[SUMIFS][f"{c}{row + 1}"].value for c in "BCDEF"] for row in range(len(rows))])
    assert len(rows) == CUSTOMERS
    assert np.allclose(np.array([row[2:7] for row in rows], float), theirs, rtol=0, atol=0.005)
    report = Report("aging_sheet", f"aging sheet of {CUSTOMERS:,} customers from a workbook of {ITEMS:,} items", 7)
    report.add("whole processes", Measured(seconds, {OURS: peak}, {}), ours=(OURS, OURS_ONE))
    rounds = zip(*(seconds[way] for way in (SUMIFS, EMPTY, OURS, OURS_ONE)), strict=True)
    ratios = [(theirs - start) / (ours - our_start) for theirs, start, ours, our_start in rounds]
    report.goal("one recalculation of the SUMIFS sheet / ours", statistics.median(ratios), least=50)
    whole = statistics.median(seconds[SUMIFS]) / statistics.median(seconds[OURS])
    report.notes.append(f"Whole processes, with their start: {whole:.0f} times.")
    return report.tell()
