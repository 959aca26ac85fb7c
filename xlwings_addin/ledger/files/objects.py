"""JSON as tables: each list of objects in it, one object a row, one object a line alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.files.table import RawTable, columns_of, refuse_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DEPTH = 4
"""Lists deeper than that belong to an object, as the lines of an invoice do."""


def read_objects(name: str, text: str) -> tuple[RawTable, ...]:
    """The lists of objects in a JSON document; an answer of a service has them under a name of its own."""
    lists = [(path, found) for path, found in _lists(_parsed(name, text), ()) if any(map(_flat, found))]
    if not lists:
        raise LedgerError(f"{name} is JSON without a list of objects in it: export the invoices themselves.")
    return tuple(_table(name, " ".join(path) if len(lists) > 1 else "", path, found) for path, found in lists)


def _parsed(name: str, text: str) -> Any:
    text = text.strip()
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        broken = error
    except RecursionError:
        raise LedgerError(f"{name} is JSON in which one thing holds another too often: it is no list.") from None
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (json.JSONDecodeError, RecursionError):
        raise LedgerError(
            f"{name} is JSON that breaks off or is damaged in line {broken.lineno}: export it again."
        ) from None


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            yield path, value
    elif isinstance(value, dict) and len(path) < _DEPTH:
        found = [one for key, inner in value.items() for one in _lists(inner, (*path, str(key)))]
        own = sum(1 for inner in value.values() if not isinstance(inner, list | dict))
        # One invoice by itself has lines in it; a list of invoices has little beside them.
        if path and own > 4:
            yield path, [value]
        else:
            yield from found


def _table(name: str, sheet: str, path: Sequence[str], found: list[dict[str, Any]]) -> RawTable:
    objects = [_flat(one) for one in found]
    keys = list(dict.fromkeys(key for one in objects for key in one))
    refuse_size(name, sheet, len(objects), len(keys))
    return RawTable(
        name,
        sheet,
        tuple(keys),
        columns_of([[one.get(key) for key in keys] for one in objects], len(keys)),
        np.arange(1, len(objects) + 1, dtype=np.int64),
        notes=(f"it is JSON, read from {'.'.join(path) or 'its list'}, its rows numbered from 1",),
    )


def _flat(value: dict[str, Any], before: str = "") -> dict[str, Any]:
    """An object as cells: what is nested has the names that lead to it as its heading, lists stay JSON."""
    cells: dict[str, Any] = {}
    for key, one in value.items():
        heading = f"{before} {key}".strip()
        if isinstance(one, dict):
            cells |= _flat(one, heading)
        elif isinstance(one, list):
            cells[heading] = json.dumps(one, ensure_ascii=False) if one else None
        elif isinstance(one, bool):
            cells[heading] = "true" if one else "false"
        else:
            cells[heading] = one
    return cells
