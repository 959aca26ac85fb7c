"""Call worksheet functions on Windows as VBA does: runs under Windows' Python, with its standard library alone.

It loads xlwings' DLL, has it start the COM server by the command line that VBA builds, and calls `CallUDF` by late
binding with variants made by hand: pywin32 could not send an error value (it makes an omitted argument of each).

Usage: python _wine_client.py job.json answers.json
"""

import ctypes
import json
import statistics
import sys
import time
from pathlib import Path

EMPTY, INTEGER, NUMBER, MONEY, DATE, TEXT, DISPATCH, ERROR, TRUTH, ANY, ARRAY = 0, 3, 5, 6, 7, 8, 9, 10, 11, 12, 0x2000
LONG_LONG = 20
OMITTED = -2147352572
ERRORS = -2146828288
METHOD = 1
FAILED = -2147352567
ole, oleaut = ctypes.WinDLL("ole32"), ctypes.WinDLL("oleaut32")


class Variant(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_ushort), ("reserved", ctypes.c_ushort * 3), ("content", ctypes.c_byte * 16))

    def put(self, kind, ctype, value):
        self.kind = kind
        ctype.from_buffer(self, 8).value = value

    def get(self, ctype):
        return ctype.from_buffer(self, 8).value


class Bound(ctypes.Structure):
    _fields_ = (("count", ctypes.c_ulong), ("first", ctypes.c_long))


class Arguments(ctypes.Structure):
    _fields_ = (
        ("values", ctypes.c_void_p),
        ("names", ctypes.c_void_p),
        ("count", ctypes.c_uint),
        ("named", ctypes.c_uint),
    )


class Excuse(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort),
        ("source", ctypes.c_void_p),
        ("description", ctypes.c_void_p),
        ("help_file", ctypes.c_void_p),
        ("help_context", ctypes.c_ulong),
        ("pointer", ctypes.c_void_p),
        ("deferred", ctypes.c_void_p),
        ("scode", ctypes.c_long),
    )


oleaut.SysAllocString.restype = oleaut.SafeArrayCreate.restype = ctypes.c_void_p
oleaut.SysAllocString.argtypes = [ctypes.c_wchar_p]
oleaut.SafeArrayAccessData.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]
oleaut.SafeArrayUnaccessData.argtypes = oleaut.SafeArrayGetDim.argtypes = [ctypes.c_void_p]
for name in ("SafeArrayGetUBound", "SafeArrayGetLBound"):
    getattr(oleaut, name).argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.POINTER(ctypes.c_long)]


def fill(variant, cell):
    """A cell of the job as VBA would hold it."""
    if isinstance(cell, list):
        return fill_array(variant, cell, first=1)  # Excel's own arrays begin at 1
    if cell is None:
        variant.kind = EMPTY
    elif isinstance(cell, bool):
        variant.put(TRUTH, ctypes.c_short, -cell)
    elif isinstance(cell, (int, float)):
        variant.put(NUMBER, ctypes.c_double, cell)
    elif isinstance(cell, str):
        variant.put(TEXT, ctypes.c_void_p, oleaut.SysAllocString(cell))
    else:
        ((kind, value),) = cell.items()
        if kind == "money":
            variant.put(MONEY, ctypes.c_longlong, value)
        elif kind == "date":
            variant.put(DATE, ctypes.c_double, value)
        elif kind == "error":
            variant.put(ERROR, ctypes.c_long, ERRORS + value)
        else:
            variant.put(ERROR, ctypes.c_long, OMITTED)
    return variant


def fill_array(variant, rows, first):
    shape = (len(rows), len(rows[0])) if first else (len(rows),)
    bounds = (Bound * len(shape))(*(Bound(count, first) for count in shape))
    array = ctypes.c_void_p(oleaut.SafeArrayCreate(ANY, len(shape), bounds))
    columns = list(zip(*rows, strict=True)) if first else [rows]
    flat = [cell for one in columns for cell in one]
    data = ctypes.c_void_p()
    oleaut.SafeArrayAccessData(array, ctypes.byref(data))
    for place, cell in zip((Variant * len(flat)).from_address(data.value) if flat else (), flat, strict=True):
        fill(place, cell)
    oleaut.SafeArrayUnaccessData(array)
    variant.put(ARRAY | ANY, ctypes.c_void_p, array.value)
    return variant


