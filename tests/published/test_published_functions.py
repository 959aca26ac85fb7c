"""The worksheet functions give the values of published worked examples, and not the published mistakes."""

import json

import pytest
from published.examples import CASES, FUNCTIONS

import udfs
from udfs.boundary import call

udfs.load()

LAYERS = {"functions", "ledger", "none"}


def computed(case):
    """Return what the Python function and what the boundary give, in the unit of the page."""
    name, arguments = FUNCTIONS[case["metric"]]
    cells = arguments(json.loads(case["inputs"]))
    results = udfs.REGISTRY[name].python(*cells), call(name, *cells)
    return [r * 100 if case["unit"] == "percent" else r for r in results]


def rows(*statuses):
    return [
        pytest.param(case, id=case["id"])
        for case in CASES
        if case["layer"] == "functions" and case["status"] in statuses
    ]


@pytest.mark.parametrize("case", rows("ok", "derived", "repaired"))
def test_published_value(case):
    expected = json.loads(case["expected"]) if case["expected"].startswith(("[", "{")) else case["expected"]
    for result in computed(case):
        if case["unit"] == "bucket":
            assert result == (expected[0] if isinstance(expected, list) else expected)
        else:
            assert result == pytest.approx(float(expected), abs=float(case["tolerance"]) + 1e-9, rel=0)


@pytest.mark.parametrize("case", rows("known_wrong"))
def test_published_mistake_is_not_repeated(case):
    for result in computed(case):
        assert result == pytest.approx(float(case["right_value"]), rel=1e-6)
        assert abs(result - float(case["expected"])) > float(case["tolerance"])


def test_every_row_has_a_layer_and_every_function_row_a_function():
    assert {case["layer"] for case in CASES} == LAYERS
    assert {case["metric"] for case in CASES if case["layer"] == "functions"} == FUNCTIONS.keys()


@pytest.mark.parametrize(
    ("cells", "percent"),
    [
        ((960_000, 10_185_000, 940_000, 700_000, 85_000), 96.89),
        ((960_000, 10_185_000, 940_000, 700_000, 85_000, "ignore"), 97.70),
        ((960_000, 10_185_000, 940_000, 700_000, 85_000, "both"), 97.68),
        ((6_200, 10_890, 6_340, 3_590, None, "monthly_average", 3), 55.9),
    ],
)
def test_cei_methods(cells, percent):
    tolerance = 0.005 if percent != 55.9 else 0.05
    assert call("AR_CEI", *cells) * 100 == pytest.approx(percent, abs=tolerance)


def test_discount_conventions():
    assert call("AR_DISCOUNT_COST", 0.02, 10, 30, 360) * 100 == pytest.approx(36.73, abs=0.005)
    assert call("AR_DISCOUNT_COST", 0.02, 10, 30, 365, True) * 100 == pytest.approx(44.59, abs=0.005)
    assert call("AR_BREAKEVEN_DISCOUNT", 0.10, 10, 30) * 100 == pytest.approx(0.54, abs=0.005)
