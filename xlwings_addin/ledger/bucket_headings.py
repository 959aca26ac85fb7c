"""Headings of aging columns, in any language and with any edges, to days overdue."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days overdue that a column of an aging holds."""

    first: int | None
    """None in the column of what is not yet due."""
    last: int | None
    """None where it has no end."""

    def __str__(self) -> str:
        if self.first is None:
            return "Current"
        return f"{self.first}+" if self.last is None else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class BucketColumn:
    """A column of a table and the bucket it holds."""

    place: int
    bucket: Bucket


NOT_DUE = Bucket(None, 0)
LONGEST = 1825
"""Days, five years: larger numbers, years among them, are no days overdue."""
OLDER = Bucket(LONGEST, None)
"""Older than the other columns, whatever they hold."""

_MEANINGS = {
    ">": ">|more than|older than|greater than|over|above|after|beyond|plus de|au dela de"
    "|superieur a|mehr als|alter als|uber|ueber|mas de|mas|mayor a|superior a|oltre|piu di|mais de|mais|gt"
    "|acima de|maior que|meer dan|ouder dan|mer an|mer enn|mere end|aldre an|eldre enn|aeldre end"
    "|powyzej|ponad|wiecej niz|nad|vice nez|fazla|uzeri|uzerinde|asan|свыше|более|больше|старше"
    "|اكثر من|فوق|超过|超過|大于|超|초과",
    ">=": ">=|+|plus|and over|and above|and older|and more|or more|ab|und mehr|und alter|und aelter"
    "|et plus|y mas|e mais|e oltre|en meer|en ouder|och over|eller mer|og over|i wiecej|a vice"
    "|ve uzeri|from|von|vom|ab|desde|a partir de|van|fran|fra|od|от|с|من|و اكثر|فاكثر"
    "|从|以上|이상",
    "<": "<|less than|under|below|unter|weniger als|moins de|menos de|meno di|minder dan|mindre an"
    "|mindre enn|mindre end|ponizej|mniej niz|mene nez|менее|меньше|اقل من|未満|미만",
    "<=": "<=|up to|within|jusqu a|jusqu au|hasta|fino a|ate|tot|upp till|t o m|opptil|inntil"
    "|indtil|kadar|حتى|以内|内|이내",
    "day": "d|day|days|tag|tage|tagen|tg|dia|dias|jour|jours|j|jrs|giorno|giorni|gg|dag|dagar|dgr|dage|dager|dg"
    "|dagen|dgn|dni|dn|den|gun|gunden|gunluk|день|дня|дней|дн|يوم|يوما|ايام|天|日|日間|일",
    "week": "week|weeks|woche|wochen|semana|semanas|semaine|semaines|settimana|settimane|vecka"
    "|veckor|uke|uker|uge|uger|tydzien|tygodnie|周|週間",
    "month": "mth|mths|month|months|monat|monate|monaten|mes|meses|mois|mese|mesi|manad|manader"
    "|maned|maneder|maand|maanden|miesiac|miesiace|miesiecy|mesic|mesice|mesicu|ay|месяц"
    "|месяца|месяцев|شهر|اشهر|个月|か月|ヶ月|개월",
    "year": "year|years|jahr|jahre|jahren|ano|anos|an|ans|anno|anni|ar|jaar|rok|let|yil|год|года|лет|سنة|年",
    "-": "to|till|til|through|thru|bis|t m|tot en met|do|до|по|az|ile|الى|至|到|-|~",
    "": "b|age|aged|aging|ageing|bucket|amount|amt|betrag|importe|montant|importo|valor|a|al"
    "|au|e|y|and|und|et|between|zwischen|de|du|entre|da|dal|dalle|of|in|past due"
    "|overdue|due|late|outstanding|owed|old|fallig|faellig|uberfallig|ueberfaellig|verzug|vencido"
    "|vencida|vencidos|vencidas|atraso|de retard|retard|echu|scaduto|scaduti|vervallen|te laat"
    "|forfallet|forfalt|forfalden|przeterminowane|po terminie|po splatnosti|gecikme|gecikmis"
    "|просрочка|просрочено|逾期|超期|账龄|遅延|延滞|연체|から|まで|부터|까지",
}
"""What the words around the numbers say; "" is nothing."""
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_NOT_DUE = (
    "current|actual|atual|aktuell|aktuel|actuel|attuale|obecny|obecne|aktualni|guncel|cari|текущий|текущие"
    "|الحالي|حالي|当月|현재|current amount|not due|not yet due|not overdue|undue|within terms|future|nicht fallig"
    "|noch nicht fallig|nicht faellig|noch nicht faellig|nicht uberfallig|nicht ueberfaellig|no vencido"
    "|no vencida|no vencidos|no vencidas|por vencer|corriente|al corriente|non echu|non echues|non echus"
    "|a echoir|courant|non scaduto|non scaduti|a scadere|corrente|nao vencido|nao vencidos|a vencer"
    "|niet vervallen|nog niet vervallen|lopend|ej forfallet|ej forfallna|ej forfallen|ikke forfalt"
    "|nuvarande|navarende|navaerende|nuvaerende|huidig|huidige|non dovuto|en cours"
    "|ikke forfallt|ikke forfalden|ikke forfaldne|niewymagalne|nieprzeterminowane|biezace|przed terminem"
    "|nesplatne|pred splatnosti|do splatnosti|vadesi gelmemis|vadesi gelmeyen|непросроченная|не просрочено"
    "|не просроченная|текущая|غير مستحق|未到期|未逾期|目前|当前|當前|现时|期日前|期日未到来|만기 전|미도래"
)
_OLDER = (
    "older|oldest|alter|aelter|mas antiguo|anteriores|plus ancien|piu vecchio|mais antigo|ouder|aldre"
    "|eldre|aeldre|starsze|starsi|daha eski|ранее|старше|اقدم|更早|それ以前"
)
_PAST_DUE = (
    "past due|overdue|total overdue|total past due|uberfallig|ueberfallig|fallig|vencido|total vencido|echu|total echu"
    "|scaduto|totale scaduto|vervallen|forfallet|forfalt|forfalden|przeterminowane|po splatnosti|gecikmis"
    "|просрочено|متاخر|逾期|已逾期|延滞|연체"
)
"""What is overdue for however long, beside what is not yet due and no other age."""
_AMOUNT = re.compile(
    r"\b(amount|amt|betrag|importe|montant|importo|valor|bedrag|belopp|belop|kwota|castka|tutar|сумма|bucket)\b"
    r"|المبلغ|金额|金額|금액"
)
"""Words beside what is not yet due that say no more of it."""
_LATIN = "\u2e80"
"""Scripts from here on have no spaces between words."""


