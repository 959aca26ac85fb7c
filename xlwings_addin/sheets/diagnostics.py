"""Diagnostics: every signal with its rule, its figures, a verdict, and what usually stands behind it."""

from dataclasses import dataclass

from xlwings_addin.sheets.blocks import Column, Field, Fields, Sheet, Table
from xlwings_addin.sheets.listed import link


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal in words. Its rule in code is the function of `month_end.signals` that bears its key."""

    key: str
    name: str
    rule: str
    """A setting's name in braces stands for what it is set to."""
    causes: str
    fixes: str
    where: str
    """The sheet that holds the details."""


SIGNALS = (
    Signal(
        "dso_up",
        "DSO up while sales are flat",
        "Act: DSO up more than {signal_dso_rise} on the year, sales within {signal_sales_flat}. Look: DSO up as much, sales moved too.",
        "Terms grew longer, or what was agreed is not carried out: late invoices, late reminders.",
        "Default to standard terms and have longer ones approved; bill on delivery; remind from the day before due.",
        "Monthly",
    ),
    Signal(
        "ddso_up",
        "DDSO up while DSO is steady",
        "Act: DDSO up more than {signal_ddso_rise} in three months, DSO within {signal_dso_steady}. Look: DDSO up as much, DSO moved too.",
        "The rhythm of collections slipped, or a few problem accounts grow behind good payers.",
        "Work the oldest and largest items every week; daily touch on the largest overdue accounts; escalate on time.",
        "Monthly",
    ),
    Signal(
        "above_benchmark",
        "DSO above the peer benchmark",
        "Act: DSO more than {signal_dso_rise} above the benchmark of {benchmark_dso} days. Look: above it.",
        "Terms longer than those of peers, no reason to pay early, or slow work from order to cash.",
        "Compare terms with peers; offer early-pay discounts only below the cost of capital; ask for milestones or prepayment on custom and export orders.",
        "Dashboard",
    ),
    Signal(
        "cei_low",
        "CEI low for months",
        "Act: CEI under {signal_cei} for {signal_cei_months} months running. Look: this month.",
        "Lack of focus: DSO is reported and nobody manages it; collectible cash is missed within the month.",
        "Hold the collections hour every week, led by Finance; give every overdue item an owner and a next action.",
        "Scorecards",
    ),
    Signal(
        "over_60",
        "Receivables over 60 days past due",
        "Act: more than {signal_over_60} of receivables. Look: from four fifths of that on.",
        "Disputes left open; delivery or purchase order not proven, so that the customer's clerk cannot release payment.",
        "Attach proof of delivery and the PO to the invoice; settle disputes by a date; call the oldest accounts first.",
        "Aging",
    ),
    Signal(
        "roll_rates",
        "Roll rates between buckets",
        "Act: more than {signal_roll_rate} of a past-due bucket is still owed a bucket on, a month later, and it held more than {signal_material} of receivables. Look: a smaller bucket, or from four fifths of that on.",
        "Escalation is weak or comes late: an item that misses one reminder is left to grow old.",
        "Escalate at the agreed days; confirm with accounts payable that payment is released; agree payment plans.",
        "Diagnostics",
    ),
    Signal(
        "concentration",
        "Share of the largest customers",
        "Act: the top {top_customers} owe more than {signal_concentration}. Look: from four fifths of that on.",
        "Few customers carry the cash: one late payer moves DSO.",
        "Let the head of finance speak to their counterparts there; watch their limits; ask for milestones on large orders.",
        "Dashboard",
    ),
    Signal(
        "new_customers",
        "New customers among the largest",
        "Act: {signal_new_customers} or more of the top {top_customers} had their first invoice under {signal_new_days} days ago, and they owe more than {signal_material} of receivables. Look: at least one.",
        "Onboarding runs ahead of credit checks: limits are not tied to scores.",
        "Check credit before the first order; start with a low limit; confirm the billing contact during onboarding.",
        "Customers",
    ),
    Signal(
        "contacts_missing",
        "Contacts missing",
        "Act: accounts without billing contact hold more than {signal_material} of what is overdue. Look: an account that owes.",
        "Invoices and reminders go to users, sales or a dead inbox instead of the customer's finance team.",
        "Ask for the billing contact at onboarding; make one person answer for the list; call until the right person is found.",
        "Customers",
    ),
    Signal(
        "contacts_old",
        "Contacts not confirmed",
        "Act: accounts whose contacts were not confirmed for {signal_contact_days} days hold more than {signal_material} of what is overdue. Look: an account that owes.",
        "People change and nobody owns the list of contacts.",
        "Confirm contacts once a year and whenever a mail comes back; write the date into Customers.",
        "Customers",
    ),
    Signal(
        "no_contact",
        "Overdue without contact",
        "Act: accounts more than {signal_first_contact_days} days past due that nobody has contacted hold more than {signal_material} of what is overdue. Look: one account.",
        "Avoidant culture: nobody likes to ask a long-standing customer for money.",
        "Call rather than write; start with accounts payable, courteous and clear; log every contact.",
        "Activity",
    ),
    Signal(
        "late_contact",
        "Late first contact",
        "Act: overdue accounts are first contacted later than {signal_first_contact_days} days past due on average, and those contacted so late hold more than {signal_material} of what is overdue. Look: one is late. Accounts without any contact have a signal of their own.",
        "Low frequency of touch: collections start when the month is closed.",
        "Run the reminders from the day before due; let every new overdue item reach an owner within the week.",
        "Activity",
    ),
    Signal(
        "owners_outside",
        "Owners outside Finance",
        "Act: accounts whose owner is not in {finance_departments} hold more than {signal_material} of what is overdue. Look: an account that owes.",
        "Role confusion: who sells and serves also collects, and must choose between the two.",
        "Move ownership to Finance; let Sales and Customer Success help where the list asks for it.",
        "Customers",
    ),
    Signal(
        "service_continued",
        "Service continued while overdue",
        "Act: items whose customer is still served, as noted on Collections, are more than {signal_material} of what is overdue. Look: one item.",
        "Lack of enforcement: paying late has no consequence.",
        "State the policy beforehand; align with Sales and the executive team, then pause credit or hold service.",
        "Collections",
    ),
    Signal(
        "off_standard",
        "Items off standard terms",
        "Act: more than {signal_off_terms} of open invoices are not on {standard_terms}, and they hold more than {signal_material} of receivables. Look: from four fifths of that on.",
        "Terms are given away in the offer, customer by customer, without anybody's approval.",
        "Publish standard terms; require approval for longer ones; revisit inherited terms at renewal.",
        "Ledger",
    ),
    Signal(
        "off_agreed",
        "Items off agreed terms",
        "Act: more than {signal_off_terms} of open invoices differ from what was agreed with the customer, and they hold more than {signal_material} of receivables. Look: from four fifths of that on.",
        "Terms are typed into each order by hand: the invoice says one thing, the contract another.",
        "Keep terms with the customer's record and let offers and invoices take them from there.",
        "Ledger",
    ),
    Signal(
        "own_formats",
        "Custom billing formats",
        "Act: the overdue share of customers billed in a format of their own is more than {signal_material} above that of the others, and they hold more than {signal_material} of what is overdue. Look: there are such formats to revisit.",
        "Billing complexity: formats promised early on need work by hand, which errs and delays.",
        "Revisit each format with the customer; standardise what can be, automate the rest.",
        "Customers",
    ),
    Signal(
        "month_end_billing",
        "Billed at the month's end",
        "Act: more than {signal_month_end_share} of the month's sales billed in its last two days. Look: from four fifths of that on.",
        "Invoices are written in one batch at the close instead of on shipment or acceptance.",
        "Bill on the day of shipment or acceptance: every day of waiting is a day of DSO.",
        "Ledger",
    ),
    Signal(
        "without_po",
        "Invoices without PO number",
        "Act: more than {signal_without_papers} of open invoices, and they hold more than {signal_material} of receivables. Look: from four fifths of that on.",
        "Orders are taken without the customer's purchase order, and the customer's clerk cannot match the invoice.",
        "No invoice without a PO number where the customer works with them; make it a field of the invoice template.",
        "Ledger",
    ),
    Signal(
        "without_delivery",
        "Invoices without proof of delivery",
        "Act: more than {signal_without_papers} of open invoices, and they hold more than {signal_material} of receivables. Look: from four fifths of that on.",
        "Delivery is confirmed on paper and does not reach the invoice.",
        "Attach the proof of delivery to the invoice; bill on acceptance.",
        "Ledger",
    ),
    Signal(
        "disputes",
        "Disputes by reason",
        "Act: more disputed items open than at the baseline, and they hold more than {signal_material} of receivables. Look: there are disputed items.",
        "Price or quantity does not match the order, or delivery is not confirmed: the same few reasons again and again.",
        "Fix the cause of the top reason at its source; give every dispute an owner and a day to look at it again.",
        "Diagnostics",
    ),
    Signal(
        "unapplied_credits",
        "Credits not applied",
        "Act: credits that no invoice has been settled with hold more than {signal_material} of receivables. Look: there are some.",
        "Credit notes and payments are entered without the invoice they belong to, and nobody matches them afterwards.",
        "Apply the exact matches first (Credits), in your ledger system; ask the customer about the others.",
        "Credits",
    ),
    Signal(
        "over_limit",
        "Exposure over limit",
        "Act: what customers owe beyond their limits is more than {signal_material} of receivables. Look: one is over its limit, or at four fifths of it.",
        "Limits are not tied to risk, or nobody looks at them when an order comes in.",
        "Review limits by payment behaviour; stop orders over the limit until the head of finance releases them.",
        "Customers",
    ),
)
"""After the guide's checklist and the playbook's pitfalls, in the order of the sheet."""


