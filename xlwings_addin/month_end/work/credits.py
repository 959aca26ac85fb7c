"""Credits to apply: which open items each credit that nobody has applied yet pays best, and whether that is logged.

A credit pays within its account alone: the items of one customer with one entity in one currency.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from xlwings_addin.ledger.netting import accounts
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.activity import CREDIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.values import Days, Minor
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

Match = Literal["exact", "adds up", "oldest", "nothing open"]
CONSIDERED: Final = 100
"""This many of an account's oldest items are searched for sums; the others are proposed by equal amount or by age."""
NAMED: Final = 8
"""This many documents are named; of the rest, how many there are."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one credit should pay; numbers are places in the arrays that it was made of."""

    credit: int
    match: Match
    items: tuple[tuple[int, int], ...]
    """Each item with what the credit pays of it, in minor units: all that is left but, by age, of the last one."""


# ---------------------------------------------------------------- matching


def proposals(account: NDArray[np.int64], date: Days, balance: Minor) -> list[Proposal]:
    """Return what each credit should pay, by account, and within it the larger credits first.

    Arrays of one length; `balance` in minor units, credits negative; `date` tells which items are oldest, undated
    ones come last. First of all credits those that equal an item, then those that two or three of the `CONSIDERED`
    oldest items left add up to, then the others take the oldest. Nothing of an item is proposed twice, and together
    an account's credits pay as much as `netting.net_of_credits` says.
    """
    order = np.lexsort((date, account))
    order = order[np.isin(account[order], account[balance < 0])]
    parts = np.split(order, np.flatnonzero(np.diff(account[order])) + 1)
    return [made for part in parts for made in _of_account(part.tolist(), balance)]


def _of_account(places: Sequence[int], balance: Minor) -> Iterator[Proposal]:
    ordered = sorted((place for place in places if balance[place] < 0), key=lambda place: int(balance[place]))
    size = {place: -int(balance[place]) for place in ordered}
    left = {place: int(balance[place]) for place in places if balance[place] > 0}
    found: dict[int, Proposal] = {}
    for search in (_equal, _summed):
        for credit, items in search({place: size[place] for place in ordered if place not in found}, left):
            match: Match = "exact" if len(items) == 1 else "adds up"
            found[credit] = Proposal(credit, match, tuple((item, left.pop(item)) for item in items))
    debts = deque(left.items())
    for credit in ordered:
        yield found[credit] if credit in found else _oldest(credit, size[credit], debts)


def _equal(sizes: dict[int, int], left: dict[int, int]) -> list[tuple[int, tuple[int, ...]]]:
    """Find the oldest item of the same amount, for each credit."""
    by_amount: dict[int, deque[int]] = defaultdict(deque)
    for item, amount in left.items():
        by_amount[amount].append(item)
    return [(credit, (by_amount[size].popleft(),)) for credit, size in sizes.items() if by_amount.get(size)]


def _summed(sizes: dict[int, int], left: dict[int, int]) -> list[tuple[int, tuple[int, ...]]]:
    """Find two or three items that add up to each credit, the oldest that do."""
    items = list(left)[:CONSIDERED]
    sums = _Sums([left[item] for item in items])
    found = []
    for credit, size in sizes.items():
        if places := sums.adding_up(size):
            found.append((credit, tuple(items[place] for place in places)))
            items = [item for place, item in enumerate(items) if place not in places]
            sums = _Sums([left[item] for item in items])
    return found


class _Sums:
    """The sums of any two of some amounts, made once: a look-up costs no more than their number."""

    def __init__(self, amounts: Sequence[int]) -> None:
        self.amounts = np.array(amounts, np.int64)
        first, second = np.triu_indices(self.amounts.size, 1)
        sums = self.amounts[first] + self.amounts[second]
        order = np.lexsort((second, first, sums))
        self.sums, self.first, self.second = sums[order], first[order], second[order]

    def adding_up(self, wanted: int) -> tuple[int, ...]:
        """Return the places of two, else three amounts with this sum, in order; none where there are none."""
        if pair := self._two(wanted, -1):
            return pair
        rest = wanted - self.amounts
        for place in np.flatnonzero(np.isin(rest, self.sums)).tolist():
            if pair := self._two(int(rest[place]), place):
                return (place, *pair)
        return ()

    def _two(self, wanted: int, after: int) -> tuple[int, ...]:
        """Return the places of two amounts behind a place that have this sum."""
        start, end = np.searchsorted(self.sums, wanted, "left"), np.searchsorted(self.sums, wanted, "right")
        at = start + np.searchsorted(self.first[start:end], after, "right")
        return (int(self.first[at]), int(self.second[at])) if at < end else ()


