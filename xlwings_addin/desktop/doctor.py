"""Look at everything between Excel and Python, and say of each part whether it holds and what to do if not."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlwings_addin import log, version
from xlwings_addin.desktop import DesktopError, settings_file
from xlwings_addin.desktop.install import ADDIN, is_marked
from xlwings_addin.desktop.machine import OFFICE, POLICIES, Machine
from xlwings_addin.desktop.udf_server import ANSWER, FUNCTION
from xlwings_addin.product import ADDIN_FILE, PROJECT, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

State = Literal["ok", "look", "bad", "elsewhere"]

OLDEST_PYTHON = (3, 11)
INSTALL = "Run `receivables install`."
ASK_IT = "Ask IT"

CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
WIN32_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
RULES = {
    CHILD_PROCESSES: "Block all Office applications from creating child processes",
    WIN32_CALLS: "Block Win32 API calls from Office macros",
}
"""Defender's rules that stop every add-in of this kind: Excel starts Python, through a DLL that VBA loads."""
_BLOCKS = "1"
_STATES = {_BLOCKS: "blocks", "6": "warns of", "2": "writes down"}
_DEFENDER = r"Windows Defender Exploit Guard\ASR\Rules"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the diagnosis."""

    name: str
    state: State
    """ok; look: may matter; bad: Excel will show #VALUE! or no tab; elsewhere: nothing to look at on this system."""
    found: str
    remedy: str = ""


def diagnose(machine: Machine) -> list[Check]:
    """Return every check in the order in which they build on each other."""
    return [_run(name, check, machine) for name, check in CHECKS.items()]


def is_well(checks: list[Check]) -> bool:
    """Whether nothing is bad."""
    return all(check.state != "bad" for check in checks)


Finding = tuple[State, str, str]


def _run(name: str, check: Callable[[Machine], Finding], machine: Machine) -> Check:
    if not machine.windows and name not in EVERYWHERE:
        return Check(name, "elsewhere", "only on Windows")
    try:
        return Check(name, *check(machine))
    except (DesktopError, OSError, zipfile.BadZipFile) as error:
        return Check(name, "bad", str(error), INSTALL)


# ---------------------------------------------------------------- Python


def _interpreter(machine: Machine) -> Finding:
    major, minor = machine.python
    found = f"Python {major}.{minor}, {machine.bits}-bit, {machine.interpreter}"
    if machine.python < OLDEST_PYTHON:
        return "bad", found, f"Install Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or later, 64-bit."
    if "WindowsApps" in (*machine.interpreter.parts, *machine.base.parts):
        return "bad", f"{found}, from the Microsoft Store", "Install Python from python.org: Excel cannot see this one."
    if machine.windows and machine.bits != 64:
        return "bad", found, "Install 64-bit Python; it goes with 32-bit Excel too."
    return "ok", found, ""


def _packages(machine: Machine) -> Finding:
    stated = importlib.metadata.requires("receivables-addin") or ()
    needed = [re.split(r"[^\w.-]", one)[0] for one in stated if ";" not in one]
    if machine.windows:
        needed.append("pywin32")
    missing = [name for name in needed if machine.installed(name) is None]
    found = f"receivables-addin {version()}, xlwings {machine.installed('xlwings')}, numpy {machine.installed('numpy')}"
    if missing:
        return "bad", f"{found}; not installed: {', '.join(missing)}", f"python -m pip install {' '.join(missing)}"
    return "ok", found, ""


def _function(machine: Machine) -> Finding:  # noqa: ARG001 - the same everywhere
    try:
        module = importlib.import_module("xlwings_addin.worksheet_functions")
    except ImportError as error:
        why = " ".join(str(error).split())[:200]
        return "bad", f"the functions do not load: {why}", "Install the package again; if that does not help, ask IT."
    value = getattr(module, FUNCTION)(1200.0, 3650.0, 365.0)
    if value != ANSWER:
        return "bad", f"{FUNCTION}(1200, 3650, 365) gives {value}, not {ANSWER:g}", "Install the package again."
    return "ok", f"{FUNCTION}(1200, 3650, 365) = {ANSWER:g}", ""


