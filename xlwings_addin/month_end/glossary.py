"""Glossary: every worksheet function as it declares itself, and the texts of the sheet as tables."""

from __future__ import annotations

import udfs
from udfs.example import as_typed
from xlwings_addin.month_end.month import Filled, TableData
from xlwings_addin.sheets.glossary import QUESTIONS, SOURCES, TERMS
from xlwings_addin.sheets.glossary import sheet as sheet


def tables() -> Filled:
    """Return the tables of the Glossary: the same in every month."""
    return {
        "tblGlossary": _functions(),
        "tblFaq": _rows(("question", "about", "answer", "look"), QUESTIONS),
        "tblTerms": _rows(("term", "short", "meaning"), TERMS),
        "tblSources": _rows(("publisher", "kind", "title", "supports"), SOURCES),
    }, {}


def _rows(keys: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> TableData:
    return TableData(dict(zip(keys, map(list, zip(*rows, strict=True)), strict=True)))


def _functions() -> TableData:
    """Return every worksheet function as its declaration describes it."""
    udfs.load()
    specs = udfs.REGISTRY.values()
    keys = ("name", "category", "summary", "syntax", "formula", "source")
    examples = [as_typed(spec) for spec in specs]
    return TableData({"example": examples} | {key: [getattr(spec, key) for spec in specs] for key in keys})
