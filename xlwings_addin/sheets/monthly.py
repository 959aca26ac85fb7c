"""Monthly: one row a month, kept for ever, with the metrics as typed formulas."""

from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.ratios import CEI, EXCHANGE, OPENED, ROLLED, difference

# The row's number within the table; INDEX(...):this row is then a window that ends here, of months without a gap.
_ROW = "(ROW()-ROW(tblMonthly[[#Headers],[Month end]]))"
_RUN = "[@[Months in a row]]"
_LAST = "INDEX(tblMonthly[{0}]," + _ROW + "-{1}+1):[@[{0}]]"
_OPENING = "INDEX(tblMonthly[Opening]," + _ROW + "-dso_window+1)"
_YEAR = _LAST.format("Net credit sales", f"MIN({_RUN},12)")
_HISTORY = _LAST.format("{0}", _RUN)
SALES_SO_FAR, DAYS_SO_FAR = _HISTORY.format("Net credit sales"), _HISTORY.format("Days")
YEARLY_SALES = 'IF([@[Sales in window]]="","",[@[Sales in window]]*365/[@[Days in window]])'
MEAN = 'IF(COUNT([@[Opening of window]],[@Receivables])<2,"",([@[Opening of window]]+[@Receivables])/2)'
"""What the ratios take that is no cell: `month_end/monthly.py` says what each comes to."""
CLOSED = "closed"
SLACK_DAYS = 13
"""How far from the same day of its month a period of a fiscal calendar may end: less than half of the shortest."""
YEAR_MONTHS = 12
SHORT_HISTORY = 6
"""Fewer months than this cannot show a season."""

TYPED = {
    "typed_sales": "Typed sales",
    "typed_credits": "Typed credits",
    "typed_cash": "Typed cash",
    "typed_write_offs": "Typed write-offs",
}
"""Flows a clerk may type: they win over loaded ones."""

_TYPED_NOTE = "Type it where the ledger does not hold it; it wins over what was loaded."


def _wins(typed: str, loaded: str) -> str:
    """Formula text for a typed figure where there is one, else the loaded."""
    return f'IF([@[{typed}]]<>"",[@[{typed}]],{loaded})'


_SALES = _wins("Typed sales", "[@[Credit sales]]")
_CASH = _wins("Typed cash", "[@Cash]")
WRITE_OFFS = _wins("Typed write-offs", "[@[Write-offs]]")

_INTO = f"[@Opening]+{_SALES}+[@[Exchange differences]]-{_wins('Typed credits', '[@[Credit notes]]+[@Discounts]')}-{_CASH}-{WRITE_OFFS}"


def _windowed(heading: str) -> str:
    window = _LAST.format(heading, "dso_window")
    return f'=IF({_RUN}<dso_window,"",IF(COUNT({window})<dso_window,"",SUM({window})))'


