"""What the columns of a table come to: amounts, signs, statuses, dates, totals and receipts, each in a small file."""

from __future__ import annotations

import pytest
import xlsxwriter

from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.errors import LedgerError, QuestionError
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE

PLAIN = {"customer_name": "Customer", "document_no": "No", "document_date": "Date", "due_date": "Due"}


@pytest.fixture
def read(tmp_path):
    """Write a file of items, and of receipts, and read them; `columns` maps headings beside the plain ones."""

    def reading(text, columns=(), receipts="", says=(), **how):
        path = tmp_path / "items.csv"
        path.write_text(text, encoding="utf-8")
        if columns:
            there = text.splitlines()[0].split(",")
            plain = {key: heading for key, heading in PLAIN.items() if heading in there}
            how["mapping"] = {"columns": {**plain, **dict(columns)}, **dict(says)}
        if receipts:
            (tmp_path / "receipts.csv").write_text(receipts, encoding="utf-8")
            how["receipts"] = tmp_path / "receipts.csv"
        return read_ledger(path, **how)

    return reading


def money(ledger, day):
    """The buckets of a day that hold anything, in major units."""
    aged = age(ledger, day)
    sums = aged.amounts.sum(axis=(0, 1)).tolist()
    return {label: amount / 100 for label, amount in zip(aged.labels, sums, strict=True) if amount}


def found(ledger):
    """What was found, by code."""
    return {one.code: one for one in ledger.findings}


# ---- amounts


def test_of_amount_open_and_paid_two_give_the_third(read):
    head = "Customer,No,Date,Due"
    rows = "Alpha,1,2026-01-05,2026-02-04,{}\nBeta,2,2026-01-06,2026-02-05,{}\nAlpha,3,2025-11-01,2025-12-01,{}\n"
    for titles, cells, columns in (
        ("Total,Paid,Open", ("100,60,40", "200,0,200", "50,50,0"), {"open_amount": "Open"}),
        ("Total,Paid", ("100,60", "200,0", "50,50"), {}),
        ("Total,Paid", ("100,-60", "200,", "50,-50"), {}),
    ):
        names = {"amount": "Total", "paid_amount": "Paid", **columns}
        ledger = read(f"{head},{titles}\n" + rows.format(*cells), names)
        assert money(ledger, "2026-01-31") == {"Current": 240}
        assert ledger.items["amount"].tolist() == [10000, 20000, 5000]
    names = {"open_amount": "Left", "paid_amount": "Paid", "credited_amount": "Credited"}
    ledger = read(f"{head},Left,Paid,Credited\n" + rows.format("40,50,10", "200,,", "0,50,"), names)
    assert ledger.items["amount"].tolist() == [10000, 20000, 5000]


def test_debit_less_credit_is_the_amount(read):
    for credit in ("60.00", "-60.00"):
        ledger = read(
            "Customer,No,Date,Due,Debit,Credit\nAlpha,1,2026-01-05,2026-02-04,100.00,\n"
            f"Beta,2,2025-12-06,2026-01-05,200.00,\nAlpha,3,2026-01-10,2026-01-10,,{credit}\n",
            {"debit": "Debit", "credit": "Credit"},
        )
        assert money(ledger, "2026-01-31") == {"Credits": -60, "Current": 100, "1-30": 200}


def test_a_running_balance_is_no_figure(read):
    ledger = read(
        "Customer,No,Date,Due,Amount,Balance\nA,1,2026-01-05,2026-02-04,100.00,100.00\n"
        "A,2,2026-01-06,2026-02-05,200.00,300.00\nA,3,2026-01-10,,-100.00,200.00 until Friday\n",
        {"amount": "Amount", "running_balance": "Balance"},
    )
    assert sum(money(ledger, "2026-01-31").values()) == 200


def test_quantity_times_price_over_the_lines_of_a_document(read):
    ledger = read(
        "Customer,No,Date,Quantity,Price\nA,1,2026-01-05,3,0.335\nA,1,2026-01-05,1,10\nB,2,2026-01-05,-2,1.25\n",
        {"quantity": "Quantity", "unit_price": "Price"},
        says={"lines": "sum"},
    )
    assert ledger.items["amount"].tolist() == [1101, -250]


# ---- dates that follow from others


def test_days_overdue_give_the_due_date(read):
    text = "Customer,No,Date,Amount,Days\nA,1,2026-01-05,100,0\nB,2,2025-11-05,200,27\nB,3,2025-06-05,300,180\n"
    names = {"amount": "Amount", "days_overdue": "Days"}
    ledger = read(text, names, as_of="2026-01-31")
    assert money(ledger, "2026-01-31") == {"Current": 100, "1-30": 200, "90+": 300}
    assert found(ledger)["due by not overdue"].file_rows == (2,)
    with pytest.raises(QuestionError) as asked:
        read(text, names)
    assert [answer.to for answer in asked.value.answers] == ["as_of"]


def test_no_days_overdue_at_all_is_not_overdue(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Customer,Ref. No.,Open balance,Overdue by days\nA,1,100.00,\nB,2,40.00,\n", "utf-8")
    assert money(read_ledger(path, base_currency="EUR", as_of="2026-01-31"), "2026-01-31") == {"Current": 140}


def test_age_in_days_gives_the_document_date(read):
    text = "Customer,No,Due,Amount,Age\nA,1,2026-02-04,100,26\nB,2,2026-01-01,200,61\n"
    ledger = read(text, {"amount": "Amount", "age_days": "Age"}, as_of="2026-01-31")
    assert [iso(day) for day in ledger.items["document_date"]] == ["2026-01-05", "2025-12-01"]


def test_a_document_may_have_a_due_date_alone(read):
    text = "Customer,No,Due,Amount\nA,1,2026-01-15,100\nB,2,2026-02-20,200\nA,3,2025-11-01,50\nTotal,,,350\n"
    ledger = read(text, {"amount": "Amount"})
    assert money(ledger, "2026-01-31") == {"Current": 200, "1-30": 100, "90+": 50}
    assert found(ledger)["no document date"].count == 3
    assert ledger.items["document_date"].tolist() == [NO_DATE] * 3


def test_keys_of_terms_are_asked_for_once(read):
    text = (
        "Customer,No,Date,Sign,Amount,Terms\nA,1,2026-01-05,S,100,N030\nB,2,2025-12-01,S,200,N060\n"
        "B,3,2026-01-10,H,20,N014\n"
    )
    names = {"amount": "Amount", "terms": "Terms", "sign": "Sign"}
    with pytest.raises(QuestionError) as asked:
        read(text, names)
    assert asked.value.answers[0].choices == ("N014=14", "N030=30", "N060=60")
    ledger = read(text, names, says={"terms": {"N030": 30, "N060": 60, "N014": 14}})
    assert money(ledger, "2026-01-31") == {"Credits": -20, "Current": 100, "1-30": 200}


def test_words_of_terms_are_read_where_no_column_says_when_it_is_due(read):
    text = "Customer,No,Date,Amount,Terms\nA,1,2026-01-05,100,2/10 net 30\nB,2,2025-12-06,200,EOM\nC,3,2026-01-05,7,\n"
    ledger = read(text, {"amount": "Amount", "terms": "Terms"})
    assert money(ledger, "2026-01-31") == {"Current": 100, "31-60": 200, "No date": 7}


# ---- signs

KINDS = "Customer,Kind,No,Date,Due,Amount,Open\nA,Invoice,1,2026-01-05,2026-02-04,100,100\n"
KINDED = {"kind": "Kind", "amount": "Amount", "open_amount": "Open"}


def test_credits_that_are_all_positive_count_negative(read):
    text = KINDS + "A,Credit Note,2,2026-01-06,,30,30\nB,Payment,3,2026-01-07,,20,20\n"
    ledger = read(text, KINDED)
    assert money(ledger, "2026-01-31") == {"Credits": -50, "Current": 100}
    assert ledger.items["amount"].tolist() == [10000, -3000, -2000]
    assert found(ledger)["credits negated"].file_rows == (3, 4)
    as_is = read(text, KINDED, says={"signs": "as-is"})
    assert sum(money(as_is, "2026-01-31").values()) == 150


MARKED = "Konto;Rechnungsnummer;Datum;Fälligkeit;Sollbetrag;Habenbetrag;Saldo;{}\n"
MARKED += "10001;1;15.01.2026;14.02.2026;100,00;;100,00;{}\n10002;2;21.01.2026;20.02.2026;;30,00;30,00;{}\n"


@pytest.mark.parametrize(
    ("heading", "debit", "credit"), [("S/H", "S", "H"), ("SHSaldo", "S", "H"), ("Art", "Soll", "Haben")]
)
def test_a_mark_beside_amounts_of_a_known_system_gives_their_sign(tmp_path, heading, debit, credit):
    path = tmp_path / "opos.csv"
    path.write_text(MARKED.format(heading, debit, credit), "utf-8")
    assert money(read_ledger(path, base_currency="EUR"), "2026-01-31") == {"Credits": -30, "Current": 100}


def test_where_a_file_signs_credits_a_positive_one_is_a_reversal(read):
    text = KINDS + "A,Credit Note,2,2026-01-06,,-30,-30\nB,Payment,3,2026-01-07,,20,20\n"
    ledger = read(text, KINDED)
    assert sum(money(ledger, "2026-01-31").values()) == 90
    assert found(ledger)["positive credits"].file_rows == (4,)
    by_kind = read(text, KINDED, says={"signs": "by kind"})
    assert sum(money(by_kind, "2026-01-31").values()) == 50


def test_a_type_that_may_be_a_credit_is_asked_about(read):
    text = "Customer,No,Kind,Date,Amount\nA,1,RE,05.03.2025,100\nA,2,XY,06.03.2025,40\nA,3,GS,26.03.2025,10\n"
    names = {"kind": "Kind", "amount": "Amount"}
    with pytest.raises(QuestionError) as asked:
        read(text, names)
    (answer,) = asked.value.answers
    assert dict(zip(answer.choices, answer.gives, strict=True))["XY=credit note"] == "total 50.00"
    ledger = read(text, names, says={"words": {"kind": {"XY": "credit note", "RE": "invoice"}}})
    assert ledger.items["amount"].tolist() == [10000, -4000, -1000]
    assert read(text.replace("40", "-40"), names).items["amount"].tolist() == [10000, -4000, -1000]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Customer,Invoice,Date,Due,Amount\nA,1,{0},-100\nB,2,{0},-50\nA,3,{0},30\n", 120),
        (
            "Customer,Type,No,Date,Due,Open\nA,Invoice,1,{0},-100\nB,Invoice,2,{0},-50\nA,Credit note,3,{0},30\n",
            120,
        ),
        ("Cliente;Factura;Fecha;Vencimiento;Total;Pagado\nA;1;{1};-100;-20\nB;2;{1};-50;0\n", 130),
        ("Konto;Rechnung;Datum;Fällig;Soll;Haben\n10001;1;{1};;100\n10002;2;{1};;50\n10001;3;{1};30;\n", 120),
        ("Customer No,Customer Name,Current,1-30,Over 30,Total\n1,A,-20,-70,-10,-100\n2,B,-20,0,0,-20\n", 120),
    ],
    ids=["amounts", "kinds", "paid", "debit and credit", "balances"],
)
def test_receivables_that_are_negative_are_asked_about(tmp_path, text, right):
    path = tmp_path / "list.csv"
    path.write_text(text.format("2025-12-05,2026-01-04", "05.12.2025;04.01.2026"), encoding="utf-8")
    with pytest.raises(QuestionError, match="most amounts are negative") as asked:
        read_ledger(path, as_of="2026-01-31")
    assert asked.value.answers[0].choices == ("reversed", "as-is")
    reversed_, as_is = (
        read_ledger(path, as_of="2026-01-31", answers={"signs": one}) for one in asked.value.answers[0].choices
    )
    assert sum(money(reversed_, "2026-01-31").values()) == right
    assert sum(money(as_is, "2026-01-31").values()) < 0


