"""Which reminders are due: one a customer, at the latest stage, and why every other item is left out.

Every debit item that has reached a stage ends up either in a reminder or among those left out, with the reason;
an item without a due date is left out by name, for nobody else would miss it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.values import DEBIT_NOTE, NO_DATE
from xlwings_addin.month_end import people, policies, typed
from xlwings_addin.month_end.work.stages import Stage, ladder, stage_due
from xlwings_addin.sheets.collections import DISPUTE_CODES
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.sheets.policies import EMAILS, FIRM, LETTER, PLACEHOLDERS, SUBJECT, YOURS, Email

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlwings_addin.entries import Entries
    from xlwings_addin.month_end.typed import Activity, Customer, Worked
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

KIND, CHANNEL = "reminder", "e-mail"
NO_ADDRESS = "no e-mail address"

_STAGE = re.compile(r"\bstage\s+(?:due(?P<before>-\d+)?|\+(?P<after>\d+))", re.IGNORECASE)
_ENDED = re.compile(r"\s*(settled|resolved|closed|withdrawn|ended|broken|cancelled)\b", re.IGNORECASE)
"""How a line of Activity starts that ends a dispute or a payment plan: lines are added, never changed."""
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")
_SENDABLE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One open debit item; amounts in minor units of its currency."""

    key: tuple[str, ...]
    """As in `ITEM_KEY`."""
    customer_name: str
    document_date: int | None
    due: int | None
    currency: str
    amount: int
    days: int | None
    """Days past due; None without a due date."""
    stage: Stage | None
    covered: int = 0
    """What credits not yet applied pay of it, the oldest items first."""

    @property
    def entity(self) -> str:
        """The company that issued it."""
        return self.key[0]

    @property
    def customer(self) -> str:
        """The customer's number."""
        return self.key[1]

    @property
    def document(self) -> str:
        """The number of the invoice."""
        return self.key[3]

    @property
    def money(self) -> str:
        """What is open of it, with its currency."""
        return money(self.amount, self.currency)

    @property
    def name(self) -> str:
        """What it is called in a letter."""
        kind = "Debit note" if self.key[2] == DEBIT_NOTE else "Invoice"
        part = f", instalment {self.key[5]}" if self.key[5] else ""
        return _line(f"{kind} {self.document}{part}")


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
                "kind": KIND,
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
    history = _History(entries, settings, day)
    reached = [
        (item, history.reason(item, row))
        for row in listed
        if (item := _item(row, settings, day)).amount > 0 and (item.stage or item.due is None)
    ]
    skipped: list[tuple[Item, str]] = []
    wanted: dict[str, list[Item]] = defaultdict(list)
    for item, found in _less_credits(reached, listed, settings, day):
        reason = found or ("covered by credits not yet applied" if item.covered == item.amount else "")
        if reason:
            skipped.append((item, reason))
        else:
            wanted[item.customer].append(item)
    names = _customers(entries)
    writing = _Writing(settings, texts, day, sender)
    drafts = [
        writing.draft(names.get(number) or typed.Customer(number, items[0].customer_name or number), items)
        for number, items in sorted(wanted.items())
    ]
    return Reminders(day, tuple(drafts), tuple(sorted(skipped, key=lambda one: (one[0].customer, _age(one[0])))))


# ---- items


def _item(row: Mapping[str, Any], settings: Settings, day: int) -> Item:
    currency = typed.text(row["currency"]) or settings.base_currency
    due = _date(row["due_date"])
    days = None if due is None else day - due
    return Item(
        key=tuple(typed.text(row[name]) for name in ITEM_KEY),
        customer_name=typed.text(row["customer_name"]),
        document_date=_date(row["document_date"]),
        due=due,
        currency=currency,
        amount=round(row["open_at"] * 10 ** minor_digits(currency)),
        days=days,
        stage=stage_due(days, settings.reminder_days, settings.escalation_days),
    )


def _date(value: Any) -> int | None:
    found = typed.day(value)
    return None if found == NO_DATE else found


def _less_credits(
    reached: Sequence[tuple[Item, str]], listed: Iterable[Mapping[str, Any]], settings: Settings, day: int
) -> list[tuple[Item, str]]:
    """Return the items, oldest first, credits not yet applied set against the oldest, whatever is said of it.

    A disputed item takes its share too: most often the credit is the one it was waiting for.
    """
    pools: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in listed:
        if row["open_at"] < 0:
            credit = _item(row, settings, day)
            pools[credit.entity, credit.customer, credit.currency] -= credit.amount
    covered = []
    for item, reason in sorted(reached, key=lambda one: _age(one[0])):
        pool = (item.entity, item.customer, item.currency)
        taken = min(item.amount, pools[pool]) if item.due is not None else 0
        pools[pool] -= taken
        covered.append((replace(item, covered=taken), reason))
    return covered


