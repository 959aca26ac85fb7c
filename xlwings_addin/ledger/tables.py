"""One recognised raw table to typed canonical rows; what cannot be read becomes an exception with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import balances, cells, rows, written_once
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.arrow import pa
from xlwings_addin.ledger.date_columns import read_days
from xlwings_addin.ledger.derive import add_amount, add_dates, add_open, lower_by_unapplied
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.left_out import leave_out
from xlwings_addin.ledger.model import DATE, FLAG, MONEY, TEXT, ColumnRead
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.money_columns import read_money
from xlwings_addin.ledger.reading import COLUMNS, Reading
from xlwings_addin.ledger.signs import apply_signs, tell_unknown_kinds
from xlwings_addin.ledger.text_columns import read_texts
from xlwings_addin.ledger.totals import prove_totals
from xlwings_addin.ledger.values import CREDIT_NOTE, INVOICE, NO_DATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.formats.declaration import Format, Match


@dataclass(eq=False)
class TypedTable:
    """Canonical rows of one raw table, with what was set aside on the way."""

    rows: pd.DataFrame
    """Canonical columns, typed as `Ledger` says; `file_row` and, from a settled date, `settled_date`."""
    exceptions: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    """Rows of the file by what they are."""
    stated: dict[str, int] = field(default_factory=dict)
    """Grand totals of the file, in minor units by currency."""
    columns: tuple[ColumnRead, ...] = ()
    day: int | None = None
    """The day that balances are of."""


def exceptions_table(
    file: str,
    rows: NDArray[np.int64] | list[int],
    values: list[str],
    reasons: list[str],
    stated: list[tuple[float, str]] | None = None,
) -> pd.DataFrame:
    """Rows that could not be read: file, row, value, reason, and what each states: amount (NaN unread), currency."""
    said = stated or [(np.nan, "")] * len(rows)
    return pd.DataFrame(
        {
            "file": pd.Series([file] * len(rows), dtype="str"),
            "row": pd.Series(rows, dtype="int64"),
            "value": pd.Series(values, dtype="str"),
            "reason": pd.Series(reasons, dtype="str"),
            "amount": pd.Series([amount for amount, _ in said], dtype="float64"),
            "currency": pd.Series([currency for _, currency in said], dtype="str"),
        }
    )


def type_table(
    table: RawTable,
    match: Match,
    *,
    base_currency: str = "",
    answer: DateAnswer | None = None,
    digits: int | None = None,
    day: int | None = None,
    receipts_given: bool = False,
) -> TypedTable:
    """Type one table. Money has the decimals of its row's currency, or `digits` where given; balances without
    a date of their own are of `day`.

    Raises LedgerError where a whole column cannot be trusted.
    """
    if match.doubled:
        raise LedgerError(
            f"{table.place} has the column '{match.doubled[0]}' more than once: delete or rename the one not meant."
        )
    kind: NDArray[np.int8] | None = None
    match = balances.with_places(match)
    if match.format.report:
        found = rows.sort_rows(table, match)
        table, match, kind = found.table, found.match, found.kind
    table, above = written_once.filled_down(table, match, kind)
    reading = Reading(table, match, base_currency, answer, digits, day, receipts_given)
    if kind is not None:
        reading.kind = kind
    if above is not None:
        key = "customer_id" if reading.has("customer_id") else "customer_name"
        reading.find(may.AS_ABOVE, above, title=reading.title(key))
    shown = _read_columns(reading)
    if match.extras:
        titles = ", ".join(f"'{title}'" for title in match.extras[:12])
        more = f" and {len(match.extras) - 12} more" if len(match.extras) > 12 else ""
        reading.find(may.UNKNOWN_COLUMNS, count=len(match.extras), titles=titles + more)
    if match.format.role == "items":
        add_amount(reading)
        apply_signs(reading)
        add_open(reading)
        add_dates(reading)
    if match.format.lines:
        _join_lines(reading)
    leave_out(reading)
    lower_by_unapplied(reading)
    _check_rows(reading)
    if match.format.role == "items":
        tell_unknown_kinds(reading)
    if reading.head is not None:
        # What stands for its lines must be read for them to be accounted for.
        headless = (reading.kind == rows.REPEATED) & (reading.reason[reading.head] != "")
        reading.refuse(headless, "a line of a document that cannot be read", _shown(reading))
    stated = prove_totals(reading) if match.format.role == "items" else {}
    return _typed(reading, stated, shown)


def _read_columns(reading: Reading) -> int | None:
    """Every column by its type, and which rows hold nothing that is read; returns the day that balances are of."""
    read_texts(reading)
    days, shown = balances.dated(reading, read_days(reading))
    reading.columns.update(days)
    read_money(reading)
    balances.add_up(reading)
    blank = np.asarray(reading.kind == rows.ITEM)
    for key in reading.columns:
        if key in reading.empty:
            blank = blank & reading.empty[key]
        elif key in days:
            blank = blank & (days[key] == NO_DATE)
        else:
            blank = blank & reading.text(key).eq("").to_numpy(bool)
    reading.blank = blank
    return shown


def _shown(reading: Reading) -> str | None:
    """The column of the file that a row's amount is shown by."""
    return next(
        (key for key in ("open_amount", "amount", "debit", "net_amount", "unit_price") if reading.has(key)), None
    )