def test_credits_that_are_positive_in_a_system_that_signs_them_are_asked_about(tmp_path):
    path = tmp_path / "sap.csv"
    head = "Customer,Document Number,Document Type,Document Date,Net Due Date,Amount in Local Currency,Local Currency\n"
    rows = "1,18,RV,05.12.2025,04.01.2026,100.00,EUR\n1,14,DZ,25.12.2025,25.12.2025,{},EUR\n"
    path.write_text(head + rows.format("20.00"))
    with pytest.raises(QuestionError, match="credit notes and payments are positive like invoices") as asked:
        read_ledger(path)
    assert asked.value.answers[0].gives == ("total 80.00 EUR", "total 120.00 EUR")
    assert read_ledger(path, answers={"signs": "by-kind"}).items["amount"].sum() == 8000
    path.write_text(head + rows.format("20.00-"))
    assert read_ledger(path).items["amount"].sum() == 8000


# ---- statuses, and what is no receivable

STATUS = {"amount": "Amount", "status": "Status"}


def test_statuses_leave_the_figures_counted_and_summed(read):
    ledger = read(
        "Customer,No,Date,Due,Amount,Payment,Status\n"
        "A,1,2026-01-05,2026-02-04,100.00,Not Paid,Posted\nB,2,2026-01-06,2026-02-05,200.00,Paid,Posted\n"
        "C,3,2026-01-07,2026-02-06,148653.60,Not Paid,Draft\nA,4,2026-01-08,2026-02-07,50.00,Not Paid,Cancelled\n"
        "B,5,2026-01-09,2026-02-08,70.00,Reversed,Posted\nC,6,2026-01-10,2026-02-09,30.00,Not Paid,Posted\n",
        {"amount": "Amount", "status": "Payment", "status_2": "Status"},
    )
    assert money(ledger, "2026-01-31") == {"Current": 130}
    told = [one.message for one in ledger.findings if one.code.startswith("excluded")]
    assert told == [
        "items.csv: 1 document is void ('Cancelled') and no receivable (50.00).",
        "items.csv: 1 document is reversed and no receivable (70.00).",
        "items.csv: 1 document is draft and no receivable (148,653.60).",
        "items.csv: 1 document is paid and no receivable (200.00).",
    ]


def test_a_status_nobody_knows_counts_where_it_is_known_what_is_open(read):
    text = "Customer,No,Date,Due,Amount,Left,Status\nA,1,2026-01-05,2026-02-04,100,40,Glorp\n"
    ledger = read(text, {**STATUS, "open_amount": "Left"})
    assert money(ledger, "2026-01-31") == {"Current": 40}
    assert "'Glorp'" in found(ledger)["unknown status"].message
    with pytest.raises(QuestionError, match="nothing says what 'Glorp' in column 'Status' mean"):
        read(text.replace(",Left", "").replace(",40", ""), STATUS)


def test_a_year_without_documents_is_pointed_out_where_documents_have_dates(read):
    dated = read(DATED + "K1,A1,2025-01-10,2025-02-09,100\n")
    assert [one.code for one in age(dated, "2026-01-10").findings] == ["as-of long after"]
    assert age(dated, "2026-01-09").findings == ()
    undated = read("Customer,No,Due,Amount\nA,1,2025-01-15,100\n", {"amount": "Amount"})
    assert age(undated, "2026-01-31").findings == ()


def test_partly_paid_without_a_rest_is_asked_about(read):
    text = (
        "Customer,No,Date,Due,Amount,Status\nA,I1,2025-01-10,2025-02-09,100,Partially Paid\n"
        "A,I2,2025-01-12,2025-02-11,50,Open\n"
    )
    with pytest.raises(QuestionError, match=r"documents partly paid: 1 \(100.00; first in row 2\)") as asked:
        read(text, STATUS)
    assert [answer.to for answer in asked.value.answers] == ["receipts", "column", "status"]
    assert asked.value.answers[2].choices == ("Partially Paid=open",)
    answered = read(text, STATUS, says={"words": {"status": {"Partially Paid": "open"}}})
    assert money(answered, "2025-02-28") == {"1-30": 150}
    paid = read(text, STATUS, receipts="Document,Date,Amount\nI1,2025-02-01,60\n")
    assert money(paid, "2025-02-28") == {"1-30": 90}


def test_noted_items_are_no_receivables(read):
    ledger = read(
        "Customer,No,Date,Due,GL,State,Amount\nA,1,2026-01-05,2026-02-04,,,1000\nB,2,2025-12-01,2025-12-31,A,,500\n"
        "A,3,2025-06-01,2025-06-01,F,S,138000\n",
        {"amount": "Amount", "special_gl": "GL", "posting_status": "State"},
    )
    assert money(ledger, "2026-01-31") == {"Current": 1000, "31-60": 500}
    assert "1 noted item or statistical posting left out (138,000.00)" in found(ledger)["noted items"].message


SAP_LISTS = [
    "Kunde;Belegnummer;Belegart;{};Belegdatum;Nettofälligkeit;Betrag in HW;HWähr",
    "Debitor;Belegnummer;Belegart;{};Belegdatum;Nettofälligkeit;Betrag in Belegwährung;Belegwährung",
    "Customer;Document Number;Document Type;{};Document Date;Net due date;Amount in doc. curr.;Document currency",
    "Cliente;Nº documento;Clase;{};Fecha doc.;Vencimiento neto;Importe en ML;Moneda local",
    "Client;N° pièce;Type de pièce;{};Date pièce;Échéance nette;Montant en devise locale;Devise locale",
]


@pytest.mark.parametrize(
    ("titles", "heading"),
    [
        *((SAP_LISTS[0], one) for one in ("SHB-Kz.", "Sonderhauptbuchkennz.", "Sonderhauptbuchkennzeichen", "UMSKZ")),
        *((SAP_LISTS[1], one) for one in ("Sonderhauptb.kennz.", "SHB-Kennzeichen", "Sonderhauptbuch-Kz")),
        *((SAP_LISTS[2], one) for one in ("Special G/L Ind.", "Sp. G/L", "Sp.G/L ind", "Special G/L transaction")),
        *((SAP_LISTS[3], one) for one in ("Indicador CME", "Ind. cta. mayor especial")),
        *((SAP_LISTS[4], one) for one in ("Code CGS", "Code compte général spécial")),
    ],
)
def test_noted_items_are_known_by_the_special_ledger_however_it_is_abbreviated(tmp_path, titles, heading):
    path = tmp_path / "fbl5n.csv"
    rows = "100;1800000001;RV;;01.12.2025;31.12.2025;1.000,00;EUR\n100;15;DZ;A;10.01.2026;10.01.2026;300,00-;EUR\n"
    rows += "100;17;DA;F;12.01.2026;11.02.2026;5.000,00;EUR\n200;1800000002;RV;;15.01.2026;14.02.2026;400,00;EUR\n"
    path.write_text(f"{titles.format(heading)}\n{rows}", "utf-8")
    ledger = read_ledger(path)
    assert ledger.items["amount"].sum() == 110_000
    assert "(5,000.00 EUR)" in found(ledger)["noted items"].message


