"""Excel cannot undo what a button did: a dated copy is kept before the first write."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin import now
from xlwings_addin.log import log_file
from xlwings_addin.ribbon import TAB, ButtonError
from xlwings_addin.writing import MissingPartsError, WorkbookError, live_native
from xlwings_addin.writing.outputs import Outputs, backup_name, drop_old_backups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.entries import Entries
    from xlwings_addin.settings import Settings
    from xlwings_addin.writing.live import Opened


def typed(opened: Opened) -> tuple[Settings, Entries]:
    """Return the settings and entries of the open workbook; where a sheet of them is gone, ask about defaults."""
    try:
        return opened.read_back()
    except MissingPartsError as missing:
        told = f"{missing} Go on with defaults in place of what is gone?"
        if opened.book.app.alert(told, title=TAB, buttons="yes_no", mode="info") != "yes":
            raise
        return opened.read_back(force=True)


def beside(book: Book) -> Path:
    """Return the path beside which copies of the workbook are kept.

    Where it is on OneDrive or SharePoint, or nowhere yet, that is the local application-data folder: a copy in
    a synchronised folder would go to everybody.
    """
    full_name = live_native.full_name(book)
    path = Path(full_name)
    if "://" in full_name or not path.is_absolute():
        path = log_file().parent / "backups" / full_name.rsplit("/", 1)[-1]
    return path if path.suffix else path.with_suffix(".xlsx")


@contextmanager
def having(copy: Path) -> Iterator[None]:
    """Note on whatever goes wrong while the workbook is written where it is kept as it was."""
    try:
        yield
    except Exception as error:
        error.add_note(f"the workbook as it was: {copy}")
        raise


def keep_copy(book: Book) -> Path:
    """Save a dated copy of the workbook as it stands, keep the last ten, and return where it is."""
    path = beside(book)
    copy = backup_name(path, now())
    try:
        with Outputs() as files:
            files.folder(path.parent)
            with files.file(copy) as made:
                live_native.save_copy(book, str(made))
    except WorkbookError as error:
        raise ButtonError(f"No backup copy could be saved: {error}") from error
    drop_old_backups(path, copy)
    return copy
