"""Ask for a figure the way Excel does: xlwings' DLL starts Python by a command line, and a function is called there.

A program of its own, for Windows: `python -m xlwings_addin.desktop.udf_server DLL COMMAND` prints what
`AR_DSO(1200, 3650, 365)` gives, or ends with status 1 and the reason as its last line on standard error.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from xlwings_addin.product import FUNCTIONS_MODULE

FUNCTION, ARGUMENTS, ANSWER = "AR_DSO", (1200.0, 3650.0, 365.0), 120.0
"""1200 / 3650 x 365 days."""

_TEXT, _OBJECT = 8, 9
_VARIANT_SIZE = 24
_START, _END = 1, -1


def ask(dll: str, command: str) -> float:
    """Return the function's value; raises `RuntimeError` with the DLL's own words where no Python answers."""
    ctypes: Any = importlib.import_module("ctypes")
    pythoncom: Any = importlib.import_module("pythoncom")
    client: Any = importlib.import_module("win32com.client")
    activate = ctypes.WinDLL(dll).XLPyDLLActivateAuto
    activate.argtypes, activate.restype = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long], ctypes.c_long
    line = command.encode("mbcs")
    result = (ctypes.c_byte * _VARIANT_SIZE)()
    activate(ctypes.addressof(result), line, _START)
    kind, content = ctypes.c_ushort.from_buffer(result).value, ctypes.c_void_p.from_buffer(result, 8).value
    if kind != _OBJECT:
        raise RuntimeError(ctypes.wstring_at(content) if kind == _TEXT else f"the DLL answered with kind {kind}")
    try:
        python = client.Dispatch(pythoncom.ObjectFromAddress(content, pythoncom.IID_IDispatch))
        return float(python.CallUDF(FUNCTIONS_MODULE, FUNCTION, ARGUMENTS))
    finally:
        activate(ctypes.addressof((ctypes.c_byte * _VARIANT_SIZE)()), line, _END)


def main(dll: str, command: str) -> None:
    """Print the answer."""
    try:
        sys.stdout.write(f"{ask(dll, command)!r}\n")
    except Exception as error:  # noqa: BLE001 - whatever it is, doctor shows it as one line
        sys.exit(" ".join(str(error).split()))


if __name__ == "__main__":
    main(*sys.argv[1:])
