"""The release for Windows as one file: add-in, template, packages, installer, licences, digests, bill of materials."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import uuid
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from workbook_templates import TEMPLATE
from xlwings_addin import version
from xlwings_addin.desktop import DesktopError, wheels
from xlwings_addin.desktop.wheels import PYTHONS, Wheel
from xlwings_addin.product import ADDIN_FILE
from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MIT = "MIT"
OF_ADDIN = "MIT AND BSD-3-Clause"
"""Ours, and the VBA of xlwings; its texts are on the add-in's sheet Licences too."""

NAMED = {"lxml": "BSD-3-Clause AND MIT", "xlwings": "BSD-3-Clause AND MIT"}
"""Where the words of a package are not exact: read in its licence file. xlwings carries MIT classes in VBA."""
STATED = {
    "MIT": MIT,
    "PSF": "PSF-2.0",
    "Apache-2.0": "Apache-2.0",
    "License :: OSI Approved :: MIT License": MIT,
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}
_TEXTS = ("licen", "copying", "notice", "authors")

HOW = """\
Receivables {version} for Excel on Windows

1. Close Excel.
2. Right-click install.ps1, Run with PowerShell. It needs no administrator and no network.
   It needs 64-bit Python {pythons} from python.org; if there is none, it says so.
3. Start Excel: the tab Receivables is there, and =AR_DSO(250000,1500000,365) gives 60.83.

To take it away: powershell -ExecutionPolicy Bypass -File install.ps1 -Uninstall

For IT: install.ps1 is short, read it. What is in here, with digest and licence: CONTENTS.csv; texts in licences;
bill of materials (CycloneDX): sbom.cdx.json. Excel starts cmd.exe and python.exe, and VBA loads xlwings64-*.dll or
xlwings32-*.dll from the environment under %LOCALAPPDATA%\\Receivables. Nothing is sent anywhere.
"""


def lock(root: Path, pythons: Sequence[str]) -> list[Path]:
    """Choose the packages again; return the lists written. Raises `DesktopError` where one cannot be had."""
    _check_clone(root)
    return [wheels.lock(root, python) for python in pythons or PYTHONS]


def write(root: Path, out: Path, pythons: Sequence[str], cache: Path | None = None) -> list[Path]:
    """Make the release of the clone at `root` in the folder `out`; return the file and the file of its digest.

    The same clone gives the same bytes. `cache` keeps downloaded packages. Raises `DesktopError`.
    """
    _check_clone(root)
    pythons = tuple(pythons) or PYTHONS
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        own = wheels.own(root, made)
        chosen = {
            python: [own, *(_free(one, made) for one in wheels.fetched(root, python, cache or made / python))]
            for python in pythons
        }
        contents = _contents(root, chosen)
    name = f"receivables-{version()}-windows"
    data = wheels.stored({f"{name}/{path}": content for path, content in sorted(contents.items())})
    path, digest = out / f"{name}.zip", out / f"{name}.zip.sha256"
    with Outputs() as files:
        files.folder(out)
        files.write(path, data)
        files.write(digest, f"{hashlib.sha256(data).hexdigest()}  {path.name}\n".encode("ascii"))
    return [path, digest]


def _check_clone(root: Path) -> None:
    if not (root / "pyproject.toml").is_file() or not (root / wheels.LOCKS.parent).is_dir():
        raise DesktopError(f"{root} is not a clone of the project: run this where pyproject.toml is.")


def _free(wheel: Wheel, folder: Path) -> Wheel:
    return wheels.without_pro(wheel, folder) if wheel.name == "xlwings" else wheel


def _contents(root: Path, chosen: Mapping[str, Sequence[Wheel]]) -> dict[str, bytes]:
    """Every file of the release by its path in it."""
    every = {wheel.path.name: wheel for brought in chosen.values() for wheel in brought}
    contents: dict[str, bytes] = {}
    licences: dict[str, str] = {}

    def add(path: str, data: bytes, licence: str = MIT) -> None:
        contents[path], licences[path] = data, licence

    how = HOW.format(version=version(), pythons=" or ".join(chosen))
    add("INSTALL.txt", how.replace("\n", "\r\n").encode("ascii"))
    add("install.ps1", _windows_text(root / wheels.LOCKS.parent / "install.ps1"))
    add(ADDIN_FILE, (root / "workbook_templates" / ADDIN_FILE).read_bytes(), OF_ADDIN)
    add(TEMPLATE.name, (root / "workbook_templates" / TEMPLATE.name).read_bytes())
    for python, brought in chosen.items():
        add(f"wheelhouse/requirements-{python}.txt", wheels.listed(brought).encode())
    for name, wheel in every.items():
        add(f"wheelhouse/{name}", wheel.path.read_bytes(), licence_of(wheel))
        for file, text in licence_texts(wheel).items():
            add(f"licences/{wheel.name}-{wheel.version}/{file}", text, licence_of(wheel))
    add("sbom.cdx.json", bill_of_materials(every.values(), chosen, licences, contents))
    add("CONTENTS.csv", _listing(contents, licences))
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(contents.items()))
    contents["SHA256SUMS"] = sums.encode()
    return contents


