"""Figures others published: the IBM late-payment set, and bug reports of other systems as cases."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.position import open_at
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.settings import Settings

IBM = Path(__file__).parents[2] / "shared" / "data" / "ibm"
SET = IBM / "WA_Fn-UseC_-Accounts-Receivable.csv"
needs_ibm = pytest.mark.skipif(not SET.exists(), reason="the IBM late-payment set is not there: ../shared/data/ibm")


def write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


ITEMS = ["Customer ID", "Document", "Kind", "Document date", "Due date", "Currency", "Amount"]
RECEIPTS = ["Customer ID", "Document", "Date", "Amount", "Kind"]


@needs_ibm
def test_every_reference_month_end_of_the_ibm_set():
    ledger = read_ledger(SET)
    reference = json.loads((IBM / "reference_values.json").read_text(encoding="utf-8"))
    assert len(ledger.items) == reference["n"]
    assert ledger.sources[0].totals == {"": round(reference["sum"] * 100)}
    assert sum(number.startswith("0") for number in ledger.items["document_no"]) == reference["leadzero"]
    assert len(reference["ref"]) == 7
    for expected in reference["ref"]:
        aged = aging_json(age(ledger, expected["asof"], by="region"))
        assert aged["total"] == expected["ar"]
        assert aged["items"] == expected["open_n"]
        assert {label: aged["buckets"][label] for label in expected["buckets"]} == expected["buckets"]
        found = history(ledger, expected["asof"])
        last = metrics(found)[-1]
        assert last["month_end"] == expected["asof"]
        assert last["receivables"] == expected["ar"]
        assert last["current"] == expected["buckets"]["Current"]
        assert last["overdue"] == round(expected["ar"] - expected["buckets"]["Current"], 2)
        assert last["credit_sales"] == expected["sales"]
        assert last["cash"] == expected["cash"]
        assert found["opening"][0, 0, -1] == round(expected["beg"] * 100)
        for mine, theirs in (
            ("dso", "dso_month_end"),
            ("dso_countback", "countback_actual"),
            ("best_possible_dso", "bpdso"),
            ("ddso", "ddso"),
            ("cei", "cei"),
        ):
            assert last[mine] == pytest.approx(expected[theirs], rel=1e-9)
    tied = found["opening"] + found["credit_sales"] - found["cash"] - found["credits"] - found["write_offs"]
    assert (tied == found["receivables"]).all()


@needs_ibm
def test_the_copy_that_lost_its_zeros_has_the_same_amounts():
    one, two = read_ledger(SET), read_ledger(IBM / "WA_Fn-UseC_-Accounts-Receivable.pbifinanceml.csv")
    assert one.sources[0].totals == two.sources[0].totals
    assert sorted(two.items["document_no"]) == sorted(number.lstrip("0") for number in one.items["document_no"])


def test_a_later_receipt_does_not_reduce_an_earlier_aging(tmp_path):
    # https://github.com/OCA/account-financial-reporting/issues/546
    items = write(
        tmp_path / "items.csv",
        [
            ITEMS,
            ["C", "P1", "payment", "2019-02-15", "2019-02-15", "EUR", "-1000"],
            ["C", "I1", "invoice", "2019-03-15", "2019-03-15", "EUR", "50000"],
            ["C", "I2", "invoice", "2019-04-15", "2019-04-15", "EUR", "100000"],
        ],
    )
    receipts = write(tmp_path / "r.csv", [RECEIPTS, ["C", "I1", "2019-05-10", "49000", "cash"]])
    ledger = read_ledger(items, receipts=receipts)
    aged = aging_json(age(ledger, "2019-04-30", Settings(credits="by own date")))
    assert aged["total"] == 149_000
    assert {label: amount for label, amount in aged["buckets"].items() if amount} == {
        "1-30": 100_000,
        "31-60": 50_000,
        "61-90": -1_000,
    }


def test_36_days_past_due_is_31_to_60(tmp_path):
    # https://softledger.com/support/en/articles/10247002-ar-aging
    items = write(tmp_path / "items.csv", [ITEMS, ["C", "1", "", "2020-04-15", "2020-05-15", "EUR", "10"]])
    aged = aging_json(age(read_ledger(items), "2020-06-20"))
    assert aged["buckets"]["31-60"] == 10


def test_a_residual_ages_from_the_invoice_due_date(tmp_path):
    # https://github.com/odoo/odoo/pull/16235
    items = write(tmp_path / "items.csv", [ITEMS, ["C", "1", "invoice", "2016-11-01", "2017-02-28", "EUR", "10000"]])
    paid = [("2016-11-09", 1500), ("2016-11-30", 1000), ("2017-01-30", 2000)]
    receipts = write(tmp_path / "r.csv", [RECEIPTS, *(["C", "1", day, amount, "cash"] for day, amount in paid)])
    aging = age(read_ledger(items, receipts=receipts), "2017-04-04", Settings(bucket_edges=(30, 60, 90, 120)))
    assert {label: amount for label, amount in aging_json(aging)["buckets"].items() if amount} == {"31-60": 5500}


def test_the_roll_forward_ends_at_940000(tmp_path):
    # https://www.scribd.com/document/565785148/Ch7-03-Riley-Bruns
    items = write(
        tmp_path / "items.csv",
        [
            ITEMS,
            ["C", "old", "invoice", "2023-12-31", "2024-01-30", "USD", "960,000.00"],
            ["C", "new", "invoice", "2024-01-15", "2024-02-14", "USD", "10,185,000.00"],
        ],
    )
    receipts = write(
        tmp_path / "r.csv",
        [
            RECEIPTS,
            ["C", "old", "2024-01-20", "875000", "cash"],
            ["C", "old", "2024-01-20", "85000", "write-off"],
            ["C", "new", "2024-01-31", "9245000", "cash"],
        ],
    )
    last = metrics(history(read_ledger(items, receipts=receipts), "2024-01-31"))[-1]
    assert (last["cash"], last["write_offs"], last["credit_sales"]) == (10_120_000, 85_000, 10_185_000)
    assert last["receivables"] == 940_000


def test_a_payment_schedule_is_paid_in_order_of_its_terms(tmp_path):
    # ERPNext: 100 split 30/50/20, 40 paid: [100, 50, 10, 40] and [100, 20, 0, 20]
    header = [*ITEMS, "Instalment"]
    terms = [("3", "2024-03-31", 20), ("1", "2024-01-31", 30), ("2", "2024-02-29", 50)]
    rows = [["C", "1", "invoice", "2024-01-01", due, "EUR", amount, part] for part, due, amount in terms]
    items = write(tmp_path / "items.csv", [header, *rows])
    receipts = write(tmp_path / "r.csv", [RECEIPTS, ["C", "1", "2024-01-10", "40", "cash"]])
    ledger = read_ledger(items, receipts=receipts)
    opened = open_at(ledger, "2024-01-15")
    assert dict(zip(ledger.items["instalment"].iloc[opened.rows], opened.amount.tolist(), strict=True)) == {
        "2": 4000,
        "3": 2000,
    }
