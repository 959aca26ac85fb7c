"""When an element-wise function has no result: conditions on its arguments, each with the reason in words.

A condition works on floats and on arrays alike and names what it looks at by its own parameters, which
are parameters of the function too.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from udfs.errors import DIV0, NUM, Amount

Condition = bool | NDArray[np.bool_]
"""Whether something holds: for one calculation, or for each of many."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where `condition` holds, the result is `error`; `reason` may name arguments in braces to quote them."""

    error: float
    condition: Callable[..., Condition]
    arguments: tuple[str, ...]
    reason: str


def _looks_at(condition: Callable[..., Condition]) -> tuple[str, ...]:
    return tuple(inspect.signature(condition).parameters)


def nothing_to_divide_by(condition: Callable[..., Condition], reason: str) -> Rule:
    """Return the rule of a denominator made of several arguments."""
    return Rule(DIV0, condition, _looks_at(condition), f"{reason}: there is nothing to divide by.")


def out_of_domain(condition: Callable[..., Condition], reason: str) -> Rule:
    """Return a rule about arguments that cannot go together."""
    return Rule(NUM, condition, _looks_at(condition), f"{reason}.")


def not_zero(name: str) -> Rule:
    """Return the rule that an argument is divided by."""
    return Rule(DIV0, _is_zero, (name,), f"{name} is {{{name}}}: there is nothing to divide by.")


def not_negative(name: str) -> Rule:
    """Return the rule that an argument is 0 or more."""
    return Rule(NUM, _is_negative, (name,), f"{name} is {{{name}}}: it cannot be negative.")


def positive(name: str) -> Rule:
    """Return the rule that an argument is more than 0."""
    return Rule(NUM, _is_not_positive, (name,), f"{name} is {{{name}}}: it must be more than 0.")


def _is_zero(value: Amount) -> Condition:
    return value == 0


def _is_negative(value: Amount) -> Condition:
    return value < 0


def _is_not_positive(value: Amount) -> Condition:
    return value <= 0
