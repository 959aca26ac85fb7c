"""What must hold for any figures: identities, exact totals, and two independent ways to the same result."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import udfs
from tests import strategies as any_
from udfs.boundary import call
from udfs.buckets import aging, bucket, bucket_codes, bucket_labels, days_past_due
from udfs.cash_released import cash_impact, interest_saved
from udfs.counting_back import countback, countback_steps, dso_trend
from udfs.days_outstanding import best_possible_dso, ddso, dso
from udfs.discounts import breakeven_discount, discount_cost
from udfs.effectiveness import cei
from udfs.errors import CODES, NA, excel_text
from udfs.payment_behaviour import days_late, days_to_pay
from udfs.risk import concentration, provision, roll_rate

udfs.load()

EXACTLY = 1e-9
SPREADS = st.sampled_from(["error", "cap", "extrapolate"])


def same(result, expected):
    """Whether two results agree: both the same error, or equal to 1e-9."""
    if math.isnan(result) or math.isnan(expected):
        return math.isnan(result) and math.isnan(expected) and excel_text(result) == excel_text(expected)
    return result == pytest.approx(expected, rel=EXACTLY, abs=EXACTLY)


def counted_back(balance, sales, days, if_exhausted):
    """The definition, word by word, in exact arithmetic: months newest first."""
    left = opening = Fraction(balance)
    counted = Fraction(0)
    if opening <= 0:
        return 0.0
    for sold, length in zip(map(Fraction, sales), map(Fraction, days), strict=True):
        if left <= opening / 10**9:
            return float(counted)
        if sold > left:
            return float(counted + left / sold * length)
        counted += length
        left -= max(sold, Fraction(0))
    if left <= opening / 10**9 or if_exhausted == "cap":
        return float(counted)
    pace = sum(map(Fraction, sales)) / sum(map(Fraction, days))
    if if_exhausted == "error" or pace <= 0:
        return NA
    return float(counted + left / pace)


@given(any_.money(), any_.money(), any_.sales, any_.days)
def test_best_possible_and_delinquent_add_up_to_dso(current, overdue, sales, days):
    whole = dso(current + overdue, sales, days)
    assert best_possible_dso(current, sales, days) + ddso(overdue, sales, days) == pytest.approx(whole, rel=EXACTLY)


@given(any_.money(-1000), any_.monthly_sales, any_.month_lengths, SPREADS)
def test_countback_follows_its_definition(balance, sales, days, if_exhausted):
    expected = counted_back(balance, sales, [days] * len(sales), if_exhausted)
    assert same(countback(balance, sales, days, True, if_exhausted), expected)


@given(st.data(), any_.monthly_sales, SPREADS)
def test_countback_of_calendar_months_in_either_order(data, sales, if_exhausted):
    days = data.draw(st.lists(any_.month_lengths, min_size=len(sales), max_size=len(sales)))
    balance = data.draw(st.one_of(any_.money(), st.just(sum(sales[: len(sales) // 2]))))
    expected = counted_back(balance, sales, days, if_exhausted)
    assert same(countback(balance, sales, days, True, if_exhausted), expected)
    if len(sales) > 1:
        assert same(countback(balance, sales[::-1], days[::-1], False, if_exhausted), expected)


@given(st.lists(st.tuples(any_.money(-10, 1e6), st.lists(any_.money(-10, 1e5), min_size=4, max_size=4)), min_size=2))
def test_a_block_of_histories_is_its_rows(rows):
    balances = np.array([balance for balance, _ in rows])
    block = countback(balances, np.array([history for _, history in rows]), [31, 30, 31, 28])
    for together, (balance, history) in zip(block, rows, strict=True):
        assert same(together, countback(balance, history, [31, 30, 31, 28]))


@given(st.lists(any_.money(-10, 1e6), min_size=1), any_.monthly_sales)
def test_one_history_serves_every_balance(balances, sales):
    for result, balance in zip(countback(balances, sales), balances, strict=True):
        assert same(result, countback(balance, sales))


@given(any_.money(-1000), any_.monthly_sales, any_.month_lengths, SPREADS)
def test_steps_add_up_to_the_countback(balance, sales, days, if_exhausted):
    whole = countback(balance, sales, days, True, if_exhausted)
    steps = countback_steps(balance, sales, days, True, if_exhausted)
    if math.isnan(whole):
        assert same(steps, whole)
    else:
        assert math.fsum(step[3] for step in steps[1:]) == pytest.approx(whole, rel=EXACTLY, abs=EXACTLY)


@given(any_.sales, st.lists(st.integers(28, 31), min_size=1, max_size=12), st.floats(0, 1))
def test_countback_of_equal_days_is_balance_over_daily_sales(daily, days, part):
    history = [daily * n for n in days]
    balance = math.fsum(history) * part
    assert countback(balance, history, days) == pytest.approx(balance / daily, rel=EXACTLY, abs=EXACTLY)
    every_day = [daily] * len(days)
    assert countback(daily * len(days) * part, every_day, 1) == pytest.approx(len(days) * part, rel=EXACTLY, abs=1e-9)


@given(st.data(), any_.monthly_sales)
def test_trend_is_a_countback_at_every_month(data, sales):
    balances = data.draw(st.lists(any_.money(-10, 1e7), min_size=len(sales), max_size=len(sales)))
    days = data.draw(st.lists(any_.month_lengths, min_size=len(sales), max_size=len(sales)))
    trend = dso_trend(balances, sales, days)
    backwards = dso_trend(balances[::-1], sales[::-1], days[::-1], False)
    for month, result in enumerate(trend):
        assert same(result, countback(balances[month], sales[month:], days[month:]))
        assert same(backwards[::-1][month], result)


@given(any_.money(), any_.sales, any_.money(), st.floats(0, 1), any_.money())
def test_cei_is_1_only_without_overdue_and_write_offs(beginning, sales, current, share, write_offs):
    assume(beginning + sales - current > 0.01)
    overdue = round(share * 1e5, 2)
    result = cei(beginning, sales, current + overdue, current, write_offs)
    assert result <= 1 + EXACTLY
    collectible = beginning + sales - current
    assert 1 - result == pytest.approx((overdue + write_offs) / collectible, rel=1e-6, abs=EXACTLY)


@given(any_.money(), any_.sales, any_.money(), any_.money(1, 1e5), any_.money(0, 1e5))
def test_cei_does_not_change_by_writing_off_an_overdue_debt(beginning, sales, current, overdue, before):
    assume(beginning + sales - current > 0.01)
    kept = cei(beginning, sales, current + overdue, current, before)
    written_off = cei(beginning, sales, current, current, before + overdue)
    assert written_off == pytest.approx(kept, rel=1e-6, abs=1e-6)


@given(any_.items, any_.dates, any_.edges)
def test_aging_adds_up_to_the_cent_and_holds_each_item_once(items, as_of, edges):
    table = call("AR_AGING", *map(list, zip(*items, strict=True)), as_of, edges)
    header, *rows, totals = table
    exact = sum(round(amount * 100) for *_, amount in items)
    assert round(totals[-1] * 100) == exact
    for row in [*rows, totals]:
        assert round(row[-1] * 100) == sum(round(cell * 100) for cell in row[1:-1])
        assert all(cell == round(cell, 2) for cell in row[1:])
    for column in range(1, len(header)):
        assert round(totals[column] * 100) == sum(round(row[column] * 100) for row in rows)
    expected = dict.fromkeys(header[1:-1], 0)
    for _, due, amount in items:
        expected["Credits" if amount < 0 else call("AR_BUCKET", due, as_of, edges)] += round(amount * 100)
    assert dict(zip(header[1:-1], (round(cell * 100) for cell in totals[1:-1]), strict=True)) == expected
    assert rows == sorted(rows, key=lambda row: (-row[-1], row[0]))
    assert {row[0] for row in rows} == {customer for customer, *_ in items}


@given(any_.items, any_.dates, st.randoms())
def test_an_order_of_rows_changes_no_total(items, as_of, random):
    shuffled = random.sample(items, len(items))
    ids, _, amounts = map(list, zip(*items, strict=True))
    other_ids, _, other_amounts = map(list, zip(*shuffled, strict=True))
    assert aging(*map(list, zip(*items, strict=True)), as_of) == aging(*map(list, zip(*shuffled, strict=True)), as_of)
    assert same(concentration(ids, amounts, 2), concentration(other_ids, other_amounts, 2))
    assert provision(amounts, 0.03) == provision(other_amounts, 0.03)
    invoiced = ["2024-01-31"] * len(items)
    paid, other_paid = [[due or as_of for _, due, _ in rows] for rows in (items, shuffled)]
    for function in (days_to_pay, days_late):
        assert same(function(amounts, invoiced, paid), function(other_amounts, invoiced, other_paid))


@given(any_.edges, st.integers(-500, 1000))
def test_every_age_is_in_exactly_one_bucket(edges, age):
    low, high = [-math.inf, 0, *edges], [0, *edges, math.inf]
    codes = [i for i, (a, b) in enumerate(zip(low, high, strict=True)) if a < age <= b]
    assert [bucket_codes(np.array(age), tuple(edges))] == codes
    assert bucket(45_000 - age, 45_000, edges) == bucket_labels(tuple(edges))[codes[0]]


SCALABLE = [
    (dso, (850.0, 3_200.0, 365.0), (0, 1), False),
    (best_possible_dso, (85.0, 3_200.0, 90.0), (0, 1), False),
    (ddso, (85.0, 3_200.0, 90.0), (0, 1), False),
    (cei, (960.0, 10_185.0, 940.0, 700.0, 85.0), (0, 1, 2, 3, 4), False),
    (countback, (300.0, [280.0, 0.0, -5.0, 240.0], 30.0), (0, 1), False),
    (countback, (900.0, [280.0, 0.0, -5.0, 240.0], 30.0, True, "extrapolate"), (0, 1), False),
    (cash_impact, (60.0, 40.0, 3_200.0, 365.0), (2,), True),
    (interest_saved, (500.0, 0.04), (0,), True),
    (provision, ([100.0, 50.0], [0.01, 0.2]), (0,), True),
    (roll_rate, (20.0, 100.0), (0, 1), False),
    (concentration, (["A", "B", "C"], [70.0, 20.0, -3.0], 1), (1,), False),
    (days_to_pay, ([10.0, 100.0], [45_000.0, 45_010.0], [45_020.0, 45_030.0]), (0,), False),
]


@pytest.mark.parametrize(("function", "arguments", "money", "scales"), SCALABLE)
@given(k=any_.scale)
@settings(max_examples=10)
def test_scaling_all_money_scales_money_and_nothing_else(function, arguments, money, scales, k):
    times = lambda value: [k * v for v in value] if isinstance(value, list) else k * value  # noqa: E731
    scaled = [times(value) if place in money else value for place, value in enumerate(arguments)]
    assert function(*scaled) == pytest.approx(function(*arguments) * (k if scales else 1), rel=EXACTLY)


ELEMENTWISE = [spec for spec in udfs.REGISTRY.values() if spec.elementwise]
NUMBERS = st.one_of(
    any_.money(-1000, 1e6), any_.any_float, st.sampled_from([0.0, 1.0, 30.0, None, "", "x", "#REF!", True, 0.02])
)


@pytest.mark.parametrize("spec", ELEMENTWISE, ids=lambda spec: spec.name)
@given(data=st.data())
@settings(max_examples=60)
def test_a_range_gives_what_its_cells_give(spec, data):
    rows = data.draw(st.lists(st.tuples(*(cell_of(p) for p in spec.parameters)), min_size=2, max_size=5))
    words = {i for i, p in enumerate(spec.parameters) if p.kind in ("option", "flag")}
    rows = [tuple(rows[0][i] if i in words else cell for i, cell in enumerate(row)) for row in rows]
    columns = [rows[0][i] if i in words else [[row[i]] for row in rows] for i in range(len(spec.parameters))]
    for [together], row in zip(call(spec, *columns), rows, strict=True):
        alone = call(spec, *row)
        assert together == (alone if isinstance(alone, str) else pytest.approx(alone, rel=1e-12, abs=0))


def cell_of(parameter):
    if parameter.words:
        return st.sampled_from([*parameter.words, None, "nonsense"])
    if parameter.kind == "flag":
        return st.sampled_from([True, False, None, "nonsense"])
    return NUMBERS


@given(any_.dates, any_.dates)
def test_days_past_due_are_calendar_days(due, as_of):
    assert days_past_due(due, as_of) == (as_of - due).days


@given(st.floats(0.001, 0.2), st.integers(0, 30), st.integers(1, 120))
def test_discount_cost_and_break_even_are_each_others_inverse(rate, discount_days, later):
    # At the break-even discount of a buyer who pays on the net day, the yearly cost is the cost of capital, but for
    # the interest on the discount days themselves.
    discount = breakeven_discount(rate, 0, later)
    assert discount_cost(discount, 0, later) == pytest.approx(rate, rel=EXACTLY)
    assert breakeven_discount(rate, discount_days, discount_days) == 0


@pytest.mark.parametrize("name", udfs.REGISTRY)
@given(data=st.data())
@settings(max_examples=80)
def test_nothing_a_cell_can_hold_raises_or_leaks_a_nan(name, data):
    spec = udfs.REGISTRY[name]
    least = sum(p.required for p in spec.parameters)
    cells = [data.draw(any_.any_range) for _ in range(data.draw(st.integers(least, len(spec.parameters))))]
    spec.python(*cells)  # the boundary would catch what this raises
    assert_cells(call(name, *cells))
    if name != "AR_EXPLAIN":
        told = call("AR_EXPLAIN", name, *cells)
        if spec.unit != "table":
            assert (" = " in told) == (first_of(call(name, *cells)) not in CODES)


def first_of(result):
    return result[0][0] if isinstance(result, list) else result


def assert_cells(result):
    if isinstance(result, list):
        assert all(len(row) == len(result[0]) > 0 for row in result)
        for row in result:
            for cell in row:
                assert_cells(cell)
    else:
        assert type(result) in (str, float)
        assert isinstance(result, str) or math.isfinite(result)
