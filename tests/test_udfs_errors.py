"""What a failure looks like: the rows of the failure table, for every function, in their order."""

import datetime as dt
import math
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest
from good_arguments import GOOD

import udfs
from udfs.boundary import MISSING, call
from udfs.days_outstanding import dso
from udfs.errors import CODES, DIV0, ERROR_INTS, NA, NUM, REF, VALUE, excel_text, from_text
from udfs.explanation import explain, find

udfs.load()

BLANKS = (None, "", "   ", MISSING, math.nan, [[None]])
BLANK_IS_FINE = {("AR_BUCKET", "due_date"), ("AR_AGING", "due_dates")}
UNPAID = {("AR_DAYS_TO_PAY", "paid_dates"), ("AR_DAYS_LATE", "paid_dates")}
SPECS = list(udfs.REGISTRY.values())
ARGUMENTS = [(spec, place) for spec in SPECS for place, p in enumerate(spec.parameters) if not p.repeated]
EACH_ARGUMENT = pytest.mark.parametrize(
    ("spec", "place"), ARGUMENTS, ids=[f"{spec.name}-{spec.parameters[place].name}" for spec, place in ARGUMENTS]
)
REQUIRED = [(spec, place) for spec, place in ARGUMENTS if spec.parameters[place].required]
OPTIONAL = [(spec, place) for spec, place in ARGUMENTS if not spec.parameters[place].required]


def with_cell(spec, place, cell):
    """The good arguments with one cell replaced: of a range, its first."""
    cells = list(GOOD[spec.name])
    cells[place] = [cell, *cells[place][1:]] if isinstance(cells[place], list) else cell
    return cells


def shows(spec, cells):
    """What the first result shows; a range of results shows its first."""
    result = call(spec, *cells)
    return result[0][0] if isinstance(result, list) else result


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_good_arguments_have_a_result(spec):
    assert set(GOOD) == set(udfs.REGISTRY)
    assert shows(spec, GOOD[spec.name]) not in CODES


@pytest.mark.parametrize("error", ["#N/A", "#REF!", -2146826243])
@EACH_ARGUMENT
def test_an_error_in_a_cell_is_the_result(spec, place, error):
    expected = "#SPILL!" if isinstance(error, int) else error
    assert shows(spec, with_cell(spec, place, error)) == expected


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
@pytest.mark.parametrize(("spec", "place"), REQUIRED)
def test_a_blank_required_argument_is_not_available(spec, place, blank):
    name = spec.parameters[place].name
    cells = list(GOOD[spec.name])
    cells[place] = blank
    if (spec.name, name) in UNPAID:
        assert call(spec, *cells) == "#DIV/0!"  # nothing was paid
    elif spec.name == "AR_AGING" and name in {"customers", "due_dates", "amounts"}:
        assert call(spec, *cells) == "#VALUE!"  # one cell against two
    elif (spec.name == "AR_CONCENTRATION" and name != "top") or spec.name == "AR_DSO_TREND":
        assert call(spec, *cells) == "#VALUE!"
    elif (spec.name, name) in BLANK_IS_FINE:
        assert call(spec, *cells) == "No date"
    else:
        assert shows(spec, cells) == "#N/A"


@pytest.mark.parametrize(("spec", "place"), REQUIRED)
def test_a_blank_cell_in_a_required_range_is_not_available(spec, place):
    name = spec.parameters[place].name
    if isinstance(GOOD[spec.name][place], list) and (spec.name, name) not in BLANK_IS_FINE | UNPAID:
        assert shows(spec, with_cell(spec, place, None)) == "#N/A"


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
@pytest.mark.parametrize(("spec", "place"), OPTIONAL)
def test_a_blank_optional_means_its_default(spec, place, blank):
    parameter = spec.parameters[place]
    cells, explicit = list(GOOD[spec.name]), list(GOOD[spec.name])
    cells[place] = blank
    explicit[place] = list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
    assert call(spec, *cells) == call(spec, *explicit)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_omitted_optionals_mean_their_defaults(spec):
    required = sum(p.required for p in spec.parameters)
    if not any(p.repeated for p in spec.parameters):
        defaults = [list(p.default) if isinstance(p.default, tuple) else p.default for p in spec.parameters[required:]]
        given = GOOD[spec.name][:required]
        assert call(spec, *given) == call(spec, *given, *defaults)


