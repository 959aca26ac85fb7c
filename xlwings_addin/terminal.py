"""Tables in a terminal: at any width every figure is whole and every key column there, or the table says what is not.

Figures look as they do in the workbook: 1,235.76 and (1,235.76), 12.3 %, 30 Sep 2026, in the decimals of their
currency. Where lines are too long, amounts lose their decimals, long keys get a line of their own, columns that can be
spared are left out by name, amounts are in thousands, and at last each row becomes a list.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Style = Literal["text", "figure", "money", "days", "percent", "count", "date"]
"""A figure is written already, and never folded."""

PIPED = 200
"""Columns where nobody watches and `COLUMNS` does not say."""

THOUSANDS = -3
GAP = "  "
NARROW = 16
"""Texts are folded to no fewer columns than this."""
LONG_KEY = 20
"""A key of more columns than this may have a line of its own."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how its cells look, and whether it can be spared, the highest number first."""

    heading: str
    style: Style = "text"
    decimals: int = 2
    """Of the currency, where it holds money."""
    spare: int = 0


class _Form(NamedTuple):
    """A way to show a table: which columns it can do without, how far amounts are rounded, where the key is."""

    spared: int
    """Columns of this number and above are left out."""
    decimals: int | None
    """Of amounts at most; `THOUSANDS`, or None for all they have."""
    above: bool
    """The key has a line of its own."""
    folded: bool = True
    """The key may be folded, where it has no line of its own."""


_ALL_ZERO = 1_000
"""Spared before any other column: nothing is in it."""


def width() -> int:
    """Columns of the terminal; `COLUMNS` wins, and there is room where nobody watches."""
    return shutil.get_terminal_size((PIPED, 24)).columns


