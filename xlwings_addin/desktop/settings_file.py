r"""What the add-in's VBA reads about Python: its own sheet first, then `%USERPROFILE%\.receivables\receivables.conf`.

xlwings would also ask a sheet of the active workbook and a file beside it; the add-in's copy of its module does not
(see `build.vba.xlwings_module`), so that nothing one receives by mail can name a program to start.
"""

from __future__ import annotations

import csv
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from xlwings_addin.product import PROJECT, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INTERPRETER = "INTERPRETER_WIN"
SUPERSEDED = ("INTERPRETER", "CONDA PATH", "CONDA ENV", "DEBUG UDFS")
"""Other ways to say which Python answers. Left in a file, one of them would start another."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def ours(interpreter: str) -> dict[str, str]:
    """Return the settings the installer writes: where Python is, and what the add-in's own sheet says too."""
    return {INTERPRETER: interpreter, **SETTINGS}


def read(text: str) -> dict[str, str]:
    """Return the settings of a file, names as they stand there; of two alike the first, as VBA reads them."""
    found: dict[str, str] = {}
    for row in csv.reader(text.splitlines(), skipinitialspace=True):
        if row and row[0].lower() not in (name.lower() for name in found):
            found[row[0]] = row[1] if len(row) > 1 else ""
    return found


def written(settings: Mapping[str, str]) -> str:
    """Return the text of a file, as VBA's `Input #` takes it."""
    return "".join(f'"{name}","{value}"\r\n' for name, value in settings.items())


def merged(old: str, interpreter: str) -> str:
    """Return the file with our settings; lines of others stay, other ways to name a Python go."""
    new = ours(interpreter)
    gone = {name.lower() for name in (*new, *SUPERSEDED)}
    return written({**new, **{name: value for name, value in read(old).items() if name.lower() not in gone}})


def without(old: str, settings: Mapping[str, str]) -> str:
    """Return the file without these settings, as far as they still say the same; "" where nothing is left."""
    return written({name: value for name, value in read(old).items() if settings.get(name) != value})


def lookup(sheet: Mapping[str, str], file: Mapping[str, str], name: str) -> str:
    """Return a setting as the add-in's VBA finds it: its own sheet, then the file, "" where neither has it."""
    for source in (sheet, file):
        for found, value in source.items():
            if found.lower() == name.lower():
                return value
    return ""


def command_line(sheet: Mapping[str, str], file: Mapping[str, str], addin: Path | str) -> str:
    """Return the command line with which the add-in's VBA has its DLL start Python, word for word.

    The DLL takes the same line for the same Python; a test holds this against the expressions of the VBA itself.
    """

    def setting(name: str) -> str:
        return lookup(sheet, file, name)

    console = "/showconsole" if setting("SHOW CONSOLE").lower() == "true" else ""
    path = ";".join(
        (
            setting("ADD_WORKBOOK_TO_PYTHONPATH"), "", str(addin),
            setting("ONEDRIVE_CONSUMER_WIN"), setting("ONEDRIVE_COMMERCIAL_WIN"), setting("SHAREPOINT_WIN"),
            setting("PYTHONPATH"),
        )
    )  # fmt: skip
    path = path.replace("\\", "\\\\").replace("'", "\\'").replace("&", "^&")
    return (
        f'cmd.exe {console} /K ""{setting(INTERPRETER)}"'
        ' -B -c "import sys, os;import xlwings.utils;'
        f'xlwings.utils.prepare_sys_path(\\"{path}\\");'
        "import xlwings; xlwings.serve('$(CLSID)')\"\""
    )


# ---------------------------------------------------------------- the add-in as a file


def addin_version(addin: Path) -> str:
    """Return the version an add-in says it is, "" where it says none."""
    with zipfile.ZipFile(addin) as parts:
        found = re.search(rb"<dc:description>Version ([^<]+)</dc:description>", parts.read("docProps/core.xml"))
    return found[1].decode() if found else ""


def addin_settings(addin: Path) -> dict[str, str]:
    """Return the settings on the add-in's own sheet. Read by hand: doctor must not need a library that may not load."""
    with zipfile.ZipFile(addin) as parts:
        book, relations, shared = (
            ET.fromstring(parts.read(f"xl/{name}"))  # noqa: S314 - the add-in we made
            for name in ("workbook.xml", "_rels/workbook.xml.rels", "sharedStrings.xml")
        )
        targets = {one.get("Id"): one.get("Target") for one in relations}
        sheets = {one.get("name"): targets[one.get(f"{_RELATIONS}id")] for one in book.iter(f"{_MAIN}sheet")}
        name = sheets.get(f"{PROJECT}.conf")
        if name is None:
            return {}
        sheet = ET.fromstring(parts.read(f"xl/{name}"))  # noqa: S314
    texts = ["".join(part.text or "" for part in one.iter(f"{_MAIN}t")) for one in shared]
    rows = ([texts[int(cell.findtext(f"{_MAIN}v", "0"))] for cell in row] for row in sheet.iter(f"{_MAIN}row"))
    return {row[0]: row[1] for row in rows if len(row) > 1}
