"""Put the add-in where Excel finds it, for one person and without an administrator; and take exactly that away again.

What was placed is written down with its digest in `installed.json`, so that uninstall removes what install made and
nothing that somebody has changed since.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import json
import re
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_templates import TEMPLATE
from xlwings_addin import version
from xlwings_addin.desktop import DesktopError, settings_file
from xlwings_addin.desktop.machine import OFFICE, POLICIES, Machine
from xlwings_addin.product import ADDIN_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ADDIN = TEMPLATE.with_name(ADDIN_FILE)
TEMPLATE_FILE = "Receivables template.xltx"
RECORD_FILE = "installed.json"
OPTIONS = rf"HKCU\{OFFICE}\Excel\Options"
TEMPLATES = "PersonalTemplates"
"""Names the folder whose templates Excel's New dialog shows under Personal; where it is not set, it shows none."""

NOT_WINDOWS = (
    "install puts the add-in into Excel on Windows, and this is no Windows; here `receivables demo`, refresh, aging, "
    "metrics and calc make the same workbook and figures without Excel."
)
_WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TEMPLATE_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"


@dataclass(frozen=True, slots=True)
class Plan:
    """What install leaves behind: files with their contents, and one value of the registry where it is not there."""

    files: Mapping[Path, bytes]
    settings: Mapping[str, str]
    registry: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What an earlier install left behind."""

    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path -> SHA-256 of what was written."""
    folders: tuple[str, ...] = ()
    """Made for it, innermost first."""
    settings: Mapping[str, str] = field(default_factory=dict)
    registry: tuple[tuple[str, str, str], ...] = ()
    """Key, name, text."""
    environments: tuple[str, ...] = ()
    """Folders of Python that were made for it: they go when it goes."""


# ---------------------------------------------------------------- install


def install(machine: Machine, *, dry_run: bool = False, environment: Path | None = None) -> list[str]:
    """Install, or upgrade, or install again; return what was done, or would be, a line each.

    `environment` is a folder of Python that was made for it: it is noted, so that it can be removed with it.

    Raises `DesktopError` where it cannot; then nothing has changed.
    """
    if not machine.windows:
        raise DesktopError(NOT_WINDOWS)
    if "WindowsApps" in (*machine.interpreter.parts, *machine.base.parts):
        # What such a Python writes into AppData lands in a private copy that Excel never sees.
        raise DesktopError(
            "This Python is from the Microsoft Store, and what it writes Excel cannot see: install Python from "
            "python.org for yourself (no administrator needed) and run this again with it."
        )
    plan, record = plan_for(machine), recorded(machine)
    changed = {path: new for path, new in plan.files.items() if _bytes(path) != new or is_marked(path)}
    left = [path for path in map(Path, record.files) if path not in plan.files and _is_as_installed(path, record)]
    held = [path for path in (*changed, *left) if path != machine.settings_file and path.exists()]
    if held and machine.excel_is_running:
        raise DesktopError("Excel is running and holds the add-in: close every Excel window and run this again.")
    kept = {path: _beside(path) for path in changed if _is_changed_template(path, record)}
    lines = [f"Keeps your changed {path.name} as {copy.name}." for path, copy in kept.items()]
    lines += [f"{'Replaces' if path.exists() else 'Places'} {path}." for path in changed]
    lines += [f"Removes {path}, of version {record.version}." for path in left]
    lines += [f"Sets {name} to {text}, where Excel's New dialog looks." for (_, name), text in plan.registry.items()]
    if not lines and _is_as_it_would_be(plan, record, environment):
        return [f"Version {version()} is installed already; nothing was changed."]
    lines.append(f"Notes in {machine.own_folder / RECORD_FILE} what version {version()} has placed.")
    if not dry_run:
        _carry_out(machine, plan, _with_environment(record, environment), changed, left, kept)
    if machine.excel_is_running and changed:
        lines.append("Excel is running: the Receivables tab appears when you start it the next time.")
    return lines


