"""Share and help: copies for others, and what helps oneself."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import udfs
from xlwings_addin import version
from xlwings_addin.buttons import safety, sources
from xlwings_addin.log import log_file
from xlwings_addin.month_end import workbook
from xlwings_addin.ribbon import TAB, ButtonError, Progress, button
from xlwings_addin.settings import Settings
from xlwings_addin.sheets import glossary
from xlwings_addin.sheets import settings as settings_sheet
from xlwings_addin.writing import live, live_native
from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.sheets.blocks import Sheet


@button(
    "Freeze a copy",
    group="Share and help",
    icon="FileSaveACopy",
    keytip="Z",
    supertip="Saves a copy beside the workbook with values in place of formulas, for readers without the add-in.",
)
def freeze_a_copy(book: Book, progress: Progress) -> str:
    """Save a copy that shows its figures anywhere."""
    live.Opened(book).check_ours()
    for sheet in book.sheets:
        if live_native.is_protected(sheet):
            raise ButtonError(f"The sheet {sheet.name} is protected; unprotect it (Review) and press again.")
    path = safety.beside(book)
    path = path.with_name(f"{path.stem} values{path.suffix}")
    if path.name.lower() in [other.name.lower() for other in book.app.books]:
        raise ButtonError(f"{path.name} is open; close it and press again.")
    with Outputs() as files:
        files.folder(path.parent)
        with files.file(path, workbook=True) as made:
            live_native.save_copy(book, str(made))
            copy = book.app.books.open(str(made))
            try:
                for sheet in copy.sheets:
                    progress(f"freezing {sheet.name}")
                    sheet.used_range.copy_from(sheet.used_range, copy_type="values")
                sources.forget(copy)
                copy.save()
            finally:
                copy.close()
                book.activate()
    return f"{path} holds values only; {book.name} stays as it was."


@button(
    "PDF",
    group="Share and help",
    icon="FileSaveAsPdfOrXps",
    keytip="P",
    supertip="Saves the month's sheets, without its data and help, as one PDF beside the workbook. Writes no sheet.",
)
def pdf(book: Book, progress: Progress) -> str:
    """Save the month's sheets as a PDF."""
    opened = live.Opened(book)
    opened.check_ours()
    if live_native.structure_is_protected(book):
        # The other sheets are hidden while it is printed.
        raise ButtonError("The workbook's structure is protected; unprotect it (Review) and press again.")
    found = [opened.sheet_of(sheet) for sheet in workbook(Settings()) if sheet.tab == "work"]
    path = safety.beside(book).with_suffix(".pdf")
    progress(f"printing to {path.name}")
    with Outputs() as files:
        files.folder(path.parent)
        with files.file(path) as made:
            book.to_pdf(str(made), include=[sheet.name for sheet in found if sheet is not None])
    return f"{path} holds the month's sheets; {book.name} stays as it was."


@button(
    "Check workbook",
    group="Share and help",
    icon="ErrorChecking",
    keytip="C",
    supertip="Reads the workbook's tables, settings and entries; says what would stop a refresh. Writes nothing.",
)
def check_workbook(book: Book, progress: Progress) -> str:
    """See whether the workbook is fit for a refresh."""
    progress("reading every table")
    opened = live.Opened(book)
    _, entries = opened.read_back()
    typed = sum(len(cells) for table in entries.tables.values() for cells in table.rows.values())
    doubled = sum(len(table.doubled) for table in entries.tables.values())
    told = f"; {doubled} entries are on rows that are not unique and would go to Notes not placed" if doubled else ""
    return (
        f"{len(opened.table_names)} tables are sound, {typed} entries would be carried over{told}. Nothing was changed."
    )


@button(
    "Settings",
    group="Share and help",
    icon="ApplicationOptionsDialog",
    keytip="S",
    supertip="Goes to the sheet Settings: company, buckets, targets, exchange rates. The next refresh reads them.",
)
def settings(book: Book, progress: Progress) -> str:  # noqa: ARG001 - done at once
    """Change what the figures go by."""
    _go_to(book, settings_sheet.sheet())
    return "cream cells are yours to change; the next refresh reads them."


@button(
    "Functions",
    group="Share and help",
    icon="FormulaMoreFunctionsMenu",
    keytip="L",
    supertip="Goes to the sheet Glossary: every AR_ function with meaning, syntax and example.",
)
def functions(book: Book, progress: Progress) -> str:  # noqa: ARG001 - done at once
    """See every function explained."""
    udfs.load()
    if live.Opened(book).sheet_of(glossary.sheet()) is None:
        book.app.alert(
            "\n".join(spec.syntax for spec in udfs.REGISTRY.values()), title=f"{TAB}: functions", mode="info"
        )
    else:
        _go_to(book, glossary.sheet())
    return f"{len(udfs.REGISTRY)} functions; type =AR_ in a cell to begin."


@button(
    "About",
    group="Share and help",
    icon="FileProperties",
    keytip="B",
    supertip="Shows the version and where the log of unexpected errors is.",
)
def about(book: Book, progress: Progress) -> str:  # noqa: ARG001 - done at once
    """See which version this is."""
    lines = (
        f"{TAB} {version()}, Python {platform.python_version()}",
        f"Log of unexpected errors, without customer data: {log_file()}",
    )
    book.app.alert("\n".join(lines), title=f"About {TAB}", mode="info")
    return f"version {version()}."


def _go_to(book: Book, declared: Sheet) -> None:
    opened = live.Opened(book)
    opened.check_ours()
    found = opened.sheet_of(declared)
    if found is None:
        raise ButtonError(f"The sheet {declared.name} is gone; press Refresh month to recreate it.")
    found.activate()
