"""What a question says of each answer is what an aging shows after it."""

from __future__ import annotations

import re

import pytest
from import_cases import CASES, DAY, written

from xlwings_addin import api
from xlwings_addin.ledger.errors import QuestionError
from xlwings_addin.ledger.mapping import said_by
from xlwings_addin.ledger.outcomes import FURTHER

HEAD = "Customer,Invoice,Date,Due"
FIRST, SECOND, THIRD = "A,1,2025-12-01,2025-12-31", "B,2,2025-12-05,2026-01-04", "B,3,2026-01-10,2026-02-09"
ASKING = {
    "signs and marks": f"{HEAD},Balance,Remaining,S/H\n{FIRST},100.00,90.00,S\n{SECOND},40.00,30.00,H\n"
    f"{THIRD},70.00,60.00,S\n",
    "currencies": f"{HEAD},Currency,Total,Deposit\n{FIRST},USD,100.00,10.00\n{SECOND},EUR,40.00,\n"
    f"{THIRD},EUR,7.00,1.00\n",
    "credits that are late": f"{HEAD},Balance,Remaining\n{FIRST},100.00,90.00\n{SECOND},-40.00,-30.00\n"
    f"{THIRD},7.00,6.00\n",
    "what was paid": f"{HEAD},Total,Wib,Wob\n{FIRST},100.00,90.00,10.00\n{SECOND},40.00,30.00,10.00\n"
    f"{THIRD},7.00,6.00,1.00\n",
    "a reduction": f"{HEAD},Total,Paid,Skonto\n{FIRST},100.00,50.00,3.00\n{SECOND},40.00,,2.00\n{THIRD},7.00,1.00,\n",
    "a sign of many": f"{HEAD},Currency,Total\n{FIRST},kr,100.00\n{SECOND},kr,-40.00\n{THIRD},EUR,7.00\n",
    "a status": f"{HEAD},Status,Total\n{FIRST},open,100.00\n{SECOND},Frobbed,40.00\n{THIRD},paid,7.00\n",
    "negative": f"{HEAD},Balance\n{FIRST},-100.00\n{SECOND},-40.00\n{THIRD},7.00\n",
    "currencies of one figure": f"{HEAD},Amount,Currency,Amount,Currency,Remaining\n{FIRST},10.00,USD,9.00,EUR,5.00\n"
    f"{SECOND},20.00,USD,18.00,EUR,6.00\n{THIRD},30.00,EUR,30.00,EUR,30.00\n",
}
FILES = {**{name: ("list.csv", text) for name, text in ASKING.items()}}
FILES |= {
    one.means: (one.name, one.content)
    for one in CASES
    if one.asks not in ("", "as_of") and not (one.mapping or one.receipts)
}
LATE = ("Credits", "Current", "No date")


def shown(path, answers, day):
    """Total and overdue of an aging, by currency."""
    aging = api.read(path, answers=answers, as_of=day).aging(day).data()["by_currency"]
    late = {
        one["currency"]: sum(amount for label, amount in one["buckets"].items() if label not in LATE) for one in aging
    }
    return {one["currency"]: one["total"] for one in aging}, late


def told(text):
    return {
        name or "": float(amount.replace(",", ""))
        for amount, name in re.findall(r"(-?[\d,.]+\d|\d)(?: ([A-Z]{3}))?", text)
    }


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
def test_the_figures_of_each_answer_are_those_after_it(tmp_path, name, content):
    path, count = written(tmp_path, name, content), 0
    with pytest.raises(QuestionError) as asked:
        api.read(path, as_of=DAY)
    for answer in asked.value.answers:
        for choice, gives in zip(answer.choices, answer.gives, strict=False):
            if len(answer.by_word()) > 1 or not gives.startswith("total"):
                assert gives != FURTHER or len(answer.by_word()) == 1
                continue
            count += 1
            figures = shown(path, said_by(answer.to, choice), DAY)
            for text, figure in zip(re.split(", overdue ", gives[6:]), figures, strict=True):
                assert told(text) == pytest.approx({key: one for key, one in figure.items() if one} or {"": 0}), gives
    assert count or name != "list.csv"
