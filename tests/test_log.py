"""An exception that no function foresaw: #VALUE! in the cell, its type and place in the log, none of the data."""

import dataclasses
import functools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from rungs.com import Range, xlwings_on_windows

import udfs
from udfs import boundary, unexpected
from udfs.explanation import INTERNAL_ERROR, explain
from xlwings_addin import log, ribbon, version
from xlwings_addin import worksheet_functions as functions_here
from xlwings_addin.cli import cli
from xlwings_addin.desktop import doctor
from xlwings_addin.desktop.machine import this_machine

SECRET = "Miller & Sons"
AMOUNT = 4711.25
SOURCE = '''
import numpy as np
from udfs.arguments import CreditSales, Customers, Receivables
from udfs.errors import Amount
from udfs.spec import range_function, worksheet_function

@worksheet_function("AR_PLANTED", category="Cash", formula="receivables / credit_sales", unit="ratio")
def planted(receivables: Receivables, credit_sales: CreditSales) -> Amount:
    """Divide, and stop at a thousand."""
    if np.any(np.greater(receivables, 1000)):
        return {}[f"no such key: {receivables}"]
    return receivables / credit_sales

@range_function("AR_PLANTED_RANGE", category="Cash", formula="of customers", unit="")
def planted_range(customers: Customers) -> str:
    """Fail at once."""
    try:
        raise LookupError(f"{customers.tolist()} were sought")
    except LookupError as error:
        raise RuntimeError(f"{customers.tolist()} cannot be counted") from error
'''
"""Functions as they are declared, with bugs whose messages quote the cells; the first fails at line 11."""
PLACE, PLACE_RANGE = "udfs.planted, line 11", "udfs.planted, line 20"


@pytest.fixture
def path(tmp_path, monkeypatch):
    """The log of one test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    monkeypatch.setattr(log, "_noted", set())
    return tmp_path / "state" / "Receivables" / "receivables.log"


@pytest.fixture
def planted(monkeypatch):
    """Two functions with bugs, published like any other."""
    known = dict(udfs.REGISTRY)
    exec(compile(SOURCE, "planted.py", "exec"), {"__name__": "udfs.planted"})
    found = [udfs.REGISTRY[name] for name in ("AR_PLANTED", "AR_PLANTED_RANGE")]
    yield SimpleNamespace(specs=found, one=functions_here.published(found[0]), whole=functions_here.published(found[1]))
    udfs.REGISTRY.clear()
    udfs.REGISTRY.update(known)


def without_data(path):
    """The log's text, in which nothing that was handed to a function may stand, nor in any file beside it."""
    for file in path.parent.iterdir():
        for secret in (SECRET, "Miller", "4711", "4,711", "no such key", "sought", "counted"):
            assert secret.encode() not in file.read_bytes()
    return path.read_text(encoding="utf-8")


def test_a_cell_shows_value_and_the_log_says_what_and_where_without_any_data(path, planted):
    assert planted.one(500.0, 1000.0) == 0.5
    assert not path.exists()
    assert planted.one(AMOUNT, 1000.0) == "#VALUE!"
    assert planted.one([[1.0], [AMOUNT]], 1000.0) == "#VALUE!"
    assert planted.whole([[SECRET], [SECRET]]) == "#VALUE!"
    text = without_data(path)
    first, second = log.entries(path)
    assert (first.what, first.version, first.error) == ("AR_PLANTED", version(), f"builtins.KeyError in {PLACE}")
    assert (second.what, second.error) == ("AR_PLANTED_RANGE", f"builtins.RuntimeError in {PLACE_RANGE}")
    assert abs(time.time() - time.mktime(time.strptime(first.time, "%Y-%m-%d %H:%M:%S")) + time.timezone) < 600
    assert "    planted.py:11 planted\n" in text
    assert "  builtins.LookupError\n    planted.py:18 planted_range\n" in text


def test_through_xlwings_as_on_windows(path, planted):
    with xlwings_on_windows() as windows:
        for spec in planted.specs:
            setattr(windows.functions, spec.name, windows.functions.published(spec))
        assert windows.call("AR_PLANTED", Range(AMOUNT), Range(1000.0)) == "#VALUE!"
        assert windows.call("AR_PLANTED_RANGE", Range([SECRET, SECRET])) == "#VALUE!"
        assert windows.call("AR_EXPLAIN", "AR_PLANTED", Range(AMOUNT), Range(1000.0)) == INTERNAL_ERROR
    without_data(path)
    assert [entry.what for entry in log.entries(path)] == ["AR_PLANTED", "AR_PLANTED_RANGE"]


@pytest.mark.slow
def test_a_flood_of_failing_cells_writes_one_entry_and_is_quick(path, planted):
    begun = time.perf_counter()
    for at in range(100_000):
        planted.one(AMOUNT + at, 1000.0)
    took = time.perf_counter() - begun
    assert len(log.entries(path)) == 1
    assert path.stat().st_size < 2000
    assert took < 30, "a busy machine takes 5"
    print(f"{took * 10:.1f} us a failing cell")


