"""A setting is declared once: its cell, its words and its reading back follow."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlwings_addin
from xlwings_addin import settings
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.exchange import rate_at
from xlwings_addin.month_end.start import days_texts
from xlwings_addin.settings import CELLS, Cell, Rate, Settings
from xlwings_addin.sheets import settings as declared
from xlwings_addin.writing import WorkbookError
from xlwings_addin.writing.carry_over import _setting

OTHERS = {
    "gl_control_total": 12.5, "bucket_edges": (15, 45), "aging_basis": "document date", "credits": "against oldest",
    "dso_window": 12, "benchmark_dso": 38.0, "reminder_days": (-5, 0), "escalation_days": (1, 60),
    "hour_weekday": "Friday",
}  # fmt: skip
"""Values that a setting may have beside its own."""


def other(name):
    default = getattr(Settings(), name)
    if default is None:
        return OTHERS.get(name, 1.5)
    return OTHERS.get(name) or (f"{default} too".strip() if isinstance(default, str) else default + 1)


def test_every_setting_stands_on_the_sheet_once():
    tables = {"rates", "periods"}
    cells = {field.name: field for field in declared.sheet().fields()}
    assert list(cells.keys() - {"as_of"} - CELLS.keys()) == []
    assert [name for name in cells if name != "as_of"] == list(CELLS)
    assert {one.name for one in fields(Settings)} == CELLS.keys() | tables
    for name, cell in CELLS.items():
        field = cells[name]
        assert (field.label, field.style, field.note, field.choices) == (
            cell.label,
            cell.style,
            cell.note,
            cell.choices,
        )
        assert field.entry
    assert len({cell.label for cell in CELLS.values()}) == len(CELLS)


@pytest.mark.parametrize("name", CELLS)
def test_what_is_shown_is_read_back(name):
    for chosen in (Settings(), replace(Settings(), **{name: other(name)})):
        value = getattr(chosen, name)
        shown = days_texts(chosen).get(name, value)
        for cell in (shown, float(shown) if isinstance(shown, int) else shown):
            read = _setting("book", CELLS[name], cell, getattr(Settings(), name))
            assert (read, type(read)) == (value, type(value))
    blank = _setting("book", CELLS[name], None, getattr(Settings(), name))
    assert blank == ("" if isinstance(blank, str) and not CELLS[name].choices else getattr(Settings(), name))


@pytest.mark.parametrize("name", [name for name in CELLS if not isinstance(other(name), str) or CELLS[name].choices])
def test_what_cannot_be_one_is_refused_by_the_name_of_its_cell(name):
    cell = CELLS[name]
    for typed in ("soon", *([] if cell.least is None else [cell.least - 1])):
        with pytest.raises(WorkbookError) as refused:
            _setting("book", cell, typed, getattr(Settings(), name))
        assert str(refused.value).startswith(f"book, Settings, {cell.label}: {typed!r} cannot be used")
        assert all(choice in str(refused.value) for choice in cell.choices)


@pytest.mark.parametrize("default", [3, 3.0])
def test_what_it_must_not_be_below_holds_for_whole_numbers_too(default):
    with pytest.raises(WorkbookError, match="cannot be used"):
        _setting("book", Cell("Days", least=1), 0.0, default)
    assert _setting("book", Cell("Days", least=1), 1.0, default) == 1


def test_a_new_setting_needs_nothing_but_its_declaration(monkeypatch):
    monkeypatch.setitem(CELLS, "signal_more", Cell("More of it", "percent", "How much more."))
    last = list(declared.sheet().fields())[-1]
    assert (last.name, last.label, last.note) == ("signal_more", "More of it", "How much more.")


def test_what_a_setting_means_is_written_once():
    words = {cell.note for cell in CELLS.values()} - {""}
    assert len(words) > 20
    for path in Path(xlwings_addin.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path != Path(settings.__file__):
                assert not [text for text in words if text in node.value], f"{path}:{node.lineno}"


def test_a_rate_of_a_closing_leaves_earlier_and_later_ones():
    typed = (Rate("USD", "2025-01-31", 0.92), Rate("USD", "2025-06-30", 0.9), Rate("GBP", "2025-01-01", 1.2))
    found = settings.chosen(Settings(rates=typed), "EUR", [Rate("USD", "2025-02-28", 0.85)])
    at = {day: rate_at(found, "USD", "EUR", day_number(day)) for day in ("2025-01-30", "2025-02-27", "2025-02-28")}
    assert at == {"2025-01-30": None, "2025-02-27": 0.92, "2025-02-28": 0.85}
    assert rate_at(found, "USD", "EUR", day_number("2025-06-30")) == 0.9
    assert rate_at(found, "GBP", "EUR", day_number("2025-02-28")) == 1.2


@given(st.lists(st.tuples(st.integers(1, 12), st.floats(0.5, 2)), min_size=1, max_size=8))
def test_closed_months_keep_the_rates_they_were_closed_at(closings):
    """Closings in any order, some of them twice: each day has the rate of the last closing up to it."""
    found, given_at = Settings(base_currency="EUR"), {}
    for month, rate in closings:
        found = settings.chosen(found, "", [Rate("USD", f"2025-{month:02}-28", rate)])
        given_at[month] = rate
    for month, rate in given_at.items():
        assert rate_at(found, "USD", "EUR", day_number(f"2025-{month:02}-28")) == rate
    first = min(given_at)
    assert rate_at(found, "USD", "EUR", day_number("2024-12-31")) is not None
    if len({month for month, _ in closings}) == 1:
        assert rate_at(found, "USD", "EUR", day_number("2024-12-31")) == given_at[first]
