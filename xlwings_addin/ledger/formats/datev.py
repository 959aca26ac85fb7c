"""DATEV Rechnungswesen: the OPOS list of debtors, opened in Excel.

Source: hilfe.c-entron.de, OPOS-Import über DATEV-Schnittstelle (columns in their order); flace.de (fields of the ASCII
export); jakus.tax (debtors from 10000, creditors from 70000; the open amount is in debit or credit).
"""

from __future__ import annotations

from dataclasses import replace

from xlwings_addin.ledger.formats.declaration import Format

OPEN_ITEMS = Format(
    name="DATEV OPOS",
    role="items",
    titles={
        "customer_id": ("Konto", "Kontonummer", "Personenkonto"),
        "customer_name": ("Kontobeschriftung", "Kontobezeichnung"),
        "document_no": ("Rechnungsnummer", "Rechnungs-Nr."),
        "document_date": ("Datum", "Rechnungsdatum", "Belegdatum"),
        "due_date": ("Fälligkeit", "Fälligkeitsdatum"),
        "debit": ("Sollbetrag", "BetragSoll", "Soll"),
        "credit": ("Habenbetrag", "BetragHaben", "Haben"),
        "open_amount": ("Saldo",),
    },
    needs=("customer_id", "document_no", "document_date", "due_date", "open_amount", "debit", "credit"),
    unused=("Gegenkonto", "Buchungstext", "SHSaldo", "WKZ Eingabebetrag", "Eingabebetrag", "Kurs", "Raffung"),
    leave_out={"customer_id": ("supplier accounts",)},
    report=True,
    signs="as-is",
)
BY_FIELD = replace(
    OPEN_ITEMS,
    name="DATEV OPOS, Belegfeld",
    titles={**OPEN_ITEMS.titles, "document_no": ("Belegfeld 1",)},
    needs=OPEN_ITEMS.needs[:-2],
)
