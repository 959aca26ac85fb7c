"""Every worksheet function through xlwings' own Windows code: the same results as in Python, and the VBA it writes."""

import datetime as dt
import importlib
import itertools
import re
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import xlwings
from good_arguments import GOOD
from rungs.com import MISSING, MODULE, Range, Time, as_sent, column, error, xlwings_on_windows

import udfs
from udfs import boundary
from udfs.errors import CODES
from xlwings_addin import worksheet_functions as functions_here

udfs.load()

SPECS = list(udfs.REGISTRY.values())
EACH = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
ELEMENTWISE = pytest.mark.parametrize("spec", [s for s in SPECS if s.elementwise], ids=lambda spec: spec.name)
OF_NUMBERS = {"number", "date"}
OF_DATES = {"date", "dates", "one date"}
COUNTS = OF_NUMBERS | OF_DATES | {"numbers", "one number", "edges"}
WHOLE = [s for s in SPECS if not s.elementwise and s.name != "AR_EXPLAIN"]
ARGUMENTS = [(s, place) for s in SPECS for place, p in enumerate(s.parameters) if not p.repeated]
EACH_ARGUMENT = pytest.mark.parametrize(
    ("spec", "place"), ARGUMENTS, ids=[f"{s.name}-{s.parameters[place].name}" for s, place in ARGUMENTS]
)


@pytest.fixture(scope="module")
def windows():
    with xlwings_on_windows() as xlwings_there:
        yield xlwings_there


def in_sheet(cells):
    """The cells of a test as Excel passes them."""
    return Range(column(cells))


def with_cell(spec, place, cell):
    """Good arguments with one cell replaced: of a range, its first."""
    cells = list(GOOD[spec.name])
    cells[place] = [cell, *cells[place][1:]] if isinstance(cells[place], list) else cell
    return cells


def agree(windows, spec, arguments, python=None):
    """The sheet shows what Python computes, and nothing leaves that COM could not carry."""
    shown = windows.call(spec.name, *map(in_sheet, arguments))
    assert shown == as_sent(spec.python(*map(column, arguments if python is None else python)))
    flat = itertools.chain.from_iterable(r if isinstance(r, list) else [r] for r in np.atleast_1d(shown).tolist())
    assert {type(cell) for cell in flat} <= {float, int, str}
    return shown


# ---------------------------------------------------------------- the same as in Python


@EACH
def test_cells_and_typed_values_give_the_result_of_python(windows, spec):
    expected = as_sent(spec.python(*map(column, GOOD[spec.name])))
    assert windows.call(spec.name, *map(in_sheet, GOOD[spec.name])) == expected
    typed = [tuple(map(tuple, column(cell))) if isinstance(cell, list) else cell for cell in GOOD[spec.name]]
    assert windows.call(spec.name, *typed) == expected
    assert not isinstance(expected, str) or expected not in CODES


@ELEMENTWISE
@pytest.mark.parametrize("shape", [(4, 1), (1, 4), (2, 2), (4, 3)], ids=["column", "row", "block", "tall"])
def test_a_range_gives_a_range_whichever_argument_it_is(windows, spec, shape):
    for place, parameter in enumerate(spec.parameters):
        if parameter.kind in OF_NUMBERS:
            arguments = list(GOOD[spec.name])
            block = arguments[place] * (1 + np.arange(np.prod(shape)).reshape(shape) / 7)
            cells = block.tolist()
            cells[-1][-1], block[-1, -1] = None, np.nan  # a blank among them
            arguments[place] = cells
            shown = agree(windows, spec, arguments, [block if at == place else a for at, a in enumerate(arguments)])
            assert np.shape(shown) == (shape if shape[0] > 1 else shape[1:])


@ELEMENTWISE
def test_a_column_and_a_row_give_a_block(windows, spec):
    column, *rest = [place for place, p in enumerate(spec.parameters) if p.kind in OF_NUMBERS]
    arguments = list(GOOD[spec.name])
    arguments[column] = [[arguments[column]]] * 3
    for row in rest[:1]:
        arguments[row] = [[arguments[row]] * 2]
    assert np.shape(agree(windows, spec, arguments)) == ((3, 2) if rest else (3, 1))


