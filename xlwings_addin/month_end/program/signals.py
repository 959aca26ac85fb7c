"""The rules of the signals on Diagnostics, each a function of the measures and the settings.

A rule answers with a verdict and the figures it looked at; what it says in words, likely causes and fixes are
declared beside its name in `sheets.diagnostics`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np

from xlwings_addin.month_end.program.behind import NOTHING, Behind
from xlwings_addin.month_end.program.measures import DISPUTED, Needs, Part, beyond_limits
from xlwings_addin.month_end.wording import amount, change, count, day_text, days, in_month, percent
from xlwings_addin.sheets.settings import sheet as settings_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xlwings_addin.month_end.program.measures import Measures, Roll
    from xlwings_addin.settings import Settings
    from xlwings_addin.sheets.diagnostics import Signal

Verdict = Literal["Act", "Look", "OK", "Not known"]
NEAR = 0.8
"""From this part of a threshold on, a share is worth a look."""
NAMED = 3
"""This many customers are named; the sheet to look at holds the rest."""
_EXACT = 1e-9
"""110 / 100 - 1 is a hair more than 0.1: at its threshold a figure has not passed it."""


class Judged(NamedTuple):
    """What a rule says: a verdict, and the figures it looked at in words."""

    verdict: Verdict
    figures: str
    behind: Behind = NOTHING
    """What the figures count, one by one."""
    cash: float | None = None
    """The money at stake, where nothing is counted."""

    @property
    def money(self) -> float | None:
        """The money behind the signal in the base currency; NaN where a rate is missing, None where none is known."""
        return self.behind.money if len(self.behind) else self.cash


class Rule(Protocol):
    """A signal's rule."""

    __name__: str

    def __call__(self, m: Measures, s: Settings, /) -> Judged:
        """Judge the measures by the thresholds of the settings."""


RULES: dict[str, Rule] = {}
"""The rules by their names, those of `sheets.diagnostics.SIGNALS`."""


def rule(judge: Rule) -> Rule:
    """Declare a rule; its function's name is that of its signal."""
    RULES[judge.__name__] = judge
    return judge


def rule_text(signal: Signal, settings: Settings) -> str:
    """Return a signal's rule with the thresholds filled in."""
    return signal.rule.format_map(_thresholds(settings))


@lru_cache(maxsize=1)
def _thresholds(settings: Settings) -> Mapping[str, str]:
    shown: Mapping[str, Callable[[Any], str]] = {"percent": percent, "days": "{:g}".format, "day count": "{:g}".format}
    found = {}
    for field in settings_sheet().fields():
        value: Any = getattr(settings, field.name, None)
        found[field.name] = "(none typed)" if value in (None, "") else shown.get(field.style, str)(value)
    return found


def _above(value: float, threshold: float) -> bool:
    return value - threshold > _EXACT


def _unknown(missing: Needs) -> Judged:
    return Judged("Not known", f"Needs {missing.what}.")


def _material(money: float, whole: float, s: Settings) -> bool:
    """Whether money is worth acting on: more than the part of the whole that Settings name.

    Without a rate nobody knows how much it is, and it may be a lot; without the whole any of it may be.
    """
    if math.isnan(money):
        return True
    least = 0.0 if math.isnan(whole) else s.signal_material * whole
    return money > max(least, 0.0)


def _capped(verdict: Verdict, *, material: bool) -> Verdict:
    return "Look" if verdict == "Act" and not material else verdict


def _documents(m: Measures, s: Settings, part: Part | Needs, threshold: float) -> Judged:
    """Judge the open invoices that are not as they should be: by their number, and by what is owed of them."""
    judged = _share(part, threshold, "open invoices", "No invoice is open.", rest=True)
    if isinstance(part, Needs) or not part.whole:
        return judged
    verdict = _capped(judged.verdict, material=_material(part.behind.money, m.receivables, s))
    return Judged(verdict, judged.figures, part.behind)


def _share(part: Part | Needs, threshold: float, what: str, none: str, *, rest: bool = False) -> Judged:
    """Judge a share: over its threshold, near it, or well under; `rest` looks at those that are not the part."""
    if isinstance(part, Needs):
        return _unknown(part)
    share = part.share
    if share is None:
        return Judged("OK", none)
    number, share = (part.whole - part.part, 1 - share) if rest else (part.part, share)
    more = f"; {count(part.unknown)} more say nothing" if part.unknown else ""
    words = f"{count(number)} of {count(part.whole)} {what} ({percent(share)}){more}."
    verdict: Verdict = (
        "Act" if _above(share, threshold) else "OK" if _above(NEAR * threshold, share) else "Look"
    )  # at four fifths of the threshold itself: Look
    return Judged(verdict, words)


