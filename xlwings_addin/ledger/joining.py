"""Keys whose value is spread over several columns of a file, made one column: "1" and "000123" are "1-000123"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlwings_addin.ledger import cells
from xlwings_addin.ledger.arrow import pa, pc
from xlwings_addin.ledger.formats.declaration import title_key

if TYPE_CHECKING:
    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.formats.declaration import Match


def joined(table: RawTable, match: Match) -> tuple[RawTable, Match]:
    """The table with one more column for each key that is spread over several; blank parts leave no trace."""
    if not match.format.joined:
        return table, match
    headers, columns, places = [*table.headers], [*table.columns], {**match.places}
    found = {title_key(header): place for place, header in reversed(list(enumerate(table.headers)))}
    for key, titles in match.format.joined.items():
        parts = [found[title_key(title)] for title in titles if title_key(title) in found]
        if key not in places or len(parts) < 2:
            continue
        texts = [cells.text(table.columns[part], number_like=True).combine_chunks().cast(pa.string()) for part in parts]
        # Rows without any part would be left out of what is joined.
        texts[0] = pc.if_else(pc.is_null(pc.coalesce(*texts)), "", texts[0])
        text = pc.binary_join_element_wise(*texts, "-", null_handling="skip")
        nothing = pa.scalar(None, pa.string())
        places[key] = len(columns)
        headers.append(" ".join(table.headers[part].strip() for part in parts))
        columns.append(pa.chunked_array([pc.if_else(pc.equal(text, ""), nothing, text)]))
    return replace(table, headers=tuple(headers), columns=tuple(columns)), replace(match, places=places)
