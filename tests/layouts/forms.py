"""A true ledger as the table of a report: which columns it has, what is in them, what stands between its rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tests.layouts import truth as true
from tests.layouts.styles import NEGATIVES, PLAIN, Numbers, choose_dates, choose_numbers, says_its_order
from tests.layouts.truth import CREDIT_NOTE, INVOICE, PAYMENT, Customer, Document, Truth, Wanted, bucket, figures
from tests.layouts.words import HEADINGS, LANGUAGES, has, plain, spelling, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from tests.layouts.truth import Figures


@dataclass(frozen=True)
class Money:
    """An amount, in the smallest unit."""

    minor: int
    currency: str


Cell = str | int | float | date | Money | None


@dataclass
class Column:
    """A column: what it is to the ledger ("" for a decoy), its heading, its cells."""

    key: str
    heading: str
    cells: list[Cell]


@dataclass
class Sheet:
    """The rows of one sheet, heading and all that stands about the table included."""

    name: str
    rows: list[list[Cell]]
    header: int = 0


@dataclass
class Layout:
    """A file to be: its sheets, how it is written, what is known of it."""

    kind: str
    language: str
    truth: Truth
    expected: Figures
    provable: bool = True
    """Whether a careful controller could prove the reading from the file alone."""
    why_not: str = ""
    dates: str = "iso"
    numbers: Numbers = PLAIN
    columns: dict[str, str] = field(default_factory=dict)
    """Headings by key: what a mapping would say."""
    places: dict[str, int] = field(default_factory=dict)
    """Where those columns stand."""
    group: str = ""
    by_currency: bool = True
    """Whether the file names the currency without doubt; else the total alone is compared."""
    customers: str = "id"
    """What stands for a customer in the file: id, name, or only what they owe."""
    open_list: bool = True
    """A list of open items: sales, DSO and CEI must not be shown."""
    edges: tuple[int, ...] = true.EDGES
    day_named: bool = False
    sheets: list[Sheet] = field(default_factory=list)
    tabular: bool = True
    """One plain table, which JSON can hold."""

    def doubt(self, why: str) -> None:
        """Say why the file does not prove itself."""
        self.provable, self.why_not = False, self.why_not or why


@dataclass(frozen=True)
class Form:
    """What a kind of list shows of its documents."""

    figures: tuple[str, ...]
    dates: tuple[str, ...] = ("document_date", "due_date")
    needs: tuple[str, ...] = ()
    """Roles and words that the language must have."""
    wanted: Wanted = Wanted()  # noqa: RUF009 - frozen
    kinds: bool = False
    """A column of kinds is always there."""


OWED = Wanted(partial=True)
FORMS = {
    "amount": Form(("amount",)),
    "open": Form(("open_amount",), wanted=OWED),
    "amount, open": Form(("amount", "open_amount"), wanted=OWED),
    "amount, paid": Form(("amount", "paid_amount"), wanted=OWED),
    "amount, paid, open": Form(("amount", "paid_amount", "open_amount"), wanted=OWED),
    "amount, paid, credited": Form(
        ("amount", "paid_amount", "credited_amount"), wanted=Wanted(partial=True, credited=True)
    ),
    "status": Form(("amount", "status"), needs=("w_paid", "w_open", "w_void", "w_draft"), wanted=Wanted(settled=True)),
    "status, open": Form(
        ("amount", "open_amount", "status"),
        needs=("w_paid", "w_open", "w_void", "w_draft", "w_partial"),
        wanted=Wanted(settled=True, partial=True),
    ),
    "due date only": Form(("open_amount",), ("due_date",), wanted=OWED),
    "days overdue": Form(("open_amount", "days_overdue"), (), wanted=OWED),
    "terms": Form(("amount", "terms"), ("document_date",), needs=("w_days",)),
    "debit, credit": Form(("debit", "credit")),
    "credits positive": Form(
        ("amount", "open_amount"), needs=("kind", "w_invoice", "w_credit_note", "w_payment"), wanted=OWED, kinds=True
    ),
    "running balance": Form(("amount", "running_balance")),
    "balances by customer": Form((), (), needs=("customer_id",)),
    "statement, group before": Form(("amount",)),
    "statement, group after": Form(("open_amount",), wanted=OWED),
    "two-row heading": Form(("amount", "open_amount"), wanted=OWED),
    "no heading": Form(("open_amount",), wanted=OWED),
    "heading twice": Form(("amount", "open_amount"), wanted=OWED),
    "sheet per company": Form(("amount", "open_amount"), wanted=Wanted(partial=True, entities=("Nord", "Sued"))),
    "sheet per currency": Form(("open_amount",), wanted=Wanted(partial=True, currencies=True)),
    "several currencies": Form(("open_amount", "currency"), wanted=Wanted(partial=True, currencies=True)),
}
KINDS = tuple(FORMS)
DECOYS = (
    "x_tax", "x_phone", "x_postcode", "x_rate", "x_created", "x_posting", "x_order", "x_project", "x_email",
    "x_country", "x_discount", "x_line", "x_account", "x_ref", "x_journal", "x_text",
)  # fmt: skip
COUNTRIES = ("DE", "FR", "IT", "US", "GB", "PL", "SE")
BUCKETS = {
    "en": ("{a} - {b} Days", "{a}-{b} days", "{a} - {b}", "> {z} days", "{z1}+ Days", "Over {z} days"),
    "de": ("{a} - {b} Tage", "{a}-{b} Tage", "> {z} Tage", "{z1}+ Tage"),
    "fr": ("{a}-{b} jours", "{a} - {b} jours", "+{z} jours", "{z1}+ jours"),
    "es": ("{a} - {b} Días", "{a} - {b} Días", "+{z} Días"),
    "pt": ("{a} - {b} Dias", "{a} - {b} dias", "{z1} Dias +"),
    "it": ("{a} - {b} Giorni", "{a} - {b} Giorni", "Oltre {z} Giorni"),
    "nl": ("{a} - {b} Dagen", "{a} - {b} dagen", "{z1} dagen +"),
    "sv": ("{a} - {b} dagar", "{a} - {b} Dagar", "{z1} dagar +"),
    "pl": ("{a} - {b} dni", "{a} - {b} dni", "ponad {z} dni"),
    "zh": ("{a} - {b} 天", "{a}-{b}天", "{z} 天以上"),
}  # fmt: skip
"""Headings of age columns as Invoice Ninja (lang/*/texts.php age_group) and Odoo (OCA partner_statement) have them."""


def make_layout(rng: Random, kind: str) -> Layout:
    """Make a ledger that the kind of layout can hold, and lay it out."""
    form = FORMS[kind]
    language = _language(rng, form)
    wanted = replace(form.wanted, language=language)
    if kind in ("days overdue", "balances by customer"):
        wanted = replace(wanted, credits=False)
    elif not has("w_credit_note", language) or not has("w_payment", language):
        wanted = replace(wanted, credits=wanted.credits and not form.kinds)
    if "document_date" not in form.dates and kind != "balances by customer":
        wanted = replace(wanted, terms=(30,))
    truth = true.make(rng, wanted)
    if kind == "running balance":
        truth = replace(truth, documents=tuple(sorted(truth.documents, key=lambda one: (one.customer.id, one.day))))
    layout = Layout(kind, language, truth, figures(truth.documents, truth.as_of))
    layout.numbers = choose_numbers(
        rng, language, truth.currencies[0], sides=kind in ("amount", "open", "amount, open", "several currencies")
    )
    layout.dates = choose_dates(rng, language)
    layout.open_list = "open_amount" in form.figures and "status" not in form.figures
    if kind == "balances by customer":
        _balances(rng, layout)
    else:
        _documents(rng, layout, form)
    return layout


def _language(rng: Random, form: Form) -> str:
    figures = ("balance" if one == "running_balance" else one for one in form.figures)
    roles = ("document_no", "customer_name", *figures, *form.dates, *form.needs)
    able = [one for one in LANGUAGES if all(has(role, one) for role in roles)]
    return rng.choice(able)


class Sheets:
    """Headings of one file: each once, spelt alike."""

    def __init__(self, rng: Random, language: str) -> None:
        self.rng, self.language = rng, language
        self.spell: Callable[[str], str] = spelling(rng, language)
        self.taken: set[str] = set()

    def heading(self, role: str) -> str | None:
        """A heading of the role that no other column has; None where there is no more."""
        free = [text for text in HEADINGS.get((role, self.language), ()) if plain(text) not in self.taken]
        if not free:
            return None
        text = self.rng.choice(free)
        self.taken.add(plain(text))
        return self.spell(text)


def _documents(rng: Random, layout: Layout, form: Form) -> None:
    heads = Sheets(rng, layout.language)
    columns = _columns(rng, layout, form, heads)
    decoys = _decoys(rng, layout, heads)
    if rng.random() < 0.5:
        columns += decoys
        rng.shuffle(columns)
    else:
        for column in decoys:
            columns.insert(rng.randint(1, len(columns)), column)
    layout.columns = {column.key: column.heading for column in columns if column.key}
    layout.places = {column.key: place for place, column in enumerate(columns) if column.key}
    days = [cell for column in columns for cell in column.cells if isinstance(cell, date)]
    if not says_its_order(layout.dates, days):
        layout.doubt("day and month may be exchanged")
    if not layout.by_currency and any(true.digits(one) == 0 for one in layout.truth.currencies):
        layout.doubt("amounts without decimals in a currency that is not named")
    _arrange(rng, layout, columns)


def _columns(rng: Random, layout: Layout, form: Form, heads: Sheets) -> list[Column]:
    kind, documents, language = layout.kind, layout.truth.documents, layout.language
    columns: list[Column] = []

    def add(key: str, cells: list[Any], role: str = "") -> None:
        heading = heads.heading(role or key)
        if heading is None:
            raise LookupError(f"no heading is left for {role or key} in {language}")
        columns.append(Column(key, heading, cells))

    grouped = kind.startswith("statement")
    both = rng.random() < 0.6 and has("customer_id", language)
    if not grouped:
        if both or (rng.random() < 0.3 and has("customer_id", language)):
            add("customer_id", [one.customer.id for one in documents])
        if both or not columns:
            add("customer_name", [one.customer.name for one in documents])
            layout.customers = "id" if both else "name"
    else:
        layout.customers = "amounts"
    add("document_no", [one.number for one in documents])
    if form.kinds or (rng.random() < 0.3 and _knows_kinds(language)):
        words = {name: word(rng, f"w_{name}", language) for name in (INVOICE, CREDIT_NOTE, PAYMENT)}
        add("kind", [words[one.kind] for one in documents])
    if "document_date" in form.dates:
        add("document_date", [one.day for one in documents])
    if "due_date" in form.dates:
        add("due_date", [one.due for one in documents])
    for key in form.figures:
        if key != "currency":
            role = "amount_total" if key == "amount" and "open_amount" in form.figures and rng.random() < 0.2 else ""
            add(key, _figure(rng, layout, key), "balance" if key == "running_balance" else role)
    _currency(rng, layout, form, columns, add)
    if layout.truth.documents[0].entity and kind != "sheet per company":
        add("entity", [one.entity for one in documents])
    return columns


def _knows_kinds(language: str) -> bool:
    return all(has(role, language) for role in ("kind", "w_invoice", "w_credit_note", "w_payment"))


def _figure(rng: Random, layout: Layout, key: str) -> list[Cell]:
    documents, language, positive = layout.truth.documents, layout.language, layout.kind == "credits positive"

    def money(minor: int, one: Document) -> Money:
        return Money(abs(minor) if positive else minor, one.currency)

    match key:
        case "amount":
            return [money(one.amount, one) for one in documents]
        case "open_amount":
            # What was never posted keeps its balance in some systems; the status tells.
            return [money(one.amount if one.status == true.DRAFT else one.open, one) for one in documents]
        case "paid_amount":
            return [money(one.paid, one) for one in documents]
        case "credited_amount":
            return [money(one.credited, one) for one in documents]
        case "debit":
            return [money(one.amount, one) if one.amount > 0 else None for one in documents]
        case "credit":
            return [money(-one.amount, one) if one.amount < 0 else None for one in documents]
        case "running_balance":
            return _running(documents)
        case "status":
            words = {name: word(rng, f"w_{name}", language) for name in (true.OPEN, true.PAID, true.VOID, true.DRAFT)}
            if has("w_partial", language):
                words[true.PARTIAL] = word(rng, "w_partial", language)
            return [words[one.status] for one in documents]
        case "days_overdue":
            none = rng.choice((0, None, "early"))
            late = [(layout.truth.as_of - one.due).days for one in documents]
            return [days if days > 0 or none == "early" else none for days in late]
        case "terms":
            pattern = rng.choice(
                {"en": ("Net {}", "{} days", "NET{}"), "de": ("{} Tage netto", "{} Tage")}.get(
                    language, (f"{{}} {word(rng, 'w_days', language).lower()}",)
                )
            )
            return [pattern.format(one.terms) for one in documents]
    raise LookupError(key)


def _running(documents: tuple[Document, ...]) -> list[Cell]:
    sums: dict[Customer, int] = {}
    cells: list[Cell] = []
    for one in documents:
        sums[one.customer] = sums.get(one.customer, 0) + one.amount
        cells.append(Money(sums[one.customer], one.currency))
    return cells


SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "INR": "₹", "JPY": "¥", "KRW": "₩", "TRY": "₺", "PLN": "zł", "BRL": "R$"}
SHARED = {"$", "¥"}
SPELT = {"EUR": "Euro", "USD": "US Dollar", "GBP": "British Pound", "CHF": "Swiss Franc", "JPY": "Japanese Yen"}


def _currency(
    rng: Random, layout: Layout, form: Form, columns: list[Column], add: Callable[[str, list[Any]], None]
) -> None:
    documents, monies = layout.truth.documents, layout.truth.currencies
    only = monies[0]
    if "currency" in form.figures or rng.random() < 0.4:
        spelt = SPELT if rng.random() < 0.15 and all(one in SPELT for one in monies) else {}
        return add("currency", [spelt.get(one.currency, one.currency) for one in documents])
    if len(monies) > 1:
        return None  # the sheets tell
    chance = rng.random()
    sums = [column for column in columns if any(isinstance(cell, Money) for cell in column.cells)]
    if chance < 0.2:
        for column in sums:
            column.heading += rng.choice((" ({})", " {}", " [{}]")).format(only)
    elif chance < 0.4 and only in SIGNS:
        frame = rng.choice(("{s} {{}}", "{s}{{}}", "{{}} {s}")).format(s=SIGNS[only])
        layout.numbers = replace(layout.numbers, frame=frame, negative=rng.choice(NEGATIVES[:7]), positive="{}")
        layout.by_currency = SIGNS[only] not in SHARED
        if not layout.by_currency:
            layout.doubt("a currency sign of several currencies")
    else:
        layout.by_currency = False
    return None


def _decoys(rng: Random, layout: Layout, heads: Sheets) -> list[Column]:
    found = []
    for role in rng.sample(DECOYS, rng.choice((0, 1, 2, 3, 5, 7))):
        if role == "x_tax" and not ({"status", "paid"} & set(layout.kind.split())):
            found += _tax(rng, layout, heads)
            continue
        heading = heads.heading(role)
        if heading is not None:
            found.append(
                Column("", heading, [_decoy(rng, role, at, layout) for at in range(len(layout.truth.documents))])
            )
    return found


def _tax(rng: Random, layout: Layout, heads: Sheets) -> list[Column]:
    tax, net = heads.heading("x_tax"), heads.heading("x_net")
    if tax is None or net is None or layout.kind == "credits positive" or layout.numbers.positive != "{}":
        return []
    rate = rng.choice((7, 19, 20, 21, 25))
    taxes = [round(one.amount * rate / (100 + rate)) for one in layout.truth.documents]
    monies = [one.currency for one in layout.truth.documents]
    nets = [one.amount - part for one, part in zip(layout.truth.documents, taxes, strict=True)]
    return [
        Column("", tax, [Money(part, money) for part, money in zip(taxes, monies, strict=True)]),
        Column("", net, [Money(part, money) for part, money in zip(nets, monies, strict=True)]),
    ]


def _decoy(rng: Random, role: str, at: int, layout: Layout) -> Cell:
    one = layout.truth.documents[at]
    match role:
        case "x_phone":
            return f"+49 {rng.randint(30, 999)} {rng.randint(10_000, 9_999_999)}"
        case "x_postcode":
            return str(rng.randint(10_000, 99_999))
        case "x_rate":
            return round(rng.uniform(0.8, 1.3), 4)
        case "x_created":
            return one.day - timedelta(days=rng.randint(0, 3))
        case "x_posting":
            return one.day + timedelta(days=rng.randint(0, 2))
        case "x_order":
            return str(4_500_000_000 + rng.randint(1, 9_999_999))
        case "x_project":
            return f"J{rng.randint(100, 999)}"
        case "x_email":
            return f"ap{at}@example.com"
        case "x_country":
            return rng.choice(COUNTRIES)
        case "x_discount":
            return rng.choice((0, 2, 3))
        case "x_line":
            return 1
        case "x_account":
            return "1200"
        case "x_journal":
            return "SAL"
    return f"text {at}"


# ---------------------------------------------------------------- what stands about the table


def _arrange(rng: Random, layout: Layout, columns: list[Column]) -> None:
    documents = layout.truth.documents
    if layout.kind == "sheet per company":
        layout.sheets = [
            _sheet(rng, layout, columns, [at for at, one in enumerate(documents) if one.entity == name], name)
            for name in dict.fromkeys(one.entity for one in documents)
        ]
    elif layout.kind == "sheet per currency":
        if not any(column.key == "currency" for column in columns):
            layout.doubt("only the names of the sheets tell their currencies")
        layout.sheets = [
            _sheet(rng, layout, columns, [at for at, one in enumerate(documents) if one.currency == name], name)
            for name in layout.truth.currencies
        ]
    else:
        layout.sheets = [_sheet(rng, layout, columns, list(range(len(documents))), "Sheet1")]


def _sheet(rng: Random, layout: Layout, columns: list[Column], rows: list[int], name: str) -> Sheet:
    heading = [[column.heading for column in columns]]
    if layout.kind == "two-row heading":
        heading = _in_two(heading[0])
        if sum(map(bool, heading[0])) < 2:
            raise LookupError("hardly a heading of two words")
    elif layout.kind == "no heading":
        heading = []
        layout.doubt("no heading")
        layout.tabular = False
    elif layout.kind == "heading twice":
        twice = next(column for column in columns if column.key == "document_date")
        columns = [*columns, Column("", twice.heading, list(twice.cells))]
        heading = [[column.heading for column in columns]]
    if len(heading) != 1 or layout.kind == "heading twice" or layout.kind.startswith(("sheet", "statement")):
        layout.tabular = False
    above = _above(rng, layout) if layout.tabular and rng.random() < (0.7 if _needs_day(layout) else 0.35) else []
    if _needs_day(layout) and not layout.day_named:
        layout.doubt("the day is in no cell")
    body = _body(rng, layout, columns, rows)
    if above or len(body) != len(rows):
        layout.tabular = False
    return Sheet(name, [*above, *heading, *body], len(above))


def _in_two(heading: list[str]) -> list[list[str]]:
    """Break headings of several words over two rows; of those alike, one is left above."""
    first, second = [], []
    for text in heading:
        head, _, tail = text.strip().rpartition(" ")
        first.append(head)
        second.append(tail)
    return [first, second]


def _needs_day(layout: Layout) -> bool:
    return layout.kind in ("days overdue", "balances by customer")


def _above(rng: Random, layout: Layout) -> list[list[Cell]]:
    """Company, title, and the day it shows."""
    rows: list[list[Cell]] = [[layout.truth.company], [rng.choice(("Open items", "Accounts receivable", "Debitoren"))]]
    if rng.random() < 0.6 or _needs_day(layout):
        layout.day_named = True
        language = layout.language if has("w_as_of", layout.language) else "en"
        said = word(rng, "w_as_of", language)
        rows.append(
            [f"{said}: {layout.truth.as_of.isoformat()}"] if rng.random() < 0.5 else [f"{said}:", layout.truth.as_of]
        )
    if rng.random() < 0.7:
        rows.append([])
    return rows


def _body(rng: Random, layout: Layout, columns: list[Column], rows: list[int]) -> list[list[Cell]]:
    if layout.kind.startswith("statement"):
        return _statement(rng, layout, columns, rows)
    body = [[column.cells[at] for column in columns] for at in rows]
    if layout.kind == "no heading" or len(layout.truth.currencies) > 1 or layout.kind.startswith("sheet"):
        return body
    chance = rng.random()
    if chance < 0.3:
        body.append(_total(rng, layout, columns, rows, labelled=chance < 0.24))
    elif chance < 0.4 and len(body) > 8:
        middle = len(body) // 2
        again = [column.heading for column in columns]
        body[middle:middle] = [[], again] if layout.kind != "two-row heading" else [[]]
    return body


def _total(rng: Random, layout: Layout, columns: list[Column], rows: list[int], *, labelled: bool) -> list[Cell]:
    cells: list[Cell] = []
    for column in columns:
        sums = [cell for at in rows if isinstance(cell := column.cells[at], Money)]
        summed = sums and column.key != "balance"
        cells.append(Money(sum(one.minor for one in sums), sums[0].currency) if summed else None)
    if labelled:
        free = [at for at, cell in enumerate(cells) if cell is None]
        cells[free[0]] = word(rng, "w_total", layout.language)
    return cells


def _statement(rng: Random, layout: Layout, columns: list[Column], rows: list[int]) -> list[list[Cell]]:
    documents = layout.truth.documents
    ordered = sorted(rows, key=lambda at: documents[at].customer.id)
    said = rng.choice(("{id} {name}", "{id} - {name}", "{name}", "{id}"))
    layout.group = "customer"
    body: list[list[Cell]] = []
    subtotals = rng.random() < 0.6
    for customer, places in groupby(ordered, key=lambda at: documents[at].customer):
        inside = list(places)
        label = said.format(id=customer.id, name=customer.name)
        total = _total(rng, layout, columns, inside, labelled=False)
        items = [[column.cells[at] for column in columns] for at in inside]
        if layout.kind == "statement, group before":
            body += [[label], *items]
            if subtotals:
                total[next(at for at, cell in enumerate(total) if cell is None)] = word(rng, "w_total", layout.language)
                body.append(total)
        else:
            total[next(at for at, cell in enumerate(total) if cell is None)] = label
            body += [*items, total]
    if rng.random() < 0.5:
        body.append(_total(rng, layout, columns, ordered, labelled=True))
    return body


# ---------------------------------------------------------------- balances by customer


def _balances(rng: Random, layout: Layout) -> None:
    """Customers by age: a column for each span of days, and the balance."""
    if layout.language not in BUCKETS or not has("w_current", layout.language):
        layout.language = "en"
    language, documents, only = layout.language, layout.truth.documents, layout.truth.currencies[0]
    layout.edges = rng.choice((true.EDGES, true.EDGES, (15, 30, 60), (30, 60, 90, 120), (45, 90)))
    heads = Sheets(rng, language)
    if layout.edges != true.EDGES or rng.random() < 0.7:
        heads.spell = str
    layout.expected = figures(documents, layout.truth.as_of, layout.edges)
    layout.expected.documents = None
    customers = sorted({one.customer for one in documents}, key=lambda one: one.id)
    spans = [str(heads.spell(word(rng, "w_current", language))), *_spans(rng, language, layout.edges)]
    labels = ["Current", *_labels(layout.edges)]
    sums = {(one, label): 0 for one in customers for label in labels}
    for one in documents:
        sums[one.customer, bucket(one, layout.truth.as_of, layout.edges)] += one.open
    columns = [Column("customer_id", str(heads.heading("customer_id")), [one.id for one in customers])]
    columns.append(Column("customer_name", str(heads.heading("customer_name")), [one.name for one in customers]))
    for heading, label in zip(spans, labels, strict=True):
        columns.append(Column("", heading, [Money(sums[one, label], only) for one in customers]))
    total = str(heads.spell(word(rng, "w_total", language)))
    columns.append(Column("", total, [Money(sum(sums[one, label] for label in labels), only) for one in customers]))
    layout.by_currency = False
    if true.digits(only) == 0:
        layout.doubt("amounts without decimals in a currency that is not named")
    rows = list(range(len(customers)))
    body = [[column.cells[at] for column in columns] for at in rows]
    above = _above(rng, layout) if rng.random() < 0.6 else []
    if not layout.day_named:
        layout.doubt("the day is in no cell")
    if rng.random() < 0.7:
        body.append(_total(rng, layout, columns, rows, labelled=True))
    layout.tabular = False
    layout.places = {"customer_id": 0, "balance": len(columns) - 1}
    layout.sheets = [Sheet("Sheet1", [*above, [column.heading for column in columns], *body], len(above))]


def _labels(edges: tuple[int, ...]) -> Iterator[str]:
    low = 1
    for edge in edges:
        yield f"{low}-{edge}"
        low = edge + 1
    yield f"{edges[-1]}+"


def _spans(rng: Random, language: str, edges: tuple[int, ...]) -> list[str]:
    ranges = [one for one in BUCKETS[language] if "{a}" in one]
    tails = [one for one in BUCKETS[language] if "{a}" not in one]
    pattern, tail = rng.choice(ranges), rng.choice(tails)
    lows = [1, *(edge + 1 for edge in edges[:-1])]
    spans = [pattern.format(a=low, b=edge) for low, edge in zip(lows, edges, strict=True)]
    return [*spans, tail.format(z=edges[-1], z1=edges[-1] + 1)]
