"""The currency that a word, a sign or a code names; signs that several currencies share are asked about once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.ledger import words
from xlwings_addin.ledger.errors import Answer, QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping


def code_of(text: str, base: str, said: Mapping[str, str], place: str) -> str:
    """The ISO code that a text names, the base currency where it is one of several; the text itself where it is none.

    `said` are words that were answered. Raises QuestionError where it may be several.

    >>> code_of("Euro", "", {}, "a.csv"), code_of("$", "CAD", {}, "a.csv"), code_of("$", "", {"$": "USD"}, "a.csv")
    ('EUR', 'CAD', 'USD')
    >>> [code_of(text, "EUR", {}, "a.csv") for text in ("LCY", "local currency", "Hauswährung", "USD")]
    ['EUR', 'EUR', 'EUR', 'USD']
    """
    if text.casefold() in said:
        return said[text.casefold()]
    found = words.currency_of(text)
    concepts = {*words.read(text).concepts} if not found else set()
    if "local" in concepts and concepts <= {"local", "currency"}:
        return base
    if len(found) < 2 or base in found:
        return base if base in found else found[0] if found else text.strip().upper()
    raise QuestionError(
        f"{place}: '{text.strip()}' is the sign of several currencies, and nothing says which is meant.",
        Answer("currency_word", tuple(f"{text.strip()}={code}" for code in found)),
    )
