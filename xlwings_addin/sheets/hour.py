"""Hour: the weekly collections hour: when, who calls whom, what changed, and what to go through."""

from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Column, Field, Fields, Lines, Sheet, Table

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
        "Hour",
        "The weekly collections hour: what changed, whom the head of finance calls, and what to go through.",
        (hour, _changes(), _call_list(settings), Lines(AGENDA, title="Agenda"), counts),
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
                "overdue", "Net overdue", "money", note="In the base currency; credits not yet applied are taken off."
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
