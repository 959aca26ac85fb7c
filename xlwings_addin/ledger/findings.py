"""What may be found in a ledger: each finding's code, how grave it is, and what it says, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from xlwings_addin.ledger.errors import agreed

if TYPE_CHECKING:
    from xlwings_addin.ledger.errors import Answer

Severity = Literal["note", "warning", "error"]
Rows = Sequence[int] | NDArray[np.integer]

ROWS_NAMED = 100
"""A finding names at most this many rows; its count is of all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a controller should know about the data: how often, where, how bad."""

    kind: Kind
    message: str
    count: int = 1
    rows: tuple[int, ...] = ()
    """Row numbers of `Ledger.items`, the first hundred."""
    file_rows: tuple[int, ...] = ()
    """Rows of the file, where the file itself is meant."""
    answers: tuple[Answer, ...] = ()
    """The ways to settle it, where it can be; an error's figures wait for one of them."""

    @property
    def code(self) -> str:
        """What it is called on Checks and in JSON."""
        return self.kind.code

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.kind.severity

    @property
    def asks(self) -> bool:
        """Whether there are no figures before it is answered."""
        return bool(self.answers) and self.severity == "error"


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that may be found."""

    code: str
    """What programs know it by: it stays."""
    severity: Severity
    message: str
    """What it says; `count` and what else it names are in braces, "[is|are]" agrees with the count (see `agreed`)."""

    def found(
        self,
        count: int | None = None,
        *,
        rows: Rows | None = None,
        file_rows: Rows | None = None,
        answers: tuple[Answer, ...] = (),
        **named: object,
    ) -> Finding:
        """Return the finding; its count is that of the rows where none is given."""
        if count is None:
            count = next((len(given) for given in (rows, file_rows) if given is not None), 1)
        if unknown := named.keys() - {name for _, name, _, _ in Formatter().parse(self.message)}:
            raise TypeError(f"The finding {self.code!r} says nothing of {', '.join(sorted(unknown))}.")
        message = agreed(self.message, count).format(count=count, **named)
        return Finding(self, message, count, _first(rows), _first(file_rows), answers)


def _first(rows: Rows | None) -> tuple[int, ...]:
    return () if rows is None else tuple(int(row) for row in rows[:ROWS_NAMED])


def each_once(*found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings of several origins, each thing that is said once."""
    return tuple({(one.code, one.message): one for some in found for one in some}.values())


# ---- how files are read
FILE_READ_AS = Kind("file read as", "note", "{place}: {what}.")
NO_HEADING = Kind(
    "no heading row",
    "note",
    "{place} has no heading row: its columns are called Column A, Column B and so on, by their place.",
)

# ---- files that are not read

QUESTION = Kind("question", "error", "{reason}")
REFUSED = Kind("refused", "error", "{reason}")

# ---- files and their tables

