"""What kind of list a table is beside its columns: refused where it holds no receivables, completed where it can be."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import amounts, cells, dates, words
from xlwings_addin.ledger.arrow import pa, pc
from xlwings_addin.ledger.bucket_headings import bucket
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError
from xlwings_addin.ledger.evidence.columns import DIGITS, FEW, Column
from xlwings_addin.ledger.evidence.roles import REDUCED
from xlwings_addin.ledger.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.files import RawTable

KIND = "kind of the document"
PAID = "payments in all"
_OF_ISSUE = (("posting",), ("issued",))
"""Concepts of headings of yes and no: what is not posted, or not issued, is a draft."""
UNMARKED = "no mark"
FILLED = "filled"
_ASKED = 8
"""Words of a status that a question names."""
_STATES = ("void", "draft", "paid", "reversed", "uncollectible")
_UNIT = rf"(?:{'|'.join(sorted(words.CODES))}|[€$£¥])"
_THOUSANDS = re.compile(
    rf"(?i)\bin (?:{_UNIT} ?)?(?:thousands?|millions?|tausend|millionen|mio\b)|{_UNIT} ?(?:thousands?|millions?)\b"
    rf"|\b(?:thousands|millions) of (?:{_UNIT}|euros?|dollars|pounds|units)\b|\b(?:TEUR|kEUR|MEUR)\b|\b[Tk]€"
    rf"|(?:{_UNIT} ?|\(|\bin )['’]?000['’]?s?\b|\ben milli(?:er|on)s\b|\ben mil(?:es|lones)\b"
    r"|\bem milh(?:ares|ões)\b|\bin mi(?:gliaia|lioni)\b|\btys\.|\bтыс\."
)
"""What says that amounts are no single units."""
AMOUNT = "amount with the balance brought forward"
_CREDITS = ("credit note", "payment")
_SHORTEST = 4
"""Letters of a word for a kind; less may be any code."""
_MONTH = re.compile(r"20\d\d[-/.](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]20\d\d")
_OF_A_TOTAL = frozenset({"total", "balance", "open", "amount"})
_NUMBERED = re.compile(
    r"(?i)(?<!\d)\d{1,2}(?:st|nd|rd|th|\.|º|ª)?(?!\d)|\b(?:first|second|third|erste|zweite|dritte|premier|deuxième"
    r"|troisième|primer|segundo|tercer|primo|secondo|terzo|primeiro|terceiro)\b"
)
_PARTS = frozenset({"paid", "applied", "credited"})
_REDUCTIONS = frozenset({"discount", "writeoff", "withheld", "credited"})
_BESIDE_A_REDUCTION = frozenset({"amount", "document", "total", "paid", "tax"})
_OF_A_PART = frozenset({"amount", "document", "instalment", "date", "month"})
_NUMBER = re.compile(r"[-(]?\D{0,3}\d[\d.,'\s]*\D{0,4}")
_RECEIPT = re.compile(r"(?i)receipt|payment")
_OF_LINES = frozenset({"line", "item", "quantity", "price", "product"})
_FIGURES = ("amount", "open_amount")


def refuse(table: RawTable, places: Mapping[str, int]) -> None:
    """Refuse lists of the other side of the ledger, and lists of what was received. Raises LedgerError."""
    said = {header: set(words.read(header).concepts) for header in table.headers if header.strip()}
    suppliers = [header for header, concepts in said.items() if "vendor" in concepts]
    if suppliers and not any("customer" in concepts for concepts in said.values()):
        raise LedgerError(
            f"{table.place} is a list of suppliers ('{suppliers[0].strip()}'), who are owed and do not owe: name a list"
            " of customers."
        )
    own = [table.headers[places[key]] for key in ("document_no", "document_date") if key in places]
    if own and all(map(_RECEIPT.search, own)) and not {"due_date", "open_amount", "terms"} & set(places):
        raise LedgerError(
            f"{table.place} holds receipts ('{own[0].strip()}'), not invoices or open items: name the file of items,"
            " and this one as its receipts."
        )


def with_flags(table: RawTable, used: Collection[int], keys: Sequence[str]) -> tuple[RawTable, dict[str, int]]:
    """The table with statuses under `keys` of what stands under a heading like Void, and their places.

    Of yes and no a column more, with the heading where it says yes; other words, a few, stand for themselves. What
    is not open is closed, what is not posted a draft.
    """
    found, places = table, dict[str, int]()
    for place, header in enumerate(table.headers):
        if place in used or words.status_of(header) not in _STATES:
            if place not in used and len(places) < len(keys) and (closed := _closed(table, place)):
                places[keys[len(places)]] = len(found.headers)
                found = found.with_column(f"{header.strip()}: no", closed)
            continue
        texts = [text for text in _texts(table, place) if text]
        flags = all(map(words.flag_of, texts))
        # Numbers are amounts, whatever stands above them.
        if not texts or len(places) == len(keys) or (not flags and not _money(table, place)[2]):
            continue
        # When something was paid is no status.
        if words.status_of(header) == "paid" and _are_days(table, place):
            continue
        if flags:
            said = [header.strip() if words.flag_of(text or "") == "yes" else None for text in _texts(table, place)]
            places[keys[len(places)]] = len(found.headers)
            found = found.with_column(f"{header.strip()}: yes", said)
        elif len({*texts}) <= max(FEW, 0.2 * len(table.rows)) and not _refers(table, texts, used):
            places[keys[len(places)]] = place
    return found, places


def _refers(table: RawTable, texts: list[str], used: Collection[int]) -> bool:
    """Whether texts name what another column does: the documents that a payment was applied to."""
    return any({*texts} <= {*_texts(table, other)} for other in used if other < len(table.columns))


def _closed(table: RawTable, place: int) -> list[str | None]:
    """What a column of yes and no under a heading like Open says is closed, under one like Posted a draft; else []

    Where nothing is posted, nothing is said.
    """
    header = table.headers[place]
    concepts = words.read(header).concepts
    of_open = words.status_of(header) == "open" and "open" in concepts and not bucket(header)
    if not of_open and concepts not in _OF_ISSUE:
        return []
    flags = [words.flag_of(text) if text else "" for text in _texts(table, place)]
    if not all(flag or not text for flag, text in zip(flags, _texts(table, place), strict=True)):
        return []
    if "no" in flags and (of_open or "yes" in flags):
        return [("closed" if of_open else "draft") if flag == "no" else None for flag in flags]
    # Of marks alone, what has none may be closed, or not known to be open.
    return [None if flag else UNMARKED for flag in flags] if "yes" in flags and "" in flags else []


def with_paid(table: RawTable, places: Mapping[str, int]) -> tuple[RawTable, int] | None:
    """The table with one more column, of what was paid, where one says it by yes, no and amounts, and that one."""
    roles = {place: key for key, place in places.items()}
    for place, header in enumerate(table.headers):
        status = roles.get(place, "status").startswith("status")
        if "amount" not in places or "paid_amount" in places or not status or words.status_of(header) != "paid":
            continue
        texts = _texts(table, place)
        said = ["" if text is None or _NUMBER.fullmatch(text) else words.flag_of(text) for text in texts]
        read, blank, _ = _money(table, place)
        numbers = np.array([not blank and not own for blank, own in zip(blank.tolist(), said, strict=True)])
        plain = all(own or text is None or _NUMBER.fullmatch(text) for own, text in zip(said, texts, strict=True))
        if plain and any(said) and numbers.any():
            yes = np.array([own == "yes" for own in said])
            paid = np.where(yes, _money(table, places["amount"])[0], np.where(numbers, read, 0))
            return table.with_column(f"{header.strip()}: {PAID}", _shown(paid, ~blank)), place
    return None


def with_paid_share(table: RawTable, places: Mapping[str, int]) -> tuple[RawTable, int] | None:
    """The table with one more column, of what was paid, where one says which share of the amount that is, and that."""
    if "amount" not in places or {"open_amount", "paid_amount"} & places.keys():
        return None
    for place, header in enumerate(table.headers):
        share = None if place in places.values() else Column(place, header, table.columns[place]).paid_share
        if share is not None:
            amount, blank, _ = _money(table, places["amount"])
            cent = 10 ** (DIGITS - 2)
            paid = np.rint(amount * share / cent).astype(np.int64) * cent
            return table.with_column(f"{header.strip()}: {PAID}", _shown(paid, ~blank)), place
    return None


def with_filled(table: RawTable, place: int) -> RawTable | None:
    """The table with one more column, of which rows have a reference that is said to be a mark: each has its own."""
    texts = [text for text in _texts(table, place) if text]
    different = {*texts}
    if len(different) <= _ASKED or len(texts) == len(table.rows) or any(map(words.status_of, different)):
        return None
    filled = [FILLED if text else None for text in _texts(table, place)]
    return table.with_column(f"{table.headers[place].strip()}: {FILLED}", filled)


def _are_days(table: RawTable, place: int) -> bool:
    read = dates.read_column(table.columns[place])
    filled = np.array([bool(text) for text in _texts(table, place)], bool)
    return bool(((read.dmy < dates.BAD_DATE) | (read.mdy < dates.BAD_DATE))[filled].all())


def with_parts(table: RawTable) -> tuple[RawTable, frozenset[int]]:
    """The table with one more column for what several numbered payments come to, and the columns of these.

    None is added where each has a date of its own: they are receipts, see `dated_parts`. Raises LedgerError where only
    some have one.
    """
    stems, days = _numbered_payments(table)
    parts = {stem: places for stem, places in stems.items() if len(places) > 1}
    if parts and any(any(_texts(table, place)) for place in days.values()):
        pairs = _pairs(table, stems, days)
        if not pairs:
            raise LedgerError(
                f"{table.place} has several payments a document, and not each with its date: name them in a file of"
                " receipts, a row a payment, and leave their columns out."
            )
        return table, frozenset(place for pair in pairs for place in pair)
    spent = set[int]()
    for stem, places in parts.items():
        read = [_money(table, place) for place in places]
        if any(bad for _, _, bad in read):
            continue
        paid = np.sum([minor for minor, _, _ in read], axis=0)
        blank = np.logical_and.reduce([nothing for _, nothing, _ in read])
        whole = " + ".join(table.headers[place].strip() for place in places)
        table = table.with_column(f"{whole}: {stem}", _shown(paid, ~blank))
        spent.update(places)
    return table, frozenset(spent)


def _numbered_payments(table: RawTable) -> tuple[Mapping[str, list[int]], Mapping[str, int]]:
    """The columns of numbered payments, by their heading without the number, and the days of each by the number."""
    stems: dict[str, list[int]] = defaultdict(list)
    days: dict[str, int] = {}
    for place, header in enumerate(table.headers):
        said = set(words.read(header).concepts)
        stem = _NUMBERED.sub(" ", " ".join(word for word in header.split() if not is_month(word)))
        if stem == header:
            continue
        if "date" in said and said <= _PARTS | _OF_A_PART - {"document", "instalment"}:
            days[_number(header)] = place
        elif _PARTS & said and "date" not in said and said <= _PARTS | _OF_A_PART:
            stems[" ".join(stem.split())].append(place)
    return stems, days


def _number(header: str) -> str:
    return " ".join(re.sub(r"(?<=\d)\D+$", "", one.casefold()) for one in _NUMBERED.findall(header))


def _pairs(table: RawTable, stems: Mapping[str, list[int]], days: Mapping[str, int]) -> list[tuple[int, int]]:
    """Each numbered payment with the column of its day; [] where one has none."""
    payments = {_number(table.headers[place]): place for places in stems.values() for place in places}
    alone = len(payments) == sum(map(len, stems.values()))
    return (
        [(place, days[number]) for number, place in payments.items()]
        if alone and payments.keys() == days.keys()
        else []
    )


def dated_parts(table: RawTable, places: Mapping[str, int]) -> RawTable | None:
    """The numbered payments of documents that each have a day, as a list of receipts; None where there are none."""
    stems, days = _numbered_payments(table)
    pairs = _pairs(table, stems, days)
    if "document_no" not in places or not pairs or set(places.values()) & {place for pair in pairs for place in pair}:
        return None
    who = [places[key] for key in ("customer_id", "customer_name") if key in places][:1]
    keys = {"Customer ID": who[0], "Document": places["document_no"]} if who else {"Document": places["document_no"]}
    return _as_receipts(table, pairs, {heading: _texts(table, place) for heading, place in keys.items()})


def _as_receipts(table: RawTable, pairs: list[tuple[int, int]], shown: dict[str, list[str | None]]) -> RawTable:
    """Payments and their days one beneath the other, each with what `shown` says of its row."""
    texts = [[_texts(table, place) for place in pair] for pair in pairs]
    # What has neither a document nor a day is a total.
    at = [
        [row for row, (paid, day) in enumerate(zip(*own, strict=True)) if day or (paid and shown["Document"][row])]
        for own in texts
    ]
    columns = [[said[row] for rows in at for row in rows] for said in shown.values()]
    columns += [[own[side][row] for own, rows in zip(texts, at, strict=True) for row in rows] for side in (1, 0)]
    return replace(
        table,
        headers=(*shown, "Date", "Amount"),
        columns=tuple(pa.chunked_array([pa.array(column, pa.string())]) for column in columns),
        rows=np.concatenate([table.rows[rows] for rows in at]).astype(np.int64),
        preamble=(),
        broken=(),
        furniture=(),
        notes=(),
        headless=False,
    )


def with_reductions(table: RawTable, spent: Collection[int] = ()) -> tuple[RawTable, frozenset[int]]:
    """The table with one more column for what several reductions come to where no column says what is left.

    A discount and what was written off reduce a document together. With it the columns of these.
    """
    said = [set(words.read(header).concepts) for header in table.headers]
    read = _reductions(table, spent)
    left = [place for place, own in enumerate(said) if {"open", "balance", "due"} & own]
    if len(read) < 2 or any(not bad and own.any() for own, _, bad in (_money(table, place) for place in left)):
        return table, frozenset()
    added = np.sum([abs(own) for own, _ in read.values()], axis=0)
    blank = np.logical_and.reduce([nothing for _, nothing in read.values()])
    whole = " + ".join(table.headers[place].strip() for place in read)
    return table.with_column(whole, _shown(added, ~blank)), frozenset(read)


def _reductions(table: RawTable, spent: Collection[int]) -> dict[int, tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """The columns of money that reduces documents, with their amounts and blanks; a discount's percent is no money."""
    found = {}
    for place, header in enumerate(table.headers):
        if place in spent or not _is_a_reduction(header):
            continue
        amounts, blank, bad = _money(table, place)
        terms = "discount" in words.read(header).concepts and _of_terms(table, place)
        if amounts.any() and not bad and not terms:
            found[place] = amounts, blank
    return found


