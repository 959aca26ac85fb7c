"""Break files and read them: prints the seed, every violation with its number, and the figures at the end."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Run as `python -m tests.fuzz` from the repository, the folder of the tests is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.mutations import case
from fuzz.oracle import check

CHUNK = 250


def in_a_process(seed: int, numbers: range) -> subprocess.CompletedProcess[str]:
    """Check a chunk in a process of its own, so that one that dies is known by its numbers."""
    return subprocess.run(
        [sys.executable, "-m", "fuzz.chunks", str(seed), str(numbers.start), str(numbers.stop)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="files (20000)")
    parser.add_argument("--seed", type=int, default=None, help="seed (a new one, printed)")
    parser.add_argument("--start", type=int, default=0, help="number of the first file (0)")
    parser.add_argument("--only", type=int, default=None, help="one file by its number, with the whole trace")
    parser.add_argument("--jobs", type=int, default=1, help="processes (1)")
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    if given.only is not None:
        broken = case(seed, given.only)
        print(f"{broken.name}: {broken.done}, {len(broken.data):,} bytes")
        with tempfile.TemporaryDirectory() as folder:
            print(check(broken, Path(folder)))
        return 0
    ends: Counter[str] = Counter()
    violated = 0
    numbers = range(given.start, given.start + given.count)
    chunks = [numbers[at : at + CHUNK] for at in range(0, given.count, CHUNK)]
    with ThreadPoolExecutor(given.jobs) as pool:
        for part, run in zip(chunks, pool.map(lambda part: in_a_process(seed, part), chunks), strict=True):
            if run.returncode:
                print(f"--seed {seed}: the process died among numbers {part.start} to {part.stop - 1}: {run.stderr}")
                return 1
            found, violations = json.loads(run.stdout)
            ends.update(found)
            violated += len(violations)
            for one in violations:
                print(one, flush=True)
            print(f"{part.stop - given.start:,} of {given.count:,}", file=sys.stderr, flush=True)
    print(", ".join(f"{count:,} {end}" for end, count in sorted(ends.items())))
    return 1 if violated else 0


if __name__ == "__main__":
    sys.exit(main())
