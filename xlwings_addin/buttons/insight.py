"""Insight: what a cell says, and which function says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import udfs
from udfs.explanation import explain
from xlwings_addin.buttons import safety, sources
from xlwings_addin.buttons.month import as_of, refresh
from xlwings_addin.ribbon import TAB, ButtonError, Progress, button
from xlwings_addin.sheets import diagnostics as diagnostics_sheet
from xlwings_addin.writing import live, live_cells

if TYPE_CHECKING:
    from xlwings import Book, Range  # noqa: TID251 - buttons talk to Excel

FUNCTION_WIZARD = 450
"""Excel's number for its Insert Function dialog."""
_CALL = re.compile(r"=\s*(?:'[^']*'!|[^\s!(]+!)?(AR_\w+)\((.*)\)\s*", re.DOTALL | re.IGNORECASE)
_THIS_ROW = re.compile(r"(?:(\w+)\[\[#This Row\],\[([^\]]+)\]\]|(\w*)\[@\[?([^\]\[]+)\]?\])")
_COLUMN = re.compile(r"(\w+)\[([^\]\[]+)\]")
_REFERENCE = re.compile(r"(?:(?:'([^']+)'|([A-Za-z]\w*))!)?([\w$:.]+)")


@button(
    "Diagnose",
    group="Insight",
    icon="TraceError",
    keytip="D",
    size="large",
    supertip="Reads the files imported last, your settings and entries; writes every sheet and shows Diagnostics.",
)
def diagnose(book: Book, progress: Progress) -> str:
    """See which signals call for action."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    line = refresh(opened, settings, entries, sources.recall(book), as_of(opened), progress)
    found = live.Opened(book).sheet_of(diagnostics_sheet.sheet())
    if found is not None:
        found.activate()
    return line


@button(
    "Explain cell",
    group="Insight",
    icon="FormulaEvaluate",
    keytip="E",
    supertip="Reads the selected cell's AR_ formula and the cells it refers to; shows the calculation in words.",
)
def explain_cell(book: Book, progress: Progress) -> str:  # noqa: ARG001 - done at once
    """Show how the selected cell's figure comes about."""
    selected = book.app.selection
    call = _CALL.fullmatch(str(selected[0, 0].formula)) if selected is not None else None
    udfs.load()
    if selected is None or call is None or call[1].upper() not in udfs.REGISTRY:
        raise ButtonError("Select a cell that holds one AR_ function, =AR_DSO(B2,C2,30) for example, and press again.")
    cells = [_value(selected[0, 0], argument) for argument in _arguments(call[2])]
    book.app.alert(explain(call[1].upper(), *cells), title=f"{TAB}: {call[1].upper()}", mode="info")
    return f"explained {selected.sheet.name}!{selected[0, 0].get_address(False, False)}; nothing was changed."


@button(
    "Insert function",
    group="Insight",
    icon="FunctionWizard",
    keytip="F",
    supertip="Opens Excel's Insert Function dialog; the AR_ functions have categories of their own.",
)
def insert_function(book: Book, progress: Progress) -> str:  # noqa: ARG001 - done at once
    """Type an AR_ function with help for each argument."""
    book.app.api.Dialogs(FUNCTION_WIZARD).Show()
    return "choose a category that starts with Receivables to find the AR_ functions."


def _arguments(text: str) -> list[str]:
    """Split a call's arguments at its own commas."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _value(cell: Range, argument: str) -> Any:
    """Return what an argument stands for: a number, a text, or the cells it refers to."""
    if not argument:
        return None
    if argument.upper() in ("TRUE", "FALSE"):
        return argument.upper() == "TRUE"
    if re.fullmatch(r"-?\d+(\.\d+)?", argument):
        return float(argument)
    if re.fullmatch(r'"[^"]*"', argument):
        return argument[1:-1]
    area = _area(cell, argument)
    if area is None:
        raise ButtonError(
            f"An argument of this formula contains a calculation, which Explain cell cannot follow: {argument}."
        )
    block = area.options("raw").value
    rows = block if isinstance(block, tuple) else ((block,),)
    values = live_cells.read_rows(rows)
    return values[0][0] if len(values) == 1 and len(values[0]) == 1 else values


def _area(cell: Range, argument: str) -> Range | None:
    tables = {table.name.lower(): table for sheet in cell.sheet.book.sheets for table in sheet.tables}
    if found := _THIS_ROW.fullmatch(argument):
        name = (found[1] or found[3] or (cell.table.name if cell.table else "")).lower()
        heading = found[2] or found[4]
        if name in tables:
            area = tables[name].range
            at = _place(area, heading)
            return None if at is None else area.sheet.range((cell.row, area.column + at))
    elif found := _COLUMN.fullmatch(argument):
        table = tables.get(found[1].lower())
        at = _place(table.range, found[2]) if table else None
        if table and at is not None:
            return table.range[1 : table.range.shape[0] - table.show_totals, at]
    elif found := _REFERENCE.fullmatch(argument):
        names = {name.name.lower(): name for name in cell.sheet.book.names}
        if found[3].lower() in names:
            return names[found[3].lower()].refers_to_range
        if re.fullmatch(r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?", found[3], re.IGNORECASE):
            sheet = cell.sheet.book.sheets[found[1] or found[2]] if found[1] or found[2] else cell.sheet
            return sheet.range(found[3])
    return None


def _place(area: Range, heading: str) -> int | None:
    block = area[0, :].options("raw").value
    headings = [str(text).lower() for text in (block[0] if isinstance(block, tuple) else (block,))]
    return headings.index(heading.lower()) if heading.lower() in headings else None
