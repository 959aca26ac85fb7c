"""Dynamics 365 Business Central: customer ledger entries, and aged accounts receivable, a balance per customer.

Source: learn.microsoft.com, agedAccountsReceivable of the API (fields, a row per customer, period length like 1M; its
readers meet a row named Total) and customer ledger entries; page 25 and table 21 of the public base application.
"""

from __future__ import annotations

from xlwings_addin.ledger.bucket_headings import NOT_DUE, Bucket
from xlwings_addin.ledger.formats.declaration import Format

LEDGER_ENTRIES = Format(
    name="Business Central customer ledger entries",
    role="items",
    titles={
        "document_date": ("Document Date", "Belegdatum", "Posting Date", "Buchungsdatum"),
        "kind": ("Document Type", "Belegart"),
        "document_no": ("Document No.", "Belegnr."),
        "customer_id": ("Customer No.", "Debitorennr."),
        "customer_name": ("Customer Name", "Debitorenname"),
        "due_date": ("Due Date", "Fälligkeitsdatum"),
        # Blank is the company's own currency: the base currency.
        "currency": ("Currency Code", "Währungscode"),
        "amount": ("Original Amount", "Ursprungsbetrag"),
        "open_amount": ("Remaining Amount", "Restbetrag"),
        "sales_person": ("Salesperson Code", "Verkäufercode"),
        "po_number": ("External Document No.", "Externe Belegnummer"),
        "status": ("Open", "Offen"),
    },
    needs=("document_date", "kind", "document_no", "customer_id", "due_date", "amount", "open_amount"),
    unused=(
        *("Entry No.", "Lfd. Nr.", "Posting Date", "Buchungsdatum", "Description", "Beschreibung", "Amount", "Betrag"),
        *("Original Amount (LCY)", "Amount (LCY)", "Remaining Amt. (LCY)", "Debit Amount", "Credit Amount"),
        *("Ursprungsbetrag (MW)", "Betrag (MW)", "Restbetrag (MW)", "Sales (LCY)", "On Hold", "Pmt. Discount Date"),
        *("Closed at Date", "Customer Posting Group", "Message to Recipient", "Payment Method Code"),
    ),
    values={
        "kind": {
            **dict.fromkeys(("invoice", "rechnung"), "invoice"),
            **dict.fromkeys(("credit memo", "gutschrift"), "credit note"),
            **dict.fromkeys(("payment", "zahlung"), "payment"),
            **dict.fromkeys(("finance charge memo", "zinsrechnung", "reminder", "mahnung"), "debit note"),
            # A refund or a journal line without a type is what its sign says.
            "*": "",
        },
        # A closed entry is settled; when, and by what, this list does not say.
        "status": {
            **dict.fromkeys(("no", "false", "nein", "falsch", "0"), "paid"),
            **dict.fromkeys(("yes", "true", "ja", "wahr", "1"), ""),
        },
    },
    signs="as-is",
)
AGED_BALANCES = Format(
    name="Business Central aged accounts receivable",
    role="items",
    titles={
        "customer_id": ("customerNumber",),
        "customer_name": ("name",),
        "currency": ("currencyCode",),
        "open_amount": ("balanceDue",),
        "document_date": ("agedAsOfDate",),
        "period_length": ("periodLengthFilter",),
    },
    needs=("customer_id", "open_amount"),
    marks=("currentAmount", "period1Amount"),
    unused=("customerId", "period1Label", "period2Label", "period3Label"),
    values={"period_length": dict.fromkeys(("1m", "30d"), "30 days")},
    report=True,
    balances=True,
    buckets={
        "currentAmount": NOT_DUE,
        "period1Amount": Bucket(1, 30),
        "period2Amount": Bucket(31, 60),
        "period3Amount": Bucket(61, None),
    },
)
