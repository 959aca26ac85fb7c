"""A month comes out the same whatever is read of it first, and no key of it can be misspelt without an error."""

import dataclasses
import datetime as dt
import importlib
import pkgutil
import random
from functools import cached_property

import numpy as np
import pytest
from misspelling import marked

from xlwings_addin import sample_work, sheets
from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import close_month, settled, workbook
from xlwings_addin.month_end.assembling import checked, joined
from xlwings_addin.month_end.closing import Closing
from xlwings_addin.month_end.month import TableData
from xlwings_addin.month_end.pages import PAGES, Making
from xlwings_addin.month_end.program.measures import Measures
from xlwings_addin.sample import generate
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.sheets.blocks import Column, Field, Fields, Formula, Sheet, Table
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.writing.carry_over import read_back

NOW = "2026-11-02 08:00:00"
OPEN_LIST = """Customer ID,Customer,Document,Document date,Due date,Amount,Open amount,Region,Currency
0001,Elm Works,1,2024-01-05,2024-01-20,100.00,60.00,North,EUR
0002,Oak Trading,2,2024-01-15,,50.00,50.00,,USD
0002,Oak Trading,3,2023-11-15,2023-12-15,-20.00,-20.00,,EUR
"""
SETTLED = """Customer ID,Customer,Document,Document date,Due date,Amount,Region,Kind
0001,,A1,2024-01-05,2024-01-20,100.00,North,invoice
0002,Oak Trading,A2,2024-01-15,,-50.00,South,credit note
"""


@pytest.fixture(scope="module")
def company():
    return generate(months=25, customers=20, invoices=700)


@pytest.fixture(scope="module")
def ledger(company, tmp_path_factory):
    files = company.write(tmp_path_factory.mktemp("company"))
    return read_ledger([files.ledger], receipts=files.receipts, customers=files.customers)


@pytest.fixture(scope="module")
def carried(ledger, company, tmp_path_factory):
    """Settings and entries of last month's workbook, as its clerks left it."""
    path = tmp_path_factory.mktemp("before") / "last.xlsx"
    sample_work.write_last_month(path, ledger, company.as_of)
    return read_back(path)


@pytest.fixture(scope="module")
def open_list(tmp_path_factory):
    path = tmp_path_factory.mktemp("open") / "open 2024-01-31.csv"
    path.write_text(OPEN_LIST)
    return read_ledger([path])


def said(value):
    """A cell as text: two that are shown alike read alike."""
    return f"{value.text} {value.value!r}" if isinstance(value, Formula) else repr(value)


def figures(filled):
    """Every value of every table and named cell."""
    tables, fields = filled
    columns = {
        (name, key): [said(value) for value in (values.tolist() if isinstance(values, np.ndarray) else values)]
        for name, table in tables.items()
        for key, values in table.columns.items()
    }
    return columns, {name: said(value) for name, value in fields.items()}


def asked(kind):
    """The names of what can be read of an object of this class."""
    return sorted(name for name, member in vars(kind).items() if isinstance(member, cached_property | property))


# ---------------------------------------------------------------- the order of reading


def closed(ledger, company, carried):
    settings, entries = carried
    day = day_number(company.as_of)
    return Closing.of(ledger, settings, day, settled.settle(ledger, day, workbook(settings), entries))


def test_nothing_of_a_closing_can_be_set(ledger, company, carried):
    closing = closed(ledger, company, carried)
    for name in [field.name for field in dataclasses.fields(closing)] + asked(Closing):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(closing, name, None)


@pytest.mark.parametrize("set_baseline", [False, True])
def test_whatever_is_read_first_the_month_is_the_same(ledger, company, carried, set_baseline):
    settings, entries = carried
    if set_baseline:
        entries = entries.having(kept={"tblBaseline": Stored()})
    month = close_month(
        ledger, settings, company.as_of, entries=entries, refreshed=NOW, version="t", set_baseline=set_baseline
    )
    wanted = figures((month.tables, month.fields))
    assert len(wanted[0]) > 300
    assert bool(month.tables["tblBaseline"].rows)
    chance = random.Random(7)
    for _ in range(8):
        closing = closed(ledger, company, (settings, entries))
        making = Making(closing, set_baseline=set_baseline, refreshed=NOW, version="t")
        reads = [(closing, name) for name in asked(Closing)] + [(making, name) for name in asked(Making)]
        chance.shuffle(reads)
        for thing, name in reads:
            getattr(thing, name)
            if name == "measures":
                names = asked(Measures)
                chance.shuffle(names)
                for measure in names:
                    getattr(making.measures, measure)
        assert figures(making.finished) == wanted


