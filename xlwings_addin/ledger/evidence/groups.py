"""Customers that have rows of their own, above or below their items: found, and written beside each item."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, dates, rows, words
from xlwings_addin.ledger.arrow import pa, pc
from xlwings_addin.ledger.evidence.lists import openings
from xlwings_addin.ledger.evidence.roles import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.files import RawTable

HEADING = "customer of the group"
NAME = "name of the group"
"""The heading of the customer's name where the row says number and name apart."""
_OF_A_CUSTOMER = frozenset({"customer", "account", "number", "name"})
_TOTAL = re.compile(rows.TOTAL_LABEL)
_AMOUNT = re.compile(r"^\W*\d[\d\s.,'’]*[.,]\d\d\D{0,4}$")
"""A cell that says how much: no customer."""
_TOTALS = words.label_pattern("subtotal", "total", "grand total")
_FOR = "for|of|für|von|pour|de|del|du|para|di|do|da|voor|för|til|dla|pro"
_OF_TOTAL = re.compile(rf"(?i)^(?:{_TOTALS})\b:?(?: (?:{_FOR})\b)?|[\s-](?:{_TOTALS})[\s:.]*$")
"""The words of a total, and those that lead to the name of whose it is."""
_MONEY = {role.key for role in FIGURES}
_ALL = re.compile(
    r"(?i)\W*|all\b.*|alle\b.*|tous\b.*|tod[oa]s\b.*|tutti\b.*|[\W\d]*\d\s*(?:-|–|to|bis|à|a|al|au|t/m)\s*\d+\W*"
)
"""What stands for all customers, or for many."""
_DATES = ("document_date", "due_date", "settled_date")


def with_customers(table: RawTable, places: Mapping[str, int], *, after: bool | None = None) -> RawTable | None:
    """The table with one more column: of each item the customer named in the row above its group, or below it.

    Where these rows say number and name apart ("A/C: A1  Name: Alpha"), the name has a column of its own behind it.
    `after` says which, None looks: a list that begins with an item and ends with a name has them below.
    None where no row names anyone, not even a total of its own.
    """
    item = _items(table, places) | openings(table, places)
    above = next((line for line in reversed(table.preamble) if _called_above(line)), "")
    first_of_all = _called_above(above) or None
    rows_of_words = _labels(table, places, item)
    label, after = _who(rows_of_words, after=False if first_of_all else after)
    named = np.flatnonzero(~item & np.array([bool(one) for one in label], bool))
    if not item.any() or not (named.size or first_of_all):
        return None
    first, last = np.flatnonzero(item)[[0, -1]]
    if after is None and named.size:
        after = bool(first < named[0] and last < named[-1])
    chosen = _level([label[row] for row in range(len(label))], item, set(named.tolist()), after=bool(after))
    if not chosen and not first_of_all:
        return None
    whose = dict(zip(chosen, _plain([label[row] for row in chosen]), strict=True))
    own = _of_items(whose, item, first_of_all, after=bool(after))
    if any(own[row] is None for row in np.flatnonzero(item).tolist()):
        return None
    table = table.with_column(HEADING, own)
    names = {row: _named(rows_of_words[row]) for row in chosen}
    if not all([*names.values(), *([_named(above)] if above else [])]):
        return table
    return table.with_column(NAME, _of_items(names, item, _named(above), after=bool(after)))


def _of_items(told: Mapping[int, str], item: NDArray[np.bool_], first: str | None, *, after: bool) -> list[str | None]:
    """What rows of words say about the items below them, or above."""
    own: list[str | None] = [None] * item.size
    current = first
    for row in range(item.size - 1, -1, -1) if after else range(item.size):
        current = told.get(row, current)
        own[row] = current if item[row] else None
    return own


def _items(table: RawTable, places: Mapping[str, int]) -> NDArray[np.bool_]:
    """Rows with a date and an amount."""
    dated, valued = np.zeros(len(table.rows), bool), np.zeros(len(table.rows), bool)
    for key, place in places.items():
        if key in _DATES:
            column = dates.read_column(table.columns[place])
            dated |= (column.dmy < dates.BAD_DATE) | (column.mdy < dates.BAD_DATE)
        elif key in _MONEY:
            valued |= np.asarray(cells.text(table.columns[place]).is_valid().to_numpy(), bool)
    return dated & valued


def _labels(table: RawTable, places: Mapping[str, int], item: NDArray[np.bool_]) -> list[str]:
    """The words of each row: its cells that are no figures, or the only one; "" of items and repeated headings."""
    money = {place for key, place in places.items() if key in _MONEY}
    between = pa.array(~item)
    texts = [
        pc.fill_null(cells.text(column).combine_chunks().cast(pa.string()).filter(between), "").to_pylist()
        for column in table.columns
    ]
    titles = {header.strip() for header in table.headers}
    found = [""] * item.size
    for at, row in zip(np.flatnonzero(~item).tolist(), zip(*texts, strict=True), strict=True):
        filled = [cell for cell in row if cell]
        own = filled if len(filled) == 1 else [cell for place, cell in enumerate(row) if cell and place not in money]
        own = [cell for cell in own if not _is_currency(cell) and not _AMOUNT.search(cell)]
        label = " ".join(own)
        stands = (
            (0 < len(own) <= 3 or _called(label))
            and any(letter.isalnum() for letter in label)
            and not set(own) <= titles
        )
        found[at] = label if stands else ""
    return found


