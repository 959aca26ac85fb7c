"""The tracker: its twelve actions, status rules, baseline, snapshots and offers; figures held against the files."""

import json
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_ledgers import Item, Receipt, make
from rungs.libreoffice import compare_cached
from small_program import BARE, activity, ledger_of, measures_of
from typed_workbooks import Typed, row, shown

from udfs.discounts import discount_cost
from xlwings_addin.cli import cli
from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import blank_month, close_month
from xlwings_addin.month_end.program.measures import DISPUTED, Part, week_name
from xlwings_addin.month_end.program.rollout import ACTIONS, Measure, Reading, offer_cost, offers_under, status
from xlwings_addin.settings import Settings
from xlwings_addin.writing import file
from xlwings_addin.writing.carry_over import read_back

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

NOW = "2026-11-02 08:00:00"
CADENCE = "Start the reminder cadence -1, 0, +3, +7, +14"


def close(ledger, as_of, entries=None, settings=Settings(), **more):  # noqa: B008
    return close_month(ledger, settings, as_of, entries=entries, refreshed=NOW, version="test", **more)


def action(month, title):
    """One row of the tracker, its measures by name."""
    table = month.tables["tblRollout"]
    at = table.column("action").index(title)
    found = {key: table.column(key)[at] for key in table.columns}
    lines = {key: found[key].split("\n") for key in ("measure", "baseline", "target", "actual") if key in found}
    by_name = dict(
        zip(lines["measure"], zip(*(lines[key] for key in lines if key != "measure"), strict=True), strict=True)
    )
    return SimpleNamespace(**found, measures=by_name)


def actual(month, title, measure):
    return action(month, title).measures[measure][-1]


def test_the_actions_are_those_of_the_plan():
    by_phase = {phase: [a.title for a in ACTIONS if a.phase == phase] for phase in (30, 60, 90)}
    assert by_phase == {
        30: [
            "Publish standard terms and approval rules",
            "Fix the invoice template (PO, bank details, dispute link)",
            CADENCE,
            "Baseline DSO, CEI, DDSO; weekly dashboard",
        ],
        60: [
            "Risk-based credit limits, early-warning alerts",
            "Collector queues by risk; escalation procedure live",
            "Early-pay discounts for selected segments",
            "Fix the root causes of the top dispute codes",
        ],
        90: [
            "E-invoicing coverage 90 %+",
            "Terms and clauses applied automatically in offers",
            "Monthly portfolio reviews; CEI and DDSO targets",
            "Workflows and analytics embedded",
        ],
    }
    names = [measure.name for a in ACTIONS for measure in a.measures]
    assert len(set(names)) == len(names)


# ---------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("day", "way", "expected"),
    [
        (99, 0.0, "Not started"),
        (100, 0.0, "On track"),
        (115, 0.25, "On track"),
        (115, 0.2499, "At risk"),
        (107, 0.0, "On track"),
        (108, 0.0, "At risk"),
        (130, 0.75, "On track"),
        (130, 0.74, "At risk"),
        (131, 0.99, "Late"),
        (131, 1.0, "Done"),
        (90, 1.0, "Done"),
    ],
)
def test_the_suggested_status(day, way, expected):
    assert status(day, 100, 130, way) == expected


def test_without_a_start_nothing_is_late():
    assert status(10_000, None, None, 0.0) == "Not started"


def measure(target, better="up"):
    return Measure("m", "share", lambda _: Reading(0.0, ""), target, better)


@pytest.mark.parametrize(
    ("better", "value", "before", "way"),
    [
        ("up", 0.9, None, 1.0),
        ("up", 0.89, None, 0.0),
        ("up", 0.7, 0.5, 0.5),
        ("up", 0.4, 0.5, 0.0),
        ("up", None, 0.5, 0.0),
        ("down", 0.9, None, 1.0),
        ("down", 1.0, 1.1, 0.5),
        ("down", 1.2, 1.1, 0.0),
    ],
)
def test_the_way_from_baseline_to_target(better, value, before, way):
    assert measure(lambda _: 0.9, better).way(value, before, Settings()) == pytest.approx(way)


