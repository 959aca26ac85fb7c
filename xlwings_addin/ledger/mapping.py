"""Files of a system nobody knows: the best guess at their columns, and the file that remembers the right answer."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from xlwings_addin.ledger import amounts, cells, dates
from xlwings_addin.ledger.arrow import pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.formats.declaration import Format, title_key
from xlwings_addin.ledger.formats.general import ITEMS
from xlwings_addin.ledger.model import ITEM_COLUMNS
from xlwings_addin.ledger.reading import FURTHER_KEYS
from xlwings_addin.ledger.values import CREDIT_NOTE, DEBIT_NOTE, INVOICE, PAYMENT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xlwings_addin.ledger.formats.declaration import Match
    from xlwings_addin.ledger.source_files import RawTable

KEYS = (*(column.key for column in ITEM_COLUMNS), *FURTHER_KEYS)
"""What a column of a mapping file may be read as."""
_STATUSES = ("", "open", "draft", "void", "uncollectible", "settled", "paid", "partly paid")
_WORDS = {
    "kind": ("", INVOICE, CREDIT_NOTE, DEBIT_NOTE, PAYMENT),
    "status": _STATUSES,
    "sign": ("debit", "credit"),
    **dict.fromkeys(("e_invoice", "disputed", "proof_of_delivery"), ("yes", "no")),
}
_NEEDED = (
    ("document_date", "due_date", "days_overdue", "age_days"),
    ("amount", "open_amount", "debit", "credit", "quantity"),
)
ACCEPTED = "the mapping agreed on"
"""What a mapping is called that is no file."""
JUDGED = 60
"""Columns without a known heading whose values are looked at."""
SHAPED = 200
"""Rows a column is judged by when its heading says nothing."""


def guess(table: RawTable) -> dict[str, str]:
    """The heading that each canonical column most probably has: by its words, else by the shape of its values."""
    match = ITEMS.match(table.headers)
    found = {key: table.headers[place] for key, place in match.places.items()}
    free = [
        (place, header)
        for place, header in enumerate(table.headers)
        if header.strip() and place not in match.places.values()
    ]
    for place, header in free[:JUDGED]:
        shape = _shape(table, place)
        wanted = {
            "date": ("document_date", "due_date"),
            "money": ("amount",) if "open_amount" not in found else (),
            "number": ("document_no",),
            "text": ("customer_name",) if "customer_id" not in found else (),
        }.get(shape, ())
        key = next((key for key in wanted if key not in found), None)
        if key is not None:
            found[key] = header
    return {key: found[key] for key in KEYS if key in found}


def _shape(table: RawTable, place: int) -> str:
    """What the first values of a column look like: date, money, number (hardly any twice), text, or nothing."""
    column = table.columns[place].slice(0, SHAPED)
    filled = len(column) - column.null_count
    if not filled:
        return ""
    days = dates.read_column(column)
    text = cells.text(column)
    filled = len(text) - text.null_count
    if not filled:
        return ""
    long = np.asarray(pc.fill_null(pc.match_substring_regex(text, r"\D.*\d|^\d{8}"), fill_value=False).to_numpy())
    if int(((days.dmy < dates.BAD_DATE) & (long | days.real)).sum()) >= 0.8 * filled and days.dmy.min() > 0:
        return "date"
    plain = amounts.plain(column)
    if not amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", 2).bad.any():
        cents = pc.sum(pc.match_substring_regex(cells.text(column), r"[.,]\d{2}\D*$")).as_py()
        return "money" if cents and cents > 0.3 * filled else "number" if _different(text) else ""
    return "number" if _different(text) and pc.all(pc.match_substring_regex(text, r"\d")).as_py() else "text"


def _different(text: Any) -> bool:
    return bool(pc.count_distinct(text).as_py() >= 0.9 * (len(text) - text.null_count))


def saved(found: Mapping[str, str], source: str) -> str:
    """The text of a mapping file, TOML."""
    lines = [
        f"# How {source} is read: canonical column = heading in the file. Correct it, and name it as the mapping file.",
        f"# Columns: {', '.join(KEYS)}.",
        'name = "own mapping"',
        "# Between the rows may stand totals and repeated headers: report = true; where a row of words alone names",
        '# the customer of the rows below: group = "customer".',
        "report = true",
        "",
        "[columns]",
        *(f"{key} = {json.dumps(heading, ensure_ascii=False)}" for key, heading in found.items()),
        "",
        "# Words of the system for kinds: invoice, credit note, debit note, payment; any other goes by its sign.",
        "# [words.kind]",
        '# "Storno" = "credit note"',
        "",
    ]
    return "\n".join(lines)


def load(path: Path) -> Format:
    """Read a mapping file (TOML, or JSON of the same shape).

    Raises LedgerError naming what in it cannot be meant.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LedgerError(f"There is no mapping file {path}: check its name and folder.") from None
    except (OSError, UnicodeDecodeError):
        raise LedgerError(f"The mapping file {path} cannot be read as text.") from None
    try:
        content = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"The mapping file {path.name} is not valid ({error}): correct it or save it anew.") from None
    return declared(f"the mapping file {path.name}", content)


