"""Calculators: the guide's examples, whatever is typed, kept by every refresh, equal to a spreadsheet program."""

import math
import zipfile
from dataclasses import fields, replace

import excel_host
import openpyxl
import pytest
from excel_host import differences
from hypothesis import given
from hypothesis import strategies as st
from rungs.libreoffice import compare_cached
from rungs.package import validate_package

from udfs import boundary
from xlwings_addin.entries import Entries, Stored
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import blank_month, calculators, close_month, workbook
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import calculators as declared
from xlwings_addin.sheets.blocks import Beside, Table
from xlwings_addin.sheets.layout import RIGHT_COLUMN, layout
from xlwings_addin.writing import file, live
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

NOW = "2026-11-02 08:00:00"
ITEMS = """Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Region
0001,Elm Works,A1,2024-01-05,2024-02-04,EUR,1000.00,North
0002,Oak Trading,A2,2024-01-25,2024-02-24,EUR,500.00,South
0003,Ash Supply,A3,2024-02-10,2024-03-11,EUR,300.00,South
"""
RECEIPTS = "Document,Date,Amount,Kind\nA2,2024-02-20,500.00,cash\n"
SHEET = declared.sheet(Settings())
INPUTS = [field.name for field in SHEET.fields() if field.entry]
RESULTS = [
    field.name
    for field in SHEET.fields()
    if not field.entry and field.label and field.name not in ("calc_seasonal", "calc_mix_most", "calc_walk")
]


@pytest.fixture
def ledger(tmp_path):
    (tmp_path / "items.csv").write_text(ITEMS)
    (tmp_path / "receipts.csv").write_text(RECEIPTS)
    return read_ledger([tmp_path / "items.csv"], receipts=tmp_path / "receipts.csv")


def close(ledger, entries=None, settings=Settings(), as_of="2024-02-29"):  # noqa: B008
    return close_month(ledger, settings, as_of, entries=entries, refreshed=NOW, version="test")


def cells(entries=None, settings=Settings()):  # noqa: B008
    """The named cells of a workbook without data, with what was typed."""
    return calculators.blank(settings, entries or Entries())[1]


def mixed(rows):
    keys = ("bucket", "share", "rate")
    return {"tblCalcMix": Stored(tuple(dict(zip(keys, row, strict=True)) for row in rows))}


BUCKETS = ("Current", "1-30", "31-60", "61-90", "90+")
TYPED = {name: 100.0 + i for i, name in enumerate(INPUTS)} | {
    "calc_cei_current": 50.0,
    "calc_cash_rate": 0.07,
    "calc_pay_discount": 0.001,
    "calc_pay_day": 5.0,
    "calc_pay_otherwise": 61.5,
    "calc_pay_rate": 0.12,
}
SEASONAL = {name: 10_000.0 * (1 + month % 3 * 4) for month, name in enumerate(declared.SALES)} | {
    "calc_back_ending": 123_456.78,
    "calc_back_days": 30.4,
}
CASES = {
    "typed": Entries(fields=TYPED, stored=mixed(zip(BUCKETS, (0.2,) * 5, (0.01, 0.02, 0.03, 0.04, 1.0), strict=True))),
    "seasonal, fast payers, slower target": Entries(
        fields=SEASONAL
        | {"calc_cash_dso": 30.0, "calc_cash_target": 45.0, "calc_cash_sales": 1e6, "calc_cash_days": 365.0}
        | {"calc_cycle_inventory": 5.0, "calc_cycle_payables": 900.0, "calc_cycle_cost": 4e3, "calc_cycle_days": 365.0}
        | {"calc_cycle_dso": 12.0},
        stored=mixed(zip(BUCKETS, (0.5, 0.1, 0.1, 0.1, 0.2), (0.0,) * 5, strict=True)),
    ),
    "too little history, shares missing": Entries(
        fields={"calc_back_ending": 1e9, "calc_back_days": 30.0, "calc_sales_1": 100.0, "calc_cei_opening": 5.0},
        stored=mixed(zip(BUCKETS, (0.5, None, 0.1, 0.1, 0.2), (0.0, None, 0.0, 0.1, "x"), strict=True)),
    ),
    "no days, no sales": Entries(
        fields=dict.fromkeys(INPUTS, 0.0),
        stored=mixed(zip(BUCKETS, (0.5, 0.5, 0.5, 0.1, 0.2), (0.1,) * 5, strict=True)),
    ),
    # One error a calculator: where several meet, LibreOffice has its own opinion on which one wins.
    "errors": Entries(
        fields=dict(calculators.EXAMPLES)
        | {"calc_dso_sales": "#DIV/0!", "calc_cei_ending": "#NUM!", "calc_sales_2": "#DIV/0!", "calc_cash_dso": "#N/A"}
        | {"calc_late_days": "#N/A", "calc_cycle_cost": "#DIV/0!", "calc_pay_rate": "#NUM!", "calc_mix_total": 7.0},
        stored=mixed(zip(BUCKETS, (0.5, 0.5, "#N/A", 0.0, 0.0), ("#DIV/0!", 0.1, 0.1, 0.1, 0.1), strict=True)),
    ),
    "words": Entries(
        fields={name: "soon" if i % 4 == 1 else 7.0 for i, name in enumerate(INPUTS)},
        stored=mixed(zip(BUCKETS, ("half", 0.5, 0.5, 0.0, 0.0), ("low", 0.1, 0.1, 0.1, 0.1), strict=True)),
    ),
}


