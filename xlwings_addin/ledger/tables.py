"""One recognised raw table to typed canonical rows; what cannot be read becomes an exception with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import amounts, cells, rows
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.arrow import Cells, pa, pc
from xlwings_addin.ledger.date_columns import read_days
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError
from xlwings_addin.ledger.model import DATE, FLAG, MONEY, TEXT, ColumnRead
from xlwings_addin.ledger.money import minor_digits
from xlwings_addin.ledger.reading import COLUMNS, SETTLED, TERM_DAYS, Reading
from xlwings_addin.ledger.values import CREDIT_NOTE, INVOICE, ITEM_KINDS, NO_DATE, RECEIPT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.formats.declaration import Format, Match
    from xlwings_addin.ledger.source_files import RawTable
    from xlwings_addin.ledger.values import Days, Minor

    _Columns = dict[str, pd.Series[str] | NDArray[np.int64] | NDArray[np.int32]]

IDS = {"entity", "customer_id", "document_no", "instalment", "fiscal_year", "po_number", "contact_phone"}

_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "ja", "oui"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "nee", "non"), "no"),
}
_PAID, _PARTLY = "paid", "partly paid"
_MARKS = {".": "decimal point", ",": "decimal comma"}


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
    if match.format.report:
        found = rows.sort_rows(table, match)
        table, match, kind = found.table, found.match, found.kind
    reading = Reading(table, match, base_currency, answer, digits, day, receipts_given)
    if kind is not None:
        reading.kind = kind
    columns: _Columns = {}
    blank = np.ones(reading.count, bool)
    for key in match.places:
        if reading.types[key] in (TEXT, FLAG):
            columns[key] = _words(reading, key)
            blank &= columns[key].eq("").to_numpy(bool)  # type: ignore[union-attr]
    days = read_days(reading)
    if match.format.balances:
        days = {"document_date": _balances_day(reading, days)}
    columns.update(days)
    money, empty = _money(reading, _money_currency(reading, columns.get("currency")))  # type: ignore[arg-type]
    columns.update(money)
    if "sign" in columns:
        _sign(reading, columns, money)
    if match.format.balances:
        _tell_balances(reading)
    if "net_days" in columns:
        _add_terms(reading, columns)
    for column in days.values():
        blank &= column == NO_DATE
    for nothing in empty.values():
        blank &= nothing
    if match.extras:
        titles = ", ".join(f"'{title}'" for title in match.extras[:12])
        more = f" and {len(match.extras) - 12} more" if len(match.extras) > 12 else ""
        reading.find(may.UNKNOWN_COLUMNS, count=len(match.extras), titles=titles + more)
    blank &= reading.kind == rows.ITEM
    if match.format.lines:
        _join_lines(reading, columns, blank)
    if "status" in columns:
        _exclude(reading, columns, empty, blank)
    _check_rows(reading, columns, empty, blank)
    if reading.head is not None:
        # What stands for its lines must be read for them to be accounted for.
        headless = (reading.kind == rows.REPEATED) & (reading.reason[reading.head] != "")
        reading.refuse(headless, "a line of a document that cannot be read", _main(reading))
    stated = _prove_totals(reading, columns) if match.format.role == "items" else {}
    keep = (reading.reason == "") & ~blank & (reading.kind == rows.ITEM)
    frame = pd.DataFrame({key: columns[key] for key in columns})
    frame["file_row"] = table.rows
    for key, nothing in empty.items():
        frame[f"{key} blank"] = nothing
    aside = _aside(reading, columns, empty)
    if not keep.all():
        frame = frame[keep].reset_index(drop=True)
    classes = _classes(reading, blank, keep, len(aside))
    complete = _complete(frame, reading.format)
    return TypedTable(complete, aside, reading.findings, classes, stated, reading.columns_read())


def _aside(reading: Reading, columns: _Columns, empty: dict[str, NDArray[np.bool_]]) -> pd.DataFrame:
    """The rows that are set aside, and the lines that are no rows."""
    table, out = reading.table, np.flatnonzero(reading.reason != "")
    return exceptions_table(
        table.place,
        [*table.rows[out].tolist(), *(row for row, _ in table.broken)],
        [*reading.value[out].tolist(), *(text[:200] for _, text in table.broken)],
        [*reading.reason[out].tolist(), *("the number of fields does not fit the header" for _ in table.broken)],
        [*_stated(reading, columns, empty, out), *((np.nan, "") for _ in table.broken)],
    )


def _stated(
    reading: Reading, columns: _Columns, empty: dict[str, NDArray[np.bool_]], out: NDArray[np.intp]
) -> list[tuple[float, str]]:
    """What rows that are set aside state: the open amount, else the amount, in major units; NaN where none is read."""
    named = columns.get("currency")
    currency = ["" for _ in out] if named is None else np.asarray(named, object)[out].tolist()
    said = []
    for row, name in zip(out.tolist(), currency, strict=True):
        key = next((key for key in ("open_amount", "amount") if key in empty and not empty[key][row]), None)
        minor = 0 if key is None else int(np.asarray(columns[key])[row])
        digits = reading.digits if reading.digits is not None else minor_digits(name or reading.base_currency)
        # A cell that is no amount was read as nothing.
        said.append((minor / 10**digits if minor else np.nan, name))
    return said


def _sign(reading: Reading, columns: _Columns, money: dict[str, Minor]) -> None:
    """Amounts without a sign take it from the debit or credit mark beside them."""
    sign = np.asarray(columns["sign"], object)
    reading.refuse(sign == "", f"neither debit nor credit in column '{reading.title('sign')}'", "amount")
    for key, amount in money.items():
        columns[key] = np.where(sign == "credit", -amount, amount)


def _balances_day(reading: Reading, days: dict[str, Days]) -> Days:
    """The day of each balance: the file's, else the one answered."""
    known = days.get("document_date", np.full(reading.count, NO_DATE, np.int32))
    undated = (known == NO_DATE) & (reading.kind == rows.ITEM)
    if undated.any() and reading.day is None:
        raise QuestionError(
            f"{reading.table.place} holds balances, and nothing says of which day.",
            Answer("snapshot", files=(reading.table.file,)),
        )
    return np.where(undated, reading.day or 0, known).astype(np.int32)


