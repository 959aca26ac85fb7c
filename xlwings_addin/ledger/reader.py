"""Files to one ledger: recognise, read, concatenate, match receipts, and say what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import numpy as np
import pandas as pd

from xlwings_addin.ledger import cells, plausibility
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.answered import unused
from xlwings_addin.ledger.arrow import pa
from xlwings_addin.ledger.balances import edges_of
from xlwings_addin.ledger.clearing import after_the_list, is_history, is_list, own_receipts, receipt_rows
from xlwings_addin.ledger.dated_sheets import of_day
from xlwings_addin.ledger.dates import DateAnswer
from xlwings_addin.ledger.days import AsOf, day_number, iso, month_end
from xlwings_addin.ledger.errors import Answer, AnswerError, LedgerError, QuestionError, in_command
from xlwings_addin.ledger.evidence.lists import dated_parts
from xlwings_addin.ledger.evidence.receipts import Items
from xlwings_addin.ledger.exchange import currency_code
from xlwings_addin.ledger.files import RawTable, SourceFile, open_source
from xlwings_addin.ledger.formats import all_formats
from xlwings_addin.ledger.joining import joined
from xlwings_addin.ledger.mapping import ACCEPTED, SHEET, content, declared, merged, unique
from xlwings_addin.ledger.matching import align_numbers, by_number, match_receipts, with_recoveries
from xlwings_addin.ledger.model import (
    CUSTOMER_COLUMNS,
    DATE,
    ITEM_COLUMNS,
    MONEY,
    TEXT,
    Balances,
    Ledger,
    Source,
)
from xlwings_addin.ledger.money import minor_digits, written
from xlwings_addin.ledger.outcomes import with_outcomes
from xlwings_addin.ledger.preamble import stated_currency, stated_day
from xlwings_addin.ledger.reading import SETTLED, read_as
from xlwings_addin.ledger.recognition import (
    GUESS,
    as_read,
    by_evidence,
    header_score,
    known_layout,
    more_than_receipts,
    of_receipts_only,
    payments_of,
    receipts_read,
    recognise,
    with_currencies,
)
from xlwings_addin.ledger.several import combine, snapshot_day
from xlwings_addin.ledger.tables import exceptions_table, type_table
from xlwings_addin.ledger.values import BILL, NO_DATE, NO_RECEIVABLE, PAYABLE, REDUCED_BY
from xlwings_addin.ledger.words import books_of, currency_of, kind_of, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlwings_addin.ledger.bucket_headings import BucketColumn
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.formats.declaration import Match, Role
    from xlwings_addin.ledger.mapping import Mapped
    from xlwings_addin.ledger.tables import TypedTable

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of the whole is done (0 to 1)."""

PathLike = str | Path

MOST_CHOICES = 8
"""Columns that are offered for one that is missing."""
ROLES: tuple[Role, ...] = ("items", "receipts", "customers", "sales")
_FROM_CUSTOMERS = ("customer_name", "region", "tier", "owner", "contact_name", "contact_email", "contact_phone")
_DONE = ("paid", "void", "draft", "reversed", "uncollectible")
_LEFT_OUT = (may.PAYABLES, may.NO_RECEIVABLES, may.NOTED_ITEMS, *may.EXCLUDED.values())
"""Findings about rows that are no receivables."""
_OWNERS = ("entity", "customer_id", "currency")
_NEEDED = {"customer_id": "the customer", "document_date": "the date", "amount": "the amount"}
"""What an item needs, in words."""
_IN_PLACE_OF = {
    "customer_id": {"customer_id", "customer_name"},
    # What is open may be a balance, which has no date.
    "document_date": {"document_date", "due_date", "open_amount"},
    "amount": {"amount", "open_amount"},
}
"""What an item needs, and the columns that may hold it."""
_FLOWS = ("credit_sales", "cash", "credits", "write_offs")


