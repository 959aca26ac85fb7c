"""Lists of balances: whether rows are those of customers, with their ages, or those of documents."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import bucket_headings, dates
from xlwings_addin.ledger.evidence.asking import total_of
from xlwings_addin.ledger.evidence.draft import Choice
from xlwings_addin.ledger.evidence.due_days import values_of_days
from xlwings_addin.ledger.evidence.identities import LEAST
from xlwings_addin.ledger.evidence.roles import FIGURES, MONEY, UNAPPLIED
from xlwings_addin.ledger.mapping import unique
from xlwings_addin.ledger.preamble import stated_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.ledger.bucket_headings import BucketColumn
    from xlwings_addin.ledger.evidence.draft import Draft
    from xlwings_addin.ledger.files import RawTable

_OF_DOCUMENTS = frozenset({"document_date", "due_date", "document_no", "days_overdue", "kind", "terms", "settled_date"})
_OF_A_BALANCE = frozenset({"document_no", "days_overdue", "terms"})
"""What a balance may have too: how many invoices, the most days that one is late, the customer's terms."""
_DATED = _OF_DOCUMENTS - {"document_no"}
_OF_CUSTOMERS = ("entity", "customer_id", "customer_name", "contact_name", "currency", "region", "owner")


def balances(found: Draft, aged: Sequence[BucketColumn], table: RawTable) -> tuple[dict[str, int], tuple[int, ...]]:
    """The columns of a list of balances ({} of others), and those of ages that are parts of documents."""
    told = _customers(found)
    ages = tuple(sorted(found.ages))
    if told:
        return ({}, ages) if _ages_are_of_documents(found, aged, table) else (told, ())
    lacks = {"amount", "open_amount", "debit", "net_amount", "quantity"}.isdisjoint(found.places)
    return {}, ages if lacks else ()


def ages_without_days(found: Draft, places: Mapping[str, int]) -> tuple[int, ...]:
    """Columns side by side that add up to the balance of each row: ages, though no heading says of how many days."""
    if "open_amount" not in places or "open_amount" in found.pinned:
        return ()
    whole = found.columns[places["open_amount"]].amount
    free = [one for one in found.free() if one.place not in places.values()]
    money = [one for one in free if one.numeric and not one.otherwise(MONEY)]
    for first, last in combinations(range(len(money) + 1), 2):
        parts = money[first:last]
        side_by_side = len(parts) > 2 and parts[-1].place - parts[0].place == len(parts) - 1
        if side_by_side and np.array_equal(np.sum([one.amount for one in parts], axis=0), whole):
            filled = sum(bool(one.amount.any()) for one in parts)
            return tuple(one.place for one in parts) if filled > 1 and np.count_nonzero(whole) >= LEAST else ()
    return ()


def ask_of_months(found: Draft) -> None:
    """Ask of a total of months without documents whether it is what is open: it may be what was sold in them."""
    if "amount" not in found.places or not _DATED.isdisjoint(found.places):
        return
    place = found.places.pop("amount")
    if "open_amount" not in found.places:
        found.places["open_amount"] = place
        total = total_of(found.columns[place].amount)
        found.open_points.append((Choice("open_amount", unique(place, found.headings), total),))


def _customers(found: Draft) -> dict[str, int]:
    """The columns of a list of balances: customers with ages, or with a balance and no documents; {} of others.

    Documents with ages and without an amount are parts of balances, too, where no other column says how old they are.
    """
    dated = set(_OF_DOCUMENTS & found.places.keys())
    if dated == {"document_no"} and not _names_documents(found):
        dated = set()
    if found.ages and dated <= _OF_A_BALANCE and _each_once(found):
        dated = set()
    if dated and found.ages and {"amount", "open_amount", "debit", "due_date", "days_overdue"}.isdisjoint(found.places):
        dated = set()
    if dated or (not found.ages and ("open_amount" not in found.places or _has_days(found))):
        return {}
    total = found.places.get("open_amount", found.places.get("amount"))
    if total is None:
        # One that the ages do not add up to is still the total: where they differ is reported.
        said = [one for role in FIGURES[:2] for one, _ in found.options((role,))[role.key]]
        total = said[-1].place if said else None
    kept = {key: place for key, place in found.places.items() if key in (*_OF_CUSTOMERS, UNAPPLIED.key)}
    return kept if total is None else {**kept, "open_amount": total}


def _each_once(found: Draft) -> bool:
    """Whether every row is that of another customer: what stands under Invoices may be how many there are."""
    who = [found.columns[found.places[key]] for key in ("customer_id", "customer_name") if key in found.places]
    return any(one.different == one.count > 1 for one in who)


def _has_days(found: Draft) -> bool:
    """Whether a column holds days that no heading explains: those of documents, for someone to say."""
    return any(one.dated and not one.understood for one in found.free())


def _ages_are_of_documents(found: Draft, aged: Sequence[BucketColumn], table: RawTable) -> bool:
    """Whether ages count from the dates of documents, on one day for all: then they say nothing of what is overdue."""
    if "document_date" not in found.places or not aged:
        return False
    days = values_of_days({"document_date": found.columns[found.places["document_date"]]})["document_date"]
    first, last, count, filled = days.min(), days.max() + 2 * bucket_headings.LONGEST, 0, 0
    for one in aged:
        own = days[(found.columns[one.place].amount != 0) & (days < int(dates.BAD_DATE))]
        if own.size and one.bucket.first is not None:
            count, filled = count + own.size, filled + 1
            first = max(first, own.max() + one.bucket.first)
            last = min(last, own.min() + (bucket_headings.LONGEST if one.bucket.last is None else one.bucket.last))
    shown = stated_day(table.preamble, None)
    return count >= LEAST and filled > 1 and first <= last and (shown is None or first <= shown <= last)


def _names_documents(found: Draft) -> bool:
    """Whether the numbers of documents are called so; others may be those of customers."""
    heading = found.columns[found.places["document_no"]]
    return any("document" in meaning for meaning in heading.meanings)
