"""The packages of a release: chosen once, written down with their digests, fetched for 64-bit Windows.

pip resolves for the machine it runs on; what Windows alone needs (`platform_system == "Windows"`) is therefore found
by reading what each package asks for with Windows' answers in place of this machine's.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from xlwings_addin.desktop import DesktopError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from email.message import Message

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCKS = Path("xlwings_addin", "desktop", "locks")
BUILT_BY = "1.33.0"
"""Of hatchling, which writes its version into the wheel."""
BUILD_TAG = "0bsd"
"""Marks the wheel of xlwings from which its `pro` part, which is not free, was taken."""
MOST_ROUNDS = 5
_DATE = (1980, 1, 1, 0, 0, 0)
_NOT_FREE = ("xlwings/pro/", "xlwings/xlwingslib")


@dataclass(frozen=True, slots=True)
class Wheel:
    """One package as a file."""

    path: Path

    @property
    def name(self) -> str:
        """The distribution's name, in its normal form."""
        return canonicalize_name(self.path.name.split("-")[0])

    @property
    def version(self) -> str:
        """Its version."""
        return str(parse_wheel_filename(self.path.name)[1])

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def metadata(self) -> Message:
        """What it says of itself."""
        with zipfile.ZipFile(self.path) as parts:
            (name,) = (one for one in parts.namelist() if one.endswith(".dist-info/METADATA") and one.count("/") == 1)
            return HeaderParser().parsestr(parts.read(name).decode("utf-8"))

    def needs(self, python: str) -> Iterator[Requirement]:
        """Yield what it asks for on 64-bit Windows."""
        yield from needed(self.metadata.get_all("Requires-Dist") or (), python)


def needed(stated: Iterable[str], python: str) -> Iterator[Requirement]:
    """Yield of these requirements those that hold on 64-bit Windows."""
    windows = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "extra": "",
    }
    for requirement in map(Requirement, stated):
        if requirement.marker is None or requirement.marker.evaluate(windows):
            yield requirement


def missing(wheels: Sequence[Wheel], python: str, wanted: Iterable[Requirement]) -> list[str]:
    """Return what the project or a package asks for and none of the wheels is."""
    have = {wheel.name: wheel.version for wheel in wheels}
    asked = [*wanted, *(need for wheel in wheels for need in wheel.needs(python))]
    absent = {
        f"{need.name}{need.specifier}"
        for need in asked
        if not need.specifier.contains(have.get(canonicalize_name(need.name), ""), prereleases=True)
        or canonicalize_name(need.name) not in have
    }
    return sorted(absent)


# ---------------------------------------------------------------- choosing


def lock(root: Path, python: str) -> Path:
    """Choose the newest packages that the project allows and write them down; return the list."""
    wanted = list(needed(project(root)["dependencies"], python))
    texts = [str(one) for one in wanted]
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(MOST_ROUNDS):
            _download(python, texts, Path(folder))
            chosen = wheels_in(Path(folder))
            absent = missing(chosen, python, wanted)
            if not absent:
                break
            texts += absent
        else:
            raise DesktopError(f"Python {python} on Windows lacks {', '.join(absent)}.")
        path = root / LOCKS / f"windows-{python}.txt"
        path.parent.mkdir(exist_ok=True)
        head = f"# Packages for Python {python} on 64-bit Windows, chosen by `receivables bundle --lock`.\n"
        path.write_text(head + listed(chosen), encoding="utf-8")
    return path


def listed(wheels: Iterable[Wheel]) -> str:
    """Return a list that pip takes with --require-hashes."""
    return "".join(
        f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.digest}\n"
        for wheel in sorted(wheels, key=lambda w: w.name)
    )


def project(root: Path) -> dict[str, list[str]]:
    """Return the project's own table of pyproject.toml."""
    with (root / "pyproject.toml").open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)["project"]
    return table


def wheels_in(folder: Path) -> list[Wheel]:
    """Return the wheels of a folder, by name."""
    return [Wheel(path) for path in sorted(folder.glob("*.whl"))]