def read_ledger(
    paths: PathLike | Iterable[PathLike],
    *,
    receipts: PathLike | Iterable[PathLike] | None = None,
    customers: PathLike | None = None,
    sales: PathLike | None = None,
    base_currency: str = "",
    dates: DateAnswer | None = None,
    mapping: PathLike | Mapping[str, Any] | None = None,
    snapshots: Mapping[str, AsOf] | None = None,
    entities: Mapping[str, str] | None = None,
    as_of: AsOf | None = None,
    answers: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Ledger:
    """Read item files (workbooks, CSV and other texts, JSON, web pages; one or several) into one ledger.

    Receipts, customers and typed sales may be further sheets of the same workbooks or files of their own.
    `dates` answers what a file leaves open, `mapping` names the columns of an unknown system (a file, or
    what it holds), `snapshots` says which day a list of open items shows and `entities` whose items they are,
    by file name. `as_of` is the day a file shows that names none itself, and
    `answers` say what else is open, in the shape of a mapping; they win over it.
    Rows that cannot be read are in `exceptions`, what a controller should know in `findings`.
    Raises LedgerError, one sentence, where the figures could not be trusted, and QuestionError where an
    answer is needed.
    """
    if dates is not None and dates not in get_args(DateAnswer):
        raise LedgerError(f"The date order is dmy or mdy, or the dates are swapped or as-is, not '{dates}'.")
    wanted: list[tuple[Path, Role]] = [(path, "items") for path in _paths(paths)]
    wanted += [(path, "receipts") for path in _paths(receipts)]
    wanted += [(path, "customers") for path in _paths(customers)]
    wanted += [(path, "sales") for path in _paths(sales)]
    if not any(role == "items" for _, role in wanted):
        raise LedgerError("No file with invoices was named.")
    named = [path for path, role in wanted if role == "items"]
    days = {path: day_number(day) for path, day in _by_path("A day", snapshots or {}, named).items()}
    owners = _by_path("An entity", entities or {}, named)
    tell = progress or (lambda _what, _share: None)
    day = None if as_of is None else day_number(as_of)
    base = currency_code(base_currency)

    def reading(said: Mapping[str, Any] | None) -> Ledger:
        intake = _Intake(base, dates, mapping, days, owners, day, said, receipts_given=receipts is not None)
        for place, (path, role) in enumerate(wanted):
            tell(f"reading {path.name}", place / (len(wanted) + 1))
            intake.take(path, role)
        tell("matching receipts", len(wanted) / (len(wanted) + 1))
        return intake.ledger()

    try:
        ledger = reading(answers)
    except QuestionError as question:
        question.answers = tuple(
            with_outcomes(answer, day, lambda more: reading(merged(answers or {}, more))) for answer in question.answers
        )
        raise
    tell("ledger read", 1.0)
    return ledger


_Answer = TypeVar("_Answer")


def _by_path(what: str, answers: Mapping[str, _Answer], paths: Sequence[Path]) -> dict[Path, _Answer]:
    """Answers by the file they are about: named by its path, or by its name alone where no other has it."""
    found = {}
    for file, answer in answers.items():
        own = {path for path in paths if path == Path(file)} or {path for path in paths if path.name == Path(file).name}
        if not own:
            raise LedgerError(f"{what} is given for {Path(file).name}, which is none of the files with items.")
        if len(own) > 1:
            raise LedgerError(f"{what} is given for {file}, the name of {len(own)} files: name it with its folder.")
        found[own.pop()] = answer
    return found


def _paths(paths: PathLike | Iterable[PathLike] | None) -> list[Path]:
    if paths is None:
        return []
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]


@dataclass(frozen=True)
class Guess:
    """The best guess at how a file is to be read, to be corrected."""

    table: RawTable
    columns: Mapping[str, str]
    """Canonical key to heading, as a mapping names it."""
    said: Mapping[str, Any]
    """The mapping that says it: the columns of a system nobody knows as far as they are certain, and what was
    answered."""
    asked: str
    """What is still asked of a file that is read by this mapping; "" for nothing."""
    complete: bool
    """It has all that an item needs: a customer, a date and an amount."""


def open_with_guess(path: Path, answers: Mapping[str, Any] | None = None) -> Guess:
    """The fullest table of items in a file, and the best guess at how it is to be read."""
    mapped = declared(ACCEPTED, answers) if answers else None
    source = open_source(path, header_score("items", mapped), mapped.encoding or None if mapped else None)
    found = [(table, _guessed(table, mapped)) for table in _of_sheets(source, mapped)]
    table, match = max(found, key=lambda one: (one[1].complete, len(one[0].rows)))
    own = {key: place for key, place in match.places.items() if place < len(table.headers)}
    named = {key: unique(place, table.headers) for key, place in own.items()}
    said: dict[str, Any] = {"name": "own mapping"}
    if match.format.guessed:
        certain = {key: heading for key, heading in named.items() if key not in match.unsure}
        said |= {"report": True, "columns": certain}
        said |= {"buckets": [_as_said(one, table) for one in match.buckets]} if match.buckets else {}
    said, asked = merged(said, answers or {}), ""
    try:
        read_ledger(path, mapping=said, as_of=0)
    except QuestionError as question:
        asked = in_command(str(question), question.answers)
    except LedgerError:
        pass
    return Guess(table, named, said, asked, match.complete and not match.format.balances)


def _as_said(column: BucketColumn, table: RawTable) -> dict[str, Any]:
    """A column of ages as a mapping file says it."""
    days = {"from": column.bucket.first, "to": column.bucket.last}
    return {"column": unique(column.place, table.headers), **{end: day for end, day in days.items() if day is not None}}


def _guessed(table: RawTable, mapped: Mapped | None) -> Match:
    for by_shape in (False, True):
        try:
            if found := recognise(table, ("items",), mapped, by_shape=by_shape):
                return found[1]
        except (QuestionError, AnswerError):
            continue
    return GUESS.match(())


