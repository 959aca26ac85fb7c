"""Text as codes, and sums of cents: each against the plain way of doing it."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlwings_addin.ledger.cells import BLANKS
from xlwings_addin.ledger.cells import text as text_of
from xlwings_addin.ledger.codes import all_different, encode
from xlwings_addin.ledger.money import blocks, sum_by

NUMBERS = st.integers(0, 99).map("C{:04}".format)
LONG_NUMBERS = st.integers(0, 99).map(lambda n: f"INV-{n * 123_456_789_012:016}")
ACCENTED = st.text("aéñ", min_size=2, max_size=2)
ANY = st.text(st.characters(codec="utf-8"), max_size=9)


@given(st.one_of(st.lists(NUMBERS, max_size=300), st.lists(ACCENTED, max_size=60), st.lists(ANY, max_size=60)))
def test_codes_say_what_the_texts_said_and_sort_as_they_do(texts):
    found = encode(pd.Series(texts, dtype="str"))
    assert list(found.keys) == sorted(set(texts))
    assert [found.keys[code] for code in found.codes.tolist()] == texts


@pytest.mark.parametrize("texts", [["EUR"], [""], ["C01", "C99"], ["C1", "C99"], ["ää", "zé", "äé"]])
def test_a_part_of_a_column_is_coded_like_any_other(texts):
    column = pd.Series((texts * 200)[:150], dtype="str").iloc[7:140]
    found = encode(column)
    assert [found.keys[code] for code in found.codes.tolist()] == column.tolist()


@given(
    st.one_of(
        st.lists(kind, max_size=most)
        for kind, most in ((NUMBERS, 12), (LONG_NUMBERS, 12), (ACCENTED, 5), (ANY, 12), (st.just(""), 3))
    )
)
def test_texts_are_all_different_where_as_many_as_rows_are(texts):
    assert all_different(pd.Series(texts, dtype="str")) == (len(set(texts)) == len(texts))


@given(
    st.lists(st.none() | st.text(" \t\n\u00a0\u2003aé9-N/A", max_size=4), max_size=40),
    st.integers(0, 5),
    st.sampled_from([pa.string(), pa.large_string()]),
)
def test_cells_are_trimmed_wherever_one_needs_it(texts, start, kind):
    cells = pa.chunked_array([pa.array(texts, kind).slice(start), pa.array(["plain", None], kind)], kind)
    trimmed = [None if text is None else pc.utf8_trim_whitespace(text).as_py() for text in cells.to_pylist()]
    assert text_of(cells).to_pylist() == [None if text in BLANKS else text for text in trimmed]


def test_sums_are_exact_where_floating_point_is_not():
    amounts = np.array([2**60, 1, -(2**59), 3], np.int64)
    assert sum_by(np.array([0, 0, 1, 1]), amounts, 3).tolist() == [2**60 + 1, 3 - 2**59, 0]


@given(st.integers(0, 300_000))
def test_blocks_cover_every_row_once(count):
    rows = np.arange(count)
    assert np.array_equal(np.concatenate([rows[:0], *(rows[block] for block in blocks(count))]), rows)
