"""Aging: by customer in the month's own sheet, by anything else in a sheet of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin import version
from xlwings_addin.buttons import asking, questions, safety, sources
from xlwings_addin.buttons.month import as_of, refresh
from xlwings_addin.ledger.report import set_aside_line
from xlwings_addin.month_end.aging_by import aging_by
from xlwings_addin.ribbon import Entry, Progress, button
from xlwings_addin.sheets import aging as aging_sheet
from xlwings_addin.writing import live

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel


@button(
    "Build aging",
    group="Aging",
    icon="PivotTableReport",
    keytip="A",
    size="large",
    supertip="Reads the files imported last; writes Aging, or a sheet of its own by region, tier, owner or date.",
    menu=(
        Entry("customer", "By customer", "Brings the month up to date and shows Aging."),
        Entry("region", "By region", "Writes the sheet Aging by region."),
        Entry("tier", "By tier", "Writes the sheet Aging by tier."),
        Entry("owner", "By owner", "Writes the sheet Aging by owner."),
        Entry("date", "On another date", "Asks for a date and writes the sheet Aging on a date."),
    ),
)
def build_aging(book: Book, progress: Progress, entry: str) -> str:
    """Age what is open."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    chosen, day = sources.recall(book), as_of(opened)
    if entry in ("", "customer"):
        line = refresh(opened, settings, entries, chosen, day, progress)
        found = opened.sheet_of(aging_sheet.sheet(settings))
        if found is not None:
            found.activate()
        return line
    if entry == "date":
        day = asking.day(book.app, "Aging as of which date?", day)
    progress("reading the files")
    ledger, answered = questions.read(book, chosen, settings, day)
    month = aging_by(ledger, settings, day, entry, version=version())
    opened.check(month.sheets)
    with safety.having(safety.keep_copy(book)):
        live.fill(book, month, opened=opened, progress=progress)
        if answered != chosen:
            sources.remember(book, answered)
    sheet, table = month.sheets[0], month.tables[next(iter(month.tables))]
    book.sheets[sheet.name].activate()
    aside = set_aside_line(ledger)
    return f"{sheet.name}: {table.rows:,} rows as of {day:%d %b %Y}.{f' {aside}: see Checks.' if aside else ''}"