# ---- what it comes to


def test_the_guides_examples_and_published_ones_stand_there_from_the_start():
    shown = cells()
    assert shown["calc_dso_mean"] == 250_000
    assert round(shown["calc_dso_average"], 1) == 60.8
    assert shown["calc_back"] == 32.5
    assert shown["calc_walk"] == [
        ["Period", "Sales", "Covered", "Days", "Balance left"],
        [1.0, 280_000.0, 280_000.0, 30.0, 20_000.0],
        [2.0, 240_000.0, 20_000.0, 2.5, 0.0],
    ]
    assert round(shown["calc_cei"], 4) == 0.9689
    assert round(shown["calc_late_best"], 2) == 7.47
    assert round(shown["calc_late_ddso"], 2) == 1.87
    assert shown["calc_late_best"] + shown["calc_late_ddso"] == pytest.approx(shown["calc_late_dso"], rel=1e-12)
    assert round(shown["calc_cycle"], 1) == 97.7
    assert round(shown["calc_cash_released"]) == 5_479_452
    assert round(shown["calc_cash_interest"]) == 219_178
    assert round(shown["calc_pay_cost"], 4) == 0.3724
    assert round(shown["calc_pay_breakeven"], 4) == 0.0054
    assert shown["calc_pay_reads"] == "Costs more than your capital: decline. Worth up to 0.54 %."
    assert shown["calc_mix_provision"] == pytest.approx(580_000, rel=1e-12)
    assert (shown["calc_mix_check"], round(shown["calc_mix_old"], 4)) == ("OK", 0.1167)


def test_the_template_shows_the_examples_and_nothing_of_this_month():
    month = blank_month(version="test")
    assert month.fields["calc_back"] == 32.5
    assert month.tables["tblCalcMix"].column("bucket") == list(BUCKETS)
    assert month.fields["calc_dso_ending_now"] == "n/a"
    assert set(month.tables["tblCalcMix"].column("now")) == {"n/a"}


def test_without_inputs_every_result_is_not_available(monkeypatch):
    monkeypatch.setattr(calculators, "EXAMPLES", dict.fromkeys(INPUTS))
    shown = cells(Entries(stored=mixed([(label, None, 0.1) for label in BUCKETS])))
    for name in RESULTS:
        value = shown[name]
        assert (value == "Act") if name == "calc_mix_check" else (value != value), name
    assert shown["calc_walk"] != shown["calc_walk"]
    assert {shown[name] for name in shown if name.endswith("_reads")} == {
        declared.FILL_IN, declared.TOO_FEW_MONTHS, declared.TWO_MONTHS, declared.NOT_WHOLE,
    }  # fmt: skip


def test_a_cleared_calculator_gets_its_example_back_and_the_others_keep_what_was_typed():
    shown = cells(Entries(fields={"calc_dso_sales": 9.0}))
    assert (shown["calc_dso_sales"], shown["calc_dso_days"]) == (9.0, None)
    assert shown["calc_back_ending"] == 300_000


