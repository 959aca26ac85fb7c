"""A thousand broken files: one clear sentence each, or a ledger in which every amount is accounted for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fuzz.chunks import chunk
from fuzz.mutations import Case, case
from fuzz.oracle import ViolationError, _conserved, _is_added, _sentence, check

from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger

SEED = 20240630
COUNT, PART = 1_000, 100


@pytest.mark.slow
@pytest.mark.parametrize("start", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(PART, COUNT, PART))])
def test_broken_files(start):
    print(f"seed {SEED}, numbers {start} to {start + PART - 1}")
    ends, violations = chunk(SEED, range(start, start + PART))
    assert not violations
    assert ends["read"] > PART // 5, "hardly any file is read: the fuzz tries nothing"
    assert ends["refused"] > PART // 10


def test_a_case_is_named_by_its_seed_and_number():
    assert case(7, 8) == case(7, 8)
    assert case(7, 8).data != case(7, 9).data


# --- the oracle sees what it should -----------------------------------------------------------------------------

FILE = b"Customer ID,Document,Document date,Amount\nC,1,2024-01-05,10.00\nC,2,2024-01-06,7.50\nD,3,2024-01-07,5\n"


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    (tmp_path / "f.csv").write_bytes(FILE)
    return read_ledger(tmp_path / "f.csv")


def test_the_oracle_accepts_what_is_right(tmp_path):
    assert check(Case("f.csv", "", FILE), tmp_path) == "read"


def test_the_oracle_sees_a_lost_row(ledger):
    more = FILE + b"D,4,2024-01-08,6\n"
    with pytest.raises(ViolationError, match="5 rows in the file"):
        _conserved(Case("f.csv", "", more), ledger)
    (source,) = ledger.sources
    told = replace(source, classes={**source.classes, "blank": source.classes["blank"] + 1})
    with pytest.raises(ViolationError, match=r"amounts in rows \[5\] are nowhere"):
        _conserved(Case("f.csv", "", more), replace(ledger, sources=(told,)))


def test_the_oracle_sees_a_changed_amount(ledger):
    with pytest.raises(ViolationError, match=r"'7\.60' became 750"):
        _conserved(Case("f.csv", "", FILE.replace(b"7.50", b"7.60")), ledger)


def test_the_oracle_sees_a_row_counted_twice(ledger):
    twice = replace(ledger, file_rows=ledger.file_rows[[0, 0, 2]])
    with pytest.raises(ViolationError, match="two items"):
        _conserved(Case("f.csv", "", FILE), twice)


BALANCES = b"Customer,Current,1-30,Over 30,Total\nAda,10.00,5.00,0.00,15.00\nBob,0.00,0.00,7.00,7.00\n"
CREDITS = (
    b"Customer ID,Document,Document date,Amount,Kind\n"
    b"C,1,2024-01-05,10.00,invoice\nC,2,2024-01-06,7.50,payment\nD,3,2024-01-07,5,invoice\n"
)


def test_the_oracle_sees_an_age_of_a_balance_lost_or_changed(tmp_path):
    (tmp_path / "b.csv").write_bytes(BALANCES)
    ledger = read_ledger(tmp_path / "b.csv", as_of="2024-06-30")
    case = Case("b.csv", "", BALANCES)
    _conserved(case, ledger)
    assert ledger.file_rows.tolist() == [2, 2, 3]
    with pytest.raises(ViolationError, match=r"'15\.00' became 1000"):
        _conserved(case, replace(ledger, items=ledger.items.iloc[[0, 2]], file_rows=ledger.file_rows[[0, 2]]))
    with pytest.raises(ViolationError, match=r"amounts in rows \[3\] are nowhere"):
        _conserved(case, replace(ledger, items=ledger.items.iloc[:2], file_rows=ledger.file_rows[:2]))


def test_the_oracle_sees_a_credit_that_counts_as_a_debit(tmp_path):
    (tmp_path / "f.csv").write_bytes(CREDITS)
    ledger = read_ledger(tmp_path / "f.csv")
    case = Case("f.csv", "", CREDITS)
    _conserved(case, ledger)
    assert ledger.items["amount"].tolist() == [1000, -750, 500]
    with pytest.raises(ViolationError, match=r"'7\.50' became 750"):
        _conserved(case, replace(ledger, items=ledger.items.assign(amount=ledger.items["amount"].abs())))
    with pytest.raises(ViolationError, match=r"'10\.00' became -1000"):
        _conserved(case, replace(ledger, items=ledger.items.assign(amount=-ledger.items["amount"].abs())))
    with pytest.raises(ViolationError, match=r"'7\.50' became -750"):
        _conserved(case, replace(ledger, findings=()))


def test_the_oracle_sees_a_column_that_is_not_in_the_file(ledger):
    (source,) = ledger.sources
    more = (*source.columns, replace(source.columns[0], header="Elsewhere"))
    with pytest.raises(ViolationError, match="no delimiter"):
        _conserved(Case("f.csv", "", FILE), replace(ledger, sources=(replace(source, columns=more),)))
    with pytest.raises(ViolationError, match="no delimiter"):
        _conserved(Case("f.csv", "", FILE), replace(ledger, sources=(replace(source, columns=source.columns[:-1]),)))
    assert not any(_is_added(one, ["A", "B"]) for one in ("A", "C", "A C", "C: yes", ""))
    assert all(_is_added(one, ["A", "B"]) for one in ("A B", "A: yes", "customer of the group"))


@pytest.mark.parametrize("message", ["", "Traceback\nmost recent", "no full stop at the end of it"])
def test_the_oracle_wants_a_sentence(message):
    with pytest.raises(ViolationError):
        _sentence(message)
