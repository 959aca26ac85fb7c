"""Reminders as files in a folder of their own: drafts that a mail program opens, and lists. Nothing is ever sent."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.month_end.work.addresses import sendable
from xlwings_addin.sheets import activity
from xlwings_addin.sheets.style import DATE_STYLES
from xlwings_addin.writing import WorkbookError
from xlwings_addin.writing.cells import uncalculated
from xlwings_addin.writing.outputs import Outputs, joining, unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xlwings_addin.month_end.work.owed import Item
    from xlwings_addin.month_end.work.reminders import Draft, Reminders

Format = Literal["eml", "txt"]
LIST, ACTIVITY = "list.csv", "activity.txt"
NAME_BYTES = 100
"""Of a draft's name: with the folders above it, a path must stay under Windows' 260 characters."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_FROM = re.compile(r"(?P<name>[^<>@]*)<(?P<address>[^<>\s]+)>|(?P<alone>[^<>\s]+)")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the drafts are from: a name to sign with, an address to send from, or both."""

    name: str = ""
    address: str = ""

    @classmethod
    def of(cls, text: str) -> Sender:
        """Take `Jo Smith <jo@example.com>`, a name alone or an address alone."""
        if "@" not in text:
            return cls(" ".join(text.split()))
        found = _FROM.fullmatch(text.strip())
        addresses = sendable(found["address"] or found["alone"]) if found else ()
        if not found or len(addresses) != 1:
            raise WorkbookError(
                f"{text!r} is no sender: write a name, an address, or both as in Jo Smith <jo@example.com>."
            )
        return cls(" ".join((found["name"] or "").replace('"', " ").split()), addresses[0])


def write(
    out: Path,
    reminders: Reminders,
    *,
    kind: str = "eml",
    sender: Sender | None = None,
    now: str,
    files: Outputs | None = None,
) -> Path:
    """Write the drafts, the list of every item and the lines for Activity; return the folder made for them.

    The folder is a new one in `out`, named after the day; drafts of an earlier run stay as they are. `now` (UTC, ISO
    text) is the date the drafts carry. Raises `WorkbookError` where it cannot be written; nothing is left then.
    """
    sender = sender or Sender()
    names = file_names([f"{draft.customer.id} {draft.customer.name}" for draft in reminders.drafts], kind)
    with joining(files) as run:
        run.folder(out)
        folder = unused(out / f"reminders {iso(reminders.day)}")
        with run.file(folder) as made:
            made.mkdir()
            for name, draft in zip(names, reminders.drafts, strict=True):
                content = message(draft, sender, now) if kind == "eml" else plain(draft, sender)
                (made / name).write_bytes(content)
            (made / LIST).write_bytes(listing(reminders, names))
            (made / ACTIVITY).write_bytes(activity_lines(reminders, sender.name))
    return folder


def message(draft: Draft, sender: Sender, now: str) -> bytes:
    """Return a draft as a mail program opens it, ready to be looked over (X-Unsent) and sent by somebody."""
    mail = EmailMessage(policy.SMTP)
    mail["X-Unsent"] = "1"
    mail["Date"] = format_datetime(datetime.fromisoformat(now).replace(tzinfo=UTC))
    if sender.address:
        mail["From"] = Address(sender.name, addr_spec=sender.address)
    if draft.to:
        mail["To"] = [Address(addr_spec=address) for address in draft.to]
    mail["Subject"] = draft.subject
    mail.set_content(draft.body, charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


def plain(draft: Draft, sender: Sender) -> bytes:
    """Return a draft as text to copy from."""
    head = [f"From: {sender.name} <{sender.address}>".replace("  ", " ")] if sender.address else []
    head += [f"To: {', '.join(draft.to)}".rstrip(), f"Subject: {draft.subject}", "", draft.body]
    return "\r\n".join("\n".join(head).split("\n")).encode("utf-8-sig")


# ---- names of files


def file_names(names: Iterable[str], suffix: str) -> list[str]:
    """Return a name for each file that Windows, macOS and Linux take, and no two that any of them takes for one."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem = _stem(name)
        number, unique = 1, stem
        while unique.casefold() in taken:
            number += 1
            unique = f"{stem} ({number})"
        taken.add(unique.casefold())
        found.append(f"{unique}.{suffix}")
    return found


def _stem(name: str) -> str:
    letters = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", name))
    letters = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "C")
    short = " ".join(letters.encode()[:NAME_BYTES].decode(errors="ignore").split()).strip(". ")
    return f"_{short}" if not short or _RESERVED.match(short) else short


# ---- lists


def listing(reminders: Reminders, names: Sequence[str]) -> bytes:
    """Return every item that has reached a stage, what became of it and why: its amounts tie to the workbook."""
    written = [
        (item, "drafted", draft.note, draft, name)
        for draft, name in zip(reminders.drafts, names, strict=True)
        for item in draft.items
    ]
    left = [(item, "skipped", reason, None, "") for item, reason in reminders.skipped]
    rows: list[list[Any]] = [
        ["Result", "Reason", "Customer ID", "Customer", "Entity", "Document", "Instalment", "Document date", "Due date",
         "Days past due", "Stage", "Currency", "Open amount", "Covered by credits", "To", "File"]
    ]  # fmt: skip
    for item, result, reason, draft, name in [*written, *left]:
        rows.append(
            [
                result, reason, item.customer, draft.customer.name if draft else item.customer_name, item.entity,
                item.document, item.instalment, _iso(item.document_date), _iso(item.due), item.days,
                f"stage {item.stage.word}" if item.stage else "", item.currency, _major(item, item.amount),
                _major(item, item.covered), ", ".join(draft.to) if draft else "", name,
            ]
        )  # fmt: skip
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[uncalculated(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _major(item: Item, minor: int) -> str:
    digits = minor_digits(item.currency)
    whole, part = divmod(minor, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)


def _iso(day: int | None) -> str:
    return "" if day is None else iso(day)


def activity_lines(reminders: Reminders, who: str = "") -> bytes:
    """Return the lines for Activity, tabs between the cells.

    Pasted beneath tblActivity, whose cells hold text as text, they keep leading zeros, which a .csv would not.
    """
    table = next(activity.sheet().tables())
    lines = [
        "\t".join(_cell(row[column.key], dated=column.style in DATE_STYLES) for column in table.columns)
        for row in reminders.activity(who)
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _cell(value: Any, *, dated: bool) -> str:
    if value is None:
        return ""
    return iso(value) if dated else " ".join(str(value).split())
