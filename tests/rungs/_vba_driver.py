"""Open a workbook with VBA in LibreOffice, compile every module and run macros: runs under the system's Python.

Usage: python3 _vba_driver.py job.json answer.json
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from _office_driver import office

SENTINEL = "\n\nPublic Function {name}()\n    {name} = 42\nEnd Function\n"


def main(job_file, answer_file):
    job = json.loads(Path(job_file).read_text())
    with office(job) as (_, desktop):
        answer = [examine(desktop, **book) for book in job["books"]]
    Path(answer_file).write_text(json.dumps(answer), encoding="utf-8")


def examine(desktop, path, compiled, calls, cells):
    from com.sun.star.beans import PropertyValue

    def option(name, value):
        one = PropertyValue()
        one.Name, one.Value = name, value
        return one

    options = (option("Hidden", True), option("MacroExecutionMode", 4))
    document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, options)
    if document is None:
        raise RuntimeError("LibreOffice could not load the workbook")
    try:
        libraries = document.BasicLibraries
        project = next(name for name in libraries.ElementNames if name != "Standard")
        library = libraries.getByName(project)
        scripts = document.getScriptProvider()

        def run(macro, *arguments):
            where = f"vnd.sun.star.script:{project}.{macro}?language=Basic&location=document"
            try:
                return plain(scripts.getScript(where).invoke(arguments, (), ())[0])
            except Exception as error:  # noqa: BLE001 - what went wrong is the answer
                return {"error": " ".join(str(error).split())}

        modules = {name: library.getByName(name) for name in library.ElementNames}
        called = [run(macro, *arguments) for macro, arguments in calls]
        sheet = document.Sheets.getByIndex(0)
        for address, formula in cells.items():
            sheet.getCellRangeByName(address).Formula = formula
        document.calculateAll()
        shown = {}
        for address in cells:
            cell = sheet.getCellRangeByName(address)
            shown[address] = [cell.String, cell.getError()]
        compiled_as = {}
        for name in compiled:
            # A module is compiled as a whole when something of it is first called.
            sentinel = f"Sentinel{name}"
            library.replaceByName(name, modules[name] + SENTINEL.format(name=sentinel))
            compiled_as[name] = run(f"{name}.{sentinel}")
        return {"modules": modules, "calls": called, "cells": shown, "compiled": compiled_as}
    finally:
        document.close(True)


def plain(value):
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value if isinstance(value, (int, float, str, bool)) or value is None else {"object": str(value)}


if __name__ == "__main__":
    main(*sys.argv[1:])
