"""What no function foresaw is a fault of ours, not of the cells: it is reported, for nothing is written down here."""

from collections.abc import Callable
from contextlib import suppress

Report = Callable[[str, Exception], None]

_reports: list[Report] = []


def report_to(report: Report) -> None:
    """Set what is given the name of a function and the exception that stopped it, in place of what was set before."""
    _reports[:] = [report]


def report(function: str, stopped_by: Exception) -> None:
    """Report an exception that stopped a function; what goes wrong meanwhile changes no cell."""
    for tell in _reports:
        with suppress(Exception):
            tell(function, stopped_by)