def test_the_other_side_of_the_ledger_is_left_out(read):
    text = "Customer,No,Kind,Date,Due,Amount\nA,1,ACCREC,2026-01-05,2026-02-04,10\nB,2,ACCPAY,2026-01-05,2026-02-04,7\n"
    for column in ("kind", "ledger"):
        ledger = read(text, {"amount": "Amount", column: "Kind"}, says={"words": {"kind": {"ACCREC": "invoice"}}})
        assert money(ledger, "2026-01-31") == {"Current": 10}
        assert "(7.00)" in found(ledger)["payables"].message


def test_rows_are_left_out_as_declared(read):
    text = "Konto,No,Date,Due,Amount\n10001,1,2025-10-15,2025-11-14,3570\n70002,2,2025-12-01,2025-12-31,-980\n"
    names = {"customer_id": "Konto", "amount": "Amount"}
    for words in (["supplier accounts"], ["70002"]):
        ledger = read(text, names, says={"leave_out": {"customer_id": words}})
        assert money(ledger, "2025-12-31") == {"31-60": 3570}
        assert "1 row left out by column 'Konto' (-980.00)" in found(ledger)["left out"].message


# ---- a history, or a list of open items

CLEARED = "Customer,No,Date,Due,Amount,Cleared\n"


def test_a_few_clearing_dates_make_no_history(read):
    days = ("2023-10-05", "2024-02-05", "2024-05-05", "2024-07-05", "2024-09-05", "2024-09-25", "2024-10-01")
    rows = [f"C,{row},{day},{day},{10 * row},{'2024-10-05' if row == 6 else ''}" for row, day in enumerate(days, 1)]
    ledger = read(CLEARED + "\n".join(rows), {"amount": "Amount", "settled_date": "Cleared"})
    assert not ledger.has_history
    assert found(ledger)["few clearing dates"].file_rows or found(ledger)["few clearing dates"].rows == (5,)
    assert sum(money(ledger, "2024-10-04").values()) == 280
    assert sum(money(ledger, "2024-10-05").values()) == 220
    with pytest.raises(LedgerError, match="Cannot go back to 2024-06-30"):
        age(ledger, "2024-06-30")


def test_documents_settled_in_the_numbers_that_open_ones_imply_are_a_history(read):
    rows = [f"C,{row},2024-01-{row:02d},2024-01-{row:02d},10,2024-02-{row:02d}" for row in range(1, 20)]
    rows += [f"C,{row},2024-02-{row:02d},2024-02-{row:02d},10," for row in range(1, 15)]
    ledger = read(CLEARED + "\n".join(rows), {"amount": "Amount", "settled_date": "Cleared"})
    assert ledger.has_history
    assert sum(money(ledger, "2024-01-31").values()) == 190
    assert sum(money(ledger, "2024-02-20").values()) == 140


DATED = "A,1,2025-12-01,1000,{}\nA,2,2025-12-10,400,{}\nB,3,2025-12-15,250,{}\n"
EACH = DATED.format("2025-12-31", "2026-01-09", "2026-01-14")


@pytest.mark.parametrize(
    "heading",
    [
        *("Pay until", "Pay before", "Payment deadline", "Zahlung bis", "Zahlbar bis", "Zahlungstermin"),
        *("À payer avant", "Date limite de paiement", "Fecha límite de pago", "Pagar hasta", "Pagar até"),
        *("Da pagare entro", "Te betalen voor", "Uiterste betaaldatum", "Betalas senast", "Betales innen"),
        *("Sidste rettidige betaling", "Zapłacić do", "Uhradit do", "Son ödeme tarihi", "Оплатить до", "付款截止日期"),
    ],
)
def test_a_day_by_which_to_pay_is_no_day_of_payment(tmp_path, heading):
    path = tmp_path / "list.csv"
    path.write_text(f"Customer,Invoice,Date,Total,{heading}\n{EACH}", "utf-8")
    ledger = read_ledger(path)
    assert money(ledger, "2026-01-31") == {"1-30": 650, "31-60": 1000}
    assert not ledger.has_history


@pytest.mark.parametrize("heading", ["Expected payment", "Promised payment date", "Zahlungszusage", "Letzte Zahlung"])
def test_a_day_of_another_payment_pays_nothing(tmp_path, heading):
    path = tmp_path / "list.csv"
    path.write_text(f"Customer,Invoice,Date,Total,{heading}\n{EACH}", "utf-8")
    assert sum(money(read_ledger(path), "2026-01-31").values()) == 1650


@pytest.mark.parametrize(
    "heading", ["Payment date", "Paid on", "Zahlungsdatum", "Fecha de pago", "Betaaldatum", "Last payment date"]
)
def test_a_day_of_payment_that_every_document_has_is_asked_about(tmp_path, heading):
    path = tmp_path / "list.csv"
    path.write_text(f"Customer,Invoice,Date,Total,{heading}\n{EACH}", "utf-8")
    with pytest.raises(QuestionError, match="may be the day it was paid or the due date") as asked:
        read_ledger(path)
    (answer,) = asked.value.answers
    totals = []
    for choice in answer.choices:
        key, _, said = choice.partition("=")
        ledger = read_ledger(path, answers={"columns": {key: said}})
        totals.append(sum(money(ledger, "2026-01-31").values()))
    assert totals == [0, 1650, 1650]
    rows = "".join(f"{line},Paid\n" for line in EACH.splitlines())
    path.write_text(f"Customer,Invoice,Date,Total,{heading},Status\n{rows}", "utf-8")
    assert sum(money(read_ledger(path), "2026-01-31").values()) == 0


def test_a_day_of_payment_of_what_is_unpaid_is_none(tmp_path):
    path = tmp_path / "list.csv"
    rows = "A,1,2025-12-01,2025-12-31,100,100,2026-01-10\nA,2,2025-12-10,2026-01-09,40,30,2026-01-15\n"
    rows += "B,3,2025-12-15,2026-01-14,25,25,2026-01-20\nB,4,2025-11-15,2025-12-14,5,5,2026-01-05\n"
    path.write_text(f"Customer,Invoice,Date,Due,Total,Balance,Payment date\n{rows}")
    ledger = read_ledger(path)
    assert sum(money(ledger, "2026-01-31").values()) == 160
    assert not ledger.has_history


CLOSED = "Customer,Invoice,Date,Due,{open},{flag},{day}\n"
CLOSED += "A,1,2026-01-10,2026-02-09,100,{yes},\nB,2,2025-12-01,2025-12-31,40,{no},2026-01-05\n"
CLOSED += "B,3,2025-12-05,2026-01-04,7,{yes},\n"


@pytest.mark.parametrize(
    "named",
    [
        {"open": "total_open_amount", "flag": "isOpen", "day": "clear_date", "yes": "1", "no": "0"},
        {"open": "Offener Betrag", "flag": "Offen", "day": "Ausgleichsdatum", "yes": "Ja", "no": "Nein"},
        {"open": "Montant dû", "flag": "Ouvert", "day": "Date de lettrage", "yes": "oui", "no": "non"},
        {"open": "Saldo", "flag": "Abierta", "day": "Fecha de pago", "yes": "sí", "no": "no"},
        {"open": "Balance", "flag": "Paid", "day": "Paid on", "yes": "FALSE", "no": "TRUE"},
        {"open": "Balance", "flag": "Status", "day": "Cleared on", "yes": "Open", "no": "Cleared"},
    ],
)
def test_a_document_that_a_mark_closes_is_paid_whatever_is_called_open_of_it(tmp_path, named):
    path = tmp_path / "list.csv"
    path.write_text(CLOSED.format(**named), "utf-8")
    ledger = read_ledger(path, base_currency="EUR")
    assert money(ledger, "2026-01-31") == {"Current": 100, "1-30": 7}
    assert sum(money(ledger, "2026-01-04").values()) == 47
    # Without the day it is left out of the figures all the same.
    path.write_text(CLOSED.format(**named).replace(",2026-01-05", ",").replace(f",{named['day']}", ",Note"), "utf-8")
    assert money(read_ledger(path, base_currency="EUR"), "2026-01-31") == {"Current": 100, "1-30": 7}


@pytest.mark.parametrize(("heading", "mark"), [("Unbezahlt", "x"), ("Open?", "Y"), ("Pendiente", "Sí")])
def test_of_marks_alone_what_has_none_is_asked_about(tmp_path, heading, mark):
    path = tmp_path / "list.csv"
    rows = f"A,1,2026-01-10,2026-02-09,100,{mark}\nB,2,2025-12-01,2025-12-31,40,\n"
    path.write_text(f"Customer,Invoice,Date,Due,Amount,{heading}\n{rows}", "utf-8")
    with pytest.raises(QuestionError, match="nothing says what 'no mark'"):
        read_ledger(path, base_currency="EUR")
    ledger = read_ledger(path, base_currency="EUR", answers={"words": {"status": {"no mark": "paid"}}})
    assert money(ledger, "2026-01-31") == {"Current": 100}


