"""Totals a file states, held against exactly the rows they cover."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import amounts, rows, words
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.arrow import pa, pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.money import minor_digits, written
from xlwings_addin.ledger.reading import REDUCTIONS
from xlwings_addin.ledger.sums import currency_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading
    from xlwings_addin.ledger.values import Minor

_TOTALS = (rows.SUBTOTAL, rows.GRAND_TOTAL, rows.UNLABELLED)


@dataclass(frozen=True, eq=False)
class _Figures:
    """A money column as totals have it: what rows hold, and what has been added up at each."""

    value: Minor
    stated: NDArray[np.bool_]
    """Rows that are totals of this column."""
    running: tuple[Minor, ...]
    """Sums up to each row: of the items, and of these and what was left out."""
    read: int
    """What the items that are read add up to."""
    left_out: int
    """What the rows add up to that are no receivables."""


def prove_totals(reading: Reading) -> dict[str, int]:
    """Prove unlabelled totals by the rows around them, and hold grand totals against what was read.

    Returns the grand totals the file states. Raises LedgerError where one counts rows that were set aside.
    """
    kind = reading.kind
    _unmask(reading)
    _unmask_subtotals(reading)
    reading.refuse(
        kind == rows.STRANGE,
        "neither a document (with a date and an amount), nor a total, nor the name of a customer",
        None,
    )
    names = currency_of(reading)
    currencies = sorted(set(names[(kind == rows.ITEM) & ~reading.blank].tolist()))
    stated: dict[str, int] = {}
    for name in currencies:
        of_currency = np.asarray(names == name, bool)
        totals = np.isin(kind, _TOTALS) & (of_currency if len(currencies) > 1 else True)
        for key in _columns(reading):
            figures = _figures(reading, key, of_currency, totals)
            found = _prove(reading, name, figures, alone=len(currencies) == 1)
            if found is not None and key == reading.main:
                stated[name] = found
            totals = totals & ~figures.stated
        if len(currencies) == 1:
            _prove_above(reading, name, stated)
    if len(currencies) > 1:
        # Amounts of several currencies in one figure: a total that proves nothing.
        kind[(kind == rows.UNLABELLED) & (names == "")] = rows.SUBTOTAL
    unproven = kind == rows.UNLABELLED
    shown = next((key for key in _columns(reading) if reading.has(key)), None)
    reading.refuse(unproven, "an amount without a document, and not the total of the rows above or below it", shown)
    if len(currencies) == 1:
        _refuse_counted(reading, currencies[0])
    total = np.isin(kind, (rows.SUBTOTAL, rows.GRAND_TOTAL))
    if total.any():
        reading.find(may.TOTAL_ROWS, total)
    return stated


def _refuse_counted(reading: Reading, currency: str) -> None:
    """Refuse a list whose own total counts rows set aside for what they lack. Raises LedgerError."""
    value = reading.money(reading.main)
    aside = (reading.reason != "") & (reading.value == "") & (value != 0)
    before = np.cumsum(np.where(aside, value, 0)) - np.where(aside, value, 0)
    may_total = (aside | np.isin(reading.kind, (rows.GRAND_TOTAL, rows.UNLABELLED))) & (before != 0)
    total = np.flatnonzero(may_total & (value == before + int(value[reading.items].sum())))
    if not total.size:
        return
    last, places = int(total[-1]), minor_digits(currency or reading.base_currency)
    counted = np.flatnonzero(aside[:last])
    at = ", ".join(str(row) for row in reading.table.rows[counted[:8]])
    total_of, of_them = (written(int(one[last]), places) for one in (value, before))
    raise LedgerError(
        f"{reading.table.place}: the total in row {reading.table.rows[last]} ({total_of}) counts amounts that cannot be"
        f" read as documents ({of_them}; rows: {at}; {reading.reason[counted[0]]}): complete these rows, or delete them"
        " and the total."
    )


def _unmask(reading: Reading) -> None:
    """Take the first or last item for the total that it is: the sum of all others, without what others all have.

    Whatever its label says, in whatever language; balances are known by every column adding up. What is called a
    balance brought forward, or has a day and a customer of its own like the others and no label of a total, is none.
    """
    item = np.flatnonzero(reading.items)
    if item.size < LEAST:
        return
    money = {key: reading.money(key) for key in reading.empty}
    sums = {key: int(value[item].sum()) for key, value in money.items()}
    for row in (int(item[-1]), int(item[0])):
        if _is_of_its_own(reading, row, item):
            continue
        alike = [key for key, value in money.items() if 2 * int(value[row]) == sums[key]]
        telling = [key for key in alike if money[key][row]]
        others = item[item != row]
        lacks = any(reading.is_empty(key)[row] and not reading.is_empty(key)[others].any() for key in _SAID_OF_ITEMS)
        if len(alike) == len(money) and ((lacks and telling) or (reading.format.balances and len(telling) > 2)):
            reading.kind[row] = rows.GRAND_TOTAL
            return


def _is_of_its_own(reading: Reading, row: int, item: NDArray[np.intp]) -> bool:
    """Whether an item is called a balance brought forward, or has a day and a customer of others and no such label."""
    texts = [str(column[row].as_py() or "") for column in reading.table.columns]
    if any(re.search(rows.OPENING_LABEL, text) for text in texts):
        return True
    key = "customer_id" if reading.has("customer_id") else "customer_name"
    names = reading.text(key)
    own = names.iloc[row]
    if reading.is_empty("document_date")[row] or not own or (names.iloc[item] == own).sum() < 2:
        return False
    return not any(re.search(rows.TOTAL_LABEL, text) for text in texts)


def _unmask_subtotals(reading: Reading) -> None:
    """Take items without a number for totals where each is the sum of those above it, back to the one before or all."""
    item = np.flatnonzero(reading.items)
    number = reading.text("document_no").iloc[item]
    called = pc.match_substring_regex(pa.array(number, pa.string()), rows.TOTAL_LABEL)
    bare = number.eq("").to_numpy(bool) | np.asarray(called.to_numpy(zero_copy_only=False), bool)
    at = np.flatnonzero(bare)
    if not at.size or 2 * at.size > item.size:
        return
    value = reading.money(reading.main)[item]
    added = np.cumsum(np.where(bare, 0, value))[at]
    covers = np.diff(at, prepend=-1) - 1
    sums = ((value[at] == np.diff(added, prepend=0)) & (covers > 0)) | (value[at] == added)
    if sums.all() and ((covers > 1) & (value[at] != 0)).any():
        reading.kind[item[at]] = rows.SUBTOTAL


_SAID_OF_ITEMS = ("document_no", "document_date", "due_date", "customer_id", "customer_name")
LEAST = 3
"""Items, of which one may be the sum of the others."""


def _columns(reading: Reading) -> list[str]:
    """The columns a total may be stated in, the one whose sum is the ledger's first."""
    return [key for key in ("open_amount", "amount") if key in reading.columns]