@pytest.mark.parametrize("spec", WHOLE, ids=lambda spec: spec.name)
def test_ranges_taken_whole_may_lie_in_rows(windows, spec):
    lying = [[cells] if isinstance(cells, list) else cells for cells in GOOD[spec.name]]
    agree(windows, spec, lying)


@EACH
def test_every_cell_of_a_currency_format_counts_as_its_number(windows, spec):
    def decimals(cells):
        if isinstance(cells, list):
            return [decimals(cell) for cell in cells]
        return Decimal(repr(cells)) if type(cells) is float else cells

    sent = [decimals(cells) for cells in GOOD[spec.name]]
    expected = windows.call(spec.name, *map(in_sheet, GOOD[spec.name]))
    assert windows.call(spec.name, *map(in_sheet, sent)) == expected


@EACH
def test_dates_count_as_their_serial_numbers(windows, spec):
    def days(cells):
        if isinstance(cells, list):
            return [days(cell) for cell in cells]
        day = dt.date(1899, 12, 30) + dt.timedelta(int(cells))
        return Time.of(day.year, day.month, day.day, 13)  # the time of day counts for nothing

    sent = [
        days(cells) if p.kind in OF_DATES else cells for p, cells in zip(spec.parameters, GOOD[spec.name], strict=False)
    ]
    if sent != list(GOOD[spec.name]) and spec.name != "AR_EXPLAIN":
        expected = windows.call(spec.name, *map(in_sheet, GOOD[spec.name]))
        assert windows.call(spec.name, *map(in_sheet, sent)) == expected


def test_dates_reach_the_functions_without_a_time_zone(windows):
    assert windows.call("AR_DAYS_PAST_DUE", Range(Time.of(2024, 5, 15)), Range(Time.of(2024, 6, 20))) == 36.0
    assert windows.call("AR_BUCKET", Range([Time.of(2024, 5, 15), None]), 45463.0) == [["31-60"], ["No date"]]
    assert windows.call("AR_AGING", "A", Range("2024-05-15"), 5.0, "2024-06-20")[1][4] == 5.0


# ---------------------------------------------------------------- failures


@pytest.mark.parametrize("code", sorted(CODES.values()))
@EACH_ARGUMENT
def test_an_error_cell_is_the_result_whether_xlwings_knows_it_or_not(windows, spec, place, code):
    text = next(text for text, number in CODES.items() if number == code)
    shown = windows.call(spec.name, *map(in_sheet, with_cell(spec, place, error(code))))
    if spec.name == "AR_EXPLAIN":
        assert text in shown
    else:
        assert first(shown) == text


def first(shown):
    return shown[0][0] if isinstance(shown, list) and isinstance(shown[0], list) else np.ravel(shown).tolist()[0]


@pytest.mark.parametrize("cell", [None, "", "  ", "twelve", True, 0.0, -1.0, 1e308, "#REF!"], ids=repr)
@EACH_ARGUMENT
def test_any_cell_in_any_place_gives_what_python_gives(windows, spec, place, cell):
    agree(windows, spec, with_cell(spec, place, cell))


