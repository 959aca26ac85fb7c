"""The examples of the Glossary, typed as they stand there into a real spreadsheet program."""

import pytest
import xlsxwriter
from rungs.libreoffice import compare_cached

import udfs
from udfs.boundary import call
from udfs.example import _call, _value, as_typed

udfs.load()
SPECS = list(udfs.REGISTRY.values())


def parts(spec):
    formula, shown = as_typed(spec).split("  shows ")
    return formula, shown, call(spec, *[_value(argument) for argument in _call(spec).args])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_function_has_an_example_that_can_be_typed_and_has_a_result(spec):
    formula, shown, result = parts(spec)
    assert formula.startswith(f"={spec.name}(")
    assert "#" not in shown
    if isinstance(result, float):
        assert float(shown.replace(",", "")) == pytest.approx(result, abs=0.005)


def test_what_the_examples_show_is_what_a_spreadsheet_program_shows(tmp_path):
    path = tmp_path / "examples.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, spec in enumerate(SPECS):
            formula, _, result = parts(spec)
            if isinstance(result, list):
                last = row * 10 + len(result) - 1, len(result[0]) - 1
                sheet.write_array_formula(row * 10, 0, *last, "{" + formula + "}", None, result[0][0])
                for i, cells in enumerate(result):
                    for j, cell in enumerate(cells):
                        if i or j:
                            sheet.write(row * 10 + i, j, cell)
            else:
                sheet.write_formula(row * 10, 0, formula, None, result)
    assert compare_cached(path) == []
