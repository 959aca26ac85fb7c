"""Lists as a system prints them: cells between bars, or in columns of a fixed width, with a head on each page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from xlwings_addin.ledger.files.heading import HEAD_ROWS
from xlwings_addin.ledger.files.table import RawTable, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlwings_addin.ledger.files.delimited import Layout
    from xlwings_addin.ledger.files.table import Score

    _Span = tuple[int, int]
    """Where a text begins in its line, and where it ends."""

_RULE = re.compile(r"[\s|+=_─━┼│-]*[-=_─━]{3}[\s|+=_─━┼│-]*")
_GROUP = re.compile(r"[-=_]{2,}")
_AMOUNT = re.compile(r"[-+(]?[^\w\s]?\d[\d.,'’\s]*[-)]?(?:\s?[A-Z]{2,3})?")
_LABEL = re.compile(r"\s*(?:\*|(?i:(?:sub|grand )?total|summe|saldo)\b)")
_NAMED = re.compile(r"(?P<label>\s*[^\W\d][^\d:]{1,40}):\s*\S")
"""A line that says something by its name, "Customer: 10020 Alpha", and is none of cells."""
_TEXT = re.compile(r"\S(?:\S| (?=\S))*")
_CELLS = 3
"""Texts in a line, parted by two blanks or more, that are cells of a table."""
_THOUSANDS, _REST = re.compile(r"[-+(−]?\d{1,3}"), re.compile(r"\d{3}(?!\d)")
_MARK = re.compile(r"(?:(?i:[CD]R)\.?|[^\w\s]|-)?")
_VALUE = re.compile(r"\d[.,/:-]\d")
"""Part of an amount or a day."""
_MOSTLY = 0.6
"""Of the gaps between columns, the share of two blanks and more from which a single blank stands within a cell."""
_LONGEST_HEAD = 150
"""Lines by which the columns of a list without bars are found."""


def read_spool(name: str, text: bytes, head: str, layout: Layout, score: Score) -> RawTable | None:
    """The table of a printed list; None of a text that is not one."""
    lines = _lines(head)
    bars = _is_barred(lines)
    # A text that a delimiter explains is no list of a fixed width.
    columns = None if bars or (layout.score and layout.width > 1) else _fixed(lines, score)
    if not bars and columns is None:
        return None
    if len(head.encode()) < len(text):
        lines = _lines(text.decode())
    if columns is None:
        at = next(i for i, line in enumerate(lines) if _barred(line))
        edges = [i for i, letter in enumerate(lines[at]) if letter == "|"]
        cells = [_between_bars(line, edges) if _barred(line) else [line.strip()] for line in lines]
        return _table(name, lines, at, cells, "a printed list with bars between its cells", score)
    cells = [columns.cells(line) for line in lines]
    for i in (columns.heading - 1, columns.heading + 1):
        if 0 <= i < len(lines) and _of_heading(lines[i], columns.starts):
            cells[i] = columns.half(lines[i], lines[columns.heading])
    return _table(
        name, lines, columns.heading, cells, "a printed list of columns of fixed width", score, columns.starts
    )


def _table(
    name: str,
    lines: Sequence[str],
    at: int,
    cells: Sequence[list[str]],
    what: str,
    score: Score,
    starts: Sequence[int] = (),
) -> RawTable | None:
    furniture = _furniture(lines, at)
    below = [i for i in range(at, len(lines)) if i not in furniture]
    kept = [i for i in below if len(cells[i]) <= len(cells[at])]
    first = at - 1 if at and _of_heading(lines[at - 1], starts) else at
    return table_of(
        name,
        "",
        [[line.strip()] for line in lines[:first]] + [*cells[first:at], *(cells[i] for i in kept)],
        score,
        numbers=[*range(1, at + 1), *(i + 1 for i in kept)],
        furniture=tuple(sorted(i + 1 for i in furniture)),
        broken=tuple((i + 1, lines[i].strip()) for i in below if i not in kept),
        notes=(f"it is {what}",),
    )


def _of_heading(line: str, starts: Sequence[int]) -> bool:
    """Whether a line beside the heading may be half of it: several texts over columns, and no title at the left."""
    parts = [part.start() for part in _TEXT.finditer(line)]
    apart = len(parts) >= _CELLS or (len(parts) > 1 and (parts[0] > 0 or set(parts) <= set(starts)))
    return apart and not re.search(r"\d", line) and not _RULE.fullmatch(line) and not _is_named(line)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip("\r").replace("\f", "").expandtabs() for line in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _barred(line: str) -> bool:
    line = line.strip()
    return len(line) > 2 and line[0] == line[-1] == "|" and not _RULE.fullmatch(line)


def _is_barred(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip() and not _RULE.fullmatch(line)]
    return len(filled) > 1 and 2 * sum(map(_barred, filled)) > len(filled)


def _between_bars(line: str, edges: Sequence[int]) -> list[str]:
    """The cells of a line; one that leaves bars out, as subtotals do, by place or, where that fails, from the right."""
    parts = [part.strip() for part in line.strip()[1:-1].split("|")]
    width = len(edges) - 1
    if len(parts) >= width:
        return parts
    own = [i for i, letter in enumerate(line) if letter == "|"]
    if set(own) <= set(edges):
        cells = [""] * width
        for edge, part in zip(own, parts, strict=False):
            cells[edges.index(edge)] = part
        return cells
    return [parts[0], *[""] * (width - len(parts)), *parts[1:]]


def _furniture(lines: Sequence[str], at: int) -> set[int]:
    """Lines below the heading that a printer repeats: rules, the heading, and the page's head above it."""
    found = {i for i in range(at + 1, len(lines)) if _RULE.fullmatch(lines[i])}
    heads = [re.sub(r"\d+", "0", line).split() for line in lines[:at]]
    for i in range(at + 1, len(lines)):
        if lines[i].split() != lines[at].split():
            continue
        found.add(i)
        above = i - 1
        for first, head in zip(reversed(lines[:at]), reversed(heads), strict=True):
            # What is said by its name, a customer's, is another on the next page.
            other = _label(lines[above]) == _label(first) != "" and lines[above].split() != first.split()
            if above <= at or (re.sub(r"\d+", "0", lines[above]).split() != head and not other):
                break
            if not other:
                found.add(above)
            above -= 1
    return found


