"""Arrow as this package uses it. Untyped on purpose: pyarrow's own annotations lack most of its functions."""

from __future__ import annotations

from importlib import import_module
from typing import Any

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")
pa_csv: Any = import_module("pyarrow.csv")

Cells = Any
"""A `pyarrow.ChunkedArray`: one column of raw cells, text or typed by the file."""
