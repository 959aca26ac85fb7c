"""SAP Business One: Customer Receivables Aging, with its documents.

Source: help.sap.com, saphelp_sbo882 and sbo92, Customer Receivables Aging Report ("Original Account" is the original
amount; figures in brackets are payments not applied; a row an instalment; buckets by the interval asked for).
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

AGING = Format(
    name="SAP Business One Customer Receivables Aging",
    role="items",
    titles={
        "customer_id": ("Customer Code", "BP Code"),
        "customer_name": ("Customer Name", "BP Name"),
        "kind": ("Type",),
        "document_no": ("Document No.", "Doc. No.", "Document Number", "No."),
        "instalment": ("Installment No.", "Installment", "Instalment No."),
        "po_number": ("BP Ref. No.", "Customer Ref. No."),
        "document_date": ("Posting Date", "Document Date"),
        "due_date": ("Due Date",),
        "days_overdue": ("Number of Days Outstanding", "Days Outstanding"),
        "amount": ("Original Amount", "Original Account"),
        "open_amount": ("Balance Due",),
    },
    needs=("customer_id", "document_no", "open_amount", ("due_date", "days_overdue")),
    marks=("Future Remit",),
    unused=("Future Remit", "0-30", "31-60", "61-90", "91-120", "121+", "Total", "Project", "Payment Method"),
    values={
        "kind": {
            **dict.fromkeys(("in", "dt"), "invoice"),
            "cn": "credit note",
            "rc": "payment",
            # A journal entry is what its sign says.
            "*": "",
        }
    },
    report=True,
    group="customer",
    signs="as-is",
)