def test_what_a_function_foresees_is_its_result_and_no_entry(path):
    for cells, shown in (
        ((850.0, 0.0, 365.0), "#DIV/0!"),
        (("850", 3_200.0, 365.0), "#VALUE!"),
        (([1.0, 2.0], [1.0, 2.0, 3.0], 365.0), "#VALUE!"),
        ((1.0,), "#VALUE!"),
        ((1.0, 2.0, 3.0, 4.0), "#VALUE!"),
    ):
        assert functions_here.AR_DSO(*cells) == shown
    assert functions_here.AR_EXPLAIN("AR_DSO", 850.0, 0.0, 365.0).startswith("credit_sales is 0")
    assert not path.exists()


@pytest.mark.parametrize("stopping", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_to_stop_python_stops_it(path, stopping):
    def python(*cells):
        raise stopping

    spec = dataclasses.replace(udfs.REGISTRY["AR_DSO"], python=python)
    with pytest.raises(stopping):
        boundary.call(spec, 1.0, 2.0, 3.0)
    assert not path.exists()


# ---------------------------------------------------------------- AR_EXPLAIN


def test_explain_says_internal_error_where_the_cell_shows_value(path, planted):
    assert explain("AR_PLANTED", 500.0, 1000.0) == "500 / 1,000 = 0.5 ratio"
    assert explain("AR_PLANTED", AMOUNT, 1000.0) == INTERNAL_ERROR
    assert functions_here.AR_EXPLAIN("AR_PLANTED", AMOUNT, 1000.0) == INTERNAL_ERROR
    assert explain("AR_PLANTED_RANGE", [[SECRET]]) == INTERNAL_ERROR
    # Of the first result there is something to say, but the cell does not show it.
    assert explain("AR_PLANTED", [[500.0], [AMOUNT]], 1000.0) == INTERNAL_ERROR
    assert "see the log" in INTERNAL_ERROR
    assert "`receivables doctor`" in INTERNAL_ERROR
    without_data(path)
    assert [entry.what for entry in log.entries(path)] == ["AR_PLANTED", "AR_PLANTED_RANGE"]


@pytest.mark.parametrize("stopping", [KeyboardInterrupt, SystemExit])
def test_explain_lets_pass_what_is_to_stop_python(path, monkeypatch, stopping):
    def python(*cells):
        raise stopping

    monkeypatch.setitem(udfs.REGISTRY, "AR_DSO", dataclasses.replace(udfs.REGISTRY["AR_DSO"], python=python))
    with pytest.raises(stopping):
        explain("AR_DSO", 1.0, 2.0, 3.0)


# ---------------------------------------------------------------- the file


def test_a_log_that_cannot_be_written_changes_no_cell(path, planted):
    path.parents[1].write_text("a file where a folder should be")
    assert planted.one(AMOUNT, 1000.0) == "#VALUE!"
    assert functions_here.AR_EXPLAIN("AR_PLANTED", AMOUNT, 1000.0) == INTERNAL_ERROR
    assert path.parents[1].read_text() == "a file where a folder should be"


def test_a_report_that_fails_itself_changes_no_cell(path, planted, monkeypatch):
    def fails(*_):
        raise RuntimeError("no disk, no version, no nothing")

    monkeypatch.setattr(unexpected, "_reports", [fails])
    assert planted.one(AMOUNT, 1000.0) == "#VALUE!"


@pytest.mark.slow
def test_the_log_has_an_end(path):
    def deeper():
        deeper()

    with pytest.raises(RecursionError) as raised:
        deeper()
    assert all(log.write(f"button_{number}", raised.value) for number in range(2000))
    both = [path, path.with_name("receivables.log.1")]
    assert sorted(path.parent.iterdir()) == sorted(both)
    assert all(file.stat().st_size < log.LIMIT + 10_000 for file in both)
    kept = [entry.what for entry in log.entries(path)]
    assert kept == [f"button_{number}" for number in range(2000 - len(kept), 2000)]
    assert 100 < len(kept) < 2000


WRITER = """
import sys
from xlwings_addin import log
try:
    raise RuntimeError("Miller & Sons")
except RuntimeError as error:
    for number in range(500):
        log.write(f"{sys.argv[1]}_{number}", error)
"""


def test_causes_that_go_in_a_circle_are_told_once_each(path):
    first, second = ValueError("1"), KeyError("2")
    try:
        try:
            raise second
        except KeyError:
            raise first from second
    except ValueError:
        second.__cause__ = first
    assert log.write("AR_DSO", first)
    assert path.read_text().count("builtins.ValueError") == 2  # in the head and on the way
    assert path.read_text().count("builtins.KeyError") == 1


def test_nothing_goes_wrong_where_what_went_wrong_is_written_down(path, monkeypatch):
    for name, odd in (("now", lambda: int("noon")), ("version", lambda: {}["version"]), ("log_file", lambda: 1 / 0)):
        with monkeypatch.context() as patch:
            patch.setattr(log, name, odd)
            assert log.write("AR_DSO", ValueError("1")) is False
    named = type("Odd\nname", (Exception,), {})
    assert log.write("AR_DSO", named("1"))
    assert len(log.entries(path)) == 1
    assert log.entries(path)[0].error.endswith("Odd name in code that is not ours")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name")
def test_a_pipe_in_place_of_the_log_holds_up_nobody(path):
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert log.write("AR_DSO", ValueError("1")) is False
    assert diagnosis().state == "look"


def test_an_entry_after_one_that_was_cut_is_found(path):
    assert log.write("AR_DSO", ValueError("1"))
    path.write_bytes(path.read_bytes()[:-7])
    assert log.write("AR_CEI", ValueError("2"))
    assert [entry.what for entry in log.entries(path)] == ["AR_DSO", "AR_CEI"]


def test_folders_above_our_own_are_not_written(path, planted):
    planted.one([[2_000.0]], [[1.0]])
    assert "udfs/" in path.read_text()
    assert str(Path(udfs.__file__).parents[1]) not in path.read_text()


def test_two_processes_write_into_one_log_and_every_entry_stays_whole(path):
    running = [subprocess.Popen([sys.executable, "-c", WRITER, name]) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]
    text = without_data(path)
    lines = text.splitlines()
    each = {"  builtins.RuntimeError", "    <string>:5 <module>"}
    assert {line for line in lines if line.startswith(" ")} == each
    assert (len(lines), lines.count("")) == (4 * 1000, 1000)
    assert {entry.what for entry in log.entries(path)} == {f"{n}_{i}" for n in ("one", "two") for i in range(500)}


# ---------------------------------------------------------------- the commands


def diagnosis():
    (found,) = (check for check in doctor.diagnose(this_machine()) if check.name == "Internal errors")
    return found


def test_doctor_reports_the_log(path, planted):
    assert diagnosis() == doctor.Check("Internal errors", "ok", f"no internal errors in {path}")
    planted.one(AMOUNT, 1000.0)
    assert diagnosis().found.startswith(f"1 internal error in {path}; the latest at 2")
    planted.whole([[SECRET]])
    found = diagnosis()
    assert (found.state, found.found.partition(";")[0]) == ("look", f"2 internal errors in {path}")
    assert found.found.endswith(f"UTC in version {version()}, AR_PLANTED_RANGE: builtins.RuntimeError in {PLACE_RANGE}")
    assert "Send the file" in found.remedy
    ended = CliRunner().invoke(cli, ["doctor", "--json"], standalone_mode=False)
    (line,) = (check for check in json.loads(ended.output)["checks"] if check["name"] == "Internal errors")
    assert line == {"name": found.name, "state": "look", "found": found.found, "remedy": found.remedy}
    assert ended.return_value == 0
    text = CliRunner().invoke(cli, ["doctor"], standalone_mode=False).output
    assert f"look  Internal errors {found.found}.  -> {found.remedy}\n" in text


def test_doctor_says_where_there_can_be_no_log(path):
    path.mkdir(parents=True)
    assert "cannot be read" in diagnosis().found
    path.rmdir()
    path.parent.rmdir()
    path.parent.write_text("")
    assert diagnosis().state == "look"
    assert "cannot be written, so nothing is known" in diagnosis().found


def test_calc_writes_into_the_same_log(path, planted, monkeypatch):
    monkeypatch.setattr(unexpected, "_reports", [])
    told = CliRunner().invoke(cli, ["calc", "AR_PLANTED", str(AMOUNT), "1000"])
    assert (told.stdout, told.stderr) == ("#VALUE!\n", f"receivables: {INTERNAL_ERROR}\n")
    shown = CliRunner().invoke(cli, ["calc", "AR_PLANTED", str(AMOUNT), "1000", "--explain"]).output
    assert shown == f"{INTERNAL_ERROR}\n"
    without_data(path)
    assert [entry.what for entry in log.entries(path)] == ["AR_PLANTED"]


def test_refresh_writes_into_the_same_log(path, tmp_path, monkeypatch):
    spec = udfs.REGISTRY["AR_DSO"]

    @functools.wraps(spec.python)
    def fails(*cells):
        raise TypeError(SECRET)

    monkeypatch.setattr(unexpected, "_reports", [])
    monkeypatch.setitem(udfs.REGISTRY, "AR_DSO", dataclasses.replace(spec, python=fails))
    items, out = tmp_path / "items.csv", tmp_path / "out.xlsx"
    items.write_text("Customer ID,Document,Document date,Due date,Amount\n1,A,2024-01-05,2024-02-04,9\n")
    done = CliRunner().invoke(cli, ["refresh", str(items), "--as-of", "2024-01-31", "--out", str(out)])
    assert done.exit_code == 0, done.output
    without_data(path)
    assert {entry.what for entry in log.entries(path)} == {"AR_DSO"}


def test_a_button_whose_error_cannot_be_written_down_says_so(path, monkeypatch):
    def fails():
        raise RuntimeError(SECRET)

    monkeypatch.setattr(ribbon, "load", fails)
    path.parents[1].write_text("")
    book = SimpleNamespace(app=SimpleNamespace(status_bar=""))
    told = f"Receivables stopped because of an unexpected error; details could not be written to {path}."
    assert ribbon.run("age", "", book) == ("", told)
