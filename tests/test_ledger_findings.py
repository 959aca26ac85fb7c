"""Everything that may be found in a ledger is found in one: a small file for each."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

import xlwings_addin
from xlwings_addin.ledger import findings
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.findings import EXCLUDED, Kind
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.report import check_json, refusal_json

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger

SHORT = "Customer ID,Document,Document date,Due date,Amount\n"
NAMED = "Customer ID,Customer,Document,Document date,Due date,Amount\n"
OPEN = "Customer ID,Document,Document date,Due date,Amount,Open amount\n"
STATUS = "Customer,Document,Document date,Due date,Amount,Status\n"
ONE = "C,1,2024-01-05,2024-02-04,100\n"
MANY = "".join(f"C,{row},2024-01-05,2024-02-04,{100 + row}\n" for row in range(1, 25))
STRIPE = "id,number,customer,customer_name,status,currency,amount_due,amount_paid,amount_remaining,created,due_date\n"
QUICKBOOKS = (Path(__file__).parent / "erp_exports/QuickBooks_Online/ar_aging_detail.csv").read_text("utf-8")


@dataclass
class Case:
    """Files of items, what they are read with, and how often it is found."""

    items: tuple[str, ...] | dict[str, list[list[object]]]
    count: int = 1
    names: tuple[str, ...] = ("a.csv", "b.csv")
    others: dict[str, str] = field(default_factory=dict)
    how: dict[str, Any] = field(default_factory=dict)
    day: str = ""
    """The day whose aging finds it."""


HEADINGS = {"Customer ID": "customer_id", "Document": "document_no", "Document date": "document_date"} | {
    "Due date": "due_date",
    "Amount": "amount",
}


def mapped(key, *cells, count=1, **says):
    """Items with a column beside the plain ones, and a mapping that says what it is; a row for each of its cells."""
    titles = [title for title in SHORT.strip().split(",") if (title, key) != ("Due date", "days_overdue")]
    plain = {"Customer ID": "C", "Document date": "2024-01-05", "Due date": "2024-02-04", "Amount": "9"}
    rows = [[*(plain.get(title, str(at)) for title in titles), cell] for at, cell in enumerate(cells)]
    text = "".join(",".join(row) + "\n" for row in [[*titles, "Beside"], *rows])
    names = {**HEADINGS, "Amount": "open_amount" if key == "status" else "amount"}
    columns = {names[title]: title for title in titles} | {key: "Beside"}
    return Case((text,), count, how={"mapping": {"columns": columns, **says}, "as_of": "2024-02-29"})


KEYS = ("customer_id", "document_no", "document_date", "due_date", "open_amount")
TWO_CURRENCIES = SHORT.replace("\n", ",Currency\n") + ONE.replace("\n", ",EUR\n") + ONE.replace("\n", ",JPY\n")
CASES = {
    "QUESTION": Case((SHORT + "C,1,03/04/2024,05/04/2024,1\n",)),
    "REFUSED": Case((SHORT,)),
    "FILE_NAMED_TWICE": Case((SHORT + ONE, SHORT + ONE)),
    "SHEETS_NOT_READ": Case({"Data": [SHORT.strip().split(","), ONE.strip().split(",")], "Notes": [["Call Ida"]]}),
    "REPEATED_SHEETS_NOT_READ": Case(
        {name: [SHORT.strip().split(","), *[ONE.strip().split(",")] * rows] for name, rows in (("X", 2), ("Y", 1))}
    ),
    "GUESSED_COLUMNS": Case(("Debiteurnr.,Factuurnr.,Factuurdatum,Vervaldatum,Openstaand bedrag\n" + ONE,), 5),
    "UNUSED_ANSWER": Case((SHORT + ONE,), how={"answers": {"words": {"status": {"Nada": "open"}}}}),
    "UNKNOWN_COLUMNS": Case((SHORT.replace("\n", ",Mood,Weather\n") + ONE.replace("\n", ",good,wet\n"),), 2),
    "FILE_READ_AS": Case(
        ("<table><tr><th>" + (SHORT + ONE).strip().replace(",", "<td>").replace("\n", "<tr><td>") + "</table>",)
    ),
    "NO_HEADING": Case(
        ("C,1,2024-01-05,2024-02-04,100.50\nD,2,2024-01-06,2024-02-05,70.25\n",),
        how={"mapping": {"columns": dict(zip(KEYS, map("Column {}".format, "ABCDE"), strict=True))}},
    ),
    "DAY_OF_THE_FILE": Case(("As of 31 January 2024\n" + SHORT + ONE,)),
    "CURRENCY_OF_THE_FILE": Case(("All amounts in EUR\n" + SHORT + ONE,)),
    "FUTURE_DOCUMENTS": Case(("As of 3 January 2024\n" + SHORT + ONE,)),
    "BALANCES_ONLY": Case(
        ("customerNumber,name,balanceDue,agedAsOfDate,currentAmount,period1Amount\nC,Ltd,70,2024-06-30,50,20\n",)
    ),
    "BALANCES_WITHOUT_AGE": Case(("Debtor,Balance\nC,70\nD,7\n",), 2, how={"as_of": "2024-06-30"}),
    "AGES_DIFFER": Case(
        ("Debtor,Current,1-30,31+,Total\nC,1,2,3,6\nD,1,2,3,7\nE,1,0,0,1\n",), how={"as_of": "2024-06-30"}
    ),
    "DOCUMENT_LINES": Case(
        ("ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,UnitAmount\n" + "Ltd,1,2024-01-05,2024-02-04,9,3\n" * 3,),
        2,
    ),
    "UNKNOWN_STATUS": mapped("status", "glorp", "open"),
    "UNKNOWN_KINDS": Case((SHORT.replace("\n", ",Kind\n") + ONE.replace("\n", ",zorp\n"),)),
    "NOTED_ITEMS": mapped("special_gl", "A", "F", "F", count=2),
    "PAYABLES": mapped("ledger", "AR", "AP"),
    "LEFT_OUT": mapped("region", "North", "South", leave_out={"region": ["south"]}),
    "CREDITS_NEGATED": Case((SHORT.replace("\n", ",Kind\n") + ONE.replace("\n", ",credit note\n"),)),
    "DUE_BY_NOT_OVERDUE": mapped("days_overdue", "3", "0", "", count=2),
    "TOTAL_ROWS": Case((QUICKBOOKS,), 4),
    "SUBTOTAL_DIFFERS": Case((QUICKBOOKS.replace("$7,250.50", "$7,250.00"),)),
    "FILE_TOTAL_DIFFERS": Case((QUICKBOOKS.replace('"$9,825.75"', '"$9,825.70"'),)),
    "DATES_EXCHANGED": Case(
        {
            "Data": [
                SHORT.strip().split(","),
                *(
                    ["C", str(day), f"2024-{day:02d}-03" if day < 13 else f"{day}.03.2024", "", 1]
                    for day in range(1, 29)
                ),
            ]
        },
        12,
        how={"dates": "swapped"},
    ),
    "INVALID_DATES": Case((SHORT + ONE * 2 + "C,2,2024-01-05,#REF!,9\nC,3,2024-01-05,9999-12-31,9\n",), 2),
    "UNCLEAR_FLAGS": Case((SHORT.replace("\n", ",Disputed\n") + ONE.replace("\n", ",perhaps\n"),)),
    "ROUNDED_NUMBERS": Case((SHORT + "C,1.23457E+15,2024-01-05,,10\n",)),
    "ROUNDED_AMOUNTS": Case((SHORT + "C,1,2024-01-05,,10.0051\n",)),
    "MINOR_UNITS": Case((STRIPE + "in_1,F-1,cus_1,Ltd,open,eur,12000,0,12000,2024-01-05,2024-02-04\n",)),
    "DECIMAL_STYLE": Case((SHORT + "C,1,2024-01-05,,1.234\n",)),
    "LEADING_ZEROS": Case(
        (SHORT + ONE.replace(",1,", ",0001,"),), others={"receipts": "Document,Date,Amount\n1,2024-02-01,40\n"}
    ),
    "LEADING_ZEROS_OF_FILES": Case((SHORT + ONE.replace(",1,", ",0001,"), SHORT + ONE)),
    "REPEATED_DOCUMENTS": Case((SHORT + ONE, SHORT + ONE + ONE.replace(",1,", ",2,"))),
    "DERIVED_RECEIPTS": Case(
        (SHORT + MANY, SHORT + ONE.replace("100", "101")), 23, ("2024-01-31.csv", "2024-02-29.csv")
    ),
    "RECEIPTS_WITHOUT_ITEM": Case((SHORT + ONE,), others={"receipts": "Document,Date,Amount\n9,2024-02-01,40\n"}),
    "UNREADABLE_ROWS": Case((SHORT + ONE + "D,2,soon,,1\n" + ONE,)),
    "UNNAMED_CURRENCY": Case((SHORT + ONE,)),
    "REUSED_NUMBERS": Case((SHORT + ONE + ONE.replace("2024", "2023"),)),
    "NAMES_ALIKE": Case(
        (STATUS + "".join(f"{one},{at},2024-01-05,,9,\n" for at, one in enumerate(("Ltd A", "LTD  a"))),)
    ),
    "DUPLICATE_ITEMS": Case((SHORT + ONE * 3,), 2),
    "OLDEST_FIRST": Case((SHORT + ONE * 2,), others={"receipts": "Document,Date,Amount\n1,2024-02-01,40\n"}),
    "FEW_CLEARING_DATES": Case(
        (SHORT.replace("\n", ",Paid on\n") + MANY.replace("\n", ",\n") + ONE.replace("\n", ",2024-01-06\n"),)
    ),
    "UNDATED_PAYMENTS": Case(
        (OPEN.replace("\n", ",Paid on\n") + ONE.replace("\n", ",0,2024-02-05\n") + ONE.replace("\n", ",70,\n"),)
    ),
    "NO_DOCUMENT_DATE": Case((SHORT + ONE + "C,2,,2024-01-05,10\n",)),
    "NO_DUE_DATE": Case((SHORT + "C,1,2024-01-05,,10\n",)),
    "DUE_BEFORE_DOCUMENT": Case((SHORT + "C,1,2024-01-05,2024-01-04,10\n",)),
    "MANY_DUE_BEFORE_DOCUMENT": Case((SHORT + "C,1,2024-01-05,2024-01-04,10\n" * 3,), 3, how={"dates": "as-is"}),
    "FAR_DATES": Case((SHORT + MANY + "C,99,2104-01-05,,10\n",)),
    "WILDLY_LARGE_AMOUNTS": Case((SHORT + MANY + "C,99,2024-01-05,,1234567\n",)),
    "SEVERAL_NAMES": Case((NAMED + "C,One,1,2024-01-05,,1\nC,Two,2,2024-01-05,,1\n",)),
    "ANOTHER_CUSTOMER": Case(
        (
            "Entity," + NAMED + "N,C,One,1,2024-01-05,,1\nN,D,Same,2,2024-01-05,,1\n",
            "Entity," + NAMED + "S,C,Two,3,2024-01-05,,1\nS,D,Same,4,2024-01-05,,1\n",
        )
    ),
    "ONE_NAME_SEVERAL_NUMBERS": Case(
        (NAMED + "C,One,1,2024-01-05,,1\nD,One,2,2024-01-05,,1\nE,Two,3,2024-01-05,,1\n",)
    ),
    "SEVERAL_CURRENCIES": Case((TWO_CURRENCIES,), 2),
    "POSITIVE_CREDITS": Case(
        (SHORT.replace("\n", ",Kind\n") + "".join(f"C,{row},2024-01-05,,{row},credit note\n" for row in (-1, 2, 3)),), 2
    ),
    "OVER_APPLIED": Case((SHORT + ONE,), others={"receipts": "Document,Date,Amount\n1,2024-02-01,140\n"}),
    "OPEN_AMOUNT_DIFFERS": Case(
        (OPEN + ONE.replace("\n", ",70\n") + ONE.replace(",1,", ",2,").replace("\n", ",0\n"),),
        others={"receipts": "Document,Date,Amount\n1,2024-02-01,40\n2,2024-02-01,100\n"},
    ),
    "RECEIPTS_OF_A_LIST": Case(
        (OPEN + ONE.replace("\n", ",70\n"),), others={"receipts": "Document,Date,Amount\n1,2024-02-01,30\n"}
    ),
    "NO_RECEIVABLES": Case(
        (SHORT.replace("\n", ",Kind\n") + ONE.replace("\n", ",invoice\n") + ONE.replace("\n", ",quote\n"),)
    ),
    "AS_ABOVE": Case((SHORT + ONE + ",2,2024-01-05,2024-02-04,10\nTotal,,,,110\n",)),
    "MATCHED": Case(
        (
            (
                "Client,Pièce,Date,Échéance,Montant,Lettrage\nC,1,2024-01-05,2024-02-04,90,A\n"
                "C,2,2024-01-05,2024-02-04,-90,A\nC,3,2024-01-05,2024-02-04,7,\n"
            ),
        ),
        2,
    ),
    "COUNTED_IN_FULL": Case((SHORT + ONE,)),
    "AS_OF_BEFORE_THE_LISTS": Case(
        (SHORT + MANY, SHORT + ONE), names=("2024-01-31.csv", "2024-02-29.csv"), day="2024-01-30"
    ),
    "AS_OF_LONG_AFTER": Case((SHORT + ONE,), day="2025-01-05"),
    "AS_OF_BEFORE_EXPORT": Case((SHORT + ONE + "C,2,2024-02-05,,1\n",), day="2024-01-31"),
    "MISSING_RATE": Case((TWO_CURRENCIES,), day="2024-01-31", how={"base_currency": "EUR"}),
    "NO_BASE_CURRENCY": Case((TWO_CURRENCIES,), 2, day="2024-01-31"),
} | {f"EXCLUDED {why}": Case((STATUS + f"Ltd,1,2024-01-05,,9,{why}\nLtd,2,2024-01-05,,9,open\n",)) for why in EXCLUDED}

KINDS: dict[str, Kind] = {name: one for name, one in vars(findings).items() if isinstance(one, Kind)} | {
    f"EXCLUDED {why}": kind for why, kind in EXCLUDED.items()
}


def written(case: Case, folder: Path) -> list[Path]:
    if not isinstance(case.items, dict):
        paths = [folder / name for name, _ in zip(case.names, case.items, strict=False)]
        for path, text in zip(paths, case.items, strict=True):
            path.write_text(text, encoding="utf-8")
        return paths
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in case.items.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return [path]


def test_a_finding_says_nothing_of_what_is_not_in_its_message():
    with pytest.raises(TypeError, match="'unreadable rows' says nothing of rwos"):
        findings.UNREADABLE_ROWS.found(rwos=[1])


def test_every_finding_has_a_case():
    # A change of calendar is found between two workbooks: tests/test_periods.py.
    assert CASES.keys() == KINDS.keys() - {"CALENDAR_CHANGED"}


def read(case: Case, folder: Path) -> Ledger:
    paths = written(case, folder)
    others = {role: folder / f"{role}.csv" for role in case.others}
    for role, text in case.others.items():
        others[role].write_text(text, encoding="utf-8")
    return read_ledger(paths, **others, **case.how)


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"QUESTION", "REFUSED"}))
def test_found(name, tmp_path):
    case, kind = CASES[name], KINDS[name]
    ledger = read(case, tmp_path)
    found = age(ledger, case.day, force=True).findings if case.day else ledger.findings
    (one,) = [one for one in found if one.kind is kind]
    assert one.count == case.count
    told = [one["severity"] for one in check_json(ledger)["findings"] if one["code"] == kind.code]
    assert told == ([] if case.day else [kind.severity])


@pytest.mark.parametrize("name", ["QUESTION", "REFUSED"])
def test_what_cannot_be_read_is_told_alike(name, tmp_path):
    with pytest.raises(LedgerError) as error:
        read(CASES[name], tmp_path)
    (told,) = refusal_json(error.value)["findings"]
    assert (told["code"], told["severity"], told["message"]) == (KINDS[name].code, "error", str(error.value))


def test_findings_are_made_by_their_kinds_and_asked_for_by_name():
    for path in Path(xlwings_addin.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            asked = getattr(node.left, "attr", "") if isinstance(node, ast.Compare) else ""
            if called in ("Finding", "Kind") or asked == "code":
                assert path == Path(findings.__file__), f"{path}:{node.lineno}"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("column", ["Customer ID", "Amount", "Open amount"])
def test_a_cell_that_shows_an_error_is_named_as_it_is(error, kind, column, tmp_path):
    titles = OPEN.strip().split(",")
    rows = [["C", f"{number}", "2024-01-05", "2024-02-04", 100.5, 90.25] for number in range(5)]
    rows[1][titles.index(column)] = error
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in [titles, *rows]), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in [titles, *rows]:
            book.active.append(row)
        book.save(path)
    ledger = read_ledger(path)
    assert ledger.exceptions["reason"].tolist() == [f"column '{column}' shows {error}, the error of a formula"]
    assert ledger.items["open_amount"].sum() == 4 * 9025


def test_several_currencies_are_summed_by_what_is_open(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{OPEN.strip()},Currency\nC,1,2024-01-05,,100,40,EUR\nC,2,2024-01-05,,90,90,USD\n")
    assert "40.00 EUR, 90.00 USD" in "".join(one.message for one in read_ledger(path).findings)


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#FIELD!"])
def test_an_error_that_no_parser_knows_is_named(error, tmp_path):
    book = openpyxl.Workbook()
    for row in [OPEN.strip().split(","), ["C", "1", "2024-01-05", "2024-02-04", 100, None]]:
        book.active.append(row)
    book.active["F2"] = error
    book.active["F2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(LedgerError, match=rf"^Sheet 'Sheet' of a\.xlsx shows {error} in a cell"):
        read_ledger(tmp_path / "a.xlsx")
