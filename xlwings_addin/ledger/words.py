"""What headings, and words in cells, mean in eighteen languages, by the table `words.csv` (see `vocabulary`)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING, Literal, get_args

from xlwings_addin.ledger.vocabulary import ANY, fold, is_eastern, lines, tokens, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Status = Literal["void", "reversed", "draft", "uncollectible", "paid", "partly paid", "overdue", "open", ""]
Kind = Literal["invoice", "credit note", "debit note", "payment", "bill", "no receivable", ""]
Receipt = Literal[
    "cash",
    "credit note",
    "discount",
    "write-off",
    "tax withheld",
    "bank charges",
    "exchange difference",
    "contra",
    "recovery",
    "",
]
Side = Literal["debit", "credit", ""]
Books = Literal["payable", "receivable", ""]
Flag = Literal["yes", "no", ""]
STATUSES = get_args(Status)
"""What a document's status may be; of several words the strongest, which stands first, counts."""
_DENIED = {"paid": "open", "partly paid": "open", "overdue": "open"}
"""What a status comes to with a "not" before it; the others come to nothing that is known."""
_BESIDE_STATUS = frozenset({"days", "document", "customer", "status", "paid", "receivable", "balance"})
_BESIDE_KIND = frozenset({"sales", "document", "customer", "kind", "tax", "receivable", "number"})
"""Concepts of words that such a word may have next to it in its cell: "Sales invoice"."""

_TICKS = ("✓", "✔", "☑")
_MOST_READINGS = 8

_SIGN = re.compile(r"(?:\b[A-Z]{1,3})?\$|[€£¥₹₩₽₺฿₫₪₴₦₱₡₲₸]")
_ASIDE = re.compile(
    r"[(\[](?:in )?(?P<aside>[^()\[\]]+)[)\]]|(?:(?<![^\W_])|(?<=[a-z])(?=[A-Z]))(?P<last>[^\W\d_]{2,4}\.?)\s*$"
)
_CODE = re.compile(r"(?P<open>[(\[/]\s*|(?i:\bin)\s+)?(?<![^\W_])(?P<code>[A-Za-z]{3})(?![^\W_])")
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF"
    " CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD"
    " HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD"
    " LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK"
    " PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS"
    " TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
    " ZWL"
)
CODES = frozenset(_CODES.split())
"""Currencies by ISO 4217, and those it had until lately."""
_COMMON = (
    "AED AUD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW KWD MXN MYR NOK NZD PHP PLN QAR"
    " RON RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR"
)
_OFTEN = frozenset(_COMMON.split())
"""Codes that are read in small letters, or in a heading that is capitals throughout, too."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says."""

    concepts: tuple[str, ...]
    """Concepts of the table, in the order of the heading, each once."""
    unknown: tuple[str, ...] = ()
    """The words that nothing explains, numbers among them."""
    currency: tuple[str, ...] = ()
    """The currency named in it, as ISO code; several where the sign is that of several."""
    readings: tuple[tuple[str, ...], ...] = ()
    """All that the words may mean, `concepts` first: a rate is of exchange in English, an instalment in German."""


@lru_cache(maxsize=4096)
def read(heading: str, language: str = "") -> Heading:
    """Read a heading. `language` (see `language_of`) decides between words that several languages share.

    >>> read("Fälligkeits-Datum").concepts == read("DUE_DATE").concepts == ("due", "date")
    True
    >>> read("fecha de vencimiento").concepts, read("InvoiceNumber").concepts, read("CUSTNO").concepts
    (('date', 'due'), ('document', 'number'), ('customer', 'number'))
    >>> read("Offener Betrag (EUR)")
    Heading(concepts=('open', 'amount'), unknown=(), currency=('EUR',), readings=(('open', 'amount'),))
    >>> read("Rate").readings, read("Rate", "de").concepts
    ((('rate',), ('instalment',)), ('instalment',))
    """
    currency, rest = _currency_apart(heading)
    table = vocabulary("")
    parts = [*table.parts(tokens(rest))]
    unknown = tuple(word for word, meanings in parts if not meanings)
    known = [meanings for _, meanings in parts if meanings]
    votes = Counter(one for meanings in known for one in frozenset[str]().union(*meanings.values()) - {ANY})
    if language:
        votes[language] += len(known)
    best = {one for one, count in votes.items() if count == max(votes.values())}
    # Of several meanings those in the language of the other words come first, then those higher up in the table.
    ordered = [
        sorted(meanings, key=lambda one: (not meanings[one] & {*best, ANY}, table.order[one])) for meanings in known
    ]
    readings = dict.fromkeys(_once(choice) for choice in islice(product(*ordered), _MOST_READINGS))
    found = tuple(readings)
    return Heading(found[0], unknown, currency, found)


