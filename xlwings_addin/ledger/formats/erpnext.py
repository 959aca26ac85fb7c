"""ERPNext: Accounts Receivable, also grouped by party with a subtotal and an empty row after each.

Source: frappe/erpnext, accounts/report/accounts_receivable, and users' lists of its columns.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

ACCOUNTS_RECEIVABLE = Format(
    name="ERPNext Accounts Receivable",
    role="items",
    titles={
        "document_date": ("Posting Date",),
        "customer_id": ("Party", "Customer"),
        "customer_name": ("Customer Name",),
        "kind": ("Voucher Type",),
        "document_no": ("Voucher No",),
        "due_date": ("Due Date",),
        "amount": ("Invoiced Amount",),
        "open_amount": ("Outstanding Amount",),
        "currency": ("Currency",),
        "terms": ("Payment Term",),
        "region": ("Territory",),
        "sales_person": ("Sales Person",),
        "contact_name": ("Customer Contact",),
        "po_number": ("Customer LPO",),
    },
    needs=("document_date", "customer_id", "kind", "document_no", "amount", "open_amount"),
    unused=(
        *("Party Type", "Receivable Account", "Party Account", "Cost Center", "Paid Amount", "Credit Note"),
        *("Age (Days)", "0-30", "31-60", "61-90", "91-120", "121-Above", "120-Above", "Remarks", "Customer Group"),
    ),
    # A return is a Sales Invoice with a negative amount, a journal entry either: the sign says which.
    values={"kind": {"payment entry": "payment", "*": ""}},
    report=True,
    signs="as-is",
)
