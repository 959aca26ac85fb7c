"""Every count opens its list: as long as the count, the most money first, adding up to the money shown."""

import math
import re

import numpy as np
import openpyxl
import pytest
from random_ledgers import LAST, several
from small_program import ledger_of, measures_of

from workbook_templates import SAMPLE_MONTH
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import closed
from xlwings_addin.month_end.pages import Making
from xlwings_addin.month_end.program import listed as list_filler
from xlwings_addin.month_end.program.rollout import ACTIONS, Program
from xlwings_addin.settings import Settings

MOST_ACTS = 8
"""This many calls to action are read; of more, none is."""


@pytest.fixture(scope="module")
def sample(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    month = closed(ledger, Settings(benchmark_dso=30.0), small_company.as_of)
    return Making(month, set_baseline=False, refreshed="2026-11-02 08:00:00", version="test")


def listed(filled, name):
    """The rows of one list."""
    table = filled["tblSignalLists"]
    rows = [{key: values[at] for key, values in table.columns.items()} for at in range(table.rows)]
    return [row for row in rows if row["list"] == name]


def test_a_signals_count_is_the_length_of_its_list(sample):
    tables = sample.figures[0]
    signals = tables["tblSignals"].columns
    found = 0
    for at, name in enumerate(signals["signal"]):
        rows, judged = listed(tables, name), sample.signals[name]
        assert len(rows) == len(judged.behind)
        assert signals["listed"][at] == (f"{len(rows):,} in Lists" if rows else "")
        if rows:
            assert re.search(rf"\b{len(rows):,}\b", signals["figures"][at]), (name, signals["figures"][at])
            amounts = [row["amount"] for row in rows]
            assert amounts == sorted(amounts, reverse=True)
            assert signals["money"][at] == pytest.approx(math.fsum(amounts), abs=0.006)
            found += 1
        elif judged.verdict in ("Act", "Look"):
            assert signals["money"][at] is not None, name
    assert found > 10


def test_an_actions_count_is_the_length_of_its_list(sample):
    tables = sample.figures[0]
    program, rollout = Program(sample.measures), tables["tblRollout"].columns
    found = 0
    for at, action in enumerate(ACTIONS):
        lengths = []
        for measure in action.measures:
            reading, rows = measure.read(program), listed(tables, measure.name)
            assert len(rows) == len(reading.behind)
            lengths.append(len(rows))
            numbers = [int(number.replace(",", "")) for number in re.findall(r"\b[\d,]*\d\b", reading.words)]
            if rows:
                assert len(rows) in (numbers[0], numbers[1] - numbers[0]), reading.words
                found += 1
        assert rollout["listed"][at] == (f"{lengths[0]:,} in Lists" if lengths[0] else "")
    assert found > 4


def test_every_row_names_one_account_or_document_once(sample):
    tables = sample.figures[0]
    for name in sample.lists:
        rows = listed(tables, name)
        # An escalation step is one of several of its account.
        keys = {(row["customer_id"], row["document_no"], row["why"]) for row in rows}
        assert len(keys) == len(rows), name
        assert len({row["document_no"] == "" for row in rows}) <= 1, name


def test_lists_are_those_of_the_ledger(sample):
    tables, items = sample.figures[0], sample.closing.ledger.items
    balance = sample.closing.ledger.arrays.balances(sample.closing.day)
    opened = items[(balance > 0) & (items["kind"] == "invoice")]

    def documents(name):
        return {row["document_no"] for row in listed(tables, name)}

    assert documents("Invoices without PO number") == set(opened.loc[opened["po_number"] == "", "document_no"])
    assert documents("Invoices without proof of delivery") == set(
        opened.loc[opened["proof_of_delivery"] == "no", "document_no"]
    )
    late = sample.closing.day - items["due_date"]
    old = items[(balance > 0) & (late > 60) & (items["amount"] > 0)]
    assert documents("Receivables over 60 days past due") == set(old["document_no"])
    disputed = items[(balance != 0) & ((items["disputed"] == "yes") | (items["dispute_code"] != ""))]
    assert documents("Disputes by reason") == set(disputed["document_no"])
    limits = sample.closing.customers
    owed = {}
    for customer, minor in zip(items["customer_id"], balance.tolist(), strict=True):
        owed[customer] = owed.get(customer, 0) + minor
    over = {
        name: owed[name] / 100 - limits[name].credit_limit
        for name in owed
        if limits[name].credit_limit is not None and owed[name] / 100 > limits[name].credit_limit + 1e-9
    }
    rows = listed(tables, "Exposure over limit")
    assert {row["customer_id"]: row["amount"] for row in rows} == pytest.approx(over)


def test_whatever_the_ledger_the_list_is_as_long_as_its_count():
    for seed in range(25):
        ledger, settings = several(seed)
        making = Making(closed(ledger, settings, LAST), set_baseline=False, refreshed="2026-05-01", version="1")
        for judged in making.signals.values():
            behind = judged.behind
            assert len(behind) == behind.accounts.size == behind.amount.size
            if len(behind):
                assert re.search(rf"\b{len(behind):,}\b", judged.figures), judged.figures
                assert not np.isnan(behind.money)


def test_a_part_and_its_list_are_of_one_length(tmp_path):
    m = measures_of(ledger_of(tmp_path))
    for part in (m.standard_terms, m.agreed_terms(m.open_invoices), m.filled("po_number", m.open_invoices)):
        assert len(part.behind) == part.whole - part.part
    assert len(m.flagged("e_invoice", m.billed).behind) == 1
    assert m.flagged("e_invoice", m.billed).behind.money == 500.0, "what was billed"
    assert m.standard_terms.behind.why == ["terms Net 60", "10 days by its dates"]
    assert len(m.off_terms_unapproved.behind) == m.off_terms_unapproved.part


def test_of_a_very_long_list_the_largest_are_shown(sample, monkeypatch):
    monkeypatch.setattr(list_filler, "MOST", 3)
    name = "Items off standard terms"
    rows = listed(list_filler.tables(sample.measures, {name: sample.lists[name]})[0], name)
    largest = np.sort(sample.lists[name].amount)[::-1][:3]
    assert [row["amount"] for row in rows] == pytest.approx(largest.tolist())


def test_days_past_due_count_from_the_due_date_whatever_items_are_aged_from(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    month = closed(ledger, Settings(aging_basis="document date"), small_company.as_of)
    making = Making(month, set_baseline=False, refreshed="2026-11-02 08:00:00", version="test")
    opened = ledger.items[ledger.arrays.balances(making.closing.day) != 0]
    due = dict(zip(opened["document_no"], opened["due_date"].tolist(), strict=True))
    table = making.figures[0]["tblSignalLists"].columns
    shown = [
        (due[document], days)
        for document, days in zip(table["document_no"], table["days_past_due"], strict=True)
        if document in due
    ]
    assert len(shown) > 100
    for day, days in shown:
        assert days == (None if day == NO_DATE else making.closing.day - day)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_the_sample_month_calls_for_few_actions_and_leads_to_its_lists():
    book = openpyxl.load_workbook(SAMPLE_MONTH, data_only=True)
    rows = [[cell.value for cell in row] for row in book["Diagnostics"].iter_rows()]
    at = next(i for i, row in enumerate(rows) if "Verdict" in row)
    head, body = rows[at], rows[at + 1 :]
    body = body[: next(i for i, row in enumerate(body) if not row[head.index("Signal")])]
    verdicts = [row[head.index("Verdict")] for row in body]
    assert 0 < verdicts.count("Act") <= MOST_ACTS
    names = [row[1].value for row in book["Lists"].iter_rows()]
    formulas = openpyxl.load_workbook(SAMPLE_MONTH)["Diagnostics"]
    column = head.index("List") + 1
    for i, row in enumerate(body):
        signal, shown = row[head.index("Signal")], row[head.index("List")]
        assert shown == (f"{names.count(signal):,} in Lists" if signal in names else None) or not shown
        assert 'HYPERLINK("#Lists!B"&' in str(formulas.cell(at + 2 + i, column).value)