def _accounts(
    m: Measures, s: Settings, overdue: list[int], owing: list[int], why: Sequence[str] | str, more: str = ""
) -> Judged:
    """Judge accounts: Act where they hold enough of what is overdue, Look where one owes anything."""
    late = float(m.overdue_of[overdue].sum())
    words = (
        f"{count(len(overdue))} of {count(len(m.overdue))} overdue and {count(len(owing))} of {count(len(m.owing))}"
        f" owing accounts{more}, {_of(late, m.overdue_in_all)} overdue{_names(m, overdue or owing)}."
    )
    act = bool(overdue) and _material(late, m.overdue_in_all, s)
    return Judged("Act" if act else "Look" if owing else "OK", words, m.accounts_behind(owing, why))


def _of(part: float, whole: float) -> str:
    """Write so much of so much."""
    return "an unknown part of what is" if part != part or whole != whole else f"{amount(part)} of {amount(whole)}"


def _names(m: Measures, places: Iterable[int]) -> str:
    """Name the customers who owe most among some."""
    ranked = sorted(places, key=lambda place: (-m.balance[place], place))
    if not ranked:
        return ""
    more = f" and {count(len(ranked) - NAMED)} more" if len(ranked) > NAMED else ""
    return ": " + ", ".join(m.people[place].name for place in ranked[:NAMED]) + more


# ---------------------------------------------------------------- speed


@rule
def dso_up(m: Measures, s: Settings) -> Judged:
    """DSO on the year, of the method to trust."""
    found = m.on_year
    if isinstance(found, Needs):
        return _unknown(found)
    rise = found.dso / found.before - 1
    words = (
        f"DSO ({found.method}) {days(found.dso)} against {days(found.before)} a year ago ({change(rise)}),"
        f" sales {found.span} {change(found.sales)}{in_month(found.month_end, m.day)}."
    )
    if not _above(rise, s.signal_dso_rise):
        return Judged("OK", words)
    verdict: Verdict = "Look" if _above(abs(found.sales), s.signal_sales_flat) else "Act"
    return Judged(verdict, words, cash=m.cash_of(found.dso - found.before))


@rule
def ddso_up(m: Measures, s: Settings) -> Judged:
    """Delinquent DSO on the quarter."""
    found = m.on_quarter
    if isinstance(found, Needs):
        return _unknown(found)
    moved = found.dso / found.dso_before - 1
    rise = found.ddso / found.ddso_before - 1 if found.ddso_before else None
    # From nothing overdue to something is a rise beyond any threshold.
    up = found.ddso > 0 if rise is None else _above(rise, s.signal_ddso_rise)
    risen = "" if rise is None else f" ({change(rise)})"
    words = (
        f"DDSO {days(found.ddso)} against {days(found.ddso_before)} three months ago{risen},"
        f" DSO {days(found.dso)} against {days(found.dso_before)} ({change(moved)}){in_month(found.month_end, m.day)}."
    )
    if not up:
        return Judged("OK", words)
    verdict: Verdict = "Look" if _above(abs(moved), s.signal_dso_steady) else "Act"
    return Judged(verdict, words, cash=m.cash_of(found.ddso - found.ddso_before))


@rule
def above_benchmark(m: Measures, s: Settings) -> Judged:
    """DSO against peers."""
    if not s.benchmark_dso:
        return _unknown(Needs("Peer benchmark DSO (Settings)"))
    if isinstance(m.trusted, Needs):
        return _unknown(m.trusted)
    method, dso = m.trusted
    above = dso / s.benchmark_dso - 1
    words = f"DSO ({method}) {days(dso)} against {days(s.benchmark_dso)} of peers ({change(above)})."
    verdict: Verdict = "Act" if _above(above, s.signal_dso_rise) else "Look" if _above(above, 0) else "OK"
    return Judged(verdict, words, cash=m.cash_of(dso - s.benchmark_dso) if above > 0 else None)


@rule
def cei_low(m: Measures, s: Settings) -> Judged:
    """CEI of the last months."""
    found = m.cei_run
    if isinstance(found, Needs):
        return _unknown(found)
    low = [_above(s.signal_cei, value) for value in found]
    words = f"CEI of the last {count(len(found))} complete months: {', '.join(percent(value) for value in found)}."
    return Judged("Act" if all(low) else "Look" if low[-1] else "OK", words, cash=m.overdue_in_all)


