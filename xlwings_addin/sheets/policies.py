"""Policies: texts to start from, each to be copied out of one cell, and the reasons a dispute may have.

A text holds two kinds of gaps. `{name}` is a choice of Settings and is filled in on the sheet. `[name]` is in
square brackets on the sheet too: in a reminder it is filled in for each customer (`PLACEHOLDERS`), in a clause it
is the reader's to fill in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlwings_addin.sheets.blocks import Column, Sheet, Table


@dataclass(frozen=True, slots=True)
class Email:
    """A reminder: its subject and body, and when it is the one to use."""

    title: str
    when: str
    """What is said where the ladder of Settings has no such stage."""
    subject: str
    body: str

    @property
    def text(self) -> str:
        """Subject and body as one cell holds them."""
        return f"{SUBJECT} {self.subject}\n\n{self.body}"


SUBJECT: Final = "Subject:"
SIGNATURE: Final = "\n\nKind regards\n[sender]\n[company]"

BEFORE: Final = Email(
    "Before the due date",
    "before the due date",
    "Falling due shortly: [count], [total]",
    "Dear [contact],\n\n"
    "A short note ahead of the due date:\n\n"
    "[invoices]\n\n"
    "Do you have everything you need to release the payment: purchase order number, proof of delivery, our bank"
    " details as stated on the invoice? If anything is missing or looks wrong, please tell us now, so that we can put"
    " it right before the due date.\n\n"
    "If the payment is already arranged, no answer is needed. Thank you." + SIGNATURE,
)
ON_DUE_DATE: Final = Email(
    "On the due date",
    "on the due date",
    "Now due: [count], [total]",
    "Dear [contact],\n\n"
    "The following has now fallen due:\n\n"
    "[invoices]\n\n"
    "If the payment is on its way, please disregard this message. If something is in its way, a missing document"
    " or a question about price or quantity, please reply with the invoice number and the reason; we will see to it"
    " at once." + SIGNATURE,
)
FIRST: Final = Email(
    "First reminder",
    "shortly after the due date",
    "Friendly reminder: [count] past due, [total]",
    "Dear [contact],\n\n"
    "We have not yet been able to match a payment to the following:\n\n"
    "[invoices]\n\n"
    "Perhaps it was overlooked, or your payment and this message have crossed. Could you tell us by reply on which day"
    " the payment will be made?\n\n"
    "If an invoice cannot be released as it stands, please name the invoice and the reason, and we will settle the"
    " point with you directly." + SIGNATURE,
)
SECOND: Final = Email(
    "Second reminder",
    "after the first reminder",
    "Payment reminder: [count] past due, [total]",
    "Dear [contact],\n\n"
    "The following is still open on your account, up to [days] past due:\n\n"
    "[invoices]\n\n"
    "Please arrange the payment this week, or tell us by return:\n"
    "- the date on which it will be made,\n"
    "- or which invoice you question, and why,\n"
    "- or who in your company releases it, if we should write to someone else.\n\n"
    "We will also call you, as a few minutes on the telephone often settle what is open." + SIGNATURE,
)
FIRM: Final = Email(
    "Firm reminder",
    "once the first escalation is reached",
    "Overdue account: [count], [total] - your answer is needed",
    "Dear [contact],\n\n"
    "The following remains unpaid, and your account is now up to [days] past due:\n\n"
    "[invoices]\n\n"
    "Please do one of these within three working days:\n"
    "1. pay [total] to the bank account stated on our invoices and send us the remittance advice,\n"
    "2. confirm a binding payment date in writing,\n"
    "3. name each invoice you dispute, with the reason, so that we can settle it separately; what is not disputed"
    " remains payable now.\n\n"
    "If the full amount cannot be paid at once, speak to us: we can agree on a payment plan.\n\n"
    "Without an answer we will take the matter to our head of finance, who will contact your management. We would much"
    " rather settle it with you." + SIGNATURE,
)
LETTER: Final = Email(
    "Escalation letter",
    "at the later steps of escalation",
    "Overdue account of [customer] with [company]: [total]",
    "Dear [executive],\n\n"
    "I am writing to you directly because [total] on the account of [customer] with [company] is unpaid, up to [days]"
    " past due, and it has not been settled with your accounts payable team:\n\n"
    "[invoices]\n\n"
    "We value working with you, and I am sure that this is in neither side's interest. May I ask you to see to it that"
    " within five working days\n"
    "- the amount is paid, or\n"
    "- a binding payment date or a payment plan is agreed in writing, or\n"
    "- whatever is disputed is named, and the rest is paid.\n\n"
    "I will call you to talk it through; if someone else should be part of that call, please tell me. If the account"
    " stays open without an agreement, we will have to review, together with your contacts in our sales team, on what"
    " terms we can continue to supply you.\n\n"
    "Yours sincerely\n[head of finance]\n[company]",
)

EMAILS: Final = (BEFORE, ON_DUE_DATE, FIRST, SECOND, FIRM, LETTER)

PLACEHOLDERS: Final[Mapping[str, tuple[str, str]]] = {
    "contact": ("Ms Okafor", "The billing contact of Customers; 'accounts payable team' where none is known."),
    "executive": (
        "Mr Brandt",
        "The executive counterpart of Customers; while no letter can go, the firm reminder goes to the billing contact.",
    ),
    "customer": ("Elm Works", "The customer's name."),
    "customer number": ("0001", "The customer's number."),
    "invoices": (
        "Invoice 4711 of 05 Jan 2026, due 04 Feb 2026, 14 days past due: 1,000.00 EUR",
        (
            "One line for each invoice, totals by currency, less credits not yet applied; what is past due stands before"
            " what is falling due."
        ),
    ),
    "count": ("3 invoices", "How many invoices the reminder is about: those past due, if there are any."),
    "total": ("1,500.00 EUR", "What is to be paid for them, by currency; credits not yet applied are taken off."),
    "days": ("14 days", "How long the oldest of them is past due."),
    "date": ("18 Feb 2026", "The day the reminder is drafted for."),
    "sender": (
        "Jo Smith, Accounts receivable",
        "Who signs: the name given to the command, else the account's owner of Customers, and Accounts receivable.",
    ),
    "head of finance": ("Ann Weber, Head of finance", "The head of finance of Settings."),
    "company": ("Example Ltd", "Your company's name in Settings."),
}
"""What a reminder may hold in square brackets -> an example, and what it stands for."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A text to start from, and when."""

    title: str
    use: str
    text: str


