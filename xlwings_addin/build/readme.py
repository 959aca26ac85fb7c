"""The tables of the documents, out of the declarations they describe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import udfs
from xlwings_addin import ribbon
from xlwings_addin.build import source_map
from xlwings_addin.ledger.formats import by_module
from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, ITEM_COLUMNS, RECEIPT_COLUMNS, LedgerColumn
from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.writing import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.ledger.formats.declaration import Format


def refreshed(text: str, blocks: Mapping[str, Sequence[str]]) -> str:
    """Return a text with every generated block made again; a block is between two comments of its name."""
    for name, lines in blocks.items():
        begin, end = f"<!-- generated: {name} -->", "<!-- end -->"
        before, block, after = _around(text, begin, end)
        if not block:
            raise WorkbookError(f"There is no block {begin!r} that ends in {end!r}; put the two comments back.")
        text = before + "\n".join((begin, *lines, end)) + after
    return text


def _around(text: str, begin: str, end: str) -> tuple[str, str, str]:
    found = re.search(f"{re.escape(begin)}.*?{re.escape(end)}", text, flags=re.DOTALL)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def blocks() -> dict[str, dict[str, Sequence[str]]]:
    """Return the generated blocks of each document by name, as lines of Markdown."""
    udfs.load()
    ribbon.load()
    functions = [(f"`{spec.syntax}`", spec.summary) for spec in udfs.REGISTRY.values()]
    sheets = [(f"**{sheet.name}**", sheet.purpose) for sheet in workbook(Settings())]
    buttons = ((one.group, f"**{one.label}**", one.supertip) for one in ribbon.in_ribbon_order(ribbon.BUTTONS))
    return {
        "docs/reading.md": {
            "items": _columns(ITEM_COLUMNS),
            "receipts": _columns(RECEIPT_COLUMNS),
            "customers": _columns(CUSTOMER_COLUMNS),
            "formats": _table(("System", "Report", "Known by these columns"), _exports()),
        },
        "docs/workbook.md": {
            "sheets": _table(("Sheet", "What it is for"), sheets),
            "functions": _table(("Function", "Meaning"), functions),
            "source map": _table(("Text", "Element", "Done by"), source_map.rows()),
        },
        "docs/excel.md": {"ribbon": _table(("Group", "Button", "What it does"), buttons)},
    }


def _exports() -> Iterable[Sequence[str]]:
    """A row for each format: its system is what its module says of itself."""
    for module, layouts in by_module().items():
        system = (module.__doc__ or "").split(":")[0]
        for layout in layouts:
            if layout.role == "items" and not layout.general:
                yield system, layout.name, _known_by(layout)


def _known_by(layout: Format) -> str:
    keys = [need if isinstance(need, str) else need[0] for need in layout.needs]
    titles = [layout.titles[key][0] for key in keys if layout.titles.get(key)]
    parts = (title for titles in layout.joined.values() for title in titles)
    return ", ".join(dict.fromkeys((*titles, *parts, *layout.marks)))


def _columns(columns: Sequence[LedgerColumn]) -> Sequence[str]:
    return _table(("Column", "Holds"), ((f"**{c.heading}**" if c.required else c.heading, c.help) for c in columns))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Sequence[str]:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    return ["", line(headings), line(["---"] * len(headings)), *map(line, rows), ""]
