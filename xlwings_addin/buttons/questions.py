"""What files leave open is asked in Excel's own dialogs, until they can be read or the clerk cancels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from xlwings_addin.buttons import asking, sources
from xlwings_addin.ledger.errors import OF_DATES, QuestionError
from xlwings_addin.ledger.findings import GUESSED_COLUMNS
from xlwings_addin.ledger.mapping import saved
from xlwings_addin.ledger.reader import open_with_guess
from xlwings_addin.ribbon import ButtonError

if TYPE_CHECKING:
    from datetime import date

    from xlwings import App, Book  # noqa: TID251 - buttons talk to Excel

    from xlwings_addin.buttons.sources import Sources
    from xlwings_addin.ledger.dates import DateAnswer
    from xlwings_addin.ledger.errors import Answer
    from xlwings_addin.ledger.model import Ledger

AS_READ = "yes, all of them"
AS_GUESSED = "read it by the best guess"
DAYS, COMPANIES = "lists of open items of different days", "items of different companies of ours"
CHOOSE, SAVE = "choose a mapping file", "save the guess as a mapping file, to correct it"


def read(
    book: Book, chosen: Sources, base_currency: str, day: date, *, importing: bool = False
) -> tuple[Ledger, Sources]:
    """Read the files; return the ledger, and the files with every answer it took.

    `importing`: they were just chosen, so that guessed columns are shown to the clerk and a list of open items
    may be given its sales. Raises ButtonError where the clerk cancels.
    """
    asked = _Asked(book, base_currency, day)
    ledger, chosen = asked.read(chosen)
    for guessed in [one for one in ledger.findings if importing and one.kind is GUESSED_COLUMNS]:
        mapped = asked.mapping(chosen, guessed.message, guessed.answers[0], readable=True)
        if mapped != chosen:
            # A mapping is of every file with items: what the others were guessed to hold is settled, too.
            ledger, chosen = asked.read(mapped)
            break
    if importing and not ledger.has_history and not len(ledger.sales):
        sales = asking.file(book.app, "credit sales by month, for a list of open items (Cancel if there is none)")
        if sales:
            ledger, chosen = asked.read(replace(chosen, sales=sales))
    return ledger, chosen


class _Asked:
    """The questions of one click."""

    def __init__(self, book: Book, base_currency: str, day: date) -> None:
        self.book, self.base_currency, self.day = book, base_currency, day
        self.settled: set[str] = set()

    @property
    def app(self) -> App:
        return self.book.app

    def read(self, chosen: Sources) -> tuple[Ledger, Sources]:
        while True:
            try:
                return chosen.read(self.base_currency, self.day), chosen
            except QuestionError as question:
                if str(question) in self.settled:
                    told = f"That answer leaves the same open, and nothing was changed: {question}"
                    raise ButtonError(told) from None
                self.settled.add(str(question))
                chosen = self.answered(chosen, str(question), question.answers)

    def answered(self, chosen: Sources, question: str, answers: tuple[Answer, ...]) -> Sources:
        """Ask a question; return the files with the answer."""
        ways = {answer.to: answer for answer in answers}
        if "mapping" in ways:
            return self.mapping(chosen, question, ways["mapping"])
        if "dates" in ways:
            words = {OF_DATES[one]: one for one in ways["dates"].choices}
            said = words[asking.one_of(self.app, f"{question}\nThe dates:", tuple(words))]
            return replace(chosen, answers=replace(chosen.answers, dates=cast("DateAnswer", said)))
        if "encoding" in ways:
            said = asking.one_of(self.app, f"{question}\nThe encoding:", ways["encoding"].choices)
            return replace(chosen, answers=replace(chosen.answers, encoding=said))
        if len(ways) > 1 and asking.one_of(self.app, f"{question}\nThese files are:", (DAYS, COMPANIES)) == COMPANIES:
            return self.entities(chosen, ways["entity"])
        return self.days(chosen, question, ways["snapshot"])

    def days(self, chosen: Sources, question: str, answer: Answer) -> Sources:
        said = dict(chosen.answers.days)
        for path in _meant(chosen, answer):
            said[str(path)] = asking.day(
                self.app, f"{question}\nWhich day does {path.name} show?", self.day
            ).isoformat()
        return replace(chosen, answers=replace(chosen.answers, days=said))

    def entities(self, chosen: Sources, answer: Answer) -> Sources:
        said = dict(chosen.answers.entities)
        for path in _meant(chosen, answer):
            said[str(path)] = asking.words(self.app, f"Which company's items does {path.name} hold?", "company")
        return replace(chosen, answers=replace(chosen.answers, entities=said))

    def mapping(self, chosen: Sources, question: str, answer: Answer, *, readable: bool = False) -> Sources:
        """Propose the guess at the columns of a file, and mapping files; `readable`: it was read by that guess."""
        path = _meant(chosen, answer)[0]
        guess = open_with_guess(path, chosen.answers.said)
        beside = path.with_name(f"{path.stem} mapping.toml")
        last = Path(sources.answered(self.book).mapping or beside)
        files = {f"use {one.name}": one for one in (beside, last) if one.is_file()}
        choices = [AS_READ] if readable else [AS_GUESSED] if guess.complete else []
        choices += [*files, CHOOSE, *([] if beside.is_file() else [SAVE])]
        prompt = "Are the columns right?" if readable else "How is it to be read?"
        said = asking.one_of(self.app, f"{question}\n{prompt}", choices)
        if said == AS_READ:
            return chosen
        if said == AS_GUESSED:
            return replace(chosen, answers=replace(chosen.answers, columns=guess.columns))
        if said == SAVE:
            raise ButtonError(_saved(beside, saved(guess.said, guess.table.file)))
        mapping = files.get(said) or asking.file(self.app, "mapping file", asking.MAPPING_FILES)
        if mapping is None:
            raise ButtonError("No mapping file was chosen; nothing was changed.")
        return replace(chosen, answers=replace(chosen.answers, mapping=str(mapping)))


def _meant(chosen: Sources, answer: Answer) -> list[Path]:
    """The files a question is about; where only a name is known, every file of that name."""
    return [path for path in chosen.items if str(path) in answer.files or path.name in answer.files]


def _saved(path: Path, text: str) -> str:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        return f"{path} cannot be written ({error.strerror or error}); nothing was changed."
    return f"{path} holds the guess: correct it, press Import ledger again and choose it; the workbook was not changed."
