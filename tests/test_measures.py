"""The dictionary of measures: every figure is in it once, and each has one value of a scope and a period."""

import datetime as dt
import math
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from workbooks.opened import Opened

from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.measures import DICTIONARY
from xlwings_addin.month_end import close_month, workbook
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.ledger import ITEM_KEY
from xlwings_addin.writing import file

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

NUMBERS = {
    "money", "money in base", "money0", "count", "days", "day count", "percent", "fine percent", "ratio", "rate",
    "general",
}  # fmt: skip
DOCUMENTS = {
    "tblItems", "tblWorklist", "tblCredits", "tblReceipts", "tblPaid", "tblActivity", "tblExceptions", "tblSignalLists",
    "tblPromises", "tblCustomers", "tblRates",
}  # fmt: skip
"""Tables of documents, and of what is known of customers and currencies."""


def pattern(shown):
    return shown.replace("[", "(").replace("]", ")")


def measure_of(place):
    """The measures of a figure: those that name it, else those that name its kind."""
    named = [measure for measure in DICTIONARY if place in measure.shown]
    return named or [m for m in DICTIONARY if any(fnmatchcase(pattern(place), pattern(one)) for one in m.shown)]


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


BY = {"tblByRegion": "Region", "tblByTier": "Tier", "tblByOwner": "Owner", "tblByEntity": "Entity",
      "tblByCurrency": "Currency"}  # fmt: skip
BY_DATE = {"tblMonthly": "Month end", "tblSnapshots": "As of", "tblLog": "As of"}
OF_DOCUMENTS = ("tblItems", "tblWorklist")


def scope(table, row, currencies, names):
    """Whose figure a row has, and of which day; None of the as-of date; nothing where the row alone has it."""
    if table in BY_DATE:
        return ("all", ""), row[BY_DATE[table]]
    if table in BY:
        return (BY[table].lower(), str(row[BY[table]])), None
    if table == "tblAgingTotals":
        return ("currency", str(row["Currency"])), None
    if table == "tblScorecards":
        return ("all", "") if row["Owner"] == "Team" else ("owner", str(row["Owner"])), None
    if table == "tblAging" and currencies[row["Customer ID"]] == 1:
        return ("account", row["Customer ID"]), None
    if table in ("tblCallList", "tblWorklist"):
        return ("account", row["Customer ID"]), None
    if table == "tblTop":
        return ("account", names.get(row["Customer"])), None
    if table in ("tblByStatus", "tblProvision"):
        return ("bucket", str(row["Overdue status" if table == "tblByStatus" else "Bucket"])), None
    return None


def document(row, columns):
    return ("document", tuple("" if row[h] is None else str(row[h]) for h in (columns[key] for key in ITEM_KEY)))


def cells(path, month):
    """Every cell that shows a measure: which one, whose, of which day, on which sheet, and the value."""
    opened = Opened(path)
    sheets = {t.name: (s.name, t) for s in month.sheets for t in s.tables()}
    rows = {
        name: [{heading: cell.value for heading, cell in row.items()} for row in opened.rows(name)]
        for name in sheets
        if name in opened.tables
    }
    currencies = defaultdict(int)
    for row in rows["tblAging"]:
        currencies[row["Customer ID"]] += 1
    called = defaultdict(set)
    for row in rows["tblAging"]:
        called[row["Customer"] or row["Customer ID"]].add(row["Customer ID"])
    names = {name: next(iter(ids)) for name, ids in called.items() if len(ids) == 1}
    as_of = dt.datetime.combine(month.as_of, dt.time())
    for name, (sheet, table) in sheets.items():
        headings = {column.key: column.heading for column in table.columns}
        for row in rows.get(name, ()):
            of = scope(name, row, currencies, names)
            for column in table.columns:
                measures = measure_of(f"{name}[{column.key}]") if column.style in NUMBERS else ()
                value = row.get(column.heading)
                if not measures or not isinstance(value, int | float):
                    continue
                if measures[0].scope.startswith("each document"):
                    yield measures[0], document(row, headings), as_of, sheet, float(value)
                elif name == "tblMix":
                    yield measures[0], ("bucket", column.heading), row["Month end"], sheet, float(value)
                elif of:
                    wide = (column.heading,) if measures[0].name.startswith("Aged amount of") else ()
                    yield measures[0], (*of[0], *wide), of[1] or as_of, sheet, float(value)
    for sheet in month.sheets:
        for field in sheet.fields():
            cell = opened.cell(field.name)
            for measure in measure_of(field.name) if field.style in NUMBERS and not field.entry else ():
                if cell is not None and isinstance(cell.value, int | float):
                    yield measure, ("all", ""), as_of, sheet.name, float(cell.value)


SEVERAL = {
    "Worklist counts", "Minimum", "Verdicts", "Tie-outs", "Expected cash", "Error of the forecast", "Points",
    "Change on the month", "Change on the year", "Gap to target", "Progress of the program", "Mix of the calculators",
    "Targets", "Loss rate", "Sales and days of the countback", "Changes", "Cash of days less", "Rolled",
    "Disputed items at the baseline", "Disputed amount",
}  # fmt: skip
"""Names under which several figures of one kind stand together: none of them is shown twice."""


def held_against_each_other(tmp_path, month):
    """How many cells show a figure that another sheet shows too; all of one figure have one value."""
    path = tmp_path / "month.xlsx"
    file.write(path, month)
    groups = defaultdict(list)
    for measure, whose, day, sheet, value in cells(path, month):
        if measure.name not in SEVERAL:
            groups[measure.name, whose, day].append((sheet, value))
    wrong = {
        key: sorted(set(found))
        for key, found in groups.items()
        if not all(math.isclose(value, found[0][1], rel_tol=1e-9, abs_tol=0.0051) for _, value in found)
    }
    assert wrong == {}
    return sum(len(found) for found in groups.values() if len({sheet for sheet, _ in found}) > 1)


def closed_month(ledger, settings, day):
    return close_month(ledger, settings, day, refreshed="2026-11-02 08:00:00", version="t")


@pytest.fixture(scope="module")
def sample(small_files):
    return read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)


def test_the_sample_says_each_figure_once(sample, small_company, tmp_path):
    assert held_against_each_other(tmp_path, closed_month(sample, Settings(), small_company.as_of)) > 500


def test_so_it_does_with_a_window_of_a_year_credits_against_the_oldest_and_a_fiscal_calendar(
    sample, small_company, tmp_path
):
    last = small_company.as_of
    periods = tuple((last - dt.timedelta(days=28 * back)).isoformat() for back in range(26, -1, -1))
    chosen = Settings(dso_window=12, credits="against oldest", periods=periods, aging_basis="document date")
    assert held_against_each_other(tmp_path, closed_month(sample, chosen, last)) > 500


IBM = Path(__file__).parents[2] / "shared" / "data" / "ibm" / "WA_Fn-UseC_-Accounts-Receivable.csv"


@pytest.mark.skipif(not IBM.exists(), reason="the IBM late-payment data set is not here")
def test_so_it_does_with_the_ibm_set(tmp_path):
    assert held_against_each_other(tmp_path, closed_month(read_ledger([IBM]), Settings(), "2013-06-30")) > 300
