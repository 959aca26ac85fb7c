"""What a button asks the clerk: files and dates, by Excel's own dialogs."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.ribbon import TAB, ButtonError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings import App  # noqa: TID251 - buttons talk to Excel

LEDGER_FILES = "Ledger exports (*.csv;*.txt;*.xlsx;*.xls),*.csv;*.txt;*.xlsx;*.xls"
MAPPING_FILES = "Mapping files (*.toml;*.json),*.toml;*.json"
LONGEST_PROMPT, LONGEST_QUESTION = 255, 700
"""Characters an input box shows, and those of a question that leave a message box room for its choices."""
TEXT = 2
"""Excel's number for an input box that takes text."""
_AMOUNTS = {
    ",": re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?"),
    ".": re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?"),
}
"""Sign between thousands -> how an amount is written with it."""


def files(app: App, title: str) -> tuple[Path, ...]:
    """Ask for files; none when the clerk cancels."""
    chosen = app.api.GetOpenFilename(FileFilter=LEDGER_FILES, Title=f"{TAB}: {title}", MultiSelect=True)
    return () if chosen is False else tuple(Path(name) for name in chosen)


def file(app: App, title: str, kinds: str = LEDGER_FILES) -> Path | None:
    """Ask for one file; none when the clerk cancels."""
    chosen = app.api.GetOpenFilename(FileFilter=kinds, Title=f"{TAB}: {title}", MultiSelect=False)
    return None if chosen is False else Path(chosen)


def day(app: App, prompt: str, proposed: date) -> date:
    """Ask for a date, written the one way that every country reads alike."""
    typed = _typed(app, prompt, "(year-month-day)", proposed.isoformat())
    if typed is False:
        raise ButtonError("No date was given; nothing was changed.")
    try:
        return date.fromisoformat(str(typed).strip())
    except ValueError:
        raise ButtonError(
            f"'{typed}' is not a date: write it as year-month-day, for example 2026-01-31, and press again."
        ) from None


def amount(app: App, prompt: str) -> float | None:
    """Ask for an amount; None when nothing is typed."""
    typed = app.api.InputBox(Prompt=prompt, Title=TAB, Default="", Type=TEXT)
    if typed is False:
        raise ButtonError("No amount was given; nothing was changed.")
    text = "".join(str(typed).split()).replace("'", "")
    if not text:
        return None
    # Points or commas part the decimals, by country: either reading will do unless both are possible and differ.
    found = {
        float(f"{read[1].replace(group, '')}.{read[2] or 0}")
        for group, pattern in _AMOUNTS.items()
        if (read := pattern.fullmatch(text))
    }
    if len(found) != 1:
        raise ButtonError(f"'{typed}' is not an amount, or may be two: write it as 1234.56, and press again.")
    return found.pop()


def one_of(app: App, prompt: str, choices: Sequence[str]) -> str:
    """Ask for one of some words, by its number or as it is written."""
    listed = "\n".join(f"{number}  {choice}" for number, choice in enumerate(choices, start=1))
    typed = _typed(app, prompt, f"\n{listed}", "1")
    if typed is False:
        raise ButtonError("Nothing was chosen; nothing was changed.")
    text = str(typed).strip()
    if text.isdecimal() and 0 < int(text) <= len(choices):
        return choices[int(text) - 1]
    found = [choice for choice in choices if choice.lower() == text.lower()]
    if not found:
        raise ButtonError(f"'{typed}' is none of the choices: type a number from 1 to {len(choices)}, and press again.")
    return found[0]


def words(app: App, prompt: str, what: str) -> str:
    """Ask for a text, a name for example."""
    typed = _typed(app, prompt, "", "")
    text = "" if typed is False else " ".join(str(typed).split())
    if not text:
        raise ButtonError(f"No {what} was given; nothing was changed.")
    return text


def _typed(app: App, question: str, hint: str, proposed: str) -> str | bool:
    """Show an input box; a question too long for one is shown in a message box before, whole or nearly so."""
    prompt = f"{question} {hint}".replace(" \n", "\n").rstrip()
    if len(prompt) > LONGEST_PROMPT:
        question, _, asked = question.rpartition("\n")
        if len(question) > LONGEST_QUESTION:
            question = f"{question[:LONGEST_QUESTION]} ..."
        app.alert(question or asked, title=TAB, mode="info")
        prompt = f"{asked} {hint}".replace(" \n", "\n").rstrip()[:LONGEST_PROMPT]
    typed: str | bool = app.api.InputBox(Prompt=prompt, Title=TAB, Default=proposed, Type=TEXT)
    return typed
