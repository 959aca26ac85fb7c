"""Collections: the weekly hour, the calls it consists of, and what clerks type beside each item."""

from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Column, Field, Fields, Lines, Sheet, Table
from xlwings_addin.sheets.ledger import ITEM_KEY

DISPUTE_CODES = (
    "PO missing or invalid",
    "Price mismatch",
    "Quantity or quality",
    "Delivery not confirmed",
    "Returns pending",
    "Wrong billing entity",
    "Invoice error",
    "Other",
)
"""Reasons of a dispute; those of billing are what a better invoice would have prevented."""

BILLING_CODES = ("PO missing or invalid", "Price mismatch", "Wrong billing entity", "Invoice error")

ENTRIES = (
    Column("next_action", "Next action", width=24, entry=True),
    Column("next_action_on", "Action on", "date", entry=True),
    Column("ap_confirmed", "AP confirmed", entry=True, width=13, note="yes, no, or the date on which accounts payable confirmed that the payment will be released."),
    Column("promise_date", "Promised for", "date", entry=True),
    Column("promise_amount", "Promised amount", "money", entry=True, note="In the item's currency; blank means all that is open."),
    Column("dispute_code", "Dispute code", entry=True, width=22, choices=DISPUTE_CODES),
    Column("dispute_revisit", "Look again on", "date", entry=True, note="When the dispute is to be looked at again."),
    Column("hold_by", "Hold aligned by", entry=True, note="Who in sales and the executive team agreed to a service hold or credit pause. No name, no hold."),
    Column("hold_on", "Hold aligned on", "date", entry=True),
    Column("service", "Service continues", "word", entry=True, choices=("yes", "no"), note="Whether the customer is still served while overdue."),
    Column("note", "Note", width=36, entry=True, note="Yours: carried over by every refresh."),
)  # fmt: skip
"""Typed beside an item; every refresh carries them, and takes them to Paid items once the item is settled."""

PARTS = {
    "exposure": ("exposure_points", "Exposure points", "What is at stake, as a part of the full exposure: 100 at it and above. That is the largest account, or what Settings say. Without a rate: the average of all accounts."),
    "age": ("age_points", "Age points", "Days past due of at least the minimum for a reminder of what is at stake: 0 when due, 100 at 180 days and above."),
    "behaviour": ("behaviour_points", "Behaviour points", "How late the account paid on average in the last year: 0 on time, 100 at 60 days and above. No history: the average of all accounts."),
    "promises": ("promise_points", "Promise points", "Promises broken in the last year, partly kept ones included: 34 each, 100 for three and above."),
    "contact": ("contact_points", "Contact points", "50 without a telephone number, 20 without an e-mail address, 30 when not confirmed for as long as Settings allow."),
    "importance": ("importance_points", "Importance points", "1 to 5 or a word from the customers' file, else the tier: A is 100. Neither: the average of all accounts."),
}  # fmt: skip
"""Part of the score (its weight in Settings is `weight_<part>`) -> column, heading, fixed scale of 0 to 100."""

_OTHERS = "+".join(f"weight_{part}*[@[{heading}]]" for part, (_, heading, _) in PARTS.items() if part != "exposure")
SCORE = f"=[@[Exposure points]]/100*(100*weight_exposure+{_OTHERS})"
"""What is at stake counts by itself, and the more the higher the other points."""

ORDER = ("score", "account_overdue", "account_oldest", "customer_id", "days_past_due", "open_base")
"""Why one row is above another: these columns one after the other, largest first, but for the customer number."""

AGENDA = (
    "1   What changed since last time; broken promises first.   5 minutes",
    "2   Accounts over 90 days past due: a call each, a person and a date each.   20 minutes",
    "3   Largest overdue accounts: the head of finance calls their counterpart.   15 minutes",
    "4   Accounts payable: does it have what it needs to release the payment? If not confirmed: next step.   5 minutes",
    "5   Disputes to look at again, with whoever of Sales or Customer Success can settle them.   5 minutes",
    "6   Contacts that are missing or doubtful; holds that wait for alignment.   10 minutes",
)


