"""Pictures of the sample month for the README: `python -m tests.pictures` draws them in docs/ (needs LibreOffice).

`docs/pictures.txt` says of which workbook they are; a test finds them stale when the sample month has changed.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from rungs.libreoffice import render  # noqa: E402
from rungs.tools import needs  # noqa: E402

from workbook_templates import SAMPLE_MONTH  # noqa: E402
from xlwings_addin.build import contents, workbooks  # noqa: E402

DOCS = ROOT / "docs"
STAMP = DOCS / "pictures.txt"
SHOWN = {"Dashboard": 1, "Collections": 1, "Aging": 1, "Diagnostics": 1, "Forecast": 1, "Rollout": 2, "Calculators": 1}
"""Sheet -> which of its pages."""
DPI = 88


def stamp() -> str:
    """Which sample month the pictures are to be of."""
    parts = contents(SAMPLE_MONTH)
    return hashlib.sha256(b"".join(name.encode() + parts[name] for name in sorted(parts))).hexdigest()


def main() -> None:
    """Print the sample month, and keep the pages that are shown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Values only: LibreOffice would recalculate what spills, and it does not know our functions.
        workbook = workbooks.write_sample(folder, frozen=True)
        pages = render(workbook, folder, dpi=DPI)
        text = subprocess.run(
            [needs("pdftotext"), "-layout", str(workbook.with_suffix(".pdf")), "-"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        found: dict[str, list[Path]] = {}
        for page, words in zip(pages, text.split("\f"), strict=False):
            footer = re.search(r"(\S[^\n]*?)\s+-\s+page \d+ of", words)
            sheet = footer[1].rsplit("  ", 1)[-1].strip() if footer else ""
            found.setdefault(sheet, []).append(page)
        for sheet, number in SHOWN.items():
            (DOCS / f"{sheet.lower()}.png").write_bytes(found[sheet][number - 1].read_bytes())
    STAMP.write_text(f"{stamp()}\n")


if __name__ == "__main__":
    main()
