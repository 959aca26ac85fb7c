"""Small ledgers with their right figures, worked out by hand or by a program of their own, never by this project.

Each is a public complaint about how other programs age, allocate or rate: net credits and recoveries in CEI, exchange
differences counted as collections, receipts that change where earlier ones went. The command and the sheets of a
refreshed workbook must say the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import openpyxl
import pytest
import xlsxwriter
from commands import receivables
from rungs.libreoffice import recalculate_with_libreoffice
from typed_workbooks import shown

from udfs import cei
from udfs.errors import ERRORS
from xlwings_addin import api
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.writing.carry_over import read_back

ITEMS = "Customer ID,Document,Kind,Document date,Due date,Currency,Amount,Instalment\n"
RECEIPTS = "Customer ID,Document,Date,Amount,Kind,Instalment\n"


@dataclass(frozen=True)
class Case:
    """A ledger: buckets by day, and CEI by month end, None where there is none."""

    means: str
    items: str
    receipts: str = ""
    buckets: dict = field(default_factory=dict)
    cei: dict = field(default_factory=dict)
    months: dict = field(default_factory=dict)
    """Receivables, overdue, credit sales, cash, write-offs, DSO and countback by month end."""


CASES = (
    Case(
        "a month that ends in net credit has collected what there was to collect",
        "K1,S1,invoice,2025-05-10,2025-06-10,EUR,15000,1\nK1,S1,invoice,2025-05-10,2025-07-10,EUR,15000,2\n"
        "K1,ADV,payment,2025-04-02,,EUR,-15000,\n",
        "K1,S1,2025-05-10,15000,cash,\nK1,ADV,2025-05-10,-15000,cash,\nK1,S1,2025-06-20,8500,cash,\n",
        {
            "2025-04-30": {"Credits": -15000},
            "2025-05-31": {"Current": 15000},
            "2025-06-30": {"Current": 6500},
            "2025-07-31": {"1-30": 6500},
        },
        {"2025-04-30": 1, "2025-05-31": None, "2025-06-30": 1, "2025-07-31": 0},
        {
            "2025-04-30": (-15000, 0, 0, 15000, 0, None, 0),
            "2025-05-31": (15000, 0, 30000, 0, 0, 15.5, 15.5),
            "2025-06-30": (6500, 0, 0, 8500, 0, None, 36.71666666666667),
            "2025-07-31": (6500, 6500, 0, 0, 0, None, 67.71666666666667),
        },
    ),
    Case(
        "overpaid again and again",
        "K1,A1,invoice,2025-01-10,2025-02-09,EUR,90000,\nK1,A2,invoice,2025-02-10,2025-03-12,EUR,90000,\n",
        "K1,A1,2025-01-31,94500,cash,\nK1,A1,2025-02-10,-4500,cash,\nK1,A2,2025-02-10,4500,cash,\n"
        "K1,A2,2025-02-27,94500,cash,\n",
        {"2025-02-10": {"Current": 85500}, "2025-02-28": {"Credits": -9000}},
        {"2025-01-31": 1, "2025-02-28": 1, "2025-03-31": None},
        {
            "2025-01-31": (-4500, 0, 90000, 94500, 0, -1.55, 0),
            "2025-02-28": (-9000, 0, 90000, 94500, 0, -2.8, 0),
            "2025-03-31": (-9000, 0, 0, 0, 0, None, 0),
        },
    ),
    Case(
        "a recovery adds to what could be collected",
        "K1,A1,invoice,2025-01-05,2025-02-04,EUR,1000,\nK2,B1,invoice,2025-03-05,2025-04-04,EUR,500,\n"
        "K2,B2,invoice,2025-02-05,2025-03-07,EUR,300,\nK2,B3,invoice,2025-05-05,2025-06-04,EUR,450,\n",
        "K1,A1,2025-03-31,1000,write-off,\nK1,A1,2025-05-20,-700,write-off,\nK1,A1,2025-05-20,700,cash,\n"
        "K2,B1,2025-05-10,500,cash,\nK2,B2,2025-04-10,300,cash,\n",
        {"2025-05-31": {"Current": 450}},
        {"2025-02-28": 0, "2025-03-31": 0, "2025-04-30": 0.375, "2025-05-31": 1},
        {
            "2025-01-31": (1000, 0, 1000, 0, 0, 31, 31),
            "2025-02-28": (1300, 1000, 300, 0, 0, 364 / 3, 59),
            "2025-03-31": (800, 300, 500, 0, 1000, 49.6, 59),
            "2025-04-30": (500, 500, 0, 300, 0, None, 61),
            "2025-05-31": (450, 0, 450, 1200, -700, 31, 31),
        },
    ),
    Case(
        "what names no instalment pays the oldest of what is known on the day",
        "K1,S1,invoice,2025-01-01,2025-01-31,EUR,100,1\nK1,S1,invoice,2025-01-01,2025-06-30,EUR,100,2\n",
        "K1,S1,2025-02-10,100,cash,\nK1,S1,2025-05-05,100,cash,1\n",
        {"2025-02-28": {"Current": 100}, "2025-04-30": {"Current": 100}, "2025-05-31": {}},
        {"2025-02-28": 1},
        {
            "2025-01-31": (200, 0, 200, 0, 0, 31, 31),
            "2025-02-28": (100, 0, 0, 100, 0, None, 43.5),
            "2025-03-31": (100, 0, 0, 0, 0, None, 74.5),
            "2025-04-30": (100, 0, 0, 0, 0, None, 104.5),
        },
    ),
    Case(
        "cash taken back reopens the invoice, not the credit note that shares its number",
        "K1,77,invoice,2025-01-05,2025-02-04,EUR,800,\nK1,77,credit note,2025-01-20,,EUR,-100,\n",
        "K1,77,2025-02-10,700,cash,\nK1,77,2025-03-05,-700,cash,\nK1,77,2025-03-20,700,cash,\n",
        {
            "2025-01-31": {"Current": 800, "Credits": -100},
            "2025-02-28": {"1-30": 100, "Credits": -100},
            "2025-03-10": {"31-60": 800, "Credits": -100},
            "2025-03-31": {"31-60": 100, "Credits": -100},
        },
        {"2025-01-31": None, "2025-02-28": 0.875, "2025-03-31": 0},
        {
            "2025-01-31": (700, 0, 800, 0, 0, 31, 31),
            "2025-02-28": (0, 100, 0, 700, 0, None, 0),
            "2025-03-31": (0, 100, 0, 0, 0, None, 0),
        },
    ),
    Case(
        "a credit note that shares the number is applied by its own kind",
        "K1,77,invoice,2025-01-05,2025-02-04,EUR,800,\nK1,77,credit note,2025-01-20,,EUR,-100,\n",
        "K1,77,2025-02-10,100,credit note,\nK1,77,2025-02-10,-100,credit note,\n",
        {"2025-02-28": {"1-30": 700}},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.means)
def test_a_ledger_comes_to_its_figures(case, tmp_path):
    (tmp_path / "items.csv").write_text(ITEMS + case.items)
    (tmp_path / "receipts.csv").write_text(RECEIPTS + case.receipts)
    ledger = api.read(tmp_path / "items.csv", receipts=tmp_path / "receipts.csv", currency="EUR")
    for day, wanted in case.buckets.items():
        buckets = ledger.aging(day).data()["buckets"]
        assert {label: value for label, value in buckets.items() if value} == wanted, day
    if case.cei:
        months = ledger.metrics(max(case.cei)).set_index("month_end")["cei"]
        shown = {str(day)[:10]: value for day, value in months.items()}
        for day, wanted in case.cei.items():
            assert shown[day] == pytest.approx(wanted) if wanted is not None else shown[day] != shown[day], day


def test_exchange_differences_are_no_collections(tmp_path):
    (tmp_path / "items.csv").write_text(
        f"{ITEMS}K1,A1,invoice,2025-01-10,2025-02-09,USD,100000,\nK2,E1,invoice,2025-01-10,2025-02-09,EUR,1000,\n"
    )
    (tmp_path / "receipts.csv").write_text(f"{RECEIPTS}K2,E1,2025-02-10,1000,cash,\n")
    ledger = read_ledger(tmp_path / "items.csv", receipts=tmp_path / "receipts.csv", base_currency="EUR")
    rates = (Rate("USD", "2025-01-31", 0.92), Rate("USD", "2025-02-28", 0.85))
    found = metrics(history(ledger, "2025-02-28", settings=Settings(base_currency="EUR", rates=rates)))
    assert found[-1]["cei"] == pytest.approx(1_000 / 86_000)
    assert cei(93_000 - 7_000, 0, 85_000, 0) == pytest.approx(1_000 / 86_000)


# ---------------------------------------------------------------- the command, and the sheets of a workbook


def command(folder, items, receipts="", name="items.csv"):
    """Arguments that name the files of a case."""
    (folder / name).write_text(items)
    if not receipts:
        return [folder / name]
    (folder / "receipts.csv").write_text(receipts)
    return [folder / name, "--receipts", folder / "receipts.csv"]


def told(*arguments):
    found = receivables(*arguments, "--json")
    assert not found.returncode, found.stderr
    return json.loads(found.stdout)


def refreshed(out, *arguments):
    found = receivables("refresh", *arguments, "--out", out, "--quiet")
    assert not found.returncode, found.stderr
    return out


def monthly(path):
    """The rows of Monthly as a viewer shows them, by month end; an error or a blank is None."""
    rows = shown(path, "tblMonthly")
    cells = [{name: None if isinstance(v, str) and v[:1] == "#" else v for name, v in row.items()} for row in rows]
    return {str(row["Month end"])[:10]: row for row in cells}


def aged(path):
    """The buckets of the one currency on Aging."""
    (row,) = shown(path, "tblAgingTotals")
    others = ("Currency", "Total", "Items", "Total in base", "Share")
    return {name: value for name, value in row.items() if value and name not in others and not name.startswith("Cust")}


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize("case", [case for case in CASES if case.months], ids=lambda case: case.means)
def test_the_command_and_the_sheets_say_the_same(case, tmp_path):
    files = command(tmp_path, ITEMS + case.items, RECEIPTS + case.receipts)
    last = max(case.months)
    by_command = {row["month_end"]: row for row in told("metrics", *files, "--as-of", last)}
    book = refreshed(tmp_path / "book.xlsx", *files, "--as-of", last)
    on_sheet = monthly(book)
    names = {
        "receivables": "Receivables", "overdue": "Overdue", "credit_sales": "Credit sales", "cash": "Cash",
        "write_offs": "Write-offs", "dso": "DSO", "dso_countback": "DSO countback",
    }  # fmt: skip
    for day, wanted in case.months.items():
        assert [by_command[day][key] for key in names] == pytest.approx(wanted), day
        assert [on_sheet[day][heading] for heading in names.values()] == pytest.approx(wanted), day
        assert on_sheet[day]["CEI"] == pytest.approx(case.cei.get(day, by_command[day]["cei"])), day
        assert on_sheet[day]["Roll-forward difference"] == 0, day
    for day, wanted in case.buckets.items():
        buckets = told("aging", *files, "--as-of", day)["buckets"]
        assert {label: value for label, value in buckets.items() if value} == wanted, day
    if last in case.buckets:
        assert {label: value for label, value in aged(book).items() if label in buckets} == case.buckets[last]


EXCHANGED = "Customer ID,Document,Kind,Document date,Due date,Currency,Amount\n"


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_a_rate_of_this_closing_leaves_the_opening_and_is_no_collection(tmp_path):
    items = (
        f"{EXCHANGED}K1,A1,invoice,2025-01-10,2025-02-09,USD,100000.00\nK2,E1,invoice,2025-01-10,2025-02-09,EUR,1000\n"
    )
    files = [*command(tmp_path, items, f"{RECEIPTS}K2,E1,2025-02-05,1000.00,cash,\n"), "--currency", "EUR"]
    january = refreshed(tmp_path / "jan.xlsx", *files, "--as-of", "2025-01-31", "--rate", "USD=0.92")
    more = ("--as-of", "2025-02-28", "--rate", "USD=0.85", "--previous", january)
    months = monthly(refreshed(tmp_path / "feb.xlsx", *files, *more))
    assert months["2025-01-31"]["Receivables"] == 93_000
    found = months["2025-02-28"]
    assert (found["Opening"], found["Exchange differences"], found["Receivables"]) == (93_000, -7_000, 85_000)
    assert found["Roll-forward difference"] == 0
    assert found["CEI"] == pytest.approx(1_000 / 86_000)
    assert not [row for row in shown(tmp_path / "feb.xlsx", "tblRestated") if row["Figure"]]


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize("rates", [(0.92, 0.85), (0.85, 0.92)])
def test_a_rate_alone_moves_no_cei(rates, tmp_path):
    items = f"{EXCHANGED}K1,A1,invoice,2025-01-10,2025-02-09,USD,100000.00\nK2,E1,invoice,2025-02-10,2025-03-12,EUR,1\n"
    files = [*command(tmp_path, items, f"{RECEIPTS}K2,E1,2025-03-30,1.00,cash,\n"), "--currency", "EUR"]
    january = refreshed(tmp_path / "jan.xlsx", *files, "--as-of", "2025-01-31", "--rate", f"USD={rates[0]}")
    more = ("--as-of", "2025-02-28", "--rate", f"USD={rates[1]}", "--previous", january)
    found = monthly(refreshed(tmp_path / "feb.xlsx", *files, *more))["2025-02-28"]
    assert found["CEI"] == pytest.approx(0)
    assert found["Opening"] == pytest.approx(rates[0] * 100_000)
    assert found["Exchange differences"] == pytest.approx((rates[1] - rates[0]) * 100_000)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_a_fiscal_calendar_begins_after_the_period_end_before_it(tmp_path):
    lines = (("A1", "2024-12-30", 1000), ("A2", "2025-01-26", 2000), ("A3", "2025-01-27", 300),
             ("A4", "2025-02-23", 40), ("A5", "2025-03-30", 5))  # fmt: skip
    items = EXCHANGED + "".join(f"K1,{name},invoice,{day},2025-12-31,EUR,{amount}\n" for name, day, amount in lines)
    paid = f"{RECEIPTS}K1,A1,2025-01-26,1000.00,cash,\nK1,A2,2025-01-27,500.00,cash,\n"
    ends = ("2024-12-29", "2025-01-26", "2025-02-23", "2025-03-30")
    files = [*command(tmp_path, items, paid), "--as-of", ends[-1]]
    periods = [word for end in ends for word in ("--period-end", end)]
    dso, back = [2000 / 3000 * 28, 1840 / 340 * 28, 1845 / 5 * 35], [2000 / 3000 * 28, 42, 77]
    by_command = told("metrics", *files, *periods)
    assert [row["month_end"] for row in by_command] == list(ends[1:])
    assert [row["dso"] for row in by_command] == pytest.approx(dso)
    assert [row["dso_countback"] for row in by_command] == pytest.approx(back)
    rows = monthly(refreshed(tmp_path / "book.xlsx", *files, *periods))
    assert list(rows) == list(ends[1:])
    assert [row["Days"] for row in rows.values()] == [28, 28, 35]
    assert [row["DSO"] for row in rows.values()] == pytest.approx(dso)
    assert [row["DSO countback"] for row in rows.values()] == pytest.approx(back)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_a_number_of_two_years_without_a_year_is_named_and_nothing_is_lost(tmp_path):
    lines = ("1,invoice,2024-01-05,2024-02-04", "1,invoice,2025-01-05,2025-02-04", "2,invoice,2025-01-06,2025-02-05")
    amounts = (100, 100, 70)
    items = EXCHANGED + "".join(f"K1,{one},EUR,{amount}\n" for one, amount in zip(lines, amounts, strict=True))
    files = [*command(tmp_path, items, f"{RECEIPTS}K1,1,2025-01-20,100.00,cash,\n"), "--as-of", "2025-01-31"]
    found = told("aging", *files)
    assert found["total"] == 170
    said = [one["message"] for one in found["findings"]]
    assert any("fit several open documents" in one and "'1'" in one for one in said)
    book = refreshed(tmp_path / "book.xlsx", *files)
    assert monthly(book)["2025-01-31"]["Receivables"] == 170
    assert any("fit several open documents" in str(row) for row in shown(book, "tblFindings"))


# ---------------------------------------------------------------- CEI, three ways


@dataclass(frozen=True)
class Collected(Case):
    """A ledger whose CEI is asked three ways; None where there is none, which shows as an error or a blank."""

    ends: tuple = ()
    """Period ends of a fiscal calendar."""
    rates: dict = field(default_factory=dict)
    """What a USD is worth at each month end, in EUR."""


def plain(*lines):
    return EXCHANGED + "".join(f"K1,{line}\n" for line in lines)


TWO = plain("A1,invoice,2025-01-10,2025-02-09,USD,100000", "E1,invoice,2025-02-10,2025-03-12,EUR,1")
COLLECTED = (
    *(
        Collected(one.means, ITEMS + one.items, RECEIPTS + one.receipts, cei=one.cei) for one in CASES if one.months
    ),
    Collected(
        "periods of four and five weeks: all that fell due was paid, and then nothing",
        plain("A1,invoice,2024-12-30,2025-01-29,EUR,1000", "A2,invoice,2025-01-26,2025-02-25,EUR,2000",
              "A3,invoice,2025-01-27,2025-02-26,EUR,300", "A4,invoice,2025-02-23,2025-03-25,EUR,40",
              "A5,invoice,2025-03-30,2025-04-29,EUR,5"),
        f"{RECEIPTS}K1,A1,2025-01-26,1000,cash,\nK1,A2,2025-01-27,500,cash,\n",
        cei={"2025-01-26": 1, "2025-02-23": 1, "2025-03-30": 0},
        ends=("2024-12-29", "2025-01-26", "2025-02-23", "2025-03-30"),
    ),
    Collected(
        "nothing was paid, and a currency fell", TWO, f"{RECEIPTS}K1,E1,2025-03-30,1,cash,\n",
        cei={"2025-02-28": 0}, rates={"2025-01-31": 0.92, "2025-02-28": 0.85},
    ),
    Collected(
        "nothing was paid, and a currency rose", TWO, f"{RECEIPTS}K1,E1,2025-03-30,1,cash,\n",
        cei={"2025-02-28": 0}, rates={"2025-01-31": 0.85, "2025-02-28": 0.92},
    ),
    Collected(
        "1,000 of 86,000 were paid, and a currency fell",
        plain("A1,invoice,2025-01-10,2025-02-09,USD,100000", "E1,invoice,2025-01-10,2025-02-09,EUR,1000"),
        f"{RECEIPTS}K1,E1,2025-02-10,1000,cash,\n",
        cei={"2025-02-28": 1_000 / 86_000}, rates={"2025-01-31": 0.92, "2025-02-28": 0.85},
    ),
    Collected(
        "a number of two years: which was paid is not known, what is left to collect is not either",
        plain("1,invoice,2024-01-05,2024-02-04,EUR,100", "1,invoice,2025-01-05,2025-02-04,EUR,100",
              "2,invoice,2025-01-06,2025-02-05,EUR,70"),
        f"{RECEIPTS}K1,1,2025-01-20,100,cash,\n",
    ),
    Collected(
        "without receipts nobody knows what was sold and collected",
        plain("A1,invoice,2025-01-10,2025-02-09,KWD,1.234", "A2,invoice,2025-01-11,2025-02-10,KWD,262.5"),
        cei={"2025-03-31": None},
    ),
    Collected(
        "nor of two currencies without a rate",
        plain("A1,invoice,2025-01-10,2025-02-09,KWD,1234.567", "A2,invoice,2025-01-10,2025-02-09,JPY,5000"),
        cei={"2025-03-31": None},
    ),
)  # fmt: skip
EVERY_CEI = [(case, day) for case in COLLECTED for day in case.cei]


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """CEI of every case by the command and on Monthly, and the row of Monthly that it is made of."""
    found = {}
    for case in COLLECTED:
        folder = tmp_path_factory.mktemp("collected")
        files = command(folder, case.items, case.receipts)
        last = max([*case.cei, *case.ends], default="2025-01-31")
        periods = [word for end in case.ends for word in ("--period-end", end)]
        book: list = []
        for day, rate in (case.rates or {last: None}).items():
            more = ["--currency", "EUR", "--rate", f"USD={rate}"] if rate else []
            previous = ["--previous", *book] if book else []
            book = [refreshed(folder / f"{day}.xlsx", *files, "--as-of", day, *periods, *more, *previous)]
        if case.rates:
            # The command knows one rate of a currency; those of earlier closings are in the workbook's Settings.
            settings, _ = read_back(*book)
            ledger = read_ledger(files[0], receipts=files[2], base_currency="EUR")
            by_command = metrics(history(ledger, last, settings=settings))
        else:
            by_command = told("metrics", *files, "--as-of", last, *periods)
        found[case.means] = {row["month_end"]: row["cei"] for row in by_command}, monthly(*book)
    return found


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize(("case", "day"), EVERY_CEI, ids=lambda one: one if isinstance(one, str) else one.means)
def test_cei_by_the_command_and_on_monthly(case, day, collected):
    by_command, on_sheet = collected[case.means]
    assert by_command[day] == (case.cei[day] if case.cei[day] is None else pytest.approx(case.cei[day]))
    assert on_sheet[day]["CEI"] == (case.cei[day] if case.cei[day] is None else pytest.approx(case.cei[day]))


@pytest.fixture(scope="module")
def typed(collected, tmp_path_factory):
    """AR_CEI of every case as a clerk types it in LibreOffice, on the cells of Monthly."""
    path = tmp_path_factory.mktemp("typed") / "cei.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("CEI")
        for row, (case, day) in enumerate(EVERY_CEI):
            month = collected[case.means][1][day]
            opening = None if month["Opening"] is None else month["Opening"] + (month["Exchange differences"] or 0)
            names = ("Net credit sales", "Receivables", "Current", "Write-offs")
            sheet.write_row(row, 0, [opening, *(month[name] for name in names)])
            sheet.write_formula(row, 5, f"=AR_CEI(A{row + 1},B{row + 1},C{row + 1},D{row + 1},E{row + 1})")
    return recalculate_with_libreoffice(path)["CEI"]


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize(
    "row", range(len(EVERY_CEI)), ids=lambda row: f"{EVERY_CEI[row][0].means}, {EVERY_CEI[row][1]}"
)
def test_cei_typed_in_a_spreadsheet(row, typed):
    case, day = EVERY_CEI[row]
    shown_there = typed[f"F{row + 1}"].value
    assert shown_there in ERRORS if case.cei[day] is None else shown_there == pytest.approx(case.cei[day])


# ---------------------------------------------------------------- decimals of a currency


def formats(path):
    """How every amount with a name of its own is shown: sheet, value, and what its number format makes of it."""
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and cell.number_format.startswith("#,##0"):
                    decimals = cell.number_format.partition("_")[0].partition(".")[2]
                    yield sheet.title, cell.value, len(decimals)
    book.close()


HEADLINES = {"Dashboard", "Monthly", "Rollout", "Calculators"}
"""Sheets that show whole units, whatever the currency."""


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_a_currency_of_three_decimals_is_shown_with_three(tmp_path):
    amounts = ("1.234", "12.500", "250.000")
    lines = (f"K1,A{row},invoice,2025-01-1{row},2025-02-09,KWD,{amount}\n" for row, amount in enumerate(amounts))
    files = [*command(tmp_path, EXCHANGED + "".join(lines)), "--as-of", "2025-03-31"]
    assert told("aging", *files)["total"] == 263.734
    assert "263.734" in receivables("aging", *files).stdout
    assert "263.734" in receivables("metrics", *files).stdout
    book = refreshed(tmp_path / "book.xlsx", *files)
    found = {(sheet, digits) for sheet, value, digits in formats(book) if value == 263.734 and sheet not in HEADLINES}
    assert {digits for _, digits in found if digits} == {3}
    assert {"Start", "Aging", "Collections", "Segments", "Checks", "Scorecards"} <= {sheet for sheet, _ in found}


def test_three_decimals_are_no_thousands_beside_a_currency_that_has_none(tmp_path):
    lines = "K1,A1,invoice,2025-01-10,2025-02-09,KWD,100.500\nK1,A2,invoice,2025-01-10,2025-02-09,JPY,5000\n"
    found = told("aging", *command(tmp_path, EXCHANGED + lines), "--as-of", "2025-03-31")
    assert {part["currency"]: part["total"] for part in found["by_currency"]} == {"KWD": 100.5, "JPY": 5000}


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize("base", ["", "EUR"])
def test_each_amount_has_the_decimals_of_its_own_currency(base, tmp_path):
    lines = "K1,A1,invoice,2025-01-10,2025-02-09,KWD,1234.567\nK1,A2,invoice,2025-01-10,2025-02-09,JPY,5000\n"
    more = ["--currency", base, "--rate", "KWD=3", "--rate", "JPY=0.006"] if base else []
    files = [*command(tmp_path, EXCHANGED + lines), "--as-of", "2025-03-31", *more]
    screen = receivables("aging", *files).stdout
    assert "1,234.567" in screen
    assert "5,000 " in screen
    book = refreshed(tmp_path / "book.xlsx", *files)
    sheets = ("Aging", "Collections", "Ledger", "Import")
    found = {(sheet, value, digits) for sheet, value, digits in formats(book) if sheet in sheets}
    for sheet in sheets:
        assert {digits for on, value, digits in found if on == sheet and value == 1234.567} == {3}
        assert {digits for on, value, digits in found if on == sheet and value == 5000} == {0}
    if base:
        assert {digits for on, value, digits in found if on == "Aging" and round(value, 2) == 3703.7} == {2}
