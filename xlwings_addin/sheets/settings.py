"""Settings: the choices behind every figure, each in a named cell the clerk may change."""

from xlwings_addin.sheets.model import Column, Field, Fields, Sheet, Table


def sheet() -> Sheet:
    """Declare the sheet. Field names are those of `Settings`."""
    return Sheet(
        "Settings",
        "Cream cells are yours to change; the next refresh reads them here.",
        (
            Fields(
                (
                    Field("company", "Company", entry=True),
                    Field("as_of", "As of", "date", note="The date all figures are of. The next refresh sets it."),
                    Field("base_currency", "Base currency", entry=True, note="ISO code, such as EUR. Other currencies are converted at the rates below."),
                    Field("standard_terms", "Standard terms", entry=True),
                    Field("gl_control_total", "General-ledger control total", "money", entry=True, note="Receivables in the general ledger at the as-of date; Checks compares it with the aging."),
                ),
                title="Company",
            ),
            Fields(
                (
                    Field("bucket_edges", "Aging buckets (days)", entry=True, note="Upper edges, each inclusive: 30, 60, 90 gives 1-30, 31-60, 61-90, 90+."),
                    Field("aging_basis", "Age from", entry=True, choices=("due date", "document date")),
                    Field("credits", "Credits and unapplied cash", entry=True, choices=("own column", "by own date", "against oldest"), note="Shown in a column of their own, aged by their own date, or set against the oldest items."),
                ),
                title="Aging",
            ),
            Fields(
                (
                    Field("dso_window", "DSO window (months)", "day count", entry=True, choices=("1", "3", "12"), note="Sales of how many months DSO divides by."),
                    Field("seasonality_threshold", "Seasonal sales from", "percent", entry=True, note="Spread of the last 12 months' sales above which countback DSO is the one to trust."),
                    Field("target_dso", "Target DSO (days)", "days", entry=True),
                    Field("target_cei", "Target CEI, lower", "percent", entry=True, note="85-95 % is the usual band."),
                    Field("stretch_cei", "Target CEI, upper", "percent", entry=True),
                    Field("target_ddso", "Target DDSO (days)", "days", entry=True),
                    Field("benchmark_dso", "Peer benchmark DSO (days)", "days", entry=True, note="From your industry's survey; blank where you have none."),
                    Field("cost_of_capital", "Cost of capital, a year", "percent", entry=True),
                    Field("top_customers", "Top customers shown", "day count", entry=True),
                ),
                title="Metrics and targets",
            ),
            Table(
                "tblRates",
                (
                    Column("currency", "Currency", entry=True),
                    Column("date", "From date", "date", entry=True),
                    Column("rate", "Rate to base", "rate", entry=True, note="One unit of the currency in the base currency."),
                ),
                title="Exchange rates",
                intro="The rate in force is the latest at or before the date of the figure.",
                spare_rows=6,
            ),
            Table(
                "tblPeriods",
                (Column("end", "Period ends on", "date", entry=True),),
                title="Periods",
                intro="Leave it empty for calendar months; list period ends for 4-4-5 or other fiscal calendars.",
                spare_rows=3,
            ),
        ),
        landscape=False,
        tab="help",
    )  # fmt: skip
