"""Parts of a list beneath rows that say a status: "PAID INVOICES", then rows, "OPEN INVOICES", then rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, words
from xlwings_addin.ledger.arrow import pa, pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.files import RawTable

HEADING = "heading of the section"


def with_sections(table: RawTable) -> RawTable:
    """The table with one more column, of the status that the row alone above each row says, if any does.

    The line above the heading counts, if another such row is beneath it. Rows alone that say anything else, the names
    of customers for one, end no section. The rows that say it are blank then.
    """
    texts = [cells.text(one) for one in table.columns if pa.types.is_string(one.type)]
    others = [one for one in table.columns if not pa.types.is_string(one.type)]
    filled = sum((_flags(one.is_valid()) for one in (*texts, *others)), np.zeros(len(table.rows), np.int64))
    alone = np.flatnonzero(filled == 1)
    if not texts or not alone.size:
        return table
    labels = pc.coalesce(*(text.take(pa.array(alone)) for text in texts)).to_pylist()
    said: dict[int, str] = {
        row: status
        for row, label in zip(alone.tolist(), labels, strict=True)
        if (status := words.begins_status(label or ""))
    }
    if not said:
        return table
    heads = np.zeros(len(table.rows), bool)
    heads[[*said]] = True
    statuses = [words.begins_status(table.preamble[-1]) if table.preamble else "", *said.values()]
    of_rows = np.array(statuses, object)[np.cumsum(heads)]
    of_rows[heads | (filled == 0) | (of_rows == "")] = None
    keep = pa.array(~heads)
    columns = [pc.if_else(keep, column.combine_chunks(), pa.scalar(None, column.type)) for column in table.columns]
    blanked = replace(table, columns=tuple(pa.chunked_array([column]) for column in columns))
    return blanked.with_column(HEADING, of_rows.tolist())


def _flags(found: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(found.to_numpy(), np.int64)
