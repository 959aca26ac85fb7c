"""Statements of account: what moves a balance is debit and credit, whatever it is called, and no balance is summed."""

from __future__ import annotations

import pytest

from xlwings_addin.ledger.errors import QuestionError
from xlwings_addin.ledger.reader import read_ledger

FLAT = (
    ("Alpha", "2025-11-03", "R1", "400.00", "", "400.00"),
    ("Alpha", "2025-11-20", "P1", "", "150.00", "250.00"),
    ("Alpha", "2025-12-05", "R2", "300.50", "", "550.50"),
    ("Beta", "2025-11-07", "R3", "80.00", "", "80.00"),
    ("Beta", "2025-12-08", "R4", "20.00", "", "100.00"),
    ("Beta", "2026-01-08", "P2", "", "100.00", "0.00"),
)
TOTAL = 55050
HEADINGS = {
    "English": "Customer,Date,Document,Invoiced,Received,Balance",
    "charges": "Customer,Date,Reference,Charges,Payments,Balance",
    "German": "Kunde,Datum,Beleg,Soll,Haben,Saldo",
    "French": "Client,Date,Pièce,Débit,Crédit,Solde progressif",
    "Spanish": "Cliente,Fecha,Documento,Cargo,Abono,Saldo",
    "Italian": "Cliente,Data,Documento,Dare,Avere,Progressivo",
    "Dutch": "Klant,Datum,Factuur,Gefactureerd,Betaald,Saldo",
    "Swedish": "Kund,Datum,Faktura,Fakturerat,Betalt,Saldo",
    "Polish": "Kontrahent,Data,Dokument,Wn,Ma,Saldo",
    "no word known": "Customer,Date,Document,Wib,Wob,Wub",
}


def read(tmp_path, text, **answers):
    path = tmp_path / "statement.csv"
    path.write_text(text, encoding="utf-8")
    return read_ledger(path, base_currency="EUR", as_of="2026-01-31", answers=answers or None)


@pytest.mark.parametrize("headings", HEADINGS.values(), ids=HEADINGS)
@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_what_moves_a_balance_is_debit_and_credit_whatever_it_is_called(tmp_path, headings, order):
    lines = [headings, *(",".join(row) for row in FLAT[::order])]
    assert read(tmp_path, "\n".join(lines)).items["amount"].sum() == TOTAL


def test_payments_may_be_written_with_a_minus(tmp_path):
    lines = [HEADINGS["English"], *(",".join((*row[:4], row[4] and f"-{row[4]}", row[5])) for row in FLAT)]
    assert read(tmp_path, "\n".join(lines)).items["amount"].sum() == TOTAL


@pytest.mark.parametrize(("debit", "credit"), ["SH", "DC", ("Dr", "Cr"), "+-", ("Wn", "Ma")])
@pytest.mark.parametrize("heads", ["Umsatz,S/H,Saldo,S/H Saldo", "Amount,Side,Balance,Side of balance"])
def test_the_mark_of_the_amount_is_not_that_of_the_balance(tmp_path, heads, debit, credit):
    rows = [(*row[:3], row[3] or row[4], debit if row[3] else credit, row[5], debit) for row in FLAT]
    ledger = read(tmp_path, "\n".join([f"Customer,Date,Document,{heads}", *map(",".join, rows)]))
    assert ledger.items["amount"].sum() == TOTAL


GROUPED = """Compte,Date,Pièce,Libellé,Débit,Crédit,Solde
411ALP,Alpha,,,,,
,2025-11-03,F1,Vente,400.00,,400.00
,2025-11-20,B1,Virement,,150.00,250.00
,2025-12-05,F2,Vente,300.50,,550.50
Total 411ALP,,,,700.50,150.00,550.50
411BET,Beta,,,,,
,2025-11-07,F3,Vente,80.00,,80.00
,2025-12-08,F4,Vente,20.00,,100.00
,2026-01-08,B2,Virement,,100.00,0.00
Total 411BET,,,,100.00,100.00,0.00
"""


def test_a_balance_may_run_between_the_rows_of_customers(tmp_path):
    ledger = read(tmp_path, GROUPED)
    assert ledger.items["amount"].sum() == TOTAL
    assert len(ledger.items) == len(FLAT)


def test_a_balance_may_have_two_columns_one_a_side(tmp_path):
    """French and Polish ledgers print what is owed to a customer in a column of its own."""
    rows = (
        ("A", "2025-11-05", "F1", "400.00", "", "400.00", ""),
        ("A", "2025-11-20", "R1", "", "450.00", "", "50.00"),
        ("A", "2025-12-05", "F2", "300.00", "", "250.00", ""),
        ("B", "2025-11-05", "F3", "80.00", "", "80.00", ""),
        ("B", "2025-12-06", "F4", "10.00", "", "90.00", ""),
    )
    for titles in ("Débit,Crédit,Solde débiteur,Solde créditeur", "Wn,Ma,Saldo Wn,Saldo Ma", "Debit,Credit,Dr,Cr"):
        text = "\n".join([f"Client,Date,Pièce,{titles}", *map(",".join, rows)])
        assert read(tmp_path, text).items["amount"].sum() == 34000


def test_a_balance_that_runs_on_too_few_rows_is_asked_about(tmp_path):
    head = "Konto,Datum,Beleg,Umsatz,S/H,Saldo,S/H Saldo"
    text = f"{head}\n101,2025-11-03,R1,40.00,S,40.00,S\n101,2025-11-20,P1,15.00,H,25.00,S\n"
    with pytest.raises(QuestionError) as asked:
        read(tmp_path, text)
    assert "running_balance=Saldo" in asked.value.answers[0].choices
    assert read(tmp_path, text, columns={"running_balance": "Saldo"}).items["amount"].sum() == 2500


def test_invoices_and_payments_in_rows_of_their_own_need_no_balance(tmp_path):
    lines = ["Customer,Date,Document,Invoiced,Received", *(",".join(row[:5]) for row in FLAT)]
    assert read(tmp_path, "\n".join(lines)).items["amount"].sum() == TOTAL