@pytest.mark.parametrize(("value", "before", "way"), [(1, 2, 1.0), (2, 2, 0.0), (1, None, 0.0), (None, 2, 0.0)])
def test_fewer_than_at_the_baseline(value, before, way):
    assert measure("below baseline", "down").way(value, before, Settings()) == way
    assert measure("").way(value, before, Settings()) is None


# ---------------------------------------------------------------- the program in a workbook


@pytest.fixture
def ledger(tmp_path):
    return ledger_of(tmp_path)


def started(day, rows=None, **stored):
    return Entries(
        tables={"tblRollout": TableEntries(rows or {})}, fields={"program_start": day_number(day)}, stored=stored
    )


def test_dates_follow_the_programs_start_and_a_start_of_ones_own(ledger):
    rows = {(CADENCE,): {"Start": day_number("2024-03-25")}}
    month = close(ledger, "2024-03-31", started("2024-02-01", rows))
    due = dict(zip(month.tables["tblRollout"].column("action"), month.tables["tblRollout"].column("due"), strict=True))
    assert due["E-invoicing coverage 90 %+"] == day_number("2024-02-01") + 90
    assert due[CADENCE] == day_number("2024-03-25") + 30
    # Day 59: the first phase is over, the second nearly, the third has not begun.
    assert action(month, "Publish standard terms and approval rules").suggested == "Late"
    assert action(month, CADENCE).suggested == "On track"
    assert action(month, "Early-pay discounts for selected segments").suggested == "At risk"
    assert action(month, "E-invoicing coverage 90 %+").suggested == "Not started"
    phases = month.tables["tblPhases"]
    assert phases.column("left") == [-29, 1, 31]
    assert phases.column("planned") == [3, 0, 0]
    assert month.fields["program_day"] == 59


def test_a_typed_status_wins(ledger):
    rows = {(CADENCE,): {"Your status": "Done"}, ("Workflows and analytics embedded",): {"Your status": "Late"}}
    month = close(ledger, "2024-03-31", started("2024-02-01", rows))
    found = action(month, CADENCE)
    assert (found.suggested, found.status) == ("Late", "Done")
    phases = month.tables["tblPhases"]
    assert phases.column("done") == [1, 0, 0]
    assert phases.column("share") == [0.25, 0.0, 0.0]
    assert month.tables["tblSnapshots"].column("done") == [1]


def test_the_evidence_is_figures_and_the_date(ledger):
    found = action(close(ledger, "2024-03-31"), "Publish standard terms and approval rules")
    assert found.evidence == (
        "31 Mar 2024: 2 of 4 open invoices are on Net 30. 1 of 2 invoices off terms have no approval."
    )
    assert found.measures["Open invoices on standard terms"] == ("not set", "90 % or more", "50 %")


def test_where_a_column_lacks_the_cell_names_it(tmp_path):
    month = close(ledger_of(tmp_path, BARE, "", ""), "2024-03-31")
    wanted = {
        "Fix the invoice template (PO, bank details, dispute link)": {
            "Invoices with a PO number": "PO number (items file)",
            "Billing disputes per 100": "Dispute code (items file)",
        },
        CADENCE: {"Accounts reminded when due": "Activity"},
        "Risk-based credit limits, early-warning alerts": {"Customers with a limit": "Credit limit (customers file)"},
        "Collector queues by risk; escalation procedure live": {
            "Overdue with owner and action": "Next action (Collections)"
        },
        "Early-pay discounts for selected segments": {"Offers under cost of capital": "tblOffers"},
        "E-invoicing coverage 90 %+": {"Invoices sent electronically": "E-invoice (items file)"},
        "Terms and clauses applied automatically in offers": {
            "New invoices on agreed terms": "Agreed terms (customers file)"
        },
        "Monthly portfolio reviews; CEI and DDSO targets": {"CEI": "Typed sales (Monthly)"},
        "Workflows and analytics embedded": {"Overdue with action this week": "Action on (Collections)"},
    }
    for title, columns in wanted.items():
        for name, column in columns.items():
            cell = actual(month, title, name)
            assert cell.startswith("needs "), (title, cell)
            assert column in cell, (title, cell)


def test_the_empty_template_holds_actions_measures_and_targets():
    table = blank_month(version="test").tables["tblRollout"]
    assert table.column("action") == [a.title for a in ACTIONS]
    assert all(table.column("target"))
    assert set(table.column("suggested")) == {"Not started"}


