"""Writers of the sheet declarations, and the carrying over of what clerks typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 3
"""Parts that a sentence names."""


class WorkbookError(ValueError):
    """A workbook that cannot be read or written. The message is one sentence, fit to show a clerk as it is."""


class NotOurWorkbookError(WorkbookError):
    """A workbook without our tables: the clerk is offered the template."""


class OlderWorkbookError(WorkbookError):
    """An open workbook of an earlier version: the clerk is offered to bring it up to date."""


class MissingPartsError(WorkbookError):
    """A workbook that lacks what would be read back from it; `parts` are what, in words."""

    def __init__(self, where: object, parts: Sequence[str], remedy: str = "") -> None:
        self.where, self.parts = where, tuple(parts)
        named = ", ".join(parts[:SHOWN]) + (f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else "")
        many = len(parts) > 1
        ranges = ", or no longer a table" if any(part.startswith("the table ") for part in parts) else ""
        super().__init__(
            f"{where}: {named} {'are gone or were' if many else 'is gone or was'} renamed{ranges};"
            f" undo that, or take a copy of the workbook that has {'them' if many else 'it'}{remedy}."
        )

    def with_remedy(self, remedy: str) -> MissingPartsError:
        """Return the same sentence with another way out."""
        return MissingPartsError(self.where, self.parts, remedy)