def _of_terms(table: RawTable, place: int) -> bool:
    """Whether the figures of a column may be the percent of a discount, or its days: whole numbers up to 100."""
    return all(text.strip().isdigit() and int(text) <= 100 for text in _texts(table, place) if text and text.strip())


def _is_a_reduction(header: str) -> bool:
    meanings = map(set, words.read(header).readings)
    return any(_REDUCTIONS & own and own <= _REDUCTIONS | _BESIDE_A_REDUCTION for own in meanings)


def with_months(table: RawTable) -> tuple[RawTable, frozenset[int]]:
    """The table of an aging by months with the total of each row, and the columns of these; none of other tables.

    What is next to the months, "Older" for one, belongs to them where all adds up to the total.
    """
    found = [place for place, header in enumerate(table.headers) if is_month(header)]
    if len(found) < 2:
        return table, frozenset()
    beside = [place for place, header in enumerate(table.headers) if place not in found and _is_beside(header)]
    read = [_money(table, place) for place in range(len(table.headers))]
    for parts in (found + beside, found):
        added = np.sum([read[place][0] for place in parts], axis=0)
        rest = [own for place, (own, _, bad) in enumerate(read) if place not in parts and not bad and own.any()]
        if any(np.array_equal(own, added) for own in rest):
            return table, frozenset(parts)
    if any(_OF_A_TOTAL & set(words.read(header).concepts) for header in table.headers):
        return table, frozenset()
    return with_sum(table, found + beside), frozenset(found + beside)


