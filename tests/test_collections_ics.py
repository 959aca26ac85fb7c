"""The weekly block against the grammar of RFC 5545, read by a parser of its own."""

import re
from datetime import date, datetime

import pytest
from calendars import parsed
from hypothesis import given
from hypothesis import strategies as st

from xlwings_addin.ledger.errors import LedgerError
from xlwings_addin.month_end.work.agenda import weekly_block
from xlwings_addin.settings import Settings

DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4}


def plain(text):
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text)


companies = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)


@given(
    companies,
    companies,
    st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
    st.times(),
    st.dates(date(1999, 1, 1), date(2099, 12, 31)),
)
def test_any_settings_make_a_valid_weekly_event(company, attendees, weekday, at, as_of):
    chosen = Settings(company=company, hour_attendees=attendees, hour_weekday=weekday, hour_time=f"{at:%H:%M}")
    calendar, event = parsed(weekly_block(chosen, as_of))
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
    start = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%S")
    assert (start.hour, start.minute, start.second) == (at.hour, at.minute, 0)
    assert 1 <= (start.date() - as_of).days <= 7
    rule = dict(part.split("=") for part in event["RRULE"].split(";"))
    assert rule == {"FREQ": "WEEKLY", "BYDAY": rule["BYDAY"]}
    assert DAYS[rule["BYDAY"]] == start.weekday()
    assert event["DURATION"] == "PT1H"
    kept = "".join(letter for letter in company if letter == "\n" or (letter >= " " and letter != "\x7f"))
    assert plain(event["SUMMARY"]).strip() == f"Collections hour {kept}".strip()


def test_the_same_settings_make_the_same_event_and_others_another():
    chosen = Settings(company="Example; Sons, Ltd")
    first = weekly_block(chosen, "2026-10-31")
    assert weekly_block(chosen, "2026-10-31") == first
    _, event = parsed(first)
    assert (event["DTSTART"], event["RRULE"]) == ("20261103T100000", "FREQ=WEEKLY;BYDAY=TU")
    assert event["SUMMARY"] == r"Collections hour Example\; Sons\, Ltd"
    assert parsed(weekly_block(chosen, "2026-11-30"))[1]["UID"] == event["UID"]
    assert parsed(weekly_block(Settings(company="Other"), "2026-10-31"))[1]["UID"] != event["UID"]


@pytest.mark.parametrize("typed", ["", "noon", "24:00", "10:75", "0.41666"])
def test_a_time_that_is_none_is_told(typed):
    with pytest.raises(LedgerError, match="is no time of day"):
        weekly_block(Settings(hour_time=typed), "2026-10-31")


@pytest.mark.parametrize("typed", ["9", "9:00", "09.00", " 9h00 "])
def test_ways_to_write_a_time(typed):
    assert "T090000" in weekly_block(Settings(hour_time=typed), "2026-10-31")


def test_the_command_writes_it_beside_the_workbook(tmp_path):
    from click.testing import CliRunner

    from xlwings_addin.cli import cli

    (tmp_path / "items.csv").write_text(
        "Customer ID,Customer,Document,Document date,Due date,Amount\n1,Elm,A1,2024-01-05,2024-01-20,100.00\n"
    )
    calendar = tmp_path / "hour.ics"
    options = ["--as-of", "2024-02-29", "--out", str(tmp_path / "month.xlsx"), "--ics", str(calendar), "-q"]
    done = CliRunner().invoke(cli, ["refresh", str(tmp_path / "items.csv"), *options])
    assert done.exit_code == 0, done.output
    _, event = parsed(calendar.read_bytes().decode())
    assert event["DTSTART"] == "20240305T100000"
