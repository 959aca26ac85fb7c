"""Serial days: against another library's calculation, there and back, and known in one place only."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

import udfs
import xlwings_addin
from udfs import serial_days
from udfs.serial_days import LAST_DAY, MARCH_1900, SHIFT_1904, date_of, days_of, serial, serial_of, since_1970
from xlwings_addin.sheets.blocks import Column
from xlwings_addin.writing import live_cells

DAYS = st.dates(dt.date(1900, 1, 1))
HOUSE = [Path(package.__file__).parent for package in (udfs, xlwings_addin)]


@given(DAYS)
@example(dt.date(1900, 2, 28))
def test_there_and_back(day):
    days = since_1970(day)
    assert days == (day - dt.date(1970, 1, 1)).days
    assert date_of(days) == day
    assert days_of(serial(days)) == days
    assert serial_of(day) == serial(days) == serial(np.array([days]))[0]


@given(st.datetimes(dt.datetime(1900, 3, 1)))
def test_against_another_reckoning(moment):
    assert serial_of(moment) == pytest.approx(to_excel(moment), abs=1e-9)
    assert serial_of(moment.date()) == int(to_excel(moment.date()))


@given(st.dates(dt.date(1904, 1, 2)))
def test_a_workbook_that_counts_from_1904(day):
    assert serial_of(day) - SHIFT_1904 == to_excel(day, CALENDAR_MAC_1904)


def test_the_29_february_that_excel_invented():
    assert [serial_of(dt.date(1900, *day)) for day in ((1, 1), (2, 28), (3, 1))] == [1, 59, MARCH_1900]
    assert serial_of(dt.date.max) == LAST_DAY


@given(DAYS, st.sampled_from([0, SHIFT_1904]))
@example(dt.date(1900, 2, 28), 0)
def test_a_column_is_written_as_its_cells_are(day, shift):
    column, days = Column("day", "Day", "date"), since_1970(day)
    one = live_cells.written(days, "date", "d mmm yyyy", shift=shift)
    assert live_cells.column(column, np.array([days], np.int32), shift=shift) == [one] == [serial_of(day) - shift]


def test_no_other_place_knows_them():
    """Neither by a number nor by the date that Excel or Unix counts from."""
    numbers = {25569, 1462, LAST_DAY, 719163, 719162, 693594, 693593, 693595}
    dates = {(1970, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1904, 1, 1), (1900, 3, 1)}
    for path in [path for folder in HOUSE for path in folder.rglob("*.py") if path != Path(serial_days.__file__)]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            told = f"{path}:{node.lineno}" if hasattr(node, "lineno") else ""
            assert not (isinstance(node, ast.Constant) and node.value in numbers), told
            if isinstance(node, ast.Call):
                assert tuple(getattr(one, "value", None) for one in node.args) not in dates, told
            assert getattr(node, "attr", "") not in ("toordinal", "fromordinal"), told
