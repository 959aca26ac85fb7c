"""Which files a workbook was made of: remembered in the workbook, in names that hold text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.buttons import asking
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ribbon import ButtonError

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.ledger.model import Ledger

NAMES = ("import_items", "import_receipts", "import_customers")
LONGEST = 250
"""Characters of text that a formula takes in one piece."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a month."""

    items: tuple[Path, ...]
    receipts: Path | None = None
    customers: Path | None = None

    def read(self, base_currency: str) -> Ledger:
        """Read them into a ledger."""
        gone = [path for path in (*self.items, self.receipts, self.customers) if path and not path.is_file()]
        if gone:
            raise ButtonError(f"The file {gone[0]} is gone; choose the files anew with Import ledger.")
        return read_ledger(
            list(self.items), receipts=self.receipts, customers=self.customers, base_currency=base_currency
        )


def ask(book: Book) -> Sources:
    """Ask for the files."""
    items = asking.files(book.app, "invoices or open items (one or several files)")
    if not items:
        raise ButtonError("No file was chosen; nothing was changed.")
    return Sources(
        items,
        asking.file(book.app, "receipts (Cancel if there is no such file)"),
        asking.file(book.app, "customers (Cancel if there is no such file)"),
    )


def recall(book: Book) -> Sources:
    """Return the files that were imported last."""
    found = {name.name: name.refers_to or "" for name in book.names if name.name in NAMES}
    items, receipts, customers = (_paths(found.get(name, "")) for name in NAMES)
    if not items:
        raise ButtonError("No ledger has been imported into this workbook yet; press Import ledger first.")
    return Sources(items, *(paths[0] if paths else None for paths in (receipts, customers)))


def remember(book: Book, sources: Sources) -> None:
    """Write down which files were imported."""
    single = [() if path is None else (path,) for path in (sources.receipts, sources.customers)]
    for name, paths in zip(NAMES, (sources.items, *single), strict=True):
        book.names.add(name, _formula("|".join(str(path) for path in paths)))


def forget(book: Book) -> None:
    """Remove the names, from a copy that goes to others."""
    for name in [name for name in book.names if name.name in NAMES]:
        name.delete()


def _formula(text: str) -> str:
    pieces = [text[i : i + LONGEST].replace('"', '""') for i in range(0, len(text), LONGEST)] or [""]
    return "=" + "&".join(f'"{piece}"' for piece in pieces)


def _paths(formula: str) -> tuple[Path, ...]:
    text = "".join(piece.replace('""', '"') for piece in re.findall(r'"((?:[^"]|"")*)"', formula))
    return tuple(Path(part) for part in text.split("|") if part)
