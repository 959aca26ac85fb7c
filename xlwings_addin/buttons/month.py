"""Month: load the ledger, show the month, begin the next one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin import now, version
from xlwings_addin.buttons import asking, questions, safety, sources
from xlwings_addin.ledger.days import day_number, iso
from xlwings_addin.ledger.periods import period_end
from xlwings_addin.ledger.position import doubt
from xlwings_addin.month_end import close_month
from xlwings_addin.ribbon import ButtonError, Progress, button, relink
from xlwings_addin.writing import live, live_native
from xlwings_addin.writing.beside import write_beside
from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.buttons.sources import Sources
    from xlwings_addin.entries import Entries
    from xlwings_addin.month_end import MonthEnd
    from xlwings_addin.settings import Settings


@button(
    "Refresh month",
    group="Month",
    icon="RefreshAll",
    keytip="R",
    size="large",
    supertip="Reads the files imported last, your settings and entries; writes every sheet. What you typed is kept.",
)
def refresh_month(book: Book, progress: Progress) -> str:
    """Bring the whole month up to date."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    return refresh(opened, settings, entries, sources.recall(book), as_of(opened), progress)


@button(
    "Import ledger",
    group="Month",
    icon="GetExternalDataFromText",
    keytip="I",
    supertip="Asks for the files of invoices, receipts and customers, and for what they leave open; remembers both and"
    " writes every sheet.",
)
def import_ledger(book: Book, progress: Progress) -> str:
    """Load the month's files into the workbook."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    return refresh(opened, settings, entries, sources.ask(book), as_of(opened), progress, importing=True)


@button(
    "Next month",
    group="Month",
    icon="HeaderFooterCurrentDate",
    keytip="N",
    supertip="Asks for the next month's files and makes next month's workbook beside this one, with all you typed.",
)
def roll_to_next_month(book: Book, progress: Progress) -> str:
    """Begin the next month in a workbook of its own."""
    opened = live.Opened(book)
    settings, entries = safety.typed(opened)
    day = date.fromisoformat(iso(period_end(day_number(as_of(opened)) + 1, settings)))
    chosen = sources.ask(book)
    path = beside_this_one(book, f"receivables-{day:%Y-%m}.xlsx")
    month, chosen = close(book, chosen, settings, entries, day, progress, importing=True)
    with Outputs() as files:
        write_beside(path, month, files=files)
        with files.file(path) as made:
            live_native.save_copy(book, str(made))
            following = book.app.books.open(str(made))
            try:
                live.fill(following, month, opened=_read(following), progress=progress)
                sources.remember(following, chosen)
                following.save()
            finally:
                following.close()
    book.app.books.open(str(path))
    return f"{path.name} is next month's workbook, as of {day:%d %b %Y}; {book.name} stays as it was."


# ---------------------------------------------------------------- what the buttons share


def refresh(
    opened: live.Opened,
    settings: Settings,
    entries: Entries,
    chosen: Sources,
    day: date,
    progress: Progress,
    *,
    importing: bool = False,
    set_baseline: bool = False,
) -> str:
    """Show the month of some files in the open workbook; return the line that says what changed."""
    month, chosen = close(
        opened.book, chosen, settings, entries, day, progress, importing=importing, set_baseline=set_baseline
    )
    progress("saving a backup copy")
    copy = safety.keep_copy(opened.book)
    with safety.having(copy):
        write_beside(safety.beside(opened.book), month)
        live.fill(opened.book, month, opened=opened, progress=progress)
        sources.remember(opened.book, chosen)
        relink(opened.book)
    log = month.tables["tblLog"]
    if log.rows == len(entries.rows("tblLog")):
        return f"nothing has changed since {month.refreshed} UTC."
    said = [f"{log.column('rows')[-1]:,} rows as of {day:%d %b %Y}, checks: {month.fields['start_checks']}."]
    said += [aside] if (aside := month.fields["start_set_aside"]) else []
    return " ".join((*said, f"The workbook as it was: {copy.name}."))


def close(
    book: Book,
    chosen: Sources,
    settings: Settings,
    entries: Entries,
    day: date,
    progress: Progress,
    *,
    importing: bool = False,
    set_baseline: bool = False,
) -> tuple[MonthEnd, Sources]:
    """Read the files and close the month; return it and the files with what was answered about them."""
    progress("reading the files")
    ledger, chosen = questions.read(book, chosen, settings, day, importing=importing)
    if in_doubt := doubt(ledger, day_number(day)):
        asking.agree(book.app, f"{in_doubt}.\nIs it right?", "The date is in Settings, under As of")
    progress("calculating")
    month = close_month(
        ledger, settings, day, entries=entries, refreshed=now(), version=version(), set_baseline=set_baseline
    )
    return month, chosen


def _read(book: Book) -> live.Opened:
    opened = live.Opened(book)
    opened.read_back(force=True)
    return opened


def as_of(opened: live.Opened) -> date:
    """Return the date the workbook's figures are of; asked for where it has none yet."""
    shown = opened.as_of
    if shown is not None:
        return shown
    today = date.fromisoformat(now()[:10])
    return asking.day(opened.book.app, "As of which date?", today.replace(day=1) - timedelta(days=1))


def beside_this_one(book: Book, name: str) -> Path:
    """Return the path of a new workbook beside this one; raise one sentence where there can be none."""
    full_name = live_native.full_name(book)
    here = Path(full_name)
    if "://" in full_name or not here.is_absolute():
        raise ButtonError("The new workbook goes beside this one: save this one in a folder, and press again.")
    path = here.with_name(name)
    if path.exists():
        raise ButtonError(f"{path} is there already; open it, or move it away and press again.")
    return path
