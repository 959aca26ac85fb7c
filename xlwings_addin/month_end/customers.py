"""Customers: what is known of each, to be corrected by the clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.customers import sheet as sheet

if TYPE_CHECKING:
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled


def tables(closing: Closing) -> Filled:
    """Return tblCustomers as loaded; entries are put back on it like on any table."""
    return {"tblCustomers": TableData.of(row for _, row in sorted(closing.customers_loaded.items()))}, {}
