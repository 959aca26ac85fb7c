"""The door through which every file is written: copies, folders of killed runs, two runs at once."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from xlwings_addin.writing import WorkbookError, at_work, outputs
from xlwings_addin.writing.outputs import Outputs

NOW = "2026-11-02 08:00:00"


def write(path, text, **how):
    with Outputs(**({"now": NOW, "force": True} | how)) as files:
        files.write(path, text.encode())
    return files.copies.get(path)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != outputs.MANIFEST)


def test_what_we_wrote_is_replaced_and_what_was_changed_since_is_not(tmp_path):
    path = tmp_path / "hour.ics"
    for text in ("one", "two"):
        assert write(path, text, force=False) is None
    path.write_text("changed")
    with pytest.raises(WorkbookError, match="changed since"):
        write(path, "three", force=False)
    assert write(path, "three") == tmp_path / "hour backup 20261102-080000.ics"
    assert path.read_text() == "three"
    assert names(tmp_path) == ["hour backup 20261102-080000.ics", "hour.ics"]


def test_a_run_killed_before_its_last_step_can_be_run_again(tmp_path, monkeypatch):
    path, note = tmp_path / "hour.ics", outputs._note
    write(path, "one")

    def killed(files):
        note(files)
        raise SystemExit

    monkeypatch.setattr(outputs, "_note", killed)
    with pytest.raises(SystemExit):
        write(path, "two")
    monkeypatch.setattr(outputs, "_note", note)
    assert path.read_text() == "one"
    assert write(path, "three", force=False) is None


def two_files(folder):
    with Outputs(now=NOW, force=True) as files:
        for name in ("first.txt", "second.txt"):
            files.write(folder / name, b"ours")


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "in use"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("failing", ["first.txt", "second.txt"])
def test_where_a_file_cannot_take_its_place_none_does(there, error, failing, tmp_path, monkeypatch):
    for name in ("first.txt", "second.txt") if there else ():
        (tmp_path / name).write_text("before")
    before = {path.name: (path.read_text(), path.stat().st_ino) for path in tmp_path.iterdir()}
    refusing(monkeypatch, lambda made, target: made.name == target.name == failing, error)
    with pytest.raises(WorkbookError, match=f"{failing} cannot be written .*; nothing was changed"):
        two_files(tmp_path)
    assert {
        name: ((tmp_path / name).read_text(), (tmp_path / name).stat().st_ino) for name in names(tmp_path)
    } == before


@pytest.mark.parametrize("links", [True, False])
def test_what_cannot_be_taken_back_is_named_and_its_copy_kept(links, tmp_path, monkeypatch):
    for name in ("first.txt", "second.txt"):
        (tmp_path / name).write_text("before")
    if not links:
        monkeypatch.setattr(outputs.os, "link", lambda *_: (_ for _ in ()).throw(OSError()))
    refusing(
        monkeypatch,
        lambda made, target: (made.name, target.name) in {("second.txt",) * 2, ("former", "first.txt")},
        PermissionError(13, "in use"),
    )
    with pytest.raises(WorkbookError, match=r"second.txt cannot .*; written before it, .* taken back: \S+first.txt: "):
        two_files(tmp_path)
    assert {name: (tmp_path / name).read_text() for name in names(tmp_path)} == {
        "first backup 20261102-080000.txt": "before",
        "first.txt": "ours",
        "second.txt": "before",
    }


def refusing(monkeypatch, what, error):
    """Let the disk refuse to rename some files."""
    replace = Path.replace

    def refuses(self, target):
        if what(self, Path(target)):
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuses)


# ---- copies


def test_copies_made_in_one_second_are_two(tmp_path):
    path, texts = tmp_path / "month.txt", ["one", "two", "three"]
    for text in texts:
        path.write_text(text)
        assert write(path, f"after {text}").read_text() == text
    assert len(list(tmp_path.glob("month backup *"))) == len(texts)


def test_ten_copies_are_kept_the_one_just_made_among_them_whatever_the_clock_says(tmp_path):
    path, others = tmp_path / "month.txt", ["month backup.txt", "month backup of June.txt", "month backup 2026.txt"]
    for name in (*others, *(f"month backup 20270101-0000{second:02d}.txt" for second in range(12))):
        (tmp_path / name).write_text(name)
    path.write_text("the user's")
    copy = write(path, "ours")
    assert copy.read_text() == "the user's"
    kept = set(names(tmp_path)) - {"month.txt", *others}
    assert kept == {copy.name, *(f"month backup 20270101-0000{second:02d}.txt" for second in range(3, 12))}
    assert {name for name in others if (tmp_path / name).exists()} == set(others)


# ---- two runs, and runs that were killed


def test_a_second_run_is_refused_while_the_first_is_at_work(tmp_path):
    path = tmp_path / "month.txt"
    with Outputs() as first:
        first.claim(path)
        with pytest.raises(WorkbookError, match=r"another run \(process \d+ on .*wait until it has ended"):
            write(path, "second")
        first.write(path, b"first")
    assert path.read_text() == "first"
    assert names(tmp_path) == ["month.txt"]


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path):
    killed = "import os; from xlwings_addin.writing.outputs import *; f = Outputs(); f.write(Path('a.txt'), b'x');"
    subprocess.run([sys.executable, "-c", f"{killed} f.claim(Path('b.txt')); os._exit(9)"], cwd=tmp_path, check=False)
    assert len(list(tmp_path.glob(".receivables-*.tmp"))) == 2
    write(tmp_path / "a.txt", "ours")
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    "owner", [{"process": 1, "machine": "elsewhere"}, {"machine": socket.gethostname()}, ["half written"]], ids=str
)
def test_the_folder_of_a_run_that_may_be_at_work_is_left_alone_for_some_hours(tmp_path, monkeypatch, owner):
    folder = tmp_path / ".receivables-0123456789ab.tmp"
    folder.mkdir()
    (folder / "owner.json").write_text(json.dumps(owner))
    write(tmp_path / "a.txt", "ours")
    assert folder.exists()
    monkeypatch.setattr(at_work, "LEFTOVER_SECONDS", -1)
    write(tmp_path / "b.txt", "ours")
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_a_file_saved_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "month.txt"

    def run():
        with Outputs(force=True) as files:
            files.write(path, b"ours")
            path.write_text("saved meanwhile")

    for there in (False, True):
        if there:
            path.write_text("one")
        with pytest.raises(WorkbookError, match="changed by somebody else meanwhile"):
            run()
        assert path.read_text() == "saved meanwhile"
    assert names(tmp_path) == ["month.txt"]


# ---- files that are open in another program

LOCKS = {
    ".~lock.month.txt#": (",jo,desk,28.11.2026 10:00,file:///home/jo/.config;", "jo on desk"),
    "~$month.txt": ("\x06Jo Doe".ljust(55) + "\x06\x00J\x00o", "Jo Doe"),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_file_that_is_open_is_not_replaced(name, tmp_path):
    lock, (text, owner) = tmp_path / name, LOCKS[name]
    write(tmp_path / "month.txt", "one")
    lock.write_text(text)
    with pytest.raises(WorkbookError) as refused:
        write(tmp_path / "month.txt", "two")
    for told in (owner, name, " since 20"):
        assert told in str(refused.value)
    lock.unlink()
    write(tmp_path / "month.txt", "two")
    assert (tmp_path / "month.txt").read_text() == "two"


@pytest.mark.parametrize(("running", "refuses"), [(["soffice.bin"], True), (["bash"], False)])
def test_force_passes_the_lock_of_a_libreoffice_that_is_gone_from_this_machine(running, refuses, tmp_path, monkeypatch):
    monkeypatch.setattr(at_work, "_programs", lambda: running)
    path = tmp_path / "month.txt"
    write(path, "one")
    (tmp_path / ".~lock.month.txt#").write_text(f",jo,{at_work.socket.gethostname()},28.11.2026 10:00,file:///home/jo;")
    with pytest.raises(WorkbookError, match="is open"):
        write(path, "two", force=False)
    if refuses:
        with pytest.raises(WorkbookError, match="is open"):
            write(path, "two")
    else:
        write(path, "two")
    assert (path.read_text() == "one") is refuses


def test_this_test_is_among_the_programs_that_run():
    assert any("python" in name or "pytest" in name for name in at_work._programs())
