"""The README's tables, out of the declarations they describe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import udfs

from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, ITEM_COLUMNS, RECEIPT_COLUMNS, LedgerColumn
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import workbook


def refreshed(text: str) -> str:
    """Return the README with every generated block made anew; a block stands between two comments of its name."""
    for name, lines in blocks().items():
        begin, end = f"<!-- generated: {name} -->", "<!-- end -->"
        text, found = re.subn(
            f"{re.escape(begin)}.*?{re.escape(end)}", lambda _, ls=lines: "\n".join((begin, *ls, end)), text, flags=re.DOTALL
        )
        if found != 1:
            raise ValueError(f"README.md has {found} blocks {begin!r}, not one")
    return text


def blocks() -> dict[str, Sequence[str]]:
    """Return the generated blocks by name, as lines of Markdown."""
    udfs.load()
    functions = [(f"`{spec.syntax}`", spec.summary) for spec in udfs.REGISTRY.values()]
    sheets = [(f"**{sheet.name}**", sheet.purpose) for sheet in workbook(Settings())]
    return {
        "functions": _table(("Function", "Meaning"), functions),
        "sheets": _table(("Sheet", "What it is for"), sheets),
        "items": _columns(ITEM_COLUMNS),
        "receipts": _columns(RECEIPT_COLUMNS),
        "customers": _columns(CUSTOMER_COLUMNS),
    }


def _columns(columns: Sequence[LedgerColumn]) -> Sequence[str]:
    return _table(("Column", "Holds"), ((f"**{c.heading}**" if c.required else c.heading, c.help) for c in columns))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Sequence[str]:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    return ["", line(headings), line(["---"] * len(headings)), *map(line, rows), ""]