# ---------------------------------------------------------------- baseline and snapshots


def rows_of(month, name):
    table = month.tables[name]
    return tuple({key: table.column(key)[i] for key in table.columns} for i in range(table.rows))


def stored_of(month, *names):
    return Entries(stored={name: Stored(rows_of(month, name)) for name in names})


def test_the_baseline_is_set_once(ledger):
    first = close(ledger, "2024-03-31", set_baseline=True)
    values = {r["measure"]: r["value"] for r in rows_of(first, "tblBaseline")}
    assert values["DDSO"] == pytest.approx(first.fields["kpi_ddso"], abs=1e-6)
    assert first.fields["baseline_of"] == day_number("2024-03-31")
    entries = stored_of(first, "tblBaseline", "tblSnapshots")
    again = close(ledger, "2024-04-30", entries, set_baseline=True)
    assert rows_of(again, "tblBaseline") == rows_of(first, "tblBaseline")
    assert again.fields["baseline_of"] == day_number("2024-03-31")


def test_a_measure_is_held_against_its_baseline(ledger):
    rows = (
        {"measure": DISPUTED, "value": 3.0, "as_of": day_number("2024-01-31"), "shown": ""},
        {"measure": f"{DISPUTED}: Price mismatch", "value": 2.0, "as_of": day_number("2024-01-31"), "shown": ""},
        {"measure": f"{DISPUTED}: Returns pending", "value": 1.0, "as_of": day_number("2024-01-31"), "shown": ""},
    )
    month = close(ledger, "2024-03-31", Entries(stored={"tblBaseline": Stored(rows)}))
    found = action(month, "Fix the root causes of the top dispute codes")
    assert found.measures[DISPUTED] == ("3", "below baseline", "2")
    assert found.suggested == "Done"
    assert "Price mismatch 1 (was 2)" in found.evidence
    table = month.tables["tblDisputes"]
    changes = dict(
        zip(table.column("code"), zip(table.column("before"), table.column("change"), strict=True), strict=True)
    )
    assert changes == {"Price mismatch": (2, -1), "(no code)": (0, 1), "Returns pending": (1, -1)}


def test_a_refresh_adds_or_replaces_its_own_week_only(ledger):
    old = {"week": "2024-W10", "as_of": day_number("2024-03-08"), "receivables": 1.0, "own:Remark": "kept"}
    same = {"week": "2024-W13", "as_of": day_number("2024-03-27"), "receivables": 2.0, "own:Remark": "mine"}
    later = {"week": "2024-W20", "as_of": day_number("2024-05-15"), "receivables": 3.0, "own:Remark": None}
    stored = {"tblSnapshots": Stored((old, same, later), ("Remark",))}
    month = close(ledger, "2024-03-31", Entries(stored=stored))
    found = month.tables["tblSnapshots"]
    assert week_name(day_number("2024-03-31")) == "2024-W13"
    assert found.column("week") == ["2024-W10", "2024-W13", "2024-W20"]
    assert found.column("receivables") == [1.0, 1550.0, 3.0]
    assert found.column("own:Remark") == ["kept", "mine", None]
    assert found.extra == ("Remark",)


@given(first=st.integers(0, 30), span=st.integers(1, 40))
@settings(max_examples=20)
def test_weeks_of_even_sales_paid_alike_show_one_dso_whatever_the_day_of_the_month(first, span):
    """A ledger in which nothing happens but the same every day: no week may show another figure."""
    start = day_number("2024-01-01")
    items = [Item("A", "N", "EUR", "invoice", start + at, start + at + 30, 10_000) for at in range(260)]
    ledger = make(items, [Receipt(row, item.day + 45, 10_000, "cash") for row, item in enumerate(items)])
    at = [start + 140 + first, start + 140 + first + span]
    one, other = (measures_of(ledger, day).rolling for day in at)
    assert one == pytest.approx(other)
    # Of each day's sales 45 days are open, 14 of them overdue: due the 30th day, late from the 31st to the 44th.
    assert (one["dso"], one["ddso"]) == pytest.approx((45, 14))
    assert one["cei"] == pytest.approx((45 + 91 - 45) / (45 + 91 - 31))


