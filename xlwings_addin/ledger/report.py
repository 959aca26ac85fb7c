"""What was read and why: files, columns with their evidence, rows, findings and totals, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings_addin.ledger.days import iso
from xlwings_addin.ledger.errors import LedgerError, QuestionError, options
from xlwings_addin.ledger.findings import QUESTION, REFUSED
from xlwings_addin.ledger.money import minor_digits, to_major

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlwings_addin.ledger.findings import Finding
    from xlwings_addin.ledger.model import Ledger, Source

SEVERITIES = ("error", "warning", "note")


def check_json(ledger: Ledger, *, gl: float | None = None) -> dict[str, Any]:
    """The check of a ledger, in the shape the command prints.

    With one file its `format`, `rows` and `columns` stand at the top, with several under `files`. `totals`
    hold for each currency what the files state, what was read, and the general ledger's `gl` beside it;
    None where a file states no total. Amounts are in major units, rows those of the file.
    """
    files = [_file(source) for source in ledger.sources]
    return {
        **(files[0] if len(files) == 1 else {"files": files}),
        "findings": [_finding(one, rows_of(ledger, one)) for one in in_order(ledger.findings)],
        "totals": _totals(ledger, gl),
        "as_of": None if ledger.as_of is None else iso(ledger.as_of),
        "exceptions": [
            dict(zip(("file", "row", "value", "reason"), row, strict=True))
            for row in ledger.exceptions[["file", "row", "value", "reason"]].itertuples(index=False, name=None)
        ],
        "questions": questions(ledger),
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
        "totals": {},
        "questions": [_question(found)] if answers else [],
    }


def questions(ledger: Ledger) -> list[dict[str, str]]:
    """What must be answered before the figures can be trusted, with the option that answers it."""
    return [_question(one) for one in ledger.findings if one.answers and one.severity == "error"]


def _question(finding: Finding) -> dict[str, str]:
    return {"question": finding.message, "option": options(finding.answers)}


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Findings, the gravest first."""
    return sorted(findings, key=lambda one: SEVERITIES.index(one.severity))


def rows_of(ledger: Ledger, finding: Finding) -> list[int]:
    """The rows of the file a finding is about, the first hundred."""
    if finding.file_rows:
        return list(finding.file_rows)
    return [int(ledger.file_rows[row]) for row in finding.rows]


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


def _totals(ledger: Ledger, gl: float | None) -> dict[str, dict[str, float | None]]:
    """For each currency: the totals in the files, the ledger's, and the general ledger's in the base currency."""
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
        control = gl if name == ledger.base_currency or len(read) == 1 else None
        ours = to_major(total, ledger.minor_digits[name])
        totals[name] = {
            "file": _major(whole, name),
            "ledger": ours,
            "gl": control,
            "difference_file": None if whole is None else round(to_major(whole - total, minor_digits(name)), 3) + 0.0,
            "difference_gl": None if control is None else round(control - ours, 3) + 0.0,
        }
    return totals


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
