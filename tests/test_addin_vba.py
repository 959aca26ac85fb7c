"""The add-in's VBA as text: what the generator writes, what is made of it, and what is refused before it ships."""

import importlib.metadata
import re
from dataclasses import replace

import pytest
from rungs.com import xlwings_on_windows

import udfs
from udfs.errors import CODES
from xlwings_addin.build import vba
from xlwings_addin.build.vba import HAND_WRITTEN, Module, lint, modules
from xlwings_addin.product import FUNCTIONS_MODULE
from xlwings_addin.writing import WorkbookError

udfs.load()


@pytest.fixture(scope="module")
def project():
    return modules()


@pytest.fixture(scope="module")
def text(project):
    return {module.name: module.text for module in project}


def test_the_project_has_the_modules_it_needs_and_no_other(project):
    assert [(module.name, module.kind) for module in project] == [
        ("ThisWorkbook", "document"),
        ("ArRibbon", "standard"),
        ("ArPython", "standard"),
        ("ArRelink", "standard"),
        ("ArFunctions", "standard"),
        ("ArGenerated", "standard"),
        ("xlwings", "standard"),
        ("Dictionary", "class"),
    ]


def test_hand_written_vba_stays_small(text):
    written = [text["ThisWorkbook"], *(text[name.removesuffix(".bas")] for name in HAND_WRITTEN)]
    assert sum(len(one.splitlines()) for one in written) < 150


@pytest.mark.parametrize("name", list(udfs.REGISTRY))
def test_every_worksheet_function_is_declared_with_its_arguments_and_shows_real_errors(text, name):
    spec = udfs.REGISTRY[name]
    arguments = ", ".join(
        f"ParamArray {p.name}()" if p.repeated else p.name if p.required else f"Optional {p.name}"
        for p in spec.parameters
    )
    found = re.search(rf"^Function {name}\((.*?)\)\n(.*?)^End Function", text["ArFunctions"], re.MULTILINE | re.DOTALL)
    assert found[1] == arguments
    lines = [line.strip() for line in found[2].splitlines()]
    if any(p.repeated for p in spec.parameters):
        call = f'{name} = FromPython("{name}", argsArray)'
    else:
        call = f'{name} = FromPython("{name}", Array({", ".join(p.name for p in spec.parameters)}))'
    assert lines[-5:] == ["On Error GoTo failed", call, "Exit Function", "failed:", f"{name} = CVErr(xlErrValue)"]


def test_nothing_of_the_generators_failure_text_is_left(text):
    assert "Err.Description" not in text["ArFunctions"]
    assert "ActiveWorkbook" not in text["ArFunctions"]
    assert text["ArFunctions"].count("Function AR_") == len(udfs.REGISTRY)


def test_every_error_text_becomes_its_number(text):
    pairs = re.findall(r'Case "(.+)": ErrorOf = CVErr\((\d+)\)', text["ArGenerated"])
    assert {error: int(code) for error, code in pairs} == CODES


def test_the_function_wizard_is_told_every_text_of_the_registry(text):
    body = text["ArGenerated"].partition("Public Function DescribeFunctions")[2]
    statements = body.replace(" _\n", " ").splitlines()
    told = [line.strip() for line in statements if "MacroOptions" in line]
    assert len(told) == len(udfs.REGISTRY)
    for line, spec in zip(told, udfs.REGISTRY.values(), strict=True):
        strings = [one.replace('""', '"') for one in re.findall(r'"((?:[^"]|"")*)"', line)]
        assert "Macro:=home & " in line
        assert strings == [
            spec.name,
            spec.summary,
            f"Receivables: {spec.category}",
            *(parameter.help for parameter in spec.parameters),
        ]
        assert all(len(one) <= 255 for one in strings)


def test_the_add_in_is_hidden_again_and_unchanged_whether_excel_took_the_texts_or_not(text):
    body = text["ArGenerated"].partition("Public Function DescribeFunctions")[2]
    assert body.index("On Error GoTo done") < body.index("IsAddin = False") < body.index("MacroOptions")
    ending = body.partition("\ndone:\n")[2]
    for restored in ("IsAddin = True", "Saved = True", "ScreenUpdating = True", "EnableEvents = True"):
        assert restored in ending