# ---------------------------------------------------------------- fetching


def fetched(root: Path, python: str, folder: Path) -> list[Wheel]:
    """Return the packages of the list for a Python, fetched into `folder` as far as they are not there."""
    path = root / LOCKS / f"windows-{python}.txt"
    if not path.is_file():
        raise DesktopError(f"There is no {path}: run `receivables bundle --lock --python {python}`.")
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    digests = {line.partition("--hash=sha256:")[2] for line in lines}
    folder.mkdir(parents=True, exist_ok=True)
    if not digests <= {wheel.digest for wheel in wheels_in(folder)}:
        _download(python, lines, folder, "--require-hashes", "--no-deps")
    found = [wheel for wheel in wheels_in(folder) if wheel.digest in digests]
    absent = missing(found, python, needed(project(root)["dependencies"], python))
    if absent:
        raise DesktopError(f"{path} lacks {', '.join(absent)}: run `receivables bundle --lock --python {python}`.")
    return found


def _download(python: str, texts: Iterable[str], folder: Path, *options: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        listing = Path(place, "requirements.txt")
        listing.write_text("\n".join(texts), encoding="utf-8")
        done = _run(
            "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--platform",
            "win_amd64", "--python-version", python, "--implementation", "cp", "--dest", str(folder),
            "--requirement", str(listing), *options,
        )  # fmt: skip
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise DesktopError(f"pip could not fetch the packages for Python {python}: {' '.join(last[-1:])}")


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False
    )


# ---------------------------------------------------------------- making


def own(root: Path, folder: Path) -> Wheel:
    """Build the project's own wheel."""
    if not any(one.version == BUILT_BY for one in importlib.metadata.distributions(name="hatchling")):
        raise DesktopError(f"The wheel is built with hatchling {BUILT_BY}: install receivables-addin[build].")
    done = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DesktopError(f"hatchling could not build the wheel: {' '.join(done.stderr.splitlines()[-1:])}")
    (path,) = folder.glob("receivables_addin-*.whl")
    with zipfile.ZipFile(path) as parts:
        contents = {name: parts.read(name) for name in sorted(parts.namelist())}
    path.write_bytes(stored(contents))
    return Wheel(path)


def without_pro(wheel: Wheel, folder: Path) -> Wheel:
    """Return xlwings without its `pro` part, which may not be handed on for commercial use, and what serves only it.

    A build tag in its name says that it is another file; the version stays, since that of the DLL must be the same.
    """
    with zipfile.ZipFile(wheel.path) as parts:
        contents = {name: parts.read(name) for name in parts.namelist() if not name.startswith(_NOT_FREE)}
    info = next(name.partition("/")[0] for name in contents if name.endswith(".dist-info/RECORD"))
    gone = [name for name in contents if name.endswith("LICENSE_PRO.txt") or name.startswith(f"{info}/sboms/")]
    for name in (*gone, f"{info}/RECORD"):
        del contents[name]
    said = contents[f"{info}/METADATA"].decode().replace("\r\n", "\n")
    contents[f"{info}/METADATA"] = said.replace("License-File: LICENSE_PRO.txt\n", "").encode()
    about = contents[f"{info}/WHEEL"].decode().replace("\r\n", "\n").rstrip("\n")
    contents[f"{info}/WHEEL"] = f"{about}\nBuild: {BUILD_TAG}\n".encode()
    contents[f"{info}/RECORD"] = _record(contents, f"{info}/RECORD")
    name, version, *tags = wheel.path.name.split("-")
    path = folder / "-".join((name, version, BUILD_TAG, *tags))
    path.write_bytes(stored(contents))
    return Wheel(path)


def _record(contents: dict[str, bytes], itself: str) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name, data in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow((name, f"sha256={digest}", len(data)))
    rows.writerow((itself, "", ""))
    return text.getvalue().encode()


def stored(contents: dict[str, bytes]) -> bytes:
    """Return a zip file without compression: the same bytes whatever zlib is at hand."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 0
            out.writestr(entry, data)
    return packed.getvalue()
