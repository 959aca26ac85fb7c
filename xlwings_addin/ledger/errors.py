"""How the ledger says no: one sentence that names what is wrong, where, and what to do."""

from __future__ import annotations


class LedgerError(ValueError):
    """Input that must not become figures. The message is one sentence, fit to show a clerk as it is."""

    def __init__(self, message: str) -> None:
        # Cells are quoted in messages, and a cell may hold line breaks.
        super().__init__(" ".join(message.split()))


class QuestionError(LedgerError):
    """What only the user can know. The message ends with the answers there are; `option` takes them."""

    def __init__(self, message: str, option: str) -> None:
        super().__init__(message)
        self.option = option