def with_sum(table: RawTable, parts: Sequence[int]) -> RawTable:
    """The table with one more column, of what some columns add up to."""
    added = np.sum([_money(table, place)[0] for place in parts], axis=0)
    whole = " + ".join(table.headers[place].strip() for place in parts)
    return table.with_column(f"{whole}: Total", _shown(added, np.ones(added.size, bool)))


def is_month(heading: str) -> bool:
    """Whether a heading is a month, with its year or without.

    >>> [is_month(one) for one in ("January 2026", "Dez. 25", "2025-11", "11/2025", "Mars", "2025", "Maybe")]
    [True, True, True, True, True, False, False]
    """
    plain = heading.strip()
    named = re.fullmatch(r"([^\W\d]+)\.?[\s'-]*(?:\d{2}|\d{4})?", plain)
    return bool(named and fold(named[1]) in dates.months()) or bool(_MONTH.fullmatch(plain))


def _is_beside(heading: str) -> bool:
    """Whether a heading may be that of what months leave: what is older, or of no month."""
    return bucket(heading) is not None or any(is_month(word) for word in heading.split())


def _shown(values: NDArray[np.int64], filled: NDArray[np.bool_]) -> list[str | None]:
    digits = DIGITS if (values % 10 ** (DIGITS - 2)).any() else 2
    return [
        f"{value / 10**DIGITS:.{digits}f}" if own else None
        for value, own in zip(values.tolist(), filled.tolist(), strict=True)
    ]


