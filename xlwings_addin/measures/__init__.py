"""The dictionary of measures: each figure of the workbook once, by name, with definition, unit, scope and place.

The Glossary lists it. Cells that show the same measure of the same scope and period hold the same value: a test walks
over every cell of filled workbooks and holds them against each other by what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, wherever it is shown."""

    name: str
    unit: str
    definition: str
    scope: str
    """What it covers, and for which time."""
    shown: tuple[str, ...]
    """Named cells, and columns of tables as `table[key]`; `tblBy*` stands for the tables of Segments."""


def _of(name: str, unit: str, definition: str, scope: str, shown: str) -> Measure:
    return Measure(name, unit, definition, scope, tuple(shown.split()))


_ALL = "all accounts, as-of date"
_MONTHS = "all accounts, each month"
_PARTS = "all accounts, parts of the ledger, owners; each month"
_ACCOUNT = "each account, as-of date"
MONEY, DAYS, SHARE, COUNT, NUMBER = "base currency", "days", "%", "number", "ratio"

# fmt: off
DICTIONARY: Final = (
    # what is owed
    _of("Receivables", MONEY, "All that is open, credits not yet applied taken off, at the rates of the day.", _PARTS, "kpi_receivables start_receivables aging_total aging_ledger forecast_open tblMonthly[receivables] tblBy*[receivables] tblScorecards[receivables] tblSnapshots[receivables] tblLog[receivables] tblTop[receivables] tblAging[base] tblAgingTotals[base] calc_dso_ending_now calc_cei_ending_now calc_back_ending_now"),
    _of("Overdue", MONEY, "What is past its due date, by the treatment of credits in Settings, added up over the past-due buckets.", _PARTS, "kpi_overdue start_overdue tblMonthly[overdue] tblBy*[overdue] tblScorecards[overdue] tblSnapshots[overdue] tblTop[overdue] tblAging[overdue] tblCallList[gross] tblWorklist[account_gross] calc_late_overdue_now"),
    _of("Current", MONEY, "Receivables less overdue: credits and items without a due date are in it.", _PARTS, "tblMonthly[current] tblBy*[current] tblScorecards[current] calc_cei_current_now calc_late_current_now"),
    _of("Net overdue", MONEY, "What is past its due date once credits not yet applied have paid what they can of it.", _ACCOUNT, "tblWorklist[account_overdue] tblCallList[overdue]"),
    _of("At stake", MONEY, "Net overdue that is neither disputed nor promised nor on a payment plan.", _ACCOUNT, "tblWorklist[account_stake]"),
    _of("At stake in the first accounts", MONEY, "At stake in the first 30 accounts of the worklist.", _ALL, "worklist_at_stake"),
    _of("Most at stake", MONEY, "At stake in the 30 accounts with most of it.", _ALL, "worklist_best"),
    _of("Days past due of the account", DAYS, "How late at least the minimum for a reminder of its net overdue is.", _ACCOUNT, "tblWorklist[account_oldest] tblCallList[oldest]"),
    _of("Oldest item", DAYS, "Days past due of the item due first.", "each account and currency, as-of date", "tblAging[oldest]"),
    _of("Open items", COUNT, "Documents with an open balance, credits among them.", "accounts, parts of the ledger; as-of date", "tblBy*[items] tblAging[items]"),
    _of("Items in a bucket", COUNT, "Open items with an amount in an aging bucket. Credits set against the oldest items leave nothing of what they cover.", "buckets, as-of date", "tblByStatus[items]"),
    _of("Customers with open items", COUNT, "Customers with a document that has an open balance.", "parts of the ledger, as-of date", "tblBy*[customers]"),
    _of("Customers in a bucket", COUNT, "Customers with an item in an aging bucket.", "buckets, as-of date", "tblByStatus[customers]"),
    _of("Accounts", COUNT, "Customers with something open.", "owners, as-of date", "tblScorecards[accounts]"),
    _of("Aged amount", MONEY, "The part of receivables in an aging bucket.", "buckets; all accounts, each month", "tblMix[*] tblProvision[open] tblByStatus[receivables]"),
    _of("Aged amount of an account", "the row's currency", "The part of an account's balance in an aging bucket.", "buckets; each account and currency, as-of date", "tblAging[*]"),
    _of("Aged amount of a currency", "the row's currency", "The part of a currency's balance in an aging bucket.", "buckets; each currency, as-of date", "tblAgingTotals[*]"),
    _of("Balance", "the row's currency", "All that is open of an account in a currency, credits taken off.", "each account and currency, as-of date", "tblAging[total]"),
    _of("Balance of a currency", "the row's currency", "All that is open in a currency, credits taken off.", "each currency, as-of date", "tblAgingTotals[total]"),
    _of("Share of receivables", SHARE, "A part's receivables over all receivables.", "accounts, buckets, parts of the ledger; as-of date", "tblBy*[share] tblAging[share]"),
    _of("Share of positive balances", SHARE, "A customer's balance over all balances above zero.", _ACCOUNT, "tblTop[share]"),
    _of("Share of the largest", SHARE, "Balances of the largest customers over all balances above zero, added up from the top.", _ACCOUNT, "tblTop[cumulative]"),
    _of("Share of the top customers", SHARE, "Balances of as many customers as Settings say over all balances above zero.", _ALL, "top_share"),
    _of("Overdue share", SHARE, "Overdue over receivables.", "parts of the ledger, as-of date", "tblBy*[overdue_share]"),
    _of("Over 60", SHARE, "What is more than 60 days past due over receivables.", _ALL, "tblSnapshots[over_60]"),
    _of("Open amount", "the document's currency", "What is open of a document: its amount less what was received for it.", "each document, as-of date", "tblItems[open_at] tblWorklist[open]"),
    _of("Open amount in base", MONEY, "The same at the rate of the day.", "each document, as-of date", "tblItems[open_base] tblWorklist[open_base]"),
    _of("Net of credits", "the document's currency", "What credits not yet applied leave of it: they pay what is overdue first, of that what they equal (Credits to apply), then the oldest.", "each document, as-of date", "tblWorklist[net]"),
    _of("Days past due", DAYS, "Days since the due date; negative before it.", "each document, as-of date", "tblItems[days_past_due] tblWorklist[days_past_due]"),
    # what moved it
    _of("Opening", MONEY, "Receivables at the end of the month before.", _PARTS, "tblMonthly[opening] tblBy*[opening] tblScorecards[opening] calc_cei_opening_now"),
    _of("Opening of the window", MONEY, "Receivables before the first month of the DSO window.", _MONTHS, "tblMonthly[window_opening] calc_dso_opening_now"),
    _of("Credit sales", MONEY, "Invoices and debit notes dated in the month, gross.", _MONTHS, "tblMonthly[credit_sales]"),
    _of("Credit notes", MONEY, "Credit notes dated in the month.", _MONTHS, "tblMonthly[credit_notes]"),
    _of("Net credit sales", MONEY, "Credit sales less credit notes; typed figures win.", _PARTS, "kpi_sales tblMonthly[net_sales] tblBy*[net_sales] tblScorecards[net_sales] calc_cei_sales_now"),
    _of("Sales in window", MONEY, "Net credit sales of as many months as DSO divides by.", _PARTS, "kpi_window_sales tblMonthly[window_sales] tblBy*[window_sales] tblScorecards[window_sales] calc_dso_sales_now calc_late_sales_now calc_cash_sales_now"),
    _of("Days", DAYS, "Calendar days of the period.", _MONTHS, "kpi_days tblMonthly[days]"),
    _of("Days in window", DAYS, "Calendar days of the DSO window.", _MONTHS, "kpi_window_days tblMonthly[window_days] calc_dso_days_now calc_late_days_now calc_cash_days_now"),
    _of("Months in a row", COUNT, "Months up to this one without a gap.", _MONTHS, "tblMonthly[run]"),
    _of("Cash", MONEY, "Payments received in the month.", _MONTHS, "tblMonthly[cash]"),
    _of("Discounts", MONEY, "Discounts taken in the month.", _MONTHS, "tblMonthly[discounts]"),
    _of("Write-offs", MONEY, "Bad debts written off in the month, less recoveries.", _PARTS, "tblMonthly[write_offs] tblBy*[write_offs] tblScorecards[write_offs] calc_cei_write_offs_now"),
    _of("Exchange differences", MONEY, "What the opening balance gained or lost by the month's rates.", _PARTS, "tblMonthly[exchange] tblBy*[exchange] tblScorecards[exchange]"),
    _of("Roll-forward difference", MONEY, "Opening and what moved it, less receivables: zero.", _MONTHS, "tblMonthly[difference]"),
    # how fast it comes in
    _of("DSO", DAYS, "Receivables over the sales of the DSO window, times its days.", _PARTS, "kpi_dso tblMonthly[dso] tblBy*[dso] calc_dso_now calc_cash_dso_now calc_late_dso_now calc_cycle_dso_now calc_back_simple_now"),
    _of("DSO countback", DAYS, "Receivables counted back through the months' sales, newest first.", _MONTHS, "kpi_dso_countback tblMonthly[dso_countback] calc_back_now"),
    _of("DSO on average", DAYS, "DSO on the average of the window's opening and ending receivables.", _MONTHS, "tblMonthly[dso_average] calc_dso_average_now"),
    _of("DSO to trust", DAYS, "Countback where the sales of the last 12 months are seasonal, else DSO.", _ALL, "trusted_dso"),
    _of("Best possible DSO", DAYS, "Current over the sales of the DSO window, times its days.", _MONTHS, "kpi_best tblMonthly[best_possible_dso] calc_late_best_now"),
    _of("DDSO", DAYS, "Delinquent DSO: overdue over the sales of the DSO window, times its days.", _PARTS, "kpi_ddso tblMonthly[ddso] tblBy*[ddso] tblScorecards[ddso] calc_late_ddso_now"),
    _of("CEI", SHARE, "What was collected of what could be, the opening balance at the month's closing rates.", _PARTS, "kpi_cei tblMonthly[cei] tblBy*[cei] tblScorecards[cei] calc_cei_now"),
    _of("Turnover", NUMBER, "Sales at the pace of the DSO window for a year over receivables.", _MONTHS, "tblMonthly[turnover]"),
    _of("DSO of 91 days", DAYS, "DSO on the sales of the last 91 days, so that weeks compare.", "all accounts, each week", "tblSnapshots[dso]"),
    _of("DDSO of 91 days", DAYS, "DDSO on the sales of the last 91 days.", "all accounts, each week", "tblSnapshots[ddso]"),
    _of("CEI of 91 days", SHARE, "CEI of the last 91 days.", "all accounts, each week", "tblSnapshots[cei]"),
    _of("Change on the month", "the figure's unit", "A headline less the same a month before.", _ALL, "kpi_*_month"),
    _of("Change on the year", "the figure's unit", "A headline less the same a year before.", _ALL, "kpi_*_year"),
    _of("Gap to target", "the figure's unit", "A headline less its target in Settings.", _ALL, "kpi_dso_target kpi_cei_target kpi_ddso_target"),
    _of("Gap to peers", DAYS, "The DSO to trust less the peer benchmark.", _ALL, "kpi_benchmark benchmark_gap"),
    _of("Cash of the gap to peers", MONEY, "What the gap to peers ties up at the sales of the DSO window.", _ALL, "benchmark_cash"),
    _of("Cash per day of DSO", MONEY, "Sales of the DSO window over its days.", _ALL, "kpi_cash_per_day calc_cash_per_day_now"),
    _of("Cash at target DSO", MONEY, "What DSO above its target ties up.", _ALL, "kpi_cash_to_target calc_cash_released_now"),
    _of("Interest on cash at target", MONEY, "Cash at target DSO at the cost of capital, a year.", _ALL, "kpi_interest calc_cash_interest_now"),
    _of("Cash of days less", MONEY, "Cash released by fewer days of DSO.", _ALL, "tblCash[cash] tblCash[days]"),
    # the collections week
    _of("Overdue accounts", COUNT, "Accounts whose net overdue reaches the minimum for a reminder.", "owners, as-of date", "tblScorecards[overdue_accounts]"),
    _of("Overdue without contact", COUNT, "Overdue accounts that nobody has contacted since what is overdue longest fell due.", "owners, as-of date", "worklist_no_contact tblScorecards[untouched]"),
    _of("Late first contact", COUNT, "Overdue accounts first contacted later than Settings allow.", _ALL, "worklist_late_contact"),
    _of("Days to first contact", DAYS, "From the due date of what is overdue longest to the first contact, on average over the overdue accounts; one still waiting counts with its days so far.", "owners, as-of date", "tblScorecards[first_contact]"),
    _of("Minimum", MONEY, "What an account must owe past due, credits taken off, for a reminder, a step of escalation, a letter to an executive.", _ALL, "minimum_for_reminder minimum_for_escalation minimum_for_letter"),
    _of("Worklist counts", COUNT, "Items and accounts on the worklist, those over 90 days, with contacts to mend, with a hold to align.", _ALL, "worklist_items worklist_accounts worklist_over_90 worklist_contact_missing worklist_contact_old worklist_holds tblCallList[items]"),
    _of("Points", NUMBER, "The parts of the score, 0 to 100 each.", _ACCOUNT, "tblWorklist[exposure_points] tblWorklist[age_points] tblWorklist[behaviour_points] tblWorklist[promise_points] tblWorklist[contact_points] tblWorklist[importance_points]"),
    _of("Score", NUMBER, "Exposure points, raised by the other points times their weights.", _ACCOUNT, "tblWorklist[score]"),
    _of("Changes", "number and base currency", "What is new, paid, broken or disputed since the refresh before, and how much.", _ALL, "tblChanges[items] tblChanges[amount]"),
    _of("Promises due", COUNT, "Promises over in the month: their day and its grace had passed.", "owners, the month", "tblScorecards[promises]"),
    _of("Promises kept", COUNT, "Those of them that cash kept.", "owners, the month", "tblScorecards[kept]"),
    _of("Promises kept, share", SHARE, "Promises kept over promises due.", "owners, the month", "tblScorecards[kept_share]"),
    _of("Items worked", COUNT, "Items and accounts with a line in Activity in the month.", "owners, the month", "tblScorecards[worked]"),
    # signals and program
    _of("Verdicts", COUNT, "Signals with this verdict.", _ALL, "diagnostics_act diagnostics_look diagnostics_unknown"),
    _of("Money behind a signal", MONEY, "What the rows of its list add up to.", "each signal, as-of date", "tblSignals[money]"),
    _of("Disputed items", COUNT, "Open items in dispute.", "reasons, as-of date", "tblDisputes[items] tblSnapshots[disputed]"),
    _of("Disputed items at the baseline", COUNT, "Disputed items when the program started, and what changed since.", "reasons", "tblDisputes[before] tblDisputes[change]"),
    _of("Disputed amount", MONEY, "What is open of items in dispute, and a reason's share of it.", "reasons, as-of date", "tblDisputes[amount] tblDisputes[share]"),
    _of("Roll rate", SHARE, "What stood in a bucket a month ago and has moved on, over what stood there.", "buckets, as-of date", "tblRolls[rate]"),
    _of("Rolled", MONEY, "What stood in a bucket a month ago, and what of it has moved on.", "buckets, as-of date", "tblRolls[before] tblRolls[rolled]"),
    _of("Progress of the program", "number and %", "Actions planned, done and left, by phase and week.", "the program", "tblPhases[*] tblSnapshots[planned] tblSnapshots[done] program_day program_done"),
    _of("Cost of an offer", SHARE, "What an early-pay discount costs a year.", "each offer", "tblOffers[cost]"),
    # what is to come
    _of("Expected cash", MONEY, "What open items should bring in, by week, with its parts and its band.", "weeks from the as-of date", "tblForecast[*] forecast_in_weeks forecast_later forecast_lost forecast_credits forecast_total forecast_difference"),
    _of("Error of the forecast", "base currency and %", "What came in against what was forecast at earlier month ends.", "months and weeks back", "tblBacktest[*] tblBacktestWeeks[*] backtest_error backtest_error_due backtest_error_average forecast_dispute_pace"),
    _of("Loss rate", SHARE, "What of a bucket was written off in the past, of how many items and how much settled, or is typed.", "buckets", "tblProvision[learned] tblProvision[used] tblProvision[settled] tblProvision[lost] tblProvision[items]"),
    _of("Provision", MONEY, "Aged amounts times their loss rates.", "buckets, all accounts; as-of date", "tblProvision[provision] provision_total"),
    _of("Provision share", SHARE, "Provision over receivables.", _ALL, "provision_share"),
    # what ties
    _of("Tie-outs", MONEY, "A figure, what it is held against, and the difference: zero.", "checks, months, files", "aging_unlisted aging_difference aging_gl aging_gl_difference aging_decimals tblChecks[*] tblFindings[count] tblRestated[*] tblLog[rows] tblImportFiles[*] tblLoaded[rows]"),
    _of("Mix of the calculators", "% and base currency", "Receivables by bucket in the calculators, now and as typed, with what they would lose.", _ALL, "tblCalcMix[*] tblCalcCuts[*] calc_mix_old_now calc_mix_total_now"),
    _of("Targets", "the figure's unit", "What Settings name, beside each month.", _MONTHS, "tblMonthly[target_dso] tblMonthly[target_cei] calc_cash_target_now calc_cash_rate_now calc_pay_rate_now"),
    _of("Sales and days of the countback", "base currency and days", "Net credit sales of the last twelve months and their days, as the countback walks them.", _MONTHS, "calc_back_days_now calc_sales_*_now"),
)
"""Every figure that the workbook shows and nobody types; the calculators show the same ones of figures you type."""
# fmt: on


def shown_at(places: Iterable[str]) -> dict[str, list[str]]:
    """Return which of these places show each measure, by its name; a place belongs to one that names it outright.

    >>> shown_at(["kpi_dso", "tblByRegion[dso]"])["DSO"]
    ['kpi_dso', 'tblByRegion[dso]']
    """
    found: dict[str, list[str]] = {}
    for place in places:
        if name := _measure_at(place):
            found.setdefault(name, []).append(place)
    return found


@cache
def _measure_at(place: str) -> str | None:
    """Return the measure that this place shows; one that names it outright comes before a pattern."""
    named = (measure.name for measure in DICTIONARY if place in measure.shown)
    kinds = (m.name for m in DICTIONARY for one in m.shown if "*" in one and fnmatchcase(_plain(place), _plain(one)))
    return next(named, None) or next(kinds, None)


def _plain(place: str) -> str:
    """A place as a pattern has it: brackets mean something else there."""
    return place.replace("[", "(").replace("]", ")")