FILE_NAMED_TWICE = Kind(
    "file named twice", "warning", "{file} has the content of {first}, read already as {role}: not read again."
)
SHEETS_NOT_READ = Kind("sheets not read", "note", "{file}: read {read}; not read: {others}.")
REPEATED_SHEETS_NOT_READ = replace(SHEETS_NOT_READ, severity="warning")
GUESSED_COLUMNS = Kind(
    "guessed columns",
    "warning",
    "{place} is of no known system; {read}. If one is wrong, say which column is right.",
)
UNUSED_ANSWER = Kind("unused answer", "warning", "The answer {what} is about nothing in these files: {why}.")
UNKNOWN_COLUMNS = Kind("unknown columns", "note", "{place}: not read: {titles}.")
DAY_OF_THE_FILE = Kind("day of the file", "note", "{place} shows {day}, as it says itself.")
CURRENCY_OF_THE_FILE = Kind(
    "currency of the file",
    "note",
    "{place}: {count:,} [item names|items name] no currency; the lines above say {currency}.",
)
FUTURE_DOCUMENTS = Kind(
    "future documents",
    "warning",
    "{place}: {count:,} [document is|documents are] dated after {day}, the day the file shows.",
)
BALANCES_ONLY = Kind(
    "balances only",
    "warning",
    "{place}: {count:,} [balance of a customer|balances of customers] as of {day}, no documents: aged by the file's"
    " own columns ({ages}), days"
    " past due being the fewest that a column means. What needs documents, sales and DSO among it, is not shown.",
)
BALANCES_WITHOUT_AGE = replace(
    BALANCES_ONLY,
    message="{place}: {count:,} [balance of a customer|balances of customers] as of {day}, no documents: they stand"
    " under 'No date', for"
    " nothing says how old they are. What needs documents, sales and DSO among it, is not shown.",
)
AGES_DIFFER = Kind(
    "ages differ",
    "warning",
    "{place}: {count:,} [balance is not what its|balances are not what their] ages add up to (first in row {row}, by"
    " {difference}): the balance"
    " counts, and what no age holds stands under 'No date'.",
)
DOCUMENT_LINES = Kind(
    "document lines",
    "note",
    "{place}: {count:,} further [line|lines] of documents, of which there are {documents:,}: one item each.",
)
EXCLUDED = {
    why: Kind(
        f"excluded: {why}",
        "note",
        f"{{place}}: {{count:,}} [document is|documents are] {why}{{word}} and no [receivable|receivables]"
        f" ({{amount}}).",
    )
    for why in ("void", "reversed", "draft", "uncollectible", "paid")
}
"""By the status of the document."""
UNKNOWN_STATUS = Kind(
    "unknown status",
    "warning",
    "{place}: column '{title}' says {shown}, which is not known as a status: [this document counts|these {count:,}"
    " documents count].",
)
UNKNOWN_KINDS = Kind(
    "unknown kinds",
    "warning",
    "{place}: column '{title}' says {shown}, which is not known as a kind of document: [this document counts|these"
    " {count:,} documents count] as the file has [it|them] ({amount}).",
)
NOTED_ITEMS = Kind(
    "noted items",
    "warning",
    "{place}: {count:,} noted [item or statistical posting|items or statistical postings] left out ({amount}): [it"
    " is|they are] not in the general ledger.",
)
PAYABLES = Kind(
    "payables",
    "warning",
    "{place}: {count:,} [row|rows] of suppliers left out ({amount}): [it is not a receivable|they are not"
    " receivables].",
)
NO_RECEIVABLES = Kind(
    "no receivables",
    "warning",
    "{place}: {count:,} [document|documents] called {shown} left out ({amount}): [it is not an invoice|they are not"
    " invoices], and nothing is owed for [it|them] yet.",
)
MATCHED = Kind(
    "matched",
    "note",
    "{place}: {count:,} [row|rows] matched with each other by column '{title}' left out ({amount}): together they come"
    " to nothing.",
)
LEFT_OUT = Kind("left out", "note", "{place}: {count:,} [row|rows] left out by column '{title}' ({amount}): {what}.")
AS_ABOVE = Kind(
    "customers above",
    "note",
    "{place}: {count:,} [row names|rows name] nobody in column '{title}': [it belongs|they belong] to the customer"
    " above.",
)
TOTAL_ROWS = Kind("total rows", "note", "{place}: {count:,} [row is a total, not an item|rows are totals, not items].")
SUBTOTAL_DIFFERS = Kind(
    "subtotal differs",
    "warning",
    "{place}: the rows above or below {count:,} [subtotal do not add up to it|subtotals do not add up to them] (first"
    " in row {row}: {amount}): look whether rows are missing there or amounts were changed.",
)
FILE_TOTAL_DIFFERS = Kind(
    "file total differs",
    "warning",
    "{place}: the total in row {row} is {stated}, the items read add up to {read} (difference {difference}).",
)

CREDITS_NEGATED = Kind(
    "credits negated",
    "warning",
    "{place}: every credit note and payment has a positive amount; they count negative: {count:,} ({amount}).",
)
POSITIVE_CREDITS = Kind(
    "positive credits",
    "warning",
    "{place}: {count:,} [credit note or payment is|credit notes or payments are] positive beside negative ones"
    " ({amount}): counted as reversals or"
    " refunds.",
)
DUE_BY_NOT_OVERDUE = Kind(
    "due by not overdue",
    "note",
    "{place}: {count:,} [document has|documents have] no days in column '{title}': not yet due, so shown as due on"
    " the list's day.",
)

