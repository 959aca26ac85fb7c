"""What is seen first on the sheets that clerks work on, as the files say it."""

import openpyxl
import pytest

from workbook_templates import SAMPLE_MONTH
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.collections import sheet

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

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
