"""Exports in the layouts that real files have, and what is right of each.

All data is invented; the figures were worked out by hand, never by this project.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

import openpyxl

DAY = "2026-01-31"


@dataclass(frozen=True)
class Case:
    """One export, and what is right of it."""

    means: str
    name: str
    content: str | bytes | dict
    total: float | dict
    """By currency, where the export says it."""
    buckets: dict | None = None
    """Those that hold anything."""
    items: int = 0
    day: str = DAY
    asks: str = ""
    """What is asked, in the words of `Answer.to`, one for each way to answer."""
    answer: dict = field(default_factory=dict)
    """The right answer, as `read` takes it."""
    says: dict = field(default_factory=dict)
    """Findings by code: how many rows, and words of the message, the amount among them."""
    groups: dict = field(default_factory=dict)
    """Totals by customer."""
    first: dict = field(default_factory=dict)
    """What some columns of the first item hold."""
    mapping: dict | None = None
    receipts: str = ""
    wrong: str = ""
    """What is not right yet."""


NET_AND_TAX = """No,Type,Account,Nominal,Date,Ref,Details,Net Amount,Tax Amount,Tax Code
1,SI,K1,4000,05/01/2026,INV1,Parts,100.00,20.00,T1
2,SI,K2,4000,17/01/2026,INV2,Parts,250.50,50.10,T1
3,SC,K1,4000,25/01/2026,CN1,Returned,40.00,8.00,T1
4,SI,K3,4001,27/01/2026,INV3,Work,80.00,0.00,T0
"""
APPLIED_TO = """Customer,Document No,Type,Posting Date,Due Date,Amount,Applied to
Ann Ltd,INV-001,Invoice,2026-01-05,2026-02-04,100.00,
Ann Ltd,PAY-001,Payment,2026-01-25,,-100.00,INV-001
Ben Ltd,INV-002,Invoice,2026-01-15,2026-02-14,250.50,
Ben Ltd,CN-001,Credit Memo,2026-01-25,,-50.50,INV-002
"""
SIDES = """Customer,Doc,Date,Due,Amount,MARK
Ann Ltd,1,2025-12-01,2025-12-31,100.00,DEBIT
Ben Ltd,2,2025-12-10,2026-01-09,250.50,DEBIT
Ann Ltd,3,2026-01-05,2026-01-05,60.00,CREDIT
Cy Ltd,4,2026-01-05,2026-02-04,40.00,DEBIT
"""


def sides(heading, debit, credit):
    """A list of amounts without a sign, and the marks beside them."""
    return SIDES.replace("MARK", heading).replace("DEBIT", debit).replace("CREDIT", credit)


SECTION_HEADS = ["Invoice", "Customer", "Date", "Due", "Amount"]
DUE_ROWS = [[1, "Ann Ltd", "2025-12-01", "2025-12-31", 100], [2, "Ben Ltd", "2025-12-10", "2026-01-09", 250.5]]
PAID_ROWS = [[3, "Cy Ltd", "2025-11-05", "2025-12-05", 500], [4, "Ann Ltd", "2025-11-06", "2025-12-06", 60]]
SECTIONS = {
    "two tables, the paid one first, and a total": [
        ["PAID"],
        SECTION_HEADS,
        *PAID_ROWS,
        [],
        ["UNPAID"],
        SECTION_HEADS,
        *DUE_ROWS,
        ["Total", None, None, None, 350.5],
    ],
    "two tables under titles": [
        ["PAID INVOICES"],
        SECTION_HEADS,
        *PAID_ROWS,
        [],
        ["OPEN INVOICES"],
        SECTION_HEADS,
        *DUE_ROWS,
    ],
    "rows between that say what is paid": [SECTION_HEADS, ["Outstanding"], *DUE_ROWS, ["Paid"], *PAID_ROWS],
    "two tables whose last headings differ": [
        ["OPEN INVOICES"],
        [*SECTION_HEADS[:4], "Open"],
        *DUE_ROWS,
        ["Total", None, None, None, 350.5],
        [],
        ["PAID THIS MONTH"],
        [*SECTION_HEADS[:4], "Paid"],
        *PAID_ROWS,
    ],
}


MARKED = """Invoice,Customer,Date,Due,Amount,MARK
1,Ann Ltd,2025-12-01,2025-12-31,100.00,
2,Ben Ltd,2025-12-10,2026-01-09,250.50,
3,Cy Ltd,2026-01-05,2026-02-04,60.00,
4,Ann Ltd,2025-11-05,2025-12-05,500.00,paid
"""


def marked(heading, paid, unpaid="", what="✓"):
    """A case of which one document is paid, by a mark under a heading, and how it is asked for; "" where it is not."""
    rows = MARKED.replace("MARK", heading).replace(",\n", f",{unpaid}\n").replace("00,paid", f"00,{paid}")
    answers = {"columns": {"status": heading}}
    if what == "day":
        answers = {"columns": {"settled_date": heading}}
    elif what:
        answers["words"] = {"status": {paid: "paid", **({unpaid: "open"} if unpaid else {})}}
    return {"name": "list.csv", "content": rows, "total": 410.5, "items": 3} | (
        {"asks": "column", "answer": {"answers": answers}} if what else {}
    )


EXPECTED = """Customer,Invoice/CM #,Invoice Date,Expected Date,Total,Due
Ann Ltd,INV-001,2026-01-05,2026-02-04,100.00,100.00
Ben Ltd,INV-002,2026-01-15,2026-02-14,250.50,150.50
Cole Ltd,INV-003,2025-11-25,2025-12-25,80.00,80.00
"""
PERIODS = """A/C,Name,Credit Limit,Turnover,Balance,Future,Current,Period 1,Period 2,Period 3,Older
K1,Ann Ltd,4000.00,1870.47,2533.31,0.00,1870.47,0.00,0.00,0.00,662.84
K2,Ben Ltd,1000.00,540.18,4309.88,0.00,541.18,3768.70,0.00,0.00,0.00
K3,Cole Ltd,2000.00,180.00,1200.00,0.00,0.00,180.00,520.00,500.00,0.00
K4,Dee Ltd,4000.00,0.00,352.50,0.00,0.00,0.00,352.50,0.00,0.00
"""
EDGES = (
    ("Current", {}),
    *((f"Period {n}", {"from": 30 * n - 29, "to": 30 * n}) for n in (1, 2, 3)),
    ("Older", {"from": 91}),
)

UNPAID = (
    "Ann Ltd,INV-001,2026-01-05,100.00,",
    "Ben Ltd,INV-002,2025-12-15,250.50,",
    "Cole Ltd,INV-003,2025-09-25,80.00,",
    "Ann Ltd,INV-004,2025-11-25,20.00,",
)
TOLD = {"Current": 100, "1-30": 250.5, "90+": 80}
STATEMENT = """Date,Reference,Details,Due,Debit,Credit,Balance
Ann Ltd,,,,,,
,,Opening balance,,,,200.00
2026-01-05,S1,Invoice,2026-02-04,150.00,,350.00
2026-01-15,R1,Payment,,,50.00,300.00
Ben Ltd,,,,,,
,,Opening balance,,,,120.00
2026-01-20,S2,Invoice,2026-02-19,60.00,,180.00
2026-01-28,R2,Payment,,,50.00,130.00
"""
IN_WORDS = """Customer,Invoice,Invoice Date,Aging Bucket,Amount
Ann Ltd,INV-001,2026-01-05,Current,100.00
Ben Ltd,INV-002,2025-12-15,1-30 days,250.50
Cole Ltd,INV-003,2025-09-25,90+,80.00
Dee Ltd,INV-004,2025-11-25,31-60 days,20.00
"""
BY_INVOICE = """Customer,Invoice,Invoice Date,0-30,31-60,61-90,Over 90,Balance
Ann Ltd,INV-001,2026-01-05,100.00,,,,100.00
Ben Ltd,INV-002,2025-12-15,,250.50,,,250.50
Cole Ltd,INV-003,2025-09-25,,,,80.00,80.00
"""
SUMMARY = """Customer Code,Customer Name,Current,1-30 days,31-60 days,61-90 days,Over 90 days,Total
C001,Alpha Ltd,1000.00,250.00,0.00,0.00,0.00,1250.00
C002,Beta Ltd,0.00,0.00,500.00,100.00,0.00,600.00
C003,Gamma Ltd,0.00,-40.00,0.00,0.00,900.00,860.00
Total,,1000.00,210.00,500.00,100.00,900.00,2710.00
"""
TEN_DIGITS = """business_code,cust_number,name_customer,clear_date,doc_id,posting_date,due_in_date,\
cust_payment_terms,converted_usd
U001,200744001,Customer 1,,1930660387,11-03-2020,11-04-2020,NAA8,1010.50
U001,200744002,Customer 2,,1930661387,12-03-2020,12-04-2020,NAA8,1020.50
U001,200744003,Customer 3,,1930662387,13-03-2020,13-04-2020,NAA8,1030.50
U001,200744004,Customer 4,,1930663387,14-03-2020,14-04-2020,NAA8,1040.50
U001,200744005,Customer 5,,1930664387,15-03-2020,15-04-2020,NAA8,1050.50
U001,200744006,Customer 6,,1930665387,16-03-2020,16-04-2020,NAA8,1060.50
U001,200744007,Customer 7,,1930666387,17-03-2020,17-04-2020,NAA8,1070.50
U001,200744008,Customer 8,,1930667387,18-03-2020,18-04-2020,NAA8,1080.50
U001,200744009,Customer 9,,1930668387,19-03-2020,19-04-2020,NAA8,1090.50
U001,200744010,Customer 10,,1930669387,20-03-2020,20-04-2020,NAA8,1100.50
"""
NO_HEADING = "".join(
    "\t".join(cells) + "\n"
    for cells in (
        ("TRA001", "", "Transit Hire", "R", "0", "0", "0", "0", "0,00", "0,00"),
        ("APP001", "AFHU-0001", "A. Farmer", "R", "836,65", "0", "0", "0", "0", "836,65"),
        ("ABC001", "", "Abacus", "R", "7 631,26", "0", "0", "0", "0", "7 631,26"),
        ("1132", "ADRI-0001", "Adrian L", "R", "545,41", "0", "0", "0", "0", "545,41"),
    )
)
TWO_STATUSES = """Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Total Signed,Payment Status,Status
INV/2026/001,Alpha,2026-01-05,2026-02-04,100.00,Not Paid,Posted
INV/2026/002,Beta,2026-01-06,2026-02-05,200.00,Paid,Posted
INV/2026/003,Gamma,2026-01-07,2026-02-06,148653.60,Not Paid,Draft
INV/2026/004,Alpha,2026-01-08,2026-02-07,50.00,Not Paid,Cancelled
INV/2026/005,Beta,2026-01-09,2026-02-08,70.00,Reversed,Posted
INV/2026/006,Gamma,2026-01-10,2026-02-09,30.00,Not Paid,Posted
"""
DUE_DATE_ONLY = """Customer No,Customer Name,Invoice No,Due Date,Balance
C1,Alpha,INV-1,2026-01-15,100.00
C2,Beta,INV-2,2026-02-20,200.00
C1,Alpha,INV-3,2025-11-01,50.00
"""
AMOUNT_DUE = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Invoice Total,Amount Paid,Amount Due
C1,Alpha,INV-1,2026-01-05,2026-02-04,100.00,60.00,40.00
C2,Beta,INV-2,2026-01-06,2026-02-05,200.00,0.00,200.00
C1,Alpha,INV-3,2025-11-01,2025-12-01,50.00,50.00,0.00
"""
PAID_COLUMN = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Invoice Amount,Paid Amount
C1,Alpha,INV-1,2026-01-05,2026-02-04,100.00,60.00
C2,Beta,INV-2,2026-01-06,2026-02-05,200.00,0.00
C1,Alpha,INV-3,2025-11-01,2025-12-01,50.00,50.00
"""
SPANISH = """Codigo Cliente,Cliente,No. Factura,Fecha Documento,Fecha Vencimiento,Total Facturado,\
Total Pagado,Total Pendiente
C00001,Alfa SA,1001,15/01/2026,14/02/2026,100.00,60.00,40.00
C00002,Beta SRL,1002,20/01/2026,19/02/2026,200.00,0.00,200.00
"""
PORTUGUESE = """Vencimento;Vencimento Real;Dias Atraso;Status;Valor;Emissão;Baixa;Valor Pago;Cliente;Docto.;Saldo
07/04/2026;07/04/2026;5;Atrasado;17660,50;06/02/2026;00/00/0000;0;Alfa Ltda;0000002385;17660,50
11/04/2026;13/04/2026;0;A Receber;7024,55;20/01/2026;00/00/0000;0;Beta SA;0000002368;7024,55
06/04/2026;06/04/2026;0;Recebido;45000;06/04/2026;06/04/2026;45000;;0000001757;0
27/04/2026;27/04/2026;0;A Receber;100;27/01/2026;00/00/0000;0;Beta SA;0000002390;100
"""
DEBIT_CREDIT = """Customer ID,Customer,Document No,Document Date,Due Date,Debit,Credit
C1,Alpha,INV-1,2026-01-05,2026-02-04,100.00,
C2,Beta,INV-2,2025-12-06,2026-01-05,200.00,
C1,Alpha,PAY-3,2026-01-10,2026-01-10,,60.00
"""
RUNNING = """Customer ID,Customer,Type,Document No,Date,Due Date,Amount,Balance
C1,Alpha,Invoice,INV-1,2026-01-05,2026-02-04,100.00,100.00
C1,Alpha,Invoice,INV-2,2026-01-06,2026-02-05,200.00,300.00
C1,Alpha,Invoice,INV-4,2026-01-08,2026-02-07,50.00,350.00
C1,Alpha,Payment,P-1,2026-01-10,,-100.00,250.00
C2,Beta,Invoice,INV-3,2026-01-07,2026-02-06,500.00,500.00
C2,Beta,Invoice,INV-5,2026-01-09,2026-02-08,30.00,530.00
"""
SIGNS = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Currency,Balance
C1,Alpha,INV-1,2026-01-05,2026-02-04,€,100.00
C2,Beta,INV-2,2026-01-06,2026-02-05,EUR,200.00
C3,Gamma,INV-3,2026-01-06,2026-02-05,Euro,50.00
"""
MONTHS = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Balance
C1,Alfa,INV-1,05-ene-2026,04-feb-2026,100.00
C2,Beta,INV-2,06-abr-2025,05-may-2025,200.00
C3,Gama,INV-3,07-ago-2025,06-sep-2025,300.00
C3,Gama,INV-4,01-dic-2025,31-dic-2025,400.00
"""
STYLES = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Balance
C1,Alpha,INV-1,2026-01-05,2026-02-04,5000.00 Dr
C2,Alpha,INV-2,2026-01-05,2026-02-04,"1,200.00 Dr"
C3,Alpha,INV-3,2026-01-05,2026-02-04,300.00 Cr
"""
REAIS = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Balance
C1,Alpha,INV-1,2026-01-05,2026-02-04,"R$ 1.234,56"
C2,Alpha,INV-2,2026-01-05,2026-02-04,"R$ 200,00"
C3,Alpha,INV-3,2026-01-05,2026-02-04,"R$ 10,00"
"""
RUSSIAN = """Customer ID,Customer,Invoice No,Invoice Date,Due Date,Balance
C1,ООО Альфа,INV-1,2026-01-05,2026-02-04,100.00
C2,ООО Бета,INV-2,2026-01-06,2026-02-05,200.00
"""
BSID = """MANDT,BUKRS,KUNNR,GJAHR,BELNR,BUZEI,BUDAT,BLDAT,WAERS,BLART,SHKZG,DMBTR,WRBTR,ZFBDT,ZTERM
100,1000,0000100001,2026,1800000001,001,2026-01-05,2026-01-05,USD,RV,S,100.00,100.00,\
2026-01-05,N030
100,1000,0000100002,2026,1800000002,001,2025-12-01,2025-12-01,USD,RV,S,200.00,200.00,\
2025-12-01,N060
100,1000,0000100002,2026,1600000003,001,2026-01-10,2026-01-10,USD,DG,H,20.00,20.00,2026-01-10,N014
"""
DATEV = """Konto;Belegfeld 1;Rechnungsdatum;Fälligkeit;Saldo
10001;RE-1001;15.10.2025;14.11.2025;3570,00
10002;RE-1002;20.12.2025;19.01.2026;1190,00
10002;GS-1003;21.12.2025;21.12.2025;-250,00
70002;ER-55;01.12.2025;31.12.2025;-980,00
"""
NOTED = """Account,Document Number,Document Type,Document Date,Net due date,Special G/L Ind.,\
Document Status,Amount in doc. curr.,Document currency
100001,1800000001,RV,2026-01-05,2026-02-04,,,1000.00,THB
100002,1800000002,RV,2025-12-01,2025-12-31,,,500.00,THB
100001,9000000003,DA,2025-06-01,2025-06-01,F,S,138000.00,THB
"""
POSITIVE_CREDITS = """Customer ID,Customer,Type,Invoice No,Invoice Date,Due Date,Amount,Open Balance
C1,Alpha,Invoice,INV-1,2026-01-05,2026-02-04,100.00,100.00
C1,Alpha,Credit Note,CN-2,2026-01-06,,30.00,30.00
C2,Beta,Payment,P-3,2026-01-07,,20.00,20.00
C2,Beta,Invoice,INV-4,2025-12-01,2025-12-31,200.00,200.00
"""
OVERDUE_ONLY = """invoice_id,counterparty,invoice_date,amount,overdue_days,status
I1,Alpha,2026-01-05,100.00,0,open
I2,Beta,2025-11-05,200.00,27,overdue
I3,Beta,2025-06-05,300.00,180,overdue
"""
SPOOL = """30.01.2026                    Dynamic List Display                     1
-----------------------------------------------------------------------------------------------
|Account |DocumentNo|Type|Doc. Date |Net due dt|  Amount in DC|Curr.|
-----------------------------------------------------------------------------------------------
|100001  |1800000001|RV  |05.01.2026|04.02.2026|     1.000,00 |EUR  |
|100001  |1400000002|DZ  |06.01.2026|06.01.2026|        20,00-|EUR  |
|* Account 100001               |          |  980,00 |EUR  |
|100002  |1800000003|RV  |01.12.2025|31.12.2025|       500,00 |EUR  |
-----------------------------------------------------------------------------------------------
"""
CLEARED_ONE = """Account,Document Number,Document Type,Document Date,Net due date,Amount in doc. curr.,\
Document currency,Clearing Document,Clearing Date
100000,1800000000,RV,2023-10-05,2023-11-04,100.00,THB,,
100001,1800000001,RV,2024-02-05,2024-03-06,200.00,THB,,
100002,1800000002,RV,2024-05-05,2024-06-04,300.00,THB,,
100000,1800000003,RV,2024-06-15,2024-07-15,50.00,THB,,
100001,1800000004,RV,2024-07-05,2024-08-04,400.00,THB,,
100002,1800000005,RV,2024-08-05,2024-09-04,1500.00,THB,,
100000,1800000006,RV,2024-09-05,2024-10-05,6000.00,THB,,
100001,1800000007,RV,2024-09-20,2024-10-20,7000.00,THB,,
100002,1800000008,RV,2024-09-25,2024-10-25,80.00,THB,2600000099,2024-10-05
100000,1800000009,RV,2024-10-01,2024-10-31,900.00,THB,,
"""
TALLY = """Example Traders
Bills Receivable
1-Apr-25 to 31-Jan-26
Date,Ref. No.,Party's Name,Pending Amount,Due on,Overdue by days
1-Dec-25,S/101,Alpha Traders,5000.00 Dr,31-Dec-25,31
5-Jan-26,S/102,Beta & Co,1200.00 Dr,4-Feb-26,
10-Jan-26,R/7,Alpha Traders,300.00 Cr,10-Jan-26,21
,,,5900.00 Dr,,
"""
ORACLE = """TRX_NUMBER,CUSTOMER_NUMBER,CUSTOMER_NAME,CLASS,INVOICE_CURRENCY_CODE,TRX_DATE,\
TRX_DUE_DATE,AMOUNT_DUE_ORIGINAL,AMOUNT_DUE_REMAINING
9001,1001,Alpha,INV,USD,05-JAN-2026,04-FEB-2026,100,40
9002,1002,Beta,CM,USD,06-JAN-2026,06-JAN-2026,-20,-20
9003,1002,Beta,PMT,USD,07-JAN-2026,07-JAN-2026,-5,-5
"""
STATUS = """Customer ID,Customer Name,Invoice Number,Invoice Date,Due Date,Amount,Status
C1,Alpha,INV-1,2026-01-05,2026-02-04,100.00,Open
C2,Beta,INV-2,2025-11-06,2025-12-06,2000.00,Paid
C1,Alpha,INV-3,2025-10-01,2025-10-31,3000.00,Void
C2,Beta,INV-4,2026-01-20,2026-02-19,4000.00,Draft
"""
INVOICE_ID = """invoice_id,customer_id,invoice_date,due_date,invoice_amount
I1,C1,2025-01-10,2025-02-09,100.00
I2,C1,2025-01-12,2025-02-11,50.00
"""
ITS_RECEIPTS = """Document,Date,Amount
I1,2025-02-01,100.00
"""
PAID = """InvoiceNumber,CustomerName,InvoiceDate,DueDate,PaidDate,InvoiceAmount,PaidAmount,Status
I1,A,2025-01-10,2025-02-09,2025-02-01,100.00,100.00,Paid
I2,A,2025-01-12,2025-02-11,,50.00,20.00,Pending
"""
KIND_CODES = """Kunde;Nr;Art;Datum;Betrag
A;1;RE;05.03.2025;100,00
A;2;GS;06.03.2025;40,00
"""
PARTLY = """InvoiceNumber,CustomerName,InvoiceDate,DueDate,InvoiceAmount,Status
I1,A,2025-01-10,2025-02-09,100.00,Partially Paid
I2,A,2025-01-12,2025-02-11,50.00,Open
"""
TEN_ROWS = (
    ",business_code,cust_number,name_customer,clear_date,buisness_year,doc_id,posting_date,due_in_date,"
    "baseline_create_date,cust_payment_terms,converted_usd,Aging Bucket\n"
) + "".join(
    f"{n},U001,{200744000 + n:010},Customer {n},2020-04-{10 + n} 05:34:23.437500000,2020.0,{1930659387 + 1000 * n}.0,"
    f"2020-03-{10 + n} 00:00:00.000000000,2020-04-{1 + n:02} 00:00:00.000000000,"
    f"2020-03-{10 + n} 00:00:00.000000000,NAA8,{1000.5 + 10 * n:.2f},0-15\n"
    for n in range(10)
)
"""A first column without a heading, and dates of clearing that all lie after the day of the list."""
CELLS = {
    "Customer ID": "C1",
    "Customer": "Alpha",
    "Invoice No": "INV-1",
    "Invoice Date": "2026-01-05",
    "Due Date": "2026-02-04",
    "Balance": "100.00",
}
WEB_PAGE = (
    "<html><body><table>"
    + "".join(
        f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>"
        for tag, row in (("th", CELLS), ("td", CELLS.values()))
    )
    + "</table></body></html>"
)
XERO = {
    "Type": "ACCREC",
    "InvoiceNumber": "INV-1",
    "Contact": {"Name": "Alpha"},
    "DateString": "2026-01-05T00:00:00",
    "DueDateString": "2026-02-04T00:00:00",
    "Total": 100.0,
    "AmountPaid": 60.0,
    "AmountDue": 40.0,
    "CurrencyCode": "USD",
    "Status": "AUTHORISED",
}


def day(text):
    return datetime.fromisoformat(text)


GERMAN = (
    "Symbol Posten offen/ausg.",
    "Zuordnung",
    "Belegnummer",
    "Belegart",
    "Belegdatum",
    "Nettofälligkeit",
    "Betrag in Hauswährung",
    "Hauswährung",
    "Text",
)
ACCOUNT_AFTER = [
    GERMAN,
    (None, "A1", "1800000001", "RV", day("2026-01-05"), day("2026-02-04"), 1000, "EUR", None),
    (None, "A2", "1800000002", "RV", day("2026-02-05"), day("2026-03-07"), 500, "EUR", None),
    ("@5C\\Qoffen@", None, None, None, None, None, 1500, "EUR", None),
    ("Konto 10001", None, None, None, None, None, 1500, "EUR", None),
    (None, "B1", "1800000003", "RV", day("2026-01-15"), day("2026-02-14"), 70, "EUR", None),
    (None, "B2", "1400000004", "DZ", day("2026-02-20"), day("2026-02-20"), -20, "EUR", None),
    ("@5C\\Qoffen@", None, None, None, None, None, 50, "EUR", None),
    ("Konto 10002", None, None, None, None, None, 50, "EUR", None),
    (None, None, None, None, None, None, 1550, "EUR", None),
]
ONE = ("C1", "Alpha", "INV-1", day("2026-01-05"), day("2026-02-04"), 100)
TWO = ("C2", "Beta", "INV-2", day("2026-01-06"), day("2026-02-05"), 200)
SHEETS = {
    "UK": [tuple(CELLS), ONE, TWO],
    "Ireland": [tuple(CELLS), ("C7", "Delta", "INV-9", day("2026-01-07"), day("2026-02-06"), 5000)],
}
TWO_LINES = [
    ("Customer", None, "Invoice", None, None, "Amount", None),
    ("No", "Name", "No", "Date", "Due", "Original", "Open"),
    (*ONE, 40),
    ("C2", "Beta", "INV-2", day("2025-11-06"), day("2025-12-05"), 200, 200),
]
TOTAL_ABOVE = [(None,), (None, None, None, None, None, 999), tuple(CELLS), ONE, TWO]
TWICE = [
    (
        "#",
        "No. Factura",
        "Fecha",
        "Codigo Cliente",
        "Cliente",
        "Total Facturado",
        "Total Pagado",
        "Total Pendiente",
        "Fecha",
        None,
    ),
    (1, 1000001, "30/09/2021", "C00002", "Alfa", 1349.46, 1349.46, 0, "30/09/2021", "Y"),
    (2, 1000002, "28/09/2021", "C00001", "Beta", 100, 50, 50, "28/09/2021", "N"),
]

BY_CLERK = {
    "document_no": "Belegnummer",
    "document_date": "Belegdatum",
    "due_date": "Nettofälligkeit",
    "amount": "Betrag in Hauswährung",
    "currency": "Hauswährung",
}
ONE_STATUS = {
    "customer_name": "Invoice Partner Display Name",
    "document_no": "Number",
    "document_date": "Invoice/Bill Date",
    "due_date": "Due Date",
    "amount": "Total Signed",
    "status": "Payment Status",
}
OF_BALANCES = {"customer_id": "Column A", "customer_name": "Column C", "open_amount": "Column J"}
NO_RECEIVABLES = {
    "excluded: paid": (1, "200.00"),
    "excluded: draft": (1, "148,653.60"),
    "excluded: void": (1, "50.00"),
    "excluded: reversed": (1, "70.00"),
}

CASES = (
    Case(
        "a row a customer, a column an age",
        "balances.csv",
        SUMMARY,
        2710,
        {"Current": 1000, "1-30": 210, "31-60": 500, "61-90": 100, "90+": 900},
        asks="as_of",
        answer={"as_of": DAY},
        groups={"C001": 1250, "C002": 600, "C003": 860},
    ),
    Case(
        "the account stands after its items",
        "alv.xlsx",
        {"Sheet1": ACCOUNT_AFTER},
        {"EUR": 1550},
        {"Credits": -20, "Current": 500, "1-30": 1070},
        4,
        "2026-02-28",
        groups={"10001": 1500, "10002": 50},
    ),
    Case(
        "the account stands after its items, and a clerk says so",
        "alv.xlsx",
        {"Sheet1": ACCOUNT_AFTER},
        {"EUR": 1550},
        {"Credits": -20, "Current": 500, "1-30": 1070},
        4,
        "2026-02-28",
        groups={"10001": 1500, "10002": 50},
        mapping={"group": "customer", "columns": BY_CLERK},
    ),
    Case(
        "ten digits are a number, no day",
        "ledger.csv",
        TEN_DIGITS,
        10555,
        {"31-60": 10555},
        10,
        "2020-05-31",
        first={"document_no": "1930660387", "document_date": "2020-03-11", "due_date": "2020-04-11"},
    ),
    Case(
        "ten digits are a number, and the amount's heading names its currency",
        "ledger.csv",
        TEN_DIGITS,
        {"USD": 10555},
        day="2020-05-31",
    ),
    Case(
        "the first heading is blank, and the row below it is an item",
        "ledger.csv",
        TEN_ROWS,
        10455,
        {"Current": 2171, "1-30": 8284},
        10,
        "2020-04-09",
        first={"document_no": "1930659387", "document_date": "2020-03-10", "due_date": "2020-04-01"},
    ),
    Case(
        "no heading row at all",
        "ledger.txt",
        NO_HEADING,
        9013.32,
        asks="mapping",
        answer={"answers": {"columns": OF_BALANCES}, "as_of": DAY},
        says={"no heading row": (1, "no heading row")},
        groups={"APP001": 836.65, "ABC001": 7631.26, "1132": 545.41},
    ),
    Case(
        "two columns of statuses, the stronger word wins",
        "ledger.csv",
        TWO_STATUSES,
        130,
        {"Current": 130},
        2,
        says=NO_RECEIVABLES,
    ),
    Case(
        "two columns of statuses, of which a clerk named one",
        "ledger.csv",
        TWO_STATUSES,
        130,
        {"Current": 130},
        2,
        says=NO_RECEIVABLES,
        mapping={"columns": ONE_STATUS},
    ),
    Case(
        "due dates and no others",
        "ledger.csv",
        DUE_DATE_ONLY,
        350,
        {"Current": 200, "1-30": 100, "90+": 50},
        3,
        says={"no document date": (3, "350.00")},
    ),
    Case("what is due, not what was invoiced", "ledger.csv", AMOUNT_DUE, 240, {"Current": 240}, 2),
    Case("what was paid, and no balance", "ledger.csv", PAID_COLUMN, 240, {"Current": 240}, 2),
    Case(
        "Spanish without accents",
        "ledger.csv",
        SPANISH,
        240,
        {"Current": 240},
        2,
    ),
    Case(
        "Portuguese: the due date that is real, and 00/00/0000",
        "ledger.csv",
        PORTUGUESE,
        24785.05,
        {"Current": 7124.55, "1-30": 17660.5},
        3,
        "2026-04-12",
    ),
    Case(
        "debit and credit in two columns",
        "ledger.csv",
        DEBIT_CREDIT,
        240,
        {"Credits": -60, "Current": 100, "1-30": 200},
        3,
    ),
    Case("a balance that runs by customer is no amount", "ledger.csv", RUNNING, 780, groups={"C1": 250, "C2": 530}),
    Case("one currency as sign, code and word", "ledger.csv", SIGNS, {"EUR": 350}, items=3),
    Case(
        "Spanish names of months",
        "ledger.csv",
        MONTHS,
        1000,
        {"Current": 100, "31-60": 400, "90+": 500},
        4,
    ),
    Case("Dr and Cr after the amount", "ledger.csv", STYLES, 5900, {"Credits": -300, "Current": 6200}, 3),
    Case("R$ before the amount", "ledger.csv", REAIS, 1444.56, items=3),
    Case("a sheet a company", "ledger.xlsx", SHEETS, 5300, items=3, first={"entity": "UK"}),
    Case(
        "headings in two lines",
        "ledger.xlsx",
        {"Sheet1": TWO_LINES},
        240,
        {"Current": 40, "31-60": 200},
        2,
    ),
    Case(
        "a total above the headings that differs",
        "ledger.xlsx",
        {"Sheet1": TOTAL_ABOVE},
        300,
        says={"file total differs": (1, "the total in row 2 is 999.00, the items read add up to 300.00")},
    ),
    Case(
        "a heading twice above equal days",
        "ledger.xlsx",
        {"Hoja1": TWICE},
        50,
        items=1,
        first={"document_date": "2021-09-30"},
    ),
    Case(
        "Russian names in their own encoding",
        "ledger.csv",
        RUSSIAN.encode("cp1251"),
        300,
        groups={"ООО Альфа": 100, "ООО Бета": 200},
        says={"file read as": (1, "cp1251")},
    ),
    Case(
        "a key of terms whose days are asked",
        "bsid.csv",
        BSID,
        {"USD": 280},
        {"Credits": -20, "Current": 100, "1-30": 200},
        3,
        asks="terms",
        answer={"answers": {"terms": {"N030": 30, "N060": 60, "N014": 14}}},
    ),
    Case(
        "DATEV with an account of a supplier",
        "opos.csv",
        DATEV.encode("cp1252"),
        4510,
        items=3,
        day="2025-12-31",
        groups={"10001": 3570, "10002": 940},
        says={"left out": (1, "-980.00")},
    ),
    Case(
        "SAP with a noted item",
        "fbl5n.csv",
        NOTED,
        {"THB": 1500},
        items=2,
        says={"noted items": (1, "138,000.00 THB")},
    ),
    Case(
        "credit notes and payments without a minus",
        "ledger.csv",
        POSITIVE_CREDITS,
        250,
        {"Credits": -50, "Current": 100, "31-60": 200},
        4,
        says={"credits negated": (2, "-50.00")},
    ),
    Case(
        "days overdue and no due date",
        "ledger.csv",
        OVERDUE_ONLY,
        600,
        {"Current": 100, "1-30": 200, "90+": 300},
        3,
        asks="as_of",
        answer={"as_of": DAY},
    ),
    Case("a printed list of SAP", "spool.txt", SPOOL, {"EUR": 1480}, items=3, groups={"100001": 980, "100002": 500}),
    Case(
        "a web page that calls itself a workbook",
        "ledger.xls",
        WEB_PAGE,
        100,
        items=1,
        says={"file read as": (1, "it is a web page, read as the table it holds")},
    ),
    Case(
        "invoices of Xero as JSON",
        "xero.json",
        json.dumps({"Invoices": [XERO]}),
        {"USD": 40},
        {"Current": 40},
        1,
    ),
    Case(
        "a list of open items, of which one carries a date of clearing",
        "fbl5n.csv",
        CLEARED_ONE,
        {"THB": 16530},
        items=10,
        day="2024-10-04",
        says={"few clearing dates": (1, "a list of open items")},
    ),
    Case(
        "bills receivable of Tally",
        "bills.csv",
        TALLY,
        5900,
        {"Credits": -300, "Current": 1200, "31-60": 5000},
        3,
        groups={"Alpha Traders": 4700, "Beta & Co": 1200},
    ),
    Case(
        "open transactions of Oracle",
        "oracle.csv",
        ORACLE,
        {"USD": 15},
        {"Credits": -25, "Current": 40},
        3,
    ),
    Case(
        "statuses beside headings that are our own",
        "ledger.csv",
        STATUS,
        100,
        {"Current": 100},
        1,
        says={
            "excluded: paid": (1, "2,000.00"),
            "excluded: void": (1, "3,000.00"),
            "excluded: draft": (1, "4,000.00"),
        },
    ),
    Case(
        "an invoice id is the number that receipts name",
        "ledger.csv",
        INVOICE_ID,
        50,
        items=1,
        day="2025-02-28",
        receipts=ITS_RECEIPTS,
        first={"document_no": "I1"},
    ),
    Case("an amount paid on a day", "ledger.csv", PAID, 30, {"1-30": 30}, 1, "2025-02-28"),
    Case(
        "codes of kinds, and no minus",
        "ledger.csv",
        KIND_CODES,
        60,
        day="2025-03-31",
        asks="kind",
        answer={"answers": {"words": {"kind": {"RE": "invoice"}}}},
        first={"kind": "invoice", "amount": 100},
    ),
    Case(
        "net and tax in columns of their own, and no amount beside a code of whole numbers",
        "audit trail.csv",
        NET_AND_TAX,
        452.6,
        {"Credits": -48, "No date": 500.6},
        4,
        first={"amount": 120},
    ),
    Case(
        "the documents that payments were applied to, which are no statuses",
        "entries.csv",
        APPLIED_TO,
        200,
        {"Credits": -150.5, "Current": 350.5},
        4,
    ),
    Case(
        "days that are expected, always as long after the invoice as terms are",
        "invoices.csv",
        EXPECTED,
        330.5,
        {"Current": 250.5, "31-60": 80},
        3,
        first={"document_no": "INV-001"},
    ),
    Case(
        "days that are expected, of which nothing says what they are",
        "invoices.csv",
        EXPECTED.replace("2026-02-14", "2026-01-28"),
        330.5,
        {"Current": 100, "1-30": 150.5, "31-60": 80},
        3,
        asks="column",
        answer={"answers": {"columns": {"due_date": "Expected Date"}}},
    ),
    Case(
        "a day that is expected beside one that is due",
        "invoices.csv",
        EXPECTED.replace("Expected Date,", "Expected Date,Due Date,")
        .replace("-25,80", "-25,2025-12-28,80")
        .replace("-04,100", "-04,2026-01-09,100")
        .replace("-14,250", "-14,2026-02-28,250"),
        330.5,
        {"Current": 150.5, "1-30": 100, "31-60": 80},
        3,
        first={"promise_date": "2026-02-04"},
    ),
    Case(
        "ages of which nothing says how many days they are",
        "aged debtors.csv",
        PERIODS,
        8395.69,
        {"Current": 2411.65, "1-30": 3948.70, "31-60": 872.50, "61-90": 500, "90+": 662.84},
        asks="mapping column",
        answer={"as_of": DAY, "answers": {"buckets": [{"column": heading, **days} for heading, days in EDGES]}},
    ),
    Case(
        "documents whose age is said in words, and no due date",
        "aging.csv",
        IN_WORDS,
        450.5,
        {"Current": 100, "1-30": 250.5, "31-60": 20, "90+": 80},
        4,
        asks="as_of",
        answer={"as_of": DAY},
        first={"due_date": DAY},
    ),
    Case(
        "ages in words, and neither documents nor days",
        "aging.csv",
        "".join(f"{','.join(line.split(',')[::3])},{line.split(',')[4]}\n" for line in IN_WORDS.splitlines()),
        450.5,
        {"Current": 100, "1-30": 250.5, "31-60": 20, "90+": 80},
        4,
        asks="as_of",
        answer={"as_of": DAY},
    ),
    Case(
        "ages since the date of each invoice, which say nothing of when it is due",
        "aging.csv",
        BY_INVOICE,
        430.5,
        {"No date": 430.5},
        3,
        asks="as_of",
        answer={"as_of": DAY},
    ),
    Case(
        "ages of documents that are younger by their dates",
        "aging.csv",
        BY_INVOICE.replace("2025-12-15", "2025-11-20").replace("0-30,", "Current,"),
        430.5,
        {"Current": 100, "31-60": 250.5, "90+": 80},
        3,
        asks="as_of",
        answer={"as_of": DAY},
    ),
    Case(
        "two companies that number their customers alike",
        "companies.xlsx",
        {
            company: [
                ["Customer No", "Customer", "Invoice", "Invoice date", "Due date", "Amount"],
                *(
                    [number, f"{number} of {company}", f"{company}{number}", "2026-01-05", "2026-02-04", 100.0]
                    for number in (100, 101)
                ),
                [102, "Both Ltd", f"{company}102", "2026-01-05", "2026-02-04", 100.0],
            ]
            for company in ("North Ltd", "South Ltd")
        },
        600,
        {"Current": 600},
        6,
        says={"another customer": (2, "'100 of North Ltd', '100 of South Ltd'")},
    ),
    *(
        Case(
            f"a balance brought forward that no amount gives: {forward}",
            "statement.csv",
            STATEMENT.replace("Opening balance", forward),
            430,
            {"Credits": -100, "No date": 320, "Current": 210},
            6,
            groups={"Ann Ltd": 300, "Ben Ltd": 130},
        )
        for forward in ("Opening balance", "Saldo inicial", "As carried")
    ),
    *(
        Case(
            f"when documents are due, told by '{heading}': {told[0]}",
            "due.csv",
            "Customer,Invoice,Date,Amount," + heading + "\n" + "".join(map("{}{}\n".format, UNPAID, told)),
            total,
            buckets,
            items,
            answer={"as_of": DAY},
        )
        for heading, told, total, buckets, items in (
            ("Status", ("Due in 4 days", "17 days overdue", "98 days overdue", "Paid"), 430.5, TOLD, 3),
            ("Status", ("Due in 4 days", "Overdue on 01/14/2026", "Overdue on 10/25/2025", "Paid"), 430.5, TOLD, 3),
            ("Due date", ("in 4 days", "17 days ago", "98 days ago", "37 days ago"), 450.5, TOLD | {"31-60": 20}, 4),
            ("Days", (30, 30, 30, 30), 450.5, TOLD | {"31-60": 20}, 4),
            ("Days", (-4, 17, 98, 37), 450.5, TOLD | {"31-60": 20}, 4),
            ("Days to due", (4, -17, -98, -37), 450.5, TOLD | {"31-60": 20}, 4),
            ("Credit days", (30, 30, 30, 30), 450.5, TOLD | {"31-60": 20}, 4),
            ("Days", (26, 47, 128, 67), 450.5, {"No date": 450.5}, 4),
        )
    ),
    *(
        Case(
            f"'{heading}' says what is due, but no day",
            "due.csv",
            "Customer,Invoice,Date,Amount," + heading + "\n" + "".join(map("{}{}\n".format, UNPAID, told)),
            450.5,
            {"No date": 450.5},
            4,
            asks="column",
            answer={"answers": {"columns": {"due_date": "none"}}},
        )
        for heading, told in (
            ("Pay by", ("04 February", "14 January", "25 October", "25 December")),
            ("Overdue?", ("No", "Yes", "Yes", "Yes")),
        )
    ),
    Case("a tick under a tick", **marked("✓", "✓")),
    Case(
        "marks beside receipts, which say what is paid",
        "list.csv",
        "Invoice,Customer,Date,Due,Amount,OK\n1,Ann,2026-01-05,2026-02-04,100.00,\n2,Ben,2025-12-15,2026-01-14,250.50,x\n",
        100,
        receipts="Document,Date,Amount\n2,2026-01-20,250.50\n",
    ),
    Case("signs of boxes", **marked("☑", "☑", "☐")),
    Case("a mark under a word that says nothing", **marked("Rec'd", "X")),
    Case("yes and no under a shortened word", **marked("Pd?", "Y", "N")),
    Case("yes and no under a word for what clears", **marked("Cleared", "TRUE", "FALSE", "")),
    Case("nought and one under Paid", **marked("Paid", "1", "0", "")),
    Case("remarks of which one says paid", **marked("Notes", "PAID", "will pay")),
    Case("a day in the paid rows alone", **marked("Banked", "2026-01-20", "", "day")),
    Case("how it was paid, in the paid rows alone", **marked("Pmt method", "BACS")),
    Case("the number of a receipt, which is none of the document", **marked("Receipt no", "RC-771")),
    *(
        Case(f"{heading} says nothing of payment", **{**marked(heading, "Yes", "No", ""), "total": 910.5, "items": 4})
        for heading in ("VAT", "E-invoice", "Disputed", "Emailed", "Credit hold")
    ),
    Case(
        "a way to pay that all documents have",
        **{**marked("Payment method", "BACS", "BACS", ""), "total": 910.5, "items": 4},
    ),
    Case("the share that is paid", **{**marked("% paid", "100%", "20%", ""), "total": 328.4}),
    *(
        Case(f"credits marked {credit} under {heading}", "list.csv", sides(heading, debit, credit), 330.5, items=4)
        for heading, debit, credit in (
            ("D/C", "D", "C"),
            ("B/A", "B", "A"),
            ("Indicator", "S", "H"),
            ("Trans", "INV", "CRN"),
        )
    ),
    Case(
        "two codes that may mark credits",
        "list.csv",
        sides("Code", "1", "2"),
        330.5,
        items=4,
        asks="column",
        answer={"answers": {"columns": {"kind": "Code"}, "words": {"kind": {"1": "invoice", "2": "credit note"}}}},
    ),
    *(
        Case(f"two words under {heading} that mark no credits", "list.csv", sides(heading, one, other), 450.5, items=4)
        for heading, one, other in (("Region", "N", "S"), ("VAT code", "T1", "T0"), ("Blocked", "N", "Y"))
    ),
    *(Case(f"sections: {means}", "list.xlsx", {"S": rows}, 350.5, items=2) for means, rows in SECTIONS.items()),
    Case(
        "sections that are all open",
        "list.xlsx",
        {"S": [SECTION_HEADS, ["Not yet due"], *DUE_ROWS, ["Overdue"], *PAID_ROWS]},
        910.5,
        items=4,
    ),
    *(
        Case(f"a draft by {heading}", "list.csv", sides(heading, yes, no), 390.5, items=3)
        for heading, yes, no in (("Posted", "Yes", "No"), ("Bokförd", "Ja", "Nej"))
    ),
    Case("a mark that says whether it was sent", "list.csv", sides("Emailed", "Yes", "No"), 450.5, items=4),
)


def written(folder, name, content):
    """A file as its program writes it: lines end as on Windows."""
    path = folder / name
    if isinstance(content, dict):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in content.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if content.get("Sheet1") is TWO_LINES:
            for merged in ("A1:B1", "C1:E1", "F1:G1"):
                sheet.merge_cells(merged)
        book.save(path)
    else:
        raw = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(raw.replace(b"\n", b"\r\n"))
    return path
