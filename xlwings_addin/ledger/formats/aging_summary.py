"""Balances by customer of any system: aging summaries, an age a column, and lists of customer and balance."""

from __future__ import annotations

from xlwings_addin.ledger.formats import canonical
from xlwings_addin.ledger.formats.declaration import Format
from xlwings_addin.ledger.formats.general import ITEMS, WORDS

SUMMARY = Format(
    name="aging summary",
    role="items",
    titles={
        "entity": ("Entity", *canonical.SYNONYMS["entity"], *WORDS["entity"]),
        "customer_id": ("Customer ID", *canonical.SYNONYMS["customer_id"], *WORDS["customer_id"]),
        "customer_name": ("Customer", *canonical.SYNONYMS["customer_name"], *WORDS["customer_name"], "Contact"),
        "currency": ("Currency", *canonical.SYNONYMS["currency"], *WORDS["currency"]),
        "open_amount": ("Total", "Balance", "Balance due", "Total due", "Saldo", "Solde", "Gesamt", "Summe", "Totaal"),
    },
    needs=(("customer_id", "customer_name"), "buckets"),
    without=tuple(title for key in ("document_no", "document_date", "due_date") for title in ITEMS.titles[key]),
    report=True,
    balances=True,
    general=True,
)
BALANCES = Format(
    name="list of balances",
    role="items",
    titles={**SUMMARY.titles, "open_amount": SUMMARY.titles["open_amount"][1:]},
    needs=(("customer_id", "customer_name"), "open_amount"),
    without=(*SUMMARY.without, *ITEMS.titles["kind"], *ITEMS.titles["status"], *ITEMS.titles["amount"]),
    report=True,
    balances=True,
    guessed=True,
    general=True,
)
