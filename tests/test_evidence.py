"""Evidence in the columns of a table: sums that prove or contradict, rivals that are asked, customers in own rows."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from xlwings_addin.ledger import words
from xlwings_addin.ledger.errors import QuestionError
from xlwings_addin.ledger.evidence import currencies, groups
from xlwings_addin.ledger.evidence.columns import JUDGED
from xlwings_addin.ledger.evidence.identities import CENT, DAYS, MONEY, RUNNING
from xlwings_addin.ledger.evidence.proposal import propose
from xlwings_addin.ledger.files.table import RawTable, columns_of
from xlwings_addin.ledger.mapping import unique
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.recognition import by_evidence

# ---- identities

COUNT = 200
N = np.arange(COUNT, dtype=np.int64)
AMOUNT = (N + 100) * 100 * CENT
PAID, CREDITED, TAX = (N + 1) * CENT * 3, (N + 2) * CENT, (N + 100) * 20 * CENT
ONE, THREE = np.zeros(COUNT, np.int64), N % 3
DEBIT, CREDIT = np.where(N % 4, AMOUNT, 0), np.where(N % 4, 0, AMOUNT)
ADDED_UP = np.cumsum(AMOUNT)
BY_CUSTOMER = np.zeros(COUNT, np.int64)
for one in range(3):
    BY_CUSTOMER[one == THREE] = np.cumsum(AMOUNT[one == THREE])
DAY = 20_484
TRUE = {
    "Open = Amount - Paid": {"amount": AMOUNT, "paid_amount": PAID, "open_amount": AMOUNT - PAID},
    "Open = Amount - Paid - Credited": {
        "amount": AMOUNT,
        "paid_amount": PAID,
        "credited_amount": CREDITED,
        "open_amount": AMOUNT - PAID - CREDITED,
    },
    "Open = Amount - Credited": {"amount": AMOUNT, "credited_amount": CREDITED, "open_amount": AMOUNT - CREDITED},
    "Amount = Net + Tax": {"net_amount": AMOUNT, "tax_amount": TAX, "movement": AMOUNT + TAX},
    "Amount = Debit - Credit": {"debit": DEBIT, "credit": CREDIT, "amount": DEBIT - CREDIT},
    "Open = Debit - Credit": {"debit": DEBIT, "credit": CREDIT, "open_amount": DEBIT - CREDIT},
    "Balance = balance before + Amount, by customer": {
        "movement": AMOUNT,
        "account": THREE,
        "running_balance": BY_CUSTOMER,
    },
    "Balance = balance before + Amount": {"movement": AMOUNT, "whole": ONE, "running_balance": ADDED_UP},
    "Balance = balance before + Amount, by group": {
        "movement": AMOUNT,
        "section": THREE,
        "running_balance": BY_CUSTOMER,
    },
    "Balance = sum of its ages": {"open_amount": AMOUNT, "ages": AMOUNT.copy()},
    "Amount - Paid = sum of its ages": {"amount": AMOUNT, "paid_amount": PAID, "ages": AMOUNT - PAID},
    "Credited is no more than Amount": {"amount": AMOUNT, "credited_amount": AMOUNT.copy()},
    "Paid is no more than Amount": {"amount": AMOUNT, "paid_amount": AMOUNT.copy()},
    "Open is no more than Amount": {"amount": AMOUNT, "open_amount": AMOUNT.copy()},
    "Due date + Days overdue = one same day": {"days_overdue": N % 90 + 1, "due_date": DAY - N % 90 - 1},
    "Due date = document date + usual terms": {"document_date": DAY + N, "due_date": DAY + N + 60},
}
"""A ledger of which each is true; the last column of each is the one that is changed below."""
EVERY = pytest.mark.parametrize("identity", [*MONEY, *RUNNING, *DAYS], ids=lambda identity: identity.told)


def changed(identity, rows, by):
    values = {key: column.copy() for key, column in TRUE[identity.told].items()}
    [*values.values()][-1][rows] += by
    return values


def step(identity):
    """The least that is too much: two cents, or a day."""
    return 1 if identity in DAYS else 2 * CENT


@EVERY
def test_a_sum_that_holds_proves(identity):
    verdict = identity.verdict(TRUE[identity.told])
    assert verdict.says == ("proven" if identity.proves else "open")
    assert verdict.count == verdict.of >= COUNT - 3
    assert str(verdict) == f"{identity.told} on {verdict.of} of {verdict.of} rows"


@EVERY
def test_a_sum_that_fails_on_more_than_one_row_of_a_hundred_contradicts(identity):
    verdict = identity.verdict(changed(identity, [50, 60, 70], step(identity)))
    assert verdict.says == ("contradicted" if identity.contradicts else "open")
    assert verdict.count < verdict.of


@pytest.mark.parametrize("identity", [*MONEY, *RUNNING], ids=lambda identity: identity.told)
def test_a_cent_of_rounding_is_no_failure(identity):
    assert identity.verdict(changed(identity, [50, 60, 70], CENT)).says == ("proven" if identity.proves else "open")


@EVERY
def test_fewer_than_three_rows_that_tell_prove_nothing(identity):
    whole = TRUE[identity.told]
    two = np.flatnonzero(identity.telling(whole))[1] + 1
    verdict = identity.verdict({key: column[:two] for key, column in whole.items()})
    assert verdict.of == 2
    assert verdict.says == ("possible" if identity.proves else "open")


@EVERY
def test_a_sum_that_no_row_tells_says_nothing(identity):
    assert identity.verdict({key: column[:0] for key, column in TRUE[identity.told].items()}).says == "open"


def test_a_paid_column_of_zeros_proves_no_open_column():
    (identity,) = [one for one in MONEY if one.told == "Open = Amount - Paid"]
    values = {"amount": AMOUNT, "paid_amount": ONE, "open_amount": AMOUNT}
    assert identity.verdict(values).says == "open"


# ---- the reading of a table

HEAD = "Customer No,Invoice No,Invoice Date,Due Date"
ROWS = 12


def table(titles, rows):
    headers = tuple(titles.split(","))
    return RawTable("x.csv", "", headers, columns_of(rows, len(headers)), np.arange(2, 2 + len(rows)))


def document(n):
    return [f"C{n // 4}", f"INV-{n}", f"2026-01-{n + 1:02}", f"2026-01-{n + 11:02}"]


def amount(n):
    return 100 + 7.25 * n


def paid(n):
    return (0, 30, 20.5, 10)[n % 4]


def read(titles, cells, first=document, head=HEAD):
    """What is proposed for a table of documents with further columns: role -> heading, and the proposal."""
    rows = [first(n) + [one if isinstance(one, str) else f"{one:.2f}" for one in cells(n)] for n in range(ROWS)]
    made = table(f"{head},{titles}", rows)
    found = propose(made)
    return {key: made.headers[place] for key, place in found.places.items()}, found


def test_open_amount_and_paid_prove_each_other_under_any_heading():
    roles, found = read("Amount,Paid,Wobble", lambda n: (amount(n), paid(n), amount(n) - paid(n)))
    assert (roles["amount"], roles["paid_amount"], roles["open_amount"]) == ("Amount", "Paid", "Wobble")
    assert found.proof["open_amount"] == "Open = Amount - Paid on 9 of 9 rows"
    assert found.open_points == ()


def test_rivals_are_asked_with_the_total_that_each_gives():
    _, found = read("Amount,Wobble,Wubble", lambda n: (amount(n), amount(n) - paid(n), paid(n)))
    (point,) = found.open_points
    left, gone = sum(amount(n) - paid(n) for n in range(ROWS)), sum(paid(n) for n in range(ROWS))
    assert {(one.key, one.heading): one.total for one in point} == {
        ("open_amount", "Wobble"): left,
        ("open_amount", "Wubble"): gone,
    }


def test_what_was_answered_is_not_asked_again(tmp_path):
    rows = [
        [*document(n), *(f"{one:.2f}" for one in (amount(n), paid(n), amount(n) - paid(n) + 5 * (n == 1)))]
        for n in range(ROWS)
    ]
    path = tmp_path / "items.csv"
    path.write_text("\n".join(map(",".join, [[*HEAD.split(","), "Total", "Paid", "Open"], *rows])))
    unpaid = round(100 * sum(amount(n) - paid(n) for n in range(ROWS)))
    for answered, total in ({"open_amount": "Open"}, unpaid + 500), ({"open_amount": "none"}, unpaid):
        items = read_ledger(path, answers={"columns": answered}).items
        assert items["open_amount"].sum() == total


@pytest.mark.parametrize(
    ("titles", "cells"),
    [
        ("Amount,Wobble", lambda n: (amount(n), amount(n) - paid(n))),
        ("Wibble,Wobble", lambda n: (amount(n), amount(n) - paid(n))),
        ("Amount,Wobble", lambda n: (amount(n), 900.5 - 3 * amount(n))),
        ("Wib,Wobble", lambda n: (amount(n), 5 + n / 8)),
        ("#1,Wobble", lambda n: (amount(n), 5 + n / 8)),
        ("#1,#2", lambda n: (amount(n), 5 + n / 8)),
        ("Wib,Wobble", lambda n: (str(100 + 7 * n), 5 + n / 8)),
        ("Amount,Wobble", lambda n: (str(100 + 7 * n), str(5 + n % 3))),
    ],
    ids=[
        "beside an amount",
        "and none with words",
        "more than the amount",
        "of two unknown words",
        "a number for a heading",
        "numbers for headings",
        "whole numbers beside decimals",
        "whole numbers beside whole amounts",
    ],
)
def test_a_column_of_money_that_nothing_explains_is_asked(titles, cells):
    _, found = read(titles, cells)
    (point,) = found.open_points
    assert len(point) > 1
    assert len({one.total for one in point}) == len(point)


def unapplied(n):
    return (0, 5, 0, 12.5)[n % 4]


def left(n):
    return amount(n) - paid(n) - unapplied(n)


@pytest.mark.parametrize(
    ("titles", "cells"),
    [
        ("Open,Unapplied,Balance", lambda n: (amount(n), unapplied(n), amount(n) - unapplied(n))),
        ("Open,On account,Wobble", lambda n: (amount(n), -unapplied(n), amount(n) - unapplied(n))),
        ("Amount,Anzahlung,Open", lambda n: (amount(n), unapplied(n), amount(n) - unapplied(n))),
        ("Amount,Paid,Unapplied cash,Open", lambda n: (amount(n), paid(n), unapplied(n), left(n))),
    ],
)
def test_what_is_left_beside_what_is_unapplied_is_open(titles, cells):
    roles, found = read(titles, cells)
    assert (roles["open_amount"], found.open_points) == (titles.split(",")[-1], ())
    assert found.proof["open_amount"].endswith(" - Unapplied on 6 of 6 rows")


@pytest.mark.parametrize("title", ["Unapplied", "On account", "Unapplied payments", "Acompte", "Voorschot", "Zálohy"])
@pytest.mark.parametrize("titles", ["Amount,Open", "Balance", "Original Amount,Remaining Amount"])
def test_whether_what_is_unapplied_lowers_what_is_open_is_asked(tmp_path, title, titles):
    figures = ("95,70", "80,80", "64,60") if "," in titles else ("70", "80", "60")
    rows = [f"C1,{n},Invoice,2026-01-05,2026-02-05,{own},{n}" for n, own in enumerate(figures)]
    head = "Customer No.,Document No.,Document Type,Document Date,Due Date"
    path = tmp_path / "items.csv"
    path.write_text("\n".join([f"{head},{titles},{title}", *rows]), encoding="utf-8")
    with pytest.raises(QuestionError, match=f"'{title}' may be .* that lowers what is open") as asked:
        read_ledger(path)
    assert asked.value.answers[0].choices == (f"unapplied_amount={title}", "unapplied_amount=none")
    for answered, total in ((title, 20700), ("none", 21000)):
        items = read_ledger(path, answers={"columns": {"unapplied_amount": answered}}).items
        assert items["open_amount"].sum() == total


def test_what_is_unapplied_of_payments_is_what_is_open_of_them():
    def of_payments(n):
        return ("Payment", -amount(n), amount(n)) if n % 3 else ("Invoice", amount(n), 0)

    roles, found = read("Type,Open,Unapplied", of_payments)
    assert (roles["open_amount"], found.open_points) == ("Open", ())


@pytest.mark.parametrize("total", ["net", "gross"])
def test_what_is_unapplied_of_a_balance_has_no_age(tmp_path, total):
    path = tmp_path / "balances.csv"
    ages = ((100, 20, 15), (50, 5, 5), (70, 0, 0))
    rows = [
        f"C{n},{now},{late},0,{own},{now + late - own * (total == 'net')}" for n, (now, late, own) in enumerate(ages)
    ]
    path.write_text("\n".join(["Customer,Current,1-30,31+,Unapplied,Total", *rows]))
    said = {} if total == "net" else {"columns": {"unapplied_amount": "Unapplied"}}
    items = read_ledger(path, as_of="2026-03-31", answers=said).items
    parts = items.groupby("instalment")["open_amount"].sum()
    assert dict(parts) == {"Current": 22000, "1-30": 2500, "": -2000}


IN_ANY_LANGUAGE = {
    "Finnish": "Asiakas,Laskunumero,Laskupäivä,Eräpäivä,Summa,Maksettu,Avoinna",
    "Estonian": "Klient,Arve nr,Arve kuupäev,Maksetähtaeg,Kokku,Tasutud,Võlgnevus",
    "Hungarian": "Vevő,Számlaszám,Kelt,Esedékesség,Bruttó,Fizetve,Hátralék",
    "Greek": "Πελάτης,Παραστατικό,Ημερομηνία,Λήξη,Αξία,Εισπράξεις,Υπόλοιπο",
    "none": "Wi,Wa,Wo,Wu,We,Wy,Wau",
}
PAID_OF = ((1240, 240), (620, 0), (310, 10), (755, 0))


@pytest.mark.parametrize("decimals", [".00", ""])
@pytest.mark.parametrize("headings", IN_ANY_LANGUAGE.values(), ids=IN_ANY_LANGUAGE)
def test_a_column_that_was_named_settles_the_others_of_its_sum_in_any_language(tmp_path, headings, decimals):
    customer, number, date, due, whole, gone, left = headings.split(",")
    rows = [
        f"C-{n},R-{n},2026-01-0{n + 1},2026-01-{n + 15},{a}{decimals},{p}{decimals},{a - p}{decimals}"
        for n, (a, p) in enumerate(PAID_OF)
    ]
    path = tmp_path / "list.csv"
    path.write_text("\n".join([headings, *rows]), encoding="utf-8")
    who = {"customer_name": customer, "document_no": number, "document_date": date, "due_date": due}
    for said in ({"open_amount": left}, {"paid_amount": gone}, {"amount": whole, "open_amount": left}):
        items = read_ledger(path, base_currency="EUR", answers={"columns": {**who, **said}}).items
        assert items["open_amount"].sum() == 267500, said
    for said in ({}, {"amount": whole}):
        with pytest.raises(QuestionError) as asked:
            read_ledger(path, base_currency="EUR", answers={"columns": {**who, **said}})
        assert asked.value.answers[0].choices == (f"open_amount={left}", f"open_amount={gone}")


@pytest.mark.parametrize("headings", IN_ANY_LANGUAGE.values(), ids=IN_ANY_LANGUAGE)
def test_the_best_guess_is_the_likely_one(headings):
    rows = [
        ["AB"[n % 2], f"R-{n}", f"2026-01-0{n + 1}", f"2026-02-0{n + 1}", *map(str, (a, p, a - p))]
        for n, (a, p) in enumerate(PAID_OF)
    ]
    made = table(headings, rows)
    found = propose(made, by_shape=True)
    wanted = ["customer_name", "document_no", "document_date", "due_date", "amount", "paid_amount", "open_amount"]
    roles = {key: made.headers[found.places[key]] for key in wanted if key in found.places}
    assert roles == dict(zip(wanted, headings.split(","), strict=True))


def test_a_list_with_days_that_no_heading_explains_is_no_list_of_balances(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Customer,Wann,Balance\nA,2026-01-05,10.00\nB,2026-01-09,20.00\nC,2026-01-12,30.00\n")
    with pytest.raises(QuestionError, match="which column is the date"):
        read_ledger(path, base_currency="EUR")


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("Ja", "Nein"), ("oui", "non"), ("Sí", "No"), ("x", "")])
@pytest.mark.parametrize("title", ["Paid", "Bezahlt", "Payé", "Pagado"])
def test_what_is_paid_may_be_said_by_yes_no_and_amounts(tmp_path, title, yes, no):
    path = tmp_path / "list.csv"
    path.write_text(
        f"Invoice,Customer,Date,Due,Amount,{title}\n1,A,2025-12-01,2025-12-31,100.00,{yes}\n"
        f"2,B,2026-01-10,2026-02-09,200.00,{no}\n3,C,2025-12-15,2026-01-14,50.00,20.00\n"
        f"4,D,2025-12-16,2026-01-15,60.00,{no}\n",
        encoding="utf-8",
    )
    assert read_ledger(path, base_currency="EUR").items["open_amount"].tolist() == [0, 20000, 3000, 6000]


@pytest.mark.parametrize("title", ["Paid", "Written off", "Bezahlt", "Storno"])
def test_numbers_are_no_status(title):
    rows = [[*document(n), "100", str(100 - 7 * n), str(7 * n)] for n in range(4)]
    _, match = by_evidence(table(f"{HEAD},Amount,Balance,{title}", rows), None)
    assert not {"status", "status_2"} & match.places.keys()


def test_a_reading_that_a_sum_contradicts_is_never_offered():
    cells = "Total,Paid,Open", lambda n: (amount(n), paid(n), amount(n) - paid(n) + (5 if n == 1 else 0))
    roles, found = read(*cells)
    assert "paid_amount" not in roles
    assert not any("Open = Amount - Paid" in proof for proof in found.proof.values())
    (point,) = found.open_points
    left, unpaid = sum(amount(n) - paid(n) for n in range(ROWS)) + 5, sum(amount(n) - paid(n) for n in range(ROWS))
    assert {(one.key, one.total) for one in point} == {("open_amount", left), ("paid_amount", unpaid)}
    roles, found = read("Amount,Open", lambda n: (amount(n), amount(n) + 5))
    assert not {"amount", "open_amount"} <= roles.keys()


def test_what_adds_up_to_the_amount_with_tax_is_no_amount():
    for titles in ("Amount,Tax,Total", "Wobble,Tax,Amount", "Net,Tax,Gross"):
        roles, found = read(titles, lambda n: (100.0 + n, 20 + 0.2 * n, 120 + 1.2 * n))
        assert roles["amount"] == titles.rpartition(",")[2]
        assert found.open_points == ()
        assert titles.partition(",")[0] not in roles.values()


def test_debit_and_credit_are_one_amount():
    roles, found = read("Debit,Credit", lambda n: (amount(n) if n % 3 else 0.0, 0.0 if n % 3 else amount(n)))
    assert (roles["debit"], roles["credit"]) == ("Debit", "Credit")
    assert found.open_points == ()


def running(n):
    """The balance of the customer of a row, four rows each."""
    return sum(amount(one) for one in range(n // 4 * 4, n + 1))


def test_a_running_balance_is_one_only_with_proof():
    roles, found = read("Amount,Balance", lambda n: (amount(n), running(n)))
    assert (roles["amount"], roles["running_balance"]) == ("Amount", "Balance")
    assert "open_amount" not in roles
    assert found.proof["running_balance"].startswith("Balance = balance before + Amount")
    assert found.open_points == ()
    roles, found = read("Amount,Balance", lambda n: (amount(n), running(n) + (3 if n % 2 else 0)))
    assert "running_balance" not in roles
    (point,) = found.open_points
    assert ("open_amount", sum(map(amount, range(ROWS)))) in {(one.key, one.total) for one in point}


def test_what_is_paid_and_left_is_no_tax_and_net():
    roles, found = read("Amount,Paid days,Amount dd", lambda n: (amount(n), paid(n) + 1, amount(n) - paid(n) - 1))
    assert roles["open_amount"] == "Amount dd"
    assert found.proof["open_amount"] == "Open = Amount - Paid on 12 of 12 rows"
    roles, _ = read("Amount,Paid dd,Overdue amount", lambda n: (amount(n), paid(n) + 1, amount(n) - paid(n) - 1))
    assert roles.get("open_amount") != "Paid dd"
    assert roles.get("credited_amount") != "Overdue amount"


def test_the_first_rows_of_accounts_prove_no_balance_that_runs():
    balances, amounts = (43.0, 2.5, 10.5, 4.5, 84.0, 65.5), (78.5, 3.5, 10.5, 33.5, 84.0, 65.5)
    rows = [["ACBABC"[n], *document(n)[1:], f"{amounts[n]:.2f}", f"{balances[n]:.2f}"] for n in range(6)]
    found = propose(table(f"{HEAD},Amount,Balance", rows))
    assert "running_balance" not in found.places


def test_a_column_of_one_number_is_no_balance_that_runs():
    roles, found = read(
        "Account,Debit,Credit", lambda n: (1200, 0 if n == 3 else amount(n), amount(n) if n == 3 else 0)
    )
    assert (roles["debit"], roles["credit"]) == ("Debit", "Credit")
    assert "running_balance" not in roles
    assert found.open_points == ()


def test_a_balance_that_runs_needs_no_word():
    roles, found = read("Amount,Wobble", lambda n: (amount(n), running(n)))
    assert (roles["amount"], roles["running_balance"]) == ("Amount", "Wobble")
    assert found.open_points == ()


def test_a_second_amount_nowhere_more_than_the_first_may_be_what_is_open():
    first = 20.0 + 0.2 * np.arange(ROWS)
    _, found = read(
        "Net,Tax,Invoice amount,Amount", lambda n: (amount(n) - first[n], first[n], amount(n), amount(n) - paid(n))
    )
    (point,) = found.open_points
    left, whole = sum(amount(n) - paid(n) for n in range(ROWS)), sum(map(amount, range(ROWS)))
    assert {(one.key, one.heading, round(one.total, 2)) for one in point} == {
        ("open_amount", "Amount", left),
        ("paid_amount", "Amount", whole - left),
        ("open_amount", "none", whole),
    }


def test_what_reduces_debit_and_credit_is_asked_as_that_of_one_amount():
    _, found = read("Debit,Credit,Total,Wobble", lambda n: (amount(n), 0.0, amount(n), paid(n) + 1))
    (point,) = found.open_points
    whole, part = sum(map(amount, range(ROWS))), sum(paid(n) + 1 for n in range(ROWS))
    assert {(one.key, one.total) for one in point} == {("paid_amount", whole - part), ("paid_amount", whole)}


def test_currencies_are_what_they_are_under_the_heading_of_an_amount():
    for title, told in (("Val.", ("EUR", "USD")), ("Value", ("Euro", "US Dollar"))):
        roles, _ = read(f"Balance,{title}", lambda n, told=told: (amount(n), told[n % 2]))
        assert (roles["open_amount"], roles["currency"]) == ("Balance", title)
    roles, _ = read("Balance,Region", lambda n: (amount(n), "ALL"))
    assert roles["region"] == "Region"


def test_addresses_are_no_names_of_customers():
    for title in ("Customer", "Kontaktperson Anschrift", "Contact"):
        roles, _ = read(f"{title},Balance", lambda n: (f"ap{n}@example.com", amount(n)))
        assert (roles["contact_email"], roles["customer_id"]) == (title, "Customer No")


def test_an_amount_is_the_heading_of_nothing():
    roles, _ = read("7 USD,Balance", lambda n: (1000 + n, amount(n)))
    assert "7 USD" not in roles.values()


@pytest.mark.parametrize("together", [True, False], ids=["over all rows", "by customer"])
def test_a_balance_runs_where_customers_take_turns(together):
    def balance(n):
        return sum(amount(one) for one in range(n + 1) if together or one % 3 == n % 3)

    roles, _ = read("Amount,Balance", lambda n: (amount(n), balance(n)), lambda n: [f"C{n % 3}", *document(n)[1:]])
    assert roles.get("running_balance") == "Balance"


def test_a_column_without_words_is_no_document_amount_beside_an_open_one():
    roles, found = read("Open,Wobble", lambda n: (amount(n), 900.5 - 3 * amount(n)))
    assert found.open_points or "amount" not in roles


def test_no_more_is_credited_than_the_amount():
    _, found = read("Amount,Wobble", lambda n: (amount(n), 900.5 - 3 * amount(n)))
    assert all(one.total >= 0 for point in found.open_points for one in point)


def test_cells_that_are_no_amounts_leave_their_column_what_it_is_called():
    bad = {2: "#REF!", 5: "see note", 7: "tbc"}
    for title, key in (("Outstanding amount", "open_amount"), ("Total", "amount")):
        roles, found = read(title, lambda n: (bad.get(n, amount(n)),))
        assert (roles[key], found.open_points) == (title, ())
    roles, _ = read("Total", lambda n: ("tbc" if n % 2 else amount(n),))
    assert "Total" not in roles.values()


def test_days_overdue_prove_the_day_of_the_list():
    late = [max(0, 31 - (n + 11)) for n in range(ROWS)]
    _, found = read("Amount,Days overdue", lambda n: (amount(n), str(late[n])))
    assert found.as_of == DAY
    roles, found = read("Amount,Days overdue", lambda n: (amount(n), str(late[n] + n % 2)))
    assert found.as_of is None
    assert "days_overdue" not in roles


def test_a_date_without_words_is_due_where_its_terms_are_usual():
    first, head = (lambda n: document(n)[:3]), HEAD.rpartition(",")[0]
    roles, _ = read("Wann,Amount", lambda n: (f"2026-02-{n + 1:02}", amount(n)), first, head)
    assert roles["due_date"] == "Wann"


def test_customers_with_ages_are_balances():
    cells = (lambda n: (amount(n), amount(n) - 5, 5.0)), (lambda n: [f"C{n}", f"Alpha {n}"])
    roles, found = read("Total,0-30 days,31-60 days", *cells, head="Customer No,Customer Name")
    assert found.balances
    assert roles["open_amount"] == "Total"
    assert len(found.buckets) == 2


def test_a_role_without_words_is_asked(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text("Foo,Bar,Baz\nAlpha,2026-01-05,100.00\nBeta,2026-01-06,200.00\n")
    with pytest.raises(QuestionError, match="say which column is which") as asked:
        read_ledger(path)
    (answer,) = asked.value.answers
    assert answer.choices == ("document_date=Bar", "amount=Baz", "customer_name=Foo")


# ---- customers in rows of their own

LIST = "No,Date,Due,Amount"
PLACES = {"document_no": 0, "document_date": 1, "due_date": 2, "amount": 3}


def item(number, value="10.00"):
    return [number, "2026-01-05", "2026-02-04", value]


def label(text, value=None):
    return [text, None, None, value]


TREES = {
    "above": [label("Alpha"), item("1"), item("2"), label("Beta"), item("3")],
    "above, with totals": [
        label("Alpha"),
        item("1"),
        item("2"),
        label("Total", "20.00"),
        label("Beta"),
        item("3"),
        label("Total", "10.00"),
    ],
    "below": [item("1"), item("2"), label("Alpha", "20.00"), item("3"), label("Beta", "10.00")],
    "below, under a level of states": [
        item("1"),
        item("2"),
        label("open", "20.00"),
        label("Alpha", "20.00"),
        item("3"),
        label("open", "10.00"),
        label("Beta", "10.00"),
    ],
    "above, with a level of states": [
        label("Alpha"),
        label("open"),
        item("1"),
        item("2"),
        label("Beta"),
        label("open"),
        item("3"),
    ],
    "below, in the labels of totals": [
        item("1"),
        item("2"),
        label("Total Alpha", "20.00"),
        item("3"),
        label("Beta - Total", "10.00"),
        label("Total amount", "30.00"),
    ],
    "with a word before each": [label("Customer: Alpha"), item("1"), item("2"), label("Customer: Beta"), item("3")],
}


@pytest.mark.parametrize("rows", TREES.values(), ids=TREES)
def test_a_customer_in_a_row_of_its_own_is_written_beside_its_items(rows):
    made = groups.with_customers(table(LIST, rows), PLACES)
    assert made is not None
    assert made.headers[-1] == groups.HEADING
    assert [one for one in made.columns[-1].to_pylist() if one] == ["Alpha", "Alpha", "Beta"]


def test_a_total_in_one_word_is_no_customer():
    rows = [["4711", *document(n)[1:], f"{amount(n):.2f}"] for n in range(3)]
    made = table("Konto,Nummer,Datum,Fälligkeit,Offener Betrag", [*rows, ["Gesamtbetrag", "", "", "", "321.75"]])
    assert groups.with_customers(made, propose(made).places) is None


def test_an_item_that_no_customer_is_above_is_nobodys():
    assert groups.with_customers(table(LIST, [item("1"), item("2")]), PLACES) is None
    assert groups.with_customers(table(LIST, TREES["below"]), PLACES, after=False) is None


BLOCKS = [item("1"), item("2"), label("Customer: 10021 Beta"), LIST.split(","), item("3")]


def test_a_customer_above_the_heading_is_that_of_the_first_block():
    def told(rows, *above):
        made = groups.with_customers(replace(table(LIST, rows), preamble=above), PLACES)
        return None if made is None else [one for one in made.columns[-1].to_pylist() if one]

    assert told(BLOCKS, "Open items", "Kunde: 10020-1 Alpha") == ["10020-1 Alpha", "10020-1 Alpha", "10021 Beta"]
    assert told([item("1")], "Customer: Alpha") == ["Alpha"]
    assert told([*BLOCKS[:2], label("Kunde 10021 Beta"), item("3")], "Kunde 10020 Alpha")[1:] == [
        "10020 Alpha",
        "10021 Beta",
    ]
    for other in ("Customers: all", "Customer: 10000 to 69999", "Account: 1200 Trade debtors", "Alpha"):
        assert told([item("1")], other) is None
    assert told([*BLOCKS[:2], label("Customer: Alpha"), item("3"), label("Customer: Beta")]) == [
        "Alpha",
        "Alpha",
        "Beta",
    ]


def test_a_list_by_customer_is_read_whole():
    found = by_evidence(table("Invoice No,Invoice Date,Due Date,Amount", TREES["below"]), None)
    assert found is not None
    made, match = found
    assert made.headers[match.places["customer_name"]] == groups.HEADING


# ---- currencies


@pytest.mark.parametrize(
    ("titles", "said", "total", "currencies_read"),
    [
        ("Amount,Currency,Amount,Currency", "Amount", None, None),
        ("Amount,Currency,Amount,Currency", "Amount", "Amount#2", ["EUR"]),
        ("Currency,Amount,Currency,Amount", "Amount", "Amount", ["CHF", "EUR", "USD"]),
        ("Amount,Currency,Local amount,Local currency", "Amount", None, ["CHF", "EUR", "USD"]),
        ("Amount,Currency,Local amount,Local currency", "Local amount", "Local amount", ["EUR"]),
        ("Memo,Currency,Local amount,Note", "Local amount", "Local amount", [""]),
    ],
)
def test_a_currency_belongs_to_the_amount_that_is_read(tmp_path, titles, said, total, currencies_read):
    rows = (("10.00", "USD", "9.00", "EUR"), ("20.50", "EUR", "20.50", "EUR"), ("30.00", "CHF", "32.00", "EUR"))
    if titles.startswith("Currency"):
        rows = tuple((b, a, d, c) for a, b, c, d in rows)
    lines = [",".join((*document(n), *row)) for n, row in enumerate(rows)]
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD},{titles}\n" + "\n".join(lines) + "\n")
    answers = {"columns": {"amount": total}} if total else None
    if currencies_read is None:
        with pytest.raises(QuestionError, match="'Amount' or 'Amount#2' may be the amount of the document"):
            read_ledger(path)
        return
    ledger = read_ledger(path, answers=answers)
    assert sorted(set(ledger.items["currency"])) == currencies_read
    assert ledger.items["amount"].sum() == (6150 if "Local" in said or total == "Amount#2" else 6050)


TWO_AMOUNTS = (
    ("1000.00", "USD", "900.00", "EUR"),
    ("500.00", "USD", "450.00", "EUR"),
    ("70.00", "EUR", "70.00", "EUR"),
)


@pytest.mark.parametrize(
    ("titles", "open_of", "currency"),
    [
        ("Amount,Currency,Amount,Currency,Remaining", ("400.00", "500.00", "70.00"), "Currency"),
        ("Amount,Currency,Amount,Currency,Remaining", ("400.00", "450.00", "70.00"), "Currency#2"),
        ("Amount,Currency,Amount,Currency,Remaining", ("950.00", "400.00", "70.00"), "Currency"),
        ("Amount,Currency,Amount,Currency,Remaining", ("400.00", "400.00", "70.00"), None),
        ("Betrag,Währung,Betrag in HW,HWähr,Offen", ("400.00", "500.00", "70.00"), "Währung"),
        ("Betrag,Währung,Betrag in HW,HWähr,Offen", ("400.00", "450.00", "70.00"), "HWähr"),
        ("Betrag,Währung,Betrag in HW,HWähr,Offen", ("400.00", "400.00", "70.00"), "Währung"),
        ("Montant,Devise,Montant,Devise,Reste dû", ("400.00", "450.00", "70.00"), "Devise#2"),
    ],
)
def test_what_remains_is_in_the_currency_of_the_amount_that_it_is_part_of(titles, open_of, currency):
    rows = [[*document(n), *TWO_AMOUNTS[n], open_of[n]] for n in range(3)]
    made = table(f"{HEAD},{titles}", rows)
    found = propose(made)
    if currency is None:
        (point,) = found.open_points
        assert [one.heading for one in point] == ["Currency", "Currency#2"]
    else:
        assert found.open_points == ()
        assert unique(found.places["currency"], made.headers) == currency
        assert abs(found.places["amount"] - found.places["currency"]) == 1


def test_a_currency_stands_in_the_heading_or_beside_the_number():
    def told(*given):
        found = currencies.with_currency(table(*given), {"amount": 1})
        return None if found is None else found.columns[-1].to_pylist()

    for title, sign in (("Amount (EUR)", "EUR"), ("Amount €", "EUR"), ("amount_usd", "USD"), ("Amount $", "$")):
        assert told(f"No,{title}", [["1", "10.00"], ["2", ""]]) == [sign, sign]
    assert told("No,Amount", [["1", "10.00"]]) is None
    signs = [["1", "€ 1,010.00"], ["2", "20.00"], ["3", "USD 30.00 Cr"], ["4", "5.00 Dr"]]
    assert told("No,Amount", signs) == ["€", None, "USD", None]
    assert told("No,Amount", [["1", "10.00 Cr"]]) is None


# ---- whose the documents are


def whose(tmp_path, text):
    """What is open by customer, of a list in text."""
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    items = read_ledger(path).items
    names = items["customer_name"].where(items["customer_name"].ne(""), items["customer_id"])
    return items["open_amount"].where(items["has_open"], items["amount"]).groupby(names).sum().to_dict()


@pytest.mark.parametrize("name", ["Name", "Customer full name", "Klient", "Nom du client", "Cliente"])
def test_a_report_by_customer_may_have_a_column_of_customers_instead(name, tmp_path):
    rows = f"Date,Transaction type,Num,{name},Due date,Amount,Open balance\n"
    rows += "01/13/2026,Invoice,7,Alpha,02/12/2026,9.50,9.50\n01/25/2026,Payment,9,Beta,01/25/2026,-1.00,-1.00\n"
    assert whose(tmp_path, rows) == {"Alpha": 950, "Beta": -100}


@pytest.mark.parametrize(
    "heading",
    [
        "Firma",
        "Company",
        "Company name",
        "Société",
        "Empresa",
        "Azienda",
        "Bedrijf",
        "Företag",
        "Spółka",
        "公司",
        "会社",
    ],
)
def test_a_company_is_the_customer_where_no_other_is_named(heading, tmp_path):
    rows = "{};Invoice;Date;Due date;Amount\nAlpha;7;2026-01-13;2026-02-12;9.50\nBeta;8;2026-01-14;2026-02-13;1.25\n"
    assert whose(tmp_path, rows.format(heading)) == {"Alpha": 950, "Beta": 125}
    ours = rows.format(f"{heading};Customer").replace("Alpha;", "North;Alpha;").replace("Beta;", "South;Beta;")
    assert whose(tmp_path, ours) == {"Alpha": 950, "Beta": 125}
    assert read_ledger(tmp_path / "list.csv").items["entity"].tolist() == ["North", "South"]


@pytest.mark.parametrize("heading", ["Company code", "Buchungskreis", "Legal entity"])
def test_an_entity_is_no_customer(heading, tmp_path):
    with pytest.raises(QuestionError, match="which column is the customer"):
        whose(tmp_path, f"{heading};Invoice;Date;Amount\nNorth;7;2026-01-13;9.50\nSouth;8;2026-01-14;1.25\n")


@pytest.mark.parametrize(
    ("number", "name"), [("A/C:", "Name:"), ("Kunde:", "Name:"), ("Cliente:", "Nombre:"), ("Client :", "Nom :")]
)
@pytest.mark.parametrize("apart", [" ", ";"])
def test_a_customer_above_each_group_may_have_number_name_and_more(number, name, apart, tmp_path):
    above = f"{number}{apart}A1{apart}{name}{apart}{{}}{apart}Contact:{apart}Jo{apart}Tel:{apart}01234\n"
    head = "No;Type;Date;Ref;Details;Balance;Future;Older\n"
    rows = head + above.format("Alpha Ltd") + "1;SI;13/01/2026;7;Goods;9.50;0.00;0.00\n"
    rows += (
        head + above.replace("A1", "B2").format("Beta") + "2;SI;14/01/2026;8;Goods;1.25;0.00;0.00\nTotal;;;;;10.75;;\n"
    )
    assert whose(tmp_path, rows) == {"Alpha Ltd": 950, "Beta": 125}
    ledger = read_ledger(tmp_path / "list.csv")
    assert ledger.items["customer_id"].tolist() == ["A1", "B2"]
    assert not len(ledger.exceptions)


BROKEN = {
    "en": ("Customer", "Invoice number", "Invoice date", "Due date", "Original [EUR]", "Untaxed", "Still to pay EUR"),
    "de": ("Kunde", "Rechnungsnummer", "Datum", "Fällig am", "Betrag [EUR]", "Unversteuert", "Noch zu zahlen EUR"),
    "fr": ("Client", "Facture", "Date", "Date d'échéance", "Montant [EUR]", "Détaxé", "Reste à payer EUR"),
    "es": ("Cliente", "Factura", "Fecha", "Vencimiento", "Importe [EUR]", "Exento", "Pendiente de pago EUR"),
    "nl": ("Klant", "Factuur", "Factuur datum", "Vervaldatum", "Origineel [EUR]", "Onbelast", "Te voldoen EUR"),
    "pl": ("Klient", "Faktura", "Data", "Termin płatności", "Kwota [EUR]", "Nieopodatk", "Pozostało do zapłaty EUR"),
}
"""Headings of lists whose last amount is what is left of the first; the one between is of neither."""


@pytest.mark.parametrize("gap", ["  ", "   "], ids=["two blanks apart", "three blanks apart"])
@pytest.mark.parametrize("headings", BROKEN.values(), ids=BROKEN)
def test_words_over_amounts_set_at_the_right_are_of_the_column_below_them(tmp_path, headings, gap):
    left = [1234.5, 0.4, 70.0, 45.67]
    rows = [
        (f"Alpha {n % 2}", f"F-{n}", f"2026-01-0{n}", f"2026-02-0{n}", f"{n}000.00", f"{n}00.25", f"{one:.2f}")
        for n, one in enumerate(left, 2)
    ]
    halves = [[*zip(*(text.rpartition(" ")[::2] for text in headings), strict=True)], rows]
    lines = [line for some in halves for line in some]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    sides = ["<"] * 4 + [">"] * 3
    printed = [
        gap.join(f"{cell:{side}{width}}" for cell, side, width in zip(line, sides, widths, strict=True)).rstrip()
        for line in lines
    ]
    path = tmp_path / "list.txt"
    path.write_text("\n".join(printed) + "\n", encoding="utf-8")
    read = read_ledger(path)
    found = {one.read_as: one.header for one in read.sources[0].columns}
    assert (found["Amount"], found["Open amount"]) == (headings[4], headings[6])
    assert read.items["open_amount"].sum() == round(100 * sum(left))


# ---- what a long list costs


def long_list(due):
    """A list longer than what is judged, with texts of which each has a number of its own."""
    lines = range(JUDGED + 1)
    rows = [["Ann", f"I{n}", "2026-01-05", *due, f"Delivery {n}", "1.50"] for n in lines]
    headings = ["Customer", "Invoice", "Invoice date", *(["Due date"] if due else []), "Text", "Amount"]
    return RawTable("list.csv", "", tuple(headings), columns_of(rows, len(headings)), np.array(lines) + 2)


@pytest.mark.parametrize("due", [("2026-02-04",), ()])
def test_a_long_list_is_not_read_whole_for_due_dates_that_no_column_tells(due):
    whole = AssertionError("read whole")
    with (
        mock.patch("xlwings_addin.ledger.evidence.ages.columns_with_rows", side_effect=whole),
        mock.patch("xlwings_addin.ledger.evidence.due_told.columns_with_rows", side_effect=whole),
        mock.patch("xlwings_addin.ledger.words.begins_paid", wraps=words.begins_paid) as looked_up,
    ):
        assert by_evidence(long_list(due), None)
    assert looked_up.call_count < 10
