"""What a controller should know about a ledger before signing its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.codes import all_different
from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.money import sum_by, written
from xlwings_addin.ledger.values import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.model import Ledger

FEW = 20
"""This many items show what is usual."""
LONG_AGO, LONG_AHEAD = 10 * 365, 365
"""Days beyond nearly all other documents from which a date is more probably a slip than an old debt."""
FAR_TIMES = 100
LAST_DAY = int(NO_DATE) - 1
"""After all there is."""

ITEM_KEY = ("entity", "customer_id", "kind", "document_no", "fiscal_year", "instalment")


def findings(ledger: Ledger) -> tuple[Finding, ...]:
    """Everything found in the ledger itself; rows are row numbers of `ledger.items`."""
    if not len(ledger.items):
        return ()
    checks = (
        _unreadable,
        _unnamed_currency,
        _duplicates,
        _names_alike,
        _undated,
        _undocumented,
        _implausible_terms,
        _far_dates,
        _far_amounts,
        _many_names,
        _many_numbers,
        _several_currencies,
        _over_applied,
        _stated_open,
        _face_value,
    )
    return tuple(finding for check in checks for finding in check(ledger))


def _total(ledger: Ledger, amounts: NDArray[np.int64], rows: NDArray[np.intp]) -> str:
    """The sum of some rows' amounts, per currency, for a message."""
    currency = ledger.arrays.segment("currency")
    parts = []
    for place, name in enumerate(currency.keys):
        own = rows[currency.codes[rows] == place]
        if own.size:
            parts.append(written(amounts[own].sum(), ledger.minor_digits[name], name))
    return ", ".join(parts) or "0"


def _unreadable(ledger: Ledger) -> Iterator[Finding]:
    for reason, group in ledger.exceptions.groupby("reason", sort=True):
        if not str(reason).startswith("receipt:"):
            first = group.iloc[0]
            yield may.UNREADABLE_ROWS.found(
                file_rows=group["row"].tolist(), reason=reason, file=first["file"], row=first["row"]
            )


def _unnamed_currency(ledger: Ledger) -> Iterator[Finding]:
    rows = np.flatnonzero(ledger.items["currency"].eq("").to_numpy())
    if rows.size:
        if ledger.balances is not None:
            # A balance of several ages is one row of the file.
            of_whom = ledger.items[["entity", "customer_id", "customer_name"]].iloc[rows]
            rows = rows[~of_whom.assign(row=ledger.file_rows[rows]).duplicated().to_numpy(bool)]
        yield may.UNNAMED_CURRENCY.found(rows=rows)


def _duplicates(ledger: Ledger) -> Iterator[Finding]:
    # Cheap first: only numbers that repeat can be duplicate items.
    if all_different(ledger.items["document_no"]):
        return
    numbered = ledger.items["document_no"].ne("").to_numpy()
    repeated = numbered & ledger.items["document_no"].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return
    table = ledger.items.loc[repeated, list(ITEM_KEY)]
    places, amounts = np.flatnonzero(repeated), ledger.items["amount"].to_numpy(np.int64)
    again = table.duplicated(keep="first").to_numpy(bool)
    year = ledger.arrays.document_date[places].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    same_year = table.assign(year=year).duplicated(keep="first").to_numpy(bool)
    rows = places[again & same_year]
    if rows.size:
        yield may.DUPLICATE_ITEMS.found(rows=rows, amount=_total(ledger, amounts, rows))
    rows = places[again & ~same_year]
    if rows.size:
        first = ledger.items["document_no"].iloc[rows[0]]
        yield may.REUSED_NUMBERS.found(rows=rows, amount=_total(ledger, amounts, rows), first=first)