def _errors(machine: Machine) -> Finding:
    path = log.log_file(machine.environment, windows=machine.windows)
    try:
        entries = log.entries(path)
    except OSError as error:
        return "look", f"{path} cannot be read ({error.strerror})", "Allow yourself to read it."
    if entries:
        last, number = entries[-1], len(entries)
        found = (
            f"{number} internal error{'s' if number > 1 else ''} in {path};"
            f" the latest at {last.time} UTC in version {last.version}, {last.what}: {last.error}"
        )
        return (
            "look",
            found,
            "Send the file to whoever maintains the add-in, it holds no customer data; then delete it.",
        )
    if not log.can_be_written(path):
        return (
            "look",
            f"{path} cannot be written, so nothing is known of internal errors",
            "Allow yourself to write it.",
        )
    return "ok", f"no internal errors in {path}", ""


# ---------------------------------------------------------------- the add-in


def _excel(machine: Machine) -> Finding:
    known = (rf"{hive}\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe" for hive in ("HKCU", "HKLM"))
    path = next((found for key in known if (found := machine.text(key, ""))), "")
    if "WindowsApps" in path:
        return (
            "bad",
            "Excel is from the Microsoft Store and can start no Python",
            "Install Office from office.com or through IT.",
        )
    bits = machine.excel_bits
    if bits is None and not path:
        return "look", "Windows knows of no Excel 2016 or later", "Install Excel, or go on with `receivables refresh`."
    running = "; it is running: what is installed now appears when it starts again" if machine.excel_is_running else ""
    if bits == 32:
        return "ok", f"Excel, 32-bit; 64-bit Python answers it from a process of its own{running}", ""
    return "ok", f"Excel{', 64-bit' if bits else ''}{running}", ""


def _addin(machine: Machine) -> Finding:
    path = machine.start_folder / ADDIN_FILE
    if not path.is_file():
        return "bad", f"no {path}", INSTALL
    told = settings_file.addin_version(path)
    if told != version():
        return "bad", f"{path} is version {told or 'unknown'}, its Python part {version()}", INSTALL
    if path.read_bytes() != ADDIN.read_bytes():
        return "look", f"{path} says {told} but is not the one of this package", INSTALL
    return "ok", f"{path}, version {told}", ""


def _loaded_once(machine: Machine) -> Finding:
    options = machine.registry.values(rf"HKCU\{OFFICE}\Excel\Options")
    doubles = [
        str(value)
        for name, value in options.items()
        if re.fullmatch(r"OPEN\d*", name, re.IGNORECASE) and ADDIN_FILE.lower() in str(value).lower()
    ]
    if doubles:
        return (
            "bad",
            f"Excel opens a second {ADDIN_FILE}: {doubles[0]}",
            "File > Options > Add-ins > Go: take the tick away; the one in the start folder stays.",
        )
    disabled = machine.registry.values(rf"HKCU\{OFFICE}\Excel\Resiliency\DisabledItems").values()
    if any(ADDIN_FILE.lower() in _as_text(value).lower() for value in disabled):
        return (
            "bad",
            f"Excel has disabled {ADDIN_FILE} after a crash",
            "File > Options > Add-ins > Manage: Disabled Items > Go: enable it.",
        )
    return "ok", "loaded once, not disabled", ""


def _as_text(value: object) -> str:
    return value.decode("utf-16-le", "replace") if isinstance(value, bytes) else str(value)


def _unblocked(machine: Machine) -> Finding:
    path = machine.start_folder / ADDIN_FILE
    if is_marked(path):
        return "bad", f"{path} is marked as downloaded: Excel loads it without its code, and says nothing", INSTALL
    return "ok", "carries no mark of the Web", ""


def _trusted(machine: Machine) -> Finding:
    folder = machine.start_folder
    for root in (POLICIES, OFFICE):
        if machine.number(rf"HKCU\{root}\Excel\Security\Trusted Locations", "AllLocationsDisabled"):
            return (
                "bad",
                "all trusted locations of Excel are disabled",
                f"{ASK_IT} to allow trusted locations in Excel.",
            )
    if machine.number(rf"HKCU\{POLICIES}\Common\Security\Trusted Locations", "Allow User Locations") == 0:
        return (
            "look",
            "a policy allows only trusted locations that IT names",
            f"{ASK_IT} to name {folder} as a trusted location.",
        )
    if str(folder).startswith(("\\\\", "//")):
        return (
            "look",
            f"{folder} is on the network, where Excel trusts nothing by itself",
            f"{ASK_IT} to allow trusted locations on the network and to name this one.",
        )
    return "ok", f"{folder} is a trusted location unless someone took it away", ""


