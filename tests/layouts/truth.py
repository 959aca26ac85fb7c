"""A ledger made at random, and the figures it must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

INVOICE, CREDIT_NOTE, PAYMENT = "invoice", "credit_note", "payment"
OPEN, PARTIAL, PAID, VOID, DRAFT = "open", "partial", "paid", "void", "draft"
LEFT_OUT = (VOID, DRAFT)
EDGES = (30, 60, 90)
NAMES = (
    "Alpenhof", "Borealis", "Cascade", "Delmonte", "Estrella", "Fjordkraft", "Granit", "Havelland", "Iberica",
    "Juniper", "Kestrel", "Lagune", "Meridian", "Nordwind", "Oakfield", "Polaris", "Quarzwerk", "Riviera", "Solano",
    "Tamarind", "Umbria", "Vistula", "Westmark", "Xenia", "Yarrow", "Zephyr",
)  # fmt: skip
FORMS = ("Ltd", "GmbH", "S.A.", "AB", "Sp. z o.o.", "BV", "& Sons", "Trading")
NATIVE = {
    "ru": ("ООО Ромашка", "АО Вектор", "ООО Северный путь", "ИП Соколов"),
    "ja": ("株式会社青空", "山川商事", "東海物流株式会社", "北斗工業"),
    "zh": ("上海远东贸易", "北京新华科技", "广州恒通实业", "成都锦绣"),
    "ko": ("주식회사 한빛", "서울상사", "대한물산", "푸른기업"),
    "ar": ("شركة النور", "مؤسسة الخليج", "شركة الأمل التجارية", "دار السلام"),
    "cs": ("Dvořák a syn s.r.o.", "Říčany Žula a.s.", "Český sklad", "Šumava"),
    "pl": ("Źródło Sp. z o.o.", "Łódź Metal", "Żubr S.A.", "Świt"),
    "tr": ("Güneş Ltd. Şti.", "Işık Ticaret", "Çağdaş A.Ş.", "Öztürk"),
}
CURRENCIES = {
    "en": ("USD", "GBP", "EUR", "INR"), "de": ("EUR", "CHF"), "fr": ("EUR", "CHF"), "es": ("EUR", "MXN"),
    "pt": ("BRL", "EUR"), "it": ("EUR",), "nl": ("EUR",), "sv": ("SEK",), "no": ("NOK",), "da": ("DKK",),
    "pl": ("PLN",), "cs": ("CZK",), "tr": ("TRY",), "ru": ("RUB",), "ar": ("SAR", "AED"), "zh": ("CNY",),
    "ja": ("JPY",), "ko": ("KRW",),
}  # fmt: skip
NO_CENTS = {"JPY", "KRW"}


@dataclass(frozen=True)
class Customer:
    """Whose documents they are."""

    id: str
    name: str


@dataclass(frozen=True)
class Document:
    """One document: amounts in the smallest unit of its currency, signed, so that open is what it adds to the total."""

    customer: Customer
    number: str
    kind: str
    day: date
    terms: int
    currency: str
    amount: int
    paid: int = 0
    credited: int = 0
    status: str = OPEN
    entity: str = ""

    @property
    def due(self) -> date:
        """When it must be paid."""
        return self.day + timedelta(days=self.terms)

    @property
    def open(self) -> int:
        """What of it is still owed; nothing of what was never posted."""
        return 0 if self.status in LEFT_OUT else self.amount - self.paid - self.credited


@dataclass(frozen=True)
class Truth:
    """The ledger as of a day."""

    as_of: date
    company: str
    documents: tuple[Document, ...]

    @property
    def currencies(self) -> tuple[str, ...]:
        """In the order of the documents."""
        return tuple(dict.fromkeys(document.currency for document in self.documents))


def digits(currency: str) -> int:
    """Decimal places of its amounts."""
    return 0 if currency in NO_CENTS else 2


def major(minor: int, currency: str) -> float:
    """An amount as people read it."""
    return round(minor / 10 ** digits(currency), digits(currency))


def bucket(document: Document, as_of: date, edges: tuple[int, ...] = EDGES) -> str:
    """The column of the aging that an open document stands in, written as the product writes it."""
    if document.open < 0:
        return "Credits"
    late = (as_of - document.due).days
    if late <= 0:
        return "Current"
    low = 1
    for edge in edges:
        if late <= edge:
            return f"{low}-{edge}"
        low = edge + 1
    return f"{edges[-1]}+"


@dataclass
class Figures:
    """What is compared: amounts in whole units, by currency, with no line for what is nothing."""

    totals: dict[str, float] = field(default_factory=dict)
    buckets: dict[tuple[str, str], float] = field(default_factory=dict)
    customers: dict[tuple[str, str], float] = field(default_factory=dict)
    documents: int | None = 0


def figures(documents: Iterable[Document], as_of: date, edges: tuple[int, ...] = EDGES) -> Figures:
    """Sum up what is open, in the plainest way there is."""
    found = Figures()
    totals: dict[str, int] = {}
    buckets: dict[tuple[str, str], int] = {}
    customers: dict[tuple[str, str], int] = {}
    for document in documents:
        if not document.open:
            continue
        found.documents = (found.documents or 0) + 1
        money = document.currency
        for sums, key in (
            (totals, money),
            (buckets, (money, bucket(document, as_of, edges))),
            (customers, (money, document.customer.id)),
        ):
            sums[key] = sums.get(key, 0) + document.open
    found.totals = {key: major(value, key) for key, value in totals.items()}
    found.buckets = {key: major(value, key[0]) for key, value in buckets.items() if value}
    found.customers = {key: major(value, key[0]) for key, value in customers.items() if value}
    return found


@dataclass(frozen=True)
class Wanted:
    """What the layout can hold: a ledger has nothing that its layout cannot say."""

    language: str = "en"
    partial: bool = False
    credited: bool = False
    settled: bool = False
    """Rows that are paid, void or draft."""
    credits: bool = True
    """Credit notes and payments on account."""
    currencies: bool = False
    entities: tuple[str, ...] = ("",)
    terms: tuple[int, ...] = (14, 30, 30, 45, 60)
    due_ahead: bool = True


def make(rng: Random, wanted: Wanted) -> Truth:
    """Make a ledger of 3 to 40 documents."""
    as_of = date(2023, 1, 31) + timedelta(days=rng.randrange(1200))
    customers = _customers(rng, wanted.language)
    known = CURRENCIES[wanted.language]
    main = rng.choice(known)
    monies = (main, *[one for one in ("USD", "EUR", "GBP") if one != main][:2]) if wanted.currencies else (main,)
    numbers = _numbers(rng)
    documents = []
    for place in range(rng.randint(3, 12) if rng.random() < 0.5 else rng.randint(8, 40)):
        # The first of them in each currency and of each company, so that none is without documents.
        currency = monies[place] if place < len(monies) else rng.choice(monies)
        entity = wanted.entities[place % len(wanted.entities)]
        documents.append(_document(rng, wanted, as_of, rng.choice(customers), next(numbers), currency, entity))
    return Truth(as_of, rng.choice(NAMES) + " Holding", tuple(documents))


def _customers(rng: Random, language: str) -> list[Customer]:
    count = rng.randint(2, 8)
    names = rng.sample(NAMES, count)
    native = NATIVE.get(language, ())
    first, step = rng.choice((("C{:03d}", 1), ("{:d}", 10001), ("{:06d}", 4711), ("K-{:d}", 100), ("DEB{:05d}", 7)))
    start = rng.randint(1, 80) + (step if step > 100 else 0)
    return [
        Customer(
            first.format(start + place),
            native[place] if place < len(native) and rng.random() < 0.7 else f"{name} {rng.choice(FORMS)}",
        )
        for place, name in enumerate(names)
    ]


def _numbers(rng: Random):
    pattern = rng.choice(("INV-{:05d}", "{:d}", "RE{:06d}", "2024/{:04d}", "F {:04d}", "18{:08d}", "A{:d}"))
    at = rng.randint(100, 90_000)
    while True:
        at += rng.randint(1, 7)
        yield pattern.format(at)


def _document(
    rng: Random, wanted: Wanted, as_of: date, customer: Customer, number: str, currency: str, entity: str
) -> Document:
    terms = rng.choice(wanted.terms)
    age = rng.randint(terms, terms + 200) if not wanted.due_ahead else min(rng.randrange(380), rng.randrange(380))
    day = as_of - timedelta(days=age)
    unit = 1 if currency in NO_CENTS else 100
    amount = rng.choice((rng.randint(1_000, 900_000), rng.randint(100, 9_999) * 100))
    if unit == 1:
        amount = max(amount // 10, 100)
    kind, status, paid, credited = INVOICE, OPEN, 0, 0
    chance = rng.random()
    if wanted.credits and chance < 0.15:
        kind, amount = (CREDIT_NOTE if chance < 0.09 else PAYMENT), -max(amount // 5, 1)
    elif wanted.settled and chance < 0.45:
        status = rng.choice((PAID, PAID, PAID, VOID, DRAFT))
        paid = amount if status == PAID else 0
    elif wanted.partial and chance < 0.75:
        status, paid = PARTIAL, max(amount * rng.randint(10, 90) // 100, 1)
        if wanted.credited and rng.random() < 0.5:
            credited = (amount - paid) * rng.randint(10, 60) // 100
    if kind != INVOICE:
        terms = 0
    return Document(customer, number, kind, day, terms, currency, amount, paid, credited, status, entity)
