"""Any other system: the words of cells for kinds and statuses."""

from __future__ import annotations

from xlwings_addin.ledger.formats import canonical

KINDS = {
    **canonical.KINDS,
    **dict.fromkeys(("rechnung", "facture", "factuur", "factura", "bill", "sales"), "invoice"),
    **dict.fromkeys(("gutschrift", "avoir", "note de crédit", "creditnota", "creditfactuur", "abono"), "credit note"),
    **dict.fromkeys(("nota de crédito", "rectificativa", "return", "refund"), "credit note"),
    **dict.fromkeys(("lastschrift", "note de débit", "debetnota", "nota de débito", "surcharge"), "debit note"),
    **dict.fromkeys(
        ("zahlung", "anzahlung", "paiement", "règlement", "acompte", "betaling", "pago", "cobro"), "payment"
    ),
    # What a company calls its documents is its own affair: the sign says what they are.
    "*": "",
}
