"""A month-end long after everything in a ledger: asked about where the ledger is busy, never where it is quiet."""

from __future__ import annotations

import json

import pytest
from commands import receivables
from hypothesis import given
from hypothesis import strategies as st
from plain_ledgers import Item, Receipt, make

import xlwings_addin.api as ar
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.position import doubt

START = day_number("2026-01-01")


def documents(days, receipts=()):
    items = [Item("A", "", "EUR", "invoice", day, day + 30, 100_00) for day in days]
    return make(items, [Receipt(0, day, 1_00, "cash") for day in receipts])


@given(st.lists(st.integers(0, 600), min_size=1, max_size=40), st.integers(0, 2_000))
def test_a_year_of_silence_is_doubted_in_a_busy_ledger_alone(days, later):
    last = START + max(days)
    ledger = documents([START + day for day in days])
    busy = len({day for day in days if START + day > last - 365}) >= 10
    assert bool(doubt(ledger, last + later)) is (busy and later >= 365)


def test_a_typed_year_is_doubted_and_one_more_month_is_not():
    ledger = documents([START + 7 * week for week in range(40)])
    right = START + 300
    assert not doubt(ledger, right)
    assert not doubt(ledger, right + 60)
    assert "2027" in doubt(ledger, day_number(f"2027{iso(right)[4:]}"))
    assert "36 years" in doubt(ledger, day_number(f"2062{iso(right)[4:]}"))
    assert not doubt(documents([START + 60 * at for at in range(7)]), day_number("2062-10-31"))


def test_a_ledger_that_is_still_paid_is_alive():
    days = [START + 7 * week for week in range(40)]
    running_off = documents(days, [START + 273 + 60 * at for at in range(10)])
    assert not doubt(running_off, START + 273 + 600)
    # Only what came before the day can speak of it.
    assert doubt(documents(days, [START + 900]), START + 273 + 400)


@pytest.fixture
def file(tmp_path):
    lines = [f"1,D{week},{iso(START + 7 * week)},{iso(START + 7 * week + 30)},EUR,100.00" for week in range(40)]
    path = tmp_path / "items.csv"
    path.write_text("\n".join(["Customer ID,Document,Document date,Due date,Currency,Amount", *lines]))
    return path


@pytest.mark.parametrize("command", ["aging", "metrics", "check", "refresh"])
def test_every_command_asks_and_takes_the_answer(command, file, tmp_path):
    more = ["--out", tmp_path / "book.xlsx"] if command == "refresh" else []
    asked = receivables(command, file, "--as-of", "2062-10-31", *more)
    assert asked.returncode == 2
    assert "36 years after the newest document or receipt, of 2026-10-01" in asked.stderr
    assert "confirm this one with --force" in asked.stderr
    assert not (tmp_path / "book.xlsx").exists()
    # Half a century of rows is more than this needs to show.
    sure = receivables(command, file, "--as-of", "2027-11-30", "--force", "--json", *more)
    assert not sure.returncode
    assert json.loads(sure.stdout)
    assert "a year before or more" in sure.stdout


def test_in_python_too(file, tmp_path):
    ledger = ar.read(file)
    for ask in (ledger.aging, ledger.metrics, lambda day: ar.close(ledger, day)):
        with pytest.raises(ValueError, match="confirm this one with force=True"):
            ask("2062-10-31")
    assert ledger.aging("2062-10-31", force=True).data()["total"] == 4000.0
