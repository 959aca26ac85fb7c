"""Columns of words and yes or no: trimmed text, words of a system as the ledger's own, numbers that got lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells, rows
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger import words as general
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.currency_words import code_of
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError, agreed
from xlwings_addin.ledger.model import FLAG, TEXT
from xlwings_addin.ledger.reading import STATUS_COLUMNS
from xlwings_addin.ledger.values import BILL, INVOICE, ITEM_KINDS, NO_RECEIVABLE, PAYABLE, RECEIPT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading

MOST_WORDS = 1000
"""Different words of a column that are looked up; one with more holds no kinds."""
IDS = {"entity", "customer_id", "document_no", "document_id", "instalment", "fiscal_year", "po_number", "contact_phone"}

_WORDED = ("kind", "sign", "ledger", *STATUS_COLUMNS)
"""Columns whose words are known beyond those that a format declares."""


_BESIDE_INVOICES = {BILL: PAYABLE, NO_RECEIVABLE: NO_RECEIVABLE}
"""Kinds that are what they are beside an invoice of another name, and what that is."""


def read_texts(reading: Reading) -> None:
    """Every column of words, and of yes or no."""
    for key in reading.match.places:
        if reading.types.get(key) in (TEXT, FLAG):
            reading.columns[key] = _words(reading, key)


def known_words(reading: Reading, key: str, texts: Sequence[str | None]) -> dict[str, str]:
    """What the texts of a column stand for, case folded, with others it may hold; none where it may hold any text.

    The words of the format come first; those of other systems are known by the words of their languages.
    """
    there = [text for text in texts if text]
    words = {word.casefold(): value for word, value in reading.format.values.get(key, {}).items()}
    if reading.types[key] == FLAG:
        return {**_meant(there, general.flag_of), **words}
    if key == "kind" and reading.format.role == "receipts":
        return {**_meant(there, general.receipt_of), **words}
    if key == "kind":
        more = _meant(there, general.kind_of)
        if not reading.format.general:
            more = {text: kind for text, kind in more.items() if kind in _BESIDE_INVOICES}
        words = {**more, **{kind: kind for kind in ITEM_KINDS}, **_meant(there, _payable), **words}
        invoiced = _invoiced(there, words)
        return {text: PAYABLE if kind == BILL and invoiced else kind for text, kind in words.items()}
    if key == "ledger":
        return {**_meant(there, _payable), **words, "*": ""}
    if key in STATUS_COLUMNS:
        own = reading.format.values.get(key, reading.format.values.get("status", {}))
        theirs = {word.casefold(): value or "open" for word, value in own.items()}
        return {**_meant(there, _not_issued), **_meant(there, general.status_of), **theirs}
    if key == "sign":
        sides = {"+": "debit", "-": "credit"} | {
            mark.casefold(): side for mark, side in general.sides_of(there).items()
        }
        return {**sides, **words}
    return words


def _meant(texts: Sequence[str], meaning: Callable[[str], str]) -> dict[str, str]:
    """The texts that words of some language say the meaning of."""
    found = {text.casefold(): meaning(text) for text in texts[:MOST_WORDS]}
    return {text: meant for text, meant in found.items() if meant}


def _invoiced(texts: Sequence[str], words: Mapping[str, str]) -> bool:
    """Whether something in a column of kinds is an invoice by a name that is no other document's."""
    return any(words.get(text.casefold()) == INVOICE or general.books_of(text) == "receivable" for text in texts)


def _not_issued(text: str) -> str:
    """The status of a document that is called by what comes before an invoice."""
    return "draft" if general.kind_of(text) == NO_RECEIVABLE else ""


def _payable(text: str) -> str:
    return PAYABLE if general.books_of(text) == PAYABLE else ""


def _words(reading: Reading, key: str) -> pd.Series[str]:
    source = cells.text(reading.cells(key), number_like=key in IDS)
    if key in ("customer_id", "document_no") and pc.any(pc.match_substring_regex(source, r"^[-\d]")).as_py():
        _refuse_overflow(reading, key, source)
        _tell_rounded(reading, key, source)
    if key == "currency" and not reading.format.values.get(key):
        return _currencies(reading, source)
    if key not in _WORDED and reading.types[key] != FLAG and not reading.format.values.get(key):
        reading.evidence[key] = _of_text(source, key)
        return cells.as_series(source)
    codes, texts = cells.coded(source)
    words = known_words(reading, key, texts)
    other = words.pop("*", None)
    known = ["" if text is None else words.get(text.casefold(), other or "") for text in texts]
    if key == "kind" and not _invoiced([text for text in texts if text], words):
        _ask_if_invoices(reading, codes, texts, known)
    reading.evidence[key] = _of_words([text for text in texts if text], words)
    _tell_strange(reading, key, codes, texts, words, whole=other is not None)
    return cells.spelled(codes, known)