def test_documents_of_one_customer_whom_no_column_names_are_read_by_an_answer(tmp_path):
    path = tmp_path / "Alpha.csv"
    statement = "Date,Reference,Description,Debit,Credit,Balance\n2026-01-01,,Balance brought forward,,,500\n"
    statement += "2026-01-05,1,Invoice,140,,640\n2026-01-20,2,Payment,,500,140\n"
    for text in ("Invoice,Date,Due,Balance\n1,2026-01-10,2026-02-09,100\n2,2025-12-01,2025-12-31,40\n", statement):
        path.write_text(text, "utf-8")
        with pytest.raises(QuestionError, match="which column is the customer") as asked:
            read_ledger(path, base_currency="EUR")
        (choice,) = asked.value.answers[-1].choices
        columns = dict([choice.split("=")])
        ledger = read_ledger(path, base_currency="EUR", answers={"columns": columns})
        assert set(ledger.items["customer_name"]) == {"Alpha"}
        assert sum(money(ledger, "2026-01-31").values()) == 140


@pytest.mark.parametrize(("opened", "day"), [("total_open_amount", "clear_date"), ("Saldo", "Bezahlt am")])
def test_an_amount_called_open_beside_a_day_of_clearing_is_asked_about(tmp_path, opened, day):
    path = tmp_path / "list.csv"
    path.write_text(CLOSED.format(open=opened, flag="Note", day=day, yes="", no=""), "utf-8")
    with pytest.raises(QuestionError, match=f"'{day}' may be the day it was paid") as asked:
        read_ledger(path, base_currency="EUR")
    found = []
    for choice in asked.value.answers[0].choices:
        columns = {"settled_date": choice.partition("=")[2]}
        found.append(money(read_ledger(path, base_currency="EUR", answers={"columns": columns}), "2026-01-31"))
    assert found == [{"Current": 100, "1-30": 7}, {"Current": 100, "1-30": 7, "31-60": 40}]


def test_a_paid_amount_with_its_date_is_a_receipt(read):
    ledger = read(
        "Customer,No,Date,Due,PaidDate,Amount,PaidAmount,Status\n"
        "A,I1,2025-01-10,2025-02-09,2025-02-01,100.00,100.00,Paid\nA,I2,2025-01-12,2025-02-11,,50.00,20.00,Pending\n",
        {"amount": "Amount", "paid_amount": "PaidAmount", "settled_date": "PaidDate", "status": "Status"},
    )
    assert ledger.has_history
    assert money(ledger, "2025-02-28") == {"1-30": 30}
    assert sum(money(ledger, "2025-01-31").values()) == 150
    assert "1 (20.00): counted as paid on 2025-02-01" in found(ledger)["undated payments"].message


# ---- invalid dates

DATED = "Customer ID,Document,Document date,Due date,Amount\n"


def test_a_due_date_that_is_none_costs_no_amount(read):
    ledger = read(
        DATED + "K1,A1,2025-01-10,9999-12-31,100.00\nK1,A2,2025-02-10,1900-01-00,50.25\n"
        "K1,A3,2025-02-10,00/01/1900,7.00\nK1,A4,2025-02-10,0,8.00\nK1,A5,2025-02-10,#REF!,1\n"
        "K1,A6,2025-02-10,  /  /    ,2\nK1,A7,2025-02-10,2025-03-12,3\nK1,A8,2025-02-10,01.01.1900,4\n"
        "K1,A9,2025-02-10,2025-03-12,3\n"
    )
    assert money(ledger, "2025-03-31") == {"1-30": 6, "No date": 172.25}
    assert not len(ledger.exceptions)
    named = found(ledger)["invalid dates"]
    assert named.file_rows == (2, 3, 4, 5, 6, 9)
    assert "'#REF!', '0', '00/01/1900', '01.01.1900', '1900-01-00'" in named.message


def test_a_typed_cell_without_a_day_is_no_date(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, DATED.strip().split(","))
        for row, due in enumerate((45000, 0, 2958465, 1), 1):
            sheet.write_row(row, 0, ["K1", f"A{row}"])
            sheet.write_number(row, 2, 44990, day)
            sheet.write_number(row, 3, due, day)
            sheet.write_number(row, 4, 10)
    ledger = read_ledger(path)
    assert money(ledger, "2023-03-31") == {"1-30": 10, "No date": 30}
    assert found(ledger)["invalid dates"].file_rows == (3, 4, 5)


def test_a_document_without_a_date_stays_where_it_is_due_some_day(read):
    ledger = read(DATED + "K1,A1,2025-01-10,2025-02-09,100\n" * 2 + "K1,A2,soon,2025-03-12,50.25\nK2,A3,soon,,7\n")
    assert money(ledger, "2025-03-31") == {"1-30": 50.25, "31-60": 200}
    assert ledger.exceptions["row"].tolist() == [5]
    assert found(ledger)["invalid dates"].file_rows == (4,)


def test_dates_of_another_calendar_are_not_read(read):
    with pytest.raises(LedgerError, match="column 'Due date' has dates of the Jalali calendar"):
        read(DATED + "K1,A1,2025-01-10,1404/05/01,100\n")


# ---- totals

TOTALLED = "Customer ID,Document,Kind,Document date,Due date,Currency,Amount\n"
K1 = "K1,A1,invoice,2025-01-10,2025-02-09,EUR,100.00\nK1,A2,invoice,2025-02-10,2025-03-12,EUR,50.25\n"
K2 = "K2,B1,invoice,2025-01-10,2025-02-09,EUR,7.00\n"
SPACER = ",,,,,,\n"


@pytest.mark.parametrize(
    ("text", "total"),
    [
        (K1 + SPACER + "Total,,,,,,150.25\n", 150.25),
        (K1.replace("K1,A2", ",,,,,,\nK1,A2") + SPACER + "Total,,,,,,150.25\n", 150.25),
        (K1 + "Grand total,,,,,,150.25\n", 150.25),
        (K1 + "K1 total,,,,,,150.25\n" + K2 + "K2 total,,,,,,7.00\nGrand total,,,,,,157.25\n", 157.25),
        ("K1,,,,,,150.25\n" + K1 + "K2,,,,,,7.00\n" + K2 + ",,,,,,157.25\n", 157.25),
        (K1 + SPACER + K2, 157.25),
        (
            K1
            + "K1 total,,,2025-02-10,,,150.25\n"
            + K2
            + "K2 total,,,2025-01-10,,,7.00\nTotal,,,2025-02-10,,,157.25\n",
            157.25,
        ),
    ],
)
def test_totals_are_held_against_the_rows_they_cover(read, text, total):
    ledger = read(TOTALLED + text)
    assert sum(money(ledger, "2025-03-31").values()) == total
    assert not {"file total differs", "subtotal differs", "unreadable rows"} & found(ledger).keys()
    stated = {"EUR": round(100 * total)} if "otal" in text or ",157.25" in text else {}
    assert ledger.sources[0].stated == stated


@pytest.mark.parametrize("label", ["{},,", "Total {},,", "{},Total,", "{},,Subtotal"])
@pytest.mark.parametrize(
    "head", ["Customer,Invoice,Text,Date,Due,Amount", "Customer ID,Document,Text,Document date,Due date,Amount"]
)
def test_a_total_may_bear_a_day(read, head, label):
    text = f"{head}\nA,1,x,2025-12-05,2026-01-04,12.00\nA,2,y,2026-01-10,2026-02-09,3.50\n"
    text += f"{label.format('A')},2026-01-10,,15.50\nB,3,z,2026-01-05,,7.00\n{label.format('B')},2026-01-05,,7.00\n"
    ledger = read(f"{text}Total,,,2026-01-31,,22.50\n")
    assert money(ledger, "2026-01-31") == {"Current": 3.5, "1-30": 12, "No date": 7}
    assert "unreadable rows" not in found(ledger)


@pytest.mark.parametrize("label", ["Opening balance", "Saldovortrag", "Report à nouveau", "Άνοιγμα", ""])
@pytest.mark.parametrize("column", ["Document No", "Text"])
def test_an_opening_balance_that_equals_the_rest_is_no_total(read, label, column):
    first = {"Document No": f"A,{label},2026-01-01,,,60", "Text": f"A,,2026-01-01,,{label},60"}[column]
    rest = "".join(f"A,{n},2026-01-0{n},2026-02-05,x,{10 * n}\n" for n in (1, 2, 3))
    ledger = read(f"Customer,Document No,Document Date,Due Date,Text,Amount\n{first}\n{rest}")
    assert ledger.items["amount"].sum() == 12000


def test_an_opening_balance_of_nobody_is_set_aside(read):
    rest = "".join(f"A,{n},2026-01-0{n},2026-02-05,{10 * n}\n" for n in (1, 2, 3))
    ledger = read(f"Customer,Document No,Document Date,Due Date,Amount\nOpening balance,,,,60\n{rest}")
    assert (ledger.items["amount"].sum(), ledger.exceptions["amount"].tolist()) == (6000, [60])


def test_a_customer_called_a_total_is_set_aside_with_a_word_where_nothing_tells(read):
    rows = (
        "A,1,2025-12-05,2026-01-04,12.00\nTotal Energy,2,2026-01-10,2026-02-09,3.50\nTotal Energy,,2026-01-10,,9.00\n"
    )
    ledger = read(f"Customer,Invoice,Date,Due,Amount\n{rows}")
    assert ledger.items["customer_name"].tolist() == ["A", "Total Energy"]
    assert ledger.exceptions["amount"].tolist() == [9.0]


