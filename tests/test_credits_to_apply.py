"""Credits to apply: exact matches, sums and the oldest items, held against a search of every combination."""

import csv
import time
from collections import Counter, defaultdict
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_ledgers import Item, make
from random_ledgers import LAST, several
from small_program import activity

from xlwings_addin.entries import Entries, Stored
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.netting import CONSIDERED, net_of_credits, proposals
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import closed
from xlwings_addin.month_end.pages import Making
from xlwings_addin.month_end.work import credits as open_credits
from xlwings_addin.month_end.work.accounts import standings
from xlwings_addin.month_end.work.credits import NAMED
from xlwings_addin.settings import Settings

DAY = day_number("2026-10-31")
AMOUNTS = st.one_of(st.integers(-12, 12), st.sampled_from((-500, -300, 100, 200, 300, 500)), st.integers(-900, 900))
ITEMS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), AMOUNTS), max_size=24)


def arrays(items):
    account, date, balance = ([item[i] for item in items] for i in range(3))
    return np.array(account, np.int64), np.array(date, np.int32), np.array(balance, np.int64)


@given(ITEMS)
def test_nothing_is_proposed_twice_nor_beyond_what_there_is(items):
    account, date, balance = arrays(items)
    made = proposals(account, date, balance)
    assert sorted(one.credit for one in made) == np.flatnonzero(balance < 0).tolist()
    paid = Counter()
    for one in made:
        total = sum(amount for _, amount in one.items)
        assert total <= -balance[one.credit]
        assert (total == 0) == (one.match == "nothing open") == (not one.items)
        for item, amount in one.items:
            assert account[item] == account[one.credit]
            assert amount > 0
            paid[item] += amount
        if one.match in ("exact", "adds up"):
            assert total == -balance[one.credit]
            assert len(one.items) in {"exact": (1,), "adds up": (2, 3)}[one.match]
            assert all(amount == balance[item] for item, amount in one.items)
    assert all(amount <= balance[item] for item, amount in paid.items())


@given(ITEMS)
def test_together_they_pay_what_netting_says_credits_cover(items):
    account, date, balance = arrays(items)
    net = net_of_credits(account, date, balance)
    paid = Counter()
    for one in proposals(account, date, balance):
        paid[account[one.credit]] += sum(amount for _, amount in one.items)
    for pool in set(account.tolist()):
        mine = (account == pool) & (balance > 0)
        assert paid[pool] == (balance - net)[mine].sum()


@given(ITEMS)
def test_every_match_that_a_search_of_all_combinations_finds_is_found(items):
    account, date, balance = arrays(items)
    made = proposals(account, date, balance)
    exact = Counter((account[one.credit], -balance[one.credit]) for one in made if one.match == "exact")
    owed, due = (Counter(zip(account[balance * s > 0], abs(balance[balance * s > 0]), strict=True)) for s in (1, -1))
    assert exact == owed & due
    # What is left after the matches holds no sum of two or three for a credit that got the oldest.
    taken = {item for one in made if one.match in ("exact", "adds up") for item, _ in one.items}
    rest = defaultdict(list)
    for place in np.flatnonzero(balance > 0).tolist():
        if place not in taken:
            rest[account[place]].append(int(balance[place]))
    for one in made:
        if one.match == "oldest":
            pool = rest[account[one.credit]]
            sums = {sum(some) for size in (1, 2, 3) for some in combinations(pool, size)}
            assert -balance[one.credit] not in sums


@given(ITEMS)
def test_of_two_ways_the_older_items_are_taken(items):
    account, date, balance = arrays(items)
    made = proposals(account, date, balance)
    order = {place: at for at, place in enumerate(np.lexsort((date, account)).tolist())}
    oldest = [[order[item] for item, _ in one.items] for one in made if one.match == "oldest"]
    assert [place for items in oldest for place in items] == sorted(place for items in oldest for place in items)
    assert all(
        balance[one.credit] <= balance[after.credit]
        for one, after in pairwise(made)
        if account[one.credit] == account[after.credit]
    )


def test_a_case_by_hand():
    made = proposals(*arrays([(0, i, amount) for i, amount in enumerate((40, 30, 70, 25, 6, -70, -71, -50))]))
    assert [(one.credit, one.match, one.items) for one in made] == [
        (6, "adds up", ((0, 40), (3, 25), (4, 6))),
        (5, "exact", ((2, 70),)),
        (7, "oldest", ((1, 30),)),
    ]


def test_thousands_of_items_take_no_long_time_and_get_the_oldest():
    items = [(0, i, 1_000_000 + 7 * i) for i in range(20_000)] + [(0, 5, -3 - 2 * i) for i in range(3_000)]
    items += [(0, 3, -(1_000_000 + 7 * 19_999)), (0, 3, -(2_000_000 + 7 * 3)), (0, 3, -(2_000_000 + 7 * 39_000 + 7))]
    begun = time.perf_counter()
    made = proposals(*arrays(items))
    assert time.perf_counter() - begun < 20
    assert [one.match for one in made[:3]] == ["oldest", "adds up", "exact"]
    assert [item for item, _ in made[1].items] == [0, 3]
    assert made[0].items[0][0] == 1, "a sum of items beyond those considered is not looked for"
    assert CONSIDERED < 19_000
    assert {one.match for one in made[3:]} == {"oldest"}


# ---------------------------------------------------------------- of a month


@pytest.fixture(scope="module")
def sample(sample_files, sample_company):
    ledger = read_ledger([sample_files.ledger], receipts=sample_files.receipts, customers=sample_files.customers)
    return closed(ledger, Settings(), sample_company.as_of)


