"""Fill tracker, Set baseline and Diagnose pressed, twice, on the workbooks that come with the product."""

import pytest
from desk import BLANK, EITHER, content
from excel_host import differences

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("control", "sheet"), [("fill_tracker", "Rollout"), ("diagnose", "Diagnostics")], ids=["tracker", "diagnose"]
)
@EITHER
def test_the_month_is_brought_up_to_date_and_the_sheet_shown(desk, name, control, sheet):
    book = desk.imported(name)
    before = content(book)
    for _ in range(2):
        line, failure = desk.press(book, control)
        assert not failure, failure
        assert "nothing has changed since" in line
        assert book.sheets.active.name == sheet
        desk.calculate(book)
    assert differences(book.impl.state, before) == []


@pytest.mark.slow
def test_a_baseline_is_set_and_replaced_only_when_asked(desk):
    book = desk.imported(BLANK, fresh=True)
    day = desk.month(book).fields["as_of"]
    line, failure = desk.press(book, "set_baseline")
    assert not failure, failure
    assert line.startswith("Receivables: baseline of ")
    assert book.sheets.active.name == "Rollout"
    desk.calculate(book)
    assert desk.month(book).fields["baseline_of"] == day
    value = book.sheets["Rollout"].tables["tblBaseline"].range[1, 2]
    typed = value.value
    value.value = 99.0
    before = content(book)
    desk.host.choice = "no"
    line, failure = desk.press(book, "set_baseline")
    assert "nothing was changed" in line
    assert differences(book.impl.state, before) == []
    desk.host.choice = "yes"
    line, failure = desk.press(book, "set_baseline")
    assert not failure, failure
    desk.calculate(book)
    assert value.value == pytest.approx(typed)
    twin = desk.written(desk.month(book))
    left = [d for d in differences(book.impl.state, twin) if not d.startswith("import_")]
    assert left == []


@pytest.mark.slow
@EITHER
def test_what_was_typed_on_the_tracker_survives_fill_tracker(desk, name):
    book = desk.imported(name)
    rollout = book.sheets["Rollout"].tables["tblRollout"]
    headings = list(rollout.range[0, :].value)
    rollout.range[3, headings.index("Owner")].value = "Robin"
    rollout.range[3, headings.index("Your status")].value = "Done"
    rollout.range[3, headings.index("Notes")].value = "since Monday"
    offers = book.sheets["Rollout"].tables["tblOffers"]
    titles = list(offers.range[0, :].value)
    for heading, value in (
        ("Customer or segment", "Tier A"),
        ("Discount", 0.02),
        ("If paid within", 10),
        ("Net days", 30),
    ):
        offers.range[1, titles.index(heading)].value = value
    for _ in range(2):
        _line, failure = desk.press(book, "fill_tracker")
        assert not failure, failure
        desk.calculate(book)
    rollout = book.sheets["Rollout"].tables["tblRollout"]
    assert [rollout.range[3, headings.index(h)].value for h in ("Owner", "Your status", "Notes")] == [
        "Robin",
        "Done",
        "since Monday",
    ]
    offers = book.sheets["Rollout"].tables["tblOffers"]
    assert offers.range[1, titles.index("Cost a year")].value == pytest.approx(0.3724, abs=5e-5)
    assert offers.range[1, titles.index("Verdict")].value == "Too expensive"
    assert not any(desk.host.alerts)