# ---------------------------------------------------------------- what is old, what moves


@rule
def over_60(m: Measures, s: Settings) -> Judged:
    """Share of receivables in 60+."""
    found = m.over_60
    if isinstance(found, Needs):
        return _unknown(found)
    if found.whole <= 0 and found.part <= 0:
        return Judged("OK", "Nothing is owed.")
    if found.whole <= 0:
        words = (
            f"{amount(found.part)} in {count(len(found.behind))} documents, while credits outweigh what is owed:"
            f" receivables are {amount(found.whole)}."
        )
        return Judged("Act", words, found.behind)
    judged = _share(found, s.signal_over_60, "", "")
    words = (
        f"{amount(found.part)} of {amount(found.whole)} ({percent(found.part / found.whole)}) on {day_text(m.day)},"
        f" {count(len(found.behind))} documents."
    )
    return Judged(judged.verdict, words, found.behind)


@rule
def roll_rates(m: Measures, s: Settings) -> Judged:
    """The worst of the past-due buckets' roll rates."""
    found = m.rolls
    if isinstance(found, Needs):
        return _unknown(found)
    # Current items turn late as time goes by, and the last bucket has none behind it.
    rates = {r: r.rolled / r.before for r in found[1:-1] if r.before and r.rolled is not None}
    if not rates:
        if any(r.before is None for r in found):
            return _unknown(m.missing_rate)
        return Judged("OK", f"Nothing was past due on {day_text(m.month_before)}.")
    worst = max(rates, key=lambda r: rates[r])
    judged = _share(Part(worst.rolled or 0.0, worst.before or 0.0), s.signal_roll_rate, "", "")
    # Of a small bucket a few documents make a large rate.
    grave = [r for r in rates if _above(rates[r], s.signal_roll_rate) and _material(r.before or 0.0, _sum(found), s)]
    behind = Behind.together([r.behind for r in found[1:-1]])
    shown = ", ".join(f"{r.bucket} to {r.to} {percent(rate)}" for r, rate in rates.items())
    words = f"From {day_text(m.month_before)} to {day_text(m.day)}: {shown}; {count(len(behind))} documents moved on."
    return Judged(_capped(judged.verdict, material=bool(grave)), words, behind)


def _sum(rolls: Iterable[Roll]) -> float:
    """What stood in all buckets a month before."""
    return sum(roll.before or 0.0 for roll in rolls)


@rule
def concentration(m: Measures, s: Settings) -> Judged:
    """Share of the top customers in what is owed."""
    found = m.top
    if isinstance(found, Needs):
        return _unknown(found)
    positive = m.balance[m.balance > 0]
    owed = float(positive.sum())
    if not owed:
        return Judged("OK", "Nobody owes anything.")
    part = Part(float(m.balance[found[0]].sum()), owed)
    if positive.size <= len(found[0]):
        return Judged("OK", f"No more than {count(positive.size)} customers owe anything: there are no others.")
    words = (
        f"The top {count(len(found[0]))} of {count(positive.size)} owing customers owe {amount(part.part)}"
        f" of {amount(owed)} ({percent(part.share or 0)})."
    )
    largest = np.array(found[0], np.intp)
    return Judged(_share(part, s.signal_concentration, "", "").verdict, words, Behind(largest, m.balance[largest]))


@rule
def new_customers(m: Measures, s: Settings) -> Judged:
    """New accounts in the top list."""
    found = m.top
    if isinstance(found, Needs):
        return _unknown(found)
    largest, new, unknown = found
    if unknown and len(new) < s.signal_new_customers:
        return _unknown(Needs("Customer since (customers file), or a ledger that reaches further back"))
    behind = Behind(np.array(new, np.intp), m.balance[new], why=f"first invoice under {s.signal_new_days} days ago")
    words = f"{count(len(new))} of the top {count(len(largest))} are new and owe {_of(behind.money, m.receivables)}."
    act = len(new) >= s.signal_new_customers and _material(behind.money, m.receivables, s)
    return Judged("Act" if act else "Look" if new else "OK", words, behind)


# ---------------------------------------------------------------- contacts and rhythm


@rule
def contacts_missing(m: Measures, s: Settings) -> Judged:
    """Accounts without name, e-mail or telephone."""
    found = m.no_contact_known
    if isinstance(found, Needs):
        return _unknown(found)
    return _accounts(m, s, *found, "no name, e-mail or telephone of a contact")


