"""What `import receivables` offers gives the command's figures and the command's workbook, and takes Series."""

import datetime as dt
import json
import math
import pickle
import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from good_arguments import GOOD

import udfs
import xlwings_addin.api as ar
from udfs.errors import excel_text
from xlwings_addin.cli import cli
from xlwings_addin.sample import generate
from xlwings_addin.writing.carry_over import read_back

DAY = "2026-10-31"
ITEMS = "Customer ID,Document,Document date,Due date,Amount,Currency,Region\n"


def printed(*arguments):
    run = CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False)
    assert run.exit_code == 0, run.output
    return run.stdout


@pytest.fixture(scope="module")
def files(small_files):
    return ["--receipts", small_files.receipts, "--customers", small_files.customers, "--as-of", DAY]


@pytest.fixture(scope="module")
def ledger(small_files):
    return ar.read(small_files.ledger, receipts=small_files.receipts, customers=small_files.customers)


@pytest.fixture
def foreign(tmp_path):
    """Invoices in two currencies, and the rate that makes one figure of them."""
    path = tmp_path / "foreign.csv"
    path.write_text(
        f"{ITEMS}1,A,2026-08-05,2026-09-04,100.50,EUR,North\n1,B,2026-08-07,2026-09-06,-20.25,EUR,North\n"
        "2,C,2026-10-05,2026-11-04,3000,JPY,South\n2,D,2026-10-06,,10.10,USD,\n"
    )
    return path


# ---------------------------------------------------------------- the command's figures


@pytest.mark.parametrize("by", ["customer", "region", "owner", "currency"])
def test_the_aging_is_the_commands(ledger, small_files, files, by):
    told = json.loads(printed("aging", small_files.ledger, *files, "--by", by, "--json"))
    aging = ledger.aging(DAY, by)
    assert aging.data() == told
    frame = aging.frame()
    assert frame["key"].tolist() == [group["key"] for group in told["groups"]]
    assert frame["Total"].tolist() == [group["total"] for group in told["groups"]]
    for label in told["buckets"]:
        assert frame[label].tolist() == [group["buckets"][label] for group in told["groups"]]
    # What is open, from the tables alone: items less what reduced them.
    paid = ledger.receipts.groupby("item")["amount"].sum()
    left = ledger.items["amount"].sub(paid, fill_value=0)
    assert frame["Total"].sum() == pytest.approx(left.sum(), abs=0.01)


def test_the_metrics_are_the_commands(ledger, small_files, files):
    told = json.loads(printed("metrics", small_files.ledger, *files, "--json"))
    assert told[-1].pop("set_aside") == {"rows": 0, "amount": 0.0}
    assert [one["message"] for one in told[-1].pop("findings")] == ledger.findings["message"].tolist()
    months = ledger.metrics(DAY)
    assert months["month_end"].dt.strftime("%Y-%m-%d").tolist() == [row.pop("month_end") for row in told]
    rows = months.drop(columns="month_end").to_dict("records")
    assert [{key: None if math.isnan(value) else value for key, value in row.items()} for row in rows] == told


def test_a_currency_and_rates_count_as_in_the_command(foreign):
    rates = {"USD": 0.9, "jpy": 0.006}
    ledger = ar.read(foreign, currency="eur", rates=rates)
    options = ["--currency", "eur", "--rate", "USD=0.9", "--rate", "JPY=0.006", "--as-of", DAY, "--json"]
    assert ledger.aging(DAY).data() == json.loads(printed("aging", foreign, *options))
    frame = ledger.aging(DAY).frame().set_index("key")
    assert frame.loc["2", "Total"] == pytest.approx(3000 * 0.006 + 10.10 * 0.9, abs=0.005)
    assert ledger.aging(DAY).frame("JPY")["Total"].tolist() == [3000.0]
    with pytest.raises(ValueError, match="no items in GBP; the ledger holds EUR, JPY, USD"):
        ledger.aging(DAY).frame("GBP")
    without = ar.read(foreign, currency="EUR").aging(DAY)
    assert without.frame()["Total"].isna().all()
    assert any("No exchange rate" in warning for warning in without.warnings)
    with pytest.raises(ValueError, match="rate of USD must be a number above 0"):
        ar.read(foreign, rates={"USD": 0})