def test_settling_what_is_settled_changes_nothing(ledger, company, carried):
    settings, entries = carried
    day = day_number(company.as_of)
    once = settled.settle(ledger, day, workbook(settings), entries)
    assert once != entries
    again = settled.settle(ledger, day, workbook(settings), once)
    assert again.stored["tblPaid"] == once.stored["tblPaid"]
    assert again.tables == once.tables
    # A line of Activity bears the day of the workbook it was typed into: it is the same line, and written once.
    assert again.stored["tblActivity"] == once.stored["tblActivity"]


def test_what_is_asked_for_by_a_name_that_is_not_there_is_an_error():
    entries = settled.complete(workbook(Settings()), Entries())
    for ask in (entries.rows, entries.kept, entries.typed):
        with pytest.raises(KeyError):
            ask("tblWorklst")
    for change in ({"typed": {"tblWorklst": TableEntries()}}, {"kept": {"tblActivty": Stored()}}):
        with pytest.raises(KeyError):
            entries.having(**change)


def test_entries_of_what_no_sheet_declares_are_refused_and_never_lost():
    for odd in (
        Entries(tables={"tblOld": TableEntries({("a",): {"Note": "precious"}})}),
        Entries(stored={"tblOld": Stored(({"note": "precious"},))}),
        Entries(fields={"old_cell": "precious"}),
    ):
        with pytest.raises(LookupError, match=r"^No sheet declares (tblOld|old_cell), of which there are entries\.$"):
            settled.complete(workbook(Settings()), odd)


# ---------------------------------------------------------------- the seam

DECLARED = Sheet(
    "Fruit",
    "For the test.",
    (
        Table("tblFruit", (Column("name", "Name"), Column("price", "Price"), Column("note", "Note", entry=True))),
        Fields((Field("cheapest", "Cheapest"), Field("yours", "Yours", entry=True))),
    ),
)
WHOLE = {"name": ["apple", "pear"], "price": [1.0, 2.0]}


def test_what_is_filled_passes_and_what_clerks_type_is_blank():
    tables, fields = checked(DECLARED, ({"tblFruit": TableData(WHOLE)}, {"cheapest": "apple"}))
    assert tables["tblFruit"].columns == {**WHOLE, "note": [None, None]}
    assert fields == {"cheapest": "apple"}
    own = TableData({**WHOLE, "own:Colour": ["red", None]}, ("Colour",))
    assert checked(DECLARED, ({"tblFruit": own}, {"cheapest": ""}))[0]["tblFruit"].column("own:Colour") == ["red", None]
    assert checked(DECLARED, ({}, {}), template=True)[0]["tblFruit"].rows == 0


@pytest.mark.parametrize(
    ("columns", "fields", "sentence"),
    [
        ({**WHOLE, "pirce": [1.0, 2.0]}, {"cheapest": ""}, "Fruit, tblFruit: no column is declared for 'pirce'."),
        ({"name": ["apple"]}, {"cheapest": ""}, "Fruit, tblFruit: nothing fills the column 'price'."),
        ({"name": ["a", "b"], "price": [1.0]}, {"cheapest": ""}, "Fruit, tblFruit: there are columns of 1 and 2 rows."),
        ({**WHOLE, "own:Hue": [1, 2]}, {"cheapest": ""}, "Fruit, tblFruit: no column is declared for 'own:Hue'."),
        (WHOLE, {}, "Fruit: nothing fills the cell cheapest."),
        (WHOLE, {"cheapest": "", "cheepest": ""}, "Fruit declares no cheepest."),
        (None, {"cheapest": ""}, "Fruit: nothing fills the table tblFruit."),
    ],
)
def test_what_is_not_declared_or_not_filled_is_refused_with_its_place(columns, fields, sentence):
    tables = {} if columns is None else {"tblFruit": TableData(columns)}
    with pytest.raises(LookupError, match=f"^{sentence}$"):
        checked(DECLARED, (tables, fields))


def test_two_that_fill_one_thing_are_refused():
    with pytest.raises(LookupError, match="tblFruit is filled twice"):
        joined([({"tblFruit": TableData(WHOLE)}, {}), ({"tblFruit": TableData(WHOLE)}, {})])
    with pytest.raises(LookupError, match="cheapest is filled twice"):
        joined([({}, {"cheapest": 1}), ({}, {"cheapest": 2})])


