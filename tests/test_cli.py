"""The command as a person or a program uses it: what it prints, what it writes, how it says no."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from click.testing import CliRunner
from commands import receivables
from published.examples import CASES, FUNCTIONS

from xlwings_addin import month_end
from xlwings_addin.cli import cli
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError

ITEMS = "Customer ID,Document,Document date,Due date,Amount,Region\n"
ONE = ITEMS + "1,A,2024-01-05,2024-02-04,100,North\n"


def started(*arguments, cwd=None, **environment):
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "xlwings_addin", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONWARNINGS": "error", **environment},
    )


def printed(*arguments, run=receivables, **more):
    run = run(*arguments, **more)
    assert run.returncode == 0, run.stderr
    return run.stdout


def refused(*arguments, run=receivables, **more):
    """The one sentence with which bad input is refused."""
    run = run(*arguments, **more)
    assert run.returncode == 2, (run.returncode, run.stdout, run.stderr)
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1, run.stderr
    assert run.stderr.startswith("receivables: ")
    return run.stderr


# ---- calc


def argument(value):
    """A published input as a person types it: a range as a JSON list."""
    return json.dumps(value, default=str) if isinstance(value, (list, tuple)) else str(value)


@pytest.mark.parametrize("case", [case for case in CASES if case["layer"] == "functions"], ids=lambda case: case["id"])
def test_calc_reproduces_the_published_value(case):
    function, arguments = FUNCTIONS[case["metric"]]
    run = CliRunner().invoke(cli, ["calc", function, *map(argument, arguments(json.loads(case["inputs"])))])
    assert run.exit_code == 0, run.output
    if case["unit"] == "bucket":
        assert run.output.strip() in case["expected"]
        return
    right = case["expected"] if case["status"] != "known_wrong" else case["right_value"]
    result = float(run.output) * (100 if case["unit"] == "percent" else 1)
    tolerance = 0.0 if case["tolerance"] == "exact" else float(case["tolerance"])
    if case["status"] == "known_wrong":
        tolerance = 1e-6
        assert abs(result - float(case["expected"])) > 0.5
    assert result == pytest.approx(float(right), abs=tolerance + 1e-9, rel=0)


def test_every_published_value_of_a_function_is_run():
    assert {case["metric"] for case in CASES if case["layer"] == "functions"} == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("AR_DSO 250000 1500000 365", "60.83333333333333"),
        ("AR_DSO_COUNTBACK 300000 [280000,240000,210000,190000,170000,160000] 30", "32.5"),
        ("AR_CASH_IMPACT 40 20 100000000", "5479452.054794521"),
        ("AR_DSO [10,null,-3] [100,100,100] 30", "3\n#N/A\n-0.8999999999999999"),
        ("AR_DSO [[1,2],[3,4]] 10 30", "3\t6\n9\t12"),
        ("AR_BUCKET 2024-01-31 2024-03-31", "31-60"),
        ("AR_DISCOUNT_COST 0.02 10 30 365 TRUE", "0.4458529273124856"),
    ],
)
def test_calc_prints_what_a_cell_would_show(call, shown):
    found = printed("calc", *call.split()).strip()
    assert found == shown or float(found) == pytest.approx(float(shown), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "shown", "said"),
    [
        ("ar_dso 1 0 365", "#DIV/0!", "credit_sales is 0"),
        ("AR_DSO 1 -5 365", "#NUM!", "credit_sales"),
        ("AR_DSO x 1 2", "#VALUE!", "receivables is no number"),
        ("AR_DSO #REF! 5 365", "#REF!", "receivables holds the error #REF!"),
        ("AR_CASH_IMPACT 20 40 1000 -5", "#NUM!", "must be more than 0"),
        ("AR_DSO [4,3] [0,0] 10", "#DIV/0!\n#DIV/0!", "credit_sales is 0"),
    ],
)
def test_calc_of_bad_input_prints_the_error_of_the_cell_and_says_why(call, shown, said):
    run = receivables("calc", *call.split())
    assert run.returncode == 2
    assert run.stdout.strip() == shown
    assert run.stderr.startswith("receivables: ")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def test_calc_explains():
    assert (
        printed("calc", "AR_DSO", 850000, 3200000, 365, "--explain").strip() == "850,000 / 3,200,000 x 365 = 96.95 days"
    )
    assert "nothing to divide by" in printed("calc", "AR_DSO", 1, 0, 365, "--explain")


def test_calc_refuses_in_one_sentence():
    assert "no function AR_DOS" in refused("calc", "AR_DOS", 1, run=started)
    assert "AR_DSO(receivables, credit_sales, days)" in refused("calc", "AR_DSO", 1)
    assert "not a JSON list" in refused("calc", "AR_DSO", "[1,", 2, 3)


def test_functions_lists_every_function_with_fixed_keys():
    listed = json.loads(printed("functions", "--json"))
    assert [entry["name"] for entry in listed[:5]] == [
        *("AR_DSO", "AR_DSO_COUNTBACK", "AR_CEI", "AR_DDSO", "AR_CASH_IMPACT"),
    ]
    assert len(listed) == 26
    for entry in listed:
        assert list(entry) == ["name", "category", "syntax", "summary", "formula", "arguments"]
        assert all(list(argument) == ["name", "help", "unit", "required"] for argument in entry["arguments"])
    assert listed[0]["syntax"] == "=AR_DSO(receivables, credit_sales, days)"
    assert "=AR_DSO(" in printed("functions")


# ---- figures of a ledger


def test_aging_has_the_fixed_keys_and_ties(small_files, small_company):
    command = ("aging", small_files.ledger, "--receipts", small_files.receipts, "--as-of", small_company.as_of)
    for by in ("customer", "region", "tier", "owner"):
        found = json.loads(printed(*command, "--by", by, "--json"))
        assert list(found) == [
            *("as_of", "currency", "total", "items", "buckets", "groups", "by_currency", "warnings"),
            *("findings", "set_aside"),
        ]
        assert list(found["groups"][0]) == ["key", "total", "buckets"]
        assert list(found["by_currency"][0]) == ["currency", "total", "items", "buckets", "groups"]
        assert round(sum(found["buckets"].values()), 2) == found["total"]
        assert round(sum(group["total"] for group in found["groups"]), 2) == found["total"]
        assert found["by_currency"][0]["total"] == found["total"]
    assert "Total" in printed(*command, "--by", "region")


TWO_CURRENCIES = """\
Customer ID,Document,Document date,Due date,Currency,Amount
1,A,2025-01-05,2025-02-04,EUR,1000.00
2,B,2025-01-05,2025-02-04,EUR,500.00
3,C,2025-01-05,2025-03-26,USD,100.00
"""


def test_the_screen_shows_what_the_json_has_of_several_currencies(tmp_path):
    file = tmp_path / "items.csv"
    file.write_text(TWO_CURRENCIES)
    command = ("aging", file, "--as-of", "2025-03-31", "--rate", "USD=0.9")
    found = json.loads(printed(*command, "--currency", "EUR", "--json"))
    assert (found["total"], found["buckets"]["1-30"]) == (1590.0, 90.0)
    screen = printed(*command, "--currency", "EUR")
    assert "EUR, all currencies converted" in screen
    assert "1,590.00" in screen
    without = receivables(*command)
    assert "all currencies converted" not in without.stdout
    assert "no base currency is named" in without.stderr
    assert "--currency CODE" in without.stderr
    unrated = receivables(*command[:-2], "--currency", "EUR")
    assert "--rate CODE=RATE" in unrated.stderr


def test_aging_by_the_customers_group(tmp_path):
    file, customers = tmp_path / "items.csv", tmp_path / "customers.csv"
    file.write_text(TWO_CURRENCIES.replace("USD", "EUR"))
    customers.write_text("Customer ID,Customer,Group,Owner\n1,Elm,Trees,Kim\n2,Oak,,Jo\n3,Ash,Trees,Jo\n")
    command = ("aging", file, "--as-of", "2025-03-31", "--by", "group")
    found = json.loads(printed(*command, "--customers", customers, "--json"))
    assert {group["key"]: group["total"] for group in found["groups"]} == {"": 500.0, "Trees": 1100.0}
    assert "No customer has a group" in refused(*command)


def test_metrics_of_the_ibm_set(ibm_folder):
    reference = json.loads((ibm_folder / "reference_values.json").read_text())
    source = ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"
    keys = "month_end receivables current overdue credit_sales cash credits write_offs"
    keys = [*keys.split(), "dso", "dso_countback", "best_possible_dso", "ddso", "cei"]
    for expected in reference["ref"]:
        rows = json.loads(printed("metrics", source, "--as-of", expected["asof"], "--json"))
        assert [list(row) for row in rows[:-1]] == [keys] * (len(rows) - 1)
        assert list(rows[-1]) == [*keys, "findings", "set_aside"]
        last, before = rows[-1], rows[-2]
        assert (last["receivables"], last["credit_sales"], last["cash"]) == (
            expected["ar"],
            expected["sales"],
            expected["cash"],
        )
        assert last["current"] == expected["buckets"]["Current"]
        for ours, theirs in (
            ("dso", "dso_month_end"),
            ("dso_countback", "countback_actual"),
            ("best_possible_dso", "bpdso"),
            ("ddso", "ddso"),
            ("cei", "cei"),
        ):
            assert last[ours] == pytest.approx(expected[theirs], rel=1e-9)
        assert round(before["receivables"] + last["credit_sales"] - last["cash"], 2) == last["receivables"]
    assert "DSO" in printed("metrics", source, "--as-of", "2012-06-30")


# ---- the workbook


@pytest.fixture
def small(small_files, tmp_path):
    for path in small_files:
        shutil.copy(path, tmp_path)
    return tmp_path


def refresh(folder, *more):
    return ("refresh", folder / "ledger.csv", "--receipts", folder / "receipts.csv", *more)


def test_refresh_writes_a_workbook_and_says_what_it_found(small, small_company):
    run = started(*refresh(small, "--as-of", small_company.as_of, "--company", "Example Ltd", "--freeze"), cwd=small)
    assert run.returncode == 0
    name = f"receivables-{small_company.as_of:%Y-%m}"
    assert run.stdout.strip().endswith(f"{name}.xlsx")
    assert "DSO (days)" in run.stdout
    assert {path.name for path in small.glob("*.xlsx")} == {f"{name}.xlsx", f"{name} values.xlsx"}
    book = openpyxl.load_workbook(small / f"{name}.xlsx", read_only=True)
    assert book.sheetnames[:3] == ["Start", "Dashboard", "Collections"]
    book.close()


def test_quiet_is_quiet_and_time_can_be_passed_in(small, small_company):
    for out in ("a.xlsx", "b.xlsx"):
        run = receivables(
            *refresh(small, "--as-of", small_company.as_of, "--out", out, "-q"),
            cwd=small,
            SOURCE_DATE_EPOCH="1793000000",
        )
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (small / "a.xlsx").read_bytes() == (small / "b.xlsx").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--freeze",)])
def test_progress_counts_up_from_reading_to_saving(small, small_company, options):
    told = []

    @contextmanager
    def watched(quiet):
        yield lambda what, share: told.append((what, share))

    words = refresh(small, "--as-of", small_company.as_of, "--out", small / "m.xlsx", *options)
    with mock.patch("xlwings_addin.cli._progress", watched):
        assert CliRunner().invoke(cli, list(map(str, words))).exit_code == 0
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], told[-1]) == (0.0, ("saving", pytest.approx(0.875 if options else 0.75)))
    assert {"reading ledger.csv", "calculating", "Dashboard"} <= {what for what, _ in told}


def test_last_months_workbook_is_never_touched(small, small_company):
    last = small_company.as_of.replace(day=1).isoformat()
    assert receivables(*refresh(small, "--as-of", last, "--out", "last.xlsx"), cwd=small).returncode == 0
    before = (small / "last.xlsx").read_bytes()
    more = ("--as-of", small_company.as_of, "--previous", "last.xlsx", "--out", "this.xlsx")
    assert receivables(*refresh(small, *more), cwd=small).returncode == 0
    assert (small / "last.xlsx").read_bytes() == before
    same = refused(*refresh(small, "--as-of", last, "--previous", "last.xlsx", "--out", "last.xlsx"), cwd=small)
    assert "last.xlsx is read in this run" in same


BAD = {
    "no such file": ("gone.csv", None, "no file gone.csv"),
    "a folder": (".", None, "is a folder"),
    "empty": ("empty.csv", "", "empty"),
    "headings only": ("heads.csv", ITEMS, "no "),
    "no such column": ("columns.csv", "a,b\n1,2\n", "its columns are 'a', 'b'"),
    "no date column": ("dates.csv", "Customer ID,Document,Amount\n1,A,5\n", "which column is the date"),
    "text amounts": ("text.csv", ITEMS + "1,A,2024-01-05,2024-02-04,plenty,North\n", "'plenty'"),
    "not a workbook": ("broken.xlsx", "PK nonsense", "broken.xlsx"),
    "as-of before all items": ("late.csv", ITEMS + "1,A,2025-01-05,2025-02-04,5,North\n", "before all items"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_and_nothing_is_written(case, tmp_path):
    name, content, said = BAD[case]
    if content is not None:
        (tmp_path / name).write_text(content)
    before = sorted(path.name for path in tmp_path.iterdir())
    for command in ("refresh", "metrics", "aging"):
        assert said in refused(command, name, "--as-of", "2024-01-31", cwd=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--as-of", "yesterday"), "'yesterday' is not a date"),
        (("--as-of", "2024-02-30"), "is not a date"),
        (("--as-of", "2024-01-31", "--out", "."), "is a folder"),
        (("--as-of", "2024-01-31", "--out", "figures.csv"), "must end in .xlsx"),
        (("--as-of", "2024-01-31", "--out", "nowhere/m.xlsx"), "no folder nowhere"),
        (("--as-of", "2024-01-31", "--previous", "gone.xlsx"), "gone.xlsx"),
        (("--as-of", "2024-01-31", "--previous", "one.csv"), "one.csv"),
        (("--as-of", "2024-01-31", "--rate", "USD"), "CODE=RATE"),
        (("--as-of", "2024-01-31", "--rate", "USD=-1"), "a rate above 0"),
        (("--as-of", "2124-01-31"), "would span 1,218 months"),
        (("--as-of", "2024-01-31", "--out", "/proc/month.xlsx"), "/proc/month.xlsx cannot be written"),
        ((), "--as-of"),
        (("--as-of", "2024-01-31", "--by", "x"), "--by"),
    ],
)
def test_a_wrong_option_is_one_sentence(tmp_path, options, said):
    (tmp_path / "one.csv").write_text(ONE)
    assert said in refused("refresh", "one.csv", *options, cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["one.csv"]


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        ((), {}),
        (
            ("--column", "open_amount=A=B", "--column", "due_date=Due"),
            {"columns": {"open_amount": "A=B", "due_date": "Due"}},
        ),
        (("--sheet", "North", "--sheet", "South"), {"sheets": ["North", "South"]}),
        (("--signs", "by-kind", "--encoding", "cp1252"), {"signs": "by-kind", "encoding": "cp1252"}),
        (("--terms", "ZB=30=30"), {"terms": {"ZB=30": 30}}),
        (
            ("--status", "Posted=open", "--kind", "RV = invoice", "--currency-word", "kr=SEK"),
            {"words": {"status": {"Posted": "open"}, "kind": {"RV": "invoice"}, "currency": {"kr": "SEK"}}},
        ),
    ],
)
def test_the_answers_among_the_options_are_what_a_mapping_file_would_hold(options, answers, tmp_path):
    (tmp_path / "one.csv").write_text(ONE)
    for command in ("check", "aging", "metrics", "refresh"):
        with mock.patch("xlwings_addin.ledger.reader.read_ledger", side_effect=LedgerError("Seen.")) as read:
            run = receivables(command, "one.csv", "--as-of", "2024-01-31", *options, cwd=tmp_path)
        assert run.stderr == "receivables: Seen.\n"
        assert read.call_args.kwargs["answers"] == answers


@pytest.mark.parametrize("command", ["check", "aging", "metrics", "refresh"])
def test_help_has_each_option_once_under_a_heading(command):
    said = CliRunner().invoke(cli, [command, "--help"]).output
    assert [line for line in said.splitlines() if line.endswith(":")][:2] == ["Files:", "The month:"]
    assert re.findall(r"^  (-.*?)(?:  |$)", said.partition("Other options:")[2], re.MULTILINE) == ["-h, --help"]
    for option in (one for parameter in cli.commands[command].params for one in parameter.opts if one.startswith("--")):
        assert len(re.findall(rf"^  (?:-\w, )?{option}\b(?!-)", said, re.MULTILINE)) == 1, option


def test_a_workbook_that_is_not_there_is_not_called_damaged(tmp_path):
    (tmp_path / "one.csv").write_text(ONE)
    said = refused("refresh", "one.csv", "--as-of", "2024-01-31", "--previous", "gone.xlsx", cwd=tmp_path)
    assert said == "receivables: There is no workbook gone.xlsx: check its name and folder.\n"


@pytest.mark.parametrize(
    "receipts",
    [
        "Customer ID,Document,Date,Amount,Kind\n1,A,2024-01-20,60,cash\n1,A,2024-01-21,1,discount\n",
        "Customer ID,Document,Payment date,Amount\n1,A,2024-01-20,60\n",
        "Customer ID,Invoice,Date,Amount received\n1,A,2024-01-20,60\n",
    ],
)
def test_receipts_are_no_ledger(receipts, tmp_path):
    (tmp_path / "receipts.csv").write_text(receipts)
    for command in ("check", "aging", "metrics", "refresh"):
        said = receivables(command, "receipts.csv", "--as-of", "2024-01-31", cwd=tmp_path)
        assert said.returncode == 2
        assert said.stderr.startswith("receivables: receipts.csv holds receipts, not invoices or open items: ")
    (tmp_path / "one.csv").write_text(ONE)
    found = json.loads(
        printed("aging", "one.csv", "--receipts", "receipts.csv", "--as-of", "2024-01-31", "--json", cwd=tmp_path)
    )
    assert found["total"] in (39, 40)


@pytest.mark.parametrize(("given", "currency"), [("eur", "EUR"), ("Euro", "EUR"), ("€", "EUR")])
def test_a_currency_goes_by_its_code_name_or_sign(given, currency, tmp_path):
    (tmp_path / "one.csv").write_text(ONE)
    run = ("aging", "one.csv", "--as-of", "2024-01-31", "--currency", given, "--json")
    assert json.loads(printed(*run, cwd=tmp_path))["currency"] == currency


def test_check_shows_what_each_answer_would_give():
    question = QuestionError(
        "f.csv: 'Balance' or 'Total' may be what is open.",
        Answer("column", ("open_amount=Balance", "open_amount=Total"), ("total 240.00", "total 300.00")),
    )
    with mock.patch("xlwings_addin.ledger.reader.read_ledger", side_effect=question):
        run = receivables("check", "f.csv", "--json")
        found = json.loads(run.stdout)
        assert run.returncode == 2
        assert found["questions"][0]["choices"] == [
            {"answer": '--column "open_amount=Balance"', "gives": "total 240.00"},
            {"answer": '--column "open_amount=Total"', "gives": "total 300.00"},
        ]
        for command in ("check", "aging", "metrics", "refresh"):
            said = refused(command, "f.csv", "--as-of", "2024-01-31")
            assert '--column "open_amount=Balance" (total 240.00)' in said


def test_the_template_is_not_written_over(tmp_path):
    assert "receivables-template.xlsx" in printed("template", cwd=tmp_path)
    path = tmp_path / "receivables-template.xlsx"
    path.write_bytes(path.read_bytes() + b"typed into")
    assert "exists and is not replaced" in refused("template", cwd=tmp_path)


@pytest.mark.slow
def test_demo_shows_the_month_and_the_path(tmp_path):
    shown = printed("demo", cwd=tmp_path, run=started)
    assert "Receivables" in shown
    assert "DSO (days)" in shown
    made = tmp_path / "receivables-demo"
    assert {path.name for path in made.iterdir()} == {
        "ledger.csv",
        "receipts.csv",
        "customers.csv",
        "receivables-2026-09.xlsx",
        "receivables-2026-10.xlsx",
        ".receivables.json",
    }
    assert "receivables-2026-10.xlsx" in shown


KILLS = int(os.environ.get("RECEIVABLES_KILLS", "20"))
"""Spread over the time a refresh takes."""


@pytest.mark.slow
def test_killed_at_any_moment_a_refresh_leaves_a_whole_workbook_or_none(small, small_company):
    command = [
        sys.executable,
        "-m",
        "xlwings_addin",
        *map(str, refresh(small, "--as-of", small_company.as_of, "--out", "month.xlsx", "-q")),
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    started = time.monotonic()
    subprocess.run(command, cwd=small, check=True, env=environment, timeout=120)
    whole = time.monotonic() - started
    out = small / "month.xlsx"
    before = out.read_bytes()
    settings = ("--currency", "EUR", "--company", "Another Ltd")
    for attempt in range(KILLS):
        process = subprocess.Popen([*command, *settings], cwd=small, env=environment)
        time.sleep(whole * (0.3 + 0.7 * attempt / max(KILLS - 1, 1)))
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        with zipfile.ZipFile(out) as package:
            assert package.testzip() is None
        if attempt == 0:
            assert out.read_bytes() == before
    subprocess.run([*command, *settings], cwd=small, check=True, env=environment, timeout=120)
    assert list(small.glob(".*.tmp")) == [], "what killed runs left behind is cleared by the next one"


PAIRS = int(os.environ.get("RECEIVABLES_PAIRS", "3"))


@pytest.mark.slow
def test_of_two_runs_at_once_neither_loses_what_the_other_wrote(small, small_company):
    command = (*refresh(small, "--as-of", small_company.as_of), "--out", "month.xlsx", "-q")
    assert receivables(*command, cwd=small).returncode == 0
    for pair in range(PAIRS):
        companies = (f"First {pair} Ltd", f"Second {pair} Ltd")
        runs = [
            subprocess.Popen(
                [sys.executable, "-m", "xlwings_addin", *map(str, command), "--company", company],
                cwd=small,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
                stderr=subprocess.PIPE,
                text=True,
            )
            for company in companies
        ]
        said = [run.communicate(timeout=120)[1] for run in runs]
        kept = [zipfile.ZipFile(path).read("docProps/core.xml").decode() for path in small.glob("month*.xlsx")]
        for run, told, company in zip(runs, said, companies, strict=True):
            assert run.returncode == 0 or "by another run" in told or "meanwhile" in told, told
            assert (run.returncode == 0) is any(company in book for book in kept)
        assert 0 in [run.returncode for run in runs]
    assert list(small.glob(".receivables-*.tmp")) == []


@pytest.mark.slow
def test_a_workbook_saved_while_the_run_works_is_not_replaced(small, small_company, monkeypatch):
    command = (*refresh(small, "--as-of", small_company.as_of), "--out", "month.xlsx", "-q")
    assert receivables(*command, cwd=small).returncode == 0
    close = month_end.close_month
    saved = (small / "month.xlsx").read_bytes() + b"saved"

    def meanwhile(*args, **more):
        (small / "month.xlsx").write_bytes(saved)
        return close(*args, **more)

    monkeypatch.setattr(month_end, "close_month", meanwhile)
    assert "changed by somebody else meanwhile" in refused(*command, "--company", "Other Ltd", cwd=small)
    assert (small / "month.xlsx").read_bytes() == saved
    assert list(small.glob("* backup *")) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_what_is_not_carried_over_is_in_the_copy_that_is_named(small, small_company, quiet):
    command = (*refresh(small, "--as-of", small_company.as_of), "--out", "month.xlsx", *quiet)
    assert receivables(*command, cwd=small).returncode == 0
    book = openpyxl.load_workbook(small / "month.xlsx")
    book.create_sheet("Mine")["A1"] = "typed"
    book.save(small / "month.xlsx")
    said = receivables(*command, cwd=small).stderr.splitlines()
    told = next(line for line in said if line.startswith("Not carried over"))
    copy = small / told.partition("still in ")[2].partition(":")[0]
    assert openpyxl.load_workbook(copy)["Mine"]["A1"].value == "typed"


def test_a_rate_given_twice_is_one_rate(tmp_path):
    (tmp_path / "two.csv").write_text(
        "Customer ID,Document,Document date,Due date,Currency,Amount\n"
        "1,A,2024-01-05,2024-02-04,EUR,100\n1,B,2024-01-05,2024-02-04,USD,100\n"
    )
    command = ("refresh", "two.csv", "--as-of", "2024-01-31", "--currency", "EUR", "--out", "m.xlsx", "-q")
    for rate, total in (("0.9", 190), ("0.9", 190), ("0.8", 180)):
        before = (tmp_path / "m.xlsx").read_bytes() if (tmp_path / "m.xlsx").exists() else None
        assert receivables(*command, "--rate", f"USD={rate}", cwd=tmp_path).returncode == 0
        book = openpyxl.load_workbook(tmp_path / "m.xlsx", data_only=True, read_only=True)
        rows = [row for row in book["Settings"].iter_rows(min_col=2, max_col=4, values_only=True) if row[0] == "USD"]
        shown = [
            row[1] for row in book["Start"].iter_rows(min_col=2, max_col=3, values_only=True) if row[0] == "Receivables"
        ]
        book.close()
        # That of the closing, and the same for the days before, of which no other is known.
        assert [(str(row[1])[:10], row[2]) for row in rows] == [
            ("1970-01-01", float(rate)),
            ("2024-01-31", float(rate)),
        ]
        assert shown == [total]
        if before and rate == "0.9":
            assert (tmp_path / "m.xlsx").read_bytes() == before


def test_our_own_workbook_is_a_ledger_too(small, small_company):
    more = ("--as-of", small_company.as_of, "--company", "Example Ltd")
    assert receivables(*refresh(small, *more, "--out", "first.xlsx", "-q"), cwd=small).returncode == 0
    of_files = ("metrics", *refresh(small)[1:])
    months, said = [], []
    for command in (("metrics", "first.xlsx"), of_files):
        *before, last = json.loads(printed(*command, "--as-of", small_company.as_of, "--json", cwd=small))
        said.append([one["message"] for one in last.pop("findings") if one["severity"] != "note"])
        months.append([*before, last])
    assert months[0] == months[1]
    assert said[0] == said[1]