def test_a_total_that_differs_is_named(read):
    ledger = read(TOTALLED + K1 + SPACER + "Total,,,,,,999.25\n")
    said = found(ledger)["file total differs"].message
    assert said.endswith("the total in row 5 is 999.25, the items read add up to 150.25 (difference 849.00 EUR).")


def test_a_total_may_cover_what_is_left_out(read):
    text = "Customer,No,Date,Due,Amount,Status\nA,1,2026-01-05,2026-02-04,100,Open\nA,2,2026-01-05,2026-02-04,7,Void\n"
    assert "file total differs" not in found(read(text + "Total,,,,107,\n", STATUS))
    assert "file total differs" not in found(read(text + "Total,,,,100,\n", STATUS))
    assert "file total differs" in found(read(text + "Total,,,,99,\n", STATUS))


def test_a_total_of_face_values_says_nothing_of_what_is_open(read):
    text = "Customer,No,Date,Due,Amount,Paid\nA,1,2026-01-05,2026-02-04,100,60\nA,2,2026-01-05,2026-02-04,7,\n"
    names = {"amount": "Amount", "paid_amount": "Paid"}
    ledger = read(text + "Total,,,,107,\n", names)
    assert ("file total differs" in found(ledger), ledger.sources[0].stated) == (False, {})
    assert read(text + "Total,,,,107,60\n", names).sources[0].stated == {"": 4700}
    assert "file total differs" in found(read(text + "Total,,,,107,50\n", names))


CONTROL = (
    *(("999", True), ("157.25", False), ("Grand total: 999.00", True), ("2025", False), ("Total documents: 25", False)),
    *(
        ("TOTAL OUTSTANDING 157.25 EUR", False),
        ("Total outstanding: EUR 158.25", True),
        ("Encours total 158.25 €", True),
    ),
)


def test_a_control_total_above_the_heading_is_compared(read):
    for line, differs in CONTROL:
        ledger = read(f",,,,,,{line}\n{TOTALLED}{K1}{K2}")
        assert ("file total differs" in found(ledger)) == differs, line


# ---- receipts

RECEIVED = "Customer ID,Document,Date,Amount,Kind\n"


def test_a_receipt_that_fits_two_documents_of_a_customer_counts_and_is_named(read):
    text = DATED + "K1,1,2024-01-05,2024-02-04,100\nK1,1,2025-01-05,2025-02-04,100\nK1,2,2025-01-06,2025-02-05,70\n"
    ledger = read(text, receipts=RECEIVED + "K1,1,2025-01-20,100,cash\n")
    assert sum(money(ledger, "2025-01-31").values()) == 170
    assert "for '1'" in found(ledger)["receipts to the oldest"].message
    dated = read(text, receipts=RECEIVED + "K1,1,2024-02-01,100,cash\nK1,1,2025-02-20,100,cash\n")
    assert money(dated, "2025-02-28") == {"1-30": 70}
    assert "receipts to the oldest" not in found(dated)


def test_a_receipt_that_fits_two_entities_is_set_aside(read):
    ledger = read(
        "Entity,Customer ID,Document,Document date,Due date,Amount\nNorth,K1,100,2025-01-05,2025-02-04,100\n"
        "South,K1,100,2025-01-05,2025-02-04,250\n",
        receipts=RECEIVED + "K1,100,2025-02-20,250,cash\n",
    )
    assert sum(money(ledger, "2025-02-28").values()) == 350
    assert "1 (250.00 in all): several customers or entities" in found(ledger)["receipts without item"].message


def test_receipts_that_are_no_cash_reduce_an_item_like_a_credit_note(read):
    kinds = ("withholding tax", "bank charges", "exchange difference", "contra", "cash", "discount")
    receipts = "".join(f"K1,A1,2025-02-03,{100 + place},{kind}\n" for place, kind in enumerate(kinds))
    ledger = read(DATED + "K1,A1,2025-01-05,2025-02-04,1000\n", receipts=RECEIVED + receipts)
    assert sum(money(ledger, "2025-02-28").values()) == 1000 - 615
    month = history(ledger, "2025-02-28")
    of_february = {name: int(month.total(name)[0, 1]) / 100 for name in ("cash", "credits", "discounts", "write_offs")}
    assert of_february == {"cash": 104, "credits": 511, "discounts": 105, "write_offs": 0}


def test_a_recovery_is_cash_and_a_write_off_taken_back(read):
    receipts = "K1,A1,2025-02-03,1000,write-off\nK1,A1,2025-03-03,300,recovery\n"
    ledger = read(DATED + "K1,A1,2025-01-05,2025-02-04,1000\n", receipts=RECEIVED + receipts)
    month = history(ledger, "2025-03-31")
    assert (month.total("cash")[0].tolist(), month.total("write_offs")[0].tolist()) == (
        [0, 0, 30000],
        [0, 100000, -30000],
    )
    assert month.total("receivables")[0].tolist() == [100000, 0, 0]


def test_a_receipt_may_name_the_id_of_a_document(read):
    text = "Customer,Id,No,Date,Due,Amount\nA,in_1,F-1,2025-01-10,2025-02-09,100\nA,in_2,F-2,2025-01-12,2025-02-11,50\n"
    paid = "Document,Date,Amount\nin_1,2025-02-01,100\n"
    ledger = read(text, {"document_id": "Id", "amount": "Amount"}, receipts=paid)
    assert sum(money(ledger, "2025-02-28").values()) == 50


ABOUT = "Customer,Invoice,Date,Due,Amount"
THREE = tuple(f"A,R{n},2026-01-0{n},2026-02-0{n},{n}00.00" for n in (1, 2, 3))


def unaided(tmp_path, heading, *cells, **more):
    """The ledger of three documents, of 100, 200 and 300, with a column more."""
    path = tmp_path / "list.csv"
    lines = (f"{ABOUT},{heading}", *(f"{one},{cell}" for one, cell in zip(THREE, cells, strict=True)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_ledger(path, as_of="2026-03-31", **more)


@pytest.mark.parametrize(
    ("heading", "no", "yes"),
    [
        ("Void", "No", "Yes"),
        ("Anulado", "No", "Sí"),
        ("Annullata", "no", "sì"),
        ("Storniert", "Nein", "Ja"),
        ("Annulé", "Faux", "Vrai"),
        ("Cancelado", "Não", "Sim"),
        ("Anulowana", "nie", "tak"),
        ("Makulerad", "Nej", "Ja"),
        ("已作废", "否", "是"),
        ("Cancelled", "", "✓"),
        ("Cancelled", "FALSE", "TRUE"),
    ],
)
def test_a_yes_or_no_of_any_language_says_what_a_document_is(tmp_path, heading, no, yes):
    ledger = unaided(tmp_path, heading, no, yes, no)
    assert ledger.items["document_no"].tolist() == ["R1", "R3"]


def test_other_words_under_such_a_heading_are_asked_about(tmp_path):
    with pytest.raises(QuestionError, match="nothing says what 'wrong address' in column 'Cancelled' means"):
        unaided(tmp_path, "Cancelled", "", "wrong address", "")
    ledger = unaided(
        tmp_path, "Cancelled", "", "wrong address", "", answers={"words": {"status": {"wrong address": "void"}}}
    )
    assert ledger.items["document_no"].tolist() == ["R1", "R3"]


def test_a_blank_says_nothing_of_what_is_paid_of_a_partly_paid_document(tmp_path):
    with pytest.raises(QuestionError, match=r"documents partly paid: 1 \(200\.00; first in row 3\)"):
        unaided(tmp_path, "Paid,Status", "60,Partly paid", ",Partly paid", ",Open")
    ledger = unaided(tmp_path, "Paid,Status", "60,Partly paid", ",Open", "0,Open")
    assert ledger.items["open_amount"].tolist() == [4000, 20000, 30000]


@pytest.mark.parametrize("heading", ["Paid", "FinalPayDate", "Credited"])
def test_a_column_that_is_blank_throughout_proves_no_open_amount(tmp_path, heading):
    ledger = unaided(tmp_path, heading, "", "", "")
    assert not ledger.items["has_open"].any()
    assert "counted in full" in found(ledger)
    with pytest.raises(QuestionError, match="documents partly paid: 1"):
        unaided(tmp_path, f"{heading},Status", ",Open", ",Partly paid", ",Open")


def test_a_column_called_a_date_that_is_blank_is_no_amount(tmp_path):
    (source,) = unaided(tmp_path, "FinalPayDate", "", "", "").sources
    assert "FinalPayDate" not in [one.header for one in source.columns if one.read_as]


def test_a_balance_brought_forward_keeps_its_decimals(tmp_path):
    path = tmp_path / "statement.csv"
    path.write_text(
        "Customer,Date,Text,Charges,Payments,Balance\nA,2026-08-01,Brought forward,,,10.125\n"
        "A,2026-08-05,R1,1200.125,,1210.250\nA,2026-08-17,R2,500.500,,1710.750\nA,2026-08-19,Pay,,300.250,1410.500\n"
    )
    ledger = read_ledger(path, base_currency="KWD", as_of="2026-10-31")
    assert ledger.items["amount"].sum() == 1_410_500


@pytest.mark.parametrize("label", ["Total,", ",Total"])
def test_a_total_of_what_runs_is_no_balance_brought_forward(tmp_path, label):
    path = tmp_path / "statement.csv"
    path.write_text(
        "Customer,Date,Document,Amount,Balance\nA,2026-08-01,R1,10.00,10.00\nA,2026-08-05,R2,20.00,30.00\n"
        f"A,2026-08-17,R3,5.00,35.00\nB,2026-08-17,R4,7.00,7.00\n{label},,42.00,82.00\n"
    )
    ledger = read_ledger(path, base_currency="EUR", as_of="2026-10-31")
    assert ledger.items["amount"].tolist() == [1000, 2000, 500, 700]


TYPES = "Type,Partner,Number,Date,Due,Amount,Open\n"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Kundenrechnung", "Lieferantenrechnung"),
        ("Verkoopfactuur", "Inkoopfactuur"),
        ("Customer invoice", "Supplier invoice"),
        ("Kundfaktura", "Leverantörsfaktura"),
        ("Fattura attiva", "Fattura passiva"),
        ("Factura de venta", "Factura de compra"),
    ],
)
def test_what_suppliers_are_owed_is_left_out_or_can_be_said(tmp_path, ours, theirs):
    path = tmp_path / "both.csv"
    rows = "{0},A,1,2025-12-01,2025-12-31,1000.00,1000.00\n{0},B,2,2026-01-10,2026-02-09,500.00,300.00\n"
    path.write_text(TYPES + rows.format(ours) + f"{theirs},S,9,2025-12-05,2026-01-04,200.00,200.00\n", "utf-8")
    try:
        ledger = read_ledger(path)
    except QuestionError as question:
        (answer,) = question.answers
        assert f"{ours}=invoice" in answer.choices
        assert not any(one.startswith(theirs) for one in answer.choices)
        ledger = read_ledger(path, answers={"words": {"kind": {ours: "invoice"}}})
    assert ledger.items["open_amount"].sum() == 130_000
    path.write_text(TYPES + rows.format("Frob") + "Wobble,S,9,2025-12-05,2026-01-04,200.00,200.00\n")
    with pytest.raises(QuestionError, match=r"suppliers' \(payable\)") as asked:
        read_ledger(path)
    assert "Wobble=payable" in asked.value.answers[0].choices
    ledger = read_ledger(path, answers={"words": {"kind": {"Frob": "invoice", "Wobble": "payable"}}})
    assert ledger.items["open_amount"].sum() == 130_000


