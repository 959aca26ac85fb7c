"""The columns of days: of the document, when it is due, and how late it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import dates
from xlwings_addin.ledger.evidence import identities
from xlwings_addin.ledger.evidence.asking import ask
from xlwings_addin.ledger.evidence.columns import DIGITS, columns
from xlwings_addin.ledger.evidence.draft import AFTER, RIVALS
from xlwings_addin.ledger.evidence.roles import DATE, DAYS_OF_A_DOCUMENT, OTHERS
from xlwings_addin.ledger.evidence.search import UNSAID, search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft
    from xlwings_addin.ledger.evidence.identities import Values
    from xlwings_addin.ledger.evidence.search import Reading
    from xlwings_addin.ledger.files import RawTable

_TERMS = next(role for role in OTHERS if role.key == "terms")


def days(found: Draft) -> int | None:
    """Give the columns of days their roles. Returns the day that due dates and days overdue show."""
    options = found.options(DAYS_OF_A_DOCUMENT)
    unsaid = [one for one in found.free() if one.dated and not one.otherwise(DATE)]
    told = options["document_date"] or options["days_overdue"]
    if told and not options["due_date"] and "due_date" not in found.pinned:
        options["due_date"] = _after(options["document_date"], unsaid)
    by_terms_alone = not told and not options["due_date"] and not {"document_date", "due_date"} & found.pinned.keys()
    if by_terms_alone:
        either = [(one, UNSAID) for one in unsaid[:RIVALS]]
        options |= {"document_date": either, "due_date": either}
    best, *rivals = search(options, identities.DAYS, values_of_days, _due, found.pinned) or (None,)
    if best is None or (by_terms_alone and (rivals or not best.proofs)):
        return None
    found.take(best, ("document_date", "due_date", "days_overdue"))
    if rivals:
        _ask_which(found, best, rivals)
    return _shown(best.roles)


def _ask_which(found: Draft, best: Reading, rivals: list[Reading]) -> None:
    """Ask which days are meant where a rival says as much, or where terms would give the due dates."""
    by_terms = "due_date" not in best.roles and any(one.rank(_TERMS) is not None for one in found.free())
    if by_terms or any(rival.said >= best.said for rival in rivals):
        ask(found, (best, *rivals), ("due_date", "document_date"))


def _after(documents: list[tuple[Column, int]], unsaid: list[Column]) -> list[tuple[Column, int]]:
    """Columns that no heading calls due but whose days follow those of the documents."""
    taken = {one.place for one, _ in documents if one.understood}
    return [(one, UNSAID) for one in unsaid if one.place not in taken and _follows(one, documents)]


def _shown(roles: Mapping[str, Column]) -> int | None:
    """The day that due dates and days overdue give alike in all rows that say it, two at least."""
    if not {"due_date", "days_overdue"} <= set(roles):
        return None
    values = values_of_days(roles)
    verdict = identities.DAYS[0].verdict(values)
    return identities.as_of(values) if verdict.says in ("proven", "possible") and verdict.of > 1 else None


def day_shown(table: RawTable, places: Mapping[str, int]) -> int | None:
    """The day a table shows by its due dates and days overdue; None where it has not both, or they say no one day."""
    if not {"due_date", "days_overdue"} <= set(places):
        return None
    found = columns(table)
    return _shown({key: found[places[key]] for key in ("due_date", "days_overdue")})


def _follows(column: Column, documents: list[tuple[Column, int]]) -> bool:
    """Whether the dates of a column could be due dates: hardly any before the document's, and not all the same."""
    if not documents:
        return True
    days = values_of_days({"document_date": documents[0][0], "due_date": column})
    both = column.filled & documents[0][0].filled
    gap = (days["due_date"] - days["document_date"])[both]
    return bool(gap.size) and float((gap >= 0).mean()) >= AFTER and bool((gap > 0).any())


def values_of_days(roles: Mapping[str, Column]) -> Values:
    """The columns as days, in the order that all of them allow, and days overdue as numbers."""
    read = {key: column.days for key, column in roles.items() if key != "days_overdue"}
    order = dates.decide_order(read) if read else {}
    values = {key: column.read(order[key].order or "dmy").astype(np.int64) for key, column in read.items()}
    if "days_overdue" in roles:
        values["days_overdue"] = roles["days_overdue"].amount // 10**DIGITS
    return values


def _due(values: Values) -> NDArray[np.int64] | None:
    return next((values[key] for key in ("due_date", "days_overdue", "document_date") if key in values), None)
