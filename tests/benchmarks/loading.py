"""Goal 8: loading the functions' module beside `import xlwings, pandas`; what commands and buttons load first."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

from tests.benchmarks._harness import Report, measure_commands, run

FUNCTIONS, PEER, BARE = "the functions' module, apart from xlwings", "import xlwings, pandas", "the interpreter alone"
VERSION, AGING = "receivables --version", "receivables aging --help"
LOAD = """
import sys, types
def module(name, **attributes):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(attributes)
decorator = lambda *_, **__: lambda function: function
module("xlwings", func=decorator, arg=decorator, ret=decorator)
module("xlwings.conversion", Accessor=object, Ensure2DStage=object, Pipeline=object)
import xlwings_addin.worksheet_functions as functions
assert functions.AR_DSO(850.0, 3200.0, 365.0) == 96.953125
assert "pandas" not in sys.modules
"""
"""The module with a stand-in for xlwings."""
WITHOUT_POLARS = "import sys; sys.modules['polars'] = None; "
"""xlwings loads polars where it is installed, as it is beside these benchmarks; who uses the product has none."""
ROUNDS = 9
LARGEST = 8


def parts(module: str) -> list[tuple[str, float]]:
    """Milliseconds of import by top package, each without what it brought in of other packages."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"{WITHOUT_POLARS}import {module}"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    own: Counter[str] = Counter()
    for microseconds, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", told):
        top = name.partition(".")[0]
        own["Python's own" if top in sys.stdlib_module_names else top] += int(microseconds) / 1000
    return own.most_common(LARGEST)


def main() -> str:
    python = [sys.executable, "-c"]
    commands = {
        FUNCTIONS: [*python, LOAD],
        PEER: [*python, f"{WITHOUT_POLARS}import xlwings, pandas"],
        BARE: [*python, "pass"],
        VERSION: [sys.executable, "-m", "xlwings_addin", "--version"],
        AGING: [sys.executable, "-m", "xlwings_addin", "aging", "--help"],
        "import xlwings_addin.ribbon, what a button loads first": [*python, "import xlwings_addin.ribbon"],
    }
    run(commands[PEER])
    measured = measure_commands(commands, rounds=ROUNDS)
    beyond = [
        (ours - bare) / (peer - bare)
        for ours, peer, bare in zip(*(measured.seconds[name] for name in (FUNCTIONS, PEER, BARE)), strict=True)
    ]
    report = Report("loading", "cold starts, whole processes", 8)
    report.add("", measured, ours=(FUNCTIONS, VERSION, AGING))
    report.goal(
        "the functions' module / import xlwings, pandas, beyond the interpreter", sorted(beyond)[ROUNDS // 2], most=0.25
    )
    for module in ("xlwings_addin.worksheet_functions", "xlwings_addin.ribbon", "xlwings_addin.cli", "xlwings, pandas"):
        listed = ", ".join(f"{name} {cost:.0f}" for name, cost in parts(module))
        report.notes.append(f"`import {module}` by part, in ms: {listed}.")
    report.notes.append(
        "Macros read and write no range in a loop: `tests/test_live_writer.py` and `tests/test_buttons_pressed.py`"
        " count at most one read and one write a table."
    )
    return report.tell()
