"""What a file is, by its first bytes and its parts; what is no list is refused by its name."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.guard import refuse_bulk

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_SAVE = "save the list as .xlsx or CSV"
_BEFORE_97 = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_ENCRYPTED = "an encrypted workbook: save it without a password"
_OTHER_ZIP = "a zip archive, and no workbook: unpack it and name the file in it"
WORKBOOKS = ("xlsx", "xlsb", "xls", "ods")
_MAGIC = {
    b"%PDF": f"a PDF document: {_SAVE} where it was made",
    b"\x89PNG": "a picture: export the list itself",
    b"\xff\xd8\xff": "a picture: export the list itself",
    b"GIF8": "a picture: export the list itself",
    b"BM": "a picture: export the list itself",
    b"II*\x00": "a picture: export the list itself",
    b"MM\x00*": "a picture: export the list itself",
    b"{\\rtf": f"a text document (RTF): {_SAVE}",
    b"\x1f\x8b": "a compressed file: unpack it and name the file in it",
    b"7z\xbc\xaf": "an archive: unpack it and name the file in it",
    b"Rar!": "an archive: unpack it and name the file in it",
    b"BZh": "a compressed file: unpack it and name the file in it",
    b"\xfd7zXZ": "a compressed file: unpack it and name the file in it",
    b"PAR1": f"a Parquet file: {_SAVE}",
    b"SQLite format 3": f"a database: {_SAVE}",
    b"MZ": "a program, no list",
    b"\x7fELF": "a program, no list",
    b"MIME-Version:": f"a web archive: open it in Excel and {_SAVE}",
    b"PK\x05\x06": "an empty archive: export the list again",
}
_STREAMS = {
    "EncryptedPackage": _ENCRYPTED,
    "WordDocument": f"a Word document: {_SAVE}",
    "PowerPoint Document": f"a presentation: {_SAVE}",
    "__properties_version1.0": "a message of Outlook: save the file attached to it and name that",
}
"""Streams of an old Office file, and what it is then."""
_PARTS = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
    "word/document.xml": f"a Word document: {_SAVE}",
    "ppt/presentation.xml": f"a presentation: {_SAVE}",
    "Index/Document.iwa": f"a document of Apple: {_SAVE}",
    "META-INF/MANIFEST.MF": "a program, no list",
}
"""Parts of a zip, and what it is then."""


def workbook_kind(name: str, data: bytes) -> str:
    """The kind of workbook: xlsx (.xlsm too), xlsb, xls or ods; "" for a text. LedgerError for anything else."""
    if data.startswith(_ZIP):
        return _zip(name, data)
    if data.startswith(_OLE):
        return _ole(name, data)
    if _BEFORE_97.match(data):
        raise LedgerError(f"{name} is a workbook of a very old Excel: open it in Excel and save it as .xlsx.")
    for magic, what in _MAGIC.items():
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:400]):
            raise LedgerError(f"{name} is {what}.")
    return ""


def _ole(name: str, data: bytes) -> str:
    for stream, what in _STREAMS.items():
        if stream.encode("utf-16-le") in data:
            raise LedgerError(f"{name} is {what}.")
    if not any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        raise LedgerError(f"{name} is an old Office file without a workbook in it, or cut off: export it again.")
    return "xls"


def _zip(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise LedgerError(f"{name} is {_ENCRYPTED}.")
            refuse_bulk(name, len(data), package)
            kind = _kind_of(package)
    except LedgerError:
        raise
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, KeyError, OSError, zlib.error):
        raise LedgerError(
            f"{name} is a workbook or archive that is cut off or damaged: copy or export it again."
        ) from None
    if kind not in WORKBOOKS:
        raise LedgerError(f"{name} is {kind}.")
    return kind


def _kind_of(package: zipfile.ZipFile) -> str:
    parts = set(package.namelist())
    what = next((what for part, what in _PARTS.items() if part in parts), _OTHER_ZIP)
    if what == "ods":
        mime = package.read("mimetype") if "mimetype" in parts else b"spreadsheet"
        if b"spreadsheet" not in mime:
            return f"a text document or drawing, no workbook: {_SAVE}"
        if "META-INF/manifest.xml" in parts and b"encryption-data" in package.read("META-INF/manifest.xml"):
            return _ENCRYPTED
    return what
