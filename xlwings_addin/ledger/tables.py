"""One recognised raw table to typed canonical rows; what cannot be read becomes an exception with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import amounts, cells, dates
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.model import (
    CREDIT_NOTE,
    CUSTOMER_COLUMNS,
    DATE,
    FLAG,
    INVOICE,
    ITEM_COLUMNS,
    ITEM_KINDS,
    MONEY,
    NO_DATE,
    RECEIPT_COLUMNS,
    RECEIPT_KINDS,
    SALES_COLUMNS,
    TEXT,
    Finding,
)
from xlwings_addin.ledger.money import minor_digits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.formats.declaration import Format, Match, Role
    from xlwings_addin.ledger.model import Days, LedgerColumn, Minor
    from xlwings_addin.ledger.source_files import RawTable

COLUMNS: dict[Role, tuple[LedgerColumn, ...]] = {
    "items": ITEM_COLUMNS,
    "receipts": RECEIPT_COLUMNS,
    "customers": CUSTOMER_COLUMNS,
    "sales": SALES_COLUMNS,
}
IDS = {"entity", "customer_id", "document_no", "instalment", "fiscal_year", "po_number", "contact_phone"}
SETTLED = "settled_date"

_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "ja", "oui"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "nee", "non"), "no"),
}
_TOTAL = r"(?i)^(grand |sub)?-?\s*(total|totals|subtotal|sum|summe|gesamt|totaal|total général)\b"


@dataclass(eq=False)
class TypedTable:
    """Canonical rows of one raw table, with what was set aside on the way."""

    rows: pd.DataFrame
    """Canonical columns, typed as `Ledger` says; `file_row` and, from a settled date, `settled_date`."""
    exceptions: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)


def exceptions_table(
    file: str, rows: NDArray[np.int64] | list[int], values: list[str], reasons: list[str]
) -> pd.DataFrame:
    """Rows that could not be read: file, row, value, reason."""
    return pd.DataFrame(
        {
            "file": pd.Series([file] * len(rows), dtype="str"),
            "row": pd.Series(rows, dtype="int64"),
            "value": pd.Series(values, dtype="str"),
            "reason": pd.Series(reasons, dtype="str"),
        }
    )


class _Reading:
    """The state of reading one table: cells by key, reasons by row, findings."""

    def __init__(
        self, table: RawTable, match: Match, base_currency: str, order: dates.DateOrder | None, digits: int | None
    ) -> None:
        self.table, self.match, self.format = table, match, match.format
        self.base_currency, self.order, self.digits = base_currency, order, digits
        self.count = len(table.rows)
        self.reason = np.full(self.count, "", object)
        self.value = np.full(self.count, "", object)
        self.findings: list[Finding] = []
        self.types = {column.key: column.type for column in COLUMNS[self.format.role]} | {SETTLED: DATE}

    def cells(self, key: str) -> Cells:
        return self.table.columns[self.match.places[key]]

    def title(self, key: str) -> str:
        return self.table.headers[self.match.places[key]]

    def has(self, key: str) -> bool:
        return key in self.match.places

    def refuse(self, where: NDArray[np.bool_], reason: str, key: str | None = None) -> None:
        """Set rows aside; the first reason stands."""
        rows = np.flatnonzero(where & (self.reason == ""))
        self.reason[rows] = reason
        if key is not None and rows.size:
            self.value[rows] = [str(value) for value in self.cells(key).take(pa.array(rows)).to_pylist()]


def type_table(
    table: RawTable,
    match: Match,
    *,
    base_currency: str = "",
    order: dates.DateOrder | None = None,
    digits: int | None = None,
) -> TypedTable:
    """Type one table. Money has the decimals of its row's currency, or `digits` where given.

    Raises LedgerError where a whole column cannot be trusted.
    """
    if match.doubled:
        raise LedgerError(
            f"{table.place} has the column '{match.doubled[0]}' more than once: delete or rename the one not meant."
        )
    reading = _Reading(table, match, base_currency, order, digits)
    columns: dict[str, pd.Series[str] | NDArray[np.int64] | NDArray[np.int32]] = {}
    blank = np.ones(reading.count, bool)
    for key in match.places:
        if reading.types[key] in (TEXT, FLAG):
            columns[key] = _words(reading, key)
            blank &= columns[key].eq("").to_numpy(bool)  # type: ignore[union-attr]
    days = _days(reading)
    columns.update(days)
    money, empty = _money(reading, columns.get("currency"))  # type: ignore[arg-type]
    columns.update(money)
    for found in days.values():
        blank &= found == NO_DATE
    for nothing in empty.values():
        blank &= nothing
    if match.extras:
        titles = ", ".join(f"'{title}'" for title in match.extras[:12])
        more = f" and {len(match.extras) - 12} more" if len(match.extras) > 12 else ""
        reading.findings.append(
            Finding("unknown columns", "note", f"{table.place}: not read: {titles}{more}.", len(match.extras))
        )
    _check_rows(reading, columns, empty, blank)
    keep = (reading.reason == "") & ~blank
    frame = pd.DataFrame({key: columns[key] for key in columns})
    frame["file_row"] = table.rows
    for key, nothing in empty.items():
        frame[f"{key} blank"] = nothing
    out = np.flatnonzero(reading.reason != "")
    aside = exceptions_table(
        table.place,
        [*table.rows[out].tolist(), *(row for row, _ in table.broken)],
        [*reading.value[out].tolist(), *(text[:200] for _, text in table.broken)],
        [*reading.reason[out].tolist(), *("the number of fields does not fit the header" for _ in table.broken)],
    )
    if not keep.all():
        frame = frame[keep].reset_index(drop=True)
    return TypedTable(_complete(frame, reading.format), aside, reading.findings)


def _words(reading: _Reading, key: str) -> pd.Series[str]:
    source = cells.text(reading.cells(key), number_like=key in IDS)
    if key == "customer_id" or key == "document_no":
        _refuse_overflow(reading, key, source)
    flag = reading.types[key] == FLAG
    words = {word.casefold(): value for word, value in reading.format.values.get(key, {}).items()}
    if flag:
        words = {**_YES_NO, **words}
    elif key == "kind":
        kinds = RECEIPT_KINDS if reading.format.role == "receipts" else ITEM_KINDS
        words = {**{kind: kind for kind in kinds}, **words}
    elif key == "currency":
        source = pc.utf8_upper(source)
    if not words:
        return cells.as_series(source)
    codes, texts = cells.coded(source)
    known = np.array(["" if text is None else words.get(text.casefold(), "") for text in texts], object)
    strange = np.array([text is not None and text.casefold() not in words for text in texts], bool)
    if strange.any():
        rows = strange[codes]
        if key == "kind":
            reading.refuse(rows, f"unknown kind in column '{reading.title(key)}'", key)
        elif flag:
            shown = ", ".join(f"'{text}'" for text, is_strange in zip(texts, strange, strict=True) if is_strange)[:100]
            reading.findings.append(
                Finding(
                    "unclear flags",
                    "note",
                    f"{reading.table.place}: column '{reading.title(key)}' says {shown}: neither yes nor no, so blank.",
                    int(rows.sum()),
                )
            )
    return pd.Series(pd.array(known[codes], dtype="str"))


def _refuse_overflow(reading: _Reading, key: str, source: Cells) -> None:
    """An id that overflowed in the source system: the same large negative number over and over."""
    negative = source.filter(pc.fill_null(pc.match_substring_regex(source, r"^-\d{6,}$"), fill_value=False))
    if len(negative) < 3:
        return
    counts = negative.value_counts()
    number, times = max(((one["values"].as_py(), one["counts"].as_py()) for one in counts), key=lambda one: one[1])
    if times >= 3:
        raise LedgerError(
            f"{reading.table.place}: column '{reading.title(key)}' holds {number} in {times:,} rows, a number that"
            " overflowed in the source system: export it again with this column as text."
        )


def _days(reading: _Reading) -> dict[str, Days]:
    keys = [key for key in reading.match.places if reading.types[key] == DATE]
    read = {key: dates.read_column(reading.cells(key)) for key in keys}
    if reading.format.role == "sales" and "month" in read:
        read["month"] = _months(reading)
    given = reading.order or reading.format.dates
    orders = dates.decide_order(read)
    found: dict[str, Days] = {}
    for key, column in read.items():
        order = given or orders[key]
        if order is None:
            at = int(np.flatnonzero(column.dmy != column.mdy)[0])
            raise LedgerError(
                f"{reading.table.place}: column '{reading.title(key)}' can be read day first or month first"
                f" (row {reading.table.rows[at]}: '{reading.cells(key)[at].as_py()}'):"
                " say which with --dates dmy or --dates mdy."
            )
        days = column.read(order)
        bad = days == dates.BAD_DATE
        _refuse_column(reading, key, bad, days != NO_DATE, "no date")
        if bad.any():
            reading.refuse(bad, f"no date in column '{reading.title(key)}'", key)
            days = np.where(bad, NO_DATE, days)
        found[key] = days.astype(np.int32, copy=False)
    return found


def _months(reading: _Reading) -> dates.DateColumn:
    column = dates.read_column(reading.cells("month"))
    texts = cells.text(reading.cells("month")).to_pylist()
    month = np.array([dates.month_of(text) for text in texts], np.int32)
    named = month != dates.BAD_DATE
    return dates.DateColumn(np.where(named, month, column.dmy), np.where(named, month, column.mdy))


def _refuse_column(reading: _Reading, key: str, bad: NDArray[np.bool_], filled: NDArray[np.bool_], what: str) -> None:
    count, of = int(bad.sum()), int(filled.sum())
    if count > 0.5 * of:
        at = int(np.flatnonzero(bad)[0])
        raise LedgerError(
            f"{reading.table.place}: column '{reading.title(key)}' holds {what} in {count:,} of {of:,} rows (row"
            f" {reading.table.rows[at]}: '{reading.cells(key)[at].as_py()}'): correct the column or name the right one."
        )


def _money(reading: _Reading, currency: pd.Series[str] | None) -> tuple[dict[str, Minor], dict[str, NDArray[np.bool_]]]:
    keys = [key for key in reading.match.places if reading.types[key] == MONEY]
    digits: int | NDArray[np.int64] = minor_digits(reading.base_currency)
    if reading.digits is not None:
        digits = reading.digits
    elif currency is not None:
        codes, names = pd.factorize(currency)
        places = np.array([minor_digits(name or reading.base_currency) for name in names], np.int64)
        digits = int(places[0]) if places.size and (places == places[0]).all() else places[codes]
    simple = {key: amounts.plain(reading.cells(key)) for key in keys}
    marks = {key: amounts.decimal_mark(column) for key, column in simple.items()}
    told = {mark for key, mark in marks.items() if mark and pa.types.is_string(simple[key].type)}
    minor, empty = {}, {}
    for key, column in simple.items():
        mark = marks[key]
        if mark is None and amounts.ambiguous(column):
            mark = told.pop() if len(told) == 1 else _mark_by_unit(reading, key, column, digits)
        read = amounts.read_amounts(column, mark or ".", digits)
        _refuse_column(reading, key, read.bad, ~read.blank, "text instead of an amount")
        reading.refuse(read.bad, f"no amount in column '{reading.title(key)}'", key)
        minor[key], empty[key] = read.minor, read.blank
        if read.rounded:
            reading.findings.append(
                Finding(
                    "rounded amounts",
                    "note",
                    f"{reading.table.place}: {read.rounded:,} amounts in column '{reading.title(key)}' have more"
                    f" decimals than their currency; rounding each changed the sum by {read.rounded_by:.4g} of its"
                    " smallest unit.",
                    read.rounded,
                )
            )
    return minor, empty


def _mark_by_unit(reading: _Reading, key: str, column: Cells, digits: int | NDArray[np.int64]) -> amounts.DecimalMark:
    """1.234 and nothing else to go by: three decimals are money only where the currency has three."""
    points = pc.any(pc.match_substring(column, ".")).as_py()
    three = digits == 3 if isinstance(digits, int) else bool((digits == 3).all())
    mark: amounts.DecimalMark = "." if points == three else ","
    reading.findings.append(
        Finding(
            "decimal style",
            "warning",
            f"{reading.table.place}: amounts like 1.234 in column '{reading.title(key)}' were read as"
            f" {'1 and 234 thousandths' if three else 'one thousand two hundred and thirty-four'}: please check.",
        )
    )
    return mark


def _check_rows(
    reading: _Reading,
    columns: dict[str, pd.Series[str] | NDArray[np.int64] | NDArray[np.int32]],
    empty: dict[str, NDArray[np.bool_]],
    blank: NDArray[np.bool_],
) -> None:
    """Set aside rows that are no items: subtotals, rows without customer, date or amount."""
    role = reading.format.role
    date_key = {"items": "document_date", "receipts": "date", "sales": "month"}.get(role)
    nothing = np.ones(reading.count, bool)
    for flag in empty.values():
        nothing &= flag
    undated = columns[date_key] == NO_DATE if date_key in columns else np.zeros(reading.count, bool)
    if role in ("items", "receipts"):
        names = [key for key in ("customer_id", "customer_name", "document_no") if key in columns]
        nameless = np.ones(reading.count, bool)
        looks = np.zeros(reading.count, bool)
        dateless = np.flatnonzero(undated)
        for key in names:
            words: pd.Series[str] = columns[key]  # type: ignore[assignment]
            nameless &= words.eq("").to_numpy(bool)
            looks[dateless] |= words.iloc[dateless].str.match(_TOTAL).to_numpy(bool)
        looks = (looks | nameless) & ~blank
        money = "amount" if "amount" in columns else "open_amount"
        reading.refuse(looks & ~nothing, "a subtotal or total row: no customer and no document, or no date", money)
        reading.refuse(looks & nothing, "neither customer, document nor amount")
    needed = {"items": "customer_id", "customers": "customer_id", "receipts": "document_no"}.get(role)
    if needed is not None:
        missing = columns[needed].eq("").to_numpy(bool)  # type: ignore[union-attr]
        reading.refuse(missing & ~blank, f"nothing in column '{reading.title(needed)}'")
    if date_key in columns:
        reading.refuse(np.asarray(undated) & ~blank, f"nothing in column '{reading.title(date_key)}'")
    if role in ("items", "receipts"):
        reading.refuse(nothing & ~blank, "no amount: a blank is not a zero")
    unread = blank & _anything_else(reading)
    reading.refuse(unread, "text only in columns that are not read")


def _anything_else(reading: _Reading) -> NDArray[np.bool_]:
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
    blank = pd.Series(pd.array(np.full(count, "", object), dtype="str"))
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
        no_amount = frame["amount blank"].to_numpy(bool)
        frame["has_open"] = ~frame["open_amount blank"].to_numpy(bool)
        if no_amount.any():
            frame["amount"] = np.where(no_amount, frame["open_amount"], frame["amount"])
        kindless = frame["kind"].eq("").to_numpy(bool)
        if kindless.any():
            negative = frame["amount"].to_numpy() < 0
            by_sign = np.where(negative, CREDIT_NOTE, INVOICE).astype(object)
            frame["kind"] = pd.Series(pd.array(np.where(kindless, by_sign, frame["kind"]), dtype="str"))
    if layout.role == "receipts":
        frame["kind"] = frame["kind"].where(frame["kind"].ne(""), "cash")
    return frame
