"""Published worked examples, and how each is put to the worksheet function that must give its value."""

import csv
import datetime as dt
from pathlib import Path

FILE = Path(__file__).with_name("published_values.csv")

CASES = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))


def mean(first, second):
    return (first + second) / 2


def paid_after(days):
    return [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in days]


def invoiced(days):
    return [dt.date(2024, 1, 1)] * len(days)


def cash_cycle(i):
    if "dio" in i:
        return (i["dio"], i["dso"], i["dpo"])
    return (i["avg_inventory"] / i["cogs"] * 365, i["avg_ar"] / i["revenue"] * 365, i["ap"] / i["cogs"] * 365)


def receivables(i):
    return i["ar"] if "ar" in i else mean(i["ar_begin"], i["ar_end"])


def cei_arguments(i):
    standard = (i["begin_ar"], i["credit_sales"], i["end_total_ar"], i["end_current_ar"])
    return (*standard, 0, "monthly_average", i["n_months"]) if "n_months" in i else standard


FUNCTIONS = {
    "aging_bucket": ("AR_BUCKET", lambda i: (i["due"], i["as_of"], i["edges"])),
    "ar_tied_up": ("AR_CASH_IMPACT", lambda i: (i["dso"], 0, i["annual_credit_sales"], i["days"])),
    "ar_turnover": ("AR_TURNOVER", lambda i: (i["credit_sales"], i["ar"])),
    "average_collection_period": ("AR_COLLECTION_PERIOD", lambda i: (i["credit_sales"] / i["ar"], i["days"])),
    "average_days_delinquent": ("AR_DAYS_DELINQUENT", lambda i: (i["dso"], i["bpdso"])),
    "avg_days_to_pay": ("AR_DAYS_TO_PAY", lambda i: (1, invoiced(i["days"]), paid_after(i["days"]))),
    "bad_debt_expense": ("AR_PROVISION", lambda i: (i["credit_sales"], i["rate"])),
    "best_possible_dso": ("AR_BEST_POSSIBLE_DSO", lambda i: (i["current_ar"], i["credit_sales"], i["days"])),
    "ccc": ("AR_CCC", cash_cycle),
    "cei": ("AR_CEI", cei_arguments),
    "ddso": ("AR_DDSO", lambda i: (i["overdue_ar"], i["credit_sales"], i["days"])),
    "dio": ("AR_DIO", lambda i: (mean(i["inv_begin"], i["inv_end"]), i["cogs"], i["days"])),
    "discount_annual_cost": (
        "AR_DISCOUNT_COST",
        lambda i: (i["discount"], i["discount_days"], i["net_days"], i["year"]),
    ),
    "dpo": ("AR_DPO", lambda i: (mean(i["ap_begin"], i["ap_end"]), i["cogs"], i["days"])),
    "dso_countback": ("AR_DSO_COUNTBACK", lambda i: (i["ar"], i["sales"], i["days"])),
    "dso_simple": ("AR_DSO", lambda i: (receivables(i), i["credit_sales"], i["days"])),
    "ecl_provision_matrix": ("AR_PROVISION", lambda i: (i["amounts"], i["rates"])),
    "interest_saving": ("AR_INTEREST_SAVED", lambda i: (i["release"], i["rate"])),
    "roll_rate": ("AR_ROLL_RATE", lambda i: (i["rolled"], i["start"])),
    "weighted_avg_days_to_pay": (
        "AR_DAYS_TO_PAY",
        lambda i: (i["amounts"], invoiced(i["days"]), paid_after(i["days"])),
    ),
    "working_capital_release": (
        "AR_CASH_IMPACT",
        lambda i: (i["dso_now"], i["dso_target"], i["annual_credit_sales"], i["days"]),
    ),
}
