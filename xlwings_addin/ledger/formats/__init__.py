"""Import formats, one module each: a module here that declares `Format`s is found by itself.

A module's docstring says which system it is, and after "Source:" where the layout is published.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from xlwings_addin.ledger.formats.declaration import Format

if TYPE_CHECKING:
    from types import ModuleType


@cache
def by_module() -> dict[ModuleType, tuple[Format, ...]]:
    """Every format by the module that declares it, in order of module and declaration."""
    found: dict[ModuleType, tuple[Format, ...]] = {}
    for entry in sorted(iter_modules(__path__), key=lambda one: one.name):
        module = import_module(f"{__name__}.{entry.name}")
        found[module] = tuple(one for one in vars(module).values() if isinstance(one, Format))
    return found


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format declared in a module of this package, in order of module and declaration."""
    return tuple(layout for layouts in by_module().values() for layout in layouts)
