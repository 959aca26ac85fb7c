"""What the add-in is called and how it is set: one place for its build, its buttons and its installer.

Loads nothing: doctor must be able to say that a library does not.
"""

ADDIN_FILE = "Receivables.xlam"
"""Never renamed: Excel stores the formulas of a workbook with the name of the add-in."""

PROJECT = "receivables"
"""Names the settings: `%USERPROFILE%\\.receivables\\receivables.conf` and the add-in's sheet `receivables.conf`."""

FUNCTIONS_MODULE = "xlwings_addin.worksheet_functions"

SETTINGS = {
    # A click and a cell are answered by one Python that stays; without it each click would start one.
    "USE UDF SERVER": "True",
    "UDF MODULES": FUNCTIONS_MODULE,
    # The code is installed; a folder a workbook happens to be in must not supply any.
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "SHOW CONSOLE": "False",
}
"""Settings that are part of the product. Where Python is, only the PC knows: `INTERPRETER_WIN` in
`%USERPROFILE%\\.receivables\\receivables.conf`, written by the installer."""
