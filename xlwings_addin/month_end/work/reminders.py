"""Which reminders are due: one a customer, at the latest stage, and why every other item is left out.

Every debit item that has reached a stage ends up either in a reminder or among those left out, with the reason;
an item without a due date is left out by name, for nobody else would miss it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.exchange import rate_at
from xlwings_addin.ledger.money import minor_digits, written
from xlwings_addin.ledger.netting import ToPay, proposals, to_pay
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import people, policies, typed
from xlwings_addin.month_end.work import dunning
from xlwings_addin.month_end.work.addresses import ADDRESS, sendable
from xlwings_addin.month_end.work.answers import REMINDER, Answers, shown
from xlwings_addin.month_end.work.contacts import TALKS
from xlwings_addin.month_end.work.owed import Item
from xlwings_addin.month_end.work.stages import Stage, ladder, stage_of
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.sheets.policies import EMAILS, FIRM, LETTER, PLACEHOLDERS, SUBJECT, YOURS, Email

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.entries import Entries
    from xlwings_addin.month_end.typed import Customer
    from xlwings_addin.settings import Settings

READ: Final = (
    *ITEM_KEY,
    "customer_name",
    "document_date",
    "due_date",
    "currency",
    "open_at",
    "disputed",
    "dispute_code",
    "promise_date",
)
"""The columns of tblItems that reminders are made of."""

CHANNEL = "e-mail"
NO_ADDRESS = "no e-mail address"

_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A reminder to one customer, ready to be looked over and sent by somebody."""

    customer: Customer
    to: tuple[str, ...]
    """Addresses; none where none can be used."""
    note: str
    """Whose address is missing or cannot be used, if so."""
    stage: Stage
    """The latest that any of its items has reached."""
    email: str
    """Title of the text on Policies."""
    subject: str
    body: str
    items: tuple[Item, ...]

    @property
    def total(self) -> str:
        """What is to be paid for all its items, by currency."""
        return _total(self.items)


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is due on a day: drafts, and items left out with the reason."""

    day: int
    drafts: tuple[Draft, ...]
    skipped: tuple[tuple[Item, str], ...]

    @property
    def reached(self) -> int:
        """How many items there are to speak of, drafted or left out."""
        return sum(len(draft.items) for draft in self.drafts) + len(self.skipped)

    def activity(self, who: str = "") -> list[dict[str, Any]]:
        """Return the lines of tblActivity that say these reminders were sent: one a document."""
        lines = {
            (draft.customer.id, item.document, item.stage.word): who or draft.customer.owner
            for draft in self.drafts
            for item in draft.items
            if item.stage
        }
        return [
            {
                "date": self.day,
                "who": by,
                "customer_id": customer,
                "document_no": document,
                "kind": REMINDER,
                "channel": CHANNEL,
                "outcome": f"stage {stage}",
                "for_date": None,
                "amount": None,
            }
            for (customer, document, stage), by in lines.items()
        ]


def is_open(row: Mapping[str, Any]) -> bool:
    """Whether a row of tblItems has anything open, owed or to be credited."""
    return bool(typed.amount(row["open_at"]))


def due(
    rows: Iterable[Mapping[str, Any]], settings: Settings, entries: Entries, day: int, sender: str = ""
) -> Reminders:
    """Return the reminders due on `day` (days since 1970).

    `rows` are those of tblItems with the columns `READ`; who wrote, promised, disputed and agreed what comes from
    `entries`. `sender` signs the friendly ones. Raises `LedgerError` where the workbook has no figures yet or only
    later ones, where a text on Policies cannot be filled in, and where no company is named to sign with.
    """
    if entries.as_of is None:
        raise LedgerError("The workbook holds no month yet: load a ledger into it first.")
    if day < entries.as_of:
        raise LedgerError(
            f"The workbook shows what is open as of {iso(entries.as_of)}; it cannot say what was due on {iso(day)}:"
            " choose that day or a later one, or the workbook of the month before."
        )
    texts = _texts(entries)
    listed = [row for row in rows if is_open(row)]
    activities = tuple(typed.Activity.of(i, row) for i, row in enumerate(entries.rows("tblActivity")))
    worked = {key: typed.Worked.of(cells) for key, cells in entries.typed("tblWorklist").rows.items()}
    answers = Answers(activities, worked, settings, day)
    items, receivables = _items(listed, settings, day, entries.as_of)
    least = dunning.minimums(settings, receivables)
    found = dunning.standings(items, answers, settings, least)
    names, stages = _customers(entries), ladder(settings.reminder_days, settings.escalation_days)
    writing = _Writing(settings, texts, day, sender, answers)
    drafts: list[Draft] = []
    skipped: list[tuple[Item, str]] = []
    wanted: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        stage, state, reason = found[item.customer].outcomes[item.place]
        if state == "due":
            wanted[item.customer].append(replace(item, stage=stage))
        elif state and (item.due is None or stage_of(item.days, stages)):
            skipped.append((replace(item, stage=stage), reason))
    for number, own in sorted(wanted.items()):
        customer = names.get(number) or typed.Customer(number, own[0].customer_name or number)
        drafts.append(writing.draft(customer, own, worth_a_letter=found[number].letter))
    return Reminders(day, tuple(drafts), tuple(sorted(skipped, key=lambda one: (one[0].customer, _age(one[0])))))


# ---- items


def _items(rows: Sequence[Mapping[str, Any]], settings: Settings, day: int, as_of: int) -> tuple[list[Item], float]:
    """Return the open debit items, and the receivables in the base currency, what has no rate left out."""
    currencies = [typed.text(row["currency"]) or settings.base_currency for row in rows]
    rates = {name: rate_at(settings, name, settings.base_currency or name, as_of) for name in set(currencies)}
    digits = [minor_digits(name) for name in currencies]
    amounts = [round(row["open_at"] * 10**places) for row, places in zip(rows, digits, strict=True)]
    dates = [_date(row["due_date"]) for row in rows]
    left, proposed = _to_pay(rows, currencies, dates, amounts, day)
    items, receivables = [], 0.0
    for place, (row, currency, amount, due, unpaid) in enumerate(
        zip(rows, currencies, amounts, dates, left.tolist(), strict=True)
    ):
        rate = rates[currency]
        receivables += 0.0 if rate is None else amount / 10 ** digits[place] * rate
        if amount > 0:
            items.append(
                Item(
                    place=place,
                    key=tuple(typed.text(row[name]) for name in ITEM_KEY),
                    customer_name=typed.text(row["customer_name"]),
                    document_date=_date(row["document_date"]),
                    due=due,
                    currency=currency,
                    amount=amount,
                    days=None if due is None else day - due,
                    covered=amount - unpaid,
                    proposed=bool(proposed[place]),
                    worth=dunning.worth(unpaid, digits[place], rate),
                    disputed=bool(typed.yes(row["disputed"])),
                    dispute_code=typed.text(row["dispute_code"]),
                    promise_date=_date(row["promise_date"]),
                )
            )
    return items, receivables


def _to_pay(
    rows: Sequence[Mapping[str, Any]],
    currencies: Sequence[str],
    dates: Sequence[int | None],
    amounts: Sequence[int],
    day: int,
) -> ToPay:
    """Return what credits leave of each row: those of a customer with one entity in one currency."""
    numbers: dict[tuple[str, ...], int] = {}
    pools = [
        (typed.text(row["entity"]), typed.text(row["customer_id"]), currency)
        for row, currency in zip(rows, currencies, strict=True)
    ]
    account = np.array([numbers.setdefault(pool, len(numbers)) for pool in pools], np.int64)
    due = np.array([NO_DATE if day is None else day for day in dates], np.int32)
    balance = np.array(amounts, np.int64)
    return to_pay(proposals(account, due, balance), account, due, balance, due < day)


def _date(value: Any) -> int | None:
    found = typed.day(value)
    return None if found == NO_DATE else found


def _age(item: Item) -> tuple[bool, int, int, tuple[str, ...]]:
    """Sort from old to young by due date; undated ones come last."""
    return item.due is None, item.due or 0, item.document_date or 0, item.key


# ---- texts


def _texts(entries: Entries) -> dict[str, tuple[str, str]]:
    """Return subject and body of every reminder by its title: the clerk's wording where there is one."""
    rows = entries.typed("tblEmails").rows
    found = {}
    for email in EMAILS:
        text = str(rows.get((email.title,), {}).get(YOURS.heading) or "").replace("\r\n", "\n").replace("\r", "\n")
        subject, body = _parts(text.strip(), email)
        for name in policies.placeholders(f"{subject}\n{body}"):
            if name not in PLACEHOLDERS:
                raise LedgerError(
                    f"Policies, {email.title}: your wording holds [{name}], which stands for nothing;"
                    f" use one of {', '.join(f'[{known}]' for known in PLACEHOLDERS)}."
                )
        if "invoices" not in policies.placeholders(body):
            raise LedgerError(
                f"Policies, {email.title}: your wording lacks [invoices], the list of what is to be paid."
            )
        found[email.title] = (subject, body)
    return found


