"""Ways of doing the same work, measured in turn in one run, and what came of it as one line of JSON.

Ratios are medians of the ratios of one round each: in a round every way runs once, so what slows the machine down
for a while slows all of them. Nothing here fails by being slow; it fails where two ways come to different results.
"""

from __future__ import annotations

import ctypes
import gc
import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROUNDS = 7
SHORTEST = 0.02
"""Seconds that one measurement takes at least; faster work is repeated within it."""


@dataclass
class Measured:
    """Seconds of each way, round by round, and the megabytes it took at its peak beyond what was there before."""

    seconds: dict[str, list[float]]
    peak_mb: dict[str, float]
    results: dict[str, Any] = field(repr=False)

    def median(self, way: str) -> float:
        return statistics.median(self.seconds[way])

    def ratio(self, one: str, other: str) -> float:
        """How many times as long `one` takes as `other`."""
        pairs = zip(self.seconds[one], self.seconds[other], strict=True)
        return statistics.median(a / b for a, b in pairs)


def measure(ways: Mapping[str, Callable[[], Any]], *, rounds: int = ROUNDS) -> Measured:
    """Run every way once to see its result and its memory, then all of them in turn, `rounds` times."""
    results, peaks, repeats = {}, {}, {}
    for name, work in ways.items():
        results[name], peaks[name], took = _at_peak(work)
        repeats[name] = max(1, min(100_000, round(SHORTEST / max(took, 1e-7))))
    for name, work in ways.items():
        if repeats[name] > 1:  # the first call paid for what only first calls pay for
            repeats[name] = max(1, round(repeats[name] * SHORTEST / _seconds(work, repeats[name])))
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, work in ways.items():
                seconds[name].append(_seconds(work, repeats[name]) / repeats[name])
    finally:
        gc.enable()
    return Measured(seconds, peaks, results)


def _seconds(work: Callable[[], Any], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        work()
    return time.perf_counter() - started


def _at_peak(work: Callable[[], Any]) -> tuple[Any, float, float]:
    gc.collect()
    _give_back_memory()
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the kernel's mark of the peak starts again
    started = time.perf_counter()
    result = work()
    took = time.perf_counter() - started
    return result, max(_resident("VmHWM") - before, 0.0), took


def _resident(line: str) -> float:
    for text in Path("/proc/self/status").read_text().splitlines():
        if text.startswith(line):
            return int(text.split()[1]) / 1024
    raise LookupError(line)


def _give_back_memory() -> None:
    ctypes.CDLL(None).malloc_trim(0)
    arrow = sys.modules.get("pyarrow")
    if arrow:
        arrow.default_memory_pool().release_unused()


_STARTER = """
import os, sys, time
started = time.perf_counter()
silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - started, usage.ru_maxrss / 1024)
sys.exit(bool(status))
"""
"""Starts a command: a process of its own, for the kernel counts what a parent holds among its child's memory."""


def run(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a command, as the kernel accounts for the finished process."""
    told = subprocess.run([sys.executable, "-S", "-c", _STARTER, *command], stdout=subprocess.PIPE, text=True)
    if told.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} failed")
    seconds, peak = map(float, told.stdout.split())
    return seconds, peak


def measure_commands(
    commands: Mapping[str, Sequence[str]], *, rounds: int = ROUNDS, before: Callable[[], object] = lambda: None
) -> Measured:
    """As `measure`, of whole processes, each after `before`; the peak is that of the process."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    peaks = dict.fromkeys(commands, 0.0)
    for command in commands.values():
        before()
        run(command)
    for _ in range(rounds):
        for name, command in commands.items():
            before()
            took, peak = run(command)
            seconds[name].append(took)
            peaks[name] = max(peaks[name], peak)
    return Measured(seconds, peaks, {})


@dataclass(frozen=True)
class Goal:
    """A figure to reach, `at` "least" or "most" so much, and what was found."""

    text: str
    at: str
    bound: float
    found: float

    @property
    def figure(self) -> str:
        """What was found, for reading."""
        return f"{self.found:,.0f}" if self.found >= 100 else f"{self.found:.3g}"

    @property
    def met(self) -> bool:
        return self.found >= self.bound if self.at == "least" else self.found <= self.bound


@dataclass
class Report:
    """What one benchmark found: goes to the terminal, and as one line of JSON to whoever keeps it."""

    name: str
    title: str
    number: int
    """Which of the nine goals of docs/performance.md."""
    ways: list[dict[str, Any]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, part: str, measured: Measured, *, ours: Sequence[str] = ()) -> None:
        """Note every way of `measured`; ours are marked."""
        for name, seconds in measured.seconds.items():
            self.ways.append(
                {
                    "part": part,
                    "way": name,
                    "ours": name in ours,
                    "median_s": statistics.median(seconds),
                    "least_s": min(seconds),
                    "rounds": len(seconds),
                    "peak_mb": round(measured.peak_mb[name], 1) if name in measured.peak_mb else None,
                }
            )

    def goal(self, text: str, found: float, *, least: float | None = None, most: float | None = None) -> None:
        bound = least if least is not None else most
        assert bound is not None
        self.goals.append(Goal(text, "least" if least is not None else "most", bound, found))

    def tell(self) -> str:
        """Print what was found, for reading, and return it as one line of JSON."""
        print(f"\n{self.name}: {self.title}", file=sys.stderr)
        part = ""
        for way in self.ways:
            if way["part"] != part:
                part = way["part"]
                print(f"  {part}", file=sys.stderr)
            print(
                f"    {'*' if way['ours'] else ' '} {way['way']:<46} {shown(way['median_s']):>10}"
                f" {megabytes(way['peak_mb']):>11}",
                file=sys.stderr,
            )
        for goal in self.goals:
            verdict = "met" if goal.met else "NOT MET"
            print(f"  {goal.text}: {goal.figure} (at {goal.at} {goal.bound:g}) {verdict}", file=sys.stderr)
        for note in self.notes:
            print(f"  {note}", file=sys.stderr)
        found = asdict(self)
        found["goals"] = [asdict(goal) | {"figure": goal.figure, "met": goal.met} for goal in self.goals]
        return json.dumps(found)


def megabytes(found: float | None) -> str:
    """Megabytes for reading; nothing where nobody looked."""
    return "" if found is None else f"{found:.0f} MB"


def shown(seconds: float) -> str:
    """Seconds for reading.

    >>> shown(0.0000004), shown(0.0123), shown(61.9)
    ('0.40 µs', '12.3 ms', '61.9 s')
    """
    for unit, factor in (("µs", 1e6), ("ms", 1e3)):
        value = seconds * factor
        if value < 1000:
            return f"{value:.2f} {unit}" if value < 10 else f"{value:.1f} {unit}"
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