BESIDE_INVOICES = [
    ("Sales invoice", "Sales credit note", "Bill|Bill payment|Purchase credit note|Supplier payment|Expense"),
    ("Receivable Invoice", "Receivable Credit Note", "Payable Invoice|Payable Credit Note|Payable Overpayment"),
    ("Invoice", "Credit Memo", "Bill Payment (Check)|Bill Pmt -Check|Vendor Credit|Estimate|Sales Order|Quotation"),
    ("Tax Invoice", "Credit Note", "Delivery Challan|Pro-forma Invoice|Order Confirmation|Purchase Order|Bill"),
    ("SI", "SC", "PI"),
    ("Rechnung", "Gutschrift", "Eingangsrechnung|Angebot|Auftragsbestätigung|Lieferschein|Proforma-Rechnung"),
    ("Ausgangsrechnung", "Rechnungskorrektur", "Kreditorenrechnung|Lieferantengutschrift|Kostenvoranschlag"),
    ("Facture", "Avoir", "Devis|Bon de commande|Bon de livraison|Facture d'achat|Avoir fournisseur|Facture proforma"),
    ("Factura de venta", "Nota de crédito", "Factura de compra|Presupuesto|Pedido|Albarán|Cotización|Compra"),
    ("Fatura", "Nota de crédito", "Orçamento|Pedido|Encomenda|Guia de remessa|Fatura pró-forma|Fatura de fornecedor"),
    ("Fattura", "Nota di credito", "Preventivo|Ordine|DDT|Conferma ordine|Fattura passiva|Fattura fornitore"),
    ("Factuur", "Creditnota", "Offerte|Order|Pakbon|Orderbevestiging|Inkoopfactuur"),
    ("Faktura", "Kreditfaktura", "Offert|Orderbekräftelse|Följesedel|Leverantörsfaktura"),
    ("Faktura", "Kreditnota", "Tilbud|Ordrebekreftelse|Ordrebekræftelse|Pakkseddel|Følgeseddel|Leverandørfaktura"),
    ("Faktura", "Korekta", "Oferta|Zamówienie|Faktura proforma|Faktura zakupu"),
    ("Faktura", "Dobropis", "Nabídka|Objednávka|Dodací list|Přijatá faktura"),
    ("Fatura", "İade", "Teklif|Sipariş|İrsaliye|Alış faturası"),
    ("Счет", "Возврат", "Заказ покупателя|Коммерческое предложение|Счет поставщика"),
    ("فاتورة", "إشعار دائن", "عرض سعر|أمر بيع|فاتورة مشتريات"),
    ("发票", "退货", "报价单|销售订单|采购发票"),
    ("請求書", "返品", "見積書|注文書|納品書|仕入請求書"),
    ("청구서", "반품", "견적서|주문서|매입세금계산서"),
]
"""An invoice, a credit note, and what is no receivable beside them."""


@pytest.mark.parametrize(("invoice", "credit", "others"), BESIDE_INVOICES, ids=[one[0] for one in BESIDE_INVOICES])
def test_documents_of_suppliers_and_before_an_invoice_are_left_out(tmp_path, invoice, credit, others):
    path = tmp_path / "all.csv"
    kept = f"{invoice},A,1,2025-12-01,2025-12-31,1000,1000\n{credit},A,2,2026-01-10,2026-01-10,{{0}}50,{{0}}50\n"
    left = [f"{one},C,X{at},2026-01-05,2026-02-04,700.00,700.00\n" for at, one in enumerate(others.split("|"))]
    for sign in ("-", ""):
        path.write_text(TYPES + kept.format(sign) + "".join(left), "utf-8")
        ledger = read_ledger(path)
        assert money(ledger, "2026-01-31") == {"Credits": -50, "31-60": 1000}
        told = [found(ledger)[code] for code in ("payables", "no receivables") if code in found(ledger)]
        assert sum(one.count for one in told) == len(left)


@pytest.mark.parametrize(
    ("kinds", "right"),
    [
        (("Bill", "Payment"), {"Bill": "invoice"}),
        (("Bill", "Credit note"), {"Bill": "invoice"}),
        (("Purchase", "Payment"), {"Purchase": "invoice"}),
        (("Sales order", "Payment"), {"Sales order": "invoice"}),
        (("Commande", "Règlement"), {"Commande": "invoice"}),
    ],
)
def test_bills_and_orders_are_asked_about_where_nothing_else_is_an_invoice(tmp_path, kinds, right):
    path = tmp_path / "all.csv"
    first, second = kinds
    row = "{},A,{},2025-12-01,2025-12-31,{},{}\n"
    path.write_text(TYPES + row.format(first, 1, 100, 100) + row.format(second, 2, 20, 20), "utf-8")
    with pytest.raises(QuestionError, match="is an invoice to a customer") as asked:
        read_ledger(path)
    assert [one.partition("=")[0] for one in asked.value.answers[0].choices] == [first, first]
    assert read_ledger(path, answers={"words": {"kind": right}}).items["open_amount"].tolist() == [10000, -2000]


def test_a_list_of_what_is_no_receivable_says_so(tmp_path):
    path = tmp_path / "bills.csv"
    path.write_text(
        TYPES + "Vendor bill,A,1,2025-12-01,2025-12-31,100,100\nVendor bill,B,2,2025-12-01,2025-12-31,5,5\n"
    )
    with pytest.raises(LedgerError, match=r"no receivables \(2 rows of suppliers left out"):
        read_ledger(path)


def test_a_refund_counts_by_its_sign_and_is_asked_about_where_no_amount_has_one(tmp_path):
    path = tmp_path / "all.csv"
    row = "{},A,{},2025-12-01,2025-12-31,{},{}\n"
    invoice, refund = row.format("Invoice", 1, 100, 100), row.format("Refund", 2, 20, 20)
    path.write_text(TYPES + invoice + refund + row.format("Journal", 3, -5, -5))
    assert read_ledger(path).items["open_amount"].sum() == 11500
    path.write_text(TYPES + invoice + refund)
    with pytest.raises(QuestionError, match="whether 'Refund'"):
        read_ledger(path)


@pytest.mark.parametrize("status", ["Quote", "Angebot", "Devis", "Presupuesto", "Offerte", "Tilbud", "見積"])
def test_a_status_may_say_that_a_document_is_no_invoice(tmp_path, status):
    path = tmp_path / "all.csv"
    head = "Status,Customer,Number,Date,Due,Amount,Open\n"
    row = "{},A,{},2025-12-01,2025-12-31,100,100\n"
    path.write_text(head + row.format("Open", 1) + row.format(status, 2) + row.format("Overdue", 3), "utf-8")
    ledger = read_ledger(path)
    assert ledger.items["open_amount"].sum() == 20000
    assert found(ledger)["excluded: draft"].count == 1


WRITTEN_ONCE = [
    ("Customer,Invoice,Date,Due,Owed", "Total,,,,"),
    ("Kunde,Rechnung,Datum,Fällig,Offen", "Summe,,,,"),
    ("Client,Facture,Date,Échéance,Solde", "Total général,,,,"),
    ("Cliente,Factura,Fecha,Vencimiento,Saldo", ",,,Total,"),
    ("Customer ID,Document,Document date,Due date,Open amount", ",,,,"),
]


