"""Receivables metrics as plain functions on numbers and numpy arrays, and the registry that publishes them."""

import importlib
import pkgutil

from udfs.spec import REGISTRY, in_wizard_order

__all__ = ["REGISTRY", "load"]


def load() -> None:
    """Import every module of this package, so that each declares its functions. Repeating it changes nothing."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    ordered = in_wizard_order(REGISTRY)
    REGISTRY.clear()
    REGISTRY.update(ordered)