POLICIES: Final = (
    Policy(
        "Payment terms",
        "In offers, order confirmations and general terms. Printed on every invoice in one line: terms and due date.",
        "Our payment terms are {standard_terms}, counted from the date of the invoice, without deduction, unless we"
        " have agreed otherwise in writing before the order. A payment is made when it is credited to the bank account"
        " stated on the invoice.\n\n"
        "Questions about an invoice are to be raised in writing within ten days of its receipt, with the invoice"
        " number and the reason. The part that is not in question remains payable on the due date.\n\n"
        "If a payment is late, {company} may charge interest and the costs of collection to the extent the law allows"
        " and, after notice to the customer, may make further deliveries or services on credit depend on payment of"
        " what is overdue.\n\n"
        "We never announce new bank details by e-mail alone: a change is valid only once our finance team has"
        " confirmed it by telephone, on a number you already have.",
    ),
    Policy(
        "Approval of longer terms",
        "Internal. Before an offer goes out with longer terms, another due date or a billing format of the customer's own.",
        "{standard_terms} is the rule; everything else is an exception that somebody approves first, by name:\n\n"
        "Up to 15 days longer: the sales manager and the credit controller.\n"
        "Up to 30 days longer: the head of sales and {head_of_finance}.\n"
        "More than that, or without an end: {head_of_finance} and the managing director.\n"
        "A billing format or portal of the customer's own: {head_of_finance}, as it costs work every month.\n\n"
        "A request names the customer, the order value, the reason, the credit limit and what you get in return. Every"
        " 30 days of extra credit cost about {month_of_credit} of the invoice at a cost of capital of"
        " {cost_of_capital} a year: the price must carry it.\n\n"
        "An approval holds for one contract or twelve months, whichever is shorter, and is on the Customers sheet"
        " (Agreed terms, Terms approved by). Without it, {standard_terms} applies. Terms inherited from earlier years"
        " are brought back to the standard at the next renewal.",
    ),
    Policy(
        "Milestones and prepayment",
        "In offers and contracts for custom, long-lead and export orders.",
        "Custom orders: 30 % with the order, 40 % when production or the project work starts, 30 % on delivery or"
        " acceptance.\n\n"
        "Orders with a lead time of more than 90 days: an invoice at each milestone of the delivery schedule, at least"
        " one a quarter; no milestone is longer than 90 days.\n\n"
        "Export orders: payment in full before dispatch, or an irrevocable letter of credit confirmed by a bank in our"
        " country, or cover by credit insurance for the full amount, in force before dispatch.\n\n"
        "Work on a stage starts when the payment of the stage before has been credited. Acceptance counts as given if"
        " the customer has not named a defect in writing within ten days of delivery, or as soon as the goods are in"
        " use. The terms of milestone invoices are {standard_terms}; invoices for prepayment are payable on receipt."
        " Should the customer cancel, {company} keeps what covers the work done and the material bought by then.",
    ),
    Policy(
        "Early-payment discount",
        "For selected segments, where its yearly cost stays under your cost of capital ({cost_of_capital}); Calculators"
        " calculates both. Few do at full terms: 1 % for 20 days costs about 18 % a year.",
        "If an invoice is paid in full within [10] days of its date, the customer may deduct [1] % of its net amount."
        " After that day it is payable in full on {standard_terms}.\n\n"
        "The discount is not granted while an older invoice of the customer is past due, nor on freight, taxes,"
        " prepayments and milestone invoices. What counts is the day on which the payment is credited. A deduction"
        " taken late or wrongly remains payable and is shown as open on the next statement of account.\n\n"
        "This offer holds until [date]; {company} may end it for later orders by notice in writing.",
    ),
    Policy(
        "Payment plan",
        "When a customer cannot pay at once but wants to. Log it in Activity as a payment plan, with the day of the last"
        " instalment under 'For the day': until then no reminders are drafted.",
        "Payment plan between {company} and [customer]\n\n"
        "1. [customer] acknowledges that [amount] is due under the invoices listed in the annex.\n"
        "2. The amount is paid in [number] instalments of [amount], the first on [date], the others on the same day of"
        " each following month, the last on [date].\n"
        "3. Each instalment is collected by automatic debit from the account [account]. [customer] signs the debit"
        " mandate together with this plan and sees to it that the account is covered.\n"
        "4. New invoices are paid on their own due dates; this plan covers those of the annex only.\n"
        "5. While the plan is kept, no further steps follow for the invoices of the annex.\n"
        "6. If an instalment has not been credited {promise_grace} after its day, or a debit is returned and not made"
        " good at once, the whole balance falls due and the escalation procedure goes on where it stopped.\n"
        "7. [Interest of [rate] % a year is charged on the balance.] Early repayment is free at any time.\n\n"
        "Place, date, and signatures of both sides",
    ),
    Policy(
        "Escalation and credit hold",
        "Internal procedure, owned by Finance. The Collections sheet shows which step is due.",
        "Reminders go out {reminder_days}. Disputed items leave the ladder until they are settled; what is not disputed"
        " stays on it.\n\n"
        "{first_step}: the collector sends the firm reminder and calls accounts payable: have they all they need to"
        " release the payment, and on which day? Sales is informed. No confirmation: next step.\n\n"
        "{last_step}: {head_of_finance} calls the executive counterpart and sends the escalation letter. Sales and"
        " customer success speak with one voice: nobody promises further service on credit meanwhile.\n\n"
        "Service hold or credit pause: only after (1) the customer was informed clearly, in writing, from which day and how"
        " to avoid it, and (2) {head_of_finance} has aligned with the head of sales and customer success, weighing how"
        " important the customer is and what the hold would do to the relationship. Who aligned, and when, is on Collections"
        " (Hold aligned by, on): no name, no hold. Finance lifts it the day the payment or a plan is in place.\n\n"
        "Legal action is the last step, for persistent or material cases only, when direct outreach is exhausted:"
        " reminders, calls, the executive conversation and the offer of a payment plan are all logged in Activity. The"
        " managing director and {head_of_finance} decide, on advice of counsel.",
    ),
    Policy(
        "Invoice quality checklist",
        "Before an invoice leaves the house, and when the invoice template is revised.",
        "1. Right legal entity and billing address, right tax number.\n"
        "2. The customer's purchase order number, checked against order, quantity and price.\n"
        "3. Billed on the day of shipment or acceptance, not in a batch at the end of the month.\n"
        "4. Proof of delivery or the signed acceptance attached.\n"
        "5. Terms ({standard_terms}, unless approved otherwise) and the due date as a date.\n"
        "6. Bank details in full, with the reference to be quoted.\n"
        "7. A link or an address for disputes, answered by Finance within one working day.\n"
        "8. Sent electronically, in the format the customer can book, to the confirmed billing contact; receipt"
        " confirmed for large invoices.\n"
        "9. Credit notes issued at once when an error is agreed, naming the invoice they correct.",
    ),
    Policy(
        "Onboarding of billing contacts",
        "With every new customer, before the first invoice, and once a year for all of them.",
        "1. Legal name, tax number, billing address and the entity that pays.\n"
        "2. Billing contact in accounts payable: name, e-mail, direct telephone line; and the shared mailbox or portal"
        " invoices go to. Not the user of the service, and not the buyer.\n"
        "3. Who approves and releases payments, on which days payments are run.\n"
        "4. Executive counterpart for {head_of_finance}, with e-mail.\n"
        "5. What accounts payable needs to pay: purchase order, vendor number, supplier form, proof of delivery.\n"
        "6. Our bank details, confirmed by telephone; standard terms ({standard_terms}) and the note on our payment"
        " policy sent.\n"
        "7. Credit check done, credit limit set and recorded.\n"
        "8. Entered on the Customers sheet, with the day on which the contact was confirmed; somebody in Finance owns"
        " keeping it current.\n"
        "9. First invoice: call within a week to hear whether it arrived and is approved.",
    ),
    Policy(
        "Note on our payment policy",
        "To customers, when terms are published or changed, and with the welcome to new ones.",
        "Dear customer,\n\n"
        "This is how {company} handles invoices and payments, so that neither side has surprises.\n\n"
        "Terms: our invoices are payable within the agreed terms ({standard_terms}); the due date is printed on each of them.\n"
        "Contact: our finance team answers all questions about invoices. Please tell us whom we should write to in"
        " yours, and when that changes.\n"
        "Questions and disputes: reply with the invoice number and the reason. We answer within one working day and"
        " settle most points within ten. What is not in question stays payable.\n"
        "Reminders: we write {reminder_days}. If we do not hear from each other, our head of finance will call your"
        " management, as direct contact solves most misunderstandings.\n"
        "Difficulties: if you foresee that you cannot pay on time, tell us before the due date. We would rather agree"
        " on a payment plan than be left without an answer.\n"
        "Deliveries and services: we may pause them on credit while invoices stay overdue, never without telling you"
        " clearly and in good time.\n\n"
        "Thank you for paying on time: it lets us serve you well.\n\n"
        "{signed}\n{company}",
    ),
)

