"""What kind of list a table is beside its columns: refused where it holds no receivables, completed where it can be."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import amounts, cells, words
from xlwings_addin.ledger.arrow import pa
from xlwings_addin.ledger.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from xlwings_addin.ledger.files import RawTable

KIND = "kind of the document"
AMOUNT = "amount with the balance brought forward"
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
    """The table with one more column, of kinds, where all numbers of documents begin with words for them."""
    if "kind" in places or "document_no" not in places:
        return None
    texts = _texts(table, places["document_no"])
    plain = [re.sub(r"[\W\d_]+", " ", text or "").strip() for text in texts]
    kinds = {word: words.kind_of(word) for word in set(plain) if word}
    told = [kinds.get(word, "") for word in plain]
    full = [word for word, text in zip(told, texts, strict=True) if text]
    if not full or not all(full) or len(set(full)) < 2 or any(len(word) < 4 for word in kinds):
        return None
    return _added(table, KIND, [word or None for word in plain])


def with_openings(table: RawTable, places: Mapping[str, int], *, by_customer: bool) -> tuple[RawTable, int] | None:
    """The table with amounts in which a balance brought forward counts, and their place; None where there is none.

    Raises LedgerError where a running balance begins with more than its first amount, and no row says what that is.
    """
    if "running_balance" not in places:
        return None
    balance, blank = _money(table, places["running_balance"])
    moved, unmoved = np.zeros_like(balance), np.ones(balance.size, bool)
    for key, sign in (("amount", 1), ("debit", 1), ("credit", -1)):
        if key in places:
            read, nothing = _money(table, places[key])
            moved, unmoved = moved + sign * read, unmoved & nothing
    place = next((places[key] for key in ("customer_id", "customer_name") if key in places), None)
    whole_list: list[str | None] = [""] * balance.size
    accounts = whole_list if place is None or not by_customer else _texts(table, place)
    seen: set[str | None] = set()
    forward = np.zeros(balance.size, bool)
    for row in np.flatnonzero(~blank).tolist():
        if accounts[row] in seen:
            continue
        seen.add(accounts[row])
        forward[row] = balance[row] != moved[row]
    if not forward.any():
        return None
    if not unmoved[forward].all():
        row = int(np.flatnonzero(forward & ~unmoved)[0])
        raise LedgerError(
            f"{table.place}: the running balance in row {table.rows[row]} begins with more than its amount: export the"
            " list from its beginning, or with a row for the balance brought forward."
        )
    whole = np.where(forward, balance, moved)
    filled = forward | ~unmoved
    shown = [f"{value / 100:.2f}" if own else None for value, own in zip(whole.tolist(), filled.tolist(), strict=True)]
    return _added(table, AMOUNT, shown), len(table.headers)


def _texts(table: RawTable, place: int) -> list[str | None]:
    found: list[str | None] = cells.text(table.columns[place]).cast(pa.string()).to_pylist()
    return found


def _money(table: RawTable, place: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    plain = amounts.plain(table.columns[place])
    read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", 2)
    return read.minor, read.blank


def _added(table: RawTable, heading: str, texts: list[str | None]) -> RawTable:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    return replace(table, headers=(*table.headers, heading), columns=(*table.columns, column))
