"""The forecast: a published survival curve, an implementation by loops, and what it is worth at past month ends."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.errors import excel_text
from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger import payment_times
from xlwings_addin.ledger.days import day_number, iso, month_ends
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end import close_month
from xlwings_addin.sample import generate
from xlwings_addin.settings import Rate, Settings

AS_OF = day_number("2024-06-30")


def ledger_of(folder, items, receipts=None, **more):
    """A ledger of rows: items and receipts as dicts by heading."""
    folder.mkdir(exist_ok=True)
    pd.DataFrame(items).to_csv(folder / "items.csv", index=False)
    if receipts is not None:
        columns = ["Document", "Customer ID", "Date", "Amount", "Kind"]
        pd.DataFrame(receipts, columns=columns).to_csv(folder / "receipts.csv", index=False)
        more["receipts"] = folder / "receipts.csv"
    return read_ledger([folder / "items.csv"], **more)


def item(number, document, due, amount=100.0, customer="C1", **more):
    return {
        "Customer ID": customer,
        "Document": f"D{number}",
        "Document date": iso(document),
        "Due date": "" if due is None else iso(due),
        "Amount": amount,
    } | more


def receipt(number, day, amount=100.0, kind="cash", customer="C1"):
    return {"Document": f"D{number}", "Customer ID": customer, "Date": iso(day), "Amount": amount, "Kind": kind}


def cents(ledger):
    return np.full(len(ledger.items), 0.01)


def expected(ledger, day=AS_OF, disputed=None):
    worth = cents(ledger)
    odd = np.zeros(len(ledger.items), bool) if disputed is None else disputed
    known = payment_times.debts(ledger, day, worth)
    return known, payment_times.expect(known, payment_times.learn(ledger, known, worth, odd), odd)


def of_item(ledger, known, result, document):
    place = known.rows[known.open].tolist().index(ledger.items["document_no"].tolist().index(document))
    return result.weeks[:, place], float(result.later[place]), float(result.lost[place])


def month_of(ledger, as_of, settings=Settings(), entries=None):  # noqa: B008
    return close_month(ledger, settings, as_of, entries=entries, refreshed="2026-11-02 08:00:00", version="test")


def column(month, table, key):
    return np.array(month.tables[table].column(key), float)


@pytest.fixture(scope="module")
def sample_ledger(sample_files):
    return read_ledger([sample_files.ledger], receipts=sample_files.receipts, customers=sample_files.customers)


@pytest.fixture(scope="module")
def ibm_ledger(ibm_folder):
    return read_ledger([ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv"])


# ---------------------------------------------------------------- the estimate


def test_the_survival_curve_of_freireichs_patients(tmp_path):
    """Remission under 6-MP, the textbook case of Kaplan and Meier's estimate: paid for relapsed, open for censored.

    Freireich et al. 1963; the survival function as printed in Cox and Oakes, Analysis of Survival Data, 1984.
    """
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    items = [item(i, AS_OF - 60, AS_OF - 60) for i, _ in enumerate(relapsed)]
    items += [item(100 + i, AS_OF - days, AS_OF - days) for i, days in enumerate(censored)]
    receipts = [receipt(i, AS_OF - 60 + days) for i, days in enumerate(relapsed)]
    ledger = ledger_of(tmp_path, [*items, item(999, AS_OF, AS_OF)], receipts)
    known, result = expected(ledger)
    weeks, _, _ = of_item(ledger, known, result, "D999")
    survival = [1.0, 0.807, 0.690, 0.627, 0.448]
    assert weeks[:4] / 100 == pytest.approx(-np.diff(survival), abs=0.0011)
    # One that has survived 10 days is no longer measured by the whole curve.
    weeks, _, _ = of_item(ledger, known, result, "D102")
    assert weeks[0] / 100 == pytest.approx(1 - 0.627 / 0.753, abs=0.0011)


def by_loops(items, paid, day):
    """Expected cash by week of open items, for one customer: day by day, item by item, class by class."""
    edges = payment_times.EDGES

    def class_of(age):
        return max(c for c in range(len(edges) - 1) if edges[c] <= age)

    def open_on(number, when):
        """What is open at the end of a day."""
        return items[number][2] - sum(a for n, d, a, _ in paid if n == number and d <= when)

    risk, gone, cash = {}, {}, {}
    for number, (document, due, _) in enumerate(items):
        for when in range(max(document, day - payment_times.LEARNED_DAYS + 1), day + 1):
            place = class_of(when - due)
            before = items[number][2] if when == document else open_on(number, when - 1)
            risk[place] = risk.get(place, 0) + before
            for n, d, a, kind in paid:
                if n == number and d == when:
                    gone[place] = gone.get(place, 0) + a
                    cash[place] = cash.get(place, 0) + a * (kind == "cash")
    weeks = np.zeros(payment_times.WEEKS)
    for number, (_, due, _) in enumerate(items):
        left = open_on(number, day)
        for ahead in range(1, payment_times.HORIZON + 1):
            place = class_of(day + ahead - due)
            if gone.get(place):
                goes = left * gone[place] / risk[place]
                weeks[(ahead - 1) // 7] += goes * cash[place] / gone[place]
                left -= goes
    return weeks


@settings(max_examples=25)
@given(data=st.data())
def test_it_is_what_loops_over_days_make_of_it(tmp_path_factory, data):
    draw = data.draw
    count = draw(st.integers(1, 8))
    items, paid = [], []
    for number in range(count):
        document = AS_OF - draw(st.integers(0, 120))
        items.append((document, document + draw(st.integers(0, 45)), draw(st.integers(1, 500))))
        left, day = items[-1][2], document
        for _ in range(draw(st.integers(0, 3))):
            day, amount = day + draw(st.integers(0, 40)), draw(st.integers(1, 300))
            if day <= AS_OF and left > 0:
                paid.append((number, day, min(amount, left), draw(st.sampled_from(["cash", "write-off"]))))
                left -= min(amount, left)
    folder = tmp_path_factory.mktemp("loops")
    rows = [item(i, document, due, amount) for i, (document, due, amount) in enumerate(items)]
    ledger = ledger_of(folder, rows, [receipt(*row) for row in paid])
    known, result = expected(ledger)
    assert result.weeks.sum(axis=1) == pytest.approx(by_loops(items, paid, AS_OF), abs=1e-6)
    parts = result.weeks.sum(axis=0) + result.later + result.lost
    assert parts == pytest.approx(known.balance[known.open])
    assert (result.weeks >= 0).all()
    assert (result.later >= -1e-9).all()


def two_customers(slow=40):
    """Forty invoices each, monthly terms: one pays on the day, one this many days late."""
    items, receipts = [], []
    for number in range(80):
        customer = "FAST" if number % 2 else "SLOW"
        document = AS_OF - 330 + number * 3
        items.append(item(number, document, document + 30, customer=customer))
        receipts.append(receipt(number, document + 30 + (0 if number % 2 else slow), customer=customer))
    return items, receipts


def test_customers_are_taken_for_themselves_and_new_ones_for_the_average(tmp_path):
    items, receipts = two_customers()
    new = [item(900 + i, AS_OF - 24, AS_OF + 6, customer=name) for i, name in enumerate(("FAST", "SLOW", "NEW"))]
    ledger = ledger_of(tmp_path, items + new, [row for row in receipts if row["Date"] <= iso(AS_OF)])
    known, result = expected(ledger)
    first = {
        name: of_item(ledger, known, result, f"D{900 + i}")[0][0] for i, name in enumerate(("FAST", "SLOW", "NEW"))
    }
    assert first["FAST"] > 85
    assert first["SLOW"] < 15
    assert first["SLOW"] < first["NEW"] < first["FAST"]
    assert first["NEW"] == pytest.approx(50, abs=10)


def test_an_item_without_a_due_date_takes_its_customers_usual_terms(tmp_path):
    items, receipts = two_customers()
    document = AS_OF - 24
    dated, undated = item(900, document, document + 30, customer="FAST"), item(901, document, None, customer="FAST")
    ledger = ledger_of(tmp_path, [*items, dated, undated], receipts)
    known, result = expected(ledger)
    assert of_item(ledger, known, result, "D901")[0] == pytest.approx(of_item(ledger, known, result, "D900")[0])


def test_disputed_items_go_at_their_own_pace(tmp_path):
    items, receipts = [], []
    for number in range(120):
        document = AS_OF - 360 + number * 2
        disputed = number % 3 == 0
        items.append(item(number, document, document + 30, Disputed="yes" if disputed else "no"))
        late = 60 if disputed else number % 7
        if document + 30 + late <= AS_OF:
            receipts.append(receipt(number, document + 30 + late))
    items += [item(900 + i, AS_OF - 30, AS_OF, Disputed=word) for i, word in enumerate(("yes", "no"))]
    ledger = ledger_of(tmp_path, items, receipts)
    known, result = expected(ledger, disputed=(ledger.items["disputed"] == "yes").to_numpy(bool))
    disputed, undisputed = (of_item(ledger, known, result, f"D{900 + i}")[0][0] for i in range(2))
    assert disputed < undisputed / 2
    assert month_of(ledger, AS_OF).fields["forecast_dispute_pace"] < 0.5


# ---------------------------------------------------------------- only what was known


def with_future(ledger, day):
    """The ledger with what came later: a payment of everything open, and a new invoice for each item."""
    arrays = ledger.items["amount"].to_numpy(np.int64)
    more = pd.DataFrame(
        {
            "item": np.arange(len(arrays)),
            "date": np.full(len(arrays), day + 1, np.int32),
            "amount": arrays,
            "kind": pd.Series(["cash"] * len(arrays), dtype="str"),
        }
    ).astype(ledger.receipts.dtypes.to_dict())
    items = ledger.items.copy()
    items["document_date"] = np.full(len(items), day + 1, np.int32)
    items["document_no"] = ("later " + items["document_no"]).astype("str")
    return replace(
        ledger,
        items=pd.concat([ledger.items, items], ignore_index=True),
        receipts=pd.concat([ledger.receipts, more], ignore_index=True),
    )


@pytest.mark.parametrize("back", [0, 75])
def test_what_came_later_changes_nothing(small_files, small_company, back):
    ledger = read_ledger([small_files.ledger], receipts=small_files.receipts, customers=small_files.customers)
    day = day_number(small_company.as_of) - back
    before, after = month_of(ledger, day), month_of(with_future(ledger, day), day)
    for table in ("tblForecast", "tblBacktest", "tblBacktestWeeks"):
        for key in before.tables[table].columns:
            assert list(after.tables[table].column(key)) == list(before.tables[table].column(key)), (table, key)
    assert all(after.fields[name] == before.fields[name] for name in before.fields if name.startswith("forecast"))


# ---------------------------------------------------------------- what it is worth


def trial_errors(ledger, ends):
    """Errors of ours and of the two naive forecasts over several month ends, and our bias."""
    worth, nobody = cents(ledger), np.zeros(len(ledger.items), bool)
    trials = [t for end in ends for t in payment_times.back_test(ledger, end, worth, lambda _: nobody, trials=1)]
    assert len(trials) == len(ends)
    errors = [
        payment_times.error(trials, [getattr(trial, kind) for trial in trials])
        for kind in ("forecast", "on_due_dates", "at_average_delay")
    ]
    bias = sum(t.forecast.sum() for t in trials) / sum(t.received.sum() for t in trials) - 1
    return errors, bias


def shown(month, name):
    fields = month.fields
    ours, due, average = (fields[f"backtest_{key}"] for key in ("error", "error_due", "error_average"))
    print(f"\n{name}: error {ours:.1%}; paid on due date {due:.1%}; paid at average delay {average:.1%}")
    return ours, due, average


def test_the_back_test_of_the_sample_company(sample_ledger, sample_company):
    month = month_of(sample_ledger, sample_company.as_of)
    ours, due, average = shown(month, "sample company")
    assert month.tables["tblBacktest"].column("label") == ["Jun 2026", "Jul 2026", "Aug 2026"]
    assert ours < 0.5 * min(due, average)
    assert ours < 0.12


@pytest.mark.parametrize("as_of", ["2012-12-31", "2013-06-30", "2013-12-31"])
def test_the_back_test_of_the_ibm_set(ibm_ledger, as_of):
    ours, due, average = shown(month_of(ibm_ledger, as_of), f"IBM set, {as_of}")
    assert ours < 0.85 * min(due, average)


def test_the_ibm_back_test_reckoned_apart(ibm_ledger, ibm_folder):
    """Actuals and both naive forecasts from the file itself, with pandas."""
    frame = pd.read_csv(ibm_folder / "WA_Fn-UseC_-Accounts-Receivable.csv")
    for name in ("InvoiceDate", "DueDate", "SettledDate"):
        frame[name] = pd.to_datetime(frame[name], format="%m/%d/%Y")
    month = month_of(ibm_ledger, "2013-12-31")
    weeks = month.tables["tblBacktestWeeks"]
    for i in range(weeks.rows):
        start = pd.Timestamp(iso(weeks.column("as_of")[i]))
        opened = frame[(frame.InvoiceDate <= start) & (frame.SettledDate > start)]
        first, last = (pd.Timestamp(iso(weeks.column(key)[i])) for key in ("from", "to"))
        assert (last - first).days == 6
        came = opened[opened.SettledDate.between(first, last)].InvoiceAmount.sum()
        due = opened.DueDate.clip(lower=start + pd.Timedelta(days=1))
        paid = frame[frame.SettledDate <= start]
        delay = np.average((paid.SettledDate - paid.DueDate).dt.days, weights=paid.InvoiceAmount)
        late = (opened.DueDate + pd.Timedelta(days=round(delay))).clip(lower=start + pd.Timedelta(days=1))
        assert weeks.column("received")[i] == pytest.approx(came, abs=0.006)
        assert weeks.column("due")[i] == pytest.approx(opened[due.between(first, last)].InvoiceAmount.sum(), abs=0.006)
        assert weeks.column("average")[i] == pytest.approx(
            opened[late.between(first, last)].InvoiceAmount.sum(), abs=0.006
        )


def test_it_holds_at_other_dates_and_for_other_companies(ibm_ledger, tmp_path):
    """No choice was made on these: month ends of two years, and companies of other seeds and sizes."""
    ends = month_ends(day_number("2012-06-30"), day_number("2013-12-31"))
    (ours, due, average), bias = trial_errors(ibm_ledger, [int(end) for end in ends])
    print(f"\nIBM set, 19 dates: {ours:.1%} against {due:.1%} and {average:.1%}")
    assert ours < 0.7 * min(due, average)
    assert abs(bias) < 0.02
    for seed, invoices, customers in ((21, 6_000, 150), (22, 6_000, 150), (23, 2_500, 40)):
        company = generate(seed, months=24, customers=customers, invoices=invoices)
        files = company.write(tmp_path / str(seed))
        ledger = read_ledger([files.ledger], receipts=files.receipts)
        last = day_number(company.as_of)
        (ours, due, average), bias = trial_errors(ledger, [last - back for back in (0, 45, 90, 150, 210, 270)])
        print(f"sample company {seed}: {ours:.1%} against {due:.1%} and {average:.1%}")
        assert ours < 0.55 * min(due, average)
        assert abs(bias) < 0.08


def test_the_band_holds_weeks_that_did_not_make_it(sample_ledger, sample_company):
    worth, nobody = cents(sample_ledger), np.zeros(len(sample_ledger.items), bool)
    inside = []
    for back in range(0, 300, 30):
        day = day_number(sample_company.as_of) - payment_times.HORIZON - back
        trials = payment_times.back_test(sample_ledger, day, worth, lambda _: nobody)
        known, result = expected(sample_ledger, day)
        low, high = payment_times.band(trials, result.weeks.sum(axis=1))
        came = payment_times.came(sample_ledger, known, worth)
        assert (low <= result.weeks.sum(axis=1)).all()
        inside += ((low <= came) & (came <= high)).tolist()
    print(f"\n{np.mean(inside):.0%} of {len(inside)} weeks inside the band")
    assert 0.65 < np.mean(inside) < 0.98


# ---------------------------------------------------------------- the sheet


def test_the_sheet_ties_to_the_open_items(sample_ledger, sample_company, ibm_ledger):
    for ledger, as_of in ((sample_ledger, sample_company.as_of), (ibm_ledger, "2013-06-30")):
        fields = month_of(ledger, as_of).fields
        assert fields["forecast_difference"] == 0
        parts = [fields[f"forecast_{name}"] for name in ("in_weeks", "later", "lost", "credits")]
        assert sum(parts) == pytest.approx(fields["aging_total"], abs=0.005)
        assert fields["forecast_later"] >= 0
        assert fields["forecast_lost"] >= 0


def payers(folder, extra=(), more_receipts=(), **options):
    """A customer who pays on the due date, and two open items: one due in ten days, one overdue by five."""
    items, receipts = two_customers(slow=20)
    items += [
        item(900, AS_OF - 20, AS_OF + 10, 1000.0, "FAST"),
        item(901, AS_OF - 35, AS_OF - 5, 500.0, "SLOW"),
        *extra,
    ]
    return ledger_of(folder, items, [*receipts, *more_receipts], **options)


def parts(month, key):
    return column(month, "tblForecast", key)


def activity(**cells):
    line = {"date": AS_OF - 1, "who": "", "customer_id": "SLOW", "document_no": "D901", "kind": "promise"} | cells
    return Entries(stored={"tblActivity": Stored((line,))})


KEY_901 = ("", "SLOW", "invoice", "D901", "", "")


def typed(**cells):
    return Entries(tables={"tblWorklist": TableEntries({KEY_901: cells})})


@pytest.mark.parametrize(
    ("entries", "week", "amount"),
    [
        (Entries(), 0, 0.0),
        (activity(for_date=AS_OF + 20), 2, 500.0),
        (activity(for_date=AS_OF + 20, amount=120.0), 2, 120.0),
        (activity(for_date=AS_OF + 20, document_no=""), 2, 500.0),
        (activity(for_date=AS_OF - 1), 0, 500.0),  # within the days of grace
        (activity(for_date=AS_OF - 10), 0, 0.0),  # broken
        (activity(for_date=AS_OF + 20, date=AS_OF + 1), 0, 0.0),  # logged after the as-of day
        (typed(**{"Promised for": dt.date(2024, 7, 1)}), 0, 500.0),
        (typed(**{"Promised for": dt.date(2024, 7, 20), "Promised amount": 80.0}), 2, 80.0),
    ],
)
def test_a_promise_stands_in_the_week_it_is_promised_for(tmp_path, entries, week, amount):
    ledger = payers(tmp_path)
    month = month_of(ledger, AS_OF, entries=entries)
    promised = parts(month, "promised")
    assert promised[week] == pytest.approx(amount)
    assert promised.sum() == pytest.approx(amount)
    without = month_of(ledger, AS_OF)
    rest = parts(without, "overdue").sum() * (1 - amount / 500)
    assert parts(month, "overdue").sum() == pytest.approx(rest, abs=0.05)
    assert parts(month, "not_due") == pytest.approx(parts(without, "not_due"))
    assert month.fields["forecast_difference"] == 0


def test_a_promise_of_the_ledger_counts_and_what_is_typed_wins(tmp_path):
    late = item(902, AS_OF - 60, AS_OF - 30, 300.0, "SLOW") | {"Promise date": iso(AS_OF + 8)}
    ledger = payers(tmp_path, [late])
    assert parts(month_of(ledger, AS_OF), "promised")[1] == 300.0
    wins = month_of(ledger, AS_OF, entries=activity(document_no="D902", for_date=AS_OF + 15))
    assert parts(wins, "promised")[2] == 300.0
    # A sum for the whole account pays its oldest item first.
    account = month_of(ledger, AS_OF, entries=activity(document_no="", for_date=AS_OF + 15, amount=350.0))
    assert parts(account, "promised")[2] == 350.0


def test_a_credit_lowers_expected_cash_only_when_it_is_applied(tmp_path):
    note = item(903, AS_OF - 3, None, -400.0, "FAST", Kind="credit note")
    without, with_note = payers(tmp_path / "a"), payers(tmp_path / "b", [note])
    applied = payers(
        tmp_path / "c",
        [note],
        [receipt(903, AS_OF, -400.0, "credit note", "FAST"), receipt(900, AS_OF, 400.0, "credit note", "FAST")],
    )
    months = [month_of(ledger, AS_OF) for ledger in (without, with_note, applied)]
    before, stands, after = (parts(month, "expected").sum() for month in months)
    assert stands == pytest.approx(before, abs=0.01)
    assert after < before - 300
    assert [month.fields["forecast_credits"] for month in months] == [0, -400, 0]
    assert all(month.fields["forecast_difference"] == 0 for month in months)


def test_a_list_of_open_items_has_no_forecast_but_says_what_would_make_one(tmp_path):
    rows = [item(1, AS_OF - 40, AS_OF - 10, 70.0) | {"Open amount": 70.0}]
    rows += [item(2, AS_OF - 10, AS_OF + 20, 30.0) | {"Open amount": 30.0}]
    month = month_of(ledger_of(tmp_path, rows), AS_OF)
    assert month.fields["forecast_basis"].startswith("Not known")
    assert "receipts" in month.fields["forecast_basis"]
    table = month.tables["tblForecast"]
    assert not any(value is not None for key in ("expected", "low", "cumulative") for value in table.column(key))
    assert [value for value in table.column("naive") if value] == [70.0, 30.0]
    assert month.tables["tblBacktest"].rows == 0
    assert month.fields.get("forecast_later") is None


def test_a_few_payments_are_no_behaviour(tmp_path):
    items, receipts = two_customers()
    few = ledger_of(tmp_path, [*items[:10], item(900, AS_OF - 20, AS_OF + 10)], receipts[:10])
    month = month_of(few, AS_OF)
    assert month.fields["forecast_basis"].startswith("Not known: 10 payments")
    assert month.fields.get("forecast_later") is None


def test_currencies_are_converted_and_a_missing_rate_is_told(tmp_path):
    items, receipts = two_customers()
    items.append(item(900, AS_OF - 24, AS_OF + 6, 200.0, "FAST"))
    for i, row in enumerate(items):
        row["Currency"] = "USD" if i % 4 == 0 else "EUR"
    ledger = ledger_of(tmp_path, items, [row for row in receipts if row["Date"] <= iso(AS_OF)])
    rates = (Rate("USD", "2020-01-01", 0.5),)
    base = Settings(base_currency="EUR")
    missing = month_of(ledger, AS_OF, base)
    assert "USD" in missing.fields["forecast_basis"]
    for key in ("expected", "overdue", "low", "cumulative", "naive"):
        assert {excel_text(value) for value in missing.tables["tblForecast"].column(key)} == {"#N/A"}
    assert excel_text(missing.fields["forecast_in_weeks"]) == "#N/A"
    known = month_of(ledger, AS_OF, replace(base, rates=rates))
    assert known.fields["forecast_difference"] == 0
    assert known.fields["forecast_open"] == pytest.approx(known.fields["aging_total"])
    assert parts(known, "expected").sum() > 0


def test_undated_days_do_not_reach_the_arithmetic(tmp_path):
    rows = [item(i, AS_OF - 70 + i, None) for i in range(60)]
    ledger = ledger_of(tmp_path, rows, [receipt(i, AS_OF - 70 + i + 20) for i in range(50)])
    known, result = expected(ledger)
    assert (known.due < NO_DATE).all()
    assert result.weeks[0].sum() > 0
