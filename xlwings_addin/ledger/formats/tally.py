"""TallyPrime, Tally.ERP 9: bills receivable and overdue receivables, also with each party above its bills.

Source: help.tallysolutions.com, Bills Receivables and Overdue Receivables (columns; the opening amount by
configuration); amounts with Dr or Cr behind them, a last row that is their sum.
"""

from __future__ import annotations

from dataclasses import replace

from xlwings_addin.ledger.formats.declaration import Format

BILLS_RECEIVABLE = Format(
    name="Tally bills receivable",
    role="items",
    titles={
        "document_date": ("Date",),
        "document_no": ("Ref. No.",),
        "customer_name": ("Party's Name",),
        "amount": ("Opening Amount",),
        "open_amount": ("Pending Amount",),
        "due_date": ("Due on",),
        "days_overdue": ("Overdue by days", "Age of Bill in Days"),
    },
    needs=("document_date", "document_no", "customer_name", "open_amount", "due_date"),
    unused=("Post-Dated Amount", "Final Balance"),
    report=True,
)
BY_PARTY = replace(
    BILLS_RECEIVABLE,
    name="Tally bills by party",
    titles={key: titles for key, titles in BILLS_RECEIVABLE.titles.items() if key != "customer_name"},
    needs=("document_date", "document_no", "open_amount", "due_date"),
    marks=("Ref. No.", "Pending Amount", "Due on"),
    group="customer",
)
