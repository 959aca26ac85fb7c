"""Everything that knows Excel, files or a command line; the arithmetic is in `udfs`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from importlib.machinery import PathFinder
from importlib.util import module_from_spec


def _load_udfs() -> None:
    """Import the `udfs` installed with this package, whatever folder Python looks in first.

    A notebook, `python -m` and the Python that xlwings starts for Excel all look in the folder they were started in:
    a file or folder of the user's there, called udfs as well, would be imported in place of ours.
    """
    own = _folder(_folder(__file__))
    if found := sys.modules.get("udfs"):
        where = found.__file__ or [*found.__path__, ""][0]
        if _folder(where) != f"{own}{os.sep}udfs":
            raise ImportError(
                f"{where} was imported as udfs, which is also the name of a package that receivables needs:"
                " rename that file or folder and start Python again."
            )
        return
    spec = PathFinder.find_spec("udfs", [own])
    if spec is None or spec.loader is None:
        raise ImportError(f"The package udfs is missing from {own}: install receivables-addin again.")
    sys.modules["udfs"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def _folder(file: str) -> str:
    # pathlib would take as long to load as all the functions.
    return os.path.dirname(os.path.realpath(file))  # noqa: PTH120


_load_udfs()


def version() -> str:
    """Return the version of the product, as pyproject.toml says it."""
    import importlib.metadata  # brings email and zipfile: a quarter of what Excel would wait for its functions

    return importlib.metadata.version("receivables-addin")


def now() -> str:
    """Return the time, UTC, in ISO text; SOURCE_DATE_EPOCH where it is set, so that a run can be repeated.

    Only commands, buttons and the log ask: whatever calculates is given it.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    at = datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S")
