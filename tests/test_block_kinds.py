"""A new kind of block is refused wherever it is not known yet; nothing leaves it out in silence."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import excel_host
import pytest

import xlwings_addin
from xlwings_addin.month_end import blank_month
from xlwings_addin.sheets.blocks import Block, Sheet, Titled
from xlwings_addin.sheets.layout import layout, widths
from xlwings_addin.writing import file, live


@dataclass(frozen=True, slots=True)
class Picture(Titled):
    """A kind that nobody knows."""


SHEET = Sheet("Pictures", "Nothing knows how to draw them.", (Picture(title="One"),))
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
KINDS = {kind.__name__ for kind in get_args(Block)}


def unknown():
    return pytest.raises(AssertionError, match=r"unreachable, but got: Picture")


def test_the_declarations_refuse_it():
    for made in (lambda: layout([SHEET], {}), lambda: widths(SHEET), lambda: list(SHEET.forms())):
        with unknown():
            made()


def test_both_writers_refuse_it(tmp_path):
    month = blank_month(version="test")
    month = replace(month, sheets=(*month.sheets, SHEET))
    with unknown():
        file.write(tmp_path / "pictures.xlsx", month)
    assert not list(tmp_path.iterdir())
    host = excel_host.start()
    template = Path(__file__).parents[1] / "workbook_templates/Receivables template.xlsx"
    with unknown():
        live.fill(host.open(template), month)


def test_whoever_tells_kinds_apart_knows_what_to_do_with_a_new_one():
    """A `match` over kinds of blocks ends by naming what is none; mypy then refuses a kind that it lacks."""
    found = 0
    for path in Path(xlwings_addin.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Match):
                patterns = {one.cls.id for one in ast.walk(node) if isinstance(one, ast.MatchClass)}
                if patterns & KINDS:
                    found += 1
                    assert patterns == KINDS, f"{path}:{node.lineno}"
                    assert ast.unparse(node.cases[-1]).startswith("case _:\n    assert_never("), f"{path}:{node.lineno}"
    assert found == 6