@pytest.mark.parametrize(
    ("name", "arguments", "shown"),
    [
        # an input cell holds an error: the first met
        ("AR_DSO", (error(2042), error(2007), 365.0), "#N/A"),
        ("AR_DSO", (850.0, error(2007), 365.0), "#DIV/0!"),
        ("AR_DSO", (None, "x", error(2045)), "#SPILL!"),
        # a required input is blank
        ("AR_DSO", (850.0, None, 365.0), "#N/A"),
        ("AR_DSO", ("", 0.0, 365.0), "#N/A"),
        ("AR_DSO", (850.0, "  ", "x"), "#N/A"),
        ("AR_CEI", (960.0, 10_185.0, None, 700.0), "#N/A"),
        ("AR_BUCKET", (None, 45_000.0), "No date"),
        ("AR_DAYS_TO_PAY", ([10.0, 20.0], [45_000.0, 45_000.0], [45_010.0, None]), 10.0),
        # text where a number belongs, wrong shape, unknown option word
        ("AR_DSO", ("850", 3_200.0, 365.0), "#VALUE!"),
        ("AR_DSO", (True, 0.0, 365.0), "#VALUE!"),
        ("AR_DSO", ([1.0, 2.0], [1.0, 2.0, 3.0], 365.0), "#VALUE!"),
        ("AR_CEI", (960.0, 10_185.0, 940.0, 700.0, 85.0, "nonsense"), "#VALUE!"),
        ("AR_DSO_COUNTBACK", (300.0, [280.0, 240.0], 30.0, "perhaps"), "#VALUE!"),
        # zero denominator
        ("AR_DSO", (850.0, 0.0, 365.0), "#DIV/0!"),
        ("AR_DDSO", (85.0, 0.0, 0.0), "#DIV/0!"),
        ("AR_CEI", (100.0, 200.0, 400.0, 300.0), "#DIV/0!"),
        # out of domain
        ("AR_DSO", (850.0, 3_200.0, 0.0), "#NUM!"),
        ("AR_DSO", (850.0, -3_200.0, 365.0), "#NUM!"),
        ("AR_CEI", (100.0, 200.0, 90.0, 100.0), "#NUM!"),
        ("AR_DISCOUNT_COST", (1.0, 10.0, 30.0), "#NUM!"),
        ("AR_DISCOUNT_COST", (0.02, 30.0, 30.0), "#NUM!"),
        ("AR_CASH_IMPACT", (40.0, 20.0, -100.0), "#NUM!"),
        # history does not reach far enough; errors spoil only a walk that reaches them
        ("AR_DSO_COUNTBACK", (600.0, [280.0, 240.0]), "#N/A"),
        ("AR_DSO_COUNTBACK", (300.0, [280.0, 240.0, error(2007)]), 32.5),
        ("AR_DSO_COUNTBACK", (300.0, [280.0, error(2007), 240.0]), "#DIV/0!"),
    ],
)
def test_the_failure_table(windows, name, arguments, shown):
    assert windows.call(name, *map(in_sheet, arguments)) == shown


def test_failures_stay_in_their_rows(windows):
    receivables = Range([100.0, None, "x", error(2042), error(2050), Decimal(50), Time.of(1900, 4, 9)])
    assert windows.call("AR_DSO", receivables, 100.0, 30.0) == [
        [30.0], ["#N/A"], ["#VALUE!"], ["#N/A"], ["#CALC!"], [15.0], [30.0],
    ]  # fmt: skip


def test_a_spill_is_the_single_results_row_by_row(windows):
    receivables = [float(n) if n % 7 else None for n in range(1000)]
    spilled = windows.call("AR_DSO", in_sheet(receivables), 3_200.0, 365.0)
    assert spilled == [[windows.call("AR_DSO", Range(cell), 3_200.0, 365.0)] for cell in receivables]


# ---------------------------------------------------------------- omitted arguments


@EACH_ARGUMENT
def test_an_omitted_optional_means_its_default_and_so_does_a_blank_cell(windows, spec, place):
    parameter = spec.parameters[place]
    if parameter.required:
        return
    cells = [in_sheet(one) for one in GOOD[spec.name]]
    default = list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
    expected = windows.call(spec.name, *(in_sheet(default) if at == place else c for at, c in enumerate(cells)))
    for omitted in (MISSING, Range(None), Range(""), None):
        assert windows.call(spec.name, *(omitted if at == place else c for at, c in enumerate(cells))) == expected


def test_the_function_can_tell_an_omitted_optional_from_a_blank_cell(windows, monkeypatch):
    seen = []
    monkeypatch.setattr(windows.functions, "call", lambda spec, *cells: seen.append(cells) or 0.0)
    windows.call("AR_CASH_IMPACT", 60.0, 40.0, 3_200.0, MISSING)
    windows.call("AR_CASH_IMPACT", 60.0, 40.0, 3_200.0, Range(None))
    windows.call("AR_CASH_IMPACT", 60.0, 40.0, MISSING, Range(None))
    assert [cells[2:] for cells in seen] == [(3_200.0, boundary.MISSING), (3_200.0, None), (None, None)]


