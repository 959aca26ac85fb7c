"""Start and Settings: what was loaded, what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from udfs.errors import NA
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.money import written
from xlwings_addin.ledger.report import file_digits, set_aside_line
from xlwings_addin.month_end.month import TableData
from xlwings_addin.settings import CELLS, Settings
from xlwings_addin.sheets.start import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.ledger.model import Ledger, Source
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

FINGERPRINT = 16


def settings(closing: Closing) -> Filled:
    """Return the Settings sheet's cells and tblRates."""
    chosen = closing.settings
    cells = {name: getattr(chosen, name) for name in CELLS}
    cells |= {"as_of": closing.day} | days_texts(chosen)
    rates = {
        "currency": [rate.currency for rate in chosen.rates],
        "date": [day_number(rate.date) for rate in chosen.rates],
        "rate": [rate.rate for rate in chosen.rates],
    }
    return {
        "tblRates": TableData(rates),
        "tblPeriods": TableData({"end": [day_number(end) for end in chosen.periods]}),
    }, cells


def blank_settings(settings: Settings) -> Filled:
    """Return what the Settings sheet shows without a ledger beside its defaults."""
    return {}, days_texts(settings)


def days_texts(chosen: Settings) -> dict[str, str]:
    """Return the settings that are lists of days as the sheet shows them."""
    return {name: ", ".join(map(str, days)) for name in CELLS if isinstance(days := getattr(chosen, name), tuple)}


def tables(closing: Closing, now: Mapping[str, Any], made: Mapping[str, TableData], refreshed: str) -> Filled:
    """Return tblLoaded and Start's named cells."""
    results = made["tblChecks"].column("result")
    severities = made["tblFindings"].column("severity")
    fields = {
        "start_company": closing.settings.company or "(not named: see Settings)",
        "start_as_of": closing.day,
        "start_currency": closing.currency or "(not named in the files)",
        "start_receivables": NA if now["receivables"] is None else now["receivables"],
        "start_overdue": NA if now["overdue"] is None else now["overdue"],
        "refreshed": refreshed,
        "start_checks": "Act"
        if "Act" in results or "error" in severities
        else "Look"
        if "warning" in severities
        else "OK",
        "start_set_aside": f"{aside}: see Checks." if (aside := set_aside_line(closing.ledger)) else None,
        "start_addin": "Active",
    }
    return {"tblLoaded": _loaded(closing.ledger)}, fields


def _loaded(ledger: Ledger) -> TableData:
    def total(source: Source) -> str:
        amounts = (
            (currency, amount, file_digits(ledger, source, currency)) for currency, amount in source.totals.items()
        )
        return "   ".join(written(amount, digits, currency) for currency, amount, digits in amounts)

    return TableData.of(
        {
            "file": source.file,
            "role": source.role,
            "format": source.format,
            "rows": source.rows,
            "total": total(source),
            "sha256": source.sha256[:FINGERPRINT],
        }
        for source in ledger.sources
    )
