"""The reading of a table that no format knows: which column has which role, what proves it, and what is left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import bucket_headings, dates, words
from xlwings_addin.ledger.derive import terms_days
from xlwings_addin.ledger.evidence import identities, running
from xlwings_addin.ledger.evidence.columns import DIGITS, columns, columns_with_rows
from xlwings_addin.ledger.evidence.roles import DATE, DAYS_OF_A_DOCUMENT, FIGURES, MONEY, OTHERS, REDUCED
from xlwings_addin.ledger.evidence.search import UNSAID, search
from xlwings_addin.ledger.evidence.shapes import guessed
from xlwings_addin.ledger.mapping import NONE, unique
from xlwings_addin.ledger.preamble import stated_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.bucket_headings import BucketColumn
    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.identities import Values
    from xlwings_addin.ledger.evidence.roles import Role
    from xlwings_addin.ledger.evidence.search import Reading
    from xlwings_addin.ledger.files import RawTable


VALUES: Mapping[str, Callable[[str], object]] = {
    "status": words.status_of,
    "kind": words.kind_of,
    # A letter alone is a mark of something else, unless a heading says so.
    "currency": lambda text: words.currency_of(text) if len(text) > 1 or not text.isascii() or text == "$" else "",
    "terms": lambda text: terms_days(text) is not None,
    "sign": lambda text: bool(words.sides_of([text])) if len(text) > 1 else text.upper() in "SHDC+-",
}
"""Roles that words in cells give, whatever stands above them."""
AGAIN = {"status": ("status_2", "status_3")}
"""Roles that several columns may have."""
TERMS, CURRENCY = (next(role for role in OTHERS if role.key == key) for key in ("terms", "currency"))
_LEFT, _TAKEN = (
    frozenset({"open", "balance", "due", "overdue"}),
    frozenset({"paid", "credited", "writeoff", "discount"}),
)
_SPEAKS_FOR = {"open_amount": _TAKEN, "paid_amount": _LEFT, "credited_amount": _LEFT}
"""Concepts of a heading by which a part of an amount is another part than this."""
_OF_DOCUMENTS = frozenset({"document_date", "due_date", "document_no", "days_overdue", "kind", "terms", "settled_date"})
_DATED = _OF_DOCUMENTS - {"document_no"}
_OF_PAYMENTS = ("amount", "open_amount", "paid_amount")
_OF_CUSTOMERS = ("entity", "customer_id", "customer_name", "contact_name", "currency", "region", "owner")
_REDUCING = ("paid_amount", "credited_amount")
RIVALS = 4
"""Columns looked at for one role."""
HALF = 0.5
AFTER = 0.9
"""Share of rows in which a due date is not before its document's."""


@dataclass(frozen=True)
class Choice:
    """One answer to an open point: the column it gives a role, and what comes of it."""

    key: str
    heading: str
    total: float


@dataclass(frozen=True)
class Proposal:
    """The best reading of a table."""

    places: Mapping[str, int]
    proof: Mapping[str, str]
    """What proves the role of a column, by key."""
    buckets: tuple[BucketColumn, ...] = ()
    """The columns of an aging by customer."""
    as_of: int | None = None
    """The day that due dates and days overdue prove."""
    open_points: tuple[tuple[Choice, ...], ...] = ()
    """Readings for which as much speaks, each an answer."""
    balances: bool = False
    """The rows are balances of customers, no documents."""
    guessed: frozenset[str] = frozenset()
    """Roles that columns have by their values alone, for someone to say so."""
    spent: frozenset[int] = frozenset()
    """Columns that another was made of."""
    parts: tuple[int, ...] = ()
    """Columns that add up to what is open of each document."""