def _figures(reading: Reading, key: str, of_currency: NDArray[np.bool_], totals: NDArray[np.bool_]) -> _Figures:
    value, kind = reading.money(key), reading.kind
    stated = totals & ~reading.is_blank(key)
    if key == "open_amount" and not reading.has(key):
        # Amount less paid is stated only where both are.
        for part in ("amount", *(one for one in REDUCTIONS if reading.has(one))):
            stated &= ~reading.is_blank(part)
    items = of_currency & (kind == rows.ITEM)
    running = tuple(
        np.cumsum(np.where(which, value, 0)) for which in (items, items | (of_currency & (kind == rows.EXCLUDED)))
    )
    left_out = of_currency & (kind == rows.EXCLUDED)
    return _Figures(value, stated, running, int(value[of_currency & reading.items].sum()), int(value[left_out].sum()))


def _prove(reading: Reading, name: str, figures: _Figures, *, alone: bool) -> int | None:
    """Prove the totals of one column; returns the grand total it states, where it covers what is read."""
    kind, value = reading.kind, figures.value
    groups = (kind == rows.GROUP) & (value != 0) if alone else np.zeros(reading.count, bool)
    fits, heads = np.zeros(reading.count, bool), np.zeros(reading.count, bool)
    for running in figures.running:
        ends = {0, int(running[-1]), *running[figures.stated | (kind == rows.GROUP)].tolist()}
        for row in np.flatnonzero(figures.stated | groups).tolist():
            above, below = int(running[row] + value[row]), int(running[row] - value[row])
            fits[row] |= above in ends or below in ends
            heads[row] |= above in ends
    if reading.format.balances:
        for row in np.flatnonzero(figures.stated & ~fits & (kind == rows.SUBTOTAL)).tolist():
            fits[row] = _is_of_names_above(reading, figures, row)
    kind[groups & ~heads] = rows.UNLABELLED
    kind[(figures.stated | groups) & fits & (kind == rows.UNLABELLED)] = rows.SUBTOTAL
    _tell_subtotals(reading, figures.stated & ~fits & (kind == rows.SUBTOTAL))
    grand = np.flatnonzero(figures.stated & (kind == rows.GRAND_TOTAL))
    at = np.flatnonzero((figures.stated | groups) & (kind == rows.SUBTOTAL))
    running = figures.running[0]
    if not grand.size and at.size and value[at[-1]] == running[-1] == running[at[-1]]:
        kind[at[-1]] = rows.GRAND_TOTAL
        grand = at[-1:]
    if not grand.size:
        return None
    total = int(value[grand[-1]])
    if figures.left_out and total == figures.read + figures.left_out:
        return None
    if total != figures.read:
        _tell_difference(reading, name, reading.table.rows[grand[-1]], total, figures.read)
    return total


