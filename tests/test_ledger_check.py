"""`receivables check`: what a file is recognised as, how its columns are read and why, and what must be answered."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner
from erp_samples import EXPORTS, SAMPLES, rendered

from xlwings_addin.cli import cli
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import NO_DAY, LedgerError, QuestionError, quoted
from xlwings_addin.ledger.mapping import load, merged, saved
from xlwings_addin.ledger.reader import open_with_guess, read_ledger
from xlwings_addin.ledger.report import check_json

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["Customer ID", "Document", "Document date", "Due date", "Amount"]


def write(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", *map(str, arguments)], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value or 0, result.stdout


DAY = ("--as-of", "2026-12-31")
"""For files that show none."""


def checked(*arguments: object) -> tuple[int, dict]:
    status, out = run(*arguments, "--json")
    return status, json.loads(out)


# --- what is shown ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_sample_is_told_whole(sample):
    path = EXPORTS / f"{sample.file}.csv"
    status, found = checked(path)
    assert found["format"] == sample.format
    assert sum(found["rows"].values()) == sum(read_ledger(path).sources[0].classes.values())
    assert all(one["evidence"] for one in found["columns"])
    assert {"header", "read_as", "evidence"} == set(found["columns"][0])
    assert all({"code", "severity", "count", "rows", "message"} <= set(one) for one in found["findings"])
    for total in found["totals"].values():
        assert total["difference_file"] in (None, 0)
    # Where the file shows no day, that is all that is asked.
    asked = [] if found["as_of"] else [NO_DAY]
    assert (status, [one["question"] for one in found["questions"]]) == (2 if asked else 0, asked)


def test_totals_stand_side_by_side():
    status, found = checked(EXPORTS / "ERPNext/accounts_receivable.csv", "--gl", "125000.25", *DAY)
    assert status == 0
    assert found["totals"] == {"INR": {"file": 125365.25, "ledger": 125365.25, "difference_file": 0.0}}
    assert found["general_ledger"] == {"currency": "INR", "gl": 125000.25, "open": 125365.25, "difference": -365.0}


def test_the_general_ledger_is_held_against_what_is_open_in_all_currencies(tmp_path):
    header = ["Customer ID", "Document", "Document date", "Due date", "Currency", "Amount"]
    rows = [["1", "A", "2025-01-05", "2025-02-04", "EUR", "1000"], ["2", "B", "2025-01-05", "2025-02-04", "EUR", "500"]]
    paid = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["A", "2025-01-20", "1000"]])
    given = ["--receipts", paid, "--as-of", "2025-03-31", "--currency", "EUR"]
    _, found = checked(write(tmp_path / "i.csv", [header, *rows]), *given, "--gl", "500")
    assert found["general_ledger"] == {"currency": "EUR", "gl": 500.0, "open": 500.0, "difference": 0.0}
    rows.append(["3", "C", "2025-01-05", "2025-02-04", "USD", "100"])
    both = write(tmp_path / "b.csv", [header, *rows])
    _, found = checked(both, *given, "--gl", "590", "--rate", "USD=0.9")
    assert found["general_ledger"] == {"currency": "EUR", "gl": 590.0, "open": 590.0, "difference": 0.0}
    _, found = checked(both, *given, "--gl", "590")
    assert found["general_ledger"] == {"currency": "EUR", "gl": 590.0, "open": None, "difference": None}
    for day in ("2025-01-10", "2025-01-31"):
        more = ["--receipts", paid, "--as-of", day, "--currency", "EUR", "--rate", "USD=0.9"]
        aged = CliRunner().invoke(cli, ["aging", *map(str, [both, *more]), "--json"])
        _, found = checked(both, *more, "--gl", "0")
        assert found["general_ledger"]["open"] == json.loads(aged.stdout)["total"]


def test_evidence_says_how_a_column_was_decided():
    _, found = checked(EXPORTS / "SAP_FBL5N/line_items_de.csv")
    evidence = {one["read_as"]: one["evidence"] for one in found["columns"]}
    assert evidence["Amount"].startswith("decimal comma: ")
    assert evidence["Document date"].endswith("dates that read one way only")
    assert "RV = invoice" in evidence["Kind"]
    _, found = checked(EXPORTS / "QuickBooks_Online/ar_aging_detail.csv")
    evidence = {one["read_as"]: one["evidence"] for one in found["columns"]}
    assert evidence["Due date"] == "month first: 6 of 6 dates fit no other way"
    assert found["as_of"] == "2024-05-31"


def test_terms_and_siblings_are_evidence_too(tmp_path):
    rows = [["C", "1", "01/02/2024", "02/03/2024", "10"], ["C", "2", "03/04/2024", "03/05/2024", "10"]]
    rows += [["C", "3", "05/06/2024", "05/07/2024", "10"]]
    _, found = checked(write(tmp_path / "t.csv", [HEADER, *rows]))
    evidence = {one["read_as"]: one["evidence"] for one in found["columns"]}
    assert evidence["Due date"] == "day first: 3 of 3 payment terms are usual ones only so"
    rows = [["C", "1", "01/02/2024", "25/02/2024", "10"]]
    _, found = checked(write(tmp_path / "s.csv", [HEADER, *rows]))
    evidence = {one["read_as"]: one["evidence"] for one in found["columns"]}
    assert evidence["Document date"] == "day first, as column 'Due date'"
    _, found = checked(write(tmp_path / "a.csv", [HEADER, ["C", "1", "01/02/2024", "", "10"]]), "--dates", "mdy")
    evidence = {one["read_as"]: one["evidence"] for one in found["columns"]}
    assert evidence["Document date"] == "month first, as answered"


def test_findings_name_the_rows_of_the_file(tmp_path):
    rows = [["C", str(n), "2024-01-05", "2024-02-04", "10"] for n in range(30)]
    rows[3][4], rows[7][2], rows[9][3] = "250000", "2104-01-05", "2023-02-04"
    _, found = checked(write(tmp_path / "f.csv", [["Open items"], HEADER, *rows]))
    named = {one["code"]: one["rows"] for one in found["findings"]}
    assert named["wildly large amounts"] == [6]
    assert named["far dates"] == [10]
    assert named["due before document"] == [10, 12]


def test_what_is_left_out_is_named_by_its_rows():
    _, found = checked(EXPORTS / "Zoho_Books/Invoice.csv")
    named = {one["code"]: one["rows"] for one in found["findings"]}
    with (EXPORTS / "Zoho_Books/Invoice.csv").open(newline="", encoding="utf-8") as file:
        status = {row: line["Invoice Status"] for row, line in enumerate(csv.DictReader(file), start=2)}
    for word in ("draft", "void"):
        assert {status[row].casefold() for row in named[f"excluded: {word}"]} == {word}
    _, found = checked(EXPORTS / "QuickBooks_Online/ar_aging_detail.csv")
    named = {one["code"]: one["rows"] for one in found["findings"]}
    assert len(named["total rows"]) == 4


def test_the_gravest_comes_first(tmp_path):
    rows = [["C", "1", "2024-01-05", "", "10"], ["C", "2", "soon", "", "10"], ["C", "1", "2024-01-05", "", "10"]]
    _, found = checked(write(tmp_path / "f.csv", [HEADER, *rows]))
    order = [one["severity"] for one in found["findings"]]
    assert order == sorted(order, key=["error", "warning", "note"].index)
    assert found["exceptions"] == [
        {"file": "f.csv", "row": 3, "value": "soon", "reason": "no date in column 'Document date'"}
    ]


def test_several_files_are_told_one_by_one(tmp_path):
    one = write(tmp_path / "1.csv", [HEADER, ["C", "1", "2024-01-05", "", "10"]])
    two = write(tmp_path / "2.csv", [HEADER, ["C", "2", "2024-01-05", "", "5"]])
    receipts = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-01-10", "3"]])
    status, found = checked(one, two, "--receipts", receipts, *DAY)
    assert status == 0
    assert [file["role"] for file in found["files"]] == ["items", "items", "receipts"]
    assert found["totals"][""]["ledger"] == 15.0


def test_future_documents_and_rounded_numbers(tmp_path):
    rows = [["C", "1.23457E+15", "2024-01-05", "", "10"], ["C", "2", "2024-03-05", "", "10"]]
    _, found = checked(write(tmp_path / "f.csv", [["As of 31 January 2024"], HEADER, *rows]))
    named = {one["code"]: (one["severity"], one["rows"]) for one in found["findings"]}
    assert named["future documents"] == ("warning", [4])
    assert named["rounded numbers"] == ("error", [3])


def test_one_name_under_several_numbers(tmp_path):
    header = ["Customer ID", "Customer", *HEADER[1:]]
    rows = [["1", "Acme", "1", "2024-01-05", "", "1"], ["2", "Acme", "2", "2024-01-05", "", "1"]]
    rows += [["3", "", "3", "2024-01-05", "", "1"], ["4", "", "4", "2024-01-05", "", "1"]]
    _, found = checked(write(tmp_path / "f.csv", [header, *rows]))
    (one,) = [one for one in found["findings"] if one["code"] == "one name, several numbers"]
    assert one["count"] == 1
    assert "'Acme' 2" in one["message"]


def test_the_tables_are_short_and_say_it_in_words(tmp_path):
    status, out = run(EXPORTS / "Odoo/aged_receivable.csv", "--gl", "2000", *DAY)
    assert status == 0
    assert out.startswith("aged_receivable.csv: Odoo Aged Receivable\n  Known by  ")
    for words in ("Read as", "Evidence", "File total", "Ledger total", "GL total", "2,012.50", "(12.50)"):
        assert words in out
    assert len(out.splitlines()) < 60


# --- what must be answered --------------------------------------------------------------------------------------


def test_an_open_question_is_status_2_and_names_its_option(tmp_path):
    path = write(tmp_path / "q.csv", [HEADER, ["C", "1", "01/02/2024", "", "10"]])
    status, found = checked(path)
    assert status == 2
    assert found["questions"][0]["option"] == "--dates dmy|mdy"
    assert found["format"] is None
    with pytest.raises(Exception, match=r"answer with --dates dmy \(day first\) or --dates mdy \(month first\)\.$"):
        run(path)
    assert checked(path, "--dates", "dmy", *DAY)[0] == 0


def test_a_file_that_cannot_be_read_is_status_2(tmp_path):
    (tmp_path / "e.csv").write_bytes(b"")
    status, found = checked(tmp_path / "e.csv")
    assert status == 2
    assert found["findings"][0]["code"] == "refused"
    assert found["questions"] == []


def test_partly_paid_documents_want_their_payments(tmp_path):
    """FreshBooks exports say that an invoice is partly paid, not how much."""
    header = ["Client Name", "Invoice #", "Date Issued", "Invoice Status", "Line Total", "Currency"]
    rows = [["Cedar", "1", "2024-04-15", "sent", "100.00", "CAD"], ["Cedar", "2", "2024-04-15", "partial", "50", "CAD"]]
    path = write(tmp_path / "l.csv", [header, *rows])
    status, found = checked(path)
    option = "--receipts FILE or --column KEY=HEADING or --status WORD=STATUS"
    assert (status, found["questions"][0]["option"]) == (2, option)
    assert "documents partly paid: 1 (50.00 CAD; first in row 3)" in found["questions"][0]["question"]
    receipts = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["2", "2024-06-01", "10"]])
    status, found = checked(path, "--receipts", receipts, *DAY)
    assert (status, found["totals"]["CAD"]["ledger"]) == (0, 150.0)


def test_lines_of_a_document_count_where_the_document_is_read(tmp_path):
    """A line that cannot be read is in no sum, and lines of a document that cannot be read are no one's."""
    header = ["Client Name", "Invoice #", "Date Issued", "Invoice Status", "Line Total", "Currency"]
    rows = [
        ["Cedar", "1", "2024-04-15", "sent", "100.00", "CAD"],
        ["Cedar", "1", "=soon", "sent", "10.00", "CAD"],
        ["", "2", "2024-04-16", "sent", "7.00", "CAD"],
        ["", "2", "2024-04-16", "sent", "5.00", "CAD"],
        ["Cedar", "3", "2024-04-17", "sent", "1.00", "CAD"],
        ["Cedar", "3", "2024-04-17", "sent", "2.00", "CAD"],
    ]
    ledger = read_ledger(write(tmp_path / "l.csv", [header, *rows]))
    assert ledger.items["amount"].tolist() == [10000, 300]
    assert ledger.exceptions["row"].tolist() == [3, 4, 5]
    assert ledger.sources[0].classes["repeated line"] == 1


