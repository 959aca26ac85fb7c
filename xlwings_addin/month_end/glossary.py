"""Glossary: every worksheet function as it declares itself, and the texts of the sheet as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import udfs
from udfs.example import as_typed
from xlwings_addin.measures import DICTIONARY, shown_at
from xlwings_addin.month_end.month import Filled, TableData
from xlwings_addin.sheets.glossary import QUESTIONS, SOURCES, TERMS
from xlwings_addin.sheets.glossary import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.sheets.blocks import Sheet


def tables(sheets: Sequence[Sheet]) -> Filled:
    """Return the tables of the Glossary; `sheets` are all of the workbook, of which it says where a measure stands."""
    return {
        "tblMeasures": _measures(sheets),
        "tblGlossary": _functions(),
        "tblFaq": _rows(("question", "about", "answer", "look"), QUESTIONS),
        "tblTerms": _rows(("term", "short", "meaning"), TERMS),
        "tblSources": _rows(("publisher", "kind", "title", "supports"), SOURCES),
    }, {}


def _measures(sheets: Sequence[Sheet]) -> TableData:
    """Return the dictionary of measures, each with the sheets that show it in the order of the tabs."""
    places = {f"{table.name}[{column.key}]": s.name for s in sheets for table in s.tables() for column in table.columns}
    places |= {field.name: sheet.name for sheet in sheets for field in sheet.fields()}
    shown = shown_at(places)
    return TableData.of(
        {
            "measure": one.name,
            "unit": one.unit,
            "definition": one.definition,
            "scope": one.scope,
            "where": ", ".join(dict.fromkeys(places[place] for place in shown.get(one.name, ()))),
        }
        for one in DICTIONARY
    )


def _rows(keys: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> TableData:
    return TableData(dict(zip(keys, map(list, zip(*rows, strict=True)), strict=True)))


def _functions() -> TableData:
    """Return every worksheet function as its declaration describes it."""
    udfs.load()
    specs = udfs.REGISTRY.values()
    keys = ("name", "category", "summary", "syntax", "formula", "source")
    examples = [as_typed(spec) for spec in specs]
    return TableData({"example": examples} | {key: [getattr(spec, key) for spec in specs] for key in keys})
