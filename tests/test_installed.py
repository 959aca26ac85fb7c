"""The package as people have it: out of the wheel, in folders with files of their own called like ours."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from xlwings_addin.desktop import settings_file
from xlwings_addin.desktop.udf_server import ANSWER, ARGUMENTS, FUNCTION
from xlwings_addin.desktop.wheels import own
from xlwings_addin.product import FUNCTIONS_MODULE

ROOT = Path(__file__).parents[1]

LINES = """
import receivables as ar
ledger = ar.read("ledger.csv", receipts="receipts.csv")
ledger.aging("2026-10-31").frame()
ledger.metrics("2026-10-31")
ar.close(ledger, "2026-10-31").write("october.xlsx")
print(ar.dso(250_000, 1_500_000, 365), ar.__file__)
"""
TYPED = """
from datetime import date

import numpy as np
import pandas as pd

import receivables as ar
import udfs

ledger = ar.read("ledger.csv", receipts="receipts.csv", rates={"USD": 0.92})
frame: pd.DataFrame = ledger.aging("2026-10-31", by="region").frame()
months: pd.DataFrame = ledger.metrics(date(2026, 10, 31), settings=ar.Settings(dso_window=3))
ar.close(ledger, "2026-10-31", previous="september.xlsx").write("october.xlsx")
one: float = ar.dso(250_000, 1_500_000, 365) + udfs.dso(250_000, 1_500_000, 365)
column: "pd.Series[float]" = ar.dso(months["receivables"], months["credit_sales"], 30)
many: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]" = udfs.dso([1.0, 2.0], months["credit_sales"].head(2), 30)
days = udfs.countback(300_000, [280_000, 240_000]) + sum(row[1] for row in [[0, 1.0]])
label: str | float = ar.bucket("2026-05-15", date(2026, 6, 20), edges=[30, 60])
"""
WRONG = """
import receivables as ar
import udfs

ar.dso(1, 2)
ar.read()
udfs.dsso(1, 2, 3)
ar.dsso(1, 2, 3)
text: str = udfs.dso(1, 2, 3)
"""


# ---------------------------------------------------------------- out of the wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The Python of a new environment with nothing of this clone: the wheel, and the libraries of this Python."""
    folder = tmp_path_factory.mktemp("installed")
    wheel = own(ROOT, folder).path
    venv.create(folder / "environment", with_pip=True)
    programs = "Scripts" if os.name == "nt" else "bin"
    python = folder / "environment" / programs / Path(sys.executable).name
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True, timeout=300
    )
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("\n".join(sorted(libraries)))
    return python


def clean():
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "MYPYPATH"}}


@pytest.mark.slow
def test_the_five_lines_run_and_nothing_of_the_clone_is_seen(installed, small_company, tmp_path):
    small_company.write(tmp_path)
    run = subprocess.run([installed, "-c", LINES], cwd=tmp_path, capture_output=True, text=True, env=clean())
    assert run.returncode == 0, run.stderr
    figure, place = run.stdout.split(maxsplit=1)
    assert float(figure) == 250_000 / 1_500_000 * 365
    assert Path(place.strip()).is_relative_to(installed.parents[1])
    assert (tmp_path / "october.xlsx").stat().st_size > 10_000


@pytest.mark.slow
def test_a_type_checker_understands_it_all(installed, tmp_path):
    for name, text in (("typed.py", TYPED), ("wrong.py", WRONG)):
        (tmp_path / name).write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", installed, "typed.py", "wrong.py"],
        cwd=tmp_path, capture_output=True, text=True, env=clean(),
    )  # fmt: skip
    told = re.findall(r"^(\w+\.py):(\d+): error: .*\[(.+)\]$", run.stdout, re.MULTILINE)
    assert told == [
        ("wrong.py", "5", "call-overload"),
        ("wrong.py", "6", "call-arg"),
        ("wrong.py", "7", "attr-defined"),
        ("wrong.py", "8", "attr-defined"),
        ("wrong.py", "9", "assignment"),
    ], run.stdout + run.stderr


