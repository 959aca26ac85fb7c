"""The table `words.csv`: what words mean in eighteen languages, and how a text comes apart into words it knows.

The table has a line a meaning and a column a language. A meaning is a concept (`due`) or several (`customer name`);
words and phrases stand between bars, and one that ends in * may have any short ending. So a heading that nobody has
seen before is understood by its parts: "Fälligkeits-Datum", "DUE_DATE" and "fecha de vencimiento" are due and date.
Lines like `status:paid` hold words of cells.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

TABLE = Path(__file__).with_name("words.csv")
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "no", "da", "pl", "cs", "tr", "ru", "ar", "zh", "ja", "ko")
SMALL = "(small words)"
"""The line of articles and the like, which mean nothing by themselves."""
ANY = "codes"
"""The column of signs and of field names, which belong to no language."""

_LONGEST = 7
"""Words of the longest phrase that is looked for."""
_ENDING = 4
"""Letters that may take the place of a *."""
_LONGEST_WORD = 200
"""Letters beyond which a text without a blank is no word: to take it apart would take for ever."""
_JOINTS = ("", "s", "n", "en", "es", "er", "e", "r", "ns")
"""What stands between the parts of a compound."""
_LAST_PARTS = frozenset({"no", "nr", "id", "dt"})
"""The only parts of a compound that are shorter than three letters; they stand at its end."""
_COMPOUNDING = frozenset({"de", "nl", "sv", "no", "da"})

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ة": "ه", "ى": "ي", "ـ": None}
)
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
_DUE_IN_FRENCH = re.compile(r"\bdû(?:es|e|s)?\b", re.IGNORECASE)
_ARTICLE_IN_ARABIC = re.compile(r"\bال(?=\w{3,})")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_EAST = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"\d+|[#%]|[{_EAST}]+|[^\W\d_{_EAST}]+")
_EASTERN = re.compile(f"[{_EAST}]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def fold(text: str) -> str:
    """A text as it is compared: without case and accents.

    >>> fold("Überfällig"), fold("FORFALDSBELØB"), fold("Société"), fold("İSTANBUL")
    ('uberfallig', 'forfaldsbelob', 'societe', 'istanbul')
    """
    if text.isascii():
        return text.casefold()
    text = _DUE_IN_FRENCH.sub("due", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFD", text.casefold())
    # Hangul comes apart like accents do, and is put together again.
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS)
    return _ARTICLE_IN_ARABIC.sub("", text)


def is_eastern(text: str) -> bool:
    """Whether something of a text is Chinese, Japanese or Korean, which need no blanks between words."""
    return bool(_EASTERN.search(text))


def tokens(text: str) -> list[str]:
    """The folded words of a text; what is written together in capitals or snakes comes apart.

    >>> tokens("AMOUNT_DUE_REMAINING"), tokens("DueDate"), tokens("发票No."), tokens("Invoice #")
    (['amount', 'due', 'remaining'], ['due', 'date'], ['发票', 'no'], ['invoice', '#'])
    """
    text = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text))
    return _TOKEN.findall(fold(text))


Meanings = dict[str, frozenset[str]]
"""What a word may mean, and the languages in which it does."""


class Vocabulary:
    """The lines of the table for headings, or of one kind of words in cells."""

    def __init__(self, lines: Iterable[tuple[str, str, Sequence[str]]], small: frozenset[str]) -> None:
        """`lines` are meaning, language and phrases."""
        self.small = small
        self.order: dict[str, int] = {}
        self.whole: dict[str, Meanings] = {}
        self.stems: dict[str, Meanings] = {}
        self.languages: dict[str, None] = {}
        for meaning, language, phrases in lines:
            self.order.setdefault(meaning, len(self.order))
            self.languages.setdefault(language)
            for phrase in phrases:
                into = self.stems if phrase.endswith("*") else self.whole
                for key in self._keys(phrase):
                    known = into.setdefault(key, {})
                    known[meaning] = known.get(meaning, frozenset()) | {language}

    def _keys(self, phrase: str) -> Iterator[str]:
        """A phrase written together, as it is looked up: with and without its small words, ä also as ae."""
        for spelling in {phrase, phrase.casefold().translate(_UMLAUTS)}:
            words = tokens(spelling)
            yield "".join(words)
            content = [word for word in words if word not in self.small]
            if len(content) > 1:
                yield "".join(content)

    def parts(self, words: Sequence[str]) -> Iterator[tuple[str, Meanings]]:
        """A text in parts with what each means, {} where nothing explains it; longest phrases first."""
        at = 0
        while at < len(words):
            for beyond in range(min(len(words), at + _LONGEST), at, -1):
                found = self._phrase(words[at:beyond])
                if found and not (len(words) > 1 and self._is_small(words[at:beyond], found)):
                    yield "".join(words[at:beyond]), found
                    at = beyond
                    break
            else:
                if words[at] not in self.small:
                    yield from self._apart(words[at])
                at += 1

    def _is_small(self, words: Sequence[str], found: Meanings) -> bool:
        """Whether a word that means something in one language is but a small word of another beside others."""
        return len(words) == 1 and words[0] in self.small and not any(ANY in langs for langs in found.values())

    def _phrase(self, words: Sequence[str]) -> Meanings:
        if words[-1] in self.small and len(words) > 1 and "".join(words) not in self.whole:
            return {}
        content = [word for word in words if word not in self.small]
        for key in ("".join(words), "".join(content) if len(content) > 1 else ""):
            if found := self.whole.get(key):
                return found
            if len(words[-1]) > 3 and key.endswith("s") and (found := self.whole.get(key[:-1])):
                return found
            if len(words) > 1 and (found := self._stem(key, len(words[-1]))):
                return found
        return {}

    def _stem(self, key: str, last: int) -> Meanings:
        """What the longest stem means that a word begins with, its ending short and within the last word."""
        for size in range(len(key), max(len(key) - min(_ENDING + 1, last), 0), -1):
            if found := self.stems.get(key[:size]):
                return found
        return {}

    def _apart(self, word: str) -> Iterator[tuple[str, Meanings]]:
        """One word: a compound of known ones, a stem with an ending, or one of which the end alone is known."""
        if len(word) > _LONGEST_WORD:
            yield word, {}
            return
        if is_eastern(word):
            yield from self._characters(word)
            return
        if parts := self._compound(word, None, 4):
            yield from parts
            return
        if found := self._stem(word, len(word)):
            yield word, found
            return
        for start in range(3, len(word) - 3):
            found = self._part(word[start:])
            found = {meaning: own for meaning, languages in found.items() if (own := languages & _COMPOUNDING)}
            if found:
                yield word[:start], {}
                yield word[start:], found
                return
        yield word, {}

    def _part(self, word: str) -> Meanings:
        whole, stem = self.whole.get(word, {}), self.stems.get(word, {})
        return {
            meaning: whole.get(meaning, frozenset()) | stem.get(meaning, frozenset()) for meaning in (*whole, *stem)
        }

    def _compound(self, word: str, languages: frozenset[str] | None, most: int) -> list[tuple[str, Meanings]]:
        """The known words, all of one language, that a word is made of; [] where it is not."""
        for size in range(len(word), 1, -1):
            part, rest = word[:size], word[size:]
            if size < 3 and (rest or part not in _LAST_PARTS):
                continue
            found, shared = _shared(self._part(part), languages)
            if not found:
                continue
            if not rest:
                return [(part, found)]
            for joint in _JOINTS:
                if (
                    most > 1
                    and rest.startswith(joint)
                    and (more := self._compound(rest[len(joint) :], shared, most - 1))
                ):
                    return [(part, found), *more]
        return []

    def _characters(self, word: str) -> Iterator[tuple[str, Meanings]]:
        """Words of Chinese, Japanese and Korean, which are written without blanks."""
        strange, at = "", 0
        while at < len(word):
            size = next((size for size in range(len(word) - at, 0, -1) if word[at : at + size] in self.whole), 0)
            if strange and (size or word[at] in self.small):
                yield strange, {}
                strange = ""
            if size:
                yield word[at : at + size], self.whole[word[at : at + size]]
            elif word[at] not in self.small:
                strange += word[at]
            at += max(size, 1)
        if strange:
            yield strange, {}


def _shared(meanings: Meanings, languages: frozenset[str] | None) -> tuple[Meanings, frozenset[str] | None]:
    """What a part means in the languages of the parts before it, and the languages that are left."""
    own = frozenset[str]().union(*meanings.values())
    if languages is None or ANY in own:
        return meanings, languages if ANY in own else own
    left = {meaning: shared for meaning, known in meanings.items() if (shared := known & languages)}
    return left, own & languages


@cache
def lines() -> list[dict[str, str]]:
    """The lines of the table, by column."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@cache
def vocabulary(kind: str) -> Vocabulary:
    """The vocabulary of headings (""), or of words in cells by what stands before the colon ("status")."""
    small, entries = set[str](), []
    for line in lines():
        meaning = line["concept"]
        group, _, named = meaning.rpartition(":")
        for language, cell in line.items():
            if language == "concept" or not cell:
                continue
            phrases = cell.split("|")
            if meaning == SMALL:
                small.update(word for phrase in phrases for word in tokens(phrase))
            elif group == kind:
                entries.append((named, language, phrases))
    found = Vocabulary(entries, frozenset(small))
    if kind:
        # In a status a "no" is no small word.
        found.small -= found.whole.keys()
    return found
