"""The sample company: reproducible, true to the ledger's rules, and interesting enough to look at.

The figures are computed here with plain pandas, apart from the engine they will be used to show.
"""

import hashlib
import re

import numpy as np
import pandas as pd
import pytest

from xlwings_addin import sample
from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, ITEM_COLUMNS, RECEIPT_COLUMNS
from xlwings_addin.writing import WorkbookError

SMALL_COMPANY = ["bf97129ab81638ca", "b528ae14dcd150d5", "f9a6f7ee607d56ac"]
"""How the SHA-256 of ledger, receipts and customers of a small company begin."""


def cents(amounts):
    return (amounts * 100).round().astype("int64")


def digests(files):
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


@pytest.fixture(scope="module")
def company(sample_company):
    return sample_company


@pytest.fixture(scope="module")
def items(company):
    return company.items


@pytest.fixture(scope="module")
def invoices(items):
    return items[items["Kind"] == "invoice"]


@pytest.fixture(scope="module")
def receipts(company):
    return company.receipts


@pytest.fixture(scope="module")
def months(company):
    """Per month end: sales, receivables, current, 90+, write-offs and the ratios made of them, in units of currency."""
    items, receipts = company.items, company.receipts
    rows = []
    opening = 0.0
    for end in pd.date_range(end=pd.Timestamp(company.as_of), periods=36, freq="ME"):
        known, paid = items[items["Document date"] <= end], receipts[receipts["Date"] <= end]
        balance = known.set_index("Document")["Amount"].sub(paid.groupby("Document")["Amount"].sum(), fill_value=0)
        late = (end - items.set_index("Document")["Due date"].reindex(balance.index)).dt.days
        owed = balance.clip(lower=0)
        month = known[known["Document date"].dt.to_period("M") == end.to_period("M")]
        sales = month.loc[month["Kind"] != "payment", "Amount"].sum()
        written_off = paid[paid["Kind"] == "write-off"]
        gone = written_off.loc[written_off["Date"].dt.to_period("M") == end.to_period("M"), "Amount"].sum()
        total, overdue = balance.sum(), owed[late > 0].sum()
        rows.append(
            {
                "end": end,
                "sales": sales,
                "receivables": total,
                "over_90": owed[late > 90].sum() / total,
                "dso": total / sales * end.days_in_month,
                "cei": (opening + sales - gone - total) / (opening + sales - (total - overdue)),
            }
        )
        opening = total
    return pd.DataFrame(rows).set_index("end")


def test_the_headings_are_the_canonical_ones_in_order(company):
    assert list(company.items.columns) == [column.heading for column in ITEM_COLUMNS]
    assert list(company.receipts.columns) == [column.heading for column in RECEIPT_COLUMNS]
    assert list(company.customers.columns) == [column.heading for column in CUSTOMER_COLUMNS]


def test_the_same_seed_gives_the_same_bytes(company, tmp_path):
    first = digests(company.write(tmp_path / "first"))
    assert digests(sample.generate().write(tmp_path / "second")) == first
    assert digests(sample.generate(seed=8).write(tmp_path / "third")) != first


def test_a_file_that_somebody_changed_is_not_replaced(tmp_path):
    made = sample.generate(months=12, customers=25, invoices=400)
    made.write(tmp_path)
    files = made.write(tmp_path)
    files.receipts.write_text("mine")
    with pytest.raises(WorkbookError, match="changed since"):
        made.write(tmp_path)
    assert files.receipts.read_text() == "mine"


def test_the_bytes_are_these_on_every_machine(tmp_path):
    """Change them knowingly: the committed sample workbook changes with them."""
    files = sample.generate(months=12, customers=25, invoices=400).write(tmp_path)
    assert [digest[:16] for digest in digests(files)] == SMALL_COMPANY


def test_the_files_say_what_the_frames_say(small_company, small_files):
    for file, frame in zip(
        small_files, (small_company.items, small_company.receipts, small_company.customers), strict=True
    ):
        read = pd.read_csv(file, dtype=str, keep_default_na=False)
        assert list(read.columns) == list(frame.columns)
        assert len(read) == len(frame)
        assert b"\r" not in file.read_bytes()
        for heading in frame.columns:
            if frame[heading].dtype.kind == "M":
                assert read[heading].str.fullmatch(r"(\d{4}-\d\d-\d\d)?").all(), heading
            elif frame[heading].dtype.kind == "f":
                assert read[heading].str.fullmatch(r"(-?\d+\.\d\d)?").all(), heading
            else:
                assert (read[heading] == frame[heading]).all(), heading


def test_size_and_span(company, items, invoices):
    assert len(invoices) == 20_000
    assert len(company.customers) == 400
    assert invoices["Document date"].dt.to_period("M").nunique() == 36
    assert items["Document date"].max() <= pd.Timestamp(company.as_of)
    assert company.receipts["Date"].max() <= pd.Timestamp(company.as_of)
    assert set(company.customers["Region"]) == set(sample.REGIONS)
    assert set(company.customers["Tier"]) == set(sample.TIERS)
    assert set(company.customers["Owner"]) == set(sample.OWNERS)
    assert len(sample.OWNERS) == 6