def _tell_balances(reading: Reading) -> None:
    """A balance per customer has no documents: its age is what the file's own columns say, and no more."""
    item = reading.kind == rows.ITEM
    headers = [header.strip() for header in reading.table.headers]
    ages = []
    for title in reading.format.balances:
        if title in headers:
            plain = amounts.plain(reading.table.columns[headers.index(title)])
            read = amounts.read_amounts(plain, amounts.decimal_mark(plain) or ".", 2)
            ages.append(f"{title} {int(read.minor[item].sum()) / 100:,.2f}")
    reading.find(may.BALANCES_ONLY, item, ages=", ".join(ages) or "none")


def _add_terms(reading: Reading, columns: _Columns) -> None:
    """Due is the baseline date plus the longest terms given; a credit of no invoice is due at once."""
    terms = np.zeros(reading.count, np.int64)
    for key in TERM_DAYS:
        if key in columns:
            found = amounts.read_amounts(amounts.plain(cells.text(reading.cells(key))), ".", 0)
            reading.refuse(found.bad | (abs(found.minor) > 9999), f"no days in column '{reading.title(key)}'", key)
            terms = np.where((terms == 0) & ~found.bad & (abs(found.minor) <= 9999), found.minor, terms)
    if "sign" in columns and "invoice_reference" in columns:
        unlinked = columns["invoice_reference"].eq("").to_numpy(bool)  # type: ignore[union-attr]
        terms[unlinked & (np.asarray(columns["sign"], object) == "credit")] = 0
    base = np.asarray(columns["due_date"])
    columns["due_date"] = np.where(base == NO_DATE, base, base + terms).astype(np.int32)


def _classes(reading: Reading, blank: NDArray[np.bool_], keep: NDArray[np.bool_], exceptions: int) -> dict[str, int]:
    """How many rows of the file are what; their sum is the number of rows there are."""
    kind = np.where(blank & (reading.reason == ""), rows.BLANK, reading.kind)
    kind = kind[keep | (reading.reason == "")]
    count = {name: int((kind == code).sum()) for code, name in rows.CLASSES.items()}
    count["header"] += 1
    return {"preamble": reading.table.header_row - 1, **count, "exception": exceptions}


