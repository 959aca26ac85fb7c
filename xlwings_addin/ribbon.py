"""The Receivables tab of Excel's ribbon: a button is declared with `@button`, a click arrives at `dispatch`.

A declaration holds everything users see of the button; the ribbon's XML and docs/excel.md are made from it. The body
gets the workbook the click came from and says in one line what it changed. What goes wrong becomes one sentence.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from workbook_templates import TEMPLATE
from xlwings_addin import log, version
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.product import ADDIN_FILE
from xlwings_addin.writing import NotOurWorkbookError, OlderWorkbookError, WorkbookError, live_native

if TYPE_CHECKING:
    from xlwings import Book  # noqa: TID251 - this is where a click meets Python

F = TypeVar("F", bound=Callable[..., str])
Progress = Callable[[str], None]
"""Shows in the status bar what is being done."""

TAB = "Receivables"
TAB_KEYTIP = "K"
GROUPS = ("Month", "Aging", "Collections", "Rollout", "Insight", "Share and help")
"""The groups of the tab, in the order of the work."""

MOST_WORDS, LONGEST_LABEL, LONGEST_SCREENTIP, LONGEST_SUPERTIP = 3, 24, 100, 255

# fmt: off
ICONS = frozenset((
    "AccessibilityChecker", "AccountingFormat", "AddInManager", "AdvancedFileProperties", "ApplicationOptionsDialog",
    "AutoSum", "ChartInsert", "ChartTypeColumnInsertGallery", "ChartTypeLineInsertGallery",
    "ConditionalFormattingDataBarsGallery", "ConditionalFormattingHighlightDateOccuring", "Consolidate",
    "ControlProperties", "DataValidation", "ErrorChecking", "FileCompatibilityChecker",
    "FileEmailAsPdfEmailAttachment", "FileNew", "FileOpen", "FilePrint", "FileProperties", "FileSaveACopy",
    "FileSaveAs", "FileSaveAsPdfOrXps", "FileUpdate", "Filter", "FormulaEvaluate", "FormulaMoreFunctionsMenu",
    "FreezePanes", "FunctionWizard", "FunctionsDateTimeInsertGallery", "FunctionsFinancialInsertGallery",
    "FunctionsLookupReferenceInsertGallery", "GetExternalDataFromText", "GetExternalDataImportClassic",
    "HeaderFooterCurrentDate", "Help", "Lock", "NameManager", "OutlineGroup", "OutlookTaskCreate", "PasteValues",
    "PivotTableGroupSelection", "PivotTableInsert", "PivotTableReport", "RefreshAll", "ReviewNewComment",
    "ReviewProtectWorkbook", "ReviewShowAllComments", "SheetProtect", "ShowFormulas", "SlicerInsert", "SortDialog",
    "SparklineColumnInsert", "TableInsertExcel", "TraceError", "WatchWindow", "WhatIfAnalysisMenu",
))
# fmt: on
"""The icons buttons may have: in Microsoft's published control lists of both Excel 2016 and Microsoft 365
(OfficeDev/office-fluent-ui-command-identifiers), and among the names Office draws a picture for."""

_KEYTIP = re.compile(r"[A-Z0-9]{1,3}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BETWEEN = "-"  # between a button's name and its menu entry's; Python names hold none


class ButtonError(ValueError):
    """A button that cannot do its work. The message is one sentence, fit to show a clerk as it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a button's menu; its name is handed to the button."""

    name: str
    label: str
    supertip: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One button, as Excel and the documentation see it."""

    id: str
    label: str
    group: str
    icon: str
    keytip: str
    screentip: str
    supertip: str
    size: Literal["large", "normal"]
    menu: tuple[Entry, ...]
    run: Callable[..., str]

    def entry_id(self, entry: Entry) -> str:
        """Return the id of a menu entry's control."""
        return f"{self.id}{_BETWEEN}{entry.name}"


