"""Customers: terms, limits and contacts, as loaded, and as the clerk knows them."""

from xlwings_addin.ledger.model import CUSTOMER_COLUMNS
from xlwings_addin.sheets.blocks import Column, Sheet, Table
from xlwings_addin.sheets.ledger import style_of

TYPED = {
    "typed_contact": ("contact_name", "Your contact", "text"),
    "typed_email": ("contact_email", "Your e-mail", "text"),
    "typed_phone": ("contact_phone", "Your phone", "text"),
    "typed_ap": ("ap_contact", "Your AP contact", "text"),
    "typed_executive": ("executive", "Your executive", "text"),
    "typed_confirmed": ("contact_confirmed", "Confirmed on", "date"),
    "typed_owner": ("owner", "Your owner", "text"),
    "typed_department": ("owner_department", "Their department", "text"),
}
"""Column a clerk types into -> what it replaces, its heading and style."""


def sheet() -> Sheet:
    """Declare the sheet."""
    loaded = tuple(
        Column(
            c.key, c.heading, style_of(c), note=c.help, width=28 if c.key in {"customer_name", "contact_email"} else 0
        )
        for c in CUSTOMER_COLUMNS
    )
    typed = tuple(
        Column(
            key,
            heading,
            style,
            entry=True,
            note="Yours; it wins over what was loaded.",
            width=24 if "email" in key else 0,
        )
        for key, (_, heading, style) in TYPED.items()
    )
    return Sheet(
        "Customers",
        "Whom to call, on which terms, up to which limit; what you type in the cream cells wins over the file.",
        (
            Table(
                "tblCustomers",
                (*loaded[:2], *typed, Column("note", "Note", width=36, entry=True), *loaded[2:]),
                key=("customer_id",),
                stored=True,
                printed=3 + len(TYPED),
            ),
        ),
        tab="data",
        freeze=1,
    )  # fmt: skip