def _names_alike(ledger: Ledger) -> Iterator[Finding]:
    """Names that a person reads as one."""
    alike: dict[str, str] = {}
    pairs = []
    for name in ledger.arrays.segment("customer_name").keys:
        first = alike.setdefault("".join(name.casefold().split()), name)
        if first != name:
            pairs.append((first, name))
    if pairs:
        yield may.NAMES_ALIKE.found(len(pairs), first=pairs[0][0], other=pairs[0][1])


def _undated(ledger: Ledger) -> Iterator[Finding]:
    """What is open by all that was read; `age` says what it is on its day."""
    arrays = ledger.arrays
    if arrays.undated:
        left = arrays.balances(LAST_DAY)
        yield from undated(ledger, left, (arrays.due_date == NO_DATE) & (left > 0))


def undated(ledger: Ledger, left: NDArray[np.int64], inside: NDArray[np.bool_]) -> Iterator[Finding]:
    """Items without a due date of which something is `left` to pay, and what it is."""
    rows = np.flatnonzero(inside & (left != 0))
    if rows.size and ledger.balances is None:
        yield may.NO_DUE_DATE.found(rows=rows, amount=_total(ledger, left, rows))


def _undocumented(ledger: Ledger) -> Iterator[Finding]:
    if not ledger.arrays.undocumented or ledger.balances is not None:
        return
    rows = np.flatnonzero(ledger.items["document_date"].to_numpy() == NO_DATE)
    yield may.NO_DOCUMENT_DATE.found(rows=rows, amount=_total(ledger, ledger.arrays.face, rows))


def _implausible_terms(ledger: Ledger) -> Iterator[Finding]:
    arrays = ledger.arrays
    rows = np.flatnonzero((arrays.due_date < arrays.document_date) & (arrays.document_date != NO_DATE))
    if not rows.size:
        return
    many = rows.size >= 3 and rows.size > 0.02 * arrays.face.size
    yield (may.MANY_DUE_BEFORE_DOCUMENT if many else may.DUE_BEFORE_DOCUMENT).found(rows=rows)


