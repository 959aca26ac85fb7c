"""The `receivables` command: the month-end pack, aging, metrics and single formulas, on any machine."""

from __future__ import annotations

import difflib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xlwings_addin import now, version
from xlwings_addin.ledger.errors import TAKEN
from xlwings_addin.settings import CELLS, is_usual
from xlwings_addin.terminal import Column, shown, table

# pandas, XlsxWriter and rich are imported by the commands that need them: `receivables calc` needs none.
if TYPE_CHECKING:
    from xlwings_addin.entries import Entries
    from xlwings_addin.ledger.age_analysis import Aging
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.model import Ledger
    from xlwings_addin.month_end import MonthEnd
    from xlwings_addin.month_end.work.reminders import Reminders
    from xlwings_addin.settings import Settings
    from xlwings_addin.writing.outputs import Outputs

F = TypeVar("F", bound=Callable[..., Any])
Progress = Callable[[str, float], None]
"""Told what is being done, and the share of all the work that is done by then."""

FILE = click.Path(path_type=Path)
"""A file that is read: nothing is written to it."""
OUTPUT = click.Path(path_type=Path)
"""A file to write: `_writing` refuses what may not be replaced before any work is done."""
WORKBOOK = click.Path(path_type=Path)
"""The same, where a workbook of ours may be replaced, as its entries are carried."""
FOLDER = click.Path(path_type=Path)
BAD_INPUT = 2
IF_SURE = "give another --as-of, or confirm this one with --force"


class _Problem(click.ClickException):
    """Bad input, told in one sentence."""

    exit_code = BAD_INPUT


def main() -> None:
    """Run the command; bad input is one sentence on standard error and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        # A file may be called what no UTF-8 is.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"receivables: {error.format_message()}", err=True)
        sys.exit(BAD_INPUT)
    except click.Abort:
        click.echo("receivables: stopped; no file is left half written.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone, `receivables functions | head` for one.
        _silence(sys.stdout)
        sys.exit(1)
    except OSError as error:
        # What reads and writes files says itself what went wrong; this is the output that could not be written.
        _silence(sys.stdout)
        click.echo(f"receivables: the output could not be written ({error.strerror or error}).", err=True)
        sys.exit(BAD_INPUT)
    sys.exit(status if isinstance(status, int) else 0)


def _silence(stream: Any) -> None:
    """Let what is still to be written go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


GROUPS = {
    "Files": ("receipts", "customers", "sales", "previous"),
    "The month": ("as_of", "currency", "rates", "periods", "company", "set_baseline", "gl", "by"),
    "What is written": ("out", "freeze", "parquet", "ics", "save_mapping", "as_json", "quiet"),
    "Answers, where a file leaves something open": (
        "dates", "column", "mapping", "sheets", "signs", "terms", "status", "kind", "currency_word", "encoding",
        "snapshots", "entities", "force",
    ),
}  # fmt: skip
"""The options of a command that reads a ledger, as its help shows them: under a heading each, the usual ones first."""


