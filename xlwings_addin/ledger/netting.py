"""Credits that nobody has applied yet: what each should pay, and what they leave of what the same account owes."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from xlwings_addin.ledger.money import sum_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.ledger.values import Days, Minor

Match = Literal["exact", "adds up", "oldest", "nothing open"]
CONSIDERED: Final = 100
"""This many of an account's oldest items are searched for sums; the others are proposed by equal amount or by age."""


def accounts(ledger: Ledger) -> NDArray[np.int64]:
    """Number the accounts of the items, within which a credit pays: a customer's with one entity in one currency."""
    arrays = ledger.arrays
    account = arrays.segment("customer_id").codes.astype(np.int64)
    for other in ("entity", "currency"):
        codes = arrays.segment(other)
        account = account * len(codes.keys) + codes.codes
    return account


def net_of_credits(account: NDArray[np.int64], date: Days | NDArray[np.int64], balance: Minor) -> Minor:
    """Return what is left of balances once each account's credits pay its oldest debits; undated ones come last.

    Arrays of one length; `balance` in minor units, credits negative. What exceeds the debits stays, negative, on the
    youngest credits.
    """
    net = balance.copy()
    order = np.lexsort((date, account))  # a missing date is after all dates
    sizes = int(account.max(initial=-1)) + 1
    debit, credit = np.maximum(balance, 0), np.maximum(-balance, 0)
    # Within the account, in order of date: whatever of the running debit exceeds the credit is left, and vice versa.
    for own, against, sign in ((debit, credit, 1), (credit, debit, -1)):
        rows = order[own[order] > 0]
        of = account[rows]
        running = np.cumsum(own[rows])
        start = np.flatnonzero(np.diff(of, prepend=-1))
        before = np.repeat(np.concatenate(([0], running))[start], np.diff(np.append(start, rows.size)))
        available = sum_by(account, against, sizes)[of]
        left = np.clip(running - before - available, 0, own[rows])
        net[rows] = sign * left
    return net


# ---------------------------------------------------------------- what to ask for


class ToPay(NamedTuple):
    """What is to be paid of open items once credits are applied; arrays of one length."""

    left: Minor
    """What credits leave of each debit, 0 of credits."""
    proposed: NDArray[np.bool_]
    """Whether all of it should be paid by credits, as the proposals say."""


def to_pay(
    made: Iterable[Proposal], account: NDArray[np.int64], due: Days, balance: Minor, overdue: NDArray[np.bool_]
) -> ToPay:
    """Return what credits leave of each debit: they pay what is overdue first, of that what they are proposed for.

    What is overdue in all is lowered as by `net_of_credits`; of what remains, the oldest is paid first. An item that is
    not overdue may be proposed in full and have something left: what its credit pays by then is overdue.
    """
    paid = np.zeros(balance.size, np.int64)
    for one in made:
        for item, amount in one.items:
            paid[item] += amount
    proposed = (balance > 0) & (paid == balance)
    rank = np.empty(balance.size, np.int64)
    rank[np.lexsort((due, ~proposed, ~overdue))] = np.arange(balance.size)
    return ToPay(np.maximum(net_of_credits(account, rank, balance), 0), proposed)


# ---------------------------------------------------------------- what each credit should pay


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one credit should pay; numbers are places in the arrays that it was made of."""

    credit: int
    match: Match
    items: tuple[tuple[int, int], ...]
    """Each item with what the credit pays of it, in minor units: all that is left but, by age, of the last one."""


def proposals(account: NDArray[np.int64], date: Days, balance: Minor) -> list[Proposal]:
    """Return what each credit should pay, by account, and within it the larger credits first.

    Arrays of one length; `balance` in minor units, credits negative; `date` tells which items are oldest, undated
    ones come last. First of all credits those that equal an item, then those that two or three of the `CONSIDERED`
    oldest items left add up to, then the others take the oldest. Nothing of an item is proposed twice, and together
    an account's credits pay as much as `net_of_credits` says.
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
