"""Activity: the lines as they stand, and a line for each promise and dispute typed beside an item since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.entries import Entries, Stored
from xlwings_addin.month_end import people
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.typed import Activity, Worked
from xlwings_addin.sheets.activity import sheet as sheet
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

OUTCOME = "Typed beside the item"


def tables(closing: Closing) -> Filled:
    """Return tblActivity: the lines that stand there, `logged` ones among them."""
    kept = closing.entries.kept("tblActivity")
    return {"tblActivity": TableData.of(kept.rows, kept.extra)}, {}


def logged(ledger: Ledger, day: int, entries: Entries) -> Entries:
    """Return the entries with a line in tblActivity for each promise and dispute typed beside an item.

    What is typed over is thereby kept. A line carries the date of the workbook it was typed into, so that
    cash which came between that and this refresh counts towards the promise; the same line is written once.
    """
    kept = entries.kept("tblActivity")
    said = [
        (dict(zip(ITEM_KEY, key, strict=True)), line)
        for key, cells in sorted(entries.typed("tblWorklist").rows.items())
        for line in _lines(Worked.of(cells))
    ]
    if not said:
        return entries
    customers = people.known(people.loaded(ledger, entries), entries)
    made = day if entries.as_of is None else min(entries.as_of, day)
    known = {_said(Activity.of(i, row)) for i, row in enumerate(kept.rows)}
    lines = []
    for item, line in said:
        customer = customers.get(item["customer_id"])
        row = {
            "date": made,
            "who": customer.owner if customer else "",
            "customer_id": item["customer_id"],
            "document_no": item["document_no"],
            "channel": "",
            **line,
        }
        if _said(Activity.of(0, row)) not in known:
            known.add(_said(Activity.of(0, row)))
            lines.append(row)
    return entries.having(kept={"tblActivity": Stored((*kept.rows, *lines), kept.extra)})


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