def test_xlwings_answers_a_call_that_names_neither_workbook_nor_cell():
    with xlwings_on_windows() as windows:
        call = windows.com_server.XLPython().CallUDF
        assert call(FUNCTIONS_MODULE, "AR_DSO", (1200.0, 3650.0, 365.0)) == 120
        assert call(FUNCTIONS_MODULE, "AR_DSO", (1200.0, 0.0, 365.0)) == "#DIV/0!"


def test_one_callback_passes_the_controls_id_and_the_version(text):
    assert text["ArRibbon"].count("control.ID") == 1
    assert f'ADDIN_VERSION As String = "{importlib.metadata.version("receivables-addin")}"' in text["ArGenerated"]


def test_xlwings_vba_package_and_dll_are_of_one_version(text):
    pinned = importlib.metadata.version("xlwings")
    assert f'XLWINGS_VERSION As String = "{pinned}"' in text["xlwings"]
    assert set(re.findall(r"xlwings(?:32|64)-([\d.]+)\.dll", text["xlwings"])) == {pinned}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('XLWINGS_VERSION As String = "0', 'XLWINGS_VERSION As String = "9'),
        ("xlwings64-0", "xlwings64-9"),
    ],
)
def test_vba_of_another_version_is_refused(monkeypatch, old, new):
    genuine = vba._of_xlwings
    monkeypatch.setattr(vba, "_of_xlwings", lambda name: genuine(name).replace(old, new))
    with pytest.raises(WorkbookError, match="add-in, package and DLL belong to one version"):
        vba.xlwings_module()


def test_one_python_serves_all_workbooks_and_no_workbook_says_which(text):
    code = text["xlwings"]
    assert 'PYTHONPATH = AddExcelDir & ";;" & ThisWorkbook.FullName' in code
    assert "ActiveWorkbook.FullName" not in code.partition("Function XLPyCommand()")[2].partition("End Function")[0]
    settings = code.partition("Function GetConfig(")[2].partition("End Function")[0]
    assert "SheetExists(ActiveWorkbook" not in settings
    assert 'source = "" Or source = "directory"' not in settings
    assert 'PROJECT_NAME As String = "receivables"' in code


def test_a_line_of_xlwings_that_is_not_there_once_stops_the_build(monkeypatch):
    genuine = vba._of_xlwings
    line = 'PYTHONPATH = AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName'
    for changed, times in ((f"{line}\n{line}", 2), ("", 0)):
        monkeypatch.setattr(vba, "_of_xlwings", lambda name, c=changed: genuine(name).replace(line, c))
        with pytest.raises(WorkbookError, match=f"{times} times, not once"):
            vba.xlwings_module()


def test_of_xlwings_two_free_files_are_taken_and_nothing_of_pro(monkeypatch):
    taken, genuine = [], vba._of_xlwings
    monkeypatch.setattr(vba, "_of_xlwings", lambda name: taken.append(name) or genuine(name))
    modules()
    assert taken == ["xlwings_custom_addin.bas", "addin/Dictionary.cls"]


def test_a_generator_that_writes_otherwise_is_not_half_understood(monkeypatch):
    genuine = vba._generate(FUNCTIONS_MODULE)
    monkeypatch.setattr(vba, "_generate", lambda module: genuine.replace("= Err.Description", "= Error$", 1))
    with pytest.raises(WorkbookError, match=f"{len(udfs.REGISTRY) - 1} of {len(udfs.REGISTRY)} were understood"):
        vba.functions(FUNCTIONS_MODULE, udfs.REGISTRY)


def test_functions_that_cannot_be_loaded_are_one_sentence():
    with pytest.raises(WorkbookError, match=r"the wrappers of nowhere\.at_all: ModuleNotFoundError"):
        vba.functions("nowhere.at_all", udfs.REGISTRY)


# ---------------------------------------------------------------- the linter


def changed(project: list[Module], name: str, old: str, new: str) -> list[Module]:
    assert any(old in module.text for module in project if module.name == name)
    return [
        replace(module, text=module.text.replace(old, new)) if module.name == name else module for module in project
    ]


def test_the_project_has_nothing_to_complain_of(project):
    assert lint(project, udfs.REGISTRY) == []