def _label(line: str) -> str:
    """What a line that says something by its name calls it; "" of others."""
    match = _NAMED.match(line)
    return match["label"].strip() if match else ""


@dataclass(frozen=True)
class _Columns:
    """Columns of a fixed width: where each begins, and the line of their heading."""

    heading: int
    starts: tuple[int, ...]
    ruled: bool
    """A rule above or below says that it is a heading."""

    def cells(self, line: str) -> list[str]:
        """The cells of a line; what runs over its column is a word where it begins, an amount where it ends."""
        cells, begun = [""] * len(self.starts), 0
        if _is_named(line):
            return [line.strip(), *cells[1:]]
        for place, end in enumerate((*self.starts[1:], len(line) + 1)):
            if (line[end - 1 : end].strip() and line[end : end + 1].strip()) or self._within_number(line, begun, end):
                continue
            piece = line[self.starts[begun] if begun else 0 : end].strip()
            cells[place if begun < place and _AMOUNT.fullmatch(piece) else begun] = piece
            begun = place + 1
        return cells

    def half(self, line: str, heading: str) -> list[str]:
        """The cells of half a heading: a text is of the first column whose words in the other half it stands over.

        Over none it is of the column it covers most: what is set at the right begins left of its column's amounts.
        """
        cells = [""] * len(self.starts)
        columns = [*pairwise((*self.starts, max(len(line), len(heading)) + 1))]
        named = [_within(heading, *column) for column in columns]
        for text in self._texts(line, named):
            over = next((place for place, one in enumerate(named) if _shared(text, one)), None)
            shared = [_shared(text, column) for column in columns]
            place = shared.index(max(shared)) if over is None else over
            cells[place] = f"{cells[place]} {line[slice(*text)].strip()}".strip()
        return cells

    def _texts(self, line: str, named: Sequence[_Span]) -> Iterator[_Span]:
        """The texts of a line: parted by two blanks, or by one where a column begins and what is before has its own."""
        for text in _TEXT.finditer(line):
            begun = text.start()
            for start in self.starts:
                own = begun in self.starts or any(_shared((begun, start), one) for one in named)
                if begun < start < text.end() and line[start - 1] == " " and own:
                    yield begun, start
                    begun = start
            yield begun, text.end()

    def _within_number(self, line: str, begun: int, end: int) -> bool:
        """Whether a column begins behind the thousands of a number that runs over from the column before."""
        if line[end - 1 : end] != " " or not _REST.match(line[end:]):
            return False
        left = line[: end - 1].rpartition(" ")[2]
        start = end - 1 - len(left)
        runs = start > self.starts[begun] and not line[start - 2 : start].strip()
        return runs and _THOUSANDS.fullmatch(left) is not None