def _tell_strange(
    reading: Reading,
    key: str,
    codes: NDArray[np.int64],
    texts: Sequence[str | None],
    words: Mapping[str, str],
    *,
    whole: bool,
) -> None:
    """Refuse or tell what no word says; `whole` where any other word has a meaning of its own."""
    strange = np.array([text is not None and text.casefold() not in words for text in texts], bool)
    if strange.any() and not whole and key == "kind":
        _ask_for_kinds(
            reading, sorted({str(texts[code]) for code in codes[reading.kind == rows.ITEM] if strange[code]})
        )
    elif strange.any() and not whole and key == "currency":
        reading.refuse(strange[codes], f"unknown {key} in column '{reading.title(key)}'", key)
    elif strange.any() and reading.types[key] == FLAG:
        shown = ", ".join(f"'{text}'" for text, is_strange in zip(texts, strange, strict=True) if is_strange)[:100]
        reading.find(may.UNCLEAR_FLAGS, count=int(strange[codes].sum()), title=reading.title(key), shown=shown)


def _ask_if_invoices(
    reading: Reading, codes: NDArray[np.int64], texts: Sequence[str | None], known: Sequence[str]
) -> None:
    """Ask what bills, quotes and orders are where nothing beside them is an invoice."""
    said = reading.format.values.get("kind", {})
    here = {str(texts[code]): known[code] for code in np.unique(codes[reading.kind == rows.ITEM]).tolist()}
    unsure = sorted(
        (text, kind) for text, kind in here.items() if kind in _BESIDE_INVOICES and text.casefold() not in said
    )
    if not unsure:
        return
    raise QuestionError(
        agreed(
            f"{reading.table.place}: nothing says whether {', '.join(repr(text) for text, _ in unsure[:8])} in column"
            f" '{reading.title('kind')}' [is an invoice to a customer|are invoices to customers].",
            len(unsure),
        ),
        Answer(
            "kind",
            choices=tuple(f"{text}={one}" for text, kind in unsure[:8] for one in (INVOICE, _BESIDE_INVOICES[kind])),
        ),
    )


def _ask_for_kinds(reading: Reading, words: list[str]) -> None:
    if not words:
        return
    kinds = ITEM_KINDS[:4] if reading.format.role == "items" else RECEIPT_KINDS[:4]
    named = ", ".join(f"'{word[:30]}'" for word in words[:8])
    raise QuestionError(
        agreed(
            f"{reading.table.place}: nothing says what {named} in column '{reading.title('kind')}' mean[s|].",
            len(words),
        ),
        Answer("kind", choices=tuple(f"{word}={kind}" for word in words[:8] for kind in kinds)),
    )


def _currencies(reading: Reading, source: Cells) -> pd.Series[str]:
    """Currencies as ISO codes, whatever words or signs stand for them."""
    codes, texts = cells.coded(source)
    said = reading.format.said.get("currency", {})
    known = [code_of(text, reading.base_currency, said, reading.table.place) if text else "" for text in texts]
    reading.evidence["currency"] = _of_words([text for text in texts if text], {})
    return cells.spelled(codes, known)


def _of_words(texts: Sequence[str], words: Mapping[str, str]) -> str:
    """What a column of words holds, and what they stand for."""
    named = [f"{text[:30]}{f' = {words[text.casefold()]}' if text.casefold() in words else ''}" for text in texts]
    return ", ".join(named[:8]) + (f" and {len(named) - 8} more" if named[8:] else "") or "blank"


def _of_text(source: Cells, key: str) -> str:
    """What a text column holds."""
    filled = len(source) - source.null_count
    if not filled:
        return "blank"
    if key not in IDS:
        return agreed(f"text in {filled:,} [row|rows]", filled)
    zeros = int(pc.sum(pc.match_substring_regex(source, r"^0\d")).as_py() or 0)
    return agreed(f"text in {filled:,} [row|rows]", filled) + (f", leading zeros kept in {zeros:,}" if zeros else "")


def _tell_rounded(reading: Reading, key: str, source: Cells) -> None:
    """A long number a spreadsheet rounded: 1.23457E+15 in text, or a numeric cell of more than 15 digits."""
    lost = pc.match_substring_regex(source, r"^\d([.,]\d+)?[Ee]\+\d{2}$")
    if pa.types.is_floating(reading.cells(key).type):
        lost = pc.or_(lost, pc.match_substring_regex(source, r"^\d{16,}$"))
    where = np.asarray(pc.fill_null(lost, fill_value=False).to_numpy(), bool) & (reading.kind == rows.ITEM)
    if where.any():
        first = source[int(np.flatnonzero(where)[0])].as_py()
        reading.find(may.ROUNDED_NUMBERS, where, title=reading.title(key), first=first)


def _refuse_overflow(reading: Reading, key: str, source: Cells) -> None:
    """An id that overflowed in the source system: the same large negative number over and over."""
    negative = source.filter(pc.fill_null(pc.match_substring_regex(source, r"^-\d{6,}$"), fill_value=False))
    if len(negative) < 3:
        return
    counts = negative.value_counts()
    number, times = max(((one["values"].as_py(), one["counts"].as_py()) for one in counts), key=lambda one: one[1])
    if times >= 3:
        raise LedgerError(
            f"{reading.table.place}: column '{reading.title(key)}' holds {number} in {times:,} rows, a number that"
            " overflowed in the source system: export it again with this column as text."
        )
