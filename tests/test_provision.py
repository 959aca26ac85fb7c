"""The provision: IFRS 9's own example through the cells of the sheet, and loss rates calculated apart."""

import numpy as np
import openpyxl
import pandas as pd
import pytest
from rungs.libreoffice import compare_cached

from udfs.errors import excel_text
from udfs.risk import provision as ar_provision
from xlwings_addin.entries import Entries, TableEntries
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import close_month
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.writing import file
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

AS_OF = day_number("2024-06-30")
EXAMPLE_12 = {
    "Current": (15_000_000, 0.003),
    "1-30": (7_500_000, 0.016),
    "31-60": (4_000_000, 0.036),
    "61-90": (2_500_000, 0.066),
    "90+": (1_000_000, 0.106),
}
"""IFRS 9 Illustrative Example 12: gross carrying amounts and lifetime expected credit loss rates; 580,000."""
DAYS_LATE = {"Current": -10, "1-30": 30, "31-60": 31, "61-90": 90, "90+": 91}


def month_of(ledger, as_of=AS_OF, settings=Settings(), entries=None):  # noqa: B008
    return close_month(ledger, settings, as_of, entries=entries, refreshed="2026-11-02 08:00:00", version="test")


def rates(typed):
    return Entries(
        tables={"tblProvision": TableEntries({(name,): {"Your rate": rate} for name, rate in typed.items()})}
    )


def rows(month):
    data = month.tables["tblProvision"]
    return {data.column("bucket")[i]: {k: data.column(k)[i] for k in data.columns} for i in range(data.rows)}


def example_12(folder, currency="EUR"):
    folder.mkdir(exist_ok=True)
    items = [
        {
            "Customer ID": "C1",
            "Document": name,
            "Document date": iso(AS_OF - 120),
            "Due date": iso(AS_OF - DAYS_LATE[name]),
            "Currency": currency,
            "Amount": amount,
            "Open amount": amount,
        }
        for name, (amount, _) in EXAMPLE_12.items()
    ]
    pd.DataFrame(items).to_csv(folder / "items.csv", index=False)
    return read_ledger([folder / "items.csv"])


TYPED = rates({name: rate for name, (_, rate) in EXAMPLE_12.items()})


def test_ifrs_9_example_12_through_the_cells_of_the_sheet(tmp_path):
    path = tmp_path / "month.xlsx"
    month = month_of(example_12(tmp_path), entries=TYPED)
    file.write(path, month)
    assert month.fields["provision_total"] == pytest.approx(580_000)
    assert rows(month)["90+"]["provision"] == pytest.approx(106_000)
    assert compare_cached(path) == []
    # The cell itself, by its name: what LibreOffice has just agreed with.
    book = openpyxl.load_workbook(path, data_only=True)
    (sheet, cell), *_ = book.defined_names["provision_total"].destinations
    assert book[sheet][cell].value == pytest.approx(580_000)
    # The clerk's rates come back with the next refresh.
    assert rows(month_of(example_12(tmp_path), entries=read_back(path)[1]))["90+"]["typed"] == 0.106


def test_without_rates_nothing_is_provided_and_nothing_is_zero(tmp_path):
    month = month_of(example_12(tmp_path))
    assert excel_text(month.fields["provision_total"]) == "#N/A"
    assert month.fields["provision_basis"].startswith("Not known")
    for name in EXAMPLE_12:
        row = rows(month)[name]
        assert (row["learned"], row["used"], row["provision"], row["basis"]) == (None, None, None, "Not known")
    one_left = month_of(example_12(tmp_path), entries=rates(dict.fromkeys(list(EXAMPLE_12)[:-1], 0.01)))
    assert excel_text(one_left.fields["provision_total"]) == "#N/A"


def test_without_an_exchange_rate_there_is_no_provision(tmp_path):
    base = Settings(base_currency="EUR")
    ledger = example_12(tmp_path, "USD")
    month = month_of(ledger, settings=base, entries=TYPED)
    assert excel_text(month.fields["provision_total"]) == "#N/A"
    assert excel_text(rows(month)["90+"]["provision"]) == "#N/A"
    known = Settings(base_currency="EUR", rates=(Rate("USD", "2024-01-01", 0.5),))
    assert month_of(ledger, settings=known, entries=TYPED).fields["provision_total"] == pytest.approx(290_000)


@pytest.fixture(scope="module")
def sample_month(sample_files, sample_company):
    ledger = read_ledger([sample_files.ledger], receipts=sample_files.receipts)
    return month_of(ledger, sample_company.as_of)


