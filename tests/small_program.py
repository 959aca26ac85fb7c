"""Five items of three customers, small enough to calculate by hand, and what is measured of them."""

from xlwings_addin.ledger.days import day_number
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.month_end import closed, monthly
from xlwings_addin.month_end.program.measures import Measures
from xlwings_addin.month_end.work.accounts import standings
from xlwings_addin.settings import Settings

ITEMS = """\
Customer ID,Customer,Document,Kind,Document date,Due date,Terms,Currency,Amount,Open amount,Owner,PO number,E-invoice,\
Disputed,Dispute code,Proof of delivery,Contact
1,Elm Works,A1,invoice,2024-01-05,2024-02-04,Net 30,EUR,1000.00,,Kim,P1,yes,no,,yes,Ann
1,Elm Works,A2,invoice,2024-03-30,2024-05-29,Net 60,EUR,500.00,,Kim,,no,yes,Price mismatch,no,Ann
2,Oak Trading,A3,invoice,2024-03-10,2024-03-20,,EUR,300.00,,Jo,P3,yes,yes,,,
2,Oak Trading,A4,credit note,2024-03-12,,,EUR,-50.00,,Jo,,,,,,
3,Ash Supply,A5,invoice,2024-03-31,2024-04-30,Net 30,EUR,200.00,,,P5,,no,,yes,
"""

RECEIPTS = "Document,Date,Amount,Kind\nA1,2024-03-20,400.00,cash\n"

CUSTOMERS = """\
Customer ID,Customer,Owner,Owner's department,Agreed terms,Terms approved by,Credit limit,Billing format,\
Contact confirmed,Customer since
1,Elm Works,Kim,Finance,Net 30,,1200,,2024-01-01,2020-01-01
2,Oak Trading,Jo,Sales,10 days,CFO,,Portal,,2024-02-01
3,Ash Supply,,,,,500,,,
"""

BARE = "Customer ID,Document,Document date,Due date,Amount,Open amount\n1,1,2024-01-05,2024-01-20,100.00,60.00\n"


def ledger_of(folder, items=ITEMS, receipts=RECEIPTS, customers=CUSTOMERS, **more):
    for name, text in (("items", items), ("receipts", receipts), ("customers", customers)):
        if text:
            (folder / f"{name}.csv").write_text(text)
    more |= {n: folder / f"{n}.csv" for n, text in (("receipts", receipts), ("customers", customers)) if text}
    return read_ledger([folder / "items.csv"], **more)


def measures_of(ledger, as_of="2024-03-31", entries=None, settings=Settings()):  # noqa: B008
    closing = closed(ledger, settings, as_of, entries)
    return Measures(closing, monthly.months(closing), closing.entries.rows("tblBaseline"), standings(closing)[0])


def activity(date, customer, kind="call", document=""):
    return {"date": day_number(date), "who": "Kim", "customer_id": customer, "document_no": document, "kind": kind,
            "channel": "phone", "outcome": "", "for_date": None, "amount": None}  # fmt: skip