def test_explain_takes_the_arguments_of_any_function(windows):
    assert windows.call("AR_EXPLAIN", "AR_DSO", 850_000.0, Range(3_200_000.0), 365.0) == (
        "850,000 / 3,200,000 x 365 = 96.95 days"
    )
    for spec in SPECS:
        if spec.name != "AR_EXPLAIN":
            expected = udfs.REGISTRY["AR_EXPLAIN"].python(spec.name, *map(column, GOOD[spec.name]))
            assert windows.call("AR_EXPLAIN", spec.name, *map(in_sheet, GOOD[spec.name])) == expected
    omitted = windows.call("AR_EXPLAIN", "AR_CEI", 960.0, 10_185.0, 940.0, 700.0, MISSING, "ignore")
    assert omitted == windows.call("AR_EXPLAIN", "AR_CEI", 960.0, 10_185.0, 940.0, 700.0, 0.0, "ignore")
    assert windows.call("AR_EXPLAIN", "AR_DSO").startswith("=AR_DSO(receivables, credit_sales, days) takes 3")


# ---------------------------------------------------------------- what the wizard and VBA get to know


@EACH
def test_the_wizard_is_told_everything_in_full(windows, spec):
    noted = getattr(windows.functions, spec.name).__xlfunc__
    assert (noted["name"], noted["category"], noted["ret"]["doc"]) == (spec.name, spec.category, spec.summary)
    assert [(a["name"], a["doc"]) for a in noted["args"]] == [(p.name, p.help) for p in spec.parameters]
    assert all(len(text) <= 255 for text in (spec.summary, *(p.help for p in spec.parameters)))
    assert all(a["options"] == {"ndim": 2, "err_to_str": True} for a in noted["args"])
    assert noted["call_in_wizard"] is True
    assert not noted["volatile"]
    assert noted["async_mode"] is None
    assert noted["ret"]["options"] == {"convert": windows.functions.AsTheyAre}


DECLARED = re.compile(r"^Function (\w+)\((.*)\)$", re.MULTILINE)


def test_the_generated_vba_declares_each_function_with_its_arguments(windows):
    declared = dict(DECLARED.findall(windows.vba()))
    assert declared == {
        spec.name: ", ".join(
            f"ParamArray {p.name}()" if p.repeated else p.name if p.required else f"Optional {p.name}"
            for p in spec.parameters
        )
        for spec in SPECS
    }


def test_the_generated_vba_passes_each_argument_on_in_order(windows):
    text = windows.vba()
    for spec in SPECS:
        passed = "argsArray" if spec.name == "AR_EXPLAIN" else f"Array({', '.join(p.name for p in spec.parameters)})"
        assert f'XLPy.CallUDF("{MODULE}", "{spec.name}", {passed}, ActiveWorkbook, Application.Caller)' in text
    assert text.count("XLPy.CallUDF") == 2 * len(SPECS)
    assert "    argsArray(1 + k - LBound(arguments)) = arguments(k)\n" in text


def objections_to(vba):
    """What would stop the module compiling, or Excel from taking a name for a function."""
    found = [f"line {n}: {len(line)} characters" for n, line in enumerate(vba.split("\n"), 1) if len(line) > 1023]
    functions = [name for name, _ in DECLARED.findall(vba)]
    lowered = [name.lower() for name in functions]
    found += [f"{name}: declared twice" for name in functions if lowered.count(name.lower()) > 1]
    for function, declared in DECLARED.findall(vba):
        arguments = [re.sub(r"Optional |ParamArray |\(\)", "", one) for one in declared.split(", ")]
        found += [f"{function}: {one}" for one in (function, *arguments) if not usable(one)]
        names = [function.lower(), *map(str.lower, arguments)]
        found += [f"{function}: {one} stands for two things" for one in arguments if names.count(one.lower()) > 1]
        if len(arguments) > 60:
            found.append(f"{function}: {len(arguments)} arguments")
        if "Optional" in declared and "ParamArray" in declared:
            found.append(f"{function}: Optional and ParamArray")
    try:
        vba.encode("cp1252")
    except UnicodeEncodeError as characters:
        found.append(str(characters))
    return found


