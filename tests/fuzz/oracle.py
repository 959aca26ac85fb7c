"""What must hold of any file: one clear sentence, or a ledger in which every amount of the file is accounted for."""

from __future__ import annotations

import csv
import io
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger.age_analysis import age
from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.ledger.evidence.currencies import HEADING as CURRENCY
from xlwings_addin.ledger.evidence.groups import HEADING as GROUPS
from xlwings_addin.ledger.evidence.sections import HEADING as SECTIONS
from xlwings_addin.ledger.files.decoding import decode
from xlwings_addin.ledger.findings import CREDITS_NEGATED
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.ledger.reading import NAMES
from xlwings_addin.ledger.recognition import header_score
from xlwings_addin.ledger.values import CREDIT_NOTE, PAYMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from fuzz.mutations import Case, Rows
    from xlwings_addin.ledger.model import Ledger, Source

SIGN = NAMES["sign"]
SECONDS = 5.0
"""Of computing: on a busy machine the clock says more about others."""
MEGABYTES = 768
"""Of memory beyond what the process held before: a reader alone holds about 250, and together they stay under 1,024."""
LATE = "2199-12-31"
LONGEST = 6_000
NOT_ITEMS = ("subtotal", "grand total", "group header", "header", "excluded", "repeated line", "preamble")
"""Classes a row with an amount may end in, other than item and exception."""


class ViolationError(AssertionError):
    """What does not hold."""


class TooLong(BaseException):
    """Not to be caught by what is tested."""


def _too_long(signum: int, frame: FrameType | None) -> None:
    raise TooLong


PEAK = Path("/proc/self/clear_refs")
"""Sets the kernel's mark of the most memory back. Only Linux has it: elsewhere memory is not looked at."""


def _resident(mark: str) -> int:
    """Megabytes of this process: now (VmRSS), or the most since the kernel's mark was set back (VmHWM)."""
    if not PEAK.exists():
        return 0
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith(mark))
    return int(line.split()[1]) // 1024


def check(case: Case, folder: Path) -> str:
    """Read a case: "refused" or "read". Raises ViolationError, or whatever the reader lets through."""
    path = folder / case.name
    path.write_bytes(case.data)
    held = _resident("VmRSS")
    if PEAK.exists():
        PEAK.write_text("5")
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        ledger = read_ledger(path)
    except LedgerError as error:
        _sentence(str(error))
        return "refused"
    except TooLong:
        raise ViolationError(f"more than {SECONDS:g} s") from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        peak = _resident("VmHWM") - held
        if peak > MEGABYTES:
            raise ViolationError(f"{peak:,} MB")
    _conserved(case, ledger)
    _reconciled(ledger)
    return "read"


def _sentence(message: str) -> None:
    if "\n" in message or not message.endswith(".") or not 10 < len(message) < LONGEST:
        raise ViolationError(f"no clear sentence: {message[:300]!r}")


def _reconciled(ledger: Ledger) -> None:
    """What is open, by currency, is what the buckets hold."""
    if ledger.has_history:
        return
    try:
        aged = age(ledger, LATE, force=True)
    except LedgerError as error:
        _sentence(str(error))
        return
    open_now = ledger.items["open_amount"].where(ledger.items["has_open"], ledger.items["amount"])
    wanted = {str(name): int(one) for name, one in open_now.groupby(ledger.items["currency"]).sum().items()}
    found = dict(zip(aged.currencies, np.asarray(aged.totals).sum(axis=1).tolist(), strict=True))
    if {name: value for name, value in wanted.items() if value} != {n: v for n, v in found.items() if v}:
        raise ViolationError(f"aging {found}, ledger {wanted}")