def _money_currency(reading: Reading, currency: pd.Series[str] | None) -> pd.Series[str] | None:
    """The currency whose cents a row has: that of the items for a total that names none."""
    if currency is None or (reading.kind == rows.ITEM).all():
        return currency
    named = currency[currency.ne("")].unique()
    blank = currency.eq("") & (reading.kind != rows.ITEM)
    return currency.where(~blank, str(named[0])) if len(named) == 1 else currency


def _main(reading: Reading) -> str:
    """The column whose sum is the ledger's."""
    return "open_amount" if reading.has("open_amount") else "amount"


def _sum_of(
    reading: Reading,
    columns: _Columns,
    which: NDArray[np.bool_],
) -> str:
    """The amounts of some rows, a sum per currency, for a message."""
    currency = columns.get("currency")
    names = np.full(reading.count, "", object) if currency is None else np.asarray(currency, object)
    amount = np.asarray(columns["amount" if reading.has("amount") else "open_amount"])
    parts = []
    for name in sorted(set(names[which].tolist())):
        places = minor_digits(name or reading.base_currency)
        parts.append(f"{int(amount[which & (names == name)].sum()) / 10**places:,.{places}f} {name}".strip())
    return ", ".join(parts) or "0"


def _join_lines(
    reading: Reading,
    columns: _Columns,
    blank: NDArray[np.bool_],
) -> None:
    """Make one item of the lines of a document; the first line stands for it."""
    key = "document_id" if reading.has("document_id") else "document_no"
    ids: pd.Series[str] = columns[key]  # type: ignore[assignment]
    readable = (reading.kind == rows.ITEM) & (reading.reason == "") & ~blank
    lines = np.flatnonzero(ids.ne("").to_numpy(bool) & readable)
    codes, names = pd.factorize(ids.iloc[lines])
    first = lines[np.unique(codes, return_index=True)[1]] if lines.size else lines
    further = np.setdiff1d(lines, first)
    if not further.size:
        return
    head = np.zeros(reading.count, np.int64)
    head[lines] = first[codes]
    repeated = np.zeros(reading.count, bool)
    repeated[further] = True
    money = [name for name in columns if reading.types[name] == MONEY]
    if reading.format.lines == "sum":
        for name in money:
            amount = np.asarray(columns[name]).copy()
            total = np.zeros(len(names), np.int64)
            np.add.at(total, codes, amount[lines])
            amount[first] = total
            columns[name] = amount
    else:
        differs = np.zeros(reading.count, bool)
        for name in money:
            amount = np.asarray(columns[name])
            differs |= repeated & (amount != amount[head])
        reading.refuse(differs, "a line of a document whose other lines state another amount", money[0])
        repeated &= ~differs
    reading.kind[repeated] = rows.REPEATED
    reading.head = head
    reading.find(may.DOCUMENT_LINES, repeated, documents=len(names))


def _exclude(
    reading: Reading,
    columns: _Columns,
    empty: dict[str, NDArray[np.bool_]],
    blank: NDArray[np.bool_],
) -> None:
    """Leave out drafts, voids and what is settled: counted and summed."""
    status = np.array(columns["status"], object)
    unpaid = np.asarray(columns[SETTLED]) == NO_DATE if SETTLED in columns else np.ones(reading.count, bool)
    # Paid at a date that is known is history, not a document to leave out.
    status[(status == _PAID) & unpaid] = "settled"
    for why, kind in may.EXCLUDED.items():
        which = (status == why) & ~blank & (reading.kind == rows.ITEM) & (reading.reason == "")
        if which.any():
            reading.kind[which] = rows.EXCLUDED
            reading.find(kind, which, amount=_sum_of(reading, columns, which))
    unknown = empty.get("open_amount", np.ones(reading.count, bool))
    partly = (status == _PARTLY) & unknown & ~blank & (reading.kind == rows.ITEM) & (reading.reason == "")
    if partly.any() and not reading.receipts_given:
        reading.find(
            may.PARTLY_PAID,
            partly,
            answers=(Answer("receipts"), Answer("mapping")),
            amount=_sum_of(reading, columns, partly),
        )
        reading.refuse(
            partly, "partly paid, and nothing says what is open", "amount" if reading.has("amount") else None
        )


