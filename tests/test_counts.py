"""A count counts what its words say, and the benchmark is held against one DSO."""

import re

import numpy as np
import pytest
from random_ledgers import LAST, several

from xlwings_addin.entries import Entries, Stored
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.findings import NO_DUE_DATE
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import close_month, closed
from xlwings_addin.month_end.pages import Making
from xlwings_addin.month_end.program.measures import Needs
from xlwings_addin.settings import Settings


def making(seed, **chosen):
    ledger, settings = several(seed, **chosen)
    return Making(closed(ledger, settings, LAST), set_baseline=False, refreshed="2026-05-01 08:00:00", version="1")


@pytest.mark.parametrize("treatment", ["own column", "by own date", "against oldest"])
def test_what_is_said_of_no_date_is_what_the_column_holds(treatment):
    found = 0
    for seed in range(60):
        closing = making(seed, credits=treatment).closing
        column = closing.aging.amounts[:, :, -1].sum(axis=1)
        said = [one for one in closing.findings if one.kind is NO_DUE_DATE]
        inside = np.flatnonzero((closing.aging.columns == len(closing.aging.labels) - 1) & (closing.aging.left != 0))
        assert sum(one.count for one in said) == inside.size
        for name, minor, digits in zip(closing.aging.currencies, column, closing.aging.digits, strict=True):
            if minor:
                assert f"{minor / 10**digits:,.{digits}f} {name}" in said[0].message
                found += 1
    assert found > 10


def test_open_invoices_are_invoices():
    for seed in range(60):
        month = making(seed)
        items, balance = month.closing.ledger.items, month.closing.ledger.arrays.balances(LAST)
        open_now = items[(balance > 0) & (items["kind"] == "invoice") & (items["amount"] > 0)]
        assert month.measures.open_invoices.size == len(open_now)
        terms = month.measures.standard_terms
        if not isinstance(terms, Needs):
            assert terms.whole + terms.unknown == len(open_now)
            assert terms.unknown == (open_now["due_date"] == NO_DATE).sum()


@pytest.mark.parametrize(("threshold", "method"), [(0.0, "Countback"), (1.0, "Simple")])
def test_peers_are_held_against_the_dso_that_trust_names(small_files, small_company, threshold, method):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    settings = Settings(benchmark_dso=30.0, seasonality_threshold=threshold)
    month = close_month(ledger, settings, small_company.as_of, refreshed="2026-11-02 08:00:00", version="test")
    fields = month.fields
    assert fields["trusted_method"] == method
    dso = fields["kpi_dso_countback" if method == "Countback" else "kpi_dso"]
    assert fields["kpi_dso"] != fields["kpi_dso_countback"]
    assert fields["trusted_dso"] == dso
    assert fields["benchmark_gap"] == fields["kpi_benchmark"] == pytest.approx(dso - 30.0)
    per_day = fields["kpi_cash_per_day"]
    assert fields["benchmark_cash"] == pytest.approx((dso - 30.0) * per_day)
    signals = month.tables["tblSignals"]
    words = signals.column("figures")[signals.column("signal").index("DSO above the peer benchmark")]
    assert re.match(rf"DSO \({method.lower()}\) {dso:,.1f} against 30\.0 of peers", words)
    against = [
        field.formula
        for sheet in month.sheets
        for field in sheet.fields()
        if "benchmark_dso" in field.formula or "benchmark_gap" in field.formula
    ]
    assert all("kpi_dso" not in formula for formula in against)


def test_the_first_contact_of_overdue_accounts_is_one_figure_on_every_sheet(small_files, small_company):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    day = day_number(small_company.as_of)
    late = [(0, "call"), (3, "mail"), (40, "reminder"), (90, "call")]
    names = sorted(ledger.arrays.segment("customer_id").keys)
    lines = tuple(
        {"date": day - late[i % 4][0], "customer_id": name, "kind": late[i % 4][1]}
        for i, name in enumerate(names)
        if i % 3
    )
    entries = Entries(stored={"tblActivity": Stored(lines)})
    month = Making(
        closed(ledger, Settings(), day, entries), set_baseline=False, refreshed="2026-11-02 08:00:00", version="t"
    )
    cards, fields = month.figures[0]["tblScorecards"], month.figures[1]
    team = {name: cards.column(name)[cards.rows - 1] for name in ("overdue_accounts", "untouched", "first_contact")}
    firsts = month.measures.first_contact
    waits = [day - int(month.measures.oldest_due[at]) if days is None else days for at, days in firsts.items()]
    assert team["overdue_accounts"] == len(month.measures.overdue) == len(firsts) > 5
    assert team["untouched"] == fields["worklist_no_contact"] == sum(days is None for days in firsts.values()) > 0
    assert team["first_contact"] == pytest.approx(sum(waits) / len(waits))
    assert fields["worklist_late_contact"] == sum(days is not None and days > 7 for days in firsts.values()) > 0
    told = {name: judged.figures for name, judged in month.signals.items()}
    assert (
        f"{team['untouched']:,.0f} of {team['overdue_accounts']:,.0f} overdue accounts"
        in told["Overdue without contact"]
    )
    assert f"{team['first_contact']:.1f} days on average" in told["Late first contact"]
