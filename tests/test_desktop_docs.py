"""README, CONTRIBUTING and docs/ to the letter: what they name exists, what they tell one to type runs."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest
import xlwings
from rungs import tools

import udfs
from xlwings_addin import version
from xlwings_addin.build import architecture, readme
from xlwings_addin.cli import cli
from xlwings_addin.desktop.install import plan_for
from xlwings_addin.desktop.machine import Machine

udfs.load()

ROOT = tools.REPOSITORY
OF_USERS = ("README.md", "docs/reading.md", "docs/workbook.md", "docs/excel.md", "docs/notebook.md")
NAMES = (*OF_USERS, "CONTRIBUTING.md")
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in NAMES if (ROOT / name).is_file()}
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCRIPT = ROOT / "xlwings_addin" / "desktop" / "install.ps1"
MADE_ELSEWHERE = ("receivables-", "ledger.csv", "receipts.csv", "xlwings/pro")
"""What a path may begin with that is no file of the project: what commands write or read, a part of xlwings."""
PROGRAMS = {"ruff": "ruff", "mypy": "mypy", "lint-imports": "importlinter", "python": "pytest"}


@pytest.fixture(autouse=True)
def in_the_repository():
    if len(TEXTS) < len(NAMES):
        pytest.skip("not in the repository: the texts are not here")


def blocks(text, language):
    return [body for kind, body in _BLOCK.findall(text) if kind == language]


def spans(text):
    return re.findall(r"`([^`\n]+)`", _BLOCK.sub("", text))


def typed(text):
    """Every command line: in blocks, and in the middle of a sentence."""
    lines = [line for kind in ("", "powershell") for block in blocks(text, kind) for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    return [
        part for part in (*parts, *spans(text)) if re.match(r"(receivables|python|ruff|mypy|lint-imports)\b( |$)", part)
    ]


def heading_anchors(text):
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name):
    links = re.findall(r"\[[^\]]+\]\(([^)]+)\)", TEXTS[name])
    assert links
    for link in links:
        if link.startswith("https:"):
            assert re.fullmatch(r"https://github\.com/xlwings/xlwings/issues/\d+", link)
        else:
            path, _, anchor = link.partition("#")
            there = (ROOT / name).parent / path
            assert there.exists(), link
            assert not anchor or anchor in heading_anchors((there if path else ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_exists(name):
    commands = typed(TEXTS[name])
    assert commands
    for line in commands:
        program, *words = shlex.split(line)
        if program != "receivables":
            assert importlib.util.find_spec(PROGRAMS[program]), line
            continue
        command = cli.commands[words[0]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word.partition("=")[0] for word in words if re.match(r"-{1,2}[a-z]", word)} <= known, line


@pytest.mark.parametrize("name", NAMES)
def test_every_option_named_alone_exists(name):
    known = {option for command in cli.commands.values() for parameter in command.params for option in parameter.opts}
    script = SCRIPT.read_text("ascii")
    for span in spans(TEXTS[name]):
        if span.startswith("--"):
            assert span.split()[0] in known, span
        for option in re.findall(r"^(?:install\.ps1 )?-([A-Z]\w+)", span):
            assert f"]${option}" in script, span


@pytest.mark.parametrize("name", NAMES)
def test_every_path_exists(name):
    for span in spans(TEXTS[name]):
        looks = re.fullmatch(r"[\w.-]+(/[\w.-]*)+|[\w-]+\.(py|md|toml|ps1|csv|xlsx|xlam)", span)
        if not looks or span.startswith(MADE_ELSEWHERE):
            continue
        found = (
            (ROOT / span).exists()
            or list((ROOT / "xlwings_addin").rglob(span))
            or list((ROOT / "workbook_templates").glob(span))
        )
        assert found, span


@pytest.mark.parametrize("name", NAMES)
def test_every_function_exists(name):
    assert {f for f in re.findall(r"\bAR_[A-Z_]+\b", TEXTS[name]) if f != "AR_"} <= udfs.REGISTRY.keys()


def test_every_name_of_the_code_in_contributing_exists():
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("udfs", "xlwings_addin", "tests")
        for path in (ROOT / folder).rglob("*.py")
    )
    code += (ROOT / "pyproject.toml").read_text("utf-8")
    parts = architecture.imports(ROOT).keys() | architecture.LEFT_OUT
    for span in spans(TEXTS["CONTRIBUTING.md"]):
        if re.fullmatch(r"@?\w+", span) and span not in parts | {"dist", "mypy"}:
            name = span.removeprefix("@")
            assert re.search(rf"^(?:def {name}\(|class {name}\b|{name}\b ?[:=])", code, re.MULTILINE), span


def test_versions_named_are_those_there_are():
    text = TEXTS["docs/excel.md"]
    assert set(re.findall(r"xlwings\d\d-([\d.]+)\.dll", text)) == {xlwings.__version__}
    assert set(re.findall(r"receivables-([\d.]+)-windows", text)) == {version()}


def test_the_places_named_are_those_install_fills(tmp_path):
    class Nothing:
        def values(self, key):
            return {}

    folders = {name: str(tmp_path / name) for name in ("APPDATA", "LOCALAPPDATA", "USERPROFILE")}
    machine = Machine(
        windows=True,
        environment=folders,
        registry=Nothing(),
        interpreter=tmp_path / "python.exe",
        running=frozenset,
        answer=lambda dll, command: 0.0,
        installed=lambda name: None,
    )
    plan = plan_for(machine)
    named = [PureWindowsPath(span) for span in spans(TEXTS["docs/excel.md"]) if re.match(r"%[A-Z]+%\\.*\.\w+$", span)]
    told = {tmp_path / path.parts[0].strip("%") / Path(*path.parts[1:]) for path in named}
    assert told == {*plan.files, machine.own_folder / "installed.json"}
    ((key, value),) = plan.registry
    assert f"`{value}` under `{key}`" in TEXTS["docs/excel.md"]


# ---------------------------------------------------------------- what one is asked to type


@pytest.fixture(scope="module")
def shell(small_files, tmp_path_factory):
    """A folder with a ledger, and `receivables` on the path."""
    folder, programs = tmp_path_factory.mktemp("as told"), tmp_path_factory.mktemp("programs")
    for made, name in ((small_files.ledger, "ledger.csv"), (small_files.receipts, "receipts.csv")):
        (folder / name).write_bytes(Path(made).read_bytes())
    command = programs / "receivables"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xlwings_addin "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}

    def run(block):
        done = subprocess.run(
            ["sh", "-ec", block], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    return folder, run


def without_installing(block):
    """A block without what installs or tests the project: `.ci/run` types these as they stand, which takes minutes."""
    parts = [part.strip() for line in block.splitlines() for part in line.split("&&")]
    return "\n".join(part for part in parts if part and not re.match(r"python -m (pip|pytest)\b", part))


@pytest.mark.slow
def test_every_block_that_users_are_told_to_type_runs(shell):
    if sys.platform == "win32":
        pytest.skip("the blocks are for sh")
    folder, run = shell
    told = [block for name in OF_USERS for block in blocks(TEXTS[name], "")]
    ran = [block for block in map(without_installing, told) if block]
    assert len(ran) >= 4
    for block in ran:
        run(block)
    assert {path.name for path in folder.glob("*.xlsx")} == {"receivables-2026-10.xlsx", "receivables-2026-11.xlsx"}
    assert len(list((folder / "receivables-demo").glob("receivables-*.xlsx"))) == 2


def test_the_figure_one_is_told_to_expect_is_the_one_that_comes(shell):
    _, run = shell
    text = TEXTS["docs/excel.md"]
    (told,) = re.findall(r"`=AR_DSO\(([\d,]+)\)` into a cell: ([\d.]+)\.\n", text)
    assert f"{float(run(f'receivables calc AR_DSO {told[0]}'.replace(',', ' '))):.2f}" == told[1]
    assert "receivables calc AR_DSO " + told[0].replace(",", " ") in TEXTS["README.md"]


# ---------------------------------------------------------------- the picture


def test_the_picture_says_what_the_imports_say():
    arrows = architecture.imports(ROOT)
    assert arrows["udfs"] == set()
    assert "udfs" in arrows["ledger"]
    assert "xlwings_addin" not in arrows
    assert {"month_end", "writing"} <= arrows["cli"]
    assert "writing" not in arrows["month_end"]


def test_an_arrow_that_a_longer_way_says_is_left_out():
    arrows = {"a": {"b", "c", "d"}, "b": {"c"}, "c": set(), "d": set()}
    assert architecture.needed(arrows) == {"a": {"b", "d"}, "b": {"c"}, "c": set(), "d": set()}


def test_imports_for_type_checkers_alone_draw_no_arrow(tmp_path):
    package = tmp_path / "xlwings_addin"
    package.mkdir()
    (tmp_path / "udfs").mkdir()
    (package / "cli.py").write_text(
        "if TYPE_CHECKING:\n    from xlwings_addin import a\ndef late():\n    from xlwings_addin import b\n"
        "import xlwings_addin.c\n"
    )
    for name in "abc":
        (package / f"{name}.py").touch()
    assert architecture.imports(tmp_path)["cli"] == {"b", "c"}


def test_the_picture_in_contributing_is_fresh_and_a_missing_block_is_told():
    assert readme.refreshed(TEXTS["CONTRIBUTING.md"], architecture.blocks()) == TEXTS["CONTRIBUTING.md"]
    with pytest.raises(ValueError, match="There is no block '<!-- generated: architecture -->'"):
        readme.refreshed("nothing", architecture.blocks())