def test_a_window_that_reaches_before_the_ledger_is_not_known(ledger):
    unknown = {"dso": None, "ddso": None, "cei": None}
    assert measures_of(ledger, "2024-03-30").rolling == unknown
    assert None not in measures_of(ledger, "2024-03-31").rolling.values()
    assert measures_of(replace(ledger, has_history=False), "2024-04-10").rolling == unknown


def test_the_program_is_measured_in_complete_months(ledger):
    month = close(ledger, "2024-04-10", set_baseline=True)
    whole = close(ledger, "2024-03-31", set_baseline=True)
    ratios = ("DSO", "DSO countback", "DDSO", "CEI")
    of = [{r["measure"]: r["value"] for r in rows_of(one, "tblBaseline")} for one in (month, whole)]
    assert [of[0].get(name) for name in ratios] == [of[1].get(name) for name in ratios]
    assert "in the month to 31 Mar 2024" in action(month, "Monthly portfolio reviews; CEI and DDSO targets").evidence


def test_weeks_since_the_baseline_with_a_snapshot(ledger):
    baseline = {"measure": "DSO", "value": 30.0, "as_of": day_number("2024-03-08"), "shown": ""}
    snapshots = tuple({"week": week_name(day_number(d)), "as_of": day_number(d)} for d in ("2024-03-01", "2024-03-14"))
    entries = Entries(stored={"tblBaseline": Stored((baseline,)), "tblSnapshots": Stored(snapshots)})
    month = close(ledger, "2024-03-31", entries)
    # Weeks 10 to 13: 11 has one, 13 is this one.
    assert actual(month, "Baseline DSO, CEI, DDSO; weekly dashboard", "Weeks with a snapshot") == "50 %"
    assert "2 of 4 weeks" in action(month, "Baseline DSO, CEI, DDSO; weekly dashboard").evidence


def test_reviews_of_the_month_are_counted(ledger):
    lines = (activity("2024-03-04", "", "review"), activity("2024-02-04", "", "review"), activity("2024-03-05", "1"))
    assert measures_of(ledger, entries=Entries(stored={"tblActivity": Stored(lines)})).reviews == 1


# ---------------------------------------------------------------- offers


def offer(discount, within, net, taken=""):
    return {
        "offered": None,
        "to": "Tier A",
        "discount": discount,
        "discount_days": within,
        "net_days": net,
        "taken": taken,
    }


def test_offers_are_held_against_the_cost_of_capital():
    at_cost = offer(0.02, 10, 30)
    cost = discount_cost(0.02, 10, 30)
    assert offer_cost(at_cost) == pytest.approx(0.3724, abs=5e-5)
    assert offers_under([at_cost], cost) == Part(1, 1)
    assert offers_under([at_cost], cost - 1e-9) == Part(0, 1)
    assert offers_under([at_cost, offer(0.02, None, 30), offer(None, None, None)], 1.0) == Part(1, 1, 1)
    assert offers_under([offer(0.02, 30, 30)], 1.0) == Part(0, 0, 1)


def test_offers_and_their_uptake_reach_the_tracker(ledger):
    rows = (offer(0.001, 10, 60, "yes"), offer(0.02, 10, 30, "no"), offer(0.002, 10, 60))
    month = close(ledger, "2024-03-31", Entries(stored={"tblOffers": Stored(rows)}))
    found = action(month, "Early-pay discounts for selected segments").measures
    assert found["Offers under cost of capital"][-1] == "66.7 %"
    assert found["Uptake"][-1] == "50 %"
    assert month.tables["tblOffers"].column("verdict")[:4] == ["OK", "Too expensive", "OK", None]


# ---------------------------------------------------------------- formulas


