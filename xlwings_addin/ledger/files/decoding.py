"""Texts as UTF-8: which encoding a file is in, decided by what its words would be in each."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.dates import months
from xlwings_addin.ledger.errors import Answer, AnswerError, LedgerError, QuestionError
from xlwings_addin.ledger.files.heading import HEAD_ROWS
from xlwings_addin.ledger.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xlwings_addin.ledger.files.table import Score

WESTERN = "cp1252"
"""What Windows writes in Western Europe and America: taken where its words are plausible."""
_CANDIDATES = (
    *(WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp850", "cp852", "cp437"),
    *("cp866", "koi8_r", "mac_roman", "mac_cyrillic", "cp932", "gb18030", "big5", "euc_kr", "iso8859_2", "iso8859_15"),
)
_STATED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_SAMPLE = 2**16
"""Bytes of lines that are not plain, by which encodings are distinguished."""
_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A letter beyond a to z in UTF-8; a blank that does not break, and signs like it, are in other encodings too."""
_WORD = re.compile(r"[^\s\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f]+")
_BLOCKS = tuple(
    re.compile(f"[{letters}]+")
    for letters in (
        "\u0370-\u03ff",
        "А-Яа-яЁёІіЇїЄєҐґЂђЈјЉљЊњЋћЏџЎў",
        "\u05d0-\u05ea",
        "\u0621-\u0652\u067e\u0686\u0698\u06a9\u06af\u06cc",
        "\uac00-\ud7a3",
        "\u3041-\u30fe\u4e00-\u9fff々〆ヶ",
    )
)
"""Letters of other scripts: Greek, Cyrillic, Hebrew, Arabic, Korean, Chinese and Japanese."""
_LANGUAGES = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "àâæçéèêëîïôœùûü",
        "äöüßé",
        "åäöéæøü",
        "áéíóúñüç",
        "àèéìíòóùúîç",
        "áâãàçéêíóôúü",
        "àçèéíïòóúü·",
        "ëéèêïöüóáä",
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýžäĺľôŕ",
        "áéíóöőúüű",
        "ăâîșțşţ",
        "čćđšž",
        "çğıöşüâîûİ",
        "ąčęėįšųūž",
        "āčēģīķļņšūž",
        "äõöüšž",
        "áðéíóúýþæö",
    )
)
"""Letters beside a to z that a language written in Latin has."""
_COMMON = frozenset().union(
    *_LANGUAGES,
    "οαιετσνηυρπκλμςωάέήίόύώ",
    "оеаинтсрвлкмдпуя",
    "אבדהוילמנרשתחעכקםן",
    "ابتدرسعفقكلمنهوي",
    "이다는의에을가고로기하사한지도인수스시리자아대서정어전일보상주나동라장부해제회국성고객금액식업체구산명",
    "有限公司的北京上海深圳广廣州科技贸貿易集团團股份商工业業中国國华華东東南西大新天金银銀信息电電子客户戶号發发票日期额額名称稱",
    "株式会社日本東京大阪工業商事請求書番号期限残高顧客先金額のンスーアイトルシリ",
)
"""Letters that are frequent in a language, or in names of companies and headings of lists."""
_WITHIN_NUMBERS = re.compile(r"\d[^\x00-\x7f\s\u2019\u066b\u066c\uff0c]\d{3}(?!\d)")
"""A sign where thousands are set apart: the blank there was written in another encoding."""
_UNSURE = re.compile("[ðþýÐÞÝ]|õ(?!e)|Õ(?!E)")
"""Letters of few Western languages, at whose place other encodings have frequent ones."""
_WITHIN, _AROUND = "'’‘´`\xad\xa0·ªºµ", "£€¥¤§©®™°²³¹¼½¾…–—“”„‚‘’«»‹›¿¡•†\xa0"
"""Signs that may stand within a word, and around it."""
_NOWHERE = re.compile(
    r"^[£¥€¤§©®²³¹¼½¾ªº](?=[^\W\d_])|(?<=[^\W\d_])(?:[ªº](?=[^\W\d_])|¹)|[^\W\d_][¿¡³](?=[^\W\d_])"
    r"|ñ(?=[b-df-hj-np-tv-xz])|(?<=[^\W\d_])œ(?![uitd])|^Œ(?![uidtns])|ã(?=[^\W\d_oens])|^È(?=[aáoóuiy])|y[ûÛ]"
)
"""What no word has where it stands: a sign grown together with letters, letters beside others."""


