"""Every kind of file that lists come in gives the same table, or one sentence that says what the file is."""

import datetime as dt
import io
import json
import random
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from small_workbooks import ods, xlsb

from xlwings_addin.cli import cli
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.files import open_source
from xlwings_addin.ledger.formats.declaration import title_key
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.recognition import header_score

KINDS = Path(__file__).parent / "kinds"
HEADINGS = ["Customer ID", "Customer", "Invoice No", "Invoice Date", "Due Date", "Balance"]
ROWS = [
    ["C1", "Möller", "INV-1", "2026-01-05", "2026-02-04", 100.25],
    ["C2", "Beta", "INV-2", "2026-01-06", "2026-02-05", -20],
]
KNOWN = {title_key(heading) for heading in HEADINGS}


def score(line):
    """This many of the headings that these tests write."""
    return len(KNOWN & {title_key(cell) for cell in line})


def one_table(tmp_path, data, name="list.txt", by=score, **how):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    (table,) = open_source(tmp_path / name, by, **how).tables
    return table


def cells(table):
    return [list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def workbook(*sheets, change=None):
    book = openpyxl.Workbook()
    for at, rows in enumerate(sheets):
        page = book.active if at == 0 else book.create_sheet()
        for row in rows:
            page.append(row)
        if change:
            change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_days(wrap):
    return [HEADINGS] + [
        [wrap(cell) if isinstance(cell, str) and cell[:2] == "20" else cell for cell in row] for row in ROWS
    ]


def serial(text):
    return ((dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days,)


def html(rows=None):
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows or [HEADINGS, *ROWS])
    return f"<html><body><table>{lines}</table></body></html>"


SHEET_XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Items"><Table>{}</Table></Worksheet>
</Workbook>"""


def xml_2003():
    def cell(value):
        kind = "Number" if isinstance(value, float | int) else "DateTime" if value[:2] == "20" else "String"
        return f'<Cell><Data ss:Type="{kind}">{value}{"T00:00:00.000" if kind == "DateTime" else ""}</Data></Cell>'

    return SHEET_XML.format("".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in [HEADINGS, *ROWS]))


def fixed_width():
    widths = (12, 10, 11, 13, 11, 10)
    return "\n".join(
        "".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [HEADINGS, *ROWS]
    )


def piped():
    rows = [HEADINGS, *ROWS]
    lines = ["|" + "|".join(str(cell).ljust(12) for cell in row) + "|" for row in rows]
    rule = "-" * len(lines[0])
    return "\n".join(["Open items        page 1", rule, lines[0], rule, *lines[1:], rule])


FILES = {
    "list.csv": "\n".join(",".join(map(str, row)) for row in [HEADINGS, *ROWS]).encode(),
    "list.xlsx": workbook(with_days(dt.date.fromisoformat)),
    "list.xlsm": workbook(with_days(dt.date.fromisoformat)),
    "list.xlsb": xlsb(with_days(serial)),
    "list.ods": ods(with_days(lambda text: (text,))),
    "list.xls": (KINDS / "items.xls").read_bytes(),
    "page.xls": html().encode(),
    "page.html": f'<!DOCTYPE html><meta charset="cp1252">{html()}'.encode("cp1252"),
    "xml.xls": xml_2003().encode(),
    "utf-16.xls": xml_2003().encode("utf-16"),
    "list.json": json.dumps({"Invoices": [dict(zip(HEADINGS, row, strict=True)) for row in ROWS]}).encode(),
    "bare.json": json.dumps([dict(zip(HEADINGS, row, strict=True)) for row in ROWS]).encode(),
    "lines.json": "\n".join(json.dumps(dict(zip(HEADINGS, row, strict=True))) for row in ROWS).encode(),
    "fixed.txt": fixed_width().encode(),
    "piped.txt": piped().encode(),
    "western.csv": "\n".join(";".join(map(str, row)) for row in [HEADINGS, *ROWS]).encode("cp1252"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_ledger(name, tmp_path):
    (tmp_path / name).write_bytes(FILES[name])
    items = read_ledger(tmp_path / name, base_currency="EUR").items
    assert items["open_amount"].tolist() == [10025, -2000]
    assert items["customer_name"].tolist() == ["Möller", "Beta"]
    assert items["document_no"].tolist() == ["INV-1", "INV-2"]
    assert [str(dt.date(1970, 1, 1) + dt.timedelta(days=int(day))) for day in items["due_date"]] == [
        "2026-02-04",
        "2026-02-05",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("page.xls", "it is a web page, read as the table it holds"),
        ("xml.xls", "it is a workbook in Excel's XML of 2003, read as the table it holds"),
        ("list.json", "it is JSON, read from Invoices, its rows numbered from 1"),
        ("fixed.txt", "it is a printed list of columns of fixed width"),
        ("piped.txt", "it is a printed list with bars between its cells"),
        ("western.csv", "it is in the encoding cp1252 (its words are of Western Europe)"),
    ],
)
def test_how_a_file_was_read_is_told(name, said, tmp_path):
    (tmp_path / name).write_bytes(FILES[name])
    told = [one.message for one in read_ledger(tmp_path / name, base_currency="EUR").findings]
    assert any(said in one for one in told), told


def test_a_plain_file_is_told_nothing_of(tmp_path):
    for name in ("list.csv", "list.xlsx", "list.ods"):
        assert one_table(tmp_path, FILES[name], name).notes == ()


# ---- workbooks


def test_a_cell_that_shows_an_error_is_named(tmp_path):
    rows = [
        HEADINGS,
        *with_days(dt.date.fromisoformat)[1:],
        ["C3", "Gamma", "INV-3", dt.date(2026, 1, 5), "#REF!", "#DIV/0!"],
    ]
    table = one_table(tmp_path, workbook(rows), "e.xlsx")
    assert cells(table)[2][4:] == ["#REF!", "#DIV/0!"]
    ledger = read_ledger(tmp_path / "e.xlsx", base_currency="EUR")
    assert ledger.items["open_amount"].tolist() == [10025, -2000]
    assert ledger.exceptions["row"].tolist() == [4]


def as_time(*places):
    def change(page):
        for place, style in places:
            page[place].number_format = style

    return change


def test_numbers_and_days_formatted_as_a_length_of_time_are_what_they_are(tmp_path):
    # 50.25 shown as 1206:00, a due date as 1096728:00, 10.4 as a day of 1900.
    rows = [HEADINGS, *with_days(dt.date.fromisoformat)[1:], ["C3", "Gamma", "INV-3", dt.date(2026, 1, 5), 46057, 10.4]]
    rows[1] = [*rows[1][:5], 50.25]
    data = workbook(rows, change=as_time(("F2", "[h]:mm"), ("E4", "[h]:mm:ss"), ("F4", "yyyy-mm-dd")))
    (tmp_path / "t.xlsx").write_bytes(data)
    ledger = read_ledger(tmp_path / "t.xlsx", base_currency="EUR")
    assert ledger.items["open_amount"].tolist() == [5025, -2000, 1040]
    assert ledger.items["due_date"].tolist()[0] == ledger.items["due_date"].tolist()[2]
    assert not len(ledger.exceptions)


def test_a_column_of_lengths_of_time_is_one_of_numbers(tmp_path):
    rows = [[*HEADINGS, "Age"], *([*row, 3.5] for row in ROWS)]
    table = one_table(tmp_path, workbook(rows, change=as_time(("G2", "[h]:mm"), ("G3", "[h]:mm"))), "t.xlsx")
    assert table.columns[6].to_pylist() == [3.5, 3.5]


def test_merged_names_stand_in_each_row_and_merged_amounts_do_not(tmp_path):
    rows = [HEADINGS, ROWS[0], [None, None, "INV-2", *ROWS[1][3:5], None], ["C9", *ROWS[1][1:]]]

    def change(page):
        for merged in ("A2:A3", "B2:B3", "F2:F3"):
            page.merge_cells(merged)

    table = one_table(tmp_path, workbook(rows, change=change), "m.xlsx")
    assert table.columns[0].to_pylist() == ["C1", "C1", "C9"]
    assert table.columns[1].to_pylist() == ["Möller", "Möller", "Beta"]
    assert table.columns[5].to_pylist() == [100.25, None, -20]
    assert table.notes == ("2 merged cells are read into each row that they cover",)


def test_sheets_that_are_alike_are_tables_of_their_own(tmp_path):
    (tmp_path / "s.xlsx").write_bytes(workbook([HEADINGS, ROWS[0]], [HEADINGS, ROWS[1]]))
    assert [table.sheet for table in open_source(tmp_path / "s.xlsx", score).tables] == ["Sheet", "Sheet1"]


# ---- headings


def test_two_rows_are_one_heading_where_they_say_more_than_either(tmp_path):
    upper = ["Customer", None, "Invoice", None, "Due", "Balance"]
    lower = ["ID", "Name", "No", "Date", "Date", None]
    data = workbook([["Open items of the month"], upper, lower, *ROWS])
    table = one_table(
        tmp_path, data, "h.xlsx", by=lambda line: score(["Customer" if x == "Customer Name" else x for x in line])
    )
    assert table.headers == ("Customer ID", "Name", "Invoice No", "Date", "Due Date", "Balance")
    assert (table.header_row, table.preamble, table.rows.tolist()) == (2, ("Open items of the month",), [4, 5])


def test_two_rows_are_one_heading_where_they_say_as_much_and_the_upper_does_not_begin_at_the_left(tmp_path):
    path = tmp_path / "facturen.csv"
    path.write_text(
        ";;Uiterste;;Te betalen\nPartner;Nummer;Vervaldag;Factuurbedrag;bedrag\nA;F1;15-07-2024;1689,47;979,90\n"
        "B;F2;17-01-2025;9130,00;5204,10\nB;F3;28-12-2024;6729,34;4306,78\n"
    )
    ledger = read_ledger(path, base_currency="EUR")
    assert ledger.items["open_amount"].tolist() == [97_990, 520_410, 430_678]
    path.write_text(path.read_text().replace(";;Uiterste;;Te betalen", "Firma;Saldi;;;"))
    with pytest.raises(QuestionError, match="'Factuurbedrag' or 'bedrag' may be the amount"):
        read_ledger(path, base_currency="EUR")


PRINTED = """Polaris Holding
{}
{}
Polaris S.A.      2024/6457  2023-07-10   2047.36   1310.32
Fjordkraft GmbH   2024/6463  2024-04-16   6912.37   3110.57 Cr
Polaris S.A.      2024/6469  2024-04-19   4671.00   4671.00
"""


@pytest.mark.parametrize(
    ("upper", "lower", "headers"),
    [
        (
            "                  Número     Data de      Valor da   Valor a",
            "Cliente           fatura     vencimento   fatura     liq.",
            ("Cliente", "Número fatura", "Data de vencimento", "Valor da fatura", "Valor a liq."),
        ),
        (
            "Party's           Due",
            "name              Document   date         Total     Residual",
            ("Party's name", "Due Document", "date", "Total", "Residual"),
        ),
        (
            "Open items        Page",
            "Customer          Document   Due date     Total     Residual",
            ("Customer", "Document", "Due date", "Total", "Residual"),
        ),
    ],
    ids=["the first column has one", "all begin where columns do", "a title"],
)
def test_a_printed_heading_may_take_two_lines(tmp_path, upper, lower, headers):
    table = one_table(tmp_path, PRINTED.format(upper, lower), by=header_score("items", None))
    assert table.headers == headers
    assert [row[-1] for row in cells(table)] == ["1310.32", "3110.57 Cr", "4671.00"]


def test_a_blank_within_cells_parts_no_column_where_columns_are_set_wide(tmp_path):
    lines = [
        "Nom du client   Montant   Contact telefon   Date",
        *(
            f"{name:16}{n}00.25    +49 {n}12 26137     2026-01-0{n}"
            for n, name in enumerate(("Yarrow S.A.", "Solano S.A."), 1)
        ),
    ]
    table = one_table(tmp_path, "\n".join(lines), by=header_score("items", None))
    assert table.headers == ("Nom du client", "Montant", "Contact telefon", "Date")


@pytest.mark.parametrize("blank", [" ", "\u202f", "\xa0"])
def test_a_number_that_runs_over_its_column_is_that_columns(tmp_path, blank):
    text = (
        "Customer No  Customer      Not due  1 - 30 Days      Total\n"
        "K-23         Meridian     4_428,00         0,00   4_428,00\n"
        "K-24         Westmark         0,00     7_783,75   7_783,75\n"
        "Total                   124_428,00     7_783,75  12_211,75\n"
    ).replace("_", blank)
    table = one_table(tmp_path, text, by=header_score("items", None))
    assert cells(table)[-1][0] == "Total"
    assert str(cells(table)[-1][2]).replace(blank, "") == "124428,00"


def test_sheets_with_the_same_headings_are_read_alike(tmp_path):
    titles = ["Číslo faktury", "Datum vydání", "Částka faktury (CZK)", "Datum vytvoření", "Datum splatnosti", "Klient"]
    north = [
        [f"A{n}", f"2025-0{n}-05", 100.25 * n, f"2025-0{n}-02", f"2025-0{n + 1}-04", "Šumava"] for n in range(1, 6)
    ]
    south = [["B1", "2025-05-08", 144.5, "2025-05-05", "2025-07-07", "Dvořák"]]
    (tmp_path / "b.xlsx").write_bytes(workbook([titles, *north], [titles, *south]))
    ledger = read_ledger(tmp_path / "b.xlsx", as_of="2025-12-31")
    assert ledger.items["document_no"].tolist() == ["A1", "A2", "A3", "A4", "A5", "B1"]


LISTED = [
    ["Customer", "Invoice", "Invoice date", "Due date", "Balance"],
    ["Alpha", "101", "2025-11-01", "2025-12-01", 100],
    ["Beta", "102", "2025-12-10", "2026-01-09", 200],
    ["Gamma", "103", "2025-12-12", "2026-01-11", 50],
]


def book_of(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


def test_of_lists_of_two_days_in_a_workbook_none_is_taken_unasked(tmp_path):
    later = [*LISTED[:2], ["Beta", "102", "2025-12-10", "2026-01-09", 150], ["Delta", "104", "2026-01-15", "", 300]]
    path = book_of(tmp_path, Dec=LISTED, Jan=later)
    with pytest.raises(QuestionError, match="'Dec' and 'Jan' hold some of the same documents") as asked:
        read_ledger(path, base_currency="EUR", as_of="2026-01-31")
    (answer,) = asked.value.answers
    told = dict(zip(answer.choices, answer.gives, strict=True))
    assert told == {
        "Dec": "total 350.00 EUR, overdue 350.00 EUR",
        "Jan": "total 550.00 EUR, overdue 250.00 EUR",
    }
    ledger = read_ledger(path, answers={"sheets": ["Jan"]})
    assert ledger.items["open_amount"].sum() == 55_000
    assert "sheets not read" not in {one.code for one in ledger.findings}


def test_a_sheet_that_repeats_another_is_told(tmp_path):
    ledger = read_ledger(book_of(tmp_path, All=LISTED, Some=LISTED[:3]))
    assert len(ledger.items) == 3
    (told,) = [one.message for one in ledger.findings if one.code == "sheets not read"]
    assert "not read: 'Some' (of the same kind, and not counted)" in told


@pytest.mark.parametrize("name", ["Kreditoren", "AP", "Creditors", "Fournisseurs", "Written off", "Paid"])
def test_a_sheet_that_is_called_no_receivable_is_told_and_not_counted(tmp_path, name):
    others = [LISTED[0], ["Paper", "901", "2025-12-02", "2025-12-30", 33]]
    ledger = read_ledger(book_of(tmp_path, **{"Open": LISTED, name: others}))
    assert ledger.items["document_no"].tolist() == ["101", "102", "103"]
    (told,) = [one.message for one in ledger.findings if one.code == "sheets not read"]
    assert f"not read: '{name}'" in told


def test_months_tell_an_encoding(tmp_path):
    rows = "\n".join(
        f"INV-{n};{n} {month} 2023;10,00" for n, month in enumerate(("października", "września", "stycznia"), 1)
    )
    data = f"numer;data;kwota\n{rows}\n".encode("cp1250")
    assert one_table(tmp_path, data).encoding == "cp1250"


def test_a_heading_without_its_first_word_is_one_though_nothing_in_it_is_known(tmp_path):
    data = ",kunde,beleg,betrag\n0,C1,2024-01-02,1000.50\n1,C2,2024-01-03,1010.50\n"
    table = one_table(tmp_path, data, by=lambda _: 0)
    assert (table.headers, table.header_row, table.rows.tolist()) == (("", "kunde", "beleg", "betrag"), 1, [2, 3])


@pytest.mark.parametrize("tail", ["", '\nALL,,Total,"1 231,26"'])
def test_a_file_without_a_heading_loses_no_row_to_it(tmp_path, tail):
    data = 'TRA001,,Alpha,"0,00"\nAPP001,AF-1,Beta,"836,65"\nABC001,,Gamma,"394,61"' + tail
    table = one_table(tmp_path, data, by=lambda _: 0)
    assert table.headers == ("Column A", "Column B", "Column C", "Column D")
    assert table.headless
    assert (table.header_row, table.rows.tolist()[:3]) == (0, [1, 2, 3])
    assert cells(table)[0] == ["TRA001", "", "Alpha", "0,00"]


@pytest.mark.parametrize(
    "rows",
    [
        """-1.687,80|DEB71|22.10.2023|1.0438|22.10.2023|INV-32513|Meridian
6.299,91|DEB75|12.12.2023|1.1334|11.01.2024|INV-32518|Kestrel
2.486,00|DEB72|17.02.2024|1.2548|17.04.2024|INV-32524|Havelland""",
        """16 agosto 2024|2 522,94|A66932|DEB00041|30 setembro 2024|Havelland
10 junho 2025|3 180,12|A66939|DEB00042|10 julho 2025|Oakfield
14 abril 2025|7 231,31|A66945|DEB00041|13 junho 2025|Havelland""",
        """2023-10-22|Customer 1|Invoice 32513|Current
2023-10-23|Customer 2|Invoice 32514|Current
2023-10-24|Customer 1|Invoice 32515|Current""",
    ],
)
def test_a_row_like_the_next_is_no_heading_whatever_its_words(rows, tmp_path):
    table = one_table(tmp_path, rows, by=header_score("items", None))
    assert table.headless
    assert table.rows.tolist() == [1, 2, 3]


def test_a_file_without_a_heading_is_refused_as_one(tmp_path):
    (tmp_path / "n.csv").write_text('TRA001,,Alpha,"0,00"\nAPP001,AF-1,Beta,"836,65"\nABC001,,Gamma,"394,61"')
    with pytest.raises(
        LedgerError, match=r"n\.csv has no heading row, so that nothing says what its columns hold"
    ) as told:
        read_ledger(tmp_path / "n.csv")
    assert "APP001" not in str(told.value)


def test_equal_headings_both_stay(tmp_path):
    table = one_table(tmp_path, "Customer ID,Due Date,Due Date\nC1,2026-01-01,2026-02-01\n")
    assert table.headers == ("Customer ID", "Due Date", "Due Date")


def test_lines_above_a_heading_are_no_heading(tmp_path):
    data = "int,text,text,date,date,money\nRow Labels,,,,,\n" + FILES["list.csv"].decode()
    table = one_table(tmp_path, data)
    assert (table.header_row, table.rows.tolist()) == (3, [4, 5])


# ---- printed lists

SPOOL = """30.01.2026                    Dynamic List Display                     1
-----------------------------------------------------------------------------------------------
|Account |DocumentNo|Type|Doc. Date |Net due dt|  Amount in DC|Curr.|
-----------------------------------------------------------------------------------------------
|100001  |1800000001|RV  |05.01.2026|04.02.2026|     1.000,00 |EUR  |
|* Account 100001               |          |  1.000,00 |EUR  |
30.01.2026                    Dynamic List Display                     2
-----------------------------------------------------------------------------------------------
|Account |DocumentNo|Type|Doc. Date |Net due dt|  Amount in DC|Curr.|
-----------------------------------------------------------------------------------------------
|100002  |1800000003|RV  |01.12.2025|31.12.2025|       500,00 |EUR  |
|100003  |one | too many|18|RV|01.12.2025|31.12.2025|500,00|EUR  |
-----------------------------------------------------------------------------------------------
"""


def test_a_spool_list_keeps_its_subtotals_and_loses_its_page_heads(tmp_path):
    table = one_table(tmp_path, SPOOL, by=lambda line: line.count("DocumentNo"))
    assert cells(table) == [
        ["100001", "1800000001", "RV", "05.01.2026", "04.02.2026", "1.000,00", "EUR"],
        ["* Account 100001", None, None, None, None, "1.000,00", "EUR"],
        ["100002", "1800000003", "RV", "01.12.2025", "31.12.2025", "500,00", "EUR"],
    ]
    assert table.rows.tolist() == [5, 6, 11]
    assert table.furniture == (4, 7, 8, 9, 10, 13)
    assert [row for row, _ in table.broken] == [12]
    assert table.header_row == 3


FIXED = """Open items list                                   page 1

Cust. Customer name     Doc no     Due date         Balance
----- ----------------- ---------- ---------- -------------
10001 Alpha Trading Ltd 1800000001 04.02.2026      1,000.00
10001 Alpha Trading Ltd 1800000002 04.02.2026 12,345,678.00
* Total customer 10001                        12,346,678.00
10002 Beta              1800000003 31.12.2025         20.00-
"""


@pytest.mark.parametrize("ruled", [True, False])
def test_columns_of_fixed_width_are_found_with_and_without_a_rule(tmp_path, ruled):
    text = FIXED if ruled else "\n".join(line for line in FIXED.splitlines() if "---" not in line)
    table = one_table(tmp_path, text, by=lambda line: any("Due date" in cell for cell in line))
    assert [header.strip() for header in table.headers] == ["Cust.", "Customer name", "Doc no", "Due date", "Balance"]
    assert cells(table) == [
        ["10001", "Alpha Trading Ltd", "1800000001", "04.02.2026", "1,000.00"],
        ["10001", "Alpha Trading Ltd", "1800000002", "04.02.2026", "12,345,678.00"],
        ["* Total customer 10001", None, None, None, "12,346,678.00"],
        ["10002", "Beta", "1800000003", "31.12.2025", "20.00-"],
    ]


# ---- pages and JSON


def test_cells_of_a_page_that_span_others_are_placed(tmp_path):
    page = (
        "<table><tr><td><table><thead><tr><th rowspan=2>Customer ID</th><th colspan=2>Invoice</th><th>Balance</th></tr>"
        "<tr><th>No</th><th>Date</th><th></th></tr></thead>"
        "<tr><td rowspan='2'>C1 &amp; Co</td><td>INV-1</td><td>2026-01-05</td><td rowspan=2>1&nbsp;000,00</td></tr>"
        "<tr><td>INV-2</td><td>2026-01-06</td></tr></table></td></tr></table>"
    )
    table = one_table(tmp_path, page, "p.xls")
    assert table.headers == ("Customer ID", "Invoice No", "Date", "Balance")
    assert cells(table) == [["C1 & Co", "INV-1", "2026-01-05", "1 000,00"], ["C1 & Co", "INV-2", "2026-01-06", None]]


def test_several_tables_of_a_page_are_several(tmp_path):
    def page(rows):
        return html().replace("</body></html>", html(rows))

    (tmp_path / "p.html").write_text(page([HEADINGS[:2], ["C1", "123"]]))
    assert [one.sheet for one in open_source(tmp_path / "p.html", score).tables] == ["table 1", "table 2"]
    # Another list with a heading of its own, and the next page of the same list with and without its heading.
    third = ["C3", "Gamma", "INV-3", "2026-01-06", "2026-02-05", 5]
    (tmp_path / "q.html").write_text(page([["Customer ID", "Balance", "a", "b", "c", "d"], third]))
    assert len(open_source(tmp_path / "q.html", score).tables) == 2
    assert len(one_table(tmp_path, page([third])).rows) == 3
    assert len(one_table(tmp_path, page([HEADINGS, third])).rows) == 4


def test_rows_and_cells_that_xml_leaves_out_stay_empty(tmp_path):
    titles = (f'<Cell><Data ss:Type="String">{title}</Data></Cell>' for title in ("Customer ID", "Balance"))
    row = f"<Row>{''.join(titles)}</Row>"
    later = '<Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="Number">7.5</Data></Cell></Row>'
    error = '<Row><Cell><Data ss:Type="String">C</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>'
    table = one_table(tmp_path, SHEET_XML.format(row + later + error), "x.xls")
    assert (table.rows.tolist(), cells(table)[2:]) == ([2, 3, 4, 5], [[None, "7.5"], ["C", "#N/A"]])


def test_what_is_nested_in_json_has_its_names_as_heading(tmp_path):
    answer = {
        "QueryResponse": {
            "Invoice": [
                {
                    "Id": "1",
                    "CustomerRef": {"value": "7", "name": "Alpha"},
                    "DueDate": "/Date(1700000000000+0000)/",
                    "Balance": 10,
                    "Line": [{"Amount": 4}, {"Amount": 6}],
                },
                {"Id": "2", "CustomerRef": {"value": "8", "name": "Beta"}, "Balance": 0.5, "Line": []},
            ],
            "maxResults": 2,
        },
        "time": "2026-01-31T00:00:00Z",
    }
    table = one_table(tmp_path, json.dumps(answer), "q.json")
    assert table.headers == ("Id", "CustomerRef value", "CustomerRef name", "DueDate", "Balance", "Line")
    assert cells(table) == [
        ["1", "7", "Alpha", "/Date(1700000000000+0000)/", 10.0, '[{"Amount": 4}, {"Amount": 6}]'],
        ["2", "8", "Beta", None, 0.5, None],
    ]


def test_numbers_too_long_for_a_float_keep_their_digits(tmp_path):
    table = one_table(tmp_path, '[{"id": 12345678901234567891, "a": true}, {"id": 7, "a": null}]', "n.json")
    assert cells(table) == [["12345678901234567891", "true"], ["7", None]]


# ---- what is no list


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is an encrypted workbook: save it without a password"),
        (OLE + "WordDocument".encode("utf-16-le"), "is a Word document: save the list as .xlsx or CSV"),
        (OLE, "is an old Office file without a workbook in it, or cut off"),
        (zipped(word__document_xml=""), "is a Word document"),
        (zipped(readme_txt="a"), "is a zip archive, and no workbook"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml=""), "is a text document or drawing"),
        (FILES["list.xlsx"][:900], "is a workbook or archive that is cut off or damaged"),
        (b"%PDF-1.7 ...", "is a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"{\\rtf1 a}", "is a text document"),
        (b"PAR1\x00\x01", "is a Parquet file"),
        (b"\x09\x04\x06\x00\x00\x00", "is a workbook of a very old Excel"),
        (b"", "is empty"),
        (bytes(range(1, 200)) * 9 + b"\x00", "holds binary data, no text and no workbook"),
        (b'{"Invoices": [{"a": 1', "is JSON that breaks off or is damaged in line 1"),
        (b'{"a": 1}', "is JSON without a list of objects in it"),
        (b"<html><p>Session expired</p></html>", "is a web page without a table in it"),
        (b"<?xml version='1.0'?><rss><a/></rss>", "is XML of its own kind"),
        (SHEET_XML.format("<Row>").encode(), "is a workbook in Excel's XML of 2003 that breaks off"),
    ],
)
def test_a_file_that_is_no_list_is_told_what_it_is(tmp_path, data, what):
    (tmp_path / "ledger.xlsx").write_bytes(data)
    with pytest.raises(LedgerError) as told:
        open_source(tmp_path / "ledger.xlsx", score)
    assert f"ledger.xlsx {what}" in str(told.value)
    assert not any(word in str(told.value) for word in ("byte ", "EOCD", "Error", "position"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_breaks_off_or_is_damaged_gives_a_sentence_or_a_table(name, tmp_path, capfd):
    random.seed(name)
    whole = FILES[name]
    for _ in range(60):
        cut = random.randrange(1, len(whole))
        data = bytearray(whole[:cut] if random.random() < 0.5 else whole)
        for _ in range(random.randrange(4)):
            data[random.randrange(len(data))] = random.randrange(256)
        (tmp_path / name).write_bytes(data)
        with suppress(LedgerError):
            open_source(tmp_path / name, score)
    assert capfd.readouterr().err == ""


def test_a_fault_of_our_own_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("xlwings_addin.ledger.files.book.find_heading", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        one_table(tmp_path, FILES["list.xlsx"], "f.xlsx")


# ---- encodings

WESTERN = [
    "Müller",
    "Böhm & Söhne",
    "Straße 5",
    "Crème Brûlée",
    "Société Générale",
    "d’Été",
    "São João Ltda",
    "Coração",
    "España Nº 5",
    "Señor Muñoz",
    "Søren Ærø",
    "Åse Håkansson",
    "Fälligkeit",
    "Façade",
    "ÉCOLE",
    "naïve",
    "Citroën",
    "100 €",
    "5 °C",
    "m²",
    "„Test“",
    "Zoë",
    "Università",
    "Hôtel Île",
    "Cœur",
    "Ñandú",
    "ÖBB",
    "GRÖßE",
]
ELSEWHERE = {
    "cp1250": ("Dvořák Řehoř Novotný Šárka", "Łódź Wrocław Święta Kraków", "Kovács Győr Széchenyi Erdős"),
    "cp1251": ("ООО Альфа ООО Бета", "Счёт Контрагент", "Київ Львів"),
    "cp1253": ("Αθήνα Παπαδόπουλος ΑΕ",),
    "cp1254": ("Müşteri Ödeme Yılmaz Çağrı", "İstanbul Şişli Ağaç"),
    "cp1255": ("שלום חברה בעמ תל אביב",),
    "cp1256": ("شركة النور القاهرة",),
    "cp1257": ("Bērziņš Kalniņa Rīga",),
    "cp850": ("Müller Größe Fälligkeit", "Société crème façade"),
    "mac_roman": ("Müller Größe Fälligkeit",),
    "koi8_r": ("ООО Альфа Счёт",),
    "cp866": ("ООО Альфа Счет",),
    "cp932": ("株式会社東京 大阪商事 トヨタ自動車",),
    "gb18030": ("北京科技有限公司 上海贸易公司",),
    "big5": ("台北科技股份有限公司 國際貿易公司",),
    "euc_kr": ("주식회사 한국 삼성전자",),
}


def listed(words):
    return f"Customer ID,Customer,Balance\nC1,{words},5\nC2,Beta,7\n"


@pytest.mark.parametrize("words", [*WESTERN, " ".join(WESTERN)])
def test_a_western_file_is_read_as_one(tmp_path, words):
    table = one_table(tmp_path, listed(words).encode("cp1252"))
    assert (table.encoding, cells(table)[0][1]) == ("cp1252", words)


@pytest.mark.parametrize(("encoding", "words"), [(one, words) for one, all_ in ELSEWHERE.items() for words in all_])
def test_an_encoding_is_told_by_its_words(tmp_path, encoding, words):
    table = one_table(tmp_path, listed(words).encode(encoding))
    assert cells(table)[0][1] == words
    assert table.encoding in table.notes[0]
    assert table.encoding_why


def test_words_of_the_heading_decide_first(tmp_path):
    data = "Клиент;Сумма\nABC;5\n".encode("koi8_r")
    assert one_table(tmp_path, data, by=lambda line: line.count("Клиент")).encoding == "koi8_r"
    # All of it in small letters is capitals in the other encoding: nothing tells.
    with pytest.raises(QuestionError):
        one_table(tmp_path, "оплата;номер\nABC;5\n".encode("cp1251"), by=lambda _: 0)


def test_a_damaged_byte_leaves_a_text_what_it_is(tmp_path):
    text = (
        "Cliente;Título;Emissão;Vencimento;Valor\nAção São José;T1;15/01/2026;14/02/2026;100,00\n"
        "Bê;8!1;16/02/2026;16/02/2026;50,00\n"
    ) + "".join(f"Cê;T{n};{n + 9}/02/2026;{n + 9}/03/2026;{n}0,00\n" for n in range(2, 20))
    path = tmp_path / "titulos.csv"
    path.write_bytes(text.encode().replace(b"8!1", b"88\xff1"))
    ledger = read_ledger(path, base_currency="BRL")
    assert ledger.items["customer_name"].tolist() == ["Ação São José", "Bê", *["Cê"] * 18]
    assert ledger.items["document_no"].tolist()[:3] == ["T1", "88\ufffd1", "T2"]
    (told,) = [one.message for one in ledger.findings if one.code == "file read as"]
    assert "damaged and shown as \ufffd: 1, first in line 3" in told
    path.write_bytes(text.encode().replace(b";50,00\nC", b";5\xff0,00\nC", 1))
    ledger = read_ledger(path, base_currency="BRL")
    assert ledger.items["document_no"].tolist()[:2] == ["T1", "T2"]
    assert ledger.exceptions["row"].tolist() == [3]


ALONE = (
    "Łódź|Żółw|Żabka|Świt|Ślusarz|Wiśniewski|Gdańsk|Čáslav|Žďár|Příbram|Dvořák|Győr|Őri|Kovács Gyűrű|Călin|Iaşi|Łukasz"
)
AT_HOME = "Café Noir|Müller|Åsa|Señor|Façade|Größe|São Paulo|Ñandú|Hélène|Œuvre|Cœur|Peña|Ibáñez|Malmö|Århus|Élan|20 °C"


@pytest.mark.parametrize("name", ALONE.split("|"))
def test_a_single_name_of_central_europe_is_right_or_asked_about(tmp_path, name):
    asked: tuple[str, ...] = ()
    try:
        read = cells(one_table(tmp_path, listed(name).encode("cp1250")))[0][1]
    except QuestionError as question:
        read, asked = "", question.answers[0].choices
    assert read == name or "cp1250" in asked


@pytest.mark.parametrize("name", AT_HOME.split("|"))
def test_a_single_name_of_western_europe_needs_no_question(tmp_path, name):
    table = one_table(tmp_path, listed(name).encode("cp1252"))
    assert cells(table)[0][1] == name


def test_an_encoding_that_nothing_tells_is_asked_for(tmp_path):
    data = listed("Garðar").encode("cp1252")
    with pytest.raises(QuestionError, match=r"is in an encoding that nothing in it tells: it has the word '") as asked:
        one_table(tmp_path, data)
    (answer,) = asked.value.answers
    assert answer.to == "encoding"
    assert "cp1252" in answer.choices
    assert cells(one_table(tmp_path, data, encoding="cp1252"))[0][1] == "Garðar"
    with pytest.raises(LedgerError, match="'klingon' is no encoding"):
        one_table(tmp_path, data, encoding="klingon")
    with pytest.raises(LedgerError, match=r"is not in the encoding gb18030: its line 2"):
        one_table(tmp_path, "a\nÄ b".encode("cp1252"), encoding="gb18030")


def test_a_page_that_names_its_encoding_is_believed(tmp_path):
    for stated in (
        '<meta charset="windows-1250">',
        '<meta http-equiv="Content-Type" content="text/html; charset=cp1250">',
    ):
        page = html([["Customer ID", "Customer"], ["C1", "Gdańsk"]]).replace("<body>", f"{stated}<body>")
        assert cells(one_table(tmp_path, page.encode("cp1250"), "p.xls"))[0][1] == "Gdańsk"


def test_the_command_asks_for_an_encoding_and_takes_it(tmp_path):
    rows = [HEADINGS, ["C1", "Garðar", "INV-1", "2026-01-05", "2026-02-04", "100.25"]]
    (tmp_path / "n.csv").write_bytes("\n".join(",".join(row) for row in rows).encode("cp1252"))
    told = CliRunner().invoke(cli, ["check", str(tmp_path / "n.csv"), "--json"], standalone_mode=False)
    assert "--encoding" in told.output
    assert "cp1252" in told.output
    arguments = ["check", str(tmp_path / "n.csv"), "--as-of", "2026-01-31", "--encoding", "cp1252"]
    told = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert (told.return_value, told.exception) == (0, None)


# ---- what is loaded

LAZY = ("lxml", "charset_normalizer", "python_calamine", "xlwings_addin.ledger.files.markup")


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "western.csv", "list.xls", ""])
def test_a_common_file_loads_no_reader_of_others(name, tmp_path):
    program = f"import sys, udfs; udfs.load(); print(sorted(set({LAZY!r}) & set(sys.modules)))"
    if name:
        (tmp_path / name).write_bytes(FILES[name])
        reading = f"from xlwings_addin.ledger.reader import read_ledger; read_ledger({str(tmp_path / name)!r})"
        program = f"{reading}; {program}"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("end", ["</td><td>2026-0", "<td>C3</td>", "</tr>"])
def test_a_page_that_breaks_off_within_a_table_is_refused(tmp_path, end):
    whole = html()
    cut = whole[: whole.rindex("</table>")].removesuffix("</tr>") + end
    with pytest.raises(LedgerError, match=r"list\.txt is a web page that breaks off"):
        one_table(tmp_path, cut)
    one_table(
        tmp_path,
        whole.replace("</td>", "").replace("</body></html>", "") + "<!-- <table> --><script>'<table>'</script>",
    )


PAGE = """OPEN ITEM LIST                       Page {page}
{customer}
Invoice     Date        Due date         Amount
-----------------------------------------------
{within}10{page}1        2025-12-05  2026-01-04       100.50
10{page}2        2025-12-15  2026-01-14        50.00
-----------------------------------------------
"""


@pytest.mark.parametrize("names", [("10020 Alpha", "10021 Beta"), ("10020", "10021")])
@pytest.mark.parametrize("above", [True, False])
def test_a_printed_list_names_customers_above_their_documents(tmp_path, names, above):
    pages = [
        PAGE.format(
            page=page,
            customer=f"Customer: {name}\n" if above else "",
            within="" if above else f"Customer: {name}\n",
        )
        for page, name in enumerate(names, 1)
    ]
    path = tmp_path / "list.txt"
    path.write_text("".join(pages))
    ledger = read_ledger(path)
    owed = ledger.items.groupby("customer_id")["amount"].sum().to_dict()
    assert owed == dict.fromkeys(names, 15050)


def test_sheets_without_a_customer_may_be_a_customers_each(tmp_path):
    rows = [["Invoice No", "Invoice Date", "Due Date", "Amount"], ["1", "2025-12-05", "2026-01-04", 10.5]]
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(rows, [*rows, ["2", "2025-12-05", "2026-01-04", 20]]))
    with pytest.raises(QuestionError, match="no column says whose the documents of 2 sheets are") as asked:
        read_ledger(path)
    assert asked.value.answers[0].choices == ("customer_name=sheet name",)
    ledger = read_ledger(path, answers={"columns": {"customer_name": "sheet name"}})
    assert ledger.items.groupby("customer_id")["amount"].sum().to_list() == [1050, 3050]
    assert set(ledger.items["entity"]) == {""}
    path.write_bytes(workbook([["Customer: 10020 Alpha"], *rows], [["Customer: 10021"], *rows]))
    assert read_ledger(path).items["customer_id"].tolist() == ["10020 Alpha", "10021"]


@pytest.mark.parametrize("text", ["Customer\nAlpha\nBeta\n", "Amount\n1.50\n2.50\n", "Dear all,\nthe list follows.\n"])
def test_one_column_is_no_list_and_leaves_nothing_to_choose(text, tmp_path):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"^a\.csv has one column only, '.*: export it with its columns") as refused:
        read_ledger(tmp_path / "a.csv")
    assert not isinstance(refused.value, QuestionError)


def test_headings_alone_hold_no_document(tmp_path):
    (tmp_path / "a.csv").write_text("Customer,Invoice,Date,Due date,Amount\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="has headings but no document below them: export it again"):
        read_ledger(tmp_path / "a.csv")
