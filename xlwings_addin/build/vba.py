"""The add-in's VBA: xlwings' own modules, the wrappers its generator writes, and the little written by hand.

The generator of xlwings runs as it ships; only pywin32, which it imports and which exists on Windows alone, is stood
in for. Its wrappers are then changed in two places: they call Python through `FromPython`, which makes real errors of
the texts "#DIV/0!" and so on, and where that fails the cell shows #VALUE! instead of a traceback as text.
"""

import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

import udfs
from udfs.errors import CODES
from udfs.spec import FunctionSpec
from xlwings_addin import version
from xlwings_addin.product import FUNCTIONS_MODULE, PROJECT
from xlwings_addin.writing import WorkbookError

LONGEST_LINE = 1023
MOST_CONTINUED = 24
HAND_WRITTEN = ("ArRibbon.bas", "ArPython.bas", "ArRelink.bas")

_GENERATE = """
import importlib, io, sys, types
class Stand(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})
if sys.platform != "win32":
    for name in ("pywintypes", "pythoncom", "win32com", "win32com.client"):
        sys.modules[name] = Stand(name)
import xlwings
from xlwings import udfs
for name, real in {"func": udfs.xlfunc, "arg": udfs.xlarg, "ret": udfs.xlret}.items():
    setattr(xlwings, name, real)
text = io.StringIO()
book = types.SimpleNamespace(Name="Receivables.xlam")
udfs.generate_vba_wrapper(sys.argv[1], importlib.import_module(sys.argv[1]), text, book)
sys.stdout.buffer.write(text.getvalue().encode("utf-8"))
"""
_CALL = re.compile(
    r'^    #If App = "Microsoft Excel" Then\n'
    r"        If TypeOf Application\.Caller Is Range Then On Error GoTo failed\n"
    r'        (?P<name>\w+) = XLPy\.CallUDF\("(?P<module>[\w.]+)", "(?P=name)", (?P<given>.+), '
    r"ActiveWorkbook, Application\.Caller\)\n"
    r"        Exit Function\n"
    r"    #Else\n.*\n        Exit Function\n    #End If\n"
    r"failed:\n    (?P=name) = Err\.Description\n",
    re.MULTILINE,
)
_DECLARED = re.compile(r"^Function (\w+)\((.*)\)$", re.MULTILINE)
_PUBLIC = re.compile(
    r"^(?:Public )?(?:Function|Sub|Property Get|Declare \w+ \w+|Declare PtrSafe \w+|Const) (\w+)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the VBA project: its text with LF ends, without the header of a class."""

    name: str
    kind: str
    """"standard", "class" or "document"."""
    text: str

    @property
    def source(self) -> str:
        """The text as VBA stores it."""
        return self.text.replace("\n", "\r\n")


def modules(functions_module: str = FUNCTIONS_MODULE) -> list[Module]:
    """Return every module of the add-in; raises `WorkbookError` on what would keep one from compiling."""
    udfs.load()
    found = [
        Module("ThisWorkbook", "document", _hand_written("ThisWorkbook.cls")),
        *(Module(name.partition(".")[0], "standard", _hand_written(name)) for name in HAND_WRITTEN),
        Module("ArFunctions", "standard", functions(functions_module, udfs.REGISTRY)),
        Module("ArGenerated", "standard", generated(functions_module, udfs.REGISTRY)),
        Module("xlwings", "standard", xlwings_module()),
        Module("Dictionary", "class", _of_xlwings("addin/Dictionary.cls")),
    ]
    complaints = lint(found, udfs.REGISTRY)
    if complaints:
        raise WorkbookError(f"The add-in's VBA would not compile: {'; '.join(complaints)}.")
    return found


def _hand_written(name: str) -> str:
    return resources.files("xlwings_addin").joinpath("vba", name).read_text("cp1252")


# ---------------------------------------------------------------- the wrappers


def functions(module: str, registry: Mapping[str, FunctionSpec]) -> str:
    """Return one wrapper per worksheet function."""
    text = "\n".join(line.rstrip() for line in _generate(module).splitlines())
    wrappers, calls = _CALL.subn(
        lambda m: (
            "    On Error GoTo failed\n"
            f'    {m["name"]} = FromPython("{m["name"]}", {m["given"]})\n'
            "    Exit Function\n"
            f"failed:\n    {m['name']} = CVErr(xlErrValue)\n"
        ),
        text,
    )
    # What the generator writes may change with its version; half a post-processing must not ship.
    declared = len(_DECLARED.findall(text))
    if calls != declared or "XLPy" in wrappers or "Err.Description" in wrappers:
        raise WorkbookError(f"xlwings writes its wrappers in a new way: {calls} of {declared} were understood.")
    # `For k` of the generator declares no k, which Option Explicit refuses.
    wrappers = wrappers.replace("    Dim argsArray() As Variant\n", "    Dim argsArray() As Variant, k As Long\n")
    wrappers = _DECLARED.sub(lambda m: m[0] + _description(registry[m[1]]) if m[1] in registry else m[0], wrappers)
    return f'Attribute VB_Name = "ArFunctions"\nOption Explicit\n\n{wrappers.strip()}\n'


def _description(spec: FunctionSpec) -> str:
    """What Excel shows of a function even where no macro may run when the add-in is opened; 14 is "User defined"."""
    return (
        f"\nAttribute {spec.name}.VB_Description = {_quoted(spec.summary)}"
        f'\nAttribute {spec.name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    )


def _generate(module: str) -> str:
    # In a process of its own: xlwings binds its decorators when it is imported, and here it was, for this platform.
    done = subprocess.run(  # noqa: S603 - our own Python with our own text
        [sys.executable, "-c", _GENERATE, module], capture_output=True, check=False
    )
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise WorkbookError(f"xlwings could not write the wrappers of {module}: {' '.join(last)}")
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def generated(functions_module: str, registry: Mapping[str, FunctionSpec]) -> str:
    """Return what else comes out of the declarations: the errors, the texts of the function wizard, the version."""
    lines = [
        'Attribute VB_Name = "ArGenerated"',
        "Option Explicit",
        "Option Private Module",
        "",
        f'Public Const ADDIN_VERSION As String = "{version()}"',
        f'Public Const FUNCTIONS_MODULE As String = "{functions_module}"',
        "",
        "Public Function ErrorOf(ByVal cell As Variant) As Variant",
        "    ErrorOf = cell",
        "    If VarType(cell) <> vbString Then Exit Function",
        "    Select Case cell",
        *(f'        Case "{text}": ErrorOf = CVErr({code})' for text, code in CODES.items()),
        "    End Select",
        "End Function",
        "",
        "Public Function DescribeFunctions() As Boolean",
        "    Dim home As String",
        "    On Error GoTo done",
        '    home = "\'" & ThisWorkbook.Name & "\'!"',
        "    Application.EnableEvents = False",
        "    Application.ScreenUpdating = False",
        "    ' Excel edits no function of a hidden workbook, which an add-in is.",
        "    ThisWorkbook.IsAddin = False",
    ]
    for spec in registry.values():
        helps = [_quoted(parameter.help) for parameter in spec.parameters]
        if len(helps) > MOST_CONTINUED - 1:
            raise WorkbookError(f"{spec.name} has more arguments than one statement of VBA can describe.")
        lines += [
            f'    Application.MacroOptions Macro:=home & "{spec.name}", Description:={_quoted(spec.summary)}, _',
            f"        Category:={_quoted(f'Receivables: {spec.category}')}, ArgumentDescriptions:=Array( _",
            *(f"        {text}, _" for text in helps[:-1]),
            f"        {helps[-1]})",
        ]
    lines += [
        "    DescribeFunctions = True",
        "done:",
        "    ThisWorkbook.IsAddin = True",
        "    ThisWorkbook.Saved = True",
        "    Application.ScreenUpdating = True",
        "    Application.EnableEvents = True",
        "End Function",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# ---------------------------------------------------------------- xlwings' own VBA


_EMBEDDED_CODE = (
    # Sheets that are called like a program are sheets: code in them is run by the part of xlwings that is paid for.
    (", uses_embedded_code As Boolean", ""),
    (
        """    ' Check for embedded Python code
    uses_embedded_code = False
    For i = 1 To 2
        If i = 1 Then
            Set wb = ActiveWorkbook
        Else
            Set wb = ThisWorkbook
        End If
        For Each sht In wb.Worksheets
            If Right$(sht.Name, 3) = ".py" Then
                uses_embedded_code = True
                Exit For
            End If
        Next
    Next i

    If uses_embedded_code = True Then
        AddExcelDir = "false"
    Else
        AddExcelDir = GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")
    End If
""",
        """    AddExcelDir = GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")
""",
    ),
    (
        """    ' PythonCommand with embedded code
    If uses_embedded_code = True Then
        licenseKey = GetConfig("LICENSE_KEY")
        If licenseKey = "" Then
            MsgBox "Embedded code requires a valid LICENSE_KEY."
            Exit Function
        Else
            PythonCommand = "import xlwings.pro;xlwings.pro.runpython_embedded_code('" & SourcePythonCommand & "')"
        End If
    End If

""",
        "",
    ),
    (
        """    ' Automatically add embedded code sheets
    For Each sht In wb.Worksheets
        If Right$(sht.Name, 3) = ".py" Then
            If GetUdfModules = "" Then
                GetUdfModules = Left$(sht.Name, Len(sht.Name) - 3)
            Else
                GetUdfModules = GetUdfModules & ";" & Left$(sht.Name, Len(sht.Name) - 3)
            End If
        End If
    Next

""",
        "",
    ),
    (
        """    licenseKey = GetConfig("LICENSE_KEY", "")
    If licenseKey <> "" Then
        LicenseKeyEnvString = "os.environ['XLWINGS_LICENSE_KEY']='" & licenseKey & "';"
    Else
        LicenseKeyEnvString = ""
    End If
""",
        """    LicenseKeyEnvString = ""
""",
    ),
)
"""Blocks of xlwings' module that are cut, and what takes their place."""


def xlwings_module() -> str:
    """Return the module with which xlwings reaches Python, changed where a line says why."""
    pinned = importlib.metadata.version("xlwings")
    text = _of_xlwings("xlwings_custom_addin.bas")
    stated = re.findall(r'XLWINGS_VERSION As String = "([^"]+)"', text)
    libraries = set(re.findall(r'"xlwings(?:32|64)-([^"]+)\.dll"', text))
    if stated != [pinned] or libraries != {pinned}:
        raise WorkbookError(
            f"xlwings {pinned} is installed, but its VBA is of {' '.join(stated)} and loads the DLL of "
            f"{' '.join(sorted(libraries))}: add-in, package and DLL belong to one version."
        )
    for line, changed in (
        (
            'Public Const PROJECT_NAME As String = "myaddin"',
            f'Public Const PROJECT_NAME As String = "{PROJECT}"',
        ),
        (
            # One Python for all workbooks: it is found again by its whole command line, which would name each one.
            'PYTHONPATH = AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName',
            'PYTHONPATH = AddExcelDir & ";;" & ThisWorkbook.FullName',
        ),
        (
            # A sheet of a workbook one receives must not say which program to start.
            '            If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then',
            "            If False Then",
        ),
        (
            # Nor must a file next to the workbook.
            '    If source = "" Or source = "directory" Then',
            '    If source = "directory" Then',
        ),
        *_EMBEDDED_CODE,
        (
            # Otherwise a clerk typing a formula is offered forty functions that do not work.
            'Attribute VB_Name = "xlwings"\n',
            'Attribute VB_Name = "xlwings"\nOption Private Module\n',
        ),
    ):
        if text.count(line) != 1:
            raise WorkbookError(f"xlwings {pinned} has {text.count(line)} times, not once, the line {line.strip()!r}.")
        text = text.replace(line, changed)
    return text


def _of_xlwings(name: str) -> str:
    return resources.files("xlwings").joinpath(*name.split("/")).read_bytes().decode("cp1252").replace("\r\n", "\n")


# ---------------------------------------------------------------- what would keep it from compiling


def lint(project: Iterable[Module], registry: Mapping[str, FunctionSpec]) -> list[str]:
    """Return what would keep the modules from compiling: one bad name ends every function of the module it is in."""
    project = list(project)
    complaints: list[str] = []
    taken: dict[str, str] = {}
    for module in project:
        _claim(taken, module.name, f"module {module.name}", complaints)
    for module in project:
        complaints += _unfit_lines(module)
        if module.kind != "standard":
            continue
        # xlwings declares some of its procedures once per platform.
        for name in dict.fromkeys(_PUBLIC.findall(module.text)):
            _claim(taken, name, f"{module.name}.{name}", complaints)
    wrappers = next(module for module in project if module.name == "ArFunctions")
    declared = dict(_DECLARED.findall(wrappers.text))
    for name in registry.keys() ^ declared.keys():
        complaints.append(f"{name} is {'not declared in VBA' if name in registry else 'no worksheet function'}")
    for name, arguments in declared.items():
        if name in registry and arguments != _arguments(registry[name]):
            complaints.append(f"{name} has the arguments ({arguments}), not ({_arguments(registry[name])})")
        words = [name, *(word.split()[-1].removesuffix("()") for word in arguments.split(", ") if word)]
        lowered = [word.lower() for word in words]
        complaints += [f"{name}: {word} is used twice" for word in sorted(set(lowered)) if lowered.count(word) > 1]
    return complaints


def _claim(taken: dict[str, str], name: str, what: str, complaints: list[str]) -> None:
    if name.lower() in taken:
        complaints.append(f"{what} has the name of {taken[name.lower()]}")
    taken[name.lower()] = what


def _unfit_lines(module: Module) -> Iterable[str]:
    for number, line in enumerate(module.text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            yield f"{module.name}, line {number}: {len(line)} characters"
        try:
            line.encode("cp1252")
        except UnicodeEncodeError as error:
            yield f"{module.name}, line {number}: {line[error.start]!r} is not in Windows' character set"
    if "Option Explicit" not in module.text and module.name != "xlwings":
        yield f"{module.name} lacks Option Explicit"


def _arguments(spec: FunctionSpec) -> str:
    return ", ".join(
        f"ParamArray {p.name}()" if p.repeated else p.name if p.required else f"Optional {p.name}"
        for p in spec.parameters
    )