class _Intake:
    """Collects typed tables by role until the ledger is made."""

    def __init__(
        self,
        base_currency: str,
        answer: DateAnswer | None,
        mapping: PathLike | Mapping[str, Any] | None,
        days: Mapping[Path, int],
        owners: Mapping[Path, str],
        day: int | None,
        answers: Mapping[str, Any] | None,
        *,
        receipts_given: bool,
    ) -> None:
        self.base_currency, self.answer, self.days, self.owners = base_currency, answer, days, owners
        self.receipts_given = receipts_given
        self.path = Path()
        """The file being read."""
        said: Any = content(Path(mapping)) if isinstance(mapping, str | Path) else mapping
        self.mapping_name = f"the mapping file {Path(mapping).name}" if isinstance(mapping, str | Path) else ACCEPTED
        self.mapping = (
            None if said is None and not answers else declared(self.mapping_name, merged(said or {}, answers or {}))
        )
        self.answers = answers or {}
        self.read: list[tuple[RawTable, Match]] = []
        """Every table that was read, to hold the answers against."""
        self.day = self.mapping.as_of if day is None and self.mapping else day
        """The day that files show which name none themselves."""
        self.items: list[pd.DataFrame] = []
        self.shown: list[int | None] = []
        """The day each table of items shows, if it is a list of open items."""
        self.paths: list[str] = []
        """The file of each table of items."""
        self.others: list[tuple[SourceFile, RawTable, Match]] = []
        """Tables that are typed when the currencies of the items are known."""
        self.exceptions: list[pd.DataFrame] = []
        self.findings: list[Finding] = []
        self.sources: list[Source] = []
        self.balances: list[Balances] = []
        """What each table of balances knows."""
        self.sheets_read: set[tuple[str, str]] = set()
        """The sheets read so far, by digest and name."""
        self.taken: dict[tuple[str, Role], str] = {}
        """Contents read so far, by digest and role: none is read twice."""

    def take(self, path: Path, role: Role) -> None:
        """Read a file: the tables it holds for `role`; a workbook of items may hold the others, too."""
        self.path = path
        mapped = self.mapping if role == "items" else None
        source = open_source(path, header_score(role, mapped), self._said("encoding") or None)
        roles: tuple[Role, ...] = ROLES if role == "items" else (role,)
        found = self._holding(source, role, roles, mapped)
        read: list[str] = []
        passed: list[str] = []
        for part in roles:
            fitting = [one for one in found if one[1].format.role == part]
            if not fitting:
                continue
            before = len(self.taken)
            chosen = _fullest(source, fitting, self.day)
            read += [table.sheet for table, _ in chosen]
            first = self.taken.setdefault((source.sha256, part), source.name)
            if len(self.taken) == before:
                self.findings.append(may.FILE_NAMED_TWICE.found(file=source.name, first=first, role=part))
                continue
            passed += [table.sheet for table, _ in fitting if table.sheet not in read]
            for table, match in chosen:
                # Sheets that are customers are no companies.
                names = [] if SHEET in table.headers else [one.sheet for one, _ in chosen]
                self._take_table(source, table, match, names)
                self._take_parts(source, table, match)
        strange = _others(source, found)
        paid = self._sheets_of_payments(strange) if role == "items" else []
        self.others += [(source, table, match) for table, match in paid]
        read += [table.sheet for table, _ in paid]
        self._name_unread(source, read, passed, [table.sheet for table in strange if table.sheet not in read])

    def _take_table(self, source: SourceFile, table: RawTable, match: Match, sheets: Sequence[str]) -> None:
        """Type a table of items; of `sheets` that are read like it, it is one. Others wait for the items."""
        self.sheets_read.add((source.sha256, table.sheet))
        if match.format.role == "items":
            said = _said_by_sheets(sheets, table.sheet)
            self.items.append(self._type(source, table, match, self.base_currency, sheet=said))
        else:
            read = self._receipts_read(table) if match.format.role == "receipts" else (table, match)
            self.others.append((source, *read))

    def _take_parts(self, source: SourceFile, table: RawTable, match: Match) -> None:
        """Keep the payments given next to documents, each with its day, where no column says what is open."""
        if match.format.role != "items" or not match.format.report or self.receipts_given:
            return
        paid = None if self.items[-1]["has_open"].any() else dated_parts(table, match.places)
        if paid is not None and len(paid.rows):
            self.others.append((source, *self._receipts_read(paid)))

    def _receipts_read(self, table: RawTable) -> tuple[RawTable, Match]:
        return receipts_read(table, self.mapping, Items(self.items, self.base_currency))

    def _holding(
        self, source: SourceFile, role: Role, roles: Sequence[Role], mapped: Mapped | None
    ) -> list[tuple[RawTable, Match]]:
        """The tables of a file that are read, one at least of those it was named for."""
        found = self._lists_of_receipts(source) if role == "receipts" else self._recognised(source, roles, mapped)
        if role == "items" and not any(match.format.role == role for _, match in found):
            receipts = [(table, match) for table, match in found if of_receipts_only(table, match)]
            if len(receipts) == len(source.tables) and not any(more_than_receipts(*one) for one in receipts):
                raise LedgerError(
                    f"{source.name} holds receipts, not invoices or open items: name the file of items, and this one as"
                    " its receipts."
                )
            # What looks like receipts, too, counts as items where it was named so.
            found = self._recognised(source, (role,), mapped)
        if not any(match.format.role == role for _, match in found):
            raise _no_receipts(source, self.mapping) if role == "receipts" else _not_recognised(source, role, mapped)
        return found

    def _recognised(
        self, source: SourceFile, roles: Sequence[Role], mapped: Mapped | None
    ) -> list[tuple[RawTable, Match]]:
        """The tables of a file that are read, by layouts that are known; only where none holds items by evidence."""
        tables = _of_sheets(source, mapped)
        known_ones = ((table, known_layout(table, roles, mapped)) for table in tables)
        found = [with_currencies(table, one) for table, one in known_ones if one is not None]
        if "items" not in roles or any(match.format.role == "items" for _, match in found):
            return found
        known = {table.sheet for table, _ in found}
        problems: list[QuestionError | AnswerError] = []
        for like in _alike([table for table in tables if table.sheet not in known]):
            try:
                day = self.days.get(self.path, self.day)
                fullest = max(like, key=lambda one: len(one.rows))
                read = by_evidence(fullest, mapped, day=day, receipts_given=self.receipts_given)
            except (QuestionError, AnswerError) as problem:
                problems.append(problem)
            else:
                # Sheets with the same headings are read alike.
                same = [
                    as_read(table, read, mapped, day, receipts_given=self.receipts_given) if read else None
                    for table in like
                ]
                if all(same) or not _lack_a_customer(like, mapped):
                    found += filter(None, same)
                else:
                    problems.append(_whose(source, like))
        if problems and not any(match.format.role == "items" for _, match in found):
            # That a sheet of notes lacks the columns of a mapping says nothing.
            raise next((one for one in problems if isinstance(one, QuestionError)), problems[0])
        return found

    def _lists_of_receipts(self, source: SourceFile) -> list[tuple[RawTable, Match]]:
        """The tables of a file that was named for its receipts; of a workbook of items, too, the others."""
        other = [table for table in source.tables if (source.sha256, table.sheet) not in self.sheets_read]
        return [one for one in map(self._receipts_read, other) if one[1].complete]

    def _sheets_of_payments(self, tables: list[RawTable]) -> list[tuple[RawTable, Match]]:
        """Of other sheets those of payments, where the file says of no item what is open of it."""
        known = any(match.format.role == "receipts" for *_, match in self.others)
        if known or self.receipts_given or any(rows["has_open"].any() for rows in self.items):
            return []
        items = Items(self.items, self.base_currency)
        return [one for table in tables if (one := payments_of(table, items)) is not None]

    def _name_unread(self, source: SourceFile, read: list[str], passed: list[str], strange: list[str]) -> None:
        if not (passed or strange) or (self.mapping and self.mapping.sheets):
            return
        why = [f"{_quoted(passed)} (of the same kind, and not counted)"] if passed else []
        why += [f"{_quoted(strange)} (no known layout)"] if strange else []
        kind = may.REPEATED_SHEETS_NOT_READ if passed else may.SHEETS_NOT_READ
        count = len(passed) + len(strange)
        answers = (Answer("sheet", (*read, *passed), files=(source.name,)),) if passed and len(read) == 1 else ()
        self.findings.append(
            kind.found(count, answers=answers, file=source.name, read=_quoted(read), others=", ".join(why))
        )

    def _type(
        self,
        source: SourceFile,
        table: RawTable,
        match: Match,
        base_currency: str,
        digits: int | None = None,
        sheet: tuple[str, str] = ("", ""),
    ) -> pd.DataFrame:
        role = match.format.role
        self._tell_file(table)
        self.read.append((table, match))
        order = self.answer if self.answer in ("dmy", "mdy") else match.format.dates
        as_of = stated_day(table.preamble, order)
        as_of = match.day if as_of is None else as_of
        currency = (self._said("currency") or sheet[1] or stated_currency(table.preamble)) if role == "items" else ""
        given = self.days.get(self.path, self.day if as_of is None else as_of)
        typed = type_table(
            *joined(table, match),
            base_currency=currency or base_currency,
            answer=self.answer,
            digits=digits,
            day=given,
            receipts_given=self.receipts_given,
        )
        rows = typed.rows
        rows["file"] = table.place
        self.findings += typed.findings
        if len(typed.exceptions):
            self.exceptions.append(typed.exceptions)
        if role == "items" and not len(rows):
            _refuse_without_items(table, typed)
        said = as_of
        if typed.day is not None:
            as_of = typed.day
            said = said if typed.day == given else typed.day
            self.balances.append(Balances(as_of, edges_of(column.bucket for column in match.buckets)))
        if role == "items":
            self._tell_preamble(table, rows, said, currency)
            self._keep_items(table, match, rows, as_of, sheet[0])
        totals = _totals(rows, rows["amount"]) if "amount" in rows else {}
        main = rows["open_amount"].where(rows["has_open"], rows["amount"]) if role == "items" else None
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
                open_totals=totals if main is None else _totals(rows, main),
                why=_why(match, self.mapping_name if self.mapping and self.mapping.columns else ""),
                columns=typed.columns,
                as_of=as_of,
            )
        )
        return rows

    def _keep_items(self, table: RawTable, match: Match, rows: pd.DataFrame, as_of: int | None, entity: str) -> None:
        """Note of which entity, file and day items are."""
        if owner := self.owners.get(self.path) or self._said("entity") or entity:
            rows["entity"] = rows["entity"].where(rows["entity"].ne(""), owner)
        self.paths.append(str(self.path))
        self.shown.append(snapshot_day(table.file, as_of, self.days.get(self.path)))
        rows["source"] = np.full(len(rows), len(self.sources), np.int32)
        if match.format.guessed and not (self.mapping and self.mapping.columns):
            self._tell_guess(table, match)

    def _said(self, trait: Literal["currency", "entity", "encoding"]) -> str:
        """What the mapping says of every file of items."""
        return getattr(self.mapping, trait) if self.mapping else ""

    def _tell_file(self, table: RawTable) -> None:
        """Say what kind of file it is and how it was read, where that is no matter of course."""
        self.findings += [may.FILE_READ_AS.found(place=table.place, what=note) for note in table.notes]
        if table.headless:
            self.findings.append(may.NO_HEADING.found(place=table.place))

    def _tell_preamble(self, table: RawTable, rows: pd.DataFrame, as_of: int | None, currency: str) -> None:
        """Use what stands above the header, and say so."""
        blank = rows["currency"].eq("")
        if currency and blank.any():
            rows["currency"] = rows["currency"].where(~blank, currency)
            if currency != self._said("currency"):
                named = int(blank.sum())
                self.findings.append(may.CURRENCY_OF_THE_FILE.found(named, place=table.place, currency=currency))
        if as_of is None:
            return
        self.findings.append(may.DAY_OF_THE_FILE.found(place=table.place, day=iso(as_of)))
        later = rows["document_date"].to_numpy() > as_of
        later &= rows["document_date"].to_numpy() != NO_DATE
        if later.any():
            where = rows["file_row"].to_numpy(np.int64)[later]
            self.findings.append(may.FUTURE_DOCUMENTS.found(file_rows=where, place=table.place, day=iso(as_of)))

    def _tell_guess(self, table: RawTable, match: Match) -> None:
        named = {
            key: f"'{table.headers[place].strip()}' as {read_as(key, 'items')}" for key, place in match.places.items()
        }
        proven = ", ".join(named[key] for key in named if key in match.proof)
        by_words = ", ".join(named[key] for key in named if key not in match.proof)
        read = "; ".join(
            f"{how}: {some}"
            for how, some in (("proven by its figures", proven), ("read by its headings", by_words))
            if some
        )
        answers = (Answer("mapping", files=(table.file,)),)
        count = len(match.places)
        self.findings.append(may.GUESSED_COLUMNS.found(count, answers=answers, place=table.place, read=read))

    def _typed(self, role: Role, base_currency: str, digits: int | None = None) -> pd.DataFrame | None:
        tables = [
            self._type(source, table, match, base_currency, digits)
            for source, table, match in self.others
            if match.format.role == role
        ]
        return pd.concat(tables, ignore_index=True) if tables else None

    def ledger(self) -> Ledger:
        """Put the tables together."""
        balances = self._balances()
        items, derived, first_list = self._combined() if balances is None else (_joined(self.items), None, None)
        if self.base_currency:
            items["currency"] = items["currency"].where(items["currency"].ne(""), self.base_currency)
        currencies = sorted(items["currency"].unique())
        base = self.base_currency or (currencies[0] if len(currencies) == 1 else "")
        customers = self._customers(items, base)
        items = _filled(items, customers)
        digits = {name: minor_digits(name) for name in currencies}
        received, history = self._receipts(items, digits)
        if derived is not None:
            received = pd.concat([received, derived], ignore_index=True)
        sales = _sales(self._typed("sales", base), base)
        names = [column.key for column in ITEM_COLUMNS] + ["has_open"]
        stated_days = [source.as_of for source in self.sources if source.role == "items" and source.as_of is not None]
        ledger = Ledger(
            items=items[names],
            receipts=received,
            customers=customers,
            sales=sales,
            exceptions=pd.concat([exceptions_table("", [], [], []), *self.exceptions], ignore_index=True),
            base_currency=base,
            minor_digits=digits,
            sources=tuple(self.sources),
            findings=tuple(self.findings),
            has_history=balances is None and (history or derived is not None),
            file_rows=items["file_row"].to_numpy(np.int64),
            as_of=max(stated_days, default=None),
            known_from=first_list,
            balances=balances,
            derived_receipts=0 if derived is None else len(derived),
        )
        return ledger.with_findings([*plausibility.findings(ledger), *self._unused()])

    def _unused(self) -> list[Finding]:
        """Answers about nothing. Raises AnswerError for sheets that no file has: their figures would lack."""
        sheets = {table.sheet for table, _ in self.read}
        if gone := [sheet for sheet in self.answers.get("sheets", ()) if sheet not in sheets]:
            raise AnswerError(
                f"No sheet that is read is called {_quoted(gone)}; those read are {_quoted(sorted(sheets))}."
            )
        return unused(self.answers, self.read)

    def _balances(self) -> Balances | None:
        """What lists of balances know together; None where the files hold documents."""
        known = set(self.balances)
        if not known:
            return None
        if len(self.balances) < len(self.items):
            raise LedgerError("Some of the files hold balances by customer, others documents: read them one by one.")
        if len(known) > 1:
            said = "; ".join(f"{iso(one.day)} by {', '.join(map(str, one.edges)) or 'no'} days" for one in known)
            raise LedgerError(f"The lists of balances are not of one day and the same ages ({said}): read each alone.")
        owners = pd.concat([table[["source", *_OWNERS]].drop_duplicates() for table in self.items])
        if owners.duplicated(list(_OWNERS)).any():
            raise QuestionError(
                "Several lists of balances name the same customers, and nothing says whose they are.",
                Answer("entity", files=tuple(Path(path).name for path in self.paths)),
            )
        return known.pop()

    def _combined(self) -> tuple[pd.DataFrame, pd.DataFrame | None, int | None]:
        """The items of all files, each document once; the receipts several lists imply; the first list's day."""
        items = _joined(self.items)
        if len(self.items) == 1:
            return items, None, None
        # Nothing but items has been typed so far: a source for each of their tables.
        files = [source.file for source in self.sources]
        asked = len(set(self.days.values())) > 1
        combined = combine(items, files, self.shown, self.paths, receipts_given=self.receipts_given, asked=asked)
        self.findings += combined.findings
        if combined.receipts is not None:
            self.sources = [replace(source, as_of=day) for source, day in zip(self.sources, self.shown, strict=True)]
        if not combined.kept.all():
            dropped = np.bincount(items["source"].to_numpy()[~combined.kept], minlength=len(self.sources)).tolist()
            self.sources = [
                replace(
                    source, classes={**source.classes, "item": source.classes["item"] - gone, "repeated document": gone}
                )
                if gone
                else source
                for source, gone in zip(self.sources, dropped, strict=True)
            ]
        return combined.items, combined.receipts, combined.first_list

    def _customers(self, items: pd.DataFrame, base: str) -> pd.DataFrame:
        customers = _customers(self._typed("customers", base))
        if len(customers):
            customers = self._align(customers, items, ("customer_id",), "customers")
        return customers

    def _align(self, table: pd.DataFrame, items: pd.DataFrame, keys: Sequence[str], what: str) -> pd.DataFrame:
        """Numbers that lost their leading zeros, as the items have them."""
        for key in keys:
            same, changed = align_numbers(table[key], items[key])
            count = int(changed.sum())
            if count:
                table = table.assign(**{key: same})
                self.findings.append(may.LEADING_ZEROS.found(count, column=key, table=what))
        return table

    def _receipts(self, items: pd.DataFrame, digits: dict[str, int]) -> tuple[pd.DataFrame, bool]:
        """What reduces the items, and whether together they are a history."""
        # A receipt is in the currency of its item: with several kinds of cents, all are compared in the smallest.
        finest = max(digits.values())
        mixed = len(set(digits.values())) > 1
        received = self._typed("receipts", "", finest)
        parts: list[pd.DataFrame] = []
        if received is not None:
            received = _reduced(received)
            self._ask_for_sign(received, finest)
            if self._signs == "by kind" and (received["amount"] < 0).all():
                received = received.assign(amount=-received["amount"])
            received = self._align(by_number(received, items), items, ("customer_id", "document_no"), "receipts")
            unit = 10 ** (finest - items["currency"].map(digits).to_numpy(np.int64))
            matched = match_receipts(items.assign(amount=items["amount"] * unit) if mixed else items, received)
            for rows, reason in (
                (matched.unmatched, "no item has this document number"),
                (matched.ambiguous, "several customers or entities have this document number"),
            ):
                self._set_aside(received.iloc[np.sort(rows)], reason, finest)
            self._tell_unsure(received.iloc[np.sort(matched.unsure)], finest)
            amount = matched.amount
            if mixed:
                amount = np.rint(amount / unit[matched.item]).astype(np.int64)
            parts.append(with_recoveries(receipt_rows(matched.item, matched.date, amount, matched.kind)))
        history = received is not None or is_history(items)
        if received is not None and is_list(items):
            history, later = False, after_the_list(items, parts[0], self.shown, self.paths)
            self.findings.append(may.RECEIPTS_OF_A_LIST.found(len(later), counted=int(later.sum())))
            parts = [parts[0][later]]
        own, findings = own_receipts(items, digits, history=history, others=self.receipts_given or received is not None)
        self.findings += findings
        return pd.concat([own, *parts], ignore_index=True), history

    @property
    def _signs(self) -> str:
        return str(self.mapping.traits.get("signs", "")) if self.mapping else ""

    def _ask_for_sign(self, received: pd.DataFrame, digits: int) -> None:
        """Ask what receipts are that are all negative: written so, or taken back."""
        if self._signs or not len(received) or not (received["amount"] < 0).all():
            return
        total = written(-received["amount"].sum(), digits)
        raise QuestionError(
            f"{received['file'].iloc[0]}: every receipt is negative, and nothing says whether they reduce the items.",
            Answer("signs", ("by-kind", "as-is"), (f"{total} less open", f"{total} more open")),
        )

    def _tell_unsure(self, receipts: pd.DataFrame, digits: int) -> None:
        if len(receipts):
            total = written(receipts["amount"].sum(), digits)
            numbers = ", ".join(f"'{number}'" for number in receipts["document_no"].unique()[:5])
            self.findings.append(may.OLDEST_FIRST.found(len(receipts), amount=total, numbers=numbers))

    def _set_aside(self, receipts: pd.DataFrame, reason: str, digits: int) -> None:
        if not len(receipts):
            return
        total = written(receipts["amount"].sum(), digits)
        self.findings.append(may.RECEIPTS_WITHOUT_ITEM.found(len(receipts), amount=total, reason=reason))
        for file, group in receipts.groupby("file", sort=False):
            values = [
                f"{number}: {written(amount, digits)}"
                for number, amount in zip(group["document_no"], group["amount"].tolist(), strict=True)
            ]
            reasons = [f"receipt: {reason}"] * len(group)
            stated = [(amount / 10**digits, "") for amount in group["amount"].tolist()]
            self.exceptions.append(exceptions_table(str(file), group["file_row"].tolist(), values, reasons, stated))


