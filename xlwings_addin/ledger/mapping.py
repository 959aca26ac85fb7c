"""What a user says of how files are read: a mapping file, options of the command, answers in Excel, in one shape."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_args

from xlwings_addin.ledger.bucket_headings import Bucket, BucketColumn, age, sequence
from xlwings_addin.ledger.dates import DateOrder
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.formats.declaration import title_key
from xlwings_addin.ledger.model import ITEM_COLUMNS, RECEIPT_COLUMNS
from xlwings_addin.ledger.reading import FURTHER_KEYS, read_as
from xlwings_addin.ledger.values import (
    CREDIT_NOTE,
    DEBIT_NOTE,
    INVOICE,
    NOT_OURS,
    PAYMENT,
    RECEIPT_KINDS,
    RECOVERY,
    REDUCED_BY,
)
from xlwings_addin.ledger.words import CODES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlwings_addin.ledger.formats.declaration import Format, Role

KEYS = (*(column.key for column in ITEM_COLUMNS), *FURTHER_KEYS)
"""What a column of a mapping may be read as."""
KEYS_OF_RECEIPTS = (*(column.key for column in RECEIPT_COLUMNS), *REDUCED_BY)
RECEIPTS = "receipts."
"""What stands before the key of a column of receipts, where columns are named one by one."""
NONE = "none"
"""The heading that says that no column has a role."""
SHEET = "sheet name"
"""The heading that says that the name of each sheet is meant."""
AS_ABOVE, LEFT_BLANK = "blank as above", "blank left out"
"""What may be said, after a comma, of the blanks in a column of customers."""
ACCEPTED = "what was answered"
"""What a mapping is called that is no file."""
KINDS = {
    "items": ("", INVOICE, CREDIT_NOTE, DEBIT_NOTE, PAYMENT, *NOT_OURS),
    "receipts": (*RECEIPT_KINDS, RECOVERY),
}
"""What a word may be said to mean as a kind, by what the table holds."""
_WORDS = {
    "kind": tuple(dict.fromkeys((*KINDS["items"], *KINDS["receipts"]))),
    "status": ("", "open", "draft", "void", "uncollectible", "settled", "paid", "partly paid"),
    "sign": ("debit", "credit"),
    "currency": (),
    **dict.fromkeys(("e_invoice", "disputed", "proof_of_delivery"), ("yes", "no")),
}


@dataclass(frozen=True)
class Mapped:
    """What was said: the columns, and everything else that a format declares."""

    name: str
    """What it is called in messages."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Canonical key to heading; "Date#2" is the second of two equal headings, "none" says that no column is it."""
    receipts: Mapping[str, str] = field(default_factory=dict)
    """The same of a list of receipts."""
    buckets: tuple[tuple[str, Bucket], ...] = ()
    """The headings of the columns of an aging by customer, with the days overdue each holds."""
    traits: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a Format: group, lines, dates, signs, terms and so on."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    as_of: int | None = None
    currency: str = ""
    entity: str = ""

    def places(self, headers: Sequence[str]) -> dict[str, int | None]:
        """The column of each key that is named, None where none has it; KeyError of a heading that is not there."""
        return {key: None if heading == NONE else place(heading, headers) for key, heading in self.columns.items()}

    def of_receipts(self) -> Mapped:
        """What was said of receipts: their columns in place of those of items."""
        return replace(self, columns=self.receipts, buckets=(), sheets=(), traits={})

    def ages(self, headers: Sequence[str]) -> tuple[BucketColumn, ...]:
        """The columns that were said to hold ages of balances, the youngest first; KeyError of one not there."""
        return tuple(BucketColumn(place(heading, headers), bucket) for heading, bucket in self.buckets)

    def gone(self, headers: Sequence[str]) -> list[str]:
        """The headings it names that are not there."""
        named = [*(one for one in self.columns.values() if one != NONE), *(heading for heading, _ in self.buckets)]
        return [one for one in named if not _there(one, headers)]


