"""What no sheet can hold, in files beside the workbook: CSV, on request Parquet too."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.sheets.style import DATE_STYLES

if TYPE_CHECKING:
    from xlwings_addin.month_end import MonthEnd
    from xlwings_addin.sheets.blocks import Sheet, Table


def write_beside(workbook: Path, month: MonthEnd, *, parquet: bool = False) -> list[Path]:
    """Write every table that its sheet shows only in part, whole or not at all; return the files.

    They are called after the workbook and the sheet: "receivables-2026-10 Ledger.csv". Dates are ISO,
    amounts have a decimal point, text is as it was read.
    """
    written = []
    for sheet, table in ((s, t) for s in month.sheets for t in s.tables() if t.name in month.whole):
        frame = _frame(table, month.whole[table.name].columns)
        path = _name(workbook, sheet, "csv")
        with tempfile.TemporaryDirectory(prefix=f".{workbook.stem}-", dir=workbook.parent) as folder:
            made = Path(folder) / path.name
            frame.to_csv(made, index=False, date_format="%Y-%m-%d")
            written.append(made.replace(path))
            if parquet:
                path = _name(workbook, sheet, "parquet")
                made = Path(folder) / path.name
                frame.to_parquet(made, index=False)
                written.append(made.replace(path))
    return written


def _name(workbook: Path, sheet: Sheet, kind: str) -> Path:
    return workbook.with_name(f"{workbook.stem} {sheet.name}.{kind}")


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
