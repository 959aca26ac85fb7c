"""Declare a worksheet function once; everything users see of it is read from here.

A declaration states what the function is called, what it means and when it has no result. The decorated
Python function then takes numbers, arrays or raw cells and returns numbers or arrays in which errors are
NaNs (`errors.py`).
"""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from udfs.arguments import Argument, Parameter
from udfs.compute import element_by_element, on_ranges
from udfs.errors import Amount
from udfs.rules import Rule

F = TypeVar("F", bound=Callable[..., Any])
Working = Callable[..., str]

WIZARD_LIMIT = 255
"""Excel's function wizard shows no more; xlwings cuts help texts there without a word."""
MOST_ARGUMENTS = 60

MISSION = ("AR_DSO", "AR_DSO_COUNTBACK", "AR_CEI", "AR_DDSO", "AR_CASH_IMPACT")
"""The functions that come first in the wizard and in the README; the others follow by category, then as declared."""

CATEGORIES = (
    "Collection speed",
    "Collection effectiveness",
    "Cash",
    "Cash cycle",
    "Aging",
    "Payment behaviour",
    "Risk",
    "Early-payment discounts",
    "Help",
)

_RETURNS = {
    Amount: "a number for numbers; for ranges an array of their common shape",
    float: "one number",
    str: "a text",
    list[list[str | float]]: "a list of rows, the first of them the headings",
}
_TEXTS = "a text for one item; for ranges an array of texts of their common shape"
_ERRORS = """Errors: besides those above, a blank where a figure is needed gives #N/A, text in its place #VALUE!, and an
error passed in comes out again. In Python each is a NaN in its place; `udfs.errors.excel_text` names it.
A value of any other type, such as a dict, raises TypeError; so do Series of different lengths."""

