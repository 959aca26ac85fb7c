"""Which layout a table has: a known system's, our own, or the reading that its words, shapes and sums speak for."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, rows, words
from xlwings_addin.ledger import mapping as said
from xlwings_addin.ledger.arrow import pc
from xlwings_addin.ledger.bucket_headings import bucket, buckets
from xlwings_addin.ledger.errors import Answer, AnswerError, QuestionError
from xlwings_addin.ledger.evidence import currencies, groups, lists, receipts, roles, sections
from xlwings_addin.ledger.evidence.ages import with_due_dates
from xlwings_addin.ledger.evidence.columns import JUDGED, columns
from xlwings_addin.ledger.evidence.draft import Choice
from xlwings_addin.ledger.evidence.due_days import day_shown
from xlwings_addin.ledger.evidence.due_told import with_told_due_dates
from xlwings_addin.ledger.evidence.identities import BY_CUSTOMER, BY_GROUP
from xlwings_addin.ledger.evidence.proposal import propose
from xlwings_addin.ledger.formats import all_formats, canonical
from xlwings_addin.ledger.formats.declaration import Format, Match, title_key
from xlwings_addin.ledger.left_out import SUPPLIERS
from xlwings_addin.ledger.money import in_any_currency
from xlwings_addin.ledger.preamble import stated_day
from xlwings_addin.ledger.reading import NET_AND_TAX, read_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlwings_addin.ledger.bucket_headings import BucketColumn
    from xlwings_addin.ledger.evidence.draft import Proposal
    from xlwings_addin.ledger.evidence.receipts import Items
    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.formats.declaration import Role
    from xlwings_addin.ledger.mapping import Mapped

BEST_GUESS = "read by its headings"
BALANCES = "balances by customer"
GUESS = Format(
    name=BEST_GUESS,
    role="items",
    titles={},
    needs=(),
    values={"kind": canonical.KINDS},
    report=True,
    guessed=True,
    general=True,
)
"""Any other system, or a mapping's: which column is what is found by evidence."""
_OWN = {title_key(name) for one in canonical.ITEMS.titles for name in canonical.ITEMS.titles[one][:2]}
"""Our own headings and keys."""
COMPLETE = 1000
"""What a heading row scores beyond others that holds all a layout needs."""
_CENTS = re.compile(r"(?i)(?<![a-z])(cents?|minor|centimes|centavos|pence|kopeks)(?![a-z])|_cents\b")
"""Words of headings whose amounts are whole cents."""
_WHO = ("customer_id", "customer_name")
_COMPANIES = frozenset({"company", "name"})
_WHEN = ("document_date", "due_date", "days_overdue", "age_days")


def header_score(role: Role, mapped: Mapped | None) -> Callable[[Sequence[str]], int]:
    """How much a row of texts looks like a header: by the headings of known layouts, else by words."""
    layouts = [layout for layout in all_formats() if role in ("items", layout.role)]

    def score(headers: Sequence[str]) -> int:
        keys = frozenset(title_key(header) for header in headers)
        best = 0
        if mapped is not None and mapped.columns:
            there = sum(title_key(heading) in keys for heading in mapped.columns.values())
            best = there + (COMPLETE if there == len(mapped.columns) else 0)
        for layout in layouts:
            # Most rows are no header of anything.
            if len(layout.known & keys) < 2:
                continue
            match = layout.match(headers)
            if len(match.places) >= 2:
                # Three plain words make a list of receipts, and are in half of all lists of items.
                whole = match.complete and (layout.role == role or not layout.general)
                best = max(best, match.score + (COMPLETE if whole else 0))
        return best if best >= COMPLETE or role != "items" else max(best, _named(headers))

    return score


def _named(headers: Sequence[str]) -> int:
    """How many roles the words of a row name, if it is one of words and names two or more."""
    filled = [header for header in headers if header.strip()]
    aged = [header for header in filled if bucket(header) or lists.is_month(header)]
    rest = [header for header in filled if header not in aged]
    if sum(header.strip()[0].isdigit() for header in rest) > 0.3 * len(filled):
        return 0
    said = {str(bucket(header) or header): 1 for header in aged}
    for header in rest:
        meanings = [frozenset(meaning) for meaning in words.read(header).readings]
        sizes = {role.key: len(meaning) for role in roles.ALL for meaning in meanings if role.rank(meaning) is not None}
        if sizes:
            key = max(sizes, key=lambda one: sizes[one])
            said[key] = max(said.get(key, 0), sizes[key])
    return sum(said.values()) if len(said) > 2 else 0


