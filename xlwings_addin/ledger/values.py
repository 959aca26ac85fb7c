"""What the values of a ledger are: days, whole cents, and the kinds of items and receipts.

Money is held in whole minor units (cents) as int64, so that sums are exact and totals tie;
dates are days since 1970-01-01 as int32, `NO_DATE` where a file had none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
Minor = NDArray[np.int64]

NO_DATE = np.int32(np.iinfo(np.int32).max)
"""A missing date; sorts after every real one, so an undated item never counts as overdue."""

INVOICE, CREDIT_NOTE, DEBIT_NOTE, PAYMENT = "invoice", "credit note", "debit note", "payment"
BALANCE = "balance"
"""What a customer owes by a list of balances, or a part of it of one age: no document, and no sale."""
ITEM_KINDS = (INVOICE, CREDIT_NOTE, DEBIT_NOTE, PAYMENT, BALANCE)

PAYABLE = "payable"
"""A row of the other side of the ledger: what is owed to a supplier."""
BILL = "bill"
"""A word for an invoice, or for what a supplier is owed where something else is called an invoice."""
NO_RECEIVABLE = "no receivable"
"""A document that comes before an invoice, and owes nothing: a quote, an order, a delivery note."""
NOT_OURS = (PAYABLE, NO_RECEIVABLE)
"""Kinds of rows that are no items."""

CASH, DISCOUNT, WRITE_OFF = "cash", "discount", "write-off"
TAX_WITHHELD, BANK_CHARGES, CONTRA = "tax withheld", "bank charges", "contra"
EXCHANGE_DIFFERENCE = "exchange difference"
LIKE_CREDIT_NOTES = (TAX_WITHHELD, BANK_CHARGES, CONTRA, EXCHANGE_DIFFERENCE)
"""Receipts that reduce an item as a credit note does: no cash came of them."""
RECEIPT_KINDS = (CASH, CREDIT_NOTE, DISCOUNT, WRITE_OFF, *LIKE_CREDIT_NOTES)
REDUCED_BY = {
    "discount": DISCOUNT,
    "tax_withheld": TAX_WITHHELD,
    "bank_charges": BANK_CHARGES,
    "write_off": WRITE_OFF,
    "credited": CREDIT_NOTE,
}
"""Columns of a list of receipts that reduce a document beside the amount that was received, and the kind of each."""
RECOVERY = "recovery"
"""Cash for what was written off: a receipt of cash, and a write-off taken back."""