def test_the_tables_are_in_whole_units_and_dates(foreign):
    ledger = ar.read(foreign, currency="EUR")
    items = ledger.items
    assert items["amount"].tolist() == [100.5, -20.25, 3000.0, 10.1]
    assert items["document_date"].iloc[0] == pd.Timestamp("2026-08-05")
    assert items["due_date"].isna().tolist() == [False, False, False, True]
    assert items["open_amount"].isna().all()
    assert items["customer_id"].dtype == "str"
    items.loc[0, "amount"] = 0.0
    assert ledger.items.loc[0, "amount"] == 100.5  # what is handed out is a copy
    assert repr(ledger) == "<Ledger in EUR: items 4, receipts 0>"


def test_what_is_set_aside_is_said(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text(f"{ITEMS}1,A,2026-08-05,2026-09-04,100.50,EUR,North\n,B,2026-08-05,2026-09-04,40.25,EUR,North\n")
    ledger = ar.read(path)
    assert repr(ledger) == "<Ledger in EUR: items 1, receipts 0, set aside 1>"
    aging = ledger.aging(DAY)
    assert repr(aging) == "<Aging as of 2026-10-31 in EUR: items 1, total 100.50, set aside 1>"
    assert aging.warnings[0] == "1 row (40.25 EUR) is not in these figures."
    assert any("nothing in column 'Customer ID'" in warning for warning in aging.warnings)
    assert repr(ar.close(ledger, DAY)) == "<Month as of 2026-10-31 in EUR, set aside 1>"
    assert ledger.exceptions[["row", "amount", "currency"]].to_numpy().tolist() == [[3, 40.25, "EUR"]]


def test_there_is_no_ledger_before_what_it_asks_is_answered(tmp_path):
    path = tmp_path / "invoices.csv"
    path.write_text(ITEMS.replace("Region", "Status") + "1,A,2026-08-05,2026-09-04,100.50,EUR,partly paid\n")
    with pytest.raises(ValueError, match=r"partly paid: 1 .* answer with receipts=FILE, or ") as asked:
        ar.read(path)
    assert str(asked.value).endswith(
        "or answers={'columns': {'open_amount': 'HEADING'}} (of the column that says what is open),"
        " or answers={'words': {'status': {'partly paid': 'open'}}} (counted in full)."
    )
    assert len(ar.read(path, answers={"words": {"status": {"partly paid": "open"}}}).items) == 1
    receipts = tmp_path / "receipts.csv"
    receipts.write_text("Document,Date,Amount\nA,2026-09-01,10\n")
    assert ar.read(path, receipts=receipts).aging(DAY).data()["total"] == 90.5


def test_the_currency_of_last_months_settings_is_that_of_items_that_name_none(tmp_path):
    titles = "Customer ID,Document,Document date,Due date,Amount\n"
    (tmp_path / "l.csv").write_text(f"{titles}7,A,2026-08-20,2026-09-19,120.50\n")
    ar.close(ar.read(tmp_path / "l.csv", currency="pound sterling"), DAY).write(tmp_path / "october.xlsx")
    month = ar.close(ar.read(tmp_path / "l.csv"), "2026-11-30", previous=tmp_path / "october.xlsx")
    assert month.made.currency == "GBP"
    assert month.made.fields["start_receivables"] == 120.5
    with pytest.raises(ValueError, match="'Monopoly money' is not a currency"):
        ar.read(tmp_path / "l.csv", currency="Monopoly money")


def test_receipts_name_the_items_they_reduce(ledger, small_company):
    joined = ledger.receipts.join(ledger.items[["document_no"]], on="item")
    made = small_company.receipts
    assert joined.groupby("document_no")["amount"].sum().round(2).to_dict() == (
        made.groupby("Document")["Amount"].sum().round(2).to_dict()
    )
    assert np.array_equal(ledger.customers["credit_limit"], small_company.customers["Credit limit"], equal_nan=True)


def test_sales_are_those_of_their_file(tmp_path):
    (tmp_path / "items.csv").write_text(f"{ITEMS}1,A,2026-10-05,2026-11-04,100.50,EUR,North\n")
    (tmp_path / "sales.csv").write_text("Month,Currency,Credit sales,Cash\n2026-09,EUR,900.50,\n2026-10,EUR,800,10\n")
    sales = ar.read(tmp_path / "items.csv", sales=tmp_path / "sales.csv").sales
    assert sales["month"].tolist() == [pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-31")]
    assert sales["credit_sales"].tolist() == [900.5, 800.0]
    assert sales["cash"].isna().tolist() == [True, False]


def test_the_day_is_the_files_unless_another_is_given(tmp_path, ledger):
    path = tmp_path / "items.csv"
    path.write_text(f"Open items as of 2026-10-31\n\n{ITEMS}1,A,2026-10-05,2026-11-04,100.50,EUR,North\n")
    dated = ar.read(path)
    assert dated.as_of == dt.date(2026, 10, 31)
    assert dated.aging().data()["as_of"] == DAY
    assert ledger.as_of is None
    assert ledger.aging(dt.date(2026, 10, 31)).data() == ledger.aging(DAY).data()
    with pytest.raises(ValueError, match="do not say which day they show; give the date"):
        ledger.aging()
    with pytest.raises(ValueError, match="'October' is not a date"):
        ledger.metrics("October")


def test_a_question_names_the_argument_that_answers_it(tmp_path):
    path = tmp_path / "either.csv"
    path.write_text(f"{ITEMS}1,A,05/06/2026,07/06/2026,100.50,EUR,North\n")
    with pytest.raises(ValueError, match=r'answer with dates="dmy" \(day first\) or dates="mdy" \(month first\)\.$'):
        ar.read(path)
    assert ar.read(path, dates="dmy").items["document_date"].iloc[0] == pd.Timestamp("2026-06-05")


@pytest.mark.parametrize("to", ["dates", "snapshot", "entity", "mapping", "receipts"])
def test_every_answer_has_its_argument(to):
    from xlwings_addin.ledger.errors import Answer

    told = ar._argument(Answer(to, ("dmy",), ("a.csv",)))
    (name,) = {"dates", "snapshots", "entities", "mapping", "receipts"} & {told.partition("=")[0]}
    assert name in ar.read.__doc__


def test_a_part_of_a_ledger_is_aged_as_in_the_whole(ledger):
    whole = ledger.aging(DAY, "region").frame().set_index("key")["Total"]
    for region in ("North", "South"):
        part = ledger.where(ledger.items["region"] == region)
        assert part.aging(DAY).frame()["Total"].sum() == pytest.approx(whole[region], abs=0.005)
        assert part.metrics(DAY)["receivables"].iloc[-1] == pytest.approx(whole[region], abs=0.005)
    with pytest.raises(ValueError, match="one true or false for each"):
        ledger.where(np.ones(3, bool))


def test_findings_come_the_gravest_first(ledger):
    findings = ledger.findings
    assert list(findings) == ["severity", "count", "message"]
    assert findings["severity"].tolist() == sorted(findings["severity"], key=["error", "warning", "note"].index)
    assert findings["message"].str.contains("without a due date").any()


# ---------------------------------------------------------------- the command's workbook


def formulas(workbook):
    with zipfile.ZipFile(workbook) as parts:
        return sum(parts.read(name).count(b"<f>") for name in parts.namelist() if "worksheets/sheet" in name)


@pytest.mark.slow
def test_the_workbook_is_the_commands_and_carries_on_from_last_months(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1793404800")
    given = generate(months=8, customers=12, invoices=150).write(tmp_path)
    for folder in ("command", "api"):
        (tmp_path / folder).mkdir()
    ours, theirs = tmp_path / "api", tmp_path / "command"
    refresh = ["refresh", given.ledger, "--receipts", given.receipts, "--quiet", "--as-of"]
    printed(*refresh, "2026-09-30", "--out", theirs / "9.xlsx", "--company", "Us")
    printed(*refresh, DAY, "--previous", theirs / "9.xlsx", "--out", theirs / "10.xlsx")
    ledger = ar.read(given.ledger, receipts=given.receipts)
    september = ar.close(ledger, "2026-09-30", company="Us").write(ours / "9.xlsx")
    october = ar.close(ledger, DAY, previous=september)
    assert october.write(str(ours / "10.xlsx")) == ours / "10.xlsx"
    for name in ("9.xlsx", "10.xlsx"):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name
    assert read_back(ours / "10.xlsx")[0].company == "Us"
    # Again: what is in the workbook stays, unless settings of one's own are given; the one before is kept.
    ar.close(ledger, DAY).write(ours / "10.xlsx")
    assert (ours / "10.xlsx").read_bytes() == (theirs / "10.xlsx").read_bytes()
    wanted = replace(read_back(ours / "10.xlsx")[0], target_dso=31.0)
    ar.close(ledger, DAY, settings=wanted).write(ours / "10.xlsx")
    assert read_back(ours / "10.xlsx")[0] == wanted
    assert len(list(ours.glob("10 backup *.xlsx"))) == 1
    ar.close(ledger, DAY).write(ours / "values.xlsx", frozen=True)
    assert formulas(ours / "values.xlsx") < formulas(ours / "10.xlsx") / 10
    assert read_back(ours / "values.xlsx")[0].company == ""
    with pytest.raises(ValueError, match="is read in this run"):
        october.write(september)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_what_is_not_carried_is_warned_of_and_where_it_is(two_items, january, tmp_path):
    ledger = ar.read(january.with_name("items.csv"))
    for previous, where in ((tmp_path / "january.xlsx", "january.xlsx"), (None, "february backup .*.xlsx")):
        book = openpyxl.load_workbook(january if previous else tmp_path / "february.xlsx")
        book.create_sheet("Mine")["A1"] = "typed"
        book.save(previous or tmp_path / "february.xlsx")
        month = ar.close(ledger, "2024-02-29", previous=previous)
        with pytest.warns(UserWarning, match=rf"Not carried over, still in .*{where}: the sheet 'Mine'\.") as said:
            month.write(tmp_path / "february.xlsx")
        assert said[0].filename == __file__


def test_what_cannot_be_written_is_said_in_one_sentence(ledger, tmp_path):
    month = ar.Month(ledger, dt.date(2026, 10, 31), None, "", None, False, False)
    for name, told in (("october.xls", "ending in .xlsx"), ("", "ending in .xlsx"), ("no/october.xlsx", "no folder")):
        with pytest.raises(ValueError, match=told):
            month.write(tmp_path / name)
    with pytest.raises(ValueError, match="lies before all items"):
        ar.close(ledger, "1999-12-31")


# ---------------------------------------------------------------- functions on columns

INDEX = ["x", "y", "z"]
FOLLOWED = {"number", "date"}


def column(values, **how):
    return pd.Series(values, index=INDEX, **how)


@pytest.mark.parametrize("spec", [s for s in udfs.REGISTRY.values() if s.elementwise], ids=lambda spec: spec.name)
def test_a_column_in_any_place_gives_a_column(spec):
    function = getattr(ar, spec.python.__name__)
    for place, parameter in enumerate(spec.parameters):
        if parameter.kind not in FOLLOWED:
            continue
        cells = list(GOOD[spec.name])
        values = [cells[place] * factor for factor in (1.0, 1.01, 1.02)]
        cells[place] = column(values)
        result = function(*cells)
        assert isinstance(result, pd.Series)
        assert result.index.tolist() == INDEX
        assert result.name == spec.python.__name__
        one_by_one = [spec.python(*cells[:place], value, *cells[place + 1 :]) for value in values]
        assert result.tolist() == one_by_one
        by_name = dict(zip([p.name for p in spec.parameters], cells, strict=True))
        pd.testing.assert_series_equal(function(**by_name), result)
        # Beside it a list and an array of its length do, and the functions of `udfs` give the array.
        cells[place] = values
        assert np.array_equal(function(*cells), spec.python(*cells))
        cells[place] = column(values)
        assert np.array_equal(spec.python(*cells), np.array(one_by_one))


def test_columns_of_other_shapes_and_indexes_are_refused():
    left, right = column([1.0, 2.0, 3.0]), pd.Series([1.0, 2.0, 3.0], index=["z", "y", "x"])
    with pytest.raises(ValueError, match="receivables and days have different indexes"):
        ar.dso(left, 300, days=right)
    with pytest.raises(ValueError, match="bucket_amounts and loss_rates have"):
        ar.provision(left, right)
    with pytest.raises(ValueError, match="A Series of 3 goes with"):
        ar.dso(left, [[1.0], [2.0]], 30)
    with pytest.raises(TypeError, match="differ in size"):
        ar.dso(left, [1.0, 2.0], 30)
    assert ar.dso(left, [300.0, 300.0, 300.0], np.array([30, 30, 30])).tolist() == pytest.approx([0.1, 0.2, 0.3])


def test_lists_that_do_not_go_together_are_refused_and_never_one_nan():
    with pytest.raises(ValueError, match=r"^The ranges differ in size\.$"):
        ar.dso([1, 2], [1, 2, 3], 365)
    with pytest.raises(ValueError, match=r"^due_dates is no number or date\.$"):
        ar.aging(["a"], ["01/10/2026"], [1.0], "2026-10-31")
    assert ar.dso(1, 0, 30) != ar.dso(1, 0, 30)  # one figure in, one NaN out: the cell's #DIV/0!
    assert ar.dso([1.0, 2.0], [0, 2], 365).tolist()[1] == 365.0
    assert "Lists and arrays that do not fit one another raise ValueError." in ar.dso.__doc__


def test_what_is_no_ledger_no_date_and_no_settings_is_refused_in_a_sentence(ledger):
    for day in (46326, 20261031, pd.NaT, 1.5, np.datetime64("NaT")):
        with pytest.raises(TypeError, match="is not a date: write it as text"):
            ledger.aging(day)
    with pytest.raises(TypeError, match=r"close takes a ledger that read returned, not 'ledger\.csv'"):
        ar.close("ledger.csv", "2026-10-31")
    for ask in (ledger.aging, ledger.metrics, lambda *day, **more: ar.close(ledger, *day, **more)):
        with pytest.raises(TypeError, match="settings takes Settings"):
            ask("2026-10-31", settings={"dso_window": 3})
    assert (
        ledger.day(np.datetime64("2026-10-31"))
        == ledger.day("2026-10-31")
        == ledger.day(pd.Timestamp("2026-10-31 9:00"))
    )


def test_functions_that_take_ranges_take_columns():
    months = pd.Series([280.0, 240.0, 210.0], index=pd.period_range("2026-08", periods=3, freq="M"))
    balances = column([280.0, 300.0, None], dtype="Float64")
    result = ar.countback(balances, months, 30)
    assert result.index.tolist() == INDEX
    assert result.iloc[:2].tolist() == [30.0, 32.5]
    assert excel_text(result.iloc[2]) == "#N/A"
    assert ar.countback(300.0, months) == 32.5
    assert isinstance(ar.countback([280.0, 300.0], months), np.ndarray)
    trend = ar.dso_trend(pd.Series([120.0, 90.0, 50.0], months.index), pd.Series([100.0, 80.0, 100.0], months.index))
    pd.testing.assert_series_equal(trend, pd.Series([37.5, 33.0, 15.0], months.index, name="dso_trend"))
    due = pd.to_datetime(column(["2026-05-15", None, "2026-06-20"]))
    assert ar.bucket(due, pd.Timestamp("2026-06-20")).tolist() == ["31-60", "No date", "Current"]
    customers, amounts = column(["007", "B", "007"], dtype="category"), column([50, 30, 10], dtype="Int64")
    assert ar.concentration(customers, amounts, 1) == pytest.approx(60 / 90)
    table = ar.aging(customers, due, amounts, dt.date(2026, 6, 20))
    assert [(row[0], row[-1]) for row in table[1:]] == [("007", 60.0), ("B", 30.0), ("Total", 90.0)]
    assert ar.days_to_pay(amounts, due.ffill(), due.ffill() + pd.Timedelta(days=9)) == 9.0
    assert ar.explain("AR_DSO", amounts, 100, 30) == "First of 3 results: 50 / 100 x 30 = 15 days"


def test_functions_travel_to_other_processes_and_load_no_pandas():
    assert pickle.loads(pickle.dumps(ar.dso))(1, 2, 4) == 2.0
    code = (
        "import sys, xlwings_addin.api as ar; print(ar.dso(1, 2, 4), sorted({'pandas', 'xlsxwriter'} & {*sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "2.0 []\n"
