"""Oracle Receivables, Fusion and E-Business Suite: open transactions, and the extract of the aging reports.

Source: docs.oracle.com, tables and views of Financials: AR_OPEN_TRX_V, AR_AGING_EXTRACT; PaymentScheduleExtractPVO
(credits are negative already).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

CLASSES = {
    **dict.fromkeys(("inv", "dep", "br"), "invoice"),
    "cm": "credit note",
    **dict.fromkeys(("dm", "cb"), "debit note"),
    "pmt": "payment",
    "*": "",
}
OPEN_TRANSACTIONS = Format(
    name="Oracle open transactions",
    role="items",
    titles={
        "document_no": ("TRX_NUMBER",),
        "customer_id": ("CUSTOMER_NUMBER",),
        "customer_name": ("CUSTOMER_NAME",),
        "kind": ("CLASS",),
        "currency": ("INVOICE_CURRENCY_CODE",),
        "amount": ("AMOUNT_DUE_ORIGINAL",),
        "open_amount": ("BALANCE_DUE_CURR_UNFORMATTED", "BALANCE_DUE_CURR", "AMOUNT_DUE_REMAINING"),
        "document_date": ("TRX_DATE",),
        "due_date": ("TRX_DUE_DATE", "DUE_DATE"),
        "instalment": ("TERMS_SEQUENCE_NUMBER",),
        "status": ("STATUS",),
        "po_number": ("PURCHASE_ORDER",),
    },
    needs=("document_no", "customer_id", "kind", "currency", "open_amount", "document_date", "due_date"),
    # The balance in the company's own currency has no code beside it.
    unused=("BALANCE_DUE_CURR", "BALANCE_DUE_FUNCTIONAL", "CLASS_MEANING", "TRX_TYPE", "CUSTOMER_ID", "LOCATION"),
    values={"kind": CLASSES, "status": {"op": "", "cl": "paid"}},
    signs="as-is",
)
AGING_EXTRACT = Format(
    name="Oracle aging extract",
    role="items",
    titles={
        "customer_id": ("CUSTOMER_NUMBER",),
        "customer_name": ("SHORT_CUSTOMER_NAME",),
        "kind": ("CLASS",),
        "document_no": ("TRX_NUMBER",),
        "due_date": ("DUE_DATE",),
        "open_amount": ("AMT_DUE_REMAINING",),
        "days_overdue": ("DAYS_PAST_DUE",),
    },
    needs=("customer_id", "kind", "document_no", "due_date", "open_amount"),
    unused=("AGING_EXTRACT_ID", "CUSTOMER_ID", "SORT_FIELD1", "SORT_FIELD2", "INV_TID_INV", "PAYMENT_SCHEDULE_ID"),
    values={"kind": CLASSES},
    signs="as-is",
)