def test_the_walk_adds_up_to_the_countback_and_has_room():
    shown = cells(Entries(fields=SEASONAL))
    assert len(shown["calc_walk"]) > 3
    assert math.fsum(row[3] for row in shown["calc_walk"][1:]) == pytest.approx(shown["calc_back"], rel=1e-9)
    everything = SEASONAL | {"calc_back_ending": math.fsum(SEASONAL[name] for name in declared.SALES)}
    assert len(cells(Entries(fields=everything))["calc_walk"]) == declared.WALK.rows + 1
    assert [column.heading for column in declared.WALK.columns] == shown["calc_walk"][0]


@pytest.mark.parametrize("spread", [0.19, 0.21])
def test_the_dso_to_trust_follows_the_threshold_of_settings(spread):
    sales = {"calc_sales_1": 100 * (1 + spread), "calc_sales_2": 100 * (1 - spread)}
    shown = cells(Entries(fields=sales))
    assert shown["calc_spread"] == pytest.approx(spread)
    assert shown["calc_trust"] == ("Countback" if spread > Settings().seasonality_threshold else "Simple")


def test_a_discount_pays_up_to_its_break_even():
    offer = {"calc_pay_day": 10, "calc_pay_otherwise": 60, "calc_pay_rate": 0.10, "calc_pay_year": 365}
    limit = boundary.call("AR_BREAKEVEN_DISCOUNT", 0.10, 10, 60, 365)
    for discount, verdict in ((limit * 0.99, declared.PAYS), (limit * 1.01, declared.DECLINE)):
        assert cells(Entries(fields=offer | {"calc_pay_discount": discount}))["calc_pay_reads"].startswith(verdict)


@pytest.mark.parametrize("edges", [(30, 60, 90), (15, 45), (60,), (30, 60), (7, 14, 30, 60, 90, 180)])
def test_the_example_mix_adds_up_whatever_the_buckets(edges):
    settings = Settings(bucket_edges=edges)
    tables, shown = calculators.blank(settings, Entries())
    assert math.fsum(tables["tblCalcMix"].column("share")) == pytest.approx(1, rel=1e-12)
    assert shown["calc_mix_check"] == "OK"
    # The published mix holds 3.5 of 30 millions past 60 days.
    assert (shown["calc_mix_old"] == pytest.approx(3.5 / 30)) == (60 in edges)


@pytest.mark.parametrize(("shares", "word"), [((0.5, 0.5), "OK"), ((0.5, 0.499), "Act"), ((0.5, 0.51), "Act")])
def test_shares_that_do_not_add_up_give_no_provision(shares, word):
    typed = mixed([(label, share, 0.1) for label, share in zip(("Current", "1-60", "60+"), (*shares, 0), strict=True)])
    shown = calculators.blank(Settings(bucket_edges=(60,)), Entries(stored=typed))[1]
    assert shown["calc_mix_check"] == word
    assert (shown["calc_mix_provision"] == shown["calc_mix_provision"]) == (word == "OK")


@given(st.floats(-1e9, 1e9), st.sampled_from([0, 1, 2]))
def test_numbers_in_sentences_read_as_a_spreadsheet_writes_them(number, digits):
    text = calculators.fixed(number, digits)
    assert abs(float(text.replace(",", "")) - number) <= 0.5000001 * 10**-digits
    assert float(text.replace(",", "")) != 0 or not text.startswith("-")


# ---- as a file


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_typed_the_cached_values_are_what_a_spreadsheet_program_makes_of_it(ledger, tmp_path, case):
    month = close(ledger, CASES[case])
    path = tmp_path / "month.xlsx"
    file.write(path, month)
    assert [one for one in compare_cached(path) if one.sheet == "Calculators"] == []
    assert validate_package(path) == []


