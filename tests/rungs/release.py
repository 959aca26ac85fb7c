"""A release of this clone, made once for all tests that look at it; its packages are kept in `.ci/wheels`."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from rungs import tools
from xlwings_addin.desktop import DesktopError, bundle

T = TypeVar("T")

PYTHON = "3.11"
"""Of the Python that runs under Wine; one is enough to show how a release is made."""
WHEELS = tools.REPOSITORY / ".ci" / "wheels"


def made(out: Path, root: Path = tools.REPOSITORY) -> Path:
    """The release of a clone."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    (WHEELS / ".gitignore").write_text("*\n")
    path, _ = tried(lambda: bundle.write(root, out, [PYTHON], WHEELS))
    return path


def tried(download: Callable[[], T]) -> T:
    """What a download gives; without a network the test is skipped by name, or fails where tools are required."""
    try:
        return download()
    except DesktopError as error:
        if "pip could not fetch" not in str(error) or tools.tools_are_required():
            raise
        pytest.skip(str(error))


def unpacked(release: Path, folder: Path) -> Path:
    with zipfile.ZipFile(release) as parts:
        parts.extractall(folder)
    (inner,) = folder.iterdir()
    return inner


def pip_options(script: str) -> list[str]:
    """The options with which install.ps1 has pip install, those that name files aside."""
    (line,) = (one for one in script.splitlines() if "'pip', 'install'" in one)
    return re.findall(r"'(--(?!find-links)[a-z-]+)'", line)