def test_a_started_program_recalculates_to_what_was_cached(ledger, tmp_path):
    rows = {
        (CADENCE,): {"Your status": "done", "Start": day_number("2024-03-01")},
        ("Workflows and analytics embedded",): {"Start": "soon", "Your status": "Late"},
    }
    offers = (offer(0.02, 10, 30, "yes"), offer(0.001, 10, 60, "no"), offer(0.02, 30, 30), offer("2 %", 10, 30))
    entries = started("2024-02-01", rows, tblOffers=Stored(offers))
    month = close(ledger, "2024-03-31", entries, Settings(benchmark_dso=40.0), set_baseline=True)
    assert month.fields["program_done"] == 2  # the cadence, and the baseline set just now
    path = tmp_path / "started.xlsx"
    file.write(path, month)
    assert compare_cached(path) == []
    vague = Entries(tables=entries.tables, fields={"program_start": "in spring"}, stored=entries.stored)
    file.write(path, close(ledger, "2024-03-31", vague))
    assert compare_cached(path) == []


# ---------------------------------------------------------------- held against the IBM set


@pytest.mark.parametrize("as_of", ["2012-06-30", "2013-06-30"])
def test_the_tracker_filled_from_the_ibm_set(ibm_folder, as_of):
    path = ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"
    data = pd.read_csv(path, parse_dates=["InvoiceDate", "DueDate", "SettledDate"])
    day, start = pd.Timestamp(as_of), pd.Timestamp(as_of).replace(day=1)
    month = close(read_ledger([path]), as_of, set_baseline=True)

    def opened(on):
        return data[(data["InvoiceDate"] <= on) & (data["SettledDate"] > on)]

    now, before = opened(day), opened(start - pd.Timedelta(days=1))
    billed = data[(data["InvoiceDate"] >= start) & (data["InvoiceDate"] <= day)]
    receivables, sales, days = now["InvoiceAmount"].sum(), billed["InvoiceAmount"].sum(), day.day
    overdue = now.loc[now["DueDate"] < day, "InvoiceAmount"].sum()
    current = receivables - overdue
    opening = before["InvoiceAmount"].sum()
    figures = {
        "Invoices sent electronically": (billed["PaperlessBill"] == "Electronic").mean(),
        "Open invoices on standard terms": ((now["DueDate"] - now["InvoiceDate"]).dt.days == 30).mean(),
        DISPUTED: (now["Disputed"] == "Yes").sum(),
        "DSO": receivables / sales * days,
        "DDSO": overdue / sales * days,
        "CEI": (opening + sales - receivables) / (opening + sales - current),
        "Receivables": receivables,
        "Overdue": overdue,
    }
    values = {r["measure"]: r["value"] for r in rows_of(month, "tblBaseline")}
    for name, figure in figures.items():
        assert values[name] == pytest.approx(figure, abs=2e-6), name
    reference = json.loads((ibm_folder / "reference_values.json").read_text())["ref"]
    stated = next(r for r in reference if r["asof"] == as_of)
    assert [values["DSO"], values["DDSO"], values["CEI"]] == pytest.approx(
        [stated["dso_month_end"], stated["ddso"], stated["cei"]], abs=1e-6
    )
    snapshot = rows_of(month, "tblSnapshots")[-1]
    since = day - pd.Timedelta(days=91)
    sold = data.loc[(data["InvoiceDate"] > since) & (data["InvoiceDate"] <= day), "InvoiceAmount"].sum()
    could = opened(since)["InvoiceAmount"].sum() + sold
    figures["week"] = (receivables / sold * 91, overdue / sold * 91, (could - receivables) / (could - current))
    assert (snapshot["dso"], snapshot["ddso"], snapshot["cei"]) == pytest.approx(figures["week"])
    assert snapshot["disputed"] == figures[DISPUTED]
    share = f"{figures['Invoices sent electronically']:.1%}".replace("%", " %")
    assert actual(month, "E-invoicing coverage 90 %+", "Invoices sent electronically") == share
    electronic = (billed["PaperlessBill"] == "Electronic").sum()
    assert f"{electronic} of {len(billed)} invoices" in action(month, "E-invoicing coverage 90 %+").evidence
    assert actual(month, "Publish standard terms and approval rules", "Open invoices on standard terms") == "100 %"
    assert actual(month, "Fix the root causes of the top dispute codes", DISPUTED) == str(figures[DISPUTED])
    # What the set does not hold is named, never calculated.
    for title, name, column in (
        ("Fix the invoice template (PO, bank details, dispute link)", "Invoices with a PO number", "PO number"),
        ("Fix the invoice template (PO, bank details, dispute link)", "Billing disputes per 100", "Dispute code"),
        ("Publish standard terms and approval rules", "Off terms without approval", "Terms approved by"),
        ("Risk-based credit limits, early-warning alerts", "Exposure over limit", "Credit limit"),
        ("Terms and clauses applied automatically in offers", "New invoices on agreed terms", "Agreed terms"),
    ):
        cell = actual(month, title, name)
        assert cell.startswith("needs "), (title, cell)
        assert column in cell