def _age(item: Item) -> tuple[bool, int, int, tuple[str, ...]]:
    """Sort from old to young by due date; undated ones come last."""
    return item.due is None, item.due or 0, item.document_date or 0, item.key


# ---- why not


class _History:
    """What was said and agreed about items before: on the worklist, in Activity, in the ledger."""

    def __init__(self, entries: Entries, settings: Settings, day: int) -> None:
        self.settings, self.day = settings, day
        self.worked: dict[tuple[str, ...], Worked] = {
            key: typed.Worked.of(cells) for key, cells in entries.typed("tblWorklist").rows.items()
        }
        self.lines: dict[tuple[str, str], list[Activity]] = defaultdict(list)
        told = (typed.Activity.of(i, row) for i, row in enumerate(entries.rows("tblActivity")))
        for line in sorted(told, key=lambda one: (one.date or 0, one.row)):
            self.lines[line.customer, line.document].append(line)

    def reason(self, item: Item, row: Mapping[str, Any]) -> str:
        """Return why no reminder of the item is due; "" where one is."""
        if item.due is None:
            return "no due date"
        about = [
            line
            for line in [*self.lines[item.customer, item.document], *self.lines[item.customer, ""]]
            # Document numbers come back in another year: what was said before the document was, was of another.
            if line.date is None or item.document_date is None or line.date >= item.document_date
        ]
        worked = self.worked.get(item.key, typed.Worked())
        return (
            self._disputed(row, worked, about)
            or self._on_plan(about)
            or self._promised(item, row, worked, about)
            or self._reminded(item, about)
        )

    def _disputed(self, row: Mapping[str, Any], worked: Worked, about: Sequence[Activity]) -> str:
        code = worked.dispute_code or typed.text(row["dispute_code"])
        again = worked.dispute_revisit
        if not code and not typed.yes(row["disputed"]):
            line = _latest(about, "dispute")
            # A line that gives nothing but the code was copied from the worklist, which no longer says so.
            if line is None or (line.outcome in DISPUTE_CODES if line.for_date is None else line.for_date < self.day):
                return ""
            code, again = line.outcome, line.for_date
        return "disputed" + (f": {code}" if code else "") + (f", look again on {_shown(again)}" if again else "")

    def _on_plan(self, about: Sequence[Activity]) -> str:
        line = _latest(about, "payment plan")
        if line is None or (line.for_date is not None and not self._ahead(line.for_date)):
            return ""
        return "on a payment plan" + (f" until {_shown(line.for_date)}" if line.for_date else "")

    def _promised(self, item: Item, row: Mapping[str, Any], worked: Worked, about: Sequence[Activity]) -> str:
        promises = [(worked.promise_date, worked.promise_amount), (_date(row["promise_date"]), None)]
        promises += [(line.for_date, line.amount) for line in about if line.kind == "promise"]
        ahead = [(day, amount) for day, amount in promises if day is not None and self._ahead(day)]
        if not ahead:
            return ""
        day, amount = max(ahead, key=lambda promise: promise[0])
        return f"promised for {_shown(day)}" + (f": {amount:,.2f} {item.currency}".rstrip() if amount else "")

    def _reminded(self, item: Item, about: Sequence[Activity]) -> str:
        """Whether the stage was reached by an earlier reminder: the one it names, else the one of its day."""
        first = min(self.settings.reminder_days)
        for line in (line for line in reversed(about) if line.kind == KIND):
            named = _STAGE.search(line.outcome) if line.document else None
            if line.date is None and not named:
                continue
            age = None if line.date is None or item.due is None else line.date - item.due
            if age is not None and age < first:
                continue  # of an instalment before this one
            at = int(named["before"] or named["after"] or 0) if named else age
            if item.stage and at is not None and at >= item.stage.day:
                return f"reminded at stage {item.stage.word}" + (f" on {_shown(line.date)}" if line.date else "")
        return ""

    def _ahead(self, day: int) -> bool:
        return day + self.settings.promise_grace >= self.day


