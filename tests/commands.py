"""The command, run in this process."""

import contextlib
import io
import os
import subprocess
import sys
from unittest import mock

from xlwings_addin.cli import main


def receivables(*arguments, cwd=".", **environment):
    """Run the command in this process: one of its own takes a second to start, and most tests look at what it says."""
    out, err, status = io.StringIO(), io.StringIO(), None
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "argv", ["receivables", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            status = ended.code
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())
