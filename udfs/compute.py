"""How a declared function is computed: on plain floats, on arrays element by element, or on ranges whole.

This is where the failure table is applied: an error in a cell, then a blank, then text, then the rules of
the function in their order, then a result no cell can hold.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from udfs.arguments import NUMBER, WORDS, Parameter
from udfs.errors import (
    ERROR_INTS,
    FINE,
    IS_BLANK,
    IS_ERROR,
    IS_TEXT,
    NUM,
    VALUE,
    Amount,
    Failure,
    excel_text,
    first_problem,
    rank,
    shown,
)
from udfs.intake import NotACellError, is_column
from udfs.rules import Rule

Parameters = tuple[Parameter, ...]
Body = Callable[..., Any]

EMPTY = "A range is empty."
TOO_LARGE = "The result is larger than a cell can hold."


def element_by_element(body: Body, parameters: Parameters, rules: tuple[Rule, ...]) -> Callable[..., Amount]:
    """Return the published form of a function of numbers.

    Plain numbers that break no rule never meet numpy, which is what makes a call from one cell cheap; whatever
    else comes goes through arrays, where every failure has an error of its own.
    """
    readers = tuple(None if p.argument.kind is NUMBER else p.argument.kind.read for p in parameters)
    names = [p.name for p in parameters]
    looks = [(rule.condition, [names.index(name) for name in rule.arguments]) for rule in rules]
    on_one = [(condition, places[0]) for condition, places in looks if len(places) == 1]
    on_several = [(condition, itemgetter(*places)) for condition, places in looks if len(places) > 1]
    isfinite = math.isfinite

    def on_floats(given: tuple[Any, ...]) -> float | None:
        values: list[Any] = []
        for cell, read in zip(given, readers, strict=True):
            value = cell if read is None else read(cell)
            kind = type(value)
            if kind is float:
                if not isfinite(value):
                    return None
            elif read is None:
                if kind is not int or value in ERROR_INTS:
                    return None
                value = float(value)
            elif kind is np.ndarray:
                return None
            values.append(value)
        for condition, place in on_one:
            if condition(values[place]):
                return None
        for relation, pick in on_several:
            if relation(*pick(values)):
                return None
        result: float = body(*values)
        return result if isfinite(result) else None

    complete = _completed(body, parameters)

    def call(*args: Any, **kwargs: Any) -> Amount:
        given = complete(args, kwargs)
        try:
            result = on_floats(given)
        except (Failure, NotACellError, ZeroDivisionError, OverflowError):  # floats raise where arrays give infinity
            result = None
        try:
            return on_arrays(body, parameters, rules, given) if result is None else result
        except Failure as failure:
            return _as_result(failure, given)

    return call


def on_arrays(body: Body, parameters: Parameters, rules: tuple[Rule, ...], given: Sequence[object]) -> Amount:
    """Compute a function of numbers on whatever was given, failures included, element by element.

    Raises `Failure` where the ranges do not go together: then there are no elements.
    """
    values = [p.read(cell) for p, cell in zip(parameters, given, strict=True)]
    numeric: list[Amount] = [v for v in values if isinstance(v, (float, np.ndarray))]
    shape = common_shape(numeric)
    usable = {p.name: _usable(p, v) for p, v in zip(parameters, values, strict=True)}
    with np.errstate(all="ignore"):
        result: NDArray[np.float64] = np.array(np.broadcast_to(body(**usable), shape), dtype=np.float64)
        np.copyto(result, NUM, where=~np.isfinite(result))
        for rule in reversed(rules):
            np.copyto(result, rule.error, where=rule.condition(*(usable[name] for name in rule.arguments)))
    problem = first_problem(numeric, shape)
    if problem is not None:
        np.copyto(result, problem, where=problem != 0)
    return result if shape else float(result)


def _usable(parameter: Parameter, value: Any) -> Any:
    """Return what the arithmetic can run on: where a word was wrong, its default; the result is discarded."""
    if isinstance(value, float):
        return parameter.default if parameter.argument.kind.name in WORDS else np.float64(value)
    return value


def on_ranges(body: Body, parameters: Parameters) -> Callable[..., Any]:
    """Return the published form of a function that takes its ranges whole."""
    complete = _completed(body, parameters)
    one_figure = body.__annotations__.get("return") is float

    def call(*args: Any, **kwargs: Any) -> Any:
        given = complete(args, kwargs)
        try:
            return run(body, parameters, given)
        except Failure as failure:
            # One figure out may be one NaN, but not where the columns do not fit or hold what is no figure.
            no_figure = one_figure and excel_text(failure.error) != excel_text(VALUE)
            return failure.error if no_figure else _as_result(failure, given)

    return call


def _as_result(failure: Failure, given: Sequence[object]) -> float:
    """Return the error as the one result; raise it where a column was given, for which one NaN could be mistaken."""
    if any(map(is_column, given)):
        raise TypeError(failure.reason) from None
    return failure.error


def run(body: Body, parameters: Parameters, given: Sequence[object]) -> Any:
    """Compute a function that takes its ranges whole; raises `Failure` where there is no result at all."""
    values = [p.read(cell) for p, cell in zip(parameters, given, strict=False)]
    broken = [
        (rank(value), p) for p, value in zip(parameters, values, strict=False)
        if isinstance(value, float) and rank(value) != FINE
    ]  # fmt: skip
    if any(p.argument.kind.name in WORDS for _, p in broken):
        # The body cannot run without the word; where another cell is worse, that cell is to blame.
        _, parameter = min(broken, key=itemgetter(0))
        value = values[parameters.index(parameter)]
        raise Failure(shown(value), problem_of(parameter, value))
    with np.errstate(all="ignore"):
        return body(*values, *given[len(values) :])


def _completed(body: Body, parameters: Parameters) -> Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]]:
    """Return what fills in omitted arguments, as Python would, at no cost where none are."""
    signature = inspect.signature(body)
    least, count = sum(p.required for p in parameters), len(parameters)
    defaults = tuple(p.default for p in parameters)
    repeats = any(p.repeated for p in parameters)

    def complete(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        if not kwargs and not repeats and least <= len(args) <= count:
            return args + defaults[len(args) :]
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.args

    return complete


def problem_of(parameter: Parameter, value: float) -> str:
    """Say in plain English what is wrong with an argument."""
    kind = parameter.argument.kind
    found = rank(value)
    if found == IS_ERROR:
        return f"{parameter.name} holds the error {excel_text(value)}."
    if found == IS_BLANK:
        return f"{parameter.name} is blank."
    if kind.words:
        return f"{parameter.name} must be one of: {', '.join(kind.words)}."
    if kind.name == "flag":
        return f"{parameter.name} must be TRUE or FALSE."
    if kind.name == "edges":
        return f"{parameter.name} must be whole days above 0, each more than the one before."
    wanted = "date" if parameter.unit == "date" else "number"
    return f"{parameter.name} is no {wanted}." if found == IS_TEXT else f"{parameter.name} is no possible {wanted}."


def require(arguments: dict[str, Amount], *, blanks_in: NDArray[np.bool_] | None = None) -> None:
    """Refuse a calculation over whole ranges if any cell cannot be used; blank ones may stand where told."""
    worst: tuple[int, str, float, int] | None = None
    for name, values in arguments.items():
        flat = np.ravel(values)
        for at in np.flatnonzero(~np.isfinite(flat)).tolist():
            value = float(flat[at])
            found = rank(value)
            tolerated = found == IS_BLANK and blanks_in is not None and bool(blanks_in[at % blanks_in.size])
            if not tolerated and (worst is None or found < worst[0]):
                worst = (found, name if flat.size == 1 else f"{name} (cell {at + 1})", value, at)
    if worst is not None:
        found, where, value, _ = worst
        what = {IS_ERROR: f"holds the error {excel_text(value)}", IS_BLANK: "is blank", IS_TEXT: "is no number or date"}
        raise Failure(shown(value), f"{where} {what.get(found, 'is no possible value')}.")


def common_shape(values: Iterable[Amount]) -> tuple[int, ...]:
    """Return the shape of the result of ranges taken element by element; a row with a column gives a block."""
    try:
        return np.broadcast_shapes(*map(np.shape, values))
    except ValueError:
        raise Failure(VALUE, "The ranges differ in size.") from None


def aligned(*ranges: Amount) -> list[NDArray[np.float64]]:
    """Return ranges cell against cell: rows and columns of equal length in either direction, one cell with all."""
    arrays = [np.asarray(values, dtype=np.float64) for values in ranges]
    if all(max(array.shape, default=1) == array.size for array in arrays):
        arrays = [array.ravel() for array in arrays]
    shape = common_shape(arrays)
    if 0 in shape:
        raise Failure(VALUE, EMPTY)
    return [np.broadcast_to(array, shape).ravel() for array in arrays]


def problems_of(ids: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return 0 for each text and, for each other cell, the NaN that says why."""
    return np.array([cell if isinstance(cell, float) else 0.0 for cell in ids.tolist()], dtype=np.float64)


def total(values: Iterable[float]) -> float:
    """Return the exact sum, rounded once, whatever the order."""
    try:
        result = math.fsum(values)
    except (OverflowError, ValueError):  # beyond any float, or infinities of both signs
        result = math.inf
    if not math.isfinite(result):
        raise Failure(NUM, TOO_LARGE)
    return result
