"""Files to one ledger: recognise, read, concatenate, match receipts, and say what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from xlwings_addin.ledger import checks
from xlwings_addin.ledger.dates import DateOrder
from xlwings_addin.ledger.days import month_end
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.formats import all_formats
from xlwings_addin.ledger.matching import match_receipts
from xlwings_addin.ledger.model import (
    CASH,
    CUSTOMER_COLUMNS,
    DATE,
    ITEM_COLUMNS,
    MONEY,
    NO_DATE,
    TEXT,
    Finding,
    Ledger,
    Severity,
    Source,
)
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.source_files import RawTable, SourceFile, open_source
from xlwings_addin.ledger.tables import COLUMNS, SETTLED, exceptions_table, type_table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from xlwings_addin.ledger.formats.declaration import Match, Role

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of the whole is done (0 to 1)."""

PathLike = str | Path

ROLES: tuple[Role, ...] = ("items", "receipts", "customers", "sales")
_FROM_CUSTOMERS = ("customer_name", "region", "tier", "owner", "contact_name", "contact_email", "contact_phone")
_FLOWS = ("credit_sales", "cash", "credits", "write_offs")


def read_ledger(
    paths: PathLike | Iterable[PathLike],
    *,
    receipts: PathLike | Iterable[PathLike] | None = None,
    customers: PathLike | None = None,
    sales: PathLike | None = None,
    base_currency: str = "",
    dates: DateOrder | None = None,
    progress: Progress | None = None,
) -> Ledger:
    """Read item files (CSV or XLSX, one or several) into one ledger.

    Receipts, customers and typed sales may be further sheets of the same workbooks or files of their own.
    Rows that cannot be read are in `exceptions`, what a controller should know in `findings`.
    Raises LedgerError, one sentence, where the figures could not be trusted.
    """
    if dates is not None and dates not in get_args(DateOrder):
        raise LedgerError(f"The date order is dmy or mdy, not '{dates}'.")
    wanted: list[tuple[Path, Role]] = [(path, "items") for path in _paths(paths)]
    wanted += [(path, "receipts") for path in _paths(receipts)]
    wanted += [(path, "customers") for path in _paths(customers)]
    wanted += [(path, "sales") for path in _paths(sales)]
    if not any(role == "items" for _, role in wanted):
        raise LedgerError("No file with invoices was named.")
    tell = progress or (lambda _what, _share: None)
    intake = _Intake(base_currency.strip().upper(), dates)
    for place, (path, role) in enumerate(wanted):
        tell(f"Reading {path.name}", place / (len(wanted) + 1))
        intake.take(path, role)
    tell("Matching receipts", len(wanted) / (len(wanted) + 1))
    ledger = intake.ledger(receipts_given=receipts is not None)
    tell("Ledger read", 1.0)
    return ledger


def _paths(paths: PathLike | Iterable[PathLike] | None) -> list[Path]:
    if paths is None:
        return []
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]


def _score(role: Role) -> Callable[[Sequence[str]], int]:
    def score(headers: Sequence[str]) -> int:
        best = 0
        for layout in all_formats():
            if role in ("items", layout.role):
                match = layout.match(headers)
                if len(match.places) >= 2:
                    best = max(best, match.score + (1000 if match.complete else 0))
        return best

    return score


def recognise(headers: Sequence[str], roles: Sequence[Role]) -> Match | None:
    """The format that explains a header best, by the columns it knows; None when none has all it needs."""
    matches = [layout.match(headers) for layout in all_formats() if layout.role in roles]
    complete = [match for match in matches if match.complete]
    return max(complete, key=lambda match: (match.score, not match.format.general), default=None)


