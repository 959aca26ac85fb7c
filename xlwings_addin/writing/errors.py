"""How the writers say no."""

from __future__ import annotations


class WorkbookError(ValueError):
    """A workbook that cannot be read or written. The message is one sentence, fit to show a clerk as it is."""


class NotOurWorkbookError(WorkbookError):
    """A workbook without our tables: the clerk is offered the template."""
