"""Lists: what stands behind every count of the signals and the rollout, in full, the most money first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.position import UNDATED
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.listed import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.program.behind import Behind
    from xlwings_addin.month_end.program.measures import Measures

MOST = 10_000
"""Rows of one list: of more, the largest."""


def tables(measures: Measures, lists: Mapping[str, Behind]) -> Filled:
    """Return tblSignalLists: `lists` by what each is called, in the order of the sheet."""
    closing = measures.closing
    late = np.full(len(measures.items), UNDATED, np.int64)
    late[closing.open.rows] = closing.open.days_past_due
    rows: list[dict[str, Any]] = []
    for name, behind in lists.items():
        for place in behind.largest_first()[:MOST].tolist():
            account = int(behind.accounts[place])
            row = None if behind.rows is None else int(behind.rows[place])
            rows.append(
                {
                    "list": name,
                    "customer_id": measures.ids[account],
                    "customer_name": measures.people[account].name,
                    "document_no": "" if row is None else measures.items["document_no"].iloc[row],
                    "amount": closing.part(float(behind.amount[place])),
                    "days_past_due": measures.days_late(account) if row is None else _days(int(late[row])),
                    "why": behind.reason(place),
                }
            )
    return {"tblSignalLists": TableData.of(rows)}, {}


def _days(late: int) -> int | None:
    return None if late == UNDATED else late