def _oldest(credit: int, size: int, debts: deque[tuple[int, int]]) -> Proposal:
    """Take from the oldest debts, which are used up, what the credit pays."""
    taken = []
    while size and debts:
        item, owed = debts.popleft()
        paid = min(size, owed)
        taken.append((item, paid))
        size -= paid
        if paid < owed:
            debts.appendleft((item, owed - paid))
    return Proposal(credit, "oldest" if taken else "nothing open", tuple(taken))


# ---------------------------------------------------------------- of a month


@dataclass(frozen=True, slots=True)
class Credit:
    """An open credit of the month with what it should pay."""

    row: int
    """Of the ledger's items."""
    amount: int
    """What nobody has applied of it, above zero, in minor units of its currency."""
    base: float
    """The same in the base currency; NaN where a rate is missing."""
    age: int | None
    """Days since its document date; None without one."""
    document: str
    match: Match
    apply_to: str
    """The documents in words, "" where nothing is open."""

    @property
    def outcome(self) -> str:
        """What the line of Activity says."""
        return outcome(self.document, self.apply_to, self.match)


def outcome(document: str, apply_to: str, match: str) -> str:
    """Return what is logged of a proposal.

    >>> outcome("C7", "R1, R2", "adds up")
    'apply C7 to R1, R2 (adds up)'
    """
    return f"apply {document} to {apply_to} ({match})"


def unapplied(closing: Closing) -> tuple[Credit, ...]:
    """Return the open credits of the day, most money first; none of a list of balances, which has no documents."""
    opened, items = closing.open, closing.ledger.items
    if closing.ledger.balances is not None:
        return ()
    due = closing.ledger.arrays.due_date[opened.rows]
    made = proposals(accounts(closing.ledger)[opened.rows], due, opened.amount)
    base = closing.in_base(-opened.amount)
    documents, instalments = (items[name].take(opened.rows).tolist() for name in ("document_no", "instalment"))
    names = [f"{one}/{part}" if part else one for one, part in zip(documents, instalments, strict=True)]
    dates = closing.ledger.arrays.document_date
    found = []
    for one in made:
        row, amount = int(opened.rows[one.credit]), -int(opened.amount[one.credit])
        dated = int(dates[row])
        found.append(
            Credit(
                row=row,
                amount=amount,
                base=float(base[one.credit]),
                age=None if dated == NO_DATE else closing.day - dated,
                document=documents[one.credit],
                match=one.match,
                apply_to=_named(one, names, opened.amount),
            )
        )
    # What cannot be converted may be large.
    return tuple(
        sorted(found, key=lambda one: (one.base == one.base, -one.base if one.base == one.base else 0, one.row))
    )


def _named(made: Proposal, names: Sequence[str], amounts: Minor) -> str:
    """Name what a credit should pay, and of which it pays a part."""
    said = [f"{names[place]}{' (part)' if paid < amounts[place] else ''}" for place, paid in made.items[:NAMED]]
    more = len(made.items) - NAMED
    return ", ".join(said) + (f" and {more:,} more" if more > 0 else "")


def tables(closing: Closing, found: Iterable[Credit]) -> Filled:
    """Return tblCredits: `found` in their order."""
    logged = {
        (line.customer, line.document, line.outcome): line.date
        for line in sorted(closing.activities, key=lambda line: line.date or 0)
        if line.kind == CREDIT
    }
    shown = list(found)
    named = ("customer_id", "currency", "entity")
    columns = (closing.ledger.items[name].take([one.row for one in shown]).tolist() for name in named)
    rows: list[dict[str, Any]] = []
    for one, *cells in zip(shown, *columns, strict=True):
        said = dict(zip(named, cells, strict=True))
        customer = closing.customers[said["customer_id"]]
        rows.append(
            {
                **said,
                "customer_name": customer.name,
                "credit": one.document,
                "amount": one.amount / closing.scale[one.row],
                "age": one.age,
                "match": one.match,
                "apply_to": one.apply_to,
                "base": closing.known(one.base),
                "logged": logged.get((customer.id, one.document, one.outcome)),
                "owner": customer.owner,
            }
        )
    return {"tblCredits": TableData.of(rows)}, {}