@dataclass
class _Search:
    """What has been found so far."""

    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: NDArray[np.int64]
    """The rows of the table that the columns hold."""
    pinned: Mapping[str, int | None]
    """Roles whose column was answered; None where none has it."""
    ages: frozenset[int]
    """The columns of an aging, which are no other's."""
    spent: frozenset[int] = frozenset()
    """Columns that another was made of."""
    places: dict[str, int] = field(default_factory=dict)
    proof: dict[str, str] = field(default_factory=dict)
    open_points: list[tuple[Choice, ...]] = field(default_factory=list)
    unsaid: frozenset[str] = frozenset()
    """Roles of columns of money that neither a heading gives nor a sum proves."""

    def free(self) -> list[Column]:
        used = {
            *self.ages,
            *self.spent,
            *self.places.values(),
            *(place for place in self.pinned.values() if place is not None),
        }
        return [column for column in self.columns if column.place not in used]

    def options(self, roles: Iterable[Role]) -> dict[str, list[tuple[Column, int]]]:
        """The columns that may have each role: the one that was answered, else those whose heading says so."""
        found: dict[str, list[tuple[Column, int]]] = {}
        for role in roles:
            if role.key in self.pinned:
                place = self.pinned[role.key]
                found[role.key] = [] if place is None else [(self.columns[place], 0)]
                continue
            found[role.key] = self.named(role)[:RIVALS]
        return found

    def named(self, role: Role) -> list[tuple[Column, int]]:
        """The columns left whose heading names a role, the plainest first."""
        ranked = [(column, rank) for column in self.free() if (rank := column.rank(role)) is not None]
        return sorted(ranked, key=lambda one: one[1])

    def narrow(self) -> None:
        """Look at the rows that have a date alone, where there are any: others are names and totals of groups."""
        dated = [self.columns[self.places[key]] for key in ("document_date", "due_date") if key in self.places]
        rows = np.logical_or.reduce([one.filled & one.readable_days for one in dated] or [np.zeros(0, bool)])
        if rows.any():
            self.columns = tuple(column.of(rows) for column in self.columns)
            self.rows = self.rows[rows]

    def take(self, reading: Reading, keep: Iterable[str]) -> None:
        """Accept a reading's roles, with what proves each."""
        for key in keep:
            if key in reading.roles:
                self.places[key] = reading.roles[key].place
        for verdict in reading.proofs:
            for key in verdict.identity.roles:
                if key in self.places:
                    self.proof.setdefault(key, str(verdict))


def propose(
    table: RawTable,
    pinned: Mapping[str, int | None] | None = None,
    *,
    ages: tuple[BucketColumn, ...] = (),
    spent: frozenset[int] = frozenset(),
    by_months: bool = False,
    by_shape: bool = False,
) -> Proposal:
    """Read a table. `pinned` are roles whose column was answered, None where no column has it; `ages` are buckets,
    `spent` columns that have no role of their own; `by_months`: they are months.

    `by_shape`: roles that no heading gives go to columns whose values could have them: a guess to be corrected.
    """
    read, rows = columns_with_rows(table)
    aged = ages or bucket_headings.buckets(table.headers) or ()
    aged = aged if ages or all(read[one.place].numeric or not read[one.place].count for one in aged) else ()
    found = _Search(table.headers, read, rows, pinned or {}, frozenset(one.place for one in aged), spent)
    found.places.update({key: place for key, place in (pinned or {}).items() if place is not None})
    as_of = _days(found)
    found.narrow()
    _others(found)
    _figures(found)
    _currency_of_the_figure(found)
    _settled(found)
    if by_months and "amount" in found.places and _DATED.isdisjoint(found.places):
        _ask_if_balances(found)
    if by_shape:
        found.places = {key: place for key, place in found.places.items() if key not in found.unsaid}
    balances = _balances(found)
    lack = found.ages and not balances and {"amount", "open_amount", "debit", "quantity"}.isdisjoint(found.places)
    parts = tuple(sorted(found.ages)) if lack or (balances and _ages_are_of_documents(found, aged, table)) else ()
    balances = {} if parts else balances
    more = guessed(found.free(), found.places) if by_shape and not balances else {}
    return Proposal(
        balances or {**found.places, **more},
        found.proof,
        tuple(aged) if balances else (),
        as_of,
        tuple(found.open_points),
        balances=bool(balances),
        guessed=frozenset(more),
        spent=found.spent | {*parts},
        parts=parts,
    )


def _balances(found: _Search) -> dict[str, int]:
    """The columns of a list of balances: customers with ages, or with a balance and no documents; {} of others.

    Documents with ages and without an amount are parts of balances, too, where no other column says how old they are.
    """
    dated = set(_OF_DOCUMENTS & found.places.keys())
    if dated == {"document_no"} and not _names_documents(found):
        dated = set()
    if dated and found.ages and {"amount", "open_amount", "debit", "due_date", "days_overdue"}.isdisjoint(found.places):
        dated = set()
    if dated or (not found.ages and ("open_amount" not in found.places or _has_days(found))):
        return {}
    total = found.places.get("open_amount", found.places.get("amount"))
    if total is None:
        # One that the ages do not add up to is still the total: where they differ is told.
        said = [one for role in FIGURES[:2] for one, _ in found.options((role,))[role.key]]
        total = said[-1].place if said else None
    kept = {key: place for key, place in found.places.items() if key in _OF_CUSTOMERS}
    return kept if total is None else {**kept, "open_amount": total}


def _has_days(found: _Search) -> bool:
    """Whether a column holds days that no heading explains: those of documents, for someone to say."""
    return any(one.dated and not one.understood for one in found.free())


