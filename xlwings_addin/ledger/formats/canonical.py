"""The canonical layout: the headings of the ledger itself, its keys, and their obvious synonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger.formats.declaration import Format
from xlwings_addin.ledger.model import CUSTOMER_COLUMNS, ITEM_COLUMNS, RECEIPT_COLUMNS, SALES_COLUMNS
from xlwings_addin.ledger.values import BANK_CHARGES, CONTRA, RECOVERY
from xlwings_addin.ledger.values import EXCHANGE_DIFFERENCE as EXCHANGE
from xlwings_addin.ledger.values import TAX_WITHHELD as TAX

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

KINDS = {
    "inv": "invoice",
    "sales invoice": "invoice",
    "credit": "credit note",
    "credit memo": "credit note",
    "creditnote": "credit note",
    "cn": "credit note",
    "debit": "debit note",
    "debit memo": "debit note",
    "receipt": "payment",
    "unapplied": "payment",
    "unapplied cash": "payment",
    "unapplied payment": "payment",
    "prepayment": "payment",
    "retainer": "payment",
    "on account": "payment",
}

RECEIPT_WORDS = {
    "payment": "cash",
    "receipt": "cash",
    "bank": "cash",
    "credit": "credit note",
    "credit memo": "credit note",
    "write off": "write-off",
    "writeoff": "write-off",
    "bad debt": "write-off",
    **dict.fromkeys(("withholding tax", "withheld tax", "tax deducted at source", "tds", "wht", "quellensteuer"), TAX),
    **dict.fromkeys(("bank charge", "bank charges", "bank fee", "bank fees", "bankspesen", "charges"), BANK_CHARGES),
    **dict.fromkeys(("exchange difference", "exchange gain", "exchange loss", "kursdifferenz", "fx"), EXCHANGE),
    **dict.fromkeys(("contra", "set-off", "set off", "setoff", "offset", "netting", "aufrechnung"), CONTRA),
    **dict.fromkeys(("recovery", "recovered", "bad debt recovery", "bad debt recovered"), RECOVERY),
}


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
    values={"kind": RECEIPT_WORDS},
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