# ---- cells

DATES_EXCHANGED = Kind(
    "dates exchanged", "warning", "{place}: day and month of column '{title}' exchanged as answered."
)
INVALID_DATES = Kind(
    "invalid dates",
    "warning",
    "{place}: {count:,} [cell|cells] in column '{title}' [is not a valid date|are not valid dates] ({shown}): read as"
    " no date.",
)
UNCLEAR_FLAGS = Kind("unclear flags", "note", "{place}: column '{title}' says {shown}: neither yes nor no, so blank.")
ROUNDED_NUMBERS = Kind(
    "rounded numbers",
    "error",
    "{place}: {count:,} [number|numbers] in column '{title}' [was|were] rounded by a spreadsheet ('{first}'):"
    " different ones may have"
    " become the same; export it again with this column as text.",
)
ROUNDED_AMOUNTS = Kind(
    "rounded amounts",
    "note",
    "{place}: {count:,} [amount|amounts] in column '{title}' [has more decimals than its|have more decimals than"
    " their] currency; rounding each changed the"
    " sum by {by:.4g} of its smallest unit.",
)
MINOR_UNITS = Kind("minor units", "note", "{place}: amounts are whole numbers under field names, so read as cents.")
DECIMAL_STYLE = Kind(
    "decimal style", "warning", "{place}: amounts like 1.234 in column '{title}' were read as {read}: please check."
)

# ---- several files

LEADING_ZEROS = Kind(
    "leading zeros",
    "warning",
    "{count:,} [number|numbers] in '{column}' of the {table} [is that of an item|are those of items] but for lost"
    " leading zeros: taken as"
    " the same.",
)
LEADING_ZEROS_OF_FILES = replace(
    LEADING_ZEROS,
    message="{file}: {count:,} [number|numbers] in '{column}' [is that|are those] of an earlier file but for lost"
    " leading zeros: taken as"
    " the same.",
)
REPEATED_DOCUMENTS = Kind(
    "repeated documents",
    "warning",
    "Documents that several files hold alike: {count:,}, each counted once (in {files} not again).",
)
DERIVED_RECEIPTS = Kind(
    "derived receipts",
    "warning",
    "{count:,} [receipt is a difference|receipts are differences] between the lists of {days}, dated on the later"
    " list's day and taken as cash,"
    " though credit notes and write-offs may be among them; a document issued and settled between two lists is in none"
    " of them, and before {first} only what was open then is known.",
)
RECEIPTS_WITHOUT_ITEM = Kind(
    "receipts without item", "warning", "Receipts that reduce nothing: {count:,} ({amount} in all): {reason}."
)

OLDEST_FIRST = Kind(
    "receipts to the oldest",
    "warning",
    "Receipts that fit several open documents of one customer: {count:,} ({amount} in all, for {numbers}): given to the"
    " one that is due first.",
)
FEW_CLEARING_DATES = Kind(
    "few clearing dates",
    "warning",
    "{count:,} [document carries|documents carry] a clearing date, too few for a history of what was settled: a list"
    " of open items, in"
    " which each counts until its date; sales, DSO and CEI are not available.",
)
RECEIPTS_OF_A_LIST = Kind(
    "receipts of a list",
    "warning",
    "The items are a list of what is open, without the documents that were settled: what it says is open counts, less"
    " those of its {count:,} [receipt|receipts] that came after its day ({counted:,}); sales, DSO and CEI are not"
    " available.",
)
UNDATED_PAYMENTS = Kind(
    "undated payments",
    "warning",
    "Documents paid without a date of payment: {count:,} ({amount}): counted as paid on {day}, the newest day of the"
    " file.",
)

# ---- items

