"""What a clerk types survives the command: notes, flows, settings, own columns; closed months stay as reported."""

import datetime as dt
import re
import shutil
import zipfile

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from rungs.libreoffice import recalculate_with_libreoffice
from rungs.package import validate_package
from typed_workbooks import NOW, Typed, refresh, row, shown

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import TableData, close_month, workbook
from xlwings_addin.month_end.month import own
from xlwings_addin.month_end.placing import place_entries
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.writing import WorkbookError, file
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

ITEMS = """Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Region
0001,Elm Works,A1,2024-01-05,2024-02-04,EUR,1000.00,North
0002,Oak Trading,A2,2024-01-25,2024-02-24,EUR,500.00,South
0003,Ash Supply,A3,2024-02-10,2024-03-11,EUR,300.00,South
0001,Elm Works,A4,2024-03-10,2024-04-09,EUR,200.00,North
"""
RECEIPTS = "Document,Date,Amount,Kind\nA2,2024-02-20,500.00,cash\nA1,2024-03-20,400.00,cash\n"

BLANK_RESULT = rb"</f><v(?: ?/>|></v>)"
"""What openpyxl writes for a formula without a result, with lxml or without."""


@pytest.fixture
def ledger(tmp_path):
    (tmp_path / "items.csv").write_text(ITEMS)
    (tmp_path / "receipts.csv").write_text(RECEIPTS)
    return read_ledger([tmp_path / "items.csv"], receipts=tmp_path / "receipts.csv")


def test_notes_flows_settings_and_own_columns_are_carried(ledger, tmp_path):
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.type("tblAging", {"Customer ID": "0001"}, "Note", "calls back on Friday")
    typed.add_column("tblAging", "Our code")
    typed.type("tblAging", {"Customer ID": "0001"}, "Our code", "K-17")
    typed.add_column("tblItems", "Seen on")
    typed.type("tblItems", {"Document": "A1"}, "Seen on", dt.datetime(2024, 2, 2))
    typed.add_column("tblMonthly", "Remark")
    typed.type("tblMonthly", {"Status": "closed"}, "Remark", 42)
    typed.type("tblMonthly", {"Status": "closed"}, "Typed sales", 2000)
    typed.type("tblMonthly", {"Status": "closed"}, "Note", "  audited  ")
    typed.set("target_dso", 33)
    typed.set("bucket_edges", "15; 45")
    typed.set("company", "Example & Sons")
    before = typed.save().read_bytes()
    month = refresh(ledger, "2024-02-29", february, previous=january)
    assert january.read_bytes() == before
    note = row(february, "tblAging", Customer_ID="0001")
    assert (note["Note"], note["Our code"]) == ("calls back on Friday", "K-17")
    assert row(february, "tblItems", Document="A1")["Seen on"] == dt.datetime(2024, 2, 2)
    assert row(february, "tblItems", Document="A3")["Seen on"] is None
    first = shown(february, "tblMonthly")[0]
    assert (first["Remark"], first["Note"], first["Typed sales"]) == (42, "  audited  ", 2000)
    assert first["Flows from"] == "typed"
    assert first["DSO"] == pytest.approx(1500 / 2000 * 31)
    assert month.settings.target_dso == 33
    assert month.settings.bucket_edges == (15, 45)
    assert month.settings.company == "Example & Sons"
    assert "16-45" in shown(february, "tblAging")[0]
    assert "31-60" not in shown(february, "tblAging")[0]


def test_running_a_refresh_twice_changes_nothing(ledger, tmp_path):
    out, previous = tmp_path / "february.xlsx", tmp_path / "january.xlsx"
    refresh(ledger, "2024-01-31", previous)
    refresh(ledger, "2024-02-29", out, previous=previous)
    first = out.read_bytes()
    refresh(ledger, "2024-02-29", out, previous=out, now="2026-11-09 10:00:00")
    assert out.read_bytes() == first
    assert list(tmp_path.glob("*backup*")) == []
    assert [line["As of"] for line in shown(out, "tblLog")] == [dt.datetime(2024, 1, 31), dt.datetime(2024, 2, 29)]