class _Command(click.Command):
    """A command whose many options are shown in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = {one.name: one for one in self.get_params(ctx) if isinstance(one, click.Option)}
        if "receipts" not in options:
            super().format_options(ctx, formatter)
            return
        others = options.keys() - {name for names in GROUPS.values() for name in names}
        for heading, names in {**GROUPS, "Other options": tuple(sorted(others))}.items():
            told = [options[name].get_help_record(ctx) for name in names if name in options]
            if records := [record for record in told if record]:
                with formatter.section(heading):
                    formatter.write_dl(records)


class _Commands(click.Group):
    command_class = _Command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="receivables-addin", message="%(prog)s %(version)s")
def cli() -> None:
    """Receivables: DSO, countback, CEI, aging and the month-end workbook.

    `receivables demo` shows it all on a sample company.
    """


# ---- options that several commands take


def _options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def wrap(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return wrap


EXAMPLES = {
    "column": "open_amount=Balance",
    "terms": "ZB30=30",
    "status": "Posted=open",
    "kind": "RV=invoice",
    "currency_word": "kr=SEK",
}
"""Options that each give a line of a mapping file, with an example."""

_quiet = click.option("--quiet", "-q", is_flag=True, help="No progress, no summary.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_ledger = _options(
    click.argument("ledger", nargs=-1, required=True, type=FILE),
    click.option("--receipts", type=FILE, multiple=True, help="Receipts: what reduced the items, dated."),
    click.option("--customers", type=FILE, help="Customers: terms, limits, contacts."),
    click.option("--sales", type=FILE, help="Credit sales by month, for a list of open items."),
    click.option(
        "--dates", type=click.Choice(["dmy", "mdy", "swapped", "as-is"]),
        help="Order of day and month if a file leaves it open; swapped: a spreadsheet exchanged them; as-is: they are"
        " right however odd.",
    ),
    click.option("--currency", default="", metavar="CODE", help="Base currency, such as EUR."),
    click.option("--mapping", type=FILE, help="Columns of an unknown system; `receivables check` saves one."),
    *(
        click.option(
            f"--{name.replace('_', '-')}", name, multiple=True, metavar=TAKEN[name],
            help=f"{what}, {EXAMPLES[name]} for example; repeat it.",
        )
        for name, what in (
            ("column", "Heading of a column"), ("terms", "Days of a key of payment terms"),
            ("status", "What a status means"), ("kind", "What a kind of document means"),
            ("currency_word", "What a word or sign for a currency means"),
        )
    ),
    click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="Sheet of a workbook to read; repeat it."),
    click.option(
        "--signs", type=click.Choice(["by-kind", "as-is", "reversed"]),
        help="Credits and payments: by-kind, they count negative; as-is, as the file signs them; reversed: every amount"
        " counts with the other sign.",
    ),
    click.option("--encoding", metavar="NAME", help="How a text file is written, cp1252 for example."),
    click.option(
        "--snapshot", "snapshots", multiple=True, metavar="FILE=DATE",
        help="Day a list of open items shows, where the file does not say; repeat it for each file.",
    ),
    click.option(
        "--entity", "entities", multiple=True, metavar="FILE=NAME",
        help="Whose items a file holds, where it does not say; repeat it for each file.",
    ),
    click.option(
        "--as-of", "as_of", metavar="DATE",
        help="Date of the figures, year-month-day.  [default: the day the file shows]",
    ),
    click.option(
        "--rate", "rates", multiple=True, metavar="CODE=RATE",
        help="Rate into the base currency on the date of the figures; earlier months keep theirs. Repeat it for each"
        " currency.",
    ),
    click.option("--force", is_flag=True,
        help="Answer under a warning where a list of open items cannot, or for a date long after everything in it;"
        " replace a file that Receivables did not write, of which a dated copy is kept; pass the lock of a LibreOffice"
        " that no longer runs here; take defaults for what is missing in the workbook before. It answers all of these"
        " at once, and nothing is lost: what was there is in the copy, or in the workbook before.",
    ),
    _quiet,
)  # fmt: skip

_periods = click.option(
    "--period-end", "periods", multiple=True, metavar="DATE",
    help="Last day of a period of a fiscal calendar, in place of the workbook's periods; repeat it for each, beginning"
    " with the last one before the ledger.",
)  # fmt: skip


def _read(
    ledger: tuple[Path, ...],
    given: dict[str, Any],
    progress: Progress = lambda *_: None,
    *,
    currency: str = "",
) -> Ledger:
    """Read the files; `currency` is the base currency where no option names one."""
    from xlwings_addin.ledger.days import day_number
    from xlwings_addin.ledger.reader import read_ledger

    if given.get("as_of"):
        # An invalid date is reported before the files are read, not after.
        day_number(given["as_of"])
    return read_ledger(
        list(ledger),
        receipts=given["receipts"] or None,
        customers=given["customers"],
        sales=given["sales"],
        base_currency=given["currency"] or currency,
        dates=given["dates"],
        mapping=given["mapping"],
        snapshots=_by_file("--snapshot", given["snapshots"], "FILE=DATE, open-items.csv=2024-06-30"),
        entities=_by_file("--entity", given["entities"], "FILE=NAME, north.csv=North"),
        as_of=given["as_of"] or None,
        answers=_answers(given),
        progress=progress,
    )


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    """The answers among the options, in the shape of a mapping file; those that were not given are left out."""
    from xlwings_addin.ledger.mapping import merged, pair, said_by

    said: dict[str, Any] = {"sheets": list(given["sheets"]), "signs": given["signs"], "encoding": given["encoding"]}
    said = {key: value for key, value in said.items() if value}
    for name, example in EXAMPLES.items():
        for text in given[name]:
            key, value = pair(name, text)
            if not (key and value) or (name == "terms" and not value.isdecimal()):
                option = f"--{name.replace('_', '-')}"
                raise _Problem(f"{option} {text}: write it as {option} {TAKEN[name]}, {example} for example.")
            said = merged(said, said_by(name, text))
    return said


def _by_file(option: str, texts: tuple[str, ...], example: str) -> dict[str, str]:
    found = {}
    for text in texts:
        file, _, value = text.rpartition("=")
        if not (file.strip() and value.strip()):
            raise _Problem(f"{option} {text}: write it as {example} for example.")
        found[file.strip()] = value.strip()
    return found


def _as_of(ledger: Ledger | None, given: dict[str, Any]) -> str:
    """The date of the figures: the option's, else the one the files state themselves."""
    from xlwings_addin.ledger.days import day_number, iso
    from xlwings_addin.ledger.errors import NO_DAY, Answer, QuestionError
    from xlwings_addin.ledger.position import sure

    if given["as_of"]:
        day = day_number(given["as_of"])
        if ledger is not None:
            sure(ledger, day, IF_SURE, force=given["force"])
        return iso(day)
    if ledger is None or ledger.as_of is None:
        raise QuestionError(NO_DAY, Answer("as_of"))
    return iso(ledger.as_of)


