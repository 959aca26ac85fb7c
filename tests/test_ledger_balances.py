"""Balances by customer: each part in its file's bucket, totals that tie everywhere, no document and no sale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rungs.libreoffice import compare_cached

from xlwings_addin.ledger.age_analysis import age, aging_json
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.report import check_json, rows_of
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import close_month
from xlwings_addin.month_end.needs_documents import TEXT
from xlwings_addin.settings import Settings
from xlwings_addin.writing import file
from xlwings_addin.writing.carry_over import read_back

DAY = "2026-01-31"
NEGATIVE_IN_A_BUCKET = """Customer Code,Customer Name,Current,1-30 days,31-60 days,61-90 days,Over 90 days,Total
C001,Alpha Ltd,1000.00,250.00,0.00,0.00,0.00,1250.00
C002,Beta Ltd,0.00,0.00,500.00,100.00,0.00,600.00
C003,Gamma Ltd,0.00,-40.00,0.00,0.00,900.00,860.00
Total,,1000.00,210.00,500.00,100.00,900.00,2710.00
"""
MACONOMY = """Customer No,Customer Name,Balance,0-30 days,31-60 days,61-90 days,91+ days,Last Payment
1001,Alpha Ltd,750.00,500.00,250.00,0.00,0.00,12-01-2026
1002,Beta Ltd,90.00,0.00,0.00,0.00,90.00,03-11-2025
1003,Zeta Ltd,0.00,0.00,0.00,0.00,0.00,
Total,,840.00,500.00,250.00,0.00,90.00,
"""
XERO = """Aged Receivables Summary
Example Ltd
As at 31 January 2026
Ageing by due date

