"""How a file comes into being: whole or not at all, what stood there before kept as a dated copy."""

from __future__ import annotations

import filecmp
import glob
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.writing import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKUPS = 10
LEFTOVER_SECONDS = 3600


@contextmanager
def whole(path: Path, *, backup: str = "") -> Iterator[Path]:
    """Give a temporary file to fill, which then takes the place of `path`.

    A file already there is copied first to one named after `backup`, the time now; one that would not change is
    left as it is. Raises `WorkbookError` where the folder cannot be written to; nothing is left behind then.
    """
    try:
        _clear_leftovers(path)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise WorkbookError(
            f"{path} cannot be written ({error.strerror}): choose a folder of yours with --out."
        ) from error
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        if path.exists():
            if filecmp.cmp(temporary, path, shallow=False):
                return
            if backup:
                _back_up(path, backup)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        # mkstemp makes files for its owner alone; a workbook is shared like any other.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _clear_leftovers(path: Path) -> None:
    """Remove what killed runs left beside `path`; a younger file may be another run at work."""
    for left in path.parent.glob(f".{glob.escape(path.stem)}-*.tmp"):
        if time.time() - left.stat().st_mtime > LEFTOVER_SECONDS:
            left.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _back_up(path: Path, now: str) -> None:
    """Save a dated copy of `path` beside it and keep the last ten."""
    copy = backup_name(path, now)
    temporary = copy.with_suffix(".tmp")
    shutil.copy2(path, temporary)
    temporary.replace(copy)
    drop_old_backups(path)


def backup_name(path: Path, now: str) -> Path:
    """Return what the copy of `path` made at `now` is called."""
    stamp = now.replace("-", "").replace(":", "").replace(" ", "-")
    return path.with_name(f"{path.stem} backup {stamp}{path.suffix}")


def drop_old_backups(path: Path) -> None:
    """Keep the last ten copies of `path`."""
    for old in sorted(path.parent.glob(f"{glob.escape(path.stem)} backup *{path.suffix}"))[:-BACKUPS]:
        old.unlink()
