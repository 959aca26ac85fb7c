"""Minor units: how many decimals each currency has, and exact sums of whole cents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Minor

_NO_DECIMALS = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
_THREE_DECIMALS = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

# Integers up to here are exact in float64, which is what bincount adds in.
EXACT_FLOAT = 2**53


def minor_digits(currency: str) -> int:
    """Decimals of a currency by ISO 4217; 2 for a currency without a name.

    >>> minor_digits("EUR"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def to_major(minor: int, digits: int) -> float:
    """Minor units as a number that prints right.

    >>> to_major(550409, 2)
    5504.09
    """
    return int(minor) / int(10**digits)


def sum_by(index: NDArray[np.intp], amounts: Minor | NDArray[np.float64], size: int, bound: int) -> Minor:
    """Exact sums of whole minor units per index, int64[size].

    `bound` is at least the sum of the absolute amounts. Below 2**53 one float64 bincount is exact;
    above, the amounts are split into two halves that are.
    """
    if bound < EXACT_FLOAT:
        return np.bincount(index, amounts, size).astype(np.int64)
    whole = amounts.astype(np.int64)
    high = np.bincount(index, whole >> 24, size).astype(np.int64)
    low = np.bincount(index, whole & 0xFFFFFF, size).astype(np.int64)
    return (high << 24) + low
