"""Forecast: the cash to expect of what is open, week by week, and how well that worked at past month ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from udfs.errors import NA
from xlwings_addin.ledger import payment_times as engine
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.exchange import rate_at
from xlwings_addin.ledger.money import difference, rounded
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import needs_documents
from xlwings_addin.month_end.month import TableData
from xlwings_addin.sheets.forecast import NOT_KNOWN
from xlwings_addin.sheets.forecast import sheet as sheet
from xlwings_addin.sheets.ledger import ITEM_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.payment_times import Behaviour, Debts, Floats, Ints, Trial
    from xlwings_addin.month_end.closing import Closing
    from xlwings_addin.month_end.month import Filled

    Flags = NDArray[np.bool_]
    Row = dict[str, Any]
    Told = Mapping[tuple[str, str], Sequence[int]]

PARTS = ("overdue", "not_due", "promised")
"""Where expected cash comes from: each open amount is in one of them."""
AMOUNTS = (*PARTS, "naive", "expected", "low", "high", "cumulative")
TIES = tuple(f"forecast_{name}" for name in ("in_weeks", "later", "lost", "credits", "total", "difference"))
"""The cells in which the forecast ties to receivables."""


def tables(closing: Closing, receivables: float) -> Filled:
    """Return tblForecast, tblBacktest, tblBacktestWeeks and the named cells of the forecast.

    `receivables` is the aging's total in the base currency, to which the forecast ties.
    """
    worth = worth_of_items(closing)
    weeks: list[Row] = [_week(closing.day, week) | dict.fromkeys(AMOUNTS) for week in range(engine.WEEKS)]
    fields: dict[str, Any] = {"forecast_open": receivables, "forecast_dispute_pace": None} | dict.fromkeys(TIES)
    trials: tuple[Trial, ...] = ()
    known = engine.debts(closing.ledger, closing.day, worth)
    # Behaviour is learned from what was paid of each item; cash comes from what credits leave of it (Settings).
    owed = replace(known, balance=np.maximum(closing.aging.left[known.rows], 0) * worth[known.rows])
    unrated = np.isnan(worth[closing.open.rows])
    if unrated.any():
        fields |= _not_available(closing, unrated)
        weeks = [row | dict.fromkeys(AMOUNTS, NA) for row in weeks]
    elif closing.ledger.balances is not None or not owed.open.size:
        balances = closing.ledger.balances is not None
        fields["forecast_basis"] = needs_documents.TEXT if balances else "Nothing is open that could be paid."
    else:
        for row, amount in zip(weeks, engine.on_due_dates(owed), strict=True):
            row["naive"] = closing.known(float(amount))
        told = _rows_told_of(closing)
        disputed = _disputed(closing, told, closing.day)
        behaviour = engine.learn(closing.ledger, known, worth, disputed)
        fields["forecast_basis"] = _basis(closing, behaviour)
        if closing.ledger.has_history and behaviour.known:
            trials = engine.back_test(
                closing.ledger, closing.day, worth, lambda day: _disputed(closing, told, day), settings=closing.settings
            )
            expected = engine.expect(owed, behaviour, disputed)
            expected, promised = engine.with_promises(owed, expected, *_promises(closing, told, owed, worth))
            _split(closing, owed, expected.weeks, promised, weeks)
            fields |= _ties(closing, weeks, float(expected.later.sum()), float(expected.lost.sum()), receivables)
            usual, odd = behaviour.pace
            fields["forecast_dispute_pace"] = None if usual == odd else odd / usual
            _reckon(weeks, trials)
    tested = _tested(closing, trials)
    made = {
        "tblForecast": TableData.of(weeks),
        "tblBacktest": TableData.of(_by_month_end(tested, trials)),
        "tblBacktestWeeks": TableData.of(tested),
    }
    return made, fields | _errors(tested)


def worth_of_items(closing: Closing) -> Floats:
    """One minor unit of each item in the base currency at the as-of date's rate; NaN without a rate.

    Past month ends are measured at the same rates: a forecast does not answer for exchange rates.
    """
    currencies = closing.ledger.arrays.segment("currency")
    rates = [rate_at(closing.settings, name, closing.currency, closing.day) for name in currencies.keys]
    worth = [
        np.nan if rate is None else rate / 10.0**digits
        for rate, digits in zip(rates, closing.aging.digits, strict=True)
    ]
    return np.array(worth)[currencies.codes]


def spoken(day: int) -> str:
    """Return a day as sheets say it.

    >>> spoken(15521)
    '30 Jun 2012'
    """
    return f"{_date(day):%d %b %Y}"


def _date(day: int) -> date:
    return date.fromisoformat(iso(day))


def _week(day: int, week: int) -> Row:
    return {"week": f"Week {week + 1}", "from": day + 1 + week * engine.WEEK, "to": day + (week + 1) * engine.WEEK}


def _not_available(closing: Closing, unrated: Flags) -> Row:
    lacking = closing.ledger.items["currency"].take(closing.open.rows[unrated])
    named = ", ".join(sorted({name or "(unnamed)" for name in lacking}))
    return {
        "forecast_basis": f"Not available: Settings has no rate into {closing.currency or 'a base currency'}"
        f" for {named} on {spoken(closing.day)}.",
        **dict.fromkeys(TIES, NA),
    }


def _basis(closing: Closing, behaviour: Behaviour) -> str:
    if not closing.ledger.has_history:
        return f"{NOT_KNOWN}: a list of open items shows no payments. Load receipts, or an export with settled dates."
    year = f"payments of the year to {spoken(closing.day)}"
    if not behaviour.known:
        return f"{NOT_KNOWN}: {behaviour.payments} {year}; it takes {engine.LEAST_PAYMENTS} to speak of behaviour."
    return f"{behaviour.payments:,} {year}, customer by customer"


def _split(closing: Closing, known: Debts, cash: Floats, promised: Floats, weeks: Sequence[Row]) -> None:
    """Fill in where each week's cash comes from; `cash` and what of it is `promised` by week and open debt."""
    overdue = closing.ledger.arrays.due_date[known.rows[known.open]] < closing.day
    # What a promise leaves of an item stays with its kind.
    own = cash - promised
    parts = (own[:, overdue].sum(axis=1), own[:, ~overdue].sum(axis=1), promised.sum(axis=1))
    for week, row in enumerate(weeks):
        row |= {key: closing.known(float(amounts[week])) for key, amounts in zip(PARTS, parts, strict=True)}
        row["expected"] = row["overdue"] + row["not_due"] + row["promised"]


