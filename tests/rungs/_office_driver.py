"""Open a workbook in LibreOffice, recalculate it and write down its formula cells: runs under the system's Python.

Usage: python3 _office_driver.py job.json answer.json
"""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

START_TIMEOUT = 120
CELL_ERRORS = {
    521: "#NULL!",
    532: "#DIV/0!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    503: "#NUM!",
    32767: "#N/A",
}
FORMULA = 16
VALUES, TEXTS, ERRORS = 1, 2, 4


@contextlib.contextmanager
def office(job):
    """A LibreOffice of our own under the job's profile: its context and its desktop; ended with the block."""
    pipe = f"receivables{os.getpid()}"
    process = subprocess.Popen(
        [
            job["soffice"],
            "--headless",
            "--invisible",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={Path(job['profile']).as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    desktop = None
    try:
        context = connect(pipe, process)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        yield context, desktop
    finally:
        with contextlib.suppress(Exception):
            desktop.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def main(job_file, answer_file):
    job = json.loads(Path(job_file).read_text())
    with office(job) as (context, desktop):
        insert_functions(context, job["basic"], job["functions"])
        answer = read(desktop, Path(job["book"]).as_uri())
    Path(answer_file).write_text(json.dumps(answer), encoding="utf-8")


def connect(pipe, office):
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    begun = time.monotonic()
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if office.poll() is not None or time.monotonic() - begun > START_TIMEOUT:
                raise
            time.sleep(0.1)


def insert_functions(context, basic, address):
    """Before the workbook is loaded: names unknown at that moment stay unknown."""
    libraries = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.script.ApplicationScriptLibraryContainer", context
    )
    if not libraries.hasByName("Standard"):
        libraries.createLibrary("Standard")
    libraries.loadLibrary("Standard")
    libraries.getByName("Standard").insertByName("Functions", basic)
    master = "com.sun.star.script.provider.MasterScriptProviderFactory"
    scripts = context.ServiceManager.createInstanceWithContext(master, context).createScriptProvider("")
    where = "vnd.sun.star.script:Standard.Functions.Connect?language=Basic&location=application"
    scripts.getScript(where).invoke((line_to(address),), (), ())


def line_to(address):
    """An object Basic can call: it passes function names and cells on to the process that has the functions."""
    import unohelper
    from com.sun.star.script.provider import XScript

    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    answers = connection.makefile("rb")

    class Line(unohelper.Base, XScript):
        def invoke(self, parameters, _out_index, _out):
            return answer(*parameters), (), ()

    def answer(name, cells, count):
        try:
            sent = json.dumps([name, *(plain(one) for one in cells[: int(count)])]).encode()
            connection.sendall(struct.pack("<I", len(sent)) + sent)
            got = json.loads(answers.read(struct.unpack("<I", answers.read(4))[0]))
            if isinstance(got, dict):
                return tuple(tuple(cell(one) for one in row) for row in got["rows"])
            return cell(got)
        except Exception as error:  # noqa: BLE001 - it would vanish inside LibreOffice
            return f"#PYTHON {error!r}"

    return Line()


def plain(value):
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    raise TypeError(f"an argument of a kind nobody expects: {value!r:.80}")


def cell(value):
    """A NaN with an error code in its lower half is that error to LibreOffice."""
    if isinstance(value, list):
        return struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | value[0]))[0]
    return value


def read(desktop, url):
    from com.sun.star.beans import PropertyValue

    def option(name, value):
        one = PropertyValue()
        one.Name, one.Value = name, value
        return one

    document = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", True), option("MacroExecutionMode", 4)))
    if document is None:
        raise RuntimeError("LibreOffice could not load the workbook")
    try:
        document.calculateAll()
        return {sheet.Name: dict(formula_cells(sheet)) for sheet in document.Sheets}
    finally:
        document.close(True)


def formula_cells(sheet):
    for block in sheet.queryContentCells(FORMULA):
        where = block.RangeAddress
        formulas, values = block.getFormulaArray(), block.getDataArray()
        errors = set()
        for bad in block.queryFormulaCells(ERRORS):
            r = bad.RangeAddress
            for row in range(r.StartRow, r.EndRow + 1):
                errors.update((row, column) for column in range(r.StartColumn, r.EndColumn + 1))
        for i, (formula_row, value_row) in enumerate(zip(formulas, values, strict=True)):
            for j, (formula, value) in enumerate(zip(formula_row, value_row, strict=True)):
                row, column = where.StartRow + i, where.StartColumn + j
                if (row, column) in errors:
                    code = sheet.getCellByPosition(column, row).getError()
                    value = CELL_ERRORS.get(code, f"Err:{code}")
                yield f"{letters(column)}{row + 1}", (formula, value)


def letters(column):
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


if __name__ == "__main__":
    main(*sys.argv[1:])