@EACH_ARGUMENT
def test_text_where_a_number_belongs_is_a_value_error(spec, place):
    if spec.parameters[place].kind in {"texts", "text"}:
        return
    for wrong in ("twelve", "12", "1,000"):
        assert shows(spec, with_cell(spec, place, wrong)) == "#VALUE!"


@EACH_ARGUMENT
def test_true_is_not_1(spec, place):
    if spec.parameters[place].kind in {"number", "date", "numbers", "dates", "one number", "one date", "edges"}:
        assert shows(spec, with_cell(spec, place, True)) == "#VALUE!"
        assert shows(spec, with_cell(spec, place, np.bool_(True))) == "#VALUE!"


@EACH_ARGUMENT
def test_a_ragged_range_is_a_value_error(spec, place):
    cells = list(GOOD[spec.name])
    cells[place] = [[1.0, 2.0], [3.0]]
    assert call(spec, *cells) == "#VALUE!"


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("AR_DSO", (100, 0, 30)),
        ("AR_BEST_POSSIBLE_DSO", (100, 0, 30)),
        ("AR_DDSO", (100, 0, 30)),
        ("AR_CEI", (100, 200, 400, 300)),
        ("AR_CEI", (0.1, 0.2, 0.4, 0.3)),
        ("AR_DIO", (100, 0, 30)),
        ("AR_DPO", (100, 0, 30)),
        ("AR_TURNOVER", (100, 0)),
        ("AR_COLLECTION_PERIOD", (0, 365)),
        ("AR_ROLL_RATE", (1, 0)),
        ("AR_BREAKEVEN_DISCOUNT", (-36.5, 1, 10, 365)),
        ("AR_DAYS_TO_PAY", ([5, -5], [45_000, 45_000], [45_001, 45_002])),
        ("AR_DAYS_LATE", ([5, 5], [45_000, 45_000], [None, None])),
        ("AR_CONCENTRATION", (["A", "B"], [0, -5])),
    ],
)
def test_nothing_to_divide_by(name, cells):
    assert call(name, *cells) == "#DIV/0!"
    assert "divide by" in explain(name, *cells)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("AR_DSO", (100, 200, 0)),
        ("AR_DSO", (100, -200, 30)),
        ("AR_BEST_POSSIBLE_DSO", (100, 200, -1)),
        ("AR_DDSO", (100, 200, 0)),
        ("AR_CEI", (100, 200, 90, 100)),  # more current than total
        ("AR_CEI", (100, -1, 90, 80)),
        ("AR_CEI", (-200, 100, 90, 80)),  # less than nothing collectible
        ("AR_CEI", (100, 200, 90, 80, 0, "monthly_average", 0)),
        ("AR_CASH_IMPACT", (40, 20, 100, 0)),
        ("AR_CASH_IMPACT", (40, 20, -100)),
        ("AR_DIO", (1, -1, 30)),
        ("AR_DPO", (1, 1, 0)),
        ("AR_TURNOVER", (-1, 1)),
        ("AR_COLLECTION_PERIOD", (1, 0)),
        ("AR_DISCOUNT_COST", (1, 10, 30)),
        ("AR_DISCOUNT_COST", (1.5, 10, 30)),
        ("AR_DISCOUNT_COST", (0.02, 30, 30)),
        ("AR_DISCOUNT_COST", (0.02, 30, 10)),
        ("AR_DISCOUNT_COST", (0.02, 10, 30, 0)),
        ("AR_BREAKEVEN_DISCOUNT", (0.1, 10, 30, -365)),
        ("AR_DSO_COUNTBACK", (100, [50, 60], 0)),
        ("AR_DSO_COUNTBACK", (100, [50, 60], [30, -1])),
        ("AR_DAYS_PAST_DUE", (0, 45_000)),
        ("AR_DAYS_PAST_DUE", (45_000, 3_000_000)),
        ("AR_BUCKET", (45_000, 45_001, [60, 30])),
        ("AR_BUCKET", (45_000, 45_001, [30, 30])),
        ("AR_BUCKET", (45_000, 45_001, [0, 30])),
        ("AR_BUCKET", (45_000, 45_001, [30.5])),
        ("AR_CONCENTRATION", (["A"], [1], 0)),
        ("AR_DSO", (1e308, 1e-308, 30)),
        ("AR_DSO", (10**400, 1, 30)),
        ("AR_PROVISION", ([1e308, 1e308], [1, 1])),
        ("AR_AGING", (["A"], [45_000], [1e300], 45_001)),
        ("AR_DISCOUNT_COST", (0.999999, 10, 10.001, 365, True)),
    ],
)
def test_out_of_domain(name, cells):
    assert call(name, *cells) == "#NUM!"
    assert explain(name, *cells).endswith(".")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("#REF!", None, "x"), "#REF!"),
        ((None, "#REF!", "#N/A"), "#REF!"),
        (("x", None, 0), "#N/A"),
        (("x", 0, -1), "#VALUE!"),
        ((1, 0, -1), "#DIV/0!"),
        ((1, -1, "x"), "#VALUE!"),
        ((math.inf, "x", 1), "#VALUE!"),
    ],
)
def test_the_first_row_of_the_table_wins(cells, expected):
    assert call("AR_DSO", *cells) == expected
    assert call("AR_DSO", *([[cell], [1.0]] for cell in cells))[0] == [expected]
    assert excel_text(dso(*cells)) == expected