def _typed(reading: Reading, stated: dict[str, int], shown: int | None) -> TypedTable:
    """What was read, as a table of the ledger's own columns, and what was set aside."""
    table = reading.table
    keep = reading.items
    frame = pd.DataFrame(reading.columns)
    frame["file_row"] = table.rows
    for key, nothing in reading.empty.items():
        frame[f"{key} blank"] = nothing
    aside = _aside(reading)
    if not keep.all():
        frame = frame[keep].reset_index(drop=True)
    classes = _classes(reading, keep, len(aside))
    complete = _complete(balances.parts(reading, frame, shown), reading.format)
    return TypedTable(complete, aside, reading.findings, classes, stated, reading.columns_read(), shown)


def _aside(reading: Reading) -> pd.DataFrame:
    """The rows that are set aside, and the lines that are no rows."""
    table, out = reading.table, np.flatnonzero(reading.reason != "")
    return exceptions_table(
        table.place,
        [*table.rows[out].tolist(), *(row for row, _ in table.broken)],
        [*reading.value[out].tolist(), *(text[:200] for _, text in table.broken)],
        [*reading.reason[out].tolist(), *("the number of fields does not fit the header" for _ in table.broken)],
        [*_stated(reading, out), *((np.nan, "") for _ in table.broken)],
    )


def _stated(reading: Reading, out: NDArray[np.intp]) -> list[tuple[float, str]]:
    """What rows that are set aside state: the open amount, else the amount, in major units; NaN where none is read."""
    currency = reading.text("currency").iloc[out].tolist()
    said = []
    for row, name in zip(out.tolist(), currency, strict=True):
        key = next((key for key in ("open_amount", "amount") if not reading.is_blank(key)[row]), None)
        minor = 0 if key is None else int(reading.money(key)[row])
        digits = reading.digits if reading.digits is not None else minor_digits(name or reading.base_currency)
        # A cell that is no amount was read as nothing.
        said.append((minor / 10**digits if minor else np.nan, name))
    return said


def _classes(reading: Reading, keep: NDArray[np.bool_], exceptions: int) -> dict[str, int]:
    """How many rows of the file are what; their sum is the number of rows there are."""
    kind = np.where(reading.blank & (reading.reason == ""), rows.BLANK, reading.kind)
    kind = kind[keep | (reading.reason == "")]
    count = {name: int((kind == code).sum()) for code, name in rows.CLASSES.items()}
    count["header"] += 0 if reading.table.headless else 1
    count["footer"] += len(reading.table.furniture)
    return {"preamble": len(reading.table.preamble), **count, "exception": exceptions}


def _join_lines(reading: Reading) -> None:
    """Make one item of the lines of a document; the first line stands for it."""
    key = "document_id" if reading.has("document_id") else "document_no"
    ids = reading.text(key)
    lines = np.flatnonzero(ids.ne("").to_numpy(bool) & reading.items)
    codes, names = pd.factorize(ids.iloc[lines])
    first = lines[np.unique(codes, return_index=True)[1]] if lines.size else lines
    further = np.setdiff1d(lines, first)
    if not further.size:
        return
    head = np.zeros(reading.count, np.int64)
    head[lines] = first[codes]
    repeated = np.zeros(reading.count, bool)
    repeated[further] = True
    money = [name for name in reading.columns if reading.types[name] == MONEY]
    if reading.format.lines == "sum":
        for name in money:
            amount = reading.money(name).copy()
            total = np.zeros(len(names), np.int64)
            np.add.at(total, codes, amount[lines])
            amount[first] = total
            reading.columns[name] = amount
    else:
        differs = np.zeros(reading.count, bool)
        for name in money:
            amount = reading.money(name)
            differs |= repeated & (amount != amount[head])
        reading.refuse(differs, "a line of a document whose other lines state another amount", money[0])
        repeated &= ~differs
    reading.kind[repeated] = rows.REPEATED
    reading.head = head
    reading.find(may.DOCUMENT_LINES, repeated, documents=len(names))


def _check_rows(reading: Reading) -> None:
    """Set aside rows that are no items: subtotals, rows without customer, date or amount."""
    role = reading.format.role
    date_key = {"items": "document_date", "receipts": "date", "sales": "month"}.get(role)
    nothing = np.ones(reading.count, bool)
    for flag in reading.empty.values():
        nothing &= flag
    undated = np.zeros(reading.count, bool)
    if date_key in reading.columns:
        # A due date dates a document, too.
        undated = (reading.days(date_key) == NO_DATE) & (reading.days("due_date") == NO_DATE)
    item = (reading.kind == rows.ITEM) & ~reading.blank
    if role in ("items", "receipts"):
        item = _set_totals_apart(reading, item, undated, nothing)
    needed = {"items": "customer_id", "customers": "customer_id", "receipts": "document_no"}.get(role)
    if needed is not None:
        if needed not in reading.columns:
            needed = "customer_name"
        reading.refuse_errors(needed, item)
        missing = reading.text(needed).eq("").to_numpy(bool)
        reading.refuse(missing & item, f"nothing in column '{reading.title(needed)}'")
    if date_key is not None and reading.has(date_key):
        reading.refuse(undated & item, f"nothing in column '{reading.title(date_key)}'")
    if role in ("items", "receipts"):
        reading.refuse(nothing & item, "no amount: a blank is not a zero")
    unread = reading.blank & _anything_else(reading)
    reading.refuse(unread, "text only in columns that are not read")


