"""How the ledger says no: one sentence that names what is wrong, where, and what to do."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

NO_DAY = "The file does not say which day it shows."
OF_DATES = {
    "dmy": "day first",
    "mdy": "month first",
    "swapped": "a spreadsheet has exchanged day and month",
    "as-is": "they are right as they stand",
}
"""What may be said of dates."""
TAKEN = {
    "snapshot": "FILE=DATE",
    "entity": "FILE=NAME",
    "mapping": "FILE",
    "receipts": "FILE",
    "as_of": "DATE",
    "column": "KEY=HEADING",
    "sheet": "NAME",
    "terms": "KEY=DAYS",
    "status": "WORD=STATUS",
    "kind": "WORD=KIND",
    "currency_word": "WORD=CODE",
}
"""What the command's option of that name takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer a question: data, so that the command names its options and Excel asks in its own words."""

    to: Literal[
        "dates",
        "mapping",
        "snapshot",
        "entity",
        "receipts",
        "as_of",
        "column",
        "sheet",
        "signs",
        "terms",
        "status",
        "kind",
        "currency_word",
        "encoding",
    ]
    choices: tuple[str, ...] = ()
    """What may be said, as the option takes it: of dates a key of `OF_DATES`, of a column `open_amount=Balance`; of a
    mapping the columns of the best guess, all together."""
    gives: tuple[str, ...] = ()
    """What each choice would give: "total 240.00, overdue 40.00"."""
    files: tuple[str, ...] = ()
    """The files it is to be given for, each of them, by path or name."""

    @property
    def option(self) -> str:
        """How the command takes it."""
        if self.to == "mapping":
            return f"--column {TAKEN['column']} or --mapping FILE"
        return f"--{self.to.replace('_', '-')} {TAKEN.get(self.to) or '|'.join(self.choices)}"

    @property
    def command(self) -> str:
        """How the command takes it, written out."""
        match self.to:
            case "dates":
                return " or ".join(f"--dates {one} ({OF_DATES[one]})" for one in self.choices)
            case "encoding":
                return " or ".join(f"--encoding {one}" for one in self.choices)
            case "snapshot":
                return f"{self._each('DATE')} (the day it shows)"
            case "entity":
                return f"{self._each('NAME')} (whose items it holds)"
            case "mapping":
                file = "--mapping FILE (check with --save-mapping FILE writes one to correct)"
                columns = [f"{one}{_aside(gives)}" for one, gives in self.ways] or [f"--column {TAKEN['column']}"]
                return ", or with ".join([*columns, file])
            case "receipts":
                return "--receipts FILE"
            case "as_of":
                return "--as-of DATE (the day the file shows)"
            case "column" if not self.choices:
                return "--column open_amount=HEADING (of the column that says what is open)"
            case _:
                # Each word of the file needs an answer, one of its choices.
                each = ([f"{self.choice(one)}{told}" for one, told in same] for same in self.by_word())
                return ", and ".join(map(" or ".join, each)) or self.option

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How the command takes each choice, and what it would give; the columns of a best guess are one choice."""
        gives = self.gives or ("",) * len(self.choices)
        if self.to == "mapping":
            guess = " ".join(f"--column {quoted(one)}" for one in self.choices)
            whole = all(pair.rpartition("=")[2] != "HEADING" for pair in self.choices)
            what = "the best guess" if whole else "with the right heading in place of HEADING"
            return [(guess, ", ".join((what, *self.gives)))] if guess else []
        return [(self.choice(one), what) for one, what in zip(self.choices, gives, strict=True)]

    def by_word(self) -> list[list[tuple[str, str]]]:
        """The choices for each word of the file, each with what it would give between brackets."""
        words: dict[str, list[tuple[str, str]]] = {}
        for one, what in zip_longest(self.choices, self.gives, fillvalue=""):
            # Of columns and sheets, each choice answers the whole.
            word = "" if self.to in ("column", "sheet") else one.rpartition("=")[0]
            words.setdefault(word, []).append((one, _aside(what)))
        return list(words.values())

    def choice(self, one: str) -> str:
        """How the command takes one of the choices."""
        return f"--{self.to.replace('_', '-')} {quoted(one)}"

    def _each(self, what: str) -> str:
        return " ".join(f"--{self.to} {quoted(f'{file}={what}')}" for file in self.files)


def _aside(what: str) -> str:
    return f" ({what})" if what else ""


def quoted(word: str, *, windows: bool = os.name == "nt") -> str:
    """A word of a command as the shell of this system takes it, unchanged.

    >>> quoted("list.csv"), quoted("amount=Net due"), quoted("amount=US$", windows=False)
    ('list.csv', '"amount=Net due"', "'amount=US$'")
    >>> quoted('amount=12" pipe', windows=True)
    '"amount=12"" pipe"'
    """
    if re.fullmatch(r"[\w.,:/+@-]+", word):
        return word
    if not re.search(r"[$`\"\\!]", word):
        return f'"{word}"'
    if not windows:
        return shlex.quote(word)
    # Backslashes are themselves except before a quotation mark, which two of them stand for.
    return '"' + re.sub(r"(\\*)($|\")", lambda found: 2 * found[1] + 2 * found[2], word) + '"'


def agreed(text: str, count: int) -> str:
    """A text in which "[one|several]" is what agrees with a count.

    >>> [agreed("{count} [row is a total|rows are totals]", count) for count in (1, 2)]
    ['{count} row is a total', '{count} rows are totals']
    """
    return re.sub(r"\[([^\[\]|]*)\|([^\[\]|]*)\]", r"\1" if count == 1 else r"\2", text)


def options(answers: tuple[Answer, ...]) -> str:
    """How the command takes some answers, in short; "" for none."""
    return " or ".join(dict.fromkeys(one for answer in answers for one in answer.option.split(" or ")))


def in_command(message: str, answers: tuple[Answer, ...]) -> str:
    """A sentence with the options that answer it, as the command tells it."""
    if not answers:
        return message
    return f"{message.removesuffix('.')}; answer with {', or '.join(answer.command for answer in answers)}."


class LedgerError(ValueError):
    """Input that must not become figures. The message is one sentence, fit to show a clerk as it is."""

    def __init__(self, message: str) -> None:
        # Cells are quoted in messages, and a cell may hold line breaks.
        super().__init__(" ".join(message.split()))


class AnswerError(LedgerError):
    """What was answered names something that the file does not have: a heading, a sheet, an encoding."""


class QuestionError(LedgerError):
    """What only the user can know. The message says what is open; `answers` are the ways to settle it."""

    def __init__(self, message: str, *answers: Answer) -> None:
        super().__init__(message)
        self.answers = answers

    @property
    def option(self) -> str:
        """How the command takes the answer."""
        return options(self.answers)