def test_the_first_row_wins_over_a_word_that_is_none():
    cells = (960, 10_185, 940, 700, 85, "nonsense")
    assert call("AR_CEI", *cells) == "#VALUE!"
    assert call("AR_CEI", None, *cells[1:]) == "#N/A"
    assert call("AR_CEI", "#REF!", *cells[1:]) == "#REF!"
    assert call("AR_DSO_COUNTBACK", None, [1, 2], 30, True, "nonsense") == "#N/A"
    assert call("AR_DSO_COUNTBACK", 1, [1, 2], "#REF!", True, "nonsense") == "#REF!"


def test_failures_stay_in_their_rows():
    assert call("AR_DSO", [[100], ["x"], [None], [100], ["#REF!"], [100]], [[300]] * 3 + [[0]] + [[300]] * 2, 30) == [
        [10.0], ["#VALUE!"], ["#N/A"], ["#DIV/0!"], ["#REF!"], [10.0],
    ]  # fmt: skip


def test_shapes():
    column, row = [[100.0], [200.0]], [[300.0, 600.0, 1200.0]]
    assert call("AR_DSO", column, row, 30) == [[10.0, 5.0, 2.5], [20.0, 10.0, 5.0]]
    assert call("AR_DSO", [[100.0, 200.0]], 300, 30) == [[10.0, 20.0]]
    assert call("AR_DSO", column, [[1.0], [2.0], [3.0]], 30) == "#VALUE!"
    assert call("AR_DSO", [[100.0]], [[300.0]], 30) == 10.0
    assert call("AR_DSO", [], 300, 30) == "#VALUE!"
    assert call("AR_DSO", [[]], 300, 30) == "#VALUE!"
    assert call("AR_DSO", ((100.0,), (200.0,)), 300, 30) == [[10.0], [20.0]]
    assert call("AR_DSO", 100, 300) == "#VALUE!"
    assert call("AR_DSO", 100, 300, 30, 1) == "#VALUE!"