@pytest.mark.slow
def test_a_first_month_refreshed_again_is_the_same_file(small_files, small_company, tmp_path):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    out = tmp_path / "month.xlsx"
    for chosen in ({}, {"dso_window": 3, "target_dso": 40.5, "gl_control_total": 1000.0}):
        out.unlink(missing_ok=True)
        refresh(ledger, small_company.as_of, out, **chosen)
        first = out.read_bytes()
        refresh(ledger, small_company.as_of, out, previous=out, now="2026-12-01 09:00:00")
        assert out.read_bytes() == first
        assert list(tmp_path.glob("*backup*")) == []


def test_an_existing_workbook_is_backed_up_before_it_changes(ledger, tmp_path):
    out = tmp_path / "february.xlsx"
    refresh(ledger, "2024-02-29", out)
    typed = Typed(out)
    typed.type("tblAging", {"Customer ID": "0003"}, "Note", "asked for a copy")
    before = typed.save().read_bytes()
    refresh(ledger, "2024-02-29", out, previous=out, now="2026-11-09 10:00:00")
    assert (tmp_path / "february backup 20261109-100000.xlsx").read_bytes() == before
    assert row(out, "tblAging", Customer_ID="0003")["Note"] == "asked for a copy"
    assert len(shown(out, "tblLog")) == 2


@pytest.mark.slow
def test_a_note_whose_row_is_gone_is_kept_and_not_guessed_onto_another(ledger, tmp_path):
    january, february, march = (tmp_path / f"{name}.xlsx" for name in ("january", "february", "march"))
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.type("tblAging", {"Customer ID": "0002"}, "Note", "promised the 20th")
    typed.save()
    for out, previous, day in ((february, january, "2024-02-29"), (march, february, "2024-03-31")):
        refresh(ledger, day, out, previous=previous)
        assert "0002" not in [r["Customer ID"] for r in shown(out, "tblAging")]
        assert shown(out, "tblNotPlaced") == [
            {"Table": "tblAging", "Row": "0002 / EUR", "Column": "Note", "Entry": "promised the 20th"}
        ]


def test_a_note_on_a_doubled_row_is_not_placed(ledger, tmp_path):
    (tmp_path / "twice.csv").write_text(ITEMS + "0001,Elm Works,A1,2024-01-05,2024-02-04,EUR,1000.00,North\n")
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    refresh(ledger, "2024-01-31", first)
    typed = Typed(first)
    typed.add_column("tblItems", "Our mark")
    typed.type("tblItems", {"Document": "A1"}, "Our mark", "x")
    typed.save()
    twice = read_ledger([tmp_path / "twice.csv"], receipts=tmp_path / "receipts.csv")
    refresh(twice, "2024-01-31", second, previous=first)
    assert [r["Our mark"] for r in shown(second, "tblItems") if r["Document"] == "A1"] == [None, None]
    assert [r["Entry"] for r in shown(second, "tblNotPlaced")] == ["x"]


def test_a_closed_month_stays_as_reported_and_the_difference_is_told(ledger, tmp_path):
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(ledger, "2024-01-31", january)
    (tmp_path / "late.csv").write_text(ITEMS + "0004,Yew Parts,A9,2024-01-30,2024-02-29,EUR,70.00,North\n")
    late = read_ledger([tmp_path / "late.csv"], receipts=tmp_path / "receipts.csv")
    refresh(late, "2024-02-29", february, previous=january)
    first, second = shown(february, "tblMonthly")
    assert (first["Receivables"], first["Credit sales"]) == (1500, 1500)
    assert second["Receivables"] == 1000 + 300 + 70
    told = {
        r["Figure"]: (r["Stored"], r["By the ledger now"], r["Restated by"]) for r in shown(february, "tblRestated")
    }
    assert told["receivables"] == (1500, 1570, 70)
    assert told["credit sales"] == (1500, 1570, 70)
    assert set(told) == {"receivables", "credit sales", "current"}