def _choose(settings: Settings, given: dict[str, Any], day: str | None = None) -> Settings:
    """Let the options win over the workbook's settings; rates are those of a day, and wait for it."""
    from dataclasses import replace

    from xlwings_addin.ledger.days import day_number, iso
    from xlwings_addin.ledger.exchange import currency_code
    from xlwings_addin.settings import Rate, chosen

    rates = []
    for text in given["rates"]:
        code, _, number = text.partition("=")
        try:
            rate = float(number)
        except ValueError:
            rate = 0.0
        if not (code.strip() and rate > 0 and is_usual(rate, "rate")):
            raise _Problem(f"--rate {text}: write it as CODE=RATE with a rate above 0, USD=0.92 for example.")
        rates.append(Rate(currency_code(code), day or "", rate))
    if ends := given.get("periods"):
        settings = replace(settings, periods=tuple(sorted(iso(day_number(end)) for end in ends)))
    return chosen(settings, currency_code(given["currency"]), rates if day else ())


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the layers below refuse into the command's one sentence."""
    from xlwings_addin.desktop import DesktopError
    from xlwings_addin.ledger.errors import LedgerError, QuestionError, in_command
    from xlwings_addin.writing import WorkbookError

    try:
        yield
    except QuestionError as question:
        raise _Problem(in_command(str(question), question.answers)) from question
    except (DesktopError, LedgerError, WorkbookError) as error:
        raise _Problem(str(error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise _Problem(f"{where}{error.strerror or error}.") from error


@contextmanager
def _writing() -> Iterator[Outputs]:
    """The files of a command, none of which is one that it reads; they take their places as the block ends."""
    from xlwings_addin.writing.outputs import Outputs

    context = click.get_current_context()

    def named(kind: click.Path) -> Iterator[Path]:
        for parameter in context.command.params:
            if parameter.type is kind and (given := context.params[parameter.name or ""]):
                yield from given if isinstance(given, tuple) else (given,)

    with _told(), Outputs(named(FILE), force=context.params.get("force", False)) as files:
        for kind in (OUTPUT, WORKBOOK):
            for path in named(kind):
                files.claim(path, workbook=kind is WORKBOOK)
        yield files


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """Show a bar on standard error while long work runs, which never falls; nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("starting", total=1.0)
        shown = bars.tasks[task]
        yield lambda what, share: bars.update(task, description=what, completed=max(share, shown.completed))


def _within(progress: Progress, start: float, end: float) -> Progress:
    """Return what tells the progress of a part of the work, from one share of it to another."""
    return lambda what, share: progress(what, start + (end - start) * share)


# ---- the month-end workbook


@cli.command()
@click.option("--out", type=FOLDER, default=Path("receivables-demo"), show_default=True, help="Folder to write to.")
@_quiet
def demo(out: Path, quiet: bool) -> None:
    """Make a sample company's ledger and its month-end workbook, and show the month's figures."""
    from xlwings_addin import sample, sample_work
    from xlwings_addin.ledger.reader import read_ledger
    from xlwings_addin.writing import file
    from xlwings_addin.writing.carry_over import read_back

    with _progress(quiet) as progress, _writing() as files:
        progress("inventing a company", 0.0)
        company = sample.generate()
        files.folder(out)
        items, receipts, customers = (files.write(out / name, text) for name, text in company.contents().items())
        progress("reading its ledger", 0.1)
        ledger = read_ledger([items], receipts=receipts, customers=customers)
        progress("closing the month before", 0.15)
        before = out / f"receivables-{sample_work.month_before(company.as_of):%Y-%m}.xlsx"
        workbook = out / f"receivables-{company.as_of:%Y-%m}.xlsx"
        with files.file(before) as made:
            sample_work.write_last_month(made, ledger, company.as_of)
        settings, entries = read_back(made)
        progress("closing the month", 0.5)
        month = _close(ledger, settings, company.as_of.isoformat(), entries)
        with files.file(workbook) as made:
            file.write(made, month, progress=_within(progress, 0.6, 1.0))
    if not quiet:
        _tell(ledger, month.findings)
        _show(month)
        click.echo(
            f"\nThe workbook:  {workbook}\nThe month before, with what its clerks typed:  {before}"
            f"\nMade from:     {out}/ledger.csv, receipts.csv, customers.csv (invented data)"
        )


@cli.command()
@_ledger
@_periods
@click.option("--previous", type=FILE, help="Last month's workbook: its entries are carried over; it is never changed.")
@click.option(
    "--out",
    type=WORKBOOK,
    help="Workbook to write; if it exists it is this month's and is refreshed.  [default: receivables-YEAR-MONTH.xlsx]",
)
@click.option("--company", default="", help="Company name for the headings.")
@click.option("--freeze", is_flag=True, help="Also write a copy with values in place of formulas, for sharing.")
@click.option(
    "--parquet", is_flag=True, help="A ledger too long for a sheet: write it as Parquet too, not only as CSV."
)
@click.option("--set-baseline", is_flag=True, help="Make this month the baseline of the rollout program, once.")
@click.option("--ics", type=OUTPUT, help="Also write the weekly collections hour of Settings as a calendar entry.")
@_as_json
def refresh(
    ledger: tuple[Path, ...],
    previous: Path | None,
    out: Path | None,
    company: str,
    freeze: bool,
    parquet: bool,
    set_baseline: bool,
    ics: Path | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Make the month-end workbook of an A/R export.

    \b
    receivables refresh ledger.csv --receipts receipts.csv --as-of 2026-10-31
    receivables refresh ledger.csv --as-of 2026-11-30 --previous october.xlsx
    """
    from dataclasses import replace

    from xlwings_addin.month_end.work.agenda import weekly_block
    from xlwings_addin.writing import file
    from xlwings_addin.writing.beside import write_beside

    with _progress(given["quiet"]) as progress, _writing() as files:
        book = None
        if out is None and not given["as_of"]:
            # The day the file shows names the workbook, and the workbook's settings how to read the file.
            book = _read(ledger, given, _within(progress, 0.0, 0.4))
        if out is None:
            out = Path(f"receivables-{_as_of(book, given)[:7]}.xlsx")
            files.claim(out, workbook=True)
        _refuse_other(out)
        progress("reading what was typed", 0.0)
        source = out if out.exists() else previous
        settings, entries = _typed(source, force=given["force"])
        settings = _choose(replace(settings, company=company or settings.company), given)
        if book is None or settings.base_currency not in ("", book.base_currency):
            book = _read(ledger, given, _within(progress, 0.05, 0.4), currency=settings.base_currency)
        as_of = _as_of(book, given)
        settings = _choose(settings, given, as_of)
        block = weekly_block(settings, as_of) if ics else ""
        progress("calculating", 0.4)
        month = _close(book, settings, as_of, entries, force=given["force"], set_baseline=set_baseline)
        beside = write_beside(out, month, parquet=parquet, files=files)
        if ics:
            files.write(ics, block.encode())
        if freeze:
            frozen = out.with_stem(f"{out.stem} values")
            file.write(frozen, month, files=files, frozen=True, progress=_within(progress, 0.5, 0.75))
        file.write(out, month, files=files, progress=_within(progress, 0.75 if freeze else 0.5, 1.0))
    copy = files.copies.get(out)
    if not given["quiet"]:
        _tell(book, month.findings)
    if entries and entries.not_carried and not as_json:
        # What would be lost without a word is said however quiet the run.
        click.echo(f"Not carried over, still in {copy or source}: {', '.join(entries.not_carried)}.", err=True)
    if as_json:
        _print_json(_outcome(book, month, out, beside, copy) | _left(entries))
    elif not given["quiet"]:
        _show(month)
        if set_baseline:
            _tell_baseline(month)
        _show_files(out, beside, files)


def _typed(source: Path | None, *, force: bool) -> tuple[Settings, Entries | None]:
    """Settings and entries of the workbook before; what it lacks stops the run, or is named with its default."""
    from xlwings_addin.settings import Settings
    from xlwings_addin.writing import MissingPartsError
    from xlwings_addin.writing.carry_over import read_back

    if source is None:
        return Settings(), None
    try:
        settings, entries = read_back(source, force=force)
    except MissingPartsError as missing:
        raise missing.with_remedy(", or confirm with --force that defaults take its place") from None
    if entries.defaulted:
        click.echo(f"Note: not in {source}, and by default now: {', '.join(entries.defaulted)}.", err=True)
    return settings, entries


def _left(entries: Entries | None) -> dict[str, list[str]]:
    """What of the workbook before is not in this one, and what was missing there."""
    return {
        "not_carried": list(entries.not_carried) if entries else [],
        "defaulted": list(entries.defaulted) if entries else [],
    }


def _show_files(out: Path, beside: Sequence[Path], files: Outputs) -> None:
    for path in beside:
        click.echo(f"\nMore rows than a sheet holds; all of them: {path}")
    for path, copy in files.copies.items():
        click.echo(f"\n{path} as it was:  {copy}")
    click.echo(f"\nThe workbook:  {out}")


def _tell_baseline(month: MonthEnd) -> None:
    from xlwings_addin.ledger.days import iso

    stands = iso(month.fields["baseline_of"])
    if stands != str(month.as_of):
        click.echo(
            f"The baseline of {stands} stays: it is set once; clear the rows of tblBaseline on Rollout to set another."
        )


def _refuse_other(out: Path) -> None:
    if out.suffix.lower() != ".xlsx":
        raise _Problem(f"--out {out} must end in .xlsx.")


def _close(
    ledger: Ledger,
    settings: Settings,
    as_of: str,
    entries: Any,
    *,
    force: bool = False,
    set_baseline: bool = False,
) -> MonthEnd:
    from xlwings_addin import log
    from xlwings_addin.month_end import close_month

    log.listen()
    return close_month(
        ledger,
        settings,
        as_of,
        entries=entries,
        refreshed=now(),
        version=version(),
        force=force,
        set_baseline=set_baseline,
    )


@cli.command()
@click.option(
    "--out", type=OUTPUT, default=Path("receivables-template.xlsx"), show_default=True, help="Workbook to write."
)
def template(out: Path) -> None:
    """Write the empty month-end workbook."""
    from xlwings_addin.month_end import blank_month
    from xlwings_addin.writing import file

    with _writing() as files:
        _refuse_other(out)
        file.write(out, blank_month(version=version()), files=files)
    click.echo(f"The template:  {out}")


# ---- the files


@cli.command()
@_ledger
@click.option("--gl", type=float, metavar="AMOUNT", help=f"{CELLS['gl_control_total'].label}, in the base currency.")
@click.option(
    "--save-mapping", "save_mapping", type=OUTPUT, help="Write the best guess at the file's columns, to be corrected."
)
@_as_json
def check(ledger: tuple[Path, ...], gl: float | None, save_mapping: Path | None, as_json: bool, **given: Any) -> int:
    """Show what files are recognised as, how each column is read and why, and what is odd about them.

    Exit status 2 where the figures cannot be trusted without an answer; the question names the option that gives it.
    A mapping is saved all the same.
    Of a day, given or shown by the file, it says what aging, metrics and refresh say of it.
    """
    from xlwings_addin.ledger.errors import LedgerError, quoted
    from xlwings_addin.ledger.findings import REFUSED
    from xlwings_addin.ledger.report import against_gl, check_json, refusal_json

    if gl is not None and not is_usual(gl, "money"):
        raise _Problem(f"--gl {gl:g}: give an amount.")
    if save_mapping:
        with _writing() as files:
            _save_mapping(ledger, save_mapping, given, files)
        if not as_json:
            told = quoted(str(save_mapping))
            click.echo(f"The mapping:  {save_mapping}: correct it, and give it with --mapping {told}.")
    with _told():
        try:
            read = _read(ledger, given)
            day, findings, aged = _of_day(read, given)
            found = check_json(read, findings, day=day)
            if gl is not None:
                base = aged.base_currency if aged else given["currency"] or read.base_currency
                found["general_ledger"] = against_gl(gl, base, aged.total if aged else None)
            refused = any(one.kind is REFUSED for one in findings)
        except LedgerError as error:
            if not as_json:
                raise
            found, refused = refusal_json(error), True
    if as_json:
        _print_json(found)
    else:
        _show_check(found)
    return BAD_INPUT if refused or found["questions"] else 0


def _of_day(ledger: Ledger, given: dict[str, Any]) -> tuple[int | None, tuple[Finding, ...], Aging | None]:
    """The day that is asked for, what is to be said of the ledger on it, be it a question, and what is open on it."""
    from xlwings_addin.ledger.age_analysis import age
    from xlwings_addin.ledger.days import day_number, iso
    from xlwings_addin.ledger.errors import NO_DAY, Answer, LedgerError
    from xlwings_addin.ledger.findings import QUESTION, REFUSED
    from xlwings_addin.ledger.position import sure
    from xlwings_addin.settings import Settings

    day = day_number(given["as_of"]) if given["as_of"] else ledger.as_of
    settings = _choose(Settings(), given, None if day is None else iso(day))
    if any(one.asks for one in ledger.findings):
        return day, ledger.findings, None
    if day is None:
        return day, (*ledger.findings, QUESTION.found(answers=(Answer("as_of"),), reason=NO_DAY)), None
    try:
        sure(ledger, day, IF_SURE, force=given["force"])
        aged = age(ledger, day, settings, force=given["force"])
    except LedgerError as refusal:
        return day, (*ledger.findings, REFUSED.found(reason=refusal)), None
    return day, aged.said, aged


def _save_mapping(ledger: tuple[Path, ...], out: Path, given: dict[str, Any], files: Outputs) -> None:
    from xlwings_addin.ledger.mapping import content, merged, saved
    from xlwings_addin.ledger.reader import open_with_guess

    if len(ledger) != 1:
        raise _Problem("--save-mapping takes one file.")
    said = merged(content(given["mapping"]) if given["mapping"] else {}, _answers(given))
    said |= {"dates": given["dates"]} if given["dates"] in ("dmy", "mdy") else {}
    guess = open_with_guess(ledger[0], said)
    files.write(out, saved(guess.said, guess.table.file, guess.columns, guess.asked).encode())


_ROWS = {
    "exception": "[row left out|rows left out]",
    "blank": "[blank row|blank rows]",
    "preamble": "[line|lines] above the headings",
    "header": "[row|rows] of headings",
    "group header": "[row|rows] with the name of a group",
    "subtotal": "[subtotal|subtotals]",
    "grand total": "[total|totals]",
    "footer": "[line|lines] below the last document",
    "excluded": "[document|documents] not receivable",
    "repeated line": "further [line|lines] of a document",
    "repeated document": "[document|documents] read before",
    "nothing owed": "[customer|customers] who owe nothing",
}
"""The classes of rows, as they are counted."""


def _show_check(found: dict[str, Any]) -> None:
    """Print a check as short tables."""
    from xlwings_addin.ledger.report import rows_named

    for file in found.get("files", [found]):
        _show_file(file)
    if found["findings"]:
        told = [
            [one["severity"], f"{one['count']:,}", rows_named(one["rows"], one["count"]), _with_option(one)]
            for one in found["findings"]
        ]
        _texts("Findings", ["Severity", "Count", "Rows", "What"], told)
    _show_totals(found["totals"])
    _show_control(found)
    if aside := found["set_aside"]["rows"]:
        click.echo(f"Rows that are in no figure: {aside:,}.")
    for one in found["findings"]:
        if one["code"] == "refused":
            click.echo(f"receivables: {one['message']}", err=True)
    for one in found["questions"]:
        _show_question(one)


def _show_file(file: dict[str, Any]) -> None:
    """Print how a file was read."""
    from xlwings_addin.ledger.errors import agreed

    whole = {"items": "document", "receipts": "receipt", "customers": "customer", "sales": "month"}[file["role"]]
    if file["role"] == "items" and not {"Document date", "Due date"} & {one["read_as"] for one in file["columns"]}:
        whole = "balance"
    names = {**_ROWS, "item": f"[{whole}|{whole}s]"}
    rows = ", ".join(f"{count:,} {agreed(names.get(name, name), count)}" for name, count in file["rows"].items())
    click.echo(f"{file['file']}: {file['format']}\n  Known by  {file['why']}.\n  Rows      {rows}.")
    read = [[one["header"], one["read_as"], one["evidence"]] for one in file["columns"] if one["read_as"]]
    _texts("Columns", ["In the file", "Read as", "Evidence"], read)
    if unread := [one["header"] for one in file["columns"] if not one["read_as"]]:
        click.echo(f"  Not read  {', '.join(unread[:12])}{f' and {len(unread) - 12} more' if unread[12:] else ''}.\n")


def _show_totals(totals: dict[str, Any]) -> None:
    """Print what each currency comes to."""
    shown = [
        [
            name or "(none named)",
            *(_money(figure if figure is None else float(figure), name) for figure in total.values()),
        ]
        for name, total in totals.items()
    ]
    _figures("Totals", ["Currency", "File total", "Ledger total", "File - ledger"], shown)


def _show_question(one: dict[str, Any]) -> None:
    """Print what is to be answered, and with what."""
    click.echo(f"receivables: to be answered with {one['option']}: {one['question']}", err=True)
    for choice in one["choices"]:
        click.echo(f"  {choice['answer']}{f' gives {gives}' if (gives := choice['gives']) else ''}", err=True)


def _show_control(found: dict[str, Any]) -> None:
    """Print what the general ledger says, where it was given, beside what is open."""
    if "general_ledger" not in found:
        return
    control, day = found["general_ledger"], found["as_of"]
    currency = control["currency"]
    row = [currency or "(none named)"]
    row += [_money(one, currency) for one in list(control.values())[1:]]
    on = f" on {shown(day, 'date')}" if day else ""
    _figures("General ledger", ["Currency", "GL total", f"Open{on}, all currencies", "GL - open"], [row])


def _wanted(code: str) -> str:
    """Return what a finding that Settings mend wants of the command; "" for any other."""
    from xlwings_addin.ledger.findings import MISSING_RATE, NO_BASE_CURRENCY

    wanted = {
        MISSING_RATE.code: "Give the rate with --rate CODE=RATE.",
        NO_BASE_CURRENCY.code: "Name it with --currency CODE.",
    }
    return wanted.get(code, "")


def _with_option(finding: dict[str, Any]) -> str:
    """A finding, and the option that changes it; what waits for an answer is asked beneath."""
    if wanted := _wanted(finding["code"]):
        return f"{finding['message']} {wanted}"
    optional = finding["option"] and finding["severity"] != "error"
    return f"{finding['message']} Change it with {finding['option']}." if optional else str(finding["message"])


# ---- reminders


@cli.command()
@click.argument("workbook", type=FILE)
@click.option("--as-of", "as_of", metavar="DATE", help="Day of the reminders.  [default: the workbook's]")
@click.option(
    "--out",
    type=FOLDER,
    help="Folder; each run makes a folder of its own in it.  [default: reminders, next to the workbook]",
)
@click.option(
    "--format", "kind", type=click.Choice(["eml", "txt"]), default="eml", show_default=True, help="Of drafts."
)
@click.option("--from", "sender", default="", metavar="NAME/ADDRESS", help="Who signs and sends: Jo <jo@example.com>.")
@_quiet
def reminders(workbook: Path, as_of: str | None, out: Path | None, kind: str, sender: str, quiet: bool) -> None:
    """Draft the reminders that are due, one a customer. Nothing is sent, the workbook stays as it is."""
    from xlwings_addin.ledger.days import day_number, iso
    from xlwings_addin.month_end.work import reminders as due_ones
    from xlwings_addin.sheets import ledger as ledger_sheet
    from xlwings_addin.writing import drafts
    from xlwings_addin.writing.carry_over import read_back, read_table

    with _progress(quiet) as progress, _writing() as files:
        progress("reading the workbook", 0.0)
        day = None if as_of is None else day_number(as_of)
        signed = drafts.Sender.of(sender)
        settings, entries = read_back(workbook)
        rows = read_table(workbook, ledger_sheet.table(), due_ones.READ, due_ones.is_open)
        progress("drafting", 0.6)
        closed = entries.as_of
        found = due_ones.due(rows, settings, entries, (closed or 0) if day is None else day, signed.name)
        folder = None
        if found.reached:
            out = workbook.with_name("reminders") if out is None else out
            folder = drafts.write(out, found, kind=kind, sender=signed, now=now(), files=files)
    if quiet:
        return
    _show_reminders(found)
    if closed is not None and found.day > closed:
        click.echo(f"Note: open amounts are those of {iso(closed)}; payments since then are not in them.", err=True)
    if folder:
        click.echo(f"\nDrafts, none sent:  {folder}\nEvery item:         {folder / drafts.LIST}")
        click.echo(f"For Activity:       {folder / drafts.ACTIVITY} (once sent, paste it beneath tblActivity)")


def _show_reminders(found: Reminders) -> None:
    from xlwings_addin.ledger.money import minor_digits, written
    from xlwings_addin.month_end.wording import day_text as spoken

    if not found.reached:
        click.echo(f"No item has reached a reminder by {spoken(found.day)}; nothing was written.")
        return
    on = spoken(found.day)
    if found.drafts:
        columns = [
            *map(Column, ("Customer", "Reminder", "Stage")),
            Column("Items", "count"),
            Column("To be paid", "figure"),
            Column("To", spare=1),
        ]
        rows = [
            (_named(d.customer.id, d.customer.name), d.email, d.stage.word, len(d.items), d.total, ", ".join(d.to))
            for d in found.drafts
        ]
        table(f"Reminders due on {on}", columns, rows[:LINES_SHOWN])
        _more(len(rows))
    noted = [[_named(d.customer.id, d.customer.name), d.note] for d in found.drafts if d.note]
    if noted:
        _texts("No address", ["Customer", "What is missing"], noted[:LINES_SHOWN])
        _more(len(noted))
    if found.skipped:
        columns = [
            *map(Column, ("Customer", "Document")),
            Column("Days past due", "count"),
            Column("Open", "figure"),
            Column("Why"),
        ]
        left = [
            (
                _named(item.customer, item.customer_name),
                item.document,
                item.days,
                written(item.amount, minor_digits(item.currency), item.currency),
                reason,
            )
            for item, reason in found.skipped
        ]
        table("Left out", columns, left[:LINES_SHOWN])
        _more(len(left))


LINES_SHOWN = 40


def _more(rows: int) -> None:
    if rows > LINES_SHOWN:
        click.echo(f"... and {rows - LINES_SHOWN:,} more: see the list.\n")


# ---- figures


@cli.command()
@_ledger
@click.option(
    "--by",
    default="customer",
    show_default=True,
    type=click.Choice(["customer", "group", "region", "tier", "owner", "entity", "currency"]),
    help="What to group by.",
)
@_as_json
def aging(ledger: tuple[Path, ...], by: str, as_json: bool, **given: Any) -> None:
    """Show open items by age."""
    from xlwings_addin.ledger.age_analysis import age, aging_json
    from xlwings_addin.ledger.money import minor_digits
    from xlwings_addin.settings import Settings

    with _told():
        read = _read(ledger, given)
        day = _as_of(read, given)
        aged = age(read, day, _choose(Settings(), given, day), by=by, force=given["force"])
        found = aging_json(aged)
    _tell(read, aged.said)
    if as_json:
        _print_json(found)
        return
    names = dict(zip(aged.keys, aged.names, strict=True))
    parts = list(found["by_currency"])
    if found["total"] is not None and [part["currency"] for part in parts] != [found["currency"]]:
        parts.append(found)
    for part in parts:
        digits = minor_digits(part["currency"])
        rows = [
            (_named(group["key"], names[group["key"]]), *group["buckets"].values(), group["total"])
            for group in sorted(part["groups"], key=lambda group: -group["total"])
        ]
        rows.append(("Total", *part["buckets"].values(), part["total"]))
        currency = f", {part['currency']}" if part["currency"] else ""
        currency += ", all currencies converted" if part is found else ""
        columns = [
            Column(by.capitalize()),
            *(Column(label, "money", digits) for label in part["buckets"]),
            Column("Total", "money", digits),
        ]
        table(f"Aging by {by} as of {shown(found['as_of'], 'date')}{currency}", columns, rows)


def _money(amount: float | None, currency: str) -> str:
    """An amount with the decimals of its currency."""
    from xlwings_addin.ledger.money import minor_digits

    return shown(amount, "money", minor_digits(currency))


def _named(key: str, name: str) -> str:
    """What a group is called in a table: its key, and a name that says more."""
    return f"{key}  {name}" if name != key else key or "(none)"


@cli.command()
@_ledger
@_periods
@_as_json
def metrics(ledger: tuple[Path, ...], as_json: bool, **given: Any) -> None:
    """Show receivables, sales, DSO, countback, CEI and DDSO of every month.

    In JSON, a list of the months; the last one, that of the as-of date, holds findings and set_aside as well.
    """
    from xlwings_addin.ledger.age_analysis import age
    from xlwings_addin.ledger.history import history
    from xlwings_addin.ledger.metrics import AMOUNTS
    from xlwings_addin.ledger.metrics import metrics as metrics_of
    from xlwings_addin.ledger.money import minor_digits
    from xlwings_addin.ledger.report import said_json
    from xlwings_addin.settings import Settings

    with _told():
        read = _read(ledger, given)
        day, force = _as_of(read, given), given["force"]
        settings = _choose(Settings(), given, day)
        found = history(read, day, settings=settings, force=force)
        rows = metrics_of(found, window=settings.dso_window)
        said = age(read, day, settings, force=force).said
    _tell(read, said)
    if as_json:
        _print_json([*rows[:-1], rows[-1] | said_json(read, said)])
        return
    digits = minor_digits(found.base_currency)
    columns = [
        Column("Month end", "date"),
        *(Column(key.replace("_", " ").capitalize(), "money", digits, _SPARE.get(key, 0)) for key in AMOUNTS),
        *(Column(heading, "days", spare=_SPARE.get(key, 0)) for key, heading in _DAYS.items()),
        Column("CEI", "percent"),
    ]
    keys = ("month_end", *AMOUNTS, *_DAYS, "cei")
    currency = f", {found.base_currency}" if found.base_currency else ""
    table(f"Receivables by month{currency}", columns, [[row[key] for key in keys] for row in rows])


_DAYS = {"dso": "DSO", "dso_countback": "Countback", "best_possible_dso": "Best possible", "ddso": "DDSO"}
_SPARE = {
    key: rank
    for rank, key in enumerate(
        ("ddso", "credit_sales", "dso_countback", "best_possible_dso", "cash", "current", "credits", "write_offs"), 1
    )
}
"""What a narrow screen can do without, the highest number first."""


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("function")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--explain", is_flag=True, help="Write the calculation out.")
def calc(function: str, arguments: tuple[str, ...], explain: bool) -> int:
    """Calculate one worksheet function: receivables calc AR_DSO 250000 1500000 365.

    A range is a JSON list, [280000, 240000] a column and [[1, 2], [3, 4]] a block. An error prints as Excel shows it,
    the reason on standard error, with exit status 2; so does a block of which every cell is one.
    """
    import udfs
    from xlwings_addin import log

    udfs.load()
    log.listen()
    spec = udfs.REGISTRY.get(function.upper())
    if spec is None:
        near = difflib.get_close_matches(function.upper(), udfs.REGISTRY, 1)
        meant = f"; did you mean {near[0]}?" if near else ";"
        raise _Problem(f"There is no function {function}{meant} `receivables functions` lists them.")
    cells = [_argument(text) for text in arguments]
    if not spec.takes(len(cells)):
        raise _Problem(f"{spec.name} takes {spec.syntax.lstrip('=')}; {len(cells)} given.")
    from udfs.boundary import call
    from udfs.errors import ERRORS
    from udfs.explanation import explain as in_words

    if explain:
        click.echo(in_words(spec.name, *cells))
        return 0
    result = call(spec, *cells)
    rows = result if isinstance(result, list) else [[result]]
    for row in rows:
        click.echo("\t".join(_unrounded(cell) for cell in row))
    if not all(cell in ERRORS for row in rows for cell in row):
        return 0
    click.echo(f"receivables: {in_words(spec.name, *cells)}", err=True)
    return BAD_INPUT


def _argument(text: str) -> Any:
    """Take an argument as a cell or range: JSON where it is JSON, a number where it is one, else text."""
    if text.strip().startswith(("[", '"')):
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            raise _Problem(f"{text} is not a JSON list ({error.msg}); write a range as [280000, 240000].") from None
        if isinstance(value, list) and not all(isinstance(row, list) for row in value):
            return [[cell] for cell in value]
        return value
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE"
    grouped = re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text)
    try:
        return float(text.replace(",", "") if grouped else text)
    except ValueError:
        return text


def _unrounded(cell: Any) -> str:
    return repr(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else str(cell)


@cli.command()
@_as_json
def functions(as_json: bool) -> None:
    """List the worksheet functions."""
    import udfs

    udfs.load()
    if as_json:
        listed = [
            {
                "name": spec.name,
                "category": spec.category,
                "syntax": spec.syntax,
                "summary": spec.summary,
                "formula": spec.formula,
                "arguments": [
                    {"name": p.name, "help": p.help, "unit": p.unit, "required": p.required} for p in spec.parameters
                ],
            }
            for spec in udfs.REGISTRY.values()
        ]
        _print_json(listed)
        return
    for spec in udfs.REGISTRY.values():
        click.echo(f"{spec.syntax}\n    {spec.summary}")


@cli.command()
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 where something generated is stale.")
def build(check: bool) -> int:
    """Generate what is generated: templates, the sample month, tables in docs (for developers, in a clone)."""
    from xlwings_addin.build import build_all

    with _told():
        changed = build_all(Path.cwd(), check=check)
    for path in changed:
        click.echo(f"{'stale' if check else 'written'}: {path}")
    return 1 if check and changed else 0


# ---- Excel on this PC


_dry_run = click.option("--dry-run", is_flag=True, help="Only say what would be done.")


@cli.command()
@_dry_run
@click.option("--environment", type=FILE, help="Folder of Python that was made for it, to be removed with it.")
def install(dry_run: bool, environment: Path | None) -> None:
    """Put the add-in into Excel, for yourself and without an administrator (Windows)."""
    from xlwings_addin.desktop.install import install as install_on
    from xlwings_addin.desktop.machine import this_machine

    with _told():
        lines = install_on(this_machine(), dry_run=dry_run, environment=environment)
    for line in lines:
        click.echo(line)
    if not dry_run:
        click.echo("Try it: `receivables doctor`.")


@cli.command()
@_dry_run
def uninstall(dry_run: bool) -> None:
    """Take out of Excel what install put there, and nothing else (Windows)."""
    from xlwings_addin.desktop.install import uninstall as uninstall_from
    from xlwings_addin.desktop.machine import this_machine

    with _told():
        lines = uninstall_from(this_machine(), dry_run=dry_run)
    for line in lines:
        click.echo(line)


@cli.command()
@_as_json
def doctor(as_json: bool) -> int:
    """Check everything between Excel and Python, with what to do; exit status 1 if something is bad."""
    from dataclasses import asdict

    from xlwings_addin.desktop.doctor import diagnose, is_well
    from xlwings_addin.desktop.machine import this_machine

    checks = diagnose(this_machine())
    if as_json:
        click.echo(json.dumps({"well": is_well(checks), "checks": [asdict(check) for check in checks]}, indent=2))
    else:
        for check in checks:
            mark = "-" if check.state == "elsewhere" else check.state
            click.echo(f"{mark:<5} {check.name:<15} {check.found}.{f'  -> {check.remedy}' if check.remedy else ''}")
    return 0 if is_well(checks) else 1


@cli.command()
@click.option("--out", type=FOLDER, default=Path("dist"), show_default=True, help="Folder to write to.")
@click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="VERSION",
    help="Python to bring packages for; repeat it. [default: all]",
)
@click.option("--wheels", type=FOLDER, help="Folder of downloaded packages to use first, and to keep new ones in.")
@click.option(
    "--lock", is_flag=True, help="Only choose the newest packages again and write them down with their digests."
)
def bundle(out: Path, pythons: tuple[str, ...], wheels: Path | None, lock: bool) -> None:
    """Make the release for Windows: add-in, template, packages, install.ps1 (for developers, in a clone)."""
    try:
        from xlwings_addin.desktop import bundle as release
    except ModuleNotFoundError as error:
        raise _Problem(f'{error.name} is missing: python -m pip install ".[build]" in the clone.') from None
    with _told():
        made = release.lock(Path.cwd(), pythons) if lock else release.write(Path.cwd(), out, pythons, wheels)
    for path in made:
        click.echo(f"written: {path}")


# ---- what is shown


def _show(month: MonthEnd) -> None:
    """Print the month's figures as a short table."""
    from xlwings_addin.sheets.dashboard import HEADLINES

    rows = [
        (
            headline.label,
            _figure(month.fields[f"kpi_{headline.name}"], headline.style),
            *(_change(month.fields[f"kpi_{headline.name}{suffix}"], headline.style) for suffix in ("_month", "_year")),
        )
        for headline in HEADLINES
    ]
    rows.append(("Cash per day of DSO", _figure(month.fields["kpi_cash_per_day"], "money0"), "", ""))
    _figures(month.caption, ["", "This month", "on last month", "on last year"], rows)
    click.echo(f"Checks: {month.fields['start_checks']}")


def _tell(ledger: Ledger, findings: Sequence[Finding]) -> None:
    """Say on standard error what is not in the figures, and what a reader of them must know."""
    from xlwings_addin.ledger.report import told

    wanted = {one.message: found for one in findings if (found := _wanted(one.code))}
    for line in told(ledger, findings):
        click.echo(" ".join([line, *(found for message, found in wanted.items() if message in line)]), err=True)


def _print_json(found: Any) -> None:
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _outcome(ledger: Ledger, month: MonthEnd, out: Path, beside: Sequence[Path], copy: Path | None) -> dict[str, Any]:
    """What a refresh has done, as plain data: the workbook, its headline figures, and what is to be said of them."""
    from xlwings_addin.ledger.report import said_json
    from xlwings_addin.sheets.dashboard import HEADLINES

    figures = {headline.column: month.fields[f"kpi_{headline.name}"] for headline in HEADLINES}
    return {
        "workbook": str(out),
        "beside": [str(path) for path in beside],
        "copy": str(copy) if copy else None,
        "as_of": str(month.as_of),
        "currency": month.currency,
        "figures": {
            name: None if isinstance(value, str) or value != value else value for name, value in figures.items()
        },
        "checks": month.fields["start_checks"],
        **said_json(ledger, month.findings),
    }


def _figure(value: Any, style: str) -> str:
    known = None if isinstance(value, str) else value
    return shown(known, "percent" if style == "percent" else "days" if style == "days" else "money", 0)


def _change(value: Any, style: str) -> str:
    """A change with its sign; of a percentage, in points."""
    if value is None or isinstance(value, str) or value != value:
        return "n/a"
    return f"{value * 100:+,.1f} pts" if style == "percent" else f"{value:+,.{1 if style == 'days' else 0}f}"


def _figures(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print figures that are written already, by the key in the first column."""
    first, *others = headings
    table(title, [Column(first), *(Column(heading, "figure") for heading in others)], rows)


def _texts(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table of words."""
    table(title, [Column(heading) for heading in headings], rows)
