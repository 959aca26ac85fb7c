"""Calculators: the guide's calculators, live, each beside what it says of this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from udfs.buckets import bucket_labels
from udfs.counting_back import STEP_COLUMNS
from udfs.errors import NA
from xlwings_addin.sheets.blocks import Beside, Chart, Charts, Column, Field, Fields, Rule, Series, Sheet, Spill, Table
from xlwings_addin.sheets.dashboard import figure_in_a_row, month_figure

if TYPE_CHECKING:
    from xlwings_addin.settings import Settings

MONTHS = 12
SALES = tuple(f"calc_sales_{month}" for month in range(1, MONTHS + 1))
"""Monthly sales for the countback, newest first."""
CUTS = (0.10, 0.15, 0.20, 0.25, 0.30)
"""How far DSO falls as a rule once it is managed: the guide's 10-30 %."""
OLD_EDGE = 60
"""Days past due from which receivables count as old: the guide's 60+."""
WHOLE = 0.0005
"""Shares that add up to 100.0 % as shown are whole."""
NOT_KNOWN = "n/a"
FILL_IN = "Fill in the cream cells to see a result."
TOO_FEW_MONTHS = "Fill in the receivables and enough months of sales to cover them."
TWO_MONTHS = "Fill in at least two months of sales."
STEADY = "Sales are steady enough: simple DSO will do."
SEASONAL = "Sales swing: countback ties the balance to the months that made it."
PAYS = "Pays: offer it."
DECLINE = "Costs more than your capital: decline."
NOT_WHOLE = "Change the shares until they add up to 100 %."
TOO_OLD = "Too much is old: look for disputes and missing papers first."
YOUNG_ENOUGH = "The old part is within bounds."
NO_OLD_EDGE = f"No bucket ends at {OLD_EDGE} days (Settings)."


@dataclass(frozen=True, slots=True)
class OfMonth:
    """A figure of Monthly, `back` rows above the as-of month's; of several headings the first that is filled."""

    headings: tuple[str, ...]
    back: int = 0

    @property
    def formula(self) -> str:
        """Formula text, an error where the figure is not known."""
        back = self.back
        *first, text = (figure_in_a_row(one, back) if back else month_figure(one) for one in self.headings)
        for wanted in reversed(first):
            text = f"IFERROR({wanted},{text})"
        return text


THIS_MONTH: dict[str, str | OfMonth] = {
    "calc_dso_opening": OfMonth(("Opening of window",)),
    "calc_dso_ending": "kpi_receivables",
    "calc_dso_sales": OfMonth(("Sales in window",)),
    "calc_dso_days": OfMonth(("Days in window",)),
    "calc_dso_average": OfMonth(("DSO on average",)),
    "calc_dso": "kpi_dso",
    "calc_cei_opening": OfMonth(("Opening",)),
    "calc_cei_sales": "kpi_sales",
    "calc_cei_write_offs": OfMonth(("Typed write-offs", "Write-offs")),
    "calc_cei_ending": "kpi_receivables",
    "calc_cei_current": OfMonth(("Current",)),
    "calc_cei": "kpi_cei",
    "calc_back_ending": "kpi_receivables",
    "calc_back_days": "kpi_days",
    **{name: OfMonth(("Net credit sales",), back) for back, name in enumerate(SALES)},
    "calc_back": "kpi_dso_countback",
    "calc_back_simple": "kpi_dso",
    "calc_trust": OfMonth(("Trust",)),
    "calc_late_current": OfMonth(("Current",)),
    "calc_late_overdue": "kpi_overdue",
    "calc_late_sales": OfMonth(("Sales in window",)),
    "calc_late_days": OfMonth(("Days in window",)),
    "calc_late_best": "kpi_best",
    "calc_late_ddso": "kpi_ddso",
    "calc_late_dso": "kpi_dso",
    "calc_cycle_dso": "kpi_dso",
    "calc_cash_dso": "kpi_dso",
    "calc_cash_target": "target_dso",
    "calc_cash_sales": "kpi_window_sales",
    "calc_cash_days": "kpi_window_days",
    "calc_cash_rate": "cost_of_capital",
    "calc_cash_released": "kpi_cash_to_target",
    "calc_cash_per_day": "kpi_cash_per_day",
    "calc_cash_interest": "kpi_interest",
    "calc_pay_rate": "cost_of_capital",
}
"""What is next to a cell of a calculator: the same figure of this month, a named cell or a figure of Monthly."""

