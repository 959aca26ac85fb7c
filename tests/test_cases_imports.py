"""Exports in the layouts that real files have: each reads to its right figures, unaided or after one question."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from commands import receivables
from import_cases import (
    CASES,
    CLEARED_ONE,
    DAY,
    KIND_CODES,
    NO_HEADING,
    OVERDUE_ONLY,
    PARTLY,
    SHEETS,
    SUMMARY,
    TALLY,
    TOTAL_ABOVE,
    written,
)
from rungs import tools

from xlwings_addin import api
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.report import check_json


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, id=one.means, marks=[pytest.mark.xfail(reason=one.wrong, strict=True)] if one.wrong else [])
        for one in CASES
    ],
)
def test_an_export_is_read_right_or_after_one_question(case, tmp_path):
    path = written(tmp_path, case.name, case.content)
    how = {"receipts": written(tmp_path, "receipts.csv", case.receipts)} if case.receipts else {}
    if case.mapping:
        how["mapping"] = case.mapping
    if case.asks:
        with pytest.raises(QuestionError) as asked:
            api.read(path, **how)
        assert [one.to for one in asked.value.answers] == case.asks.split()
    ledger = api.read(path, **how, **case.answer)
    aging = ledger.aging(case.day).data()
    totals = {part["currency"]: part["total"] for part in aging["by_currency"]}
    assert (totals if isinstance(case.total, dict) else sum(totals.values())) == pytest.approx(case.total)
    if case.buckets is not None:
        assert {label: one for label, one in aging["buckets"].items() if one} == pytest.approx(case.buckets)
    if case.items:
        assert aging["items"] == case.items
    if case.groups:
        names = dict(zip(*ledger.aging(case.day).frame()[["key", "name"]].to_numpy().T, strict=True))
        groups = {one["key"]: one["total"] for one in aging["groups"] if one["total"]}
        groups = {key if key in case.groups else names[key]: total for key, total in groups.items()}
        assert groups == pytest.approx(case.groups)
    found = {one.code: one for one in ledger.inner.findings}
    for code, (count, words) in case.says.items():
        assert found[code].count == count
        assert words in found[code].message
    for key, value in case.first.items():
        got = ledger.items[key].iloc[0]
        assert (f"{got:%Y-%m-%d}" if key.endswith("date") else got) == value


# ---- what no total tells


def test_a_saved_mapping_says_the_ages_of_balances(tmp_path):
    path, mapping = written(tmp_path, "summary.csv", SUMMARY), tmp_path / "columns.toml"
    receivables("check", path, "--as-of", DAY, "--save-mapping", mapping, "-q")
    ages = [(one["column"], one.get("from"), one.get("to")) for one in tomllib.loads(mapping.read_text())["buckets"]]
    assert [ages[0], ages[1], ages[-1]] == [("Current", None, 0), ("1-30 days", 1, 30), ("Over 90 days", 91, None)]


@pytest.mark.parametrize(("content", "total"), [(SUMMARY, 2710), (OVERDUE_ONLY, 600)])
def test_a_day_that_no_cell_names_is_asked_once(content, total, tmp_path):
    path = written(tmp_path, "ledger.csv", content)
    asked = receivables("aging", path, "--json")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.count("--as-of") == asked.stderr.count("\n") == 1
    answered = receivables("aging", path, "--json", "--as-of", DAY)
    assert answered.returncode == 0
    assert json.loads(answered.stdout)["total"] == total


def test_a_file_without_a_heading_row_says_so_and_takes_no_row_for_one(tmp_path):
    path = written(tmp_path, "ledger.txt", NO_HEADING)
    for command in ("check", "aging"):
        refused = receivables(command, path)
        assert refused.returncode == 2
        said = refused.stdout + refused.stderr
        assert "no heading row" in said
        assert "they begin A 'TRA001', B " in said
        assert "APP001" not in said
        assert '--column "open_amount=J" --column "customer_name=C" (the best guess' in said


DATED = """Invoice,Customer,Invoice Date,Due Date,Amount
INV-001,Ann Ltd,2026-01-05,2026-02-04,100.00
INV-002,Ben Ltd,2025-12-15,2026-01-14,250.50
INV-003,Cole Ltd,2025-09-25,2025-10-25,80.00
INV-004,Dee Ltd,2025-11-25,2025-12-25,20.00
"""


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        ("", "Unallocated,,,,-70.00\nTotal,,,,380.50\n", "(-70.00; rows: 6; nothing in"),
        ("", "Unallocated,,,,-70.00\nTotal,,,,450.50\n", ""),
        ("Receivables in EUR thousands\n\n", "", "in thousands or millions"),
        ("All amounts in $000s\n\n", "", "in thousands or millions"),
        ("Accounts 000 to 999: limit USD 5000\n\n", "", ""),
    ],
)
def test_lines_around_a_list_are_no_part_of_it_and_change_nothing_in_silence(above, below, said, tmp_path):
    path = written(tmp_path, "ledger.csv", above + DATED + below)
    if not said:
        assert api.read(path, as_of=DAY).aging(DAY).data()["total"] == 450.5
        return
    with pytest.raises(LedgerError, match=re.escape(said)):
        api.read(path, as_of=DAY)


def test_every_sheet_is_a_company(tmp_path):
    ledger = api.read(written(tmp_path, "ledger.xlsx", SHEETS))
    assert ledger.items.groupby("entity")["open_amount"].sum().to_dict() == {"UK": 300, "Ireland": 5000}


def test_what_a_file_states_as_its_total_stands_beside_what_was_read(tmp_path):
    bills = check_json(api.read(written(tmp_path, "bills.csv", TALLY)).inner)
    assert (bills["totals"][""]["file"], bills["totals"][""]["ledger"]) == (5900, 5900)
    above = check_json(api.read(written(tmp_path, "above.xlsx", {"Sheet1": TOTAL_ABOVE})).inner)
    assert (above["totals"][""]["file"], above["totals"][""]["difference_file"]) == (999, 699)


def test_tally_shows_the_day_that_due_dates_and_days_overdue_give(tmp_path):
    assert api.read(written(tmp_path, "bills.csv", TALLY)).aging().data()["as_of"] == DAY


def test_one_date_of_clearing_makes_no_history(tmp_path):
    ledger = api.read(written(tmp_path, "fbl5n.csv", CLEARED_ONE))
    months = ledger.metrics("2024-10-04")
    assert months["receivables"].iloc[-1] == 16530
    assert months[["credit_sales", "dso", "dso_countback", "cei"]].isna().all(axis=None)
    for figures in (ledger.aging, ledger.metrics):
        with pytest.raises(ValueError, match="Cannot go back to 2024-06-30"):
            figures("2024-06-30")


def test_a_partly_paid_document_without_its_balance_has_no_figures_anywhere(tmp_path):
    path = written(tmp_path, "ledger.csv", PARTLY)
    for command in ("check", "aging", "metrics", "refresh"):
        more = ("--out", tmp_path / "month.xlsx") if command == "refresh" else ()
        refused = receivables(command, path, "--as-of", "2025-02-28", *more)
        assert refused.returncode == 2, command
        assert "partly paid" in refused.stdout + refused.stderr
        assert command == "check" or refused.stdout == ""
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.csv"]


def test_a_kind_that_is_asked_shows_what_each_answer_gives(tmp_path):
    path = written(tmp_path, "ledger.csv", KIND_CODES)
    with pytest.raises(QuestionError) as asked:
        api.read(path)
    (answer,) = asked.value.answers
    assert ("RE=invoice", "total 60.00") in zip(answer.choices, answer.gives, strict=True)
    items = api.read(path, answers={"words": {"kind": {"RE": "invoice"}}}).items
    assert dict(zip(items["kind"], items["amount"], strict=True)) == {"invoice": 100, "credit note": -40}


# ---- the same files where they are next to the repository


def test_every_file_of_the_cases_comes_to_its_figures(tmp_path):
    folder = tools.shared("cases/imports")
    wrong = {}
    for number, (name, right) in enumerate(json.loads((folder / "expected.json").read_text("utf-8")).items()):
        more = ("--receipts", folder / right["with"].split()[-1]) if "with" in right else ()
        asked = ("--as-of", right.get("as_of", DAY)[:10], "--json", *more)
        ran = receivables("aging", folder / name, *asked)
        if ran.returncode == 2:
            # The best guess that it saves is given back as it is; a guess that is not enough is refused again.
            guess = tmp_path / f"{number}.toml"
            receivables("check", folder / name, "--save-mapping", guess)
            if not guess.exists():
                continue
            ran = receivables("aging", folder / name, *asked, "--mapping", guess)
        if ran.returncode == 0 and not is_right(json.loads(ran.stdout), right):
            wrong[name] = ran.stdout
        assert ran.returncode in (0, 2), (name, ran.stderr)
    assert not wrong


def is_right(aging, right):
    total = right.get("total")
    total = sum(total.values()) if isinstance(total, dict) else total
    read = sum(part["total"] for part in aging["by_currency"]) if aging["total"] is None else aging["total"]
    buckets = {label: one for label, one in aging["buckets"].items() if one}
    return read == pytest.approx(total) and buckets == pytest.approx(right.get("buckets", buckets))
