"""Several files as one ledger: repeated documents, lost zeros, lists of several days, instalments, currencies."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.position import open_at
from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["Customer ID", "Document", "Document date", "Due date", "Amount", "Open amount"]


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def codes(ledger) -> dict[str, int]:
    return {one.code: one.count for one in ledger.findings}


def open_total(ledger, day: str) -> int:
    return int(open_at(ledger, day).amount.sum())


# --- the same documents again -----------------------------------------------------------------------------------

ONE = ["C", "1", "2024-01-05", "2024-02-04", "100", "100"]
TWO = ["C", "2", "2024-01-20", "2024-02-19", "50", "50"]
THREE = ["D", "3", "2024-02-01", "2024-03-02", "70", "70"]


def test_documents_in_two_files_count_once(tmp_path):
    ledger = read_ledger(
        [write(tmp_path / "a.csv", [HEADER, ONE, TWO]), write(tmp_path / "b.csv", [HEADER, TWO, THREE])]
    )
    assert ledger.items["document_no"].tolist() == ["1", "2", "3"]
    assert codes(ledger)["repeated documents"] == 1
    classes = [source.classes for source in ledger.sources]
    assert [one["item"] for one in classes] == [2, 1]
    assert classes[1]["repeated document"] == 1
    assert ledger.file_rows.tolist() == [2, 3, 3]


def test_a_document_that_a_file_itself_repeats_is_kept_and_told(tmp_path):
    ledger = read_ledger([write(tmp_path / "a.csv", [HEADER, ONE, ONE]), write(tmp_path / "b.csv", [HEADER, THREE])])
    assert len(ledger.items) == 3
    assert codes(ledger)["duplicate items"] == 1


def test_unnumbered_items_are_the_same_by_date_and_amount(tmp_path):
    header = ["Customer ID", "Document", "Document date", "Amount"]
    rows = [["C", "", "2024-01-05", "5"], ["C", "", "2024-01-05", "5"], ["C", "", "2024-01-06", "5"]]
    ledger = read_ledger(
        [
            write(tmp_path / "a.csv", [header, *rows]),
            write(tmp_path / "b.csv", [header, *rows, ["C", "9", "2024-01-07", "1"]]),
        ]
    )
    assert len(ledger.items) == 4


def test_documents_with_other_figures_are_asked_about(tmp_path):
    other = [*TWO[:5], "20"]
    files = [write(tmp_path / "a.csv", [HEADER, ONE, TWO]), write(tmp_path / "b.csv", [HEADER, other])]
    with pytest.raises(QuestionError, match=r"a\.csv and b\.csv hold the same documents \(1\), 1 of them") as asked:
        read_ledger(files)
    assert asked.value.option == "--snapshot FILE=DATE or --entity FILE=NAME"
    ledger = read_ledger(files, entities={"a.csv": "North", "b.csv": "South"})
    assert ledger.items[["entity", "document_no"]].to_numpy().tolist() == [
        ["North", "1"],
        ["North", "2"],
        ["South", "2"],
    ]
    with pytest.raises(LedgerError, match=r"An entity is given for c\.csv, which is none"):
        read_ledger(files, entities={"c.csv": "West"})


# --- leading zeros ----------------------------------------------------------------------------------------------


def test_a_copy_without_leading_zeros_is_the_same_documents(tmp_path):
    rows = [["0012", "0001", *ONE[2:]], ["0012", "0020", *TWO[2:]]]
    bare = [["12", "1", *ONE[2:]], ["12", "20", *TWO[2:]]]
    ledger = read_ledger([write(tmp_path / "a.csv", [HEADER, *rows]), write(tmp_path / "b.csv", [HEADER, *bare])])
    assert ledger.items["document_no"].tolist() == ["0001", "0020"]
    found = [one.message for one in ledger.findings if one.code == "leading zeros"]
    assert len(found) == 2
    assert codes(ledger)["repeated documents"] == 2


def test_numbers_that_could_be_two_are_left_alone(tmp_path):
    rows = [["C", "01", *ONE[2:]], ["C", "001", *TWO[2:]]]
    ledger = read_ledger(
        [write(tmp_path / "a.csv", [HEADER, *rows]), write(tmp_path / "b.csv", [HEADER, ["C", "1", *THREE[2:]]])]
    )
    assert ledger.items["document_no"].tolist() == ["01", "001", "1"]
    assert "leading zeros" not in codes(ledger)


def test_receipts_and_customers_without_leading_zeros_find_their_items(tmp_path):
    items = write(tmp_path / "i.csv", [HEADER[:-1], ["0012", "0001", *ONE[2:5]]])
    receipts = write(
        tmp_path / "r.csv", [["Customer ID", "Document", "Date", "Amount"], ["12", "1", "2024-02-01", "40"]]
    )
    customers = write(tmp_path / "c.csv", [["Customer ID", "Customer", "Owner"], ["12", "Ltd", "Ida"]])
    ledger = read_ledger(items, receipts=receipts, customers=customers)
    assert open_total(ledger, "2024-02-01") == 6000
    assert ledger.items["owner"].tolist() == ["Ida"]
    assert sum(one.code == "leading zeros" for one in ledger.findings) == 3


def test_the_second_copy_of_the_ibm_set_is_the_first(ibm_folder):
    first, second = sorted(ibm_folder.glob("*.csv"), key=lambda path: "pbifinanceml" in path.name)
    whole = read_ledger(first)
    both = read_ledger([first, second])
    assert both.items.equals(whole.items)
    assert both.receipts.equals(whole.receipts)
    assert codes(both)["repeated documents"] == len(whole.items) == 2466
    alone = read_ledger(second)
    # The numbers differ and their order, nothing else.
    figures = ["customer_id", "document_date", "due_date", "amount"]
    one, other = (ledger.items.sort_values(figures, ignore_index=True) for ledger in (whole, alone))
    assert other[figures].equals(one[figures])
    (zeros,) = [one for one in both.findings if one.code == "leading zeros"]
    assert zeros.count == int((one["document_no"] != other["document_no"]).sum()) > 0


# --- lists of several days --------------------------------------------------------------------------------------

JANUARY = [ONE, TWO]
FEBRUARY = [[*ONE[:5], "40"], THREE]
MARCH = [THREE]


def lists(folder: Path, names: tuple[str, ...]) -> list[Path]:
    return [write(folder / name, [HEADER, *rows]) for name, rows in zip(names, (JANUARY, FEBRUARY, MARCH), strict=True)]


def checked(ledger) -> None:
    assert ledger.has_history
    assert ledger.derived_receipts == 3 == len(ledger.receipts)
    assert [open_total(ledger, day) for day in ("2024-01-31", "2024-02-29", "2024-03-31")] == [15000, 11000, 7000]
    rows = metrics(history(ledger, "2024-03-31"))
    assert [row["receivables"] for row in rows] == [150, 110, 70]
    # What was sold and paid before the first list was made is in none of them.
    assert [row["cash"] for row in rows] == [None, 110, 40]
    assert [row["credit_sales"] for row in rows] == [None, 70, 0]
    with pytest.raises(LedgerError, match="the first list of open items is of 2024-01-31"):
        history(ledger, "2024-01-30")
    forced = history(ledger, "2024-01-30", force=True)
    assert [f.severity for f in forced.findings] == ["warning"]
    assert codes(ledger)["derived receipts"] == 3


def test_lists_of_several_days_tell_of_receipts(tmp_path):
    checked(read_ledger(lists(tmp_path, ("open_2024-01-31.csv", "open_2024-02-29.csv", "open_2024-03.csv"))))


def test_the_order_of_the_files_means_nothing(tmp_path):
    checked(read_ledger(lists(tmp_path, ("20240131.csv", "open 202402.csv", "03 2024-03-31.csv"))[::-1]))


def test_the_day_of_a_list_is_answered(tmp_path):
    names = ("a.csv", "b.csv", "c.csv")
    files = lists(tmp_path, names)
    with pytest.raises(QuestionError):
        read_ledger(files)
    days = dict(zip(names, ("2024-01-31", "2024-02-29", "2024-03-31"), strict=True))
    checked(read_ledger(files, snapshots=days))
    with pytest.raises(QuestionError, match=r"which day c\.csv shows"):
        read_ledger(files, snapshots={name: days[name] for name in names[:2]})
    with pytest.raises(LedgerError, match="none of the files"):
        read_ledger(files, snapshots={"d.csv": "2024-01-31"})


def test_lists_of_one_name_are_told_apart_by_their_folders(tmp_path):
    days = ("2024-01-31", "2024-02-29", "2024-03-31")
    files = []
    for day, rows in zip(days, (JANUARY, FEBRUARY, MARCH), strict=True):
        (tmp_path / day).mkdir()
        files.append(write(tmp_path / day / "open.csv", [HEADER, *rows]))
    with pytest.raises(LedgerError, match=r"the name of 3 files: name it with its folder\.$"):
        read_ledger(files, snapshots={"open.csv": "2024-01-31"})
    checked(read_ledger(files, snapshots={str(file): day for file, day in zip(files, days, strict=True)}))


def test_the_day_of_a_list_stands_above_its_header(tmp_path):
    files = [
        write(tmp_path / name, [["Open items"], [title], HEADER, *rows])
        for name, title, rows in (
            ("a.csv", "As of January 31, 2024", JANUARY),
            ("b.csv", "Stichtag: 29.02.2024", FEBRUARY),
            ("c.csv", "As at 31 March 2024", MARCH),
        )
    ]
    ledger = read_ledger(files)
    checked(ledger)
    assert iso(ledger.as_of) == "2024-03-31"


def test_a_document_that_was_partly_paid_before_the_first_list(tmp_path):
    files = [
        write(tmp_path / "2024-01-31.csv", [HEADER, [*ONE[:5], "60"]]),
        write(tmp_path / "2024-02-29.csv", [HEADER, [*ONE[:5], "75"]]),
    ]
    ledger = read_ledger(files)
    # 40 had been paid by then; 15 came back.
    assert ledger.receipts[["amount", "kind"]].to_numpy().tolist() == [[4000, "cash"], [-1500, "cash"]]
    assert open_total(ledger, "2024-02-29") == 7500
    assert "open amount differs" not in codes(ledger)


def test_lists_of_several_days_and_receipts_tell_twice(tmp_path):
    receipts = write(tmp_path / "r.csv", [["Document", "Date", "Amount"], ["1", "2024-02-10", "60"]])
    files = lists(tmp_path, ("2024-01-31.csv", "2024-02-29.csv", "2024-03-31.csv"))
    with pytest.raises(LedgerError, match="imply the same receipts"):
        read_ledger(files, receipts=receipts)


def test_one_file_per_entity_of_the_same_day_is_one_ledger(tmp_path):
    files = [
        write(tmp_path / f"{entity}.csv", [["As of 2024-02-29"], ["Entity", *HEADER], [entity, *ONE], [entity, *TWO]])
        for entity in ("North", "South")
    ]
    ledger = read_ledger(files)
    assert len(ledger.items) == 4
    assert not ledger.has_history
    assert ledger.items["entity"].tolist() == ["North", "North", "South", "South"]


def test_one_file_per_currency_takes_it_from_above_the_header(tmp_path):
    files = [
        write(tmp_path / f"{code}.csv", [[f"Currency: {code}"], HEADER, [code, code, *ONE[2:]]])
        for code in ("EUR", "USD")
    ]
    ledger = read_ledger(files)
    assert ledger.items["currency"].tolist() == ["EUR", "USD"]
    aged = aging_json(age(ledger, "2024-03-31"))
    assert [(part["currency"], part["total"]) for part in aged["by_currency"]] == [("EUR", 100.0), ("USD", 100.0)]
    assert codes(ledger)["several currencies"] == 2


# --- instalments ------------------------------------------------------------------------------------------------

PARTS = [*HEADER[:2], "Instalment", *HEADER[2:5]]
SPLIT = [
    ["C", "SI-1", "1", "2024-01-01", "2024-01-31", "30"],
    ["C", "SI-1", "2", "2024-01-01", "2024-03-01", "50"],
    ["C", "SI-1", "3", "2024-01-01", "2024-03-31", "20"],
]


def parts(folder: Path, *payments: list[str]) -> list[float]:
    items = write(folder / "i.csv", [PARTS, *SPLIT])
    receipts = write(folder / "r.csv", [["Document", "Instalment", "Date", "Amount"], *payments])
    opened = open_at(read_ledger(items, receipts=receipts), "2024-06-30")
    left = dict(zip(opened.rows.tolist(), (opened.amount / 100).tolist(), strict=True))
    return [left.get(row, 0.0) for row in range(3)]


def test_a_payment_schedule_is_paid_first_due_first(tmp_path):
    """ERPNext, test_accounts_receivable: invoiced 100, split 30, 50 and 20; 40 paid leave
    [100, 50, 10, 40] and [100, 20, 0, 20] (invoiced, portion, paid, outstanding)."""
    left = parts(tmp_path, ["SI-1", "", "2024-02-01", "40"])
    portions = [30.0, 50.0, 20.0]
    rows = [[100, portion, portion - rest, rest] for portion, rest in zip(portions, left, strict=True) if rest]
    assert rows == [[100, 50, 10, 40], [100, 20, 0, 20]]


def test_a_named_instalment_is_the_one_paid(tmp_path):
    assert parts(tmp_path, ["SI-1", "3", "2024-02-01", "15"], ["SI-1", "", "2024-02-02", "60"]) == [0, 20, 5]


def test_what_is_taken_back_opens_the_last_paid_part(tmp_path):
    assert parts(tmp_path, ["SI-1", "", "2024-02-01", "40"], ["SI-1", "", "2024-02-09", "-25"]) == [15, 50, 20]


def test_instalments_age_by_their_own_due_dates(tmp_path):
    items = write(tmp_path / "i.csv", [PARTS, *SPLIT])
    aged = aging_json(age(read_ledger(items), "2024-03-15"))
    assert aged["buckets"] == {
        "Credits": 0.0, "Current": 20.0, "1-30": 50.0, "31-60": 30.0, "61-90": 0.0, "90+": 0.0, "No date": 0.0,
    }  # fmt: skip


# --- credits, unapplied cash, currencies ------------------------------------------------------------------------


def test_credits_and_unapplied_cash_stand_in_their_own_column(tmp_path):
    header = [*HEADER[:5], "Kind"]
    items = write(
        tmp_path / "i.csv",
        [
            header,
            ["C", "1", "2024-01-05", "2024-02-04", "100", "invoice"],
            ["C", "CN", "2024-01-20", "", "-30", "credit note"],
            ["C", "P", "2024-01-25", "", "-50", "unapplied cash"],
        ],
    )
    aged = aging_json(age(read_ledger(items), "2024-02-29"))
    assert (aged["buckets"]["Credits"], aged["buckets"]["1-30"], aged["total"]) == (-80.0, 100.0, 20.0)


def test_a_settled_date_beside_an_open_amount_pays_only_the_difference(tmp_path):
    header = ["Kunden-Nr.", "Rechnungs-Nr.", "Rechnungsdatum", "Fällig am", "Betrag", "Offener Betrag", "Bezahlt am"]
    items = write(
        tmp_path / "i.csv",
        [
            header,
            ["C", "1", "2024-01-05", "2024-02-04", "100,00", "30,00", "2024-02-10"],
            ["C", "2", "2024-01-06", "2024-02-05", "80,00", "80,00", ""],
        ],
    )
    ledger = read_ledger(items)
    assert ledger.receipts["amount"].tolist() == [7000]
    assert open_total(ledger, "2024-02-29") == 11000


def sheets_of(path, *sheets):
    """A workbook of lists: the name of each sheet, and its documents by number, date and balance."""
    book = xlsxwriter.Workbook(path)
    for name, documents in sheets:
        sheet = book.add_worksheet(name)
        for place, row in enumerate((("Customer", "Invoice", "Date", "Due", "Balance"), *documents)):
            sheet.write_row(place, 0, row)
    book.close()


@pytest.mark.parametrize(
    "names",
    [("Dec 2025", "Jan 2026"), ("AR 31.12.2025", "AR 31.01.2026"), ("2025-12", "2026-01"), ("Dez 25", "Jan 26")],
)
def test_of_sheets_of_several_days_that_of_the_day_counts(tmp_path, names):
    before = [("A", "1", "2025-11-01", "2025-12-01", 100), ("B", "2", "2025-12-10", "2026-01-09", 200)]
    after = [("A", "1", "2025-11-01", "2025-12-01", 60), ("D", "4", "2026-01-15", "2026-02-14", 300)]
    path = tmp_path / "ar.xlsx"
    for sheets in ((before, after), (before, after[:1])):
        sheets_of(path, *zip(names, sheets, strict=True))
        ledger = read_ledger(path, as_of="2026-01-31")
        assert ledger.items["open_amount"].sum() == 100 * sum(one[4] for one in sheets[1])
        assert "sheets not read" in {one.code for one in ledger.findings}
        with pytest.raises(QuestionError, match="lists of different days"):
            read_ledger(path, as_of="2026-02-28")


def test_sheets_of_the_documents_of_each_month_all_count(tmp_path):
    path = tmp_path / "ar.xlsx"
    december = [("A", "1", "2025-12-01", "2025-12-31", 100), ("B", "2", "2025-12-10", "2026-01-09", 200)]
    january = [("A", "3", "2026-01-05", "2026-02-04", 60), ("D", "4", "2025-12-31", "2026-01-30", 300)]
    january.append(("D", "5", "2026-01-15", "2026-02-14", 5))
    sheets_of(path, ("Dec 2025", december), ("Jan 2026", january))
    assert read_ledger(path, as_of="2026-01-31").items["open_amount"].sum() == 66_500