def _refuse_without_items(table: RawTable, typed: TypedTable) -> None:
    """Say of a table without items what all its rows are, or why they are left out. Raises LedgerError."""
    told = [one.message for one in typed.findings if one.kind in _LEFT_OUT]
    if left := [text.removeprefix(f"{table.place}: ").removesuffix(".") for text in told]:
        raise LedgerError(f"{table.place} holds no receivables ({'; '.join(left)}): name a list of what customers owe.")
    why = typed.exceptions["reason"].iloc[0] if len(typed.exceptions) else ""
    reason = f" (rows are left out for this: {why})" if why else ""
    raise LedgerError(
        f"{table.place} has headings but no document below them{reason}: export it again, for a day on which"
        " there are some."
    )


def _reduced(received: pd.DataFrame) -> pd.DataFrame:
    """Receipts with what reduces their documents beside the amount that was received, each a receipt of its kind."""
    sign = np.where(received["amount"] < 0, -1, 1)
    more = [
        received.assign(amount=received[key].fillna(0).astype(np.int64).abs() * sign, kind=kind)
        for key, kind in REDUCED_BY.items()
        if key in received
    ]
    return pd.concat([received, *(one[one["amount"] != 0] for one in more)], ignore_index=True) if more else received


def _said_by_sheets(names: Sequence[str], name: str) -> tuple[str, str]:
    """The company or the currency that the name of one of several sheets says: a currency where each names one."""
    if len(names) < 2:
        return "", ""
    codes = {one: currency_of(re.sub(r"\d+|[_-]", " ", one)) for one in names}
    if all(len(found) == 1 for found in codes.values()):
        return "", codes[name][0]
    return name, ""