def place(heading: str, headers: Sequence[str]) -> int:
    """The column a heading names, the first of equal ones unless it ends in #2 and so on; KeyError where none does.

    >>> place("fecha", ["No", "Fecha", "Fecha"]), place("Fecha#2", ["No", "Fecha", "Fecha"])
    (1, 2)
    """
    if re.fullmatch(r"#\d+", heading.strip()) and 0 < int(heading.strip()[1:]) <= len(headers):
        # A column without a heading, by its place.
        return int(heading.strip()[1:]) - 1
    keys = [title_key(header) for header in headers]
    if _blanks(heading) and title_key(heading) not in keys:
        heading = heading.rpartition(",")[0]
    for name, number in ((heading, "1"), heading.rpartition("#")[::2], (f"Column {heading}", "1")):
        found = [at for at, key in enumerate(keys) if key == title_key(name) and headers[at].strip()]
        if number.isdigit() and 0 < int(number) <= len(found):
            return found[int(number) - 1]
    raise KeyError(heading)


def _blanks(heading: str) -> str:
    """What a heading of a column of customers says of its blanks; "" where it says nothing.

    >>> _blanks("Customer, blank as above"), _blanks("Name, first")
    ('blank as above', '')
    """
    said = heading.rpartition(",")[2].strip()
    return said if said in (AS_ABOVE, LEFT_BLANK) else ""


def _there(heading: str, headers: Sequence[str]) -> bool:
    try:
        place(heading, headers)
    except KeyError:
        return False
    return True


def unique(at: int, headers: Sequence[str]) -> str:
    """How a mapping names a column: its heading, with its number where an earlier one has the same, or its place.

    >>> [unique(at, ["No", "Fecha", "Fecha", "", "#1"]) for at in (2, 3, 4)]
    ['Fecha#2', '#4', '#5']
    """
    name = " ".join(headers[at].split())
    same = sum(title_key(header) == title_key(headers[at]) for header in headers[:at])
    said = f"{name}#{same + 1}" if same else name
    return said if name and said != NONE and _there(said, headers) and place(said, headers) == at else f"#{at + 1}"


def applied(mapped: Mapped, layout: Format, fields: Mapping[str, Any] | None = None) -> Format:
    """The format with what was said in place of what it declares."""
    own = KINDS.get(layout.role, ())
    values = {
        key: {
            **layout.values.get(key, {}),
            **{
                word.casefold(): value
                for word, value in mapped.words.get(key, {}).items()
                if key != "kind" or value in own
            },
        }
        for key in {*layout.values, *mapped.words} - ({"currency"} - {*layout.values})
    }
    currency = {word.casefold(): code.upper() for word, code in mapped.words.get("currency", {}).items()}
    said = {"values": values, "said": {"currency": currency}, "signs_said": bool(mapped.traits.get("signs"))}
    said["blanks"] = next((_blanks(one) for one in mapped.columns.values() if _blanks(one)), "")
    return replace(layout, **{**said, **mapped.traits, **(fields or {})})


def said_by(to: str, choice: str) -> dict[str, Any]:
    """An answer to a question, as a mapping says it; {} of one that no mapping can say.

    >>> said_by("column", "open_amount=Balance"), said_by("terms", "N030=30"), said_by("kind", "GS=credit note")
    ({'columns': {'open_amount': 'Balance'}}, {'terms': {'N030': 30}}, {'words': {'kind': {'GS': 'credit note'}}})
    """
    key, value = pair(to, choice)
    match to:
        case "column" if key.startswith(RECEIPTS):
            return {"receipts": {key_of(key.removeprefix(RECEIPTS), "receipts"): value}}
        case "column":
            return {"columns": {key_of(key): value}}
        case "terms":
            return {"terms": {key: int(value)}} if value.isdecimal() else {}
        case "status" | "kind":
            return {"words": {to: {key: value}}}
        case "currency_word":
            return {"words": {"currency": {key: value}}}
        case "sheet":
            return {"sheets": [value]}
        case "signs" | "encoding" | "as_of":
            return {to: value}
    return {}