def _here(heading: str) -> str:
    return f"INDEX(tblMonthly[{heading}],MATCH(as_of,tblMonthly[Month end],0))"


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Diagnostics",
        "Where to look first. Act: the rule is met. Look: close to it, or met in part. Not known: the ledger lacks the column named.",
        (
            Fields(
                (
                    Field("diagnostics_act", "Signals that call for action", "count", formula='=COUNTIF(tblSignals[Verdict],"Act")', empty=0),
                    Field("diagnostics_look", "Signals worth a look", "count", formula='=COUNTIF(tblSignals[Verdict],"Look")', empty=0),
                    Field("diagnostics_unknown", "Signals not known", "count", formula='=COUNTIF(tblSignals[Verdict],"Not known")', empty=len(SIGNALS), note="The figures say which column would tell."),
                    Field("trusted_method", "DSO to trust this month", "word", formula=f'=IFERROR({_here("Trust")},"n/a")', empty="n/a", note="Countback where a year's sales are seasonal, simple where they are steady."),
                    Field("trusted_dso", "its days", "days", formula=f'=IFERROR(IF(trusted_method="Countback",{_here("DSO countback")},{_here("DSO")}),"n/a")', empty="n/a"),
                    Field("benchmark_gap", "Days above the peer benchmark", "days", formula='=IF(benchmark_dso="","n/a",IFERROR(trusted_dso-benchmark_dso,"n/a"))', empty="n/a", note="Benchmark typed in Settings; in parentheses: below it."),
                    Field("benchmark_cash", "Cash that the gap ties up", "money0", formula='=IF(benchmark_dso="","n/a",IFERROR(AR_CASH_IMPACT(trusted_dso,benchmark_dso,kpi_window_sales,kpi_window_days),"n/a"))', empty="n/a"),
                    Field("top_share", "Share of the top customers", "percent", formula='=IFERROR(AR_CONCENTRATION(tblAging[Customer ID],tblAging[Total in base],top_customers),"n/a")', empty="n/a", note="As many as Settings says, in what all customers owe."),
                ),
                title="At a glance",
            ),
            Table(
                "tblSignals",
                (
                    Column("signal", "Signal", "wrap", width=32),
                    Column("figures", "What was found", "wrap", width=46),
                    Column("verdict", "Verdict", "word", rule="word"),
                    Column("money", "Money behind it", "money0", note="In the base currency: what the listed accounts or documents owe, or the cash that the days tie up."),
                    link("[@Signal]"),
                    Column("rule", "Rule", "wrap", width=36, note="Thresholds are in Settings."),
                    Column("causes", "Likely causes", "wrap", width=36),
                    Column("fixes", "What to do", "wrap", width=42),
                    Column("where", "Look at", width=13, note="The sheet that holds the details."),
                ),
                title="Signals",
                key=("signal",),
            ),
            Table(
                "tblDisputes",
                (
                    Column("code", "Reason of dispute", width=32, total="label"),
                    Column("share", "Share of the disputed amount", "percent", rule="bar"),
                    Column("items", "Items", "count", total="sum"),
                    Column("amount", "Open amount", "money0", total="sum", note="In the base currency."),
                    Column("before", "Items at baseline", "count", note="Blank until a baseline is set (Rollout)."),
                    Column("change", "Change in items", "count"),
                ),
                title="Disputes by reason",
                intro="Open items in dispute, largest amount first; a reason typed on Collections wins over the ledger's.",
            ),
            Table(
                "tblRolls",
                (
                    Column("bucket", "Bucket", width=32),
                    Column("rate", "Roll rate", "percent", formula='=IF(N([@[A month before]])=0,"",AR_ROLL_RATE([@[Rolled on]],[@[A month before]]))', rule="bar"),
                    Column("to", "Rolls to", "word"),
                    Column("before", "A month before", "money0"),
                    Column("rolled", "Rolled on", "money0", note="What is still owed of it, a bucket on."),
                ),
                title="Roll rates",
                intro="Of what stood in a bucket a month before, the part that is still owed and has moved on; followed item by item.",
            ),
        ),
    )  # fmt: skip