def _others(source: SourceFile, found: Sequence[tuple[RawTable, Match]]) -> list[RawTable]:
    """The tables of a file that are not among those found."""
    known = {table.sheet for table, _ in found}
    return [table for table in source.tables if table.sheet not in known]


def _alike(tables: Sequence[RawTable]) -> list[list[RawTable]]:
    """Tables by their headings."""
    found: dict[tuple[str, ...], list[RawTable]] = {}
    for table in tables:
        found.setdefault(table.headers, []).append(table)
    return list(found.values())


def _fullest(
    source: SourceFile, fitting: list[tuple[RawTable, Match]], day: int | None
) -> list[tuple[RawTable, Match]]:
    """The fullest of the tables that hold the same, and those like it in columns that repeat nothing of it.

    Raises QuestionError where another has some of its documents and some of its own: it may be of another day.
    """
    # A sheet called Paid or Void holds what is open no more, one called Creditors what others are owed.
    fitting = [one for one in fitting if not _is_apart(one[0].sheet)] or fitting
    if fitting[0][1].format.role == "items":
        fitting = of_day(source.name, fitting, day)
    if len(fitting) == 1:
        return fitting
    first = max(fitting, key=lambda one: (not one[1].format.guessed, len(one[0].rows)))
    chosen, seen = [first], _documents(*first)
    for table, match in fitting:
        if table is first[0] or match.places != first[1].places or table.headers != first[0].headers:
            continue
        own = _documents(table, match)
        if own and not own & seen:
            seen |= own
            chosen.append((table, match))
        elif not own <= seen:
            raise QuestionError(
                f"{source.name}: '{first[0].sheet}' and '{table.sheet}' hold some of the same documents, and nothing"
                " says which sheet counts.",
                Answer("sheet", (first[0].sheet, table.sheet), files=(source.name,)),
            )
    # As the workbook has them.
    return [one for one in fitting if any(one[0] is table for table, _ in chosen)]


