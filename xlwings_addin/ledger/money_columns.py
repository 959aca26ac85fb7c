"""Money columns: the decimal mark by evidence, each row with the decimals of its own currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import amounts, cells, rows
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.model import MONEY
from xlwings_addin.ledger.money import minor_digits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading

_MARKS = {".": "decimal point", ",": "decimal comma"}


def read_money(reading: Reading) -> None:
    """Every money column in minor units, and where it is blank."""
    keys = [key for key in reading.match.places if reading.types.get(key) == MONEY]
    if reading.format.minor_units and _in_minor_units(reading, keys):
        reading.digits = 0
    digits = row_digits(reading)
    simple = {key: amounts.plain(reading.cells(key)) for key in keys}
    marks = {key: amounts.decimal_mark(column) for key, column in simple.items()}
    told = {mark for key, mark in marks.items() if mark and pa.types.is_string(simple[key].type)}
    for key, column in simple.items():
        mark = marks[key]
        reading.evidence[key] = _of_amounts(column, mark)
        if mark is None and amounts.ambiguous(column).any():
            sibling = len(told) == 1
            found = next(iter(told)) if sibling else _mark_by_unit(reading, key, column, digits)
            why = "as in the other amounts" if sibling else "for want of evidence: see the findings"
            mark, reading.evidence[key] = found, f"{_MARKS[found]}, {why}"
        read = amounts.read_amounts(column, mark or ".", digits)
        reading.refuse_column(key, read.bad, ~read.blank, "text instead of an amount")
        wrong = reading.refuse_errors(key)
        reading.refuse(read.bad, f"no amount in column '{reading.title(key)}'", key)
        reading.columns[key], reading.empty[key] = read.minor, read.blank & ~wrong
        if read.rounded:
            reading.find(may.ROUNDED_AMOUNTS, count=read.rounded, title=reading.title(key), by=read.rounded_by)


def row_digits(reading: Reading) -> int | NDArray[np.int64]:
    """The decimals of each row's currency."""
    currency = _row_currency(reading)
    if reading.digits is not None or currency is None:
        return minor_digits(reading.base_currency) if reading.digits is None else reading.digits
    codes, names = pd.factorize(currency)
    places = np.array([minor_digits(name or reading.base_currency) for name in names], np.int64)
    return int(places[0]) if places.size and (places == places[0]).all() else places[codes]


def _row_currency(reading: Reading) -> pd.Series[str] | None:
    """The currency whose cents a row has: that of the items for a total that names none."""
    if "currency" not in reading.columns:
        return None
    currency = reading.text("currency")
    if (reading.kind == rows.ITEM).all():
        return currency
    named = currency[currency.ne("")].unique()
    blank = currency.eq("") & (reading.kind != rows.ITEM)
    return currency.where(~blank, str(named[0])) if len(named) == 1 else currency


def _of_amounts(column: Cells, mark: amounts.DecimalMark | None) -> str:
    """What speaks for the way a money column is read."""
    filled = len(column) - column.null_count
    if not filled:
        return "blank"
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return f"{filled:,} numeric cells"
    if mark is None:
        return f"{filled:,} whole amounts"
    return f"{_MARKS[mark]}: {amounts.evidence(column, mark):,} of {filled:,} amounts read no other way"


def _in_minor_units(reading: Reading, keys: list[str]) -> bool:
    """Whole amounts under a service's own field names are cents; its spreadsheets have titles and decimals."""
    if not all("_" in reading.title(key) and reading.title(key).strip().islower() for key in keys):
        return False
    whole = all(
        pc.all(pc.match_substring_regex(cells.text(reading.cells(key)), r"^-?\d+$")).as_py() in (True, None)
        for key in keys
    )
    if whole:
        reading.find(may.MINOR_UNITS)
    return whole


def _mark_by_unit(reading: Reading, key: str, column: Cells, digits: int | NDArray[np.int64]) -> amounts.DecimalMark:
    """1.234 and nothing else to go by: three decimals are money only where the currency of such amounts has three."""
    either = amounts.ambiguous(column)
    # The column may hold names of customers, too: "Example S.A.".
    points = pc.any(pc.match_substring(column.filter(pa.array(either)), ".")).as_py()
    three = digits == 3 if isinstance(digits, int) else bool((digits[either] == 3).all())
    mark: amounts.DecimalMark = "." if points == three else ","
    read = "1 and 234 thousandths" if three else "one thousand two hundred and thirty-four"
    reading.find(may.DECIMAL_STYLE, title=reading.title(key), read=read)
    return mark
