"""A life: a small ledger, refreshed by the real command; between refreshes users do what users do.

After each run holds: every typed value is in the new workbook, or in the copy that a message names, or the run was
refused, in one sentence, with every file as it was.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from commands import receivables
from lives.actions import CHANGING, FIELDS, FIRST_DAY, TYPING, Clerk, drawn, resaved
from lives.books import Book, Formula

from xlwings_addin import month_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lives.books import Place, Value

MONTHS = ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30")
ROUNDS = 3
CUSTOMERS = ("0001,Elm Works", "0002,Oak Trading", "0003,Ash & Co")
ELSEWHERE = ("Checks", "Paid items", "Collections")
"""Where an entry goes whose row is gone, with its item or as a note."""
FIELD_NAMES = {field.name for field in FIELDS}
OFFICE = shutil.which("soffice")


REFRESH = (
    "refresh", "items.csv", "--receipts", "receipts.csv", "--as-of", MONTHS[0], "--out", "m0.xlsx", "-q"
)  # fmt: skip
SECONDS = 0.6
"""What a refresh takes, about."""
BACKUPS = 10
"""The copies of a workbook that are kept."""


class ViolationError(AssertionError):
    """What does not hold."""


# ---- the independent oracle


def lost(before: Book, after: Book, clerk: Clerk, said: str, copy: Path | Book | None) -> Iterator[str]:
    """Yield what of the workbook before is neither in the one after nor in a copy, its sheet being named.

    `said` is what the run said was left behind; `copy` the workbook it named for that.
    """
    everything = {title: set(map(_plain, cells.values())) for title, cells in after.cells.items()}
    named_cells = {name: place for name, place in before.names.items() if name in FIELD_NAMES}
    of_fields = {place: name for name, place in named_cells.items()}
    for title, cells in before.cells.items():
        near = everything.get(title, set()).union(*(everything.get(one, ()) for one in ELSEWHERE))
        for place, value in cells.items():
            if isinstance(value, Formula):
                continue
            field = of_fields.get((title, place))
            if field and not isinstance(value, str) and field in after.names:
                kept = _plain(_held(after, field)) in _readings(value)
            elif not isinstance(value, bool) and value in clerk.known:
                kept = bool(near & _readings(value))
            else:
                continue
            if kept:
                continue
            copy = Book(copy) if isinstance(copy, Path) else copy
            there = copy is not None and copy.cells.get(title, {}).get(place) == value
            # Over a figure of ours somebody types in vain, but for the copy: whose figure it was cannot be seen.
            figure = (title, place) in before.names.values() or _is_in_an_area(before, title, place)
            if not (there and (title in said or figure)):
                yield f"{value!r:.80} in {title}!{place}{f' ({field})' if field else ''} is lost: {said!r:.300}"


def _held(book: Book, name: str) -> Any:
    title, place = book.names[name]
    return book.cells.get(title, {}).get(place)


def _plain(value: Value | Formula) -> Any:
    return value.shows if isinstance(value, Formula) else value.strip() if isinstance(value, str) else value


def _readings(value: Any) -> set[Any]:
    """What a typed value may be in the next workbook: itself, a date that was text, a date or a number in a note."""
    found = {_plain(value)}
    if isinstance(value, bool):
        found |= {str(value).upper()}
    elif isinstance(value, float):
        found |= {str(value), f"{value:g}", str(int(value))} if value.is_integer() else {str(value)}
        # The number of a day: the time of it is nothing that a date has.
        found |= {float(int(value))} if abs(value) < 60_000 else set()
        if 40_000 < value < 60_000:
            found |= {str(FIRST_DAY + dt.timedelta(value)), str(int(value) - 25_569)}
    else:
        for pattern, parts in ((r"(\d\d)\.(\d\d)\.(\d{4})", (3, 2, 1)), (r"(\d{4})-(\d\d)-(\d\d)", (1, 2, 3))):
            if day := re.fullmatch(pattern, value):
                written = dt.date(*(int(day[part]) for part in parts))
                serial = (written - FIRST_DAY).days
                found |= {float(serial), str(written), str(serial - 25_569)}
        with contextlib.suppress(ValueError):
            found.add(float(value))
    return found


def _is_in_an_area(book: Book, title: str, place: Place) -> bool:
    """Whether a cell is in a table, or in what one formula fills."""
    tables = [(one.left, one.top, one.right, one.bottom) for one in book.tables.values() if one.sheet == title]
    return any(
        top <= place[0] <= bottom and left <= place[1] <= right
        for left, top, right, bottom in [*tables, *book.arrays[title]]
    )


# ---- a life


class Life:
    """A workbook from its first month on, in a folder of its own."""

    def __init__(self, seed: int, number: int, folder: Path, *, office: bool = False) -> None:
        self.chance = random.Random(f"{seed}/{number}")
        self.clerk = Clerk(self.chance)
        self.folder, self.office = folder, office
        self.month, self.items, self.paid = 0, 0, 0
        self.ends: Counter[str] = Counter()
        self.out = Path("m0.xlsx")

    @property
    def done(self) -> list[str]:
        """What was done, in order."""
        return self.clerk.done

    def live(self) -> None:
        """Raise `ViolationError` where something does not hold."""
        first(self.folder)
        self.items = 4
        for _ in range(self.chance.randint(2, ROUNDS)):
            self._round()

    def _round(self) -> None:
        path = self.folder / self.out
        whole = path.read_bytes()
        before = self._edit(path)
        self._ledger()
        onwards = self.chance.random() < 0.5 and self.month + 1 < len(MONTHS)
        month = self.month + onwards
        out = Path(f"m{month}.xlsx")
        arguments = ["refresh", "items.csv", "--receipts", "receipts.csv", "--as-of", MONTHS[month], "--out", out]
        arguments += ["--previous", self.out] if onwards else []
        self.done.append(f"refresh {out}{f' from {self.out}' if onwards else ''}")
        trouble = drawn(self.chance, TROUBLES)
        if trouble is not None:
            self.done.append(trouble.__name__)
            trouble(self, arguments, out, before)
            # A run among them may have come to its end: its workbook is the one that is refreshed now.
            before = Book(self.folder / out) if (self.folder / out).exists() else before
        ended, error = self._run(arguments, before)
        if ended == 2 and "--force" in error and "gone" in error and self.chance.random() < 0.7:
            ended, error = self._run([*arguments, "--force"], before)
        if ended == 2:
            # The clerk takes the workbook of before, and goes on from there.
            path.write_bytes(whole)
        else:
            self.month, self.out = month, out

    def _edit(self, path: Path) -> Book:
        book = Book(path)
        for _ in range(self.chance.randint(1, 3)):
            drawn(self.chance, TYPING)(self.clerk, book)
        typed = self.chance.random() >= 0.12
        if not typed:
            drawn(self.chance, CHANGING)(self.clerk, book)
        book.save(path)
        if self.chance.random() < 0.08:
            with warnings.catch_warnings(action="ignore"):
                resaved(self.clerk, path)
        elif self.office and OFFICE and self.chance.random() < 0.004:
            by_libreoffice(path)
            self.done.append("saved by LibreOffice")
        elif typed:
            return book
        return Book(path)

    def _ledger(self) -> None:
        """The export of today: some items more, some paid."""
        day = MONTHS[self.month]
        with (self.folder / "items.csv").open("a") as file:
            for _ in range(self.chance.randint(0, 2)):
                self.items += 1
                customer = self.chance.choice(CUSTOMERS)
                file.write(f"{customer},A{self.items},{day[:8]}12,{day},EUR,{self.items}50.00\n")
        if self.paid < self.items - 2 and self.chance.random() < 0.5:
            self.paid += 1
            with (self.folder / "receipts.csv").open("a") as file:
                amount = "1000.00" if self.paid <= 4 else f"{self.paid}50.00"
                file.write(f"A{self.paid},{day[:8]}20,{amount}\n")

    def _run(self, arguments: list[Any], before: Book) -> tuple[int, str]:
        """Run the command, and look at everything afterwards."""
        was = content(self.folder)
        try:
            run = receivables(*arguments, cwd=self.folder)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            raise ViolationError(f"{type(error).__name__}: {error} [{where.filename}:{where.lineno}]") from error
        self.ends[judge(run, self.folder, was, before, self.clerk, arguments)] += 1
        return int(run.returncode), run.stderr

    # ---- what may come between

    def a_lock(self, arguments: list[Any], out: Path, before: Book) -> None:
        """The workbook to write is open somewhere."""
        if not (self.folder / out).exists():
            return
        name = self.chance.choice((f"~${out}", f".~lock.{out}#"))
        (self.folder / name).write_bytes(self.chance.choice((b"\x06Jo Doe", b",jo,desk,28.11.2026 10:00,;", b"")))
        self._refused(arguments, before, "is open")
        (self.folder / name).unlink()

    def a_full_disk(self, arguments: list[Any], out: Path, before: Book) -> None:
        """There is room for some bytes of each file only."""
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.chance.randint(0, 90_000), limits[1]))
        try:
            self._run(arguments, before)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    def saved_meanwhile(self, arguments: list[Any], out: Path, before: Book) -> None:
        """Somebody saves the workbook to be replaced while the run works."""
        path, close = self.folder / out, month_end.close_month
        if not path.exists():
            return

        def closing(*given: Any, **more: Any) -> Any:
            book = Book(path)
            self.clerk.anywhere(book)
            book.save(path)
            return close(*given, **more)

        with mock.patch.object(month_end, "close_month", closing):
            run = receivables(*arguments, cwd=self.folder)
        if run.returncode != 2:
            raise ViolationError(f"what was saved meanwhile was replaced: {run.stdout:.200}")

    def killed(self, arguments: list[Any], out: Path, before: Book) -> None:
        """The run is killed at some moment."""
        kill(self.folder, self.clerk.count, self.chance.random() * SECONDS, arguments)

    def two_runs(self, arguments: list[Any], out: Path, before: Book) -> None:
        """Two runs at once; each version that was written is the workbook or a copy of it."""
        pair(self.folder, self.clerk.count, arguments)

    def _refused(self, arguments: list[Any], before: Book, why: str) -> None:
        ended, error = self._run(arguments, before)
        if ended != 2 or why not in error:
            raise ViolationError(f"not refused though it {why}: {error}")


TROUBLES: tuple[tuple[Callable[..., None] | None, int], ...] = (
    (None, 80), (Life.a_lock, 3), (Life.a_full_disk, 3), (Life.saved_meanwhile, 3), (Life.killed, 2),
    (Life.two_runs, 2),
)  # fmt: skip


def content(folder: Path) -> dict[str, bytes]:
    """What is in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def judge(
    run: subprocess.CompletedProcess[str],
    folder: Path,
    was: dict[str, bytes],
    before: Book,
    clerk: Clerk,
    arguments: list[Any],
) -> str:
    """Return how a run has ended. Raises `ViolationError` where it may not have."""
    said, error = run.stdout, run.stderr
    if "Traceback" in said + error:
        raise ViolationError(f"traceback: {error}")
    if run.returncode == 2:
        *notes, sentence = error.splitlines() or [""]
        if not re.fullmatch(r"receivables: .*\.", sentence) or not all(one.startswith("Note: ") for one in notes):
            raise ViolationError(f"no sentence: {error!r}")
        if content(folder) != was:
            raise ViolationError(f"refused, and something changed: {sentence}")
        return "refused"
    if run.returncode != 0:
        raise ViolationError(f"exit status {run.returncode}: {error}")
    out = folder / arguments[arguments.index("--out") + 1]
    for name, data in was.items():
        if name != out.name and not name.startswith(".") and (folder / name).read_bytes() != data:
            raise ViolationError(f"{name} was changed")
    named = re.search(r"still in (.+?\.xlsx): ", said)
    beside = re.search(r"as it was:  (.+)", said)
    kept = named or beside
    copy = folder / kept[1] if kept else None if out.name in was else before
    told = "\n".join(one for one in (said + error).splitlines() if one.startswith(("Not carried over", "Note: not in")))
    for gone in lost(before, Book(out), clerk, told, copy):
        raise ViolationError(gone)
    return "refreshed"


