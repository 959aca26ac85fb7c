"""Checks: tie-outs, findings, exceptions, restated months, notes not placed, and the refresh log."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xlwings_addin.month_end.closing import Closing
from xlwings_addin.month_end.model import TableData
from xlwings_addin.month_end.monthly import Months
from xlwings_addin.sheets.model import Formula

_HERE = "MATCH(as_of,tblMonthly[Month end],0)"
_MONTH = f"INDEX(tblMonthly[{{}}],{_HERE})"


def tables(
    closing: Closing,
    months: Months,
    made: Mapping[str, TableData],
    fields: Mapping[str, Any],
    *,
    not_placed: Sequence[Mapping[str, Any]],
    log: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, TableData], dict[str, Any]]:
    """Return the tables of the sheet."""
    exceptions = closing.ledger.exceptions
    findings = [{"finding": f.code, "severity": f.severity, "count": f.count, "message": f.message} for f in closing.findings]
    return {
        "tblChecks": TableData.of(_tie_out(*check) for check in _checks(closing, months, made, fields)),
        "tblFindings": TableData.of(findings),
        "tblExceptions": TableData({key: exceptions[key].tolist() for key in ("file", "row", "value", "reason")}),
        "tblRestated": TableData.of(months.restated),
        "tblNotPlaced": TableData.of(not_placed),
        "tblLog": TableData.of(log),
    }, {}


def _tie_out(check: str, figure: Any, against: Any, meaning: str) -> dict[str, Any]:
    values = [cell.value if isinstance(cell, Formula) else cell for cell in (figure, against)]
    difference = None if any(v is None or math.isnan(v) for v in values) else round(values[0] - values[1], 2) + 0.0
    result = "Not checked" if difference is None else "Act" if difference else "OK"
    return {"check": check, "figure": figure, "against": against, "difference": difference, "result": result, "meaning": meaning}


def _checks(
    closing: Closing, months: Months, made: Mapping[str, TableData], fields: Mapping[str, Any]
) -> list[tuple[str, Any, Any, str]]:
    now, total = months.now, fields["aging_total"]
    receivables = Formula(f"={_MONTH.format('Receivables')}", now["receivables"])
    aging = Formula("=aging_total", total)
    gl = fields["aging_gl"]
    checks: list[tuple[str, Any, Any, str]] = [
        ("Aging and open items", aging, Formula("=aging_ledger", fields["aging_ledger"]),
         "Every open item stands in the aging once."),
        ("Aging and the month's receivables", aging, receivables,
         "The aging is of the same date and the same money as Monthly."),
        ("Current and overdue make up receivables",
         Formula(f"={_MONTH.format('Current')}+{_MONTH.format('Overdue')}", _plus(now["current"], now["overdue"])), receivables,
         "Credits and undated items count as current, past-due buckets as overdue."),
        ("Overdue and the past-due buckets", Formula("=SUM(tblAging[Overdue in base])", math.fsum(v for v in made["tblAging"].column("overdue") if v is not None)),
         Formula(f"={_MONTH.format('Overdue')}", now["overdue"]),
         "Monthly's overdue is the sum of the past-due buckets."),
        ("Segments and the month's receivables",
         Formula("=SUM(tblByRegion[Receivables])", math.fsum(v for v in made["tblByRegion"].column("receivables") if v is not None)), receivables,
         "No item is lost between the regions."),
        ("Months roll forward", Formula("=SUMSQ(tblMonthly[Roll-forward difference])", sum((row["difference"] or 0.0) ** 2 for row in months.rows)), 0,
         "Opening + sales - credits - cash - write-offs = closing, in every month."),
        ("General-ledger control total", aging, Formula('=IF(gl_control_total="","",gl_control_total)', gl),
         "Type the control account's balance into Settings; a difference here is a difference to the balance sheet."),
    ]  # fmt: skip
    table = made["tblAgingTotals"]
    first, last = closing.aging.labels[0], closing.aging.labels[-1]
    for place, currency in enumerate(table.column("currency")):
        buckets = math.fsum(table.column(label)[place] for label in closing.aging.labels)
        checks.append((
            f"Buckets add up{f', {currency}' if currency else ''}",
            Formula(f'=SUMPRODUCT((tblAging[Currency]="{currency}")*tblAging[[{first}]:[{last}]])', buckets),
            Formula(f'=SUMIFS(tblAging[Total],tblAging[Currency],"{currency}")' if currency else "=SUM(tblAging[Total])", table.column("total")[place]),
            "Every open item stands in exactly one column.",
        ))  # fmt: skip
    read = sum(source.rows for source in closing.ledger.sources if source.role == "items")
    kept, left = len(closing.ledger.items), len(closing.ledger.exceptions)
    checks.append((
        "Rows of the item files",
        read,
        Formula(f"=ROWS(tblItems[Document])+{left}", kept + left),
        f"{kept:,} items and {left:,} rows left out; those are under Exceptions.",
    ))  # fmt: skip
    return checks


def _plus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def log(
    closing: Closing, now: Mapping[str, Any], refreshed: str, version: str
) -> tuple[list[Mapping[str, Any]], str]:
    """Return the log with a line for this refresh, and the time of these figures.

    The same files, settings, entries and date as last time add no line and keep last time's time.
    """
    typed = {
        name: sorted((key, sorted(cells.items())) for key, cells in table.rows.items())
        for name, table in closing.entries.tables.items()
        if table.rows
    }
    inputs = ([s.sha256 for s in closing.ledger.sources], closing.settings, closing.day, sorted(typed.items()), version)
    fingerprint = hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]
    lines = list(closing.entries.log)
    if lines and lines[-1]["fingerprint"] == fingerprint:
        return lines, str(lines[-1]["when"])
    line = {
        "when": refreshed,
        "as_of": closing.day,
        "files": ", ".join(source.file for source in closing.ledger.sources),
        "rows": sum(source.rows for source in closing.ledger.sources),
        "receivables": now["receivables"],
        "fingerprint": fingerprint,
        "version": version,
    }
    return [*lines, line], refreshed
