"""What a clerk does to a workbook between two refreshes, drawn at random; every value can be known again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
from lives.books import Book, Formula
from openpyxl.utils import get_column_letter

from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.style import DATE_STYLES, TEXT_STYLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from lives.books import Place, Value

SHEETS = workbook(Settings())
TABLES = {table.name: table for sheet in SHEETS for table in sheet.tables()}
ENTRIES = [(table, column) for table in TABLES.values() for column in table.columns if column.entry]
FIELDS = [field for sheet in SHEETS for field in sheet.fields() if field.entry]
GUIDED = {"bucket_edges", "base_currency", "reminder_days", "escalation_days", "hour_time"}
"""Settings of a form of their own: text there is mostly refused."""
FIRST_DAY = dt.date(1899, 12, 30)


class Clerk:
    """Somebody at the workbook: `known` is everything typed that nobody else would have, `done` what was done."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.count = chance, 100
        self.known: set[Value] = set()
        self.done: list[str] = []

    # ---- values

    def _text(self) -> str:
        self.count += 1
        token = f"Zq{self.count}"
        return self.chance.choice(
            (
                token, f"{token} says Jo", f"00{7_000_000 + self.count}", f"={token}", f"  {token} ", f"{token}\nnext",
                f"{token} <&> \"'é漢", f"{token} _x0041_", f"'{token}", f"{token}|{'x' * 3_000}", f"@{token}",
            )
        )  # fmt: skip

    def _number(self, style: str) -> float:
        self.count += 1
        if style in ("percent", "ratio"):
            return round(0.01 + self.count / 10_000 + 3e-5, 5)
        return float(self.count % 28 + 1) if style in ("day count", "days") else self.count + 0.37

    def _day(self) -> float:
        self.count += 1
        return float(45_000 + self.count)

    def value(self, style: str, choices: tuple[str, ...] = ()) -> Value | Formula:
        """A value that belongs there, or, seldom, one that does not."""
        chance = self.chance.random()
        if chance < 0.06:
            day = FIRST_DAY + dt.timedelta(self._day())
            odd: list[Value | Formula] = [
                True, False, f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", self._number("money"), self._text(), self._day(),
                -1.0, 1e300, "03/04/2026", Formula("1+1", 2.0), Formula("NOW()"),
            ]  # fmt: skip
            return self.chance.choice(odd)
        if choices:
            return self.chance.choice(choices)
        if style in DATE_STYLES:
            return self._day()
        if style in TEXT_STYLES or style == "general":
            return self._text()
        return self._number(style)

    def free(self) -> Value | Formula:
        """Whatever a clerk may type where nothing is asked for."""
        kinds: list[Callable[[], Value | Formula]] = [
            self._text, self._text, self._day, lambda: self._number("money"), lambda: True,
            lambda: Formula("SUM(1,2)", 3.0), lambda: Formula(f'"{self._text()[:40].replace(chr(34), "")}"'),
        ]  # fmt: skip
        return self.chance.choice(kinds)()

    def _type(self, book: Book, title: str, place: Place, value: Value | Formula) -> None:
        book.type(title, place, value)
        if isinstance(value, str) or (isinstance(value, float) and (value > 40_000 or not value.is_integer())):
            self.known.add(value)
        shown = repr(value) if len(repr(value)) < 60 else f"{repr(value)[:50]}..."
        self.done.append(f"{title}!{get_column_letter(place[1])}{place[0]} = {shown}")

    # ---- typing

    def into_tables(self, book: Book) -> None:
        """Into cream cells, on rows that there are."""
        for table, column in self.chance.sample(ENTRIES, 4):
            shape = book.tables.get(table.name)
            if shape is None or column.heading not in shape.headings:
                continue
            last = shape.bottom - shape.totals
            if last > shape.top:
                row = self.chance.randint(shape.top + 1, min(last, shape.top + 8))
                value = self.value(column.style, column.choices)
                self._type(book, shape.sheet, (row, book.columns(table.name)[column.heading]), value)

    def into_fields(self, book: Book) -> None:
        """Into named cells."""
        for field in self.chance.sample(FIELDS, 2):
            if field.name in book.names and (field.name not in GUIDED or self.chance.random() < 0.1):
                title, place = book.names[field.name]
                if title in book.sheets:
                    self._type(book, title, place, self.value(field.style, field.choices))

    def line_beneath(self, book: Book) -> None:
        """A line beneath a table, a cell of it or all."""
        name = self.chance.choice(sorted(TABLES.keys() & book.tables.keys()))
        shape, table = book.tables[name], TABLES[name]
        declared = {column.heading: column for column in table.columns}
        whole = self.chance.random() < 0.6
        for heading, at in book.columns(name).items():
            column = declared.get(heading)
            if not (column and column.formula) and (whole or self.chance.random() < 0.3):
                key = column is not None and column.key in table.key
                value = self._text() if key or not column else self.value(column.style, column.choices)
                if column and column.style in DATE_STYLES and key:
                    value = self._day()
                self._type(book, shape.sheet, (shape.bottom + 1, at), value)

    def column_beside(self, book: Book) -> None:
        """A column beside a table: with a heading, or without; some cells of it."""
        name = self.chance.choice(sorted(TABLES.keys() & book.tables.keys()))
        shape = book.tables[name]
        if self.chance.random() < 0.8:
            self._type(book, shape.sheet, (shape.top, shape.right + 1), self._text())
        for row in self.chance.sample(range(shape.top + 1, shape.bottom + 2), min(3, shape.bottom - shape.top)):
            self._type(book, shape.sheet, (row, shape.right + 1), self.free())

    def anywhere(self, book: Book) -> None:
        """Into any cell of a sheet, filled or free, near or far."""
        title = self.chance.choice(sorted(book.sheets))
        far = self.chance.random() < 0.05
        place = (1_048_576, 16_384) if far else (self.chance.randint(1, 60), self.chance.randint(1, 16))
        self._type(book, title, place, self.free())

    def over_texts(self, book: Book) -> None:
        """Over a text of ours: a label, a heading of a block, a remark."""
        title = self.chance.choice(sorted(book.sheets))
        texts = sorted(place for place, value in book.cells[title].items() if isinstance(value, str))
        if texts:
            self._type(book, title, self.chance.choice(texts), self._text())

    def clearing(self, book: Book) -> None:
        """Take something out again."""
        title = self.chance.choice(sorted(book.sheets))
        cells = [place for place, value in book.cells[title].items() if value in self.known]
        if cells:
            place = self.chance.choice(sorted(cells))
            book.type(title, place, None)
            self.done.append(f"{title}: cleared {place}")

    # ---- sheets, tables, names

    def rename(self, book: Book) -> None:
        """Rename a sheet, or give it its name back."""
        title = self.chance.choice(sorted(book.sheets))
        book.rename(title, new := self.chance.choice((f"{title} 2", "Bob's", "Our own")))
        self.done.append(f"sheet {title} is now {new}")

    def to_range(self, book: Book) -> None:
        """Convert a table to a range."""
        name = self.chance.choice(sorted(book.tables))
        book.to_range(name)
        self.done.append(f"{name} is now a range")

    def drop_name(self, book: Book) -> None:
        """Delete a name."""
        if book.names:
            book.drop_name(name := self.chance.choice(sorted(book.names)))
            self.done.append(f"name {name} deleted")


