"""AR_EXPLAIN: a calculation written out in numbers, or the reason in words why it cannot be made."""

import difflib
import math
import re
from typing import Any

import numpy as np

import udfs
from udfs.arguments import DATE, NUMBER, Arguments, FunctionName
from udfs.compute import EMPTY, TOO_LARGE, common_shape, problem_of, run
from udfs.errors import FINE, VALUE, Failure, rank
from udfs.intake import NotACellError
from udfs.spec import FunctionSpec, range_function
from udfs.unexpected import report
from udfs.wording import outcome, written

INTERNAL_ERROR = (
    "Internal error, see the log: a fault of the add-in, not of your figures. `receivables doctor` shows where the log"
    " is and what to do."
)


def find(name: str) -> FunctionSpec:
    """Return a function by its Excel name, with or without "=" and "AR_"; raises `LookupError` with a hint."""
    wanted = name.strip().lstrip("=").upper()
    for candidate in (wanted, f"AR_{wanted}"):
        if candidate in udfs.REGISTRY:
            return udfs.REGISTRY[candidate]
    close = difflib.get_close_matches(wanted, udfs.REGISTRY, n=3) or list(udfs.REGISTRY)[:5]
    raise LookupError(f"There is no function {wanted}. Is it one of {', '.join(close)}?")


@range_function("AR_EXPLAIN", category="Help", formula="the calculation of function_name, written out", unit="")
def explain(function_name: FunctionName, *arguments: Arguments) -> str:
    """Explain a result: the calculation written out in numbers, or in plain words the reason it cannot be made.

    Give the name of a function and the arguments it would get. Of a range, the first result is explained.

    Source: the formulas and rules that the functions themselves use

    Examples:
    >>> from udfs import explain
    >>> explain("AR_DSO", 850_000, 3_200_000, 365)
    '850,000 / 3,200,000 x 365 = 96.95 days'
    >>> explain("AR_DSO", 850_000, 0, 365)
    'credit_sales is 0: there is nothing to divide by.'
    >>> explain("AR_DSO", None, 3_200_000, 365)
    'receivables is blank.'
    """
    try:
        spec = find(function_name)
    except LookupError as unknown:
        return str(unknown.args[0])
    least, most = sum(p.required for p in spec.parameters), len(spec.parameters)
    if not least <= len(arguments) <= most:
        return f"{spec.syntax} takes {least} to {most} arguments; there are {len(arguments)}."
    given = (*arguments, *(p.default for p in spec.parameters[len(arguments) :]))
    try:
        return _elementwise(spec, given) if spec.elementwise else _whole(spec, given)
    except Failure as failure:
        return failure.reason
    except NotACellError:
        raise
    except Exception as unexpected:  # noqa: BLE001 - the cell that is explained shows #VALUE!, and this is why
        report(spec.name, unexpected)
        return INTERNAL_ERROR


def _elementwise(spec: FunctionSpec, given: tuple[object, ...]) -> str:
    read = [p.read(cell) for p, cell in zip(spec.parameters, given, strict=True)]
    shape = common_shape([value for value in read if isinstance(value, (float, np.ndarray))])
    if 0 in shape:
        raise Failure(VALUE, EMPTY)
    values = {p.name: _first(value) for p, value in zip(spec.parameters, read, strict=True)}
    _refuse_problems(spec, values)
    words = {p.name: written(values[p.name], p.unit) for p in spec.parameters}
    for rule in spec.rules or ():
        if _holds(rule.condition, [np.float64(v) if type(v) is float else v for v in map(values.get, rule.arguments)]):
            return rule.reason.format_map(words)
    # The whole of it, as the cell does: what goes wrong in a later row leaves nothing of the first.
    result = _first(spec.python(*given))
    if not math.isfinite(result):
        return TOO_LARGE
    return f"{_first_of(math.prod(shape))}{_filled_in(spec, values, words)} = {outcome(result, spec.unit)}"


def _first_of(results: int) -> str:
    return f"First of {results} results: " if results > 1 else ""


def _first(value: Any) -> Any:
    return float(value.flat[0]) if isinstance(value, np.ndarray) and value.size else value


def _refuse_problems(spec: FunctionSpec, values: dict[str, Any]) -> None:
    broken = [(rank(v), p, v) for p in spec.parameters if isinstance(v := values[p.name], float) and rank(v) != FINE]
    if broken:
        _, parameter, value = min(broken, key=lambda found: found[0])
        raise Failure(value, problem_of(parameter, value))


def _holds(condition: Any, values: list[Any]) -> bool:
    with np.errstate(all="ignore"):
        return bool(condition(*values))


def _whole(spec: FunctionSpec, given: tuple[object, ...]) -> str:
    result = run(spec.body, spec.parameters, given)
    read = [p.read(cell) for p, cell in zip(spec.parameters, given, strict=False)]
    values = {
        p.name: _first(value) if p.argument.kind in (NUMBER, DATE) else value
        for p, value in zip(spec.parameters, read, strict=True)
    }
    first = ""
    if isinstance(result, np.ndarray):
        if not result.size:
            return EMPTY
        first, result = _first_of(result.size), result.flat[0]
    if isinstance(result, float) and not math.isfinite(result):
        _refuse_problems(spec, values)
    words = {p.name: written(values[p.name], p.unit) for p in spec.parameters}
    working = spec.working(*read) if spec.working else _filled_in(spec, values, words)
    if isinstance(result, str):
        return f"{first}{working} = {result}"
    if isinstance(result, float):
        return f"{first}{working} = {outcome(result, spec.unit)}" if math.isfinite(result) else TOO_LARGE
    return working


def _filled_in(spec: FunctionSpec, values: dict[str, Any], words: dict[str, str]) -> str:
    chosen = (formula for (name, word), formula in spec.variants.items() if values.get(name) == word)
    formula = next(chosen, spec.formula)
    return re.sub(r"[a-z_]+", lambda found: words.get(found[0], found[0]), formula)