def test_keys_and_names_are_unique(company, items):
    assert items["Document"].is_unique
    assert company.customers["Customer ID"].is_unique
    assert company.customers["Customer"].is_unique
    assert items["Customer ID"].isin(company.customers["Customer ID"]).all()
    assert company.customers["Customer ID"].str.fullmatch(r"0\d{6}").all()


def test_money_is_exact_and_receipts_never_exceed_their_item(items, receipts):
    amount = cents(items.set_index("Document")["Amount"])
    assert np.allclose(items["Amount"] * 100, cents(items["Amount"]), rtol=0, atol=1e-5)
    reduced = cents(receipts["Amount"]).groupby(receipts["Document"]).sum()
    assert reduced.index.isin(amount.index).all()
    left = amount - reduced.reindex(amount.index, fill_value=0)
    assert (left * np.sign(amount) >= 0).all()
    assert (left.abs() <= amount.abs()).all()
    assert (left == cents(items.set_index("Document")["Open amount"])).all()
    assert (np.sign(receipts["Amount"].to_numpy()) == np.sign(amount.reindex(receipts["Document"]).to_numpy())).all()
    dated = items.set_index("Document")["Document date"].reindex(receipts["Document"]).to_numpy()
    assert (receipts["Date"].to_numpy() >= dated).all()


def test_kinds_have_their_signs(items):
    credit = items["Kind"].isin(["credit note", "payment"])
    assert (items.loc[credit, "Amount"] < 0).all()
    assert (items.loc[~credit, "Amount"] > 0).all()
    counts = items["Kind"].value_counts()
    assert counts["credit note"] > 300
    assert counts["payment"] > 150
    assert counts["debit note"] > 20


@pytest.mark.parametrize(("item_kind", "receipt_kind"), [("credit note", "credit note"), ("payment", "cash")])
def test_applying_a_credit_is_neutral_on_its_day(items, receipts, item_kind, receipt_kind):
    kind = items.set_index("Document")["Kind"].reindex(receipts["Document"]).to_numpy()
    own = receipts[kind == item_kind]
    assert len(own) > 100
    assert set(own["Kind"]) == {receipt_kind}
    others = receipts[(kind == "invoice") & (receipts["Kind"] == receipt_kind)]
    sides = [frame.assign(Amount=sign * frame["Amount"]) for frame, sign in ((own, -1), (others, 1))]
    matched = sides[0].merge(sides[1], on=["Date", "Customer ID", "Amount"])
    assert set(matched["Document_x"]) == set(own["Document"])
    still_open = items[(items["Kind"] == item_kind) & (items["Open amount"] < 0)]
    assert len(still_open) >= 5


def test_what_reduces_an_invoice(items, receipts):
    assert (receipts["Kind"].value_counts() > 200).all()
    assert set(receipts["Kind"]) == {"cash", "credit note", "discount", "write-off"}
    cash_parts = receipts[receipts["Kind"] == "cash"].groupby("Document").size()
    assert (cash_parts >= 2).sum() > 500
    partly = (items["Kind"] == "invoice") & (items["Open amount"] > 0) & (items["Open amount"] < items["Amount"])
    assert partly.sum() > 20
    documents = items.set_index("Document")
    discount = receipts[receipts["Kind"] == "discount"].set_index("Document")
    age = (discount["Date"] - documents["Document date"].reindex(discount.index)).dt.days
    assert age.max() <= 12
    assert (discount["Amount"] <= documents["Amount"].reindex(discount.index) * 0.02 + 0.01).all()


def test_gaps_and_flags(company, items, invoices):
    assert 0.003 < invoices["Due date"].isna().mean() < 0.008
    assert 0.03 < (invoices["Disputed"] == "yes").mean() < 0.08
    disputed = invoices[invoices["Disputed"] == "yes"]
    assert set(disputed["Dispute code"]) == set(sample.DISPUTE_CODES)
    assert (invoices.loc[invoices["Disputed"] == "no", "Dispute code"] == "").all()
    by_year = (invoices["E-invoice"] == "yes").groupby(invoices["Document date"].dt.year).mean()
    assert by_year.is_monotonic_increasing
    assert by_year.iloc[-1] - by_year.iloc[0] > 0.25
    assert 0.4 < (invoices["PO number"] != "").mean() < 0.8
    assert 0.02 < (invoices["Proof of delivery"] == "no").mean() < 0.12
    promised = items[items["Promise date"].notna()]
    assert len(promised) > 30
    assert (promised["Open amount"] > 0).all()
    assert (promised["Due date"] < pd.Timestamp(company.as_of)).all()
    broken = promised["Promise date"] < pd.Timestamp(company.as_of)
    assert broken.any()
    assert not broken.all()


def test_terms(company, invoices):
    agreed = company.customers.set_index("Customer ID")["Agreed terms"]
    assert set(agreed) == {"Net 14", "Net 30", "Net 45", "Net 60"}
    assert (agreed == "Net 30").mean() > 0.5
    off = invoices["Terms"] != agreed.reindex(invoices["Customer ID"]).to_numpy()
    assert 0.005 < off.mean() < 0.03
    dated = invoices[invoices["Due date"].notna()]
    days = (dated["Due date"] - dated["Document date"]).dt.days
    assert ("Net " + days.astype("str") == dated["Terms"]).all()