def _with_environment(record: Record, environment: Path | None) -> Record:
    """Return the record with one more folder of Python; those that are gone leave it then."""
    if environment is None or str(environment) in record.environments:
        return record
    there = (one for one in record.environments if Path(one).is_dir())
    return replace(record, environments=(*there, str(environment)))


def _is_as_it_would_be(plan: Plan, record: Record, environment: Path | None) -> bool:
    """Whether the record says already what install would write down."""
    noted = _with_environment(record, environment)
    return record == noted and record.version == version() and record.files.keys() == set(map(str, plan.files))


def plan_for(machine: Machine) -> Plan:
    """Return what install would leave behind on this machine."""
    interpreter = machine.told_in_code_page(machine.interpreter)
    old = _bytes(machine.settings_file) or b""
    text = settings_file.merged(old.decode(machine.code_page, "replace"), interpreter)
    folder, registry = _templates_folder(machine)
    files = {
        machine.start_folder / ADDIN_FILE: ADDIN.read_bytes(),
        folder / TEMPLATE_FILE: as_template(TEMPLATE.read_bytes()),
        machine.settings_file: text.encode(machine.code_page),
    }
    return Plan(files, settings_file.ours(interpreter), registry)


def _templates_folder(machine: Machine) -> tuple[Path, dict[tuple[str, str], str]]:
    """Where Excel's New dialog looks, and what makes it look there: a policy, the person, else our own choice."""
    for key in (rf"HKCU\{POLICIES}\Excel\Options", OPTIONS):
        stated = machine.text(key, TEMPLATES)
        if stated:
            return Path(machine.expanded(stated)), {}
    # Not in Documents, which OneDrive moves; this is where Office has always kept one's own templates.
    folder = machine.folder("APPDATA") / "Microsoft" / "Templates"
    return folder, {(OPTIONS, TEMPLATES): str(folder)}


def as_template(workbook: bytes) -> bytes:
    """Return a workbook as a template: opened, it becomes a new workbook instead of itself."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in parts.infolist():
            data = parts.read(entry)
            if entry.filename == "[Content_Types].xml":
                data = data.replace(_WORKBOOK_TYPE, _TEMPLATE_TYPE)
            out.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _is_changed_template(path: Path, record: Record) -> bool:
    return path.name == TEMPLATE_FILE and _bytes(path) is not None and not _is_as_installed(path, record)


def _is_as_installed(path: Path, record: Record) -> bool:
    content = _bytes(path)
    return content is not None and record.files.get(str(path)) == _digest(content)


def _beside(path: Path) -> Path:
    names = itertools.chain([""], (f" ({number})" for number in itertools.count(2)))
    return next(
        copy for name in names if not (copy := path.with_stem(f"{path.stem} before {version()}{name}")).exists()
    )


def _carry_out(
    machine: Machine,
    plan: Plan,
    record: Record,
    changed: Mapping[Path, bytes],
    left: list[Path],
    kept: Mapping[Path, Path],
) -> None:
    before = {path: _bytes(path) for path in (*changed, *left, *kept.values(), machine.own_folder / RECORD_FILE)}
    made: list[Path] = []
    try:
        for path, copy in kept.items():
            _write(copy, path.read_bytes())
        for path, new in changed.items():
            made += _make_folder(path.parent)
            _write(path, new)
        for path in left:
            path.unlink(missing_ok=True)
        made += _make_folder(machine.own_folder)
        _note(machine, plan, record, made)
        for (key, name), text in plan.registry.items():
            machine.registry.set_text(key, name, text)
    except OSError as error:
        _put_back(before, made)
        raise DesktopError(
            f"{error.filename or machine.start_folder} cannot be written ({error.strerror or error}): ask for the "
            "right to write there, or close what holds it; nothing was changed."
        ) from error


def _make_folder(folder: Path) -> list[Path]:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. A new file carries no mark of the Web, even where the old one did."""
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
        with contextlib.suppress(OSError):  # a disk without streams has none, and may not know the name
            _mark(path).unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def _put_back(before: Mapping[Path, bytes | None], made: list[Path]) -> None:
    for path, content in before.items():
        with contextlib.suppress(OSError):
            if content is None:
                path.unlink(missing_ok=True)
            elif _bytes(path) != content:
                _write(path, content)
    _remove_empty(made)