def key_of(name: str, role: Role = "items") -> str:
    """The key of a column by the name that messages have for it; any other name stays as it is.

    >>> key_of("Customer"), key_of("open amount"), key_of("due_date"), key_of("Kunde")
    ('customer_name', 'open_amount', 'due_date', 'Kunde')
    """
    keys = KEYS if role == "items" else KEYS_OF_RECEIPTS
    known = {**{title_key(read_as(key, role)): key for key in keys}, **{title_key(key): key for key in keys}}
    return known.get(title_key(name), name)


def pair(to: str, choice: str) -> tuple[str, str]:
    """What an answer is about, and what it says of it; the first is "" where it is about the whole file.

    >>> pair("column", "open_amount=Open = rest"), pair("kind", "A=B=invoice"), pair("encoding", "cp1252")
    (('open_amount', 'Open = rest'), ('A=B', 'invoice'), ('', 'cp1252'))
    """
    if to not in ("column", "terms", "status", "kind", "currency_word"):
        return "", choice
    # A word of the file may hold an equals sign, a name of ours never does.
    key, _, value = choice.partition("=") if to == "column" else choice.rpartition("=")
    return key.strip(), value.strip()


def saved(said: Mapping[str, Any], source: str, read: Mapping[str, str], asked: str = "") -> str:
    """The text of a mapping file, TOML. `read` are the columns as they are read, `asked` what is still open.

    What `said` does not hold of them is in remarks: of a known system it need not be said, else it is a guess.
    """
    lines = [
        f"# How {source} is read: canonical column = heading in the file. Correct it, and name it as the mapping file.",
        f"# Columns: {', '.join(KEYS)}.",
        '# Of two equal headings the second is "Date#2"; "none" says that no column is meant.',
        "# Between the rows may stand totals and repeated headers: report = true; where a row of words alone names",
        '# the customer of the rows above or below: group = "customer".',
        *(f"{key} = {_toml(value)}" for key, value in said.items() if not isinstance(value, dict) and key != "buckets"),
        *([] if "columns" in said else [f"# Known: {key} = {_toml(heading)}" for key, heading in read.items()]),
        *([f"# Not answered yet: {' '.join(asked.split())}"] if asked else []),
        "",
    ]
    for key, table in said.items():
        if isinstance(table, dict):
            inner = {name: one for name, one in table.items() if isinstance(one, dict)}
            lines += [f"[{key}]"] if not inner else []
            lines += [f"{_key(name)} = {_toml(one)}" for name, one in table.items() if name not in inner]
            guesses = read.keys() - table.keys() if key == "columns" else ()
            lines += ["# Guesses, which count without the mark before them:"] if guesses else []
            lines += [f"# {name} = {_toml(heading)}" for name, heading in read.items() if name in guesses]
            for name, one in inner.items():
                lines += [f"[{key}.{name}]", *(f"{_key(word)} = {_toml(meant)}" for word, meant in one.items())]
            lines.append("")
    return "\n".join([*lines, *_buckets_and_words(said)])


def _buckets_and_words(said: Mapping[str, Any]) -> list[str]:
    lines = [
        "# Columns of ages, each under a line [[buckets]]: column = '31-60 days', from = 31, to = 60, a line each;",
        "# what is not yet due has no from, the oldest no to.",
    ]
    for bucket in said.get("buckets", ()):
        lines += ["[[buckets]]", *(f"{name} = {_toml(one)}" for name, one in bucket.items()), ""]
    return [
        *lines,
        "# Words of the system for kinds: invoice, credit note, debit note, payment; any other goes by its sign.",
        "# [words.kind]",
        '# "Storno" = "credit note"',
        "",
    ]


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def load(path: Path) -> Mapped:
    """Read a mapping file (TOML, or JSON of the same shape).

    Raises LedgerError naming what in it cannot be meant.
    """
    return declared(f"the mapping file {path.name}", content(path))