@dataclass(frozen=True)
class Decoded:
    """A text in UTF-8, the encoding it was in, and why that one was taken ("" where no other is possible)."""

    data: bytes
    encoding: str = "utf-8"
    why: str = ""


def decode(name: str, data: bytes, score: Score, answer: str | None = None) -> Decoded:
    """The text as UTF-8: by its mark, as UTF-8 or UTF-16 where it is, else by `answer` or the words it holds.

    Raises LedgerError for binary data, and QuestionError where two encodings would give different words.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(name, data, "utf-16", "its first two bytes say so")
    elif data[:2000].count(0) > len(data[:2000]) // 4:
        # UTF-16 without a BOM: in Western text every other byte is zero.
        little = data[1:2000:2].count(0) > data[:2000:2].count(0)
        return _strictly(name, data, "utf-16-le" if little else "utf-16-be", "every other byte is zero")
    control = sum(data[:4000].count(code) for code in range(32) if code not in (9, 10, 12, 13))
    if 0 in data or control > len(data[:4000]) // 50:
        raise LedgerError(f"{name} holds binary data, no text and no workbook: export the list as CSV or XLSX.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if answer is not None:
            return _strictly(name, data, answer, "as answered")
        if (damaged := _damaged(data)) is not None:
            return damaged
        stated = _stated(data)
        return _strictly(name, data, stated, "the file says so") if stated else _by_words(name, data, score)
    return Decoded(data)


def _stated(data: bytes) -> str:
    """The encoding that a page or XML names; "" where it names none, or one that it is not in."""
    found = _STATED.search(data[:4000]) if data.lstrip().startswith(b"<") else None
    try:
        encoding = codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""
    # Nobody who names the one means it: programs take it for the other.
    encoding = WESTERN if encoding == "iso8859-1" else encoding
    return encoding if encoding and _decodes(data, encoding) else ""


def _damaged(data: bytes) -> Decoded | None:
    """A text in UTF-8 in which a few bytes are damaged: no other encoding has that many of its letters by chance."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    if len(_LETTER.findall(data)) < 4 * lost:
        return None
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return Decoded(
        text.encode(), "utf-8", f"letters that are damaged and shown as \ufffd: {lost:,}, first in line {line}"
    )


