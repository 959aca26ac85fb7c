"""Dynamics 365 Finance (AX): open customer transactions, in the transaction's or the company's own currency.

Source: learn.microsoft.com, CustCollectionsBICustTrans; public queries of the table CustTransOpen (AccountNum,
TransDate, DueDate, AmountCur, AmountMST) joined to CustTrans (Invoice, Voucher, CurrencyCode).
"""

from __future__ import annotations

from dataclasses import replace

from xlwings_addin.ledger.formats.declaration import Format

OPEN_TRANSACTIONS = Format(
    name="Dynamics 365 Finance open transactions",
    role="items",
    titles={
        "entity": ("DataAreaId",),
        "customer_id": ("AccountNum", "OrderAccount"),
        "customer_name": ("Name", "CustomerName"),
        "document_no": ("Invoice", "Voucher", "RefRecId"),
        "document_date": ("TransDate",),
        "due_date": ("DueDate",),
        "currency": ("CurrencyCode",),
        "open_amount": ("AmountCur",),
    },
    needs=("customer_id", "document_no", "document_date", "due_date", "open_amount", "currency"),
    unused=("AmountMST", "Voucher", "RefRecId", "RecId", "CashDiscDate", "TransType", "LastInterestDate", "Txt"),
    signs="as-is",
)
IN_OWN_CURRENCY = replace(
    OPEN_TRANSACTIONS,
    name="Dynamics 365 Finance open transactions, own currency",
    # Without the currency of a transaction only the company's own amounts can be added.
    titles={**OPEN_TRANSACTIONS.titles, "currency": ("AccountingCurrency",), "open_amount": ("AmountMST",)},
    needs=OPEN_TRANSACTIONS.needs[:-1],
    unused=(*OPEN_TRANSACTIONS.unused, "AmountCur"),
)