def content(path: Path) -> Any:
    """What a mapping file holds. Raises LedgerError where it cannot be read."""
    if path.exists() and not path.is_file():
        raise LedgerError(f"The mapping file {path} is no file: check its name and folder.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LedgerError(f"There is no mapping file {path}: check its name and folder.") from None
    except (OSError, UnicodeDecodeError):
        raise LedgerError(f"The mapping file {path} cannot be read as text.") from None
    try:
        return json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LedgerError(
            f"The mapping file {path.name} is not valid ({error}): correct it or save it again."
        ) from None


def merged(one: Any, other: Any) -> Any:
    """What was said once more is said as well: tables line by line, of anything else the later counts."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return other
    return one | {key: merged(one.get(key), value) for key, value in other.items()}


def declared(name: str, said: Any) -> Mapped:
    """Make a mapping of what a file holds, or an answer. Raises LedgerError naming what in it cannot be meant."""
    wrong = _Wrong(name)
    if not isinstance(said, dict) or not said:
        raise wrong("has no table [columns] with lines like: document_date = 'Invoice date'")
    unknown = [key for key in said if key not in _CHECKS]
    if unknown:
        raise wrong(f"says {unknown[0]}, which means nothing here; it may say {', '.join(_CHECKS)}")
    tables: tuple[tuple[Role, str], ...] = (("items", "columns"), ("receipts", "receipts"))
    for role, table in tables:
        if isinstance(said.get(table), dict):
            said = {**said, table: {key_of(key, role): heading for key, heading in said[table].items()}}
    for key, value in said.items():
        _CHECKS[key](value, key, wrong)
    traits = {key: value for key, value in said.items() if key in _TRAITS}
    if "signs" in traits:
        traits["signs"] = traits["signs"].replace("by-kind", "by kind")
    day = said.get("as_of")
    return Mapped(
        name,
        columns=said.get("columns", {}),
        receipts=said.get("receipts", {}),
        buckets=_aged(said.get("buckets", ())),
        traits=traits,
        words=said.get("words", {}),
        sheets=tuple(said.get("sheets", ())),
        encoding=said.get("encoding", ""),
        as_of=None if day is None else day_number(day),
        currency=said.get("currency", "").strip().upper(),
        entity=said.get("entity", "").strip(),
    )


class _Wrong:
    """Says what in a mapping cannot be meant."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, what: str) -> LedgerError:
        return LedgerError(f"{self.name[0].upper()}{self.name[1:]} {what}.")


_Check = Callable[[Any, str, _Wrong], None]


def _text(value: Any, key: str, wrong: _Wrong) -> None:
    if not isinstance(value, str):
        raise wrong(f"has {key} = {value!r}, which is no text")


def _switch(value: Any, key: str, wrong: _Wrong) -> None:
    if not isinstance(value, bool):
        raise wrong(f"has a {key} that is neither true nor false")


def _of(*allowed: str, why: str = "") -> _Check:
    def check(value: Any, key: str, wrong: _Wrong) -> None:
        if value not in allowed:
            choices = " or ".join(one for one in allowed if one)
            raise wrong(f"has {key} = {value!r}: {why or f'it is {choices}'}")

    return check


def _columns(value: Any, table: str, wrong: _Wrong) -> None:
    keys = KEYS if table == "columns" else KEYS_OF_RECEIPTS
    if not isinstance(value, dict):
        raise wrong(f"has no table [{table}] with lines like: amount = 'Total'")
    for key, heading in value.items():
        if key not in keys:
            raise wrong(f"names a column '{key}', which is not one of {', '.join(keys)}")
        if not isinstance(heading, str) or not heading.strip():
            raise wrong(f"gives no heading for '{key}'")


def _words(value: Any, _key: str, wrong: _Wrong) -> None:
    if not isinstance(value, dict):
        raise wrong("has words that are no table: write [words.kind]")
    for key, known in value.items():
        allowed = _WORDS.get(key)
        if allowed is None or not isinstance(known, dict):
            raise wrong(f"has words for '{key}'; words are known for {', '.join(_WORDS)}")
        for word, meant in known.items():
            if key == "currency":
                _currency(meant, word, wrong)
            elif meant not in allowed:
                raise wrong(f"reads '{word}' as '{meant}'; {key} is one of {', '.join(one for one in allowed if one)}")


def _currency(value: Any, key: str, wrong: _Wrong) -> None:
    _text(value, key, wrong)
    if value.strip() and value.strip().upper() not in CODES:
        raise wrong(f"has {key} = '{value}', which is no code of a currency: write EUR for example")


def _terms(value: Any, key: str, wrong: _Wrong) -> None:
    good = isinstance(value, dict) and all(isinstance(days, int) and 0 <= days < 1000 for days in value.values())
    if not good:
        raise wrong(f"has {key} that are no table of days: write [terms] with lines like: N030 = 30")


def _encoding(value: Any, key: str, wrong: _Wrong) -> None:
    _text(value, key, wrong)
    try:
        codecs.lookup(value)
    except (LookupError, ValueError):
        raise wrong(f"has {key} = '{value}', which is no encoding: cp1252, cp1250 or gb18030 is one") from None


def _list(value: Any, key: str, wrong: _Wrong) -> None:
    if not (isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value)):
        raise wrong(f"has {key} that are no list of names: write {key} = ['UK', 'Ireland']")


