"""Amounts as files write them, decimal style decided by evidence, exact to the minor unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from xlwings_addin.ledger import cells as raw
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.words import CODES, currency_marks, sides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.values import Minor

DecimalMark = Literal[".", ","]

MARKS: tuple[DecimalMark, DecimalMark] = (".", ",")
_LARGEST = 2.0**62
_SIMPLE = r"^-?[\d.,]+$"
_BLANKS = r"[\s\x{00a0}\x{202f}\x{2009}'’]"
_SIGN = r"(^|[^\pL])[$€£¥₹₩₽₺฿₫₪₴₦¢￥＄￡￦]"
_MINUS = r"[−–‐‑‒－﹣⁻△▲]"
"""Signs that stand for a minus, those of Japan among them."""
_OTHER_BRACKETS = r"^(\D*)[<\[〈（＜](.*\d.*)[>\]〉）＞](\D*)$"
_BRACKETS = r"^\(-?(.*\d.*)\)$"
_CREDIT_BEHIND, _CREDIT_BEFORE = r"^(\D*\d[\d.,]*)[A-Z]{0,3}\(?CR(?:EDIT)?\.?\)?$", r"^CR(?:EDIT)?\.?(\d[\d.,]*)$"
_DEBIT = r"\(?DR\.?\)?$|DEBIT$|^DR\.?|^DEBIT"
_WIDE, _RAISED = r"[０-９．，]", r"[⁰¹²³⁴-⁹]"
_SIDE_BEHIND = r"(?i)(\d[^\pL]*?)\s*\(?(?:[dc]r|debit|credit)\b\.?\)?$|/-$"
_SIDE_BEFORE = r"(?i)^(?:[dc]r|debit|credit)\b\.?"
_OF_FIGURES = r"'’()<>\[\]〈〉（）＜＞+−–‐‑‒－﹣⁻△▲-"
_FIGURES = rf"[\d.,０-９．，{_OF_FIGURES}]*[\d０-９][\d.,０-９．，\s{_OF_FIGURES}]*|[{_OF_FIGURES}]"
"""What of an amount is no word and no sign of a currency."""
_SIDES = (("S", "H"), ("D", "C"))
"""Letters behind an amount that say its side, debit first, though all are of one side."""
_GROUPED = {
    ".": r"^-?(\d+|\d{1,3}(,\d{2,3})*,\d{3})?(\.\d*)?(E[+-]?\d+)?$",
    ",": r"^-?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?$",
}


@dataclass(frozen=True, eq=False)
class Amounts:
    """A money column: minor units, and which rows are blank or no amount at all (0 in both cases)."""

    minor: Minor
    blank: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    rounded: int
    """Rows with more decimals than the currency has."""
    rounded_by: float
    """What rounding them changed in sum, in minor units."""


def plain(cells: Cells) -> Cells:
    """Text amounts without currency, spaces and sign styles: `-1,234.56`; numbers and other texts stay as they are."""
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return cells
    text = raw.text(cells)
    if _are_simple(text):
        return text
    upper = pc.utf8_upper(text)
    upper = pc.replace_substring_regex(upper, _BLANKS, "")
    if _any(upper, _WIDE) and not _any(upper, _RAISED):
        upper = pc.utf8_normalize(upper, "NFKC")
    upper = pc.replace_substring_regex(upper, _MINUS, "-")
    upper = pc.replace_substring_regex(upper, _OTHER_BRACKETS, r"\1(\2)\3")
    upper = pc.replace_substring_regex(upper, _SIGN, r"\1")
    upper = pc.replace_substring_regex(upper, _BRACKETS, r"-\1")
    upper = _without_sides(upper)
    upper = pc.replace_substring_regex(upper, _CREDIT_BEHIND, r"-\1")
    upper = pc.replace_substring_regex(upper, _CREDIT_BEFORE, r"-\1")
    upper = pc.replace_substring_regex(upper, _DEBIT, "")
    if not _are_simple(upper):
        before, behind = _currencies()
        upper = pc.replace_substring_regex(upper, before, r"\1\2")
        upper = pc.replace_substring_regex(upper, behind, r"\1")
        upper = pc.replace_substring_regex(upper, _BRACKETS, r"-\1")
    # As the Swiss write whole francs: 50.-
    upper = pc.replace_substring_regex(upper, r"(\d)[.,]-+$", r"\1")
    upper = pc.replace_substring_regex(upper, r"^([\d.,]+)-$", r"-\1")
    upper = pc.replace_substring_regex(upper, r"^\+", "")
    return pc.replace_substring_regex(upper, r"^-$", "0")


def _are_simple(text: Cells) -> bool:
    return pc.all(pc.match_substring_regex(text, _SIMPLE)).as_py() in (True, None)


def _any(text: Cells, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(text, pattern)).as_py())


def _without_sides(upper: Cells) -> Cells:
    """Amounts that all have the mark of their side behind them, with a sign in its place."""
    for debit, credit in _SIDES:
        if _all_match(upper, rf"[.,]\d\d[{debit}{credit}]$"):
            return _signed(upper, [debit], [credit])
    if not _all_match(upper, r"\d[\pL]{1,6}\.?$"):
        return upper
    behind = pc.unique(pc.replace_substring_regex(upper, r"^.*\d", "")).to_pylist()
    sides = sides_of([one for one in behind if one])
    debits, lowering = ([one for one, own in sides.items() if own == side] for side in ("debit", "credit"))
    # Letters of one kind alone may be a currency, or thousands.
    return _signed(upper, debits, lowering) if debits and lowering else upper


def _all_match(text: Cells, pattern: str) -> bool:
    return all(pc.all(pc.match_substring_regex(part, pattern)).as_py() for part in (text.slice(0, 100), text))


def _signed(upper: Cells, debit: Sequence[str], credit: Sequence[str]) -> Cells:
    behind, nothing = ("|".join(map(re.escape, marks)) for marks in (credit, debit))
    signed = pc.replace_substring_regex(upper, rf"^(.*\d)(?:{behind})$", r"-\1")
    return pc.replace_substring_regex(signed, rf"^(.*\d)(?:{nothing})$", r"\1")


@cache
def _currencies() -> tuple[str, str]:
    """Patterns of what names a currency before an amount, and behind one."""
    marks = "|".join(rf"{re.escape(mark)}\.?" for mark in currency_marks() if mark not in CODES)
    codes = "|".join(sorted(CODES))
    return rf"^(-?)(?:{marks}|{codes})([-(]?[.,]?\d)", rf"(\d[-)]?)(?:(?:{marks}|{codes})|/-)$"


def marks(cells: Cells) -> Cells:
    """What is next to the digits of each text amount: "R$", "EUR", "kr", "" for digits alone; null where blank.

    Read as a currency column, where the file has none.
    """
    text = pc.replace_substring_regex(raw.text(cells), _SIDE_BEHIND, r"\1")
    text = pc.replace_substring_regex(text, _SIDE_BEFORE, "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(text, _FIGURES, ""))


def decimal_mark(text: Cells) -> DecimalMark | None:
    """The decimal mark that plain amounts give evidence of; None where 1.234 could be either."""
    if not (pa.types.is_string(text.type) or pa.types.is_large_string(text.type)):
        return "."
    for part in (text.slice(0, 2000), text):
        found = {mark: evidence(part, mark) for mark in MARKS}
        if found["."] or found[","]:
            return "." if found["."] >= found[","] else ","
    return None


def evidence(text: Cells, mark: DecimalMark) -> int:
    """How many amounts can only be read with this decimal mark."""
    own, other = ("\\.", ",") if mark == "." else (",", "\\.")
    only = (
        rf"\d{other}\d+{own}\d*$"  # both marks: the last one is decimal
        rf"|^-?\d*{own}(\d{{0,2}}|\d{{4,}})$"  # not followed by three digits
        rf"|^-?(0\d*|\d{{4,}}){own}\d{{3}}$"  # no group of thousands begins like this
        rf"|^-?\d{{1,3}}({other}\d{{3}}){{2,}}$"  # the other mark twice: it separates thousands
    )
    found = pc.sum(pc.match_substring_regex(text, only)).as_py()
    return int(found or 0)


def ambiguous(text: Cells) -> NDArray[np.bool_]:
    """Which amounts read as thousands or as a fraction, depending on the mark: 1.234."""
    if not (pa.types.is_string(text.type) or pa.types.is_large_string(text.type)):
        return np.zeros(len(text), bool)
    found = pc.match_substring_regex(text, r"^-?[1-9]\d{0,2}[.,]\d{3}$").fill_null(False)
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)


def read_amounts(cells: Cells, mark: DecimalMark, digits: int | NDArray[np.int64]) -> Amounts:
    """Plain amounts (or numbers) to minor units, half to even on the decimal text."""
    kind = cells.type
    count = len(cells)
    if pa.types.is_null(kind):
        return Amounts(np.zeros(count, np.int64), np.ones(count, bool), np.zeros(count, bool), 0, 0.0)
    blank = np.asarray(cells.is_null().to_numpy(), bool)
    bad = np.zeros(count, bool)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        value = cells.cast(pa.float64()).fill_null(0.0).to_numpy()
        source = None
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        source, value, bad = _numbers(cells, mark)
    else:
        return Amounts(np.zeros(count, np.int64), blank, ~blank, 0, 0.0)
    scale = 10.0**digits
    with np.errstate(over="ignore"):
        scaled = np.where(blank | bad, 0.0, value) * scale
    bad |= ~np.isfinite(scaled) | (np.abs(scaled) > _LARGEST)
    scaled = np.where(bad, 0.0, scaled)
    nearest = np.rint(scaled)
    minor = nearest.astype(np.int64)
    rest = np.abs(scaled - nearest)
    # Two decimals leave a rest that is float noise; anything above it was written with more decimals.
    finer = np.flatnonzero(rest > np.maximum(1e-7, np.abs(scaled) * 2.0**-50))
    # Near one half, and where a float is too coarse to tell cents, the decimal text decides.
    coarse = np.flatnonzero((np.abs(scaled) > 2.0**50) | (rest > 0.499))
    for row in coarse.tolist():
        written = str(source[row].as_py()) if source is not None else repr(float(value[row]))
        places = int(digits if isinstance(digits, int) else digits[row])
        try:
            minor[row] = int(Decimal(written).scaleb(places).to_integral_value(ROUND_HALF_EVEN))
        except (InvalidOperation, OverflowError):
            bad[row] = True
    return Amounts(minor, blank, bad, int(finer.size), float((minor[finer] - scaled[finer]).sum()))


def _numbers(text: Cells, mark: DecimalMark) -> tuple[Cells, NDArray[np.float64], NDArray[np.bool_]]:
    """Text as canonical decimal text, as floats, and which of it is no number."""
    if mark == ".":
        try:
            return text, text.cast(pa.float64()).fill_null(0.0).to_numpy(), np.zeros(len(text), bool)
        except pa.ArrowInvalid:
            pass
    good = pc.fill_null(
        pc.and_(pc.match_substring_regex(text, _GROUPED[mark]), pc.match_substring_regex(text, r"^-?[.,]?\d")),
        fill_value=True,
    )
    text = pc.if_else(good, text, "0")
    text = pc.replace_substring(text, "," if mark == "." else ".", "")
    if mark == ",":
        text = pc.replace_substring(text, ",", ".")
    value = text.cast(pa.float64()).fill_null(0.0).to_numpy()
    return text, value, ~np.asarray(good.to_numpy(), bool)