def _ties(closing: Closing, weeks: Sequence[Row], later: float, lost: float, receivables: float) -> Row:
    """What the weeks leave of the open items: later, never in cash, and credits, which are no debt."""
    money = closing.in_base(closing.left)

    digits = closing.digits
    unapplied, lost = rounded(float(money[money < 0].sum()), digits), rounded(lost, digits)
    in_weeks = sum(row["expected"] for row in weeks)
    # Every figure is rounded by itself; what that leaves belongs to no week. More than that is a difference.
    rest = rounded(rounded(receivables, digits) - unapplied - lost - in_weeks, digits)
    later = rest if abs(rest - later) < len(PARTS) * (len(weeks) + 1) / 10**digits else rounded(later, digits)
    total = in_weeks + later + lost + unapplied
    return {
        "forecast_in_weeks": in_weeks,
        "forecast_later": later,
        "forecast_lost": lost,
        "forecast_credits": unapplied,
        "forecast_total": total,
        "forecast_difference": difference(total, receivables, digits),
    }


def _reckon(weeks: Sequence[Row], trials: Sequence[Trial]) -> None:
    """Fill in the band, and what the formulas of the weeks show."""
    band = engine.band(trials, np.array([row["expected"] for row in weeks]))
    running = 0.0
    for week, row in enumerate(weeks):
        running += row["expected"]
        row["cumulative"] = running
        if band:
            row |= {"low": float(band[0][week]), "high": float(band[1][week])}


# ---------------------------------------------------------------- what is known of single items


def _disputed(closing: Closing, told: Told, day: int) -> Flags:
    """Items of the ledger known on `day` to be, or to have been, disputed.

    A line of Activity says since when. The ledger's flag and what was typed beside an item do not: they are
    treated as known on the as-of day, and on no day before it.
    """
    found = np.zeros(len(closing.ledger.items), bool)
    lines = [a for a in closing.activities if a.kind == "dispute" and a.date is not None and a.date <= day]
    for line in lines:
        found[list(told.get((line.customer, line.document), ()))] = True
    if day == closing.day:
        found |= (closing.ledger.items["disputed"] == "yes").to_numpy(bool)
        found[[row for row, worked in _worked_rows(closing) if worked.dispute_code]] = True
    return found


