"""Lists: what stands behind every count of the signals and the rollout, in full, the most money first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

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
    late = np.full(len(measures.items), np.nan)
    late[closing.open.rows] = closing.days_past_due
    rows: list[dict[str, Any]] = []
    for name, behind in lists.items():
        order = behind.largest_first()[:MOST]
        documents, days = [""] * order.size, [math.nan] * order.size
        if behind.rows is not None:
            at = behind.rows[order]
            documents, days = measures.items["document_no"].take(at).tolist(), late[at].tolist()
        for place, document, past in zip(order.tolist(), documents, days, strict=True):
            account = int(behind.accounts[place])
            of_account = measures.days_late(account) if behind.rows is None else None
            rows.append(
                {
                    "list": name,
                    "customer_id": measures.ids[account],
                    "customer_name": measures.people[account].name,
                    "document_no": document,
                    "amount": closing.part(float(behind.amount[place])),
                    "days_past_due": of_account if math.isnan(past) else int(past),
                    "why": behind.reason(place),
                }
            )
    return {"tblSignalLists": TableData.of(rows)}, {}