def with_payments(table: RawTable, used: Collection[int]) -> RawTable | None:
    """The table with one more column, of what the lists of payments in a cell come to."""
    for place in range(len(table.headers)):
        texts = [text or "" for text in _texts(table, place)] if place not in used else []
        if not any(text.startswith("[{") for text in texts) or any(text and text[0] != "[" for text in texts):
            continue
        try:
            paid = [sum(map(_paid, json.loads(text or "[]")), Decimal()) for text in texts]
        except (ValueError, TypeError, AttributeError, InvalidOperation):
            continue
        return table.with_column(PAID, [f"{one:f}" for one in paid])
    return None


def _paid(one: Mapping[str, object]) -> Decimal:
    """The amount of a payment, by the one key that speaks of an amount."""
    keys = [key for key in one if {"amount", "paid"} & set(words.read(key).concepts)]
    return Decimal(str(one[min(keys, key=len)]))


def refuse_thousands(table: RawTable, figure: str) -> None:
    """Refuse amounts in thousands or millions, which are no amounts to the cent. Raises LedgerError."""
    for text in (figure, *table.preamble):
        if _THOUSANDS.search(text):
            raise LedgerError(
                f"{table.place} says that its amounts are in thousands or millions ('{text.strip()[:60]}'): export them"
                " in full."
            )


