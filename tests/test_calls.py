"""Formulas that call our functions: one text, and a cached value that is what the text says."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from pathlib import Path

import pytest

from udfs import boundary
from udfs.errors import excel_text
from xlwings_addin import month_end, sheets
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import blank_month, calls, close_month
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.ratios import OPENED

RATIOS = ("AR_DSO", "AR_DSO_COUNTBACK", "AR_BEST_POSSIBLE_DSO", "AR_DDSO", "AR_CEI", "AR_TURNOVER")
PYTHON = {"dso", "countback", "best_possible_dso", "ddso", "cei", "turnover", "cash_impact", "interest_saved"}
CELL = r"(?:\[@\w+\]|\[@\[[^\[\]]+\]\]|\w+)"
PLAIN = re.compile(rf"=(AR_\w+)\(({CELL}(?:,{CELL})*)\)")


@pytest.fixture(scope="module")
def months(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    listed = read_ledger([small_files.ledger], base_currency="EUR")
    return {
        "sample": close_month(
            ledger, Settings(dso_window=3), small_company.as_of, refreshed="2026-11-02 08:00:00", version="test"
        ),
        "open items": close_month(
            listed, Settings(), small_company.as_of, refreshed="2026-11-02 08:00:00", version="test"
        ),
        "template": blank_month(version="test"),
    }


def cell(text, row, named):
    if text.startswith("[@"):
        return row[text.strip("[@]")]
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    return named[text] if text in named else float(text)


def same(one, other):
    if isinstance(one, float) and math.isnan(one):
        return excel_text(one) == other
    return one == other


def test_what_is_cached_is_what_the_text_says(months):
    compared = Counter()
    for month in months.values():
        chosen = {name: getattr(month.settings, name) for name in ("target_dso", "cost_of_capital")}
        named = chosen | month.fields
        for sheet in month.sheets:
            for field in sheet.fields():
                if found := PLAIN.fullmatch(field.formula):
                    wanted = boundary.call(found[1], *(cell(text, {}, named) for text in found[2].split(",")))
                    assert same(month.fields[field.name], wanted), field.name
                    compared[found[1]] += 1
            for table in sheet.tables():
                data = month.tables[table.name]
                for column in table.columns:
                    found = PLAIN.fullmatch(column.formula.replace(OPENED, "[@Opened]"))
                    for at, value in enumerate(data.column(column.key) if found else ()):
                        row = {one.heading: list(data.column(one.key))[at] for one in table.columns}
                        if row.get("Opening") is not None:
                            row["Opened"] = row["Opening"] + (row["Exchange differences"] or 0.0)
                        row.setdefault("Opened", None)
                        wanted = boundary.call(found[1], *(cell(text, row, named) for text in found[2].split(",")))
                        assert same(value, wanted), (table.name, column.heading, at)
                        compared[found[1]] += 1
    assert all(compared[ratio] > 20 for ratio in ("AR_DSO", "AR_BEST_POSSIBLE_DSO", "AR_DDSO", "AR_CASH_IMPACT"))
    assert compared["AR_CEI"] > 5


def test_what_takes_more_than_cells(months):
    """Arguments that are formulas themselves, made here a second time; test_workbook.py asks LibreOffice as well."""
    table = months["sample"].tables["tblMonthly"]
    rows = [{key: table.column(key)[at] for key in table.columns} for at in range(table.rows)]
    for at, row in enumerate(rows):
        sales, days = [[one["net_sales"] for one in rows[: at + 1]], [one["days"] for one in rows[: at + 1]]]
        opening, net, ending = row["opening"], row["net_sales"], row["receivables"]
        # The window's sales and days, and what it opened with; the test's settings have one of three months.
        window = rows[max(at - 2, 0) : at + 1]
        sold, span = (sum(one[key] for one in window) if at >= 2 else None for key in ("net_sales", "days"))
        opened = window[0]["opening"] if at >= 2 else None
        wanted = {
            "turnover": boundary.call("AR_TURNOVER", None if sold is None else sold * 365 / span, ending),
            "dso_countback": boundary.call("AR_DSO_COUNTBACK", ending, sales, days, False),
            "cei": boundary.call("AR_CEI", opening + row["exchange"], net, ending, row["current"], row["write_offs"]),
            "dso_average": boundary.call("AR_DSO", None if opened is None else (opened + ending) / 2, sold, span),
        }
        assert {key: same(row[key], value) for key, value in wanted.items()} == dict.fromkeys(wanted, True), at


def trees(package):
    for path in Path(package.__file__).parent.rglob("*.py"):
        yield path.name, ast.parse(path.read_text("utf-8"))


def test_a_ratio_is_written_once():
    """Its text has one declaration, and no code calculates it a second time."""
    texts = Counter(
        node.value
        for name, tree in (*trees(sheets), *trees(month_end))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and name != "calls.py"
        if any(f"{ratio}(" in node.value for ratio in RATIOS)
    )
    assert len(texts) >= len(RATIOS)
    # A part of a text whose rest is a name, "=AR_DSO(", is none by itself.
    assert [text for text, count in texts.items() if count > 1 and text.endswith(")")] == []
    for name, tree in trees(month_end):
        named = {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}
        assert not named & PYTHON or name == "diagnostics.py", name


@pytest.mark.parametrize(
    ("formula", "is_one"),
    [
        ("=AR_DSO(1,2,3)", True),
        ('=AR_DSO(IF(a="),","",b),c,[@[x, y]])', True),
        ("=AR_DSO(1,2,3)+AR_DSO(1,2,3)", False),
        ("=IFERROR(AR_DSO(1,2,3),0)", False),
        ("=SUM(1)", False),
        ("", False),
    ],
)
def test_a_call_and_nothing_around_it(formula, is_one):
    assert calls.is_call(formula) is is_one


def test_an_argument_of_more_than_a_cell_is_given_by_its_text():
    given = {'IF(a="),","",b)': 100.0, "c": 300.0, "x, y": 30}
    assert calls.shown('=AR_DSO(IF(a="),","",b),c,[@[x, y]])', given) == 10.0
    with pytest.raises(ValueError, match="d"):
        calls.shown("=AR_DSO(d,1,1)", given)
