"""24SevenOffice: customer invoice report.

Source: support.24sevenoffice.com, Kundefakturarapport (its columns, exported to Excel; open, closed or all items).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

INVOICE_REPORT = Format(
    name="24SevenOffice customer invoices",
    role="items",
    titles={
        "document_no": ("Fakturanummer",),
        "document_date": ("Fakturadato",),
        "due_date": ("Forfallsdato",),
        "customer_id": ("Kundenummer",),
        "customer_name": ("Kundenavn",),
        "amount": ("Fakturabeløp",),
        "credited_amount": ("Kreditert",),
        "paid_amount": ("Innbetalt",),
        "open_amount": ("Saldo",),
    },
    needs=("document_no", "document_date", "due_date", "customer_id", "amount", "open_amount"),
    marks=("Kreditert", "Innbetalt"),
    # The day of a payment, or of the last of several, is not the day the whole was settled.
    unused=("Betalingsdato",),
    report=True,
)
