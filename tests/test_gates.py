"""The gates that are not tests by nature, run as tests so that one command says whether all is well."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pictures
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


def gate(*arguments: str) -> None:
    """Run a tool of this Python; its own words are the failure's message."""
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    if run.returncode:
        pytest.fail(f"{' '.join(arguments)}\n{run.stdout}{run.stderr}", pytrace=False)


@pytest.fixture(autouse=True)
def in_the_repository():
    if not (REPOSITORY / "pyproject.toml").exists():
        pytest.skip("not in the repository: the gates look at its files")


def test_ruff_finds_nothing():
    gate("-m", "ruff", "check", ".")


def test_every_file_is_formatted():
    gate("-m", "ruff", "format", "--check", ".")


def test_types_hold():
    gate("-m", "mypy")


def test_imports_keep_their_directions():
    # import-linter has no __main__; this is what its `lint-imports` script does.
    gate("-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())")


def test_no_module_of_tests_is_imported():
    """What several of them need is a module of its own, and a fixture is in conftest.py."""
    folder = Path(__file__).parent
    imports = {
        f"{path.relative_to(folder)}: {name}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        if any(part.startswith("test_") for part in name.split("."))
    }
    assert sorted(imports) == []


@pytest.mark.slow
def test_nothing_generated_is_stale():
    gate("-m", "xlwings_addin", "build", "--check")


def test_the_pictures_are_of_the_sample_month_as_it_is():
    assert pictures.STAMP.read_text().strip() == pictures.stamp(), "python -m tests.pictures makes them again"
    assert {path.stem for path in pictures.DOCS.glob("*.png")} == {sheet.lower() for sheet in pictures.SHOWN}