ALL_SALES = f"{SALES[0]}:{SALES[-1]}"
_HEADINGS = ("", "Yours", "This month")
_SHARES = "tblCalcMix[Share]"
AMOUNTS, LOSS_RATES = "tblCalcMix[Amount]", "tblCalcMix[Loss rate]"
PROVISION = f"AR_PROVISION({AMOUNTS},{LOSS_RATES})"


def labels(settings: Settings) -> tuple[str, ...]:
    """Return the buckets of the aging mix."""
    return bucket_labels(settings.bucket_edges)


def old_buckets(settings: Settings) -> int | None:
    """Return the place, from 0, of the first bucket past 60 days; None where no bucket ends at 60."""
    edges = settings.bucket_edges
    return edges.index(OLD_EDGE) + 2 if OLD_EDGE in edges else None


def _beside(name: str, style: str) -> Field | None:
    if name not in THIS_MONTH:
        return None
    source = THIS_MONTH[name]
    text = source if isinstance(source, str) else source.formula
    return Field(f"{name}_now", "", style, f'=IFERROR({text},"{NOT_KNOWN}")', empty=NOT_KNOWN)


def _input(name: str, label: str, style: str) -> Field:
    return Field(name, label, style, entry=True, beside=_beside(name, style))


def _result(name: str, label: str, style: str, formula: str, rule: Rule = "") -> Field:
    return Field(name, label, style, formula, rule=rule, empty=NA, beside=_beside(name, style))


def _sentence(name: str, formula: str, otherwise: str) -> Field:
    return Field(name, "", "text", f'=IFERROR({formula},"{otherwise}")')


def _sum_if_all(*names: str) -> str:
    """Formula text for a sum, #N/A where a part is missing."""
    return f"IF(COUNT({','.join(names)})={len(names)},{'+'.join(names)},NA())"


BOTH = _sum_if_all("calc_late_current", "calc_late_overdue")

_DSO = Fields(
    (
        _input("calc_dso_opening", "Opening receivables", "money0"),
        _input("calc_dso_ending", "Ending receivables", "money0"),
        _input("calc_dso_sales", "Credit sales of the period", "money0"),
        _input("calc_dso_days", "Days in the period", "day count"),
        _result("calc_dso_mean", "Average receivables", "money0", f"=({_sum_if_all('calc_dso_opening', 'calc_dso_ending')})/2"),
        _result("calc_dso_average", "DSO on average receivables", "days", "=AR_DSO(calc_dso_mean,calc_dso_sales,calc_dso_days)"),
        _result("calc_dso", "DSO on ending receivables", "days", "=AR_DSO(calc_dso_ending,calc_dso_sales,calc_dso_days)"),
        _sentence("calc_dso_reads", '"On average, cash arrives "&FIXED(calc_dso_average,0)&" days after a sale on credit."', FILL_IN),
    ),
    title="DSO, simple",
    intro="Receivables / credit sales x days, for even sales. Example: the guide's, 60.8.",
    headings=_HEADINGS,
)  # fmt: skip