def test_every_declared_sheet_is_in_the_one_list():
    modules = [importlib.import_module(f"{sheets.__name__}.{m.name}") for m in pkgutil.iter_modules(sheets.__path__)]
    # `aging_by` declares a sheet for each column that clerks age by: the button adds it, not the month.
    declaring = {m.sheet.__module__ for m in modules if hasattr(m, "sheet")} - {"xlwings_addin.sheets.aging_by"}
    listed = [page.sheet for page in PAGES]
    fixed = [one.__closure__[0].cell_contents if one.__closure__ else one for one in listed]
    assert sorted(one.__module__ for one in fixed) == sorted(declaring)


# ---------------------------------------------------------------- misspelt keys

NO_KEYS = {
    ("signals", "days"): "a style of cells, not a column",
    ("worklist", "reminder"): "a kind of activity, not a column",
    ("scoring", "high"): "a word for how important a customer is, and so the next two",
    ("scoring", "average"): "",
    ("scoring", "low"): "",
}
"""What is spelt as a key and is none."""


@pytest.fixture(scope="module")
def names():
    tables = [table for sheet in workbook(Settings()) for table in sheet.tables()]
    cells = [field.name for sheet in workbook(Settings()) for field in sheet.fields()]
    return frozenset([*(table.name for table in tables), *(c.key for t in tables for c in t.columns), *cells])


@pytest.fixture(scope="module")
def odd(ledger, carried):
    """Entries of every odd kind: rows that are gone, months restated, typed or open, another aging mix."""
    _, entries = carried
    worklist, monthly = entries.typed("tblWorklist"), entries.kept("tblMonthly").rows
    gone = ("", "X", "X1", "invoice", "", "")
    paid = tuple(ledger.items.iloc[0][list(ITEM_KEY)])
    restated = {**monthly[-3], "cash": monthly[-3]["cash"] + 100.0}
    open_ended, running = {**monthly[-2], "opening": None}, {**monthly[-4], "status": "to date"}
    waits = {"table": "tblMonthly", "row": iso(monthly[-1]["month_end"]), "heading": "Note", "value": "kept"}
    return entries.having(
        typed={
            "tblWorklist": TableEntries({**worklist.rows, gone: {"Note": "whose?"}, paid: {"Note": "of old"}}),
            "tblMonthly": TableEntries({(iso(monthly[-2]["month_end"]),): {"Typed sales": 5_000.0}}),
        },
        kept={
            "tblMonthly": Stored((*monthly[:-4], running, restated, open_ended, monthly[-1])),
            "tblNotPlaced": Stored((waits,)),
            "tblCalcMix": Stored(tuple({"bucket": label, "share": 0.5, "rate": 0.1} for label in ("old", "older"))),
            "tblBaseline": Stored(),
        },
    )


@pytest.fixture(scope="module")
def months(ledger, company, carried, odd, open_list, tmp_path_factory):
    """Months that together go through every line which names a column: what `close_month` takes for each."""
    settings, entries = carried
    now, day = {"refreshed": NOW, "version": "t"}, company.as_of
    folder = tmp_path_factory.mktemp("settled")
    (folder / "items.csv").write_text(SETTLED)
    (folder / "receipts.csv").write_text("Document,Date,Amount,Kind\nA1,2024-01-20,100.00,cash\n")
    settled_ledger = read_ledger([folder / "items.csv"], receipts=folder / "receipts.csv")
    noted = {tuple(settled_ledger.items.iloc[0][list(ITEM_KEY)]): {"Note": "paid, and not known by name"}}
    rated = Settings(base_currency="EUR", rates=(Rate("USD", "2023-01-01", 0.9),), periods=("2024-01-31",))
    logged = close_month(ledger, settings, day, entries=entries, **now).tables["tblLog"]
    again = [dict(zip(logged.columns, row, strict=True)) for row in zip(*logged.columns.values(), strict=True)]
    before = (day.replace(day=1) - dt.timedelta(days=1)).replace(day=12)
    cut = ((day - dt.timedelta(days=36)).isoformat(), day.isoformat())
    return {
        "carried on": (ledger, settings, day, {"entries": entries, **now}),
        "odd": (ledger, settings, day, {"entries": odd, "set_baseline": True, **now}),
        "again": (ledger, settings, day, {"entries": entries.having(kept={"tblLog": Stored(tuple(again))}), **now}),
        "back": (ledger, settings, before, {"entries": entries, **now}),
        "another calendar": (ledger, dataclasses.replace(settings, periods=cut), day, {"entries": entries, **now}),
        "first": (ledger, Settings(), day.replace(day=12), {"rows_per_sheet": 30, **now}),
        "open items": (open_list, rated, dt.date(2024, 1, 31), now),
        "no rate": (open_list, Settings(base_currency="EUR", hour_time="noon"), dt.date(2024, 1, 31), now),
        "settled": (
            settled_ledger,
            Settings(),
            dt.date(2024, 2, 29),
            {"entries": Entries(tables={"tblWorklist": TableEntries(noted)}), **now},
        ),
    }