def once(head, total, *totals):
    """A list in which each customer is written once, with a total below, and totals below each customer."""
    lines = ["C1,R1,2025-12-01,2025-12-31,100.00", ",R2,2026-01-10,2026-02-09,40.00", totals[:1]]
    lines += ["C2,R3,2025-11-15,2025-12-15,25.50", ",R4,2025-12-12,2026-01-11,4.50", ",R5,2026-01-20,2026-02-19,10.00"]
    lines += [totals[1:], "C3,R6,2025-12-05,2026-01-04,7.50", total]
    return "\n".join((head, *("".join(one) for one in lines if one))) + "\n"


@pytest.mark.parametrize(("head", "label"), WRITTEN_ONCE, ids=[one[0] for one in WRITTEN_ONCE])
def test_customers_written_once_are_of_the_rows_below_where_a_total_counts_them(tmp_path, head, label):
    path = tmp_path / "list.csv"
    for text in (once(head, f"{label}187.50"), once(head, "", f"{label}140.00", f"{label}40.00")):
        path.write_text(text, "utf-8")
        ledger = read_ledger(path)
        assert ledger.items.groupby("customer_id")["open_amount"].sum().tolist() == [14000, 4000, 750]
        assert found(ledger)["customers above"].count == 3


@pytest.mark.parametrize("head", [one[0] for one in WRITTEN_ONCE[:4]])
def test_customers_written_once_are_asked_about_where_no_total_counts_the_rows_below(tmp_path, head):
    path = tmp_path / "list.csv"
    path.write_text(once(head, ""), "utf-8")
    with pytest.raises(QuestionError, match="belong to the customer above") as asked:
        read_ledger(path)
    (answer,) = asked.value.answers
    for choice, total in zip(answer.choices, (18750, 13300), strict=True):
        key, _, heading = choice.partition("=")
        assert read_ledger(path, answers={"columns": {key: heading}}).items["open_amount"].sum() == total


def test_a_currency_that_is_written_once_with_its_customer_is_of_the_rows_below(tmp_path):
    path = tmp_path / "list.csv"
    rows = "A,EUR,1,2025-12-01,100\n,,2,2026-01-10,200\nB,USD,3,2025-12-15,50\n,,4,2026-01-16,75\n"
    path.write_text(f"Customer,Currency,Invoice,Due date,Open\n{rows}")
    ledger = read_ledger(path, answers={"columns": {"customer_name": "Customer, blank as above"}})
    assert ledger.items.groupby("currency")["open_amount"].sum().to_dict() == {"EUR": 30000, "USD": 12500}


def test_a_row_that_names_nobody_is_set_aside_in_a_list_that_names_all(tmp_path):
    path = tmp_path / "list.csv"
    rows = "A,1,2025-12-01,100\nA,2,2026-01-10,200\n,3,2025-12-15,50\nB,4,2026-01-16,75\n,5,2026-01-16,5\n"
    path.write_text(f"Customer,Invoice,Due date,Open\n{rows}")
    assert len(read_ledger(path).exceptions) == 2


@pytest.mark.parametrize("heading", ["Lettrage", "Lettre", "Code lettrage", "Match code", "Matching", "Ausgleich"])
def test_documents_matched_with_what_paid_them_are_settled(tmp_path, heading):
    path = tmp_path / "list.csv"
    rows = "A,F1,2025-12-05,2026-01-04,1200,,\nA,R1,2026-01-20,2026-01-20,,700,\nB,F2,2025-12-12,2026-01-11,960,,AA\n"
    rows += (
        "B,R2,2026-01-22,2026-01-22,,960,AA\nC,F3,2026-01-15,2026-02-14,480,,aa\nC,R3,2026-01-16,2026-01-16,,80,aa\n"
    )
    path.write_text(f"Client,Pièce,Date,Échéance,Débit,Crédit,{heading}\n{rows}", "utf-8")
    ledger = read_ledger(path)
    assert money(ledger, "2026-01-31") == {"Credits": -780, "Current": 480, "1-30": 1200}
    assert found(ledger)["matched"].count == 2


def test_payments_in_a_cell_keep_their_decimals(tmp_path):
    path = tmp_path / "list.csv"
    cell = '"[{""amount"": ""10.125""}, {""amount"": ""0.250""}]"'
    path.write_text(f"{ABOUT},Payments\nA,R1,2026-01-01,2026-02-01,100.500,{cell}\n")
    ledger = read_ledger(path, base_currency="KWD", as_of="2026-10-31")
    assert ledger.items["open_amount"].tolist() == [90_125]


@pytest.mark.parametrize(
    ("headings", "cells", "left"),
    [
        ("Payment 1,Payment 2,Payment 3", ("10.00,5.00,", ",,", "1.00,1.00,1.00"), [8500, 20000, 29700]),
        ("1st payment,2nd payment", ("10,5", ",", "1,"), [8500, 20000, 29900]),
        ("First payment,Second payment", ("10,5", ",", "1,"), [8500, 20000, 29900]),
        ("Abono enero,Abono feb", ("10,5", ",", "1,"), [8500, 20000, 29900]),
        ("Zahlung 1,Zahlung 2,Offen", ("10.00,5.00,85.00", ",,200.00", "1.00,1.00,298.00"), [8500, 20000, 29800]),
    ],
)
def test_numbered_payments_are_what_is_paid_together(tmp_path, headings, cells, left):
    ledger = unaided(tmp_path, headings, *cells)
    assert ledger.items["open_amount"].tolist() == left
    assert "unknown columns" not in found(ledger)


@pytest.mark.parametrize(
    "titles",
    [
        "Paid 1,Paid 1 date,Paid 2,Paid 2 date",
        "Payment 1,Date 1,Payment 2,Date 2",
        "1. Zahlung,1. Datum,2. Zahlung,2. Datum",
    ],
)
def test_numbered_payments_with_dates_are_receipts(tmp_path, titles):
    ledger = unaided(tmp_path, titles, "10,2026-01-09,20,2026-02-09", ",,,", "5,2026-01-12,,")
    days = ("2026-01-09", "2026-01-12", "2026-02-09")
    assert dict(ledger.receipts.groupby("date")["amount"].sum()) == dict(
        zip(map(day_number, days), (1000, 500, 2000), strict=True)
    )


def test_numbered_payments_with_dates_are_in_what_is_open(tmp_path):
    titles = "Payment 1,Date 1,Payment 2,Date 2,Open"
    ledger = unaided(tmp_path, titles, "10,2026-01-09,20,2026-02-09,70", ",,,,50", ",,,,20")
    assert (ledger.items["open_amount"].sum(), len(ledger.receipts)) == (14000, 0)


def test_numbered_payments_of_which_some_have_a_date_are_refused(tmp_path):
    with pytest.raises(LedgerError, match="several payments a document, and not each with its date"):
        unaided(tmp_path, "Paid 1,Paid 1 date,Paid 2", "1,2026-01-09,2", ",,", ",,")


@pytest.mark.parametrize("heading", ["Acompte 1,Acompte 2", "Deposit", "Prepayment", "Anzahlung"])
def test_what_was_paid_in_advance_is_asked_about(tmp_path, heading):
    second = "," if "," in heading else ""
    with pytest.raises(QuestionError, match="lowers what is open"):
        unaided(tmp_path, heading, f"10{second}", second, f"5{second}")


@pytest.mark.parametrize(
    ("titles", "kinds", "signs"),
    [
        ("Total,Amount Due", ("out_invoice", "out_refund", "in_invoice", "in_refund"), (1, 1, 1)),
        (
            "Total Signed,Amount Due Signed",
            ("Customer Invoice", "Customer Credit Note", "Vendor Bill", "Vendor Credit Note"),
            (-1, -1, 1),
        ),
    ],
)
def test_bills_of_vendors_among_the_moves_of_odoo_are_left_out(tmp_path, titles, kinds, signs):
    rows = zip(("I1", "R1", "B1", "RB1"), kinds, (1, *signs), (100, 20, 500, 50), strict=True)
    lines = [f"{no},A,2025-12-05,2026-01-04,{kind},{sign * of}.00,{sign * of}.00" for no, kind, sign, of in rows]
    path = tmp_path / "moves.csv"
    path.write_text("\n".join((f"Number,Partner,Invoice Date,Due Date,Type,{titles}", *lines)) + "\n")
    ledger = read_ledger(path)
    assert sum(money(ledger, "2026-01-31").values()) == 80
    assert found(ledger)["payables"].count == 2


def test_words_in_place_of_a_number_say_what_is_a_credit(tmp_path):
    path = tmp_path / "list.csv"
    lines = ("A,INV 1001,100", "A,Unapplied payment,20", "B,On account,30", "B,1002,150")
    rows = (f"{one.rpartition(',')[0]},2025-12-05,{one.rpartition(',')[2]}.00" for one in lines)
    path.write_text("Customer,Reference,Date,Amount\n" + "\n".join(rows) + "\n")
    ledger = read_ledger(path)
    assert ledger.items["amount"].tolist() == [10000, -2000, -3000, 15000]
    assert found(ledger)["credits negated"].count == 2


