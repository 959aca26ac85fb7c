"""The dictionary of measures: every figure is in it once, and each has one value of a scope and a period."""

import csv
import datetime as dt
import math
from collections import defaultdict
from decimal import Decimal
from fnmatch import fnmatchcase

import pytest
from measured import EACH, NUMBERS, Walked, measure_of, pattern
from second_places import again

from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.measures import DICTIONARY, MONEY
from xlwings_addin.month_end import close_month, workbook
from xlwings_addin.sample_work import last_month
from xlwings_addin.settings import Rate, Settings
from xlwings_addin.writing import file
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

DOCUMENTS = {
    "tblItems", "tblWorklist", "tblCredits", "tblReceipts", "tblPaid", "tblActivity", "tblExceptions", "tblSignalLists",
    "tblPromises", "tblCustomers", "tblRates",
}  # fmt: skip
"""Tables of documents, and of what is known of customers and currencies."""


def figures():
    """Every place of a number that nobody types: what a calculator makes of typed figures is the reader's own."""
    for sheet in workbook(Settings()):
        for table in sheet.tables():
            for column in table.columns:
                if column.style in NUMBERS and not column.entry:
                    yield table.name, f"{table.name}[{column.key}]"
        for field in sheet.fields():
            own = field.name.startswith("calc_") and not field.name.endswith("_now")
            if field.style in NUMBERS and not field.entry and not own:
                yield "", field.name


def test_every_figure_belongs_to_one_measure():
    found = {place: [m.name for m in measure_of(place)] for table, place in figures() if table not in DOCUMENTS}
    assert {place: names for place, names in found.items() if len(names) != 1} == {}
    for table, place in figures():
        assert len(measure_of(place)) <= 1, (table, place)


def test_every_place_and_name_of_the_dictionary_is_there():
    places = [pattern(place) for _, place in figures()]
    lost = [one for m in DICTIONARY for one in m.shown if not any(fnmatchcase(p, pattern(one)) for p in places)]
    assert lost == []
    names = [measure.name for measure in DICTIONARY]
    assert len(set(names)) == len(names)
    assert all(m.definition.endswith(".") and m.unit and m.scope for m in DICTIONARY)


# ---------------------------------------------------------------- the walk


def two_months(folder, ledger, settings, before, day):
    """The workbook of a month, carried on from the one before, in which clerks have worked."""

    def close(settings, as_of, entries, **chosen):
        path = folder / f"{as_of}.xlsx"
        when = f"{as_of} 18:00:00"
        month = close_month(ledger, settings, as_of, entries=entries, refreshed=when, version="t", **chosen)
        file.write(path, month)
        return path, month

    typed = last_month(ledger, day_number(before))
    typed.tables["tblProvision"].rows[("31-60",)] = {"Your rate": 0.02}
    settings, entries = read_back(close(settings, before, typed, set_baseline=True)[0])
    return Walked(*close(settings, day, entries)), settings


def held_against_each_other(walked, ledger, settings):
    """How many cells show a figure that another place gives too, and of which measures; all have one value."""
    shown = defaultdict(list)
    for name, whose, day, sheet, value in walked.cells():
        shown[name, whose, day].append((sheet, value))
    for name, whose, day, place, value in again(walked, ledger, settings):
        if (name, whose, day) in shown:
            shown[name, whose, day].append((place, value))
    money = {measure.name for measure in DICTIONARY if measure.unit == MONEY} | EACH
    wrong = {}
    for key, found in shown.items():
        # Money is rounded once, to half a unit at most, and so is each month of the window.
        near = 0.0051 * (settings.dso_window if key[0] == "Sales in window" else 1) if key[0] in money else 1e-9
        if not all(math.isclose(value, found[0][1], rel_tol=1e-9, abs_tol=near) for _, value in found):
            wrong[key] = sorted(set(found))
    assert not wrong, wrong
    assert walked.strangers() == []
    twice = {key: found for key, found in shown.items() if len({place for place, _ in found}) > 1}
    return sum(map(len, twice.values())), {name for name, *_ in twice}


@pytest.fixture(scope="module")
def sample(small_files):
    return read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)


