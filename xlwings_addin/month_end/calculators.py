"""Calculators: what was typed or the guide's examples, what they come to, and this month beside them.

Every value here is what the formula beside it in `sheets/calculators.py` yields.
"""

from __future__ import annotations

import math
import statistics
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any

from udfs.errors import DIV0, NA
from xlwings_addin.entries import Entries
from xlwings_addin.month_end import calls
from xlwings_addin.month_end.calls import error_or
from xlwings_addin.month_end.month import TableData, own
from xlwings_addin.month_end.settled import complete
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import calculators as declared
from xlwings_addin.sheets import monthly as monthly_sheet
from xlwings_addin.sheets.blocks import Fields
from xlwings_addin.sheets.calculators import NOT_KNOWN, SALES
from xlwings_addin.sheets.calculators import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.monthly import Months

Cells = dict[str, Any]

EXAMPLES: Mapping[str, float | None] = {
    # The guide: average receivables of 250,000, sales of 1,500,000 in 365 days make 60.8 days.
    "calc_dso_opening": 240_000, "calc_dso_ending": 260_000, "calc_dso_sales": 1_500_000, "calc_dso_days": 365,
    # A published roll-forward; its CEI is 96.89 %.
    "calc_cei_opening": 960_000, "calc_cei_sales": 10_185_000, "calc_cei_write_offs": 85_000,
    "calc_cei_ending": 940_000, "calc_cei_current": 700_000,
    # The guide: 300k against six months of sales make 32.5 days.
    "calc_back_ending": 300_000, "calc_back_days": 30,
    **dict.fromkeys(SALES), **dict(zip(SALES, (280_000, 240_000, 210_000, 190_000, 170_000, 160_000), strict=False)),
    # https://www.growfin.ai/glossary/best-possible-dso-definition
    "calc_late_current": 8_000, "calc_late_overdue": 2_000, "calc_late_sales": 30_000, "calc_late_days": 28,
    # https://financial-dictionary.thefreedictionary.com/Days%27+sales+outstanding
    "calc_cycle_inventory": 2_050, "calc_cycle_payables": 1_200, "calc_cycle_cost": 4_000, "calc_cycle_days": 365,
    "calc_cycle_dso": 20.1,
    # https://www.maxcredible.com/nl/financial-impact-of-reducing-payment-collection-times
    "calc_cash_dso": 40, "calc_cash_target": 20, "calc_cash_sales": 100_000_000, "calc_cash_days": 365,
    "calc_cash_rate": 0.04,
    # 2/10 net 30 at 10 % a year.
    "calc_pay_discount": 0.02, "calc_pay_day": 10, "calc_pay_otherwise": 30, "calc_pay_rate": 0.10,
    "calc_pay_year": 365,
    # IFRS 9, illustrative example 12: 580,000 on the shares and rates below.
    "calc_mix_total": 30_000_000,
}  # fmt: skip
"""What is in the cells of a calculator until somebody types."""
EXAMPLE_MIX = {
    0: (15 / 30, 0.003),
    1: (7.5 / 30, 0.016),
    31: (4 / 30, 0.036),
    61: (2.5 / 30, 0.066),
    91: (1 / 30, 0.106),
}
"""Share and loss rate of the example's buckets by the first day past due that belongs to them; 0 is Current."""

DIGITS = 15
"""As many as a cell keeps: the same share comes back from a workbook."""

_KEYS = {column.heading: column.key for table in monthly_sheet.sheet().tables() for column in table.columns}


MIX = "tblCalcMix"


def tables(closing: Closing, months: Months, headlines: Filled) -> Filled:
    """Return tblCalcCuts, tblCalcMix and the sheet's named cells, beside them those of the Dashboard."""
    tables, fields = headlines
    beside = {name: _this_month(source, closing, months, fields) for name, source in declared.THIS_MONTH.items()}
    return _made(closing.settings, closing.entries, beside, _month_amounts(closing, tables["tblMix"]), fields)


def blank(settings: Settings, typed: Entries | None = None) -> Filled:
    """Return the same for a workbook without data: the examples, and nothing beside them."""
    entries = complete([declared.sheet(settings)], typed or Entries())
    beside = {
        name: _known(getattr(settings, source, None)) if isinstance(source, str) else NOT_KNOWN
        for name, source in declared.THIS_MONTH.items()
    }
    return _made(settings, entries, beside, None, {})