def _prove_totals(
    reading: Reading,
    columns: _Columns,
) -> dict[str, int]:
    """Prove unlabelled totals by the rows around them, and hold grand totals against what was read.

    Returns the grand totals the file states.
    """
    kind, main = reading.kind, _main(reading)
    totals = np.isin(kind, (rows.SUBTOTAL, rows.GRAND_TOTAL, rows.UNLABELLED))
    reading.refuse(kind == rows.STRANGE, "no item, group, total or footer", None)
    groups = kind == rows.GROUP
    if not (totals | groups).any():
        return {}
    value = np.asarray(columns[main], np.int64)
    item = kind == rows.ITEM
    currency = columns.get("currency")
    names = np.full(reading.count, "", object) if currency is None else np.asarray(currency, object)
    of_items = sorted(set(names[item].tolist()))
    stated: dict[str, int] = {}
    for name in of_items:
        own = totals if len(of_items) == 1 else totals & (names == name)
        running = np.cumsum(np.where(item & (names == name), value, 0))
        ends = {0, int(running[-1]), *running[own | groups].tolist()}
        for row in np.flatnonzero(groups & (value != 0)).tolist() if len(of_items) == 1 else []:
            if int(running[row] + value[row]) not in ends:
                kind[row] = rows.UNLABELLED
        proven = [
            int(running[row] - value[row]) in ends or int(running[row] + value[row]) in ends
            for row in np.flatnonzero(own).tolist()
        ]
        fits = np.zeros(reading.count, bool)
        fits[own] = proven
        kind[fits & (kind == rows.UNLABELLED)] = rows.SUBTOTAL
        _tell_subtotals(reading, own & ~fits & (kind == rows.SUBTOTAL))
        grand = np.flatnonzero(own & (kind == rows.GRAND_TOTAL))
        at = np.flatnonzero(own & (kind == rows.SUBTOTAL))
        if not grand.size and at.size and value[at[-1]] == running[-1] == running[at[-1]]:
            kind[at[-1]] = rows.GRAND_TOTAL
            grand = at[-1:]
        if grand.size:
            stated[name] = int(value[grand[-1]])
            _compare(reading, name, int(grand[-1]), stated[name], int(value[_read(reading) & (names == name)].sum()))
    if len(of_items) > 1:
        # Amounts of several currencies in one figure: a total that proves nothing.
        kind[(kind == rows.UNLABELLED) & (names == "")] = rows.SUBTOTAL
    reading.refuse(kind == rows.UNLABELLED, "an amount without document and date that is no total of the rows", main)
    total = np.isin(kind, (rows.SUBTOTAL, rows.GRAND_TOTAL))
    if total.any():
        reading.find(may.TOTAL_ROWS, total)
    return stated


def _tell_subtotals(reading: Reading, which: NDArray[np.bool_]) -> None:
    """Name subtotals that are no sum of the rows around them."""
    found = np.flatnonzero(which)
    if not found.size:
        return
    amount = reading.cells(_main(reading))[int(found[0])].as_py()
    reading.find(may.SUBTOTAL_DIFFERS, which, row=reading.table.rows[found[0]], amount=amount)


def _read(reading: Reading) -> NDArray[np.bool_]:
    return np.asarray((reading.kind == rows.ITEM) & (reading.reason == ""), bool)


def _compare(reading: Reading, currency: str, row: int, stated: int, read: int) -> None:
    if stated == read:
        return
    places = minor_digits(currency or reading.base_currency)
    total, added, gap = (f"{minor / 10**places:,.{places}f}" for minor in (stated, read, stated - read))
    reading.find(
        may.FILE_TOTAL_DIFFERS,
        np.arange(reading.count) == row,
        row=reading.table.rows[row],
        stated=total,
        read=added,
        difference=f"{gap} {currency}".rstrip(),
    )


