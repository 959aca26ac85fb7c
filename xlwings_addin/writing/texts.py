"""Texts that a sheet shows around its tables and cells: where they stand, and which ones there can be."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from xlwings_addin.month_end import workbook
from xlwings_addin.settings import CELLS, Settings
from xlwings_addin.sheets.blocks import Cards, Charts, Fields, Lines, Links, Sheet, Spill, Table
from xlwings_addin.sheets.layout import FIRST_COLUMN, Layout, Placed, layout
from xlwings_addin.writing.parts import released

if TYPE_CHECKING:
    from collections.abc import Iterable

Texts = dict[tuple[int, int], str]
"""What is written where: row and column, both from 0."""
_NUMBERS = re.compile(r"\d+(?:, \d+)*")


@functools.cache
def known() -> frozenset[str]:
    """Return every text of ours as `plain` has it, whatever the settings are, in this and all released versions."""
    blank = Settings()
    chosen = [
        replace(blank, **{name: type(getattr(blank, name))(choice)})
        for name, cell in CELLS.items()
        for choice in cell.choices
    ]
    found = {text for version in released().values() for text in version["texts"]}
    for sheets in map(workbook, [blank, *chosen]):
        places = layout(sheets, {})
        for sheet in sheets:
            found |= {plain(sheet.name), plain(sheet.purpose)}
            for placed in places.blocks[sheet.name]:
                found |= {plain(text) for text in block_texts(placed, places, sheets).values()}
    return frozenset(found)


def plain(text: str) -> str:
    """Return the text without the figures that settings put into it."""
    return _NUMBERS.sub("#", text.strip())


def block_texts(placed: Placed, places: Layout, sheets: Iterable[Sheet]) -> Texts:
    """Return the texts of a block: its title and introduction, headings and labels."""
    block, left, row = placed.block, placed.column, placed.top + placed.block.rows_above
    above = filter(None, (block.title, block.intro))
    texts = {(placed.top + i, left): line for i, line in enumerate(above)}
    match block:
        case Table():
            place = places.tables[block.name]
            texts |= {(place.header, place.column + i): column.heading for i, column in enumerate(block.columns)}
        case Fields():
            texts |= {(row - 1, left + i): text for i, text in enumerate(block.headings)}
            for i, item in enumerate(block.fields):
                if item.label:
                    texts |= {(row + i, left): item.label, (row + i, left + 2): item.note}
        case Cards():
            for card in block.cards:
                _, at, column = places.fields[card.value.name]
                texts[at - 1, column] = card.label
                for line in card.lines:
                    _, at, column = places.fields[line.name]
                    texts[at, column - 1] = line.label
        case Lines():
            texts |= {(row + i, FIRST_COLUMN): line for i, line in enumerate(block.lines)}
        case Links():
            for i, other in enumerate(sheets, start=row):
                texts |= {(i, FIRST_COLUMN): other.name, (i, FIRST_COLUMN + 1): other.purpose}
        case Spill() | Charts():
            pass  # a formula brings its own texts, and charts come with the file alone
        case _:
            assert_never(block)
    return texts
