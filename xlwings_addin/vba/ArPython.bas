Attribute VB_Name = "ArPython"
Option Explicit
Option Private Module

Private held As Object

' Python is kept: to look it up for every cell would read the settings a dozen times each. The parentheses pass
' by value: into what goes by reference, pywin32 writes.
Public Function FromPython(functionName As String, arguments As Variant) As Variant
    Dim answer As Variant
    On Error Resume Next
    answer = held.CallUDF(FUNCTIONS_MODULE, (functionName), (arguments))
    If Err.Number <> 0 Then
        On Error GoTo 0 ' not started yet, or ended since
        Set held = XLPy
        answer = held.CallUDF(FUNCTIONS_MODULE, (functionName), (arguments))
    End If
    On Error GoTo 0
    FromPython = WithErrors(answer)
End Function

' Python can only return the text of an error; cells are to hold the error itself, inside a spill too.
Public Function WithErrors(ByVal result As Variant) As Variant
    Dim i As Long, j As Long, last As Long, flat As Boolean
    If Not IsArray(result) Then
        WithErrors = ErrorOf(result)
        Exit Function
    End If
    On Error Resume Next
    last = UBound(result, 2)
    flat = (Err.Number <> 0)
    On Error GoTo 0
    For i = LBound(result, 1) To UBound(result, 1)
        If flat Then
            result(i) = ErrorOf(result(i))
        Else
            For j = LBound(result, 2) To last
                result(i, j) = ErrorOf(result(i, j))
            Next j
        End If
    Next i
    WithErrors = result
End Function
