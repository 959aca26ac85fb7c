"""Samples, and every way to break them: each case follows from a seed and a number alone."""

from __future__ import annotations

import csv
import functools
import io
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable

EXPORTS = Path(__file__).parents[1] / "erp_exports"
Rows = list[list[str]]

CANONICAL = """\
Customer ID,Customer,Document,Kind,Document date,Due date,Currency,Amount,Open amount,Region
0012,Ångström & Söhne,INV-1,invoice,2024-01-05,2024-02-04,EUR,1234.56,1234.56,North
0012,Ångström & Söhne,INV-2,invoice,2024-01-20,2024-02-19,EUR,99.90,9.90,North
0007,Zoë,CN-1,credit note,2024-02-01,,EUR,-50.00,-50.00,South
0007,Zoë,INV-3,invoice,2024-02-13,2024-03-14,USD,20000.00,20000.00,South
0009,"Quote, ""Unquote"" Ltd",INV-4,invoice,2024-02-14,2024-03-15,EUR,"1,000.00","1,000.00",West
"""
UNKNOWN = """\
Offene Posten;;;;;
Stichtag: 30.06.2024;;;;;
Kunden-Nr.;Kunde;Rechnungs-Nr.;Rechnungsdatum;Fällig am;Offener Betrag
10010;Bäckerei Huber;R-2024-101;13.05.2024;12.06.2024;1.250,00
10010;Bäckerei Huber;R-2024-117;22.05.2024;21.06.2024;89,95
10020;Müller GmbH;R-2024-120;24.05.2024;23.06.2024;12.000,50
10020;Müller GmbH;G-2024-007;27.05.2024;;-450,00
;;;;Summe;12.890,45
"""


@dataclass(frozen=True)
class Case:
    """A file to read: what it is made of, what was done to it, and its rows where they are known."""

    name: str
    done: str
    data: bytes
    rows: Rows | None = None


@functools.cache
def samples() -> tuple[tuple[str, str], ...]:
    """Name and text of every sample."""
    found = [("canonical", CANONICAL), ("unknown", UNKNOWN)]
    for path in sorted(EXPORTS.glob("*/*.csv")):
        if not path.name.endswith("ledger.csv"):
            data = path.read_bytes()
            try:
                found.append((path.stem, data.decode("utf-8")))
            except UnicodeDecodeError:
                found.append((path.stem, data.decode("cp1252")))
    return tuple(found)


@functools.cache
def rows_of(text: str) -> tuple[tuple[str, ...], ...]:
    delimiter = max(",;\t|", key=text.count)
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def case(seed: int, number: int) -> Case:
    """The case a seed and a number name."""
    chance = random.Random(f"{seed}:{number}")
    name, text = chance.choice(samples())
    how = chance.random()
    if how < 0.35:
        return bytes_broken(chance, name, text)
    rows = [list(row) for row in rows_of(text)]
    done = []
    for _ in range(chance.randint(1, 3)):
        change = chance.choice(ROW_CHANGES)
        change(chance, rows)
        done.append(change.__name__)
    if how < 0.85:
        return as_csv(chance, name, done, rows)
    data = workbook(chance, rows)
    if how < 0.93:
        return Case(f"{name}.xlsx", " + ".join(done), data, rows)
    return Case(f"{name}.xlsx", " + ".join([*done, "package"]), package_broken(chance, data))


def as_csv(chance: random.Random, name: str, done: list[str], rows: Rows) -> Case:
    out = io.StringIO()
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    ending = chance.choice(["\n", "\r\n"])
    csv.writer(out, delimiter=chance.choice(",,;\t|"), quoting=quoting, lineterminator=ending).writerows(rows)
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    return Case(f"{name}.csv", " + ".join([*done, encoding]), out.getvalue().encode(encoding, errors="replace"))


# --- bytes ------------------------------------------------------------------------------------------------------

