"""Limits before work: what a workbook would take to read is looked up in its parts before a parser sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlwings_addin.ledger.errors import LedgerError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from typing import IO

MAX_UNPACKED = 4 * 2**30
MAX_RATIO = 400
MAX_PART_RATIO = 100
"""Times that a part is larger unpacked, from `_LARGE` bytes on: a list of cells is 10 to 30 times as large."""
MAX_TEXTS = 384 * 2**20
"""Bytes of the texts that all sheets share: they are held in memory, twice."""
MAX_OTHER = 64 * 2**20
"""Bytes of any part that describes others: names, styles, tables."""
MAX_EMPTY = 15_000_000
"""Cells that a parser makes room for beside those that are there, in the block that holds all of a sheet."""
_LARGE = 64 * 2**20
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 2**22
_OVERLAP = 64
"""Bytes of a chunk that the next one looks at again: a reference may be cut in two."""
_FEW = 500_000
"""Cells of a sheet that are all looked at; of more, the rows are, and what lies far out."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_OTHER = re.compile(r"xl/(?:workbook|styles|tables/[^/]+)\.xml|.*\.rels")
_TEXTS = "xl/sharedStrings.xml"
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,7})(\d{1,12})["']""")
_FAR = re.compile(rb"""\sr=["'](?:[A-Z]{3,7}\d{1,12}|[A-Z]{1,7}\d{7,12})["']""")
_ROW = re.compile(rb"""<row\b[^>]*?\sr=["'](\d{1,12})["']""")
_COUNT = re.compile(rb"""\suniqueCount=["'](\d+)["']""")
_TABLE = re.compile(rb"""\sref=["']\$?([A-Z]{1,7})\$?(\d{1,12}):\$?([A-Z]{1,7})\$?(\d{1,12})["']""")


def refuse_bulk(name: str, size: int, package: zipfile.ZipFile) -> None:
    """Raise LedgerError for a workbook that would take more memory than any list does; `size` are its bytes."""
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(size, 1)
    if unpacked > MAX_UNPACKED or (unpacked > 2**28 and unpacked > MAX_RATIO * packed) or any(map(_is_bulky, members)):
        raise LedgerError(
            f"{name} would unpack to {unpacked / 2**30:.1f} GB: this is no ordinary workbook, not opened."
        )
    names = {member.filename: member for member in members}
    if _TEXTS in names:
        with package.open(_TEXTS) as stream:
            counts = [int(count) for count in _COUNT.findall(stream.read(2_000))]
        if any(5 * count > names[_TEXTS].file_size + 1_000 for count in counts):
            raise LedgerError(f"{name} counts more texts than it holds: open it in Excel and save it again.")
    most = 0
    for member in (member for member in members if _SHEET.fullmatch(member.filename)):
        with package.open(member) as stream:
            most = max(most, _refuse_emptiness(name, stream))
    for member in (member for member in members if member.filename.startswith("xl/tables/")):
        for left, top, right, bottom in _TABLE.findall(package.read(member)[:10_000]):
            area = (int(bottom) - int(top) + 1) * (_number(right) - _number(left) + 1)
            if area > MAX_EMPTY + 2 * most:
                raise LedgerError(f"{name} has a table as large as a sheet: resize it to its rows, and save it again.")


def _is_bulky(member: zipfile.ZipInfo) -> bool:
    if member.filename == _TEXTS and member.file_size > MAX_TEXTS:
        return True
    if _OTHER.fullmatch(member.filename) and member.file_size > MAX_OTHER:
        return True
    return member.file_size > _LARGE and member.file_size > MAX_PART_RATIO * max(member.compress_size, 1)


def _refuse_emptiness(name: str, stream: IO[bytes]) -> int:
    """Return how many cells a sheet holds; refuse one of which a single cell far out makes an empty giant."""
    cells = rows = columns = 0
    for chunk, fresh in _chunks(stream):
        cells += chunk[len(chunk) - fresh :].count(b"<c")
        rows = max(rows, *map(int, _ROW.findall(chunk)), 0)
        if cells < _FEW or _FAR.search(chunk):
            found = _REFERENCE.findall(chunk)
            rows = max(rows, *(int(row) for row in {row for _, row in found}), 0)
            columns = max(columns, *(_number(column) for column in {column for column, _ in found}), 0)
    if rows > _LAST_ROW or columns > _LAST_COLUMN or rows * columns > MAX_EMPTY + 2 * cells:
        raise LedgerError(
            f"{name} has a cell far away from all others, in row {rows:,} or column {columns:,}: delete it, or the"
            " blank rows and columns up to it, and save it again."
        )
    return cells


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield a stream piece by piece, each with the end of the one before, and how many bytes are new."""
    last = b""
    while more := stream.read(_CHUNK):
        yield last + more, len(more)
        last = more[-_OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