def first(folder: Path) -> None:
    """The first month of every life, made once."""
    made = FIRST.get("folder")
    if made is None:
        head = "Customer ID,Customer,Document,Document date,Due date,Currency,Amount\n"
        rows = [f"{CUSTOMERS[n % 3]},A{n + 1},2024-01-{n + 5:02d},2024-02-{n + 4:02d},EUR,1000.00\n" for n in range(4)]
        (folder / "items.csv").write_text(head + "".join(rows))
        (folder / "receipts.csv").write_text("Document,Date,Amount\n")
        run = receivables(
            "refresh", "items.csv", "--receipts", "receipts.csv", "--as-of", MONTHS[0], "--out", "m0.xlsx", cwd=folder
        )
        assert run.returncode == 0, run.stderr
        FIRST["folder"] = content(folder)
        return
    for name, data in made.items():
        (folder / name).write_bytes(data)


FIRST: dict[str, dict[str, bytes]] = {}


def by_libreoffice(path: Path) -> None:
    """Have LibreOffice save it."""
    folder = path.with_name("office")
    assert OFFICE
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, path],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    shutil.move(folder / path.name, path)
    shutil.rmtree(folder, ignore_errors=True)


# ---- processes


def forked(folder: Path, arguments: list[Any]) -> int:
    """Run the command in a process of its own, which has all it needs in its memory; its number."""
    child = os.fork()
    if child:
        return child
    status = 70
    with contextlib.suppress(BaseException):
        status = int(receivables(*arguments, cwd=folder).returncode)
    os._exit(status)


