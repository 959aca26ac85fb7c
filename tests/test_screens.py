"""What is seen first on the sheets that clerks work on, as the files say it."""

import math
import re
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pytest

from workbook_templates import SAMPLE_MONTH
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import close_month
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.collections import sheet
from xlwings_addin.writing import file

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
NUMBER = re.compile(r"-?[\d.]+([eE][-+]?\d+)?")
SCREEN = 1_900
"""Pixels of a window on a laptop, at 100 %."""


@pytest.fixture(scope="module")
def worklist():
    return openpyxl.load_workbook(SAMPLE_MONTH)["Collections"]


def dimensions(ws):
    """Each column's dimension by its number: the file names a run of columns by its first."""
    return {at: one for one in ws.column_dimensions.values() for at in range(one.min, one.max + 1)}


def test_the_worklist_starts_at_the_top_with_what_is_typed_in_sight(worklist):
    (top, left), (_, right) = (
        (cell.row, cell.column) for cell in (worklist[part] for part in worklist.tables["tblWorklist"].ref.split(":"))
    )
    headings = [cell.value for cell in worklist[top][left - 1 : right]]
    columns = dimensions(worklist)
    edges, edge = {}, 0
    for at in range(1, right + 1):
        edge += 0 if columns[at].hidden else int(columns[at].width * 7 + 5)
        edges[at] = edge
    assert top <= 12
    assert worklist.freeze_panes == worklist.cell(top + 1, left + 2).coordinate
    assert headings[:3] == ["Customer", "What is due", "Contact"]
    net = headings.index("Account net overdue")
    assert headings[net + 1] == "Open"
    shown = {heading: left + i for i, heading in enumerate(headings) if not columns[left + i].hidden}
    assert {"Next action", "Action on", "Promised for", "Dispute code", "Note"} <= shown.keys()
    assert all(edges[at] <= SCREEN for at in shown.values())
    assert headings[-1] in shown  # what clerks add is to its right
    assert {worklist.row_dimensions[row].height for row in range(top + 1, worklist.max_row + 1)} == {24.0}


def test_what_explains_is_in_collapsed_groups_with_their_buttons_to_the_left(worklist):
    table = next(sheet(Settings()).tables())
    columns = dimensions(worklist)
    grouped = {at for at, one in columns.items() if one.outlineLevel}
    assert grouped == {2 + i for i, column in enumerate(table.columns) if column.behind}
    assert all(columns[at].hidden for at in grouped)
    assert all(columns[at - 1].collapsed for at in grouped if at - 1 not in grouped)
    assert worklist.sheet_properties.outlinePr.summaryRight is False


def test_nothing_stands_below_the_worklist(worklist):
    assert list(worklist.tables) == ["tblWorklist"]
    assert worklist.tables["tblWorklist"].ref.endswith(str(worklist.max_row))


HARDLY_COLLECTED = """Customer ID,Customer,Document,Document date,Due date,Amount
1,Elm Works,1,2024-01-05,2024-01-20,1000
1,Elm Works,2,2024-02-10,2024-02-20,100
"""


def test_every_axis_holds_what_its_chart_shows(tmp_path):
    (tmp_path / "items.csv").write_text(HARDLY_COLLECTED)
    (tmp_path / "receipts.csv").write_text("Document,Date,Amount,Kind\n1,2024-02-20,50,cash\n")
    ledger = read_ledger([tmp_path / "items.csv"], receipts=tmp_path / "receipts.csv")
    month = close_month(ledger, Settings(base_currency="EUR"), "2024-02-29", refreshed="", version="test")
    assert month.tables["tblMonthly"].column("cei")[-1] < 0.5
    file.write(tmp_path / "month.xlsx", month)
    with zipfile.ZipFile(tmp_path / "month.xlsx") as package:
        drawn = {n: ET.fromstring(package.read(n)) for n in package.namelist() if n.startswith("xl/charts/chart")}
    held = {name: list(_held(chart)) for name, chart in drawn.items()}
    assert drawn
    assert [name for name, of in held.items() if not all(of)] == []


def _held(chart):
    """Whether the axis of each group of series reaches from its least value to its largest."""
    axes = {one.find(f"{C}axId").get("val"): one.find(f"{C}scaling") for one in chart.iter(f"{C}valAx")}
    for group in chart.find(f".//{C}plotArea"):
        shown = [float(v.text) for v in group.iterfind(f"{C}ser/{C}val//{C}v") if NUMBER.fullmatch(v.text or "")]
        for axis in (axes[one.get("val")] for one in group.iterfind(f"{C}axId") if one.get("val") in axes):
            limits = {end: axis.find(f"{C}{end}") for end in ("min", "max")}
            low, high = (math.nan if one is None else float(one.get("val")) for one in limits.values())
            yield not any(value < low or value > high for value in shown)