_VBA_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CELL_ADDRESS = re.compile(r"[A-Z]{1,3}\d{1,7}|R\d*C?\d*|C\d*", re.IGNORECASE)
_VBA_KEYWORD = re.compile(
    """
    abs|addressof|alias|and|any|array|as|attribute|boolean|byref|byte|byval|call|case|cbool|cbyte|ccur|cdate|cdbl|
    cint|circle|clng|clnglng|clngptr|close|compare|const|csng|cstr|currency|cvar|cverr|date|debug|decimal|declare|
    def(bool|byte|cur|date|dbl|dec|int|lng|lnglng|lngptr|obj|sng|str|var)|dim|do|doevents|double|each|else|elseif|
    empty|end|endif|enum|eqv|erase|error|event|exit|explicit|false|fix|for|friend|function|get|global|gosub|goto|if|
    imp|implements|in|input|inputb|instr|int|integer|is|lbound|len|lenb|let|lib|like|line|load|lock|long|longlong|
    longptr|loop|lset|me|mid|midb|mod|module|name|new|next|not|nothing|null|object|on|open|option|optional|or|
    paramarray|preserve|print|private|property|pset|public|put|raiseevent|redim|rem|resume|return|rset|scale|seek|
    select|set|sgn|shared|single|spc|static|step|stop|string|sub|tab|then|time|to|true|type|typeof|ubound|unload|
    unlock|until|variant|wend|while|with|withevents|write|xor
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class FunctionSpec:
    """One worksheet function, as Excel, the documentation and AR_EXPLAIN see it."""

    name: str
    category: str
    formula: str
    unit: str
    parameters: tuple[Parameter, ...]
    python: Callable[..., Any]
    body: Callable[..., Any]
    rules: tuple[Rule, ...] | None
    """When there is no result, for a function computed element by element; None for one that takes ranges whole."""
    variants: Mapping[tuple[str, object], str]
    """The formula where an option (name, value) changes it."""
    working: Working | None
    """Writes the calculation out where the formula with its numbers filled in would not do."""

    @property
    def summary(self) -> str:
        """The meaning, for the function wizard: the first paragraph of the docstring."""
        return self._paragraphs[0]

    @property
    def source(self) -> str:
        """Where the definition comes from."""
        return next((p.removeprefix("Source: ") for p in self._paragraphs if p.startswith("Source: ")), "")

    @property
    def example(self) -> str:
        """The first example of the docstring after its import: the call and, on the lines after it, its result."""
        found = re.search(
            r"^>>> (?!from )(.+(?:\n(?!>>> ).+)*)", inspect.cleandoc(self.python.__doc__ or ""), re.MULTILINE
        )
        return found[1] if found else ""

    @property
    def syntax(self) -> str:
        """The function as one types it, optional arguments in brackets."""
        return f"={self.name}({', '.join(map(_as_typed, self.parameters))})"

    def takes(self, count: int) -> bool:
        """Whether it can be called with that many arguments."""
        repeats = any(parameter.repeated for parameter in self.parameters)
        return sum(p.required for p in self.parameters) <= count and (repeats or count <= len(self.parameters))

    @property
    def elementwise(self) -> bool:
        """Whether a range in gives a result per cell."""
        return self.rules is not None

    @property
    def _paragraphs(self) -> list[str]:
        return [" ".join(p.split()) for p in inspect.cleandoc(self.python.__doc__ or "").split("\n\n")]


def _as_typed(parameter: Parameter) -> str:
    if parameter.repeated:
        return f"{parameter.name}..."
    return parameter.name if parameter.required else f"[{parameter.name}]"


REGISTRY: dict[str, FunctionSpec] = {}


def in_wizard_order(registry: Mapping[str, FunctionSpec]) -> dict[str, FunctionSpec]:
    """Return the functions in an order that does not depend on which module was imported first."""

    def place(spec: FunctionSpec) -> tuple[int, int, str, int]:
        mission = MISSION.index(spec.name) if spec.name in MISSION else len(MISSION)
        return mission, CATEGORIES.index(spec.category), spec.body.__module__, spec.body.__code__.co_firstlineno

    return {spec.name: spec for spec in sorted(registry.values(), key=place)}


def worksheet_function(
    name: str,
    *,
    category: str,
    formula: str,
    unit: str,
    rules: tuple[Rule, ...] = (),
    variants: Mapping[tuple[str, object], str] | None = None,
    working: Working | None = None,
) -> Callable[[F], F]:
    """Publish a function of numbers as a worksheet function that goes through ranges element by element."""

    def declare(body: F) -> F:
        return _publish(body, name, category, formula, unit, rules, variants, working)

    return declare


def range_function(
    name: str,
    *,
    category: str,
    formula: str,
    unit: str,
    variants: Mapping[tuple[str, object], str] | None = None,
    working: Working | None = None,
) -> Callable[[F], F]:
    """Publish a function that takes its ranges whole; it raises `Failure` where it has no result."""

    def declare(body: F) -> F:
        return _publish(body, name, category, formula, unit, None, variants, working)

    return declare


def _publish(
    body: F,
    name: str,
    category: str,
    formula: str,
    unit: str,
    rules: tuple[Rule, ...] | None,
    variants: Mapping[tuple[str, object], str] | None,
    working: Working | None,
) -> F:
    parameters = _parameters_of(body, name)
    spec = FunctionSpec(
        name=name,
        category=category,
        formula=formula,
        unit=unit,
        parameters=parameters,
        python=body,
        body=body,
        rules=rules,
        variants=variants or {},
        working=working,
    )
    _check(spec)
    known = REGISTRY.get(name)
    # The same function may come back when its module is reloaded; another one may not.
    if known and known.python.__qualname__ != body.__qualname__:
        raise ValueError(f"{name} is already published by {known.python.__qualname__}")
    computed = on_ranges(body, parameters) if rules is None else element_by_element(body, parameters, rules)
    python = functools.wraps(body)(computed)
    python.__doc__ = _documented(spec)
    # Without the annotations, which hold all that is said of each argument, once more.
    signature = inspect.signature(body)
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    python.__signature__ = signature.replace(parameters=bare, return_annotation=signature.empty)  # type: ignore[attr-defined]
    REGISTRY[name] = replace(spec, python=python)
    return cast("F", python)


def _parameters_of(body: Callable[..., Any], function: str) -> tuple[Parameter, ...]:
    hints = get_type_hints(body, include_extras=True)
    return tuple(
        Parameter(
            p.name,
            _argument_of(hints.get(p.name), f"{function}: argument {p.name!r}"),
            required=p.default is p.empty and p.kind is not p.VAR_POSITIONAL,
            default=None if p.default is p.empty else p.default,
            repeated=p.kind is p.VAR_POSITIONAL,
        )
        for p in inspect.signature(body).parameters.values()
    )


def _documented(spec: FunctionSpec) -> str:
    """Return the docstring with what the declaration says besides: arguments, result and errors, for `help`."""
    meaning, *examples = re.split(r"\n\n(?=Source: )", inspect.cleandoc(spec.body.__doc__ or ""), maxsplit=1)
    arguments = (f"    {p.name}: {p.argument.kind.given}{_of(p.unit)}.\n        {p.help}" for p in spec.parameters)
    returns = f"Returns{_of(spec.unit)}: {_RETURNS.get(spec.body.__annotations__.get('return'), _TEXTS)}."
    return "\n\n".join((meaning, "\n".join(("Arguments:", *arguments)), returns, _ERRORS, *examples))


def _of(unit: str) -> str:
    return f" ({unit})" if unit not in {"", "date", "table"} else ""


def _argument_of(hint: Any, where: str) -> Argument:
    found = [a for a in get_args(hint)[1:] if isinstance(a, Argument)] if get_origin(hint) is Annotated else []
    if not found:
        raise ValueError(f"{where} has no meaning; annotate it with one from udfs/arguments.py")
    return found[0]


def _check(spec: FunctionSpec) -> None:
    if spec.category not in CATEGORIES:
        raise ValueError(f"{spec.name}: there is no category {spec.category!r} among {', '.join(CATEGORIES)}")
    names = [p.name for p in spec.parameters]
    for word in (spec.name, *names):
        if not _VBA_NAME.fullmatch(word) or _CELL_ADDRESS.fullmatch(word) or _VBA_KEYWORD.fullmatch(word):
            raise ValueError(f"{spec.name}: {word!r} is no usable name: a VBA keyword, a cell address or misspelt")
    lowered = [spec.name.lower(), *(n.lower() for n in names)]
    if len(set(lowered)) < len(lowered):
        raise ValueError(f"{spec.name}: a name is used twice; VBA does not tell upper from lower case")
    if len(names) > MOST_ARGUMENTS:
        raise ValueError(f"{spec.name}: {len(names)} arguments; Excel takes {MOST_ARGUMENTS}")
    for text in (spec.summary, *(p.help for p in spec.parameters)):
        if not 0 < len(text) <= WIZARD_LIMIT:
            raise ValueError(f"{spec.name}: help must have 1 to {WIZARD_LIMIT} characters: {text[:40]!r}")
    for rule in spec.rules or ():
        if unknown := set(rule.arguments) - set(names):
            raise ValueError(f"{spec.name}: a rule looks at {', '.join(sorted(unknown))}; there are {', '.join(names)}")