@pytest.mark.parametrize(
    ("module", "old", "new", "complaint"),
    [
        ("ArFunctions", "Function AR_DIO(", "Function AR_DOI(", "AR_DIO is not declared"),
        ("ArFunctions", "Function AR_DIO(", "Function AR_DOI(", "AR_DOI is no worksheet function"),
        ("ArFunctions", "(inventory, cost_of_sales, days)\n", "(inventory, days)\n", "AR_DIO has the arguments"),
        ("ArFunctions", "(inventory, cost_of_sales, days)\n", "(inventory, Days, days)\n", "days is used twice"),
        (
            "ArFunctions",
            "(inventory, cost_of_sales, days)\n",
            "(ar_dio, cost_of_sales, days)\n",
            "ar_dio is used twice",
        ),
        ("ArRelink", "Function WithoutLink(", "Function AR_dso(", "AR_DSO has the name of ArRelink.AR_dso"),
        ("ArRelink", "Function WithoutLink(", "Function ArPython(", "has the name of module ArPython"),
        ("ArPython", "Option Explicit", "", "ArPython lacks Option Explicit"),
        ("ArPython", "Dim answer", "Dim żywot", "'ż' is not in Windows' character set"),
        ("ArPython", "Dim answer", f"Dim {'x' * 1100}", "characters"),
    ],
)
def test_what_would_not_compile_is_complained_of(project, module, old, new, complaint):
    assert any(complaint in one for one in lint(changed(project, module, old, new), udfs.REGISTRY))


def test_a_complaint_stops_the_build(monkeypatch):
    monkeypatch.setattr(vba, "lint", lambda project, registry: ["AR_DSO is used twice"])
    with pytest.raises(WorkbookError, match="would not compile: AR_DSO is used twice"):
        modules()


# ---------------------------------------------------------------- names in the hand-written part

KEYWORDS = """
and application as attribute boolean byval byref call case const dim do each else elseif end error exit explicit
false for function goto if in is long loop mod module new next not nothing object on option or private public
resume select set string sub then to true until variant while withevents
"""
OF_VBA_AND_EXCEL = """
ActiveWorkbook Add Address Clear ClearStatusBar CLng Collection CurrentArray Description EnableEvents Err Find FindNext
Formula Formula2 FormulaArray HasArray HasFormula HasSpill ID IRibbonControl InStr InStrRev IsAddin IsArray IsError
LBound Left Len LookAt LookIn MatchCase Mid MsgBox Name Now Number OnTime ProtectContents Replace SpillParent StatusBar
ThisWorkbook TimeSerial UBound UsedRange Value VB_Name vbExclamation vbTextCompare Workbook Workbooks Worksheet
Worksheets xlErrName xlFormulas xlPart
"""
"""Names the hand-written modules take from the host: a slip of the pen is in neither list and declared nowhere."""


def test_every_name_in_hand_written_vba_is_declared_or_excels_own(text):
    generated = re.findall(r"(?:Const|Function|Sub) (\w+)", text["ArGenerated"])
    elsewhere = {*generated, *text, "XLPy", "RunPython", "CallUDF"}
    modules_read = {"ThisWorkbook", *(name.removesuffix(".bas") for name in HAND_WRITTEN)}
    procedures = {name for module in modules_read for name in re.findall(r"(?:Function|Sub) (\w+)", text[module])}
    for module in modules_read:
        code = re.sub(r'"(?:[^"]|"")*"', '""', text[module])
        code = re.sub(r"'.*", "", code)
        declared = set(re.findall(r"(\w+) As ", code)) | set(re.findall(r"^(\w+):", code, re.MULTILINE))
        known = {
            one.lower() for one in (*declared, *procedures, *elsewhere, *KEYWORDS.split(), *OF_VBA_AND_EXCEL.split())
        }
        unknown = {word for word in re.findall(r"\b[A-Za-z_]\w*", code) if word.lower() not in known}
        assert not unknown, f"{module}: {sorted(unknown)}"


def test_no_branch_leads_to_code_in_sheets_or_to_the_part_that_is_paid_for(text):
    assert not re.findall(r"embedded_code|xlwings\.pro|LICENSE_KEY|\"\.py\"", text["xlwings"], re.IGNORECASE)
