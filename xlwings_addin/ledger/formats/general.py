"""Any other system: headings that say what they are, in English, German, French, Dutch and Spanish."""

from __future__ import annotations

from xlwings_addin.ledger.formats import canonical
from xlwings_addin.ledger.formats.declaration import Format

WORDS: dict[str, tuple[str, ...]] = {
    "entity": (
        *("Company", "Subsidiary", "Firma", "Gesellschaft", "Buchungskreis", "Mandant", "Société", "Entité"),
        *("Bedrijf", "Administratie", "Empresa", "Sociedad"),
    ),
    "customer_id": (
        *("Customer code", "Client ID", "Client code", "Client number", "Account code", "Debtor number", "Debtor no"),
        *("Kundennummer", "Kunden-Nr.", "Kundennr.", "Kd-Nr.", "Debitor", "Debitorennummer", "Debitoren-Nr."),
        *("Debitorennr.", "Code client", "Numéro client", "N° client", "Nº client", "Compte client", "Klantnummer"),
        *("Klantnr.", "Klantcode", "Debiteurnummer", "Debiteurnr.", "Debiteur", "Código cliente", "Código de cliente"),
        *("Número de cliente", "Nº cliente", "Cod. cliente"),
    ),
    "customer_name": (
        *("Client", "Client name", "Account name", "Company name", "Debtor name", "Bill to", "Sold to"),
        *("Kunde", "Kundenname", "Name 1", "Debitorenname", "Nom", "Nom du client", "Nom client", "Raison sociale"),
        *("Klant", "Klantnaam", "Naam", "Debiteurnaam", "Cliente", "Nombre", "Nombre del cliente", "Razón social"),
    ),
    "document_no": (
        *("Number", "Num", "No.", "Doc no", "Doc number", "Doc. no.", "Bill no", "Invoice ref", "Voucher no"),
        *("Voucher number", "Rechnungsnummer", "Rechnungs-Nr.", "Rechnungsnr.", "Rechnung", "Belegnummer", "Beleg-Nr."),
        *("Belegnr.", "Beleg", "Numéro de facture", "N° facture", "Nº facture", "Facture", "N° pièce", "Pièce"),
        *("Numéro de pièce", "Factuurnummer", "Factuurnr.", "Factuur", "Documentnummer", "Boekstuknummer"),
        *("Número de factura", "Nº factura", "N.º factura", "Factura", "Nº documento", "Número de documento"),
    ),
    "instalment": ("Teilbetrag", "Échéance n°", "Termijn", "Plazo", "Cuota"),
    "fiscal_year": ("Geschäftsjahr", "Exercice", "Exercice comptable", "Boekjaar", "Ejercicio"),
    "kind": (
        *("Doc type", "Voucher type", "Belegart", "Belegtyp", "Art", "Typ", "Type de pièce", "Type de document"),
        *("Documentsoort", "Soort", "Tipo", "Tipo de documento", "Clase de documento"),
    ),
    "document_date": (
        *("Date", "Posting date", "Transaction date", "Date issued", "Issued", "Bill date", "Rechnungsdatum"),
        *("Belegdatum", "Datum", "Rechnungs-Datum", "Date de facture", "Date facture", "Date pièce", "Date de pièce"),
        *("Date d'émission", "Factuurdatum", "Documentdatum", "Boekdatum", "Fecha", "Fecha de factura"),
        *("Fecha factura", "Fecha de emisión", "Fecha emisión", "Fecha de documento"),
    ),
    "due_date": (
        *("Payment due", "Payment due date", "Due on", "Maturity", "Maturity date", "Fälligkeitsdatum", "Fälligkeit"),
        *("Fällig am", "Fällig", "Zahlbar bis", "Date d'échéance", "Date échéance", "Échéance", "Vervaldatum"),
        *("Vervaldag", "Fecha de vencimiento", "Fecha vencimiento", "Vencimiento", "Vto."),
    ),
    "terms": (
        *("Payment term", "Zahlungsbedingung", "Zahlungsbedingungen", "Zahlungsziel", "Conditions de paiement"),
        *("Betalingsvoorwaarde", "Betalingsconditie", "Betaaltermijn", "Condiciones de pago", "Forma de pago"),
    ),
    "currency": ("Curr", "Curr.", "CCY", "Währung", "WKZ", "Devise", "Monnaie", "Valuta", "Moneda", "Divisa"),
    "amount": (
        *("Total", "Invoice total", "Total amount", "Gross amount", "Amount due", "Value", "Gross", "Betrag"),
        *("Rechnungsbetrag", "Bruttobetrag", "Brutto", "Gesamtbetrag", "Belegbetrag", "Montant", "Montant TTC"),
        *("Montant total", "Total TTC", "Bedrag", "Factuurbedrag", "Bedrag incl. btw", "Totaalbedrag", "Importe"),
        *("Importe total", "Importe factura", "Monto", "Total factura"),
    ),
    "open_amount": (
        *("Open amount", "Amount open", "Remaining", "Remaining amount", "Amount outstanding", "Unpaid"),
        *("Amount remaining", "Offener Betrag", "Restbetrag", "Offener Saldo", "Saldo offen", "OP-Betrag"),
        *("Solde", "Solde dû", "Montant dû", "Reste à payer", "Restant dû", "Montant ouvert", "Openstaand"),
        *("Openstaand bedrag", "Nog te betalen", "Saldo", "Restbedrag", "Saldo pendiente", "Importe pendiente"),
        *("Pendiente", "Pendiente de cobro"),
    ),
    "region": ("Area", "Territory", "Gebiet", "Vertriebsgebiet", "Région", "Secteur", "Regio", "Región", "Zona"),
    "owner": ("Credit controller", "AR owner", "Sachbearbeiter", "Gestionnaire", "Beheerder", "Gestor"),
    "sales_person": (
        *("Representative", "Rep", "Verkäufer", "Vertreter", "Représentant", "Commercial", "Verkoper"),
        *("Vertegenwoordiger", "Vendedor", "Comercial"),
    ),
    "po_number": (
        *("Customer PO", "Customer reference", "Your reference", "Bestellnummer", "Kundenreferenz", "Ihre Referenz"),
        *("Bon de commande", "Votre référence", "Bestelnummer", "Uw referentie", "Pedido", "Su referencia"),
    ),
    "status": ("Status", "State", "Invoice status", "Zustand", "Statut", "État", "Estado"),
    "settled_date": (
        *("Paid on", "Date paid", "Payment date", "Paid date", "Settled date", "Cleared on", "Clearing date"),
        *("Bezahlt am", "Zahlungsdatum", "Ausgleichsdatum", "Date de paiement", "Payé le", "Date de règlement"),
        *("Betaald op", "Betaaldatum", "Fecha de pago", "Fecha de cobro", "Pagado el"),
    ),
}

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

ITEMS = Format(
    name="headings of another system",
    role="items",
    titles={
        **{key: (*titles, *WORDS.get(key, ())) for key, titles in canonical.ITEMS.titles.items()},
        **{key: titles for key, titles in WORDS.items() if key not in canonical.ITEMS.titles},
    },
    needs=(
        ("customer_id", "customer_name"),
        "document_date",
        ("amount", "open_amount"),
        ("document_no", "due_date"),
    ),
    values={"kind": KINDS},
    report=True,
    general=True,
    guessed=True,
)
