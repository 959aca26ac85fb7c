"""What a button asks the clerk: files and dates, by Excel's own dialogs."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.ribbon import TAB, ButtonError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings import App  # noqa: TID251 - buttons talk to Excel

_ENDINGS = "*.csv;*.txt;*.prn;*.xlsx;*.xlsm;*.xlsb;*.xls;*.ods;*.json;*.htm;*.html;*.xml"
LEDGER_FILES = f"Ledger exports ({_ENDINGS}),{_ENDINGS}"
MAPPING_FILES = "Mapping files (*.toml;*.json),*.toml;*.json"
LONGEST_PROMPT, LONGEST_MESSAGE = 255, 1000
"""Characters that an input box shows, and a message box."""
LONGEST_DAYS = 3
"""Digits of a number of days."""
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


def days(app: App, prompt: str, proposed: str) -> int:
    """Ask for a number of days."""
    typed = _typed(app, prompt, "(days)", proposed)
    if typed is False:
        raise ButtonError("No number of days was given; nothing was changed.")
    text = str(typed).strip()
    if not (text.isdecimal() and len(text) <= LONGEST_DAYS):
        raise ButtonError(f"'{typed}' is not a number of days: type 30, for example, and press again.")
    return int(text)


def one_of(app: App, prompt: str, choices: Sequence[str], proposed: int = 1) -> str:
    """Ask for one of some words, by its number or as it is written."""
    return choices[place_of(app, prompt, choices, proposed)]


def place_of(app: App, prompt: str, choices: Sequence[str], proposed: int = 1) -> int:
    """Ask for one of some words; return its place."""
    listed = "\n".join(f"{number}  {choice}" for number, choice in enumerate(choices, start=1))
    typed = _typed(app, prompt, f"\n{listed}", str(proposed))
    if typed is False:
        raise ButtonError("Nothing was chosen; nothing was changed.")
    text = str(typed).strip()
    if text.isdecimal() and 0 < int(text) <= len(choices):
        return int(text) - 1
    found = [place for place, choice in enumerate(choices) if choice.lower() == text.lower()]
    if not found:
        raise ButtonError(f"'{typed}' is none of the choices: type a number from 1 to {len(choices)}, and press again.")
    return found[0]


def agree(app: App, prompt: str, otherwise: str) -> None:
    """Ask for a yes; raise ButtonError, with what to do otherwise, where it is not given."""
    if place_of(app, prompt, ("no", "yes")) == 0:
        raise ButtonError(f"{otherwise}; nothing was changed.")


def words(app: App, prompt: str, what: str) -> str:
    """Ask for a text, a name for example."""
    typed = _typed(app, prompt, "", "")
    text = "" if typed is False else " ".join(str(typed).split())
    if not text:
        raise ButtonError(f"No {what} was given; nothing was changed.")
    return text


def tell(app: App, text: str) -> None:
    """Show a text in message boxes, as many as it needs."""
    pages = [""]
    for line in (piece for whole in text.splitlines() for piece in textwrap.wrap(whole, LONGEST_MESSAGE) or [""]):
        if pages[-1] and len(pages[-1]) + len(line) >= LONGEST_MESSAGE:
            pages.append("")
        pages[-1] = f"{pages[-1]}\n{line}".lstrip("\n")
    for page in pages:
        app.alert(page, title=TAB, mode="info")


def _typed(app: App, question: str, hint: str, proposed: str) -> str | bool:
    """Show an input box; what is too long for it is shown in message boxes before: the question, or its hint, too."""
    before, _, asked = question.rpartition("\n")
    whole, last = (f"{text} {hint}".replace(" \n", "\n").rstrip() for text in (question, asked))
    ways = (("", whole), (before, last), (whole, asked))
    told, prompt = next((way for way in ways if len(way[1]) <= LONGEST_PROMPT), ways[-1])
    if told:
        tell(app, told)
    typed: str | bool = app.api.InputBox(Prompt=prompt[:LONGEST_PROMPT], Title=TAB, Default=proposed, Type=TEXT)
    return typed
