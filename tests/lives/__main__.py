"""Live lives of a workbook, kill runs, run two at once: prints the seed, every violation with its number, figures."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Run as `python -m tests.lives` from the repository, the folder of the tests is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[1]))

from lives.life import REFRESH, Life, ViolationError, first, forked, kill, pair

CHUNK = 20


def in_a_process(seed: int, numbers: range, office: bool) -> subprocess.CompletedProcess[str]:
    """Live a chunk in a process of its own, so that one that dies is known by its numbers."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "lives.chunks", f"{seed}", f"{numbers.start}", f"{numbers.stop}",
         f"{int(office)}"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def alone(seed: int, number: int, office: bool) -> int:
    """Live one life, with all that was done and the whole trace."""
    with tempfile.TemporaryDirectory() as folder:
        life = Life(seed, number, Path(folder), office=office)
        try:
            life.live()
        finally:
            print(*life.done, dict(life.ends), sep="\n")
    return 0


def many(seed: int, numbers: range, jobs: int, office: bool) -> int:
    """Live some lives; how many were violated."""
    ends: Counter[str] = Counter()
    violated, began = 0, time.monotonic()
    chunks = [numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK)]
    with ThreadPoolExecutor(jobs) as pool:
        runs = pool.map(lambda part: in_a_process(seed, part, office), chunks)
        for part, run in zip(chunks, runs, strict=True):
            if run.returncode:
                print(f"--seed {seed}: the process died among numbers {part.start} to {part.stop - 1}: {run.stderr}")
                violated += 1
                continue
            found, violations = json.loads(run.stdout)
            ends.update(found)
            violated += len(violations)
            for one in violations:
                print(one, flush=True)
            print(f"{part.stop - numbers.start:,} of {len(numbers):,}", file=sys.stderr, flush=True)
    said = ", ".join(f"{count:,} runs {end}" for end, count in sorted(ends.items()))
    print(f"{len(numbers):,} lives, {said}; {violated} violations; {time.monotonic() - began:,.0f} s", flush=True)
    return violated


def struck(kills: int, pairs: int) -> int:
    """Kill runs at moments spread over the time one takes, and run two at once; how many were violated."""
    violated, ends = 0, Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first(folder)
        began = time.monotonic()
        os.waitpid(forked(folder, [*REFRESH, "--company", "Whole Ltd"]), 0)
        whole = 1.2 * (time.monotonic() - began)
        for number in range(kills + pairs):
            try:
                if number < kills:
                    ends.update([kill(folder, number, whole * number / kills)])
                else:
                    ends.update(pair(folder, number))
            except ViolationError as error:
                violated += 1
                print(f"{'kill' if number < kills else 'pair'} {number}: {error}", flush=True)
    said = ", ".join(f"{count:,} {end}" for end, count in sorted(ends.items()))
    print(f"{kills} kills and {pairs} pairs: {said}; {violated} violations")
    return violated


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lives", description=__doc__)
    parser.add_argument("--lives", type=int, default=None, help="lives (2000, or none beside --kills and --pairs)")
    parser.add_argument("--seed", type=int, default=None, help="seed (a new one, printed)")
    parser.add_argument("--start", type=int, default=0, help="number of the first life (0)")
    parser.add_argument("--only", type=int, default=None, help="one life by its number, with the whole trace")
    parser.add_argument("--jobs", type=int, default=1, help="processes (1)")
    parser.add_argument("--kills", type=int, default=0, help="runs to kill half-way (0)")
    parser.add_argument("--pairs", type=int, default=0, help="pairs of runs at once (0)")
    parser.add_argument("--no-libreoffice", action="store_true", help="never save by LibreOffice in between")
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    office = not given.no_libreoffice
    print(f"seed {seed}", flush=True)
    if given.only is not None:
        return alone(seed, given.only, office)
    violated = struck(given.kills, given.pairs) if given.kills or given.pairs else 0
    lives = (0 if given.kills or given.pairs else 2_000) if given.lives is None else given.lives
    if lives:
        violated += many(seed, range(given.start, given.start + lives), given.jobs, office)
    return 1 if violated else 0


if __name__ == "__main__":
    sys.exit(main())
