"""Files as tables of raw cells: what kind of file it is, its encoding, its heading; nothing interpreted yet."""

from xlwings_addin.ledger.files.source import open_source
from xlwings_addin.ledger.files.table import RawTable, SourceFile

__all__ = ["RawTable", "SourceFile", "open_source"]
