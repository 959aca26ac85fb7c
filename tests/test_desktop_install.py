"""Install, uninstall and doctor on invented PCs: a folder for the disk, a dict for the registry, nothing patched."""

import contextlib
import dataclasses
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlwings
from click.testing import CliRunner
from rungs.package import validate_package

from workbook_templates import TEMPLATE
from xlwings_addin import version
from xlwings_addin.cli import cli
from xlwings_addin.desktop import DesktopError, doctor, settings_file
from xlwings_addin.desktop import install as placing
from xlwings_addin.desktop.install import ADDIN, TEMPLATE_FILE, install, recorded, uninstall
from xlwings_addin.desktop.machine import OFFICE, POLICIES, Machine, this_machine
from xlwings_addin.product import SETTINGS

NOBODY = 65_534
SHELL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
OPTIONS = rf"HKCU\{OFFICE}\Excel\Options"
CLICK_TO_RUN = r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration"
EXPLOIT_GUARD = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"


class InventedRegistry:
    """Keys and names without case, as in the real one."""

    def __init__(self, keys):
        self.keys = {key.lower(): dict(values) for key, values in keys.items()}

    def values(self, key):
        return dict(self.keys.get(key.lower(), {}))

    def set_text(self, key, name, text):
        self.keys.setdefault(key.lower(), {})[name] = text

    def delete(self, key, name):
        self.keys.get(key.lower(), {}).pop(name, None)


def dll(bits):
    return f"xlwings{bits}-{xlwings.__version__}.dll"


def pc(disk, *, registry=None, running=(), person="A Clerk", answer=120.0, environment=None, **changed):
    """A PC with an environment that has xlwings' DLLs, as pip leaves them, and Excel."""
    home = disk / "Users" / person
    python = home / "AppData" / "Local" / "Receivables" / "python" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    for bits in (32, 64):
        (python.parents[1] / dll(bits)).touch()

    def answered(dll, command):
        assert dll.is_file()
        assert command.startswith('cmd.exe  /K ""')
        if isinstance(answer, Exception):
            raise answer
        return answer

    known = {
        "USERPROFILE": str(home),
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
    }
    machine = Machine(
        windows=True,
        environment=known | (environment or {}),
        registry=InventedRegistry({CLICK_TO_RUN: {"Platform": "x64"}} | (registry or {})),
        interpreter=python,
        running=lambda: frozenset(running),
        answer=answered,
        installed=lambda name: "312" if name == "pywin32" else importlib.metadata.version(name),
    )
    return dataclasses.replace(machine, **changed)