Contact,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total
Alpha Ltd,10.00,20.00,30.00,40.00,50.00,60.00,210.00
Beta Ltd,0.00,-5.00,0.00,0.00,0.00,0.00,-5.00
Total,10.00,15.00,30.00,40.00,50.00,60.00,205.00
"""
INTACCT = """Customer ID,Customer name,0-30,31-60,61-90,91-120,121-,Total
C1,Alpha Ltd,1.00,2.00,3.00,4.00,5.00,15.00
C2,Beta Ltd,10.00,0.00,0.00,0.00,0.00,10.00
"""
GERMAN = """Kundennummer;Kundenname;Nicht fällig;1 bis 30 Tage;31 bis 60 Tage;mehr als 60 Tage;Saldo
10001;Älva GmbH;1.000,50;200,00;0,00;0,00;1.200,50
10002;Börde AG;0,00;0,00;300,25;-10,00;290,25
"""
TWO_COLUMNS = "Customer,Balance\nAlpha Ltd,1250.00\nBeta Ltd,600.00\nGamma Ltd,-50.00\nTotal,1800.00\n"
FILES = {
    "negative in a bucket": (
        NEGATIVE_IN_A_BUCKET,
        {"Current": 1000, "1-30": 210, "31-60": 500, "61-90": 100, "90+": 900},
    ),
    "Maconomy": (MACONOMY, {"1-30": 500, "31-60": 250, "90+": 90}),
    "Xero": (XERO, {"Current": 10, "1-30": 15, "31-60": 30, "61-90": 40, "90+": 110}),
    "Intacct": (INTACCT, {"1-30": 11, "31-60": 2, "61-90": 3, "90+": 9}),
    "German": (GERMAN, {"Current": 1000.5, "1-30": 200, "31-60": 300.25, "60+": -10}),
    "two columns": (TWO_COLUMNS, {"Credits": -50, "No date": 1850}),
}


def ledger_of(folder, text, **how):
    path = folder / "balances.csv"
    path.write_text(text, encoding="utf-8")
    return read_ledger(path, **how)


def told(ledger):
    return [finding.code for finding in ledger.findings]


MONTHS = {
    "Customer,January 2026,December 2025,Older,Total\nA,100.00,50.00,10.00,160.00\nB,0.00,20.00,0.00,20.00\n": "Total",
    "Kunde;Januar 2026;Dezember 2025;älter\nA AG;100,00;50,00;10,00\nB AG;0,00;20,00;0,00\n": (
        "Januar 2026 + Dezember 2025 + älter: Total"
    ),
    "Client;2026-01;2025-12;Solde\nA SA;100,00;60,00;160,00\nB SA;0,00;20,00;20,00\n": "",
    "Customer,Balance,Jan,Dec,Nov & older\nA,160.00,100.00,50.00,10.00\nB,20.00,0.00,20.00,0.00\n": "",
}


@pytest.mark.parametrize(("text", "asked"), MONTHS.items(), ids=["total", "no total", "balance", "short"])
def test_balances_by_month_are_balances_of_no_age(tmp_path, text, asked):
    said = {"columns": {"open_amount": asked}} if asked else None
    if asked:
        with pytest.raises(QuestionError, match="may be the open amount, and nothing in the file says so") as raised:
            ledger_of(tmp_path, text, as_of=DAY)
        assert raised.value.answers[0].choices == (f"open_amount={asked}",)
    ledger = ledger_of(tmp_path, text, as_of=DAY, answers=said)
    assert ledger.items["open_amount"].tolist() == [16000, 2000]
    assert "balances only" in told(ledger)


@pytest.mark.parametrize("name", FILES)
def test_every_part_stands_in_its_bucket(name, tmp_path):
    text, buckets = FILES[name]
    found = aging_json(age(ledger_of(tmp_path, text, as_of=DAY), DAY))
    assert {label: amount for label, amount in found["buckets"].items() if amount} == buckets
    assert found["total"] == sum(buckets.values())


@pytest.mark.parametrize("name", FILES)
def test_no_document_is_invented(name, tmp_path):
    ledger = ledger_of(tmp_path, FILES[name][0], as_of=DAY)
    assert set(ledger.items["kind"]) == {"balance"}
    assert set(ledger.items["document_no"]) == {""}
    assert set(ledger.items["document_date"]) == {NO_DATE}
    assert not ledger.has_history
    assert "balances only" in told(ledger)


@pytest.mark.parametrize("name", FILES)
def test_balances_know_no_sales_and_no_ratio(name, tmp_path):
    (row,) = metrics(history(ledger_of(tmp_path, FILES[name][0], as_of=DAY), DAY))
    known = {key for key, value in row.items() if value is not None} - {"month_end"}
    assert known == {"receivables"} | (set() if name == "two columns" else {"current", "overdue"})


def test_a_list_of_no_age_says_neither_what_is_current_nor_overdue(tmp_path):
    month = closed(ledger_of(tmp_path, TWO_COLUMNS, as_of=DAY))
    assert month.fields["kpi_receivables"] == 1800
    assert month.fields["kpi_overdue"] == TEXT


# ---- the day


def test_the_day_is_asked_once(tmp_path):
    with pytest.raises(QuestionError, match="nothing says of which day") as asked:
        ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET)
    assert asked.value.option == "--as-of DATE"


def test_the_day_above_the_heading_is_the_files_own(tmp_path):
    assert check_json(ledger_of(tmp_path, XERO))["as_of"] == DAY
    ledger = ledger_of(tmp_path, XERO, as_of="2026-02-28")
    with pytest.raises(LedgerError, match=r"^The balances are those of 2026-01-31 and do not age: choose 2026-01-31"):
        age(ledger, "2026-02-28")


@pytest.mark.parametrize("day", ["2026-01-30", "2026-02-01"])
@pytest.mark.parametrize("force", [True, False])
def test_balances_do_not_age(day, force, tmp_path):
    ledger = ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY)
    with pytest.raises(LedgerError, match="do not age"):
        age(ledger, day, force=force)


def test_balances_of_two_days_in_one_file_are_refused(tmp_path):
    text = "customerNumber,name,balanceDue,agedAsOfDate,currentAmount,period1Amount\n"
    with pytest.raises(LedgerError, match="balances of 2 days, from 2026-01-30 to 2026-01-31: keep those of one"):
        ledger_of(tmp_path, text + "C,Ltd,70,2026-01-30,50,20\nD,Ltd,70,2026-01-31,50,20\n")


def test_ages_of_other_periods_than_declared_are_refused(tmp_path):
    text = "customerNumber,name,balanceDue,agedAsOfDate,currentAmount,period1Amount,periodLengthFilter\n"
    assert ledger_of(tmp_path, text + "C,Ltd,70,2026-01-31,50,20,30D\n").balances.edges == (30,)
    with pytest.raises(LedgerError, match="ages its balances by periods of '15D'"):
        ledger_of(tmp_path, text + "C,Ltd,70,2026-01-31,50,20,15D\n")


# ---- edges


def test_the_files_own_edges_stand_in_where_nobody_chose_any(tmp_path):
    own = "Debtor,Current,1-15,16-45,46+,Total\nC,1.00,2.00,3.00,4.00,10.00\n"
    aging = age(ledger_of(tmp_path, own, as_of=DAY), DAY)
    assert aging.labels == ("Credits", "Current", "1-15", "16-45", "45+", "No date")
    assert aging.amounts.tolist() == [[[0, 100, 200, 300, 400, 0]]]


def test_edges_that_can_be_put_together_are_answered(tmp_path):
    ledger = ledger_of(tmp_path, INTACCT, as_of=DAY)
    assert age(ledger, DAY, Settings(bucket_edges=(60, 120))).amounts.sum(axis=(0, 1)).tolist() == [
        *(0, 0, 1300, 700, 500, 0)
    ]


def test_edges_that_the_file_cannot_answer_are_refused(tmp_path):
    ledger = ledger_of(tmp_path, INTACCT, as_of=DAY)
    with pytest.raises(LedgerError, match="ages at 30, 60, 90, 120 days cannot be aged at 15, 45 days"):
        age(ledger, DAY, Settings(bucket_edges=(15, 45)))


@pytest.mark.parametrize("treatment", ["own column", "by own date", "against oldest"])
def test_what_the_settings_say_of_credits_and_dates_moves_no_balance(treatment, tmp_path):
    ledger = ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY)
    chosen = Settings(credits=treatment, aging_basis="document date")
    assert np.array_equal(age(ledger, DAY, chosen).amounts, age(ledger, DAY).amounts)


# ---- proof


def test_a_row_whose_ages_do_not_add_up_is_named_and_its_balance_counts(tmp_path):
    ledger = ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET.replace("100.00,0.00,600.00", "90.00,0.00,600.00"), as_of=DAY)
    (found,) = [one for one in ledger.findings if one.code == "ages differ"]
    assert "first in row 3, by 10.00" in found.message
    figures = aging_json(age(ledger, DAY))
    assert (figures["total"], figures["buckets"]["No date"]) == (2710.0, 10.0)


def test_a_total_that_is_none_is_refused(tmp_path):
    text = "Debtor,Current,1-30,31+,Total\nC,1.00,2.00,3.00,9.00\nD,1.00,2.00,3.00,8.00\nE,0.00,0.00,1.00,1.00\n"
    with pytest.raises(LedgerError, match=r"Current, 1-30, 31\+ do not add up to 'Total' in 2 rows"):
        ledger_of(tmp_path, text, as_of=DAY)


def test_without_a_total_the_ages_are_the_balance(tmp_path):
    ledger = ledger_of(tmp_path, "Debtor,Current,1-30,31+\nC,1.00,2.00,3.00\nD,,,5.00\n", as_of=DAY)
    assert aging_json(age(ledger, DAY))["total"] == 11.0
    assert "ages differ" not in told(ledger)


BESIDE = {
    "what is overdue in all": ("Customer,Past Due", "A,500.00", "B,25.00"),
    "how many invoices": ("Cliente,Facturas", "A,3", "B,1"),
    "the most days of delay": ("cliente,diasAtraso,facturas,plazo", "A,45,3,30", "B,20,1,15"),
    "the last payment": ("Patient Name,Last Payment Date", "A,2026-01-05", "B,"),
    "the last payment of all": ("Debitor,Letzte Zahlung am", "A,2026-01-05", "B,2025-12-11"),
    "tenants": ("Tenant,Unit", "A,1", "B,2"),
}


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_what_else_is_said_of_a_customer_makes_no_document_of_a_balance(tmp_path, beside):
    head, first, second = beside
    rows = f"{head},Current,1-30,31+,Total\n{first},0.00,100.00,400.00,500.00\n{second},7.00,25.00,0.00,32.00\n"
    ledger = ledger_of(tmp_path, rows, as_of=DAY, base_currency="EUR")
    found = {label: money for label, money in aging_json(age(ledger, DAY))["buckets"].items() if money}
    assert found == {"Current": 7, "1-30": 125, "30+": 400}


def test_the_total_row_is_held_against_the_rows(tmp_path):
    assert "file total differs" not in told(ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY))
    assert "file total differs" in told(ledger_of(tmp_path, MACONOMY.replace("840.00", "841.00"), as_of=DAY))


def test_a_customer_called_total_is_one(tmp_path):
    text = NEGATIVE_IN_A_BUCKET.replace("C002,Beta Ltd", "2,Total Tools")
    assert aging_json(age(ledger_of(tmp_path, text, as_of=DAY), DAY))["total"] == 2710.0


def test_a_name_that_reads_like_a_total_is_set_aside_and_named(tmp_path):
    text = "Customer,Current,1-30,31+,Total\nA,7.00,2.00,3.00,12.00\nTotal Tools,1.00,0.00,0.00,1.00\n"
    ledger = ledger_of(tmp_path, text, as_of=DAY)
    assert ledger.exceptions["reason"].tolist() == [
        "called a total, but the rows above and below it do not add up to it"
    ]
    assert "unreadable rows" in told(ledger)


@pytest.mark.parametrize("share", ["Percentage of total", "% of total", "Anteil in Prozent", "Pourcentage du total"])
@pytest.mark.parametrize("total", ["Total Beta Group", "Beta Group Total"])
def test_totals_of_groups_and_shares_in_percent_are_no_customers(share, total, tmp_path):
    text = f"""Customer,Current,1-30,31+,Total
