"""Rollout: the twelve actions with their measures, status and evidence; baseline, snapshots and offers behind them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from udfs.discounts import discount_cost
from xlwings_addin.ledger.money import rounded
from xlwings_addin.month_end import typed
from xlwings_addin.month_end.month import TableData, own
from xlwings_addin.month_end.program.behind import NOTHING, Behind
from xlwings_addin.month_end.program.listed import MOST
from xlwings_addin.month_end.program.measures import (
    COMPLETE_MONTH,
    DISPUTED,
    SALES,
    Needs,
    Part,
    beyond_limits,
    figure,
    week_name,
    week_start,
)
from xlwings_addin.month_end.wording import amount, count, day_text, days, in_month, percent
from xlwings_addin.sheets.listed import linked
from xlwings_addin.sheets.rollout import PHASES, SPARE_OFFERS, STATUSES, TYPED_START, TYPED_STATUS, phase_name
from xlwings_addin.sheets.rollout import sheet as sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlwings_addin.month_end.month import Filled
    from xlwings_addin.month_end.program.measures import Measures
    from xlwings_addin.settings import Settings

E_INVOICING = 0.9
"""Coverage the guide asks for."""
_BASELINE = Needs("a baseline (button Set baseline)")
LAG = 0.25
"""How far the way made may lag the time gone before an action is at risk."""
PHASE_DAYS = 30
WEEK_DAYS = 7

Unit = Literal["share", "count", "days", "amount", "rate"]
Status = Literal["Not started", "On track", "At risk", "Done", "Late"]
_SHOWN: Mapping[Unit, Callable[[float], str]] = {
    "share": percent, "count": count, "days": lambda value: f"{days(value)} days", "amount": amount, "rate": days,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a measure says: its value and the figures in words, or nothing but what is missing."""

    value: float | None
    words: str
    missing: str = ""
    behind: Behind = NOTHING
    """What is not as it should be, one by one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of an action."""

    name: str
    """Also its name in tblBaseline."""
    unit: Unit
    read: Callable[[Program], Reading]
    target: Callable[[Settings], float] | Literal["below baseline", ""] = ""
    """A number, fewer than at the baseline, or none."""
    better: Literal["up", "down"] = "up"

    def shown(self, value: float | None) -> str:
        """Return a value in the measure's unit."""
        return "" if value is None else _SHOWN[self.unit](value)

    def target_text(self, settings: Settings) -> str:
        """Return the target in words."""
        if isinstance(self.target, str):
            return self.target or "no target"
        value = self.target(settings)
        if self.better == "down":
            return f"at most {self.shown(value)}" if value else "none"
        return "all" if self.unit == "share" and value == 1 else f"{self.shown(value)} or more"

    def way(self, value: float | None, before: float | None, settings: Settings) -> float | None:
        """Return the part of the way from baseline to target that is made; 1: target met; None: no target."""
        if not self.target:
            return None
        if value is None:
            return 0.0
        if isinstance(self.target, str):
            return float(before is not None and value < before)
        target = self.target(settings)
        if value >= target if self.better == "up" else value <= target:
            return 1.0
        if before is None or before == target:
            return 0.0
        return min(max((value - before) / (target - before), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the tracker."""

    phase: int
    title: str
    """Its key: what is typed beside it goes by it."""
    measures: tuple[Measure, ...]


class Program:
    """What the measures of the actions are read from."""

    def __init__(self, measures: Measures) -> None:
        self.m, self.settings, self.day = measures, measures.settings, measures.day
        entries = measures.closing.entries
        self.start = typed.day(entries.fields["program_start"])
        self.offers = entries.rows("tblOffers")
        self.typed = entries.typed("tblRollout").rows
        set_on = (row["as_of"] for row in measures.baseline_rows)
        self.baseline_day = max((day for day in set_on if isinstance(day, int)), default=None)
        before = (row for row in entries.rows("tblSnapshots") if isinstance(row["as_of"], int))
        self.weeks = {week_start(row["as_of"]) for row in before if row["as_of"] <= self.day} | {week_start(self.day)}
        """Mondays of the weeks with a snapshot, this one included."""


# ---------------------------------------------------------------- measures


def _part(found: Part | Needs, what: str, none: str) -> Reading:
    """Read a share."""
    if isinstance(found, Needs):
        return _missing(found)
    if found.share is None:
        return Reading(None, none)
    more = f", {count(found.unknown)} more say nothing" if found.unknown else ""
    return Reading(found.share, f"{count(found.part)} of {count(found.whole)} {what}{more}.", behind=found.behind)


def _missing(found: Needs) -> Reading:
    return Reading(None, "", found.what)


def _on_standard(p: Program) -> Reading:
    what = f"open invoices are on {p.settings.standard_terms}"
    return _part(p.m.standard_terms, what, "No invoice is open.")


def _unapproved(p: Program) -> Reading:
    found = p.m.off_terms_unapproved
    if isinstance(found, Needs):
        return _missing(found)
    words = f"{count(found.part)} of {count(found.whole)} invoices off terms have no approval."
    return Reading(found.part, words, behind=found.behind)


def _with_po(p: Program) -> Reading:
    found = p.m.filled("po_number", p.m.billed)
    return _part(found, "invoices of the period carry a PO number", "No invoice is dated in the period.")


def _billing_disputes(p: Program) -> Reading:
    found = p.m.billing_disputes
    if isinstance(found, Needs):
        return _missing(found)
    if found.share is None:
        return Reading(None, "No invoice is dated in the period.")
    return Reading(
        found.share * 100,
        f"{count(found.part)} of {count(found.whole)} invoices of the period are disputed for a reason of billing.",
        behind=found.behind,
    )


def _reminded(p: Program) -> Reading:
    found = p.m.reminders
    if isinstance(found, Needs):
        return _missing(found)
    part, due = found
    if part.share is None:
        return Reading(None, "No reminder fell due in the period.")
    return Reading(
        part.share,
        f"{count(due)} reminders fell due on {count(part.whole)} accounts; {count(part.part)} of them have one logged.",
        behind=part.behind,
    )


def _baseline_set(p: Program) -> Reading:
    if p.baseline_day is None:
        return _missing(_BASELINE)
    shown, month = [], p.m.months.complete
    for name, show in (("DSO", days), ("CEI", percent), ("DDSO", days)):
        before, now = p.m.baseline.get(name), figure(month[name.lower()]) if month else None
        if before is not None:
            shown.append(f"{name} {show(before)}" + ("" if now is None else f" (now {show(now)})"))
    return Reading(float(len(shown)), f"Baseline of {day_text(p.baseline_day)}: {', '.join(shown) or 'none of these'}.")


def _weekly(p: Program) -> Reading:
    if p.baseline_day is None:
        return _missing(_BASELINE)
    first, last = week_start(p.baseline_day), week_start(p.day)
    weeks = max((last - first) // WEEK_DAYS + 1, 1)
    kept = sum(first <= week <= last for week in p.weeks)
    return Reading(min(kept / weeks, 1.0), f"{count(kept)} of {count(weeks)} weeks since have a snapshot.")


def _limited(p: Program) -> Reading:
    found = p.m.limits
    part = found if isinstance(found, Needs) else found[0]
    return _part(part, "owing customers have a limit", "No customer owes anything.")


def _over_limit(p: Program) -> Reading:
    found = p.m.limits
    if isinstance(found, Needs):
        return _missing(found)
    behind = beyond_limits(found[1])
    words = f"{count(len(behind))} customers owe {amount(behind.money)} more than their limits."
    return Reading(rounded(behind.money, p.m.closing.digits), words, behind=behind)


def _queued(p: Program) -> Reading:
    return _part(p.m.owned_with_action, "overdue items have an owner and a next action", "No item is overdue.")


def _escalated(p: Program) -> Reading:
    steps = ", ".join(f"+{step}" for step in p.settings.escalation_days)
    return _part(p.m.escalations, f"steps due on overdue accounts ({steps}) were taken", "No step is due.")


def offers_under(offers: Sequence[Mapping[str, Any]], cost_of_capital: float) -> Part:
    """Return the offers that cost no more than the cost of capital; unknown are those not yet typed in full."""
    costs = [
        offer_cost(row)
        for row in offers
        if any(value is not None for value in [row[key] for key in ("discount", "discount_days", "net_days")])
    ]
    known = [cost for cost in map(figure, costs) if cost is not None]
    return Part(sum(cost <= cost_of_capital for cost in known), len(known), len(costs) - len(known))


def _offers(p: Program) -> Reading:
    if not p.offers:
        return _missing(Needs("a line for each offer (tblOffers below)"))
    what = f"offers cost no more than {percent(p.settings.cost_of_capital)} a year"
    return _part(offers_under(p.offers, p.settings.cost_of_capital), what, "No offer is typed in full.")


def _uptake(p: Program) -> Reading:
    answers = [typed.yes(row["taken"]) for row in p.offers]
    said = [answer for answer in answers if answer is not None]
    if not said:
        return _missing(Needs("Taken (tblOffers below)"))
    return _part(Part(sum(said), len(said), len(answers) - len(said)), "offers were taken", "")


def _disputed(p: Program) -> Reading:
    found = p.m.disputes
    if isinstance(found, Needs):
        return _missing(found)
    now, before = found.items, p.m.baseline
    reasons = sorted(now, key=lambda code: (-now[code], code))
    known = DISPUTED in before
    parts = [
        f"{code} {count(now[code])}" + (f" (was {count(before.get(f'{DISPUTED}: {code}', 0.0))})" if known else "")
        for code in reasons
    ]
    return Reading(
        float(now.total()),
        f"{count(now.total())} items in dispute{': ' if parts else ''}{', '.join(parts)}.",
        behind=found.behind,
    )


def _electronic(p: Program) -> Reading:
    found = p.m.flagged("e_invoice", p.m.billed)
    return _part(found, "invoices of the period went out electronically", "No invoice is dated in the period.")


def _agreed(p: Program) -> Reading:
    found = p.m.agreed_terms(p.m.billed)
    return _part(found, "invoices of the period have the terms agreed", "No invoice is dated in the period.")


def _monthly(key: str, unit: Unit) -> Callable[[Program], Reading]:
    def read(p: Program) -> Reading:
        month = p.m.months.complete
        value = figure(month[key]) if month else None
        if month is None or value is None:
            return _missing(SALES if month else COMPLETE_MONTH)
        return Reading(value, f"{key.upper()} {_SHOWN[unit](value)}{in_month(month['month_end'], p.day)}.")

    return read


def _reviews(p: Program) -> Reading:
    found = p.m.reviews
    if isinstance(found, Needs):
        return _missing(found)
    return Reading(float(found), f"{count(found)} reviews logged in the period.")


def _dated(p: Program) -> Reading:
    found = p.m.actions_this_week
    return _part(found, "overdue items have an action dated this week", "No item is overdue.")


def _all(_: Settings) -> float:
    return 1.0


def _none(_: Settings) -> float:
    return 0.0


ACTIONS = (
    Action(30, "Publish standard terms and approval rules", (
        Measure("Open invoices on standard terms", "share", _on_standard, lambda s: 1 - s.signal_off_terms),
        Measure("Off terms without approval", "count", _unapproved, _none, "down"),
    )),
    Action(30, "Fix the invoice template (PO, bank details, dispute link)", (
        Measure("Invoices with a PO number", "share", _with_po, lambda s: 1 - s.signal_without_papers),
        Measure("Billing disputes per 100", "rate", _billing_disputes, "below baseline", "down"),
    )),
    Action(30, "Start the reminder cadence -1, 0, +3, +7, +14", (
        Measure("Accounts reminded when due", "share", _reminded, _all),
    )),
    Action(30, "Baseline DSO, CEI, DDSO; weekly dashboard", (
        Measure("Figures in the baseline", "count", _baseline_set, lambda _: 3.0),
        Measure("Weeks with a snapshot", "share", _weekly, _all),
    )),
    Action(60, "Risk-based credit limits, early-warning alerts", (
        Measure("Customers with a limit", "share", _limited, _all),
        Measure("Exposure over limit", "amount", _over_limit, _none, "down"),
    )),
    Action(60, "Collector queues by risk; escalation procedure live", (
        Measure("Overdue with owner and action", "share", _queued, _all),
        Measure("Escalation steps taken", "share", _escalated, _all),
    )),
    Action(60, "Early-pay discounts for selected segments", (
        Measure("Offers under cost of capital", "share", _offers, _all),
        Measure("Uptake", "share", _uptake),
    )),
    Action(60, "Fix the root causes of the top dispute codes", (
        Measure(DISPUTED, "count", _disputed, "below baseline", "down"),
    )),
    Action(90, "E-invoicing coverage 90 %+", (
        Measure("Invoices sent electronically", "share", _electronic, lambda _: E_INVOICING),
    )),
    Action(90, "Terms and clauses applied automatically in offers", (
        Measure("New invoices on agreed terms", "share", _agreed, lambda s: 1 - s.signal_off_terms),
    )),
    Action(90, "Monthly portfolio reviews; CEI and DDSO targets", (
        Measure("CEI", "share", _monthly("cei", "share"), lambda s: s.target_cei),
        Measure("DDSO", "days", _monthly("ddso", "days"), lambda s: s.target_ddso, "down"),
        Measure("Reviews logged", "count", _reviews, lambda _: 1.0),
    )),
    Action(90, "Workflows and analytics embedded", (
        Measure("Overdue with action this week", "share", _dated, _all),
    )),
)  # fmt: skip


# ---------------------------------------------------------------- status


def status(day: int, begins: int | None, due: int | None, way: float) -> Status:
    """Suggest a status: `way` is the part made of the way from baseline to target, 1 where all targets are met.

    Done: the targets are met. Not started: no start, or before it. Late: past the due date. At risk: the way
    made lags the time gone by more than a quarter. On track: otherwise.

    >>> status(10, 0, 30, 0.5), status(20, 0, 30, 0.1), status(31, 0, 30, 0.9), status(31, 0, 30, 1)
    ('On track', 'At risk', 'Late', 'Done')
    """
    if way >= 1:
        return "Done"
    if begins is None or due is None or day < begins:
        return "Not started"
    if day > due:
        return "Late"
    gone = (day - begins) / max(due - begins, 1)
    return "At risk" if gone - way > LAG else "On track"


def _dates(action: Action, own_start: int | None, program_start: int | None) -> tuple[int | None, int | None]:
    """Return the day from which work on an action is expected, and its due date."""
    if own_start is not None:
        return own_start, own_start + action.phase
    if program_start is None:
        return None, None
    return program_start + action.phase - PHASE_DAYS, program_start + action.phase


# ---------------------------------------------------------------- tables


def lists(measures: Measures) -> dict[str, Behind]:
    """Return what stands behind each measure of the actions, by its name."""
    program = Program(measures)
    return {measure.name: measure.read(program).behind for action in ACTIONS for measure in action.measures}


def tables(measures: Measures) -> Filled:
    """Return the tracker's tables and named cells."""
    program = Program(measures)
    actions = [_row(action, program) for action in ACTIONS]
    effective = [_effective(row, program) for row in actions]
    dues = [row["due"] for row in actions]
    planned = sum(due is not None and due <= program.day for due in dues)
    phases = _phases(program.day, program.start, dues, effective)
    made = {
        "tblPhases": phases,
        "tblRollout": TableData.of(actions),
        "tblOffers": _offer_rows(program),
        "tblBaseline": TableData.of(
            map(_reads_as, measures.baseline_rows), measures.closing.entries.kept("tblBaseline").extra
        ),
        "tblSnapshots": _snapshots(program, planned, effective.count("Done")),
    }
    return made, {
        "program_start": measures.closing.entries.fields["program_start"],
        "program_day": "n/a" if program.start is None else program.day - program.start,
        "program_done": effective.count("Done"),
        "baseline_of": "not set" if program.baseline_day is None else program.baseline_day,
    }


def blank(settings: Settings) -> Filled:
    """Return the tracker without a ledger: actions, measures and targets are there to be read."""
    rows = [_static(action, settings) | {"suggested": "Not started", "listed": ""} for action in ACTIONS]
    offers = TableData.of([{"cost": None, "verdict": None}] * SPARE_OFFERS)
    return {
        "tblPhases": _phases(None, None, [None] * len(ACTIONS), ["Not started"] * len(ACTIONS)),
        "tblRollout": TableData.of(rows),
        "tblOffers": offers,
    }, {}


def _static(action: Action, settings: Settings) -> dict[str, Any]:
    return {
        "phase": phase_name(action.phase),
        "action": action.title,
        "measure": "\n".join(measure.name for measure in action.measures),
        "target": "\n".join(measure.target_text(settings) for measure in action.measures),
    }


def _row(action: Action, program: Program) -> dict[str, Any]:
    settings, before = program.settings, program.m.baseline
    found = [measure.read(program) for measure in action.measures]
    pairs = list(zip(action.measures, found, strict=True))
    ways = [way for m, r in pairs if (way := m.way(r.value, before.get(m.name), settings)) is not None]
    own_start = typed.day(program.typed.get((action.title,), {}).get(TYPED_START))
    begins, due = _dates(action, own_start, program.start)
    return _static(action, settings) | {
        "due": due,
        "baseline": "\n".join(m.shown(before.get(m.name)) or "not set" for m in action.measures),
        "actual": "\n".join(f"needs {r.missing}" if r.missing else m.shown(r.value) or "nothing yet" for m, r in pairs),
        "suggested": status(program.day, begins, due, statistics.fmean(ways)),
        "listed": linked(min(len(found[0].behind), MOST)),
        "evidence": f"{day_text(program.day)}: "
        + (" ".join(reading.words for reading in found if reading.words) or "nothing to measure yet."),
    }


def _effective(row: Mapping[str, Any], program: Program) -> str:
    """Return the status that counts: a typed one wins."""
    said = str(program.typed.get((row["action"],), {}).get(TYPED_STATUS) or row["suggested"])
    return next((known for known in STATUSES if known.lower() == said.lower()), said)


def _phases(day: int | None, start: int | None, dues: Sequence[int | None], statuses: Sequence[str]) -> TableData:
    rows = []
    for phase, _ in PHASES:
        mine = [i for i, action in enumerate(ACTIONS) if action.phase == phase]
        done = sum(statuses[i] == "Done" for i in mine)
        ends = None if start is None else start + phase
        late = [due for i in mine if (due := dues[i]) is not None and day is not None and due <= day]
        rows.append(
            {
                "phase": phase_name(phase),
                "share": done / len(mine),
                "opens": None if ends is None else ends - PHASE_DAYS,
                "ends": ends,
                "left": None if ends is None or day is None else ends - day,
                "actions": len(mine),
                "planned": len(late),
                "done": done,
            }
        )
    return TableData.of(rows)


def offer_cost(row: Mapping[str, Any]) -> float | None:
    """Return what an offer's discount costs a year, None while it is not typed in full; a NaN of `udfs.errors`
    where its terms make no sense, which is what the cell shows.
    """
    discount, within, net = (typed.amount(row[key]) for key in ("discount", "discount_days", "net_days"))
    if discount is None or within is None or net is None:
        return None
    return float(discount_cost(discount, within, net))


def _offer_rows(program: Program) -> TableData:
    stored = program.m.closing.entries.kept("tblOffers")
    rows: list[dict[str, Any]] = []
    for row in stored.rows:
        cost = offer_cost(row)
        known = figure(cost)
        verdict = None if known is None else "OK" if known <= program.settings.cost_of_capital else "Too expensive"
        rows.append(dict(row) | {"cost": cost, "verdict": verdict})
    # Lines to type in have their formulas already.
    rows += [{"cost": None, "verdict": None} for _ in range(SPARE_OFFERS)]
    return TableData.of(rows, stored.extra)


def baseline(measures: Measures) -> list[dict[str, Any]]:
    """Return this day as a baseline: what is known of it, ratios of the last complete month."""
    program = Program(measures)
    now, found = program.m.months.now, {}
    if month := program.m.months.complete:
        found = {"DSO": figure(month["dso"]), "DSO countback": figure(month["dso_countback"])}
        found |= {"DDSO": figure(month["ddso"]), "CEI": figure(month["cei"])}
    found |= {"Receivables": figure(now["receivables"]), "Overdue": figure(now["overdue"])}
    for action in ACTIONS:
        for measure in action.measures:
            if measure.read not in (_baseline_set, _weekly):
                found[measure.name] = measure.read(program).value
    disputes = program.m.disputes
    if not isinstance(disputes, Needs):
        found |= {f"{DISPUTED}: {code}": float(items) for code, items in sorted(disputes.items.items())}
    return [
        {"measure": name, "value": round(float(value), 6), "as_of": program.day}
        for name, value in found.items()
        if value is not None
    ]


_UNITS: Mapping[str, Unit] = {measure.name: measure.unit for action in ACTIONS for measure in action.measures} | {
    "DSO": "days", "DSO countback": "days", "Receivables": "amount", "Overdue": "amount",
}  # fmt: skip


def _reads_as(row: Mapping[str, Any]) -> Mapping[str, Any]:
    value = typed.amount(row["value"])
    unit = _UNITS.get(row["measure"], "count" if str(row["measure"]).startswith(DISPUTED) else None)
    return dict(row) | {"shown": "" if value is None or unit is None else _SHOWN[unit](value)}


def _snapshots(program: Program, planned: int, done: int) -> TableData:
    """Return the rows by week, this week's from the figures of now."""
    stored = program.m.closing.entries.kept("tblSnapshots")
    week, now, m = week_name(program.day), program.m.months.now, program.m
    own_week = next((row for row in stored.rows if row["week"] == week), {})
    row: dict[str, Any] = {own(heading): own_week.get(own(heading)) for heading in stored.extra}
    row |= {"week": week, "as_of": program.day, "planned": planned, "done": done, "disputed": None, "top_dispute": None}
    row |= {key: figure(now[key]) for key in ("receivables", "overdue")} | dict(m.rolling)
    row["over_60"] = None if isinstance(m.over_60, Needs) else m.over_60.share
    if not isinstance(m.disputes, Needs):
        items = m.disputes.items
        row["disputed"] = items.total()
        row["top_dispute"] = min(items, key=lambda code: (-items[code], code), default=None)
    kept = [other for other in stored.rows if other["week"] != week]
    return TableData.of(sorted([*kept, row], key=lambda r: str(r["week"])), stored.extra)