def test_contacts_are_invented_and_some_are_missing(company):
    customers = company.customers
    mails = customers["Billing e-mail"]
    assert mails[mails != ""].str.fullmatch(r"[a-z.]+@[a-z]+\.example\.(com|net)").all()
    phones = customers["Billing phone"]
    assert phones[phones != ""].str.fullmatch(r"\+44 1632 960\d{3}").all()
    for heading in ("Billing contact", "Billing e-mail", "Billing phone"):
        assert 0.01 < (customers[heading] == "").mean() < 0.3
    assert customers["Credit limit"].isna().any()
    assert (customers["Owner's department"] != "Finance").any()


def test_sales_have_a_season_a_long_tail_and_a_month_end_rush(invoices):
    date = invoices["Document date"]
    assert (date.dt.day_of_week < 5).mean() > 0.9
    last_two_days = (date + pd.Timedelta(days=2)).dt.month != date.dt.month
    assert 0.15 < last_two_days.mean() < 0.40
    by_month = invoices.groupby(date.dt.month)["Amount"].sum()
    assert by_month[[3, 6, 11]].min() > by_month[[1, 2, 8]].max()
    by_customer = invoices.groupby("Customer ID")["Amount"].sum().sort_values(ascending=False)
    assert 0.2 < by_customer.iloc[:20].sum() / by_customer.sum() < 0.5
    assert by_customer.iloc[0] > 20 * by_customer.median() / 4


def test_new_accounts_are_among_the_twenty_largest(company, items, invoices):
    owed = items.groupby("Customer ID")["Open amount"].sum().nlargest(20)
    first = invoices.groupby("Customer ID")["Document date"].min().reindex(owed.index)
    assert (first > pd.Timestamp(company.as_of) - pd.Timedelta(days=180)).sum() >= 3


def test_some_customers_pay_later_and_later(invoices, receipts):
    paid = receipts[receipts["Kind"] == "cash"].groupby("Document")["Date"].max()
    late = (paid.reindex(invoices["Document"]).to_numpy() - invoices["Due date"]).dt.days
    half = invoices["Document date"] > invoices["Document date"].median()
    later, earlier = (late[part].groupby(invoices["Customer ID"]).median() for part in (half, ~half))
    change = later - earlier
    assert (change > 5).sum() >= 15


def test_the_key_figures_are_those_of_a_company_one_could_meet(months):
    settled = months.iloc[8:]
    assert settled["dso"].between(38, 60).all()
    assert settled["cei"].between(0.65, 0.92).all()
    assert settled["over_90"].between(0.01, 0.08).all()
    assert settled["dso"].iloc[-3:].mean() > settled["dso"].iloc[:12].mean() + 2
    assert settled["cei"].iloc[-3:].mean() < settled["cei"].iloc[:12].mean() - 0.04
    year, year_before = months["sales"].iloc[-12:].sum(), months["sales"].iloc[-24:-12].sum()
    assert 0 < year / year_before - 1 < 0.08


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_keep_the_rules(seed, tmp_path):
    other = sample.generate(seed, months=6, customers=30, invoices=700)
    amount = cents(other.items.set_index("Document")["Amount"])
    reduced = cents(other.receipts["Amount"]).groupby(other.receipts["Document"]).sum()
    assert ((amount.sub(reduced, fill_value=0)) * np.sign(amount) >= 0).all()
    assert other.items["Document"].is_unique


def test_several_currencies_one_per_customer():
    company = sample.generate(months=6, customers=60, invoices=600, currencies=("EUR", "USD", "GBP"))
    assert set(company.items["Currency"]) == {"EUR", "USD", "GBP"}
    assert (company.items.groupby("Customer ID")["Currency"].nunique() == 1).all()
    assert set(sample.generate(months=2, customers=5, invoices=20).items["Currency"]) == {"EUR"}


def test_the_smallest_company_and_one_with_more_customers_than_names():
    assert len(sample.generate(months=1, customers=1, invoices=1).items) >= 1
    assert sample.generate(months=1, customers=20_000, invoices=10).customers["Customer"].is_unique


@pytest.mark.parametrize("nonsense", [{"months": 0}, {"customers": 0}, {"invoices": 0}, {"currencies": ()}])
def test_nothing_cannot_be_generated(nonsense):
    with pytest.raises(ValueError, match="a sample company needs"):
        sample.generate(**nonsense)


def test_names_hold_no_trace_of_anyone_real(company):
    stems = {head + tail for head in sample._STEM_HEADS for tail in sample._STEM_TAILS}
    assert set(company.customers["Customer"].str.split().str[0]) <= stems
    people = set(company.customers["Billing contact"]) | set(company.customers["Executive counterpart"]) - {""}
    surnames = "|".join(sample._surnames())
    assert all(re.fullmatch(rf"({'|'.join(sample._FIRST_NAMES)}) ({surnames})", name) for name in people if name)
