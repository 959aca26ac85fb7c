"""Ledgers that are known, in layouts that are not: never a wrong figure, and few questions."""

from collections import Counter

import pytest

from tests.layouts import oracle
from tests.layouts.__main__ import main, run, table, unaided
from tests.layouts.files import KINDS_OF_FILE
from tests.layouts.forms import FORMS, KINDS
from tests.layouts.judge import ASKED_WRONG, CRASHED, WRONG, answer, differences, expected, make_file
from tests.layouts.truth import Figures
from tests.layouts.words import HEADINGS, LANGUAGES

SEED, FILES, PART = 2026, 1_000, 100
UNAIDED = 0.90
"""Of the layouts that a controller could prove, the share that is read right without a question."""
PER_KIND = 12


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Files of every kind of layout, with what they hold."""
    folder = tmp_path_factory.mktemp("layouts")
    return [make_file(f"{kind} {at}", kind, folder) for kind in KINDS for at in range(PER_KIND)]


# ---------------------------------------------------------------- the generator itself


def test_what_was_written_sums_up_to_the_truth(written):
    """A program of its own reads every file back and knows nothing of what wrote it but where the columns stand."""
    for layout, file in written:
        total, ages, count = oracle.summed(layout, file)
        want = layout.expected
        seen = f"{layout.kind}: {file.path}"
        assert total == pytest.approx(sum(want.totals.values()), abs=0.005), seen
        if want.documents is not None:
            told = Counter()
            for (_, label), value in want.buckets.items():
                told[label] += value
            assert ages == pytest.approx(dict(told), abs=0.005), seen
            assert count == want.documents, seen


def test_the_oracle_notices_one_cent(written):
    layout, file = next(pair for pair in written if pair[1].kind == "csv" and "open_amount" in pair[0].places)
    number = layout.truth.documents[0].number
    lines = file.path.read_bytes().decode(file.encoding).split("\n")
    other = file.path.with_suffix(".other")
    other.write_bytes("\n".join(line for line in lines if number not in line).encode(file.encoding))
    total, _, _ = oracle.summed(layout, type(file)(other, "csv", file.encoding, file.delimiter))
    assert total != pytest.approx(sum(layout.expected.totals.values()), abs=0.005)


def test_every_kind_of_file_and_every_language_is_made(written):
    assert {file.kind for _, file in written} == set(KINDS_OF_FILE)
    assert {layout.language for layout, _ in written} == set(LANGUAGES)
    assert {layout.kind for layout, _ in written} == set(FORMS)


def test_a_seed_makes_one_file(tmp_path):
    for kind in KINDS:
        (first, one), (second, other) = (make_file("7", kind, tmp_path), make_file("7", kind, tmp_path))
        assert (first.truth, first.columns, one.path.name) == (second.truth, second.columns, other.path.name)


def test_every_heading_is_cited():
    assert all(text.strip() for texts in HEADINGS.values() for text in texts)
    assert len({language for _, language in HEADINGS}) == len(LANGUAGES)


def test_a_wrong_figure_is_noticed(written):
    layout, _ = next(pair for pair in written if pair[0].kind == "open")
    right = expected(layout)
    assert differences(layout, right) == ""
    money, value = next(iter(right.totals.items()))
    for wrong in (
        Figures({money: value + 0.01}, right.buckets, right.customers, right.documents),
        Figures(right.totals, {(money, "Current"): value}, right.customers, right.documents),
        Figures(right.totals, right.buckets, {}, right.documents),
        Figures(right.totals, right.buckets, right.customers, right.documents + 1),
    ):
        assert differences(layout, wrong)


def test_an_answer_is_given_once(written):
    class Asked:
        to, choices = "mapping", ()

    layout, file = written[0]
    said = answer(layout, file, (Asked,), {})
    assert said == {"mapping": {"columns": {key: text.strip() for key, text in layout.columns.items()}}}
    assert answer(layout, file, (Asked,), said) is None


# ---------------------------------------------------------------- the reader


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEED, SEED + FILES // PART))
def test_no_layout_gives_a_wrong_figure(tmp_path, seed):
    cases = run(seed, PART, tmp_path, processes=1)
    print(f"seed {seed}\n{table(cases)}")
    assert [case.file for case in cases if case.verdict in (WRONG, ASKED_WRONG, CRASHED)] == []
    assert unaided(cases) >= UNAIDED


def test_the_command_says_what_it_did(tmp_path, capsys):
    status = main(["--seed", "3", "--files", "4", "--only", "open", "--keep", str(tmp_path)])
    said = capsys.readouterr().out
    assert "seed 3, 4 files" in said
    assert status == int("WRONG:" in said)