# ---------------------------------------------------------------- beside files of one's own

THEIRS = "def mine():\n    return 'mine'\n"
FORMS = {"a file": "udfs.py", "a package": "udfs/__init__.py", "a folder": "udfs/mine.py"}
SHADOWING = ["a file", "a package"]
"""A folder that is no package never wins over one that is."""


@pytest.fixture(params=FORMS)
def folder(request, tmp_path):
    """A folder of someone who has a `udfs` of their own."""
    path = tmp_path / FORMS[request.param]
    path.parent.mkdir(exist_ok=True)
    path.write_text(THEIRS)
    return tmp_path


def run_in(folder, *arguments, path=(), **more):
    """Run this Python in a folder; what of `path` comes first wins over everything but the folder itself."""
    paths = os.pathsep.join(map(str, (*path, ROOT)))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": paths}, **more,
    )  # fmt: skip


CALC = ("calc", "AR_DSO", "1200", "3650", "365")


def test_the_command_does_not_mind(folder):
    script = Path(sysconfig.get_path("scripts"), "receivables.exe" if os.name == "nt" else "receivables")
    if not script.is_file():
        pytest.skip("the command is not installed in this environment")
    for path in ([], [folder]):
        assert run_in(folder, script, *CALC, path=path).stdout == "120\n"


def test_the_command_as_a_module_does_not_mind(folder):
    run = run_in(folder, "-m", "xlwings_addin", *CALC)
    assert (run.stdout, run.stderr) == ("120\n", "")


@pytest.mark.parametrize("module", ["receivables", "xlwings_addin.api"])
def test_a_notebook_started_there_does_not_mind(folder, module):
    for given in (["-c"], ["-"]):
        code = f"import {module} as ar; print(ar.dso(1200, 3650, 365))"
        run = run_in(folder, *given, code) if given == ["-c"] else run_in(folder, *given, input=code)
        assert run.stdout == "120.0\n", run.stderr


def test_the_python_that_excel_starts_does_not_mind(folder):
    """xlwings' own start, in that folder and with the workbook's folder first; only COM itself is left out."""
    settings = {"INTERPRETER_WIN": "python", "ADD_WORKBOOK_TO_PYTHONPATH": "True"}
    command = settings_file.command_line(settings, {}, folder / "Book.xlam")
    code = command.partition('-c "')[2].removesuffix('""')
    start, _, serve = code.replace('\\"', '"').partition("import xlwings; ")
    assert serve == "xlwings.serve('$(CLSID)')"
    ask = (
        f"import importlib; print(importlib.import_module('{FUNCTIONS_MODULE}').{FUNCTION}(*{ARGUMENTS}), sys.path[:3])"
    )
    run = run_in(folder, "-B", "-c", f"{start}import xlwings; {ask}")
    figure, _, path = run.stdout.partition(" ")
    assert float(figure) == ANSWER, run.stderr
    assert str(folder) in path


@pytest.mark.parametrize("form", SHADOWING)
def test_where_their_own_was_imported_first_the_reason_is_one_sentence(tmp_path, form):
    path = tmp_path / FORMS[form]
    path.parent.mkdir(exist_ok=True)
    path.write_text(THEIRS)
    run = run_in(tmp_path, "-c", "import udfs; assert udfs.mine() == 'mine'; import receivables")
    assert run.stderr.splitlines()[-1] == (
        f"ImportError: {path} was imported as udfs, which is also the name of a package that receivables needs:"
        " rename that file or folder and start Python again."
    )


def test_what_is_asked_of_ours_by_mistake_says_which_it_is(tmp_path):
    (tmp_path / "udfs.py").write_text(THEIRS)
    run = run_in(tmp_path, "-c", "import receivables, udfs; udfs.mine()")
    assert run.stderr.splitlines()[-1] == (
        f"AttributeError: module 'udfs' from {ROOT / 'udfs'} has no attribute 'mine'"
    )
