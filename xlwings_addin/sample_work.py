"""What the clerks of the sample company wrote down last month: calls, promises, disputes, a rollout under way.

Everything is invented, like the company itself, and follows from the ledger by fixed rules: no chance is in it.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin import version
from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.position import open_at
from xlwings_addin.month_end import close_month
from xlwings_addin.month_end.program.rollout import ACTIONS
from xlwings_addin.sample import COMPANY
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.collections import DISPUTE_CODES, ENTRIES
from xlwings_addin.sheets.customers import TYPED
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.writing import file

if TYPE_CHECKING:
    from pathlib import Path

    from xlwings_addin.entries import Cell, Key
    from xlwings_addin.ledger.model import Ledger

WORKED = 30
"""This many of the largest overdue items have been worked on."""
HEAD_OF_FINANCE = "Sascha Lindenmere"
_HEADING = {column.key: column.heading for column in ENTRIES}
_LOGGED: tuple[list[tuple[int, str, str, str]], ...] = (
    [(2, "call", "phone", "Spoke to accounts payable; payment is in the next run.")],
    [(6, "mail", "e-mail", "Customer questions the invoice; asked for the reason in writing.")],
    [(9, "call", "phone", "No answer; left a message.")],
    [(4, "reminder", "e-mail", "stage +14")],
    [(12, "reminder", "e-mail", "stage +7")],
    [],
)
"""What was logged about one item after the other, and how many days ago; every sixth nobody has been in touch about."""


def last_month(ledger: Ledger, day: int) -> Entries:
    """Return what stood typed in the workbook of the month end `day` (days since 1970)."""
    items = _overdue(ledger, day)
    typed: dict[Key, dict[str, Cell]] = {
        tuple(item[name] for name in ITEM_KEY): {_HEADING[key]: value for key, value in cells.items()}
        for place, item in enumerate(items)
        if (cells := _beside(place, day))
    }
    lines = [
        {
            "date": day - ago,
            "who": item["owner"],
            "customer_id": item["customer_id"],
            "document_no": item["document_no"],
            "kind": kind,
            "channel": channel,
            "outcome": outcome,
            "for_date": None,
            "amount": None,
        }
        for item, logged in zip(items, cycle(_LOGGED), strict=False)
        for ago, kind, channel, outcome in logged
    ]
    lines.append(
        {"date": day - 3, "who": HEAD_OF_FINANCE, "kind": "review", "outcome": "Portfolio reviewed with Sales."}
    )
    lines.sort(key=lambda line: line["date"])
    return Entries(
        tables={
            "tblWorklist": TableEntries(typed),
            "tblCustomers": TableEntries(_contacts(items, day)),
            "tblRollout": TableEntries(_rollout()),
            # A small company has too few old items to learn a rate from.
            "tblProvision": TableEntries({("61-90",): {"Your rate": 0.05}, ("90+",): {"Your rate": 0.25}}),
        },
        fields={"program_start": day - 15},
        stored={"tblActivity": Stored(tuple(lines)), "tblOffers": Stored(_offers(day))},
    )


def _beside(place: int, day: int) -> dict[str, Any]:
    """Return what was typed beside the item at a place among the largest."""
    held = {"hold_by": "Head of sales", "hold_on": day - 1, "service": "yes"} if place == 0 else {}
    match place % len(_LOGGED):
        case 0:
            return {"promise_date": day + 5 + place % 4 * 5, "ap_confirmed": "yes", **held}
        case 1:
            return {
                "dispute_code": DISPUTE_CODES[place // 6 % len(DISPUTE_CODES)],
                "dispute_revisit": day + 10,
                "next_action": "Ask Sales for the signed order",
                "next_action_on": day + 3,
            }
        case 2:
            return {"next_action": "Call accounts payable again", "next_action_on": day + 2, "ap_confirmed": "no"}
        case 3:
            return {"note": "Invoice was sent to an old address; sent again."}
        case _:
            return {}


def write_last_month(path: Path, ledger: Ledger, as_of: date) -> None:
    """Write the workbook of the month before `as_of`, as its clerks left it."""
    day = month_before(as_of)
    month = close_month(
        ledger,
        Settings(company=COMPANY, benchmark_dso=48.0, head_of_finance=HEAD_OF_FINANCE),
        day,
        entries=last_month(ledger, day_number(day)),
        refreshed=f"{day} 18:00:00",
        version=version(),
        set_baseline=True,
    )
    file.write(path, month)


def month_before(as_of: date) -> date:
    """Return the last day of the month before."""
    return as_of.replace(day=1) - timedelta(days=1)


def _overdue(ledger: Ledger, day: int) -> list[dict[str, Any]]:
    """Return the largest overdue items, as rows."""
    opened = open_at(ledger, day)
    late = np.flatnonzero((opened.days_past_due > 0) & (opened.amount > 0))
    largest = late[np.argsort(-opened.amount[late], kind="stable")][:WORKED]
    rows = ledger.items.iloc[opened.rows[largest]]
    return [{str(name): row[name] for name in rows.columns} for _, row in rows.iterrows()]


def _contacts(items: list[dict[str, Any]], day: int) -> dict[Key, dict[str, Cell]]:
    confirmed = TYPED["typed_confirmed"][1]
    return {(item["customer_id"],): {confirmed: day - 10 * place} for place, item in enumerate(items) if place % 3}


def _rollout() -> dict[Key, dict[str, Cell]]:
    owners = ("Head of finance", "Billing", "Collections", "Controller")
    return {(action.title,): {"Owner": owners[place % 4]} for place, action in enumerate(ACTIONS)}


def _offers(day: int) -> tuple[dict[str, Any], ...]:
    made = (("Tier A, North", 0.004, 10, 30, "yes"), ("Tier B, East", 0.02, 10, 30, "no"))
    return tuple(
        {"offered": day - 20, "to": to, "discount": discount, "discount_days": early, "net_days": net, "taken": taken}
        for to, discount, early, net, taken in made
    )