class _Intake:
    """Collects typed tables by role until the ledger is made."""

    def __init__(self, base_currency: str, order: DateOrder | None) -> None:
        self.base_currency, self.order = base_currency, order
        self.items: list[pd.DataFrame] = []
        self.others: list[tuple[SourceFile, RawTable, Match]] = []
        """Tables that are typed when the currencies of the items are known."""
        self.exceptions: list[pd.DataFrame] = []
        self.findings: list[Finding] = []
        self.sources: list[Source] = []
        self.taken: dict[tuple[str, Role], str] = {}
        """Contents read so far, by digest and role: none is read twice."""

    def take(self, path: Path, role: Role) -> None:
        """Read a file: the tables it holds for `role`; a workbook of items may hold the others, too."""
        source = open_source(path, _score(role))
        roles: tuple[Role, ...] = ROLES if role == "items" else (role,)
        found = [(table, recognise(table.headers, roles)) for table in source.tables]
        if not any(match is not None and match.format.role == role for _, match in found):
            raise LedgerError(_not_recognised(source, role))
        read: list[str] = []
        passed: list[str] = []
        for part in roles:
            fitting = [(table, match) for table, match in found if match is not None and match.format.role == part]
            if not fitting:
                continue
            # Sheets of one workbook repeat each other: the fullest is read, and the others are named.
            before = len(self.taken)
            table, match = max(fitting, key=lambda one: len(one[0].rows))
            read.append(table.sheet)
            first = self.taken.setdefault((source.sha256, part), source.name)
            if len(self.taken) == before:
                message = f"{source.name} has the content of {first}, read already as {part}: not read again."
                self.findings.append(Finding("file named twice", "warning", message))
                continue
            passed += [other.sheet for other, _ in fitting if other is not table]
            if part == "items":
                self.items.append(self._type(source, table, match, self.base_currency))
            else:
                self.others.append((source, table, match))
        self._name_unread(source, read, passed, [table.sheet for table, match in found if match is None])

    def _name_unread(self, source: SourceFile, read: list[str], passed: list[str], strange: list[str]) -> None:
        if not passed and not strange:
            return
        why = [f"{_quoted(passed)} (the same kind of table, with fewer rows)"] if passed else []
        why += [f"{_quoted(strange)} (no known layout)"] if strange else []
        message = f"{source.name}: read {_quoted(read)}; not read: {', '.join(why)}."
        severity: Severity = "warning" if passed else "note"
        self.findings.append(Finding("sheets not read", severity, message, len(passed) + len(strange)))

    def _type(
        self, source: SourceFile, table: RawTable, match: Match, base_currency: str, digits: int | None = None
    ) -> pd.DataFrame:
        role = match.format.role
        typed = type_table(table, match, base_currency=base_currency, order=self.order, digits=digits)
        rows = typed.rows
        rows["file"] = table.place
        self.findings += typed.findings
        if len(typed.exceptions):
            self.exceptions.append(typed.exceptions)
        if role == "items" and not len(rows):
            reason = f" ({typed.exceptions['reason'].iloc[0]})" if len(typed.exceptions) else ""
            raise LedgerError(f"{table.place} has a header but no row that is an item{reason}: export it again.")
        totals: dict[str, int] = {}
        if "amount" in rows:
            currency = rows["currency"] if "currency" in rows else pd.Series([""] * len(rows), dtype="str")
            totals = {str(name): int(total) for name, total in rows["amount"].groupby(currency).sum().items()}
        self.sources.append(
            Source(
                table.place,
                source.sha256,
                match.format.name,
                role,
                len(rows),
                totals,
                classes=typed.classes,
                stated=typed.stated,
            )
        )
        return rows

    def _typed(self, role: Role, base_currency: str, digits: int | None = None) -> pd.DataFrame | None:
        tables = [
            self._type(source, table, match, base_currency, digits)
            for source, table, match in self.others
            if match.format.role == role
        ]
        return pd.concat(tables, ignore_index=True) if tables else None

    def ledger(self, *, receipts_given: bool) -> Ledger:
        """Put the tables together."""
        items = _joined(self.items)
        if self.base_currency:
            items["currency"] = items["currency"].where(items["currency"].ne(""), self.base_currency)
        currencies = sorted(items["currency"].unique())
        base = self.base_currency or (currencies[0] if len(currencies) == 1 else "")
        customers = _customers(self._typed("customers", base))
        items = _filled(items, customers)
        digits = {name: minor_digits(name) for name in currencies}
        received, receipts_read = self._receipts(items, digits)
        sales = _sales(self._typed("sales", base), base)
        names = [column.key for column in ITEM_COLUMNS] + ["has_open"]
        ledger = Ledger(
            items=items[names],
            receipts=received,
            customers=customers,
            sales=sales,
            exceptions=pd.concat([exceptions_table("", [], [], []), *self.exceptions], ignore_index=True),
            base_currency=base,
            minor_digits=digits,
            sources=tuple(self.sources),
            findings=(),
            has_history=receipts_given or receipts_read or _settled(items),
        )
        complete = replace(ledger, findings=(*self.findings, *checks.findings(ledger)))
        complete.cache.update(ledger.cache)
        return complete

    def _receipts(self, items: pd.DataFrame, digits: dict[str, int]) -> tuple[pd.DataFrame, bool]:
        parts = [_receipt_rows([], [], [], pd.Series([], dtype="str"))]
        if SETTLED in items:
            rows = np.flatnonzero(items[SETTLED].to_numpy() != NO_DATE)
            paid = items["amount"].to_numpy()[rows]
            cash = pd.Series(pd.array(np.full(rows.size, CASH, object), dtype="str"))
            parts.append(_receipt_rows(rows, items[SETTLED].to_numpy()[rows], paid, cash))
        # A receipt is in the currency of its item: with several kinds of cents, all are compared in the smallest.
        finest = max(digits.values())
        mixed = len(set(digits.values())) > 1
        received = self._typed("receipts", "", finest)
        if received is not None:
            unit = 10 ** (finest - items["currency"].map(digits).to_numpy(np.int64))
            matched = match_receipts(items.assign(amount=items["amount"] * unit) if mixed else items, received)
            for rows, reason in (
                (matched.unmatched, "no item has this document number"),
                (matched.ambiguous, "several customers, entities or years have this document number"),
            ):
                self._set_aside(received.iloc[np.sort(rows)], reason, finest)
            amount = matched.amount
            if mixed:
                amount = np.rint(amount / unit[matched.item]).astype(np.int64)
            parts.append(_receipt_rows(matched.item, matched.date, amount, matched.kind))
        return pd.concat(parts, ignore_index=True), received is not None

    def _set_aside(self, receipts: pd.DataFrame, reason: str, digits: int) -> None:
        if not len(receipts):
            return
        total = int(receipts["amount"].sum()) / 10**digits
        message = f"Receipts that reduce nothing: {len(receipts):,} ({total:,.{digits}f} in all): {reason}."
        self.findings.append(Finding("receipts without item", "warning", message, len(receipts)))
        for file, group in receipts.groupby("file", sort=False):
            values = [
                f"{number}: {amount / 10**digits:,.{digits}f}"
                for number, amount in zip(group["document_no"], group["amount"].tolist(), strict=True)
            ]
            reasons = [f"receipt: {reason}"] * len(group)
            self.exceptions.append(exceptions_table(str(file), group["file_row"].tolist(), values, reasons))


