"""Items found again by the keys under which clerks wrote about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.entries import Key
    from xlwings_addin.ledger.model import Ledger

DOCUMENT = ITEM_KEY.index("document_no")


def item_keys(ledger: Ledger, rows: NDArray[np.intp]) -> list[Key]:
    """Return the keys of some rows of `ledger.items`."""
    columns = (ledger.items[name].take(rows).tolist() for name in ITEM_KEY)
    return list(zip(*columns, strict=True))


def rows_by_key(ledger: Ledger, keys: Iterable[Sequence[str]]) -> dict[Key, list[int]]:
    """Return the rows of `ledger.items` that each key names: one as a rule, none or several where it is no key."""
    found: dict[Key, list[int]] = {tuple(key): [] for key in keys}
    if not found:
        return found
    # Few are asked for: only the documents that may be meant are turned into keys.
    wanted = ledger.items["document_no"].isin({key[DOCUMENT] for key in found}).to_numpy(bool)
    rows = np.flatnonzero(wanted)
    for row, key in zip(rows.tolist(), item_keys(ledger, rows), strict=True):
        if key in found:
            found[key].append(row)
    return found
