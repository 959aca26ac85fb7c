"""The state of reading one table: cells by key, reasons by row, findings, and the evidence for each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger import amounts
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.cells import blanks, text
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.model import (
    CUSTOMER_COLUMNS,
    DATE,
    ITEM_COLUMNS,
    MONEY,
    RECEIPT_COLUMNS,
    SALES_COLUMNS,
    TEXT,
    ColumnRead,
)
from xlwings_addin.ledger.rows import BUCKET, ITEM
from xlwings_addin.ledger.values import NO_DATE, REDUCED_BY

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.errors import Answer
    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.findings import Finding, Kind
    from xlwings_addin.ledger.formats.declaration import Match, Role
    from xlwings_addin.ledger.model import LedgerColumn
    from xlwings_addin.ledger.values import Days, Minor

    Column = pd.Series[str] | Minor | Days

COLUMNS: dict[Role, tuple[LedgerColumn, ...]] = {
    "items": ITEM_COLUMNS,
    "receipts": RECEIPT_COLUMNS,
    "customers": CUSTOMER_COLUMNS,
    "sales": SALES_COLUMNS,
}
SETTLED = "settled_date"
PROOF = "proof"
"""The type of a column that is never a figure: it only proves others."""
TERM_DAYS = ("net_days", "second_discount_days", "discount_days")
STATUS_COLUMNS = ("status", "status_2", "status_3")
REDUCTIONS = ("paid_amount", "credited_amount")
UNAPPLIED = "unapplied_amount"
NET_AND_TAX = ("net_amount", "tax_amount")
"""What an amount is the sum of, where the file has it in two columns."""
FURTHER_KEYS = {
    SETTLED: DATE,
    **dict.fromkeys((*REDUCTIONS, UNAPPLIED, "debit", "credit", *NET_AND_TAX), MONEY),
    **dict.fromkeys((*STATUS_COLUMNS, "document_id", "sign", "invoice_reference", "period_length", *TERM_DAYS), TEXT),
    **dict.fromkeys(("days_overdue", "age_days", "quantity", "unit_price"), TEXT),
    **dict.fromkeys(("special_gl", "posting_status", "ledger", "matching"), TEXT),
    "running_balance": PROOF,
}
"""What a table of items may hold beside the ledger's own columns, and the type of each."""
NAMES = {
    SETTLED: "Paid on",
    "paid_amount": "Paid",
    "credited_amount": "Credited",
    UNAPPLIED: "Unapplied",
    "net_amount": "Net",
    "tax_amount": "Tax",
    "status_2": "Second status",
    "status_3": "Third status",
    "document_id": "Document ID",
    "sign": "Debit or credit",
    "age_days": "Age in days",
    "special_gl": "Special G/L",
    "ledger": "Side of the ledger",
    "matching": "Matched with",
    "net_days": "Days of terms",
}
"""What they are called where their key in plain words would not do."""
LONGEST_QUOTE = 60
FORMULA_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#ERROR!")
"""What a spreadsheet shows in a cell whose formula fails."""


def read_as(key: str, role: Role) -> str:
    """What a column is read as, in words.

    >>> read_as("open_amount", "items"), read_as("paid_amount", "items")
    ('Open amount', 'Paid')
    """
    headings = {column.key: column.heading for column in COLUMNS[role]}
    return headings.get(key) or NAMES.get(key) or key.replace("_", " ").capitalize()