def recognise(
    table: RawTable, wanted: Sequence[Role], mapped: Mapped | None = None, *, by_shape: bool = False
) -> tuple[RawTable, Match] | None:
    """The layout of a table and the table as it is read by it; None where it has none.

    Raises QuestionError where several readings have as much for them, LedgerError where a mapping does not fit.
    `by_shape`: columns whose headings say nothing go by their values, as a guess.
    """
    known = known_layout(table, wanted, mapped)
    if known is not None:
        return with_currencies(table, known)
    return by_evidence(table, mapped, by_shape=by_shape) if "items" in wanted else None


def known_layout(table: RawTable, wanted: Sequence[Role], mapped: Mapped | None = None) -> Match | None:
    """The system's format, or our own, that explains the headings best; None where none does or columns were named."""
    if mapped is not None and (mapped.columns.keys() - {roles.UNAPPLIED.key} or mapped.buckets):
        wanted = [role for role in wanted if role != "items"]
    best = _best_layout(table, wanted)
    if best is None:
        return None
    best = _with_marks(_with_special_ledger(replace(best, day=day_shown(table, best.places)), table), table)
    if best.format.role == "items":
        best = _with_unapplied(best, table, mapped)
    if mapped is None:
        return best
    # A system's layout keeps its own name.
    return replace(best, format=said.applied(mapped, best.format, {"name": best.format.name}))


def _best_layout(table: RawTable, wanted: Sequence[Role]) -> Match | None:
    matches = [layout.match(table.headers) for layout in all_formats() if layout.role in wanted]
    matches = [match for match in matches if not _names_in_a_column(match)]
    complete = [match for match in matches if match.complete and not _says_more(match, table)]
    # Items with further columns, our own sheet Ledger for one, are no list of customers for their names and regions.
    items = max((match.score for match in matches if match.complete and _says_more(match, table)), default=0)
    complete = [match for match in complete if match.format.role == "items" or match.score > items]
    return max(complete, key=lambda match: (match.score, not match.format.general), default=None)


def with_currencies(table: RawTable, match: Match) -> tuple[RawTable, Match]:
    """A table of a known layout, with the currencies next to its amounts where no column says them."""
    told = currencies.with_currency(table, match.places) if match.format.role == "items" else None
    signs = [one for one in pc.unique(told.columns[-1]).to_pylist() if one] if told else []
    # One sign that several countries share is that of the company's own country.
    if told is None or not signs or (len(signs) == 1 and len(words.currency_of(signs[0])) > 1):
        return table, match
    return told, replace(match, places={**match.places, "currency": len(table.headers)})


def _names_in_a_column(match: Match) -> bool:
    """Whether a layout has its customers in rows of their own, and the table has a column that names them."""
    if match.format.group != "customer" or {*_WHO} & set(match.places):
        return False
    named = (role for role in roles.OTHERS if role.key in _WHO)
    said = [frozenset(meaning) for header in match.extras for meaning in words.read(header).readings]
    return any(role.rank(meaning) is not None for role in named for meaning in said)


def _with_unapplied(match: Match, table: RawTable, mapped: Mapped | None) -> Match:
    """A system's layout with a column of what is unapplied, as answered. Raises QuestionError where it was not."""
    key = roles.UNAPPLIED.key
    answered = {} if mapped is None else _pinned(mapped, table)
    if key in answered:
        place = answered[key]
        extras = tuple(one for one in match.extras if place is None or one != table.headers[place])
        return match if place is None else replace(match, places={**match.places, key: place}, extras=extras)
    named = [place for place, header in enumerate(table.headers) if header in match.extras and _is_unapplied(header)]
    column = columns(table)[named[0]] if named else None
    if column is not None and column.numeric and column.amount.any():
        name = said.unique(column.place, table.headers)
        raise _question(table, tuple(Choice(key, heading, 0) for heading in (name, said.NONE)))
    return match


def _is_unapplied(header: str) -> bool:
    return any(roles.UNAPPLIED.rank(frozenset(meaning)) is not None for meaning in words.read(header).readings)


def _with_special_ledger(match: Match, table: RawTable) -> Match:
    """A system's layout with its column of the special ledger, which each list abbreviates in its own way."""
    if "special_gl" in match.places or "special_gl" not in match.format.titles:
        return match
    named = (place for place, header in enumerate(table.headers) if header in match.extras and _is_special(header))
    place = next(named, None)
    if place is None:
        return match
    extras = tuple(header for header in match.extras if header != table.headers[place])
    return replace(match, places={**match.places, "special_gl": place}, extras=extras)


