"""Small ledgers with their right figures, worked out by hand or by a program of their own, never by this project.

Each is a public complaint about how other programs age, allocate or rate: net credits and recoveries in CEI, exchange
differences counted as collections, receipts that change where earlier ones went.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from udfs import cei
from xlwings_addin import api
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.settings import Rate, Settings

ITEMS = "Customer ID,Document,Kind,Document date,Due date,Currency,Amount,Instalment\n"
RECEIPTS = "Customer ID,Document,Date,Amount,Kind,Instalment\n"


@dataclass(frozen=True)
class Case:
    """A ledger: buckets by day, and CEI by month end, None where there is none."""

    means: str
    items: str
    receipts: str = ""
    buckets: dict = field(default_factory=dict)
    cei: dict = field(default_factory=dict)


CASES = (
    Case(
        "a month that ends in net credit has collected what there was to collect",
        "K1,S1,invoice,2025-05-10,2025-06-10,EUR,15000,1\nK1,S1,invoice,2025-05-10,2025-07-10,EUR,15000,2\n"
        "K1,ADV,payment,2025-04-02,,EUR,-15000,\n",
        "K1,S1,2025-05-10,15000,cash,\nK1,ADV,2025-05-10,-15000,cash,\nK1,S1,2025-06-20,8500,cash,\n",
        {
            "2025-04-30": {"Credits": -15000},
            "2025-05-31": {"Current": 15000},
            "2025-06-30": {"Current": 6500},
            "2025-07-31": {"1-30": 6500},
        },
        {"2025-04-30": 1, "2025-05-31": None, "2025-06-30": 1, "2025-07-31": 0},
    ),
    Case(
        "overpaid again and again",
        "K1,A1,invoice,2025-01-10,2025-02-09,EUR,90000,\nK1,A2,invoice,2025-02-10,2025-03-12,EUR,90000,\n",
        "K1,A1,2025-01-31,94500,cash,\nK1,A1,2025-02-10,-4500,cash,\nK1,A2,2025-02-10,4500,cash,\n"
        "K1,A2,2025-02-27,94500,cash,\n",
        {"2025-02-10": {"Current": 85500}, "2025-02-28": {"Credits": -9000}},
        {"2025-01-31": 1, "2025-02-28": 1, "2025-03-31": None},
    ),
    Case(
        "a recovery adds to what could be collected",
        "K1,A1,invoice,2025-01-05,2025-02-04,EUR,1000,\nK2,B1,invoice,2025-03-05,2025-04-04,EUR,500,\n"
        "K2,B2,invoice,2025-02-05,2025-03-07,EUR,300,\nK2,B3,invoice,2025-05-05,2025-06-04,EUR,450,\n",
        "K1,A1,2025-03-31,1000,write-off,\nK1,A1,2025-05-20,-700,write-off,\nK1,A1,2025-05-20,700,cash,\n"
        "K2,B1,2025-05-10,500,cash,\nK2,B2,2025-04-10,300,cash,\n",
        {"2025-05-31": {"Current": 450}},
        {"2025-02-28": 0, "2025-03-31": 0, "2025-04-30": 0.375, "2025-05-31": 1},
    ),
    Case(
        "what names no instalment pays the oldest of what is known on the day",
        "K1,S1,invoice,2025-01-01,2025-01-31,EUR,100,1\nK1,S1,invoice,2025-01-01,2025-06-30,EUR,100,2\n",
        "K1,S1,2025-02-10,100,cash,\nK1,S1,2025-05-05,100,cash,1\n",
        {"2025-02-28": {"Current": 100}, "2025-04-30": {"Current": 100}, "2025-05-31": {}},
        {"2025-02-28": 1},
    ),
    Case(
        "cash taken back reopens the invoice, not the credit note that shares its number",
        "K1,77,invoice,2025-01-05,2025-02-04,EUR,800,\nK1,77,credit note,2025-01-20,,EUR,-100,\n",
        "K1,77,2025-02-10,700,cash,\nK1,77,2025-03-05,-700,cash,\nK1,77,2025-03-20,700,cash,\n",
        {
            "2025-01-31": {"Current": 800, "Credits": -100},
            "2025-02-28": {"1-30": 100, "Credits": -100},
            "2025-03-10": {"31-60": 800, "Credits": -100},
            "2025-03-31": {"31-60": 100, "Credits": -100},
        },
        {"2025-01-31": None, "2025-02-28": 0.875, "2025-03-31": 0},
    ),
    Case(
        "a credit note that shares the number is applied by its own kind",
        "K1,77,invoice,2025-01-05,2025-02-04,EUR,800,\nK1,77,credit note,2025-01-20,,EUR,-100,\n",
        "K1,77,2025-02-10,100,credit note,\nK1,77,2025-02-10,-100,credit note,\n",
        {"2025-02-28": {"1-30": 700}},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.means)
def test_a_ledger_comes_to_its_figures(case, tmp_path):
    (tmp_path / "items.csv").write_text(ITEMS + case.items)
    (tmp_path / "receipts.csv").write_text(RECEIPTS + case.receipts)
    ledger = api.read(tmp_path / "items.csv", receipts=tmp_path / "receipts.csv", currency="EUR")
    for day, wanted in case.buckets.items():
        buckets = ledger.aging(day).data()["buckets"]
        assert {label: value for label, value in buckets.items() if value} == wanted, day
    if case.cei:
        months = ledger.metrics(max(case.cei)).set_index("month_end")["cei"]
        shown = {str(day)[:10]: value for day, value in months.items()}
        for day, wanted in case.cei.items():
            assert shown[day] == pytest.approx(wanted) if wanted is not None else shown[day] != shown[day], day


def test_exchange_differences_are_no_collections(tmp_path):
    (tmp_path / "items.csv").write_text(
        f"{ITEMS}K1,A1,invoice,2025-01-10,2025-02-09,USD,100000,\nK2,E1,invoice,2025-01-10,2025-02-09,EUR,1000,\n"
    )
    (tmp_path / "receipts.csv").write_text(f"{RECEIPTS}K2,E1,2025-02-10,1000,cash,\n")
    ledger = read_ledger(tmp_path / "items.csv", receipts=tmp_path / "receipts.csv", base_currency="EUR")
    rates = (Rate("USD", "2025-01-31", 0.92), Rate("USD", "2025-02-28", 0.85))
    found = metrics(history(ledger, "2025-02-28", settings=Settings(base_currency="EUR", rates=rates)))
    assert found[-1]["cei"] == pytest.approx(1_000 / 86_000)
    assert cei(93_000 - 7_000, 0, 85_000, 0) == pytest.approx(1_000 / 86_000)
