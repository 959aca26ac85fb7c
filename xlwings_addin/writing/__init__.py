"""Writers of the sheet declarations, and the carrying over of what clerks typed."""


class WorkbookError(ValueError):
    """A workbook that cannot be read or written. The message is one sentence, fit to show a clerk as it is."""


class NotOurWorkbookError(WorkbookError):
    """A workbook without our tables: the clerk is offered the template."""
