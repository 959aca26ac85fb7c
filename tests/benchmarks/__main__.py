"""Run one benchmark by name, or list them."""

import importlib
import pkgutil
import sys

from tests import benchmarks

names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")]
chosen = sys.argv[1:]
if not chosen or set(chosen) - set(names):
    sys.exit(f"benchmarks: {', '.join(names)}")
for name in chosen:
    importlib.import_module(f"tests.benchmarks.{name}").main()
