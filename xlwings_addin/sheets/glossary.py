"""Glossary: every worksheet function out of its own declaration; questions, plain words, sources."""

from typing import Final

from xlwings_addin.sheets.blocks import Column, Sheet, Table

# fmt: off
QUESTIONS: Final = (
    ("What is a good DSO?", "DSO",
     ("It depends on your industry and your terms: 40 days are poor on Net 15 and excellent on Net 60. Compare with your"
     " own trend, with your best possible DSO (what is left if nothing were late) and with peers, and aim for a steady"
     " reduction that does not cost you customers. Judge it together with CEI and DDSO."),
     "Dashboard; Settings: Target DSO, Peer benchmark DSO; AR_BEST_POSSIBLE_DSO"),
    ("Simple DSO or countback?", "DSO",
     ("Steady sales: simple DSO is fine. Seasonal or uneven sales: trust countback, because it sets receivables against"
     " the very months that created them, where simple DSO rises and falls with sales. Monthly says each month which of"
     " the two to trust, by the spread of the last twelve months' sales."),
     "Monthly: DSO, Countback, Trust; Settings: Seasonal sales from; AR_COUNTBACK_STEPS shows the walk"),
    ("DSO looks fine, yet cash is late. Why?", "DDSO",
     ("Growing sales hide late payment in DSO. Look at DDSO, the overdue part alone, and at CEI: when DDSO rises while DSO"
     " holds, a few problem accounts or a slack reminder cadence are the usual cause."),
     "Dashboard: DDSO; Aging; AR_DDSO"),
    ("Can CEI be above 100 % or below 0?", "CEI",
     ("Not above: nobody collects more than could be collected. Where credits outweigh what is overdue, so that current"
     " exceeds the ending balance, AR_CEI says #NUM! and AR_EXPLAIN says why; other reports print 103 % there. Below 0, yes:"
     " receivables then ended higher than opening balance and sales explain, as when sales were typed too low or debits"
     " were booked past them. Either is a question to the data before it is a verdict on collections."),
     "Monthly: CEI and its flows; Checks; AR_CEI, AR_EXPLAIN"),
    ("Why is a write-off no success in CEI?", "CEI",
     ("Standard CEI takes write-offs out of what was collected, so writing off an overdue debt leaves it unchanged."
     " Forms that leave write-offs out get better by giving up; they are offered as an option, to compare with others."),
     "AR_CEI, argument method"),
    ("How do credits count?", "Aging",
     ("Credit notes and payments not yet applied reduce receivables, so they reduce DSO. In the aging they are in a"
     " column of their own unless Settings says otherwise: aged by their own date, or set against the oldest items. They"
     " are never counted as overdue. In reminders they are taken off what the customer is asked to pay."),
     "Settings: Credits and unapplied cash; Aging; Checks"),
    ("How do items without a due date count?", "Aging",
     ("They are in 'No date' and in the total, and are never overdue, as nobody can say since when. They enter current"
     " receivables. No reminder is drafted for them: the list of reminders names them, so that the date can be added."),
     "Aging: No date; Checks; the list beside the drafts"),
    ("Why does DSO differ from another report?", "DSO",
     ("Mostly for one of four choices: ending or average receivables, sales of one, three or twelve months, with or without"
     " sales tax, calendar days or 30. Here: ending receivables, the window of Settings, amounts as in the ledger,"
     " calendar days."),
     "Settings: DSO window; Glossary: AR_DSO"),
    ("Why do weekly snapshots differ from Monthly?", "DSO",
     ("Week by week, DSO, DDSO and CEI are those of the last 91 days, thirteen whole weeks: a month to date would rise and"
     " fall with the day of the month while nothing happens. Diagnostics compares complete months only."),
     "Rollout: Weekly snapshots; Diagnostics; Monthly: Status"),
    ("What are the quickest wins?", "Practice",
     ("First, invoices that can be paid as they arrive: purchase order, bank details, proof of delivery, the right contact."
     " Second, a reminder cadence that never skips a day, starting before the due date. Third, a weekly collections hour"
     " led by Finance that begins with the oldest and largest. Early-pay discounts only where they cost less than capital."),
     "Policies: checklist and reminders; Collections; Rollout; Calculators"),
    ("How does this workbook lower DSO?", "Practice",
     ("By itself it does not; what is done with it does. It says whom to call first and why, drafts the reminders that are"
     " due, keeps promises and disputes from being forgotten, shows which causes keep coming back, and measures whether"
     " the actions of the rollout moved the figures."),
     "Collections; Diagnostics; Rollout; Dashboard"),
    ("What is one day of DSO worth?", "Cash",
     ("Sales of the year divided by 365: that much cash is released, once, for each day DSO falls. The interest saved on it"
     " recurs every year. Keep the two apart when you report them."),
     "Dashboard: Cash per day of DSO; AR_CASH_IMPACT, AR_INTEREST_SAVED"),
    ("Is an early-pay discount worth it?", "Cash",
     ("From the seller's side it is a loan from the customer: 2 % for paying 20 days sooner costs about 37 % a year. It pays"
     " where that is less than your cost of capital, or where the customer would otherwise pay far later than agreed."),
     "Calculators; AR_DISCOUNT_COST, AR_BREAKEVEN_DISCOUNT"),
    ("Can a closed month change?", "Data",
     ("No. A refresh rewrites its own month only. Where files now say something else about a closed month, Checks names"
     " the difference and the month stays as it was reported. Only other periods in Settings restate the months they cut"
     " in two, and Checks then shows what was reported."),
     "Monthly: Status; Checks: Restated months; Settings: Periods"),
    ("Which amounts are added together?", "Data",
     ("Only amounts of one currency, or converted at the rates of Settings. Where a rate is missing the total is #N/A, not"
     " the sum of the rest. Reminders show each currency by itself."),
     "Settings: Exchange rates; Checks"),
)
"""Question, what it is about, answer, where to look."""

