"""Sums of rows, one per currency, as messages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.money import minor_digits, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading
    from xlwings_addin.ledger.values import Minor


def sum_of(reading: Reading, which: NDArray[np.bool_], signs: NDArray[np.int64] | int = 1) -> str:
    """The amounts of some rows, a sum per currency: what is open where nothing else is stated."""
    stated = ~reading.is_blank("amount") & which
    amount = np.where(stated, reading.money("amount"), reading.money("open_amount")) * np.asarray(signs)
    return total_of(reading, which, amount)


def total_of(reading: Reading, which: NDArray[np.bool_], amount: Minor) -> str:
    """A figure of some rows, a sum per currency."""
    names = currency_of(reading)
    digits = {name: minor_digits(name or reading.base_currency) for name in set(names.tolist())}
    return in_words(names[which], amount[which], digits)


def in_words(names: NDArray[np.object_], amounts: Minor, digits: Mapping[str, int]) -> str:
    """A sum per currency, in words: `names` and `amounts` row by row."""
    found = sorted(set(names.tolist()))
    return ", ".join(written(amounts[names == name].sum(), digits[name], name) for name in found) or "0"


def currency_of(reading: Reading) -> NDArray[np.object_]:
    """The currency each row names."""
    currency = reading.columns.get("currency")
    return np.full(reading.count, "", object) if currency is None else np.asarray(currency, object)