def _set_totals_apart(
    reading: Reading,
    item: NDArray[np.bool_],
    undated: NDArray[np.bool_],
    nothing: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Find rows that are totals or name nobody, by no date or no number; returns the rows that still are items."""
    if reading.format.report:
        return item
    dateless = np.flatnonzero((undated | _of_a_total(reading)) & item)
    if not dateless.size:
        return item
    nameless, labelled, grand = (np.full(dateless.size, start, bool) for start in (True, False, False))
    for key in ("customer_id", "customer_name", "document_no"):
        if key in reading.columns:
            words = reading.text(key).iloc[dateless]
            nameless &= words.eq("").to_numpy(bool)
            labelled |= cells.says(words, rows.TOTAL_LABEL)
            grand |= cells.says(words, rows.GRAND_LABEL)
    if "document_no" in reading.columns and reading.format.role == "items":
        # The total of a customer may bear the customer's name.
        nameless |= reading.text("document_no").iloc[dateless].eq("").to_numpy(bool)
    empty = nothing[dateless]
    aside = np.zeros(reading.count, bool)
    aside[dateless[(nameless | labelled) & empty]] = True
    reading.refuse(aside, "neither customer, document nor amount")
    if reading.format.role != "items":
        aside[dateless[(nameless | labelled) & ~empty]] = True
        reading.refuse(aside, "a total row: no customer and no document, or no date", "amount")
        return item & ~aside
    reading.kind[dateless[nameless & ~empty]] = rows.UNLABELLED
    # What has a day has to be proven a total.
    reading.kind[dateless[labelled & ~empty & undated[dateless]]] = rows.SUBTOTAL
    reading.kind[dateless[grand & ~empty]] = rows.GRAND_TOTAL
    return np.asarray(item & (reading.kind == rows.ITEM) & ~aside, bool)


def _of_a_total(reading: Reading) -> NDArray[np.bool_]:
    """Rows whose customer is called a total, and that have neither the number nor the kind that others have."""
    found, numbered = np.zeros(reading.count, bool), reading.text("document_no").ne("").to_numpy(bool)
    if reading.format.role == "items" and numbered.any():
        bare = np.flatnonzero(~numbered & reading.is_empty("kind"))
        for key in ("customer_id", "customer_name"):
            found[bare] |= cells.says(reading.text(key).iloc[bare], rows.TOTAL_LABEL)
    return found


def _anything_else(reading: Reading) -> NDArray[np.bool_]:
    found = np.zeros(reading.count, bool)
    if not reading.count:
        return found
    used = set(reading.match.places.values())
    for place, column in enumerate(reading.table.columns):
        if place not in used and not pa.types.is_null(column.type):
            found |= np.asarray(cells.text(column).is_valid().to_numpy(), bool)
    return found


def _complete(frame: pd.DataFrame, layout: Format) -> pd.DataFrame:
    """Add the canonical columns the file lacks, and fill kinds and amounts that follow from others."""
    count = len(frame)
    blank = cells.blanks(count)
    for column in COLUMNS[layout.role]:
        if column.key in frame:
            continue
        if column.type in (TEXT, FLAG):
            frame[column.key] = blank
        elif column.type == DATE:
            frame[column.key] = np.full(count, NO_DATE, np.int32)
        else:
            frame[column.key] = np.zeros(count, np.int64)
            frame[f"{column.key} blank"] = np.ones(count, bool)
    if layout.role == "items":
        if frame["customer_id"].eq("").all():
            # A system without customer numbers: the name is what there is to group by.
            frame["customer_id"] = frame["customer_name"]
        no_amount = frame["amount blank"].to_numpy(bool)
        frame["has_open"] = ~frame["open_amount blank"].to_numpy(bool)
        if no_amount.any():
            frame["amount"] = np.where(no_amount, frame["open_amount"], frame["amount"])
        # A payment on account invoices nothing: what it leaves open is its amount.
        on_account = (frame["amount"] == 0) & (frame["open_amount"] < 0)
        if on_account.any():
            frame["amount"] = frame["amount"].mask(on_account, frame["open_amount"])
        kindless = frame["kind"].eq("").to_numpy(bool)
        if kindless.any():
            negative = frame["amount"].to_numpy() < 0
            by_sign = cells.spelled(negative.astype(np.int8), (INVOICE, CREDIT_NOTE))
            frame["kind"] = by_sign if kindless.all() else frame["kind"].mask(kindless, by_sign)
    if layout.role == "receipts":
        frame["kind"] = frame["kind"].where(frame["kind"].ne(""), "cash")
    return frame