def refuse_changed(table: RawTable) -> None:
    """Refuse lines of quantity and price that a discount, a tax or a payment changes. Raises LedgerError."""
    for place, header in enumerate(table.headers):
        said = set(words.read(header).concepts)
        if (
            {"tax", "charge", *REDUCED} & said
            and not {"number", "kind", "date"} & said
            and _money(table, place)[0].any()
        ):
            raise LedgerError(
                f"{table.place} has no amounts, and its quantities and prices are not all there is to them"
                f" ('{header.strip()}'): export it with the amount of each line or document."
            )


def repeats(table: RawTable, places: Mapping[str, int]) -> bool:
    """Whether a document has a row a line, each of which repeats its amount."""
    if "document_no" not in places or not any(key in places for key in _FIGURES):
        return False
    if not any(_OF_LINES & set(words.read(header).concepts) for header in table.headers):
        return False
    who = next((places[key] for key in ("customer_id", "customer_name") if key in places), places["document_no"])
    shown = next(places[key] for key in _FIGURES if key in places)
    found: dict[tuple[str | None, ...], list[str | None]] = defaultdict(list)
    columns = (_texts(table, who), _texts(table, places["document_no"]), _texts(table, shown))
    for customer, document, amount in zip(*columns, strict=True):
        if document and amount:
            found[customer, document].append(amount)
    several = [amounts_of for amounts_of in found.values() if len(amounts_of) > 1]
    return bool(several) and all(len(set(amounts_of)) == 1 for amounts_of in several)


