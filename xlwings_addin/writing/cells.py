"""What a cell is to Excel: its blanks, its errors, how many there are."""

from __future__ import annotations

from typing import Any

from udfs.errors import IS_BLANK, rank

ROW_LIMIT = 1_048_576
ERROR_FORMULAS = {"#DIV/0!": "=1/0", "#N/A": "=NA()", "#NUM!": "=10^400", "#VALUE!": '=VALUE("")'}


def is_blank(value: Any) -> bool:
    """Whether a cell of this value stays empty."""
    return value is None or value == "" or (isinstance(value, float) and rank(value) == IS_BLANK)