def test_words_in_a_text_that_call_a_document_a_credit_are_asked_about(tmp_path):
    path = tmp_path / "list.csv"
    lines = ("A,1,Consulting,100", "A,P1,Unapplied payment,20", "B,P2,Payment on account,30", "B,2,Repair,150")
    rows = (f"{one.rpartition(',')[0]},2025-12-05,{one.rpartition(',')[2]}.00" for one in lines)
    path.write_text("Customer,No,Description,Date,Amount\n" + "\n".join(rows) + "\n")
    with pytest.raises(QuestionError, match="'Payment on account', 'Unapplied payment' reduces what is owed") as asked:
        read_ledger(path)
    assert asked.value.answers[0].choices[0] == "Payment on account=payment"
    for kind, total in (("payment", 20000), ("invoice", 30000)):
        words = dict.fromkeys(("Payment on account", "Unapplied payment"), kind)
        assert read_ledger(path, answers={"words": {"kind": words}}).items["amount"].sum() == total


LINES = "Customer,Invoice,Date,Due,Item,Qty,Unit price,{}\n"


def test_the_amount_of_a_line_goes_before_quantity_and_price(tmp_path):
    path = tmp_path / "lines.csv"
    head = "A,1,2025-12-05,2026-01-04,Nut"
    rows = head + ",10,2.50,{}\n" + head + ",4,1.25,{}\nB,2,2025-12-15,,Nut,3,2.50,{}\n"
    for titles, cells, total in (
        ("Tax,Line total", ("5.00,30.00", "1.00,6.00", "1.50,9.00"), 4500),
        ("Line amount,Invoice total", ("25.00,30.00", "5.00,30.00", "7.50,7.50"), 3750),
    ):
        path.write_text(LINES.format(titles) + rows.format(*cells))
        assert read_ledger(path).items["amount"].sum() == total
    for title in ("Rabatt %", "Shipping", "Paid"):
        path.write_text(LINES.format(title) + rows.format("10", "0", "0"))
        with pytest.raises(
            LedgerError, match=rf"has no amounts, and its quantities and prices are not all .*'{title}'"
        ):
            read_ledger(path)


@pytest.mark.parametrize(
    "line", ["Fecha: 31/10/2026", "Stand: 31.10.2026", "Date: 31 October 2026", "As of 2026-10-31"]
)
def test_a_day_above_the_heading_is_the_lists(tmp_path, line):
    path = tmp_path / "list.csv"
    path.write_text(f"Open items,,,,\n{line},,,,\nCustomer,Invoice,Date,Days overdue,Amount\nA,1,2026-09-05,10,12.50\n")
    ledger = read_ledger(path)
    assert iso(ledger.as_of) == "2026-10-31"
    assert [iso(day) for day in ledger.items["due_date"]] == ["2026-10-21"]


def test_amounts_that_cannot_be_read_are_named(tmp_path):
    path = tmp_path / "list.csv"
    rows = ("1200,00", "350,50", "#BEZUG!", "siehe Brief", "10,00")
    lines = (f"A;{n};05.12.2025;04.01.2026;{cell}" for n, cell in enumerate(rows))
    path.write_text("Kunde;Rechnung;Datum;Fällig;Offener Betrag\n" + "\n".join(lines) + "\n", encoding="utf-8")
    ledger = read_ledger(path)
    assert ledger.exceptions["value"].tolist() == ["#BEZUG!", "siehe Brief"]
    assert "no amount in column 'Offener Betrag'" in found(ledger)["unreadable rows"].message


@pytest.mark.parametrize(
    "headings",
    [
        "Discount allowed,Written off",
        "Credit notes,Write-off",
        "Skonto,Ausbuchung",
        "Avoirs,Escompte",
        "Descuento,Retención",
    ],
)
def test_what_reduces_documents_in_two_ways_is_asked_as_one(tmp_path, headings):
    with pytest.raises(QuestionError, match="nothing in the file says so") as asked:
        unaided(tmp_path, f"Paid,{headings}", "60.00,20.00,", ",,50.00", "10.00,,")
    (answer,) = asked.value.answers
    together = headings.replace(",", " + ")
    assert answer.choices == (f"credited_amount={together}", "credited_amount=none")
    path = tmp_path / "list.csv"
    ledger = read_ledger(path, as_of="2026-10-31", answers={"columns": {"credited_amount": together}})
    assert ledger.items["open_amount"].tolist() == [2000, 15000, 29000]


@pytest.mark.parametrize(
    "headings", ["Discount,Credit Memo Amount", "Skonto,Gutschriftsbetrag", "Escompte,Montant crédité"]
)
def test_the_percent_of_a_discount_reduces_no_document(tmp_path, headings):
    ledger = unaided(tmp_path, f"Paid,{headings}", "60.00,3,0.00", "0.00,2,50.00", "10.00,0,12.50")
    assert ledger.items["open_amount"].tolist() == [4000, 15000, 27750]


@pytest.mark.parametrize("name", ["Tamarind S.A.", "Oak & Sons", "Elm, Ash and Co."])
@pytest.mark.parametrize(("heading", "mark"), [("Amount (JPY)", ","), ("Amount (JPY)", "."), ("Betrag (EUR)", ".")])
def test_a_name_in_the_column_of_amounts_says_nothing_of_their_decimals(tmp_path, heading, mark, name):
    path = tmp_path / "list.csv"
    rows = [[heading, "Invoice", "Date", "Due"], [name]]
    rows += [[f"{n}{mark}970", f"A{n}", f"2025-11-0{n}", f"2025-12-0{n}"] for n in range(1, 5)]
    path.write_text("\n".join(";".join([*row, *[""] * (4 - len(row))]) for row in rows) + "\n", "utf-8")
    ledger = read_ledger(path)
    assert set(ledger.items["customer_name"]) == {name}
    assert ledger.items["amount"].tolist() == [(1000 * n + 970) * (1 if "JPY" in heading else 100) for n in range(1, 5)]


def test_numbers_of_documents_are_no_money(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "Customer,Type,Number,Applied to,Date,Due,Amount\nA,Invoice,3301,,2025-11-01,2025-12-01,5000.00\n"
        "A,Payment,3302,3301,2025-12-15,,-2000.00\nB,Invoice,3290,,2025-10-10,2025-11-09,800.00\n"
    )
    assert read_ledger(path).items["amount"].sum() == 380000


@pytest.mark.parametrize("title", ["Terms days", "Payment terms (days)", "Zahlungsziel Tage", "Plazo de pago (días)"])
def test_numbers_under_a_heading_of_days_are_days(tmp_path, title):
    path = tmp_path / "list.csv"
    path.write_text(f"Customer,Doc,Date,{title},Amount\nA,1,2025-12-01,30,10.00\nB,2,2026-01-12,14,5.00\n", "utf-8")
    due = read_ledger(path, as_of="2026-01-31").items["due_date"]
    assert due.map(iso).tolist() == ["2025-12-31", "2026-01-26"]


BESIDE = {
    "no known system": "Customer,Invoice,Invoice date,Due date,Amount\nA,1,2026-01-05,2026-02-04,{0}\n"
    "B,2,2025-12-05,2026-01-04,{1}\nB,3,2025-12-06,2026-01-05,{2}\n",
    "Zoho Books": "Invoice Date,Invoice ID,Invoice Number,Invoice Status,Customer Name,Due Date,Total,Balance\n"
    "2026-01-05,1,INV-1,Sent,A,2026-02-04,{0},{0}\n2025-12-05,2,INV-2,Sent,B,2026-01-04,{1},{1}\n"
    "2025-12-05,3,INV-3,Sent,B,2026-01-04,{2},{2}\n",
    "our own": "Customer ID,Invoice No,Invoice date,Due date,Amount\nA,1,2026-01-05,2026-02-04,{0}\n"
    "B,2,2025-12-05,2026-01-04,{1}\nB,3,2025-12-06,2026-01-05,{2}\n",
    "a currency in some rows": "Customer,Invoice,Date,Due,Currency,Amount\nA,1,2026-01-05,2026-02-04,,{0}\n"
    "B,2,2025-12-05,2026-01-04,,{1}\nB,3,2025-12-06,2026-01-05,,{2}\nB,4,2025-12-06,2026-01-05,EUR,5.00\n",
    "ages": "Contact,Current,1 - 30,31 - 60,Total\nA,{0},0.00,0.00,{0}\nB,0.00,{1},0.00,{1}\nC,0.00,0.00,{2},{2}\n",
}


@pytest.mark.parametrize("text", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize(
    "signs",
    [("€100.00", "£50.00", "US$20.00"), ("100.00 EUR", "50.00 GBP", "20.00 USD"), ("€ 100.00", "GBP 50.00", "USD20")],
)
def test_amounts_of_several_currencies_beside_them_are_never_added(tmp_path, text, signs):
    path = tmp_path / "list.csv"
    path.write_text(text.format(*signs), encoding="utf-8")
    ledger = read_ledger(path, as_of="2026-01-31")
    figure = ledger.items["open_amount"].where(ledger.items["has_open"], ledger.items["amount"])
    totals = figure.groupby(ledger.items["currency"]).sum().to_dict()
    assert totals == {"EUR": 10000 + 500 * ("EUR,5.00" in text), "GBP": 5000, "USD": 2000}


def test_a_sign_of_several_countries_throughout_a_known_system_is_that_of_the_company(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(BESIDE["Zoho Books"].format("$100.00", "$50.00", "$0.00"), encoding="utf-8")
    assert {*read_ledger(path, as_of="2026-01-31").items["currency"]} == {""}
    path.write_text(BESIDE["Zoho Books"].format("$100.00", "€50.00", "$5.00"), encoding="utf-8")
    with pytest.raises(QuestionError, match="sign of several currencies"):
        read_ledger(path, as_of="2026-01-31")