def _who(labels: Sequence[str], *, after: bool | None) -> tuple[list[str], bool | None]:
    """The names that labels give, and whether below the items: as customers, as words alone, or as whose a total is."""
    # Items have no label: most rows of a long list.
    if any(told := [_called(one) if one else "" for one in labels]):
        return told, after
    plain = ["" if _TOTAL.search(one) or _is_total(one) else one for one in labels]
    if after is False or any(plain):
        return plain, after
    return [_totalled(one) for one in labels], True


def _called(label: str) -> str:
    """The customer that a label names as one; "" of others.

    >>> [_called(one) for one in ("Customer: 1020 Alpha", "Kunde 9 Müller", "Alpha: north", "A/C: A1  Name: Alpha")]
    ['1020 Alpha', '9 Müller', '', 'A1']
    """
    word, name = _apart(_parts(label)[0] if _named(label) else label)
    said = words.read(word)
    plain = {"customer", "account"} & set(said.concepts) and set(said.concepts) <= _OF_A_CUSTOMER and not said.unknown
    return name if plain else ""


def _parts(label: str) -> list[str]:
    """The parts of a label that each begin with a word and a colon.

    >>> _parts("A/C: A1  Name: Alpha Ltd  Tel: 01")
    ['A/C: A1', 'Name: Alpha Ltd', 'Tel: 01']
    """
    return re.split(r"\s+(?=[^\s:]+ ?:(?:\s|$))", label.strip())


def _named(label: str) -> str:
    """The name that a label gives behind a customer's number, as a part of its own; "" where it gives none."""
    parts = [_apart(one) for one in _parts(label)[1:]]
    return next((name for word, name in parts if "name" in words.read(word).concepts), "")


def _apart(label: str) -> tuple[str, str]:
    """What a label calls something, and its name: after a colon, or a number after one word."""
    match = re.fullmatch(r"([^:]+):(.+)|(\S+)\s+(\S*\d.*)", label.strip())
    return ((match[1] or match[3]).strip(), (match[2] or match[4]).strip()) if match else ("", "")


def _called_above(line: str) -> str:
    """The customer that a line above the heading names; accounts there are of the ledger, and it may mean all.

    >>> [_called_above(one) for one in ("Customer: 1020 Alpha", "Customers: all", "Kunde: 1000 - 9999", "Konto: 9")]
    ['1020 Alpha', '', '', '']
    """
    name = _called(line) if _named(line) or "customer" in words.read(_apart(line)[0]).concepts else ""
    return "" if _ALL.fullmatch(name) else name


def _totalled(label: str) -> str:
    """Whose total a label says a row is; "" of one that names nobody.

    >>> [_totalled(one) for one in ("Total for Alpha Ltd", "Summe Müller:", "Beta - Total", "Total amount", "Alpha")]
    ['Alpha Ltd', 'Müller', 'Beta', '', '']
    """
    name = _OF_TOTAL.sub("", label).strip(" :-")
    said = words.read(name)
    return name if name != label and (said.unknown or set(said.concepts) & _OF_A_CUSTOMER) else ""


def _is_total(label: str) -> bool:
    """Whether a label says no more than that a row is a total.

    >>> [_is_total(one) for one in ("Gesamtbetrag", "Total amount", "Total Energy", "Alpha")]
    [True, True, False, False]
    """
    said = words.read(label)
    return "total" in said.concepts and not said.unknown


def _is_currency(text: str) -> bool:
    """Whether a text names a currency; Bob and Mad are people.

    >>> _is_currency("BOB"), _is_currency("Bob"), _is_currency("Euro")
    (True, False, True)
    """
    return bool(words.currency_of(text)) and not (text.istitle() and text.upper() in words.CODES)


def _level(labels: Sequence[str], item: NDArray[np.bool_], named: set[int], *, after: bool) -> list[int]:
    """Of label rows that follow one another the ones that differ most from group to group; of equals the nearest."""
    runs: list[list[int]] = []
    for is_item, group in groupby(range(item.size), key=lambda row: bool(item[row])):
        found = [row for row in group if row in named]
        if not is_item and found:
            runs.append(found if after else found[::-1])
    best: list[int] = []
    for level in range(max((len(run) for run in runs), default=0)):
        own = [run[level] for run in runs if len(run) > level]
        if len({labels[row] for row in own}) > len({labels[row] for row in best}):
            best = own
    return best


def _plain(labels: Iterable[str]) -> list[str]:
    """Labels without the word for customer or account that all of them begin with.

    >>> _plain(["Konto 10001", "Konto 10002"]), _plain(["Account: A1", "Acme"])
    (['10001', '10002'], ['Account: A1', 'Acme'])
    """
    found = list(labels)
    while found:
        first = {one.partition(" ")[0] for one in found}
        if len(first) > 1 or any(" " not in one for one in found):
            return found
        concepts = words.read(first.pop()).concepts
        if not concepts or not set(concepts) <= _OF_A_CUSTOMER:
            return found
        found = [one.partition(" ")[2].strip(" :-") for one in found]
    return found