UNREADABLE_ROWS = Kind("unreadable rows", "error", "Rows left out: {count:,}: {reason} (first in {file}, row {row}).")
UNNAMED_CURRENCY = Kind(
    "unnamed currency",
    "warning",
    "Items that name no currency: {count:,}; [it counts|they count] in the base currency, where one is set.",
)
REUSED_NUMBERS = Kind(
    "reused numbers",
    "warning",
    "Document numbers that stand for documents of several years: {count:,} ({amount}; first '{first}'), and no column"
    " names the year: receipts for them go to the one that is due first.",
)
NAMES_ALIKE = Kind(
    "names alike",
    "warning",
    "Names of customers that differ from another only in case or spaces: {count:,} (first '{first}' and '{other}'):"
    " please check whether they are one customer.",
)
DUPLICATE_ITEMS = Kind(
    "duplicate items", "warning", "Items that repeat one of the same customer, kind and number: {count:,} ({amount})."
)
NO_DUE_DATE = Kind(
    "no due date", "warning", "Open items without a due date: {count:,} ({amount} open): column 'No date'."
)
NO_DOCUMENT_DATE = Kind(
    "no document date",
    "warning",
    "Items without a document date: {count:,} ({amount}): counted on every day; sales of a month are not available.",
)
DUE_BEFORE_DOCUMENT = Kind("due before document", "warning", "Items due before their document date: {count:,}.")
MANY_DUE_BEFORE_DOCUMENT = replace(
    DUE_BEFORE_DOCUMENT,
    severity="error",
    message="Items due before their document date: {count:,}: day and month may be swapped.",
)
FAR_DATES = Kind(
    "far dates",
    "warning",
    "Documents dated ten years before nearly all others, or one after: {count:,} (first '{first}' of {day}).",
)
WILDLY_LARGE_AMOUNTS = Kind(
    "wildly large amounts",
    "warning",
    "Amounts more than {times} times as large as 95 of 100 others: {count:,} (first '{first}', {amount}): please"
    " check.",
)
SEVERAL_NAMES = Kind(
    "several names",
    "note",
    "{count:,} customer [number carries|numbers carry] several names ('{worst}' {names}): grouped by number.",
)
ANOTHER_CUSTOMER = Kind(
    "another customer",
    "warning",
    "{count:,} customer [number is|numbers are] another customer's in another entity ('{worst}': {names}): grouped by"
    " number, their amounts are added.",
)
ONE_NAME_SEVERAL_NUMBERS = Kind(
    "one name, several numbers",
    "note",
    "{count:,} customer [name stands|names stand] under several numbers ('{worst}' {numbers}): grouped by number, so"
    " each is a"
    " customer of its own.",
)
SEVERAL_CURRENCIES = Kind(
    "several currencies", "note", "{count} currencies ({amounts}): a total for each, never added."
)
OVER_APPLIED = Kind(
    "over-applied",
    "warning",
    "Items reduced by more than they amount to: {count:,}; the excess shows as a credit.",
)
OPEN_AMOUNT_DIFFERS = Kind(
    "open amount differs",
    "warning",
    "Items whose stated open amount differs from amount less receipts: {count:,} (by {amount} in all); amount less"
    " receipts counts.",
)
COUNTED_IN_FULL = Kind(
    "counted in full",
    "warning",
    "Items without an open amount and without receipts: {count:,}; [it counts|they count] in full ({amount}).",
)

# ---- figures of a day

CALENDAR_CHANGED = Kind(
    "calendar changed",
    "warning",
    "Months that were reported by another calendar: {count:,} ({months}); Monthly restates these days by the periods in"
    " Settings. What was reported is on Checks, under Restated months.",
)

AS_OF_BEFORE_THE_LISTS = Kind("as-of before the lists", "warning", "Figures as of {day} are incomplete: {reason}.")
AS_OF_LONG_AFTER = Kind(
    "as-of long after",
    "warning",
    "Figures as of {day}: the newest document is of {last}, a year before or more: please check the year.",
)
AS_OF_BEFORE_EXPORT = Kind("as-of before export", "warning", "Figures as of {day} are incomplete: {reason}.")
MISSING_RATE = Kind(
    "missing rate",
    "warning",
    "No exchange rate into {base} on {day} for {currencies}: the converted totals are left empty. Exchange rates"
    " in Settings hold them.",
)
NO_BASE_CURRENCY = Kind(
    "no base currency",
    "warning",
    "Amounts are in {currencies}, and no base currency is named: the converted totals are left empty. Settings"
    " name it.",
)
