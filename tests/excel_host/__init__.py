"""Excel for tests: an xlwings engine over openpyxl, at least as strict as Excel, that counts reads and writes."""

from excel_host.compare import differences
from excel_host.engine import ERRORS, ExcelRefusal, Host, NotCalculated, load, start

__all__ = ["ERRORS", "ExcelRefusal", "Host", "NotCalculated", "differences", "load", "start"]