_CEI = Fields(
    (
        _input("calc_cei_opening", "Opening receivables", "money0"),
        _input("calc_cei_sales", "Credit sales of the period", "money0"),
        _input("calc_cei_write_offs", "Write-offs of the period", "money0"),
        _input("calc_cei_ending", "Ending receivables", "money0"),
        _input("calc_cei_current", "of these not yet due", "money0"),
        _result("calc_cei", "CEI", "percent", "=AR_CEI(calc_cei_opening,calc_cei_sales,calc_cei_ending,calc_cei_current,calc_cei_write_offs)"),
        _sentence("calc_cei_reads", 'IF(calc_cei>=stretch_cei,"At or above",IF(calc_cei>=target_cei,"Within","Below"))&" the target band of "&FIXED(100*target_cei,0)&" to "&FIXED(100*stretch_cei,0)&" %."', FILL_IN),
    ),
    title="Collections effectiveness index (CEI)",
    intro="How much of the collectible cash was collected. Example: a published table, 96.9 %.",
    headings=_HEADINGS,
)  # fmt: skip

_COUNTBACK = Fields(
    (
        _input("calc_back_ending", "Ending receivables", "money0"),
        _input("calc_back_days", "Days per month", "day count"),
        _input(SALES[0], "Credit sales, newest month", "money0"),
        *(_input(name, f"{back} month{'s' if back > 1 else ''} before", "money0") for back, name in enumerate(SALES[1:], start=1)),
        _result("calc_back_sales", "Sales of these months", "money0", f"=IF(COUNT({ALL_SALES})=0,NA(),SUM({ALL_SALES}))"),
        _result("calc_back_span", "Days of these months", "day count", f"=IF(COUNT(calc_back_days)=1,calc_back_days*COUNT({ALL_SALES}),NA())"),
        _result("calc_back", "DSO countback", "days", f"=AR_DSO_COUNTBACK(calc_back_ending,{ALL_SALES},calc_back_days)"),
        _result("calc_back_simple", "DSO, simple, on these months", "days", "=AR_DSO(calc_back_ending,calc_back_sales,calc_back_span)"),
        _sentence("calc_back_reads", '"The latest sales cover the balance in "&FIXED(calc_back,1)&" days; simple DSO says "&FIXED(calc_back_simple,1)&"."', TOO_FEW_MONTHS),
    ),
    title="DSO, countback",
    intro="For uneven sales: as many days as it takes to cover. Example: the guide's.",
    headings=_HEADINGS,
)  # fmt: skip

WALK = Spill(
    "calc_walk",
    f"=AR_COUNTBACK_STEPS(calc_back_ending,{ALL_SALES},calc_back_days)",
    tuple(
        Column(heading.lower(), heading, style)
        for heading, style in zip(STEP_COLUMNS, ("day count", "money0", "money0", "days", "money0"), strict=True)
    ),
    rows=MONTHS,
    title="The walk, month by month",
    intro="One formula fills this area; its days add up to the countback.",
)

_TRUST = Fields(
    (
        _result("calc_spread", "Spread of the sales typed", "percent", f"=IF(COUNT({ALL_SALES})<2,NA(),STDEVP({ALL_SALES})/AVERAGE({ALL_SALES}))"),
        Field("calc_seasonal", "Seasonal above (Settings)", "percent", "=seasonality_threshold"),
        _result("calc_trust", "Trust", "text", f'=IF(COUNT({ALL_SALES})<2,NA(),IF(AVERAGE({ALL_SALES})<=0,"Countback",IF(calc_spread>seasonality_threshold,"Countback","Simple")))'),
        _sentence("calc_trust_reads", f'IF(calc_trust="Simple","{STEADY}","{SEASONAL}")', TWO_MONTHS),
    ),
    title="Which DSO to trust",
    intro="Standard deviation of monthly sales against their mean.",
    headings=_HEADINGS,
)  # fmt: skip