def _strictly(name: str, data: bytes, encoding: str, why: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except LookupError:
        raise AnswerError(f"'{encoding}' is no encoding: cp1252, cp1250 or gb18030 is one.") from None
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-16"):
            raise LedgerError(f"{name} is a text in UTF-16 that breaks off in a letter: export it again.") from None
        line = data.count(b"\n", 0, error.start) + 1
        raise AnswerError(f"{name} is not in the encoding {encoding}: its line {line} holds no letter of it.") from None
    if "\x00" in text:
        raise LedgerError(f"{name} holds binary data, no text and no workbook: export the list as CSV or XLSX.")
    return Decoded(text.encode(), encoding, why)


@dataclass(frozen=True)
class _Candidate:
    encoding: str
    heading: int
    """What the best line says as a heading."""
    plausible: float
    """Share of the words that are not plain which some language could have."""
    months: int
    """How many of the words are months."""
    common: float
    """Share of their letters that are frequent in what they would be written in."""
    text: str

    @property
    def rank(self) -> tuple[float, int, int, float]:
        # What hardly is a text says nothing, however much its heading seems to.
        return round(self.plausible, 1), self.heading, self.months, round(self.plausible, 2)

    @property
    def is_one_language(self) -> bool:
        """Whether one language has all its letters."""
        letters = {letter for letter in self.text.replace("õe", "oe") if letter.isalpha() and not letter.isascii()}
        return any(letters <= language for language in _LANGUAGES)


def _by_words(name: str, data: bytes, score: Score) -> Decoded:
    sample = _odd_lines(data)
    left = _best(_CANDIDATES, sample, data, score)
    if not left or left[0].plausible < 1 / 2:
        left = _best(dict.fromkeys((*_CANDIDATES, *_proposed(sample))), sample, data, score)
    if not left or (left[0].encoding == WESTERN and not _UNSURE.search(left[0].text)):
        # As Western Windows has it; a byte that is no letter of it either becomes a mark.
        return Decoded(data.decode(WESTERN, errors="replace").encode(), WESTERN, "its words are of Western Europe")
    left = _most(left, lambda one: (round(one.common, 1), one.is_one_language))
    if _differ(left):
        likely = _proposed(sample)
        left = _most(left, lambda one: likely.get(one.encoding, 0.0))
    if _differ(left):
        left = list({one.text: one for one in reversed(left)}.values())[::-1]
        encodings, words = tuple(one.encoding for one in left), _words(left)
        readings = ", ".join(f"{word} in {encoding}" for word, encoding in zip(words, encodings, strict=True))
        raise QuestionError(
            f"{name} is in an encoding that nothing in it tells: it has the word {readings}.",
            Answer("encoding", encodings, words),
        )
    one = left[0]
    why = f"{one.plausible:.0%} of its words with other letters than a to z are words in it"
    return Decoded(data.decode(one.encoding).encode(), one.encoding, why)


def _best(encodings: Iterable[str], sample: bytes, data: bytes, score: Score) -> list[_Candidate]:
    """The encodings that are as likely as each other and more likely than all others."""
    # What is plain says the same in each, and a heading has no numbers.
    lines = data[:_SAMPLE].splitlines(keepends=True)[:HEAD_ROWS]
    head = b"".join(line for line in lines if not line.isascii() and not re.search(rb"\d{3}", line))
    found = [one for one in (_candidate(each, sample, head, score) for each in encodings) if one]
    while found:
        most = max(one.rank for one in found)
        left = [one for one in found if one.rank == most and _decodes(data, one.encoding)]
        if left:
            return left
        found = [one for one in found if one.rank != most]
    return []


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _most(left: Sequence[_Candidate], what: Callable[[_Candidate], Any]) -> list[_Candidate]:
    most = max(map(what, left))
    return [one for one in left if what(one) == most]


def _differ(left: Sequence[_Candidate]) -> bool:
    return len({one.text for one in left}) > 1


def _words(left: Sequence[_Candidate]) -> tuple[str, ...]:
    """What differs between decodings: the first word that does, as each has it."""
    words = [[word for word in _WORD.findall(one.text) if not word.isascii()] for one in left]
    at = next((i for i, same in enumerate(zip(*words, strict=False)) if len(set(same)) > 1), 0)
    return tuple(f"'{of[at] if at < len(of) else ''}'" for of in words)


def _candidate(encoding: str, sample: bytes, head: bytes, score: Score) -> _Candidate | None:
    try:
        text = sample.decode(encoding)
        lines = head.decode(encoding).splitlines()
    except UnicodeDecodeError:
        return None
    if _WITHIN_NUMBERS.search(text):
        return None
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    letters = [letter for word in words for letter in word.lower() if letter.isalpha() and not letter.isascii()]
    letters = [letter for letter in letters if letter not in _WITHIN]
    return _Candidate(
        encoding,
        max((score(line.split(sign)) for line in lines for sign in ",;\t|" if sign in line), default=0),
        sum(map(_is_plausible, words)) / max(len(words), 1),
        sum(fold(word) in months() for word in words),
        sum(letter in _COMMON for letter in letters) / len(letters) if letters else 1.0,
        text,
    )


def _is_plausible(word: str) -> bool:
    """Whether a word could be one: of one script, of letters that one language has, upper case before lower."""
    if _NOWHERE.search(word):
        return False
    word = "".join(letter for letter in word.strip(_AROUND) if letter not in _WITHIN)
    odd = "".join(letter for letter in word if not letter.isascii())
    if not odd.isalpha():
        return not odd
    if not _is_cased(word):
        return False
    letters = set(odd) - set("õ" if "õe" in word else "")
    if any(letters <= language for language in _LANGUAGES):
        return len(odd) <= 2 or 2 * len(odd) <= len(word) + 2
    return any(block.fullmatch(odd) for block in _BLOCKS) and not re.search("[a-z]|ς[^\\W\\d_]", word)


def _is_cased(word: str) -> bool:
    """Whether letters beyond a to z are of the case that a word has there: upper at its beginning or throughout."""
    word = word.replace("ß", "-")
    for before, letter, after in zip(f" {word[:-1]}", word, f"{word[1:]} ", strict=True):
        if letter.isascii():
            continue
        if letter.isupper() and before.isalpha() and (before.islower() or after.islower()):
            return False
        if letter.islower() and after.isupper():
            return False
    return True


def _odd_lines(data: bytes) -> bytes:
    """Lines that are not plain ASCII, up to that many bytes."""
    lines: list[bytes] = []
    size = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(lines)


def _proposed(sample: bytes) -> dict[str, float]:
    """What charset-normalizer takes it for, and how much of it looks like a language."""
    # Only a text that the words do not settle needs it.
    from charset_normalizer import from_bytes

    return {
        name: found.coherence for found in from_bytes(sample) for name in (found.encoding, *found.could_be_from_charset)
    }
