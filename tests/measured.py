"""Every cell of a workbook that shows a measure: of which measure, whose figure, of which day, on which sheet."""

import datetime as dt
import math
from fnmatch import fnmatchcase

from openpyxl.utils import range_boundaries
from workbooks.opened import Opened

from xlwings_addin.measures import DICTIONARY
from xlwings_addin.sheets.ledger import ITEM_KEY

NUMBERS = {
    "money", "money in base", "money0", "count", "days", "day count", "percent", "fine percent", "ratio", "rate",
    "general",
}  # fmt: skip
EACH = {
    "Worklist counts", "Minimum", "Verdicts", "Tie-outs", "Expected cash", "Error of the forecast", "Points",
    "Change on the month", "Change on the year", "Gap to target", "Progress of the program", "Mix of the calculators",
    "Targets", "Loss rate", "Sales and days of the countback", "Changes", "Cash of days less", "Rolled",
    "Disputed items at the baseline", "Disputed amount", "Cost of an offer", "Money behind a signal", "Roll rate",
}  # fmt: skip
"""Names under which several figures of one kind stand together: each is known by its place."""
BY = {"tblByRegion": "region", "tblByTier": "tier", "tblByOwner": "owner", "tblByEntity": "entity",
      "tblByCurrency": "currency", "tblByStatus": "bucket"}  # fmt: skip
BY_DATE = {"tblMonthly": "month_end", "tblSnapshots": "as_of", "tblLog": "as_of"}
ALL = ("all", "")


def pattern(shown):
    return shown.replace("[", "(").replace("]", ")")


def measure_of(place):
    """The measures of a figure: those that name it, else those that name its kind."""
    named = [measure for measure in DICTIONARY if place in measure.shown]
    return named or [m for m in DICTIONARY if any(fnmatchcase(pattern(place), pattern(one)) for one in m.shown)]


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def document(row):
    """How a document is known on every sheet."""
    return "document", tuple("" if row[key] is None else str(row[key]) for key in ITEM_KEY)


class Walked:
    """A written workbook by the keys of its declaration: rows and totals of its tables, and its named cells."""

    def __init__(self, path, month):
        self.opened, self.month = Opened(path), month
        self.as_of = dt.datetime.combine(month.as_of, dt.time())
        self.tables = {t.name: (s.name, t) for s in month.sheets for t in s.tables() if t.name in self.opened.tables}
        self.rows, self.totals, self.known = {}, {}, set()
        for name, (sheet, table) in self.tables.items():
            keys = {column.heading: column.key for column in table.columns}
            rows = list(self.opened.rows(name))
            self.rows[name] = [{keys[h]: cell.value for h, cell in row.items() if h in keys} for row in rows]
            self.known |= {(sheet, cell.coordinate) for row in rows for h, cell in row.items() if h in keys}
            on, declared = self.opened.tables[name]
            if declared.totalsRowCount:
                left, _, right, bottom = range_boundaries(declared.ref)
                last = [on.cell(bottom, column) for column in range(left, right + 1)]
                totals = zip(self.opened.headings(name), last, strict=True)
                self.totals[name] = {keys[h]: cell.value for h, cell in totals}
                self.known |= {(sheet, cell.coordinate) for cell in last}
        cells = {f.name: (s, f, self.opened.cell(f.name)) for s in month.sheets for f in s.fields()}
        self.fields = {name: (s, f, cell.value) for name, (s, f, cell) in cells.items() if cell is not None}
        self.known |= {(s.name, cell.coordinate) for s, _, cell in cells.values() if cell is not None}

    def field(self, name):
        return self.fields[name][2]

    def strangers(self):
        """Cells with a number that nothing declares; what a calculator spills is of figures that are typed there."""
        return [
            (sheet.title, cell.coordinate)
            for sheet in self.opened.book
            for row in sheet.iter_rows()
            for cell in row
            if is_number(cell.value) and (sheet.title, cell.coordinate) not in self.known
            if sheet.title != "Calculators"
        ]

    def cells(self):
        """Name of the measure, whose it is, of which day, on which sheet, and the value."""
        names = {}
        for row in self.rows["tblAging"]:
            names.setdefault(row["customer_name"] or row["customer_id"], set()).add(row["customer_id"])
        for name, (sheet, table) in self.tables.items():
            for column in table.columns:
                for measure in measure_of(f"{name}[{column.key}]") if column.style in NUMBERS else ():
                    found = {}
                    for at, row in enumerate(self.rows[name]):
                        key = self._whose(measure, name, column, row, at, names)
                        if key and is_number(row.get(column.key)):
                            found.setdefault(key, []).append(float(row[column.key]))
                    for key, values in found.items():
                        # An account of several currencies has a row for each, and all of them together are its own.
                        for value in [math.fsum(values)] if name == "tblAging" else values:
                            yield measure.name, *key, sheet, value
                    total = self.totals.get(name, {}).get(column.key)
                    if is_number(total) and measure.name not in EACH:
                        yield measure.name, ALL, self.as_of, sheet, float(total)
        for name, (sheet, field, value) in self.fields.items():
            for measure in measure_of(name) if field.style in NUMBERS and not field.entry else ():
                if is_number(value):
                    whose = ("place", name) if measure.name in EACH else ALL
                    yield measure.name, whose, self.as_of, sheet.name, float(value)

    def _whose(self, measure, table, column, row, at, names):
        """Whose figure a row has and of which day; None where its name does not say."""
        if measure.name in EACH:
            return ("place", f"{table}[{column.key}]", at), self.as_of
        if measure.scope.startswith("each document"):
            return document(row), self.as_of
        if table == "tblMix":
            return ("bucket", column.heading), row["month_end"]
        if table in BY_DATE:
            return ALL, row[BY_DATE[table]]
        if table in BY:
            return (BY[table], str(row["segment"])), self.as_of
        if table == "tblProvision":
            return ("bucket", row["bucket"]), self.as_of
        if table == "tblDisputes":
            return ("reason", row["code"]), self.as_of
        if table == "tblScorecards":
            return (ALL if row["owner"] == "Team" else ("owner", row["owner"])), self.as_of
        if table == "tblAgingTotals":
            wide = (column.heading,) if measure.name.startswith("Aged") else ()
            return ("currency", row["currency"], *wide), self.as_of
        if table == "tblAging" and measure.scope.split(";")[-1].strip().startswith("each account and currency"):
            wide = (column.heading,) if measure.name.startswith("Aged") else ()
            return ("account", row["customer_id"], row["currency"], *wide), self.as_of
        if table == "tblTop":
            ids = names[row["customer"]]
            return (("account", *ids), self.as_of) if len(ids) == 1 else None
        return ("account", row["customer_id"]), self.as_of
