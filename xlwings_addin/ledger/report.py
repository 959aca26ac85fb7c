"""What was read and why: files, columns with their evidence, rows, findings and totals, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError, QuestionError, in_command, options
from xlwings_addin.ledger.findings import QUESTION, REFUSED, UNREADABLE_ROWS
from xlwings_addin.ledger.money import in_currency, minor_digits, to_major

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.model import Ledger, Source

SEVERITIES = ("error", "warning", "note")


def check_json(ledger: Ledger, findings: Sequence[Finding] | None = None, *, day: int | None = None) -> dict[str, Any]:
    """The check of a ledger, in the shape the command prints; `findings` are those of `day`, else the ledger's own.

    With one file its `format`, `rows` and `columns` stand at the top, with several under `files`. `totals`
    hold for each currency what the files state and what was read, None where a file states no total. Amounts are
    in major units, rows those of the file.
    """
    files = [_file(source) for source in ledger.sources]
    findings = ledger.findings if findings is None else findings
    shown = ledger.as_of if day is None else day
    return {
        **(files[0] if len(files) == 1 else {"files": files}),
        **said_json(ledger, findings),
        "totals": _totals(ledger),
        "as_of": None if shown is None else iso(shown),
        "exceptions": [
            dict(zip(("file", "row", "value", "reason"), row, strict=True))
            for row in ledger.exceptions[["file", "row", "value", "reason"]].itertuples(index=False, name=None)
        ],
        "questions": questions(findings),
    }


def refusal_json(error: LedgerError) -> dict[str, Any]:
    """The check of files that cannot be read: no figures, the reason, and the option that answers a question."""
    answers = error.answers if isinstance(error, QuestionError) else ()
    found = (QUESTION if answers else REFUSED).found(answers=answers, reason=error)
    return {
        "format": None,
        "rows": {},
        "columns": [],
        "findings": [_finding(found, [])],
        "set_aside": {"rows": 0, "amount": 0.0},
        "totals": {},
        "questions": [_question(found)] if answers else [],
    }


def said_json(ledger: Ledger, findings: Sequence[Finding]) -> dict[str, Any]:
    """What every command says beside its figures: the findings, and what of the files is in no figure."""
    return {
        "findings": [_finding(one, rows_of(ledger, one)) for one in in_order(findings)],
        "set_aside": set_aside(ledger),
    }


def set_aside(ledger: Ledger) -> dict[str, Any]:
    """How many rows of the files are in no figure, and the amount they state as far as it can be read.

    The amount is a number, by currency where it is not all in the ledger's own; None where none of it can be read.
    """
    rows = len(ledger.exceptions)
    sums = _aside_by_currency(ledger)
    own = _own_currency(ledger)
    amount = sums if sums.keys() - {own} else sums.get(own, None if rows else 0.0)
    return {"rows": rows, "amount": amount}


def set_aside_line(ledger: Ledger) -> str:
    """The same in one sentence; "" where every row is in the figures.

    For example: 3 rows (1,250.00 EUR) are not in these figures
    """
    rows = len(ledger.exceptions)
    if not rows:
        return ""
    sums = _aside_by_currency(ledger)
    said = [in_currency(amount, name) for name, amount in sums.items()]
    if unread := int(ledger.exceptions["amount"].isna().sum()):
        said.append(f"{unread:,} without a readable amount")
    what, verb = ("1 row", "is") if rows == 1 else (f"{rows:,} rows", "are")
    return f"{what} ({', '.join(said)}) {verb} not in these figures"


def _own_currency(ledger: Ledger) -> str:
    return ledger.base_currency or (next(iter(ledger.minor_digits)) if len(ledger.minor_digits) == 1 else "")


def _aside_by_currency(ledger: Ledger) -> dict[str, float]:
    if not len(ledger.exceptions):
        return {}
    known = ledger.exceptions[ledger.exceptions["amount"].notna()]
    sums = known["amount"].groupby(known["currency"].replace("", _own_currency(ledger))).sum()
    return {str(name): round(float(amount), minor_digits(str(name))) for name, amount in sums.items()}


def told(ledger: Ledger, findings: Sequence[Finding]) -> list[str]:
    """What a reader of the figures must know, a short line each, the gravest first; notes are for the check."""
    aside = set_aside_line(ledger)
    lines = [f"Note: {aside}."] if aside else []
    for one in in_order(findings):
        if one.severity != "note":
            rows = rows_named(rows_of(ledger, one), one.count)
            where = f" {'Row' if rows.isdecimal() else 'Rows'} {rows.removesuffix(' ...')}" if rows else ""
            where = (
                "" if one.kind is UNREADABLE_ROWS else where + (" and others." if "..." in rows else "." * bool(rows))
            )
            lines.append(f"{one.severity.capitalize()}: {in_command(one.message, one.answers)}{where}")
    return lines


def rows_named(rows: Sequence[int], count: int) -> str:
    """The first rows of a finding, as a hint where to look.

    >>> rows_named([3, 7, 10, 12], 4), rows_named([], 4)
    ('3, 7, 10 ...', '')
    """
    return ", ".join(str(row) for row in rows[:3]) + (" ..." if len(rows) > 3 or count > len(rows) > 0 else "")


def questions(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """What must be answered before the figures can be trusted, with the option that answers it."""
    return [_question(one) for one in findings if one.asks]


def _question(finding: Finding) -> dict[str, Any]:
    choices = [{"answer": one, "gives": what} for answer in finding.answers for one, what in answer.ways]
    return {"question": finding.message, "option": options(finding.answers), "choices": choices}


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Findings, the gravest first."""
    return sorted(findings, key=lambda one: SEVERITIES.index(one.severity))