def _with_marks(match: Match, table: RawTable) -> Match:
    """A system's layout with the column that marks credits, where amounts that it marks so have no sign."""
    figure = next((match.places[key] for key in ("open_amount", "amount") if key in match.places), None)
    if figure is None or match.format.role != "items" or "sign" in match.places:
        return match
    for place in sorted({*range(len(table.headers))} - {*match.places.values()}):
        texts = pc.unique(cells.text(table.columns[place].slice(0, JUDGED))).to_pylist()
        sides = words.sides_of([text for text in texts if text])
        if {*sides.values()} != {"debit", "credit"}:
            continue
        amounts, marks = (columns(table)[one] for one in (figure, place))
        credit = np.array([sides.get(text or "") == "credit" for text in marks.text.to_pylist()], bool)
        if (amounts.amount[credit] > 0).any() and not (amounts.amount < 0).any():
            extras = tuple(header for header in match.extras if header != table.headers[place])
            return replace(match, places={**match.places, "sign": place}, extras=extras)
    return match


def _is_special(header: str) -> bool:
    return "special" in words.read(header).concepts


def _says_more(match: Match, table: RawTable) -> bool:
    """Whether our own layout was recognised by words that may mean something else, or beside columns of other words."""
    titles = {title_key(header) for header in table.headers if header.strip()}
    return match.format is canonical.ITEMS and not titles <= _OWN


def by_evidence(
    table: RawTable,
    mapped: Mapped | None,
    *,
    day: int | None = None,
    receipts_given: bool = False,
    by_shape: bool = False,
    like: Mapping[str, int] = MappingProxyType({}),
) -> tuple[RawTable, Match] | None:
    """The reading of a table that evidence speaks for, with what was said of it; None where it is none of items.

    `day` is the one that was given for the file, `like` are columns of a table with the same headings, as they were
    read.
    """
    table, parts = lists.with_parts(sections.with_sections(table))
    table, reductions = lists.with_reductions(table, parts)
    table, months = lists.with_months(table)
    pinned = _pins(table, mapped, like)
    ages = () if mapped is None else mapped.ages(table.headers)
    found = propose(
        table,
        pinned,
        ages=ages,
        spent=parts | reductions | months,
        by_months=bool(months),
        by_shape=by_shape,
        receipts_given=receipts_given,
    )
    if found.parts:
        places = {**found.places, "open_amount": len(table.headers)}
        table, found = lists.with_sum(table, found.parts), replace(found, places=places)
    layout = GUESS if mapped is None else said.applied(mapped, GUESS)
    if not {*_WHO} & set(found.places) or layout.group == "customer":
        grouped = groups.with_customers(table, found.places, after=layout.group_after or None)
        if grouped is not None:
            at = len(table.headers)
            key = "customer_id" if _are_codes(grouped.columns[at].to_pylist()) else "customer_name"
            apart = {"customer_id": at, "customer_name": at + 1} if len(grouped.headers) > at + 1 else {key: at}
            found = replace(found, places={**found.places, **apart})
            table, layout = grouped, replace(layout, group="section")
    elif not (mapped and mapped.columns) and not ages and (ours := _own_places(table, found)):
        name = {"name": canonical.ITEMS.name}
        layout = canonical.ITEMS if mapped is None else said.applied(mapped, canonical.ITEMS, name)
        found = replace(found, places={**ours, **found.places})
    if not by_shape:
        table, found = _with_due_dates(table, found, ages, day)
        if "due_date" not in pinned:
            _ask_for_due_dates(table, found)
    table, layout, found = _completed(table, layout, found)
    missing = _missing(found)
    if missing and not by_shape:
        return None
    if not by_shape:
        _ask(table, found)
        table, found = _with_credits(table, found, mapped)
    return table, _match(table, layout, found, missing)


def _with_due_dates(
    table: RawTable, found: Proposal, ages: tuple[BucketColumn, ...], day: int | None
) -> tuple[RawTable, Proposal]:
    """A list of documents with the days on which they are due by their ages, where nothing else says it."""
    aged = ages or buckets(table.headers) or ()
    if found.balances:
        return table, found
    shown = stated_day(table.preamble, None) if day is None else day
    told = with_told_due_dates(table, found.places, shown)
    dated = told or with_due_dates(table, found.places, aged, shown)
    if dated is None:
        return table, found
    places = {**found.places, "due_date": len(table.headers)}
    if "document_date" in places:
        places.pop("age_days", None)
    return dated, replace(found, places=places)


