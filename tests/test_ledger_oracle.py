"""Aging and month ends against a second opinion: plain loops over Python integers, month by month."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_ledgers import Item, Receipt, make

from xlwings_addin.ledger import history as ledger_history
from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.position import UNDATED, open_at
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.settings import Settings

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger

START = day_number("2023-11-20")
KINDS = ("invoice", "invoice", "invoice", "credit note", "debit note", "payment")
EDGES = (30, 60, 90)
MOST_SUMS = ledger_history._MOST_SUMS


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Item], list[Receipt]]:
    items = []
    for _ in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(KINDS))
        day = START + draw(st.integers(0, 200))
        due = draw(st.one_of(st.none(), st.integers(-5, 120)))
        amount = draw(st.integers(0, 100_000))
        items.append(
            Item(
                customer=draw(st.sampled_from("ABC")),
                region=draw(st.sampled_from(["North", "South", ""])),
                currency=draw(st.sampled_from(["EUR", "EUR", "JPY"])),
                kind=kind,
                day=day,
                due=None if due is None else day + due,
                amount=-amount if kind in ("credit note", "payment") else amount,
            )
        )
    receipts = []
    for _ in range(draw(st.integers(0, 15))):
        place = draw(st.integers(0, len(items) - 1))
        share = draw(st.sampled_from([0.25, 0.5, 1.0, 1.5, -0.5, -1.0]))
        receipts.append(
            Receipt(
                item=place,
                day=items[place].day + draw(st.integers(-20, 150)),
                amount=int(items[place].amount * share),
                kind=draw(st.sampled_from(["cash", "cash", "credit note", "discount", "write-off"])),
            )
        )
    return items, receipts


def balance(items: list[Item], receipts: list[Receipt], place: int, day: int) -> int:
    if items[place].day > day:
        return 0
    return items[place].amount - sum(r.amount for r in receipts if r.item == place and r.day <= day)


def column(item: Item, amount: int, day: int, basis: str = "due date", treatment: str = "own column") -> str:
    if treatment == "own column" and amount < 0:
        return "Credits"
    own = item.due if basis == "due date" else item.day
    if own is None and treatment == "by own date" and item.amount < 0:
        own = item.day
    if own is None:
        return "No date"
    late = day - own
    if late <= 0:
        return "Current"
    if late <= 30:
        return "1-30"
    if late <= 60:
        return "31-60"
    return "61-90" if late <= 90 else "90+"


PAST_DUE = ("1-30", "31-60", "61-90", "90+")
LINEAR = st.sampled_from(["own column", "by own date"])
quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(ledgers(), st.integers(0, 400), st.sampled_from(["customer_id", "region"]), st.booleans(), st.booleans())
def test_aging_is_what_a_loop_finds(drawn, later, by, by_due, own_column):
    items, receipts = drawn
    day = min(item.day for item in items) + later
    basis = "due date" if by_due else "document date"
    treatment = "own column" if own_column else "by own date"
    expected: dict[tuple[str, str, str], int] = {}
    count = 0
    for place, item in enumerate(items):
        amount = balance(items, receipts, place, day)
        count += amount != 0
        group = item.customer if by == "customer_id" else item.region
        cell = (item.currency, group, column(item, amount, day, basis, treatment))
        expected[cell] = expected.get(cell, 0) + amount
    aging = age(make(items, receipts), day, Settings(aging_basis=basis, credits=treatment), by)
    found = {
        (currency, key, label): int(aging.amounts[i, j, k])
        for i, currency in enumerate(aging.currencies)
        for j, key in enumerate(aging.keys)
        for k, label in enumerate(aging.labels)
    }
    assert {cell: amount for cell, amount in found.items() if amount} == {c: a for c, a in expected.items() if a}
    assert aging.counts.sum() == count
    opened = open_at(make(items, receipts), day, basis=basis)
    assert opened.amount.sum() == aging.amounts.sum()
    assert opened.rows.size == count
    for row, late in zip(opened.rows, opened.days_past_due, strict=True):
        own = items[row].due if by_due else items[row].day
        assert late == (UNDATED if own is None else day - own)


@quick
@given(ledgers(), st.integers(0, 400))
def test_netting_against_the_oldest_moves_no_balance(drawn, later):
    items, receipts = drawn
    day = min(item.day for item in items) + later
    ledger = make(items, receipts)
    netted = age(ledger, day, Settings(credits="against oldest"))
    plain = age(ledger, day)
    assert (netted.totals == plain.totals).all()
    for place in range(len(netted.keys)):
        for currency in range(len(netted.currencies)):
            row = netted.amounts[currency, place]
            # What is left is a debt or a credit of the customer, never both.
            assert row[0] == 0 or (row[1:] == 0).all()
            assert (row[1:] >= 0).all()
            assert row[0] <= 0
            assert (row[1:] <= plain.amounts[currency, place][1:]).all()
    # The oldest is paid first: where something is left in a column, the younger ones are untouched.
    late = netted.amounts[:, :, 2:6][:, :, ::-1]
    full = plain.amounts[:, :, 2:6][:, :, ::-1]
    for now, before in zip(late.reshape(-1, 4), full.reshape(-1, 4), strict=True):
        for older in range(3):
            assert now[older] == 0 or (now[older + 1 :] == before[older + 1 :]).all()


def month_ends(first: int, last: int) -> list[int]:
    ends = []
    day = first
    while day <= last:
        then = date.fromisoformat(iso(day))
        end = day_number((then.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
        ends.append(min(end, last))
        day = end + 1
    return ends


@quick
@given(
    ledgers(),
    st.integers(0, 400),
    st.sampled_from([None, "region"]),
    st.booleans(),
    st.sampled_from(["own column", "by own date"]),
    st.sampled_from([0, MOST_SUMS]),
    st.none() | st.integers(0, 400),
)
def test_month_ends_are_what_a_loop_finds(drawn, later, by, by_due, treatment, most_sums, asked_before):
    items, receipts = drawn
    first = min(item.day for item in items)
    day = first + later
    basis = "due date" if by_due else "document date"
    chosen = Settings(aging_basis=basis, credits=treatment)
    ledger = make(items, receipts)
    # Sums by day kept with the ledger, or by period where there would be too many of them.
    with mock.patch.object(ledger_history, "_MOST_SUMS", most_sums):
        if asked_before is not None:
            history(ledger, first + asked_before, by=by, settings=chosen)
        found = history(ledger, day, by=by, settings=chosen)
    ends = month_ends(first, day)
    assert found.ends.tolist() == ends
    start = day_number(date.fromisoformat(iso(first)).replace(day=1)) - 1
    for place, end in enumerate(ends):
        assert found.days[place] == end - start
        for i, currency in enumerate(found.currencies):
            for j, region in enumerate(found.segments):
                mine = [
                    k
                    for k, item in enumerate(items)
                    if item.currency == currency and (by is None or item.region == region)
                ]
                new = [k for k in mine if start < items[k].day <= end]
                opening = sum(balance(items, receipts, k, start) for k in mine)
                balances = {k: balance(items, receipts, k, end) for k in mine}
                late = sum(v for k, v in balances.items() if column(items[k], v, end, basis, treatment) in PAST_DUE)

                def received(kind, start=start, end=end, mine=mine):
                    return sum(
                        r.amount
                        for r in receipts
                        if r.kind == kind and r.item in mine and start < max(r.day, items[r.item].day) <= end
                    )

                def booked(*kinds, new=new):
                    return sum(items[k].amount for k in new if items[k].kind in kinds)

                expected = {
                    "opening": opening,
                    "credit_sales": booked("invoice", "debit note"),
                    "credit_notes": received("credit note") - booked("credit note"),
                    "discounts": received("discount"),
                    "cash": received("cash") - booked("payment"),
                    "write_offs": received("write-off"),
                    "receivables": sum(balances.values()),
                    "overdue": late,
                    "current": sum(balances.values()) - late,
                }
                expected["credits"] = expected["credit_notes"] + expected["discounts"]
                assert {name: int(found[name][i, j, place]) for name in expected} == expected
        start = end
    tied = found["opening"] + found["credit_sales"] - found["cash"] - found["credits"] - found["write_offs"]
    assert (tied == found["receivables"]).all()


@pytest.mark.parametrize("most_sums", [0, MOST_SUMS])
def test_a_receipt_without_a_day_has_not_come_in(most_sums):
    items = [Item("A", "North", "EUR", "invoice", START, START + 30, 1000)]
    never = [Receipt(0, int(NO_DATE), 400, "cash")]
    with mock.patch.object(ledger_history, "_MOST_SUMS", most_sums):
        found, without = (history(make(items, receipts), START + 90) for receipts in (never, []))
    assert found["receivables"].tolist() == without["receivables"].tolist() == [[[1000] * found.ends.size]]
    assert found["overdue"].tolist() == without["overdue"].tolist()


def test_sums_by_day_and_by_period_are_the_same_of_decades_and_many_customers():
    random = np.random.default_rng(5)
    day = START - random.integers(0, 45 * 365, 900)
    items = [
        Item(f"C{k % 90}", "North", "EUR" if k % 3 else "JPY", KINDS[k % 6], int(day[k]), int(day[k]) + 30, 1000 + k)
        for k in range(900)
    ]
    kinds = ("cash", "credit note", "discount", "write-off")
    receipts = [Receipt(k, int(day[k]) + k % 90, 400 + k, kinds[k % 4]) for k in range(0, 900, 3)]
    found = []
    for most in (0, 2**31):
        with mock.patch.object(ledger_history, "_MOST_SUMS", most):
            found.append(history(make(items, receipts), START + 100, by="customer"))
    by_period, by_day = found
    assert by_period.measures.keys() == by_day.measures.keys()
    for name in by_period.measures:
        assert by_period[name].any()
        assert np.array_equal(by_period[name], by_day[name])


@quick
@given(ledgers(), st.integers(0, 400), st.integers(1, 4))
def test_the_last_months_are_those_of_the_whole_history(drawn, later, months):
    items, receipts = drawn
    day = min(item.day for item in items) + later
    ledger = make(items, receipts)
    whole, last = history(ledger, day), history(ledger, day, months=months)
    for name in whole.measures:
        assert (whole[name][:, :, -months:] == last[name]).all()
    assert whole.days[-months:].tolist() == last.days.tolist()


@quick
@given(ledgers(), st.integers(0, 300))
def test_history_and_aging_agree_under_netting(drawn, later):
    items, receipts = drawn
    day = min(item.day for item in items) + later
    chosen = Settings(credits="against oldest")
    ledger = make(items, receipts)
    found, aging = history(ledger, day, settings=chosen), age(ledger, day, chosen)
    assert (found.total("overdue")[:, -1] == aging.amounts[:, :, aging.overdue_columns].sum(axis=(1, 2))).all()


@pytest.mark.slow
@quick
@given(ledgers(), st.integers(0, 300), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_total(drawn, later, random):
    items, receipts = drawn
    day = min(item.day for item in items) + later
    order = list(range(len(items)))
    random.shuffle(order)
    new = {old: place for place, old in enumerate(order)}
    shuffled = [Receipt(new[r.item], r.day, r.amount, r.kind) for r in receipts]
    random.shuffle(shuffled)
    one, two = make(items, receipts), make([items[k] for k in order], shuffled)
    assert aging_json(age(one, day)) == aging_json(age(two, day))
    before, after = history(one, day, by="region"), history(two, day, by="region")
    assert all((before[name] == after[name]).all() for name in before.measures)


MASKS = st.lists(st.booleans(), min_size=12, max_size=12)
WITHOUT_NETTING = st.sampled_from([Settings(), Settings(credits="by own date"), Settings(aging_basis="document date")])


def amounts_by_cell(ledger: Ledger, day: int, chosen: Settings) -> Counter[tuple[str, ...]]:
    """The aging and the history as amounts by what they are of; nothing of a ledger that knows nothing that day."""
    found: Counter[tuple[str, ...]] = Counter()
    if not len(ledger.items) or day < ledger.arrays.first_day:
        return found
    aging, past = age(ledger, day, chosen, "region"), history(ledger, day, by="region", settings=chosen)
    for (i, j, k), amount in np.ndenumerate(aging.amounts):
        found[aging.currencies[i], aging.keys[j], aging.labels[k]] += int(amount)
    for name, measure in past.measures.items():
        for (i, j, k), amount in np.ndenumerate(measure):
            found[past.currencies[i], past.segments[j], name, iso(int(past.ends[k]))] += int(amount)
    return Counter({cell: amount for cell, amount in found.items() if amount})


def same(one: Ledger, other: Ledger) -> bool:
    return one.items.equals(other.items) and one.receipts.equals(other.receipts)


@pytest.mark.slow
@quick
@given(ledgers(), MASKS, st.integers(0, 400), WITHOUT_NETTING)
def test_a_part_is_the_ledger_of_its_items_and_two_parts_add_up(drawn, mask, later, chosen):
    items, receipts = drawn
    day = min(item.day for item in items) + later
    mask = np.array(mask[: len(items)])
    whole = make(items, receipts)
    parts = [whole.where(mask), whole.where(~mask)]
    for part, inside in zip(parts, (mask, ~mask), strict=True):
        places = [place for place in range(len(items)) if inside[place]]
        own = [Receipt(places.index(r.item), r.day, r.amount, r.kind) for r in receipts if r.item in places]
        made = make([items[place] for place in places], own)
        numbers = pd.Series([str(place) for place in places], dtype="str")
        expected = replace(made, items=made.items.assign(document_no=numbers))
        assert same(part, expected)
        assert amounts_by_cell(part, day, chosen) == amounts_by_cell(expected, day, chosen)
        assert part.arrays.balances(day).tolist() == whole.arrays.balances(day)[inside].tolist()
    one, other = (amounts_by_cell(part, day, chosen) for part in parts)
    for cell, amount in other.items():
        one[cell] += amount
    assert {cell: amount for cell, amount in one.items() if amount} == amounts_by_cell(whole, day, chosen)


@pytest.mark.slow
@quick
@given(ledgers(), MASKS, MASKS)
def test_a_part_of_a_part_is_the_part_of_both(drawn, first, second):
    whole = make(*drawn)
    first, second = (np.array(mask[: len(whole.items)]) for mask in (first, second))
    assert same(whole.where(first).where(second[first]), whole.where(first & second))
    assert same(whole.where(np.ones(len(whole.items), bool)), whole)


def test_sums_beyond_what_a_float_holds_are_exact():
    big = 2**55 + 1
    items = [
        Item("A", "", "EUR", "invoice", START, START + 30, big),
        Item("A", "", "EUR", "invoice", START, START + 30, 2),
    ]
    ledger = make(items, [Receipt(0, START + 1, 1, "cash")])
    assert age(ledger, START + 40).amounts.sum() == big + 1
    assert history(ledger, START + 40)["receivables"][0, 0, -1] == big + 1


@pytest.mark.parametrize("day", ["1969-12-31", "1965-03-01"])
def test_dates_before_1970(day):
    start = day_number(day) - 40
    items = [Item("A", "", "EUR", "invoice", start, None, 100), Item("A", "", "EUR", "invoice", start, start + 30, 50)]
    aging = age(make(items, []), day)
    assert dict(zip(aging.labels, aging.amounts[0, 0].tolist(), strict=True))["1-30"] == 50
    assert dict(zip(aging.labels, aging.amounts[0, 0].tolist(), strict=True))["No date"] == 100
