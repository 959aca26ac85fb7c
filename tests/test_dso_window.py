"""Whatever divides by sales divides by those of the DSO window, on every sheet."""

import re

import numpy as np
import pytest

from xlwings_addin.ledger.days import day_number, first_of_month
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import close_month, workbook
from xlwings_addin.settings import Settings

BY_SALES = re.compile(r"AR_(?:DSO|DDSO|BEST_POSSIBLE_DSO|CASH_IMPACT|TURNOVER)\(")
OF_ONE_MONTH = re.compile(r"kpi_sales|kpi_days|\[@\[Net credit sales\]\]|\[@Days\]")


@pytest.fixture(scope="module")
def small_ledger(small_files):
    return read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)


@pytest.fixture(scope="module", params=[1, 3, 12])
def closed(request, small_ledger, small_company):
    settings = Settings(dso_window=request.param, benchmark_dso=30.0)
    return request.param, close_month(
        small_ledger, settings, small_company.as_of, refreshed="2026-11-02 08:00:00", version="test"
    )


def row(month, table, key, name):
    at = month.tables[table].column(key).index(name)
    return {column: values[at] for column, values in month.tables[table].columns.items()}


def now(month):
    return row(month, "tblMonthly", "month_end", day_number(month.as_of))


def test_no_formula_divides_by_the_sales_of_another_span():
    for sheet in workbook(Settings()):
        formulas = [(field.name, field.formula) for field in sheet.fields()]
        formulas += [(column.heading, column.formula) for table in sheet.tables() for column in table.columns]
        for name, formula in formulas:
            assert not (BY_SALES.search(formula) and OF_ONE_MONTH.search(formula)), (sheet.name, name, formula)


def test_the_window_is_that_of_the_ledger(closed, small_ledger):
    months, month = closed
    day = day_number(month.as_of)
    start = day + 1
    for _ in range(months):
        start = first_of_month(start - 1)
    items, receipts = small_ledger.items, small_ledger.receipts
    inside = items["document_date"].between(start, day)
    sold = items["amount"][inside & items["kind"].isin(["invoice", "debit note"])].sum()
    credited = -items["amount"][inside & (items["kind"] == "credit note")].sum()
    noted = receipts[(receipts["kind"] == "credit note") & receipts["date"].between(start, day)]["amount"].sum()
    net = (sold - credited - noted) / 100
    assert now(month)["window_sales"] == pytest.approx(net, abs=0.01)
    assert now(month)["window_days"] == day - start + 1
    assert month.fields["kpi_cash_per_day"] == pytest.approx(net / (day - start + 1))
    target = month.settings.target_dso
    released = (now(month)["dso"] - target) * net / (day - start + 1)
    assert month.fields["kpi_cash_to_target"] == pytest.approx(released)
    gap = month.fields["trusted_dso"] - 30.0
    assert month.fields["benchmark_cash"] == pytest.approx(gap * net / (day - start + 1))


def test_a_day_count_has_one_value_on_every_sheet(closed):
    _, month = closed
    of_month, team = now(month), row(month, "tblScorecards", "owner", "Team")
    for key in ("receivables", "current", "overdue", "net_sales", "window_sales", "ddso", "cei"):
        assert team[key] == of_month[key]
    for table in ("tblByRegion", "tblByTier", "tblByOwner", "tblByCurrency"):
        sold = month.tables[table].column("window_sales")
        assert np.nansum(np.array(sold, float)) == pytest.approx(of_month["window_sales"], abs=0.05)
    for key, segment in (("dso", "DSO"), ("ddso", "DDSO")):
        parts = month.tables["tblByRegion"].columns
        days, sales = np.array(parts[key], float), np.array(parts["window_sales"], float)
        assert (days * sales).sum() / sales.sum() == pytest.approx(of_month[key], rel=1e-6), segment
    cash = month.tables["tblCash"].columns
    assert cash["cash"][0] == pytest.approx(month.fields["kpi_cash_per_day"] * cash["days"][0])
    assert month.fields["calc_cash_per_day_now"] == pytest.approx(month.fields["kpi_cash_per_day"])