def _ask_for_due_dates(table: RawTable, found: Proposal) -> None:
    """Ask for days where a column says when documents are due, or whether, and none can be read in it."""
    if found.balances or {"due_date", "days_overdue", "terms"} & found.places.keys():
        return
    used = {*found.places.values(), *found.spent, *(one.place for one in found.buckets)}
    for column in columns(table):
        of_due = any(meaning <= _DUE and meaning - {"date"} for meaning in column.meanings)
        if column.place in used or not of_due or column.numeric or not column.count:
            continue
        text = next(one for one in column.text.to_pylist() if one)
        raise QuestionError(
            f"{table.place}: column '{column.heading.strip()}' says what is due, but no day with its year"
            f" ('{text[:30]}'): write the days into it, or leave them unknown.",
            Answer("column", choices=(f"due_date={said.NONE}",), gives=("no due dates",), files=(table.file,)),
        )


def _own_places(table: RawTable, found: Proposal) -> Mapping[str, int]:
    """The columns of our own headings in other words, where nothing in the file says otherwise; {} elsewhere."""
    ours, others = canonical.ITEMS.match(table.headers), set(found.places.values())
    agree = all(
        found.places.get(key, None if place in others else place) == place for key, place in ours.places.items()
    )
    return ours.places if ours.complete and agree else {}


def _with_credits(table: RawTable, found: Proposal, mapped: Mapped | None) -> tuple[RawTable, Proposal]:
    """A list of documents with kinds by the texts beside them, where these name any."""
    answered = mapped.words.get("kind", {}) if mapped else {}
    told = None if found.balances else lists.with_credits(table, found.places, answered)
    return (told, replace(found, places={**found.places, "kind": len(table.headers)})) if told else (table, found)


def _pins(table: RawTable, mapped: Mapped | None, like: Mapping[str, int]) -> dict[str, int | None]:
    """The columns of which nothing is to be found out: those that were answered, or are called as ours."""
    pinned: dict[str, int | None] = {**like, **({} if mapped is None else _pinned(mapped, table))}
    if sections.HEADING in table.headers:
        place = table.headers.index(sections.HEADING)
        if place not in pinned.values():
            pinned["status_2" if "status" in pinned else "status"] = place
    _pin_own(pinned, table)
    return pinned


def _pin_own(pinned: dict[str, int | None], table: RawTable) -> None:
    """Our own headings are what they say, where each stands once."""
    for key, titles in canonical.ITEMS.titles.items():
        own = [at for at, header in enumerate(table.headers) if title_key(header) in map(title_key, titles[:2])]
        # Which currency is meant goes by the amount.
        if len(own) == 1 and key not in {*pinned, "currency"} and own[0] not in pinned.values():
            pinned[key] = own[0]


def _are_codes(texts: Sequence[str | None]) -> bool:
    return all(any(letter.isdigit() for letter in text) for text in texts if text)


def _completed(table: RawTable, layout: Format, found: Proposal) -> tuple[RawTable, Format, Proposal]:
    """What the list says in other ways than by its columns: kinds, lines, a balance brought forward."""
    lists.refuse(table, found.places)
    places = dict(found.places)
    if not {*_WHO} & set(places) and "contact_name" in places:
        places["customer_name"] = places.pop("contact_name")
    if not {*_WHO} & set(places) and _of_companies(table, places):
        places["customer_name"] = places.pop("entity")
    if kinds := lists.with_kinds(table, places):
        places["kind"], table = len(table.headers), kinds
    by_customer = found.proof.get("running_balance", "").startswith((BY_CUSTOMER, BY_GROUP))
    if forward := lists.with_openings(table, places, by_customer=by_customer):
        table, places["amount"] = forward
        places.pop("debit", None)
        places.pop("credit", None)
    aged = {str(one.place): one.place for one in found.buckets}
    figures = {**{rows.BUCKET + key: place for key, place in aged.items()}, **places}
    if told := currencies.with_currency(table, figures):
        places["currency"], table = len(table.headers), told
    if paid_words := lists.with_paid(table, places) or lists.with_paid_share(table, places):
        places = {key: place for key, place in places.items() if place != paid_words[1]}
        places["paid_amount"], table = len(table.headers), paid_words[0]
    if "status" in places and (filled := lists.with_filled(table, places["status"])):
        places["status"], table = len(table.headers), filled
    left = [key for key in ("status", "status_2", "status_3") if key not in places]
    used = [*places.values(), *([paid_words[1]] if paid_words else [])]
    table, flags = lists.with_flags(table, used, left)
    places |= flags
    reduced = {"open_amount", "paid_amount", "running_balance"} & set(places)
    if not reduced and (paid := lists.with_payments(table, places.values())):
        places["paid_amount"], table = len(table.headers), paid
    layout = _declared(table, layout, places)
    return table, layout, replace(found, places=places)


