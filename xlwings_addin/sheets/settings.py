"""Settings: the choices behind every figure, each in a named cell the clerk may change."""

from xlwings_addin.sheets.blocks import Column, Field, Fields, Sheet, Table

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


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
            Fields(
                (
                    Field("reminder_days", "Reminders (days from due)", entry=True, note="-1 is the day before the due date; a reminder falls due on each of these days."),
                    Field("escalation_days", "Escalation (days past due)", entry=True, note="From the first of these on the firm letter replaces the reminder."),
                    Field("promise_grace", "Grace for promises (days)", "day count", entry=True, note="Days after the promised date before a promise counts as broken."),
                    Field("daily_touch", "Accounts touched daily", "day count", entry=True, note="So many of the largest overdue accounts."),
                    Field("finance_departments", "Departments of Finance", entry=True, note="Owners of accounts should belong to one of these."),
                    Field("head_of_finance", "Head of finance", entry=True, note="Who calls the top accounts."),
                    Field("hour_weekday", "Collections hour, day", entry=True, choices=WEEKDAYS),
                    Field("hour_time", "Collections hour, time", entry=True, note="Hours and minutes, 10:00 for example."),
                    Field("hour_attendees", "Collections hour, attendees", entry=True),
                ),
                title="Collections",
                value_width=40,
            ),
            Fields(
                (
                    Field("weight_exposure", "Exposure", "ratio", entry=True, note="How large the overdue balance is."),
                    Field("weight_age", "Age", "ratio", entry=True, note="How long the item is past due."),
                    Field("weight_behaviour", "Payment behaviour", "ratio", entry=True, note="How late the customer pays as a rule."),
                    Field("weight_promises", "Broken promises", "ratio", entry=True),
                    Field("weight_contact", "Missing contact", "ratio", entry=True),
                    Field("weight_importance", "Importance", "ratio", entry=True, note="How much the customer matters."),
                    Field("exposure_full", "Full exposure", "money0", entry=True, note="Overdue balance of an account that counts 100 points."),
                ),
                title="Weights of the worklist",
                intro="Each part counts 0 to 100 points on a fixed scale, times its weight, 0 or more; 0 leaves a part out.",
            ),
            Fields(
                (
                    Field("signal_dso_rise", "DSO up on the year by", "percent", entry=True),
                    Field("signal_sales_flat", "while sales move by at most", "percent", entry=True),
                    Field("signal_ddso_rise", "DDSO up over three months by", "percent", entry=True),
                    Field("signal_dso_steady", "while DSO moves by at most", "percent", entry=True),
                    Field("signal_cei", "CEI under", "percent", entry=True),
                    Field("signal_cei_months", "for so many months", "day count", entry=True),
                    Field("signal_over_60", "Share over 60 days past due", "percent", entry=True),
                    Field("signal_new_customers", "New among the top customers", "day count", entry=True),
                    Field("signal_new_days", "New: first invoice within (days)", "day count", entry=True),
                    Field("signal_contact_days", "Contact not confirmed for (days)", "day count", entry=True),
                    Field("signal_first_contact_days", "First contact later than (days)", "day count", entry=True, note="Days past due at which somebody should have called."),
                    Field("signal_off_terms", "Items off standard terms", "percent", entry=True),
                    Field("signal_month_end_share", "Billed in the last two days", "percent", entry=True, note="Share of a month's sales."),
                    Field("signal_without_papers", "Invoices without PO or delivery", "percent", entry=True),
                    Field("signal_concentration", "Share of the top customers", "percent", entry=True),
                    Field("signal_roll_rate", "Share that rolls to the next bucket", "percent", entry=True),
                ),
                title="Thresholds of the signals",
                intro="Diagnostics speaks up where one of these is passed.",
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
