"""Dashboard: the headline figures, how they moved, and the pictures behind them."""

from dataclasses import dataclass

from udfs.errors import NA
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.aging import bucket_columns
from xlwings_addin.sheets.blocks import Card, Cards, Chart, Charts, Column, Field, Fields, Rule, Series, Sheet, Table
from xlwings_addin.sheets.monthly import month_ago
from xlwings_addin.sheets.style import AGING_RAMP


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of Monthly at the top of the page; `target` names the setting it is held against."""

    name: str
    label: str
    column: str
    heading: str
    style: str
    better: Rule = ""
    target: str = ""


_DOWN: Rule = "negative is better"

HEADLINES = (
    Headline("receivables", "Receivables", "receivables", "Receivables", "money0"),
    Headline("overdue", "Overdue", "overdue", "Overdue", "money0", _DOWN),
    Headline("dso", "DSO (days)", "dso", "DSO", "days", _DOWN, "target_dso"),
    Headline("dso_countback", "DSO countback (days)", "dso_countback", "DSO countback", "days", _DOWN),
    Headline("cei", "CEI", "cei", "CEI", "percent", "positive is better", "target_cei"),
    Headline("ddso", "Delinquent DSO (days)", "ddso", "DDSO", "days", _DOWN, "target_ddso"),
    Headline("best", "Best possible DSO (days)", "best_possible_dso", "Best possible DSO", "days", _DOWN),
    Headline("sales", "Net credit sales", "net_sales", "Net credit sales", "money0"),
    Headline("days", "Days in the period", "days", "Days", "day count"),
)

WINDOW = (
    ("window_sales", "sales in the DSO window", "money0", "Sales in window"),
    ("window_days", "days in the DSO window", "day count", "Days in window"),
)
"""What every day count divides by: figures of Monthly, by name."""

_HERE = "MATCH(as_of,tblMonthly[Month end],0)"


def month_figure(heading: str, back: int = 0) -> str:
    """Formula text for a figure of the as-of month, or of `back` months before it."""
    figure = month_ago(heading, back) if back else f"INDEX(tblMonthly[{heading}],{_HERE})"
    return f'IF({figure}="",NA(),{figure})'  # a blank must not be read as zero


def figure_in_a_row(heading: str, back: int) -> str:
    """Formula text for a figure of the row this many above the as-of month's, in months without a gap between them.

    These are the months that a countback walks: of a fiscal calendar, one is not always the same day of a month.
    """
    figure = f"INDEX(tblMonthly[{heading}],{_HERE}-{back})"
    known = f"IF({month_figure('Months in a row')}>{back},{figure},NA())"
    return f'IF({known}="",NA(),{known})'


_WINDOW_FIELDS = tuple(
    Field(f"kpi_{name}", label, style, f"={month_figure(heading)}", empty=NA) for name, label, style, heading in WINDOW
)
_CASH_PER_DAY = Field(
    "kpi_cash_per_day",
    "Cash per day of DSO",
    "money0",
    "=AR_CASH_IMPACT(1,0,kpi_window_sales,kpi_window_days)",
    empty=NA,
)
_BENCHMARK = Field("kpi_benchmark", "trusted DSO on benchmark", "days", "=benchmark_gap", rule=_DOWN, empty="n/a")
"""Peers are held against the DSO that Trust names, whichever it is."""


def _card(headline: Headline) -> Card:
    name, style = f"kpi_{headline.name}", headline.style

    def against(suffix: str, text: str, other: str) -> Field:
        return Field(
            f"{name}_{suffix}", text, style, f'=IFERROR({name}-{other},"n/a")', rule=headline.better, empty="n/a"
        )

    lines = [
        against("month", "on last month", month_figure(headline.heading, 1)),
        against("year", "on last year", month_figure(headline.heading, 12)),
    ]
    if headline.target:
        # A blank setting reads as zero in a subtraction: it must not pass for a target.
        lines.append(against("target", "on target", f'IF({headline.target}="",NA(),{headline.target})'))
    if headline.name == "dso_countback":
        lines.append(_BENCHMARK)
    return Card(
        headline.label, Field(name, headline.label, style, f"={month_figure(headline.heading)}", empty=NA), tuple(lines)
    )


SET_ASIDE = Fields((Field("dashboard_set_aside", "", formula='=IF(start_set_aside="","",start_set_aside)', empty=""),))

SHORTER = "kpi_dso-[@[Days fewer]]"
CASH = Table(
    "tblCash",
    (
        Column("days", "Days fewer", "day count"),
        Column(
            "cash",
            "Cash released",
            "money0",
            formula=f"=AR_CASH_IMPACT(kpi_dso,{SHORTER},kpi_window_sales,kpi_window_days)",
        ),
    ),
    title="Figures behind the charts",
    intro="One-time cash released when DSO falls by this many days at the sales of the DSO window.",
)


def _ramp(count: int) -> tuple[str, ...]:
    return (*AGING_RAMP[:count], *[AGING_RAMP[-1]] * (count - len(AGING_RAMP)))


def sheet(settings: Settings) -> Sheet:
    """Declare the sheet."""
    buckets = bucket_columns(settings)
    top = settings.top_customers
    cards = Cards(
        (
            *(_card(headline) for headline in HEADLINES),
            Card(
                "Cash per day of DSO",
                _CASH_PER_DAY,
                (
                    Field(
                        "kpi_cash_to_target",
                        "released at target DSO",
                        "money0",
                        "=AR_CASH_IMPACT(kpi_dso,target_dso,kpi_window_sales,kpi_window_days)",
                        empty=NA,
                    ),
                    Field(
                        "kpi_interest",
                        "interest saved a year",
                        "money0",
                        "=AR_INTEREST_SAVED(kpi_cash_to_target,cost_of_capital)",
                        empty=NA,
                    ),
                    *_WINDOW_FIELDS,
                ),
            ),
        )
    )
    charts = Charts(
        (
            Chart("line", "DSO in days: simple, countback, best possible", "tblMonthly", "month_end",
                  (Series("dso", "Simple"), Series("dso_countback", "Countback", "warm"), Series("best_possible_dso", "Best possible", "accent light"),
                   Series("target_dso", "Target", "grey", dashed=True)),
                  "Line chart of simple, countback and best possible DSO by month, with the target.", "0"),
            Chart("line", "Collection effectiveness index against target", "tblMonthly", "month_end",
                  (Series("cei", "CEI"), Series("target_cei", "Target", "grey", dashed=True)),
                  "Line chart of the collection effectiveness index by month, with the lower target.", "0%"),
            Chart("stacked", "Aging mix by month", "tblMix", "month_end",
                  tuple(Series(c.key, c.heading, colour) for c, colour in zip((*buckets[1:-1], buckets[-1]), (*_ramp(len(buckets) - 2), "grey"), strict=True)),
                  "Stacked columns of open receivables by aging bucket and month.", "#,##0,"),
            Chart("line", "Delinquent DSO in days", "tblMonthly", "month_end", (Series("ddso", "DDSO", "act"),),
                  "Line chart of delinquent DSO by month.", "0.0"),
            Chart("bar", "Current and overdue by region", "tblByRegion", "segment",
                  (Series("current", "Current"), Series("overdue", "Overdue", "warm")),
                  "Bar chart of current and overdue receivables by region.", "#,##0,"),
            Chart("pareto", f"Top {top} customers", "tblTop", "customer",
                  (Series("receivables", "Receivables"), Series("cumulative", "Cumulative share", "warm", second_axis=True)),
                  f"Columns of the {top} largest customers with the cumulative share of receivables.", "#,##0,"),
            Chart("column", "Cash released by a shorter DSO", "tblCash", "days", (Series("cash", "Cash released", "good"),),
                  "Columns of the cash released when DSO falls by 1 to 20 days.", "#,##0,"),
        )
    )  # fmt: skip
    behind = (
        CASH,
        Table(
            "tblTop",
            (
                Column("customer", "Customer", width=23),
                Column("receivables", "Receivables", "money0"),
                Column("share", "Share", "percent"),
                Column("cumulative", "Cumulative share", "percent"),
                Column("overdue", "Overdue", "money0"),
            ),
            title=f"Top {top} customers",
            intro="Share in the sum of positive balances.",
        ),
        Table(
            "tblMix",
            (Column("month_end", "Month end", "date"), *(Column(c.key, c.heading, "money0") for c in buckets)),
            title="Aging mix by month",
            stored=True,
        ),
    )
    return Sheet(
        "Dashboard",
        "Trend beats a single point: read each figure against last month, last year and target.",
        (SET_ASIDE, cards, charts, *behind),
        landscape=False,
        break_after_charts=True,
    )
