"""Collections: reminders that are due, drafted into a folder, and logged once the clerk says that they will be sent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlwings_addin import now
from xlwings_addin.buttons import activity_lines, asking, safety
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.month_end.work import reminders as due_ones
from xlwings_addin.ribbon import TAB, ButtonError, Progress, button
from xlwings_addin.sheets import ledger as ledger_sheet
from xlwings_addin.writing import drafts, live
from xlwings_addin.writing.carry_over import table_rows

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.month_end.work.reminders import Reminders


@button(
    "Reminders due",
    group="Collections",
    icon="FileEmailAsPdfEmailAttachment",
    keytip="M",
    supertip="Reads Ledger, Customers, Activity and Policies; drafts e-mails into a folder beside the workbook, sends"
    " none, and after you say yes logs them in Activity.",
)
def reminders_due(book: Book, progress: Progress) -> str:
    """Draft the reminders that are due."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    if entries.as_of is None:
        raise ButtonError("The workbook holds no month yet; press Import ledger first.")
    shown = date.fromisoformat(iso(entries.as_of))
    asked = (
        f"Reminders due on which day? What is open is known as of {shown:%d %b %Y}; refresh the month for a later day."
    )
    day = day_number(asking.day(book.app, asked, shown))
    progress("looking for what is due")
    rows = table_rows(book.name, opened, ledger_sheet.table(), due_ones.READ)
    found = due_ones.due((row for row in rows if due_ones.is_open(row)), settings, entries, day)
    if not found.drafts:
        return f"no reminder is due on {iso(day)}; {_left(found)}, nothing was written."
    folder = drafts.write(safety.beside(book).parent, found, now=now())
    lines = found.activity()
    answer = book.app.alert(
        f"{_drafted(found)} in {folder}; {_left(found)}, each with its reason in {drafts.LIST}. None was sent."
        f" Will you send them, and shall Activity say so in {len(lines):,} lines dated {iso(day)}?",
        title=TAB,
        buttons="yes_no",
        mode="info",
    )
    if answer != "yes":
        return f"{_drafted(found)} in {folder}; Activity stays as it was."
    activity_lines.log(opened, settings, entries, lines)
    return f"{_drafted(found)} in {folder}; {len(lines):,} lines added to Activity."


def _drafted(found: Reminders) -> str:
    return _counted(len(found.drafts), "reminder") + " drafted"


def _left(found: Reminders) -> str:
    return _counted(len(found.skipped), "item") + " left out"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
