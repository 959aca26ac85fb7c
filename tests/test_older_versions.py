"""Workbooks of every version that was released, read by this one: every entry is in the next month's workbook."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desk import content
from workbooks.opened import Opened, plain

from workbook_templates import TEMPLATE
from xlwings_addin import version as desk_version
from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.writing import parts

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

FROZEN = Path(__file__).parent / "workbooks"
SUMS = {"0.1": "6d5570cb5ccfc0bd16cc2597f6547c4bb4f8179f527e9a730b01890af499cddb"}
"""Digest of the SHA256SUMS of each version: what is frozen is never edited. A release adds one; none is taken away."""
WORKBOOKS = [f"{version}/{path.stem}" for version in SUMS for path in sorted((FROZEN / version).glob("*.xlsx"))]
MOVES = {"tblWorklist": "tblPaid", "tblPaid": "tblWorklist"}
SHEETS = workbook(Settings())
FIRST = dt.date(1970, 1, 1)
OTHER = "Other entries"
"""Where the entries in a clerk's own columns of the worklist are once the item is paid."""


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(folder):
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: told for told, _, name in (line.partition("  ") for line in lines)}


@pytest.mark.parametrize("version", SUMS)
def test_what_is_frozen_is_as_it_was(version):
    folder = FROZEN / version
    assert digest(folder / "SHA256SUMS") == SUMS[version]
    there = {path.relative_to(folder).as_posix(): digest(path) for path in folder.rglob("*") if path.is_file()}
    del there["SHA256SUMS"]
    assert there == sums(folder)


def test_every_version_that_is_frozen_is_read():
    assert {path.name for path in FROZEN.iterdir() if (path / "SHA256SUMS").exists()} == SUMS.keys()
    assert {"0.1/template", "0.1/sample month", "0.1/full"} <= set(WORKBOOKS)


@pytest.fixture(scope="module", params=WORKBOOKS)
def carried(request, tmp_path_factory):
    """A frozen workbook, what it holds, and the workbook that the command makes of it for the month after."""
    path = FROZEN / f"{request.param}.xlsx"
    held = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    data, out = path.parent / held["ledger"], tmp_path_factory.mktemp("next") / "next.xlsx"
    before = path.read_bytes()
    done = subprocess.run(
        [
            sys.executable, "-m", "xlwings_addin", "refresh", data / "ledger.csv", "--receipts", data / "receipts.csv",
            "--customers", data / "customers.csv", "--previous", path, "--as-of", held["next month"], "--out", out,
        ],
        capture_output=True, text=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1796083200"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == before
    return held, Opened(out), done.stdout + done.stderr


def test_every_named_cell_holds_what_was_typed(carried):
    held, after, _ = carried
    cells = {name: after.cell(name) for name in held["cells"]}
    assert {name: cell and plain(cell.value) for name, cell in cells.items()} == held["cells"]


def test_every_heading_is_still_ours(carried):
    """One that was renamed would come back as a column that the clerk had added."""
    held, _, _ = carried
    now = Opened(TEMPLATE)
    gone = {t: [h for h in headings if h not in now.headings(t)] for t, headings in held["headings"].items()}
    assert {table: headings for table, headings in gone.items() if headings} == {}


def test_every_entry_is_on_its_row_or_where_the_rules_put_it(carried):
    held, after, _ = carried
    assert lost(held["entries"], after) == []


def test_every_line_and_every_closed_month_is_there(carried):
    held, after, _ = carried
    missing = []
    for table, line in held["lines"]:
        if not any(line.items() <= row.items() for row in rows(after, table)):
            missing.append((table, line))
    assert missing == []


def test_every_formula_of_a_clerks_own_column_is_there(carried):
    held, after, _ = carried
    for table, heading, formula in held["formulas"]:
        assert after.formulas(table).get(heading) == formula, (table, heading)


def test_nothing_is_named_as_left_behind(carried):
    _, _, said = carried
    assert "Not carried over" not in said


def rows(opened, table):
    """Rows of a table by heading; none where there is no such table."""
    found = opened.rows(table) if table in opened.tables else ()
    return [{heading: plain(cell.value) for heading, cell in row.items()} for row in found]


def lost(entries, after):
    """Entries that are neither on their row, nor with their item where it went, nor among the notes not placed."""
    tables = {name: rows(after, name) for name in {table for table, *_ in entries} | {*MOVES, "tblNotPlaced"}}
    missing = []
    for table, key, heading, value in entries:
        here = [row for row in tables[table] if key.items() <= row.items()]
        there = [row for row in tables.get(MOVES.get(table), ()) if key.items() <= row.items()]
        if here and here[0].get(heading, "no such column") == value:
            continue
        if any(row.get(heading) == value or f'"{heading}": "{value}"' in str(row.get(OTHER)) for row in there):
            continue
        if not any(noted(note, table, key, heading, value) for note in tables["tblNotPlaced"]):
            missing.append((table, key, heading, value, here and here[0].get(heading, "no such column")))
    return missing


def noted(note, table, key, heading, value):
    """Whether a note not placed is this entry: dates are written as days since 1970 there."""
    row = " / ".join(part["date"][:10] if isinstance(part, dict) else part for part in key.values() if part is not None)
    text = str((dt.date.fromisoformat(value["date"][:10]) - FIRST).days) if isinstance(value, dict) else str(value)
    return (note["Table"], note["Row"], note["Column"], note["Entry"]) == (table, row, heading, text)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKBOOKS)
@pytest.mark.parametrize("control", ["refresh_month", "check_workbook"])
def test_an_open_one_is_brought_up_to_date_in_a_new_workbook_beside_it(name, control, desk):
    path = desk.folder / "book.xlsx"
    shutil.copyfile(FROZEN / f"{name}.xlsx", path)
    held = json.loads((FROZEN / f"{name}.json").read_text(encoding="utf-8"))
    data = FROZEN / name.partition("/")[0] / held["ledger"]
    book = desk.host.open(path)
    before = content(book)
    line, _ = desk.press(book, control)
    assert line == "Receivables: nothing was changed."
    assert re.search(r"is of version 0\.1 and lacks what .* Bring up to date now\?$", desk.host.alerts[-1])
    desk.host.choice = "yes"
    day = (held["next month"],) if "template" in name else ()
    line, failure = desk.press(
        book, control, *day, (str(data / "ledger.csv"),), str(data / "receipts.csv"), str(data / "customers.csv")
    )
    assert not failure, failure
    made = desk.folder / f"book version {desk_version()}.xlsx"
    assert f"{made.name} is this workbook" in line
    assert content(book) == before
    assert parts.version_of(SHEETS, Opened(made).tables, Opened(made).book.defined_names) == ""
    after = Opened(made)
    assert lost(held["entries"], after) == []
    # The figures of the day itself are calculated again, as every refresh does.
    day = plain(after.cell("as_of").value)
    kept = [(table, line) for table, line in held["lines"] if day not in line.values()]
    assert [(t, line) for t, line in kept if not any(line.items() <= row.items() for row in rows(after, t))] == []
    # The new one is open, and the button works in it.
    following = desk.host.app.books.active
    assert following.name == made.name
