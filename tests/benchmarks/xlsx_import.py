"""Goal 6: a workbook of 1,000,000 rows x 8 columns read into a ledger, beside readers that only read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastexcel
import numpy as np
import pandas as pd
import python_calamine
import xlsxwriter

from tests.benchmarks._data import Made, open_list
from tests.benchmarks._harness import Measured, Report, measure
from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 1_000_000
SLOW_ROUNDS = 2
"""A minute and more each."""
HEADINGS = ("Customer ID", "Document", "Document date", "Due date", "Currency", "Amount", "Open amount", "Region")
OURS, FAST, PANDAS = "ours, to a ledger that is checked", "fastexcel, cells only", "pandas.read_excel, its default"


def columns(made: Made) -> dict[str, Any]:
    """What the file holds: dates as days, money in major units."""
    items = made.items
    amount = items["amount"].to_numpy() / 100
    regions = ("North", "South", "West")
    return dict(
        zip(
            HEADINGS,
            (
                items["customer_id"],
                [f"INV-{n:07}" for n in range(len(items))],
                items["document_date"].to_numpy(),
                items["due_date"].to_numpy(),
                items["currency"],
                amount,
                amount,
                [regions[n % 3] for n in range(len(items))],
            ),
            strict=True,
        )
    )


def write_csv(made: Made, path: Path) -> Path:
    table = pd.DataFrame(columns(made))
    for name in ("Document date", "Due date"):
        table[name] = pd.to_datetime(table[name], unit="D").dt.strftime("%Y-%m-%d")
    table.to_csv(path, index=False)
    return path


def write_xlsx(made: Made, path: Path) -> Path:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "use_zip64": True})
    sheet = book.add_worksheet("Items")
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    table = {name: list(values) for name, values in columns(made).items()}
    for row, cells in enumerate(zip(*table.values(), strict=True), start=1):
        for place, (name, cell) in enumerate(zip(HEADINGS, cells, strict=True)):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell)
            elif "date" in name:
                sheet.write_number(row, place, int(cell) + 25_569, dates)
            else:
                sheet.write_number(row, place, cell)
    book.close()
    return path


def main() -> str:
    made = open_list(ROWS, 20_000)
    with tempfile.TemporaryDirectory() as name:
        path = write_xlsx(made, Path(name) / "items.xlsx")
        quick: dict[str, Callable[[], Any]] = {
            OURS: lambda: read_ledger(path),
            FAST: lambda: fastexcel.read_excel(path).load_sheet(0).to_arrow(),
        }
        measured = measure(quick, rounds=5)
        slow: dict[str, Callable[[], Any]] = {
            OURS: quick[OURS],
            "python-calamine, cells only": lambda: (
                python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
            ),
            PANDAS: lambda: pd.read_excel(path),
        }
        others = measure(slow, rounds=SLOW_ROUNDS)
    check(made, measured, others)
    report = Report("xlsx_import", f"a workbook of {ROWS:,} rows x {len(HEADINGS)} columns read", 6)
    report.add("", measured, ours=(OURS,))
    report.add("with the slow ones in turn", others, ours=(OURS,))
    report.goal("ours / fastexcel's own read", measured.ratio(OURS, FAST), most=1.3)
    report.goal("pandas' default / ours", others.ratio(PANDAS, OURS), least=12)
    return report.tell()


def check(made: Made, measured: Measured, others: Measured) -> None:
    """Every reader found the same amounts, customers and dates."""
    cents = made.items["amount"].to_numpy()
    ledger = measured.results[OURS]
    assert np.array_equal(ledger.items["amount"], cents)
    assert np.array_equal(ledger.items["due_date"], made.items["due_date"])
    assert (ledger.items["customer_id"] == made.items["customer_id"]).all()
    assert not len(ledger.exceptions)
    for table in (measured.results[FAST].to_pandas(), others.results[PANDAS]):
        assert np.array_equal((table["Amount"] * 100).round().astype(np.int64), cents)
        assert (table["Customer ID"] == made.items["customer_id"]).all()
    cells = others.results["python-calamine, cells only"]
    assert np.array_equal(np.rint(np.array([row[5] for row in cells[1:]]) * 100), cents)
