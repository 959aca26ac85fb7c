"""The workbooks that come with the product: the empty template and a sample month."""

from __future__ import annotations

import tempfile
from pathlib import Path

from workbook_templates import SAMPLE_MONTH, TEMPLATE
from xlwings_addin import sample, sample_work, version
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import blank_month, close_month
from xlwings_addin.writing import file
from xlwings_addin.writing.carry_over import read_back

CUSTOMERS, INVOICES = 60, 1_500
"""Small enough to keep in the repository, large enough to show every part at work."""


def write_all(folder: Path) -> list[Path]:
    """Write the template and the sample month into `folder` and return their paths."""
    template = folder / TEMPLATE.name
    file.write(template, blank_month(version=version()))
    return [template, write_sample(folder)]


def write_sample(folder: Path, *, frozen: bool = False) -> Path:
    """Write the sample month into `folder` and return its path; `frozen` with values in place of formulas."""
    month = folder / SAMPLE_MONTH.name
    company = sample.generate(customers=CUSTOMERS, invoices=INVOICES)
    with tempfile.TemporaryDirectory() as ledger_folder:
        files = company.write(ledger_folder)
        ledger = read_ledger([files.ledger], receipts=files.receipts, customers=files.customers)
        before = Path(ledger_folder) / "before.xlsx"
        sample_work.write_last_month(before, ledger, company.as_of)
        settings, entries = read_back(before)
    made = f"{company.as_of:%Y-%m-%d} 18:00:00"
    made_of = close_month(ledger, settings, company.as_of, entries=entries, refreshed=made, version=version())
    file.write(month, made_of, frozen=frozen)
    return month
