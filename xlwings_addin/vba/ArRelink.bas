Attribute VB_Name = "ArRelink"
Option Explicit
Option Private Module

' Enters again the AR_ formulas that name another PC's add-in or show #NAME?, unless protected; returns how many.
Public Function Relink(bookName As String) As Long
    Dim sheet As Worksheet, events As Boolean
    events = Application.EnableEvents
    Application.EnableEvents = False
    On Error GoTo done
    For Each sheet In Workbooks(bookName).Worksheets
        If Not sheet.ProtectContents Then Relink = Relink + RelinkSheet(sheet)
    Next sheet
done:
    Application.EnableEvents = events
End Function

Private Function RelinkSheet(sheet As Worksheet) As Long
    Dim cell As Object, found As New Collection
    Set cell = sheet.UsedRange.Find("AR_", LookIn:=xlFormulas, LookAt:=xlPart, MatchCase:=False)
    On Error Resume Next
    ' All are found before any changes; an address that is a key already says that the search has come round.
    Do Until cell Is Nothing Or Err.Number <> 0
        found.Add cell, cell.Address
        Set cell = sheet.UsedRange.FindNext(cell)
    Loop
    On Error GoTo 0
    For Each cell In found
        If IsForeign(cell) Then EnterAnew cell: RelinkSheet = RelinkSheet + 1
    Next cell
End Function

Private Function IsForeign(cell As Object) As Boolean
    If Not cell.HasFormula Then Exit Function
    IsForeign = (WithoutLink(cell.Formula) <> cell.Formula)
    If IsError(cell.Value) Then IsForeign = IsForeign Or CLng(cell.Value) = xlErrName
End Function

Private Sub EnterAnew(cell As Object)
    Dim spills As Boolean
    On Error Resume Next
    spills = cell.HasSpill
    If spills Then If cell.SpillParent.Address <> cell.Address Then Exit Sub
    If cell.HasArray And Not spills Then
        cell.CurrentArray.FormulaArray = WithoutLink(cell.FormulaArray)
    Else
        Err.Clear
        cell.Formula2 = WithoutLink(cell.Formula2)
        ' Excel before dynamic arrays has neither a spill nor a second formula.
        If Err.Number <> 0 Then cell.Formula = WithoutLink(cell.Formula)
    End If
End Sub

Public Function WithoutLink(ByVal formula As String) As String
    Dim first As Long, last As Long
    Do
        last = InStr(1, formula, ThisWorkbook.Name & "'!", vbTextCompare)
        first = InStrRev(formula, "'", last - 1)
        Do While Mid$("  " & formula, first + 1, 1) = "'" ' an apostrophe in the path stands there twice
            first = InStrRev(formula, "'", first - 2)
        Loop
        If first = 0 Or last = 0 Then Exit Do
        formula = Left$(formula, first - 1) & Mid$(formula, last + Len(ThisWorkbook.Name) + 2)
    Loop
    WithoutLink = Replace(formula, ThisWorkbook.Name & "!", "", 1, -1, vbTextCompare)
End Function
