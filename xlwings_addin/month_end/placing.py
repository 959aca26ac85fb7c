"""Put clerks' entries of last month back on the rows they were made for; never on a guess."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from xlwings_addin.entries import TableEntries
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

    An entry whose row was gone waits among the latter; when its very row is back and its cell is empty, it returns,
    unless a clerk wrote something beside it, which would be lost with its line.
    """
    placed: dict[str, TableData] = {}
    waiting: list[NotPlaced] = [dict(note) for note in entries.rows("tblNotPlaced")]
    beside = [own(heading) for heading in entries.kept("tblNotPlaced").extra]
    free = [note for note in waiting if all(note.get(name) is None for name in beside)]
    left: list[NotPlaced] = []
    for table in (table for sheet in sheets for table in sheet.tables() if table.key):
        typed, notes = entries.typed(table.name), [note for note in free if note["table"] == table.name]
        if typed == TableEntries() and not notes:
            continue
        filling = _Filling(table, tables[table.name], typed)
        left += filling.put(typed)
        for note in filling.returned(notes):
            waiting.remove(note)
        placed[table.name] = TableData({**tables[table.name].columns, **filling.columns}, typed.extra)
    told: dict[tuple[Any, ...], NotPlaced] = {}
    for note in [*waiting, *left]:
        told.setdefault((note["table"], note["row"], note["heading"], note["value"]), note)
    return placed, list(told.values())


class _Filling:
    """The columns of a table that clerks type in, while entries are put into them."""

    def __init__(self, table: Table, data: TableData, typed: TableEntries) -> None:
        self.table = table
        self.keys = row_keys(table, data.columns) if data.rows else []
        times = Counter(self.keys)
        self.at = {key: i for i, key in enumerate(self.keys) if times[key] == 1}
        self.names = {column.heading: column.key for column in table.columns if column.entry}
        self.columns: dict[str, list[Any]] = {name: list(data.column(name)) for name in self.names.values()}
        self.columns |= {own(heading): [None] * data.rows for heading in typed.extra}

    def put(self, typed: TableEntries) -> list[NotPlaced]:
        """Put entries on the rows they were made for, and return those without one."""
        for key in typed.rows.keys() & self.at.keys():
            for heading, value in typed.rows[key].items():
                self.columns[self.names.get(heading, own(heading))][self.at[key]] = value
        rowless = ((key, cells) for key, cells in typed.rows.items() if key not in self.at)
        lost = [(key, heading, value) for key, cells in rowless for heading, value in cells.items()]
        return [_not_placed(self.table.name, *entry) for entry in (*lost, *typed.doubled)]

    def returned(self, notes: Sequence[NotPlaced]) -> list[NotPlaced]:
        """Put what waited for its row back on it, where its cell is empty, and return these notes."""
        # A row's text leaves the blank parts of its key out: where two rows read alike, neither is it for certain.
        alike = Counter(map(_row_text, self.keys)) if notes else Counter()
        by_text = {_row_text(key): i for key, i in self.at.items() if alike[_row_text(key)] == 1}
        back = []
        for note in notes:
            column = self.columns.get(self.names.get(note["heading"], own(note["heading"])))
            row = by_text.get(note["row"])
            if column is not None and row is not None and column[row] in (None, ""):
                column[row] = _value(note["value"], self.table, note["heading"])
                back.append(note)
        return back


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