def test_an_older_month_does_not_touch_newer_ones(ledger, tmp_path):
    march, again = tmp_path / "march.xlsx", tmp_path / "again.xlsx"
    refresh(ledger, "2024-03-31", march)
    typed = Typed(march)
    typed.type("tblMonthly", {"Receivables": 1100}, "Note", "as reported")
    typed.save()
    refresh(ledger, "2024-01-31", again, previous=march)
    months = shown(again, "tblMonthly")
    assert [r["Month end"].month for r in months] == [1, 2, 3]
    assert (months[2]["Receivables"], months[2]["Note"]) == (1100, "as reported")


@pytest.mark.slow
def test_a_running_month_is_replaced_when_it_goes_on_or_closes(ledger, tmp_path):
    first, second, third = (tmp_path / f"{n}.xlsx" for n in "123")
    refresh(ledger, "2024-03-12", first)
    assert shown(first, "tblMonthly")[-1]["Status"] == "to date"
    refresh(ledger, "2024-03-25", second, previous=first)
    assert [r["Month end"].day for r in shown(second, "tblMonthly")] == [31, 29, 25]
    refresh(ledger, "2024-03-31", third, previous=second)
    assert [(r["Month end"].day, r["Status"]) for r in shown(third, "tblMonthly")] == [
        (31, "closed"),
        (29, "closed"),
        (31, "closed"),
    ]


def test_open_items_keep_the_months_that_were_stored(tmp_path):
    (tmp_path / "open.csv").write_text(
        "Customer ID,Document,Document date,Due date,Amount,Open amount\n1,1,2024-01-05,2024-02-04,100,60\n"
    )
    (tmp_path / "later.csv").write_text(
        "Customer ID,Document,Document date,Due date,Amount,Open amount\n1,2,2024-02-05,2024-03-06,80,80\n"
    )
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(read_ledger([tmp_path / "open.csv"]), "2024-01-31", january)
    typed = Typed(january)
    typed.type("tblMonthly", {"Status": "closed"}, "Typed sales", 100)
    typed.save()
    refresh(read_ledger([tmp_path / "later.csv"]), "2024-02-29", february, previous=january)
    first, second = shown(february, "tblMonthly")
    assert (first["Receivables"], first["DSO"]) == (60, pytest.approx(60 / 100 * 31))
    assert (second["Opening"], second["Receivables"], second["DSO"]) == (60, 80, "#N/A")
    assert [r["Month end"].month for r in shown(february, "tblMix")] == [1, 2]


def test_rates_and_periods_are_read_back(ledger, tmp_path):
    book = tmp_path / "book.xlsx"
    chosen = {"rates": (Rate("USD", "2024-01-01", 0.92),), "periods": ("2024-01-28", "2024-02-25", "2024-03-31")}
    refresh(ledger, "2024-02-25", book, **chosen)
    settings, _ = read_back(book)
    assert (settings.rates, settings.periods) == (chosen["rates"], chosen["periods"])
    assert [r["Month end"].day for r in shown(book, "tblMonthly")] == [28, 25]


def formulas(path, table, heading):
    """What is in a column, formulas as formulas, and the formula that the table says the column has."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book if table in sheet.tables)
    declared = sheet.tables[table]
    left, top, _, bottom = range_boundaries(declared.ref)
    at = [column.name for column in declared.tableColumns].index(heading)
    of_all = declared.tableColumns[at].calculatedColumnFormula
    cells = [sheet.cell(line, left + at).value for line in range(top + 1, bottom + 1 - (declared.totalsRowCount or 0))]
    book.close()
    return cells, of_all and of_all.attr_text


TENTH = 'IF(tblAging[[#This Row],[Total]]>0,tblAging[[#This Row],[Total]]/10,"none, ""yet""")'
AGE = "SUM(tblItems[[#This Row],[Amount]],-1)*AR_DSO(1,2,30)"


