"""What each system's sample comes to on a day, and what of it is left out: worked out by hand from the files."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from erp_samples import EXPORTS, rendered

from xlwings_addin.ledger import formats
from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.errors import QuestionError
from xlwings_addin.ledger.findings import EXCLUDED, NOTED_ITEMS, PAYABLES
from xlwings_addin.ledger.findings import LEFT_OUT as LEFT_OUT_ROWS
from xlwings_addin.ledger.reader import read_ledger

if TYPE_CHECKING:
    from xlwings_addin.ledger.model import Ledger

DAY = "2026-01-31"
CREDITS, CURRENT, TO_30, TO_60, TO_90, OLDER = "Credits", "Current", "1-30", "31-60", "61-90", "90+"

AGED = {
    "Brazil/titulos_a_receber": {"": {CURRENT: 2345.60, TO_30: 750.00, TO_60: 1200.00}},
    "DATEV/opos": {"": {CREDITS: -250.00, CURRENT: 2380.00, TO_30: 690.00, TO_90: 3570.00}},
    "DATEV/opos_belegfeld": {"": {CREDITS: -250.00, TO_30: 1190.00, TO_90: 3570.00}},
    "Dynamics_Finance/open_transactions": {
        "EUR": {CREDITS: -150.00, TO_90: 1000.00},
        "USD": {CREDITS: -200.00, CURRENT: 1320.40, TO_30: 4500.00},
    },
    "Dynamics_Finance/custtransopen": {"": {CREDITS: -200.00, TO_30: 4500.00, TO_90: 1085.00}},
    "Dynamics_GP/rm20101": {
        "": {CREDITS: -459.95, CURRENT: 1500.10, TO_30: 839.90, TO_60: 12.35, TO_90: 55.00},
    },
    "Fortnox/invoices": {"SEK": {CREDITS: -250.00, CURRENT: 1000.50, TO_60: 4375.00}},
    "Odoo/invoices": {"": {CREDITS: -115.00, CURRENT: 1150.00, TO_60: 210.00}},
    "Oracle/open_transactions": {
        "EUR": {CREDITS: -500.00, TO_30: 3145.75},
        "USD": {CREDITS: -250.25, CURRENT: 12400.50, TO_30: 800.00, TO_60: 800.00},
    },
    "Oracle/aging_extract": {"": {CREDITS: -750.25, CURRENT: 12400.50, TO_30: 3100.00, TO_60: 800.00}},
    "QuickBooks_Online/api_invoices": {"USD": {CURRENT: 499.95, TO_60: 150.00, OLDER: 42.30}},
    "SAP_Business_One/customer_receivables_aging": {
        "": {CREDITS: -400.00, CURRENT: 840.00, TO_30: 1250.50, TO_60: 2500.00},
    },
    "SAP_Extractors/0clm_invoice": {"EUR": {CURRENT: 640.50, TO_60: 1500.00}},
    "SAP_Extractors/0fi_ar_3": {"EUR": {CREDITS: -340.50, CURRENT: 640.50}, "USD": {TO_60: 1250.00}},
    "SAP_Extractors/0fi_ar_3_local": {"EUR": {CREDITS: -40.50, TO_60: 1150.00}},
    "SAP_FBL5N/noted_items": {"THB": {CURRENT: 1000.00, TO_60: 500.00}},
    "TOTVS_Protheus/se1": {"BRL": {CREDITS: -1245.00, CURRENT: 12310.75, TO_30: 900.50, TO_60: 1500.00}},
    "Tally/bills_receivable": {"": {CREDITS: -300.00, CURRENT: 1200.00, TO_60: 5000.00, OLDER: 2450.75}},
    "Tally/bills_by_party": {"": {CREDITS: -300.00, CURRENT: 1200.00, TO_60: 5000.00, OLDER: 2450.75}},
    "Tripletex/opening_balance": {"NOK": {CREDITS: -400.00, CURRENT: 990.00, TO_30: 2501.00, TO_60: 18750.00}},
    "TwentyFourSevenOffice/kundefakturarapport": {"": {CURRENT: 990.00, TO_30: 6750.50, TO_90: 12500.00}},
    "Xero/api_invoices": {"NZD": {CURRENT: 640.00, TO_30: 2300.00}},
    "Zuora/invoices": {"USD": {CURRENT: 928.00, TO_60: 1188.00}},
}
LEFT_OUT = {
    "Brazil/titulos_a_receber": ("300.00", "99.90"),
    "DATEV/opos": ("-980.00",),
    "DATEV/opos_belegfeld": ("-980.00",),
    "Dynamics_GP/rm20101": ("70.00",),
    "Fortnox/invoices": ("800.00 SEK", "640.00 SEK"),
    "Odoo/invoices": ("230.00", "103.50", "920.00", "57.50"),
    "Oracle/open_transactions": ("990.00 USD",),
    "SAP_Extractors/0fi_ar_3": ("9,000.00 EUR",),
    "SAP_FBL5N/noted_items": ("138,000.00 THB",),
    "TOTVS_Protheus/se1": ("7,000.00 BRL",),
    "Xero/api_invoices": ("500.00 NZD", "90.00 NZD", "11.50 NZD", "1,200.00 NZD"),
    "Zuora/invoices": ("75.50 USD", "910.00 USD"),
}
ASIDE = {one.code for one in (*EXCLUDED.values(), LEFT_OUT_ROWS, NOTED_ITEMS, PAYABLES)}


def split(ledger: Ledger) -> dict[str, dict[str, float]]:
    """What is open on the day, by currency and age."""
    aging = age(ledger, DAY)
    found = {}
    for currency, digits, amounts in zip(aging.currencies, aging.digits, aging.amounts.sum(axis=1), strict=True):
        ages = zip(aging.labels, amounts.tolist(), strict=True)
        found[currency] = {label: amount / 10**digits for label, amount in ages if amount}
    return found


@pytest.mark.parametrize("file", AGED)
def test_a_sample_comes_to_what_was_worked_out(file):
    assert split(read_ledger(EXPORTS / f"{file}.csv")) == AGED[file]


@pytest.mark.parametrize("file", AGED)
def test_what_is_left_out_is_counted_and_summed(file):
    ledger = read_ledger(EXPORTS / f"{file}.csv")
    said = [one.message for one in ledger.findings if one.code in ASIDE]
    assert len(said) == len(LEFT_OUT.get(file, ()))
    for amount in LEFT_OUT.get(file, ()):
        assert any(f"({amount})" in message for message in said), (amount, said)


SHORT, FURTHER = 40, 25
"""Lines of a format module, its docstring and imports apart: of one layout, and of each further one."""


def size(path: Path) -> int:
    """Lines of a module without its docstring and its imports."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body[1:]
    return sum(node.end_lineno - node.lineno + 1 for node in nodes if not isinstance(node, ast.Import | ast.ImportFrom))