def _latest(about: Sequence[Activity], kind: str) -> Activity | None:
    """Return the last line of a kind, unless it says that the matter has ended."""
    lines = [line for line in about if line.kind == kind]
    last = max(lines, key=lambda line: (line.date or 0, line.row), default=None)
    return None if last is None or _ENDED.match(last.outcome) else last


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

    def draft(self, customer: Customer, items: Sequence[Item]) -> Draft:
        stage = max((item.stage for item in items if item.stage), key=lambda one: one.day)
        meant = policies.email_of(stage, ladder(self.settings.reminder_days, self.settings.escalation_days))
        email = FIRM if meant is LETTER and not customer.executive else meant
        subject, body = self._text(email)
        values = self._values(customer, items)
        to, note = _addresses(customer, email)
        return Draft(
            customer=customer,
            to=to,
            note="; ".join(filter(None, (note, "" if email is meant else "no executive to write to"))),
            stage=stage,
            email=email.title,
            subject=_line(policies.fill(subject, values)),
            body=policies.fill(body, values) + "\n",
            items=tuple(items),
        )

    def _text(self, email: Email) -> tuple[str, str]:
        subject, body = self.texts[email.title]
        if not self.settings.company and "company" in policies.placeholders(f"{subject}\n{body}"):
            raise LedgerError("Settings names no company, and the reminders are signed with it: type it there first.")
        return subject, body

    def _values(self, customer: Customer, items: Sequence[Item]) -> dict[str, str]:
        """Return what stands in the brackets of a text (`PLACEHOLDERS`)."""
        late = [item for item in items if (item.days or 0) > 0]
        coming = [item for item in items if (item.days or 0) <= 0]
        main = late or coming
        contact = _without_address(customer.contact_name) or "accounts payable team"
        values = {
            "contact": contact,
            "executive": _without_address(customer.executive) or contact,
            "customer": customer.name,
            "customer number": customer.id,
            "count": _count(main),
            "total": _total(main),
            "days": _days(max(item.days or 0 for item in main)),
            "date": _shown(self.day),
            "company": self.settings.company,
        }
        return {name: _line(value) for name, value in values.items()} | {
            "invoices": "\n\n".join(_section(part, headed=bool(late and coming)) for part in (late, coming) if part),
            "sender": _signature(self.sender, "Accounts receivable"),
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
    parts = [
        f"{item.name} of {_shown(item.document_date)}" if item.document_date is not None else item.name,
        f"due {_shown(item.due)}" if days else f"due today, {_shown(item.due)}",
        *([f"{_days(days)} past due"] if days > 0 else []),
    ]
    return f"{', '.join(parts)}: {item.money}"


def _count(items: Sequence[Item]) -> str:
    kind = "item" if any(item.key[2] == DEBIT_NOTE for item in items) else "invoice"
    return f"{len(items)} {kind}" if len(items) == 1 else f"{len(items)} {kind}s"


def _total(items: Sequence[Item]) -> str:
    totals: dict[str, int] = defaultdict(int)
    for item in items:
        totals[item.currency] += item.amount - item.covered
    return " and ".join(money(amount, currency) for currency, amount in totals.items())


def money(minor: int, currency: str) -> str:
    """Return an amount with its currency as a letter shows it.

    >>> money(150000, "EUR"), money(1500, "JPY")
    ('1,500.00 EUR', '1,500 JPY')
    """
    digits = minor_digits(currency)
    whole, part = divmod(abs(minor), 10**digits)
    cents = f".{part:0{digits}d}" if digits else ""
    return f"{'-' if minor < 0 else ''}{whole:,}{cents} {currency}".rstrip()


def _addresses(customer: Customer, email: Email) -> tuple[tuple[str, ...], str]:
    """Return whom the draft goes to, and what is wrong where it goes to nobody: a letter is for no other's eyes."""
    text, whose = (customer.executive, " beside the executive") if email is LETTER else (customer.contact_email, "")
    found = sendable(text)
    if found or not _ADDRESS.search(text):
        return found, "" if found else f"{NO_ADDRESS}{whose}"
    return (), f"the e-mail address cannot be used: {_line(text)}"


def sendable(text: str) -> tuple[str, ...]:
    """Return the addresses in a cell, several or with names beside them; none where one of them cannot be used."""
    found = []
    if text.count("@") > len(_ADDRESS.findall(text)):
        return ()
    for address in _ADDRESS.findall(text):
        local, _, domain = address.strip(".").rpartition("@")
        try:
            written = f"{local}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            return ()
        if not _SENDABLE.fullmatch(written):
            return ()
        found.append(written)
    return tuple(dict.fromkeys(found))


def _without_address(name: str) -> str:
    """Return a name typed together with an address as the name alone."""
    return _line(re.sub(r"[<>()]", " ", _ADDRESS.sub("", name))).strip(" ,;")


def _customers(entries: Entries) -> dict[str, Customer]:
    rows = {row["customer_id"]: row for row in entries.rows("tblCustomers")}
    return people.known(rows, entries)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _shown(day: int | None) -> str:
    return "" if day is None else f"{date.fromisoformat(iso(day)):%d %b %Y}"


def _line(text: str) -> str:
    """Return text on one line: a line break in a name must not end up in the head of an e-mail."""
    return _CONTROL.sub(" ", text).strip()