def test_formulas_of_own_columns_are_carried(ledger, tmp_path):
    january, february, march = (tmp_path / f"{name}.xlsx" for name in ("january", "february", "march"))
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.add_column("tblAging", "A tenth", TENTH)
    typed.add_column("tblItems", "Less one", AGE)
    typed.type("tblItems", {"Document": "A1"}, "Less one", "as typed")
    typed.save()
    assert read_back(january)[1].formulas == {"tblAging": {"A tenth": f"={TENTH}"}, "tblItems": {"Less one": f"={AGE}"}}
    refresh(ledger, "2024-02-29", february, previous=january)
    month = refresh(ledger, "2024-03-31", march, previous=february)
    for path in (february, march):
        aging, of_all = formulas(path, "tblAging", "A tenth")
        assert of_all.removeprefix("=") == TENTH
        assert set(aging) == {f"={TENTH}"}
        items, of_all = formulas(path, "tblItems", "Less one")
        assert of_all.removeprefix("=") == AGE
        assert sorted(set(items)) == sorted({f"={AGE}", "as typed"})
        assert items.count("as typed") == 1
        assert validate_package(path) == []
        # They are not calculated yet, and last month's result does not pass for this month's.
        assert {r["Less one"] for r in shown(path, "tblItems")} == {None, "as typed"}
        assert not [note for note in shown(path, "tblNotPlaced") if note["Column"] == "A tenth"]
    assert month.own_formulas["tblAging"] == {"A tenth": f"={TENTH}"}
    before = march.read_bytes()
    refresh(ledger, "2024-03-31", march, previous=march, now="2026-11-09 10:00:00")
    assert march.read_bytes() == before


def test_formulas_of_own_columns_are_reckoned_by_whoever_opens_the_file(ledger, tmp_path):
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.add_column("tblAging", "A tenth", TENTH)
    typed.add_column("tblItems", "Less one", AGE)
    typed.save()
    refresh(ledger, "2024-02-29", february, previous=january)
    cells = recalculate_with_libreoffice(february)
    aging = [cell.value for cell in cells["Aging"].values() if "/10" in cell.formula and "none" in cell.formula]
    totals = [r["Total"] for r in shown(february, "tblAging") if r["Customer ID"] != "Total"]
    assert aging == [pytest.approx(total / 10) for total in totals]
    items = [cell.value for cell in cells["Ledger"].values() if "AR_DSO" in cell.formula]
    amounts = [r["Amount"] for r in shown(february, "tblItems")]
    assert items == [pytest.approx((amount - 1) * 15) for amount in amounts]


def test_a_frozen_copy_holds_no_formula_of_the_clerk(ledger, tmp_path):
    january, frozen = tmp_path / "january.xlsx", tmp_path / "frozen.xlsx"
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.add_column("tblAging", "A tenth", TENTH)
    typed.add_column("tblItems", "Less one", AGE)
    settings, entries = read_back(typed.save())
    month = close_month(ledger, settings, "2024-02-29", entries=entries, refreshed=NOW, version="test")
    file.write(frozen, month, frozen=True)
    for table, heading in (("tblAging", "A tenth"), ("tblItems", "Less one")):
        cells, of_all = formulas(frozen, table, heading)
        assert set(cells) == {None}
        assert of_all is None


GONE = (
    "F12*2",
    "$F$12*2",
    "Settings!C4",
    "'My own'!A1",
    "VLOOKUP(tblAging[[#This Row],[Customer ID]],[1]Sheet1!A:B,2,0)",
    "target_dso*2",
    "tblAging[[#This Row],[No such column]]",
    "tblMine[[#This Row],[Amount]]",
    "tblAging[[#This Row],[31-45]]",
    "_xlfn.XLOOKUP(tblAging[[#This Row],[Customer ID]],tblAging[Customer ID],tblAging[Total])",
    "AR_NO_SUCH(1)",
    '"a@b"',
)