# ---------------------------------------------------------------- settings


def _settings(machine: Machine) -> Finding:
    path = machine.settings_file
    if not path.is_file():
        return "bad", f"no {path}: the add-in does not know where Python is", INSTALL
    file = _file_settings(machine)
    stated = settings_file.lookup({}, file, settings_file.INTERPRETER)
    if not stated:
        return "bad", f"{path} names no {settings_file.INTERPRETER}", INSTALL
    if not _path(machine, stated).is_file():
        return "bad", f"{path} names {stated}, which is not there", INSTALL
    superseded = [name for name in settings_file.SUPERSEDED if settings_file.lookup({}, file, name)]
    if superseded:
        return "bad", f"{path} also says {', '.join(superseded)}", INSTALL
    if stated != machine.told_in_code_page(machine.interpreter):
        return "look", f"Excel uses another Python: {stated}", "If this one is to answer, run `receivables install`."
    return "ok", f"{path}: {stated}", ""


def _not_overridden(machine: Machine) -> Finding:
    sheet = settings_file.addin_settings(machine.start_folder / ADDIN_FILE)
    if sheet != SETTINGS:
        return "bad", f"the sheet {PROJECT}.conf of the add-in says other than the package", INSTALL
    file = _file_settings(machine)
    losing = [name for name, value in file.items() if settings_file.lookup(sheet, {}, name) not in ("", value)]
    if losing:
        return "look", f"the add-in's own sheet wins over {', '.join(losing)} in the settings file", "Delete the lines."
    if settings_file.lookup({}, file, "PYTHONPATH"):
        return "look", "PYTHONPATH in the settings file puts code before the installed one", "Delete the line."
    return "ok", "the add-in reads its own sheet and that file; no sheet of a workbook and no file beside it", ""


def _file_settings(machine: Machine) -> dict[str, str]:
    try:
        return settings_file.read(machine.settings_file.read_bytes().decode(machine.code_page, "replace"))
    except FileNotFoundError:
        return {}


def _path(machine: Machine, stated: str) -> Path:
    return Path(machine.expanded(stated))


def _library(machine: Machine) -> Finding:
    found = _dll(machine, machine.excel_bits or 64)
    if found is None:
        name = _dll_name(machine, machine.excel_bits or 64)
        return (
            "bad",
            f"no {name} beside {_configured(machine)} or in the folder above",
            f"python -m pip install --force-reinstall xlwings=={machine.installed('xlwings')}",
        )
    return "ok", f"{found}, the version the add-in was built for", ""


def _dll_name(machine: Machine, bits: int) -> str:
    return f"xlwings{bits}-{machine.installed('xlwings')}.dll"


def _dll(machine: Machine, bits: int) -> Path | None:
    """Where the VBA looks: beside the interpreter, then a folder up, as in an environment."""
    python = _configured(machine)
    places = (folder / _dll_name(machine, bits) for folder in (python.parent, python.parent.parent))
    return next((path for path in places if path.is_file()), None)


def _configured(machine: Machine) -> Path:
    stated = settings_file.lookup({}, _file_settings(machine), settings_file.INTERPRETER)
    return _path(machine, stated) if stated else machine.interpreter


# ---------------------------------------------------------------- what IT has decided


