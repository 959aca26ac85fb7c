"""The receivables ledger: items, the receipts that reduce them, and the customers they belong to.

Everything the files did not say is blank text, never a guess.
"""

from __future__ import annotations

from copy import copy
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from xlwings_addin.ledger.arrays import Arrays
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.fixed import Table, fixed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.findings import Finding

ColumnType = Literal["text", "date", "money", "flag"]
TEXT: Final = "text"
DATE: Final = "date"
MONEY: Final = "money"
FLAG: Final = "flag"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One canonical column: its key in the ledger, its heading in files and sheets, and what it holds."""

    key: str
    heading: str
    type: ColumnType
    help: str
    required: bool = False


ITEM_COLUMNS = (
    LedgerColumn("entity", "Entity", TEXT, "The company of yours that issued the document."),
    LedgerColumn("customer_id", "Customer ID", TEXT, "Customer number; text, leading zeros stay.", required=True),
    LedgerColumn("customer_name", "Customer", TEXT, "Customer name, for reading; items are grouped by number."),
    LedgerColumn("document_no", "Document", TEXT, "Invoice, credit note or payment number.", required=True),
    LedgerColumn("instalment", "Instalment", TEXT, "Which part, where one document is due in several."),
    LedgerColumn("fiscal_year", "Fiscal year", TEXT, "Where document numbers start again each year."),
    LedgerColumn("kind", "Kind", TEXT, "invoice, credit note, debit note or payment (unapplied)."),
    LedgerColumn("document_date", "Document date", DATE, "Date of the document.", required=True),
    LedgerColumn("due_date", "Due date", DATE, "Date the item falls due; blank is 'No date'."),
    LedgerColumn("terms", "Terms", TEXT, "Payment terms, as agreed: Net 30, for example."),
    LedgerColumn("currency", "Currency", TEXT, "ISO code; the base currency where blank."),
    LedgerColumn("amount", "Amount", MONEY, "Signed document amount: credits and payments negative.", required=True),
    LedgerColumn("open_amount", "Open amount", MONEY, "What the source says is still open, if it does."),
    LedgerColumn("region", "Region", TEXT, "Sales region of the item or its customer."),
    LedgerColumn("tier", "Tier", TEXT, "Customer tier: A, B, C, for example."),
    LedgerColumn("owner", "Owner", TEXT, "Collector who answers for the item."),
    LedgerColumn("sales_person", "Sales person", TEXT, "Who sold it."),
    LedgerColumn("po_number", "PO number", TEXT, "The customer's purchase order."),
    LedgerColumn("e_invoice", "E-invoice", FLAG, "Sent electronically: yes or no."),
    LedgerColumn("disputed", "Disputed", FLAG, "In dispute: yes or no."),
    LedgerColumn("dispute_code", "Dispute code", TEXT, "Reason code of the dispute."),
    LedgerColumn("proof_of_delivery", "Proof of delivery", FLAG, "Delivery confirmed: yes or no."),
    LedgerColumn("contact_name", "Contact", TEXT, "Billing contact."),
    LedgerColumn("contact_email", "Contact e-mail", TEXT, "The contact's e-mail address."),
    LedgerColumn("contact_phone", "Contact phone", TEXT, "The contact's telephone number."),
    LedgerColumn("promise_date", "Promise date", DATE, "Date the customer promised to pay."),
)

RECEIPT_COLUMNS = (
    LedgerColumn("entity", "Entity", TEXT, "As on the item."),
    LedgerColumn("customer_id", "Customer ID", TEXT, "As on the item; needed where document numbers repeat."),
    LedgerColumn("document_no", "Document", TEXT, "The item the receipt reduces.", required=True),
    LedgerColumn("instalment", "Instalment", TEXT, "Which part; blank pays the oldest part first."),
    LedgerColumn("fiscal_year", "Fiscal year", TEXT, "As on the item."),
    LedgerColumn("date", "Date", DATE, "Date the item was reduced.", required=True),
    LedgerColumn("amount", "Amount", MONEY, "Positive where it reduces an invoice.", required=True),
    LedgerColumn(
        "kind",
        "Kind",
        TEXT,
        "cash, credit note, discount or write-off; tax withheld, bank charges, contra.",
    ),
)

CUSTOMER_COLUMNS = (
    LedgerColumn("customer_id", "Customer ID", TEXT, "Customer number, as on the items.", required=True),
    LedgerColumn("customer_name", "Customer", TEXT, "Name."),
    LedgerColumn("group", "Group", TEXT, "Group the customer belongs to."),
    LedgerColumn("region", "Region", TEXT, "Sales region."),
    LedgerColumn("tier", "Tier", TEXT, "A, B, C, for example."),
    LedgerColumn("importance", "Importance", TEXT, "1 to 5, or words."),
    LedgerColumn("owner", "Owner", TEXT, "Collector who answers for the account."),
    LedgerColumn("owner_department", "Owner's department", TEXT, "Finance, if all is well."),
    LedgerColumn("agreed_terms", "Agreed terms", TEXT, "Terms in the contract."),
    LedgerColumn("terms_approved_by", "Terms approved by", TEXT, "Who approved terms that are not standard."),
    LedgerColumn("credit_limit", "Credit limit", MONEY, "In the base currency."),
    LedgerColumn("billing_format", "Billing format", TEXT, "Custom billing format, if any."),
    LedgerColumn("contact_name", "Billing contact", TEXT, "Name."),
    LedgerColumn("contact_email", "Billing e-mail", TEXT, "Address."),
    LedgerColumn("contact_phone", "Billing phone", TEXT, "Number."),
    LedgerColumn("ap_contact", "Accounts payable contact", TEXT, "Who releases the payment."),
    LedgerColumn("executive", "Executive counterpart", TEXT, "Whom the head of finance calls."),
    LedgerColumn("contact_confirmed", "Contact confirmed", DATE, "When the contacts were last confirmed."),
    LedgerColumn("customer_since", "Customer since", DATE, "First business."),
)

SALES_COLUMNS = (
    LedgerColumn("month", "Month", DATE, "Any day of the month, or 2024-06.", required=True),
    LedgerColumn("currency", "Currency", TEXT, "ISO code; the base currency where blank."),
    LedgerColumn("credit_sales", "Credit sales", MONEY, "Gross invoices and debit notes of the month.", required=True),
    LedgerColumn("cash", "Cash", MONEY, "Cash received, if known."),
    LedgerColumn("credits", "Credits", MONEY, "Credit notes and discounts, if known."),
    LedgerColumn("write_offs", "Write-offs", MONEY, "Written off, if known."),
)


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """How one column of a file was read, and what speaks for it."""

    header: str
    read_as: str
    """Heading of the canonical column; "" where the column is not read."""
    evidence: str


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read: what it was recognised as and what it held (totals in minor units by currency)."""

    file: str
    sha256: str
    format: str
    role: Literal["items", "receipts", "customers", "sales"]
    rows: int
    totals: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    """Rows of the file by what they are: item, subtotal, footer, exception and so on."""
    stated: Mapping[str, int] = field(default_factory=dict)
    """Grand totals the file itself states (minor units by currency)."""
    open_totals: Mapping[str, int] = field(default_factory=dict)
    """Open amounts of the items, the document amount where none is stated: what `stated` is held against."""
    why: str = ""
    """What the format was recognised by."""
    columns: tuple[ColumnRead, ...] = ()
    as_of: int | None = None
    """The day the file says it shows, above its header or in its name."""

    def __post_init__(self) -> None:
        for name in ("totals", "classes", "stated", "open_totals"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


@dataclass(frozen=True, slots=True)
class Balances:
    """What a ledger of balances by customer knows: no documents, and no day but its own."""

    day: int
    """The day the list shows."""
    edges: tuple[int, ...]
    """Last days overdue of its columns; empty where it says of no balance how old it is."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Items, receipts and customers, typed and tied.

    `items` has one column per `ITEM_COLUMNS` key: text as pandas `str` with "" for blank, flags as
    "yes", "no" or "", dates as int32 days (`NO_DATE` when blank), money as int64 minor units; beside
    them `has_open` (bool: the source stated an open amount). `receipts` holds `item` (row number in
    `items`, int64), `date`, `amount`, `kind`. Money is in minor units of the item's own currency.

    Nothing done to a table or an array that was read from a ledger changes the ledger: `dataclasses.replace`
    and `where` make another one.
    """

    items: Table = Table()
    receipts: Table = Table()
    customers: Table = Table()
    sales: Table = Table()
    """Typed flows, of a file of sales: `month` as int32 day of its end, `currency`, then Int64 minor units or NA."""
    exceptions: Table = Table()
    """Rows that are in no figure: file, row, value, reason, amount (NaN where it cannot be read) and currency."""
    _: KW_ONLY
    base_currency: str
    minor_digits: Mapping[str, int]
    """Decimals of each currency in the ledger: 2 for EUR, 0 for JPY."""
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    has_history: bool
    """False for a list of today's open items: no sales or cash can be derived from it."""
    file_rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Row in its file of each item."""
    as_of: int | None = None
    """The latest day the item files say they show."""
    known_from: int | None = None
    """Day of the first of several lists of open items; what was settled before it is in none of them."""
    balances: Balances | None = None
    """Set where the items are balances of customers, a row for each age, and no documents."""
    derived_receipts: int = 0
    """The last rows of `receipts`, this many, are differences of two lists of open items, not documents."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "minor_digits", MappingProxyType(dict(self.minor_digits)))
        object.__setattr__(self, "file_rows", fixed(self.file_rows.copy()))

    @cached_property
    def arrays(self) -> Arrays:
        """What calculations need of the tables, as arrays: made at the first call, then kept."""
        day = None if self.balances is None else self.balances.day
        return Arrays(self.items, self.receipts, self.customers, self.has_history, day)

    def with_findings(self, findings: Iterable[Finding]) -> Ledger:
        """Return this ledger with more findings, and with the arrays that were made to find them."""
        found = copy(self)
        object.__setattr__(found, "findings", (*self.findings, *findings))
        return found

    def where(self, chosen: NDArray[np.bool_] | pd.Series[bool]) -> Ledger:
        """Return the ledger of some of the items: one true or false for each, as an array or a column.

        With the items come their receipts and file rows. What is said of the files stays as it is: sources,
        customers, exceptions, and the findings, whose counts and messages are those of the whole and whose
        `rows` are the ones that are left; a warning must not be lost because its rows were not all named.
        Typed sales are those of the whole company: a part has none, and derives its own where it can.

        Raises LedgerError for anything but one boolean for each item.
        """
        items, receipts = self.items, self.receipts
        # A column that was sorted still belongs to the rows it came from; one of another ledger belongs to none.
        ours = not isinstance(chosen, pd.Series) or (len(chosen) == len(items) and items.index.isin(chosen.index).all())
        mask = np.asarray(chosen.reindex(items.index) if ours and isinstance(chosen, pd.Series) else chosen)
        if not ours or isinstance(chosen, np.ma.MaskedArray) or mask.dtype != np.bool_ or mask.shape != (len(items),):
            what = {"i": "numbers", "u": "numbers", "f": "numbers", "U": "texts", "M": "dates"}.get(
                mask.dtype.kind, "values"
            )
            raise LedgerError(
                f"A part of this ledger takes one true or false for each of its {len(items):,} items, in their order or"
                f" with their index: these are {mask.size:,} {what}."
            )
        if mask.all():
            return self
        item = receipts["item"].to_numpy(np.intp)
        kept, place = mask[item], np.cumsum(mask) - 1
        return replace(
            self,
            items=items[mask].reset_index(drop=True),
            receipts=receipts[kept].assign(item=place[item[kept]]).reset_index(drop=True),
            sales=self.sales.head(0),
            file_rows=self.file_rows[mask] if self.file_rows.size else self.file_rows,
            derived_receipts=int(kept[len(receipts) - self.derived_receipts :].sum()),
            findings=tuple(
                replace(one, rows=tuple(int(place[row]) for row in one.rows if mask[row])) for one in self.findings
            ),
        )