def _promises(closing: Closing, told: Told, known: Debts, worth: Floats) -> tuple[Ints, Floats]:
    """The day each open debt is promised for (NO_DATE without) and the amount, in the order of `Debts.open`.

    What is typed beside an item wins over the lines of Activity, the later line over the earlier, and both
    over the ledger's column. A promise past its grace is broken and says nothing any more.
    """
    opened = known.rows[known.open]
    balance = np.zeros(len(closing.ledger.items))
    balance[opened] = known.balance[known.open]
    due = np.zeros(len(closing.ledger.items), np.int64)
    due[opened] = known.due[known.open]
    promised_for = closing.ledger.items["promise_date"].to_numpy(np.int64).copy()
    amount = np.full(promised_for.size, np.inf)

    def promise(row: int, day: int, money: float) -> None:
        promised_for[row], amount[row] = day, money

    lines = [a for a in closing.activities if a.kind == "promise" and a.date is not None and a.date <= closing.day]
    for line in sorted(lines, key=lambda a: (a.date, a.row)):
        if line.for_date is None:
            continue
        left = np.inf if line.amount is None else line.amount
        # A sum promised for the whole account pays its oldest items first.
        for row in sorted(told.get((line.customer, line.document), ()), key=lambda row: (due[row], row)):
            if balance[row] > 0 and left > 0:
                money = min(left * closing.scale[row] * worth[row], balance[row])
                promise(row, line.for_date, money)
                left -= money / (closing.scale[row] * worth[row])
    for row, worked in _worked_rows(closing):
        if worked.promise_date is not None:
            typed = np.inf if worked.promise_amount is None else worked.promise_amount
            promise(row, worked.promise_date, typed * closing.scale[row] * worth[row])
    promised_for, amount = promised_for[opened], amount[opened]
    promised_for[promised_for < closing.day - closing.settings.promise_grace] = NO_DATE
    return promised_for, amount


def _worked_rows(closing: Closing) -> Iterable[tuple[int, Any]]:
    """Rows of the ledger beside which something was typed, where the key says which row it is."""
    if not closing.worked:
        return []
    columns = [closing.ledger.items[name].take(closing.open.rows) for name in ITEM_KEY]
    keys = list(zip(*columns, strict=True))
    rows = dict(zip(keys, closing.open.rows.tolist(), strict=True))
    doubled = {key for key in keys if keys.count(key) > 1} if len(rows) < len(keys) else set()
    return [(rows[key], worked) for key, worked in closing.worked.items() if key in rows and key not in doubled]


def _rows_told_of(closing: Closing) -> Told:
    """Rows of the ledger that lines of Activity are about: a document's, and without one the whole account's."""
    told: dict[tuple[str, str], list[int]] = {}
    customers = {line.customer for line in closing.activities if line.kind in {"promise", "dispute"}}
    if customers:
        named = closing.ledger.items[["customer_id", "document_no"]]
        rows = np.flatnonzero(named["customer_id"].isin(customers)).tolist()
        named = named.take(rows)
        for row, customer, document in zip(rows, named["customer_id"], named["document_no"], strict=True):
            for about in {"", document}:
                told.setdefault((customer, about), []).append(row)
    return told


# ---------------------------------------------------------------- the back-test


def _tested(closing: Closing, trials: Sequence[Trial]) -> list[Row]:
    """Every week of the back-test: what came, what was forecast, and how far off it was."""
    rows: list[Row] = []
    for trial in trials:
        for week in range(engine.WEEKS):
            row: Row = {"as_of": trial.day} | _week(trial.day, week)
            for key, amounts in (
                ("received", trial.received),
                ("forecast", trial.forecast),
                ("due", trial.on_due_dates),
                ("average", trial.at_average_delay),
            ):
                row[key] = rounded(float(amounts[week]), closing.digits)
            row["error"] = abs(row["forecast"] - row["received"])
            row["error_due"] = abs(row["due"] - row["received"])
            row["error_average"] = abs(row["average"] - row["received"])
            rows.append(row)
    return rows


ERRORS = ("error", "error_due", "error_average")


def _by_month_end(tested: Sequence[Row], trials: Sequence[Trial]) -> list[Row]:
    rows = []
    for trial in trials:
        own = [row for row in tested if row["as_of"] == trial.day]
        received, forecast = (sum(row[key] for row in own) for key in ("received", "forecast"))
        row: Row = {
            "label": f"{_date(trial.day):%b %Y}",
            "as_of": trial.day,
            "payments": trial.payments,
            "received": received,
            "forecast": forecast,
        }
        row["bias"] = forecast / received - 1 if received else None
        row |= {key: _over_received(own, key) for key in ERRORS}
        rows.append(row)
    return rows


def _errors(tested: Sequence[Row]) -> Row:
    return {f"backtest_{key}": _over_received(tested, key) for key in ERRORS}


def _over_received(rows: Sequence[Row], key: str) -> float | None:
    """The sum of the errors over the sum of what came."""
    received = sum(row["received"] for row in rows)
    return sum(row[key] for row in rows) / received if received else None