_LATE = Fields(
    (
        _input("calc_late_current", "Receivables not yet due", "money0"),
        _input("calc_late_overdue", "Receivables past due", "money0"),
        _input("calc_late_sales", "Credit sales of the period", "money0"),
        _input("calc_late_days", "Days in the period", "day count"),
        _result("calc_late_best", "Best possible DSO", "days", "=AR_BEST_POSSIBLE_DSO(calc_late_current,calc_late_sales,calc_late_days)"),
        _result("calc_late_ddso", "Delinquent DSO (DDSO)", "days", "=AR_DDSO(calc_late_overdue,calc_late_sales,calc_late_days)"),
        _result("calc_late_dso", "DSO", "days", f"=AR_DSO({BOTH},calc_late_sales,calc_late_days)"),
        _result("calc_late_average", "Average days delinquent", "days", "=AR_DAYS_DELINQUENT(calc_late_dso,calc_late_best)"),
        _sentence("calc_late_reads", '"Of "&FIXED(calc_late_dso,1)&" days, "&FIXED(calc_late_best,1)&" come from terms and "&FIXED(calc_late_ddso,1)&" from late payment."', FILL_IN),
    ),
    title="Delinquent and best possible DSO",
    intro="What late payers add to DSO, and what is left without them.",
    headings=_HEADINGS,
)  # fmt: skip

_CYCLE = Fields(
    (
        _input("calc_cycle_inventory", "Inventory", "money0"),
        _input("calc_cycle_payables", "Payables", "money0"),
        _input("calc_cycle_cost", "Cost of sales of the period", "money0"),
        _input("calc_cycle_days", "Days in the period", "day count"),
        _input("calc_cycle_dso", "DSO", "days"),
        _result("calc_cycle_dio", "Days inventory outstanding", "days", "=AR_DIO(calc_cycle_inventory,calc_cycle_cost,calc_cycle_days)"),
        _result("calc_cycle_dpo", "Days payables outstanding", "days", "=AR_DPO(calc_cycle_payables,calc_cycle_cost,calc_cycle_days)"),
        _result("calc_cycle", "Cash conversion cycle", "days", "=AR_CCC(calc_cycle_dio,calc_cycle_dso,calc_cycle_dpo)"),
        _sentence("calc_cycle_reads", 'IF(calc_cycle<0,"Suppliers finance the business for "&FIXED(-calc_cycle,1)&" days.","Cash is tied up for "&FIXED(calc_cycle,1)&" days; a day off DSO is a day off the cycle.")', FILL_IN),
    ),
    title="Cash conversion cycle",
    intro="DIO + DSO - DPO: from paying suppliers to being paid.",
    headings=_HEADINGS,
)  # fmt: skip

_CASH = Fields(
    (
        _input("calc_cash_dso", "DSO today", "days"),
        _input("calc_cash_target", "Target DSO", "days"),
        _input("calc_cash_sales", "Credit sales of the period", "money0"),
        _input("calc_cash_days", "Days in the period", "day count"),
        _input("calc_cash_rate", "Cost of capital, a year", "percent"),
        _result("calc_cash_released", "Cash released, once", "money0", "=AR_CASH_IMPACT(calc_cash_dso,calc_cash_target,calc_cash_sales,calc_cash_days)"),
        _result("calc_cash_per_day", "Cash per day of DSO", "money0", "=AR_CASH_IMPACT(1,0,calc_cash_sales,calc_cash_days)"),
        _result("calc_cash_interest", "Interest saved, every year", "money0", "=AR_INTEREST_SAVED(calc_cash_released,calc_cash_rate)"),
        _sentence("calc_cash_reads", 'IF(calc_cash_released<0,"The target is slower than today: it ties up "&FIXED(-calc_cash_released,0)&" more.","Frees "&FIXED(calc_cash_released,0)&" once and saves "&FIXED(calc_cash_interest,0)&" a year.")', FILL_IN),
    ),
    title="Cash impact",
    intro="Working capital released when DSO falls from today's value to the target.",
    headings=_HEADINGS,
)  # fmt: skip