def _words(text: str) -> str:
    """A heading as it is compared: words and numbers, small, without accents, a space between them."""
    text = re.sub(r"\([A-Z]{3}\)", " ", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.replace("≥", ">=").replace("≤", "<="))
    folded = unicodedata.normalize("NFKD", text).casefold().translate(str.maketrans("łøı‐‑–—−〜", "loi------"))
    plain = "".join(letter for letter in folded.replace("æ", "ae") if not unicodedata.combining(letter))
    plain = re.sub(r"([<>]=?|\d+|[-+%#~])", r" \1 ", unicodedata.normalize("NFC", plain))
    return " ".join(re.sub(r"[_.,:;()\[\]{}'’\"/|]", " ", plain).split())


def _phrases(text: str) -> list[str]:
    return [_words(phrase) for phrase in text.split("|")]


_MEANING_OF = {phrase: meaning for meaning, text in _MEANINGS.items() for phrase in _phrases(text)}
_PIECE = re.compile(
    "|".join(
        re.escape(phrase) + (r"(?!\w)" if phrase[-1].isalnum() and phrase < _LATIN else "")
        for phrase in sorted(_MEANING_OF, key=len, reverse=True)
    )
    + r"|(?P<number>\d+)|(?P<space> )"
)
_MONTHS_END = (30, 31)
_LEAST = 7
"""Days of the shortest bucket whose unit no word says."""
_WHOLE = dict.fromkeys(_phrases(_NOT_DUE), NOT_DUE) | dict.fromkeys(_phrases(_OLDER), OLDER)