def ways_of(package, months):
    """How the months are closed: first the small ones, which take a fraction of the others' time."""
    small = sorted(months.values(), key=lambda month: len(month[0].items))
    ways = [lambda m=month: package.close_month(m[0], m[1], m[2], **m[3]) for month in small]
    return [lambda: package.blank_month(version="t"), *ways]


def readers_of(spelling, ways):
    """The ways that read each place."""
    found = {}
    for way in ways:
        spelling.read.clear()
        way()
        for place in spelling.read:
            found.setdefault(place, []).append(way)
    return found


def unheard(spelling, places, ways):
    """Which of the places can be misspelt without an error."""
    silent = []
    for place in places:
        spelling.misspelt = place
        try:
            for way in ways(place):
                way()
        except Exception:  # noqa: BLE001 - any error will do, silence will not
            continue
        silent.append((place[0], spelling.keys[place]))
    return [one for one in silent if one not in NO_KEYS]


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_a_misspelt_key_is_an_error(names, months, share):
    with marked(names) as (package, spelling):
        at_import, read_by = set(spelling.read), readers_of(spelling, ways_of(package, months))
        assert len(read_by) > 800
        never = set(spelling.keys) - set(read_by) - at_import
        assert {(place[0], spelling.keys[place]) for place in never} <= set(NO_KEYS)
        assert unheard(spelling, sorted(read_by)[share::4], read_by.__getitem__) == []


WORDS = {
    "kinds of activity, states and stages": {
        ("activity", "promise"), ("forecast", "promise"), ("promises", "promise"), ("measures", "reminder"),
        ("measures", "hold"), ("worklist", "hold"), ("worklist", "due"), ("worklist", "daily"), ("stages", "due"),
        ("monthly", "typed"), ("paid_items", "settled"), ("start", "error"), ("answers", "disputed"),
        ("answers", "promise"), ("dunning", "due"),
    },
    "roles of files, units and styles": {
        ("checks", "items"), ("measures", "items"), ("measures", "customers"), ("policies", "days"),
        ("rollout", "share"),
    },
    "a heading within a formula: LibreOffice compares what it gives": {("checks", "Current")},
    "held by a test of its own, of an open amount that no file states": {("ledger_sheets", "open_amount")},
    "held by a test of its own, of what rounding leaves of a reported month": {("monthly", "current")},
    "columns of the ledger where these months do not come by": {
        ("measures", "terms"), ("measures", "due_date"), ("promises", "customer_id"),
    },
}  # fmt: skip
"""Strings spelt as a key of the month that are not keys, and what holds those that are."""


@pytest.mark.slow
def test_a_string_spelt_as_a_key_is_one_or_known_to_be_none(names, months):
    with marked(names) as (_, spelling):
        keys = set(spelling.keys)
    with marked(names, everywhere=True) as (package, spelling):
        at_import, read_by = set(spelling.read), readers_of(spelling, ways_of(package, months))
        others = sorted(set(read_by) - keys)
        assert len(others) > 100
        silent = set(unheard(spelling, others, read_by.__getitem__))
        never = {(p[0], spelling.keys[p]) for p in set(spelling.keys) - set(read_by) - at_import} - set(NO_KEYS)
    assert silent | never == set.union(*WORDS.values())


@pytest.mark.slow
def test_a_key_misspelt_where_a_module_is_loaded_is_an_error(names, months):
    with marked(names) as (_, spelling):
        at_import = sorted(spelling.read)
    assert len(at_import) > 40
    silent = []
    for place in at_import:
        try:
            with marked(names, misspelt=place) as (package, spelling):
                silent += unheard(spelling, [place], lambda _, p=package: ways_of(p, months))
        except Exception:  # noqa: BLE001 - it cannot even be loaded: well
            continue
    assert silent == []


def test_what_a_closing_hands_out_refuses_to_be_written_to(ledger, company, carried):
    closing = closed(ledger, company, carried)
    arrays = [
        value
        for part in (closing.open, closing.aging, closing.history)
        for field in dataclasses.fields(part)
        for held in [getattr(part, field.name)]
        for value in (held.values() if isinstance(held, dict) else [held])
        if isinstance(value, np.ndarray)
    ]
    assert len(arrays) > 12
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