CUT_NOW = "kpi_dso*(1-[@[DSO cut by]])"
CASH_NOW = f"AR_CASH_IMPACT(kpi_dso,{CUT_NOW},kpi_window_sales,kpi_window_days)"
CUT_TABLE = Table(
    "tblCalcCuts",
    (
        Column("cut", "DSO cut by", "percent"),
        Column("target", "New DSO", "days", formula="=IF(COUNT(calc_cash_dso)=1,calc_cash_dso*(1-[@[DSO cut by]]),NA())"),
        Column("cash", "Cash released", "money0", formula="=AR_CASH_IMPACT(calc_cash_dso,[@[New DSO]],calc_cash_sales,calc_cash_days)"),
        Column("interest", "Interest a year", "money0", formula="=AR_INTEREST_SAVED([@[Cash released]],calc_cash_rate)"),
        Column("now", "This month: cash", "money0", formula=f'=IFERROR({CASH_NOW},"{NOT_KNOWN}")'),
    ),
    title="Impact estimator",
    intro="Terms, clean invoices and steady reminders typically cut DSO by 10-30 %.",
)  # fmt: skip

_PAY = Fields(
    (
        _input("calc_pay_discount", "Discount offered", "percent"),
        _input("calc_pay_day", "if paid by day", "day count"),
        _input("calc_pay_otherwise", "Day the customer pays without it", "day count"),
        _input("calc_pay_rate", "Cost of capital, a year", "percent"),
        _input("calc_pay_year", "Days in a year", "day count"),
        _result("calc_pay_cost", "Cost to you, a year", "percent", "=AR_DISCOUNT_COST(calc_pay_discount,calc_pay_day,calc_pay_otherwise,calc_pay_year)"),
        _result("calc_pay_compound", "the same, compounded", "percent", "=AR_DISCOUNT_COST(calc_pay_discount,calc_pay_day,calc_pay_otherwise,calc_pay_year,TRUE)"),
        _result("calc_pay_breakeven", "Break-even discount", "percent", "=AR_BREAKEVEN_DISCOUNT(calc_pay_rate,calc_pay_day,calc_pay_otherwise,calc_pay_year)"),
        _sentence("calc_pay_reads", f'IF(ISNUMBER(calc_pay_cost),IF(calc_pay_discount<=calc_pay_breakeven,"{PAYS}","{DECLINE}")&" Worth up to "&FIXED(100*calc_pay_breakeven,2)&" %.",NA())', FILL_IN),
    ),
    title="Early-pay discount",
    intro="What the buyer earns by paying early, the seller pays: compare it with your capital.",
    headings=_HEADINGS,
)  # fmt: skip


