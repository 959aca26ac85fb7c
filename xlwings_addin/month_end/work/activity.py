"""Activity: the lines as they stand, and a line for each promise and dispute typed beside an item since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.typed import Activity, Worked
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from xlwings_addin.month_end.closing import Closing

OUTCOME = "Typed beside the item"


def tables(closing: Closing) -> tuple[dict[str, TableData], dict[str, Any]]:
    """Return tblActivity: the lines that stand there, `logged` ones among them."""
    kept = closing.entries.stored.get("tblActivity", Stored())
    return {"tblActivity": TableData.of(kept.rows, kept.extra)}, {}


def logged(closing: Closing) -> Entries:
    """Return the entries with a line in tblActivity for each promise and dispute typed beside an item.

    What is typed over is thereby kept. A line carries the date of the workbook it was typed into, so that
    cash which came between that and this refresh counts towards the promise; the same line is written once.
    """
    entries = closing.entries
    kept = entries.stored.get("tblActivity", Stored())
    known = {_said(Activity.of(i, row)) for i, row in enumerate(kept.rows)}
    made = closing.day if entries.as_of is None else min(entries.as_of, closing.day)
    lines = []
    typed = entries.tables.get("tblWorklist", TableEntries()).rows
    for key, cells in sorted(typed.items()):
        of_item = dict(zip(ITEM_KEY, key, strict=True))
        customer = closing.customers.get(of_item["customer_id"])
        head = {
            "date": made,
            "who": customer.owner if customer else "",
            "customer_id": of_item["customer_id"],
            "document_no": of_item["document_no"],
        }
        for line in _lines(Worked.of(cells)):
            row = head | {"channel": ""} | line
            said = _said(Activity.of(0, row))
            if said not in known:
                known.add(said)
                lines.append(row)
    if not lines:
        return entries
    return replace(entries, stored={**entries.stored, "tblActivity": Stored((*kept.rows, *lines), kept.extra)})


def _lines(worked: Worked) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    if worked.promise_date is not None:
        lines.append(
            {
                "kind": "promise",
                "outcome": OUTCOME,
                "for_date": worked.promise_date,
                "amount": worked.promise_amount,
            }
        )
    if worked.dispute_code:
        lines.append(
            {"kind": "dispute", "outcome": worked.dispute_code, "for_date": worked.dispute_revisit, "amount": None}
        )
    return lines


def _said(line: Activity) -> tuple[Any, ...]:
    """What a line says, whoever wrote it and whenever: a promise by its day and amount, a dispute by its reason."""
    about = (line.kind, line.customer, line.document, line.for_date)
    return (*about, line.amount) if line.kind == "promise" else (*about, line.outcome)
