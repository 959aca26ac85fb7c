"""A workbook cut down to the first rows of one sheet: its header is found without parsing the sheet twice."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from typing import IO

_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STEP = 2**16
_CHUNK = 2**20
_LONGEST = 2**22
"""Bytes after which rows are too long for a cut to pay."""
_MERGED = b"<mergeCell "
_ROW_END, _SHEET_END = b"</row>", b"</row></sheetData></worksheet>"
_SHARED_TEXT = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<v>(\d+)</v>""")
_TEXT = re.compile(rb"<si[\s/>]")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def first_rows(data: bytes, sheet: str, rows: int) -> bytes | None:
    """The workbook without its other sheets and without what follows the first `rows` rows of this one.

    None where that leaves nothing out, or where the workbook is not written as Excel writes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            part, shared, others = _parts(package, sheet)
            with package.open(part) as stream:
                head = _until(stream, _ROW_END, rows)
            if head is None:
                return None
            kept = {part: head[: head.rindex(_ROW_END)] + _SHEET_END}
            if shared is not None:
                places = [int(place) for place in _SHARED_TEXT.findall(head)]
                with package.open(shared) as stream:
                    kept[shared] = _texts(stream, max(places, default=0) + 1)
            kept |= {other: package.read(other) for other in others}
    except (KeyError, ValueError, StopIteration, ET.ParseError, zipfile.BadZipFile, zlib.error):
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for member, content in kept.items():
            package.writestr(member, content)
    return out.getvalue()


def _parts(package: zipfile.ZipFile, sheet: str) -> tuple[str, str | None, list[str]]:
    """The part that holds a sheet, the one of the texts all sheets share, and what is needed beside them."""
    book = ET.fromstring(package.read(_BOOK))  # noqa: S314 - expat refuses entities that multiply
    own = next(one.get(_ID) for one in book.iter() if one.tag.endswith("}sheet") and one.get("name") == sheet)
    relations = list(ET.fromstring(package.read(_RELATIONS)))  # noqa: S314 - as above
    part = next(_target(one) for one in relations if one.get("Id") == own)
    of_type = {posixpath.basename(str(one.get("Type"))): _target(one) for one in relations}
    styles = [of_type["styles"]] if "styles" in of_type else []
    return part, of_type.get("sharedStrings"), ["[Content_Types].xml", "_rels/.rels", _BOOK, _RELATIONS, *styles]


def _target(relation: ET.Element) -> str:
    return posixpath.normpath(posixpath.join("/xl", str(relation.get("Target")))).lstrip("/")


def _until(stream: IO[bytes], mark: bytes, count: int) -> bytes | None:
    """The beginning up to somewhere after `count` marks; None where it ends or grows long before that."""
    head = b""
    while head.count(mark) < count:
        # Twice as much each time, so that looking again from the start stays cheap.
        more = stream.read(max(_STEP, len(head)))
        head += more
        if not more or len(head) > _LONGEST:
            return None
    return head


def _texts(stream: IO[bytes], count: int) -> bytes:
    """The part of shared texts, cut after that many of them."""
    head, more = b"", b"-"
    while more:
        more = stream.read(max(_STEP, len(head)))
        head += more
        starts = [found.start() for found in _TEXT.finditer(head)]
        if len(starts) > count:
            return head[: starts[count]] + b"</sst>"
    return head


def has_merged_cells(data: bytes, sheet: str) -> bool:
    """Whether a sheet of a workbook has any; true where it is not written as Excel writes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(_parts(package, sheet)[0]) as stream:
            last = b""
            while more := stream.read(_CHUNK):
                if _MERGED in last + more:
                    return True
                last = more[-len(_MERGED) :]
            return False
    except (KeyError, ValueError, StopIteration, ET.ParseError, zipfile.BadZipFile, zlib.error):
        return True