def test_countback_shapes():
    history = [[100.0, 100.0], [50.0, 50.0]]
    assert call("AR_DSO_COUNTBACK", [[50.0], [50.0]], history) == [[15.0], [30.0]]
    assert call("AR_DSO_COUNTBACK", 50.0, history) == [[15.0], [30.0]]
    assert call("AR_DSO_COUNTBACK", [[50.0, 150.0]], [[100.0, 100.0]]) == [[15.0, 45.0]]
    assert call("AR_DSO_COUNTBACK", [[50.0], [50.0], [50.0]], history) == "#VALUE!"
    assert call("AR_DSO_COUNTBACK", 150.0, [100.0, 100.0], [31, 30, 31]) == "#VALUE!"
    assert call("AR_DSO_COUNTBACK", 150.0, [100.0, 100.0], [[31, 28]]) == 45.0
    assert call("AR_DSO_TREND", [[1.0], [2.0]], [[1.0], [2.0], [3.0]]) == "#VALUE!"
    assert call("AR_COUNTBACK_STEPS", [1.0, 2.0], [1.0, 2.0]) == "#VALUE!"


@pytest.mark.parametrize("bad", [None, "#REF!", "x"])
def test_a_bad_month_spoils_only_the_walks_that_reach_it(bad):
    expected = {None: "#N/A", "x": "#VALUE!"}.get(bad, bad)
    balances = [[280.0], [300.0], [0.0], [270.0]]
    assert call("AR_DSO_COUNTBACK", balances, [280, bad, 100]) == [
        [30.0],
        [expected],
        [0.0],
        [pytest.approx(28.93, abs=0.01)],
    ]
    assert call("AR_DSO_COUNTBACK", balances, [280, 20, 100], [30, bad, 30])[:2] == [[30.0], [expected]]
    assert call("AR_DSO_TREND", [[10.0], [90.0], [10.0]], [[100.0], [100.0], [bad]]) == [[3.0], [27.0], [expected]]


def test_countback_rules():
    assert call("AR_DSO_COUNTBACK", 280, [280, 0, 100]) == 30.0
    assert call("AR_DSO_COUNTBACK", 0.1 + 0.2, [0.3 - 1e-12, 0, 100]) == 30.0
    assert call("AR_DSO_COUNTBACK", 300, [280, 0, -50, 40]) == 105.0
    assert call("AR_DSO_COUNTBACK", -5, [280]) == 0.0
    assert call("AR_DSO_COUNTBACK", 300, [100, 100]) == "#N/A"
    assert call("AR_DSO_COUNTBACK", 300, [100, 100], 30, True, "cap") == 60.0
    assert call("AR_DSO_COUNTBACK", 300, [100, 100], 30, True, "Extrapolate") == 90.0
    assert call("AR_DSO_COUNTBACK", 300, [100, -200], 30, True, "extrapolate") == "#N/A"
    assert call("AR_COUNTBACK_STEPS", 300, [100, 100], 30, True, "extrapolate")[-1] == [
        "Extrapolated",
        "",
        100.0,
        30.0,
        0.0,
    ]


def test_cells_of_every_kind():
    assert call("AR_DSO", Decimal("850000.00"), 3_200_000, np.float64(365)) == 96.953125
    assert call("AR_DSO", np.int64(850_000), Decimal(3_200_000), 365) == 96.953125
    assert call("AR_DSO", Decimal("NaN"), 300, 30) == "#N/A"
    assert call("AR_DSO", Decimal("sNaN"), 300, 30) == "#VALUE!"
    assert call("AR_DSO", np.array([[100], [200]]), 300, 30) == [[10.0], [20.0]]
    assert call("AR_DSO", [[Decimal(100)], [100]], 300, 30) == [[10.0], [10.0]]
    day = dt.datetime(2024, 6, 30, 14, 30)
    for due in (day, day.date(), 45_473, 45_473.9, "2024-06-30", "2024-06-30T08:00", np.datetime64("2024-06-30")):
        assert call("AR_DAYS_PAST_DUE", due, dt.date(2024, 7, 1)) == 1.0
    for unclear in ("30.06.2024", "06/30/2024", "2024-6-30", "20240630", "2024-02-30", "45473"):
        assert call("AR_DAYS_PAST_DUE", unclear, dt.date(2024, 7, 1)) == "#VALUE!"
    assert call("AR_DAYS_PAST_DUE", np.array(["2024-06-30"], dtype="datetime64[ns]"), "2024-07-01") == 1.0


