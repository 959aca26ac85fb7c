"""The names people import: each says what goes in and comes out, and its example runs in a new Python."""

import ast
import doctest
import inspect
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import udfs
import xlwings_addin.api as ar
from udfs.spec import REGISTRY

ROOT = Path(__file__).parents[1]
FUNCTIONS = {spec.python.__name__: spec for spec in udfs.REGISTRY.values()}
FACES = {"udfs": udfs, "receivables": ar}
PUBLIC = [(face, name) for face, module in FACES.items() for name in module.__all__]
EACH = pytest.mark.parametrize(("face", "name"), PUBLIC, ids=[f"{face}.{name}" for face, name in PUBLIC])


def python(code, cwd, **environment):
    """Run code in a Python of its own, with this clone's packages and nothing else loaded."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


# ---------------------------------------------------------------- names


def test_no_module_of_udfs_bears_a_functions_name():
    modules = {path.stem for path in (ROOT / "udfs").glob("*.py")}
    arguments = {p.name for spec in udfs.REGISTRY.values() for p in spec.parameters}
    assert not modules & (FUNCTIONS.keys() | {"load", "REGISTRY"})
    assert {"dso", "turnover"} <= arguments, "an argument may be called like a function, a module may not"


def test_importing_is_quick_and_the_first_use_loads(tmp_path):
    code = (
        "import sys, udfs; before = 'numpy' in sys.modules; udfs.dso(1, 2, 4);"
        " from udfs import cei, load, REGISTRY; from udfs import *;"
        " print(before, ddso(1, 2, 4), sorted(dir(udfs)) == sorted(udfs.__all__), len(REGISTRY))"
    )
    assert python(code, tmp_path).stdout == f"False 2.0 True {len(REGISTRY)}\n"
    with pytest.raises(AttributeError, match=r"module 'udfs' from .*udfs.* has no attribute 'dsso'"):
        _ = udfs.dsso
    assert udfs.__all__ == sorted([*FUNCTIONS, "REGISTRY", "load"])


def test_both_faces_offer_every_function():
    assert set(ar.__all__) == FUNCTIONS.keys() | {"Aging", "Ledger", "Month", "Rate", "Settings", "close", "read"}
    for name, spec in FUNCTIONS.items():
        assert getattr(udfs, name) is spec.python
        assert list(inspect.signature(getattr(ar, name)).parameters) == [p.name for p in spec.parameters]


@pytest.mark.parametrize("package", ["udfs", "xlwings_addin"])
def test_type_checkers_are_told_of_every_function_and_argument(package):
    tree = ast.parse((ROOT / package / "_functions.pyi").read_text("utf-8"))
    told = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names = [one.arg for one in (*node.args.args, *filter(None, [node.args.vararg]))]
            assert told.setdefault(node.name, names) == names
    assert told == {name: [p.name for p in spec.parameters] for name, spec in FUNCTIONS.items()}


# ---------------------------------------------------------------- what each says of itself


def members(thing):
    """What one meets of a class: itself, its methods and properties; of anything else itself."""
    yield thing
    if inspect.isclass(thing):
        yield from (value for name, value in vars(thing).items() if callable(value) and not name.startswith("_"))


@EACH
def test_every_public_name_says_shapes_units_and_errors(face, name):
    thing = getattr(FACES[face], name)
    if name in {"REGISTRY", "load"}:
        return  # neither takes nor returns a figure
    told = inspect.getdoc(thing)
    if name in FUNCTIONS:
        spec = FUNCTIONS[name]
        for parameter in spec.parameters:
            line = re.search(rf"^    {parameter.name}: (.+)\n        (.+)$", told, re.MULTILINE)
            assert line[2] == parameter.help
            if parameter.unit not in {"", "date"}:
                assert f"({parameter.unit})" in line[1]
            assert re.search(r"\b(list|array|number|text|date|True|one of|takes)\b", line[1])
        unit = f" ({spec.unit})" if spec.unit not in {"", "table"} else ""
        assert f"\nReturns{unit}: " in told
        assert "#N/A" in told
        assert "TypeError" in told
        assert ("Series out" in told or "index out" in told) == (face == "receivables")
        assert re.search(r"^Source: \S", told, re.MULTILINE)
        assert f">>> from {face} import {name}\n" in told
        return
    assert re.search(r"^Errors: .*(Value|Type)Error", told, re.MULTILINE)
    assert re.search(r"[Aa]mounts|unit", told)
    for method in members(thing):
        said = inspect.getdoc(method)
        parameters = [] if method is thing and inspect.isclass(thing) else list(inspect.signature(method).parameters)
        if len(parameters) > 2 and "as those of" not in said:
            for parameter in parameters[inspect.isclass(thing) :]:
                assert re.search(rf"^    {parameter}: ", said, re.MULTILINE), parameter


# ---------------------------------------------------------------- examples


def examples():
    """Every docstring with an example: the public names, and whatever else in `udfs` shows one."""
    for face, name in PUBLIC:
        yield f"{face}.{name}", inspect.getdoc(getattr(FACES[face], name)) or ""
    yield "receivables", ar.__doc__
    for path in sorted((ROOT / "udfs").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
                text = ast.get_docstring(node) or ""
                if ">>>" in text:
                    yield f"{path.stem}.{getattr(node, 'name', '')}", text


EXAMPLES = {where: text for where, text in examples() if ">>>" in text}


@pytest.mark.parametrize("where", EXAMPLES)
def test_every_example_runs_where_nothing_was_imported(where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(EXAMPLES[where], {}, where, None, None)
    told = io.StringIO()
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=told.write)
    assert result.attempted
    assert not result.failed, told.getvalue()
    assert not list(tmp_path.iterdir()), "an example leaves nothing where one works"


def test_every_function_has_an_example_and_so_have_reading_and_closing():
    for face in FACES:
        assert {f"{face}.{name}" for name in FUNCTIONS} <= EXAMPLES.keys()
    assert {"receivables.read", "receivables.close"} <= EXAMPLES.keys()


FRESH = ["udfs.dso", "receivables.dso", "receivables.read", "receivables.close", "boundary.call", "udfs.explain"]


@pytest.mark.slow
@pytest.mark.parametrize("where", FRESH)
def test_an_example_can_be_pasted_into_a_new_python(where, tmp_path):
    parsed = doctest.DocTestParser().get_examples(EXAMPLES[where])
    code = "\n".join(f"exec(compile({one.source!r}, 'pasted', 'single'))" for one in parsed)
    run = python(code, tmp_path)
    assert run.stdout.split() == "".join(one.want for one in parsed).split(), run.stderr


# ---------------------------------------------------------------- the notebook of the documents


@pytest.fixture(scope="module")
def cells():
    text = (ROOT / "docs/notebook.md").read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_notebook_of_the_documents_runs_as_it_stands(cells, small_company, tmp_path):
    small_company.write(tmp_path)
    assert len(cells) == 2
    run = python("\n".join((*cells, "print(months['quarter'].iloc[-1])")), tmp_path)
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) > 0
    assert {path.name for path in tmp_path.glob("*.xlsx")} == {"october.xlsx", "november.xlsx"}


def test_the_five_lines_are_those_of_the_documents(cells):
    for line in ("import receivables as ar", 'ledger = ar.read("ledger.csv", receipts="receipts.csv")'):
        assert line in cells[0].splitlines()
    assert len(cells[0].split("\n\n")[1].splitlines()) == 5