def _of_companies(table: RawTable, places: Mapping[str, int]) -> bool:
    """Whether a column of several companies, which might be our own, stands where no other names a customer."""
    column = columns(table)[places["entity"]] if "entity" in places else None
    if column is None or column.different < 2:
        return False
    # A tenant may be a company of ours, or who rents from us.
    return any({*one} <= _COMPANIES for one in column.meanings) or column.speaks_of(frozenset({"customer"}))


def _declared(table: RawTable, layout: Format, places: dict[str, int]) -> Format:
    """A layout with what its headings say of lines, accounts and units."""
    if not layout.lines and lists.repeats(table, places):
        layout = replace(layout, lines="repeat")
    figure = next((table.headers[places[key]] for key in ("open_amount", "amount") if key in places), "")
    lists.refuse_thousands(table, figure)
    who = places.get("customer_id")
    of_accounts = who is not None and "customer" not in words.read(table.headers[who]).concepts
    if of_accounts and words.language_of(table.headers) == "de":
        # Accounts of a German ledger: customers up to 69999, suppliers from there.
        layout = replace(layout, leave_out={**layout.leave_out, "customer_id": (SUPPLIERS,)})
    if _CENTS.search(figure):
        layout = replace(layout, minor_units=True)
    if {"amount", "open_amount", "debit", "net_amount"} & set(places):
        places.pop("quantity", None)
        places.pop("unit_price", None)
    elif {"quantity", "unit_price"} <= set(places):
        lists.refuse_changed(table)
        layout = replace(layout, lines=layout.lines or "sum")
    return layout


def as_read(
    table: RawTable, read: tuple[RawTable, Match], mapped: Mapped | None, day: int | None, *, receipts_given: bool
) -> tuple[RawTable, Match] | None:
    """A table with the headings of another, read as that one was."""
    if table.sheet == read[0].sheet:
        return read
    if len(read[0].headers) > len(table.headers):
        # What was made of rows or cells is made again: names of customers, currencies.
        same = {key: place for key, place in read[1].places.items() if place < len(table.headers)}
        return by_evidence(table, mapped, day=day, receipts_given=receipts_given, like=same)
    return table, read[1]


def _pinned(mapped: Mapped, table: RawTable) -> dict[str, int | None]:
    gone = mapped.gone(table.headers)
    if gone:
        there = ", ".join(f"'{header.strip()}'" for header in table.headers if header.strip()) or "none"
        raise AnswerError(
            f"{table.place} has no column {', '.join(map(repr, gone))}, named in {mapped.name}; its columns are"
            f" {there}: name one of them."
        )
    return mapped.places(table.headers)


def _missing(found: Proposal) -> tuple[str, ...]:
    """What an item needs and no heading says: a customer, a date, an amount."""
    places = found.places.keys() - found.guessed
    missing = [] if {*_WHO} & places else ["customer_id"]
    if found.balances:
        return tuple(missing)
    missing += [] if {*_WHEN} & places else ["document_date"]
    figure = {"amount", "open_amount"} & places or {"debit", "credit"} <= places
    figure = figure or {"quantity", "unit_price"} <= places or {*NET_AND_TAX} <= places
    return (*missing, *([] if figure else ["amount"]))


def _match(table: RawTable, layout: Format, found: Proposal, missing: tuple[str, ...]) -> Match:
    used = {*found.places.values(), *found.spent, *(one.place for one in found.buckets)}
    extras = tuple(header for place, header in enumerate(table.headers) if place not in used and header.strip())
    if found.balances:
        layout = replace(layout, name=BALANCES, balances=True)
    unsure = found.guessed | {choice.key for choices in found.open_points for choice in choices}
    unsure |= {"open_amount"} if found.undated else set()
    score = len(found.places)
    return Match(layout, found.places, missing, extras, (), score, found.proof, found.as_of, found.buckets, unsure)


