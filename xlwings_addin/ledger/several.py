"""Several item files as one ledger: repeated documents count once, lists of several days give receipts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.clearing import is_history
from xlwings_addin.ledger.days import iso, month_end
from xlwings_addin.ledger.errors import Answer, LedgerError, QuestionError
from xlwings_addin.ledger.matching import align_numbers
from xlwings_addin.ledger.preamble import first_day
from xlwings_addin.ledger.reading import SETTLED
from xlwings_addin.ledger.values import CASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xlwings_addin.ledger.findings import Finding

_KEY = ("entity", "customer_id", "kind", "document_no", "fiscal_year", "instalment", "currency")
_FIGURES = ("document_date", "due_date", "amount", "open_amount", "has_open")
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, eq=False)
class Combined:
    """Items of all files, each document once, and the receipts that lists of several days imply."""

    items: pd.DataFrame
    receipts: pd.DataFrame | None
    kept: NDArray[np.bool_]
    """Which rows of the files are items of the ledger; the others repeat one."""
    findings: tuple[Finding, ...]
    first_list: int | None = None
    """Day of the first of several lists."""


def snapshot_day(file: str, stated: int | None, answer: int | None) -> int | None:
    """The day a list of open items shows: as answered, as stated above its header, or as its name says."""
    if answer is not None:
        return answer
    if stated is not None:
        return stated
    stem = file.rsplit(".", 1)[0].replace("_", "-")
    day = first_day(stem, None)
    if day is not None:
        return day
    month = _MONTH.search(stem)
    if month is None:
        return None
    first = np.datetime64(f"{month[1]}-{month[2]}", "D").astype(np.int64)
    return month_end(int(first))


def combine(
    items: pd.DataFrame,
    files: Sequence[str],
    days: Sequence[int | None],
    paths: Sequence[str],
    *,
    receipts_given: bool,
    asked: bool,
) -> Combined:
    """Settle what several files say of the same documents.

    `items` are the files one below the other, `source` their place in `files` (what they are called), `days`
    and `paths` (what an answer goes by). Numbers are the same that differ in leading zeros alone (see
    `align_numbers`). `asked`: days were answered.
    Raises QuestionError where two files give one document different figures and no days explain it.
    """
    findings = []
    source = items["source"].to_numpy(np.int64)
    aligned = items[list(_KEY)].copy()
    for key in ("customer_id", "document_no"):
        for place in range(1, len(files)):
            own, earlier = source == place, source < place
            same, changed = align_numbers(aligned.loc[own, key], aligned.loc[earlier, key])
            if changed.any():
                aligned.loc[own, key] = same
                rows = np.flatnonzero(own)[changed]
                findings.append(may.LEADING_ZEROS_OF_FILES.found(rows=rows, file=files[place], column=key))
    code = _codes(aligned, items, source)
    first_seen = pd.Series(source).groupby(code).transform("min").to_numpy()
    overlap = first_seen != source
    known = {day for day in days if day is not None}
    if asked or (overlap.any() and len(known) > 1 and not is_history(items)):
        return _snapshots(items, code, source, files, days, paths, findings, receipts_given=receipts_given)
    if not overlap.any():
        return Combined(items, None, np.ones(code.size, bool), tuple(findings))
    return _once(items, code, overlap, source, files, paths, findings)


def _codes(key: pd.DataFrame, items: pd.DataFrame, source: NDArray[np.int64]) -> NDArray[np.int64]:
    """One code per document: its key, without a number its date and amount, and which of several it is in its file."""
    nameless = key["document_no"].eq("").to_numpy(bool)
    if nameless.any():
        date, amount = items["document_date"].astype(str), items["amount"].astype(str)
        key["document_no"] = key["document_no"].where(~nameless, "\0" + date + "|" + amount)
    code = key.groupby(list(_KEY), sort=False).ngroup().to_numpy(np.int64)
    ordinal = pd.Series(code).groupby([code, source]).cumcount().to_numpy(np.int64)
    return pd.factorize(code * (int(ordinal.max(initial=0)) + 1) + ordinal)[0].astype(np.int64)


def _once(
    items: pd.DataFrame,
    code: NDArray[np.int64],
    overlap: NDArray[np.bool_],
    source: NDArray[np.int64],
    files: Sequence[str],
    paths: Sequence[str],
    findings: list[Finding],
) -> Combined:
    figures = [*_FIGURES, *([SETTLED] if SETTLED in items else [])]
    first = np.zeros(int(code.max()) + 1, np.int64)
    first[code[::-1]] = np.arange(code.size)[::-1]
    again = np.flatnonzero(overlap)
    differs = np.zeros(again.size, bool)
    for key in figures:
        values = items[key].to_numpy()
        differs |= values[again] != values[first[code[again]]]
    if differs.any():
        row = int(again[np.flatnonzero(differs)[0]])
        both = (source[first[code[row]]], source[row])
        one, other = (files[place] for place in both)
        meant = tuple(paths[place] for place in both)
        raise QuestionError(
            f"{one} and {other} hold the same documents ({int(overlap.sum()):,}), {int(differs.sum()):,} of them with"
            f" other dates or amounts (first {items['document_no'].iloc[row] or 'without number'} of customer"
            f" {items['customer_id'].iloc[row]}): name the file that counts, or say which days they show if they are"
            " open items of different days, or whose they are if they are of different companies.",
            Answer("snapshot", files=meant),
            Answer("entity", files=meant),
        )
    named = ", ".join(sorted({files[place] for place in source[again].tolist()}))
    # Row numbers named so far are those of the files one below the other.
    findings = [*(replace(one, rows=()) for one in findings), may.REPEATED_DOCUMENTS.found(again.size, files=named)]
    return Combined(items[~overlap].reset_index(drop=True), None, ~overlap, tuple(findings))


def _snapshots(
    items: pd.DataFrame,
    code: NDArray[np.int64],
    source: NDArray[np.int64],
    files: Sequence[str],
    days: Sequence[int | None],
    paths: Sequence[str],
    findings: list[Finding],
    *,
    receipts_given: bool,
) -> Combined:
    """Lists of open items of several days: what a later list has less of was received in between."""
    unknown = [place for place, day in enumerate(days) if day is None]
    if unknown:
        raise QuestionError(
            f"The files show open items of different days, and nothing says which day {files[unknown[0]]} shows.",
            Answer("snapshot", files=tuple(paths[place] for place in unknown)),
        )
    if receipts_given:
        raise LedgerError(
            "Receipts are given, and lists of open items of several days, which imply the same receipts: name the"
            " latest list alone, or leave the receipts out."
        )
    day_of = np.array(days, np.int64)[source]
    shown = sorted(set(day_of.tolist()))
    when = np.searchsorted(shown, day_of)
    count = int(code.max()) + 1
    stated = items["has_open"].to_numpy(bool)
    left = np.where(stated, items["open_amount"].to_numpy(np.int64), items["amount"].to_numpy(np.int64))
    doubled = pd.Series(code).groupby([code, when]).cumcount().to_numpy() > 0
    if doubled.any():
        raise LedgerError(
            f"Two lists of {iso(int(day_of[np.flatnonzero(doubled)[0]]))} hold the same document"
            f" {items['document_no'].iloc[int(np.flatnonzero(doubled)[0])]}: name one of them."
        )
    order = np.lexsort((np.arange(code.size), when))
    first = np.full(count, -1, np.int64)
    first[code[order[::-1]]] = order[::-1]
    keep = np.sort(first)
    place = np.empty(count, np.int64)
    place[code[keep]] = np.arange(count)
    face = items["amount"].to_numpy(np.int64)[keep]
    appears = when[keep]
    open_at = np.zeros((len(shown), count), np.int64)
    open_at[when, place[code]] = left
    before, parts = face.copy(), []
    for at, day in enumerate(shown):
        here = appears <= at
        fall = np.where(here, before - open_at[at], 0)
        rows = np.flatnonzero(fall)
        parts.append(pd.DataFrame({"item": rows, "date": np.full(rows.size, day, np.int32), "amount": fall[rows]}))
        before = np.where(here, open_at[at], before)
    receipts = pd.concat(parts, ignore_index=True)
    receipts["kind"] = pd.Series(pd.array(np.full(len(receipts), CASH, object), dtype="str"))
    whole = items.iloc[keep].reset_index(drop=True)
    whole["open_amount"], whole["has_open"] = open_at[-1], True
    named = ", ".join(iso(day) for day in shown)
    findings = [
        *(replace(one, rows=()) for one in findings),
        may.DERIVED_RECEIPTS.found(len(receipts), days=named, first=iso(shown[0])),
    ]
    kept = np.zeros(code.size, bool)
    kept[keep] = True
    return Combined(whole, receipts, kept, tuple(findings), shown[0])