class Reading:
    """The state of reading one table."""

    def __init__(
        self,
        table: RawTable,
        match: Match,
        base_currency: str,
        answer: DateAnswer | None,
        digits: int | None,
        day: int | None,
        receipts_given: bool,
    ) -> None:
        self.table, self.match, self.format = table, match, match.format
        self.base_currency, self.answer, self.digits = base_currency, answer, digits
        self.day, self.receipts_given = day, receipts_given
        self.count = len(table.rows)
        self.reason = np.full(self.count, "", object)
        self.value = np.full(self.count, "", object)
        self.findings: list[Finding] = []
        self.evidence: dict[str, str] = {}
        """What speaks for the way a column was read, by key."""
        self.types = {
            **{column.key: column.type for column in COLUMNS[self.format.role]},
            **FURTHER_KEYS,
            **dict.fromkeys(REDUCED_BY, MONEY),
            **{key: MONEY for key in match.places if key.startswith(BUCKET)},
        }
        self.columns: dict[str, Column] = {}
        """What has been read, by key; where a money column is blank, `empty` says so."""
        self.empty: dict[str, NDArray[np.bool_]] = {}
        self.blank = np.zeros(self.count, bool)
        """Rows of which nothing is read."""
        self.kind = np.full(self.count, ITEM, np.int8)
        self.head: NDArray[np.int64] | None = None
        """Row of the first line of each line's document, where documents have several."""

    @property
    def items(self) -> NDArray[np.bool_]:
        """Rows that are items so far: not set aside, left out or told to be anything else."""
        return np.asarray((self.kind == ITEM) & (self.reason == "") & ~self.blank, bool)

    @property
    def main(self) -> str:
        """The column whose sum is the ledger's."""
        return "open_amount" if "open_amount" in self.columns else "amount"

    def text(self, key: str) -> pd.Series[str]:
        """A column of words; blank everywhere where there is none."""
        found: Any = self.columns.get(key)
        return blanks(self.count) if found is None else found

    def money(self, key: str) -> Minor:
        """A money column; 0 everywhere where there is none."""
        return np.asarray(self.columns.get(key, np.zeros(self.count, np.int64)), np.int64)

    def days(self, key: str) -> Days:
        """A date column; without a date everywhere where there is none."""
        return np.asarray(self.columns.get(key, np.full(self.count, NO_DATE, np.int32)), np.int32)

    def is_empty(self, key: str) -> NDArray[np.bool_]:
        """Where a column of words or days is blank; everywhere where there is none."""
        found = self.columns.get(key)
        if found is None:
            return np.ones(self.count, bool)
        nothing = self.days(key) == NO_DATE if self.types[key] == DATE else self.text(key).eq("")
        return np.asarray(nothing, bool)

    def is_blank(self, key: str) -> NDArray[np.bool_]:
        """Where a money column is blank; everywhere where there is none."""
        return self.empty.get(key, np.ones(self.count, bool))

    def numbers(self, key: str, digits: int = 0) -> tuple[Minor, NDArray[np.bool_], NDArray[np.bool_]]:
        """A column of plain numbers that are no money, times 10 to the power of `digits`; where blank, where none."""
        plain = amounts.plain(text(self.cells(key)))
        read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", digits)
        return read.minor, read.blank, read.bad

    def cells(self, key: str) -> Cells:
        """The raw cells of a canonical column."""
        return self.table.columns[self.match.places[key]]

    def refuse_errors(self, key: str, where: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Set aside the rows of which a column shows an error of a formula, #N/A for one; return those that do."""
        found, column = np.zeros(self.count, bool), self.cells(key)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            return found
        marked = np.asarray(pc.fill_null(pc.starts_with(column, "#"), fill_value=False).to_numpy(), bool)
        at = np.flatnonzero(marked if where is None else marked & where)
        shown = np.array(column.take(pa.array(at)).to_pylist(), str)
        for error in sorted({*shown.tolist()} & {*FORMULA_ERRORS}):
            own = np.zeros(self.count, bool)
            own[at[shown == error]] = True
            self.refuse(own, f"column '{self.title(key)}' shows {error}, the error of a formula", key)
            found |= own
        return found

    def title(self, key: str) -> str:
        """The header a canonical column has in the file."""
        return self.table.headers[self.match.places[key]]

    def has(self, key: str) -> bool:
        """Whether the file has the column."""
        return key in self.match.places

    def find(
        self,
        kind: Kind,
        where: NDArray[np.bool_] | None = None,
        count: int | None = None,
        *,
        answers: tuple[Answer, ...] = (),
        **named: Any,
    ) -> None:
        """Report something about this table, or about rows of it."""
        rows = None if where is None else self.table.rows[np.flatnonzero(where)]
        self.findings.append(kind.found(count, file_rows=rows, answers=answers, place=self.table.place, **named))

    def shown(self, key: str, at: int) -> str:
        """A cell as a message quotes it: a few words of it, where it is long."""
        text = str(self.cells(key)[at].as_py())
        return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}..."

    def refuse(self, where: NDArray[np.bool_], reason: str, key: str | None = None) -> None:
        """Set rows aside; the first reason stands."""
        found = np.flatnonzero(where)
        found = found[self.reason[found] == ""]
        self.reason[found] = reason
        if key is not None and found.size:
            self.value[found] = [str(value) for value in self.cells(key).take(pa.array(found)).to_pylist()]

    def refuse_column(self, key: str, bad: NDArray[np.bool_], filled: NDArray[np.bool_], what: str) -> None:
        """Refuse the table where most of a column is not what it should be."""
        count, of = int(bad.sum()), int(filled.sum())
        if count > 0.5 * of:
            at = int(np.flatnonzero(bad)[0])
            raise LedgerError(
                f"{self.table.place}: column '{self.title(key)}' holds {what} in {count:,} of {of:,} rows (row"
                f" {self.table.rows[at]}: '{self.shown(key, at)}'): correct the column or name the right one."
            )

    def columns_read(self) -> tuple[ColumnRead, ...]:
        """How each column of the file was read."""
        keys = {place: key for key, place in self.match.places.items()}
        extras = set(self.match.extras)
        found = []
        for place, header in enumerate(self.table.headers):
            key = keys.get(place)
            if key is not None:
                told = [said for said in (self.match.proof.get(key), self.evidence.get(key)) if said]
                found.append(ColumnRead(header.strip(), read_as(key, self.format.role), "; ".join(told)))
            elif header.strip():
                why = "not known to this layout" if header in extras else "belongs to the layout, not needed"
                found.append(ColumnRead(header.strip(), "", why))
        return tuple(found)
