"""Credits that nobody has applied yet, set against what the same account owes longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.money import sum_by
from xlwings_addin.ledger.values import NO_DATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.ledger.values import Days, Minor


def accounts(ledger: Ledger) -> NDArray[np.int64]:
    """Number the accounts of the items, within which a credit pays: a customer's with one entity in one currency."""
    arrays = ledger.arrays
    account = arrays.segment("customer_id").codes.astype(np.int64)
    for other in ("entity", "currency"):
        codes = arrays.segment(other)
        account = account * len(codes.keys) + codes.codes
    return account


def net_of_credits(account: NDArray[np.int64], date: Days, balance: Minor) -> Minor:
    """Return what is left of balances once each account's credits pay its oldest debits; undated ones come last.

    Arrays of one length; `balance` in minor units, credits negative. What exceeds the debits stays, negative, on the
    youngest credits.
    """
    net = balance.copy()
    order = np.lexsort((date, account))  # a missing date is after all dates
    sizes = int(account.max(initial=-1)) + 1
    debit, credit = np.maximum(balance, 0), np.maximum(-balance, 0)
    # Within the account, in order of date: whatever of the running debit exceeds the credit is left, and vice versa.
    for own, against, sign in ((debit, credit, 1), (credit, debit, -1)):
        rows = order[own[order] > 0]
        of = account[rows]
        running = np.cumsum(own[rows])
        start = np.flatnonzero(np.diff(of, prepend=-1))
        before = np.repeat(np.concatenate(([0], running))[start], np.diff(np.append(start, rows.size)))
        available = sum_by(account, against, sizes)[of]
        left = np.clip(running - before - available, 0, own[rows])
        net[rows] = sign * left
    return net


def left_to_pay(account: NDArray[np.int64], due: Days, balance: Minor) -> Minor:
    """Return what credits leave of each debit, 0 of credits: they pay what is due first, and nothing without a date."""
    net = net_of_credits(account, due, balance)
    return np.maximum(np.where(due == NO_DATE, balance, net), 0)
