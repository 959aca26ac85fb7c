"""Figures that make up another add up to it, whatever currencies they were converted from."""

import math

import numpy as np
import pytest
from random_ledgers import LAST, several

from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.month_end import closed
from xlwings_addin.month_end.monthly import REPORTED, _restated, months
from xlwings_addin.month_end.pages import Making

OFTEN, LONG = 200, 2_000


def made(seed, **chosen):
    ledger, settings = several(seed, **chosen)
    return Making(closed(ledger, settings, LAST), set_baseline=False, refreshed="2026-05-01 08:00:00", version="1")


def wrong(making):
    """What is untrue of a month end, in words."""
    digits = minor_digits(making.closing.currency)
    checks = making.checks[0]["tblChecks"]
    found = [
        (name, figure, against)
        for name, figure, against, result in zip(
            *(checks.column(key) for key in ("check", "figure", "against", "result")), strict=True
        )
        if result == "Act" and name != "Rows of the item files"  # these were read from no file
    ]
    for row in making.months.rows:
        shown = {key: round(value * 10**digits) for key, value in row.items() if is_money(key, value)}
        for key, units in shown.items():
            if abs(row[key] * 10**digits - units) > 1e-3:
                found.append(("not in minor units", key, row[key]))
        if "overdue" in shown and shown["current"] + shown["overdue"] != shown["receivables"]:
            found.append(("current and overdue", row))
        into = shown["opening"] + shown["credit_sales"] + shown["exchange"] - shown["credit_notes"]
        if into - shown["discounts"] - shown["cash"] - shown["write_offs"] != shown["receivables"]:
            found.append(("roll-forward", row))
        if row["difference"]:
            found.append(("roll-forward difference", row["difference"]))
    return found


MONEY = (
    "opening", "credit_sales", "credit_notes", "discounts", "cash", "write_offs", "exchange",
    "receivables", "current", "overdue",
)  # fmt: skip


def is_money(key, value):
    return key in MONEY and value is not None and not math.isnan(value)


@pytest.mark.parametrize("treatment", ["own column", "by own date", "against oldest"])
def test_no_random_ledger_has_a_difference(treatment):
    for seed in range(OFTEN // 3):
        assert not wrong(made(seed, credits=treatment)), seed


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_none_of_many_random_ledgers_has_a_difference(share):
    for seed in range(share, LONG, 4):
        assert not wrong(made(seed)), seed


def test_parts_of_what_is_owed_add_up_to_it_on_every_sheet():
    for seed in range(20):
        making = made(seed)
        tables, now = making.figures[0], making.now
        least = 0.51 / 10 ** minor_digits(making.closing.currency)
        for name in ("tblByRegion", "tblByOwner", "tblByCurrency", "tblByEntity", "tblByTier", "tblByStatus"):
            assert abs(math.fsum(tables[name].column("receivables")) - now["receivables"]) < least, (seed, name)
        for name in ("tblByRegion", "tblByCurrency"):
            table = tables[name]
            parts = np.array(table.column("current")) + np.array(table.column("overdue"))
            assert np.allclose(parts, table.column("receivables"), rtol=0, atol=1e-5)
        assert abs(math.fsum(tables["tblProvision"].column("open")) - now["receivables"]) < least
        mix = tables["tblMix"]
        row = {key: mix.column(key)[-1] for key in mix.columns if key != "month_end"}
        assert abs(math.fsum(row.values()) - now["receivables"]) < least


def test_a_figure_that_is_wrong_still_shows():
    making = made(3)
    month = dict(making.now)
    assert months(making.closing).now["difference"] == 0
    from xlwings_addin.month_end.monthly import _roll_forward

    digits = making.closing.digits
    assert _roll_forward(month | {"cash": month["cash"] + 6 / 10**digits}, digits) != 0


def test_the_command_shows_the_months_of_the_workbook():
    for seed in range(30):
        making = made(seed)
        rows = metrics(making.closing.history)
        for ours, theirs in zip(making.months.rows, rows, strict=True):
            for key in (
                "receivables",
                "current",
                "overdue",
                "credit_sales",
                "cash",
                "write_offs",
                "dso",
                "ddso",
                "cei",
            ):
                known = None if ours[key] is None or math.isnan(ours[key]) else ours[key]
                assert known == theirs[key], (seed, key)


def test_what_rounding_moves_in_a_reported_month_is_not_restated():
    """Current is what overdue leaves of receivables: of two figures, rounded once each. Others are rounded alone."""
    figures = dict.fromkeys(REPORTED, 10.0)
    for name in REPORTED:
        for cents, told in ((1, name != "current"), (2, True)):
            now = figures | {name: 10.0 + cents / 100}
            rows = _restated({1: figures}, {}, {1: now}, 2)
            assert [row["figure"] for row in rows] == ([name.replace("_", " ")] if told else [])
