"""TallyPrime, Tally.ERP 9: bills receivable, and overdue receivables.

Source: help.tallysolutions.com, Bills Receivables and Overdue Receivables (columns; the opening amount by
configuration); amounts with Dr or Cr behind them, a last row that is their sum.
"""

from __future__ import annotations

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
