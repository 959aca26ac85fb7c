"""`python -m tests.layouts --seed 1 --files 300`: how many files are read right, by kind of layout."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.layouts.forms import KINDS
from tests.layouts.judge import ASKED_WRONG, CRASHED, RIGHT, VERDICTS, WRONG, try_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.layouts.judge import Case

KEPT = (WRONG, CRASHED, ASKED_WRONG)
SHOWN = 5


def _try(folder: Path, job: tuple[str, str]) -> Case:
    seed, kind = job
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case = try_one(seed, kind, folder)
    if case.verdict not in KEPT:
        (folder / case.file.split(" ")[1]).unlink()
    return case


def run(seed: int, count: int, folder: Path, kinds: Sequence[str] = KINDS, *, processes: int = 0) -> list[Case]:
    """Try that many files, the kinds in turn; those that went wrong stay in the folder."""
    jobs = [(f"{seed}-{at}", kinds[at % len(kinds)]) for at in range(count)]
    todo = partial(_try, folder)
    if processes == 1:
        return [todo(job) for job in jobs]
    with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
        return list(pool.map(todo, jobs, chunksize=10))


def table(cases: Sequence[Case]) -> str:
    """The share of each kind in each class, and of the provable ones what was read without a question."""
    heads = ["kind of layout", "files", *VERDICTS, "provable", "of them unaided"]
    lines = [heads]
    for kind in [*dict.fromkeys(case.kind for case in cases), "all"]:
        own = [case for case in cases if kind in (case.kind, "all")]
        counts = Counter(case.verdict for case in own)
        lines.append(
            [
                kind,
                str(len(own)),
                *(f"{counts[verdict]}" for verdict in VERDICTS),
                str(sum(case.provable for case in own)),
                f"{unaided(own):.0%}",
            ]
        )
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    first, *others = widths
    return "\n".join(
        "  ".join([line[0].ljust(first), *(cell.rjust(size) for cell, size in zip(line[1:], others, strict=True))])
        for line in lines
    )


def unaided(cases: Sequence[Case]) -> float:
    """The share of provable layouts that are read right without a question."""
    provable = [case for case in cases if case.provable]
    return sum(case.verdict == RIGHT for case in provable) / len(provable) if provable else 1.0


def told(case: Case, folder: Path) -> str:
    """A file that went wrong, in a paragraph."""
    answered = f"\n    answered: {case.answers}" if case.answers else ""
    return (
        f"{case.verdict}: {case.kind}, {case.file} ({case.style}), seed {case.seed}\n"
        f"    {case.detail[:400]}{answered}\n    {folder / case.file.split(' ')[1]}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Try, print, and return 1 where a wrong figure was shown."""
    parser = argparse.ArgumentParser(prog="python -m tests.layouts", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="the folder in which files that went wrong are kept")
    parser.add_argument("--only", action="append", choices=KINDS, help="this kind of layout alone")
    parser.add_argument("--all", action="store_true", help="tell every failure, those refused and asked too")
    chosen = parser.parse_args(arguments)
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="layouts_"))
    folder.mkdir(parents=True, exist_ok=True)
    cases = run(chosen.seed, chosen.files, folder, chosen.only or KINDS)
    print(f"seed {chosen.seed}, {len(cases):,} files\n\n{table(cases)}\n")
    bad = [case for case in cases if case.verdict in KEPT]
    if chosen.all:
        bad = [case for case in cases if case.verdict != RIGHT]
    bad.sort(key=lambda case: -VERDICTS.index(case.verdict))
    print("\n".join(told(case, folder) for case in (bad if chosen.all else bad[:SHOWN])))
    return int(any(case.verdict == WRONG for case in cases))


if __name__ == "__main__":
    sys.exit(main())
