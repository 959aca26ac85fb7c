"""The one door for every file that is written: whole or not at all, and nothing of the user's is lost.

A run opens `Outputs`, fills the temporary files it gives out, and closes it: then all take their places, the month's
workbook last. Whatever stops the run leaves every file as it was, or is said to have left which not.
"""

from __future__ import annotations

import contextlib
import filecmp
import gc
import glob
import hashlib
import itertools
import json
import os
import re
import shutil
import sys
import traceback
import zipfile
import zlib
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from xlwings_addin import now as time_now
from xlwings_addin.writing import WorkbookError
from xlwings_addin.writing.at_work import locks, working_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BACKUPS = 10
MANIFEST = ".receivables.json"
"""In each folder written to: the digests of the files written there, the last two of each, but of workbooks that are
refreshed, which are known by their property."""
PROPERTY = "Receivables"
"""The custom property by which a workbook is known as ours."""
_COPY = re.compile(r" backup (\d{8}-\d{6})(?: \((\d+)\))?")


@dataclass
class _File:
    """A file of this run."""

    path: Path
    """As it was named; `target` is where that leads, through whatever links."""
    target: Path
    folder: Path
    """Where it is made, beside `target`: no other run has it, so none writes the same file."""
    workbook: bool
    before: tuple[Any, ...] | None = None
    """What `target` was when this run began; None where there was nothing."""

    @property
    def temporary(self) -> Path:
        return self.folder / self.target.name

    @property
    def former(self) -> Path:
        """Where what was there is kept, until every file of the run is in its place."""
        return self.folder / "former"