# ---------------------------------------------------------------- the record


def recorded(machine: Machine) -> Record:
    """Return what an earlier install wrote down; an empty record where there was none."""
    text = _bytes(machine.own_folder / RECORD_FILE)
    if text is None:
        return Record()
    try:
        found: dict[str, Any] = json.loads(text)
        return Record(
            found["version"],
            found["files"],
            tuple(found["folders"]),
            found["settings"],
            tuple((key, name, text) for key, name, text in found["registry"]),
            # The first version noted none.
            tuple(map(str, found.get("environments", ()))),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DesktopError(
            f"{machine.own_folder / RECORD_FILE} cannot be read: delete it and run `receivables install` again."
        ) from error


def _note(machine: Machine, plan: Plan, record: Record, made: list[Path]) -> None:
    folders = dict.fromkeys((*map(str, made), *record.folders))
    registry = {(key, name): text for key, name, text in record.registry} | dict(plan.registry)
    note = {
        "version": version(),
        "files": {str(path): _digest(content) for path, content in plan.files.items()},
        "folders": sorted(folders, key=lambda one: -len(Path(one).parts)),
        "settings": dict(plan.settings),
        "registry": [[key, name, text] for (key, name), text in registry.items()],
        "environments": list(record.environments),
    }
    _write(machine.own_folder / RECORD_FILE, json.dumps(note, indent=2).encode())


# ---------------------------------------------------------------- uninstall


def uninstall(machine: Machine, *, dry_run: bool = False) -> list[str]:
    """Remove what install made and nobody changed since; return what was done, or would be, a line each.

    Raises `DesktopError` while Excel holds the add-in.
    """
    if not machine.windows:
        raise DesktopError(NOT_WINDOWS)
    record = recorded(machine)
    if not record.files:
        return ["Nothing is installed here; nothing was changed."]
    if machine.excel_is_running:
        raise DesktopError("Excel is running and holds the add-in: close every Excel window and run this again.")
    lines = []
    for line, act in _removals(machine, record):
        lines.append(line)
        if not dry_run:
            try:
                act()
            except OSError as error:
                raise DesktopError(
                    f"{error.filename} cannot be removed ({error.strerror or error}): close what holds it and run "
                    "this again."
                ) from error
    if not dry_run:
        (machine.own_folder / RECORD_FILE).unlink(missing_ok=True)
        _remove_empty([Path(one) for one in record.folders])
    return lines


def _removals(machine: Machine, record: Record) -> Iterator[tuple[str, Any]]:
    for name, digest in record.files.items():
        path = Path(name)
        content = _bytes(path)
        if content is None:
            continue
        if path == machine.settings_file:
            rest = settings_file.without(content.decode(machine.code_page, "replace"), record.settings)
            if rest:
                kept = rest.encode(machine.code_page)
                yield f"Takes our lines out of {path}; lines of others stay.", lambda p=path, k=kept: _write(p, k)
                continue
        elif _digest(content) != digest:
            yield f"Leaves {path}: it was changed since it was installed.", lambda: None
            continue
        yield f"Removes {path}.", path.unlink
    for key, name, text in record.registry:
        if machine.text(key, name) == text and not _templates_of_others(Path(text), record):
            yield f"Takes {name} out of the registry.", lambda k=key, n=name: machine.registry.delete(k, n)


def _templates_of_others(folder: Path, record: Record) -> bool:
    # Without the value Excel would no longer show them.
    return any(str(path) not in record.files for path in folder.glob("*.xlt*"))


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def is_marked(path: Path) -> bool:
    """Whether Windows remembers that a file came from the Web; Excel then loads an add-in without its code."""
    try:
        text = _mark(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    zone = re.search(r"ZoneId=(\d)", text)
    return zone is not None and zone[1] in "34"


def _mark(path: Path) -> Path:
    return Path(f"{path}:Zone.Identifier")


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