RESERVED = frozenset(re.findall(r"\w+", """
    and any append as boolean byref byte byval call case cdate circle close const currency date debug decimal
    declare defint dim do double each else elseif empty end enum eqv erase error event exit explicit false for
    friend function get global gosub goto if imp implements in input integer is len let like line lock long
    longlong longptr loop lset me mid mod name new next not nothing null object on open option optional or
    output paramarray preserve print private property public put raiseevent random read redim rem reset resume
    return rset scale seek select set shared single static step stop string sub tab then time to true type
    typeof unlock until variant wend while width with withevents write xor failed k argsarray xlpy application
    activeworkbook array err
"""))  # fmt: skip
"""Words of VBA, and the names that xlwings' generator uses inside every wrapper."""


def usable(name):
    cell = re.fullmatch(r"[a-z]{1,3}\d{1,7}|r\d*(c\d*)?|c\d*", name, re.IGNORECASE)
    known = re.fullmatch(r"[a-z]\w{0,254}", name, re.IGNORECASE | re.ASCII)
    return bool(known) and not cell and name.lower() not in RESERVED


def test_no_name_stops_the_generated_module_compiling(windows):
    assert objections_to(windows.vba()) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("credit_sales", "Date"),
        ("credit_sales", "Type"),
        ("credit_sales", "receivables"),
        ("credit_sales", "RECEIVABLES"),
        ("credit_sales", "ar_dso"),
        ("credit_sales", "Q4"),
        ("credit_sales", "R1C1"),
        ("credit_sales", "rc"),
        ("credit_sales", "k"),
        ("credit_sales", "_sales"),
        ("credit_sales", "größe"),
        ("credit_sales", "сумма"),
        ("credit_sales", "x" * 1000),
        ("credit_sales", ", ".join(f"a_{n}" for n in range(60))),
        ("AR_DDSO(", "AR_dso("),
        ("AR_DDSO(", "DSO90("),
        ("Optional edges", "Optional edges, ParamArray more()"),
    ],
)
def test_the_lint_objects_to(windows, right, wrong):
    text = windows.vba()
    assert right in text
    assert objections_to(text.replace(right, wrong))


# ---------------------------------------------------------------- the module


def test_the_module_may_be_loaded_again_and_again(windows):
    before = windows.vba()
    importlib.reload(windows.functions)
    assert windows.vba() == before
    assert windows.call("AR_DSO", 850.0, 3_200.0, 365.0) == 96.953125
    # as xlwings does when the file has changed on disk
    windows.udfs.udf_modules[MODULE].update(filename=windows.functions.__file__, filetime=0)
    assert windows.call("AR_DSO", 850.0, 3_200.0, 365.0) == 96.953125
    assert windows.udfs.udf_modules[MODULE]["filetime"] != 0
    assert windows.vba() == before


@EACH
def test_off_windows_the_published_function_is_the_function(spec):
    published = getattr(functions_here, spec.name)
    assert (published.__name__, published.__doc__) == (spec.name, spec.summary)
    assert not hasattr(published, "__xlfunc__")
    assert published(*GOOD[spec.name]) == boundary.call(spec, *GOOD[spec.name])


def test_off_windows_columns_dates_and_failures_are_cells_too():
    assert functions_here.AR_DSO([850.0, None], 3_200, Decimal(365)) == [[96.953125], ["#N/A"]]
    assert functions_here.AR_DAYS_PAST_DUE(dt.datetime(2024, 5, 15, 9), dt.date(2024, 6, 20)) == 36.0
    assert functions_here.AR_DSO([[850.0]], [[0.0]], [[365.0]]) == "#DIV/0!"
    assert functions_here.AR_DSO(1.0) == "#VALUE!"