TYPING = (
    (Clerk.into_tables, 6), (Clerk.into_fields, 3), (Clerk.line_beneath, 3), (Clerk.column_beside, 2),
    (Clerk.anywhere, 3), (Clerk.over_texts, 1), (Clerk.clearing, 1),
)  # fmt: skip
CHANGING = ((Clerk.rename, 1), (Clerk.to_range, 1), (Clerk.drop_name, 1))


def drawn(chance: Random, actions: tuple[tuple[Any, int], ...]) -> Any:
    """One of some actions, by weight."""
    return chance.choices([action for action, _ in actions], [weight for _, weight in actions])[0]


def resaved(clerk: Clerk, path: Path) -> None:
    """Saved by another library, which drops what formulas showed; on the way sheets may come and go."""
    book = openpyxl.load_workbook(path)
    ours = [sheet.name for sheet in SHEETS if sheet.name in book.sheetnames]
    what = clerk.chance.choice(("saved", "saved", "copied", "deleted", "added", "moved"))
    title = clerk.chance.choice(ours)
    if what == "copied":
        copy = book.copy_worksheet(book[title])
        for name in [name for name, one in book.defined_names.items() if f"{title}'!" in one.attr_text][:3]:
            place = book.defined_names[name].attr_text.rpartition("!")[2]
            text = f"'{copy.title}'!{place}"
            copy.defined_names[name] = openpyxl.workbook.defined_name.DefinedName(name, attr_text=text)
    elif what == "deleted":
        del book[title]
    elif what == "added":
        value = clerk.free()
        clerk.known.update({value} if isinstance(value, str) else ())
        book.create_sheet(f"Own {clerk.count}")["B2"] = value if isinstance(value, str) else "x"
    elif what == "moved":
        book.move_sheet(title, clerk.chance.randint(-3, 3))
    book.save(path)
    clerk.done.append(f"openpyxl: {what} {title}")
