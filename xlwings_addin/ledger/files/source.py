"""Opening a file: what kind it is, by what it holds and not by its name, and the tables in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.book import read_workbook
from xlwings_addin.ledger.files.decoding import Decoded, decode
from xlwings_addin.ledger.files.delimited import layout_of, read_delimited
from xlwings_addin.ledger.files.kinds import workbook_kind
from xlwings_addin.ledger.files.spool import read_spool
from xlwings_addin.ledger.files.table import RawTable, SourceFile

if TYPE_CHECKING:
    from xlwings_addin.ledger.files.table import Score

_HEAD = 2**18
"""Bytes in which the layout of a text is found."""


def open_source(path: str | Path, score: Score, encoding: str | None = None) -> SourceFile:
    """Read a file into raw tables, one per sheet, list or table in it that has rows.

    `score` says how much a row of texts looks like a header; the best of the first 60 rows is used as one,
    which skips preambles, and for a CSV also settles the delimiter. `encoding` is that of a text which is
    neither UTF-8 nor UTF-16.
    Raises LedgerError for anything that is no table, and QuestionError where two encodings are as likely.
    """
    path = Path(path)
    data = _bytes_of(path)
    # A name that is no UTF-8 cannot be written into a cell.
    name = path.name.encode(errors="replace").decode()
    kind = workbook_kind(name, data)
    tables = read_workbook(name, data, score, kind) if kind else _text(name, decode(name, data, score, encoding), score)
    return SourceFile(name, hashlib.sha256(data).hexdigest(), tables)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise LedgerError(f"{path} is a folder: name the file in it.")
    if path.exists() and not path.is_file():
        raise LedgerError(f"{path} is a pipe or a device, not a file: save what it gives and name that.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise LedgerError(f"There is no file {path}: check its name and folder.") from None
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be read ({error.strerror}): close it elsewhere or check its rights."
        ) from None
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise LedgerError(f"{path.name} is empty: export it again.")
    return data


def _text(name: str, decoded: Decoded, score: Score) -> tuple[RawTable, ...]:
    if not decoded.why:
        return _tables(name, decoded.data, score)
    note = f"it is in the encoding {decoded.encoding} ({decoded.why})"
    return tuple(
        replace(table, encoding=decoded.encoding, encoding_why=decoded.why, notes=(*table.notes, note))
        for table in _tables(name, decoded.data, score)
    )


def _tables(name: str, text: bytes, score: Score) -> tuple[RawTable, ...]:
    start = text[:1000].lstrip()
    if start.startswith((b"{", b"[")):
        # Only such a file needs their readers.
        from xlwings_addin.ledger.files.objects import read_objects

        return read_objects(name, text.decode())
    if start.startswith(b"<"):
        from xlwings_addin.ledger.files.markup import read_markup

        return read_markup(name, text, score)
    head = text[:_HEAD].decode("utf-8", errors="ignore")
    if len(text) > _HEAD:
        head = head[: head.rfind("\n") + 1] or head
    layout = layout_of(head, score)
    return (read_spool(name, text, head, layout, score) or read_delimited(name, text, layout),)
