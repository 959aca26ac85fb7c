"""The worksheet functions give the values of published worked examples, and not the published mistakes."""

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

import udfs
from udfs.boundary import call

udfs.load()

FILE = Path(__file__).with_name("published_values.csv")
CASES = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
LAYERS = {"functions", "ledger", "none"}


def mean(first, second):
    return (first + second) / 2


def paid_after(days):
    return [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in days]


def invoiced(days):
    return [dt.date(2024, 1, 1)] * len(days)


def cash_cycle(i):
    if "dio" in i:
        return (i["dio"], i["dso"], i["dpo"])
    return (i["avg_inventory"] / i["cogs"] * 365, i["avg_ar"] / i["revenue"] * 365, i["ap"] / i["cogs"] * 365)


def receivables(i):
    return i["ar"] if "ar" in i else mean(i["ar_begin"], i["ar_end"])


def cei_arguments(i):
    standard = (i["begin_ar"], i["credit_sales"], i["end_total_ar"], i["end_current_ar"])
    return (*standard, 0, "monthly_average", i["n_months"]) if "n_months" in i else standard


FUNCTIONS = {
    "aging_bucket": ("AR_BUCKET", lambda i: (i["due"], i["as_of"], i["edges"])),
    "ar_tied_up": ("AR_CASH_IMPACT", lambda i: (i["dso"], 0, i["annual_credit_sales"], i["days"])),
    "ar_turnover": ("AR_TURNOVER", lambda i: (i["credit_sales"], i["ar"])),
    "average_collection_period": ("AR_COLLECTION_PERIOD", lambda i: (i["credit_sales"] / i["ar"], i["days"])),
    "average_days_delinquent": ("AR_DAYS_DELINQUENT", lambda i: (i["dso"], i["bpdso"])),
    "avg_days_to_pay": ("AR_DAYS_TO_PAY", lambda i: (1, invoiced(i["days"]), paid_after(i["days"]))),
    "bad_debt_expense": ("AR_PROVISION", lambda i: (i["credit_sales"], i["rate"])),
    "best_possible_dso": ("AR_BEST_POSSIBLE_DSO", lambda i: (i["current_ar"], i["credit_sales"], i["days"])),
    "ccc": ("AR_CCC", cash_cycle),
    "cei": ("AR_CEI", cei_arguments),
    "ddso": ("AR_DDSO", lambda i: (i["overdue_ar"], i["credit_sales"], i["days"])),
    "dio": ("AR_DIO", lambda i: (mean(i["inv_begin"], i["inv_end"]), i["cogs"], i["days"])),
    "discount_annual_cost": (
        "AR_DISCOUNT_COST",
        lambda i: (i["discount"], i["discount_days"], i["net_days"], i["year"]),
    ),
    "dpo": ("AR_DPO", lambda i: (mean(i["ap_begin"], i["ap_end"]), i["cogs"], i["days"])),
    "dso_countback": ("AR_DSO_COUNTBACK", lambda i: (i["ar"], i["sales"], i["days"])),
    "dso_simple": ("AR_DSO", lambda i: (receivables(i), i["credit_sales"], i["days"])),
    "ecl_provision_matrix": ("AR_PROVISION", lambda i: (i["amounts"], i["rates"])),
    "interest_saving": ("AR_INTEREST_SAVED", lambda i: (i["release"], i["rate"])),
    "roll_rate": ("AR_ROLL_RATE", lambda i: (i["rolled"], i["start"])),
    "weighted_avg_days_to_pay": (
        "AR_DAYS_TO_PAY",
        lambda i: (i["amounts"], invoiced(i["days"]), paid_after(i["days"])),
    ),
    "working_capital_release": (
        "AR_CASH_IMPACT",
        lambda i: (i["dso_now"], i["dso_target"], i["annual_credit_sales"], i["days"]),
    ),
}


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
