"""The workbook as a file: valid, recalculated to the same values, the same bytes twice, text never a formula."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rungs.libreoffice import compare_cached
from rungs.package import validate_package

from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import blank_month, close_month
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.writing import file
from xlwings_addin.writing.beside import write_beside
from xlwings_addin.writing.outputs import Outputs

# openpyxl reads no data bars; these tests do not look at them.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

NOW = "2026-11-02 08:00:00"


def formulas(path):
    """Every formula of a workbook, as stored."""
    book = openpyxl.load_workbook(path)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [getattr(formula, "text", formula) for formula in cells]


def close(ledger, as_of, settings=Settings(), **more):  # noqa: B008
    return close_month(ledger, settings, as_of, refreshed=NOW, version="test", **more)


def written(folder, month, **more):
    path = folder / "month.xlsx"
    file.write(path, month, **more)
    return path


@pytest.fixture(scope="session")
def small_ledger(small_files):
    return read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)


@pytest.fixture(scope="session")
def small_month(small_ledger, small_company):
    return close(small_ledger, small_company.as_of, Settings(company="Example Ltd", benchmark_dso=40.0))


OPEN_LIST = """Customer ID,Customer,Document,Document date,Due date,Amount,Open amount,Region
0001,Elm Works,1,2024-01-05,2024-01-20,100.00,60.00,North
0002,Oak Trading,2,2024-01-15,,50.00,50.00,
0002,Oak Trading,3,2023-11-15,2023-12-15,-20.00,-20.00,
"""
TWO_CURRENCIES = """Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Region
1,Elm Works,A1,2024-01-05,2024-02-04,EUR,1000.00,North
1,Elm Works,A2,2024-01-25,2024-02-24,USD,500.00,North
2,Oak Trading,A3,2024-02-10,2024-02-20,USD,300.00,South
2,Oak Trading,A4,2024-02-11,2024-03-12,EUR,80.55,South
"""
TWO_RECEIPTS = "Document,Date,Amount,Kind\nA1,2024-02-20,400.00,cash\nA2,2024-02-25,500.00,cash\n"
RATES = (Rate("USD", "2024-01-01", 0.9), Rate("USD", "2024-02-15", 0.93))


def ledger_of(folder, items, receipts=None, **more):
    folder.mkdir(exist_ok=True)
    (folder / "items.csv").write_text(items)
    if receipts:
        (folder / "receipts.csv").write_text(receipts)
        more["receipts"] = folder / "receipts.csv"
    return read_ledger([folder / "items.csv"], **more)


@pytest.fixture
def cases(tmp_path, small_month, small_ledger, small_company):
    """Every kind of month a workbook is made of."""
    two = ledger_of(tmp_path / "two", TWO_CURRENCIES, TWO_RECEIPTS, base_currency="EUR")
    listed = ledger_of(tmp_path / "open", OPEN_LIST)
    (tmp_path / "sales.csv").write_text("Month,Credit sales,Cash\n2023-12-31,500,400\n2024-01-31,700,300\n")
    with_sales = ledger_of(tmp_path / "sold", OPEN_LIST, sales=tmp_path / "sales.csv")
    return {
        "empty template": blank_month(version="test"),
        "sample": small_month,
        "mid-month": close(small_ledger, small_company.as_of.replace(day=12)),
        "first month": close(two, "2024-01-31", Settings(base_currency="EUR", rates=RATES)),
        "two currencies": close(two, "2024-02-29", Settings(base_currency="EUR", rates=RATES)),
        "missing rate": close(two, "2024-02-29", Settings(base_currency="EUR")),
        "quarterly window, other buckets": close(
            small_ledger,
            small_company.as_of,
            Settings(dso_window=3, bucket_edges=(15, 45), aging_basis="document date", gl_control_total=1.0),
        ),
        "more rows than a sheet holds": close(small_ledger, small_company.as_of, rows_per_sheet=200),
        "open items": close(listed, "2024-01-31"),
        "open items with sales": close(with_sales, "2024-01-31"),
    }


def test_every_kind_of_workbook_is_valid_for_microsofts_validator(cases, tmp_path):
    for name, month in cases.items():
        for frozen in (False, True):
            assert validate_package(written(tmp_path, month, frozen=frozen)) == [], (name, frozen)


def test_every_cached_value_is_what_a_spreadsheet_program_makes_of_the_formula(cases, tmp_path):
    compared = 0
    for name, month in cases.items():
        path = written(tmp_path, month)
        compared += len(formulas(path))
        assert compare_cached(path) == [], name
    assert compared > 2_500


def test_a_ledger_longer_than_a_sheet_is_listed_in_part_and_reckoned_whole(
    small_ledger, small_company, small_month, tmp_path
):
    settings = Settings(company="Example Ltd", benchmark_dso=40.0)
    part = close(small_ledger, small_company.as_of, settings, rows_per_sheet=200)
    items, everything = part.tables["tblItems"], small_month.tables["tblItems"]
    assert items.rows == 200
    assert "200 of 1," in next(sheet.purpose for sheet in part.sheets if sheet.name == "Ledger")
    late = np.asarray(everything.column("days_past_due"), float)
    # What is overdue comes first; what is listed is in the order of the files.
    assert (np.asarray(items.column("days_past_due"), float) > 0).sum() == min(200, (late > 0).sum())
    assert part.tables["tblReceipts"].rows == 200
    shared = [name for name in small_month.fields if name != "aging_unlisted"]
    assert {name: repr(part.fields[name]) for name in shared} == {n: repr(small_month.fields[n]) for n in shared}
    unlisted = part.fields["aging_ledger"] - np.nansum(np.asarray(items.column("open_base"), float))
    assert part.fields["aging_unlisted"] == pytest.approx(unlisted, abs=0.005)
    assert set(part.tables["tblChecks"].column("result")) <= {"OK", "Not checked"}
    files = write_beside(tmp_path / "m.xlsx", part, parquet=True)
    assert [path.name for path in files] == [f"m {s}.{k}" for s in ("Ledger", "Receipts") for k in ("csv", "parquet")]
    again = read_ledger([files[0]], receipts=files[2])
    assert len(again.items) == len(small_ledger.items)
    assert again.items["amount"].sum() == small_ledger.items["amount"].sum()
    assert len(pd.read_parquet(files[1])) == len(small_ledger.items)
    assert write_beside(tmp_path / "m.xlsx", small_month) == []


@pytest.mark.slow
def test_the_same_inputs_make_the_same_bytes(small_ledger, small_company, small_files, tmp_path):
    again = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    file.write(first, close(small_ledger, small_company.as_of))
    file.write(second, close(again, small_company.as_of))
    assert first.read_bytes() == second.read_bytes()


def test_excel_is_not_asked_to_recalculate_on_opening(small_month, tmp_path):
    with zipfile.ZipFile(written(tmp_path, small_month)) as parts:
        book = parts.read("xl/workbook.xml").decode()
    assert "fullCalcOnLoad" not in book
    assert int(re.search(r'calcId="(\d+)"', book)[1]) >= 191029


def test_monthly_shows_the_metrics_of_the_ledger(small_ledger, small_company, small_month):
    table = small_month.tables["tblMonthly"]
    rows = metrics(history(small_ledger, small_company.as_of))
    assert table.rows == len(rows) > 12
    for key in ("receivables", "current", "overdue", "credit_sales", "cash", "write_offs"):
        assert table.column(key) == pytest.approx([row[key] for row in rows], abs=0.005), key
    for key in ("dso", "dso_countback", "best_possible_dso", "ddso", "cei"):
        for ours, theirs in zip(table.column(key), [row[key] for row in rows], strict=True):
            assert (ours != ours and theirs is None) or ours == pytest.approx(theirs, rel=1e-9), key


def test_every_tie_out_of_the_sample_agrees_and_a_wrong_control_total_does_not(
    small_ledger, small_company, small_month
):
    results = set(small_month.tables["tblChecks"].column("result"))
    assert results == {"OK", "Not checked"}
    wrong = close(small_ledger, small_company.as_of, Settings(gl_control_total=1.0))
    assert wrong.fields["start_checks"] == "Act"
    assert wrong.tables["tblChecks"].column("result").count("Act") == 1
    total = small_month.fields["aging_total"]
    right = close(small_ledger, small_company.as_of, Settings(gl_control_total=round(total, 2)))
    assert "Act" not in right.tables["tblChecks"].column("result")


def test_currencies_are_never_added_and_rates_make_exchange_differences(cases):
    month = cases["two currencies"]
    totals = month.tables["tblAgingTotals"]
    assert dict(zip(totals.column("currency"), totals.column("total"), strict=True)) == {"EUR": 680.55, "USD": 300.0}
    assert month.fields["aging_total"] == pytest.approx(680.55 + 300 * 0.93)
    row = {key: month.tables["tblMonthly"].column(key)[-1] for key in month.tables["tblMonthly"].columns}
    assert row["opening"] == pytest.approx(1000 + 500 * 0.9)
    assert row["exchange"] == pytest.approx(500 * (0.93 - 0.9))
    assert row["difference"] == 0
    without = cases["missing rate"]
    assert without.tables["tblMonthly"].column("receivables")[-1] is None
    assert any(finding.code == "missing rate" for finding in without.findings)


def test_without_sales_there_is_no_dso_and_no_guess(cases):
    month = cases["open items"]
    assert month.fields["kpi_receivables"] == 90.0
    assert all(month.fields[f"kpi_{name}"] != month.fields[f"kpi_{name}"] for name in ("dso", "dso_countback", "cei"))


@pytest.mark.slow
def test_a_frozen_copy_holds_no_function_of_ours(small_month, tmp_path):
    path = written(tmp_path, small_month, frozen=True)
    assert not [formula for formula in formulas(path) if "AR_" in formula]
    shown = openpyxl.load_workbook(path, data_only=True)["Dashboard"]
    live = openpyxl.load_workbook(written(tmp_path, small_month), data_only=True)["Dashboard"]
    for left, right in zip(shown.iter_rows(values_only=True), live.iter_rows(values_only=True), strict=True):
        for frozen, value in zip(left, right, strict=True):
            assert frozen == value or frozen == pytest.approx(value, rel=1e-12)


@pytest.mark.slow
def test_the_ledger_sheet_holds_what_the_file_held(small_files, small_month, tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, small_month), data_only=True)["Ledger"]
    reference = book.tables["tblItems"].ref
    rows = [[cell.value for cell in row] for row in book[reference]]
    headings = rows[0]
    ids = [row[headings.index("Document")] for row in rows[1:]]
    amounts = [row[headings.index("Amount")] for row in rows[1:]]
    lines = small_files.ledger.read_text(encoding="utf-8-sig").splitlines()
    columns = lines[0].split(",")
    assert len(rows) == len(lines)
    assert ids[0] == lines[1].split(",")[columns.index("Document")]
    assert sum(amounts) == pytest.approx(sum(float(line.split(",")[columns.index("Amount")]) for line in lines[1:]))


WICKED = st.text(alphabet=st.sampled_from("=+-@\t\r\n|'\"<>&;!A1SUM(,)#\x00\x0b\uffff é"), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def four_items(small_ledger):
    return replace(small_ledger, items=small_ledger.items.head(4), receipts=small_ledger.receipts.head(0))


@pytest.fixture(scope="module")
def formulas_of_four(four_items, small_company, tmp_path_factory):
    return set(formulas(written(tmp_path_factory.mktemp("tame"), close(four_items, small_company.as_of))))


@pytest.mark.slow
@settings(max_examples=15)
@given(texts=st.lists(WICKED, min_size=4, max_size=4))
def test_text_of_a_file_never_becomes_a_formula(tmp_path_factory, four_items, formulas_of_four, small_company, texts):
    folder = tmp_path_factory.mktemp("wicked")
    items = four_items.items.copy()
    for column in ("customer_name", "document_no", "owner", "contact_name", "region"):
        items[column] = texts
    wicked = replace(four_items, items=items)
    path = written(folder, close(wicked, small_company.as_of, Settings(company=texts[0])))
    assert set(formulas(path)) == formulas_of_four
    sheet = openpyxl.load_workbook(path, data_only=True)["Ledger"]
    shown = [row[1] for row in sheet.iter_rows(min_row=6, min_col=3, max_col=4, values_only=True)]
    assert len(shown) == len(texts)


def test_a_failed_write_leaves_what_was_there(small_month, tmp_path, monkeypatch):
    path = written(tmp_path, small_month)
    before = path.read_bytes()
    monkeypatch.setattr(file._Drawing, "draw", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        file.write(path, small_month)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir() if "tmp" in entry.suffix] == []


@pytest.mark.slow
def test_ten_backups_are_kept(four_items, small_company, tmp_path):
    path = tmp_path / "month.xlsx"
    for day in range(13):
        month = close(four_items, small_company.as_of, Settings(target_dso=30.0 + day))
        with Outputs(now=f"2026-11-{day + 1:02d} 08:00:00") as files:
            file.write(path, month, files=files)
    copies = sorted(entry.name for entry in tmp_path.glob("month backup *.xlsx"))
    assert len(copies) == 10
    assert copies[-1] == "month backup 20261113-080000.xlsx"


EXPORTS = sorted(
    path for path in (Path(__file__).parent / "erp_exports").glob("*/*.csv") if not path.stem.endswith("ledger")
)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_row_of_an_export_is_accounted_for_on_the_checks(export):
    ledger = read_ledger(
        [export],
        dates="mdy" if "QuickBooks" in str(export) or "Zoho" in str(export) else None,
        answers={"terms": {"N014": 14, "N030": 30, "N060": 60}} if "zterm" in export.name else None,
    )
    # The day it shows; lists of documents that name none are seen on the day of the last one.
    days = ledger.items[["document_date", "due_date"]].replace(int(NO_DATE), 0)
    day = int(days["document_date"].max() or days["due_date"].max()) if ledger.balances is None else ledger.as_of
    table = close(ledger, day).tables["tblChecks"]
    place = table.column("check").index("Rows of the item files")
    assert table.column("figure")[place] == len(export.read_bytes().splitlines())
    assert table.column("result")[place] == "OK"
    # One row lost on the way from the file to the sheet turns it red.
    kept = ledger.file_rows != ledger.file_rows[-1]
    items = ledger.items[kept].reset_index(drop=True)
    lost = replace(ledger, items=items, file_rows=ledger.file_rows[kept], receipts=ledger.receipts.iloc[:0])
    table = close(lost, day).tables["tblChecks"]
    assert table.column("result")[table.column("check").index("Rows of the item files")] == "Act"


def test_what_no_file_says_is_open_stays_blank_on_the_ledger(tmp_path):
    titles = "Customer ID,Document,Document date,Due date,Amount,Open amount"
    text = f"{titles}\n1,A,2024-01-05,2024-01-20,100,60\n1,B,2024-01-06,2024-01-21,50,\n"
    month = close(ledger_of(tmp_path / "some", text), "2024-01-31", force=True)
    stated = month.tables["tblItems"].column("open_amount")
    assert stated[0] == 60
    assert np.isnan(stated[1])
