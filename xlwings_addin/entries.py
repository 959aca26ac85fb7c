"""What clerks typed into last month's workbook, and the months it stored: read back, kept apart from figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, ...]
Cell = str | float | bool | None


@dataclass(frozen=True, slots=True)
class TableEntries:
    """A table's typed cells: key of the row -> heading -> what was typed."""

    rows: Mapping[Key, Mapping[str, Cell]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    """Headings of columns the clerk added."""
    doubled: tuple[tuple[Key, str, Cell], ...] = ()
    """Entries on rows whose key was not unique: they cannot be placed again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A table that is kept whole: rows by column key, dates as days since 1970; the clerk's own columns under `own`."""

    rows: tuple[Mapping[str, Any], ...] = ()
    extra: tuple[str, ...] = ()
    """Headings of columns the clerk added to a table whose rows have no key."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything a refresh carries from the workbook before; empty for a first month.

    Read from a workbook, or settled (`month_end.settled`), they have every table and column that this version
    declares: what is asked for by a name that is not there raises `KeyError` and never reads as a blank.
    """

    tables: Mapping[str, TableEntries] = field(default_factory=dict)
    fields: Mapping[str, Cell] = field(default_factory=dict)
    """Typed named cells, those of `Settings` apart: name -> what was typed."""
    stored: Mapping[str, Stored] = field(default_factory=dict)
    """Tables that are kept whole."""
    formulas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Formulas of columns the clerk added: table -> heading -> formula."""
    not_carried: tuple[str, ...] = ()
    """What could not be read back, by name: own sheets, own charts."""
    defaulted: tuple[str, ...] = ()
    """What was missing and was taken by its default, because that was asked for."""

    def typed(self, table: str) -> TableEntries:
        """Return the typed cells of a table whose rows have a key."""
        return self.tables[table]

    def kept(self, table: str) -> Stored:
        """Return a table that is kept whole."""
        return self.stored[table]

    def rows(self, table: str) -> tuple[Mapping[str, Any], ...]:
        """Return the rows of a table that is kept whole."""
        return self.stored[table].rows

    def having(
        self, typed: Mapping[str, TableEntries] | None = None, kept: Mapping[str, Stored] | None = None
    ) -> Entries:
        """Return the entries with these tables in place of those of the same name."""
        for name in ((typed or {}).keys() - self.tables.keys()) | ((kept or {}).keys() - self.stored.keys()):
            raise KeyError(name)
        return replace(self, tables={**self.tables, **(typed or {})}, stored={**self.stored, **(kept or {})})

    @property
    def as_of(self) -> int | None:
        """The day that the workbook before was of, in days since 1970; None for a first one."""
        log = self.stored.get("tblLog", Stored()).rows
        return log[-1]["as_of"] if log else None