def _ages_are_of_documents(found: _Search, aged: Sequence[BucketColumn], table: RawTable) -> bool:
    """Whether ages count from the dates of documents, on one day for all: then they say nothing of what is overdue."""
    if "document_date" not in found.places or not aged:
        return False
    days = _values_of_days({"document_date": found.columns[found.places["document_date"]]})["document_date"]
    first, last, count, filled = days.min(), days.max() + 2 * bucket_headings.LONGEST, 0, 0
    for one in aged:
        own = days[(found.columns[one.place].amount != 0) & (days < int(dates.BAD_DATE))]
        if own.size and one.bucket.first is not None:
            count, filled = count + own.size, filled + 1
            first = max(first, own.max() + one.bucket.first)
            last = min(last, own.min() + (bucket_headings.LONGEST if one.bucket.last is None else one.bucket.last))
    shown = stated_day(table.preamble, None)
    return count >= identities.LEAST and filled > 1 and first <= last and (shown is None or first <= shown <= last)


def _names_documents(found: _Search) -> bool:
    """Whether the numbers of documents are called so; others may be those of customers."""
    heading = found.columns[found.places["document_no"]]
    return any("document" in meaning for meaning in heading.meanings)


def _ask_if_balances(found: _Search) -> None:
    """Ask whether the total of months is what is open: it may be what was sold in them."""
    place = found.places.pop("amount")
    if "open_amount" not in found.places:
        found.places["open_amount"] = place
        total = float(found.columns[place].amount.sum()) / 10**DIGITS
        found.open_points.append((Choice("open_amount", unique(place, found.headings), total),))


# ---- dates


def _days(found: _Search) -> int | None:
    options = found.options(DAYS_OF_A_DOCUMENT)
    told = options["document_date"] or options["days_overdue"]
    if told and not options["due_date"] and "due_date" not in found.pinned:
        unsaid = [one for one in found.free() if one.dated and not one.otherwise(DATE)]
        taken = {one.place for one, _ in options["document_date"] if one.understood}
        options["due_date"] = [
            (one, UNSAID) for one in unsaid if one.place not in taken and _follows(one, options["document_date"])
        ]
    by_terms_alone = not told and not options["due_date"] and not {"document_date", "due_date"} & found.pinned.keys()
    if by_terms_alone:
        days = [(one, UNSAID) for one in found.free() if one.dated and not one.otherwise(DATE)][:RIVALS]
        options |= {"document_date": days, "due_date": days}
    best, *rivals = search(options, identities.DAYS, _values_of_days, _due, found.pinned) or (None,)
    if best is None or (by_terms_alone and (rivals or not best.proofs)):
        return None
    found.take(best, ("document_date", "due_date", "days_overdue"))
    by_terms = "due_date" not in best.roles and any(one.rank(TERMS) is not None for one in found.free())
    if rivals and (by_terms or any(rival.said >= best.said for rival in rivals)):
        _ask(found, (best, *rivals), ("due_date", "document_date"))
    return _shown(best.roles)


def _shown(roles: Mapping[str, Column]) -> int | None:
    """The day that due dates and days overdue give alike in all rows that say it, two at least."""
    if not {"due_date", "days_overdue"} <= set(roles):
        return None
    values = _values_of_days(roles)
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
    days = _values_of_days({"document_date": documents[0][0], "due_date": column})
    both = column.filled & documents[0][0].filled
    gap = (days["due_date"] - days["document_date"])[both]
    return bool(gap.size) and float((gap >= 0).mean()) >= AFTER and bool((gap > 0).any())


def _values_of_days(roles: Mapping[str, Column]) -> Values:
    read = {key: column.days for key, column in roles.items() if key != "days_overdue"}
    order = dates.decide_order(read) if read else {}
    values = {key: column.read(order[key].order or "dmy").astype(np.int64) for key, column in read.items()}
    if "days_overdue" in roles:
        values["days_overdue"] = roles["days_overdue"].amount // 10**DIGITS
    return values


def _due(values: Values) -> NDArray[np.int64] | None:
    return next((values[key] for key in ("due_date", "days_overdue", "document_date") if key in values), None)


# ---- money