def _windows_text(path: Path) -> bytes:
    return path.read_text(encoding="ascii").replace("\n", "\r\n").encode("ascii")


def _listing(contents: Mapping[str, bytes], licences: Mapping[str, str]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(("File", "Licence", "Bytes", "SHA-256"))
    for path, data in sorted(contents.items()):
        rows.writerow((path, licences[path], len(data), hashlib.sha256(data).hexdigest()))
    rows.writerow(("CONTENTS.csv", MIT, "", ""))
    rows.writerow(("SHA256SUMS", MIT, "", ""))
    return text.getvalue().encode()


# ---------------------------------------------------------------- licences


def licence_of(wheel: Wheel) -> str:
    """Return the SPDX expression of a package's licence; raises `DesktopError` where it does not say clearly."""
    said = wheel.metadata
    if wheel.name in NAMED:
        return NAMED[wheel.name]
    if said["License-Expression"]:
        return str(said["License-Expression"])
    for text in (said["License"] or "", *(said.get_all("Classifier") or ())):
        if text.strip() in STATED:
            return STATED[text.strip()]
    raise DesktopError(f"{wheel.name} {wheel.version} does not say its licence clearly: name it in bundle.py.")


def licence_texts(wheel: Wheel) -> dict[str, bytes]:
    """Return the licence files a package carries, by their place in it; raises `DesktopError` where it has none."""
    with zipfile.ZipFile(wheel.path) as parts:
        found = {_place(name): parts.read(name) for name in parts.namelist() if _is_licence(name)}
    if not found:
        raise DesktopError(f"{wheel.name} {wheel.version} carries no licence text, so it cannot be handed on.")
    return found


def _is_licence(name: str) -> bool:
    inside = name.partition(".dist-info/")[2]
    said = any(word in PurePosixPath(name).name.lower() for word in _TEXTS)
    return bool(inside) and not name.endswith("/") and (inside.startswith("licenses/") or said)


def _place(name: str) -> str:
    return name.partition(".dist-info/")[2].removeprefix("licenses/")


# ---------------------------------------------------------------- bill of materials


def bill_of_materials(
    every: Iterable[Wheel],
    chosen: Mapping[str, Sequence[Wheel]],
    licences: Mapping[str, str],
    contents: Mapping[str, bytes],
) -> bytes:
    """Return the CycloneDX 1.6 list of what is inside, and of what needs what."""
    every = sorted(every, key=lambda wheel: wheel.path.name)
    needs: dict[str, set[str]] = {wheel.path.name: set() for wheel in every}
    for python, brought in chosen.items():
        by_name = {wheel.name: wheel.path.name for wheel in brought}
        for wheel in brought:
            needs[wheel.path.name] |= {by_name[canonicalize_name(need.name)] for need in wheel.needs(python)}
    files = [
        _component("file", path, data, licences[path]) for path, data in sorted(contents.items()) if "/" not in path
    ]
    packages = [_package(wheel, contents[f"wheelhouse/{wheel.path.name}"], licence_of(wheel)) for wheel in every]
    digest = hashlib.sha256(json.dumps([files, packages]).encode()).hexdigest()
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "receivables",
                "name": "receivables",
                "version": version(),
                "licenses": [{"expression": MIT}],
            }
        },
        "components": [*files, *packages],
        "dependencies": [
            {"ref": "receivables", "dependsOn": [one["bom-ref"] for one in (*files, *packages)]},
            *({"ref": name, "dependsOn": sorted(needed)} for name, needed in needs.items()),
        ],
    }
    return (json.dumps(bill, indent=1) + "\n").encode()


def _component(kind: str, name: str, data: bytes, licence: str) -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": name,
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}],
        "licenses": [{"expression": licence}],
    }


def _package(wheel: Wheel, data: bytes, licence: str) -> dict[str, Any]:
    component = _component("library", wheel.path.name, data, licence) | {"name": wheel.name, "version": wheel.version}
    if wheel.name != "receivables-addin":
        component["purl"] = f"pkg:pypi/{wheel.name}@{wheel.version}"
    if f"-{wheels.BUILD_TAG}-" in wheel.path.name:
        note = "xlwings/pro and xlwingslib, which are not under the BSD licence or serve only them, were taken out."
        component["pedigree"] = {"notes": note}
    return component