BUTTONS: dict[str, Button] = {}


def button(
    label: str,
    *,
    group: str,
    icon: str,
    keytip: str,
    supertip: str,
    size: Literal["large", "normal"] = "normal",
    menu: Iterable[Entry] = (),
) -> Callable[[F], F]:
    """Put a function on the ribbon: `run(book, progress)`, or with a menu `run(book, progress, entry)`.

    It returns one line that says what it changed. `entry` is the name of the menu entry, "" for the button itself.
    The first line of its docstring is the screentip; `supertip` says what the button reads and where it writes.
    """

    def declare(run: F) -> F:
        found = Button(
            id=run.__name__,
            label=label,
            group=group,
            icon=icon,
            keytip=keytip,
            screentip=inspect.cleandoc(run.__doc__ or "").partition("\n")[0],
            supertip=supertip,
            size=size,
            menu=tuple(menu),
            run=run,
        )
        _check(found)
        BUTTONS[found.id] = found
        return run

    return declare


def load() -> None:
    """Import every module of `xlwings_addin.buttons`, so that each declares its buttons."""
    name = "xlwings_addin.buttons"
    if importlib.util.find_spec(name) is None:
        return
    for module in pkgutil.iter_modules(importlib.import_module(name).__path__, f"{name}."):
        importlib.import_module(module.name)


def in_ribbon_order(buttons: Mapping[str, Button]) -> list[Button]:
    """Return the buttons as they are on the ribbon, whichever module was imported first."""

    def place(one: Button) -> tuple[int, bool, str, int]:
        body = inspect.unwrap(one.run)
        return GROUPS.index(one.group), one.size != "large", body.__module__, body.__code__.co_firstlineno

    return sorted(buttons.values(), key=place)


def _check(new: Button) -> None:
    def refuse(reason: str) -> None:
        raise ValueError(f"button {new.id!r}: {reason}")

    known = BUTTONS.get(new.id)
    # The same button may come back when its module is reloaded; another one may not.
    if known and (known.run.__module__, known.run.__qualname__) != (new.run.__module__, new.run.__qualname__):
        refuse(f"there is one in {known.run.__module__} already")
    if not _NAME.fullmatch(new.id):
        refuse("its function's name becomes its id: small letters, digits and _")
    if new.group not in GROUPS:
        refuse(f"there is no group {new.group!r} among {', '.join(GROUPS)}")
    if new.icon not in ICONS:
        refuse(f"{new.icon!r} is not among the icons of ribbon.py")
    if new.size not in ("large", "normal"):
        refuse(f"it is large or normal, not {new.size!r}")
    for what, text, longest in (
        ("screentip (the first line of the docstring)", new.screentip, LONGEST_SCREENTIP),
        ("supertip", new.supertip, LONGEST_SUPERTIP),
    ):
        if not 0 < len(text) <= longest:
            refuse(f"the {what} must have 1 to {longest} characters")
    for text in (new.label, *(entry.label for entry in new.menu)):
        if not 0 < len(text.split()) <= MOST_WORDS or len(text) > LONGEST_LABEL:
            refuse(f"a label has 1 to {MOST_WORDS} words and at most {LONGEST_LABEL} characters: {text!r}")
        if "&" in text:
            refuse(f"a label holds no &, which the ribbon takes for the mark of a shortcut: {text!r}")
    names = [entry.name for entry in new.menu]
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        refuse("the names of its menu entries must differ: small letters, digits and _")
    if any(len(entry.supertip) > LONGEST_SUPERTIP for entry in new.menu):
        refuse(f"a menu entry's supertip has at most {LONGEST_SUPERTIP} characters")
    if not _KEYTIP.fullmatch(new.keytip):
        refuse(f"a keytip is 1 to 3 capitals or digits, not {new.keytip!r}")
    for other in BUTTONS.values():
        # Typing R would press R at once, so that nobody could reach RM.
        if other.id != new.id and (other.keytip.startswith(new.keytip) or new.keytip.startswith(other.keytip)):
            refuse(f"the keytip {new.keytip} does not go with {other.keytip} of {other.id}")
    wanted = 3 if new.menu else 2
    parameters = inspect.signature(new.run).parameters.values()
    if len([p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]) != wanted:
        refuse(f"it takes {'book, progress, entry' if new.menu else 'book, progress'}")