def mix(settings: Settings) -> tuple[Fields, Table]:
    """Declare the aging mix; rows of its table come and go with the buckets, so nothing stands beneath it."""
    buckets = labels(settings)
    span = f"[{buckets[0]}]:[{buckets[-1]}]"
    month, place = "MATCH(as_of,tblMix[Month end],0)", f"MATCH([@Bucket],tblMix[[#Headers],{span}],0)"
    month_total = f"SUM(INDEX(tblMix[{span}],{month},0))"
    start = old_buckets(settings)
    old, old_now = "NA()", "NA()"
    if start is not None:
        share, now = (
            f"SUM(INDEX({column},{start + 1}):INDEX({column},{len(buckets)}))"
            for column in (_SHARES, "tblCalcMix[This month]")
        )
        old = f"IF(COUNT({_SHARES})<ROWS({_SHARES}),NA(),{share})"
        old_now = f"IF(COUNT(tblCalcMix[This month])<ROWS({_SHARES}),NA(),{now})"
    fields = Fields(
        (
            Field("calc_mix_total", "Receivables", "money0", entry=True,
                  beside=Field("calc_mix_total_now", "", "money0", f'=IFERROR({month_total},"{NOT_KNOWN}")', empty=NOT_KNOWN)),
            _result("calc_mix_sum", "Shares add up to", "percent", f"=IF(COUNT({_SHARES})<ROWS({_SHARES}),NA(),SUM({_SHARES}))"),
            _result("calc_mix_check", "Add up to 100 %?", "word", f'=IF(ISNUMBER(calc_mix_sum),IF(ABS(calc_mix_sum-1)<{WHOLE},"OK","Act"),"Act")', rule="word"),
            Field("calc_mix_old", f"Share over {OLD_EDGE} days past due", "percent", f"={old}", empty=NA,
                  beside=Field("calc_mix_old_now", "", "percent", f'=IFERROR({old_now},"{NOT_KNOWN}")', empty=NOT_KNOWN)),
            Field("calc_mix_most", "Signal above (Settings)", "percent", "=signal_over_60"),
            _result("calc_mix_provision", "Provision for expected losses", "money0", f'=IF(calc_mix_check="OK",{PROVISION},NA())'),
            Field("calc_mix_reads", "", "text",
                  f'=IF(calc_mix_check<>"OK","{NOT_WHOLE}",IFERROR(IF(calc_mix_old>signal_over_60,"{TOO_OLD}","{YOUNG_ENOUGH}"),"{NO_OLD_EDGE}"))'),
        ),
        title="Aging mix and provision",
        intro="Edit shares and loss rates below. Example: IFRS 9, illustrative example 12.",
        headings=_HEADINGS,
    )  # fmt: skip
    table = Table(
        "tblCalcMix",
        (
            Column("bucket", "Bucket"),
            Column("share", "Share", "percent", entry=True),
            Column("amount", "Amount", "money0", formula="=IF(COUNT(calc_mix_total,[@Share])=2,calc_mix_total*[@Share],NA())"),
            Column("rate", "Loss rate", "percent", entry=True),
            Column("loss", "Expected loss", "money0", formula="=AR_PROVISION([@Amount],[@[Loss rate]])"),
            Column("now", "This month", "percent",
                   formula=f'=IFERROR(INDEX(tblMix[{span}],{month},{place})/{month_total},"{NOT_KNOWN}")'),
        ),
        stored=True,
    )  # fmt: skip
    return fields, table


def sheet(settings: Settings) -> Sheet:
    """Declare the sheet."""
    walk = Chart(
        "column", "Countback: sales by month, and what they cover", WALK.name, "",
        (Series("sales", "Sales", "accent light", cells=(SALES[0], SALES[-1])), Series("covered", "Covered")),
        "Columns of the sales of each month, newest first, and the part of them that covers the balance.", "#,##0,",
    )  # fmt: skip
    days = Chart(
        "column", "Countback: days counted", WALK.name, "", (Series("days", "Days"),),
        "Columns of the days that each month counts in the countback, newest first.", "0",
    )  # fmt: skip
    cuts = Chart(
        "column", "Cash released by cutting DSO", "tblCalcCuts", "cut", (Series("cash", "Cash released", "good"),),
        "Columns of the cash released when DSO falls by 10 to 30 percent.", "#,##0,",
    )  # fmt: skip
    shares = Chart(
        "column", "Aging mix", "tblCalcMix", "bucket",
        (Series("share", "Yours"), Series("now", "This month", "grey")),
        "Columns of the share of receivables in each aging bucket, as typed and this month.", "0%",
    )  # fmt: skip
    mix_fields, mix_table = mix(settings)
    return Sheet(
        "Calculators",
        "Type in the cream cells; results, charts and readings answer at once. To restore an example, clear its cream cells and refresh.",
        (
            Beside((_DSO,), (_CEI,)),
            Beside((_COUNTBACK,), (WALK, _TRUST)),
            Beside((Charts((walk,)),), (Charts((days,)),)),
            Beside((_LATE,), (_CYCLE,)),
            Beside((_CASH, _PAY), (CUT_TABLE, Charts((cuts,))), new_page=True),
            Beside((Charts((shares,)),), (mix_fields, mix_table)),
        ),
        landscape=False,
    )
