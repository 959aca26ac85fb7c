"""Rollout: the tracker filled, and what the program started from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlwings_addin.buttons import safety, sources
from xlwings_addin.buttons.month import as_of, refresh
from xlwings_addin.ribbon import TAB, Progress, button
from xlwings_addin.sheets import rollout as rollout_sheet
from xlwings_addin.writing import live

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel


@button(
    "Fill tracker",
    group="Rollout",
    icon="OutlookTaskCreate",
    keytip="T",
    size="large",
    supertip="Reads the files imported last and what you typed; measures the twelve actions and shows Rollout.",
)
def fill_tracker(book: Book, progress: Progress) -> str:
    """Bring the 30/60/90-day tracker up to date."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    line = refresh(opened, settings, entries, sources.recall(book), as_of(opened), progress)
    _show(book)
    return line


@button(
    "Set baseline",
    group="Rollout",
    icon="FunctionsDateTimeInsertGallery",
    keytip="W",
    supertip="Keeps this month's figures on Rollout as what the program started from; asks before it replaces others.",
)
def set_baseline(book: Book, progress: Progress) -> str:
    """Keep this month as where the program started from."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    if entries.rows("tblBaseline"):
        answer = book.app.alert(
            "A baseline is set. Replace it with the figures of this month?", title=TAB, buttons="yes_no", mode="info"
        )
        if answer != "yes":
            return "the baseline stays; nothing was changed."
        kept = {name: table for name, table in entries.stored.items() if name != "tblBaseline"}
        entries = replace(entries, stored=kept)
    day = as_of(opened)
    line = refresh(opened, settings, entries, sources.recall(book), day, progress, set_baseline=True)
    _show(book)
    return f"baseline of {day:%d %b %Y}; {line}"


def _show(book: Book) -> None:
    found = live.Opened(book).sheet_of(rollout_sheet.sheet())
    if found is not None:
        found.activate()
