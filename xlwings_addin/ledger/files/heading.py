"""Which row of a table is its heading, whether it takes two rows, and whether there is one at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HEAD_ROWS = 60
"""Rows in which a heading is looked for."""
_VALUE = re.compile(
    r"[-+(\[]?\s*[^\w\s]?\s*\d[\d.,:/\s'’%-]*(?:[A-Z]{2,3}|[DC]r|[€$£¥%)\]-])?|\d{4}-\d\d-\d\d.*|[-–—]+"
    r"|\d{1,2}\.?[\s-](?:de )?[^\W\d]+\.?[\s-](?:de )?(?:19|20)\d\d|[^\W\d]+\.? \d{1,2},? (?:19|20)\d\d"
    r"|(?i:true|false|null|nan)"
)
"""What a heading is not: a number, an amount, a day."""
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_AGES = re.compile(r"[<>]\s*\d{1,3}|\d{1,3}\s*(?:[-–—]|to|bis)\s*\d{1,3}|\d{1,3}\s*\+")
"""Edges of days overdue: headings that look like numbers."""


@dataclass(frozen=True)
class Heading:
    """A heading: its texts, and the rows it takes. Without one, `first` and `end` are the first row of all."""

    texts: tuple[str, ...]
    first: int
    end: int

    @property
    def headless(self) -> bool:
        """No row is a heading."""
        return self.first == self.end

    def padded(self, width: int) -> tuple[str, ...]:
        """The texts for that many columns; where there is no heading, the names a spreadsheet has for columns."""
        if self.headless:
            return tuple(f"Column {_letters(at)}" for at in range(width))
        return self.texts[:width] + ("",) * (width - len(self.texts))


def find_heading(lines: Sequence[Sequence[str]], score: Callable[[Sequence[str]], int]) -> Heading:
    """The heading among the first rows of a table.

    The row that says most is taken, if it is unlike its neighbours, or two rows together where they say more than any
    row alone, or where the upper does not begin at the left, as titles do, and they say half as much at least. Where
    no row says anything, it is the last row of words above rows with values; a table that begins with values has none.
    """
    scores = [0 if _repeats(lines, at) else score(line) for at, line in enumerate(lines)]
    best = max(scores, default=0)
    first = scores.index(best) if best else 0
    # Of two tables beneath each other the first begins the list, whichever says more.
    first = next((at for at in range(first) if scores[at] and _nearly_the_same(lines[at], lines[first])), first)
    found = Heading(tuple(lines[first]), first, first + 1) if best else None
    for at, texts in _pairs(lines):
        together = score(texts)
        above = found is not None and found.first == at + 1 and not lines[at][0].strip()
        if together > best or (above and 2 * together >= best):
            best, found = together, Heading(tuple(texts), at, at + 2)
    return found or _by_shape(lines)


def _nearly_the_same(line: Sequence[str], other: Sequence[str]) -> bool:
    """Whether of two rows with as many cells all texts but one, of three at least, are the same."""
    both = [(cell.strip(), beside.strip()) for cell, beside in zip(line, other, strict=False)]
    filled = [(cell, beside) for cell, beside in both if cell or beside]
    differ = sum(cell != beside for cell, beside in filled)
    return len(filled) > 2 and all(map(all, filled)) and differ <= 1


def _repeats(lines: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a row is like the one above or beneath it: both have a date or an amount, written alike, in a column."""
    return any(
        len(_DIGITS.findall(cell)) > 1
        and _VALUE.fullmatch(cell.strip())
        and not _AGES.fullmatch(cell.strip())
        and _DIGITS.sub("0", cell) == _DIGITS.sub("0", other)
        for near in (at - 1, at + 1)
        if 0 <= near < len(lines)
        for cell, other in zip(lines[at], lines[near], strict=False)
    )


def _pairs(lines: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each two rows that may be one heading: what the upper says of itself alone, and of the columns to its right."""
    for at, (upper, lower) in enumerate(pairwise(lines)):
        if _filled(upper) < 2 or _filled(lower) < 2 or _of_data(upper) or _of_data(lower):
            continue
        own = _joined(upper, lower, spread=False)
        # What stands above is of the columns to its right as well where these could not be distinguished otherwise.
        named = [text for text in own if text]
        yield at, own if len(set(named)) == len(named) else _joined(upper, lower, spread=True)


def _of_data(line: Sequence[str]) -> bool:
    """Whether a row is one of values: it holds numbers, or digits in a good part of its cells."""
    filled = [cell for cell in line if cell.strip() and not _AGES.search(cell)]
    return bool(_values(line)) or 3 * sum(any(map(str.isdigit, cell)) for cell in filled) > len(filled)


def _joined(upper: Sequence[str], lower: Sequence[str], *, spread: bool) -> list[str]:
    texts, last = [], ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place].strip() if place < len(upper) else ""
        below = lower[place].strip() if place < len(lower) else ""
        last = above or last
        over = last if spread and below else above
        texts.append(below if over == below else f"{over} {below}".strip())
    return texts


def _by_shape(lines: Sequence[Sequence[str]]) -> Heading:
    widths = [_filled(line) for line in lines]
    if not any(widths):
        return Heading((), 0, 0)
    wide = max(2, max(widths) // 2)
    table = [at for at, width in enumerate(widths) if width >= wide]
    valued = [
        at for at in table if 3 * _values(lines[at]) >= widths[at] or _values(lines[at]) > 1 or _repeats(lines, at)
    ]
    words = [at for at in table if at not in valued and _values(lines[at]) == 0]
    above = [at for at in words if valued and at < valued[0]]
    if above:
        # The fullest of them, and the last of those.
        at = max(above, key=lambda one: (widths[one], one))
    elif len(valued) > 1 and len(valued) > len(table) // 2 and valued[0] == table[0]:
        return Heading((), 0, 0)
    else:
        at = widths.index(max(widths))
    return Heading(tuple(lines[at]), at, at + 1)


def is_name(cell: object) -> bool:
    """Whether a cell says who or which, not how much or when: it may be repeated."""
    return isinstance(cell, str) and _LETTER.search(cell) is not None and not _VALUE.fullmatch(cell.strip())


def _filled(line: Sequence[str]) -> int:
    return sum(1 for cell in line if cell.strip())


def _values(line: Sequence[str]) -> int:
    """How many cells of a row hold a value, and no edge of an age."""
    texts = [cell.strip() for cell in line]
    return sum(1 for text in texts if text and _VALUE.fullmatch(text) and not _AGES.fullmatch(text))


def _letters(at: int) -> str:
    name = ""
    at += 1
    while at:
        at, letter = divmod(at - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
