"""Numbers beyond any figure, full disks, names that are no UTF-8: one sentence, no traceback, no inf, no nan."""

import datetime as dt
import math
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from typed_workbooks import TWO_ITEMS, Typed

from xlwings_addin.month_end import TableData, close_month, workbook
from xlwings_addin.settings import CELLS, LIMITS, Settings
from xlwings_addin.sheets.style import DATE_STYLES
from xlwings_addin.writing import WorkbookError, file, live_cells
from xlwings_addin.writing.carry_over import _setting, read_back
from xlwings_addin.writing.typed_cells import typed

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

EXTREMES = (
    1e308, -1e308, math.inf, -math.inf, math.nan, 5e-324, 2.0**63, True, "9" * 400, "1e400", "inf", "nan",
)  # fmt: skip
SHEETS = workbook(Settings())
ENTRIES = [(t.name, c) for sheet in SHEETS for t in sheet.tables() for c in t.columns if c.entry]
FIELDS = [("", field) for sheet in SHEETS for field in sheet.fields() if field.entry and field.name not in CELLS]
NUMBERS = [(table, cell) for table, cell in ENTRIES + FIELDS if cell.style in LIMITS or cell.style in DATE_STYLES]
WRONG = re.compile(rb'<c r="[A-Z0-9]+"(?: s="\d+")?>(?:<f[^>]*>[^<]*</f>)?<v>-?(?:inf|nan)', re.IGNORECASE)
"""What is not a number; a text may be called that."""


def is_one_sentence(text):
    return "\n" not in text and text.endswith(".") and len(text) < 400


@pytest.mark.parametrize("name", [name for name in CELLS if not isinstance(getattr(Settings(), name), str)])
def test_no_setting_takes_an_extreme_number(name):
    for extreme in EXTREMES:
        with pytest.raises(WorkbookError) as refused:
            _setting("book", CELLS[name], extreme, getattr(Settings(), name))
        assert CELLS[name].label in str(refused.value)
        assert is_one_sentence(str(refused.value))


@pytest.mark.parametrize(("table", "cell"), NUMBERS, ids=lambda one: getattr(one, "name", getattr(one, "key", one)))
def test_no_cell_for_typing_takes_an_extreme_number(table, cell):
    for extreme in EXTREMES:
        with pytest.raises(WorkbookError) as refused:
            typed(extreme, cell.style, "book, here")
        assert str(refused.value).startswith("book, here: ")
        assert is_one_sentence(str(refused.value))


@pytest.mark.parametrize("extreme", EXTREMES)
def test_texts_take_anything(two_items, tmp_path, extreme):
    texts = {name: str(extreme) for name in CELLS if CELLS[name].style == "text" and not CELLS[name].choices}
    texts = {name: text for name, text in texts.items() if isinstance(getattr(Settings(), name), str)}
    # What is not a currency is refused by its cell.
    del texts["base_currency"]
    settings = replace(Settings(), **texts)
    month = close_month(two_items, settings, "2024-01-31", refreshed="2024-02-01 08:00:00", version="test")
    file.write(tmp_path / "book.xlsx", month)
    assert nothing_infinite(tmp_path / "book.xlsx")
    assert read_back(tmp_path / "book.xlsx")[0].company == str(extreme)


def nothing_infinite(path):
    with zipfile.ZipFile(path) as package:
        return not any(WRONG.search(package.read(name)) for name in package.namelist())


@pytest.mark.parametrize("extreme", [1e308, 2.0**63])
@pytest.mark.parametrize(
    ("name", "said"),
    [("target_dso", "Target DSO"), ("weight_age", "Settings, Age"), ("calc_cash_sales", "Calculators")],
)
def test_a_workbook_that_holds_one_is_refused_by_its_cell(january, tmp_path, name, said, extreme):
    book = Typed(january)
    book.path = tmp_path / "book.xlsx"
    book.set(name, extreme)
    with pytest.raises(WorkbookError, match=said):
        read_back(book.save())


