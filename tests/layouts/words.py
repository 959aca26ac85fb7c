"""Headings as systems write them, and the ways in which exports spell them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "no", "da", "pl", "cs", "tr", "ru", "ar", "zh", "ja", "ko")
LATIN = LANGUAGES[:13]


def _load() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    with Path(__file__).with_name("headings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["role"], row["language"]].append(row["text"])
    return {key: tuple(texts) for key, texts in found.items()}


HEADINGS = _load()
"""Headings by role and language; words of cells, roles `w_...`, and of columns that are no role, `x_...`, too."""


def has(role: str, language: str) -> bool:
    """Whether a heading of that role is known in that language."""
    return (role, language) in HEADINGS


def word(rng: Random, role: str, language: str) -> str:
    """A heading or a word of a cell, as written."""
    return rng.choice(HEADINGS[role, language])


def plain(text: str) -> str:
    """Fold case, accents and what is no letter or digit."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(one for one in bare if not unicodedata.combining(one)))


def _no_accents(text: str) -> str:
    text = text.translate(str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L"}))
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _snake(text: str) -> str:
    return re.sub(r"\W+", "_", _no_accents(text).lower()).strip("_")


def _camel(text: str) -> str:
    parts = re.split(r"\W+", _no_accents(text))
    return "".join(part[:1].upper() + part[1:].lower() for part in parts if part)


def spelling(rng: Random, language: str):
    """Choose how a file spells all its headings."""
    ways = [lambda text: text] * 5 + [lambda text: f" {text} "]
    if language != "tr":  # whose I and ı are two letters
        ways += [str.upper, str.capitalize]
    if language in LATIN and language != "tr":
        ways += [_no_accents, _snake, _camel, lambda text: _no_accents(text).upper()]
    if language == "en":
        ways += [lambda text: f"Invoice: {text}"]
    return rng.choice(ways)
