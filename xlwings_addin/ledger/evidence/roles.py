"""The roles a column can have: the concepts of a heading that name each, and the shape its values must have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

Shape = Literal["text", "code", "date", "money", "days", "word", "number"]
TEXT: Final = "text"
CODE: Final = "code"
DATE: Final = "date"
MONEY: Final = "money"
DAYS: Final = "days"
WORD: Final = "word"
NUMBER: Final = "number"


@dataclass(frozen=True)
class Role:
    """One role: `named` are the concepts (see words.csv) of headings that say it, the plainest first."""

    key: str
    shape: Shape
    named: tuple[str, ...]
    beside: str = ""
    """Concepts that may come with those without making the column another thing."""

    @cached_property
    def _patterns(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(pattern.split()) for pattern in self.named)

    @cached_property
    def _beside(self) -> frozenset[str]:
        return frozenset(self.beside.split())

    def rank(self, concepts: frozenset[str]) -> int | None:
        """How plainly a heading of these concepts names the role, 0 the plainest; None where it does not.

        >>> role = Role("due_date", DATE, ("date due", "due"), beside="document")
        >>> [role.rank(frozenset(words.split())) for words in ("due date", "document due", "due discount date")]
        [0, 1, None]
        """
        for rank, pattern in enumerate(self._patterns):
            if pattern <= concepts and concepts - pattern <= self._beside:
                return rank
        return None


_OF_AN_AMOUNT = "document total gross original amount foreign local customer receivable currency sales instalment"
"""Concepts that an amount may have beside its own."""

FIGURES = (
    Role(
        "amount",
        MONEY,
        (
            "amount document",
            "amount gross",
            "gross",
            "amount due original",
            "amount original",
            "original",
            "document total",
            "total",
            "amount",
            "receivable amount",
            "document sales",
            "line amount",
            "line total",
        ),
        beside=_OF_AN_AMOUNT,
    ),
    Role(
        "open_amount",
        MONEY,
        (
            "amount due open",
            "open amount",
            "open",
            "amount due",
            "balance due",
            "balance open",
            "balance",
            "due",
            "receivable",
            "current balance",
        ),
        beside="document total gross amount foreign local customer receivable currency balance",
    ),
    Role(
        "paid_amount",
        MONEY,
        ("paid amount", "paid", "amount clearing"),
        beside="document total amount foreign customer currency applied date days",
    ),
    Role(
        "credited_amount",
        MONEY,
        ("credited amount", "credited", "credit amount", "credit", "withheld", "tax withheld"),
        beside="document total amount foreign applied",
    ),
    Role("debit", MONEY, ("debit amount", "debit", "charge amount", "charge"), beside="document amount total foreign"),
    Role("credit", MONEY, ("credit amount", "credit", "paid amount", "paid"), beside="document amount total foreign"),
    Role(
        "running_balance", MONEY, ("balance", "balance current", "total"), beside="amount total open customer account"
    ),
    Role(
        "net_amount",
        MONEY,
        ("net", "amount", "net amount", "total"),
        beside="amount document total foreign tax original",
    ),
    Role("tax_amount", MONEY, ("tax", "tax amount"), beside="amount total document foreign"),
)
"""Columns of money, among which arithmetic decides."""

UNAPPLIED = Role(
    "unapplied_amount",
    MONEY,
    ("applied unapplied", "unapplied"),
    beside="amount total paid credited credit balance open document customer currency foreign",
)
"""What was paid and is applied to no document."""

DAYS_OF_A_DOCUMENT = (
    Role(
        "document_date",
        DATE,
        (
            "document date",
            "date issued",
            "issued",
            "date",
            "date posting",
            "posting",
            "document",
            "date entered",
            "date baseline",
            "date sent",
            "sent",
        ),
        beside="document issued original",
    ),
    Role(
        "due_date",
        DATE,
        (
            "date due actual",
            "due actual",
            "date due",
            "due",
            "date due terms",
            "date paid due",
            "paid due",
            "date open",
            "open",
            "date terms",
            "clearing due",
            "date clearing due",
        ),
        beside="document net amount",
    ),
    Role("days_overdue", DAYS, ("days overdue", "overdue"), beside="number count document due date"),
)
"""Columns of days, likewise."""

OTHERS = (
    Role("entity", TEXT, ("entity", "entity number", "entity name", "company", "company number", "company name")),
    # First, so that none of them passes for the name of a customer.
    Role("contact_email", TEXT, ("email",), beside="contact customer address document"),
    Role("contact_phone", TEXT, ("phone",), beside="contact customer number"),
    Role(
        "customer_id",
        CODE,
        ("customer number", "customer account number", "customer account", "account number", "customer", "account"),
        beside="account",
    ),
    Role(
        "customer_name",
        TEXT,
        (
            "customer name",
            "account name",
            "name",
            "customer",
            "customer text",
            "contact name",
            "contact",
            "account",
            "customer number name",
        ),
        beside="document delivery",
    ),
    Role(
        "document_no",
        CODE,
        (
            "document number",
            "document",
            "document reference",
            "document reference number",
            "posting number",
            "entered number",
            "number",
            "reference number",
            "reference",
            "document credited number",
        ),
        beside="receivable",
    ),
    Role("instalment", CODE, ("instalment number", "instalment"), beside="document"),
    Role("fiscal_year", CODE, ("year",), beside="document posting"),
    Role("kind", WORD, ("document kind", "kind", "posting kind", "document kind name"), beside="customer text"),
    Role("ledger", WORD, ("ledger", "account kind"), beside="kind flag"),
    Role("special_gl", WORD, ("special ledger",), beside="flag number kind account transaction"),
    Role("quantity", NUMBER, ("quantity",), beside="document"),
    Role("unit_price", NUMBER, ("price",), beside="net quantity document"),
    # A list may have several: of the document, and of its payment.
    Role(
        "status",
        WORD,
        ("status", "document status", "paid status", "open status", "paid", "open", "clearing status"),
        beside="document posting kind",
    ),
    Role("terms", TEXT, ("terms", "paid terms"), beside="days number customer document net text"),
    Role(
        "currency",
        WORD,
        ("currency", "document currency", "foreign currency", "local currency"),
        beside="number document text",
    ),
    Role("sign", WORD, ("debit credit",), beside="flag sign"),
    Role(
        "settled_date",
        DATE,
        ("date paid", "date clearing", "paid", "clearing", "date last paid"),
        beside="document full",
    ),
    # Marks that documents and what pays them share.
    Role("matching", CODE, ("clearing", "clearing number"), beside="document reference"),
    Role("age_days", DAYS, ("age days", "age", "days"), beside="document number count"),
    Role("promise_date", DATE, ("promise date", "promise", "expected date", "expected"), beside="paid"),
    Role("region", TEXT, ("region",), beside="sales customer"),
    Role("owner", TEXT, ("owner",), beside="credit account name"),
    Role("sales_person", TEXT, ("sales_person",), beside="name number sales"),
    Role(
        "po_number",
        TEXT,
        ("order number", "order", "customer reference", "customer order"),
        beside="customer reference",
    ),
    Role("disputed", WORD, ("dispute",), beside="flag status"),
    Role("dispute_code", TEXT, ("dispute number", "dispute reason"), beside="kind"),
)
"""Everything else: words and shape say which it is."""

_NO_AMOUNT = """instalment tax net discount rate price quantity percent cost margin commission charge limit weight
 local number average rating count writeoff project item phone address order year bank user line"""
_NO_DUE_DATE = """entered posting delivery discount order baseline clearing paid sent dunning promise last next period
 bank user item limit customer contact document issued reference project"""
REDUCED = frozenset({"discount", "writeoff", "withheld", "credited", "paid", "applied", "open", "balance"})
"""Concepts of what an amount is reduced by, or of what is left of it."""
NUMBERING = frozenset({"number", "line", "count"})
"""Concepts of headings that only number."""
OTHERWISE = {MONEY: frozenset(_NO_AMOUNT.split()), DATE: frozenset(_NO_DUE_DATE.split())}
"""Concepts of headings that say that a column of this shape is something else than what is open, or due."""

ALL = (*FIGURES, UNAPPLIED, *DAYS_OF_A_DOCUMENT, *OTHERS)
