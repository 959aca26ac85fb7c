"""Some cases of a seed, checked one after the other in one process."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from fuzz.mutations import case
from fuzz.oracle import TooLong, check


def chunk(seed: int, numbers: range) -> tuple[Counter[str], list[str]]:
    """Check some cases of a seed: how they ended, and what was violated."""
    ends: Counter[str] = Counter()
    violations = []
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            broken = case(seed, number)
            began = time.process_time()
            try:
                ends[check(broken, Path(folder))] += 1
            except (Exception, TooLong) as error:  # noqa: BLE001 - whatever it is, it is the find
                ends["violated"] += 1
                where = traceback.extract_tb(error.__traceback__)[-1]
                violations.append(
                    f"--seed {seed} --only {number}: {broken.name} ({broken.done}): {type(error).__name__}:"
                    f" {str(error)[:300]} [{Path(where.filename).name}:{where.lineno}]"
                )
            if time.process_time() - began > 1:
                ends["over 1 s"] += 1
    return ends, violations


if __name__ == "__main__":
    seed, start, stop = map(int, sys.argv[1:])
    print(json.dumps(chunk(seed, range(start, stop))))