@pytest.mark.slow
def test_formulas_that_refer_to_what_may_be_gone_leave_what_they_showed_and_are_named(ledger, tmp_path):
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    for number, formula in enumerate(GONE):
        typed.add_column("tblAging", f"Mine {number}", formula)
    sheet = typed.table("tblAging")[0].title
    place = typed.book.sheetnames.index(sheet) + 1
    typed.save()
    rewrite(january, f"xl/worksheets/sheet{place}.xml", lambda xml: re.sub(BLANK_RESULT, b"</f><v>77</v>", xml))
    _, entries = read_back(january)
    assert entries.formulas == {}
    refresh(ledger, "2024-02-29", february, previous=january)
    for number, formula in enumerate(GONE):
        told = f"the formulas of your column 'Mine {number}' on {sheet} (what they showed was)"
        assert told in entries.not_carried, formula
        cells, of_all = formulas(february, "tblAging", f"Mine {number}")
        assert of_all is None, formula
        assert 77 in cells, formula


def test_a_formula_that_refers_to_a_bucket_is_carried_while_there_is_one(ledger, tmp_path):
    january = tmp_path / "january.xlsx"
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.add_column("tblAging", "Mine", "tblAging[[#This Row],[1-30]]*2")
    typed.save()
    assert read_back(january)[1].formulas == {"tblAging": {"Mine": "=tblAging[[#This Row],[1-30]]*2"}}
    set_cell(january, "bucket_edges", "15; 45")
    assert read_back(january)[1].formulas == {}


def test_a_formula_that_works_on_arrays_leaves_what_it_showed(ledger, tmp_path):
    path = tmp_path / "january.xlsx"
    refresh(ledger, "2024-01-31", path)
    typed = Typed(path)
    typed.add_column("tblAging", "A tenth", TENTH)
    typed.table("tblAging")[1].tableColumns[-1].calculatedColumnFormula.array = True
    typed.add_column("tblItems", "Less one", AGE)
    place = typed.book.sheetnames.index("Ledger") + 1
    typed.save()
    rewrite(path, f"xl/worksheets/sheet{place}.xml", lambda xml: xml.replace(b"<f>SUM(", b'<f t="array" ref="A1">SUM('))
    assert read_back(path)[1].formulas == {}


def test_a_formula_refers_to_own_columns_that_are_carried_only(ledger, tmp_path):
    path = tmp_path / "january.xlsx"
    refresh(ledger, "2024-01-31", path)
    typed = Typed(path)
    typed.add_column("tblAging", "Mine", "tblAging[[#This Row],[Total]]*2")
    typed.add_column("tblByRegion", "Gone", "1+1")
    typed.add_column("tblItems", "Ours", "SUM(tblAging[Mine])")
    typed.add_column("tblItems", "Theirs", "SUM(tblByRegion[Gone])")
    typed.add_column("tblActivity", "First", "1+1")
    typed.add_column("tblActivity", "Second", "tblActivity[[#This Row],[First]]*2")
    typed.add_column("tblItems", "Beside", "SUM(tblActivity[First])")
    carried = read_back(typed.save())[1].formulas
    assert carried["tblItems"] == {"Ours": "=SUM(tblAging[Mine])"}
    assert carried["tblActivity"].keys() == {"First", "Second"}


@pytest.mark.slow
def test_every_table_that_is_kept_keeps_what_stands_beside_its_rows(ledger, tmp_path):
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(ledger, "2024-01-31", january)
    kept = [table for sheet in workbook(Settings()) for table in sheet.tables() if table.stored and not table.key]
    typed = Typed(january)
    for table in kept:
        typed.add_column(table.name, "Beside")
        sheet, _, (_, top, right, _) = typed.table(table.name)
        sheet.cell(top + 1, right).value = "typed"
    typed.save()
    assert {"tblMix", "tblLog", "tblNotPlaced", "tblActivity"} <= {table.name for table in kept}
    # The month after, and the same month once more.
    for day, path in (("2024-02-29", february), ("2024-01-31", tmp_path / "again.xlsx")):
        refresh(ledger, day, path, previous=january)
        for table in kept:
            assert "typed" in [r["Beside"] for r in shown(path, table.name)], (day, table.name)


