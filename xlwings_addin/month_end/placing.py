"""Put clerks' entries of last month back on the rows they were made for; never on a guess."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.month import TableData, own
from xlwings_addin.sheets.style import DATE_STYLES, TEXT_STYLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.entries import Entries, Key
    from xlwings_addin.sheets.blocks import Sheet, Table

NotPlaced = dict[str, Any]


def row_keys(table: Table, columns: Mapping[str, Sequence[Any]]) -> list[Key]:
    """Return each row's key as text: what tells it apart from last month to this."""
    parts = []
    for name in table.key:
        dated = table.column(name).style in DATE_STYLES
        parts.append([_key_text(value, dated=dated) for value in columns[name]])
    return list(zip(*parts, strict=True))


def _key_text(value: Any, *, dated: bool) -> str:
    if value is None or (dated and value == NO_DATE):
        return ""
    return iso(value) if dated else str(value)


def place_entries(
    sheets: Sequence[Sheet], tables: Mapping[str, TableData], entries: Entries
) -> tuple[dict[str, TableData], list[NotPlaced]]:
    """Return the tables that carry entries, filled in, and the entries whose row is gone or not unique.

    An entry whose row was gone waits among the latter; when its very row is back and its cell is empty, it returns.
    """
    placed: dict[str, TableData] = {}
    waiting: list[NotPlaced] = [dict(note) for note in entries.rows("tblNotPlaced")]
    left: list[NotPlaced] = []
    for table in (table for sheet in sheets for table in sheet.tables() if table.key):
        typed = entries.tables.get(table.name)
        if typed is None or table.name not in tables:
            continue
        data = tables[table.name]
        keys = row_keys(table, data.columns) if data.rows else []
        times = Counter(keys)
        at = {key: i for i, key in enumerate(keys) if times[key] == 1}
        names = {column.heading: column.key for column in table.columns if column.entry}
        columns = {name: list(data.column(name)) for name in names.values()}
        columns |= {own(heading): [None] * data.rows for heading in typed.extra}
        for key, cells in typed.rows.items():
            for heading, value in cells.items():
                if key in at:
                    columns[names.get(heading, own(heading))][at[key]] = value
                else:
                    left.append(_not_placed(table.name, key, heading, value))
        left += [_not_placed(table.name, key, heading, value) for key, heading, value in typed.doubled]
        back = [note for note in waiting if note["table"] == table.name]
        # A row's text leaves the blank parts of its key out: where two rows read alike, neither is it for certain.
        alike = Counter(map(_row_text, keys)) if back else Counter()
        by_text = {_row_text(key): i for key, i in at.items()} if back else {}
        for note in back:
            heading, i = note["heading"], by_text.get(note["row"])
            column = columns.get(names.get(heading, own(heading)))
            if i is not None and alike[note["row"]] == 1 and column is not None and column[i] in (None, ""):
                column[i] = _value(note["value"], table, heading)
                waiting.remove(note)
        placed[table.name] = TableData({**data.columns, **columns}, typed.extra)
    told: dict[tuple[Any, ...], NotPlaced] = {}
    for note in [*waiting, *left]:
        told.setdefault((note["table"], note["row"], note["heading"], note["value"]), note)
    return placed, list(told.values())


def typed_cells(
    sheets: Sequence[Sheet],
    tables: Mapping[str, TableData],
    fields: Mapping[str, Any],
    not_placed: Sequence[Mapping[str, Any]],
) -> list[tuple[str, str, int, Any]]:
    """Return every cell that holds an entry, in a fixed order: what a clerk typed, wherever it stands now."""
    found = []
    for table in (table for sheet in sheets for table in sheet.tables() if table.name in tables):
        data = tables[table.name]
        names = [column.key for column in table.columns if column.entry] + [own(heading) for heading in data.extra]
        for name in names:
            cells = enumerate(data.column(name))
            found += [(table.name, name, i, str(value)) for i, value in cells if value is not None and value != ""]
    named = sorted(field.name for sheet in sheets for field in sheet.fields() if field.entry)
    found += [("", name, -1, _typed_text(fields[name])) for name in named if fields.get(name) not in (None, "")]
    return found + [(note["table"], note["heading"], -1, note["value"]) for note in not_placed]


def _typed_text(value: Any) -> str:
    """Return what a cell holds as one text, whether it was read from a workbook or is our own."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(float(value)) if number else str(value)


def _not_placed(table: str, key: Key, heading: str, value: Any) -> NotPlaced:
    return {"table": table, "row": _row_text(key), "heading": heading, "value": str(value)}


def _row_text(key: Key) -> str:
    return " / ".join(part for part in key if part)


def _value(text: str, table: Table, heading: str) -> Any:
    """Return what was typed, out of the text it was kept as: a number where the column holds numbers or dates."""
    column = next((column for column in table.columns if column.heading == heading), None)
    if column is None or column.style in TEXT_STYLES:
        return text
    try:
        return int(text) if column.style in DATE_STYLES else float(text)
    except ValueError:
        return text