def _parts(text: str, email: Email) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if not first.lower().startswith(SUBJECT.lower()):
        return email.subject, text or email.body
    return first[len(SUBJECT) :].strip() or email.subject, rest.strip() or email.body


@dataclass(frozen=True, slots=True)
class _Writing:
    """Drafts of one day."""

    settings: Settings
    texts: Mapping[str, tuple[str, str]]
    day: int
    sender: str
    answers: Answers

    def draft(self, customer: Customer, items: Sequence[Item], *, worth_a_letter: bool) -> Draft:
        stage = max((item.stage for item in items if item.stage), key=lambda one: one.day)
        meant = policies.email_of(stage, ladder(self.settings.reminder_days, self.settings.escalation_days))
        instead = self._no_letter(customer, items, worth=worth_a_letter) if meant is LETTER else ""
        email = FIRM if instead else meant
        subject, body = self._text(email)
        values = self._values(customer, items, stage)
        to, note = _addresses(customer, email)
        return Draft(
            customer=customer,
            to=to,
            note="; ".join(filter(None, (note, instead))),
            stage=stage,
            email=email.title,
            subject=_line(policies.fill(subject, values)),
            body=policies.fill(body, values) + "\n",
            items=tuple(items),
        )

    def _no_letter(self, customer: Customer, items: Sequence[Item], *, worth: bool) -> str:
        """Return why an executive is not written to yet: that is the last rung, and says that the others were tried."""
        if not worth:
            return "not enough for a letter to an executive"
        if not sendable(customer.executive):
            return "no executive to write to" if not customer.executive else f"{NO_ADDRESS} beside the executive"
        tried = {
            "reminder": any(self.answers.has(item, REMINDER, "mail") for item in items),
            "call": any(self.answers.has(item, *TALKS) for item in items),
        }
        missing = [step for step, done in tried.items() if not done]
        return f"before a letter to the executive: {' and '.join(missing)}, logged in Activity" if missing else ""

    def _text(self, email: Email) -> tuple[str, str]:
        subject, body = self.texts[email.title]
        if not self.settings.company and "company" in policies.placeholders(f"{subject}\n{body}"):
            raise LedgerError("Settings names no company, and the reminders are signed with it: type it there first.")
        return subject, body

    def _values(self, customer: Customer, items: Sequence[Item], stage: Stage) -> dict[str, str]:
        """Return what is in the brackets of a text (`PLACEHOLDERS`).

        Before and on the due date a reminder is about all it lists, and so is its subject; later about what is late.
        """
        late = [item for item in items if (item.days or 0) > 0]
        coming = [item for item in items if (item.days or 0) <= 0]
        main = late if stage.day > 0 else items
        contact = _without_address(customer.contact_name) or "accounts payable team"
        values = {
            "contact": contact,
            "executive": _without_address(customer.executive) or contact,
            "customer": customer.name,
            "customer number": customer.id,
            "count": _count(main),
            "total": _total(main),
            "days": _days(max(item.days or 0 for item in main)),
            "date": shown(self.day),
            "company": self.settings.company,
        }
        return {name: _line(value) for name, value in values.items()} | {
            "invoices": "\n\n".join(_section(part, headed=bool(late and coming)) for part in (late, coming) if part),
            "sender": _signature(self.sender or customer.owner, "Accounts receivable"),
            "head of finance": _signature(self.settings.head_of_finance, "Head of finance"),
        }


