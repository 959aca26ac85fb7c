"""What a cell is to Excel: its blanks, its errors, how many there are."""

from __future__ import annotations

import re
from typing import Any

from udfs.errors import IS_BLANK, rank

ROW_LIMIT = 1_048_576
ERROR_FORMULAS = {"#DIV/0!": "=1/0", "#N/A": "=NA()", "#NUM!": "=10^400", "#VALUE!": '=VALUE("")'}


_CALCULATED = re.compile(r"""(^|[;\t\r\n])(?="*[=+\-@＝＋－＠\t\r])""")


def uncalculated(value: Any) -> Any:
    """Return a value for a CSV file, text such that no spreadsheet calculates it.

    Where a spreadsheet divides cells at semicolons or tabs, a cell may begin within the text.
    """
    return _CALCULATED.sub(r"\1'", value) if isinstance(value, str) else value


def is_blank(value: Any) -> bool:
    """Whether a cell of this value stays empty."""
    return value is None or value == "" or (isinstance(value, float) and rank(value) == IS_BLANK)
