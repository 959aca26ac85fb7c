"""Files as they come: encodings, delimiters, number and date styles, sheets, and every bad file's sentence."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.errors import LedgerError, QuestionError, in_command
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.model import ITEM_COLUMNS, RECEIPT_COLUMNS
from xlwings_addin.ledger.position import open_at
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.settings import Rate, Settings

HEADER = ["Customer ID", "Customer", "Document", "Document date", "Due date", "Currency", "Amount", "Open amount"]
ROWS: list[list[str]] = [
    ["0012", "Ångström & Söhne", "INV-1", "2024-01-05", "2024-02-04", "EUR", "1234.56", "1234.56"],
    ["0012", "Ångström & Söhne", "INV-2", "2024-01-20", "2024-02-19", "EUR", "99.90", "9.90"],
    ["0007", "Zoë", "CN-1", "2024-02-01", "", "EUR", "-50.00", "-50.00"],
    ["0007", "Zoë", "INV-3", "2024-02-13", "2024-03-14", "EUR", "20000.00", "20000.00"],
]


def text(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def write(path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes(text(rows, delimiter).encode(encoding))
    return path


def same(one, two) -> None:
    pd.testing.assert_frame_equal(one.items, two.items)
    pd.testing.assert_frame_equal(one.receipts, two.receipts)


@pytest.fixture
def plain(tmp_path):
    return read_ledger(write(tmp_path / "plain.csv", [HEADER, *ROWS]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_delimiter_and_encoding_gives_the_same_ledger(tmp_path, plain, delimiter, encoding):
    same(read_ledger(write(tmp_path / "a.txt", [HEADER, *ROWS], delimiter, encoding)), plain)


def test_shuffled_columns_synonyms_and_keys_give_the_same_ledger(tmp_path, plain):
    order = [6, 3, 0, 5, 2, 7, 1, 4]
    names = dict(
        zip(
            HEADER,
            ["CUSTOMER NUMBER", "customer_name", "Invoice no", "invoice DATE", "due", "currency", "amount", "Balance"],
            strict=True,
        )
    )
    rows = [[names[HEADER[place]] for place in order], *([row[place] for place in order] for row in ROWS)]
    same(read_ledger(write(tmp_path / "b.csv", rows)), plain)


def style(amount: str, how: str) -> str:
    value = float(amount)
    english = f"{abs(value):,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    return {
        "english": f"{value:,.2f}",
        "german": ("-" if value < 0 else "") + german,
        "space": ("-" if value < 0 else "") + english.replace(",", " "),
        "no-break": ("-" if value < 0 else "") + german.replace(".", "\u00a0"),
        "narrow": ("-" if value < 0 else "") + german.replace(".", "\u202f"),
        "brackets": f"({english})" if value < 0 else english,
        "trailing": f"{english}-" if value < 0 else english,
        "credit": f"{english} CR" if value < 0 else english,
        "sign": f"-€{english}" if value < 0 else f"€ {english}",
        "code": f"EUR {value:,.2f}",
        "code after": f"{value:,.2f} EUR",
        "german credit": f"{german}-" if value < 0 else german + " €",
        "swiss": f"{value:,.2f}".replace(",", "'"),
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "english",
        "german",
        "space",
        "no-break",
        "narrow",
        "brackets",
        "trailing",
        "credit",
        "sign",
        "code",
        "code after",
        "german credit",
        "swiss",
    ],
)
def test_number_styles(tmp_path, plain, how):
    rows = [[*row[:6], style(row[6], how), style(row[7], how)] for row in ROWS]
    same(read_ledger(write(tmp_path / "n.csv", [HEADER, *rows])), plain)


def styled_date(day: str, how: str) -> str:
    if not day:
        return {"zeros": "00/00/0000", "null": "NULL"}.get(how, "")
    date = dt.date.fromisoformat(day)
    return {
        "dmy": date.strftime("%d/%m/%Y"),
        "mdy": f"{date.month}/{date.day}/{date.year}",
        "dots": date.strftime("%d.%m.%Y"),
        "words": date.strftime("%d-%b-%Y"),
        "american": date.strftime("%b %d, %Y"),
        "packed": date.strftime("%Y%m%d"),
        "packed float": date.strftime("%Y%m%d.0"),
        "serial": str((date - dt.date(1899, 12, 30)).days),
        "time": f"{day} 00:00:00",
        "T": f"{day}T00:00:00Z",
        "zeros": date.strftime("%d/%m/%Y"),
        "null": day,
        "short": date.strftime("%d/%m/%y"),
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "dmy",
        "mdy",
        "dots",
        "words",
        "american",
        "packed",
        "packed float",
        "serial",
        "time",
        "T",
        "zeros",
        "null",
        "short",
    ],
)
def test_date_styles(tmp_path, plain, how):
    rows = [[*row[:3], styled_date(row[3], how), styled_date(row[4], how), *row[5:]] for row in ROWS]
    same(read_ledger(write(tmp_path / "d.csv", [HEADER, *rows])), plain)


AMBIGUOUS = [
    ["C", "1", "01/02/2024", "02/03/2024", "10"],
    ["C", "2", "03/04/2024", "03/05/2024", "10"],
    ["C", "3", "05/06/2024", "05/07/2024", "10"],
]
SHORT = ["Customer ID", "Document", "Document date", "Due date", "Amount"]


def test_usual_terms_settle_the_order(tmp_path):
    # Day first these are 30 days each; month first one to two months.
    ledger = read_ledger(write(tmp_path / "t.csv", [SHORT, *AMBIGUOUS]))
    assert [iso(day) for day in ledger.items["document_date"]] == ["2024-02-01", "2024-04-03", "2024-06-05"]


def test_what_fits_both_ways_is_asked_for(tmp_path):
    path = write(tmp_path / "t.csv", [SHORT, ["C", "1", "01/02/2024", "", "10"]])
    with pytest.raises(
        LedgerError, match=r"t\.csv: column 'Document date' .*row 2: '01/02/2024'.* nothing in it says which\.$"
    ):
        read_ledger(path)
    assert iso(read_ledger(path, dates="dmy").items["document_date"][0]) == "2024-02-01"
    assert iso(read_ledger(path, dates="mdy").items["document_date"][0]) == "2024-01-02"


def test_swapped_due_dates_are_reported(tmp_path):
    rows = [["C", str(n), f"2024-0{n}-15", f"2024-01-{n:02d}", "10"] for n in range(2, 9)]
    path = write(tmp_path / "s.csv", [SHORT, *rows])
    with pytest.raises(QuestionError, match=r"7 of 7 items are due before .*correct the export") as asked:
        read_ledger(path)
    assert asked.value.option == "--dates as-is"
    ledger = read_ledger(path, dates="as-is")
    found = next(one for one in ledger.findings if one.code == "due before document")
    assert (found.severity, found.count) == ("error", 7)


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(i, j, value, day)
                elif value is not None:
                    sheet.write(i, j, value)
    book.close()
    return path


def typed(row: list[str]) -> list[object]:
    days = [dt.date.fromisoformat(cell) if cell else None for cell in row[3:5]]
    return [*row[:3], *days, row[5], *(float(cell) for cell in row[6:])]


def test_a_workbook_gives_the_same_ledger(tmp_path, plain):
    same(read_ledger(workbook(tmp_path / "a.xlsx", {"Data": [HEADER, *(typed(row) for row in ROWS)]})), plain)
    # Everything as text, below a preamble, beside a sheet that is something else.
    pre = [["Open items"], ["As of", "2024-03-01"], []]
    path = workbook(tmp_path / "b.xlsx", {"Notes": [["hello"]], "Data": [*pre, HEADER, *ROWS]})
    ledger = read_ledger(path)
    same(ledger, plain)
    assert "read 'Data'; not read: 'Notes'" in next(f.message for f in ledger.findings if f.code == "sheets not read")


def test_numbers_as_ids_lose_their_decimals(tmp_path):
    rows = [[2960623488.0, "1", dt.date(2024, 1, 5), dt.date(2024, 2, 4), 2.675]]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", {"Data": [SHORT, *rows]}))
    assert ledger.items["customer_id"][0] == "2960623488"
    assert ledger.items["amount"][0] == 268
    other = read_ledger(write(tmp_path / "a.csv", [SHORT, ["2960623488.0", "007", "2024-01-05", "", "1"]]))
    assert other.items["customer_id"][0] == "2960623488"
    assert other.items["document_no"][0] == "007"


def test_receipts_and_customers_in_the_same_workbook(tmp_path):
    items = [HEADER[:-1], *(typed(row)[:-1] for row in ROWS)]
    receipts = [
        ["Customer ID", "Document", "Date", "Amount", "Kind"],
        ["0012", "INV-1", dt.date(2024, 2, 10), 1000, "cash"],
    ]
    customers = [
        ["Customer ID", "Customer", "Tier", "Owner"],
        ["0012", "Angstrom", "A", "Ida"],
        ["0007", "Zoe", "B", "Max"],
    ]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", {"I": items, "R": receipts, "C": customers}))
    assert ledger.has_history
    assert [source.role for source in ledger.sources] == ["items", "customers", "receipts"]
    aged = aging_json(age(ledger, "2024-03-01", by="owner"))
    assert {group["key"]: group["total"] for group in aged["groups"]} == {"Ida": 334.46, "Max": 19950.0}
    assert age(ledger, "2024-03-01").names == ("Zoe", "Angstrom")


def test_several_files_are_one_ledger(tmp_path, plain):
    one = write(tmp_path / "1.csv", [HEADER, *ROWS[:2]])
    two = write(tmp_path / "2.csv", [HEADER, *ROWS[2:]])
    same(read_ledger([one, two]), plain)


def test_the_canonical_layout_round_trips(tmp_path, plain):
    keys = [column.key for column in ITEM_COLUMNS]
    rows = []
    for row in plain.items[keys].itertuples(index=False):
        cells = []
        for column, value in zip(ITEM_COLUMNS, row, strict=True):
            if column.type == "date":
                cells.append("" if value == NO_DATE else iso(value))
            elif column.type == "money":
                cells.append(f"{value / 100:.2f}")
            else:
                cells.append(value)
        rows.append(cells)
    header = [column.heading for column in ITEM_COLUMNS]
    again = read_ledger(write(tmp_path / "again.csv", [header, *rows]))
    same(again, plain)
    assert {column.heading for column in RECEIPT_COLUMNS} <= {
        "Entity",
        "Customer ID",
        "Document",
        "Instalment",
        "Fiscal year",
        "Date",
        "Amount",
        "Kind",
    }


# --- rows that are no items ----------------------------------------------------------------------------------


def test_subtotals_and_bad_rows_are_set_aside_and_told(tmp_path):
    rows = [
        SHORT,
        ["C", "1", "2024-01-05", "2024-02-04", "10"],
        ["Total C", "", "", "", "10"],
        ["", "", "", "", ""],
        ["D", "2", "2024-01-05", "2024-02-04", "ten"],
        ["D", "3", "soon", "", "5"],
        ["D", "4", "2024-01-06", "2024-02-04", ""],
        ["", "5", "2024-01-06", "2024-02-04", "7"],
        ["D", "", "2024-01-06", "2024-02-05", "1"],
        ["D", "6", "2024-01-06", "2024-02-05", "-"],
        ["", "", "", "", "28"],
    ]
    ledger = read_ledger(write(tmp_path / "x.csv", rows))
    assert ledger.items["amount"].tolist() == [1000, 100, 0]
    assert ledger.exceptions["row"].tolist() == [5, 6, 7, 8, 11]
    assert ledger.exceptions["value"].tolist() == ["ten", "soon", "", "", "28"]
    assert set(ledger.exceptions["file"]) == {"x.csv"}
    counts = dict.fromkeys(("unreadable rows", "total rows"), 0)
    for one in ledger.findings:
        if one.code in counts:
            counts[one.code] += one.count
    # 28 is the sum of nothing: an amount that lost its row, not a total.
    assert counts == {"unreadable rows": 5, "total rows": 1}
    classes = ledger.sources[0].classes
    assert (classes["item"], classes["subtotal"], classes["exception"], classes["blank"]) == (3, 1, 5, 1)


def test_a_grand_total_is_held_against_what_was_read(tmp_path):
    rows = [SHORT, ["C", "1", "2024-01-05", "", "10.10"], ["C", "2", "2024-01-06", "", "5"], ["", "", "", "", "15.10"]]
    ledger = read_ledger(write(tmp_path / "x.csv", rows))
    assert ledger.sources[0].stated == {"": 1510}
    assert ledger.sources[0].classes["grand total"] == 1
    rows[3] = ["Total", "", "", "", "20.10"]
    ledger = read_ledger(write(tmp_path / "y.csv", rows))
    message = next(one.message for one in ledger.findings if one.code == "file total differs")
    assert "y.csv: the total in row 4 is 20.10, the items read add up to 15.10 (difference 5.00)" in message


def test_an_amount_beyond_all_numbers_is_an_exception(tmp_path):
    rows = [SHORT, *(["C", str(n), "2024-01-05", "", "10"] for n in range(3)), ["C", "9", "2024-01-05", "", "1E308"]]
    ledger = read_ledger(write(tmp_path / "x.csv", rows))
    assert ledger.exceptions["value"].tolist() == ["1E308"]


@pytest.mark.parametrize("odd", ["E00", "-E5", ".", "-.", ",", "E", "-"])
def test_signs_and_exponents_without_a_number_are_no_amounts(tmp_path, odd):
    rows = [SHORT, *(["C", str(n), "2024-01-05", "", "1.5"] for n in range(3)), ["C", "9", "2024-01-05", "", odd]]
    ledger = read_ledger(write(tmp_path / "x.csv", rows))
    assert ledger.items["amount"].tolist() == [150] * 3 + [0] * (odd == "-")
    assert ledger.exceptions["value"].tolist() == [odd] * (odd != "-")


def test_a_dated_amount_of_nobody_is_no_total(tmp_path):
    rows = [SHORT, ["C", "1", "2024-01-05", "", "10"], ["", "", "2024-01-06", "", "10"]]
    ledger = read_ledger(write(tmp_path / "x.csv", rows))
    assert ledger.exceptions["reason"].tolist() == ["nothing in column 'Customer ID'"]


def test_a_group_name_on_a_short_line_is_brought_to_width(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(text([SHORT, ["C", "1", "2024-01-05", "", "10"]]) + "End of report\n")
    ledger = read_ledger(path)
    assert ledger.items["document_no"].tolist() == ["1"]
    assert ledger.exceptions["row"].tolist() == [3]


def test_the_same_file_named_twice_counts_once(tmp_path, plain):
    one = write(tmp_path / "1.csv", [HEADER, *ROWS])
    two = write(tmp_path / "2.csv", [HEADER, *ROWS])
    ledger = read_ledger([one, one, two])
    same(ledger, plain)
    told = [one.message for one in ledger.findings if one.code == "file named twice"]
    assert told == [
        "1.csv has the content of 1.csv, read already as items: not read again.",
        "2.csv has the content of 1.csv, read already as items: not read again.",
    ]


def test_rows_of_the_wrong_width_are_told(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(
        text([SHORT, ["C", "1", "2024-01-05", "", "10"]])
        + "\nC,2,2024-01-05\n"
        + text([["C", "3", "2024-01-05", "", "10"]])
    )
    ledger = read_ledger(path)
    assert ledger.items["document_no"].tolist() == ["1", "3"]
    assert ledger.exceptions[["row", "value"]].to_numpy().tolist() == [[4, "C,2,2024-01-05"]]


def test_unknown_columns_are_named(tmp_path):
    ledger = read_ledger(write(tmp_path / "x.csv", [[*SHORT, "Mood"], ["C", "1", "2024-01-05", "", "10", "good"]]))
    assert "'Mood'" in next(one.message for one in ledger.findings if one.code == "unknown columns")


def test_cells_may_hold_quotes_delimiters_and_line_breaks(tmp_path):
    rows = [
        ["Customer ID", "Customer", *SHORT[1:]],
        ["C", 'A, "B"\nLtd', "1", "2024-01-05", "", "10"],
        ["C", "=1+1", "2", "x", "", "1"],
    ]
    rows += [["C", "C", str(n), "2024-01-05", "", "1"] for n in range(5)]
    ledger = read_ledger(write(tmp_path / "q.csv", rows))
    assert ledger.items["customer_name"][0] == 'A, "B"\nLtd'
    assert ledger.exceptions["row"].tolist() == [3]


# --- files that are refused ----------------------------------------------------------------------------------


def refused(path, message: str, **how) -> None:
    with pytest.raises(LedgerError) as caught:
        read_ledger(path, **how)
    sentence = str(caught.value)
    assert re.search(message, sentence), sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_no_such_file(tmp_path):
    refused(tmp_path / "none.csv", r"There is no file .*none\.csv")


def test_a_folder(tmp_path):
    refused(tmp_path, "is a folder")


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path, content):
    (tmp_path / "e.csv").write_bytes(content)
    refused(tmp_path / "e.csv", r"e\.csv is empty")


def test_a_header_without_rows(tmp_path):
    refused(write(tmp_path / "h.csv", [SHORT]), "has headings but no document below them")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00" * 50, "is a picture: export the list itself"),
        (b"%PDF-1.4\x00\x01\x02" * 40, "is a PDF document"),
        (bytes(range(256)) * 20, "holds binary data, no text and no workbook"),
    ],
)
def test_binary_data(tmp_path, content, what):
    (tmp_path / "b.csv").write_bytes(content)
    refused(tmp_path / "b.csv", what)


def test_an_encrypted_workbook(tmp_path):
    package = "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "c.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + package)
    refused(tmp_path / "c.xlsx", "is an encrypted workbook: save it without a password")


def test_a_broken_workbook(tmp_path):
    whole = workbook(tmp_path / "w.xlsx", {"Data": [SHORT]}).read_bytes()
    (tmp_path / "x.xlsx").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "x.xlsx", "damaged")
    (tmp_path / "y.xlsx").write_text("a,b")
    refused(tmp_path / "y.xlsx", "its columns are 'a', 'b'")


def test_a_zip_that_is_no_workbook_and_a_zip_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.xlsx", "w") as package:
        package.writestr("readme.txt", "hello")
    refused(tmp_path / "z.xlsx", "zip archive")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(300):
                sheet.write(b"\0" * 2**20)
    refused(tmp_path / "bomb.xlsx", "would unpack to")


def test_no_such_column_lists_those_there_are(tmp_path):
    path = write(tmp_path / "c.csv", [["Customer ID", "Document", "When", "Amount"], ["C", "1", "2024-01-01", "1"]])
    refused(
        path, r"c\.csv has no heading that says which column is the date; .*'Customer ID', 'Document', 'When', 'Amount'"
    )
    with pytest.raises(QuestionError) as asked:
        read_ledger(path)
    assert '--column "document_date=When" (the best guess' in in_command("", asked.value.answers)


def test_text_in_an_amount_column(tmp_path):
    rows = [["C", str(n), "2024-01-05", "", "paid"] for n in range(3)]
    refused(
        write(tmp_path / "t.csv", [SHORT, *rows]),
        r"'Amount' holds text instead of an amount in 3 of 3 rows \(row 2: 'paid'\)",
    )


def test_doubled_headers(tmp_path):
    path = write(tmp_path / "t.csv", [[*SHORT, "Amount"], ["C", "1", "2024-01-05", "", "10", "11"]])
    refused(path, "'Amount' more than once")


def test_overflowed_ids(tmp_path):
    rows = [["-2147483648", str(n), "2024-01-05", "", "10"] for n in range(4)]
    refused(write(tmp_path / "o.csv", [SHORT, *rows]), r"-2147483648 in 4 rows.*overflowed")


def test_a_wrong_date_order_is_refused(tmp_path):
    rows = [["C", str(n), f"{n}/1/2024", "", "10"] for n in range(13, 20)]
    refused(write(tmp_path / "o.csv", [SHORT, *rows]), "holds no date", dates="mdy")
    refused(write(tmp_path / "o.csv", [SHORT, *rows]), "dmy or mdy", dates="ymd")


def test_too_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("xlwings_addin.ledger.files.table.MAX_ROWS", 3)
    refused(write(tmp_path / "m.csv", [HEADER, *ROWS]), "more than 3 rows")


def test_as_of_before_all_items_and_before_the_export(plain):
    with pytest.raises(LedgerError, match=r"lies before all items: the first document is dated 2024-01-05"):
        age(plain, "2023-12-31", force=True)
    with pytest.raises(LedgerError, match=r"Cannot go back to 2024-02-01: .* only what is open today"):
        open_at(plain, "2024-02-01")
    forced = age(plain, "2024-02-01", force=True)
    assert "incomplete" in forced.warnings[0]
    with pytest.raises(LedgerError, match="'mood'"):
        age(plain, "2024-03-01", by="mood")
    with pytest.raises(LedgerError, match="is not a date"):
        age(plain, "1.3.2024")


# --- what a controller is shown ------------------------------------------------------------------------------


def codes(ledger) -> dict[str, int]:
    return {one.code: one.count for one in ledger.findings}


def test_findings(tmp_path):
    rows = [
        ["C", "One", "1", "2024-01-05", "", "10.005", "10.00"],
        ["C", "Two", "1", "2024-01-05", "2024-02-04", "10", "10"],
        ["D", "", "2", "2024-01-05", "2024-02-04", "20", "5"],
        ["D", "", "3", "2024-01-05", "2024-01-04", "20", "20"],
        ["D", "", "4", "2024-01-05", "2024-02-04", "8", "0"],
    ]
    items = write(
        tmp_path / "i.csv",
        [["Customer ID", "Customer", "Document", "Document date", "Due date", "Amount", "Open amount"], *rows],
    )
    receipts = write(
        tmp_path / "r.csv",
        [
            ["Document", "Date", "Amount"],
            ["2", "2024-01-10", "15"],
            ["3", "2024-01-10", "25"],
            ["4", "2024-01-10", "8"],
            ["9", "2024-01-10", "7"],
        ],
    )
    ledger = read_ledger(items, receipts=receipts)
    found = codes(ledger)
    assert found["rounded amounts"] == 1
    assert found["several names"] == 1
    assert found["duplicate items"] == 1
    assert found["no due date"] == 1
    assert found["due before document"] == 1
    assert found["over-applied"] == 1
    assert found["open amount differs"] == 1
    assert found["receipts without item"] == 1
    assert found["unnamed currency"] == 5
    assert ledger.exceptions["value"].tolist() == ["9: 7.00"]
    assert open_at(ledger, "2024-01-31").amount.sum() == 1000 + 1000 + 500 - 500


def test_a_receipt_that_fits_two_customers_is_not_guessed(tmp_path):
    items = write(tmp_path / "i.csv", [SHORT, ["C", "1", "2024-01-05", "", "10"], ["D", "1", "2024-01-05", "", "10"]])
    receipts = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-01-10", "5"]])
    ledger = read_ledger(items, receipts=receipts)
    assert len(ledger.receipts) == 0
    assert "several customers" in ledger.exceptions["reason"][0]


def test_applying_a_credit_moves_no_cash_and_no_credit(tmp_path):
    items = write(
        tmp_path / "i.csv",
        [
            [*SHORT, "Kind"],
            ["C", "1", "2024-01-05", "2024-02-04", "100", "invoice"],
            ["C", "2", "2024-01-20", "", "-30", "credit note"],
            ["C", "3", "2024-01-25", "", "-50", "payment"],
        ],
    )
    receipts = write(
        tmp_path / "r.csv",
        [
            ["Document", "Date", "Amount", "Kind"],
            ["1", "2024-02-10", "30", "credit note"],
            ["2", "2024-02-10", "-30", "credit note"],
            ["1", "2024-02-11", "50", "cash"],
            ["3", "2024-02-11", "-50", "cash"],
        ],
    )
    ledger = read_ledger(items, receipts=receipts, base_currency="eur")
    january, february = metrics(history(ledger, "2024-02-29"))
    assert (january["cash"], january["credits"], january["receivables"]) == (50, 30, 20)
    assert (february["cash"], february["credits"], february["receivables"], february["overdue"]) == (0, 0, 20, 20)


# --- currencies ----------------------------------------------------------------------------------------------


def test_currencies_are_never_added(tmp_path):
    rows = [
        [*SHORT, "Currency"],
        ["C", "1", "2024-01-05", "2024-02-04", "100.10", "EUR"],
        ["C", "2", "2024-01-05", "2024-02-04", "5000", "JPY"],
        ["C", "3", "2024-01-05", "2024-02-04", "1.2345", "KWD"],
    ]
    ledger = read_ledger(write(tmp_path / "i.csv", rows), base_currency="EUR")
    assert ledger.items["amount"].tolist() == [10010, 5000, 1234]
    aged = aging_json(age(ledger, "2024-03-01"))
    assert aged["total"] is None
    assert [(one["currency"], one["total"]) for one in aged["by_currency"]] == [
        ("EUR", 100.1),
        ("JPY", 5000),
        ("KWD", 1.234),
    ]
    assert "JPY, KWD" in aged["warnings"][-1]
    rates = (Rate("JPY", "2024-01-01", 0.006), Rate("JPY", "2024-02-15", 0.0065), Rate("KWD", "2024-01-01", 3.0))
    aged = aging_json(age(ledger, "2024-03-01", Settings(rates=rates)))
    assert aged["total"] == round(100.1 + 5000 * 0.0065 + 3.702, 2)
    assert not any("exchange rate" in warning for warning in aged["warnings"])
    rows = metrics(history(ledger, "2024-01-31"))
    assert rows[-1]["receivables"] is None


def test_receipts_take_the_currency_of_their_item(tmp_path):
    items = write(
        tmp_path / "i.csv",
        [
            [*SHORT, "Currency"],
            ["C", "1", "2024-01-05", "", "100.10", "EUR"],
            ["C", "2", "2024-01-05", "", "5000", "JPY"],
        ],
    )
    receipts = write(
        tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-01-10", "0.10"], ["2", "2024-01-10", "1000"]]
    )
    ledger = read_ledger(items, receipts=receipts)
    assert ledger.receipts["amount"].tolist() == [10, 1000]


# --- open lists ----------------------------------------------------------------------------------------------


def test_an_open_list_knows_no_sales(plain):
    assert not plain.has_history
    rows = metrics(history(plain, "2024-03-31"))
    assert rows[-1]["receivables"] == 21194.46
    assert all(rows[-1][name] is None for name in ("credit_sales", "cash", "dso", "dso_countback", "cei"))
    assert rows[0]["receivables"] is None


def test_typed_sales_give_an_open_list_its_ratios(tmp_path):
    items = write(tmp_path / "i.csv", [HEADER, *ROWS])
    sales = write(
        tmp_path / "s.csv",
        [
            ["Month", "Credit sales", "Cash"],
            ["2024-01", "15,500.00", "1"],
            ["2024-02", "29000", ""],
            ["2024-03-31", "31000", ""],
        ],
    )
    ledger = read_ledger(items, sales=sales)
    found = history(ledger, "2024-03-31")
    rows = metrics(found)
    assert [row["credit_sales"] for row in rows] == [15500, 29000, 31000]
    assert rows[-1]["dso"] == pytest.approx(21194.46 / 31000 * 31)
    assert rows[-1]["dso_countback"] == pytest.approx(21194.46 / 31000 * 31)
    assert rows[-1]["cash"] is None
    assert found.typed["credit_sales"].all()


def test_a_row_to_date_counts_the_days_elapsed(tmp_path):
    items = write(
        tmp_path / "i.csv", [SHORT, ["C", "1", "2024-01-05", "2024-02-04", "100"], ["C", "2", "2024-02-05", "", "50"]]
    )
    receipts = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-02-10", "30"]])
    found = history(read_ledger(items, receipts=receipts), "2024-02-15")
    assert found.to_date
    assert found.days.tolist() == [31, 15]
    assert metrics(found)[-1]["dso"] == pytest.approx(120 / 50 * 15)
    assert not history(read_ledger(items, receipts=receipts), "2024-02-29").to_date


def test_periods_of_the_settings(tmp_path):
    items = write(tmp_path / "i.csv", [SHORT, ["C", "1", "2024-01-05", "2024-02-04", "100"]])
    receipts = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-02-10", "30"]])
    periods = ("2023-12-31", "2024-01-28", "2024-02-25", "2024-03-31")
    found = history(read_ledger(items, receipts=receipts), "2024-03-31", settings=Settings(periods=periods))
    assert [iso(end) for end in found.ends] == list(periods[1:])
    assert found.days.tolist() == [28, 28, 35]


def test_a_million_cents_is_a_number_that_prints_right(plain):
    aged = aging_json(age(plain, day_number("2024-03-01")))
    assert aged["total"] == 21194.46
    assert np.isclose(sum(aged["buckets"].values()), aged["total"])
    assert aged["groups"][0] == {
        "key": "0007",
        "total": 19950.0,
        "buckets": {
            "Credits": -50.0,
            "Current": 20000.0,
            "1-30": 0.0,
            "31-60": 0.0,
            "61-90": 0.0,
            "90+": 0.0,
            "No date": 0.0,
        },
    }


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_small_files_are_read_without_threads(tmp_path):
    """A process that ends while Arrow's reading threads do may abort: none is started for files of this size."""
    good = write(tmp_path / "a.csv", [HEADER, *ROWS])
    bad = write(tmp_path / "b.csv", [SHORT, ["one", "two"]])
    code = f"""
from pathlib import Path
import xlwings_addin.ledger.reader as reader
count = lambda: len(list(Path("/proc/self/task").iterdir()))
before = count()
reader.read_ledger({str(good)!r})
try:
    reader.read_ledger({str(bad)!r})
except ValueError:
    print(count() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


def test_a_quotation_mark_that_is_not_closed_takes_no_rows_with_it(tmp_path, monkeypatch):
    rows = text([SHORT, *(["C", str(n), "2024-01-05", "", "10"] for n in range(20))])
    path = tmp_path / "q.csv"
    for small in (2**20, 10):
        monkeypatch.setattr("xlwings_addin.ledger.files.delimited.SMALL", small)
        # Closed rows below, in another column and in the same one: the second leaves a row of the right width.
        path.write_text(rows.replace("C,3,", 'C,"3,').replace("C,9,", 'C",9,'))
        refused(path, r"q\.csv: a cell in row 5 holds parts of other rows \('C,4,2024-01-05,,10'\): a quotation mark")
        path.write_text(rows.replace("C,3,", 'C,"3,').replace("C,4,", 'C,4",'))
        refused(path, r"q\.csv: a cell in row 5 holds parts of other rows \('C,4'\): a quotation mark is not closed")
        # An address has line breaks and delimiters of its own.
        path.write_text(rows.replace("C,3,", '"C\nUnit 5, High Street\nLondon, UK",3,'))
        assert len(read_ledger(path).items) == 20


def test_large_and_small_files_are_read_alike(tmp_path, plain, monkeypatch):
    odd = text([HEADER, *ROWS]) + '\nC,2,2024-01-05\n"0007","Zo\ne",X,2024-01-05,,EUR,1.00,1.00\n'
    (tmp_path / "o.csv").write_text(odd, encoding="utf-8")
    small = read_ledger(tmp_path / "o.csv")
    monkeypatch.setattr("xlwings_addin.ledger.files.delimited.SMALL", 10)
    large = read_ledger(tmp_path / "o.csv")
    same(small, large)
    pd.testing.assert_frame_equal(small.exceptions, large.exceptions)
    assert small.sources[0].classes == large.sources[0].classes
    assert small.file_rows.tolist() == large.file_rows.tolist()
