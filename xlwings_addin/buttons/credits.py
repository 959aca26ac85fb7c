"""Collections: proposals to apply credits, logged in Activity for whoever applies them in the ledger's own system."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlwings_addin import now
from xlwings_addin.buttons import activity_lines, safety
from xlwings_addin.ledger.days import day_number
from xlwings_addin.month_end.typed import Activity, text
from xlwings_addin.month_end.work.credits import outcome
from xlwings_addin.ribbon import TAB, Progress, button
from xlwings_addin.sheets import activity as activity_sheet
from xlwings_addin.sheets import credits_to_apply, style
from xlwings_addin.writing import live, live_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

TABLE = "tblCredits"


@button(
    "Log credits",
    group="Collections",
    icon="Consolidate",
    keytip="Y",
    supertip="Reads the selected rows of Credits to apply, or all of them after you say yes; adds a line to Activity"
    " for each proposal that is not logged yet. Nothing is applied: do that in your ledger system.",
)
def log_credits(book: Book, progress: Progress) -> str:
    """Log which credits to apply to which documents."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    opened.check((activity_sheet.sheet(), credits_to_apply.sheet()))
    shown = opened.get_table_by_name(TABLE)
    rows = [dict(zip(shown.columns, row, strict=True)) for row in shown.to_python()]
    selected = _selected(book, opened)
    chosen = [at for at in selected or range(len(rows)) if rows[at]["Apply to"]]
    if not chosen:
        return "no credit has an open item to be applied to; nothing was changed."
    if not selected and not _agreed(book, len(chosen)):
        return "no row of Credits to apply is selected; nothing was changed."
    today = day_number(date.fromisoformat(now()[:10]))
    known = {_said(Activity.of(i, row)) for i, row in enumerate(entries.rows("tblActivity"))}
    lines = {at: _line(rows[at], today) for at in chosen}
    new = {at: line for at, line in lines.items() if _said(Activity.of(0, line)) not in known}
    if not new:
        return "every one of these proposals is logged already; nothing was changed."
    progress("writing to Activity")
    activity_lines.log(opened, settings, entries, [*new.values()])
    _show(opened, [*new], today)
    added = f"{len(new):,} line{'' if len(new) == 1 else 's'}"
    return f"{added} added to Activity; apply the credits in your ledger system."


def _selected(book: Book, opened: live.Opened) -> Sequence[int]:
    """Return the selected rows of the table, counted from 0; none where the selection is elsewhere."""
    selection = book.app.selection
    table = selection[0, 0].table if selection is not None else None
    if selection is None or table is None or table.name != TABLE:
        return ()
    first = selection.row - table.range.row - 1
    return range(max(first, 0), min(first + selection.shape[0], len(opened.get_table_by_name(TABLE).rows)))


def _agreed(book: Book, number: int) -> bool:
    asked = f"No row of Credits to apply is selected. Log all {number:,} proposals?"
    return bool(book.app.alert(asked, title=TAB, buttons="yes_no", mode="info") == "yes")


def _line(row: Mapping[str, Any], today: int) -> dict[str, Any]:
    """Return the line of Activity that a row of the table says."""
    credit = text(row["Credit document"])
    return {
        "date": today,
        "who": row["Owner"],
        "customer_id": text(row["Customer ID"]),
        "document_no": credit,
        "kind": activity_sheet.CREDIT,
        "channel": "",
        "outcome": outcome(credit, text(row["Apply to"]), text(row["Match"])),
        "for_date": None,
        "amount": row["Amount"],
    }


def _said(line: Activity) -> tuple[str, ...]:
    return line.kind, line.customer, line.document, line.outcome


def _show(opened: live.Opened, places: Sequence[int], today: int) -> None:
    """Write the day beside the rows that were logged."""
    shown = opened.get_table_by_name(TABLE)
    column = credits_to_apply.credits_to_apply().column("logged")
    area, written = (
        shown.table.range,
        live_cells.written(today, column.style, style.number_format(column.style), shift=opened.shift),
    )
    for place in places:
        at = (area.row + 1 + place, area.column + shown.columns.index(column.heading))
        shown.sheet.range(at).options("raw").formula = written
