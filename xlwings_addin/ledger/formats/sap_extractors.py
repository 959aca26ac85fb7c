"""SAP extractors: customer line items (0FI_AR_3, 0FI_AR_4), and invoices of collections management (0CLM_INVOICE).

Source: paspas.io on both; help.sap.com on 0FI_AR_3, whose structure 0FI_AR_4 has as well (NETDT is the net due date,
AUGDT the day of clearing, UMSKZ the special G/L indicator; DMSHB and WRSHB have their sign).
"""

from __future__ import annotations

from dataclasses import replace

from xlwings_addin.ledger.formats import sap
from xlwings_addin.ledger.formats.declaration import Format

_OF_TABLE = ("entity", "customer_id", "fiscal_year", "document_no", "instalment", "kind", "document_date", "currency")

LINE_ITEMS = Format(
    name="SAP 0FI_AR_3",
    role="items",
    titles={
        **{key: sap.OPEN_ITEMS.titles[key] for key in (*_OF_TABLE, "special_gl")},
        "due_date": ("NETDT",),
        "amount": ("WRSHB",),
        "settled_date": ("AUGDT",),
    },
    needs=("customer_id", "document_no", "document_date", "due_date", "amount", "currency"),
    unused=("FISCPER", "UPOSZ", "STATUSPS", "DMSOL", "DMHAB", "DMSHB", "LCURR", "WRSOL", "WRHAB", "DMBTR", "BUDAT"),
    values={"kind": sap.OPEN_ITEMS.values["kind"]},
    signs="as-is",
)
LINE_ITEMS_IN_LOCAL_CURRENCY = replace(
    LINE_ITEMS,
    name="SAP 0FI_AR_3, local currency",
    titles={**LINE_ITEMS.titles, "currency": ("LCURR",), "amount": ("DMSHB",)},
    needs=LINE_ITEMS.needs[:-1],
    unused=(*LINE_ITEMS.unused, "WRSHB", "WAERS"),
)
COLLECTIONS = Format(
    name="SAP 0CLM_INVOICE",
    role="items",
    titles={
        "entity": ("COMP_CODE",),
        "document_no": ("INVOICE_NO",),
        "fiscal_year": ("FISCAL_YEAR",),
        "instalment": ("DOC_ITEM",),
        "customer_id": ("CUSTOMER",),
        "document_date": ("INV_DATE",),
        "due_date": ("DUE_DATE",),
        "currency": ("CURRENCY",),
        "amount": ("INVOICE_AMOUNT",),
        "paid_amount": ("PAID_AMOUNT",),
        "credited_amount": ("CREDITED_AMOUNT",),
        "open_amount": ("OPEN_AMOUNT",),
    },
    needs=("document_no", "customer_id", "document_date", "due_date", "amount", "open_amount"),
    marks=("COMP_CODE", "FISCAL_YEAR"),
    unused=("POSTING_DATE", "PAYMENT_DATE", "DUNNING_DATE", "DUNNING_AMOUNT", "PAYMENT_ARRANGED", "INVOICE_STATUS"),
)
