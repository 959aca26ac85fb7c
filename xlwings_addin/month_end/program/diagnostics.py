"""Diagnostics: the signals judged, disputes by reason, roll rates, and the figures at a glance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from udfs.cash_released import cash_impact
from udfs.risk import concentration, roll_rate
from xlwings_addin.ledger.age_analysis import column_labels
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.monthly import number, trusted
from xlwings_addin.month_end.program.listed import MOST
from xlwings_addin.month_end.program.measures import DISPUTED, STILL_THERE, Needs, figure
from xlwings_addin.month_end.program.signals import RULES, Judged, rule_text
from xlwings_addin.sheets.diagnostics import SIGNALS
from xlwings_addin.sheets.diagnostics import sheet as sheet
from xlwings_addin.sheets.listed import linked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.program.measures import Measures
    from xlwings_addin.settings import Settings

NOTHING = "n/a"
"""What the formulas of the sheet show for a figure that there is not."""
_BLANK = Judged("Not known", "No ledger is loaded yet.")


def judge(measures: Measures) -> dict[str, Judged]:
    """Return what each signal says, by its name in the order of the sheet."""
    return {signal.name: RULES[signal.key](measures, measures.settings) for signal in SIGNALS}


def tables(measures: Measures, signals: Mapping[str, Judged], aging: TableData) -> Filled:
    """Return tblSignals, tblDisputes and tblRolls, and the sheet's named cells."""
    judged = [*signals.values()]
    made = {
        "tblSignals": _signals(measures.closing, judged, measures.settings),
        "tblDisputes": _disputes(measures),
        "tblRolls": _rolls(measures),
    }
    return made, _counts(judged) | _glance(measures, aging)


def blank(settings: Settings) -> Filled:
    """Return the sheet without a ledger: rules, causes and fixes are there to be read."""
    judged = [_BLANK] * len(SIGNALS)
    return {"tblSignals": _signals(None, judged, settings), "tblRolls": _no_rolls(settings)}, _counts(judged)


def _signals(closing: Closing | None, judged: list[Judged], settings: Settings) -> TableData:
    return TableData.of(
        {
            "signal": signal.name,
            "figures": found.figures,
            "verdict": found.verdict,
            "money": None if closing is None or found.money is None else closing.known(found.money),
            "listed": linked(min(len(found.behind), MOST)),
            "rule": rule_text(signal, settings),
            "causes": signal.causes,
            "fixes": signal.fixes,
            "where": signal.where,
        }
        for signal, found in zip(SIGNALS, judged, strict=True)
    )


def _counts(judged: list[Judged]) -> dict[str, Any]:
    verdicts = [found.verdict for found in judged]
    return {
        "diagnostics_act": verdicts.count("Act"),
        "diagnostics_look": verdicts.count("Look"),
        "diagnostics_unknown": verdicts.count("Not known"),
    }


def _glance(measures: Measures, aging: TableData) -> dict[str, Any]:
    """Fill in what the sheet's formulas show; each line is the formula of the cell it is named after."""
    now, settings = measures.months.now, measures.settings
    method, dso = trusted(now)
    found = figure(dso)
    benchmark = settings.benchmark_dso
    gap = cash = None
    if found is not None and benchmark is not None:
        gap = found - benchmark
        cash = figure(cash_impact(found, benchmark, number(now["window_sales"]), number(now["window_days"])))
    share = concentration(aging.column("customer_id"), aging.column("base"), float(settings.top_customers))
    values = {"trusted_dso": found, "benchmark_gap": gap, "benchmark_cash": cash, "top_share": figure(share)}
    return {"trusted_method": method} | {name: NOTHING if value is None else value for name, value in values.items()}


def _disputes(measures: Measures) -> TableData:
    found = measures.disputes
    if isinstance(found, Needs):
        return TableData({})
    total = math.fsum(found.amount.values())
    known = bool(measures.baseline) and DISPUTED in measures.baseline
    rows: list[dict[str, Any]] = []
    # A reason that is gone since the baseline is the best news of all.
    gone = [name[len(DISPUTED) + 2 :] for name in measures.baseline if name.startswith(f"{DISPUTED}: ")]
    for code in dict.fromkeys((*found.items, *gone)):
        items, amount = found.items[code], found.amount.get(code, 0.0)
        before = measures.baseline.get(f"{DISPUTED}: {code}", 0.0) if known else None
        rows.append(
            {
                "code": code,
                "share": amount / total if total and math.isfinite(total) else None,
                "items": items,
                "amount": measures.closing.known(amount),
                "before": before,
                "change": None if before is None else items - before,
            }
        )
    rows.sort(key=lambda row: (-(row["amount"] or 0.0), row["code"]))
    return TableData.of(rows)


def _rolls(measures: Measures) -> TableData:
    found = measures.rolls
    if isinstance(found, Needs):
        return _no_rolls(measures.settings)
    return TableData.of(
        {"bucket": r.bucket, "to": r.to, "before": r.before, "rolled": r.rolled, "rate": _rate(r.rolled, r.before)}
        for r in found
    )


def _no_rolls(settings: Settings) -> TableData:
    labels = column_labels(settings.bucket_edges)[1:-1]
    following = (*labels[1:], STILL_THERE)
    return TableData.of(
        {"bucket": bucket, "to": to, "before": None, "rolled": None, "rate": None}
        for bucket, to in zip(labels, following, strict=True)
    )


def _rate(rolled: float | None, before: float | None) -> float | None:
    return None if not before else float(roll_rate(number(rolled), before))