def test_the_day_a_file_shows_is_the_default_date():
    shown = CliRunner().invoke(cli, ["aging", str(EXPORTS / "QuickBooks_Online/ar_aging_detail.csv"), "--json"])
    assert json.loads(shown.stdout)["as_of"] == "2024-05-31"
    asked = CliRunner().invoke(cli, ["aging", str(EXPORTS / "Stripe/invoices_fields.csv")], standalone_mode=False)
    assert str(asked.exception).endswith("answer with --as-of DATE (the day the file shows).")


def test_a_day_or_a_company_is_given_for_a_file(tmp_path):
    one = write(tmp_path / "1.csv", [HEADER, ["C", "1", "2024-01-05", "", "10"]])
    two = write(tmp_path / "2.csv", [HEADER, ["C", "1", "2024-01-05", "", "7"]])
    assert checked(one, two)[0] == 2
    status, found = checked(one, two, "--snapshot", f"{one}=2024-01-31", "--snapshot", "2.csv=2024-02-29")
    assert status == 0
    # Of lists of several days the latest is the ledger.
    assert found["totals"][""]["ledger"] == 7.0
    status, found = checked(one, two, "--entity", "1.csv=North", "--entity", "2.csv=South")
    assert found["totals"][""]["ledger"] == 17.0
    for wrong in ("--entity", "--snapshot"):
        with pytest.raises(Exception, match=f"{wrong} 1.csv: write it as FILE="):
            run(one, wrong, "1.csv")


