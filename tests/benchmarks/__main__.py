"""Run benchmarks by name, or all: `python -m tests.benchmarks [NAME ...] [--jsonl FILE] [--write docs/performance.md]`.

One line of JSON a benchmark goes to the terminal, and to FILE, where it takes the place of the same benchmark's
last one. `--write` makes the document from FILE.
"""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import benchmarks
from tests.benchmarks import _document

found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")]
parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=f"Benchmarks: {', '.join(found)}.")
parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; all unless --write is given alone")
parser.add_argument("--jsonl", type=Path, metavar="FILE", help="file of results to add to")
parser.add_argument("--write", type=Path, metavar="DOCUMENT", help="document to make from FILE")
given = parser.parse_args()
if set(given.names) - set(found):
    parser.error(f"no such benchmark; there are {', '.join(found)}")
if given.write and not given.jsonl:
    parser.error("--write needs --jsonl, the results to write about")
# Processes load compiled modules, as they do once the product is installed; each is compiled by its first run.
compiled = tempfile.TemporaryDirectory()
os.environ["PYTHONPYCACHEPREFIX"] = compiled.name
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
wanted = given.names or ([] if given.write else found)
if len(wanted) > 1:
    # Each in a process of its own: none finds the memory as another left it.
    kept_in = ["--jsonl", str(given.jsonl)] if given.jsonl else []
    for name in wanted:
        subprocess.run([sys.executable, "-m", "tests.benchmarks", name, *kept_in], check=True)
    wanted = []
for name in wanted:
    around = _document.circumstances()
    line = json.dumps(json.loads(importlib.import_module(f"tests.benchmarks.{name}").main()) | around)
    print(line, flush=True)
    if given.jsonl:
        kept = given.jsonl.read_text().splitlines() if given.jsonl.exists() else []
        kept = [old for old in kept if json.loads(old)["name"] != name]
        given.jsonl.write_text("\n".join([*kept, line]) + "\n")
if given.write:
    lines = [json.loads(line) for line in given.jsonl.read_text().splitlines()]
    given.write.write_text(_document.document(lines), encoding="utf-8")