def _conserved(case: Case, ledger: Ledger) -> None:
    """Each row is once an item, an exception or of a class that is reported; no amount is anywhere else."""
    (source,) = [source for source in ledger.sources if source.role == "items"]
    items = ledger.file_rows.tolist()
    if ledger.balances is None and len(set(items)) != len(items):
        raise ViolationError("a row is two items")
    # A balance is an item for each of its ages, and none where it is nothing.
    nothing = source.classes["item"] - len(set(items))
    if nothing < 0 or (nothing and ledger.balances is None):
        raise ViolationError(f"{len(items)} items, {source.classes['item']} rows are reported to be")
    aside = ledger.exceptions["row"].tolist()
    if len(aside) != source.classes["exception"] or len(set(aside)) != len(aside) or set(aside) & set(items):
        raise ViolationError("a row is both item and exception, or twice an exception")
    if any(count < 0 for count in source.classes.values()):
        raise ViolationError(f"{source.classes}")
    rows = case.rows if case.rows is not None else _rows(case, source)
    if rows is None:
        return
    while case.rows is not None and rows and not any(rows[-1]):
        rows = rows[:-1]
    if sum(source.classes.values()) != len(rows):
        raise ViolationError(f"{len(rows)} rows in the file, told of {source.classes}")
    header = source.classes["preamble"]
    money = _money_places(source, rows[header])
    rest = [at for at in range(header + 1, len(rows)) if at + 1 not in set(items) and at + 1 not in set(aside)]
    with_money = [at for at in rest if any(re.search(r"[1-9]", _cell(rows[at], place)) for place in money)]
    allowed = sum(source.classes.get(name, 0) for name in NOT_ITEMS) - source.classes["preamble"] - 1
    if len(with_money) > allowed:
        raise ViolationError(f"amounts in rows {[at + 1 for at in with_money][:5]} are nowhere; {source.classes}")
    rounded = any(one.code in ("rounded amounts", "minor units") for one in ledger.findings)
    if not rounded and "repeated line" not in {name for name, count in source.classes.items() if count}:
        _same_figures(ledger, rows, money)


def _money_places(source: Source, header: list[str]) -> dict[int, str]:
    read_as = {one.header: one.read_as for one in source.columns}
    keys = {"Amount": "amount", "Open amount": "open_amount"}
    return {
        place: keys[read_as[title.strip()]]
        for place, title in enumerate(header)
        if read_as.get(title.strip()) in keys and [cell.strip() for cell in header].count(title.strip()) == 1
    }


def _cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _same_figures(ledger: Ledger, rows: Rows, money: dict[int, str]) -> None:
    """The digits of each amount and its sign are those in the file, whatever stands between them."""
    # Where debit or credit is marked beside the amount, the amount has no sign of its own.
    signed = any(one.read_as == SIGN for one in ledger.sources[0].columns)
    credit = _counted_negative(ledger)
    for place, key in money.items():
        for row, figure, known in _by_row(ledger, key):
            cell = _cell(rows[row - 1], place)
            digits = re.sub(r"\D", "", cell).strip("0")
            # Decimals beyond a float's are noise of a spreadsheet's arithmetic, taken off without a word.
            if not known or re.search(r"\d[eE][+-]?\d|^$|[.,]\d{9,}", cell) or not digits:
                continue
            below = row in credit or bool(re.search(r"[-−(]|(?i:cr)\s*$", cell))
            if str(abs(figure)).strip("0") != digits or (not signed and (figure < 0) != below):
                raise ViolationError(f"row {row}: '{cell[:40]}' became {figure}")


def _counted_negative(ledger: Ledger) -> set[int]:
    """Rows of credits, where the ledger says that what is positive in the file counts negative."""
    if not any(one.code == CREDITS_NEGATED.code for one in ledger.findings):
        return set()
    return set(ledger.file_rows[ledger.items["kind"].isin([CREDIT_NOTE, PAYMENT]).to_numpy(bool)].tolist())


def _by_row(ledger: Ledger, key: str) -> Iterator[tuple[int, int, bool]]:
    """Each row of the file with its figure, that of all ages of a balance, and whether the file states it."""
    stated = ledger.items["has_open"].to_numpy(bool) | (key != "open_amount")
    figures: dict[int, tuple[int, bool]] = {}
    for row, figure, known in zip(ledger.file_rows.tolist(), ledger.items[key].tolist(), stated.tolist(), strict=True):
        before, all_known = figures.get(row, (0, True))
        figures[row] = before + figure, all_known and known
    return ((row, figure, known) for row, (figure, known) in figures.items())


def _rows(case: Case, source: Source) -> Rows | None:
    """The rows of a CSV as the csv module has them, by the delimiter under which its header is the reader's."""
    if case.name.endswith(".xlsx"):
        return None
    text = decode(case.name, case.data, header_score("items", None)).data.decode("utf-8")
    titles = [one.header for one in source.columns if one.header not in ("", "group header")]
    for delimiter in ",;\t|":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        at = source.classes["preamble"]
        own = [cell.strip() for cell in rows[at] if cell.strip()] if at < len(rows) else []
        if own and own == titles[: len(own)] and all(_is_added(one, own) for one in titles[len(own) :]):
            return rows
    raise ViolationError("no delimiter gives the header that was read")


def _is_added(title: str, own: list[str]) -> bool:
    """Whether the reader made a column: of groups, sections, currencies, flags, or of several columns put together."""
    flag, colon, _ = title.partition(": ")
    parts = title.split(" ")
    together = len(parts) > 1 and all(part in own for part in parts)
    return title in (GROUPS, CURRENCY, SECTIONS) or bool(colon and flag in own) or together