# ---------------------------------------------------------------- through the file, by the command


@pytest.mark.slow
def test_everything_typed_on_the_tracker_is_carried(ledger, tmp_path):
    first, second = tmp_path / "february.xlsx", tmp_path / "march.xlsx"
    file.write(first, close(ledger, "2024-02-29", settings=Settings(company="Example Ltd"), set_baseline=True))
    typed = Typed(first)
    typed.set("program_start", pd.Timestamp("2024-02-01").to_pydatetime())
    typed.type("tblRollout", {"Action": CADENCE}, "Owner", "Robin")
    typed.type("tblRollout", {"Action": CADENCE}, "Your status", "Done")
    typed.type("tblRollout", {"Action": CADENCE}, "Notes", "since Monday")
    typed.type("tblRollout", {"Action": CADENCE}, "Start", pd.Timestamp("2024-02-10").to_pydatetime())
    typed.type("tblBaseline", {"Measured": "DSO"} if _has(first, "DSO") else {"Measured": "Receivables"}, "Value", 77.5)
    typed.add_column("tblRollout", "Cost centre")
    typed.type("tblRollout", {"Action": CADENCE}, "Cost centre", "K-1")
    sheet, _, (left, top, _, _) = typed.table("tblOffers")
    for at, value in enumerate((None, "Oak Trading", 0.02, 10, 30, "yes")):
        sheet.cell(top + 2, left + at).value = value
    typed.save()
    settings, entries = read_back(first)
    month = close(ledger, "2024-03-31", entries, settings)
    file.write(second, month)
    found = row(second, "tblRollout", Action=CADENCE)
    assert (found["Owner"], found["Your status"], found["Notes"], found["Cost centre"]) == (
        "Robin",
        "Done",
        "since Monday",
        "K-1",
    )
    assert found["Due"] == pd.Timestamp("2024-03-11")
    assert 77.5 in [r["Value"] for r in shown(second, "tblBaseline")]
    offers = [r for r in shown(second, "tblOffers") if r["Customer or segment"]]
    assert [(r["Cost a year"], r["Verdict"]) for r in offers] == [(pytest.approx(0.3724, abs=5e-5), "Too expensive")]
    assert [r["Week"] for r in shown(second, "tblSnapshots")] == ["2024-W09", "2024-W13"]
    # The same again changes nothing.
    settings, entries = read_back(second)
    third = tmp_path / "third.xlsx"
    file.write(third, close(ledger, "2024-03-31", entries, settings))
    assert third.read_bytes() == second.read_bytes()


def _has(path, measure):
    return measure in [r["Measured"] for r in shown(path, "tblBaseline")]


@pytest.mark.slow
def test_the_command_sets_the_baseline_once(tmp_path, ledger):
    out = tmp_path / "month.xlsx"
    files = [str(tmp_path / "items.csv"), "--receipts", str(tmp_path / "receipts.csv"), "--out", str(out)]

    def refresh(as_of, *more):
        result = CliRunner().invoke(cli, ["refresh", *files, "--as-of", as_of, *more], standalone_mode=False)
        assert result.exception is None, result.exception
        return result.output

    refresh("2024-02-29")
    assert [r["Measured"] for r in shown(out, "tblBaseline")] == [None]
    assert "stays" not in refresh("2024-02-29", "--set-baseline")
    before = shown(out, "tblBaseline")
    assert before[0]["As of"] == pd.Timestamp("2024-02-29")
    bytes_before = out.read_bytes()
    refresh("2024-02-29", "--set-baseline")
    assert out.read_bytes() == bytes_before
    assert "The baseline of 2024-02-29 stays" in refresh("2024-03-31", "--set-baseline")
    assert shown(out, "tblBaseline") == before
    assert openpyxl.load_workbook(out)["Rollout"]