TOKENS = (
    *(b'"', b"\n", b"\r", b",", b";", b"\t", b"=1+1", b"-", b"9" * 30, b"Total", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b'""""', b"(1)", b"1E308", b"\xc3", b"#REF!", b"2.8E-14", b"00/00/0000", b"NULL", b"31/02/2024"),
)


def bytes_broken(chance: random.Random, name: str, text: str) -> Case:
    data = bytearray(text.encode("utf-8"))
    done = []
    for _ in range(chance.randint(1, 6)):
        data = data or bytearray(b"x")
        at = chance.randrange(len(data))
        how = chance.randrange(8)
        done.append(("flip", "delete", "repeat", "token", "truncate", "shuffle", "nul", "odd bytes")[how])
        if how == 0:
            data[at] = chance.randrange(256)
        elif how == 1:
            del data[at : at + chance.randint(1, 60)]
        elif how == 2:
            data[at:at] = data[chance.randrange(len(data)) :][: chance.randint(1, 400)]
        elif how == 3:
            data[at:at] = chance.choice(TOKENS)
        elif how == 4:
            data = data[: max(at, 1)]
        elif how == 5:
            part = list(data[at : at + chance.randint(2, 80)])
            chance.shuffle(part)
            data[at : at + len(part)] = bytes(part)
        elif how == 6:
            data[at:at] = b"\x00" * chance.randint(1, 8)
        else:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
    return Case(f"{name}.csv", " + ".join(done), bytes(data))


# --- rows -------------------------------------------------------------------------------------------------------


def any_row(chance: random.Random, rows: Rows) -> int:
    return chance.randrange(len(rows)) if rows else 0


def cut_rows(chance: random.Random, rows: Rows) -> None:
    at = any_row(chance, rows)
    del rows[at : at + chance.randint(1, 5)]


def repeat_rows(chance: random.Random, rows: Rows) -> None:
    if rows:
        at = any_row(chance, rows)
        rows[at:at] = [list(row) for row in rows[at : at + chance.randint(1, 4)] * chance.choice([1, 1, 2, 300])]


def shuffle_rows(chance: random.Random, rows: Rows) -> None:
    chance.shuffle(rows)


def double_a_header(chance: random.Random, rows: Rows) -> None:
    header = max(rows[:8], key=lambda row: sum(map(bool, row)), default=[])
    if header:
        header[chance.randrange(len(header))] = chance.choice(header)


def rename_a_header(chance: random.Random, rows: Rows) -> None:
    header = max(rows[:8], key=lambda row: sum(map(bool, row)), default=[])
    if header:
        header[chance.randrange(len(header))] = chance.choice(
            ["", "Mood", "Amount", "Date", "Total", "Status", "x" * 500]
        )


def cells(chance: random.Random, rows: Rows, values: tuple[str, ...], most: int = 6) -> None:
    for _ in range(chance.randint(1, most)):
        row = rows[any_row(chance, rows)] if rows else []
        if row:
            row[chance.randrange(len(row))] = chance.choice(values)