def _signature(name: str, role: str) -> str:
    return "\n".join(filter(None, (_line(name), role)))


def _section(items: Sequence[Item], *, headed: bool) -> str:
    """Return one line an invoice and the totals beneath them, one by one currency."""
    late = (items[0].days or 0) > 0
    lines = [("Past due:" if late else "Falling due:")] if headed else []
    lines += [f"- {_invoice(item)}" for item in items]
    totals = []
    for currency in dict.fromkeys(item.currency for item in items):
        mine = [item for item in items if item.currency == currency]
        amount, covered = sum(item.amount for item in mine), sum(item.covered for item in mine)
        if covered:
            totals.append(f"Total open: {money(amount, currency)}")
            totals.append(f"Less credits on your account, not yet applied: {money(covered, currency)}")
            totals.append(f"To be paid: {money(amount - covered, currency)}")
        else:
            totals.append(f"Total: {money(amount, currency)}")
    return "\n".join([*lines, "", *totals])


def _invoice(item: Item) -> str:
    days = item.days or 0
    part = f", instalment {item.instalment}" if item.instalment else ""
    name = _line(f"{'Debit note' if item.is_debit_note else 'Invoice'} {item.document}{part}")
    parts = [
        f"{name} of {shown(item.document_date)}" if item.document_date is not None else name,
        f"due {shown(item.due)}" if days else f"due today, {shown(item.due)}",
        *([f"{_days(days)} past due"] if days > 0 else []),
    ]
    return f"{', '.join(parts)}: {money(item.amount, item.currency)}"


