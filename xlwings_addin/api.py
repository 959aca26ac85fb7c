"""Receivables in Python: a ledger read from files, its aging, its monthly figures, the month-end workbook.

>>> import receivables as ar
>>> ar.dso(250_000, 1_500_000, 365)
60.83333333333333

`read` reads an export into a `Ledger`; its `aging` and `metrics` give the figures that the commands
`receivables aging` and `receivables metrics` show, as pandas frames; `close` makes the month-end workbook of
`receivables refresh`. Every worksheet function is here by its name in lower case, without "AR_": numbers, lists,
arrays and pandas Series in, the same shape out.

Amounts are in whole units of their currency (euros, not cents), shares are fractions, days are calendar days.
Whatever cannot be read or closed raises a `ValueError` of one sentence. A function gives NaN where a cell would show an
error; `explain` gives the reason in words.
"""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin import now, version
from xlwings_addin.series import FUNCTIONS
from xlwings_addin.settings import Rate as Rate
from xlwings_addin.settings import Settings as Settings
from xlwings_addin.settings import chosen, is_usual

# pandas and the writers are imported where they are used: the functions alone need neither.
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from xlwings_addin._functions import *
    from xlwings_addin.entries import Entries
    from xlwings_addin.ledger import age_analysis, model
    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.errors import Answer
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.month_end import MonthEnd

    PathLike = str | Path
    Day = str | date