TERMS: Final = (
    ("Accounts receivable", "A/R", "Money customers owe you for sales you have already made on credit."),
    ("Credit sales", "S", "Sales for which the customer may pay later; cash sales are not among them. Gross invoices and debit notes less credit notes."),
    ("Days sales outstanding", "DSO", "How many days, on average, a credit sale takes to turn into cash."),
    ("Countback DSO", "Countback", "DSO found by walking back through monthly sales from the period's end until they cover what is owed."),
    ("Best possible DSO", "BPDSO", "What DSO would be if nothing were late: only what is not yet due, in days of sales."),
    ("Delinquent DSO", "DDSO", "The overdue part of receivables alone, in days of sales: the late days."),
    ("Average days delinquent", "ADD", "DSO less best possible DSO: by how many days customers are late."),
    ("Collections effectiveness index", "CEI", "How much of the cash that could be collected in the period was collected."),
    ("Days inventory outstanding", "DIO", "How many days goods are in stock before they are sold."),
    ("Days payable outstanding", "DPO", "How many days you take to pay your suppliers."),
    ("Cash conversion cycle", "CCC", "How long cash is tied up in operations: DIO + DSO - DPO."),
    ("Cost of capital", "WACC", "What a year's money costs you, lenders and owners together."),
    ("Aging", "", "Open items sorted by how long they are past due."),
    ("Past due", "Overdue", "Not paid although the due date has passed. Due today is not yet past due."),
    ("Current", "", "Not yet due."),
    ("Unapplied cash", "", "A payment received that is not yet set against an invoice."),
    ("Write-off", "", "A debt given up and taken out of receivables."),
    ("Promise to pay", "PTP", "A day and an amount the customer has committed to; broken once the grace of Settings has passed."),
    ("Dispute", "", "The customer's reasoned objection to an invoice, logged with a code and a day to look again."),
    ("Purchase order", "PO", "The customer's order, whose number their accounts payable wants to see on the invoice."),
    ("Proof of delivery", "POD", "The customer's signed confirmation that goods or services have arrived."),
    ("Accounts payable", "AP", "The customer's team that books invoices and releases payments."),
    ("Credit hold", "", "No further deliveries or services on credit, after notice and internal alignment, until paid or agreed."),
    ("Credit limit", "", "The most a customer may owe you at one time."),
    ("Reminder cadence", "Dunning", "The fixed days, before and after the due date, on which customers are reminded."),
    ("Roll rate", "", "The share of one aging bucket that was not collected and rolled into the next."),
    ("Expected credit loss", "ECL", "What you expect not to collect, provided for before it happens: amounts by age times a loss rate."),
)
"""Term, its short form, what it means."""

_DEFINITION, _BENCHMARK, _BEHAVIOUR = "Definition", "Benchmark", "Payment behaviour"

