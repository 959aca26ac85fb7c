"""Settings: the choices behind every figure, each in a named cell the clerk may change."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from xlwings_addin.settings import CELLS
from xlwings_addin.sheets.blocks import Column, Field, Fields, Sheet, Table

_FORMS: dict[str, dict[str, Any]] = {
    "company": {"title": "Company"},
    "bucket_edges": {"title": "Aging"},
    "dso_window": {"title": "Metrics and targets"},
    "reminder_days": {"title": "Collections", "value_width": 40},
    "weight_exposure": {
        "title": "Weights of the worklist",
        "intro": "Each part counts 0 to 100 points, times its weight, 0 or more; 0 leaves a part out. All count in proportion to exposure.",
    },
    "signal_dso_rise": {
        "title": "Thresholds of the signals",
        "intro": "Diagnostics speaks up where one of these is passed.",
    },
}
"""What stands above a form, by the first setting in it."""
_AS_OF = Field("as_of", "As of", "date", note="The date all figures are of. The next refresh sets it.")


def _forms() -> Iterator[Fields]:
    names = list(CELLS)
    for first, beyond in pairwise([*map(names.index, _FORMS), len(names)]):
        cells = [
            Field(name, cell.label, cell.style, note=cell.note, entry=True, choices=cell.choices)
            for name, cell in list(CELLS.items())[first:beyond]
        ]
        if names[first] == "company":
            cells.insert(1, _AS_OF)
        yield Fields(tuple(cells), **_FORMS[names[first]])


def sheet() -> Sheet:
    """Declare the sheet. Field names are those of `Settings`."""
    return Sheet(
        "Settings",
        "Cream cells are yours to change; the next refresh reads them here.",
        (
            *_forms(),
            Table(
                "tblRates",
                (
                    Column("currency", "Currency", entry=True),
                    Column("date", "From date", "date", entry=True),
                    Column("rate", "Rate to base", "rate", entry=True, note="One unit of the currency in the base currency."),
                ),
                title="Exchange rates",
                intro="The rate in force is the latest at or before the date of the figure.",
                spare_rows=6,
            ),
            Table(
                "tblPeriods",
                (Column("end", "Period ends on", "date", entry=True),),
                title="Periods",
                intro="Leave it empty for calendar months; list period ends for 4-4-5 or other fiscal calendars.",
                spare_rows=3,
            ),
        ),
        landscape=False,
        tab="help",
    )  # fmt: skip