def test_24_of_37_open_credits_of_the_sample_equal_an_open_item(sample, sample_files):
    found = Counter(one.match for one in open_credits.unapplied(sample))
    # From the files alone: what is left of each document after its receipts, by customer.
    left, whose = Counter(), {}
    with sample_files.ledger.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            left[row["Document"]] += round(100 * float(row["Amount"]))
            whose[row["Document"]] = row["Customer ID"], row["Currency"]
    with sample_files.receipts.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            left[row["Document"]] -= round(100 * float(row["Amount"]))
    debts = {(whose[name], amount) for name, amount in left.items() if amount > 0}
    owed = [(whose[name], -amount) for name, amount in left.items() if amount < 0]
    assert (len(owed), sum(one in debts for one in owed)) == (37, 24)
    assert (found.total(), found["exact"]) == (37, 24)


def test_the_table_ties_to_the_ledger_and_the_list_of_the_signal(sample):
    making = Making(sample, set_baseline=False, refreshed="2026-11-02 08:00:00", version="1")
    table = making.figures[0]["tblCredits"]
    opened = sample.open.amount
    assert sum(table.column("amount")) == pytest.approx(-opened[opened < 0].sum() / 100)
    base = table.column("base")
    assert base == sorted(base, reverse=True)
    judged = making.signals["Credits not applied"]
    assert judged.verdict == "Look"
    assert judged.money == pytest.approx(sum(base))
    assert len(judged.behind) == table.rows == 37
    assert "37 credits" in judged.figures
    assert "24 of them equal to an open item" in judged.figures


def test_whatever_the_ledger_an_account_is_never_left_by_its_credits():
    for seed in range(60):
        ledger, settings = several(seed)
        month = closed(ledger, settings, LAST)
        items = ledger.items.set_index("document_no")
        for one in open_credits.unapplied(month):
            whose = items.loc[one.document, ["customer_id", "currency"]].tolist()
            for named in filter(None, one.apply_to.replace(" (part)", "").split(", ")):
                assert items.loc[named, ["customer_id", "currency"]].tolist() == whose
            assert one.age == LAST - items.loc[one.document, "document_date"]


def test_nothing_is_asked_of_what_a_credit_should_pay_in_full():
    asked = 0
    for seed in range(120):
        ledger, settings = several(seed)
        month = closed(ledger, settings, LAST)
        said = [name for one in open_credits.unapplied(month) for name in one.apply_to.split(", ")]
        whole = {name for name in said if "(part)" not in name}
        for account in standings(month)[0].values():
            for place, outcome in account.outcomes.items():
                if outcome.state in ("due", "sent", "wait"):
                    asked += 1
                    assert ledger.items["document_no"].iloc[month.open.rows[place]] not in whole, seed
    assert asked > 100


CREDITS = [
    Item("A", "N", "EUR", "invoice", DAY - 90, DAY - 60, 100_00),
    Item("A", "N", "EUR", "invoice", DAY - 50, DAY - 20, 70_00),
    Item("A", "N", "EUR", "credit note", DAY - 9, None, -70_00),
    Item("A", "N", "USD", "credit note", DAY - 8, None, -70_00),
    Item("A", "N", "EUR", "credit note", DAY - 7, None, -30_00),
]


def table_of(*lines, items=CREDITS):
    entries = Entries(stored={"tblActivity": Stored(lines)})
    month = closed(make(items, []), Settings(base_currency="EUR"), DAY, entries)
    made = open_credits.tables(month, open_credits.unapplied(month))[0]["tblCredits"]
    return [{key: values[i] for key, values in made.columns.items()} for i in range(made.rows)], month


def test_rows_by_hand():
    found, _ = table_of()
    assert [
        (r["credit"], r["amount"], r["currency"], r["age"], r["match"], r["apply_to"], r["base"]) for r in found
    ] == [
        ("3", 70.0, "USD", 8, "nothing open", "", None),  # no rate: it may be large
        ("2", 70.0, "EUR", 9, "exact", "1", 70.0),
        ("4", 30.0, "EUR", 7, "oldest", "0 (part)", 30.0),
    ]


def logged(outcome, document="2", kind="credit"):
    return activity("2026-10-30", "A", kind, document) | {"outcome": outcome}


def test_a_proposal_that_is_logged_shows_the_day_and_another_does_not():
    found, _ = table_of(logged("apply 2 to 1 (exact)"))
    assert [row["logged"] for row in found] == [None, day_number("2026-10-30"), None]
    for other in (logged("apply 2 to 0 (exact)"), logged("apply 2 to 1 (exact)", kind="call"), logged("", "2")):
        assert not any(row["logged"] for row in table_of(other)[0])


def test_a_logged_credit_is_no_contact():
    silent, told = (table_of(*lines)[1] for lines in ((), (logged("apply 2 to 1 (exact)"),)))

    def seen(month):
        making = Making(month, set_baseline=False, refreshed="2026-11-02 08:00:00", version="1")
        judged = {name: (one.verdict, one.figures) for name, one in making.signals.items()}
        fields = {name: value for name, value in making.figures[1].items() if name.startswith("worklist")}
        return judged, fields, making.figures[0]["tblWorklist"].columns

    assert seen(silent) == seen(told)


def test_of_many_documents_some_are_named():
    many = [Item("A", "N", "EUR", "invoice", DAY - 90, DAY - 60 + i, 1_00 + i) for i in range(20)]
    (row,), _ = table_of(items=[*many, Item("A", "N", "EUR", "credit note", DAY, None, -1_000_00)])
    assert row["apply_to"] == ", ".join(map(str, range(NAMED))) + f" and {20 - NAMED} more"
