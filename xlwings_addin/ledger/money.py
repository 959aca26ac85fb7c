"""Minor units: how many decimals each currency has, and exact sums of whole cents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xlwings_addin.ledger.values import Minor

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

_BLOCK = 65_536


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


def sum_by(index: NDArray[np.intp], amounts: Minor, size: int) -> Minor:
    """Exact sums of whole minor units per index, int64[size]."""
    # As fast as bincount, which adds in floating point and is exact only up to 2**53.
    sums = np.zeros(size, np.int64)
    np.add.at(sums, index, amounts)
    return sums


def whole_numbers(most: int) -> np.dtype[np.signedinteger[Any]]:
    """The shorter type that holds numbers up to `most`: int32 if it does, else int64."""
    return np.dtype(np.int32 if most < 2**31 else np.int64)


def blocks(count: int) -> Iterator[slice]:
    """Slices that together cover so many rows, each short enough to be worked on within the processor's cache.

    >>> [*blocks(100_000)]
    [slice(0, 65536, None), slice(65536, 131072, None)]
    """
    return (slice(start, start + _BLOCK) for start in range(0, count, _BLOCK))