def _macros(machine: Machine) -> Finding:
    if any(machine.number(rf"{hive}\{POLICIES}\Common", "VBAOff") for hive in ("HKCU", "HKLM")):
        return "bad", "VBA is switched off in Office by policy", f"{ASK_IT} to allow VBA."
    if machine.number(rf"HKCU\{POLICIES}\Common\Security", "RequireAlwaysOnMacroSig"):
        return (
            "bad",
            "a policy silences add-ins that are not signed by a trusted publisher",
            f"{ASK_IT} to sign {ADDIN_FILE} with the company's certificate.",
        )
    security = (rf"HKCU\{POLICIES}\Excel\Security", rf"HKCU\{OFFICE}\Excel\Security")
    for key in security:
        if machine.number(key, "DisableAllAddins"):
            return "bad", "all application add-ins of Excel are disabled", f"{ASK_IT} to allow add-ins in Excel."
        if machine.number(key, "RequireAddinSig"):
            return (
                "bad",
                "Excel loads only add-ins signed by a trusted publisher",
                f"{ASK_IT} to sign {ADDIN_FILE} with the company's certificate.",
            )
    level = next((found for key in security if (found := machine.number(key, "VBAWarnings")) is not None), None)
    if level in (3, 4):
        what = "only signed macros run" if level == 3 else "no macro runs and none is announced"
        return "look", f"outside trusted locations {what}; the start folder is one", ""
    return "ok", "no policy stands against macros of a trusted location", ""


def _defender(machine: Machine) -> Finding:
    active = dict(_rules(machine))
    for number, does in _STATES.items():
        named = [rule for guid, rule in RULES.items() if active.get(guid) == number]
        if named:
            found = f"Defender {does} what the add-in needs: {'; '.join(named)}"
            remedy = f"{ASK_IT} for an exclusion from these rules for the add-in's Python."
            return "bad" if number == _BLOCKS else "look", found, remedy
    return "ok", "no rule of Defender that can be read here stands against it", ""


def _rules(machine: Machine) -> Iterator[tuple[str, str]]:
    # Set by hand, by group policy, by Intune; what is read last wins.
    for key in (
        rf"HKLM\Software\Microsoft\Windows Defender\{_DEFENDER}",
        rf"HKLM\Software\Policies\Microsoft\Windows Defender\{_DEFENDER}",
    ):
        for rule, state in machine.registry.values(key).items():
            yield rule.strip("{}").lower(), str(state)
    told = machine.text(r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager", "ASRRules")
    for rule, state in re.findall(r"([0-9A-Fa-f-]{36})=(\d)", told):
        yield rule.lower(), state


def _cloud(machine: Machine) -> Finding:
    for what, path in (("Python", machine.interpreter), ("the start folder of Excel", machine.start_folder)):
        if machine.in_onedrive(path):
            return (
                "look",
                f"{what} is in OneDrive: {path}",
                "Install into a local folder: files that are only online start slowly or not at all.",
            )
    if machine.in_onedrive(machine.documents):
        return "ok", f"Documents are in OneDrive ({machine.documents}); nothing of the add-in is", ""
    return "ok", "nothing of the add-in is in OneDrive", ""


# ---------------------------------------------------------------- all of it at work


def _server(machine: Machine) -> Finding:
    dll = _dll(machine, machine.bits)
    addin = machine.start_folder / ADDIN_FILE
    if dll is None or not addin.is_file():
        return "bad", "not asked: the add-in or its DLL is missing", INSTALL
    command = settings_file.command_line(settings_file.addin_settings(addin), _file_settings(machine), addin)
    try:
        value = machine.answer(dll, command)
    except DesktopError as error:
        return (
            "bad",
            f"Python did not answer through the DLL: {error}",
            "Start the interpreter named above by hand; if it starts, a virus scanner or a rule of IT stops it here.",
        )
    if value != ANSWER:
        return "bad", f"{FUNCTION}(1200, 3650, 365) came back as {value}", "Install the package again."
    return "ok", f"{FUNCTION}(1200, 3650, 365) = {value:g}, asked through the DLL as Excel does", ""


CHECKS: dict[str, Callable[[Machine], Finding]] = {
    "Interpreter": _interpreter,
    "Packages": _packages,
    "Function": _function,
    "Internal errors": _errors,
    "Excel": _excel,
    "Add-in": _addin,
    "Loaded once": _loaded_once,
    "Unblocked": _unblocked,
    "Trusted": _trusted,
    "Settings": _settings,
    "Not overridden": _not_overridden,
    "DLL": _library,
    "Macro policies": _macros,
    "Defender": _defender,
    "OneDrive": _cloud,
    "UDF server": _server,
}
EVERYWHERE = ("Interpreter", "Packages", "Function", "Internal errors")