def _figures(found: _Search) -> None:
    extra = _accounts(found)
    run = _run(found, extra)
    if run is not None and (run.verdict.says == "proven" or _is_said(run) or "running_balance" in found.pinned):
        _take_run(found, run)
    elif not {"open_amount", "amount", "paid_amount"} & found.pinned.keys():
        _take_rolled(found)
    options = found.options([role for role in FIGURES if role.key != "running_balance"])
    options = {key: _foreign_first(some) for key, some in options.items()}
    # Which of several plain words is meant is for arithmetic to say; that a word is not known counts.
    options = {key: [(column, int(bool(column.words.unknown))) for column, _ in some] for key, some in options.items()}
    credit = options.pop("credit", [])
    if "running_balance" not in found.places:
        _add_unsaid(found, options)
    _add_sides(found, options)
    if options["debit"]:
        options["credit"] = [*credit, *options.get("credit", [])]
    if found.ages:
        extra["ages"] = sum((found.columns[place].amount for place in found.ages), np.zeros_like(extra["account"]))

    def values(roles: Mapping[str, Column]) -> Values:
        known = {key: column.amount for key, column in roles.items()}
        if "debit" in known and "credit" in known:
            known["movement"] = known["debit"] - known["credit"]
        elif "amount" in known:
            known["movement"] = known["amount"]
        return {**known, **extra}

    best, *rivals = search(options, identities.MONEY, values, _open, found.pinned) or (None,)
    if best is None:
        return
    if run is not None and "running_balance" not in found.places and "open_amount" not in best.tied:
        _ask_if_it_runs(found, run, best)
    # What is open is enough: an amount that nothing speaks for is none.
    found.unsaid = best.unsaid - best.tied - found.pinned.keys()
    idle = {"amount"} & found.unsaid if "open_amount" in best.roles else set()
    found.take(best, [role.key for role in FIGURES[:6] if role.key not in idle])
    _leave_open(found, best, rivals)


def _run(found: _Search, accounts: Mapping[str, NDArray[np.int64]]) -> running.Run | None:
    """The balance that runs, and what it runs by, whatever they are called."""
    if "running_balance" in found.pinned and found.pinned["running_balance"] is None:
        return None
    keys = ("running_balance", *running.MOVING)
    pinned = {key: place for key in keys if (place := found.pinned.get(key)) is not None}
    others = {place for key, place in found.places.items() if key not in keys} | found.ages | found.spent
    rows = np.cumsum(np.diff(found.rows, prepend=found.rows[:1]) > 1, dtype=np.int64)
    return running.find(
        [one for one in found.columns if one.place not in others], {**accounts, "section": rows}, pinned
    )


def _is_said(run: running.Run) -> bool:
    """Whether the headings say of a balance and of what moves it that they may be these, and two rows tell."""
    mean = {"debit": (*FIGURES[:1], FIGURES[4]), "credit": (*FIGURES[2:4], FIGURES[5])}
    named = all(
        any(column.rank(role) is not None for role in mean.get(key, FIGURES[:1]))
        for key, column in run.roles.items()
        if key not in ("running_balance", "sign")
    )
    return named and run.verdict.of > 1 and run.roles["running_balance"].rank(FIGURES[6]) is not None


def _take_run(found: _Search, run: running.Run) -> None:
    """Accept a balance that runs, and the columns that move it."""
    for key, column in run.roles.items():
        found.places[key] = column.place
        if run.verdict.says == "proven":
            found.proof[key] = str(run.verdict)
    found.spent |= set() if run.beside is None else {run.beside.place}
    if "sign" in found.places and "sign" not in run.roles and "sign" not in found.pinned:
        del found.places["sign"]
    told = {key: column.place for key, column in run.roles.items()}
    found.pinned = {**dict.fromkeys(_REDUCING), **dict.fromkeys(running.MOVING), **told, **found.pinned}


def _take_rolled(found: _Search) -> None:
    """Accept the last of balances that each row moves: what is open is the balance after."""
    others = {*found.places.values()} | found.ages | found.spent
    columns = running.rolled([one for one in found.columns if one.place not in others])
    if columns:
        found.places["open_amount"] = columns[-1].place
        found.proof["open_amount"] = "Balance = balance before + added - taken, in each row"
        found.pinned = {**dict.fromkeys(("amount", *_REDUCING)), "open_amount": columns[-1].place, **found.pinned}
        found.spent |= {one.place for one in columns[:-1]}


def _ask_if_it_runs(found: _Search, run: running.Run, best: Reading) -> None:
    """Ask whether a balance runs that does on all rows that tell, where these are too few to prove it."""
    balance = run.roles["running_balance"]
    is_open = balance.place == _place(best, "open_amount")
    if not is_open or (best.outcome is not None and np.array_equal(best.outcome, run.movement)):
        return
    name = unique(balance.place, found.headings)
    choices = Choice("running_balance", name, _total(run.movement)), Choice("open_amount", name, _total(best.outcome))
    found.open_points.append(choices)


