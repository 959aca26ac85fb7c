"""Answers that are about nothing in the files, a word that no cell holds for one: reported, not passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger import cells
from xlwings_addin.ledger.arrow import pc
from xlwings_addin.ledger.findings import UNUSED_ANSWER
from xlwings_addin.ledger.mapping import KINDS
from xlwings_addin.ledger.reading import STATUS_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlwings_addin.ledger.files import RawTable
    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.formats.declaration import Match

    Read = Sequence[tuple[RawTable, Match]]

COLUMNS_OF = {"status": STATUS_COLUMNS, "currency": ("currency",), "terms": ("terms",), "kind": ("kind",)}


def unused(answers: Mapping[str, Any], read: Read) -> list[Finding]:
    """What of the answers is about nothing in the tables that were read."""
    return [UNUSED_ANSWER.found(what=what, why=why) for what, why in _unused(answers, read)]


def _unused(answers: Mapping[str, Any], read: Read) -> Iterator[tuple[str, str]]:
    words = {**answers.get("words", {}), "terms": answers.get("terms", {})}
    for key, said in words.items():
        for word, meant in said.items() if key in COLUMNS_OF else ():
            able = [one for one in read if key != "kind" or meant in KINDS.get(one[1].format.role, ())]
            if word.strip().casefold() not in _texts(able, COLUMNS_OF[key]):
                yield f"'{word}' = {meant}", f"no column that is read as {key} holds '{word}'"
    if answers.get("signs") and not any("kind" in match.places and "sign" not in match.places for _, match in read):
        yield f"signs {answers['signs']}", "no column says which rows are credits"
    if answers.get("receipts") and not any(match.format.role == "receipts" for _, match in read):
        yield "columns of receipts", "no receipts were given"
    if answers.get("encoding") and not any(table.encoding_why == "as answered" for table, _ in read):
        yield f"encoding {answers['encoding']}", "every file says its own"


def _texts(read: Read, keys: Sequence[str]) -> set[str]:
    """The different texts of some columns."""
    return {
        text.strip().casefold()
        for table, match in read
        for key in keys
        if key in match.places
        for text in pc.unique(cells.text(table.columns[match.places[key]], number_like=True)).to_pylist()
        if text
    }