def sheet(settings: Settings) -> Sheet:
    """Declare the sheet."""
    hour = Fields(
        (
            Field("hour_next", "Next collections hour"),
            Field("hour_attending", "Attendees"),
            Field("hour_needed", "Needed as well"),
            Field("hour_caller", "Top accounts are called by"),
            Field("hour_compared", "Changes since"),
        ),
        title="The hour",
    )
    counts = Fields(
        (
            Field("minimum_for_reminder", "Minimum for a reminder", "money0", note="An account that owes less past due, credits taken off, is not on the list and is not written to. Settings may say another."),
            Field("minimum_for_escalation", "Minimum for an escalation", "money0", note="What has to be so late before a step of escalation, or the tier over 90 days, is reached."),
            Field("minimum_for_letter", "Minimum for a letter to an executive", "money0"),
            Field("worklist_at_stake", "At stake in the first 30 accounts", "money", note="Net overdue that is neither disputed nor promised."),
            Field("worklist_best", "The most that 30 accounts hold", "money"),
            Field("worklist_items", "Items on the worklist", "count"),
            Field("worklist_accounts", "Accounts on the worklist", "count"),
            Field("worklist_over_90", "Items over 90 days past due", "count"),
            Field("worklist_no_contact", "Overdue accounts without any contact", "count", note="No call, mail, meeting or reminder is logged in Activity since what is overdue longest fell due."),
            Field("worklist_late_contact", "Overdue accounts with a late first contact", "count", note="First contact later than Settings allow after the due date."),
            Field("worklist_contact_missing", "Accounts without phone and e-mail", "count"),
            Field("worklist_contact_old", "Accounts with contacts to confirm", "count"),
            Field("worklist_holds", "Accounts where a hold needs alignment", "count"),
        ),
        title="At a glance",
    )  # fmt: skip
    return Sheet(
        "Collections",
        "Who to call, in which order and why; type beside an item what was said: every refresh keeps it.",
        (
            hour,
            counts,
            Lines(AGENDA, title="Agenda"),
            _call_list(settings),
            _changes(),
            credits_to_apply(),
            _worklist(settings),
        ),
    )


def _call_list(settings: Settings) -> Table:
    return Table(
        "tblCallList",
        (
            Column("customer_name", "Customer", width=30),
            Column("executive", "Executive counterpart", width=26),
            Column("customer_id", "Customer ID"),
            Column("last_contact", "Last contact", "date"),
            Column("oldest", "Oldest (days)", "day count"),
            Column(
                "overdue",
                "Net overdue",
                "money",
                note="In the base currency; credits not yet applied are taken off, from the oldest on.",
            ),
            Column("gross", "Overdue", "money", note="As on the sheet Aging."),
            Column("items", "Items", "count"),
            Column("why", "Why", "wrap", width=34),
        ),
        title="Calls of the head of finance",
        intro=f"The {settings.daily_touch} accounts with most net overdue, to be touched every day; one finance head calls another.",
    )


def _changes() -> Table:
    return Table(
        "tblChanges",
        (
            Column("change", "Change", width=30),
            Column("largest", "The largest", width=26),
            Column("document_no", "Document"),
            Column("on", "On", "date"),
            Column("items", "Items", "count"),
            Column("amount", "Amount", "money", note="In the base currency: of all the items."),
        ),
        title="What changed",
        intro="Since the refresh before, of another date; in the worklist the column Changed says it item by item.",
    )


def credits_to_apply() -> Table:
    """Declare the table of credits to apply."""
    return Table(
        "tblCredits",
        (
            Column("customer_name", "Customer", width=30),
            Column("credit", "Credit document", width=26),
            Column("amount", "Amount", "money", note="What of the credit nobody has applied yet."),
            Column("currency", "Currency", width=9),
            Column("age", "Age (days)", "day count", note="Days since the credit's document date."),
            Column("match", "Match", "word", note="exact: an open item of the same amount. adds up: two or three open items that come to it. oldest: what the account has owed longest; of the last item perhaps a part. nothing open: the account owes nothing that it could pay."),
            Column("apply_to", "Apply to", "wrap", width=34),
            Column("base", "In base", "money in base"),
            Column("logged", "Logged", "date", note="When this proposal was logged in Activity: select rows and press Log credits."),
            Column("owner", "Owner", width=18),
            Column("customer_id", "Customer ID"),
            Column("entity", "Entity"),
        ),
        title="Credits to apply",
        intro="Credit notes and payments that no invoice has been settled with, largest first, and the open items of the same account they fit. Nothing is applied here: apply them in your ledger system.",
    )  # fmt: skip