def _leave_out(value: Any, key: str, wrong: _Wrong) -> None:
    good = isinstance(value, dict) and all(isinstance(words, list | tuple) for words in value.values())
    if not good or not set(value) <= set(KEYS):
        raise wrong(f"has {key} that is no table of words by column: write [leave_out] with lines like: kind = ['AP']")


def _buckets(value: Any, _key: str, wrong: _Wrong) -> None:
    good = isinstance(value, list | tuple) and all(
        isinstance(one, dict) and isinstance(one.get("column"), str) and {*one} <= {"column", "from", "to"}
        for one in value
    )
    if not good:
        raise wrong("has buckets that are no list: write [[buckets]] with column = '31-60 days', from = 31, to = 60")
    if any(not isinstance(one.get(end, 0), int) for one in value for end in ("from", "to")) or not _aged(value):
        raise wrong("has buckets that leave days out or overlap: the youngest has no from, or 0 or 1; the oldest no to")


def _aged(said: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, Bucket], ...]:
    """Buckets as a mapping says them, the youngest first; () where they are no sequence."""
    ends = ((one["column"], one.get("from"), one.get("to", None if "from" in one else 0)) for one in said)
    found = sorted(((heading, Bucket(*days)) for heading, *days in ends), key=lambda one: age(one[1]))
    kinds = sequence([kind for _, kind in found]) or []
    return tuple((heading, kind) for (heading, _), kind in zip(found, kinds, strict=False))


def _day(value: Any, _key: str, wrong: _Wrong) -> None:
    try:
        day_number(value)
    except (LedgerError, TypeError):
        raise wrong(f"has as_of = {str(value)!r}: it is a day, 2024-06-30 for example") from None


_TRAITS: dict[str, _Check] = {
    "name": _text,
    "report": _switch,
    "group": _of("", "customer", "section"),
    "group_after": _switch,
    "lines": _of("", "repeat", "sum", why="a document's lines repeat its amount (repeat) or add up to it (sum)"),
    "dates": _of(*get_args(DateOrder)),
    "signs": _of("", "by kind", "by-kind", "as-is", "reversed"),
    "terms": _terms,
    "leave_out": _leave_out,
}
_CHECKS: dict[str, _Check] = {
    "role": _of("items", why="only items are mapped; other files have headings of their own to rename"),
    "columns": _columns,
    "receipts": _columns,
    "words": _words,
    "buckets": _buckets,
    "sheets": _list,
    "encoding": _encoding,
    "as_of": _day,
    "currency": _currency,
    "entity": _text,
    **_TRAITS,
}
"""What a mapping may say, and how each is looked at."""
