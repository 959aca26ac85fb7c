"""What a ledger hands out: parts of it, and tables and arrays whose edits never reach a figure."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest

from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.report import check_json, rows_of

DAY = "2024-06-30"
ITEMS = """Customer ID,Customer,Document,Document date,Due date,Currency,Amount,Region,Kind
0042,Anvil,1,2024-01-13,2024-02-12,EUR,100.00,North,invoice
0042,Anvil,2,2024-02-20,2024-03-21,EUR,200.00,South,invoice
0042,Anvil,2,2024-02-20,2024-03-21,EUR,200.00,South,invoice
C7,Bolt,3,2024-03-15,,JPY,5000,North,invoice
C7,Bolt,4,2024-04-30,2024-04-30,EUR,-50.00,North,credit note
C9,,5,2024-05-13,2024-06-12,EUR,nothing,North,invoice
C9,Crank,6,2024-05-13,2024-06-12,EUR,70.00,North,invoice
"""
RECEIPTS = """Document,Date,Amount,Kind
1,2024-03-01,40.00,cash
3,2024-05-20,5600,cash
1,2024-05-21,60.00,write-off
6,2024-06-20,10.00,cash
"""
CUSTOMERS = "Customer ID,Customer,Credit limit,Customer since\n0042,Anvil & Co,500,2020-01-31\nC7,Bolt,,\n"
SALES = "Month,Currency,Credit sales\n2024-05,EUR,999\n"


@pytest.fixture(scope="module")
def as_read(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("small")
    for name, text in (("items", ITEMS), ("receipts", RECEIPTS), ("customers", CUSTOMERS), ("sales", SALES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    named = {name: tmp_path / f"{name}.csv" for name in ("receipts", "customers", "sales")}
    return read_ledger(tmp_path / "items.csv", base_currency="EUR", **named)


@pytest.fixture
def ledger(as_read):
    """A ledger that nothing has been made of yet."""
    return replace(as_read)


@pytest.fixture(scope="module")
def expected(as_read):
    return figures(replace(as_read))


# --- parts ------------------------------------------------------------------------------------------------------


def test_a_part_has_what_belongs_to_its_items_and_what_the_files_said(ledger):
    north = ledger.where(ledger.items["region"] == "North")
    assert north.items["document_no"].tolist() == ["1", "3", "4", "6"]
    assert north.items.index.tolist() == [0, 1, 2, 3]
    numbers = north.items["document_no"].take(north.receipts["item"].to_numpy()).tolist()
    assert (numbers, north.receipts["amount"].tolist()) == (["1", "3", "1", "6"], [4000, 5600, 6000, 1000])
    assert north.file_rows.tolist() == [2, 5, 6, 8]
    assert ledger.sales["credit_sales"].tolist() == [99_900]
    assert not len(north.sales)
    assert history(north, DAY).total("credit_sales")[0].tolist() == [10_000, 0, 0, 0, 7000, 0]
    for table in ("customers", "exceptions"):
        assert getattr(north, table).equals(getattr(ledger, table))
    assert (north.sources, north.minor_digits, north.has_history) == (ledger.sources, ledger.minor_digits, True)


def test_findings_stay_and_name_the_rows_that_are_left(ledger):
    parts = [ledger.where(ledger.items["region"] == region) for region in ("North", "South")]
    for part in parts:
        assert [replace(one, rows=()) for one in part.findings] == [replace(one, rows=()) for one in ledger.findings]
    rows = [{one.code: rows_of(part, one) for one in part.findings} for part in (ledger, *parts)]
    assert [one["duplicate items"] for one in rows] == [[4], [], [4]]
    assert [one["over-applied"] for one in rows] == [[5], [5], []]
    assert [one["unreadable rows"] for one in rows] == [[7]] * 3


def test_derived_receipts_are_counted_among_those_that_are_left(tmp_path):
    head = "Customer ID,Document,Document date,Due date,Amount,Open amount\n"
    one, two = "C,1,2024-01-05,2024-02-04,100,100\n", "D,2,2024-01-20,2024-02-19,50,50\n"
    days = {"2024-01-31": one + two, "2024-02-29": two, "2024-03-31": "D,3,2024-03-20,2024-04-19,9,9\n"}
    paths = [tmp_path / f"open {day}.csv" for day in days]
    for path, rows in zip(paths, days.values(), strict=True):
        path.write_text(head + rows, encoding="utf-8")
    ledger = read_ledger(paths, snapshots={path.name: day for path, day in zip(paths, days, strict=True)})
    assert ledger.derived_receipts == 2
    of_c = ledger.where(ledger.items["customer_id"] == "C")
    assert (of_c.derived_receipts, len(of_c.receipts), of_c.known_from) == (1, 1, ledger.known_from)
    # A receipt that is a document of its own comes first.
    given = replace(ledger, derived_receipts=1)
    kept = [given.where(ledger.items["customer_id"] == key).derived_receipts for key in "CD"]
    assert kept == [0, 1]


def test_a_column_that_was_sorted_chooses_the_rows_it_came_from(ledger):
    shuffled = ledger.items.sort_values("amount")["region"] == "South"
    assert ledger.where(shuffled).items["document_no"].tolist() == ["2", "2"]


def test_all_items_are_the_ledger_with_its_typed_sales_and_none_are_an_empty_one(ledger):
    count = len(ledger.items)
    assert ledger.where(np.ones(count, bool)) is ledger
    none = ledger.where(np.zeros(count, bool))
    assert (len(none.items), len(none.receipts)) == (0, 0)
    with pytest.raises(LedgerError, match="holds no items"):
        age(none, DAY)


@pytest.mark.parametrize(
    "mask",
    [
        [True],
        np.ones(7, bool),
        np.ones((6, 1), bool),
        np.arange(6),
        ["yes"] * 6,
        pd.Series([True], index=[3]),
        pd.Series([True] * 9),  # of a longer ledger
        pd.Series([True] * 6, index=[0, 1, 2, 3, 4, 4]),
        np.ma.array(np.ones(6, bool), mask=[True] * 6),
    ],
)
def test_anything_but_a_boolean_for_each_item_is_refused(ledger, mask):
    with pytest.raises(
        LedgerError, match=r"^A part of this ledger takes one true or false for each of its 6 items"
    ) as no:
        ledger.where(mask)
    assert re.search(r"these are \d+ (numbers|texts|dates|values)\.$", str(no.value))


# --- edits ------------------------------------------------------------------------------------------------------


def figures(ledger):
    """What a ledger says, by every way that keeps arrays of it."""
    arrays = ledger.arrays
    return json.dumps(
        [
            *(aging_json(age(ledger, day, by=by)) for day in (DAY, "2024-05-31") for by in ("customer_id", "region")),
            [history(ledger, DAY, by=by).base("overdue").tolist() for by in (None, "region")],
            [history(ledger, DAY).total(name).tolist() for name in ("credit_sales", "cash", "write_offs")],
            [
                arrays.settled_on(19904).tolist(),
                arrays.paid_on(19904).tolist(),
                arrays.item_kinds.tolist(),
                arrays.receipt_kinds.tolist(),
            ],
            [arrays.crossing.tolist(), dict(arrays.customer_names), ledger.file_rows.tolist()],
            check_json(ledger),
            [getattr(ledger, table).to_json() for table in TABLES],
        ]
    )


TABLES = ("items", "receipts", "customers", "sales", "exceptions")
NUMBERS = {"items": "amount", "receipts": "amount", "customers": "credit_limit", "sales": "credit_sales"}
EDITS = {
    "column": lambda t, c: t.__setitem__(c, 1),
    "new column": lambda t, c: t.__setitem__("new", 1),
    "rows": lambda t, c: t.__setitem__(slice(0, 1), 1),
    "loc": lambda t, c: t.loc.__setitem__((0, c), 1),
    "loc of all": lambda t, c: t.loc.__setitem__((slice(None), c), 1),
    "a new row": lambda t, c: t.loc.__setitem__(len(t), t.loc[0]),
    "iloc": lambda t, c: t.iloc.__setitem__((0, t.columns.get_loc(c)), 1),
    "at": lambda t, c: t.at.__setitem__((0, c), 1),
    "iat": lambda t, c: t.iat.__setitem__((0, t.columns.get_loc(c)), 1),
    "augmented": lambda t, c: t.__setitem__(c, t[c].__iadd__(1)),
    "through a column": lambda t, c: t[c].__setitem__(0, 1),
    "a column's iloc": lambda t, c: t[c].iloc.__setitem__(0, 1),
    "a kept column": lambda t, c: kept(t[c]).iloc.__setitem__(0, 1),
    "a row": lambda t, c: kept(t.iloc[0]).__setitem__(c, 1),
    "insert": lambda t, c: t.insert(0, "first", 1),
    "pop": lambda t, c: t.pop(c),
    "del": lambda t, c: t.__delitem__(c),
    "columns": lambda t, c: setattr(t, "columns", range(t.shape[1])),
    "index": lambda t, c: setattr(t, "index", t.index[::-1]),
    "an attribute": lambda t, c: setattr(t, c, 1),
    "update": lambda t, c: t.update(pd.DataFrame({c: [1]})),
    "eval": lambda t, c: t.eval(f"{c} = 1", inplace=True),
    "rename": lambda t, c: t.rename(columns={c: "x"}, inplace=True),
    "drop": lambda t, c: t.drop(index=0, inplace=True),
    "sort": lambda t, c: t.sort_values(c, inplace=True),
    "replace": lambda t, c: t.replace({t[c].iloc[0]: 1}, inplace=True),
    "fill": lambda t, c: t.fillna(1, inplace=True),
    "clip": lambda t, c: t[[c]].clip(upper=1, inplace=True),
    "mask": lambda t, c: t.mask(t == t, 1, inplace=True),
    "a column's mask": lambda t, c: kept(t[c]).mask(t[c] == t[c], 1, inplace=True),
    "to_numpy": lambda t, c: t[c].to_numpy().__setitem__(0, 1),
    "to_numpy of its own type": lambda t, c: t[c].to_numpy(dtype=t[c].dtype, copy=False).__setitem__(0, 1),
    "to_numpy of the table": lambda t, c: t[[c]].to_numpy().__setitem__((0, 0), 1),
    "values": lambda t, c: t[c].values.__setitem__(0, 1),
    "values of the table": lambda t, c: t[[c]].values.__setitem__((0, 0), 1),
    "asarray": lambda t, c: np.asarray(t[c]).__setitem__(0, 1),
    "array": lambda t, c: t[c].array.__setitem__(0, 1),
    "array's array": lambda t, c: np.asarray(t[c].array).__setitem__(0, 1),
    "out": lambda t, c: np.add(np.asarray(t[c]), 1, out=np.asarray(t[c])),
    "writeable": lambda t, c: np.asarray(t[c]).setflags(write=True),
}


REFUSALS = (ValueError, TypeError, KeyError, NotImplementedError)


def kept(one):
    return one


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("table", NUMBERS)
# What pandas says of an edit that has no effect, or of a way it will take away, is said to whoever edits.
@pytest.mark.filterwarnings("ignore::Warning")
def test_an_edited_table_changes_no_figure(ledger, expected, table, edit):
    assert figures(ledger) == expected
    with suppress(*REFUSALS):
        edit(getattr(ledger, table), NUMBERS[table])
    assert figures(ledger) == expected
    # Nor one that is worked out only now.
    assert figures(replace(ledger)) == expected


@pytest.mark.parametrize(("table", "column"), [("items", "customer_id"), ("customers", "customer_name")])
def test_an_edited_text_changes_no_figure(ledger, expected, table, column):
    texts = getattr(ledger, table)
    texts[column].array[0] = "x"
    texts.loc[0, column] = "y"
    assert figures(ledger) == expected


@pytest.mark.parametrize("edit", [name for name in EDITS if "arr" not in name])
@pytest.mark.filterwarnings("ignore::Warning")
def test_the_table_a_ledger_was_made_of_is_its_makers_and_not_the_ledgers(ledger, expected, edit):
    own = ledger.items.copy()
    made = replace(ledger, items=own)
    with suppress(*REFUSALS):
        EDITS[edit](own, "amount")
    assert figures(made) == expected


ARRAYS = (
    "document_date",
    "due_date",
    "face",
    "item_kinds",
    "receipt_item",
    "receipt_date",
    "receipt_amount",
    "receipt_kinds",
    "crossing",
)


def test_no_array_can_be_written_to(ledger):
    arrays = ledger.arrays
    every = [getattr(arrays, name) for name in ARRAYS]
    every += [
        arrays.segment("region").codes,
        arrays.balances(19900),
        arrays.settled_on(19900),
        arrays.paid_on(19900),
        ledger.file_rows,
    ]
    for one in every:
        with pytest.raises(ValueError, match="read-only"):
            one[0] = 0
        with pytest.raises(ValueError, match="read-only"):
            np.add(one, 0, out=one, casting="unsafe")
    for name in (*ARRAYS, "first_day", "customer_names"):
        with pytest.raises(FrozenInstanceError):
            setattr(arrays, name, None)
    # Those that every ledger has are all looked at.
    assert {name for name, one in vars(arrays).items() if isinstance(one, np.ndarray)} == set(ARRAYS)


def test_nothing_else_of_a_ledger_can_be_set(ledger):
    for name in (*TABLES, "arrays", "findings", "minor_digits"):
        with pytest.raises(FrozenInstanceError):
            setattr(ledger, name, None)
    said = ledger.sources[0]
    for one in (ledger.minor_digits, ledger.arrays.customer_names, said.totals, said.classes, said.open_totals):
        with pytest.raises(TypeError):
            one["EUR"] = 3


def test_what_a_ledger_was_made_of_can_be_edited_without_it(ledger):
    digits, rows = dict(ledger.minor_digits), ledger.file_rows.copy()
    made = replace(ledger, minor_digits=digits, file_rows=rows)
    digits["EUR"], rows[0] = 0, 99
    assert (made.minor_digits["EUR"], made.file_rows[0]) == (2, 2)


def test_what_was_made_once_is_not_made_again(ledger):
    arrays = ledger.arrays
    assert ledger.arrays is arrays
    assert arrays.segment("region") is arrays.segment("region")
    once = arrays.balances(19900)
    assert arrays.balances(19900) is once
    arrays.balances(19901)
    assert arrays.balances(19900) is not once
    assert (arrays.balances(19900) == once).all()
