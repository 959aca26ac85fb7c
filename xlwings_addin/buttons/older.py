"""Bring up to date: a workbook of an earlier version becomes one of this version, in a new file beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin import version
from xlwings_addin.buttons import sources
from xlwings_addin.buttons.month import as_of, beside_this_one, close
from xlwings_addin.ribbon import ButtonError, Progress, relink
from xlwings_addin.writing import file, live, live_native
from xlwings_addin.writing.beside import write_beside
from xlwings_addin.writing.carry_over import read_back
from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel


def bring_up_to_date(book: Book, progress: Progress) -> str:
    """Make this version's workbook of an earlier one, of the same day and with all entries; say where it is."""
    path = beside_this_one(book, f"{Path(book.name).stem} version {version()}.xlsx")
    progress("reading what was typed")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.xlsx"
        live_native.save_copy(book, str(copy))
        settings, entries = read_back(copy)
    day = as_of(live.Opened(book))
    try:
        chosen, importing = sources.recall(book), False
    except ButtonError:
        chosen, importing = sources.ask(book), True
    month, chosen = close(book, chosen, settings, entries, day, progress, importing=importing)
    progress(f"writing {path.name}")
    with Outputs() as files:
        write_beside(path, month, files=files)
        file.write(path, month, files=files)
    following = book.app.books.open(str(path))
    sources.remember(following, chosen)
    relink(following)
    following.save()
    left = f" Only there: {', '.join(entries.not_carried)}." if entries.not_carried else ""
    return f"{path.name} is this workbook in version {version()}, entries and all; {book.name} stays as it was.{left}"