class Outputs:
    """The files of one run. As it ends well they take their places in the order of filling; else none does.

    Refused are a file that is read, or is written twice; one that changes while the run works; and one that
    Receivables did not make, or that was changed since, unless `force` is given. Of that, and of a workbook that is
    replaced by a workbook, a dated copy is kept; `copies` says where, by the path as it was named.
    """

    def __init__(self, inputs: Iterable[Path] = (), *, now: str = "", force: bool = False) -> None:
        self.inputs, self.now, self.force = tuple(inputs), now or time_now(), force
        self.copies: dict[Path, Path] = {}
        self._files: dict[Path, _File] = {}
        self._filled: list[_File] = []
        self._folders: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        well = False
        try:
            if error is None:
                self._put_in_place(self._filled)
                well = True
        finally:
            for one in self._files.values():
                shutil.rmtree(one.folder, ignore_errors=True)
            for folder in () if well else self._folders:
                with contextlib.suppress(OSError):
                    folder.rmdir()

    def folder(self, path: Path) -> None:
        """Make a folder where there is none; it is taken away again where the run fails."""
        missing = [one for one in (path, *path.parents) if not one.exists()]
        with _told(path):
            path.mkdir(parents=True, exist_ok=True)
        self._folders += missing

    def claim(self, path: Path, *, workbook: bool = False) -> _File:
        """Say that this run will write `path`: no other run may until the end. Raises `WorkbookError` if it may not."""
        with _told(path):
            target = _target(path)
            if read := next((one for one in self.inputs if _same(target, _target(one))), None):
                raise WorkbookError(f"{path} is read in this run ({read}), so it is not written to: name another file.")
            if any(_same(target, one) for one in self._files):
                raise WorkbookError(f"{path} would be written twice in this run: name another file for one of the two.")
            if target.is_dir():
                raise WorkbookError(f"{path} is a folder; give the name of a file in it.")
            if not target.parent.is_dir():
                raise WorkbookError(f"{path} cannot be written: there is no folder {path.parent}; make it first.")
            self._check(path, target, workbook=workbook)
            one = _File(path, target, working_folder(path, target), workbook)
            self._files[target] = one
            one.before = _state(target)
        return one

    @contextmanager
    def file(self, path: Path, *, workbook: bool = False) -> Iterator[Path]:
        """Give a temporary file, or the name of a folder, to fill; as the run ends it takes the place of `path`.

        `workbook`: a workbook of ours that is there may be replaced; what was typed into it is carried, or is its copy.
        """
        one = self._files.get(_target(path))
        if one is None or one in self._filled:
            one = self.claim(path, workbook=workbook)
        with _told(path):
            yield one.temporary
        self._filled.append(one)

    def write(self, path: Path, content: bytes) -> Path:
        """Fill a small file, and return where it is until the run ends."""
        with self.file(path) as temporary:
            temporary.write_bytes(content)
        return temporary

    # ---- what may be replaced

    def _check(self, path: Path, target: Path, *, workbook: bool) -> None:
        """Refuse what may not be replaced."""
        if not target.exists():
            return
        if not target.is_file():
            raise WorkbookError(f"{path} is not an ordinary file: name another.")
        for lock in locks(target):
            if not (self.force and lock.is_stale()):
                raise WorkbookError(
                    f"{path} is open, by {lock.owner} since {lock.since} UTC: close it there and run this again;"
                    f" where nobody has it open, delete {lock.path.name} beside it."
                )
        if not (self.force or (workbook and _is_our_workbook(target)) or _is_untouched(target)):
            raise WorkbookError(
                f"{path} exists and is not replaced: Receivables did not write it, or it was changed since;"
                " name another file, or move this one away."
            )

    def _put_in_place(self, files: list[_File]) -> None:
        """Let the files take their places, all or none: first everything that can fail, then the renaming."""
        path, begun = Path(), list[_File]()
        try:
            files = [one for one in files if not _is_equal(one.temporary, one.target)]
            for one in files:
                path = one.path
                self._make_ready(one)
            for one in files:
                path = one.path
                if one.target.exists() and (one.workbook or not _is_untouched(one.target)):
                    self.copies[path] = _back_up(one, self.now)
            _note([one for one in files if not one.workbook and one.temporary.is_file()])
            for one in files:
                path = one.path
                _remember(one)
                begun.append(one)
                one.temporary.replace(one.target)
        except BaseException as error:
            left = [str(one.path) for one in reversed(begun) if not _put_back(one)]
            for of, kept in self.copies.items():
                if str(of) not in left:
                    kept.unlink(missing_ok=True)
            if isinstance(error, OSError | KeyboardInterrupt):
                raise _failure(path, error, left) from error
            raise
        for one in files:
            if copy := self.copies.get(one.path):
                drop_old_backups(one.target, copy)

    def _make_ready(self, one: _File) -> None:
        self._check(one.path, one.target, workbook=one.workbook)
        if _state(one.target) != one.before:
            raise WorkbookError(
                f"{one.path} was changed by somebody else meanwhile; nothing was written: run it again."
            )
        if one.temporary.is_dir():
            return
        with one.temporary.open("rb+") as made:
            os.fsync(made.fileno())
        if one.before:
            # What is read only, or open in Excel, cannot be opened for writing.
            with one.target.open("rb+"):
                shutil.copymode(one.target, one.temporary)


def joining(files: Outputs | None) -> AbstractContextManager[Outputs]:
    """Give the files of the run at work; where there is none, those of a run that ends with the block."""
    return nullcontext(files) if files else Outputs()


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _same(one: Path, other: Path) -> bool:
    """Whether two names are one file, or would be where case does not count."""
    with contextlib.suppress(OSError):
        if one.samefile(other):
            return True
    return str(one).casefold() == str(other).casefold()


