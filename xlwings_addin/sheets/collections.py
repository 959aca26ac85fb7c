"""Collections: whom to call, in which order and why, and what clerks type beside each item."""

from dataclasses import replace

from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Column, Field, Fields, Sheet, Table
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

_TYPED_FIRST = {"next_action": 15, "next_action_on": 10, "promise_date": 10, "dispute_code": 12, "note": 22}
"""Typed on the phone, and how wide: beside what is read, while the rest is in a group."""


def sheet(settings: Settings) -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Collections",
        "Who to call, in which order and why; type beside an item what was said: every refresh keeps it.",
        (
            Fields(
                (
                    Field("collections_changes", "What changed"),
                    Field("collections_to_settle", "To settle"),
                    Field("collections_hour", "Next hour", "link", formula='=HYPERLINK("#Hour!A1",IF(hour_next="","Hour",hour_next&": agenda, calls and changes are on Hour"))', empty="Hour"),
                ),
                label_width=0,
                value_width=0,
            ),
            _worklist(settings),
        ),
        freeze=2,
        verdict=Field("collections_verdict", "What matters"),
    )  # fmt: skip


_POINTS = tuple(
    Column(key, heading, "ratio" if part == "exposure" else "day count", note=note)
    for part, (key, heading, note) in PARTS.items()
)
"""The points of the score, a column each."""


def _behind(*columns: Column) -> tuple[Column, ...]:
    """Return columns that explain, in a collapsed group."""
    return tuple(replace(column, behind=True) for column in columns)


_TYPED_BESIDE = tuple(
    replace(column, width=_TYPED_FIRST[column.key], style="wrap" if column.style == "text" else column.style)
    for column in ENTRIES
    if column.key in _TYPED_FIRST
)
_TYPED_BEHIND = _behind(*(column for column in ENTRIES if column.key not in _TYPED_FIRST))


def _worklist(settings: Settings) -> Table:
    steps = " and ".join(f"+{day}" for day in settings.escalation_days)
    return Table(
        "tblWorklist",
        (
            Column("customer_name", "Customer", "wrap", width=22, rule="of account"),
            Column("step", "What is due", "wrap", width=25, rule="broken"),
            Column("contact", "Contact", "small", width=30, rule="of account", note="Telephone first: a call does more than a mail."),
            Column("document_no", "Document", width=10.5),
            Column("account_overdue", "Account net overdue", "money0", width=10, rule="of account", note="In the base currency; credits not yet applied are taken off."),
            Column("open", "Open", "money", width=11.5, note="Of this item, in its currency."),
            Column("currency", "Currency", width=8, of_currencies=True),
            Column("days_past_due", "Days past due", "day count", width=7),
            Column("promise", "Promise", "word", width=8, rule="broken", note="The promise on the item or the account that is still open, else the latest: kept, partly or broken by the cash received; not known without receipts."),
            Column("last_contact", "Last contact", "date", width=10, note="The latest call, mail, meeting, reminder, promise or dispute in Activity, about the item or the whole account."),
            *_TYPED_BESIDE,
            *_TYPED_BEHIND,
            Column("owner", "Owner", "wrap", width=12),
            *_behind(
                Column("due_date", "Due date", "date"),
                Column("net", "Net of credits", "money", note="What is left to ask for: credits not yet applied pay the overdue items they equal (Credits to apply), then the oldest."),
                Column("channel", "Channel", width=10),
                Column("in_dispute", "In dispute", width=20),
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
                Column("account_gross", "Account overdue", "money in base", note="As on the sheet Aging."),
                Column("account_oldest", "Account oldest", "day count", note="Days past due of at least the minimum for a reminder."),
                Column("open_base", "Open in base", "money in base"),
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
            Column("customer_id", "Customer ID", width=11),
        ),
        key=ITEM_KEY,
        stored=True,
        printed=22,
        row_pixels=32,
    )  # fmt: skip
