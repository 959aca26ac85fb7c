"""The PC as install and doctor see it: folders, registry, programs, Python; the real one is made here.

Everything is looked up here and handed on, so that a PC can be invented: a folder for a disk, a dict for a registry.
"""

from __future__ import annotations

import csv
import importlib
import importlib.metadata
import os
import platform
import re
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from xlwings_addin.desktop import DesktopError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OFFICE = r"Software\Microsoft\Office\16.0"
"""Of Excel 2016, 2019, 2021, 2024 and Microsoft 365 alike."""
POLICIES = r"Software\Policies\Microsoft\Office\16.0"
PROJECT_FOLDER = "Receivables"
LONGEST_START = 120
"""Seconds. A first start on a PC that checks every file for viruses takes long."""


class Registry(Protocol):
    """The part of the registry that is asked for; keys begin with HKCU or HKLM."""

    def values(self, key: str) -> Mapping[str, object]:
        """Return the values of a key by name, none where there is no such key or it may not be read."""

    def set_text(self, key: str, name: str, text: str) -> None:
        """Write one text."""

    def delete(self, key: str, name: str) -> None:
        """Take one value away; one that is not there is no error."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One PC and the Python this runs in."""

    windows: bool
    environment: Mapping[str, str]
    registry: Registry
    interpreter: Path
    running: Callable[[], frozenset[str]]
    """Names of the running programs, in small letters."""
    answer: Callable[[Path, str], float]
    """What `AR_DSO(1200, 3650, 365)` gives through a DLL and a Python that it starts by a command line."""
    installed: Callable[[str], str | None]
    """The version of an installed distribution, None where it is not."""
    code_page: str = "cp1252"
    """What VBA reads settings in, and the name under which Python knows it."""
    bits: int = 64
    python: tuple[int, int] = (3, 13)
    base: Path = Path()
    """Where the Python lies that an environment was made of."""
    short_path: Callable[[Path], Path] = field(default=lambda path: path)
    """The 8.3 name of a path, where the disk has one."""

    def folder(self, variable: str) -> Path:
        """Return a folder that an environment variable names; raises `DesktopError` where it is not set."""
        value = self.environment.get(variable)
        if not value:
            raise DesktopError(f"Windows names no folder in {variable}: sign in with a profile of your own.")
        return Path(value)

    @property
    def start_folder(self) -> Path:
        """Whose workbooks Excel opens with itself, and trusts unless a policy says otherwise."""
        return self.folder("APPDATA") / "Microsoft" / "Excel" / "XLSTART"

    @property
    def settings_file(self) -> Path:
        r"""What the add-in's VBA reads: `%USERPROFILE%\.receivables\receivables.conf`."""
        return self.folder("USERPROFILE") / ".receivables" / "receivables.conf"

    @property
    def own_folder(self) -> Path:
        """Holds the record of what was installed, and the log."""
        return self.folder("LOCALAPPDATA") / PROJECT_FOLDER

    @property
    def documents(self) -> Path:
        """The Documents folder, wherever Windows or OneDrive has moved it."""
        stated = self.text(
            r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders", "Personal"
        ) or self.text(r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders", "Personal")
        return Path(self.expanded(stated)) if stated else self.folder("USERPROFILE") / "Documents"

    @property
    def excel_is_running(self) -> bool:
        """Whether any Excel is."""
        return "excel.exe" in self.running()

    @property
    def excel_bits(self) -> int | None:
        """64 or 32, None where Office does not say."""
        stated = (
            self.text(r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration", "Platform")
            or self.text(rf"HKLM\{OFFICE}\Outlook", "Bitness")
            or self.text(r"HKLM\Software\WOW6432Node\Microsoft\Office\16.0\Outlook", "Bitness")
        )
        return {"x64": 64, "x86": 32}.get(stated.lower())

    def text(self, key: str, name: str) -> str:
        """Return a registry value as text, "" where there is none. Names are without case, as in the registry."""
        for found, value in self.registry.values(key).items():
            if found.lower() == name.lower():
                return str(value)
        return ""

    def number(self, key: str, name: str) -> int | None:
        """Return a registry value as a number, None where there is none."""
        stated = self.text(key, name)
        return int(stated) if stated.isdecimal() else None

    def expanded(self, text: str) -> str:
        """Return a text with its %VARIABLES% filled in, as Windows does."""
        known = {name.upper(): value for name, value in self.environment.items()}
        return re.sub(r"%([^%]+)%", lambda m: known.get(m[1].upper(), m[0]), text)

    def in_onedrive(self, path: Path) -> bool:
        """Whether OneDrive keeps the path in the cloud."""
        roots = [self.environment.get(name) for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")]
        return any(path.is_relative_to(root) for root in roots if root)

    def told_in_code_page(self, path: Path) -> str:
        """Return the path as VBA can read it from a file: itself, else by its 8.3 name.

        Raises `DesktopError` where neither can be written in the code page of this Windows.
        """
        for candidate in (path, self.short_path(path)):
            try:
                str(candidate).encode(self.code_page)
            except UnicodeEncodeError:
                continue
            return str(candidate)
        raise DesktopError(
            f"{path} has letters that Excel's VBA cannot read on this PC: install Python's environment into a folder "
            r"with plain letters, C:\Users\Public\Receivables for example."
        )


# ---------------------------------------------------------------- the real one


def this_machine() -> Machine:
    """Return the PC this runs on."""
    windows = sys.platform == "win32"
    return Machine(
        windows=windows,
        environment=dict(os.environ),
        registry=_WindowsRegistry() if windows else _NoRegistry(),
        interpreter=Path(sys.executable),
        running=_running if windows else frozenset,
        code_page="mbcs" if windows else "utf-8",
        bits=struct.calcsize("P") * 8,
        python=sys.version_info[:2],
        base=Path(sys.base_prefix),
        answer=_asked,
        installed=_installed,
        short_path=_short_path,
    )


class _NoRegistry:
    def values(self, key: str) -> Mapping[str, object]:  # noqa: ARG002 - the protocol's
        return {}

    def set_text(self, key: str, name: str, text: str) -> None:  # noqa: ARG002
        raise DesktopError(f"{platform.system()} has no registry.")

    def delete(self, key: str, name: str) -> None:  # noqa: ARG002
        raise DesktopError(f"{platform.system()} has no registry.")


class _WindowsRegistry:
    def __init__(self) -> None:
        self._winreg: Any = importlib.import_module("winreg")

    def _place(self, key: str) -> tuple[Any, str]:
        hive, _, path = key.partition("\\")
        return {"HKCU": self._winreg.HKEY_CURRENT_USER, "HKLM": self._winreg.HKEY_LOCAL_MACHINE}[hive], path

    def values(self, key: str) -> Mapping[str, object]:
        found: dict[str, object] = {}
        try:
            with self._winreg.OpenKey(*self._place(key)) as opened:
                for i in range(self._winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = self._winreg.EnumValue(opened, i)
                    found[name] = value
        except OSError:  # no such key, or one that may not be read
            return {}
        return found

    def set_text(self, key: str, name: str, text: str) -> None:
        with self._winreg.CreateKey(*self._place(key)) as opened:
            self._winreg.SetValueEx(opened, name, 0, self._winreg.REG_SZ, text)

    def delete(self, key: str, name: str) -> None:
        try:
            with self._winreg.OpenKey(*self._place(key), 0, self._winreg.KEY_SET_VALUE) as opened:
                self._winreg.DeleteValue(opened, name)
        except FileNotFoundError:
            return


def _installed(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _running() -> frozenset[str]:
    system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "tasklist.exe")
    try:
        listed = subprocess.run(  # noqa: S603 - Windows' own program
            [str(system), "/fo", "csv", "/nh"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(row[0].lower() for row in csv.reader(listed.splitlines()) if row)


def _asked(dll: Path, command: str) -> float:
    """Ask in a process of its own: what the DLL does to the process that loads it, it does to that one."""
    try:
        done = subprocess.run(  # noqa: S603 - our own Python with our own module
            [sys.executable, "-B", "-m", "xlwings_addin.desktop.udf_server", str(dll), command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", errors="replace",
            timeout=LONGEST_START, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise DesktopError(f"no answer within {LONGEST_START} seconds") from None
    last = (done.stdout if not done.returncode else done.stderr).strip().splitlines()[-1:]
    if done.returncode or not last:
        raise DesktopError(" ".join(last) or f"it ended with {done.returncode}")
    return float(last[0])


def _short_path(path: Path) -> Path:
    if sys.platform != "win32":
        return path
    ctypes: Any = importlib.import_module("ctypes")
    room = ctypes.create_unicode_buffer(32_768)
    done = ctypes.windll.kernel32.GetShortPathNameW(str(path), room, len(room))
    return Path(room.value) if done else path