def test_serial_numbers_keep_excels_invented_day():
    assert call("AR_DAYS_PAST_DUE", "1900-02-28", 60) == 1.0
    assert call("AR_DAYS_PAST_DUE", 60, "1900-03-01") == 1.0
    assert call("AR_DAYS_PAST_DUE", dt.date(1900, 1, 1), 1) == 0.0
    assert call("AR_DAYS_PAST_DUE", dt.date(1899, 12, 31), 1) == "#NUM!"


def test_undated_unpaid_and_blank_rows():
    assert call("AR_BUCKET", [[None], ["2024-06-30"], ["#REF!"]], "2024-06-30") == [["No date"], ["Current"], ["#REF!"]]
    assert call("AR_BUCKET", None, None) == "#N/A"
    table = call("AR_AGING", ["A", None, "B"], ["2024-06-01", "", None], [10, None, 5], "2024-06-30")
    assert [row[0] for row in table] == ["Customer", "A", "B", "Total"]
    assert table[2][-2:] == [5.0, 5.0]
    assert call("AR_AGING", ["A", None], ["2024-06-01", None], [10, 5], "2024-06-30") == "#N/A"
    assert call("AR_AGING", [None, None], [None, None], [None, None], "2024-06-30") == "#N/A"
    paid = ([10, None, 30], ["2024-01-01", None, "2024-01-01"], ["2024-01-11", None, ""])
    assert call("AR_DAYS_TO_PAY", *paid) == 10.0
    assert call("AR_DAYS_LATE", [10, None], ["2024-01-01", "2024-01-01"], ["2024-01-11", "2024-01-11"]) == "#N/A"
    assert call("AR_DAYS_LATE", [10, "#REF!"], ["2024-01-01", "2024-01-01"], ["2024-01-11", None]) == "#REF!"


def test_customer_numbers_are_text():
    table = call("AR_AGING", ["0042", 42, 2960623488.0, "42"], ["2024-06-30"] * 4, [4, 1, 3, 1], "2024-06-30")
    assert [row[0] for row in table[1:-1]] == ["0042", "2960623488", "42"]
    assert call("AR_CONCENTRATION", ["42", 42.0, "A"], [1, 1, 2], 1) == 0.5


def test_amounts_finer_than_cents_add_up():
    amounts = [0.001, 0.002, 1.125]
    assert call("AR_AGING", ["A"] * 3, ["2024-06-30"] * 3, amounts, "2024-06-30")[1][-1] == 1.128
    thirds = call("AR_AGING", ["A"] * 3, ["2024-06-30"] * 3, [1 / 3] * 3, "2024-06-30")
    assert thirds[1][-1] == pytest.approx(1, abs=0.005)


def test_every_error_has_one_nan_and_every_nan_one_text():
    for text, error in zip(CODES, map(from_text, CODES), strict=True):
        assert math.isnan(error)
        assert excel_text(error) == text
        assert call("AR_DSO", text, 1, 1) == text
        assert call("AR_DSO", -2146826288 + CODES[text] - 2000, 1, 1) == text
        assert excel_text(dso(error, 0, "x")) == text  # the result of one function is an argument of the next
        assert excel_text(float(np.array([error])[0])) == text
    assert len(ERROR_INTS) == len(CODES)
    assert ERROR_INTS[-2146826243] is from_text("#SPILL!")