@rule
def contacts_old(m: Measures, s: Settings) -> Judged:
    """Accounts whose contacts are doubtful."""
    found = m.contact_ages
    if isinstance(found, Needs):
        return _unknown(found)
    overdue, owing = (
        [place for place, age in ages.items() if age is None or age > s.signal_contact_days] for ages in found
    )
    never = sum(found[1][place] is None for place in owing)
    why = [_confirmed(found[1][place]) for place in owing]
    return _accounts(m, s, overdue, owing, why, f", {count(never)} of them never")


def _confirmed(age: int | None) -> str:
    return "contacts never confirmed" if age is None else f"contacts confirmed {age} days ago"


@rule
def no_contact(m: Measures, s: Settings) -> Judged:
    """Overdue accounts with no contact logged."""
    found = m.first_contact
    if isinstance(found, Needs):
        return _unknown(found)
    silent = [place for place, first in found.items() if first is None]
    grown = [place for place in silent if m.day - int(m.oldest_due[place]) > s.signal_first_contact_days]
    late = float(m.overdue_of[grown].sum())
    words = (
        f"{count(len(silent))} of {count(len(found))} overdue accounts, {count(len(grown))} of them more than"
        f" {s.signal_first_contact_days} days, {_of(late, m.overdue_in_all)} overdue{_names(m, grown or silent)}."
    )
    act = bool(grown) and _material(late, m.overdue_in_all, s)
    behind = m.accounts_behind(silent, "overdue, and no contact is logged")
    return Judged("Act" if act else "Look" if silent else "OK", words, behind)


@rule
def late_contact(m: Measures, s: Settings) -> Judged:
    """Days past due to the first contact; an account still waiting counts with its days so far."""
    found = m.first_contact
    if isinstance(found, Needs):
        return _unknown(found)
    if not found:
        return Judged("OK", "No account is overdue.")
    waits = {place: m.day - int(m.oldest_due[place]) if first is None else first for place, first in found.items()}
    average = sum(waits.values()) / len(waits)
    late = [place for place, first in found.items() if first is not None and first > s.signal_first_contact_days]
    behind = m.accounts_behind(late, [f"first contact {waits[place]} days past due" for place in late])
    words = (
        f"{days(average)} days on average over {count(len(waits))} overdue accounts;"
        f" {count(len(late))} contacted later than {s.signal_first_contact_days} days,"
        f" {_of(behind.money, m.overdue_in_all)} overdue."
    )
    # What nobody has contacted yet has a signal of its own.
    act = _above(average, s.signal_first_contact_days) and _material(behind.money, m.overdue_in_all, s)
    return Judged("Act" if act else "Look" if late else "OK", words, behind)


@rule
def owners_outside(m: Measures, s: Settings) -> Judged:
    """Accounts whose owner sits elsewhere."""
    found = m.owners_elsewhere
    if isinstance(found, Needs):
        return _unknown(found)
    overdue, owing, silent = found
    more = f"; {count(silent)} without a department" if silent else ""
    why = [f"owner {m.people[place].owner or '(unnamed)'}, {m.people[place].owner_department}" for place in owing]
    return _accounts(m, s, overdue, owing, why, more)


@rule
def service_continued(m: Measures, s: Settings) -> Judged:
    """Overdue items whose customer is still served."""
    found = m.service_continues
    if isinstance(found, Needs):
        return _unknown(found)
    words = (
        f"{count(found.part)} of {count(found.whole)} overdue items are noted as still served;"
        f" {count(found.unknown)} more are not noted yet."
    )
    act = bool(found.part) and _material(found.behind.money, m.overdue_in_all, s)
    return Judged("Act" if act else "Look" if found.part else "OK", words, found.behind)


# ---------------------------------------------------------------- terms and billing


@rule
def off_standard(m: Measures, s: Settings) -> Judged:
    """Open invoices off the standard terms."""
    judged = _documents(m, s, m.standard_terms, s.signal_off_terms)
    approval = m.off_terms_unapproved
    if judged.verdict == "Not known" or isinstance(approval, Needs) or not approval.whole:
        return judged
    return judged._replace(figures=f"{judged.figures} {count(approval.part)} of them without an approval.")


@rule
def off_agreed(m: Measures, s: Settings) -> Judged:
    """Open invoices off the terms agreed with their customers."""
    part = m.agreed_terms(m.open_invoices)
    return _documents(m, s, part, s.signal_off_terms)