def month_ago(heading: str, months: int, end: str = "as_of", days: str = "kpi_days") -> str:
    """Formula text for a figure of the month that many months before the one that has `days` days and ends on `end`.

    The month before ends the day before that one begins; an earlier one ends within SLACK_DAYS of the same day of its
    month, whatever the calendar. #N/A where there is none.
    """
    near = f"ABS(tblMonthly[Month end]-EDATE({end}-{days},{1 - months}))<={SLACK_DAYS}"
    earlier = f"(tblMonthly[Month end]<{end})"
    return f'LOOKUP(2,1/(({near})*{earlier}*(tblMonthly[Status]="{CLOSED}")),tblMonthly[{heading}])'


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Monthly",
        "One row a month, kept for ever: a refresh replaces its own month only. Formulas are the add-in's own, typed as you would type them.",
        (
            Table(
                "tblMonthly",
                (
                    Column("month_end", "Month end", "date"),
                    Column("status", "Status", "word", note="closed, or to date for a month still running."),
                    Column("dso", "DSO", "days", formula="=AR_DSO([@Receivables],[@[Sales in window]],[@[Days in window]])"),
                    Column("dso_countback", "DSO countback", "days",
                           formula=f"=AR_DSO_COUNTBACK([@Receivables],{SALES_SO_FAR},{DAYS_SO_FAR},FALSE)"),
                    Column("trust", "Trust", "word", width=12,
                           formula=f'=IF(COUNT({_YEAR})<{SHORT_HISTORY},"Simple",IF(AVERAGE({_YEAR})<=0,"Countback",IF(STDEVP({_YEAR})/AVERAGE({_YEAR})>seasonality_threshold,"Countback","Simple")))',
                           note="Which DSO to trust: countback where the last 12 months' sales are seasonal, simple where they are steady or few."),
                    Column("best_possible_dso", "Best possible DSO", "days", formula="=AR_BEST_POSSIBLE_DSO([@Current],[@[Sales in window]],[@[Days in window]])"),
                    Column("ddso", "DDSO", "days", formula="=AR_DDSO([@Overdue],[@[Sales in window]],[@[Days in window]])"),
                    Column("cei", "CEI", "percent", formula=f"=AR_CEI({OPENED},[@[Net credit sales]],[@Receivables],[@Current],{WRITE_OFFS})",
                           note=CEI.note),
                    Column("receivables", "Receivables", "money0"),
                    Column("current", "Current", "money0", note="Receivables less overdue: credits and undated items included."),
                    Column("overdue", "Overdue", "money0", note="Sum of the past-due buckets."),
                    Column("net_sales", "Net credit sales", "money0",
                           formula=f'=IF(COUNT([@[Credit sales]],[@[Typed sales]])=0,"",{_SALES}-{_wins("Typed credits", "N([@[Credit notes]])")})',
                           note="Credit sales less credit notes; typed figures win."),
                    Column("cash", "Cash", "money0"),
                    Column("turnover", "Turnover", "ratio", formula=f"=AR_TURNOVER({YEARLY_SALES},[@Receivables])", note="Times a year, at the pace of the DSO window."),
                    Column("days", "Days", "day count"),
                    Column("opening", "Opening", "money0"),
                    Column("credit_sales", "Credit sales", "money0", note="Invoices and debit notes of the month, gross."),
                    Column("credit_notes", "Credit notes", "money0"),
                    Column("discounts", "Discounts", "money0"),
                    Column("write_offs", "Write-offs", "money0"),
                    EXCHANGE,
                    Column("difference", "Roll-forward difference", "money0", rule="nonzero",
                           formula=f'=IF(COUNT([@Opening],{_SALES},{_CASH},[@Receivables])<4,"",{difference(_INTO, "[@Receivables]", figures=ROLLED)})',
                           note="Opening + sales + exchange - credit notes - discounts - cash - write-offs - receivables: zero."),
                    Column("source", "Flows from", "word", note="ledger, sales file, or typed here."),
                    *(Column(key, heading, "money0", entry=True, note=_TYPED_NOTE) for key, heading in TYPED.items()),
                    Column("dso_average", "DSO on average", "days", formula=f"=AR_DSO({MEAN},[@[Sales in window]],[@[Days in window]])",
                           note="On the average of what the DSO window opened with and ending receivables."),
                    Column("window_sales", "Sales in window", "money0", formula=_windowed("Net credit sales"), note="Of as many months as Settings says."),
                    Column("window_days", "Days in window", "day count", formula=_windowed("Days")),
                    Column("window_opening", "Opening of window", "money0", formula=f'=IF({_RUN}<dso_window,"",IF({_OPENING}="","",{_OPENING}))', note="What the first of its months opened with."),
                    Column("run", "Months in a row", "day count", note="Up to this one without a gap: as far as countback, window and Trust look back."),
                    Column("target_dso", "Target DSO", "days", formula="=target_dso"),
                    Column("target_cei", "Target CEI", "percent", formula="=target_cei"),
                    Column("note", "Note", width=30, entry=True),
                ),
                key=("month_end",),
                stored=True,
                printed=14,
            ),
        ),
        freeze=1,
    )  # fmt: skip