def test_python_functions_return_nans_and_never_raise_for_figures():
    result = dso(np.array([100.0, np.nan, 100.0]), np.array([300.0, 300.0, 0.0]), 30)
    assert result.dtype == np.float64
    assert [excel_text(x) for x in result[1:]] == [excel_text(NA), excel_text(DIV0)]
    assert excel_text(dso([1, 2], [1, 2, 3], 30)) == excel_text(VALUE)
    assert excel_text(dso(REF, 1, 0)) == excel_text(REF)
    assert excel_text(dso(1, 1, 0)) == excel_text(NUM)
    assert dso(receivables=100, credit_sales=300, days=30) == 10.0
    with pytest.raises(TypeError):
        dso(1, 2)


def test_explanations():
    assert explain("dso", 850_000, 3_200_000, 365) == "850,000 / 3,200,000 x 365 = 96.95 days"
    assert explain("AR_DSO", 850_000, 0, 365) == "credit_sales is 0: there is nothing to divide by."
    assert explain("AR_DSO", " ", 0, 365) == "receivables is blank."
    assert explain("AR_DSO", 1, "#REF!", 365) == "credit_sales holds the error #REF!."
    assert explain("AR_DSO", 1, "x", 365) == "credit_sales is no number."
    assert explain("AR_DSO", -5, 10, 30) == "(-5) / 10 x 30 = -15 days"
    assert explain("AR_DSO", [[10], [20]], 30, 30) == "First of 2 results: 10 / 30 x 30 = 10 days"
    assert explain("AR_DSO", 1, 2) == "=AR_DSO(receivables, credit_sales, days) takes 3 to 3 arguments; there are 2."
    assert explain("AR_CEI", 1, 2, 3, 1, None, "often") == (
        "method must be one of: standard, ignore, both, monthly_average."
    )
    assert explain("AR_DSO_COUNTBACK", 300_000, [280_000, 240_000]) == (
        "30 (280,000 of 280,000) + 2.5 (20,000 of 240,000) = 32.5 days"
    )
    assert explain("AR_DSO_COUNTBACK", 300, [100]) == (
        "The sales history, 1 long, does not reach back far enough: 200 is left."
    )
    assert "reaches month 2" in explain("AR_DSO_COUNTBACK", 300, [280, None])
    assert explain("AR_DSO_TREND", [300, 100], [280, 240]).startswith(
        "First of 2 results: 30 (280 of 280) + 2.5 (20 of"
    )
    assert explain("AR_DSO", [[1], [2]], [[1], [2], [3]], 30) == "The ranges differ in size."
    assert explain("AR_AGING", ["A"], ["2024-01-01"], [5], "2024-06-30") == "1 customers as of 2024-06-30: 90+ 5 = 5"
    assert explain("AR_DISCOUNT_COST", 0.02, 10, 30, None, True).startswith("(1 + 0.02 / (1 - 0.02)) ^ (365 /")
    assert explain("AR_BUCKET", "2020-05-15", "2020-06-20").endswith("= 31-60")
    assert explain("AR_DAYS_PAST_DUE", "2020-05-15", "2020-06-20") == "2020-06-20 - 2020-05-15 = 36 days"
    assert "AR_DSO" in explain("AR_DSOO", 1)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_function_explains_a_result_and_a_blank(spec):
    told = explain(spec.name, *GOOD[spec.name])
    assert told
    assert "#" not in told
    if spec.parameters[0].kind == "number":
        assert explain(spec.name, None, *GOOD[spec.name][1:]) == f"{spec.parameters[0].name} is blank."


def test_an_unknown_function_is_named_with_those_there_are():
    with pytest.raises(LookupError, match="AR_CEI"):
        find("AR_CEIX")
    assert find("=ar_cei").name == "AR_CEI"


def test_loading_imports_no_pandas():
    code = "import sys, udfs; udfs.load(); print(sorted({'pandas', 'xlwings', 'polars'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