def _within(line: str, start: int, end: int) -> _Span:
    """Where the text of a line between two places begins and ends."""
    piece = line[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _shared(one: _Span, other: _Span) -> int:
    """How many places two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _is_named(line: str) -> bool:
    """Whether a line says something by its name in a text without columns."""
    return bool(_label(line)) and len(re.split(r"\s{2,}", line.strip())) < _CELLS


def _fixed(lines: Sequence[str], score: Score) -> _Columns | None:
    """The columns of a list without bars; None where blanks part nothing."""
    lines = lines[:_LONGEST_HEAD]
    titles = [i for i, line in enumerate(lines[:HEAD_ROWS]) if len(line.split()) > 2 and not re.search(r"\d{3}", line)]
    found = [one for one in (_below(lines, at) for at in titles) if one]
    scores = [score(one.cells(lines[one.heading])) for one in found]
    if max(scores, default=0):
        return found[scores.index(max(scores))]
    ruled = [one for one in found if one.ruled]
    return ruled[0] if ruled else None


def _below(lines: Sequence[str], at: int) -> _Columns | None:
    """The columns of a list whose heading is in this line."""
    beside = next((lines[i] for i in (at + 1, at - 1) if 0 <= i < len(lines) and _RULE.fullmatch(lines[i])), "")
    groups = [found.start() for found in _GROUP.finditer(beside)]
    if len(groups) > 2:
        return _Columns(at, tuple(groups), ruled=True)
    tokens = len(re.split(r"\s{2,}", lines[at].strip()))
    body = [
        line
        for line in lines[at + 1 :]
        if not (_RULE.fullmatch(line) or _LABEL.match(line) or line.split() == lines[at].split() or _is_named(line))
        and 2 * len(line.split()) >= tokens
        and len(re.findall(r"\d", line)) > 1
    ]
    if not body:
        return None
    starts = _merged(lines[at], body, _starts([lines[at], *body]))
    return _Columns(at, tuple(starts), ruled=bool(beside)) if len(starts) > 2 else None


def _starts(lines: Sequence[str]) -> list[int]:
    """Where a column begins: a letter in some line after a place that is blank in all."""
    width = max(map(len, lines))
    # A blank that does not break stands within a number.
    filled = [any(line[i : i + 1].strip(" ") for line in lines) for i in range(width)]
    return [i for i in range(width) if filled[i] and (i == 0 or not filled[i - 1])]


def _one_cell(body: Sequence[str], before: int, start: int, end: int, *, wide: bool) -> bool:
    """Whether what is on both sides of a blank are parts of one cell, in every line.

    The thousands of a number and its rest, or its mark; any two, where columns are set `wide` and neither is a value.
    """
    pairs = [(line[before:start].strip(), line[start:end].strip()) for line in body]
    both = [(left, right) for left, right in pairs if left]
    if not both:
        return False
    numbers = all(_THOUSANDS.fullmatch(left) and _REST.match(right) for left, right in both)
    marked = all(left[-1].isdigit() and _MARK.fullmatch(right) for left, right in both)
    return numbers or marked or (wide and not any(_VALUE.search(text) for pair in both for text in pair))


def _merged(heading: str, body: Sequence[str], starts: Sequence[int]) -> list[int]:
    """Columns that are one: parted by a single blank where only one of them has cells, or only one a heading."""
    kept = [starts[0]]
    bounds = [*starts[1:], max(map(len, (heading, *body)))]
    apart_at = [start for start in starts[1:] if not any(line[start - 2 : start].strip() for line in (heading, *body))]
    wide = len(apart_at) >= _MOSTLY * (len(starts) - 1)
    for place in range(1, len(starts)):
        start, end = starts[place], bounds[place]
        before = kept[-1]
        apart = start in apart_at and start > 1
        titled = [bool(heading[a:b].strip()) for a, b in ((before, start), (start, end))]
        celled = [any(line[a:b].strip() for line in body) for a, b in ((before, start), (start, end))]
        if apart or (all(titled) and all(celled) and not _one_cell(body, before, start, end, wide=wide)):
            kept.append(start)
    return kept