def _words(reading: Reading, key: str) -> pd.Series[str]:
    source = cells.text(reading.cells(key), number_like=key in IDS)
    if key in ("customer_id", "document_no") and pc.any(pc.match_substring_regex(source, r"^[-\d]")).as_py():
        _refuse_overflow(reading, key, source)
        _tell_rounded(reading, key, source)
    flag = reading.types[key] == FLAG
    words = {word.casefold(): value for word, value in reading.format.values.get(key, {}).items()}
    other = words.pop("*", None)
    if flag:
        words = {**_YES_NO, **words}
    elif key == "kind":
        kinds = RECEIPT_KINDS if reading.format.role == "receipts" else ITEM_KINDS
        words = {**{kind: kind for kind in kinds}, **words}
    elif key == "currency":
        source = pc.utf8_upper(source)
    if not words:
        reading.evidence[key] = _of_text(source, key)
        return cells.as_series(source)
    codes, texts = cells.coded(source)
    known = ["" if text is None else words.get(text.casefold(), "") for text in texts]
    strange = np.array([text is not None and text.casefold() not in words for text in texts], bool)
    named = [
        f"{text[:30]}{f' = {words[text.casefold()]}' if text.casefold() in words else ''}" for text in texts if text
    ]
    reading.evidence[key] = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if named[8:] else "") or "blank"
    if strange.any() and other is None and key not in ("status", "sign"):
        which = strange[codes]
        if key == "kind":
            reading.refuse(which, f"unknown kind in column '{reading.title(key)}'", key)
        elif flag:
            shown = ", ".join(f"'{text}'" for text, is_strange in zip(texts, strange, strict=True) if is_strange)[:100]
            reading.find(may.UNCLEAR_FLAGS, count=int(which.sum()), title=reading.title(key), shown=shown)
    return cells.spelled(codes, known)


def _of_text(source: Cells, key: str) -> str:
    """What a text column holds."""
    filled = len(source) - source.null_count
    if not filled:
        return "blank"
    if key not in IDS:
        return f"text in {filled:,} rows"
    zeros = int(pc.sum(pc.match_substring_regex(source, r"^0\d")).as_py() or 0)
    return f"text in {filled:,} rows" + (f", leading zeros kept in {zeros:,}" if zeros else "")


def _tell_rounded(reading: Reading, key: str, source: Cells) -> None:
    """A long number a spreadsheet rounded: 1.23457E+15 in text, or a numeric cell of more than 15 digits."""
    lost = pc.match_substring_regex(source, r"^\d([.,]\d+)?[Ee]\+\d{2}$")
    if pa.types.is_floating(reading.cells(key).type):
        lost = pc.or_(lost, pc.match_substring_regex(source, r"^\d{16,}$"))
    where = np.asarray(pc.fill_null(lost, fill_value=False).to_numpy(), bool) & (reading.kind == rows.ITEM)
    if where.any():
        first = source[int(np.flatnonzero(where)[0])].as_py()
        reading.find(may.ROUNDED_NUMBERS, where, title=reading.title(key), first=first)


def _refuse_overflow(reading: Reading, key: str, source: Cells) -> None:
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


def _money(reading: Reading, currency: pd.Series[str] | None) -> tuple[dict[str, Minor], dict[str, NDArray[np.bool_]]]:
    keys = [key for key in reading.match.places if reading.types[key] == MONEY]
    digits: int | NDArray[np.int64] = minor_digits(reading.base_currency)
    if reading.digits is not None:
        digits = reading.digits
    elif currency is not None:
        codes, names = pd.factorize(currency)
        places = np.array([minor_digits(name or reading.base_currency) for name in names], np.int64)
        digits = int(places[0]) if places.size and (places == places[0]).all() else places[codes]
    if reading.format.minor_units and _in_minor_units(reading, keys):
        digits = 0
    simple = {key: amounts.plain(reading.cells(key)) for key in keys}
    marks = {key: amounts.decimal_mark(column) for key, column in simple.items()}
    told = {mark for key, mark in marks.items() if mark and pa.types.is_string(simple[key].type)}
    minor, empty = {}, {}
    for key, column in simple.items():
        mark = marks[key]
        reading.evidence[key] = _of_amounts(column, mark)
        if mark is None and amounts.ambiguous(column):
            sibling = len(told) == 1
            found = next(iter(told)) if sibling else _mark_by_unit(reading, key, column, digits)
            why = "as in the other amounts" if sibling else "for want of evidence: see the findings"
            mark, reading.evidence[key] = found, f"{_MARKS[found]}, {why}"
        read = amounts.read_amounts(column, mark or ".", digits)
        reading.refuse_column(key, read.bad, ~read.blank, "text instead of an amount")
        reading.refuse(read.bad, f"no amount in column '{reading.title(key)}'", key)
        minor[key], empty[key] = read.minor, read.blank
        if read.rounded:
            reading.find(may.ROUNDED_AMOUNTS, count=read.rounded, title=reading.title(key), by=read.rounded_by)
    return minor, empty


