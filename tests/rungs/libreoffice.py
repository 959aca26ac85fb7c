"""Rungs 6 and 8: typed `=AR_...` formulas evaluated by Python inside LibreOffice, and pages to look at.

Three processes. LibreOffice has one Basic function per worksheet function; each hands its arguments to an
object that lives in the driver (`rungs/_office_driver.py`, run by the system's Python, which has the UNO
bindings), and the driver passes them over a socket to this process, where the function runs: nothing of
ours needs to be importable by LibreOffice or by the system's Python.

A failed function comes back as a real error of the cell: LibreOffice reads a NaN whose lower half is an
error code as that error, so IFERROR, ISERROR and SUM behave as they do in Excel.
"""

import contextlib
import inspect
import json
import math
import os
import shutil
import signal
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from rungs.tools import needs

DRIVER = Path(__file__).with_name("_office_driver.py")
REPEATED = 29
"""How many arguments a forwarder offers for `*arguments` (Excel itself would take more)."""

ERROR_CODES = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}

Cell = float | str | bool | None
"""A number, a text, TRUE or FALSE, nothing; an error is its text, "#N/A"."""


class FormulaCell(NamedTuple):
    formula: str
    value: Cell


class Difference(NamedTuple):
    sheet: str
    address: str
    formula: str
    cached: Cell
    recalculated: Cell


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A worksheet function as LibreOffice is to know it."""

    name: str
    parameters: int
    call: Callable[..., Any]


# ---------------------------------------------------------------- public


def recalculate_with_libreoffice(
    path: Path, *, functions: Mapping[str, Callable[..., Any]] | None = None, timeout: float = 600
) -> dict[str, dict[str, FormulaCell]]:
    """Every formula cell of a workbook after a hard recalculation: sheet -> address -> formula and value.

    `functions` (name -> callable on cells) are our own registry's unless given.
    """
    soffice, python = needs("soffice"), needs("uno")
    known = _registry() if functions is None else [_forwarded(name, call) for name, call in functions.items()]
    with tempfile.TemporaryDirectory(prefix="receivables-") as folder, _answering(known, Path(folder)) as address:
        work = Path(folder)
        copy = work / f"book{Path(path).suffix}"
        shutil.copyfile(path, copy)  # LibreOffice leaves lock files beside what it opens.
        job, answer = work / "job.json", work / "answer.json"
        job.write_text(
            json.dumps(
                {
                    "soffice": soffice,
                    "profile": str(work / "profile"),
                    "book": str(copy),
                    "basic": _basic(known),
                    "functions": address,
                }
            )
        )
        _run([python, "-I", str(DRIVER), str(job), str(answer)], timeout)
        sheets = json.loads(answer.read_text(encoding="utf-8"))
    return {
        sheet: {address: FormulaCell(formula, value) for address, (formula, value) in cells.items()}
        for sheet, cells in sheets.items()
    }


def compare_cached(
    path: Path,
    *,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    relative: float = 1e-9,
    timeout: float = 600,
) -> list[Difference]:
    """Formula cells whose value in the file is not what LibreOffice and the Python functions make of them."""
    fresh = recalculate_with_libreoffice(path, functions=functions, timeout=timeout)
    stored = cached_values(path)
    differences = []
    for sheet, cells in fresh.items():
        cached = stored.get(sheet, {})
        spilled = _spilled(path, sheet)
        for address, (formula, value) in cells.items():
            # The room of an array beyond its result is #N/A here, or one error all over; in the file it is blank.
            if address in spilled and cached.get(address) is None and value in ("#N/A", cells[spilled[address]].value):
                continue
            if not same(cached.get(address), value, relative):
                differences.append(Difference(sheet, address, formula, cached.get(address), value))
        # What the file calls a formula and LibreOffice does not was lost on loading: also a difference.
        lost = (formula_addresses(path, sheet) | spilled.keys()) - cells.keys()
        differences.extend(Difference(sheet, a, "", cached.get(a), "not a formula any more") for a in sorted(lost))
    return differences


def same(cached: Cell, fresh: Cell, relative: float = 1e-9) -> bool:
    """Equal numbers, texts or errors; a blank and an empty text are the same, TRUE is 1."""
    numbers = isinstance(cached, int | float), isinstance(fresh, int | float)
    if all(numbers):
        return math.isclose(cached, fresh, rel_tol=relative, abs_tol=1e-9)  # type: ignore[arg-type]
    return not any(numbers) and (cached or "") == (fresh or "")


def render(path: Path, folder: Path, *, pages: int | None = None, dpi: int = 80, timeout: float = 600) -> list[Path]:
    """The workbook as a clerk would print it: one PNG per page, at most `pages` of them."""
    soffice, pdftoppm = needs("soffice"), needs("pdftoppm")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="receivables-") as profile:
        arguments = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation={Path(profile).as_uri()}"]
        _run([soffice, *arguments, "--convert-to", "pdf", "--outdir", str(folder), str(path)], timeout)
    pdf = folder / f"{Path(path).stem}.pdf"
    if not pdf.exists():
        raise RuntimeError(f"LibreOffice made no PDF of {path}")
    last = [] if pages is None else ["-l", str(pages)]
    _run([pdftoppm, "-png", "-r", str(dpi), *last, str(pdf), str(folder / pdf.stem)], timeout)
    return sorted(folder.glob(f"{pdf.stem}-*.png"))


# ---------------------------------------------------------------- what the file says


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def cached_values(path: Path) -> dict[str, dict[str, Cell]]:
    """Cell values as the file holds them, formulas' results included, read from the XML itself."""
    return {sheet: {a: value for a, (_, value) in cells.items()} for sheet, cells in _cells(path).items()}