def by_pandas(company):
    """Items observed, settled and lost by bucket, cohort by cohort, from the frames themselves."""
    items, receipts = company.items.copy(), company.receipts
    end = pd.Timestamp(company.as_of)
    items = items.set_index("Document")
    reduced = receipts[receipts["Date"] <= end]
    last = items["Amount"].sub(reduced.groupby("Document")["Amount"].sum(), fill_value=0)
    totals = pd.DataFrame(0.0, index=[*EXAMPLE_12, "No date"], columns=["items", "settled", "lost"])
    for cohort in pd.date_range(end=end - pd.Timedelta(days=365), periods=24, freq="ME"):
        there = items[items["Document date"] <= cohort]
        paid = reduced[reduced["Date"] <= cohort].groupby("Document")["Amount"].sum()
        stood = there["Amount"].sub(paid.reindex(there.index).fillna(0)).round(2)
        stood = stood[stood > 0]
        late = (cohort - there["Due date"].reindex(stood.index)).dt.days
        bucket = pd.cut(late, [-9999, 0, 30, 60, 90, 99999], labels=list(EXAMPLE_12)).astype(object).fillna("No date")
        after = reduced[(reduced["Date"] > cohort) & (reduced["Kind"] == "write-off")]
        lost = after.groupby("Document")["Amount"].sum().reindex(stood.index).fillna(0).clip(upper=stood)
        left = last.reindex(stood.index).round(2).clip(lower=0)
        totals = totals.add(
            pd.DataFrame({"items": 1.0, "settled": stood - left, "lost": lost, "bucket": bucket})
            .groupby("bucket")
            .sum(),
            fill_value=0,
        )
    return totals


@pytest.mark.slow
def test_learned_rates_are_those_reckoned_apart(sample_month, sample_company):
    apart, here = by_pandas(sample_company), rows(sample_month)
    for name in [*EXAMPLE_12, "No date"]:
        assert here[name]["items"] == apart["items"][name]
        assert here[name]["settled"] == pytest.approx(apart["settled"][name], abs=0.02)
        assert here[name]["lost"] == pytest.approx(apart["lost"][name], abs=0.02)
    for name in EXAMPLE_12:
        assert here[name]["learned"] == pytest.approx(apart["lost"][name] / apart["settled"][name])
        assert here[name]["basis"] == "Learned"
    # The older the debt, the more of it is lost.
    learned = [here[name]["learned"] for name in EXAMPLE_12]
    assert learned == sorted(learned)


@pytest.mark.slow
def test_credits_carry_no_loss_and_undated_items_are_taken_for_average_ones(sample_month, sample_company):
    here, apart = rows(sample_month), by_pandas(sample_company)
    assert here["Credits"]["open"] < 0
    assert (here["Credits"]["used"], here["Credits"]["provision"], here["Credits"]["basis"]) == (0, 0, "By rule")
    assert here["No date"]["basis"] == "All buckets"
    assert here["No date"]["learned"] == pytest.approx(apart["lost"].sum() / apart["settled"].sum())


def test_the_total_is_ar_provision_of_the_columns(sample_month):
    data = sample_month.tables["tblProvision"]
    whole = ar_provision(data.column("open"), data.column("used"))
    assert sample_month.fields["provision_total"] == pytest.approx(whole)
    assert sum(data.column("open")) == pytest.approx(sample_month.fields["aging_total"], abs=0.03)
    assert sample_month.fields["provision_share"] == pytest.approx(whole / sample_month.fields["aging_total"])


def test_what_is_typed_wins(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts)
    before = rows(month_of(ledger, small_company.as_of))
    after = rows(month_of(ledger, small_company.as_of, entries=rates({"1-30": 0.5, "Current": "much"})))
    assert (after["1-30"]["used"], after["1-30"]["learned"]) == (0.5, before["1-30"]["learned"])
    assert after["1-30"]["provision"] == pytest.approx(after["1-30"]["open"] / 2)
    # Text is no rate.
    assert after["Current"]["used"] == before["Current"]["used"]


def test_a_short_history_and_one_without_write_offs_say_so(ibm_folder, small_files):
    ibm = read_ledger([ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"])
    month = month_of(ibm, "2013-12-31")
    assert "write-off" in month.fields["provision_basis"]
    assert all(row["learned"] is None for name, row in rows(month).items() if name != "Credits")
    assert np.isnan(month.fields["provision_total"])
    small = read_ledger([small_files.ledger], receipts=small_files.receipts)
    first = int(small.items["document_date"].min())
    young = month_of(small, first + 200)
    assert "a year before" in young.fields["provision_basis"]
    assert rows(young)["Current"]["learned"] is None


def test_few_items_teach_nothing(tmp_path):
    """Twenty written off of twenty are too few for a rate; three hundred of which one is lost are enough."""
    items, receipts = [], []
    for number in range(320):
        # The 20 are in 1-30 at one month end, the 300 are current at one.
        due = day_number("2022-12-15") if number < 20 else day_number("2023-01-10")
        gone = day_number("2023-01-20")
        items.append((f"D{number}", iso(due - 20), iso(due)))
        receipts.append((f"D{number}", iso(gone), 100, "write-off" if number < 21 else "cash"))
    items.append(("open", "2024-06-20", "2024-07-20"))
    frame = pd.DataFrame(items, columns=["Document", "Document date", "Due date"])
    frame.assign(**{"Customer ID": "C1", "Amount": 100}).to_csv(tmp_path / "items.csv", index=False)
    paid = pd.DataFrame(receipts, columns=["Document", "Date", "Amount", "Kind"])
    paid.assign(**{"Customer ID": "C1"}).to_csv(tmp_path / "receipts.csv", index=False)
    here = rows(month_of(read_ledger([tmp_path / "items.csv"], receipts=tmp_path / "receipts.csv")))
    assert (here["1-30"]["items"], here["1-30"]["learned"], here["1-30"]["basis"]) == (20, None, "Not known")
    # Those of the 20 that were current at the month end before stand among the others.
    current = here["Current"]
    assert current["learned"] == pytest.approx(current["lost"] / current["settled"])
