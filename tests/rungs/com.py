"""Rung 2: what xlwings does on Windows, done here: its own `udfs.py`, `com_server.py` and `_xlwindows.py`, unmodified.

Only pywin32 and `ctypes.windll` are stood in for. Cells are handed over as pywin32 hands them over, and everything
between them and the function, the decorators, the converters and the generator of VBA, is the code that ships.
"""

import atexit
import contextlib
import ctypes
import datetime as dt
import importlib
import io
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xlwings

from udfs.errors import excel_text

RANGE = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572
"""An omitted argument, DISP_E_PARAMNOTFOUND."""
PACKAGE = "xlwings_addin"
MODULE = f"{PACKAGE}.worksheet_functions"
WINDOWS_ONLY = ("_xlwindows", "_win32patch", "udfs", "com_server")
STOOD_IN = (
    "pywintypes", "pythoncom", "win32api", "win32con", "win32gui", "win32process", "win32event", "win32timezone",
    "win32com", "win32com.client", "win32com.server", "win32com.server.util", "win32com.server.policy",
    "win32com.server.dispatcher", "win32com.server.exception",
)  # fmt: skip
DECORATORS = {"func": "xlfunc", "arg": "xlarg", "ret": "xlret", "script": "xlsub"}


def error(code: int) -> int:
    """An error cell as pywin32 hands it over: 2007 is #DIV/0!, 2045 is #SPILL!."""
    return code - 2146828288


class Time(dt.datetime):
    """A date cell as pywin32 hands it over: with a time zone that means nothing."""

    @classmethod
    def of(cls, year: int, month: int, day: int, hour: int = 0) -> "Time":
        return cls(year, month, day, hour, tzinfo=dt.UTC)


class Range:
    """A range of cells as Excel passes it: an object whose value is one cell, or a tuple of rows."""

    def __init__(self, value: object) -> None:
        if isinstance(value, list):
            rows = [row if isinstance(row, list) else [row] for row in value]
            value = rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else tuple(map(tuple, rows))
        self.Value = value
        height, width = (len(value), len(value[0])) if isinstance(value, tuple) else (1, 1)
        self.Row = self.Column = 1
        self.Rows, self.Columns = types.SimpleNamespace(Count=height), types.SimpleNamespace(Count=width)
        book = types.SimpleNamespace(Name="Book1.xlsx", Application=types.SimpleNamespace(Hwnd=1))
        self.Worksheet = types.SimpleNamespace(Name="Sheet1", Parent=book)
        kind = types.SimpleNamespace(GetTypeAttr=lambda: types.SimpleNamespace(iid=RANGE))
        self._oleobj_ = types.SimpleNamespace(GetTypeInfo=lambda: kind)


@dataclass(frozen=True, slots=True)
class Windows:
    """xlwings as it is on Windows, and our module as loaded there."""

    functions: ModuleType
    udfs: ModuleType
    com_server: ModuleType

    def call(self, function: str, *arguments: object) -> Any:
        """What a wrapper's `XLPy.CallUDF(module, function, Array(...))` gives to VBA."""
        return self.com_server.XLPython().CallUDF(MODULE, function, arguments, None, Range(None))

    def vba(self, addin: str = "Receivables.xlam") -> str:
        """The wrappers as xlwings' own generator writes them."""
        text = io.StringIO()
        self.udfs.generate_vba_wrapper(MODULE, self.functions, text, types.SimpleNamespace(Name=addin))
        return text.getvalue()


@contextlib.contextmanager
def xlwings_on_windows() -> Iterator[Windows]:
    """xlwings with the code it runs on Windows, and our module loaded afresh under it; afterwards all is as before."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as closing:
        for package, names in (("xlwings", WINDOWS_ONLY), (PACKAGE, ("worksheet_functions",))):
            for name in names:
                patch.setattr(f"{package}.{name}", None, raising=False)
                patch.setitem(sys.modules, f"{package}.{name}", None)  # so that what comes now is forgotten again
                del sys.modules[f"{package}.{name}"]
        for name, module in _pywin32().items():
            patch.setitem(sys.modules, name, module)
        with pytest.MonkeyPatch.context() as libraries:
            for name in ("windll", "oledll", "PyDLL"):
                libraries.setattr(ctypes, name, _Anything(), raising=False)
            desktop = importlib.import_module("xlwings._xlwindows")
        atexit.unregister(desktop.cleanup)  # It would look for processes of Excel.
        for name, value in {
            "engines": list(xlwings.engines),
            "engines_by_name": dict(xlwings.engines.engines_by_name),
            "active": None,
        }.items():
            patch.setattr(xlwings.engines, name, value)
        xlwings.engines.add(xlwings.Engine(impl=desktop.engine))
        xlwings.engines.active = xlwings.engines["excel"]
        udfs = importlib.import_module("xlwings.udfs")
        com_server = importlib.import_module("xlwings.com_server")
        closing.callback(com_server.loop.close)
        closing.callback(udfs.com_executor.shutdown)
        for name, real in DECORATORS.items():  # as xlwings/__init__.py does there
            patch.setattr(xlwings, name, getattr(udfs, real))
        yield Windows(importlib.import_module(MODULE), udfs, com_server)


class _Anything:
    """Whatever is asked of a DLL: done."""

    def __getattr__(self, name: str) -> "_Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: object, **__: object) -> "_Anything":
        return self


class _ComError(Exception):
    hresult = 0


def _pywin32() -> dict[str, ModuleType]:
    def nothing(*_: object) -> None:
        return None

    def unwrapped(wrapped: object) -> object:
        raise _ComError("no object of ours")  # what pywin32 says of a value

    found = {name: ModuleType(name) for name in STOOD_IN}
    vars(found["pywintypes"]).update(com_error=_ComError, error=_ComError, TimeType=Time, IID=str)
    vars(found["pythoncom"]).update(
        CoInitialize=nothing,
        __file__="",
        IID_IDispatch="IDispatch",
        TypeIIDs={"IDispatch": type("PyIDispatch", (), {})},
        com_error=_ComError,
        ole_error=_ComError,
    )
    vars(found["win32process"]).update(GetWindowThreadProcessId=lambda window: (window, window))
    vars(found["win32timezone"]).update(TimeZoneInfo=types.SimpleNamespace(utc=lambda: dt.UTC))
    classes = {name: type(name, (), {}) for name in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass")}
    vars(found["win32com.client"]).update(classes, Dispatch=lambda thing: thing, DispatchEx=nothing)
    vars(found["win32com.server.util"]).update(wrap=lambda thing: thing, unwrap=unwrapped)
    for name in STOOD_IN:
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(found[parent], child, found[name])
    return found


def as_sent(result: Any) -> Any:
    """What a result of Python is to VBA: a value, a row as a flat list, or rows; errors as their texts."""
    if isinstance(result, np.ndarray):
        result = np.atleast_2d(result).tolist()
    rows = result if isinstance(result, list) else [[result]]
    shown = [[cell if isinstance(cell, str) or np.isfinite(cell) else excel_text(cell) for cell in row] for row in rows]
    if len(shown) == 1:
        return shown[0][0] if len(shown[0]) == 1 else shown[0]
    return shown


def column(cells: object) -> object:
    """A list fills a column."""
    return [[cell] for cell in cells] if isinstance(cells, list) and not isinstance(cells[0], list) else cells
