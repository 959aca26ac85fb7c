"""The rungs themselves: each passes what is right and, as important, does not pass what is wrong."""

import inspect
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from rungs import libreoffice, package, tools, vba, wine
from rungs.libreoffice import Difference, compare_cached, recalculate_with_libreoffice, render, same
from rungs.package import validate_package


def ratio(receivables, sales, days=1.0):
    """A function of the tests' own, so that the rung is tested apart from the functions it will test."""
    return receivables / sales * (days or 1.0) if sales else "#DIV/0!"


def spill(cells):
    return [[cells[0][0], "#N/A"], ["text", 7.0]]


FUNCTIONS = {"AR_TEST_RATIO": ratio, "AR_TEST_SPILL": spill}


def workbook(path: Path, *, wrong: bool = False) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Typed & sealed")
        sheet.write_row("A1", [1200, 3650, 0])
        sheet.write_formula("A3", "=AR_TEST_RATIO(A1,B1,365)", value=121 if wrong else 120)
        sheet.write_formula("A4", "=AR_TEST_RATIO(A1,C1,365)", value="#N/A" if wrong else "#DIV/0!")
        sheet.write_formula("A5", '=IFERROR(AR_TEST_RATIO(A1,C1),"no sales")', value="sales" if wrong else "no sales")
        sheet.write_formula("A6", "=SUM(A1:B1)", value=4850)
        sheet.write_formula("A7", "=AR_TEST_RATIO(A1,B1)>0", value=True)
        sheet.write_dynamic_array_formula("D1:E2", "=AR_TEST_SPILL(A1:B1)", value=1200)
        sheet.write("E1", "#N/A")
        sheet.write("E2", 7)
        sheet.write("D2", "other" if wrong else "text")
    return path


def test_a_missing_tool_is_a_skip_by_name_and_a_failure_where_tools_are_required(monkeypatch):
    monkeypatch.setitem(tools.TOOLS, "abacus", tools.Tool(lambda: None, "apt-get install abacus"))
    monkeypatch.delenv("RECEIVABLES_REQUIRE_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="abacus is not installed: apt-get install abacus"):
        tools.needs("abacus")
    monkeypatch.setenv("RECEIVABLES_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.fail.Exception, match="abacus is not installed"):
        tools.needs("abacus")


def test_data_beside_the_repository_is_skipped_by_name(monkeypatch, tmp_path):
    monkeypatch.setattr(tools, "SHARED", tmp_path)
    with pytest.raises(pytest.skip.Exception, match="shared/data/nowhere"):
        tools.shared("data/nowhere")


def test_what_starts_a_program_is_known_for_it_and_makes_a_test_slow(request):
    needing = {
        name
        for module in (libreoffice, package, vba, wine)
        for name, one in vars(module).items()
        if inspect.isfunction(one) and not name.startswith("_") and "needs" in one.__code__.co_names
    }
    assert "render" in needing
    assert needing <= tools.STARTING
    starting = [item for item in request.session.items if "the_validator" in item.name and "rungs" in item.nodeid]
    assert all(item.get_closest_marker("slow") for item in starting)


def test_the_validator_passes_a_sound_workbook(tmp_path):
    assert validate_package(workbook(tmp_path / "sound.xlsx")) == []


def test_the_validator_objects_to_a_corrupt_part(tmp_path):
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(workbook(tmp_path / "sound.xlsx")) as sound, zipfile.ZipFile(broken, "w") as out:
        for name in sound.namelist():
            data = sound.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData>", b'<sheetData unheard="of">')
            out.writestr(name, data)
    (objection,) = validate_package(broken)
    assert "sheet1.xml" in objection
    assert "'unheard'" in objection


def test_the_validator_objects_to_what_is_no_package(tmp_path):
    text = tmp_path / "text.xlsx"
    text.write_text("not a zip file")
    assert validate_package(text)


def test_typed_functions_give_values_real_errors_and_spills(tmp_path):
    cells = recalculate_with_libreoffice(workbook(tmp_path / "typed.xlsx"), functions=FUNCTIONS)["Typed & sealed"]
    assert {address: cell.value for address, cell in cells.items()} == {
        "A3": 120.0,
        "A4": "#DIV/0!",
        "A5": "no sales",
        "A6": 4850.0,
        "A7": 1.0,
        "D1": 1200.0,
        "E1": "#N/A",
        "D2": "text",
        "E2": 7.0,
    }
    assert "AR_TEST_RATIO" in cells["A3"].formula


def test_right_cached_values_pass_and_wrong_ones_are_reported(tmp_path):
    assert compare_cached(workbook(tmp_path / "right.xlsx"), functions=FUNCTIONS) == []
    found = compare_cached(workbook(tmp_path / "wrong.xlsx", wrong=True), functions=FUNCTIONS)
    assert {one.address: (one.cached, one.recalculated) for one in found} == {
        "A3": (121.0, 120.0),
        "A4": ("#N/A", "#DIV/0!"),
        "A5": ("sales", "no sales"),
        "D2": ("other", "text"),
    }
    assert all(isinstance(one, Difference) and one.sheet == "Typed & sealed" for one in found)


def test_an_unknown_function_and_a_failing_one_are_differences(tmp_path):
    def broken(_cell):
        raise ZeroDivisionError("never mind")

    path = tmp_path / "unknown.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_formula("A1", "=AR_UNHEARD_OF(1)", value=1)
        sheet.write_formula("A2", "=AR_BROKEN(1)", value=1)
    unknown, failing = compare_cached(path, functions={"AR_BROKEN": broken})
    assert unknown.recalculated == "#NAME?"
    assert failing.recalculated == "#PYTHON ZeroDivisionError: never mind"


@pytest.mark.parametrize(
    ("cached", "fresh", "verdict"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (True, 1.0, True),
        (None, "", True),
        (None, 0.0, False),
        ("", 0.0, False),
        ("#N/A", "#N/A", True),
        ("#N/A", "#NUM!", False),
        ("1", 1.0, False),
    ],
)
def test_what_counts_as_the_same(cached, fresh, verdict):
    assert same(cached, fresh) is verdict


def test_pages_to_look_at(tmp_path):
    pages = render(workbook(tmp_path / "look.xlsx"), tmp_path / "pages")
    assert [page.name for page in pages] == ["look-1.png"]
    assert pages[0].read_bytes().startswith(b"\x89PNG")
