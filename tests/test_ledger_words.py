"""Headings and words of cells as systems write them, in every language of the table."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest

from xlwings_addin.ledger import amounts, dates, rows, vocabulary, words
from xlwings_addin.ledger.reader import read_ledger

HEADINGS = {
    # Xero, Stripe and QuickBooks Online, fields of their APIs
    "AmountDue": "amount due",
    "AmountPaid": "amount paid",
    "AmountCredited": "amount credited",
    "amount_remaining": "amount open",
    "DueDate": "due date",
    "TxnDate": "document date",
    # Oracle Fusion and EBS: AR_OPEN_TRX_V, AR_AGING_EXTRACT, AR_CUSTOMER_BALANCE_ITF
    "AMOUNT_DUE_REMAINING": "amount due open",
    "DAYS_PAST_DUE": "days overdue",
    "TRX_NUMBER": "document number",
    "BALANCE_DUE_FUNCTIONAL": "balance due local",
    "CREATED_BY": "user",
    "TAX_REFERENCE_NUM": "tax reference number",
    # Dynamics GP RM20101, run together
    "CUSTNMBR": "customer number",
    "DUEDATE": "due date",
    "DOCDATE": "document date",
    # Tally: bills receivable
    "Party's Name": "customer name",
    "Pending Amount": "open amount",
    "Due on": "due",
    "Overdue by days": "overdue days",
    # Zuora, headings with a prefix
    "Invoice: Due Date": "document due date",
    "Account: Name": "account name",
    "Amount Without Tax": "amount net",
    # SAP, FBL5N and S/4HANA
    "Net due date": "due date",
    "Arrears after net due date": "overdue due date",
    "Document currency": "document currency",
    "Amount in local currency": "amount local currency",
    "Assignment": "reference",
    "Special G/L ind.": "special ledger flag",
    "Rechnungsnummer": "document number",
    "Fälligkeitsdatum": "due date",
    "Nettofälligkeit": "due",
    "Betrag in Hauswährung": "amount local currency",
    "Ausgleichsdatum": "clearing date",
    "Buchungskreis": "entity",
    # DATEV, open items
    "Rechnungs-Nr.": "document number",
    "Fälligkeit": "due",
    "Sollbetrag": "debit amount",
    "Habenbetrag": "credit amount",
    "Saldo": "balance",
    "Gegenkonto": "ledger",
    "OP-Betrag": "open amount",
    "Buchungstext": "text",
    # Coupa Treasury, receivables export
    "Debitor account number": "customer account number",
    "Booking date": "posting date",
    "Delivery slip number": "delivery number",
    # Sage 100 and Cegid, in French
    "N° facture": "number document",
    "Date d'échéance": "date due",
    "Reste à payer": "open",
    "Solde dû": "balance due",
    "Montant restant dû": "amount open",
    "Total TTC": "total gross",
    "Montant HT": "amount net",
    "Mode de règlement": "method",
    "Lettrage": "clearing",
    # ContPAQi, Aspel, Contasol, in Spanish
    "Fecha de vencimiento": "date due",
    "Total Pendiente": "total open",
    "Importe cobrado": "amount paid",
    "Días vencidos": "days overdue",
    "Cód. Cliente": "number customer",
    "Condiciones de pago": "terms",
    "Saldo por cobrar": "balance open",
    # small Brazilian systems, Protheus, PHC
    "Valor a Receber": "amount open",
    "Dias Atraso": "days overdue",
    "Número da Parcela": "number instalment",
    "Data de Emissão": "date issued",
    "Nosso número": "bank",
    "Valor em dívida": "amount open",
    # TeamSystem, Zucchetti
    "Data scadenza": "date due",
    "Importo residuo": "amount open",
    "Partita IVA": "tax number",
    "Rag. Soc.": "customer name",
    "Giorni di ritardo": "days overdue",
    "Scaduto dal": "overdue",
    # Exact Online, AFAS, Twinfield
    "Vervaldatum": "due date",
    "Openstaand bedrag": "open amount",
    "Bedrag incl. btw": "amount gross",
    "Boekstuknr": "document number",
    "Klantnaam": "customer name",
    "Betaald op": "paid",
    # Fortnox and Visma, Swedish
    "Förfallodatum": "due date",
    "Kundnummer": "customer number",
    "Kvar att betala": "open",
    "Belopp exkl moms": "amount net",
    # 24SevenOffice, Tripletex
    "Forfallsdato": "due date",
    "Fakturabeløp": "document amount",
    "Kreditert": "credited",
    "Innbetalt": "paid",
    "Kundenavn": "customer name",
    # e-conomic, Dinero
    "Forfaldsdato": "due date",
    "Restbeløb": "open amount",
    "Debitornr.": "customer number",
    "Rykkergebyr": "dunning charge",
    # Comarch, wFirma
    "Numer faktury": "number document",
    "Termin płatności": "due",
    "Do zapłaty": "open",
    "Wartość brutto": "amount gross",
    "Dni po terminie": "days overdue",
    # Pohoda, Fakturoid
    "Datum splatnosti": "date due",
    "Odběratel": "customer",
    "Zbývá uhradit": "open",
    "Celkem bez DPH": "total net",
    "Forma úhrady": "method",
    # Logo, Mikro
    "Cari Hesap Kodu": "customer account number",
    "Vade Tarihi": "due date",
    "Kalan Tutar": "open amount",
    "Fatura No": "document number",
    # 1C
    "Контрагент": "customer",
    "Срок оплаты": "due",
    "Сумма с НДС": "amount gross",
    "Остаток долга": "open",
    "Дней просрочки": "days overdue",
    # Zoho Books and Odoo in Arabic
    "رقم الفاتورة": "number document",
    "تاريخ الاستحقاق": "date due",
    "المبلغ المتبقي": "amount open",
    "اسم العميل": "name customer",
    # Kingdee, Yonyou
    "发票日期": "document date",
    "客户名称": "customer name",
    "未收金额": "open amount",
    "逾期天数": "overdue days",
    "单据编号": "document number",
    # Money Forward, OBC
    "請求先コード": "customer number",
    "支払期日": "due",
    "請求額": "document amount",
    "売掛残高": "receivable balance",
    "消費税額": "tax amount",
    # Douzone, iCUBE
    "거래처코드": "customer number",
    "전표일자": "document date",
    "미수금": "open",
    "연체일수": "overdue days",
    # what looks like a role and is none
    "Created Date": "entered date",
    "Erfassungsdatum": "entered date",
    "Job No": "project number",
    "Vertragsnummer": "project number",
    "Bank account": "bank account",
    "Credit limit": "limit",
    "Kreditlimit": "limit",
    "Skontobetrag": "discount amount",
    "MwSt-Betrag": "tax amount",
    "Lieferdatum": "delivery date",
    "Last payment date": "last paid date",
    "Commission": "commission",
    "Margin %": "margin percent",
    "Weight (kg)": "weight",
    "Phone": "phone",
    "Number of Days Outstanding": "age days",
    "Percentage": "percent",
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_as_systems_write_them(heading):
    assert " ".join(words.read(heading).concepts) == HEADINGS[heading]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fälligkeitsdatum", "FAELLIGKEITSDATUM"),
        ("Fälligkeitsdatum", "Falligkeits-Datum"),
        ("Förfallodatum", "FORFALLODATUM"),
        ("Forfaldsbeløb", "forfaldsbeloeb"),
        ("Número de factura", "NUMERO_FACTURA"),
        ("Müşteri Adı", "MUSTERI ADI"),
        ("Date d’échéance", "DATE ECHEANCE"),
        ("Invoice Dates", "invoice-date"),
        ("الفاتورة", "فاتورة"),
    ],
)
def test_case_accents_and_joints_mean_nothing(one, other):
    assert words.read(one).concepts == words.read(other).concepts != ()


def test_what_nothing_explains_is_named():
    assert words.read("Vencimento Real") == words.Heading(("due", "actual"), (), (), (("due", "actual"),))
    assert words.read("Xyzzy Date").unknown == ("xyzzy",)
    assert words.read("Sonderdatum").unknown == ("sonder",)
    assert words.read("").concepts == ()


@pytest.mark.parametrize(
    ("heading", "concepts", "currency"),
    [
        ("Amount (EUR)", ("amount",), ("EUR",)),
        ("amount_usd", ("amount",), ("USD",)),
        ("Balance ₹", ("balance",), ("INR",)),
        ("Total in US$", ("total",), ("USD",)),
        ("Kwota zł", ("amount",), ("PLN",)),
        ("Amount Due SAR", ("amount", "due"), ("SAR",)),
        ("Belopp (kr)", ("amount",), ("SEK", "NOK", "DKK", "ISK")),
        ("Show All", (), ()),
        ("Net due dt", ("due", "date"), ()),
        ("Amount LE", ("amount",), ("EGP",)),
        ("Tutar TL", ("amount",), ("TRY",)),
        ("Payé le", ("paid",), ()),
        ("MONTANT LE", ("amount",), ()),
        ("Sale", ("sales",), ()),
        ("Wobble", (), ()),
        ("Total all", ("total",), ()),
        ("Total ALL", ("total",), ()),
        ("Rest Re", ("open", "document"), ()),
        ("Open US", ("open",), ()),
        ("金額(円)", ("amount",), ("JPY",)),
    ],
)
def test_a_currency_in_a_heading_is_taken_out(heading, concepts, currency):
    found = words.read(heading)
    assert (found.concepts, found.currency) == (concepts, currency)


def test_words_that_languages_share_go_by_the_others():
    assert words.read("Rate").readings == (("rate",), ("instalment",))
    assert words.read("Rate", words.language_of(["Kunde", "Fällig am", "Betrag", "Rate"])).concepts == ("instalment",)


STATUSES = {
    "void": "Void|VOIDED|Cancelled|Storniert|Annulée|Anulada|Cancelada|Annullata|Geannuleerd|Makulerad|Annulleret"
    "|Anulowana|Stornováno|İptal|Аннулирован|ملغاة|已作废|取消済|취소",
    "draft": "Draft|SUBMITTED|Parked|Entwurf|Brouillon|Borrador|Rascunho|Bozza|Concept|Utkast|Kladde|Taslak|Черновик"
    "|مسودة|草稿|下書き|임시저장|Not posted",
    "paid": "Paid|Paid in full|In payment|Bezahlt|Ausgeglichen|Payée|Soldé|Pagada|Cobrado|Recebido|Liquidado|Pagata"
    "|Betaald|Betald|Betalt|Zapłacona|Uhrazeno|Ödendi|Оплачен|مدفوعة|已付款|入金済|완납",
    "partly paid": "Partially Paid|Paid (partially)|Partly paid|Teilweise bezahlt|Partiellement payée|Pago parcial"
    "|Parcialmente pago|Deels betaald|Delvis betalt|Częściowo zapłacona|Kısmi ödendi|Частично оплачен|部分付款"
    "|一部入金",
    "open": "Open|Unpaid|Not Paid|not yet paid|No payment|AUTHORISED|Posted|Pending|A Receber|Offen|nicht bezahlt"
    "|Impayée|Pendiente|No pagado|Em aberto|Da pagare|Non pagata|Openstaand|Niet betaald|geboekt|Obetald|Ubetalt"
    "|Niezapłacona|Nie zapłacono|Neuhrazeno|Ödenmedi|Не оплачен|غير مدفوعة|未付款|未入金|미수|Not overdue",
    "overdue": "Overdue|Past due|Überfällig|En retard|Vencida|Atrasado|Scaduta|Vervallen|Förfallen|Forfalden"
    "|Po terminie|Po splatnosti|Gecikmiş|Просрочен|متأخرة|已逾期|延滞|연체|Overdue by 5 days",
    "uncollectible": "Uncollectible|Written off|Abgeschrieben|Incobrable|坏账",
    "reversed": "Reversed|Rückgebucht|已冲销",
    "": "Blue|A|7|Not void|Paid by a stranger tomorrow perhaps|Completed",
}


@pytest.mark.parametrize(
    ("status", "text"), [(one, text) for one, all_ in STATUSES.items() for text in all_.split("|")]
)
def test_what_a_status_says(status, text):
    assert words.status_of(text) == status


KINDS = {
    "invoice": "INV|Invoice|Sales Invoice|Tax invoice|Rechnung|Facture|Factura|Nota Fiscal|Fattura|Factuur|Faktura"
    "|Fatura|فاتورة|发票|請求書|송장|FT",
    "credit note": "CM|CN|Credit Memo|Credit note|Gutschrift|Avoir|Nota de crédito|Nota di credito|Creditnota"
    "|Kreditfaktura|Kreditnota|Dobropis|GS|GU|NC|AV|红字发票",
    "debit note": "ND|Debit note|Nota de débito|Note de débit",
    "payment": "PMT|Payment|Zahlung|Règlement|Cobro|Pagamento|Betaling|Inbetalning|Wpłata|Оплата|入金|수금",
    "": "DR|AB|S|R|X|RE|Invoice payment|1|",
}


@pytest.mark.parametrize(("kind", "text"), [(one, text) for one, all_ in KINDS.items() for text in all_.split("|")])
def test_what_a_kind_says(kind, text):
    assert words.kind_of(text) == kind


def test_marks_of_debit_and_credit_belong_to_one_language():
    assert words.sides_of(["Soll", "Haben"]) == {"Soll": "debit", "Haben": "credit"}
    assert words.sides_of(["Debe", "Haber"])["Haber"] == "credit"
    assert words.sides_of(["D", "C"])["D"] == words.sides_of(["D", "H"])["D"] == "debit"
    assert words.sides_of(["MD", "D"])["D"] == "credit"
    assert words.sides_of(["D"]) == words.sides_of(["S", "C"]) == {}


TOTALS = ("Total", "TOTAL FOR Alpha", "Alpha Total", "Summe", "Gesamtergebnis", "Alpha Ergebnis", "Total général")
TOTALS += ("Totale", "Subtotaal", "Summa:", "I alt", "Razem", "Celkem", "Toplam", "Итого по клиенту", "合计", "小计:")
TOTALS += ("甲公司 小计", "総計", "합계", "المجموع", "***", "Sub-total", "- Total")


@pytest.mark.parametrize("label", TOTALS)
def test_labels_of_totals(label):
    assert re.search(rows.TOTAL_LABEL, label)
    assert pa.compute.match_substring_regex(pa.array([label]), rows.TOTAL_LABEL)[0].as_py()


@pytest.mark.parametrize("label", ["Totality Ltd", "Summer School", "Alpha AG", "Celkema", "Razemx", "Sumar", "1234"])
def test_names_that_begin_like_a_total(label):
    assert not re.search(rows.TOTAL_LABEL, label)


def test_a_grand_total_is_its_label_alone():
    assert all(re.search(rows.GRAND_LABEL, label) for label in ("Grand Total", "Totaal", "Итого", "Total:", "合计"))
    assert not any(re.search(rows.GRAND_LABEL, label) for label in ("Total Alpha", "Subtotal", "小计"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("€", "EUR"), ("Euro", "EUR"), ("EURO", "EUR"), ("US Dollar", "USD"), ("R$", "BRL"), ("zł", "PLN"),
        ("Kč", "CZK"), ("₹", "INR"), ("Rs.", "INR PKR LKR NPR MUR"), ("kr", "SEK NOK DKK ISK"), ("EUR - Euro", "EUR"),
        ("Euro (EUR)", "EUR"), ("¥", "JPY CNY"), ("CHF", "CHF"), ("E", ""), ("K", ""), ("Invoice", ""),
        ("EUR USD", ""), ("", ""),
    ],
)  # fmt: skip
def test_currencies_by_code_sign_and_word(text, codes):
    assert " ".join(words.currency_of(text)) == codes


def test_a_dollar_may_be_that_of_many():
    assert {"USD", "CAD", "AUD", "MXN"} < set(words.currency_of("$"))
    assert words.currency_of("$")[0] == "USD"


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("Rs. 1,00,000.00", 10_000_000), ("US$ 1,000.00", 100_000), ("R$ 1.234,56", 123_456), ("-R$ 5,00", -500),
        ("1.234,56 €", 123_456), ("CHF 1'234.50", 123_450), ("100,50 kr", 10_050), ("1 234,56 zł", 123_456),
        ("500.25 Cr.", -50_025), ("S/. 1,200.50", 120_050), ("(US$ 3.10)", -310), ("(331,23) zł", -33_123),
        ("zł(331,23)", -33_123), ("EUR (5.00)", -500), ("(6.00) EUR", -600), ("Rs 500/-", 50_000),
        ("12,34 H", -1234), ("12,34 S", 1234), ("1234.5 Kč", 123_450),
    ],
)  # fmt: skip
def test_amounts_with_any_currency(text, minor):
    plain = amounts.plain(pa.chunked_array([[text]]))
    read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", 2)
    assert (read.minor.tolist(), read.bad.any()) == ([minor], False)


NEGATIVE = (
    "-50.00|- 50.00|50.00-|50,00 -|−50,00|–50.00|‑50.00|－50.00|(50.00)|( 50,00 )|(-50.00)|<50.00>|[50.00]|（50.00）"
    "|△50.00|▲ 50|△50|50.00 CR|50.00Cr.|50,00 cr|50.00 (Cr)|CR 50.00|Cr. 50,00|50.00 Credit|-$50.00|$-50.00|$(50.00)"
    "|($50.00)|$<50.00>|<EUR 50.00>|EUR <50.00>|EUR 50,00-|50,00- EUR|-50,00 €|€ -50,00|50.00- $|(50.00) USD|¥△50"
    "|▲￥50|－５０．００|'-50.00|50,00-kr|-Rs. 50.00|(R$ 50,00)"
)


@pytest.mark.parametrize("text", NEGATIVE.split("|"))
@pytest.mark.parametrize("beside", ["1,234.56", None])
def test_every_way_to_write_a_negative_is_one(text, beside):
    if beside and re.search(r"[,，]\d\d(?!\d)", text):
        beside = "1.234,56"
    cells = [text, beside] if beside else [text]
    plain = amounts.plain(pa.chunked_array([cells]))
    read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", 2)
    assert (read.minor.tolist(), read.bad.any()) == ([-5_000, 123_456][: len(cells)], False)
    mark = amounts.marks(pa.chunked_array([cells])).to_pylist()[0]
    assert not mark or words.currency_of(mark)


@pytest.mark.parametrize(
    "marks", ["S H", "D C", "Dr Cr", "D K", "D A", "D H", "Wn Ma", "MD D", "借 贷", "Дт Кт", "B A"]
)
@pytest.mark.parametrize("blank", ["", " "])
def test_marks_of_debit_and_credit_behind_all_amounts_are_their_signs(marks, blank):
    debit, credit = marks.split()
    plain = amounts.plain(pa.chunked_array([[f"12.50{blank}{debit}", f"1,000.00{blank}{credit}"]]))
    assert amounts.read_amounts(plain, ".", 2).minor.tolist() == [1_250, -100_000]


@pytest.mark.parametrize(
    "text", ["INV 5", "Job 12", "12 S", "50%", "Total", "-(5.00)", "-5.00 Cr", "12 K", "1.5 K", "5.00²"]
)
def test_numbers_beside_other_words_are_no_amounts(text):
    assert amounts.read_amounts(amounts.plain(pa.chunked_array([[text]])), ".", 2).bad.all()


def test_marks_of_currencies_beside_amounts_are_told_apart():
    found = amounts.marks(pa.chunked_array([["R$ 1.234,56", "-5.00 EUR", "(7.10)", "1,200.00 Dr", "kr 5", None]]))
    assert found.to_pylist() == ["R$", "EUR", "", "", "kr", None]


DATES = {
    "2026-01-05": "05-ene-2026|5 de enero de 2026|05 janv. 2026|1767571200|5. Jan 2026|05/gen/2026|5 stycznia 2026"
    "|5. ledna 2026|5 Oca 2026|5 января 2026|5 يناير 2026|2026年1月5日|2026년 1월 5일|2026. 1. 5."
    "|/Date(1767571200000+0000)/|Mon, 05 Jan 2026 00:00:00 GMT|Monday 5 January 2026|05 Jan 2026 10:15",
    "2025-03-01": "1. März 2025|01-Mrz-25|1er mars 2025|1-mrt-2025|1 marca 2025|1. března 2025",
    "2025-08-07": "07-ago-2025|7 août 2025|7 aout 2025|07-Ağu-2025|7 srpna 2025|7 sie 2025|07-aug-25",
    "2025-12-01": "01-dic-2025|1 déc. 2025|1 dez 2025|1 des 2025|1 gru 2025|1 ara 2025|1 дек 2025",
}


@pytest.mark.parametrize(("day", "text"), [(day, text) for day, all_ in DATES.items() for text in all_.split("|")])
def test_dates_in_words(day, text):
    assert {str(np.datetime64(one, "D")) for one in dates.readings(text)} == {day}


@pytest.mark.parametrize("text", ["/  /", "  /  /    ".strip(), "00/00/0000", "0000-00-00", "00/01/1900", "0-Jan-00"])
def test_blank_dates(text):
    assert dates.readings(text) == (dates.NO_DATE, dates.NO_DATE)


def test_a_month_means_one_month_in_all_languages():
    with vocabulary.TABLE.with_name("months.csv").open(encoding="utf-8", newline="") as file:
        names = [name for line in csv.DictReader(file) for name in line["names"].split("|")]
    assert len(names) == len(set(names)) > 200
    # The first three letters of June and July in French, and in Czech.
    assert not {"jui", "cer"} & set(names)


def test_bare_numbers_are_told_from_dates():
    column = dates.read_column(pa.chunked_array([["1930660387", "43931", "20260105", "2026-01-05", None]]))
    assert column.bare.tolist() == [True, True, True, False, False]


def test_instants_of_local_midnight_are_the_local_day():
    def days(*texts):
        return dates.read_column(pa.chunked_array([texts])).dmy.astype("datetime64[D]").astype(str).tolist()

    assert days("2026-01-04T23:00:00Z", "2026-06-04T22:00:00Z") == ["2026-01-05", "2026-06-05"]
    assert (
        days("2026-01-05T00:00:00Z") == days("2026-01-05T12:00:00Z") == days("2026-01-05T05:00:00Z") == ["2026-01-05"]
    )
    assert days("2026-01-04T23:00:00Z", "2026-06-04T13:22:07Z") == ["2026-01-04", "2026-06-04"]


def test_years_of_other_calendars():
    assert dates.other_calendar(["1404/05/01", None, "1403/11/30"]) == "Jalali"
    assert dates.other_calendar(["01-02-1446"]) == "Hijri"
    assert dates.other_calendar(["15/01/2568", "31/01/2568"]) == "Buddhist"
    assert dates.other_calendar(["15/01/2025", "1404/05/01", "2025-01-01"]) == dates.other_calendar([]) == ""


def test_the_table_can_be_followed():
    lines = vocabulary.lines()
    assert list(lines[0]) == ["concept", vocabulary.ANY, *vocabulary.LANGUAGES]
    assert len({line["concept"] for line in lines}) == len(lines)
    for line in lines:
        for language, cell in line.items():
            phrases = cell.split("|")
            assert len(phrases) == len(set(phrases)), f"{line['concept']}, {language}: a word stands twice"
            assert all(phrase == phrase.strip() and phrase for phrase in phrases if cell), (line["concept"], language)
            assert not any("*" in phrase[:-1] for phrase in phrases), f"{line['concept']}, {language}: a * within"


@pytest.mark.parametrize(
    "concept", ["date", "due", "document", "customer", "amount", "open", "paid", "balance", "status"]
)
def test_no_language_lacks_what_every_list_has(concept):
    (line,) = (line for line in vocabulary.lines() if line["concept"] == concept)
    assert [language for language in vocabulary.LANGUAGES if not line[language]] == []


def test_the_words_load_without_numbers():
    """Nothing heavy comes with them, and the table is read when it is asked."""
    code = (
        "import sys; from xlwings_addin.ledger import vocabulary, words;"
        "print([name for name in ('numpy', 'pandas', 'pyarrow') if name in sys.modules],"
        "vocabulary.lines.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] 0"


@pytest.mark.parametrize("letter", ["x", "発"])
def test_what_is_too_long_for_a_word_is_not_taken_apart(letter):
    began = time.process_time()
    assert words.read(letter * 100_000).concepts == ()
    assert time.process_time() - began < 1
    assert words.read("Rechnungsfälligkeitsdatum").concepts == ("document", "due", "date")


@pytest.mark.parametrize("word", ["RE", "US", "le", "sr", "bd"])
def test_two_letters_in_cells_are_a_currency_only_as_it_is_spelled(tmp_path, word):
    path = tmp_path / "a.csv"
    path.write_text(f"Customer,Document,Date,Due,Amount,Wib\nA,1,2026-01-05,2026-02-05,10.00,{word}\n")
    assert read_ledger(path, base_currency="EUR").items["currency"].tolist() == ["EUR"]


@pytest.mark.parametrize("word", ["LCY", "local currency", "Hauswährung", "devise locale", "moneda local"])
def test_the_local_currency_is_the_base_currency(word, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        f"Amounts in LCY\nCustomer,Invoice,Date,Amount,Currency\nA,1,2026-01-31,5,{word}\nB,2,2026-01-31,7,USD\n"
    )
    assert read_ledger(path, base_currency="EUR").items["currency"].tolist() == ["EUR", "USD"]
    assert read_ledger(path).items["currency"].tolist() == ["", "USD"]
