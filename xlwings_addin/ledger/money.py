"""Minor units: how many decimals each currency has, and exact sums of whole cents."""

from __future__ import annotations

import math
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


def written(minor: float, digits: int, currency: str = "") -> str:
    """Return minor units as every sentence shows them, with the name of the currency if it has one.

    >>> written(150050, 2, "EUR"), written(-1500, 0, "JPY"), written(1234567, 3)
    ('1,500.50 EUR', '-1,500 JPY', '1,234.567')
    """
    whole, part = divmod(abs(int(minor)), 10 ** int(digits))
    cents = f".{part:0{digits}d}" if digits else ""
    return f"{'-' if minor < 0 else ''}{whole:,}{cents} {currency}".rstrip()


def in_currency(amount: float, currency: str) -> str:
    """Return whole units and their parts the same way, with the decimals that the currency has.

    >>> in_currency(50.0, "EUR"), in_currency(5000.0, "JPY"), in_currency(1.2345, "BHD")
    ('50.00 EUR', '5,000 JPY', '1.235 BHD')
    """
    digits = minor_digits(currency)
    return written(round(rounded(amount, digits) * 10**digits), digits, currency)


def in_any_currency(minor: int, digits: int) -> str:
    """Return an amount whose currency nothing says: as many decimals as it has, two at least.

    >>> in_any_currency(15_0000, 4), in_any_currency(1_2345, 4)
    ('15.00', '1.2345')
    """
    while digits > 2 and minor % 10 == 0:
        minor, digits = minor // 10, digits - 1
    return written(minor, digits)


def rounded(amount: float, digits: int) -> float:
    """An amount at its currency's decimals, a half away from zero as spreadsheets have it; never minus zero.

    What a sum of converted amounts is off its true value does not decide which way a half goes.

    >>> rounded(1968.925, 2), rounded(984.4549999999999, 2), rounded(-2.5, 0), rounded(-0.001, 2)
    (1968.93, 984.46, -3.0, 0.0)
    """
    units = math.floor(round(abs(amount) * 10.0**digits, 4) + 0.5)
    return math.copysign(units / 10.0**digits, amount) + 0.0


def difference(figure: float, against: float, digits: int, *, figures: int = 1) -> float:
    """What two amounts differ by: what rounding that many `figures` can make of it, once each, is no difference.

    A figure that is rounded once lies up to half a minor unit from its unrounded parts.

    >>> difference(1968.925, 1968.93, 2), difference(1968.91, 1968.93, 2), difference(0.03, 0.0, 2, figures=8)
    (0.0, -0.02, 0.0)
    """
    apart = figure - against
    return 0.0 if abs(apart) < slack(digits, figures) else rounded(apart, digits)


def slack(digits: int, figures: int = 1) -> float:
    """What a difference must reach to be more than the rounding of that many figures, half a minor unit each.

    >>> slack(2), slack(0, 8)
    (0.00999, 4.499)
    """
    return (figures / 2 + 0.499) / 10.0**digits


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
    """Slices that together cover that many rows, each short enough to be worked on within the processor's cache.

    >>> [*blocks(100_000)]
    [slice(0, 65536, None), slice(65536, 131072, None)]
    """
    return (slice(start, start + _BLOCK) for start in range(0, count, _BLOCK))