def _quoted(sheets: Sequence[str]) -> str:
    return ", ".join(f"'{sheet}'" for sheet in sheets)


def _receipt_rows(item: ArrayLike, date: ArrayLike, amount: ArrayLike, kind: pd.Series[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item": np.asarray(item, np.int64),
            "date": np.asarray(date, np.int32),
            "amount": np.asarray(amount, np.int64),
            "kind": kind,
        }
    )


def _not_recognised(source: SourceFile, role: Role) -> str:
    """What the closest layout misses, and which columns there are."""
    layouts = [layout for layout in all_formats() if layout.role == role]
    table, match = max(
        ((table, layout.match(table.headers)) for table in source.tables for layout in layouts),
        key=lambda one: (len(one[1].places), -len(one[1].missing)),
    )
    headings = {column.key: column.heading for column in COLUMNS[role]}
    missing = ", ".join(f"'{headings.get(key, key)}'" for key in match.missing)
    there = [title.strip()[:60] for title in table.headers if title.strip()]
    titles = ", ".join(f"'{title}'" for title in there[:20]) + (f" and {len(there) - 20} more" if there[20:] else "")
    return (
        f"{table.place} has no column {missing} for {role}; its columns are {titles or 'none'}:"
        " rename the ones that are meant, or name another file."
    )


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    if len(tables) == 1:
        return tables[0]
    items = pd.concat(tables, ignore_index=True)
    if SETTLED in items:
        items[SETTLED] = items[SETTLED].fillna(int(NO_DATE)).astype(np.int32)
    return items


def _settled(items: pd.DataFrame) -> bool:
    """Some item says when it was settled: an empty column, as lists of open items have it, is no history."""
    return SETTLED in items and bool((items[SETTLED].to_numpy() != NO_DATE).any())


def _customers(table: pd.DataFrame | None) -> pd.DataFrame:
    names = [column.key for column in CUSTOMER_COLUMNS]
    if table is None:
        text = {column.key: pd.Series([], dtype="str") for column in CUSTOMER_COLUMNS if column.type == TEXT}
        money = {column.key: pd.array([], "Int64") for column in CUSTOMER_COLUMNS if column.type == MONEY}
        days = {column.key: np.zeros(0, np.int32) for column in CUSTOMER_COLUMNS if column.type == DATE}
        return pd.DataFrame({**text, **money, **days})[names]
    # A customer without a limit is not one whose limit is zero.
    limits = {
        column.key: table[column.key].astype("Int64").mask(table[f"{column.key} blank"])
        for column in CUSTOMER_COLUMNS
        if column.type == MONEY
    }
    return table[names].assign(**limits)


def _filled(items: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Segments and contacts the items lack, from the customer table."""
    if not len(customers):
        return items
    by_id = customers.drop_duplicates("customer_id", keep="last").set_index("customer_id")
    for key in _FROM_CUSTOMERS:
        blank = items[key].eq("")
        if blank.any() and by_id[key].ne("").any():
            theirs = items["customer_id"].map(by_id[key]).fillna("").astype("str")
            items[key] = items[key].where(~blank, theirs)
    return items


def _sales(table: pd.DataFrame | None, base: str) -> pd.DataFrame:
    if table is None:
        empty = {flow: pd.array([], dtype="Int64") for flow in _FLOWS}
        return pd.DataFrame({"month": np.zeros(0, np.int32), "currency": pd.Series([], dtype="str"), **empty})
    flows = {flow: table[flow].astype("Int64").mask(table[f"{flow} blank"]) for flow in _FLOWS}
    month = np.array([month_end(day) for day in table["month"].tolist()], np.int32)
    currency = table["currency"].where(table["currency"].ne(""), base)
    return pd.DataFrame({"month": month, "currency": currency, **flows})