def _once(meanings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(concept for meaning in meanings for concept in meaning.split()))


def language_of(headings: Iterable[str]) -> str:
    """The language that most of the words in these headings belong to; "" where two have as many.

    >>> language_of(["Rate", "Kunde", "Fällig am", "Betrag"]), language_of(["Saldo"])
    ('de', '')
    """
    votes: Counter[str] = Counter()
    for heading in headings:
        for _, meanings in vocabulary("").parts(tokens(heading)):
            votes.update(frozenset[str]().union(*meanings.values()) - {ANY})
    first = votes.most_common(2)
    return first[0][0] if first and (len(first) == 1 or first[0][1] > first[1][1]) else ""


def _currency_apart(heading: str) -> tuple[tuple[str, ...], str]:
    """The currency that a heading names, and the heading without it."""
    letters = [letter for letter in heading if letter.isalpha()]
    capitals = len(letters) > 3 and all(letter.isupper() for letter in letters)
    for match in (*_SIGN.finditer(heading), *_ASIDE.finditer(heading)):
        mark = match[match.lastgroup or 0]
        # A last word in letters is a currency only where it is nothing else.
        last = match.lastgroup == "last"
        if last and (_sign_key(mark) in vocabulary("").whole or not is_written_as_currency(mark)):
            continue
        if last and capitals and _sign_key(mark) in vocabulary("").small:
            continue
        if _sign_key(mark) in _signs(ANY if last else ""):
            return currency_of(mark), f"{heading[: match.start()]} {heading[match.end() :]}"
    return _code_apart(heading, capitals=capitals)


def _code_apart(heading: str, *, capitals: bool) -> tuple[tuple[str, ...], str]:
    """The same by a code; `capitals`: all of the heading is written so, and letters say less."""
    for match in _CODE.finditer(heading):
        code = match["code"]
        apart = bool(match["open"]) or (code.isupper() and not capitals)
        # Between brackets a code is one, though it may be a word elsewhere.
        known = any(fold(code) in words for words in (vocabulary("").whole, vocabulary("").small))
        plain = (bool(match["open"]) and code.isupper()) or not known
        if code.upper() in (CODES if apart and code.isupper() else _OFTEN) and plain:
            return (code.upper(),), f"{heading[: match.start()]} {heading[match.end() :]}"
    return (), heading


@lru_cache(maxsize=1024)
def currency_of(text: str) -> tuple[str, ...]:
    """The currency that a code, a sign or a word names, as ISO codes: several where it may be several, () for none.

    >>> currency_of("eur"), currency_of("Euro"), currency_of("US$"), currency_of("X"), currency_of("hello")
    (('EUR',), ('EUR',), ('USD',), (), ())
    >>> currency_of("kr"), currency_of("USD - US Dollar")
    (('SEK', 'NOK', 'DKK', 'ISK'), ('USD',))
    """
    code = text.strip().upper()
    if code in CODES:
        return (code,)
    known = _signs()
    if found := known.get(_sign_key(text), ()):
        return found
    parts = [part for part in re.split(r"[\s()\[\]/,:;–-]+", text) if part]
    named = {part for part in parts if part in CODES}
    rest = "".join(part for part in parts if part not in named)
    return tuple(named) if len(named) == 1 and named <= {*known.get(_sign_key(rest), ())} else ()


def is_written_as_currency(text: str) -> bool:
    """Whether a word of two letters is spelled as the currency that it may name; longer ones are in any letters.

    >>> [is_written_as_currency(text) for text in ("LE", "le", "Le", "kr", "Kr", "RE", "euro")]
    [True, False, False, True, True, False, True]
    """
    word = text.strip().rstrip(".")
    return len(word) != 2 or not word.isalpha() or bool({word, word.casefold()} & _spellings())


@cache
def _spellings() -> frozenset[str]:
    """Words and signs of currencies as the table spells them."""
    cells = (cell for line in lines() if line["concept"].startswith("currency:") for cell in line.values())
    return frozenset(phrase.strip(".") for cell in cells for phrase in cell.split("|"))


