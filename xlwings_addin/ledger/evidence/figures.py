"""The columns of money: what the sums between them and their headings say which is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.evidence import identities, running
from xlwings_addin.ledger.evidence.asking import ask_if_it_runs, leave_open
from xlwings_addin.ledger.evidence.roles import FIGURES, MONEY
from xlwings_addin.ledger.evidence.search import UNSAID, search
from xlwings_addin.ledger.evidence.unapplied import ask_if_it_lowers, take_net
from xlwings_addin.ledger.evidence.unsaid import add_unsaid
from xlwings_addin.ledger.reading import NET_AND_TAX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.evidence.columns import Column
    from xlwings_addin.ledger.evidence.draft import Draft, Options
    from xlwings_addin.ledger.evidence.identities import Values

_REDUCING = ("paid_amount", "credited_amount")


def figures(found: Draft) -> None:
    """Give the columns of money their roles, and leave open what nothing decides."""
    take_net(found)
    beside = _accounts(found)
    run = _run(found, beside)
    if run is not None and (run.verdict.says == "proven" or _is_said(run) or "running_balance" in found.pinned):
        _take_run(found, run)
    elif not {"open_amount", "amount", "paid_amount"} & found.pinned.keys():
        _take_rolled(found)
    options = _options(found)
    if _take_net_and_tax(found, options):
        return
    if found.ages:
        beside["ages"] = sum((found.columns[place].amount for place in found.ages), np.zeros_like(beside["account"]))

    def values(roles: Mapping[str, Column]) -> Values:
        return {**_moved({key: column.amount for key, column in roles.items()}), **beside}

    best, *rivals = search(options, identities.MONEY, values, _open, found.pinned) or (None,)
    if best is None:
        return
    if run is not None and "running_balance" not in found.places and "open_amount" not in best.tied:
        ask_if_it_runs(found, run, best)
    # What is open is enough: an amount that nothing speaks for is none.
    found.unsaid = best.unsaid - best.tied - found.pinned.keys()
    idle = {"amount"} & found.unsaid if "open_amount" in best.roles else set()
    found.take(best, [role.key for role in FIGURES[:6] if role.key not in idle])
    leave_open(found, best, rivals)
    ask_if_it_lowers(found, best.outcome)


def _options(found: Draft) -> Options:
    """The columns that may have each role of money."""
    options = found.options([role for role in FIGURES if role.key != "running_balance"])
    options = {key: _foreign_first(some) for key, some in options.items()}
    # Which of several plain words is meant is for arithmetic to say; that a word is not known counts.
    options = {key: [(column, int(bool(column.words.unknown))) for column, _ in some] for key, some in options.items()}
    credit = options.pop("credit", [])
    if "running_balance" not in found.places:
        add_unsaid(found, options)
    _add_sides(found, options)
    if options["debit"]:
        options["credit"] = [*credit, *options.get("credit", [])]
    return options


def _take_net_and_tax(found: Draft, options: Options) -> bool:
    """Accept net and tax as what the amount is the sum of, where no other column may be any part of it."""
    named = [_called(options[role.key], word) for role, word in zip(FIGURES[7:], ("net", "tax"), strict=True)]
    said = [one for key, some in options.items() if key not in NET_AND_TAX for one, rank in some if rank < UNSAID]
    if [len(some) for some in named] != [1, 1] or said or {"amount", "open_amount"} & found.pinned.keys():
        return False
    ((net,), (tax,)) = named
    others = [one for one in found.free() if one.numeric and one not in (net, tax) and not one.otherwise(MONEY)]
    if any(one.with_decimals or not net.with_decimals for one in others):
        return False
    if not (
        tax.amount.any() and (2 * abs(tax.amount) <= abs(net.amount)).all() and (net.amount * tax.amount >= 0).all()
    ):
        return False
    found.places |= dict(zip(NET_AND_TAX, (net.place, tax.place), strict=True))
    return True


def _called(some: Sequence[tuple[Column, int]], word: str) -> list[Column]:
    return [one for one, _ in some if one.understood and any(word in meaning for meaning in one.meanings)]


def _moved(known: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    """The values of a reading, with what moves a balance."""
    if "debit" in known and "credit" in known:
        return {**known, "movement": known["debit"] - known["credit"]}
    return {**known, "movement": known["amount"]} if "amount" in known else known


def _run(found: Draft, accounts: Mapping[str, NDArray[np.int64]]) -> running.Run | None:
    """The balance that runs, and what it runs by, whatever they are called."""
    if "running_balance" in found.pinned and found.pinned["running_balance"] is None:
        return None
    keys = ("running_balance", *running.MOVING)
    pinned = {key: place for key in keys if (place := found.pinned.get(key)) is not None}
    others = {place for key, place in found.places.items() if key not in keys} | found.ages | found.spent
    rows = np.cumsum(np.diff(found.rows, prepend=found.rows[:1]) > 1, dtype=np.int64)
    return running.find(
        [one for one in found.columns if one.place not in others], {**accounts, "section": rows}, pinned
    )


def _is_said(run: running.Run) -> bool:
    """Whether the headings say of a balance and of what moves it that they may be these, and two rows tell."""
    mean = {"debit": (*FIGURES[:1], FIGURES[4]), "credit": (*FIGURES[2:4], FIGURES[5])}
    named = all(
        any(column.rank(role) is not None for role in mean.get(key, FIGURES[:1]))
        for key, column in run.roles.items()
        if key not in ("running_balance", "sign")
    )
    return named and run.verdict.of > 1 and run.roles["running_balance"].rank(FIGURES[6]) is not None


def _take_run(found: Draft, run: running.Run) -> None:
    """Accept a balance that runs, and the columns that move it."""
    for key, column in run.roles.items():
        found.places[key] = column.place
        if run.verdict.says == "proven":
            found.proof[key] = str(run.verdict)
    found.spent |= set() if run.beside is None else {run.beside.place}
    if "sign" in found.places and "sign" not in run.roles and "sign" not in found.pinned:
        del found.places["sign"]
    told = {key: column.place for key, column in run.roles.items()}
    found.pinned = {**dict.fromkeys(_REDUCING), **dict.fromkeys(running.MOVING), **told, **found.pinned}


def _take_rolled(found: Draft) -> None:
    """Accept the last of balances that each row moves: what is open is the balance after."""
    others = {*found.places.values()} | found.ages | found.spent
    columns = running.rolled([one for one in found.columns if one.place not in others])
    if columns:
        found.places["open_amount"] = columns[-1].place
        found.proof["open_amount"] = "Balance = balance before + added - taken, in each row"
        found.pinned = {**dict.fromkeys(("amount", *_REDUCING)), "open_amount": columns[-1].place, **found.pinned}
        found.spent |= {one.place for one in columns[:-1]}


def _add_sides(found: Draft, options: Options) -> None:
    """What is invoiced and what is paid in rows of their own are debit and credit, whatever they are called."""
    if options["debit"] or {"debit", "credit"} & found.pinned.keys():
        return
    for amount, rank in options["amount"]:
        for key in _REDUCING:
            for paid, other in options[key]:
                apart = not ((amount.amount != 0) & (paid.amount != 0)).any()
                if apart and amount.place != paid.place and amount.amount.any() and paid.amount.any():
                    options["debit"] = [*options["debit"], (amount, rank)]
                    options["credit"] = [*options.get("credit", []), (paid, other)]


def _foreign_first(ranked: list[tuple[Column, int]]) -> list[tuple[Column, int]]:
    """Without amounts in local currency, or of lines, where there are others of the same role."""
    own = [one for one in ranked if not one[0].local] or ranked
    return [one for one in own if not any("line" in meaning for meaning in one[0].meanings)] or own


def _accounts(found: Draft) -> dict[str, NDArray[np.int64]]:
    """The customer of each row as a number, for what runs by customer."""
    count = len(found.columns[0].filled) if found.columns else 0
    place = next((found.places[key] for key in ("customer_id", "customer_name") if key in found.places), None)
    codes = np.zeros(count, np.int64)
    if place is not None:
        codes = np.unique(np.asarray(found.columns[place].text.fill_null("").to_pylist(), str), return_inverse=True)[1]
    return {"account": codes.astype(np.int64), "whole": np.zeros(count, np.int64)}


def _open(values: Values) -> NDArray[np.int64] | None:
    """What a reading of the money comes to: what is open of each row."""
    if "open_amount" in values:
        return values["open_amount"]
    if "debit" in values and "credit" in values:
        amount = values["debit"] - values["credit"]
    elif "debit" in values or "credit" in values or "amount" not in values:
        return None
    else:
        amount = values["amount"]
    reduced = sum(np.abs(values[key]) for key in ("paid_amount", "credited_amount") if key in values)
    return np.asarray(np.sign(amount) * (np.abs(amount) - reduced), np.int64)