def _add_sides(found: _Search, options: dict[str, list[tuple[Column, int]]]) -> None:
    """What is invoiced and what is paid in rows of their own are debit and credit, whatever they are called."""
    if options["debit"] or {"debit", "credit"} & found.pinned.keys():
        return
    for amount, rank in options["amount"]:
        for key in _REDUCING:
            for paid, other in options[key]:
                apart = not ((amount.amount != 0) & (paid.amount != 0)).any()
                if apart and amount.place != paid.place and amount.amount.any() and paid.amount.any():
                    options["debit"] = [*options["debit"], (amount, rank)]
                    options["credit"] = [*options.get("credit", []), (paid, other)]


def _leave_open(found: _Search, best: Reading, rivals: list[Reading]) -> None:
    """What is not proven is asked: a rival reading, what may reduce the amounts, what may be to be paid."""
    if rivals:
        _ask(found, (best, *rivals), ("open_amount", "amount", "paid_amount", "credited_amount", "debit", "credit"))
    elif "amount" in best.roles and not {"open_amount", "running_balance"} & set(best.roles):
        _ask_for_open(found, best)
        if "paid_amount" in best.roles and not best.proofs:
            _ask_if_paid(found, best)


def _foreign_first(ranked: list[tuple[Column, int]]) -> list[tuple[Column, int]]:
    """Without amounts in local currency, or of lines, where there are others of the same role."""
    own = [one for one in ranked if not _is_local(one[0])] or ranked
    return [one for one in own if not any("line" in meaning for meaning in one[0].meanings)] or own


def _ask_if_paid(found: _Search, best: Reading) -> None:
    """Ask whether a column is what was paid where most documents would be paid whole: it may be what is to be paid."""
    amount, paid = best.roles["amount"].amount, best.roles["paid_amount"].amount
    if "paid_amount" in found.pinned or not (amount != 0).any() or (amount == paid)[amount != 0].mean() <= HALF:
        return
    name = unique(best.roles["paid_amount"].place, found.headings)
    found.open_points.append(
        (
            Choice("open_amount", name, float(paid.sum()) / 10**DIGITS),
            Choice("paid_amount", name, float((amount - paid).sum()) / 10**DIGITS),
        )
    )


def _ask_for_open(found: _Search, best: Reading) -> None:
    """Leave open what reduces the amounts where the file has a word for it, over a column that is not read.

    A second amount, nowhere more than the first, may be what is left of it.
    """
    amount, reduced = best.roles["amount"], "paid_amount" in best.roles
    may_be = ("credited_amount",) if reduced else ("open_amount", "paid_amount")
    keys = tuple(key for key in may_be if key not in found.pinned)
    column = next((one for one in found.free() if _may_reduce(found, one, best, reduced=reduced)), None)
    if column is None or not keys:
        return
    name, total, own = unique(column.place, found.headings), _total(best.outcome), _total(abs(column.amount))
    gives = {"open_amount": _total(column.amount)}
    read = [Choice(key, name, gives.get(key, total - own)) for key in keys if key == keys[0] or _within(column, amount)]
    found.open_points.append((*read, Choice(keys[0], NONE, total)))


def _may_reduce(found: _Search, column: Column, best: Reading, *, reduced: bool) -> bool:
    """Whether a heading speaks of what is open or paid, or is that of a second amount, and cells show some of it."""
    said = REDUCED - {"open", "balance"} if reduced else REDUCED
    spoken = any(said & meaning and not {"days", "date", "terms"} & meaning for meaning in column.meanings)
    # Whole numbers under a word for a discount may be its days, or its percent.
    money = column.with_decimals or any({"paid", "applied", "credited"} & meaning for meaning in column.meanings)
    shown = money and (column.amount != 0).any() if column.numeric else column.shares
    if column.numeric and _refers(found, column):
        return False
    amount = column.rank(FIGURES[0]) is not None and not column.otherwise(MONEY)
    second = amount and not reduced and column not in best.roles.values()
    within = _within(column, best.roles["amount"])
    return bool(shown and (spoken or (second and within)) and (within or not reduced))


def _refers(found: _Search, column: Column) -> bool:
    """Whether a column names documents of the list: what a payment was applied to."""
    place = found.places.get("document_no")
    return place is not None and {*column.different_words} <= {*found.columns[place].different_words}


