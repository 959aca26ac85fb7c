"""The names of the months in the languages of the headings, out of the Unicode collection of such data (by Babel)."""

from __future__ import annotations

from collections import defaultdict

from babel import Locale

from xlwings_addin.ledger.vocabulary import LANGUAGES, fold

FURTHER = ("en_GB", "es_MX", "pt_PT", "ar_LB", "ar_DZ", "ar_MA")
"""Countries that call months by other names than the rest of their language."""
EXCEL = {"mrz": 3, "mrt": 3, "sept": 9, "sep": 9, "set": 9, "okt": 10, "dez": 12, "juil": 7}
"""Short names that Excel writes, or people, and that are no beginning of another."""
SHORTEST = 3
"""Letters of the shortest beginning that stands for a month."""


def months() -> str:
    """The table: a line a month, its names folded, each of which means this month in every language that has it."""
    meant: dict[str, set[int]] = defaultdict(set)
    for tag in (*LANGUAGES, *FURTHER):
        names = Locale.parse(tag).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in names[context][width].items():
                    name = fold(name.strip("."))
                    if name.isalpha():
                        meant[name].add(month)
                        if width == "wide":
                            meant[name[:SHORTEST]].add(month)
    for name, month in EXCEL.items():
        meant[name].add(month)
    lines = (
        f"{month},{'|'.join(sorted(name for name, found in meant.items() if found == {month}))}"
        for month in range(1, 13)
    )
    return "\n".join(("month,names", *lines, ""))
