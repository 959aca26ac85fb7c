"""Every system's export: recognised without help, its ledger as the golden file has it, however it is written."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from erp_samples import EXPORTS, SAMPLES, Sample, golden, rendered

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.formats import all_formats
from xlwings_addin.ledger.formats.declaration import title_key
from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def rows_of(sample: Sample) -> list[list[str]]:
    text = (EXPORTS / f"{sample.file}.csv").read_bytes().decode(sample.encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=sample.delimiter))


def written(path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@every_sample
def test_an_export_is_recognised_and_gives_its_ledger(sample):
    ledger = read_ledger(EXPORTS / f"{sample.file}.csv")
    (source,) = ledger.sources
    assert source.format == sample.format
    assert rendered(ledger) == golden(sample)
    assert len(ledger.exceptions) == sample.exceptions
    assert not [
        one for one in ledger.findings if one.code in ("file total differs", "subtotal differs", "unknown columns")
    ]


@every_sample
def test_every_row_of_the_file_is_accounted_for(sample):
    ledger = read_ledger(EXPORTS / f"{sample.file}.csv")
    (source,) = ledger.sources
    assert sum(source.classes.values()) == len(rows_of(sample))
    assert source.classes["item"] == len(set(ledger.file_rows.tolist()))
    assert source.classes["exception"] == len(ledger.exceptions)


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.total], ids=str)
def test_the_total_in_the_file_is_the_total_of_the_ledger(sample):
    ledger = read_ledger(EXPORTS / f"{sample.file}.csv")
    main = ledger.items["open_amount"].where(ledger.items["has_open"], ledger.items["amount"])
    total = main.groupby(ledger.items["currency"]).sum()
    assert " ".join(f"{name} {value}" for name, value in total.items()) == sample.total
    assert {str(name): int(value) for name, value in total.items()} == ledger.sources[0].stated


@every_sample
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_columns_means_nothing(sample, seed, tmp_path):
    rows = rows_of(sample)
    width = max(len(row) for row in rows)
    order = list(range(width))
    random.Random(seed).shuffle(order)
    # A report's titles are in one cell: those rows stay as they are.
    shuffled = [row if len(row) < width else [row[place] for place in order] for row in rows]
    assert rendered(read_ledger(written(tmp_path / "s.csv", shuffled))) == golden(sample)


@every_sample
@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-16"), ("\t", "utf-8-sig"), ("|", "utf-16-le")])
def test_delimiter_and_encoding_mean_nothing(sample, delimiter, encoding, tmp_path):
    path = written(tmp_path / "d.csv", rows_of(sample), delimiter, encoding)
    assert rendered(read_ledger(path)) == golden(sample)


@every_sample
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_headers_by_any_name_listed_mean_the_same(sample, turn, tmp_path):
    """Other languages and other versions: each heading by another of the names its format lists for it."""
    layout = next(one for one in all_formats() if one.name == sample.format)
    rows = rows_of(sample)
    at = next(i for i, row in enumerate(rows) if layout.match(row).complete)
    places = layout.match(rows[at]).places
    kept = {title_key(title) for place, title in enumerate(rows[at]) if place not in places.values()}
    for key, place in places.items():
        # A less preferred name of the same column may be next to it, as the posting date does.
        names = list(takewhile(lambda name: title_key(name) not in kept, layout.titles.get(key, ())))
        if key != layout.unnamed and names:
            rows[at][place] = names[turn % len(names)]
            kept.add(title_key(rows[at][place]))
    path = written(tmp_path / "l.csv", rows)
    ledger = read_ledger(path)
    assert ledger.sources[0].format == sample.format
    assert rendered(ledger) == golden(sample)


AMOUNT = re.compile(r"(?P<open>\()?(?P<sign>-)?\$?(?P<digits>\d[\d.,]*[.,]\d\d)(?P<trailing>-)?\)?")


def amount(cell: str, sample: Sample) -> Decimal | None:
    match = AMOUNT.fullmatch(cell)
    if not match:
        return None
    other = "," if sample.mark == "." else "."
    value = Decimal(match["digits"].replace(other, "").replace(sample.mark, "."))
    return -value if match["open"] or match["sign"] or match["trailing"] else value


def german(value: Decimal) -> str:
    return f"{abs(value):,.2f}".translate(str.maketrans(",.", ".,")) + ("-" if value < 0 else "")


def brackets(value: Decimal) -> str:
    return f"({-value:,.2f})" if value < 0 else f"{value:,.2f}"


def spaced(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")


@every_sample
@pytest.mark.parametrize("style", [german, brackets, spaced])
def test_the_style_of_numbers_means_nothing(sample, style, tmp_path):
    rows = [
        [cell if (value := amount(cell, sample)) is None else style(value) for cell in row] for row in rows_of(sample)
    ]
    # Yen have no decimals to be known by.
    yen = {german: "450.000", spaced: "450\u202f000"}.get(style, "450,000")
    rows = [[yen if cell == "450,000" else cell for cell in row] for row in rows]
    assert rendered(read_ledger(written(tmp_path / "n.csv", rows))) == golden(sample)


def day(cell: str, sample: Sample) -> dt.date | None:
    try:
        found = dt.datetime.strptime(cell, sample.dates).date()
    except ValueError:
        return None
    # How databases write that there is no date: no system writes it in another style.
    return None if found.year == 1900 else found


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.dates], ids=str)
@pytest.mark.parametrize("style", ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%y", "%Y%m%d"])
def test_the_style_of_dates_means_nothing(sample, style, tmp_path):
    layout = next(one for one in all_formats() if one.name == sample.format)
    if layout.dates == "dmy" and style == "%m/%d/%Y":
        style = "%d-%m-%Y"  # A system that always writes the day first.
    rows = [
        [cell if (found := day(cell, sample)) is None else found.strftime(style) for cell in row]
        for row in rows_of(sample)
    ]
    assert rendered(read_ledger(written(tmp_path / "t.csv", rows))) == golden(sample)


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.dates], ids=str)
def test_a_workbook_with_typed_cells_gives_the_same_ledger(sample, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "b.xlsx")
    sheet = book.add_worksheet()
    date_format = book.add_format({"num_format": "yyyy-mm-dd"})
    for i, row in enumerate(rows_of(sample)):
        for j, cell in enumerate(row):
            if (value := amount(cell, sample)) is not None:
                sheet.write_number(i, j, float(value))
            elif (found := day(cell, sample)) is not None:
                sheet.write_datetime(i, j, found, date_format)
            elif cell:
                sheet.write_string(i, j, cell)
    book.close()
    assert rendered(read_ledger(tmp_path / "b.xlsx")) == golden(sample)


def test_every_format_has_a_sample():
    proven = {sample.format for sample in SAMPLES}
    known = {one.name for one in all_formats() if not one.general and one.role == "items"}
    assert known == proven | {"IBM late-payment set"}


# --- what the classes are for ----------------------------------------------------------------------------------


def changed(sample: Sample, tmp_path: Path, change) -> Path:
    rows = rows_of(sample)
    change(rows)
    return written(tmp_path / "c.csv", rows, sample.delimiter)


QUICKBOOKS = next(one for one in SAMPLES if one.file == "QuickBooks_Online/ar_aging_detail")
SAP = next(one for one in SAMPLES if one.file == "SAP_FBL5N/line_items_de")


def test_a_total_that_is_not_the_sum_of_the_rows_is_told_with_both_figures(tmp_path):
    def change(rows):
        next(row for row in rows if row[0] == "TOTAL")[-1] = "$7,310.50"

    ledger = read_ledger(changed(QUICKBOOKS, tmp_path, change))
    (found,) = [one for one in ledger.findings if one.code == "file total differs"]
    assert found.severity == "warning"
    assert "row 18 is 7,310.50, the items read add up to 9,825.75 (difference -2,515.25)" in found.message


def test_a_subtotal_that_is_no_sum_of_rows_is_told(tmp_path):
    def change(rows):
        next(row for row in rows if row[0].startswith("Total for 31"))[-1] = "$7,250.00"

    ledger = read_ledger(changed(QUICKBOOKS, tmp_path, change))
    (found,) = [one for one in ledger.findings if one.code == "subtotal differs"]
    assert "first in row 12: $7,250.00" in found.message
    assert rendered(ledger) == golden(QUICKBOOKS)


def test_a_customer_whose_name_begins_like_a_total_is_none(tmp_path):
    def change(rows):
        rows[14][1] = ""

    ledger = read_ledger(changed(QUICKBOOKS, tmp_path, change))
    assert rows_of(QUICKBOOKS)[14][4] == "Total Energy Partners"
    assert not len(ledger.exceptions)
    (found,) = [one for one in ledger.findings if one.code == "no document date"]
    assert [int(ledger.file_rows[row]) for row in found.rows] == [15]


def test_a_row_that_cannot_be_read_shows_in_the_total(tmp_path):
    def change(rows):
        rows[6][1], rows[6][5] = "last winter 23", ""

    ledger = read_ledger(changed(QUICKBOOKS, tmp_path, change))
    assert ledger.exceptions[["row", "value"]].to_numpy().tolist() == [[7, "last winter 23"]]
    assert "(difference 1,840.00)" in next(one.message for one in ledger.findings if one.code == "file total differs")


def test_an_amount_alone_that_is_no_total_is_an_exception(tmp_path):
    def change(rows):
        rows[4][8] = "11.269,00"

    ledger = read_ledger(changed(SAP, tmp_path, change))
    assert ledger.exceptions[["row", "value"]].to_numpy().tolist() == [[5, "11.269,00"]]
    assert rendered(ledger) == golden(SAP)


def test_a_document_that_lost_its_date_is_no_customer_with_a_sum(tmp_path):
    odoo = next(one for one in SAMPLES if one.format == "Odoo Aged Receivable")

    def change(rows):
        rows[3][1] = ""

    ledger = read_ledger(changed(odoo, tmp_path, change))
    assert ledger.exceptions[["row", "value"]].to_numpy().tolist() == [[2, "1,710.00"], [4, "500.00"]]
    assert next(one for one in ledger.findings if one.code == "file total differs")


def test_a_header_repeated_on_each_page_is_no_item(tmp_path):
    ledger = read_ledger(changed(SAP, tmp_path, lambda rows: rows.insert(6, list(rows[0]))))
    assert ledger.sources[0].classes["header"] == 2
    assert rendered(ledger) == golden(SAP)


def test_words_between_items_that_are_no_group_are_exceptions(tmp_path):
    def change(rows):
        rows.insert(3, ["", "", "", "", "", "", "", "", "", "", "please call", "", "", ""])

    ledger = read_ledger(changed(SAP, tmp_path, change))
    assert ledger.exceptions["row"].tolist() == [4]
    assert rendered(ledger) == golden(SAP)


def test_cleared_items_of_sap_are_history(tmp_path):
    def change(rows):
        rows[1][-1] = "20.03.2024"

    ledger = read_ledger(changed(SAP, tmp_path, change))
    assert ledger.has_history
    assert [(iso(day), amount) for day, amount in ledger.receipts[["date", "amount"]].to_numpy().tolist()] == [
        ("2024-03-20", 1_245_000)
    ]
    assert not read_ledger(EXPORTS / "SAP_FBL5N/line_items_de.csv").has_history


def test_an_amount_of_the_open_items_table_needs_its_side_and_its_terms(tmp_path):
    bsid = next(one for one in SAMPLES if one.format == "SAP BSID")

    def change(rows):
        rows[1][13] = "?"
        rows[2][11] = "soon"
        rows[3][11] = "99999999"

    ledger = read_ledger(changed(bsid, tmp_path, change))
    assert ledger.exceptions[["row", "value", "reason"]].to_numpy().tolist() == [
        [2, "12450.00", "neither debit nor credit in column 'SHKZG'"],
        [3, "soon", "no days in column 'ZBD3T'"],
        [4, "99999999", "no days in column 'ZBD3T'"],
    ]


def test_invoices_of_nobody_are_refused(tmp_path):
    stripe = next(one for one in SAMPLES if one.file == "Stripe/invoices_fields")

    def change(rows):
        rows[0][2:4] = ["colour", "shape"]

    with pytest.raises(LedgerError, match="has no heading that says which column is the customer"):
        read_ledger(changed(stripe, tmp_path, change))


def test_lines_of_a_document_that_disagree_are_told(tmp_path):
    zoho = next(one for one in SAMPLES if one.format == "Zoho Books invoices")

    def change(rows):
        rows[2][-2] = "1300.00"

    ledger = read_ledger(changed(zoho, tmp_path, change))
    assert ledger.exceptions["row"].tolist() == [3]
    assert rendered(ledger) == golden(zoho)


def test_what_is_left_out_is_counted_and_summed():
    ledger = read_ledger(EXPORTS / "Zoho_Books/Invoice.csv")
    messages = [one.message for one in ledger.findings if one.code.startswith("excluded")]
    assert messages == [
        "Invoice.csv: 1 document is void and no receivable (85.05 EUR).",
        "Invoice.csv: 1 document is draft and no receivable (540.00 GBP).",
        "Invoice.csv: 1 document is paid ('Closed') and no receivable (480.00 GBP).",
    ]


@pytest.mark.slow
@every_sample
def test_damaged_files_give_a_sentence_or_a_ledger(sample, tmp_path):
    whole = (EXPORTS / f"{sample.file}.csv").read_bytes()
    chance = random.Random(sample.file)
    path = tmp_path / "m.csv"
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data = data or bytearray(b"x")
            at = chance.randrange(len(data))
            how = chance.randrange(5)
            if how == 0:
                data[at] = chance.randrange(256)
            elif how == 1:
                del data[at : at + chance.randint(1, 60)]
            elif how == 2:
                data[at:at] = data[chance.randrange(len(data)) :][: chance.randint(1, 80)]
            elif how == 3:
                data[at:at] = chance.choice([b'"', b"\n", b",", b";", b"=1+1", b"-", b"9" * 30, b"Total", b"\x00"])
            else:
                data = data[: max(at, 20)]
        path.write_bytes(bytes(data))
        try:
            ledger = read_ledger(path)
        except LedgerError:
            continue
        # A balance may have several ages, or none where it is nothing.
        assert ledger.balances or ledger.sources[0].classes["item"] == len(ledger.items)


def test_a_blank_row_leaves_joined_numbers_with_their_rows(tmp_path):
    """Document and customer of Protheus are put together of two columns each."""
    lines = (EXPORTS / "TOTVS_Protheus/se1.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "se1.csv").write_text("\n".join((*lines[:3], "," * lines[0].count(","), *lines[3:])), encoding="utf-8")
    numbers = ["document_no", "customer_id", "open_amount"]
    with_gap, whole = (
        read_ledger(path).items[numbers] for path in (tmp_path / "se1.csv", EXPORTS / "TOTVS_Protheus/se1.csv")
    )
    assert with_gap.to_numpy().tolist() == whole.to_numpy().tolist()