@pytest.fixture(scope="module")
def said_once(sample, small_company, tmp_path_factory):
    walked, settings = two_months(
        tmp_path_factory.mktemp("once"), sample, Settings(benchmark_dso=40.0), "2026-09-30", small_company.as_of
    )
    return held_against_each_other(walked, sample, settings)


def test_the_sample_says_each_figure_once(said_once):
    assert said_once[0] > 2_000


RATES = {"USD": (0.92, 0.85, 0.88), "GBP": (1.15, 1.2, 1.17), "JPY": (0.006, 0.0065, 0.0058), "BHD": (2.4, 2.5, 2.3)}
CURRENCIES = ("EUR", *RATES)


def in_several_currencies(files, folder):
    """The sample with a currency for each customer, every fourth document in EUR, and two companies."""
    of = {}

    def copied(source):
        with source.open() as read, (folder / source.name).open("w") as written:
            rows = csv.DictReader(read)
            out = csv.DictWriter(written, rows.fieldnames)
            out.writeheader()
            for row in rows:
                customer, document = int(row["Customer ID"]), row["Document"]
                currency = of.setdefault(document, CURRENCIES[customer % 5] if int(document[-1]) % 4 else "EUR")
                cents = {name: row[name] for name in ("Amount", "Open amount") if row.get(name)}
                row |= {n: f"{Decimal(v).scaleb(2 - minor_digits(currency)):f}" for n, v in cents.items()}
                row |= {"Entity": "1000" if customer % 3 else "2000"} | (
                    {"Currency": currency} if "Currency" in row else {}
                )
                out.writerow(row)
        return folder / source.name

    items = copied(files.ledger)
    return read_ledger([items], receipts=copied(files.receipts), customers=files.customers)


def test_so_it_does_in_several_currencies_with_a_window_of_a_year_credits_against_the_oldest_and_a_fiscal_calendar(
    small_files, small_company, tmp_path
):
    last = small_company.as_of
    ledger = in_several_currencies(small_files, tmp_path)
    assert set(ledger.items["currency"]) == set(CURRENCIES)
    rates = tuple(
        Rate(name, day, rate)
        for name, values in RATES.items()
        for day, rate in zip(("1970-01-01", "2026-03-10", "2026-10-20"), values, strict=True)
    )
    periods = tuple((last - dt.timedelta(days=28 * back)).isoformat() for back in range(26, -1, -1))
    chosen = Settings(
        base_currency="EUR", rates=rates, dso_window=12, credits="against oldest", periods=periods, benchmark_dso=40.0
    )
    walked, settings = two_months(tmp_path, ledger, chosen, periods[-2], last)
    assert held_against_each_other(walked, ledger, settings)[0] > 2_000


@pytest.mark.parametrize("basis", ["due date", "document date"])
@pytest.mark.parametrize("treatment", ["own column", "by own date"])
def test_so_it_does_whatever_the_aging_goes_by(sample, small_company, tmp_path, basis, treatment):
    chosen = Settings(dso_window=3, credits=treatment, aging_basis=basis)
    walked, settings = two_months(tmp_path, sample, chosen, "2026-09-30", small_company.as_of)
    assert held_against_each_other(walked, sample, settings)[0] > 2_000


def test_every_measure_has_two_places_that_agree(said_once):
    assert {measure.name for measure in DICTIONARY} - said_once[1] == set()


@pytest.mark.slow
def test_the_demo_says_each_figure_once(sample_files, sample_company, tmp_path):
    ledger = read_ledger([sample_files.ledger], receipts=sample_files.receipts, customers=sample_files.customers)
    walked, settings = two_months(tmp_path, ledger, Settings(benchmark_dso=48.0), "2026-09-30", sample_company.as_of)
    assert held_against_each_other(walked, ledger, settings)[0] > 10_000


def test_so_does_the_ibm_set(ibm_folder, tmp_path):
    ledger = read_ledger([ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"])
    month = close_month(ledger, Settings(), "2013-06-30", refreshed="2026-11-02 08:00:00", version="t")
    file.write(tmp_path / "month.xlsx", month)
    walked = Walked(tmp_path / "month.xlsx", month)
    assert held_against_each_other(walked, ledger, Settings())[0] > 1_000