def _is_apart(sheet: str) -> bool:
    """Whether a sheet is called by what is no receivable, or none any more."""
    return status_of(sheet) in _DONE or books_of(sheet) == PAYABLE or kind_of(sheet) in (BILL, NO_RECEIVABLE)


def _documents(table: RawTable, match: Match) -> set[tuple[str | None, ...]]:
    """The rows of a table, as texts."""
    places = sorted(set(match.places.values()) - {len(table.columns)})
    columns = [cells.text(table.columns[place]).cast(pa.string()).to_pylist() for place in places]
    return {row for row in zip(*columns, strict=True) if sum(map(bool, row)) > 2}


def _quoted(sheets: Sequence[str]) -> str:
    return ", ".join(f"'{sheet}'" for sheet in sheets)


def _totals(rows: pd.DataFrame, amounts: pd.Series[int]) -> dict[str, int]:
    currency = rows["currency"] if "currency" in rows else pd.Series([""] * len(rows), dtype="str")
    return {str(name): int(total) for name, total in amounts.groupby(currency).sum().items()}


def _why(match: Match, mapping: str) -> str:
    """What a format was recognised by."""
    if mapping:
        return mapping
    needed = len(match.format.needs) + len(match.format.marks)
    by = f", {', '.join(repr(mark) for mark in match.format.marks)} among them" if match.format.marks else ""
    if match.format.guessed:
        proven = [read_as(key, match.format.role) for key in match.places if key in match.proof]
        figures = f"; by their figures, too: {', '.join(proven)}" if proven else ""
        return f"{match.score} headings that say what they are{figures}"
    return f"{match.score} headings of this layout; all {needed} it needs are there{by}"