# ---------------------------------------------------------------- a click


def dispatch(control_id: str, addin_version: str = "", book: Book | None = None) -> None:
    """Run the button a click came from. VBA calls this with the control's id and its own version."""
    if book is None:
        import xlwings  # noqa: TID251 - here only: everything inwards is handed the book

        book = xlwings.Book.caller()
    line, failure = run(control_id, addin_version, book)
    book.app.status_bar = line or False
    if failure:
        book.app.alert(failure, title=TAB, mode="critical")


def run(control_id: str, addin_version: str, book: Book) -> tuple[str, str]:
    """Run a button; return the line that says what it changed and "", or "" and the sentence that says why not."""

    def progress(doing: str) -> None:
        book.app.status_bar = f"{TAB}: {doing}"

    name, _, entry = control_id.partition(_BETWEEN)
    log.listen()
    try:
        load()
        pressed = _button_of(name, entry, addin_version)
        progress(f"{pressed.label} ...")
        try:
            line = pressed.run(book, progress, entry) if pressed.menu else pressed.run(book, progress)
        except OlderWorkbookError as older:
            line = _offer_up_to_date(book, str(older), progress)
    except NotOurWorkbookError as elsewhere:
        return _offer_template(book, str(elsewhere))
    except (ButtonError, LedgerError, WorkbookError) as known:
        return "", str(known)
    except Exception as unexpected:  # noqa: BLE001 - a traceback is no answer to a clerk
        written = log.write(control_id, unexpected)
        details = "details are in {}, without customer data" if written else "details could not be written to {}"
        label = BUTTONS[name].label if name in BUTTONS else TAB
        # What a button notes on its way out, where the workbook as it was is kept, the clerk must know.
        kept = "".join(f"; {note}" for note in getattr(unexpected, "__notes__", ()))
        told = f"{label} stopped because of an unexpected error; {details.format(log.log_file())}{kept}."
        return "", told
    return f"{TAB}: {line}", ""


def _offer_template(book: Book, told: str) -> tuple[str, str]:
    answer = book.app.alert(f"{told} Start one from the template now?", title=TAB, buttons="yes_no", mode="info")
    if answer != "yes":
        return f"{TAB}: nothing was changed.", ""
    live_native.new_from(book.app, str(TEMPLATE))
    return f"{TAB}: a new workbook from the template; save it, then press Import ledger.", ""


def _offer_up_to_date(book: Book, told: str, progress: Progress) -> str:
    answer = book.app.alert(f"{told} Bring up to date now?", title=TAB, buttons="yes_no", mode="info")
    if answer != "yes":
        return "nothing was changed."
    # Buttons know the ribbon, not the other way round.
    line: str = importlib.import_module("xlwings_addin.buttons.older").bring_up_to_date(book, progress)
    return line


def _button_of(name: str, entry: str, addin_version: str) -> Button:
    installed = version()
    if addin_version and addin_version != installed:
        raise ButtonError(
            f"{ADDIN_FILE} is version {addin_version} and its Python part {installed}: run the installer again."
        )
    found = BUTTONS.get(name)
    if found is None or (entry and entry not in [one.name for one in found.menu]):
        raise ButtonError(f"{ADDIN_FILE} has a button its Python part does not know: run the installer again.")
    return found


def relink(book: Book) -> int:
    """Enter again the AR_ formulas that name another PC's add-in or show #NAME?; return how many."""
    return int(book.app.macro(f"'{ADDIN_FILE}'!ArRelink.Relink")(book.name))
