"""Fifty lives of a workbook under its users' hands, and what the oracle of them must see."""

from collections import Counter

import pytest
from commands import receivables
from lives.actions import Clerk
from lives.books import Book, Formula
from lives.chunks import chunk
from lives.life import MONTHS, Life, ViolationError, first, judge, kill, lost, pair

pytestmark = pytest.mark.slow

SEED = 20241130
COUNT, PART = 50, 10


@pytest.mark.parametrize("start", range(0, COUNT, PART))
def test_lives(start):
    print(f"seed {SEED}, numbers {start} to {start + PART - 1}")
    ends, violations = chunk(SEED, range(start, start + PART))
    assert violations == []
    assert ends["refreshed"] > PART, "hardly any run goes through: the lives try nothing"


def test_runs_that_are_killed_and_runs_at_once_lose_no_version(tmp_path):
    first(tmp_path)
    for number in range(4):
        kill(tmp_path, number, number / 5)
    assert sum((pair(tmp_path, number) for number in range(3)), Counter())["written"] >= 3


# ---- the oracle sees what it should


@pytest.fixture
def life(tmp_path):
    made = Life(1, 1, tmp_path)
    first(tmp_path)
    return made


def typed(life, values):
    """The first month, with some cells typed over."""
    book = Book(life.folder / "m0.xlsx")
    for (title, place), value in values.items():
        life.clerk._type(book, title, place, value)
    return book


def test_the_oracle_sees_each_value_that_is_nowhere(life):
    values = {("Aging", (70, 30)): "Zq1", ("Activity", (7, 3)): 45_678.0, ("Start", (90, 2)): "0071234567"}
    before, after = typed(life, values), Book(life.folder / "m0.xlsx")
    said = "Aging (AD70), Activity (C7), Start (B90)"
    assert len(list(lost(before, after, life.clerk, said, None))) == 3
    assert list(lost(before, before, life.clerk, "", None)) == []
    assert list(lost(before, after, life.clerk, said, before)) == []
    assert len(list(lost(before, after, life.clerk, "", before))) == 2, "in a table, the copy is enough"


def test_the_oracle_sees_a_setting_that_became_its_default(life):
    before, after = Book(life.folder / "m0.xlsx"), Book(life.folder / "m0.xlsx")
    before.type(*before.names["target_dso"], 33.0)
    (gone,) = lost(before, after, life.clerk, "", None)
    assert "(target_dso) is lost" in gone


def test_the_oracle_sees_a_loss_in_a_run(life, monkeypatch):
    from xlwings_addin.writing.free_cells import FreeCells

    path = life.folder / "m0.xlsx"
    book = typed(life, {("Aging", (70, 30)): "Zq1"})
    book.save(path)
    arguments = ["refresh", "items.csv", "--as-of", MONTHS[0], "--out", path.name]
    was = {one.name: one.read_bytes() for one in life.folder.iterdir()}
    monkeypatch.setattr(FreeCells, "left", lambda cells: ())
    run = receivables(*arguments, cwd=life.folder)
    with pytest.raises(ViolationError, match="'Zq1' in Aging"):
        judge(run, life.folder, was, book, life.clerk, arguments)


def test_the_oracle_sees_a_refusal_that_changed_something_or_is_no_sentence(life):
    arguments = ["refresh", "nowhere.csv", "--out", "m0.xlsx"]
    run, book, now = receivables(*arguments, cwd=life.folder), Book(life.folder / "m0.xlsx"), life.folder
    was = {one.name: one.read_bytes() for one in now.iterdir()}
    assert judge(run, now, was, book, life.clerk, arguments) == "refused"
    with pytest.raises(ViolationError, match="something changed"):
        judge(run, now, was | {"m0.xlsx": b""}, book, life.clerk, arguments)
    run.stderr = "oops\n" + run.stderr
    with pytest.raises(ViolationError, match="no sentence"):
        judge(run, now, was, book, life.clerk, arguments)


def test_what_is_typed_is_what_is_read(life):
    values = {"Zq1 <&> \"'é漢\n _x0041_ ": (70, 3), 45_678.0: (70, 40), Formula("1+1", 2.0): (2, 40), "Zq2": (1, 1)}
    book = Book(life.folder / "m0.xlsx")
    for value, place in values.items():
        book.type("Aging", place, value)
    book.save(life.folder / "m0.xlsx")
    again = Book(life.folder / "m0.xlsx")
    assert {again.cells["Aging"][place]: place for place in values.values()} == values


def test_a_life_is_known_by_its_seed_and_number(tmp_path):
    first, second = Clerk(Life(7, 8, tmp_path).chance), Clerk(Life(7, 8, tmp_path).chance)
    assert [first.free() for _ in range(20)] == [second.free() for _ in range(20)]
