"""Checks: tie-outs, findings, exceptions, restated months, notes not placed, and the refresh log."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from xlwings_addin.ledger.balances import rows_read
from xlwings_addin.ledger.money import difference
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.blocks import Formula
from xlwings_addin.sheets.checks import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end.closing import Amount, Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.monthly import Months

Row = dict[str, Any]

_HERE = "MATCH(as_of,tblMonthly[Month end],0)"
_FIGURE = f"INDEX(tblMonthly[{{0}}],{_HERE})"
_MONTH = f'IF({_FIGURE}="","",{_FIGURE})'


def tables(
    closing: Closing,
    months: Months,
    made: Mapping[str, TableData],
    fields: Mapping[str, Any],
    *,
    not_placed: Sequence[Mapping[str, Any]],
    log: Sequence[Mapping[str, Any]],
) -> Filled:
    """Return the tables of the sheet."""
    findings = [
        {"finding": f.code, "severity": f.severity, "count": f.count, "message": f.message}
        for f in (*closing.findings, *months.findings)
    ]
    return {
        "tblChecks": TableData.of(_judged(one, closing.digits) for one in _tie_outs(closing, months, made, fields)),
        "tblFindings": TableData.of(findings),
        "tblExceptions": _exceptions(closing.ledger),
        "tblRestated": TableData.of(months.restated),
        "tblNotPlaced": TableData.of(not_placed, closing.entries.kept("tblNotPlaced").extra),
        "tblLog": TableData.of(log, closing.entries.kept("tblLog").extra),
    }, {}


def _exceptions(ledger: Ledger) -> TableData:
    rows = ledger.exceptions
    columns = {key: rows[key].tolist() for key in ("file", "row", "amount", "currency", "value", "reason")}
    return TableData({**columns, "amount": [None if math.isnan(one) else one for one in columns["amount"]]})


def _tie_out(check: str, figure: Any, against: Any, meaning: str) -> Row:
    return {"check": check, "figure": figure, "against": against, "meaning": meaning}


def _judged(tie_out: Row, digits: int) -> Row:
    """Fill in the difference and the result of a tie-out."""
    cells = (tie_out["figure"], tie_out["against"])
    figure, against = (cast("Amount", cell.value if isinstance(cell, Formula) else cell) for cell in cells)
    apart = None
    if figure is not None and against is not None and not math.isnan(figure + against):
        apart = difference(figure, against, digits)
    return tie_out | {"difference": apart, "result": "Not checked" if apart is None else "Act" if apart else "OK"}


def _tie_outs(closing: Closing, months: Months, made: Mapping[str, TableData], fields: Mapping[str, Any]) -> list[Row]:
    aging = Formula("=aging_total", fields["aging_total"])
    return [
        _tie_out(
            "Aging and open items",
            aging,
            Formula("=aging_ledger", fields["aging_ledger"]),
            "Every open item is in the aging once.",
        ),
        _tie_out(
            "Aging and the month's receivables",
            aging,
            _of_month("Receivables", months.now["receivables"]),
            "The aging is of the same date and the same money as Monthly.",
        ),
        *_month_ties(months, made),
        _tie_out(
            "General-ledger control total",
            aging,
            Formula('=IF(gl_control_total="","",gl_control_total)', fields["aging_gl"]),
            "Type the control account's balance into Settings; a difference here is one to the balance sheet.",
        ),
        *_forecast_ties(made, fields, aging),
        *_bucket_ties(closing.aging.labels, made["tblAgingTotals"]),
        _rows_of_files(closing),
    ]


def _of_month(heading: str, value: float | None) -> Formula:
    return Formula(f"={_MONTH.format(heading)}", value)


def _column_sum(made: Mapping[str, TableData], table: str, heading: str, key: str) -> Formula:
    values = made[table].column(key)
    return Formula(f"=SUM({table}[{heading}])", math.fsum(value for value in values if value is not None))


def _month_ties(months: Months, made: Mapping[str, TableData]) -> list[Row]:
    """What the month's receivables consist of, and how one month's become the next's."""
    now = months.now
    receivables = _of_month("Receivables", now["receivables"])
    parts = None if now["current"] is None or now["overdue"] is None else now["current"] + now["overdue"]
    current, late = _FIGURE.format("Current"), _FIGURE.format("Overdue")
    rolled = math.fsum(abs(row["difference"] or 0.0) for row in months.rows)
    off = "tblMonthly[Roll-forward difference]"
    return [
        _tie_out(
            "Current and overdue make up receivables",
            Formula(f'=IF(COUNT({current},{late})<2,"",{current}+{late})', parts),
            receivables,
            "Credits and undated items count as current, past-due buckets as overdue.",
        ),
        _tie_out(
            "Overdue and the past-due buckets",
            _column_sum(made, "tblAging", "Overdue in base", "overdue"),
            _of_month("Overdue", now["overdue"]),
            "Monthly's overdue is the sum of the past-due buckets.",
        ),
        _tie_out(
            "Segments and the month's receivables",
            _column_sum(made, "tblByRegion", "Receivables", "receivables"),
            receivables,
            "No item is lost between the regions.",
        ),
        _tie_out(
            "Months roll forward",
            Formula(f'=SUMIF({off},">0")-SUMIF({off},"<0")', rolled),
            0,
            "Opening + sales + exchange differences - credits - cash - write-offs = closing, in every month.",
        ),
    ]