def _state(path: Path) -> tuple[Any, ...] | None:
    if not path.exists():
        return None
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_equal(made: Path, target: Path) -> bool:
    return made.is_file() and target.is_file() and filecmp.cmp(made, target, shallow=False)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a disk refuses into one sentence."""
    try:
        yield
    except OSError as error:
        _let_go(error)
        raise _failure(path, error) from error


def _failure(path: Path, error: BaseException, done: Sequence[str] = ()) -> WorkbookError:
    why = getattr(error, "strerror", None) or str(error) or "stopped"
    left = f"written before it, and not to be taken back: {', '.join(done)}" if done else "nothing was changed"
    return WorkbookError(
        f"{path} cannot be written ({why}); {left}: close it where it is open, make room, or name another folder."
    )


def _let_go(error: BaseException) -> None:
    """Let go of what was half written, or the disk would be asked again, and complain again, when Python ends."""
    complain, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(error.__traceback__)
        gc.collect()
    finally:
        sys.unraisablehook = complain


def _remember(one: _File) -> None:
    """Keep what a file is about to replace, by a second name of it where the disk knows such."""
    if one.before:
        try:
            os.link(one.target, one.former)
        except OSError:
            shutil.copy2(one.target, one.former)


def _put_back(one: _File) -> bool:
    """Put back what was there before, or nothing where there was nothing; whether that succeeded."""
    try:
        if one.former.exists():
            one.former.replace(one.target)
        elif not one.temporary.exists():
            one.target.replace(one.temporary)
    except OSError:
        return False
    return True


# ---- what is ours


def _is_our_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:

            def says(part: str, what: str) -> bool:
                with package.open(part) as file:
                    return what.encode() in file.read(1 << 16)

            names = package.namelist()
            if "docProps/custom.xml" in names and says("docProps/custom.xml", f'"{PROPERTY}"'):
                return True
            # Workbooks of version 0.1, and those a program saved without properties, have our tables.
            return any(says(name, '"tblMonthly"') for name in names if name.startswith("xl/tables/"))
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return False


def _is_untouched(path: Path) -> bool:
    """Whether a file that is no workbook holds what we wrote, and nothing else."""
    return _digest(path) in _manifest(path.parent).get(path.name, ())


def _manifest(folder: Path) -> dict[str, list[str]]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(files: Sequence[_File]) -> None:
    """Write down what is about to be written; of each file also what was there, should the run be killed."""
    for folder in {one.target.parent for one in files}:
        known = {name: said for name, said in _manifest(folder).items() if (folder / name).exists()}
        here = [one for one in files if one.target.parent == folder]
        for one in here:
            known[one.target.name] = [*known.get(one.target.name, ())[-1:], _digest(one.temporary)]
        made = here[0].folder / MANIFEST
        made.write_text(json.dumps(known, indent=1), encoding="utf-8")
        made.replace(folder / MANIFEST)


# ---- dated copies


def _back_up(one: _File, now: str) -> Path:
    """Save a dated copy of what is about to be replaced, and return its path beside the name that was given."""
    copy = backup_name(one.target, now)
    shutil.copy2(one.target, one.folder / "copy")
    (one.folder / "copy").replace(copy)
    beside = one.path.with_name(copy.name)
    return beside if beside.exists() else copy


def backup_name(path: Path, now: str) -> Path:
    """Return what the copy of `path` made at `now` is called: a name that no file has yet."""
    stamp = now.replace("-", "").replace(":", "").replace(" ", "-")
    return unused(path.with_stem(f"{path.stem} backup {stamp}"))


def unused(path: Path) -> Path:
    """Return `path`, or where there is one, the first of `path (2)`, `path (3)` and so on that is not there."""
    names = itertools.chain([path.stem], (f"{path.stem} ({number})" for number in itertools.count(2)))
    return next(free for name in names if not os.path.lexists(free := path.with_stem(name)))


def drop_old_backups(path: Path, newest: Path) -> None:
    """Keep the last ten copies of `path`, the one just made among them whatever the clock said."""
    found = {}
    for copy in path.parent.glob(f"{glob.escape(path.stem)} backup *{glob.escape(path.suffix)}"):
        if (dated := _COPY.fullmatch(copy.stem.removeprefix(path.stem))) and copy.name != newest.name:
            found[copy] = (dated[1], int(dated[2] or 1))
    for old in sorted(found, key=found.__getitem__)[: 1 - BACKUPS]:
        old.unlink(missing_ok=True)