def bucket(heading: str) -> Bucket | None:
    """The days overdue a heading names; None where it names none, as a plain number or a year does.

    A single number with a unit and no more (30 days, 1 month) is a bucket of that one day: only the columns
    beside it say whether it starts or ends there.

    >>> [str(bucket(one)) for one in ("31 – 60 Tage", "days_0_30", "Over 90 days", "más de 90", "90天以上")]
    ['31-60', '0-30', '91+', '91+', '90+']
    >>> bucket("No vencido") == bucket("未逾期金额") == bucket("current_bucket")
    True
    >>> bucket("No vencido"), bucket("2024"), bucket("60")
    (Bucket(first=None, last=0), None, None)
    """
    # A table's name may stand before: "Invoice: Current".
    words = _words(re.sub(r"^[^\W\d]+: ", "", heading[:100]))
    for plain in (words, " ".join(_AMOUNT.sub(" ", words).split())):
        if plain in _WHOLE:
            return _WHOLE[plain]
    numbers, said = [], []
    at = 0
    while at < len(words):
        piece = _PIECE.match(words, at)
        if piece is None:
            return None
        at = piece.end()
        if piece["number"]:
            numbers.append(int(piece["number"]))
        elif not piece["space"]:
            said.append(_MEANING_OF[piece[0]])
    unit = next((_DAYS[word] for word in said if word in _DAYS), 0)
    numbers = [number * max(unit, 1) for number in numbers]
    if not numbers or max(numbers) > LONGEST:
        return None
    # "121-" is the last column of systems that write ranges.
    return _of_numbers(numbers, {*said, ">="} if words.endswith("-") else {*said}, unit)


def _of_numbers(numbers: list[int], said: set[str], unit: int) -> Bucket | None:
    first = numbers[0]
    if len(numbers) == 2:
        # Of months and years the first is the end of what lies before.
        after = first > 0 and (unit > 7 or ">" in said)
        return Bucket(first + after, numbers[1]) if first + after <= numbers[1] else None
    if len(numbers) > 2:
        return None
    if ">" in said:
        return Bucket(first + 1, None)
    if ">=" in said:
        return Bucket(first, None)
    if said & {"<", "<=", "-"}:
        return NOT_DUE if not first else Bucket(0, first - ("<" in said and unit < 8))
    if not first:
        return NOT_DUE if unit else None
    return Bucket(first, first) if unit else None


def buckets(headings: Sequence[str]) -> tuple[BucketColumn, ...] | None:
    """The columns that form one sequence of buckets without gap or overlap, youngest first; None without one.

    What is not yet due may have a column or none. Edges written twice (0-30, 30-60) belong to the younger.

    >>> [str(one.bucket) for one in buckets(["Name", "Current", "< 1 Month", "1 Month", "Older", "Total"])]
    ['Current', '1-30', '31-60', '61+']
    >>> buckets(["Customer", "30 days", "2024"]) is None
    True
    """
    known = {place: read for place, heading in enumerate(headings) if (read := bucket(heading))}
    known |= _in_a_row({place: _words(heading) for place, heading in enumerate(headings) if place not in known}, known)
    if len(known) == 1 and NOT_DUE in known.values():
        late = [place for place, heading in enumerate(headings) if _words(heading) in _phrases(_PAST_DUE)]
        return _two(next(iter(known)), late[0]) if len(late) == 1 else None
    found = [BucketColumn(place, read) for place, read in known.items()]
    found.sort(key=lambda one: age(one.bucket))
    kinds = [one.bucket for one in found]
    chains = [chain for reading in (_ends, _starts) if (chain := sequence(reading(kinds)))]
    # No bucket is a single day.
    chains = [chain for chain in chains if not any(map(_point, chain))]
    # A single number that could be either end leaves it open.
    if not chains or any(chain != chains[0] for chain in chains[1:]):
        return None
    return tuple(replace(one, bucket=kind) for one, kind in zip(found, chains[0], strict=True))


def _two(current: int, late: int) -> tuple[BucketColumn, ...]:
    return BucketColumn(current, NOT_DUE), BucketColumn(late, Bucket(1, None))


