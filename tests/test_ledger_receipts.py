"""Lists of receipts in anyone's words: which column is what, which kind a row is, and what must be asked."""

import openpyxl
import pytest

from xlwings_addin.ledger.errors import AnswerError, QuestionError
from xlwings_addin.ledger.history import history
from xlwings_addin.ledger.mapping import said_by
from xlwings_addin.ledger.metrics import metrics
from xlwings_addin.ledger.position import open_at
from xlwings_addin.ledger.reader import read_ledger

ITEMS = """Customer ID,Document,Document date,Due date,Amount
C1,R1,2026-01-05,2026-02-04,1000.00
C1,R2,2026-01-15,2026-02-14,500.00
C2,R3,2026-02-05,2026-03-04,200.00
"""
HEADINGS = """Zahlungsdatum;Rechnung;Betrag
Buchungsdatum;Belegnummer;Zahlbetrag
Date de paiement;Facture;Montant
Date d'encaissement;N° facture;Montant réglé
Fecha de pago;Factura;Importe
Fecha de cobro;Nº factura;Importe cobrado
Data de pagamento;Fatura;Valor
Data de recebimento;Nota fiscal;Valor recebido
Data pagamento;Fattura;Importo
Data incasso;Numero fattura;Importo incassato
Betaaldatum;Factuur;Bedrag
Betalingsdatum;Factuurnummer;Ontvangen bedrag
Data płatności;Faktura;Kwota
Data wpłaty;Numer faktury;Kwota wpłaty
Betalningsdatum;Faktura;Belopp
Inbetalningsdatum;Fakturanummer;Inbetalt belopp
Betalingsdato;Faktura;Beløb
Innbetalingsdato;Fakturanr;Beløp
Datum úhrady;Faktura;Částka
Ödeme tarihi;Fatura;Tutar
Paid on;Invoice;Paid
Date received;Invoice number;Amount received
""".splitlines()


@pytest.fixture
def read(tmp_path):
    def reading(receipts, *said, items=ITEMS):
        (tmp_path / "items.csv").write_text(items, encoding="utf-8")
        (tmp_path / "receipts.csv").write_text(receipts, encoding="utf-8")
        answers = {}
        for one in said:
            to, _, choice = one.partition(" ")
            for key, value in said_by(to, choice).items():
                answers[key] = {**answers.get(key, {}), **value} if isinstance(value, dict) else value
        return read_ledger(tmp_path / "items.csv", receipts=tmp_path / "receipts.csv", answers=answers or None)

    return reading


def reduced(ledger):
    """What reduced the items, by document and kind, in whole units."""
    rows = ledger.receipts.assign(document=ledger.items["document_no"].take(ledger.receipts["item"]).to_numpy())
    return {(one.document, one.kind): one.amount / 100 for one in rows.itertuples()}


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_of_any_language(headings, read):
    rows = "15.02.2026;R1;400,00\n20.02.2026;R3;200,00\n"
    assert reduced(read(f"{headings}\n{rows}")) == {("R1", "cash"): 400, ("R3", "cash"): 200}


KINDS = {
    "cash": "payment,Überweisung,virement,transferencia,bonifico,入金,wire,cheque",
    "credit note": "Gutschrift,avoir,nota de crédito,credit",
    "discount": "Skonto,escompte,descuento,cash discount,Early payment discount",
    "write-off": "Ausbuchung,incobrable,bad debt,umorzenie",
    "tax withheld": "TDS,Quellensteuer,retenue à la source,retención,ritenuta d'acconto",
    "bank charges": "Bankspesen,frais bancaires,bank fee,bankkosten",
    "exchange difference": "Kursdifferenz,FX loss,écart de change,różnica kursowa",
    "contra": "Aufrechnung,set-off,compensation,mahsup",
}


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind in KINDS for word in KINDS[kind].split(",")])
def test_kinds_of_any_language_have_their_place_in_the_month(kind, word, read):
    ledger = read(f"Document,Date,Amount,Kind\nR1,2026-02-15,400.00,{word}\nR3,2026-02-20,50,cash\n")
    assert reduced(ledger) == {("R1", kind): 400, ("R3", "cash"): 50}
    month = metrics(history(ledger, "2026-02-28"))[-1]
    place = {"cash": "cash", "write-off": "write_offs"}.get(kind, "credits")
    expected = {"cash": 50, "credits": 0, "write_offs": 0}
    expected[place] += 400
    assert {key: month[key] for key in expected} == expected


