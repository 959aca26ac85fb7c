"""Rung 5: the add-in's VBA project read back by strangers to what wrote it, compiled and run in LibreOffice.

LibreOffice opens no .xlam, so the same modules go into an .xlsm twin. Two of them it cannot compile, xlwings' own and
its dictionary: stand-ins for these answer as Python would.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import xlsxwriter

from rungs.libreoffice import _run
from rungs.tools import needs
from xlwings_addin.build.addin import vba_project
from xlwings_addin.build.vba import Module

DRIVER = Path(__file__).with_name("_vba_driver.py")
STOOD_IN = ("xlwings", "Dictionary")

FAKES = (
    Module(
        "xlwings",
        "standard",
        """Attribute VB_Name = "xlwings"
Option Explicit

Public LastCommand As String
Public TimesConnected As Long

Public Function XLPy() As Object
    TimesConnected = TimesConnected + 1
    Set XLPy = New FakePython
End Function

Public Function RunPython(PythonCommand As String)
    LastCommand = PythonCommand
End Function
""",
    ),
    Module(
        "FakePython",
        "class",
        """Option Explicit

Public Function CallUDF(moduleName As String, functionName As String, arguments As Variant) As Variant
    Dim grid(1 To 2, 1 To 2) As Variant
    Select Case functionName
        Case "AR_DSO"
            If arguments(1) = 0 Then
                CallUDF = "#DIV/0!"
            Else
                CallUDF = arguments(0) / arguments(1) * arguments(2)
            End If
        Case "AR_AGING"
            grid(1, 1) = "Customer"
            grid(1, 2) = 12.5
            grid(2, 1) = "#N/A"
            grid(2, 2) = "#VALUE!"
            CallUDF = grid
        Case "AR_BUCKET"
            CallUDF = Array("#NUM!", "Current")
        Case "AR_EXPLAIN"
            CallUDF = moduleName & "|" & arguments(0) & "|" & UBound(arguments)
        Case Else
            Err.Raise 1000, "Python", "a traceback"
    End Select
End Function
""",
    ),
    Module(
        "FakeControl",
        "class",
        """Option Explicit

Public ID As String
""",
    ),
    Module(
        "Checks",
        "standard",
        """Attribute VB_Name = "Checks"
Option Explicit

Public Function Pressed(controlId As String) As String
    Dim control As New FakeControl
    control.ID = controlId
    On Error Resume Next
    ArRibbon.Pressed control
    Pressed = LastCommand
End Function

Public Function Shown(value As Variant) As String
    If IsError(value) Then
        Shown = "error " & CStr(value)
    Else
        Shown = TypeName(value) & " " & CStr(value)
    End If
End Function

Public Function Dso(receivables As Double, sales As Double) As String
    Dso = Shown(AR_DSO(receivables, sales, 365))
End Function

Public Function Failing() As String
    Failing = Shown(AR_CEI(1, 2, 3, 4))
End Function

Public Function Grid() As String
    Dim cells As Variant
    cells = AR_AGING(1, 2, 3, 4)
    Grid = Shown(cells(1, 1)) & ", " & Shown(cells(1, 2)) & ", " & Shown(cells(2, 1)) & ", " & Shown(cells(2, 2))
End Function

Public Function Row() As String
    Dim cells As Variant
    cells = AR_BUCKET(1, 2)
    Row = Shown(cells(0)) & ", " & Shown(cells(1))
End Function

Public Function Explained() As String
    Explained = AR_EXPLAIN("AR_DSO", 1, 2, 3)
End Function

Public Function Connected() As Long
    Connected = TimesConnected
End Function
""",
    ),
)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook to open in LibreOffice, what to call in it and what to type into its first sheet."""

    path: Path
    compiled: list[str] = field(default_factory=list)
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examined:
    """What LibreOffice made of it. A module that compiles answers 42."""

    modules: Mapping[str, str]
    calls: list[Any]
    cells: Mapping[str, tuple[str, int]]
    compiled: Mapping[str, Any]


def twin(path: Path, project: Iterable[Module]) -> list[str]:
    """Write the .xlsm twin of the add-in; returns the names of the modules it shares with it."""
    shared = [module for module in project if module.name not in STOOD_IN]
    plain = path.with_suffix(".plain.xlsm")
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("Typed")
    vba = path.with_suffix(".bin")
    vba.write_bytes(vba_project(plain, [*shared, *FAKES]))
    with xlsxwriter.Workbook(path) as book:
        book.add_vba_project(str(vba))
        book.set_vba_name("ThisWorkbook")
        book.add_worksheet("Typed").set_vba_name("Sheet1")
    return [module.name for module in shared]


def damaged(project: Iterable[Module], name: str, old: str, new: str) -> list[Module]:
    """The project with one text of one module changed, which must be there."""
    found = []
    for module in project:
        if module.name == name:
            assert old in module.text, f"{old!r} is not in {name}"
            module = replace(module, text=module.text.replace(old, new, 1))
        found.append(module)
    return found


def examine(*books: Book, timeout: float = 300) -> list[Examined]:
    """Open the workbooks in one LibreOffice."""
    soffice, python = needs("soffice"), needs("uno")
    with tempfile.TemporaryDirectory(prefix="receivables-") as folder:
        work = Path(folder)
        job, answer = work / "job.json", work / "answer.json"
        asked = [
            {"path": str(one.path), "compiled": one.compiled, "calls": one.calls, "cells": one.cells} for one in books
        ]
        job.write_text(json.dumps({"soffice": soffice, "profile": str(work / "profile"), "books": asked}))
        _run([python, "-I", str(DRIVER), str(job), str(answer)], timeout)
        return [Examined(**one) for one in json.loads(answer.read_text(encoding="utf-8"))]
