"""Credits to apply: which open items each credit that nobody has applied yet pays best, and whether that is logged.

A credit pays within its account alone: the items of one customer with one entity in one currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.activity import CREDIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlwings_addin.ledger.netting import Match, Proposal
    from xlwings_addin.ledger.values import Minor
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

NAMED: Final = 8
"""This many documents are named; of the rest, how many there are."""


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
    base = closing.in_base(-opened.amount)
    documents, instalments = (items[name].take(opened.rows).tolist() for name in ("document_no", "instalment"))
    names = [f"{one}/{part}" if part else one for one, part in zip(documents, instalments, strict=True)]
    dates = closing.ledger.arrays.document_date
    found = []
    for one in closing.proposals:
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