def test_a_number_too_long_for_a_number_is_refused_wherever_it_is_typed(january, tmp_path):
    """As a program writes it that knows larger ones: 1E400 is read as no finite number."""
    book = Typed(january)
    book.path = tmp_path / "book.xlsx"
    book.add_column("tblAging", "Ours")
    book.type("tblAging", {"Customer ID": "0001"}, "Ours", 1234567)
    book.save()
    with zipfile.ZipFile(book.path) as package:
        parts = {name: package.read(name).replace(b"<v>1234567</v>", b"<v>1E400</v>") for name in package.namelist()}
    with zipfile.ZipFile(book.path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with pytest.raises(WorkbookError, match="tblAging, 0001 / EUR, Ours: inf is beyond any figure"):
        read_back(book.path)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_an_error_or_a_blank_in_both_writers(two_items, tmp_path, value):
    month = close_month(two_items, Settings(), "2024-01-31", refreshed="2024-02-01 08:00:00", version="test")
    tables = dict(month.tables)
    for name, key in (("tblItems", "amount"), ("tblAging", "Current"), ("tblMonthly", "dso")):
        columns = dict(tables[name].columns)
        columns[key] = [value] * tables[name].rows
        tables[name] = TableData(columns, tables[name].extra)
    fields = {**month.fields, "aging_total": value}
    for frozen in (False, True):
        file.write(tmp_path / "book.xlsx", replace(month, tables=tables, fields=fields), frozen=frozen)
        assert nothing_infinite(tmp_path / "book.xlsx")
    assert str(live_cells.written(value, "money", "0.00"))[:1] in ("", "=")


def run(*arguments, limit="", **more):
    command = f'{limit} exec "$0" -m xlwings_addin "$@" {more.pop("to", "")}'
    return subprocess.run(
        ["bash", "-c", command, sys.executable, *arguments], capture_output=True, check=False, **more
    )  # fmt: skip


OF_JANUARY = ("items.csv", "--as-of", "2024-01-31")
NEEDS_BASH = pytest.mark.skipif(os.name == "nt", reason="limits and devices of a Unix")


@NEEDS_BASH
@pytest.mark.parametrize(
    ("arguments", "how", "said"),
    [
        (("functions",), {"to": "> /dev/full"}, b"the output could not be written"),
        (
            ("refresh", *OF_JANUARY, "--out", "o.xlsx"),
            {"limit": "ulimit -f 20;"},
            b"o.xlsx cannot",
        ),
        (("check", *OF_JANUARY, "--gl", "1e308"), {}, b"--gl"),
        (("refresh", "items.csv", "--as-of", "9" * 400, "--out", "o.xlsx"), {}, b"is not a date"),
        (("refresh", *OF_JANUARY, "--rate", "USD=1e300"), {}, b"--rate USD=1e300"),
    ],
)
def test_the_command_says_one_sentence(tmp_path, arguments, how, said):
    (tmp_path / "items.csv").write_text(TWO_ITEMS)
    done = run(*arguments, cwd=tmp_path, **how)
    assert done.returncode == 2
    assert re.fullmatch(rb"receivables: [^\n]*\n", done.stderr)
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["items.csv"]


@NEEDS_BASH
def test_a_name_that_is_no_utf_8_is_a_name(tmp_path):
    name = b"caf\xe9.csv"
    (tmp_path / os.fsdecode(name)).write_text(TWO_ITEMS)
    done = run("refresh", name, "--as-of", "2024-01-31", "--out", b"o\xe9.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    again = run("refresh", name, "--as-of", "2024-01-31", "--out", b"o\xe9.xlsx", cwd=tmp_path)
    assert again.returncode == 0, again.stderr


def test_a_typed_day_is_between_the_days_that_cells_have():
    for number in (-1, 0, 1e7, 2_958_466, 1e308):
        with pytest.raises(WorkbookError, match="is not a date"):
            typed(number, "date", "book")
    assert typed(45_000.0, "date", "book") == (dt.date(2023, 3, 15) - dt.date(1970, 1, 1)).days


def test_what_is_not_a_base_currency_is_refused_by_its_cell(january, tmp_path):
    book = Typed(january)
    book.path = tmp_path / "book.xlsx"
    book.set("base_currency", "9" * 40)
    with pytest.raises(WorkbookError, match=r"Settings, Base currency: '9+' is not a currency"):
        read_back(book.save())