def formulas(chance: random.Random, rows: Rows) -> None:
    cells(chance, rows, ("=1+1", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2+3", "\t=1", "\r=1", '=HYPERLINK("x")'))


def odd_amounts(chance: random.Random, rows: Rows) -> None:
    cells(
        chance,
        rows,
        ("1.234", "1,234", "-", "(5)", "5-", "1E5", "1e-9", "12 345,67", "€ 7", "7 USD", "0.005", "1..2", "--1"),
    )


def odd_dates(chance: random.Random, rows: Rows) -> None:
    cells(
        chance, rows, ("00/00/0000", "31/02/2024", "2024-13-01", "01/02/03", "45000", "20240230", "1 Jan", "9999-12-31")
    )


def odd_words(chance: random.Random, rows: Rows) -> None:
    cells(
        chance, rows, ("Total", "TOTAL", "Summe", "NULL", "nan", "#N/A", "\u00a0", "\u202e", "\U0001f600", "***", "0")
    )


def nested_quotes(chance: random.Random, rows: Rows) -> None:
    cells(chance, rows, ('"', '""', '","', 'a "b" c', '"\n"', "line\nbreak", "'", '";"'))


def huge_cell(chance: random.Random, rows: Rows) -> None:
    cells(chance, rows, ("x" * chance.choice([300, 40_000, 200_000]), "9" * chance.choice([20, 400, 5000])), 1)


def many_columns(chance: random.Random, rows: Rows) -> None:
    more = chance.choice([3, 50, 10_000])
    for row in rows[: chance.choice([1, 3, 100])]:
        row.extend([chance.choice(["", "x", "1.00"])] * more)


def ragged(chance: random.Random, rows: Rows) -> None:
    for _ in range(chance.randint(1, 4)):
        if rows:
            row = rows[any_row(chance, rows)]
            row[:] = chance.choice([row[: chance.randint(0, len(row))], [*row, ""], [*row, "x", "y"], []])


def blank_lines(chance: random.Random, rows: Rows) -> None:
    for _ in range(chance.randint(1, 4)):
        rows.insert(any_row(chance, rows), chance.choice([[], [""], ["", "", ""], [" "]]))


def lost_cells(chance: random.Random, rows: Rows) -> None:
    cells(chance, rows, ("",), 12)


def swapped_cells(chance: random.Random, rows: Rows) -> None:
    full = [row for row in rows if row]
    for _ in range(chance.randint(1, 4)):
        if full:
            one, other = chance.choice(full), chance.choice(full)
            i, j = chance.randrange(len(one)), chance.randrange(len(other))
            one[i], other[j] = other[j], one[i]


ROW_CHANGES: tuple[Callable[[random.Random, Rows], None], ...] = (
    *(cut_rows, repeat_rows, shuffle_rows, double_a_header, rename_a_header, formulas, odd_amounts, odd_dates),
    *(odd_words, nested_quotes, huge_cell, many_columns, ragged, blank_lines, lost_cells, swapped_cells),
)


# --- workbooks --------------------------------------------------------------------------------------------------


def workbook(chance: random.Random, rows: Rows) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    numbers = chance.random() < 0.5
    for i, row in enumerate(rows):
        for j, cell in enumerate(row[:16_384]):
            if numbers and cell.replace(".", "", 1).removeprefix("-").isdecimal() and len(cell) < 15:
                sheet.write_number(i, j, float(cell))
            elif cell:
                # Longer texts do not fit a cell, nor do lone surrogates fit a file.
                sheet.write_string(i, j, cell[:32_767].encode("utf-8", "replace").decode())
    if chance.random() < 0.3:
        book.add_worksheet("Notes").write_string(0, 0, "hello")
    book.close()
    return out.getvalue()


def package_broken(chance: random.Random, data: bytes) -> bytes:
    """Damage the parts of a package, or the package."""
    if chance.random() < 0.4:
        whole = bytearray(data)
        for _ in range(chance.randint(1, 5)):
            whole[chance.randrange(len(whole))] = chance.randrange(256)
        return bytes(whole[: chance.choice([len(whole), chance.randrange(1, len(whole))])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        members = old.namelist()
        victim = chance.choice(members)
        for name in members:
            part = old.read(name)
            if name == victim:
                how = chance.randrange(5)
                if how == 0:
                    continue
                if how == 1:
                    part = part[: chance.randrange(len(part) + 1)]
                elif how == 2:
                    part = bytes(chance.randrange(256) for _ in range(200))
                elif how == 3:
                    broken = bytearray(part)
                    for _ in range(8):
                        broken[chance.randrange(len(broken))] = chance.randrange(256)
                    part = bytes(broken)
                else:
                    name = chance.choice(["../evil.xml", "xl/other.xml", name.upper()])
            new.writestr(name, part)
    return out.getvalue()
