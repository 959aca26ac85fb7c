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
STATUS = {
    **dict.fromkeys(("draft", "entwurf", "brouillon", "concept", "borrador", "proforma", "pro forma"), "draft"),
    **dict.fromkeys(("void", "voided", "cancelled", "canceled", "deleted", "storniert", "storno", "annulé"), "void"),
    **dict.fromkeys(("annulée", "geannuleerd", "anulada", "anulado", "cancelada", "reversed"), "void"),
    **dict.fromkeys(("uncollectible", "written off", "abgeschrieben", "afgeschreven"), "uncollectible"),
    **dict.fromkeys(
        ("paid", "closed", "settled", "cleared", "bezahlt", "ausgeglichen", "payé", "payée", "soldé"), "paid"
    ),
    **dict.fromkeys(("betaald", "voldaan", "pagada", "pagado", "cobrada", "cobrado"), "paid"),
    **dict.fromkeys(
        ("partly paid", "partially paid", "partial", "part paid", "part-paid", "teilbezahlt"), "partly paid"
    ),
    **dict.fromkeys(("teilweise bezahlt", "partiellement payé", "partiellement payée"), "partly paid"),
    **dict.fromkeys(("deels betaald", "gedeeltelijk betaald", "parcialmente pagada", "pago parcial"), "partly paid"),
}
