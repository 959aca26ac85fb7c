"""Where each element of the two texts the product goes back to is done: sheet, function, button or command.

The texts are a guide to days sales outstanding and a playbook for taking control of collections. `quote` is a few
words of the text, by which a reader finds the place; a reference to something that does not exist stops the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import udfs
from xlwings_addin import ribbon
from xlwings_addin.month_end import workbook
from xlwings_addin.settings import Settings
from xlwings_addin.writing import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Element:
    """Something one of the texts asks for or explains, and what does it."""

    quote: str
    what: str
    done_by: tuple[str, ...]
    """Sheets by name, functions as AR_..., buttons as "button Fill tracker", commands as "receivables refresh"."""


GUIDE = (
    Element("DSO = (Average A/R", "DSO, the simple method", ("AR_DSO", "Monthly", "Calculators")),
    Element(
        "Walk back monthly credit sales",
        "DSO by countback, with the walk shown",
        ("AR_DSO_COUNTBACK", "AR_COUNTBACK_STEPS", "Calculators"),
    ),
    Element("Cash Conversion Cycle = DIO", "Cash conversion cycle", ("AR_CCC", "AR_DIO", "AR_DPO", "Calculators")),
    Element(
        "Trend beats point-in-time",
        "Every month beside the one before, last year and target",
        ("Monthly", "Dashboard", "AR_DSO_TREND"),
    ),
    Element("Compare to peers", "A peer benchmark, held against every month", ("Settings", "Dashboard", "Diagnostics")),
    Element("Pair DSO with CEI", "CEI and DDSO beside DSO", ("Dashboard", "Monthly")),
    Element(
        "Average Accounts Receivable",
        "The figures of simple DSO, out of the ledger",
        ("receivables refresh", "Monthly"),
    ),
    Element("Total credit sales", "Credit sales of the period, net of credit notes", ("Monthly",)),
    Element("Number of days in the period", "Days of the period, calendar or fiscal", ("Monthly", "Settings")),
    Element("Ending Accounts Receivable", "Ending receivables at every month end", ("Monthly",)),
    Element(
        "Monthly credit sales for the last 6",
        "Sales history, most recent first or last",
        ("AR_DSO_COUNTBACK", "Monthly"),
    ),
    Element("Days per month (30 or 31)", "One number of days, or each month's own", ("AR_DSO_COUNTBACK",)),
    Element("Beginning A/R, Credit Sales", "Opening balance and sales of the period", ("Monthly", "AR_CEI")),
    Element("Write-offs during the period", "Write-offs, loaded or typed", ("Monthly", "AR_CEI")),
    Element("Current (not yet due)", "What is not yet due at period end", ("Aging", "Monthly", "AR_BEST_POSSIBLE_DSO")),
    Element("Overdue A/R balance", "What is past due", ("Aging", "Monthly")),
    Element("Average daily credit sales", "Sales a day, behind delinquent DSO", ("AR_DDSO", "Monthly")),
    Element(
        "See exactly how to calculate DSO",
        "The calculation of a cell, written out",
        ("AR_EXPLAIN", "button Explain cell", "receivables calc", "Calculators"),
    ),
    Element("Which number should I trust", "Which DSO to trust this month", ("Monthly", "Diagnostics", "Calculators")),
    Element("metrics and charts update instantly", "Calculators that answer as one types", ("Calculators",)),
    Element("Focuses on the overdue portion", "Delinquent DSO", ("AR_DDSO", "AR_DAYS_DELINQUENT", "Calculators")),
    Element("DSO rising > 10%", "Signal: DSO up on the year while sales are flat", ("Diagnostics",)),
    Element("DDSO trending up", "Signal: DDSO up while DSO is steady", ("Diagnostics",)),
    Element("CEI < 85%", "Signal: CEI low three months running", ("Diagnostics",)),
    Element("Aging > 15%", "Signal: too much in 60+", ("Diagnostics", "Aging")),
    Element("Top-20 A/R includes", "Signal: many new accounts among the largest", ("Diagnostics", "AR_CONCENTRATION")),
    Element("Terms: too long vs. peers", "Causes and fixes: terms", ("Diagnostics", "Policies")),
    Element("Billing: invoice errors", "Causes and fixes: billing", ("Diagnostics", "Policies")),
    Element("Collections: low touch frequency", "Causes and fixes: collections", ("Diagnostics", "Scorecards")),
    Element("Risk: limits not tied", "Causes and fixes: credit risk", ("Diagnostics", "Customers")),
    Element("Disputes: price/qty mismatch", "Causes and fixes: disputes by code", ("Diagnostics", "Collections")),
    Element("A/R aging snapshot (edit %)", "An aging mix one can edit", ("Calculators", "AR_AGING")),
    Element("Default to Net-30", "Standard terms, approvals, items off terms", ("Settings", "Policies", "Rollout")),
    Element(
        "early-pay discounts where ROI",
        "Early-pay discount against the cost of capital",
        ("AR_DISCOUNT_COST", "AR_BREAKEVEN_DISCOUNT", "Calculators"),
    ),
    Element("Milestone/prepayment on custom", "Milestone and prepayment clause", ("Policies",)),
    Element("E-invoice with PO match", "Share of invoices with PO, sent electronically", ("Rollout", "Policies")),
    Element("Bill on shipment/acceptance", "Share billed in the month's last two days", ("Diagnostics",)),
    Element(
        "auto-reminders on due-1",
        "Reminders by stage, as drafts",
        ("receivables reminders", "button Reminders due", "Collections"),
    ),
    Element("Risk-weighted queues", "Worklist by explained score, daily touch", ("Collections",)),
    Element("Escalation SOP at +14/+30", "Escalation steps and payment plans", ("Collections", "Policies")),
    Element("Collector scorecards", "Scorecards: CEI, DDSO, promises kept", ("Scorecards",)),
    Element(
        "Cash unlocked by reducing DSO",
        "Impact of a shorter DSO",
        ("AR_CASH_IMPACT", "AR_INTEREST_SAVED", "Calculators", "Dashboard"),
    ),
    Element("Publish standard terms", "Rollout, days 1-30: terms", ("Rollout", "button Fill tracker")),
    Element("Fix invoice template", "Rollout, days 1-30: invoice template", ("Rollout",)),
    Element("Start reminder cadence", "Rollout, days 1-30: reminders", ("Rollout", "receivables reminders")),
    Element(
        "Baseline DSO, CEI, DDSO",
        "Rollout, days 1-30: baseline and weekly figures",
        ("Rollout", "button Set baseline", "Dashboard"),
    ),
    Element("Risk-based credit limits", "Rollout, days 31-60: limits and exposure", ("Rollout", "Diagnostics")),
    Element("Collector queues by risk", "Rollout, days 31-60: queues and escalation", ("Rollout", "Collections")),
    Element("Early-pay discounts for selected", "Rollout, days 31-60: offers and their uptake", ("Rollout",)),
    Element("Root-cause fixes", "Rollout, days 31-60: top dispute codes", ("Rollout", "Diagnostics")),
    Element("E-invoicing coverage 90%", "Rollout, days 61-90: e-invoicing", ("Rollout",)),
    Element("Auto-apply payment terms", "Rollout, days 61-90: terms of new items equal the customer's", ("Rollout",)),
    Element("Monthly portfolio reviews", "Rollout, days 61-90: reviews and targets", ("Rollout", "Activity")),
    Element("rollout to embed workflows", "Rollout, days 61-90: work done in the workbook", ("Rollout", "Collections")),
    Element("Payment term clause", "Payment-term clause", ("Policies",)),
    Element("Collections email (friendly", "Reminder e-mails by stage", ("Policies", "receivables reminders")),
    Element("Escalation (firm, 14+", "Firm escalation text", ("Policies", "receivables reminders")),
    Element("Dispute reason codes", "Dispute codes to choose from", ("Collections", "Policies")),
    Element("PO missing/invalid", "Dispute code: PO missing or invalid", ("Collections", "Policies")),
    Element("Price mismatch", "Dispute code: price", ("Collections", "Policies")),
    Element("Quantity/quality discrepancy", "Dispute code: quantity or quality", ("Collections", "Policies")),
    Element("Delivery/acceptance not confirmed", "Dispute code: delivery", ("Collections", "Policies")),
    Element("Returns pending", "Dispute code: returns", ("Collections", "Policies")),
    Element("Wrong billing entity", "Dispute code: billing entity", ("Collections", "Policies")),
    Element("What’s a “good” DSO", "Questions and answers", ("Glossary",)),
    Element("Glossary (plain English)", "Terms in plain English", ("Glossary",)),
    Element("References & Sources", "Sources behind formulas and targets", ("Glossary",)),
    Element("Core definitions & formulas", "The source of each formula", ("Glossary",)),
)

PLAYBOOK = (
    Element("Without predictability in collections", "Expected cash of the next eight weeks", ("Forecast",)),
    Element("Role confusion", "Owners outside Finance are flagged", ("Collections", "Diagnostics")),
    Element(
        "Billing complexity and custom terms",
        "Custom billing formats and terms to revisit",
        ("Diagnostics", "Customers"),
    ),
    Element(
        "Lack of internal focus",
        "A weekly hour, a weekly snapshot, reviews logged",
        ("button Collections hour", "Rollout"),
    ),
    Element(
        "Avoidant culture", "Overdue accounts that nobody has called", ("Scorecards", "Diagnostics", "Collections")
    ),
    Element(
        "Wrong point of contact",
        "Contacts missing or not confirmed for a year",
        ("Customers", "Collections", "Diagnostics"),
    ),
    Element("Lack of enforcement", "Service continued while overdue", ("Collections", "Diagnostics")),
    Element(
        "segmenting aging receivables by client",
        "Aging by customer, tier, region and overdue status",
        ("Aging", "Segments", "button Build aging", "receivables aging"),
    ),
    Element(
        "weekly cross-functional review",
        "The collections hour: agenda, attendees, calendar entry",
        ("Hour", "button Collections hour"),
    ),
    Element(
        "prioritize accounts 90+ days",
        "Over 90 days: marked, raised on the worklist, a step of the agenda",
        ("Collections",),
    ),
    Element(
        "Find the right contact", "Contact of the account, and whether it is confirmed", ("Customers", "Collections")
    ),
    Element("Favor phone calls over emails", "Phone first on every worklist row", ("Collections", "Aging")),
    Element("CFO reached out directly", "The executive counterpart named on the call list", ("Hour",)),
    Element("Head of Finance to personally", "The head of finance's call list", ("Hour",)),
    Element(
        "ownership must shift to Finance",
        "Owner and department of every account",
        ("Customers", "Diagnostics", "Scorecards"),
    ),
    Element(
        "prevent service continuation without payment",
        "Holds only where alignment is recorded",
        ("Collections", "Policies"),
    ),
    Element(
        "Start with Accounts Payable",
        "AP contact, and whether AP has confirmed the payment",
        ("Customers", "Collections"),
    ),
    Element("escalate appropriately", "Escalation steps by days past due", ("Collections", "Policies")),
    Element("importance of each customer", "Importance is a part of the score", ("Collections", "Settings")),
    Element("Set clear policies", "Payment policy and a note that explains it", ("Policies",)),
    Element("Align before escalation", "Hold or credit pause: aligned by whom and when", ("Collections", "Policies")),
    Element("Escalate thoughtfully", "Legal review only after the steps before it", ("Collections", "Policies")),
    Element("A communication plan", "Reminder texts and the policy note", ("Policies", "receivables reminders")),
    Element(
        "consistent follow-up cadence",
        "Promises kept or broken, next actions, days to first contact",
        ("Collections", "Scorecards"),
    ),
)


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield a line of the map of docs/workbook.md for each element: text, what it is about, what does it."""
    known = _known()
    for text, elements in (("Guide", GUIDE), ("Playbook", PLAYBOOK)):
        for element in elements:
            yield text, element.what, ", ".join(_shown(reference, known) for reference in element.done_by)


def _shown(reference: str, known: Sequence[str]) -> str:
    # The command knows of the build, not the build of the command: a test looks after these.
    if reference not in known and not reference.startswith("receivables "):
        raise WorkbookError(f"The map of the source texts names {reference!r}, which there is not; correct it.")
    if reference.startswith("button "):
        return f"button *{reference.removeprefix('button ')}*"
    return f"`{reference}`" if reference.startswith(("AR_", "receivables ")) else f"**{reference}**"


def _known() -> list[str]:
    udfs.load()
    ribbon.load()
    return [
        *udfs.REGISTRY,
        *(sheet.name for sheet in workbook(Settings())),
        *(f"button {button.label}" for button in ribbon.BUTTONS.values()),
    ]