def with_kinds(table: RawTable, places: Mapping[str, int]) -> RawTable | None:
    """The table with one more column, of kinds, where numbers of documents begin with words for them, or are codes."""
    if "kind" in places or "document_no" not in places:
        return None
    texts = _texts(table, places["document_no"])
    plain = _letters(table, places["document_no"])
    kinds = {word: words.kind_of(word) for word in set(plain) if len(word) >= _SHORTEST}
    told = {kinds.get(word, "") for word, text in zip(plain, texts, strict=True) if text}
    if not all(kinds.values()) or len(told) < 2:
        return None
    return table.with_column(KIND, [word if word in kinds else None for word in plain])


def with_credits(table: RawTable, places: Mapping[str, int], answered: Collection[str]) -> RawTable | None:
    """The table with one more column, of words in a text beside a document that were answered as its kind.

    Raises QuestionError where such words may call credits that are positive, and nothing else says what they are.
    """
    figures = [places[key] for key in _FIGURES if key in places]
    if {"kind", "sign"} & set(places) or not figures or any((_money(table, one)[0] < 0).any() for one in figures):
        return None
    for place in sorted({*range(len(table.headers))} - {*places.values()}):
        if "text" not in words.read(table.headers[place]).concepts:
            continue
        texts, plain = _texts(table, place), _letters(table, place)
        may_be = {word for word in set(plain) if words.kind_of(word) in _CREDITS}
        named = {one for one, word in zip(texts, plain, strict=True) if one and word in may_be}
        named = {one for one in named if words.kind_of(one) in _CREDITS}
        _ask_for_credits(table, table.headers[place], sorted(one for one in named if one not in answered))
        if named:
            return table.with_column(KIND, [one if one in named else None for one in texts])
    return None


def _letters(table: RawTable, place: int) -> list[str]:
    """The letters of each cell, and a blank for whatever else is between them."""
    only = pc.replace_substring_regex(cells.text(table.columns[place]).cast(pa.string()), r"[^\pL]+", " ")
    found: list[str] = pc.fill_null(pc.utf8_trim_whitespace(only), "").to_pylist()
    return found


def _ask_for_credits(table: RawTable, header: str, named: Sequence[str]) -> None:
    if named:
        raise QuestionError(
            f"{table.place}: no amount is negative, and nothing says whether what column '{header.strip()}' calls"
            f" {', '.join(map(repr, named[:8]))} reduces what is owed.",
            Answer("kind", tuple(f"{one}={kind}" for one in named for kind in ("payment", "invoice"))),
        )


