"""Dynamics GP: the receivables open file, table RM20101.

Source: the table in Microsoft's own migration of GP (fields), gptables.azurecurve.co.uk (RMDTYPAL: 7 to 9 are
credit memo, return, payment), public queries (a return counts as minus CURTRXAM; VOIDSTTS 0 is not void).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

OPEN_FILE = Format(
    name="Dynamics GP RM20101",
    role="items",
    titles={
        "customer_id": ("CUSTNMBR",),
        "document_no": ("DOCNUMBR",),
        "kind": ("RMDTYPAL",),
        "document_date": ("DOCDATE",),
        "due_date": ("DUEDATE",),
        "amount": ("ORTRXAMT",),
        "open_amount": ("CURTRXAM",),
        "status": ("VOIDSTTS",),
        "terms": ("PYMTRMID",),
        "sales_person": ("SLPRSNID",),
        "region": ("SLSTERCD",),
        "po_number": ("CSPORNBR",),
    },
    needs=("customer_id", "document_no", "kind", "document_date", "due_date", "open_amount"),
    # Amounts are in the company's own currency, whatever that of the transaction.
    unused=(
        *("CURNCYID", "CPRCSTNM", "CHEKNMBR", "BACHNUMB", "BCHSOURC", "TRXSORCE", "CSHRCTYP", "POSTDATE", "PSTUSRID"),
        *("GLPOSTDT", "SLSAMNT", "COSTAMNT", "FRTAMNT", "MISCAMNT", "TAXAMNT", "DISTKNAM", "DISCDATE", "WROFAMNT"),
        *("TRXDSCRN", "DINVPDOF", "AGNGBUKT", "VOIDDATE", "DEX_ROW_ID"),
    ),
    values={
        "kind": {
            **dict.fromkeys(("1", "5", "6"), "invoice"),
            **dict.fromkeys(("3", "4"), "debit note"),
            **dict.fromkeys(("7", "8"), "credit note"),
            "9": "payment",
        },
        "status": {"0": "", "1": "void"},
    },
    signs="by kind",
)
