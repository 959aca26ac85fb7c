"""Every file that a command writes: what it may not replace it refuses, and whatever stops it leaves all as it was.

Made from the command's own options, each of them on: one that is added is tried here by itself.
"""

import contextlib
import csv
import functools
import io
import itertools
import os
import resource
import shutil
import sys
from pathlib import Path

import click
import pytest
from commands import receivables

from xlwings_addin import cli, month_end, sample
from xlwings_addin.writing.outputs import MANIFEST

pytestmark = pytest.mark.slow

ITEMS = """Customer ID,Document,Document date,Due date,Currency,Amount
1,A,2024-01-05,2024-02-04,EUR,100
2,B,2024-01-06,2024-02-05,EUR,200
"""
INPUTS = {
    "ledger": ITEMS,
    "receipts": "Customer ID,Document,Date,Amount\n1,A,2024-01-20,60\n2,B,2024-01-20,60\n",
    "customers": "Customer ID,Customer\n1,Elm\n2,Oak\n",
    "sales": "Month,Credit sales\n2024-01,300\n",
    "mapping": "",
}
GIVEN = {
    "demo": (),
    "template": (),
    "check": ("ledger", "--as-of", "2024-03-31"),
    "refresh": ("ledger", "--receipts", "receipts", "--as-of", "2024-03-31", "--company", "Example Ltd"),
    "reminders": ("workbook",),
}
"""What each command that writes files is given, in a folder that holds `INPUTS`, and a workbook with reminders due."""
IN_A_CLONE = {"build", "bundle", "install", "uninstall"}
"""They work on a clone or on Excel's own folders, and have tests of their own."""
SAID_ONLY = {"force", "quiet", "as_json"}
CREATED = None
"""The files that Python is asked to create, while somebody looks."""


@sys.addaudithook
def _hear(event, details):
    if CREATED is not None and event == "open" and isinstance(details[0], str) and (details[2] or 0) & os.O_CREAT:
        CREATED.append(details[0])


def of_kind(command, *kinds):
    return [option for option in cli.cli.commands[command].params if option.type in kinds]


def everything(command):
    """The arguments of a command with every file that it can write."""
    found = [command, *GIVEN[command]]
    for option in cli.cli.commands[command].params:
        if option.type is cli.FOLDER:
            found += [option.opts[0], "folder"]
        elif option.type in (cli.OUTPUT, cli.WORKBOOK):
            found += [option.opts[0], f"{option.name}.xlsx" if option.name == "out" else option.name]
        elif isinstance(option, click.Option) and option.is_flag and option.name not in SAID_ONLY:
            found.append(option.opts[0])
    return found


@pytest.fixture(scope="module", autouse=True)
def _small():
    """A small sample company, and sheets too short for the ledger, so that there are files beside the workbook."""
    with pytest.MonkeyPatch.context() as patch:
        small = functools.partial(sample.generate, months=14, customers=8, invoices=60)
        patch.setattr(sample, "generate", small)
        patch.setattr(month_end, "close_month", functools.partial(month_end.close_month, rows_per_sheet=1))
        yield


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """The folder a command finds."""
    folder = tmp_path_factory.mktemp("start")
    for name, text in INPUTS.items():
        (folder / name).write_text(text)
    run = receivables(*everything("refresh"), "--out", "workbook.xlsx", "-q", cwd=folder)
    assert run.returncode == 0, run.stderr
    (folder / "workbook.xlsx").rename(folder / "workbook")
    for path in folder.iterdir():
        if path.name not in {*INPUTS, "workbook"}:
            path.unlink()
    return folder


@pytest.fixture
def fresh(start, tmp_path):
    def make(name="folder"):
        return Path(shutil.copytree(start, tmp_path / name, dirs_exist_ok=True))

    return make


@functools.cache
def _written(command, start):
    folder = start.with_name(f"written by {command}")
    shutil.copytree(start, folder)
    run = receivables(*everything(command), cwd=folder)
    assert run.returncode == 0, run.stderr
    new = [p.relative_to(folder) for p in folder.rglob("*") if not (start / p.relative_to(folder)).exists()]
    return sorted(p for p in new if p.name != MANIFEST and (folder / p).is_file())


@pytest.fixture(params=GIVEN)
def command(request):
    return request.param


@pytest.fixture
def written(command, start):
    """The files that the command writes with every option on, at places that are the same each time."""
    return [path for path in _written(command, start) if not path.parent.name.startswith("reminders ")]


def content(folder):
    """What is in a folder: files with their bytes, pipes and folders without."""
    return {path: path.read_bytes() if path.is_file() else path.stat().st_ino for path in folder.rglob("*")}


def refused(folder, *arguments):
    """The one sentence with which a run is refused; every file is as it was."""
    before = content(folder)
    run = receivables(*arguments, cwd=folder)
    assert run.returncode == 2, (arguments, run.stdout, run.stderr)
    assert run.stderr.count("\n") == 1, run.stderr
    assert run.stderr.startswith("receivables: ")
    assert content(folder) == before, arguments
    return run.stderr


def test_every_command_that_writes_files_is_tried():
    kinds = (cli.OUTPUT, cli.WORKBOOK, cli.FOLDER)
    writing = {name for name in cli.cli.commands if of_kind(name, *kinds)}
    assert writing - IN_A_CLONE == set(GIVEN)
    inputs = {option.name for name in GIVEN for option in of_kind(name, cli.FILE)}
    assert inputs == {*INPUTS, "workbook", "previous"}


