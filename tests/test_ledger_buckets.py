"""Headings of aging columns: days overdue in any language, and which columns form one sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlwings_addin.ledger.bucket_headings import bucket, buckets
from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.values import NO_DATE

if TYPE_CHECKING:
    from pathlib import Path

ONE = {
    "Current": "Current|Not due|Not yet due|Nicht fällig|nicht faellig|No vencido|Por vencer|Non échu|À échoir|A vencer"
    "|Não vencido|Non scaduto|Niet vervallen|Ej förfallet|Ikke forfalt|Не просрочено|未到期|currentAmount|0 days|<= 0",
    "0-30": "0-30|0 - 30|0–30 days|days_0_30|AGE_0_30|до 30 дней|30日以内|< 1 Month|up to 30 days|bis 30 Tage|do 30 dni"
    "|jusqu'à 30 jours",
    "1-30": "1-30 days|1 - 30|1-30天|01-30|1 bis 30 Tage|Overdue 1-30|1-30 days past due|1-30 (EUR)",
    "31-60": "31–60 days|31 - 60|B_31_60|days_31_60|31 à 60 jours|31 bis 60|de 31 a 60 dias|31 to 60|31 t/m 60 dagen"
    "|от 31 до 60 дней|31日から60日|31〜60日|1-2 months",
    "60-90": "60-90|60 - 90 Tage",
    "91+": "> 90|Over 90 days|91+|91 and over|mehr als 90 Tage|plus de 90 jours|más de 90|свыше 90|over_90|>90|ab 91"
    "|Über 90 Tage|oltre 90 giorni|acima de 90 dias|meer dan 90 dagen|> 3 months|超过90天|90일 초과|mais de 90 dias",
    "90+": "90+|from 90|od 90 dni|90天以上|90 and over|>= 90|90 or more|90 Tage und mehr|90 y más",
    "121+": ">120 Tage|over_120|121-|121 -|121+",
    "30-30": "30 days|1 Month|30 Tage",
}
NONE = (
    *("2024", "30", "2023-2024", "Total", "Customer", "Balance", "31-60 %", "Invoices 1-30", "No. 1-30", ""),
    *("1-2-2024", "Net 30", "2024-01-31", "Phone 555-1234", "60-30", "Days overdue", "Current balance", "Due", "Over"),
)
CHAINS = {
    "Customer Code,Customer Name,Current,1-30 days,31-60 days,61-90 days,Over 90 days,Total": "Current 1-30 31-60 61-90"
    " 91+",
    "No,Name,Balance,0-30 days,31-60 days,61-90 days,91+ days,Last Payment": "0-30 31-60 61-90 91+",
    "Name,0-30,30-60,60-90,90+": "0-30 31-60 61-90 91+",
    "Name,0-29,30-59,60-89,>= 90": "0-29 30-59 60-89 90+",
    "Name,0-29,30-59,60-89,Over 90": "0-29 30-59 60-89 90+",
    "Name,<30,31-60,>60": "0-30 31-60 61+",
    "Current,0-30,31-60,61-90,91-120,121-": "Current 1-30 31-60 61-90 91-120 121+",
    "Contact,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total": "Current 1-30 31-60 61-90 91-120 121+",
    "Name,Current,30 Days,60 Days,90 Days,120+ Days": "Current 30-59 60-89 90-119 120+",
    "Name,Current,30 Days,60 Days,90 Days,90+ Days": "Current 1-30 31-60 61-90 91+",
    "Kunde,Nicht fällig,1 bis 30 Tage,31 bis 60 Tage,mehr als 60 Tage": "Current 1-30 31-60 61+",
    "Cliente,No vencido,1-30,31-60,Más de 60,Total": "Current 1-30 31-60 61+",
    "over_120,days_91_120,days_61_90,days_31_60,days_1_30,current": "Current 1-30 31-60 61-90 91-120 121+",
    "Name,1-15,16-45,46+": "1-15 16-45 46+",
    "Patient,Current,31-60,61-90,91-120,121+": "Current 31-60 61-90 91-120 121+",
    "client,current,days_30,days_60,days_90,over_90,total": "Current 1-30 31-60 61-90 91+",
    "current_bucket,30_day_bucket,60_day_bucket,90_plus_bucket": "Current 30-59 60-89 90+",
    "cliente,porVencer,vencido,de1_30,de31_60,de61_90,mas90": "Current 1-30 31-60 61-90 91+",
    "客户名称,未逾期金额,1～30天,31～60天,61～90天": "Current 1-30 31-60 61-90",
}
BROKEN = (
    "Name,0-30,61-90,91+",
    "Name,0-30,0-60,61+",
    "Name,0-30,0-30,31+",
    "Name,Current,30 Days,60 Days,90 Days,Older",
    "Name,31-60,61-90",
    "Current,Total",
    "Name,Current,Over 0",
    "2023,2024,2025",
)


@pytest.mark.parametrize(("meant", "heading"), [(meant, one) for meant, all_ in ONE.items() for one in all_.split("|")])
def test_a_heading_says_which_days_it_holds(meant: str, heading: str) -> None:
    assert str(bucket(heading)) == meant, heading


@pytest.mark.parametrize("heading", NONE)
def test_other_headings_hold_no_bucket(heading: str) -> None:
    assert bucket(heading) is None


@pytest.mark.parametrize(("headings", "meant"), CHAINS.items())
def test_columns_form_one_sequence(headings: str, meant: str) -> None:
    found = buckets(headings.split(","))
    assert found is not None
    assert " ".join(str(one.bucket) for one in found) == meant
    assert len({one.place for one in found}) == len(found)


@pytest.mark.parametrize("headings", BROKEN)
def test_columns_with_a_gap_or_two_meanings_are_no_sequence(headings: str) -> None:
    assert buckets(headings.split(",")) is None


def test_a_sequence_says_where_its_columns_stand() -> None:
    found = buckets(["Over 60", "Name", "1-30", "31-60"])
    assert found is not None
    assert [one.place for one in found] == [2, 3, 0]


ELSEWHERE = {
    "French": "Client,Code,Solde,Non échu,0 à 30 j,31 à 60 j,+ 60 j",
    "Spanish": "Cliente,Código,Saldo,Por vencer,1 a 30 días,31 a 60 días,Más de 60 días",
    "Portuguese": "Cliente,Código,Saldo,A vencer,1 a 30 dias,31 a 60 dias,Mais de 60 dias",
    "Italian": "Cliente,Codice,Saldo,A scadere,Da 1 a 30 gg,Da 31 a 60 gg,Oltre 60 gg",
    "German": "Kunde,Nr.,Saldo,Nicht fällig,1 bis 30 Tg.,31 bis 60 Tg.,über 60 Tg.",
    "Dutch": "Klant,Nummer,Saldo,Niet vervallen,0 tot 30 dgn,31 tot 60 dgn,61+ dgn",
    "Swedish": "Kund,Nummer,Saldo,Ej förfallet,1 till 30 dgr,31 till 60 dgr,> 60 dgr",
    "Polish": "Kontrahent,Numer,Saldo,Nieprzeterminowane,1 do 30 dni,31 do 60 dni,powyżej 60 dni",
    "Finnish": "Customer,Code,Balance,Not due,1 - 30 pv,31 - 60 pv,yli 60 pv",
    "Greek": "Customer,Code,Balance,Not due,1 έως 30 ημέρες,31 έως 60 ημέρες,άνω των 60 ημερών",
    "Hungarian": "Customer,Code,Balance,Not due,1-30 nap,31-60 nap,60 napon túl",
    "Romanian": "Customer,Code,Balance,Not due,1 până la 30 zile,31 până la 60 zile,peste 60 zile",
}


@pytest.mark.parametrize("headings", ELSEWHERE.values(), ids=ELSEWHERE)
def test_ages_are_told_in_any_language_and_a_code_is_no_document(headings: str, tmp_path: Path) -> None:
    path = tmp_path / "ages.csv"
    rows = ("A,C1,150.00,100.00,50.00,0.00,0.00", "B,C2,20.00,0.00,0.00,0.00,20.00", "C,C3,-5.00,-5.00,0.00,0.00,0.00")
    path.write_text("\n".join([headings, *rows]), encoding="utf-8")
    items = read_ledger(path, base_currency="EUR", as_of="2026-01-31").items
    assert items["open_amount"].tolist() == [10000, 5000, 2000, -500]
    assert (items["due_date"] < day_number("2026-01-31")).tolist() == [False, True, True, False]


PARTS = (("2025-12-20", 0, 500), ("2026-01-15", 250, 0), ("2026-01-10", 80, 0), ("2025-12-05", 0, 999))


@pytest.mark.parametrize(("ages", "late"), [("0-30,31-60", None), ("Not due,Past due", 1499)])
@pytest.mark.parametrize("further", ["", "Due date"])
def test_documents_with_ages_alone_are_open_by_what_these_add_up_to(ages, late, further, tmp_path):
    """Ages that count from the date of the document say nothing of what is overdue."""
    head = f"Customer,Invoice,Invoice date,{further and further + ','}{ages}"
    rows = [f"A,R{n},{day},{further and '2026-01-25,'}{a}.00,{b}.00" for n, (day, a, b) in enumerate(PARTS)]
    path = tmp_path / "documents.csv"
    path.write_text("\n".join(["As of 2026-01-31", head, *rows]))
    ledger = read_ledger(path, base_currency="EUR", as_of="2026-01-31")
    assert ledger.items["open_amount"].sum() == 182900
    due = ledger.items["due_date"]
    overdue = ledger.items["open_amount"][(due < day_number("2026-01-31")) & (due != NO_DATE)].sum()
    assert overdue == (182900 if further else 100 * (late or 0))


@pytest.mark.parametrize(
    ("titles", "reverse"),
    [
        ("Opening balance,Invoiced in month,Paid in month,Closing balance", False),
        ("Anfangssaldo,Umsatz,Zahlungen,Endsaldo", False),
        ("Solde initial,Facturé,Réglé,Solde final", False),
        ("Saldo inicial,Cargos,Abonos,Saldo final", False),
        ("Closing balance,Invoiced,Paid,Opening balance", True),
    ],
)
def test_of_two_balances_the_one_after_what_moves_it_is_open(titles, reverse, tmp_path):
    path = tmp_path / "roll.csv"
    moved = ((100, 0, 40, 60), (0, 80, 0, 80), (30, 0, 30, 0), (15, 5, 10, 10))
    rows = [(row[3], row[1], row[2], row[0]) if reverse else row for row in moved]
    lines = [f"C{n},R{n},2026-01-{n + 10},{','.join(f'{one}.00' for one in row)}" for n, row in enumerate(rows)]
    path.write_text("\n".join([f"Customer,Invoice,Due date,{titles}", *lines]))
    assert read_ledger(path, base_currency="EUR", as_of="2026-01-31").items["open_amount"].sum() == 15000