def formula_addresses(path: Path, sheet: str) -> set[str]:
    return {address for address, (formula, _) in _cells(path)[sheet].items() if formula is not None}


def _spilled(path: Path, sheet: str) -> dict[str, str]:
    """Cells that a formula in another cell fills, with that cell."""
    found = {}
    for anchor, (area, _) in _cells(path)[sheet].items():
        if area:
            found |= {f"{get_column_letter(column)}{row}": anchor for row, column in CellRange(area).cells}
            del found[anchor]
    return found


_last_read: tuple[tuple[Path, int, int], dict[str, dict[str, tuple[str | None, Cell]]]] | None = None


def _cells(path: Path) -> dict[str, dict[str, tuple[str | None, Cell]]]:
    global _last_read
    status = Path(path).stat()
    key = (Path(path), status.st_mtime_ns, status.st_size)
    if _last_read is None or _last_read[0] != key:
        _last_read = (key, _read_cells(path))
    return _last_read[1]


def _read_cells(path: Path) -> dict[str, dict[str, tuple[str | None, Cell]]]:
    with zipfile.ZipFile(path) as package:
        book = ET.fromstring(package.read("xl/workbook.xml"))
        relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        target = {one.get("Id"): one.get("Target", "") for one in relations}
        strings: list[str] = []
        if "xl/sharedStrings.xml" in package.namelist():
            for entry in ET.fromstring(package.read("xl/sharedStrings.xml")):
                strings.append("".join(t.text or "" for t in entry.iter(f"{_MAIN}t")))
        sheets = {}
        for sheet in book.iter(f"{_MAIN}sheet"):
            part = target[sheet.get(f"{_RELATION}id")]
            name = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
            if "worksheets/" in name:
                with package.open(name) as stream:
                    sheets[sheet.get("name", "")] = dict(_cells_of(stream, strings))
        return sheets


def _cells_of(stream: Any, strings: list[str]) -> Iterator[tuple[str, tuple[str | None, Cell]]]:
    """Each cell's address, its value, and None without a formula, else the area of its array or ""."""
    for _, row in ET.iterparse(stream):
        if row.tag != f"{_MAIN}row":
            continue
        for cell in row:
            formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
            text = value.text if value is not None and value.text else ""
            kind = cell.get("t", "n")
            result: Cell
            if kind == "inlineStr":
                result = "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
            elif value is None:
                result = None
            elif kind == "s":
                result = strings[int(text)]
            elif kind == "b":
                result = text == "1"
            elif kind == "n":
                result = float(text) if text else None
            else:
                result = text
            area = None if formula is None else formula.get("ref", "") if formula.get("t") == "array" else ""
            yield cell.get("r", ""), (area, result)
        row.clear()