def value_of(variant):
    """A result as VBA would see it."""
    if variant.kind == EMPTY:
        return None
    if variant.kind == TEXT:
        return ctypes.wstring_at(variant.get(ctypes.c_void_p))
    for kind, ctype in ((NUMBER, ctypes.c_double), (INTEGER, ctypes.c_long), (LONG_LONG, ctypes.c_longlong)):
        if variant.kind == kind:
            return variant.get(ctype)
    if variant.kind != ARRAY | ANY:
        return {"kind": variant.kind, "long": variant.get(ctypes.c_long)}
    array = variant.get(ctypes.c_void_p)
    shape = []
    for dimension in range(1, oleaut.SafeArrayGetDim(array) + 1):
        low, high = ctypes.c_long(), ctypes.c_long()
        oleaut.SafeArrayGetLBound(array, dimension, ctypes.byref(low))
        oleaut.SafeArrayGetUBound(array, dimension, ctypes.byref(high))
        shape.append(high.value - low.value + 1)
    data = ctypes.c_void_p()
    oleaut.SafeArrayAccessData(array, ctypes.byref(data))
    count = shape[0] * (shape[1] if len(shape) > 1 else 1)
    flat = [value_of(one) for one in (Variant * count).from_address(data.value)]
    oleaut.SafeArrayUnaccessData(array)
    return flat if len(shape) == 1 else [flat[row :: shape[0]] for row in range(shape[0])]


class Server:
    """The object that `XLPy` is to VBA."""

    def __init__(self, dll, command):
        self.activate = ctypes.WinDLL(dll).XLPyDLLActivateAuto
        self.activate.argtypes, self.activate.restype = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long], ctypes.c_long
        self.command = command.encode("mbcs")  # as VBA hands text to a DLL
        result = Variant()
        if self.activate(ctypes.addressof(result), self.command, 1) or result.kind != DISPATCH:
            raise RuntimeError(f"the COM server did not start: {value_of(result)}")
        self.object = result.get(ctypes.c_void_p)
        methods = ctypes.cast(self.object, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
        this, long, pointer = ctypes.c_void_p, ctypes.c_long, ctypes.c_void_p
        ids = ctypes.WINFUNCTYPE(long, this, pointer, pointer, ctypes.c_uint, ctypes.c_ulong, pointer)(methods[5])
        invoked = ctypes.WINFUNCTYPE(
            long, this, long, pointer, ctypes.c_ulong, ctypes.c_ushort, pointer, pointer, pointer, pointer
        )
        self.invoke = invoked(methods[6])
        self.nothing = (ctypes.c_byte * 16)()
        names, found = (ctypes.c_wchar_p * 1)("CallUDF"), ctypes.c_long()
        if ids(self.object, ctypes.addressof(self.nothing), ctypes.addressof(names), 1, 0, ctypes.addressof(found)):
            raise RuntimeError("the COM server has no CallUDF")
        self.call_udf = found.value

    def call(self, module, function, cells):
        values = (Variant * 3)()  # in reverse order, as COM wants them
        fill_array(values[0], cells, first=0)
        fill(values[1], function)
        fill(values[2], module)
        arguments = Arguments(ctypes.addressof(values), None, 3, 0)
        result, excuse = Variant(), Excuse()
        failed = self.invoke(
            self.object, self.call_udf, ctypes.addressof(self.nothing), 0, METHOD,
            ctypes.addressof(arguments), ctypes.addressof(result), ctypes.addressof(excuse), None,
        )  # fmt: skip
        try:
            if failed:
                return {"raised": ctypes.wstring_at(excuse.description) if failed == FAILED else hex(failed)}
            return value_of(result)
        finally:
            for one in (*values, result):
                oleaut.VariantClear(ctypes.byref(one))

    def end(self):
        self.activate(ctypes.addressof(Variant()), self.command, -1)


def main(job_file, answers_file):
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    ole.CoInitialize(None)
    begun = time.perf_counter()
    server = Server(job["dll"], job["command"])
    try:
        first = server.call(job["module"], *job["timed"][0][:2])
        answers = {"start": time.perf_counter() - begun, "first": first}
        answers["results"] = [server.call(job["module"], *call) for call in job["calls"]]
        answers["milliseconds"] = []
        for function, cells, repeats in job["timed"]:
            took = []
            for _ in range(repeats):
                begun = time.perf_counter()
                server.call(job["module"], function, cells)
                took.append((time.perf_counter() - begun) * 1000)
            answers["milliseconds"].append(statistics.median(took))
    finally:
        server.end()
    Path(answers_file).write_text(json.dumps(answers), encoding="utf-8")
    print("done", flush=True)


main(*sys.argv[1:])