SOURCES: Final = (
    ("Investopedia", _DEFINITION, "Days Sales Outstanding (DSO): definition and formula", "AR_DSO"),
    ("Upflow", _DEFINITION, "DSO: simple vs. countback method, when to use each", "Which DSO to trust on Monthly; Settings: Seasonal sales from"),
    ("BenjiPays", _DEFINITION, "Count-Back Method explained with examples", "AR_DSO_COUNTBACK, AR_COUNTBACK_STEPS"),
    ("Corporate Finance Institute", _DEFINITION, "Cash Conversion Cycle (CCC): definition and formula", "AR_CCC"),
    ("Investopedia", _DEFINITION, "Days Payable Outstanding (DPO): definition and formula", "AR_DPO"),
    ("Investopedia", _DEFINITION, "Days Sales of Inventory (DSI/DIO): definition and formula", "AR_DIO"),
    ("Emagia", _DEFINITION, "Collections Effectiveness Index (CEI): definition and calculation", "AR_CEI"),
    ("Billtrust", _DEFINITION, "CEI: why it matters and target ranges", "Target CEI of 85-95 % in Settings"),
    ("PwC", _BENCHMARK, "Working Capital Study 23/24", "Global trends and the size of the opportunity: peer benchmark DSO"),
    ("PwC", _BENCHMARK, "Working Capital Study 2025 (Middle East)", "Method and trends of a regional benchmark"),
    ("The Hackett Group", _BENCHMARK, "Working Capital Survey 2024", "Opportunity of 1.76 trillion US dollars: peer benchmark DSO"),
    ("The Hackett Group", _BENCHMARK, "Working Capital Survey 2025", "Opportunity of 1.7 trillion US dollars; trends of CCC and DPO"),
    ("The Hackett Group", _BENCHMARK, "Working Capital Insights Hub", "Highlights for the United States, Europe and Asia-Pacific"),
    ("NACM", _BEHAVIOUR, "Credit Managers' Index (CMI): methodology and monthly series", "How payment behaviour of business customers moves"),
    ("NACM", _BEHAVIOUR, "Credit Managers' Index, detailed report, August 2024", "Receivables beyond terms and payment behaviour"),
    ("NACM", _BEHAVIOUR, "Credit Managers' Index, detailed report, June 2024", "Delinquent accounts and slower payments"),
)
"""Publisher, kind, title, what it supports."""
# fmt: on


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Glossary",
        "Every AR_ function: what it means, how it is typed, how it is calculated. Where your Excel separates arguments by ; type ; for the commas.",
        (
            Table(
                "tblGlossary",
                (
                    Column("name", "Function", width=24),
                    Column("category", "Category", width=20),
                    Column("summary", "Meaning", "wrap", width=62),
                    Column("syntax", "Syntax", "wrap", width=52),
                    Column("formula", "Formula", "wrap", width=44),
                    Column("example", "Example", "wrap", width=52),
                    Column("source", "Source", "wrap", width=44),
                ),
            ),
            Table(
                "tblMeasures",
                (
                    Column("measure", "Measure", "wrap", width=24),
                    Column("unit", "Unit", "wrap", width=20),
                    Column("definition", "Definition", "wrap", width=62),
                    Column("scope", "Of what, and when", "wrap", width=52),
                    Column("where", "Where shown", "wrap", width=44),
                ),
                title="Measures",
                intro="Every figure of the workbook once: wherever it is shown, it is the same figure.",
            ),
            Table(
                "tblFaq",
                (
                    Column("question", "Question", "wrap", width=24),
                    Column("about", "About", "wrap", width=20),
                    Column("answer", "Answer", "wrap", width=62),
                    Column("look", "Where to look", "wrap", width=52),
                ),
                title="Frequently asked questions",
            ),
            Table(
                "tblTerms",
                (
                    Column("term", "Term", "wrap", width=24),
                    Column("short", "In short", "wrap", width=20),
                    Column("meaning", "In plain words", "wrap", width=62),
                ),
                title="Plain words",
            ),
            Table(
                "tblSources",
                (
                    Column("publisher", "Publisher", "wrap", width=24),
                    Column("kind", "Kind", "wrap", width=20),
                    Column("title", "Title", "wrap", width=62),
                    Column("supports", "What it supports here", "wrap", width=52),
                ),
                title="Sources behind formulas and targets",
                intro="By title and publisher; editions change from year to year, so look for the latest.",
            ),
        ),
        tab="help",
    )
