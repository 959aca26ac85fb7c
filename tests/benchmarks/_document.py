"""docs/performance.md, made from the benchmarks' lines of JSON."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks._harness import megabytes, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

LIBRARIES = ("numpy", "pandas", "pyarrow", "polars", "duckdb", "xlsxwriter", "fastexcel", "openpyxl", "xlwings")
GOALS = (
    "aging_1m", "month_ends", "countback", "scalar_calls", "blocks", "xlsx_import", "refresh_100k", "aging_sheet",
    "loading", "growth",
)  # fmt: skip
"""What is measured of the nine goals, in their order."""
PROSE = Path(__file__).with_name("_prose.md")


def circumstances() -> dict[str, Any]:
    """Where and when something was measured, and with which versions."""
    processor = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "date": dt.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores ({processor}), {memory / 2**20:.0f} GB, {platform.system()}",
        "load": round(os.getloadavg()[1], 1),
        "python": platform.python_version(),
        "versions": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def document(found: Sequence[dict[str, Any]]) -> str:
    """The whole document: the goals in one table, then what each benchmark measured."""
    found = sorted(found, key=lambda one: (one["number"], one["name"]))
    prose = PROSE.read_text(encoding="utf-8").split("<!-- measured -->\n")
    lines = [prose[0].rstrip(), ""]
    where: dict[tuple[str, str, str], dict[str, str]] = {}
    for one in found:
        where.setdefault((one["date"], one["machine"], one["python"]), {}).update(one["versions"])
    for (date, machine, python), versions in where.items():
        listed = ", ".join(f"{name} {number}" for name, number in versions.items())
        lines += [f"Measured on {date}: {machine}; Python {python}, {listed}.", ""]
    lines += ["## Goals", "", "| Goal | what | figure | at | met |", "|---|---|---|---|---|"]
    for one in found:
        lines += [
            f"| {one['number']} | {goal['text']} | {goal['figure']} | {goal['at']} {goal['bound']:g} |"
            f" {'yes' if goal['met'] else '**no**'} |"
            for goal in one["goals"]
        ]
    missing = set(GOALS) - {one["name"] for one in found}
    if missing:
        lines += ["", f"Not measured here: {', '.join(name for name in GOALS if name in missing)}."]
    lines += ["", *(text.rstrip() for text in prose[1:]), "", "## Figures"]
    for one in found:
        lines += ["", f"### {one['number']}. {one['title'][:1].upper()}{one['title'][1:]}", ""]
        busy = f"; load average of the machine: {one['load']:g}" if "load" in one else ""
        lines += [f"`python -m tests.benchmarks {one['name']}`{busy}", ""]
        if one["ways"]:
            lines += ["| | median | fastest | rounds | peak memory |", "|---|---:|---:|---:|---:|"]
        for part, ways in groupby(one["ways"], key=lambda way: way["part"]):
            lines += [f"| *{part}* | | | | |"] if part else []
            for way in ways:
                name = f"**{way['way']}**" if way["ours"] else way["way"]
                lines.append(
                    f"| {name} | {shown(way['median_s'])} | {shown(way['least_s'])} | {way['rounds']} |"
                    f" {megabytes(way['peak_mb'])} |"
                )
        lines += ["", *(f"{note}\n" for note in one["notes"])]
    return "\n".join(lines).rstrip() + "\n"