DISPUTES: Final[Mapping[str, tuple[str, str, int]]] = {
    "PO missing or invalid": ("Sales operations", "The purchase order, or its number in writing from the buyer; then the invoice is reissued with it.", 3),
    "Price mismatch": ("Sales", "Signed offer or price list in force on the order date, order confirmation; a credit note for the difference, or written confirmation of the price.", 5),
    "Quantity or quality": ("Operations, with Sales", "Delivery note with signature, weight or count on arrival, photos or inspection report; replacement, credit note, or a reasoned refusal.", 10),
    "Delivery not confirmed": ("Logistics", "Proof of delivery with name and date, or the acceptance record; sent to accounts payable with a copy of the invoice.", 3),
    "Returns pending": ("Logistics, with Sales", "Return authorisation, receipt of the goods and their condition; the credit note within two days of arrival.", 10),
    "Wrong billing entity": ("Billing", "Legal name, address and tax number of the entity that ordered; cancellation and new invoice, with the new due date agreed.", 3),
    "Invoice error": ("Billing", "What is wrong, in the customer's words; cancellation or credit note and a correct invoice, and the cause removed.", 3),
    "Other": ("Collector, until an owner is named", "The customer's claim in writing and the documents it rests on. Find the fitting code within a week: Other must stay the exception.", 5),
}  # fmt: skip
"""Reason -> who settles it, what it needs, within how many working days."""