@rule
def own_formats(m: Measures, s: Settings) -> Judged:
    """Custom billing formats and how they pay."""
    found = m.own_formats
    if isinstance(found, Needs):
        return _unknown(found)
    customers, mine, others = found
    if not customers:
        return Judged("OK", "No customer who owes anything has one.")
    overdue, other = mine.share or 0.0, others.share or 0.0
    words = (
        f"{count(len(customers))} owing customers; {percent(overdue)} of what they owe is overdue"
        f" against {percent(other)} of the others'."
    )
    worse = _above(overdue - other, s.signal_material) and _material(mine.part, m.overdue_in_all, s)
    why = [f"billed as {m.people[place].billing_format}" for place in customers]
    return Judged("Act" if worse else "Look", words, m.accounts_behind(customers, why))


@rule
def month_end_billing(m: Measures, s: Settings) -> Judged:
    """Share billed in the last two days."""
    found = m.month_end_billing
    if isinstance(found, Needs):
        return _unknown(found)
    part, last = found
    if not part.whole:
        return Judged("OK", f"Nothing was billed in the month to {day_text(last)}.")
    words = (
        f"{amount(part.part)} of {amount(part.whole)} ({percent(part.share or 0)}) in the month to {day_text(last)},"
        f" {count(len(part.behind))} invoices and debit notes."
    )
    verdict = _capped(
        _share(part, s.signal_month_end_share, "", "").verdict, material=_material(part.part, m.receivables, s)
    )
    return Judged(verdict, words, part.behind)


@rule
def without_po(m: Measures, s: Settings) -> Judged:
    """Open invoices without a purchase order."""
    part = m.filled("po_number", m.open_invoices)
    return _documents(m, s, part, s.signal_without_papers)


@rule
def without_delivery(m: Measures, s: Settings) -> Judged:
    """Open invoices whose delivery is not confirmed."""
    part = m.flagged("proof_of_delivery", m.open_invoices)
    return _documents(m, s, part, s.signal_without_papers)


@rule
def disputes(m: Measures, s: Settings) -> Judged:
    """Open items in dispute, and the reasons that hold most money."""
    found = m.disputes
    if isinstance(found, Needs):
        return _unknown(found)
    total = found.items.total()
    before = m.baseline.get(DISPUTED)
    against = "no baseline set" if before is None else f"{count(before)} at the baseline"
    top = sorted(found.items, key=lambda code: (-found.items[code], code))[:NAMED]
    reasons = ": " + ", ".join(f"{code} {count(found.items[code])}" for code in top) if top else ""
    grown = before is not None and total > before and _material(found.behind.money, m.receivables, s)
    words = f"{count(total)} items in dispute, {against}{reasons}."
    return Judged("Act" if grown else "Look" if total else "OK", words, found.behind)


@rule
def unapplied_credits(m: Measures, s: Settings) -> Judged:
    """Open credits, and how many of them equal an open item."""
    behind = m.unapplied
    if isinstance(behind, Needs):
        return _unknown(behind)
    if not len(behind):
        return Judged("OK", "No credit is open.")
    equal = [one for one in m.credits if one.match == "exact"]
    oldest = max((one.age for one in m.credits if one.age is not None), default=None)
    aged = "" if oldest is None else f"; the oldest is {count(oldest)} days old"
    words = (
        f"{count(len(behind))} credits of {_of(behind.money, m.receivables)} receivables,"
        f" {count(len(equal))} of them equal to an open item{aged}."
    )
    return Judged("Act" if _material(behind.money, m.receivables, s) else "Look", words, behind)


# ---------------------------------------------------------------- risk


@rule
def over_limit(m: Measures, s: Settings) -> Judged:
    """Customers over their limit."""
    found = m.limits
    if isinstance(found, Needs):
        return _unknown(found)
    part, held = found
    behind = beyond_limits(held)
    near = sum(h.balance >= NEAR * h.limit for h in held) - len(behind)
    largest = [(m.people[place].name, excess) for place, excess in zip(behind.accounts, behind.amount, strict=True)]
    named = ": " + ", ".join(f"{name} {amount(excess)}" for name, excess in largest[:NAMED]) if largest else ""
    without = f"; {count(part.whole - part.part)} without a limit" if part.whole > part.part else ""
    words = (
        f"{count(len(behind))} of {count(part.part)} owing customers with a limit are over it by"
        f" {amount(behind.money)}, {count(near)} near{without}{named}."
    )
    act = _material(behind.money, m.receivables, s)
    return Judged("Act" if act else "Look" if len(behind) or near else "OK", words, behind)
