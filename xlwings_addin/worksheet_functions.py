"""Publish every worksheet function of `udfs` to Excel, through xlwings.

The one module named in UDF MODULES: xlwings looks for one attribute per function here, named as in Excel, and its
generator makes the VBA wrappers from what the decorators note down. Off Windows the decorators do nothing, and the
functions take and return the same cells.

In come cells as xlwings hands them over: every range as a list of rows, so that a column stays a column; the errors
that xlwings knows as texts, the others as the ints of COM; currency cells as Decimal; blank cells as None. Out go
numbers and texts. No error can be returned through xlwings as such (a VT_ERROR arrives as an omitted argument), so
errors leave as the texts of `udfs.errors.CODES`, and the VBA wrappers turn exactly those into real Excel errors;
every other text is a result and stays one.
"""

import inspect
from collections.abc import Callable, Mapping

import xlwings as xw  # noqa: TID251 - this is where functions meet Excel
from xlwings.conversion import Accessor, Ensure2DStage, Pipeline  # noqa: TID251

import udfs
from udfs.arguments import Parameter
from udfs.boundary import MISSING, Cells, call
from udfs.spec import FunctionSpec
from udfs.unexpected import report_to

__all__ = ["published"]


def published(spec: FunctionSpec) -> Callable[..., Cells]:
    """Return a function as xlwings wants it: positional cells in, cells out, everything noted for the wizard."""

    def function(*cells: object) -> Cells:
        return call(spec, *map(_without_range, cells))

    function.__name__ = function.__qualname__ = spec.name  # Excel's name of it
    function.__doc__ = spec.summary
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_as_xlwings_reads_it(parameter) for parameter in spec.parameters]
    )
    # Instead of a converter that xlwings would derive from the annotation of the result.
    function = xw.ret(AsTheyAre)(function)
    for parameter in spec.parameters:
        function = xw.arg(parameter.name, doc=parameter.help, ndim=2, err_to_str=True)(function)
    # Last: every `arg` puts the category back to xlwings' own.
    return xw.func(category=spec.category)(function)


class AsTheyAre(Accessor):
    """Results leave as they are, in rows: xlwings' own way looks for dates and blanks in each cell, which costs
    more than computing it, and there are none.
    """

    @classmethod
    def writer(cls, options: Mapping[str, object]) -> Pipeline:  # noqa: ARG003 - the name is part of the protocol
        """Return the stages between a result and COM."""
        return Pipeline([Ensure2DStage()])


def _as_xlwings_reads_it(parameter: Parameter) -> inspect.Parameter:
    if parameter.repeated:
        return inspect.Parameter(parameter.name, inspect.Parameter.VAR_POSITIONAL)
    # An omitted argument arrives as this default, unconverted; a blank cell in its place arrives as None.
    default = inspect.Parameter.empty if parameter.required else MISSING
    return inspect.Parameter(parameter.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def _without_range(cells: object) -> object:
    """Take a single cell out of the range that `ndim=2` makes of it: plain numbers are computed without numpy."""
    if type(cells) is list and len(cells) == 1 and type(cells[0]) is list and len(cells[0]) == 1:
        return cells[0][0]
    return cells


def _write_down(function: str, error: Exception) -> None:
    from xlwings_addin import log  # only where something went wrong: Excel waits for what is loaded here

    log.function_stopped(function, error)


report_to(_write_down)
udfs.load()
globals().update({name: published(spec) for name, spec in udfs.REGISTRY.items()})