def _forecast_ties(made: Mapping[str, TableData], fields: Mapping[str, Any], aging: Formula) -> list[Row]:
    if not made["tblBacktest"].rows:
        return []
    return [
        _tie_out(
            "Forecast and open items",
            Formula('=IF(ISNUMBER(forecast_total),forecast_total,"")', fields["forecast_total"]),
            aging,
            "The weeks, what comes later, what never comes in cash and the credits are all that is open.",
        )
    ]


def _bucket_ties(labels: Sequence[str], totals: TableData) -> list[Row]:
    found = []
    for place, currency in enumerate(totals.column("currency")):
        named = currency.replace('"', '""')
        area = f'=SUMPRODUCT((tblAging[Currency]="{named}")*tblAging[[{labels[0]}]:[{labels[-1]}]])'
        whole = f'=SUMIFS(tblAging[Total],tblAging[Currency],"{named}")' if currency else "=SUM(tblAging[Total])"
        found.append(
            _tie_out(
                f"Buckets add up, {currency}" if currency else "Buckets add up",
                Formula(area, math.fsum(totals.column(label)[place] for label in labels)),
                Formula(whole, totals.column("total")[place]),
                "Every open item is in exactly one column.",
            )
        )
    return found


def _rows_of_files(closing: Closing) -> Row:
    """Every row of the item files against the items there are and what the other rows were read as."""
    classes: Counter[str] = Counter()
    for source in closing.ledger.sources:
        if source.role == "items":
            classes.update(source.classes)
    items = rows_read(closing.ledger)
    others = {name: count for name, count in classes.items() if name != "item" and count}
    listed = len(closing.ledger.items) if closing.listed is None else closing.listed.size
    left = sum(others.values()) + items - listed
    return _tie_out(
        "Rows of the item files",
        classes.total(),
        Formula(f"=ROWS(tblItems[Document])+{left}", listed + left),
        f"Items: {items:,}; other rows: {', '.join(f'{name} {count:,}' for name, count in others.items()) or 'none'}.",
    )


def log(
    closing: Closing,
    now: Mapping[str, Any],
    typed: Sequence[tuple[str, str, int, Any]],
    refreshed: str,
    version: str,
) -> tuple[list[Mapping[str, Any]], str]:
    """Return the log with a line for this refresh, and the time of these figures.

    The same files, settings, entries (`typed`) and date as last time add no line and keep last time's time.
    """
    inputs = ([s.sha256 for s in closing.ledger.sources], closing.settings, closing.day, typed, version)
    fingerprint = hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]
    lines = list(closing.entries.rows("tblLog"))
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
