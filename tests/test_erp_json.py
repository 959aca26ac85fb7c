"""What the interfaces of services answer, JSON, gives the ledger that its sample in columns gives."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from erp_samples import EXPORTS, golden, rendered
from erp_samples import SAMPLES as EVERY

from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = {sample.file: sample for sample in EVERY}
AROUND: dict[str, Callable[[list[dict[str, object]]], object]] = {
    "Fortnox/invoices": lambda found: {
        "MetaInformation": {"@TotalResources": len(found), "@TotalPages": 1, "@CurrentPage": 1},
        "Invoices": found,
    },
    "QuickBooks_Online/api_invoices": lambda found: {
        "QueryResponse": {"Invoice": found, "startPosition": 1, "maxResults": len(found)},
        "time": "2026-01-31T09:29:56.229-07:00",
    },
    "Stripe/invoices_fields": lambda found: {
        "object": "list",
        "url": "/v1/invoices",
        "has_more": False,
        "data": found,
    },
    "Xero/api_invoices": lambda found: {
        "Id": "f1d403d1",
        "Status": "OK",
        "ProviderName": "Ledger",
        "DateTimeUTC": "/Date(1769850000000)/",
        "Invoices": found,
    },
}
TEXTS = {"DocNumber", "DocumentNumber", "InvoiceNumber", "OCR", "number", "Id", "SyncToken", "CustomerNumber", "value"}


def nested(row: dict[str, str]) -> dict[str, object]:
    """An object of a row whose headings name the way to each value."""
    found: dict[str, object] = {}
    for heading, cell in row.items():
        inner = found
        *way, last = heading.split(".")
        for name in way:
            inner = inner.setdefault(name, {})  # type: ignore[assignment]
        inner[last] = cell if last in TEXTS else valued(cell)
    # As every invoice has them, and none is an invoice.
    return {**found, "LineItems": [{"Description": "Work", "Quantity": 1.0, "UnitAmount": 5.0}], "Payments": []}


def valued(cell: str) -> object:
    try:
        return json.loads(cell) if cell else None
    except ValueError:
        return cell


@pytest.mark.parametrize("file", AROUND)
def test_what_an_interface_answers_gives_the_ledger_of_its_columns(file, tmp_path):
    with (EXPORTS / f"{file}.csv").open(encoding="utf-8", newline="") as text:
        found = [nested(row) for row in csv.DictReader(text)]
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(AROUND[file](found), ensure_ascii=False, indent=1), encoding="utf-8")
    ledger = read_ledger(path)
    assert ledger.sources[0].format == SAMPLES[file].format
    assert rendered(ledger) == golden(SAMPLES[file])