def _in_a_row(headings: Mapping[int, str], known: Mapping[int, Bucket]) -> dict[int, Bucket]:
    """Buckets in words that nobody knows: each from one number to another where the one before it ends.

    >>> found = _in_a_row({1: "1 eos 30 imeres", 2: "31 eos 60 imeres", 3: "ano ton 60 imeron"}, {})
    >>> [str(one) for one in found.values()]
    ['1-30', '31-60', '61+']
    """
    numbers = {place: [*map(int, re.findall(r"\d+", words))] for place, words in headings.items()}
    alike: dict[str, list[int]] = {}
    for place, words in headings.items():
        if len(numbers[place]) == 2 and re.search(r"[^\W\d]", words):
            alike.setdefault(re.sub(r"\d+", "#", words), []).append(place)
    for places in alike.values():
        pairs = sorted((numbers[place][0], numbers[place][1], place) for place in places)
        follow = all(after[0] - before[1] in (0, 1) for before, after in pairwise(pairs))
        long = all(last - first >= _LEAST for first, last, _ in pairs) and pairs[-1][1] <= LONGEST
        if len(pairs) > 1 and follow and long:
            found = {place: Bucket(first, last) for first, last, place in pairs}
            end = pairs[-1][1]
            last = [place for place, own in numbers.items() if own in ([end], [end + 1])]
            ended = any(one.last is None for one in known.values())
            return found | ({last[0]: Bucket(end + 1, None)} if len(last) == 1 and not ended else {})
    return {}


def _point(one: Bucket) -> bool:
    return one.first is not None and one.first == one.last


def _ends(kinds: list[Bucket]) -> list[Bucket]:
    """Single numbers as the ends of their buckets."""
    found: list[Bucket] = []
    for one in kinds:
        before = found[-1].last if found else 0
        found.append(Bucket((before or 0) + 1, one.last) if _point(one) else one)
    return found


def _starts(kinds: list[Bucket]) -> list[Bucket]:
    """Single numbers as the starts of their buckets."""
    found = list(kinds)
    for place, (one, after) in enumerate(pairwise([*kinds, OLDER])):
        if not _point(one) or one.first is None:
            continue
        before = found[place - 1] if place else None
        if before == NOT_DUE:
            found[place - 1] = before = Bucket(None, one.first - 1)
        first = one.first + (before is not None and before.last == one.first)
        shift = first - one.first
        step = one.first - (kinds[place - 1].first or 0 if place and _point(kinds[place - 1]) else 0)
        end = one.first + step if after == OLDER or after.first is None else after.first
        found[place] = Bucket(first, end - 1 + shift)
    return found


def age(one: Bucket) -> tuple[int, bool]:
    """What buckets are sorted by, the youngest first."""
    return -1 if one.first is None else one.first, one.last is None


def sequence(kinds: list[Bucket]) -> list[Bucket] | None:
    """Buckets with the edges they share given to the younger; None where they leave a gap or overlap."""
    if len(kinds) < 2 or (kinds[0].first or 0) > 1 or kinds[0] == OLDER:
        return None
    found = [kinds[0]]
    if kinds[0] == NOT_DUE and kinds[1].first in _MONTHS_END:
        # What is current may be as old as the next column begins.
        found = [Bucket(None, (kinds[1].first or 0) - 1)]
    for one in kinds[1:]:
        fitted = _fitted(found[-1], one, young=len(found) == 1)
        if fitted is None:
            return None
        found[-1:] = fitted
    return found if len([one for one in found if one.first is not None]) > 1 else None


def _fitted(before: Bucket, one: Bucket, *, young: bool) -> tuple[Bucket, Bucket] | None:
    """Two buckets, the second from the day after the first; None where they do not belong together."""
    end = before.last
    if end is None or one.first is None or (one.last is not None and one.last <= end):
        return None
    gap = 1 if one == OLDER or (end == 0 and one.first == 0) else one.first - end
    # "< 30" beside "31-60" means to leave nothing out, nor does "over 90" beside "60-89".
    if gap == 2 and young and end > 0:
        before, end = Bucket(before.first, end + 1), end + 1
    elif gap not in (0, 1) and not (gap == 2 and one.last is None):
        return None
    return before, Bucket(end + 1, one.last)
