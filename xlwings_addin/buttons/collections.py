"""Collections: the weekly hour, and what a customer has just said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from xlwings_addin import now
from xlwings_addin.buttons import asking, safety, sources
from xlwings_addin.buttons.month import as_of, refresh
from xlwings_addin.ledger.days import day_number
from xlwings_addin.month_end.work.agenda import weekly_block
from xlwings_addin.ribbon import ButtonError, Entry, Progress, button
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import activity as activity_sheet
from xlwings_addin.sheets import collections as collections_sheet
from xlwings_addin.sheets import style
from xlwings_addin.sheets.collections import DISPUTE_CODES, ENTRIES
from xlwings_addin.writing import live, live_cells
from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.sheets.blocks import Column

CALENDAR = "collections-hour.ics"
SELECTABLE = ("tblWorklist", "tblAging", "tblCallList", "tblItems")
"""Tables whose rows name a customer, and most a document."""


@button(
    "Collections hour",
    group="Collections",
    icon="OutlookTaskCreate",
    keytip="H",
    size="large",
    supertip="Reads the files imported last and what you typed; writes every sheet, goes to Collections, and saves the"
    " weekly hour as a calendar entry beside the workbook.",
)
def collections_hour(book: Book, progress: Progress) -> str:
    """Bring the worklist up to date for the weekly hour."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    day = as_of(opened)
    block = weekly_block(settings, day)
    calendar = safety.beside(book).with_name(CALENDAR)
    with Outputs() as files:
        files.folder(calendar.parent)
        files.write(calendar, block.encode())
        # Every sheet, not this one alone: two sheets of one workbook are never of different files or days.
        line = refresh(opened, settings, entries, sources.recall(book), day, progress)
    found = live.Opened(book).sheet_of(collections_sheet.sheet(settings))
    if found is not None:
        found.activate()
    return f"{line.rstrip('.')}. The weekly hour for your calendar: {calendar}."


@button(
    "Log promise",
    group="Collections",
    icon="ReviewNewComment",
    keytip="O",
    supertip="Reads the selected row of the worklist, aging or ledger; asks what was promised or disputed; adds a line"
    " to Activity and fills the row's own cells on the worklist.",
    menu=(
        Entry("promise", "Log promise", "Asks for the day and the amount promised."),
        Entry("dispute", "Log dispute", "Asks for the reason and the day to look at it again."),
    ),
)
def log_promise(book: Book, progress: Progress, entry: str) -> str:
    """Note what the customer has just promised or disputed."""
    opened = live.Opened(book)
    declared = (activity_sheet.sheet(), collections_sheet.sheet(Settings()))
    opened.check(declared)
    row = _Selected(book, opened)
    kind = entry or asking.one_of(book.app, "Was it a promise or a dispute?", ("promise", "dispute"))
    today = date.fromisoformat(now()[:10])
    if kind == "promise":
        on = asking.day(book.app, f"{row.named}: promised for which day?", today + timedelta(days=7))
        amount = asking.amount(book.app, f"{row.named}: which amount? Blank for all that is open")
        said = ""
        cells: dict[str, Any] = {"promise_date": day_number(on), "promise_amount": amount}
    else:
        code = asking.one_of(book.app, f"{row.named}: what is disputed?", DISPUTE_CODES)
        on = asking.day(book.app, f"{row.named}: look at it again on which day?", today + timedelta(days=7))
        said, amount = code, None
        cells = {"dispute_code": code, "dispute_revisit": day_number(on)}
    progress("writing to Activity")
    line = {
        "date": day_number(today),
        "who": row.cell("Owner"),
        "customer_id": row.cell("Customer ID"),
        "document_no": row.cell("Document"),
        "kind": kind,
        "outcome": said,
        "for_date": day_number(on),
        "amount": amount,
    }
    row.fill(cells)
    _append(opened, line)
    return f"{kind} of {row.named} for {on:%d %b %Y} is in Activity; the next refresh takes it into account."


class _Selected:
    """The selected row of one of our tables."""

    def __init__(self, book: Book, opened: live.Opened) -> None:
        selected = book.app.selection
        table = selected[0, 0].table if selected is not None else None
        if selected is None or table is None or table.name not in SELECTABLE or table.name not in opened.table_names:
            raise ButtonError("Select a row of the worklist, the aging or the ledger, and press again.")
        self.book, self.opened = book, opened
        self.live = opened.get_table_by_name(table.name)
        self.at = selected[0, 0].row - table.range.row - 1
        rows = self.live.to_python()
        if not 0 <= self.at < len(rows) or self._of(rows[self.at], "Customer ID") == "":
            raise ButtonError(f"Select a row of {table.name} that names a customer, and press again.")
        self.values = rows[self.at]

    def _of(self, row: list[Any], heading: str) -> str:
        value = row[self.live.columns.index(heading)] if heading in self.live.columns else None
        return "" if value is None else str(value)

    def cell(self, heading: str) -> str:
        """Return what the row says under a heading; "" where it has no such column."""
        return self._of(self.values, heading)

    @property
    def named(self) -> str:
        """The row in words."""
        customer = self.cell("Customer") or self.cell("Customer ID")
        return f"{self.cell('Document')} of {customer}" if self.cell("Document") else customer

    def fill(self, cells: Mapping[str, Any]) -> None:
        """Type into the row's own cells, where it is one of the worklist."""
        if self.live.table.name != "tblWorklist":
            return
        declared = {column.key: column for column in ENTRIES if column.key in cells}
        if any(self.cell(column.heading) for column in declared.values()):
            # What is typed over may not be in Activity yet.
            safety.keep_copy(self.book)
        area = self.live.table.range
        for key, column in declared.items():
            place = (area.row + 1 + self.at, area.column + self.live.columns.index(column.heading))
            self.live.sheet.range(place).options("raw").formula = _written(column, cells[key], self.opened.shift)


def _append(opened: live.Opened, line: Mapping[str, Any]) -> None:
    """Write a line into the first empty row of Activity; where there is none, beneath the last."""
    if "tblActivity" not in opened.table_names:
        raise ButtonError("The sheet Activity is not there; press Refresh month, which adds it, and press again.")
    found = opened.get_table_by_name("tblActivity")
    area, rows = found.table.range, found.to_python()
    taken = [i for i, row in enumerate(rows) if any(value is not None for value in row)]
    at = area.row + 1 + (taken[-1] + 1 if taken else 0)
    if at > area.row + len(rows):
        found.sheet.range(f"{at}:{at}").insert("down")
        found.table.resize(found.sheet.range((area.row, area.column), (at, area.column + area.shape[1] - 1)))
    declared = {column.heading: column for column in next(activity_sheet.sheet().tables()).columns}
    said = dict.fromkeys(column.key for column in declared.values()) | dict(line)
    if len(said) > len(declared):
        raise LookupError(f"Activity declares no {', '.join(said.keys() - {c.key for c in declared.values()})}.")
    cells = [
        _written(declared[heading], said[declared[heading].key], opened.shift) if heading in declared else ""
        for heading in found.columns
    ]
    found.sheet.range((at, area.column), (at, area.column + len(cells) - 1)).options("raw").formula = [cells]


def _written(column: Column, value: Any, shift: int) -> Any:
    return live_cells.written(value, column.style, style.number_format(column.style), shift=shift)
