"""The add-in itself, Receivables.xlam, out of text: VBA, ribbon, settings and help, the same bytes every time.

XlsxWriter writes the package, pyOpenVBA the VBA project in it; what neither knows, the ribbon part and the content
type of an add-in, is added in one pass over the zip. Both only build; nothing of theirs runs in Excel.
"""

import hashlib
import importlib
import importlib.metadata
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import xlsxwriter

import udfs
from udfs.spec import FunctionSpec
from xlwings_addin import version
from xlwings_addin.build import ribbon_xml
from xlwings_addin.build.vba import Module, modules
from xlwings_addin.product import ADDIN_FILE, FUNCTIONS_MODULE, PROJECT, SETTINGS
from xlwings_addin.ribbon import Button
from xlwings_addin.writing import WorkbookError

__all__ = ["write_addin"]

VBA_WRITER = "6.5.0"
VBA_WRITER_SHA256 = "b0ff4c0c6ebdee68847207229bcb3b87dfbb3bbe995b9fe64dc7b64b0a526fcc"
"""Of pyOpenVBA's own files: what is written into an add-in is to be what was looked at."""

INTELLISENSE = "_IntelliSense_"
"""Where Excel-DNA's IntelliSense, if a PC has it, looks for help shown while one types a function."""

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date, not a moment
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_WORKBOOK_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBON = f'<Relationship Id="ribbon" Type="{ribbon_xml.RELATIONSHIP}" Target="{ribbon_xml.PART}"/>'
_LIBRARY = "pyopenvba"


def write_addin(
    path: Path, *, functions_module: str = FUNCTIONS_MODULE, buttons: Iterable[Button] | None = None
) -> None:
    """Write the add-in; `buttons`, in the order of the ribbon, are the product's own unless given."""
    project = modules(functions_module)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.xlsm"
        _write_workbook(plain, None)
        vba = vba_project(plain, project)
        _write_workbook(plain, vba)
        path.write_bytes(_as_addin(plain, ribbon_xml.ribbon_xml(buttons)))


# ---------------------------------------------------------------- sheets


def sheets() -> dict[str, list[Sequence[str]]]:
    """Return the add-in's sheets, which nobody sees: settings, help while typing, licences."""
    udfs.load()
    return {
        f"{PROJECT}.conf": list(SETTINGS.items()),
        INTELLISENSE: list(_intellisense(udfs.REGISTRY)),
        "Licences": [(line,) for line in _licences()],
    }


def _intellisense(registry: Mapping[str, FunctionSpec]) -> Iterable[Sequence[str]]:
    yield "FunctionInfo", "1.0"
    for spec in registry.values():
        # The third column is for a help page.
        yield (spec.name, spec.summary, "", *(text for p in spec.parameters for text in (p.name, p.help)))


def _licences() -> Iterable[str]:
    yield f"{ADDIN_FILE} {version()} holds VBA of others: module xlwings (BSD 3-clause) and class Dictionary (MIT)."
    yield ""
    yield from _license_of("xlwings", "LICENSE.txt")
    yield ""
    yield "Dictionary: Copyright (c) Tim Hall, https://github.com/timhall/VBA-Dictionary"
    yield ""
    yield from resources.files("xlwings_addin").joinpath("vba", "LICENSE-MIT.txt").read_text("utf-8").splitlines()


def _license_of(distribution: str, name: str) -> list[str]:
    for file in importlib.metadata.files(distribution) or ():
        if file.name == name:
            return file.read_text(encoding="utf-8").splitlines()
    raise WorkbookError(f"{distribution} is installed without its {name}, which the add-in must carry.")


def _write_workbook(path: Path, vba: bytes | None) -> None:
    contents = sheets()
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Receivables", "comments": f"Version {version()}", "created": _CREATED})
        book.calc_on_load = False
        if vba is not None:
            book.add_vba_project(io.BytesIO(vba), is_stream=True)
            book.set_vba_name("ThisWorkbook")
        for number, (name, rows) in enumerate(contents.items(), 1):
            sheet = book.add_worksheet(name)
            if vba is not None:
                sheet.set_vba_name(f"Sheet{number}")
            for i, row in enumerate(rows):
                for j, text in enumerate(row):
                    sheet.write_string(i, j, text)


# ---------------------------------------------------------------- the VBA project


def vba_project(workbook: Path, project: Iterable[Module]) -> bytes:
    """Return the VBA project of a workbook with these modules, as Excel keeps it in the file."""
    _check_vba_writer()
    # By name: only those who build have it.
    library: Any = importlib.import_module(_LIBRARY)
    kinds = {"standard": library.VBAModuleKind.standard, "class": library.VBAModuleKind.other}
    with library.ExcelFile(workbook) as file, tempfile.TemporaryDirectory() as folder:
        vba = file.add_vba_project()
        for module in project:
            if module.kind == "document":
                vba.get_module(module.name).body = module.source
            else:
                vba.add_module(module.name, module.source, kind=kinds[module.kind])
        written = Path(folder) / "written.xlsm"
        file.save(written)
        with zipfile.ZipFile(written) as package:
            return package.read("xl/vbaProject.bin")


def _check_vba_writer() -> None:
    try:
        found = importlib.metadata.version(_LIBRARY)
    except importlib.metadata.PackageNotFoundError:
        found = "none"
    if found != VBA_WRITER:
        raise WorkbookError(
            f"The add-in is built with pyOpenVBA {VBA_WRITER}, and here is {found}: install receivables-addin[build]."
        )
    if vba_writer_digest() != VBA_WRITER_SHA256:
        raise WorkbookError(f"The pyOpenVBA {found} installed here is not the one the add-in was built with.")


def vba_writer_digest() -> str:
    """Return a digest of every file of pyOpenVBA that pip unpacked."""
    digest = hashlib.sha256()
    for file in sorted(importlib.metadata.files(_LIBRARY) or (), key=str):
        if file.parts[0] == _LIBRARY and file.suffix != ".pyc":
            digest.update(f"{file.as_posix()}\n".encode() + hashlib.sha256(file.read_binary()).digest())
    return digest.hexdigest()


# ---------------------------------------------------------------- the package


def _as_addin(workbook: Path, ribbon: bytes) -> bytes:
    """Return a macro workbook made an add-in with a ribbon. Dates are fixed, so that the bytes are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(workbook) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "[Content_Types].xml":
                data = _once(data, _WORKBOOK_TYPE, _ADDIN_TYPE)
            elif name == "_rels/.rels":
                relationship = (
                    f'<Relationship Id="ribbon" Type="{ribbon_xml.RELATIONSHIP}" Target="{ribbon_xml.PART}"/>'
                )
                data = _once(data, b"</Relationships>", relationship.encode() + b"</Relationships>")
            _add(out, name, data)
        _add(out, ribbon_xml.PART, ribbon)
    return packed.getvalue()


def _once(data: bytes, old: bytes, new: bytes) -> bytes:
    if len(re.findall(re.escape(old), data)) != 1:
        raise WorkbookError(f"XlsxWriter writes its package in a new way: {old.decode()!r} is not there once.")
    return data.replace(old, new)


def _add(out: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # the same on every platform
    out.writestr(entry, data)
