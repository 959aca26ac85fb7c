"""The registry: what is declared is complete and usable by Excel, and what is not is refused at declaration."""

import inspect
import typing

import pytest

import udfs
from udfs import spec as declarations
from udfs.arguments import Argument, CreditSales, Days, Receivables
from udfs.spec import MISSION, REGISTRY, WIZARD_LIMIT, in_wizard_order, worksheet_function

udfs.load()

SPECS = pytest.mark.parametrize("spec", list(REGISTRY.values()), ids=lambda spec: spec.name)
ODD = typing.Annotated[float, Argument("Some argument.", "")]


def test_the_mission_comes_first_whatever_was_imported_first():
    assert tuple(REGISTRY)[:5] == MISSION
    backwards = dict(reversed(REGISTRY.items()))
    assert list(in_wizard_order(backwards)) == list(REGISTRY)


def test_loading_twice_changes_nothing():
    before = dict(REGISTRY)
    udfs.load()
    assert before == REGISTRY


@SPECS
def test_a_function_tells_all_that_users_see(spec):
    assert spec.source
    assert spec.example
    assert 0 < len(spec.summary) <= WIZARD_LIMIT
    assert all(0 < len(p.help) <= WIZARD_LIMIT for p in spec.parameters)
    assert spec.syntax.startswith(f"={spec.name}(")
    assert [p.name for p in spec.parameters] == list(inspect.signature(spec.python).parameters)


def test_what_the_wizard_shows():
    spec = REGISTRY["AR_DSO_COUNTBACK"]
    assert spec.syntax == "=AR_DSO_COUNTBACK(ending_receivables, monthly_sales, [days], [newest_first], [if_exhausted])"
    assert [p.default_text for p in spec.parameters[2:]] == ["30", "TRUE", '"error"']
    assert spec.parameters[-1].help.endswith('Default "error".')
    assert REGISTRY["AR_BUCKET"].parameters[-1].help.endswith("Default 30, 60, 90.")
    assert REGISTRY["AR_EXPLAIN"].syntax == "=AR_EXPLAIN(function_name, arguments...)"


def declare(python, name="AR_TRIAL", **changes):
    """Declare a function and leave the registry as it was."""
    try:
        settings = {"category": "Help", "formula": "", "unit": ""} | changes
        return worksheet_function(name, **settings)(python)
    finally:
        REGISTRY.pop("AR_TRIAL", None)


@pytest.mark.parametrize("name", ["DSO90", "R", "RC", "R1C1", "Date", "next", "AR DSO", "1AR", "C"])
def test_names_that_excel_cannot_use_are_refused(name):
    def trial(receivables: Receivables) -> float:
        """Try."""
        return 0.0

    with pytest.raises(ValueError, match="no usable name"):
        declare(trial, name)


@pytest.mark.parametrize("argument", ["R", "rc", "Q3", "date", "loop"])
def test_argument_names_that_excel_cannot_use_are_refused(argument):
    scope: dict[str, typing.Any] = {"ODD": ODD}
    exec(f"def trial({argument}: ODD) -> float:\n    'Try.'\n    return 0.0", scope)
    with pytest.raises(ValueError, match="no usable name"):
        declare(scope["trial"])


def test_names_alike_but_for_their_case_are_refused():
    def trial(sales: ODD, Sales: ODD) -> float:  # noqa: N803
        """Try."""
        return 0.0

    def named_like_its_argument(ar_trial: ODD) -> float:
        """Try."""
        return 0.0

    for python in (trial, named_like_its_argument):
        with pytest.raises(ValueError, match="used twice"):
            declare(python)


def test_too_many_arguments_are_refused():
    scope: dict[str, typing.Any] = {"ODD": ODD}
    exec(f"def trial({', '.join(f'number_{n}: ODD' for n in range(61))}) -> float:\n    'Try.'\n    return 0.0", scope)
    with pytest.raises(ValueError, match="61 arguments"):
        declare(scope["trial"])


def test_an_argument_without_a_meaning_is_refused():
    def trial(days: float) -> float:
        """Try."""
        return days

    with pytest.raises(ValueError, match="has no meaning"):
        declare(trial)


def test_a_meaning_that_the_wizard_would_cut_is_refused():
    def trial(days: Days) -> float:
        return 0.0

    for doc in (None, "Long " * 60):
        trial.__doc__ = doc
        with pytest.raises(ValueError, match="1 to 255"):
            declare(trial)


def test_a_rule_about_no_argument_and_a_category_that_is_none_are_refused():
    def trial(days: Days) -> float:
        """Try."""
        return 0.0

    with pytest.raises(ValueError, match="a rule looks at"):
        declare(trial, rules=(declarations.Rule(0.0, lambda sales: sales > 0, ("sales",), ""),))
    with pytest.raises(ValueError, match="no category"):
        declare(trial, category="Sundry")


def test_a_name_is_published_once():
    def another(receivables: Receivables, credit_sales: CreditSales, days: Days) -> float:
        """Try."""
        return 0.0

    with pytest.raises(ValueError, match="already published by dso"):
        declare(another, "AR_DSO")
