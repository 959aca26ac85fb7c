"""The ledger of a company that does not exist, for the demo, the sample workbook, tests and benchmarks.

Everything is invented: the customers' names come from made-up syllables, persons from plants and
trades, e-mail addresses from the domains reserved for examples, telephone numbers from the range
reserved for fiction. The story in the figures: three years of seasonal sales that barely grow,
a handful of new accounts that become large within months, and, at the end, customers who pay later
and later while a collector's eye was elsewhere.

The same seed gives the same bytes on any machine: randomness is uniform numbers only, worked on with
plus, minus, times and comparisons. (`exp` and its kin differ in the last bit from one processor to another.)

>>> company = generate(customers=40, invoices=500)
>>> len(company.customers), company.as_of.isoformat()
(40, '2026-10-31')
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Texts = NDArray[np.object_]

COMPANY = "A sample company"
REGIONS = ("North", "East", "South", "West")
TIERS = ("A", "B", "C")
OWNERS = (
    "Robin Hazelwright",
    "Dana Elderford",
    "Sascha Lindenmere",
    "Charlie Birchcroft",
    "Toni Rowanbank",
    "Kim Poplarfield",
)
DISPUTE_CODES = (
    "PO missing or invalid",
    "Price mismatch",
    "Quantity or quality",
    "Delivery not confirmed",
    "Returns pending",
    "Wrong billing entity",
)

_STEM_HEADS = (
    *("Bre", "Cald", "Dov", "Elb", "Fend", "Gry", "Hov", "Ith", "Jor", "Kelv", "Lum", "Morv"),
    *("Nym", "Orl", "Pell", "Quor", "Rusk", "Sylb", "Tarn", "Ulv", "Vonn", "Wex", "Yarv", "Zell"),
)
_STEM_TAILS = ("ovane", "ixby", "undrel", "eskar", "olmire", "imbrel", "athorn", "ebrick", "uskell", "andoro")
_TRADES = (
    *("Fittings", "Foods", "Furniture", "Glass", "Hotels", "Instruments", "Joinery", "Kitchens", "Lighting"),
    *("Logistics", "Machinery", "Marine", "Optics", "Packaging", "Paper", "Pharmacies", "Plastics", "Retail"),
    *("Tools", "Workshops"),
)
_FORMS = ("Ltd", "Works", "Trading", "& Daughters")
_FIRST_NAMES = (
    *("Alex", "Andrea", "Charlie", "Chris", "Dana", "Jamie", "Jo", "Kim"),
    *("Lee", "Max", "Nicky", "Pat", "Robin", "Sam", "Sascha", "Toni"),
)
_SURNAME_HEADS = (
    *("Apple", "Birch", "Cedar", "Elder", "Fern", "Hazel"),
    *("Linden", "Maple", "Olive", "Poplar", "Rowan", "Willow"),
)
_SURNAME_TAILS = ("bank", "croft", "field", "ford", "mere", "wright")

_CASH, _CREDIT_NOTE, _DISCOUNT, _WRITE_OFF = "cash", "credit note", "discount", "write-off"

_SEASON = (0.93, 0.94, 1.06, 0.98, 1.00, 1.08, 0.95, 0.90, 1.04, 1.06, 1.12, 0.94)
"""Sales by calendar month, January first, around 1: quarter ends and November peak, August rests."""

_TERMS_DAYS = np.array([30, 14, 45, 60])
_TERMS_SHARE = np.array([0.58, 0.64, 0.83, 1.00])
_NO_DAY = -(2**62)
_ENTITY = "1000"
_RESIDUAL_LIMIT = 2_500
"""Bank charges and the like, in cents, that are written off rather than chased."""


class SampleFiles(NamedTuple):
    """Where `SampleCompany.write` put the three files."""

    ledger: Path
    receipts: Path
    customers: Path


@dataclass(frozen=True, eq=False)
class SampleCompany:
    """Items, receipts and customers under the canonical headings.

    Amounts are floats at the nearest cent, dates are timestamps (NaT where blank),
    flags are "yes", "no" or "", everything else is text.
    """

    name: str
    as_of: dt.date
    """The last day of the last month: nothing in the ledger is later."""
    items: pd.DataFrame
    receipts: pd.DataFrame
    customers: pd.DataFrame

    def write(self, folder: str | Path) -> SampleFiles:
        """Write ledger.csv, receipts.csv and customers.csv into `folder`, which is made if need be.

        Raises `WorkbookError` where one of these is there already and is not as this wrote it.
        """
        folder, contents = Path(folder), self.contents()
        with Outputs() as files:
            files.folder(folder)
            for name, content in contents.items():
                files.write(folder / name, content)
        return SampleFiles(*(folder / name for name in contents))

    def contents(self) -> dict[str, bytes]:
        """Return the three files by their names."""
        return {
            "ledger.csv": _in_csv(self.items),
            "receipts.csv": _in_csv(self.receipts),
            "customers.csv": _in_csv(self.customers),
        }


def generate(
    seed: int = 7,
    *,
    months: int = 36,
    customers: int = 400,
    invoices: int = 20_000,
    last_month: str = "2026-10",
    currencies: Sequence[str] = ("EUR",),
) -> SampleCompany:
    """Invent a ledger: `invoices` invoices over `months` months up to and including `last_month`.

    The ledger opens empty, so the first three months are a ramp. With several `currencies` most
    customers keep the first and each customer keeps to one.
    """
    if months < 1 or customers < 1 or invoices < 1:
        raise ValueError("a sample company needs at least one month, one customer and one invoice")
    if not currencies:
        raise ValueError("a sample company needs a currency")
    rng = np.random.default_rng(seed)
    calendar = _Calendar.ending(last_month, months)
    people = _customers(rng, calendar, customers, tuple(currencies), invoices)
    sales = _invoices(rng, calendar, people, invoices)
    plan = _settle(rng, calendar, people, sales)
    items, receipts = _documents(rng, calendar, people, sales, plan)
    return SampleCompany(COMPANY, _date(calendar.end), items, receipts, people.frame)


# ---------------------------------------------------------------- randomness that is the same everywhere


def _bell(rng: np.random.Generator, size: int) -> Floats:
    """Near-normal numbers, mean 0 and spread 1: four uniforms added, so never beyond 3.5."""
    total = rng.random(size)
    for _ in range(3):
        total = total + rng.random(size)
    return (total - 2.0) * 1.7320508


def _skewed(z: Floats) -> Floats:
    """Very nearly exp(z), by eight squarings."""
    result = 1.0 + z / 256.0
    for _ in range(8):
        result = result * result
    return result


def _chance(rng: np.random.Generator, size: int, share: float | Floats) -> Bools:
    result: Bools = rng.random(size) < share
    return result


def _between(rng: np.random.Generator, size: int, low: int, high: int) -> Ints:
    return rng.integers(low, high, size=size, endpoint=True)


def _pick(rng: np.random.Generator, words: Sequence[str], size: int) -> Texts:
    return np.array(words, dtype=object)[_between(rng, size, 0, len(words) - 1)]


def _date(day: int) -> dt.date:
    result: dt.date = np.datetime64(day, "D").item()
    return result


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The months of the sample; days are counted from 1970-01-01."""

    start: Ints
    """First day of each month."""
    last: Ints
    """Last day of each month."""
    month_of_year: Ints
    business_days: Ints
    """Month x 23: the Mondays to Fridays of each month, the last one repeated to the width."""
    business_count: Ints

    @classmethod
    def ending(cls, last_month: str, months: int) -> _Calendar:
        final = np.datetime64(last_month, "M")
        first = final - np.arange(months - 1, -1, -1)
        start = first.astype("datetime64[D]").astype(np.int64)
        last = (first + 1).astype("datetime64[D]").astype(np.int64) - 1
        grid = np.empty((months, 23), dtype=np.int64)
        count = np.empty(months, dtype=np.int64)
        for row in range(months):
            days = np.arange(start[row], last[row] + 1)
            days = days[_weekday(days) < 5]
            count[row] = len(days)
            grid[row, : len(days)] = days
            grid[row, len(days) :] = days[-1]
        return cls(start, last, first.astype(np.int64) % 12, grid, count)

    @property
    def months(self) -> int:
        return len(self.start)

    @property
    def end(self) -> int:
        return int(self.last[-1])