def test_all_is_as_before_once_windows_is_left():
    names = ("func", "arg", "ret", "script", "udfs", "_xlwindows")
    modules = {name: module for name, module in sys.modules.items() if name.split(".")[0] in ("xlwings", "win32com")}
    before = {name: vars(xlwings).get(name) for name in names}
    engines = [engine.name for engine in xlwings.engines]
    with xlwings_on_windows() as there:
        assert vars(xlwings)["func"] is there.udfs.xlfunc
    assert {name: vars(xlwings).get(name) for name in names} == before
    assert [engine.name for engine in xlwings.engines] == engines
    now = {name: module for name, module in sys.modules.items() if name.split(".")[0] in ("xlwings", "win32com")}
    assert now == modules


LOAD = """
import sys, time, types
def module(name, **attributes):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(attributes)
decorator = lambda *_, **__: lambda function: function
module("xlwings", func=decorator, arg=decorator, ret=decorator)
module("xlwings.conversion", Accessor=object, Ensure2DStage=object, Pipeline=object)
before = set(sys.modules)
begun = time.perf_counter()
import xlwings_addin.worksheet_functions as functions
took = time.perf_counter() - begun
assert functions.AR_DSO(850.0, 3200.0, 365.0) == 96.953125
loaded = {name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names
ours = sorted(name for name in sys.modules if name.startswith("xlwings_addin"))
print(sorted(loaded), ours, round(took, 3), sep="|")
"""


def test_loading_it_brings_numpy_and_nothing_else_of_ours():
    run = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=Path(udfs.__file__).parents[1], capture_output=True, text=True, timeout=60
    )
    assert run.stderr == ""
    loaded, ours, took = run.stdout.strip().split("|")
    assert loaded == "['numpy', 'udfs', 'xlwings_addin']"
    assert ours == "['xlwings_addin', 'xlwings_addin.worksheet_functions']"
    print(f"loaded in {took} s, numpy included, xlwings not")


def test_what_a_call_costs_beside_the_conversions_of_xlwings(windows):
    """Prints, asserts nothing about time: a busy machine is no fault of the code."""

    def identity(receivables, credit_sales, days):
        return receivables

    for name in ("receivables", "credit_sales", "days"):
        identity = windows.udfs.xlarg(name, ndim=2, err_to_str=True)(identity)
    windows.functions.AR_IDENTITY = windows.udfs.xlfunc(identity)
    spec, options, cells = udfs.REGISTRY["AR_DSO"], {"ndim": 2, "err_to_str": True}, (850.0, 3_200.0, 365.0)
    convert = windows.udfs.conversion
    big = Range([[850.0]] * 10_000)
    ways = {
        "call": lambda: boundary.call(spec, *cells),
        "conversion": lambda: ([convert.read(None, cell, options) for cell in cells], convert.write(1.0, None, {})),
        "through": lambda: windows.call("AR_DSO", *cells),
        "identity": lambda: windows.call("AR_IDENTITY", *cells),
        "spill": lambda: windows.call("AR_DSO", big, 3_200.0, 365.0),
    }
    took = {name: [] for name in ways}
    for _ in range(7):
        for name, way in ways.items():
            repeats = 1 if name == "spill" else 300
            begun = time.perf_counter()
            for _ in range(repeats):
                way()
            took[name].append((time.perf_counter() - begun) / repeats)
    us = {name: statistics.median(times) * 1e6 for name, times in took.items()}
    del windows.functions.AR_IDENTITY
    print(
        f"validated call {us['call']:.1f} us, xlwings' conversions {us['conversion']:.1f} us: "
        f"{us['call'] / us['conversion']:.2f}; through xlwings {us['through']:.1f} us, a function that returns its "
        f"argument {us['identity']:.1f} us: {us['through'] / us['identity']:.2f}; 10,000 rows "
        f"{us['spill'] / 1e3:.1f} ms"
    )