def _lack_a_customer(tables: Sequence[RawTable], mapped: Mapped | None) -> bool:
    """Whether several sheets with the same headings are documents of nobody, so that each may be a customer's."""
    whole = by_evidence(_with_names([tables[0]], "Customer name")[0], mapped) if len(tables) > 1 else None
    return whole is not None and whole[1].complete


def _whose(source: SourceFile, tables: Sequence[RawTable]) -> QuestionError:
    return QuestionError(
        f"{source.name}: no column says whose the documents of {len(tables)} sheets are"
        f" ({_quoted([table.sheet for table in tables[:5]])}{', ...' if tables[5:] else ''}).",
        Answer("column", (f"customer_name={SHEET}",), ("each sheet is a customer",), (source.name,)),
    )


def _with_names(tables: Sequence[RawTable], heading: str) -> list[RawTable]:
    """Tables with the name of the sheet in one more column, or that of a file without sheets."""
    return [table.with_column(heading, [table.sheet or Path(table.file).stem] * len(table.rows)) for table in tables]


def _of_sheets(source: SourceFile, mapped: Mapped | None) -> list[RawTable]:
    """The tables of a file, or those of the sheets that are wanted, with the names of these where a mapping says so.

    A text has no sheets.
    """
    wanted = mapped.sheets if mapped else ()
    sheets = [table.sheet for table in source.tables]
    tables = [table for table in source.tables if not wanted or sheets == [""] or table.sheet in wanted]
    if not tables:
        raise AnswerError(f"{source.name} has no sheet {_quoted(wanted)}; its sheets are {_quoted(sheets)}.")
    return _with_names(tables, SHEET) if mapped and SHEET in mapped.columns.values() else tables


