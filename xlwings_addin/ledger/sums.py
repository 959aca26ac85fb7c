"""Sums of rows of one table, per currency, as messages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.money import minor_digits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading


def sum_of(reading: Reading, which: NDArray[np.bool_], signs: NDArray[np.int64] | int = 1) -> str:
    """The amounts of some rows, a sum per currency: what is open where nothing else is stated."""
    names = currency_of(reading)
    stated = ~reading.is_blank("amount") & which
    amount = np.where(stated, reading.money("amount"), reading.money("open_amount")) * signs
    parts = []
    for name in sorted(set(names[which].tolist())):
        places = minor_digits(name or reading.base_currency)
        parts.append(f"{int(amount[which & (names == name)].sum()) / 10**places:,.{places}f} {name}".strip())
    return ", ".join(parts) or "0"


def currency_of(reading: Reading) -> NDArray[np.object_]:
    """The currency each row names."""
    currency = reading.columns.get("currency")
    return np.full(reading.count, "", object) if currency is None else np.asarray(currency, object)