YOURS = Column("yours", "Your wording", "wrap", width=46, entry=True, note="Blank: the text beside it holds. What you type wins over it and is carried over by every refresh.")  # fmt: skip


def sheet() -> Sheet:
    """Declare the sheet."""
    return Sheet(
        "Policies",
        "Texts to start from: copy one out of its cell, or type your own wording beside it. The figures and names in them come from Settings.",
        (
            Table(
                "tblEmails",
                (
                    Column("title", "Reminder", "wrap", width=20),
                    Column("use", "Use it", "wrap", width=26),
                    Column("text", "Text", "wrap", width=78),
                    YOURS,
                ),
                title="Reminders by e-mail",
                intro="Reminders are drafted from these texts, never sent; what is in square brackets is filled in for each customer.",
                key=("title",),
            ),
            Table(
                "tblPlaceholders",
                (
                    Column("placeholder", "In brackets", "wrap", width=20),
                    Column("example", "For example", "wrap", width=26),
                    Column("meaning", "Stands for", "wrap", width=78),
                ),
                title="What the square brackets stand for",
            ),
            Table(
                "tblPolicies",
                (
                    Column("title", "Policy", "wrap", width=20),
                    Column("use", "Use it", "wrap", width=26),
                    Column("text", "Text", "wrap", width=78),
                    YOURS,
                ),
                title="Clauses and procedures",
                intro="Starters, not legal advice: have them reviewed for the countries you sell to. Here, square brackets are yours to fill in.",
                key=("title",),
            ),
            Table(
                "tblDisputeCodes",
                (
                    Column("code", "Dispute code", "wrap", width=20),
                    Column("owner", "Who settles it, by when", "wrap", width=26),
                    Column("evidence", "What it needs", "wrap", width=78),
                    Column("yours", "Your rule", "wrap", width=46, entry=True),
                ),
                title="Reasons of a dispute",
                intro="Log every dispute under one of these codes with a day to look again; the part that is not disputed stays payable.",
                key=("code",),
            ),
        ),
        tab="help",
    )  # fmt: skip