def table(title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table in the fullest form that fits; the first column is the key of its rows."""
    columns = [_or_spared(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    room = width()
    for form in _forms(columns, rows):
        if (fitted := _fitted(columns, rows, form, room)) is not None:
            lines = _lines(columns, rows, form, fitted, room)
            break
    else:
        form, lines = _Form(0, None, above=True), _listed(columns, rows, room)
    unit = ", in thousands" if form.decimals == THOUSANDS else ""
    click.echo("\n".join([*_folded(title + unit, room), "", *(line.rstrip() for line in lines)]))
    gone = [column for column in columns if 0 < form.spared <= column.spare]
    for said, names in (
        ("Nothing in", [column.heading for column in gone if column.spare == _ALL_ZERO]),
        ("Not shown at this width:", [column.heading for column in gone if column.spare != _ALL_ZERO]),
    ):
        if names:
            click.echo("\n".join(_folded(f"{said} {', '.join(names)}.", room)))
    click.echo()


def shown(value: Any, style: Style, decimals: int = 2) -> str:
    """Return a figure as people read it; "n/a" where there is none."""
    if value is None or value != value:
        return "n/a"
    if isinstance(value, str):
        return date.fromisoformat(value).strftime("%d %b %Y") if style == "date" else value
    if style == "percent":
        text = f"{abs(value):,.1%}".replace("%", " %")
    elif style == "money" and decimals < 0:
        text = f"{abs(value) / 10**-decimals:,.0f}"
    else:
        text = f"{abs(value):,.{ {'money': decimals, 'days': 1}.get(style, 0) }f}"
    return f"({text})" if value < 0 and any(digit in text for digit in "123456789") else text


def _or_spared(column: Column, cells: Sequence[Any]) -> Column:
    """Return a column, to be spared first where all its amounts are zero; what is not known is none."""
    empty = column.style == "money" and bool(cells) and all(cell == 0 for cell in cells)
    return replace(column, spare=_ALL_ZERO) if empty else column


def _forms(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Iterator[_Form]:
    """The forms of a table, the fullest first; a long key beside figures is never folded but has a line of its own."""
    figures = any(column.style != "text" for column in columns)
    long = figures and any(_length(str(row[0])) > LONG_KEY for row in rows)
    levels = [0, *sorted({column.spare for column in columns if column.spare}, reverse=True)]
    keys = (False, True) if long else (False,)
    for level, above, decimals in [
        *product(levels, keys, (None, 0)),
        *((levels[-1], above, THOUSANDS) for above in keys),
    ]:
        yield _Form(level, decimals, above, folded=not figures)


class _Fitted(NamedTuple):
    """What of a table is shown in a form that fits: columns, their cells as texts, and how wide they are."""

    columns: list[Column]
    cells: list[list[str]]
    sizes: list[int]


def _fitted(columns: Sequence[Column], rows: Sequence[Sequence[Any]], form: _Form, room: int) -> _Fitted | None:
    """The table in a form, None where it is too wide: figures and words of headings are whole, texts can be folded."""
    places = [
        at for at, column in enumerate(columns) if not 0 < form.spared <= column.spare and not (form.above and at == 0)
    ]
    left = [columns[at] for at in places]
    cells = [[_cell(row[at], columns[at], form.decimals) for at in places] for row in rows]
    gaps = len(GAP) * (len(left) - 1)
    sizes = _sizes(left, cells, room - gaps)
    over = sum(sizes) + gaps - room
    foldable = [at for at, column in enumerate(left) if column.style == "text" and (at or form.folded)]
    while over > 0:
        widest = max(foldable, key=sizes.__getitem__, default=None)
        if widest is None or sizes[widest] <= NARROW:
            return None
        sizes[widest] -= 1
        over -= 1
    return _Fitted(left, cells, sizes)


def _sizes(columns: Sequence[Column], cells: Sequence[Sequence[str]], room: int) -> list[int]:
    """What each column needs for its cells, and for its heading: in one line, or where that is too wide, its words."""
    figures = [max((_length(row[at]) for row in cells), default=0) for at in range(len(columns))]
    headings, in_words = (
        [max(size, *map(_length, parts)) for size, parts in zip(figures, parted, strict=True)]
        for parted in ([[one.heading] for one in columns], [[*one.heading.split(), ""] for one in columns])
    )
    return headings if sum(headings) <= room else in_words


def _lines(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], form: _Form, fitted: _Fitted, room: int
) -> list[str]:
    """The heading and the rows of a table in the form that fits."""
    left, cells, sizes = fitted
    heads = [_folded(column.heading, size) for column, size in zip(left, sizes, strict=True)]
    tallest = max(map(len, heads))
    lines = [columns[0].heading] if form.above else []
    lines += _beside([[""] * (tallest - len(head)) + head for head in heads], left, sizes)
    lines.append("─" * (sum(sizes) + len(GAP) * (len(sizes) - 1)))
    for row, own in zip(rows, cells, strict=True):
        lines += _folded(str(row[0]), room) if form.above else []
        lines += _beside([_folded(cell, size) for cell, size in zip(own, sizes, strict=True)], left, sizes)
    return lines


def _listed(columns: Sequence[Column], rows: Sequence[Sequence[Any]], room: int) -> list[str]:
    """Each row as a list of its figures, a line each."""
    size = max(_length(column.heading) for column in columns[1:])
    return [
        line
        for row in rows
        for lines in (
            _folded(": ".join(filter(None, (columns[0].heading, _cell(row[0], columns[0], None)))), room),
            *(
                [f"  {column.heading:<{size}}  {_cell(cell, column, None)}"]
                for column, cell in zip(columns[1:], row[1:], strict=True)
            ),
        )
        for line in lines
    ]


def _cell(value: Any, column: Column, decimals: int | None) -> str:
    own = column.decimals if decimals is None else min(decimals, column.decimals)
    return shown(value, column.style, own)


def _beside(parts: Sequence[Sequence[str]], columns: Sequence[Column], sizes: Sequence[int]) -> list[str]:
    """Cells of one row beside one another, a line for each line of the tallest."""
    tallest = max(map(len, parts))
    return [
        GAP.join(
            _padded(part[at] if at < len(part) else "", size, right=column.style not in ("text", "date"))
            for part, column, size in zip(parts, columns, sizes, strict=True)
        )
        for at in range(tallest)
    ]


def _padded(text: str, size: int, *, right: bool) -> str:
    blank = " " * (size - _length(text))
    return blank + text if right else text + blank


def _length(text: str) -> int:
    """Columns of a terminal that a text takes: a letter of some scripts takes two."""
    from rich.cells import cell_len

    return cell_len(text)


def _folded(text: str, size: int) -> list[str]:
    """A text in lines no wider than this, broken between words where it can be."""
    if _length(text) <= size:
        return [text]
    from rich.console import Console
    from rich.text import Text

    return [line.plain.rstrip() for line in Text(text).wrap(Console(width=size), size)] or [""]