def test_a_column_beside_the_rates_makes_no_rate_incomplete(ledger, tmp_path):
    path = tmp_path / "book.xlsx"
    refresh(ledger, "2024-01-31", path, rates=(Rate("USD", "2024-01-01", 0.92), Rate("GBP", "2024-01-01", 1.2)))
    typed = Typed(path)
    typed.add_column("tblRates", "Source")
    typed.type("tblRates", {"Currency": "USD"}, "Source", "bank")
    assert {rate.currency for rate in read_back(typed.save())[0].rates} == {"USD", "GBP"}


def test_formulas_beside_rows_offered_for_typing_make_no_rows(ledger, tmp_path):
    books = [tmp_path / f"{name}.xlsx" for name in ("january", "february", "march")]
    refresh(ledger, "2024-01-31", books[0])
    typed = Typed(books[0])
    typed.add_column("tblActivity", "Long", "LEN(tblActivity[[#This Row],[Customer ID]])")
    typed.add_column("tblActivity", "Odd", "$A$1*2")
    sheet, _, (left, top, *_) = typed.table("tblActivity")
    place = typed.book.sheetnames.index(sheet.title) + 1
    sheet.cell(top + 1, left + 1).value = "0001"
    typed.save()
    rewrite(books[0], f"xl/worksheets/sheet{place}.xml", lambda xml: re.sub(BLANK_RESULT, b"</f><v>0</v>", xml))
    for before, after, day in zip(books, books[1:], ("2024-02-29", "2024-03-31"), strict=False):
        refresh(ledger, day, after, previous=before)
        assert len(read_back(after)[1].rows("tblActivity")) == 1
        cells, of_all = formulas(after, "tblActivity", "Long")
        assert set(cells) == {f"={of_all.removeprefix('=')}"}
        assert len(cells) > 1
        assert validate_package(after) == []


def test_a_function_of_the_addin_is_carried_as_it_is_typed(ledger, tmp_path):
    january, february = tmp_path / "january.xlsx", tmp_path / "february.xlsx"
    refresh(ledger, "2024-01-31", january)
    typed = Typed(january)
    typed.add_column("tblAging", "Mine", "[1]!AR_DSO(tblAging[[#This Row],[Total]],100,30)")
    typed.save()
    refresh(ledger, "2024-02-29", february, previous=january)
    assert formulas(february, "tblAging", "Mine")[1].removeprefix("=").startswith("AR_DSO(tblAging[")


def test_a_column_beside_a_table_that_is_made_anew_is_named(ledger, tmp_path):
    path = tmp_path / "book.xlsx"
    refresh(ledger, "2024-01-31", path)
    typed = Typed(path)
    typed.add_column("tblByRegion", "Mine")
    typed.save()
    assert "your column 'Mine' on Segments" in read_back(path)[1].not_carried


