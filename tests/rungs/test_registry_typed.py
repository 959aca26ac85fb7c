"""Every worksheet function typed into a real spreadsheet program, with cells, ranges, blanks and text."""

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

import udfs
from rungs.libreoffice import recalculate_with_libreoffice, same
from udfs import boundary

udfs.load()

NUMBERS = [[300.0], [280.0], [240.0], [None]]
"""A1:A4 of the sheet; the last is blank."""
REFERENCES = {
    "A1": 300.0,
    "A2": 280.0,
    "A4": None,
    "A1:A3": NUMBERS[:3],
    "B1": "some text",
    "0": 0.0,
    "45000": 45000.0,
}

FIRST_AND_OTHERS = (("A1", "A2"), ("A1:A3", "A1:A3"), ("A2", "0"), ("A4", "A1"), ("B1", "A1"), ("45000", "A1"))


def arguments(wanted: int, first: str, others: str) -> list[str]:
    return [first, *[others] * (wanted - 1)]


def cases() -> dict[str, tuple[str, list[str]]]:
    """Formula texts by function, with numbers, ranges, a zero, a blank and a text in place of a number."""
    found = {}
    for name, spec in udfs.REGISTRY.items():
        needed = sum(one.required for one in spec.parameters)
        if name == "AR_EXPLAIN":
            continue
        for first, others in FIRST_AND_OTHERS:
            inputs = arguments(needed, first, others)
            found[f"={name}({','.join(inputs)})"] = (name, inputs)
    return found


@pytest.fixture(scope="module")
def typed(tmp_path_factory) -> tuple[dict[str, str], dict]:
    """Where each formula stands, and what LibreOffice made of the sheet; one start for all of them."""
    path = tmp_path_factory.mktemp("typed") / "registry.xlsx"
    where = {}
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Typed")
        sheet.write_column("A1", [row[0] for row in NUMBERS])
        sheet.write("B1", "some text")
        for i, (formula, (name, inputs)) in enumerate(cases().items()):
            expected = boundary.call(name, *(REFERENCES[one] for one in inputs))
            rows, columns = (len(expected), len(expected[0])) if isinstance(expected, list) else (1, 1)
            top = 10 * i
            where[formula] = xl_rowcol_to_cell(top, 3)
            sheet.write_dynamic_array_formula(top, 3, top + rows - 1, 3 + columns - 1, formula)
        explained = '=AR_EXPLAIN("AR_DSO",A1,A2,365)'
        where[explained] = xl_rowcol_to_cell(10 * len(where), 3)
        sheet.write_formula(where[explained], explained)
    return where, recalculate_with_libreoffice(path)["Typed"]


@pytest.mark.parametrize("formula", list(cases()))
def test_a_typed_function_shows_what_the_boundary_computes(typed, formula):
    where, cells = typed
    name, inputs = cases()[formula]
    expected = boundary.call(name, *(REFERENCES[one] for one in inputs))
    row, column = xl_cell_to_rowcol(where[formula])
    for i, line in enumerate(expected if isinstance(expected, list) else [[expected]]):
        for j, value in enumerate(line):
            shown = cells[xl_rowcol_to_cell(row + i, column + j)].value
            assert same(value, shown), f"row {i}, column {j}: {value!r} computed, {shown!r} shown"


def test_explain_takes_any_number_of_arguments(typed):
    where, cells = typed
    expected = boundary.call("AR_EXPLAIN", "AR_DSO", 300.0, 280.0, 365.0)
    assert cells[where['=AR_EXPLAIN("AR_DSO",A1,A2,365)']].value == expected