def unharmed(folder: Path, was: dict[str, bytes]) -> None:
    """After a run that was killed every workbook is whole, and each of before is there still, or ten newer ones."""
    now = content(folder)
    full = sum(" backup " in name for name in now) >= BACKUPS
    for name, data in was.items():
        copies = [one for other, one in now.items() if other.startswith(name.removesuffix(".xlsx"))]
        if name.endswith(".xlsx") and data not in copies and not (full and " backup " in name):
            raise ViolationError(f"{name} is nowhere any more")
    for name in now:
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(folder / name) as package:
                if package.testzip() is not None:
                    raise ViolationError(f"{name} is damaged")


def pair(folder: Path, number: int, arguments: Sequence[Any] = REFRESH) -> Counter[str]:
    """Two runs of two companies at once: the company of each that ended well is in the workbook or in a copy."""
    out = folder / arguments[arguments.index("--out") + 1]
    companies = [f"Company {number} {which} Ltd" for which in ("A", "B")]
    was = content(folder)
    children = [forked(folder, [*arguments, "--company", company]) for company in companies]
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    unharmed(folder, was)
    books = [out, *folder.glob(f"{out.stem} backup *.xlsx")] if 0 in statuses else []
    found = {_held(Book(path), "company") for path in books}
    for company, status in zip(companies, statuses, strict=True):
        if status not in (0, 2):
            raise ViolationError(f"exit status {status} of {company}")
        if status == 0 and company not in found:
            raise ViolationError(f"the version of {company} is lost")
    return Counter("refused" if status else "written" for status in statuses)


def kill(folder: Path, number: int, seconds: float, arguments: Sequence[Any] = REFRESH) -> str:
    """Kill a run after some seconds: the workbook is that of before, or the new one, whole."""
    was = content(folder)
    child = forked(folder, [*arguments, "--company", f"Killed {number} Ltd"])
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    unharmed(folder, was)
    return "as it was" if content(folder) == was else "written"