# ---------------------------------------------------------------- the functions, and the line to them


def _registry() -> list[Forwarded]:
    import udfs
    from udfs import boundary

    udfs.load()

    def forward(name: str) -> Callable[..., Any]:
        return lambda *cells: boundary.call(name, *cells)

    return [
        Forwarded(spec.name, _parameter_count(spec.python), forward(spec.name))
        for spec in (udfs.REGISTRY[key] for key in udfs.REGISTRY)
    ]


def _forwarded(name: str, call: Callable[..., Any]) -> Forwarded:
    return Forwarded(name, _parameter_count(call), call)


def _parameter_count(call: Callable[..., Any]) -> int:
    parameters = inspect.signature(call).parameters.values()
    return sum(REPEATED if p.kind is p.VAR_POSITIONAL else 1 for p in parameters if p.kind is not p.KEYWORD_ONLY)


@contextlib.contextmanager
def _answering(functions: list[Forwarded], folder: Path) -> Iterator[str]:
    """Serve the functions on a socket in `folder` for as long as the block lasts."""
    by_name = {one.name: one.call for one in functions}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            while size := self.rfile.read(4):
                name, *cells = json.loads(self.rfile.read(struct.unpack("<I", size)[0]))
                answer = json.dumps(_answer(by_name[name], cells)).encode()
                self.wfile.write(struct.pack("<I", len(answer)) + answer)

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True
        block_on_close = False

    address = str(folder / "functions.sock")
    with Server(address, Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join(timeout=10)


def _answer(call: Callable[..., Any], cells: list[Any]) -> Any:
    """The result as JSON can carry it, errors as [code]: a list of one number is nothing else here."""
    try:
        result = call(*cells)
    except Exception as error:  # noqa: BLE001 - whatever it is, the cell shows it
        # A text no cached value will equal, so that the comparison shows what went wrong.
        return f"#PYTHON {type(error).__name__}: {error}"
    if hasattr(result, "tolist"):
        result = result.tolist()
    if isinstance(result, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in result]
        return {"rows": [[_one(value) for value in row] for row in rows]}
    return _one(result)


def _one(value: Any) -> Any:
    if isinstance(value, str):
        code = ERROR_CODES.get(value)
        return value if code is None else [code]
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    number = float(value)
    return number if math.isfinite(number) else [ERROR_CODES["#NUM!"]]


# ---------------------------------------------------------------- LibreOffice's side, as text


_BASIC_HEAD = """Global line As Object

Sub Connect(theLine)
  line = theLine
End Sub

Function Forward(functionName As String, cells, count As Integer)
  Dim answer, i, j, top, side
  answer = line.invoke(Array(functionName, cells, count), Array(), Array())
  If Not IsArray(answer) Then
    Forward = answer
    Exit Function
  End If
  top = UBound(answer)
  side = UBound(answer(0))
  Dim grid(top, side)
  For i = 0 To top
    For j = 0 To side
      grid(i, j) = answer(i)(j)
    Next j
  Next i
  Forward = grid
End Function
"""


def _basic(functions: list[Forwarded]) -> str:
    """One forwarder per function; parameter names are ours, as Basic has its own opinion on `date` or `next`."""
    parts = [_BASIC_HEAD]
    for one in functions:
        names = [f"a{i}" for i in range(one.parameters)]
        given = "\n".join(
            f"  If Not IsMissing({name}) Then\n    cells({i}) = {name}\n    count = {i + 1}\n  End If"
            for i, name in enumerate(names)
        )
        head = ", ".join(f"Optional {name}" for name in names)
        parts.append(
            f"Function {one.name}({head})\n"
            f"  Dim cells({max(0, one.parameters - 1)})\n"
            f"  Dim count As Integer\n{given}\n"
            f'  {one.name} = Forward("{one.name}", cells, count)\n'
            "End Function\n"
        )
    return "\n".join(parts)


def _run(command: list[str], timeout: float) -> None:
    """Run to the end or for `timeout` seconds; whatever is then left of its process group, which is ours, is ended."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            status = process.wait(timeout)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
        said.seek(0)
        output = said.read().decode(errors="replace").strip()
    if status:
        raise RuntimeError(f"{Path(command[0]).name} ended with status {status}: {output[-2000:]}")
