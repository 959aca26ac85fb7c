"""The picture of the architecture in CONTRIBUTING.md, out of the imports of the code itself."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
PACKAGE = "xlwings_addin"
ARITHMETIC = "udfs"
LEFT_OUT = frozenset({"__main__", "product", "settings", "entries", "errors"})
"""Plain facts that nearly everyone reads: their arrows would hide the others."""


def blocks() -> dict[str, Sequence[str]]:
    """Return the generated blocks of CONTRIBUTING.md by name, as lines of Markdown."""
    arrows = needed(imports(ROOT))
    drawn = [f"    {one} --> {other}" for one in sorted(arrows) for other in sorted(arrows[one])]
    return {"architecture": ["", "```mermaid", "graph TD", *drawn, "```", ""]}


def imports(root: Path) -> dict[str, set[str]]:
    """Return which part imports which: the modules and folders of the package, and the arithmetic."""
    parts = {path.stem for path in (root / PACKAGE).iterdir() if _is_part(path)} - LEFT_OUT | {ARITHMETIC}
    found: dict[str, set[str]] = {part: set() for part in parts}
    for package in (ARITHMETIC, PACKAGE):
        for path in sorted((root / package).rglob("*.py")):
            names = path.relative_to(root).with_suffix("").parts
            part = names[0] if names[0] == ARITHMETIC else names[1]
            if part in parts:
                found[part] |= {name for name in _imported(path) if name in parts} - {part}
    return found


def _is_part(path: Path) -> bool:
    return path.stem != "__init__" and (path.suffix == ".py" or (path / "__init__.py").is_file())


def _imported(path: Path) -> Iterator[str]:
    for node in _running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # `from xlwings_addin import ribbon` names a part as well.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            yield first if first != PACKAGE else rest.partition(".")[0]


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what is imported when it runs, inside functions too; for type checkers alone does not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _running(node)


def needed(arrows: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the arrows without those that a longer way already says."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(arrows[start])
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += arrows[one]
        return seen

    return {
        one: {other for other in others if not any(other in reached(way) for way in others - {other})}
        for one, others in arrows.items()
    }
