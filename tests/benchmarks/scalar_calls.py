"""Goal 4: one validated call beside xlwings' own conversions, a call through xlwings, a spill of 10,000 rows."""

from __future__ import annotations

from typing import Any

import numpy as np

import udfs
from tests.benchmarks._harness import Report, measure
from tests.rungs.com import Range, xlwings_on_windows
from udfs import boundary

CELLS = (850.0, 3_200.0, 365.0)
OPTIONS = {"ndim": 2, "err_to_str": True}
ROWS = 10_000
CALL, CONVERSIONS = "validated call of AR_DSO", "xlwings converts its arguments and result"
THROUGH, IDENTITY = "AR_DSO through xlwings", "a function that returns its argument, through xlwings"
SPILL = f"AR_DSO of {ROWS:,} rows through xlwings, one call"


def main() -> str:
    with xlwings_on_windows() as windows:

        def identity(receivables: Any, credit_sales: Any, days: Any) -> Any:
            return receivables

        for name in ("receivables", "credit_sales", "days"):
            identity = windows.udfs.xlarg(name, **OPTIONS)(identity)
        windows.functions.AR_IDENTITY = windows.udfs.xlfunc(identity)
        spec, convert = udfs.REGISTRY["AR_DSO"], windows.udfs.conversion
        many = np.linspace(1.0, 5_000.0, ROWS)
        column = Range([[cell] for cell in many.tolist()])
        measured = measure(
            {
                CALL: lambda: boundary.call(spec, *CELLS),
                CONVERSIONS: lambda: (
                    [convert.read(None, cell, OPTIONS) for cell in CELLS],
                    convert.write(1.0, None, {}),
                ),
                THROUGH: lambda: windows.call("AR_DSO", *CELLS),
                IDENTITY: lambda: windows.call("AR_IDENTITY", *CELLS),
                SPILL: lambda: windows.call("AR_DSO", column, *CELLS[1:]),
            },
            rounds=15,
        )
    dso = CELLS[0] / CELLS[1] * CELLS[2]
    assert measured.results[CALL] == dso
    assert np.ravel(measured.results[THROUGH]).item() == dso
    assert np.allclose(np.ravel(measured.results[SPILL]), many / CELLS[1] * CELLS[2], rtol=1e-14)
    report = Report("scalar_calls", "calls of a worksheet function, with xlwings' own code for Windows", 4)
    report.add("", measured, ours=(CALL, THROUGH, SPILL))
    report.goal("validated call / xlwings' conversions", measured.ratio(CALL, CONVERSIONS), most=0.2)
    report.goal("through xlwings / a function that returns its argument", measured.ratio(THROUGH, IDENTITY), most=1.5)
    report.goal(f"milliseconds of a spill of {ROWS:,} rows", measured.median(SPILL) * 1e3, most=20)
    report.notes.append("Only COM itself is stood in for: cells arrive as pywin32 hands them over.")
    return report.tell()