# --- systems nobody knows ---------------------------------------------------------------------------------------

ROWS = [
    ["10010", "Bäckerei Huber", "R-101", "13.05.2024", "12.06.2024", "1.250,00"],
    ["10010", "Bäckerei Huber", "R-117", "22.05.2024", "21.06.2024", "89,95"],
    ["10020", "Müller GmbH", "R-120", "24.05.2024", "23.06.2024", "12.000,50"],
    ["10020", "Müller GmbH", "G-007", "27.05.2024", "", "-450,00"],
]
LANGUAGES = {
    "English": ["Account code", "Client name", "Voucher no", "Bill date", "Payment due", "Amount outstanding"],
    "German": ["Kunden-Nr.", "Kunde", "Rechnungs-Nr.", "Rechnungsdatum", "Fällig am", "Offener Betrag"],
    "French": ["Code client", "Raison sociale", "N° facture", "Date de facture", "Date d'échéance", "Reste à payer"],
    "Dutch": ["Debiteurnr.", "Klantnaam", "Factuurnr.", "Factuurdatum", "Vervaldatum", "Openstaand bedrag"],
    "Spanish": ["Código cliente", "Razón social", "Nº factura", "Fecha factura", "Vencimiento", "Saldo pendiente"],
}
GOLDEN = """\
Customer ID,Customer,Document,Kind,Document date,Due date,Amount,Open amount
10010,Bäckerei Huber,R-101,invoice,2024-05-13,2024-06-12,1250.00,1250.00
10010,Bäckerei Huber,R-117,invoice,2024-05-22,2024-06-21,89.95,89.95
10020,Müller GmbH,R-120,invoice,2024-05-24,2024-06-23,12000.50,12000.50
10020,Müller GmbH,G-007,credit note,2024-05-27,,-450.00,-450.00
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_taken_at_their_word_and_told(language, tmp_path):
    ledger = read_ledger(write(tmp_path / "f.csv", [LANGUAGES[language], *ROWS], ";"))
    assert rendered(ledger) == GOLDEN
    (told,) = [one for one in ledger.findings if one.code == "guessed columns"]
    assert told.severity == "warning"
    assert f"'{LANGUAGES[language][5]}' as Open amount" in told.message


def test_a_report_of_an_unknown_system_has_its_totals_told_apart(tmp_path):
    rows = [LANGUAGES["German"], *ROWS[:2], ["", "", "", "", "Zwischensumme", "1.339,95"], *ROWS[2:]]
    rows += [["", "", "", "", "Summe", "12.890,45"], ["Gedruckt von Ida", "", "", "", "", ""]]
    ledger = read_ledger(write(tmp_path / "f.csv", rows, ";"))
    assert rendered(ledger) == GOLDEN
    classes = ledger.sources[0].classes
    assert (classes["subtotal"], classes["grand total"], classes["footer"], classes["exception"]) == (1, 1, 1, 0)
    assert ledger.sources[0].stated == {"": 1289045}


def test_a_file_is_what_it_was_named_as(tmp_path):
    """Customer, document, date and amount: items or receipts, as the command says."""
    items = write(tmp_path / "i.csv", [["Customer ID", "Document", "Date", "Amount"], ["C", "1", "2024-01-05", "10"]])
    assert len(read_ledger(items).items) == 1
    ledger = read_ledger(write(tmp_path / "j.csv", [HEADER, ["C", "1", "2024-01-01", "", "30"]]), receipts=items)
    assert ledger.receipts["amount"].tolist() == [1000]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_mapping_reads_the_same(language, tmp_path):
    path = write(tmp_path / "f.csv", [LANGUAGES[language], *ROWS], ";")
    status, out = run(path, "--save-mapping", tmp_path / "m.toml", *DAY)
    assert status == 0
    assert f"--mapping {tmp_path / 'm.toml'}" in out
    ledger = read_ledger(path, mapping=tmp_path / "m.toml")
    assert rendered(ledger) == GOLDEN
    assert "guessed columns" not in {one.code for one in ledger.findings}
    assert "the mapping file m.toml" in ledger.sources[0].why


STRANGE = [["Wer", "Ref", "Geschrieben", "Bis", "Wieviel"]]
STRANGE += [
    [name, f"N-{n}", f"{n + 12}.05.2024", f"{n + 11}.06.2024", amount]
    for n, (name, amount) in enumerate(
        [("Ada", "10,50"), ("Bob", "7,25"), ("Ada", "3,10"), ("Cy", "99,99"), ("Bob", "1,05")]
    )
]
STRANGE_COLUMNS = ["document_date=Geschrieben", "due_date=Bis", "amount=Wieviel", "customer_name=Wer"]


def test_a_guess_by_values_alone_is_asked_about(tmp_path):
    path = write(tmp_path / "f.csv", STRANGE, ";")
    with pytest.raises(QuestionError, match=r"say which column is which\.$") as asked:
        read_ledger(path)
    assert asked.value.option == "--column KEY=HEADING or --mapping FILE"
    # Usual terms prove which day is which.
    guessed = " ".join(f'--column "{one}"' for one in STRANGE_COLUMNS[2:])
    assert f"{guessed} (the best guess" in asked.value.answers[0].command
    guess = open_with_guess(path)
    assert not guess.complete
    assert guess.columns == {
        "customer_name": "Wer",
        "document_no": "Ref",
        "document_date": "Geschrieben",
        "due_date": "Bis",
        "amount": "Wieviel",
    }
    days = {"document_date": "Geschrieben", "due_date": "Bis"}
    assert guess.said["columns"] == {"document_no": "Ref", **days}
    with pytest.raises(Exception, match="say which column is which"):
        run(path, "--save-mapping", tmp_path / "m.toml")
    # A guess is none before somebody takes the mark away.
    with pytest.raises(QuestionError):
        read_ledger(path, mapping=tmp_path / "m.toml")
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    marked = [line for line in text.splitlines() if line.startswith(tuple(f"# {key} = " for key in guess.columns))]
    assert sorted(line.split()[1] for line in marked) == ["amount", "customer_name"]
    for line in marked:
        text = text.replace(line, line[2:])
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    ledger = read_ledger(path, mapping=tmp_path / "m.toml")
    assert ledger.items["amount"].tolist() == [1050, 725, 310, 9999, 105]
    with pytest.raises(Exception, match="exists and is not replaced"):
        run(path, "--save-mapping", tmp_path / "m.toml")


def test_a_mapping_may_be_json_and_hold_words(tmp_path):
    path = write(tmp_path / "f.csv", [[*STRANGE[0], "Was"], *([*row, "Beleg X"] for row in STRANGE[1:])], ";")
    columns = dict(zip(("customer_name", "document_no", "document_date", "due_date", "amount", "kind"),
                       [*STRANGE[0], "Was"], strict=True))  # fmt: skip
    mapping = {"name": "Kasse", "columns": columns, "words": {"kind": {"Beleg X": "debit note"}}}
    (tmp_path / "m.json").write_text(json.dumps(mapping))
    ledger = read_ledger(path, mapping=tmp_path / "m.json")
    assert set(ledger.items["kind"]) == {"debit note"}
    assert ledger.sources[0].format == "Kasse"


def test_a_mapping_of_another_file_says_what_is_missing(tmp_path):
    path = write(tmp_path / "f.csv", [LANGUAGES["German"], *ROWS], ";")
    guess = open_with_guess(path)
    said = merged(guess.said, {"columns": {"owner": "Betreuer"}})
    (tmp_path / "m.toml").write_text(saved(said, guess.table.file, guess.columns), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"no column 'Betreuer', named in the mapping file m\.toml; its columns"):
        read_ledger(path, mapping=tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no table"),
        ("[columns]\nmood = 'x'", "names a column 'mood', which is not one of"),
        ("[columns]\nowner = 3", "gives no heading for 'owner'"),
        ("[columns", "is not valid"),
        ("role = 'receipts'\n[columns]\nowner = 'x'", "only items are mapped"),
        ("group = 'x'\n[columns]\nowner = 'x'", "it is customer or section"),
        ("report = 1\n[columns]\nowner = 'x'", "neither true nor false"),
        ("lines = 'x'\n[columns]\nowner = 'x'", "repeat its amount"),
        ("dates = 'x'\n[columns]\nowner = 'x'", "it is dmy or mdy"),
        ("words = 1\n[columns]\nowner = 'x'", r"write \[words\.kind\]"),
        ("[columns]\nowner = 'x'\n[words.kind]\na = 'b'", "kind is one of invoice"),
        ("[columns]\nowner = 'x'\n[words.owner]\na = 'b'", "words are known for"),
    ],
)
def test_a_mapping_that_cannot_be_meant(content, message, tmp_path):
    (tmp_path / "m.toml").write_text(content)
    with pytest.raises(LedgerError, match=message):
        load(tmp_path / "m.toml")


def test_no_such_mapping(tmp_path):
    with pytest.raises(LedgerError, match="There is no mapping file"):
        load(tmp_path / "m.toml")


def test_balances_say_that_they_are_no_documents(tmp_path):
    path = EXPORTS / "Business_Central/aged_accounts_receivable.csv"
    found = check_json(read_ledger(path))
    (told,) = [one for one in found["findings"] if one["code"] == "balances only"]
    assert "period2Amount 5,875.10" in told["message"]
    assert found["as_of"] == "2024-06-30"
    with path.open(newline="", encoding="utf-8") as file:
        rows = [[cell for place, cell in enumerate(row) if place != 9] for row in csv.reader(file)]
    undated = write(tmp_path / "b.csv", rows)
    with pytest.raises(QuestionError, match=r"b\.csv holds balances, and nothing says of which day") as asked:
        read_ledger(undated)
    assert asked.value.option == "--as-of DATE"
    ledger = read_ledger(undated, snapshots={"b.csv": "2024-06-30"})
    assert ledger.items["open_amount"].sum() == 1827979


# --- what a mapping can say -------------------------------------------------------------------------------------

BARE = ["Customer ID", "Document", "Document date", "Due date"]


def said(path: Path, mapping: str):
    (path.parent / "m.toml").write_text(mapping, encoding="utf-8")
    return read_ledger(path, mapping=path.parent / "m.toml")


def open_total(ledger) -> int:
    """What is open, in minor units: as the file says it, else the amounts."""
    return int(ledger.items["open_amount"].where(ledger.items["has_open"], ledger.items["amount"]).sum())


def of(*rows: list[str]) -> list[list[str]]:
    """Rows of documents, each with what else they hold."""
    return [[f"C{n}", f"R-{n}", "2024-01-05", "2024-02-04", *row] for n, row in enumerate(rows)]


def dated(ledger, key: str) -> list[str]:
    return [iso(day) for day in ledger.items[key].tolist()]


TRAITS = {
    "several status columns": (
        [[*BARE, "Amount", "A", "B"], *of(["10", "yes", "x"], ["5", "no", "x"], ["2", "no", "gone"])],
        (
            '[columns]\nstatus = "A"\nstatus_2 = "B"\n'
            '[words.status]\nyes = "paid"\nno = "open"\nx = "open"\ngone = "void"\n'
        ),
        500,
    ),
    "the second of two equal headings": (
        [[*BARE, "Amount", "Amount"], *of(["10", "1"], ["5", "2"])],
        '[columns]\namount = "Amount#2"\n',
        300,
    ),
    "no column": (
        [[*BARE, "Amount", "Balance"], *of(["10", "1"], ["5", "2"])],
        '[columns]\namount = "Amount"\nopen_amount = "none"\n',
        1500,
    ),
    "bucket columns": (
        [["Customer", "Sum", "A", "B", "C"], ["Ada", "30", "10", "15", "5"], ["Bob", "7", "7", "0", "0"]],
        (
            'as_of = 2024-06-30\n[columns]\ncustomer_name = "Customer"\nopen_amount = "Sum"\n'
            '[[buckets]]\ncolumn = "A"\nto = 0\n[[buckets]]\ncolumn = "B"\nfrom = 1\nto = 45\n'
            '[[buckets]]\ncolumn = "C"\nfrom = 46\n'
        ),
        3700,
    ),
    "debit and credit": (
        [[*BARE, "In", "Out"], *of(["10", ""], ["", "4"])],
        '[columns]\ndebit = "In"\ncredit = "Out"\n',
        600,
    ),
    "paid": (
        [[*BARE, "Worth", "Got"], *of(["10", "4"], ["5", "0"], ["7", "7"])],
        '[columns]\namount = "Worth"\npaid_amount = "Got"\n',
        1100,
    ),
    "signs by kind": (
        [[*BARE, "Kind", "Amount"], *of(["invoice", "10"], ["credit note", "4"], ["credit note", "-1"])],
        'signs = "by-kind"\n',
        500,
    ),
    "signs as they are": (
        [[*BARE, "Kind", "Amount"], *of(["invoice", "10"], ["credit note", "4"])],
        'signs = "as-is"\n',
        1400,
    ),
    "words of kinds": (
        [[*BARE, "Kind", "Amount"], *of(["F2", "10"], ["G2", "4"])],
        '[words.kind]\nF2 = "invoice"\nG2 = "credit note"\n',
        600,
    ),
    "rows to leave out": (
        [[*BARE, "Kind", "Amount"], *of(["invoice", "10"], ["AP", "400"])],
        '[leave_out]\nkind = ["AP"]\n',
        1000,
    ),
    "lines that add up": (
        [[*BARE, "Amount"], ["C", "1", "2024-01-05", "", "10"], ["C", "1", "2024-01-05", "", "5"]],
        'lines = "sum"\n[columns]\namount = "Amount"\n',
        1500,
    ),
    "lines that repeat": (
        [[*BARE, "Amount"], ["C", "1", "2024-01-05", "", "10"], ["C", "1", "2024-01-05", "", "10"]],
        'lines = "repeat"\n[columns]\namount = "Amount"\n',
        1000,
    ),
}


@pytest.mark.parametrize("trait", TRAITS)
def test_a_mapping_says_what_a_file_does_not(trait, tmp_path):
    rows, mapping, total = TRAITS[trait]
    assert open_total(said(write(tmp_path / "f.csv", rows), mapping)) == total


def test_a_mapping_says_the_day_from_which_days_are_counted(tmp_path):
    path = write(tmp_path / "f.csv", [["Customer ID", "Document", "Late", "Amount"], ["C", "1", "26", "10"]])
    ledger = said(path, 'as_of = "2024-06-30"\n[columns]\ndays_overdue = "Late"\n')
    assert dated(ledger, "due_date") == ["2024-06-04"]
    # The day that is named for this time counts before the one that was once saved.
    ledger = read_ledger(path, mapping=tmp_path / "m.toml", as_of="2024-07-31")
    assert dated(ledger, "due_date") == ["2024-07-05"]


def test_a_mapping_says_the_order_of_days_and_months(tmp_path):
    path = write(tmp_path / "f.csv", [HEADER, ["C", "1", "01/02/2024", "", "10"]])
    assert dated(said(path, 'dates = "mdy"\n'), "document_date") == ["2024-01-02"]
    assert dated(said(path, 'dates = "dmy"\n'), "document_date") == ["2024-02-01"]


def test_a_mapping_says_the_days_of_terms(tmp_path):
    header = ["Customer ID", "Document", "Document date", "Terms", "Amount"]
    path = write(tmp_path / "f.csv", [header, ["C", "1", "2024-01-05", "N030", "10"]])
    with pytest.raises(QuestionError, match="'N030'"):
        read_ledger(path)
    assert dated(said(path, "[terms]\nN030 = 30\n"), "due_date") == ["2024-02-04"]


@pytest.mark.parametrize("after", [False, True])
def test_a_mapping_says_where_customers_of_groups_stand(after, tmp_path):
    """One is called like a currency."""
    one, two = (["1", "2024-01-05", "10.50"], ["2", "2024-01-06", "5.25"])
    names = (["Ada", "", ""], ["Bob", "", ""])
    rows = [one, names[0], two, names[1]] if after else [names[0], one, names[1], two]
    path = write(tmp_path / "f.csv", [["Document", "Document date", "Amount"], *rows])
    ledger = said(path, f'group = "customer"\ngroup_after = {str(after).lower()}\n')
    owners = ledger.items[["document_no", "customer_name", "amount"]]
    assert owners.to_numpy().tolist() == [["1", "Ada", 1050], ["2", "Bob", 525]]


def test_a_mapping_says_which_sheets_are_read_and_whose_they_are(tmp_path):
    book = openpyxl.Workbook()
    for sheet, amount in ((book.active, 1), (book.create_sheet("North"), 20), (book.create_sheet("South"), 300)):
        for row in (HEADER, ["C", f"{sheet.title}-1", "2024-01-05", "2024-02-04", amount]):
            sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    book.close()
    ledger = said(tmp_path / "f.xlsx", 'sheets = ["North", "South"]\n')
    assert open_total(ledger) == 32000
    assert set(ledger.items["entity"]) == {"North", "South"}
    ledger = said(tmp_path / "f.xlsx", 'sheets = ["North"]\nentity = "UK"\ncurrency = "gbp"\n')
    assert (open_total(ledger), set(ledger.items["entity"]), set(ledger.items["currency"])) == (2000, {"UK"}, {"GBP"})
    with pytest.raises(LedgerError, match=r"has no sheet 'West'; its sheets are 'Sheet', 'North', 'South'\."):
        said(tmp_path / "f.xlsx", 'sheets = ["West"]\n')


def test_a_mapping_says_the_encoding(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes("Customer,Document,Document date,Amount\nŠárka,1,2024-01-05,10\n".encode("cp1250"))
    assert said(path, 'encoding = "cp1250"\n').items["customer_name"].tolist() == ["Šárka"]


def test_a_known_system_keeps_its_columns_and_remembers_answers(tmp_path):
    """Nothing but answers is said of a layout that is known, and what was not answered is none."""
    path = EXPORTS / "SAP_BSID/bsid_zterm.csv"
    assert checked(path, "--save-mapping", tmp_path / "open.toml")[0] == 2
    assert "# Not answered yet: bsid_zterm.csv: column 'ZTERM'" in (tmp_path / "open.toml").read_text(encoding="utf-8")
    assert load(tmp_path / "open.toml").traits == {"name": "own mapping"}
    days = [option for key in ("N014", "N030", "N060") for option in ("--terms", f"{key}={int(key[1:])}")]
    run(path, *days, "--save-mapping", tmp_path / "m.toml")
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    assert "[columns]" not in text
    assert "# Known: customer_id = " in text
    assert load(tmp_path / "m.toml").traits["terms"] == {"N014": 14, "N030": 30, "N060": 60}
    (source,) = read_ledger(path, mapping=tmp_path / "m.toml").sources
    assert source.format.startswith("SAP")


def test_answers_win_over_a_mapping(tmp_path):
    path = write(tmp_path / "f.csv", [[*BARE, "Amount", "Balance"], *of(["10", "1"], ["5", "2"])])
    (tmp_path / "m.toml").write_text('entity = "North"\n[columns]\nopen_amount = "Balance"\n', encoding="utf-8")
    ledger = read_ledger(path, mapping=tmp_path / "m.toml", answers={"columns": {"open_amount": "none"}})
    assert (open_total(ledger), set(ledger.items["entity"])) == (1500, {"North"})


# --- what each answer would give --------------------------------------------------------------------------------

RIVALS = {
    "due_date": (
        ["Invoice", "Date", "Due", "Payable by", "Amount"],
        "2026-02-05",
        ("3,600.00, overdue 1,000.00", "3,600.00, overdue 0"),
    ),
    "open_amount": (
        ["Invoice", "Date", "Due date", "Open", "Balance"],
        "2026-02-05",
        ("36.00, overdue 10.00", "72.00, overdue 20.00"),
    ),
}


@pytest.mark.parametrize("key", RIVALS)
def test_a_question_says_the_total_and_the_overdue_of_each_answer(key, tmp_path):
    header, day, gives = RIVALS[key]
    rows = [
        [f"C{n}", f"R{n}", f"2026-01-{n:02d}", f"2026-02-{n:02d}"]
        + ([f"2026-03-{n + 1:02d}", f"{n * 100}.00"] if key == "due_date" else [f"{n}.00", f"{n * 2}.00"])
        for n in range(1, 9)
    ]
    path = write(tmp_path / "r.csv", [["Customer", *header], *rows])
    status, found = checked(path, "--as-of", day)
    (asked,) = found["questions"]
    assert (status, tuple(one["gives"] for one in asked["choices"])) == (2, tuple(f"total {one}" for one in gives))
    # The right answer gives just that.
    for choice, told_of in zip(asked["choices"], gives, strict=True):
        option, answer = choice["answer"].split(" ", 1)
        out = CliRunner().invoke(cli, ["aging", str(path), "--as-of", day, option, answer.strip('"'), "--json"])
        assert told_of.startswith(f"{json.loads(out.stdout)['total']:,.2f}, overdue")


def test_one_is_no_plural(tmp_path):
    header = [*HEADER, "Status"]
    rows = [["C", "1", "2024-01-05", "soon", "10", "open"], ["C", "2", "2024-01-05", "", "5", "void"]]
    rows += [["C", "3", "2024-01-05", "2024-02-04", "7", "open"]]
    _, found = checked(write(tmp_path / "f.csv", [header, *rows]), *DAY)
    told_of = " ".join(one["message"] for one in found["findings"])
    assert "1 cell in column 'Due date' is not a valid date" in told_of
    assert "1 document is void and no receivable (5.00)" in told_of
    assert {one["evidence"] for one in found["columns"]} >= {"text in 3 rows"}


def test_what_is_proven_is_told_from_what_headings_say(tmp_path):
    rows = [[f"C{n}", f"R{n}", f"2026-01-{n:02d}", f"{n * 10}.00", f"{n}.00", f"{n * 9}.00"] for n in range(1, 9)]
    header = ["Kunde", "Rechnung", "Rechnungsdatum", "Total", "Bezahlt", "Offen"]
    _, found = checked(write(tmp_path / "p.csv", [header, *rows]), *DAY)
    assert found["format"] == "read by its headings"
    assert found["why"].endswith("; by their figures, too: Amount, Open amount, Paid")
    (told_of,) = [one["message"] for one in found["findings"] if one["code"] == "guessed columns"]
    proven, by_words = told_of.split("; read by its headings: ")
    assert all(f"as {name}" in proven for name in ("Amount", "Open amount", "Paid"))
    assert "'Rechnung' as Document" in by_words


# ---- answers as they are pasted


AWKWARD = ['Wib "ble"', "US$", "Wib $WOB `wob`", "Q:\\wibble\\", "It's wibble!", "Wib  (wob^x)", "wi;bb&x", "Wü=x*"]
"""Headings that a shell might take for something else."""


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is missing")
@pytest.mark.parametrize("heading", AWKWARD)
def test_an_answer_can_be_pasted_into_a_shell(heading, tmp_path):
    amounts = [("1.50", "2.25"), ("2.50", "1.25"), ("3.50", "3.25")]
    rows = [["A", f"R{n}", "2026-01-31", *both] for n, both in enumerate(amounts)]
    path = write(tmp_path / "open items.csv", [["Customer", "Invoice", "Date", heading, "Wobble"], *rows])
    currency = ("--currency-word", "$=USD")
    _, found = checked(path, *DAY, *currency)
    answer = found["questions"][0]["choices"][0]["answer"]
    printed = subprocess.run(["bash", "-c", f"printf '%s\\0' {answer}"], capture_output=True, check=True, text=True)
    status, found = checked(path, *DAY, *currency, *printed.stdout.split("\0")[:-1])
    assert status == 0
    assert [one["ledger"] for one in found["totals"].values()] == [7.5]


def test_a_command_prompt_keeps_quotation_marks():
    said = [quoted(one, windows=True) for one in ("amount=Net due", 'amount=12" pipe', "amount=C:\\\\", "amount=Net!")]
    assert said == ['"amount=Net due"', '"amount=12"" pipe"', '"amount=C:\\\\\\\\"', '"amount=Net!"']


# ---- a mapping that is saved while a question is open


def test_a_mapping_is_saved_though_a_question_is_open_and_its_guesses_are_enough(tmp_path):
    path = write(
        tmp_path / "list.csv",
        [["A1", "", "Alpha", "1,50", "2,50", "4,00"], ["", "B2", "Beta", "1,00", "1,25", "2,25"]],
        ";",
    )
    mapping = tmp_path / "own mapping.toml"
    status, found = checked(path, "--save-mapping", mapping)
    assert (status, len(found["questions"])) == (2, 1)
    mapping.write_text(re.sub('(?m)^# (?=[a-z_]+ = ")', "", mapping.read_text("utf-8")), encoding="utf-8")
    status, found = checked(path, "--mapping", mapping, *DAY)
    assert (status, found["totals"][""]["ledger"]) == (0, 6.25)


@pytest.mark.parametrize(
    ("rows", "guess"),
    [
        ([["Alpha", "R1", "2026-01-05", "2026-02-04", "10.50"], ["Beta", "R2", "2026-01-06", "2026-02-05", "7.25"]],
         ["document_date=C", "due_date=D", "amount=E", "document_no=B", "customer_name=A"]),
        ([["10001", "Alpha", "8.00"], ["10002", "Beta", "9.50"]], ["open_amount=C", "customer_name=B"]),
        ([["Alpha", "1.00", "2.00", "3.00"], ["Beta", "0.00", "4.00", "4.00"]], ["open_amount=D", "customer_name=A"]),
        ([["1.00", "2.00"], ["3.00", "4.00"]], ["open_amount=B", "customer_id=HEADING"]),
    ],
    ids=["documents", "balances", "ages", "nobody"],
)  # fmt: skip
def test_columns_without_headings_are_guessed_by_letter(rows, guess, tmp_path):
    path = write(tmp_path / "list.csv", rows)
    _, found = checked(path, *DAY)
    (choice,) = found["questions"][0]["choices"]
    assert choice["answer"] == " ".join(f'--column "{one}"' for one in guess)
    if "HEADING" not in choice["answer"]:
        assert choice["gives"].startswith(f"the best guess, total {sum(float(row[-1]) for row in rows):,.2f}, overdue ")
        assert checked(path, *DAY, *shlex.split(choice["answer"]))[0] == 0