def _more(content: dict[str, Any]) -> dict[str, Any]:
    return {"general": True} | {key: content[key] for key in ("signs", "terms", "leave_out") if key in content}


def is_complete(found: Mapping[str, str], table: RawTable) -> bool:
    """Whether a guess finds all that an item needs: a customer, a date and an amount."""
    return bool(found) and declared(ACCEPTED, {"columns": found}).match(table.headers).complete


def declared(name: str, content: Any) -> Format:
    """Make a layout of what a mapping file holds.

    Raises LedgerError naming what in it cannot be meant.
    """

    def wrong(what: str) -> LedgerError:
        return LedgerError(f"{name[0].upper()}{name[1:]} {what}.")

    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict) or not content["columns"]:
        raise wrong("has no table [columns] with lines like: document_date = 'Invoice date'")
    columns: dict[str, Any] = content["columns"]
    role = content.get("role", "items")
    if role != "items":
        raise wrong(f"says role = {role!r}: only items are mapped; other files have headings of their own to rename")
    for key, heading in columns.items():
        if key not in KEYS:
            raise wrong(f"names a column '{key}' that is none of {', '.join(KEYS)}")
        if not isinstance(heading, str) or not heading.strip():
            raise wrong(f"gives no heading for '{key}'")
    words = content.get("words", {})
    if not isinstance(words, dict):
        raise wrong("has words that are no table: write [words.kind]")
    for key, known in words.items():
        allowed = _WORDS.get(key)
        if allowed is None or not isinstance(known, dict):
            raise wrong(f"has words for '{key}'; words are known for {', '.join(_WORDS)}")
        for word, value in known.items():
            if value not in allowed:
                raise wrong(f"reads '{word}' as '{value}'; {key} is one of {', '.join(one for one in allowed if one)}")
    group = content.get("group", "")
    if group not in ("", "customer", "section"):
        raise wrong(f"has group = '{group}': it is customer or section")
    report = content.get("report", True)
    if not isinstance(report, bool):
        raise wrong("has a report that is neither true nor false")
    lines = content.get("lines", "")
    if lines not in ("", "repeat", "sum"):
        raise wrong(f"has lines = '{lines}': a document's lines repeat its amount (repeat) or add up to it (sum)")
    dated = content.get("dates")
    if dated is not None and dated not in get_args(dates.DateOrder):
        raise wrong(f"has dates = '{dated}': it is dmy or mdy")
    return Format(
        name=str(content.get("name", "own mapping")),
        role="items",
        titles={key: (heading,) for key, heading in columns.items()},
        needs=(
            *columns,
            *(() if group == "customer" else (("customer_id", "customer_name"),)),
            *_NEEDED,
        ),
        values={
            key: {**ITEMS.values.get(key, {}), **{word.casefold(): value for word, value in words.get(key, {}).items()}}
            for key in {*ITEMS.values, *words}
        },
        dates=dated,
        report=report,
        group=group,
        lines=lines,
        **_more(content),
    )


def not_fitting(match: Match, file: str, name: str, headers: tuple[str, ...]) -> str:
    """Why a mapping does not fit a file: the headings it names that are not there, and those there are."""
    own = {title_key(header) for header in headers}
    gone = [titles[0] for titles in match.format.titles.values() if title_key(titles[0]) not in own]
    there = ", ".join(f"'{header.strip()}'" for header in headers if header.strip()) or "none"
    if gone:
        missing = ", ".join(f"'{heading}'" for heading in gone)
        return f"{file} has no column {missing}, named in {name}; its columns are {there}: correct the mapping."
    missing = ", ".join(match.missing)
    return f"{name[0].upper()}{name[1:]} lacks {missing}: an item needs a customer, a date and an amount."