def test_a_file_is_made_in_a_folder_of_its_own_and_nothing_is_left_there(command, fresh, written):
    global CREATED
    folder, CREATED = fresh(), []
    run, seen, CREATED = receivables(*everything(command), cwd=folder), CREATED, None
    assert run.returncode == 0, run.stderr
    seen = [path for path in seen if Path(path).is_relative_to(folder) or not Path(path).is_absolute()]
    # Parquet is written by no Python.
    assert len(seen) >= len([path for path in written if path.suffix != ".parquet"])
    assert [path for path in seen if ".receivables-" not in path] == []
    assert [path for path in folder.rglob("*") if ".receivables-" in path.name] == []


def test_what_somebody_else_made_is_not_replaced(command, fresh, written):
    for number, path in enumerate(written):
        folder = fresh(f"{number}")
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("mine")
        assert "exists and is not replaced" in refused(folder, *everything(command))
        (folder / path).unlink()
        os.mkfifo(folder / path)
        assert "not an ordinary file" in refused(folder, *everything(command))


def test_with_force_it_is_replaced_and_a_copy_kept(command, fresh, written):
    for number, path in enumerate(written if "force" in {one.name for one in cli.cli.commands[command].params} else ()):
        folder = fresh(f"{number}")
        (folder / path).write_text("mine")
        if path.name == "out.xlsx":
            assert "cannot be read as a workbook" in refused(folder, *everything(command), "--force")
            continue
        run = receivables(*everything(command), "--force", cwd=folder)
        assert run.returncode == 0, run.stderr
        (copy,) = folder.glob(f"{path.stem} backup *{path.suffix}")
        assert (copy.read_text(), (folder / path).read_bytes() == b"mine") == ("mine", False)


def test_what_is_read_is_not_written_to(command, fresh, written):
    for option in of_kind(command, cli.FILE):
        for number, path in enumerate(written):
            folder = fresh(f"{option.name}{number}")
            (folder / ("workbook" if option.name == "previous" else option.name)).rename(folder / path)
            arguments = [str(path) if one == option.name else one for one in everything(command)]
            if isinstance(option, click.Option):
                arguments += [option.opts[0], str(path)]
            refused(folder, *arguments)


def test_no_two_outputs_are_one_file(command, fresh, written):
    for option in of_kind(command, cli.OUTPUT):
        others = [path for path in written if path.name not in (option.name, f"{option.name}.xlsx")]
        for number, path in enumerate(others):
            said = refused(fresh(f"{option.name}{number}"), *everything(command), option.opts[0], str(path))
            assert "written twice" in said


def test_a_folder_that_is_not_there_is_not_made_for_a_file(command, fresh):
    for option in of_kind(command, cli.OUTPUT, cli.WORKBOOK):
        said = refused(fresh(), *everything(command), option.opts[0], "nowhere/file.xlsx")
        assert "there is no folder nowhere" in said
        assert "is a folder" in refused(fresh(), *everything(command), option.opts[0], ".")
        assert "cannot be written" in refused(fresh(), *everything(command), option.opts[0], f"{'x' * 300}.xlsx")


WICKED = ("=1+1", "+1", "-1", "@SUM(1)", "a;=1+1", "a;b\t=1+1", "a\r@x", '"=1+1', "a;-2", "\t=1", "＝1+1")


@pytest.mark.parametrize("command", ["refresh", "reminders"])
def test_no_csv_holds_text_that_a_spreadsheet_calculates(command, fresh):
    folder = fresh()
    rows = [(n, name, n, "2024-01-05", "2024-02-04", "EUR", 100, name) for n, name in enumerate(WICKED, 1)]
    with (folder / "ledger").open("w", newline="") as file:
        headings = "Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Region"
        csv.writer(file).writerows([headings.split(","), *rows])
    (folder / "receipts").write_text("Customer ID,Document,Date,Amount\n" + "1,1,2024-01-20,60\n2,2,2024-01-20,60\n")
    run = receivables(*everything("refresh"), "-q", cwd=folder)
    assert run.returncode == 0, run.stderr
    if command == "reminders":
        run = receivables("reminders", "out.xlsx", "--out", "folder", cwd=folder)
        assert run.returncode == 0, run.stderr
    texts = [path.read_bytes().decode("utf-8-sig") for path in folder.rglob("*.csv")]
    assert sum("'=1+1" in text for text in texts) == (2 if command == "reminders" else 1)
    for text, divided in itertools.product(texts, ",;\t"):
        cells = itertools.chain(*csv.reader(io.StringIO(text, newline=""), delimiter=divided))
        assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝")) and not is_number(cell)] == []


def is_number(cell):
    with contextlib.suppress(ValueError):
        return bool(float(cell))
    return False


@contextlib.contextmanager
def no_file_longer_than(size):
    """What a full disk does to a file that grows, without a disk of one's own."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_is_full_changes_nothing(command, fresh, written):
    folder = fresh()
    assert receivables(*everything(command), cwd=folder).returncode == 0
    if command not in ("check", "template"):
        more = ("--company", "Another Ltd") if command == "refresh" else ()
        for size in {0, *((folder / path).stat().st_size // 2 for path in written)}:
            with no_file_longer_than(size):
                assert "cannot be written" in refused(folder, *everything(command), *more), size
    empty = fresh("empty")
    with no_file_longer_than(0):
        refused(empty, *everything(command))


def test_a_link_is_followed_and_the_mode_kept(command, fresh, written):
    folder, changed = fresh(), ("--company", "Another Ltd") if command == "refresh" else ()
    (folder / "elsewhere").mkdir()
    links = [folder / path for path in written]
    for link in links:
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(folder / "elsewhere" / link.name)
    for more in ((), changed):
        run = receivables(*everything(command), *more, cwd=folder)
        assert run.returncode == 0, run.stderr
        assert all(link.is_symlink() for link in links)
        assert not more or {link.stat().st_mode & 0o777 for link in links} == {0o640}
        for link in links:
            link.chmod(0o640)
