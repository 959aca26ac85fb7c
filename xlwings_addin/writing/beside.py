"""What no sheet can hold, in files beside the workbook: CSV, on request Parquet too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.sheets.style import DATE_STYLES
from xlwings_addin.writing.cells import uncalculated
from xlwings_addin.writing.outputs import Outputs, joining

if TYPE_CHECKING:
    from pathlib import Path

    from xlwings_addin.month_end import MonthEnd
    from xlwings_addin.sheets.blocks import Table


def write_beside(workbook: Path, month: MonthEnd, *, parquet: bool = False, files: Outputs | None = None) -> list[Path]:
    """Write every table that its sheet shows only in part, with the other `files` of the run; return their paths.

    They are called after the workbook and the sheet: "receivables-2026-10 Ledger.csv". Dates are ISO,
    amounts have a decimal point, text is as it was read; in CSV, what a spreadsheet would calculate has an apostrophe.
    """
    written = []
    with joining(files) as run:
        for sheet, table in ((s, t) for s in month.sheets for t in s.tables() if t.name in month.whole):
            frame = _frame(table, month.whole[table.name].columns)
            for kind in ("csv", "parquet") if parquet else ("csv",):
                written.append(path := workbook.with_name(f"{workbook.stem} {sheet.name}.{kind}"))
                with run.file(path) as made:
                    if kind == "csv":
                        frame.apply(_guarded).to_csv(made, index=False, date_format="%Y-%m-%d")
                    else:
                        frame.to_parquet(made, index=False)
    return written


def _frame(table: Table, columns: Any) -> pd.DataFrame:
    made = {}
    for column in (column for column in table.columns if column.key in columns):
        values = columns[column.key]
        if column.style in DATE_STYLES:
            days = np.asarray(values, np.int64)
            dates = days.astype("datetime64[D]").astype("datetime64[s]")
            values = np.where(days == NO_DATE, np.datetime64("NaT"), dates)
        made[column.heading] = values
    return pd.DataFrame(made)


def _guarded(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column that no spreadsheet calculates; most texts of a million rows are alike, and stay."""
    if column.dtype.kind in "iufM":
        return column
    changed = {text: guarded for text in column.unique() if (guarded := uncalculated(text)) is not text}
    return column.replace(changed) if changed else column
