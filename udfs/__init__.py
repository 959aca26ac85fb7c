"""Receivables metrics as plain functions on numbers and numpy arrays, and the registry that publishes them.

>>> import udfs
>>> udfs.dso(250_000, 1_500_000, 365)
60.83333333333333

Importing this is quick: the functions, and numpy with them, are loaded the first time one is used.
"""

import importlib
import pkgutil
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from udfs._functions import *  # generated from the registry
    from udfs.spec import REGISTRY as REGISTRY

_MODULES = frozenset(module.name for module in pkgutil.iter_modules(__path__))


_LOADING = threading.RLock()
_loaded: list[bool] = []


def load() -> None:
    """Import every module of this package, so that each declares its functions. Repeating it changes nothing.

    Several threads may ask at once: the others wait until the registry is whole.
    """
    if _loaded:
        return
    with _LOADING:
        if _loaded:
            return
        for name in sorted(_MODULES):
            importlib.import_module(f"{__name__}.{name}")
        from udfs.spec import REGISTRY, in_wizard_order

        ordered = in_wizard_order(REGISTRY)
        REGISTRY.clear()
        REGISTRY.update(ordered)
        _loaded.append(True)


if not TYPE_CHECKING:  # which would take any name for one of this package

    def __getattr__(name: str) -> Any:
        """Return a function or the registry by name, loaded at the first use."""
        # Modules that import one another ask here first, before they are all there.
        if name not in _MODULES and (name == "__all__" or not name.startswith("_")):
            public = _public()
            if name in public:
                globals().update(public)
                return public[name]
        raise AttributeError(f"module {__name__!r} from {__path__[0]} has no attribute {name!r}", name=name)

    def __dir__() -> list[str]:
        return __getattr__("__all__")

    def _public() -> dict[str, Any]:
        from udfs.spec import REGISTRY

        load()
        named = {
            "REGISTRY": REGISTRY,
            "load": load,
            **{spec.python.__name__: spec.python for spec in REGISTRY.values()},
        }
        return {**named, "__all__": sorted(named)}