def read(
    ledger: PathLike | Iterable[PathLike],
    *,
    receipts: PathLike | Iterable[PathLike] | None = None,
    customers: PathLike | None = None,
    sales: PathLike | None = None,
    currency: str = "",
    rates: Mapping[str, float] | None = None,
    dates: DateAnswer | None = None,
    mapping: PathLike | Mapping[str, Any] | None = None,
    snapshots: Mapping[str, Day] | None = None,
    entities: Mapping[str, str] | None = None,
    as_of: Day | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Ledger:
    """Read the files of a ledger, as the command does.

    Arguments:
        ledger: the file of items (a workbook, CSV or another text, JSON, a web page), or several of them.
        receipts: what reduced the items, dated: a file or several.
        customers: a file of terms, limits and contacts.
        sales: a file of credit sales by month, for a list of open items.
        currency: the base currency, "EUR" for example; where the files do not say.
        rates: units of the base currency for one unit of each other currency, {"USD": 0.92} for example: the rates of
            the as-of date; those of earlier dates that the settings hold stay.
        dates: the order of day and month if a file leaves it open, "dmy" or "mdy"; "swapped" where a spreadsheet
            exchanged them, "as-is" where they are right however odd.
        mapping: the columns of an unknown system: a file made by `receivables check --save-mapping`, or what it holds.
        snapshots: the day each list of open items shows, by file, where the file does not say.
        entities: the company each file belongs to, by file, where the file does not say.
        as_of: the day the files show, where they say it nowhere and it is needed to read them.
        answers: what else the files leave open, in the shape of a mapping file: {"columns": {"open_amount": "Balance"},
            "sheets": ["North"], "signs": "by-kind", "terms": {"ZB30": 30}, "encoding": "cp1252", "words": {"status":
            {"Posted": "open"}, "kind": {"RV": "invoice"}, "currency": {"kr": "SEK"}}}, or some of it.

    Returns: a `Ledger`.

    Errors: ValueError, one sentence, where a file is missing or cannot be read, or the figures could not be trusted;
    where an answer is needed it names the argument that gives it.

    Examples:
    >>> import receivables as ar
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp(), "ledger.csv")
    >>> titles = "Customer ID,Document,Document date,Due date,Amount,Currency"
    >>> _ = file.write_text(f"{titles}\\n7,A1,2026-08-20,2026-09-19,120.50,EUR\\n")
    >>> ar.read(file)
    <Ledger in EUR: items 1, receipts 0>
    """
    from xlwings_addin.ledger.errors import QuestionError
    from xlwings_addin.ledger.exchange import currency_code
    from xlwings_addin.ledger.position import ask
    from xlwings_addin.ledger.reader import read_ledger

    given = {currency_code(code): float(rate) for code, rate in (rates or {}).items()}
    for code, rate in given.items():
        if not (code and rate > 0 and is_usual(rate, "rate")):
            raise ValueError(f"The rate of {code or 'a currency without a name'} must be a number above 0.")
    currency = currency_code(currency)
    try:
        inner = read_ledger(
            ledger,
            receipts=receipts,
            customers=customers,
            sales=sales,
            base_currency=currency,
            dates=dates,
            mapping=mapping,
            snapshots=snapshots,
            entities=entities,
            as_of=as_of,
            answers=answers,
        )
        ask(inner)
    except QuestionError as question:
        raise QuestionError(_in_python(str(question), question.answers), *question.answers) from None
    return Ledger(inner, currency, tuple(given.items()))


def close(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    previous: PathLike | None = None,
    company: str = "",
    settings: Settings | None = None,
    set_baseline: bool = False,
    force: bool = False,
) -> Month:
    """Close a month: every sheet of its workbook, calculated and ready to be written.

    Arguments:
        ledger: what `read` returned.
        as_of: the date of the figures, a date or ISO text; by default the day the files show.
        previous: last month's workbook, whose settings and entries are carried over; it is never changed.
        company: the company's name, for the headings.
        settings: choices in place of those of the workbook carried over; by default these, else the product's.
        set_baseline: make this month the baseline of the rollout program, where none is set.
        force: answer under a warning where a list of open items cannot, or for a date long after everything in it, and
            take defaults for what is missing in `previous`.

    Returns: a `Month`, whose `write` makes the workbook. Amounts in it are in the base currency.

    Errors: ValueError, one sentence, where the ledger cannot answer for that day or `previous` is not such a workbook.

    Examples:
    >>> import receivables as ar
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp(), "ledger.csv")
    >>> titles = "Customer ID,Document,Document date,Due date,Amount,Currency"
    >>> _ = file.write_text(f"{titles}\\n7,A1,2026-08-20,2026-09-19,120.50,EUR\\n")
    >>> ar.close(ar.read(file), "2026-10-31").write(file.with_name("october.xlsx")).name
    'october.xlsx'
    """
    if not isinstance(ledger, Ledger):
        raise TypeError(f"close takes a ledger that read returned, not {ledger!r}: ar.close(ar.read(...), ...).")
    day = ledger.sure(as_of, force=force)
    ledger.in_force(settings, day)
    month = Month(ledger, day, None if previous is None else Path(previous), company, settings, set_baseline, force)
    month.made  # noqa: B018 - raises here, before anything is written
    return month


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """A ledger as `read` returns it: its tables, its aging, its monthly figures.

    `items`, `receipts`, `customers`, `sales`, `exceptions` and `findings` are pandas frames, created each time:
    amounts in whole units of their currency, dates as dates, blanks as "" in text and as NaN or NaT elsewhere.

    Errors: ValueError, one sentence, where the ledger cannot answer.
    """

    inner: model.Ledger
    """The ledger as the layers below know it: amounts in cents, dates as day numbers."""
    _currency: str = ""
    _rates: tuple[tuple[str, float], ...] = ()

    @property
    def items(self) -> pd.DataFrame:
        """Invoices, credit notes, debit notes and unapplied payments, a row each; amounts in their own currency."""
        from xlwings_addin.ledger.model import ITEM_COLUMNS

        frame = _readable(self.inner.items, ITEM_COLUMNS, self._scale)
        frame.loc[~self.inner.items["has_open"].to_numpy(bool), "open_amount"] = np.nan
        return frame

    @property
    def receipts(self) -> pd.DataFrame:
        """What reduced the items: `item` is a row of `items`, in whose currency the amount is."""
        from xlwings_addin.ledger.model import RECEIPT_COLUMNS

        receipts = self.inner.receipts
        frame = _readable(receipts, RECEIPT_COLUMNS, self._scale.take(receipts["item"].to_numpy(np.intp)))
        return frame.assign(item=receipts["item"].array)[["item", "date", "amount", "kind"]]

    @property
    def customers(self) -> pd.DataFrame:
        """Terms, limits and contacts, a row for each customer; limits in the base currency."""
        from xlwings_addin.ledger.model import CUSTOMER_COLUMNS

        return _readable(self.inner.customers, CUSTOMER_COLUMNS, self._scale_of([self.currency]))

    @property
    def sales(self) -> pd.DataFrame:
        """Flows of each month as a file of sales states them, in their own currency; empty without one."""
        from xlwings_addin.ledger.model import SALES_COLUMNS

        return _readable(self.inner.sales, SALES_COLUMNS, self._scale_of(self.inner.sales["currency"]))

    @property
    def exceptions(self) -> pd.DataFrame:
        """Rows that are in no figure: file, row, value, reason, amount (NaN where it cannot be read) and currency."""
        return self.inner.exceptions.copy()

    @property
    def findings(self) -> pd.DataFrame:
        """What a controller should know about the data: severity, count and message, the gravest first."""
        return _findings(self.inner.findings)

    @property
    def currency(self) -> str:
        """The base currency; "" where it is not known."""
        return self._currency or self.inner.base_currency

    @property
    def as_of(self) -> date | None:
        """The day the files say they show, None where they say none."""
        return None if self.inner.as_of is None else self.day(None)

    def day(self, as_of: Day | None) -> date:
        """Return the date of some figures: the one given, else the one the files show.

        Errors: ValueError where neither is there or the text is not a date.
        """
        from xlwings_addin.ledger.days import day_number, iso

        if as_of is not None:
            if isinstance(as_of, np.datetime64):
                as_of = str(as_of.astype("datetime64[D]"))
            if not isinstance(as_of, str | date) or str(as_of) == "NaT":
                raise TypeError(f'{as_of!r} is not a date: write it as text, "2026-10-31" for example.')
            return date.fromisoformat(iso(day_number(as_of)))
        if self.inner.as_of is None:
            raise ValueError('The files do not say which day they show; give the date, "2024-06-30" for example.')
        return date.fromisoformat(iso(self.inner.as_of))

    def sure(self, as_of: Day | None, *, force: bool = False) -> date:
        """Return the date of some figures as `day` does, unless it is hardly meant.

        Arguments: as those of `aging`.

        Errors: ValueError as for `day`, and for a date a year or more after everything in a busy ledger, unless forced.
        """
        from xlwings_addin.ledger.days import day_number
        from xlwings_addin.ledger.position import sure

        day = self.day(as_of)
        sure(self.inner, day_number(day), "give another date, or confirm this one with force=True", force=force)
        return day

    def where(self, chosen: pd.Series[bool] | NDArray[np.bool_]) -> Ledger:
        """Return the ledger of some items, with what reduced them: `ledger.where(ledger.items["region"] == "North")`.

        Arguments:
            chosen: true or false for each row of `items`, as a column or an array.

        Returns: a `Ledger`. Customers, exceptions and findings stay those of the whole.

        Errors: ValueError for anything but one true or false for each item.
        """
        return replace(self, inner=self.inner.where(chosen))

    def aging(
        self,
        as_of: Day | None = None,
        by: str = "customer",
        *,
        settings: Settings | None = None,
        force: bool = False,
    ) -> Aging:
        """Age the open items as of a day, as `receivables aging` does.

        Arguments:
            as_of: a date or ISO text; by default the day the files show.
            by: what to group by: "customer", the customers' "group", or a column of text in `items` such as "region",
                "tier" or "owner".
            settings: buckets and how credits and dates count; by default the product's.
            force: answer under a warning where a list of open items cannot, or for a date long after everything in it.

        Returns: an `Aging`; its `frame()` holds a row for each group, amounts in the base currency.

        Errors: ValueError, one sentence, where the ledger cannot answer for that day.
        """
        from xlwings_addin.ledger.age_analysis import age

        day = self.sure(as_of, force=force)
        return Aging(age(self.inner, day, self.in_force(settings, day), by=by, force=force))

    def metrics(
        self, as_of: Day | None = None, *, settings: Settings | None = None, force: bool = False
    ) -> pd.DataFrame:
        """Return the figures of every month up to a day, as `receivables metrics` does.

        Arguments: as those of `aging`.

        Returns: a frame with a row for each month, the oldest first: `month_end`; receivables, current, overdue,
        credit_sales, cash, credits and write_offs in the base currency; dso, dso_countback, best_possible_dso and ddso
        in days; cei as a fraction. What is not defined is NaN.

        Errors: ValueError, one sentence, where the ledger cannot answer for that day.

        Source: the functions of the same names, on ending receivables and sales less credit notes.
        """
        import pandas as pd

        from xlwings_addin.ledger.history import history
        from xlwings_addin.ledger.metrics import metrics

        day = self.sure(as_of, force=force)
        in_force = self.in_force(settings, day)
        by_month = history(self.inner, day, settings=in_force, force=force)
        rows = metrics(by_month, window=in_force.dso_window)
        frame = pd.DataFrame(rows)
        months = pd.to_datetime(frame.pop("month_end"))
        frame = frame.astype(float)
        frame.insert(0, "month_end", months)
        return frame

    def in_force(self, settings: Settings | None, day: date) -> Settings:
        """Return settings, or the product's, with the currency and rates this ledger was read with.

        Arguments:
            settings: those to start from, or None for the product's.
            day: the as-of date, from which the rates count.
        """
        if not isinstance(settings, Settings | None):
            raise TypeError(f"settings takes Settings, ar.Settings(dso_window=3) for example, not {settings!r}.")
        rates = [Rate(code, day.isoformat(), rate) for code, rate in self._rates]
        return chosen(settings or Settings(), self._currency, rates)

    def __repr__(self) -> str:
        items, receipts = len(self.inner.items), len(self.inner.receipts)
        return f"<Ledger{_in(self.currency)}: items {items:,}, receipts {receipts:,}{_aside(self.inner)}>"

    @property
    def _scale(self) -> pd.Series[float]:
        return self._scale_of(self.inner.items["currency"])

    def _scale_of(self, currencies: Iterable[str]) -> pd.Series[float]:
        """How many of the smallest units, cents for example, make one of each currency."""
        import pandas as pd

        from xlwings_addin.ledger.money import minor_digits

        names = pd.Series(currencies, dtype="str")
        known = {name: 10.0 ** self.inner.minor_digits.get(name, minor_digits(name)) for name in names.unique()}
        return names.map(known).astype(float)


@dataclass(frozen=True, eq=False, repr=False)
class Aging:
    """Open items by group and days past due, as `Ledger.aging` returns them; every item is in exactly one column.

    Amounts are in the base currency, or, where one is named, in that currency. Currencies are converted at the rates
    given, and never added without.

    Errors: ValueError where a currency is named that the ledger does not hold.
    """

    inner: age_analysis.Aging
    """The aging as the layers below know it: amounts in cents."""

    def frame(self, currency: str | None = None) -> pd.DataFrame:
        """Return a row for each group: key, name, the columns of the aging, and Total.

        In the base currency, NaN where a rate is missing; or of the items in one currency alone, in that one.
        """
        import pandas as pd

        data = self.data()
        parts = {part["currency"]: part for part in data["by_currency"]}
        if currency is not None and currency not in parts:
            raise ValueError(f"There are no items in {currency}; the ledger holds {', '.join(parts) or 'none'}.")
        names = dict(zip(self.inner.keys, self.inner.names, strict=True))
        groups = (data if currency is None else parts[currency])["groups"]
        columns: dict[str, Any] = {
            "key": pd.Series([group["key"] for group in groups], dtype="str"),
            "name": pd.Series([names[group["key"]] for group in groups], dtype="str"),
        }
        for label in self.inner.labels:
            columns[label] = pd.Series([group["buckets"][label] for group in groups], dtype=float)
        columns["Total"] = pd.Series([group["total"] for group in groups], dtype=float)
        return pd.DataFrame(columns)

    def data(self) -> dict[str, Any]:
        """Return the aging as plain data, as `receivables aging --json` prints it."""
        from xlwings_addin.ledger.age_analysis import aging_json

        return aging_json(self.inner)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of these figures must know: of the files, rows set aside first, and of the day."""
        return self.inner.warnings

    def __repr__(self) -> str:
        from xlwings_addin.ledger.money import in_currency

        data = self.data()
        shown = data["total"]
        total = "not known" if shown is None else in_currency(shown, data["currency"]).partition(" ")[0]
        aside = f", set aside {rows:,}" if (rows := data["set_aside"]["rows"]) else ""
        return f"<Aging as of {data['as_of']}{_in(data['currency'])}: items {data['items']:,}, total {total}{aside}>"


@dataclass(frozen=True, eq=False, repr=False)
class Month:
    """A month as `close` returns it: every sheet of the workbook, ready to be written.

    Amounts in it are in the base currency.

    Errors: ValueError, one sentence, where the workbook cannot be written.
    """

    ledger: Ledger
    as_of: date
    previous: Path | None
    """Last month's workbook."""
    _company: str
    _settings: Settings | None
    _set_baseline: bool
    _force: bool

    @functools.cached_property
    def made(self) -> MonthEnd:
        """The month end as the layers below know it: tables and named cells by name."""
        return self._closed(*self._typed)

    @functools.cached_property
    def _typed(self) -> tuple[Settings, Entries | None]:
        return self._read_back(self.previous)

    @property
    def findings(self) -> pd.DataFrame:
        """What a controller should know about the data: severity, count and message, the gravest first."""
        return _findings(self.made.findings)

    def write(self, path: PathLike, *, frozen: bool = False, parquet: bool = False) -> Path:
        """Write the workbook, whole or not at all, and return its path.

        Arguments:
            path: the workbook to write, ending in .xlsx. If it exists it is this month's: its own entries and settings
                are carried, and a dated copy is saved next to it.
            frozen: values in place of formulas, for readers without the add-in.
            parquet: a ledger too long for a sheet is written next to the workbook as CSV; as Parquet too.

        Warns (UserWarning) of what was typed into the workbook before and is not in this one, and says where it is.

        Errors: ValueError where `path` is last month's workbook, a folder, or not the name of a workbook.
        """
        from xlwings_addin.writing import file
        from xlwings_addin.writing.beside import write_beside
        from xlwings_addin.writing.outputs import Outputs

        path = Path(path)
        if path.suffix.lower() != ".xlsx":
            raise ValueError(f"{path} must be the name of a workbook, ending in .xlsx.")
        with Outputs([self.previous] if self.previous else ()) as files:
            files.claim(path, workbook=True)
            there = path.exists()
            settings, entries = self._read_back(path) if there else self._typed
            month = self._closed(settings, entries) if there else self.made
            write_beside(path, month, parquet=parquet, files=files)
            file.write(path, month, files=files, frozen=frozen)
        before = files.copies.get(path, path) if there else self.previous
        if entries and entries.not_carried:
            warnings.warn(f"Not carried over, still in {before}: {', '.join(entries.not_carried)}.", stacklevel=2)
        if entries and entries.defaulted:
            warnings.warn(f"Not in {before}, and by default now: {', '.join(entries.defaulted)}.", stacklevel=2)
        return path

    def __repr__(self) -> str:
        return f"<Month as of {self.as_of}{_in(self.made.currency)}{_aside(self.ledger.inner)}>"

    def _read_back(self, source: Path | None) -> tuple[Settings, Entries | None]:
        from xlwings_addin.writing import MissingPartsError
        from xlwings_addin.writing.carry_over import read_back

        try:
            return read_back(source, force=self._force) if source else (Settings(), None)
        except MissingPartsError as missing:
            raise missing.with_remedy(", or confirm with force=True that defaults take its place") from None

    def _closed(self, settings: Settings, entries: Entries | None) -> MonthEnd:
        """Close the month with the settings and entries of a workbook."""
        from xlwings_addin.month_end import close_month

        settings = self.ledger.in_force(self._settings or settings, self.as_of)
        if self._company:
            settings = replace(settings, company=self._company)
        return close_month(
            self.ledger.inner,
            settings,
            self.as_of,
            entries=entries,
            refreshed=now(),
            version=version(),
            force=self._force,
            set_baseline=self._set_baseline,
        )


def _readable(table: pd.DataFrame, columns: Sequence[model.LedgerColumn], scale: pd.Series[float]) -> pd.DataFrame:
    """Return a table with dates as dates and amounts in whole units."""
    import pandas as pd

    from xlwings_addin.ledger.model import DATE, MONEY
    from xlwings_addin.ledger.values import NO_DATE

    made: dict[str, Any] = {}
    for column in (column for column in columns if column.key in table):
        values = table[column.key]
        if column.type == DATE:
            days = values.to_numpy(np.int64)
            dates = days.astype("datetime64[D]").astype("datetime64[s]")
            made[column.key] = np.where(days == NO_DATE, np.datetime64("NaT"), dates)
        elif column.type == MONEY:
            made[column.key] = values.astype("Float64").to_numpy(float, na_value=np.nan) / scale.to_numpy()
        else:
            made[column.key] = values.array
    return pd.DataFrame(made)


def _findings(findings: Iterable[Finding]) -> pd.DataFrame:
    import pandas as pd

    from xlwings_addin.ledger.report import in_order

    rows = [(one.severity, one.count, _in_python(one.message, one.answers)) for one in in_order(list(findings))]
    return pd.DataFrame(rows, columns=["severity", "count", "message"])


def _aside(ledger: model.Ledger) -> str:
    """How many rows of the files are in no figure, where there are any."""
    return f", set aside {len(ledger.exceptions):,}" if len(ledger.exceptions) else ""


def _in(currency: str) -> str:
    return f" in {currency}" if currency else ""


def _in_python(message: str, answers: tuple[Answer, ...]) -> str:
    """Return a sentence with the arguments of `read` that answer it."""
    if not answers:
        return message
    return f"{message.removesuffix('.')}; answer with {', or '.join(map(_argument, answers))}."


def _argument(answer: Answer) -> str:
    from xlwings_addin.ledger.mapping import pair, said_by

    match answer.to:
        case "dates":
            from xlwings_addin.ledger.errors import OF_DATES

            return " or ".join(f'dates="{one}" ({OF_DATES[one]})' for one in answer.choices)
        case "snapshot":
            return f"snapshots={{{', '.join(f'{file!r}: DATE' for file in answer.files)}}} (the day it shows)"
        case "entity":
            return f"entities={{{', '.join(f'{file!r}: NAME' for file in answer.files)}}} (whose items it holds)"
        case "mapping":
            file = "mapping=FILE (`receivables check --save-mapping FILE` writes one to correct)"
            guess = {"columns": dict(pair("column", one) for one in answer.choices)}
            told = ", ".join(("the best guess", *answer.gives))
            return f"{file}, or with answers={guess} ({told})" if answer.choices else file
        case "receipts":
            return "receipts=FILE"
        case "as_of":
            return "as_of=DATE (the day the file shows)"
        case "column" if not answer.choices:
            return f"answers={said_by('column', 'open_amount=HEADING')} (of the column that says what is open)"
        case _:
            each = ([f"answers={said_by(answer.to, one)}{told}" for one, told in same] for same in answer.by_word())
            return ", and ".join(map(" or ".join, each))


if not TYPE_CHECKING:
    globals().update(FUNCTIONS)
    __all__ = ["Aging", "Ledger", "Month", "Rate", "Settings", "close", "read", *sorted(FUNCTIONS)]