def rows_of(ledger: Ledger, finding: Finding) -> list[int]:
    """The rows of the file a finding is about, the first hundred."""
    if finding.file_rows or not len(ledger.file_rows):  # a ledger that was made has no file
        return list(finding.file_rows)
    return list(dict.fromkeys(int(ledger.file_rows[row]) for row in finding.rows))


def _file(source: Source) -> dict[str, Any]:
    return {
        "file": source.file,
        "role": source.role,
        "format": source.format,
        "why": source.why,
        "rows": {name: count for name, count in source.classes.items() if count},
        "columns": [{"header": one.header, "read_as": one.read_as, "evidence": one.evidence} for one in source.columns],
        "file_totals": {
            name: {"file": _major(source.stated.get(name), name), "ledger": _major(total, name)}
            for name, total in source.open_totals.items()
        }
        if source.role == "items"
        else {},
        "as_of": None if source.as_of is None else iso(source.as_of),
    }


def _finding(finding: Finding, rows: list[int]) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "count": finding.count,
        "rows": rows,
        "message": finding.message,
        "option": options(finding.answers),
    }


def _major(minor: int | None, currency: str) -> float | None:
    return None if minor is None else to_major(minor, minor_digits(currency))


def _totals(ledger: Ledger) -> dict[str, dict[str, float | None]]:
    """For each currency: the totals in the files, and the ledger's."""
    items = ledger.items
    main = items["open_amount"].where(items["has_open"], items["amount"])
    read = {str(name): int(total) for name, total in main.groupby(items["currency"]).sum().items()}
    of_items = [source for source in ledger.sources if source.role == "items" and source.classes["item"]]
    if ledger.derived_receipts:
        last = max(source.as_of or 0 for source in of_items)
        of_items = [source for source in of_items if source.as_of == last]
    totals: dict[str, dict[str, float | None]] = {}
    for name, total in read.items():
        # A file that names no currency states its total without one, too.
        stated = [_stated(source, name) for source in of_items if _holds(source, name)]
        known = [one for one in stated if one is not None]
        whole = sum(known) if known and len(known) == len(stated) else None
        ours = to_major(total, ledger.minor_digits[name])
        totals[name] = {
            "file": _major(whole, name),
            "ledger": ours,
            "difference_file": None if whole is None else round(to_major(whole - total, minor_digits(name)), 3) + 0.0,
        }
    return totals


def against_gl(gl: float, currency: str, opened: float | None) -> dict[str, Any]:
    """The general ledger's total beside what is open on the day, all of it in the base currency.

    None where that is not known: without a day, a base currency or a rate.
    """
    difference = None if opened is None else round(gl - opened, minor_digits(currency)) + 0.0
    return {"currency": currency, "gl": gl, "open": opened, "difference": difference}


def file_totals(source: Source) -> dict[str, tuple[int, int | None]]:
    """What was read of a file by currency, and what it states itself or None, in minor units.

    Of items that is what is open, of receipts and sales their amounts; customers have none.
    """
    if source.role == "items" and source.open_totals:
        return {name: (total, _stated(source, name)) for name, total in source.open_totals.items()}
    return {name: (total, None) for name, total in source.totals.items()}


def file_digits(ledger: Ledger, source: Source, currency: str) -> int:
    """Decimals of the totals of a file."""
    if source.role == "receipts":
        # A receipt is in the currency of its item, which its file does not name: all are in the smallest cents.
        return max(ledger.minor_digits.values())
    return ledger.minor_digits.get(currency, minor_digits(currency))


def _stated(source: Source, currency: str) -> int | None:
    """The total a file states; None where it states none, or one that counts documents of another file, too."""
    if source.classes.get("repeated document"):
        return None
    return source.stated.get(currency, source.stated.get(""))


def _holds(source: Source, currency: str) -> bool:
    return currency in source.open_totals or "" in source.open_totals