def test_a_recovery_is_cash_and_a_write_off_taken_back(read):
    rows = "R1,2026-02-15,1000.00,write-off\nR1,2026-03-15,400.00,récupération de créance\n"
    months = metrics(history(read(f"Document,Date,Amount,Kind\n{rows}"), "2026-03-31"))
    assert [(one["cash"], one["write_offs"], one["receivables"]) for one in months[-2:]] == [
        (0, 1000, 700),
        (400, -400, 700),
    ]


def test_a_kind_that_no_word_says_is_asked(read):
    rows = "Document,Date,Amount,Kind\nR1,2026-02-15,400.00,Frob\n"
    with pytest.raises(QuestionError, match=r"nothing says what 'Frob' in column 'Kind' means\.$") as asked:
        read(rows)
    assert asked.value.answers[0].choices == ("Frob=cash", "Frob=credit note", "Frob=discount", "Frob=write-off")
    assert reduced(read(rows, "kind Frob=contra")) == {("R1", "contra"): 400}
    with pytest.raises(QuestionError):
        read(rows, "kind Frob=invoice")


ROWS = "Rechnung;Zahlungsdatum;Betrag;Skonto\nR1;15.02.2026;{};20,00\nR2;16.02.2026;100,00;\n"


def test_a_discount_beside_the_amount_or_within_it_is_proven_by_the_document(read):
    beside = {("R1", "cash"): 980, ("R2", "cash"): 100, ("R1", "discount"): 20}
    assert reduced(read(ROWS.format("980,00"))) == beside
    assert reduced(read(ROWS.format("1000,00"))) == {("R1", "cash"): 1000, ("R2", "cash"): 100}


def test_a_discount_that_nothing_proves_is_asked(read):
    with pytest.raises(QuestionError, match="whether 'Skonto' reduces the documents beside 'Betrag'") as asked:
        read(ROWS.format("400,00"))
    (answer,) = asked.value.answers
    assert answer.choices == ("receipts.discount=Skonto", "receipts.discount=none")
    assert answer.gives == ("receipts of 520.00", "receipts of 500.00")
    totals = [sum(reduced(read(ROWS.format("400,00"), f"column {one}")).values()) for one in answer.choices]
    assert totals == [520, 500]


def test_several_reductions_of_one_payment(read):
    rows = "Document,Date,Amount,Discount,Bank charges,Tax withheld\nR1,2026-02-15,900,50,10,40\n"
    assert reduced(read(rows)) == {
        ("R1", "cash"): 900,
        ("R1", "discount"): 50,
        ("R1", "bank charges"): 10,
        ("R1", "tax withheld"): 40,
    }


@pytest.mark.parametrize(
    "own", ["Receipt no,Receipt date,Invoice no", "Document,Date,Applied to", "Number,Date,Reference"]
)
def test_the_number_of_the_receipt_is_none_of_an_item(own, read):
    assert reduced(read(f"{own},Amount\nP1,2026-02-15,R1,900\nP2,2026-02-16,R3,50\n")) == {
        ("R1", "cash"): 900,
        ("R3", "cash"): 50,
    }


def test_columns_of_receipts_can_be_named(read):
    rows = "Wer,Wann,Wieviel\nR1,2026-02-15,900\n"
    with pytest.raises(
        QuestionError, match="says of no column that it is the 'Document', 'Date', 'Amount' of"
    ) as asked:
        read(rows)
    assert "receipts.amount=Wieviel" in asked.value.answers[0].choices
    said = ("column receipts.document_no=Wer", "column receipts.date=Wann", "column receipts.amount=Wieviel")
    assert reduced(read(rows, *said)) == {("R1", "cash"): 900}
    with pytest.raises(AnswerError, match="has no column 'Wert', named in what was answered"):
        read(rows, "column receipts.amount=Wert")
    with pytest.raises(ValueError, match="names a column 'mood', which is not one of entity"):
        read(rows, "column receipts.mood=Wer")


