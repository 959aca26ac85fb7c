"""`check`, `aging`, `metrics` and `refresh` say the same of a file: exit status, findings, what is set aside.

A figure is shown by all of them or by none.
"""

import contextlib
import io
import json
import sys
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from erp_samples import EXPORTS
from import_cases import CASES
from import_cases import written as case_file
from rungs import tools

from xlwings_addin.cli import main
from xlwings_addin.ledger.errors import Answer
from xlwings_addin.ledger.findings import QUESTION
from xlwings_addin.ledger.reader import read_ledger

COMMANDS = ("check", "aging", "metrics", "refresh")
HEADER = "Customer ID,Document,Document date,Due date,Amount,Currency\n"
EVERY_EXPORT = sorted(path for path in EXPORTS.glob("*/*.csv") if not path.stem.endswith("ledger"))
DAY = "2026-12-31"


def ran(command, *arguments):
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["receivables", command, *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return ended.value.code, out.getvalue(), err.getvalue()


def told(out):
    """What a command's JSON says beside its figures; that of `metrics` in its last month."""
    found = json.loads(out)
    found = found[-1] if isinstance(found, list) else found
    return found["findings"], found["set_aside"]


def agreed(folder, *arguments):
    """The one exit status, the one list of findings and the one sum that all four give."""
    said = {}
    for command in COMMANDS:
        more = ("--out", folder / "month.xlsx") if command == "refresh" else ()
        said[command] = ran(command, *arguments, *more, "--json")
    statuses = {command: status for command, (status, _, _) in said.items()}
    assert len(set(statuses.values())) == 1, (statuses, said["aging"][2], said["refresh"][2])
    status = statuses["check"]
    assert (folder / "month.xlsx").exists() == (status == 0)
    if status:
        assert status == 2
        asked = json.loads(said["check"][1])["findings"]
        for command in COMMANDS[1:]:
            _, out, err = said[command]
            assert out == ""
            assert err.startswith("receivables: ")
            assert err.count("\n") == 1
            assert any(one["severity"] == "error" and err[13:].startswith(one["message"][:-1]) for one in asked), err
        return status, None, None
    findings, aside = told(said["check"][1])
    for command in COMMANDS[1:]:
        _, out, err = said[command]
        assert told(out) == (findings, aside), command
        named = [one for one in findings if one["severity"] != "note"]
        assert len(err.splitlines()) == len(named) + bool(aside["rows"])
        for one in named:
            assert one["message"].removesuffix(".") in err
        assert ("not in these figures" in err) == bool(aside["rows"])
    return status, findings, aside


@pytest.mark.parametrize("path", EVERY_EXPORT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_all_four_agree_on_every_sample(path, tmp_path):
    agreed(tmp_path, path, "--as-of", DAY)


@pytest.mark.parametrize("path", EVERY_EXPORT[::4], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_all_four_agree_where_no_day_is_given(path, tmp_path):
    agreed(tmp_path, path)


def there_and_back(folder, path, *options, day=DAY):
    """What is read of a file, and by the mapping that is saved of it: exit status, items and what is open."""
    mapping = folder / f"mapping {len([*folder.iterdir()])}.toml"
    ran("check", path, *options, "--save-mapping", mapping, "-q")
    found = []
    for more in (options, ("--mapping", mapping)):
        status, out, err = ran("aging", path, *more, "--as-of", day, "--json")
        said = json.loads(out) if out else {}
        said = {key: said.get(key) for key in ("items", "by_currency", "set_aside")} if out else err.split(";")[0]
        found.append((status, said))
    return found


@pytest.mark.parametrize("path", EVERY_EXPORT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_mapping_reads_a_sample_the_same(path, tmp_path):
    one, other = there_and_back(tmp_path, path)
    assert one == other


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}: {case.means[:60]}")
def test_a_saved_mapping_reads_a_case_the_same(case, tmp_path):
    """Undecided it stays undecided; what was answered is saved."""
    path = case_file(tmp_path, case.name, case.content)
    one, other = there_and_back(tmp_path, path, day=case.day)
    assert one == other
    if case.answer.get("answers"):
        mapping = tmp_path / "answers.json"
        mapping.write_text(json.dumps(case.answer["answers"]), encoding="utf-8")
        one, other = there_and_back(tmp_path, path, "--mapping", mapping, day=case.day)
        assert one == other


def test_a_sheet_of_notes_hides_no_mapping(tmp_path):
    """The notes are longer than the list."""
    book = openpyxl.Workbook()
    for row in (["Wer", "Ref", "Datum", "Fällig", "Offen"], ["Ada", "R-1", "2026-01-05", "2026-02-04", 10.5]):
        book.active.append(row)
    notes = book.create_sheet("Notes")
    for line in range(9):
        notes.append([f"Note {line}", "by Ada", "of the month"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    one, other = there_and_back(tmp_path, path, "--column", "customer_name=Wer")
    assert one == other
    assert (one[0], one[1]["items"]) == (0, 1)


FILES = {".csv", ".xlsx", ".txt", ".xls", ".json"}


@pytest.mark.slow
@pytest.mark.parametrize("share", range(8))
@pytest.mark.parametrize("kind", ["imports", "ledgers"])
def test_all_four_agree_on_every_case(kind, share, tmp_path):
    folder = tools.shared("cases") / kind
    files = [path for path in sorted(folder.iterdir()) if ".receipts." not in path.name and path.suffix in FILES]
    assert files
    for place, path in enumerate(files[share::8]):
        receipts = path.with_name(path.name.replace(".items.", ".receipts."))
        more = ("--receipts", receipts) if receipts != path and receipts.exists() else ()
        out = tmp_path / str(place)
        out.mkdir()
        agreed(out, path, *more, "--as-of", DAY)


def written(folder, text, name="ledger.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


GOOD = "7,A1,2026-08-20,2026-09-19,120.50,EUR\n"
LEFT_OUT = {
    "nothing": (GOOD, {"rows": 0, "amount": 0.0}),
    "an invalid date": (GOOD * 2 + "7,A2,soon,,40.25,EUR\n", {"rows": 1, "amount": 40.25}),
    "an invalid amount": (GOOD * 2 + "7,A2,2026-08-20,2026-09-19,#N/A,EUR\n", {"rows": 1, "amount": None}),
    "one of two amounts": (
        GOOD * 3 + "7,A2,2026-08-20,2026-09-19,?,EUR\n,A3,2026-08-20,2026-09-19,9.75,EUR\n",
        {"rows": 2, "amount": 9.75},
    ),
    "another currency": (GOOD + ",A2,2026-08-20,2026-09-19,40.25,USD\n", {"rows": 1, "amount": {"USD": 40.25}}),
    "invalid cents": (
        GOOD.replace("EUR", "JPY") + ",A2,2026-08-20,2026-09-19,4025,JPY\n",
        {"rows": 1, "amount": 4025.0},
    ),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_rows_that_are_in_no_figure_are_counted_and_summed(what, tmp_path):
    rows, aside = LEFT_OUT[what]
    path = written(tmp_path, HEADER + rows)
    assert agreed(tmp_path, path, "--as-of", DAY)[2] == aside


def test_a_receipt_without_an_item_is_set_aside_by_all(tmp_path):
    path = written(tmp_path, HEADER + GOOD)
    receipts = written(tmp_path, "Document,Date,Amount\nA1,2026-09-01,20\nZ9,2026-09-01,7.5\n", "receipts.csv")
    _, findings, aside = agreed(tmp_path, path, "--receipts", receipts, "--as-of", DAY)
    assert aside == {"rows": 1, "amount": 7.5}
    assert "receipts without item" in {one["code"] for one in findings}


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        ("7,A1,01/02/2026,,120.50,EUR\n", (), "day first or month first"),
        (GOOD, ("--as-of", "2026-08-19"), "lies before all items"),
        (GOOD + "7,A2,2026-09-20,,1,EUR\n", ("--as-of", "2026-09-01"), "Cannot go back to 2026-09-01"),
        (GOOD + "7,A2,1926-09-20,,1,EUR\n", (), "would span"),
        ("", (), "has headings but no document below them"),
        (GOOD, ("--currency", "Monopoly money"), "'Monopoly money' is not a currency"),
        (GOOD, ("--signs", "by-kind", "--terms", "ZB30=soon"), "--terms ZB30=soon: write it as --terms KEY=DAYS"),
        (GOOD, ("--currency-word", "EUR=kronor"), "EUR = 'kronor', which is no code of a currency"),
        (GOOD, ("--encoding", "utf-99"), "which is no encoding: cp1252, cp1250 or gb18030 is one"),
        (GOOD, ("--sheet", "West"), "No sheet that is read is called 'West'"),
        (GOOD, ("--column", "amount=Wert"), "has no column 'Wert', named in what was answered"),
        (GOOD, ("--column", "amount=none"), "has no heading that says which column is the amount"),
        (GOOD, ("--status", "Posted"), "--status Posted: write it as --status WORD=STATUS, Posted=open for example"),
    ],
)
def test_what_one_refuses_all_refuse_with_the_same_words(rows, more, said, tmp_path):
    path = written(tmp_path, HEADER + rows)
    for command in COMMANDS:
        arguments = (path, "--as-of", DAY, *more, *(("--out", tmp_path / "m.xlsx") if command == "refresh" else ()))
        status, out, err = ran(command, *arguments)
        assert status == 2
        assert said in err
        assert command == "check" or out == ""
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.csv"]


def test_a_question_that_a_finding_asks_stops_all_four(tmp_path):
    """An invoice that is partly paid, and nothing that says what of it is open."""
    path = written(tmp_path, HEADER.replace("Currency", "Status") + GOOD.replace("EUR", "partly paid"))
    assert agreed(tmp_path, path, "--as-of", DAY)[0] == 2
    # Of no day, the check asks all the same.
    assert ran("check", path)[0] == 2
    receipts = written(tmp_path, "Document,Date,Amount\nA1,2026-09-01,20.50\n", "receipts.csv")
    assert agreed(tmp_path, path, "--receipts", receipts, "--as-of", DAY)[0] == 0


def test_a_finding_that_waits_for_an_answer_stops_every_figure(tmp_path):
    path = written(tmp_path, HEADER + GOOD)
    asking = read_ledger(path).with_findings([QUESTION.found(reason="Which?", answers=(Answer("receipts"),))])
    with mock.patch("xlwings_addin.ledger.reader.read_ledger", return_value=asking):
        for command in COMMANDS:
            status, _, err = ran(command, path, "--as-of", DAY)
            assert status == 2
            assert "Which?" in err


def test_a_rate_that_is_missing_is_said_by_all(tmp_path):
    path = written(tmp_path, HEADER + GOOD + GOOD.replace("EUR", "USD").replace("A1", "A2"))
    _, findings, _ = agreed(tmp_path, path, "--as-of", DAY, "--currency", "EUR")
    assert "missing rate" in {one["code"] for one in findings}
    other = tmp_path / "rate"
    other.mkdir()
    _, findings, _ = agreed(other, path, "--as-of", DAY, "--currency", "EUR", "--rate", "USD=0.9")
    assert "missing rate" not in {one["code"] for one in findings}


def test_what_is_set_aside_stands_in_the_workbook(tmp_path):
    path = written(tmp_path, HEADER + GOOD + "7,A2,soon,,1250,EUR\n")
    line = "1 row (1,250.00 EUR) is not in these figures: see Checks."
    for rows, shown in ((None, [line, line]), (HEADER + GOOD, [])):
        if rows:
            path.write_text(rows, encoding="utf-8")
        out = tmp_path / "month.xlsx"
        assert ran("refresh", path, "--as-of", DAY, "--out", out, "-q")[0] == 0
        book = openpyxl.load_workbook(out, data_only=True, read_only=True)
        cells = [
            cell for name in ("Start", "Dashboard") for row in book[name].iter_rows(values_only=True) for cell in row
        ]
        assert [cell for cell in cells if cell and "not in these figures" in str(cell)] == shown
        checks = [
            row for row in book["Checks"].iter_rows(values_only=True) if "no date in column 'Document date'" in row
        ]
        assert [row[3:5] for row in checks] == ([(1250, "EUR")] if shown else [])
        book.close()


def test_readmes_example_for_the_next_month(tmp_path, monkeypatch):
    """A ledger without a currency column, pounds in Settings, and no --currency: the figures are in pounds."""
    monkeypatch.chdir(tmp_path)
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    first, following = (
        line.split()[1:] for line in readme.splitlines() if line.startswith("receivables refresh ledger.csv")
    )
    titles = "Customer ID,Document,Document date,Due date,Amount\n"
    written(tmp_path, f"{titles}7,A1,2026-08-20,2026-09-19,120.50\n7,A2,2026-10-20,2026-11-19,79.50\n")
    written(tmp_path, "Document,Date,Amount\nA1,2026-10-01,20\n", "receipts.csv")
    first = first[: first.index("--company")]
    assert ran(*first, "--currency", "GBP")[0] == 0
    status, out, err = ran(*following, "--json")
    assert status == 0, err
    found = json.loads(out)
    assert (found["workbook"], found["currency"]) == ("receivables-2026-11.xlsx", "GBP")
    assert found["figures"]["receivables"] == 180.0
    assert found["figures"]["overdue"] == 180.0
    assert not {one["code"] for one in found["findings"]} & {"missing rate", "unnamed currency"}
    # The same where the file says which day it shows, and so names the workbook.
    report = written(tmp_path, f"As of 2026-11-30\n{titles}7,A2,2026-10-20,2026-11-19,79.50\n", "report.csv")
    Path("receivables-2026-11.xlsx").unlink()
    found = json.loads(ran("refresh", report, "--previous", "receivables-2026-10.xlsx", "--json")[1])
    assert (found["workbook"], found["currency"]) == ("receivables-2026-11.xlsx", "GBP")
    assert found["figures"]["receivables"] == 79.5


KINDED = "Customer ID,Document,Document date,Kind,Status,Terms,Amount,Currency\n"
KINDED_ROWS = "7,A1,2026-08-20,RV,Open,Net 30,120.50,EUR\n7,A2,2026-08-21,XY,Posted,Net 30,-20,EUR\n"


@pytest.mark.parametrize(
    ("option", "what"),
    [
        (("--kind", "ZZ=invoice"), "'ZZ' = invoice"),
        (("--kind", "RV=cash"), "'RV' = cash"),
        (("--status", "Nada=open"), "'Nada' = open"),
        (("--terms", "ZB30=30"), "'ZB30' = 30"),
        (("--currency-word", "kr=SEK"), "'kr' = SEK"),
        (("--encoding", "cp1252"), "encoding cp1252"),
    ],
)
def test_an_answer_about_nothing_is_told_by_all(option, what, tmp_path):
    path = written(tmp_path, KINDED + KINDED_ROWS)
    status, findings, _ = agreed(tmp_path, path, "--as-of", DAY, *option)
    assert status == 0
    (told_of,) = [one["message"] for one in findings if one["code"] == "unused answer"]
    assert told_of.startswith(f"The answer {what} is about nothing in these files: ")


@pytest.mark.parametrize(
    "option",
    [("--kind", "XY=credit note"), ("--status", "Posted=open"), ("--signs", "as-is"), ("--currency-word", "EUR=EUR")],
)
def test_an_answer_about_something_is_used(option, tmp_path):
    path = written(tmp_path, KINDED + KINDED_ROWS)
    _, findings, _ = agreed(tmp_path, path, "--as-of", DAY, *option)
    assert "unused answer" not in {one["code"] for one in findings}


def test_kinds_that_are_answered_make_no_list_of_receipts(tmp_path):
    path = written(
        tmp_path, "Customer ID,Document,Date,Kind,Amount\nC1,R1,2026-01-05,RV,1000\nC2,R2,2026-01-06,XY,-200\n"
    )
    assert agreed(tmp_path, path, "--as-of", DAY, "--kind", "RV=payment", "--kind", "XY=credit note")[0] == 0


def test_signs_by_kind_ask_for_every_kind(tmp_path):
    """A kind that no word says may be a credit: the sign says nothing where signs do not count."""
    path = written(tmp_path, KINDED + KINDED_ROWS + "7,A3,2026-08-22,credit note,Open,Net 30,5,EUR\n")
    assert agreed(tmp_path, path, "--as-of", DAY, "--signs", "by-kind")[0] == 2
    err = ran("aging", path, "--as-of", DAY, "--signs", "by-kind")[2]
    assert '--kind "RV=invoice" (total 95.50 EUR, overdue 120.50 EUR) or --kind "RV=credit note"' in err
    assert agreed(tmp_path, path, "--as-of", DAY, "--signs", "by-kind", "--kind", "RV=invoice")[0] == 0


@pytest.mark.parametrize(("currency", "amount"), [("KWD", "1,234.567"), ("JPY", "1,234"), ("EUR", "1,234.50")])
def test_amounts_are_printed_with_the_decimals_of_their_currency(currency, amount, tmp_path):
    path = written(tmp_path, HEADER + f'7,A1,2026-08-20,2026-09-19,"{amount}",{currency}\n')
    for command in ("aging", "check"):
        out = ran(command, path, "--as-of", DAY)[1]
        assert f" {amount} " in out
        assert f" {amount}0" not in out
