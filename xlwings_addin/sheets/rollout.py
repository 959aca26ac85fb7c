"""Rollout: twelve actions in three phases, measured from the ledger, with what a clerk knows beside it."""

from xlwings_addin.sheets.blocks import Chart, Charts, Column, Field, Fields, Series, Sheet, Table
from xlwings_addin.sheets.listed import link

STATUSES = ("Not started", "On track", "At risk", "Done", "Late")

PHASES = ((30, "Stabilise and measure"), (60, "Optimise and enforce"), (90, "Automate and scale"))
"""Days from an action's start to its due date, and what the phase is called."""

TYPED_START, TYPED_STATUS = "Start", "Your status"
"""Headings of what is typed beside an action and counts in its status."""

SPARE_OFFERS = 5
ROLLING_DAYS = 91
"""Thirteen whole weeks: each weekday as often, and a quarter's month ends."""
ROLLING = (
    f"Of the last {ROLLING_DAYS} days, so that weeks compare; without dated receipts of the month, once it is over."
)

_DUE = '=IF(COUNT([@Start],program_start)=0,"",IF(ISNUMBER([@Start]),[@Start],program_start)+VALUE(LEFT([@Phase],2)))'
_OF_PHASE = "(tblRollout[Phase]=[@Phase])"
_DONE = '((tblRollout[Your status]="Done")+(tblRollout[Your status]="")*(tblRollout[Suggested]="Done"))'


def phase_name(days: int) -> str:
    """Return what a phase is called.

    >>> phase_name(30)
    '30 Stabilise and measure'
    """
    return f"{days} {dict(PHASES)[days]}"


