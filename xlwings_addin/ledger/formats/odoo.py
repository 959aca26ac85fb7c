"""Odoo: Aged Receivable, unfolded (a line per partner, below it its documents), and the list of invoices.

Source: the aged receivable report of account_reports and its tests in public repositories; for the list, the labels of
account.move in odoo/odoo (payment_state, state, amount_residual_signed) and readers of its export.
"""

from __future__ import annotations

from xlwings_addin.ledger.formats.declaration import Format

AGED_RECEIVABLE = Format(
    name="Odoo Aged Receivable",
    role="items",
    titles={
        "document_date": ("Invoice Date",),
        "due_date": ("Due Date", "Due"),
        "open_amount": ("Total",),
    },
    needs=("document_no", "document_date", "open_amount"),
    marks=("At Date", "Older"),
    # The currency belongs to the amount in currency; the columns that add up are in the company's own.
    unused=(
        *("Amount Currency", "Currency", "Account", "Journal", "Expected Date", "At Date"),
        *("1-30", "31-60", "61-90", "91-120", "Older"),
    ),
    unnamed="document_no",
    report=True,
    group="customer",
)
INVOICES = Format(
    name="Odoo invoices",
    role="items",
    titles={
        "document_no": ("Number",),
        "customer_name": ("Invoice Partner Display Name", "Partner"),
        "document_date": ("Invoice/Bill Date", "Invoice Date"),
        "due_date": ("Due Date",),
        "amount": ("Total Signed",),
        "open_amount": ("Amount Due Signed",),
        "status": ("Payment Status", "Status In Payment"),
        "status_2": ("Status",),
        # A list of all moves has bills of vendors, too.
        "ledger": ("Type", "Move Type"),
        "sales_person": ("Salesperson",),
        "po_number": ("Customer Reference",),
        "entity": ("Company",),
    },
    needs=("document_no", "customer_name", "document_date", "amount"),
    marks=("Total Signed",),
    # Without the residual a partly paid invoice is asked about; signed amounts are in the company's currency.
    unused=(
        *("Activities", "Untaxed Amount Signed", "Tax Signed", "Total in Currency Signed", "Currency", "Reference"),
        *("Origin", "Payment Reference", "Tax"),
    ),
    values={
        "status": {
            **dict.fromkeys(("not paid", "posted"), ""),
            **dict.fromkeys(("paid", "in payment"), "paid"),
            "partially paid": "partly paid",
        }
    },
    report=True,
    group="section",
    signs="as-is",
)