def _of_amounts(column: Cells, mark: amounts.DecimalMark | None) -> str:
    """What speaks for the way a money column is read."""
    filled = len(column) - column.null_count
    if not filled:
        return "blank"
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return f"{filled:,} numeric cells"
    if mark is None:
        return f"{filled:,} whole amounts"
    return f"{_MARKS[mark]}: {amounts.evidence(column, mark):,} of {filled:,} amounts read no other way"


def _in_minor_units(reading: Reading, keys: list[str]) -> bool:
    """Whole amounts under a service's own field names are cents; its spreadsheets have titles and decimals."""
    if not all("_" in reading.title(key) and reading.title(key).strip().islower() for key in keys):
        return False
    whole = all(
        pc.all(pc.match_substring_regex(cells.text(reading.cells(key)), r"^-?\d+$")).as_py() in (True, None)
        for key in keys
    )
    if whole:
        reading.find(may.MINOR_UNITS)
    return whole


def _mark_by_unit(reading: Reading, key: str, column: Cells, digits: int | NDArray[np.int64]) -> amounts.DecimalMark:
    """1.234 and nothing else to go by: three decimals are money only where the currency has three."""
    points = pc.any(pc.match_substring(column, ".")).as_py()
    three = digits == 3 if isinstance(digits, int) else bool((digits == 3).all())
    mark: amounts.DecimalMark = "." if points == three else ","
    read = "1 and 234 thousandths" if three else "one thousand two hundred and thirty-four"
    reading.find(may.DECIMAL_STYLE, title=reading.title(key), read=read)
    return mark


def _check_rows(
    reading: Reading,
    columns: _Columns,
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
    item = (reading.kind == rows.ITEM) & ~blank
    if role in ("items", "receipts"):
        item = _set_totals_apart(reading, columns, item, np.asarray(undated, bool), nothing)
    needed = {"items": "customer_id", "customers": "customer_id", "receipts": "document_no"}.get(role)
    if needed is not None:
        if needed not in columns:
            needed = "customer_name"
        missing = columns[needed].eq("").to_numpy(bool)  # type: ignore[union-attr]
        reading.refuse(missing & item, f"nothing in column '{reading.title(needed)}'")
    if date_key is not None and reading.has(date_key):
        reading.refuse(np.asarray(undated) & item, f"nothing in column '{reading.title(date_key)}'")
    if role in ("items", "receipts"):
        reading.refuse(nothing & item, "no amount: a blank is not a zero")
    unread = blank & _anything_else(reading)
    reading.refuse(unread, "text only in columns that are not read")


def _set_totals_apart(
    reading: Reading,
    columns: _Columns,
    item: NDArray[np.bool_],
    undated: NDArray[np.bool_],
    nothing: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Find undated rows that are totals or name nobody; returns the rows that still are items."""
    dateless = np.flatnonzero(undated & item)
    if not dateless.size or reading.format.report:
        return item
    nameless, labelled, grand = (np.full(dateless.size, start, bool) for start in (True, False, False))
    for key in ("customer_id", "customer_name", "document_no"):
        if key in columns:
            words: pd.Series[str] = columns[key].iloc[dateless]  # type: ignore[union-attr]
            nameless &= words.eq("").to_numpy(bool)
            labelled |= words.str.match(rows.TOTAL_LABEL).to_numpy(bool)
            grand |= words.str.match(rows.GRAND_LABEL).to_numpy(bool)
    empty = nothing[dateless]
    aside = np.zeros(reading.count, bool)
    aside[dateless[(nameless | labelled) & empty]] = True
    reading.refuse(aside, "neither customer, document nor amount")
    if reading.format.role != "items":
        aside[dateless[(nameless | labelled) & ~empty]] = True
        reading.refuse(aside, "a total row: no customer and no document, or no date", "amount")
        return item & ~aside
    reading.kind[dateless[nameless & ~empty]] = rows.UNLABELLED
    reading.kind[dateless[labelled & ~empty]] = rows.SUBTOTAL
    reading.kind[dateless[grand & ~empty]] = rows.GRAND_TOTAL
    return np.asarray(item & (reading.kind == rows.ITEM) & ~aside, bool)


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
        if layout.titles.get("customer_id") is None or frame["customer_id"].eq("").all():
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