def _add_unsaid(found: _Search, options: dict[str, list[tuple[Column, int]]]) -> None:
    """Columns of money whose headings say nothing may be what is open or paid, where nothing else is."""
    figures = {place for role in FIGURES if (place := found.pinned.get(role.key)) is not None}
    free = [one for one in found.free() if one.numeric and not _is_told(one) and not one.otherwise(MONEY)]
    numbers = [one for one in (*found.free(), *(found.columns[place] for place in figures)) if one.numeric]
    ties = _ties(numbers) if free else []
    tied = {one.place for tie in ties for one in tie}
    unsaid = [one for one in free if one.with_decimals or one.place in tied]

    def add(key: str, columns: Iterable[Column]) -> None:
        options[key] = [*options[key], *((one, UNSAID) for one in columns)][: 2 * RIVALS]

    if "amount" not in found.pinned and not options["debit"]:
        # Where none is named, or one is that others exceed, it may be any: rivals, or what a balance runs by.
        named = [one for one, _ in options["amount"]]
        wholes = {whole.place for whole, *_ in ties}
        may_be = [one for one in unsaid if one.place in wholes] if len(wholes) == 1 and not named else unsaid
        add("amount", (one for one in may_be if not any(_within(one, whole) for whole in named)))
    for key, other in (("net_amount", "tax_amount"), ("tax_amount", "net_amount")):
        if any(column.understood for column, _ in options[other]):
            # What adds up to the amount beside one that is named is the other, whatever it is called.
            add(key, (one for one in unsaid if not _speaks_of(one, _LEFT | _TAKEN)))
    if not options["open_amount"]:
        _add_parts(found, options, unsaid, [whole for whole, *_ in ties])


def _ties(columns: Sequence[Column]) -> list[tuple[Column, Column, Column]]:
    """Columns of which one is in each row what two others add up to: amounts, though they have no decimals.

    A part that is always the same share of the other may be a tax.
    """
    filled = [one for one in columns if one.amount.any()][: 3 * RIVALS]
    by_values = {one.amount.tobytes(): one for one in filled}
    found = []
    for one, other in combinations(filled, 2):
        whole = by_values.get((one.amount + other.amount).tobytes())
        both = (one.amount != 0) & (other.amount != 0)
        shares = np.unique(np.round(one.amount[both] / other.amount[both], 3))
        if whole is not None and both.size >= identities.LEAST and both.any() and (shares.size > 1 or not both.all()):
            found.append((whole, one, other))
    return found


def _is_told(column: Column) -> bool:
    return column.understood and _of_money(column)


def _speaks_of(column: Column, concepts: frozenset[str]) -> bool:
    return any(concepts & said for said in column.meanings)


def _add_parts(
    found: _Search, options: dict[str, list[tuple[Column, int]]], unsaid: list[Column], wholes: list[Column]
) -> None:
    """What is within an amount that is named, or of which others are parts, may be open, paid or credited of it."""
    wholes = [*(whole for whole, rank in options["amount"] if rank < UNSAID), *wholes]
    parts = [(one, UNSAID) for one in unsaid if any(_within(one, whole) for whole in wholes)]
    for key, others in _SPEAKS_FOR.items():
        if key not in found.pinned and not options[key]:
            options[key] = [one for one in parts if not _speaks_of(one[0], others)][:RIVALS]


def _within(part: Column, whole: Column) -> bool:
    """Whether a column could be a part of another: nowhere more, and somewhere something."""
    return bool((abs(part.amount) <= abs(whole.amount)).all() and (part.amount != 0).any())


def _accounts(found: _Search) -> dict[str, NDArray[np.int64]]:
    """The customer of each row as a number, for what runs by customer."""
    count = len(found.columns[0].filled) if found.columns else 0
    place = next((found.places[key] for key in ("customer_id", "customer_name") if key in found.places), None)
    codes = np.zeros(count, np.int64)
    if place is not None:
        codes = np.unique(np.asarray(found.columns[place].text.fill_null("").to_pylist(), str), return_inverse=True)[1]
    return {"account": codes.astype(np.int64), "whole": np.zeros(count, np.int64)}


def _open(values: Values) -> NDArray[np.int64] | None:
    """What a reading of the money comes to: what is open of each row."""
    if "open_amount" in values:
        return values["open_amount"]
    if "debit" in values and "credit" in values:
        amount = values["debit"] - values["credit"]
    elif "debit" in values or "credit" in values or "amount" not in values:
        return None
    else:
        amount = values["amount"]
    reduced = sum(np.abs(values[key]) for key in ("paid_amount", "credited_amount") if key in values)
    return np.asarray(np.sign(amount) * (np.abs(amount) - reduced), np.int64)


