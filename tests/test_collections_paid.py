"""Entries follow their item: to Paid items when it is settled, back when it opens again; none lost, none doubled."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_ledgers import make
from typed_workbooks import Typed, refresh, shown
from worklist_items import DAY, HEADINGS, closing, item, key, paid

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import closed, placing, workbook
from xlwings_addin.month_end.assembling import checked
from xlwings_addin.month_end.month import own
from xlwings_addin.month_end.settled import complete
from xlwings_addin.month_end.work import activity, paid_items, worklist
from xlwings_addin.month_end.work.accounts import standings
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.blocks import Column
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.sheets.style import TEXT_STYLES

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

EVERYTHING = {
    "Next action": "call Jo",
    "Action on": dt.datetime(2024, 2, 6),
    "AP confirmed": dt.datetime(2024, 2, 7),
    "Promised for": dt.datetime(2024, 2, 20),
    "Promised amount": 250.5,
    "Dispute code": "Price mismatch",
    "Look again on": dt.datetime(2024, 2, 12),
    "Hold aligned by": "Kim",
    "Hold aligned on": dt.datetime(2024, 2, 8),
    "Service continues": "yes",
    "Note": 'said "soon", twice',
    "Ours": dt.datetime(2024, 2, 9),
    "Code": 17,
}
HEAD = "Customer ID,Customer,Document,Document date,Due date,Currency,Amount\n"
ITEMS = HEAD + "0001,Elm Works,A1,2024-01-01,2024-01-20,EUR,1000.00\n0002,Oak,A2,2024-01-01,2024-01-20,EUR,10.00\n"
RECEIPTS = "Document,Date,Amount,Kind\nA2,2024-01-05,1.00,cash\n"


def ledger_of(folder, receipts, items=ITEMS):
    (folder / "items.csv").write_text(items)
    (folder / "receipts.csv").write_text(RECEIPTS + receipts)
    return read_ledger([folder / "items.csv"], receipts=folder / "receipts.csv")


def typed_on(path, table, document):
    found = next((row for row in shown(path, table) if row["Document"] == document), None)
    return None if found is None else {h: found.get(h) for h in EVERYTHING if found.get(h) is not None}


@pytest.mark.slow
def test_everything_typed_beside_an_item_goes_where_the_item_goes(tmp_path):
    january, february, march, april = (tmp_path / f"{n}.xlsx" for n in range(4))
    refresh(ledger_of(tmp_path, ""), "2024-01-31", january)
    typed = Typed(january)
    typed.add_column("tblWorklist", "Ours")
    typed.add_column("tblWorklist", "Code")
    for heading, value in EVERYTHING.items():
        typed.type("tblWorklist", {"Document": "A1"}, heading, value)
    typed.save()
    settled = ledger_of(tmp_path, "A1,2024-02-15,1000.00,cash\n")
    refresh(settled, "2024-02-29", february, previous=january)
    assert typed_on(february, "tblWorklist", "A1") is None
    (row,) = [row for row in shown(february, "tblPaid") if row["Document"] == "A1"]
    ours = {heading: value for heading, value in EVERYTHING.items() if heading not in ("Ours", "Code")}
    assert typed_on(february, "tblPaid", "A1") == ours
    assert row["Other entries"] == '"Ours": "2024-02-09", "Code": 17.0'
    facts = (row["Settled on"], row["Days late"], row["Amount"], row["How"], row["Found as of"])
    assert facts == (dt.datetime(2024, 2, 15), 26, 1000, "paid", dt.datetime(2024, 2, 29))
    assert [note for note in shown(february, "tblNotPlaced") if note["Entry"]] == []
    logged = [(line["Kind"], line["Date"], line["Document"]) for line in shown(february, "tblActivity") if line["Kind"]]
    assert logged == [("promise", dt.datetime(2024, 1, 31), "A1"), ("dispute", dt.datetime(2024, 1, 31), "A1")]
    changes = {row["Change"]: row for row in shown(february, "tblChanges")}
    assert (changes["Paid or no longer listed"]["Items"], changes["Paid or no longer listed"]["Amount"]) == (1, 1000)

    before = february.read_bytes()
    refresh(settled, "2024-02-29", february, previous=february, now="2026-11-09 10:00:00")
    assert february.read_bytes() == before

    bounced = ledger_of(tmp_path, "A1,2024-02-15,1000.00,cash\nA1,2024-03-05,-1000.00,cash\n")
    refresh(bounced, "2024-03-31", march, previous=february)
    assert typed_on(march, "tblPaid", "A1") is None
    back = typed_on(march, "tblWorklist", "A1")
    assert back == EVERYTHING
    refresh(bounced, "2024-03-31", march, previous=march)
    assert typed_on(march, "tblWorklist", "A1") == EVERYTHING
    assert len([line for line in shown(march, "tblActivity") if line["Kind"]]) == 2

    refresh(ledger_of(tmp_path, "A1,2024-02-15,1000.00,cash\n", items=ITEMS), "2024-04-30", april, previous=march)
    assert typed_on(april, "tblPaid", "A1") == ours


def test_what_a_ledger_with_history_no_longer_knows_is_a_note_not_placed(tmp_path):
    january, february = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    refresh(ledger_of(tmp_path, ""), "2024-01-31", january)
    typed = Typed(january)
    typed.type("tblWorklist", {"Document": "A1"}, "Note", "mine")
    typed.save()
    gone = ledger_of(tmp_path, "", ITEMS.replace("A1", "B1"))
    refresh(gone, "2024-02-29", february, previous=january)
    assert [row["Document"] for row in shown(february, "tblPaid") if row["Document"]] == []
    assert [note["Entry"] for note in shown(february, "tblNotPlaced")] == ["mine"]


@pytest.mark.slow
def test_what_a_list_of_open_items_no_longer_holds_goes_to_paid_items(tmp_path):
    def listed(*documents):
        rows = "".join(f"1,Elm,{d},2024-01-01,2024-01-20,EUR,50.00,50.00\n" for d in documents)
        (tmp_path / "open.csv").write_text(HEAD.replace("Amount\n", "Amount,Open amount\n") + rows)
        return read_ledger([tmp_path / "open.csv"])

    january, february, march = (tmp_path / f"{n}.xlsx" for n in range(3))
    refresh(listed("1", "2", "3"), "2024-01-31", january)
    typed = Typed(january)
    typed.type("tblWorklist", {"Document": "1"}, "Note", "mine")
    typed.save()
    refresh(listed("3"), "2024-02-29", february, previous=january)
    rows = {row["Document"]: row for row in shown(february, "tblPaid")}
    assert {
        document: (row["Note"], row["How"], row["Settled on"], row["Amount"]) for document, row in rows.items()
    } == {
        "1": ("mine", "no longer listed", None, 50),
        "2": (None, "no longer listed", None, 50),
    }
    refresh(listed("1", "3"), "2024-03-31", march, previous=february)
    assert [row["Document"] for row in shown(march, "tblPaid")] == ["2"]
    assert typed_on(march, "tblWorklist", "1") == {"Note": "mine"}
    assert [note["Entry"] for note in shown(march, "tblNotPlaced")] == [None]


@pytest.mark.slow
def test_changes_are_the_same_when_the_day_is_refreshed_again(tmp_path):
    week, next_week = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    items = ITEMS.replace("10.00\n", "100.00\n")
    items += "0003,Ash,A3,2024-01-01,2023-11-04,EUR,70.00\n0003,Ash,A4,2024-01-01,2024-02-14,EUR,80.00\n"
    refresh(ledger_of(tmp_path, "", items), "2024-01-31", week)
    assert [row["Change"] for row in shown(week, "tblChanges")] == [None]
    typed = Typed(week)
    typed.type("tblWorklist", {"Document": "A2"}, "Dispute code", "Other")
    typed.type("tblWorklist", {"Document": "A1"}, "Promised for", dt.datetime(2024, 2, 2))
    typed.save()
    later = ledger_of(tmp_path, "A1,2024-02-05,400.00,cash\n", items)
    told = []
    for source in (week, next_week):
        refresh(later, "2024-02-07", next_week, previous=source)
        told.append({row["Change"]: (row["Items"], row["Amount"]) for row in shown(next_week, "tblChanges")})
    assert told[0] == told[1]
    assert told[0] == {
        "New on the list": (1, 80),
        "Paid or no longer listed": (0, 0),
        "Paid in part": (1, 400),
        "Promise broken": (1, 600),
        "Over 90 days now": (1, 70),
        "Newly disputed": (1, 99),
    }
    marked = {row["Document"]: row["Changed"] for row in shown(next_week, "tblWorklist")}
    assert marked == {"A1": "paid in part, promise broken", "A2": "disputed", "A3": "over 90 days", "A4": "new"}
    book = openpyxl.load_workbook(next_week, data_only=True)
    assert book["Collections"].print_area.endswith(f"$W${book['Collections'].max_row}")
    book.close()


# ---------------------------------------------------------------- any life of a few items


def carried(made):
    """What the next refresh reads back of a month: the typed cells by key, the stored rows, the log."""
    parts = (
        checked(worklist.sheet(Settings()), worklist.tables(made, worklist.work(made, *standings(made)))),
        checked(paid_items.sheet(), paid_items.tables(made)),
        checked(activity.sheet(), activity.tables(made)),
    )
    kept = ("tblWorklist", "tblPaid", "tblActivity")
    tables = {name: table for tables, _ in parts for name, table in tables.items() if name in kept}
    sheets = workbook(Settings())
    placed, left = placing.place_entries(sheets, tables, made.entries)
    tables |= placed
    declared = {table.name: table for sheet in sheets for table in sheet.tables()}
    stored, typed = {}, {}
    for name, data in tables.items():
        columns = [*declared[name].columns, *(Column(own(h), h, "general") for h in data.extra)]
        blank = {c.key: "" if c.style in TEXT_STYLES else None for c in columns}
        rows = [
            {c.key: blank[c.key] if data.column(c.key)[i] is None else data.column(c.key)[i] for c in columns}
            for i in range(data.rows)
        ]
        stored[name] = Stored(tuple(rows))
        if declared[name].key:
            entries = [(c.key, c.heading) for c in declared[name].columns if c.entry]
            entries += [(own(heading), heading) for heading in data.extra]
            keys = placing.row_keys(declared[name], data.columns) if rows else []
            cells = [{h: row[k] for k, h in entries if row.get(k) not in (None, "")} for row in rows]
            assert len(set(keys)) == len(keys)
            typed[name] = TableEntries({k: c for k, c in zip(keys, cells, strict=True) if c}, data.extra)
    stored["tblNotPlaced"] = Stored(tuple(left))
    log = made.entries.rows("tblLog")
    stored["tblLog"] = Stored(log if made.entries.as_of == made.day else (*log, {"as_of": made.day}))
    return complete(sheets, Entries(tables=typed, stored=stored))


def typed_cells(entries):
    """Every typed cell wherever it stands, own columns unpacked."""
    found = Counter()
    for name in ("tblWorklist", "tblPaid"):
        for cells in entries.tables.get(name, TableEntries()).rows.values():
            found.update(str(v) for v in paid_items._unpack(cells).values())
    found.update(row["value"] for row in entries.rows("tblNotPlaced"))
    return found


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_happens_to_the_items_no_entry_is_lost_or_doubled(data):
    count, history = 4, data.draw(st.booleans())
    entries, typed, receipts = complete(workbook(Settings()), Entries()), Counter(), []
    extra = ("Ours",)
    for month in range(data.draw(st.integers(2, 4))):
        day = DAY + 30 * month
        present = [True] * count if history else data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
        if history:
            for place in range(count):
                left = 10_000 - sum(r.amount for r in receipts if r.item == place)
                if data.draw(st.booleans()):
                    receipts.append(paid(iso(day - 5), left or -10_000, place))
        items = [item(amount=10_000) for _ in range(count)]
        ledger = make(items, receipts)
        gone = [i for i in range(count) if not present[i]]
        if not history:
            if len(gone) == count:
                continue
            ledger = replace(ledger, items=ledger.items.drop(index=gone).reset_index(drop=True), has_history=False)
        for again in range(2):  # the second run changes nothing
            after = carried(closed(ledger, Settings(), day, entries))
            if again:
                assert after.tables == entries.tables
                assert after.stored == entries.stored
            entries = after
        assert typed_cells(entries) == typed
        work = dict(entries.tables["tblWorklist"].rows)
        shown_now = [row["document_no"] for row in entries.rows("tblWorklist")]
        for document in shown_now:
            if data.draw(st.booleans()):
                value = f"note {document} {month}"
                heading = data.draw(st.sampled_from(["Note", "Next action", "Ours"]))
                cells = dict(work.get(key(document), {}))
                if heading in cells:
                    typed[cells[heading]] -= 1
                work[key(document)] = cells | {heading: value}
                typed[value] += 1
        typed = +typed
        entries = replace(entries, tables={**entries.tables, "tblWorklist": TableEntries(work, extra)})
    assert typed_cells(entries) == typed


def test_two_items_of_one_key_get_no_entry_by_guess():
    ledger = make([item(), item()], [paid("2024-06-01", 10_000, 1)])
    ledger = replace(ledger, items=ledger.items.assign(document_no=pd.Series(["0", "0"], dtype="str")))
    made = closing(ledger, typed={key("0"): {"note": "whose?"}})
    assert made.entries.tables["tblWorklist"].doubled == ((key("0"), HEADINGS["note"], "whose?"),)
    assert made.entries.tables["tblPaid"].rows == {}


def test_an_entry_typed_anew_beside_an_item_that_came_back_stays_and_the_old_one_is_kept():
    ledger = make([item()], [])
    old = TableEntries({key("0"): {"Note": "old", "Next action": "call"}})
    row = dict(zip(ITEM_KEY, key("0"), strict=True)) | {"found_on": DAY}
    stored = {"tblPaid": Stored((row,))}
    new = TableEntries({key("0"): {"Note": "new"}})
    after = closed(ledger, Settings(), DAY, Entries(tables={"tblPaid": old, "tblWorklist": new}, stored=stored)).entries
    assert after.tables["tblWorklist"].rows == {key("0"): {"Note": "new", "Next action": "call"}}
    assert after.tables["tblWorklist"].doubled == ((key("0"), "Note", "old"),)
    assert after.rows("tblPaid") == ()
    assert day_number(iso(DAY)) == DAY