def _this_month(source: str | declared.OfMonth, closing: Closing, months: Months, fields: Mapping[str, Any]) -> Any:
    if isinstance(source, str):
        return _known(fields[source] if source in fields else getattr(closing.settings, source))
    row = months.in_a_row(source.back)
    found = (_known(row[_KEYS[heading]] if row else None) for heading in source.headings)
    return next((value for value in found if value != NOT_KNOWN), NOT_KNOWN)


def _known(value: Any) -> Any:
    return NOT_KNOWN if value is None or value == "" or _is_error(value) else value


def _month_amounts(closing: Closing, mix: TableData) -> list[float] | None:
    """Return this month's receivables by bucket, credits and undated items apart."""
    ends = list(mix.column("month_end"))
    if closing.day not in ends:
        return None
    at = ends.index(closing.day)
    return [mix.column(label)[at] for label in declared.labels(closing.settings)]


def _made(
    settings: Settings,
    entries: Entries,
    beside: Mapping[str, Any],
    amounts: Sequence[float] | None,
    fields: Mapping[str, Any],
) -> Filled:
    cells = _typed(entries)
    _measures(cells)
    _trust(cells, settings)
    mix = _mix(cells, settings, entries, amounts)
    cells |= _readings(cells, settings)
    cells |= {f"{name}_now": value for name, value in beside.items()}
    return {"tblCalcCuts": _cuts(cells, fields), MIX: mix}, cells


# ---- what was typed


def _typed(entries: Entries) -> Cells:
    """Return the cells of each calculator as typed; one that nobody filled in shows its example."""
    cells: Cells = {}
    for block in declared.sheet(Settings()).single_blocks():
        if isinstance(block, Fields):
            names = [field.name for field in block.fields if field.entry]
            typed = {name: error_or(entries.fields[name]) for name in names}
            blank = all(cell is None for cell in typed.values())
            cells |= {name: EXAMPLES[name] for name in names} if blank else typed
    return cells


