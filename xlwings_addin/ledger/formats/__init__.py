"""Import formats, one module each: a module here that declares `Format`s is found by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from xlwings_addin.ledger.formats.declaration import Format


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format declared in a module of this package, in order of module and declaration."""
    found: list[Format] = []
    for module in sorted(entry.name for entry in iter_modules(__path__)):
        declared = vars(import_module(f"{__name__}.{module}")).values()
        found += [value for value in declared if isinstance(value, Format)]
    return tuple(found)
