"""What clerks typed into last month's workbook, and the months it stored: read back, kept apart from figures."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class Entries:
    """Everything a refresh carries from the workbook before; empty for a first month."""

    tables: Mapping[str, TableEntries] = field(default_factory=dict)
    months: tuple[Mapping[str, Any], ...] = ()
    """Stored rows of Monthly: column key -> value, dates as days since 1970."""
    mix: tuple[Mapping[str, Any], ...] = ()
    """Stored rows of the aging mix by month."""
    log: tuple[Mapping[str, Any], ...] = ()
    not_placed: tuple[Mapping[str, Any], ...] = ()
    """Notes that had no row already last time: table, row, heading, value."""
    not_carried: tuple[str, ...] = ()
    """What could not be read back, by name: own sheets, own charts."""
