"""Forecast: expected cash of eight weeks with its back-test, and the provision by bucket."""

from xlwings_addin.sheets.blocks import Chart, Charts, Column, Field, Fields, Lines, Series, Sheet, Table
from xlwings_addin.sheets.ratios import difference

NOT_KNOWN = "Not known"
BY_RULE, LEARNED, ALL_BUCKETS = "By rule", "Learned", "All buckets"
BAND = "Between low and high lay eight in ten weeks of the back-test."


def _known(formula: str) -> str:
    """Formula that stays blank as long as behaviour is not known."""
    return f'=IF(forecast_later="","",{formula})'


def _expected(formula: str) -> str:
    return f'=IF([@[Expected cash]]="","",{formula})'


def _of_day(heading: str) -> str:
    return f"SUMIFS(tblBacktestWeeks[{heading}],tblBacktestWeeks[Forecast of],[@[Forecast of]])"


def _error(heading: str) -> str:
    return f'=IF([@Received]=0,"",{_of_day(heading)}/[@Received])'


def _whole_error(heading: str) -> str:
    received = "SUM(tblBacktestWeeks[Received])"
    return f'=IF({received}=0,"",SUM(tblBacktestWeeks[{heading}])/{received})'


TYPED_RATE = "Your rate"
"""What the clerk expects to be lost of a bucket, a year."""


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Forecast",
        "What the items open today should bring in, week by week, from each customer's own payment behaviour; and what may be lost of them.",
        (
            Fields(
                (
                    Field("forecast_basis", "Learned from"),
                    Field("forecast_in_weeks", "Expected within 8 weeks", "money", formula=_known("SUM(tblForecast[Expected cash])")),
                    Field("forecast_later", "Later", "money"),
                    Field("forecast_lost", "Never in cash", "money", note="Expected credit notes, discounts and write-offs."),
                    Field("forecast_credits", "Credits and unapplied cash", "money", note="They lower expected cash only once they are applied to an invoice."),
                    Field("forecast_total", "Together", "money", formula=_known("forecast_in_weeks+forecast_later+forecast_lost+forecast_credits")),
                    Field("forecast_open", "Open items", "money", formula="=aging_total", empty=0.0),
                    Field("forecast_difference", "Difference", "money", formula=_known(difference("forecast_total", "forecast_open")), rule="nonzero", note="Red when it is not zero."),
                ),
                title="Cash to expect of what is open",
            ),
            Fields(
                (
                    Field("backtest_error", "This forecast", "percent", formula=_whole_error("Error"), note="Errors of the weeks, whichever way, over the cash received."),
                    Field("backtest_error_due", "If all paid on the due date", "percent", formula=_whole_error("Error due date"), note="Overdue items in week 1."),
                    Field("backtest_error_average", "If all paid at the average delay", "percent", formula=_whole_error("Error average delay"), note="Items later than that in week 1."),
                    Field("forecast_dispute_pace", "Pace of disputed items", "percent", note="How fast they are paid beside the same customer's other items."),
                ),
                title="Back-test",
                intro="The same forecast made as of past month ends from what was known then, against the cash that came in the eight weeks after on the items then open.",
            ),
            Fields(
                (
                    Field("provision_total", "Provision", "money", formula='=IF(COUNTA(tblProvision[Open])=0,"",IF(COUNT(tblProvision[Provision])<COUNTA(tblProvision[Bucket]),NA(),SUM(tblProvision[Provision])))', note="#N/A as long as a bucket with open items has no rate."),
                    Field("provision_share", "Share of open items", "percent", formula='=IF(provision_total="","",IF(aging_total=0,"",provision_total/aging_total))'),
                    Field("provision_basis", "Rates learned from"),
                ),
                title="Provision for expected credit losses (IFRS 9, simplified approach)",
            ),
            Table(
                "tblForecast",
                (
                    Column("week", "Week", "word"),
                    Column("from", "From", "date"),
                    Column("to", "To", "date"),
                    Column("expected", "Expected cash", "money0", width=14, formula='=IF([@[From overdue]]="","",[@[From overdue]]+[@[Not yet due]]+[@Promised])'),
                    Column("overdue", "From overdue", "money0", width=14),
                    Column("not_due", "Not yet due", "money0", width=14, note="Items without a due date included."),
                    Column("promised", "Promised", "money0", width=14, note="Open promises, typed or logged, in the week they are promised for."),
                    Column("low", "Low", "money0", width=14, note=BAND),
                    Column("high", "High", "money0", width=14, note=BAND),
                    Column("cumulative", "Cumulative", "money0", width=14, formula=_expected("SUM(INDEX(tblForecast[Expected cash],1):[@[Expected cash]])")),
                    Column("naive", "If paid when due", "money0", width=14, note="No forecast: what is overdue at once, the rest on its due date. To compare with."),
                ),
                title="By week",
                intro="Amounts in the base currency. Cash from sales not yet invoiced is not in here.",
            ),
            Charts(
                (
                    Chart("stacked", "Expected cash by week", "tblForecast", "week",
                          (Series("not_due", "Not yet due"), Series("overdue", "From overdue", "warm"), Series("promised", "Promised", "good")),
                          "Stacked columns of expected cash by week: from items not yet due, from overdue items, from promises.", "#,##0,"),
                    Chart("column", "Error of past forecasts, share of cash received", "tblBacktest", "label",
                          (Series("error", "This forecast"), Series("error_average", "Pays at average delay", "grey"), Series("error_due", "Pays on due date", "accent light")),
                          "Columns of the error of past forecasts by month end: this forecast, payment at the average delay, payment on the due date.", "0%"),
                )
            ),
            Table(
                "tblBacktest",
                (
                    Column("label", "Month", "word"),
                    Column("as_of", "Forecast of", "date"),
                    Column("payments", "Payments learned from", "count", width=14),
                    Column("received", "Received", "money0", formula=f"={_of_day('Received')}"),
                    Column("forecast", "Forecast", "money0", formula=f"={_of_day('Forecast')}"),
                    Column("bias", "Forecast over received", "percent", formula='=IF([@Received]=0,"",[@Forecast]/[@Received]-1)', note="Of the eight weeks together."),
                    Column("error", "Error", "percent", formula=_error("Error")),
                    Column("error_due", "Error due date", "percent", formula=_error("Error due date")),
                    Column("error_average", "Error average delay", "percent", formula=_error("Error average delay")),
                ),
                title="Back-test by month end",
            ),
            Table(
                "tblProvision",
                (
                    Column("bucket", "Bucket", "word", total="label"),
                    Column("open", "Open", "money", total="sum"),
                    Column("items", "Items observed", "count", width=12.5, note="Each item once for every month end at which it stood in the bucket."),
                    Column("settled", "Settled since", "money0", note="Of what stood in the bucket at past month ends."),
                    Column("lost", "Written off", "money0", note="Part of what was settled since."),
                    Column("learned", "Learned rate", "fine percent", note="Written off over settled. Blank: not known."),
                    Column("basis", "Basis", "word", note="Learned here; by rule: credits carry no loss; all buckets: how late an undated item is, is unknown, so it counts as an average one."),
                    Column("typed", TYPED_RATE, "fine percent", entry=True, note="It wins. Type one where you expect the future to differ from the past, or where nothing was learned."),
                    Column("used", "Rate used", "fine percent", formula='=IF(ISNUMBER([@[Your rate]]),[@[Your rate]],IF([@[Learned rate]]="","",[@[Learned rate]]))'),
                    Column("provision", "Provision", "money", total="sum", formula='=IF([@Open]=0,0,IF([@[Rate used]]="","",AR_PROVISION([@Open],[@[Rate used]])))'),
                ),
                title="Provision by bucket",
                intro="Of what stood in a bucket at month ends a year ago and earlier, and has been settled since: the share that was written off. Credits carry no loss.",
                key=("bucket",),
            ),
            Table(
                "tblBacktestWeeks",
                (
                    Column("as_of", "Forecast of", "date"),
                    Column("week", "Week", "word"),
                    Column("from", "From", "date"),
                    Column("to", "To", "date"),
                    Column("received", "Received", "money0"),
                    Column("forecast", "Forecast", "money0"),
                    Column("due", "Paid on due date", "money0"),
                    Column("average", "Paid at average delay", "money0"),
                    Column("error", "Error", "money0", formula="=ABS([@Forecast]-[@Received])"),
                    Column("error_due", "Error due date", "money0", formula="=ABS([@[Paid on due date]]-[@Received])"),
                    Column("error_average", "Error average delay", "money0", formula="=ABS([@[Paid at average delay]]-[@Received])"),
                ),
                title="Figures behind the back-test",
            ),
            Lines(
                (
                    "Each open item is carried forward from the age it has, at the pace at which its customer paid items of that age in the last year; unpaid items and partial payments count for what they tell.",
                    "A customer with few payments leans on the portfolio. An item without a due date takes its customer's usual terms.",
                    "An open promise is in the week it is promised for; one that was broken counts for nothing. Disputed items go at a pace of their own.",
                    "The back-test knows disputes by the lines of Activity only, since the ledger does not say from when on an item was disputed; it knows no promises.",
                ),
                title="How it is calculated",
            ),
        ),
        landscape=False,
        break_after_charts=True,
    )  # fmt: skip
