"""The samples in `erp_exports`, an export of a system each, and the ledgers they must give."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.model import DATE, ITEM_COLUMNS, MONEY, Ledger
from xlwings_addin.ledger.values import NO_DATE

EXPORTS = Path(__file__).parent / "erp_exports"


@dataclass(frozen=True)
class Sample:
    file: str
    golden: str
    format: str
    dates: str
    """How the file writes dates, for strptime; "" where other ways are no use (moments in seconds)."""
    total: str = ""
    """The grand total that the file states: minor units by currency."""
    encoding: str = "utf-8"
    delimiter: str = ","
    mark: str = "."
    exceptions: int = 0

    def __str__(self) -> str:
        return self.file


SAMPLES = (
    Sample(
        "Business_Central/customer_ledger_entries",
        "Business_Central/customer_ledger_entries.ledger",
        "Business Central customer ledger entries",
        "%m/%d/%Y",
    ),
    Sample(
        "Business_Central/aged_accounts_receivable",
        "Business_Central/aged_accounts_receivable.ledger",
        "Business Central aged accounts receivable",
        "%Y-%m-%d",
        "EUR 1827979",
    ),
    Sample("ERPNext/accounts_receivable", "ERPNext/ledger", "ERPNext Accounts Receivable", "%Y-%m-%d", "INR 12536525"),
    Sample("FreshBooks/invoice_details", "FreshBooks/ledger", "FreshBooks invoices", "%Y-%m-%d"),
    Sample("NetSuite/ar_aging_detail", "NetSuite/ledger", "NetSuite A/R Aging Detail", "%m/%d/%Y", " 606125"),
    Sample("Odoo/aged_receivable", "Odoo/ledger", "Odoo Aged Receivable", "%m/%d/%Y", " 201250"),
    Sample(
        "QuickBooks_Desktop/ar_aging_detail",
        "QuickBooks_Desktop/ledger",
        "QuickBooks Desktop A/R Aging Detail",
        "%m/%d/%Y",
        " 480525",
    ),
    Sample(
        "QuickBooks_Online/ar_aging_detail",
        "QuickBooks_Online/ar_aging_detail.ledger",
        "QuickBooks Online A/R Aging Detail",
        "%m/%d/%Y",
        " 982575",
    ),
    Sample(
        "QuickBooks_Online/ar_aging_summary",
        "QuickBooks_Online/ar_aging_summary.ledger",
        "QuickBooks Online A/R Aging Summary",
        "",
        " 982575",
    ),
    Sample(
        "QuickBooks_Online/open_invoices",
        "QuickBooks_Online/open_invoices.ledger",
        "QuickBooks Online Open Invoices",
        "%m/%d/%Y",
        " 1006575",
    ),
    *(
        Sample(
            f"SAP_FBL5N/line_items_{language}",
            "SAP_FBL5N/line_items.ledger",
            "SAP FBL5N, local currency",
            "%d.%m.%Y",
            "EUR 3734514",
            encoding="utf-8" if language == "fr" else "cp1252",
            delimiter=";",
            mark=",",
        )
        for language in ("en", "de", "nl", "fr")
    ),
    Sample(
        "SAP_FBL5N/document_currency",
        "SAP_FBL5N/document_currency.ledger",
        "SAP FBL5N",
        "%m/%d/%Y",
        "EUR 2700000 JPY 450000 USD 806969",
        delimiter="\t",
    ),
    Sample("SAP_BSID/bsid", "SAP_BSID/ledger", "SAP BSID", "%Y%m%d", delimiter="|"),
    Sample(
        "Sage_Accounting/aging_detail", "Sage_Accounting/ledger", "Sage Accounting aging detail", "%d/%m/%Y", " 176539"
    ),
    Sample("Stripe/invoices_fields", "Stripe/ledger", "Stripe invoices", ""),
    Sample("Stripe/invoices_dashboard", "Stripe/ledger", "Stripe invoices", "%Y-%m-%d 00:00"),
    Sample(
        "Xero/aged_receivables_detail",
        "Xero/aged_receivables_detail.ledger",
        "Xero Aged Receivables Detail",
        "%d %b %Y",
        " 399050",
    ),
    Sample(
        "Xero/aged_receivables_summary",
        "Xero/aged_receivables_summary.ledger",
        "Xero Aged Receivables Summary",
        "",
        " 160560",
    ),
    Sample("Xero/sales_invoices", "Xero/sales_invoices.ledger", "Xero sales invoices", "%d/%m/%Y"),
    Sample("Zoho_Books/Invoice", "Zoho_Books/ledger", "Zoho Books invoices", "%Y-%m-%d"),
    Sample("Brazil/titulos_a_receber", "Brazil/ledger", "Títulos a receber", "%d/%m/%Y", delimiter=";", mark=","),
    Sample("DATEV/opos", "DATEV/opos.ledger", "DATEV OPOS", "%d.%m.%Y", encoding="cp1252", delimiter=";", mark=","),
    Sample(
        "DATEV/opos_belegfeld",
        "DATEV/opos_belegfeld.ledger",
        "DATEV OPOS, Belegfeld",
        "%d.%m.%Y",
        encoding="cp1252",
        delimiter=";",
        mark=",",
    ),
    Sample(
        "Dynamics_Finance/open_transactions",
        "Dynamics_Finance/open_transactions.ledger",
        "Dynamics 365 Finance open transactions",
        "%Y-%m-%d",
    ),
    Sample(
        "Dynamics_Finance/custtransopen",
        "Dynamics_Finance/custtransopen.ledger",
        "Dynamics 365 Finance open transactions, own currency",
        "%Y-%m-%d 00:00:00.000",
    ),
    Sample("Dynamics_GP/rm20101", "Dynamics_GP/ledger", "Dynamics GP RM20101", "%Y-%m-%d 00:00:00.000"),
    Sample("Fortnox/invoices", "Fortnox/ledger", "Fortnox invoices", "%Y-%m-%d"),
    Sample("Odoo/invoices", "Odoo/invoices.ledger", "Odoo invoices", "%Y-%m-%d"),
    Sample("Oracle/open_transactions", "Oracle/open_transactions.ledger", "Oracle open transactions", "%d-%b-%Y"),
    Sample("Oracle/aging_extract", "Oracle/aging_extract.ledger", "Oracle aging extract", "%Y-%m-%d"),
    Sample(
        "QuickBooks_Online/api_invoices",
        "QuickBooks_Online/api_invoices.ledger",
        "QuickBooks Online API invoices",
        "%Y-%m-%d",
    ),
    Sample("SAP_FBL5N/noted_items", "SAP_FBL5N/noted_items.ledger", "SAP FBL5N", "%Y-%m-%d"),
    Sample(
        "SAP_Business_One/customer_receivables_aging",
        "SAP_Business_One/ledger",
        "SAP Business One Customer Receivables Aging",
        "%d.%m.%Y",
        " 419050",
    ),
    Sample("SAP_Extractors/0fi_ar_3", "SAP_Extractors/0fi_ar_3.ledger", "SAP 0FI_AR_3", "%Y%m%d", delimiter="|"),
    Sample(
        "SAP_Extractors/0fi_ar_3_local",
        "SAP_Extractors/0fi_ar_3_local.ledger",
        "SAP 0FI_AR_3, local currency",
        "%Y%m%d",
        delimiter="|",
    ),
    Sample("SAP_Extractors/0clm_invoice", "SAP_Extractors/0clm_invoice.ledger", "SAP 0CLM_INVOICE", "%Y%m%d"),
    Sample("TOTVS_Protheus/se1", "TOTVS_Protheus/ledger", "TOTVS Protheus SE1", "%d/%m/%Y", delimiter=";", mark=","),
    Sample("Tally/bills_by_party", "Tally/bills_by_party.ledger", "Tally bills by party", "%d-%b-%y", " 835075"),
    Sample("Tally/bills_receivable", "Tally/bills_receivable.ledger", "Tally bills receivable", "%d-%b-%y", " 835075"),
    Sample(
        "Tripletex/opening_balance",
        "Tripletex/ledger",
        "Tripletex opening balance",
        "%Y-%m-%d",
        delimiter=";",
        mark=",",
    ),
    Sample(
        "TwentyFourSevenOffice/kundefakturarapport",
        "TwentyFourSevenOffice/ledger",
        "24SevenOffice customer invoices",
        "%d.%m.%Y",
        " 2024050",
        delimiter=";",
        mark=",",
    ),
    Sample("Xero/api_invoices", "Xero/api_invoices.ledger", "Xero API invoices", "%Y-%m-%dT00:00:00"),
    Sample("Zuora/invoices", "Zuora/ledger", "Zuora invoices", "%Y-%m-%d"),
)


def rendered(ledger: Ledger) -> str:
    """The items as canonical CSV: the columns that hold anything."""
    texts = {}
    for column in ITEM_COLUMNS:
        values = ledger.items[column.key].tolist()
        if column.type == DATE:
            values = ["" if day == NO_DATE else iso(day) for day in values]
        elif column.type == MONEY:
            digits = [ledger.minor_digits[name] for name in ledger.items["currency"]]
            stated = ledger.items["has_open"] if column.key == "open_amount" else [True] * len(values)
            values = [
                f"{Decimal(value).scaleb(-places):.{places}f}" if known else ""
                for value, places, known in zip(values, digits, stated, strict=True)
            ]
        if any(values):
            texts[column.heading] = values
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([texts, *zip(*texts.values(), strict=True)])
    return out.getvalue()


def golden(sample: Sample) -> str:
    return (EXPORTS / f"{sample.golden}.csv").read_text(encoding="utf-8")
