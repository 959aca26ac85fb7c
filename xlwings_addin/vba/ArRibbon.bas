Attribute VB_Name = "ArRibbon"
Option Explicit

' Every button and menu entry of the tab comes here; Python knows them by their id.
Public Sub Pressed(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then
        MsgBox "Open a workbook first; one in Protected View must be enabled for editing.", vbExclamation, "Receivables"
        Exit Sub
    End If
    On Error GoTo failed
    RunPython "from xlwings_addin.ribbon import dispatch; dispatch('" & control.ID & "', '" & ADDIN_VERSION & "')"
    Application.OnTime Now + TimeSerial(0, 0, 15), "'" & ThisWorkbook.Name & "'!ArRibbon.ClearStatusBar"
    Exit Sub
failed:
    Application.StatusBar = False
    MsgBox "Python did not answer: " & Err.Description, vbExclamation, "Receivables"
End Sub

Public Sub ClearStatusBar()
    Application.StatusBar = False
End Sub
