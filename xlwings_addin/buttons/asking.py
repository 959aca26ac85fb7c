"""What a button asks the clerk: files and dates, by Excel's own dialogs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.ribbon import TAB, ButtonError

if TYPE_CHECKING:
    from xlwings import App  # noqa: TID251 - buttons talk to Excel

LEDGER_FILES = "Ledger exports (*.csv;*.txt;*.xlsx;*.xls),*.csv;*.txt;*.xlsx;*.xls"
TEXT = 2
"""Excel's number for an input box that takes text."""


def files(app: App, title: str) -> tuple[Path, ...]:
    """Ask for files; none when the clerk cancels."""
    chosen = app.api.GetOpenFilename(FileFilter=LEDGER_FILES, Title=f"{TAB}: {title}", MultiSelect=True)
    return () if chosen is False else tuple(Path(name) for name in chosen)


def file(app: App, title: str) -> Path | None:
    """Ask for one file; none when the clerk cancels."""
    chosen = app.api.GetOpenFilename(FileFilter=LEDGER_FILES, Title=f"{TAB}: {title}", MultiSelect=False)
    return None if chosen is False else Path(chosen)


def day(app: App, prompt: str, proposed: date) -> date:
    """Ask for a date, written the one way that every country reads alike."""
    typed = app.api.InputBox(Prompt=f"{prompt} (year-month-day)", Title=TAB, Default=proposed.isoformat(), Type=TEXT)
    if typed is False:
        raise ButtonError("No date was given; nothing was changed.")
    try:
        return date.fromisoformat(str(typed).strip())
    except ValueError:
        raise ButtonError(
            f"'{typed}' is not a date: write it as year-month-day, for example 2026-01-31, and press again."
        ) from None