def test_names_of_customers_are_no_numbers(read):
    assert reduced(read("Kunde;Rechnung;Zahlungsdatum;Betrag\nAda GmbH;R1;15.02.2026;900\n")) == {("R1", "cash"): 900}


def test_receipts_that_are_all_negative_are_asked_about(read):
    rows = "Document,Date,Amount\nR1,2026-02-15,-900\nR2,2026-02-15,-100\n"
    with pytest.raises(QuestionError, match="every receipt is negative") as asked:
        read(rows)
    assert asked.value.answers[0].gives == ("1,000.00 less open", "1,000.00 more open")
    assert reduced(read(rows, "signs by-kind")) == {("R1", "cash"): 900, ("R2", "cash"): 100}
    assert reduced(read(rows, "signs as-is")) == {("R1", "cash"): -900, ("R2", "cash"): -100}


@pytest.mark.parametrize("named", [False, True])
def test_receipts_on_another_sheet_of_the_same_workbook(named, tmp_path):
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Posten"
    for row in (
        ["Kunde", "Rechnung", "Rechnungsdatum", "Fällig", "Betrag"],
        ["Ada", "R1", "2026-01-05", "2026-02-04", 1000],
        ["Bob", "R2", "2026-01-06", "2026-02-05", 500],
    ):
        book.active.append(row)
    sheet = book.create_sheet("Zahlungen")
    for row in (["Rechnung", "Zahlungsdatum", "Betrag"], ["R1", "2026-02-15", 400]):
        sheet.append(row)
    book.save(path)
    ledger = read_ledger(path, receipts=path if named else None)
    assert reduced(ledger) == {("R1", "cash"): 400}
    assert [(one.role, one.file) for one in ledger.sources] == [
        ("items", "book.xlsx [Posten]"),
        ("receipts", "book.xlsx [Zahlungen]"),
    ]


LISTED = (
    "Customer,Invoice,Date,Due,Total,Balance\nA,1,2025-12-01,2025-12-31,1000,700\nA,2,2025-12-10,2026-01-09,400,400\n"
    "B,3,2025-12-15,2026-01-14,250,200\nB,4,2026-01-15,2026-02-14,250,250\n"
)


@pytest.mark.parametrize(
    ("received", "left"),
    [
        ("1,2026-01-10,200\n99,2026-01-11,55\n", 155_000),
        ("1,2026-01-10,300\n3,2026-01-12,50\n", 155_000),
        ("2,2026-02-10,100\n", 145_000),
    ],
    ids=["some are in it", "all are in it", "after its day"],
)
def test_a_list_of_open_items_stays_one_though_receipts_are_given(tmp_path, received, left):
    items, receipts = tmp_path / "items.csv", tmp_path / "receipts.csv"
    items.write_text(LISTED)
    receipts.write_text(f"Document,Date,Amount\n{received}")
    ledger = read_ledger(items, receipts=receipts)
    assert open_at(ledger, "2026-02-28").amount.sum() == left
    assert not ledger.has_history
    assert "receipts of a list" in {one.code for one in ledger.findings}


def test_the_day_of_a_list_is_asked_where_some_receipts_are_in_it_and_others_are_not(tmp_path):
    items, receipts = tmp_path / "items.csv", tmp_path / "receipts.csv"
    items.write_text(LISTED)
    receipts.write_text("Document,Date,Amount\n1,2026-01-10,300\n2,2026-02-10,100\n")
    with pytest.raises(QuestionError, match="some of the receipts are in it") as asked:
        read_ledger(items, receipts=receipts)
    assert asked.value.answers[0].to == "snapshot"
    ledger = read_ledger(items, receipts=receipts, snapshots={"items.csv": "2026-01-31"})
    assert open_at(ledger, "2026-02-28").amount.sum() == 145_000
