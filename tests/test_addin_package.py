"""The built add-in: sound by Microsoft's validator, read back by strangers, compiled and run in LibreOffice."""

import io
import re
import warnings
import zipfile
from xml.etree import ElementTree as ET

import olefile
import pytest
import xlsxwriter
from pyopenvba import check_file
from pyopenvba.apps.excel import ExcelApplication
from python_calamine import CalamineWorkbook
from rungs import vba as rung
from rungs.package import validate_package

import udfs
from xlwings_addin.build import addin
from xlwings_addin.build.addin import write_addin
from xlwings_addin.build.vba import modules
from xlwings_addin.product import ADDIN_FILE
from xlwings_addin.ribbon import Button, Entry
from xlwings_addin.writing import WorkbookError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a library that reads, not of ours
    from oletools.olevba import VBA_Parser

udfs.load()

BUTTONS = [
    Button(
        id="refresh_month",
        label="Refresh month",
        group="Month",
        icon="RefreshAll",
        keytip="R",
        screentip="Bring every sheet up to date.",
        supertip='Reads "Import" & Settings. Writes < every sheet.',
        size="large",
        menu=(),
        run=lambda book, progress: "",
    ),
    Button(
        id="build_aging",
        label="Build aging",
        group="Aging",
        icon="PivotTableInsert",
        keytip="A",
        screentip="Age the ledger.",
        supertip="Reads Ledger. Writes Aging.",
        size="large",
        menu=(Entry("region", "By region"), Entry("owner", "By owner")),
        run=lambda book, progress, entry: "",
    ),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("addin") / ADDIN_FILE
    write_addin(path, buttons=BUTTONS)
    return path


@pytest.fixture(scope="module")
def project():
    return modules()


def cells_of(path, sheet):
    """The rows of one of its sheets, without the empty cells at their ends."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    rows = book.get_sheet_by_name(sheet).to_python()
    return [row[: max((i + 1 for i, cell in enumerate(row) if cell != ""), default=0)] for row in rows]


def repacked(path, out, change):
    """A copy of a package with some of its parts changed."""
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(out, "w") as copy:
        for name in parts.namelist():
            copy.writestr(name, change(name, parts.read(name)))
    return out


# ---------------------------------------------------------------- rung 4: the package


def test_microsofts_validator_has_no_objection(built):
    assert validate_package(built) == []


def test_the_products_own_ribbon_passes_the_validator_too(tmp_path):
    path = tmp_path / ADDIN_FILE
    write_addin(path)
    assert validate_package(path) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'size="large"', b'size="huge"'),
        (b"imageMso=", b"imageOfMine="),
        (b'keytip="R"', b'keytip="LONG"'),
        (b"<group ", b"<group size='large' "),
    ],
)
def test_the_validator_reads_the_ribbon_part_as_well(built, tmp_path, right, wrong):
    def change(name, data):
        return data.replace(right, wrong) if name.startswith("customUI/") else data

    broken = repacked(built, tmp_path / ADDIN_FILE, change)
    assert any("customUI" in one for one in validate_package(broken))


def test_two_builds_are_byte_identical(built, tmp_path):
    again = tmp_path / ADDIN_FILE
    write_addin(again, buttons=BUTTONS)
    assert again.read_bytes() == built.read_bytes()


def test_no_part_carries_the_time_of_the_build(built):
    with zipfile.ZipFile(built) as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_the_package_is_an_add_in_with_a_ribbon(built):
    with zipfile.ZipFile(built) as parts:
        types = parts.read("[Content_Types].xml").decode()
        relations = ET.fromstring(parts.read("_rels/.rels"))
        ribbon = parts.read("customUI/customUI14.xml")
    assert 'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"' in types
    target = {one.get("Type"): one.get("Target") for one in relations}
    kind = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert target[kind] == "customUI/customUI14.xml"
    assert b"http://schemas.microsoft.com/office/2009/07/customui" in ribbon


def test_it_is_small(built):
    assert built.stat().st_size < 200_000


def test_excel_is_not_asked_to_recalculate(built):
    with zipfile.ZipFile(built) as parts:
        assert b"fullCalcOnLoad" not in parts.read("xl/workbook.xml")


def test_its_settings_keep_python_warm_and_load_no_code_beside_a_workbook(built):
    assert dict(cells_of(built, "receivables.conf")) == {
        "USE UDF SERVER": "True",
        "UDF MODULES": "xlwings_addin.worksheet_functions",
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "SHOW CONSOLE": "False",
    }


def test_help_while_typing_says_what_the_registry_says(built):
    rows = cells_of(built, "_IntelliSense_")
    assert rows[0] == ["FunctionInfo", "1.0"]
    assert len(rows) == 1 + len(udfs.REGISTRY)
    for row, spec in zip(rows[1:], udfs.REGISTRY.values(), strict=True):
        assert row == [spec.name, spec.summary, "", *(text for p in spec.parameters for text in (p.name, p.help))]


def test_the_licences_of_what_is_built_in_are_in_it(built):
    text = " ".join(cell for row in cells_of(built, "Licences") for cell in row)
    for notice in ("Zoomer Analytics", "BSD 3-clause", "Copyright (c) Tim Hall", "Permission is hereby granted"):
        assert notice in text


def test_code_names_are_those_of_the_document_modules(built):
    with zipfile.ZipFile(built) as parts:
        book = parts.read("xl/workbook.xml").decode()
        sheets = [parts.read(name).decode() for name in sorted(parts.namelist()) if "/worksheets/" in name]
        vba = olefile.OleFileIO(io.BytesIO(parts.read("xl/vbaProject.bin")))
        documents = re.findall(r"Document=(\w+)/", vba.openstream("PROJECT").read().decode("cp1252"))
    names = re.findall(r'codeName="(\w+)"', book + "".join(sheets))
    assert names == documents == ["ThisWorkbook", "Sheet1", "Sheet2", "Sheet3"]


# ---------------------------------------------------------------- rung 5: the VBA project


def test_another_library_reads_every_module_back_as_written(built, project):
    parser = VBA_Parser(str(built))
    try:
        found = {name.partition(".")[0]: text for _, _, name, text in parser.extract_macros()}
    finally:
        parser.close()
    assert found.keys() == {module.name for module in project} | {"Sheet1", "Sheet2", "Sheet3"}
    for module in project:
        header, body = attributes_apart(found[module.name])
        expected = module.source
        if module.name == "Dictionary":  # what an export adds, the project itself does not hold
            expected = expected[expected.index("Attribute VB_Name") :]
        wanted_header, wanted_body = attributes_apart(expected)
        assert body == wanted_body
        assert set(wanted_header) <= set(header)
        assert "\n" not in found[module.name].replace("\r\n", "")


def attributes_apart(text):
    lines = text.split("\r\n")
    top = next(i for i, line in enumerate(lines) if not line.startswith("Attribute VB_"))
    return lines[:top], lines[top:]


def test_the_container_is_sound(built):
    with zipfile.ZipFile(built) as parts:
        data = parts.read("xl/vbaProject.bin")
    ole = olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT)
    assert not ole.parsing_issues
    streams = {"/".join(one) for one in ole.listdir()}
    assert {"PROJECT", "VBA/dir", "VBA/_VBA_PROJECT", "VBA/ArFunctions", "VBA/xlwings"} <= streams


def test_the_writers_own_check_finds_nothing(built):
    report = check_file(built)
    assert report.ok
    assert not report.issues


CALLS = {
    "Checks.Dso": ((1200.0, 3650.0), "Double 120"),
    "Checks.Failing": ((), "error Error 2015"),
    "Checks.Grid": ((), "String Customer, Double 12.5, error Error 2042, error Error 2015"),
    "Checks.Row": ((), "error Error 2036, String Current"),
    "Checks.Explained": ((), "xlwings_addin.worksheet_functions|AR_DSO|3"),
    "Checks.Pressed": (
        ("build_aging-region",),
        f"from xlwings_addin.ribbon import dispatch; dispatch('build_aging-region', '{addin.version()}')",
    ),
    "ArFunctions.AR_DSO": ((1200.0, 3650.0, 365.0), 120),
}
BREAKS = {
    "ThisWorkbook": ("Set host = Application", "Set host = = Application"),
    "ArRibbon": ("Application.StatusBar = False", "Application.StatusBar = = False"),
    "ArPython": ("For i = LBound(result, 1) To", "For i = LBound(result, 1) Too"),
    "ArRelink": ("End Sub", "End Subb"),
    "ArFunctions": ("On Error GoTo failed", "On Error GoTo + failed"),
    "ArGenerated": ("Select Case cell", "Select Case cell + + ("),
}


@pytest.fixture(scope="module")
def in_libreoffice(project, tmp_path_factory):
    """The sound twin, and one twin per module with one line broken; one start of LibreOffice for all."""
    folder = tmp_path_factory.mktemp("twins")
    sound = folder / "sound.xlsm"
    shared = rung.twin(sound, project)
    calls = [(macro, arguments) for macro, (arguments, _) in CALLS.items()]
    calls += [("Checks.Dso", (1200.0, 0.0)), ("Checks.Connected", ())]
    books = [rung.Book(sound, shared, calls, {"A1": "=AR_DSO(1200;3650;365)"})]
    for name, (right, wrong) in BREAKS.items():
        path = folder / f"broken {name}.xlsm"
        rung.twin(path, rung.damaged(project, name, right, wrong))
        books.append(rung.Book(path, shared))
    wrong_path = folder / "wrong.xlsm"
    rung.twin(wrong_path, rung.damaged(project, "ArGenerated", "CVErr(2007)", "CVErr(2042)"))
    books.append(rung.Book(wrong_path, [], [("Checks.Dso", (1200.0, 0.0))]))
    first, *others, last = rung.examine(*books)
    return first, dict(zip(BREAKS, others, strict=True)), last


def test_libreoffice_compiles_every_module_it_can(in_libreoffice, project):
    sound, _, _ = in_libreoffice
    assert sound.compiled == {module.name: 42 for module in project if module.name not in rung.STOOD_IN}


def test_libreoffice_got_the_modules_as_written(in_libreoffice, project):
    sound, _, _ = in_libreoffice
    for module in project:
        if module.name not in rung.STOOD_IN and module.kind == "standard":
            code = [line for line in module.text.splitlines() if line and not line.startswith("Attribute ")]
            assert [line for line in sound.modules[module.name].splitlines() if line in code] == code


@pytest.mark.parametrize("name", list(BREAKS))
def test_one_broken_line_is_found_in_the_module_it_is_in(in_libreoffice, name):
    _, broken, _ = in_libreoffice
    failed = {module for module, answer in broken[name].compiled.items() if answer != 42}
    assert name in failed


@pytest.mark.parametrize("macro", list(CALLS))
def test_wrappers_errors_and_the_ribbons_callback_run(in_libreoffice, macro):
    sound, _, _ = in_libreoffice
    assert sound.calls[list(CALLS).index(macro)] == CALLS[macro][1]


def test_a_zero_divisor_is_a_real_error_and_a_wrong_number_for_it_is_noticed(in_libreoffice):
    sound, _, wrong = in_libreoffice
    assert sound.calls[-2] == "error Error 2007"
    assert wrong.calls == ["error Error 2042"]


def test_python_is_looked_up_once_and_once_more_where_it_failed(in_libreoffice):
    sound, _, _ = in_libreoffice
    assert sound.calls[-1] == 2


def test_a_wrapper_typed_into_a_cell_answers(in_libreoffice):
    sound, _, _ = in_libreoffice
    assert sound.cells == {"A1": ["120", 0]}


# ---------------------------------------------------------------- relinking, on pyOpenVBA's model of Excel


@pytest.fixture
def excel(project, tmp_path):
    """A model of Excel with the add-in's modules and a clerk's workbook open; the model knows no VB_ attributes."""
    home = tmp_path / "Receivables.xlsm"
    clerk = tmp_path / "clerk.xlsx"
    foreign = r"'C:\Users\O''Brien\XLSTART\Receivables.xlsm'!"
    with xlsxwriter.Workbook(home) as book:
        book.add_worksheet()
    with xlsxwriter.Workbook(clerk) as book:
        sheet = book.add_worksheet("Mine")
        sheet.write_row("A1", [1200, 3650, 365, "AR_DSO is a text"])
        sheet.write_formula("A3", "=AR_DSO(A1,B1,C1)", None, "#NAME?")
        sheet.write_formula("A4", "=AR_DSO(A1,B1,C1)*2", None, 999)
        sheet.write_formula("A5", f"={foreign}AR_DSO(A1,B1,C1)+{foreign}AR_DSO(A1,B1,C1)", None, 7)
        sheet.write_formula("A6", "=SUM(A1:B1)", None, 4850)
        sheet.write_formula("A7", "=NOBODY(1)", None, "#NAME?")
        locked = book.add_worksheet("Locked")
        locked.protect()
        locked.write_formula("A1", "=AR_DSO(1,2,3)", None, "#NAME?")
        book.add_worksheet("Empty")
    app = ExcelApplication.open(home, with_vba=False)
    names = ("ArPython", "ArRelink", "ArFunctions", "ArGenerated")
    for module in [*(one for one in project if one.name in names), *rung.FAKES[:2]]:
        text = re.sub(r"^Attribute AR_.*\n", "", module.text, flags=re.MULTILINE)
        app.add_module(text, name=module.name, kind=module.kind)
    return app, app.open_workbook(clerk)


def test_formulas_of_another_pc_are_entered_anew_and_no_others(excel):
    app, clerk = excel
    assert app.run("ArRelink.Relink", "clerk.xlsx") == 2
    sheet = app.sheet("Mine", workbook=clerk)
    assert {cell: sheet.formula(cell) for cell in ("A3", "A4", "A5", "A6", "A7", "D1")} == {
        "A3": "=AR_DSO(A1,B1,C1)",
        "A4": "=AR_DSO(A1,B1,C1)*2",
        "A5": "=AR_DSO(A1,B1,C1)+AR_DSO(A1,B1,C1)",
        "A6": "=SUM(A1:B1)",
        "A7": "=NOBODY(1)",
        "D1": "AR_DSO is a text",
    }
    assert sheet.value("A4") == 999
    assert app.sheet("Locked", workbook=clerk).formula("A1") == "=AR_DSO(1,2,3)"


@pytest.mark.parametrize(
    ("formula", "freed"),
    [
        ("=AR_DSO(1)", "=AR_DSO(1)"),
        (r"='C:\x\Receivables.xlsm'!AR_DSO(1)", "=AR_DSO(1)"),
        (r"='https://d.docs.live.net/1a/RECEIVABLES.xlsm'!AR_DSO(1)", "=AR_DSO(1)"),
        (r"=SUM('C:\O''B''\Receivables.xlsm'!AR_DSO(1),'Other''s'!A1)", "=SUM(AR_DSO(1),'Other''s'!A1)"),
        ("=Receivables.xlsm!AR_DSO(1)+1", "=AR_DSO(1)+1"),
        (r"='C:\x\[Receivables.xlsm]Sheet1'!A1", r"='C:\x\[Receivables.xlsm]Sheet1'!A1"),
    ],
)
def test_a_link_is_taken_out_of_a_formula_and_nothing_else(excel, formula, freed):
    app, _ = excel
    assert app.run("ArRelink.WithoutLink", formula) == freed


@pytest.mark.parametrize(
    "odd",
    [
        '="Receivables.xlsm\'!AR_"',
        "=AR_DSO(1,2,3)&\"''Receivables.xlsm'!\"",
        "=AR_DSO(1)&'Receivables.xlsm'!X&\"'\"",
        "=''Receivables.xlsm'!AR_DSO(1)",
        '=AR_DSO("' + 201 * "'" + "Receivables.xlsm'!\")",
        '="' + 300 * "AR_Receivables.xlsm!" + '"',
    ],
)
def test_relinking_ends_whatever_a_formula_holds(excel, odd):
    app, _ = excel
    assert len(app.run("ArRelink.WithoutLink", odd)) <= len(odd)


def test_an_unknown_workbook_relinks_nothing_and_leaves_events_on(excel):
    app, _ = excel
    assert app.run("ArRelink.Relink", "nowhere.xlsx") in (0, None)
    assert app.evaluate("Application.EnableEvents") is True


# ---------------------------------------------------------------- what it is built with


def test_another_version_of_the_vba_writer_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(addin, "VBA_WRITER", "0.0.1")
    with pytest.raises(WorkbookError, match=r"built with pyOpenVBA 0\.0\.1, and here is 6\.5\.0"):
        write_addin(tmp_path / ADDIN_FILE)


def test_a_vba_writer_with_other_contents_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(addin, "VBA_WRITER_SHA256", "0" * 64)
    with pytest.raises(WorkbookError, match="not the one the add-in was built with"):
        write_addin(tmp_path / ADDIN_FILE)
