"""What Python hands over besides numbers, lists and arrays: Series of every kind, and what is refused by name."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from good_arguments import GOOD

import udfs
from udfs.boundary import call
from udfs.errors import excel_text

SPECS = list(udfs.REGISTRY.values())
EACH = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)


def shown(values):
    return [excel_text(value) if isinstance(value, float) and value != value else value for value in values.tolist()]


NUMBERS = {
    "float": pd.Series([10.0, np.nan, 30.0]),
    "Int64": pd.Series([10, None, 30], dtype="Int64"),
    "Float64": pd.Series([10, None, 30], dtype="Float64"),
    "arrow": pd.Series([10, None, 30], dtype="int64[pyarrow]"),
    "object with NA": pd.Series([10, pd.NA, Decimal(30)], dtype=object),
    "index": pd.Index([10.0, None, 30.0]),
    "masked": np.ma.array([10.0, 20.0, 30.0], mask=[False, True, False]),
    "array": pd.array([10, None, 30], dtype="Int64"),
    "list with NA": [10, pd.NA, 30],
    "category": pd.Series([10.0, None, 30.0], dtype="category"),
}


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_numbers_of_every_kind_and_their_blanks(values):
    assert shown(udfs.dso(values, 300, 30)) == [1.0, "#N/A", 3.0]
    assert shown(udfs.dso(100, 300, values)) == [pytest.approx(10 / 3), "#N/A", 10.0]
    assert shown(udfs.countback(values, [20, 20])) == [15.0, "#N/A", 45.0]
    assert udfs.concentration(["A", "", "B"], values, 1) == 0.75


def test_truth_and_text_are_no_numbers_in_their_place():
    assert shown(udfs.dso(pd.Series([True, None], dtype="boolean"), 300, 30)) == ["#VALUE!", "#N/A"]
    for dtype in ("str", "string", "category", object):
        words = pd.Series(["12", None, "#REF!"], dtype=dtype)
        assert shown(udfs.dso(words, 300, 30)) == ["#VALUE!", "#N/A", "#REF!"]


DAYS = pd.Series(pd.to_datetime(["2026-05-15", None, "2026-06-20"]))
DATES = {
    "datetime64": DAYS,
    "nanoseconds": DAYS.astype("datetime64[ns]"),
    "time zone": DAYS.dt.tz_localize("Europe/Berlin"),
    "dates": DAYS.dt.date,
    "arrow": DAYS.astype("date32[pyarrow]"),
    "text": pd.Series(["2026-05-15", None, "2026-06-20"]),
    "serial numbers": pd.Series([46157.0, np.nan, 46193.0]),
    "category": DAYS.astype("category"),
}


@pytest.mark.parametrize("values", DATES.values(), ids=DATES)
def test_dates_of_every_kind_and_their_blanks(values):
    today = dt.date(2026, 6, 20)
    assert shown(udfs.days_past_due(values, today)) == [36.0, "#N/A", 0.0]
    assert udfs.bucket(values, today).tolist() == ["31-60", "No date", "Current"]
    assert [row[0] for row in udfs.aging(["A", "B", "C"], values, [3, 2, 1], today)[1:-1]] == ["A", "B", "C"]
    assert udfs.days_late([1, 1, 1], [today] * 3, values, early_counts=True) == -18.0


@pytest.mark.parametrize("dtype", ["str", "string", "category", object, "string[pyarrow]"])
def test_customer_numbers_of_every_kind(dtype):
    customers = pd.Series(["007", "B", None, "007"], dtype=dtype)
    table = udfs.aging(customers, [None] * 4, pd.Series([5.0, 7.0, None, 3.0]), "2026-06-20")
    assert [(row[0], row[-1]) for row in table[1:]] == [("007", 8.0), ("B", 7.0), ("Total", 15.0)]
    assert udfs.concentration(pd.Series([7, 8, 7], dtype="Int64"), [1, 1, 1], 1) == pytest.approx(2 / 3)


REFUSED = {
    "dict": {"a": 1.0},
    "set": {1.0},
    "generator": (value for value in [1.0]),
    "object": object(),
    "bytes": b"1",
    "DataFrame": pd.DataFrame({"a": [1.0]}),
    "timedelta64": DAYS - DAYS,
    "timedelta": dt.timedelta(days=1),
}


@pytest.mark.parametrize("kind", REFUSED)
@EACH
def test_what_is_neither_a_cell_nor_a_range_is_refused_by_name(spec, kind):
    for place, parameter in enumerate(spec.parameters):
        cells = list(GOOD[spec.name])
        cells[place] = REFUSED[kind]
        with pytest.raises(TypeError, match=rf"{kind}") as refusal:
            spec.python(*cells)
        # AR_EXPLAIN names the argument of the function that it explains.
        assert parameter.name in str(refusal.value) or parameter.repeated
        assert isinstance(call(spec, *cells), str), "a sheet shows an error all the same"


@EACH
def test_a_series_is_never_answered_by_one_nan(spec):
    """A whole calculation that fails: ranges that do not go together, or options that do not exist."""
    longer = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0])
    for place, parameter in enumerate(spec.parameters):
        if parameter.kind not in {"number", "date", "numbers", "dates"}:
            continue
        cells = list(GOOD[spec.name])
        for at, other in enumerate(spec.parameters):
            if other.kind in {"number", "date"}:
                cells[at] = [7.0, 7.0, 7.0]
        cells[place] = longer
        try:
            result = spec.python(*cells)
        except TypeError:
            continue
        one_figure = spec.body.__annotations__["return"] is float
        assert one_figure or np.shape(result) != (), f"{parameter.name}: {result}"


def test_one_row_and_none():
    assert udfs.dso(pd.Series([100.0]), 300, 30).tolist() == [10.0]
    assert udfs.dso(pd.Series([], dtype=float), 300, 30).shape == (0,)
    assert udfs.countback(pd.Series([300.0]), pd.Series([280.0, 240.0])).tolist() == [32.5]
    assert udfs.bucket(pd.Series(["2026-06-20"]), "2026-06-20").tolist() == ["Current"]
    assert excel_text(udfs.dso(pd.NA, 300, 30)) == "#N/A"
    with pytest.raises(TypeError, match="edges must be whole days"):
        udfs.bucket(DAYS, "2026-06-20", [60, 30])


def test_one_figure_of_columns_that_do_not_fit_is_an_error_and_never_one_nan():
    two, three = pd.Series([1.0, 2.0]), pd.Series([0.1, 0.1, 0.1])
    for ask in (
        lambda: udfs.provision(two, three),
        lambda: udfs.days_to_pay(two, [45_000.0], [45_010.0, 45_020.0, 45_030.0]),
        lambda: udfs.concentration(two, three, 1),
        lambda: udfs.provision(pd.Series(["x", "y"]), two),
    ):
        with pytest.raises(TypeError):
            ask()


def test_threads_that_ask_at_once_all_get_the_functions():
    program = """
import sys, threading, udfs
sys.setswitchinterval(1e-6)
start, wrong = threading.Barrier(16), []
def ask():
    start.wait()
    try:
        for _ in range(200):
            udfs.load()
            assert udfs.dso(1.0, 2.0, 4.0) == 2.0 and len(udfs.REGISTRY) > 25
            udfs.boundary.call("AR_DSO", 1.0, 2.0, 4.0)
    except Exception as error:
        wrong.append(repr(error))
import udfs.boundary
threads = [threading.Thread(target=ask) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(wrong[:3])
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.strip() == "[]"
