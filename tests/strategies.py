"""What receivables data can look like, as Hypothesis strategies: money to the cent, days, histories, items."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st


def money(least: float = 0.0, most: float = 10_000_000.0) -> st.SearchStrategy[float]:
    """Amounts to the cent."""
    return st.integers(round(least * 100), round(most * 100)).map(lambda cents: cents / 100)


sales = money(least=0.01)
days = st.integers(1, 366).map(float)
scale = st.sampled_from([0.01, 0.5, 3.0, 1000.0, 1e6])
dates = st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31))
monthly_sales = st.lists(st.one_of(money(), money(-1000.0, 0.0), st.just(0.0)), min_size=1, max_size=14)
positive_sales = st.lists(sales, min_size=1, max_size=14)
month_lengths = st.sampled_from([28.0, 29.0, 30.0, 31.0])
customers = st.sampled_from(["C1", "C2", "0042", "42", "Zoë", "c1"])
items = st.lists(st.tuples(customers, st.one_of(st.none(), dates), money(-5000.0, 50_000.0)), min_size=1, max_size=30)
edges = st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True).map(sorted)
any_float = st.floats(allow_nan=True, allow_infinity=True)
any_cell = st.one_of(
    st.none(),
    any_float,
    st.integers(),
    st.booleans(),
    st.text(max_size=8),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["#N/A", "#DIV/0!", "2024-06-30", "standard", "", "  ", -2146826243]),
)
any_range = st.one_of(
    any_cell,
    st.lists(any_cell, max_size=4),
    st.lists(st.lists(any_cell, max_size=3), max_size=4),
    st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(any_cell, min_size=n, max_size=n), min_size=1, max_size=4)),
)