def _currency_of_the_figure(found: _Search) -> None:
    """Of several currencies the one beside the figure; of a local amount only that of the company."""
    key = next((key for key in ("open_amount", "amount", "debit") if key in found.places), None)
    place = found.places.pop("currency", None)
    if place is None or key is None or "currency" in found.pinned:
        found.places |= {} if place is None else {"currency": place}
        return
    figure = found.columns[found.places[key]]
    named = [one for one, _ in found.named(CURRENCY) if one.count] or [found.columns[place]]
    named += [one for one in found.free() if not one.understood and one.says(VALUES["currency"]) and one not in named]
    if len(named) > 1 and key == "open_amount" and (of := _amounts_of(found, figure, named)):
        found.places["currency"] = of[0][1].place
        if len(of) > 1:
            total = _total(figure.amount)
            found.open_points.append(
                tuple(Choice("currency", unique(one.place, found.headings), total) for _, one in of)
            )
        elif found.places.get("amount") is not None and "amount" not in found.pinned:
            found.places["amount"] = of[0][0].place
        return
    same = [one for one in named if _is_local(one) == _is_local(figure)]
    best = [one for one in same if one.rank(CURRENCY) == same[0].rank(CURRENCY)] if same else []
    if best:
        # Of as many currencies as there are such amounts each is that of one.
        twins = sorted(one.place for one in found.columns if one.heading == figure.heading)
        best.sort(key=lambda one: one.place)
        of_each = len(best) == len(twins)
        beside = (
            best[twins.index(figure.place)] if of_each else min(best, key=lambda one: abs(one.place - figure.place))
        )
        found.places["currency"] = beside.place
    elif not _is_local(figure):
        found.places["currency"] = place


