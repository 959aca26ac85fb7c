"""What an import format is: header titles to canonical keys. Recognised by those titles, nothing else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from xlwings_addin.ledger.bucket_headings import BucketColumn, buckets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.ledger.bucket_headings import Bucket
    from xlwings_addin.ledger.dates import DateOrder

Role = Literal["items", "receipts", "customers", "sales"]


@lru_cache(maxsize=10_000)
def title_key(title: str) -> str:
    """A header as it is compared: letters and digits only, case folded.

    >>> title_key(" Customer_ID "), title_key("customerID")
    ('customerid', 'customerid')
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


@dataclass(frozen=True)
class Match:
    """A format held against a header: which column holds which key, what is missing, what is left over."""

    format: Format
    places: Mapping[str, int]
    missing: tuple[str, ...]
    extras: tuple[str, ...]
    doubled: tuple[str, ...]
    """Titles of mapped columns that the header has twice."""
    score: int
    """Columns known to the format; how well it explains the header."""
    proof: Mapping[str, str] = field(default_factory=dict)
    """What proves that a column holds a key, where arithmetic does."""
    day: int | None = None
    """The day the rows show, where due dates and days overdue prove it."""
    buckets: tuple[BucketColumn, ...] = ()
    """The columns that hold the ages of a balance, the youngest first."""
    unsure: frozenset[str] = frozenset()
    """Keys whose column is a guess by its values, or one of several for which as much speaks."""

    @property
    def complete(self) -> bool:
        """All columns the format needs are there."""
        return not self.missing


@dataclass(frozen=True)
class Format:
    """One layout of one system's export.

    `titles` gives for each canonical key the header texts it goes by, the preferred first. Besides the
    canonical keys an items format may have `settled_date`: a date makes one cash receipt of the full amount;
    `status`, whose `values` say draft, void, uncollectible, settled (no receivables), paid or partly paid;
    `document_id`, by which the lines of one document are known; `sign`, debit or credit, where amounts have
    none; `period_length`, words for the one length of periods that `buckets` are declared for; and `net_days`,
    `second_discount_days`, `discount_days`, which count from the due date's column.
    """

    name: str
    role: Role
    titles: Mapping[str, Sequence[str]]
    needs: Sequence[str | tuple[str, ...]]
    """Keys that must be there; of a tuple, one."""
    marks: Sequence[str] = ()
    """Titles that must be there, too, to know the layout by."""
    without: Sequence[str] = ()
    """Titles that mean the buckets belong to something else: documents have ages, too."""
    unused: Sequence[str] = ()
    """Titles that belong to the layout and are deliberately not read."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words of this system for canonical values, by key: case folded. "*" is any other word; a kind of "" follows
    from the sign."""
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words that were answered: of currencies."""
    dates: DateOrder | None = None
    """The order of day and month, where the system always writes one."""
    report: bool = False
    """A printed report: its rows are distinguished (see `rows`) before they are read."""
    group: Literal["", "customer", "section"] = ""
    """What rows of words alone stand for: the customer of the rows below, or a section without meaning here."""
    unnamed: str = ""
    """The key of the column whose header is blank, where the layout has one."""
    lines: Literal["", "repeat", "sum"] = ""
    """A document has one row per line: each repeats the document's amount, or holds its part of it."""
    minor_units: bool = False
    """Whole amounts under snake_case headers are cents already."""
    due_is_due: bool = True
    """False where the due date's column holds the day that terms count from."""
    signs: Literal["", "by kind", "as-is", "reversed"] = ""
    """What credits count as: by kind, negative whatever their sign; as-is, as they stand; "" is by evidence. Reversed:
    every amount counts with the other sign."""
    signs_said: bool = False
    """The signs were answered, not declared."""
    terms: Mapping[str, int] = field(default_factory=dict)
    """The days of each key of payment terms, where the column `terms` holds keys."""
    leave_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Rows that are no receivables: by key, the words in its column."""
    joined: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Keys whose value is spread over several columns: their titles; the parts are joined by a hyphen."""
    group_after: bool = False
    """A group's row stands below its items, not above."""
    balances: bool = False
    """Rows are balances of customers, no documents; their ages are what the headings of the columns say."""
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    """The ages of columns whose headings do not say them."""
    blanks: str = ""
    """What was answered of rows that name no customer: they are of the one above, or left out."""
    guessed: bool = False
    """The headings were taken at their word: the reading is reported, and may be corrected by a mapping file."""
    general: bool = False
    """Gives way to a system's own format that explains a header as well."""

    @cached_property
    def _keys(self) -> dict[str, tuple[str, ...]]:
        first = {key: titles[:1] for key, titles in self.joined.items()}
        return {key: tuple(map(title_key, titles)) for key, titles in {**self.titles, **first}.items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """Headers of mapped columns as they are compared; "" where a column without a header is one of them."""
        keys = {title for titles in self._keys.values() for title in titles}
        return frozenset(keys | {""} if self.unnamed else keys)

    @cached_property
    def _unread(self) -> frozenset[str]:
        """Headers that belong to the layout and are no column of their own, as they are compared."""
        parts = (title for titles in self.joined.values() for title in titles[1:])
        return frozenset(map(title_key, (*self.unused, *parts)))

    def match(self, headers: Sequence[str]) -> Match:
        """Hold the format against a header row."""
        found: dict[str, int] = {}
        keys = [title_key(header) for header in headers]
        for place, title in enumerate(keys):
            found.setdefault(title, place)
        places: dict[str, int] = {}
        for key, titles in self._keys.items():
            for title in titles:
                at = found.get(title)
                if at is not None and at not in places.values():
                    places[key] = at
                    break
        if self.unnamed and places and "" in found:
            places[self.unnamed] = found[""]
        ages = self._ages(headers)
        missing = self._missing({*places, *(("buckets",) if ages else ())})
        missing += tuple(mark for mark in self.marks if title_key(mark) not in found)
        used = {*places.values(), *(column.place for column in ages)}
        extras = tuple(
            header
            for place, header in enumerate(headers)
            if place not in used and keys[place] not in self._unread and header.strip()
        )
        doubled = tuple(headers[place] for place in sorted(places.values()) if keys.count(keys[place]) > 1)
        score = len(used) + sum(1 for title in self._unread if title in found and found[title] not in used)
        return Match(self, places, missing, extras, doubled, score, buckets=ages)

    def _missing(self, there: set[str]) -> tuple[str, ...]:
        """What it needs, of several the first, that is not there; `buckets` are bucket columns."""
        groups = [need if isinstance(need, tuple) else (need,) for need in self.needs]
        return tuple(group[0] for group in groups if not there.intersection(group))

    def _ages(self, headers: Sequence[str]) -> tuple[BucketColumn, ...]:
        """The bucket columns of a list of balances."""
        without = {title_key(title) for title in self.without}
        if not self.balances or any(title_key(header) in without for header in headers):
            return ()
        keys = [title_key(header) for header in headers]
        declared = [
            BucketColumn(keys.index(key), one)
            for title, one in self.buckets.items()
            if (key := title_key(title)) in keys
        ]
        return tuple(declared) or buckets(headers) or ()
