"""What is generated out of the declarations: the template, the sample month, tables in documents, types, months."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from xlwings_addin.build import addin, architecture, months, readme, stubs, workbooks
from xlwings_addin.product import ADDIN_FILE
from xlwings_addin.writing import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator


def build_all(root: Path, *, check: bool = False) -> list[str]:
    """Bring everything generated under `root`, a clone of the project, up to date.

    Returns the paths that changed, or that would with `check`, which changes nothing. Raises
    `WorkbookError` where `root` is no clone.
    """
    if not (root / "workbook_templates").is_dir() or not (root / "pyproject.toml").is_file():
        raise WorkbookError(
            f"{root} is not a clone of the project: run this where pyproject.toml and workbook_templates are."
        )
    return [*_workbooks(root, check=check), *_texts(root, check=check)]


def _workbooks(root: Path, *, check: bool) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / ADDIN_FILE
        addin.write_addin(made)
        for path in (*workbooks.write_all(Path(folder)), made):
            kept = root / "workbook_templates" / path.name
            if kept.exists() and contents(kept) == contents(path):
                continue
            if not check:
                kept.write_bytes(path.read_bytes())
            yield str(kept.relative_to(root))


def contents(package: Path) -> dict[str, bytes]:
    """Return the parts of an Office file. Their compressed bytes may differ between zlib versions; these may not."""
    with zipfile.ZipFile(package) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _texts(root: Path, *, check: bool) -> Iterator[str]:
    made = {**stubs.stubs(), "xlwings_addin/ledger/months.csv": months.months()}
    for name, blocks in {**readme.blocks(), "CONTRIBUTING.md": architecture.blocks()}.items():
        made[name] = readme.refreshed((root / name).read_text(encoding="utf-8"), blocks)
    for name, fresh in made.items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != fresh:
            if not check:
                path.write_text(fresh, encoding="utf-8")
            yield name
