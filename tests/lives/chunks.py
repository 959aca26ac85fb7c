"""Some lives of a seed, lived one after the other in one process."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from lives.life import Life, ViolationError


def chunk(seed: int, numbers: range, *, office: bool = False) -> tuple[Counter[str], list[str]]:
    """Live some lives of a seed: how their runs ended, and what was violated."""
    ends: Counter[str] = Counter()
    violations = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            life = Life(seed, number, Path(folder), office=office)
            try:
                life.live()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the find
                where = traceback.extract_tb(error.__traceback__)[-1]
                place = "" if isinstance(error, ViolationError) else f" [{Path(where.filename).name}:{where.lineno}]"
                violations.append(
                    f"--seed {seed} --only {number}: {type(error).__name__}: {str(error)[:600]}{place};"
                    f" after {'; '.join(life.done)}"
                )
            ends.update(life.ends)
    return ends, violations


if __name__ == "__main__":
    seed, start, stop, office = map(int, sys.argv[1:])
    print(json.dumps(chunk(seed, range(start, stop), office=bool(office))))