_FIRST_MEASURE = "LEFT([@Measure],FIND(CHAR(10),[@Measure]&CHAR(10))-1)"
"""What the list of an action is called; those of its other measures follow."""


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Rollout",
        "The 30/60/90-day program: figures come from the ledger, cream cells are yours and win.",
        (
            Fields(
                (
                    Field("program_start", "Program start", "date", entry=True, note="Every action starts then unless a start of its own is typed; due 30, 60 or 90 days after its start."),
                    Field("program_day", "Day of the program", "day count", formula='=IF(COUNT(program_start,as_of)<2,"n/a",as_of-program_start)', empty="n/a"),
                    Field("program_done", "Actions done", "count", formula="=SUM(tblPhases[Done])", empty=0),
                    Field("baseline_of", "Baseline of", "date", formula='=IF(COUNT(tblBaseline[As of])=0,"not set",MAX(tblBaseline[As of]))', empty="not set", note="Set once: button Set baseline, or receivables refresh --set-baseline."),
                ),
                title="Program",
                label_width=19,
                value_width=27,
            ),
            Table(
                "tblPhases",
                (
                    Column("phase", "Phase", "wrap", width=19),
                    Column("share", "Share done", "percent", formula="=[@Done]/[@Actions]", rule="bar"),
                    Column("done", "Done", "count", formula=f"=SUMPRODUCT({_OF_PHASE}*{_DONE})"),
                    Column("planned", "Due by now", "count", formula=f"=SUMPRODUCT({_OF_PHASE}*ISNUMBER(tblRollout[Due])*(tblRollout[Due]<=as_of))"),
                    Column("actions", "Actions", "count", formula="=COUNTIF(tblRollout[Phase],[@Phase])"),
                    Column("opens", "Opens", "date", formula='=IF(ISNUMBER(program_start),program_start+VALUE(LEFT([@Phase],2))-30,"")'),
                    Column("ends", "Ends", "date", formula='=IF(ISNUMBER(program_start),program_start+VALUE(LEFT([@Phase],2)),"")'),
                    Column("left", "Days left", "day count", formula='=IF(OR([@Ends]="",as_of=""),"",[@Ends]-as_of)', note="In parentheses: days over."),
                ),
                title="Phases",
            ),
            Charts(
                (
                    Chart("column", "Done against plan by phase", "tblPhases", "phase",
                          (Series("actions", "Actions", "grey"), Series("planned", "Due by now", "accent light"), Series("done", "Done", "good")),
                          "Columns of all actions, actions due by now and actions done, by phase.", "0"),
                    Chart("line", "Done against plan by week", "tblSnapshots", "week",
                          (Series("planned", "Due", "grey", dashed=True), Series("done", "Done", "good")),
                          "Lines of actions due and actions done, week by week.", "0", least=0, most=12),
                )
            ),
            Table(
                "tblRollout",
                (
                    Column("phase", "Phase", "wrap", width=19),
                    Column("action", "Action", "wrap", width=27),
                    Column("owner", "Owner", "wrap", width=13, entry=True),
                    Column("start", TYPED_START, "date", width=11.5, entry=True, note="Blank: the program's start."),
                    Column("due", "Due", "date", width=11.5, formula=_DUE),
                    Column("measure", "Measure", "wrap", width=29),
                    Column("baseline", "Baseline", "wrap", width=11),
                    Column("target", "Target", "wrap", width=17),
                    Column("actual", "Actual", "wrap", width=30, note="Filled from the ledger and from what was typed; where that lacks something, what would fill it."),
                    Column("suggested", "Suggested", "word", rule="word", note="Done: every measure with a target meets it. Not started: before its phase opens. Late: past due. At risk: the way from baseline to target lags the time gone by more than a quarter. On track: otherwise."),
                    Column("status", TYPED_STATUS, "word", entry=True, choices=STATUSES, rule="word", note="Yours wins over the suggested one."),
                    link(_FIRST_MEASURE),
                    Column("evidence", "Evidence", "wrap", width=40),
                    Column("notes", "Notes", "wrap", width=20, entry=True),
                ),
                title="Actions",
                key=("action",),
            ),
            Table(
                "tblOffers",
                (
                    Column("offered", "Offered on", "date", entry=True),
                    Column("to", "Customer or segment", entry=True),
                    Column("discount", "Discount", "percent", entry=True, note="2 % is typed 2%."),
                    Column("discount_days", "If paid within", "day count", entry=True, note="Days from the invoice."),
                    Column("net_days", "Net days", "day count", entry=True),
                    Column("taken", "Taken", "word", entry=True, choices=("yes", "no")),
                    Column("cost", "Cost a year", "percent", formula='=IF(COUNT([@Discount],[@[If paid within]],[@[Net days]])<3,"",AR_DISCOUNT_COST([@Discount],[@[If paid within]],[@[Net days]]))', note="What the discount costs as a yearly rate of interest."),
                    Column("verdict", "Verdict", "word", formula='=IF(ISNUMBER([@[Cost a year]]),IF([@[Cost a year]]<=cost_of_capital,"OK","Too expensive"),"")', rule="word", note="OK: it costs no more than the cost of capital in Settings."),
                ),
                title="Early-pay discount offers",
                intro="One line an offer; it pays where it costs less than the capital it sets free.",
                stored=True,
            ),
            Table(
                "tblSnapshots",
                (
                    Column("week", "Week"),
                    Column("as_of", "As of", "date"),
                    Column("receivables", "Receivables", "money0"),
                    Column("overdue", "Overdue", "money0", width=11.5),
                    Column("dso", "DSO", "days", note=ROLLING),
                    Column("top_dispute", "Top reason of dispute"),
                    Column("ddso", "DDSO", "days", note=ROLLING),
                    Column("cei", "CEI", "percent", note=ROLLING),
                    Column("over_60", "Over 60 days past due", "percent", rule="bar"),
                    Column("disputed", "Disputed", "count", note="Items in dispute."),
                    Column("planned", "Due", "count", note="Actions due by then."),
                    Column("done", "Done", "count", note="Actions done.", rule="bar"),
                ),
                title="Weekly snapshots",
                intro="One row a week, kept for ever; a refresh replaces its own week only.",
                stored=True,
            ),
            Table(
                "tblBaseline",
                (
                    Column("as_of", "As of", "date"),
                    Column("measure", "Measured", "wrap", width=27),
                    Column("value", "Value", "general", entry=True, note="Correct it where yours is known better; shares as fractions."),
                    Column("shown", "Reads as", width=11.5),
                ),
                title="Baseline",
                intro="Where the program started from; set once.",
                stored=True,
            ),
        ),
        break_after_charts=True,
    )  # fmt: skip