def test_a_format_says_whose_it_is_and_where_its_layout_is_published():
    for module, layouts in formats.by_module().items():
        if any(one.role == "items" and not one.general for one in layouts):
            assert re.match(r"[^:]+: .+\n\nSource: .+", module.__doc__), module.__name__


def test_a_format_is_a_short_declaration():
    long = {
        module.__name__.rpartition(".")[2]
        for module, layouts in formats.by_module().items()
        if layouts and size(Path(module.__file__)) > SHORT + FURTHER * (len(layouts) - 1)
    }
    assert long == {"business_central", "sap"}, "in several languages, and no other"


def test_terms_without_days_are_asked_about_and_then_known():
    file = EXPORTS / "SAP_BSID/bsid_zterm.csv"
    with pytest.raises(QuestionError, match="terms without days") as asked:
        read_ledger(file)
    (answer,) = asked.value.answers
    assert answer.choices == ("N014=14", "N030=30", "N060=60")
    ledger = read_ledger(file, answers={"terms": {"N014": 14, "N030": 30, "N060": 60}})
    assert rendered(ledger) == (EXPORTS / "SAP_BSID/bsid_zterm.ledger.csv").read_text(encoding="utf-8")
    assert split(ledger) == {"USD": {CREDITS: -20.00, CURRENT: 100.00, TO_30: 200.00}}


def test_an_invoice_of_which_nothing_says_what_is_open_is_asked_about(tmp_path):
    with (EXPORTS / "Odoo/invoices.csv").open(encoding="utf-8", newline="") as text:
        rows = [{key: cell for key, cell in row.items() if key != "Amount Due Signed"} for row in csv.DictReader(text)]
    path = tmp_path / "invoices.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(QuestionError, match=r"documents partly paid: 1 \(460\.00"):
        read_ledger(path)


def test_a_currency_that_is_a_number_of_the_company_is_not_taken_for_its_own(tmp_path):
    text = (EXPORTS / "TOTVS_Protheus/se1.csv").read_text(encoding="utf-8")
    path = tmp_path / "se1.csv"
    path.write_text(text.replace("16/02/2026;1;", "16/02/2026;2;"), encoding="utf-8")
    ledger = read_ledger(path)
    assert ledger.exceptions[["row", "value", "reason"]].to_numpy().tolist() == [
        [4, "2", "unknown currency in column 'E1_MOEDA'"]
    ]