def rewrite(path, part, change):
    """Change one part of a saved workbook."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert change(parts[part]) != parts[part]
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_what_cannot_be_carried_is_named(ledger, tmp_path):
    path = tmp_path / "book.xlsx"
    refresh(ledger, "2024-01-31", path)
    typed = Typed(path)
    typed.book.create_sheet("My own")
    typed.save()
    assert "the sheet 'My own'" in read_back(path)[1].not_carried


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(b"PK\x03\x04 not a workbook"), "cut off or damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "cut off or damaged"),
        (lambda path: openpyxl.Workbook().save(path), "is not a Receivables workbook"),
        (lambda path: set_cell(path, "bucket_edges", "soon"), "Aging buckets (days): 'soon' cannot be used"),
        (lambda path: set_cell(path, "credits", "ignore"), "one of own column, by own date, against oldest"),
        (lambda path: set_cell(path, "target_dso", "fast"), "Target DSO (days): 'fast' cannot be used"),
        (
            lambda path: rename(path, "tblAging", "Customer ID", "No."),
            "the column 'Customer ID' of tblAging (sheet Aging) is gone or was renamed",
        ),
    ],
)
def test_a_workbook_that_cannot_be_trusted_is_refused_in_one_sentence(ledger, tmp_path, spoil, said):
    path = tmp_path / "book.xlsx"
    refresh(ledger, "2024-01-31", path)
    spoil(path)
    with pytest.raises(WorkbookError) as refused:
        read_back(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def set_cell(path, name, value):
    typed = Typed(path)
    typed.set(name, value)
    typed.save()


def type_into(path, table, row, values):
    typed = Typed(path)
    sheet, _, (left, top, _, _) = typed.table(table)
    for column, value in enumerate(values):
        sheet.cell(top + row, left + column).value = value
    typed.save()


def note(path, heading, value):
    typed = Typed(path)
    typed.type("tblMonthly", {"Status": "closed"}, heading, value)
    typed.save()


def rename(path, table, heading, new):
    typed = Typed(path)
    sheet, declared, (left, top, right, _) = typed.table(table)
    for column in range(left, right + 1):
        if sheet.cell(top, column).value == heading:
            sheet.cell(top, column).value = new
            declared.tableColumns[column - left].name = new
    typed.save()


def test_reading_back_changes_no_file(ledger, tmp_path):
    path, copy = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    refresh(ledger, "2024-01-31", path)
    shutil.copy2(path, copy)
    read_back(path)
    assert path.read_bytes() == copy.read_bytes()
    assert path.stat().st_mtime_ns == copy.stat().st_mtime_ns


def test_an_entry_returns_with_its_row_but_never_to_one_of_two_that_read_alike():
    table = Table(
        "tblX",
        (Column("year", "Year"), Column("part", "Part"), Column("note", "Note", entry=True)),
        key=("year", "part"),
    )
    sheets = (Sheet("X", "", (table,)),)
    waiting = {"table": "tblX", "row": "2024", "heading": "Note", "value": "kept"}
    entries = Entries(tables={"tblX": TableEntries()}, stored={"tblNotPlaced": Stored((waiting,))})
    one = {"tblX": TableData({"year": ["2024"], "part": [""], "note": [None]})}
    placed, left = place_entries(sheets, one, entries)
    assert placed["tblX"].column("note") == ["kept"]
    assert left == []
    two = {"tblX": TableData({"year": ["2024", ""], "part": ["", "2024"], "note": [None, None]})}
    placed, left = place_entries(sheets, two, entries)
    assert placed["tblX"].column("note") == [None, None]
    assert left == [waiting]


def test_an_entry_beside_which_a_clerk_wrote_waits_with_what_stands_there():
    table = Table("tblX", (Column("id", "ID"), Column("note", "Note", entry=True)), key=("id",))
    bare = {"table": "tblX", "row": "1", "heading": "Note", "value": "returns", own("Mark"): None}
    marked = {"table": "tblX", "row": "2", "heading": "Note", "value": "waits", own("Mark"): "asked on Friday"}
    entries = Entries(tables={"tblX": TableEntries()}, stored={"tblNotPlaced": Stored((bare, marked), ("Mark",))})
    data = TableData({"id": ["1", "2"], "note": [None, None]})
    placed, left = place_entries((Sheet("X", "", (table,)),), {"tblX": data}, entries)
    assert placed["tblX"].column("note") == ["returns", None]
    assert left == [marked]


@pytest.mark.slow
@pytest.mark.parametrize("typed", [0, 0.0, False, True])
def test_a_typed_nothing_is_something_and_comes_back(ledger, tmp_path, typed):
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    refresh(ledger, "2024-02-29", first)
    book = Typed(first)
    book.type("tblMonthly", {"Month end": dt.datetime(2024, 1, 31)}, "Note", typed)
    book.type("tblMonthly", {"Month end": dt.datetime(2024, 1, 31)}, "Typed sales", 0)
    book.save()
    _, entries = read_back(first)
    assert entries.typed("tblMonthly").rows[("2024-01-31",)] == {"Note": typed, "Typed sales": 0}
    month = refresh(ledger, "2024-03-31", second, previous=first)
    (at,) = [i for i, end in enumerate(month.tables["tblMonthly"].column("month_end")) if iso(end) == "2024-01-31"]
    assert month.tables["tblMonthly"].column("net_sales")[at] == 0
    _, entries = read_back(second)
    assert entries.typed("tblMonthly").rows[("2024-01-31",)] == {"Note": typed, "Typed sales": 0}