def currency_marks() -> list[str]:
    """Codes, signs and single words of currencies in capitals, longest first."""
    found = {
        phrase.upper()
        for line in lines()
        if line["concept"].startswith("currency:")
        for name, cell in line.items()
        for phrase in cell.split("|")
        if name != "concept" and phrase and " " not in phrase
    }
    return sorted(found | CODES, key=lambda mark: (-len(mark), mark))


def _sign_key(text: str) -> str:
    return re.sub(r"[\s.'’_-]", "", fold(text))


@cache
def _signs(column: str = "") -> dict[str, tuple[str, ...]]:
    """Signs and words of currencies, of one column of the table or all, with the codes they may stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines():
        group, _, code = line["concept"].rpartition(":")
        if group != "currency":
            continue
        cells = [cell for name, cell in line.items() if cell and (name == column or (not column and name != "concept"))]
        for phrase in "|".join(cells).split("|"):
            key = _sign_key(phrase)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), code)))
    return found


def status_of(text: str) -> Status:
    """What a document's status says of it; "" where that is not known for certain.

    >>> [status_of(text) for text in ("Paid", "Not paid", "Atrasado", "teilweise bezahlt", "AUTHORISED", "未付款")]
    ['paid', 'open', 'overdue', 'partly paid', 'open', 'open']
    """
    found: set[str] = set()
    denied = partly = False
    for meaning in _meanings(text, "status", _BESIDE_STATUS):
        if meaning == "not":
            denied = True
        elif meaning == "partly":
            partly = True
        else:
            found.add(_DENIED.get(meaning, "") if denied else meaning)
            denied = False
    if partly and found <= {"paid", "open", "partly paid"}:
        found = {"partly paid"}
    if denied or "" in found:
        return ""
    return next((status for status in STATUSES if status in found), "")


def begins_paid(text: str) -> bool:
    """Whether the first word of a text says that something is paid.

    >>> [begins_paid(text) for text in ("Paid 3 July", "bezahlt am 3.7.", "To be paid", "Goods received", "")]
    [True, True, False, False, False]
    """
    word, meanings = next(vocabulary("status").parts(tokens(text)), ("", {}))
    return "paid" in meanings and bool({"paid", "clearing"} & {*read(word).concepts})


def begins_status(text: str) -> Status:
    """What status a heading of a part of a list says: of its words, or of the first where these are capitals.

    >>> [begins_status(text) for text in ("Paid", "OPEN INVOICES", "PAID THIS MONTH", "Paid Ltd", "Bank", "")]
    ['paid', 'open', 'paid', '', '', '']
    """
    return status_of(text) or ("paid" if text.isupper() and begins_paid(text) else "")


def flag_of(text: str) -> Flag:
    """What a cell under a yes or no question says; "" where that is not known.

    >>> [flag_of(text) for text in ("Sí", "FALSE", "✓", "n", "いいえ", "maybe")]
    ['yes', 'no', 'yes', 'no', 'no', '']
    """
    if text in _TICKS:
        return "yes"
    known = vocabulary("flag").whole.get("".join(tokens(text)), {})
    return next((flag for flag in get_args(Flag) if flag in known), "")


def books_of(text: str) -> Books:
    """Which side of the ledger a text means, receivable or payable, by one of its words; "" of any other.

    >>> books_of("AR"), books_of("Vendor"), books_of("Alpha")
    ('receivable', 'payable', '')
    >>> books_of("Payable credit note"), books_of("Acompte fournisseur"), books_of("Supplier Street 5")
    ('payable', 'payable', '')
    """
    table, words = vocabulary("books"), tokens(text)
    if known := table.whole.get("".join(words)):
        return next((side for side in get_args(Books) if side in known), "")
    parts = [*table.parts(words)]
    said = {side for _, meanings in parts for side in meanings}
    rest = [part for part, meanings in parts if not meanings]
    one = len(said) == 1 and all(kind_of(part) or not read(part).unknown for part in rest)
    return next((side for side in get_args(Books) if one and side in said), "")


def kind_of(text: str) -> Kind:
    """What kind of document a word or code stands for; "" where that is not known for certain.

    A bill is an invoice, or a supplier's where something else is called an invoice; what is no receivable comes before
    one (quotes, orders, delivery notes).

    >>> [kind_of(text) for text in ("Tax Invoice", "GUTSCHRIFT", "Nota de débito", "PMT", "S")]
    ['invoice', 'credit note', 'debit note', 'payment', '']
    >>> [kind_of(text) for text in ("Bill", "Purchases", "Angebot", "Bon de livraison", "Pro-forma invoice")]
    ['bill', 'bill', 'no receivable', 'no receivable', 'no receivable']
    """
    found = set(_meanings(text, "kind", _BESIDE_KIND))
    # A credit for a purchase is a supplier's, too.
    found = {"bill"} if "bill" in found and "" not in found else found
    return next((kind for kind in get_args(Kind) if found == {kind}), "")


def receipt_of(text: str) -> Receipt:
    """What kind of receipt a word or code stands for; "" where that is not known for certain.

    >>> [receipt_of(text) for text in ("Zahlungseingang", "TDS", "frais bancaires", "cash discount", "Storno")]
    ['cash', 'tax withheld', 'bank charges', 'discount', '']
    """
    found = set(_meanings(text, "receipt", _BESIDE_KIND))
    return next((kind for kind in get_args(Receipt) if found == {kind}), "")


def _meanings(text: str, kind: str, beside: frozenset[str]) -> list[str]:
    """What the words of a cell mean; [""] where one of them is neither known nor one it may have next to it."""
    found = []
    for word, meanings in vocabulary(kind).parts(tokens(text)):
        if meanings:
            found.append(min(meanings, key=vocabulary(kind).order.__getitem__))
        elif not word.isdecimal() and not (beside & {*read(word).concepts}):
            return [""]
    return found


def sides_of(texts: Iterable[str]) -> Mapping[str, Side]:
    """Which side each mark of a column stands for, debit or credit; {} where they are no such marks.

    All belong to one language: S and H are German, D is debit in English and credit in Czech, beside MD.

    >>> sides_of(["S", "H"]), sides_of(["Dr", "Cr"])
    ({'S': 'debit', 'H': 'credit'}, {'Dr': 'debit', 'Cr': 'credit'})
    >>> sides_of(["D", "MD"])["D"], sides_of(["A", "B", "C"])
    ('credit', {})
    """
    marks = {text: "".join(tokens(text)) for text in texts}
    known = vocabulary("side").whole
    readings: list[dict[str, Side]] = []
    for language in vocabulary("side").languages:
        read_as: dict[str, Side] = {}
        for text, mark in marks.items():
            for side in ("debit", "credit"):
                if language in known.get(mark, {}).get(side, ()):
                    read_as[text] = side
        if len(read_as) == len(marks) and read_as not in readings:
            readings.append(read_as)
    return readings[0] if len(readings) == 1 else {}


@cache
def label_pattern(*meanings: str) -> str:
    """A pattern of the words that label totals (`subtotal`, `total`, `grand total`), for RE2 and Python alike."""
    return "|".join(re.escape(one) for one in _labels(*meanings))


@cache
def _labels(*meanings: str) -> list[str]:
    found: set[str] = set()
    for line in lines():
        group, _, meaning = line["concept"].rpartition(":")
        if group == "total" and meaning in meanings:
            phrases = "|".join(cell for name, cell in line.items() if name != "concept" and cell).split("|")
            found.update(one for phrase in phrases for one in (phrase.casefold(), fold(phrase)))
    return sorted(found, key=lambda one: (-len(one), one))


def total_pattern() -> str:
    """A pattern of the labels of totals: the words begin them or, as spreadsheets write it, end them.

    >>> [bool(re.search(total_pattern(), text)) for text in ("Total for Alpha", "Alpha Total", "Totality")]
    [True, True, False]
    """
    kinds = ("subtotal", "total", "grand total")
    found, east = label_pattern(*kinds), "|".join(one for one in _labels(*kinds) if is_eastern(one) and len(one) > 1)
    return (
        rf"(?i)^(?:\*+$|-?\s*(?:{found})(?:$|[\s\d:;,.*()/#–-]))|[\s*-](?:{found})[\s:.]*$"
        rf"|^(?:{east})|(?:{east})[\s:]*$"
    )


def opening_pattern() -> str:
    """A pattern of labels of a balance brought forward.

    >>> [bool(re.search(opening_pattern(), text)) for text in ("Opening balance 1.1.", "SALDOVORTRAG", "Vortragsreihe")]
    [True, True, False]
    """
    return rf"(?i)^\W*(?:{label_pattern('opening')})(?:$|[\W\d])"


def grand_total_pattern() -> str:
    """A pattern of labels that are the words of a grand total alone.

    >>> [bool(re.search(grand_total_pattern(), text)) for text in ("Total:", "Total for Alpha")]
    [True, False]
    """
    return rf"(?i)^(?:\*{{2,}}|(?:{label_pattern('grand total')}))[\s:.]*$"