def with_openings(table: RawTable, places: Mapping[str, int], *, by_customer: bool) -> tuple[RawTable, int] | None:
    """The table with amounts in which a balance brought forward counts, and their place; None where there is none.

    Raises LedgerError where a running balance begins with more than its first amount, and no row says what that is.
    """
    if "running_balance" not in places:
        return None
    balance, blank, _ = _money(table, places["running_balance"])
    moved, unmoved = _moved(table, places)
    place = next((places[key] for key in ("customer_id", "customer_name") if key in places), None)
    whole_list: list[str | None] = [""] * balance.size
    customers = whole_list if place is None else _texts(table, place)
    accounts = customers if by_customer else whole_list
    # An amount without a date is a total.
    days = [places[key] for key in ("document_date", "due_date") if key in places]
    dated = _with_a_day(table, places) if days else ~blank
    downwards = np.flatnonzero(~blank & (unmoved | dated)).tolist()
    # The newest row may stand first.
    bare = openings(table, places)
    both = [
        _first(rows, accounts, balance != moved) | _first(rows, customers, bare)
        for rows in (downwards, downwards[::-1])
    ]
    forward = min(both, key=lambda one: (bool((one & ~unmoved).any()), int(one.sum())))
    if not forward.any():
        return None
    if not unmoved[forward].all():
        row = int(np.flatnonzero(forward & ~unmoved)[0])
        raise LedgerError(
            f"{table.place}: the running balance in row {table.rows[row]} begins with more than its amount: export the"
            " list from its beginning, or with a row for the balance brought forward."
        )
    shown = _shown(np.where(forward, balance, moved), forward | ~unmoved)
    if days and not dated[forward].all():
        table = _dated_as_next(table, days[0], forward & ~dated, dated)
    return table.with_column(AMOUNT, shown), len(table.headers)


def openings(table: RawTable, places: Mapping[str, int]) -> NDArray[np.bool_]:
    """Rows without a date that hold nothing but the balance from which the document beside them runs."""
    found = np.zeros(len(table.rows), bool)
    if "running_balance" not in places:
        return found
    balance, blank, _ = _money(table, places["running_balance"])
    moved, unmoved = _moved(table, places)
    dated = _with_a_day(table, places)
    bare, document = ~blank & unmoved & ~dated, dated & ~unmoved
    before = balance - moved
    found[:-1] |= bare[:-1] & document[1:] & (balance[:-1] == before[1:])
    # The newest row may stand first.
    found[1:] |= bare[1:] & document[:-1] & (balance[1:] == before[:-1])
    return found


def _moved(table: RawTable, places: Mapping[str, int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """By how much each row moves a balance, and which rows have no such amount."""
    moved, unmoved = np.zeros(len(table.rows), np.int64), np.ones(len(table.rows), bool)
    for key, sign in (("amount", 1), ("debit", 1), ("credit", -1)):
        if key in places:
            read, nothing, _ = _money(table, places[key])
            moved, unmoved = moved + sign * read, unmoved & nothing
    return moved, unmoved


def _with_a_day(table: RawTable, places: Mapping[str, int]) -> NDArray[np.bool_]:
    """Rows with a digit in a column of days."""
    days = [_texts(table, places[key]) for key in ("document_date", "due_date") if key in places]
    found = [bool(re.search(r"\d", " ".join(filter(None, row)))) for row in zip(*days, strict=True)]
    return np.array(found or [False] * len(table.rows), bool)


def _dated_as_next(table: RawTable, place: int, undated: NDArray[np.bool_], dated: NDArray[np.bool_]) -> RawTable:
    """The table with the day of the nearest dated row in some that have none: a balance is no younger than that."""
    at, days = np.arange(undated.size), np.flatnonzero(dated)
    for row in np.flatnonzero(undated).tolist() if days.size else ():
        at[row] = days[abs(days - row).argmin()]
    columns = list(table.columns)
    columns[place] = columns[place].take(pa.array(at))
    return replace(table, columns=tuple(columns))


def _first(rows: list[int], accounts: list[str | None], differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The first row of each account, where its balance is not its own amount."""
    seen: set[str | None] = set()
    found = np.zeros(differs.size, bool)
    for row in rows:
        if accounts[row] not in seen:
            seen.add(accounts[row])
            found[row] = differs[row]
    return found


def _texts(table: RawTable, place: int) -> list[str | None]:
    found: list[str | None] = cells.text(table.columns[place]).cast(pa.string()).to_pylist()
    return found


def _money(table: RawTable, place: int) -> tuple[NDArray[np.int64], NDArray[np.bool_], bool]:
    """Amounts, where they are blank, and whether any is none."""
    plain = amounts.plain(table.columns[place])
    read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", DIGITS)
    return read.minor, read.blank, bool(read.bad.any())
