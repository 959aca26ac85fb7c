"""Totals a file states, held against exactly the rows they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger import rows
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.sums import currency_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading


def prove_totals(reading: Reading) -> dict[str, int]:
    """Prove unlabelled totals by the rows around them, and hold grand totals against what was read.

    Returns the grand totals the file states.
    """
    kind, main = reading.kind, reading.main
    totals = np.isin(kind, (rows.SUBTOTAL, rows.GRAND_TOTAL, rows.UNLABELLED))
    reading.refuse(kind == rows.STRANGE, "no item, group, total or footer", None)
    groups = kind == rows.GROUP
    if not (totals | groups).any():
        return {}
    value = reading.money(main)
    item = kind == rows.ITEM
    names = currency_of(reading)
    of_items = sorted(set(names[item].tolist()))
    stated: dict[str, int] = {}
    for name in of_items:
        own = totals if len(of_items) == 1 else totals & (names == name)
        running = np.cumsum(np.where(item & (names == name), value, 0))
        ends = {0, int(running[-1]), *running[own | groups].tolist()}
        for row in np.flatnonzero(groups & (value != 0)).tolist() if len(of_items) == 1 else []:
            if int(running[row] + value[row]) not in ends:
                kind[row] = rows.UNLABELLED
        proven = [
            int(running[row] - value[row]) in ends or int(running[row] + value[row]) in ends
            for row in np.flatnonzero(own).tolist()
        ]
        fits = np.zeros(reading.count, bool)
        fits[own] = proven
        kind[fits & (kind == rows.UNLABELLED)] = rows.SUBTOTAL
        _tell_subtotals(reading, own & ~fits & (kind == rows.SUBTOTAL))
        grand = np.flatnonzero(own & (kind == rows.GRAND_TOTAL))
        at = np.flatnonzero(own & (kind == rows.SUBTOTAL))
        if not grand.size and at.size and value[at[-1]] == running[-1] == running[at[-1]]:
            kind[at[-1]] = rows.GRAND_TOTAL
            grand = at[-1:]
        if grand.size:
            stated[name] = int(value[grand[-1]])
            _compare(reading, name, int(grand[-1]), stated[name], int(value[_read(reading) & (names == name)].sum()))
    if len(of_items) > 1:
        # Amounts of several currencies in one figure: a total that proves nothing.
        kind[(kind == rows.UNLABELLED) & (names == "")] = rows.SUBTOTAL
    reading.refuse(kind == rows.UNLABELLED, "an amount without document and date that is no total of the rows", main)
    total = np.isin(kind, (rows.SUBTOTAL, rows.GRAND_TOTAL))
    if total.any():
        reading.find(may.TOTAL_ROWS, total)
    return stated


def _tell_subtotals(reading: Reading, which: NDArray[np.bool_]) -> None:
    """Name subtotals that are no sum of the rows around them."""
    found = np.flatnonzero(which)
    if not found.size:
        return
    amount = reading.cells(reading.main)[int(found[0])].as_py()
    reading.find(may.SUBTOTAL_DIFFERS, which, row=reading.table.rows[found[0]], amount=amount)


def _read(reading: Reading) -> NDArray[np.bool_]:
    return np.asarray((reading.kind == rows.ITEM) & (reading.reason == ""), bool)


def _compare(reading: Reading, currency: str, row: int, stated: int, read: int) -> None:
    if stated == read:
        return
    places = minor_digits(currency or reading.base_currency)
    total, added, gap = (f"{minor / 10**places:,.{places}f}" for minor in (stated, read, stated - read))
    reading.find(
        may.FILE_TOTAL_DIFFERS,
        np.arange(reading.count) == row,
        row=reading.table.rows[row],
        stated=total,
        read=added,
        difference=f"{gap} {currency}".rstrip(),
    )