def _is_error(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_number(value: Any) -> bool:
    """Whether COUNT counts it."""
    return isinstance(value, int | float) and not isinstance(value, bool) and not _is_error(value)


def _all_or_none(cells: Sequence[Any], combine: Callable[[Sequence[float]], float]) -> float:
    return combine(cells) if all(map(_is_number, cells)) else NA


# ---- what it comes to


def _measures(cells: Cells) -> None:
    cells["calc_dso_mean"] = _all_or_none([cells["calc_dso_opening"], cells["calc_dso_ending"]], statistics.fmean)
    sales, days = [cells[name] for name in SALES], cells["calc_back_days"]
    cells["calc_back_sales"] = _of_numbers(sales, 1, math.fsum)
    cells["calc_back_span"] = days * sum(map(_is_number, sales)) if _is_number(days) else NA
    both = _all_or_none([cells["calc_late_current"], cells["calc_late_overdue"]], sum)
    for field in declared.sheet(Settings()).fields():
        if calls.is_call(field.formula):
            given = cells | {declared.ALL_SALES: sales, declared.BOTH: both}
            cells[field.name] = calls.shown(field.formula, given)


def _of_numbers(values: Sequence[Any], least: int, combine: Callable[[Sequence[float]], float]) -> float:
    """Return a figure of the numbers in a range: an error in it is the result, fewer than `least` numbers are #N/A."""
    numbers = [value for value in values if _is_number(value)]
    if len(numbers) < least:
        return NA
    return next((value for value in values if _is_error(value)), None) or combine(numbers)


def _trust(cells: Cells, settings: Settings) -> None:
    sales = [cells[name] for name in SALES]

    def spread(months: Sequence[float]) -> float:
        mean = statistics.fmean(months)
        return statistics.pstdev(months) / mean if mean else DIV0

    mean = _of_numbers(sales, 2, statistics.fmean)
    cells["calc_spread"] = _of_numbers(sales, 2, spread)
    cells["calc_seasonal"] = settings.seasonality_threshold
    seasonal = mean <= 0 or cells["calc_spread"] > settings.seasonality_threshold
    cells["calc_trust"] = mean if _is_error(mean) else "Countback" if seasonal else "Simple"


def _cuts(cells: Cells, fields: Mapping[str, Any]) -> TableData:
    rows = []
    dso = cells["calc_cash_dso"]
    month = {name: fields[name] if fields else NA for name in ("kpi_dso", "kpi_window_sales", "kpi_window_days")}
    for cut in declared.CUTS:
        row = {"cut": cut, "target": dso * (1 - cut) if _is_number(dso) else NA}
        now = calls.shown(declared.CASH_NOW, month | {declared.CUT_NOW: month["kpi_dso"] * (1 - cut)})
        rows.append(row | calls.row_of(declared.CUT_TABLE, row, cells) | {"now": _known(now)})
    return TableData.of(rows)


# ---- the aging mix


def _mix(cells: Cells, settings: Settings, entries: Entries, amounts: Sequence[float] | None) -> TableData:
    labels = declared.labels(settings)
    rows, extra = _mix_rows(settings, entries)
    whole = math.fsum(amounts) if amounts else 0.0
    for i, row in enumerate(rows):
        row["amount"] = _all_or_none([cells["calc_mix_total"], row["share"]], math.prod)
        row |= calls.row_of(declared.mix(settings)[1], row, {})
        row["now"] = amounts[i] / whole if amounts and whole else NOT_KNOWN
    shares, now = [row["share"] for row in rows], [row["now"] for row in rows]
    lost = {declared.AMOUNTS: [row["amount"] for row in rows], declared.LOSS_RATES: [row["rate"] for row in rows]}
    added = _all_or_none(shares, math.fsum)
    is_whole = abs(added - 1) < declared.WHOLE
    cells |= {
        "calc_mix_sum": added,
        "calc_mix_check": "OK" if is_whole else "Act",
        "calc_mix_old": NA,
        "calc_mix_old_now": NOT_KNOWN,
        "calc_mix_most": settings.signal_over_60,
        "calc_mix_provision": calls.shown(declared.PROVISION, lost) if is_whole else NA,
        "calc_mix_total_now": whole if amounts else NOT_KNOWN,
    }
    start = declared.old_buckets(settings)
    if start is not None and start < len(labels):
        cells["calc_mix_old"] = math.fsum(shares[start:]) if all(map(_is_number, shares)) else NA
        cells["calc_mix_old_now"] = math.fsum(now[start:]) if all(map(_is_number, now)) else NOT_KNOWN
    return TableData.of(rows, extra)


def _mix_rows(settings: Settings, entries: Entries) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return buckets with shares and rates: those typed, unless other buckets were chosen since."""
    labels = declared.labels(settings)
    kept = [dict(row) for row in entries.rows(MIX)]
    extra = entries.kept(MIX).extra
    typed = any(value is not None for value in [row[key] for row in kept for key in ("share", "rate")])
    if typed and [row["bucket"] for row in kept] == list(labels):
        for row in kept:
            row["share"], row["rate"] = error_or(row["share"]), error_or(row["rate"])
        return kept, extra
    rows: list[dict[str, Any]] = [{"bucket": label, "share": 0.0, "rate": 0.0} for label in labels]
    starts = [0, 1, *(edge + 1 for edge in settings.bucket_edges)]
    for first, (share, _) in EXAMPLE_MIX.items():
        row = rows[max(i for i, start in enumerate(starts) if start <= first)]
        row["share"] = round(row["share"] + share, DIGITS)
    for row, start in zip(rows, starts, strict=True):
        row["rate"] = EXAMPLE_MIX[max(first for first in EXAMPLE_MIX if first <= start)][1]
    for row, old in zip(rows, kept, strict=False):
        row |= {own(heading): old.get(own(heading)) for heading in extra}
    return rows, extra


def dropped(settings: Settings, entries: Entries) -> list[dict[str, Any]]:
    """Return what was typed into the aging mix of other buckets than those of now, as notes not placed."""
    rows, labels = entries.rows(MIX), declared.labels(settings)
    if [row["bucket"] for row in rows] == list(labels):
        return []
    return [
        {"table": MIX, "row": row["bucket"], "heading": heading, "value": str(row[key])}
        for row in rows
        for key, heading in (("share", "Share"), ("rate", "Loss rate"))
        if row[key] is not None
    ]


# ---- the readings


def fixed(number: float, digits: int) -> str:
    """Return a number as FIXED writes it: halves away from zero, thousands parted.

    >>> fixed(1234.25, 1), fixed(-0.04, 1), fixed(2.5, 0)
    ('1,234.3', '0.0', '3')
    """
    rounded = Decimal(f"{number:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, Context(prec=400))
    return f"{rounded or abs(rounded):,.{digits}f}"


_READINGS: Mapping[str, tuple[Sequence[str], str, Callable[..., str]]] = {
    "calc_dso_reads": (
        ["calc_dso_average"],
        declared.FILL_IN,
        lambda days: f"On average, cash arrives {fixed(days, 0)} days after a sale on credit.",
    ),
    "calc_back_reads": (
        ["calc_back", "calc_back_simple"],
        declared.TOO_FEW_MONTHS,
        lambda days, simple: (
            f"The latest sales cover the balance in {fixed(days, 1)} days; simple DSO says {fixed(simple, 1)}."
        ),
    ),
    "calc_trust_reads": (
        ["calc_trust"],
        declared.TWO_MONTHS,
        lambda trust: declared.STEADY if trust == "Simple" else declared.SEASONAL,
    ),
    "calc_late_reads": (
        ["calc_late_dso", "calc_late_best", "calc_late_ddso"],
        declared.FILL_IN,
        lambda dso, best, late: (
            f"Of {fixed(dso, 1)} days, {fixed(best, 1)} come from terms and {fixed(late, 1)} from late payment."
        ),
    ),
    "calc_cycle_reads": (
        ["calc_cycle"],
        declared.FILL_IN,
        lambda days: (
            f"Suppliers finance the business for {fixed(-days, 1)} days."
            if days < 0
            else f"Cash is tied up for {fixed(days, 1)} days; a day off DSO is a day off the cycle."
        ),
    ),
    "calc_pay_reads": (
        ["calc_pay_cost", "calc_pay_breakeven", "calc_pay_discount"],
        declared.FILL_IN,
        lambda _, breakeven, discount: (
            f"{declared.PAYS if discount <= breakeven else declared.DECLINE} Worth up to {fixed(100 * breakeven, 2)} %."
        ),
    ),
}
"""What a calculator comes to in a sentence: the cells it needs, what it says where one of them is an error."""


def _readings(cells: Cells, settings: Settings) -> Cells:
    found: Cells = {}
    for name, (needed, otherwise, sentence) in _READINGS.items():
        values = [cells[one] for one in needed]
        found[name] = otherwise if any(map(_is_error, values)) else sentence(*values)
    return found | {
        "calc_cei_reads": _cei_reading(cells, settings),
        "calc_cash_reads": _cash_reading(cells),
        "calc_mix_reads": _mix_reading(cells, settings),
    }


def _cei_reading(cells: Cells, settings: Settings) -> str:
    cei, low, high = cells["calc_cei"], settings.target_cei, settings.stretch_cei
    if _is_error(cei):
        return declared.FILL_IN
    place = "At or above" if cei >= high else "Within" if cei >= low else "Below"
    return f"{place} the target band of {fixed(100 * low, 0)} to {fixed(100 * high, 0)} %."


def _cash_reading(cells: Cells) -> str:
    released, interest = cells["calc_cash_released"], cells["calc_cash_interest"]
    # A target that is slower says so whether or not there is a rate.
    if released < 0:
        return f"The target is slower than today: it ties up {fixed(-released, 0)} more."
    if _is_error(released) or _is_error(interest):
        return declared.FILL_IN
    return f"Frees {fixed(released, 0)} once and saves {fixed(interest, 0)} a year."


def _mix_reading(cells: Cells, settings: Settings) -> str:
    if cells["calc_mix_check"] != "OK":
        return declared.NOT_WHOLE
    if _is_error(cells["calc_mix_old"]):
        return declared.NO_OLD_EDGE
    return declared.TOO_OLD if cells["calc_mix_old"] > settings.signal_over_60 else declared.YOUNG_ENOUGH
