"""Who else is at work on a file: other programs by their locks, other runs of ours by their folders."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings_addin.writing import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFTOVER_SECONDS = 4 * 3600
"""The age at which a working folder is no longer that of a run at work; of a run known to be killed, it is none."""
_OWNER = "owner.json"


# ---- what is open in another program


@dataclass(frozen=True)
class Lock:
    """The file that Excel or LibreOffice keeps beside one that is open."""

    path: Path
    owner: str
    machine: str = ""

    @property
    def since(self) -> str:
        """When the file was opened, UTC."""
        return time.strftime("%Y-%m-%d %H:%M", time.gmtime(self.path.stat().st_mtime))

    def is_stale(self) -> bool:
        """Whether it was left by a LibreOffice that is gone; Excel's says no machine, so that nobody can tell."""
        here = self.machine.casefold() == socket.gethostname().casefold()
        programs = _programs() if here else []
        return bool(programs) and not any("soffice" in program for program in programs)


def locks(target: Path) -> Iterator[Lock]:
    """Yield the locks beside a file."""
    for name in (f".~lock.{target.name}#", f"~${target.name}"):
        path, said = target.with_name(name), b""
        if not os.path.lexists(path):
            continue
        with contextlib.suppress(OSError):
            said = path.read_bytes()[:1000]
        if name.startswith("~"):
            person = said[1 : 1 + said[0]].decode("cp1252", "replace").strip() if said else ""
            yield Lock(path, person or "somebody")
        else:
            person, login, machine, *_ = [*said.decode("utf-8", "replace").split(","), "", "", ""]
            yield Lock(path, f"{person or login or 'somebody'} on {machine or 'another machine'}", machine)


def _programs() -> list[str]:
    """Return the names of the programs that run on this machine; none where that cannot be known."""
    if not Path("/proc/self/comm").exists():
        return []
    found = []
    for one in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            found.append(one.read_text(encoding="utf-8", errors="replace").strip())
    return found


# ---- the folder a file is made in


def working_folder(path: Path, target: Path) -> Path:
    """Make the folder beside `target` in which it is made; what killed runs left there is removed."""
    for left in target.parent.glob(".receivables-*.tmp"):
        if _is_abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    name = hashlib.sha256(os.fsencode(target.name.casefold())).hexdigest()[:12]
    folder = target.with_name(f".receivables-{name}.tmp")
    try:
        folder.mkdir()
    except FileExistsError:
        raise WorkbookError(
            f"{path} is being written by another run{_owner_of(folder)}: wait until it has ended, and run this again."
        ) from None
    try:
        # Not as it is made: on Windows that would shut others out of what is made in it, and later moved.
        folder.chmod(0o700)
        owner = {"process": os.getpid(), "machine": socket.gethostname()}
        (folder / _OWNER).write_text(json.dumps(owner), encoding="utf-8")
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _owner(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _owner_of(folder: Path) -> str:
    owner = _owner(folder)
    return f" (process {owner.get('process')} on {owner.get('machine')})" if owner else ""


def _is_abandoned(folder: Path) -> bool:
    """Whether the run that made this folder has ended."""
    owner = _owner(folder)
    process = owner.get("process") if owner.get("machine") == socket.gethostname() else None
    if isinstance(process, int) and not _is_running(process):
        return True
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime > LEFTOVER_SECONDS
    return False


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        synchronize, timed_out, denied = 0x100000, 0x102, 5
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        if not (handle := kernel.OpenProcess(synchronize, False, process)):
            # Somebody else's, on a server that several work on.
            return ctypes.get_last_error() == denied
        running = kernel.WaitForSingleObject(handle, 0) == timed_out
        kernel.CloseHandle(handle)
        return bool(running)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