def _amounts_of(found: _Search, figure: Column, named: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Of as many amounts as there are currencies, each with its own, that which a figure is what is left of.

    It equals that amount where nothing is paid. Several where no row tells nor any heading; none where it is not so.
    """
    others = [
        one
        for one in found.columns
        if one.place != figure.place and one.numeric and any(one.rank(role) is not None for role in FIGURES[:2])
    ]
    if len(others) != len(named):
        return []
    pairs = [*zip(others, sorted(named, key=lambda one: one.place), strict=True)]
    fits = [pair for pair in pairs if _within(figure, pair[0])]
    differ = np.logical_or.reduce([one.amount != others[0].amount for one in others])
    same = [pair for pair in fits if ((figure.amount == pair[0].amount) & differ).any()]
    if len(same) == 1:
        return same
    alike = len({_is_local(one) for one in (figure, *others)}) == 1
    return fits if alike and differ.any() else []


def _is_local(column: Column) -> bool:
    return any("local" in meaning for meaning in column.meanings)


def _ask(found: _Search, readings: tuple[Reading, ...], keys: tuple[str, ...]) -> None:
    """Leave a point open: the first role in which the readings differ, or what a column is instead."""
    if any("debit" in reading.roles for reading in readings):
        keys = tuple(key for key in keys if key != "amount")
    key = next((key for key in keys if len({_place(reading, key) for reading in readings}) > 1), None)
    if key is None:
        return
    least = min(readings, key=lambda reading: len(reading.roles))
    choices: dict[tuple[str, int | None], Choice] = {}
    for reading in readings:
        # Where no column has the role, one may have another: it is paid, not open.
        own = next((one for one in keys if _place(reading, one) not in (None, _place(least, one))), key)
        place = _place(reading, own)
        heading = NONE if place is None else unique(place, found.headings)
        choices.setdefault((own, place), Choice(own, heading, _total(reading.outcome)))
    found.open_points.append(tuple(choices.values()))


def _total(outcome: NDArray[np.int64] | None) -> float:
    return 0.0 if outcome is None else float(outcome.sum()) / 10**DIGITS


def _place(reading: Reading, key: str) -> int | None:
    return reading.roles[key].place if key in reading.roles else None


# ---- days of payment


def _settled(found: _Search) -> None:
    """Keep the day on which documents were paid where the rows that have one are paid; ask where nothing says so.

    A day on documents of which nothing is paid is none of payment. One that all documents have, or the last one, may
    be when they are to be paid, or were in part.
    """
    place = found.places.get("settled_date")
    if place is None or "settled_date" in found.pinned:
        return
    column = found.columns[place]
    dated = column.filled & column.readable_days
    paid, unpaid = _paid_or_not(found)
    if not dated.any() or (paid & dated).sum() > HALF * dated.sum():
        return
    against = (unpaid & dated).sum() > (1 - AFTER) * dated.sum()
    if not against and column.understood and not dated.all() and "last" not in column.words.concepts:
        return
    del found.places["settled_date"]
    heading, figure = unique(place, found.headings), _figure(found)
    due = [] if "due_date" in found.places else [Choice("due_date", heading, _total(figure))]
    settled = [] if against else [Choice("settled_date", heading, _total(figure[~dated]))]
    if due or settled:
        nothing = Choice((due if against else settled)[0].key, NONE, _total(figure))
        found.open_points.append((*settled, *due, nothing))


def _figure(found: _Search) -> NDArray[np.int64]:
    """What each row amounts to."""
    keys = [key for key in ("open_amount", "amount", "debit") if key in found.places]
    return found.columns[found.places[keys[0]]].amount if keys else np.zeros_like(found.columns[0].amount)


def _paid_or_not(found: _Search) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows of which something is paid, and of which nothing is, by what is open of them or by their status."""
    given = {key: found.columns[place].amount for key, place in found.places.items() if key in _OF_PAYMENTS}
    nothing = np.zeros_like(_figure(found), bool)
    if {"amount", "open_amount"} <= given.keys():
        left = given["open_amount"] != 0
        return given["open_amount"] != given["amount"], left & (given["open_amount"] == given["amount"])
    if "open_amount" in given:
        return given["open_amount"] == 0, given["open_amount"] != 0
    if "paid_amount" in given:
        return given["paid_amount"] != 0, given["paid_amount"] == 0
    if "status" not in found.places:
        return nothing, nothing
    said = found.columns[found.places["status"]].text.fill_null("").to_pylist()
    means = {text: words.status_of(text) for text in set(said)}
    told = [
        np.array([means[text] in some for text in said], bool)
        for some in (("paid", "partly paid"), ("open", "overdue"))
    ]
    return told[0], told[1]


# ---- the others


def _others(found: _Search) -> None:
    """Everything but dates and money: words and shape say which column it is, or the words in its cells."""
    named = any("name" in meaning for column in found.free() for meaning in column.meanings)
    for role in OTHERS:
        keys = [key for key in (role.key, *AGAIN.get(role.key, ())) if key not in {*found.places, *found.pinned}]
        if not keys or found.pinned.get(role.key, 0) is None:
            continue
        ranked = [column for column, _ in _by_words(role, found, named)] or _by_cells(role, found)
        for key, column in zip(keys, ranked, strict=False):
            found.places[key] = column.place


def _by_words(role: Role, found: _Search, named: bool) -> list[tuple[Column, int]]:
    """The columns whose headings say a role, and whose cells do not deny it."""
    ranked = [(column, rank) for column, rank in found.named(role) if column.count]
    if role.key != "contact_email":
        ranked = [one for one in ranked if not one[0].of_emails]
    if role.key == "customer_id":
        # A heading that only says customer is that of a name, unless its cells are codes.
        ranked = [one for one in ranked if one[0].code_like or named or "number" in one[0].words.concepts]
    if role.key in ("customer_id", "customer_name"):
        ranked = _of_customers_first(ranked, found)
    if role.key == "status":
        # Paid and open may be amounts, or words of other things; numbers are codes of a status only where it says so.
        ranked = [one for one in ranked if "status" in one[0].words.concepts or one[0].says(words.status_of)]
        ranked = [one for one in ranked if one[0].whole or not one[0].numeric]
    if role.key == "document_no":
        ranked = [one for one in ranked if not one[0].counter or "document" in one[0].words.concepts]
    return ranked


def _by_cells(role: Role, found: _Search) -> list[Column]:
    """The columns whose cells alone say a role."""
    if role.key in VALUES:
        # What an amount is called may stand above its currency: "Val." is value and valuta.
        unclear = [one for one in found.free() if not one.understood or (role.key == "currency" and _of_money(one))]
        return [one for one in unclear if one.says(VALUES[role.key])]
    if role.key == "contact_email":
        return [one for one in found.free() if one.of_emails]
    if role.key == "ledger":
        return [
            one
            for one in found.free()
            if one.says(words.books_of) and "payable" in map(words.books_of, one.different_words)
        ]
    return []


def _of_money(column: Column) -> bool:
    """Whether the heading is that of an amount, whatever the cells hold."""
    return any(role.rank(meaning) is not None for role in FIGURES for meaning in column.meanings)


def _of_customers_first(ranked: list[tuple[Column, int]], found: _Search) -> list[tuple[Column, int]]:
    """Without columns of accounts where others speak of customers, or where there is but one account.

    An account of its own for each name of a customer is that customer's.
    """
    customers = [one for one in found.columns if any("customer" in meaning for meaning in one.meanings)]
    accounts = [one for one in ranked if not any("customer" in meaning for meaning in one[0].meanings)]
    names = [] if any(one.code_like for one in customers) else customers
    idle = [
        one
        for one in accounts
        if not any(one[0].pairs_with(name) for name in names)
        and (customers or (one[0].different < 2 and one[0].count > 2))
    ]
    return [one for one in ranked if one not in idle]
