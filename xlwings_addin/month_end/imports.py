"""Import: the files of the month as they were recognised and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.money import to_major
from xlwings_addin.ledger.report import file_digits, file_totals
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.imports import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlwings_addin.ledger.model import Ledger, Source
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

NOT_READ = "(not read)"


def tables(closing: Closing) -> Filled:
    """Return tblImportFiles and tblImportColumns."""
    ledger = closing.ledger
    columns = [
        {"file": source.file, "header": one.header, "read_as": one.read_as or NOT_READ, "evidence": one.evidence}
        for source in ledger.sources
        for one in source.columns
    ]
    lines = [line for source in ledger.sources for line in _lines(ledger, source)]
    return {"tblImportFiles": TableData.of(lines), "tblImportColumns": TableData.of(columns)}, {}


TOTALS = ("currency", "read_total", "stated_total", "difference", "result")


def _lines(ledger: Ledger, source: Source) -> Iterator[dict[str, Any]]:
    """A line for each currency of a file; what it was recognised as is in the first."""
    others = [f"{count:,} {name}" for name, count in source.classes.items() if name != "item" and count]
    taken_for = {
        "role": source.role,
        "format": source.format,
        "why": source.why,
        "rows": sum(source.classes.values()) or source.rows,
        "items": source.classes.get("item", source.rows),
        "others": ", ".join(others),
    }
    totals = [_compared(name, file_digits(ledger, source, name), *both) for name, both in file_totals(source).items()]
    first = totals[0] if totals else dict.fromkeys(TOTALS)
    yield {"file": source.file, **taken_for, **first}
    yield from ({"file": source.file, **total} for total in totals[1:])


def _compared(currency: str, digits: int, read: int, stated: int | None) -> dict[str, Any]:
    if stated is None:
        return dict(zip(TOTALS, (currency, to_major(read, digits), None, None, "Not stated"), strict=True))
    result = "OK" if read == stated else "Look"
    compared = (to_major(total, digits) for total in (read, stated, read - stated))
    return dict(zip(TOTALS, (currency, *compared, result), strict=True))