_POINTS = tuple(
    Column(key, heading, "ratio" if part == "exposure" else "day count", note=note)
    for part, (key, heading, note) in PARTS.items()
)
"""The points of the score, a column each."""


def _worklist(settings: Settings) -> Table:
    steps = " and ".join(f"+{day}" for day in settings.escalation_days)
    return Table(
        "tblWorklist",
        (
            Column("customer_name", "Customer", width=30),
            Column("contact", "Contact", width=26, note="Telephone first: a call does more than a mail."),
            Column("document_no", "Document"),
            Column("due_date", "Due date", "date"),
            Column("days_past_due", "Days past due", "day count"),
            Column("open", "Open", "money"),
            Column("currency", "Currency", width=9),
            Column("net", "Net of credits", "money", note="What is left to ask for: credits not yet applied pay the overdue items they equal (Credits to apply), then the oldest."),
            Column("step", "What is due", width=34),
            Column("last_contact", "Last contact", "date", note="The latest call, mail, meeting, reminder, promise or dispute in Activity, about the item or the whole account."),
            Column("channel", "Channel", width=10),
            Column("promise", "Promise", "word", rule="word", note="The promise on the item or the account that is still open, else the latest: kept, partly or broken by the cash received; not known without receipts."),
            Column("in_dispute", "In dispute", width=20),
            Column("owner", "Owner", width=18),
            *ENTRIES,
            Column("changed", "Changed", width=18),
            Column("owner_check", "Owner check", width=15, note="Owners should belong to Finance: Settings name its departments."),
            Column("contact_check", "Contact check", width=27),
            Column("first_contact", "First contact", width=16, note="Of the account: none, or later after the due date of what is overdue longest than Settings allow."),
            Column("promised_for", "Promise for", "date"),
            Column("revisit", "Dispute revisit", "word"),
            Column("reminder", "Reminder stage", width=15, note="The latest stage reached; from the first escalation on it is the firm text."),
            Column("escalation", "Escalation", width=11, note=f"The latest step reached of {steps}."),
            Column("daily", "Daily touch", width=10, note=f"Among the {settings.daily_touch} accounts with most net overdue."),
            Column("hold", "Hold or pause", width=16, note="A candidate from the last step of escalation on, unless disputed or promised; nothing is held before it is noted who agreed and when."),
            Column("served", "Served overdue", width=14, note="Service continues while the item is overdue."),
            Column("legal", "Legal review", width=36, note="Last: over 90 days, and only once reminder, call, escalation steps and an aligned hold are logged."),
            Column("why", "Why here", "wrap", width=50, note="What is at stake and what else counts; and why it stands before an account with more."),
            Column("account_over_90", "Account over 90", "word", note="Whether at least the minimum for an escalation is more than 90 days past due; or that nothing is due: a row for what was typed beside it."),
            Column("account_stake", "Account at stake", "money in base", note="Of its net overdue, what is neither disputed nor promised; 0 where nothing is due."),
            *_POINTS,
            Column("score", "Score", "days", formula=SCORE, note="The exposure points, raised by the others times their weights in Settings."),
            Column("account_overdue", "Account net overdue", "money in base", note="In the base currency; credits not yet applied are taken off."),
            Column("account_gross", "Account overdue", "money in base", note="As on the sheet Aging."),
            Column("account_oldest", "Account oldest", "day count", note="Days past due of at least the minimum for a reminder."),
            Column("open_base", "Open in base", "money in base"),
            Column("customer_id", "Customer ID"),
            Column("entity", "Entity"),
            Column("kind", "Kind", width=11),
            Column("fiscal_year", "Fiscal year", width=10),
            Column("instalment", "Instalment", width=10),
            Column("listed_since", "Listed since", "date"),
            Column("late_before", "Days before", "day count", note="As the refresh before had it, and so the next four."),
            Column("open_before", "Open before", "money"),
            Column("promise_before", "Promise before", "word"),
            Column("dispute_before", "Dispute before"),
        ),
        title="Worklist",
        intro="By what is at stake, raised by age, broken promises and risk; one row an item, accounts together. Why here says it in words.",
        key=ITEM_KEY,
        stored=True,
        printed=13,
    )  # fmt: skip
