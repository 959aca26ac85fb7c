"""Items, receipts and keys of a worklist, and the closing its parts are made of."""

from plain_ledgers import Item, Receipt

from xlwings_addin.entries import Entries, Stored, TableEntries
from xlwings_addin.ledger.days import day_number
from xlwings_addin.month_end import closed
from xlwings_addin.settings import Settings
from xlwings_addin.sheets.collections import ENTRIES
from xlwings_addin.sheets.ledger import ITEM_KEY

DAY = day_number("2024-06-30")

HEADINGS = {column.key: column.heading for column in ENTRIES}


def closing(ledger, *, day=DAY, typed=None, lines=(), chosen=Settings(), as_of=None, **stored):  # noqa: B008
    """A closing as `close_month` has it once entries are in their places."""
    tables = {}
    if typed:
        cells = {key: {HEADINGS[k]: v for k, v in row.items()} for key, row in typed.items()}
        tables["tblWorklist"] = TableEntries(cells)
    kept = {"tblActivity": Stored(tuple(lines))} | {name: Stored(tuple(rows)) for name, rows in stored.items()}
    if as_of is not None:
        kept["tblLog"] = Stored(({"as_of": as_of},))
    return closed(ledger, chosen, day, Entries(tables=tables, stored=kept))


def key(document, customer="A", kind="invoice"):
    return tuple({"customer_id": customer, "kind": kind, "document_no": document}.get(name, "") for name in ITEM_KEY)


def item(due="2024-05-01", amount=10_000, customer="A", issued="2024-04-01", currency="EUR", kind="invoice"):
    return Item(customer, "", currency, kind, day_number(issued), None if due is None else day_number(due), amount)


def paid(on, amount, place=0, kind="cash"):
    return Receipt(place, day_number(on), amount, kind)