Alpha Ltd,100.00,0.00,0.00,100.00
Beta Group,10.00,,,10.00
   Beta North,20.00,5.00,,25.00
   Beta South,,7.00,,7.00
{total},30.00,12.00,,42.00
Gamma,,,8.00,8.00
TOTAL,130.00,12.00,8.00,150.00
{share},86.67%,8.00%,5.33%,100.00%
"""
    ledger = ledger_of(tmp_path, text, as_of=DAY)
    assert aging_json(age(ledger, DAY))["total"] == 150.0
    assert not len(ledger.exceptions)


def test_a_balance_is_counted_once_whatever_its_ages(tmp_path):
    ledger = ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY)
    (found,) = [one for one in ledger.findings if one.code == "unnamed currency"]
    assert (found.count, rows_of(ledger, found)) == (3, [2, 3, 4])


def test_documents_with_ages_are_documents(tmp_path):
    text = (
        "Customer,Invoice no,Invoice date,Due date,Balance,Current,1-30,31+\nC,1,2026-01-05,2026-01-20,7.00,0,7.00,0\n"
    )
    ledger = ledger_of(tmp_path, text)
    assert ledger.balances is None
    assert set(ledger.items["kind"]) == {"invoice"}


# ---- buckets that were said

NO_HEADING = """TRA001\t\tTransit Hire\tR\t0\t0\t0\t0\t0,00\t0,00
APP001\tAFHU-0001\tA. Farmer\tR\t836,65\t0\t0\t0\t0\t836,65
ABC001\t\tAbacus\tR\t7 631,26\t0\t0\t0\t0\t7 631,26
1132\tADRI-0001\tAdrian L\tR\t545,41\t0\t0\t0\t0\t545,41
"""
SAID = {
    "columns": {"customer_id": "Column A", "customer_name": "Column C", "open_amount": "Column J"},
    "buckets": [
        {"column": "Column I", "from": 91},
        {"column": "Column E", "to": 0},
        {"column": "Column F", "from": 1, "to": 30},
        {"column": "Column G", "from": 30, "to": 60},
        {"column": "Column H", "from": 60, "to": 90},
    ],
}


def test_a_mapping_says_the_buckets_where_no_heading_does(tmp_path):
    ledger = ledger_of(tmp_path, NO_HEADING, as_of=DAY, mapping=SAID)
    assert ledger.balances.edges == (30, 60, 90)
    found = aging_json(age(ledger, DAY))
    assert (found["total"], found["buckets"]["Current"]) == (9013.32, 9013.32)


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_mapping_whose_buckets_leave_days_out_is_refused(gone, tmp_path):
    buckets = [one for place, one in enumerate(SAID["buckets"]) if place != gone + 1]
    buckets[0] = {"column": "Column I", "from": 95}
    with pytest.raises(LedgerError, match="buckets that leave days out or overlap"):
        ledger_of(tmp_path, NO_HEADING, as_of=DAY, mapping={**SAID, "buckets": buckets})


# ---- several files


def test_lists_of_two_companies_are_one_ledger(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(NEGATIVE_IN_A_BUCKET.replace("C00", name[0]))
    both = [tmp_path / "a.csv", tmp_path / "b.csv"]
    assert aging_json(age(read_ledger(both, as_of=DAY), DAY))["total"] == 5420.0


def test_lists_of_the_same_customers_ask_whose_they_are(tmp_path):
    for name, change in (("a.csv", ""), ("b.csv", "\n")):
        (tmp_path / name).write_text(NEGATIVE_IN_A_BUCKET + change)
    both = [tmp_path / "a.csv", tmp_path / "b.csv"]
    with pytest.raises(QuestionError, match="nothing says whose they are") as asked:
        read_ledger(both, as_of=DAY)
    assert [answer.to for answer in asked.value.answers] == ["entity"]
    ledger = read_ledger(both, as_of=DAY, entities={"a.csv": "A", "b.csv": "B"})
    assert aging_json(age(ledger, DAY, by="entity"))["total"] == 5420.0


def test_balances_and_documents_are_no_one_ledger(tmp_path):
    (tmp_path / "a.csv").write_text(NEGATIVE_IN_A_BUCKET)
    (tmp_path / "b.csv").write_text("Customer ID,Document,Document date,Due date,Amount\nC,1,2026-01-05,2026-01-20,7\n")
    with pytest.raises(LedgerError, match="balances by customer, others documents: read them one by one"):
        read_ledger([tmp_path / "a.csv", tmp_path / "b.csv"], as_of=DAY)


# ---- the workbook


def closed(ledger, day=DAY, chosen=Settings()):  # noqa: B008
    return close_month(ledger, chosen, day, refreshed="2026-02-02 08:00:00", version="test")


def ties(month, total):
    """Hold every total of the workbook against one figure."""
    (sheet,) = (one for one in month.sheets if one.name == "Aging")
    tables, labels = month.tables, [column.key for column in sheet.tables().__next__().columns][1:-2]
    aged = tables["tblAging"]
    assert math.fsum(aged.column("total")) == pytest.approx(total)
    assert math.fsum(value for label in labels for value in aged.column(label)) == pytest.approx(total)
    assert month.fields["aging_total"] == pytest.approx(total)
    assert month.fields["kpi_receivables"] == pytest.approx(total)
    assert math.fsum(tables["tblByStatus"].column("receivables")) == pytest.approx(total)
    assert math.fsum(tables["tblByRegion"].column("receivables")) == pytest.approx(total)
    assert math.fsum(tables["tblItems"].column("open_at")) == pytest.approx(total)
    assert "Act" not in tables["tblChecks"].column("result")
    owed = math.fsum(value for value in aged.column("total") if value > 0)
    assert math.fsum(tables["tblWorklist"].column("open")) == pytest.approx(owed)


@pytest.mark.parametrize("name", FILES)
def test_every_total_of_the_workbook_ties(name, tmp_path):
    ties(closed(ledger_of(tmp_path, FILES[name][0], as_of=DAY)), sum(FILES[name][1].values()))


CENTS = st.integers(-10_000_000, 10_000_000)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(CENTS, CENTS, CENTS, CENTS), min_size=1, max_size=6))
def test_whatever_the_balances_every_total_ties(tmp_path_factory, rows):
    lines = [",".join(f"{cents / 100:.2f}" for cents in (*row, sum(row))) for row in rows]
    text = "Debtor,Current,1-30,31-90,91+,Total\n" + "".join(f"C{i},{line}\n" for i, line in enumerate(lines))
    if not any(map(any, rows)):
        return
    ledger = ledger_of(tmp_path_factory.mktemp("b"), text, as_of=DAY, answers={"signs": "as-is"})
    ties(closed(ledger), sum(map(sum, rows)) / 100)


def test_what_needs_documents_says_so(tmp_path):
    month = closed(ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY))
    figures = ("kpi_dso", "kpi_dso_countback", "kpi_cei", "kpi_ddso", "kpi_best", "kpi_sales")
    assert {month.fields.get(name) for name in figures} == {TEXT}
    assert month.fields["forecast_basis"] == TEXT
    assert set(month.tables["tblMonthly"].column("cei")) == {TEXT}
    purposes = {sheet.name: sheet.purpose for sheet in month.sheets}
    assert purposes["Forecast"].startswith(TEXT)
    assert not purposes["Aging"].startswith(TEXT)


def test_no_sheet_shows_a_document_or_its_date(tmp_path):
    month = closed(ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY))
    items, work = month.tables["tblItems"], month.tables["tblWorklist"]
    assert {*items.column("document_no"), *work.column("document_no")} == {""}
    assert {*items.column("document_date"), *items.column("due_date")} == {NO_DATE}
    assert {*work.column("due_date")} == {None}
    assert {*work.column("reminder"), *work.column("escalation"), *work.column("legal")} == {""}


def test_sheets_have_the_files_own_buckets(tmp_path):
    own = "Debtor,Current,1-15,16-45,46+,Total\nC,1.00,2.00,3.00,4.00,10.00\n"
    month = closed(ledger_of(tmp_path, own, as_of=DAY))
    assert month.settings.bucket_edges == (15, 45)
    assert month.tables["tblByStatus"].column("segment") == ["Credits", "Current", "1-15", "16-45", "45+", "No date"]
    ties(month, 10.0)


def test_a_part_of_a_balance_is_found_again_by_what_it_is(tmp_path):
    ledger = ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY)
    keys = ledger.items[["customer_id", "kind", "document_no", "instalment"]]
    assert not keys.duplicated().any()
    assert keys["instalment"].tolist() == ["Current", "1-30", "31-60", "61-90", "1-30", "91+"]


@pytest.mark.parametrize("name", ["negative in a bucket", "two columns"])
def test_the_file_shows_when_recalculated_what_was_written(name, tmp_path):
    path = tmp_path / "month.xlsx"
    file.write(path, closed(ledger_of(tmp_path, FILES[name][0], as_of=DAY)))
    assert compare_cached(path) == []


def test_next_month_is_told_against_none_before(tmp_path):
    path = tmp_path / "month.xlsx"
    file.write(path, closed(ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of=DAY)))
    later = ledger_of(tmp_path, NEGATIVE_IN_A_BUCKET, as_of="2026-02-28")
    month = close_month(
        later, Settings(), "2026-02-28", entries=read_back(path)[1], refreshed="2026-03-02 08:00:00", version="test"
    )
    ties(month, 2710)
    assert month.tables["tblMonthly"].column("receivables") == [2710, 2710]
    assert month.fields["hour_compared"] == TEXT
    assert month.tables["tblNotPlaced"].rows == 0


def test_a_customer_whose_balance_is_a_word_is_left_out_and_named(tmp_path):
    text = "Customer,Current,1-30,31+,Total\nA,7.00,2.00,3.00,12.00\nB,1.00,1.00,,2.00\nC,0.00,0.00,0.00,pending\n"
    ledger = ledger_of(tmp_path, text, as_of=DAY)
    assert ledger.exceptions["reason"].tolist() == ["no amount in column 'Total'"]
