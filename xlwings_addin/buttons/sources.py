"""Which files a workbook was made of, and what was answered about them: remembered in names that hold text."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings_addin.buttons import asking
from xlwings_addin.ledger import position
from xlwings_addin.ledger.dates import ORDERS
from xlwings_addin.ledger.mapping import ACCEPTED, declared
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ribbon import ButtonError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.model import Ledger

NAMES = ("import_items", "import_receipts", "import_customers", "import_sales")
ANSWERS = "import_answers"
LONGEST = 125
"""Characters in one piece of text: a formula takes 255, in which every quotation mark counts twice."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the clerk said where the files leave something open."""

    dates: DateAnswer | None = None
    mapping: str = ""
    """The file that names the columns of an unknown system."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """Everything that is answered by headings and words of the files, in the shape of a mapping."""
    readings: tuple[str, ...] = ()
    """What identifies how the headings of the files were read when all was answered: what was said is of these."""
    days: Mapping[str, str] = field(default_factory=dict)
    """The day a list of open items shows, by its path."""
    entities: Mapping[str, str] = field(default_factory=dict)
    """Whose items a file holds, by its path."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a month."""

    items: tuple[Path, ...]
    receipts: Path | None = None
    customers: Path | None = None
    sales: Path | None = None
    answers: Answers = field(default_factory=Answers)

    def read(self, base_currency: str, day: date) -> Ledger:
        """Read them into a ledger; `day` is the one that files show which name none.

        Raises QuestionError where an answer is missing.
        """
        said = self.answers
        mapping = Path(said.mapping) if said.mapping else None
        named = (*self.items, self.receipts, self.customers, self.sales, mapping)
        gone = [path for path in named if path and not path.is_file()]
        if gone:
            raise ButtonError(f"The file {gone[0]} is gone; choose the files again with Import ledger.")
        ledger = read_ledger(
            list(self.items),
            receipts=self.receipts,
            customers=self.customers,
            sales=self.sales,
            base_currency=base_currency,
            dates=said.dates,
            mapping=mapping or said.said or None,
            snapshots=said.days,
            entities=said.entities,
            as_of=day,
            # What was remembered need not be about these files.
            answers=said.said if mapping else None,
        )
        position.ask(ledger)
        return ledger


def ask(book: Book) -> Sources:
    """Ask for the files; what was said of headings and words of the last ones is said of these, too."""
    items = asking.files(book.app, "invoices or open items (one or several files)")
    if not items:
        raise ButtonError("No file was chosen; nothing was changed.")
    last = answered(book)
    return Sources(
        items,
        asking.file(book.app, "receipts (Cancel if there is no such file)"),
        asking.file(book.app, "customers (Cancel if there is no such file)"),
        # That a spreadsheet has exchanged the dates of one file says nothing of another.
        answers=Answers(last.dates if last.dates in ORDERS else None, said=last.said, readings=last.readings),
    )


def recall(book: Book) -> Sources:
    """Return the files that were imported last."""
    found = _kept(book)
    items, *others = (_paths(found.get(name, "")) for name in NAMES)
    if not items:
        raise ButtonError("No ledger has been imported into this workbook yet; press Import ledger first.")
    receipts, customers, sales = (paths[0] if paths else None for paths in others)
    return Sources(items, receipts, customers, sales, answered(book))


def answered(book: Book) -> Answers:
    """Return what was answered about the files that were imported last."""
    try:
        kept = dict(json.loads(_kept(book).get(ANSWERS) or "{}"))
        if "columns" in kept:
            # So the workbooks of version 0.1 have it.
            kept["said"] = {"columns": kept.pop("columns")}
        if "said" in kept:
            declared(ACCEPTED, kept["said"])
        return Answers(**kept | {"readings": tuple(kept.get("readings", ()))})
    except (TypeError, ValueError):
        # Somebody has edited the name: what it said is asked again.
        return Answers()


def remember(book: Book, sources: Sources) -> None:
    """Write down which files were imported, and what was answered."""
    single = [() if path is None else (path,) for path in (sources.receipts, sources.customers, sources.sales)]
    for name, paths in zip(NAMES, (sources.items, *single), strict=True):
        book.names.add(name, _formula("|".join(str(path) for path in paths)))
    said = {key: value for key, value in asdict(sources.answers).items() if value}
    book.names.add(ANSWERS, _formula(json.dumps(said, ensure_ascii=False) if said else ""))


def forget(book: Book) -> None:
    """Remove the names, from a copy that goes to others."""
    for name in [name for name in book.names if name.name in (*NAMES, ANSWERS)]:
        name.delete()


def _kept(book: Book) -> dict[str, str]:
    return {name.name: _text(name.refers_to or "") for name in book.names if name.name in (*NAMES, ANSWERS)}


def _formula(text: str) -> str:
    pieces = [text[i : i + LONGEST].replace('"', '""') for i in range(0, len(text), LONGEST)] or [""]
    return "=" + "&".join(f'"{piece}"' for piece in pieces)


def _text(formula: str) -> str:
    return "".join(piece.replace('""', '"') for piece in re.findall(r'"((?:[^"]|"")*)"', formula))


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(Path(part) for part in text.split("|") if part)
