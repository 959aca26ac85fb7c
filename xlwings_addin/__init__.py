"""Everything that knows Excel, files or a command line; the arithmetic is in `udfs`."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def version() -> str:
    """Return the version of the product, as pyproject.toml says it."""
    import importlib.metadata  # brings email and zipfile: a quarter of what Excel would wait for its functions

    return importlib.metadata.version("receivables-addin")


def now() -> str:
    """Return the time, UTC, in ISO text; SOURCE_DATE_EPOCH where it is set, so that a run can be repeated.

    Only commands, buttons and the log ask: whatever reckons is told.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    at = datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S")
