"""The log of unexpected errors: when, what, of which type and where in the code.

No value, argument, cell or message of an exception is ever written: any of them may hold a customer's data.
"""

from __future__ import annotations

import os
import re
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from xlwings_addin import now, version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OURS = ("udfs", "xlwings_addin")
LIMIT = 500_000
"""Bytes; a longer log becomes `.log.1` in place of the one before it, so that there are never more than two."""
DEEPEST = 30
"""Calls written of the way to an error: one that ran in circles went through thousands."""

_HEAD = re.compile(r"(?P<time>[-\d]{10} [:\d]{8}) UTC (?P<what>.+), version (?P<version>\S+): (?P<error>.+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """The first line of what was written of one error."""

    time: str
    what: str
    """The function or the button that it stopped."""
    version: str
    error: str
    """Its type, the module and the line."""


def log_file(environment: Mapping[str, str] = os.environ, *, windows: bool = sys.platform == "win32") -> Path:
    """Return where unexpected errors are written down: the local application-data folder."""
    local = environment.get("LOCALAPPDATA" if windows else "XDG_STATE_HOME")
    return Path(local or Path.home() / ".local" / "state") / "Receivables" / "receivables.log"


def listen() -> None:
    """Have what stops a worksheet function in this process written down."""
    from udfs.unexpected import report_to  # brings numpy, which doctor may find broken

    report_to(function_stopped)


_noted: set[tuple[str, str]] = set()


def function_stopped(function: str, error: BaseException) -> None:
    """Write down what stopped a worksheet function, each place once a process: a column may fail a million times."""
    found = (function, _type_and_place(error))
    if found not in _noted:
        _noted.add(found)
        write(function, error)


def write(what: str, error: BaseException) -> bool:
    """Write down what stopped a function or a button; return whether that was possible.

    The last to be called where something went wrong: nothing goes wrong here that anybody would hear of.
    """
    try:
        lines = [f"{now()} UTC {what}, version {version()}: {_type_and_place(error)}", *_way_to(error)]
        # The empty line before it: a disk that was full may have cut the entry before.
        text = "".join(f"{' '.join(line.splitlines())}\n" for line in ("", *lines)).encode("utf-8", "backslashreplace")
        path = log_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            return False  # a pipe would wait for somebody to read it
        if path.exists() and path.stat().st_size > LIMIT:
            path.replace(_older(path))
        # One call, without a buffer: another Excel may be writing, too, and each entry stays whole.
        with path.open("ab", buffering=0) as log:
            return log.write(text) == len(text)
    except Exception:  # noqa: BLE001 - no home, no clock, no version, a full disk, an exception that has no name
        return False


def entries(path: Path) -> list[Entry]:
    """Return what the log holds, the oldest first; raises `OSError` where it is there and cannot be read."""
    lines = [line for part in (_older(path), path) if part.exists() for line in _text(part).splitlines()]
    return [Entry(**found.groupdict()) for line in lines if (found := _HEAD.fullmatch(line))]


def _text(part: Path) -> str:
    if not part.is_file():
        raise OSError(f"{part} is not a file")  # a pipe would wait for somebody to write to it
    with part.open("rb") as log:
        return log.read(2 * LIMIT).decode("utf-8", "replace")


def can_be_written(path: Path) -> bool:
    """Whether the log can be written, now or as soon as there is something to write."""
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    folder = next(parent for parent in path.parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK)


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def _type_and_place(error: BaseException) -> str:
    """Return the type of an error and the innermost line of our own that it came through."""
    place = "code that is not ours"
    for frame, line in walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__"))
        if module.partition(".")[0] in OURS:
            place = f"{module}, line {line}"
    return f"{_type(error)} in {place}"


def _within(file: str) -> str:
    """Return a file from its package on: the folders above it may bear the user's name."""
    parts = Path(file).parts
    first = next((i for i, part in enumerate(parts) if part in OURS or part == "site-packages"), len(parts) - 1)
    return "/".join(parts[first:])


def _type(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _way_to(error: BaseException | None) -> Iterator[str]:
    """Yield the calls that led to an error, and to those that led to it, each once: causes may go in a circle."""
    told: list[BaseException] = []
    while error is not None and not any(error is one for one in told) and len(told) < DEEPEST:
        told.append(error)
        code = getattr(error, "hresult", None)
        yield f"  {_type(error)}" + (f" {code}" if isinstance(code, int) else "")
        for frame, line in deque(walk_tb(error.__traceback__), DEEPEST):
            yield f"    {_within(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