def _weekday(day: Ints) -> Ints:
    """Monday is 0; 1970-01-01 was a Thursday."""
    return (day + 3) % 7


def _next_business_day(day: Ints) -> Ints:
    weekday = _weekday(day)
    return day + np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))


# ---------------------------------------------------------------- customers


@dataclass(frozen=True, slots=True, eq=False)
class _Customers:
    """What drives the figures, one entry per customer, and the table of customers."""

    frame: pd.DataFrame
    currency: Texts
    sales_person: Texts
    frequency: Floats
    """How often the customer buys, month x customer."""
    size: Floats
    """Typical invoice, relative to the average."""
    terms: Ints
    lateness: Floats
    spread: Floats
    worsening: Floats
    """Days later per month over the last half of the period."""
    takes_discount: Bools
    needs_po: Bools
    e_invoice_from: Ints
    """Month from which invoices go out electronically; beyond the last month: never."""


@dataclass(frozen=True, slots=True, eq=False)
class _Accounts:
    """What is settled about each customer before there is anything to call it."""

    rank: Ints
    """By weight, the largest is 0."""
    weight: Floats
    begins: Ints
    """Month of the first sale."""
    terms: Ints
    region: Ints
    owner: Ints
    tier: Ints


def _customers(
    rng: np.random.Generator, calendar: _Calendar, n: int, currencies: tuple[str, ...], invoices: int
) -> _Customers:
    weight = _skewed(1.05 * _bell(rng, n))
    # A steady share of the rest for the new accounts, so that they end among the largest.
    newcomers = rng.permutation(n)[: min(6, n // 40)]
    largest = np.sort(weight)[::-1]
    weight[newcomers] = largest[min(9, n - 1)]
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(-weight, kind="stable")] = np.arange(n)

    month = np.arange(calendar.months)[:, None]
    begins = np.where(_chance(rng, n, 0.07), _between(rng, n, 1, max(1, calendar.months - 8)), 0)
    ends = np.where(_chance(rng, n, 0.04), _between(rng, n, calendar.months // 2, calendar.months), calendar.months)
    active = (month >= begins) & (month < np.maximum(ends, begins + 1))
    activity = active.astype(np.float64)
    # The first of them came more than a year ago, the others within the last five months.
    months_ago = np.array([14, 5, 5, 4, 4, 3])[: len(newcomers)]
    for customer, ago in zip(newcomers, months_ago, strict=True):
        age = month[:, 0] - max(0, calendar.months - ago)
        activity[:, customer] = np.clip((age + 1) / 2.0, 0.0, 1.8) * (age >= 0)
        begins[customer] = max(0, calendar.months - ago)
    root = np.sqrt(weight)

    kind = rng.random(n)
    lateness = np.where(kind < 0.60, -5.0, np.where(kind < 0.90, -2.0, np.where(kind < 0.975, 5.0, 22.0)))
    lateness = lateness + 1.5 * _bell(rng, n)
    spread = np.where(kind < 0.60, 2.5, np.where(kind < 0.90, 4.0, 8.0))
    worse = _chance(rng, n, 0.09)
    worse[newcomers] = False
    worsening = np.where(worse, 0.6 + 0.8 * rng.random(n), 0.0)

    terms = _TERMS_DAYS[np.searchsorted(_TERMS_SHARE, rng.random(n), side="right")]
    terms[newcomers] = 45
    # A third never starts on electronic invoices, or only after the last month.
    adoption = _between(rng, n, -calendar.months // 2, calendar.months + calendar.months // 3)
    region = _between(rng, n, 0, 3)
    # Most accounts of a region are with one of its collectors; six collectors share four regions.
    owner = np.where(_chance(rng, n, 0.86), (region + 4 * _chance(rng, n, 0.33)) % 6, _between(rng, n, 0, 5))
    tier = np.where(rank < max(1, n // 10), 0, np.where(rank < max(2, n * 4 // 10), 1, 2))
    other = _chance(rng, n, 0.3) if len(currencies) > 1 else np.zeros(n, dtype=np.bool_)
    which = np.where(other, 1 + _between(rng, n, 0, max(0, len(currencies) - 2)), 0)

    volume = invoices * 0.72 / (n * calendar.months)
    frame = _customer_table(rng, calendar, _Accounts(rank, weight, begins, terms, region, owner, tier), volume)
    return _Customers(
        frame=frame,
        currency=np.array(currencies, dtype=object)[which],
        sales_person=_pick(rng, [f"{a} {b}" for a, b in zip(_FIRST_NAMES, _surnames()[3::7], strict=False)][:8], n),
        frequency=activity * root,
        size=root,
        terms=terms,
        lateness=lateness,
        spread=spread,
        worsening=worsening,
        takes_discount=_chance(rng, n, 0.14) & (kind < 0.90) & (terms == 30),
        needs_po=_chance(rng, n, 0.62),
        e_invoice_from=adoption,
    )


def _surnames() -> list[str]:
    return [head + tail for head in _SURNAME_HEADS for tail in _SURNAME_TAILS]


def _persons(rng: np.random.Generator, n: int) -> Texts:
    first, last = _pick(rng, _FIRST_NAMES, n), _pick(rng, _surnames(), n)
    result: Texts = first + " " + last
    return result


def _names(rng: np.random.Generator, n: int) -> tuple[Texts, Texts]:
    """Unique invented company names, and the invented first word of each."""
    stems = [head + tail for head in _STEM_HEADS for tail in _STEM_TAILS]
    room = len(stems) * len(_TRADES) * len(_FORMS)
    code = np.concatenate([rng.permutation(room) for _ in range(-(-n // room))])[:n]
    stem = np.array(stems, dtype=object)[code % len(stems)]
    trade = np.array(_TRADES, dtype=object)[code // len(stems) % len(_TRADES)]
    form = np.array(_FORMS, dtype=object)[code // len(stems) // len(_TRADES)]
    round_ = np.arange(n) // room
    suffix = np.array(["", *(f" {r + 1}" for r in range(1, int(round_[-1]) + 1))], dtype=object)[round_]
    return stem + " " + trade + " " + form + suffix, stem


def _customer_table(rng: np.random.Generator, calendar: _Calendar, accounts: _Accounts, volume: float) -> pd.DataFrame:
    n = len(accounts.rank)
    name, stem = _names(rng, n)
    # Seven digits with leading zeros: numbers that stop being the same when read as numbers.
    number = 10_000 + rng.permutation(9 * n + 1)[:n]
    customer_id = np.array([f"{value:07d}" for value in number.tolist()], dtype=object)
    contacts = _billing_contacts(rng, stem)
    nonstandard = accounts.terms != 30
    approver = _pick(rng, ("Head of finance", "Credit manager", "Head of sales"), n)
    limit = np.rint(accounts.weight * (0.7 + 1.1 * rng.random(n)) * 3.6 * volume) * 1000.0 + 2000.0
    billing = _pick(rng, ("Portal upload", "One PDF per delivery", "Collective invoice", "EDI"), n)
    confirmed = calendar.end - _between(rng, n, 5, 520)
    since_before = calendar.start[0] - _between(rng, n, 30, 4000)
    first = calendar.start[np.minimum(accounts.begins, calendar.months - 1)]
    executive = np.where((accounts.tier == 0) & ~_chance(rng, n, 0.1), _persons(rng, n), "")
    department = np.where(_chance(rng, n, 0.06), "Sales", "Finance")
    importance = np.array(["5", "4", "3", "2", "1"], dtype=object)[np.minimum(accounts.rank * 6 // n, 4)]
    return pd.DataFrame(
        {
            "Customer ID": _text(customer_id),
            "Customer": _text(name),
            "Group": _text(_groups(stem)),
            "Region": _text(np.array(REGIONS, dtype=object)[accounts.region]),
            "Tier": _text(np.array(TIERS, dtype=object)[accounts.tier]),
            "Importance": _text(importance),
            "Owner": _text(np.array(OWNERS, dtype=object)[accounts.owner]),
            "Owner's department": _text(department),
            "Agreed terms": _text(_net(accounts.terms)),
            "Terms approved by": _text(np.where(nonstandard & ~_chance(rng, n, 0.15), approver, "")),
            "Credit limit": pd.Series(np.where(_chance(rng, n, 0.08), np.nan, limit), dtype="float64"),
            "Billing format": _text(np.where(_chance(rng, n, 0.12), billing, "")),
            **{heading: _text(values) for heading, values in contacts.items()},
            "Accounts payable contact": _text(np.where(_chance(rng, n, 0.35), _persons(rng, n), "")),
            "Executive counterpart": _text(executive),
            "Contact confirmed": _dates(
                np.where((contacts["Billing contact"] != "") & ~_chance(rng, n, 0.07), confirmed, _NO_DAY)
            ),
            "Customer since": _dates(np.where(accounts.begins > 0, first, since_before)),
        }
    )


def _groups(stem: Texts) -> Texts:
    """Companies that share the first word of their names with two others are a group."""
    stems, which, shared = np.unique(stem.astype(str), return_inverse=True, return_counts=True)
    return np.where(shared[which] >= 3, stems.astype(object)[which] + " Group", "")


def _billing_contacts(rng: np.random.Generator, stem: Texts) -> dict[str, Texts]:
    """Whom invoices go to, where that is known; not everybody has an address and a telephone."""
    n = len(stem)
    contact = _persons(rng, n)
    has_contact = ~_chance(rng, n, 0.06)
    has_mail = has_contact & ~_chance(rng, n, 0.05)
    has_phone = has_contact & ~_chance(rng, n, 0.10)
    domain = np.where(_chance(rng, n, 0.7), ".example.com", ".example.net")
    mail = [
        f"{person.lower().replace(' ', '.')}@{word.lower()}{end}"
        for person, word, end in zip(contact, stem, domain, strict=True)
    ]
    phone = [f"+44 1632 {960_000 + value}" for value in _between(rng, n, 0, 999).tolist()]
    return {
        "Billing contact": np.where(has_contact, contact, ""),
        "Billing e-mail": np.where(has_mail, np.array(mail, dtype=object), ""),
        "Billing phone": np.where(has_phone, np.array(phone, dtype=object), ""),
    }


def _net(terms: Ints) -> Texts:
    words: Texts = np.array([f"Net {days}" for days in range(int(_TERMS_DAYS.max()) + 1)], dtype=object)
    return words[terms]


# ---------------------------------------------------------------- sales


@dataclass(frozen=True, slots=True, eq=False)
class _Invoices:
    """One entry per invoice, in the order of their numbers."""

    customer: Ints
    month: Ints
    day: Ints
    terms: Ints
    amount: Ints
    e_invoice: Bools
    has_po: Bools
    delivered: Bools
    dispute: Ints
    """Index of the reason code, -1 where the customer never objected."""


def _invoices(rng: np.random.Generator, calendar: _Calendar, people: _Customers, n: int) -> _Invoices:
    months = np.arange(calendar.months)
    growth = 1.0 + 0.015 * months / 12.0
    season = np.array(_SEASON)[calendar.month_of_year]
    weight = people.frequency * (growth * season)[:, None]
    # Dealt out evenly rather than drawn: a month's sales move with the season, not with luck.
    heap = np.cumsum(weight.ravel())
    cell = np.searchsorted(heap, (np.arange(n) + rng.random(n)) / n * heap[-1], side="right").clip(max=len(heap) - 1)
    month, customer = cell // weight.shape[1], cell % weight.shape[1]

    usual = (rng.random(n) * calendar.business_count[month]).astype(np.int64)
    day = calendar.business_days[month, usual]
    # The billing run of the month's last two days takes a growing share, on weekends too.
    in_run = _chance(rng, n, 0.12 + 0.14 * month / calendar.months)
    day = np.where(in_run, calendar.last[month] - _between(rng, n, 0, 1), day)
    order = np.lexsort((rng.random(n), day))
    customer, month, day = customer[order], month[order], day[order]

    amount = np.rint(people.size[customer] * _skewed(0.55 * _bell(rng, n)) * 125_000.0).astype(np.int64)
    off_terms = _chance(rng, n, 0.015)
    terms = np.where(off_terms, _TERMS_DAYS[_between(rng, n, 0, 3)], people.terms[customer])
    e_invoice = (month >= people.e_invoice_from[customer]) & ~_chance(rng, n, 0.03)
    has_po = people.needs_po[customer] & ~_chance(rng, n, 0.05)
    delivered = ~_chance(rng, n, 0.06)

    lacks_po = people.needs_po[customer] & ~has_po
    disputed = _chance(rng, n, np.where(lacks_po | ~delivered, 0.16, 0.028) * (1.0 + 0.5 * month / calendar.months))
    code = np.array([0, 1, 1, 1, 2, 2, 3, 4, 5])[_between(rng, n, 0, 8)]
    code = np.where(lacks_po & _chance(rng, n, 0.8), 0, np.where(~delivered & _chance(rng, n, 0.8), 3, code))
    return _Invoices(
        customer,
        month,
        day,
        terms,
        np.maximum(amount, 1_000),
        e_invoice,
        has_po,
        delivered,
        np.where(disputed, code, -1),
    )


# ---------------------------------------------------------------- what becomes of an invoice


class _Event(NamedTuple):
    """Reductions of one kind: the rows of the documents, the days, the cents."""

    row: Ints
    day: Ints
    cents: Ints
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class _Bills:
    """Invoices on their way to being settled; `paid` is when the customer would pay."""

    row: Ints
    issued: Ints
    due: Ints
    paid: Ints
    amount: Ints

    def where(self, mask: Bools) -> _Bills:
        return _Bills(self.row[mask], self.issued[mask], self.due[mask], self.paid[mask], self.amount[mask])


@dataclass(frozen=True, slots=True, eq=False)
class _Notes:
    """Documents that follow an invoice: credit notes, payments on account, interest."""

    invoice: Ints
    day: Ints
    cents: Ints
    settled: Ints
    """When it is applied to the invoice, or paid; `_NO_DAY` is never."""


class _Plan(NamedTuple):
    events: list[_Event]
    credit_notes: _Notes
    payments: _Notes


def _payment_days(rng: np.random.Generator, calendar: _Calendar, people: _Customers, sales: _Invoices) -> Ints:
    """The day the customer pays, as habit, trouble and the times would have it."""
    n = len(sales.day)
    who = sales.customer
    late = people.lateness[who] + people.spread[who] * _bell(rng, n)
    decline = np.maximum(0, sales.month - calendar.months // 2)
    late = late + people.worsening[who] * decline
    late = late + np.where(sales.e_invoice, 0.0, 1.0) + np.where(people.needs_po[who] & ~sales.has_po, 6.0, 0.0)
    late = late + np.where(_chance(rng, n, 0.009), _between(rng, n, 45, 210), 0)
    late = late + np.where(sales.dispute >= 0, _between(rng, n, 8, 50), 0)
    day = sales.day + sales.terms + np.rint(late).astype(np.int64)
    # Of late, reminders went out late or not at all, and two payers in five noticed.
    slack = np.clip((day - (calendar.end - 150)) / 150.0, 0.0, 1.0)
    day = day + np.where(_chance(rng, n, 0.4), np.rint(slack * 14.0 * rng.random(n)), 0.0).astype(np.int64)
    return _next_business_day(np.maximum(day, sales.day + 3))


def _settle(rng: np.random.Generator, calendar: _Calendar, people: _Customers, sales: _Invoices) -> _Plan:
    paid = _payment_days(rng, calendar, people, sales)
    bills = _Bills(np.arange(len(paid)), sales.day, sales.day + sales.terms, paid, sales.amount)
    fate = _fates(rng, people, sales)
    plain = bills.where(fate == "plain")
    events = [
        _Event(plain.row, plain.paid, plain.amount, _CASH),
        *_lost(rng, bills.where(fate == "lost")),
        *_discounted(rng, bills.where(fate == "discounted")),
        *_short(rng, bills.where(fate == "short")),
        *_in_parts(rng, bills.where(fate == "in parts")),
    ]
    credit_notes, rests = _credited(rng, bills.where(fate == "credited"))
    return _Plan([*events, rests], credit_notes, _on_account(rng, bills.where(fate == "on account"), plain))


def _fates(rng: np.random.Generator, people: _Customers, sales: _Invoices) -> NDArray[np.str_]:
    """One fate for each invoice; a dispute makes the sorry ones likelier."""
    n, disputed = len(sales.day), sales.dispute >= 0
    drawn = rng.random(n)
    fates = {
        "lost": drawn < np.where(disputed, 0.03, 0.0045),
        "credited": drawn < np.where(disputed, 0.40, 0.030),
        "in parts": drawn < np.where(disputed, 0.70, 0.10),
        "on account": drawn < np.where(disputed, 0.70, 0.118),
        "discounted": ~disputed & people.takes_discount[sales.customer] & _chance(rng, n, 0.6),
        "short": _chance(rng, n, 0.02),
    }
    return np.select(list(fates.values()), list(fates), "plain")


def _lost(rng: np.random.Generator, bills: _Bills) -> list[_Event]:
    given_up = _next_business_day(bills.due + _between(rng, len(bills.row), 150, 300))
    return [_Event(bills.row, given_up, bills.amount, _WRITE_OFF)]


def _discounted(rng: np.random.Generator, bills: _Bills) -> list[_Event]:
    off = bills.amount * 2 // 100
    when = _next_business_day(bills.issued + _between(rng, len(bills.row), 5, 10))
    return [_Event(bills.row, when, bills.amount - off, _CASH), _Event(bills.row, when, off, _DISCOUNT)]


def _short(rng: np.random.Generator, bills: _Bills) -> list[_Event]:
    n = len(bills.row)
    missing = np.minimum(_between(rng, n, 80, _RESIDUAL_LIMIT), bills.amount // 4)
    cleared = _next_business_day(bills.paid + _between(rng, n, 20, 70))
    return [
        _Event(bills.row, bills.paid, bills.amount - missing, _CASH),
        _Event(bills.row, cleared, missing, _WRITE_OFF),
    ]


def _in_parts(rng: np.random.Generator, bills: _Bills) -> list[_Event]:
    n = len(bills.row)
    first = bills.amount * _between(rng, n, 25, 75) // 100
    second_day = _next_business_day(bills.paid + _between(rng, n, 7, 45))
    thrice = _chance(rng, n, 0.25)
    second = np.where(thrice, (bills.amount - first) // 2, bills.amount - first)
    third_day = _next_business_day(second_day[thrice] + _between(rng, int(thrice.sum()), 7, 40))
    return [
        _Event(bills.row, bills.paid, first, _CASH),
        _Event(bills.row, second_day, second, _CASH),
        _Event(bills.row[thrice], third_day, (bills.amount - first - second)[thrice], _CASH),
    ]


def _credited(rng: np.random.Generator, bills: _Bills) -> tuple[_Notes, _Event]:
    """Credit notes, one in five over all of the invoice, and the payments of what they leave."""
    n = len(bills.row)
    share = np.where(_chance(rng, n, 0.2), 100, _between(rng, n, 5, 60))
    credit = bills.amount * share // 100
    issued = _next_business_day(bills.issued + _between(rng, n, 6, 50))
    applied = _next_business_day(issued + _between(rng, n, 0, 25))
    applied = np.where(_chance(rng, n, 0.02), _NO_DAY, applied)
    rest = share < 100
    return (
        _Notes(bills.row, issued, credit, applied),
        _Event(bills.row[rest], bills.paid[rest], (bills.amount - credit)[rest], _CASH),
    )


def _on_account(rng: np.random.Generator, unsaid: _Bills, plain: _Bills) -> _Notes:
    """Money that came without saying what for: applied once somebody has asked. Some pay an invoice twice."""
    matched = _next_business_day(unsaid.paid + _between(rng, len(unsaid.row), 4, 35))
    twice = plain.where(_chance(rng, len(plain.row), 0.0006))
    again = _next_business_day(twice.paid + _between(rng, len(twice.row), 2, 20))
    return _Notes(
        np.concatenate([unsaid.row, twice.row]),
        np.concatenate([unsaid.paid, again]),
        np.concatenate([unsaid.amount, twice.amount]),
        np.concatenate([matched, np.full(len(again), _NO_DAY)]),
    )


# ---------------------------------------------------------------- the documents


_KINDS = ("invoice", "credit note", "payment", "debit note")


@dataclass(frozen=True, slots=True, eq=False)
class _Documents:
    """Every document by the last day, kind by kind."""

    sale: Ints
    """The invoice that it is or follows."""
    kind: Ints
    """Its place in `_KINDS`."""
    number: Texts
    day: Ints
    amount: Ints

    def of(self, kind: str) -> Bools:
        result: Bools = self.kind == _KINDS.index(kind)
        return result


def _documents(
    rng: np.random.Generator, calendar: _Calendar, people: _Customers, sales: _Invoices, plan: _Plan
) -> tuple[pd.DataFrame, pd.DataFrame]:
    n, end = len(sales.day), calendar.end
    notes, payments, interest = _known(plan.credit_notes, end), _known(plan.payments, end), _interest(rng, sales, end)
    sizes = (n, len(notes.day), len(payments.day), len(interest.day))
    numbers = [_numbers(prefix, size) for prefix, size in zip(("INV", "CN", "PAY", "DN"), sizes, strict=True)]
    documents = _Documents(
        sale=np.concatenate([np.arange(n), notes.invoice, payments.invoice, interest.invoice]),
        kind=np.repeat(np.arange(len(_KINDS)), sizes),
        number=np.concatenate(numbers),
        day=np.concatenate([sales.day, notes.day, payments.day, interest.day]),
        amount=np.concatenate([sales.amount, -notes.cents, -payments.cents, interest.cents]),
    )
    events = [
        *plan.events,
        *_applied(notes, np.flatnonzero(documents.of("credit note")), _CREDIT_NOTE),
        *_applied(payments, np.flatnonzero(documents.of("payment")), _CASH),
        _Event(np.flatnonzero(documents.of("debit note")), interest.settled, interest.cents, _CASH),
    ]
    row, day, cents, kind = _reductions(events, end)
    left = documents.amount.copy()
    np.subtract.at(left, row, cents)
    items = _item_table(rng, calendar, people, sales, documents, left)
    blank = np.full(len(row), "", dtype=object)
    receipts = pd.DataFrame(
        {
            "Entity": _text(np.full(len(row), _ENTITY, dtype=object)),
            "Customer ID": _text(_of(people.frame, "Customer ID", sales.customer[documents.sale[row]])),
            "Document": _text(documents.number[row]),
            "Instalment": _text(blank),
            "Fiscal year": _text(blank),
            "Date": _dates(day),
            "Amount": pd.Series(cents / 100.0),
            "Kind": _text(kind),
        }
    )
    return items, receipts


def _interest(rng: np.random.Generator, sales: _Invoices, end: int) -> _Notes:
    """Late-payment interest, billed as debit notes and paid like any other month's bill."""
    charged = np.flatnonzero(_chance(rng, len(sales.day), 0.004))
    day = _next_business_day(sales.day[charged] + sales.terms[charged] + _between(rng, len(charged), 20, 45))
    charged, day = charged[day <= end], day[day <= end]
    paid = _next_business_day(day + _between(rng, len(charged), 14, 60))
    return _Notes(charged, day, np.maximum(sales.amount[charged] // 80, 500), paid)


def _known(notes: _Notes, end: int) -> _Notes:
    """Those issued by the last day, in the order of their numbers."""
    keep = np.flatnonzero((notes.day <= end) & (notes.cents > 0))
    keep = keep[np.argsort(notes.day[keep], kind="stable")]
    return _Notes(notes.invoice[keep], notes.day[keep], notes.cents[keep], notes.settled[keep])


def _applied(notes: _Notes, row: Ints, kind: str) -> list[_Event]:
    """What credits take off their invoices, and what that leaves of the credits, which are the documents `row`."""
    done = notes.settled >= notes.day
    day, cents = notes.settled[done], notes.cents[done]
    return [_Event(notes.invoice[done], day, cents, kind), _Event(row[done], day, -cents, kind)]


def _reductions(events: Sequence[_Event], end: int) -> tuple[Ints, Ints, Ints, Texts]:
    """Every receipt up to the last day, in order: the document's row, the day, the cents, the kind."""
    row, day, cents = (np.concatenate(parts) for parts in list(zip(*events, strict=True))[:3])
    kind = np.repeat(np.array([event.kind for event in events], dtype=object), [len(event.row) for event in events])
    order = np.lexsort((row, day))
    order = order[(day[order] <= end) & (cents[order] != 0)]
    return row[order], day[order], cents[order], kind[order]


def _item_table(
    rng: np.random.Generator,
    calendar: _Calendar,
    people: _Customers,
    sales: _Invoices,
    documents: _Documents,
    left: Ints,
) -> pd.DataFrame:
    n, sale, frame = len(left), documents.sale, people.frame
    customer, is_invoice = sales.customer[sale], documents.of("invoice")
    billed = is_invoice | documents.of("debit note")
    terms = np.where(is_invoice, sales.terms[sale], np.where(billed, 14, 0))
    due = np.where(is_invoice & _chance(rng, n, 0.005), _NO_DAY, documents.day + terms)
    promise = _promises(rng, calendar, due, left)
    dispute = np.where(is_invoice, sales.dispute[sale], -1)
    pos = np.array([f"PO-{value}" for value in _between(rng, n, 410_000, 899_999).tolist()], dtype=object)
    blank = np.full(n, "", dtype=object)
    columns: dict[str, Any] = {
        "Entity": np.full(n, _ENTITY, dtype=object),
        "Customer ID": _of(frame, "Customer ID", customer),
        "Customer": _of(frame, "Customer", customer),
        "Document": documents.number,
        "Instalment": blank,
        "Fiscal year": blank,
        "Kind": np.array(_KINDS, dtype=object)[documents.kind],
        "Document date": documents.day,
        "Due date": due,
        "Terms": np.where(billed, _net(terms), ""),
        "Currency": people.currency[customer],
        "Amount": documents.amount / 100.0,
        "Open amount": left / 100.0,
        "Region": _of(frame, "Region", customer),
        "Tier": _of(frame, "Tier", customer),
        "Owner": _of(frame, "Owner", customer),
        "Sales person": people.sales_person[customer],
        "PO number": np.where(is_invoice & sales.has_po[sale], pos, ""),
        "E-invoice": np.where(is_invoice, _yes_no(sales.e_invoice[sale]), ""),
        "Disputed": np.where(is_invoice, _yes_no(dispute >= 0), ""),
        "Dispute code": np.array([*DISPUTE_CODES, ""], dtype=object)[dispute],
        "Proof of delivery": np.where(is_invoice, _yes_no(sales.delivered[sale]), ""),
        "Contact": _of(frame, "Billing contact", customer),
        "Contact e-mail": _of(frame, "Billing e-mail", customer),
        "Contact phone": _of(frame, "Billing phone", customer),
        "Promise date": promise,
    }
    order = np.lexsort((documents.kind, documents.day))
    return pd.DataFrame({heading: _column(heading, values[order]) for heading, values in columns.items()})


def _promises(rng: np.random.Generator, calendar: _Calendar, due: Ints, left: Ints) -> Ints:
    """Dates promised for a third of what is overdue: some already broken, some still to come."""
    overdue = (left > 0) & (due != _NO_DAY) & (due < calendar.end)
    promised = overdue & _chance(rng, len(due), 0.34)
    date = _next_business_day(np.maximum(calendar.end + _between(rng, len(due), -18, 25), due + 2))
    return np.where(promised, date, _NO_DAY)


def _numbers(prefix: str, count: int) -> Texts:
    return np.array([f"{prefix}-{100_000 + i}" for i in range(1, count + 1)], dtype=object)


def _yes_no(flag: Bools) -> Texts:
    return np.where(flag, np.array("yes", dtype=object), np.array("no", dtype=object))


def _of(frame: pd.DataFrame, heading: str, row: Ints) -> Texts:
    return frame[heading].to_numpy(dtype=object)[row]


def _column(heading: str, values: NDArray[Any]) -> pd.Series[Any]:
    if values.dtype == np.int64:
        return _dates(values)
    if values.dtype == np.float64:
        return pd.Series(values, name=heading)
    return _text(values)


def _text(values: NDArray[Any]) -> pd.Series[Any]:
    return pd.Series(values, dtype="str")


def _dates(days: Ints) -> pd.Series[Any]:
    seconds = np.where(days == _NO_DAY, np.datetime64("NaT", "D"), days.astype("datetime64[D]"))
    return pd.Series(seconds.astype("datetime64[s]"))


# ---------------------------------------------------------------- files


def _in_csv(frame: pd.DataFrame) -> bytes:
    plain = {
        heading: frame[heading].dt.strftime("%Y-%m-%d") if frame[heading].dtype.kind == "M" else frame[heading]
        for heading in frame.columns
    }
    return pd.DataFrame(plain).to_csv(index=False, float_format="%.2f", lineterminator="\n").encode()
