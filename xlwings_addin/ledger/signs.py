"""The sign of amounts: by a debit or credit mark, by the kind of the document, or as the file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlwings_addin.ledger import cells
from xlwings_addin.ledger import findings as may
from xlwings_addin.ledger.errors import Answer, QuestionError, agreed
from xlwings_addin.ledger.reading import REDUCTIONS
from xlwings_addin.ledger.rows import BUCKET
from xlwings_addin.ledger.sums import sum_of, total_of
from xlwings_addin.ledger.text_columns import known_words
from xlwings_addin.ledger.values import CREDIT_NOTE, INVOICE, NOT_OURS, PAYABLE, PAYMENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlwings_addin.ledger.reading import Reading

_FIGURES = ("amount", "open_amount", *REDUCTIONS)


def apply_signs(reading: Reading) -> None:
    """Give every amount its sign: credits are negative."""
    keys = [key for key in _FIGURES if key in reading.columns]
    if reading.format.signs == "reversed":
        for key in (*keys, *(one for one in reading.columns if one.startswith(BUCKET))):
            reading.columns[key] = -reading.money(key)
    if "sign" in reading.columns:
        _by_mark(reading, keys)
    by_kind = "sign" not in reading.columns and "kind" in reading.columns and not reading.has("debit")
    if by_kind and reading.format.signs != "as-is":
        _ask_for_kinds(reading, keys)
    if not reading.format.signs_said:
        _ask_if_right(reading, keys)
    if by_kind and reading.format.signs != "as-is":
        _by_kind(reading, keys)


def _ask_if_right(reading: Reading, keys: list[str]) -> None:
    """Ask where most documents are negative that nothing calls credits, or where those called so are all positive."""
    ours = _ours(reading)
    credit = reading.text("kind").isin([CREDIT_NOTE, PAYMENT]) | reading.text("sign").eq("credit")
    called = credit.to_numpy(bool) & ours
    figure = np.where(reading.is_blank("open_amount"), reading.money("amount"), reading.money("open_amount"))
    own = figure[~called & ours]
    signed = any((reading.money(key)[ours] < 0).any() for key in keys)
    if own.sum() < 0 and 2 * int((own < 0).sum()) > np.count_nonzero(own):
        what, choice, turned = "most amounts are negative, as if they were owed to the customers", "reversed", -figure
    elif reading.format.signs == "as-is" and called.any() and own.any() and not signed:
        what, choice, turned = "credit notes and payments are positive like invoices", "by-kind", figure
    else:
        return
    turned = np.where(called, -abs(figure), turned)
    raise QuestionError(
        f"{reading.table.place}: {what}, and nothing says whether that is right.",
        Answer(
            "signs",
            (choice, "as-is"),
            tuple(f"total {total_of(reading, ours, one)}" for one in (turned, figure)),
        ),
    )


def _by_mark(reading: Reading, keys: list[str]) -> None:
    """Amounts without a sign take it from the mark beside them; where marked credits have one, signs stand."""
    sign = reading.text("sign")
    unmarked = sign.eq("").to_numpy(bool)
    reading.refuse(unmarked & reading.items, f"neither debit nor credit in column '{reading.title('sign')}'", keys[0])
    credit = sign.eq("credit").to_numpy(bool)
    for key in keys:
        amount = reading.money(key)
        if not (amount[credit] < 0).any():
            reading.columns[key] = np.where(credit, -amount, amount)


def _by_kind(reading: Reading, keys: list[str]) -> None:
    """Credits that are all positive count negative; where the file signs one of them, its signs stand.

    Column by column: a file may sign what is open and not what was invoiced.
    """
    credit = _credits(reading) & reading.items
    main = "amount" if "amount" in keys else "open_amount"
    turned = reversal = np.zeros(reading.count, bool)
    for key in keys:
        amount = reading.money(key)
        positive = credit & (amount > 0)
        if not positive.any():
            continue
        if reading.format.signs == "by kind" or not (amount[credit] < 0).any():
            turned = turned | positive
            reading.columns[key] = np.where(positive, -amount, amount)
        elif key == main:
            reversal = positive
    if turned.any():
        reading.find(may.CREDITS_NEGATED, turned, amount=sum_of(reading, turned))
    if reversal.any():
        reading.find(may.POSITIVE_CREDITS, reversal, amount=sum_of(reading, reversal))


_MOST_NAMED = 8
_MAY_BE = (INVOICE, CREDIT_NOTE, *NOT_OURS)
"""What a type may be that no word says."""


def _ask_for_kinds(reading: Reading, keys: list[str]) -> None:
    """Ask what a type is that could be a credit: no word says what it is, and no sign does or may."""
    by_kind = reading.format.signs == "by kind"
    if reading.format.values.get("kind", {}).get("*") != "" or (by_kind and not reading.format.general):
        return
    item = _ours(reading)
    if not by_kind and any((reading.money(key)[item] < 0).any() for key in keys):
        return
    codes, texts = cells.coded(cells.text(reading.cells("kind")))
    kinds = known_words(reading, "kind", texts)
    here = [texts[place] for place in np.unique(codes[item]).tolist() if texts[place]]
    positive = set(np.unique(codes[item & np.logical_or.reduce([reading.money(key) > 0 for key in keys])]).tolist())
    unknown = sorted(str(text) for text in here if str(text).casefold() not in kinds and texts.index(text) in positive)
    if not unknown or (len(here) < 2 and not by_kind):
        return
    raise QuestionError(
        agreed(
            f"{reading.table.place}: credits count by their kind, not by a sign, and nothing says whether"
            f" {', '.join(map(repr, unknown))} in column '{reading.title('kind')}' [is an invoice, a credit note, a"
            " supplier's (payable) or, like a quote, no receivable|are invoices, credit notes, suppliers' (payable) or,"
            " like quotes, no receivables].",
            len(unknown),
        ),
        Answer(
            "kind",
            choices=tuple(f"{text}={kind}" for text in unknown for kind in _MAY_BE),
            gives=tuple(
                f"total {_total(reading, codes, texts.index(text), kind)}" for text in unknown for kind in _MAY_BE
            ),
        ),
    )


def tell_unknown_kinds(reading: Reading) -> None:
    """Name the types that no word says what they are, and what their documents come to: they count by their signs."""
    if not reading.has("kind") or reading.format.values.get("kind", {}).get("*") != "":
        return
    codes, texts = cells.coded(cells.text(reading.cells("kind")))
    kinds = known_words(reading, "kind", texts)
    strange = np.array([bool(text) and str(text).casefold() not in kinds for text in texts], bool)
    which = _ours(reading) & strange[codes]
    if not which.any():
        return
    figure = np.where(reading.is_blank("open_amount"), reading.money("amount"), reading.money("open_amount"))
    named = [str(texts[place]) for place in np.unique(codes[which]).tolist()][:_MOST_NAMED]
    reading.find(
        may.UNKNOWN_KINDS,
        which,
        title=reading.title("kind"),
        shown=", ".join(map(repr, named)),
        amount=total_of(reading, which, figure),
        answers=(Answer("kind", tuple(f"{text}={kind}" for text in named for kind in _MAY_BE)),),
    )


def _total(reading: Reading, codes: NDArray[np.int64], place: int, kind: str) -> str:
    """What the documents come to where one type is of a kind."""
    ours = _ours(reading)
    own = ours & (codes == place)
    signs = np.where(own, {CREDIT_NOTE: -1, **dict.fromkeys(NOT_OURS, 0)}.get(kind, 1), 1)
    return sum_of(reading, ours, np.where(_credits(reading), -1, signs))


def _credits(reading: Reading) -> NDArray[np.bool_]:
    return reading.text("kind").isin([CREDIT_NOTE, PAYMENT]).to_numpy(bool)


def _ours(reading: Reading) -> NDArray[np.bool_]:
    """Items of our side of the ledger."""
    theirs = reading.text("kind").isin(NOT_OURS) | reading.text("ledger").eq(PAYABLE)
    return np.asarray(reading.items & ~theirs.to_numpy(bool), bool)