def test_with_nothing_typed_at_all_too(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(calculators, "EXAMPLES", dict.fromkeys(INPUTS))
    path = tmp_path / "month.xlsx"
    file.write(path, close(ledger, Entries(stored=mixed([(label, None, 0.1) for label in BUCKETS]))))
    assert [one for one in compare_cached(path) if one.sheet == "Calculators"] == []


def test_the_walk_is_one_dynamic_formula_over_all_its_room(tmp_path):
    path = tmp_path / "month.xlsx"
    file.write(path, blank_month(version="test"))
    book = openpyxl.load_workbook(path)
    sheet, cell = book.defined_names["calc_walk"].attr_text.split("!")
    anchor = book[sheet.strip("'")][cell.replace("$", "")]
    assert anchor.value.text == declared.WALK.formula
    area = book[sheet.strip("'")][anchor.value.ref]
    assert (len(area), len(area[0])) == (declared.WALK.rows + 1, len(declared.WALK.columns))
    assert [cell.value for cell in area[2]] == [2, 240_000, 20_000, 2.5, 0]
    assert {cell.value for row in area[3:] for cell in row} == {None}
    with zipfile.ZipFile(path) as parts:
        number = book.sheetnames.index("Calculators") + 1
        text = parts.read(f"xl/worksheets/sheet{number}.xml").decode()
        assert f'r="{anchor.coordinate}"' in text
        assert text.count(' cm="1"') == 1
        assert b'fDynamic="1"' in parts.read("xl/metadata.xml")


def test_a_wrong_value_anywhere_in_the_walk_is_noticed(tmp_path):
    month = blank_month(version="test")
    wrong = [list(row) for row in month.fields["calc_walk"]]
    wrong[2][3] = 2.6
    path = tmp_path / "month.xlsx"
    file.write(path, replace(month, fields={**month.fields, "calc_walk": wrong}))
    assert [one.cached for one in compare_cached(path)] == [2.6]
    file.write(path, replace(month, fields={**month.fields, "calc_walk": wrong[:2]}))
    assert len(compare_cached(path)) == len(wrong[2])


def test_halves_of_a_page_never_meet():
    for settings in (Settings(), Settings(bucket_edges=(7, 14, 30, 60, 90))):
        sheets = workbook(settings)
        places = layout(sheets, {})
        for sheet in sheets:
            for halves in (block for block in sheet.blocks if isinstance(block, Beside)):
                assert not [block for block in halves.left if isinstance(block, Table)]
            for block in (one for one in places.blocks[sheet.name] if one.widths):
                assert block.column in (1, RIGHT_COLUMN)
        used = [(on, row, column) for on, row, column in places.fields.values()]
        assert len(used) == len(set(used))


# ---- what was typed is kept


def shown(path):
    book = openpyxl.load_workbook(path, data_only=True)
    found = {}
    for name in INPUTS:
        sheet, cell = book.defined_names[name].attr_text.split("!")
        found[name] = book[sheet.strip("'")][cell.replace("$", "")].value
    mix = next(sheet for sheet in book if "tblCalcMix" in sheet.tables)
    rows = [[cell.value for cell in row] for row in mix[mix.tables["tblCalcMix"].ref]]
    book.close()
    return found, rows


@pytest.mark.slow
def test_every_typed_cell_is_carried_by_the_command(ledger, tmp_path):
    first, second, third = (tmp_path / f"{n}.xlsx" for n in "123")
    file.write(first, close(ledger, as_of="2024-01-31"))
    book = openpyxl.load_workbook(first)
    for name, value in TYPED.items():
        sheet, cell = book.defined_names[name].attr_text.split("!")
        book[sheet.strip("'")][cell.replace("$", "")].value = value
    cleared = "calc_sales_7"
    sheet, cell = book.defined_names[cleared].attr_text.split("!")
    book[sheet.strip("'")][cell.replace("$", "")].value = None
    sheet = book["Calculators"]
    top, left = sheet[sheet.tables["tblCalcMix"].ref.split(":")[0]].row, RIGHT_COLUMN + 1
    for row, (share, rate) in enumerate([(0.6, 0.01), (0.1, 0.02), (0.1, 0.03), (0.1, None), (0.1, 0.5)], start=1):
        sheet.cell(top + row, left + 1).value, sheet.cell(top + row, left + 3).value = share, rate
    book.save(first)
    for previous, out in ((first, second), (second, third)):
        settings, entries = read_back(previous)
        file.write(out, close(ledger, entries, settings))
        found, rows = shown(out)
        assert found == TYPED | {cleared: None}
        assert [(row[1], row[3]) for row in rows[1:]] == [
            (0.6, 0.01),
            (0.1, 0.02),
            (0.1, 0.03),
            (0.1, None),
            (0.1, 0.5),
        ]
    assert second.read_bytes() == third.read_bytes()


def test_other_buckets_start_the_mix_anew_and_keep_the_rest(ledger, tmp_path):
    path = tmp_path / "month.xlsx"
    file.write(path, close(ledger, CASES["typed"]))
    settings, entries = read_back(path)
    month = close(ledger, entries, replace(settings, bucket_edges=(30, 60)))
    assert month.tables["tblCalcMix"].column("bucket") == ["Current", "1-30", "31-60", "60+"]
    assert month.fields["calc_mix_check"] == "OK"
    assert month.fields["calc_dso_sales"] == TYPED["calc_dso_sales"]


@pytest.fixture
def host():
    return excel_host.start()


def refresh(host, book, ledger, folder, as_of="2024-02-29", *, force=False, **changes):
    """Refresh the open workbook; the same month as a file says what it should show."""
    found = live.Opened(book)
    settings, entries = found.read_back(force=force)
    month = close(ledger, entries, replace(settings, **changes), as_of)
    live.fill(book, month, opened=found)
    twin = folder / "twin.xlsx"
    file.write(twin, month)
    state = excel_host.load(twin)
    host.calculate_as(book, state)
    return month, state


def cell_of(book, name):
    return next(one for one in book.names if one.name == name).refers_to_range


@pytest.mark.slow
def test_every_typed_cell_is_carried_on_the_ribbon(host, ledger, tmp_path):
    file.write(tmp_path / "month.xlsx", close(ledger, as_of="2024-01-31"))
    book = host.open(tmp_path / "month.xlsx")
    for name, value in TYPED.items():
        cell_of(book, name).value = value
    cell_of(book, "calc_sales_7").value = None
    for _ in range(2):
        month, twin = refresh(host, book, ledger, tmp_path)
        assert differences(host.state(book), twin) == []
        assert {name: month.fields[name] for name in INPUTS} == TYPED | {"calc_sales_7": None}
        assert len(month.fields["calc_walk"]) > 1


@pytest.mark.slow
def test_the_mix_grows_and_shrinks_with_the_buckets_in_the_open_workbook(host, ledger, tmp_path):
    file.write(tmp_path / "month.xlsx", close(ledger, as_of="2024-01-31"))
    book = host.open(tmp_path / "month.xlsx")
    for edges in ((7, 14, 30, 60, 90), (30, 60), (30, 60, 90)):
        month, _ = refresh(host, book, ledger, tmp_path, bucket_edges=edges)
        state, sheet = host.table(book, "tblCalcMix")
        column = [sheet.at(state.row + 1 + i, state.column).value for i in range(state.rows - 1)]
        assert column == month.tables["tblCalcMix"].column("bucket")


@pytest.mark.parametrize("spills", [True, False], ids=["2021", "2016"])
def test_a_workbook_without_the_sheet_gets_it(host, ledger, tmp_path, spills):
    file.write(tmp_path / "month.xlsx", close(ledger, as_of="2024-01-31"))
    book = host.open(tmp_path / "month.xlsx")
    host.spills = spills
    state = host.state(book)
    state.sheets = [sheet for sheet in state.sheets if sheet.title != "Calculators"]
    state.names = {name: to for name, to in state.names.items() if "Calculators" not in to}
    month, twin = refresh(host, book, ledger, tmp_path, force=True)
    assert month.fields["calc_back"] == 32.5
    assert cell_of(book, "calc_walk").formula == declared.WALK.formula
    sheet = next(one for one in state.sheets if one.title == "Calculators")
    # Before 2021 an array stands over all the room, so that a longer walk is never cut off.
    whole = (declared.WALK.rows + 1, len(declared.WALK.columns))
    assert list(sheet.arrays.values()) == ([] if spills else [whole])
    other = next(one for one in twin.sheets if one.title == "Calculators")
    values = {place: cell.value for place, cell in sheet.cells.items() if cell.value is not None}
    assert values == {place: cell.value for place, cell in other.cells.items() if cell.value is not None}


def test_every_input_has_an_example_or_waits_for_one():
    waiting = {name for name, example in calculators.EXAMPLES.items() if example is None}
    assert waiting == set(declared.SALES[6:])
    assert calculators.EXAMPLES.keys() == set(INPUTS)
    assert not {field.name for field in fields(Settings)} & set(INPUTS)
