"""The canonical layout: the headings of the ledger itself, its keys, and their obvious synonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger.formats.declaration import Format
from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, ITEM_COLUMNS, RECEIPT_COLUMNS, SALES_COLUMNS
from xlwings_addin.ledger.values import DEBIT_NOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.model import LedgerColumn

SYNONYMS: dict[str, tuple[str, ...]] = {
    "entity": ("Company code", "Legal entity"),
    "customer_id": ("Customer number", "Customer no", "Cust ID", "Account number", "Account no", "Debtor"),
    "customer_name": ("Customer name", "Name"),
    "document_no": ("Document number", "Document no", "Invoice number", "Invoice no", "Invoice #", "Invoice"),
    "instalment": ("Installment", "Part"),
    "kind": ("Type", "Document type", "Transaction type"),
    "document_date": ("Invoice date", "Doc date", "Issue date"),
    "due_date": ("Due", "Net due date"),
    "terms": ("Payment terms", "Terms of payment"),
    "currency": ("Currency code", "Document currency"),
    "amount": ("Invoice amount", "Original amount", "Document amount"),
    "open_amount": ("Open balance", "Outstanding", "Outstanding amount", "Balance", "Balance due", "Residual"),
    "owner": ("Collector",),
    "sales_person": ("Salesperson", "Sales rep"),
    "po_number": ("PO", "PO no", "P.O. number", "Purchase order"),
    "e_invoice": ("E invoice", "Electronic invoice"),
    "proof_of_delivery": ("POD",),
    "contact_email": ("Contact email", "Email", "E-mail"),
    "contact_phone": ("Phone", "Telephone"),
    "promise_date": ("Promise to pay", "Promised date"),
    "date": ("Receipt date", "Payment date", "Paid date", "Settled date", "Posting date"),
    "write_offs": ("Write offs", "Written off"),
    "credit_sales": ("Sales",),
    "month": ("Month end", "Period"),
}

KINDS = {"debit": DEBIT_NOTE, "*": ""}
"""Beside the words of `words.kind_of`; what else a company calls its documents is its own affair: the sign says."""


def _titles(columns: Sequence[LedgerColumn]) -> dict[str, tuple[str, ...]]:
    return {column.key: (column.heading, column.key, *SYNONYMS.get(column.key, ())) for column in columns}


ITEMS = Format(
    name="canonical items",
    role="items",
    titles=_titles(ITEM_COLUMNS),
    needs=("customer_id", "document_no", "document_date", ("amount", "open_amount")),
    values={"kind": KINDS},
    general=True,
)
RECEIPTS = Format(
    name="canonical receipts",
    role="receipts",
    titles=_titles(RECEIPT_COLUMNS) | {"amount": ("Amount", "Amount received", "Paid amount", "Receipt amount")},
    needs=("document_no", "date", "amount"),
    general=True,
)
CUSTOMERS = Format(
    name="canonical customers",
    role="customers",
    titles=_titles(CUSTOMER_COLUMNS),
    needs=("customer_id", ("customer_name", "group", "region", "tier", "owner", "agreed_terms", "credit_limit")),
    general=True,
)
SALES = Format(
    name="canonical sales by month",
    role="sales",
    titles=_titles(SALES_COLUMNS),
    needs=("month", "credit_sales"),
    general=True,
)
