"""What a count counts, one by one: the accounts or the documents behind it, with the money of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """Accounts, or documents of them; the arrays share one length."""

    accounts: NDArray[np.intp]
    """Places of the customers among the ledger's."""
    amount: NDArray[np.float64]
    """The money of each in the base currency, NaN where a rate is missing."""
    rows: NDArray[np.intp] | None = None
    """Rows of the documents in the ledger; None for accounts."""
    why: Sequence[str] | str = ""
    """What is to be said of each, or of all of them."""

    def __len__(self) -> int:
        return int(self.accounts.size)

    @property
    def money(self) -> float:
        """All of it; NaN where a rate is missing."""
        return float(self.amount.sum()) + 0.0

    def largest_first(self) -> NDArray[np.intp]:
        """Places in the order of the money; what cannot be converted may be large."""
        worth = np.where(np.isnan(self.amount), np.inf, self.amount)
        return np.lexsort((np.arange(worth.size), -worth))

    @classmethod
    def together(cls, several: Sequence[Behind]) -> Behind:
        """Return the documents of several as one."""
        if not several:
            return NOTHING
        rows = [one.rows for one in several if one.rows is not None]
        accounts, amounts = (np.concatenate([getattr(one, name) for one in several]) for name in ("accounts", "amount"))
        why = [one.reason(place) for one in several for place in range(len(one))]
        return cls(accounts, amounts, np.concatenate(rows) if len(rows) == len(several) else None, why)

    def reason(self, place: int) -> str:
        """Return what is said of one of them."""
        return self.why if isinstance(self.why, str) else self.why[place]


NOTHING = Behind(np.zeros(0, np.intp), np.zeros(0))
"""What stands behind a signal that counts nothing."""