def tree(folder):
    """Every file below a folder with its contents, and every folder."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def state_of(machine):
    return {check.name: check.state for check in doctor.diagnose(machine)}


def found(machine, name):
    return next(check for check in doctor.diagnose(machine) if check.name == name)


# ---------------------------------------------------------------- install


def test_a_fresh_install_places_three_files_and_one_value(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    roaming = tmp_path / "Users/A Clerk/AppData/Roaming/Microsoft"
    assert (roaming / "Excel/XLSTART/Receivables.xlam").read_bytes() == ADDIN.read_bytes()
    assert (roaming / "Templates" / TEMPLATE_FILE).is_file()
    assert machine.text(OPTIONS, "PersonalTemplates") == str(roaming / "Templates")
    assert machine.settings_file == tmp_path / "Users/A Clerk/.receivables/receivables.conf"
    assert machine.settings_file.read_bytes().splitlines(keepends=True)[0] == (
        f'"INTERPRETER_WIN","{machine.interpreter}"\r\n'.encode("cp1252")
    )
    assert settings_file.read(machine.settings_file.read_text("cp1252")) == {
        "INTERPRETER_WIN": str(machine.interpreter),
        **SETTINGS,
    }
    assert set(state_of(machine).values()) == {"ok"}


def test_environments_that_were_made_for_it_are_noted_and_no_others(tmp_path):
    machine = pc(tmp_path)
    first, second = tmp_path / "python-0.1.0", tmp_path / "python-0.2.0"
    first.mkdir()
    second.mkdir()
    install(machine)
    assert recorded(machine).environments == ()
    install(machine, environment=first)
    assert recorded(machine).environments == (str(first),)
    assert install(machine, environment=first) == [f"Version {version()} is installed already; nothing was changed."]
    install(machine, environment=second)
    assert recorded(machine).environments == (str(first), str(second))
    first.rmdir()
    install(machine, environment=tmp_path)
    assert recorded(machine).environments == (str(second), str(tmp_path))


def test_uninstall_leaves_what_was_there_before_and_nothing_else(tmp_path):
    machine = pc(tmp_path)
    before, registry = tree(tmp_path), {key: dict(values) for key, values in machine.registry.keys.items()}
    install(machine)
    assert tree(tmp_path) != before
    uninstall(machine)
    assert tree(tmp_path) == before
    assert {key: values for key, values in machine.registry.keys.items() if values} == registry
    assert uninstall(machine) == ["Nothing is installed here; nothing was changed."]


def test_installing_again_changes_nothing(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    once = tree(tmp_path)
    assert install(machine) == [f"Version {version()} is installed already; nothing was changed."]
    assert tree(tmp_path) == once


def test_what_was_placed_by_hand_is_taken_over(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    (machine.own_folder / "installed.json").unlink()
    assert install(machine) == [
        f"Notes in {machine.own_folder / 'installed.json'} what version {version()} has placed."
    ]
    uninstall(machine)
    assert not (machine.start_folder / "Receivables.xlam").exists()


def test_a_dry_run_says_it_all_and_does_nothing(tmp_path):
    machine = pc(tmp_path)
    before = tree(tmp_path)
    said = install(machine, dry_run=True)
    assert tree(tmp_path) == before
    assert said == install(machine)
    installed = tree(tmp_path)
    said = uninstall(machine, dry_run=True)
    assert tree(tmp_path) == installed
    assert said == uninstall(machine)
    assert tree(tmp_path) == before


def test_an_upgrade_replaces_the_older_version_and_what_it_no_longer_has(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    addin = machine.start_folder / "Receivables.xlam"
    addin.write_bytes(b"the add-in of an older version")
    former = machine.start_folder / "Receivables help.xlam"
    former.write_bytes(b"was part of it once")
    mine = former.with_name("Receivables mine.xlam")
    mine.write_bytes(b"was part of it once and is mine now")
    note = machine.own_folder / "installed.json"
    record = json.loads(note.read_text())
    files = {str(former): hashlib.sha256(former.read_bytes()).hexdigest(), str(mine): "another"}
    record |= {"version": "0.0.9", "files": record["files"] | files}
    note.write_text(json.dumps(record))
    assert install(machine)[:2] == [f"Replaces {addin}.", f"Removes {former}, of version 0.0.9."]
    assert mine.exists()
    assert addin.read_bytes() == ADDIN.read_bytes()
    assert not former.exists()
    assert json.loads(note.read_text())["version"] == version()


def test_an_upgrade_keeps_the_template_a_clerk_has_changed(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    template = machine.folder("APPDATA") / "Microsoft" / "Templates" / TEMPLATE_FILE
    template.write_bytes(b"with our logo")
    kept = template.with_name(f"Receivables template before {version()}.xltx")
    assert f"Keeps your changed {TEMPLATE_FILE} as {kept.name}." in install(machine)
    assert kept.read_bytes() == b"with our logo"
    uninstall(machine)
    assert kept.exists()
    # Excel goes on showing it.
    assert machine.text(OPTIONS, "PersonalTemplates") == str(template.parent)


def test_while_excel_runs_a_first_install_is_possible_and_an_upgrade_is_not(tmp_path):
    machine = pc(tmp_path, running=["explorer.exe", "excel.exe"])
    assert install(machine)[-1].startswith("Excel is running: the Receivables tab appears when you start it")
    (machine.start_folder / "Receivables.xlam").write_bytes(b"older")
    before = tree(tmp_path)
    with pytest.raises(DesktopError, match="close every Excel window and run this again"):
        install(machine)
    with pytest.raises(DesktopError, match="close every Excel window and run this again"):
        uninstall(machine)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("person", ["Jürgen Groß-Ångström", "O'Brien & Søn", "me.and_you"])
def test_paths_with_blanks_umlauts_and_signs(tmp_path, person):
    machine = pc(tmp_path, person=person)
    install(machine)
    stated = settings_file.read(machine.settings_file.read_bytes().decode("cp1252"))
    assert Path(stated["INTERPRETER_WIN"]) == machine.interpreter
    assert set(state_of(machine).values()) == {"ok"}
    uninstall(machine)


def test_a_path_vba_cannot_read_is_written_by_its_short_name_or_refused(tmp_path):
    machine = pc(tmp_path, person="Łukasz")
    before = tree(tmp_path)
    with pytest.raises(DesktopError, match="letters that Excel's VBA cannot read"):
        install(machine)
    assert tree(tmp_path) == before
    short = tmp_path / "UKASZ~1"
    short.symlink_to(tmp_path / "Users" / "Łukasz")

    def short_path(path):
        return short / path.relative_to(tmp_path / "Users" / "Łukasz")

    install(dataclasses.replace(machine, short_path=short_path))
    stated = settings_file.read(machine.settings_file.read_text("cp1252"))
    assert stated["INTERPRETER_WIN"] == str(short_path(machine.interpreter))


def test_templates_go_where_the_person_or_a_policy_keeps_them(tmp_path):
    mine, ours = tmp_path / "Vorlagen", tmp_path / "firm" / "templates"
    personal = {OPTIONS: {"PersonalTemplates": r"%MINE%"}}
    machine = pc(tmp_path / "a", registry=personal, environment={"Mine": str(mine)})
    install(machine)
    assert (mine / TEMPLATE_FILE).is_file()
    uninstall(machine)
    assert not mine.exists()
    assert machine.text(OPTIONS, "PersonalTemplates") == r"%MINE%"
    policy = {rf"HKCU\{POLICIES}\Excel\Options": {"personaltemplates": str(ours)}}
    install(pc(tmp_path / "b", registry=personal | policy))
    assert (ours / TEMPLATE_FILE).is_file()


def test_documents_in_onedrive_do_not_matter_and_python_there_is_told(tmp_path):
    home = tmp_path / "Users" / "A Clerk"
    cloud = home / "OneDrive - Example Ltd"
    machine = pc(
        tmp_path,
        registry={SHELL: {"Personal": r"%USERPROFILE%/OneDrive - Example Ltd/Documents"}},
        environment={"OneDriveCommercial": str(cloud)},
    )
    install(machine)
    assert not cloud.exists()
    assert machine.documents == cloud / "Documents"
    assert found(machine, "OneDrive").state == "ok"
    assert str(cloud / "Documents") in found(machine, "OneDrive").found
    moved = dataclasses.replace(machine, interpreter=cloud / "python.exe")
    assert found(moved, "OneDrive").state == "look"


def test_lines_of_others_in_the_settings_file_stay_and_other_pythons_go(tmp_path):
    machine = pc(tmp_path)
    machine.settings_file.parent.mkdir()
    mine = '"ONEDRIVE_COMMERCIAL_WIN","C:\\Cloud, mine"\r\n'
    machine.settings_file.write_bytes(f'"interpreter","python"\r\n{mine}"CONDA ENV","base"\r\n'.encode())
    install(machine)
    text = machine.settings_file.read_bytes().decode("cp1252")
    assert mine in text
    assert "CONDA" not in text
    assert '"interpreter"' not in text
    said = uninstall(machine)
    assert machine.settings_file.read_bytes().decode() == mine
    assert f"Takes our lines out of {machine.settings_file}; lines of others stay." in said


def test_a_downloaded_add_in_is_unblocked(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    mark = Path(f"{machine.start_folder / 'Receivables.xlam'}:Zone.Identifier")
    mark.write_text("[ZoneTransfer]\r\nZoneId=3\r\n")
    assert found(machine, "Unblocked").state == "bad"
    install(machine)
    assert found(machine, "Unblocked").state == "ok"


@contextlib.contextmanager
def as_nobody():
    """Rights count only for those who have not all of them."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_read_only_folder_is_named_and_nothing_is_changed(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="receivables-") as folder:
        disk = Path(folder)
        machine = pc(disk)
        machine.start_folder.mkdir(parents=True)
        # Who has no rights may not be able to read the project or its environment, so they get copies.
        told = version()
        monkeypatch.setattr(placing, "version", lambda: told)
        for name, path in (("ADDIN", ADDIN), ("TEMPLATE", TEMPLATE)):
            copy = disk / path.name
            copy.write_bytes(path.read_bytes())
            monkeypatch.setattr(placing, name, copy)
        for path in (disk, *disk.rglob("*")):
            os.chown(path, NOBODY if os.geteuid() == 0 else -1, -1)
        machine.start_folder.chmod(0o555)
        before = tree(disk)
        with as_nobody(), pytest.raises(DesktopError, match=r"XLSTART.* cannot be written .*nothing was changed"):
            install(machine)
        assert tree(disk) == before
        assert not machine.text(OPTIONS, "PersonalTemplates")