def _count(items: Sequence[Item]) -> str:
    kind = "item" if any(item.is_debit_note for item in items) else "invoice"
    return f"{len(items)} {kind}" if len(items) == 1 else f"{len(items)} {kind}s"


def _total(items: Sequence[Item]) -> str:
    totals: dict[str, int] = defaultdict(int)
    for item in items:
        totals[item.currency] += item.left
    return " and ".join(money(amount, currency) for currency, amount in totals.items())


def money(minor: int, currency: str) -> str:
    """Return an amount with its currency as a letter shows it."""
    return written(minor, minor_digits(currency), currency)


def _addresses(customer: Customer, email: Email) -> tuple[tuple[str, ...], str]:
    """Return whom the draft goes to, and what is wrong where it goes to nobody: a letter is for no other's eyes."""
    text, whose = (customer.executive, " beside the executive") if email is LETTER else (customer.contact_email, "")
    found = sendable(text)
    if found or not ADDRESS.search(text):
        return found, "" if found else f"{NO_ADDRESS}{whose}"
    return (), f"the e-mail address cannot be used: {_line(text)}"


def _without_address(name: str) -> str:
    """Return a name typed together with an address as the name alone."""
    return _line(re.sub(r"[<>()]", " ", ADDRESS.sub("", name))).strip(" ,;")


def _customers(entries: Entries) -> dict[str, Customer]:
    rows = {row["customer_id"]: row for row in entries.rows("tblCustomers")}
    return people.known(rows, entries)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _line(text: str) -> str:
    """Return text on one line: a line break in a name must not end up in the head of an e-mail."""
    return _CONTROL.sub(" ", text).strip()