def _is_of_names_above(reading: Reading, figures: _Figures, row: int) -> bool:
    """Whether a total is the sum of the customers right above it: of two at least, or of the one that it names."""
    key = "customer_name" if reading.has("customer_name") else "customer_id"
    item = np.flatnonzero(reading.items[:row])
    before = figures.running[0][item] - figures.value[item]
    first = item[before == figures.running[0][row] - figures.value[row]]
    if not first.size:
        return False
    named = str(reading.cells(key)[int(first[-1])].as_py() or "").strip()
    return bool(first[-1] < item[-1] or (named and named in str(reading.cells(key)[row].as_py())))


def _tell_subtotals(reading: Reading, which: NDArray[np.bool_]) -> None:
    """Name subtotals that are no sum of the rows around them."""
    found = np.flatnonzero(which)
    if found.size:
        key = next(key for key in (*_columns(reading), "debit", "credit", "net_amount") if reading.has(key))
        amount = reading.cells(key)[int(found[0])].as_py()
        if reading.format.balances:
            # Among names alone it may as well be a customer who is called so.
            reading.refuse(which, "called a total, but the rows above and below it do not add up to it", key)
            return
        reading.find(may.SUBTOTAL_DIFFERS, which, row=reading.table.rows[found[0]], amount=amount)


def _tell_difference(reading: Reading, currency: str, row: int, stated: int, read: int) -> None:
    places = minor_digits(currency or reading.base_currency)
    total, added, gap = (written(minor, places) for minor in (stated, read, stated - read))
    at = reading.table.rows == row
    reading.find(
        may.FILE_TOTAL_DIFFERS,
        at if at.any() else None,
        1,
        row=row,
        stated=total,
        read=added,
        difference=f"{gap} {currency}".rstrip(),
    )


def _prove_above(reading: Reading, currency: str, stated: dict[str, int]) -> None:
    """Hold a figure above the header, alone in its line or named a total, against what was read."""
    places = minor_digits(currency or reading.base_currency)
    own = reading.money(reading.main)[reading.items].sum()
    for row, line in enumerate(reading.table.preamble, 1):
        figure = _above(line)
        if figure is None:
            continue
        plain = amounts.plain(pa.chunked_array([[figure]]))
        read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", places)
        if read.bad[0] or read.blank[0]:
            continue
        total = int(read.minor[0]) * (-1 if reading.format.signs == "reversed" else 1)
        if total != own:
            _tell_difference(reading, currency, row, total, int(own))
        stated.setdefault(currency, total)


_MARK = r"(?:[A-Z]{3}|[€$£¥₹])"
_FIGURE = re.compile(
    rf"(?P<label>[^\d]*?)(?:\b{_MARK}\s*|[€$£¥₹]\s*)?(?P<figure>-?\d[\d.,'\s]*(?:(?i:CR|DR))?)(?:\s*{_MARK})?"
)
_NO_TOTAL = re.compile(r"(?:19|20)\d\d|\d{1,2}")
"""A year or a page number alone in its line."""


def _above(line: str) -> str | None:
    """The figure of a line that holds nothing else, or that names it a total."""
    match = _FIGURE.fullmatch(line.strip())
    if match is None:
        return None
    label = match["label"].strip(" :")
    named = re.search(rf"(?i)\b(?:{words.label_pattern('total', 'grand total')})\b", label) if label else None
    # A whole number beside words is a count of documents.
    named = named if re.search(r"[.,']", match["figure"]) else None
    return match["figure"].strip() if named or not (label or _NO_TOTAL.fullmatch(match["figure"])) else None
