"""The columns of a table as evidence: what their headings say and what their values can be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger import amounts, cells, dates, rows, words
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.evidence.roles import DATE, DAYS, FIGURES, MONEY, NUMBERING, OTHERWISE, TEXT, WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.roles import Role, Shape
    from xlwings_addin.ledger.files import RawTable

JUDGED = 10_000
"""Rows by which a column is judged."""
NEARLY_ALL = 0.9
HALF = 0.5
DIGITS = 4
"""Decimals in which amounts are compared, those of the finest currency and one more."""
FEW = 12
"""Different words that a column of statuses or kinds may have in any file."""


_SHARE = frozenset({"paid", "percent", "amount", "document"})


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its place, its heading, and the cells of the rows that hold more than a label."""

    place: int
    heading: str
    cells: Cells
    language: str = ""
    """The language of the table's headings."""

    @cached_property
    def words(self) -> words.Heading:
        """What the heading says."""
        # A table's name before each heading, "Invoice: Due date", says nothing of the column.
        return words.read(self.heading.rpartition(": ")[2] or self.heading, self.language)

    @cached_property
    def meanings(self) -> tuple[frozenset[str], ...]:
        """The concepts of the heading, in each way its words can be meant; a currency alone is about an amount."""
        if self.words.currency and not self.words.concepts:
            if any(word.isdecimal() for word in self.words.unknown):  # "7 USD" is an amount, not the heading of any
                return ()
            return (frozenset({"amount"}),)
        return tuple(frozenset(meaning) for meaning in self.words.readings if meaning)

    @cached_property
    def understood(self) -> bool:
        """Whether every word of the heading is known: what such a column is not, it is not."""
        return bool(self.meanings) and not self.words.unknown

    def otherwise(self, shape: Shape) -> bool:
        """Whether the heading says that a column of this shape is something else than what is open, or due."""
        if shape == MONEY and self.with_decimals and all(meaning <= NUMBERING for meaning in self.meanings):
            # "#1" over amounts numbers the columns, not the rows.
            return False
        return bool(self.meanings) and all(meaning & OTHERWISE[shape] for meaning in self.meanings)

    @cached_property
    def of_money(self) -> bool:
        """Whether the heading is that of an amount, whatever the cells hold."""
        return any(role.rank(meaning) is not None for role in FIGURES for meaning in self.meanings)

    @cached_property
    def local(self) -> bool:
        """Whether the heading speaks of the currency of the company."""
        return self.speaks_of(frozenset({"local"}))

    def speaks_of(self, concepts: frozenset[str]) -> bool:
        """Whether the heading, in some way its words can be meant, has one of some concepts."""
        return any(concepts & meaning for meaning in self.meanings)

    @cached_property
    def text(self) -> Cells:
        """Trimmed text, null where blank."""
        return cells.text(self.cells, number_like=True)

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """Rows that hold something."""
        return np.asarray(self.text.is_valid().to_numpy(), bool)

    @cached_property
    def count(self) -> int:
        """How many rows hold something."""
        return int(self.filled.sum())

    @cached_property
    def different(self) -> int:
        """How many different values there are."""
        return int(pc.count_distinct(self.text).as_py())

    @cached_property
    def days(self) -> dates.DateColumn:
        """The values as dates."""
        return dates.read_column(self.cells)

    @cached_property
    def readable_days(self) -> NDArray[np.bool_]:
        """Rows whose value can be a day, in one order or the other."""
        return np.asarray((self.days.dmy != dates.BAD_DATE) | (self.days.mdy != dates.BAD_DATE), bool)

    @cached_property
    def _amounts(self) -> amounts.Amounts:
        plain = amounts.plain(self.cells)
        return amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", DIGITS)

    @cached_property
    def amount(self) -> NDArray[np.int64]:
        """The values as amounts, in ten-thousandths; 0 where blank or none."""
        return self._amounts.minor

    @cached_property
    def _share_of_numbers(self) -> float:
        return 1 - int(self._amounts.bad.sum()) / self.count if self.count else 0.0

    @cached_property
    def numeric(self) -> bool:
        """Nearly all values are numbers."""
        return not self.dated and self._share(r"\d") >= NEARLY_ALL and self._share_of_numbers >= NEARLY_ALL

    @cached_property
    def mostly_numbers(self) -> bool:
        """Most of what it holds are numbers; nothing at all may be numbers that there are none of."""
        return not self.count or self._share_of_numbers > 0.5

    @cached_property
    def _mostly_amounts(self) -> bool:
        """Under a heading that is plain, cells that are no amounts are for the reader to name, while most are."""
        return (
            self.understood
            and not self.dated
            and self._share_of_numbers > 0.5
            and self._share(r"[.,]\d{1,2}\D*$") > 0.5
        )

    @cached_property
    def dated(self) -> bool:
        """Nearly all values are written as dates, not as bare numbers."""
        if not self.count:
            return False
        if pa.types.is_timestamp(self.cells.type) or pa.types.is_date(self.cells.type):
            return True
        read = self.readable_days
        # Eight digits that all are days of these decades are no numbers.
        written = not self.bare or self._share(r"^(19[89]|20[0-4])\d(0[1-9]|1[0-2])([0-2]\d|3[01])(\.0*)?$") > 0.99
        return written and int((read & self.filled).sum()) >= NEARLY_ALL * self.count

    @cached_property
    def bare(self) -> bool:
        """The values are digits alone (with the .0 of a spreadsheet), which may be anything."""
        return self._share(r"^\d+(\.\d*)?$") > 1 - NEARLY_ALL

    @cached_property
    def datable(self) -> bool:
        """Nearly all values can be read as dates, if the heading says so."""
        read = self.readable_days
        return int((read & self.filled).sum()) >= 0.5 * self.count

    @cached_property
    def with_decimals(self) -> bool:
        """The values look like money even under a heading that says nothing."""
        return self.numeric and self._share(r"[.,]\d{1,2}\D*$") > 0.3

    @cached_property
    def whole(self) -> bool:
        """All values are small whole numbers."""
        return (
            self.numeric
            and not (self.amount % 10**DIGITS).any()
            and bool((abs(self.amount) < 10 ** (DIGITS + 5)).all())
        )

    def within(self, whole: Column) -> bool:
        """Whether it could be a part of another: nowhere more, and somewhere something."""
        return bool((abs(self.amount) <= abs(whole.amount)).all() and (self.amount != 0).any())

    def _share(self, pattern: str) -> float:
        found = pc.sum(pc.match_substring_regex(self.text, pattern)).as_py()
        return (found or 0) / self.count if self.count else 0.0

    def fits(self, shape: Shape) -> bool:
        """Whether the values can be what a role of this shape holds; a column without any can be anything."""
        if not self.count:
            return self._may_hold(shape)
        match shape:
            case "date":
                return self.dated or (self.datable and not self.with_decimals)
            case "money":
                return (self.numeric or self._mostly_amounts) and not (
                    self.different <= 2 and self.whole and self.amount.max() == 10**DIGITS
                )
            case "days":
                # Whole sums are written with their cents.
                return self.whole and self._share(r"[.,]\d\d\D*$") < HALF
            case "word":
                return not self.dated and not self.with_decimals and self.different <= max(FEW, 0.2 * self.count)
            case "code":
                return not self.dated and not self.with_decimals
            case "number":
                return self.numeric
            case "text":
                return not self.dated

    def _may_hold(self, shape: Shape) -> bool:
        """Whether a column without values may hold a shape: what is called a date is no money, for one."""
        late = shape == DAYS and any({"days", "overdue"} <= meaning for meaning in self.meanings)
        return late or shape in (DATE, TEXT) or (shape == MONEY and not self._of_days)

    @cached_property
    def _of_days(self) -> bool:
        return any({"date", "due"} & meaning for meaning in self.meanings)

    def rank(self, role: Role) -> int | None:
        """How plainly this column has a role, by its heading and what its values can be; None where it has not."""
        if (
            role.shape == DATE
            and self.bare
            and not self.dated
            and not any({"date", "due"} & meaning for meaning in self.meanings)
        ):
            # Digits alone are days only where the heading speaks of a date.
            return None
        ranks = [rank for rank in map(role.rank, self.meanings) if rank is not None]
        if not ranks or not self.fits(role.shape):
            return None
        return min(ranks) + (len(role.named) if self.words.unknown else 0)

    @cached_property
    def code_like(self) -> bool:
        """Nearly all values are one word with a digit in it."""
        return self._share(r"^\S*\d\S*$") >= 0.8 and not self.dated and not self.with_decimals

    @cached_property
    def with_digits(self) -> bool:
        """A good part of the values hold digits, as codes do and names do not."""
        return self._share(r"\d") > 0.5

    @cached_property
    def of_emails(self) -> bool:
        """The values are e-mail addresses, whatever stands above them."""
        return self._share(r"^\S+@\S+\.\S+$") > 0.5

    @cached_property
    def counter(self) -> bool:
        """The values count the rows."""
        return self.whole and self.count > 1 and bool((np.diff(self.amount[self.filled]) == 10**DIGITS).all())

    def says(self, meaning: Callable[[str], object]) -> bool:
        """Whether nearly all cells hold words that mean something, of a few different ones."""
        if not self.fits(WORD):
            return False
        different = self.different_words
        return bool(different) and sum(bool(meaning(one)) for one in different) >= NEARLY_ALL * len(different)

    @property
    def different_words(self) -> list[str]:
        """The different texts of the column."""
        return [one for one in pc.unique(self.text).to_pylist() if one]

    @cached_property
    def shares(self) -> bool:
        """Nearly all values are numbers, or shares in percent."""
        return self.numeric or self._share(r"^-?\d+([.,]\d+)? ?%$") >= NEARLY_ALL

    @cached_property
    def paid_share(self) -> NDArray[np.float64] | None:
        """What share of each document is paid, where a heading speaks of payment and of percent, or cells do."""
        if not any({"paid"} <= one <= _SHARE for one in self.meanings):
            return None
        percent = not self.numeric or self.speaks_of(frozenset({"percent"}))
        if not (self.count and percent and self.shares):
            return None
        plain = pc.replace_substring_regex(self.text.cast(pa.string()), r" ?%$", "")
        read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", DIGITS)
        share = read.minor / 10**DIGITS / (1 if self.numeric and read.minor.max() <= 10**DIGITS else 100)
        return share if not read.bad.any() and ((share >= 0) & (share <= 1)).all() else None

    def of(self, rows: NDArray[np.bool_]) -> Column:
        """The column in some of its rows."""
        return Column(self.place, self.heading, self.cells.filter(pa.array(rows)), self.language)

    def equals(self, other: Column) -> bool:
        """Whether another column holds the same in every row."""
        return bool(self.text.fill_null("").equals(other.text.fill_null("")))

    def pairs_with(self, other: Column) -> bool:
        """Whether each of several values goes with one of another column, and that with it alone."""
        pairs = {*zip(self.text.to_pylist(), other.text.to_pylist(), strict=True)} - {(None, None)}
        return len(pairs) == self.different == other.different > 1