def _no_receipts(source: SourceFile, mapped: Mapped | None) -> QuestionError:
    """Which columns of receipts nothing names."""
    table = max(source.tables, key=lambda one: len(one.rows))
    there = [title.strip()[:60] for title in table.headers if title.strip()]
    missing = receipts_read(table, mapped, Items((), ""))[1].missing
    named = ", ".join(f"'{read_as(key, 'receipts')}'" for key in missing)
    return QuestionError(
        f"{table.place} says of no column that it is the {named} of receipts; its columns are"
        f" {', '.join(map(repr, there[:20])) or 'none'}.",
        Answer(
            "column",
            choices=tuple(f"receipts.{key}={title}" for key in missing for title in there[:MOST_CHOICES]),
            files=(table.file,),
        ),
    )


def _not_recognised(source: SourceFile, role: Role, mapped: Mapped | None) -> LedgerError:
    """What lacks, which columns there are, and for items the best guess at them."""
    table = max(source.tables, key=lambda one: len(one.rows))
    there = [title.strip()[:60] for title in table.headers if title.strip()]
    titles = ", ".join(f"'{title}'" for title in there[:20]) + (f" and {len(there) - 20} more" if there[20:] else "")
    if role != "items":
        layouts = [layout for layout in all_formats() if layout.role == role]
        nearest = min((layout.match(table.headers).missing for layout in layouts), key=len)
        lacking = ", ".join(f"'{read_as(key, role)}'" for key in nearest)
        return LedgerError(
            f"{table.place} has no column {lacking} for {role}; its columns are {titles or 'none'}: rename the ones"
            " that are meant, or name another file."
        )
    table, match = max(
        (_guess_or_nothing(one, mapped) for one in source.tables),
        key=lambda one: (not one[1].missing, len(one[1].places), len(one[0].rows)),
    )
    filled = [column for column in table.columns if cells.text(column).null_count < len(column)]
    if max(len(there), len(filled)) < 2:
        raise LedgerError(
            f"{table.place} has one column only{f', {titles},' if titles else ''} and a list of what customers owe has"
            " two at least, customer and amount: export it with its columns, or name another file."
        )
    one_customer = not _names_customers(table, match) and _lacks_a_customer_only(source.tables, mapped)
    missing = match.missing or (("customer_id",) if one_customer else ())
    whose = Answer("column", (f"customer_name={SHEET}",), ("all documents are one customer's",), (source.name,))
    return QuestionError(
        f"{table.place} {_lacking(table, missing, titles)}: say which column is which.",
        Answer("mapping", choices=tuple(_best_guess(table, match)), files=(source.name,)),
        *([whose] if one_customer else []),
    )


def _lacking(table: RawTable, missing: Sequence[str], titles: str) -> str:
    """What the headings of a table do not say, with the headings."""
    if table.headless:
        return f"has no heading row, so that nothing says what its columns hold; they begin {', '.join(_begins(table))}"
    lacks = "has columns whose headings say too little"
    if missing:
        lacks = f"has no heading that says which column is {' and which is '.join(_NEEDED[key] for key in missing)}"
    return f"{lacks}; its columns are {titles or 'none'}"


def _guess_or_nothing(table: RawTable, mapped: Mapped | None) -> tuple[RawTable, Match]:
    """The best guess at a table; nothing of one of which a guess makes what no list is."""
    try:
        return by_evidence(table, mapped, by_shape=True) or (table, GUESS.match(()))
    except LedgerError:
        return table, GUESS.match(())


def _names_customers(table: RawTable, match: Match) -> bool:
    """Whether a column says who the customers are, or may: what it says comes again, and is no kind of document."""
    for key in {"customer_id", "customer_name"} & match.places.keys():
        said = [text for text in cells.text(table.columns[match.places[key]]).to_pylist() if text]
        if key not in match.unsure or (len({*said}) < len(said) and not any(map(kind_of, {*said}))):
            return True
    return False


def _lacks_a_customer_only(tables: Sequence[RawTable], mapped: Mapped | None) -> bool:
    """Whether the only table of a file is read, or asked about something else, where a column names its customer."""
    if len(tables) != 1 or tables[0].headless:
        return False
    try:
        whole = by_evidence(_with_names(tables, "Customer name")[0], mapped)
    except QuestionError:
        return True
    except LedgerError:
        return False
    return whole is not None and whole[1].complete


def _begins(table: RawTable) -> Iterator[str]:
    """The columns of a table without headings, each by its letter with the first that is in it."""
    for heading, column in zip(table.headers[:20], table.columns, strict=False):
        first = next((text for text in cells.text(column).slice(0, 100).to_pylist() if text), None)
        yield f"{heading.rpartition(' ')[2]} {'(blank)' if first is None else repr(str(first)[:30])}"


def _best_guess(table: RawTable, match: Match) -> Iterator[str]:
    """The columns that no heading says, as the best guess names them; HEADING for those that nothing speaks for."""
    guessed = {key: place for key, place in match.places.items() if key in match.unsure}
    for key, place in guessed.items():
        heading = table.headers[place] if place < len(table.headers) else ""
        yield f"{key}={heading.rpartition(' ')[2] if table.headless else unique(place, table.headers)}"
    for key in match.missing:
        if not guessed.keys() & _IN_PLACE_OF[key]:
            yield f"{key}=HEADING"


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    if len(tables) == 1:
        return tables[0]
    items = pd.concat(tables, ignore_index=True)
    if SETTLED in items:
        items[SETTLED] = items[SETTLED].fillna(int(NO_DATE)).astype(np.int32)
    return items


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
