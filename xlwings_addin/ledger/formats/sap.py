"""SAP: FBL5N, customer line items, in English, German, Dutch and French, and the table of open items, BSID.

Source: readers of FBL5N exports in public repositories; leanx.eu and sap4tech.net on BSID and its due date;
help.sap.com on special G/L transactions (noted items: F, or status S).
"""

from __future__ import annotations

from dataclasses import replace

from xlwings_addin.ledger.formats.declaration import Format

_LOCAL = (
    "Amount in local currency",
    "Betrag in Hauswährung",
    "Bedrag in lokale valuta",
    "Montant en devise locale",
    "Montant en devise interne",
)
_LOCAL_CURRENCY = ("Local currency", "Hauswährung", "Lokale valuta", "Devise locale", "Devise interne")
_DOCUMENT = (
    "Amount in doc. curr.",
    "Amount in document currency",
    "Betrag in Belegwährung",
    "Bedrag in documentvaluta",
    "Montant en devise pièce",
)
_DOCUMENT_CURRENCY = ("Document currency", "Belegwährung", "Documentvaluta", "Devise pièce")

IN_DOCUMENT_CURRENCY = Format(
    name="SAP FBL5N",
    role="items",
    titles={
        "entity": ("Company Code", "Buchungskreis", "Bedrijfsnummer", "Société"),
        "customer_id": (
            *("Account", "Customer", "Konto", "Debitor", "Kundennummer"),
            *("Debiteurnummer", "Debiteur", "Rekening", "Klant", "Compte", "Client"),
        ),
        "customer_name": ("Name 1", "Customer Name", "Naam 1", "Nom 1"),
        "document_no": ("Document Number", "Belegnummer", "Documentnummer", "Numéro de document", "Nº pièce"),
        "fiscal_year": ("Fiscal Year", "Geschäftsjahr", "Boekjaar", "Exercice comptable"),
        "kind": ("Document Type", "Belegart", "Documentsoort", "Boekingssoort", "Type de pièce"),
        "document_date": ("Document Date", "Belegdatum", "Documentdatum", "Date pièce", "Date de pièce"),
        "due_date": (
            *("Net due date", "Nettofälligkeitsdatum", "Nettofälligkeit"),
            *("Netto-vervaldatum", "Netto vervaldatum", "Date d'échéance nette"),
        ),
        "terms": ("Terms of Payment", "Zahlungsbedingung", "Betalingsvoorwaarde", "Conditions de paiement"),
        "currency": _DOCUMENT_CURRENCY,
        "amount": _DOCUMENT,
        "settled_date": ("Clearing date", "Ausgleichsdatum", "Verrekeningsdatum", "Date de rapprochement"),
        "special_gl": ("Special G/L Ind.", "Special G/L Indicator", "Sonderhauptb.kennz.", "SHB-Kennzeichen"),
        "posting_status": ("Document Status", "Belegstatus"),
    },
    needs=("customer_id", "document_no", "kind", "document_date", "due_date", "amount", "currency"),
    unused=(
        *("Assignment", "Zuordnung", "Toewijzing", "Affectation", "Text", "Tekst", "Texte"),
        *("Reference", "Referenz", "Referentie", "Référence", "Posting Date", "Buchungsdatum", "Boekingsdatum"),
        *("Date comptable", "Arrears after net due date", "Verzug nach Nettofälligkeit", "Achterstand na vervaldatum"),
        *("Arriérés après échéance", "Clearing Document", "Ausgleichsbeleg", "Verrekeningsdocument"),
        *("Pièce de rapprochement", "Cleared/open items symbol", "Symbol", *_LOCAL, *_LOCAL_CURRENCY),
    ),
    values={
        "kind": {
            **dict.fromkeys(("RV", "DR"), "invoice"),
            "DG": "credit note",
            **dict.fromkeys(("DZ", "ZP"), "payment"),
            # A company has document types of its own: the sign says what they are.
            "*": "",
        }
    },
    report=True,
    signs="as-is",
)
IN_LOCAL_CURRENCY = replace(
    IN_DOCUMENT_CURRENCY,
    name="SAP FBL5N, local currency",
    # The document currency belongs to the other amount and must not name this one.
    titles={**IN_DOCUMENT_CURRENCY.titles, "currency": _LOCAL_CURRENCY, "amount": _LOCAL},
    needs=IN_DOCUMENT_CURRENCY.needs[:-1],
    unused=(*IN_DOCUMENT_CURRENCY.unused, *_DOCUMENT, *_DOCUMENT_CURRENCY),
)

OPEN_ITEMS = Format(
    name="SAP BSID",
    role="items",
    titles={
        "entity": ("BUKRS",),
        "customer_id": ("KUNNR",),
        "fiscal_year": ("GJAHR",),
        "document_no": ("BELNR",),
        "instalment": ("BUZEI",),
        "kind": ("BLART",),
        "document_date": ("BLDAT",),
        # The baseline date: the terms in days are added to it.
        "due_date": ("ZFBDT",),
        "currency": ("WAERS",),
        "amount": ("WRBTR",),
        "sign": ("SHKZG",),
        "invoice_reference": ("REBZG",),
        "discount_days": ("ZBD1T",),
        "second_discount_days": ("ZBD2T",),
        "net_days": ("ZBD3T",),
        "terms": ("ZTERM",),
        "special_gl": ("UMSKZ",),
        "posting_status": ("BSTAT",),
    },
    needs=(
        *("customer_id", "document_no", "document_date", "due_date", "currency", "amount", "sign"),
        ("net_days", "terms"),
    ),
    # The company's currency has no name in this table, so its amount cannot be read without one.
    unused=("BUDAT", "DMBTR", "MANDT", "XBLNR", "SGTXT", "ZUONR", "MONAT", "BSCHL"),
    values={"kind": IN_DOCUMENT_CURRENCY.values["kind"], "sign": {"S": "debit", "H": "credit"}},
    due_is_due=False,
)
