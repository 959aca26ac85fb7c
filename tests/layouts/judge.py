"""One file: made, read with the public reader, its questions answered from the truth, its figures compared."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from tests.layouts import files, forms
from tests.layouts.truth import Figures
from tests.layouts.words import HEADINGS, plain
from xlwings_addin import api

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.layouts.files import Written
    from tests.layouts.forms import Layout

    Reply = Callable[[Layout, Written, tuple[str, ...]], dict[str, Any]]

RIGHT = "right"
ASKED_RIGHT = "asked, then right"
ASKED_WRONG = "asked, then wrong"
NO_ANSWER = "asked what cannot be answered"
REFUSED = "refused"
CRASHED = "crashed"
WRONG = "WRONG"
VERDICTS = (RIGHT, ASKED_RIGHT, ASKED_WRONG, NO_ANSWER, REFUSED, CRASHED, WRONG)
QUESTIONS = 6
"""As many are answered about one file at most."""


@dataclass(frozen=True)
class Case:
    """What became of one file."""

    seed: str
    kind: str
    verdict: str
    provable: bool
    why_not: str
    file: str
    style: str
    detail: str = ""
    answers: str = ""


# ---------------------------------------------------------------- answers

Given = dict[str, Any]
Choices = tuple[str, ...]


def _dates(layout: Layout, _written: Written, choices: Choices) -> Given:
    if "as-is" in choices:
        return {"dates": "as-is"}
    return {"dates": "mdy" if layout.dates.startswith("mdy") else "dmy"}


def _heading(layout: Layout, key: str) -> str:
    if layout.kind == "no heading" and key in layout.places:
        return f"Column {string.ascii_uppercase[layout.places[key]]}"
    return layout.columns.get(key, "none").strip()


def _mapping(layout: Layout, _written: Written, _choices: Choices) -> Given:
    said: Given = {"columns": {key: _heading(layout, key) for key in layout.columns}}
    if layout.group:
        said["group"] = layout.group
    return {"mapping": said}


def _column(layout: Layout, _written: Written, choices: Choices) -> Given:
    asked = {choice.partition("=")[0] for choice in choices}
    return {"answers": {"columns": {key: _heading(layout, key) for key in asked}}} if asked else {}


def _terms(_layout: Layout, _written: Written, choices: Choices) -> Given:
    texts = [choice.rpartition("=")[0] for choice in choices]
    return {"answers": {"terms": {text: int(re.sub(r"\D", "", text)) for text in texts}}}


def _words(what: str, roles: dict[str, str]) -> Reply:
    """Words of cells are what the list of headings says of them."""

    def reply(layout: Layout, _written: Written, choices: Choices) -> Given:
        texts = {choice.rpartition("=")[0] for choice in choices}
        meant = {
            text: meaning
            for text in texts
            for role, meaning in roles.items()
            if plain(text) in map(plain, HEADINGS.get((role, layout.language), ()))
        }
        return {"answers": {"words": {what: meant}}} if set(meant) == texts else {}

    return reply


def _currency(layout: Layout, _written: Written, choices: Choices) -> Given:
    texts = {choice.rpartition("=")[0] for choice in choices}
    return {"answers": {"words": {"currency": dict.fromkeys(texts, layout.truth.currencies[0])}}}


def _encoding(_layout: Layout, written: Written, choices: Choices) -> Given:
    content = written.path.read_bytes()
    right = content.decode(written.encoding)
    for choice in choices:
        if content.decode(choice, "replace") == right:
            return {"answers": {"encoding": choice}}
    return {}


KIND_WORDS = {"w_invoice": "invoice", "w_credit_note": "credit note", "w_payment": "payment"}
STATUS_WORDS = {"w_open": "open", "w_partial": "partly paid", "w_paid": "paid", "w_void": "void", "w_draft": "draft"}
ANSWERS: dict[str, Reply] = {
    "dates": _dates,
    "as_of": lambda layout, _written, _choices: {"as_of": layout.truth.as_of},
    "snapshot": lambda layout, written, _choices: {"snapshots": {written.path.name: layout.truth.as_of}},
    "entity": lambda layout, written, _choices: {"entities": {written.path.name: layout.truth.company}},
    "sheet": lambda layout, _written, _choices: {"answers": {"sheets": [sheet.name for sheet in layout.sheets]}},
    "column": _column,
    "signs": lambda layout, _written, _choices: {"answers": {"signs": "by-kind" if _all_positive(layout) else "as-is"}},
    "terms": _terms,
    "kind": _words("kind", KIND_WORDS),
    "status": _words("status", STATUS_WORDS),
    "currency_word": _currency,
    "encoding": _encoding,
    "mapping": _mapping,
}
"""The arguments of the reader that answer, by the name of the answer: what the truth says, {} where it has none."""


def _all_positive(layout: Layout) -> bool:
    return layout.kind == "credits positive"


def answer(layout: Layout, written: Written, asked: tuple[Any, ...], given: Given) -> Given | None:
    """The arguments that answer a question, the surest first; None where there is none, or it was given already."""
    for name, reply in ANSWERS.items():
        for one in asked:
            if one.to == name:
                said = merged(given, reply(layout, written, tuple(one.choices)))
                if said != given:
                    return said
    return None


def merged(one: Given, other: Given) -> Given:
    """Join two answers, tables inside them too."""
    both = dict(one)
    for key, value in other.items():
        held = both.get(key)
        both[key] = merged(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return both


# ---------------------------------------------------------------- figures


def got(ledger: Any, layout: Layout) -> Figures:
    """What the project says of the ledger as of the day of the truth."""
    data = ledger.aging(layout.truth.as_of).data()
    found = Figures(documents=int(data["items"]))
    for part in data["by_currency"]:
        # One that the reader does not name is not wrong: it is asked for wherever it matters.
        money = (part["currency"] or layout.truth.currencies[0]) if layout.by_currency else ""
        if part["total"]:
            found.totals[money] = part["total"]
        found.buckets.update({(money, label): value for label, value in part["buckets"].items() if value})
        found.customers.update({(money, one["key"]): one["total"] for one in part["groups"] if one["total"]})
    return found


def expected(layout: Layout) -> Figures:
    """The truth, as far as the layout can tell it."""
    want = layout.expected
    if layout.by_currency:
        return want
    return Figures(
        {"": sum(want.totals.values())},
        {("", label): value for (_, label), value in want.buckets.items()},
        {("", customer): value for (_, customer), value in want.customers.items()},
        want.documents,
    )


def differences(layout: Layout, found: Figures) -> str:
    """What of the figures is wrong, in a few words; "" where all are right."""
    want = expected(layout)
    if not _same(want.totals, found.totals):
        return f"total: {_few(found.totals)}, not {_few(want.totals)}"
    if (layout.edges == (30, 60, 90) or found.documents is None) and not _same(want.buckets, found.buckets):
        return f"ages: {_few(found.buckets)}, not {_few(want.buckets)}"
    owed, told = want.customers, found.customers
    if layout.customers == "id":
        # By number, or by name where the reader takes that: no two customers have one name.
        names = {one.customer.id: one.customer.name for one in layout.truth.documents}
        named = {(money, names[customer]): value for (money, customer), value in owed.items()}
        wrong = not (_same(owed, told) or _same(named, told))
    else:
        wrong = Counter(map(_cents, owed.values())) != Counter(map(_cents, told.values()))
    if wrong:
        return f"customers: {_few(told)}, not {_few(owed)}"
    if want.documents is not None and found.documents != want.documents:
        return f"documents: {found.documents}, not {want.documents}"
    return ""


def _cents(value: float) -> int:
    return round(value * 100)


def _same(want: dict[Any, float], found: dict[Any, float]) -> bool:
    return {key: _cents(value) for key, value in want.items() if _cents(value)} == {
        key: _cents(value) for key, value in found.items() if _cents(value)
    }


def _few(amounts: dict[Any, float]) -> str:
    return ", ".join(f"{key if isinstance(key, str) else key[1]} {value:,.2f}" for key, value in [*amounts.items()][:6])


def flows(ledger: Any, layout: Layout) -> str:
    """What is shown of sales, DSO or CEI for a list of open items; "" for nothing, as it should be."""
    rows = ledger.metrics(layout.truth.as_of)
    shown = [
        name
        for name in ("credit_sales", "dso", "cei")
        if name in rows and any(math.isfinite(value) for value in rows[name].tolist())
    ]
    return f"{', '.join(shown)} shown for a list of open items" if shown else ""


# ---------------------------------------------------------------- one file


def judge(layout: Layout, written: Written) -> tuple[str, str, str]:
    """Read a file, answering what it asks; return verdict, detail and what was answered."""
    given: Given = {}
    asked: list[str] = []
    for _ in range(QUESTIONS + 1):
        try:
            ledger = api.read(written.path, **given)
            wrong = differences(layout, got(ledger, layout))
            if not wrong and layout.open_list:
                wrong = flows(ledger, layout)
        except ValueError as error:
            question = getattr(error, "answers", ())
            if not question:
                return (NO_ANSWER if given else REFUSED), str(error), ", ".join(asked)
            said = answer(layout, written, question, given)
            if said is None:
                return NO_ANSWER, str(error), ", ".join(asked)
            given = said
            asked.append(" or ".join(one.to for one in question))
        except TypeError as error:
            # The question is new, and the public reader does not take its answer yet.
            if "unexpected keyword" not in str(error):
                return CRASHED, repr(error), ", ".join(asked)
            return NO_ANSWER, str(error), ", ".join(asked)
        except Exception as error:  # noqa: BLE001 - whatever else it raises is what is looked for
            return CRASHED, repr(error), ", ".join(asked)
        else:
            if wrong:
                return (ASKED_WRONG if given else WRONG), wrong, ", ".join(asked)
            return (ASKED_RIGHT if given else RIGHT), "", ", ".join(asked)
    return NO_ANSWER, "there is no end of questions", ", ".join(asked)


def try_one(seed: str, kind: str, folder: Path) -> Case:
    """Make the file of a seed, and say what becomes of it; it stays in the folder."""
    layout, written = make_file(seed, kind, folder)
    verdict, detail, answers = judge(layout, written)
    style = " ".join((layout.language, written.encoding, written.delimiter.replace("\t", "tab"), layout.dates)) + (
        " native" if written.native else f" {layout.numbers.write(-123456789, 'EUR')}"
    )
    return Case(
        seed,
        kind,
        verdict,
        layout.provable,
        layout.why_not,
        f"{written.kind} {written.path.name}",
        style,
        detail,
        answers,
    )


def make_file(seed: str, kind: str, folder: Path) -> tuple[Layout, Written]:
    """Make the file of a seed: the same every time."""
    rng = Random(seed)
    for _ in range(50):
        try:
            layout = forms.make_layout(rng, kind)
        except LookupError as error:
            lacks = error  # the language has too few headings for it
            continue
        return layout, files.write(
            rng, layout, folder, "file_" + "".join(one if one.isalnum() else "_" for one in seed)
        )
    raise LookupError(f"{kind}: {lacks}")