def _ask(table: RawTable, found: Proposal) -> None:
    """Raise QuestionError where the reading leaves something open."""
    if found.open_points:
        raise _question(table, found.open_points[0])
    if found.undated:
        raise _question_of_days(table, found)


def _question(table: RawTable, choices: tuple[Choice, ...]) -> QuestionError:
    """Ask which column has a role, with what each answer would give."""
    named = [choice for choice in choices if choice.heading != said.NONE]
    what = " or ".join(dict.fromkeys(f"'{choice.heading}'" for choice in named))
    role = " or the ".join(dict.fromkeys(_ROLES.get(choice.key) or _name(choice.key) for choice in named))
    return QuestionError(
        f"{table.place}: {what} may be the {role}, and nothing in the file says {'which' if len(named) > 1 else 'so'}.",
        Answer(
            "column",
            choices=tuple(f"{choice.key}={choice.heading}" for choice in choices),
            gives=tuple(f"total {in_any_currency(round(choice.total * 10**4), 4)}" for choice in choices)
            if not choices[0].key.endswith("_date")
            else (),
            files=(table.file,),
        ),
    )


def _question_of_days(table: RawTable, found: Proposal) -> QuestionError:
    """Ask of how many days the ages of a balance are."""
    parts = ", ".join(f"'{table.headers[place].strip()}'" for place in found.undated)
    balance = said.unique(found.places["open_amount"], table.headers)
    return QuestionError(
        f"{table.place}: in each row {parts} add up to '{balance}': they are its ages, and nothing in the file says of"
        " how many days; a mapping file says it under [[buckets]].",
        Answer("mapping"),
        Answer("column", choices=(f"open_amount={balance}",), gives=("no ages",), files=(table.file,)),
    )


def _name(key: str) -> str:
    return read_as(key, "items").lower()


_DUE = frozenset({"due", "overdue", "date"})
_ROLES: Mapping[str, str] = {
    "open_amount": "open amount",
    "amount": "amount of the document",
    "paid_amount": "amount paid",
    "credited_amount": "amount credited",
    "unapplied_amount": "amount paid and not yet applied that lowers what is open",
    "due_date": "due date",
    "document_date": "date of the document",
    "settled_date": "day it was paid",
    "status": "mark of what is paid",
    "kind": "mark of credit notes and payments",
}


def receipts_read(table: RawTable, mapped: Mapped | None, items: Items) -> tuple[RawTable, Match]:
    """A list of receipts as it is read, complete or not."""
    layout = canonical.RECEIPTS
    if mapped is None:
        return table, receipts.read(table, layout, {}, items)
    mapped = mapped.of_receipts()
    layout = said.applied(mapped, layout, {"name": layout.name})
    return table, receipts.read(table, layout, _pinned(mapped, table), items)


def payments_of(table: RawTable, items: Items) -> tuple[RawTable, Match] | None:
    """A table as receipts where nobody said so: its words do, and most of its documents are items."""
    try:
        _, match = receipts_read(table, None, items)
    except QuestionError:
        return None
    if not match.complete:
        return None
    named = (table.sheet, table.headers[match.places["date"]], table.headers[match.places["amount"]])
    column = columns(table)[match.places["document_no"]]
    paid = any("paid" in words.read(name).concepts for name in named)
    return (table, match) if paid and 2 * items.holds("document_no", column) >= column.different else None


_PAYMENT = re.compile("receipt|paid|payment|received")


def of_receipts_only(table: RawTable, match: Match) -> bool:
    """Whether a table of receipts is nothing else: its headings speak of payments, or its kinds are of receipts."""
    if match.format.role != "receipts":
        return False
    titles = {title_key(table.headers[match.places[key]]) for key in ("date", "amount")}
    if any(_PAYMENT.search(title) for title in titles):
        return True
    if "kind" not in match.places:
        return False
    told = {one.casefold() for one in pc.unique(cells.text(table.columns[match.places["kind"]])).to_pylist() if one}
    return all(map(words.receipt_of, told)) and not all(map(words.kind_of, told)) and bool(told)


def more_than_receipts(table: RawTable, match: Match) -> bool:
    """Whether a table of receipts has an amount of the documents beside the one that was received."""
    read = propose(table)
    figures = {read.places[key] for key in ("amount", "open_amount") if key in read.places}
    return bool(figures - {match.places["amount"]}) and not _missing(read)
