"""The package `receivables` of an installation is this file under that name: what `xlwings_addin.api` offers."""

from typing import TYPE_CHECKING

from xlwings_addin import api as _api
from xlwings_addin.api import *

if not TYPE_CHECKING:
    __doc__, __all__ = _api.__doc__, _api.__all__