def _many_names(ledger: Ledger) -> Iterator[Finding]:
    names = ledger.arrays.segment("customer_name")
    if len(names.keys) < 2:
        return
    customers = ledger.arrays.segment("customer_id")
    pairs = np.unique(customers.codes * len(names.keys) + names.codes)
    pairs = pairs[np.array(names.keys, object)[pairs % len(names.keys)] != ""]
    count = np.bincount(pairs // len(names.keys), minlength=len(customers.keys))
    several = np.flatnonzero(count > 1)
    others = _of_others(ledger, count)
    if others.size:
        said = pairs[pairs // len(names.keys) == others[0]] % len(names.keys)
        shown = ", ".join(f"'{names.keys[name]}'" for name in said[:2].tolist())
        yield may.ANOTHER_CUSTOMER.found(others.size, worst=customers.keys[others[0]], names=shown)
    several = np.setdiff1d(several, others)
    if several.size:
        worst = int(several[count[several].argmax()])
        yield may.SEVERAL_NAMES.found(several.size, worst=customers.keys[worst], names=count[worst])


def _of_others(ledger: Ledger, names_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Customers' numbers that have another name in each entity; `names_of` is how many names each number has."""
    names, customers, entities = map(ledger.arrays.segment, ("customer_name", "customer_id", "entity"))
    named = np.array(names.keys, object)[names.codes] != ""
    among = (customers.codes * len(entities.keys) + entities.codes)[named]
    pairs = np.unique(among)
    threes = np.unique(among * len(names.keys) + names.codes[named])
    entities_of, of_both = (
        np.bincount(some // len(entities.keys), minlength=len(customers.keys))
        for some in (pairs, threes // len(names.keys))
    )
    return np.flatnonzero((names_of > 1) & (of_both == names_of) & (of_both == entities_of))


def _far_dates(ledger: Ledger) -> Iterator[Finding]:
    """Document dates far from nearly all others: 2204 for 2024."""
    days = ledger.arrays.document_date
    known = days[days != NO_DATE]
    if known.size < FEW:
        return
    early, late = np.quantile(known, (0.05, 0.95), method="nearest")
    rows = np.flatnonzero((days != NO_DATE) & ((days < early - LONG_AGO) | (days > late + LONG_AHEAD)))
    if rows.size:
        first = ledger.items["document_no"].iloc[rows[0]]
        yield may.FAR_DATES.found(rows=rows, first=first, day=iso(int(days[rows[0]])))


def _far_amounts(ledger: Ledger) -> Iterator[Finding]:
    """Amounts beyond all others of their currency: a slipped decimal mark, a number in the wrong column."""
    amounts = ledger.items["amount"].to_numpy(np.int64)
    currency = ledger.arrays.segment("currency")
    for place in range(len(currency.keys)):
        own = np.flatnonzero(currency.codes == place)
        if own.size < FEW:
            continue
        size = np.abs(amounts[own])
        usual = np.quantile(size, 0.95, method="nearest")
        rows = own[size > FAR_TIMES * max(int(usual), 1)]
        if rows.size:
            yield may.WILDLY_LARGE_AMOUNTS.found(
                rows=rows,
                times=FAR_TIMES,
                first=ledger.items["document_no"].iloc[rows[0]],
                amount=_total(ledger, amounts, rows[:1]),
            )


def _many_numbers(ledger: Ledger) -> Iterator[Finding]:
    names = ledger.arrays.segment("customer_name")
    if len(names.keys) < 2:
        return
    customers = ledger.arrays.segment("customer_id")
    entity = ledger.arrays.segment("entity")
    # Each entity of a group may number its customers itself.
    owners = entity.codes * len(names.keys) + names.codes
    pairs = np.unique(owners * len(customers.keys) + customers.codes)
    owner, count = np.unique(pairs // len(customers.keys), return_counts=True)
    named = np.array([name != "" for name in names.keys], bool)
    several = np.flatnonzero((count > 1) & named[owner % len(names.keys)])
    if several.size:
        worst = int(several[count[several].argmax()])
        name = names.keys[int(owner[worst]) % len(names.keys)]
        yield may.ONE_NAME_SEVERAL_NUMBERS.found(several.size, worst=name, numbers=count[worst])


def _several_currencies(ledger: Ledger) -> Iterator[Finding]:
    currency = ledger.arrays.segment("currency")
    if len(currency.keys) < 2:
        return
    amounts = ledger.items["open_amount"].where(ledger.items["has_open"], ledger.items["amount"]).to_numpy(np.int64)
    every = np.arange(amounts.size)
    yield may.SEVERAL_CURRENCIES.found(len(currency.keys), amounts=_total(ledger, amounts, every))


def _over_applied(ledger: Ledger) -> Iterator[Finding]:
    rows = np.flatnonzero(ledger.arrays.crossing)
    if rows.size:
        yield may.OVER_APPLIED.found(rows=rows)


def _stated_open(ledger: Ledger) -> Iterator[Finding]:
    stated = ledger.items["has_open"].to_numpy(bool)
    if not (ledger.has_history and stated.any()):
        return
    arrays = ledger.arrays
    paid = sum_by(arrays.receipt_item, arrays.receipt_amount, arrays.face.size)
    gap = np.where(stated, ledger.items["open_amount"].to_numpy(np.int64) - (arrays.face - paid), 0)
    rows = np.flatnonzero(gap)
    if rows.size:
        yield may.OPEN_AMOUNT_DIFFERS.found(rows=rows, amount=_total(ledger, gap, rows))


def _face_value(ledger: Ledger) -> Iterator[Finding]:
    if ledger.has_history:
        return
    arrays = ledger.arrays
    rows = np.flatnonzero(~ledger.items["has_open"].to_numpy(bool))
    if rows.size:
        yield may.COUNTED_IN_FULL.found(rows=rows, amount=_total(ledger, arrays.face, rows))
