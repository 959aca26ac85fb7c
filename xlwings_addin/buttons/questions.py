"""What files leave open is asked in Excel's own dialogs, until they can be read or the clerk cancels."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xlwings_addin.buttons import asking, columns, sources
from xlwings_addin.buttons.sources import Answers
from xlwings_addin.ledger.errors import OF_DATES, Answer, AnswerError, QuestionError
from xlwings_addin.ledger.findings import REPEATED_SHEETS_NOT_READ
from xlwings_addin.ledger.mapping import NONE, merged, pair, said_by, saved, unique
from xlwings_addin.ledger.reader import open_with_guess
from xlwings_addin.ribbon import ButtonError
from xlwings_addin.writing.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from xlwings import App, Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.buttons.sources import Sources
    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.model import Ledger, Source
    from xlwings_addin.ledger.reader import Guess
    from xlwings_addin.settings import Settings

AS_READ = "yes, all of them"
DAYS, COMPANIES = "lists of open items of different days", "items of different companies of ours"
NAME, CHOOSE = "name the columns one by one", "choose a mapping file"
SAVE = "save the guess as a mapping file, to correct it"
NO_COLUMN = "no column"
ONE_CUSTOMER = "no column names the customer: all documents are one customer's"
WAYS = {
    "snapshot": DAYS,
    "entity": COMPANIES,
    "receipts": "a file of receipts says what was paid: choose it",
    "column": "a column says what is open: name it",
    "status": "they are open in full",
}
"""What is said first where a question can be answered in several ways."""
PROMPTS = {
    "column": "Which column is it?",
    "sheet": "Which sheet is right?",
    "signs": "How do the signs of the amounts count?",
    "terms": "Payment terms {key}: payable within how many days?",
    "status": "What does the status '{key}' mean?",
    "kind": "What is '{key}'?",
    "currency_word": "Which currency is '{key}'?",
    "encoding": "Which spelling is right?",
}
SIGNS = {
    "by-kind": "credit notes and payments reduce what is open, whatever their sign",
    "as-is": "the signs are right as they are",
    "reversed": "every amount counts with the other sign",
}
ROLES = {
    "customer_id": "customer",
    "document_no": "document number",
    "document_date": "document date",
    "due_date": "due date",
    "amount": "amount of the document",
    "open_amount": "amount still open",
}
"""What is asked where the columns are named one by one."""


def read(
    book: Book, chosen: Sources, settings: Settings, day: date, *, importing: bool = False
) -> tuple[Ledger, Sources]:
    """Read the files; return the ledger, and the files with every answer it took.

    `importing`: they were just chosen, so that a sheet that was passed over is named, and a list of open items may
    be given its sales. Raises ButtonError where the clerk cancels.
    """
    asked = _Asked(book, settings, day, chosen.answers, importing=importing)
    ledger, chosen = asked.agreed(chosen)
    if importing and not ledger.has_history and not len(ledger.sales):
        sales = asking.file(book.app, "credit sales by month, for a list of open items (Cancel if there is none)")
        if sales:
            ledger, chosen = asked.agreed(replace(chosen, sales=sales))
    readings = {columns.digest(source): None for source in _items(ledger)}
    guessed = bool(columns.guessed(ledger)) and not chosen.answers.mapping
    if not (guessed or chosen.answers.said or chosen.answers.dates):
        readings = {}
    return ledger, replace(chosen, answers=replace(chosen.answers, readings=tuple(readings)))


class _Asked:
    """The questions of one click."""

    def __init__(self, book: Book, settings: Settings, day: date, before: Answers, *, importing: bool) -> None:
        self.book, self.settings, self.day, self.importing = book, settings, day, importing
        self.before = before
        """What was answered before this click, until it is known to fit these files."""
        self.settled: set[str] = set()

    @property
    def app(self) -> App:
        return self.book.app

    def agreed(self, chosen: Sources) -> tuple[Ledger, Sources]:
        """Read the files, and show what was read by evidence and was not agreed on before."""
        ledger, chosen = self.read(chosen)
        changed = self.sheets(chosen, ledger)
        for source in columns.guessed(ledger):
            known = chosen.answers.mapping or columns.digest(source) in chosen.answers.readings
            if changed == chosen and not known:
                answer = Answer("mapping", files=(source.file,))
                shown = columns.in_words(ledger, source, self.settings, self.day)
                changed = self.mapping(chosen, shown, answer, readable=True)
                if changed == chosen:
                    readings = (*chosen.answers.readings, columns.digest(source))
                    changed = chosen = _answering(chosen, readings=readings)
        return (ledger, chosen) if changed == chosen else self.agreed(changed)

    def read(self, chosen: Sources) -> tuple[Ledger, Sources]:
        """Read the files, asking what they leave open; what was said of others before is dropped where it misfits."""
        while True:
            try:
                ledger = chosen.read(self.settings.base_currency, self.day)
            except QuestionError as question:
                if str(question) in self.settled:
                    told = f"That answer leaves the same open, and nothing was changed: {question}"
                    raise ButtonError(told) from None
                self.settled.add(str(question))
                chosen = self.answered(chosen, str(question), question.answers)
                continue
            except AnswerError as misfit:
                if not self.before.said:
                    raise
                chosen = self.dropped(chosen, str(misfit))
                continue
            known = self.before.readings
            if all(columns.digest(source) in known for source in _items(ledger) if known):
                self.before = Answers()
                return ledger, chosen
            chosen = self.dropped(chosen, "their headings are not read as those were.")

    def dropped(self, chosen: Sources, reason: str) -> Sources:
        asking.tell(self.app, f"What was answered about the last files does not fit these and is not used: {reason}")
        self.before = Answers()
        self.settled.clear()
        return _answering(chosen, said={}, readings=(), dates=None)

    def answered(self, chosen: Sources, question: str, answers: tuple[Answer, ...]) -> Sources:
        """Ask a question; return the files with the answer."""
        if answers[0].to == "mapping":
            return self.mapping(chosen, question, *answers)
        ways = {WAYS[answer.to]: answer for answer in answers} if len(answers) > 1 else {}
        answer = ways[asking.one_of(self.app, f"{question}\nWhat is right?", tuple(ways))] if ways else answers[0]
        match answer.to:
            case "dates":
                words = {OF_DATES[one]: one for one in answer.choices}
                said = words[asking.one_of(self.app, f"{question}\nThe dates:", tuple(words))]
                return _answering(chosen, dates=cast("DateAnswer", said))
            case "snapshot":
                return self.days(chosen, question, answer)
            case "entity":
                return self.entities(chosen, answer)
            case "receipts":
                return self.receipts(chosen)
            case "column" if not answer.choices:
                return self.named(chosen, _guess(chosen, answer), ("open_amount",))
        return self.said(chosen, "" if ways else f"{question}\n", answer, sure=bool(ways))

    def said(self, chosen: Sources, question: str, answer: Answer, *, sure: bool) -> Sources:
        """Ask for each key of an answer which choice is right; `sure`: where there is only one, it is."""
        choices = list(zip(answer.choices, answer.gives or ("",) * len(answer.choices), strict=True))
        for key, group in groupby(choices, lambda one: pair(answer.to, one[0])[0]):
            of_key = list(group)
            prompt = f"{question}{PROMPTS[answer.to].format(key=key)}"
            if answer.to == "terms":
                proposed = pair(answer.to, of_key[0][0])[1]
                days = asking.days(self.app, prompt, proposed if proposed.isdecimal() else "")
                text = f"{key}={days}"
            else:
                labels = [_label(answer.to, *one) for one in of_key]
                place = 0 if sure and len(labels) == 1 else asking.place_of(self.app, prompt, labels)
                text = of_key[place][0]
            chosen = _saying(chosen, said_by(answer.to, text))
            question = ""
        return chosen

    def days(self, chosen: Sources, question: str, answer: Answer) -> Sources:
        said = dict(chosen.answers.days)
        for path in _meant(chosen, answer):
            said[str(path)] = asking.day(
                self.app, f"{question}\nWhich day does {path.name} show?", self.day
            ).isoformat()
        return _answering(chosen, days=said)

    def entities(self, chosen: Sources, answer: Answer) -> Sources:
        said = dict(chosen.answers.entities)
        for path in _meant(chosen, answer):
            said[str(path)] = asking.words(self.app, f"Which company's items does {path.name} hold?", "company")
        return _answering(chosen, entities=said)

    def receipts(self, chosen: Sources) -> Sources:
        path = asking.file(self.app, "receipts")
        if path is None:
            raise ButtonError("No file of receipts was chosen; nothing was changed.")
        return replace(chosen, receipts=path)

    def sheets(self, chosen: Sources, ledger: Ledger) -> Sources:
        """Ask which sheet is right where several are of the same kind and the fullest was read."""
        for finding in ledger.findings:
            if not (self.importing and finding.kind is REPEATED_SHEETS_NOT_READ and finding.answers):
                continue
            if "sheets" not in chosen.answers.said and finding.message not in self.settled:
                self.settled.add(finding.message)
                answer = finding.answers[0]
                place = asking.place_of(self.app, f"{finding.message}\n{PROMPTS['sheet']}", answer.choices)
                # The first is the one that was read.
                return _saying(chosen, said_by("sheet", answer.choices[place])) if place else chosen
        return chosen

    def mapping(
        self, chosen: Sources, question: str, answer: Answer, whose: Answer | None = None, *, readable: bool = False
    ) -> Sources:
        """Propose the guess at the columns of a file, and mapping files; `readable`: it was read by that guess.

        `whose` says that all documents are one customer's, where that may be.
        """
        guess, path = _guess(chosen, answer), _meant(chosen, answer)[0]
        beside = path.with_name(f"{path.stem} mapping.toml")
        last = Path(sources.answered(self.book).mapping or beside)
        files = {f"use {one.name}": one for one in (beside, last) if one.is_file()}
        choices = [*([AS_READ] if readable else []), NAME, *files, CHOOSE, *([] if beside.is_file() else [SAVE])]
        choices += [ONE_CUSTOMER] if whose else []
        prompt = "Are the columns right?" if readable else "How is it to be read?"
        said = asking.one_of(self.app, f"{question}\n{prompt}", choices)
        if said == AS_READ:
            return chosen
        if said == NAME:
            return self.named(chosen, guess, tuple(ROLES))
        if said == ONE_CUSTOMER and whose:
            return self.said(chosen, "", whose, sure=True)
        if said == SAVE:
            raise ButtonError(_saved(beside, saved(guess.said, guess.table.file, guess.columns, guess.asked)))
        mapping = files.get(said) or asking.file(self.app, "mapping file", asking.MAPPING_FILES)
        if mapping is None:
            raise ButtonError("No mapping file was chosen; nothing was changed.")
        return _answering(chosen, mapping=str(mapping))

    def named(self, chosen: Sources, guess: Guess, keys: Iterable[str]) -> Sources:
        """Ask for columns one after the other, each with the guess as proposal."""
        headers = guess.table.headers
        headings = [unique(at, headers) for at, header in enumerate(headers) if header.strip()]
        choices = [*headings, NO_COLUMN]
        for key in keys:
            # Where only a name was found, it is the customer.
            meant = "customer_name" if key == "customer_id" and "customer_name" in guess.columns else key
            proposed = guess.columns.get(meant, NO_COLUMN)
            place = asking.place_of(
                self.app,
                f"{guess.table.place}: which column is the {ROLES[key]}?",
                choices,
                choices.index(proposed) + 1,
            )
            chosen = _saying(chosen, {"columns": {meant: [*headings, NONE][place]}})
        return chosen


def _answering(chosen: Sources, **more: Any) -> Sources:
    return replace(chosen, answers=replace(chosen.answers, **more))


def _saying(chosen: Sources, more: dict[str, Any]) -> Sources:
    return _answering(chosen, said=merged(dict(chosen.answers.said), more))


def _items(ledger: Ledger) -> list[Source]:
    return [source for source in ledger.sources if source.role == "items"]


def _label(to: str, choice: str, gives: str) -> str:
    """A choice in words, with what it gives."""
    _, value = pair(to, choice)
    word = SIGNS.get(value, value) if to == "signs" else value
    if to == "column":
        word = NO_COLUMN if value == NONE else f"'{value}'"
    return f"{word}: {gives}" if gives else word


def _meant(chosen: Sources, answer: Answer) -> list[Path]:
    """The files a question is about; where only a name is known, with or without a sheet, every file of that name."""
    return [
        path
        for path in chosen.items
        if any(one in (str(path), path.name) or one.startswith(f"{path.name} [") for one in answer.files)
    ]


def _guess(chosen: Sources, answer: Answer) -> Guess:
    return open_with_guess(_meant(chosen, answer)[0], chosen.answers.said or None)


def _saved(path: Path, text: str) -> str:
    with Outputs() as files:
        files.write(path, text.encode())
    return f"{path} holds the guess: correct it, press Import ledger again and choose it; the workbook was not changed."