def columns(table: RawTable) -> tuple[Column, ...]:
    """The columns of a table, of the rows that are neither blank, nor a label, nor a total."""
    return columns_with_rows(table)[0]


def columns_with_rows(table: RawTable, most: int = JUDGED) -> tuple[tuple[Column, ...], NDArray[np.int64]]:
    """The columns of a table, of its first rows, and which of these they hold."""
    full = _full(table, most)
    kept = pa.array(full)
    # Names that columns were given because they have none say nothing of them.
    headings = [""] * len(table.headers) if table.headless else table.headers
    language = words.language_of(headings)
    found = tuple(
        Column(place, heading, column.slice(0, most).filter(kept), language)
        for place, (heading, column) in enumerate(zip(headings, table.columns, strict=True))
    )
    return found, np.flatnonzero(full).astype(np.int64)


def with_values(table: RawTable, heading: str, rows_of: NDArray[np.int64], values: Sequence[str | None]) -> RawTable:
    """The table with one more column, of what some of its rows hold."""
    found: list[str | None] = [None] * len(table.rows)
    for row, one in zip(rows_of.tolist(), values, strict=True):
        found[row] = one
    return table.with_column(heading, found)


def _full(table: RawTable, most: int) -> NDArray[np.bool_]:
    """Rows with at least half as many cells as most have, that repeat no headings and are no total by their label."""
    texts = [cells.text(column.slice(0, most)) for column in table.columns]
    count = min(len(table.rows), most)
    filled, repeated = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for heading, text in zip(table.headers, texts, strict=True):
        filled += np.asarray(text.is_valid().to_numpy(), bool)
        if heading.strip():
            repeated += _flags(pc.equal(text, pa.scalar(heading.strip(), text.type)))
    total = _flags(pc.match_substring_regex(rows.labels(texts, count), rows.TOTAL_LABEL))
    usual = np.median(filled[filled > 1]) if (filled > 1).any() else 0
    return np.asarray((filled >= max(2, 0.5 * usual)) & ~total & (repeated < min(2, len(texts))), bool)


def _flags(found: Any) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False), bool)
