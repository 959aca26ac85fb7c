"""What a month end is once it is made: values by table and by named cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.settings import Settings
    from xlwings_addin.sheets.blocks import Sheet

Values = Any
"""A column: a list, or for big tables the array it is kept in."""


def own(heading: str) -> str:
    """Return the key of a column that the clerk added: its heading, apart from keys of ours."""
    return f"own:{heading}"


@dataclass(frozen=True, slots=True)
class TableData:
    """A table's values by column key, all of one length, and the headings of columns the clerk added.

    Money is in major units, dates are days since 1970, None is blank, an error is a NaN of
    `udfs.errors`. A clerk's own column stands under `own(heading)`.
    """

    columns: Mapping[str, Values]
    extra: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], extra: tuple[str, ...] = ()) -> TableData:
        """Turn rows into columns; what a row does not say is blank, and so is a clerk's own column in a new row."""
        rows = list(rows)
        keys = dict.fromkeys([*(key for row in rows for key in row), *map(own, extra)])
        return cls({key: [row.get(key) for row in rows] for key in keys}, extra)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return max((len(values) for values in self.columns.values()), default=0)

    def column(self, key: str) -> Values:
        """Return one column; that of a table without rows is empty."""
        return self.columns[key] if self.rows else []


Filled = tuple[Mapping[str, TableData], Mapping[str, Any]]
"""What fills a sheet: its tables and its named cells, by name."""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """A finished month: every table and named cell of every sheet as values; `sheets` say what form they take."""

    as_of: date | None
    """None for the empty template."""
    settings: Settings
    currency: str
    sheets: tuple[Sheet, ...]
    tables: Mapping[str, TableData]
    fields: Mapping[str, Any]
    findings: tuple[Finding, ...]
    refreshed: str
    """UTC, ISO text: when these figures were first made of these inputs."""
    version: str
    whole: Mapping[str, TableData] = field(default_factory=dict)
    """Tables of which a sheet shows only a part, with all their rows."""
    own_formulas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Formulas of columns the clerk added, for a file: table -> heading -> formula. Not calculated yet."""

    @property
    def caption(self) -> str:
        """One line that says what the figures are of."""
        parts = [
            self.settings.company,
            self.as_of and f"as of {self.as_of:%d %b %Y}",
            self.currency and f"amounts in {self.currency}",
        ]
        return "  ·  ".join(part for part in parts if part)
