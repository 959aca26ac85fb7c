"""How exports write amounts and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tests.layouts.truth import digits

if TYPE_CHECKING:
    from random import Random

# Short and long names as CLDR 46 has them, in the genitive where a date takes it.
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "sv": "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "tr": "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
}
OF_LANGUAGE = {
    "en": ("mdy/", "dmy/", "iso", "short", "long"), "de": ("dmy.", "iso", "long", "short"),
    "fr": ("dmy/", "iso", "long", "short"), "es": ("dmy/", "iso", "dmy-", "short", "long"),
    "pt": ("dmy/", "iso", "short", "long"), "it": ("dmy/", "iso", "short", "long"), "nl": ("dmy-", "iso", "short"),
    "sv": ("iso", "short"), "no": ("dmy.", "iso", "long"), "da": ("dmy-", "dmy.", "iso", "long"),
    "pl": ("dmy.", "iso", "short", "long"), "cs": ("dmy.", "iso", "long"), "tr": ("dmy.", "iso", "short", "long"),
    "ru": ("dmy.", "iso", "long"), "ar": ("dmy/", "iso"), "zh": ("iso", "ymd/", "han"), "ja": ("ymd/", "iso", "han"),
    "ko": ("iso", "ymd."),
}  # fmt: skip
ANYWHERE = ("iso", "iso", "compact", "time", "instant", "serial")
COMMA = {"de", "fr", "es", "pt", "it", "nl", "sv", "no", "da", "pl", "cs", "tr", "ru"}


def write_date(day: date, style: str, language: str) -> str:
    """A date as text."""
    d, m, y = day.day, day.month, day.year
    match style:
        case "iso":
            return day.isoformat()
        case "compact":
            return day.strftime("%Y%m%d")
        case "time":
            return f"{day.isoformat()} 00:00:00"
        case "instant":
            return f"{day.isoformat()}T00:00:00"
        case "serial":
            return str((day - date(1899, 12, 30)).days)
        case "han":
            return f"{y}年{m}月{d}日"
        case "short":
            return f"{d:02d}-{SHORT[language].split()[m - 1]}-{y}"
        case "long":
            stop = "." if language in ("de", "no", "da", "cs") else ""
            return f"{d}{stop} {MONTHS[language].split()[m - 1]} {y}"
        case "ms":
            return f"/Date({(day - date(1970, 1, 1)).days * 86_400_000})/"
    mark = style[-1]
    parts = {"d": f"{d:02d}", "m": f"{m:02d}", "y": f"{y:04d}"}
    return mark.join(parts[one] for one in style[:-1])


def choose_dates(rng: Random, language: str) -> str:
    """A way to write dates that the language uses."""
    return rng.choice(ANYWHERE if rng.random() < 0.25 else OF_LANGUAGE[language])


def says_its_order(style: str, days: list[date]) -> bool:
    """Whether dates written so tell day from month; dots stand in no month-first date."""
    return style not in ("dmy/", "mdy/", "dmy-") or any(day.day > 12 for day in days)


@dataclass(frozen=True)
class Numbers:
    """How amounts are written."""

    group: str = ""
    point: str = "."
    negative: str = "-{}"
    frame: str = "{}"
    """The currency about the number: "€ {}", for example."""
    indian: bool = False
    positive: str = "{}"

    def write(self, minor: int, currency: str) -> str:
        """An amount as text."""
        places = digits(currency)
        whole, part = divmod(abs(minor), 10**places)
        text = self._grouped(str(whole)) + (f"{self.point}{part:0{places}d}" if places else "")
        return self.frame.format((self.negative if minor < 0 else self.positive).format(text))

    def _grouped(self, whole: str) -> str:
        size, rest, parts = 3, whole, []
        while self.group and len(rest) > size:
            parts.insert(0, rest[-size:])
            rest = rest[:-size]
            size = 2 if self.indian else 3
        return self.group.join([rest, *parts])


NEGATIVES = ("-{}",) * 6 + ("({})", "{}-", "\N{MINUS SIGN}{}")
PLAIN = Numbers()


def choose_numbers(rng: Random, language: str, currency: str, *, sides: bool) -> Numbers:
    """A way to write amounts that the language uses; with Dr and Cr behind them where the list may have sides."""
    negative = rng.choice(NEGATIVES)
    if language in COMMA:
        groups = ("", ".", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", " ")
        group, point = rng.choice((*((group, ",") for group in groups), ("", "."), ("'", ".")))
    else:
        group, point = rng.choice((("", "."), (",", ".")))
    indian = currency == "INR" and group == "," and rng.random() < 0.6
    if sides and rng.random() < 0.15:
        return Numbers(group, point, "{} Cr", "{}", indian, "{} Dr")
    return Numbers(group, point, negative, "{}", indian)
