"""Misspells one column key of the month end at a time: every place in its source where one is written."""

import ast
import contextlib
import importlib
import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from typing import Any

PACKAGE = "xlwings_addin.month_end"
HOOK = "__spelt__"
KEYED = frozenset({"column", "get", "kept", "pop", "rows", "setdefault", "typed"})
"""Methods whose first argument is a key."""

Place = tuple[str, int, int]
"""A module, and line and column of a key in it."""


class Spelling:
    """Which key is misspelt now, and which were read since it was asked last."""

    def __init__(self, *, everywhere: bool) -> None:
        self.everywhere = everywhere
        self.misspelt: Place | None = None
        self.read: set[Place] = set()
        self.keys: dict[Place, str] = {}

    def __call__(self, module: str, line: int, column: int) -> str:
        place = (module, line, column)
        self.read.add(place)
        return f"{self.keys[place]}x" if place == self.misspelt else self.keys[place]


class _Marking(ast.NodeTransformer):
    """Puts a call in the place of every key."""

    def __init__(self, module: str, names: frozenset[str], spelling: Spelling) -> None:
        self.module, self.names, self.spelling = module, names, spelling

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return self._marked(node) if self.spelling.everywhere else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node  # its texts can be no calls

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        node.body = [self.visit(one) for one in node.body]
        return node

    def _marked(self, node: Any) -> Any:
        if not (isinstance(node, ast.Constant) and node.value in self.names):
            return node
        place = (self.module, node.lineno, node.col_offset)
        self.spelling.keys[place] = node.value
        call = ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(part) for part in place], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        node.keys = [self._marked(key) for key in node.keys]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        node.slice = self._marked(node.slice)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in KEYED and node.args:
            node.args[0] = self._marked(node.args[0])
        return node


class _Loader(SourceLoader):
    def __init__(self, path: str, names: frozenset[str], spelling: Spelling) -> None:
        self.path, self.names, self.spelling = path, names, spelling

    def get_filename(self, fullname: str) -> str:
        return self.path

    def get_data(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def path_stats(self, path: str) -> Any:
        raise OSError(path)  # no compiled file is read or written

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        tree = ast.parse(data)
        marked = _Marking(Path(path).stem, self.names, self.spelling).visit(tree)
        return compile(marked, path, "exec", dont_inherit=True, optimize=_optimize)

    def exec_module(self, module: Any) -> None:
        module.__dict__[HOOK] = self.spelling
        super().exec_module(module)


class _Finder(MetaPathFinder):
    def __init__(self, names: frozenset[str], spelling: Spelling) -> None:
        self.names, self.spelling = names, spelling

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if not f"{fullname}.".startswith(f"{PACKAGE}."):
            return None
        found = PathFinder.find_spec(fullname, path)
        assert found is not None
        assert found.origin is not None
        loader = _Loader(found.origin, self.names, self.spelling)
        return spec_from_loader(fullname, loader, is_package=found.submodule_search_locations is not None)


@contextlib.contextmanager
def marked(
    names: frozenset[str], misspelt: Place | None = None, *, everywhere: bool = False
) -> Iterator[tuple[Any, Spelling]]:
    """Give the month end as a package of its own, its keys marked, and what misspells them.

    `everywhere` marks every string that is spelt as a key, wherever it stands, texts with braces apart.
    """
    spelling = Spelling(everywhere=everywhere)
    spelling.misspelt = misspelt
    finder = _Finder(names, spelling)
    before = {name: module for name, module in sys.modules.items() if f"{name}.".startswith(f"{PACKAGE}.")}
    for name in before:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    parent = sys.modules["xlwings_addin"]
    kept = parent.__dict__.get("month_end")
    try:
        yield importlib.import_module(PACKAGE), spelling
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{PACKAGE}.")]:
            del sys.modules[name]
        sys.modules.update(before)
        if kept is not None:
            parent.month_end = kept  # type: ignore[attr-defined]
