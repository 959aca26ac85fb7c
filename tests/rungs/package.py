"""Rung 4: would Excel open the file without repairing it? Microsoft's Open XML SDK says."""

import json
import subprocess
from pathlib import Path

from rungs.tools import needs


def validate_package(path: Path, *, timeout: float = 300) -> list[str]:
    """What the SDK objects to in a workbook or add-in; an empty list when nothing."""
    program = needs("ooxml-validator")
    run = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=timeout, check=False)
    try:
        found = json.loads(run.stdout)
    except ValueError:
        raise RuntimeError(f"{program} gave no verdict on {path}: {run.stderr or run.stdout}") from None
    objections = found if isinstance(found, list) else found["errors"]
    return [_line(one) for one in objections]


def _line(one: dict[str, str | None]) -> str:
    low = {key.lower(): value for key, value in one.items()}
    where = f"{low.get('path') or ''} {low.get('xpath') or ''}".strip()
    return f"{where or 'package'}: {low.get('description')} [{low.get('id') or low.get('errortype')}]"