def test_what_fails_half_way_is_put_back(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    addin = machine.start_folder / "Receivables.xlam"
    addin.write_bytes(b"older")
    machine.settings_file.write_text('"INTERPRETER_WIN","another"')
    machine.settings_file.with_name("receivables.conf.new").mkdir()  # in the way of the last file of three
    before = tree(tmp_path)
    with pytest.raises(DesktopError, match="nothing was changed"):
        install(machine)
    assert tree(tmp_path) == before
    assert addin.read_bytes() == b"older"


def test_a_python_of_the_microsoft_store_is_refused(tmp_path):
    store = Path("/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.13_3.13.1_x64")
    machine = pc(tmp_path, base=store)
    with pytest.raises(DesktopError, match=r"Microsoft Store.*python\.org"):
        install(machine)
    assert found(machine, "Interpreter").state == "bad"


def test_a_broken_record_is_told_and_an_unset_profile_too(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    (machine.own_folder / "installed.json").write_text("{")
    with pytest.raises(DesktopError, match=r"installed\.json cannot be read: delete it"):
        uninstall(machine)
    with pytest.raises(DesktopError, match="Windows names no folder in APPDATA"):
        install(pc(tmp_path / "b", environment={"APPDATA": ""}))


def test_a_changed_file_is_left_and_named(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    addin = machine.start_folder / "Receivables.xlam"
    addin.write_bytes(b"another")
    assert f"Leaves {addin}: it was changed since it was installed." in uninstall(machine)
    assert addin.read_bytes() == b"another"


def test_the_placed_template_is_a_template_without_fault(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    template = machine.folder("APPDATA") / "Microsoft" / "Templates" / TEMPLATE_FILE
    assert validate_package(template) == []
    with zipfile.ZipFile(template) as parts, zipfile.ZipFile(TEMPLATE) as original:
        assert b"spreadsheetml.template.main+xml" in parts.read("[Content_Types].xml")
        assert parts.namelist() == original.namelist()
        same = [name for name in parts.namelist() if parts.read(name) == original.read(name)]
        assert len(same) == len(parts.namelist()) - 1


# ---------------------------------------------------------------- doctor


APP_PATHS = r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CHILDREN, WIN32 = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A", "92E97FA1-2EDF-4476-BDD6-9DD0B4DDDC7B"
OTHER = "7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c"
INTUNE = r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager"
EXCEL, COMMON = rf"HKCU\{POLICIES}\Excel\Security", rf"HKCU\{POLICIES}\Common\Security"
OWN = rf"HKCU\{OFFICE}\Excel\Security"
CASES = {
    "32-bit Excel with 64-bit Python works": ({CLICK_TO_RUN: {"Platform": "x86"}}, "Excel", "ok", "32-bit"),
    "Excel by its MSI": (
        {CLICK_TO_RUN: {}, rf"HKLM\{OFFICE}\Outlook": {"Bitness": "x86"}}, "Excel", "ok", "32-bit",
    ),
    "no Excel": ({CLICK_TO_RUN: {}}, "Excel", "look", "no Excel"),
    "Excel of the Store": (
        {APP_PATHS: {"": r"C:\Program Files\WindowsApps\x"}}, "Excel", "bad", "Microsoft Store",
    ),
    "a rule by group policy": (
        {rf"HKLM\Software\Policies\{EXPLOIT_GUARD}": {CHILDREN: "1"}}, "Defender", "bad", "creating child processes",
    ),
    "a rule by Intune": ({INTUNE: {"ASRRules": f"{OTHER}=1|{WIN32}=1"}}, "Defender", "bad", "Win32 API calls"),
    "a rule set by hand, audited": (
        {rf"HKLM\Software\{EXPLOIT_GUARD}": {CHILDREN.lower(): 2}}, "Defender", "look", "writes down",
    ),
    "another rule": ({rf"HKLM\Software\{EXPLOIT_GUARD}": {OTHER: 1}}, "Defender", "ok", "no rule"),
    "no VBA": ({rf"HKLM\{POLICIES}\Common": {"vbaoff": 1}}, "Macro policies", "bad", "VBA is switched off"),
    "only signed start-up macros": ({COMMON: {"requirealwaysonmacrosig": 1}}, "Macro policies", "bad", "signed"),
    "only signed add-ins": ({OWN: {"RequireAddinSig": 1}}, "Macro policies", "bad", "signed"),
    "no add-ins": ({EXCEL: {"DisableAllAddins": 1}}, "Macro policies", "bad", "disabled"),
    "only signed macros": ({EXCEL: {"VBAWarnings": 3}}, "Macro policies", "look", "only signed macros run"),
    "macros with a question": ({OWN: {"VBAWarnings": 2}}, "Macro policies", "ok", "no policy"),
    "no trusted locations": (
        {rf"{EXCEL}\Trusted Locations": {"alllocationsdisabled": 1}}, "Trusted", "bad", "disabled",
    ),
    "trusted locations of IT only": (
        {rf"{COMMON}\Trusted Locations": {"allow user locations": 0}}, "Trusted", "look", "IT names",
    ),
    "opened twice": ({OPTIONS: {"OPEN1": r'/R "C:\Add-ins\Receivables.xlam"'}}, "Loaded once", "bad", "second"),
    "disabled after a crash": (
        {rf"HKCU\{OFFICE}\Excel\Resiliency\DisabledItems": {"A": r"C:\x\receivables.XLAM".encode("utf-16-le")}},
        "Loaded once", "bad", "after a crash",
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", CASES)
def test_doctor_reads_the_registry(tmp_path, title):
    registry, name, state, words = CASES[title]
    machine = pc(tmp_path, registry=registry)
    install(machine)
    check = found(machine, name)
    assert (check.state, words in check.found) == (state, True), check
    assert check.remedy or state != "bad"
    assert {other for other, seen in state_of(machine).items() if seen != "ok"} == {name} - (
        {name} if state == "ok" else set()
    )


def test_doctor_before_install_says_to_install(tmp_path):
    checks = {check.name: check for check in doctor.diagnose(pc(tmp_path))}
    assert {name for name, check in checks.items() if check.state == "bad"} == {
        "Add-in", "Settings", "Not overridden", "UDF server",
    }  # fmt: skip
    assert {checks[name].remedy for name in ("Add-in", "Settings", "UDF server")} == {"Run `receivables install`."}


def test_doctor_on_settings_that_changed_since(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    good = machine.settings_file.read_text("cp1252")

    def says(text, name="Settings"):
        machine.settings_file.write_text(text, "cp1252")
        return found(machine, name)

    assert says(good).state == "ok"
    assert says(good.replace("python.exe", "gone.exe")).state == "bad"
    assert says('"USE UDF SERVER","True"\n').found.endswith("names no INTERPRETER_WIN")
    assert "CONDA ENV" in says(good + '"CONDA ENV","base"\n').found
    assert says(good + '"PYTHONPATH","C:\\mine"\n', "Not overridden").state == "look"
    losing = says(good.replace('"USE UDF SERVER","True"', '"USE UDF SERVER","False"'), "Not overridden")
    assert losing.found == "the add-in's own sheet wins over USE UDF SERVER in the settings file"
    other = machine.interpreter.with_name("other.exe")
    other.touch()
    assert says(good.replace("python.exe", "other.exe")).found == f"Excel uses another Python: {other}"


def test_doctor_on_an_add_in_of_another_version_or_make(tmp_path):
    machine = pc(tmp_path)
    install(machine)
    addin = machine.start_folder / "Receivables.xlam"
    with zipfile.ZipFile(ADDIN) as parts, zipfile.ZipFile(addin, "w") as other:
        for name in parts.namelist():
            other.writestr(name, parts.read(name).replace(f"Version {version()}".encode(), b"Version 0.0.9"))
    assert found(machine, "Add-in").state == "bad"
    assert "version 0.0.9" in found(machine, "Add-in").found
    addin.write_bytes(ADDIN.read_bytes() + b" ")
    assert found(machine, "Add-in").state == "look"
    addin.write_bytes(b"no zip file")
    assert found(machine, "Add-in").state == "bad"


def test_doctor_without_the_dll(tmp_path):
    machine = pc(tmp_path, registry={CLICK_TO_RUN: {"Platform": "x86"}})
    install(machine)
    (machine.interpreter.parents[1] / dll(32)).unlink()
    check = found(machine, "DLL")
    assert check.state == "bad"
    assert check.remedy.startswith("python -m pip install --force-reinstall xlwings==")


def test_doctor_with_a_python_that_does_not_answer(tmp_path):
    machine = pc(tmp_path, answer=DesktopError("Could not create Python process. Access is denied."))
    install(machine)
    assert found(machine, "UDF server").found.endswith("Could not create Python process. Access is denied.")
    assert found(pc(tmp_path, answer=60.0), "UDF server").state == "bad"


def test_what_goes_wrong_in_the_process_that_asks_comes_back_as_one_line():
    """Off Windows there is no DLL to load, which is as wrong as can be."""
    with pytest.raises(DesktopError) as told:
        this_machine().answer(Path("no.dll"), "cmd.exe")
    assert str(told.value)
    assert "\n" not in str(told.value)
    assert "Traceback" not in str(told.value)


def test_a_library_that_does_not_load_is_told_and_not_thrown(tmp_path):
    blocked = tmp_path / "numpy" / "__init__.py"
    blocked.parent.mkdir()
    blocked.write_text("raise ImportError('DLL load failed: blocked by\\n your administrator')")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "xlwings_addin", "doctor"],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("bad"))
    assert "the functions do not load: DLL load failed: blocked by your administrator" in line
    assert not done.stderr


def test_an_old_or_32_bit_python(tmp_path):
    assert found(pc(tmp_path, python=(3, 10)), "Interpreter").state == "bad"
    assert "32-bit Excel too" in found(pc(tmp_path, bits=32), "Interpreter").remedy


# ---------------------------------------------------------------- the commands


def test_off_windows_install_says_what_works_instead():
    if this_machine().windows:
        pytest.skip("this is Windows")
    for command in ("install", "uninstall"):
        ended = CliRunner().invoke(cli, [command])
        assert "no Windows" in str(ended.exception) or "no Windows" in ended.output
        assert ended.exit_code != 0


def test_doctor_off_windows_checks_python_and_names_the_rest():
    ended = CliRunner().invoke(cli, ["doctor", "--json"], standalone_mode=False)
    told = json.loads(ended.output)
    assert told["well"] is True
    assert ended.return_value == 0
    states = {check["name"]: check["state"] for check in told["checks"]}
    assert [states[name] for name in doctor.EVERYWHERE] == ["ok", "ok", "ok", "ok"]
    if not this_machine().windows:
        assert {state for name, state in states.items() if name not in doctor.EVERYWHERE} == {"elsewhere"}
    lines = CliRunner().invoke(cli, ["doctor"], standalone_mode=False).output.splitlines()
    assert len(lines) == len(doctor.CHECKS)
